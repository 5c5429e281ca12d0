//! The folds of all beginnings along an axis (NumPy's `ufunc.accumulate`).

use super::super::forms::{Binary, Ufunc};
use super::super::run::{Side, run_into};
use super::step::{Fold, WIDE};
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
        let step = F::step();
        let mut out = x.map(|&x| F::widen(x));
        let n = out.shape()[axis];
        if out.is_empty() || n < 2 {
            return Ok(out);
        }
        if out.len() / n >= WIDE {
            for i in 1..n {
                let (done, rest) = out.view_mut().into_split_at(axis, i);
                let from = done.index_axis(axis, i - 1);
                let to = rest.into_index_axis(axis, 0);
                let (from, to) = (Side::of(&from.head), Side::of(&to.head));
                // SAFETY: the kernel's types; `to` is exclusive, disjoint from `from`, and read and
                // written element by element.
                unsafe { run_into(to, &[from, to], false, step.cost, step.kernel.0)? };
            }
        } else {
            out.lanes_mut(axis).for_each(|lane| step.walk(lane));
        }
        Ok(out)
    }
}
