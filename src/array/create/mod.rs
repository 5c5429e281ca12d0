//! Construction: from shapes, sequences, vectors, nested vectors, slices and iterators.

mod foreign;
mod from;
mod nested;
mod sequence;

use std::mem::MaybeUninit;

use num_traits::{One, Zero};

use super::buffer::Buffer;
use super::dimension::{Dimension, Ix2};
use super::error::{ShapeError, unwrap};
use super::layout::Layout;
use super::loops;
use super::plain::is_plain;
use super::shape::IntoShape;
use super::types::{Array, ArrayRef};

pub use sequence::{Arange, Linspace};

impl<T, D: Dimension> Array<MaybeUninit<T>, D> {
    /// The same array with its elements taken for initialised.
    ///
    /// # Safety
    /// Every element of the array has been written, and so has every element of its buffer (an
    /// array that [`uninit`](Array::uninit) made and that has not been cut since has no others).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array1::<i32>::uninit(3);
    /// for (i, slot) in x.iter_mut().enumerate() {
    ///     slot.write(i as i32);
    /// }
    /// // SAFETY: all three elements were written.
    /// let x = unsafe { x.assume_init() };
    /// assert_eq!(x, array![0, 1, 2]);
    /// ```
    #[inline]
    pub unsafe fn assume_init(self) -> Array<T, D> {
        let (buffer, ptr, layout) = self.parts();
        // SAFETY: the caller's promise; the pointer stays within the same allocation.
        unsafe { Array::from_parts(buffer.assume_init(), ptr.cast(), layout) }
    }
}

impl<T, D: Dimension> Array<T, D> {
    /// A fresh uninitialised array with a dense layout whose size has been checked.
    #[inline]
    pub(crate) fn uninit_layout(layout: Layout<D>) -> Array<MaybeUninit<T>, D> {
        let buffer = Buffer::<MaybeUninit<T>>::uninit(layout.len());
        let ptr = buffer.ptr();
        // SAFETY: invariants 1, 2 and 4: a dense layout over its own buffer of as many elements,
        // which, being `MaybeUninit`, need no initialisation.
        unsafe { Array::from_parts(buffer, ptr, layout) }
    }

    /// An uninitialised array (NumPy's `empty`), to be written and then
    /// [`assume_init`](Array::assume_init)ed.
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array2::<f32>::uninit([100, 10]);
    /// assert_eq!(x.shape(), &[100, 10]);
    /// ```
    #[track_caller]
    pub fn uninit<S: IntoShape<Dim = D>>(shape: S) -> Array<MaybeUninit<T>, D> {
        unwrap(Self::try_uninit(shape))
    }

    /// As [`uninit`](Self::uninit), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_zeros`](Self::try_zeros).
    pub fn try_uninit<S: IntoShape<Dim = D>>(
        shape: S,
    ) -> Result<Array<MaybeUninit<T>, D>, ShapeError> {
        Ok(Array::uninit_layout(
            shape.extents()?.layout(size_of::<T>())?,
        ))
    }

    /// An array filled with zeros (NumPy's `zeros`).
    ///
    /// # Panics
    /// A negative extent, more than [`MAX_NDIM`](crate::MAX_NDIM) axes, a size beyond `isize`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array2::<f64>::zeros([1, 2]), array![[0.0, 0.0]]);
    /// assert!(Array2::<f64>::zeros([3, 4].f()).is_f_contiguous());
    /// ```
    #[track_caller]
    pub fn zeros<S: IntoShape<Dim = D>>(shape: S) -> Self
    where
        T: Clone + Zero,
    {
        unwrap(Self::try_zeros(shape))
    }

    /// As [`zeros`](Self::zeros), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NegativeExtent`], [`ShapeError::TooManyAxes`], [`ShapeError::Overflow`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let error = Array2::<f64>::try_zeros([usize::MAX / 16, 32]).unwrap_err();
    /// assert!(matches!(error, orthant::ShapeError::Overflow { .. }));
    /// ```
    pub fn try_zeros<S: IntoShape<Dim = D>>(shape: S) -> Result<Self, ShapeError>
    where
        T: Clone + Zero,
    {
        let layout = shape.extents()?.layout(size_of::<T>())?;
        if is_plain::<T>() {
            // Zero bytes are the zero of every plain element type, and fresh pages come zeroed.
            let buffer = Buffer::<MaybeUninit<T>>::zeroed(layout.len());
            // SAFETY: as above; the layout is dense over the buffer.
            return Ok(unsafe {
                let buffer = buffer.assume_init();
                let ptr = buffer.ptr();
                Array::from_parts(buffer, ptr, layout)
            });
        }
        Ok(Self::full_layout(layout, T::zero()))
    }

