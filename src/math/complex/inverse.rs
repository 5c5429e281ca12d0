//! Inverse trigonometric and hyperbolic functions.

use num_complex::Complex;

use super::modulus::root;
use super::{by_type, is_infinite, larger, replaced, turned, turned_back, two_to};
use crate::math::atan2;
use crate::math::hyperbolic::asinh_positive;
use crate::math::kernel::{
    Kernel, PI, fast_two_sum, is_number, select, two_product, two_quotient, two_sum,
};
use crate::math::logarithm::log_sum;

const HALF_PI: f64 = PI[0] / 2.0;

/// What the inverse sine and cosine of `a + ib` are made of, for `a, b >= 0`.
struct Arc<F> {
    /// The real part of the inverse sine.
    sine: F,
    /// The real parts of the inverse cosine, and of that of `-a + ib`.
    cosine: (F, F),
    /// The imaginary part of both, without sign.
    height: F,
}

/// From `sqrt(1 + z)` and the conjugate of `sqrt(1 - z)`, both in the first quadrant, so that all sums are of
/// positive terms (Kahan 1987).
#[inline(always)]
fn arc<F: Kernel>(a: F, b: F) -> Arc<F> {
    // where the one does not count, a power of two less changes the logarithm only
    let huge = larger(a, b) > by_type(two_to(1000), two_to(110));
    let s = select(huge, by_type(two_to(-100), two_to(-40)), F::ONE);
    let add = select(huge, by_type(100.0, 40.0), F::ZERO);
    let (a, b) = (a * s, b * s);
    let (p, q) = root(F::ONE + a, b);
    let (r, g) = root(F::ONE - a, b);
    let right = atan2(r, p);
    let left = atan2(p, r);
    Arc {
        sine: atan2(a, r.fma(p, g * q)),
        cosine: (right + right, left + left),
        height: asinh_positive(r.fma(q, g * p), add),
    }
}

/// The inverse sine; cuts are the real axis beyond 1 and -1.
///
/// Error of each part below 5 ULP. NumPy: `np.arcsin`.
///
/// Method: Kahan's, from `sqrt(1 + z)` and `sqrt(1 - z)`.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-200_f64, -1e-100);
/// assert_eq!(orthant::math::complex::asin(z), z);
/// ```
#[inline(always)]
pub fn asin<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let arc = arc(z.re.magnitude(), z.im.magnitude());
    let value = Complex::new(arc.sine.with_sign(z.re), arc.height.with_sign(z.im));
    let infinite = is_infinite(z.re) | is_infinite(z.im);
    let undefined = !(is_number(z.re) & is_number(z.im)) & !infinite;
    let value = replaced(
        value,
        (infinite, atan2(z.re, z.im.magnitude())),
        (infinite, F::INF.with_sign(z.im)),
    );
    let re = select(z.re == F::ZERO, z.re, F::NOT_A_NUMBER);
    replaced(value, (undefined, re), (undefined, F::NOT_A_NUMBER))
}

/// The inverse cosine, with a real part from 0 to pi; cuts as for [`asin`].
///
/// Error of each part below 5 ULP. NumPy: `np.arccos`. Method: as [`asin`].
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::acos(Complex::new(1.0_f64, 0.0));
/// assert_eq!(z, Complex::new(0.0, 0.0));
/// ```
#[inline(always)]
pub fn acos<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let arc = arc(z.re.magnitude(), z.im.magnitude());
    let re = select(z.re.sign_bit(), arc.cosine.1, arc.cosine.0);
    let value = Complex::new(re, arc.height.with_sign(-z.im));
    let infinite = is_infinite(z.re) | is_infinite(z.im);
    let undefined = !(is_number(z.re) & is_number(z.im)) & !infinite;
    let value = replaced(
        value,
        (infinite, atan2(z.im.magnitude(), z.re)),
        (infinite, F::INF.with_sign(-z.im)),
    );
    let re = select(z.re == F::ZERO, F::of(HALF_PI), F::NOT_A_NUMBER);
    replaced(value, (undefined, re), (undefined, F::NOT_A_NUMBER))
}

