//! Products by CBLAS.

use std::ffi::c_int;

use cblas_sys::{CBLAS_LAYOUT, CBLAS_TRANSPOSE};

use crate::array::Scalar;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::{Conj, Gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// The leading dimension of `a` as a column-major matrix, if it is one.
fn column_ld<T: Copy>(a: &MatRef<T>) -> Option<c_int> {
    let rows = a.rows.max(1);
    let ld = match a.cols {
        0 | 1 => rows,
        _ => usize::try_from(a.col_stride)
            .ok()
            .filter(|&ld| ld >= rows)?,
    };
    (a.row_stride == 1 || a.rows <= 1).then_some(())?;
    c_int::try_from(ld).ok()
}

/// How one operand is handed over, relative to a column-major result.
struct Operand<T> {
    trans: CBLAS_TRANSPOSE,
    ptr: *const T,
    ld: c_int,
    /// Keeps a packed copy alive.
    _packed: Option<Vec<T>>,
}

/// # Safety
/// `a` is readable and initialised.
unsafe fn operand<T: Scalar>(a: MatRef<T>, conj: Conj) -> Operand<T> {
    let conj = conj == Conj::Yes && T::IS_COMPLEX;
    if let (Some(ld), false) = (column_ld(&a), conj) {
        return Operand {
            trans: CBLAS_TRANSPOSE::CblasNoTrans,
            ptr: a.ptr,
            ld,
            _packed: None,
        };
    }
    if let Some(ld) = column_ld(&a.t()) {
        let trans = if conj {
            CBLAS_TRANSPOSE::CblasConjTrans
        } else {
            CBLAS_TRANSPOSE::CblasTrans
        };
        return Operand {
            trans,
            ptr: a.ptr,
            ld,
            _packed: None,
        };
    }
    // Strides that BLAS has no words for, or a conjugate without a transpose: a packed copy.
    let mut packed: Vec<T> = Vec::with_capacity(a.rows * a.cols);
    let to = column_major(packed.as_mut_ptr(), a.rows, a.cols);
    // SAFETY: `a` is readable, the fresh vector has room and is not `a`; the copy initialises all of it.
    unsafe {
        copy_with(a, to, |x| if conj { x.conj() } else { x });
        packed.set_len(a.rows * a.cols);
    }
    Operand {
        trans: CBLAS_TRANSPOSE::CblasNoTrans,
        ptr: packed.as_ptr(),
        ld: int(a.rows),
        _packed: Some(packed),
    }
}

/// # Safety
/// As the method of `Backend`; nothing is empty.
pub(in crate::linalg::backend) unsafe fn gemm<T: Scalar>(call: Gemm<T>) {
    let Gemm {
        alpha,
        a,
        conj_a,
        b,
        conj_b,
        beta,
        c,
    } = call;
    if column_ld(&c.as_ref()).is_none() {
        if column_ld(&c.t().as_ref()).is_some() {
            // Cᵀ = op(B)ᵀ·op(A)ᵀ is column-major.
            let call = Gemm {
                a: b.t(),
                conj_a: conj_b,
                b: a.t(),
                conj_b: conj_a,
                c: c.t(),
                ..call
            };
            // SAFETY: the same matrices under other names.
            return unsafe { gemm(call) };
        }
        let mut dense: Vec<T> = Vec::with_capacity(c.rows * c.cols);
        let to = column_major(dense.as_mut_ptr(), c.rows, c.cols);
        // SAFETY: the vector has room for `to`, which overlaps nothing; it is initialised before it
        // is read, by the first copy or (without β) by the product.
        unsafe {
            if beta.is_some() {
                copy(c.as_ref(), to);
            }
            gemm(Gemm { c: to, ..call });
            copy(to.as_ref(), c);
        }
        return;
    }
    let ldc = column_ld(&c.as_ref()).expect("checked above");
    // SAFETY: the caller's promise.
    let (a_op, b_op) = unsafe { (operand(a, conj_a), operand(b, conj_b)) };
    // SAFETY: shapes agree, leading dimensions are at least the rows and fit, the pointers cover the
    // matrices; with β = 0 BLAS does not read C.
    unsafe {
        T::gemm(
            CBLAS_LAYOUT::CblasColMajor,
            a_op.trans,
            b_op.trans,
            int(c.rows),
            int(c.cols),
            int(a.cols),
            &alpha,
            a_op.ptr,
            a_op.ld,
            b_op.ptr,
            b_op.ld,
            &beta.unwrap_or(T::zero()),
            c.ptr,
            ldc,
        );
    }
}

fn column_major<T>(ptr: *mut T, rows: usize, cols: usize) -> MatMut<T> {
    MatMut {
        ptr,
        rows,
        cols,
        row_stride: 1,
        col_stride: rows as isize,
    }
}

fn int(n: usize) -> c_int {
    c_int::try_from(n).expect("extents beyond i32 do not come here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blas_takes() {
        let mat = |rows, cols, row_stride, col_stride| MatRef {
            ptr: std::ptr::NonNull::<f64>::dangling().as_ptr().cast_const(),
            rows,
            cols,
            row_stride,
            col_stride,
        };
        for (a, yes) in [
            (mat(3, 4, 4, 1), true),
            (mat(3, 4, 1, 3), true),
            (mat(3, 4, 9, 1), true),
            (mat(3, 4, 1, 9), true),
            (mat(3, 4, 8, 2), false),
            (mat(3, 4, -4, 1), false),
            (mat(3, 4, 4, -1), false),
            (mat(3, 4, 0, 1), false),
            (mat(3, 4, 1, 1), false),
            (mat(1, 4, 0, 1), true),
            (mat(1, 4, -7, 3), true),
            (mat(4, 1, 3, 0), true),
            (mat(4, 1, 1, -5), true),
            (mat(4, 1, -1, 1), false),
            (mat(1, 1, -1, -1), true),
            (mat(3, 4, 1, i32::MAX as isize + 1), false),
        ] {
            let taken = column_ld(&a).is_some() || column_ld(&a.t()).is_some();
            assert_eq!(taken, yes, "{a:?}");
        }
    }
}
