//! Decompositions of matrices and stacks of matrices.

mod cholesky;
mod lu;
mod svd;

pub use cholesky::{Cholesky, cholesky};
pub use lu::{Lu, lu};
pub use svd::{Svd, svd, svd_full, svdvals};
