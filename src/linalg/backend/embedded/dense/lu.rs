//! LU with partial pivoting, by halves of the columns.

use num_traits::Zero;

use super::triangular::solve_triangle;
use super::{can_invert, divide, part, reciprocal, size, subtract};
use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Half, Lu, LuInverse, Triangular, column_major};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Columns of the panels at the bottom of the recursion.
const PANEL: usize = 8;
/// Columns of A⁻¹ that are finished at once.
const BLOCK: usize = 64;

/// # Safety
/// `a` is readable and writable.
pub(in crate::linalg::backend) unsafe fn lu<T: Scalar>(
    call: Lu<'_, T>,
    _: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Lu { a, swaps } = call;
    let k = swaps.len();
    // SAFETY: the caller's promise.
    unsafe {
        factor(part(a, 0, 0, a.rows, k), swaps, threads);
        if a.cols > k {
            // What is to the right of a wide matrix's square.
            let rest = part(a, 0, k, a.rows, a.cols - k);
            exchange(rest, swaps);
            let square = part(a, 0, 0, k, k);
            let system = Triangular::new(square.as_ref(), Half::Lower, rest).unit();
            solve_triangle(system, threads);
        }
    }
    Ok(())
}

/// Factors m rows and n ≤ m columns.
///
/// # Safety
/// As [`lu`].
unsafe fn factor<T: Scalar>(a: MatMut<T>, swaps: &mut [usize], threads: usize) {
    let (m, n) = (a.rows, a.cols);
    // SAFETY: the caller's promise; blocks lie inside.
    unsafe {
        if n <= PANEL {
            return panel(level(), a, swaps);
        }
        let left = (n / 2).next_multiple_of(PANEL).min(n - 1);
        let right = n - left;
        let (above, below) = swaps.split_at_mut(left);
        factor(part(a, 0, 0, m, left), above, threads);
        exchange(part(a, 0, left, m, right), above);
        let a12 = part(a, 0, left, left, right);
        let a22 = part(a, left, left, m - left, right);
        let l11 = part(a, 0, 0, left, left).as_ref();
        solve_triangle(Triangular::new(l11, Half::Lower, a12).unit(), threads);
        let l21 = part(a, left, 0, m - left, left).as_ref();
        subtract(a22, (l21, false), (a12.as_ref(), false), threads);
        factor(a22, below, threads);
        exchange(part(a, left, 0, m - left, left), below);
        for swap in below {
            *swap += left;
        }
    }
}

/// Exchanges row `i` with row `swaps[i]` for each `i` in turn.
///
/// # Safety
/// `a` is readable and writable.
unsafe fn exchange<T: Copy>(a: MatMut<T>, swaps: &[usize]) {
    for j in 0..a.cols as isize {
        let column = a.ptr.wrapping_offset(j * a.col_stride);
        for (i, &other) in swaps.iter().enumerate() {
            if other != i {
                // SAFETY: both rows exist and differ; rows are one element apart.
                unsafe { std::ptr::swap(column.add(i), column.add(other)) };
            }
        }
    }
}

simd_dispatch! {
    /// A few columns, one after the other.
    unsafe fn panel[T: Scalar](a: MatMut<T>, swaps: &mut [usize]) = panel_body::<T>
}

#[inline(always)]
unsafe fn panel_body<T: Scalar>(a: MatMut<T>, swaps: &mut [usize]) {
    let (m, n) = (a.rows, a.cols);
    let column = |j: usize| a.ptr.wrapping_offset(j as isize * a.col_stride);
    // SAFETY: rows and columns stay inside the matrix.
    unsafe {
        for k in 0..n {
            let pivot_column = column(k);
            let at = k + largest(m - k, pivot_column.add(k));
            swaps[k] = at;
            let pivot = *pivot_column.add(at);
            if at != k {
                for j in 0..n {
                    std::ptr::swap(column(j).add(k), column(j).add(at));
                }
            }
            let most = size(pivot);
            if most == T::Real::zero() {
                // The column is zero below: nothing to eliminate.
                continue;
            }
            let below = pivot_column.add(k + 1);
            if can_invert(most) {
                let inverse = reciprocal(pivot);
                for i in 0..m - k - 1 {
                    *below.add(i) = *below.add(i) * inverse;
                }
            } else {
                for i in 0..m - k - 1 {
                    *below.add(i) = divide(*below.add(i), pivot);
                }
            }
            for j in k + 1..n {
                let target = column(j).add(k + 1);
                let factor = *column(j).add(k);
                for i in 0..m - k - 1 {
                    *target.add(i) = *target.add(i) - *below.add(i) * factor;
                }
            }
        }
    }
}

