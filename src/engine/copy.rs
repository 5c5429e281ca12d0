//! Copies and fills between any two layouts.

use super::blocks::Blocks;
use super::cost::{Cost, bytes_per_element};
use super::operand::Operand;
use super::par;
use super::plan::{Kind, Plan};
use super::simd;
use super::stream;
use super::transfer::{Side, transfer};

/// Bytes of a contiguous copy that are one unit of work.
const GRANULE_BYTES: usize = 64 << 10;
/// Elements of a block of rows.
const BLOCK: usize = 16 << 10;

/// Copies every element of `src` to `dst`, bit by bit, in parallel when it is worth it. `src` may
/// be broadcast.
///
/// # Safety
/// The engine's contract (see the module page), with `dst` as output and `src` as input, of equal
/// element sizes.
#[allow(dead_code)]
pub(crate) unsafe fn copy(shape: &[usize], dst: Operand, src: Operand) {
    let bytes = bytes_per_element(&[dst, src]).saturating_mul(shape.iter().product());
    let threads = Cost::Memory.threads(1, bytes);
    // SAFETY: the caller's contract.
    unsafe { copy_on(threads, stream::worthwhile(bytes), shape, dst, src) }
}

/// As [`copy`] on so many threads, with stores around the caches wherever possible if `streaming`.
///
/// # Safety
/// As [`copy`].
pub(super) unsafe fn copy_on(
    threads: usize,
    streaming: bool,
    shape: &[usize],
    dst: Operand,
    src: Operand,
) {
    debug_assert_eq!(dst.size, src.size);
    let ops = [dst, src];
    let plan = Plan::new(shape, &ops);
    let size = dst.size;
    if plan.kind() == Kind::Empty || size == 0 {
        return;
    }
    let level = simd::level();
    let (all_rows, all_cols) = plan.inner_shape();
    let (rows, cols) = match plan.kind() {
        Kind::Tiled => {
            let rows = (TILE_ROW_BYTES / size).clamp(1, all_rows);
            (rows, (TILE_COL_BYTES / size).clamp(1, all_cols))
        }
        Kind::Contiguous => (1, (GRANULE_BYTES / size).clamp(1, all_cols)),
        _ => {
            let cols = all_cols.min(BLOCK);
            ((BLOCK / cols).clamp(1, all_rows), cols)
        }
    };
    let side = |i: usize, ptr| {
        let (row, col) = plan.inner_strides(i);
        Side {
            ptr,
            row: row * size as isize,
            col: col * size as isize,
        }
    };
    let blocks = Blocks::new(&plan, &ops, rows, cols);
    par::for_ranges(blocks.count(), 1, threads, |_, range| {
        let _fence = streaming.then_some(stream::Fence);
        blocks.for_each(range, |block| {
            let (d, s) = (side(0, block.ptrs[0]), side(1, block.ptrs[1]));
            // SAFETY: the block is within both operands, which are disjoint.
            unsafe { transfer(level, size, d, s, block.rows, block.cols, streaming) }
        });
    });
}

/// A transposed tile: long along the destination's rows, some cache lines along the source's.
const TILE_ROW_BYTES: usize = 256;
const TILE_COL_BYTES: usize = 512;

/// Sets every element of `dst` to the one at `value`.
///
/// # Safety
/// As [`copy`]; `value` points to one element outside `dst`.
#[allow(dead_code)]
pub(crate) unsafe fn fill(shape: &[usize], dst: Operand, value: *const u8) {
    let src = Operand {
        ptr: value.cast_mut(),
        size: dst.size,
        strides: [0; super::operand::MAX_NDIM],
    };
    // SAFETY: the caller's contract.
    unsafe { copy(shape, dst, src) }
}
