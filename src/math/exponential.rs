//! `exp` and what is built on its reduction `x = k ln 2 + r`.

use super::kernel::{Kernel, LN_2, Parts, at_least, at_most, fast_two_sum, poly, select};

/// `e^x = 2^k (1 + r + q)` with `k + SCALE_ROUND`, `|r| <= ln(2)/2` and `q` around `r^2 / 2`.
pub(super) struct Reduced<F> {
    pub(super) t: F,
    pub(super) r: F,
    pub(super) q: F,
}

/// Cody and Waite's reduction with a fused multiply-add, whose first step is exact; `low` is added to
/// `x`. What rounding `r` loses goes into `q`.
#[inline(always)]
pub(super) fn reduce<F: Parts>(x: F, low: F) -> Reduced<F> {
    let [ln2, ln2_low, _] = F::parts(LN_2);
    let t = x.fma(F::of(std::f64::consts::LOG2_E), F::SCALE_ROUND);
    let k = t - F::SCALE_ROUND;
    let high = (-k).fma(ln2, x);
    let step = (-k).fma(ln2_low, low);
    let r = high + step;
    let lost = step - (r - high);
    let q = (r * r).fma(poly(r, F::EXPM1), lost);
    Reduced { t, r, q }
}

#[inline(always)]
pub(super) fn in_exp_range<F: Parts>(x: F) -> F {
    at_least(at_most(x, F::EXP_RANGE.1), F::EXP_RANGE.0)
}

/// `e^x = 2^k p` as `(p, k + SCALE_ROUND)`, for arguments in range.
#[inline(always)]
pub(super) fn exp_core<F: Parts>(x: F) -> (F, F) {
    let (r, t) = reduce_once(x);
    (poly(r, F::EXP).fma(r, F::ONE).fma(r, F::ONE), t)
}

/// `e^x = 2^k (1 + q r)` as `(q, r, k + SCALE_ROUND)`.
#[inline(always)]
pub(super) fn exp_factors<F: Parts>(x: F) -> (F, F, F) {
    let (r, t) = reduce_once(x);
    (poly(r, F::EXP).fma(r, F::ONE), r, t)
}

/// `(r, k + SCALE_ROUND)` with `x = k ln 2 + r`, `r` rounded.
#[inline(always)]
fn reduce_once<F: Parts>(x: F) -> (F, F) {
    let [ln2, ln2_low, _] = F::parts(LN_2);
    let t = x.fma(F::of(std::f64::consts::LOG2_E), F::SCALE_ROUND);
    let k = t - F::SCALE_ROUND;
    ((-k).fma(ln2_low, (-k).fma(ln2, x)), t)
}

/// `e^x`.
///
/// Error below 1 ULP. `exp(-inf) = 0`, overflow gives infinity, subnormal results are rounded once.
/// NumPy: `np.exp`.
///
/// Method: Cody and Waite's reduction by multiples of ln 2, then a minimax polynomial (Muller,
/// *Elementary Functions*, ch. 11).
///
/// ```
/// use orthant::math;
/// assert_eq!(math::exp(0.0_f64), 1.0);
/// assert!((math::exp(1.0_f32) - std::f32::consts::E).abs() < 3e-7);
/// ```
#[inline(always)]
pub fn exp<F: Kernel>(x: F) -> F {
    let (p, t) = exp_core(in_exp_range(x));
    p.scale(t)
}

/// `2^x`.
///
/// Error below 1 ULP; exact for integers. NumPy: `np.exp2`. Method: as [`exp()`], where the reduction is exact.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::exp2(-3.0_f64), 0.125);
/// assert_eq!(math::exp2(-149.0_f32), f32::from_bits(1));
/// ```
#[inline(always)]
pub fn exp2<F: Kernel>(x: F) -> F {
    let x = at_least(at_most(x, F::EXP2_RANGE.1), F::EXP2_RANGE.0);
    let t = x + F::SCALE_ROUND;
    let r = x - (t - F::SCALE_ROUND);
    poly(r, F::EXP2).fma(r, F::ONE).scale(t)
}

/// `e^x - 1`, accurate for small `x`.
///
/// Error below 1 ULP. `expm1(-inf) = -1`, zeros keep their sign. NumPy: `np.expm1`.
///
/// Method: [`exp()`]'s reduction; `2^k (r + q) + (2^k - 1)` with the first sum exact.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::expm1(1e-300_f64), 1e-300);
/// assert_eq!(math::expm1(f32::NEG_INFINITY), -1.0);
/// ```
#[inline(always)]
pub fn expm1<F: Kernel>(x: F) -> F {
    // below -50 the result is -1, and 2^-k must stay finite
    let y = at_least(at_most(x, F::EXP_RANGE.1), F::of(-50.0));
    let Reduced { t, r, q } = reduce(y, F::ZERO);
    // beyond 2^60 the one is lost, and 2^-k must stay a normal number
    let w = F::inverse_power_of_two(at_most(t, F::SCALE_ROUND + F::of(60.0)));
    let one_w = F::ONE - w;
    let w_low = (F::ONE - one_w) - w;
    let (high, low) = fast_two_sum(one_w, r);
    let result = (high + (low + (q + w_low))).scale(t);
    select(x == F::ZERO, x, result)
}
