//! Logarithms: `x = m 2^e` with `sqrt(1/2) <= m < sqrt(2)`, then a polynomial in `f = m - 1`, or in `f / (2 + f)`.

use std::f64::consts::{LOG2_E, LOG10_2, LOG10_E};

use super::kernel::{
    Kernel, LN_2, Parts, at_least, at_most, fast_two_sum, poly, select, two_product, two_quotient,
    two_sum,
};

pub(super) const LOG2_OF_E: [f64; 3] = [LOG2_E, 2.0355273740931033e-17, -1.0614659956117258e-33];
pub(super) const LOG10_OF_E: [f64; 3] = [LOG10_E, 1.098319650216765e-17, 3.717181233110959e-34];
const LOG10_OF_2: [f64; 3] = [LOG10_2, -2.8037281277851704e-18, 5.471948402314639e-35];

/// `(m, e)` for every positive finite number, subnormal ones too.
#[inline(always)]
pub(super) fn split<F: Parts>(x: F) -> (F, F) {
    let subnormal = x < F::TINY;
    let (m, e) = select(subnormal, x * F::LIFT, x).decompose();
    (m, e - select(subnormal, F::LIFT_EXPONENT, F::ZERO))
}

/// Puts in what a logarithm does at zero, infinity, negative numbers and NaN.
#[inline(always)]
fn with_ends<F: Parts>(x: F, value: F) -> F {
    let value = select(x == F::INF, x, value);
    let value = select(x >= F::ZERO, value, F::NOT_A_NUMBER);
    select(x == F::ZERO, -F::INF, value)
}

/// `log(2^e (1 + f)) + correction`. `e ln 2 + f` is formed exactly; the rest, `log(1+f) - f`, is with `s = f / (2 + f)`
/// and `2 atanh(s) = 2 s + s^3 P(s^2)` the difference of `s (f^2 / 2 + s^2 P(s^2))` and `f^2 / 2`, at most a quarter of it.
#[inline(always)]
fn log_parts<F: Parts>(f: F, e: F, correction: F) -> F {
    let [ln2, ln2_low, _] = F::parts(LN_2);
    let high = e.fma(ln2, f);
    let low = f + e.fma(ln2, -high) + correction;
    let s = f / (f + F::TWO);
    let z = s * s;
    let half = F::HALF * f * f;
    let series = z.fma(poly(z, F::LOG), half);
    high + (s.fma(series, e.fma(ln2_low, low)) - half)
}

/// The natural logarithm.
///
/// Error below 1 ULP. `log(0) = -inf`, negative numbers give NaN. NumPy: `np.log`.
///
/// Method: exponent and mantissa, the series of `2 atanh(f / (2 + f))` (Ng's in FDLIBM, `e_log.c`) with a minimax polynomial,
/// leading terms summed exactly with a fused multiply-add.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::log(1.0_f64), 0.0);
/// assert_eq!(math::log(0.0_f32), f32::NEG_INFINITY);
/// assert!(math::log(-1.0_f64).is_nan());
/// ```
#[inline(always)]
pub fn log<F: Kernel>(x: F) -> F {
    let (m, e) = split(x);
    with_ends(x, log_parts(m - F::ONE, e, F::ZERO))
}

/// The same bits as [`log`] for positive normal numbers.
#[inline(always)]
pub(crate) fn log_normal<F: Parts>(x: F) -> F {
    let (m, e) = x.decompose();
    log_parts(m - F::ONE, e, F::ZERO)
}

/// The logarithm to base 2.
///
/// Error below 1 ULP, exact for powers of two. Ends as [`log()`]. NumPy: `np.log2`. Method: as [`log()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::log2(0.125_f64), -3.0);
/// ```
#[inline(always)]
pub fn log2<F: Kernel>(x: F) -> F {
    let (m, e) = split(x);
    let f = m - F::ONE;
    let [c, c_low, _] = F::parts(LOG2_OF_E);
    let (p, p_low) = two_product(f, c);
    let rest = f.fma(f.fma(poly(f, F::LOG2), c_low), p_low);
    let (high, low) = fast_two_sum(e, p);
    with_ends(x, high + (low + rest))
}

