//! Which element types have which reductions: every [`Number`] and [`Real`], and `bool`.

use super::cumulative::Scanner;
use super::kernels::{Extremum, Quantifier, Total};
use super::reducer::Reducer;
use crate::array::{Number, Real};

/// Elements that can be summed, counted and averaged: every [`Number`], and `bool`, whose `true`
/// counts 1.
///
/// In generic code the bound `T: Number` is enough: `x.sum()` then has type `T::Sum`.
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
}

/// Elements that have a least and a greatest one: every [`Real`], and `bool`.
///
/// In generic code the bound `T: Real` is enough.
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no order")]
pub trait Comparable: Copy + Send + Sync + 'static {
    #[doc(hidden)]
    fn extremum(op: Extremum) -> Reducer<fn(Self) -> Self>;
    #[doc(hidden)]
    fn position(op: Extremum) -> Reducer<fn(Self) -> usize>;
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
}
