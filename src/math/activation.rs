//! Activation functions of neural networks and sums of logarithms.

use super::error::erfc_scaled;
use super::exponential::{Reduced, exp_factors, in_exp_range, reduce};
use super::kernel::{
    Kernel, Parts, at_least, at_most, fast_two_sum, is_number, poly, select, two_product, two_sum,
};
use super::logarithm::LOG2_OF_E;

/// Below this `x sigmoid(x)` is zero.
#[inline(always)]
fn lowest_sigmoid<F: Parts>() -> F {
    F::EXP_RANGE.0 - F::of(10.0)
}

/// `(1 + e^-(x + low)) / e^-(x + low)` in units of `2^-k`: the sigmoid is `2^k` over it.
#[inline(always)]
fn sigmoid_denominator<F: Parts>(x: F, low: F) -> (F, F) {
    // beyond 40 the sigmoid is 1, and 2^-k must stay finite
    let y = at_least(at_most(x, F::of(40.0)), lowest_sigmoid());
    let Reduced { t, r, q } = reduce(-y, select(y == x, -low, F::ZERO));
    // e^-y = 2^k (1 + r + q), so D = 2^-k + 1 + r + q; below 2^-60 the first term is lost anyway
    let w = F::inverse_power_of_two(at_most(t, F::SCALE_ROUND + F::of(60.0)));
    let (one_w, w_low) = two_sum(F::ONE, w);
    let (high, low) = fast_two_sum(one_w, r);
    (
        high + (low + (w_low + q)),
        (F::SCALE_ROUND - t) + F::SCALE_ROUND,
    )
}

/// `1 + s (1 + q r)` for a power of two `s`, of which `1 + s` may lose the end.
#[inline(always)]
fn one_plus<F: Parts>(q: F, r: F, s: F) -> F {
    let sum = s + F::ONE;
    let low = F::ONE - (sum - s);
    sum + (s * r).fma(q, low)
}

/// `(d, k + SCALE_ROUND)` with `1 / (1 + e^-x) = 2^k / d`, for `x >= lowest`; to 50, from where it is 1.
#[inline(always)]
fn logistic<F: Parts>(x: F, lowest: F) -> (F, F) {
    let (q, r, t) = exp_factors(-at_least(at_most(x, F::of(50.0)), lowest));
    // beyond the short range the one is lost
    let bounded = at_most(t, F::SCALE_ROUND + (F::TOP_EXPONENT - F::TWO));
    let denominator = one_plus(q, r, F::power_of_two(bounded));
    (
        denominator * F::inverse_power_of_two(bounded),
        (F::SCALE_ROUND - t) + F::SCALE_ROUND,
    )
}

/// `x / (1 + e^-y)` where `e^y` and `e^-y` are normal numbers.
#[inline(always)]
fn logistic_short<F: Parts>(x: F, y: F) -> F {
    let (q, r, t) = exp_factors(-y);
    x / one_plus(q, r, F::power_of_two(t))
}

/// The logistic function `1 / (1 + e^-x)`.
///
/// Error below 2 ULP, without overflow at either end. SciPy: `scipy.special.expit`.
///
/// Method: `1 + e^-x` with `e^-x = 2^k (1 + q r)` as in [`exp`](super::exp), where the sum rounds once.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::sigmoid(0.0_f64), 0.5);
/// assert_eq!(math::sigmoid(-1000.0_f32), 0.0);
/// ```
#[inline(always)]
pub fn sigmoid<F: Kernel>(x: F) -> F {
    let (denominator, t) = logistic(x, F::EXP_RANGE.0);
    (F::ONE / denominator).scale(t)
}

/// The same bits as [`sigmoid`] where `e^x` and `e^-x` are normal numbers.
#[inline(always)]
pub(crate) fn sigmoid_short<F: Parts>(x: F) -> F {
    logistic_short(F::ONE, x)
}

/// `x sigmoid(x)`, also called swish.
///
/// Error below 2 ULP; `silu(-inf) = -0`. PyTorch: `torch.nn.functional.silu`. Method: `x` over the denominator
/// of [`sigmoid()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::silu(0.0_f64), 0.0);
/// ```
#[inline(always)]
pub fn silu<F: Kernel>(x: F) -> F {
    let (denominator, t) = logistic(x, lowest_sigmoid());
    (at_least(x, lowest_sigmoid()) / denominator).scale(t)
}

/// The same bits as [`silu`] where `e^x` and `e^-x` are normal numbers.
#[inline(always)]
pub(crate) fn silu_short<F: Parts>(x: F) -> F {
    logistic_short(x, x)
}

