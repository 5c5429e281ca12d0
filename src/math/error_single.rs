//! `erf`, `erfc` and `gelu` of `f32`.

use std::f64::consts::LOG2_E;

use super::coefficients::{ERF_SINGLE, ERFC_SINGLE, ERFCX_TO_SINGLE, EXP2_TO_SINGLE, GELU_SINGLE};
use super::exponential::{Reduced, reduce};
use super::kernel::{Parts, at_most, poly, select, two_product};

#[inline(always)]
pub(super) fn erf(x: f32) -> f32 {
    let a = x.abs();
    let small = x.mul_add(poly(x * x, ERF_SINGLE), x);
    let large = 1.0 - poly(a - 2.59375, ERFC_SINGLE);
    let large = select(a > 3.9375, 1.0, large);
    select(a < 1.25, small, large.copysign(x))
}

/// `erfc(x)` within 2^-27 of its value for `0 <= x <= 41/4`, given `1 / (x + 3)` in `f32`.
///
/// With `s = 1 / (x + 3)` it is `s P(s) e^(-x^2)`. In `f64` nothing of that needs a second part, and one of
/// Newton's steps makes the reciprocal exact enough.
#[inline(always)]
fn erfc_positive(x: f64, inverse: f32) -> f64 {
    let s = f64::from(inverse);
    let s = s.mul_add((-(x + 3.0)).mul_add(s, 1.0), s);
    let square = x * x;
    let t = square.mul_add(-LOG2_E, f64::SCALE_ROUND);
    let r = square.mul_add(-LOG2_E, f64::SCALE_ROUND - t);
    let exponential = poly(r, EXP2_TO_SINGLE).mul_add(r, 1.0) * f64::power_of_two(t);
    poly(s, ERFCX_TO_SINGLE) * s * exponential
}

#[inline(always)]
pub(super) fn erfc(x: f32) -> f32 {
    // from 41/4 on the tail rounds to zero
    let a = at_most(x.abs(), 10.25);
    let tail = erfc_positive(f64::from(a), 1.0 / (a + 3.0));
    select(x < 0.0, 2.0 - tail, tail) as f32
}

/// The distance from the asymptotes 0 and `x` is `-a/2 erfc(a / sqrt 2)` for `a = |x|`. With `u = a / (a + k)`, `k = 3/2`,
/// it is `-u/2 (1 + P(u)) e^(-a^2 / 2)` (after Shepherd and Laframboise 1981), where `1 + P` stays between 0.87 and
/// 3/2, so that its rounding errors count for little; what rounding `u` loses is added.
#[inline(always)]
pub(super) fn gelu(x: f32) -> f32 {
    const K: f32 = 1.5;
    // from there on the tail rounds to zero
    let a = at_most(x.abs(), 14.45);
    let sum = a + K;
    let sum_low = a - (sum - K);
    let u = a / sum;
    let rest = (-u).mul_add(sum_low, (-u).mul_add(sum, a));
    // times 1 / (a + k) = (1 - u) / k, and the slope of u (1 + P(u)), nearly k (1 - u)
    let low = rest * ((1.0 - u) * (1.0 - u));
    let (square, square_low) = two_product(a, a);
    let Reduced { t, r, q } = reduce(-0.5 * square, -0.5 * square_low);
    let p = poly(u - 0.5, GELU_SINGLE);
    // (1 + P) (1 + r + q) - 1, of which the larger part is exact
    let rest = p.mul_add(r + q, p + q);
    let low = u.mul_add(rest, low.mul_add(r, low));
    let tail = u + u.mul_add(r, low);
    let tail = tail.scale(t - 1.0);
    select(x >= 0.0, x - tail, -tail)
}
