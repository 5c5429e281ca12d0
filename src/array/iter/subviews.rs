//! Iterators over views that all have one layout and start at the positions of another: along an
//! axis, lanes, windows.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::walk::Walk;
use crate::array::axis::Axis;
use crate::array::dimension::{Dimension, Ix1};
use crate::array::error::ShapeError;
use crate::array::lattice::RemoveAxis;
use crate::array::layout::Layout;
use crate::array::types::{ArrayView, ArrayViewMut};

/// Where the views start, and the layout that each of them has.
///
/// In a recipe made from a layout, start and view together reach only elements that the layout
/// reached, which is invariant 3. Where the layout is empty every start is its first position.
#[derive(Clone, Copy)]
pub(super) struct Recipe<O: Dimension, D: Dimension> {
    starts: Layout<O>,
    item: Layout<D>,
}

impl<O: Dimension, D: Dimension> Recipe<O, D> {
    /// An empty array may have no memory to step through.
    fn new(starts: Layout<O>, item: Layout<D>) -> Self {
        let starts = if item.len() == 0 {
            Layout::new(starts.dim(), O::zeroed_strides(starts.ndim()))
        } else {
            starts
        };
        Recipe { starts, item }
    }
}

fn one_axis<D: Dimension>(layout: &Layout<D>, axis: usize) -> Layout<Ix1> {
    Layout::new(
        crate::array::dimension::Ix([layout.shape()[axis]]),
        [layout.strides()[axis]],
    )
}

/// One view per entry of an axis, without that axis.
pub(super) fn along<D: RemoveAxis>(
    layout: &Layout<D>,
    axis: Axis,
) -> Result<Recipe<Ix1, D::Smaller>, ShapeError> {
    let axis = axis.resolve(layout.ndim())?;
    Ok(Recipe::new(
        one_axis(layout, axis),
        layout.remove_axis(axis),
    ))
}

/// One 1-d view along an axis per position of the other axes.
pub(super) fn lanes<D: RemoveAxis>(
    layout: &Layout<D>,
    axis: Axis,
) -> Result<Recipe<D::Smaller, Ix1>, ShapeError> {
    let axis = axis.resolve(layout.ndim())?;
    Ok(Recipe::new(
        layout.remove_axis(axis),
        one_axis(layout, axis),
    ))
}

/// One view of shape `window` per place where it fits.
pub(super) fn windows<D: Dimension>(
    layout: &Layout<D>,
    window: D,
) -> Result<Recipe<D, D>, ShapeError> {
    let fail = || ShapeError::Window {
        window: window.as_slice().to_vec(),
        shape: layout.shape().to_vec(),
    };
    if window.ndim() != layout.ndim() {
        return Err(fail());
    }
    let (mut starts, mut item) = (*layout, *layout);
    for (axis, &extent) in window.as_slice().iter().enumerate() {
        if extent == 0 {
            return Err(ShapeError::Zero {
                op: "windows",
                what: "a window extent",
            });
        }
        let places = (layout.shape()[axis] + 1)
            .checked_sub(extent)
            .filter(|&places| places > 0)
            .ok_or_else(fail)?;
        starts = starts.cut(axis, 0, places, 1).1;
        item = item.cut(axis, 0, extent, 1).1;
    }
    Ok(Recipe::new(starts, item))
}

macro_rules! view_iterator {
    ($(#[$doc:meta])* $name:ident<$dim:ident>: $starts:ty, $item:ty => $view:ident, $borrow:ty, send if $send:ident) => {
        $(#[$doc])*
        pub struct $name<'a, T, $dim: Dimension> {
            walk: Walk<T, $starts>,
            item: Layout<$item>,
            marker: PhantomData<$borrow>,
        }

        // SAFETY: an iterator gives what its views give.
        unsafe impl<T: $send, $dim: Dimension> Send for $name<'_, T, $dim> {}
        // SAFETY: as above; behind a shared reference it gives nothing.
        unsafe impl<T: Sync, $dim: Dimension> Sync for $name<'_, T, $dim> {}

        impl<'a, T, $dim: Dimension> $name<'a, T, $dim> {
            /// # Safety
            /// The recipe is of a layout whose elements, from `ptr`, are initialised and borrowed
            /// for `'a`; for exclusive views, no two of the recipe's views share an element.
            pub(super) unsafe fn new(ptr: NonNull<T>, recipe: Recipe<$starts, $item>) -> Self {
                $name {
                    walk: Walk::new(ptr, recipe.starts),
                    item: recipe.item,
                    marker: PhantomData,
                }
            }

            #[inline(always)]
            fn view(item: Layout<$item>, ptr: NonNull<T>) -> $view<'a, T, $item> {
                // SAFETY: the promise of `new`, and each start is visited once.
                unsafe { $view::from_parts(ptr, item) }
            }

            /// The first `at` views that are left, and the others.
            #[cfg(feature = "rayon")]
            pub(super) fn split_at(self, at: usize) -> (Self, Self) {
                let (head, tail) = self.walk.split_at(at);
                let part = |walk| $name { walk, item: self.item, marker: PhantomData };
                (part(head), part(tail))
            }
        }

        impl<'a, T, $dim: Dimension> Iterator for $name<'a, T, $dim> {
            type Item = $view<'a, T, $item>;
            #[inline(always)]
            fn next(&mut self) -> Option<Self::Item> {
                let ptr = self.walk.next()?;
                Some(Self::view(self.item, ptr))
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.walk.len(), Some(self.walk.len()))
            }
            #[inline]
            fn nth(&mut self, n: usize) -> Option<Self::Item> {
                self.walk.skip(n);
                self.next()
            }
            #[inline]
            fn count(self) -> usize {
                self.walk.len()
            }
            #[inline]
            fn last(mut self) -> Option<Self::Item> {
                self.next_back()
            }
            #[inline]
            fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                let item = self.item;
                self.walk.fold(init, |acc, ptr| f(acc, Self::view(item, ptr)))
            }
        }
        impl<T, $dim: Dimension> DoubleEndedIterator for $name<'_, T, $dim> {
            #[inline(always)]
            fn next_back(&mut self) -> Option<Self::Item> {
                let ptr = self.walk.next_back()?;
                Some(Self::view(self.item, ptr))
            }
            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
                self.walk.skip_back(n);
                self.next_back()
            }
            #[inline]
            fn rfold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut f: F) -> B {
                let item = self.item;
                self.walk.rfold(init, |acc, ptr| f(acc, Self::view(item, ptr)))
            }
        }
        impl<T, $dim: Dimension> ExactSizeIterator for $name<'_, T, $dim> {}
        impl<T, $dim: Dimension> FusedIterator for $name<'_, T, $dim> {}

        impl<T, $dim: Dimension> fmt::Debug for $name<'_, T, $dim> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("len", &self.len())
                    .field("shape", &self.item.shape())
                    .finish_non_exhaustive()
            }
        }
    };
}

