//! Reductions of chosen elements (NumPy's `where=`), ranges, sums of magnitudes.

use num_traits::Zero;

use super::axes::{self, Mask, Spec};
use super::element::Summable;
use super::kernels::{Extremum, Quantifier, Total, nan, reduction, undivided};
use super::methods::{composed, over_axes, reduces};
use super::reducer::{Empty, Itself, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, Number, Operand, Real, RemoveAxis, Scalar,
    ShapeError, unwrap,
};
use crate::engine::reduce::Reduction;

type Outcome<T, O> = Result<Array<T, O>, ShapeError>;

/// A copy with `other` in place of what is not chosen.
fn chosen<T: Copy, D: Dimension>(
    x: &ArrayRef<T, D>,
    mask: &impl Operand<bool>,
    other: T,
) -> Result<Array<T, D>, ShapeError> {
    let mut out = x.map(|&v| v);
    mask.with_view(|mask| {
        let mask = mask.try_broadcast_to(x.shape())?;
        out.iter_mut()
            .zip(mask.iter())
            .filter(|(_, chosen)| !**chosen)
            .for_each(|(slot, _)| *slot = other);
        Ok(())
    })?;
    Ok(out)
}

fn sum_of<T: Number, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    axes: Mask,
    keepdims: bool,
    mask: impl Operand<bool>,
) -> Outcome<T::Sum, O> {
    let spec = Spec::of(T::total_kernel(Total::Sum));
    axes::array(&chosen(x, &mask, T::zero())?, axes, keepdims, spec)
}

fn mean_of<T: Number, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    axes: Mask,
    keepdims: bool,
    mask: impl Operand<bool>,
) -> Outcome<T::Mean, O> {
    let spec = Spec::of(undivided::<T>());
    let mut sums: Array<T::Mean, O> =
        axes::array(&chosen(x, &mask, T::zero())?, axes, keepdims, spec)?;
    let counts: Array<usize, O> = mask.with_view(|mask| {
        let mask = mask.try_broadcast_to(x.shape())?;
        axes::array(&mask, axes, keepdims, Spec::of(<bool as Summable>::count()))
    })?;
    sums.iter_mut()
        .zip(counts.iter())
        .for_each(|(sum, &count)| *sum = T::mean_of(*sum, count as f64));
    Ok(sums)
}

fn extremum_of<T: Real, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    axes: Mask,
    keepdims: bool,
    op: Extremum,
    mask: impl Operand<bool>,
    initial: T,
) -> Outcome<T, O> {
    let chosen = chosen(x, &mask, initial)?;
    if chosen.is_empty() {
        // Results without elements are the initial value.
        let any = Spec::of(T::quantifier_kernel(Quantifier::Any));
        let shape: Array<bool, O> = axes::array(&chosen, axes, keepdims, any)?;
        return Ok(shape.map(|_| initial));
    }
    let spec = Spec::of(T::extremum_kernel(op));
    let mut out: Array<T, O> = axes::array(&chosen, axes, keepdims, spec)?;
    out.iter_mut().for_each(|v| {
        let better = match op {
            Extremum::Max => initial > *v,
            Extremum::Min => initial < *v,
        };
        if better || nan(initial) {
            *v = initial;
        }
    });
    Ok(out)
}

/// The greatest element less the least.
fn range<T: Real, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    axes: Mask,
    keepdims: bool,
) -> Outcome<T, O> {
    let extremum = |op| axes::array(x, axes, keepdims, Spec::of(T::extremum_kernel(op)));
    let mut high: Array<T, O> = extremum(Extremum::Max)?;
    let low: Array<T, O> = extremum(Extremum::Min)?;
    high.iter_mut()
        .zip(low.iter())
        .for_each(|(high, &low)| *high = high.number_sub(low));
    Ok(high)
}

/// Sums of magnitudes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magnitudes {
    Absolute,
    Squared,
}

