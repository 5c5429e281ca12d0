//! One factor: its elements in another order, its sums, and the elementwise product of two.

use super::matrix::multiply_matrices;
use super::parse::Label;
use super::term::{Axis, Loop, Target, Term, merge, nest};
use crate::array::{Arithmetic, Number};
use crate::engine::{self, Cost, MAX_NDIM, Operand, Plan};
use crate::linalg::error::LinalgError;

/// Elements that are summed in one go; longer sums are sums of such sums.
const SUM_BLOCK: usize = 1024;

/// A label for the blocks of a long sum.
const BLOCKS: Label = 63;

/// An operand of the engine, and the loop's shape.
fn operand<T, const N: usize>(
    ptr: *const T,
    offset: isize,
    axes: &[Loop<N>],
    which: usize,
) -> Operand {
    let mut operand = Operand::scalar(ptr.wrapping_offset(offset));
    for (stride, axis) in operand.strides.iter_mut().zip(axes) {
        *stride = axis.strides[which];
    }
    operand
}

fn shape<const N: usize>(axes: &[Loop<N>]) -> [usize; MAX_NDIM] {
    let mut shape = [1; MAX_NDIM];
    for (n, axis) in shape.iter_mut().zip(axes) {
        *n = axis.len;
    }
    shape
}

/// Copies a factor to a target with the same labels.
///
/// # Safety
/// Elements of the factor are readable, those of the target writable and elsewhere.
pub(super) unsafe fn copy<T: Number>(a: &Term<T>, out: &Target<T>) {
    let axis = |axis: &Axis| Loop {
        len: axis.len,
        strides: [axis.stride, a.stride(axis.label)],
    };
    let mut axes: Vec<Loop<2>> = out.axes.iter().map(axis).collect();
    merge(&mut axes);
    nest(&axes, MAX_NDIM, &mut |axes, [to, from]| {
        // SAFETY: the caller's promises; `Number` is `Copy + Send + Sync`.
        unsafe {
            let dst = operand(out.ptr.cast_const(), to, axes, 0);
            let src = operand(a.ptr, from, axes, 1);
            engine::copy(&shape(axes)[..axes.len().max(1)], dst, src);
        }
    });
}

/// A dense copy with the axes in this order, which has every label.
///
/// # Safety
/// Elements of the factor are readable.
pub(super) unsafe fn packed<T: Number>(a: &Term<T>, order: impl Iterator<Item = Axis>) -> Term<T> {
    let (target, term) = Term::fresh(order);
    // SAFETY: the caller's promise; the target is fresh.
    unsafe { copy(a, &target) };
    term
}

/// The product, elementwise, of two factors broadcast over the labels of the target.
///
/// # Safety
/// As [`copy`].
pub(super) unsafe fn multiply<T: Number>(a: &Term<T>, b: &Term<T>, out: &Target<T>) {
    let axis = |axis: &Axis| Loop {
        len: axis.len,
        strides: [axis.stride, a.stride(axis.label), b.stride(axis.label)],
    };
    let mut axes: Vec<Loop<3>> = out.axes.iter().map(axis).collect();
    merge(&mut axes);
    let kernel = T::arithmetic(Arithmetic::Mul);
    nest(&axes, MAX_NDIM, &mut |axes, [to, left, right]| {
        let ops = [
            operand(out.ptr.cast_const(), to, axes, 0),
            operand(a.ptr, left, axes, 1),
            operand(b.ptr, right, axes, 2),
        ];
        let shape = shape(axes);
        let plan = Plan::new(&shape[..axes.len().max(1)], &ops);
        // SAFETY: the caller's promises; the kernel is `T`'s own.
        unsafe { engine::run(&plan, &ops, 1, false, Cost::Memory, kernel.0) };
    });
}

/// The factor without the labels outside `keep`, which are summed over.
///
/// # Safety
/// As [`packed`].
pub(super) unsafe fn reduced<T: Number>(a: Term<T>, keep: u64) -> Result<Term<T>, LinalgError> {
    if a.mask() & !keep == 0 {
        return Ok(a);
    }
    let (target, term) = Term::fresh(in_memory_order(a.select(keep)));
    // SAFETY: the caller's promise; the target is fresh.
    unsafe { sum(&a, &target)? };
    Ok(term)
}

pub(super) fn in_memory_order(axes: impl Iterator<Item = Axis>) -> impl Iterator<Item = Axis> {
    let mut axes: Vec<Axis> = axes.collect();
    axes.sort_by_key(|axis| std::cmp::Reverse(axis.stride.unsigned_abs()));
    axes.into_iter()
}

