//! Reductions of floating-point numbers: those that skip NaN, `logsumexp`, weighted averages.

use super::axes::{self, Mask, Spec};
use super::kernels::{Extremum, nan, reduction};
use super::methods::{composed, over_axes, reduces};
use super::position::{Pick, positions};
use super::reducer::{Empty, Itself, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Float, IxDyn, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::Cost;
use crate::engine::reduce::Reduction;

/// Reductions that pass over NaN.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipping {
    Sum,
    Product,
    Min,
    Max,
}

/// Reductions of an array and what is broadcast along it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paired {
    /// `Σ exp(x − y)`
    ShiftedExp,
    /// `Σ (x − y)²` over what is not NaN
    SkippingSquares,
    /// `Σ x·y`
    Products,
}

reduction! {
    NanSum[T: Float](a: T, _b: ()) -> T:
        T::zero(), if nan(a) { T::zero() } else { a }, |x, y| x + y;
    NanProduct[T: Float](a: T, _b: ()) -> T:
        T::one(), if nan(a) { T::one() } else { a }, |x, y| x * y;
    NanMax[T: Float](a: T, _b: ()) -> T:
        T::nan(), a, |x, y| if (y > x) | nan(x) { y } else { x };
    NanMin[T: Float](a: T, _b: ()) -> T:
        T::nan(), a, |x, y| if (y < x) | nan(x) { y } else { x };
    Numbers[T: Float](a: T, _b: ()) -> usize:
        0, usize::from(!nan(a)), |x, y| x + y;
    ShiftedExp[T: Float + crate::math::Kernel](a: T, shift: T) -> T:
        T::zero(), crate::math::exp(a - shift), |x, y| x + y;
    NanSquares[T: Float](a: T, mean: T) -> T:
        T::zero(), if nan(a) { T::zero() } else { (a - mean) * (a - mean) }, |x, y| x + y;
    Products[T: Float](a: T, b: T) -> T:
        T::zero(), a * b, |x, y| x + y;
}

#[inline(always)]
pub(crate) fn skipping<T: Float>(op: Skipping) -> Reducer<fn(T) -> T> {
    type Reduce<T> = Reducer<fn(T) -> T>;
    match op {
        Skipping::Sum => Reduce::<T>::fold::<NanSum, Itself>(Empty::Identity),
        Skipping::Product => Reduce::<T>::fold::<NanProduct, Itself>(Empty::Identity),
        Skipping::Max => Reduce::<T>::fold::<NanMax, Itself>(Empty::NoIdentity("fmax")),
        Skipping::Min => Reduce::<T>::fold::<NanMin, Itself>(Empty::NoIdentity("fmin")),
    }
}

