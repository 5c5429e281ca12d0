//! Boolean selection: `mask`, `mask_fill`, `mask_assign`, `assign_where`, `nonzero` and their like.

use super::run::{Side, run_into};
use super::select::select_kernel;
use crate::array::{
    Array, Array1, Array2, ArrayRef, ArrayView, ArrayViewMut, Dimension, IxDyn, Layout, Operand,
    Order, ShapeError, is_plain, unwrap,
};
use crate::engine::compress::Compress;
use crate::engine::{self, Cost, simd};

/// The mask as a view with the axes of what it masks: it has the first of them (NumPy's rule for
/// boolean indices).
pub(super) fn over<'a, E: Dimension>(
    mask: &'a ArrayRef<bool, E>,
    shape: &[usize],
) -> Result<ArrayView<'a, bool, IxDyn>, ShapeError> {
    let own = mask.shape();
    if own.len() > shape.len() {
        return Err(ShapeError::TooManyIndices {
            ndim: shape.len(),
            given: own.len(),
        });
    }
    if let Some(axis) = (0..own.len()).find(|&axis| own[axis] != shape[axis]) {
        return Err(ShapeError::BooleanIndex {
            axis,
            len: shape[axis],
            mask_len: own[axis],
        });
    }
    let mut view = mask.view_dyn();
    for axis in own.len()..shape.len() {
        view = view.try_insert_axis(axis)?;
    }
    view.try_broadcast_to(shape)
}

