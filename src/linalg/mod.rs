//! Linear algebra.
pub(crate) mod backend;
mod error;
pub(crate) mod raw;

pub use backend::{Backend, with_backend};
pub use error::LinalgError;