macro_rules! skipping_picks {
    ($($Pick:ident $Fold:ident $wins:tt;)+) => {$(
        #[derive(Clone, Copy)]
        struct $Pick;
        impl<T: Float> Pick<T> for $Pick {
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
pub(crate) fn skipping_position<T: Float>(op: Extremum) -> Reducer<fn(T) -> usize> {
    match op {
        Extremum::Max => positions::<NanArgMax, T>(op),
        Extremum::Min => positions::<NanArgMin, T>(op),
    }
}

#[inline(always)]
pub(crate) fn numbers<T: Float>() -> Reducer<fn(T) -> usize> {
    Reducer::<fn(T) -> usize>::fold::<Numbers, Itself>(Empty::Identity)
}

#[inline(always)]
pub(crate) fn paired<T: Float + crate::math::Kernel>(op: Paired) -> Reducer<fn(T, T) -> T> {
    type Reduce<T> = Reducer<fn(T, T) -> T>;
    match op {
        Paired::ShiftedExp => Reduce::<T>::fold_two::<ShiftedExp, Itself>(Empty::Identity),
        Paired::SkippingSquares => Reduce::<T>::fold_two::<NanSquares, Itself>(Empty::Identity),
        Paired::Products => Reduce::<T>::fold_two::<Products, Itself>(Empty::Identity),
    }
}

/// `f` of the elements of two results of one shape.
fn combine<T: Copy, U: Copy, O: Dimension>(
    mut x: Array<T, O>,
    y: &ArrayRef<U, O>,
    f: impl Fn(T, U) -> T,
) -> Array<T, O> {
    x.iter_mut().zip(y.iter()).for_each(|(x, y)| *x = f(*x, *y));
    x
}

/// `x / n`, NaN without elements.
fn ratio<T: Float>(x: T, n: usize) -> T {
    x / T::from_f64(n as f64)
}

type Outcome<T, O> = Result<Array<T, O>, ShapeError>;

fn nan_mean<T: Float, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
) -> Outcome<T, O> {
    let sums = axes::array(
        x,
        mask,
        keepdims,
        Spec::of(T::skipping_kernel(Skipping::Sum)),
    )?;
    let counts: Array<usize, O> = axes::array(x, mask, keepdims, Spec::of(T::numbers_kernel()))?;
    Ok(combine(sums, &counts, ratio))
}

fn nan_variance<T: Float, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
    ddof: usize,
) -> Outcome<T, O> {
    let mean: Array<T, D> = nan_mean(x, mask, true)?;
    let spec = Spec::of(T::paired_kernel(Paired::SkippingSquares));
    let squares: Array<T, O> = axes::array_with(x, &mean, mask, keepdims, spec)?;
    let counts: Array<usize, O> = axes::array(x, mask, keepdims, Spec::of(T::numbers_kernel()))?;
    Ok(combine(squares, &counts, |sum, count| match count {
        count if count <= ddof => T::nan(),
        count => ratio(sum, count - ddof),
    }))
}

fn nan_deviation<T: Float, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
    ddof: usize,
) -> Outcome<T, O> {
    let mut out = nan_variance(x, mask, keepdims, ddof)?;
    out.map_inplace(|v: &mut T| *v = num_traits::Float::sqrt(*v));
    Ok(out)
}

fn nan_position<T: Float, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
    op: Extremum,
) -> Outcome<usize, O> {
    let (skipping, empty) = match op {
        Extremum::Min => (Skipping::Min, "argmin"),
        Extremum::Max => (Skipping::Max, "argmax"),
    };
    let mut spec = Spec::of(T::skipping_kernel(skipping));
    spec.reducer.empty = Empty::NoPosition(empty);
    let best: Array<T, O> = axes::array(x, mask, keepdims, spec)?;
    if best.iter().any(|&v| nan(v)) {
        return Err(ShapeError::AllNan);
    }
    axes::array(x, mask, keepdims, Spec::of(T::skipping_position_kernel(op)))
}

