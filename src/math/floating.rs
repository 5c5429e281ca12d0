//! Signs, rounding, exponents, remainders and other exact operations.

use super::kernel::{
    Kernel, PI, Parts, at_least, at_most, is_integer, is_number, select, two_product, two_quotient,
};
use super::trigonometric::sin_pi;

/// The magnitude of `x` with the sign of `sign`. Exact. NumPy: `np.copysign`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::copysign(3.0_f64, -0.0), -3.0);
/// ```
#[inline(always)]
pub fn copysign<F: Kernel>(x: F, sign: F) -> F {
    x.with_sign(sign)
}

/// -1, 0 or 1; NaN for NaN. Exact. NumPy: `np.sign`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sign(-0.5_f32), -1.0);
/// ```
#[inline(always)]
pub fn sign<F: Kernel>(x: F) -> F {
    let one = select(x > F::ZERO, F::ONE, -F::ONE);
    select(
        (x > F::ZERO) | (x < F::ZERO),
        one,
        select(x == F::ZERO, F::ZERO, x),
    )
}

/// The next number after `x` in the direction of `towards`. Exact. NumPy: `np.nextafter`.
///
/// Method: one more or less in the bits.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::nextafter(1.0_f64, 2.0), 1.0 + f64::EPSILON);
/// assert_eq!(math::nextafter(0.0_f32, -1.0), -f32::from_bits(1));
/// ```
#[inline(always)]
pub fn nextafter<F: Kernel>(x: F, towards: F) -> F {
    let up = towards > x;
    let smallest = select(up, F::ONE, -F::ONE).smallest_with_sign();
    let next = select(x == F::ZERO, smallest, x.neighbour(up));
    let next = select(x == towards, towards, next);
    select(is_number(x) & is_number(towards), next, F::NOT_A_NUMBER)
}

/// `x * 2^n`, rounded once: correctly, also where the result is subnormal. NumPy: `np.ldexp`.
///
/// Method: a product with three powers of two, of which only the last rounds.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::ldexp(3.0_f64, -2), 0.75);
/// assert_eq!(math::ldexp(1.0_f32, 1000), f32::INFINITY);
/// ```
#[inline(always)]
pub fn ldexp<F: Kernel>(x: F, n: i32) -> F {
    let n = at_least(at_most(F::of(f64::from(n)), F::of(9000.0)), F::of(-9000.0));
    // a power of two in range at once; otherwise in steps of which only the last rounds (a first step
    // that rounds means that the result is zero)
    let top = F::TOP_EXPONENT;
    let low = F::of(2.0) - top - F::ONE;
    let down = low + F::LIFT_EXPONENT;
    let step = |n: F| select(n < low, down, at_most(n, top));
    let power = |k: F| F::power_of_two(k + F::SCALE_ROUND);
    let first = step(n);
    let second = step(n - first);
    let third = at_least(at_most(n - first - second, top), low);
    x * power(first) * power(second) * power(third)
}

/// `(m, e)` with `x = m 2^e` and `1/2 <= |m| < 1`; zeros, infinities and NaN come back with exponent 0. Exact. NumPy: `np.frexp`.
///
/// Method: the exponent's bits; subnormal numbers are made normal first.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::frexp(12.0_f64), (0.75, 4));
/// ```
#[inline(always)]
pub fn frexp<F: Kernel>(x: F) -> (F, i32) {
    let a = x.magnitude();
    let subnormal = a < F::TINY;
    let (m, e) = select(subnormal, x * F::LIFT, x).mantissa_exponent();
    let e = e - select(subnormal, F::LIFT_EXPONENT, F::ZERO);
    let ordinary = (a < F::INF) & (a != F::ZERO);
    (
        select(ordinary, m, x),
        (select(ordinary, e, F::ZERO) + F::ROUND).held_integer(),
    )
}

/// `|x|` without its fraction.
#[inline(always)]
fn whole<F: Parts>(a: F) -> F {
    let rounded = (a + F::NO_FRACTION) - F::NO_FRACTION;
    let down = rounded - select(rounded > a, F::ONE, F::ZERO);
    select(a < F::NO_FRACTION, down, a)
}

