//! Reductions of chosen elements (NumPy's `where=`), and ranges.

use std::mem::MaybeUninit;

use num_traits::Zero;

use super::axes::{self, Spec};
use super::element::{Comparable, Summable};
use super::kernels::{Extreme, Extremum, Found, Max, MaxOpen, Min, MinOpen, Ratio, nan, reduction};
use super::methods::{example, fallible_example, over_axes, reduces, reduces_where, results};
use super::reducer::{Empty, End, Itself, Reducer, Starting};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, Number, Operand, Real, RemoveAxis,
    ShapeError, unwrap,
};
use crate::engine::reduce::{Fold, Parameters, Reduction};

reduction! {
    SumWhere[T: Number](a: T, chosen: bool) -> T::Sum:
        T::Sum::zero(), if chosen { a.widened() } else { T::Sum::zero() }, |x, y| x.number_add(y);
    MeanSumWhere[T: Number](a: T, chosen: bool) -> T::Mean:
        T::Mean::zero(), if chosen { a.averaged() } else { T::Mean::zero() }, |x, y| x.number_add(y);
    CountWhere[T: Number](_a: T, chosen: bool) -> usize:
        0, usize::from(chosen), |x, y| x + y;
    MaxWhere[T: Extreme](a: T, chosen: bool) -> T:
        T::LOWEST, if chosen { a } else { T::LOWEST }, |x, y| if (y > x) | nan(y) { y } else { x };
    MinWhere[T: Extreme](a: T, chosen: bool) -> T:
        T::HIGHEST, if chosen { a } else { T::HIGHEST }, |x, y| if (y < x) | nan(y) { y } else { x };
    MaxOpenWhere[T: Real](a: T, chosen: bool) -> Option<T>:
        None, chosen.then_some(a), |x, y| <MaxOpen as Reduction<T, ()>>::combine(x, y);
    MinOpenWhere[T: Real](a: T, chosen: bool) -> Option<T>:
        None, chosen.then_some(a), |x, y| <MinOpen as Reduction<T, ()>>::combine(x, y);
}

/// The sum of the chosen elements, compiled where it is named.
#[inline(always)]
pub(crate) fn sum_where<T: Number>() -> Reducer<fn(T, bool) -> T::Sum> {
    Reducer::<fn(T, bool) -> T::Sum>::fold_two::<SumWhere, Itself>(Empty::Identity)
}

/// Their mean.
#[inline(always)]
pub(crate) fn mean_where<T: Number>() -> Reducer<fn(T, bool) -> T::Mean> {
    type Reduce<T> = Reducer<fn(T, bool) -> <T as Number>::Mean>;
    Reduce::<T>::pair_of_two::<CountWhere, MeanSumWhere, Ratio<T>>(Empty::Identity)
}

/// # Safety
/// As `Finish`, for states of the reduction `R`; the initial value is a `T`.
unsafe fn finish_from<T: Copy, R: Reduction<T, bool>, E: End<R::State, Out = T>>(
    n: usize,
    states: *const u8,
    out: *mut u8,
    parameters: &Parameters,
) {
    let (states, out) = (states.cast::<R::State>(), out.cast::<MaybeUninit<T>>());
    // SAFETY: the caller's contract.
    let initial = R::map(unsafe { *parameters.initial.cast::<T>() }, true);
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let state = R::combine(initial, *states.add(i));
            (*out.add(i)).write(E::end(state, parameters));
        }
    }
}

#[inline(always)]
fn starting<T: Copy + 'static, R: Reduction<T, bool>, E: End<R::State, Out = T>>()
-> Starting<T, bool, T> {
    let kernel = const { &Fold::<R, T, bool>::new() };
    // SAFETY: a fold over `T` and `bool`; `finish_from` makes a `T` of its states and the initial
    // value, which is there because the reducer says so.
    Starting::new(unsafe { Reducer::from_parts(kernel, finish_from::<T, R, E>, Empty::Identity) })
}

/// The extremum of an initial value and the chosen elements of a built-in type.
#[inline(always)]
pub(crate) fn extremum_where<T: Extreme>(op: Extremum) -> Starting<T, bool, T> {
    match op {
        Extremum::Max => starting::<T, MaxWhere, Itself>(),
        Extremum::Min => starting::<T, MinWhere, Itself>(),
    }
}

/// The same of a type that says nothing about its extremes.
#[inline(always)]
pub(crate) fn open_extremum_where<T: Real>(op: Extremum) -> Starting<T, bool, T> {
    match op {
        Extremum::Max => starting::<T, MaxOpenWhere, Found>(),
        Extremum::Min => starting::<T, MinOpenWhere, Found>(),
    }
}

