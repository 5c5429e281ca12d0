//! Roots, powers and lengths.

use super::coefficients::{ATANH, LOG_NEAR_1, LOG2_SINGLE, RECIPROCAL};
use super::kernel::{
    Kernel, Parts, at_least, at_most, fast_two_sum, is_integer, is_number, poly, select,
    two_product,
};
use super::logarithm::{LOG2_OF_E, split};
use super::tables::LOG_TABLE;

/// The square root, correctly rounded. NumPy: `np.sqrt`. Method: the processor's.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sqrt(2.25_f64), 1.5);
/// assert!(math::sqrt(-1.0_f32).is_nan());
/// ```
#[inline(always)]
pub fn sqrt<F: Kernel>(x: F) -> F {
    x.root()
}

/// [`sqrt()`] by multiplication where [`sqrt_in_range`] holds, for processors whose unit for roots is slow.
///
/// A linear guess of the inverse root (Kadlec 2010), Goldschmidt's iteration to 2^-42, then two steps by exact
/// residuals. The first leaves half an ULP and a little. With `u` the ULP of one and a root in `[1, 2)`, what the
/// second computes before rounding is below the root by `u^2 / (8 sqrt(x))` at midpoints, and else off by less than
/// `u^2 / 2`; arguments whose root is nearer than that to a midpoint are solutions of `k^2 + k + c = 0` modulo 2^52
/// for small `c`, few enough to try all (Markstein 2000, Cornea, Harrison and Tang 2002).
#[inline(always)]
pub(crate) fn sqrt_by_products(x: f64) -> f64 {
    let y = f64::from_bits(0x5fe3_3d18_a2b9_ef5f_u64.wrapping_sub(x.to_bits() >> 1));
    let y = (y * 0.7039522) * (-(x * y)).mul_add(y, 2.3892446);
    let (mut g, mut h) = (x * y, 0.5 * y);
    for _ in 0..2 {
        let rest = (-g).mul_add(h, 0.5);
        (g, h) = (g.mul_add(rest, g), h.mul_add(rest, h));
    }
    let g = (-g).mul_add(g, x).mul_add(h, g);
    let h = (h + h).mul_add((-g).mul_add(h, 0.5), h);
    (-g).mul_add(g, x).mul_add(h, g)
}

/// Zeros, and numbers whose residuals are exact.
#[inline(always)]
pub(crate) fn sqrt_in_range(x: f64) -> bool {
    let (large, finite) = (x >= 1e-270, x < f64::INFINITY);
    (large & finite) | (x == 0.0)
}

/// The cube root, of negative numbers too.
///
/// Error below 1 ULP. NumPy: `np.cbrt`. Method: `1 / cbrt(x)` from the exponent, refined by Householder's
/// third-order iteration, then one corrected product.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::cbrt(-27.0_f64), -3.0);
/// ```
#[inline(always)]
pub fn cbrt<F: Kernel>(x: F) -> F {
    let a = x.magnitude();
    let subnormal = a < F::TINY;
    // 2^54 and 2^24 are cubes of powers of two
    let (lift, lower) = if F::LIFT_EXPONENT == F::of(54.0) {
        (F::LIFT, F::of(1.0 / 262144.0))
    } else {
        (F::of(16777216.0), F::of(1.0 / 256.0))
    };
    let a = select(subnormal, a * lift, a);
    let third = F::of(1.0 / 3.0);
    let mut y = a.inverse_cbrt_guess();
    let steps = if F::ULP_OF_ONE < F::of(1e-10) { 3 } else { 2 };
    for _ in 0..steps {
        let h = (-(a * y)).fma(y * y, F::ONE);
        y = (y * h).fma(h.fma(F::of(2.0 / 9.0), third), y);
    }
    let y2 = y * y;
    let z = a * y2;
    let (square, square_low) = two_product(z, z);
    let rest = square.fma(z, -a) + square_low * z;
    let root = (-(rest * third)).fma(y2, z);
    let root = select(subnormal, root * lower, root);
    let ordinary = (x.magnitude() < F::INF) & (x != F::ZERO);
    select(ordinary, root.with_sign(x), x)
}

/// A positive number as `2^e (1 + f) / c`, `c` a multiple of 1/128 for which `f` is small and exact:
/// `(f, e, c)`, the last as its place in the tables of `-log(c)`.
#[inline(always)]
fn split_by_table(x: f64) -> (f64, f64, u64) {
    let (m, e) = split(x);
    let t = poly(m, RECIPROCAL).mul_add(128.0, f64::ROUND);
    let f = m.mul_add((t - f64::ROUND) * (1.0 / 128.0), -1.0);
    (f, e, t.to_bits() & 127)
}

/// Two over ln 2.
const TWO_LOG2_OF_E: [f64; 3] = [2.0 * LOG2_OF_E[0], 2.0 * LOG2_OF_E[1], 2.0 * LOG2_OF_E[2]];

