//! Bunch–Kaufman factors of symmetric and Hermitian matrices that need not be definite.

use super::lu::{element, fill};
use crate::array::{Array, ArrayRef, Dimension, RemoveAxis, Scalar, error};
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::ldlt::{self as calls, Factors, blocks, ldlt_determinant, ldlt_solve};
use crate::linalg::backend::spectral::copy_hermitian;
use crate::linalg::error::{Failure, LinalgError};
use crate::linalg::matrix_dim::MatrixDim;
use crate::linalg::members::{Fresh, Slots, Stack, per_member};
use crate::linalg::products::MatmulDim;
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::solve::{Uplo, solve_stack};
use crate::linalg::spaces::adjoint;

/// `A = P·L·D·Lᴴ·Pᵀ` of a symmetric or Hermitian matrix, or of each of a stack: what [`ldlt`] returns.
///
/// P is a permutation, L is lower triangular with ones on its diagonal, and D has blocks of one or two
/// rows on its diagonal. SciPy's `lu, d, perm = linalg.ldl(a)` are
/// [`permuted_l`](Self::permuted_l), [`d`](Self::d) and [`permutation`](Self::permutation).
#[derive(Clone, Debug)]
pub struct Ldlt<T: Scalar, D: Dimension> {
    /// `(…, N, N)`: the transposes of L with D's diagonal, so that columns are contiguous.
    packed: Array<T, D>,
    /// The N elements below D's diagonal for each matrix, the last of them zero.
    below: Vec<T>,
    /// The order of A's rows for each matrix.
    order: Vec<usize>,
}

/// How many eigenvalues are positive, negative and zero: what [`Ldlt::inertia`] returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Inertia {
    /// Eigenvalues above zero.
    pub positive: usize,
    /// Eigenvalues below zero.
    pub negative: usize,
    /// Eigenvalues that are zero.
    pub zero: usize,
}

