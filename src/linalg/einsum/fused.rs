//! Products that are no matrix products: multiply and add elementwise, in blocks that stay in the
//! first-level cache.

use super::pair::Sets;
use super::parse::Label;
use super::single::{copy, multiply, packed, sum};
use super::term::{Axis, Loop, Target, Term, len, merge, offsets};
use crate::array::{Arithmetic, Number};
use crate::engine::simd::level;
use crate::engine::{Kernel, TernaryKernel, TernaryOp, par};
use crate::linalg::error::LinalgError;

/// Elements of a block.
const BLOCK: usize = 1024;

/// Multiply-adds that are worth a second thread.
const PARALLEL: usize = 64 << 10;

/// `a·b + c`, rounded twice where numbers round.
#[derive(Clone, Copy)]
struct MultiplyAdd;

impl<T: Number> TernaryOp<T, T, T, T> for MultiplyAdd {
    #[inline(always)]
    fn apply(a: T, b: T, c: T) -> T {
        a.number_mul(b).number_add(c)
    }
}

/// `c += a·b` over `n` elements.
///
/// # Safety
/// Dense operands of `n` elements, `c` initialised and overlapping neither.
unsafe fn multiply_add<T: Number>(n: usize, a: *const T, b: *const T, c: *mut T) {
    let c: *mut u8 = c.cast();
    let ptrs = [c, a.cast_mut().cast(), b.cast_mut().cast(), c];
    // SAFETY: the caller's promises.
    unsafe { TernaryKernel::<MultiplyAdd, T, T, T, T>::new().run(level(), n, &ptrs, 0) }
}

/// What threads share.
struct Shared<T>(*const T, *const T, *mut T);
// SAFETY: factors are only read, every thread writes other elements of the target.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

/// `out = Σ a·b` where `label`, of the stack, is the fastest axis of both factors: for every entry of
/// the other axes a block of it is multiplied and added up.
///
/// # Safety
/// As [`contract`](super::pair::contract), for factors without labels of their own to sum over.
pub(super) unsafe fn along_stack<T: Number>(
    a: &Term<T>,
    b: &Term<T>,
    out: &Target<T>,
    sets: Sets,
    label: Label,
) -> Result<(), LinalgError> {
    let dense = |term: &Term<T>| {
        let mut axes = term.axes.clone();
        axes.sort_by_key(|axis| {
            (
                axis.label == label,
                std::cmp::Reverse(axis.stride.unsigned_abs()),
            )
        });
        axes.into_iter()
    };
    // SAFETY: the caller's promises; fresh targets are written before they are read.
    unsafe {
        if out.stride(label) != 1 {
            let mut axes = out.axes.clone();
            axes.sort_by_key(|axis| {
                (
                    axis.label == label,
                    std::cmp::Reverse(axis.stride.unsigned_abs()),
                )
            });
            let (target, term) = Term::fresh(axes.into_iter());
            along_stack(a, b, &target, sets, label)?;
            copy(&term, out);
            return Ok(());
        }
        if a.stride(label) != 1 {
            return along_stack(&packed(a, dense(a)), b, out, sets, label);
        }
        if b.stride(label) != 1 {
            return along_stack(a, &packed(b, dense(b)), out, sets, label);
        }
    }
    let axis = |axis: &Axis| Loop {
        len: axis.len,
        strides: [axis.stride, a.stride(axis.label), b.stride(axis.label)],
    };
    let mut outer: Vec<Loop<3>> = out.axes.iter().map(axis).collect();
    merge(&mut outer);
    // The merged axis that `label` is the inner end of; it moves every operand.
    let at = outer.iter().position(|axis| axis.strides == [1; 3]);
    let inner = outer.remove(at.expect("`label` has unit stride everywhere"));
    let summed = a.select(sets.summed).map(|axis| Loop {
        len: axis.len,
        strides: [axis.stride, b.stride(axis.label)],
    });
    let mut summed: Vec<Loop<2>> = summed.collect();
    merge(&mut summed);
    let count = |lens: &mut dyn Iterator<Item = usize>| lens.product::<usize>();
    let k = count(&mut summed.iter().map(|axis| axis.len));
    let blocks = inner.len.div_ceil(BLOCK);
    let tasks = count(&mut outer.iter().map(|axis| axis.len)) * blocks;
    let work = tasks.saturating_mul(k).saturating_mul(inner.len.min(BLOCK));
    let threads = par::threads().min(work / (PARALLEL / 2)).max(1);
    let product = T::arithmetic(Arithmetic::Mul);
    let shared = &Shared(a.ptr, b.ptr, out.ptr);
    par::for_ranges(tasks, 1, threads, |_, tasks| {
        let Shared(a, b, c) = *shared;
        for task in tasks {
            let [to, left, right] = offsets(&outer, task / blocks);
            let start = task % blocks * BLOCK;
            let n = BLOCK.min(inner.len - start);
            let place = |offset: isize| offset + start as isize;
            let c = c.wrapping_offset(place(to));
            for index in 0..k {
                let [x, y] = offsets(&summed, index);
                let a = a.wrapping_offset(place(left) + x);
                let b = b.wrapping_offset(place(right) + y);
                // SAFETY: `n` elements with unit stride from each place on; tasks write different
                // blocks; the first product initialises `c`.
                unsafe {
                    if index == 0 {
                        let ptrs = [c.cast(), a.cast_mut().cast(), b.cast_mut().cast()];
                        product.0.run(level(), n, &ptrs, 0);
                    } else {
                        multiply_add(n, a, b, c);
                    }
                }
            }
        }
    });
    Ok(())
}

