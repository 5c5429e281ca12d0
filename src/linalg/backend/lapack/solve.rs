//! LU, Cholesky and triangular systems by `getrf`, `getri`, `potrf` and `trsm`.

use std::ffi::c_int;
use std::ptr::null_mut;

use cblas_sys::{CBLAS_DIAG, CBLAS_LAYOUT, CBLAS_TRANSPOSE, CBLAS_UPLO};
use num_traits::ToPrimitive as _;

use super::{column_ld, int};
use crate::array::{Float, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::factor::{
    Cholesky, Half, Lu, LuInverse, Triangular, column_major, is_column_major,
};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn lu<T: Scalar>(
    call: Lu<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Lu { a, swaps } = call;
    let pivots =
        Pieces::new(work.bytes(Pieces::size::<c_int>(swaps.len()))).take::<c_int>(swaps.len());
    let ld = column_ld(&a).expect("checked");
    // SAFETY: a column-major matrix of these extents; a pivot for each step.
    let info = unsafe {
        T::getrf(
            int(a.rows),
            int(a.cols),
            a.ptr,
            ld,
            pivots.as_mut_ptr().cast(),
        )
    };
    assert!(info >= 0, "getrf rejects its argument {}", -info);
    for (to, from) in swaps.iter_mut().zip(pivots) {
        // SAFETY: `getrf` wrote all of them, counting from 1.
        *to = unsafe { from.assume_init() } as usize - 1;
    }
    Ok(())
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn lu_inverse<T: Scalar>(
    call: LuInverse<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let LuInverse { a, swaps } = call;
    let (n, ld) = (int(a.rows), column_ld(&a).expect("checked"));
    let mut answer = T::zero();
    // SAFETY: with lwork = -1 only `work[0]` is written.
    unsafe { T::getri(n, null_mut(), ld, null_mut(), &mut answer, -1) };
    let lwork = workspace_size(answer, a.rows)?;
    let mut pieces =
        Pieces::new(work.bytes(Pieces::size::<c_int>(a.rows) + Pieces::size::<T>(lwork)));
    let pivots = pieces.take::<c_int>(a.rows);
    for (to, &from) in pivots.iter_mut().zip(swaps) {
        to.write(int(from) + 1);
    }
    let work = pieces.take::<T>(lwork).as_mut_ptr().cast();
    // SAFETY: factors and pivots of `getrf`, a workspace of the size that was asked for.
    let info = unsafe { T::getri(n, a.ptr, ld, pivots.as_ptr().cast(), work, int(lwork)) };
    match info {
        0 => Ok(()),
        1.. => Err(Failure::Singular),
        _ => unreachable!("getri rejects its argument {}", -info),
    }
}

/// The size that a workspace query answered, at least `least`.
pub(super) fn workspace_size<T: Scalar>(answer: T, least: usize) -> Result<usize, Failure> {
    // An f32 answer may have been rounded down.
    let exact = 1.0 + <T::Real as Float>::EPSILON.to_f64();
    let size = (answer.re().to_f64() * exact).ceil().to_usize();
    let size = size.filter(|&size| c_int::try_from(size).is_ok());
    Ok(size.ok_or(Failure::TooLarge)?.max(least).max(1))
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn cholesky<T: Scalar>(
    call: Cholesky<T>,
    _: &mut Workspace,
) -> Result<(), Failure> {
    let Cholesky { a } = call;
    // A row-major lower triangle is the upper one of conj(A) = (Lᵀ)ᴴ·Lᵀ.
    let (uplo, ld) = match column_ld(&a) {
        Some(ld) => (b'L', ld),
        None => (b'U', column_ld(&a.t()).expect("checked")),
    };
    // SAFETY: a column-major matrix of this extent.
    let info = unsafe { T::potrf(uplo, int(a.rows), a.ptr, ld) };
    match info {
        0 => Ok(()),
        1.. => Err(Failure::NotPositiveDefinite),
        _ => unreachable!("potrf rejects its argument {}", -info),
    }
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn triangular<T: Scalar>(
    call: Triangular<T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Triangular {
        t,
        half,
        unit,
        conj,
        b,
    } = call;
    let (n, k) = (b.rows, b.cols);
    let is_row_major = |x: &_| is_column_major::<T>(x);
    let b_column = is_column_major(&b.as_ref());
    let b_direct = b_column || is_row_major(&b.as_ref().t());
    // Conjugation comes with a transposition only.
    let conj = conj && T::IS_COMPLEX;
    let t_column = is_column_major(&t);
    let fits = |columns: bool| {
        let agrees = if columns {
            t_column
        } else {
            is_row_major(&t.t())
        };
        let turned = if columns {
            is_row_major(&t.t())
        } else {
            t_column
        };
        if conj { turned } else { agrees || turned }
    };
    let columns = !b_direct || b_column;
    let t_direct = fits(columns);
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(if t_direct { 0 } else { n * n })
            + Pieces::size::<T>(if b_direct { 0 } else { n * k }),
    ));
    let (t, half, conj) = if t_direct {
        (t, half, conj)
    } else {
        let piece = pieces.take::<T>(n * n).as_mut_ptr().cast::<T>();
        let dense = column_major(piece, n, n);
        // SAFETY: the piece is ours; what lies outside the triangle may be anything.
        unsafe { copy_half(t, half, dense, conj) };
        (dense.as_ref(), half, false)
    };
    let x = if b_direct {
        b
    } else {
        let piece = pieces.take::<T>(n * k).as_mut_ptr().cast::<T>();
        let dense = column_major(piece, n, k);
        // SAFETY: the piece is ours.
        unsafe { copy(b.as_ref(), dense) };
        dense
    };
    let layout = if columns {
        CBLAS_LAYOUT::CblasColMajor
    } else {
        CBLAS_LAYOUT::CblasRowMajor
    };
    let ld = |x: &crate::linalg::raw::MatRef<T>| if columns { x.col_stride } else { x.row_stride };
    let straight = if columns {
        is_column_major(&t)
    } else {
        is_row_major(&t.t())
    };
    let (half, trans, ldt) = if straight && !conj {
        (half, CBLAS_TRANSPOSE::CblasNoTrans, ld(&t))
    } else {
        let trans = if conj {
            CBLAS_TRANSPOSE::CblasConjTrans
        } else {
            CBLAS_TRANSPOSE::CblasTrans
        };
        (half.flip(), trans, ld(&t.t()))
    };
    let uplo = match half {
        Half::Lower => CBLAS_UPLO::CblasLower,
        Half::Upper => CBLAS_UPLO::CblasUpper,
    };
    let diag = if unit {
        CBLAS_DIAG::CblasUnit
    } else {
        CBLAS_DIAG::CblasNonUnit
    };
    let least = |ld: isize, len: usize| int((ld.unsigned_abs()).max(len).max(1));
    let ldt = least(if n == 1 { 1 } else { ldt }, n);
    // SAFETY: a triangle and right-hand sides of these extents in this layout.
    unsafe {
        if k == 1 {
            let incx = if n == 1 { 1 } else { x.row_stride };
            let incx = c_int::try_from(incx).expect("positive and counted");
            T::trsv(layout, uplo, trans, diag, int(n), t.ptr, ldt, x.ptr, incx);
        } else {
            let ldb = if columns {
                least(x.col_stride, n)
            } else {
                least(if n == 1 { 1 } else { x.row_stride }, k)
            };
            let one = T::one();
            T::trsm(
                layout,
                uplo,
                trans,
                diag,
                int(n),
                int(k),
                &one,
                t.ptr,
                ldt,
                x.ptr,
                ldb,
            );
        }
        if !b_direct {
            copy(x.as_ref(), b);
        }
    }
    Ok(())
}

/// Copies one half of `t` with the diagonal and fills the other with zeros.
///
/// # Safety
/// That half is readable, `to` writable.
unsafe fn copy_half<T: Scalar>(
    t: crate::linalg::raw::MatRef<T>,
    half: Half,
    to: crate::linalg::raw::MatMut<T>,
    conj: bool,
) {
    #[cfg(test)]
    crate::linalg::backend::copy::count(&t, &to);
    for j in 0..t.cols {
        for i in 0..t.rows {
            let inside = match half {
                Half::Lower => i >= j,
                Half::Upper => i <= j,
            };
            let from = i as isize * t.row_stride + j as isize * t.col_stride;
            let at = i as isize * to.row_stride + j as isize * to.col_stride;
            // SAFETY: (i, j) is in range of both.
            unsafe {
                let x = if inside {
                    *t.ptr.offset(from)
                } else {
                    T::zero()
                };
                to.ptr.offset(at).write(if conj { x.conj() } else { x });
            }
        }
    }
}
