//! Scalar mathematical functions that vectorise.
//!
//! Every function here is `#[inline(always)]`, takes `f32` or `f64`, and returns the same bits at every SIMD
//! level; all but [`fmod`], [`remainder`] and [`floor_divide`] are branch-free. Called inside a loop that is compiled for AVX2 or AVX-512 (an array
//! method, or [`zip`](crate) with [`fused!`](crate)) it becomes vector code: an `exp` costs a third of a
//! nanosecond per element. Standard library functions called in the same loop stay scalar.
//!
//! Errors are given in ULP, units in the last place of the result, and are the worst found by the sweeps
//! that `docs/accuracy.md` lists: below 1 for the exponential, logarithm and root families, below 2 for
//! others, below 4 for `gamma` and `lgamma`. Special values are C99's and NumPy's.
//!
//! [`complex`] has the functions of complex numbers.
//!
//! What lives here: mathematics on one number. What may not: arrays, loops over elements, threads.
//!
//! Rules for a kernel: one definition for both types and all levels, from `+ - * /`, square root, fused
//! multiply-add (exact wherever it runs, so levels agree), bit operations, compares and selects. No branch,
//! no library call (but the remainder of large quotients), no conversion to integers; a rare case is computed for every lane and selected. Where
//! that costs much, `short` holds forms for the common range with the same bits, for callers that check a
//! block first. Polynomials come from `tests/golden/math_coefficients.py`.

mod activation;
#[allow(clippy::approx_constant)] // a coefficient may come close to a constant
mod coefficients;
pub mod complex;
mod error;
mod error_single;
mod exponential;
mod floating;
mod gamma;
mod hyperbolic;
mod inverse_trigonometric;
mod kernel;
mod logarithm;
mod power;
mod reduction;
pub(crate) mod short;
mod tables;
#[cfg(test)]
#[allow(clippy::approx_constant)]
mod tests;
mod trigonometric;

pub use activation::{
    gelu, gelu_tanh, leaky_relu, log_sigmoid, logaddexp, logaddexp2, relu, sigmoid, silu, softplus,
};
pub use error::{erf, erfc};
pub use exponential::{exp, exp2, expm1};
pub use floating::{
    copysign, deg2rad, floor_divide, fmod, frexp, ldexp, modf, nextafter, rad2deg, remainder,
    round_ties_even, sign, sinc,
};
pub use gamma::{gamma, lgamma};
pub use hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub use inverse_trigonometric::{acos, asin, atan, atan2};
pub use kernel::Kernel;
pub use logarithm::{log, log1p, log2, log10, logit};
pub use power::{cbrt, hypot, pow, sqrt};
pub use trigonometric::{cos, sin, sincos, tan};
