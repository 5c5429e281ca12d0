//! Kernels for the common range, for loops that check a block of arguments first.
//!
//! Inside its range each returns the same bits as the function of the same name.

pub(crate) use super::activation::{sigmoid_short as sigmoid, silu_short as silu};
pub(crate) use super::floating::{
    floor_divide_short as floor_divide, fmod_in_range, fmod_short as fmod,
    remainder_short as remainder,
};
use super::kernel::Parts;
pub(crate) use super::logarithm::log_normal as log;
pub(crate) use super::power::{pow_in_range, pow_short as pow, sqrt_by_products, sqrt_in_range};
pub(crate) use super::trigonometric::{cos_short as cos, sin_short as sin, tan_short as tan};

/// `exp` for arguments in [`exp_in_range`].
#[inline(always)]
pub(crate) fn exp<F: Parts>(x: F) -> F {
    let (p, t) = super::exponential::exp_core(x);
    p * F::power_of_two(t)
}

/// Whether [`exp`], [`sigmoid`] and [`silu`] may be used: results are normal numbers.
#[inline(always)]
pub(crate) fn exp_in_range<F: Parts>(x: F) -> bool {
    x.magnitude() <= F::EXP_RANGE.1 - F::TWO - F::ONE
}

/// Whether [`log`] may be used.
#[inline(always)]
pub(crate) fn log_in_range<F: Parts>(x: F) -> bool {
    (x >= F::TINY) & (x < F::INF)
}

/// Whether [`sin`], [`cos`] and [`tan`] may be used.
#[inline(always)]
pub(crate) fn trig_in_range<F: Parts>(x: F) -> bool {
    x.magnitude() <= F::TRIG_LIMIT
}
