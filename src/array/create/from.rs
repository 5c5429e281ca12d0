//! Conversions from and to vectors, slices and scalars, and between the array types.

use crate::array::dimension::{Dimension, Ix, Ix0, IxDyn};
use crate::array::error::{ShapeError, unwrap};
use crate::array::layout::Layout;
use crate::array::loops;
use crate::array::plain::is_plain;
use crate::array::shape::IntoShape;
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

impl<T> From<T> for Array<T, Ix0> {
    /// A 0-d array of one value.
    fn from(value: T) -> Self {
        Array::from_elements(vec![value], Layout::new(Ix([]), []))
    }
}
impl<'a, T> From<&'a Vec<T>> for ArrayView<'a, T, Ix<1>> {
    /// A view of the vector.
    fn from(elements: &'a Vec<T>) -> Self {
        Self::from(elements.as_slice())
    }
}
impl<'a, T, const N: usize> From<&'a [T; N]> for ArrayView<'a, T, Ix<1>> {
    /// A view of the Rust array.
    fn from(elements: &'a [T; N]) -> Self {
        Self::from(elements.as_slice())
    }
}
impl<'a, T> From<&'a mut Vec<T>> for ArrayViewMut<'a, T, Ix<1>> {
    /// An exclusive view of the vector.
    fn from(elements: &'a mut Vec<T>) -> Self {
        Self::from(elements.as_mut_slice())
    }
}
impl<'a, T, D: Dimension> From<&'a ArrayRef<T, D>> for ArrayView<'a, T, D> {
    fn from(array: &'a ArrayRef<T, D>) -> Self {
        array.view()
    }
}
impl<'a, T, D: Dimension> From<&'a Array<T, D>> for ArrayView<'a, T, D> {
    fn from(array: &'a Array<T, D>) -> Self {
        array.view()
    }
}
impl<'a, T, D: Dimension> From<&'a mut Array<T, D>> for ArrayViewMut<'a, T, D> {
    fn from(array: &'a mut Array<T, D>) -> Self {
        array.view_mut()
    }
}
impl<T, D: Dimension> From<Array<T, D>> for CowArray<'_, T, D> {
    fn from(array: Array<T, D>) -> Self {
        CowArray::Owned(array)
    }
}
impl<'a, T, D: Dimension> From<ArrayView<'a, T, D>> for CowArray<'a, T, D> {
    fn from(view: ArrayView<'a, T, D>) -> Self {
        CowArray::View(view)
    }
}

macro_rules! to_dyn {
    ($([$($life:lifetime)?] $kind:ident;)+) => {$(
        impl<$($life,)? T, const N: usize> From<$kind<$($life,)? T, Ix<N>>> for $kind<$($life,)? T, IxDyn> {
            /// The same array with its rank known at run time.
            fn from(array: $kind<$($life,)? T, Ix<N>>) -> Self {
                array.into_dyn()
            }
        }
        impl<$($life,)? T, const N: usize> TryFrom<$kind<$($life,)? T, IxDyn>> for $kind<$($life,)? T, Ix<N>> {
            type Error = ShapeError;
            /// The same array with its rank known at compile time.
            ///
            /// # Errors
            /// [`ShapeError::Rank`] when it has another one.
            fn try_from(array: $kind<$($life,)? T, IxDyn>) -> Result<Self, ShapeError> {
                array.layout.with_rank::<Ix<N>>()?;
                Ok(array.into_rank())
            }
        }
    )+};
}
to_dyn! {
    [] Array;
    ['a] ArrayViewMut;
}
impl<'a, T, const N: usize> From<ArrayView<'a, T, Ix<N>>> for ArrayView<'a, T, IxDyn> {
    /// The same view with its rank known at run time.
    fn from(view: ArrayView<'a, T, Ix<N>>) -> Self {
        view.view_dyn()
    }
}
impl<'a, T, const N: usize> TryFrom<ArrayView<'a, T, IxDyn>> for ArrayView<'a, T, Ix<N>> {
    type Error = ShapeError;
    /// The same view with its rank known at compile time.
    ///
    /// # Errors
    /// [`ShapeError::Rank`] when it has another one.
    fn try_from(view: ArrayView<'a, T, IxDyn>) -> Result<Self, ShapeError> {
        view.try_rank()
    }
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// A view of a slice in row-major order (column-major for `.f()` shapes).
    ///
    /// # Panics
    /// The slice does not have as many elements as the shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let data = [1, 2, 3, 4];
    /// assert_eq!(ArrayView2::from_shape([2, 2], &data), array![[1, 2], [3, 4]]);
    /// ```
    #[track_caller]
    pub fn from_shape<S: IntoShape<Dim = D>>(shape: S, elements: &'a [T]) -> Self {
        unwrap(Self::try_from_shape(shape, elements))
    }

    /// As [`from_shape`](Self::from_shape), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Length`], [`ShapeError::NegativeExtent`], [`ShapeError::TooManyAxes`].
    pub fn try_from_shape<S: IntoShape<Dim = D>>(
        shape: S,
        elements: &'a [T],
    ) -> Result<Self, ShapeError> {
        let layout = layout_for::<T, S>(shape, elements.len())?;
        // SAFETY: invariant 2: a dense layout over as many elements.
        Ok(unsafe { ArrayView::from_parts(std::ptr::NonNull::from(elements).cast(), layout) })
    }
}

impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
    /// An exclusive view of a slice in row-major order (column-major for `.f()` shapes).
    ///
    /// # Panics
    /// The slice does not have as many elements as the shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut data = [1, 2, 3, 4];
    /// ArrayViewMut2::from_shape([2, 2], &mut data).row_mut(1).fill(0);
    /// assert_eq!(data, [1, 2, 0, 0]);
    /// ```
    #[track_caller]
    pub fn from_shape<S: IntoShape<Dim = D>>(shape: S, elements: &'a mut [T]) -> Self {
        unwrap(Self::try_from_shape(shape, elements))
    }

    /// As [`from_shape`](Self::from_shape), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Length`], [`ShapeError::NegativeExtent`], [`ShapeError::TooManyAxes`].
    pub fn try_from_shape<S: IntoShape<Dim = D>>(
        shape: S,
        elements: &'a mut [T],
    ) -> Result<Self, ShapeError> {
        let layout = layout_for::<T, S>(shape, elements.len())?;
        // SAFETY: invariants 2 and 4: a dense layout over as many exclusive elements.
        Ok(unsafe { ArrayViewMut::from_parts(std::ptr::NonNull::from(elements).cast(), layout) })
    }
}

pub(super) fn layout_for<T, S: IntoShape>(
    shape: S,
    len: usize,
) -> Result<Layout<S::Dim>, ShapeError> {
    let layout = shape.extents()?.layout(size_of::<T>())?;
    if layout.len() != len {
        return Err(ShapeError::Length {
            len,
            shape: layout.shape().to_vec(),
        });
    }
    Ok(layout)
}

impl<T, D: Dimension> Array<T, D> {
    /// The elements in logical row-major order; moves the buffer without allocating when they
    /// already lie so and are all there are, copies otherwise.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].into_t().into_vec(), vec![1, 3, 2, 4]);
    /// ```
    pub fn into_vec(self) -> Vec<T> {
        let (buffer, ptr, layout) = self.parts();
        let len = layout.len();
        if layout.is_c() && len == buffer.len() {
            return buffer.into_vec();
        }
        if is_plain::<T>() {
            // SAFETY: invariant 2: the elements lie in `buffer`, which outlives the view.
            let view = unsafe { ArrayView::from_parts(ptr, layout) };
            let order = crate::array::shape::Order::C;
            return loops::copied_plain(view, Layout::dense(layout.dim(), order)).into_vec();
        }
        if len == 0 || size_of::<T>() == 0 {
            // Elements without size are all at one place: any `len` of them will do.
            let mut elements = buffer.into_vec();
            elements.truncate(len);
            return elements;
        }
        // SAFETY: invariant 2: the first element lies in the buffer.
        let start = unsafe { ptr.offset_from(buffer.ptr()) };
        let mut slots: Vec<Option<T>> = buffer.into_vec().into_iter().map(Some).collect();
        let mut index = D::zeroed_index(layout.ndim());
        let mut out = Vec::with_capacity(len);
        for _ in 0..len {
            let at = (start + layout.offset(index.as_ref())) as usize;
            // Invariant 4: no element is reached twice, so each is still there.
            out.extend(slots[at].take());
            super::advance(index.as_mut(), layout.shape());
        }
        out
    }

    /// The only element (NumPy's `item()`), moved out.
    ///
    /// # Panics
    /// The array does not have exactly one element.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![["a".to_string()]].into_item(), "a");
    /// ```
    #[track_caller]
    pub fn into_item(self) -> T {
        let shape = self.dim();
        match (self.into_vec().pop(), shape.as_slice().iter().product()) {
            (Some(item), 1_usize) => item,
            _ => crate::array::error::fail(ShapeError::Item {
                shape: shape.as_slice().to_vec(),
            }),
        }
    }
}
