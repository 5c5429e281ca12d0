//! Eigenvalues and eigenvectors.

use num_complex::Complex;

use crate::array::{Array, ArrayRef, RemoveAxis, Scalar};
use crate::linalg::backend::spectral;
use crate::linalg::error::LinalgError;
use crate::linalg::members::{Fresh, Stack};
use crate::linalg::solve::Uplo;

/// `A·V = V·diag(λ)` with real λ and orthonormal V: what [`eigh`] returns.
#[derive(Clone, Debug)]
pub struct Eigh<T: Scalar, D: RemoveAxis> {
    /// Eigenvalues in ascending order: `(…, N)`.
    pub values: Array<T::Real, D::Smaller>,
    /// Eigenvectors as columns: `(…, N, N)`. Signs (phases) are arbitrary.
    pub vectors: Array<T, D>,
}

/// `A·V = V·diag(λ)`: what [`eig`] returns.
#[derive(Clone, Debug)]
pub struct Eig<T: Scalar, D: RemoveAxis> {
    /// Eigenvalues in no particular order, conjugate pairs of a real matrix side by side: `(…, N)`.
    pub values: Array<T::Complex, D::Smaller>,
    /// Eigenvectors of norm 1 as columns, the largest component of each real: `(…, N, N)`.
    pub vectors: Array<T::Complex, D>,
}

/// Eigenvalues and eigenvectors of a Hermitian (symmetric) matrix or of each of a stack `(…, N, N)`
/// (NumPy's `linalg.eigh`). Only the named triangle is read, and imaginary parts on the diagonal are
/// not.
///
/// ‖A·V − V·diag(λ)‖ and ‖VᴴV − I‖ are small multiples of ε·N (times ‖A‖). Divide and conquer
/// (Gu and Eisenstat, SIAM J. Matrix Anal. Appl. 16, 1995): LAPACK's `syevd`/`heevd`, or our own.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`]; [`LinalgError::NonFinite`] and
/// [`LinalgError::NotConverged`], naming the matrix of the stack.
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[1.0, 99.0], [2.0, 1.0]];
/// let eigen = linalg::eigh(&a, Uplo::Lower)?;
/// assert!(eigen.values.all_close(&array![-1.0, 3.0], 1e-12, 0.0));
/// let v = &eigen.vectors;
/// assert!(v.t().matmul(v).all_close(&Array2::identity(2), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn eigh<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Eigh<T, D>, LinalgError> {
    let (values, vectors) = hermitian("eigh", a, uplo, true)?;
    let vectors = vectors.expect("they were asked for");
    Ok(Eigh { values, vectors })
}

/// The eigenvalues alone, ascending: `(…, N)` (NumPy's `linalg.eigvalsh`).
///
/// # Errors
/// As [`eigh`].
pub fn eigvalsh<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Array<T::Real, D::Smaller>, LinalgError> {
    Ok(hermitian("eigvalsh", a, uplo, false)?.0)
}

pub(super) type Pairs<V, T, D> = (Array<V, <D as RemoveAxis>::Smaller>, Option<Array<T, D>>);

fn hermitian<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    uplo: Uplo,
    vectors: bool,
) -> Result<Pairs<T::Real, T, D>, LinalgError> {
    let stack = Stack::square(op, a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let values = Fresh::<T::Real, D::Smaller>::zeroed(op, stack.batch(), &[n])?;
    let vectors = vectors
        .then(|| Fresh::<T, D>::new(op, stack.batch(), &[n, n]))
        .transpose()?;
    let (value_slots, vector_slots) = (values.slots(), vectors.as_ref().map(Fresh::slots));
    stack.run(backend, 4 * n * n * n, |i, a, work, threads| {
        // SAFETY: members of an array and of fresh ones; values are initialised.
        unsafe {
            let call = spectral::Eigh {
                a,
                half: uplo.half(),
                values: value_slots.slice(i),
                vectors: vector_slots.map(|v| v.matrix(i)),
            };
            backend.eigh(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe { Ok((values.finish(), vectors.map(|v| v.finish()))) }
}

/// Eigenvalues and right eigenvectors of a matrix or of each of a stack `(…, N, N)` (NumPy's
/// `linalg.eig`); always complex, also where all of them happen to be real.
///
/// ‖A·V − V·diag(λ)‖ is a small multiple of ε·N·‖A‖; how far the values are off depends on the
/// condition of V. LAPACK's `geev`, or its method in Rust: balancing, Hessenberg form, multishift QR.
///
/// # Errors
/// As [`eigh`].
///
/// ```
/// use orthant::{Complex, linalg, prelude::*};
///
/// let eigen = linalg::eig(&array![[0.0, -1.0], [1.0, 0.0]])?;
/// let i = Complex::new(0.0, 1.0);
/// assert!(eigen.values.all_close(&array![i, -i], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn eig<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Eig<T, D>, LinalgError> {
    let (values, vectors) = general("eig", a, true)?;
    let vectors = vectors.expect("they were asked for");
    Ok(Eig { values, vectors })
}

/// The eigenvalues alone: `(…, N)`, always complex (NumPy's `linalg.eigvals`).
///
/// # Errors
/// As [`eig`].
pub fn eigvals<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Array<T::Complex, D::Smaller>, LinalgError> {
    Ok(general("eigvals", a, false)?.0)
}

fn general<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    vectors: bool,
) -> Result<Pairs<T::Complex, T::Complex, D>, LinalgError> {
    let stack = Stack::square(op, a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let values = Fresh::<T::Complex, D::Smaller>::zeroed(op, stack.batch(), &[n])?;
    let vectors = vectors
        .then(|| Fresh::<T::Complex, D>::new(op, stack.batch(), &[n, n]))
        .transpose()?;
    let (value_slots, vector_slots) = (values.slots(), vectors.as_ref().map(Fresh::slots));
    stack.run(backend, 10 * n * n * n, |i, a, work, threads| {
        // SAFETY: members of an array and of fresh ones; values are initialised; `T::Complex` is the
        // complex type of `T::Real`.
        unsafe {
            let values = value_slots.slice(i);
            let call = spectral::Eig {
                a,
                values: &mut *(std::ptr::from_mut(values) as *mut [Complex<T::Real>]),
                vectors: vector_slots.map(|v| v.matrix(i).cast()),
            };
            backend.eig(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe { Ok((values.finish(), vectors.map(|v| v.finish()))) }
}
