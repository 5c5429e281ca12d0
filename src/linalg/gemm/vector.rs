//! Matrix times vector, and dot products: every element is used once, so these run at the speed of
//! memory and only have to keep enough loads in flight.

// Loops over arrays of registers are written with indices throughout: several arrays share them, and
// it is what unrolls.
#![allow(clippy::needless_range_loop)]

use super::kernels::Kernels;
use super::pack::with_workspace;
use super::simd::Vector;
use crate::array::Number;
use crate::engine::par;

/// Rows that one call of a [`DotRows`] kernel multiplies at a time.
pub(super) const ROWS: usize = 4;

/// Columns that one call of an [`Axpy`] kernel adds.
pub(super) const COLUMNS: usize = 4;

/// `out[r] = Σ a[r, ..n]·x[..n]` for the first `rows` rows; unit stride along a row and along x.
pub(super) type DotRows<T> = unsafe fn(usize, *const T, isize, usize, *const T, &mut [T; ROWS]);

/// `y[..m] += Σ aⱼ[..m]·x[j]` over `COLUMNS` columns; unit stride along a column and along y.
pub(super) type Axpy<T> = unsafe fn(usize, &[*const T; COLUMNS], &[T; COLUMNS], *mut T);

/// [`Axpy`] and `Σ aⱼ[..m]·z[..m]` of the same columns, each read once: both products with a block of a
/// symmetric matrix.
pub(super) type Both<T> =
    unsafe fn(usize, &[*const T; COLUMNS], &[T; COLUMNS], *const T, *mut T) -> [T; COLUMNS];

/// See [`DotRows`].
///
/// # Safety
/// The rows and x are readable.
#[inline(always)]
pub(super) unsafe fn dot_rows_body<V: Vector>(
    n: usize,
    a: *const V::T,
    row_stride: isize,
    rows: usize,
    x: *const V::T,
    out: &mut [V::T; ROWS],
) {
    // SAFETY: the caller's contract.
    unsafe {
        if rows == ROWS {
            dots::<V, ROWS, 2>(n, a, row_stride, x, out);
        } else {
            for r in 0..rows {
                let row = a.offset(r as isize * row_stride);
                dots::<V, 1, 8>(n, row, 0, x, (&mut out[r..=r]).try_into().expect("one row"));
            }
        }
    }
}

/// `R` rows at a time, `U` registers of each.
#[inline(always)]
unsafe fn dots<V: Vector, const R: usize, const U: usize>(
    n: usize,
    a: *const V::T,
    row_stride: isize,
    x: *const V::T,
    out: &mut [V::T; R],
) {
    // SAFETY: the caller's contract: `n` elements of each row and of x are readable.
    unsafe {
        let zero = V::splat(num_traits::Zero::zero());
        let mut acc = [[zero; U]; R];
        let mut i = 0;
        while i + U * V::LANES <= n {
            for u in 0..U {
                let at = i + u * V::LANES;
                let xv = V::load(x.add(at));
                for r in 0..R {
                    let av = V::load(a.offset(r as isize * row_stride + at as isize));
                    acc[r][u] = acc[r][u].add_product(av, xv);
                }
            }
            i += U * V::LANES;
        }
        while i + V::LANES <= n {
            let xv = V::load(x.add(i));
            for r in 0..R {
                let av = V::load(a.offset(r as isize * row_stride + i as isize));
                acc[r][0] = acc[r][0].add_product(av, xv);
            }
            i += V::LANES;
        }
        if V::MASKED && i < n {
            let mask = V::mask(n - i);
            let xv = V::load_first(x.add(i), mask);
            for r in 0..R {
                let av = V::load_first(a.offset(r as isize * row_stride + i as isize), mask);
                acc[r][0] = acc[r][0].add_product(av, xv);
            }
            i = n;
        }
        for r in 0..R {
            let mut sum = acc[r][0];
            for u in 1..U {
                sum = sum.add(acc[r][u]);
            }
            out[r] = lanes_sum(sum);
        }
        for i in i..n {
            for r in 0..R {
                let product =
                    (*a.offset(r as isize * row_stride + i as isize)).number_mul(*x.add(i));
                out[r] = out[r].number_add(product);
            }
        }
    }
}

/// The sum of a register's lanes.
#[inline(always)]
unsafe fn lanes_sum<V: Vector>(v: V) -> V::T {
    const MOST: usize = 64;
    const { assert!(V::LANES <= MOST) };
    let mut lanes: [V::T; MOST] = [num_traits::Zero::zero(); MOST];
    // SAFETY: the array has at least `LANES` elements.
    unsafe { v.store(lanes.as_mut_ptr()) };
    let mut half = V::LANES;
    while half > 1 {
        half /= 2;
        for l in 0..half {
            lanes[l] = lanes[l].number_add(lanes[l + half]);
        }
    }
    lanes[0]
}

