//! Where arrays meet the engine: copies, fills, casts, and the elementwise loop behind operators.

use super::dimension::Dimension;
use super::error::ShapeError;
use super::layout::{Layout, broadcast_pair};
use super::plain::is_plain;
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut};
use crate::engine::{self, Cost, Kernel, Operand as Arg, Plan};

/// An array as the engine sees it, over a loop shape that it broadcasts to.
#[inline(always)]
pub(crate) fn arg<T, D: Dimension, Tail: ?Sized>(
    array: &ArrayRef<T, D, Tail>,
    shape: &[usize],
) -> Arg {
    Arg::new(
        array.ptr.as_ptr(),
        array.layout.shape(),
        array.layout.strides(),
        shape,
    )
}

/// The dense layout, in K order, of a fresh array with the shape of this one.
pub(crate) fn k_order<D: Dimension>(layout: Layout<D>) -> Layout<D> {
    if layout.is_c() {
        return Layout::dense(layout.dim(), super::shape::Order::C);
    }
    let one = Arg::new(
        std::ptr::null::<u8>(),
        layout.shape(),
        layout.strides(),
        layout.shape(),
    );
    k_order_of(layout.dim(), &[one])
}

/// The dense layout, in the inputs' common order, of a result of this shape.
#[inline]
pub(crate) fn k_order_of<D: Dimension>(dim: D, inputs: &[Arg]) -> Layout<D> {
    let all = engine::k_order_strides(dim.as_slice(), inputs);
    let mut strides = D::zeroed_strides(dim.ndim());
    let ndim = dim.ndim();
    strides.as_mut().copy_from_slice(&all[..ndim]);
    Layout::new(dim, strides)
}

/// The axes of a dense layout from the outermost in memory to the innermost.
fn memory_axes<D: Dimension>(layout: &Layout<D>) -> ([isize; super::MAX_NDIM], usize) {
    let mut axes = [0; super::MAX_NDIM];
    let ndim = layout.ndim();
    (0..ndim).for_each(|axis| axes[axis] = axis as isize);
    axes[..ndim].sort_by_key(|&axis| std::cmp::Reverse(layout.strides()[axis as usize]));
    (axes, ndim)
}

/// The view with its axes in the order that they have in a dense layout's memory.
pub(crate) fn in_memory_order<'a, T, D: Dimension>(
    view: ArrayView<'a, T, D>,
    layout: &Layout<D>,
) -> ArrayView<'a, T, D> {
    if layout.is_c() {
        return view;
    }
    let (axes, ndim) = memory_axes(layout);
    super::error::unwrap(view.try_permute(&axes[..ndim]))
}

/// A copy with the dense layout given (same shape).
pub(crate) fn copied<T: Clone, D: Dimension>(
    view: ArrayView<'_, T, D>,
    layout: Layout<D>,
) -> Array<T, D> {
    if is_plain::<T>() {
        return copied_plain(view, layout);
    }
    let elements = in_memory_order(view, &layout).iter().cloned().collect();
    Array::from_elements(elements, layout)
}

/// As [`copied`], where the type does not say that elements can be cloned.
pub(crate) fn copied_plain<T, D: Dimension>(
    view: ArrayView<'_, T, D>,
    layout: Layout<D>,
) -> Array<T, D> {
    assert!(is_plain::<T>());
    let mut out = Array::<T, D>::uninit_layout(layout);
    // SAFETY: plain elements may be copied bitwise, and into uninitialised memory; fresh memory
    // overlaps nothing.
    unsafe {
        copy_plain(&mut out.head, &view.head);
        out.assume_init()
    }
}

