//! What QR factors are good for.

use super::super::{PivotedQr, Qr};
use super::misfit;
use crate::array::{Array, ArrayRef, ArrayView, Dimension, IxDyn, RemoveAxis, Scalar, error};
use crate::linalg::backend::solve::Product;
use crate::linalg::error::LinalgError;
use crate::linalg::lstsq::default_rcond;
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{by_columns, per_member};
use crate::linalg::products::{MatmulDim, try_matmul};
use crate::linalg::solve::{Diagonal, Uplo, det, each, solve_triangular};
use crate::linalg::spaces::adjoint;
use crate::linalg::stack::position;

/// A matrix M × N with its shape, and the factors of which the first columns and rows are enough to solve with.
struct Factors<'a, T: Scalar> {
    op: &'static str,
    shape: Vec<usize>,
    m: usize,
    n: usize,
    /// Q, (…, M, K)
    q: ArrayView<'a, T, IxDyn>,
    /// R, (…, K, N)
    r: ArrayView<'a, T, IxDyn>,
}

impl<'a, T: Scalar> Factors<'a, T> {
    fn new<D: Dimension>(
        op: &'static str,
        q: &'a ArrayRef<T, D>,
        r: &'a ArrayRef<T, D>,
    ) -> Result<Self, LinalgError> {
        match (q.shape(), r.shape()) {
            (&[ref lead @ .., m, k], &[ref of_r @ .., rows, n])
                if lead == of_r && rows == k && (m.min(n)..=m).contains(&k) =>
            {
                let shape = [lead, &[m, n]].concat();
                let (q, r) = (q.view_dyn(), r.view_dyn());
                Ok(Factors {
                    op,
                    shape,
                    m,
                    n,
                    q,
                    r,
                })
            }
            (q, r) => Err(misfit(op, "Q and R do not fit each other", &[q, r])),
        }
    }

    fn lead(&self) -> &[usize] {
        &self.shape[..self.shape.len() - 2]
    }

    fn square(self) -> Result<Self, LinalgError> {
        if self.m == self.n {
            return Ok(self);
        }
        let (op, shape) = (self.op, self.shape);
        Err(LinalgError::NotSquare { op, shape })
    }

    /// For M ≥ N: the rest of a complete Q is orthogonal to all that A makes, the rest of R is zero.
    fn reduced(self) -> Result<Self, LinalgError> {
        let (op, n) = (self.op, self.n);
        if self.m < n {
            let shape = self.shape;
            return Err(LinalgError::NotSquare { op, shape });
        }
        let end = Some(n as isize);
        Ok(Factors {
            q: self.q.slice_axis(-1, None, end, 1),
            r: self.r.slice_axis(-2, None, end, 1),
            ..self
        })
    }

    /// `R⁻¹·right`
    fn divide(&self, right: &ArrayRef<T, IxDyn>) -> Result<Array<T, IxDyn>, LinalgError> {
        solve_triangular(&self.r, right, Uplo::Upper, Diagonal::Stored)
            .map_err(|error| error.of(self.op, &self.shape))
    }

    /// The determinants of the square matrices Q·R; those of Q cost an LU factorisation each.
    fn dets(&self) -> Result<Vec<T>, LinalgError> {
        let n = self.n;
        let r: Vec<T> = self.r.iter().copied().collect();
        let of_q = each(&self.q, |q| det(q))?.into_iter().enumerate();
        of_q.map(|(i, det)| {
            let diagonal = (0..n).map(|k| r[i * n * n + k * (n + 1)]);
            Ok(Product::of(std::iter::once(det?).chain(diagonal), false).value())
        })
        .collect()
    }

    /// The ranks that the diagonals of R show.
    fn ranks(&self, rcond: Option<T::Real>) -> Vec<usize> {
        let rcond = rcond.unwrap_or_else(|| default_rcond::<T::Real>(self.m, self.n));
        let (rows, n) = (self.r.shape()[self.r.ndim() - 2], self.n);
        let r: Vec<T> = self.r.iter().copied().collect();
        let rank = |i: usize| {
            let size = |k: usize| r[i * rows * n + k * (n + 1)].modulus();
            let above = |&k: &usize| size(k) > size(0) * rcond;
            (0..rows.min(n)).take_while(above).count()
        };
        (0..self.lead().iter().product()).map(rank).collect()
    }
}

