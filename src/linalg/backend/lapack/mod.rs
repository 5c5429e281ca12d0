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

use std::ffi::{c_char, c_int};

use cblas_sys::{CBLAS_LAYOUT, CBLAS_TRANSPOSE};
use num_complex::Complex;

pub(super) use eigen::{eig, eigh};
pub(super) use ldlt::ldlt;
pub(super) use qr::qr;
#[doc(hidden)]
pub use routines::Routines;
pub(super) use schur::{hessenberg, schur};
pub(super) use solve::{cholesky, lu, lu_inverse, triangular};
pub(super) use svd::Query;

use super::{Gemm, Implementation, SvdJob, SvdOut, Workspace};
use crate::array::{Number, Scalar};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// The system library.
pub(super) struct Lapack;

impl Implementation for Lapack {
    unsafe fn gemm<T: Scalar>(call: Gemm<T>, threads: usize) {
        let _limit = threads::limit(threads);
        // SAFETY: the same contract.
        unsafe { gemm::gemm(call) }
    }

    unsafe fn svd<T: Scalar>(
        a: MatRef<T>,
        _largest: T::Real,
        job: SvdJob,
        out: SvdOut<'_, T>,
        work: &mut Workspace,
        threads: usize,
    ) -> Result<(), Failure> {
        let _limit = threads::limit(threads);
        // SAFETY: the same contract.
        unsafe { svd::svd(a, job, out, work) }
    }
}

/// Whether the library's integers can count these extents.
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
pub(super) fn can_count(extents: &[usize]) -> bool {
    extents.iter().all(|&n| c_int::try_from(n).is_ok())
}

/// Whether they can count the elements of everything that `gesdd` addresses: full factors and a
/// workspace of some 4·k² + 7·k elements.
pub(super) fn can_count_svd(m: usize, n: usize) -> bool {
    let (most, k) = (m.max(n), m.min(n));
    let elements = most.checked_mul(most).and_then(|full| {
        let square = k.checked_mul(k)?.checked_mul(5)?;
        full.checked_add(square)?
            .checked_add(most.checked_mul(130)?)
    });
    elements.is_some_and(|elements| can_count(&[elements]))
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

/// The library's functions for one scalar.
#[doc(hidden)]
#[allow(missing_docs, clippy::too_many_arguments)]
pub trait Foreign: Number + Routines {
    /// `cblas_?gemm`.
    ///
    /// # Safety
    /// As BLAS demands.
    unsafe fn gemm(
        layout: CBLAS_LAYOUT,
        trans_a: CBLAS_TRANSPOSE,
        trans_b: CBLAS_TRANSPOSE,
        extents: [c_int; 3],
        alpha: Self,
        a: (*const Self, c_int),
        b: (*const Self, c_int),
        beta: Self,
        c: (*mut Self, c_int),
    );

    /// `LAPACKE_?gesdd_work`, column-major; `rwork` is for complex types.
    ///
    /// # Safety
    /// As LAPACK demands.
    unsafe fn gesdd(
        jobz: u8,
        m: c_int,
        n: c_int,
        a: (*mut Self, c_int),
        s: *mut Self::Real,
        u: (*mut Self, c_int),
        vt: (*mut Self, c_int),
        work: (*mut Self, c_int),
        rwork: *mut Self::Real,
        iwork: *mut c_int,
    ) -> c_int;
}

/// Both macro arms differ only in how a scalar is passed (by value, or by pointer to two reals) and
/// in `rwork`.
macro_rules! foreign {
    ($t:ty, $gemm:ident, $gesdd:ident, |$x:ident| $scalar:expr, $ffi:ty, [$($rwork:ident)?]) => {
        impl Foreign for $t {
            unsafe fn gemm(
                layout: CBLAS_LAYOUT,
                trans_a: CBLAS_TRANSPOSE,
                trans_b: CBLAS_TRANSPOSE,
                [m, n, k]: [c_int; 3],
                alpha: Self,
                (a, lda): (*const Self, c_int),
                (b, ldb): (*const Self, c_int),
                beta: Self,
                (c, ldc): (*mut Self, c_int),
            ) {
                #[cfg(test)]
                super::calls::count("gemm");
                let scalar = |$x: &Self| $scalar;
                // SAFETY: the same contract; `Complex<R>` is two `R` in C's layout.
                unsafe {
                    cblas_sys::$gemm(
                        layout, trans_a, trans_b, m, n, k, scalar(&alpha), a.cast::<$ffi>(), lda,
                        b.cast::<$ffi>(), ldb, scalar(&beta), c.cast::<$ffi>(), ldc,
                    );
                }
            }

            unsafe fn gesdd(
                jobz: u8,
                m: c_int,
                n: c_int,
                (a, lda): (*mut Self, c_int),
                s: *mut Self::Real,
                (u, ldu): (*mut Self, c_int),
                (vt, ldvt): (*mut Self, c_int),
                (work, lwork): (*mut Self, c_int),
                _rwork: *mut Self::Real,
                iwork: *mut c_int,
            ) -> c_int {
                #[cfg(test)]
                super::calls::count("gesdd");
                $(let $rwork = _rwork;)?
                // SAFETY: the same contract; `Complex<R>` is two `R` in C's layout.
                unsafe {
                    lapacke_sys::$gesdd(
                        lapacke_sys::LAPACK_COL_MAJOR, jobz as c_char, m, n, a.cast::<$ffi>(), lda, s,
                        u.cast::<$ffi>(), ldu, vt.cast::<$ffi>(), ldvt, work.cast::<$ffi>(), lwork,
                        $($rwork,)? iwork,
                    )
                }
            }
        }
    };
}
foreign!(f32, cblas_sgemm, LAPACKE_sgesdd_work, |x| *x, f32, []);
foreign!(f64, cblas_dgemm, LAPACKE_dgesdd_work, |x| *x, f64, []);
foreign!(
    Complex<f32>,
    cblas_cgemm,
    LAPACKE_cgesdd_work,
    |x| std::ptr::from_ref(x).cast(),
    [f32; 2],
    [rwork]
);
foreign!(
    Complex<f64>,
    cblas_zgemm,
    LAPACKE_zgesdd_work,
    |x| std::ptr::from_ref(x).cast(),
    [f64; 2],
    [rwork]
);