/// `(high, low, k + SCALE_ROUND)` with `log(1 + e^-a) = 2^k (high + low)` for `a >= 0`, where `low` is added to `a`.
#[inline(always)]
fn log1p_exp_negative<F: Parts>(a: F, low: F) -> (F, F, F) {
    // e^-a = 2^k (1 + r + q)
    let Reduced { t, r, q } = reduce(in_exp_range(-a), -low);
    let factor = r + q;
    // e^-a - 1/2; the smallest powers do not count
    let power = F::power_of_two(at_least(t, F::SCALE_ROUND - F::of(100.0)));
    let p = poly(power.fma(factor, power - F::HALF), F::LOG1P_RATIO);
    // (3/4 + P) (1 + r + q): where the result is about to be added to another, P is small
    const C: f64 = 0.75;
    let high = r.fma(F::of(C), F::of(C));
    let low = r.fma(F::of(C), F::of(C) - high);
    let low = F::of(C).fma(q, low);
    (high, p.fma(factor, p + low), t)
}

/// `log(1 + e^x)`.
///
/// Error below 2 ULP. PyTorch: `torch.nn.functional.softplus`; NumPy: `np.logaddexp(0, x)`.
///
/// Method: `max(x, 0) + log1p(w)` with `w = e^-|x|`, and `log1p(w) = w (3/4 + P(w))`, where the exponential is a sum of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::softplus(100.0_f64), 100.0);
/// ```
#[inline(always)]
pub fn softplus<F: Kernel>(x: F) -> F {
    let (high, low, t) = log1p_exp_negative(x.magnitude(), F::ZERO);
    (high + low).scale(t) + at_least(x, F::ZERO)
}

/// `log(sigmoid(x))`.
///
/// Error below 2 ULP. SciPy: `scipy.special.log_expit`. Method: as [`softplus()`].
///
/// ```
/// use orthant::math;
/// assert_eq!(math::log_sigmoid(-1000.0_f64), -1000.0);
/// ```
#[inline(always)]
pub fn log_sigmoid<F: Kernel>(x: F) -> F {
    -softplus(-x)
}

/// `max(x, 0)`; NaN stays NaN. Exact. PyTorch: `torch.relu`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::relu(-2.0_f32), 0.0);
/// ```
#[inline(always)]
pub fn relu<F: Kernel>(x: F) -> F {
    at_least(x, F::ZERO)
}

/// `x` if positive, else `slope * x`. Correctly rounded. PyTorch: `torch.nn.functional.leaky_relu`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::leaky_relu(-2.0_f64, 0.5), -1.0);
/// ```
#[inline(always)]
pub fn leaky_relu<F: Kernel>(x: F, slope: F) -> F {
    select(x > F::ZERO, x, x * slope)
}

/// The Gaussian error linear unit `x (1 + erf(x / sqrt 2)) / 2`.
///
/// Error below 2 ULP, in the left tail too. PyTorch: `torch.nn.functional.gelu`. Method: as [`erfc`](super::erfc) with the
/// exponent `x^2 / 2` as an exact sum; for `f32` with `x / (x + k)`, which needs no factor `x`, in place of `1 / (x + k)`.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::gelu(0.0_f64), 0.0);
/// assert!((math::gelu(1.0_f64) - 0.8413447460685429).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn gelu<F: Kernel>(x: F) -> F {
    x.gelu()
}

#[inline(always)]
pub(super) fn gelu_f64(x: f64) -> f64 {
    use std::f64::consts::FRAC_1_SQRT_2;
    const FRAC_1_SQRT_2_LOW: f64 = -4.833646656726457e-17;
    // beyond 39 the tail is below the smallest number
    let y = at_least(at_most(x, 39.0), -39.0);
    let z = y.abs() * FRAC_1_SQRT_2;
    let (square, low) = two_product(y, y);
    let z_low = y.abs().mul_add(FRAC_1_SQRT_2, -z) + y.abs() * FRAC_1_SQRT_2_LOW;
    let (high, low, t) = erfc_scaled(z, z_low, 0.5 * square, 0.5 * low);
    // x/2 erfc(|x| / sqrt 2) is the distance of gelu from its asymptote
    let half = 0.5 * y;
    let (tail, tail_low) = two_product(half.abs(), high);
    let left = (-(tail + (tail_low + half.abs() * low))).scale(t);
    let small = super::error::erf_small(y * FRAC_1_SQRT_2);
    let middle = half.mul_add(small, half);
    let value = select(x > 0.0, x + left, left);
    let value = select(z < 0.5, middle, value);
    select((x == f64::INFINITY) | (x == 0.0), x, value)
}

