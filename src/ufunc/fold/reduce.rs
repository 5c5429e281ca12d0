//! The fold along axes, which disappear (NumPy's `ufunc.reduce`).

use super::super::forms::{Binary, Ufunc};
use super::chosen::{Request, resolved};
use super::step::Fold;
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, RemoveAxis, ShapeError, unwrap,
};

impl<F: Ufunc> Binary<F> {
    /// Folds the function along an axis, which disappears (NumPy's `ufunc.reduce`):
    /// `((x₀ ∘ x₁) ∘ x₂) ∘ …`, in that order where order matters.
    ///
    /// [`reduction`](Self::reduction) has NumPy's other options: `keepdims`, `where`, `initial`, `out`.
    /// Sums are pairwise, as [`sum_axis`](ArrayRef::sum_axis)'s, and narrow integers are added and
    /// multiplied in wide ones.
    ///
    /// # Panics
    /// The axis does not exist, or has no elements and the function has no identity.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[10_i32, 2, 3], [40, 5, 6]];
    /// assert_eq!(ufunc::Add.reduce(&x, 0), array![50, 7, 9]);
    /// assert_eq!(ufunc::Subtract.reduce(&x, 1), array![5, 29]);
    /// ```
    #[track_caller]
    pub fn reduce<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D::Smaller>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce(x, axis))
    }

    /// As [`reduce`](Self::reduce), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::NoIdentity`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_reduce(&array![[3, 1], [2, 5]], 0)?, array![3, 5]);
    /// assert!(ufunc::Maximum.try_reduce(&Array2::<f64>::zeros([0, 2]), 0).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D::Smaller>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into();
        if x.ndim() == 0 {
            let request = Request::new(resolved(&[axis.0], 0)?, None, None);
            return request.run::<F, T>(x.view_dyn(), false)?.into_rank_of();
        }
        F::along(x.view(), axis.resolve(x.ndim())?)
    }

    /// As [`reduce`](Self::reduce), with the axis at length 1 (NumPy's `keepdims=True`).
    ///
    /// # Panics
    /// As there.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.reduce_keepdims(&x, 1), array![[3], [5]]);
    /// ```
    #[track_caller]
    pub fn reduce_keepdims<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_keepdims(x, axis))
    }

    /// As [`reduce_keepdims`](Self::reduce_keepdims), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::NoIdentity`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_reduce_keepdims(&array![3, 5], 0)?, array![5]);
    /// assert!(ufunc::Maximum.try_reduce_keepdims(&array![3, 5], 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_keepdims<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axis(axis).keepdims().try_call(x)
    }

    /// As [`reduce`](Self::reduce), into an array of the result's shape, with or without the axis at
    /// length 1 (NumPy's `out=`).
    ///
    /// # Panics
    /// As there, and for an output of another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut greatest = array![0, 0];
    /// ufunc::Maximum.reduce_into(&array![[3, 1], [2, 5]], 0, &mut greatest);
    /// assert_eq!(greatest, array![3, 5]);
    /// ```
    #[track_caller]
    pub fn reduce_into<T: Copy, D: RemoveAxis, O: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, O>,
    ) where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_into(x, axis, out));
    }

    /// As [`reduce_into`](Self::reduce_into), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_reduce`](Self::try_reduce), and [`ShapeError::Output`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, mut greatest) = (array![[3, 1], [2, 5]], array![0, 0]);
    /// ufunc::Maximum.try_reduce_into(&x, 0, &mut greatest)?;
    /// assert_eq!(greatest, array![3, 5]);
    /// assert!(ufunc::Maximum.try_reduce_into(&x, 0, &mut array![0, 0, 0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_into<T: Copy, D: RemoveAxis, O: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
        out: &mut ArrayRef<F::Acc, O>,
    ) -> Result<(), ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axis(axis).try_call_into(x, out)
    }

    /// As [`reduce`](Self::reduce), starting from a value (NumPy's `initial`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array2::<f64>::zeros([2, 0]);
    /// assert_eq!(ufunc::Maximum.reduce_from(-1.0, &x, 1), array![-1.0, -1.0]);
    /// assert_eq!(ufunc::Subtract.reduce_from(10, &array![1, 2], 0).item(), 7);
    /// ```
    #[track_caller]
    pub fn reduce_from<T: Copy, D: RemoveAxis>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D::Smaller>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_from(initial, x, axis))
    }

    /// As [`reduce_from`](Self::reduce_from), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Minimum.try_reduce_from(2, &array![[3, 1]], 0)?, array![2, 1]);
    /// assert!(ufunc::Minimum.try_reduce_from(2, &array![[3, 1]], 2).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_from<T: Copy, D: RemoveAxis>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D::Smaller>, ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axis(axis).initial(initial).try_call(x)
    }

    /// Folds the function over several axes, which disappear.
    ///
    /// # Panics
    /// An axis does not exist or is named twice, there are no elements and no identity, or there are
    /// several axes and the function depends on the order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array3::<f64>::ones([2, 3, 4]);
    /// assert_eq!(ufunc::Add.reduce_axes(&x, &[0, 2]), array![8.0, 8.0, 8.0]);
    /// ```
    #[track_caller]
    pub fn reduce_axes<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Array<F::Acc, IxDyn>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_axes(x, axes))
    }

    /// As [`reduce_axes`](Self::reduce_axes), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`], [`ShapeError::NoIdentity`],
    /// [`ShapeError::NotReorderable`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.try_reduce_axes(&x, &[0, 1])?.item(), 5);
    /// assert!(ufunc::Subtract.try_reduce_axes(&x, &[0, 1]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_axes<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Result<Array<F::Acc, IxDyn>, ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axes(axes).try_call(x)
    }

    /// As [`reduce_axes`](Self::reduce_axes), with the axes at length 1 (NumPy's `keepdims=True`).
    ///
    /// # Panics
    /// As there.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.reduce_axes_keepdims(&x, &[0, 1]), array![[5]]);
    /// ```
    #[track_caller]
    pub fn reduce_axes_keepdims<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_axes_keepdims(x, axes))
    }

    /// As [`reduce_axes_keepdims`](Self::reduce_axes_keepdims), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_reduce_axes`](Self::try_reduce_axes).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.try_reduce_axes_keepdims(&x, &[1])?, array![[3], [5]]);
    /// assert!(ufunc::Maximum.try_reduce_axes_keepdims(&x, &[1, 1]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_axes_keepdims<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axes(axes).keepdims().try_call(x)
    }

    /// As [`reduce_axes`](Self::reduce_axes), starting from a value.
    ///
    /// # Panics
    /// An axis does not exist or is named twice, or there are several and the function depends on the
    /// order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[1.0, 5.0], [2.0, 3.0]];
    /// assert_eq!(ufunc::Minimum.reduce_axes_from(1.5, &x, &[0, 1]).item(), 1.0);
    /// ```
    #[track_caller]
    pub fn reduce_axes_from<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Array<F::Acc, IxDyn>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_axes_from(initial, x, axes))
    }

    /// As [`reduce_axes_from`](Self::reduce_axes_from), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`], [`ShapeError::NotReorderable`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.try_reduce_axes_from(9, &x, &[0, 1])?.item(), 9);
    /// assert!(ufunc::Maximum.try_reduce_axes_from(9, &x, &[0, 0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_axes_from<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Result<Array<F::Acc, IxDyn>, ShapeError>
    where
        F: Fold<T>,
    {
        self.reduction().axes(axes).initial(initial).try_call(x)
    }

    /// Folds the function over all elements.
    ///
    /// # Panics
    /// There are no elements and the function has no identity, or it depends on the order and the
    /// array has several axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Multiply.reduce_all(&array![[1_i32, 2], [3, 4]]), 24);
    /// ```
    #[track_caller]
    pub fn reduce_all<T: Copy, D: Dimension>(&self, x: &ArrayRef<T, D>) -> F::Acc
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_all(x))
    }

    /// As [`reduce_all`](Self::reduce_all), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`], [`ShapeError::NotReorderable`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_reduce_all(&array![[1, 2], [4, 3]])?, 4);
    /// assert!(ufunc::Maximum.try_reduce_all(&Array2::<f64>::zeros([3, 0])).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_all<T: Copy, D: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
    ) -> Result<F::Acc, ShapeError>
    where
        F: Fold<T>,
    {
        Ok(self.reduction().try_call(x)?.item())
    }

    /// As [`reduce_all`](Self::reduce_all), starting from a value.
    ///
    /// # Panics
    /// The function depends on the order and the array has several axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.reduce_all_from(0.0, &Array2::<f64>::zeros([3, 0])), 0.0);
    /// ```
    #[track_caller]
    pub fn reduce_all_from<T: Copy, D: Dimension>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
    ) -> F::Acc
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_all_from(initial, x))
    }

    /// As [`reduce_all_from`](Self::reduce_all_from), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NotReorderable`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_reduce_all_from(9, &array![[1, 2], [4, 3]])?, 9);
    /// assert!(ufunc::Subtract.try_reduce_all_from(9, &array![[1, 2], [4, 3]]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_all_from<T: Copy, D: Dimension>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
    ) -> Result<F::Acc, ShapeError>
    where
        F: Fold<T>,
    {
        Ok(self.reduction().initial(initial).try_call(x)?.item())
    }
}
