//! Reductions: from operands with strides to kernels that fold rectangles of elements into states.
//!
//! ```text
//! reduce(Task) ── Plan: one kept and one reduced main axis, the others around them
//!                   │ Rows: the reduced axis is the fast one; a row becomes one state
//!                   └ Columns: the kept axis is; rows are folded into a row of states
//!              ── per tile of kept positions: blocks of the reduced axes → kernel → tree of
//!                 partial states → finish → output
//! ```
//!
//! Blocks and the tree over them depend on shapes and strides alone. Threads take whole tiles, or
//! aligned powers of two of blocks, which are subtrees: results have the same bits however many
//! there are. Running totals ([`scan`]) keep one axis whole per thread. Operands that are not dense
//! along the fast axis are gathered (and transposed) into an L1 buffer first.

mod columns;
mod drive;
mod fold;
mod plan;
mod scan;
mod tree;

pub(crate) use drive::{Task, reduce};
pub(crate) use fold::{Fold, Reduction, Test, Way, any_lane, fold_leaf_if, fold_row};
pub(crate) use scan::{Scan, ScanKernel, scan};

use std::sync::atomic::AtomicBool;

use super::simd::Level;

/// Most inputs of a reduction.
pub(crate) const MAX_INPUTS: usize = 2;
/// Most elements along the reduced axis of a call of [`ReduceKernel::rows`].
pub(crate) const CHUNK: usize = 16 << 10;

/// A rectangle of elements: `kept` results of `reduced` elements each. Steps are in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rect {
    pub kept: usize,
    pub reduced: usize,
    pub ptrs: [*mut u8; MAX_INPUTS],
    pub kept_steps: [isize; MAX_INPUTS],
    pub reduced_steps: [isize; MAX_INPUTS],
    /// There is more than the second-level cache holds: rows of columns are asked for before they are read.
    pub far: bool,
}

impl Rect {
    /// One row of `n` dense elements.
    #[inline(always)]
    pub(crate) fn row<T>(ptr: *const T, n: usize) -> Self {
        Rect {
            kept: 1,
            reduced: n,
            ptrs: [ptr.cast_mut().cast(), std::ptr::null_mut()],
            kept_steps: [0; MAX_INPUTS],
            reduced_steps: [size_of::<T>() as isize, 0],
            far: false,
        }
    }

    /// As many rows as have so many elements together, at least one, after so many others.
    pub(crate) fn groups(&self, elements: usize) -> impl Iterator<Item = (usize, Self)> {
        let size = (elements / self.reduced.max(1)).max(1);
        (0..self.kept).step_by(size).map(move |start| {
            let mut part = Rect {
                kept: size.min(self.kept - start),
                ..*self
            };
            for (ptr, step) in part.ptrs.iter_mut().zip(self.kept_steps) {
                *ptr = ptr.wrapping_offset(step * start as isize);
            }
            (start, part)
        })
    }

    /// The same elements with one value for each result as the second input.
    pub(crate) fn with_values<B>(&self, values: *const B) -> Self {
        Rect {
            ptrs: [self.ptrs[0], values.cast_mut().cast()],
            kept_steps: [self.kept_steps[0], size_of::<B>() as isize],
            reduced_steps: [self.reduced_steps[0], 0],
            ..*self
        }
    }
}

/// What folds elements into states. A state is opaque to the driver; a region of `n` states is `n`
/// times [`state`](Self::state) bytes, aligned to a cache line, arranged as the kernel likes.
pub(crate) trait ReduceKernel: Sync {
    /// Bytes per state.
    fn state(&self) -> usize;

    /// Rows of a block of columns.
    fn block_rows(&self) -> usize {
        128
    }

    /// Reduces each row of the rectangle to one state. The first input is dense along the rows,
    /// the second dense or a single value (step 0); no row is longer than [`CHUNK`].
    ///
    /// # Safety
    /// The inputs are readable as the rectangle says, of the kernel's types; `states` has room for
    /// `rect.kept` states.
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8);

    /// The same; inputs are dense along the kept axis, or the second a single value per row.
    ///
    /// # Safety
    /// As [`rows`](Self::rows).
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8);

    /// Merges `n` states `from`, which each stand for `counts[1]` later elements, into `n` others,
    /// which stand for `counts[0]`.
    ///
    /// # Safety
    /// Both hold `n` states.
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, counts: [usize; 2]);
}

/// Turns `n` states into `n` dense results: `f(n, states, out, parameters)`.
pub(crate) type Finish = unsafe fn(usize, *const u8, *mut u8, &Parameters);

/// What results depend on besides states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'a> {
    /// Elements per result.
    pub count: usize,
    /// What divisors are less by.
    pub ddof: f64,
    /// A value that every result starts from; what there is of which type, the kernel's author
    /// knows.
    pub initial: *const u8,
    /// Set if one of the results does not exist.
    pub refused: &'a AtomicBool,
}
// SAFETY: the initial value is an element, and elements may be read by any thread.
unsafe impl Send for Parameters<'_> {}
// SAFETY: as above.
unsafe impl Sync for Parameters<'_> {}

impl Parameters<'_> {
    /// The elements less the degrees of freedom.
    #[inline(always)]
    pub(crate) fn divisor(&self) -> f64 {
        (self.count as f64 - self.ddof).max(0.0)
    }
}
