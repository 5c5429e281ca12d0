//! `erf`, `erfc` and `gelu` of `f32`.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

use super::coefficients::{ERF_SINGLE, ERFC_SINGLE, ERFCX_TO_SINGLE, EXP2_TO_SINGLE};
use super::kernel::{Parts, at_most, poly, select};

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

#[inline(always)]
pub(super) fn gelu(x: f32) -> f32 {
    // from there on the tail rounds to zero
    let a = at_most(x.abs(), 14.45);
    let wide = f64::from(a);
    let inverse = 1.0 / a.mul_add(std::f32::consts::FRAC_1_SQRT_2, 3.0);
    // the distance from the asymptotes 0 and x
    let tail = (-0.5 * wide * erfc_positive(wide * FRAC_1_SQRT_2, inverse)) as f32;
    select(x >= 0.0, x + tail, tail)
}
