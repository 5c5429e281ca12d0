//! Schur and Hessenberg forms.

use num_complex::Complex;

use crate::array::{Array, ArrayRef, RemoveAxis, Scalar};
use crate::linalg::backend::{active, spectral};
use crate::linalg::error::LinalgError;
use crate::linalg::members::{Fresh, Stack};
use crate::linalg::products::MatmulDim;
use crate::linalg::spaces::adjoint;

/// `A = Z·T·Zᴴ` with unitary Z: what [`schur`] returns.
#[derive(Clone, Debug)]
pub struct Schur<T: Scalar, D: RemoveAxis> {
    /// Upper triangular; for a real matrix with blocks of two rows on the diagonal for pairs of complex
    /// eigenvalues: `(…, N, N)`.
    pub t: Array<T, D>,
    /// Unitary (orthogonal): `(…, N, N)`.
    pub z: Array<T, D>,
    /// The eigenvalues in the order of T's diagonal: `(…, N)`.
    pub values: Array<T::Complex, D::Smaller>,
}

/// `A = Q·H·Qᴴ` with unitary Q: what [`hessenberg`] returns.
#[derive(Clone, Debug)]
pub struct Hessenberg<T: Scalar, D: RemoveAxis> {
    /// Zero below the first subdiagonal: `(…, N, N)`.
    pub h: Array<T, D>,
    /// Unitary (orthogonal): `(…, N, N)`.
    pub q: Array<T, D>,
}

/// The Schur form of a matrix or of each of a stack `(…, N, N)` (SciPy's `linalg.schur`): real for a real
/// matrix; make it complex first for a triangular T.
///
/// ‖A − Z·T·Zᴴ‖ is a small multiple of ε·N·‖A‖. LAPACK's `gees`, or its method in Rust.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`]; [`LinalgError::NonFinite`] and
/// [`LinalgError::NotConverged`], naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let schur = linalg::schur(&a)?;
/// assert_eq!(schur.t[[1, 0]], 0.0);
/// assert!(schur.reconstruct().all_close(&a, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn schur<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Schur<T, D>, LinalgError> {
    let stack = Stack::square("schur", a)?;
    let backend = active()?;
    let n = stack.first.rows;
    let t = Fresh::<T, D>::new("schur", stack.batch(), &[n, n])?;
    let z = Fresh::<T, D>::new("schur", stack.batch(), &[n, n])?;
    let values = Fresh::<T::Complex, D::Smaller>::zeroed("schur", stack.batch(), &[n])?;
    let (ts, zs, all) = (t.slots(), z.slots(), values.slots());
    stack.run(backend, 25 * n * n * n, |i, a, work, threads| {
        // SAFETY: members of an array and of fresh ones; values are initialised; `T::Complex` is the
        // complex type of `T::Real`.
        unsafe {
            let values = std::ptr::from_mut(all.slice(i));
            let call = spectral::Schur {
                a,
                t: ts.matrix(i),
                z: Some(zs.matrix(i)),
                values: &mut *(values as *mut [Complex<T::Real>]),
            };
            backend.schur(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe {
        Ok(Schur {
            t: t.finish(),
            z: z.finish(),
            values: values.finish(),
        })
    }
}

/// The Hessenberg form of a matrix or of each of a stack `(…, N, N)` (SciPy's
/// `linalg.hessenberg(a, calc_q=True)`).
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`], [`LinalgError::NonFinite`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = Array2::<f64>::from_shape_fn([4, 4], |[i, j]| ((i * j) as f64).sin());
/// let form = linalg::hessenberg(&a)?;
/// assert_eq!((form.h[[2, 0]], form.h[[3, 1]]), (0.0, 0.0));
/// assert!(form.reconstruct().all_close(&a, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn hessenberg<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Hessenberg<T, D>, LinalgError> {
    let stack = Stack::square("hessenberg", a)?;
    let backend = active()?;
    let n = stack.first.rows;
    let h = Fresh::<T, D>::new("hessenberg", stack.batch(), &[n, n])?;
    let q = Fresh::<T, D>::new("hessenberg", stack.batch(), &[n, n])?;
    let (hs, qs) = (h.slots(), q.slots());
    stack.run(backend, 5 * n * n * n, |i, a, work, threads| {
        let (h, q) = (hs.matrix(i), Some(qs.matrix(i)));
        // SAFETY: members of an array and of fresh ones.
        unsafe { backend.hessenberg(spectral::Hessenberg { a, h, q }, work, threads) }
    })?;
    // SAFETY: every member was written.
    unsafe {
        Ok(Hessenberg {
            h: h.finish(),
            q: q.finish(),
        })
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Schur<T, D> {
    /// A again: `Z·T·Zᴴ`.
    pub fn reconstruct(&self) -> Array<T, D> {
        self.z.matmul(&self.t).matmul(&adjoint(&self.z))
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Hessenberg<T, D> {
    /// A again: `Q·H·Qᴴ`.
    pub fn reconstruct(&self) -> Array<T, D> {
        self.q.matmul(&self.h).matmul(&adjoint(&self.q))
    }
}
