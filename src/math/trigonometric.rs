//! `sin`, `cos`, `tan`: reduction by multiples of pi, then odd and even polynomials.

use std::f64::consts::FRAC_2_PI;

use super::floating::nearest;
use super::kernel::{
    Kernel, PI, Parts, fast_two_sum, poly, round_small, select, two_product, two_quotient,
};

const HALF_PI: [f64; 3] = [PI[0] / 2.0, PI[1] / 2.0, PI[2] / 2.0];

/// `x - q c` for a constant of three parts: the first step is exact, the others round once each
/// (Cody and Waite 1980, with a fused multiply-add).
#[inline(always)]
fn subtract_multiple<F: Parts>(x: F, q: F, c: [f64; 3]) -> F {
    let [a, b, c] = F::parts(c);
    (-q).fma(c, (-q).fma(b, (-q).fma(a, x)))
}

/// `(r, k + ROUND)` with `x = k pi/2 + r`, for `|x| <= TRIG_LIMIT`.
#[inline(always)]
fn reduce_short<F: Parts>(x: F) -> (F, F) {
    let t = x.fma(F::of(FRAC_2_PI), F::ROUND);
    (subtract_multiple(x, t - F::ROUND, HALF_PI), t)
}

/// The same for every finite `x`.
#[inline(always)]
fn reduce<F: Parts>(x: F) -> (F, F) {
    let (far, far_t) = x.reduce_large();
    let (near, near_t) = reduce_short(x);
    let large = x.magnitude() > F::TRIG_LIMIT;
    (select(large, far, near), select(large, far_t, near_t))
}

/// `sin(r + k pi/2)` for `|r| <= pi/4`.
#[inline(always)]
pub(super) fn sin_reduced<F: Parts>(r: F, t: F) -> F {
    let z = r * r;
    let sin = (r * z).fma(poly(z, F::SIN_QUARTER), r);
    let cos = z.fma(z.fma(poly(z, F::COS_QUARTER), -F::HALF), F::ONE);
    select(F::holds_odd(t), cos, sin).negate_if_half_odd(t)
}

/// The same bits as [`sin`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn sin_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_short(x);
    select(x == F::ZERO, x, sin_reduced(r, t))
}

/// The same bits as [`cos`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn cos_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_short(x);
    sin_reduced(r, t + F::ONE)
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
/// Method: reduction by multiples of pi/2 in three parts (Cody and Waite), beyond 2^30 (`f32`: 39,000) by
/// gathered words of 1/pi (Payne and Hanek 1983), selected per lane; minimax polynomials
/// for sine and cosine up to pi/4.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sin(0.5_f64), 0.479425538604203);
/// assert!((math::sin(1e22_f64) + 0.8522008497671888).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn sin<F: Kernel>(x: F) -> F {
    let (r, t) = reduce(x);
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
    let (r, t) = reduce(x);
    finite_only(x, sin_reduced(r, t + F::ONE))
}

/// `(sin(x), cos(x))`, the same values as from [`sin()`] and [`cos()`].
///
/// Errors below 2 ULP. Method: as theirs, with one reduction of the argument for both.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sincos(1.0_f64), (math::sin(1.0), math::cos(1.0)));
/// ```
#[inline(always)]
pub fn sincos<F: Kernel>(x: F) -> (F, F) {
    (sin(x), cos(x))
}

/// `sin` and `cos` of `r + low` as sums of two.
#[inline(always)]
pub(super) fn sin_cos_sums<F: Parts>(r: F, r_low: F) -> ((F, F), (F, F)) {
    let z = r * r;
    let sin = fast_two_sum(r, (r * z).fma(poly(z, F::SIN_QUARTER), r_low));
    let cos = fast_two_sum(F::ONE, -F::HALF * z);
    let half_low = -F::HALF * r.fma(r, -z);
    let cos = fast_two_sum(
        cos.0,
        cos.1 + (half_low - r * r_low) + z * z * poly(z, F::COS_QUARTER),
    );
    (sin, cos)
}