reduction! {
    SumAbs[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.modulus(), |x, y| x + y;
    SumSquares[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.re() * a.re() + a.im() * a.im(), |x, y| x + y;
    SumSquaresReal[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.re() * a.re(), |x, y| x + y;
}

/// The sum of magnitudes over `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn magnitudes<T: Scalar>(op: Magnitudes) -> Reducer<fn(T) -> T::Real> {
    type Reduce<T> = Reducer<fn(T) -> <T as Number>::Real>;
    match op {
        Magnitudes::Absolute => Reduce::<T>::fold::<SumAbs, Itself>(Empty::Identity),
        Magnitudes::Squared if T::IS_COMPLEX => {
            Reduce::<T>::fold::<SumSquares, Itself>(Empty::Identity)
        }
        Magnitudes::Squared => Reduce::<T>::fold::<SumSquaresReal, Itself>(Empty::Identity),
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    composed! {
        /// The sum of the elements where `condition`, an array that broadcasts to this shape, is
        /// true (NumPy's `np.sum(x, where=condition)`).
        ///
        /// # Panics
        /// The condition does not broadcast.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![1.0, f64::NAN, 2.0];
        /// assert_eq!(x.sum_where(&array![true, false, true]), 3.0);
        /// ```
        sum_where [T: Number] {condition: impl Operand<bool>} -> T::Sum: sum_of(condition),
        "The sum of the elements where a condition is true";
        sum_axis_where sum_axes_where sum_keepdims_where sum_axes_keepdims_where sum_into_where
        try_sum_axis_where try_sum_axes_where try_sum_keepdims_where try_sum_axes_keepdims_where
        try_sum_into_where
    }
    composed! {
        /// The mean of the elements where `condition` is true (NumPy's
        /// `np.mean(x, where=condition)`); NaN where it never is.
        ///
        /// # Panics
        /// The condition does not broadcast.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1, 7, 2].mean_where(&array![true, false, true]), 1.5);
        /// ```
        mean_where [T: Number] {condition: impl Operand<bool>} -> T::Mean: mean_of(condition),
        "The mean of the elements where a condition is true";
        mean_axis_where mean_axes_where mean_keepdims_where mean_axes_keepdims_where mean_into_where
        try_mean_axis_where try_mean_axes_where try_mean_keepdims_where
        try_mean_axes_keepdims_where try_mean_into_where
    }
    composed! {
        /// The greatest of `initial` and the elements where `condition` is true (NumPy's
        /// `np.max(x, where=condition, initial=initial)`).
        ///
        /// # Panics
        /// The condition does not broadcast.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1, 7, 2].max_where(&array![true, false, true], 0), 2);
        /// ```
        max_where [T: Real] {condition: impl Operand<bool>, initial: T} -> T:
            extremum_of(Extremum::Max, condition, initial),
        "The greatest of `initial` and the elements where a condition is true";
        max_axis_where max_axes_where max_keepdims_where max_axes_keepdims_where max_into_where
        try_max_axis_where try_max_axes_where try_max_keepdims_where try_max_axes_keepdims_where
        try_max_into_where
    }
    composed! {
        /// The least of `initial` and the elements where `condition` is true (NumPy's
        /// `np.min(x, where=condition, initial=initial)`).
        ///
        /// # Panics
        /// The condition does not broadcast.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1, 7, 2].min_where(&array![false, true, true], 9), 2);
        /// ```
        min_where [T: Real] {condition: impl Operand<bool>, initial: T} -> T:
            extremum_of(Extremum::Min, condition, initial),
        "The least of `initial` and the elements where a condition is true";
        min_axis_where min_axes_where min_keepdims_where min_axes_keepdims_where min_into_where
        try_min_axis_where try_min_axes_where try_min_keepdims_where try_min_axes_keepdims_where
        try_min_into_where
    }
    composed! {
        /// The greatest element less the least (NumPy's `np.ptp`), wrapping for integers.
        ///
        /// # Panics
        /// There are no elements.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![[1, 7], [4, 5]].ptp(), 6);
        /// assert_eq!(array![[1, 7], [4, 5]].ptp_axis(1), array![6, 1]);
        /// ```
        ptp [T: Real] {} -> T: range(), "The greatest element less the least";
        ptp_axis ptp_axes ptp_keepdims ptp_axes_keepdims ptp_into
        try_ptp_axis try_ptp_axes try_ptp_keepdims try_ptp_axes_keepdims try_ptp_into
    }

    /// The sum of the magnitudes of all elements (NumPy's `np.abs(x).sum()`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, -4.0].sum_abs(), 7.0);
    /// ```
    #[inline]
    pub fn sum_abs(&self) -> T::Real
    where
        T: Scalar,
    {
        axes::total(self, Spec::of(T::magnitude_kernel(Magnitudes::Absolute)))
    }
    reduces! {
        "The sum of magnitudes", sum_abs, [T: Scalar] {} -> T::Real:
            Spec::of(T::magnitude_kernel(Magnitudes::Absolute));
        sum_abs_axis sum_abs_axes sum_abs_keepdims sum_abs_axes_keepdims sum_abs_into
        try_sum_abs_axis try_sum_abs_axes try_sum_abs_keepdims try_sum_abs_axes_keepdims
        try_sum_abs_into
    }

    /// The sum of the squared magnitudes of all elements (NumPy's `(np.abs(x) ** 2).sum()`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, -4.0].sum_squares(), 25.0);
    /// ```
    #[inline]
    pub fn sum_squares(&self) -> T::Real
    where
        T: Scalar,
    {
        axes::total(self, Spec::of(T::magnitude_kernel(Magnitudes::Squared)))
    }
    reduces! {
        "The sum of squared magnitudes", sum_squares, [T: Scalar] {} -> T::Real:
            Spec::of(T::magnitude_kernel(Magnitudes::Squared));
        sum_squares_axis sum_squares_axes sum_squares_keepdims sum_squares_axes_keepdims
        sum_squares_into
        try_sum_squares_axis try_sum_squares_axes try_sum_squares_keepdims
        try_sum_squares_axes_keepdims try_sum_squares_into
    }
}
