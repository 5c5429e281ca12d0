//! What an array says about itself: shape, strides, contiguity, slices of its memory.

use super::dimension::{Dimension, Ix0, Ix2};
use super::layout::Layout;
use super::types::{ArrayRef, ArrayView, ArrayViewMut};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The extents (NumPy's `shape`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2, 3], [4, 5, 6]].shape(), &[2, 3]);
    /// ```
    #[inline(always)]
    pub fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// The extents as a [`Dimension`], which is itself a shape argument.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 2.0]];
    /// assert_eq!(Array2::<f32>::zeros(x.dim()).shape(), x.shape());
    /// ```
    #[inline(always)]
    pub fn dim(&self) -> D {
        self.layout.dim()
    }

    /// The strides, in elements (NumPy's are in bytes).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// assert_eq!(x.strides(), &[3, 1]);
    /// assert_eq!(x.t().strides(), &[1, 3]);
    /// ```
    #[inline(always)]
    pub fn strides(&self) -> &[isize] {
        self.layout.strides()
    }

    /// The number of axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2, 3]].ndim(), 2);
    /// ```
    #[inline(always)]
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }

    /// The number of elements (NumPy's `size`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2, 3], [4, 5, 6]].len(), 6);
    /// ```
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.layout.len()
    }

    /// Whether there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(Array2::<f64>::zeros([0, 3]).is_empty());
    /// ```
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }

    /// The bytes of the elements (NumPy's `nbytes`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array2::<f64>::zeros([1000, 20]).nbytes(), 160_000);
    /// ```
    #[inline]
    pub fn nbytes(&self) -> usize {
        self.len() * size_of::<T>()
    }

    /// Whether elements lie in memory without gaps in row-major order
    /// (NumPy's `flags['C_CONTIGUOUS']`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert!(x.is_c_contiguous() && !x.t().is_c_contiguous());
    /// ```
    #[inline]
    pub fn is_c_contiguous(&self) -> bool {
        self.layout.is_c()
    }

    /// Whether elements lie in memory without gaps in column-major order
    /// (NumPy's `flags['F_CONTIGUOUS']`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert!(x.t().is_f_contiguous() && !x.is_f_contiguous());
    /// ```
    #[inline]
    pub fn is_f_contiguous(&self) -> bool {
        self.layout.is_f()
    }

    /// The elements as a slice in logical order, where they lie so in memory.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.as_slice(), Some(&[1, 2, 3, 4][..]));
    /// assert_eq!(x.t().as_slice(), None);
    /// ```
    #[inline]
    pub fn as_slice(&self) -> Option<&[T]> {
        self.view().to_slice()
    }

    /// As [`as_slice`](Self::as_slice), exclusive.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![3, 1, 2];
    /// x.as_slice_mut().unwrap().sort();
    /// assert_eq!(x, array![1, 2, 3]);
    /// ```
    #[inline]
    pub fn as_slice_mut(&mut self) -> Option<&mut [T]> {
        self.view_mut().into_slice_of_elements()
    }

    /// The elements as a slice in memory order, where they lie without gaps in any axis order.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.t().as_slice_memory_order(), Some(&[1, 2, 3, 4][..]));
    /// ```
    pub fn as_slice_memory_order(&self) -> Option<&[T]> {
        // SAFETY: invariant 2: dense elements are `len` consecutive initialised ones.
        (self.layout.is_dense())
            .then(|| unsafe { std::slice::from_raw_parts(self.ptr.as_ptr(), self.len()) })
    }

    /// As [`as_slice_memory_order`](Self::as_slice_memory_order), exclusive.
    pub fn as_slice_memory_order_mut(&mut self) -> Option<&mut [T]> {
        // SAFETY: invariants 2 and 4.
        (self.layout.is_dense())
            .then(|| unsafe { std::slice::from_raw_parts_mut(self.ptr.as_ptr(), self.len()) })
    }

    /// A pointer to the first element.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2, 3];
    /// assert_eq!(x.as_ptr(), x.as_slice().unwrap().as_ptr());
    /// ```
    #[inline(always)]
    pub fn as_ptr(&self) -> *const T {
        self.ptr.as_ptr()
    }

    /// A pointer to the first element, to write through.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3];
    /// assert_eq!(x.as_mut_ptr().cast_const(), x.as_ptr());
    /// ```
    #[inline(always)]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.ptr.as_ptr()
    }
}

impl<T> ArrayRef<T, Ix2> {
    /// The number of rows.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2, 3], [4, 5, 6]].nrows(), 2);
    /// ```
    #[inline(always)]
    pub fn nrows(&self) -> usize {
        self.shape()[0]
    }

    /// The number of columns.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1, 2, 3], [4, 5, 6]].ncols(), 3);
    /// ```
    #[inline(always)]
    pub fn ncols(&self) -> usize {
        self.shape()[1]
    }
}

impl<'a, T, D: Dimension> ArrayView<'a, T, D> {
    /// As [`ArrayRef::as_slice`], with the view's own lifetime.
    #[inline]
    pub fn to_slice(self) -> Option<&'a [T]> {
        let (ptr, layout) = self.parts();
        // SAFETY: invariant 2: C-contiguous elements are `len` consecutive initialised ones, shared
        // for `'a`.
        (layout.is_c()).then(|| unsafe { std::slice::from_raw_parts(ptr.as_ptr(), layout.len()) })
    }
}

impl<'a, T, D: Dimension> ArrayViewMut<'a, T, D> {
    /// As [`ArrayRef::as_slice_mut`], consuming the view and keeping its lifetime.
    #[inline]
    pub fn into_slice_of_elements(self) -> Option<&'a mut [T]> {
        let (ptr, layout) = self.parts();
        // SAFETY: invariants 2 and 4, exclusive for `'a`.
        (layout.is_c())
            .then(|| unsafe { std::slice::from_raw_parts_mut(ptr.as_ptr(), layout.len()) })
    }
}

impl<'a, T> ArrayView<'a, T, Ix0> {
    /// A 0-d view of one value.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(ArrayView::from_element(&7).item(), 7);
    /// ```
    #[inline(always)]
    pub fn from_element(element: &'a T) -> Self {
        // SAFETY: invariant 2: one element, shared for `'a`.
        unsafe {
            ArrayView::from_parts(
                std::ptr::NonNull::from(element),
                Layout::new(crate::array::Ix([]), []),
            )
        }
    }
}