/// The position of the first of the largest elements.
#[inline(always)]
unsafe fn largest<T: Scalar>(n: usize, x: *const T) -> usize {
    const LANES: usize = 8;
    let mut most = [T::Real::zero(); LANES];
    // SAFETY: `n` elements, here and below.
    let element = |i: usize| size(unsafe { *x.add(i) });
    let whole = n / LANES * LANES;
    let mut i = 0;
    while i < whole {
        for (l, most) in most.iter_mut().enumerate() {
            let candidate = element(i + l);
            *most = if candidate > *most { candidate } else { *most };
        }
        i += LANES;
    }
    let mut best = T::Real::zero();
    for candidate in most.into_iter().chain((whole..n).map(element)) {
        best = if candidate > best { candidate } else { best };
    }
    // NaNs compare with nothing; without any number the first row stays.
    (0..n).find(|&i| element(i) == best).unwrap_or(0)
}

/// # Safety
/// As [`lu`]; the diagonal has no zero.
pub(in crate::linalg::backend) unsafe fn lu_inverse<T: Scalar>(
    call: LuInverse<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let LuInverse { a, swaps } = call;
    let n = a.rows;
    // As LAPACK's `getri`: U⁻¹ first, then A⁻¹·L = U⁻¹ from the last columns to the first.
    let needed = Pieces::size::<T>(n * BLOCK);
    let piece = Pieces::new(work.bytes(needed)).take::<T>(n * BLOCK);
    let lower = column_major(piece.as_mut_ptr().cast::<T>(), n, BLOCK);
    // SAFETY: the caller's promise; blocks lie inside; the piece is ours.
    unsafe {
        invert_upper(a, threads);
        for j in (0..n).step_by(BLOCK).collect::<Vec<_>>().into_iter().rev() {
            let width = BLOCK.min(n - j);
            let rest = n - j - width;
            for k in 0..width {
                let from = a.ptr.offset((j + k) as isize * a.col_stride);
                let to = lower.ptr.add(k * n);
                for i in j + k + 1..n {
                    to.add(i).write(*from.add(i));
                    from.add(i).write(T::zero());
                }
            }
            let target = part(a, 0, j, n, width);
            if rest > 0 {
                let known = part(a, 0, j + width, n, rest).as_ref();
                let below = part(lower, j + width, 0, rest, width).as_ref();
                subtract(target, (known, false), (below, false), threads);
            }
            // X·L = B, transposed: Lᵀ·Xᵀ = Bᵀ.
            let corner = part(lower, j, 0, width, width).as_ref();
            let system = Triangular::new(corner.t(), Half::Upper, target.t()).unit();
            solve_triangle(system, threads);
        }
        for (j, &other) in swaps.iter().enumerate().rev() {
            if other != j {
                let column = |j: usize| a.ptr.offset(j as isize * a.col_stride);
                std::ptr::swap_nonoverlapping(column(j), column(other), n);
            }
        }
    }
    Ok(())
}

/// U⁻¹ in place of U; what is below stays.
///
/// # Safety
/// As [`lu_inverse`].
unsafe fn invert_upper<T: Scalar>(a: MatMut<T>, threads: usize) {
    let n = a.rows;
    // SAFETY: the caller's promise; blocks lie inside.
    unsafe {
        if n <= 16 {
            return invert_upper_base(level(), a);
        }
        let half = (n / 2).next_multiple_of(16).min(n - 1);
        let rest = n - half;
        let (a11, a22) = (part(a, 0, 0, half, half), part(a, half, half, rest, rest));
        let a12 = part(a, 0, half, half, rest);
        // −U₁₁⁻¹·U₁₂·U₂₂⁻¹, by the triangles that are still there.
        solve_triangle(Triangular::new(a11.as_ref(), Half::Upper, a12), threads);
        let right = Triangular::new(a22.as_ref().t(), Half::Lower, a12.t());
        solve_triangle(right, threads);
        for j in 0..rest as isize {
            let column = a12.ptr.offset(j * a12.col_stride);
            for i in 0..half {
                *column.add(i) = -*column.add(i);
            }
        }
        invert_upper(a11, threads);
        invert_upper(a22, threads);
    }
}

simd_dispatch! {
    /// The same column by column (LAPACK's `trti2`).
    unsafe fn invert_upper_base[T: Scalar](a: MatMut<T>) = invert_upper_body::<T>
}

#[inline(always)]
unsafe fn invert_upper_body<T: Scalar>(a: MatMut<T>) {
    let column = |j: usize| a.ptr.wrapping_offset(j as isize * a.col_stride);
    // SAFETY: elements of the upper triangle.
    unsafe {
        for j in 0..a.rows {
            let target = column(j);
            let inverse = reciprocal(*target.add(j));
            // x ← −inverse · U₀⁻¹·u, where the columns before j already hold U₀⁻¹.
            for k in 0..j {
                let x = *target.add(k);
                let known = column(k);
                for i in 0..k {
                    *target.add(i) = *target.add(i) + *known.add(i) * x;
                }
                target.add(k).write(*known.add(k) * x);
            }
            for i in 0..j {
                *target.add(i) = -(*target.add(i) * inverse);
            }
            target.add(j).write(inverse);
        }
    }
}
