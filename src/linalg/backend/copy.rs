//! Moving a matrix between layouts at a backend's border.

use crate::array::Scalar;
#[cfg(target_arch = "x86_64")]
use crate::engine::simd::{Level, level};
#[cfg(target_arch = "x86_64")]
use crate::linalg::gemm::transpose;
use crate::linalg::raw::{MatMut, MatRef};

/// Side of the square tiles in which both sides of a transposing copy stay in the first-level cache.
const TILE: usize = 32;

/// `to = f(from)`, element by element, any strides; `to` may be uninitialised.
///
/// # Safety
/// Equal shapes; `from` is readable and initialised, `to` writable; they are the same matrix with the
/// same strides, or do not overlap.
pub(in crate::linalg) unsafe fn copy_with<T: Copy>(
    from: MatRef<T>,
    to: MatMut<T>,
    f: impl Fn(T) -> T,
) {
    #[cfg(test)]
    count(&from, &to);
    // SAFETY: the caller's promise.
    unsafe { copy_indexed(from, to, |_, _, x| f(x)) }
}

/// Every copy of a matrix, whoever makes it, is counted in tests.
#[cfg(test)]
pub(in crate::linalg) fn count<T, U>(from: &MatRef<T>, to: &MatMut<U>) {
    let down = |x: isize, y: isize| x.unsigned_abs() < y.unsigned_abs();
    let transposes = down(from.row_stride, from.col_stride) != down(to.row_stride, to.col_stride);
    super::calls::count_copy(to.rows, to.cols, transposes);
}

/// The upper trapezoid of the first rows of `from`, with zeros below.
///
/// # Safety
/// As [`copy_with`], but `from` may have more rows.
pub(in crate::linalg) unsafe fn copy_upper<T: Scalar>(from: MatRef<T>, to: MatMut<T>) {
    debug_assert!(to.rows <= from.rows);
    let from = MatRef {
        rows: to.rows,
        ..from
    };
    #[cfg(test)]
    count(&from, &to);
    // SAFETY: the caller's promise.
    unsafe { copy_indexed(from, to, |i, j, x| if i <= j { x } else { T::zero() }) }
}

/// `to = from`, any strides, in squares of registers where rows become columns; `to` may be uninitialised.
///
/// # Safety
/// As [`copy_with`]; they do not overlap.
pub(in crate::linalg) unsafe fn copy<T: Copy>(from: MatRef<T>, to: MatMut<T>) {
    #[cfg(test)]
    count(&from, &to);
    let (from, to) = if from.col_stride == 1 {
        (from, to)
    } else {
        (from.t(), to.t())
    };
    // What squares have moved.
    #[allow(unused_mut)]
    let (mut rows, mut cols) = (0, 0);
    #[cfg(target_arch = "x86_64")]
    if let side @ 1.. = transpose::side(size_of::<T>())
        && from.col_stride == 1
        && to.row_stride == 1
        && level() >= Level::Avx2
    {
        (rows, cols) = (to.rows / side * side, to.cols / side * side);
        for i in (0..rows).step_by(side) {
            for j in (0..cols).step_by(side) {
                let source = from
                    .ptr
                    .wrapping_offset(i as isize * from.row_stride + j as isize);
                let target = to
                    .ptr
                    .wrapping_offset(i as isize + j as isize * to.col_stride);
                // SAFETY: the square is inside both; the level says that AVX2 is there.
                unsafe {
                    transpose::square(
                        |i| source.wrapping_offset(i as isize * from.row_stride),
                        |j| target.wrapping_offset(j as isize * to.col_stride),
                    );
                }
            }
        }
    }
    for (i0, j0, i1, j1) in [(0, cols, rows, to.cols), (rows, 0, to.rows, to.cols)] {
        let (height, width) = (i1 - i0, j1 - j0);
        let offset = |rs: isize, cs: isize| i0 as isize * rs + j0 as isize * cs;
        let source = from.at(offset(from.row_stride, from.col_stride));
        let target = to.at(offset(to.row_stride, to.col_stride));
        // SAFETY: the caller's promise.
        unsafe {
            copy_indexed(
                MatRef {
                    rows: height,
                    cols: width,
                    ..source
                },
                MatMut {
                    rows: height,
                    cols: width,
                    ..target
                },
                |_, _, x| x,
            );
        }
    }
}

/// As [`copy_with`], by row and column.
///
/// # Safety
/// As [`copy_with`].
#[inline(always)]
unsafe fn copy_indexed<T: Copy>(from: MatRef<T>, to: MatMut<T>, f: impl Fn(usize, usize, T) -> T) {
    debug_assert_eq!((from.rows, from.cols), (to.rows, to.cols));
    // The inner loop runs along the axis that is contiguous in the destination.
    let turned = to.row_stride.unsigned_abs() < to.col_stride.unsigned_abs();
    let (from, to) = if turned {
        (from.t(), to.t())
    } else {
        (from, to)
    };
    let same_direction = from.col_stride.unsigned_abs() <= from.row_stride.unsigned_abs();
    let (tile_rows, tile_cols) = if same_direction {
        (1, to.cols.max(1))
    } else {
        (TILE, TILE)
    };
    for i0 in (0..to.rows).step_by(tile_rows) {
        for j0 in (0..to.cols).step_by(tile_cols) {
            for i in i0..(i0 + tile_rows).min(to.rows) {
                // SAFETY: row i is in range, so the caller's promise covers what follows.
                let (source, target) = unsafe {
                    (
                        from.ptr.offset(i as isize * from.row_stride),
                        to.ptr.offset(i as isize * to.row_stride),
                    )
                };
                for j in j0..(j0 + tile_cols).min(to.cols) {
                    // SAFETY: (i, j) is in range of both.
                    unsafe {
                        let x = source.offset(j as isize * from.col_stride).read();
                        let value = if turned { f(j, i, x) } else { f(i, j, x) };
                        target.offset(j as isize * to.col_stride).write(value);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pairs_of_layouts() {
        let (rows, cols) = (37usize, 70usize);
        let layouts = |r: usize, c: usize| {
            let (r, c) = (r as isize, c as isize);
            [
                (0, c, 1),
                (0, 1, r),
                (0, 2 * c, 2),
                ((r - 1) * c, -c, 1),
                (c - 1, c, -1),
                (0, 2, 2 * r),
            ]
        };
        let source: Vec<u32> = (0..4 * (rows * cols) as u32).collect();
        for (from_at, from_rs, from_cs) in layouts(rows, cols) {
            for (to_at, to_rs, to_cs) in layouts(rows, cols) {
                let mut target = vec![u32::MAX; 4 * rows * cols];
                let from = MatRef {
                    ptr: source[from_at as usize..].as_ptr(),
                    rows,
                    cols,
                    row_stride: from_rs,
                    col_stride: from_cs,
                };
                let to = MatMut {
                    ptr: target.as_mut_ptr().wrapping_offset(to_at),
                    rows,
                    cols,
                    row_stride: to_rs,
                    col_stride: to_cs,
                };
                // SAFETY: both layouts lie inside their vectors, which are different.
                unsafe { copy_with(from, to, |x| x + 1) };
                for i in 0..rows as isize {
                    for j in 0..cols as isize {
                        let a = source[(from_at + i * from_rs + j * from_cs) as usize];
                        let b = target[(to_at + i * to_rs + j * to_cs) as usize];
                        assert_eq!(a + 1, b);
                    }
                }
                let written = target.iter().filter(|&&x| x != u32::MAX).count();
                assert_eq!(written, rows * cols);
            }
        }
    }
}
