//! orthant
#![deny(missing_docs)]
mod array;
mod engine;
pub mod math;
/// Linear algebra.
pub mod linalg;
pub use array::{Float, Number, Real, Scalar};
pub use engine::par::with_threads;
pub use num_complex::Complex;
