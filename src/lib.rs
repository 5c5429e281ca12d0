//! orthant
#![deny(missing_docs)]
mod array;
mod engine;
/// Linear algebra.
pub mod linalg;
pub use array::{Float, FormatElement, FormatOptions, Number, Real, Scalar};
pub use engine::par::with_threads;
pub use num_complex::Complex;
