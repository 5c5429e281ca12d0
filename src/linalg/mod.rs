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
mod banded;
#[cfg(orthant_backend)]
mod cond;
#[cfg(orthant_backend)]
mod decomposition;
mod einsum;
mod error;
#[cfg(orthant_backend)]
mod functions;
pub(crate) mod gemm;
#[cfg(orthant_backend)]
mod hermitian;
#[cfg(orthant_backend)]
mod lanes;
#[cfg(orthant_backend)]
mod lstsq;
mod matrix_dim;
#[cfg(orthant_backend)]
mod members;
mod norms;
#[cfg(orthant_backend)]
mod pca;
mod products;
#[cfg(orthant_backend)]
mod randomized;
pub(crate) mod raw;
#[cfg(orthant_backend)]
mod solve;
#[cfg(orthant_backend)]
mod spaces;
mod special;
mod stack;
#[cfg(orthant_backend)]
mod tensor_solve;

pub use backend::{Backend, with_backend};
#[cfg(orthant_backend)]
pub use banded::{solve_banded, solve_tridiagonal};
#[cfg(orthant_backend)]
pub use cond::{cond, cond_ord};
#[cfg(orthant_backend)]
pub use decomposition::{
    Cholesky, Eig, Eigh, EighGeneralised, Hessenberg, Inertia, Ldlt, Lu, PivotedQr, Qr, QrMode,
    Schur, Svd, cholesky, eig, eigh, eigh_generalised, eigvals, eigvalsh, eigvalsh_generalised,
    hessenberg, ldlt, lu, qr, qr_pivoted, qr_r, schur, svd, svd_full, svdvals,
};
pub use einsum::{
    EinsumError, EinsumKind, EinsumOperands, EinsumPath, EinsumPlan, EinsumStep, einsum,
    einsum_into, einsum_path, einsum_view, einsum_view_mut,
};
pub use error::LinalgError;
#[cfg(orthant_backend)]
pub use functions::{expm, logm, sqrtm};
#[cfg(orthant_backend)]
pub use hermitian::{matrix_rank_hermitian, pinv_hermitian, svd_hermitian, svdvals_hermitian};
#[cfg(orthant_backend)]
pub use lstsq::{Lstsq, lstsq, matrix_rank, matrix_rank_tol, pinv};
pub use matrix_dim::MatrixDim;
pub use norms::{
    Norm, Normed, matrix_norm, matrix_norm_keepdims, norm, norm_axes, norm_axes_keepdims,
    norm_axis, norm_keepdims, norm_ord, vector_norm, vector_norm_axes, vector_norm_axes_keepdims,
    vector_norm_keepdims,
};
#[cfg(orthant_backend)]
pub use pca::{Components, Pca};
pub use products::{
    ContractAxes, Dot, DotDim, MatmulDim, cross, cross_axis, diagonal, dot, inner, kron, matmul,
    matrix_power, matrix_transpose, matvec, multi_dot, outer, tensordot, trace, trace_offset,
    try_cross, try_cross_axis, try_dot, try_inner, try_kron, try_matmul, try_matvec, try_multi_dot,
    try_tensordot, try_trace_offset, try_vdot, try_vecdot, try_vecdot_axis, try_vecmat, vdot,
    vecdot, vecdot_axis, vecmat,
};
#[cfg(orthant_backend)]
pub use randomized::{RandomSketch, svd_randomized, svd_randomized_with};
#[cfg(orthant_backend)]
pub use solve::{
    Diagonal, SlogDet, Uplo, det, each, inv, slogdet, solve, solve_each, solve_posdef,
    solve_triangular,
};
#[cfg(orthant_backend)]
pub use spaces::{Polar, null_space, orth, polar, polar_left};
pub use special::{
    Powers, block_diag, circulant, diag, hilbert, toeplitz, tri, tril, triu, try_block_diag, vander,
};
#[cfg(orthant_backend)]
pub use tensor_solve::{tensorinv, tensorsolve, tensorsolve_axes};
