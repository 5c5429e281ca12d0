//! Which element types have which reductions: every [`Number`] and [`Real`], and `bool`.

use num_complex::Complex;

use super::cumulative::{self, Scanner};
use super::float::{self, Skipping};
use super::kernels::{self, Extremum, Quantifier, Total};
use super::lexicographic::Lexicographic;
use super::masked;
use super::position;
use super::reducer::{Empty, Reducer, Starting};
use super::variance::{Deviation, Deviations, numeric_deviation};
use crate::array::{Arithmetic, Bits, Bitwise, Float, LoopKernel, Number, Real};

/// Elements that can be summed, counted and averaged: every [`Number`], and `bool`, whose `true`
/// counts 1.
///
/// In generic code the bound `T: Number` is enough: `x.sum()` then has type `T::Sum`.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Summable;
///
/// fn excess<T: Summable>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> T::Total {
///     x.sum() - y.sum()
/// }
/// assert_eq!(excess(&array![true, true], &array![false, true]), 1);
/// assert_eq!(excess(&array![2.5, 1.0], &array![1.0, 1.0]), 1.5);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` cannot be summed")]
pub trait Summable: Copy + Send + Sync + 'static {
    /// The type of sums and products: [`Number::Sum`]; `i64` for `bool`.
    type Total: Number;
    /// The type of means: [`Number::Mean`]; `f64` for `bool`.
    type Average: Number;
    #[doc(hidden)]
    fn total(op: Total) -> Reducer<fn(Self) -> Self::Total>;
    #[doc(hidden)]
    fn mean() -> Reducer<fn(Self) -> Self::Average>;
    #[doc(hidden)]
    fn quantified(op: Quantifier) -> Reducer<fn(Self) -> bool>;
    #[doc(hidden)]
    fn count() -> Reducer<fn(Self) -> usize>;
    #[doc(hidden)]
    fn running(op: Total) -> Scanner<fn(Self) -> Self::Total>;
    #[doc(hidden)]
    fn total_where() -> Reducer<fn(Self, bool) -> Self::Total>;
    #[doc(hidden)]
    fn mean_where() -> Reducer<fn(Self, bool) -> Self::Average>;
    #[doc(hidden)]
    fn weighted_mean() -> Reducer<fn(Self, Self) -> Self::Average>;
    /// `+` or `*`, element by element.
    #[doc(hidden)]
    fn operator(op: Total) -> LoopKernel<fn(Self, Self) -> Self>;
    /// What [`diff`](crate::ArrayRef::diff) makes of neighbours.
    #[doc(hidden)]
    fn difference() -> LoopKernel<fn(Self, Self) -> Self>;
}

/// Elements that have a least and a greatest one: every [`Real`], `bool`, and complex numbers, which
/// are ordered by their real parts, then by their imaginary parts, as in NumPy.
///
/// In generic code the bound `T: Real` is enough.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Comparable;
///
/// fn ends<T: Comparable>(x: &ArrayRef1<T>) -> (T, T) {
///     (x.min(), x.max())
/// }
/// assert_eq!(ends(&array![3, 1, 2]), (1, 3));
/// assert_eq!(ends(&array![true, false]), (false, true));
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no order")]
pub trait Comparable: Copy + Send + Sync + 'static {
    #[doc(hidden)]
    fn extremum(op: Extremum) -> Reducer<fn(Self) -> Self>;
    #[doc(hidden)]
    fn position(op: Extremum) -> Reducer<fn(Self) -> usize>;
    #[doc(hidden)]
    fn extremum_where(op: Extremum) -> Starting<Self, bool, Self>;
}

/// Elements that can be summed and averaged with NaN passed over: floats; complex numbers, which are
/// NaN if one of their parts is; integers and `bool`, which never are.
///
/// In generic code the bound `T: Float` is enough: `x.nansum()` then has type `T`.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::NanSummable;
///
/// fn centre<T: NanSummable>(x: &ArrayRef1<T>) -> T::Average {
///     x.nanmean()
/// }
/// assert_eq!(centre(&array![1.0, f64::NAN, 2.0]), 1.5);
/// assert_eq!(centre(&array![1, 2]), 1.5);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` cannot be summed without NaN")]
pub trait NanSummable: Summable + Deviation {
    #[doc(hidden)]
    fn nan_total(op: Total) -> Reducer<fn(Self) -> Self::Total>;
    #[doc(hidden)]
    fn nan_mean() -> Reducer<fn(Self) -> Self::Average>;
    #[doc(hidden)]
    fn nan_deviation(op: Deviations) -> Reducer<fn(Self) -> Self::Spread>;
    #[doc(hidden)]
    fn nan_running(op: Total) -> Scanner<fn(Self) -> Self::Total>;
}