// ln 2 with eleven trailing zeros, so that its multiples by exponents are exact
const LN_2_SHORT: f64 = 3048493539143.0 / (1_u64 << 42) as f64;
const LN_2_REST: f64 = 5.497923018708371e-14;

/// `e log(2) + log(1 + f) - log(c)` as a sum.
#[inline(always)]
fn log_sum(f: f64, e: f64, [entry, entry_low]: [f64; 2]) -> (f64, f64) {
    let a = e.mul_add(LN_2_SHORT, entry);
    let a_low = e.mul_add(LN_2_REST, entry_low);
    let (square, square_low) = two_product(f, f);
    let (b, b_low) = fast_two_sum(f, -0.5 * square);
    // either `a` is zero or at least 1/129, and `b` is smaller
    let (high, low) = fast_two_sum(a, b);
    let tail = (f * square).mul_add(poly(f, LOG_NEAR_1), -0.5 * square_low) + a_low;
    fast_two_sum(high, low + (b_low + tail))
}

/// `log(x)` as a sum accurate to 2^-67 of its size, for positive numbers.
///
/// A multiple `c` of 1/128 near `1 / m` makes `c m - 1` exact and small; `-log(c)` comes from a table (Tang 1990).
#[inline(always)]
pub(super) fn log_extended(x: f64) -> (f64, f64) {
    let (f, e, place) = split_by_table(x);
    log_sum(f, e, LOG_TABLE[(place & 127) as usize])
}

/// `s + low = (m - 1) / (m + 1)` as `(s, low / (1 - s^2), s^2)`: `atanh s` and the second are the inverse hyperbolic
/// tangent of the sum, half the logarithm of `m`.
#[inline(always)]
fn half_log_argument<F: Parts>(m: F) -> (F, F, F) {
    let (f, d) = (m - F::ONE, m + F::ONE);
    let d_low = m - (d - F::ONE);
    let inverse = F::ONE / d;
    let s = f * inverse;
    let low = (-s).fma(d_low, (-s).fma(d, f)) * inverse;
    let z = s * s;
    (s, low.fma(z, low), z)
}

/// `e + log2(m)` as a sum accurate to 2^-62 of its size.
///
/// The series of `2 atanh(s) / ln 2`, whose first two terms are kept in two parts each.
#[inline(always)]
pub(super) fn log2_sum_f64(m: f64, e: f64) -> (f64, f64) {
    let [c, c_low, _] = TWO_LOG2_OF_E;
    let (s, s_low, z) = half_log_argument(m);
    let z_low = s.mul_add(s, -z);
    let (cube, cube_low) = two_product(s, z);
    let cube_low = s.mul_add(z_low, cube_low);
    let (g, g_low) = two_product(cube, ATANH[0]);
    let g_low = cube_low.mul_add(ATANH[0], g_low);
    let rest = (cube * z).mul_add(poly(z, &ATANH[1..]), g_low);
    let (sum, low) = fast_two_sum(s, g);
    let low = low + (s_low + rest);
    let (p, p_low) = two_product(sum, c);
    let p_low = low.mul_add(c, sum.mul_add(c_low, p_low));
    let (log, log_low) = fast_two_sum(e, p);
    (log, log_low + p_low)
}

/// `e + log2(m)` as a sum accurate to 2^-30 of its size: the first term is kept in two parts, the others are a
/// hundredth of it at most and left in the second part.
#[inline(always)]
pub(super) fn log2_sum_f32(m: f32, e: f32) -> (f32, f32) {
    let [c, c_low, _] = f32::parts(TWO_LOG2_OF_E);
    let (s, s_low, z) = half_log_argument(m);
    let (p, p_low) = two_product(s, c);
    let p_low = s.mul_add(c_low, s_low.mul_add(c, p_low));
    let rest = (s * z).mul_add(poly(z, LOG2_SINGLE), p_low);
    let (log, log_low) = fast_two_sum(e, p);
    (log, log_low + rest)
}

/// `2^(p + low) = 2^k q` as `(q, k + SCALE_ROUND)`, for `low` up to a few units.
#[inline(always)]
fn exp2_of_sum<F: Parts>(p: F, low: F) -> (F, F) {
    let t = (p + low) + F::SCALE_ROUND;
    let r = (p - (t - F::SCALE_ROUND)) + low;
    (poly(r, F::EXP2).fma(r, F::ONE), t)
}

/// `x^y` for positive finite `x`.
#[inline(always)]
fn pow_positive<F: Parts>(x: F, y: F) -> F {
    let (m, e) = split(x);
    let (log, log_low) = F::log2_sum(m, e);
    let (p, p_low) = two_product(y, log);
    // with room for the second part
    let inside = at_least(
        at_most(p, F::EXP2_RANGE.1 + F::TWO),
        F::EXP2_RANGE.0 - F::TWO,
    );
    let low = select(inside == p, y.fma(log_low, p_low), F::ZERO);
    let (q, t) = exp2_of_sum(inside, low);
    q.scale(t)
}

