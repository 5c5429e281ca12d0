//! Systems of linear equations, inverses and determinants.

use std::sync::{Mutex, PoisonError};

use super::backend::factor::{Cholesky, Half, Triangular, column_major};
use super::backend::solve::{DetOut, Determinant, Inverse, Solve};
use super::backend::{Workspace, copy::copy, forced, with_forced, workspace::Pieces};
use super::error::{Failure, LinalgError};
use super::lanes::{self, Systems, Wanted};
use super::matrix_dim::MatrixDim;
use super::members::{Fresh, Stack, for_each};
use super::products::MatmulDim;
use super::raw::{MatMut, MatRef};
use super::stack::{Batch, position};
use crate::array::{
    Array, ArrayRef, ArrayView, Dimension, Ix2, IxDyn, Layout, MAX_NDIM, RemoveAxis, Scalar, error,
};
use crate::engine::par;

/// Which triangle of a matrix is meant; the other is never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uplo {
    /// The lower one (NumPy's `'L'`).
    Lower,
    /// The upper one (NumPy's `'U'`).
    Upper,
}

impl Uplo {
    pub(crate) fn half(self) -> Half {
        match self {
            Uplo::Lower => Half::Lower,
            Uplo::Upper => Half::Upper,
        }
    }
}

/// The diagonal of a triangular matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Diagonal {
    /// As stored.
    Stored,
    /// All ones, whatever is stored.
    Unit,
}