/// The inverse hyperbolic sine; cuts are the imaginary axis beyond i and -i.
///
/// Error of each part below 5 ULP. NumPy: `np.arcsinh`. Method: `-i asin(i z)`.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-200_f64, -1e-100);
/// assert_eq!(orthant::math::complex::asinh(z), z);
/// ```
#[inline(always)]
pub fn asinh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    turned_back(asin(turned(z)))
}

/// The inverse hyperbolic cosine, in the right half plane; the cut is the real axis below 1.
///
/// Error of each part below 5 ULP. NumPy: `np.arccosh`. Method: as [`asin`].
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::acosh(Complex::new(-1.0_f64, 0.0));
/// assert_eq!(z, Complex::new(0.0, std::f64::consts::PI));
/// ```
#[inline(always)]
pub fn acosh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let w = acos(z);
    Complex::new(w.im.magnitude(), w.re.with_sign(z.im))
}

/// The inverse hyperbolic tangent; cuts are the real axis beyond 1 and -1.
///
/// Error of each part below 4 ULP. NumPy: `np.arctanh`.
///
/// Method: Kahan's, `log1p(4x / ((1 - x)^2 + y^2)) / 4` and half of `atan2(2y, (1 - x)(1 + x) - y^2)`; for large numbers
/// `1 / z` and a quarter turn.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-200_f64, -1e-100);
/// assert_eq!(orthant::math::complex::atanh(z), z);
/// ```
#[inline(always)]
pub fn atanh<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (x, y) = (z.re.magnitude(), z.im.magnitude());
    let largest = larger(x, y);
    let large = largest > by_type(two_to(60), two_to(30));
    let (a, b) = (select(large, F::HALF, x), select(large, F::HALF, y));

    let (d, d_low) = two_sum(F::ONE, -a);
    let tiny = larger(d.magnitude(), b) < by_type(two_to(-450), two_to(-50));
    let lift = select(tiny, by_type(two_to(700), two_to(100)), F::ONE);
    let add = select(tiny, by_type(1400.0, 200.0), F::ZERO);
    let (u, v) = (d * lift, b * lift);
    let (uu, uu_low) = two_product(u, u);
    let (vv, vv_low) = two_product(v, v);
    let (n, n_low) = two_sum(uu, vv);
    let n_low = n_low + (uu_low + vv_low) + F::TWO * u * d_low;
    let (n, n_low) = fast_two_sum(n, n_low);
    let (ratio, low) = two_quotient((F::of(4.0) * a, F::ZERO), (n, n_low));
    let near = F::of(0.25) * log_sum(!tiny, ratio, low, add);
    let angle = F::HALF * atan2(b + b, (-b).fma(b, d * (F::ONE + a)));

    let s = select(
        largest > by_type(two_to(400), two_to(50)),
        by_type(two_to(-600), two_to(-70)),
        F::ONE,
    );
    let (p, q) = (x * s, y * s);
    let far = p / p.fma(p, q * q) * s;

    let re = select(large, far, near);
    let re = select((a == F::ONE) & (b == F::ZERO) & !large, F::INF, re);
    let re = select(is_infinite(largest), F::ZERO, re);
    let re = select(x == F::ZERO, F::ZERO, re);
    let im = select(large, F::of(HALF_PI), angle);
    let undefined = !(is_number(x) & is_number(y));
    let value = Complex::new(re.with_sign(z.re), im.with_sign(z.im));
    let known_re = (x == F::ZERO) | is_infinite(x) | is_infinite(y);
    replaced(
        value,
        (
            undefined,
            select(known_re, F::ZERO.with_sign(z.re), F::NOT_A_NUMBER),
        ),
        (
            undefined,
            select(
                is_infinite(y),
                F::of(HALF_PI).with_sign(z.im),
                F::NOT_A_NUMBER,
            ),
        ),
    )
}

/// The inverse tangent; cuts are the imaginary axis beyond i and -i.
///
/// Error of each part below 4 ULP. NumPy: `np.arctan`. Method: `-i atanh(i z)`.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(1e-200_f64, -1e-100);
/// assert_eq!(orthant::math::complex::atan(z), z);
/// ```
#[inline(always)]
pub fn atan<F: Kernel>(z: Complex<F>) -> Complex<F> {
    turned_back(atanh(turned(z)))
}
