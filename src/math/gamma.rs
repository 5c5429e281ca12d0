//! The gamma function and its logarithm, in `f64`; `f32` goes through them.

use super::coefficients::{LGAMMA, RECIPROCAL_GAMMA, STIRLING};
use super::exponential::{Reduced, in_exp_range, reduce};
use super::kernel::{Kernel, Parts, fast_two_sum, is_number, poly, select, two_product, two_sum};
use super::logarithm::log_sum;
use super::power::log_extended;
use super::trigonometric::sin_pi;

/// `(y, up, down)` with `1 <= y <= 2` and `gamma(x) = up gamma(y) / down`, for `-STEPS + 1 < x <= 8`.
#[inline(always)]
fn recur<const STEPS: usize>(x: f64) -> (f64, f64, f64) {
    let (mut y, mut up, mut down) = (x, 1.0, 1.0);
    for _ in 0..6 {
        let above = y > 2.0;
        y = select(above, y - 1.0, y);
        up = select(above, up * y, up);
    }
    for _ in 0..STEPS {
        let below = y < 1.0;
        down = select(below, down * y, down);
        y = select(below, y + 1.0, y);
    }
    (y, up, down)
}

/// `(a - 1/2) log(a) - a + S(a)`, Stirling's series without its constant, as a sum, for `8 <= a < 1e300`.
#[inline(always)]
fn stirling(a: f64) -> (f64, f64) {
    let (log, log_low) = log_extended(a);
    let inverse = 1.0 / a;
    let series = inverse * poly(inverse * inverse, STIRLING);
    let half = a - 0.5;
    let (p, p_low) = two_product(half, log);
    let (s, s_low) = two_sum(p, -a);
    (s, s_low + half.mul_add(log_low, p_low) + series)
}

#[inline(always)]
fn is_pole(x: f64) -> bool {
    (x <= 0.0) & super::kernel::is_integer(x)
}

#[inline(always)]
fn gamma_f64(x: f64) -> f64 {
    // sqrt(2 pi) and sqrt(pi / 2)
    const SQRT_2_PI: f64 = 2.5066282746310007;
    const SQRT_2_PI_LOW: f64 = -1.8328579980459167e-16;
    let a = x.abs();
    let (y, up, down) = recur::<9>(select(a < 8.0, x, 1.0));
    let near = up / (down * poly(y - 1.5, RECIPROCAL_GAMMA));

    let b = super::kernel::at_most(select(a < 8.0, 8.0, a), 200.0);
    let (high, low) = stirling(b);
    let left = x < 0.0;
    let exponent = select(left, -high, high);
    let inside = in_exp_range(exponent);
    let Reduced { t, r, q } = reduce(
        inside,
        select(inside == exponent, select(left, -low, low), 0.0),
    );
    let (one, one_low) = fast_two_sum(1.0, r);
    let (m, m_low) = two_product(one, SQRT_2_PI);
    let m_low = m_low + ((one_low + q) * SQRT_2_PI + one * SQRT_2_PI_LOW);
    // gamma(-b) = -pi / (b sin(pi b) gamma(b)), and pi / sqrt(2 pi) = sqrt(2 pi) / 2
    let reflected = (m + m_low) * -0.5 / (b * sin_pi(b).0);
    let far = select(left, reflected, m + m_low).scale(t);

    let value = select(a < 8.0, near, far);
    let value = select(x > 172.0, f64::INFINITY, value);
    let value = select(x < -190.0, 0.0, value);
    let value = select(is_pole(x) | !is_number(x), f64::NAN, value);
    select(x == 0.0, f64::INFINITY.copysign(x), value)
}

/// The gamma function.
///
/// Error below 4 ULP. `gamma(±0) = ±inf`, NaN at negative integers and `-inf`. SciPy: `scipy.special.gamma`.
///
/// Method: recurrence to `[1, 2]` and a polynomial for its reciprocal when `|x| < 8`, beyond it Stirling's series with a
/// double-length exponent and reflection (Abramowitz and Stegun 6.1.15, 6.1.17, 6.1.40).
///
/// ```
/// use orthant::math;
/// assert_eq!(math::gamma(5.0_f64), 24.0);
/// assert!(math::gamma(-1.0_f32).is_nan());
/// ```
#[inline(always)]
pub fn gamma<F: Kernel>(x: F) -> F {
    F::of(gamma_f64(x.wide()))
}

#[inline(always)]
fn lgamma_f64(x: f64) -> f64 {
    const HALF_LOG_2_PI: (f64, f64) = (0.9189385332046728, -3.8782941580672414e-17);
    const LOG_PI: f64 = 1.1447298858494002;
    let a = x.abs();
    let near = (x < 8.0) & (x > -17.5);
    let (y, up, down) = recur::<19>(select(near, x, 1.0));
    // the factors that make the zeros at 1 and 2 exact
    let unit = (x > 0.0) & (x < 1.0);
    let (from_one, from_two) = (select(unit, x, y - 1.0), select(unit, x - 1.0, y - 2.0));
    let middle = from_one * from_two * poly(y - 1.5, LGAMMA);

    let b = select(!near & (a < 1e300), a, 8.0);
    let (s, s_low) = stirling(b);
    let (s, c_low) = two_sum(s, HALF_LOG_2_PI.0);
    let far = s + (s_low + (c_low + HALF_LOG_2_PI.1));

    // one logarithm serves the recurrence, the reflection and huge arguments
    let bounded = select(a < 1e15, a, 1.0);
    let reflected = select(x < 0.0, bounded * sin_pi(bounded).0.abs(), a);
    let argument = select(near, up / down.abs(), reflected);
    let small = near & (down != 1.0);
    let argument = select(small, down.abs(), argument);
    let argument = select((argument > 0.0) & (argument < f64::INFINITY), argument, 1.0);
    let log = log_sum(false, argument, 0.0, 0.0);
    let log = select(small, -log, log);

    let value = select(x < 0.0, LOG_PI - log - far, far);
    let value = select(x >= 1e300, a * (log - 1.0), value);
    let value = select(near, middle + log, value);
    let value = select(is_pole(x) | (a == f64::INFINITY), f64::INFINITY, value);
    select(is_number(x), value, x)
}

/// The logarithm of the absolute value of the gamma function.
///
/// Error below 4 ULP, next to the zeros at negative arguments below 2^-50. Infinite at zero, negative integers and
/// both infinities. SciPy: `scipy.special.gammaln`.
///
/// Method: recurrence to `[1, 2]` and `(y - 1) (y - 2) P(y)` for `-17.5 < x < 8`, else Stirling's series and reflection.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::lgamma(1.0_f64), 0.0);
/// assert_eq!(math::lgamma(0.0_f32), f32::INFINITY);
/// ```
#[inline(always)]
pub fn lgamma<F: Kernel>(x: F) -> F {
    F::of(lgamma_f64(x.wide()))
}
