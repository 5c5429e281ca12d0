//! The system's BLAS and LAPACK: OpenBLAS or MKL, through CBLAS and LAPACKE.
//!
//! Everything is validated before a call (the reference `xerbla` ends the process), and layout is
//! settled here: a row-major matrix is the transpose of a column-major one, so LAPACKE's transposing
//! copies are never used (`_work` functions, column-major).

mod eigen;
mod gemm;
mod ldlt;
mod qr;
mod routines;
mod schur;
mod solve;
mod svd;
pub(crate) mod threads;
pub(crate) mod vendor;

use std::ffi::c_int;

pub(super) use eigen::{eig, eigh};
pub(super) use gemm::gemm;
pub(super) use ldlt::ldlt;
pub(super) use qr::qr;
#[doc(hidden)]
pub use routines::Routines;
pub(super) use schur::{hessenberg, schur};
pub(super) use solve::{cholesky, lu, lu_inverse, triangular};
pub(super) use svd::{Query, svd};

use crate::linalg::raw::MatMut;

/// Whether the library's integers can count these extents.
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
pub(super) fn can_count(extents: &[usize]) -> bool {
    extents.iter().all(|&n| c_int::try_from(n).is_ok())
}

/// The leading dimension of a matrix that is column-major for the library.
fn column_ld<T>(x: &MatMut<T>) -> Option<c_int> {
    let rows = x.rows.max(1);
    let ld = match x.cols {
        0 | 1 => rows,
        _ => usize::try_from(x.col_stride)
            .ok()
            .filter(|&ld| ld >= rows)?,
    };
    (x.row_stride == 1 || x.rows <= 1).then_some(())?;
    c_int::try_from(ld).ok()
}

fn int(n: usize) -> c_int {
    c_int::try_from(n).expect("extents beyond i32 do not come here")
}
