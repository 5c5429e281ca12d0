//! Singular values and vectors of bidiagonal matrices by divide and conquer (Gu and Eisenstat, "A
//! divide-and-conquer algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16, 1995): one row is taken out,
//! and what is above and below it are matrices with a column more than rows.

// Rows of several arrays share an index.
#![allow(clippy::needless_range_loop)]

use super::super::conquer::{
    BOTTOM, DENSE, Groups, Squares, TOP, ascending, both, clear, interleave, reorder, rows, sort,
    to_unit_size, turn, vectors,
};
use super::qr;
use crate::array::Float;
use crate::engine::simd::Level;
use crate::linalg::raw::MatMut;

/// Rows that the QR algorithm takes [32 rows, µs: 113 with 32, 76 with 16, 66 with 12 and with 8].
const LEAF: usize = 12;
/// Rows from which the halves are done at the same time.
const PARALLEL_FROM: usize = 96;

/// The problem of n rows, and as many columns or one more; and what it is solved with: n numbers or indices of
/// each.
pub(super) struct Problem<'a, R> {
    pub(super) level: Level,
    /// Whether there is a column more.
    pub(super) wide: bool,
    pub(super) d: &'a mut [R],
    /// As many as columns without the first.
    pub(super) e: &'a mut [R],
    /// Where the vectors of each value are, by size of the values.
    pub(super) order: &'a mut [usize],
    pub(super) u: MatMut<R>,
    /// With a column for the null vector, the last.
    pub(super) v: MatMut<R>,
    pub(super) numbers: [&'a mut [R]; 3],
    pub(super) indices: [&'a mut [usize]; 4],
    /// As many numbers as `v`.
    pub(super) packed: *mut R,
    /// n² numbers each.
    pub(super) small: [*mut R; 2],
    /// n numbers for each thread.
    pub(super) columns: *mut R,
}

// SAFETY: a problem's memory is its own.
unsafe impl<R: Send> Send for Problem<'_, R> {}

impl<R: Float> Problem<'_, R> {
    /// The problem of rows `from..from + n`, with the memory behind what is before it.
    ///
    /// # Safety
    /// Used instead of `self`, and apart from that of other rows.
    unsafe fn part(&mut self, from: usize, n: usize, wide: bool) -> Problem<'_, R> {
        let cols = if wide { n + 1 } else { n };
        let corner = |x: MatMut<R>, size: usize| MatMut {
            rows: size,
            cols: size,
            ..x.at(from as isize * (x.row_stride + x.col_stride))
        };
        let offset = from * from;
        Problem {
            level: self.level,
            wide,
            d: &mut self.d[from..from + n],
            e: &mut self.e[from..from + cols - 1],
            order: &mut self.order[from..from + n],
            u: corner(self.u, n),
            v: corner(self.v, cols),
            numbers: self.numbers.each_mut().map(|x| &mut x[from..from + n]),
            indices: self.indices.each_mut().map(|x| &mut x[from..from + n]),
            packed: self.packed.wrapping_add(offset),
            small: self.small.map(|x| x.wrapping_add(offset)),
            columns: self.columns.wrapping_add(from),
        }
    }
}

/// Solves it; whether everything converged. Values end in `d`, vectors in the columns of `u` and `v`.
///
/// # Safety
/// `u` and `v` are column-major.
pub(super) unsafe fn conquer<R: Float>(mut problem: Problem<'_, R>, threads: usize) -> bool {
    let Some(most) = to_unit_size(problem.d, problem.e) else {
        // SAFETY: the caller's promise.
        return unsafe { leaf(&mut problem) };
    };
    // SAFETY: the caller's promise.
    let done = unsafe { solve(&mut problem, threads) };
    problem.d.iter_mut().for_each(|x| *x = *x * most);
    done
}

/// # Safety
/// As [`conquer`].
unsafe fn leaf<R: Float>(problem: &mut Problem<'_, R>) -> bool {
    let (d, e) = (problem.d.as_mut_ptr(), problem.e.as_mut_ptr());
    let (u, v) = (problem.u, problem.v);
    let strides = [u.col_stride as usize, v.col_stride as usize];
    // SAFETY: the caller's promise.
    let done = unsafe {
        qr::small(
            problem.level,
            problem.d.len(),
            problem.wide,
            d,
            e,
            u.ptr,
            v.ptr,
            strides,
        )
    };
    ascending(problem.order, problem.d);
    done
}

/// # Safety
/// As [`conquer`].
unsafe fn solve<R: Float>(problem: &mut Problem<'_, R>, threads: usize) -> bool {
    let n = problem.d.len();
    // SAFETY: the caller's promise; halves have memory of their own.
    unsafe {
        if n <= LEAF {
            return leaf(problem);
        }
        let (above, wide) = (n / 2, problem.wide);
        let half = above + 1;
        let row = [problem.d[above], problem.e[above]];
        let together = threads > 1 && n >= PARALLEL_FROM;
        let whole: *mut Problem<'_, R> = problem;
        let halves = [
            (*whole).part(0, above, true),
            (*whole).part(half, n - half, wide),
        ];
        both(halves, together, |half| solve(half, 1)) && merge(problem, half, row, threads)
    }
}