/// The logarithm to base 10.
///
/// Error below 1 ULP. Ends as [`log()`]. NumPy: `np.log10`. Method: as [`log()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::log10(1000.0_f64), 3.0);
/// ```
#[inline(always)]
pub fn log10<F: Kernel>(x: F) -> F {
    let (m, e) = split(x);
    let f = m - F::ONE;
    let [c, c_low, _] = F::parts(LOG10_OF_E);
    let [two, two_low, _] = F::parts(LOG10_OF_2);
    let (p, p_low) = two_product(f, c);
    let (n, n_low) = two_product(e, two);
    let rest = (f * f).fma(poly(f, F::LOG10), f.fma(c_low, p_low));
    let (high, low) = two_sum(n, p);
    with_ends(x, high + (low + e.fma(two_low, n_low) + rest))
}

/// `log(1 + x + low)` or, without `one_plus`, `log(x + low)`, plus `add ln 2`; for finite arguments with
/// a positive normal or subnormal sum and `low` of the size of a rounding error.
#[inline(always)]
pub(super) fn log_sum<F: Parts>(one_plus: bool, x: F, low: F, add: F) -> F {
    let (u, lost) = two_sum(F::ONE, x);
    let u = select(one_plus, u, x);
    let lost = select(one_plus, lost + low, low);
    let (m, e) = split(u);
    // near one, the mantissa minus one is x itself, without rounding
    let near = one_plus & (e == F::ZERO);
    let f = select(near, x, m - F::ONE);
    let bounded = at_least(at_most(e, F::of(100.0)), F::of(-100.0));
    let scaled = lost * F::inverse_power_of_two(bounded + F::SCALE_ROUND);
    let lost = select(near, low, select(e == bounded, scaled, F::ZERO));
    // d log(1+f) = lost / (1 + f)
    log_parts(f, e + add, (-f).fma(lost, lost) + f * f * lost)
}

/// The same for `log(1 + x + low)` alone.
#[inline(always)]
pub(super) fn log1p_sum<F: Parts>(x: F, low: F) -> F {
    log_sum(true, x, low, F::ZERO)
}

/// `log(1 + x)`, accurate for small `x`.
///
/// Error below 1 ULP. `log1p(-1) = -inf`, below -1 NaN, zeros keep their sign. NumPy: `np.log1p`.
///
/// Method: as [`log()`] of the rounded sum, corrected by what the sum lost.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::log1p(1e-20_f64), 1e-20);
/// assert_eq!(math::log1p(-1.0_f32), f32::NEG_INFINITY);
/// ```
#[inline(always)]
pub fn log1p<F: Kernel>(x: F) -> F {
    let value = select(x == F::ZERO, x, log1p_sum(x, F::ZERO));
    let value = select(x == F::INF, x, value);
    let value = select(x >= -F::ONE, value, F::NOT_A_NUMBER);
    select(x == -F::ONE, -F::INF, value)
}

/// The logit `log(p / (1 - p))`, the inverse of [`sigmoid`](super::sigmoid).
///
/// Error below 2 ULP. `logit(0) = -inf`, `logit(1) = inf`, NaN outside of `[0, 1]`. SciPy: `scipy.special.logit`.
///
/// Method: the logarithm of the quotient as a sum of two, around 1/2 of `1 + (2p - 1) / (1 - p)`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::logit(0.5_f64), 0.0);
/// assert_eq!(math::logit(1.0_f32), f32::INFINITY);
/// ```
#[inline(always)]
pub fn logit<F: Kernel>(p: F) -> F {
    // around 1/2 the log of 1 + (2p - 1) / (1 - p), whose numerator is exact
    let middle = (p >= F::of(0.25)) & (p <= F::of(0.75));
    let numerator = select(middle, F::TWO.fma(p, -F::ONE), p);
    let (x, low) = two_quotient((numerator, F::ZERO), two_sum(F::ONE, -p));
    let value = log_sum(middle, x, low, F::ZERO);
    let value = select((p > F::ZERO) & (p < F::ONE), value, F::NOT_A_NUMBER);
    let value = select(p == F::ZERO, -F::INF, value);
    select(p == F::ONE, F::INF, value)
}
