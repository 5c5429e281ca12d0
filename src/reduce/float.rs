//! Reductions that skip NaN.

use num_traits::Zero;

use super::axes::{self, Spec};
use super::element::{NanComparable, NanSummable};
use super::kernels::{Extremum, MaybeNan, Ratio, Total, nan, reduction};
use super::methods::{example, fallible_example, over_axes, reduces, results};
use super::position::{Pick, positions};
use super::reducer::{Empty, Itself, Reducer};
use super::variance::{DegreesOfFreedom, Deviations, Magnitude, numeric_deviation};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Float, IxDyn, Number, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::reduce::Reduction;

/// Reductions that pass over NaN.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipping {
    Sum,
    Product,
    Min,
    Max,
    Mean,
    Variance,
    Deviation,
}

reduction! {
    NanSum[T: Number](a: T, _b: ()) -> T:
        T::zero(), if nan(a) { T::zero() } else { a }, |x, y| x.number_add(y);
    NanProduct[T: Number](a: T, _b: ()) -> T:
        T::one(), if nan(a) { T::one() } else { a }, |x, y| x.number_mul(y);
    NanMax[T: MaybeNan](a: T, _b: ()) -> T:
        T::NAN, a, |x, y| if (y > x) | nan(x) { y } else { x },
        skipping if y > x { y } else { x }, from T::LOWEST;
    NanMin[T: MaybeNan](a: T, _b: ()) -> T:
        T::NAN, a, |x, y| if (y < x) | nan(x) { y } else { x },
        skipping if y < x { y } else { x }, from T::HIGHEST;
    Numbers[T: Number](a: T, _b: ()) -> usize:
        0, usize::from(!nan(a)), |x, y| x + y;
    NanSquares[T: Magnitude](a: T, mean: T) -> T::Real:
        T::Real::zero(), if nan(a) { T::Real::zero() } else { a.number_sub(mean).squared() },
        |x, y| x.number_add(y);
}

/// The sum or product of what is not NaN, compiled where it is named.
#[inline(always)]
pub(crate) fn skipping_total<T: Number>(op: Total) -> Reducer<fn(T) -> T> {
    match op {
        Total::Sum => Reducer::<fn(T) -> T>::fold::<NanSum, Itself>(Empty::Identity),
        Total::Product => Reducer::<fn(T) -> T>::fold::<NanProduct, Itself>(Empty::Identity),
    }
}

/// Its mean.
#[inline(always)]
pub(crate) fn skipping_mean<T: Number<Mean = T>>() -> Reducer<fn(T) -> T> {
    Reducer::<fn(T) -> T>::pair::<Numbers, NanSum, Ratio<T>>(Empty::Identity)
}

/// Its extremum.
#[inline(always)]
pub(crate) fn skipping_extremum<T: MaybeNan>(op: Extremum) -> Reducer<fn(T) -> T> {
    let empty = Empty::NoIdentity(op.skipping());
    match op {
        Extremum::Max => Reducer::<fn(T) -> T>::fold::<NanMax, Itself>(empty),
        Extremum::Min => Reducer::<fn(T) -> T>::fold::<NanMin, Itself>(empty),
    }
}

#[inline(always)]
pub(crate) fn skipping<T: Float + Magnitude + MaybeNan>(op: Skipping) -> Reducer<fn(T) -> T> {
    match op {
        Skipping::Sum => skipping_total(Total::Sum),
        Skipping::Product => skipping_total(Total::Product),
        Skipping::Max => skipping_extremum(Extremum::Max),
        Skipping::Min => skipping_extremum(Extremum::Min),
        Skipping::Mean => skipping_mean(),
        Skipping::Variance => numeric_deviation(Deviations::Variance),
        Skipping::Deviation => numeric_deviation(Deviations::Root),
    }
}

macro_rules! skipping_picks {
    ($($Pick:ident $Fold:ident $wins:tt;)+) => {$(
        #[derive(Clone, Copy)]
        struct $Pick;
        impl<T: MaybeNan> Pick<T> for $Pick {
            type Fold = $Fold;
            #[inline(always)]
            fn value(state: T) -> T {
                state
            }
            #[inline(always)]
            fn better(new: T, old: T) -> bool {
                (new $wins old) | (nan(old) & !nan(new))
            }
        }
    )+};
}
skipping_picks! {
    NanArgMax NanMax >;
    NanArgMin NanMin <;
}

#[inline(always)]
pub(crate) fn skipping_position<T: MaybeNan>(op: Extremum) -> Reducer<fn(T) -> usize> {
    match op {
        Extremum::Max => positions::<NanArgMax, T, true>(op),
        Extremum::Min => positions::<NanArgMin, T, true>(op),
    }
}

