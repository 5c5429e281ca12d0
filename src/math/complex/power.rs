//! Complex powers, in `f64`; `f32` goes through it.

use num_complex::Complex;

use super::exponential::{rotated, upper_end};
use super::logarithm::{SquaredModulus, squared_modulus};
use super::modulus::reciprocal;
use super::{balanced, is_finite, replaced};
use crate::math::exponential::{Reduced, reduce};
use crate::math::kernel::{
    Kernel, LN_2, PI, Parts, at_least, fast_two_sum, is_integer, is_number, select, two_product,
    two_sum,
};
use crate::math::power::log_extended;
use crate::math::trigonometric::sin_cos_sums;
use crate::math::{atan2, hypot, sincos};

/// `log |z|` and the argument, each as a sum of two.
#[inline(always)]
fn polar(z: Complex<f64>) -> ((f64, f64), (f64, f64)) {
    let SquaredModulus { near, u, low, by } = squared_modulus::<f64, false>(z.re, z.im);
    let (sum, lost) = two_sum(1.0, u);
    let h = select(near, sum, u);
    let lost = low + select(near, lost, 0.0);
    let (log, log_low) = log_extended(h);
    let (m, m_low) = two_product(by, LN_2[0]);
    let (high, rest) = two_sum(m, log);
    let (high, low) = two_sum(
        high,
        rest + (lost / h + log_low + by.mul_add(LN_2[1], m_low)),
    );
    let infinite = (z.re.abs() == f64::INFINITY) | (z.im.abs() == f64::INFINITY);
    let log = (
        select(infinite, f64::INFINITY, 0.5 * high),
        select(infinite, 0.0, 0.5 * low),
    );

    // one step of Newton's: the sine of what is missing from the angle
    let angle = atan2(z.im, z.re);
    let (x, y, _, _) = balanced(z.re, z.im);
    let t = (angle * std::f64::consts::FRAC_2_PI) + f64::ROUND;
    let k = t - f64::ROUND;
    let (r, r_low) = fast_two_sum(k.mul_add(-0.5 * PI[0], angle), -0.5 * PI[1] * k);
    let (sin, cos) = sin_cos_sums(r, r_low);
    let odd = f64::holds_odd(t);
    let of_sin = |part: f64| part.negate_if_half_odd(t);
    let of_cos = |part: f64| part.negate_if_half_odd(t + 1.0);
    let (p, p_low) = two_product(y, of_cos(select(odd, sin.0, cos.0)));
    let (q, q_low) = two_product(x, of_sin(select(odd, cos.0, sin.0)));
    let rest = y * of_cos(select(odd, sin.1, cos.1)) - x * of_sin(select(odd, cos.1, sin.1));
    let missing = ((p - q) + ((p_low - q_low) + rest)) / hypot(x, y);
    (log, (angle, finite_or_zero(missing)))
}

#[inline(always)]
fn finite_or_zero(x: f64) -> f64 {
    select(is_finite(x), x, 0.0)
}

/// `e^(w log z)`.
#[inline(always)]
fn pow_general(z: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    let ((log, log_low), (angle, angle_low)) = polar(z);
    // a b + sign c d and what it loses
    let combined = |a: f64, b: (f64, f64), c: f64, d: (f64, f64), sign: f64| {
        let (p, p_low) = two_product(a, b.0);
        let (q, q_low) = two_product(c, d.0);
        let (sum, lost) = two_sum(p, q.xor_sign(sign));
        let low = p_low + q_low.xor_sign(sign) + lost;
        let low = low + (a * b.1 + (c * d.1).xor_sign(sign));
        (sum, finite_or_zero(low))
    };
    let (log, angle) = ((log, log_low), (angle, angle_low));
    let (x, x_low) = combined(w.re, log, w.im, angle, -1.0);
    let (y, y_low) = combined(w.im, log, w.re, angle, 1.0);
    let inside = at_least(upper_end(x), f64::EXP_RANGE.0);
    let Reduced { t, r, q } = reduce(inside, select(inside == x, x_low, 0.0));
    let (sin, cos) = sincos(y);
    let y_low = select(y.abs() < 1e12, y_low, 0.0);
    let turned = (y_low.mul_add(cos, sin), (-y_low).mul_add(sin, cos));
    rotated(Complex::new(x, y), (1.0 + (r + q), t), turned)
}

