//! What singular values and vectors are good for.

use num_traits::{One, Zero};

use super::super::Svd;
use super::{misfit, phases, reciprocals};
use crate::array::{Array, ArrayRef, Dimension, RemoveAxis, Scalar, error};
use crate::linalg::backend::solve::Product;
use crate::linalg::error::LinalgError;
use crate::linalg::lstsq::default_rcond;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{by_columns, per_member, scale_columns};
use crate::linalg::products::{MatmulDim, try_matmul};
use crate::linalg::spaces::adjoint;
use crate::linalg::stack::position;

/// Of a matrix M × N and its factors: `k` singular values, `left` columns of U.
struct Extents {
    m: usize,
    n: usize,
    k: usize,
    left: usize,
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Svd<T, D> {
    /// A again, or what the singular values that there are make of it: `U·diag(s)·Vᴴ`.
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
    ///
    /// ```
    /// use orthant::linalg::{LinalgError, Svd};
    /// use orthant::prelude::*;
    ///
    /// let (u, vt) = (Array2::<f64>::ones([2, 1]), Array2::ones([5, 5]));
    /// let svd = Svd { u, s: array![2.0, 1.0], vt };
    /// assert!(matches!(svd.try_reconstruct(), Err(LinalgError::Factors { .. })));
    /// ```
    pub fn try_reconstruct(&self) -> Result<Array<T, D>, LinalgError> {
        let Extents { k, .. } = self.extents("reconstruct")?;
        let s: Vec<T> = self.s.iter().map(|&s| T::from_real(s)).collect();
        let rows = self.vt.shape()[self.vt.ndim() - 2];
        Ok(scale_columns(&self.u, &s, k, rows).matmul(&self.vt))
    }

    fn extents(&self, op: &'static str) -> Result<Extents, LinalgError> {
        let shapes = [self.u.shape(), self.s.shape(), self.vt.shape()];
        match shapes {
            [
                &[ref lead @ .., m, left],
                &[ref of_s @ .., k],
                &[ref of_vt @ .., right, n],
            ] if lead == of_s
                && lead == of_vt
                && (k..=m).contains(&left)
                && (k..=n).contains(&right) =>
            {
                Ok(Extents { m, n, k, left })
            }
            _ => Err(misfit(op, "U, s and Vᴴ do not fit each other", &shapes)),
        }
    }

    /// The shape of A.
    fn shape(&self, extents: &Extents) -> Vec<usize> {
        let lead = &self.u.shape()[..self.u.ndim() - 2];
        [lead, &[extents.m, extents.n]].concat()
    }

    /// The X of smallest norm that minimises ‖A·X − B‖, as [`lstsq`](crate::linalg::lstsq) with its usual
    /// cutoff; `b` is one vector `(M)` or `(…, M, K)`.
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::{linalg, prelude::*};
    ///
    /// let x = linalg::svd(&array![[2.0, 0.0], [0.0, 4.0]])?.solve(&array![2.0, 2.0])?;
    /// assert!(x.all_close(&array![1.0, 0.5], 1e-12, 0.0));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let extents = self.extents("solve")?;
        let scaled = self.scaled_v(&extents);
        by_columns(&self.shape(&extents), b, |b| {
            let right = try_matmul(&adjoint(&self.u).view_dyn(), &b)?;
            try_matmul(&scaled.view_dyn(), &right)
        })
    }

    /// V·S⁺
    fn scaled_v(&self, &Extents { m, n, k, left }: &Extents) -> Array<T, D> {
        let rcond: T::Real = default_rcond(m, n);
        let s: Vec<T::Real> = self.s.iter().copied().collect();
        let factor = |(at, &x): (usize, &T::Real)| {
            let kept = x > s[at / k * k] * rcond;
            T::from_real(if kept {
                T::Real::one() / x
            } else {
                T::Real::zero()
            })
        };
        let factors: Vec<T> = s.iter().enumerate().map(factor).collect();
        scale_columns(&adjoint(&self.vt), &factors, k, left)
    }

    fn square(&self, op: &'static str) -> Result<Extents, LinalgError> {
        let extents = self.extents(op)?;
        if extents.m == extents.n {
            return Ok(extents);
        }
        let shape = self.shape(&extents);
        Err(LinalgError::NotSquare { op, shape })
    }

    /// A⁻¹ of a square matrix: `V·diag(1/s)·Uᴴ`.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`]; [`LinalgError::Singular`] for a singular value that is exactly zero, and for fewer
    /// than N of them; [`LinalgError::Factors`].
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let extents = self.square("inv")?;
        let (op, shape) = ("inv", self.shape(&extents));
        let Extents { n, k, left, .. } = extents;
        if k < n && !self.u.is_empty() {
            // What is left out counts as zero.
            let index = position(&shape[..shape.len() - 2], 0);
            return Err(LinalgError::Singular { op, shape, index });
        }
        let values = self.s.iter().map(|&s| T::from_real(s));
        let factors = reciprocals(op, &shape, values, k)?;
        let scaled = scale_columns(&adjoint(&self.vt), &factors, k, left);
        Ok(scaled.matmul(&adjoint(&self.u)))
    }

    /// The determinant of a square matrix: the product of the singular values, times the signs (phases) of the
    /// determinants of U and Vᴴ, whose LU factorisations cost twice as much as [`det`](crate::linalg::det) of A
    /// itself. 0 for fewer than N singular values.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::{linalg, prelude::*};
    ///
    /// let svd = linalg::svd(&array![[0.0f64, 2.0], [3.0, 0.0]])?;
    /// assert!((svd.det()? + 6.0).abs() < 1e-12);
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn det(&self) -> Result<D::PerMatrix<T>, LinalgError>
    where
        D: MatrixDim,
    {
        let Extents { n, k, .. } = self.square("det")?;
        let batch = &self.u.shape()[..self.u.ndim() - 2];
        if k < n {
            return Ok(per_member::<_, D>(batch, |_| T::zero()));
        }
        let (left, right) = (phases(&self.u)?, phases(&self.vt)?);
        let s: Vec<T> = self.s.iter().map(|&s| T::from_real(s)).collect();
        Ok(per_member::<_, D>(batch, |i| {
            let sizes = s[i * n..(i + 1) * n].iter().copied();
            left[i] * right[i] * Product::of(sizes, false).value()
        }))
    }

    /// A⁺, the inverse of a regular matrix, as [`pinv`](crate::linalg::pinv).
    ///
    /// # Panics
    /// If the fields do not fit each other.
    #[track_caller]
    pub fn pinv(&self) -> Array<T, D> {
        error::unwrap(self.try_pinv())
    }

    /// As [`pinv`](Self::pinv), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_pinv(&self) -> Result<Array<T, D>, LinalgError> {
        let extents = self.extents("pinv")?;
        Ok(self.scaled_v(&extents).matmul(&adjoint(&self.u)))
    }
}
