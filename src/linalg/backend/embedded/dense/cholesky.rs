//! Cholesky by halves.

use num_traits::{Float as _, Zero};

use super::triangular::solve_triangle;
use super::{part, subtract};
use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Cholesky, Half, Triangular};
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Rows of the blocks at the bottom of the recursion.
const BASE: usize = 32;

/// # Safety
/// The lower triangle is readable and writable.
pub(in crate::linalg::backend) unsafe fn cholesky<T: Scalar>(
    call: Cholesky<T>,
    _: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    unsafe { factor(call.a, threads) }
}

/// # Safety
/// As [`cholesky`].
unsafe fn factor<T: Scalar>(a: MatMut<T>, threads: usize) -> Result<(), Failure> {
    let n = a.rows;
    // SAFETY: the caller's promise; blocks lie inside the lower triangle.
    unsafe {
        if n <= BASE {
            return base(a);
        }
        let half = (n / 2).next_multiple_of(BASE).min(n - 1);
        let rest = n - half;
        let a11 = part(a, 0, 0, half, half);
        let a21 = part(a, half, 0, rest, half);
        let a22 = part(a, half, half, rest, rest);
        factor(a11, threads)?;
        // L₂₁·L₁₁ᴴ = A₂₁, transposed: conj(L₁₁)·L₂₁ᵀ = A₂₁ᵀ.
        let mut system = Triangular::new(a11.as_ref(), Half::Lower, a21.t());
        system.conj = true;
        solve_triangle(system, threads);
        update(a22, a21, a21, threads);
        factor(a22, threads)
    }
}

/// The lower triangle of `C ← C − A·Bᴴ`, which is Hermitian, by halves down to blocks where the other
/// triangle costs little.
///
/// # Safety
/// A and B are readable, C's lower triangle (and what is above it in blocks on the diagonal) writable.
pub(super) unsafe fn update<T: Scalar>(c: MatMut<T>, a: MatMut<T>, b: MatMut<T>, threads: usize) {
    let n = c.rows;
    // SAFETY: the caller's promise.
    unsafe {
        if n <= 4 * BASE {
            return update_block(c, a, b, threads);
        }
        let half = (n / 2).next_multiple_of(BASE).min(n - 1);
        let rest = n - half;
        let halves = |x: MatMut<T>| (part(x, 0, 0, half, x.cols), part(x, half, 0, rest, x.cols));
        let ((a_upper, a_lower), (b_upper, b_lower)) = (halves(a), halves(b));
        update(part(c, 0, 0, half, half), a_upper, b_upper, threads);
        let (x, y) = (a_lower.as_ref(), b_upper.as_ref().t());
        subtract(part(c, half, 0, rest, half), (x, false), (y, true), threads);
        update(part(c, half, half, rest, rest), a_lower, b_lower, threads);
    }
}

/// # Safety
/// As [`update`].
unsafe fn update_block<T: Scalar>(c: MatMut<T>, a: MatMut<T>, b: MatMut<T>, threads: usize) {
    // Blocks of columns, so that little above the diagonal is computed, and none of it is kept: the
    // strict upper triangle belongs to the caller.
    let n = c.rows;
    for j in (0..n).step_by(BASE) {
        let width = BASE.min(n - j);
        let mut kept = [[T::zero(); BASE]; BASE];
        let corner = part(c, j, j, width, width);
        // SAFETY: (i, k) is inside the corner.
        let at = |i: usize, k: usize| {
            let offset = i as isize * corner.row_stride + k as isize * corner.col_stride;
            corner.ptr.wrapping_offset(offset)
        };
        for i in 0..width {
            for k in i + 1..width {
                // SAFETY: as above; initialised or not, these bits are only put back.
                kept[i][k] = unsafe { *at(i, k) };
            }
        }
        let left = part(a, j, 0, n - j, a.cols).as_ref();
        let right = part(b, j, 0, width, b.cols).as_ref().t();
        // SAFETY: the caller's promise.
        unsafe {
            subtract(
                part(c, j, j, n - j, width),
                (left, false),
                (right, true),
                threads,
            );
        }
        for i in 0..width {
            for k in i + 1..width {
                // SAFETY: as above.
                unsafe { at(i, k).write(kept[i][k]) };
            }
        }
    }
}

/// # Safety
/// As [`cholesky`], at most [`BASE`] rows.
unsafe fn base<T: Scalar>(a: MatMut<T>) -> Result<(), Failure> {
    let n = a.rows;
    let at = |i: usize, j: usize| {
        let offset = i as isize * a.row_stride + j as isize * a.col_stride;
        a.ptr.wrapping_offset(offset)
    };
    let mut rows = [[T::zero(); BASE]; BASE];
    for (i, row) in rows[..n].iter_mut().enumerate() {
        for (j, x) in row[..=i].iter_mut().enumerate() {
            // SAFETY: the lower triangle is readable.
            *x = unsafe { *at(i, j) };
        }
    }
    // SAFETY: no memory but the references is touched.
    if !unsafe { small(level(), n, &mut rows) } {
        return Err(Failure::NotPositiveDefinite);
    }
    for (i, row) in rows[..n].iter().enumerate() {
        for (j, x) in row[..=i].iter().enumerate() {
            // SAFETY: the lower triangle is writable.
            unsafe { at(i, j).write(*x) };
        }
    }
    Ok(())
}

simd_dispatch! {
    /// The factor of a small matrix, row by row; whether it is positive definite.
    unsafe fn small[T: Scalar](n: usize, a: &mut [[T; BASE]; BASE]) -> bool = small_body::<T>
}

#[inline(always)]
unsafe fn small_body<T: Scalar>(n: usize, a: &mut [[T; BASE]; BASE]) -> bool {
    for k in 0..n.min(BASE) {
        let d = a[k][k].re();
        if d <= T::Real::zero() || d.is_nan() {
            return false;
        }
        let root = d.sqrt();
        let inverse = T::from_real(root.recip());
        a[k][k] = T::from_real(root);
        // Column k, conjugated, with zeros where nothing is to change.
        let mut column = [T::zero(); BASE];
        for i in k + 1..n.min(BASE) {
            let x = a[i][k] * inverse;
            a[i][k] = x;
            column[i] = x.conj();
        }
        let start = (k + 1) / 4 * 4;
        for i in k + 1..n.min(BASE) {
            let x = a[i][k];
            let row = &mut a[i];
            let mut j = start;
            while j <= i {
                for e in j..(j + 4).min(BASE) {
                    row[e] = row[e] - column[e] * x;
                }
                j += 4;
            }
        }
    }
    true
}
