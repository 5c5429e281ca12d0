//! Condition numbers.

use num_traits::Float as _;

use super::backend::solve::Inverse;
use super::error::{Failure, LinalgError};
use super::matrix_dim::MatrixDim;
use super::members::{Fresh, Slots, Stack, of_values};
use super::norms::{Norm, Normed, matrix_norm};
use crate::array::{ArrayRef, IxDyn, Number, Scalar};

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
    cond_ord(a, Norm::P(2.0)).map_err(|error| error.named("cond"))
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
    let (op, ord) = ("cond_ord", ord.into());
    let by_values = ord == Norm::P(2.0) || ord == Norm::P(-2.0);
    let stack = if by_values {
        Stack::new(op, a)?
    } else {
        Stack::square(op, a)?
    };
    stack.backend()?;
    if stack.first.rows == 0 || stack.first.cols == 0 {
        let reason = "cond is not defined on empty arrays";
        let shapes = vec![a.shape().to_vec()];
        return Err(LinalgError::Unsupported { op, reason, shapes });
    }
    let values = if by_values {
        by_singular_values(a, ord == Norm::P(-2.0))?
    } else {
        by_inverse(&stack, a, ord)?
    };
    Ok(of_values::<_, _, D>(stack.batch(), &values, 1, |x| x[0]))
}

/// The condition of every matrix of a stack.
fn by_singular_values<T: Scalar, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    inverted: bool,
) -> Result<Vec<T::Real>, LinalgError> {
    let s = super::svdvals(a).map_err(|error| error.named("cond_ord"))?;
    let k = s.shape()[s.ndim() - 1];
    let s: Vec<T::Real> = s.iter().copied().collect();
    let ratios = s.chunks_exact(k).map(|s| {
        let (most, least) = (s[0], s[k - 1]);
        let ratio = if inverted { least / most } else { most / least };
        // Of zeros only.
        if ratio.is_nan() {
            T::Real::infinity()
        } else {
            ratio
        }
    });
    Ok(ratios.collect())
}

fn by_inverse<T: Scalar + Normed<Magnitude = <T as Number>::Real>, D: MatrixDim>(
    stack: &Stack<'_, T>,
    a: &ArrayRef<T, D>,
    ord: Norm,
) -> Result<Vec<T::Magnitude>, LinalgError> {
    let (backend, n, members) = (stack.backend()?, stack.first.rows, stack.members());
    let inverse = Fresh::<T, IxDyn>::zeroed(stack.op, stack.batch(), &[n, n])?;
    let mut singular = vec![false; members.len()];
    let (slots, flags) = (inverse.slots(), Slots::of(&mut singular, 1));
    stack.run(backend, n * n * n, |i, a, work, threads| {
        let out = slots.matrix(i);
        // SAFETY: members of an array, of a fresh one and of a vector.
        unsafe {
            let made = backend.inverse(Inverse { a, out }, work, threads);
            if made == Err(Failure::Singular) {
                flags.slice(i)[0] = true;
                slots.slice(i).fill(T::zero());
                return Ok(());
            }
            made
        }
    })?;
    // SAFETY: it is initialised.
    let inverse = unsafe { inverse.finish() };
    let norms = |a: &ArrayRef<T, IxDyn>| {
        matrix_norm(a, ord).map_err(|error| error.of(stack.op, stack.shape))
    };
    let (norms, inverses) = (norms(&a.view_dyn())?, norms(&inverse)?);
    let products = norms.iter().zip(inverses.iter()).enumerate();
    let products = products.map(|(i, (&norm, &inverse))| {
        let product = norm * inverse;
        // Not-a-numbers stay; what else has no inverse, or makes one of them on the way, is singular.
        match singular[i] || product.is_nan() {
            true if has_nan(stack, i) => T::Magnitude::nan(),
            true => T::Magnitude::infinity(),
            false => product,
        }
    });
    Ok(products.collect())
}

fn has_nan<T: Scalar>(stack: &Stack<'_, T>, i: usize) -> bool {
    let a = stack.first.at(stack.members().offsets(i).0);
    let mut positions = (0..a.rows).flat_map(|i| (0..a.cols).map(move |j| (i, j)));
    positions.any(|(i, j)| {
        let at = i as isize * a.row_stride + j as isize * a.col_stride;
        // SAFETY: in range of a member of an array that the stack borrows.
        let x = unsafe { *a.ptr.offset(at) };
        x.re().is_nan() || x.im().is_nan()
    })
}