/// See [`Axpy`].
///
/// # Safety
/// The columns are readable, y is initialised and writable.
#[inline(always)]
pub(super) unsafe fn axpy_body<V: Vector>(
    m: usize,
    a: &[*const V::T; COLUMNS],
    x: &[V::T; COLUMNS],
    y: *mut V::T,
) {
    // SAFETY: the caller's contract: `m` elements of each column and of y.
    unsafe {
        let mut xs = [V::splat(x[0]); COLUMNS];
        for j in 1..COLUMNS {
            xs[j] = V::splat(x[j]);
        }
        let mut i = 0;
        while i + V::LANES <= m {
            let mut sum = V::load(y.add(i));
            for j in 0..COLUMNS {
                sum = sum.add_product(V::load(a[j].add(i)), xs[j]);
            }
            sum.store(y.add(i));
            i += V::LANES;
        }
        if V::MASKED && i < m {
            let mask = V::mask(m - i);
            let mut sum = V::load_first(y.add(i), mask);
            for j in 0..COLUMNS {
                sum = sum.add_product(V::load_first(a[j].add(i), mask), xs[j]);
            }
            sum.store_first(y.add(i), mask);
            return;
        }
        for i in i..m {
            let mut sum = *y.add(i);
            for j in 0..COLUMNS {
                sum = sum.number_add((*a[j].add(i)).number_mul(x[j]));
            }
            *y.add(i) = sum;
        }
    }
}

/// See [`Both`].
///
/// # Safety
/// The columns and z are readable, y is initialised, writable and apart from them.
#[inline(always)]
pub(super) unsafe fn both_body<V: Vector>(
    m: usize,
    a: &[*const V::T; COLUMNS],
    x: &[V::T; COLUMNS],
    z: *const V::T,
    y: *mut V::T,
) -> [V::T; COLUMNS] {
    // SAFETY: the caller's contract: `m` elements of each column, of z and of y.
    unsafe {
        let mut xs = [V::splat(x[0]); COLUMNS];
        for j in 1..COLUMNS {
            xs[j] = V::splat(x[j]);
        }
        let mut sums = [V::splat(num_traits::Zero::zero()); COLUMNS];
        let mut i = 0;
        while i + V::LANES <= m {
            let (mut sum, zs) = (V::load(y.add(i)), V::load(z.add(i)));
            for j in 0..COLUMNS {
                let column = V::load(a[j].add(i));
                sum = sum.add_product(column, xs[j]);
                sums[j] = sums[j].add_product(column, zs);
            }
            sum.store(y.add(i));
            i += V::LANES;
        }
        if V::MASKED && i < m {
            let mask = V::mask(m - i);
            let mut sum = V::load_first(y.add(i), mask);
            let zs = V::load_first(z.add(i), mask);
            for j in 0..COLUMNS {
                let column = V::load_first(a[j].add(i), mask);
                sum = sum.add_product(column, xs[j]);
                sums[j] = sums[j].add_product(column, zs);
            }
            sum.store_first(y.add(i), mask);
            i = m;
        }
        let mut out = [lanes_sum(sums[0]); COLUMNS];
        for j in 1..COLUMNS {
            out[j] = lanes_sum(sums[j]);
        }
        for i in i..m {
            let mut sum = *y.add(i);
            for j in 0..COLUMNS {
                let value = *a[j].add(i);
                sum = sum.number_add(value.number_mul(x[j]));
                out[j] = out[j].number_add(value.number_mul(*z.add(i)));
            }
            *y.add(i) = sum;
        }
        out
    }
}

/// `y ← alpha·op(A)·op(x) (+ y)` in the form the loops want.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct MatVec<T> {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) a: *const T,
    pub(super) row_stride: isize,
    pub(super) col_stride: isize,
    pub(super) x: *const T,
    pub(super) incx: isize,
    pub(super) y: *mut T,
    pub(super) incy: isize,
    pub(super) alpha: T,
    pub(super) scale: bool,
    pub(super) accumulate: bool,
    pub(super) conj_a: bool,
    pub(super) conj_x: bool,
}

// SAFETY: a description; whoever runs it vouches for the memory.
unsafe impl<T: Sync> Sync for MatVec<T> {}

/// Bytes of A that are worth a second thread.
const PARALLEL_BYTES: usize = 128 << 10;

/// Rows of a column-contiguous A whose results stay in the first-level cache.
const ROW_BLOCK: usize = 1024;