/// Elements that have a least and a greatest one with NaN passed over: floats; complex numbers, by their real
/// parts first, which are NaN if one of their parts is; integers and `bool`, which never are.
///
/// In generic code the bound `T: Float` is enough.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::NanComparable;
///
/// fn top<T: NanComparable>(x: &ArrayRef1<T>) -> T {
///     x.nanmax()
/// }
/// assert_eq!(top(&array![1.0, f64::NAN]), 1.0);
/// assert_eq!(top(&array![1, 2]), 2);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no order without NaN")]
pub trait NanComparable: Comparable {
    #[doc(hidden)]
    fn nan_extremum(op: Extremum) -> Reducer<fn(Self) -> Self>;
    #[doc(hidden)]
    fn nan_position(op: Extremum) -> Reducer<fn(Self) -> usize>;
}

impl<T: Number> Summable for T {
    type Total = T::Sum;
    type Average = T::Mean;
    #[inline]
    fn total(op: Total) -> Reducer<fn(T) -> T::Sum> {
        T::total_kernel(op)
    }
    #[inline]
    fn mean() -> Reducer<fn(T) -> T::Mean> {
        T::mean_kernel()
    }
    #[inline]
    fn quantified(op: Quantifier) -> Reducer<fn(T) -> bool> {
        T::quantifier_kernel(op)
    }
    #[inline]
    fn count() -> Reducer<fn(T) -> usize> {
        T::count_kernel()
    }
    #[inline]
    fn running(op: Total) -> Scanner<fn(T) -> T::Sum> {
        T::running_kernel(op)
    }
    #[inline]
    fn total_where() -> Reducer<fn(T, bool) -> T::Sum> {
        T::sum_where_kernel()
    }
    #[inline]
    fn mean_where() -> Reducer<fn(T, bool) -> T::Mean> {
        T::mean_where_kernel()
    }
    #[inline]
    fn weighted_mean() -> Reducer<fn(T, T) -> T::Mean> {
        T::weighted_mean_kernel()
    }
    #[inline]
    fn operator(op: Total) -> LoopKernel<fn(T, T) -> T> {
        T::arithmetic(match op {
            Total::Sum => Arithmetic::Add,
            Total::Product => Arithmetic::Mul,
        })
    }
    #[inline]
    fn difference() -> LoopKernel<fn(T, T) -> T> {
        T::arithmetic(Arithmetic::Sub)
    }
}

impl<T: Real> Comparable for T {
    #[inline]
    fn extremum(op: Extremum) -> Reducer<fn(T) -> T> {
        T::extremum_kernel(op)
    }
    #[inline]
    fn position(op: Extremum) -> Reducer<fn(T) -> usize> {
        T::position_kernel(op)
    }
    #[inline]
    fn extremum_where(op: Extremum) -> Starting<T, bool, T> {
        T::extremum_where_kernel(op)
    }
}

// A `bool` is a byte that is 0 or 1, and so are the results of these reductions over such bytes.
impl Summable for bool {
    type Total = i64;
    type Average = f64;
    fn total(op: Total) -> Reducer<fn(bool) -> i64> {
        // SAFETY: as above; sums of bits fit both.
        unsafe { u8::total_kernel(op).retyped() }
    }
    fn mean() -> Reducer<fn(bool) -> f64> {
        // SAFETY: as above.
        unsafe { u8::mean_kernel().retyped() }
    }
    fn quantified(op: Quantifier) -> Reducer<fn(bool) -> bool> {
        // SAFETY: as above.
        unsafe { u8::quantifier_kernel(op).retyped() }
    }
    fn count() -> Reducer<fn(bool) -> usize> {
        // SAFETY: as above.
        unsafe { u8::count_kernel().retyped() }
    }
    fn running(op: Total) -> Scanner<fn(bool) -> i64> {
        // SAFETY: as above.
        unsafe { u8::running_kernel(op).retyped() }
    }
    fn total_where() -> Reducer<fn(bool, bool) -> i64> {
        // SAFETY: as above.
        unsafe { u8::sum_where_kernel().retyped() }
    }
    fn mean_where() -> Reducer<fn(bool, bool) -> f64> {
        // SAFETY: as above.
        unsafe { u8::mean_where_kernel().retyped() }
    }
    fn weighted_mean() -> Reducer<fn(bool, bool) -> f64> {
        // SAFETY: as above, for both inputs.
        unsafe { u8::weighted_mean_kernel().retyped_both() }
    }
    // As in NumPy, whose `-` refuses them.
    #[inline]
    fn operator(op: Total) -> LoopKernel<fn(bool, bool) -> bool> {
        bool::bitwise(match op {
            Total::Sum => Bitwise::Or,
            Total::Product => Bitwise::And,
        })
    }
    #[inline]
    fn difference() -> LoopKernel<fn(bool, bool) -> bool> {
        bool::bitwise(Bitwise::Xor)
    }
}

