//! Reshaping and memory orders: `reshape`, `ravel`, `flatten`, `as_standard_layout`, `to_owned`.

use super::buffer::Buffer;
use super::dimension::{Dimension, Ix, Ix1};
use super::error::{ShapeError, unwrap};
use super::layout::Layout;
use super::loops;
use super::shape::{IntoShape, Order};
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The elements, in logical row-major order, in another shape (NumPy's `reshape`); one extent
    /// may be `-1`. A view where strides allow, else a copy.
    ///
    /// # Panics
    /// The shape does not have as many elements; two extents are open.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array1::arange(0, 12, 1);
    /// assert_eq!(x.reshape([3, -1]).shape(), &[3, 4]);
    /// assert!(x.reshape([3, 4]).is_view());
    /// assert!(!x.reshape([3, 4]).t().reshape(12).is_view());
    /// ```
    #[track_caller]
    pub fn reshape<S: IntoShape>(&self, shape: S) -> CowArray<'_, T, S::Dim>
    where
        T: Clone,
    {
        unwrap(self.view().try_reshape(shape))
    }

    /// As [`reshape`](Self::reshape), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Reshape`], [`ShapeError::TwoUnknown`], [`ShapeError::NegativeExtent`].
    pub fn try_reshape<S: IntoShape>(&self, shape: S) -> Result<CowArray<'_, T, S::Dim>, ShapeError>
    where
        T: Clone,
    {
        self.view().try_reshape(shape)
    }

    /// As [`reshape`](Self::reshape), never copying.
    ///
    /// # Errors
    /// [`ShapeError::ReshapeNeedsCopy`] where strides do not allow it; as
    /// [`try_reshape`](Self::try_reshape).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert!(x.reshape_view(4).is_ok());
    /// assert!(x.t().reshape_view(4).is_err());
    /// ```
    pub fn reshape_view<S: IntoShape>(
        &self,
        shape: S,
    ) -> Result<ArrayView<'_, T, S::Dim>, ShapeError> {
        self.view().reshape_view(shape)
    }

    /// As [`reshape_view`](Self::reshape_view), exclusive.
    ///
    /// # Errors
    /// As there.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3, 4];
    /// x.reshape_view_mut([2, 2])?.row_mut(0).fill(0);
    /// assert_eq!(x, array![0, 0, 3, 4]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn reshape_view_mut<S: IntoShape>(
        &mut self,
        shape: S,
    ) -> Result<ArrayViewMut<'_, T, S::Dim>, ShapeError> {
        self.view_mut().into_reshape_view(shape)
    }

    /// The elements in one axis, in logical row-major order (NumPy's `ravel`): a view where they
    /// lie so, else a copy.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.t().ravel(), array![1, 3, 2, 4]);
    /// ```
    pub fn ravel(&self) -> CowArray<'_, T, Ix1>
    where
        T: Clone,
    {
        self.view().ravel()
    }

    /// A copy of the elements in one axis, in logical row-major order (NumPy's `flatten`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2], [3, 4]].flatten(), array![1, 2, 3, 4]);
    /// ```
    pub fn flatten(&self) -> Array<T, Ix1>
    where
        T: Clone,
    {
        self.view().ravel().into_owned()
    }

    /// The array in row-major order without gaps (NumPy's `ascontiguousarray`): itself where it
    /// lies so, else a copy.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert!(x.as_standard_layout().is_view());
    /// assert!(x.t().as_standard_layout().is_c_contiguous());
    /// ```
    pub fn as_standard_layout(&self) -> CowArray<'_, T, D>
    where
        T: Clone,
    {
        self.view().as_standard_layout()
    }

    /// The array in column-major order without gaps (NumPy's `asfortranarray`): itself where it
    /// lies so, else a copy.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.as_fortran_layout().strides(), &[1, 2]);
    /// ```
    pub fn as_fortran_layout(&self) -> CowArray<'_, T, D>
    where
        T: Clone,
    {
        self.view().as_fortran_layout()
    }

    /// A copy in a given memory order (NumPy's `copy(order)`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Order;
    ///
    /// assert!(array![[1, 2], [3, 4]].to_order(Order::F).is_f_contiguous());
    /// ```
    pub fn to_order(&self, order: Order) -> Array<T, D>
    where
        T: Clone,
    {
        loops::copied(self.view(), Layout::dense(self.dim(), order))
    }

    /// A copy in K order.
    pub(crate) fn to_array(&self) -> Array<T, D>
    where
        T: Clone,
    {
        loops::copied(self.view(), self.layout_like())
    }
}

