//! What the factors of a matrix are good for: the matrix again, systems, inverses, determinants.

use num_traits::{One, Zero};

use super::{Eig, Eigh, PivotedQr, Qr, Svd};
use crate::array::{Array, ArrayRef, Dimension, RemoveAxis, Scalar};
use crate::linalg::backend::solve::Product;
use crate::linalg::error::LinalgError;
use crate::linalg::lstsq::default_rcond;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{Stack, apply, by_columns, of_values, per_member, scale_columns};
use crate::linalg::products::{MatmulDim, try_matmul};
use crate::linalg::solve::{Diagonal, Uplo, det, each, inv, solve, solve_triangular};
use crate::linalg::spaces::adjoint;

/// 1/x for every value; an error that names the matrix with a zero among its `n`.
fn reciprocals<S: Scalar>(
    op: &'static str,
    shape: &[usize],
    values: impl Iterator<Item = S>,
    n: usize,
) -> Result<Vec<S>, LinalgError> {
    let one = |(at, x): (usize, S)| {
        if x != S::zero() {
            return Ok(S::one() / x);
        }
        let index = crate::linalg::stack::position(&shape[..shape.len() - 2], at / n);
        let shape = shape.to_vec();
        Err(LinalgError::Singular { op, shape, index })
    };
    values.enumerate().map(one).collect()
}

/// `f` of the product of the eigenvalues of each matrix of a stack of this shape.
fn determinants<S: Scalar, R: Copy, D: MatrixDim>(
    shape: &[usize],
    values: impl Iterator<Item = S>,
    f: impl Fn(S) -> R,
) -> D::PerMatrix<R> {
    let [batch @ .., n, _] = shape else {
        unreachable!("matrices have two axes")
    };
    let values: Vec<S> = values.collect();
    of_values::<_, _, D>(batch, &values, *n, |x| {
        f(Product::of(x.iter().copied(), false).value())
    })
}

