//! Bunch–Kaufman factors, a panel at a time.
//!
//! The method of Bunch and Kaufman (Math. Comp. 31, 1977), blocked as LAPACK's `sytrf` is (Anderson
//! and Dongarra, LAPACK Working Note 19, 1989): a panel brings one column after another up to date
//! by a product with a vector, and all that is right of it by one product of matrices. Pivots are
//! chosen as LAPACK does, so that both backends give the same factors up to rounding.
//!
//! Not faer's `lblt`: its partial pivoting (0.24) takes the two column maxima of the second test the
//! wrong way round, so that elements may grow without bound (`pivots_keep_elements_small` has cases).

use num_traits::{Float as _, One, Zero};

use super::cholesky::update;
use super::{can_invert, part, size, subtract};
use crate::array::{Float as _, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::column_major;
use crate::linalg::backend::ldlt::{Block, Ldlt};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Columns of a panel; it has one more when a block of two rows ends it.
const PANEL: usize = 48;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn ldlt<T: Scalar>(
    call: Ldlt<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Ldlt { a, below, order } = call;
    let n = a.rows;
    for (i, x) in order.iter_mut().enumerate() {
        *x = i;
    }
    below.fill(T::zero());
    let cols = (PANEL + 1).min(n + 1);
    let piece = Pieces::new(work.bytes(Pieces::size::<T>(n * cols))).take::<T>(n * cols);
    let w = column_major(piece.as_mut_ptr().cast::<T>(), n, cols);
    let mut factors = Panel {
        a,
        w,
        below,
        order,
        start: 0,
    };
    while factors.start < n {
        // SAFETY: the caller's promise; the piece is ours.
        unsafe {
            let (start, end) = (factors.start, factors.run());
            let (rest, width) = (n - end, end - start);
            if rest > 0 {
                let l = part(a, end, start, rest, width);
                let w = part(w, end, 0, rest, width);
                update(part(a, end, end, rest, rest), l, w, threads);
            }
            factors.start = end;
        }
    }
    Ok(())
}

struct Panel<'a, T> {
    a: MatMut<T>,
    /// Column `j` of L·D in column `j - start`: what later columns are updated by.
    w: MatMut<T>,
    below: &'a mut [T],
    order: &'a mut [usize],
    /// The panel's first column.
    start: usize,
}

