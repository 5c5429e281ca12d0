//! Reductions: sums, means, extrema and their positions, counts, cumulative sums and differences.
//!
//! What lives here: the mathematics of reductions ([`kernels`]), which element types have which
//! ([`element`]), shapes and errors ([`axes`]), and the methods of arrays, made from one table
//! ([`methods`]). What may not: loops over strides, threads and blocks, which are the engine's
//! (`engine/reduce`).
//!
//! Arrays come in as layouts and pointers; results leave as values, as fresh arrays in K order, or
//! in outputs that the caller owns. A kernel is named by a hidden function of the element ladder,
//! so that those of built-in types are compiled in this crate.

pub(crate) mod average;
mod axes;
mod basic;
mod count;
pub(crate) mod cumulative;
mod difference;
mod element;
pub(crate) mod float;
pub(crate) mod kernels;
mod lexicographic;
pub(crate) mod logsumexp;
pub(crate) mod magnitude;
pub(crate) mod masked;
mod methods;
mod pair;
pub(crate) mod position;
mod reducer;
#[cfg(test)]
mod tests;
mod variance;

#[doc(hidden)]
pub use cumulative::Scanner;
pub use element::{Comparable, NanComparable, NanSummable, Summable};
#[doc(hidden)]
pub use float::Skipping;
#[doc(hidden)]
pub use kernels::{Extremum, Quantifier, Total};
pub(crate) use lexicographic::Lexicographic;
pub use magnitude::AbsSummable;
#[doc(hidden)]
pub use magnitude::Magnitudes;
#[doc(hidden)]
pub use reducer::{Reducer, Starting};
#[doc(hidden)]
#[allow(unused_imports)] // named in a public trait
pub use variance::Deviations;
pub use variance::{DegreesOfFreedom, Deviation};
