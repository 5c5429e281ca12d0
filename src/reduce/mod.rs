//! Reductions: sums, means, extrema and their positions, counts, cumulative sums.
//!
//! What lives here: the mathematics of reductions ([`kernels`]), which element types have which
//! ([`element`]), shapes and errors ([`axes`]), and the methods of arrays, made from one table
//! ([`methods`]). What may not: loops over strides, threads and blocks, which are the engine's
//! (`engine/reduce`).
//!
//! Arrays come in as layouts and pointers; results leave as values, as fresh arrays in K order, or
//! in outputs that the caller owns. A kernel is named by a hidden function of the element ladder,
//! so that those of built-in types are compiled in this crate.

mod axes;
mod basic;
mod element;
pub(crate) mod kernels;
mod methods;
mod reducer;

pub use element::{Comparable, Summable};
#[doc(hidden)]
pub use kernels::{Extremum, Quantifier, Total};
#[doc(hidden)]
pub use reducer::Reducer;
