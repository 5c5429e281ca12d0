//! Parts and powers of matrices: `trace`, `diagonal`, `matrix_transpose`, `matrix_power`.

use super::product;
use crate::array::{Array, ArrayRef, ArrayView, Dimension, IxDyn, Number, RemoveAxis, error};
use crate::linalg::{LinalgError, MatrixDim};

/// The last two axes are matrices.
fn check_matrices<T, D: Dimension>(
    op: &'static str,
    a: &ArrayRef<T, D>,
) -> Result<(), LinalgError> {
    if a.ndim() < 2 {
        let shape = a.shape().to_vec();
        return Err(LinalgError::TooFewDimensions { op, shape });
    }
    Ok(())
}

/// The last two axes are square matrices; their order.
fn check_square<T, D: Dimension>(
    op: &'static str,
    a: &ArrayRef<T, D>,
) -> Result<usize, LinalgError> {
    check_matrices(op, a)?;
    match *a.shape() {
        [.., m, n] if m == n => Ok(n),
        _ => {
            let shape = a.shape().to_vec();
            Err(LinalgError::NotSquare { op, shape })
        }
    }
}

/// The diagonal of the last two axes, `offset` above the main one, as a view with the diagonal as last
/// axis (NumPy's `linalg.diagonal`; [`ArrayRef::diagonal`] takes any two axes).
///
/// # Panics
/// Fewer than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = array![[1, 2, 3], [4, 5, 6]];
/// assert_eq!(linalg::diagonal(&x, 0), array![1, 5]);
/// assert_eq!(linalg::diagonal(&x, 1), array![2, 6]);
/// assert_eq!(linalg::diagonal(&x, -1), array![4]);
/// ```
#[track_caller]
pub fn diagonal<T, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    offset: isize,
) -> ArrayView<'_, T, D::Smaller> {
    error::unwrap(check_matrices("diagonal", a));
    a.diagonal(offset, -2, -1)
}

/// The sum of the main diagonal of the last two axes (NumPy's `linalg.trace`): a number for a matrix, an
/// array for a stack. Integers add up in 64 bits.
///
/// # Panics
/// An array of a rank known at run time with fewer than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::trace(&array![[1.0, 2.0], [3.0, 4.0]]), 5.0);
/// assert_eq!(linalg::trace(&Array3::<i8>::full([2, 3, 3], 100)), array![300, 300]);
/// ```
#[track_caller]
pub fn trace<T: Number, D: MatrixDim>(a: &ArrayRef<T, D>) -> D::PerMatrix<T::Sum> {
    error::unwrap(try_trace_offset(a, 0).map_err(|error| error.named("trace")))
}

/// As [`trace`], of the diagonal `offset` above the main one.
///
/// # Panics
/// As there.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::trace_offset(&array![[1_i32, 2], [3, 4]], -1), 3);
/// ```
#[track_caller]
pub fn trace_offset<T: Number, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    offset: isize,
) -> D::PerMatrix<T::Sum> {
    error::unwrap(try_trace_offset(a, offset))
}

/// As [`trace_offset`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`].
pub fn try_trace_offset<T: Number, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    offset: isize,
) -> Result<D::PerMatrix<T::Sum>, LinalgError> {
    check_matrices("trace_offset", a)?;
    let sums = a
        .view_dyn()
        .try_diagonal(offset, -2, -1)?
        .try_sum_axes(&[-1])?;
    Ok(D::per_matrix(sums.into_rank_of()?))
}

/// Every matrix of a stack transposed, as a view: the last two axes swapped (NumPy's
/// `matrix_transpose`, `x.mT`).
///
/// # Panics
/// Fewer than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = Array3::<f64>::zeros([2, 3, 4]);
/// assert_eq!(linalg::matrix_transpose(&x).shape(), &[2, 4, 3]);
/// ```
#[track_caller]
pub fn matrix_transpose<T, D: Dimension>(a: &ArrayRef<T, D>) -> ArrayView<'_, T, D> {
    error::unwrap(check_matrices("matrix_transpose", a));
    a.swap_axes(-2, -1)
}

