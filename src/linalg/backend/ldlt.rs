//! The arguments of Bunch–Kaufman factors, and what they solve: the same for both backends.

use num_traits::{Float as _, One, Zero};

use super::copy::{copy, copy_with};
use super::factor::{Half, Triangular, is_column_major};
use super::solve::Product;
use super::workspace::Pieces;
use super::{Backend, Call, Workspace};
use crate::array::{Number, Scalar};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// `Pᵀ·A·P = L·D·Lᴴ` of a Hermitian (symmetric) matrix, in place: the strict lower triangle becomes
/// L, whose diagonal is one, the diagonal that of D. The strict upper triangle keeps what it holds.
///
/// D has blocks of one row, and of two where they keep L small. A zero block is no failure.
pub(crate) struct Ldlt<'a, T> {
    /// (n, n), column-major; imaginary parts of the diagonal are not read.
    pub(crate) a: MatMut<T>,
    /// The n elements below D's diagonal, the last of them zero: not zero in the first row of a
    /// block of two.
    pub(crate) below: &'a mut [T],
    /// Row and column `i` of L·D·Lᴴ is row and column `order[i]` of A.
    pub(crate) order: &'a mut [usize],
}

impl<T: Number> Call for Ldlt<'_, T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        assert!(is_column_major(&self.a.as_ref()), "ldlt of strides");
        assert_eq!(m, n, "ldlt of a square matrix");
        assert_eq!((self.below.len(), self.order.len()), (n, n), "ldlt: D, P");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        self.a.rows.saturating_mul(128)
    }
}

/// A block on D's diagonal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Block<T: Number> {
    /// Row `i`.
    One { i: usize, d: T::Real },
    /// Rows `i` and `i + 1`: `[[d, below*], [below, e]]`.
    Two {
        i: usize,
        d: T::Real,
        e: T::Real,
        below: T,
    },
}

/// A block of two rows, all over the modulus of `below`: its determinant, negative for pivots of Bunch and
/// Kaufman, and its elements.
struct Scaled<T: Number> {
    size: T::Real,
    d: T::Real,
    e: T::Real,
    unit: T,
    det: T::Real,
}

impl<T: Scalar> Scaled<T> {
    fn new(d: T::Real, e: T::Real, below: T) -> Self {
        let size = below.modulus();
        let (d, e) = (d / size, e / size);
        let unit = T::from_parts(below.re() / size, below.im() / size);
        let det = d * e - T::Real::one();
        Scaled {
            size,
            d,
            e,
            unit,
            det,
        }
    }
}

impl<T: Scalar> Block<T> {
    /// The block's inverse, row by row; for one row only the first element counts.
    pub(crate) fn inverse(self) -> [[T; 2]; 2] {
        let (real, zero) = (T::from_real, T::zero());
        match self {
            Block::One { d, .. } => [[real(d.recip()), zero], [zero, zero]],
            Block::Two { d, e, below, .. } => {
                let block = Scaled::new(d, e, below);
                let scale = |x: T::Real| x / block.det / block.size;
                let unit = |x: T| T::from_parts(-scale(x.re()), -scale(x.im()));
                [
                    [real(scale(block.e)), unit(block.unit.conj())],
                    [unit(block.unit), real(scale(block.d))],
                ]
            }
        }
    }

    /// Whether its determinant is exactly zero.
    fn is_singular(self) -> bool {
        match self {
            Block::One { d, .. } => d.is_zero(),
            Block::Two { d, e, below, .. } => Scaled::new(d, e, below).det.is_zero(),
        }
    }

    /// How many of its eigenvalues are positive, negative and zero.
    pub(crate) fn signs(self) -> [usize; 3] {
        let zero = T::Real::zero();
        let sign = |x: T::Real| match x {
            x if x > zero => [1, 0, 0],
            x if x < zero => [0, 1, 0],
            _ => [0, 0, 1],
        };
        match self {
            Block::One { d, .. } => sign(d),
            Block::Two { d, e, below, .. } => {
                let det = Scaled::new(d, e, below).det;
                if det < zero {
                    return [1, 1, 0];
                }
                let first = sign(d + e);
                let second = if det.is_zero() { [0, 0, 1] } else { first };
                [0, 1, 2].map(|k| first[k] + second[k])
            }
        }
    }
}

