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
    /// [`ShapeError::Axis`], [`ShapeError::Scalar`] for an array without axes.
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
        F::beginnings(x.view(), walked(x, axis.into())?)
    }

    /// As [`accumulate`](Self::accumulate), into an array of the same shape (NumPy's `out=`).
    ///
    /// # Panics
    /// As there, and for an output of another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = array![0, 0, 0];
    /// ufunc::Subtract.accumulate_into(&array![9, 3, 2], 0, &mut y);
    /// assert_eq!(y, array![9, 6, 4]);
    /// ```
    #[track_caller]
    pub fn accumulate_into<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, D>,
    ) where
        F: Fold<T>,
    {
        unwrap(self.try_accumulate_into(x, axis, out));
    }

    /// As [`accumulate_into`](Self::accumulate_into), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_accumulate`](Self::try_accumulate), and [`ShapeError::Output`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, mut y) = (array![9, 3, 2], array![0, 0, 0]);
    /// ufunc::Subtract.try_accumulate_into(&x, 0, &mut y)?;
    /// assert!(ufunc::Subtract.try_accumulate_into(&x, 1, &mut y).is_err());
    /// assert_eq!(y, array![9, 6, 4]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_accumulate_into<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, D>,
    ) -> Result<(), ShapeError>
    where
        F: Fold<T>,
    {
        let axis = walked(x, axis.into())?;
        if out.shape() != x.shape() {
            return Err(ShapeError::Output {
                output: out.shape().to_vec(),
                broadcast: x.shape().to_vec(),
            });
        }
        F::beginnings_into(x.view(), axis, out.view_mut())
    }
}

/// The axis to go along.
fn walked<T, D: RemoveAxis>(x: &ArrayRef<T, D>, axis: Axis) -> Result<usize, ShapeError> {
    if x.ndim() == 0 {
        return Err(ShapeError::Scalar { op: "accumulate" });
    }
    axis.resolve(x.ndim())
}