/// Solves `A·X = B` by LU with partial pivoting (NumPy's `linalg.solve`).
///
/// `a` is `(…, N, N)`. A 1-d `b` is one vector `(N)`, for which the result is `(…, N)`; any other is
/// `(…, N, K)`. Stacks broadcast. The residual is a small multiple of ε·‖A‖·‖X‖ in practice. NaN in
/// the input gives NaN, or [`LinalgError::Singular`].
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`], [`LinalgError::CoreDimension`],
/// [`LinalgError::BatchBroadcast`]; [`LinalgError::Singular`] when a pivot is exactly zero, naming the
/// matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::solve(&array![[4.0, 7.0], [2.0, 6.0]], &array![1.0, 2.0])?;
/// assert!(x.all_close(&array![-0.8, 0.6], 1e-12, 0.0));
/// assert!(linalg::solve(&array![[1.0, 2.0], [2.0, 4.0]], &x).is_err());
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn solve<T: Scalar, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    let a = Stack::square("solve", a)?;
    let backend = a.backend()?;
    let n = a.first.rows;
    let rhs = RightSide::new(&a, b)?;
    if lanes::suit::<T>(backend, rhs.members.len(), n, rhs.first.cols) {
        let out = Fresh::<T, D::Output>::new("solve", rhs.batch(), rhs.core(&[n, rhs.first.cols]))?;
        let systems = Systems {
            wanted: Wanted::Solution,
            a: a.first,
            b: rhs.first,
            members: rhs.members,
            out: out.slots(),
        };
        // SAFETY: members of arrays and of a fresh one, with these shapes.
        return match unsafe { systems.run() } {
            Some(i) => Err(Failure::Singular.at("solve", a.shape, &rhs.index(&a, i))),
            // SAFETY: every member was written.
            None => Ok(unsafe { out.finish() }),
        };
    }
    solve_stack(a, b, n * n * n / 3, |_, a, b, work, threads| {
        // SAFETY: members of arrays; `b` is a fresh copy.
        unsafe { backend.solve(Solve { a, b }, work, threads) }
    })
}

/// Solves with every member of the stack `a` for the broadcast member of `b`: `one(offset of a's
/// member, a's member, right-hand sides to replace by the solution, workspace, threads)`.
pub(crate) fn solve_stack<T: Scalar, E: Dimension, O: Dimension>(
    a: Stack<'_, T>,
    b: &ArrayRef<T, E>,
    work: usize,
    one: impl Fn(isize, MatRef<T>, MatMut<T>, &mut Workspace, usize) -> Result<(), Failure> + Sync,
) -> Result<Array<T, O>, LinalgError> {
    let op = a.op;
    let rhs = RightSide::new(&a, b)?;
    let n = a.first.rows;
    let out = Fresh::<T, O>::new(op, rhs.batch(), rhs.core(&[n, rhs.first.cols]))?;
    let slots = out.slots();
    let work = work.saturating_add(n * n * rhs.first.cols);
    let all = (op, a.shape, rhs.batch());
    for_each(all, a.backend()?, work, |i, space, threads| {
        let (from_a, from_b, _) = rhs.members.offsets(i);
        let x = slots.matrix(i);
        // SAFETY: equal shapes; the output is fresh.
        unsafe { copy(rhs.first.at(from_b), x) };
        one(from_a, a.first.at(from_a), x, space, threads)
    })?;
    // SAFETY: every member was written.
    Ok(unsafe { out.finish() })
}

/// The first of the right-hand sides of `op`, one vector or matrices of `rows` rows, for matrices of shape `a`; its
/// signatures are those with a vector and with a matrix.
pub(crate) fn first_right_side<T: Copy, E: Dimension>(
    op: &'static str,
    [of_vector, of_matrix]: [&'static str; 2],
    b: &ArrayRef<T, E>,
    (a, rows): (&[usize], usize),
) -> Result<MatRef<T>, LinalgError> {
    let (shape, strides) = (b.shape(), b.strides());
    let shapes = || vec![a.to_vec(), shape.to_vec()];
    let (first, signature) = match *shape {
        [] => {
            return Err(LinalgError::ScalarOperand {
                op,
                operand: 1,
                signature: of_matrix,
                shapes: shapes(),
            });
        }
        [rows] => {
            let column = MatRef {
                ptr: b.ptr.as_ptr().cast_const(),
                rows,
                cols: 1,
                row_stride: strides[0],
                col_stride: 1,
            };
            (column, of_vector)
        }
        _ => (super::stack::mat_ref(b.ptr, shape, strides), of_matrix),
    };
    if first.rows != rows {
        return Err(LinalgError::CoreDimension {
            op,
            operand: 1,
            dimension: 0,
            signature,
            size: first.rows,
            expected: rows,
            shapes: shapes(),
        });
    }
    Ok(first)
}

/// Right-hand sides broadcast against a stack of square matrices.
struct RightSide<T> {
    vector: bool,
    first: MatRef<T>,
    shape: [usize; MAX_NDIM],
    ndim: usize,
    members: Batch,
}

impl<T: Copy> RightSide<T> {
    fn new<E: Dimension>(a: &Stack<'_, T>, b: &ArrayRef<T, E>) -> Result<Self, LinalgError> {
        let (op, vector) = (a.op, b.ndim() == 1);
        let (shape, strides) = (b.shape(), b.strides());
        let signatures = ["(m,m),(m)->(m)", "(m,m),(m,n)->(m,n)"];
        let first = first_right_side(op, signatures, b, (a.shape, a.first.rows))?;
        let own = &shape[..shape.len().saturating_sub(2)];
        let lead = a.batch();
        let ndim = lead.len().max(own.len());
        let mut batch = [1usize; MAX_NDIM];
        let mut from_b = [0isize; MAX_NDIM];
        for axis in 0..ndim {
            let extent = |shape: &[usize]| {
                (axis + shape.len())
                    .checked_sub(ndim)
                    .map_or(1, |at| shape[at])
            };
            batch[axis] = match (extent(lead), extent(own)) {
                (m, n) if m == n || n == 1 => m,
                (1, n) => n,
                _ => {
                    return Err(LinalgError::BatchBroadcast {
                        op,
                        lhs: a.shape.to_vec(),
                        rhs: shape.to_vec(),
                    });
                }
            };
            if let Some(at) = (axis + own.len()).checked_sub(ndim)
                && own[at] != 1
            {
                from_b[axis] = strides[at];
            }
        }
        let from_a = a.lead_strides(&batch[..ndim]);
        let zeros = [0isize; MAX_NDIM];
        let members = Batch::new(
            &batch[..ndim],
            [&from_a[..ndim], &from_b[..ndim], &zeros[..ndim]],
        );
        Ok(RightSide {
            vector,
            first,
            shape: batch,
            ndim,
            members,
        })
    }

    fn batch(&self) -> &[usize] {
        &self.shape[..self.ndim]
    }

    /// The shape of one solution: a vector's, if that is what the right-hand side is.
    fn core<'s>(&self, matrix: &'s [usize; 2]) -> &'s [usize] {
        if self.vector { &matrix[..1] } else { matrix }
    }

    /// The position of member `i` in the stack `a`; none, if that has fewer axes.
    fn index(&self, a: &Stack<'_, T>, i: usize) -> Vec<usize> {
        if a.batch().len() == self.ndim {
            position(self.batch(), i)
        } else {
            Vec::new()
        }
    }
}

