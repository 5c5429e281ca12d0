//! The pure-Rust backend, on faer.
//!
//! faer gets outputs, workspace and parallelism explicitly. What LAPACK does and faer leaves out is
//! done here: scaling against overflow, Vᴴ instead of V, our own thresholds for two and more threads.

mod balance;
mod dense;
mod eigen;
mod gemm;
mod hessenberg;
mod qr;
mod schur;
mod svd;

pub(super) use dense::{SMALL, Small, cholesky, ldlt, lu, lu_inverse, small, triangular};
pub(super) use eigen::{eig, eigh};
pub(super) use hessenberg::{hessenberg, schur};
pub(super) use qr::qr;

use faer::Par;

use super::{Gemm, Implementation, SvdJob, SvdOut, Workspace};
use crate::array::{Number, Scalar};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Pure Rust, on faer.
pub(super) struct Embedded;

impl Implementation for Embedded {
    unsafe fn gemm<T: Scalar>(call: Gemm<T>, threads: usize) {
        // SAFETY: the same contract.
        unsafe { T::embedded_gemm(call, threads) }
    }

    unsafe fn svd<T: Scalar>(
        a: MatRef<T>,
        largest: T::Real,
        job: SvdJob,
        out: SvdOut<'_, T>,
        work: &mut Workspace,
        threads: usize,
    ) -> Result<(), Failure> {
        // SAFETY: the same contract.
        unsafe { T::embedded_svd(a, largest, job, out, work, threads) }
    }
}

/// The instantiations of faer for one scalar, so that they are compiled in this crate.
#[doc(hidden)]
#[allow(missing_docs, clippy::missing_safety_doc, private_interfaces)]
pub trait Embed: Number {
    /// # Safety
    /// As the method of `Implementation`.
    unsafe fn embedded_gemm(call: Gemm<Self>, threads: usize);
    /// # Safety
    /// As the method of `Implementation`.
    unsafe fn embedded_svd(
        a: MatRef<Self>,
        largest: Self::Real,
        job: SvdJob,
        out: SvdOut<'_, Self>,
        work: &mut Workspace,
        threads: usize,
    ) -> Result<(), Failure>;
}

macro_rules! embed {
    ($($t:ty),+) => {$(
        #[allow(private_interfaces)]
        impl Embed for $t {
            unsafe fn embedded_gemm(call: Gemm<Self>, threads: usize) {
                // SAFETY: the same contract.
                unsafe { gemm::gemm(call, threads) }
            }
            unsafe fn embedded_svd(
                a: MatRef<Self>,
                largest: Self::Real,
                job: SvdJob,
                out: SvdOut<'_, Self>,
                work: &mut Workspace,
                threads: usize,
            ) -> Result<(), Failure> {
                // SAFETY: the same contract.
                unsafe { svd::svd(a, largest, job, out, work, threads) }
            }
        }
    )+};
}
embed!(
    f32,
    f64,
    num_complex::Complex<f32>,
    num_complex::Complex<f64>
);

fn parallelism(threads: usize) -> Par {
    if threads > 1 {
        Par::rayon(threads)
    } else {
        Par::Seq
    }
}

/// faer's view of a matrix to read.
///
/// # Safety
/// `a` stays readable and unwritten for the lifetime that the caller gives the result.
unsafe fn faer_ref<'a, T>(a: MatRef<T>) -> faer::MatRef<'a, T> {
    // SAFETY: the caller's promise; strides count elements in both types.
    unsafe { faer::MatRef::from_raw_parts(a.ptr, a.rows, a.cols, a.row_stride, a.col_stride) }
}

/// faer's view of a matrix to write.
///
/// # Safety
/// `a` stays writable and is used through the result alone for its lifetime. Uninitialised memory
/// may only be given to functions that write before they read.
unsafe fn faer_mut<'a, T>(a: MatMut<T>) -> faer::MatMut<'a, T> {
    // SAFETY: the caller's promise; strides count elements in both types.
    unsafe { faer::MatMut::from_raw_parts_mut(a.ptr, a.rows, a.cols, a.row_stride, a.col_stride) }
}
