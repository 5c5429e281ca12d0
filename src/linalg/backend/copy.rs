//! Moving a matrix between layouts at a backend's border.

use crate::linalg::raw::{MatMut, MatRef};

/// Side of the square tiles in which both sides of a transposing copy stay in the first-level cache.
const TILE: usize = 32;

/// `to = f(from)`, element by element, any strides; `to` may be uninitialised.
///
/// # Safety
/// Equal shapes; `from` is readable and initialised, `to` writable; they are the same matrix with the
/// same strides, or do not overlap.
pub(in crate::linalg) unsafe fn copy<T: Copy>(from: MatRef<T>, to: MatMut<T>, f: impl Fn(T) -> T) {
    debug_assert_eq!((from.rows, from.cols), (to.rows, to.cols));
    // The inner loop runs along the axis that is contiguous in the destination.
    let (from, to) = if to.row_stride.unsigned_abs() < to.col_stride.unsigned_abs() {
        (from.t(), to.t())
    } else {
        (from, to)
    };
    let same_direction = from.col_stride.unsigned_abs() <= from.row_stride.unsigned_abs();
    #[cfg(test)]
    super::calls::count_copy(to.rows, to.cols, !same_direction);
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
                for j in j0 as isize..(j0 + tile_cols).min(to.cols) as isize {
                    // SAFETY: (i, j) is in range of both.
                    unsafe {
                        let value = f(source.offset(j * from.col_stride).read());
                        target.offset(j * to.col_stride).write(value);
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
                unsafe { copy(from, to, |x| x + 1) };
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
