//! orthant
#![deny(missing_docs)]
mod array;
mod engine;
/// Linear algebra.
pub mod linalg;
pub mod math;
pub use array::{Float, Number, Real, Scalar};
pub use engine::par::with_threads;
pub use num_complex::Complex;
