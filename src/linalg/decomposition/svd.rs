//! The singular value decomposition.

use crate::array::{Array, ArrayRef, Number, RemoveAxis, Scalar};
use crate::linalg::backend::{self as calls, SvdJob};
use crate::linalg::error::LinalgError;
use crate::linalg::members::{Fresh, Stack};

/// `A = U·diag(s)·Vᴴ`: what [`svd`], [`svd_full`] and, with fewer singular values than min(M, N),
/// [`svd_randomized`](crate::linalg::svd_randomized) return.
///
/// Singular vectors are unique up to a common sign (phase, for complex matrices) of each pair.
#[derive(Clone, Debug)]
pub struct Svd<T: Scalar, D: RemoveAxis> {
    /// Left singular vectors as columns: `(…, M, K)`, or `(…, M, M)` from [`svd_full`].
    pub u: Array<T, D>,
    /// Singular values in descending order: `(…, K)`, K = min(M, N).
    pub s: Array<T::Real, D::Smaller>,
    /// Right singular vectors, conjugated, as rows: `(…, K, N)`, or `(…, N, N)` from [`svd_full`].
    pub vt: Array<T, D>,
}

/// The thin singular value decomposition of a matrix or of each matrix of a stack `(…, M, N)`
/// (NumPy's `linalg.svd(a, full_matrices=False)`).
///
/// The residual ‖A − U·diag(s)·Vᴴ‖ is a small multiple of ε·‖A‖·max(M, N). Bidiagonal
/// divide and conquer (Gu and Eisenstat, SIAM J. Matrix Anal. Appl. 16, 1995): LAPACK's `gesdd`, or our own.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`]; [`LinalgError::NonFinite`] and
/// [`LinalgError::NotConverged`], naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[3.0, 0.0], [0.0, -2.0], [0.0, 0.0]];
/// let svd = linalg::svd(&a)?;
/// assert!(svd.s.all_close(&array![3.0, 2.0], 1e-12, 0.0));
/// let again = (&svd.u * &svd.s).matmul(&svd.vt);
/// assert!(again.all_close(&a, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Svd<T, D>, LinalgError> {
    with_vectors("svd", a, SvdJob::Thin)
}

/// The full singular value decomposition, with square U and Vᴴ (NumPy's `linalg.svd(a)`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let svd = linalg::svd_full(&Array2::<f64>::ones([4, 3]))?;
/// assert_eq!((svd.u.shape(), svd.vt.shape()), (&[4, 4][..], &[3, 3][..]));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd_full<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Svd<T, D>, LinalgError> {
    with_vectors("svd_full", a, SvdJob::Full)
}

/// The singular values alone, in descending order: `(…, min(M, N))` (NumPy's `linalg.svdvals`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let s = linalg::svdvals(&array![[3.0, 4.0]])?;
/// assert!(s.all_close(&array![5.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svdvals<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Array<T::Real, D::Smaller>, LinalgError> {
    Ok(decompose("svdvals", a, SvdJob::ValuesOnly)?.0)
}

type Factors<T, D> = (
    Array<<T as Number>::Real, <D as RemoveAxis>::Smaller>,
    Option<(Array<T, D>, Array<T, D>)>,
);

fn decompose<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    job: SvdJob,
) -> Result<Factors<T, D>, LinalgError> {
    let stack = Stack::new(op, a)?;
    let backend = stack.backend()?;
    let (m, n) = (stack.first.rows, stack.first.cols);
    let k = m.min(n);
    let s = Fresh::<T::Real, D::Smaller>::zeroed(op, stack.batch(), &[k])?;
    let factors = |left: usize, right: usize| {
        let u = Fresh::<T, D>::new(op, stack.batch(), &[m, left])?;
        let vt = Fresh::<T, D>::new(op, stack.batch(), &[right, n])?;
        Ok::<_, LinalgError>((u, vt))
    };
    let vectors = match job {
        SvdJob::ValuesOnly => None,
        SvdJob::Thin => Some(factors(k, k)?),
        SvdJob::Full => Some(factors(m, n)?),
    };
    let (values, slots) = (
        s.slots(),
        vectors.as_ref().map(|(u, vt)| (u.slots(), vt.slots())),
    );
    stack.run(backend, 6 * m * n * k, |i, a, work, threads| {
        // SAFETY: members of an array and of fresh ones; values are initialised.
        unsafe {
            let s = values.slice(i);
            let (u, vt) = slots.map(|(u, vt)| (u.matrix(i), vt.matrix(i))).unzip();
            backend.svd(calls::Svd { a, job, s, u, vt }, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe {
        let vectors = vectors.map(|(u, vt)| (u.finish(), vt.finish()));
        Ok((s.finish(), vectors))
    }
}

fn with_vectors<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    job: SvdJob,
) -> Result<Svd<T, D>, LinalgError> {
    let (s, vectors) = decompose(op, a, job)?;
    let (u, vt) = vectors.expect("they were asked for");
    Ok(Svd { u, s, vt })
}