/// The factorisation `A = P·L·D·Lᴴ·Pᵀ` of a symmetric (Hermitian) matrix, which need not be definite, or
/// of each of a stack `(…, N, N)`, with the pivots of Bunch and Kaufman (SciPy's
/// `linalg.ldl(a, hermitian=True)`): half the work of [`lu`](super::lu). Only the named triangle is read, and
/// imaginary parts on the diagonal are not. L is lower triangular for either triangle.
///
/// ‖A − P·L·D·Lᴴ·Pᵀ‖ is a small multiple of ε·‖A‖·N in practice. A singular matrix has factors too; only
/// solving with them fails. LAPACK's `sytrf` and `hetrf`, or their method in Rust.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`]; [`LinalgError::NonFinite`], naming the
/// matrix of the stack.
///
/// ```
/// use orthant::linalg::{self, Uplo};
/// use orthant::prelude::*;
///
/// let a = array![[0.0, 99.0], [2.0, 1.0]];
/// let ldlt = linalg::ldlt(&a, Uplo::Lower)?;
/// assert_eq!(ldlt.permutation(), array![0, 1]);
/// assert_eq!(ldlt.l(), Array2::<f64>::identity(2));
/// assert_eq!(ldlt.d(), array![[0.0, 2.0], [2.0, 1.0]]);
/// assert_eq!((ldlt.det(), ldlt.inertia().negative), (-4.0, 1));
/// assert!(ldlt.solve(&array![2.0, 3.0])?.all_close(&array![1.0, 1.0], 1e-12, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn ldlt<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    uplo: Uplo,
) -> Result<Ldlt<T, D>, LinalgError> {
    let stack = Stack::square("ldlt", a)?;
    let backend = stack.backend()?;
    let n = stack.first.rows;
    let packed = Fresh::<T, D>::new("ldlt", stack.batch(), &[n, n])?;
    let len = stack.members().len();
    let (mut below, mut order) = (vec![T::zero(); len * n], vec![0; len * n]);
    let slots = packed.slots();
    let (belows, orders) = (Slots::of(&mut below, n), Slots::of(&mut order, n));
    stack.run(backend, n * n * n / 6, |i, a, work, threads| {
        let to = slots.matrix(i).t();
        // SAFETY: members of an array, of a fresh one, which is filled, and of vectors.
        unsafe {
            copy_hermitian(a, uplo.half(), to);
            largest_finite(to.as_ref()).ok_or(Failure::NonFinite)?;
            let call = calls::Ldlt {
                a: to,
                below: belows.slice(i),
                order: orders.slice(i),
            };
            backend.ldlt(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    let packed = unsafe { packed.finish() };
    Ok(Ldlt {
        packed,
        below,
        order,
    })
}

impl<T: Scalar, D: RemoveAxis> Ldlt<T, D> {
    fn stack(&self, op: &'static str) -> Stack<'_, T> {
        error::unwrap(Stack::square(op, &self.packed))
    }

    /// The factors of member `i`.
    fn factors(&self, packed: MatRef<T>, i: usize) -> Factors<'_, T> {
        let n = packed.rows;
        let range = i * n..(i + 1) * n;
        Factors {
            a: packed.t(),
            below: &self.below[range.clone()],
            order: &self.order[range],
        }
    }

    /// A matrix of every member's factors.
    fn matrices(&self, f: impl Fn(Factors<'_, T>, MatMut<T>)) -> Array<T, D> {
        let stack = self.stack("ldlt");
        let n = stack.first.rows;
        let out = error::unwrap(Fresh::<T, D>::zeroed("ldlt", stack.batch(), &[n, n]));
        let slots = out.slots();
        for i in 0..stack.members().len() {
            let packed = stack.first.at((i * n * n) as isize);
            f(self.factors(packed, i), slots.matrix(i));
        }
        // SAFETY: it is initialised.
        unsafe { out.finish() }
    }

    /// L, lower triangular with ones on its diagonal: `(…, N, N)`.
    pub fn l(&self) -> Array<T, D> {
        self.matrices(|factors, to| fill(to, |r, c| unit_lower(factors.a, r, c)))
    }

    /// P·L, whose rows in the order of [`permutation`](Self::permutation) are L (`lu` of SciPy's
    /// `linalg.ldl`): `(…, N, N)`.
    pub fn permuted_l(&self) -> Array<T, D> {
        self.matrices(|factors, to| {
            for (i, &row) in factors.order.iter().enumerate() {
                let to = MatMut {
                    rows: 1,
                    ..to.at(row as isize * to.row_stride)
                };
                fill(to, |_, c| unit_lower(factors.a, i, c));
            }
        })
    }

    /// D, block diagonal: `(…, N, N)`.
    pub fn d(&self) -> Array<T, D> {
        self.matrices(|factors, to| {
            fill(to, |r, c| match (r, c) {
                _ if r == c => element(factors.a, r, c),
                _ if r == c + 1 => factors.below[c],
                _ if c == r + 1 => factors.below[r].conj(),
                _ => T::zero(),
            });
        })
    }

    /// The order of A's rows and columns in L·D·Lᴴ, `(…, N)`: `a.take(&p, 0).take(&p, 1)` is
    /// `l.matmul(&d).matmul(&l.t())` for a symmetric matrix.
    pub fn permutation(&self) -> Array<usize, D::Smaller> {
        let stack = self.stack("ldlt");
        let n = stack.first.rows;
        let out = error::unwrap(Fresh::<usize, D::Smaller>::zeroed(
            "ldlt",
            stack.batch(),
            &[n],
        ));
        for i in 0..stack.members().len() {
            // SAFETY: a member of a fresh array that is initialised.
            let order = unsafe { out.slots().slice(i) };
            order.copy_from_slice(&self.order[i * n..(i + 1) * n]);
        }
        // SAFETY: it is initialised.
        unsafe { out.finish() }
    }

    /// A again: `P·L·D·Lᴴ·Pᵀ`.
    pub fn reconstruct(&self) -> Array<T, D>
    where
        D: MatmulDim<D, Output = D>,
    {
        let l = self.permuted_l();
        l.matmul(&self.d()).matmul(&adjoint(&l))
    }

    /// Solves `A·X = B`; shapes as [`solve`](crate::linalg::solve).
    ///
    /// # Errors
    /// Those of shapes; [`LinalgError::Singular`], naming the matrix of the stack, when a block of D is
    /// exactly singular.
    pub fn solve<E: Dimension>(
        &self,
        b: &ArrayRef<T, E>,
    ) -> Result<Array<T, <D as MatmulDim<E>>::Output>, LinalgError>
    where
        D: MatmulDim<E>,
    {
        let stack = self.stack("solve");
        let backend = stack.backend()?;
        let n = stack.first.rows;
        solve_stack(stack, b, 0, |offset, packed, b, work, threads| {
            let i = offset as usize / (n * n).max(1);
            // SAFETY: members of arrays; `b` is a fresh copy.
            unsafe { ldlt_solve(backend, self.factors(packed, i), b, work, threads) }
        })
    }

    /// A⁻¹.
    ///
    /// # Errors
    /// [`LinalgError::Singular`] as [`solve`](Self::solve), [`LinalgError::TooLarge`].
    pub fn inv(&self) -> Result<Array<T, D>, LinalgError> {
        let stack = self.stack("inv");
        let backend = stack.backend()?;
        let n = stack.first.rows;
        let out = Fresh::<T, D>::new("inv", stack.batch(), &[n, n])?;
        let slots = out.slots();
        stack.run(backend, n * n * n, |i, packed, work, threads| {
            let b = slots.matrix(i);
            fill(b, |r, c| if r == c { T::one() } else { T::zero() });
            // SAFETY: a member of the packed factors and of a fresh array, which was filled.
            unsafe { ldlt_solve(backend, self.factors(packed, i), b, work, threads) }
        })?;
        // SAFETY: every member was written.
        Ok(unsafe { out.finish() })
    }

    /// The determinant, which is real: the product of those of D's blocks; 0 for a singular matrix.
    pub fn det(&self) -> D::PerMatrix<T::Real>
    where
        D: MatrixDim,
    {
        self.numbers(|factors| {
            // SAFETY: a member of the packed factors.
            let product = unsafe { ldlt_determinant(factors.a, factors.below) };
            product.value().re()
        })
    }

    /// How many eigenvalues of A are positive, negative and zero: those of D (Sylvester's law of
    /// inertia). Near zero, rounding errors decide.
    ///
    /// ```
    /// use orthant::linalg::{self, Inertia, Uplo};
    /// use orthant::prelude::*;
    ///
    /// let a = array![[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 5.0]];
    /// let inertia = linalg::ldlt(&a, Uplo::Lower)?.inertia();
    /// assert_eq!(inertia, Inertia { positive: 2, negative: 1, zero: 0 });
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn inertia(&self) -> D::PerMatrix<Inertia>
    where
        D: MatrixDim,
    {
        self.numbers(|factors| {
            // SAFETY: a member of the packed factors.
            let blocks = unsafe { blocks(factors.a, factors.below) };
            blocks.fold(Inertia::default(), |sum, block| {
                let [positive, negative, zero] = block.signs();
                Inertia {
                    positive: sum.positive + positive,
                    negative: sum.negative + negative,
                    zero: sum.zero + zero,
                }
            })
        })
    }

    fn numbers<R: Copy>(&self, f: impl Fn(Factors<'_, T>) -> R) -> D::PerMatrix<R>
    where
        D: MatrixDim,
    {
        let stack = self.stack("ldlt");
        let n = stack.first.rows;
        per_member::<_, D>(stack.batch(), |i| {
            let packed = stack.first.at((i * n * n) as isize);
            f(self.factors(packed, i))
        })
    }
}

fn unit_lower<T: Scalar>(a: MatRef<T>, r: usize, c: usize) -> T {
    match r.cmp(&c) {
        std::cmp::Ordering::Less => T::zero(),
        std::cmp::Ordering::Equal => T::one(),
        std::cmp::Ordering::Greater => element(a, r, c),
    }
}
