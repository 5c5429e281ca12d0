//! The routines of BLAS and LAPACK behind solvers and decompositions, one line each: the common
//! signature, then how the real and the complex forms are called.

use std::ffi::{c_char, c_int};

use cblas_sys::{CBLAS_DIAG, CBLAS_LAYOUT, CBLAS_SIDE, CBLAS_TRANSPOSE, CBLAS_UPLO};
use lapacke_sys::LAPACK_COL_MAJOR as COL;
use num_complex::Complex;

use crate::array::Number;

macro_rules! routines {
    ($(
        $(#[$meta:meta])*
        fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? {
            real($($real:expr),* $(,)?): $s:path, $d:path;
            complex($($complex:expr),* $(,)?): $c:path, $z:path;
        }
    )+) => {
        /// The library's routines for one scalar, column-major.
        #[doc(hidden)]
        #[allow(missing_docs, clippy::missing_safety_doc, clippy::too_many_arguments)]
        pub trait Routines: Number {
            $($(#[$meta])* unsafe fn $name($($arg: $ty),*) $(-> $ret)?;)+
        }
        routines!(@one f32 $({ $name($($arg: $ty),*) [$($ret)?] $s, $($real),* })+);
        routines!(@one f64 $({ $name($($arg: $ty),*) [$($ret)?] $d, $($real),* })+);
        routines!(@one Complex<f32> $({ $name($($arg: $ty),*) [$($ret)?] $c, $($complex),* })+);
        routines!(@one Complex<f64> $({ $name($($arg: $ty),*) [$($ret)?] $z, $($complex),* })+);
    };
    (@one $t:ty $({ $name:ident($($arg:ident: $ty:ty),*) [$($ret:ty)?] $f:path, $($call:expr),* })+) => {
        #[allow(unused_variables)]
        impl Routines for $t {
            $(unsafe fn $name($($arg: $ty),*) $(-> $ret)? {
                #[cfg(test)]
                crate::linalg::backend::calls::count(stringify!($name));
                // SAFETY: the caller's contract; `Complex<R>` is two `R` in C's layout.
                unsafe { $f($($call),*) }
            })+
        }
    };
}

routines! {
    /// Products.
    fn gemm(layout: CBLAS_LAYOUT, trans_a: CBLAS_TRANSPOSE, trans_b: CBLAS_TRANSPOSE, m: c_int, n: c_int, k: c_int, alpha: *const Self, a: *const Self, lda: c_int, b: *const Self, ldb: c_int, beta: *const Self, c: *mut Self, ldc: c_int) {
        real(layout, trans_a, trans_b, m, n, k, *alpha, a.cast(), lda, b.cast(), ldb, *beta, c.cast(), ldc): cblas_sys::cblas_sgemm, cblas_sys::cblas_dgemm;
        complex(layout, trans_a, trans_b, m, n, k, alpha.cast(), a.cast(), lda, b.cast(), ldb, beta.cast(), c.cast(), ldc): cblas_sys::cblas_cgemm, cblas_sys::cblas_zgemm;
    }
    /// Singular values and vectors, by divide and conquer; `rwork` for complex types.
    fn gesdd(jobz: u8, m: c_int, n: c_int, a: *mut Self, lda: c_int, s: *mut Self::Real, u: *mut Self, ldu: c_int, vt: *mut Self, ldvt: c_int, work: *mut Self, lwork: c_int, rwork: *mut Self::Real, iwork: *mut c_int) -> c_int {
        real(COL, jobz as c_char, m, n, a.cast(), lda, s, u.cast(), ldu, vt.cast(), ldvt, work.cast(), lwork, iwork): lapacke_sys::LAPACKE_sgesdd_work, lapacke_sys::LAPACKE_dgesdd_work;
        complex(COL, jobz as c_char, m, n, a.cast(), lda, s, u.cast(), ldu, vt.cast(), ldvt, work.cast(), lwork, rwork, iwork): lapacke_sys::LAPACKE_cgesdd_work, lapacke_sys::LAPACKE_zgesdd_work;
    }
    /// LU with partial pivoting.
    fn getrf(m: c_int, n: c_int, a: *mut Self, lda: c_int, ipiv: *mut c_int) -> c_int {
        real(COL, m, n, a.cast(), lda, ipiv): lapacke_sys::LAPACKE_sgetrf_work, lapacke_sys::LAPACKE_dgetrf_work;
        complex(COL, m, n, a.cast(), lda, ipiv): lapacke_sys::LAPACKE_cgetrf_work, lapacke_sys::LAPACKE_zgetrf_work;
    }
    /// The inverse from it.
    fn getri(n: c_int, a: *mut Self, lda: c_int, ipiv: *const c_int, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, n, a.cast(), lda, ipiv, work.cast(), lwork): lapacke_sys::LAPACKE_sgetri_work, lapacke_sys::LAPACKE_dgetri_work;
        complex(COL, n, a.cast(), lda, ipiv, work.cast(), lwork): lapacke_sys::LAPACKE_cgetri_work, lapacke_sys::LAPACKE_zgetri_work;
    }
    /// Cholesky.
    fn potrf(uplo: u8, n: c_int, a: *mut Self, lda: c_int) -> c_int {
        real(COL, uplo as c_char, n, a.cast(), lda): lapacke_sys::LAPACKE_spotrf_work, lapacke_sys::LAPACKE_dpotrf_work;
        complex(COL, uplo as c_char, n, a.cast(), lda): lapacke_sys::LAPACKE_cpotrf_work, lapacke_sys::LAPACKE_zpotrf_work;
    }
    /// Bunch–Kaufman factors of a Hermitian matrix.
    fn hetrf(uplo: u8, n: c_int, a: *mut Self, lda: c_int, ipiv: *mut c_int, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, uplo as c_char, n, a.cast(), lda, ipiv, work.cast(), lwork): lapacke_sys::LAPACKE_ssytrf_work, lapacke_sys::LAPACKE_dsytrf_work;
        complex(COL, uplo as c_char, n, a.cast(), lda, ipiv, work.cast(), lwork): lapacke_sys::LAPACKE_chetrf_work, lapacke_sys::LAPACKE_zhetrf_work;
    }
    /// Triangular systems.
    fn trsm(layout: CBLAS_LAYOUT, uplo: CBLAS_UPLO, trans: CBLAS_TRANSPOSE, diag: CBLAS_DIAG, m: c_int, n: c_int, one: *const Self, a: *const Self, lda: c_int, b: *mut Self, ldb: c_int) {
        real(layout, CBLAS_SIDE::CblasLeft, uplo, trans, diag, m, n, *one, a.cast(), lda, b.cast(), ldb): cblas_sys::cblas_strsm, cblas_sys::cblas_dtrsm;
        complex(layout, CBLAS_SIDE::CblasLeft, uplo, trans, diag, m, n, one.cast(), a.cast(), lda, b.cast(), ldb): cblas_sys::cblas_ctrsm, cblas_sys::cblas_ztrsm;
    }
    /// A triangular system with one right-hand side.
    fn trsv(layout: CBLAS_LAYOUT, uplo: CBLAS_UPLO, trans: CBLAS_TRANSPOSE, diag: CBLAS_DIAG, n: c_int, a: *const Self, lda: c_int, x: *mut Self, incx: c_int) {
        real(layout, uplo, trans, diag, n, a.cast(), lda, x.cast(), incx): cblas_sys::cblas_strsv, cblas_sys::cblas_dtrsv;
        complex(layout, uplo, trans, diag, n, a.cast(), lda, x.cast(), incx): cblas_sys::cblas_ctrsv, cblas_sys::cblas_ztrsv;
    }
    /// QR.
    fn geqrf(m: c_int, n: c_int, a: *mut Self, lda: c_int, tau: *mut Self, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, m, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_sgeqrf_work, lapacke_sys::LAPACKE_dgeqrf_work;
        complex(COL, m, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_cgeqrf_work, lapacke_sys::LAPACKE_zgeqrf_work;
    }
    /// QR with column pivoting.
    fn geqp3(m: c_int, n: c_int, a: *mut Self, lda: c_int, jpvt: *mut c_int, tau: *mut Self, work: *mut Self, lwork: c_int, rwork: *mut Self::Real) -> c_int {
        real(COL, m, n, a.cast(), lda, jpvt, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_sgeqp3_work, lapacke_sys::LAPACKE_dgeqp3_work;
        complex(COL, m, n, a.cast(), lda, jpvt, tau.cast(), work.cast(), lwork, rwork): lapacke_sys::LAPACKE_cgeqp3_work, lapacke_sys::LAPACKE_zgeqp3_work;
    }
    /// Q from either.
    fn ungqr(m: c_int, n: c_int, k: c_int, a: *mut Self, lda: c_int, tau: *const Self, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, m, n, k, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_sorgqr_work, lapacke_sys::LAPACKE_dorgqr_work;
        complex(COL, m, n, k, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_cungqr_work, lapacke_sys::LAPACKE_zungqr_work;
    }
    /// Eigenvalues and vectors of a Hermitian matrix, by divide and conquer.
    fn heevd(jobz: u8, uplo: u8, n: c_int, a: *mut Self, lda: c_int, w: *mut Self::Real, work: *mut Self, lwork: c_int, rwork: *mut Self::Real, lrwork: c_int, iwork: *mut c_int, liwork: c_int) -> c_int {
        real(COL, jobz as c_char, uplo as c_char, n, a.cast(), lda, w, work.cast(), lwork, iwork, liwork): lapacke_sys::LAPACKE_ssyevd_work, lapacke_sys::LAPACKE_dsyevd_work;
        complex(COL, jobz as c_char, uplo as c_char, n, a.cast(), lda, w, work.cast(), lwork, rwork, lrwork, iwork, liwork): lapacke_sys::LAPACKE_cheevd_work, lapacke_sys::LAPACKE_zheevd_work;
    }
    /// Eigenvalues and right eigenvectors of any matrix; `wi` and packed vectors for real types, `rwork` for complex ones.
    fn geev(jobvr: u8, n: c_int, a: *mut Self, lda: c_int, w: *mut Self, wi: *mut Self, vr: *mut Self, ldvr: c_int, work: *mut Self, lwork: c_int, rwork: *mut Self::Real) -> c_int {
        real(COL, b'N' as c_char, jobvr as c_char, n, a.cast(), lda, w.cast(), wi.cast(), std::ptr::null_mut(), 1, vr.cast(), ldvr, work.cast(), lwork): lapacke_sys::LAPACKE_sgeev_work, lapacke_sys::LAPACKE_dgeev_work;
        complex(COL, b'N' as c_char, jobvr as c_char, n, a.cast(), lda, w.cast(), std::ptr::null_mut(), 1, vr.cast(), ldvr, work.cast(), lwork, rwork): lapacke_sys::LAPACKE_cgeev_work, lapacke_sys::LAPACKE_zgeev_work;
    }
    /// Hessenberg form.
    fn gehrd(n: c_int, a: *mut Self, lda: c_int, tau: *mut Self, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, n, 1, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_sgehrd_work, lapacke_sys::LAPACKE_dgehrd_work;
        complex(COL, n, 1, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_cgehrd_work, lapacke_sys::LAPACKE_zgehrd_work;
    }
    /// Its transformation.
    fn unghr(n: c_int, a: *mut Self, lda: c_int, tau: *const Self, work: *mut Self, lwork: c_int) -> c_int {
        real(COL, n, 1, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_sorghr_work, lapacke_sys::LAPACKE_dorghr_work;
        complex(COL, n, 1, n, a.cast(), lda, tau.cast(), work.cast(), lwork): lapacke_sys::LAPACKE_cunghr_work, lapacke_sys::LAPACKE_zunghr_work;
    }
    /// The Schur form; `wi` for real types, `rwork` for complex ones.
    fn gees(jobvs: u8, n: c_int, a: *mut Self, lda: c_int, sdim: *mut c_int, w: *mut Self, wi: *mut Self, vs: *mut Self, ldvs: c_int, work: *mut Self, lwork: c_int, rwork: *mut Self::Real) -> c_int {
        real(COL, jobvs as c_char, b'N' as c_char, None, n, a.cast(), lda, sdim, w.cast(), wi.cast(), vs.cast(), ldvs, work.cast(), lwork, std::ptr::null_mut()): lapacke_sys::LAPACKE_sgees_work, lapacke_sys::LAPACKE_dgees_work;
        complex(COL, jobvs as c_char, b'N' as c_char, None, n, a.cast(), lda, sdim, w.cast(), vs.cast(), ldvs, work.cast(), lwork, rwork, std::ptr::null_mut()): lapacke_sys::LAPACKE_cgees_work, lapacke_sys::LAPACKE_zgees_work;
    }
}
