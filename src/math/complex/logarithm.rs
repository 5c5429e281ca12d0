//! Logarithms: that of the modulus from an exact sum of squares, and the argument.

use num_complex::Complex;

use super::{balanced, is_infinite, larger};
use crate::math::atan2;
use crate::math::floating::times;
use crate::math::kernel::{Kernel, Parts, fast_two_sum, is_number, select, two_product, two_sum};
use crate::math::logarithm::{LOG2_OF_E, LOG10_OF_E, log_sum};

/// `u + low` with a modulus of `sqrt(u + low) 2^(by / 2)`, or `sqrt(1 + u + low)` where it is `near` one.
pub(super) struct SquaredModulus<F> {
    pub(super) near: bool,
    pub(super) u: F,
    pub(super) low: F,
    pub(super) by: F,
}

/// The squared modulus of `x + iy`, with `ONE_PLUS` that of `1 + x + iy`; where it is near one, the excess over one is
/// summed exactly before it is rounded.
#[inline(always)]
pub(super) fn squared_modulus<F: Parts, const ONE_PLUS: bool>(x: F, y: F) -> SquaredModulus<F> {
    // around -1 the sum with one is exact, and small
    let one_plus = ONE_PLUS & !((x >= -F::TWO) & (x <= -F::HALF));
    let x = select(ONE_PLUS & !one_plus, F::ONE + x, x);
    let (p, q, s, by) = balanced(x, y);
    // a small number beside one needs no scaling
    let scaled = (s != F::ONE) & !(one_plus & (s > F::ONE));
    let (p, q) = (select(scaled, p, x), select(scaled, q, y));
    let (a, b) = (p.magnitude(), q.magnitude());
    let (big, small) = (larger(a, b), select(a < b, a, b));
    let (pp, pp_low) = two_product(big, big);
    let (qq, qq_low) = two_product(small, small);
    let (sum, sum_low) = fast_two_sum(pp, qq);
    let near = !scaled & (one_plus | ((sum > F::of(0.25)) & (sum < F::of(4.0))));
    let first = select(one_plus, x + x, -F::ONE);
    let (s1, e1) = two_sum(first, pp);
    let (s2, e2) = two_sum(s1, qq);
    let (low, f1) = two_sum(pp_low, qq_low);
    let (errors, f2) = two_sum(e1, e2);
    let (tail, f3) = two_sum(low, errors);
    let (excess, f4) = two_sum(s2, tail);
    let (excess, excess_low) = fast_two_sum(excess, f4 + (f3 + (f1 + f2)));
    SquaredModulus {
        near,
        u: select(near, excess, sum),
        low: select(near, excess_low, sum_low + (pp_low + qq_low)),
        by: select(scaled, -(by + by), F::ZERO),
    }
}

/// `log |x + iy|`, with `ONE_PLUS` that of `|1 + x + iy|`.
#[inline(always)]
fn log_modulus<F: Kernel, const ONE_PLUS: bool>(x: F, y: F) -> F {
    let SquaredModulus { near, u, low, by } = squared_modulus::<F, ONE_PLUS>(x, y);
    let value = F::HALF * log_sum(near, u, low, by);
    let zero = (x == if ONE_PLUS { -F::ONE } else { F::ZERO }) & (y == F::ZERO);
    let value = select(zero, -F::INF, value);
    let value = select(is_number(x) & is_number(y), value, F::NOT_A_NUMBER);
    select(is_infinite(x) | is_infinite(y), F::INF, value)
}

/// The natural logarithm; the imaginary part is the argument, the cut the negative real axis.
///
/// Error of each part below 2 ULP, also where the modulus is near one. NumPy: `np.log`.
///
/// Method: half the logarithm of `x^2 + y^2`, summed exactly.
///
/// ```
/// use num_complex::Complex;
/// use orthant::math::complex;
/// let z = complex::log(Complex::new(-1.0_f64, -0.0));
/// assert_eq!(z, Complex::new(0.0, -std::f64::consts::PI));
/// let z = complex::log(Complex::new(1.0_f64, 1e-10));
/// assert!((z.re - 5e-21).abs() < 1e-36);
/// ```
#[inline(always)]
pub fn log<F: Kernel>(z: Complex<F>) -> Complex<F> {
    Complex::new(log_modulus::<F, false>(z.re, z.im), atan2(z.im, z.re))
}

/// The logarithm to base 2.
///
/// Error of each part below 3 ULP. NumPy: `np.log2`. Method: [`log`], over `log(2)`.
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::log2(Complex::new(4.0_f64, 0.0));
/// assert_eq!(z, Complex::new(2.0, 0.0));
/// ```
#[inline(always)]
pub fn log2<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let z = log(z);
    Complex::new(times(z.re, LOG2_OF_E), times(z.im, LOG2_OF_E))
}

/// The logarithm to base 10.
///
/// Error of each part below 3 ULP. NumPy: `np.log10`. Method: [`log`], over `log(10)`.
///
/// ```
/// use num_complex::Complex;
/// let z = orthant::math::complex::log10(Complex::new(100.0_f64, 0.0));
/// assert_eq!(z, Complex::new(2.0, 0.0));
/// ```
#[inline(always)]
pub fn log10<F: Kernel>(z: Complex<F>) -> Complex<F> {
    let z = log(z);
    Complex::new(times(z.re, LOG10_OF_E), times(z.im, LOG10_OF_E))
}

/// `log(1 + z)`, accurate for small `z`.
///
/// Error of each part below 2 ULP, also where `|1 + z|` is near one. NumPy: `np.log1p`.
///
/// Method: half of `log1p(2x + x^2 + y^2)`, summed exactly.
///
/// ```
/// use num_complex::Complex;
/// let z = Complex::new(-1e-200_f64, 1e-300);
/// assert_eq!(orthant::math::complex::log1p(z), z);
/// ```
#[inline(always)]
pub fn log1p<F: Kernel>(z: Complex<F>) -> Complex<F> {
    Complex::new(
        log_modulus::<F, true>(z.re, z.im),
        atan2(z.im, F::ONE + z.re),
    )
}
