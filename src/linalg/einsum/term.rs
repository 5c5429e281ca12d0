//! An array over labels, and how axes merge.

use std::mem::MaybeUninit;

use super::parse::Label;
use crate::array::{Array, Ix, Ix1, Layout, Order};

/// One axis, longer than 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) label: Label,
    pub(super) len: usize,
    pub(super) stride: isize,
}

/// Memory for an intermediate result.
type Temp<T> = Array<MaybeUninit<T>, Ix1>;

/// A factor: every label once, no axes of length 1 (a factor without an axis is broadcast over it).
pub(super) struct Term<T> {
    pub(super) ptr: *const T,
    pub(super) axes: Vec<Axis>,
    /// What `ptr` points into, for intermediate results.
    #[allow(dead_code)] // held to be freed
    temp: Option<Temp<T>>,
}

/// Where a result goes: every label of it once, no axes of length 1, elements distinct.
pub(super) struct Target<T> {
    pub(super) ptr: *mut T,
    pub(super) axes: Vec<Axis>,
}

fn mask(axes: &[Axis]) -> u64 {
    axes.iter().fold(0, |mask, axis| mask | 1 << axis.label)
}

/// The number of elements.
pub(super) fn len(axes: &[Axis]) -> usize {
    axes.iter().map(|axis| axis.len).product()
}

/// The stride of a label, 0 where there is none.
fn stride(axes: &[Axis], label: Label) -> isize {
    axes.iter()
        .find(|axis| axis.label == label)
        .map_or(0, |axis| axis.stride)
}

impl<T> Term<T> {
    /// The axes of an array; a label that occurs twice stands for the diagonal.
    pub(super) fn new(ptr: *const T, axes: impl Iterator<Item = Axis>) -> Self {
        let mut kept: Vec<Axis> = Vec::with_capacity(crate::array::MAX_NDIM);
        for axis in axes.filter(|axis| axis.len != 1) {
            match kept.iter_mut().find(|other| other.label == axis.label) {
                Some(diagonal) => diagonal.stride += axis.stride,
                None => kept.push(axis),
            }
        }
        Term {
            ptr,
            axes: kept,
            temp: None,
        }
    }

    pub(super) fn mask(&self) -> u64 {
        mask(&self.axes)
    }

    pub(super) fn len(&self) -> usize {
        len(&self.axes)
    }

    pub(super) fn stride(&self, label: Label) -> isize {
        stride(&self.axes, label)
    }

    /// The axes with labels in `set`.
    pub(super) fn select(&self, set: u64) -> impl Iterator<Item = Axis> + '_ {
        self.axes
            .iter()
            .copied()
            .filter(move |axis| set >> axis.label & 1 != 0)
    }

    /// The same elements without axes: one entry of each axis that is not in `axes`.
    pub(super) fn at(&self, offset: isize, axes: Vec<Axis>) -> Term<T> {
        Term {
            ptr: self.ptr.wrapping_offset(offset),
            axes,
            temp: None,
        }
    }

    /// Fresh memory for a result with these labels and extents, in C order, and the term that it
    /// becomes once the target is written.
    pub(super) fn fresh(axes: impl Iterator<Item = Axis>) -> (Target<T>, Term<T>) {
        let mut axes: Vec<Axis> = axes.collect();
        let mut stride = 1;
        for axis in axes.iter_mut().rev() {
            axis.stride = stride;
            stride *= axis.len as isize;
        }
        let layout = Layout::dense(Ix([len(&axes)]), Order::C);
        let temp: Temp<T> = Array::<T, Ix1>::uninit_layout(layout);
        let ptr = temp.head.ptr.as_ptr().cast::<T>();
        let target = Target {
            ptr,
            axes: axes.clone(),
        };
        let term = Term {
            ptr,
            axes,
            temp: Some(temp),
        };
        (target, term)
    }
}

impl<T> Target<T> {
    pub(super) fn mask(&self) -> u64 {
        mask(&self.axes)
    }

    pub(super) fn stride(&self, label: Label) -> isize {
        stride(&self.axes, label)
    }

    pub(super) fn len(&self) -> usize {
        len(&self.axes)
    }
}

/// An axis of a loop over `N` arrays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Loop<const N: usize> {
    pub(super) len: usize,
    pub(super) strides: [isize; N],
}

impl<const N: usize> Loop<N> {
    pub(super) const ONE: Self = Loop {
        len: 1,
        strides: [0; N],
    };

    /// Whether an axis inside this one, in all arrays, continues it.
    fn continues(&self, inner: &Self) -> bool {
        (0..N).all(|op| self.strides[op] == inner.strides[op] * inner.len as isize)
    }
}

/// Sorts axes so that the first array's strides fall, and merges what can be merged.
pub(super) fn merge<const N: usize>(axes: &mut Vec<Loop<N>>) {
    axes.sort_by_key(|axis| std::cmp::Reverse(axis.strides.map(isize::unsigned_abs)));
    let mut kept = 0;
    for at in 0..axes.len() {
        let axis = axes[at];
        if kept > 0 && axes[kept - 1].continues(&axis) {
            let outer = &mut axes[kept - 1];
            outer.len *= axis.len;
            outer.strides = axis.strides;
        } else {
            axes[kept] = axis;
            kept += 1;
        }
    }
    axes.truncate(kept);
}

/// Calls `f` with the innermost `limit` axes for every entry of those around them, and where that
/// lies.
pub(super) fn nest<const N: usize>(
    axes: &[Loop<N>],
    limit: usize,
    f: &mut dyn FnMut(&[Loop<N>], [isize; N]),
) {
    let (outer, inner) = axes.split_at(axes.len().saturating_sub(limit));
    let count: usize = outer.iter().map(|axis| axis.len).product();
    for index in 0..count {
        f(inner, offsets(outer, index));
    }
}

/// Where entry `index`, in C order, of some axes lies.
pub(super) fn offsets<const N: usize>(axes: &[Loop<N>], index: usize) -> [isize; N] {
    let mut rest = index;
    let mut out = [0; N];
    for axis in axes.iter().rev() {
        let at = (rest % axis.len) as isize;
        rest /= axis.len;
        for (out, stride) in out.iter_mut().zip(axis.strides) {
            *out += at * stride;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_merge_where_all_arrays_allow() {
        fn axis<const N: usize>(len: usize, strides: [isize; N]) -> Loop<N> {
            Loop { len, strides }
        }
        let mut axes = vec![axis(4, [1, 3]), axis(2, [12, 36]), axis(3, [4, 12])];
        merge(&mut axes);
        assert_eq!(axes, [axis(24, [1, 3])]);
        let mut axes = vec![axis(3, [4, 1]), axis(4, [1, 3])];
        merge(&mut axes);
        assert_eq!(axes, [axis(3, [4, 1]), axis(4, [1, 3])]);
        let mut axes = vec![axis(3, [-4, 0]), axis(4, [-1, 0])];
        merge(&mut axes);
        assert_eq!(axes, [axis(12, [-1, 0])]);
        assert_eq!(offsets(&[axis(3, [4, 1]), axis(4, [1, 3])], 6), [6, 7]);
        let mut seen = Vec::new();
        nest(
            &[axis(2, [8]), axis(3, [2]), axis(2, [1])],
            1,
            &mut |inner, at| {
                assert_eq!(inner.len(), 1);
                seen.push(at[0]);
            },
        );
        assert_eq!(seen, [0, 2, 4, 8, 10, 12]);
    }
}