/// `sin(pi x)` as a sum of two; the reduction is exact.
#[inline(always)]
pub(super) fn sin_pi<F: Parts>(x: F) -> (F, F) {
    let x = (-F::TWO).fma(nearest(F::HALF * x), x);
    let k = round_small(x + x);
    let f = (-F::HALF).fma(k, x);
    let [pi, pi_low, _] = F::parts(PI);
    let (r, r_low) = two_product(f, pi);
    let t = k + F::ROUND;
    let (sin, cos) = sin_cos_sums(r, f.fma(pi_low, r_low));
    let odd = F::holds_odd(t);
    let (high, low) = (select(odd, cos.0, sin.0), select(odd, cos.1, sin.1));
    (high.negate_if_half_odd(t), low.negate_if_half_odd(t))
}

/// As [`reduce_short`] with `r` as a sum of two: near multiples of pi/2 the last parts of pi are of the
/// size of what `r` rounds away, and the tangent, which amplifies it, has no room for both.
#[inline(always)]
fn reduce_short_sum<F: Parts>(x: F) -> ((F, F), F) {
    let t = x.fma(F::of(FRAC_2_PI), F::ROUND);
    let q = t - F::ROUND;
    let [a, b, c] = F::parts(HALF_PI);
    let exact = (-q).fma(a, x);
    let (p, p_low) = two_product(q, b);
    // `exact` is a multiple of the last place of `a`, so that this sum is a fast one even if `p` is larger
    let (r, low) = fast_two_sum(exact, -p);
    ((r, (-q).fma(c, low - p_low)), t)
}

/// As [`reduce`] with `r` as a sum of two, whose second part is zero from `TRIG_LIMIT` on.
#[inline(always)]
fn reduce_sum<F: Parts>(x: F) -> ((F, F), F) {
    let (far, far_t) = x.reduce_large();
    let ((near, near_low), near_t) = reduce_short_sum(x);
    let large = x.magnitude() > F::TRIG_LIMIT;
    let r = (select(large, far, near), select(large, F::ZERO, near_low));
    (r, select(large, far_t, near_t))
}

/// `sin` and `cos` of `x` as sums of two, up to a common sign; NaN for infinities and NaN.
#[inline(always)]
pub(super) fn sincos_sums<F: Parts>(x: F) -> ((F, F), (F, F)) {
    let ((r, low), t) = reduce_sum(x);
    let (sin, cos) = sin_cos_sums(finite_only(x, r), low);
    let odd = F::holds_odd(t);
    (
        (select(odd, cos.0, sin.0), select(odd, cos.1, sin.1)),
        (select(odd, -sin.0, cos.0), select(odd, -sin.1, cos.1)),
    )
}

#[inline(always)]
fn tan_reduced<F: Parts>((r, low): (F, F), t: F) -> F {
    let (sin, cos) = sin_cos_sums(r, low);
    let odd = F::holds_odd(t);
    let (numerator, denominator) = (select(odd, cos, sin), select(odd, sin, cos));
    let (q, rest) = two_quotient(numerator, denominator);
    (q + rest).negate_if_odd(t)
}

/// The same bits as [`tan`] for `|x| <= TRIG_LIMIT`.
#[inline(always)]
pub(crate) fn tan_short<F: Parts>(x: F) -> F {
    let (r, t) = reduce_short_sum(x);
    select(x == F::ZERO, x, tan_reduced(r, t))
}

/// The tangent of `x` radians.
///
/// Error below 2 ULP for every finite `x`, infinities give NaN, zeros keep their sign. NumPy: `np.tan`.
///
/// Method: as [`sin()`]; quotient of sine and cosine polynomials with a corrected
/// division.
///
/// ```
/// use orthant::math;
/// assert!((math::tan(1.0_f64) - 1.5574077246549023).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn tan<F: Kernel>(x: F) -> F {
    let (r, t) = reduce_sum(x);
    select(x == F::ZERO, x, finite_only(x, tan_reduced(r, t)))
}
