//! Least squares, pseudo-inverses and ranks.

use super::backend::lstsq as calls;
use super::error::LinalgError;
use super::matrix_dim::MatrixDim;
use super::members::{Fresh, Stack, of_values};
use super::products::MatmulDim;
use super::solve::first_right_side;
use crate::array::{Array, ArrayRef, Dimension, Float, IxDyn, RemoveAxis, Scalar};

/// The solution of a least-squares problem: what [`lstsq`] returns.
#[derive(Clone, Debug)]
pub struct Lstsq<T: Scalar, D: MatrixDim, O: Dimension> {
    /// The solution of smallest norm: `(…, N)` for a vector, `(…, N, K)` for a matrix.
    pub x: Array<T, O>,
    /// ‖A·x − b‖² of each column, `(…, K)` (K = 1 for a vector); without elements, `(0)`, if M ≤ N
    /// or the rank of a matrix of the stack is less than N, as NumPy has it.
    pub residuals: Array<T::Real, IxDyn>,
    /// The number of singular values above the cutoff.
    pub rank: D::PerMatrix<usize>,
    /// The singular values of A in descending order: `(…, min(M, N))`.
    pub s: Array<T::Real, D::Smaller>,
}

/// Minimises ‖A·X − B‖, by the X of smallest norm if there are many (NumPy's `linalg.lstsq`).
///
/// `a` is `(…, M, N)` of any rank, `b` is one vector `(M)` or a stack `(…, M, K)` with the same leading
/// axes. Singular values up to `rcond` times the largest count as zero; `None` is ε·max(M, N).
/// By the singular value decomposition, after a QR if there are more rows than columns: backward
/// stable.
///
/// # Errors
/// Those of shapes ([`LinalgError::CoreDimension`], [`LinalgError::BatchBroadcast`]);
/// [`LinalgError::NonFinite`] and [`LinalgError::NotConverged`], naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let fit = linalg::lstsq(&a, &array![1.0, 2.0, 2.0], None)?;
/// assert!(fit.x.all_close(&array![2.0 / 3.0, 0.5], 1e-12, 0.0));
/// assert_eq!(fit.rank, 2);
/// assert!(fit.residuals.all_close(&array![1.0 / 6.0].into_dyn(), 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
#[allow(clippy::type_complexity)]
pub fn lstsq<T: Scalar, D: MatrixDim + MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    rcond: Option<T::Real>,
) -> Result<Lstsq<T, D, <D as MatmulDim<E>>::Output>, LinalgError> {
    let op = "lstsq";
    let stack = Stack::new(op, a)?;
    let (m, n) = (stack.first.rows, stack.first.cols);
    let vector = b.ndim() == 1;
    let signatures = ["(m,n),(m)->(n)", "(m,n),(m,k)->(n,k)"];
    let first = first_right_side(op, signatures, b, (a.shape(), m))?;
    let right = (!vector).then(|| Stack::new(op, b)).transpose()?;
    if right.is_some_and(|right| right.batch() != stack.batch()) {
        return Err(LinalgError::BatchBroadcast {
            op,
            lhs: a.shape().to_vec(),
            rhs: b.shape().to_vec(),
        });
    }
    let backend = stack.backend()?;
    let rcond = rcond.unwrap_or_else(|| default_rcond::<T::Real>(m, n));
    let (k, small) = (first.cols, m.min(n));
    let batch = stack.batch();
    let core = [n, k];
    let core = if vector { &core[..1] } else { &core[..] };
    let x = Fresh::<T, <D as MatmulDim<E>>::Output>::new(op, batch, core)?;
    let residuals = Fresh::<T::Real, IxDyn>::zeroed(op, batch, &[k])?;
    let rank = Fresh::<usize, D::Batch>::zeroed(op, batch, &[])?;
    let s = Fresh::<T::Real, D::Smaller>::zeroed(op, batch, &[small])?;
    let slots = (x.slots(), residuals.slots(), rank.slots(), s.slots());
    let members = right.map(|right| right.members());
    let work = 4 * m * n * small + m * n * k;
    stack.run(backend, work, |i, a, work, threads| {
        let offset = members.map_or(0, |members| members.offsets(i).0);
        // SAFETY: members of arrays and of fresh ones, initialised where slices are taken.
        unsafe {
            let call = calls::Lstsq {
                a,
                b: first.at(offset),
                x: slots.0.matrix(i),
                s: slots.3.slice(i),
                rank: &mut slots.2.slice(i)[0],
                residuals: slots.1.slice(i),
                rcond,
            };
            backend.lstsq(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe {
        let rank = rank.finish();
        let full = m > n && rank.iter().all(|&rank| rank == n);
        let residuals = if full {
            residuals.finish()
        } else {
            Fresh::<T::Real, IxDyn>::zeroed(op, &[], &[0])?.finish()
        };
        Ok(Lstsq {
            x: x.finish(),
            residuals,
            rank: D::per_matrix(rank),
            s: s.finish(),
        })
    }
}

/// ε·max(m, n)
pub(super) fn default_rcond<R: Float>(m: usize, n: usize) -> R {
    R::from_f64(<R as Float>::EPSILON.to_f64() * m.max(n) as f64)
}

/// The Moore–Penrose pseudo-inverse of a matrix or of each of a stack: `(…, N, M)` of `(…, M, N)`
/// (NumPy's `linalg.pinv`). Singular values up to `rtol` times the largest count as zero; `None` is
/// ε·max(M, N), as in the Array API.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NonFinite`], [`LinalgError::NotConverged`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0, 2.0], [2.0, 4.0]];
/// let p = linalg::pinv(&a, None)?;
/// assert!(p.all_close(&(&a / 25.0), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn pinv<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    rtol: Option<T::Real>,
) -> Result<Array<T, D>, LinalgError> {
    let stack = Stack::new("pinv", a)?;
    let backend = stack.backend()?;
    let (m, n) = (stack.first.rows, stack.first.cols);
    let rcond = rtol.unwrap_or_else(|| default_rcond::<T::Real>(m, n));
    let out = Fresh::<T, D>::new("pinv", stack.batch(), &[n, m])?;
    let slots = out.slots();
    stack.run(backend, 6 * m * n * m.min(n), |i, a, work, threads| {
        let out = slots.matrix(i);
        // SAFETY: members of an array and of a fresh one.
        unsafe { backend.pinv(calls::Pinv { a, out, rcond }, work, threads) }
    })?;
    // SAFETY: every member was written.
    Ok(unsafe { out.finish() })
}

/// The number of singular values above `rtol` times the largest (NumPy's `linalg.matrix_rank`); `None`
/// is ε·max(M, N).
///
/// # Errors
/// As [`svdvals`](super::svdvals).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::matrix_rank(&array![[1.0, 2.0], [2.0, 4.0]], None)?, 1);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn matrix_rank<T: Scalar, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    rtol: Option<T::Real>,
) -> Result<D::PerMatrix<usize>, LinalgError> {
    let stack = Stack::new("matrix_rank", a)?;
    let rtol = rtol.unwrap_or_else(|| default_rcond(stack.first.rows, stack.first.cols));
    rank_above(&stack, a, |largest| largest * rtol)
}

/// The number of singular values above `tol`, in the units of A (NumPy's `linalg.matrix_rank(a, tol=tol)`).
///
/// # Errors
/// As [`svdvals`](super::svdvals).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1e-3, 0.0], [0.0, 5.0]];
/// assert_eq!((linalg::matrix_rank(&a, None)?, linalg::matrix_rank_tol(&a, 0.01)?), (2, 1));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn matrix_rank_tol<T: Scalar, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    tol: T::Real,
) -> Result<D::PerMatrix<usize>, LinalgError> {
    rank_above(&Stack::new("matrix_rank_tol", a)?, a, |_| tol)
}

/// The number of singular values above `cutoff` of the largest.
fn rank_above<T: Scalar, D: MatrixDim>(
    stack: &Stack<'_, T>,
    a: &ArrayRef<T, D>,
    cutoff: impl Fn(T::Real) -> T::Real,
) -> Result<D::PerMatrix<usize>, LinalgError> {
    let s = super::svdvals(a).map_err(|error| error.named(stack.op))?;
    let s: Vec<T::Real> = s.iter().copied().collect();
    let k = stack.first.rows.min(stack.first.cols);
    Ok(of_values::<_, _, D>(stack.batch(), &s, k, |s| {
        s.iter().filter(|&&x| x > cutoff(s[0])).count()
    }))
}
