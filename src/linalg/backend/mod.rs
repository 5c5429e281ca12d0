//! Who does the numerical work: system BLAS/LAPACK through FFI, or pure Rust, in part on faer.
//!
//! Both implement the table of [`Operations`] over raw matrices (`MatRef`, `MatMut`: any strides) and
//! pass one conformance suite (`conformance/`). Data comes in from the public functions of `linalg`, one
//! matrix at a time: they check shapes, broadcast stacks, choose a [`Backend`] once per call with
//! [`active`] or [`product_backend`], and pass it down to their batch workers. What is common to
//! both (empty matrices, non-finite input, sizes beyond `i32`, how many threads) is settled here,
//! so that a backend only sees sound input.
//!
//! No arrays, no public errors with shapes, no loops over stacks in this room. A new decomposition is
//! a struct of arguments here (as in `factor.rs`), one line of the table in `operations.rs`, and one file
//! per backend.

#[cfg(all(test, orthant_backend))]
pub(in crate::linalg) mod calls;
#[cfg(orthant_backend)]
pub(in crate::linalg) mod check;
#[cfg(all(test, orthant_backend))]
mod conformance;
#[cfg(orthant_backend)]
pub(in crate::linalg) mod copy;
#[cfg(feature = "embedded")]
mod embedded;
#[cfg(orthant_backend)]
pub(crate) mod factor;
#[cfg(orthant_backend)]
mod gemm;
mod health;
#[cfg(orthant_backend)]
pub(crate) mod hessenberg;
#[cfg(orthant_lapack)]
pub(crate) mod lapack;
#[cfg(orthant_backend)]
pub(crate) mod ldlt;
#[cfg(orthant_backend)]
pub(crate) mod lstsq;
#[cfg(orthant_backend)]
mod operations;
mod select;
#[cfg(orthant_backend)]
pub(crate) mod solve;
#[cfg(orthant_backend)]
pub(crate) mod spectral;
#[cfg(orthant_backend)]
mod svd;
#[cfg(orthant_backend)]
pub(in crate::linalg) mod workspace;

#[cfg(feature = "openblas-static")]
use openblas_src as _;

#[cfg(orthant_backend)]
pub(crate) use gemm::{Conj, Gemm};
pub(crate) use health::Health;
#[cfg(orthant_backend)]
pub(crate) use select::active;
#[cfg(orthant_backend)]
pub(crate) use select::with_forced;
pub use select::{Backend, with_backend};
pub(crate) use select::{compiled_in, decision, forced, library, product_backend};
#[cfg(orthant_backend)]
pub(crate) use svd::{Svd, SvdJob};
#[cfg(orthant_backend)]
pub(crate) use workspace::Workspace;

#[cfg(orthant_backend)]
use crate::{array::Scalar, engine::par};

/// What the built-in scalars bring along for the backends; a hidden supertrait of [`Scalar`], so
/// that generic code needs no bound of its own and the heavy instantiations live in this crate.
#[doc(hidden)]
pub trait Kernels: Foreign + Operations {}
impl<T: Foreign + Operations> Kernels for T {}

#[cfg(orthant_backend)]
use operations::Call;
#[cfg(orthant_backend)]
#[doc(hidden)]
pub use operations::Operations;
/// Nothing: there is no backend.
#[cfg(not(orthant_backend))]
#[doc(hidden)]
pub trait Operations {}
#[cfg(not(orthant_backend))]
impl<T> Operations for T {}

#[cfg(orthant_lapack)]
#[doc(hidden)]
pub use lapack::Routines as Foreign;

/// Nothing: no system library is compiled in.
#[cfg(not(orthant_lapack))]
#[doc(hidden)]
pub trait Foreign {}
#[cfg(not(orthant_lapack))]
impl<T> Foreign for T {}

#[cfg(orthant_backend)]
impl Backend {
    /// `C = α·op(A)·op(B) + β·C`; empty products are handled.
    ///
    /// # Safety
    /// The operands are as [`MatRef`](super::raw::MatRef) and [`MatMut`](super::raw::MatMut) demand, and
    /// `C` overlaps neither.
    pub(crate) unsafe fn gemm<T: Scalar>(self, call: Gemm<T>, threads: usize) {
        let Gemm { a, b, c, .. } = call;
        assert!(
            a.cols == b.rows && a.rows == c.rows && b.cols == c.cols,
            "gemm: ({}, {})·({}, {}) into ({}, {})",
            a.rows,
            a.cols,
            b.rows,
            b.cols,
            c.rows,
            c.cols
        );
        if c.rows == 0 || c.cols == 0 {
            return;
        }
        if a.cols == 0 {
            // SAFETY: the caller's promise about `c`.
            return unsafe { gemm::scale(call.beta, c) };
        }
        #[cfg(all(orthant_lapack, feature = "embedded"))]
        let this = if self == Backend::Lapack && !lapack::can_count(&[a.rows, a.cols, b.cols]) {
            Backend::Embedded
        } else {
            self
        };
        #[cfg(not(all(orthant_lapack, feature = "embedded")))]
        let this = self;
        let threads = allowed_threads(threads);
        // SAFETY: the caller's promise; shapes were checked and nothing is empty.
        unsafe { T::product(this, call, threads) }
    }
}

/// While it lives, calls of a system library run on one thread.
#[cfg(orthant_backend)]
#[must_use]
pub(crate) struct Single {
    #[cfg(orthant_lapack)]
    _limit: Option<lapack::threads::Limit>,
}

#[cfg(orthant_backend)]
impl Backend {
    /// To be held around a stack whose members are computed one per thread, so that the library's
    /// own threads are stopped once and not in every call.
    pub(crate) fn single_threaded(self) -> Single {
        Single {
            #[cfg(orthant_lapack)]
            _limit: (self == Backend::Lapack).then(|| lapack::threads::limit(1)),
        }
    }
}

/// At most `threads`, fewer where orthant's rules say so: one inside a parallel region of ours, and
/// one in a worker of somebody else's rayon job, where the spin barriers of BLAS and faer under
/// nested rayon have deadlocked.
#[cfg(orthant_backend)]
fn allowed_threads(threads: usize) -> usize {
    if par::in_foreign_worker() {
        1
    } else {
        threads.min(par::threads()).max(1)
    }
}