/// Ties the halves by the row between them, which is last of the first `half`.
///
/// # Safety
/// As [`conquer`], with both halves solved.
unsafe fn merge<R: Float>(
    problem: &mut Problem<'_, R>,
    half: usize,
    row: [R; 2],
    threads: usize,
) -> bool {
    let (n, zero_at) = (problem.d.len(), half - 1);
    let level = problem.level;
    let (u, v) = (problem.u, problem.v);
    let column = |x: MatMut<R>, j: usize| x.ptr.wrapping_add(j * x.col_stride as usize);
    let [z, poles, scratch] = problem.numbers.each_mut().map(|x| &mut **x);
    let [perm, kept, dropped, kind] = problem.indices.each_mut().map(|x| &mut **x);
    let (d, order) = (&mut *problem.d, &mut *problem.order);
    let (zero, one) = (R::zero(), R::one());
    kind[..half].fill(TOP);
    kind[half..].fill(BOTTOM);
    let largest = |x: &[R]| x.iter().fold(zero, |most, x| most.max(x.abs()));
    d[zero_at] = zero;
    let size = largest(d).max(row[0].abs()).max(row[1].abs());
    let eps = <R as Float>::EPSILON;
    // Its square, and what is smaller by rounding, are still numbers.
    let least = R::min_positive_value().sqrt() / eps;
    let tolerance = (R::from_f64(8.0) * eps * size).max(least);

    // SAFETY: inside the matrices.
    let [up, down] = unsafe {
        for j in 0..n {
            z[j] = if j < half {
                row[0] * *column(v, j).add(zero_at)
            } else {
                row[1] * *column(v, j).add(half)
            };
        }
        let beyond = if problem.wide {
            row[1] * *column(v, n).add(half)
        } else {
            zero
        };
        [z[zero_at], beyond]
    };
    // The null vectors of both halves are one column that the row meets, and one that it does not.
    let length = up.hypot(down);
    let (c, s) = if length <= tolerance {
        z[zero_at] = tolerance;
        (one, zero)
    } else {
        z[zero_at] = length;
        (up / length, down / length)
    };
    // SAFETY: as far as the halves wrote.
    unsafe {
        for j in 0..zero_at {
            column(u, j).add(zero_at).write(zero);
        }
        let middle = column(u, zero_at);
        middle.write_bytes(0, n);
        middle.add(zero_at).write(one);
        if problem.wide {
            kind[zero_at] = DENSE;
            let (x, y) = (column(v, zero_at), column(v, n));
            x.add(half).write_bytes(0, v.rows - half);
            y.write_bytes(0, half);
            turn(level, v.rows, x, y, c, s);
        } else if c < zero {
            for i in 0..half {
                let x = column(v, zero_at).add(i);
                *x = -*x;
            }
        }
    }

    perm[0] = zero_at;
    interleave(d, &order[..zero_at], &order[half..], half, &mut perm[1..]);
    // What hardly takes part is dropped; of two values that are close one is rotated out.
    let (mut keeps, mut drops) = (1, 0);
    kept[0] = zero_at;
    let mut before: Option<usize> = None;
    let mut rotated = false;
    for &j in &perm[1..] {
        if z[j].abs() <= tolerance {
            dropped[drops] = j;
            drops += 1;
            continue;
        }
        if let Some(p) = before {
            if (d[j] - d[p]).abs() <= tolerance {
                let size = z[j].hypot(z[p]);
                let (c, s) = (z[j] / size, -(z[p] / size));
                z[j] = size;
                z[p] = zero;
                if kind[p] != kind[j] {
                    if !rotated {
                        rotated = true;
                        // SAFETY: what no half wrote.
                        unsafe {
                            clear(u, half, kind);
                            clear(v, half, kind);
                        }
                    }
                    kind[j] = DENSE;
                    kind[p] = DENSE;
                }
                for x in [u, v] {
                    let (from, rows) = rows(kind[j], half, x.rows);
                    let [p, j] = [p, j].map(|j| column(x, j).wrapping_add(from));
                    // SAFETY: two columns, as far as they were written.
                    unsafe { turn(level, rows, p, j, c, s) };
                }
                dropped[drops] = p;
                drops += 1;
            } else {
                kept[keeps] = p;
                keeps += 1;
            }
        }
        before = Some(j);
    }
    if let Some(p) = before {
        kept[keeps] = p;
        keeps += 1;
    }
    let (kept, dropped) = (&kept[..keeps], &mut dropped[..drops]);
    sort(dropped, d);

    // Squares of squares of what is tiny beside the rest of the matrix would vanish.
    let unit = if size > least { size } else { one };
    let k = kept.len();
    for (i, &j) in kept.iter().enumerate() {
        poles[i] = d[j] / unit;
        scratch[i] = z[j] / unit;
    }
    // Apart from the first, which is zero.
    if k > 1 {
        poles[1] = poles[1].max(tolerance * R::from_f64(0.5) / unit);
    }
    for (i, &j) in dropped.iter().enumerate() {
        scratch[k + i] = d[j];
    }
    d[k..].copy_from_slice(&scratch[k..]);
    let groups = Groups::new(kept, dropped, kind, &mut perm[..k]);
    let [right, left] = problem.small;
    // SAFETY: k² ≤ n² numbers.
    let solved = unsafe {
        vectors(
            level,
            Squares,
            &poles[..k],
            &mut scratch[..k],
            &mut z[..k],
            one,
            &mut d[..k],
            groups.row(),
            right,
            Some(left),
            problem.columns,
            threads,
        )
    };
    if !solved {
        return false;
    }
    for x in &mut d[..k] {
        *x = *x * unit;
    }
    // SAFETY: the matrices are apart from each other.
    unsafe {
        groups.replace(u, half, left, problem.packed, threads);
        groups.replace(v, half, right, problem.packed, threads);
    }
    reorder(d, k, order, perm);
    true
}