/// The blocks on D's diagonal in order.
///
/// # Safety
/// `a` is readable for as long as the iterator lives, `below` belongs to it.
pub(crate) unsafe fn blocks<T: Scalar>(
    a: MatRef<T>,
    below: &[T],
) -> impl Iterator<Item = Block<T>> {
    let step = a.row_stride + a.col_stride;
    // SAFETY: on the diagonal.
    let diagonal = move |i: usize| unsafe { *a.ptr.offset(i as isize * step) }.re();
    let mut next = 0;
    std::iter::from_fn(move || {
        let i = next;
        let below = *below.get(i)?;
        let d = diagonal(i);
        Some(if below == T::zero() {
            next += 1;
            Block::One { i, d }
        } else {
            next += 2;
            let e = diagonal(i + 1);
            Block::Two { i, d, e, below }
        })
    })
}

/// The factors that [`Ldlt`] made.
#[derive(Clone, Copy)]
pub(crate) struct Factors<'a, T> {
    /// L and D's diagonal, (n, n).
    pub(crate) a: MatRef<T>,
    /// As [`Ldlt::below`].
    pub(crate) below: &'a [T],
    /// As [`Ldlt::order`].
    pub(crate) order: &'a [usize],
}

/// Solves `A·X = B`, X in place of B.
///
/// # Safety
/// As the methods of [`Backend`].
pub(crate) unsafe fn ldlt_solve<T: Scalar>(
    backend: Backend,
    factors: Factors<'_, T>,
    b: MatMut<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Factors { a, below, order } = factors;
    let (n, k) = (b.rows, b.cols);
    let (block, inner) = work.split(Pieces::size::<T>(n * k));
    let piece = Pieces::new(block).matrix::<T>(k, n);
    // Row by row, as right-hand sides mostly are.
    let x = piece.t();
    let row = |m: MatMut<T>, i: usize| MatMut {
        rows: 1,
        ..m.at(i as isize * m.row_stride)
    };
    // SAFETY: the caller's promise; the piece is ours and is filled first.
    unsafe {
        if blocks(a, below).any(Block::is_singular) {
            return Err(Failure::Singular);
        }
        for (i, &from) in order.iter().enumerate() {
            copy(row(b, from).as_ref(), row(x, i));
        }
        let lower = || Triangular::new(a, Half::Lower, x).unit();
        backend.triangular(lower(), inner, threads)?;
        for block in blocks(a, below) {
            match block {
                Block::One { i, d } => {
                    let x = row(x, i);
                    // Divided: the reciprocal of a subnormal number is infinite.
                    copy_with(x.as_ref(), x, |x| T::from_parts(x.re() / d, x.im() / d));
                }
                Block::Two { i, .. } => {
                    let inverse = block.inverse();
                    for j in 0..k as isize {
                        let at =
                            |i: usize| x.ptr.offset(i as isize * x.row_stride + j * x.col_stride);
                        let (first, second) = (*at(i), *at(i + 1));
                        at(i).write(inverse[0][0] * first + inverse[0][1] * second);
                        at(i + 1).write(inverse[1][0] * first + inverse[1][1] * second);
                    }
                }
            }
        }
        backend.triangular(lower().adjoint(), inner, threads)?;
        for (i, &to) in order.iter().enumerate() {
            copy(row(x, i).as_ref(), row(b, to));
        }
    }
    Ok(())
}

/// The determinant: the product of those of the blocks.
///
/// # Safety
/// `a` is readable.
pub(crate) unsafe fn ldlt_determinant<T: Scalar>(a: MatRef<T>, below: &[T]) -> Product<T> {
    // SAFETY: the caller's promise.
    let factors = unsafe { blocks(a, below) }.flat_map(|block| match block {
        Block::One { d, .. } => [d, T::Real::one()],
        Block::Two { d, e, below, .. } => {
            let block = Scaled::new(d, e, below);
            [block.size, block.size * block.det]
        }
    });
    let factors: Vec<T> = factors.map(T::from_real).collect();
    Product::of(factors.into_iter(), false)
}
