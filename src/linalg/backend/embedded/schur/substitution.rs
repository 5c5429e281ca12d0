//! Eigenvectors of a real quasi-triangular matrix by substitution in real arithmetic: some vectors at a time, so that
//! all but the blocks on the diagonal are products, as LAPACK's `trevc3`.

use std::ops::Range;

use num_complex::Complex;

use super::{Square, abs1, tiny};
use crate::array::Float;
use crate::engine::par::for_ranges;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// Vectors of a group, and rows that are eliminated one by one.
const GROUP: usize = 32;
/// Rows from which threads share the groups.
const PARALLEL_FROM: usize = 96;

/// Right eigenvectors of `t`, not normalised, into the columns of `x`: for a pair, real and imaginary
/// part of the first. Nothing is scaled, so that they may overflow: see [`vectors`](super::vectors).
pub(in super::super) fn real_vectors<R: Float>(
    t: &Square<'_, R>,
    values: &[Complex<R>],
    x: &mut Square<'_, R>,
    threads: usize,
) {
    struct Shared<R>(*mut R);
    // SAFETY: groups write columns of their own.
    unsafe impl<R: Send> Sync for Shared<R> {}
    let n = t.n;
    assert_eq!((x.n, values.len()), (n, n));
    let groups = n.div_ceil(GROUP);
    let threads = if n < PARALLEL_FROM { 1 } else { threads.max(1) };
    // Pairs belong to the group where they begin.
    let border = |k: usize| {
        if k < n && is_second(t, k) {
            k + 1
        } else {
            k.min(n)
        }
    };
    let shared = Shared(x.data.as_mut_ptr());
    let level = level();
    for_ranges(threads, 1, threads, |_, parts| {
        let Shared(x) = &shared;
        for part in parts {
            // The last ones take longest.
            for group in (part..groups).step_by(threads) {
                let columns = border(group * GROUP)..border((group + 1) * GROUP);
                // SAFETY: the columns are this group's, and inside.
                let x = unsafe {
                    std::slice::from_raw_parts_mut(x.add(columns.start * n), columns.len() * n)
                };
                x.fill(R::zero());
                let mut end = columns.end;
                while end > 0 {
                    let start = border(end.saturating_sub(GROUP));
                    // SAFETY: the level is that of the machine.
                    unsafe { eliminate(level, t, values, columns.clone(), start..end, x) };
                    above(t, start..end, columns.len(), x);
                    end = start;
                }
            }
        }
    });
}

/// Whether row `k` is the second of a block.
fn is_second<R: Float>(t: &Square<'_, R>, k: usize) -> bool {
    k > 0 && t[(k, k - 1)] != R::zero()
}

/// What some rows of vectors contribute to those above: `X ← X − T·X`.
fn above<R: Float>(t: &Square<'_, R>, rows: Range<usize>, count: usize, x: &mut [R]) {
    let stride = t.n as isize;
    let from = x.as_mut_ptr();
    let (row_stride, col_stride) = (1, stride);
    let to = MatMut {
        ptr: from,
        rows: rows.start,
        cols: count,
        row_stride,
        col_stride,
    };
    let with = MatRef {
        ptr: from.wrapping_add(rows.start),
        rows: rows.len(),
        ..to.as_ref()
    };
    let of = MatRef {
        ptr: t.data[rows.start * t.n..].as_ptr(),
        rows: rows.start,
        cols: rows.len(),
        row_stride,
        col_stride,
    };
    // SAFETY: inside the matrices; the rows of X differ.
    unsafe { gemm(-R::one(), of, false, with, false, Beta::One, to, 1) };
}

simd_dispatch! {
    /// Solves for the `rows` of the vectors `columns`, which are in `x`. Rows below are done.
    unsafe fn eliminate[R: Float](
        t: &Square<'_, R>, values: &[Complex<R>], columns: Range<usize>, rows: Range<usize>, x: &mut [R],
    ) = eliminate_body::<R>
}