fn log_sum_exp<T: Float, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
) -> Outcome<T, O> {
    let mut spec = Spec::of(T::extremum_kernel(Extremum::Max));
    spec.reducer.empty = Empty::Identity;
    let finite = |v: T| {
        if num_traits::Float::is_finite(v) {
            v
        } else {
            T::zero()
        }
    };
    let mut shift: Array<T, D> = axes::array(x, mask, true, spec)?;
    shift.map_inplace(|v: &mut T| *v = finite(*v));
    let mut spec = Spec::of(T::paired_kernel(Paired::ShiftedExp));
    spec.cost = Cost::Transcendental;
    let sums: Array<T, O> = axes::array_with(x, &shift, mask, keepdims, spec)?;
    let shift: Array<T, O> = axes::array(
        &shift,
        mask,
        keepdims,
        Spec::of(T::skipping_kernel(Skipping::Sum)),
    )?;
    Ok(combine(sums, &shift, |sum, shift| {
        num_traits::Float::ln(sum) + shift
    }))
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The sum of the elements that are not NaN (NumPy's `np.nansum`); 0 without any.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, f64::NAN, 2.0].nansum(), 3.0);
    /// ```
    #[inline]
    pub fn nansum(&self) -> T
    where
        T: Float,
    {
        axes::total(self, Spec::of(T::skipping_kernel(Skipping::Sum)))
    }
    reduces! {
        "The sum of what is not NaN", nansum, [T: Float] {} -> T:
            Spec::of(T::skipping_kernel(Skipping::Sum));
        nansum_axis nansum_axes nansum_keepdims nansum_axes_keepdims nansum_into
        try_nansum_axis try_nansum_axes try_nansum_keepdims try_nansum_axes_keepdims try_nansum_into
    }

    /// The product of the elements that are not NaN (NumPy's `np.nanprod`); 1 without any.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, f64::NAN, 2.0].nanprod(), 6.0);
    /// ```
    #[inline]
    pub fn nanprod(&self) -> T
    where
        T: Float,
    {
        axes::total(self, Spec::of(T::skipping_kernel(Skipping::Product)))
    }
    reduces! {
        "The product of what is not NaN", nanprod, [T: Float] {} -> T:
            Spec::of(T::skipping_kernel(Skipping::Product));
        nanprod_axis nanprod_axes nanprod_keepdims nanprod_axes_keepdims nanprod_into
        try_nanprod_axis try_nanprod_axes try_nanprod_keepdims try_nanprod_axes_keepdims
        try_nanprod_into
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
        T: Float,
    {
        unwrap(self.try_nanmax())
    }
    /// As [`nanmax`](Self::nanmax), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    #[inline]
    pub fn try_nanmax(&self) -> Result<T, ShapeError>
    where
        T: Float,
    {
        axes::whole(self, Spec::of(T::skipping_kernel(Skipping::Max)))
    }
    reduces! {
        "The greatest element that is not NaN", nanmax, [T: Float] {} -> T:
            Spec::of(T::skipping_kernel(Skipping::Max));
        nanmax_axis nanmax_axes nanmax_keepdims nanmax_axes_keepdims nanmax_into
        try_nanmax_axis try_nanmax_axes try_nanmax_keepdims try_nanmax_axes_keepdims try_nanmax_into
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
        T: Float,
    {
        unwrap(self.try_nanmin())
    }
    /// As [`nanmin`](Self::nanmin), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    #[inline]
    pub fn try_nanmin(&self) -> Result<T, ShapeError>
    where
        T: Float,
    {
        axes::whole(self, Spec::of(T::skipping_kernel(Skipping::Min)))
    }
    reduces! {
        "The least element that is not NaN", nanmin, [T: Float] {} -> T:
            Spec::of(T::skipping_kernel(Skipping::Min));
        nanmin_axis nanmin_axes nanmin_keepdims nanmin_axes_keepdims nanmin_into
        try_nanmin_axis try_nanmin_axes try_nanmin_keepdims try_nanmin_axes_keepdims try_nanmin_into
    }

    composed! {
        /// The mean of the elements that are not NaN (NumPy's `np.nanmean`); NaN without any.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, f64::NAN, 2.0].nanmean(), 1.5);
        /// ```
        nanmean [T: Float] {} -> T: nan_mean(), "The mean of what is not NaN";
        nanmean_axis nanmean_axes nanmean_keepdims nanmean_axes_keepdims nanmean_into
        try_nanmean_axis try_nanmean_axes try_nanmean_keepdims try_nanmean_axes_keepdims
        try_nanmean_into
    }
    composed! {
        /// The variance of the elements that are not NaN (NumPy's `np.nanvar`), with divisor
        /// `n - ddof`; NaN without any.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, f64::NAN, 3.0].nanvar(0), 1.0);
        /// ```
        nanvar [T: Float] {ddof: usize} -> T: nan_variance(ddof), "The variance of what is not NaN";
        nanvar_axis nanvar_axes nanvar_keepdims nanvar_axes_keepdims nanvar_into
        try_nanvar_axis try_nanvar_axes try_nanvar_keepdims try_nanvar_axes_keepdims try_nanvar_into
    }
    composed! {
        /// The standard deviation of the elements that are not NaN (NumPy's `np.nanstd`), with
        /// divisor `n - ddof`.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, f64::NAN, 3.0].nanstd(0), 1.0);
        /// ```
        nanstd [T: Float] {ddof: usize} -> T: nan_deviation(ddof), "The standard deviation of what is not NaN";
        nanstd_axis nanstd_axes nanstd_keepdims nanstd_axes_keepdims nanstd_into
        try_nanstd_axis try_nanstd_axes try_nanstd_keepdims try_nanstd_axes_keepdims try_nanstd_into
    }
    composed! {
        /// `log(Σ exp(x))`, without overflow (SciPy's `logsumexp`); −∞ without elements.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1000.0, 1000.0].logsumexp(), 1000.0 + 2_f64.ln());
        /// ```
        logsumexp [T: Float] {} -> T: log_sum_exp(), "`log(Σ exp(x))`";
        logsumexp_axis logsumexp_axes logsumexp_keepdims logsumexp_axes_keepdims logsumexp_into
        try_logsumexp_axis try_logsumexp_axes try_logsumexp_keepdims try_logsumexp_axes_keepdims
        try_logsumexp_into
    }

    /// The position of the greatest element that is not NaN (NumPy's `np.nanargmax`).
    ///
    /// # Errors
    /// [`ShapeError::AllNan`] if all are NaN, [`ShapeError::EmptySequence`] without elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![f64::NAN, 1.0, 2.0].nanargmax()?, 2);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn nanargmax(&self) -> Result<usize, ShapeError>
    where
        T: Float,
    {
        axes::scalar(nan_position(
            self,
            axes::all(self.ndim()),
            false,
            Extremum::Max,
        ))
    }
    /// The positions along one axis of the greatest elements that are not NaN.
    ///
    /// # Errors
    /// As [`nanargmax`](Self::nanargmax), and [`ShapeError::Axis`].
    pub fn nanargmax_axis(
        &self,
        axis: impl Into<Axis>,
    ) -> Result<Array<usize, D::Smaller>, ShapeError>
    where
        T: Float,
        D: RemoveAxis,
    {
        nan_position(
            self,
            axes::one(axis.into(), self.ndim())?,
            false,
            Extremum::Max,
        )
    }
    /// The position of the least element that is not NaN (NumPy's `np.nanargmin`).
    ///
    /// # Errors
    /// As [`nanargmax`](Self::nanargmax).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![f64::NAN].nanargmin().is_err());
    /// ```
    pub fn nanargmin(&self) -> Result<usize, ShapeError>
    where
        T: Float,
    {
        axes::scalar(nan_position(
            self,
            axes::all(self.ndim()),
            false,
            Extremum::Min,
        ))
    }
    /// The positions along one axis of the least elements that are not NaN.
    ///
    /// # Errors
    /// As [`nanargmax`](Self::nanargmax), and [`ShapeError::Axis`].
    pub fn nanargmin_axis(
        &self,
        axis: impl Into<Axis>,
    ) -> Result<Array<usize, D::Smaller>, ShapeError>
    where
        T: Float,
        D: RemoveAxis,
    {
        nan_position(
            self,
            axes::one(axis.into(), self.ndim())?,
            false,
            Extremum::Min,
        )
    }

    /// The average with weights of the same shape, or of a shape that broadcasts to it (NumPy's
    /// `np.average`): `Σ w·x / Σ w`.
    ///
    /// # Errors
    /// Weights of another shape, or whose sum is zero.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, 4.0].average(&array![2.0, 1.0])?, 2.0);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn average<E: Dimension>(&self, weights: &ArrayRef<T, E>) -> Result<T, ShapeError>
    where
        T: Float,
    {
        axes::scalar(self.weighted(axes::all(self.ndim()), &weights.view_dyn()))
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
    pub fn average_axis<E: Dimension>(
        &self,
        axis: impl Into<Axis>,
        weights: &ArrayRef<T, E>,
    ) -> Result<Array<T, D::Smaller>, ShapeError>
    where
        T: Float,
        D: RemoveAxis,
    {
        let mask = axes::one(axis.into(), self.ndim())?;
        let weights = weights.view_dyn();
        if weights.ndim() == 1 && self.ndim() > 1 {
            // Along the axis.
            let mut shape = vec![1; self.ndim()];
            shape[mask.trailing_zeros() as usize] = weights.len();
            return self.weighted(mask, &weights.reshape(&shape[..]));
        }
        self.weighted(mask, &weights)
    }

    fn weighted<O: Dimension>(&self, mask: Mask, weights: &ArrayRef<T, IxDyn>) -> Outcome<T, O>
    where
        T: Float,
    {
        let weights = weights.try_broadcast_to(self.shape())?;
        let spec = || Spec::of(T::paired_kernel(Paired::Products));
        let sums: Array<T, O> = axes::array_with(self, &weights, mask, false, spec())?;
        let total: Array<T, O> = axes::array(
            &weights,
            mask,
            false,
            Spec::of(T::total_kernel(super::Total::Sum)),
        )?;
        if total.iter().any(|w| w.is_zero()) {
            return Err(ShapeError::Argument {
                op: "average",
                message: "Weights sum to zero, can't be normalized".into(),
            });
        }
        Ok(combine(sums, &total, |sum, total| sum / total))
    }
}