/// The plain elements where the mask, which has as many, is `true`.
fn compressed<T>(values: &[T], mask: &[bool]) -> Array1<T> {
    assert!(is_plain::<T>() && values.len() == mask.len());
    let from = engine::Operand::dense(values.as_ptr().cast_mut());
    let compress = Compress::new(simd::level(), mask, from);
    let layout = Layout::dense(crate::array::Ix([compress.kept()]), Order::C);
    let out = Array1::<T>::uninit_layout(layout);
    // SAFETY: plain elements, as many as the mask has, and fresh room for those that are kept.
    unsafe {
        compress.run(out.head.ptr.as_ptr().cast());
        out.assume_init()
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The elements where the mask is `true`, in C order (NumPy's `x[mask]` with a mask of the
    /// shape of `x`).
    ///
    /// # Panics
    /// The mask has another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5], [7, 3]];
    /// assert_eq!(x.mask(&x.greater(2)), array![5, 7, 3]);
    /// ```
    #[track_caller]
    pub fn mask<E: Dimension>(&self, mask: &ArrayRef<bool, E>) -> Array1<T>
    where
        T: Clone,
    {
        unwrap(self.try_mask(mask))
    }

    /// As [`mask`](Self::mask), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BooleanIndex`], [`ShapeError::TooManyIndices`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 5, 3];
    /// assert_eq!(x.try_mask(&array![true, false, true])?, array![1, 3]);
    /// let error = x.try_mask(&array![true, false]).unwrap_err();
    /// assert!(matches!(error, orthant::ShapeError::BooleanIndex { .. }));
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_mask<E: Dimension>(&self, mask: &ArrayRef<bool, E>) -> Result<Array1<T>, ShapeError>
    where
        T: Clone,
    {
        if mask.shape() != self.shape() {
            over(mask, self.shape())?;
            return Err(ShapeError::TooManyIndices {
                ndim: mask.ndim(),
                given: self.ndim(),
            });
        }
        if !is_plain::<T>() {
            let kept = self.iter().zip(mask.iter()).filter(|(_, bit)| **bit);
            return Ok(kept.map(|(value, _)| value.clone()).collect());
        }
        if let (Some(values), Some(bits)) = (self.as_slice(), mask.as_slice()) {
            return Ok(compressed(values, bits));
        }
        let (values, mask) = (self.as_standard_layout(), mask.as_standard_layout());
        let (Some(values), Some(bits)) = (values.as_slice(), mask.as_slice()) else {
            unreachable!("standard layouts are slices")
        };
        Ok(compressed(values, bits))
    }

    /// Sets the elements where the mask is `true` (NumPy's `x[mask] = value`, and `putmask`, `place`,
    /// `copyto(x, value, where=mask)` with a scalar). The mask has the shape of this array or of its
    /// first axes.
    ///
    /// # Panics
    /// The mask has another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[1.0, 5.0], [7.0, 3.0]];
    /// x.mask_fill(&x.greater(4.0), 4.0);
    /// assert_eq!(x, array![[1.0, 4.0], [4.0, 3.0]]);
    /// x.mask_fill(&array![true, false], 0.0);
    /// assert_eq!(x, array![[0.0, 0.0], [4.0, 3.0]]);
    /// ```
    #[track_caller]
    pub fn mask_fill<M: Operand<bool>>(&mut self, mask: M, value: T)
    where
        T: Clone,
    {
        unwrap(self.try_mask_fill(mask, value));
    }

    /// As [`mask_fill`](Self::mask_fill), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BooleanIndex`], [`ShapeError::TooManyIndices`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 5, 3];
    /// x.try_mask_fill(&array![false, true, false], 0)?;
    /// assert!(x.try_mask_fill(&array![true], 9).is_err());
    /// assert_eq!(x, array![1, 0, 3]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_mask_fill<M: Operand<bool>>(&mut self, mask: M, value: T) -> Result<(), ShapeError>
    where
        T: Clone,
    {
        mask.with_view(|mask| {
            let mask = over(&mask, self.shape())?;
            let Some(kernel) = select_kernel::<T>() else {
                let slots = self.iter_mut().zip(mask.iter()).filter(|(_, bit)| **bit);
                slots.for_each(|(slot, _)| slot.clone_from(&value));
                return Ok(());
            };
            let value = ArrayView::from_element(&value);
            let both = Side::of(self);
            let inputs = [Side::of(&mask.head), Side::of(&value.head), both];
            // SAFETY: the kernel is for plain elements of this size; the array is exclusive, and
            // read and written element by element.
            unsafe { run_into(both, &inputs, false, Cost::Memory, kernel) }
        })
    }

    /// Replaces the elements where the mask is `true` by these, one after the other in C order
    /// (NumPy's `x[mask] = values`, and `place(x, mask, values)`, which would repeat too few values
    /// and pass over too many). The mask has the shape of this array or of its first axes.
    /// [`assign_where`](Self::assign_where) takes each value from the place that it goes to.
    ///
    /// # Panics
    /// The mask has another shape, or not as many `true`s (times the rest of the shape) as there
    /// are values.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![0, 1, 2, 3];
    /// x.mask_assign(&array![true, false, false, true], &array![10, 20]);
    /// assert_eq!(x, array![10, 1, 2, 20]);
    /// ```
    #[track_caller]
    pub fn mask_assign<M: Operand<bool>, V: Operand<T>>(&mut self, mask: M, values: V)
    where
        T: Clone,
    {
        unwrap(self.try_mask_assign(mask, values));
    }

    /// As [`mask_assign`](Self::mask_assign), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BooleanIndex`], [`ShapeError::TooManyIndices`],
    /// [`ShapeError::BooleanAssign`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 5, 3];
    /// x.try_mask_assign(&array![false, true, true], &array![6, 7])?;
    /// // one place, two values
    /// assert!(x.try_mask_assign(&array![true, false, false], &array![8, 9]).is_err());
    /// assert_eq!(x, array![1, 6, 7]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_mask_assign<M: Operand<bool>, V: Operand<T>>(
        &mut self,
        mask: M,
        values: V,
    ) -> Result<(), ShapeError>
    where
        T: Clone,
    {
        mask.with_view(|mask| {
            let mask = over(&mask, self.shape())?;
            let places = mask.iter().filter(|&&bit| bit).count();
            values.with_view(|values| {
                if values.len() != places {
                    return Err(ShapeError::BooleanAssign {
                        values: values.len(),
                        places,
                    });
                }
                let slots = self.iter_mut().zip(mask.iter()).filter(|(_, bit)| **bit);
                slots
                    .zip(values.iter())
                    .for_each(|((slot, _), value)| slot.clone_from(value));
                Ok(())
            })
        })
    }

    /// Replaces the elements where the mask is `true` by those in the same places of another array;
    /// mask and values are broadcast (NumPy's `copyto(x, values, where=mask)`, and `putmask` with
    /// values of the same shape).
    ///
    /// # Panics
    /// The mask or the values do not broadcast to this shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![[0, 1, 2], [3, 4, 5]];
    /// x.assign_where(&array![true, false, true], &array![[7], [8]]);
    /// assert_eq!(x, array![[7, 1, 7], [8, 4, 8]]);
    /// ```
    #[track_caller]
    pub fn assign_where<M: Operand<bool>, V: Operand<T>>(&mut self, mask: M, values: V)
    where
        T: Clone,
    {
        unwrap(self.try_assign_where(mask, values));
    }

    /// As [`assign_where`](Self::assign_where), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BroadcastInto`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 5, 3];
    /// x.try_assign_where(&array![false, true, true], &array![6, 7, 8])?;
    /// assert!(x.try_assign_where(&array![true, false], 0).is_err());
    /// assert_eq!(x, array![1, 7, 8]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_assign_where<M: Operand<bool>, V: Operand<T>>(
        &mut self,
        mask: M,
        values: V,
    ) -> Result<(), ShapeError>
    where
        T: Clone,
    {
        mask.with_view(|mask| {
            values.with_view(|values| {
                let mask = mask.try_broadcast_to(self.shape())?;
                let values = values.try_broadcast_to(self.shape())?;
                let Some(kernel) = select_kernel::<T>() else {
                    let slots = self.iter_mut().zip(mask.iter()).zip(values.iter());
                    slots
                        .filter(|((_, bit), _)| **bit)
                        .for_each(|((slot, _), value)| slot.clone_from(value));
                    return Ok(());
                };
                let both = Side::of(self);
                let inputs = [Side::of(&mask.head), Side::of(&values.head), both];
                // SAFETY: the kernel is for plain elements of this size; the array is exclusive, and
                // read and written element by element.
                unsafe { run_into(both, &inputs, false, Cost::Memory, kernel) }
            })
        })
    }
}

