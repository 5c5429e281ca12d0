//! Counts of elements of one byte, which are added in bytes.

use std::marker::PhantomData;

use super::kernels::Count;
use crate::array::Number;
use crate::engine::compress::count_if;
use crate::engine::reduce::{Fold, Rect, ReduceKernel};
use crate::engine::simd::{Level, simd_dispatch};

/// The fold of [`Count`], for types of one byte: their rows are not folded in lanes of states, which
/// are eight times as wide.
pub(super) struct CountBytes<T>(PhantomData<fn(T)>);

impl<T: Number> CountBytes<T> {
    const FOLD: Fold<Count, T, ()> = Fold::new();

    /// The kernel; usable in constants.
    pub(super) const fn new() -> Self {
        CountBytes(PhantomData)
    }
}

impl<T: Number> ReduceKernel for CountBytes<T> {
    fn state(&self) -> usize {
        Self::FOLD.state()
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { rows(level, rect, states.cast(), PhantomData::<T>) }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { Self::FOLD.columns(level, rect, states) }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, counts: [usize; 2]) {
        // SAFETY: the caller's contract.
        unsafe { Self::FOLD.merge(n, into, from, counts) }
    }
}

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::rows`].
    unsafe fn rows[T: Number](
        rect: &Rect, states: *mut usize, types: PhantomData<T>
    ) = rows_body
}
#[inline(always)]
unsafe fn rows_body<T: Number>(rect: &Rect, states: *mut usize, _: PhantomData<T>) {
    for k in 0..rect.kept {
        let first = rect.ptrs[0].wrapping_offset(rect.kept_steps[0] * k as isize);
        // SAFETY: the caller's contract: rows are dense, and there are as many states.
        unsafe {
            let row = match rect.reduced {
                // Then the pointer may be null.
                0 => &[],
                n => std::slice::from_raw_parts(first.cast_const().cast::<T>(), n),
            };
            states.add(k).write(count_if(row, |x| !x.is_zero()));
        }
    }
}
