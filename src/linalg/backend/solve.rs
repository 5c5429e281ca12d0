//! Systems, inverses and determinants of one matrix: made of LU, on either backend.

use num_traits::{Float as _, Zero};

use super::factor::{Half, Lu, LuInverse, Triangular, column_major, is_column_major};
use super::workspace::Pieces;
use super::{Backend, Call, Workspace, copy::copy};
use crate::array::{Number, Scalar};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// `A·X = B`, X in place of B.
pub(crate) struct Solve<T> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// (n, k), any strides, initialised.
    pub(crate) b: MatMut<T>,
}

impl<T: Number> Call for Solve<T> {
    fn check(&self) {
        let (a, b) = (&self.a, &self.b);
        assert!(
            a.rows == a.cols && b.rows == a.rows,
            "solve: ({}, {}), ({}, {})",
            a.rows,
            a.cols,
            b.rows,
            b.cols
        );
    }
    fn is_empty(&self) -> bool {
        self.b.rows == 0
    }
}

/// A⁻¹.
pub(crate) struct Inverse<T> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// (n, n), rows or columns contiguous, possibly uninitialised.
    pub(crate) out: MatMut<T>,
}

impl<T: Number> Call for Inverse<T> {
    fn check(&self) {
        let n = self.a.rows;
        assert!(
            self.a.cols == n && self.out.rows == n && self.out.cols == n,
            "inverse of a square matrix"
        );
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
}

/// The determinant.
pub(crate) struct Determinant<'a, T: Number> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// Where it goes.
    pub(crate) out: DetOut<'a, T>,
}

/// What is wanted of a determinant.
pub(crate) enum DetOut<'a, T: Number> {
    /// Its value.
    Value(&'a mut T),
    /// Its sign (of modulus 1, or 0) and the logarithm of its modulus.
    SignLog(&'a mut T, &'a mut T::Real),
}

impl<T: Number> Call for Determinant<'_, T> {
    fn check(&self) {
        assert_eq!(self.a.rows, self.a.cols, "determinant of a square matrix");
    }
    fn is_empty(&self) -> bool {
        false
    }
}

/// What pivots multiply to.
pub(crate) struct Product<T: Scalar> {
    value: T,
    sign: T,
    log: T::Real,
    logs: bool,
}

impl<T: Scalar> Product<T> {
    pub(crate) fn new(logs: bool) -> Self {
        Product {
            value: T::one(),
            sign: T::one(),
            log: T::Real::zero(),
            logs,
        }
    }

    /// Of all of `pivots`: with logarithms if asked, or if it leaves the range of the type on the way.
    pub(crate) fn of(pivots: impl Iterator<Item = T> + Clone, logs: bool) -> Self {
        let mut product = Product::new(logs);
        for pivot in pivots.clone() {
            if pivot == T::zero() {
                return Product::zero();
            }
            product.push(pivot);
        }
        if !logs && product.is_out_of_range() {
            return Self::of(pivots, true);
        }
        product
    }

    #[inline]
    pub(crate) fn push(&mut self, pivot: T) {
        self.value = self.value * pivot;
        if self.logs {
            let size = pivot.modulus();
            self.sign = self.sign
                * if T::IS_COMPLEX {
                    T::from_parts(pivot.re() / size, pivot.im() / size)
                } else {
                    T::from_real(pivot.re().signum())
                };
            self.log = self.log + size.ln();
        }
    }

    /// Whether the product left the range of the type on the way, which the logarithm does not.
    pub(crate) fn is_out_of_range(&self) -> bool {
        let size = self.value.modulus();
        !(size >= T::Real::min_positive_value() && size.is_finite())
    }

    pub(crate) fn negate(&mut self) {
        if self.sign != T::zero() {
            self.value = -self.value;
            self.sign = -self.sign;
        }
    }

    /// The value, exponentiated where it is known by its logarithm.
    pub(crate) fn value(&self) -> T {
        if self.logs && !self.log.is_nan() {
            self.sign * T::from_real(self.log.exp())
        } else {
            self.value
        }
    }

    /// A factor that is exactly zero.
    pub(crate) fn zero() -> Self {
        Product {
            value: T::zero(),
            sign: T::zero(),
            log: T::Real::neg_infinity(),
            logs: true,
        }
    }

    pub(crate) fn store(&self, out: DetOut<'_, T>) {
        match out {
            DetOut::Value(value) => *value = self.value(),
            DetOut::SignLog(sign, log) => (*sign, *log) = (self.sign, self.log),
        }
    }
}

