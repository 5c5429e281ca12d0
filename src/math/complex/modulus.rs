//! Modulus, argument, square root and what needs no more than these.

use num_complex::Complex;

use super::{balanced, by_type, is_finite, is_infinite, larger, replaced, two_to};
use crate::math::kernel::{Kernel, is_number, select};
use crate::math::{atan2, hypot};

/// The modulus `|z|`.
///
/// Error below 1 ULP; infinite if either part is, even with a NaN. NumPy: `np.abs`. Method: [`hypot`].
///
/// ```
/// use num_complex::Complex;
/// assert_eq!(orthant::math::complex::abs(Complex::new(3.0_f64, -4.0)), 5.0);
/// ```
#[inline(always)]
pub fn abs<F: Kernel>(z: Complex<F>) -> F {
    hypot(z.re, z.im)
}

/// The argument, from -pi to pi.
///
/// Error below 2 ULP. NumPy: `np.angle`. Method: [`atan2`].
///
/// ```
/// use num_complex::Complex;
/// assert_eq!(orthant::math::complex::angle(Complex::new(-1.0_f64, 0.0)), std::f64::consts::PI);
/// ```
#[inline(always)]
pub fn angle<F: Kernel>(z: Complex<F>) -> F {
    atan2(z.im, z.re)
}

/// `z / |z|`, zero for zero; the direction of an infinite part, NaN for two of them.
///
/// (NumPy's rules, which take no note of a NaN beside an infinity.)
///
/// Error of each part below 2 ULP. NumPy: `np.sign` (since 2.0).
///
/// Method: both parts over [`hypot`], after a product with a power of two.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(3.0_f64, -4.0);
/// assert_eq!(orthant::math::complex::sign(z), Complex::new(0.6, -0.8));
/// ```
#[inline(always)]
pub fn sign<F: Kernel>(z: Complex<F>) -> Complex<F> {
    // a factor so that the length is a normal number; more might lose the smaller part
    let largest = larger(z.re.magnitude(), z.im.magnitude());
    let s = select(largest < F::TINY * F::LIFT, F::LIFT, F::ONE);
    let s = select(largest > by_type(two_to(1022), two_to(126)), F::HALF, s);
    let (x, y) = (z.re * s, z.im * s);
    let length = hypot(x, y);
    let zero = length == F::ZERO;
    let value = Complex::new(
        select(zero, F::ZERO, x / length),
        select(zero, F::ZERO, y / length),
    );
    let (right, up) = (is_infinite(z.re), is_infinite(z.im));
    let one = right != up;
    replaced(
        value,
        (one, select(right, F::ONE.with_sign(z.re), F::ZERO)),
        (one, select(up, F::ONE.with_sign(z.im), F::ZERO)),
    )
}

/// `z^2`.
///
/// Error of each part below 2 ULP. NumPy: `np.square`.
///
/// Method: the difference of squares with the rounding errors of both (Kahan).
///
/// ```
/// use num_complex::Complex;
/// assert_eq!(orthant::math::complex::square(Complex::new(1.0_f64, 2.0)), Complex::new(-3.0, 4.0));
/// ```
#[inline(always)]
pub fn square<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let p = z.im * z.im;
    let rough = z.re.fma(z.re, -p);
    let lost = (-z.im).fma(z.im, p);
    // the squares overflow, their difference may not
    let far = (z.re - z.im) * (F::HALF * z.re + F::HALF * z.im) * F::TWO;
    let re = select(is_finite(lost), rough + lost, far);
    let half = z.re * z.im;
    Complex::new(re, half + half)
}

/// `1 / z`.
///
/// Error of each part below 2 ULP. As in NumPy both parts are NaN for zero and for two infinities. NumPy: `np.reciprocal`.
///
/// Method: `conj(z) / |z|^2`, scaled by a power of two.
///
/// ```
/// use num_complex::Complex;
/// assert_eq!(orthant::math::complex::reciprocal(Complex::new(0.0_f64, 2.0)), Complex::new(0.0, -0.5));
/// ```
#[inline(always)]
pub fn reciprocal<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (x, y, s, _) = balanced(z.re, z.im);
    let square = x.fma(x, y * y);
    let value = Complex::new(x / square * s, -y / square * s);
    let zero = is_infinite(z.re) != is_infinite(z.im);
    let zero = zero & is_number(z.re) & is_number(z.im);
    replaced(
        value,
        (zero, F::ZERO.with_sign(z.re)),
        (zero, F::ZERO.with_sign(-z.im)),
    )
}

/// Both parts of the square root of `x + iy`, for finite `x` and finite `y >= 0`.
#[inline(always)]
pub(super) fn root<F: Kernel>(x: F, y: F) -> (F, F) {
    let a = x.magnitude();
    let largest = larger(a, y);
    let shrink = largest > by_type(two_to(1000), two_to(120));
    let grow = largest < by_type(two_to(-900), two_to(-100));
    let (down, down_back) = (
        by_type(two_to(-100), two_to(-20)),
        by_type(two_to(50), two_to(10)),
    );
    let (up, up_back) = (
        by_type(two_to(200), two_to(60)),
        by_type(two_to(-100), two_to(-30)),
    );
    let s = select(shrink, down, select(grow, up, F::ONE));
    let back = select(shrink, down_back, select(grow, up_back, F::ONE));
    let (a, b) = (a * s, y * s);
    let large = (F::HALF * (a + hypot(a, b))).root();
    let small = select(large == F::ZERO, F::ZERO, b / (large + large));
    let (large, small) = (large * back, small * back);
    let left = x.sign_bit() & (x != F::ZERO);
    (select(left, small, large), select(left, large, small))
}

/// The square root in the right half plane; the cut is the negative real axis.
///
/// Error of each part below 2 ULP. NumPy: `np.sqrt`.
///
/// Method: `t = sqrt((|x| + |z|) / 2)`, the other part as `y / 2t`.
///
/// ```
/// use num_complex::Complex;
/// use orthant::math::complex;
/// assert_eq!(complex::sqrt(Complex::new(-3.0_f64, 4.0)), Complex::new(1.0, 2.0));
/// assert_eq!(complex::sqrt(Complex::new(-1.0_f64, 0.0)), Complex::new(0.0, 1.0));
/// ```
#[inline(always)]
pub fn sqrt<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let (re, im) = root(z.re, z.im.magnitude());
    let value = Complex::new(re, im.with_sign(z.im));
    let (right, up) = (z.re == F::INF, is_infinite(z.im));
    let left = (z.re == -F::INF) & !up;
    let number = is_number(z.im);
    let value = replaced(
        value,
        (right | up, F::INF),
        (right, select(number, F::ZERO.with_sign(z.im), z.im)),
    );
    let value = replaced(
        value,
        (left, select(number, F::ZERO, F::NOT_A_NUMBER)),
        (left, F::INF.with_sign(z.im)),
    );
    replaced(value, (false, F::ZERO), (up, z.im))
}
