//! Stores that bypass the caches, for results much larger than them.
//!
//! A non-temporal store of a whole cache line saves reading the line first. Inside the caches it
//! loses, so the drivers ask [`worthwhile`] about the whole operation.

use std::ops::Range;

use super::cache::{self, LINE};
use super::plan::Kind;
use super::simd::Level;

/// Bytes moved by each thread of an operation from which on its stores bypass the caches. What is
/// smaller may be in the caches already, or be read from them next [f64 `a + b` on one thread, 10 MB
/// moved, with a second-level cache of 2 MiB and a slow third of much more: 279 µs against 400].
const FROM: usize = 8 << 20;

/// The same with a third-level cache of at most [`SMALL_CACHE`], which is as fast as it is near
/// [f64 `a + b` on two threads, 24 MB moved, 16 MiB of cache: 290 µs streamed and 245 not].
const FROM_IF_NEAR: usize = 24 << 20;

/// Third-level caches up to this many bytes belong to a few cores; larger ones are spread over a chip.
const SMALL_CACHE: usize = 32 << 20;

/// The same where stores jump from row to row, so that reading the lines first costs more
/// [500 × 500 f64 `a + b.t()`: 0.23 ms against 0.68].
const FROM_IF_TILED: usize = 2 << 20;

/// Bytes computed into a buffer before they are streamed; much less is lost in starting and
/// stopping, much more in the L1 cache.
pub(super) const CHUNK: usize = 8 << 10;

/// Whether an operation of `threads` threads that moves `bytes` bytes should write around the
/// caches.
#[inline]
pub(super) fn worthwhile(bytes: usize, threads: usize, kind: Kind) -> bool {
    let each = bytes / threads;
    let large = match kind {
        Kind::Tiled => each >= FROM_IF_TILED,
        _ => {
            each >= FROM
                && (cache::third_level() > SMALL_CACHE
                    || each >= FROM_IF_NEAR
                    || bytes >= 4 * cache::third_level())
        }
    };
    cfg!(target_arch = "x86_64") && large
}

/// The rectangle of a buffered, streamed tile that goes to memory.
///
/// A tile's edges seldom are those of cache lines, and a line that two tiles write in part is
/// read and written twice. So a tile computes some columns of the next one as well
/// ([`Edges::extra`]), and in every row writes from its first whole line to the end of its last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    size: usize,
    first_col: usize,
    cols: usize,
    /// Columns beyond the tile's own that its buffer must hold.
    pub extra: usize,
    all_cols: usize,
}

impl Edges {
    pub(super) fn new(size: usize, first_col: usize, cols: usize, all_cols: usize) -> Self {
        let extra = (LINE / size).min(all_cols - first_col - cols);
        Edges {
            size,
            first_col,
            cols,
            extra,
            all_cols,
        }
    }

    /// The range of columns, counted from the tile's first, to write in the row whose first
    /// element of this tile is at `row`.
    pub(super) fn of_row(&self, row: *const u8) -> Range<usize> {
        let shift = |col: usize| {
            let at = row.wrapping_add(col * self.size).addr();
            let bytes = at.wrapping_neg() % LINE;
            let cols = if bytes.is_multiple_of(self.size) {
                bytes / self.size
            } else {
                0
            };
            (col + cols).min(self.cols + self.extra)
        };
        let start = if self.first_col == 0 { 0 } else { shift(0) };
        let end = if self.first_col + self.cols == self.all_cols {
            self.cols
        } else {
            shift(self.cols)
        };
        start..end
    }
}

/// Orders streamed stores before whatever follows; to be called, by dropping the guard, on the
/// thread that streamed, on every way out.
pub(super) struct Fence;

impl Drop for Fence {
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: SSE is in the baseline.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

/// Copies `bytes` bytes, whole cache lines of `dst` around the caches.
///
/// # Safety
/// As `copy_nonoverlapping`; a [`Fence`] must be dropped on this thread before anyone else reads.
#[inline]
pub(super) unsafe fn stream(level: Level, dst: *mut u8, src: *const u8, bytes: usize) {
    let head = dst.align_offset(LINE).min(bytes);
    let lines = (bytes - head) / LINE;
    let body = head + lines * LINE;
    // SAFETY: the three parts make up the range; the body's `dst` is aligned to 64.
    unsafe {
        dst.copy_from_nonoverlapping(src, head);
        stream_lines(level, dst.add(head), src.add(head), lines);
        dst.add(body)
            .copy_from_nonoverlapping(src.add(body), bytes - body);
    }
}

/// # Safety
/// `dst` is aligned to 64 and `lines` cache lines are valid on both sides.
#[inline]
unsafe fn stream_lines(level: Level, dst: *mut u8, src: *const u8, lines: usize) {
    // SAFETY: by contract; levels exist only after detection.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        match level {
            Level::Avx512 => x86::avx512(dst, src, lines),
            Level::Avx2 => x86::avx(dst, src, lines),
            Level::Baseline => x86::sse2(dst, src, lines),
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = level;
            dst.copy_from_nonoverlapping(src, lines * 64);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    macro_rules! lines {
        ($name:ident, $feature:literal, $ty:ty, $load:ident, $store:ident) => {
            /// # Safety
            /// The machine has the feature; `dst` is aligned to 64 and the lines are valid.
            #[target_feature(enable = $feature)]
            pub(super) unsafe fn $name(dst: *mut u8, src: *const u8, lines: usize) {
                const PER_LINE: usize = 64 / size_of::<$ty>();
                let (dst, src) = (dst.cast::<$ty>(), src.cast::<$ty>());
                for line in 0..lines {
                    for part in 0..PER_LINE {
                        let i = line * PER_LINE + part;
                        // SAFETY: inside the lines, and aligned as they are.
                        unsafe { $store(dst.add(i), $load(src.add(i))) }
                    }
                }
            }
        };
    }
    lines!(sse2, "sse2", __m128i, _mm_loadu_si128, _mm_stream_si128);
    lines!(avx, "avx", __m256i, _mm256_loadu_si256, _mm256_stream_si256);
    lines!(
        avx512,
        "avx512f",
        __m512i,
        _mm512_loadu_si512,
        _mm512_stream_si512
    );
}