/// The greatest element less the least.
struct Range;
impl<T: Number> End<(T, T)> for Range {
    type Out = T;
    #[inline(always)]
    fn end((high, low): (T, T), _: &Parameters) -> T {
        high.number_sub(low)
    }
}
struct OpenRange;
impl<T: Number> End<(Option<T>, Option<T>)> for OpenRange {
    type Out = T;
    fn end((high, low): (Option<T>, Option<T>), parameters: &Parameters) -> T {
        let [high, low] = [high, low].map(|state| Found::end(state, parameters));
        high.number_sub(low)
    }
}

/// The range of a built-in type.
#[inline(always)]
pub(crate) fn range<T: Extreme + Number>() -> Reducer<fn(T) -> T> {
    Reducer::<fn(T) -> T>::pair::<Max, Min, Range>(Extremum::Max.needs_elements())
}

/// That of a type that says nothing about its extremes.
#[inline(always)]
pub(crate) fn open_range<T: Real>() -> Reducer<fn(T) -> T> {
    Reducer::<fn(T) -> T>::pair::<MaxOpen, MinOpen, OpenRange>(Extremum::Max.needs_elements())
}

impl<T, D: Dimension> ArrayRef<T, D> {
    reduces_where! {
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
        sum_where try_sum_where [T: Summable] {} -> T::Total: Spec::of(T::total_where()),
        "The sum of the elements where a condition is true"
            ["[[1_i32, 7], [2, 9]]" ", &array![true, false]" => "[1, 2]"];
        sum_axis_where sum_axes_where sum_keepdims_where sum_axes_keepdims_where sum_into_where
        sum_axes_into_where
        try_sum_axis_where try_sum_axes_where try_sum_keepdims_where try_sum_axes_keepdims_where
        try_sum_into_where try_sum_axes_into_where
    }
    reduces_where! {
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
        mean_where try_mean_where [T: Summable] {} -> T::Average: Spec::of(T::mean_where()),
        "The mean of the elements where a condition is true"
            ["[[1, 7], [2, 9]]" ", &array![true, false]" => "[1.0, 2.0]"];
        mean_axis_where mean_axes_where mean_keepdims_where mean_axes_keepdims_where
        mean_into_where mean_axes_into_where
        try_mean_axis_where try_mean_axes_where try_mean_keepdims_where
        try_mean_axes_keepdims_where try_mean_into_where try_mean_axes_into_where
    }
    reduces_where! {
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
        max_where try_max_where [T: Comparable] {initial: T} -> T:
            Spec::starting(T::extremum_where(Extremum::Max), &initial),
        "The greatest of `initial` and the elements where a condition is true"
            ["[[1, 7], [2, 9]]" ", &array![true, false]" ", 0" => "[1, 2]"];
        max_axis_where max_axes_where max_keepdims_where max_axes_keepdims_where max_into_where
        max_axes_into_where
        try_max_axis_where try_max_axes_where try_max_keepdims_where try_max_axes_keepdims_where
        try_max_into_where try_max_axes_into_where
    }
    reduces_where! {
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
        min_where try_min_where [T: Comparable] {initial: T} -> T:
            Spec::starting(T::extremum_where(Extremum::Min), &initial),
        "The least of `initial` and the elements where a condition is true"
            ["[[1, 7], [2, 9]]" ", &array![true, false]" ", 8" => "[1, 2]"];
        min_axis_where min_axes_where min_keepdims_where min_axes_keepdims_where min_into_where
        min_axes_into_where
        try_min_axis_where try_min_axes_where try_min_keepdims_where try_min_axes_keepdims_where
        try_min_into_where try_min_axes_into_where
    }
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
    #[inline]
    #[track_caller]
    pub fn ptp(&self) -> T
    where
        T: Real,
    {
        unwrap(self.try_ptp())
    }
    /// As [`ptp`](Self::ptp), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 7].try_ptp(), Ok(6));
    /// assert!(Array1::<i32>::zeros(0).try_ptp().is_err());
    /// ```
    #[inline]
    pub fn try_ptp(&self) -> Result<T, ShapeError>
    where
        T: Real,
    {
        axes::whole(self, Spec::of(T::range_kernel()))
    }
    reduces! {
        "The greatest element less the least", ptp
            ["[[1, 7], [4, 5]]" => "[6, 1]"],
            [T: Real] {} -> T: Spec::of(T::range_kernel());
        ptp_axis ptp_axes ptp_keepdims ptp_axes_keepdims ptp_into ptp_axes_into
        try_ptp_axis try_ptp_axes try_ptp_keepdims try_ptp_axes_keepdims try_ptp_into
        try_ptp_axes_into
    }
}
