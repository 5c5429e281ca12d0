//! Functions of one or two complex numbers that vectorise.
//!
//! As the [functions of real numbers](super): branch-free, `#[inline(always)]`, the same bits at every SIMD
//! level. Each takes `Complex<f32>` or `Complex<f64>` and has the name of its real counterpart:
//!
//! ```
//! use num_complex::Complex;
//! use orthant::math::complex;
//!
//! let z = complex::exp(Complex::new(0.0_f64, std::f64::consts::PI));
//! assert!((z + 1.0).norm() < 2e-16);
//! assert_eq!(complex::sqrt(Complex::new(-4.0_f32, -0.0)), Complex::new(0.0, -2.0));
//! ```
//!
//! Branch cuts and special values are those of C99's Annex G, which are NumPy's: a signed zero says from which
//! side a cut is approached, and infinities and NaN in one part leave in the other what is still known.
//! Errors are given in ULP of each part, also where the other is much larger; where only the error relative to
//! the modulus is bounded, that is said. No function overflows or underflows on the way to a result that does not.
//!
//! Methods are Kahan's (*Branch Cuts for Complex Elementary Functions*, 1987): inverse functions as sums of
//! positive terms of two square roots, logarithms of an exact sum of squares.

mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod modulus;
mod power;
mod sinc;

pub use exponential::{exp, exp2, expm1};
pub use hyperbolic::{cos, cosh, sin, sinh, tan, tanh};
pub use inverse::{acos, acosh, asin, asinh, atan, atanh};
pub use logarithm::{log, log1p, log2, log10};
pub use modulus::{abs, angle, reciprocal, sign, sqrt, square};
pub use power::pow;
pub use sinc::sinc;

use num_complex::Complex;

use super::kernel::{Parts, select};

/// A constant that depends on the type.
#[inline(always)]
fn by_type<F: Parts>(double: f64, single: f64) -> F {
    if F::LIFT_EXPONENT == F::of(54.0) {
        F::of(double)
    } else {
        F::of(single)
    }
}

/// `2^n`, for constants.
const fn two_to(n: i32) -> f64 {
    f64::from_bits(((1023 + n) as u64) << 52)
}

#[inline(always)]
fn is_infinite<F: Parts>(x: F) -> bool {
    x.magnitude() == F::INF
}

#[inline(always)]
fn is_finite<F: Parts>(x: F) -> bool {
    x.magnitude() < F::INF
}

#[inline(always)]
fn larger<F: Parts>(a: F, b: F) -> F {
    select(a < b, b, a)
}

/// `i z`.
#[inline(always)]
fn turned<F: Parts>(z: Complex<F>) -> Complex<F> {
    Complex::new(-z.im, z.re)
}

/// `-i z`.
#[inline(always)]
fn turned_back<F: Parts>(z: Complex<F>) -> Complex<F> {
    Complex::new(z.im, -z.re)
}

/// Each part where its condition holds, else that of `z`.
#[inline(always)]
fn replaced<F: Parts>(z: Complex<F>, re: (bool, F), im: (bool, F)) -> Complex<F> {
    Complex::new(select(re.0, re.1, z.re), select(im.0, im.1, z.im))
}

/// `(x s, y s, s, log2 s)` with a power of two `s`, so that the larger square is a normal number.
#[inline(always)]
fn balanced<F: Parts>(x: F, y: F) -> (F, F, F, F) {
    let largest = larger(x.magnitude(), y.magnitude());
    let shrink = largest > by_type(two_to(500), two_to(60));
    let grow = largest < by_type(two_to(-450), two_to(-50));
    let (down, down_by) = (by_type(two_to(-600), two_to(-80)), by_type(-600.0, -80.0));
    let (up, up_by) = (by_type(two_to(600), two_to(110)), by_type(600.0, 110.0));
    let s = select(shrink, down, select(grow, up, F::ONE));
    let by = select(shrink, down_by, select(grow, up_by, F::ZERO));
    (x * s, y * s, s, by)
}
