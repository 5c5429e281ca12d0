//! The folds of stretches along an axis (NumPy's `ufunc.reduceat`).

use super::super::forms::{Binary, Ufunc};
use super::step::{Fold, Positions};
use crate::array::{
    Array, ArrayRef, ArrayView, Axis, AxisInt, Ix1, Layout, Order, RemoveAxis, ShapeError, unwrap,
};

impl<F: Ufunc> Binary<F> {
    /// Folds over the stretches between indices along an axis (NumPy's `ufunc.reduceat`): result `i`
    /// is the fold over `indices[i]..indices[i + 1]`, the last one goes to the end, and where the
    /// next index is not greater it is the one element at `indices[i]`.
    ///
    /// # Panics
    /// The axis does not exist, or an index lies outside it.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array1::<i32>::arange(0, 8, 1);
    /// let sums = ufunc::Add.reduceat(&x, &[0, 4, 1, 5, 2, 6, 3, 7], 0);
    /// assert_eq!(sums, array![6, 4, 10, 5, 14, 6, 18, 7]);
    /// ```
    #[track_caller]
    pub fn reduceat<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduceat(x, indices, axis))
    }

    /// As [`reduceat`](Self::reduceat), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::Index`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1, 5, 2, 4];
    /// assert_eq!(ufunc::Maximum.try_reduceat(&x, &[0, 2], 0)?, array![5, 4]);
    /// assert!(ufunc::Maximum.try_reduceat(&x, &[4], 0).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduceat<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into().resolve(x.ndim())?;
        let n = x.shape()[axis];
        let place = Positions { n, negative: false };
        let starts = place.all(&ArrayView::<_, Ix1>::from(indices), axis)?;
        let mut shape = x.shape().to_vec();
        shape[axis] = starts.len();
        let dim = D::from_slice(&shape)?;
        let single = x.len() == n;
        let layout = Layout::dense(dim, Order::C);
        let mut out = Array::<F::Acc, D>::uninit_layout(layout);
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(n).max(start + 1);
            let part = x.slice_axis(axis, Some(start as isize), Some(end as isize), 1);
            let slots = out.index_axis_mut(axis, i);
            if single {
                let value = F::lane(part, axis)?;
                slots.into_iter().for_each(|slot| {
                    slot.write(value);
                });
                continue;
            }
            for (slot, &value) in slots.into_iter().zip(F::along(part, axis)?.iter()) {
                slot.write(value);
            }
        }
        // SAFETY: every slab along the axis was written.
        Ok(unsafe { out.assume_init() })
    }
}
