//! Norms with the axes that they span kept at length 1, so that they broadcast against the array.

use super::{Kind, Norm, Normed, distinct, with_kept};
use crate::array::{Array, ArrayRef, Dimension, IntoAxes};
use crate::linalg::{LinalgError, MatrixDim};

/// As [`vector_norm`](super::vector_norm), with all axes kept at length 1 (the array API's
/// `vector_norm(x, ord=ord, keepdims=True)`).
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::vector_norm_keepdims, prelude::*};
///
/// let x = array![[1.0, -2.0], [3.0, 4.0]];
/// assert_eq!(vector_norm_keepdims(&x, 1).unwrap(), array![[10.0]]);
/// ```
pub fn vector_norm_keepdims<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    let axes: Vec<usize> = (0..a.ndim()).collect();
    kept("vector_norm_keepdims", a, ord.into(), &axes, Kind::Vectors)
}

/// As [`vector_norm_axes`](super::vector_norm_axes), with these axes kept at length 1 (the array API's
/// `vector_norm(x, axis=axes, keepdims=True)`).
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::vector_norm_axes_keepdims, prelude::*};
///
/// let x = Array3::<f64>::ones([4, 2, 8]);
/// let unit = &x / vector_norm_axes_keepdims(&x, 2, [1, 2]).unwrap();
/// assert_eq!(unit, Array3::full([4, 2, 8], 0.25));
/// ```
pub fn vector_norm_axes_keepdims<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axes: impl IntoAxes,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    const OP: &str = "vector_norm_axes_keepdims";
    let axes = axes
        .with_axes(|axes| distinct(axes, a.ndim()))
        .map_err(|error| error.of(OP, a.shape()))?;
    kept(OP, a, ord.into(), &axes, Kind::Vectors)
}

/// As [`matrix_norm`](super::matrix_norm), with the last two axes kept at length 1 (the array API's
/// `matrix_norm(x, ord=ord, keepdims=True)`).
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::{Norm, matrix_norm_keepdims}, prelude::*};
///
/// let stack = Array3::<f64>::ones([5, 2, 2]);
/// assert_eq!(matrix_norm_keepdims(&stack, Norm::Fro).unwrap(), Array3::full([5, 1, 1], 2.0));
/// ```
pub fn matrix_norm_keepdims<T: Normed, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    const OP: &str = "matrix_norm_keepdims";
    let Some(row) = a.ndim().checked_sub(2) else {
        let (op, shape) = (OP, a.shape().to_vec());
        return Err(LinalgError::TooFewDimensions { op, shape });
    };
    kept(OP, a, ord.into(), &[row, row + 1], Kind::ByNumber)
}

fn kept<T: Normed, D: Dimension>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    ord: Norm,
    axes: &[usize],
    kind: Kind,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    let norms = T::norms(&T::field(a).view_dyn(), ord, axes, kind)
        .map_err(|error| error.of(op, a.shape()))?;
    Ok(with_kept(norms, axes).into_rank_of()?)
}
