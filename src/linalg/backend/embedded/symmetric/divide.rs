//! Eigenvalues and vectors of symmetric tridiagonal matrices by divide and conquer (Cuppen, Numer. Math. 36,
//! 1981; Gu and Eisenstat, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem", SIAM
//! J. Matrix Anal. Appl. 16, 1995).

// Rows of several arrays share an index.
#![allow(clippy::needless_range_loop)]

use super::super::conquer::{
    BOTTOM, DENSE, Groups, Plain, TOP, ascending, both, clear, interleave, reorder, rows, sort,
    to_unit_size, turn, vectors,
};
use super::ql;
use crate::array::Float;
use crate::engine::simd::Level;
use crate::linalg::raw::MatMut;

/// Rows that the QR algorithm takes [32 rows, µs: 61 with 32, 44 with 16, 39 with 12 and with 8].
const LEAF: usize = 12;
/// Rows from which the halves are done at the same time.
const PARALLEL_FROM: usize = 128;

/// The eigenproblem, and what it is solved with: n numbers or indices of each, matrices of n by n.
pub(super) struct Problem<'a, R> {
    pub(super) level: Level,
    pub(super) d: &'a mut [R],
    pub(super) e: &'a mut [R],
    /// Where the vector of each value is, by size of the values.
    pub(super) order: &'a mut [usize],
    pub(super) u: MatMut<R>,
    pub(super) numbers: [&'a mut [R]; 3],
    pub(super) indices: [&'a mut [usize]; 4],
    /// n² numbers each.
    pub(super) packed: *mut R,
    pub(super) small: *mut R,
    /// n numbers for each thread.
    pub(super) columns: *mut R,
}

// SAFETY: a problem's memory is its own.
unsafe impl<R: Send> Send for Problem<'_, R> {}

impl<R: Float> Problem<'_, R> {
    /// The problem of rows `from..from + n` with the memory behind what is before it.
    ///
    /// # Safety
    /// Used instead of `self`, and apart from that of other rows.
    unsafe fn part(&mut self, from: usize, n: usize, offset: usize) -> Problem<'_, R> {
        let u = self.u;
        let corner = from as isize * (u.row_stride + u.col_stride);
        Problem {
            level: self.level,
            d: &mut self.d[from..from + n],
            e: &mut self.e[from..from + n - 1],
            order: &mut self.order[from..from + n],
            u: MatMut {
                rows: n,
                cols: n,
                ..u.at(corner)
            },
            numbers: self.numbers.each_mut().map(|x| &mut x[from..from + n]),
            indices: self.indices.each_mut().map(|x| &mut x[from..from + n]),
            packed: self.packed.wrapping_add(offset),
            small: self.small.wrapping_add(offset),
            columns: self.columns.wrapping_add(from),
        }
    }
}

/// Solves it; whether everything converged. Values end in `d`, vectors in the columns of `u`.
///
/// # Safety
/// `u` is column-major.
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
    let n = problem.d.len();
    let (d, e) = (problem.d.as_mut_ptr(), problem.e.as_mut_ptr());
    // SAFETY: the caller's promise.
    let done = unsafe {
        ql::small(
            problem.level,
            n,
            d,
            e,
            problem.u.ptr,
            problem.u.col_stride as usize,
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
        let half = n / 2;
        let tie = problem.e[half - 1];
        problem.d[half - 1] = problem.d[half - 1] - tie.abs();
        problem.d[half] = problem.d[half] - tie.abs();
        let together = threads > 1 && n >= PARALLEL_FROM;
        let whole: *mut Problem<'_, R> = problem;
        let halves = [
            (*whole).part(0, half, 0),
            (*whole).part(half, n - half, half * half),
        ];
        both(halves, together, |half| solve(half, 1)) && merge(problem, half, tie, threads)
    }
}

