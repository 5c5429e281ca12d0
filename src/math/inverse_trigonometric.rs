//! `asin`, `acos`, `atan`, `atan2`.

use super::kernel::{Kernel, PI, Parts, fast_two_sum, horner, is_number, poly, select};

const HALF_PI: [f64; 3] = [PI[0] / 2.0, PI[1] / 2.0, PI[2] / 2.0];

/// `asin(s)` for `0 <= s <= 1/2`, given `z = s^2`.
#[inline(always)]
fn asin_small<F: Parts>(s: F, z: F) -> F {
    (s * z).fma(poly(z, F::ASIN), s)
}

/// The inverse sine, in radians.
///
/// Error below 2 ULP; NaN outside of `[-1, 1]`, zeros keep their sign. NumPy: `np.arcsin`.
///
/// Method: an odd minimax polynomial up to 1/2, beyond it `asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2))`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::asin(1.0_f64), std::f64::consts::FRAC_PI_2);
/// ```
#[inline(always)]
pub fn asin<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let [half_pi, half_pi_low, _] = F::parts(HALF_PI);
    let large = a > F::HALF;
    let z = select(large, F::HALF * (F::ONE - a), a * a);
    let s = select(large, z.root(), a);
    let tail = s * z * poly(z, F::ASIN);
    let (high, low) = fast_two_sum(half_pi, -(s + s));
    let far = high + (low - (tail + tail - half_pi_low));
    select(large, far, s + tail).with_sign(x)
}

/// The inverse cosine, in radians from 0 to pi.
///
/// Error below 2 ULP; NaN outside of `[-1, 1]`. NumPy: `np.arccos`. Method: as [`asin()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::acos(1.0_f64), 0.0);
/// assert_eq!(math::acos(-1.0_f64), std::f64::consts::PI);
/// ```
#[inline(always)]
pub fn acos<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let [half_pi, half_pi_low, _] = F::parts(HALF_PI);
    let large = a > F::HALF;
    let z = select(large, F::HALF * (F::ONE - a), a * a);
    let s = select(large, z.root(), a);
    let small = asin_small(s, z);
    let double = small + small;
    let right = select(large, double, half_pi - (small - half_pi_low));
    let left_large = F::TWO * half_pi - (double - F::TWO * half_pi_low);
    let left = select(large, left_large, half_pi + (small + half_pi_low));
    select(x.sign_bit(), left, right)
}

/// `atan(q)` for `0 <= q <= 1`.
#[inline(always)]
fn atan_unit<F: Parts>(q: F) -> F {
    let z = q * q;
    (q * z).fma(horner(z, F::ATAN), q)
}

/// The inverse tangent, in radians.
///
/// Error below 2 ULP; zeros keep their sign. NumPy: `np.arctan`.
///
/// Method: an odd minimax polynomial up to 1, beyond it `pi/2 - atan(1/x)`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::atan(1.0_f64), std::f64::consts::FRAC_PI_4);
/// assert_eq!(math::atan(f32::NEG_INFINITY), -std::f32::consts::FRAC_PI_2);
/// ```
#[inline(always)]
pub fn atan<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let [half_pi, half_pi_low, _] = F::parts(HALF_PI);
    let large = a > F::ONE;
    let r = atan_unit(select(large, F::ONE / a, a));
    select(large, half_pi - (r - half_pi_low), r).with_sign(x)
}

/// The angle of the point `(x, y)`, from -pi to pi; note the order of the arguments.
///
/// Error below 2 ULP, special values as C99's `atan2` (signed zeros, infinities). NumPy: `np.arctan2`. Method: as [`atan()`]
/// of the smaller over the larger.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::atan2(1.0_f64, 0.0), std::f64::consts::FRAC_PI_2);
/// assert_eq!(math::atan2(0.0_f64, -1.0), std::f64::consts::PI);
/// ```
#[inline(always)]
pub fn atan2<F: Kernel>(y: F, x: F) -> F {
    let (a, b) = (y.magnitude(), x.magnitude());
    let [half_pi, half_pi_low, _] = F::parts(HALF_PI);
    let steep = a > b;
    let (numerator, denominator) = (select(steep, b, a), select(steep, a, b));
    let r = atan_unit(numerator / denominator);
    // also for two infinities
    let r = select(numerator == denominator, half_pi * F::HALF, r);
    let r = select(numerator == F::ZERO, F::ZERO, r);
    let left = x.sign_bit();
    // r, pi/2 - r, pi/2 + r or pi - r
    let turns = select(steep, F::ONE, select(left, F::TWO, F::ZERO));
    let signed = select(steep == left, r, -r);
    let signed = select(steep | left, signed, r);
    let value = turns * half_pi + (signed + turns * half_pi_low);
    let value = select(is_number(a) & is_number(b), value, F::NOT_A_NUMBER);
    value.with_sign(y)
}
