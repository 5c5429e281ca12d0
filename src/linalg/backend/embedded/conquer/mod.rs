//! What divide and conquer for condensed matrices shares: roots and vectors of what ties two halves, deflation, and
//! the products with the vectors of the halves (by types of columns, after Rutter, UCB/CSD-94-799, 1994).

mod secular;
mod vectors;

use std::cell::UnsafeCell;
use std::cmp::Ordering;

use crate::array::Float;
use crate::engine::par::for_ranges;
use crate::engine::simd::simd_dispatch;
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::{MatMut, MatRef};

pub(super) use secular::{Plain, Squares};
pub(super) use vectors::vectors;

/// A column of the halves' vectors: where it is not zero.
pub(super) const TOP: usize = 0;
pub(super) const DENSE: usize = 1;
pub(super) const BOTTOM: usize = 2;

/// The columns of the halves' vectors.
pub(super) struct Groups<'a> {
    /// Columns that are multiplied, in the order of their poles.
    kept: &'a [usize],
    /// Columns that stay as they are.
    dropped: &'a [usize],
    kind: &'a [usize],
    /// The i-th kept column belongs to this row of what they are multiplied by.
    row: &'a [usize],
    /// Kept columns of each kind.
    counts: [usize; 3],
}

impl<'a> Groups<'a> {
    /// `row` has an element for each kept column.
    pub(super) fn new(
        kept: &'a [usize],
        dropped: &'a [usize],
        kind: &'a [usize],
        row: &'a mut [usize],
    ) -> Self {
        let mut counts = [0; 3];
        for &j in kept {
            counts[kind[j]] += 1;
        }
        let mut places = [0, counts[TOP], counts[TOP] + counts[DENSE]];
        for (row, &j) in row.iter_mut().zip(kept) {
            let place = &mut places[kind[j]];
            *row = *place;
            *place += 1;
        }
        Groups {
            kept,
            dropped,
            kind,
            row,
            counts,
        }
    }

    pub(super) fn row(&self) -> &'a [usize] {
        self.row
    }

    /// Replaces the first columns of `u` by those that are kept times `s`, those behind by the others. The upper
    /// half has `half` rows.
    ///
    /// # Safety
    /// `u` is column-major, with columns of these kinds, and perhaps more that stay; `s` has k² numbers for k kept columns,
    /// `packed` as many as `u`.
    pub(super) unsafe fn replace<R: Float>(
        &self,
        u: MatMut<R>,
        half: usize,
        s: *mut R,
        packed: *mut R,
        threads: usize,
    ) {
        let (kept, row, kind) = (self.kept, self.row, self.kind);
        let (n, rest, k) = (u.rows, u.rows - half, kept.len());
        let stride = u.col_stride as usize;
        let column = |j: usize| u.ptr.wrapping_add(j * stride);
        let above = self.counts[TOP];
        let (top, bottom) = (
            above + self.counts[DENSE],
            self.counts[DENSE] + self.counts[BOTTOM],
        );
        let upper = packed;
        let lower = upper.wrapping_add(half * top);
        let aside = lower.wrapping_add(rest * bottom);
        // SAFETY: half·top + rest·bottom + n·dropped is at most the elements of u: a column is packed as a half,
        // or as both.
        unsafe {
            for (&row, &j) in row.iter().zip(kept) {
                if kind[j] != BOTTOM {
                    upper
                        .add(row * half)
                        .copy_from_nonoverlapping(column(j), half);
                }
                if kind[j] != TOP {
                    let to = lower.add((row - above) * rest);
                    to.copy_from_nonoverlapping(column(j).add(half), rest);
                }
            }
            for (i, &j) in self.dropped.iter().enumerate() {
                let to = aside.add(i * n);
                match kind[j] {
                    TOP => {
                        to.copy_from_nonoverlapping(column(j), half);
                        to.add(half).write_bytes(0, rest);
                    }
                    BOTTOM => {
                        to.write_bytes(0, half);
                        to.add(half)
                            .copy_from_nonoverlapping(column(j).add(half), rest);
                    }
                    _ => to.copy_from_nonoverlapping(column(j), n),
                }
            }
        }
        let matrix = |ptr: *mut R, rows: usize, cols: usize, stride: usize| MatMut {
            ptr,
            rows,
            cols,
            row_stride: 1,
            col_stride: stride as isize,
        };
        let part = |from: usize, rows: usize| matrix(s.wrapping_add(from), rows, k, k).as_ref();
        let to = |from: usize, rows: usize| matrix(u.ptr.wrapping_add(from), rows, k, stride);
        let (upper, lower) = (
            matrix(upper, half, top, half),
            matrix(lower, rest, bottom, rest),
        );
        // SAFETY: blocks of the matrices, apart from each other.
        unsafe {
            multiply(upper, part(0, top), to(0, half), threads);
            multiply(lower, part(above, bottom), to(half, rest), threads);
            for i in 0..self.dropped.len() {
                column(k + i).copy_from_nonoverlapping(aside.add(i * n), n);
            }
        }
    }
}