macro_rules! to_owned {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<$($life,)? T, D: Dimension> $kind {
            /// A copy in K order: the memory order of the original where it is dense, else
            /// row-major (NumPy's `np.copy`).
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            /// let x = array![[1, 2], [3, 4]];
            /// let y: Array2<i32> = x.t().to_owned();
            /// assert!(y.is_f_contiguous());
            /// ```
            pub fn to_owned(&self) -> Array<T, D>
            where
                T: Clone,
            {
                self.to_array()
            }
        }
    )+};
}
to_owned! {
    [] ArrayRef<T, D>;
    [] Array<T, D>;
    ['a] ArrayView<'a, T, D>;
    ['a] ArrayViewMut<'a, T, D>;
    ['a] CowArray<'a, T, D>;
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// As [`ArrayRef::reshape`], with the view's own lifetime.
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn reshape<S: IntoShape>(self, shape: S) -> CowArray<'a, T, S::Dim>
    where
        T: Clone,
    {
        unwrap(self.try_reshape(shape))
    }

    /// As [`ArrayRef::try_reshape`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn try_reshape<S: IntoShape>(self, shape: S) -> Result<CowArray<'a, T, S::Dim>, ShapeError>
    where
        T: Clone,
    {
        let (ptr, layout) = self.parts();
        let dim = shape.extents()?.dim_for(layout.len(), size_of::<T>())?;
        Ok(match layout.reshape(dim) {
            // SAFETY: invariant 3.
            Some(layout) => CowArray::View(unsafe { ArrayView::from_parts(ptr, layout) }),
            None => {
                let (buffer, ptr, _) = self.to_order(Order::C).parts();
                let layout = Layout::dense(dim, Order::C);
                // SAFETY: a row-major copy has the same elements in the same order in any shape.
                CowArray::Owned(unsafe { Array::from_parts(buffer, ptr, layout) })
            }
        })
    }

    /// As [`ArrayRef::reshape_view`], with the view's own lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn reshape_view<S: IntoShape>(
        self,
        shape: S,
    ) -> Result<ArrayView<'a, T, S::Dim>, ShapeError> {
        let (ptr, layout) = self.parts();
        let layout = reshape_in_place::<T, D, S>(&layout, shape)?;
        // SAFETY: invariant 3.
        Ok(unsafe { ArrayView::from_parts(ptr, layout) })
    }

    /// As [`ArrayRef::ravel`], with the view's own lifetime.
    pub fn ravel(self) -> CowArray<'a, T, Ix1>
    where
        T: Clone,
    {
        let len = self.len();
        self.reshape(Ix([len]))
    }

    /// As [`ArrayRef::as_standard_layout`], with the view's own lifetime.
    pub fn as_standard_layout(self) -> CowArray<'a, T, D>
    where
        T: Clone,
    {
        if self.is_c_contiguous() {
            CowArray::View(self)
        } else {
            CowArray::Owned(self.to_order(Order::C))
        }
    }

    /// As [`ArrayRef::as_fortran_layout`], with the view's own lifetime.
    pub fn as_fortran_layout(self) -> CowArray<'a, T, D>
    where
        T: Clone,
    {
        if self.is_f_contiguous() {
            CowArray::View(self)
        } else {
            CowArray::Owned(self.to_order(Order::F))
        }
    }
}

fn reshape_in_place<T, D: Dimension, S: IntoShape>(
    layout: &Layout<D>,
    shape: S,
) -> Result<Layout<S::Dim>, ShapeError> {
    let dim = shape.extents()?.dim_for(layout.len(), size_of::<T>())?;
    layout
        .reshape(dim)
        .ok_or_else(|| ShapeError::ReshapeNeedsCopy {
            shape: layout.shape().to_vec(),
            strides: layout.strides().to_vec(),
            into: dim.as_slice().to_vec(),
        })
}

impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
    /// As [`ArrayRef::reshape_view_mut`], consuming the view and keeping its lifetime.
    ///
    /// # Errors
    /// As there.
    pub fn into_reshape_view<S: IntoShape>(
        self,
        shape: S,
    ) -> Result<ArrayViewMut<'a, T, S::Dim>, ShapeError> {
        let (ptr, layout) = self.parts();
        let layout = reshape_in_place::<T, D, S>(&layout, shape)?;
        // SAFETY: invariants 3 and 4: a reshape reaches each element once.
        Ok(unsafe { ArrayViewMut::from_parts(ptr, layout) })
    }
}

impl<T, D: Dimension> Array<T, D> {
    /// The array in another shape, moved: the elements are rearranged in memory only when strides
    /// require it.
    ///
    /// # Panics
    /// As [`reshape`](ArrayRef::reshape).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x: Array2<i32> = Array1::arange(0, 4, 1).into_reshape([2, -1]);
    /// assert_eq!(x, array![[0, 1], [2, 3]]);
    /// ```
    #[track_caller]
    pub fn into_reshape<S: IntoShape>(self, shape: S) -> Array<T, S::Dim> {
        unwrap(self.try_into_reshape(shape))
    }

    /// The same array under a rank type that fits its shape.
    pub(crate) fn into_rank_of<E: Dimension>(self) -> Result<Array<T, E>, ShapeError> {
        let layout = self.layout.with_rank()?;
        let (buffer, ptr, _) = self.parts();
        // SAFETY: the same layout under another type.
        Ok(unsafe { Array::from_parts(buffer, ptr, layout) })
    }

    /// As [`into_reshape`](Self::into_reshape), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_reshape`](ArrayRef::try_reshape).
    pub fn try_into_reshape<S: IntoShape>(self, shape: S) -> Result<Array<T, S::Dim>, ShapeError> {
        let dim = shape.extents()?.dim_for(self.len(), size_of::<T>())?;
        if let Some(layout) = self.layout.reshape(dim) {
            let (buffer, ptr, _) = self.parts();
            // SAFETY: invariants 3 and 4: a reshape reaches each element once.
            return Ok(unsafe { Array::from_parts(buffer, ptr, layout) });
        }
        let buffer = Buffer::from_vec(self.into_vec());
        let ptr = buffer.ptr();
        // SAFETY: as many elements in row-major order.
        Ok(unsafe { Array::from_parts(buffer, ptr, Layout::dense(dim, Order::C)) })
    }
}
