//! How loops run: from operands with strides to kernels over dense memory.
//!
//! What lives here: planning a loop ([`plan`]), walking it block by block ([`blocks`]), bringing
//! strided memory into dense buffers and back ([`transfer`], [`transpose`], [`stream`]), driving
//! kernels over all of that, sequentially or in parallel ([`drive`]), whole-array copies and fills
//! ([`copy`]), reductions ([`reduce`]), and the dense loops that kernels are built from ([`kernel`],
//! [`cast`]). Threads and instruction sets are chosen in [`par`], [`simd`] and [`cost`].
//!
//! What may not: array types, shapes that own memory, broadcasting rules, errors, mathematics.
//! The engine sees byte pointers, element sizes and strides counted in elements; it is compiled
//! once, allocates nothing and trusts its caller, who has checked shapes and bounds.
//!
//! # The way of an operation
//!
//! ```text
//! Operand::new per array ── Plan::new ── run(plan, ops, …, kernel)
//!                                          │ Contiguous: kernel over ranges of the flat index
//!                                          │ Rows: blocks of rows; kernel per row, or once per
//!                                          │       block when rows are short
//!                                          └ Tiled: the same, disagreeing operands transposed
//!                                                   into an L1 buffer first
//! ```
//!
//! # Contract shared by every `unsafe fn` here
//!
//! 1. Operands are in the order outputs, then inputs; all describe the same loop shape.
//! 2. Every element that an operand's pointer and strides reach within the loop shape lies in one
//!    live allocation; inputs are initialised and readable, outputs writable.
//! 3. Two elements of an output never share memory (no stride 0 on an axis longer than 1).
//! 4. An input and an output are disjoint, or equal: same pointer, size and strides.
//! 5. Element types are `Copy`, `Send` and `Sync`: elements may be moved bitwise and on any thread
//!    (not needed for `for_each_run`, which stays on this thread and moves nothing).

mod blocks;
pub(crate) mod cache;
pub(crate) mod cast;
pub(crate) mod compress;
mod copy;
pub(crate) mod cost;
mod drive;
pub(crate) mod gather;
mod kernel;
mod operand;
pub(crate) mod par;
mod plan;
pub(crate) mod reduce;
pub(crate) mod simd;
mod stream;
#[cfg(feature = "rayon")]
mod team;
mod transfer;
mod transpose;

#[cfg(test)]
mod tests;

pub(crate) use self::{
    blocks::{Order, for_each_run},
    copy::{copy, fill},
    cost::Cost,
    drive::{Flat, run, run_dense, run_seq},
    kernel::{BinaryKernel, BinaryOp, Kernel, TernaryKernel, TernaryOp, UnaryKernel, UnaryOp},
    operand::{MAX_NDIM, MAX_OPERANDS, Operand, k_order_strides},
    plan::Plan,
    simd::Level,
};
