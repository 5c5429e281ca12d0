//! The pure-Rust backend: our own factorisations, eigenproblems and SVD; on faer eigenvalues of general complex
//! matrices and pivoted QR.
//!
//! faer gets outputs, workspace and parallelism explicitly. What LAPACK does and faer leaves out is
//! done here: scaling against overflow, our own thresholds for two and more threads.

mod balance;
mod bidiagonal;
mod conquer;
mod dense;
mod eigen;
mod gemm;
#[cfg(test)]
mod hard;
mod hessenberg;
mod householder;
mod qd;
mod qr;
mod schur;
mod svd;
mod symmetric;
mod values;

pub(super) use dense::{
    SMALL, SMALL_INVERSE, Small, cholesky, ldlt, lu, lu_inverse, small, triangular,
};
pub(super) use eigen::eig;
pub(super) use gemm::gemm;
pub(super) use hessenberg::{hessenberg, schur};
pub(super) use qr::qr;
pub(super) use svd::svd;
pub(super) use symmetric::eigh;

use faer::Par;

use crate::linalg::raw::{MatMut, MatRef};

fn parallelism(threads: usize) -> Par {
    if threads > 1 {
        Par::rayon(threads)
    } else {
        Par::Seq
    }
}

/// The part of `a` from `(i, j)` on, `rows` by `cols`.
fn part<T>(a: MatMut<T>, i: usize, j: usize, rows: usize, cols: usize) -> MatMut<T> {
    debug_assert!(i + rows <= a.rows && j + cols <= a.cols);
    let offset = i as isize * a.row_stride + j as isize * a.col_stride;
    MatMut {
        rows,
        cols,
        ..a.at(offset)
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
