//! The types that kernels work on and the few operations they are made of.
//!
//! Everything here compiles to straight-line vector code: fused multiply-add, integer shifts of the
//! bits, compares and selects. Nothing here branches, calls a library or converts to integers.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::coefficients::Coefficients;

/// A type that the functions of [`math`](crate::math) take: `f32` or `f64`.
///
/// Sealed. A generic function needs this one bound:
///
/// ```
/// use orthant::math;
///
/// fn softsign_exp<F: math::Kernel>(x: F) -> F {
///     math::tanh(math::exp(x))
/// }
/// assert_eq!(softsign_exp(-1000.0_f32), 0.0);
/// ```
pub trait Kernel: Parts {}
impl Kernel for f32 {}
impl Kernel for f64 {}

/// What kernels need to know about a type, and those steps that differ between the two.
#[doc(hidden)]
pub trait Parts:
    Coefficients
    + Copy
    + Debug
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    const HALF: Self;
    const TWO: Self;
    const INF: Self;
    const NOT_A_NUMBER: Self;
    const TINY: Self;
    const ULP_OF_ONE: Self;
    /// Adding and subtracting this rounds to an integer, ties to even, and leaves it in the low bits.
    const ROUND: Self;
    /// `ROUND` plus twice the exponent bias: what [`scale`](Parts::scale) takes apart.
    const SCALE_ROUND: Self;
    /// From here on every value is an even integer or nothing has a fraction.
    const NO_FRACTION: Self;
    /// Power of two that lifts every subnormal into the normal range, and its exponent.
    const LIFT: Self;
    const LIFT_EXPONENT: Self;
    /// The exponent of the largest power of two.
    const TOP_EXPONENT: Self;
    /// Arguments beyond which `exp` and `exp2` are infinite or zero.
    const EXP_RANGE: (Self, Self);
    const EXP2_RANGE: (Self, Self);
    /// `|x|` up to which trigonometric reduction needs no table.
    const TRIG_LIMIT: Self;

    /// The value rounded to this type.
    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
    /// Leading parts of a constant given as a sum of three `f64`.
    fn parts(c: [f64; 3]) -> [Self; 3];
    fn fma(self, a: Self, b: Self) -> Self;
    fn magnitude(self) -> Self;
    fn with_sign(self, sign: Self) -> Self;
    fn root(self) -> Self;
    /// `-self` if the sign bit of `sign` is set.
    fn xor_sign(self, sign: Self) -> Self;
    fn sign_bit(self) -> bool;
    /// `-self` if `t = k + ROUND` holds an odd integer.
    fn negate_if_odd(self, t: Self) -> Self;
    /// `-self` if `t = k + ROUND` holds 2 or 3 modulo 4.
    fn negate_if_half_odd(self, t: Self) -> Self;
    /// Whether `t = k + ROUND` holds an odd integer.
    fn holds_odd(t: Self) -> bool;
    /// `self * 2^k` for `t = k + SCALE_ROUND`, rounded once, for results of any size.
    fn scale(self, t: Self) -> Self;
    /// `2^k` for `t = k + SCALE_ROUND`, in the normal range.
    fn power_of_two(t: Self) -> Self;
    /// `2^-k` for `t = k + SCALE_ROUND`, in the normal range.
    fn inverse_power_of_two(t: Self) -> Self;
    /// `(m, e)` with `self = m 2^e` and `sqrt(1/2) <= m < sqrt(2)`, for positive normal numbers.
    fn decompose(self) -> (Self, Self);
    /// `(m, e)` with `self = m 2^e` and `1/2 <= |m| < 1`, for normal numbers.
    fn mantissa_exponent(self) -> (Self, Self);
    /// The neighbour towards plus or minus infinity of a finite nonzero number.
    fn neighbour(self, up: bool) -> Self;
    /// The subnormal number next to zero, with this sign.
    fn smallest_with_sign(self) -> Self;
    /// `k` of `self = k + ROUND`.
    fn held_integer(self) -> i32;
    /// The standard library's exact remainder.
    fn exact_remainder(self, y: Self) -> Self;
    /// An approximation of `1 / cbrt(self)` within 4 %, for positive normal numbers.
    fn inverse_cbrt_guess(self) -> Self;
    /// `e + log2(m)` as a sum, for `sqrt(1/2) <= m < sqrt(2)`.
    fn log2_sum(m: Self, e: Self) -> (Self, Self);
    /// `(r, k + ROUND)` with `self = k pi/2 + r`, from `TRIG_LIMIT` up.
    fn reduce_large(self) -> (Self, Self);
    /// [`erf`](super::erf), [`erfc`](super::erfc) and [`gelu`](super::gelu).
    fn erf(self) -> Self;
    fn erfc(self) -> Self;
    fn gelu(self) -> Self;
}

