//! Products by a system BLAS, one call per matrix of the stack.

use std::any::TypeId;

use num_complex::Complex;

use crate::array::{Number, Scalar};
use crate::engine::par;
use crate::linalg::backend::{Backend, Conj, Gemm};
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::stack::Batch;

/// # Safety
/// As [`multiply`](super::multiply::multiply); `T` is one of the four scalars.
pub(super) unsafe fn by_backend<T: Number>(
    backend: Backend,
    a: MatRef<T>,
    b: MatRef<T>,
    c: MatMut<T>,
    batch: &Batch,
) {
    macro_rules! dispatch {
        ($($t:ty),+) => {$(
            if TypeId::of::<T>() == TypeId::of::<$t>() {
                // SAFETY: `T` is this very type, so the pointers are to its elements.
                unsafe {
                    let a = MatRef { ptr: a.ptr.cast::<$t>(), rows: a.rows, cols: a.cols, row_stride: a.row_stride, col_stride: a.col_stride };
                    let b = MatRef { ptr: b.ptr.cast::<$t>(), rows: b.rows, cols: b.cols, row_stride: b.row_stride, col_stride: b.col_stride };
                    let c = MatMut { ptr: c.ptr.cast::<$t>(), rows: c.rows, cols: c.cols, row_stride: c.row_stride, col_stride: c.col_stride };
                    return stack_by_backend(backend, a, b, c, batch);
                }
            }
        )+};
    }
    dispatch!(f64, f32, Complex<f64>, Complex<f32>);
    unreachable!("only scalars go to a backend");
}

/// # Safety
/// As [`by_backend`].
unsafe fn stack_by_backend<T: Scalar>(
    backend: Backend,
    a: MatRef<T>,
    b: MatRef<T>,
    c: MatMut<T>,
    batch: &Batch,
) {
    let one = |i: usize, threads: usize| {
        let (oa, ob, oc) = batch.offsets(i);
        // SAFETY: the caller's promises; offsets lead from member to member.
        unsafe {
            let call = Gemm {
                alpha: T::one(),
                a: a.at(oa),
                conj_a: Conj::No,
                b: b.at(ob),
                conj_b: Conj::No,
                beta: None,
                c: c.at(oc),
            };
            backend.gemm(call, threads);
        }
    };
    if batch.len() == 1 {
        return one(0, par::threads());
    }
    let _single = backend.single_threaded();
    par::for_ranges(batch.len(), 1, par::threads(), |_, range| {
        range.for_each(|i| one(i, 1));
    });
}