impl<T: Scalar, D: RemoveAxis> Qr<T, D> {
    fn factors(&self, op: &'static str) -> Result<Factors<'_, T>, LinalgError> {
        Factors::new(op, &self.q, &self.r)
    }

    /// The X that minimises ‖A·X − B‖ for an A with M ≥ N of full rank; `b` is `(M)` or `(…, M, K)`.
    ///
    /// # Errors
    /// Those of shapes ([`LinalgError::NotSquare`] for M < N); [`LinalgError::Singular`] when R has a zero on its
    /// diagonal; [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::linalg::{self, QrMode};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
    /// for mode in [QrMode::Reduced, QrMode::Complete] {
    ///     let x = linalg::qr(&a, mode)?.solve(&array![1.0, 2.0, 2.0])?;
    ///     assert!(x.all_close(&array![2.0 / 3.0, 0.5], 1e-12, 0.0));
    /// }
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let factors = self.factors("solve")?.reduced()?;
        by_columns(&factors.shape, b, |b| {
            factors.divide(&try_matmul(&adjoint(&factors.q), &b)?)
        })
    }

    /// A again: `Q·R`.
    ///
    /// # Panics
    /// If the fields do not fit each other.
    #[track_caller]
    pub fn reconstruct(&self) -> Array<T, D>
    where
        D: MatmulDim<D, Output = D>,
    {
        error::unwrap(self.try_reconstruct())
    }

    /// As [`reconstruct`](Self::reconstruct), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    pub fn try_reconstruct(&self) -> Result<Array<T, D>, LinalgError>
    where
        D: MatmulDim<D, Output = D>,
    {
        self.factors("reconstruct")?;
        Ok(self.q.matmul(&self.r))
    }

    /// A⁻¹ (the pseudo-inverse, for M > N): `R⁻¹·Qᴴ`.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError>
    where
        D: MatmulDim<D, Output = D>,
    {
        let factors = self.factors("inv")?.reduced()?;
        Ok(factors.divide(&adjoint(&factors.q))?.into_rank_of()?)
    }

    /// The determinant of a square matrix: that of Q, by an LU factorisation in every call, which costs as much as
    /// [`det`](crate::linalg::det) of A itself, times R's diagonal.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], [`LinalgError::Factors`].
    pub fn det(&self) -> Result<D::PerMatrix<T>, LinalgError>
    where
        D: MatrixDim + MatmulDim<D, Output = D>,
    {
        let factors = self.factors("det")?.square()?;
        let dets = factors.dets()?;
        Ok(per_member::<_, D>(factors.lead(), |i| dets[i]))
    }
}

impl<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>> PivotedQr<T, D> {
    /// The factors, and the order of A's columns for each matrix.
    fn factors(&self, op: &'static str) -> Result<(Factors<'_, T>, Vec<usize>), LinalgError> {
        let factors = Factors::new(op, &self.q, &self.r)?;
        let n = factors.n;
        let order: Vec<usize> = self.permutation.iter().copied().collect();
        let fits = *self.permutation.shape() == *[factors.lead(), &[n]].concat();
        let mut seen = vec![usize::MAX; n];
        let mut permutes = |(at, &column): (usize, &usize)| {
            column < n && std::mem::replace(&mut seen[column], at / n) != at / n
        };
        if !fits || !order.iter().enumerate().all(&mut permutes) {
            let shapes = [self.q.shape(), self.r.shape(), self.permutation.shape()];
            let reason = "the permutation is none of A's columns";
            return Err(misfit(op, reason, &shapes));
        }
        Ok((factors, order))
    }

