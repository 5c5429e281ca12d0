//! What eigenvalues and eigenvectors are good for.

use super::super::{Eig, Eigh};
use super::{misfit, reciprocals};
use crate::array::{Array, ArrayRef, Dimension, RemoveAxis, Scalar, error};
use crate::linalg::backend::solve::Product;
use crate::linalg::error::LinalgError;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{by_columns, of_values, scale_columns};
use crate::linalg::products::{MatmulDim, try_matmul};
use crate::linalg::solve::{inv, solve};
use crate::linalg::spaces::adjoint;

/// The order of the matrices that have these eigenvalues and eigenvectors.
fn order(op: &'static str, values: &[usize], vectors: &[usize]) -> Result<usize, LinalgError> {
    match *vectors {
        [ref lead @ .., m, n] if m == n && *values == *[lead, &[n]].concat() => Ok(n),
        _ => {
            let reason = "eigenvalues and eigenvectors do not fit each other";
            Err(misfit(op, reason, &[values, vectors]))
        }
    }
}

/// `f` of the product of the `n` eigenvalues of each matrix of a stack of this shape.
fn determinants<S: Scalar, R: Copy, D: MatrixDim>(
    shape: &[usize],
    values: impl Iterator<Item = S>,
    n: usize,
    f: impl Fn(S) -> R,
) -> D::PerMatrix<R> {
    let values: Vec<S> = values.collect();
    of_values::<_, _, D>(&shape[..shape.len() - 2], &values, n, |x| {
        f(Product::of(x.iter().copied(), false).value())
    })
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Eigh<T, D> {
    /// `V·diag(f(λ))·Vᴴ`: the function `f` of A.
    ///
    /// ```
    /// use orthant::linalg::{self, Uplo};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[2.0f64, 1.0], [1.0, 2.0]];
    /// let root = linalg::eigh(&a, Uplo::Lower)?.map(f64::sqrt);
    /// assert!(root.matmul(&root).all_close(&a, 0.0, 1e-12));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    ///
    /// # Panics
    /// If the fields do not fit each other.
    #[track_caller]
    pub fn map(&self, f: impl Fn(T::Real) -> T::Real) -> Array<T, D> {
        error::unwrap(self.try_map(f))
    }

    /// As [`map`](Self::map), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_map(&self, f: impl Fn(T::Real) -> T::Real) -> Result<Array<T, D>, LinalgError> {
        self.order("map")?;
        Ok(self.mapped(f))
    }

    fn mapped(&self, f: impl Fn(T::Real) -> T::Real) -> Array<T, D> {
        let factors: Vec<T> = self.values.iter().map(|&x| T::from_real(f(x))).collect();
        self.scaled(&factors).matmul(&adjoint(&self.vectors))
    }

    fn order(&self, op: &'static str) -> Result<usize, LinalgError> {
        order(op, self.values.shape(), self.vectors.shape())
    }

    fn scaled(&self, factors: &[T]) -> Array<T, D> {
        let n = self.vectors.shape()[self.vectors.ndim() - 1];
        scale_columns(&self.vectors, factors, n, n)
    }

    /// A again: `V·diag(λ)·Vᴴ`.
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
        self.order("reconstruct")?;
        Ok(self.mapped(|x| x))
    }

    /// V·diag(1/λ)
    fn over_values(&self, op: &'static str) -> Result<Array<T, D>, LinalgError> {
        let n = self.order(op)?;
        let values = self.values.iter().map(|&x| T::from_real(x));
        let factors = reciprocals(op, self.vectors.shape(), values, n)?;
        Ok(self.scaled(&factors))
    }

    /// Solves `A·X = B`; shapes as [`solve`](crate::linalg::solve). Some 2n² multiply-adds for each right-hand side.
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Singular`] for an eigenvalue that is exactly zero; [`LinalgError::Factors`].
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let scaled = self.over_values("solve")?;
        by_columns(self.vectors.shape(), b, |b| {
            let right = try_matmul(&adjoint(&self.vectors).view_dyn(), &b)?;
            try_matmul(&scaled.view_dyn(), &right)
        })
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// [`LinalgError::Singular`] for an eigenvalue that is exactly zero; [`LinalgError::Factors`].
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        Ok(self.over_values("inv")?.matmul(&adjoint(&self.vectors)))
    }

    /// The determinant: the product of the eigenvalues.
    ///
    /// # Panics
    /// If the fields do not fit each other.
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
        let n = self.order("det")?;
        let values = self.values.iter().map(|&x| T::from_real(x));
        let shape = self.vectors.shape();
        Ok(determinants::<_, _, D>(shape, values, n, |det| det.re()))
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Eig<T, D> {
    fn order(&self, op: &'static str) -> Result<usize, LinalgError> {
        order(op, self.values.shape(), self.vectors.shape())
    }

    fn scaled(&self, factors: &[T::Complex]) -> Array<T::Complex, D> {
        let n = self.vectors.shape()[self.vectors.ndim() - 1];
        scale_columns(&self.vectors, factors, n, n)
    }

    /// V·diag(1/λ)
    fn over_values(&self, op: &'static str) -> Result<Array<T::Complex, D>, LinalgError> {
        let n = self.order(op)?;
        let values = self.values.iter().copied();
        let factors = reciprocals(op, self.vectors.shape(), values, n)?;
        Ok(self.scaled(&factors))
    }

    /// A again, of complex elements: `V·diag(λ)·V⁻¹`.
    ///
    /// # Errors
    /// [`LinalgError::Singular`] for a matrix without a full set of eigenvectors; near such matrices the
    /// result is inaccurate. [`LinalgError::Factors`].
    pub fn reconstruct(&self) -> Result<Array<T::Complex, D>, LinalgError> {
        self.order("reconstruct")?;
        let values: Vec<T::Complex> = self.values.iter().copied().collect();
        let inverse = inv(&self.vectors).map_err(|error| error.named("reconstruct"))?;
        Ok(self.scaled(&values).matmul(&inverse))
    }

    /// Solves `A·X = B`, in complex numbers: `V·diag(1/λ)·V⁻¹·B`; shapes as
    /// [`solve`](crate::linalg::solve). Every call makes an LU of V, n³/3 complex multiply-adds: to solve alone,
    /// take [`lu`](crate::linalg::lu) of A.
    ///
    /// # Errors
    /// Those of shapes; as [`reconstruct`](Self::reconstruct), and for an eigenvalue that is exactly zero.
    ///
    /// ```
    /// use orthant::{Complex, linalg, prelude::*};
    ///
    /// let x = linalg::eig(&array![[0.0, -2.0], [2.0, 0.0]])?.solve(&array![2.0, 4.0])?;
    /// assert!(x.all_close(&array![2.0, -1.0].map(|&x| Complex::from(x)), 0.0, 1e-12));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T::Complex, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let scaled = self.over_values("solve")?;
        by_columns(self.vectors.shape(), b, |b| {
            let b = b.map(|x| T::Complex::from_parts(x.re(), x.im()));
            try_matmul(&scaled.view_dyn(), &solve(&self.vectors.view_dyn(), &b)?)
        })
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// As [`reconstruct`](Self::reconstruct), and for an eigenvalue that is exactly zero.
    pub fn inv(&self) -> Result<Array<T::Complex, D>, LinalgError> {
        Ok(self.over_values("inv")?.matmul(&inv(&self.vectors)?))
    }

    /// The determinant: the product of the eigenvalues.
    ///
    /// # Panics
    /// If the fields do not fit each other.
    #[track_caller]
    pub fn det(&self) -> D::PerMatrix<T::Complex>
    where
        D: MatrixDim,
    {
        error::unwrap(self.try_det())
    }

    /// As [`det`](Self::det), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_det(&self) -> Result<D::PerMatrix<T::Complex>, LinalgError>
    where
        D: MatrixDim,
    {
        let n = self.order("det")?;
        let values = self.values.iter().copied();
        Ok(determinants::<_, _, D>(
            self.vectors.shape(),
            values,
            n,
            |det| det,
        ))
    }
}
