//! Decompositions of matrices and stacks of matrices.

#[cfg(any(feature = "embedded", orthant_lapack))]
mod svd;

#[cfg(any(feature = "embedded", orthant_lapack))]
pub use svd::{Svd, svd, svd_full, svdvals};
