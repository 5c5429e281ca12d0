//! What an array is.
mod element;
mod format;
pub use element::{Float, Number, Real, Scalar};
pub use format::{FormatElement, FormatOptions};