/// Whether the embedded backend eliminates a matrix of this size in one go.
fn takes_small(backend: Backend, n: usize, inverse: bool) -> bool {
    #[cfg(feature = "embedded")]
    {
        let most = if inverse { SMALL_INVERSE } else { SMALL };
        backend == Backend::Embedded && n <= most
    }
    #[cfg(not(feature = "embedded"))]
    {
        let _ = (backend, n, inverse);
        false
    }
}

#[cfg(feature = "embedded")]
use super::embedded::{SMALL, SMALL_INVERSE, Small, small};
#[cfg(not(feature = "embedded"))]
#[allow(dead_code)] // what a backend that is not there would read
enum Small<T> {
    Solve(MatMut<T>),
    Inverse(MatMut<T>),
    Determinant,
}
#[cfg(not(feature = "embedded"))]
unsafe fn small<T: Scalar>(
    _: MatRef<T>,
    _: Small<T>,
    _: &mut Workspace,
    _: impl FnMut(T),
) -> Option<bool> {
    unreachable!("`takes_small` says no")
}

/// # Safety
/// As [`Backend`]'s method.
pub(super) unsafe fn solve<T: Scalar>(
    backend: Backend,
    call: Solve<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Solve { a, b } = call;
    let n = a.rows;
    if takes_small(backend, n, false) && b.cols <= 2 * n {
        // SAFETY: the caller's promise; shapes were checked.
        let done = unsafe { small(a, Small::Solve(b), work, |_| ()) };
        return done.map(|_| ()).ok_or(Failure::Singular);
    }
    let needed = Pieces::size::<T>(n * n) + Pieces::size::<usize>(n);
    let (block, inner) = work.split(needed);
    let mut pieces = Pieces::new(block);
    let dense = column_major(pieces.take::<T>(n * n).as_mut_ptr().cast::<T>(), n, n);
    let swaps = zeroed(pieces.take::<usize>(n));
    // SAFETY: the caller's promise; the pieces are ours, `copy` fills the matrix.
    unsafe {
        copy(a, dense);
        backend.lu(Lu { a: dense, swaps }, inner, threads)?;
        if has_zero_pivot(dense.as_ref()) {
            return Err(Failure::Singular);
        }
        lu_solve(backend, dense.as_ref(), swaps, b, Op::Plain, inner, threads)
    }
}

/// Which system factors are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// `A·X = B`
    Plain,
    /// `Aᵀ·X = B`
    Transpose,
    /// `Aᴴ·X = B`
    Adjoint,
}

/// Solves with the factors that [`Lu`] made.
///
/// # Safety
/// As [`Backend`]'s methods.
pub(crate) unsafe fn lu_solve<T: Scalar>(
    backend: Backend,
    lu: MatRef<T>,
    swaps: &[usize],
    b: MatMut<T>,
    op: Op,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let lower = Triangular::new(lu, Half::Lower, b).unit();
    let upper = Triangular::new(lu, Half::Upper, b);
    // SAFETY: the caller's promise.
    unsafe {
        if op == Op::Plain {
            exchange_rows(b, swaps, false);
            backend.triangular(lower, work, threads)?;
            return backend.triangular(upper, work, threads);
        }
        let turn = |t: Triangular<T>| {
            if op == Op::Adjoint {
                t.adjoint()
            } else {
                t.transposed()
            }
        };
        backend.triangular(turn(upper), work, threads)?;
        backend.triangular(turn(lower), work, threads)?;
        exchange_rows(b, swaps, true);
    }
    Ok(())
}

/// Exchanges row `i` with row `swaps[i]`, in order or backwards.
///
/// # Safety
/// `b` is writable.
unsafe fn exchange_rows<T: Copy>(b: MatMut<T>, swaps: &[usize], backwards: bool) {
    let one = |i: usize| {
        let other = swaps[i];
        if other != i {
            for j in 0..b.cols as isize {
                let at = |i: usize| {
                    b.ptr
                        .wrapping_offset(i as isize * b.row_stride + j * b.col_stride)
                };
                // SAFETY: both elements exist and differ.
                unsafe { std::ptr::swap(at(i), at(other)) };
            }
        }
    };
    if backwards {
        (0..swaps.len()).rev().for_each(one);
    } else {
        (0..swaps.len()).for_each(one);
    }
}