/// `z^n` for integers below 128, by repeated multiplication, so that powers of small Gaussian integers are exact.
#[inline(always)]
fn pow_integer(z: Complex<f64>, n: f64) -> Complex<f64> {
    let bits = (n.abs() + f64::ROUND).held_integer();
    let product = |a: Complex<f64>, b: Complex<f64>| {
        Complex::new(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    };
    let choose = |condition: bool, a: Complex<f64>, b: Complex<f64>| {
        Complex::new(select(condition, a.re, b.re), select(condition, a.im, b.im))
    };
    let (mut power, mut result) = (z, Complex::new(1.0, 0.0));
    for i in 0..7 {
        let first = bits & ((1 << i) - 1) == 0;
        let next = choose(first, power, product(result, power));
        result = choose((bits >> i) & 1 != 0, next, result);
        power = product(power, power);
    }
    // a part that is zero has the sign that NumPy's division of one by the power gives it
    let inverse = replaced(
        reciprocal(result),
        (result.re == 0.0, 0.0_f64.copysign(result.im)),
        (result.im == 0.0, 0.0_f64.copysign(result.re)),
    );
    let inverse = choose(
        (result.re == 0.0) & (result.im == 0.0),
        reciprocal(result),
        inverse,
    );
    choose(n < 0.0, inverse, result)
}

#[inline(always)]
fn pow_f64(z: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    let real = w.im == 0.0;
    let integer = real & is_integer(w.re) & (w.re.abs() < 100.0);
    let small = pow_integer(z, select(integer, w.re, 0.0));
    let general = pow_general(z, w);
    let value = Complex::new(
        select(integer, small.re, general.re),
        select(integer, small.im, general.im),
    );
    // NumPy: zero to a power with positive real part is zero, else undefined but for the power zero
    let base_zero = (z.re == 0.0) & (z.im == 0.0);
    let of_zero = select((w.re > 0.0) & is_number(w.im), 0.0, f64::NAN);
    let one = real & (w.re == 0.0);
    let value = replaced(value, (base_zero, of_zero), (base_zero, of_zero));
    replaced(value, (one, 1.0), (one, 0.0))
}

/// `z` to the power `w`, the principal value `e^(w log z)`.
///
/// Error below 4 ULP of the modulus (`f32`: of each part, but where it cancels), growing with the modulus of `w log z` beyond
/// about 30. Real integers below 100 as exponents are repeated multiplications, as in NumPy: `(1 + 2i)^2` is exactly `-3 + 4i`,
/// and the error is as many ULP as multiplications. `z^0 = 1`; zero to a power with a positive real part is zero, to any other NaN.
/// NumPy: `np.power`.
///
/// Method: logarithm, argument and their products with `w` as sums of two; `f32` through `f64`.
///
/// ```
/// use num_complex::Complex;
/// use orthant::math::complex;
/// let z = Complex::new(1.0_f64, 2.0);
/// assert_eq!(complex::pow(z, Complex::new(2.0, 0.0)), Complex::new(-3.0, 4.0));
/// let i = Complex::new(0.0_f64, 1.0);
/// assert!((complex::pow(i, i) - (-std::f64::consts::FRAC_PI_2).exp()).norm() < 1e-16);
/// ```
#[inline(always)]
pub fn pow<F: Kernel>(z: Complex<F>, w: Complex<F>) -> Complex<F> {
    let wide = |z: Complex<F>| Complex::new(z.re.wide(), z.im.wide());
    let value = pow_f64(wide(z), wide(w));
    Complex::new(F::of(value.re), F::of(value.im))
}
