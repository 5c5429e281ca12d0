//! The function at places that are named along several axes, or by a mask.

use super::super::forms::{Binary, BinaryUfunc, Ufunc};
use super::super::mask::over;
use super::positions::Positions;
use crate::array::{
    ArrayD, ArrayRef, ArrayViewMut, AxisInt, Dimension, IxDyn, Operand, Order, ShapeError,
    broadcast_all, unwrap,
};

impl<F: Ufunc> Binary<F> {
    /// As [`at`](Self::at), with positions along as many axes as there are arrays of indices, which
    /// broadcast together (NumPy's `ufunc.at` with a tuple). Values are broadcast to their shape
    /// followed by `x`'s other extents.
    ///
    /// # Panics
    /// There are more arrays of indices than axes, an index lies outside its axis, or something does
    /// not broadcast; then nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = Array2::<i32>::zeros([2, 3]);
    /// let (rows, columns) = (array![0, 1, 1], array![2, 0, 0]);
    /// ufunc::Add.at_nd(&mut x, &[&rows, &columns], &array![1, 2, 3]);
    /// assert_eq!(x, array![[0, 0, 1], [5, 0, 0]]);
    /// ```
    #[track_caller]
    pub fn at_nd<T: Copy, D: Dimension, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &[&ArrayRef<I, E>],
        values: V,
    ) where
        F: BinaryUfunc<T, Output = T>,
    {
        unwrap(self.try_at_nd(x, indices, values));
    }

    /// As [`at_nd`](Self::at_nd), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::TooManyIndices`], [`ShapeError::Index`], [`ShapeError::Broadcast`],
    /// [`ShapeError::BroadcastInto`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = Array2::<i32>::zeros([2, 3]);
    /// ufunc::Add.try_at_nd(&mut x, &[&array![0, 1], &array![-1, 0]], 7)?;
    /// assert_eq!(x, array![[0, 0, 7], [7, 0, 0]]);
    /// assert!(ufunc::Add.try_at_nd(&mut x, &[&array![0], &array![3]], 7).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_at_nd<T: Copy, D: Dimension, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &[&ArrayRef<I, E>],
        values: V,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<T, Output = T>,
    {
        if indices.len() > x.ndim() {
            return Err(ShapeError::TooManyIndices {
                ndim: x.ndim(),
                given: indices.len(),
            });
        }
        let shape = broadcast_all(indices.iter().map(|index| index.shape()))?;
        let shape = shape.as_slice();
        let mut places = ArrayD::<usize>::zeros(shape);
        for (axis, index) in indices.iter().enumerate() {
            let n = x.shape()[axis];
            let place = Positions { n, negative: true };
            place.check(index, axis)?;
            let index = index.view_dyn().try_broadcast_to(shape)?;
            let along = places.iter_mut().zip(index.iter());
            along.for_each(|(all, &index)| *all = *all * n + place.of(index));
        }
        self.at_places(x.view_dyn_mut(), indices.len(), &places, values)
    }

    /// `x = x ∘ values` where the mask, which has the shape of `x` or of its first axes, is `true`
    /// (NumPy's `ufunc.at` with a mask). Values are broadcast to the number of places followed by
    /// `x`'s other extents.
    ///
    /// # Panics
    /// The mask has another shape, or the values do not broadcast; then nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// ufunc::Add.at_mask(&mut x, &array![[true, false], [false, true]], &array![10, 20]);
    /// assert_eq!(x, array![[11, 2], [3, 24]]);
    /// ```
    #[track_caller]
    pub fn at_mask<T: Copy, D: Dimension, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: &ArrayRef<bool, E>,
        values: V,
    ) where
        F: BinaryUfunc<T, Output = T>,
    {
        unwrap(self.try_at_mask(x, mask, values));
    }

    /// As [`at_mask`](Self::at_mask), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BooleanIndex`], [`ShapeError::TooManyIndices`],
    /// [`ShapeError::BroadcastInto`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// ufunc::Multiply.try_at_mask(&mut x, &array![false, true], &array![2, 3])?;
    /// assert_eq!(x, array![[1, 2], [6, 12]]);
    /// assert!(ufunc::Multiply.try_at_mask(&mut x, &array![true], 0).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_at_mask<T: Copy, D: Dimension, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: &ArrayRef<bool, E>,
        values: V,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<T, Output = T>,
    {
        over(mask, x.shape())?;
        let places = mask.flatnonzero();
        self.at_places(x.view_dyn_mut(), mask.ndim(), &places, values)
    }

    /// [`at`](Self::at) with positions along the first axes taken as one, in row-major order.
    fn at_places<T: Copy, E: Dimension, V: Operand<T>>(
        &self,
        mut x: ArrayViewMut<'_, T, IxDyn>,
        axes: usize,
        places: &ArrayRef<usize, E>,
        values: V,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<T, Output = T>,
    {
        let mut shape = x.shape().to_vec();
        let lead = shape.drain(..axes).product();
        shape.insert(0, lead);
        if x.reshape_view(&shape[..]).is_ok() {
            return self.try_at(&mut x.into_reshape_view(&shape[..])?, places, values);
        }
        // No view has these axes as one.
        let mut copy = x.to_order(Order::C);
        self.try_at(&mut copy.reshape_view_mut(&shape[..])?, places, values)?;
        x.try_assign(&copy)
    }
}
