//! Hyperbolic functions, and trigonometric ones as these of `i z`.

use num_complex::Complex;

use super::exponential::{times_power, upper_end};
use super::{is_finite, is_infinite, replaced, turned, turned_back};
use crate::math::exponential::exp_core;
use crate::math::hyperbolic::{half_exponentials, sinh_small, sinh_small_tail};
use crate::math::kernel::{
    Kernel, Parts, at_least, at_most, fast_two_sum, is_number, select, two_product, two_sum,
};
use crate::math::sincos;
use crate::math::trigonometric::sincos_sums;

/// `(c sinh a, d cosh a)` for `a >= 0` and factors up to one, which may bring the results into range.
#[inline(always)]
fn products<F: Parts>(a: F, c: F, d: F) -> (F, F) {
    let (t, high, low, inverse) = half_exponentials(upper_end(a));
    let sinh = times_power(c, high + (low - inverse), t);
    let cosh = times_power(d, high + (low + inverse), t);
    (select(a < F::ONE, sinh_small(a) * c, sinh), cosh)
}

/// The hyperbolic sine.
///
/// Error of each part below 4 ULP. NumPy: `np.sinh`. Method: `sinh x cos y + i cosh x sin y`.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-30_f64, -2e-30);
/// assert_eq!(orthant::math::complex::sinh(z), z);
/// ```
#[inline(always)]
pub fn sinh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (sin, cos) = sincos(z.im);
    let (re, im) = products(z.re.magnitude(), cos, sin);
    let value = Complex::new(re.xor_sign(z.re), im);
    let known = (is_infinite(z.re) | (z.re == F::ZERO)) & !is_finite(z.im);
    replaced(value, (known, z.re), (z.im == F::ZERO, z.im))
}

/// The hyperbolic cosine.
///
/// Error of each part below 4 ULP. NumPy: `np.cosh`. Method: `cosh x cos y + i sinh x sin y`.
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::cosh(Complex::new(0.0_f64, 0.0));
/// assert_eq!(z, Complex::new(1.0, 0.0));
/// ```
#[inline(always)]
pub fn cosh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (sin, cos) = sincos(z.im);
    let (im, re) = products(z.re.magnitude(), sin, cos);
    let im = im.xor_sign(z.re);
    let value = Complex::new(re, im);
    let undefined = !is_finite(z.im);
    let real = (z.im == F::ZERO) | (undefined & (z.re == F::ZERO));
    let zero = select(undefined, F::ZERO, z.im);
    replaced(
        value,
        (undefined & is_infinite(z.re), F::INF),
        (real, select(is_number(z.re) & !undefined, im, zero)),
    )
}

/// `x y` of two sums of two as such a sum.
#[inline(always)]
fn product<F: Parts>(x: (F, F), y: (F, F)) -> (F, F) {
    let (high, low) = two_product(x.0, y.0);
    (high, x.0.fma(y.1, x.1.fma(y.0, low)))
}

/// `sinh a` and `cosh a` as sums of two, for `0 <= a <= 22`.
#[inline(always)]
fn sinh_cosh_sums<F: Parts>(a: F) -> ((F, F), (F, F)) {
    let (t, high, low, inverse) = half_exponentials(a);
    let power = F::power_of_two(t);
    let sum = |inverse: F| {
        let (high, rest) = fast_two_sum(high, inverse);
        (high * power, (rest + low) * power)
    };
    let (near, large) = (a < F::ONE, sum(-inverse));
    let small = fast_two_sum(a, sinh_small_tail(a));
    let sinh = (
        select(near, small.0, large.0),
        select(near, small.1, large.1),
    );
    (sinh, sum(inverse))
}

/// The hyperbolic tangent.
///
/// Error of each part below 4 ULP. NumPy: `np.tanh`.
///
/// Method: `(sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y)`, whose terms are all positive (Kahan's formula,
/// times `cos^2 y`), numerators and denominator as sums of two; beyond 22 the real part is one.
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::tanh(Complex::new(1000.0_f64, 1.0));
/// assert_eq!(z, Complex::new(1.0, 0.0));
/// ```
#[inline(always)]
pub fn tanh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let a = z.re.magnitude();
    let limit = F::of(22.0);
    let far = a > limit;
    let (sin, cos) = sincos_sums(z.im);
    let (sinh, cosh) = sinh_cosh_sums(at_most(a, limit));
    let (square, other) = (product(sinh, sinh), product(cos, cos));
    let (sum, low) = two_sum(square.0, other.0);
    let low = low + (square.1 + other.1);
    let inverse = F::ONE / sum;
    let quotient = |(high, rest): (F, F)| {
        let q = high * inverse;
        ((-q).fma(sum, high) + (-q).fma(low, rest)).fma(inverse, q)
    };
    let (re, im) = (product(sinh, cosh), product(sin, cos));
    let (p, t) = exp_core(at_least(-(a + a), F::EXP_RANGE.0 - F::TWO));
    let tail = times_power(im.0, p, t + F::TWO);
    let re = select(far, F::ONE, quotient(re)).xor_sign(z.re);
    let im = select(far, tail, quotient(im));
    let undefined = !is_finite(z.im);
    let infinite = is_infinite(a);
    let re = select(undefined & !infinite, F::NOT_A_NUMBER, re);
    let value = replaced(
        Complex::new(re, im),
        (z.re == F::ZERO, z.re),
        (z.im == F::ZERO, z.im),
    );
    replaced(
        value,
        (false, F::ZERO),
        (undefined & infinite, F::ZERO.with_sign(z.im)),
    )
}

macro_rules! turned_functions {
    ($($(#[$doc:meta])* $name:ident = $of:ident $back:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<F: Kernel>(z: Complex<F>) -> Complex<F> {
            $back($of(turned(z)))
        }
    )*};
}
turned_functions! {
    /// The sine.
    ///
    /// Error of each part below 4 ULP. NumPy: `np.sin`. Method: `-i sinh(i z)`.
    ///
    /// ```
    /// use num_complex::Complex;
    /// let z = Complex::new(1e-30_f64, -2e-30);
    /// assert_eq!(orthant::math::complex::sin(z), z);
    /// ```
    sin = sinh turned_back;
    /// The cosine.
    ///
    /// Error of each part below 4 ULP. NumPy: `np.cos`. Method: `cosh(i z)`.
    ///
    /// ```
    /// use num_complex::Complex;
    /// let z = orthant::math::complex::cos(Complex::new(0.0_f64, 0.0));
    /// assert_eq!(z, Complex::new(1.0, 0.0));
    /// ```
    cos = cosh std::convert::identity;
    /// The tangent.
    ///
    /// Error of each part below 4 ULP. NumPy: `np.tan`. Method: `-i tanh(i z)`.
    ///
    /// ```
    /// use num_complex::Complex;
    /// let z = orthant::math::complex::tan(Complex::new(1.0_f64, 1000.0));
    /// assert_eq!(z, Complex::new(0.0, 1.0));
    /// ```
    tan = tanh turned_back;
}
