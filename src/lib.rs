//! orthant
#![deny(missing_docs)]
mod array;
mod config;
mod engine;
/// Linear algebra.
pub mod linalg;
pub use array::{Float, Number, Real, Scalar};
pub use config::{Config, LibraryConfig, config, show_config};
pub use engine::par::with_threads;
pub use num_complex::Complex;