/// An element that is zero or not: numbers and `bool` (`false` is zero).
///
/// ```
/// use orthant::prelude::*;
///
/// assert_eq!(array![0.0, 2.0].flatnonzero(), array![1]);
/// assert_eq!(array![true, false].flatnonzero(), array![0]);
/// ```
pub trait MaybeZero {
    /// Whether this is not zero; NaN is not.
    fn is_nonzero(&self) -> bool;
}
impl<T: crate::array::Number> MaybeZero for T {
    #[inline(always)]
    fn is_nonzero(&self) -> bool {
        !self.is_zero()
    }
}
impl MaybeZero for bool {
    #[inline(always)]
    fn is_nonzero(&self) -> bool {
        *self
    }
}

impl<T: MaybeZero, D: Dimension> ArrayRef<T, D> {
    /// The indices of the elements that are not zero, one array per axis, in C order (NumPy's
    /// `nonzero`, and `where` with one argument).
    ///
    /// # Panics
    /// The array has no axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let indices = array![[0, 3], [4, 0]].nonzero();
    /// assert_eq!(indices[0], array![0, 1]);
    /// assert_eq!(indices[1], array![1, 0]);
    /// ```
    #[track_caller]
    pub fn nonzero(&self) -> Vec<Array1<usize>> {
        unwrap(self.try_nonzero())
    }

    /// As [`nonzero`](Self::nonzero), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Argument`] for an array without axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![0, 3, 4].try_nonzero()?[0], array![1, 2]);
    /// assert!(Array0::from(3).try_nonzero().is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_nonzero(&self) -> Result<Vec<Array1<usize>>, ShapeError> {
        if self.ndim() == 0 {
            return Err(ShapeError::Argument {
                op: "nonzero",
                message: "calling nonzero on 0d arrays is not allowed".to_owned(),
            });
        }
        let flat = self.flatnonzero();
        let mut inner: usize = self.len();
        let axes = self.shape().iter().map(|&len| {
            inner /= len.max(1);
            flat.map(|&at| at / inner.max(1) % len.max(1))
        });
        Ok(axes.collect())
    }

    /// The indices of the elements that are not zero, one per row, in C order (NumPy's `argwhere`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[0, 3], [4, 0]].argwhere(), array![[0, 1], [1, 0]]);
    /// ```
    pub fn argwhere(&self) -> Array2<usize> {
        let flat = self.flatnonzero();
        let ndim = self.ndim();
        let mut out = Array2::zeros([flat.len(), ndim]);
        for (mut row, &at) in out.outer_iter_mut().zip(flat.iter()) {
            let mut rest = at;
            for axis in (0..ndim).rev() {
                row[axis] = rest % self.shape()[axis];
                rest /= self.shape()[axis];
            }
        }
        out
    }

    /// The positions, in C order, of the elements that are not zero (NumPy's `flatnonzero`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![[0, 3], [4, 0]].flatnonzero(), array![1, 2]);
    /// ```
    pub fn flatnonzero(&self) -> Array1<usize> {
        let positions = self.iter().enumerate();
        let kept = positions.filter(|(_, value)| value.is_nonzero());
        kept.map(|(at, _)| at).collect()
    }
}

/// The methods that change elements under a mask, as inherent methods of the owners too: through
/// `DerefMut` alone, `x.mask_fill(&x.greater(3), 3)` would borrow `x` twice.
macro_rules! owners {
    ($($kind:ty: $x:literal),+) => {$(
        impl<T: Clone, D: Dimension> $kind {
            /// See [`ArrayRef::mask_fill`].
            ///
            /// # Panics
            /// As there.
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = $x]
            /// x.mask_fill(&x.greater(2), 2);
            /// assert_eq!(x, array![1, 2, 2]);
            /// ```
            #[inline]
            #[track_caller]
            pub fn mask_fill<M: Operand<bool>>(&mut self, mask: M, value: T) {
                (**self).mask_fill(mask, value);
            }
            /// See [`ArrayRef::mask_assign`].
            ///
            /// # Panics
            /// As there.
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = $x]
            /// x.mask_assign(&x.greater(2), &array![7, 8]);
            /// assert_eq!(x, array![1, 7, 8]);
            /// ```
            #[inline]
            #[track_caller]
            pub fn mask_assign<M: Operand<bool>, V: Operand<T>>(&mut self, mask: M, values: V) {
                (**self).mask_assign(mask, values);
            }
            /// See [`ArrayRef::assign_where`].
            ///
            /// # Panics
            /// As there.
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = $x]
            /// x.assign_where(&x.greater(2), &array![7, 8, 9]);
            /// assert_eq!(x, array![1, 8, 9]);
            /// ```
            #[inline]
            #[track_caller]
            pub fn assign_where<M: Operand<bool>, V: Operand<T>>(&mut self, mask: M, values: V) {
                (**self).assign_where(mask, values);
            }
        }
    )+};
}
owners!(
    Array<T, D>: "let mut x = array![1, 5, 3];",
    ArrayViewMut<'_, T, D>: "let mut owner = array![1, 5, 3];\nlet mut x = owner.view_mut();"
);