impl Comparable for bool {
    fn extremum(op: Extremum) -> Reducer<fn(bool) -> bool> {
        // SAFETY: as above; the extremum is one of the elements.
        unsafe { u8::extremum_kernel(op).retyped() }
    }
    fn position(op: Extremum) -> Reducer<fn(bool) -> usize> {
        // SAFETY: as above.
        unsafe { u8::position_kernel(op).retyped() }
    }
    fn extremum_where(op: Extremum) -> Starting<bool, bool, bool> {
        // SAFETY: as above.
        unsafe { u8::extremum_where_kernel(op).retyped() }
    }
}

macro_rules! complex {
    ($($t:ty)+) => {$(
        impl Comparable for Complex<$t> {
            #[inline(never)]
            fn extremum(op: Extremum) -> Reducer<fn(Self) -> Self> {
                // SAFETY: the same number, with an order.
                unsafe { kernels::extremum::<Lexicographic<$t>>(op).retyped() }
            }
            #[inline(never)]
            fn position(op: Extremum) -> Reducer<fn(Self) -> usize> {
                // SAFETY: as above.
                unsafe { position::position::<Lexicographic<$t>>(op).retyped() }
            }
            #[inline(never)]
            fn extremum_where(op: Extremum) -> Starting<Self, bool, Self> {
                // SAFETY: as above.
                unsafe { masked::extremum_where::<Lexicographic<$t>>(op).retyped() }
            }
        }
        impl NanComparable for Complex<$t> {
            #[inline(never)]
            fn nan_extremum(op: Extremum) -> Reducer<fn(Self) -> Self> {
                // SAFETY: as above.
                unsafe { float::skipping_extremum::<Lexicographic<$t>>(op).retyped() }
            }
            #[inline(never)]
            fn nan_position(op: Extremum) -> Reducer<fn(Self) -> usize> {
                // SAFETY: as above.
                unsafe { float::skipping_position::<Lexicographic<$t>>(op).retyped() }
            }
        }
        impl NanSummable for Complex<$t> {
            #[inline(never)]
            fn nan_total(op: Total) -> Reducer<fn(Self) -> Self> {
                float::skipping_total(op)
            }
            #[inline(never)]
            fn nan_mean() -> Reducer<fn(Self) -> Self> {
                float::skipping_mean()
            }
            #[inline(never)]
            fn nan_deviation(op: Deviations) -> Reducer<fn(Self) -> $t> {
                numeric_deviation(op)
            }
            #[inline(never)]
            fn nan_running(op: Total) -> Scanner<fn(Self) -> Self> {
                cumulative::skipping(op)
            }
        }
    )+};
}
complex!(f32 f64);

impl<T: Float> NanSummable for T {
    #[inline]
    fn nan_total(op: Total) -> Reducer<fn(T) -> T> {
        T::skipping_kernel(match op {
            Total::Sum => Skipping::Sum,
            Total::Product => Skipping::Product,
        })
    }
    #[inline]
    fn nan_mean() -> Reducer<fn(T) -> T> {
        T::skipping_kernel(Skipping::Mean)
    }
    #[inline]
    fn nan_deviation(op: Deviations) -> Reducer<fn(T) -> T> {
        T::skipping_kernel(match op {
            Deviations::Variance => Skipping::Variance,
            Deviations::Root => Skipping::Deviation,
        })
    }
    #[inline]
    fn nan_running(op: Total) -> Scanner<fn(T) -> T> {
        T::skipping_scan(op)
    }
}

impl<T: Float> NanComparable for T {
    #[inline]
    fn nan_extremum(op: Extremum) -> Reducer<fn(T) -> T> {
        T::skipping_kernel(match op {
            Extremum::Max => Skipping::Max,
            Extremum::Min => Skipping::Min,
        })
    }
    #[inline]
    fn nan_position(op: Extremum) -> Reducer<fn(T) -> usize> {
        T::skipping_position_kernel(op)
    }
}

/// Types without NaN: what passes over it is what does not.
macro_rules! never_nan {
    ($($t:ty)+) => {$(
        impl NanSummable for $t {
            #[inline]
            fn nan_total(op: Total) -> Reducer<fn(Self) -> Self::Total> {
                Self::total(op)
            }
            #[inline]
            fn nan_mean() -> Reducer<fn(Self) -> f64> {
                <Self as Summable>::mean()
            }
            #[inline]
            fn nan_deviation(op: Deviations) -> Reducer<fn(Self) -> f64> {
                Self::deviation(op)
            }
            #[inline]
            fn nan_running(op: Total) -> Scanner<fn(Self) -> Self::Total> {
                Self::running(op)
            }
        }
        impl NanComparable for $t {
            #[inline]
            fn nan_extremum(op: Extremum) -> Reducer<fn(Self) -> Self> {
                Self::extremum(op).without_elements(Empty::NoIdentity(op.skipping()))
            }
            #[inline]
            fn nan_position(op: Extremum) -> Reducer<fn(Self) -> usize> {
                Self::position(op)
            }
        }
    )+};
}
never_nan!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool);