/// `out = Σ a·b` without rows and columns, for `k` products each: blocks of products in a buffer,
/// then their sums.
///
/// # Safety
/// As [`along_stack`]; there is a stack.
pub(super) unsafe fn products_then_sums<T: Number>(
    a: &Term<T>,
    b: &Term<T>,
    out: &Target<T>,
    sets: Sets,
    k: usize,
) -> Result<(), LinalgError> {
    let outermost = out
        .axes
        .iter()
        .max_by_key(|axis| axis.stride.unsigned_abs());
    let outermost = *outermost.expect("there is a stack");
    let label = outermost.label;
    let members = out.len() / outermost.len * k;
    let chunk = (8 * BLOCK / members).clamp(1, outermost.len);
    let tasks = outermost.len.div_ceil(chunk);
    let work = members.saturating_mul(outermost.len);
    let threads = par::threads().min(work / (PARALLEL / 2)).max(1);
    let shared = &Shared(a.ptr, b.ptr, out.ptr);
    let (axes_a, axes_b, axes_out) = (&a.axes, &b.axes, &out.axes);
    let failed = std::sync::Mutex::new(Ok(()));
    par::for_ranges(tasks, 1, threads, |_, tasks| {
        let Shared(a, b, c) = *shared;
        for task in tasks {
            let start = task * chunk;
            let n = chunk.min(outermost.len - start);
            let cut = |axes: &[Axis]| -> (isize, Vec<Axis>) {
                let stride = axes
                    .iter()
                    .find(|axis| axis.label == label)
                    .map_or(0, |axis| axis.stride);
                let shorter = axes.iter().map(|&axis| match axis.label == label {
                    true => Axis { len: n, ..axis },
                    false => axis,
                });
                (
                    start as isize * stride,
                    shorter.filter(|axis| axis.len > 1).collect(),
                )
            };
            let term = |ptr: *const T, axes| {
                let (offset, axes) = cut(axes);
                Term::new(ptr.wrapping_offset(offset), axes.into_iter())
            };
            let (a, b) = (term(a, axes_a), term(b, axes_b));
            let (offset, axes) = cut(axes_out);
            let ptr = c.wrapping_offset(offset);
            let out = Target { ptr, axes };
            let summed = a.select(sets.summed).collect::<Vec<_>>();
            debug_assert_eq!(len(&summed), k);
            let (target, term) = Term::fresh(out.axes.iter().copied().chain(summed));
            // SAFETY: the caller's promises; tasks write different entries of the outermost axis.
            let done = unsafe {
                multiply(&a, &b, &target);
                sum(&term, &out)
            };
            if done.is_err() {
                *failed.lock().expect("nothing panics while it is held") = done;
            }
        }
    });
    failed
        .into_inner()
        .expect("nothing panics while it is held")
}