    /// An array filled with ones (NumPy's `ones`).
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::<i32>::ones(3), array![1, 1, 1]);
    /// ```
    #[track_caller]
    pub fn ones<S: IntoShape<Dim = D>>(shape: S) -> Self
    where
        T: Clone + One,
    {
        unwrap(Self::try_ones(shape))
    }

    /// As [`ones`](Self::ones), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_zeros`](Self::try_zeros).
    pub fn try_ones<S: IntoShape<Dim = D>>(shape: S) -> Result<Self, ShapeError>
    where
        T: Clone + One,
    {
        Self::try_full(shape, T::one())
    }

    /// An array filled with clones of `value` (NumPy's `full`).
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::full(2, "a"), array!["a", "a"]);
    /// ```
    #[track_caller]
    pub fn full<S: IntoShape<Dim = D>>(shape: S, value: T) -> Self
    where
        T: Clone,
    {
        unwrap(Self::try_full(shape, value))
    }

    /// As [`full`](Self::full), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_zeros`](Self::try_zeros).
    pub fn try_full<S: IntoShape<Dim = D>>(shape: S, value: T) -> Result<Self, ShapeError>
    where
        T: Clone,
    {
        Ok(Self::full_layout(
            shape.extents()?.layout(size_of::<T>())?,
            value,
        ))
    }

    fn full_layout(layout: Layout<D>, value: T) -> Self
    where
        T: Clone,
    {
        if !is_plain::<T>() {
            return Self::from_elements(vec![value; layout.len()], layout);
        }
        let mut out = Array::<T, D>::uninit_layout(layout);
        loops::fill_plain(out.view_mut(), &value);
        // SAFETY: every element was filled.
        unsafe { out.assume_init() }
    }

    /// An array whose elements come from their indices (NumPy's `fromfunction`), called in logical
    /// row-major order.
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array2::from_shape_fn([2, 3], |[i, j]| 10 * i + j);
    /// assert_eq!(x, array![[0, 1, 2], [10, 11, 12]]);
    /// ```
    #[track_caller]
    pub fn from_shape_fn<S: IntoShape<Dim = D>>(shape: S, f: impl FnMut(D::Index) -> T) -> Self {
        unwrap(Self::try_from_shape_fn(shape, f))
    }

    /// As [`from_shape_fn`](Self::from_shape_fn), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_zeros`](Self::try_zeros).
    pub fn try_from_shape_fn<S: IntoShape<Dim = D>>(
        shape: S,
        mut f: impl FnMut(D::Index) -> T,
    ) -> Result<Self, ShapeError> {
        let extents = shape.extents()?;
        let layout = extents.layout(size_of::<T>())?;
        let dim = layout.dim();
        let mut index = D::zeroed_index(layout.ndim());
        let mut elements = Vec::with_capacity(layout.len());
        for _ in 0..layout.len() {
            elements.push(f(index));
            advance(index.as_mut(), dim.as_slice());
        }
        Ok(Self::in_order(elements, layout))
    }

    /// The elements of a vector, in row-major order (column-major for `.f()` shapes): nothing is
    /// copied.
    ///
    /// # Panics
    /// The number of elements is not that of the shape; as [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array2::from_shape_vec([2, 2], vec![1, 2, 3, 4]);
    /// assert_eq!(x, array![[1, 2], [3, 4]]);
    /// let y = Array2::from_shape_vec([2, 2].f(), vec![1, 2, 3, 4]);
    /// assert_eq!(y, array![[1, 3], [2, 4]]);
    /// ```
    #[track_caller]
    pub fn from_shape_vec<S: IntoShape<Dim = D>>(shape: S, elements: Vec<T>) -> Self {
        unwrap(Self::try_from_shape_vec(shape, elements))
    }

    /// As [`from_shape_vec`](Self::from_shape_vec), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Length`]; as [`try_zeros`](Self::try_zeros).
    pub fn try_from_shape_vec<S: IntoShape<Dim = D>>(
        shape: S,
        elements: Vec<T>,
    ) -> Result<Self, ShapeError> {
        let layout = shape.extents()?.layout(size_of::<T>())?;
        if layout.len() != elements.len() {
            let shape = layout.shape().to_vec();
            return Err(ShapeError::Length {
                len: elements.len(),
                shape,
            });
        }
        Ok(Self::from_elements(elements, layout))
    }

    /// Elements in memory order, as many as the dense layout has.
    #[inline]
    pub(crate) fn from_elements(elements: Vec<T>, layout: Layout<D>) -> Self {
        debug_assert_eq!(elements.len(), layout.len());
        let buffer = Buffer::from_vec(elements);
        let ptr = buffer.ptr();
        // SAFETY: invariants 1, 2 and 4: a dense layout over its own buffer of as many elements.
        unsafe { Array::from_parts(buffer, ptr, layout) }
    }

    /// Elements in logical row-major order, into whatever order the dense layout has.
    fn in_order(elements: Vec<T>, layout: Layout<D>) -> Self {
        if layout.is_c() {
            return Self::from_elements(elements, layout);
        }
        let mut out = Array::<T, D>::uninit_layout(layout);
        for (slot, element) in out.iter_mut().zip(elements) {
            slot.write(element);
        }
        // SAFETY: the iterator visited every element once, and there was one for each.
        unsafe { out.assume_init() }
    }
}

