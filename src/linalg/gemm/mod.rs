//! Matrix products: our own blocked driver over our own kernels.
//!
//! Here live C ← alpha·op(A)·op(B) + beta·C for every [`Number`] and any strides ([`gemm`]), many of
//! them at once ([`gemm_batch`]), matrix times vector ([`gemv`]) and dot products ([`dot`]), on raw
//! matrices ([`MatRef`], [`MatMut`]). Shapes are checked, results allocated and backends chosen
//! above; nothing here knows arrays.
//!
//! | file | concern |
//! |---|---|
//! | `simd` | one register of elements |
//! | `micro` | a tile of C in registers: the innermost loop |
//! | `kernels` | which tile functions exist for which type and instruction set |
//! | `pack` | copies of A and B in reading order, and the memory for them |
//! | `cache` | how large a block of A may be |
//! | `transpose` | small squares, for packing |
//! | `driver` | blocking for the caches, cutting C among threads |
//! | `batch` | many products of one shape |
//! | `vector` | matrix–vector and dot |
//! | `columns` | the same for parts of a matrix that is being reduced |
//!
//! The built-in types have kernels compiled in this crate for each SIMD level; any other `Number`
//! (dual numbers, fixed point) runs the same loops on scalar code compiled where it is used.
//! Integers wrap. Floating-point products may be fused with their additions, and the order of
//! additions depends on shapes and level.

mod batch;
#[cfg(feature = "embedded")]
mod columns;
mod driver;
mod kernels;
mod micro;
mod pack;
mod simd;
#[cfg(test)]
mod tests;
pub(super) mod transpose;
mod vector;

use std::any::TypeId;

use num_complex::Complex;

use self::driver::{Factor, Problem};
use self::kernels::{Generic, Tuned};
use self::vector::MatVec;
use crate::array::Number;
use crate::engine::par;
use crate::engine::simd::level;
use crate::linalg::raw::{MatMut, MatRef};

/// What becomes of the values that C (or y) holds before a product.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(test), allow(dead_code))] // complete for whoever accumulates
pub(crate) enum Beta<T> {
    /// They are overwritten unread and may be uninitialised.
    Zero,
    /// The product is added to them.
    One,
    /// They are multiplied by this first.
    Scale(T),
}

/// Evaluates `$then` with `$own` naming the built-in type whose kernels multiply `$t`, if there is
/// one, and returns: the type itself, or the signed integer of its width (wrapping sums and products
/// are the same bits).
///
/// What `$then` defines is not generic, so it is compiled here and not in the crates that call.
macro_rules! with_tuned {
    ($t:ty, $own:ident => $then:expr) => {
        with_tuned!(@ $t, $own => $then;
            f64 = f64; f32 = f32; Complex<f64> = Complex<f64>; Complex<f32> = Complex<f32>;
            i64 = i64; u64 = i64; i32 = i32; u32 = i32; i16 = i16; u16 = i16; i8 = i8; u8 = i8);
        #[cfg(target_pointer_width = "64")]
        with_tuned!(@ $t, $own => $then; isize = i64; usize = i64);
        #[cfg(target_pointer_width = "32")]
        with_tuned!(@ $t, $own => $then; isize = i32; usize = i32);
    };
    (@ $t:ty, $own:ident => $then:expr; $($from:ty = $to:ty);+) => {$(
        if TypeId::of::<$t>() == TypeId::of::<$from>() {
            type $own = $to;
            return $then;
        }
    )+};
}

#[cfg(feature = "embedded")]
pub(in crate::linalg) use columns::Columns;
pub(in crate::linalg) use vector::conj as conjugated;
pub(in crate::linalg) use with_tuned;

/// `C ← alpha·op(A)·op(B) + beta·C` on up to `threads` threads; `op` conjugates complex elements
/// when its flag is set.
///
/// # Safety
/// A and B are readable, C is writable, its elements are distinct and overlap neither; C is
/// initialised unless `beta` is [`Beta::Zero`].
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn gemm<T: Number>(
    alpha: T,
    a: MatRef<T>,
    conj_a: bool,
    b: MatRef<T>,
    conj_b: bool,
    beta: Beta<T>,
    c: MatMut<T>,
    threads: usize,
) {
    // SAFETY: the caller's contract.
    unsafe {
        let Some(accumulate) = prepare(a, b, beta, c) else {
            return;
        };
        if c.cols == 1 || c.rows == 1 {
            return product_vector(alpha, a, conj_a, b, conj_b, accumulate, c, threads);
        }
        let (problem, _) = describe(alpha, a, conj_a, b, conj_b, accumulate, c).orient();
        product(&problem, threads);
    }
}

