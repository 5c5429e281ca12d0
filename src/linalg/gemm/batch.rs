//! Many products of one shape.

use super::driver::{Problem, hand_out, run, sequential, single_tile, useful_threads};
use super::kernels::Kernels;
use crate::array::Number;

/// Where the operands of a batch member start, in elements from those of the first.
pub(super) type Offsets<'a> = &'a (dyn Fn(usize) -> (isize, isize, isize) + Sync);

/// Runs `batch` products that differ in where their operands start, on up to `threads` threads:
/// over the batch when it has a member for each, inside each product otherwise.
///
/// # Safety
/// As [`run`], for each member; the members' C do not overlap.
pub(super) unsafe fn run_batch<T: Number>(
    ks: &'static Kernels<T>,
    p: &Problem<T>,
    turned: bool,
    offsets: Offsets<'_>,
    batch: usize,
    threads: usize,
) {
    let starts = |i: usize| {
        let (mut a, mut b, c) = offsets(i);
        if turned {
            std::mem::swap(&mut a, &mut b);
        }
        let (pa, pb) = (p.a.ptr.wrapping_offset(a), p.b.ptr.wrapping_offset(b));
        (pa, pb, p.c.wrapping_offset(c))
    };
    let member = |i: usize| {
        let mut one = *p;
        (one.a.ptr, one.b.ptr, one.c) = starts(i);
        one
    };
    // A member costs at least the work of a small one: its fixed part.
    let work = p.work().max(256).saturating_mul(batch);
    let outside = useful_threads::<T>(work, threads);
    if outside > batch || (batch < 2 * outside && useful_threads::<T>(p.work(), threads) > 1) {
        for i in 0..batch {
            // SAFETY: the caller's contract.
            unsafe { run(ks, &member(i), threads) };
        }
        return;
    }
    hand_out(batch, batch.div_ceil(8 * outside), outside, |range| {
        if let Some((micro, mut tile)) = single_tile(ks, p) {
            for i in range {
                (tile.a, tile.b, tile.c) = starts(i);
                // SAFETY: the caller's contract; each member belongs to one piece.
                unsafe { micro(&tile) };
            }
        } else {
            for i in range {
                // SAFETY: as above.
                unsafe { sequential(ks, &member(i)) };
            }
        }
    });
}
