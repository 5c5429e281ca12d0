//! Copies and fills between any two layouts.

use std::mem::MaybeUninit;

use super::blocks::{Blocks, Walk};
use super::cache::LINE;
use super::cost::{Cost, bytes_per_element};
use super::operand::Operand;
use super::par;
use super::plan::{Kind, Plan};
use super::simd;
use super::stream::{self, Edges};
use super::transfer::{Side, stream_tile, tile_shape, transfer};

/// Copies every element of `src` to `dst`, bit by bit, in parallel when it is worth it. `src` may
/// be broadcast.
///
/// # Safety
/// The engine's contract (see the module page), with `dst` as output and `src` as input, of equal
/// element sizes.
pub(crate) unsafe fn copy(shape: &[usize], dst: Operand, src: Operand) {
    debug_assert_eq!(dst.size, src.size);
    let ops = [dst, src];
    let plan = Plan::new(shape, &ops);
    let bytes = bytes_per_element(&ops);
    let threads = Cost::Memory.threads(plan.len(), bytes);
    let streaming = stream::worthwhile(bytes.saturating_mul(plan.len()), threads, plan.kind());
    // SAFETY: the caller's contract.
    unsafe { copy_on(threads, streaming, &plan, ops) }
}

/// As [`copy`] on so many threads, with stores around the caches wherever possible if `streaming`.
///
/// # Safety
/// As [`copy`]; `plan` was made of `ops`, the destination and the source.
pub(super) unsafe fn copy_on(threads: usize, streaming: bool, plan: &Plan, ops: [Operand; 2]) {
    let size = ops[0].size;
    if plan.kind() == Kind::Empty || size == 0 {
        return;
    }
    let level = simd::level();
    let (all_rows, all_cols) = plan.inner_shape();
    let (rows, cols) = match plan.kind() {
        Kind::Tiled => match tile_shape(size) {
            // Short rows: a block is a stretch of whole ones, dense if the destination is.
            (rows, cols) if all_cols < cols => (rows.max(TILE / (all_cols * size)), all_cols),
            shape => shape,
        },
        Kind::Contiguous => (1, (GRANULE_BYTES / size).max(1)),
        _ => {
            let cols = all_cols.min(BLOCK);
            (BLOCK / cols, cols)
        }
    };
    let (rows, cols) = (rows.min(all_rows), cols.min(all_cols));
    let side = |i: usize, ptr| {
        let (row, col) = plan.inner_strides(i);
        Side {
            ptr,
            row: row * size as isize,
            col: col * size as isize,
        }
    };
    let through_buffer = streaming
        && plan.kind() == Kind::Tiled
        && plan.inner_strides(0).1 == 1
        && rows * (cols * size + LINE.min((all_cols - cols) * size)) <= TILE;
    let whole_rows = cols == all_cols;
    // Down the columns, the source is read along its own memory, which the hardware prefetches,
    // and the stores, which wait for nothing, take the jumps.
    let walk = if plan.kind() == Kind::Tiled {
        Walk::Down
    } else {
        Walk::Along
    };
    let blocks = Blocks::new(plan, &ops, rows, cols, walk);
    par::for_ranges(blocks.count(), 1, threads, |_, range| {
        let _fence = streaming.then_some(stream::Fence);
        let mut tile = Tile(MaybeUninit::uninit());
        blocks.for_each(range, |block| {
            let (d, s) = (side(0, block.ptrs[0]), side(1, block.ptrs[1]));
            let (rows, cols) = (block.rows, block.cols);
            // SAFETY: the block is within both operands, which are disjoint; with its extra
            // columns it is still within the source, and fits the buffer.
            unsafe {
                if through_buffer {
                    let edges = Edges::new(size, block.first_col, cols, all_cols);
                    let cols = cols + edges.extra;
                    let buffer = Side::dense(tile.0.as_mut_ptr().cast(), cols, size);
                    transfer(level, size, buffer, s, rows, cols, false);
                    if whole_rows {
                        transfer(level, size, d, buffer, rows, cols, true);
                    } else {
                        stream_tile(level, size, d, buffer, rows, edges);
                    }
                } else {
                    transfer(level, size, d, s, rows, cols, streaming);
                }
            }
        });
    });
}

/// Bytes of a contiguous copy that are one unit of work.
const GRANULE_BYTES: usize = 64 << 10;
/// Elements of a block of rows.
const BLOCK: usize = 16 << 10;

/// Bytes of a tile and of the extra columns of its streamed form.
const TILE: usize = 20 << 10;

#[repr(C, align(64))]
struct Tile(MaybeUninit<[u8; TILE]>);

/// Sets every element of `dst` to the one at `value`.
///
/// # Safety
/// As [`copy`]; `value` points to one element outside `dst`.
pub(crate) unsafe fn fill(shape: &[usize], dst: Operand, value: *const u8) {
    let src = Operand {
        ptr: value.cast_mut(),
        size: dst.size,
        strides: [0; super::operand::MAX_NDIM],
    };
    // SAFETY: the caller's contract.
    unsafe { copy(shape, dst, src) }
}