/// # Safety
/// As [`Backend`]'s method.
pub(super) unsafe fn inverse<T: Scalar>(
    backend: Backend,
    call: Inverse<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Inverse { a, out } = call;
    let n = a.rows;
    if takes_small(backend, n, true) {
        // SAFETY: the caller's promise; shapes were checked.
        let done = unsafe { small(a, Small::Inverse(out), work, |_| ()) };
        return done.map(|_| ()).ok_or(Failure::Singular);
    }
    // In a row-major output the inverse of the transpose is column-major.
    let (a, out) = if is_column_major(&out.as_ref()) {
        (a, out)
    } else {
        (a.t(), out.t())
    };
    let (block, inner) = work.split(Pieces::size::<usize>(n));
    let swaps = zeroed(Pieces::new(block).take::<usize>(n));
    // SAFETY: the caller's promise; `copy` fills the output.
    unsafe {
        copy(a, out);
        backend.lu(Lu { a: out, swaps }, inner, threads)?;
        if has_zero_pivot(out.as_ref()) {
            return Err(Failure::Singular);
        }
        backend.lu_inverse(LuInverse { a: out, swaps }, inner, threads)
    }
}

/// # Safety
/// As [`Backend`]'s method.
pub(super) unsafe fn determinant<T: Scalar>(
    backend: Backend,
    call: Determinant<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Determinant { a, out } = call;
    let n = a.rows;
    let logs = matches!(out, DetOut::SignLog(..));
    if n == 0 {
        Product::new(logs).store(out);
        return Ok(());
    }
    if takes_small(backend, n, false) {
        let again = |logs: bool, work: &mut Workspace| {
            let mut product = Product::new(logs);
            // SAFETY: the caller's promise; shapes were checked.
            match unsafe { small(a, Small::Determinant, work, |x| product.push(x)) } {
                None => product = Product::zero(),
                Some(true) => product.negate(),
                Some(false) => {}
            }
            product
        };
        let mut product = again(logs, work);
        if !product.logs && product.is_out_of_range() {
            product = again(true, work);
        }
        product.store(out);
        return Ok(());
    }
    let a = if a.row_stride.unsigned_abs() > a.col_stride.unsigned_abs() {
        a.t()
    } else {
        a
    };
    let needed = Pieces::size::<T>(n * n) + Pieces::size::<usize>(n);
    let (block, inner) = work.split(needed);
    let mut pieces = Pieces::new(block);
    let dense = column_major(pieces.take::<T>(n * n).as_mut_ptr().cast::<T>(), n, n);
    let swaps = zeroed(pieces.take::<usize>(n));
    // SAFETY: the caller's promise; the pieces are ours, `copy` fills the matrix.
    unsafe {
        copy(a, dense);
        backend.lu(Lu { a: dense, swaps }, inner, threads)?;
        lu_determinant(dense.as_ref(), swaps, logs).store(out);
    }
    Ok(())
}

/// The determinant from the factors that [`Lu`] made.
///
/// # Safety
/// `lu` is readable.
pub(crate) unsafe fn lu_determinant<T: Scalar>(
    lu: MatRef<T>,
    swaps: &[usize],
    logs: bool,
) -> Product<T> {
    let step = lu.row_stride + lu.col_stride;
    // SAFETY: on the diagonal.
    let pivots = (0..lu.rows as isize).map(|i| unsafe { *lu.ptr.offset(i * step) });
    let mut product = Product::of(pivots, logs);
    if swaps.iter().enumerate().filter(|&(i, &j)| i != j).count() % 2 == 1 {
        product.negate();
    }
    product
}

/// Whether a pivot is exactly zero.
///
/// # Safety
/// `lu` is readable and square.
pub(crate) unsafe fn has_zero_pivot<T: Scalar>(lu: MatRef<T>) -> bool {
    let step = lu.row_stride + lu.col_stride;
    // SAFETY: on the diagonal.
    (0..lu.rows.min(lu.cols) as isize).any(|i| unsafe { *lu.ptr.offset(i * step) } == T::zero())
}

pub(super) fn zeroed<T: Copy + num_traits::Zero>(
    piece: &mut [std::mem::MaybeUninit<T>],
) -> &mut [T] {
    piece.iter_mut().for_each(|x| {
        x.write(T::zero());
    });
    // SAFETY: every element was written.
    unsafe { &mut *(std::ptr::from_mut(piece) as *mut [T]) }
}