/// `x` to the power `y`.
///
/// Error below 2 ULP, below 4 for `f32` results above 2^60 or below 2^-60. Special values as C99's `pow`:
/// `pow(x, 0) = pow(1, y) = 1` even for NaN, negative bases need an integer exponent, otherwise NaN. NumPy: `np.power`,
/// `np.float_power`.
///
/// Method: logarithm to base 2 as a sum of two, product and exponential with double-length arguments. The logarithm comes
/// from the series in `(m - 1) / (m + 1)`, good to 2^-62 (`f64`) or 2^-30 (`f32`).
///
/// ```
/// use orthant::math;
/// assert_eq!(math::pow(3.0_f64, 4.0), 81.0);
/// assert_eq!(math::pow(-2.0_f32, 3.0), -8.0);
/// assert_eq!(math::pow(0.0_f64, -1.0), f64::INFINITY);
/// ```
#[inline(always)]
pub fn pow<F: Kernel>(x: F, y: F) -> F {
    let a = x.magnitude();
    // beyond 2^100 every power of a number other than one is zero or infinite
    let huge = F::of(1.2676506002282294e30);
    let bounded = at_least(at_most(y, huge), -huge);
    let value = pow_positive(a, bounded);
    let zero = a == F::ZERO;
    let ends = select(zero == (y < F::ZERO), F::INF, F::ZERO);
    let value = select(zero | (a == F::INF), ends, value);
    let value = select(a == F::ONE, F::ONE, value);
    let integer = is_integer(y);
    let odd = integer & !is_integer(y * F::HALF);
    let value = select(odd, value.xor_sign(x), value);
    let undefined = (x < F::ZERO) & !integer & (a < F::INF);
    let value = select(undefined, F::NOT_A_NUMBER, value);
    let value = select(is_number(x) & is_number(y), value, F::NOT_A_NUMBER);
    select((y == F::ZERO) | (x == F::ONE), F::ONE, value)
}

/// The same bits as [`pow`] where [`pow_in_range`] holds.
#[inline(always)]
pub(crate) fn pow_short<F: Parts>(x: F, y: F) -> F {
    let (m, e) = x.decompose();
    let (log, log_low) = F::log2_sum(m, e);
    let (p, p_low) = two_product(y, log);
    let (q, t) = exp2_of_sum(p, y.fma(log_low, p_low));
    q * F::power_of_two(t)
}

/// Whether [`pow_short`] may be used: a positive normal base, and a result that is normal with room to spare.
#[inline(always)]
pub(crate) fn pow_in_range<F: Parts>(x: F, y: F) -> bool {
    // the logarithm is the one that the loop has anyway
    let (m, e) = x.decompose();
    let (log, _) = F::log2_sum(m, e);
    is_positive_normal(x) & ((y * log).magnitude() <= F::TOP_EXPONENT - F::of(7.0))
}

#[inline(always)]
fn is_positive_normal<F: Parts>(x: F) -> bool {
    (x >= F::TINY) & (x < F::INF)
}

/// `sqrt(x^2 + y^2)` without overflow or underflow on the way.
///
/// Error below 1 ULP; infinite if either is, even with a NaN. NumPy: `np.hypot`.
///
/// Method: scaling by a power of two, root of the sum of squares with one correction (Borges 2020).
///
/// ```
/// use orthant::math;
/// assert_eq!(math::hypot(3.0_f64, 4.0), 5.0);
/// assert_eq!(math::hypot(f64::MAX, 0.0), f64::MAX);
/// ```
#[inline(always)]
pub fn hypot<F: Kernel>(x: F, y: F) -> F {
    let (a, b) = (x.magnitude(), y.magnitude());
    let (big, small) = (select(a < b, b, a), select(a < b, a, b));
    // 2^600 and 2^80 leave room for the squares
    let (up, down) = if F::LIFT_EXPONENT == F::of(54.0) {
        (F::of(4.149515568880993e180), F::of(2.409919865102884e-181))
    } else {
        (F::of(1.2089258196146292e24), F::of(8.271806125530277e-25))
    };
    let grow = big < down * F::LIFT * F::LIFT;
    let shrink = big > up / (F::LIFT * F::LIFT);
    let scale = select(grow, up, select(shrink, down, F::ONE));
    let back = select(grow, down, select(shrink, up, F::ONE));
    let (p, q) = (big * scale, small * scale);
    let (qq, qq_low) = two_product(q, q);
    let (pp, pp_low) = two_product(p, p);
    let (sum, low) = fast_two_sum(pp, qq);
    let h = sum.root();
    let rest = (-h).fma(h, sum) + (low + (pp_low + qq_low));
    let corrected = h + select(h == F::ZERO, F::ZERO, rest / (h + h));
    let value = select(
        is_number(a) & is_number(b),
        corrected * back,
        F::NOT_A_NUMBER,
    );
    select((a == F::INF) | (b == F::INF), F::INF, value)
}
