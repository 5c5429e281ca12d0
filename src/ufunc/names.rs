//! NumPy's other names of functions that have one already.

use super::forms::{BinaryUfunc, Max, UnaryUfunc, unary};
use super::{Divide, Negative};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, unwrap};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// `-x` of every element; integers wrap (NumPy's `negative`). The object is
    /// [`ufunc::Negative`](Negative).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, -2].negative(), array![-1, 2]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn negative(&self) -> Array<<Negative as UnaryUfunc<T>>::Output, D>
    where
        Negative: UnaryUfunc<T>,
    {
        unary::<Negative, T, D>(self)
    }

    /// [`divide`](Self::divide) under NumPy's other name for it. The object is
    /// [`ufunc::TrueDivide`](Divide).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, -1].true_divide(2), array![0.5, -0.5]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn true_divide<R: Operand<T>>(
        &self,
        other: R,
    ) -> Array<<Divide as BinaryUfunc<T>>::Output, Max<D, R::Dim>>
    where
        Divide: BinaryUfunc<T>,
        D: DimMax<R::Dim>,
    {
        unwrap(self.try_divide(other))
    }

    /// As [`true_divide`](Self::true_divide), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, -1].try_true_divide(2)?, array![0.5, -0.5]);
    /// assert!(array![1, -1].try_true_divide(&array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_true_divide<R: Operand<T>>(
        &self,
        other: R,
    ) -> Result<Array<<Divide as BinaryUfunc<T>>::Output, Max<D, R::Dim>>, ShapeError>
    where
        Divide: BinaryUfunc<T>,
        D: DimMax<R::Dim>,
    {
        self.try_divide(other)
    }
}
