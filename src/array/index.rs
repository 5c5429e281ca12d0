//! Single elements: `x[[i, j]]`, `get`, `get_mut`, `item`.

use std::ops::{Index, IndexMut};

use super::axis::{AxisInt, with_ints};
use super::dimension::{Dimension, Ix, Ix1, IxDyn};
use super::error::{ShapeError, fail};
use super::layout::Layout;
use super::types::ArrayRef;

mod private {
    pub trait Sealed {}
}

/// What names one element of an array of rank `D`: `[i, j]`, a bare integer for 1-d arrays, a slice
/// for run-time ranks. Negative indices count from the end. Sealed: the offsets are relied on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not index one element of an array of rank `{D}`",
    note = "use `x[[i, j]]` with one integer per axis"
)]
pub trait NdIndex<D: Dimension>: private::Sealed {
    #[doc(hidden)]
    fn offset(&self, layout: IndexLayout<'_, D>) -> Result<isize, ShapeError>;
}

/// A layout to index.
#[doc(hidden)]
pub struct IndexLayout<'a, D: Dimension>(pub(crate) &'a Layout<D>);

impl<I: AxisInt, const N: usize> private::Sealed for [I; N] {}
impl<I: AxisInt> private::Sealed for &[I] {}
impl private::Sealed for IxDyn {}
impl<I: AxisInt> private::Sealed for I {}

impl<I: AxisInt, const N: usize> NdIndex<Ix<N>> for [I; N] {
    #[inline(always)]
    fn offset(&self, layout: IndexLayout<'_, Ix<N>>) -> Result<isize, ShapeError> {
        let index = self.map(AxisInt::to_isize);
        layout
            .0
            .checked_offset(&index)
            .ok_or_else(|| layout.0.index_error(&index))
    }
}
impl<I: AxisInt, const N: usize> NdIndex<IxDyn> for [I; N] {
    #[inline]
    fn offset(&self, layout: IndexLayout<'_, IxDyn>) -> Result<isize, ShapeError> {
        let index = self.map(AxisInt::to_isize);
        layout
            .0
            .checked_offset(&index)
            .ok_or_else(|| layout.0.index_error(&index))
    }
}
impl<I: AxisInt, D: Dimension> NdIndex<D> for &[I] {
    fn offset(&self, layout: IndexLayout<'_, D>) -> Result<isize, ShapeError> {
        with_ints(self, |index| {
            layout
                .0
                .checked_offset(index)
                .ok_or_else(|| layout.0.index_error(index))
        })
    }
}
impl NdIndex<IxDyn> for IxDyn {
    fn offset(&self, layout: IndexLayout<'_, IxDyn>) -> Result<isize, ShapeError> {
        self.as_slice().offset(layout)
    }
}
impl<I: AxisInt> NdIndex<Ix1> for I {
    #[inline(always)]
    fn offset(&self, layout: IndexLayout<'_, Ix1>) -> Result<isize, ShapeError> {
        [self.to_isize()].offset(layout)
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The element at `index`, or `None` out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.get([1, -1]), Some(&4));
    /// assert_eq!(x.get([2, 0]), None);
    /// ```
    #[inline]
    pub fn get<I: NdIndex<D>>(&self, index: I) -> Option<&T> {
        let offset = index.offset(IndexLayout(&self.layout)).ok()?;
        // SAFETY: invariant 2: the index is in bounds.
        Some(unsafe { self.ptr.offset(offset).as_ref() })
    }

    /// The element at `index`, exclusive, or `None` out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2];
    /// *x.get_mut(0).unwrap() = 5;
    /// assert_eq!(x, array![5, 2]);
    /// ```
    #[inline]
    pub fn get_mut<I: NdIndex<D>>(&mut self, index: I) -> Option<&mut T> {
        let offset = index.offset(IndexLayout(&self.layout)).ok()?;
        // SAFETY: invariants 2 and 4: the index is in bounds.
        Some(unsafe { self.ptr.offset(offset).as_mut() })
    }

    /// The only element (NumPy's `item()`).
    ///
    /// # Panics
    /// The array does not have exactly one element.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[7]].item(), 7);
    /// ```
    #[track_caller]
    pub fn item(&self) -> T
    where
        T: Clone,
    {
        if self.len() != 1 {
            fail(ShapeError::Item {
                shape: self.shape().to_vec(),
            });
        }
        // SAFETY: invariant 2: one element, at the pointer.
        unsafe { self.ptr.as_ref() }.clone()
    }
}

impl<T, D: Dimension, I: NdIndex<D>> Index<I> for ArrayRef<T, D> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, index: I) -> &T {
        match index.offset(IndexLayout(&self.layout)) {
            // SAFETY: invariant 2: the index is in bounds.
            Ok(offset) => unsafe { self.ptr.offset(offset).as_ref() },
            Err(error) => fail(error),
        }
    }
}
impl<T, D: Dimension, I: NdIndex<D>> IndexMut<I> for ArrayRef<T, D> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, index: I) -> &mut T {
        match index.offset(IndexLayout(&self.layout)) {
            // SAFETY: invariants 2 and 4: the index is in bounds.
            Ok(offset) => unsafe { self.ptr.offset(offset).as_mut() },
            Err(error) => fail(error),
        }
    }
}