/// The next index in row-major order.
#[inline]
pub(crate) fn advance(index: &mut [usize], shape: &[usize]) {
    for (i, &n) in index.iter_mut().zip(shape).rev() {
        *i += 1;
        if *i < n {
            return;
        }
        *i = 0;
    }
}

impl<T: Clone + Zero + One> Array<T, Ix2> {
    /// The `n`×`n` identity matrix (NumPy's `identity`).
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array2::<f64>::identity(2), array![[1.0, 0.0], [0.0, 1.0]]);
    /// ```
    #[track_caller]
    pub fn identity(n: usize) -> Self {
        Self::eye(n, n, 0)
    }

    /// A `rows`×`cols` matrix with ones on the `k`-th diagonal (NumPy's `eye(N, M, k)`): 0 is the
    /// main one, positive lie above.
    ///
    /// # Panics
    /// As [`zeros`](Self::zeros).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array2::<i32>::eye(2, 3, 1), array![[0, 1, 0], [0, 0, 1]]);
    /// ```
    #[track_caller]
    pub fn eye(rows: usize, cols: usize, k: isize) -> Self {
        let mut out = Self::zeros([rows, cols]);
        for one in out.diagonal_mut(k, 0, 1).iter_mut() {
            *one = T::one();
        }
        out
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The layout of a fresh array like this one: same shape, K order.
    pub(crate) fn layout_like(&self) -> Layout<D> {
        loops::k_order(self.layout)
    }

    /// Zeros in the shape and memory order of this array (NumPy's `zeros_like`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.5, 2.5].zeros_like(), array![0.0, 0.0]);
    /// ```
    pub fn zeros_like(&self) -> Array<T, D>
    where
        T: Clone + Zero,
    {
        self.full_like(T::zero())
    }

    /// Ones in the shape and memory order of this array (NumPy's `ones_like`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.5, 2.5].ones_like(), array![1.0, 1.0]);
    /// ```
    pub fn ones_like(&self) -> Array<T, D>
    where
        T: Clone + One,
    {
        self.full_like(T::one())
    }

    /// Clones of `value` in the shape and memory order of this array (NumPy's `full_like`); the
    /// element type may differ.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.5, 2.5].full_like(true), array![true, true]);
    /// ```
    pub fn full_like<U: Clone>(&self, value: U) -> Array<U, D> {
        Array::full_layout(self.layout_like(), value)
    }

    /// An uninitialised array in the shape and memory order of this one (NumPy's `empty_like`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[1.5, 2.5]].uninit_like::<u8>().shape(), &[1, 2]);
    /// ```
    pub fn uninit_like<U>(&self) -> Array<MaybeUninit<U>, D> {
        Array::uninit_layout(self.layout_like())
    }
}