/// # Safety
/// As [`conquer`], with both halves solved.
unsafe fn merge<R: Float>(
    problem: &mut Problem<'_, R>,
    half: usize,
    tie: R,
    threads: usize,
) -> bool {
    let n = problem.d.len();
    let level = problem.level;
    let u = problem.u;
    let stride = u.col_stride as usize;
    let column = |j: usize| u.ptr.wrapping_add(j * stride);
    let [z, poles, squares] = problem.numbers.each_mut().map(|x| &mut **x);
    let [perm, kept, dropped, kind] = problem.indices.each_mut().map(|x| &mut **x);
    let (d, order) = (&mut *problem.d, &mut *problem.order);
    let two = R::from_f64(2.0);
    let sign = if tie < R::zero() { -R::one() } else { R::one() };
    let root = R::from_f64(std::f64::consts::FRAC_1_SQRT_2);
    for j in 0..n {
        let row = if j < half { half - 1 } else { half };
        let sign = if j < half { R::one() } else { sign };
        // SAFETY: inside the matrix.
        z[j] = unsafe { *column(j).add(row) } * sign * root;
    }
    let rho = two * tie.abs();
    interleave(d, &order[..half], &order[half..], half, perm);
    kind[..half].fill(TOP);
    kind[half..].fill(BOTTOM);
    let largest = |x: &[R]| x.iter().fold(R::zero(), |most, x| most.max(x.abs()));
    let most = largest(z);
    let tolerance = R::from_f64(8.0) * <R as Float>::EPSILON * largest(d).max(most);
    if rho * most <= tolerance {
        order.copy_from_slice(perm);
        // SAFETY: the halves wrote their own blocks.
        unsafe { clear(u, half, kind) };
        return true;
    }

    // What hardly takes part is dropped; of two values that are close one is rotated out.
    let (mut keeps, mut drops) = (0, 0);
    let mut before: Option<usize> = None;
    let mut rotated = false;
    for &j in perm.iter() {
        if rho * z[j].abs() <= tolerance {
            dropped[drops] = j;
            drops += 1;
            continue;
        }
        if let Some(p) = before {
            let size = z[j].hypot(z[p]);
            let (c, s) = (z[j] / size, -(z[p] / size));
            if ((d[j] - d[p]) * c * s).abs() <= tolerance {
                z[j] = size;
                z[p] = R::zero();
                if kind[p] != kind[j] {
                    if !rotated {
                        rotated = true;
                        // SAFETY: what no half wrote.
                        unsafe { clear(u, half, kind) };
                    }
                    kind[j] = DENSE;
                    kind[p] = DENSE;
                }
                let (from, rows) = rows(kind[j], half, n);
                // SAFETY: two columns, as far as they were written.
                unsafe { turn(level, rows, column(p).add(from), column(j).add(from), c, s) };
                let (lower, upper) = (d[p], d[j]);
                d[p] = lower * c * c + upper * s * s;
                d[j] = lower * s * s + upper * c * c;
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

    let k = kept.len();
    for (i, &j) in kept.iter().enumerate() {
        poles[i] = d[j];
        squares[i] = z[j];
    }
    for (i, &j) in dropped.iter().enumerate() {
        squares[k + i] = d[j];
    }
    d[k..].copy_from_slice(&squares[k..]);
    let (weights, poles) = (&mut squares[..k], &poles[..k]);
    let groups = Groups::new(kept, dropped, kind, &mut perm[..k]);
    // SAFETY: k² ≤ n² numbers.
    let solved = unsafe {
        vectors(
            level,
            Plain,
            poles,
            weights,
            &mut z[..k],
            rho,
            &mut d[..k],
            groups.row(),
            problem.small,
            None,
            problem.columns,
            threads,
        )
    };
    if !solved {
        return false;
    }
    // SAFETY: blocks of the matrices, apart from each other.
    unsafe { groups.replace(u, half, problem.small, problem.packed, threads) };
    reorder(d, k, order, perm);
    true
}
