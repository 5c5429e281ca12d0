//! Roots, powers and lengths.

use super::coefficients::{Coefficients, LOG_NEAR_1, LOG2_SINGLE, RECIPROCAL};
use super::exponential::in_exp_range;
use super::kernel::{
    Kernel, LN_2, Parts, at_least, at_most, fast_two_sum, is_integer, is_number, poly, select,
    two_product,
};
use super::logarithm::LOG2_OF_E;
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
    let subnormal = x < f64::TINY;
    let (m, e) = select(subnormal, x * f64::LIFT, x).decompose();
    let e = e - select(subnormal, f64::LIFT_EXPONENT, 0.0);
    let t = poly(m, RECIPROCAL).mul_add(128.0, f64::ROUND);
    let f = m.mul_add((t - f64::ROUND) * (1.0 / 128.0), -1.0);
    (f, e, t.to_bits() & 127)
}

/// An entry of the table of `-log(c)`.
#[inline(always)]
pub(crate) fn table_entry(place: u64) -> [f64; 2] {
    LOG_TABLE[(place & 127) as usize]
}

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
/// A multiple `c` of 1/128 near `1 / m` makes `c m - 1` exact and small; `-log(c)` comes from a table.
#[inline(always)]
pub(super) fn log_extended(x: f64) -> (f64, f64) {
    let (f, e, place) = split_by_table(x);
    log_sum(f, e, table_entry(place))
}

/// `e^(p + low) = 2^k q` as `(q, k + SCALE_ROUND)`.
#[inline(always)]
fn exp_of_sum(p: f64, low: f64) -> (f64, f64) {
    let [ln2, ln2_low, _] = f64::parts(LN_2);
    let t = p.mul_add(std::f64::consts::LOG2_E, f64::SCALE_ROUND);
    let k = t - f64::SCALE_ROUND;
    let r = (-k).mul_add(ln2, p) + (-k).mul_add(ln2_low, low);
    let q = poly(r, f64::EXP).mul_add(r, 1.0).mul_add(r, 1.0);
    (q, t)
}

/// `x^y` for positive finite `x`.
#[inline(always)]
pub(super) fn pow_positive_f64(x: f64, y: f64) -> f64 {
    let (f, e, place) = split_by_table(x);
    pow_of_split(f, e, table_entry(place), y)
}

#[inline(always)]
fn pow_of_split(f: f64, e: f64, entry: [f64; 2], y: f64) -> f64 {
    let (log, log_low) = log_sum(f, e, entry);
    let (p, p_low) = two_product(y, log);
    let inside = in_exp_range(p);
    let low = select(inside == p, y.mul_add(log_low, p_low), 0.0);
    let (q, t) = exp_of_sum(inside, low);
    q.scale(t)
}

/// `x^y` for positive finite `x`.
#[inline(always)]
pub(super) fn pow_positive_f32(x: f32, y: f32) -> f32 {
    let subnormal = x < f32::TINY;
    let (m, e) = select(subnormal, x * f32::LIFT, x).decompose();
    pow_of_parts(m, e - select(subnormal, f32::LIFT_EXPONENT, 0.0), y)
}

/// The same for normal numbers.
#[inline(always)]
pub(super) fn pow_normal_f32(x: f32, y: f32) -> f32 {
    let (m, e) = x.decompose();
    pow_of_parts(m, e, y)
}

