//! Arrays over memory of another owner: memory maps, buffers of other libraries.

use std::ptr::NonNull;

use super::from::layout_for;
use crate::array::buffer::Buffer;
use crate::array::dimension::Dimension;
use crate::array::error::{ShapeError, unwrap};
use crate::array::shape::IntoShape;
use crate::array::types::Array;

impl<T: Copy, D: Dimension> Array<T, D> {
    /// An array over the elements of `owner`, row-major (or column-major with `.f()`); nothing is
    /// copied. The array keeps `owner` and drops it in the end. Operators that take the array by
    /// value may write their result over its elements, as over any array's.
    ///
    /// # Panics
    /// The shape does not have as many elements as `owner`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// // A memory map, a buffer of another library, …: anything that lends its elements.
    /// let owner: Box<[f64]> = vec![1.0, 2.0, 3.0, 4.0].into();
    /// let x = Array2::from_shape_owner([2, 2], owner);
    /// assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
    /// ```
    #[track_caller]
    pub fn from_shape_owner<S, O>(shape: S, owner: O) -> Self
    where
        S: IntoShape<Dim = D>,
        O: AsMut<[T]> + Send + 'static,
    {
        unwrap(Self::try_from_shape_owner(shape, owner))
    }

    /// As [`from_shape_owner`](Self::from_shape_owner), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Length`], [`ShapeError::NegativeExtent`], [`ShapeError::Overflow`].
    pub fn try_from_shape_owner<S, O>(shape: S, owner: O) -> Result<Self, ShapeError>
    where
        S: IntoShape<Dim = D>,
        O: AsMut<[T]> + Send + 'static,
    {
        // The elements may lie inside of `owner`, which must therefore stay where it is from here.
        let owner = Keep(NonNull::from(Box::leak(Box::new(owner))));
        // SAFETY: a box made into a pointer, which nobody else has.
        let elements = unsafe { &mut *owner.0.as_ptr() }.as_mut();
        let layout = layout_for::<T, S>(shape, elements.len())?;
        let (data, len) = (NonNull::from(&mut *elements).cast(), elements.len());
        // SAFETY: invariant 2: the exclusive loan of `len` elements lasts until `owner` is dropped,
        // which nobody can reach before. Invariant 4: a dense layout.
        unsafe {
            let buffer = Buffer::foreign(data, len, Box::new(owner));
            Ok(Array::from_parts(buffer, data, layout))
        }
    }

    /// An array over memory that `owner` keeps alive, row-major (or column-major with `.f()`);
    /// nothing is copied. The array drops `owner` in the end. Operators that take the array by
    /// value may write their result over its elements, as over any array's.
    ///
    /// # Panics
    /// A shape with a negative extent, or of more bytes than fit an `isize`.
    ///
    /// # Safety
    /// `ptr` is not null, is aligned for `T`, and starts as many initialised elements as the shape
    /// has, in one allocation. Until `owner` is dropped they stay where they are, may be written,
    /// and are read and written by nobody else.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut elements = vec![1.0, 2.0, 3.0, 4.0];
    /// let ptr = elements.as_mut_ptr();
    /// // SAFETY: a vector's elements stay in place while nobody changes the vector.
    /// let x = unsafe { Array2::from_shape_ptr([2, 2], ptr, elements) };
    /// assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
    /// ```
    #[track_caller]
    pub unsafe fn from_shape_ptr<S, O>(shape: S, ptr: *mut T, owner: O) -> Self
    where
        S: IntoShape<Dim = D>,
        O: Send + 'static,
    {
        // SAFETY: the caller's promise is the same.
        unwrap(unsafe { Self::try_from_shape_ptr(shape, ptr, owner) })
    }

    /// As [`from_shape_ptr`](Self::from_shape_ptr), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NegativeExtent`], [`ShapeError::Overflow`].
    ///
    /// # Safety
    /// As `from_shape_ptr`.
    pub unsafe fn try_from_shape_ptr<S, O>(
        shape: S,
        ptr: *mut T,
        owner: O,
    ) -> Result<Self, ShapeError>
    where
        S: IntoShape<Dim = D>,
        O: Send + 'static,
    {
        let layout = shape.extents()?.layout(size_of::<T>())?;
        // SAFETY: the caller's promise; invariant 4: a dense layout.
        unsafe {
            let data = NonNull::new_unchecked(ptr);
            let buffer = Buffer::foreign(data, layout.len(), Box::new(owner));
            Ok(Array::from_parts(buffer, data, layout))
        }
    }
}

/// A box that promises nothing about who else points into it, and drops its content.
struct Keep<O>(NonNull<O>);

// SAFETY: it owns an `O` as a box does.
unsafe impl<O: Send> Send for Keep<O> {}

impl<O> Drop for Keep<O> {
    fn drop(&mut self) {
        // SAFETY: made from a box, once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