macro_rules! shared {
    ($($name:ident<$dim:ident>)+) => {$(
        impl<T, $dim: Dimension> Clone for $name<'_, T, $dim> {
            #[inline]
            fn clone(&self) -> Self {
                $name { walk: self.walk.clone(), ..*self }
            }
        }
    )+};
}
shared! { AxisIter<D> Lanes<O> Windows<D> }

view_iterator! {
    /// An iterator over the views of rank `D` along an axis: what
    /// [`axis_iter`](crate::ArrayRef::axis_iter), [`outer_iter`](crate::ArrayRef::outer_iter),
    /// [`rows`](crate::ArrayRef::rows) and [`columns`](crate::ArrayRef::columns) return.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4], [5, 6]];
    /// let mut rows = x.outer_iter();
    /// assert_eq!(rows.len(), 3);
    /// assert_eq!(rows.next_back(), Some(array![5, 6].view()));
    /// assert_eq!(rows.nth(1), Some(array![3, 4].view()));
    /// assert_eq!(rows.next(), None);
    /// ```
    AxisIter<D>: Ix1, D => ArrayView, &'a T, send if Sync
}
view_iterator! {
    /// An iterator over the exclusive views of rank `D` along an axis: what
    /// [`axis_iter_mut`](crate::ArrayRef::axis_iter_mut),
    /// [`outer_iter_mut`](crate::ArrayRef::outer_iter_mut),
    /// [`rows_mut`](crate::ArrayRef::rows_mut) and [`columns_mut`](crate::ArrayRef::columns_mut)
    /// return.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// let mut rows = x.outer_iter_mut();
    /// let (first, mut second) = (rows.next().unwrap(), rows.next().unwrap());
    /// second += &first;
    /// assert_eq!(x, array![[1, 2], [4, 6]]);
    /// ```
    AxisIterMut<D>: Ix1, D => ArrayViewMut, &'a mut T, send if Send
}
view_iterator! {
    /// An iterator over the 1-d views along an axis, for all positions (rank `O`) of the other
    /// axes: what [`lanes`](crate::ArrayRef::lanes) returns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// let sums: Vec<i32> = x.lanes(1).map(|lane| lane.iter().sum()).collect();
    /// assert_eq!(sums, [6, 15]);
    /// ```
    Lanes<O>: O, Ix1 => ArrayView, &'a T, send if Sync
}
view_iterator! {
    /// An iterator over the exclusive 1-d views along an axis, for all positions (rank `O`) of the
    /// other axes: what [`lanes_mut`](crate::ArrayRef::lanes_mut) returns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[3, 1, 2], [6, 5, 4]];
    /// for mut lane in x.lanes_mut(1) {
    ///     lane.as_slice_mut().unwrap().sort();
    /// }
    /// assert_eq!(x, array![[1, 2, 3], [4, 5, 6]]);
    /// ```
    LanesMut<O>: O, Ix1 => ArrayViewMut, &'a mut T, send if Send
}
view_iterator! {
    /// An iterator over all windows of one shape: what [`windows`](crate::ArrayRef::windows)
    /// returns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 4, 9, 16];
    /// let steps: Vec<i32> = x.windows(2).map(|w| w[1] - w[0]).collect();
    /// assert_eq!(steps, [3, 5, 7]);
    /// ```
    Windows<D>: D, D => ArrayView, &'a T, send if Sync
}
