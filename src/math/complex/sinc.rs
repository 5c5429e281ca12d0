//! The cardinal sine, in `f64`; `f32` goes through it.

use num_complex::Complex;

use super::modulus::reciprocal;
use crate::math::hyperbolic::{cosh, sinh};
use crate::math::kernel::{Kernel, PI, at_most, select, two_product};
use crate::math::trigonometric::sin_pi;

/// Beyond this `cosh` is half an exponential, of which a factor is set aside.
const FAR: f64 = 600.0;
/// `e^FAR`.
const FACTOR: f64 = 3.7730203009299397e260;

#[inline(always)]
fn sinc_f64(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    // sin(pi x) and cos(pi x), the latter as a sine of what is left to 1/2
    let (sin, sin_low) = sin_pi(x);
    let turns = 2.0 * round(0.5 * x);
    let (cos, cos_low) = sin_pi(0.5 - (x - turns).abs());
    let (sin, cos) = (sin + sin_low, cos + cos_low);

    let a = at_most(y.abs(), 1000.0);
    let (p, p_low) = two_product(a, PI[0]);
    let p_low = a.mul_add(PI[1], p_low);
    let far = p > FAR;
    let q = select(far, p - FAR, p);
    let half_exp = 0.5 * crate::math::exp(q);
    let c = select(far, half_exp, cosh(q));
    let s = select(far, half_exp, sinh(q));
    let (c, s) = (s.mul_add(p_low, c), c.mul_add(p_low, s));

    let over = reciprocal(Complex::new(x * PI[0], y * PI[0]));
    let (re, im) = (sin * c, cos * s.copysign(y));
    let factor = select(far, FACTOR, 1.0);
    Complex::new(
        (re * over.re - im * over.im) * factor,
        (re * over.im + im * over.re) * factor,
    )
}

/// `x` rounded to an integer.
#[inline(always)]
fn round(x: f64) -> f64 {
    crate::math::round_ties_even(x)
}

/// `sin(pi z) / (pi z)`, 1 at zero and 0 at other real integers.
///
/// Error below 8 ULP of the modulus (NumPy rounds `pi z` before the sine and is far off near integers and at large imaginary
/// parts); NaN where a part is infinite. NumPy: `np.sinc`.
///
/// Method: `sin(pi x) cosh(pi y) + i cos(pi x) sinh(pi y)` with `pi y` as a sum of two; `f32` through `f64`.
///
/// ```
/// use num_complex::Complex;
/// use orthant::math::complex;
/// assert_eq!(complex::sinc(Complex::new(0.0_f64, 0.0)), Complex::new(1.0, 0.0));
/// assert_eq!(complex::sinc(Complex::new(2.0_f32, 0.0)).re, 0.0);
/// ```
#[inline(always)]
pub fn sinc<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let wide = Complex::new(z.re.wide(), z.im.wide());
    let value = sinc_f64(wide);
    let largest = select(wide.re.abs() < wide.im.abs(), wide.im.abs(), wide.re.abs());
    let finite = (wide.re.abs() < f64::INFINITY) & (wide.im.abs() < f64::INFINITY);
    // the reciprocal of what is too small may overflow
    let one = finite & (largest < 1e-20);
    let part =
        |value: f64, at_zero: f64| F::of(select(finite, select(one, at_zero, value), f64::NAN));
    Complex::new(part(value.re, 1.0), part(value.im, 0.0))
}
