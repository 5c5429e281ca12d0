//! Cholesky factors.

use super::objects::square;
use crate::array::{Array, ArrayRef, Axis, Dimension, RemoveAxis, Scalar, error};
use crate::linalg::backend::factor::{self, Half, Triangular};
use crate::linalg::backend::solve::Product;
use crate::linalg::error::LinalgError;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{Fresh, Stack, per_member};
use crate::linalg::products::MatmulDim;
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::solve::{Uplo, solve_stack};

/// `A = L·Lᴴ` of a Hermitian positive definite matrix, or of each of a stack: what [`cholesky`]
/// returns.
#[derive(Clone, Debug)]
pub struct Cholesky<T: Scalar, D: Dimension> {
    /// L, lower triangular with a positive diagonal: `(…, N, N)`.
    pub l: Array<T, D>,
}

/// The Cholesky factorisation of a Hermitian positive definite matrix, or of each of a stack
/// `(…, N, N)` (NumPy's `linalg.cholesky`). Only the named triangle is read, and imaginary parts on
/// the diagonal are not.
///
/// ‖A − L·Lᴴ‖ is a small multiple of ε·‖A‖·N.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`];
/// [`LinalgError::NotPositiveDefinite`], naming the matrix of the stack.
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[4.0, 99.0], [2.0, 5.0]];
/// let cholesky = linalg::cholesky(&a, Uplo::Lower)?;
/// assert_eq!(cholesky.l, array![[2.0, 0.0], [1.0, 2.0]]);
/// assert_eq!(cholesky.solve(&array![8.0, 12.0])?, array![1.0, 2.0]);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn cholesky<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Cholesky<T, D>, LinalgError> {
    let stack = Stack::square("cholesky", a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let out = Fresh::<T, D>::new("cholesky", stack.batch(), &[n, n])?;
    let slots = out.slots();
    stack.run(backend, n * n * n / 6, |i, a, work, threads| {
        let l = slots.matrix(i);
        // SAFETY: members of an array and of a fresh one, which is filled.
        unsafe {
            match uplo {
                Uplo::Lower => copy_lower(a, l, |x| x),
                Uplo::Upper => copy_lower(a.t(), l, Scalar::conj),
            }
            backend.cholesky(factor::Cholesky { a: l }, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    let l = unsafe { out.finish() };
    Ok(Cholesky { l })
}

/// The lower triangle of `from`, zeros above it.
///
/// # Safety
/// Equal square shapes; the triangle is readable, `to` writable; they do not overlap.
unsafe fn copy_lower<T: Scalar>(from: MatRef<T>, to: MatMut<T>, f: impl Fn(T) -> T) {
    #[cfg(test)]
    crate::linalg::backend::copy::count(&from, &to);
    for i in 0..to.rows as isize {
        for j in 0..to.cols as isize {
            // SAFETY: (i, j) is in range of both.
            unsafe {
                let x = if j <= i {
                    let from = from.ptr.offset(i * from.row_stride + j * from.col_stride);
                    f(*from)
                } else {
                    T::zero()
                };
                to.ptr
                    .offset(i * to.row_stride + j * to.col_stride)
                    .write(x);
            }
        }
    }
}

impl<T: Scalar, D: RemoveAxis> Cholesky<T, D> {
    /// The upper factor Lᴴ, for which `A = UᴴU` (NumPy's `cholesky(a, upper=True)`).
    pub fn u(&self) -> Array<T, D> {
        let turned = self.l.swap_axes(Axis(-2), Axis(-1));
        turned.as_standard_layout().map(|x| x.conj())
    }

    /// Solves `A·X = B`; shapes as [`solve`](crate::linalg::solve).
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Factors`] if L is not square.
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let stack = self.stack("solve")?;
        let backend = stack.backend()?;
        solve_stack(stack, b, 0, |_, l, b, work, threads| {
            // SAFETY: members of arrays; `b` is a fresh copy.
            unsafe {
                backend.triangular(Triangular::new(l, Half::Lower, b), work, threads)?;
                let upper = Triangular::new(l, Half::Lower, b).adjoint();
                backend.triangular(upper, work, threads)
            }
        })
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// [`LinalgError::TooLarge`]; [`LinalgError::Factors`] if L is not square.
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let stack = self.stack("inv")?;
        let backend = stack.backend()?;
        let n = stack.first.rows;
        let out = Fresh::<T, D>::new("inv", stack.batch(), &[n, n])?;
        let slots = out.slots();
        stack.run(backend, n * n * n, |i, l, work, threads| {
            let b = slots.matrix(i);
            for i in 0..n {
                for j in 0..n {
                    let one = if i == j { T::one() } else { T::zero() };
                    // SAFETY: in range of a fresh array.
                    unsafe { b.ptr.add(i * n + j).write(one) };
                }
            }
            // SAFETY: members of arrays; `b` was filled.
            unsafe {
                backend.triangular(Triangular::new(l, Half::Lower, b), work, threads)?;
                let upper = Triangular::new(l, Half::Lower, b).adjoint();
                backend.triangular(upper, work, threads)
            }
        })?;
        // SAFETY: every member was written.
        Ok(unsafe { out.finish() })
    }

    /// The determinant: the product of the squares of L's diagonal.
    ///
    /// # Panics
    /// If L is not square.
    #[track_caller]
    pub fn det(&self) -> D::PerMatrix<T::Real>
    where
        D: MatrixDim,
    {
        error::unwrap(self.try_det())
    }

    /// As [`det`](Self::det), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_det(&self) -> Result<D::PerMatrix<T::Real>, LinalgError>
    where
        D: MatrixDim,
    {
        self.diagonals("det", |diagonal| {
            let squares = diagonal.iter().flat_map(|&d| [d, d]);
            Product::of(squares, false).value().re()
        })
    }

    /// The logarithm of the determinant, which neither overflows nor vanishes.
    ///
    /// # Panics
    /// If L is not square.
    #[track_caller]
    pub fn logdet(&self) -> D::PerMatrix<T::Real>
    where
        D: MatrixDim,
    {
        error::unwrap(self.try_logdet())
    }

    /// As [`logdet`](Self::logdet), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_logdet(&self) -> Result<D::PerMatrix<T::Real>, LinalgError>
    where
        D: MatrixDim,
    {
        use num_traits::{Float as _, Zero};
        self.diagonals("logdet", |diagonal| {
            diagonal.iter().fold(T::Real::zero(), |sum, d| {
                let log = d.re().ln();
                sum + log + log
            })
        })
    }

    /// `f` of the diagonal, which is real, of each member.
    fn diagonals(
        &self,
        op: &'static str,
        f: impl Fn(&[T]) -> T::Real,
    ) -> Result<D::PerMatrix<T::Real>, LinalgError>
    where
        D: MatrixDim,
    {
        let stack = self.stack(op)?;
        let (members, l) = (stack.members(), stack.first);
        Ok(per_member::<_, D>(stack.batch(), |i| {
            let first = l.at(members.offsets(i).0);
            let diagonal = (0..l.rows as isize).map(|k| {
                // SAFETY: on the diagonal of a member.
                unsafe { *first.ptr.offset(k * (l.row_stride + l.col_stride)) }
            });
            f(&diagonal.collect::<Vec<T>>())
        }))
    }

    /// L, square.
    fn stack(&self, op: &'static str) -> Result<Stack<'_, T>, LinalgError> {
        square(op, "L is not square", self.l.shape())?;
        Stack::new(op, &self.l)
    }

    /// A again: `L·Lᴴ`.
    pub fn reconstruct(&self) -> Array<T, D>
    where
        D: MatmulDim<D, Output = D>,
    {
        self.l.matmul(&self.u())
    }
}