impl<T: Number> MatVec<T> {
    /// The same product with no negative stride in A.
    fn flipped(mut self) -> Self {
        if self.col_stride < 0 {
            let last = self.n as isize - 1;
            self.a = self.a.wrapping_offset(last * self.col_stride);
            self.x = self.x.wrapping_offset(last * self.incx);
            self.col_stride = -self.col_stride;
            self.incx = -self.incx;
        }
        if self.row_stride < 0 {
            let last = self.m as isize - 1;
            self.a = self.a.wrapping_offset(last * self.row_stride);
            self.y = self.y.wrapping_offset(last * self.incy);
            self.row_stride = -self.row_stride;
            self.incy = -self.incy;
        }
        self
    }

    /// Hands over `Σ a·x` of row `i`.
    #[inline(always)]
    unsafe fn finish(&self, i: usize, sum: T) {
        let mut value = if self.conj_a { conj(sum) } else { sum };
        if self.scale {
            value = self.alpha.number_mul(value);
        }
        // SAFETY: `i < m`; y is initialised when accumulated into.
        unsafe {
            let y = self.y.offset(i as isize * self.incy);
            y.write(if self.accumulate {
                (*y).number_add(value)
            } else {
                value
            });
        }
    }
}

/// The conjugate of a complex element, the element itself otherwise.
#[inline(always)]
pub(in crate::linalg) fn conj<T: Number>(x: T) -> T {
    use num_complex::Complex;
    use std::any::{Any, TypeId};
    macro_rules! of {
        ($($c:ty),+) => {$(
            if TypeId::of::<T>() == TypeId::of::<$c>()
                && let Some(z) = (&x as &dyn Any).downcast_ref::<$c>()
                && let Some(z) = (&z.conj() as &dyn Any).downcast_ref::<T>()
            {
                return *z;
            }
        )+};
    }
    of!(Complex<f64>, Complex<f32>);
    x
}

/// Runs the product on up to `threads` threads.
///
/// # Safety
/// A and x are readable, y is writable (and initialised if accumulated into) and overlaps neither;
/// `m` and `n` are at least one.
pub(super) unsafe fn run<T: Number>(ks: &'static Kernels<T>, p: &MatVec<T>, threads: usize) {
    let p = p.flipped();
    // Σ conj(a)·x = conj(Σ a·conj(x)), so only x is ever conjugated on the way in.
    let conj_x = p.conj_x != p.conj_a;
    if p.incx == 1 && !conj_x {
        // SAFETY: the caller's contract; x has unit stride.
        return unsafe { rows(ks, &p, threads) };
    }
    with_workspace::<T, _>(p.n, |space| {
        for j in 0..p.n {
            // SAFETY: `j < n`; the workspace has `n` elements.
            unsafe {
                let value = *p.x.offset(j as isize * p.incx);
                space.add(j).write(if conj_x { conj(value) } else { value });
            }
        }
        let p = MatVec {
            x: space.as_ptr(),
            incx: 1,
            ..p
        };
        // SAFETY: the caller's contract; x now has unit stride.
        unsafe { rows(ks, &p, threads) }
    });
}

/// Cuts the rows among the threads.
unsafe fn rows<T: Number>(ks: &'static Kernels<T>, p: &MatVec<T>, threads: usize) {
    let bytes = p.m.saturating_mul(p.n).saturating_mul(size_of::<T>());
    let threads = threads.min(bytes / (PARALLEL_BYTES / 2)).max(1);
    if threads > 1 && p.m < 4 * threads && p.col_stride == 1 {
        for i in 0..p.m {
            // SAFETY: row `i` and x have `n` elements.
            unsafe {
                let row = p.a.offset(i as isize * p.row_stride);
                p.finish(i, dot_contiguous(ks, p.n, row, p.x, threads));
            }
        }
        return;
    }
    let by_rows = p.col_stride == 1 || (p.row_stride != 1 && p.col_stride <= p.row_stride);
    let granule = if by_rows { ROWS } else { 64 };
    par::for_ranges(p.m, granule, threads, |_, range| {
        // SAFETY: the ranges of y are disjoint; x has unit stride.
        unsafe {
            if by_rows {
                row_range(ks, p, range);
            } else {
                for start in range.clone().step_by(ROW_BLOCK) {
                    column_range(ks, p, start..range.end.min(start + ROW_BLOCK));
                }
            }
        }
    });
}