/// The usual approximation of [`gelu()`]: `x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2`.
///
/// Error below 2 ULP of that formula. PyTorch: `gelu(x, approximate='tanh')`. Method: `x sigmoid(2 u)` with `u` as a sum of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::gelu_tanh(0.0_f32), 0.0);
/// ```
#[inline(always)]
pub fn gelu_tanh<F: Kernel>(x: F) -> F {
    // 2 sqrt(2/pi) and 0.044715 times it
    const A: [f64; 3] = [
        1.5957691216057308,
        -9.96930880911092e-17,
        -1.3699701790918484e-33,
    ];
    const B: [f64; 3] = [
        0.07135481627260025,
        -6.175149918155315e-19,
        -4.566588772833294e-35,
    ];
    let y = at_least(at_most(x, F::of(40.0)), F::of(-40.0));
    let [a, a_low, _] = F::parts(A);
    let [b, b_low, _] = F::parts(B);
    let (z, z_low) = two_product(y, y);
    let (v, v_low) = two_product(z, b);
    let (w, w_low) = two_sum(a, v);
    let w_low = w_low + (a_low + (v_low + z.fma(b_low, z_low * b)));
    let (u, u_low) = two_product(w, y);
    let (denominator, t) = sigmoid_denominator(u, w_low.fma(y, u_low));
    let value = (y / denominator).scale(t);
    select(x > F::of(40.0), x, value)
}

/// `big + 2^k (high + low)`, rounded to within the error of `low`; if not `near`, what is added is at most the last place.
#[inline(always)]
fn plus_scaled<F: Parts>(big: F, (high, low, t): (F, F, F), near: bool) -> F {
    let (term, lost) = fast_two_sum(high, low);
    let (sum, rest) = two_sum(big, term.scale(t));
    // what is lost of a subnormal term does not count
    let lowest = F::SCALE_ROUND + (F::TWO - F::TOP_EXPONENT);
    let (lost, power) = (
        select(t < lowest, F::ZERO, lost),
        F::power_of_two(at_least(t, lowest)),
    );
    sum + select(near, lost.fma(power, rest), F::ZERO)
}

/// `log(e^a + e^b)`.
///
/// Error below 2 ULP of the larger of the result and `|max(a, b)|`, and of the result while that is at least a quarter of
/// `|max(a, b)|`. Closer to zero, where `e^a + e^b` is about 1, the two terms below cancel, and in ULP of the result the error grows
/// as `|max(a, b)|` over it, as in NumPy. NumPy: `np.logaddexp`.
///
/// Method: `max + log1p(e^-|a - b|)` as in [`softplus()`], with the difference and the logarithm as sums of two.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::logaddexp(1000.0_f64, 0.0), 1000.0);
/// ```
#[inline(always)]
pub fn logaddexp<F: Kernel>(a: F, b: F) -> F {
    let (big, small) = (select(a < b, b, a), select(a < b, a, b));
    let (d, low) = two_sum(big, -small);
    let low = select(d < F::of(1000.0), low, F::ZERO);
    let value = plus_scaled(big, log1p_exp_negative(d, low), d < F::of(1000.0));
    let value = select(a == b, a + F::of(std::f64::consts::LN_2), value);
    select(is_number(a) & is_number(b), value, F::NOT_A_NUMBER)
}

/// `log2(2^a + 2^b)`.
///
/// Error as [`logaddexp()`]. NumPy: `np.logaddexp2`. Method: as [`logaddexp()`], in units of ln 2.
///
/// ```
/// use orthant::math;
/// assert_eq!(math::logaddexp2(3.0_f64, 3.0), 4.0);
/// ```
#[inline(always)]
pub fn logaddexp2<F: Kernel>(a: F, b: F) -> F {
    let (big, small) = (select(a < b, b, a), select(a < b, a, b));
    let (d, low) = two_sum(big, -small);
    let near = d < F::of(2000.0);
    let [ln2, ln2_low, _] = F::parts(super::kernel::LN_2);
    let (p, p_low) = two_product(d, ln2);
    let p_low = select(near, p_low + d.fma(ln2_low, low * ln2), F::ZERO);
    let (high, low, t) = log1p_exp_negative(p, p_low);
    let [c, c_low, _] = F::parts(LOG2_OF_E);
    let (p, p_low) = two_product(high, c);
    let value = plus_scaled(big, (p, low.fma(c, high.fma(c_low, p_low)), t), near);
    let value = select(a == b, a + F::ONE, value);
    select(is_number(a) & is_number(b), value, F::NOT_A_NUMBER)
}
