//! `sin`, `cos`, `tan`: reduction by multiples of pi, then odd and even polynomials.

use std::f64::consts::{FRAC_1_PI, FRAC_2_PI};

use super::kernel::{Kernel, PI, Parts, fast_two_sum, poly, select, two_quotient};

const HALF_PI: [f64; 3] = [PI[0] / 2.0, PI[1] / 2.0, PI[2] / 2.0];

/// `x - q c` for a constant of three parts: the first step is exact, the others round once each
/// (Cody and Waite 1980, with a fused multiply-add).
#[inline(always)]
fn subtract_multiple<F: Parts>(x: F, q: F, c: [f64; 3]) -> F {
    let [a, b, c] = F::parts(c);
    (-q).fma(c, (-q).fma(b, (-q).fma(a, x)))
}

/// `sin(r)` with the sign of `(-1)^k`, for `|r| <= pi/2`.
#[inline(always)]
fn sin_reduced<F: Parts>(r: F, t: F) -> F {
    let z = r * r;
    (r * z).fma(poly(z, F::SIN), r).negate_if_odd(t)
}

#[inline(always)]
fn reduce_sin<F: Parts>(x: F) -> (F, F) {
    let t = x.fma(F::of(FRAC_1_PI), F::ROUND);
    (subtract_multiple(x, t - F::ROUND, PI), t)
}

#[inline(always)]
fn reduce_cos<F: Parts>(x: F) -> (F, F) {
    // x = (2k + 1) pi/2 + r and cos(x) = sin(-r) (-1)^k
    let t = x.fma(F::of(FRAC_1_PI), -F::HALF) + F::ROUND;
    let q = F::TWO.fma(t - F::ROUND, F::ONE);
    (-subtract_multiple(x, q, HALF_PI), t)
}

/// The same bits as [`sin`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn sin_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_sin(x);
    select(x == F::ZERO, x, sin_reduced(r, t))
}

/// The same bits as [`cos`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn cos_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_cos(x);
    sin_reduced(r, t)
}

/// NaN for infinities and NaN, else the value.
#[inline(always)]
fn finite_only<F: Parts>(x: F, value: F) -> F {
    select(x.magnitude() < F::INF, value, F::NOT_A_NUMBER)
}

/// The sine of `x` radians.
///
/// Error below 2 ULP for every finite `x`, infinities give NaN, zeros keep their sign. NumPy: `np.sin`.
///
/// Method: reduction by multiples of pi in three parts (Cody and Waite), beyond 2^30 (`f32`: 39,000) by
/// gathered words of 1/pi (Payne and Hanek 1983), selected per lane; one odd minimax polynomial.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sin(0.5_f64), 0.479425538604203);
/// assert!((math::sin(1e22_f64) + 0.8522008497671888).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn sin<F: Kernel>(x: F) -> F {
    let large = x.magnitude() > F::TRIG_LIMIT;
    let (r, t) = select(large, x.reduce_large(1.0, 0.0), reduce_sin(x));
    select(x == F::ZERO, x, finite_only(x, sin_reduced(r, t)))
}

/// The cosine of `x` radians.
///
/// Error below 2 ULP for every finite `x`, infinities give NaN. NumPy: `np.cos`. Method: as [`sin()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::cos(0.0_f32), 1.0);
/// ```
#[inline(always)]
pub fn cos<F: Kernel>(x: F) -> F {
    let large = x.magnitude() > F::TRIG_LIMIT;
    let (far, far_t) = x.reduce_large(1.0, 0.5);
    let (near, near_t) = reduce_cos(x);
    let r = select(large, -far, near);
    finite_only(x, sin_reduced(r, select(large, far_t, near_t)))
}

/// `(sin(x), cos(x))`, the same values as from [`sin()`] and [`cos()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sincos(1.0_f64), (math::sin(1.0), math::cos(1.0)));
/// ```
#[inline(always)]
pub fn sincos<F: Kernel>(x: F) -> (F, F) {
    (sin(x), cos(x))
}

#[inline(always)]
fn reduce_tan<F: Parts>(x: F) -> (F, F) {
    let t = x.fma(F::of(FRAC_2_PI), F::ROUND);
    (subtract_multiple(x, t - F::ROUND, HALF_PI), t)
}

#[inline(always)]
fn tan_reduced<F: Parts>(r: F, t: F) -> F {
    let z = r * r;
    let sin = (r, r * z * poly(z, F::SIN_QUARTER));
    let cos = fast_two_sum(F::ONE, -F::HALF * z);
    let half_low = -F::HALF * r.fma(r, -z);
    let cos = (cos.0, cos.1 + half_low + z * z * poly(z, F::COS_QUARTER));
    let odd = F::holds_odd(t);
    let (numerator, denominator) = (select(odd, cos, sin), select(odd, sin, cos));
    let (q, rest) = two_quotient(numerator, denominator);
    (q + rest).negate_if_odd(t)
}

/// The same bits as [`tan`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn tan_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_tan(x);
    select(x == F::ZERO, x, tan_reduced(r, t))
}

/// The tangent of `x` radians.
///
/// Error below 2 ULP for every finite `x`, infinities give NaN, zeros keep their sign. NumPy: `np.tan`.
///
/// Method: as [`sin()`], by multiples of pi/2; quotient of sine and cosine polynomials with a corrected
/// division.
///
/// ```
/// use orthant::math;
/// assert!((math::tan(1.0_f64) - 1.5574077246549023).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn tan<F: Kernel>(x: F) -> F {
    let large = x.magnitude() > F::TRIG_LIMIT;
    let (r, t) = select(large, x.reduce_large(0.5, 0.0), reduce_tan(x));
    select(x == F::ZERO, x, finite_only(x, tan_reduced(r, t)))
}
