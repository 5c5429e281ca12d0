//! `exp` and its variants: a scaled exponential times sine and cosine.

use num_complex::Complex;

use super::{is_finite, replaced};
use crate::math::exponential::exp_core;
use crate::math::kernel::{Kernel, LN_2, Parts, at_least, at_most, poly, select, two_product};
use crate::math::{expm1 as real_expm1, sincos};

/// How far exponents go beyond which even the smallest factor overflows.
#[inline(always)]
pub(super) fn upper_end<F: Parts>(x: F) -> F {
    at_most(x, F::EXP_RANGE.1 * F::of(2.2))
}

/// `c p 2^k` for `t = k + SCALE_ROUND`, `|c| <= 1` and `p` around one: nothing overflows, and nothing is rounded
/// to a subnormal number, before the result does.
#[inline(always)]
pub(super) fn times_power<F: Parts>(c: F, p: F, t: F) -> F {
    let first = at_least(at_most(t, F::SCALE_ROUND + F::TOP_EXPONENT), F::SCALE_ROUND);
    let rest = (t - first) + F::SCALE_ROUND;
    (c * F::power_of_two(first) * p).scale(rest)
}

/// `p 2^k (cos + i sin)`, with what Annex G says of `e^x (cos y + i sin y)` at the ends.
#[inline(always)]
pub(super) fn rotated<F: Parts>(z: Complex<F>, (p, t): (F, F), (sin, cos): (F, F)) -> Complex<F> {
    let value = Complex::new(times_power(cos, p, t), times_power(sin, p, t));
    let undefined = !is_finite(z.im);
    let (up, down) = (undefined & (z.re == F::INF), undefined & (z.re == -F::INF));
    let value = replaced(
        value,
        (up | down, select(up, F::INF, F::ZERO)),
        (down, F::ZERO.with_sign(z.im)),
    );
    replaced(value, (false, F::ZERO), (z.im == F::ZERO, z.im))
}

/// `e^z`.
///
/// Error of each part below 4 ULP. NumPy: `np.exp`. Method: `e^x (cos y + i sin y)`.
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::exp(Complex::new(1.0_f64, 0.0));
/// assert_eq!(z, Complex::new(std::f64::consts::E, 0.0));
/// ```
#[inline(always)]
pub fn exp<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let power = exp_core(at_least(upper_end(z.re), F::EXP_RANGE.0));
    rotated(z, power, sincos(z.im))
}

/// `2^z`.
///
/// Error of each part below 4 ULP while `|y| < 2^30`, beyond it the angle `y ln 2` is rounded first. NumPy: `np.exp2`.
///
/// Method: `2^x` as [`exp2`](crate::math::exp2), turned by `y ln 2`, a sum of two.
///
/// ```
/// use num_complex::Complex;
/// assert_eq!(orthant::math::complex::exp2(Complex::new(3.0_f64, 0.0)), Complex::new(8.0, 0.0));
/// ```
#[inline(always)]
pub fn exp2<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let limit = F::EXP2_RANGE.1 * F::of(2.2);
    let x = at_least(at_most(z.re, limit), F::EXP2_RANGE.0);
    let t = x + F::SCALE_ROUND;
    let r = x - (t - F::SCALE_ROUND);
    let p = poly(r, F::EXP2).fma(r, F::ONE);
    let [ln2, ln2_low, _] = F::parts(LN_2);
    let (angle, low) = two_product(z.im, ln2);
    let low = z.im.fma(ln2_low, low);
    let low = select(z.im.magnitude() < F::of(1073741824.0), low, F::ZERO);
    let (sin, cos) = sincos(angle);
    rotated(z, (p, t), (low.fma(cos, sin), (-low).fma(sin, cos)))
}

/// `e^z - 1`, accurate for small `z`.
///
/// Error below 4 ULP of the imaginary part, and for the real part below 4 ULP of the modulus (where `e^x cos y` is
/// close to 1 its terms cancel). Ends as [`exp`], less one. NumPy: `np.expm1`.
///
/// Method: `expm1(x) cos y - (1 - cos y)` and the imaginary part of [`exp`].
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-300_f64, -1e-200);
/// assert_eq!(orthant::math::complex::expm1(z), z);
/// ```
#[inline(always)]
pub fn expm1<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (sin, cos) = sincos(z.im);
    let power = exp_core(at_least(upper_end(z.re), F::EXP_RANGE.0));
    let whole = rotated(z, power, (sin, cos));
    // 1 - cos y without cancellation
    let versine = select(cos > F::ZERO, sin * sin / (F::ONE + cos), F::ONE - cos);
    let near = real_expm1(at_most(z.re, F::of(50.0))).fma(cos, -versine);
    let far = (z.re > F::of(50.0)) | !is_finite(z.im);
    let re = select(far, whole.re - F::ONE, near);
    Complex::new(re, whole.im)
}
