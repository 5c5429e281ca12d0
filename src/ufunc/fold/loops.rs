//! The loops of folds: slab by slab where slabs are wide, else lane by lane or by halves.

use super::super::run::{Side, run_into};
use super::step::Step;
use crate::array::{
    Array, ArrayView, ArrayViewMut, Dimension, IxDyn, Layout, Order, RemoveAxis, ShapeError, unwrap,
};

/// From how many elements in a slab on a fold goes slab by slab and not lane by lane.
pub(super) const WIDE: usize = 32;

pub(super) fn without(shape: &[usize], axis: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape.remove(axis);
    shape
}

pub(super) fn full<T: Copy, D: Dimension>(
    shape: &[usize],
    value: T,
) -> Result<Array<T, D>, ShapeError> {
    let dim = D::from_slice(shape)?;
    let layout = Layout::dense(dim, Order::C);
    let mut out = Array::<T, D>::uninit_layout(layout);
    out.iter_mut().for_each(|slot| {
        slot.write(value);
    });
    // SAFETY: every element was written.
    Ok(unsafe { out.assume_init() })
}

/// The array of identities that folds of nothing are; a mistake without one, also where there are no results.
fn nothing<A: Copy, D: Dimension>(
    step: &Step<A>,
    shape: &[usize],
) -> Result<Array<A, D>, ShapeError> {
    match step.identity {
        Some(identity) => full(shape, identity),
        None => Err(ShapeError::NoIdentity { op: step.name }),
    }
}

/// Whether a fold along an axis goes slab by slab.
fn by_slabs<A, D: RemoveAxis>(x: &ArrayView<'_, A, D>, axis: usize) -> bool {
    let n = x.shape()[axis];
    let slab = x.len() / n.max(1);
    n == 1 || slab >= WIDE || slab == 0
}

/// Whether a fold along an axis is made by halves.
fn by_halves<A: Copy, D: RemoveAxis>(step: &Step<A>, x: &ArrayView<'_, A, D>, axis: usize) -> bool {
    step.reorderable && !by_slabs(x, axis)
}

/// Folds the other slabs along an axis onto the first, which `out` holds.
fn onto_first<A: Copy, D: RemoveAxis>(
    step: &Step<A>,
    x: &ArrayView<'_, A, D>,
    axis: usize,
    mut out: ArrayViewMut<'_, A, D::Smaller>,
) {
    let n = x.shape()[axis];
    if n == 1 {
        step.begin(out);
    } else if by_slabs(x, axis) {
        for i in 1..n {
            step.apply(out.view_mut(), x.index_axis(axis, i));
        }
    } else {
        for (slot, lane) in out.iter_mut().zip(x.lanes(axis)) {
            *slot = step.onto(*slot, lane.iter().skip(1).copied());
        }
    }
}

/// The fold along an axis of elements that are accumulated as they are.
pub(super) fn folded<A: Copy + Send + Sync + 'static, D: RemoveAxis>(
    step: &Step<A>,
    x: ArrayView<'_, A, D>,
    axis: usize,
) -> Result<Array<A, D::Smaller>, ShapeError> {
    if x.shape()[axis] == 0 {
        return nothing(step, &without(x.shape(), axis));
    }
    if by_halves(step, &x, axis) {
        return Ok(halved(step, x, axis));
    }
    let mut out = x.index_axis(axis, 0).map(|&x| x);
    onto_first(step, &x, axis, out.view_mut());
    Ok(out)
}

/// The same into an array of the result's shape.
pub(super) fn folded_into<A: Copy + Send + Sync + 'static>(
    step: &Step<A>,
    x: ArrayView<'_, A, IxDyn>,
    axis: usize,
    mut out: ArrayViewMut<'_, A, IxDyn>,
) -> Result<(), ShapeError> {
    if x.shape()[axis] == 0 || by_halves(step, &x, axis) {
        return out.try_assign(&folded(step, x, axis)?);
    }
    out.try_assign(x.index_axis(axis, 0))?;
    onto_first(step, &x, axis, out);
    Ok(())
}

/// The folds of all beginnings along an axis, in place of the elements.
pub(super) fn accumulated<A: Copy, D: RemoveAxis>(
    step: &Step<A>,
    mut x: ArrayViewMut<'_, A, D>,
    axis: usize,
) {
    let n = x.shape()[axis];
    if x.is_empty() || n < 2 {
        return;
    }
    if x.len() / n >= WIDE {
        for i in 1..n {
            let (done, rest) = x.view_mut().into_split_at(axis, i);
            let from = done.index_axis(axis, i - 1);
            let to = rest.into_index_axis(axis, 0);
            let (from, to) = (Side::of(&from.head), Side::of(&to.head));
            // SAFETY: the kernel's types; `to` is exclusive, disjoint from `from`, and read and
            // written element by element.
            unwrap(unsafe { run_into(to, &[from, to], false, step.cost, step.kernel.0) });
        }
    } else {
        x.lanes_mut(axis).for_each(|lane| step.walk(lane));
    }
}

/// The fold by halves, each of which is one loop over many elements; an odd one out waits.
fn halved<A: Copy + Send + Sync + 'static, D: RemoveAxis>(
    step: &Step<A>,
    x: ArrayView<'_, A, D>,
    axis: usize,
) -> Array<A, D::Smaller> {
    let mut n = x.shape()[axis];
    let (low, high) = x.split_at(axis, n.div_ceil(2));
    let mut work = low.map(|&x| x);
    let (_, fit) = work.view_mut().into_split_at(axis, n % 2);
    step.apply(fit, high);
    n = n.div_ceil(2);
    while n > 1 {
        let (low, high) = work.view_mut().into_split_at(axis, n.div_ceil(2));
        let (_, fit) = low.into_split_at(axis, n % 2);
        let (high, _) = high.split_at(axis, n / 2);
        step.apply(fit, high);
        n = n.div_ceil(2);
    }
    work.index_axis(axis, 0).map(|&x| x)
}