/// # Safety
/// As [`gemm`] with [`Beta::Zero`].
unsafe fn multiply<R: Float>(a: MatMut<R>, b: MatRef<R>, c: MatMut<R>, threads: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if a.cols == 0 {
            for j in 0..c.cols {
                c.ptr
                    .offset(j as isize * c.col_stride)
                    .write_bytes(0, c.rows);
            }
        } else {
            gemm(
                R::one(),
                a.as_ref(),
                false,
                b,
                false,
                Beta::Zero,
                c,
                threads,
            );
        }
    }
}

/// Zeros beside the halves of columns that are not dense.
///
/// # Safety
/// Column-major, writable, with as many columns as kinds.
pub(super) unsafe fn clear<R: Float>(u: MatMut<R>, half: usize, kind: &[usize]) {
    for (j, &kind) in kind.iter().enumerate() {
        let (from, len) = match kind {
            TOP => (half, u.rows - half),
            BOTTOM => (0, half),
            _ => continue,
        };
        // SAFETY: inside the matrix; zero bytes are the number zero.
        unsafe {
            u.ptr
                .add(j * u.col_stride as usize + from)
                .write_bytes(0, len)
        };
    }
}

/// Where a column of this kind is not zero: first row, and how many.
pub(super) fn rows(kind: usize, half: usize, rows: usize) -> (usize, usize) {
    match kind {
        TOP => (0, half),
        BOTTOM => (half, rows - half),
        _ => (0, rows),
    }
}

/// Divides a matrix by its largest element, with which thresholds compare; `None` if there are only zeros.
pub(super) fn to_unit_size<R: Float>(d: &mut [R], e: &mut [R]) -> Option<R> {
    let all = d.iter().chain(e.iter());
    let most = all.fold(R::zero(), |most, x| most.max(x.abs()));
    if most == R::zero() {
        return None;
    }
    d.iter_mut().chain(e).for_each(|x| *x = *x / most);
    Some(most)
}

/// Solves two halves, `together` at the same time; whether both converged.
pub(super) fn both<P: Send>(
    halves: [P; 2],
    together: bool,
    solve: impl Fn(&mut P) -> bool + Sync,
) -> bool {
    struct Halves<P>([UnsafeCell<(P, bool)>; 2]);
    // SAFETY: each half is taken once.
    unsafe impl<P: Send> Sync for Halves<P> {}
    let halves = Halves(halves.map(|half| (half, false).into()));
    for_ranges(2, 1, if together { 2 } else { 1 }, |_, range| {
        let halves = &halves;
        for half in range {
            // SAFETY: as above.
            let (half, done) = unsafe { &mut *halves.0[half].get() };
            *done = solve(half);
        }
    });
    halves.0.map(|half| half.into_inner().1) == [true; 2]
}

