//! The folds of stretches along an axis (NumPy's `ufunc.reduceat`).

use std::mem::MaybeUninit;

use super::super::forms::{Binary, Ufunc};
use super::positions::Positions;
use super::step::Fold;
use crate::array::{
    Array, ArrayRef, ArrayView, ArrayViewMut, Axis, AxisInt, Ix1, Layout, Order, RemoveAxis,
    ShapeError, unwrap,
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
    /// [`ShapeError::Axis`], [`ShapeError::Stretch`] for an index outside it, [`ShapeError::Scalar`] for
    /// an array without axes.
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
        let (axis, starts) = starts(F::NAME, x, indices, axis.into())?;
        let dim = D::from_slice(&shape(x, axis, &starts))?;
        let mut out = Array::<F::Acc, D>::uninit_layout(Layout::dense(dim, Order::C));
        stretches::<F, T, D>(x, axis, &starts, out.view_mut())?;
        // SAFETY: every slab along the axis was written.
        Ok(unsafe { out.assume_init() })
    }

    /// As [`reduceat`](Self::reduceat), into an array of the result's shape (NumPy's `out=`).
    ///
    /// # Panics
    /// As there, and for an output of another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = array![0, 0];
    /// ufunc::Maximum.reduceat_into(&array![1, 5, 2, 4], &[0, 2], 0, &mut y);
    /// assert_eq!(y, array![5, 4]);
    /// ```
    #[track_caller]
    pub fn reduceat_into<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, D>,
    ) where
        F: Fold<T>,
    {
        unwrap(self.try_reduceat_into(x, indices, axis, out));
    }

    /// As [`reduceat_into`](Self::reduceat_into), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_reduceat`](Self::try_reduceat), and [`ShapeError::Output`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, mut y) = (array![1, 5, 2, 4], array![0, 0]);
    /// ufunc::Maximum.try_reduceat_into(&x, &[0, 2], 0, &mut y)?;
    /// assert!(ufunc::Maximum.try_reduceat_into(&x, &[0, 2, 3], 0, &mut y).is_err());
    /// assert_eq!(y, array![5, 4]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduceat_into<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, D>,
    ) -> Result<(), ShapeError>
    where
        F: Fold<T>,
    {
        let (axis, starts) = starts(F::NAME, x, indices, axis.into())?;
        let shape = shape(x, axis, &starts);
        if out.shape() != shape {
            return Err(ShapeError::Output {
                output: out.shape().to_vec(),
                broadcast: shape,
            });
        }
        let (ptr, layout) = out.view_mut().parts();
        // SAFETY: the same exclusive elements, which are only written, and with initialised ones.
        let slots = unsafe { ArrayViewMut::from_parts(ptr.cast::<MaybeUninit<_>>(), layout) };
        stretches::<F, T, D>(x, axis, &starts, slots)
    }
}

/// The axis to go along, and where stretches start, which is on it.
fn starts<T, D: RemoveAxis, I: AxisInt>(
    op: &'static str,
    x: &ArrayRef<T, D>,
    indices: &[I],
    axis: Axis,
) -> Result<(usize, Vec<usize>), ShapeError> {
    if x.ndim() == 0 {
        return Err(ShapeError::Scalar { op: "reduceat" });
    }
    let axis = axis.resolve(x.ndim())?;
    let place = Positions {
        n: x.shape()[axis],
        negative: false,
    };
    match place.all(&ArrayView::<_, Ix1>::from(indices), axis) {
        Err(ShapeError::Index { index, len, .. }) => Err(ShapeError::Stretch { op, index, len }),
        starts => Ok((axis, starts?)),
    }
}

/// The shape of the result.
fn shape<T, D: RemoveAxis>(x: &ArrayRef<T, D>, axis: usize, starts: &[usize]) -> Vec<usize> {
    let mut shape = x.shape().to_vec();
    shape[axis] = starts.len();
    shape
}

/// Writes the folds of the stretches, each in its slab along the axis. A stretch of one element is that
/// element, whatever folds begin with.
fn stretches<F: Fold<T>, T: Copy, D: RemoveAxis>(
    x: &ArrayRef<T, D>,
    axis: usize,
    starts: &[usize],
    mut out: ArrayViewMut<'_, MaybeUninit<F::Acc>, D>,
) -> Result<(), ShapeError> {
    let n = x.shape()[axis];
    let single = x.len() == n;
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(n).max(start + 1);
        let slots = out.index_axis_mut(axis, i).into_iter();
        if end == start + 1 {
            let slab = x.index_axis(axis, start);
            for (slot, &value) in slots.zip(slab.iter()) {
                slot.write(F::widen(value));
            }
            continue;
        }
        let part = x.slice_axis(axis, Some(start as isize), Some(end as isize), 1);
        if single {
            let value = F::lane(part, axis)?;
            slots.for_each(|slot| {
                slot.write(value);
            });
            continue;
        }
        for (slot, &value) in slots.zip(F::along(part, axis)?.iter()) {
            slot.write(value);
        }
    }
    Ok(())
}
