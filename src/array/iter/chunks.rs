//! Consecutive parts of one axis, of which the last may be smaller.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::array::axis::Axis;
use crate::array::dimension::Dimension;
use crate::array::error::ShapeError;
use crate::array::layout::{Layout, View};
use crate::array::types::{ArrayView, ArrayViewMut};

/// Where the parts that are left start, relative to the first element, and what they look like.
#[derive(Clone, Copy)]
pub(super) struct Cuts<D: Dimension> {
    /// Where the first part starts.
    start: isize,
    /// Entries of the axis that are left.
    entries: usize,
    /// The length of all parts but the last, not 0.
    size: usize,
    axis: usize,
    /// The stride of that axis; 0 where the array is empty and may have no memory to step through.
    stride: isize,
    /// The layout of all parts but the last.
    item: Layout<D>,
}

impl<D: Dimension> Cuts<D> {
    pub(super) fn new(layout: &Layout<D>, axis: Axis, size: usize) -> Result<Self, ShapeError> {
        let axis = axis.resolve(layout.ndim())?;
        if size == 0 {
            return Err(ShapeError::Zero {
                op: "axis_chunks",
                what: "the chunk size",
            });
        }
        let (entries, empty) = (layout.shape()[axis], layout.len() == 0);
        let size = size.min(entries.max(1));
        Ok(Cuts {
            start: 0,
            entries,
            size,
            axis,
            stride: if empty { 0 } else { layout.strides()[axis] },
            item: layout.cut(axis, 0, size, 1).1,
        })
    }

    #[inline]
    fn len(&self) -> usize {
        self.entries.div_ceil(self.size)
    }

    /// The part of `n` entries from entry `at`.
    #[inline(always)]
    fn part(&self, at: usize, n: usize) -> View<D> {
        let item = if n == self.size {
            self.item
        } else {
            self.item.cut(self.axis, 0, n, 1).1
        };
        (self.start + at as isize * self.stride, item)
    }

    /// Drops `n` entries at the front; where none are left, `start` stays inside the array.
    #[inline(always)]
    fn drop_entries(&mut self, n: usize) {
        self.entries -= n;
        if self.entries > 0 {
            self.start += n as isize * self.stride;
        }
    }

    /// The entry at which part `n` starts, or the end of the axis.
    #[inline]
    fn entry(&self, n: usize) -> usize {
        n.saturating_mul(self.size).min(self.entries)
    }

    #[inline(always)]
    fn next(&mut self) -> Option<View<D>> {
        if self.entries == 0 {
            return None;
        }
        let n = self.size.min(self.entries);
        let part = self.part(0, n);
        self.drop_entries(n);
        Some(part)
    }

    #[inline]
    fn next_back(&mut self) -> Option<View<D>> {
        let at = self.entry(self.len().checked_sub(1)?);
        let part = self.part(at, self.entries - at);
        self.entries = at;
        Some(part)
    }

    /// Drops the first `n` parts, or all.
    fn skip(&mut self, n: usize) {
        self.drop_entries(self.entry(n));
    }

    /// Keeps the first `n` parts, or all.
    fn truncate(&mut self, n: usize) {
        self.entries = self.entry(n);
    }
}

macro_rules! chunk_iterator {
    ($(#[$doc:meta])* $name:ident => $view:ident, $borrow:ty, send if $send:ident) => {
        $(#[$doc])*
        pub struct $name<'a, T, D: Dimension> {
            ptr: NonNull<T>,
            cuts: Cuts<D>,
            marker: PhantomData<$borrow>,
        }

        // SAFETY: an iterator gives what its views give.
        unsafe impl<T: $send, D: Dimension> Send for $name<'_, T, D> {}
        // SAFETY: as above; behind a shared reference it gives nothing.
        unsafe impl<T: Sync, D: Dimension> Sync for $name<'_, T, D> {}

        impl<'a, T, D: Dimension> $name<'a, T, D> {
            /// # Safety
            /// The cuts are of a layout whose elements, from `ptr`, are initialised and borrowed
            /// for `'a`; for exclusive views, it reaches no element twice.
            pub(super) unsafe fn new(ptr: NonNull<T>, cuts: Cuts<D>) -> Self {
                $name { ptr, cuts, marker: PhantomData }
            }

            #[inline]
            fn view(ptr: NonNull<T>, (offset, layout): View<D>) -> $view<'a, T, D> {
                // SAFETY: the promise of `new` and invariant 3; no entry of the axis is in two
                // parts.
                unsafe { $view::from_parts(ptr.offset(offset), layout) }
            }

            /// The first `at` chunks that are left, and the others.
            #[cfg(feature = "rayon")]
            pub(super) fn split_at(self, at: usize) -> (Self, Self) {
                let (mut head, mut tail) = (self.cuts, self.cuts);
                head.truncate(at);
                tail.skip(at);
                let part = |cuts| $name { cuts, ..self };
                (part(head), part(tail))
            }
        }

        impl<'a, T, D: Dimension> Iterator for $name<'a, T, D> {
            type Item = $view<'a, T, D>;
            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                let part = self.cuts.next()?;
                Some(Self::view(self.ptr, part))
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.cuts.len(), Some(self.cuts.len()))
            }
            #[inline]
            fn nth(&mut self, n: usize) -> Option<Self::Item> {
                self.cuts.skip(n);
                self.next()
            }
            #[inline]
            fn count(self) -> usize {
                self.cuts.len()
            }
            #[inline]
            fn last(mut self) -> Option<Self::Item> {
                self.next_back()
            }
        }
        impl<T, D: Dimension> DoubleEndedIterator for $name<'_, T, D> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                let part = self.cuts.next_back()?;
                Some(Self::view(self.ptr, part))
            }
            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
                self.cuts.truncate(self.cuts.len().saturating_sub(n));
                self.next_back()
            }
        }
        impl<T, D: Dimension> ExactSizeIterator for $name<'_, T, D> {}
        impl<T, D: Dimension> FusedIterator for $name<'_, T, D> {}

        impl<T, D: Dimension> fmt::Debug for $name<'_, T, D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("len", &self.len())
                    .field("size", &self.cuts.size)
                    .finish_non_exhaustive()
            }
        }
    };
}

chunk_iterator! {
    /// An iterator over consecutive parts of an axis: what
    /// [`axis_chunks`](crate::ArrayRef::axis_chunks) returns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3, 4, 5];
    /// let mut chunks = x.axis_chunks(0, 2);
    /// assert_eq!(chunks.len(), 3);
    /// assert_eq!(chunks.next_back(), Some(array![5].view()));
    /// assert_eq!(chunks.next_back(), Some(array![3, 4].view()));
    /// ```
    AxisChunks => ArrayView, &'a T, send if Sync
}
chunk_iterator! {
    /// An iterator over exclusive consecutive parts of an axis: what
    /// [`axis_chunks_mut`](crate::ArrayRef::axis_chunks_mut) returns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3, 4, 5];
    /// for (i, mut chunk) in x.axis_chunks_mut(0, 2).enumerate() {
    ///     chunk.fill(i as i32);
    /// }
    /// assert_eq!(x, array![0, 0, 1, 1, 2]);
    /// ```
    AxisChunksMut => ArrayViewMut, &'a mut T, send if Send
}

impl<T, D: Dimension> Clone for AxisChunks<'_, T, D> {
    #[inline]
    fn clone(&self) -> Self {
        AxisChunks { ..*self }
    }
}
