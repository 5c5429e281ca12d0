//! The methods that start iterators over views: on `&ArrayRef` and, with the full lifetime, on
//! `ArrayView`; exclusive on `&mut ArrayRef` (`…_mut`); consuming on `ArrayViewMut` (`into_…`);
//! fallible (`try_…`).

use super::chunks::{AxisChunks, AxisChunksMut, Cuts};
use super::subviews::{self, AxisIter, AxisIterMut, Lanes, LanesMut, Windows};
use crate::array::axis::Axis;
use crate::array::dimension::{Dimension, Ix1, Ix2, IxDyn};
use crate::array::error::{ShapeError, unwrap};
use crate::array::lattice::RemoveAxis;
use crate::array::shape::IntoShape;
use crate::array::types::{ArrayRef, ArrayView, ArrayViewMut};

macro_rules! iterations {
    ($(
        $(#[$doc:meta])*
        $name:ident $try_name:ident,
        $(#[$mut_doc:meta])*
        $mut_name:ident $try_mut_name:ident $into_name:ident
        ($($arg:ident: $ty:ty),*) -> $iter:ident $iter_mut:ident<$dim:ty> $(where [$($bound:tt)*])?
        = |$layout:ident| $body:expr;
    )+) => {$(
        impl<T, D: Dimension> ArrayRef<T, D> {
            $(#[$doc])*
            #[inline]
            #[track_caller]
            pub fn $name(&self, $($arg: $ty),*) -> $iter<'_, T, $dim> $(where $($bound)*)? {
                unwrap(self.view().$try_name($($arg),*))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.\n\n# Errors\nThe [`ShapeError`] that `", stringify!($name), "` panics with.")]
            #[inline]
            pub fn $try_name(&self, $($arg: $ty),*) -> Result<$iter<'_, T, $dim>, ShapeError>
            $(where $($bound)*)? {
                self.view().$try_name($($arg),*)
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), exclusive.\n\n# Panics\nAs `", stringify!($name), "`.\n")]
            $(#[$mut_doc])*
            #[inline]
            #[track_caller]
            pub fn $mut_name(&mut self, $($arg: $ty),*) -> $iter_mut<'_, T, $dim>
            $(where $($bound)*)? {
                self.view_mut().$into_name($($arg),*)
            }

            #[doc = concat!("As [`", stringify!($mut_name), "`](Self::", stringify!($mut_name), "), with the mistake as an error.\n\n# Errors\nThe [`ShapeError`] that `", stringify!($mut_name), "` panics with.")]
            #[inline]
            pub fn $try_mut_name(&mut self, $($arg: $ty),*) -> Result<$iter_mut<'_, T, $dim>, ShapeError>
            $(where $($bound)*)? {
                let (ptr, $layout) = self.view_mut().parts();
                // SAFETY: the recipe is of this layout, which reaches no element twice
                // (invariant 4), so that no two views, which lie at different indices, share one.
                $body.map(|recipe| unsafe { $iter_mut::new(ptr, recipe) })
            }
        }

        impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
            #[doc = concat!("As [`ArrayRef::", stringify!($name), "`], with the view's own lifetime.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $name(self, $($arg: $ty),*) -> $iter<'a, T, $dim> $(where $($bound)*)? {
                unwrap(self.$try_name($($arg),*))
            }

            #[doc = concat!("As [`ArrayRef::", stringify!($try_name), "`], with the view's own lifetime.\n\n# Errors\nAs there.")]
            #[inline]
            pub fn $try_name(self, $($arg: $ty),*) -> Result<$iter<'a, T, $dim>, ShapeError>
            $(where $($bound)*)? {
                let (ptr, $layout) = self.parts();
                // SAFETY: the recipe is of this layout, whose elements are shared (invariant 2).
                $body.map(|recipe| unsafe { $iter::new(ptr, recipe) })
            }
        }

        impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
            #[doc = concat!("As [`ArrayRef::", stringify!($mut_name), "`], consuming the view and keeping its lifetime.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $into_name(self, $($arg: $ty),*) -> $iter_mut<'a, T, $dim>
            $(where $($bound)*)? {
                let (ptr, $layout) = self.parts();
                // SAFETY: as in the borrowing form.
                unwrap($body.map(|recipe| unsafe { $iter_mut::new(ptr, recipe) }))
            }
        }
    )+};
}

iterations! {
    /// One view per entry of an axis, without that axis (`for part in np.moveaxis(x, axis, 0)`).
    ///
    /// # Panics
    /// An axis that is not there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// let sums: Vec<i32> = x.axis_iter(-1).map(|column| column.iter().sum()).collect();
    /// assert_eq!(sums, [5, 7, 9]);
    /// ```
    axis_iter try_axis_iter,
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1, 2, 3], [4, 5, 6]];
    /// for (i, mut column) in x.axis_iter_mut(1).enumerate() {
    ///     column *= i as i32;
    /// }
    /// assert_eq!(x, array![[0, 2, 6], [0, 5, 12]]);
    /// ```
    axis_iter_mut try_axis_iter_mut into_axis_iter
        (axis: impl Into<Axis>) -> AxisIter AxisIterMut<D::Smaller> where [D: RemoveAxis]
        = |layout| subviews::along(&layout, axis.into());

    /// One view per entry of the first axis (`for part in x` in NumPy); needs at least one axis.
    ///
    /// # Panics
    /// No axes, where the rank is known at run time only.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array1::arange(0, 12, 1).into_reshape([3, 2, 2]);
    /// for (i, matrix) in x.outer_iter().enumerate() {
    ///     assert_eq!(matrix.shape(), &[2, 2]);
    ///     assert_eq!(matrix[[0, 0]], 4 * i as i32);
    /// }
    /// ```
    outer_iter try_outer_iter,
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1.0, 3.0], [2.0, 2.0]];
    /// for mut row in x.outer_iter_mut() {
    ///     let total: f64 = row.iter().sum();
    ///     row /= total;
    /// }
    /// assert_eq!(x, array![[0.25, 0.75], [0.5, 0.5]]);
    /// ```
    outer_iter_mut try_outer_iter_mut into_outer_iter
        () -> AxisIter AxisIterMut<D::Smaller> where [D: RemoveAxis]
        = |layout| subviews::along(&layout, Axis(0));

    /// All 1-d views along an axis, in row-major order of the other axes (what
    /// `np.apply_along_axis` visits).
    ///
    /// # Panics
    /// An axis that is not there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array1::arange(0, 8, 1).into_reshape([2, 2, 2]);
    /// let lanes: Vec<_> = x.lanes(1).collect();
    /// assert_eq!(lanes.len(), 4);
    /// assert_eq!(lanes[1], array![1, 3]);
    /// ```
    lanes try_lanes,
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array3::<i32>::ones([2, 2, 3]);
    /// for mut lane in x.lanes_mut(-1) {
    ///     for i in 1..lane.len() {
    ///         lane[i] += lane[i - 1];
    ///     }
    /// }
    /// assert_eq!(x.slice(s![1, 1]), array![1, 2, 3]);
    /// ```
    lanes_mut try_lanes_mut into_lanes
        (axis: impl Into<Axis>) -> Lanes LanesMut<D::Smaller> where [D: RemoveAxis]
        = |layout| subviews::lanes(&layout, axis.into());

    /// Consecutive parts of an axis with `size` entries each; the last one may have fewer
    /// (`np.split(x, range(size, n, size), axis)`).
    ///
    /// # Panics
    /// An axis that is not there, a `size` of 0.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array2::<f64>::zeros([3, 10]);
    /// let widths: Vec<usize> = x.axis_chunks(1, 4).map(|chunk| chunk.ncols()).collect();
    /// assert_eq!(widths, [4, 4, 2]);
    /// ```
    axis_chunks try_axis_chunks,
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array2::<i32>::zeros([3, 2]);
    /// x.axis_chunks_mut(0, 2).last().unwrap().fill(1);
    /// assert_eq!(x, array![[0, 0], [0, 0], [1, 1]]);
    /// ```
    axis_chunks_mut try_axis_chunks_mut into_axis_chunks
        (axis: impl Into<Axis>, size: usize) -> AxisChunks AxisChunksMut<D>
        = |layout| Cuts::new(&layout, axis.into(), size);
}

