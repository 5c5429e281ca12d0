//! What singular values decide, of Hermitian matrices: by their eigenvalues, in half the time.

use num_traits::{Float as _, One, Zero};

use super::decomposition::{Eigh, Svd, eigh, eigvalsh};
use super::error::LinalgError;
use super::lstsq::default_rcond;
use super::matrix_dim::MatrixDim;
use super::members::{Fresh, Stack, of_values, scale_columns};
use super::products::MatmulDim;
use super::solve::Uplo;
use super::spaces::adjoint;
use crate::array::{Array, ArrayRef, Float, RemoveAxis, Scalar};

/// The singular values of a Hermitian (symmetric) matrix or of each of a stack `(…, N, N)`, in descending order:
/// the moduli of its eigenvalues (NumPy's `linalg.svd(a, compute_uv=False, hermitian=True)`). Only the named
/// triangle is read.
///
/// # Errors
/// As [`eigvalsh`].
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let s = linalg::svdvals_hermitian(&array![[1.0, 2.0], [2.0, 1.0]], Uplo::Lower)?;
/// assert!(s.all_close(&array![3.0, 1.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svdvals_hermitian<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Array<T::Real, D::Smaller>, LinalgError> {
    let mut values = eigvalsh(a, uplo).map_err(|error| error.named("svdvals_hermitian"))?;
    let n = a.shape()[a.ndim() - 1];
    let all: Vec<T::Real> = values.iter().copied().collect();
    let order = descending(&all, n);
    let sorted = order.iter().map(|&at| all[at].abs());
    values.iter_mut().zip(sorted).for_each(|(to, x)| *to = x);
    Ok(values)
}

/// The singular value decomposition of a Hermitian (symmetric) matrix or of each of a stack `(…, N, N)` by its
/// eigenvalues (NumPy's `linalg.svd(a, hermitian=True)`). Only the named triangle is read.
///
/// # Errors
/// As [`eigh`].
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[1.0, 2.0], [2.0, 1.0]];
/// assert!(linalg::svd_hermitian(&a, Uplo::Lower)?.reconstruct().all_close(&a, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd_hermitian<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Svd<T, D>, LinalgError> {
    let op = "svd_hermitian";
    let Eigh {
        mut values,
        vectors,
    } = eigh(a, uplo).map_err(|error| error.named(op))?;
    let n = a.shape()[a.ndim() - 1];
    let all: Vec<T::Real> = values.iter().copied().collect();
    let order = descending(&all, n);
    let v: Vec<T> = vectors.iter().copied().collect();
    let stack = Stack::square(op, &vectors)?;
    let u = Fresh::<T, D>::zeroed(op, stack.batch(), &[n, n])?;
    let vt = Fresh::<T, D>::zeroed(op, stack.batch(), &[n, n])?;
    for (member, order) in order.chunks_exact(n.max(1)).enumerate() {
        // SAFETY: members of fresh arrays that are initialised.
        let (u, vt) = unsafe { (u.slots().slice(member), vt.slots().slice(member)) };
        for (to, &from) in order.iter().enumerate() {
            let column = from - member * n;
            for row in 0..n {
                let x = v[(member * n + row) * n + column];
                u[row * n + to] = x;
                // The sign goes to V.
                let negative = all[from] < T::Real::zero();
                vt[to * n + row] = if negative { -x.conj() } else { x.conj() };
            }
        }
    }
    let sorted = order.iter().map(|&at| all[at].abs());
    values.iter_mut().zip(sorted).for_each(|(to, x)| *to = x);
    // SAFETY: they are initialised.
    let (u, vt) = unsafe { (u.finish(), vt.finish()) };
    Ok(Svd { u, s: values, vt })
}

/// Positions of the values of each matrix, `n` at a time, by falling moduli.
fn descending<R: Float>(values: &[R], n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    for order in order.chunks_exact_mut(n.max(1)) {
        let size = |at: usize| values[at].abs().to_f64();
        order.sort_by(|&i, &j| size(j).total_cmp(&size(i)));
    }
    order
}

/// The pseudo-inverse of a Hermitian (symmetric) matrix or of each of a stack `(…, N, N)` by its eigenvalues
/// (NumPy's `linalg.pinv(a, hermitian=True)`). Only the named triangle is read; `rtol` as for
/// [`pinv`](super::pinv).
///
/// # Errors
/// As [`eigh`].
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[1.0, 2.0], [2.0, 4.0]];
/// let p = linalg::pinv_hermitian(&a, Uplo::Lower, None)?;
/// assert!(p.all_close(&(&a / 25.0), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn pinv_hermitian<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
    rtol: Option<T::Real>,
) -> Result<Array<T, D>, LinalgError> {
    let Eigh { values, vectors } = eigh(a, uplo).map_err(|error| error.named("pinv_hermitian"))?;
    let n = a.shape()[a.ndim() - 1];
    let rtol = rtol.unwrap_or_else(|| default_rcond(n, n));
    let values: Vec<T::Real> = values.iter().copied().collect();
    let mut factors = Vec::with_capacity(values.len());
    for values in values.chunks_exact(n.max(1)) {
        let cutoff = largest(values) * rtol;
        factors.extend(values.iter().map(|&x| {
            T::from_real(if x.abs() > cutoff {
                T::Real::one() / x
            } else {
                T::Real::zero()
            })
        }));
    }
    Ok(scale_columns(&vectors, &factors, n, n).matmul(&adjoint(&vectors)))
}

/// The number of eigenvalues of a Hermitian (symmetric) matrix, or of each of a stack `(…, N, N)`, whose modulus is
/// above `rtol` times the largest (NumPy's `linalg.matrix_rank(a, hermitian=True)`); `None` is ε·N. Only the named
/// triangle is read.
///
/// # Errors
/// As [`eigvalsh`].
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[1.0, 2.0], [2.0, 4.0]];
/// assert_eq!(linalg::matrix_rank_hermitian(&a, Uplo::Lower, None)?, 1);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn matrix_rank_hermitian<T: Scalar, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
    rtol: Option<T::Real>,
) -> Result<D::PerMatrix<usize>, LinalgError> {
    let op = "matrix_rank_hermitian";
    let stack = Stack::square(op, a)?;
    let n = stack.first.rows;
    let rtol = rtol.unwrap_or_else(|| default_rcond(n, n));
    let values = eigvalsh(a, uplo).map_err(|error| error.named(op))?;
    let values: Vec<T::Real> = values.iter().copied().collect();
    Ok(of_values::<_, _, D>(stack.batch(), &values, n, |values| {
        let cutoff = largest(values) * rtol;
        values.iter().filter(|x| x.abs() > cutoff).count()
    }))
}

fn largest<R: Float>(values: &[R]) -> R {
    values.iter().fold(R::zero(), |most, x| most.max(x.abs()))
}
