//! Linear algebra.
pub(crate) mod gemm;
pub(crate) mod raw;