/// # Safety
/// None beyond that the processor has the instructions it is compiled for.
#[inline(always)]
unsafe fn eliminate_body<R: Float>(
    t: &Square<'_, R>,
    values: &[Complex<R>],
    columns: Range<usize>,
    rows: Range<usize>,
    x: &mut [R],
) {
    let n = t.n;
    let least = tiny::<R>(n);
    let mut k = columns.start;
    while k < columns.end {
        let value = values[k];
        let pair = k + 1 < n && is_second(t, k + 1);
        let (re, rest) = x[(k - columns.start) * n..].split_at_mut(n);
        let im = if pair { &mut rest[..n] } else { &mut rest[..0] };
        let smallest = least.max(<R as Float>::EPSILON * abs1(value));
        let mut left = rows.end;
        if rows.contains(&k) {
            if pair {
                let (above, below) = (t[(k, k + 1)], t[(k + 1, k)]);
                if above.abs() >= below.abs() {
                    (re[k], im[k + 1]) = (R::one(), value.im / above);
                } else {
                    (im[k], re[k + 1]) = (value.im / below, R::one());
                }
            } else {
                re[k] = R::one();
            }
            let end = if pair { k + 2 } else { k + 1 };
            subtract(t, re, im, k..end, rows.start..k);
            left = k;
        }
        while left > rows.start {
            let last = left - 1;
            let first = if is_second(t, last) { last - 1 } else { last };
            solve(t, re, im, value, first..left, smallest, least);
            subtract(t, re, im, first..left, rows.start..first);
            left = first;
        }
        k += if pair { 2 } else { 1 };
    }
}

/// `x ← x − T·x` for some columns of T, in some rows of real and imaginary part.
#[inline(always)]
fn subtract<R: Float>(
    t: &Square<'_, R>,
    re: &mut [R],
    im: &mut [R],
    columns: Range<usize>,
    rows: Range<usize>,
) {
    for j in columns {
        let column = &t.data[j * t.n..][rows.clone()];
        for x in [&mut *re, &mut *im] {
            if x.is_empty() {
                continue;
            }
            let factor = x[j];
            for (x, &t) in x[rows.clone()].iter_mut().zip(column) {
                *x = *x - factor * t;
            }
        }
    }
}

/// Solves for one row, or the two of a block. A pivot below `smallest` is replaced by it.
#[inline(always)]
fn solve<R: Float>(
    t: &Square<'_, R>,
    re: &mut [R],
    im: &mut [R],
    value: Complex<R>,
    rows: Range<usize>,
    smallest: R,
    least: R,
) {
    let pair = !im.is_empty();
    let (first, last) = (rows.start, rows.end - 1);
    let get = |i: usize| Complex::new(re[i], if pair { im[i] } else { R::zero() });
    let shifted = |i: usize| Complex::new(t[(i, i)], R::zero()) - value;
    let not_less = |pivot: Complex<R>, least: R| {
        if abs1(pivot) < least {
            least.into()
        } else {
            pivot
        }
    };
    let over = |x: Complex<R>, d: Complex<R>| {
        if pair { x / d } else { (x.re / d.re).into() }
    };
    let solved = if first == last {
        let solution = over(get(last), not_less(shifted(last), smallest));
        [solution, solution]
    } else {
        let (a, d) = (shifted(first), shifted(last));
        let (b, c) = (t[(first, last)], t[(last, first)]);
        let scale = b.abs().max(c.abs()).max(least);
        let determinant = not_less(a * d - b * c, smallest * scale);
        let (p, q) = (get(first), get(last));
        [
            over(d * p - q.scale(b), determinant),
            over(a * q - p.scale(c), determinant),
        ]
    };
    for (i, solution) in rows.zip(solved) {
        re[i] = solution.re;
        if pair {
            im[i] = solution.im;
        }
    }
}