    /// A again: `Q·R` with its columns put back.
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
        let (Factors { m, n, .. }, order) = self.factors("reconstruct")?;
        let mut out = self.q.matmul(&self.r);
        let mut elements: Vec<T> = out.iter().copied().collect();
        for (at, &x) in out.iter().enumerate() {
            let (row, column) = (at / n, at % n);
            elements[row * n + order[row / m * n + column]] = x;
        }
        out.iter_mut().zip(elements).for_each(|(to, x)| *to = x);
        Ok(out)
    }

    /// How many elements of R's diagonal, which falls in modulus, are above `rcond` times the first: the rank of A;
    /// `None` is ε·max(M, N). Cheaper than [`matrix_rank`](crate::linalg::matrix_rank), and nearly always the same.
    ///
    /// # Errors
    /// [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::linalg::{self, QrMode};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
    /// assert_eq!(linalg::qr_pivoted(&a, QrMode::Reduced)?.rank(None)?, 1);
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn rank(&self, rcond: Option<T::Real>) -> Result<D::PerMatrix<usize>, LinalgError>
    where
        D: MatrixDim,
    {
        let (factors, _) = self.factors("rank")?;
        let ranks = factors.ranks(rcond);
        Ok(per_member::<_, D>(factors.lead(), |i| ranks[i]))
    }

    /// An X that minimises ‖A·X − B‖, for an A of any shape and rank; `b` is `(M)` or `(…, M, K)`. Where there are
    /// many, the one that uses no more columns of A than its [`rank`](Self::rank) by `rcond`, with zeros in the other
    /// rows of X; [`lstsq`](crate::linalg::lstsq) has that of smallest norm.
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::linalg::{self, QrMode};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
    /// let x = linalg::qr_pivoted(&a, QrMode::Reduced)?.solve(&array![2.0, 4.0, 6.0], None)?;
    /// assert!(x.all_close(&array![0.0, 1.0], 0.0, 1e-12));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
        rcond: Option<T::Real>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let (factors, order) = self.factors("solve")?;
        let (n, ranks) = (factors.n, factors.ranks(rcond));
        by_columns(&factors.shape, b, |b| {
            let right = try_matmul(&adjoint(&factors.q), &b)?;
            let [ref batch @ .., _, columns] = *right.shape() else {
                unreachable!("matrices have two axes")
            };
            let mut out = Array::<T, IxDyn>::zeros([batch, &[n, columns]].concat());
            for i in 0..batch.iter().product() {
                let at = position(batch, i);
                let own = member(factors.lead(), &at);
                let r = matrix(factors.r, &position(factors.lead(), own));
                let (rank, order) = (ranks[own], &order[own * n..(own + 1) * n]);
                let end = Some(rank as isize);
                let triangle = r.slice_axis(0, None, end, 1).slice_axis(1, None, end, 1);
                let right = matrix(right.view(), &at).slice_axis(0, None, end, 1);
                let x = solve_triangular(&triangle, &right, Uplo::Upper, Diagonal::Stored)?;
                let mut to = out.view_mut();
                for &index in &at {
                    to = to.into_index_axis(0, index);
                }
                for (row, &column) in order[..rank].iter().enumerate() {
                    to.index_axis_mut(0, column).assign(&x.index_axis(0, row));
                }
            }
            Ok(out)
        })
    }

    /// A⁻¹ of a square matrix.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`]; [`LinalgError::Singular`] when R has a zero on its diagonal;
    /// [`LinalgError::Factors`].
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let (factors, order) = self.factors("inv")?;
        let factors = factors.square()?;
        let n = factors.n;
        let inverse = factors.divide(&adjoint(&factors.q))?;
        let mut out = inverse.clone();
        let rows: Vec<T> = inverse.iter().copied().collect();
        let mut elements = rows.clone();
        for (from, row) in rows.chunks_exact(n.max(1)).enumerate() {
            let to = from / n * n + order[from];
            elements[to * n..(to + 1) * n].copy_from_slice(row);
        }
        out.iter_mut().zip(elements).for_each(|(to, x)| *to = x);
        Ok(out.into_rank_of()?)
    }

    /// The determinant of a square matrix; as [`Qr::det`], at the cost of an LU factorisation of Q.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], [`LinalgError::Factors`].
    ///
    /// ```
    /// use orthant::linalg::{self, QrMode};
    /// use orthant::prelude::*;
    ///
    /// let qr = linalg::qr_pivoted(&array![[1.0f64, 2.0], [3.0, 4.0]], QrMode::Reduced)?;
    /// assert!((qr.det()? + 2.0).abs() < 1e-12);
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn det(&self) -> Result<D::PerMatrix<T>, LinalgError>
    where
        D: MatrixDim,
    {
        let (factors, order) = self.factors("det")?;
        let factors = factors.square()?;
        let (n, dets) = (factors.n, factors.dets()?);
        Ok(per_member::<_, D>(factors.lead(), |i| {
            if is_odd(&order[i * n..(i + 1) * n]) {
                -dets[i]
            } else {
                dets[i]
            }
        }))
    }
}

/// Which member of the stack `lead` goes into member `at` of a stack that it is broadcast to.
fn member(lead: &[usize], at: &[usize]) -> usize {
    let own = &at[at.len() - lead.len()..];
    let pairs = lead.iter().zip(own);
    pairs.fold(0, |i, (&n, &at)| i * n + if n == 1 { 0 } else { at })
}

/// The matrix at this position of a stack.
fn matrix<'a, T>(mut stack: ArrayView<'a, T, IxDyn>, at: &[usize]) -> ArrayView<'a, T, IxDyn> {
    for &index in at {
        stack = stack.index_axis(0, index);
    }
    stack
}

/// Whether a permutation takes an odd number of exchanges.
fn is_odd(order: &[usize]) -> bool {
    let mut seen = vec![false; order.len()];
    let mut odd = false;
    for start in 0..order.len() {
        // A cycle of n takes n − 1.
        let mut at = start;
        while !std::mem::replace(&mut seen[at], true) {
            at = order[at];
            odd ^= at != start;
        }
    }
    odd
}