/// `(m 2^e)^y`: the logarithm is `e` and `2 atanh(s) / ln 2` with `s = (m - 1) / (m + 1)`, of which the
/// first term and the sum are kept in two parts; the others are a hundredth of it at most.
#[inline(always)]
fn pow_of_parts(m: f32, e: f32, y: f32) -> f32 {
    let [c, c_low, _] = f32::parts(TWO_LOG2_OF_E);
    let f = m - 1.0;
    let d = m + 1.0;
    let d_low = m - (d - 1.0);
    let inverse = 1.0 / d;
    let s = f * inverse;
    let s_low = (-s).mul_add(d_low, (-s).mul_add(d, f)) * inverse;
    let z = s * s;
    // atanh(s + low) = atanh(s) + low / (1 - s^2)
    let s_low = s_low.mul_add(z, s_low);
    let (p, p_low) = two_product(s, c);
    let p_low = s.mul_add(c_low, s_low.mul_add(c, p_low));
    let rest = (s * z).mul_add(poly(z, LOG2_SINGLE), p_low);
    let (log, log_low) = fast_two_sum(e, p);
    let (log, log_low) = fast_two_sum(log, log_low + rest);
    let (p, p_low) = two_product(y, log);
    let inside = at_least(at_most(p, f32::EXP2_RANGE.1), f32::EXP2_RANGE.0);
    let low = select(inside == p, y.mul_add(log_low, p_low), 0.0);
    let t = inside + f32::SCALE_ROUND;
    let r = (inside - (t - f32::SCALE_ROUND)) + low;
    poly(r, f32::EXP2).mul_add(r, 1.0).scale(t)
}

/// `x` to the power `y`.
///
/// Error below 3 ULP (`f32`, 1 ULP in the usual range) and 1 ULP (`f64`). Special values as C99's `pow`: `pow(x, 0) = pow(1, y) = 1` even for
/// NaN, negative bases need an integer exponent, otherwise NaN. NumPy: `np.power`, `np.float_power`.
///
/// Method: logarithm as a sum of two, product and exponential with double-length arguments. The logarithm of `f64` is
/// good to 2^-67, from a 128-entry table of reciprocals (Tang 1990), that of `f32` to 2^-30, from the series in
/// `(m - 1) / (m + 1)`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::pow(3.0_f64, 4.0), 81.0);
/// assert_eq!(math::pow(-2.0_f32, 3.0), -8.0);
/// assert_eq!(math::pow(0.0_f64, -1.0), f64::INFINITY);
/// ```
#[inline(always)]
pub fn pow<F: Kernel>(x: F, y: F) -> F {
    pow_with(x, y, F::pow_positive)
}

/// [`pow`] by one for positive finite bases.
#[inline(always)]
fn pow_with<F: Kernel>(x: F, y: F, pow_positive: impl Fn(F, F) -> F) -> F {
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
    x.pow_normal(y)
}

/// [`pow`] in three steps, for loops that cannot look a table up in the middle: what a base is split into,
/// whose last part is its place in the table, [its entry](table_entry), and the rest.
#[inline(always)]
pub(crate) fn pow_split(x: f64) -> (f64, f64, u64) {
    split_by_table(x.magnitude())
}

/// The last step: the same bits as [`pow`].
#[inline(always)]
pub(crate) fn pow_from_split(x: f64, y: f64, f: f64, e: f64, entry: [f64; 2]) -> f64 {
    pow_with(x, y, |_, y| pow_of_split(f, e, entry, y))
}

/// As [`pow_from_split`] where [`pow_split_in_range`] holds.
#[inline(always)]
pub(crate) fn pow_short_from_split(y: f64, f: f64, e: f64, entry: [f64; 2]) -> f64 {
    let (log, log_low) = log_sum(f, e, entry);
    let (p, p_low) = two_product(y, log);
    let (q, t) = exp_of_sum(p, y.mul_add(log_low, p_low));
    q * f64::power_of_two(t)
}

/// Whether [`pow_short_from_split`] may be used: a positive finite base, with the exponent `e`, and a
/// result that is a normal number, with room to spare.
#[inline(always)]
pub(crate) fn pow_split_in_range(x: f64, y: f64, e: f64) -> bool {
    let bounded = y.abs() * (e.abs() + 1.0) <= 1000.0;
    is_positive_normal(x) & bounded
}

/// Whether [`pow_short`] may be used: a positive finite base and no need to bound the exponent.
#[inline(always)]
pub(crate) fn pow_in_range<F: Parts>(x: F, y: F) -> bool {
    is_positive_normal(x) & (y.magnitude() <= F::of(1e30))
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
