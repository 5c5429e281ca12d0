//! The ladder's rungs for built-in types, whose loops are compiled in this crate.

use num_complex::Complex;

use super::{Float, Number, Real, Scalar};
use crate::array::operators::{self, Arithmetic, LoopKernel};
use crate::reduce::{
    self, Extremum, Magnitudes, Quantifier, Reducer, Scanner, Skipping, Starting, Total,
};
use crate::ufunc::complex::scalar_loops;
use crate::ufunc::families::Compiled;
use crate::ufunc::ladder::{number_loops, real_loops};

/// The loops of built-in types are compiled here, once, and not in every crate that uses them.
macro_rules! own_loops {
    () => {
        #[inline(never)]
        fn arithmetic(op: Arithmetic) -> LoopKernel<fn(Self, Self) -> Self> {
            operators::arithmetic::<Self>(op)
        }
        #[inline(never)]
        fn negation() -> LoopKernel<fn(Self) -> Self> {
            operators::negation::<Self>()
        }
        number_loops!(inline(never));
    };
}
/// The same for reductions. Types whose bits mean the same to a kernel share it: `$total` adds and
/// multiplies alike, `$kernel` is the type itself under another name, `$bits` is zero alike.
macro_rules! own_reductions {
    ($mean:ident, $total:ty, $kernel:ty, $bits:ty) => {
        #[inline(never)]
        fn total_kernel(op: Total) -> Reducer<fn(Self) -> Self::Sum> {
            // SAFETY: wrapping sums and products have the same bits, signed or not.
            unsafe { reduce::kernels::total::<$total>(op).retyped() }
        }
        #[inline(never)]
        fn mean_kernel() -> Reducer<fn(Self) -> Self::Mean> {
            // SAFETY: the same type under another name.
            unsafe { reduce::kernels::$mean::<$kernel>().retyped() }
        }
        #[inline(never)]
        fn quantifier_kernel(op: Quantifier) -> Reducer<fn(Self) -> bool> {
            // SAFETY: only zero has no bits set, or it is the type itself.
            unsafe { reduce::kernels::quantified::<$bits>(op).retyped() }
        }
        #[inline(never)]
        fn count_kernel() -> Reducer<fn(Self) -> usize> {
            // SAFETY: as above.
            unsafe { reduce::kernels::count::<$bits>().retyped() }
        }
        #[inline(never)]
        fn running_kernel(op: Total) -> Scanner<fn(Self) -> Self::Sum> {
            // SAFETY: as for sums and products.
            unsafe { reduce::cumulative::running::<$total>(op).retyped() }
        }
        #[inline(never)]
        fn sum_where_kernel() -> Reducer<fn(Self, bool) -> Self::Sum> {
            // SAFETY: as for sums and products.
            unsafe { reduce::masked::sum_where::<$total>().retyped() }
        }
        #[inline(never)]
        fn mean_where_kernel() -> Reducer<fn(Self, bool) -> Self::Mean> {
            // SAFETY: the same type under another name.
            unsafe { reduce::masked::mean_where::<$kernel>().retyped() }
        }
        #[inline(never)]
        fn weighted_mean_kernel() -> Reducer<fn(Self, Self) -> Self::Mean> {
            // SAFETY: the same type under another name.
            unsafe { reduce::average::weighted_mean::<$kernel>().retyped_both() }
        }
    };
}
/// The same for the order of a type, which is that of `$kernel`.
macro_rules! own_order {
    ($kernel:ty) => {
        #[inline(never)]
        fn extremum_kernel(op: Extremum) -> Reducer<fn(Self) -> Self> {
            // SAFETY: the same type under another name.
            unsafe { reduce::kernels::extremum::<$kernel>(op).retyped() }
        }
        #[inline(never)]
        fn running_extremum_kernel(op: Extremum) -> Option<Scanner<fn(Self) -> Self>> {
            // SAFETY: as above.
            Some(unsafe { reduce::cumulative::running_extremum::<$kernel>(op).retyped() })
        }
        #[inline(never)]
        fn position_kernel(op: Extremum) -> Reducer<fn(Self) -> usize> {
            // SAFETY: as above.
            unsafe { reduce::position::position::<$kernel>(op).retyped() }
        }
        #[inline(never)]
        fn extremum_where_kernel(op: Extremum) -> Starting<Self, bool, Self> {
            // SAFETY: as above.
            unsafe { reduce::masked::extremum_where::<$kernel>(op).retyped() }
        }
        #[inline(never)]
        fn range_kernel() -> Reducer<fn(Self) -> Self> {
            // SAFETY: as above.
            unsafe { reduce::masked::range::<$kernel>().retyped() }
        }
    };
}