macro_rules! matrix_iterations {
    ($($(#[$doc:meta])* $name:ident $(#[$mut_doc:meta])* $mut_name:ident $into_name:ident, $axis:literal;)+) => {$(
        impl<T> ArrayRef<T, Ix2> {
            $(#[$doc])*
            #[inline]
            pub fn $name(&self) -> AxisIter<'_, T, Ix1> {
                self.axis_iter(Axis($axis))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), exclusive.\n")]
            $(#[$mut_doc])*
            #[inline]
            pub fn $mut_name(&mut self) -> AxisIterMut<'_, T, Ix1> {
                self.axis_iter_mut(Axis($axis))
            }
        }
        impl<'a, T> ArrayView<'a, T, Ix2> {
            #[doc = concat!("As [`ArrayRef::", stringify!($name), "`], with the view's own lifetime.")]
            #[inline]
            pub fn $name(self) -> AxisIter<'a, T, Ix1> {
                self.axis_iter(Axis($axis))
            }
        }
        impl<'a, T> ArrayViewMut<'a, T, Ix2> {
            #[doc = concat!("As [`ArrayRef::", stringify!($mut_name), "`], consuming the view and keeping its lifetime.")]
            #[inline]
            pub fn $into_name(self) -> AxisIterMut<'a, T, Ix1> {
                self.into_axis_iter(Axis($axis))
            }
        }
    )+};
}
matrix_iterations! {
    /// The rows of a matrix.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[3.0, 4.0], [6.0, 8.0]];
    /// let norms: Vec<f64> = x.rows().map(|row| row.iter().map(|v| v * v).sum::<f64>().sqrt()).collect();
    /// assert_eq!(norms, [5.0, 10.0]);
    /// ```
    rows
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// x.rows_mut().rev().zip(0..).for_each(|(mut row, i)| row.fill(i));
    /// assert_eq!(x, array![[1, 1], [0, 0]]);
    /// ```
    rows_mut into_rows, 0;

    /// The columns of a matrix.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.columns().last(), Some(array![2, 4].view()));
    /// ```
    columns
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// for mut column in x.columns_mut() {
    ///     column[0] = column[1];
    /// }
    /// assert_eq!(x, array![[3, 4], [3, 4]]);
    /// ```
    columns_mut into_columns, 1;
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// All windows of a shape, one extent per axis, in row-major order of where they start. They
    /// overlap and are shared.
    ///
    /// # Panics
    /// A window that does not fit, or that has an extent of 0 or not one per axis.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// let windows: Vec<_> = x.windows([2, 2]).collect();
    /// assert_eq!(windows.len(), 2);
    /// assert_eq!(windows[1], array![[2, 3], [5, 6]]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn windows<S: IntoShape<Dim = D>>(&self, shape: S) -> Windows<'_, T, D> {
        unwrap(self.view().try_windows(shape))
    }

    /// As [`windows`](Self::windows), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Window`], [`ShapeError::Zero`], [`ShapeError::NegativeExtent`].
    pub fn try_windows<S: IntoShape<Dim = D>>(
        &self,
        shape: S,
    ) -> Result<Windows<'_, T, D>, ShapeError> {
        self.view().try_windows(shape)
    }

    /// All windows of a shape as one view: first the axes of where a window starts, then those of
    /// the window (NumPy's `sliding_window_view`). The array may have up to four axes.
    ///
    /// # Panics
    /// A window that does not fit, or that has an extent of 0 or not one per axis; more than four
    /// axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array1::arange(0, 12, 1).into_reshape([3, 4]);
    /// let windows = x.sliding_windows([2, 3]);
    /// assert_eq!(windows.shape(), &[2, 2, 2, 3]);
    /// assert_eq!(windows.slice(s![1, 0]), array![[4, 5, 6], [8, 9, 10]]);
    /// ```
    #[track_caller]
    pub fn sliding_windows<S: IntoShape<Dim = D>>(&self, shape: S) -> ArrayView<'_, T, IxDyn> {
        unwrap(self.view().try_sliding_windows(shape))
    }

    /// As [`sliding_windows`](Self::sliding_windows), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Window`], [`ShapeError::Zero`], [`ShapeError::NegativeExtent`],
    /// [`ShapeError::TooManyAxes`].
    pub fn try_sliding_windows<S: IntoShape<Dim = D>>(
        &self,
        shape: S,
    ) -> Result<ArrayView<'_, T, IxDyn>, ShapeError> {
        self.view().try_sliding_windows(shape)
    }
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// As [`ArrayRef::windows`], with the view's own lifetime.
    ///
    /// # Panics
    /// As there.
    #[inline]
    #[track_caller]
    pub fn windows<S: IntoShape<Dim = D>>(self, shape: S) -> Windows<'a, T, D> {
        unwrap(self.try_windows(shape))
    }

    /// As [`ArrayRef::try_windows`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn try_windows<S: IntoShape<Dim = D>>(
        self,
        shape: S,
    ) -> Result<Windows<'a, T, D>, ShapeError> {
        let window = shape.extents()?.dim()?;
        let (ptr, layout) = self.parts();
        let recipe = subviews::windows(&layout, window)?;
        // SAFETY: the recipe is of this layout, whose elements are shared (invariant 2).
        Ok(unsafe { Windows::new(ptr, recipe) })
    }

    /// As [`ArrayRef::sliding_windows`], with the view's own lifetime.
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn sliding_windows<S: IntoShape<Dim = D>>(self, shape: S) -> ArrayView<'a, T, IxDyn> {
        unwrap(self.try_sliding_windows(shape))
    }

    /// As [`ArrayRef::try_sliding_windows`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn try_sliding_windows<S: IntoShape<Dim = D>>(
        self,
        shape: S,
    ) -> Result<ArrayView<'a, T, IxDyn>, ShapeError> {
        let window = shape.extents()?.dim()?;
        let (ptr, layout) = self.parts();
        let layout = layout.windows(window.as_slice())?;
        // SAFETY: invariant 3: every window lies within the array; elements are shared.
        Ok(unsafe { ArrayView::from_parts(ptr, layout) })
    }
}
