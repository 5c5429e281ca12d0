//! Cholesky by halves, down to matrices that fit the caches near the core: those are factored column by
//! column in a column-major copy.

use num_traits::{Float as _, Zero};

use super::triangular::solve_triangle;
use super::{part, subtract};
use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::factor::{Cholesky, Half, Triangular, column_major};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Rows of the matrices at the bottom of the recursion.
const LEAF: usize = 160;
/// Columns of the blocks on the diagonal that products compute in full.
const BASE: usize = 32;
/// Rows and columns of the tiles that a leaf is worked through by.
const LANES: usize = 8;
const STEP: usize = 4;

/// # Safety
/// The lower triangle is readable and writable.
pub(in crate::linalg::backend) unsafe fn cholesky<T: Scalar>(
    call: Cholesky<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    unsafe { factor(call.a, work, threads) }
}

/// # Safety
/// As [`cholesky`].
unsafe fn factor<T: Scalar>(
    a: MatMut<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let n = a.rows;
    // SAFETY: the caller's promise; blocks lie inside the lower triangle.
    unsafe {
        if n <= LEAF {
            return leaf(a, work);
        }
        let half = (n / 2).next_multiple_of(BASE).min(n - 1);
        let rest = n - half;
        let a11 = part(a, 0, 0, half, half);
        let a21 = part(a, half, 0, rest, half);
        let a22 = part(a, half, half, rest, rest);
        factor(a11, work, threads)?;
        // L₂₁·L₁₁ᴴ = A₂₁, transposed: conj(L₁₁)·L₂₁ᵀ = A₂₁ᵀ.
        let mut system = Triangular::new(a11.as_ref(), Half::Lower, a21.t());
        system.conj = true;
        solve_triangle(system, threads);
        update(a22, a21, a21, threads);
        factor(a22, work, threads)
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
/// As [`cholesky`].
unsafe fn leaf<T: Scalar>(a: MatMut<T>, work: &mut Workspace) -> Result<(), Failure> {
    let n = a.rows;
    // Columns an odd number of tiles apart: rows of a tile lie in different sets of the cache.
    let (rows, cols) = (n.next_multiple_of(LANES) | LANES, n.next_multiple_of(STEP));
    let piece = Pieces::new(work.bytes(Pieces::size::<T>(rows * cols))).take::<T>(rows * cols);
    piece.iter_mut().for_each(|x| {
        x.write(T::zero());
    });
    let copy = column_major(piece.as_mut_ptr().cast::<T>(), rows, cols);
    // SAFETY: the caller's promise; the copy is ours and initialised.
    unsafe {
        let inside = part(copy, 0, 0, n, n);
        move_lower(a, inside);
        if !columns(level(), n, rows, copy.ptr) {
            return Err(Failure::NotPositiveDefinite);
        }
        move_lower(inside, a);
    }
    Ok(())
}

/// Copies the lower triangle.
///
/// # Safety
/// That of `from` is readable, that of `to` writable, of one size; they do not overlap.
unsafe fn move_lower<T: Scalar>(from: MatMut<T>, to: MatMut<T>) {
    let n = from.rows;
    for i in (0..n).step_by(LANES) {
        let height = LANES.min(n - i);
        // SAFETY: rows of the triangle left of the diagonal's block, then that.
        unsafe {
            copy(
                part(from, i, 0, height, i).as_ref(),
                part(to, i, 0, height, i),
            );
            for r in i..i + height {
                for c in i..=r {
                    let at = |x: isize, y: isize| r as isize * x + c as isize * y;
                    let x = *from.ptr.offset(at(from.row_stride, from.col_stride));
                    to.ptr.offset(at(to.row_stride, to.col_stride)).write(x);
                }
            }
        }
    }
}

simd_dispatch! {
    /// The factor of `n` rows and columns in place, with whole tiles of zeros behind them; whether it is
    /// positive definite. Columns are `stride` elements apart. What is above the diagonal is lost.
    unsafe fn columns[T: Scalar](n: usize, stride: usize, a: *mut T) -> bool = columns_body::<T>
}

/// A tile in registers: a few rows of a few columns, column by column.
type Tile<T> = [[T; LANES]; STEP];

/// Looks left: a tile is read, reduced by all finished columns, divided by the corner on the diagonal,
/// and written once.
#[inline(always)]
unsafe fn columns_body<T: Scalar>(n: usize, stride: usize, a: *mut T) -> bool {
    for j in (0..n).step_by(STEP) {
        let place = |row: usize, c: usize| a.wrapping_add((j + c) * stride + row);
        // SAFETY: tiles lie within whole tiles around n by n, here and below.
        let load = |row: usize| -> Tile<T> {
            // SAFETY: as above.
            std::array::from_fn(|c| unsafe { place(row, c).cast::<[T; LANES]>().read_unaligned() })
        };
        let first = j / LANES * LANES;
        let mut corner = [[T::zero(); STEP]; STEP];
        let mut inverses = [T::zero(); STEP];
        for row in (first..n).step_by(LANES) {
            // SAFETY: as above.
            let mut x = unsafe { reduce(load(row), j, stride, a, row) };
            if row == first {
                for (corner, x) in corner.iter_mut().zip(&x) {
                    corner.copy_from_slice(&x[j - first..j - first + STEP]);
                }
                if !factor_corner((n - j).min(STEP), &mut corner, &mut inverses) {
                    return false;
                }
            }
            for c in 0..STEP {
                for l in 0..LANES {
                    x[c][l] = x[c][l] * inverses[c];
                }
                let done = x[c];
                for right in c + 1..STEP {
                    let factor = corner[c][right].conj();
                    for l in 0..LANES {
                        x[right][l] = x[right][l] - done[l] * factor;
                    }
                }
                // SAFETY: as above.
                unsafe { place(row, c).cast::<[T; LANES]>().write_unaligned(done) };
            }
        }
        for c in 0..STEP {
            for r in c..STEP {
                // SAFETY: as above.
                unsafe { place(j + r, c).write(corner[c][r]) };
            }
        }
    }
    true
}

/// `x` less what the columns before `j` contribute to its rows, from `row` on.
#[inline(always)]
unsafe fn reduce<T: Scalar>(
    mut x: Tile<T>,
    j: usize,
    stride: usize,
    a: *const T,
    row: usize,
) -> Tile<T> {
    for k in 0..j {
        // SAFETY: column k is finished, and as long as the others.
        let (finished, factors) = unsafe {
            let column = a.add(k * stride);
            (
                column.add(row).cast::<[T; LANES]>().read_unaligned(),
                column.add(j).cast::<[T; STEP]>().read_unaligned(),
            )
        };
        for c in 0..STEP {
            let factor = factors[c].conj();
            for l in 0..LANES {
                x[c][l] = x[c][l] - finished[l] * factor;
            }
        }
    }
    x
}

/// The factor of the first `n` columns of a corner, and the reciprocals of its diagonal.
#[inline(always)]
fn factor_corner<T: Scalar>(
    n: usize,
    corner: &mut [[T; STEP]; STEP],
    inverses: &mut [T; STEP],
) -> bool {
    for c in 0..STEP {
        if c >= n {
            break;
        }
        let d = corner[c][c].re();
        if d <= T::Real::zero() || d.is_nan() {
            return false;
        }
        let root = d.sqrt();
        inverses[c] = T::from_real(root.recip());
        corner[c][c] = T::from_real(root);
        for r in c + 1..STEP {
            corner[c][r] = corner[c][r] * inverses[c];
        }
        for right in c + 1..STEP {
            let factor = corner[c][right].conj();
            for r in right..STEP {
                corner[right][r] = corner[right][r] - corner[c][r] * factor;
            }
        }
    }
    true
}
