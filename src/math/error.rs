//! The error function and its complement, and how `f64` computes them.

use super::coefficients::{ERF, ERF_TAIL, ERF_UNIT, ERFC, ERFC_FIRST_LOW};
use super::exponential::{Reduced, exp_core, in_exp_range, reduce};
use super::kernel::{
    Kernel, Parts, at_least, at_most, fast_two_sum, poly, select, two_product, two_sum,
};

/// `erf(x)` for `|x| <= 1/2`.
#[inline(always)]
pub(super) fn erf_small(x: f64) -> f64 {
    x * poly(x * x, ERF)
}

/// `erfc(z) = 2^k (high + low)` with `k + SCALE_ROUND`, for `z >= 1/2` given with its square as sums.
#[inline(always)]
pub(super) fn erfc_scaled(z: f64, z_low: f64, square: f64, square_low: f64) -> (f64, f64, f64) {
    const K: f64 = 2.5;
    let z = at_most(at_least(z, 0.5), 28.0);
    let (sum, sum_low) = two_sum(z, K);
    let sum_low = sum_low + z_low;
    let inverse = 1.0 / sum;
    let missing = (-sum).mul_add(inverse, 1.0) - sum_low * inverse;
    // t = 1 - 2k / (z + k), with what it loses: the polynomial is steep at the left end
    let (step, step_low) = two_product(-2.0 * K, inverse);
    let (t, t_low) = two_sum(1.0, step);
    let t_low = t_low + step.mul_add(missing, step_low);
    let slope = poly(t, &ERFC[1..]);
    let (tail, tail_low) = two_product(t, slope);
    let tail_low = t_low.mul_add(slope, tail_low);
    let (p, p_low) = two_sum(ERFC[0], tail);
    let p_low = p_low + (tail_low + ERFC_FIRST_LOW);
    let (g, g_low) = two_product(p, inverse);
    let Reduced { t, r, q } = reduce(in_exp_range(-square), -square_low);
    // g (1 + missing) (1 + r + q)
    let g_low = p_low.mul_add(inverse, g.mul_add(missing, g_low));
    let factor = r + q;
    let (high, low) = two_product(g, r);
    let low = low + g.mul_add(q, g_low.mul_add(factor, g_low));
    let (high, rest) = two_sum(g, high);
    let (high, low) = fast_two_sum(high, rest + low);
    (high, low, t)
}

#[inline(always)]
fn erfc_large(a: f64) -> f64 {
    let a = at_most(a, 28.0);
    let (square, low) = two_product(a, a);
    let (high, low, t) = erfc_scaled(a, 0.0, square, low);
    (high + low).scale(t)
}

/// The error function.
///
/// Error below 2 ULP. SciPy: `scipy.special.erf`. Method: an odd polynomial up to 1 (5/4 in `f32`), then `1 - erfc(x)` with
/// a polynomial for `e^(x^2) erfc(x)`, in `f32` for `erfc(x)`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::erf(f64::INFINITY), 1.0);
/// assert!((math::erf(0.5_f32) - 0.5204999).abs() < 1e-7);
/// ```
#[inline(always)]
pub fn erf<F: Kernel>(x: F) -> F {
    x.erf()
}

#[inline(always)]
pub(super) fn erf_f64(x: f64) -> f64 {
    let a = x.abs();
    // What is taken from one is less than a sixth, so that rounding it costs less than rounding the result.
    let z = at_most(a, 6.0);
    let (p, t) = exp_core(-(z * z));
    let tail = p * f64::power_of_two(t);
    let large = (-tail).mul_add(poly(z - 3.5, ERF_TAIL), 1.0);
    select(a < 1.0, x * poly(x * x, ERF_UNIT), large.copysign(x))
}

/// The complementary error function `1 - erf(x)`, accurate in the tail.
///
/// Error below 2 ULP. SciPy: `scipy.special.erfc`.
///
/// Method: `erfc(x) = e^(-x^2) P(t) / (x + k)` with `t = (x - k) / (x + k)`, `k = 5/2` (Shepherd and Laframboise 1981)
/// and `x^2` as an exact sum; for `f32` likewise, in `f64` to fewer digits.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::erfc(0.0_f64), 1.0);
/// assert_eq!(math::erfc(f32::NEG_INFINITY), 2.0);
/// ```
#[inline(always)]
pub fn erfc<F: Kernel>(x: F) -> F {
    x.erfc()
}

#[inline(always)]
pub(super) fn erfc_f64(x: f64) -> f64 {
    let a = x.abs();
    let large = erfc_large(a);
    let large = select(x < 0.0, 2.0 - large, large);
    select(a < 0.5, (-x).mul_add(poly(x * x, ERF), 1.0), large)
}