/// A square matrix, or each of a stack, to an integer power by repeated squaring (NumPy's
/// `linalg.matrix_power`). The zeroth power is the identity; a negative one is that of the inverse.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::TooFewDimensions`]; for negative powers
/// [`LinalgError::Singular`], and [`LinalgError::Unsupported`] for elements that have no inverses
/// (integers).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let fibonacci = array![[1u64, 1], [1, 0]];
/// assert_eq!(linalg::matrix_power(&fibonacci, 90).unwrap()[[0, 1]], 2880067194370816120);
/// # if cfg!(feature = "embedded") {
/// let half = array![[0.5, 0.0], [0.0, 0.5]];
/// assert_eq!(linalg::matrix_power(&half, -3).unwrap(), array![[8.0, 0.0], [0.0, 8.0]]);
/// # }
/// assert_eq!(linalg::matrix_power(&fibonacci, 0).unwrap(), Array2::eye(2, 2, 0));
/// ```
pub fn matrix_power<T: Number, D: Dimension>(
    a: &ArrayRef<T, D>,
    n: i32,
) -> Result<Array<T, D>, LinalgError> {
    const OP: &str = "matrix_power";
    let order = check_square(OP, a)?;
    let power = match n {
        0 => {
            let mut out = Array::<T, IxDyn>::full(a.shape(), T::zero());
            for i in 0..order {
                let mut column = out.view_mut().into_index_axis(-1, i);
                column.index_axis_mut(-1, i).fill(T::one());
            }
            out
        }
        1.. => positive_power(a.view_dyn(), n.unsigned_abs())?,
        _ => positive_power(inverse(a)?.view(), n.unsigned_abs())?,
    };
    power.into_rank_of().map_err(LinalgError::Shape)
}

/// The inverse of elements that have one.
fn inverse<T: Number, D: Dimension>(a: &ArrayRef<T, D>) -> Result<Array<T, IxDyn>, LinalgError> {
    #[cfg(orthant_backend)]
    {
        use num_complex::Complex;
        use std::any::Any;
        let copy: Box<dyn Any> = Box::new(a.view_dyn().to_owned());
        macro_rules! of {
            ($($t:ty),+) => {$(
                if let Some(a) = copy.downcast_ref::<Array<$t, IxDyn>>() {
                    let inverse: Box<dyn Any> = Box::new(
                        crate::linalg::inv(a).map_err(|error| error.named("matrix_power"))?,
                    );
                    return Ok(*inverse.downcast().expect("the type of the elements of `a`"));
                }
            )+};
        }
        of!(f64, f32, Complex<f64>, Complex<f32>);
    }
    let reason = "negative powers need inverses, which these elements, or this build, do not have";
    let op = "matrix_power";
    let shapes = vec![a.shape().to_vec()];
    Err(LinalgError::Unsupported { op, reason, shapes })
}

fn positive_power<T: Number>(
    a: ArrayView<'_, T, IxDyn>,
    n: u32,
) -> Result<Array<T, IxDyn>, LinalgError> {
    let times = |x: &ArrayRef<T, IxDyn>, y: &ArrayRef<T, IxDyn>| {
        product("matrix_power", x.view(), y.view())
    };
    let mut out: Option<Array<T, IxDyn>> = None;
    // `a` to the power of two that stands for the bit at hand, from the highest on.
    for bit in (0..u32::BITS - n.leading_zeros()).rev() {
        if let Some(x) = &out {
            out = Some(times(x, x)?);
        }
        if n >> bit & 1 != 0 {
            out = Some(match &out {
                Some(x) => times(x, &a)?,
                None => a.to_owned(),
            });
        }
    }
    Ok(out.expect("a positive power has a highest bit"))
}
