//! Schur and Hessenberg forms.

use num_complex::Complex;

use super::objects::{misfit, square};
use crate::array::{Array, ArrayRef, Dimension, IxDyn, RemoveAxis, Scalar, error};
use crate::linalg::backend::hessenberg::{hessenberg_determinant, hessenberg_solve};
use crate::linalg::backend::{Workspace, spectral};
use crate::linalg::error::LinalgError;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{Fresh, Stack, by_columns, per_member};
use crate::linalg::products::{MatmulDim, try_matmul};
use crate::linalg::solve::solve_stack;
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
    let backend = stack.backend()?;
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
    let backend = stack.backend()?;
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

/// Solves `Q·H·Qᴴ·X = B` with a Hessenberg matrix H.
fn solve_with<T: Scalar, D: RemoveAxis, E: Dimension, O: Dimension>(
    q: &ArrayRef<T, D>,
    h: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, O>, LinalgError> {
    fit("solve", q, h)?;
    by_columns(h.shape(), b, |b| {
        let right = try_matmul(&adjoint(q).view_dyn(), &b)?;
        let divided: Array<T, IxDyn> = divide("solve", h, &right)?;
        try_matmul(&q.view_dyn(), &divided)
    })
}

/// An error unless both factors are stacks of square matrices of one shape.
fn fit<T, D: Dimension>(
    op: &'static str,
    q: &ArrayRef<T, D>,
    h: &ArrayRef<T, D>,
) -> Result<(), LinalgError> {
    let reason = "the factors do not fit each other";
    if q.shape() != h.shape() {
        return Err(misfit(op, reason, &[q.shape(), h.shape()]));
    }
    square(op, reason, h.shape()).map(drop)
}

/// `H⁻¹·B`
fn divide<T: Scalar, D: RemoveAxis, E: Dimension, O: Dimension>(
    op: &'static str,
    h: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, O>, LinalgError> {
    let stack = Stack::square(op, h)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    solve_stack(stack, b, n * n, |_, h, b, work, threads| {
        // SAFETY: members of arrays; `b` is a fresh copy.
        unsafe { hessenberg_solve(backend, h, b, work, threads) }
    })
}

fn determinants<T: Scalar, D: MatrixDim>(
    h: &ArrayRef<T, D>,
) -> Result<D::PerMatrix<T>, LinalgError> {
    let stack = Stack::square("det", h)?;
    let (members, mut work) = (stack.members(), Workspace::new());
    Ok(per_member::<_, D>(stack.batch(), |i| {
        let h = stack.first.at(members.offsets(i).0);
        // SAFETY: a member of an array.
        unsafe { hessenberg_determinant(h, &mut work) }.value()
    }))
}

/// The methods of both forms: `$q` and `$h` are their fields.
macro_rules! methods {
    ($form:ident, $q:ident, $h:ident, $words:literal) => {
        impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> $form<T, D> {
            #[doc = concat!("A again: `", $words, "`.")]
            ///
            /// # Panics
            /// If the fields do not fit each other.
            #[track_caller]
            pub fn reconstruct(&self) -> Array<T, D> {
                error::unwrap(self.try_reconstruct())
            }

            /// As [`reconstruct`](Self::reconstruct), with the mistake as an error.
            ///
            /// # Errors
            /// [`LinalgError::Factors`].
            pub fn try_reconstruct(&self) -> Result<Array<T, D>, LinalgError> {
                fit("reconstruct", &self.$q, &self.$h)?;
                Ok(self.$q.matmul(&self.$h).matmul(&adjoint(&self.$q)))
            }

            /// Solves `A·X = B`; shapes as [`solve`](crate::linalg::solve). Some n² multiply-adds for each
            /// right-hand side.
            ///
            /// # Errors
            /// Those of shapes; [`LinalgError::Singular`] when a pivot is exactly zero, naming the matrix of
            /// the stack; [`LinalgError::Factors`].
            pub fn solve<E: Dimension>(
                &self,
                b: &ArrayRef<T, E>,
            ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
            where
                D: MatmulDim<E>,
            {
                solve_with(&self.$q, &self.$h, b)
            }

            /// A⁻¹.
            ///
            /// # Errors
            /// [`LinalgError::Singular`] as [`solve`](Self::solve), [`LinalgError::TooLarge`],
            /// [`LinalgError::Factors`].
            pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
                fit("inv", &self.$q, &self.$h)?;
                let right: Array<T, D> = divide("inv", &self.$h, &adjoint(&self.$q))?;
                Ok(self.$q.matmul(&right))
            }

            /// The determinant, as [`det`](crate::linalg::det), in n² multiply-adds.
            ///
            /// # Panics
            /// If the fields do not fit each other.
            #[track_caller]
            pub fn det(&self) -> D::PerMatrix<T>
            where
                D: MatrixDim,
            {
                error::unwrap(self.try_det())
            }

            /// As [`det`](Self::det), with the mistake as an error.
            ///
            /// # Errors
            /// [`LinalgError::Factors`].
            pub fn try_det(&self) -> Result<D::PerMatrix<T>, LinalgError>
            where
                D: MatrixDim,
            {
                fit("det", &self.$q, &self.$h)?;
                determinants(&self.$h)
            }
        }
    };
}
methods!(Schur, z, t, "Z·T·Zᴴ");
methods!(Hessenberg, q, h, "Q·H·Qᴴ");
