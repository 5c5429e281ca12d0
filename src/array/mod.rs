//! What an array is.
mod element;
pub use element::{Float, Number, Real, Scalar};
