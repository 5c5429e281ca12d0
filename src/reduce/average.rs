//! Averages with weights.

use std::sync::atomic::Ordering::Relaxed;

use num_traits::Zero;

use super::axes::{self, Spec};
use super::element::Summable;
use super::kernels::reduction;
use super::reducer::{Empty, End, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, CowArray, Dimension, IxDyn, Number, Operand, RemoveAxis,
    ShapeError,
};
use crate::engine::reduce::{Parameters, Reduction};

reduction! {
    Products[T: Number](a: T, weight: T) -> T::Mean:
        T::Mean::zero(), a.averaged().number_mul(weight.averaged()), |x, y| x.number_add(y);
    Weights[T: Number](_a: T, weight: T) -> T::Mean:
        T::Mean::zero(), weight.averaged(), |x, y| x.number_add(y);
}

/// A sum of products over a sum of weights, which is not to be zero.
struct Normalised;
impl<M: Number> End<(M, M)> for Normalised {
    type Out = M;
    #[inline(always)]
    fn end((products, weights): (M, M), parameters: &Parameters) -> M {
        if weights.is_zero() {
            parameters.refused.store(true, Relaxed);
            return products;
        }
        products.number_div(weights)
    }
}

/// `Σ w·x / Σ w` over `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn weighted_mean<T: Number>() -> Reducer<fn(T, T) -> T::Mean> {
    let pair = Reducer::<fn(T, T) -> T::Mean>::pair_of_two::<Products, Weights, Normalised>;
    pair(Empty::Identity).refusing(|| ShapeError::Argument {
        op: "average",
        message: "Weights sum to zero, can't be normalized".into(),
    })
}

fn spec<T: Summable>() -> Spec<'static, fn(T, T) -> T::Average> {
    Spec::of(T::weighted_mean())
}

/// Calls `f` with weights that broadcast to the array. If they have as many axes as are reduced, and
/// fewer than the array, their axes are those, in the order given.
fn aligned<T: Summable, D: Dimension, R>(
    x: &ArrayRef<T, D>,
    axes: &[usize],
    weights: impl Operand<T>,
    f: impl FnOnce(&ArrayRef<T, IxDyn>) -> Result<R, ShapeError>,
) -> Result<R, ShapeError> {
    weights.with_view(|weights| {
        let weights = weights.view_dyn();
        if weights.ndim() != axes.len() || weights.ndim() == x.ndim() {
            return f(&weights);
        }
        let mut shape = [1; crate::MAX_NDIM];
        let mut order = [0; crate::MAX_NDIM];
        for (i, &axis) in axes.iter().enumerate() {
            shape[axis] = weights.shape()[i];
            order[axes.iter().filter(|&&other| other < axis).count()] = i;
        }
        let weights = weights.permute(&order[..axes.len()]);
        let weights: CowArray<T, IxDyn> = weights.reshape(&shape[..x.ndim()]);
        f(&weights)
    })
}

/// [`aligned`] for axes in whatever form, with their bits.
fn along<I: AxisInt, T: Summable, D: Dimension, R>(
    x: &ArrayRef<T, D>,
    axes: &[I],
    weights: impl Operand<T>,
    f: impl FnOnce(&ArrayRef<T, IxDyn>, axes::Mask) -> Result<R, ShapeError>,
) -> Result<R, ShapeError> {
    let mask = axes::several(axes, x.ndim())?;
    let mut places = [0; crate::MAX_NDIM];
    for (place, &axis) in places.iter_mut().zip(axes) {
        *place = Axis(axis.to_isize()).resolve(x.ndim())?;
    }
    aligned(x, &places[..axes.len()], weights, |weights| {
        f(weights, mask)
    })
}

