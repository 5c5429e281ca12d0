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
    let (mat_a, mat_c, batch) = merge_rows(mat_a, mat_c, batch);
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match backend::<T>()? {
            #[cfg(orthant_backend)]
            Some(backend) => super::foreign::by_backend(backend, mat_a, mat_b, mat_c, &batch),
            _ => by_driver(mat_a, mat_b, mat_c, &batch),
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

/// The backend that is to multiply elements of this type; `None` for our own driver.
///
/// Our driver is at least as fast as faer's product at every size measured, so that the embedded
/// backend multiplies through it.
fn backend<T: Number>() -> Result<Option<Backend>, LinalgError> {
    let scalar = [
        TypeId::of::<f64>(),
        TypeId::of::<f32>(),
        TypeId::of::<Complex<f64>>(),
        TypeId::of::<Complex<f32>>(),
    ];
    if !scalar.contains(&TypeId::of::<T>()) {
        return Ok(None);
    }
    Ok(product_backend()?.filter(|&backend| backend == Backend::Lapack))
}

/// # Safety
/// As [`multiply`].
unsafe fn by_driver<T: Number>(a: MatRef<T>, b: MatRef<T>, c: MatMut<T>, batch: &Batch) {
    // SAFETY: the caller's promises; offsets lead from member to member.
    unsafe {
        if batch.len() == 1 {
            gemm::gemm(T::one(), a, false, b, false, Beta::Zero, c, par::threads());
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