/// The determinants of unitary matrices, of modulus 1 exactly.
fn phases<T: Scalar, D: RemoveAxis>(q: &ArrayRef<T, D>) -> Result<Vec<T>, LinalgError> {
    let dets = each(q, |q| det(q))?.into_iter();
    dets.map(|det| {
        let (det, one) = (det?, T::Real::one());
        let size = det.modulus();
        Ok(if T::IS_COMPLEX {
            T::from_parts(det.re() / size, det.im() / size)
        } else {
            T::from_real(if det.re() < T::Real::zero() {
                -one
            } else {
                one
            })
        })
    })
    .collect()
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Svd<T, D> {
    /// A again: `U·diag(s)·Vᴴ`.
    pub fn reconstruct(&self) -> Array<T, D> {
        let s: Vec<T> = self.s.iter().map(|&s| T::from_real(s)).collect();
        let (k, rows) = self.extents();
        scale_columns(&self.u, &s, k, rows).matmul(&self.vt)
    }

    /// Singular values and rows of Vᴴ.
    fn extents(&self) -> (usize, usize) {
        let (m, n) = self.shape();
        (m.min(n), self.vt.shape()[self.vt.ndim() - 2])
    }

    fn shape(&self) -> (usize, usize) {
        let (u, vt) = (self.u.shape(), self.vt.shape());
        (u[u.len() - 2], vt[vt.len() - 1])
    }

    /// The X of smallest norm that minimises ‖A·X − B‖, as [`lstsq`](crate::linalg::lstsq) with its usual
    /// cutoff; `b` is one vector `(M)` or `(…, M, K)`.
    ///
    /// # Errors
    /// Those of shapes.
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
        apply(&[&self.scaled_v(), &adjoint(&self.u)], b)
    }

    /// V·S⁺
    fn scaled_v(&self) -> Array<T, D> {
        let ((m, n), (k, _)) = (self.shape(), self.extents());
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
        let cols = self.u.shape()[self.u.ndim() - 1];
        scale_columns(&adjoint(&self.vt), &factors, k, cols)
    }

    fn square(&self, op: &'static str) -> Result<usize, LinalgError> {
        let (m, n) = self.shape();
        if m == n {
            return Ok(n);
        }
        let [shape @ .., _, _] = self.u.shape() else {
            unreachable!("matrices have two axes")
        };
        let shape = [shape, &[m, n]].concat();
        Err(LinalgError::NotSquare { op, shape })
    }

    /// A⁻¹ of a square matrix: `V·diag(1/s)·Uᴴ`.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`]; [`LinalgError::Singular`] for a singular value that is exactly zero.
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let n = self.square("inv")?;
        let values = self.s.iter().map(|&s| T::from_real(s));
        let factors = reciprocals("inv", self.u.shape(), values, n)?;
        let scaled = scale_columns(&adjoint(&self.vt), &factors, n, n);
        Ok(scaled.matmul(&adjoint(&self.u)))
    }

    /// The determinant of a square matrix: the product of the singular values, times the signs (phases) of the
    /// determinants of U and Vᴴ.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`].
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
        let n = self.square("det")?;
        let (left, right) = (phases(&self.u)?, phases(&self.vt)?);
        let s: Vec<T> = self.s.iter().map(|&s| T::from_real(s)).collect();
        let batch = &self.u.shape()[..self.u.ndim() - 2];
        Ok(per_member::<_, D>(batch, |i| {
            let sizes = s[i * n..(i + 1) * n].iter().copied();
            left[i] * right[i] * Product::of(sizes, false).value()
        }))
    }

    /// A⁺, the inverse of a regular matrix, as [`pinv`](crate::linalg::pinv).
    pub fn pinv(&self) -> Array<T, D> {
        self.scaled_v().matmul(&adjoint(&self.u))
    }
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
    pub fn map(&self, f: impl Fn(T::Real) -> T::Real) -> Array<T, D> {
        let factors: Vec<T> = self.values.iter().map(|&x| T::from_real(f(x))).collect();
        self.scaled(&factors).matmul(&adjoint(&self.vectors))
    }

    fn scaled(&self, factors: &[T]) -> Array<T, D> {
        let n = self.vectors.shape()[self.vectors.ndim() - 1];
        scale_columns(&self.vectors, factors, n, n)
    }

    /// A again: `V·diag(λ)·Vᴴ`.
    pub fn reconstruct(&self) -> Array<T, D> {
        self.map(|x| x)
    }

    fn reciprocals(&self, op: &'static str) -> Result<Vec<T>, LinalgError> {
        let shape = self.vectors.shape();
        let values = self.values.iter().map(|&x| T::from_real(x));
        reciprocals(op, shape, values, shape[shape.len() - 1])
    }

    /// Solves `A·X = B`; shapes as [`solve`](crate::linalg::solve).
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Singular`] for an eigenvalue that is exactly zero.
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let scaled = self.scaled(&self.reciprocals("solve")?);
        apply(&[&scaled, &adjoint(&self.vectors)], b)
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// [`LinalgError::Singular`] for an eigenvalue that is exactly zero.
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let scaled = self.scaled(&self.reciprocals("inv")?);
        Ok(scaled.matmul(&adjoint(&self.vectors)))
    }

    /// The determinant: the product of the eigenvalues.
    pub fn det(&self) -> D::PerMatrix<T::Real>
    where
        D: MatrixDim,
    {
        let values = self.values.iter().map(|&x| T::from_real(x));
        determinants::<_, _, D>(self.vectors.shape(), values, |det| det.re())
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> Eig<T, D> {
    fn scaled(&self, factors: &[T::Complex]) -> Array<T::Complex, D> {
        let n = self.vectors.shape()[self.vectors.ndim() - 1];
        scale_columns(&self.vectors, factors, n, n)
    }

    fn reciprocals(&self, op: &'static str) -> Result<Vec<T::Complex>, LinalgError> {
        let shape = self.vectors.shape();
        let values = self.values.iter().copied();
        reciprocals(op, shape, values, shape[shape.len() - 1])
    }

    /// A again, of complex elements: `V·diag(λ)·V⁻¹`.
    ///
    /// # Errors
    /// [`LinalgError::Singular`] for a matrix without a full set of eigenvectors; near such matrices the
    /// result is inaccurate.
    pub fn reconstruct(&self) -> Result<Array<T::Complex, D>, LinalgError> {
        let values: Vec<T::Complex> = self.values.iter().copied().collect();
        let inverse = inv(&self.vectors).map_err(|error| error.named("reconstruct"))?;
        Ok(self.scaled(&values).matmul(&inverse))
    }

    /// Solves `A·X = B`, in complex numbers: `V·diag(1/λ)·V⁻¹·B`; shapes as
    /// [`solve`](crate::linalg::solve).
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
        let scaled = self.scaled(&self.reciprocals("solve")?);
        by_columns(b, |b| {
            let b = b.map(|x| T::Complex::from_parts(x.re(), x.im()));
            try_matmul(&scaled.view_dyn(), &solve(&self.vectors.view_dyn(), &b)?)
        })
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// As [`reconstruct`](Self::reconstruct), and for an eigenvalue that is exactly zero.
    pub fn inv(&self) -> Result<Array<T::Complex, D>, LinalgError> {
        let scaled = self.scaled(&self.reciprocals("inv")?);
        Ok(scaled.matmul(&inv(&self.vectors)?))
    }

    /// The determinant: the product of the eigenvalues.
    pub fn det(&self) -> D::PerMatrix<T::Complex>
    where
        D: MatrixDim,
    {
        let values = self.values.iter().copied();
        determinants::<_, _, D>(self.vectors.shape(), values, |det| det)
    }
}

impl<T: Scalar, D: RemoveAxis> Qr<T, D> {
    /// The X that minimises ‖A·X − B‖ for an A with M ≥ N of full rank; `b` is `(M)` or `(…, M, K)`.
    ///
    /// # Errors
    /// Those of shapes ([`LinalgError::NotSquare`] for M < N and for
    /// [`QrMode::Complete`](super::QrMode::Complete)); [`LinalgError::Singular`] when R has a zero on its
    /// diagonal.
    ///
    /// ```
    /// use orthant::linalg::{self, QrMode};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
    /// let x = linalg::qr(&a, QrMode::Reduced)?.solve(&array![1.0, 2.0, 2.0])?;
    /// assert!(x.all_close(&array![2.0 / 3.0, 0.5], 1e-12, 0.0));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        Stack::square("solve", &self.r)?;
        by_columns(b, |b| {
            let right = try_matmul(&adjoint(&self.q).view_dyn(), &b)?;
            solve_triangular(&self.r.view_dyn(), &right, Uplo::Upper, Diagonal::Stored)
        })
        .map_err(|error| error.named("solve"))
    }

    /// A again: `Q·R`.
    pub fn reconstruct(&self) -> Array<T, D>
    where
        D: MatmulDim<D, Output = D>,
    {
        self.q.matmul(&self.r)
    }

    /// A⁻¹ (the pseudo-inverse, for M > N): `R⁻¹·Qᴴ`.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError>
    where
        D: MatmulDim<D, Output = D>,
    {
        let q = adjoint(&self.q);
        solve_triangular(&self.r, &q, Uplo::Upper, Diagonal::Stored)
            .map_err(|error| error.named("inv"))
    }

    /// The determinant of a square matrix.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`].
    pub fn det(&self) -> Result<D::PerMatrix<T>, LinalgError>
    where
        D: MatrixDim + MatmulDim<D, Output = D>,
    {
        let stack = Stack::square("det", &self.r)?;
        let n = stack.first.rows;
        let r: Vec<T> = self.r.iter().copied().collect();
        let mut dets = Vec::with_capacity(stack.members().len());
        for (i, det) in each(&self.q, |q| det(q))?.into_iter().enumerate() {
            let diagonal = (0..n).map(|k| r[i * n * n + k * (n + 1)]);
            dets.push(Product::of(std::iter::once(det?).chain(diagonal), false).value());
        }
        Ok(of_values::<_, _, D>(stack.batch(), &dets, 1, |x| x[0]))
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> PivotedQr<T, D> {
    /// A again: `Q·R` with its columns put back.
    pub fn reconstruct(&self) -> Array<T, D> {
        let mut out = self.q.matmul(&self.r);
        let n = self.r.shape()[self.r.ndim() - 1];
        let rows = self.q.shape()[self.q.ndim() - 2];
        let order: Vec<usize> = self.permutation.iter().copied().collect();
        let mut elements: Vec<T> = out.iter().copied().collect();
        for (at, &x) in out.iter().enumerate() {
            let (row, column) = (at / n, at % n);
            elements[row * n + order[row / rows * n + column]] = x;
        }
        out.iter_mut().zip(elements).for_each(|(to, x)| *to = x);
        out
    }
}