/// One dot product per row.
unsafe fn row_range<T: Number>(ks: &Kernels<T>, p: &MatVec<T>, range: std::ops::Range<usize>) {
    let mut i = range.start;
    while i < range.end {
        let count = ROWS.min(range.end - i);
        let mut sums = [T::zero(); ROWS];
        let row = p.a.wrapping_offset(i as isize * p.row_stride);
        // SAFETY: rows `i..i + count` and x are readable.
        unsafe {
            if p.col_stride == 1 {
                (ks.dot_rows)(p.n, row, p.row_stride, count, p.x, &mut sums);
            } else {
                for (r, sum) in sums.iter_mut().enumerate().take(count) {
                    let row = row.wrapping_offset(r as isize * p.row_stride);
                    *sum = dot_strided(p.n, row, p.col_stride, p.x, 1);
                }
            }
            for (r, &sum) in sums.iter().enumerate().take(count) {
                p.finish(i + r, sum);
            }
        }
        i += count;
    }
}

/// Adds multiples of the columns up in a buffer.
unsafe fn column_range<T: Number>(ks: &Kernels<T>, p: &MatVec<T>, range: std::ops::Range<usize>) {
    let (start, len) = (range.start, range.len());
    let mut sums = [T::zero(); ROW_BLOCK];
    let sums = &mut sums[..len];
    let block = p.a.wrapping_offset(start as isize * p.row_stride);
    let mut j = 0;
    // SAFETY: the block has `len` rows and `n` columns, x has `n` elements.
    unsafe {
        if p.row_stride == 1 {
            while j + COLUMNS <= p.n {
                let xs = std::array::from_fn(|l| *p.x.add(j + l));
                let columns =
                    std::array::from_fn(|l| block.offset((j + l) as isize * p.col_stride));
                (ks.axpy)(len, &columns, &xs, sums.as_mut_ptr());
                j += COLUMNS;
            }
        }
        for j in j..p.n {
            let (column, x) = (block.offset(j as isize * p.col_stride), *p.x.add(j));
            for (i, sum) in sums.iter_mut().enumerate() {
                let a = *column.offset(i as isize * p.row_stride);
                *sum = sum.number_add(a.number_mul(x));
            }
        }
        for (i, &sum) in sums.iter().enumerate() {
            p.finish(start + i, sum);
        }
    }
}

/// Bytes of one operand of a dot product that are worth a second thread.
const PARALLEL_DOT_BYTES: usize = 256 << 10;

/// Fewer elements than this are never worth one, whatever their type (an element has 1 B or more).
pub(super) const PARALLEL_DOT: usize = PARALLEL_DOT_BYTES / 16;

/// `Σ x·y`, both with unit stride, on up to `threads` threads.
///
/// # Safety
/// Both have `n` readable elements.
pub(super) unsafe fn dot_contiguous<T: Number>(
    ks: &'static Kernels<T>,
    n: usize,
    x: *const T,
    y: *const T,
    threads: usize,
) -> T {
    let part = |x: *const T, y: *const T, n: usize| {
        let mut out = [T::zero(); ROWS];
        // SAFETY: the caller's contract.
        unsafe { (ks.dot_rows)(n, x, 0, 1, y, &mut out) };
        out[0]
    };
    let useful = n.saturating_mul(size_of::<T>()) / (PARALLEL_DOT_BYTES / 2);
    let threads = threads.min(useful).max(1);
    if threads == 1 {
        return part(x, y, n);
    }
    struct Shared<T>(*const T, *const T, *mut T);
    // SAFETY: x and y are only read, each part writes its own sum.
    unsafe impl<T: Sync> Sync for Shared<T> {}
    let mut sums = vec![T::zero(); threads];
    let shared = Shared(x, y, sums.as_mut_ptr());
    let shared = &shared;
    par::for_ranges(n, 64, threads, move |index, range| {
        let Shared(x, y, sums) = *shared;
        // SAFETY: the range is in bounds; there are at most `threads` parts.
        unsafe {
            let sum = part(x.add(range.start), y.add(range.start), range.len());
            sums.add(index).write(sum);
        }
    });
    sums.into_iter().fold(T::zero(), T::number_add)
}

/// `Σ x·y` for any strides.
///
/// # Safety
/// Both have `n` readable elements.
pub(super) unsafe fn dot_strided<T: Number>(
    n: usize,
    x: *const T,
    incx: isize,
    y: *const T,
    incy: isize,
) -> T {
    let mut sums = [T::zero(); 4];
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let product = (*x.offset(i as isize * incx)).number_mul(*y.offset(i as isize * incy));
            sums[i % 4] = sums[i % 4].number_add(product);
        }
    }
    sums[0]
        .number_add(sums[1])
        .number_add(sums[2].number_add(sums[3]))
}
