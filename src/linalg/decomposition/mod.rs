//! Decompositions of matrices and stacks of matrices.

mod svd;

pub use svd::{Svd, svd, svd_full, svdvals};