macro_rules! parts {
    ($t:ident, $bits:ident, $mantissa:literal, $bias:literal, $sqrt_half:expr, $cbrt_guess:literal,
     $lift:literal, $exp:expr, $exp2:expr, $trig:literal, $log2_sum:path, $reduce:path,
     $erf:path, $erfc:path, $gelu:path) => {
        impl Parts for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const HALF: Self = 0.5;
            const TWO: Self = 2.0;
            const INF: Self = $t::INFINITY;
            const NOT_A_NUMBER: Self = $t::NAN;
            const TINY: Self = $t::MIN_POSITIVE;
            const ULP_OF_ONE: Self = $t::EPSILON;
            const ROUND: Self = 1.5 * ((1 as $bits) << $mantissa) as $t;
            const SCALE_ROUND: Self = Self::ROUND + (2 * $bias) as $t;
            const NO_FRACTION: Self = ((1 as $bits) << $mantissa) as $t;
            const LIFT: Self = ((1 as u64) << $lift) as $t;
            const LIFT_EXPONENT: Self = $lift as $t;
            const TOP_EXPONENT: Self = $bias as $t;
            const EXP_RANGE: (Self, Self) = $exp;
            const EXP2_RANGE: (Self, Self) = $exp2;
            const TRIG_LIMIT: Self = $trig;

            #[inline(always)]
            fn of(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn parts(c: [f64; 3]) -> [Self; 3] {
                let first = c[0] as $t;
                let rest = c[0] - f64::from(first);
                let (rest, last) = if rest == 0.0 {
                    (c[1], c[2])
                } else {
                    (rest, c[1])
                };
                let second = rest as $t;
                [first, second, (rest - f64::from(second) + last) as $t]
            }
            #[inline(always)]
            fn fma(self, a: Self, b: Self) -> Self {
                self.mul_add(a, b)
            }
            #[inline(always)]
            fn magnitude(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn with_sign(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn xor_sign(self, sign: Self) -> Self {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                Self::from_bits(self.to_bits() ^ (sign.to_bits() & SIGN))
            }
            #[inline(always)]
            fn sign_bit(self) -> bool {
                (self.to_bits() >> ($bits::BITS - 1)) != 0
            }
            #[inline(always)]
            fn negate_if_odd(self, t: Self) -> Self {
                Self::from_bits(self.to_bits() ^ (t.to_bits() << ($bits::BITS - 1)))
            }
            #[inline(always)]
            fn negate_if_half_odd(self, t: Self) -> Self {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                Self::from_bits(self.to_bits() ^ ((t.to_bits() << ($bits::BITS - 2)) & SIGN))
            }
            #[inline(always)]
            fn holds_odd(t: Self) -> bool {
                (t.to_bits() & 1) != 0
            }
            #[inline(always)]
            fn scale(self, t: Self) -> Self {
                let n = t.to_bits();
                let half = n >> 1;
                let rest = n.wrapping_sub(half);
                self * Self::from_bits(half << $mantissa) * Self::from_bits(rest << $mantissa)
            }
            #[inline(always)]
            fn power_of_two(t: Self) -> Self {
                Self::from_bits(t.to_bits().wrapping_sub($bias) << $mantissa)
            }
            #[inline(always)]
            fn inverse_power_of_two(t: Self) -> Self {
                Self::from_bits((3 * $bias as $bits).wrapping_sub(t.to_bits()) << $mantissa)
            }
            #[inline(always)]
            fn decompose(self) -> (Self, Self) {
                const START: $bits = ($sqrt_half as $t).to_bits();
                const LOW: $bits = (1 << $mantissa) - 1;
                let b = self
                    .to_bits()
                    .wrapping_sub(START)
                    .wrapping_add($bias << $mantissa);
                let e = $t::from_bits((b >> $mantissa) | Self::NO_FRACTION.to_bits())
                    - (Self::NO_FRACTION + $bias as $t);
                (Self::from_bits((b & LOW) + START), e)
            }
            #[inline(always)]
            fn mantissa_exponent(self) -> (Self, Self) {
                const EXPONENT: $bits = ((1 << ($bits::BITS - 1 - $mantissa)) - 1) << $mantissa;
                let b = self.to_bits();
                let e = $t::from_bits(((b & EXPONENT) >> $mantissa) | Self::NO_FRACTION.to_bits())
                    - (Self::NO_FRACTION + ($bias - 1) as $t);
                (
                    Self::from_bits((b & !EXPONENT) | (($bias - 1) << $mantissa)),
                    e,
                )
            }
            #[inline(always)]
            fn neighbour(self, up: bool) -> Self {
                let b = self.to_bits();
                let away = up != self.sign_bit();
                Self::from_bits(if away {
                    b.wrapping_add(1)
                } else {
                    b.wrapping_sub(1)
                })
            }
            #[inline(always)]
            fn smallest_with_sign(self) -> Self {
                Self::from_bits(1).copysign(self)
            }
            #[inline(always)]
            fn held_integer(self) -> i32 {
                self.to_bits().wrapping_sub(Self::ROUND.to_bits()) as i32
            }
            #[inline(always)]
            fn exact_remainder(self, y: Self) -> Self {
                self % y
            }
            #[inline(always)]
            fn inverse_cbrt_guess(self) -> Self {
                // bits / 3 of the upper 32 bits, as a widening multiply by the inverse of 3
                let high = (self.to_bits() >> ($bits::BITS - 32)) as u64;
                let third = (high * 0xaaaa_aaab) >> 33;
                Self::from_bits(
                    ((($cbrt_guess as u64).wrapping_sub(third)) as $bits) << ($bits::BITS - 32),
                )
            }
            #[inline(always)]
            fn log2_sum(m: Self, e: Self) -> (Self, Self) {
                $log2_sum(m, e)
            }
            #[inline(always)]
            fn reduce_large(self) -> (Self, Self) {
                $reduce(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn erfc(self) -> Self {
                $erfc(self)
            }
            #[inline(always)]
            fn gelu(self) -> Self {
                $gelu(self)
            }
        }
    };
}
parts!(
    f64,
    u64,
    52,
    1023,
    std::f64::consts::FRAC_1_SQRT_2,
    0x553f09fd,
    54,
    (-746.0, 710.0),
    (-1076.0, 1025.0),
    1073741824.0,
    super::power::log2_sum_f64,
    super::reduction::reduce_large_f64,
    super::error::erf_f64,
    super::error::erfc_f64,
    super::activation::gelu_f64
);
parts!(
    f32,
    u32,
    23,
    127,
    std::f32::consts::FRAC_1_SQRT_2,
    0x54a2fa8c,
    25,
    (-104.0, 89.0),
    (-151.0, 129.0),
    39000.0,
    super::power::log2_sum_f32,
    super::reduction::reduce_large_f32,
    super::error_single::erf,
    super::error_single::erfc,
    super::error_single::gelu
);

/// The polynomial with these coefficients, lowest first, by fused multiply-adds.
///
/// A long one is summed as two, of even and odd powers: a sum is a chain of multiply-adds that wait for each
/// other [20 coefficients, `f64` on AVX2: 2.2 ns against 2.9]. The first two powers come last, so that
/// rounding the parts does not count.
#[inline(always)]
pub(super) fn poly<F: Parts>(x: F, c: &[F]) -> F {
    let n = c.len();
    if n < SPLIT_FROM {
        return horner(x, c);
    }
    let square = x * x;
    let odd = every(square, c, (n - 2) | 1, 3);
    let even = every(square, c, (n - 1) & !1, 2);
    odd.fma(x, even).fma(x, c[1]).fma(x, c[0])
}

/// Coefficients from which on a polynomial is summed as two.
const SPLIT_FROM: usize = 8;

/// [`poly`] in the order of powers, where that makes common results exact.
#[inline(always)]
pub(super) fn horner<F: Parts>(x: F, c: &[F]) -> F {
    let mut i = c.len() - 1;
    let mut sum = c[i];
    while i > 0 {
        i -= 1;
        sum = sum.fma(x, c[i]);
    }
    sum
}

/// Every other coefficient from `last` down to `first`, by Horner's rule in the square.
#[inline(always)]
fn every<F: Parts>(square: F, c: &[F], last: usize, first: usize) -> F {
    let mut i = last;
    let mut sum = c[i];
    while i > first {
        i -= 2;
        sum = sum.fma(square, c[i]);
    }
    sum
}

/// `a` where `condition` holds, else `b`.
#[inline(always)]
pub(super) fn select<T>(condition: bool, a: T, b: T) -> T {
    if condition { a } else { b }
}

/// The smaller; NaN if `x` is NaN.
#[inline(always)]
pub(super) fn at_most<F: Parts>(x: F, limit: F) -> F {
    select(x > limit, limit, x)
}

/// The larger; NaN if `x` is NaN.
#[inline(always)]
pub(super) fn at_least<F: Parts>(x: F, limit: F) -> F {
    select(x < limit, limit, x)
}

/// The nearest integer, ties to even, for `|x|` below `NO_FRACTION / 2`.
#[inline(always)]
pub(super) fn round_small<F: Parts>(x: F) -> F {
    (x + F::ROUND) - F::ROUND
}

/// Whether the value is not NaN.
#[inline(always)]
pub(super) fn is_number<F: Parts>(x: F) -> bool {
    x.magnitude() <= F::INF
}

/// Whether the value is an integer (infinities count).
#[inline(always)]
pub(super) fn is_integer<F: Parts>(x: F) -> bool {
    let a = x.magnitude();
    (a >= F::NO_FRACTION) | ((a + F::NO_FRACTION) - F::NO_FRACTION == a)
}

/// Sum and its exact rounding error, for `|a| >= |b|` or `a = 0` (Dekker 1971).
#[inline(always)]
pub(super) fn fast_two_sum<F: Parts>(a: F, b: F) -> (F, F) {
    let s = a + b;
    (s, b - (s - a))
}

/// Sum and its exact rounding error (Knuth, TAOCP 2, 4.2.2).
#[inline(always)]
pub(super) fn two_sum<F: Parts>(a: F, b: F) -> (F, F) {
    let s = a + b;
    let bb = s - a;
    (s, (a - (s - bb)) + (b - bb))
}

/// Product and its exact rounding error.
#[inline(always)]
pub(super) fn two_product<F: Parts>(a: F, b: F) -> (F, F) {
    let p = a * b;
    (p, a.fma(b, -p))
}

/// Quotient and what is missing from it, for `(a + a_low) / (b + b_low)`.
#[inline(always)]
pub(super) fn two_quotient<F: Parts>(a: (F, F), b: (F, F)) -> (F, F) {
    let inverse = F::ONE / b.0;
    let q = a.0 * inverse;
    let rest = (-q).fma(b.0, a.0) + (-q).fma(b.1, a.1);
    (q, rest * inverse)
}

// Constants as unevaluated sums, computed to 160 bits.
pub(super) const PI: [f64; 3] = [
    std::f64::consts::PI,
    1.2246467991473532e-16,
    -2.9947698097183397e-33,
];
pub(super) const LN_2: [f64; 3] = [
    std::f64::consts::LN_2,
    2.3190468138462996e-17,
    5.707708438416212e-34,
];