/// As [`solve`], with a result for every member of the broadcast stack, in row-major order: what one
/// bad matrix does not spoil for the others.
///
/// # Errors
/// Those of shapes, for the whole. A member's own is [`LinalgError::Singular`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[[2.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]];
/// let x = linalg::solve_each(&a, &array![2.0, 2.0])?;
/// assert_eq!(x[0], Ok(array![1.0, 0.5].into_dyn()));
/// assert!(x[1].as_ref().unwrap_err().to_string().contains("Singular matrix (matrix [1]"));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
#[allow(clippy::type_complexity)]
pub fn solve_each<T: Scalar, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Vec<Result<Array<T, IxDyn>, LinalgError>>, LinalgError> {
    let stack = Stack::square("solve_each", a)?;
    let rhs = RightSide::new(&stack, b)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let core = [n, rhs.first.cols];
    let core = rhs.core(&core);
    each_member(rhs.members.len(), |i, work| {
        let (from_a, from_b, _) = rhs.members.offsets(i);
        let out = Fresh::<T, IxDyn>::new("solve_each", &[], core)?;
        let (a, b) = (stack.first.at(from_a), out.slots().matrix(0));
        // SAFETY: members of arrays; the output is fresh.
        let done = unsafe {
            copy(rhs.first.at(from_b), b);
            backend.solve(Solve { a, b }, work, par::threads())
        };
        done.map_err(|failure| failure.at("solve_each", stack.shape, &rhs.index(&stack, i)))?;
        // SAFETY: it was written whole.
        Ok(unsafe { out.finish() })
    })
}

