//! Triangular systems with many right-hand sides, by halves.

use super::{divide, part, subtract};
use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Half, Triangular};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Unknowns that are solved for at once at the bottom of the recursion.
const BASE: usize = 32;
/// Right-hand sides side by side in the buffer there.
const LANES: usize = 16;

/// # Safety
/// The triangle is readable, `b` writable and initialised; they do not overlap.
pub(in crate::linalg::backend) unsafe fn triangular<T: Scalar>(
    call: Triangular<T>,
    _: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    unsafe { solve(&call, call.t, call.b, threads) };
    Ok(())
}

/// As [`triangular`], for the other files here.
///
/// # Safety
/// The same.
pub(super) unsafe fn solve_triangle<T: Scalar>(call: Triangular<T>, threads: usize) {
    // SAFETY: the caller's promise.
    unsafe { solve(&call, call.t, call.b, threads) }
}

/// # Safety
/// As [`triangular`], for a diagonal block `t` and the rows `b` that belong to it.
unsafe fn solve<T: Scalar>(call: &Triangular<T>, t: MatRef<T>, b: MatMut<T>, threads: usize) {
    let n = t.rows;
    // SAFETY: the caller's promise; blocks lie inside.
    unsafe {
        if n <= BASE {
            return base(call, t, b);
        }
        let half = (n / 2).next_multiple_of(BASE).min(n - 1);
        let rest = n - half;
        let block = |i: usize, j: usize, rows: usize, cols: usize| MatRef {
            rows,
            cols,
            ..t.at(i as isize * t.row_stride + j as isize * t.col_stride)
        };
        let (first, last) = (part(b, 0, 0, half, b.cols), part(b, half, 0, rest, b.cols));
        let (t11, t22) = (block(0, 0, half, half), block(half, half, rest, rest));
        match call.half {
            Half::Lower => {
                solve(call, t11, first, threads);
                let t21 = block(half, 0, rest, half);
                subtract(last, (t21, call.conj), (first.as_ref(), false), threads);
                solve(call, t22, last, threads);
            }
            Half::Upper => {
                solve(call, t22, last, threads);
                let t12 = block(0, half, half, rest);
                subtract(first, (t12, call.conj), (last.as_ref(), false), threads);
                solve(call, t11, first, threads);
            }
        }
    }
}

/// At most [`BASE`] unknowns: the triangle is copied, its unknowns counted in the order they are found.
///
/// # Safety
/// As [`solve`].
unsafe fn base<T: Scalar>(call: &Triangular<T>, t: MatRef<T>, b: MatMut<T>) {
    let n = t.rows;
    // An upper triangle read backwards is a lower one.
    let (t, b) = match call.half {
        Half::Lower => (t, b),
        Half::Upper => (
            MatRef {
                row_stride: -t.row_stride,
                col_stride: -t.col_stride,
                ..t.at((n as isize - 1) * (t.row_stride + t.col_stride))
            },
            MatMut {
                row_stride: -b.row_stride,
                ..b.at((n as isize - 1) * b.row_stride)
            },
        ),
    };
    let mut triangle = [T::zero(); BASE * BASE];
    for i in 0..n {
        for j in 0..=i {
            if i == j && call.unit {
                triangle[i * BASE + i] = T::one();
                continue;
            }
            let at = i as isize * t.row_stride + j as isize * t.col_stride;
            // SAFETY: inside the triangle.
            let x = unsafe { *t.ptr.offset(at) };
            triangle[i * BASE + j] = if call.conj { x.conj() } else { x };
        }
    }
    let mut lanes = [[T::zero(); LANES]; BASE];
    for j0 in (0..b.cols).step_by(LANES) {
        let width = LANES.min(b.cols - j0);
        let element = |i: usize, j: usize| {
            let at = i as isize * b.row_stride + (j0 + j) as isize * b.col_stride;
            b.ptr.wrapping_offset(at)
        };
        // SAFETY: (i, j0 + j) is in range, here and below.
        unsafe {
            if width == 1 {
                single(n, &triangle, call.unit, |i| element(i, 0));
                continue;
            }
            for (i, row) in lanes[..n].iter_mut().enumerate() {
                for (j, x) in row[..width].iter_mut().enumerate() {
                    *x = *element(i, j);
                }
            }
            forward(level(), n, &triangle, call.unit, &mut lanes);
            for (i, row) in lanes[..n].iter().enumerate() {
                for (j, x) in row[..width].iter().enumerate() {
                    element(i, j).write(*x);
                }
            }
        }
    }
}

/// One right-hand side.
///
/// # Safety
/// `element(i)` is writable for `i < n`.
unsafe fn single<T: Scalar>(
    n: usize,
    triangle: &[T; BASE * BASE],
    unit: bool,
    element: impl Fn(usize) -> *mut T,
) {
    let mut x = [T::zero(); BASE];
    for i in 0..n {
        let row = &triangle[i * BASE..i * BASE + i];
        // SAFETY: the caller's promise.
        let mut sum = unsafe { *element(i) };
        for (&t, &x) in row.iter().zip(&x) {
            sum = sum - t * x;
        }
        x[i] = if unit {
            sum
        } else {
            divide(sum, triangle[i * BASE + i])
        };
        // SAFETY: as above.
        unsafe { element(i).write(x[i]) };
    }
}

simd_dispatch! {
    /// Forward substitution on all lanes.
    unsafe fn forward[T: Scalar](n: usize, triangle: &[T; BASE * BASE], unit: bool, b: &mut [[T; LANES]; BASE]) = forward_body::<T>
}

#[inline(always)]
unsafe fn forward_body<T: Scalar>(
    n: usize,
    triangle: &[T; BASE * BASE],
    unit: bool,
    b: &mut [[T; LANES]; BASE],
) {
    for i in 0..n.min(BASE) {
        let (done, rest) = b.split_at_mut(i);
        let row = &triangle[i * BASE..i * BASE + BASE];
        let mut sum = rest[0];
        for (k, known) in done.iter().enumerate() {
            let t = row[k];
            for l in 0..LANES {
                sum[l] = sum[l] - known[l] * t;
            }
        }
        if !unit {
            for x in &mut sum {
                *x = divide(*x, row[i]);
            }
        }
        rest[0] = sum;
    }
}