impl<T: Scalar> Panel<'_, T> {
    fn at(&self, i: usize, j: usize) -> *mut T {
        debug_assert!(i < self.a.rows && j <= i);
        self.a
            .ptr
            .wrapping_offset(i as isize + j as isize * self.a.col_stride)
    }

    fn w(&self, i: usize, column: usize) -> *mut T {
        debug_assert!(i < self.w.rows && column < self.w.cols);
        self.w
            .ptr
            .wrapping_offset(i as isize + column as isize * self.w.col_stride)
    }

    /// Factors the panel and returns the first column behind it.
    ///
    /// # Safety
    /// The lower triangle of A is writable and, from the panel on, up to date with the columns before;
    /// W is writable.
    unsafe fn run(&mut self) -> usize {
        let (n, start) = (self.a.rows, self.start);
        let mut j = start;
        while j < n && j - start < PANEL {
            // SAFETY: the caller's promise.
            unsafe {
                let (two, other) = self.choose(j);
                let moved = if two { j + 1 } else { j };
                if moved != other {
                    self.exchange(j, moved, other);
                }
                self.eliminate(j, two);
                j = moved + 1;
            }
        }
        j
    }

    /// Column `c` of the matrix that is left, from row `j` on, into a column of W.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn fetch(&self, c: usize, j: usize, column: usize) {
        let (n, done) = (self.a.rows, j - self.start);
        // SAFETY: inside the lower triangle and W.
        unsafe {
            for i in j..n {
                let x = match i.cmp(&c) {
                    std::cmp::Ordering::Less => (*self.at(c, i)).conj(),
                    _ => *self.at(i, c),
                };
                self.w(i, column).write(x);
            }
            if done > 0 {
                let to = part(self.w, j, column, n - j, 1);
                let l = part(self.a, j, self.start, n - j, done).as_ref();
                let row = part(self.w, c, 0, 1, done).as_ref().t();
                subtract(to, (l, false), (row, true), 1);
            }
            let diagonal = self.w(c, column);
            diagonal.write(T::from_real((*diagonal).re()));
        }
    }

    /// The largest element of a column of W outside row `c`, and its row.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn largest(&self, j: usize, c: usize, column: usize) -> (T::Real, usize) {
        let mut most = (T::Real::zero(), c);
        for i in (j..self.a.rows).filter(|&i| i != c) {
            // SAFETY: inside W.
            let x = size(unsafe { *self.w(i, column) });
            if x > most.0 {
                most = (x, i);
            }
        }
        most
    }

    /// Whether the next block has two rows, and what is exchanged with its last row; the columns
    /// of W hold those of the block.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn choose(&self, j: usize) -> (bool, usize) {
        let alpha = T::Real::from_f64((1.0 + 17f64.sqrt()) / 8.0);
        let column = j - self.start;
        // SAFETY: the caller's promise.
        unsafe {
            self.fetch(j, j, column);
            let diagonal = (*self.w(j, column)).re().abs();
            let (most, c) = self.largest(j, j, column);
            if diagonal >= alpha * most {
                return (false, j);
            }
            self.fetch(c, j, column + 1);
            let (row_most, _) = self.largest(j, c, column + 1);
            if diagonal >= alpha * most * (most / row_most) {
                return (false, j);
            }
            if (*self.w(c, column + 1)).re().abs() < alpha * row_most {
                return (true, c);
            }
            for i in j..self.a.rows {
                self.w(i, column).write(*self.w(i, column + 1));
            }
            (false, c)
        }
    }

    /// Exchanges rows and columns `moved` and `other`, the larger, in all but what [`eliminate`](Self::eliminate)
    /// writes for the block at `j`.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn exchange(&mut self, j: usize, moved: usize, other: usize) {
        // SAFETY: inside the lower triangle and W.
        unsafe {
            // Columns of the block come from W, so that the column at `moved` is only needed elsewhere.
            self.at(other, other).write(*self.at(moved, moved));
            for i in moved + 1..other {
                self.at(other, i).write((*self.at(i, moved)).conj());
            }
            for i in other + 1..self.a.rows {
                self.at(i, other).write(*self.at(i, moved));
            }
            for k in 0..j {
                std::ptr::swap(self.at(moved, k), self.at(other, k));
            }
            for k in 0..=moved - self.start {
                std::ptr::swap(self.w(moved, k), self.w(other, k));
            }
        }
        self.order.swap(moved, other);
    }

    /// The columns of L and D for the block at `j` from W.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn eliminate(&mut self, j: usize, two: bool) {
        let (n, column) = (self.a.rows, j - self.start);
        // SAFETY: inside the lower triangle and W.
        unsafe {
            let d = (*self.w(j, column)).re();
            self.at(j, j).write(T::from_real(d));
            if !two {
                let inverse = d.recip();
                for i in j + 1..n {
                    let x = *self.w(i, column);
                    let x = if d.is_zero() {
                        T::zero()
                    } else if can_invert(d.abs()) {
                        x * T::from_real(inverse)
                    } else {
                        T::from_parts(x.re() / d, x.im() / d)
                    };
                    self.at(i, j).write(x);
                }
                return;
            }
            let (e, below) = ((*self.w(j + 1, column + 1)).re(), *self.w(j + 1, column));
            self.below[j] = below;
            self.at(j + 1, j).write(T::zero());
            self.at(j + 1, j + 1).write(T::from_real(e));
            // Over the modulus of the element below the diagonal nothing overflows on the way.
            let (modulus, one) = (below.modulus(), T::Real::one());
            let over = |x: T| T::from_parts(x.re() / modulus, x.im() / modulus);
            let block = Block::<T>::Two {
                i: j,
                d: d / modulus,
                e: e / modulus,
                below: over(below),
            };
            let [[p, q], [r, s]] = block.inverse();
            let inverse = T::from_real(modulus.recip());
            let invertible =
                can_invert(modulus) && modulus.recip() * one >= T::Real::min_positive_value();
            for i in j + 2..n {
                let (x, y) = (*self.w(i, column), *self.w(i, column + 1));
                let (x, y) = if invertible {
                    (x * inverse, y * inverse)
                } else {
                    (over(x), over(y))
                };
                self.at(i, j).write(x * p + y * r);
                self.at(i, j + 1).write(x * q + y * s);
            }
        }
    }
}
