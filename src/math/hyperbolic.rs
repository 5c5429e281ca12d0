//! Hyperbolic functions and their inverses.

use std::f64::consts::LOG2_E;

use super::exponential::{Reduced, reduce};
use super::kernel::{
    Kernel, LN_2, Parts, at_most, fast_two_sum, poly, select, two_product, two_quotient, two_sum,
};
use super::logarithm::{log_sum, log1p_sum};

/// `(t, high, low, inverse)` with `e^a / 2 = 2^k (high + low)` for `t = k + SCALE_ROUND` and `e^-a / 2 = 2^k inverse`, for `a >= 0`.
#[inline(always)]
pub(super) fn half_exponentials<F: Parts>(a: F) -> (F, F, F, F) {
    let Reduced { t, r, q } = reduce(a, F::ZERO);
    let t = t - F::ONE;
    let (high, low) = fast_two_sum(F::ONE, r);
    let (high, low) = fast_two_sum(high, low + q);
    // beyond 2^50 the second term is below half an ULP
    let w = F::inverse_power_of_two(at_most(t, F::SCALE_ROUND + F::of(50.0)));
    (t, high, low, F::of(0.25) * w * w / high)
}

/// The hyperbolic sine.
///
/// Error below 2 ULP. NumPy: `np.sinh`. Method: an odd polynomial up to 1, then `(e^x - e^-x) / 2` with
/// `e^x` as a sum of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sinh(0.0_f64), 0.0);
/// assert_eq!(math::sinh(-1000.0_f32), f32::NEG_INFINITY);
/// ```
#[inline(always)]
pub fn sinh<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let (t, high, low, inverse) = half_exponentials(at_most(a, F::EXP_RANGE.1 + F::ONE));
    let large = (high + (low - inverse)).scale(t).with_sign(x);
    select(a < F::ONE, sinh_small(x), large)
}

/// `sinh(x)` for `|x| <= 1`.
#[inline(always)]
pub(super) fn sinh_small<F: Parts>(x: F) -> F {
    let z = x * x;
    (x * z).fma(poly(z, F::SINH), x)
}

/// `sinh(x) - x` for `|x| <= 1`.
#[inline(always)]
pub(super) fn sinh_small_tail<F: Parts>(x: F) -> F {
    let z = x * x;
    x * z * poly(z, F::SINH)
}

/// The hyperbolic cosine.
///
/// Error below 2 ULP. NumPy: `np.cosh`. Method: `(e^x + e^-x) / 2` with `e^x` as a sum of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::cosh(0.0_f64), 1.0);
/// ```
#[inline(always)]
pub fn cosh<F: Kernel>(x: F) -> F {
    let (t, high, low, inverse) =
        half_exponentials(at_most(x.magnitude(), F::EXP_RANGE.1 + F::ONE));
    (high + (low + inverse)).scale(t)
}

/// The hyperbolic tangent.
///
/// Error below 2 ULP. NumPy: `np.tanh`.
///
/// Method: with `a = k ln(2)/2 + r`, `w = 2^-k` and `h = tanh r`, an odd polynomial, the addition theorem gives
/// `((1 - w) + (1 + w) h) / ((1 + w) + (1 - w) h)`. That is `(1 - w)^2` and
/// `w (w (1 - w) + (4 - 3w + w^2) h) / ((1 + w) + (1 - w) h)`: the square is exact where it counts and so near the
/// result that the quotient is below half of it, and its rounding errors count for less. Where `k = 0`, `h` is left.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::tanh(1e-200_f64), 1e-200);
/// assert_eq!(math::tanh(f32::INFINITY), 1.0);
/// ```
#[inline(always)]
pub fn tanh<F: Kernel>(x: F) -> F {
    // from 20 on the result is 1
    let a = at_most(x.magnitude(), F::of(20.0));
    let [ln2, ln2_low, _] = F::parts(LN_2);
    let t = a.fma(F::of(2.0 * LOG2_E), F::SCALE_ROUND);
    let k = t - F::SCALE_ROUND;
    // the first step is exact, and what the second loses goes into the end of `h`
    let high = (-k).fma(ln2 * F::HALF, a);
    let step = -(k * (ln2_low * F::HALF));
    let r = high + step;
    let z = r * r;
    let h = high + (r * z).fma(poly(z, F::TANH), step);
    let w = F::inverse_power_of_two(t);
    let less = F::ONE - w;
    let square = less * less;
    let factor = square + (F::of(3.0) - w);
    let quotient = h.fma(factor, less - square) / h.fma(less, F::ONE + w);
    w.fma(quotient, square).with_sign(x)
}