/// The forms of the positions, which fail over what the elements are.
macro_rules! positions {
    ($what:literal [$x:literal => $each:literal], $op:expr; $axis:ident $axes:ident $keepdims:ident $axes_keepdims:ident $into:ident $axes_into:ident) => {
        results! {
            [$x => $each]
            [T: NanComparable] {} -> usize, errors "all elements of a result are NaN, or there are none";
            this, mask, keepdims =>
                axes::array(this, mask, keepdims, Spec::of(T::nan_position($op)));
            out => axes::into(this, mask, Spec::of(T::nan_position($op)), out);
            $axis [concat!($what, " along one axis, which disappears.")]
            $axes [concat!($what, " along several axes, which disappear.")]
            $keepdims [concat!($what, " along one axis, which stays with length 1.")]
            $axes_keepdims [concat!($what, " along several axes, which stay with length 1.")]
            $into [concat!($what, " along one axis, into an array of the result's shape, with or without the axis at length 1.")]
            $axes_into [concat!($what, " along several axes, into an array of the result's shape, with or without the axes at length 1.")]
        }
    };
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The sum of the elements that are not NaN (NumPy's `np.nansum`); 0 without any. A complex number
    /// is NaN if one of its parts is, an integer never: then this is [`sum`](Self::sum).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 2.0].nansum(), 3.0);
    /// assert_eq!(array![100_u8, 200].nansum(), 300_u64);
    /// ```
    #[inline]
    pub fn nansum(&self) -> T::Total
    where
        T: NanSummable,
    {
        axes::total(self, Spec::of(T::nan_total(Total::Sum)))
    }
    reduces! {
        "The sum of what is not NaN", nansum
            ["[[1.0, f64::NAN], [3.0, 4.0]]" => "[1.0, 7.0]"],
            [T: NanSummable] {} -> T::Total:
            Spec::of(T::nan_total(Total::Sum));
        nansum_axis nansum_axes nansum_keepdims nansum_axes_keepdims nansum_into nansum_axes_into
        try_nansum_axis try_nansum_axes try_nansum_keepdims try_nansum_axes_keepdims
        try_nansum_into try_nansum_axes_into
    }

    /// The product of the elements that are not NaN (NumPy's `np.nanprod`); 1 without any.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, f64::NAN, 2.0].nanprod(), 6.0);
    /// ```
    #[inline]
    pub fn nanprod(&self) -> T::Total
    where
        T: NanSummable,
    {
        axes::total(self, Spec::of(T::nan_total(Total::Product)))
    }
    reduces! {
        "The product of what is not NaN", nanprod
            ["[[2.0, f64::NAN], [3.0, 4.0]]" => "[2.0, 12.0]"],
            [T: NanSummable] {} -> T::Total:
            Spec::of(T::nan_total(Total::Product));
        nanprod_axis nanprod_axes nanprod_keepdims nanprod_axes_keepdims nanprod_into
        nanprod_axes_into
        try_nanprod_axis try_nanprod_axes try_nanprod_keepdims try_nanprod_axes_keepdims
        try_nanprod_into try_nanprod_axes_into
    }

    /// The greatest element that is not NaN (NumPy's `np.nanmax`); NaN if all are.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 2.0].nanmax(), 2.0);
    /// ```
    #[inline]
    #[track_caller]
    pub fn nanmax(&self) -> T
    where
        T: NanComparable,
    {
        unwrap(self.try_nanmax())
    }
    /// As [`nanmax`](Self::nanmax), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN].try_nanmax(), Ok(1.0));
    /// assert!(Array1::<f64>::zeros(0).try_nanmax().is_err());
    /// ```
    #[inline]
    pub fn try_nanmax(&self) -> Result<T, ShapeError>
    where
        T: NanComparable,
    {
        axes::whole(self, Spec::of(T::nan_extremum(Extremum::Max)))
    }
    reduces! {
        "The greatest element that is not NaN", nanmax
            ["[[1.0, f64::NAN], [3.0, 4.0]]" => "[1.0, 4.0]"],
            [T: NanComparable] {} -> T:
            Spec::of(T::nan_extremum(Extremum::Max));
        nanmax_axis nanmax_axes nanmax_keepdims nanmax_axes_keepdims nanmax_into nanmax_axes_into
        try_nanmax_axis try_nanmax_axes try_nanmax_keepdims try_nanmax_axes_keepdims
        try_nanmax_into try_nanmax_axes_into
    }

    /// The least element that is not NaN (NumPy's `np.nanmin`); NaN if all are.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 2.0].nanmin(), 1.0);
    /// ```
    #[inline]
    #[track_caller]
    pub fn nanmin(&self) -> T
    where
        T: NanComparable,
    {
        unwrap(self.try_nanmin())
    }
    /// As [`nanmin`](Self::nanmin), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN].try_nanmin(), Ok(1.0));
    /// assert!(Array1::<f64>::zeros(0).try_nanmin().is_err());
    /// ```
    #[inline]
    pub fn try_nanmin(&self) -> Result<T, ShapeError>
    where
        T: NanComparable,
    {
        axes::whole(self, Spec::of(T::nan_extremum(Extremum::Min)))
    }
    reduces! {
        "The least element that is not NaN", nanmin
            ["[[1.0, f64::NAN], [3.0, 4.0]]" => "[1.0, 3.0]"],
            [T: NanComparable] {} -> T:
            Spec::of(T::nan_extremum(Extremum::Min));
        nanmin_axis nanmin_axes nanmin_keepdims nanmin_axes_keepdims nanmin_into nanmin_axes_into
        try_nanmin_axis try_nanmin_axes try_nanmin_keepdims try_nanmin_axes_keepdims
        try_nanmin_into try_nanmin_axes_into
    }

    /// The mean of the elements that are not NaN (NumPy's `np.nanmean`); NaN without any.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 2.0].nanmean(), 1.5);
    /// ```
    #[inline]
    pub fn nanmean(&self) -> T::Average
    where
        T: NanSummable,
    {
        axes::total(self, Spec::of(T::nan_mean()))
    }
    reduces! {
        "The mean of what is not NaN", nanmean
            ["[[1.0, f64::NAN], [3.0, 4.0]]" => "[1.0, 3.5]"],
            [T: NanSummable] {} -> T::Average: Spec::of(T::nan_mean());
        nanmean_axis nanmean_axes nanmean_keepdims nanmean_axes_keepdims nanmean_into
        nanmean_axes_into
        try_nanmean_axis try_nanmean_axes try_nanmean_keepdims try_nanmean_axes_keepdims
        try_nanmean_into try_nanmean_axes_into
    }

    /// The variance of the elements that are not NaN (NumPy's `np.nanvar`), with divisor
    /// `n - ddof`; NaN without any.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 3.0].nanvar(0), 1.0);
    /// ```
    #[inline]
    pub fn nanvar(&self, ddof: impl DegreesOfFreedom) -> T::Spread
    where
        T: NanSummable,
    {
        axes::total(
            self,
            Spec::less(T::nan_deviation(Deviations::Variance), ddof),
        )
    }
    reduces! {
        "The variance of what is not NaN", nanvar
            ["[[1.0, f64::NAN], [2.0, 6.0]]" ", 0" => "[0.0, 4.0]"],
            [T: NanSummable] {ddof: impl DegreesOfFreedom} -> T::Spread: Spec::less(T::nan_deviation(Deviations::Variance), ddof);
        nanvar_axis nanvar_axes nanvar_keepdims nanvar_axes_keepdims nanvar_into nanvar_axes_into
        try_nanvar_axis try_nanvar_axes try_nanvar_keepdims try_nanvar_axes_keepdims
        try_nanvar_into try_nanvar_axes_into
    }

    /// The standard deviation of the elements that are not NaN (NumPy's `np.nanstd`), with
    /// divisor `n - ddof`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 3.0].nanstd(0), 1.0);
    /// ```
    #[inline]
    pub fn nanstd(&self, ddof: impl DegreesOfFreedom) -> T::Spread
    where
        T: NanSummable,
    {
        axes::total(self, Spec::less(T::nan_deviation(Deviations::Root), ddof))
    }
    reduces! {
        "The standard deviation of what is not NaN", nanstd
            ["[[1.0, f64::NAN], [2.0, 6.0]]" ", 0" => "[0.0, 2.0]"],
            [T: NanSummable] {ddof: impl DegreesOfFreedom} -> T::Spread: Spec::less(T::nan_deviation(Deviations::Root), ddof);
        nanstd_axis nanstd_axes nanstd_keepdims nanstd_axes_keepdims nanstd_into nanstd_axes_into
        try_nanstd_axis try_nanstd_axes try_nanstd_keepdims try_nanstd_axes_keepdims
        try_nanstd_into try_nanstd_axes_into
    }

    /// The position of the greatest element that is not NaN (NumPy's `np.nanargmax`): the first of
    /// several.
    ///
    /// # Errors
    /// [`ShapeError::AllNan`] if all are NaN, [`ShapeError::EmptySequence`] without elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![f64::NAN, 1.0, 2.0].nanargmax()?, 2);
    /// assert_eq!(array![[f64::NAN, 1.0], [4.0, 2.0]].nanargmax_axis(0)?, array![1, 1]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn nanargmax(&self) -> Result<usize, ShapeError>
    where
        T: NanComparable,
    {
        axes::whole(self, Spec::of(T::nan_position(Extremum::Max)))
    }
    positions! {
        "The positions of the greatest elements that are not NaN"
            ["[[f64::NAN, 1.0], [4.0, 2.0]]" => "[1, 0]"], Extremum::Max;
        nanargmax_axis nanargmax_axes nanargmax_keepdims nanargmax_axes_keepdims nanargmax_into
        nanargmax_axes_into
    }

    /// The position of the least element that is not NaN (NumPy's `np.nanargmin`): the first of
    /// several.
    ///
    /// # Errors
    /// As [`nanargmax`](Self::nanargmax).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![f64::NAN].nanargmin().is_err());
    /// ```
    #[inline]
    pub fn nanargmin(&self) -> Result<usize, ShapeError>
    where
        T: NanComparable,
    {
        axes::whole(self, Spec::of(T::nan_position(Extremum::Min)))
    }
    positions! {
        "The positions of the least elements that are not NaN"
            ["[[f64::NAN, 1.0], [4.0, 2.0]]" => "[1, 1]"], Extremum::Min;
        nanargmin_axis nanargmin_axes nanargmin_keepdims nanargmin_axes_keepdims nanargmin_into
        nanargmin_axes_into
    }
}