/// Runs `f` for each of `len` members in parallel, with a workspace for each worker, and collects the results in
/// order. What [`with_backend`](super::with_backend) forces on the caller holds for the workers too.
fn each_member<R: Send>(
    len: usize,
    f: impl Fn(usize, &mut Workspace) -> Result<R, LinalgError> + Sync,
) -> Result<Vec<Result<R, LinalgError>>, LinalgError> {
    let results: Mutex<Vec<(usize, Result<R, LinalgError>)>> = Mutex::new(Vec::with_capacity(len));
    let backend = forced();
    par::for_ranges(len, 1, par::threads(), |_, range| {
        with_forced(backend, || {
            let mut work = Workspace::new();
            for i in range {
                let result = f(i, &mut work);
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                results.push((i, result));
            }
        });
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|&(i, _)| i);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Applies `f` to every matrix of the stack `(…, M, N)`, in parallel, and returns its results in
/// row-major order: any function of this module, member by member.
///
/// Errors name the member's position in the stack.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[[2.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]];
/// let inverses = linalg::each(&a, linalg::inv)?;
/// assert_eq!(inverses[0], Ok(array![[0.5, 0.0], [0.0, 0.25]]));
/// assert!(inverses[1].is_err());
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
#[allow(clippy::type_complexity)]
pub fn each<T: Copy + Sync, D: Dimension, R: Send>(
    a: &ArrayRef<T, D>,
    f: impl Fn(&ArrayRef<T, Ix2>) -> Result<R, LinalgError> + Sync,
) -> Result<Vec<Result<R, LinalgError>>, LinalgError> {
    let stack = Stack::new("each", a)?;
    let members = stack.members();
    let m = stack.first;
    let layout = error::unwrap(Layout::<Ix2>::from_slices(
        &[m.rows, m.cols],
        &[m.row_stride, m.col_stride],
    ));

    each_member(members.len(), |i, _| {
        let ptr = m.at(members.offsets(i).0).ptr.cast_mut();
        let ptr = std::ptr::NonNull::new(ptr).expect("inside an array");
        // SAFETY: a member of the array, which is borrowed for the call.
        let matrix = unsafe { ArrayView::<T, Ix2>::from_parts(ptr, layout) };
        f(&matrix).map_err(|error| error.of_member(stack.shape, &position(stack.batch(), i)))
    })
}

/// The inverse of a matrix or of each of a stack `(…, N, N)` (NumPy's `linalg.inv`).
///
/// LU with partial pivoting; to solve a system use [`solve`], which is faster and more accurate.
///
/// # Errors
/// As [`solve`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[4.0, 7.0], [2.0, 6.0]];
/// let inverse = linalg::inv(&a)?;
/// assert!(a.matmul(&inverse).all_close(&Array2::identity(2), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn inv<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Array<T, D>, LinalgError> {
    let stack = Stack::square("inv", a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let out = Fresh::<T, D>::new("inv", stack.batch(), &[n, n])?;
    let slots = out.slots();
    let members = stack.members();
    if lanes::suit::<T>(backend, members.len(), n, n) {
        let systems = Systems {
            wanted: Wanted::Inverse,
            a: stack.first,
            b: stack.first,
            members,
            out: slots,
        };
        // SAFETY: members of an array and of a fresh one, with these shapes.
        return match unsafe { systems.run() } {
            Some(i) => {
                let index = position(stack.batch(), i);
                Err(Failure::Singular.at("inv", stack.shape, &index))
            }
            // SAFETY: every member was written.
            None => Ok(unsafe { out.finish() }),
        };
    }
    stack.run(backend, n * n * n, |i, a, work, threads| {
        let out = slots.matrix(i);
        // SAFETY: members of an array and of a fresh one.
        unsafe { backend.inverse(Inverse { a, out }, work, threads) }
    })?;
    // SAFETY: every member was written.
    Ok(unsafe { out.finish() })
}

/// The determinant of a matrix, or of each of a stack `(…, N, N)` as an array `(…)` (NumPy's
/// `linalg.det`): the product of the pivots of LU; 1 for an empty matrix.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert!((linalg::det(&array![[4.0f64, 7.0], [2.0, 6.0]])? - 10.0).abs() < 1e-12);
/// let stack = array![[[2.0, 0.0], [0.0, 3.0]], [[1.0, 2.0], [2.0, 4.0]]];
/// assert_eq!(linalg::det(&stack)?, array![6.0, 0.0]);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn det<T: Scalar, D: MatrixDim>(a: &ArrayRef<T, D>) -> Result<D::PerMatrix<T>, LinalgError> {
    let stack = Stack::square("det", a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let out = Fresh::<T, D::Batch>::zeroed("det", stack.batch(), &[])?;
    let slots = out.slots();
    let one = |i: usize, a: MatRef<T>, work: &mut Workspace, threads: usize| {
        // SAFETY: members of an array and of a fresh one, which is initialised.
        unsafe {
            let out = DetOut::Value(&mut slots.slice(i)[0]);
            backend.determinant(Determinant { a, out }, work, threads)
        }
    };
    let members = stack.members();
    if lanes::suit::<T>(backend, members.len(), n, 0) {
        let systems = Systems {
            wanted: Wanted::Determinant,
            a: stack.first,
            b: stack.first,
            members,
            out: slots,
        };
        let mut work = Workspace::new();
        // SAFETY: members of an array and of a fresh one, with these shapes; it is initialised.
        unsafe {
            systems.run();
            for i in 0..members.len() {
                // Zeros, and products that left the range of the type on the way, with more care.
                if !lanes::is_normal(slots.slice(i)[0]) {
                    one(i, stack.first.at(members.offsets(i).0), &mut work, 1).map_err(
                        |failure| failure.at("det", stack.shape, &position(stack.batch(), i)),
                    )?;
                }
            }
        }
    } else {
        stack.run(backend, n * n * n / 3, one)?;
    }
    // SAFETY: it is initialised.
    Ok(D::per_matrix(unsafe { out.finish() }))
}

/// A determinant as `sign · exp(logabsdet)`: what [`slogdet`] returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlogDet<S, L> {
    /// 1, −1 or 0; a complex number of modulus 1, or 0, for complex matrices.
    pub sign: S,
    /// The logarithm of the determinant's modulus; −∞ for a singular matrix.
    pub logabsdet: L,
}

/// Sign and logarithm of the determinant, which neither overflow nor vanish (NumPy's
/// `linalg.slogdet`); `(0, −∞)` for a singular matrix.
///
/// # Errors
/// As [`det`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = Array2::<f64>::identity(1000) * -10.0;
/// let det = linalg::slogdet(&a)?;
/// assert_eq!(det.sign, 1.0);
/// assert!((det.logabsdet - 1000.0 * 10f64.ln()).abs() < 1e-9);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
#[allow(clippy::type_complexity)]
pub fn slogdet<T: Scalar, D: MatrixDim>(
    a: &ArrayRef<T, D>,
) -> Result<SlogDet<D::PerMatrix<T>, D::PerMatrix<T::Real>>, LinalgError> {
    let stack = Stack::square("slogdet", a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let sign = Fresh::<T, D::Batch>::zeroed("slogdet", stack.batch(), &[])?;
    let log = Fresh::<T::Real, D::Batch>::zeroed("slogdet", stack.batch(), &[])?;
    let (signs, logs) = (sign.slots(), log.slots());
    stack.run(backend, n * n * n / 3, |i, a, work, threads| {
        // SAFETY: members of an array and of fresh ones, which are initialised.
        unsafe {
            let out = DetOut::SignLog(&mut signs.slice(i)[0], &mut logs.slice(i)[0]);
            backend.determinant(Determinant { a, out }, work, threads)
        }
    })?;
    // SAFETY: they are initialised.
    unsafe {
        Ok(SlogDet {
            sign: D::per_matrix(sign.finish()),
            logabsdet: D::per_matrix(log.finish()),
        })
    }
}

/// Solves `T·X = B` with a triangular matrix by substitution (SciPy's `solve_triangular`); shapes as
/// [`solve`]. Only the named triangle is read.
///
/// # Errors
/// As [`solve`]; [`LinalgError::Singular`] when an element of the diagonal is zero.
///
/// ```
/// use orthant::linalg::{self, Diagonal, Uplo};
/// use orthant::prelude::*;
///
/// let l = array![[2.0, 9.0], [1.0, 4.0]];
/// let x = linalg::solve_triangular(&l, &array![2.0, 9.0], Uplo::Lower, Diagonal::Stored)?;
/// assert_eq!(x, array![1.0, 2.0]);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn solve_triangular<T: Scalar, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    uplo: Uplo,
    diagonal: Diagonal,
) -> Result<Array<T, D::Output>, LinalgError> {
    let a = Stack::square("solve_triangular", a)?;
    let backend = a.backend()?;
    let unit = diagonal == Diagonal::Unit;
    solve_stack(a, b, 0, |_, t, b, work, threads| {
        // SAFETY: members of arrays; `b` is a fresh copy.
        unsafe {
            if !unit && super::backend::solve::has_zero_pivot(t) {
                return Err(Failure::Singular);
            }
            let mut call = Triangular::new(t, uplo.half(), b);
            call.unit = unit;
            backend.triangular(call, work, threads)
        }
    })
}

/// Solves `A·X = B` for a Hermitian positive definite A by Cholesky: half the work of [`solve`], to
/// which shapes are as there. Only A's lower triangle is read (SciPy's `solve(…, assume_a='pos')`).
///
/// # Errors
/// Those of shapes; [`LinalgError::NotPositiveDefinite`], naming the matrix of the stack.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::solve_posdef(&array![[4.0, 2.0], [2.0, 3.0]], &array![8.0, 8.0])?;
/// assert!(x.all_close(&array![1.0, 2.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn solve_posdef<T: Scalar, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    let a = Stack::square("solve_posdef", a)?;
    let backend = a.backend()?;
    let n = a.first.rows;
    solve_stack(a, b, n * n * n / 6, |_, a, b, work, threads| {
        let (block, inner) = work.split(Pieces::size::<T>(n * n));
        let piece = Pieces::new(block).take::<T>(n * n).as_mut_ptr();
        let l = column_major(piece.cast::<T>(), n, n);
        // SAFETY: members of arrays; the piece is ours and `copy` fills it.
        unsafe {
            copy(a, l);
            backend.cholesky(Cholesky { a: l }, inner, threads)?;
            let lower = Triangular::new(l.as_ref(), Half::Lower, b);
            backend.triangular(Triangular { ..lower }, inner, threads)?;
            backend.triangular(lower.adjoint(), inner, threads)
        }
    })
}
