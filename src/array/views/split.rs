//! Several views at once, of parts of one array: split along an axis, or disjoint slices.

use crate::array::axis::Axis;
use crate::array::dimension::Dimension;
use crate::array::error::{ShapeError, unwrap};
use crate::array::layout::{Layout, View};
use crate::array::slice::MultiSlice;
use crate::array::types::{ArrayRef, ArrayView, ArrayViewMut};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// Two parts, before and from entry `at` of an axis.
    ///
    /// # Panics
    /// An axis that is not there, `at` beyond its end.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3, 4, 5];
    /// let (head, tail) = x.split_at(0, 2);
    /// assert_eq!(tail, array![3, 4, 5]);
    /// assert_eq!(head.len(), 2);
    /// ```
    #[track_caller]
    pub fn split_at(
        &self,
        axis: impl Into<Axis>,
        at: usize,
    ) -> (ArrayView<'_, T, D>, ArrayView<'_, T, D>) {
        unwrap(self.view().try_split_at(axis, at))
    }

    /// As [`split_at`](Self::split_at), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::Split`].
    pub fn try_split_at(
        &self,
        axis: impl Into<Axis>,
        at: usize,
    ) -> Result<(ArrayView<'_, T, D>, ArrayView<'_, T, D>), ShapeError> {
        self.view().try_split_at(axis, at)
    }

    /// As [`split_at`](Self::split_at), exclusive.
    ///
    /// # Panics
    /// As `split_at`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3, 4];
    /// let (mut head, tail) = x.split_at_mut(0, 2);
    /// head += &tail;
    /// assert_eq!(x, array![4, 6, 3, 4]);
    /// ```
    #[track_caller]
    pub fn split_at_mut(
        &mut self,
        axis: impl Into<Axis>,
        at: usize,
    ) -> (ArrayViewMut<'_, T, D>, ArrayViewMut<'_, T, D>) {
        self.view_mut().into_split_at(axis, at)
    }

    /// Several exclusive slices that share no element, as a tuple of up to six
    /// [`s![]`](crate::s).
    ///
    /// # Panics
    /// A slice that does not fit the array, or two that share an element.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![0, 1, 2, 3, 4, 5];
    /// let (mut even, odd) = x.multi_slice_mut((s![..;2], s![1..;2]));
    /// even += &odd;
    /// assert_eq!(x, array![1, 1, 5, 3, 9, 5]);
    /// ```
    #[track_caller]
    pub fn multi_slice_mut<'a, M: MultiSlice<'a, T, D>>(&'a mut self, slices: M) -> M::Out {
        unwrap(slices.cut(self.view_mut()))
    }

    /// As [`multi_slice_mut`](Self::multi_slice_mut), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Overlap`], and what slicing fails with.
    pub fn try_multi_slice_mut<'a, M: MultiSlice<'a, T, D>>(
        &'a mut self,
        slices: M,
    ) -> Result<M::Out, ShapeError> {
        slices.cut(self.view_mut())
    }
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// As [`ArrayRef::split_at`], with the view's own lifetime.
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn split_at(self, axis: impl Into<Axis>, at: usize) -> (Self, Self) {
        unwrap(self.try_split_at(axis, at))
    }

    /// As [`ArrayRef::try_split_at`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn try_split_at(
        self,
        axis: impl Into<Axis>,
        at: usize,
    ) -> Result<(Self, Self), ShapeError> {
        let (ptr, layout) = self.parts();
        let (a, b) = split(layout, axis.into(), at)?;
        // SAFETY: invariant 3.
        Ok(unsafe {
            (
                ArrayView::from_parts(ptr.offset(a.0), a.1),
                ArrayView::from_parts(ptr.offset(b.0), b.1),
            )
        })
    }
}

impl<T, D: Dimension> ArrayViewMut<'_, T, D> {
    /// As [`ArrayRef::split_at_mut`], consuming the view and keeping its lifetime.
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn into_split_at(self, axis: impl Into<Axis>, at: usize) -> (Self, Self) {
        let (ptr, layout) = self.parts();
        let (a, b) = unwrap(split(layout, axis.into(), at));
        // SAFETY: invariant 3, and the two parts keep different entries of the axis.
        unsafe {
            (
                ArrayViewMut::from_parts(ptr.offset(a.0), a.1),
                ArrayViewMut::from_parts(ptr.offset(b.0), b.1),
            )
        }
    }
}

fn split<D: Dimension>(
    layout: Layout<D>,
    axis: Axis,
    at: usize,
) -> Result<(View<D>, View<D>), ShapeError> {
    let axis = axis.resolve(layout.ndim())?;
    let len = layout.shape()[axis];
    if at > len {
        return Err(ShapeError::Split { at, axis, len });
    }
    Ok((
        layout.cut(axis, 0, at, 1),
        layout.cut(axis, at as isize, len - at, 1),
    ))
}