/// Sums a factor over the labels that the target lacks.
///
/// Labels whose axes merge are summed as one axis, by a matrix–vector product with ones; the others
/// afterwards, from what that leaves. Nothing is copied.
///
/// # Safety
/// As [`copy`].
pub(super) unsafe fn sum<T: Number>(a: &Term<T>, out: &Target<T>) -> Result<(), LinalgError> {
    let summed = a.mask() & !out.mask();
    let Some((run, axis)) = best_run(a, summed) else {
        // SAFETY: the caller's promises.
        unsafe { copy(a, out) };
        return Ok(());
    };
    // SAFETY: the caller's promises; intermediate targets are fresh and written whole before they
    // are read.
    unsafe {
        if run != summed {
            let (target, term) = Term::fresh(in_memory_order(a.select(!run)));
            sum(a, &target)?;
            return sum(&term, out);
        }
        if axis.len > 2 * SUM_BLOCK {
            return sum_in_blocks(a, axis, out);
        }
        let ones = vec![T::one(); axis.len];
        let rows = out.axes.iter().map(|axis| Loop {
            len: axis.len,
            strides: [axis.stride, a.stride(axis.label)],
        });
        let k = Loop {
            len: axis.len,
            strides: [axis.strides[0], 1],
        };
        let b = ones.as_ptr();
        multiply_matrices(a.ptr, b, out.ptr, rows.collect(), vec![], k, vec![])
    }
}

/// A long sum as the sum of block sums, which rounds less and needs few ones.
unsafe fn sum_in_blocks<T: Number>(
    a: &Term<T>,
    axis: Loop<1>,
    out: &Target<T>,
) -> Result<(), LinalgError> {
    let (blocks, rest) = (axis.len / SUM_BLOCK, axis.len % SUM_BLOCK);
    let whole = blocks + usize::from(rest > 0);
    let stride = axis.strides[0];
    let label = |label, len, stride| Axis { label, len, stride };
    let within = |len| label(BLOCKS - 1, len, stride);
    let kept: Vec<Axis> = a.select(out.mask()).collect();
    let outer = in_memory_order(kept.iter().copied());
    let (target, term) = Term::<T>::fresh(outer.chain([label(BLOCKS, whole, 0)]));
    let part = |offset: isize, own: &[Axis]| {
        let axes = kept.iter().chain(own).copied().filter(|axis| axis.len > 1);
        a.at(offset, axes.collect())
    };
    let sums = |at: usize, len: usize| {
        let mut axes = target.axes.clone();
        axes.last_mut().expect("blocks come last").len = len;
        axes.retain(|axis| axis.len > 1);
        let ptr = target.ptr.wrapping_add(at);
        Target { ptr, axes }
    };
    let block = label(BLOCKS, blocks, stride * SUM_BLOCK as isize);
    // SAFETY: the caller's promises; both parts of the fresh target are written before it is read.
    unsafe {
        sum(&part(0, &[block, within(SUM_BLOCK)]), &sums(0, blocks))?;
        if rest > 0 {
            let offset = (blocks * SUM_BLOCK) as isize * stride;
            sum(&part(offset, &[within(rest)]), &sums(blocks, 1))?;
        }
        sum(&term, out)
    }
}

/// The labels among `summed` that merge to the longest axis, one with unit stride if possible.
fn best_run<T>(a: &Term<T>, summed: u64) -> Option<(u64, Loop<1>)> {
    let mut best: Option<(u64, Loop<1>)> = None;
    let mut run: Option<(u64, Loop<1>)> = None;
    let mut consider = |run: Option<(u64, Loop<1>)>| {
        let rank = |run: &(u64, Loop<1>)| (run.1.strides[0].unsigned_abs() == 1, run.1.len);
        if run.is_some() && run.as_ref().map(rank) > best.as_ref().map(rank) {
            best = run;
        }
    };
    for axis in in_memory_order(a.select(summed)) {
        let (bit, len, stride) = (1 << axis.label, axis.len, axis.stride);
        run = match run {
            Some((labels, outer)) if outer.strides[0] == stride * len as isize => {
                let len = outer.len * len;
                let strides = [stride];
                Some((labels | bit, Loop { len, strides }))
            }
            other => {
                consider(other);
                let strides = [stride];
                Some((bit, Loop { len, strides }))
            }
        };
    }
    consider(run);
    best
}