macro_rules! integer {
    ($($t:ty, $total:ty, $kernel:ty, $bits:ty => $sum:ty;)+) => {$(
        impl Number for $t {
            type Sum = $sum;
            type Mean = f64;
            type Real = $t;
            const CHECKS_DIVISOR: bool = true;
            own_loops!();
            own_reductions!(mean, $total, $kernel, $bits);
            #[inline(always)]
            fn number_add(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn number_sub(self, other: Self) -> Self { self.wrapping_sub(other) }
            #[inline(always)]
            fn number_mul(self, other: Self) -> Self { self.wrapping_mul(other) }
            #[inline(always)]
            fn number_div(self, other: Self) -> Self { self.wrapping_div(other) }
            #[inline(always)]
            fn number_rem(self, other: Self) -> Self { self.wrapping_rem(other) }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, _: bool) -> bool {
                self == other || self.number_distance(other) <= atol + rtol * (other as f64).abs()
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 { self.abs_diff(other) as f64 }
            #[inline(always)]
            fn widened(self) -> $sum { self as $sum }
            #[inline(always)]
            fn averaged(self) -> f64 { self as f64 }
            #[inline(always)]
            fn mean_of(sum: f64, count: f64) -> f64 { sum / count }
        }
        impl Real for $t {
            real_loops!(inline(never));
            own_order!($kernel);
        }
    )+};
}
#[cfg(target_pointer_width = "64")]
pub(crate) mod word {
    pub(crate) type Signed = i64;
    pub(crate) type Unsigned = u64;
}
#[cfg(not(target_pointer_width = "64"))]
pub(crate) mod word {
    pub(crate) type Signed = i32;
    pub(crate) type Unsigned = u32;
}
pub(crate) use word::{Signed, Unsigned};
integer! {
    i8, i8, i8, u8 => i64;
    i16, i16, i16, u16 => i64;
    i32, i32, i32, u32 => i64;
    i64, i64, i64, u64 => i64;
    i128, i128, i128, u128 => i128;
    isize, Signed, Signed, Unsigned => i64;
    u8, u8, u8, u8 => u64;
    u16, u16, u16, u16 => u64;
    u32, u32, u32, u32 => u64;
    u64, i64, u64, u64 => u64;
    u128, i128, u128, u128 => u128;
    usize, Unsigned, Unsigned, Unsigned => u64;
}

macro_rules! float {
    ($($t:ty),+) => {$(
        impl Number for $t {
            type Sum = $t;
            type Mean = $t;
            type Real = $t;
            own_loops!();
            own_reductions!(mean_of_sum, Self, Self, Self);
            #[inline(always)]
            fn number_neg(self) -> Self { -self }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, equal_nan: bool) -> bool {
                let (a, b) = (f64::from(self), f64::from(other));
                // The comparison decides for equal infinities, whose difference is NaN.
                (a == b)
                    | (((a - b).abs() <= atol + rtol * b.abs()) & b.is_finite())
                    | (equal_nan & a.is_nan() & b.is_nan())
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 { (f64::from(self) - f64::from(other)).abs() }
            #[inline(always)]
            fn mean_of(sum: $t, count: f64) -> $t { sum / count as $t }
        }
        impl Real for $t {
            real_loops!(inline(never));
            own_order!($t);
            #[inline(always)]
            fn real_abs(self) -> Self { self.abs() }
            #[inline(always)]
            fn real_sign(self) -> Self { crate::math::sign(self) }
        }
        impl Float for $t {
            const EPSILON: Self = <$t>::EPSILON;
            #[inline(always)]
            fn from_f64(x: f64) -> Self { x as $t }
            #[inline(always)]
            fn to_f64(self) -> f64 { f64::from(self) }
            #[inline]
            fn with_integer<Op>() -> LoopKernel<fn(Self, i32) -> Self>
            where
                Op: Compiled<fn(f32, i32) -> f32> + Compiled<fn(f64, i32) -> f64>,
            {
                <Op as Compiled<fn($t, i32) -> $t>>::kernel()
            }
            #[inline]
            fn to_integer<Op>() -> LoopKernel<fn(Self) -> i32>
            where
                Op: Compiled<fn(f32) -> i32> + Compiled<fn(f64) -> i32>,
            {
                <Op as Compiled<fn($t) -> i32>>::kernel()
            }
            #[inline(never)]
            fn skipping_kernel(op: Skipping) -> Reducer<fn($t) -> $t> {
                reduce::float::skipping(op)
            }
            #[inline(never)]
            fn skipping_position_kernel(op: Extremum) -> Reducer<fn($t) -> usize> {
                reduce::float::skipping_position(op)
            }
            #[inline(never)]
            fn skipping_scan(op: Total) -> Scanner<fn($t) -> $t> {
                reduce::cumulative::skipping(op)
            }
            #[inline(never)]
            fn log_sum_exp_kernel() -> Reducer<fn($t) -> $t> {
                reduce::logsumexp::log_sum_exp()
            }
        }
        impl Scalar for $t {
            const IS_COMPLEX: bool = false;
            type Complex = Complex<$t>;
            #[inline(always)]
            fn from_parts(re: $t, _: $t) -> Self { re }
            #[inline(always)]
            fn conj(self) -> Self { self }
            #[inline(always)]
            fn re(self) -> $t { self }
            #[inline(always)]
            fn im(self) -> $t { 0.0 }
            #[inline(always)]
            fn from_real(x: $t) -> Self { x }
            #[inline(always)]
            fn modulus(self) -> $t { self.abs() }
            #[inline(always)]
            fn is_finite(self) -> bool { <$t>::is_finite(self) }
            #[inline(always)]
            fn scalar_angle(self) -> $t { crate::math::atan2(0.0, self) }
            scalar_loops!(inline(never));
            #[inline(never)]
            fn magnitude_kernel(op: Magnitudes) -> Reducer<fn($t) -> $t> {
                reduce::magnitude::magnitudes(op)
            }
        }
        impl Number for Complex<$t> {
            type Sum = Self;
            type Mean = Self;
            type Real = $t;
            own_loops!();
            own_reductions!(mean_of_sum, Self, Self, Self);
            #[inline(always)]
            fn number_neg(self) -> Self { -self }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, equal_nan: bool) -> bool {
                let wide = |z: Self| Complex::new(f64::from(z.re), f64::from(z.im));
                let (a, b) = (wide(self), wide(other));
                (a == b)
                    | (((a - b).norm() <= atol + rtol * b.norm()) & num_traits::Float::is_finite(b.norm()))
                    | (equal_nan & a.is_nan() & b.is_nan())
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 {
                let (re, im) = (self.re.number_distance(other.re), self.im.number_distance(other.im));
                re.hypot(im)
            }
            #[inline(always)]
            fn mean_of(sum: Self, count: f64) -> Self { sum / count as $t }
        }
        impl Scalar for Complex<$t> {
            const IS_COMPLEX: bool = true;
            type Complex = Self;
            #[inline(always)]
            fn from_parts(re: $t, im: $t) -> Self { Complex::new(re, im) }
            #[inline(always)]
            fn conj(self) -> Self { Complex::new(self.re, -self.im) }
            #[inline(always)]
            fn re(self) -> $t { self.re }
            #[inline(always)]
            fn im(self) -> $t { self.im }
            #[inline(always)]
            fn from_real(x: $t) -> Self { Complex::new(x, 0.0) }
            #[inline(always)]
            fn modulus(self) -> $t { self.re.hypot(self.im) }
            #[inline(always)]
            fn is_finite(self) -> bool { self.re.is_finite() && self.im.is_finite() }
            #[inline(always)]
            fn scalar_angle(self) -> $t { crate::math::atan2(self.im, self.re) }
            scalar_loops!(inline(never));
            #[inline(never)]
            fn magnitude_kernel(op: Magnitudes) -> Reducer<fn(Self) -> $t> {
                reduce::magnitude::magnitudes(op)
            }
        }
    )+};
}
float!(f32, f64);
