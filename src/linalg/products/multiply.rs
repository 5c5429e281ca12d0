//! Who multiplies: our own driver, or a backend's GEMM for the four scalars.

use std::any::TypeId;
use std::ptr::NonNull;

use num_complex::Complex;

use crate::array::{ArrayView, IxDyn, Layout, Number};
use crate::engine::par;
use crate::linalg::backend::{Backend, product_backend};
use crate::linalg::error::LinalgError;
use crate::linalg::gemm::{self, Beta};
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::stack::{Batch, mat_mut, mat_ref};

/// `C[i] = A[i]·B[i]` over the stack.
///
/// # Safety
/// Ranks are at least 2 and the shapes agree (batch axes of `a` and `b` broadcast to `c`'s); the
/// elements that `layout` names from `c` are writable, distinct, overlap neither operand, and need
/// not be initialised.
pub(super) unsafe fn multiply<T: Number>(
    a: &ArrayView<'_, T, IxDyn>,
    b: &ArrayView<'_, T, IxDyn>,
    c: NonNull<T>,
    layout: &Layout<IxDyn>,
) -> Result<(), LinalgError> {
    let shape = layout.shape();
    let lead = shape.len() - 2;
    let mat_a = mat_ref(a.head.ptr, a.shape(), a.strides());
    let mat_b = mat_ref(b.head.ptr, b.shape(), b.strides());
    let mat_c = mat_mut(c, shape, layout.strides());
    if shape.contains(&0) {
        return Ok(());
    }
    let strides = |view: &ArrayView<'_, T, IxDyn>| {
        let mut out = [0isize; crate::array::MAX_NDIM];
        let own = view.ndim() - 2;
        for axis in 0..own {
            let at = lead - own + axis;
            out[at] = if view.shape()[axis] == 1 {
                0
            } else {
                view.strides()[axis]
            };
        }
        out
    };
    let (sa, sb) = (strides(a), strides(b));
    let batch = Batch::new(
        &shape[..lead],
        [&sa[..lead], &sb[..lead], &layout.strides()[..lead]],
    );
    // SAFETY: the caller's promises, passed on.
    unsafe { multiply_stack(mat_a, mat_b, mat_c, batch) }
}

/// `C[i] = A[i]·B[i]` over a stack whose strides count elements of A, B and C.
///
/// # Safety
/// As [`multiply`]; no extent of C is zero.
pub(in crate::linalg) unsafe fn multiply_stack<T: Number>(
    a: MatRef<T>,
    b: MatRef<T>,
    c: MatMut<T>,
    batch: Batch,
) -> Result<(), LinalgError> {
    let (a, c, batch) = merge_rows(a, c, batch);
    // SAFETY: the caller's promises, passed on.
    unsafe {
        let work = a.rows.saturating_mul(a.cols).saturating_mul(b.cols);
        match backend::<T>(work)? {
            #[cfg(orthant_backend)]
            Some(backend) => super::foreign::by_backend(backend, a, b, c, &batch),
            _ => by_driver(a, b, c, &batch),
        }
    }
    Ok(())
}

/// A stack that shares its right operand is one tall product where rows run on from one member to
/// the next.
fn merge_rows<T>(a: MatRef<T>, c: MatMut<T>, batch: Batch) -> (MatRef<T>, MatMut<T>, Batch) {
    let rows = a.rows as isize;
    match batch.uniform() {
        Some([sa, 0, sc])
            if batch.len() > 1
                && (rows == 1 || (sa == rows * a.row_stride && sc == rows * c.row_stride)) =>
        {
            let all = a.rows * batch.len();
            let row_stride = |stride, own| if rows == 1 { stride } else { own };
            (
                MatRef {
                    rows: all,
                    row_stride: row_stride(sa, a.row_stride),
                    ..a
                },
                MatMut {
                    rows: all,
                    row_stride: row_stride(sc, c.row_stride),
                    ..c
                },
                Batch::new(&[], [&[]; 3]),
            )
        }
        _ => (a, c, batch),
    }
}

/// The backend that is to multiply matrices of this type in so many multiply-adds; `None` for our own driver.
///
/// Our driver is at least as fast as faer's product at every size measured, so that the embedded
/// backend multiplies through it.
fn backend<T: Number>(work: usize) -> Result<Option<Backend>, LinalgError> {
    let scalar = [
        TypeId::of::<f64>(),
        TypeId::of::<f32>(),
        TypeId::of::<Complex<f64>>(),
        TypeId::of::<Complex<f32>>(),
    ];
    if !scalar.contains(&TypeId::of::<T>()) {
        return Ok(None);
    }
    Ok(product_backend(work)?.filter(|&backend| backend == Backend::Lapack))
}

/// Multiply-adds from which a matrix–vector product of a stack is computed as one.
const VECTOR_WORK: usize = 32;

/// Bytes of matrices, per thread, that are worth a thread for a stack of matrix–vector products.
const VECTOR_BYTES: usize = 64 << 10;

/// # Safety
/// As [`multiply`].
unsafe fn by_driver<T: Number>(a: MatRef<T>, b: MatRef<T>, c: MatMut<T>, batch: &Batch) {
    // SAFETY: the caller's promises; offsets lead from member to member.
    unsafe {
        if batch.len() == 1 {
            gemm::gemm(T::one(), a, false, b, false, Beta::Zero, c, par::threads());
        } else if (c.rows == 1 || c.cols == 1)
            && a.rows.saturating_mul(a.cols).saturating_mul(b.cols) >= VECTOR_WORK
        {
            let work = a.rows.saturating_mul(a.cols).saturating_mul(b.cols);
            let bytes = work
                .saturating_mul(size_of::<T>())
                .saturating_mul(batch.len());
            let threads = par::threads().min(bytes / VECTOR_BYTES).max(1);
            par::for_ranges(batch.len(), 1, threads, |_, range| {
                for i in range {
                    let (oa, ob, oc) = batch.offsets(i);
                    let (a, b, c) = (a.at(oa), b.at(ob), c.at(oc));
                    gemm::gemm(T::one(), a, false, b, false, Beta::Zero, c, 1);
                }
            });
        } else if let Some([sa, sb, sc]) = batch.uniform() {
            let offsets = move |i: usize| {
                let i = i as isize;
                (i * sa, i * sb, i * sc)
            };
            gemm::gemm_batch(a, b, c, offsets, batch.len(), par::threads());
        } else {
            gemm::gemm_batch(a, b, c, |i| batch.offsets(i), batch.len(), par::threads());
        }
    }
}
