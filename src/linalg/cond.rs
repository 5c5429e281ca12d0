//! Condition numbers.

use num_traits::Float as _;

use super::backend::active;
use super::error::LinalgError;
use super::matrix_dim::MatrixDim;
use super::members::{Fresh, Stack};
use super::norms::{Norm, Normed, matrix_norm};
use super::solve::{each, inv};
use crate::array::{Array, ArrayRef, Ix2, Number, Scalar};

/// The condition number in the 2-norm: the largest singular value over the smallest, ∞ for a singular
/// matrix; a number for a matrix, an array for a stack (NumPy's `linalg.cond`).
///
/// # Errors
/// [`LinalgError::Unsupported`] for a matrix without elements; those of
/// [`svdvals`](super::svdvals).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let c = linalg::cond(&array![[2.0f64, 0.0], [0.0, 0.5], [0.0, 0.0]])?;
/// assert!((c - 4.0).abs() < 1e-12);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn cond<T: Scalar + Normed<Magnitude = <T as Number>::Real>, D: MatrixDim>(
    a: &ArrayRef<T, D>,
) -> Result<D::PerMatrix<T::Magnitude>, LinalgError> {
    cond_ord(a, Norm::P(2.0))
}

/// As [`cond`], in another norm: ‖A‖·‖A⁻¹‖ for square matrices, ∞ for singular ones; with `-2` the
/// smallest singular value over the largest.
///
/// # Errors
/// As [`cond`]; [`LinalgError::NotSquare`] and those of [`matrix_norm`] for orders other than ±2.
///
/// ```
/// use orthant::linalg::{self, Norm};
/// use orthant::prelude::*;
///
/// let a = array![[1.0f64, 2.0], [3.0, 4.0]];
/// assert!((linalg::cond_ord(&a, 1)? - 21.0).abs() < 1e-9);
/// assert_eq!(linalg::cond_ord(&Array2::<f64>::ones([2, 2]), Norm::Inf)?, f64::INFINITY);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn cond_ord<T: Scalar + Normed<Magnitude = <T as Number>::Real>, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<D::PerMatrix<T::Magnitude>, LinalgError> {
    let (op, ord) = ("cond", ord.into());
    let by_values = ord == Norm::P(2.0) || ord == Norm::P(-2.0);
    let stack = if by_values {
        Stack::new(op, a)?
    } else {
        Stack::square(op, a)?
    };
    active()?;
    if stack.first.rows == 0 || stack.first.cols == 0 {
        let reason = "cond is not defined on empty arrays";
        return Err(LinalgError::Unsupported { op, reason });
    }
    let found = each(a, |a| {
        if by_values {
            by_singular_values(a, ord == Norm::P(-2.0))
        } else {
            by_inverse(a, ord)
        }
    })?;
    let out = Fresh::<T::Magnitude, D::Batch>::zeroed(op, stack.batch(), &[])?;
    for (i, value) in found.into_iter().enumerate() {
        // SAFETY: a member of a fresh array that is initialised.
        unsafe { out.slots().slice(i)[0] = value? };
    }
    // SAFETY: it is initialised.
    Ok(D::per_matrix(unsafe { out.finish() }))
}

fn by_singular_values<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    inverted: bool,
) -> Result<T::Real, LinalgError> {
    let s = super::svdvals(a)?;
    let (most, least) = (s[[0]], s[[s.len() - 1]]);
    let ratio = if inverted { least / most } else { most / least };
    // Of zeros only.
    Ok(if ratio.is_nan() {
        T::Real::infinity()
    } else {
        ratio
    })
}

fn by_inverse<T: Scalar + Normed<Magnitude = <T as Number>::Real>>(
    a: &ArrayRef<T, Ix2>,
    ord: Norm,
) -> Result<T::Magnitude, LinalgError> {
    let norm: T::Magnitude = matrix_norm(a, ord)?;
    let inverse: Array<T, Ix2> = match inv(a) {
        Err(LinalgError::Singular { .. }) => return Ok(T::Magnitude::infinity()),
        inverse => inverse?,
    };
    let product = norm * matrix_norm(&inverse, ord)?;
    let clean = a.iter().all(|x| !x.re().is_nan() && !x.im().is_nan());
    if product.is_nan() && clean {
        return Ok(T::Magnitude::infinity());
    }
    Ok(product)
}