/// For each `i` in `0..batch`, `C[i] ← A[i]·B[i]`, where `offsets(i)` says how far the operands of
/// member `i` lie behind `a`, `b` and `c`, in elements.
///
/// # Safety
/// As [`gemm`] with [`Beta::Zero`] for each member; the members' C do not overlap.
pub(crate) unsafe fn gemm_batch<T: Number>(
    a: MatRef<T>,
    b: MatRef<T>,
    c: MatMut<T>,
    offsets: impl Fn(usize) -> (isize, isize, isize) + Sync,
    batch: usize,
    threads: usize,
) {
    // SAFETY: the caller's contract.
    unsafe {
        if a.cols == 0 {
            for i in 0..batch {
                let ptr = c.ptr.wrapping_offset(offsets(i).2);
                prepare(a, b, Beta::Zero, MatMut { ptr, ..c });
            }
            return;
        }
        if c.rows == 0 || c.cols == 0 {
            return;
        }
        let (problem, turned) = describe(T::one(), a, false, b, false, false, c).orient();
        product_batch(&problem, turned, &offsets, batch, threads);
    }
}

/// `y ← alpha·op(A)·op(x) + beta·y` on up to `threads` threads.
///
/// # Safety
/// A is readable, x has `a.cols` readable elements, y has `a.rows` distinct writable elements that
/// overlap neither, initialised unless `beta` is [`Beta::Zero`].
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn gemv<T: Number>(
    alpha: T,
    a: MatRef<T>,
    conj_a: bool,
    x: *const T,
    incx: isize,
    conj_x: bool,
    beta: Beta<T>,
    y: *mut T,
    incy: isize,
    threads: usize,
) {
    let b = MatRef {
        ptr: x,
        rows: a.cols,
        cols: 1,
        row_stride: incx,
        col_stride: 0,
    };
    let c = MatMut {
        ptr: y,
        rows: a.rows,
        cols: 1,
        row_stride: incy,
        col_stride: 0,
    };
    // SAFETY: the caller's contract.
    unsafe { gemm(alpha, a, conj_a, b, conj_x, beta, c, threads) }
}

/// `Σ op(x)·y` over `n` elements, where `op` conjugates if `conj_x`; long ones on as many threads as
/// [`par::threads`] allows. Zero for `n = 0`.
///
/// # Safety
/// Both have `n` readable elements.
pub(crate) unsafe fn dot<T: Number>(
    n: usize,
    x: *const T,
    incx: isize,
    y: *const T,
    incy: isize,
    conj_x: bool,
) -> T {
    if n == 0 {
        return T::zero();
    }
    let mut out = T::zero();
    let row = MatRef {
        ptr: x,
        rows: 1,
        cols: n,
        row_stride: 0,
        col_stride: incx,
    };
    let threads = if n < vector::PARALLEL_DOT {
        1
    } else {
        par::threads()
    };
    // SAFETY: the caller's contract; `out` is one element.
    unsafe {
        let one = T::one();
        gemv(
            one,
            row,
            conj_x,
            y,
            incy,
            false,
            Beta::Zero,
            &mut out,
            1,
            threads,
        );
    }
    out
}

/// Does what `beta` asks for beforehand. `None` when nothing is left to do, otherwise whether the
/// product is to be added to C.
unsafe fn prepare<T: Number>(
    a: MatRef<T>,
    b: MatRef<T>,
    beta: Beta<T>,
    c: MatMut<T>,
) -> Option<bool> {
    debug_assert_eq!((a.rows, a.cols, b.cols), (c.rows, b.rows, c.cols));
    if c.rows == 0 || c.cols == 0 {
        return None;
    }
    let for_each = |f: &dyn Fn(*mut T)| {
        for i in 0..c.rows as isize {
            for j in 0..c.cols as isize {
                f(c.ptr.wrapping_offset(i * c.row_stride + j * c.col_stride));
            }
        }
    };
    match beta {
        Beta::Scale(factor) => {
            // SAFETY: C is initialised and writable.
            for_each(&|c| unsafe { *c = factor.number_mul(*c) });
        }
        Beta::Zero if a.cols == 0 => {
            // SAFETY: C is writable.
            for_each(&|c| unsafe { c.write(T::zero()) });
        }
        Beta::Zero | Beta::One => {}
    }
    (a.cols > 0).then_some(!matches!(beta, Beta::Zero))
}