/// The greatest integer not above `x`.
#[inline(always)]
fn floor<F: Parts>(x: F) -> F {
    let t = whole(x.magnitude()).with_sign(x);
    (t - select(t > x, F::ONE, F::ZERO)).with_sign(x)
}

/// The fraction and the integer part, both with the sign of `x`. Exact. NumPy: `np.modf`.
///
/// Method: adding and subtracting 2^52 (`f32`: 2^23) rounds to an integer, which is then corrected by one.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::modf(-2.5_f64), (-0.5, -2.0));
/// assert_eq!(math::modf(f32::INFINITY), (0.0, f32::INFINITY));
/// ```
#[inline(always)]
pub fn modf<F: Kernel>(x: F) -> (F, F) {
    let integer = whole(x.magnitude()).with_sign(x);
    let fraction = select(integer == x, F::ZERO, x - integer).with_sign(x);
    (select(is_number(x), fraction, x), integer)
}

/// The nearest integer, ties to even. Exact. NumPy: `np.rint`, `np.round`.
///
/// Method: adding and subtracting 2^52 (`f32`: 2^23).
///
/// ```
/// use orthant::math;
/// assert_eq!(math::round_ties_even(2.5_f64), 2.0);
/// assert!(math::round_ties_even(-0.25_f32).is_sign_negative());
/// ```
#[inline(always)]
pub fn round_ties_even<F: Kernel>(x: F) -> F {
    nearest(x)
}

#[inline(always)]
pub(super) fn nearest<F: Parts>(x: F) -> F {
    let a = x.magnitude();
    let rounded = (a + F::NO_FRACTION) - F::NO_FRACTION;
    select(a < F::NO_FRACTION, rounded, a).with_sign(x)
}

/// The remainder of `x / y` truncated, with the sign of `x`. Exact. NumPy: `np.fmod`.
///
/// Method: one division and a fused multiply-add while the quotient stays below 2^52 (`f32`: 2^23), beyond that the
/// standard library's exact `%`. That is a branch, so that loops with this function do not vectorise by themselves;
/// array methods run a form without it over blocks of common arguments.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::fmod(-7.5_f64, 2.0), -1.5);
/// ```
#[inline(always)]
pub fn fmod<F: Kernel>(x: F, y: F) -> F {
    if fmod_in_range(x, y) {
        fmod_short(x, y)
    } else {
        x.exact_remainder(y)
    }
}

/// Whether [`fmod_short`] may be used.
#[inline(always)]
pub(crate) fn fmod_in_range<F: Parts>(x: F, y: F) -> bool {
    let (a, b) = (x.magnitude(), y.magnitude());
    (a < b * F::NO_FRACTION * F::HALF)
        & (b >= F::TINY / F::ULP_OF_ONE)
        & (b < F::INF)
        & (a < F::INF)
}

/// [`fmod`] for quotients without rounding trouble.
#[inline(always)]
pub(crate) fn fmod_short<F: Parts>(x: F, y: F) -> F {
    let (a, b) = (x.magnitude(), y.magnitude());
    // the rounded quotient is at most one too large, and then the remainder is negative
    let q = whole(a / b);
    let r = (-q).fma(b, a);
    select(r < F::ZERO, r + b, r).with_sign(x)
}

#[inline(always)]
fn floored<F: Parts>(r: F, y: F) -> F {
    let adjust = (r != F::ZERO) & (r.sign_bit() != y.sign_bit());
    let r = select(adjust, r + y, r);
    select(r == F::ZERO, F::ZERO.with_sign(y), r)
}

/// The remainder of `x / y` floored, with the sign of `y` (Python's `%`). NumPy: `np.remainder`, `np.mod`.
///
/// Correctly rounded. Method: [`fmod`] is exact, and adding `y` to it rounds once; it branches as that does.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::remainder(-7.5_f64, 2.0), 0.5);
/// ```
#[inline(always)]
pub fn remainder<F: Kernel>(x: F, y: F) -> F {
    floored(fmod(x, y), y)
}

