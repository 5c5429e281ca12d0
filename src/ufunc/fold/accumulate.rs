//! The folds of all beginnings along an axis (NumPy's `ufunc.accumulate`).

use super::super::forms::{Binary, Ufunc};
use super::step::Fold;
use crate::array::{Array, ArrayRef, Axis, RemoveAxis, ShapeError, unwrap};

impl<F: Ufunc> Binary<F> {
    /// The folds of all beginnings along an axis (NumPy's `ufunc.accumulate`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.accumulate(&array![1, 3, 2, 5], 0), array![1, 3, 3, 5]);
    /// ```
    #[track_caller]
    pub fn accumulate<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_accumulate(x, axis))
    }

    /// As [`accumulate`](Self::accumulate), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_accumulate(&array![1, 3, 2], 0)?, array![1, 3, 3]);
    /// assert!(ufunc::Maximum.try_accumulate(&array![1, 3, 2], 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_accumulate<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into().resolve(x.ndim())?;
        F::beginnings(x.view(), axis)
    }
}
