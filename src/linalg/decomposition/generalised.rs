//! The generalised Hermitian eigenvalue problem.

use super::eigen::{Pairs, eigh, eigvalsh};
use super::{Eigh, cholesky};
use crate::array::{Array, ArrayRef, RemoveAxis, Scalar};
use crate::linalg::backend::spectral;
use crate::linalg::error::LinalgError;
use crate::linalg::members::{Fresh, Stack};
use crate::linalg::products::MatmulDim;
use crate::linalg::solve::{Diagonal, Uplo, solve_triangular};
use crate::linalg::spaces::adjoint;

/// `A·V = B·V·diag(λ)` with real λ and `VᴴBV = I`: what [`eigh_generalised`] returns.
///
/// V is not orthonormal unless B is the identity: `A = B·V·diag(λ)·VᴴB`.
#[derive(Clone, Debug)]
pub struct EighGeneralised<T: Scalar, D: RemoveAxis> {
    /// Eigenvalues in ascending order: `(…, N)`.
    pub values: Array<T::Real, D::Smaller>,
    /// Eigenvectors as columns, of norm 1 in the inner product xᴴBy: `(…, N, N)`. Signs (phases) are arbitrary.
    pub vectors: Array<T, D>,
}

/// The generalised problem `A·V = B·V·diag(λ)` for Hermitian A and Hermitian positive definite B, or for each
/// pair of two equal stacks (SciPy's `linalg.eigh(a, b)`): ascending real λ, and V with `VᴴBV = I`.
///
/// By a Cholesky factor L of B and the eigenvalues of `L⁻¹·A·L⁻ᴴ`: errors grow with the condition of B.
/// Only the named triangle of A and of B is read.
///
/// # Errors
/// As [`eigh`]; [`LinalgError::NotPositiveDefinite`], and those of shapes.
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let (a, b) = (array![[2.0, 0.0], [0.0, 3.0]], array![[4.0, 0.0], [0.0, 1.0]]);
/// let eigen = linalg::eigh_generalised(&a, &b, Uplo::Lower)?;
/// assert!(eigen.values.all_close(&array![0.5, 3.0], 1e-12, 0.0));
/// let v = &eigen.vectors;
/// assert!(v.t().matmul(&b).matmul(v).all_close(&Array2::identity(2), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn eigh_generalised<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<EighGeneralised<T, D>, LinalgError> {
    let (values, vectors) = solve("eigh_generalised", a, b, uplo, true)?;
    let vectors = vectors.expect("they were asked for");
    Ok(EighGeneralised { values, vectors })
}

/// The generalised eigenvalues alone, ascending: `(…, N)` (SciPy's `linalg.eigvalsh(a, b)`).
///
/// # Errors
/// As [`eigh_generalised`].
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// // Of A nothing above the diagonal is read, of B neither.
/// let (a, b) = (array![[2.0, 9.0], [2.0, 2.0]], array![[2.0, 9.0], [0.0, 2.0]]);
/// let values = linalg::eigvalsh_generalised(&a, &b, Uplo::Lower)?;
/// assert!(values.all_close(&array![0.0, 2.0], 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn eigvalsh_generalised<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Array<T::Real, D::Smaller>, LinalgError> {
    Ok(solve("eigvalsh_generalised", a, b, uplo, false)?.0)
}

fn solve<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, D>,
    uplo: Uplo,
    vectors: bool,
) -> Result<Pairs<T::Real, T, D>, LinalgError> {
    let stack = Stack::square(op, a)?;
    if b.shape() != a.shape() {
        return Err(LinalgError::BatchBroadcast {
            op,
            lhs: a.shape().to_vec(),
            rhs: b.shape().to_vec(),
        });
    }
    let n = stack.first.rows;
    let whole = Fresh::<T, D>::zeroed(op, stack.batch(), &[n, n])?;
    let members = stack.members();
    for i in 0..members.len() {
        let (from, to) = (
            stack.first.at(members.offsets(i).0),
            whole.slots().matrix(i),
        );
        // SAFETY: members of an array and of a fresh one.
        unsafe { spectral::copy_whole(from, uplo.half(), to) };
    }
    // SAFETY: it is initialised.
    let whole = unsafe { whole.finish() };
    let named = |error: LinalgError| error.named(op);
    let l = cholesky(b, uplo).map_err(named)?.l;
    let half = solve_triangular(&l, &whole, Uplo::Lower, Diagonal::Stored).map_err(named)?;
    let reduced = solve_triangular(&l, &adjoint(&half), Uplo::Lower, Diagonal::Stored);
    let reduced = reduced.map_err(named)?;
    if !vectors {
        return Ok((eigvalsh(&reduced, Uplo::Lower).map_err(named)?, None));
    }
    let Eigh { values, vectors } = eigh(&reduced, Uplo::Lower).map_err(named)?;
    let vectors = solve_triangular(&adjoint(&l), &vectors, Uplo::Upper, Diagonal::Stored);
    Ok((values, Some(vectors.map_err(named)?)))
}