/// The first row of the last block, up to `end`, that nothing splits in a tridiagonal or bidiagonal matrix, of
/// which negligible elements beside the diagonal become zeros; `None` if there is no block of more than one row.
#[inline(always)]
pub(super) fn last_block<R: Float>(d: &[R], e: &mut [R], end: &mut usize) -> Option<usize> {
    let half_eps = <R as Float>::EPSILON * R::from_f64(0.5);
    let negligible = |e: &[R], i: usize| {
        e[i].abs() <= half_eps * (d[i].abs() + d[i + 1].abs())
            || e[i].abs() < R::min_positive_value()
    };
    while *end > 0 && negligible(e, *end - 1) {
        e[*end - 1] = R::zero();
        *end -= 1;
    }
    let mut start = end.checked_sub(1)?;
    while start > 0 && !negligible(e, start - 1) {
        start -= 1;
    }
    if start > 0 {
        e[start - 1] = R::zero();
    }
    Some(start)
}

/// All places by their values.
pub(super) fn ascending<R: Float>(places: &mut [usize], d: &[R]) {
    places.iter_mut().enumerate().for_each(|(i, x)| *x = i);
    sort(places, d);
}

/// Sorts places by their values.
pub(super) fn sort<R: Float>(places: &mut [usize], d: &[R]) {
    places.sort_unstable_by(|&i, &j| d[i].partial_cmp(&d[j]).unwrap_or(Ordering::Equal));
}

/// Merges the ascending orders of two halves; places of the second count from `offset`.
pub(super) fn interleave<R: Float>(
    d: &[R],
    left: &[usize],
    right: &[usize],
    offset: usize,
    to: &mut [usize],
) {
    let (mut left, mut right) = (
        left.iter().copied().peekable(),
        right.iter().map(|j| offset + j).peekable(),
    );
    for to in to {
        let next = match (left.peek(), right.peek()) {
            (Some(&i), Some(&j)) if d[j] < d[i] => right.next(),
            (Some(_), _) => left.next(),
            (None, _) => right.next(),
        };
        match next {
            Some(next) => *to = next,
            None => return,
        }
    }
}

/// The order of k values and of those behind, both ascending.
pub(super) fn reorder<R: Float>(d: &[R], k: usize, order: &mut [usize], scratch: &mut [usize]) {
    for (i, x) in order.iter_mut().enumerate() {
        *x = if i < k { i } else { i - k };
    }
    interleave(d, &order[..k], &order[k..], k, scratch);
    order.copy_from_slice(scratch);
}

simd_dispatch! {
    /// Rotates two columns of n.
    pub(super) unsafe fn turn[R: Float](n: usize, x: *mut R, y: *mut R, c: R, s: R) = turn_body::<R>
}

/// `(x, y) ← (c·x + s·y, c·y − s·x)`.
///
/// # Safety
/// Two columns of `n`.
#[inline(always)]
pub(super) unsafe fn turn_body<R: Float>(n: usize, x: *mut R, y: *mut R, c: R, s: R) {
    // SAFETY: the caller's promise.
    let (x, y) = unsafe {
        (
            std::slice::from_raw_parts_mut(x, n),
            std::slice::from_raw_parts_mut(y, n),
        )
    };
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (c * *x + s * *y, c * *y - s * *x);
    }
}

/// (c, s, r) with `c·x + s·z = r` and `c·z − s·x = 0`.
#[inline(always)]
pub(super) fn rotation<R: Float>(x: R, z: R) -> (R, R, R) {
    if z == R::zero() {
        return (R::one(), R::zero(), x);
    }
    let square = x * x + z * z;
    let tiny = R::min_positive_value();
    if square > tiny / <R as Float>::EPSILON && square < R::max_value() {
        let r = square.sqrt();
        return (x / r, z / r, r);
    }
    // Subnormal numbers have too few digits for a quotient.
    let scale = if square < R::one() { tiny } else { R::one() };
    let (x, z) = (x / scale, z / scale);
    let r = x.hypot(z);
    (x / r, z / r, r * scale)
}

/// The identity in n columns, `stride` apart.
///
/// # Safety
/// Writable.
#[inline(always)]
pub(super) unsafe fn identity<R: Float>(n: usize, u: *mut R, stride: usize) {
    for j in 0..n {
        // SAFETY: the caller's promise; zero bytes are the number zero.
        unsafe {
            let column = u.add(j * stride);
            column.write_bytes(0, n);
            column.add(j).write(R::one());
        }
    }
}
