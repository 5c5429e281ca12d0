//! The function at places that may come twice (NumPy's `ufunc.at`).

use super::super::forms::{Binary, BinaryUfunc, Ufunc};
use super::positions::Positions;
use super::step::Step;
use crate::array::{
    ArrayRef, AxisInt, Dimension, Ix, MAX_NDIM, Operand, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::BinaryOp;

/// Positions that are computed at a time.
const BLOCK: usize = 256;

/// `lane[at] = lane[at] ∘ value` for one position after the other, with the function compiled in.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Scatter<T> {
    /// Where the lane and the values begin, how far their elements are apart, the positions.
    run: unsafe fn(*mut T, *const T, [isize; 2], &[usize]),
}

impl<T: Copy> Scatter<T> {
    #[inline]
    pub(crate) fn of<Op: BinaryOp<T, T, T>>() -> Self {
        Scatter {
            run: scatter::<T, Op>,
        }
    }
}

/// # Safety
/// Every position is that of an exclusive element of the lane, and there are as many values, which are
/// disjoint from it.
unsafe fn scatter<T: Copy, Op: BinaryOp<T, T, T>>(
    lane: *mut T,
    values: *const T,
    [step, value_step]: [isize; 2],
    at: &[usize],
) {
    let mut value = values;
    for &position in at {
        // SAFETY: the caller's promise.
        unsafe {
            let here = lane.offset(position as isize * step);
            *here = Op::apply(*here, *value);
        }
        value = value.wrapping_offset(value_step);
    }
}

impl<F: Ufunc> Binary<F> {
    /// `x[indices[k]] = x[indices[k]] ∘ values[k]` for one `k` after the other, so that an index that
    /// comes twice counts twice (NumPy's `ufunc.at`). Indices are positions along the first axis;
    /// values are broadcast to the indices' shape followed by `x`'s other extents.
    /// [`at_nd`](Self::at_nd) has indices along several axes, [`at_mask`](Self::at_mask) a mask.
    ///
    /// # Panics
    /// An index lies outside the axis, or the values do not broadcast; then nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut counts = array![0, 0, 0];
    /// ufunc::Add.at(&mut counts, &array![0, 2, 2, -1], 1);
    /// assert_eq!(counts, array![1, 0, 3]);
    /// ```
    #[track_caller]
    pub fn at<T: Copy, D: RemoveAxis, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &ArrayRef<I, E>,
        values: V,
    ) where
        F: BinaryUfunc<T, Output = T>,
    {
        unwrap(self.try_at(x, indices, values));
    }

    /// As [`at`](Self::at), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Index`], [`ShapeError::BroadcastInto`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![0, 0];
    /// ufunc::Maximum.try_at(&mut x, &array![1, 1], &array![5, 3])?;
    /// assert_eq!(x, array![0, 5]);
    /// assert!(ufunc::Maximum.try_at(&mut x, &array![2], 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_at<T: Copy, D: RemoveAxis, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &ArrayRef<I, E>,
        values: V,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<T, Output = T>,
    {
        let [n, rest @ ..] = x.shape() else {
            return Err(ShapeError::Axis { axis: 0, ndim: 0 });
        };
        let place = Positions {
            n: *n,
            negative: true,
        };
        place.check(indices, 0)?;
        let mut shape = indices.shape().to_vec();
        shape.extend_from_slice(rest);
        let step = Step::of::<F>(None, false);
        values.with_view(|values| {
            let values = values.try_broadcast_to(shape.as_slice())?;
            if shape.len() == indices.ndim() {
                if let Some(mut lane) = x.lanes_mut(0).next() {
                    let flat = values.layout.reshape(Ix([values.len()]));
                    if let (Some(scatter), Some(flat), Some(indices)) =
                        (F::scatter(), flat, indices.as_slice())
                    {
                        let steps = [lane.strides()[0], flat.strides()[0]];
                        let mut from = values.as_ptr();
                        // Positions of all indices at once would be fresh memory.
                        let mut at = [0; BLOCK];
                        for indices in indices.chunks(BLOCK) {
                            for (at, &index) in at.iter_mut().zip(indices) {
                                *at = place.of(index);
                            }
                            let at = &at[..indices.len()];
                            // SAFETY: positions on the lane, which is exclusive and disjoint from what is
                            // borrowed, and as many values.
                            unsafe { (scatter.run)(lane.as_mut_ptr(), from, steps, at) };
                            from = from.wrapping_offset(steps[1] * at.len() as isize);
                        }
                        return Ok(());
                    }
                    let at = indices.iter().map(|&index| place.of(index));
                    step.apply_at(lane, at.zip(values.iter()));
                }
                return Ok(());
            }
            // One axis for the indices: broadcast values have no view of that shape.
            let index_ndim = indices.ndim();
            for (k, &index) in indices.iter().enumerate() {
                let mut value = values;
                let mut rest = k;
                let mut coordinates = [0; MAX_NDIM];
                for axis in (0..index_ndim).rev() {
                    coordinates[axis] = rest % indices.shape()[axis];
                    rest /= indices.shape()[axis];
                }
                for &coordinate in &coordinates[..index_ndim] {
                    value = value.index_axis(0, coordinate);
                }
                step.apply(x.index_axis_mut(0, place.of(index)), value);
            }
            Ok(())
        })
    }
}