/// The product as the driver wants it.
fn describe<T: Number>(
    alpha: T,
    a: MatRef<T>,
    conj_a: bool,
    b: MatRef<T>,
    conj_b: bool,
    accumulate: bool,
    c: MatMut<T>,
) -> Problem<T> {
    let factor = |f: MatRef<T>, conj: bool| Factor {
        ptr: f.ptr,
        row_stride: f.row_stride,
        col_stride: f.col_stride,
        conj,
    };
    Problem {
        m: c.rows,
        n: c.cols,
        k: a.cols,
        a: factor(a, conj_a && is_complex::<T>()),
        b: factor(b, conj_b && is_complex::<T>()),
        c: c.ptr,
        c_row_stride: c.row_stride,
        c_col_stride: c.col_stride,
        alpha,
        scale: !alpha.is_one(),
        accumulate,
    }
}

/// Whether conjugation changes anything.
pub(crate) fn is_complex<T: 'static>() -> bool {
    let id = TypeId::of::<T>();
    id == TypeId::of::<Complex<f64>>() || id == TypeId::of::<Complex<f32>>()
}

/// A product whose C is one column, or one row: then that of the transposes.
#[allow(clippy::too_many_arguments)]
unsafe fn product_vector<T: Number>(
    alpha: T,
    a: MatRef<T>,
    conj_a: bool,
    b: MatRef<T>,
    conj_b: bool,
    accumulate: bool,
    c: MatMut<T>,
    threads: usize,
) {
    let (a, conj_a, x, conj_x, incy) = if c.cols == 1 {
        (a, conj_a, b, conj_b, c.row_stride)
    } else {
        (b.t(), conj_b, a.t(), conj_a, c.col_stride)
    };
    let p = MatVec {
        m: a.rows,
        n: a.cols,
        a: a.ptr,
        row_stride: a.row_stride,
        col_stride: a.col_stride,
        x: x.ptr,
        incx: x.row_stride,
        y: c.ptr,
        incy,
        alpha,
        scale: !alpha.is_one(),
        accumulate,
        conj_a: conj_a && is_complex::<T>(),
        conj_x: conj_x && is_complex::<T>(),
    };
    // SAFETY: the caller's contract; each type is only renamed to one of the same bits.
    unsafe {
        with_tuned!(T, Own => {
            unsafe fn tuned(p: &MatVec<Own>, threads: usize) {
                // SAFETY: the caller's contract.
                unsafe { vector::run(Own::kernels(level()), p, threads) }
            }
            tuned(&*(&raw const p).cast(), threads)
        });
        vector::run(&Generic::<T>::KERNELS, &p, threads);
    }
}

/// [`driver::run`] with the kernels of `T`.
unsafe fn product<T: Number>(p: &Problem<T>, threads: usize) {
    // SAFETY: as above.
    unsafe {
        with_tuned!(T, Own => {
            unsafe fn tuned(p: &Problem<Own>, threads: usize) {
                // SAFETY: the caller's contract.
                unsafe { driver::run(Own::kernels(level()), p, threads) }
            }
            tuned(&*std::ptr::from_ref(p).cast(), threads)
        });
        driver::run(&Generic::<T>::KERNELS, p, threads);
    }
}

/// [`batch::run_batch`] with the kernels of `T`.
unsafe fn product_batch<T: Number>(
    p: &Problem<T>,
    turned: bool,
    offsets: batch::Offsets<'_>,
    count: usize,
    threads: usize,
) {
    // SAFETY: as above.
    unsafe {
        with_tuned!(T, Own => {
            unsafe fn tuned(p: &Problem<Own>, turned: bool, offsets: batch::Offsets<'_>, count: usize, threads: usize) {
                // SAFETY: the caller's contract.
                unsafe { batch::run_batch(Own::kernels(level()), p, turned, offsets, count, threads) }
            }
            tuned(&*std::ptr::from_ref(p).cast(), turned, offsets, count, threads)
        });
        batch::run_batch(&Generic::<T>::KERNELS, p, turned, offsets, count, threads);
    }
}