impl<T: Summable, D: Dimension> ArrayRef<T, D> {
    /// The average with weights of the same shape, or of a shape that broadcasts to it (NumPy's
    /// `np.average`): `Σ w·x / Σ w`. Elements and weights are of one type; integers and `bool` give
    /// `f64`.
    ///
    /// # Errors
    /// Weights of another shape, or whose sum is zero.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0_f64, 4.0].average(&array![2.0, 1.0])?, 2.0);
    /// assert_eq!(array![1_i32, 2, 3].average(&array![3, 2, 1])?, 10.0 / 6.0);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average(&self, weights: impl Operand<T>) -> Result<T::Average, ShapeError> {
        weights.with_view(|weights| axes::whole_with(self, &weights, spec()))
    }

    /// The average along one axis, with weights of the same shape, or as many as the axis is long.
    ///
    /// # Errors
    /// As [`average`](Self::average), and [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 4.0], [0.0, 3.0]];
    /// assert_eq!(x.average_axis(1, &array![2.0, 1.0])?, array![2.0, 1.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_axis(
        &self,
        axis: impl Into<Axis>,
        weights: impl Operand<T>,
    ) -> Result<Array<T::Average, D::Smaller>, ShapeError>
    where
        D: RemoveAxis,
    {
        let axis = axis.into().resolve(self.ndim())?;
        aligned(self, &[axis], weights, |weights| {
            axes::array_with(self, weights, 1 << axis, false, spec())
        })
    }

    /// The average along several axes, with weights of the same shape, or whose axes are those,
    /// in the order given.
    ///
    /// # Errors
    /// As [`average`](Self::average), and [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array3::from_shape_fn([2, 3, 2], |[i, j, k]| (i + j * k) as f64);
    /// let weights = array![[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]];
    /// assert_eq!(x.average_axes(&[1, 0], &weights)?, array![0.5, 1.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_axes<I: AxisInt>(
        &self,
        axes: &[I],
        weights: impl Operand<T>,
    ) -> Result<Array<T::Average, IxDyn>, ShapeError> {
        along(self, axes, weights, |weights, mask| {
            axes::array_with(self, weights, mask, false, spec())
        })
    }

    /// The average along one axis, which stays with length 1.
    ///
    /// # Errors
    /// As [`average_axis`](Self::average_axis).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 4.0], [0.0, 3.0]];
    /// assert_eq!(x.average_keepdims(1, &array![2.0, 1.0])?, array![[2.0], [1.0]]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_keepdims(
        &self,
        axis: impl Into<Axis>,
        weights: impl Operand<T>,
    ) -> Result<Array<T::Average, D>, ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        aligned(self, &[axis], weights, |weights| {
            axes::array_with(self, weights, 1 << axis, true, spec())
        })
    }

    /// The average along several axes, which stay with length 1.
    ///
    /// # Errors
    /// As [`average_axes`](Self::average_axes).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 4.0], [0.0, 3.0]];
    /// assert_eq!(x.average_axes_keepdims(&[0, 1], &x)?, array![[3.25]]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_axes_keepdims<I: AxisInt>(
        &self,
        axes: &[I],
        weights: impl Operand<T>,
    ) -> Result<Array<T::Average, D>, ShapeError> {
        along(self, axes, weights, |weights, mask| {
            axes::array_with(self, weights, mask, true, spec())
        })
    }

    /// The average along one axis, into an array of the result's shape, with or without the axis at
    /// length 1.
    ///
    /// # Errors
    /// As [`average_axis`](Self::average_axis), and [`ShapeError::Output`] for an output of another
    /// shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 4.0], [0.0, 3.0]];
    /// let mut out = Array1::zeros(2);
    /// x.average_into(1, &array![2.0, 1.0], &mut out)?;
    /// assert_eq!(out, array![2.0, 1.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_into<O: Dimension>(
        &self,
        axis: impl Into<Axis>,
        weights: impl Operand<T>,
        out: &mut ArrayRef<T::Average, O>,
    ) -> Result<(), ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        aligned(self, &[axis], weights, |weights| {
            axes::into_with(self, weights, 1 << axis, spec(), out)
        })
    }

    /// The average along several axes, into an array of the result's shape, with or without the axes at
    /// length 1.
    ///
    /// # Errors
    /// As [`average_axes`](Self::average_axes), and [`ShapeError::Output`] for an output of another
    /// shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 4.0], [0.0, 3.0]];
    /// let mut out = Array2::zeros([1, 1]);
    /// x.average_axes_into(&[0, 1], &x, &mut out)?;
    /// assert_eq!(out, array![[3.25]]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average_axes_into<I: AxisInt, O: Dimension>(
        &self,
        axes: &[I],
        weights: impl Operand<T>,
        out: &mut ArrayRef<T::Average, O>,
    ) -> Result<(), ShapeError> {
        along(self, axes, weights, |weights, mask| {
            axes::into_with(self, weights, mask, spec(), out)
        })
    }
}
