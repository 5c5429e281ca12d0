//! `log(Σ exp(x))` in one trip through memory.
//!
//! A block that fits the cache is gone through twice, for its greatest element and for the sum of
//! exponentials relative to that. Of two blocks the sum with the lesser maximum is scaled to the
//! other's, as in "Online normalizer calculation for softmax" (Milakov and Gimelshein, 2018).

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::axes::{self, Spec};
use super::kernels::{Extreme, Max, reduction};
use super::methods::{example, fallible_example, over_axes, results};
use super::pair::{planes, planes_size};
use super::reducer::{Empty, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Float, IxDyn, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::Level;
use crate::engine::reduce::{Parameters, Rect, ReduceKernel, Reduction, Way, fold_row};
use crate::engine::simd::{self, simd_dispatch};
use crate::math;
use crate::ufunc::Floating;

/// What exponentials of.
pub(crate) trait Exponent: Float + math::Kernel + Extreme {}
impl<T: Float + math::Kernel + Extreme> Exponent for T {}

reduction! {
    ShiftedExp[T: Exponent](a: T, top: T) -> T:
        T::zero(), math::exp(a - shift(top)), |x, y| x + y;
}

/// What is subtracted from elements of which `top` is the greatest: infinities and NaN make what
/// they make without.
#[inline(always)]
fn shift<T: Float>(top: T) -> T {
    if num_traits::Float::is_finite(top) {
        top
    } else {
        T::zero()
    }
}

/// The kernel. A region of `n` states has `n` maxima, then `n` sums of exponentials relative to
/// them.
struct LogSumExp<T>(PhantomData<fn(T)>);

impl<T: Exponent> ReduceKernel for LogSumExp<T> {
    fn state(&self) -> usize {
        planes_size::<T, T>()
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { rows(level, rect, states, PhantomData::<T>) }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        let (tops, sums) = planes::<T, T>(states, rect.kept);
        // SAFETY: the caller's contract; the maxima are written before they are read.
        unsafe {
            Way::Columns.fold::<Max, T, ()>(level, rect, tops);
            Way::Columns.fold::<ShiftedExp, T, T>(level, &rect.with_values(tops), sums);
        }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, _: [usize; 2]) {
        // SAFETY: the caller's contract.
        unsafe { merge(simd::level(), n, into, from.cast_mut(), PhantomData::<T>) }
    }
}

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::rows`].
    unsafe fn rows[T: Exponent](rect: &Rect, states: *mut u8, types: PhantomData<T>) = rows_body
}
simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::merge`].
    unsafe fn merge[T: Exponent](
        n: usize, into: *mut u8, from: *mut u8, types: PhantomData<T>
    ) = merge_body
}

#[inline(always)]
unsafe fn rows_body<T: Exponent>(rect: &Rect, states: *mut u8, _: PhantomData<T>) {
    let (tops, sums) = planes::<T, T>(states, rect.kept);
    for k in 0..rect.kept {
        let row = rect.ptrs[0].wrapping_offset(rect.kept_steps[0] * k as isize);
        let row = row.cast_const().cast::<T>();
        // SAFETY: the caller's contract.
        unsafe {
            let top = fold_row::<Max, T, ()>(rect.reduced, row, &());
            tops.add(k).write(top);
            let sum = fold_row::<ShiftedExp, T, T>(rect.reduced, row, &top);
            sums.add(k).write(sum);
        }
    }
}

#[inline(always)]
unsafe fn merge_body<T: Exponent>(n: usize, into: *mut u8, from: *mut u8, _: PhantomData<T>) {
    let (tops, sums) = planes::<T, T>(into, n);
    let (other_tops, other_sums) = planes::<T, T>(from, n);
    for i in 0..n {
        // SAFETY: both regions hold `n` states.
        unsafe {
            let (x, y) = (*tops.add(i), *other_tops.add(i));
            let top = <Max as Reduction<T, ()>>::combine(x, y);
            let scaled = |sum: T, of: T| sum * math::exp(of - shift(top));
            *sums.add(i) = scaled(*sums.add(i), x) + scaled(*other_sums.add(i), y);
            *tops.add(i) = top;
        }
    }
}

/// # Safety
/// As `Finish`, for states of the kernel over `T`.
unsafe fn finish<T: Exponent>(n: usize, states: *const u8, out: *mut u8, _: &Parameters) {
    let (tops, sums) = planes::<T, T>(states.cast_mut(), n);
    let out = out.cast::<MaybeUninit<T>>();
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let (top, sum) = (*tops.add(i), *sums.add(i));
            (*out.add(i)).write(num_traits::Float::ln(sum) + shift(top));
        }
    }
}

/// `log(Σ exp(x))` over `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn log_sum_exp<T: Exponent>() -> Reducer<fn(T) -> T> {
    let kernel = const { &LogSumExp::<T>(PhantomData) };
    // SAFETY: the kernel reads `T`, and `finish` makes a `T` of its states.
    unsafe { Reducer::from_parts(kernel, finish::<T>, Empty::Identity) }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// `log(Σ exp(x))`, without overflow (SciPy's `logsumexp`); −∞ without elements. Integers and
    /// `bool` give `f64`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1000.0, 1000.0].logsumexp(), 1000.0 + 2_f64.ln());
    /// assert_eq!(array![1000, 0].logsumexp(), 1000.0);
    /// ```
    #[inline]
    pub fn logsumexp(&self) -> T::Float
    where
        T: Floating,
    {
        axes::total(&T::to_floats(self.view()), spec())
    }
    over_axes! {
        "`log(Σ exp(x))`", logsumexp
            ["[[0.0, f64::NEG_INFINITY], [1000.0, 0.0]]" => "[0.0, 1000.0]"],
            [T: Floating] {} -> T::Float, errors "a shape that is too large";
        this, mask, keepdims => axes::array(&T::to_floats(this.view()), mask, keepdims, spec());
        out => axes::into(&T::to_floats(this.view()), mask, spec(), out);
        logsumexp_axis logsumexp_axes logsumexp_keepdims logsumexp_axes_keepdims logsumexp_into
        logsumexp_axes_into
        try_logsumexp_axis try_logsumexp_axes try_logsumexp_keepdims try_logsumexp_axes_keepdims
        try_logsumexp_into try_logsumexp_axes_into
    }
}

fn spec<F: Float>() -> Spec<'static, fn(F) -> F> {
    Spec::transcendental(F::log_sum_exp_kernel())
}