/// The inverse hyperbolic sine.
///
/// Error below 2 ULP. NumPy: `np.arcsinh`. Method: `log1p(a + a^2 / (1 + sqrt(1 + a^2)))`, `log(2 a)` when large.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::asinh(-0.0_f64).to_bits(), (-0.0_f64).to_bits());
/// ```
#[inline(always)]
pub fn asinh<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let value = asinh_positive(a, F::ZERO);
    select((a < F::INF) & (a != F::ZERO), value.with_sign(x), x)
}

/// `asinh(a) + add ln 2` for `a >= 0`, where `add` is zero unless `a` is large.
#[inline(always)]
pub(super) fn asinh_positive<F: Parts>(a: F, add: F) -> F {
    let large = a > F::of(268435456.0);
    let b = select(large, F::ONE, a);
    let z = b * b;
    let (sum, low) = fast_two_sum(b, z / (F::ONE + (F::ONE + z).root()));
    let (u, low) = (select(large, a, sum), select(large, F::ZERO, low));
    log_sum(!large, u, low, select(large, F::ONE + add, F::ZERO))
}

/// The inverse hyperbolic cosine.
///
/// Error below 2 ULP; NaN below 1. NumPy: `np.arccosh`. Method: `log1p(t + sqrt(2t + t^2))` with `t = x - 1` and the
/// root as a sum of two, `log(2 x)` when large.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::acosh(1.0_f64), 0.0);
/// assert!(math::acosh(0.5_f32).is_nan());
/// ```
#[inline(always)]
pub fn acosh<F: Kernel>(x: F) -> F {
    let large = x > F::of(268435456.0);
    let t = select(large, F::ONE, x - F::ONE);
    let (two, two_low) = two_sum(F::TWO, t);
    let (v, v_low) = two_product(t, two);
    let v_low = t.fma(two_low, v_low);
    let s = v.root();
    let rest = (-s).fma(s, v) + v_low;
    let s_low = select(s == F::ZERO, F::ZERO, rest / (s + s));
    let (sum, low) = two_sum(s, t);
    let (u, low) = (select(large, x, sum), select(large, F::ZERO, low + s_low));
    let value = log_sum(!large, u, low, select(large, F::ONE, F::ZERO));
    let value = select(x == F::INF, x, value);
    select(x >= F::ONE, value, F::NOT_A_NUMBER)
}

/// The inverse hyperbolic tangent.
///
/// Error below 2 ULP; infinite at -1 and 1, NaN beyond. NumPy: `np.arctanh`. Method: half of `log1p(2a / (1 - a))` with
/// the quotient as a sum of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::atanh(1.0_f64), f64::INFINITY);
/// assert_eq!(math::atanh(1e-20_f32), 1e-20);
/// ```
#[inline(always)]
pub fn atanh<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let (q, low) = two_quotient((a + a, F::ZERO), two_sum(F::ONE, -a));
    let value = F::HALF * log1p_sum(q, low);
    let value = select(a == F::ONE, F::INF, value);
    let value = select(a <= F::ONE, value.with_sign(x), F::NOT_A_NUMBER);
    select(x == F::ZERO, x, value)
}
