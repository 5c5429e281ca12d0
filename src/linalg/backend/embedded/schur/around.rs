//! What surrounds a window on the diagonal: it gets the window's transformation as products.

use super::Square;
use crate::array::Float;
use crate::engine::par::for_ranges;
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// Rows or columns that are copied and multiplied at once.
const CHUNK: usize = 128;
/// Multiplications from which threads share them.
const PARALLEL_FROM: usize = 1 << 17;

/// Which elements of H are kept up: rows from `top` on and columns before `right`.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) top: usize,
    pub(super) right: usize,
}

/// Room for [`transform`](Around::transform).
pub(super) struct Around<R> {
    copies: Vec<R>,
    threads: usize,
}

impl<R: Float> Around<R> {
    pub(super) fn new(threads: usize) -> Self {
        let (copies, threads) = (Vec::new(), threads.max(1));
        Around { copies, threads }
    }

    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    /// For an orthogonal U of the rows and columns from `at` on, `H ← Uᵀ·H` to the right of these columns,
    /// `H ← H·U` above these rows, and `Z ← Z·U`.
    pub(super) fn transform(
        &mut self,
        u: MatRef<R>,
        h: &mut Square<'_, R>,
        z: Option<&mut Square<'_, R>>,
        at: usize,
        span: Span,
    ) {
        struct Shared<R>([MatMut<R>; 3], *mut R);
        // SAFETY: parts use rows or columns and copies of their own.
        unsafe impl<R: Send> Sync for Shared<R> {}
        let (n, width) = (h.n, u.rows);
        let next = at + width;
        assert!(next <= n && span.top <= at && u.cols == width);
        let within = |data: &mut [R], i: usize, j: usize, rows: usize, cols: usize| {
            debug_assert!(i + rows <= n && j + cols <= n);
            MatMut {
                ptr: data.as_mut_ptr().wrapping_add(i + j * n),
                rows,
                cols,
                row_stride: 1,
                col_stride: n as isize,
            }
        };
        let right = span.right.saturating_sub(next);
        // Columns of the first, and rows of the others, are transformed each by itself.
        let beside = within(h.data, at, next, width, right);
        let above = within(h.data, span.top, at, at - span.top, width);
        let z = match z {
            Some(z) => {
                assert_eq!(z.n, n);
                within(z.data, 0, at, n, width)
            }
            None => MatMut { rows: 0, ..above },
        };
        let lengths = [right, above.rows, z.rows];
        let total: usize = lengths.iter().sum();
        let threads = if total * width * width < PARALLEL_FROM {
            1
        } else {
            self.threads
        };
        let size = CHUNK * width;
        if self.copies.len() < size * threads {
            self.copies.resize(size * threads, R::zero());
        }
        let shared = Shared([beside, above, z], self.copies.as_mut_ptr());
        for_ranges(total, 16, threads, |index, range| {
            let Shared(parts, copies) = &shared;
            let copies = copies.wrapping_add(index * size);
            let mut before = 0;
            for (kind, part) in parts.iter().enumerate() {
                let first = range.start.max(before) - before;
                let end = range.end.clamp(before, before + lengths[kind]) - before;
                before += lengths[kind];
                for from in (first..end).step_by(CHUNK) {
                    let count = CHUNK.min(end - from);
                    // SAFETY: inside the matrices, which are apart from U and the copies.
                    unsafe {
                        if kind == 0 {
                            let to = MatMut {
                                cols: count,
                                ..part.at(from as isize * part.col_stride)
                            };
                            let copy = duplicate(to, copies);
                            gemm(R::one(), u.t(), false, copy, false, Beta::Zero, to, 1);
                        } else {
                            let to = MatMut {
                                rows: count,
                                ..part.at(from as isize)
                            };
                            let copy = duplicate(to, copies);
                            gemm(R::one(), copy, false, u, false, Beta::Zero, to, 1);
                        }
                    }
                }
            }
        });
    }
}

/// A dense copy of `from` at `to`.
///
/// # Safety
/// `from` is initialised with contiguous columns, `to` has as many elements.
unsafe fn duplicate<R: Float>(from: MatMut<R>, to: *mut R) -> MatRef<R> {
    for j in 0..from.cols {
        // SAFETY: the caller's promise.
        unsafe {
            let column = from.ptr.add(j * from.col_stride as usize);
            to.add(j * from.rows)
                .copy_from_nonoverlapping(column, from.rows);
        }
    }
    MatRef {
        ptr: to,
        col_stride: from.rows as isize,
        ..from.as_ref()
    }
}
