//! The fold along axes, which disappear (NumPy's `ufunc.reduce`).

use super::super::forms::{Binary, Ufunc};
use super::step::{Fold, folded, full, without};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, RemoveAxis, ShapeError, unwrap,
};

impl<F: Ufunc> Binary<F> {
    /// Folds the function along an axis, which disappears (NumPy's `ufunc.reduce`):
    /// `((x₀ ∘ x₁) ∘ x₂) ∘ …`, in that order where order matters.
    ///
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
        F::along(x.view(), axis.into().resolve(x.ndim())?)
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
        let axis = axis.into().resolve(x.ndim())?;
        let mut start = full(&without(x.shape(), axis), initial)?;
        if x.shape()[axis] == 0 {
            return Ok(start);
        }
        if F::step().reorderable {
            let rest = F::along(x.view(), axis)?;
            F::step().apply(start.view_mut(), rest.view());
        } else {
            for i in 0..x.shape()[axis] {
                let slab = x.index_axis(axis, i).map(|&x| F::widen(x));
                F::step().apply(start.view_mut(), slab.view());
            }
        }
        Ok(start)
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
    /// [`ShapeError::Argument`].
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
        let mut sorted = axes
            .iter()
            .map(|&axis| Axis::from(axis).resolve(x.ndim()))
            .collect::<Result<Vec<_>, _>>()?;
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ShapeError::RepeatedAxis {
                op: F::NAME,
                axes: axes.iter().map(|axis| axis.to_isize()).collect(),
            });
        }
        if sorted.len() > 1 && !F::step().reorderable {
            return Err(ShapeError::Argument {
                op: F::NAME,
                message: "the reduction is not reorderable, so at most one axis may be specified"
                    .to_owned(),
            });
        }
        let view = x.view_dyn();
        let Some(last) = sorted.pop() else {
            return Ok(view.map(|&x| F::widen(x)));
        };
        let mut out = F::along(view, last)?;
        while let Some(axis) = sorted.pop() {
            out = folded(&F::step(), out.view(), axis)?;
        }
        Ok(out)
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
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`], [`ShapeError::Argument`].
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
        if let &[axis] = axes {
            return self.try_reduce_from(initial, &x.view_dyn(), Axis::from(axis));
        }
        let rest = match self.try_reduce_axes(x, axes) {
            Err(ShapeError::NoIdentity { .. }) => None,
            rest => Some(rest?),
        };
        let mut shape = x.shape().to_vec();
        let mut places = axes
            .iter()
            .map(|&axis| Axis::from(axis).resolve(x.ndim()))
            .collect::<Result<Vec<_>, _>>()?;
        places.sort_unstable();
        for place in places.into_iter().rev() {
            shape.remove(place);
        }
        let mut start = full(&shape, initial)?;
        if let Some(rest) = rest {
            F::step().apply(start.view_mut(), rest.view());
        }
        Ok(start)
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
        let axes: Vec<usize> = (0..x.ndim()).collect();
        self.reduce_axes(x, &axes).item()
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
        let axes: Vec<usize> = (0..x.ndim()).collect();
        self.reduce_axes_from(initial, x, &axes).item()
    }
}
