//! orthant
#![deny(missing_docs)]
mod engine;
pub use engine::par::with_threads;
