//! What happens to each element: the innermost part of a loop, generic over the user's closure.

use super::operands::Items;
use crate::engine::{Level, MAX_NDIM};

/// A stretch of elements: operand `k` has one every `steps[k]` elements from `ptrs[k]` on.
#[doc(hidden)]
pub struct Run<'a> {
    pub(super) level: Level,
    pub(super) n: usize,
    pub(super) ptrs: &'a [*mut u8],
    pub(super) steps: &'a [isize],
    /// Index of the first element, and the axis along which the others follow; meaningful only
    /// where indices were asked for.
    pub(super) index: [usize; MAX_NDIM],
    pub(super) axis: usize,
}

/// A function of an element and its place.
#[doc(hidden)]
pub trait Visit<P: Items> {
    /// Lanes are numbered below this.
    const BLOCK: usize = usize::MAX;
    /// # Safety
    /// `i` is below the number of elements that the visitor is made for.
    unsafe fn visit(&mut self, i: usize, lane: usize, item: P::Item<'_>);
}

/// Calls the user's closure, with or without an index.
pub(super) trait Call<P: Items, R> {
    fn call(&mut self, i: usize, item: P::Item<'_>) -> R;
}

// Closures are called through a reference to `Fn` or to `FnMut`, by two types. `&F` is `FnMut`
// itself, but by a function of the standard library's that is not inlined into the loops once the
// closure is large: six exponentials took 270 ns instead of 4.

/// A closure of items.
pub(super) struct Plain<'f, F>(pub &'f F);

impl<P: Items, R, F: for<'i> Fn(P::Item<'i>) -> R> Call<P, R> for Plain<'_, F> {
    #[inline(always)]
    fn call(&mut self, _: usize, item: P::Item<'_>) -> R {
        (*self.0)(item)
    }
}

/// A closure of items, with state.
pub(super) struct PlainMut<'f, F>(pub &'f mut F);

impl<P: Items, R, F: for<'i> FnMut(P::Item<'i>) -> R> Call<P, R> for PlainMut<'_, F> {
    #[inline(always)]
    fn call(&mut self, _: usize, item: P::Item<'_>) -> R {
        (*self.0)(item)
    }
}

/// Where the elements of a run are: from `first` on along `axis`.
pub(super) struct Place<I> {
    pub first: I,
    pub axis: usize,
}

impl<I: Copy + AsMut<[usize]>> Place<I> {
    /// Adds to one of the indices with selects, which vectorise; an indexed store does not.
    #[inline(always)]
    fn index(&self, i: usize) -> I {
        let mut index = self.first;
        for (axis, at) in index.as_mut().iter_mut().enumerate() {
            *at += if axis == self.axis { i } else { 0 };
        }
        index
    }
}

/// A closure of index and item.
pub(super) struct WithIndex<'f, F, I>(pub &'f F, pub Place<I>);

impl<P: Items, R, I: Copy + AsMut<[usize]>, F: for<'i> Fn(I, P::Item<'i>) -> R> Call<P, R>
    for WithIndex<'_, F, I>
{
    #[inline(always)]
    fn call(&mut self, i: usize, item: P::Item<'_>) -> R {
        (*self.0)(self.1.index(i), item)
    }
}

/// A closure of index and item, with state.
pub(super) struct WithIndexMut<'f, F, I>(pub &'f mut F, pub Place<I>);

impl<P: Items, R, I: Copy + AsMut<[usize]>, F: for<'i> FnMut(I, P::Item<'i>) -> R> Call<P, R>
    for WithIndexMut<'_, F, I>
{
    #[inline(always)]
    fn call(&mut self, i: usize, item: P::Item<'_>) -> R {
        (*self.0)(self.1.index(i), item)
    }
}

/// Stores what `call` returns; drops what was there if it needs dropping.
pub(super) struct Store<C, R> {
    pub call: C,
    pub out: *mut R,
}

impl<P: Items, R, C: Call<P, R>> Visit<P> for Store<C, R> {
    #[inline(always)]
    unsafe fn visit(&mut self, i: usize, _: usize, item: P::Item<'_>) {
        let value = self.call.call(i, item);
        // SAFETY: the caller's promise: there is room for an element at `i`, initialised if it
        // needs dropping.
        unsafe {
            if const { std::mem::needs_drop::<R>() } {
                *self.out.add(i) = value;
            } else {
                self.out.add(i).write(value);
            }
        }
    }
}

/// Appends what `call` returns, so that a panic drops what was made.
pub(super) struct Push<'v, C, R> {
    pub call: C,
    pub made: &'v mut Vec<R>,
}

impl<P: Items, R, C: Call<P, R>> Visit<P> for Push<'_, C, R> {
    #[inline(always)]
    unsafe fn visit(&mut self, i: usize, _: usize, item: P::Item<'_>) {
        self.made.push(self.call.call(i, item));
    }
}

/// Folds into one value.
pub(super) struct Fold<'f, F, R> {
    pub f: &'f F,
    /// `None` only while `f` runs, or after it panicked.
    pub acc: Option<R>,
}

impl<P: Items, R, F: for<'i> Fn(R, P::Item<'i>) -> R> Visit<P> for Fold<'_, F, R> {
    #[inline(always)]
    unsafe fn visit(&mut self, _: usize, _: usize, item: P::Item<'_>) {
        if let Some(acc) = self.acc.take() {
            self.acc = Some((*self.f)(acc, item));
        }
    }
}

/// As [`Fold`], with state.
pub(super) struct FoldMut<'f, F, R> {
    pub f: &'f mut F,
    /// As there.
    pub acc: Option<R>,
}

impl<P: Items, R, F: for<'i> FnMut(R, P::Item<'i>) -> R> Visit<P> for FoldMut<'_, F, R> {
    #[inline(always)]
    unsafe fn visit(&mut self, _: usize, _: usize, item: P::Item<'_>) {
        if let Some(acc) = self.acc.take() {
            self.acc = Some((*self.f)(acc, item));
        }
    }
}

/// Lanes of [`FoldLanes`]: eight AVX-512 registers of `f64`, enough to hide the latency of an
/// addition that goes through memory.
pub(super) const LANES: usize = 64;

/// Folds into one value per lane. Values need no drop.
pub(super) struct FoldLanes<'f, F, R> {
    pub f: &'f F,
    pub lanes: *mut R,
}

impl<P: Items, R, F: for<'i> Fn(R, P::Item<'i>) -> R> Visit<P> for FoldLanes<'_, F, R> {
    const BLOCK: usize = LANES;
    #[inline(always)]
    unsafe fn visit(&mut self, _: usize, lane: usize, item: P::Item<'_>) {
        // SAFETY: there are `LANES` initialised lanes; one that was moved out of when `f` panics
        // is not looked at again.
        unsafe {
            let lane = self.lanes.add(lane);
            lane.write((*self.f)(lane.read(), item));
        }
    }
}

/// Whether `f` held for every element so far.
pub(super) struct All<'f, F> {
    pub f: &'f F,
    pub holds: bool,
}

impl<P: Items, F: for<'i> Fn(P::Item<'i>) -> bool> Visit<P> for All<'_, F> {
    #[inline(always)]
    unsafe fn visit(&mut self, _: usize, _: usize, item: P::Item<'_>) {
        self.holds &= (*self.f)(item);
    }
}
