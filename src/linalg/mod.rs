//! Linear algebra: products and decompositions of matrices and of stacks of matrices.
//!
//! Functions carry NumPy's names, are generic over [`Scalar`](crate::Scalar) (`f32`, `f64` and
//! their complex numbers; products over any [`Number`](crate::Number)), take `(…, M, N)` and treat
//! the leading axes as a stack, in parallel. What can fail by data returns
//! `Result<_, LinalgError>`; results are structs with named fields.
//!
//! # Inside
//! What lives here: the public functions (`products`, `decomposition`), which check shapes,
//! broadcast stacks (`stack`) and hand one raw matrix (`raw`) at a time to `gemm` — our own
//! product driver — or to a [`Backend`]: `lapack` (FFI) or `embedded` (pure Rust). What may not:
//! elementwise loops (those are `engine`'s).

pub(crate) mod backend;
#[cfg(orthant_backend)]
mod decomposition;
mod error;
pub(crate) mod gemm;
mod products;
pub(crate) mod raw;
mod stack;

pub use backend::{Backend, with_backend};
#[cfg(orthant_backend)]
pub use decomposition::{Svd, svd, svd_full, svdvals};
pub use error::LinalgError;
pub use products::{
    Dot, DotDim, MatmulDim, dot, inner, matmul, outer, try_dot, try_inner, try_matmul,
};