/// Copies plain elements, broadcasting.
///
/// # Safety
/// `T` (behind `MaybeUninit` or not) is plain; `src` broadcasts to `dst`; they do not overlap.
#[inline]
unsafe fn copy_plain<A, B, D: Dimension, E: Dimension, X: ?Sized, Y: ?Sized>(
    dst: &mut ArrayRef<A, D, X>,
    src: &ArrayRef<B, E, Y>,
) {
    let shape = dst.layout.shape();
    if dst.layout.is_c() && src.layout.is_c() && shape == src.layout.shape() {
        let bytes = dst.layout.len() * size_of::<A>();
        if bytes <= 1 << 14 {
            // SAFETY: both are dense stretches of as many bytes, by the caller's promise disjoint.
            unsafe {
                let (from, to) = (src.ptr.as_ptr().cast::<u8>(), dst.ptr.as_ptr().cast::<u8>());
                std::ptr::copy_nonoverlapping(from, to, bytes);
            }
            return;
        }
    }
    // SAFETY: invariants 2 and 4, and the caller's promise.
    unsafe { engine::copy(shape, arg(dst, shape), arg(src, shape)) }
}

/// Fills with a plain value.
pub(crate) fn fill_plain<A, T, D: Dimension>(dst: ArrayViewMut<'_, A, D>, value: &T) {
    assert!(is_plain::<T>() && size_of::<A>() == size_of::<T>());
    let shape = dst.layout.shape();
    // SAFETY: invariants 2 and 4; the value is plain bits of the elements' type.
    unsafe {
        engine::fill(
            shape,
            arg(&dst.head, shape),
            std::ptr::from_ref(value).cast(),
        )
    }
}

/// Clones `src`, broadcast, into `dst`, which it does not overlap.
pub(crate) fn assign<T: Clone, D: Dimension, E: Dimension>(
    mut dst: ArrayViewMut<'_, T, D>,
    src: ArrayView<'_, T, E>,
) -> Result<(), ShapeError> {
    let src = src.layout.broadcast_to(dst.dim()).map(|layout| {
        // SAFETY: invariant 3: repeated elements are shared.
        unsafe { ArrayView::from_parts(src.head.ptr, layout) }
    })?;
    if is_plain::<T>() {
        // SAFETY: plain, same shape; `dst` is exclusive, so that nothing else is borrowed from it.
        unsafe { copy_plain(&mut dst.head, &src.head) };
    } else {
        for (to, from) in dst.iter_mut().zip(src.iter()) {
            to.clone_from(from);
        }
    }
    Ok(())
}

/// The fresh result of `kernel` over one input.
///
/// # Safety
/// `kernel` reads one operand of type `A` and writes one of type `R`; both are `Copy`.
pub(crate) unsafe fn unary<A, R, D: Dimension>(
    input: &ArrayRef<A, D>,
    cost: Cost,
    kernel: &dyn Kernel,
) -> Array<R, D> {
    let layout = k_order(input.layout);
    let mut out = Array::<R, D>::uninit_layout(layout);
    // SAFETY: the caller's promise; fresh memory overlaps nothing and is written whole.
    unsafe {
        unary_into(&mut out.head, input, cost, kernel);
        out.assume_init()
    }
}

/// Runs `kernel` from one input of the same shape into an output.
///
/// # Safety
/// As [`unary`]; the output is disjoint from the input or the very same elements.
pub(crate) unsafe fn unary_into<A, R, D: Dimension, X: ?Sized, Y: ?Sized>(
    out: &mut ArrayRef<R, D, X>,
    input: &ArrayRef<A, D, Y>,
    cost: Cost,
    kernel: &dyn Kernel,
) {
    // SAFETY: invariants 2 and 4, and the caller's promise.
    unsafe {
        if out.layout.is_c() && input.layout.is_c() {
            let ops = [Arg::dense(out.ptr.as_ptr()), Arg::dense(input.ptr.as_ptr())];
            engine::run_dense(out.layout.len(), &ops, 1, false, cost, kernel);
        } else {
            let shape = out.layout.shape();
            let ops = [arg(out, shape), arg(input, shape)];
            engine::run(&Plan::new(shape, &ops), &ops, 1, false, cost, kernel);
        }
    }
}

