//! Payne and Hanek's reduction of huge arguments by multiples of pi, as table gathers.
//!
//! A float is `M 2^s` with an integer `M`, and only `2^s / pi` modulo 2 matters for `M 2^s / pi`
//! modulo 2. [`CHUNKS`] holds the 53 bits of 1/pi that start at each position, so that four gathers
//! give 212 bits of that factor, enough for the worst `f64` (Muller, *Elementary Functions*, 11.4).

use super::kernel::{PI, Parts, round_small, two_product, two_sum};
use super::tables::INVERSE_PI;

/// Entry `i`: the 53 bits of 1/pi from weight `2^(1 - START - i)` down, scaled to lie in `[0, 2)`.
static CHUNKS: [f64; 2048] = chunks();

/// The weight of the first bits: reductions start at 2^15, where `M 2^s` has `s >= -9` (`f32`).
const START: i64 = -40;

const fn bit_of_inverse_pi(weight: i64) -> u64 {
    // weight -1 is the first bit after the point
    if weight >= 0 || weight < -1280 {
        return 0;
    }
    let i = (-1 - weight) as usize;
    (INVERSE_PI[i / 64] >> (63 - i % 64)) & 1
}

const fn chunks() -> [f64; 2048] {
    let mut table = [0.0; 2048];
    let mut window: u64 = 0;
    let mut i = 0;
    // position i starts at weight -(START + i) ; slide a window of 53 bits
    let mut w = 0;
    while w < 53 {
        window = (window << 1) | bit_of_inverse_pi(-START - w);
        w += 1;
    }
    while i < 2048 {
        table[i as usize] = window as f64 / (1_u64 << 52) as f64;
        window = ((window << 1) & ((1 << 53) - 1)) | bit_of_inverse_pi(-START - 53 - i);
        i += 1;
    }
    table
}

/// `(r, k + ROUND)` with `x = k pi/2 + r`, for `2^30 <= |x|`.
#[inline(always)]
pub(super) fn reduce_large_f64(x: f64) -> (f64, f64) {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    let b = x.to_bits();
    let exponent = (b & EXPONENT) >> 52;
    // x = m 2^(exponent - 1075), m a signed integer of 53 bits
    let m = f64::from_bits((b & !EXPONENT) | (1075 << 52));
    // the bit of 1/pi with weight -(exponent - 1075) contributes to weight 0 of the factor
    let first = (exponent as i64 - 1075 - START) as usize;
    let c = |i: usize| CHUNKS[first.wrapping_add(53 * i) & 2047];
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    let (p0, e0) = two_product(m, c(0));
    let (p1, e1) = two_product(m, c(1) * STEP);
    let (p2, e2) = two_product(m, c(2) * (STEP * STEP));
    let p3 = m * (c(3) * (STEP * STEP * STEP));
    // p0 modulo 8 without rounding
    const EIGHTS: f64 = 1.5 * (1_u64 << 55) as f64;
    let p0 = p0 - ((p0 + EIGHTS) - EIGHTS);
    let (s, a0) = two_sum(p0, e0);
    let (s, a1) = two_sum(s, p1);
    let k = round_small(s + s);
    let s = s - 0.5 * k;
    let (a, b0) = two_sum(a0, a1);
    let (a, b1) = two_sum(a, p2);
    let (a, b2) = two_sum(a, e1);
    let (high, low) = two_sum(s, a);
    let low = low + (b0 + b1 + b2 + e2 + p3);
    let (r, r_low) = two_product(high, PI[0]);
    (r + (r_low + high * PI[1] + low * PI[0]), k + f64::ROUND)
}

/// The same for `f32`, in `f64` arithmetic, where two chunks are enough.
#[inline(always)]
pub(super) fn reduce_large_f32(x: f32) -> (f32, f32) {
    const EXPONENT: u32 = 0x7f80_0000;
    let b = x.to_bits();
    let exponent = (b & EXPONENT) >> 23;
    let m = f64::from(f32::from_bits((b & !EXPONENT) | (150 << 23)));
    let first = (i64::from(exponent) - 150 - START) as usize;
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    let (p0, e0) = two_product(m, CHUNKS[first & 2047]);
    let p1 = m * (CHUNKS[first.wrapping_add(53) & 2047] * STEP);
    let p0 = p0 - 2.0 * round_small(p0 * 0.5);
    let k = round_small(p0 + p0);
    let s = p0 - 0.5 * k + (e0 + p1);
    ((s * PI[0]) as f32, k as f32 + f32::ROUND)
}
