//! LU factors, kept to solve with again and again.

use crate::array::{Array, ArrayRef, Axis, Dimension, Number, RemoveAxis, Scalar, error};
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::factor;
use crate::linalg::backend::solve::{DetOut, Op, has_zero_pivot, lu_determinant, lu_solve};
use crate::linalg::error::{Failure, LinalgError};
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{Fresh, Slots, Stack};
use crate::linalg::products::MatmulDim;
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::solve::{SlogDet, solve_stack};

/// `P·A = L·U` of a matrix or of each of a stack: what [`lu`] returns.
#[derive(Clone, Debug)]
pub struct Lu<T: Scalar, D: Dimension> {
    /// `(…, N, M)`: the transposes of the packed factors, so that columns are contiguous.
    packed: Array<T, D>,
    /// min(M, N) exchanges for each matrix.
    swaps: Vec<usize>,
}

/// The LU factorisation with partial pivoting of a matrix or of each of a stack `(…, M, N)` (SciPy's
/// `lu_factor`). A singular matrix has factors too; only solving with them fails.
///
/// ‖P·A − L·U‖ is a small multiple of ε·‖A‖·min(M, N) in practice.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0, 2.0], [4.0, 7.0]];
/// let lu = linalg::lu(&a)?;
/// assert_eq!((lu.l(), lu.u()), (array![[1.0, 0.0], [0.25, 1.0]], array![[4.0, 7.0], [0.0, 0.25]]));
/// assert_eq!(lu.permutation(), array![1, 0]);
/// assert_eq!(lu.solve(&array![3.0, 11.0])?, array![1.0, 1.0]);
/// assert_eq!(lu.det()?, -1.0);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn lu<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Lu<T, D>, LinalgError> {
    let stack = Stack::new("lu", a)?;
    let backend = stack.backend()?;
    let (m, n) = (stack.first.rows, stack.first.cols);
    let k = m.min(n);
    let packed = Fresh::<T, D>::new("lu", stack.batch(), &[n, m])?;
    let slots = packed.slots();
    let mut swaps: Vec<usize> = vec![0; stack.members().len() * k];
    let swap_slots = Slots::of(&mut swaps, k);
    stack.run(backend, m * n * k, |i, a, work, threads| {
        let to = slots.matrix(i).t();
        // SAFETY: members of an array and of fresh ones; `copy` fills the matrix.
        unsafe {
            copy(a, to);
            let swaps = swap_slots.slice(i);
            backend.lu(factor::Lu { a: to, swaps }, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    let packed = unsafe { packed.finish() };
    Ok(Lu { packed, swaps })
}

impl<T: Scalar, D: RemoveAxis> Lu<T, D> {
    /// The packed factors with columns contiguous: `(…, M, N)`.
    fn stack(&self, op: &'static str) -> Result<(Stack<'_, T>, usize), LinalgError> {
        let stack = Stack::new(op, &self.packed)?;
        let k = stack.first.rows.min(stack.first.cols);
        Ok((stack, k))
    }

    fn square(&self, op: &'static str) -> Result<Stack<'_, T>, LinalgError> {
        let (stack, _) = self.stack(op)?;
        let (m, n) = (stack.first.cols, stack.first.rows);
        if m != n {
            let shape = [stack.batch(), &[m, n]].concat();
            return Err(LinalgError::NotSquare { op, shape });
        }
        Ok(stack)
    }

    /// One of the factors: `core` of each member, element `(i, j)` of the packed matrix or a constant.
    fn unpack(&self, lower: bool) -> Array<T, D> {
        let (stack, k) = error::unwrap(self.stack("lu"));
        let (m, n) = (stack.first.cols, stack.first.rows);
        let core = if lower { [m, k] } else { [k, n] };
        let out = error::unwrap(Fresh::<T, D>::new("lu", stack.batch(), &core));
        let slots = out.slots();
        for i in 0..stack.members().len() {
            let from = stack.first.at((i * m * n) as isize).t();
            fill(slots.matrix(i), |r, c| match r.cmp(&c) {
                std::cmp::Ordering::Equal if lower => T::one(),
                std::cmp::Ordering::Greater if !lower => T::zero(),
                std::cmp::Ordering::Less if lower => T::zero(),
                _ => element(from, r, c),
            });
        }
        // SAFETY: every member was written.
        unsafe { out.finish() }
    }

    /// L, lower triangular with ones on its diagonal: `(…, M, K)`, K = min(M, N).
    pub fn l(&self) -> Array<T, D> {
        self.unpack(true)
    }

    /// U, upper triangular: `(…, K, N)`.
    pub fn u(&self) -> Array<T, D> {
        self.unpack(false)
    }

    /// The order of A's rows in L·U, `(…, M)`: `a.take(&p, 0)` is `l.matmul(&u)` for a matrix.
    pub fn permutation(&self) -> Array<usize, D::Smaller> {
        let (stack, k) = error::unwrap(self.stack("lu"));
        let m = stack.first.cols;
        let out = error::unwrap(Fresh::<usize, D::Smaller>::zeroed(
            "lu",
            stack.batch(),
            &[m],
        ));
        for i in 0..stack.members().len() {
            // SAFETY: a member of a fresh array that is initialised.
            let order = unsafe { out.slots().slice(i) };
            for (at, x) in order.iter_mut().enumerate() {
                *x = at;
            }
            for (at, &other) in self.swaps[i * k..(i + 1) * k].iter().enumerate() {
                order.swap(at, other);
            }
        }
        // SAFETY: it is initialised.
        unsafe { out.finish() }
    }

    /// The permutation matrix P of `A = P·L·U`, `(…, M, M)` (the first result of SciPy's `lu`).
    pub fn p(&self) -> Array<T, D> {
        let (stack, _) = error::unwrap(self.stack("lu"));
        let m = stack.first.cols;
        let order = self.permutation();
        let order: Vec<usize> = order.iter().copied().collect();
        let out = error::unwrap(Fresh::<T, D>::new("lu", stack.batch(), &[m, m]));
        let slots = out.slots();
        for i in 0..stack.members().len() {
            let order = &order[i * m..(i + 1) * m];
            fill(slots.matrix(i), |r, c| {
                if order[c] == r { T::one() } else { T::zero() }
            });
        }
        // SAFETY: every member was written.
        unsafe { out.finish() }
    }

    /// A again: `P·L·U`.
    pub fn reconstruct(&self) -> Array<T, D>
    where
        D: MatmulDim<D, Output = D>,
    {
        self.p().matmul(&self.l().matmul(&self.u()))
    }

    /// Solves `A·X = B`; shapes and errors as [`solve`](crate::linalg::solve).
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], those of shapes, [`LinalgError::Singular`].
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        self.solve_as(b, Op::Plain)
    }

    /// Solves `Aᵀ·X = B`.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    pub fn solve_transpose<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        self.solve_as(b, Op::Transpose)
    }

    /// Solves `Aᴴ·X = B`.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    pub fn solve_adjoint<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        self.solve_as(b, Op::Adjoint)
    }

    fn solve_as<E: Dimension, O: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
        op: Op,
    ) -> Result<Array<T, O>, LinalgError> {
        let name = match op {
            Op::Plain => "solve",
            Op::Transpose => "solve_transpose",
            Op::Adjoint => "solve_adjoint",
        };
        let stack = self.square(name)?;
        let backend = stack.backend()?;
        let n = stack.first.rows;
        solve_stack(stack, b, 0, |offset, packed, b, work, threads| {
            let at = offset as usize / (n * n).max(1);
            let (lu, swaps) = (packed.t(), &self.swaps[at * n..(at + 1) * n]);
            // SAFETY: members of arrays; `b` is a fresh copy.
            unsafe {
                if has_zero_pivot(lu) {
                    return Err(Failure::Singular);
                }
                lu_solve(backend, lu, swaps, b, op, work, threads)
            }
        })
    }

    /// The determinant, as [`det`](crate::linalg::det).
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`].
    pub fn det(&self) -> Result<D::PerMatrix<T>, LinalgError>
    where
        D: MatrixDim,
    {
        let (stack, out) = self.per_matrix::<T>("det")?;
        self.products(stack, false, |i, product| {
            // SAFETY: a member of a fresh array that is initialised.
            product.store(DetOut::Value(unsafe { &mut out.slots().slice(i)[0] }));
        });
        // SAFETY: it is initialised.
        Ok(D::per_matrix(unsafe { out.finish() }))
    }

    /// Sign and logarithm of the determinant, as [`slogdet`](crate::linalg::slogdet).
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`].
    #[allow(clippy::type_complexity)]
    pub fn slogdet(&self) -> Result<SlogDet<D::PerMatrix<T>, D::PerMatrix<T::Real>>, LinalgError>
    where
        D: MatrixDim,
    {
        let (stack, sign) = self.per_matrix::<T>("slogdet")?;
        let (_, log) = self.per_matrix::<T::Real>("slogdet")?;
        self.products(stack, true, |i, product| {
            // SAFETY: members of fresh arrays that are initialised.
            let (sign, log) = unsafe { (sign.slots().slice(i), log.slots().slice(i)) };
            product.store(DetOut::SignLog(&mut sign[0], &mut log[0]));
        });
        // SAFETY: they are initialised.
        unsafe {
            Ok(SlogDet {
                sign: D::per_matrix(sign.finish()),
                logabsdet: D::per_matrix(log.finish()),
            })
        }
    }

    #[allow(clippy::type_complexity)]
    fn per_matrix<S: Number>(
        &self,
        op: &'static str,
    ) -> Result<(Stack<'_, T>, Fresh<S, D::Batch>), LinalgError>
    where
        D: MatrixDim,
    {
        let stack = self.square(op)?;
        let out = Fresh::zeroed(op, stack.batch(), &[])?;
        Ok((stack, out))
    }

    fn products(
        &self,
        stack: Stack<'_, T>,
        logs: bool,
        store: impl Fn(usize, crate::linalg::backend::solve::Product<T>),
    ) {
        let n = stack.first.rows;
        for i in 0..stack.members().len() {
            let lu = stack.first.at((i * n * n) as isize).t();
            // SAFETY: a member of the packed factors.
            store(i, unsafe {
                lu_determinant(lu, &self.swaps[i * n..(i + 1) * n], logs)
            });
        }
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], [`LinalgError::Singular`].
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let stack = self.square("inv")?;
        let backend = stack.backend()?;
        let n = stack.first.rows;
        // Aᵀ's inverse row by row is A's column by column.
        let out = Fresh::<T, D>::new("inv", stack.batch(), &[n, n])?;
        let slots = out.slots();
        stack.run(backend, n * n * n, |i, packed, work, threads| {
            let a = slots.matrix(i).t();
            let swaps = &self.swaps[i * n..(i + 1) * n];
            // SAFETY: a member of the packed factors and of a fresh array, which `copy` fills.
            unsafe {
                if has_zero_pivot(packed) {
                    return Err(Failure::Singular);
                }
                copy(packed.t(), a);
                backend.lu_inverse(factor::LuInverse { a, swaps }, work, threads)
            }
        })?;
        // SAFETY: every member was written.
        let transposed = unsafe { out.finish() };
        let swapped = transposed.swap_axes(Axis(-2), Axis(-1));
        Ok(swapped.as_standard_layout().into_owned())
    }
}

pub(super) fn element<T: Copy>(a: MatRef<T>, i: usize, j: usize) -> T {
    debug_assert!(i < a.rows && j < a.cols);
    // SAFETY: in range of a member of an array that is borrowed by the caller.
    unsafe {
        *a.ptr
            .offset(i as isize * a.row_stride + j as isize * a.col_stride)
    }
}

pub(super) fn fill<T>(to: MatMut<T>, f: impl Fn(usize, usize) -> T) {
    for i in 0..to.rows {
        for j in 0..to.cols {
            let at = i as isize * to.row_stride + j as isize * to.col_stride;
            // SAFETY: in range of a member of a fresh array that the caller owns.
            unsafe { to.ptr.offset(at).write(f(i, j)) };
        }
    }
}