/// The fresh result of `kernel` over two inputs that broadcast together.
///
/// # Safety
/// `kernel` reads operands of types `A` and `B` and writes one of type `R`; all are `Copy`.
#[inline]
pub(crate) unsafe fn binary<A, B, R, D: Dimension, E: Dimension, O: Dimension>(
    a: &ArrayRef<A, D>,
    b: &ArrayRef<B, E>,
    cost: Cost,
    kernel: &dyn Kernel,
) -> Result<Array<R, O>, ShapeError> {
    let dim: O = broadcast_pair(a.shape(), b.shape())?;
    let shape = dim.as_slice();
    Layout::<O>::checked_len(shape, size_of::<R>())?;
    let (whole_a, whole_b) = (is_whole(a, shape), is_whole(b, shape));
    if (whole_a || a.ndim() == 0) && (whole_b || b.ndim() == 0) {
        // Dense operands and single values need no plan: this is what small arrays cost.
        let out = Array::<R, O>::uninit_layout(Layout::dense(dim, super::shape::Order::C));
        let ops = [
            Arg::dense(out.head.ptr.as_ptr()),
            flat_arg(a, shape),
            flat_arg(b, shape),
        ];
        // SAFETY: as below.
        return unsafe {
            engine::run_dense(out.len(), &ops, 1, false, cost, kernel);
            Ok(out.assume_init())
        };
    }
    let inputs = [arg(a, shape), arg(b, shape)];
    let out = Array::<R, O>::uninit_layout(k_order_of(dim, &inputs));
    let ops = [arg(&out.head, shape), inputs[0], inputs[1]];
    // SAFETY: the caller's promise; fresh memory overlaps nothing and is written whole.
    unsafe {
        engine::run(&Plan::new(shape, &ops), &ops, 1, false, cost, kernel);
        Ok(out.assume_init())
    }
}

/// An operand of a loop of one axis: dense if it is [whole](is_whole), else a single value.
#[inline]
fn flat_arg<T, D: Dimension>(array: &ArrayRef<T, D>, shape: &[usize]) -> Arg {
    Arg {
        ptr: array.ptr.as_ptr().cast(),
        size: size_of::<T>(),
        strides: [isize::from(is_whole(array, shape)); super::MAX_NDIM],
    }
}

/// Whether an operand is dense in C order over the whole loop shape.
#[inline]
fn is_whole<T, D: Dimension>(array: &ArrayRef<T, D>, shape: &[usize]) -> bool {
    array.shape() == shape && array.layout.is_c()
}

/// Runs `kernel` over two inputs into an output of the shape that they broadcast to.
///
/// # Safety
/// As [`binary`]; each input is disjoint from the output or the very same elements.
#[inline]
pub(crate) unsafe fn binary_into<A, B, R, D: Dimension, E: Dimension, O: Dimension, X: ?Sized>(
    out: &mut ArrayRef<R, O, X>,
    a: &ArrayRef<A, D>,
    b: &ArrayRef<B, E>,
    cost: Cost,
    kernel: &dyn Kernel,
) {
    let shape = out.layout.shape();
    let dense = out.layout.is_c()
        && (is_whole(a, shape) || a.ndim() == 0)
        && (is_whole(b, shape) || b.ndim() == 0);
    // SAFETY: invariants 2 and 4, and the caller's promise.
    unsafe {
        if dense {
            let ops = [
                Arg::dense(out.ptr.as_ptr()),
                flat_arg(a, shape),
                flat_arg(b, shape),
            ];
            engine::run_dense(out.layout.len(), &ops, 1, false, cost, kernel);
        } else {
            let ops = [arg(out, shape), arg(a, shape), arg(b, shape)];
            engine::run(&Plan::new(shape, &ops), &ops, 1, false, cost, kernel);
        }
    }
}
