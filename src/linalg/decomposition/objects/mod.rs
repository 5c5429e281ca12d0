//! What the factors of a matrix are good for: the matrix again, systems, inverses, determinants.
//!
//! Fields are public, so that factors may be made or changed by hand: every method checks first that they fit
//! each other, and says [`LinalgError::Factors`] where they do not.

mod eigen;
mod qr;
mod svd;

use num_traits::{One, Zero};

use crate::array::{ArrayRef, RemoveAxis, Scalar};
use crate::linalg::error::LinalgError;
use crate::linalg::solve::{det, each};

/// The error of fields that do not fit each other.
pub(super) fn misfit(op: &'static str, reason: &'static str, shapes: &[&[usize]]) -> LinalgError {
    let shapes = shapes.iter().map(|shape| shape.to_vec()).collect();
    LinalgError::Factors { op, reason, shapes }
}

/// The order of the square matrices of this shape.
pub(super) fn square(
    op: &'static str,
    reason: &'static str,
    shape: &[usize],
) -> Result<usize, LinalgError> {
    match *shape {
        [.., m, n] if m == n => Ok(n),
        _ => Err(misfit(op, reason, &[shape])),
    }
}

/// 1/x for every value; an error that names the matrix of the stack of this shape with a zero among its `n`.
fn reciprocals<S: Scalar>(
    op: &'static str,
    shape: &[usize],
    values: impl Iterator<Item = S>,
    n: usize,
) -> Result<Vec<S>, LinalgError> {
    let one = |(at, x): (usize, S)| {
        if x != S::zero() {
            return Ok(S::one() / x);
        }
        let index = crate::linalg::stack::position(&shape[..shape.len() - 2], at / n);
        let shape = shape.to_vec();
        Err(LinalgError::Singular { op, shape, index })
    };
    values.enumerate().map(one).collect()
}

/// The determinants of unitary matrices, of modulus 1 exactly.
fn phases<T: Scalar, D: RemoveAxis>(q: &ArrayRef<T, D>) -> Result<Vec<T>, LinalgError> {
    let dets = each(q, |q| det(q))?.into_iter();
    dets.map(|det| {
        let (det, one) = (det?, T::Real::one());
        let size = det.modulus();
        Ok(if T::IS_COMPLEX {
            T::from_parts(det.re() / size, det.im() / size)
        } else {
            T::from_real(if det.re() < T::Real::zero() {
                -one
            } else {
                one
            })
        })
    })
    .collect()
}
