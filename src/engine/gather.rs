//! Elements that indices choose from several places in memory.

use super::par::SendPtr;
use super::{Cost, par};

/// Elements per unit that is split over threads.
const GRANULE: usize = 1 << 12;

/// Where chosen elements lie.
pub(crate) enum Source<T> {
    /// One after the other, as results do.
    Dense(*const T),
    /// There is one for all results.
    Single(*const T),
}

/// `out[i] = sources[place(index[i])][i]` for the `n` elements of an index, on all threads.
///
/// # Safety
/// `n` elements are readable at `index` and at each dense source, one at each single one, and there is room for
/// `n` others at `out`; `place` gives less than the number of sources. Elements may be moved bitwise and on
/// any thread.
pub(crate) unsafe fn gather<I: Copy + Sync, T>(
    n: usize,
    index: *const I,
    place: impl Fn(I) -> usize + Sync,
    sources: &[Source<T>],
    out: *mut T,
) {
    let starts = sources.iter().map(|source| match *source {
        Source::Dense(at) => (SendPtr(at.cast_mut()), 1),
        Source::Single(at) => (SendPtr(at.cast_mut()), 0),
    });
    let starts: Vec<(SendPtr<T>, usize)> = starts.collect();
    let (starts, index, out) = (&starts[..], SendPtr(index.cast_mut()), SendPtr(out));
    let threads = Cost::Memory.threads(n, size_of::<I>() + 2 * size_of::<T>());
    par::for_ranges(n, GRANULE, threads, |_, range| {
        let (index, out) = (&index, &out);
        for at in range {
            // SAFETY: the caller's contract; every part writes elements of its own.
            unsafe {
                let (start, step) = starts.get_unchecked(place(*index.0.add(at)));
                let from = start.0.add(at * step);
                out.0.add(at).copy_from_nonoverlapping(from, 1);
            }
        }
    });
}
