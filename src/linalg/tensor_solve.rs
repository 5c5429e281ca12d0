//! Linear equations between tensors: `tensorsolve`, `tensorinv`.

use super::{inv, solve};
use crate::array::{Array, ArrayRef, Axis, Dimension, IntoAxes, Ix, IxDyn, Scalar};
use crate::linalg::LinalgError;

/// The tensor x with `tensordot(a, x, x.ndim()) = b` (NumPy's `linalg.tensorsolve`): the leading axes of
/// `a` are those of `b`, the others those of x, and both count as many elements.
///
/// # Errors
/// [`LinalgError::Unsupported`] if they do not; as [`solve`], with the shape of `a`.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = Array2::<f64>::eye(6, 6, 0).into_reshape([2, 3, 3, 2]);
/// let b = Array2::<f64>::from_shape_fn([2, 3], |[i, j]| (3 * i + j) as f64);
/// let x = linalg::tensorsolve(&a, &b).unwrap();
/// assert_eq!(x, array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]);
/// ```
pub fn tensorsolve<T: Scalar, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, IxDyn>, LinalgError> {
    let (op, shape, ndim) = ("tensorsolve", a.shape(), b.ndim().min(a.ndim()));
    let n: usize = shape[ndim..].iter().product();
    if n.checked_mul(n) != Some(a.len()) || b.len() != n {
        return Err(LinalgError::Unsupported {
            op,
            reason: "Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])",
            shapes: vec![shape.to_vec(), b.shape().to_vec()],
        });
    }
    let x = solve(&*a.try_reshape([n, n])?, &*b.ravel()).map_err(|error| error.of(op, shape))?;
    Ok(x.try_into_reshape(shape[ndim..].to_vec())?)
}

/// As [`tensorsolve`], with these axes of `a` moved to its end, in this order, beforehand (NumPy's
/// `axes=`).
///
/// # Errors
/// As there; an axis that `a` does not have.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = Array2::<f64>::eye(6, 6, 0).into_reshape([3, 2, 6]);
/// let b = Array1::<f64>::arange(0.0, 6.0, 1.0);
/// let x = linalg::tensorsolve_axes(&a, &b, [0, 1]).unwrap();
/// assert_eq!(x, array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]);
/// ```
pub fn tensorsolve_axes<T: Scalar, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axes: impl IntoAxes,
) -> Result<Array<T, IxDyn>, LinalgError> {
    let mut order: Vec<usize> = (0..a.ndim()).collect();
    axes.with_axes(|axes| {
        for &axis in axes {
            let axis = Axis(axis).resolve(a.ndim())?;
            order.retain(|&other| other != axis);
            order.push(axis);
        }
        Ok::<_, LinalgError>(())
    })?;
    tensorsolve(&*a.view_dyn().try_permute(order)?, b)
        .map_err(|error| error.of("tensorsolve_axes", a.shape()))
}

/// The inverse of `a` as a map from its last axes, after the first `ind`, to those (NumPy's
/// `linalg.tensorinv`): `tensordot(tensorinv(a, ind), b, ind)` solves `tensordot(a, x, …) = b`.
///
/// # Errors
/// [`LinalgError::Unsupported`] if the first `ind` axes do not count as many elements as the others, or
/// there are none of them; as [`inv`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = (2.0 * Array2::<f64>::eye(6, 6, 0)).into_reshape([6, 2, 3]);
/// let inverse = linalg::tensorinv(&a, 1).unwrap();
/// assert_eq!(inverse.shape(), &[2, 3, 6]);
/// assert_eq!(inverse.reshape([6, 6]), 0.5 * Array2::<f64>::eye(6, 6, 0));
/// ```
pub fn tensorinv<T: Scalar, D: Dimension>(
    a: &ArrayRef<T, D>,
    ind: usize,
) -> Result<Array<T, IxDyn>, LinalgError> {
    let shape = a.shape();
    let ind_fits = ind > 0 && ind <= shape.len();
    let n: usize = shape[ind.min(shape.len())..].iter().product();
    if !ind_fits || n.checked_mul(n) != Some(a.len()) {
        return Err(LinalgError::Unsupported {
            op: "tensorinv",
            reason: "the first `ind` axes, at least one, must count as many elements as the others",
            shapes: vec![shape.to_vec()],
        });
    }
    let matrix = a.try_reshape([n, n])?;
    let matrix: &ArrayRef<T, Ix<2>> = &matrix;
    let inverse = inv(matrix).map_err(|error| error.of("tensorinv", shape))?;
    Ok(inverse.try_into_reshape([&shape[ind..], &shape[..ind]].concat())?)
}
