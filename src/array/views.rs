//! Views: other shapes and orders of the same elements.
//!
//! Every operation is one function on [`Layout`]; a macro derives from it the forms that users
//! call: on `&ArrayRef` and, with the full lifetime, on `ArrayView`; exclusive on `&mut ArrayRef`
//! (`…_mut`); consuming on `ArrayViewMut` and `Array` (`into_…`); fallible (`try_…`).

mod split;

use super::axis::{Axis, AxisInt, with_ints};
use super::dimension::{Dimension, Ix, Ix1, Ix2, IxDyn};
use super::error::{ShapeError, unwrap};
use super::lattice::{InsertAxis, RemoveAxis};
use super::layout::{Layout, View};
use super::shape::IntoShape;
use super::slice::{self, SliceArg};
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut};

macro_rules! view_ops {
    ($(
        $(#[$doc:meta])*
        $name:ident $try_name:ident $mut_name:ident $into_name:ident
        [$($generics:tt)*] ($($arg:ident: $ty:ty),*) -> $out:ty $(where [$($bound:tt)*])?
        = |$layout:ident| $body:expr;
    )+) => {$(
        impl<T, D: Dimension> ArrayRef<T, D> {
            $(#[$doc])*
            #[inline]
            #[track_caller]
            pub fn $name<$($generics)*>(&self, $($arg: $ty),*) -> ArrayView<'_, T, $out>
            $(where $($bound)*)? {
                unwrap(self.view().$try_name($($arg),*))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.\n\n# Errors\nThe [`ShapeError`] that `", stringify!($name), "` panics with.")]
            #[inline]
            pub fn $try_name<$($generics)*>(&self, $($arg: $ty),*) -> Result<ArrayView<'_, T, $out>, ShapeError>
            $(where $($bound)*)? {
                self.view().$try_name($($arg),*)
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), exclusive.\n\n# Panics\nAs `", stringify!($name), "`.")]
            #[inline]
            #[track_caller]
            pub fn $mut_name<$($generics)*>(&mut self, $($arg: $ty),*) -> ArrayViewMut<'_, T, $out>
            $(where $($bound)*)? {
                self.view_mut().$into_name($($arg),*)
            }
        }

        impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
            #[doc = concat!("As [`ArrayRef::", stringify!($name), "`], with the view's own lifetime.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $name<$($generics)*>(self, $($arg: $ty),*) -> ArrayView<'a, T, $out>
            $(where $($bound)*)? {
                unwrap(self.$try_name($($arg),*))
            }

            #[doc = concat!("As [`ArrayRef::", stringify!($try_name), "`], with the view's own lifetime.\n\n# Errors\nAs there.")]
            #[inline]
            pub fn $try_name<$($generics)*>(self, $($arg: $ty),*) -> Result<ArrayView<'a, T, $out>, ShapeError>
            $(where $($bound)*)? {
                let (ptr, $layout) = self.parts();
                let (offset, layout): View<$out> = $body?;
                // SAFETY: invariant 3: the new layout reaches elements that the old one reached.
                Ok(unsafe { ArrayView::from_parts(ptr.offset(offset), layout) })
            }
        }

        impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
            #[doc = concat!("As [`ArrayRef::", stringify!($mut_name), "`], consuming the view and keeping its lifetime.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $into_name<$($generics)*>(self, $($arg: $ty),*) -> ArrayViewMut<'a, T, $out>
            $(where $($bound)*)? {
                let (ptr, $layout) = self.parts();
                let (offset, layout): View<$out> = unwrap($body);
                // SAFETY: invariant 3, and no operation here reaches an element twice.
                unsafe { ArrayViewMut::from_parts(ptr.offset(offset), layout) }
            }
        }

        impl<T, D: Dimension> Array<T, D> {
            #[doc = concat!("As [`ArrayRef::", stringify!($name), "`], moving the array: nothing is copied.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $into_name<$($generics)*>(self, $($arg: $ty),*) -> Array<T, $out>
            $(where $($bound)*)? {
                let (buffer, ptr, $layout) = self.parts();
                let (offset, layout): View<$out> = unwrap($body);
                // SAFETY: invariant 3, and no operation here reaches an element twice.
                unsafe { Array::from_parts(buffer, ptr.offset(offset), layout) }
            }
        }
    )+};
}

/// A layout whose first element stays where it is.
fn still<D: Dimension>(layout: Result<Layout<D>, ShapeError>) -> Result<View<D>, ShapeError> {
    layout.map(|layout| (0, layout))
}

view_ops! {
    /// The part that an [`s![]`](crate::s) selects (NumPy's basic slicing `x[1:, ::-2]`).
    ///
    /// # Panics
    /// An index out of bounds, more parts than axes, two ellipses, a zero step.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// assert_eq!(x.slice(s![1, ..]), array![4, 5, 6]);
    /// assert_eq!(x.slice(s![.., ..;-2]), array![[3, 1], [6, 4]]);
    /// ```
    slice try_slice slice_mut into_slice [S: SliceArg<D>] (parts: S) -> S::Out
        = |layout| parts.with_items(|items| slice::apply(&layout, items));

    /// One axis cut to a range, given as start, end and step with Python's clipping; `None` means
    /// the end that the step starts from or runs to.
    ///
    /// # Panics
    /// An axis that is not there, a zero step.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// assert_eq!(x.slice_axis(1, Some(1), None, 1), array![[2, 3], [5, 6]]);
    /// assert_eq!(x.slice_axis(-1, None, None, -1), array![[3, 2, 1], [6, 5, 4]]);
    /// ```
    slice_axis try_slice_axis slice_axis_mut into_slice_axis []
        (axis: impl Into<Axis>, start: Option<isize>, end: Option<isize>, step: isize) -> D
        = |layout| axis.into().resolve(layout.ndim()).and_then(|axis| {
            let (start, count) = slice::clip(start, end, step, layout.shape()[axis])?;
            Ok(layout.cut(axis, start, count, step))
        });

    /// One entry of an axis, which disappears (NumPy's `x[:, i]`).
    ///
    /// # Panics
    /// An axis that is not there, an index out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// assert_eq!(x.index_axis(0, -1), array![4, 5, 6]);
    /// ```
    index_axis try_index_axis index_axis_mut into_index_axis []
        (axis: impl Into<Axis>, index: impl AxisInt) -> D::Smaller where [D: RemoveAxis]
        = |layout| layout.index_axis(axis.into(), index.to_isize());

    /// The axes in the order given (NumPy's `transpose(axes)`).
    ///
    /// # Panics
    /// `axes` is not a permutation of the axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array3::<f64>::zeros([2, 3, 4]);
    /// assert_eq!(x.permute([0, 2, 1]).shape(), &[2, 4, 3]);
    /// ```
    permute try_permute permute_mut into_permute [S: IntoAxes] (axes: S) -> D
        = |layout| axes.with_axes(|axes| still(layout.permute(axes)));

    /// All axes reversed (NumPy's `.T`); a 1-d array stays as it is.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].t(), array![[1, 3], [2, 4]]);
    /// ```
    t try_t t_mut into_t [] () -> D = |layout| still(Ok(layout.reversed()));

    /// Two axes exchanged (NumPy's `swapaxes`).
    ///
    /// # Panics
    /// An axis that is not there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array3::<f64>::zeros([2, 3, 4]);
    /// assert_eq!(x.swap_axes(0, -1).shape(), &[4, 3, 2]);
    /// ```
    swap_axes try_swap_axes swap_axes_mut into_swap_axes []
        (first: impl Into<Axis>, second: impl Into<Axis>) -> D
        = |layout| still(layout.swap_axes(first.into(), second.into()));

    /// One axis moved to another place, the others kept in order (NumPy's `moveaxis`).
    ///
    /// # Panics
    /// An axis that is not there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array3::<f64>::zeros([2, 3, 4]);
    /// assert_eq!(x.move_axis(0, -1).shape(), &[3, 4, 2]);
    /// ```
    move_axis try_move_axis move_axis_mut into_move_axis []
        (from: impl Into<Axis>, to: impl Into<Axis>) -> D
        = |layout| still(layout.move_axis(from.into(), to.into()));

    /// A new axis of length 1 (NumPy's `expand_dims`); `-1` appends it.
    ///
    /// # Panics
    /// An axis that the result does not have.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3];
    /// assert_eq!(x.insert_axis(-1).shape(), &[3, 1]);
    /// assert_eq!(x.insert_axis(0).shape(), &[1, 3]);
    /// ```
    insert_axis try_insert_axis insert_axis_mut into_insert_axis []
        (axis: impl Into<Axis>) -> D::Larger where [D: InsertAxis]
        = |layout| still(layout.insert_axis(axis.into()));

    /// Without one axis of length 1 (NumPy's `squeeze(axis)`).
    ///
    /// # Panics
    /// An axis that is not there or not of length 1.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1], [2]].squeeze_axis(1), array![1, 2]);
    /// ```
    squeeze_axis try_squeeze_axis squeeze_axis_mut into_squeeze_axis []
        (axis: impl Into<Axis>) -> D::Smaller where [D: RemoveAxis]
        = |layout| still(layout.squeeze_axis(axis.into()));

    /// Without all axes of length 1 (NumPy's `squeeze()`); the rank is known at run time only.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[[1], [2]]].squeeze().shape(), &[2]);
    /// ```
    squeeze try_squeeze squeeze_mut into_squeeze [] () -> IxDyn
        = |layout| still(Ok(layout.squeeze()));

    /// One axis backwards (NumPy's `flip(axis)`).
    ///
    /// # Panics
    /// An axis that is not there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 2, 3].flip(0), array![3, 2, 1]);
    /// ```
    flip try_flip flip_mut into_flip [] (axis: impl Into<Axis>) -> D
        = |layout| layout.flip(axis.into());

    /// A diagonal of two axes, appended as the last axis (NumPy's
    /// `diagonal(offset, axis1, axis2)`).
    ///
    /// # Panics
    /// An axis that is not there, or twice the same.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// assert_eq!(x.diagonal(1, 0, 1), array![2, 6]);
    /// ```
    diagonal try_diagonal diagonal_mut into_diagonal []
        (offset: isize, first: impl Into<Axis>, second: impl Into<Axis>) -> D::Smaller
        where [D: RemoveAxis]
        = |layout| layout.diagonal(offset, first.into(), second.into());

    /// The same elements with the rank known at compile time as `N`.
    ///
    /// # Panics
    /// The array does not have `N` axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = ArrayD::<f64>::zeros(vec![2, 3]);
    /// let y: ArrayView2<'_, f64> = x.rank::<2>();
    /// assert_eq!(y.nrows(), 2);
    /// ```
    rank try_rank rank_mut into_rank [const N: usize] () -> Ix<N>
        = |layout| still(layout.with_rank());

    /// The same elements with the rank known at run time.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x: Array2<f64> = Array::zeros([2, 3]);
    /// let y: ArrayViewD<'_, f64> = x.view_dyn();
    /// assert_eq!(y.ndim(), 2);
    /// ```
    view_dyn try_view_dyn view_dyn_mut into_dyn [] () -> IxDyn = |layout| still(Ok(layout.to_dyn()));
}

/// A list of axes: an array, slice or `Vec` of integers.
pub trait IntoAxes {
    #[doc(hidden)]
    fn with_axes<R>(&self, f: impl FnOnce(&[isize]) -> R) -> R;
}
impl<I: AxisInt, const N: usize> IntoAxes for [I; N] {
    fn with_axes<R>(&self, f: impl FnOnce(&[isize]) -> R) -> R {
        f(&self.map(AxisInt::to_isize))
    }
}
impl<I: AxisInt> IntoAxes for &[I] {
    fn with_axes<R>(&self, f: impl FnOnce(&[isize]) -> R) -> R {
        with_ints(self, f)
    }
}
impl<I: AxisInt> IntoAxes for Vec<I> {
    fn with_axes<R>(&self, f: impl FnOnce(&[isize]) -> R) -> R {
        self.as_slice().with_axes(f)
    }
}

/// The same for the ops of one rank only.
macro_rules! matrix_ops {
    ($(
        $(#[$doc:meta])*
        $name:ident $try_name:ident $mut_name:ident ($($arg:ident: $ty:ty),*) = |$layout:ident| $body:expr;
    )+) => {$(
        impl<T> ArrayRef<T, Ix2> {
            $(#[$doc])*
            #[inline]
            #[track_caller]
            pub fn $name(&self, $($arg: $ty),*) -> ArrayView<'_, T, Ix1> {
                unwrap(self.view().$try_name($($arg),*))
            }
            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.\n\n# Errors\nThe [`ShapeError`] that `", stringify!($name), "` panics with.")]
            #[inline]
            pub fn $try_name(&self, $($arg: $ty),*) -> Result<ArrayView<'_, T, Ix1>, ShapeError> {
                self.view().$try_name($($arg),*)
            }
            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), exclusive.\n\n# Panics\nAs `", stringify!($name), "`.")]
            #[inline]
            #[track_caller]
            pub fn $mut_name(&mut self, $($arg: $ty),*) -> ArrayViewMut<'_, T, Ix1> {
                let (ptr, $layout) = self.view_mut().parts();
                let (offset, layout): View<Ix1> = unwrap($body);
                // SAFETY: invariant 3, and no element is reached twice.
                unsafe { ArrayViewMut::from_parts(ptr.offset(offset), layout) }
            }
        }
        impl<'a, T> ArrayView<'a, T, Ix2> {
            #[doc = concat!("As [`ArrayRef::", stringify!($name), "`], with the view's own lifetime.\n\n# Panics\nAs there.")]
            #[inline]
            #[track_caller]
            pub fn $name(self, $($arg: $ty),*) -> ArrayView<'a, T, Ix1> {
                unwrap(self.$try_name($($arg),*))
            }
            #[doc = concat!("As [`ArrayRef::", stringify!($try_name), "`], with the view's own lifetime.\n\n# Errors\nAs there.")]
            #[inline]
            pub fn $try_name(self, $($arg: $ty),*) -> Result<ArrayView<'a, T, Ix1>, ShapeError> {
                let (ptr, $layout) = self.parts();
                let (offset, layout): View<Ix1> = $body?;
                // SAFETY: invariant 3.
                Ok(unsafe { ArrayView::from_parts(ptr.offset(offset), layout) })
            }
        }
    )+};
}
matrix_ops! {
    /// One row.
    ///
    /// # Panics
    /// An index out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].row(-1), array![3, 4]);
    /// ```
    row try_row row_mut (index: impl AxisInt) = |layout| layout.row(index.to_isize());
    /// One column.
    ///
    /// # Panics
    /// An index out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].column(0), array![1, 3]);
    /// ```
    column try_column column_mut (index: impl AxisInt) = |layout| layout.column(index.to_isize());
    /// The main diagonal (NumPy's `np.diag(x)`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].diag(), array![1, 4]);
    /// ```
    diag try_diag diag_mut () = |layout| layout.diagonal(0, Axis(0), Axis(1));
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The array stretched to a larger shape with stride 0 where it repeats (NumPy's
    /// `broadcast_to`); nothing is copied.
    ///
    /// # Panics
    /// The shape does not broadcast to the one asked for.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3];
    /// assert_eq!(x.broadcast_to([2, 3]), array![[1, 2, 3], [1, 2, 3]]);
    /// ```
    #[track_caller]
    pub fn broadcast_to<S: IntoShape>(&self, shape: S) -> ArrayView<'_, T, S::Dim> {
        unwrap(self.view().try_broadcast_to(shape))
    }

    /// As [`broadcast_to`](Self::broadcast_to), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BroadcastInto`], [`ShapeError::Overflow`].
    pub fn try_broadcast_to<S: IntoShape>(
        &self,
        shape: S,
    ) -> Result<ArrayView<'_, T, S::Dim>, ShapeError> {
        self.view().try_broadcast_to(shape)
    }
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// As [`ArrayRef::broadcast_to`], with the view's own lifetime.
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn broadcast_to<S: IntoShape>(self, shape: S) -> ArrayView<'a, T, S::Dim> {
        unwrap(self.try_broadcast_to(shape))
    }

    /// As [`ArrayRef::try_broadcast_to`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn try_broadcast_to<S: IntoShape>(
        self,
        shape: S,
    ) -> Result<ArrayView<'a, T, S::Dim>, ShapeError> {
        let dim = shape.extents()?.dim()?;
        let (ptr, layout) = self.parts();
        let layout = layout.broadcast_to(dim)?;
        Layout::<S::Dim>::checked_len(layout.shape(), size_of::<T>())?;
        // SAFETY: invariant 3: repeated elements are shared.
        Ok(unsafe { ArrayView::from_parts(ptr, layout) })
    }
}
