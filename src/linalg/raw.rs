//! Matrices as the kernels and backends see them: a pointer, two extents, two strides.

/// A matrix to read: element `(i, j)` is at `ptr + i·row_stride + j·col_stride` (in elements).
///
/// Strides may be zero or negative. Who makes one promises that every element in range is readable
/// and initialised for as long as it is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MatRef<T> {
    pub(crate) ptr: *const T,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) row_stride: isize,
    pub(crate) col_stride: isize,
}

/// A matrix to write: as [`MatRef`], elements distinct in memory, possibly uninitialised when the
/// callee only writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MatMut<T> {
    pub(crate) ptr: *mut T,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) row_stride: isize,
    pub(crate) col_stride: isize,
}

// SAFETY: these are descriptions; the functions that dereference them are unsafe and state what
// they need.
unsafe impl<T: Sync> Send for MatRef<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for MatRef<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for MatMut<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for MatMut<T> {}

#[cfg_attr(not(orthant_backend), allow(dead_code))]
impl<T> MatRef<T> {
    /// The matrix of the same shape and strides `offset` elements further on.
    #[inline(always)]
    pub(crate) fn at(self, offset: isize) -> Self {
        // An array without elements may have no allocation to stay in: nothing is read there.
        let ptr = self.ptr.wrapping_offset(offset);
        MatRef { ptr, ..self }
    }

    /// The transpose, without moving anything.
    pub(crate) fn t(self) -> Self {
        MatRef {
            ptr: self.ptr,
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
        }
    }
}

#[cfg_attr(not(orthant_backend), allow(dead_code))]
impl<T> MatMut<T> {
    /// The matrix of the same shape and strides `offset` elements further on.
    #[inline(always)]
    pub(crate) fn at(self, offset: isize) -> Self {
        // An array without elements may have no allocation to stay in: nothing is read there.
        let ptr = self.ptr.wrapping_offset(offset);
        MatMut { ptr, ..self }
    }

    /// The transpose, without moving anything.
    pub(crate) fn t(self) -> Self {
        MatMut {
            ptr: self.ptr,
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
        }
    }

    /// The same matrix of elements that are called otherwise.
    pub(crate) fn cast<U>(self) -> MatMut<U> {
        assert!(size_of::<T>() == size_of::<U>() && align_of::<T>() == align_of::<U>());
        MatMut {
            ptr: self.ptr.cast(),
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }

    /// The same matrix, to read.
    #[allow(clippy::wrong_self_convention)] // a description that is `Copy`
    pub(crate) fn as_ref(self) -> MatRef<T> {
        MatRef {
            ptr: self.ptr,
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }
}