#[inline(always)]
fn floor_quotient<F: Parts>(x: F, y: F, fmod: F) -> F {
    let adjust = (fmod != F::ZERO) & (fmod.sign_bit() != y.sign_bit());
    let quotient = (x - fmod) / y - select(adjust, F::ONE, F::ZERO);
    let down = floor(quotient);
    let nearest = down + select(quotient - down > F::HALF, F::ONE, F::ZERO);
    let value = select(quotient == F::ZERO, F::ZERO.with_sign(x / y), nearest);
    select(y == F::ZERO, x / y, value)
}

/// `floor(x / y)`, consistent with [`remainder`]. By zero it is `x / y`. NumPy: `np.floor_divide`.
///
/// Exact below 2^51 (`f32`: 2^22), from there on error below 2 ULP. Method: as NumPy's, `(x - fmod(x, y)) / y` rounded to
/// an integer; it branches as [`fmod`] does.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::floor_divide(-7.5_f64, 2.0), -4.0);
/// ```
#[inline(always)]
pub fn floor_divide<F: Kernel>(x: F, y: F) -> F {
    floor_quotient(x, y, fmod(x, y))
}

/// [`remainder`] where [`fmod_in_range`] holds.
#[inline(always)]
pub(crate) fn remainder_short<F: Parts>(x: F, y: F) -> F {
    floored(fmod_short(x, y), y)
}

/// [`floor_divide`] where [`fmod_in_range`] holds.
#[inline(always)]
pub(crate) fn floor_divide_short<F: Parts>(x: F, y: F) -> F {
    floor_quotient(x, y, fmod_short(x, y))
}

/// `x` times a constant of two parts.
#[inline(always)]
pub(super) fn times<F: Parts>(x: F, c: [f64; 3]) -> F {
    let [c, c_low, _] = F::parts(c);
    let value = x.fma(c, x * c_low);
    // infinities and the sign of zeros
    select((x.magnitude() < F::INF) & (x != F::ZERO), value, x)
}

/// Degrees to radians. Error below 1 ULP. NumPy: `np.deg2rad`, `np.radians`.
///
/// Method: a product with pi/180 in two parts by fused multiply-add.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::deg2rad(180.0_f64), std::f64::consts::PI);
/// ```
#[inline(always)]
pub fn deg2rad<F: Kernel>(x: F) -> F {
    times(
        x,
        [
            0.017453292519943295,
            2.9486522708701687e-19,
            -1.3427726813345382e-35,
        ],
    )
}

/// Radians to degrees. Error below 1 ULP. NumPy: `np.rad2deg`, `np.degrees`.
///
/// Method: a product with 180/pi in two parts by fused multiply-add.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::rad2deg(std::f64::consts::PI), 180.0);
/// ```
#[inline(always)]
pub fn rad2deg<F: Kernel>(x: F) -> F {
    times(
        x,
        [
            57.29577951308232,
            -1.9878495670576283e-15,
            -1.6833394980391744e-31,
        ],
    )
}

/// `sin(pi x) / (pi x)`, 1 at zero and 0 at other integers.
///
/// Error below 2 ULP (NumPy rounds `pi x` before the sine and is far off near integers); NaN at infinities. NumPy: `np.sinc`.
///
/// Method: the sine after an exact reduction of `x`, over `pi x`, both as sums of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sinc(0.0_f64), 1.0);
/// assert_eq!(math::sinc(2.0_f32), 0.0);
/// ```
#[inline(always)]
pub fn sinc<F: Kernel>(x: F) -> F {
    let integer = is_integer(x);
    let safe = select(integer, F::HALF, x);
    let [pi, pi_low, _] = F::parts(PI);
    let (p, p_low) = two_product(safe, pi);
    let (q, rest) = two_quotient(sin_pi(safe), (p, safe.fma(pi_low, p_low)));
    let value = q + rest;
    let value = select(integer, F::ZERO, value);
    let value = select(x.magnitude() < F::of(1e-20), F::ONE, value);
    select(x.magnitude() < F::INF, value, F::NOT_A_NUMBER)
}
