//! The layout algebra: shape and strides as a pure value, apart from any memory.
//!
//! Each operation that makes a view returns the offset of the new first element (in elements,
//! relative to the old one) and the new layout. Nothing here touches elements; callers add the
//! offset to a pointer and rely on: *every element the new layout reaches was reached by the old
//! one* (invariant 3 of the room), which the tests check exhaustively on small layouts.

mod overlap;
mod reshape;
#[cfg(test)]
mod tests;

use super::axis::{Axis, resolve_index};
use super::dimension::{Dimension, Ix, IxDyn};
use super::error::ShapeError;
use super::lattice::{InsertAxis, RemoveAxis};
use super::shape::Order;

pub(crate) use overlap::{Region, may_overlap};
pub(crate) use reshape::broadcast_pair;

/// Extents and strides (in elements) of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout<D: Dimension> {
    shape: D,
    strides: D::Strides,
}

/// A view: where it starts relative to its parent, and its layout.
pub(crate) type View<D> = (isize, Layout<D>);

impl<D: Dimension> Layout<D> {
    #[inline(always)]
    pub(crate) fn new(shape: D, strides: D::Strides) -> Self {
        Layout { shape, strides }
    }

    /// The layout with this shape and these strides, if the rank fits the type.
    #[inline]
    pub(crate) fn from_slices(shape: &[usize], strides: &[isize]) -> Result<Self, ShapeError> {
        let shape = D::from_slice(shape)?;
        let mut out = D::zeroed_strides(shape.ndim());
        out.as_mut().copy_from_slice(strides);
        Ok(Layout {
            shape,
            strides: out,
        })
    }

    /// The dense layout of a shape whose size has been checked.
    #[inline]
    pub(crate) fn dense(shape: D, order: Order) -> Self {
        let mut strides = D::zeroed_strides(shape.ndim());
        dense_strides(shape.as_slice(), strides.as_mut(), order);
        Layout { shape, strides }
    }

    /// The number of elements of a shape, if their bytes fit an `isize` (length-0 axes do not hide
    /// an overflow of the others, as in NumPy).
    #[inline]
    pub(crate) fn checked_len(shape: &[usize], size: usize) -> Result<usize, ShapeError> {
        let mut bytes = size.max(1);
        let mut empty = false;
        for &n in shape {
            empty |= n == 0;
            bytes = match bytes.checked_mul(n.max(1)) {
                Some(bytes) if bytes <= isize::MAX as usize => bytes,
                _ => {
                    return Err(ShapeError::Overflow {
                        shape: shape.to_vec(),
                    });
                }
            };
        }
        Ok(if empty { 0 } else { bytes / size.max(1) })
    }

    #[inline(always)]
    pub(crate) fn dim(&self) -> D {
        self.shape
    }
    #[inline(always)]
    pub(crate) fn shape(&self) -> &[usize] {
        self.shape.as_slice()
    }
    #[inline(always)]
    pub(crate) fn strides(&self) -> &[isize] {
        self.strides.as_ref()
    }
    #[inline(always)]
    pub(crate) fn ndim(&self) -> usize {
        self.shape.ndim()
    }
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// Whether elements lie in memory without gaps in C order.
    #[inline]
    pub(crate) fn is_c(&self) -> bool {
        let mut expected = 1;
        for (&n, &stride) in self.shape().iter().zip(self.strides()).rev() {
            if n == 0 {
                return true;
            }
            if n != 1 {
                if stride != expected {
                    return self.shape().contains(&0);
                }
                expected *= n as isize;
            }
        }
        true
    }

    /// Whether elements lie in memory without gaps in F order.
    #[inline]
    pub(crate) fn is_f(&self) -> bool {
        let mut expected = 1;
        for (&n, &stride) in self.shape().iter().zip(self.strides()) {
            if n == 0 {
                return true;
            }
            if n != 1 {
                if stride != expected {
                    return self.shape().contains(&0);
                }
                expected *= n as isize;
            }
        }
        true
    }

    /// Whether elements fill a stretch of memory without gaps, starting at the first element, in
    /// C order under some permutation of the axes.
    pub(crate) fn is_dense(&self) -> bool {
        if self.is_c() || self.is_f() {
            return true;
        }
        let mut axes: [(isize, usize); super::MAX_NDIM] = [(0, 0); super::MAX_NDIM];
        let mut count = 0;
        for (&n, &stride) in self.shape().iter().zip(self.strides()) {
            if n != 1 {
                axes[count] = (stride, n);
                count += 1;
            }
        }
        let axes = &mut axes[..count];
        axes.sort_unstable();
        let mut expected = 1;
        axes.iter().all(|&(stride, n)| {
            let fits = stride == expected;
            expected *= n as isize;
            fits
        })
    }

    /// The lowest and highest element offset that is reached; `None` when empty.
    #[inline]
    pub(crate) fn extent(&self) -> Option<(isize, isize)> {
        let (mut low, mut high) = (0, 0);
        for (&n, &stride) in self.shape().iter().zip(self.strides()) {
            if n == 0 {
                return None;
            }
            let reach = (n as isize - 1) * stride;
            if reach < 0 {
                low += reach
            } else {
                high += reach
            }
        }
        Some((low, high))
    }

    /// The offset of one element.
    #[inline(always)]
    pub(crate) fn offset(&self, index: &[usize]) -> isize {
        index
            .iter()
            .zip(self.strides())
            .map(|(&i, &s)| i as isize * s)
            .sum()
    }

    /// The offset of one element given by possibly negative indices, if in bounds.
    #[inline(always)]
    pub(crate) fn checked_offset(&self, index: &[isize]) -> Option<isize> {
        if index.len() != self.ndim() {
            return None;
        }
        let mut offset = 0;
        for ((&i, &n), &stride) in index.iter().zip(self.shape()).zip(self.strides()) {
            offset += resolve_index(i, n)? as isize * stride;
        }
        Some(offset)
    }

    /// Why [`checked_offset`](Self::checked_offset) failed.
    #[cold]
    pub(crate) fn index_error(&self, index: &[isize]) -> ShapeError {
        if index.len() != self.ndim() {
            return if index.len() > self.ndim() {
                ShapeError::TooManyIndices {
                    ndim: self.ndim(),
                    given: index.len(),
                }
            } else {
                ShapeError::IndexRank {
                    given: index.len(),
                    shape: self.shape().to_vec(),
                }
            };
        }
        let bad = (0..index.len()).find(|&a| resolve_index(index[a], self.shape()[a]).is_none());
        let axis = bad.unwrap_or(0);
        ShapeError::Index {
            index: index[axis],
            axis,
            len: self.shape()[axis],
        }
    }

    /// The same layout with its rank known otherwise.
    #[inline]
    pub(crate) fn with_rank<E: Dimension>(&self) -> Result<Layout<E>, ShapeError> {
        Layout::from_slices(self.shape(), self.strides())
    }

    /// The same layout with its rank known at run time.
    #[inline]
    pub(crate) fn to_dyn(self) -> Layout<IxDyn> {
        match self.with_rank() {
            Ok(layout) => layout,
            Err(_) => unreachable!("IxDyn holds MAX_NDIM axes"),
        }
    }

    /// The axes in the order given (NumPy's `transpose(axes)`).
    pub(crate) fn permute(&self, axes: &[isize]) -> Result<Self, ShapeError> {
        let ndim = self.ndim();
        if axes.len() != ndim {
            return Err(ShapeError::Axes {
                op: "permute",
                axes: axes.to_vec(),
                ndim,
            });
        }
        let mut out = *self;
        let mut seen = [false; super::MAX_NDIM];
        for (to, &axis) in axes.iter().enumerate() {
            let from = Axis(axis).resolve(ndim)?;
            if std::mem::replace(&mut seen[from], true) {
                return Err(ShapeError::RepeatedAxis {
                    op: "permute",
                    axes: axes.to_vec(),
                });
            }
            out.set_axis(to, self.shape()[from], self.strides()[from]);
        }
        Ok(out)
    }

    /// All axes reversed (NumPy's `.T`).
    #[inline]
    pub(crate) fn reversed(mut self) -> Self {
        self.shape.as_mut_slice().reverse();
        self.strides.as_mut().reverse();
        self
    }

    pub(crate) fn swap_axes(mut self, a: Axis, b: Axis) -> Result<Self, ShapeError> {
        let (a, b) = (a.resolve(self.ndim())?, b.resolve(self.ndim())?);
        self.shape.as_mut_slice().swap(a, b);
        self.strides.as_mut().swap(a, b);
        Ok(self)
    }

    /// One axis moved, the others in order (NumPy's `moveaxis`).
    pub(crate) fn move_axis(mut self, from: Axis, to: Axis) -> Result<Self, ShapeError> {
        let (from, to) = (from.resolve(self.ndim())?, to.resolve(self.ndim())?);
        let (low, high) = (from.min(to), from.max(to) + 1);
        let shape = &mut self.shape.as_mut_slice()[low..high];
        let strides = &mut self.strides.as_mut()[low..high];
        if from < to {
            shape.rotate_left(1);
            strides.rotate_left(1);
        } else {
            shape.rotate_right(1);
            strides.rotate_right(1);
        }
        Ok(self)
    }

    /// One axis backwards.
    pub(crate) fn flip(mut self, axis: Axis) -> Result<View<D>, ShapeError> {
        let axis = axis.resolve(self.ndim())?;
        let stride = self.strides()[axis];
        self.strides.as_mut()[axis] = -stride;
        Ok(self.starting_at((self.shape()[axis] as isize - 1) * stride))
    }

    /// The view that starts `offset` elements further on. An empty one starts where its parent did:
    /// there may be nothing beyond that a pointer could be moved to.
    #[inline]
    pub(crate) fn starting_at(self, offset: isize) -> View<D> {
        let empty = self.shape().contains(&0);
        (if empty { 0 } else { offset }, self)
    }

    /// `start`, `len` and `step` (already clipped) of one axis.
    pub(crate) fn cut(mut self, axis: usize, start: isize, len: usize, step: isize) -> View<D> {
        let stride = self.strides()[axis];
        self.set_axis(axis, len, if len > 1 { stride * step } else { stride });
        self.starting_at(start * stride)
    }

    #[inline]
    pub(crate) fn set_stride(&mut self, axis: usize, stride: isize) {
        self.strides.as_mut()[axis] = stride;
    }

    #[inline]
    fn set_axis(&mut self, axis: usize, len: usize, stride: isize) {
        self.shape.as_mut_slice()[axis] = len;
        self.strides.as_mut()[axis] = stride;
    }

    /// One entry of an axis, which disappears.
    #[inline]
    pub(crate) fn index_axis(
        &self,
        axis: Axis,
        index: isize,
    ) -> Result<View<D::Smaller>, ShapeError>
    where
        D: RemoveAxis,
    {
        let axis = axis.resolve(self.ndim())?;
        let len = self.shape()[axis];
        let at = resolve_index(index, len).ok_or(ShapeError::Index { index, axis, len })?;
        let offset = at as isize * self.strides()[axis];
        Ok(self.remove_axis(axis).starting_at(offset))
    }

    /// The layout without one axis; the caller has checked that there is one.
    #[inline]
    pub(crate) fn remove_axis(&self, axis: usize) -> Layout<D::Smaller>
    where
        D: RemoveAxis,
    {
        let mut shape = D::Smaller::zeroed(self.ndim() - 1);
        let mut strides = D::Smaller::zeroed_strides(self.ndim() - 1);
        for from in (0..self.ndim()).filter(|&from| from != axis) {
            let to = from - usize::from(from > axis);
            shape.as_mut_slice()[to] = self.shape()[from];
            strides.as_mut()[to] = self.strides()[from];
        }
        Layout { shape, strides }
    }

    /// A length-1 axis in front of `axis` (NumPy's `expand_dims`; the range is that of the result).
    pub(crate) fn insert_axis(&self, axis: Axis) -> Result<Layout<D::Larger>, ShapeError>
    where
        D: InsertAxis,
    {
        let ndim = self.ndim() + 1;
        let axis = axis.resolve(ndim)?;
        if ndim > super::MAX_NDIM {
            return Err(ShapeError::TooManyAxes { ndim });
        }
        let mut shape = D::Larger::zeroed(ndim);
        let mut strides = D::Larger::zeroed_strides(ndim);
        for to in 0..ndim {
            let from = to - usize::from(to > axis);
            shape.as_mut_slice()[to] = if to == axis { 1 } else { self.shape()[from] };
            strides.as_mut()[to] = if to == axis { 0 } else { self.strides()[from] };
        }
        Ok(Layout { shape, strides })
    }

    /// Without one axis, which must have length 1.
    pub(crate) fn squeeze_axis(&self, axis: Axis) -> Result<Layout<D::Smaller>, ShapeError>
    where
        D: RemoveAxis,
    {
        let axis = axis.resolve(self.ndim())?;
        if self.shape()[axis] != 1 {
            return Err(ShapeError::Squeeze {
                axis,
                shape: self.shape().to_vec(),
            });
        }
        Ok(self.remove_axis(axis))
    }

    /// Without all axes of length 1.
    pub(crate) fn squeeze(&self) -> Layout<IxDyn> {
        let kept = || (0..self.ndim()).filter(|&axis| self.shape()[axis] != 1);
        let ndim = kept().count();
        let mut out = Layout {
            shape: IxDyn::zeroed(ndim),
            strides: IxDyn::zeroed_strides(ndim),
        };
        for (to, from) in kept().enumerate() {
            out.set_axis(to, self.shape()[from], self.strides()[from]);
        }
        out
    }

    /// The diagonal of two axes, which is appended as the last axis (NumPy's `diagonal`).
    pub(crate) fn diagonal(
        &self,
        offset: isize,
        first: Axis,
        second: Axis,
    ) -> Result<View<D::Smaller>, ShapeError>
    where
        D: RemoveAxis,
    {
        let ndim = self.ndim();
        let (a, b) = (first.resolve(ndim)?, second.resolve(ndim)?);
        if a == b {
            return Err(ShapeError::RepeatedAxis {
                op: "diagonal",
                axes: vec![first.0, second.0],
            });
        }
        let (rows, cols) = (self.shape()[a] as isize, self.shape()[b] as isize);
        // No array has `isize::MAX` diagonals.
        let (skip_a, skip_b) = (offset.saturating_neg().max(0), offset.max(0));
        let len = (rows - skip_a).min(cols - skip_b).max(0);
        let mut out = Layout {
            shape: D::Smaller::zeroed(ndim - 1),
            strides: D::Smaller::zeroed_strides(ndim - 1),
        };
        for (to, from) in (0..ndim).filter(|&axis| axis != a && axis != b).enumerate() {
            out.shape.as_mut_slice()[to] = self.shape()[from];
            out.strides.as_mut()[to] = self.strides()[from];
        }
        out.shape.as_mut_slice()[ndim - 2] = len as usize;
        out.strides.as_mut()[ndim - 2] = self.strides()[a] + self.strides()[b];
        if len == 0 {
            return Ok((0, out));
        }
        Ok(out.starting_at(skip_a * self.strides()[a] + skip_b * self.strides()[b]))
    }
}

impl Layout<Ix<2>> {
    pub(crate) fn row(&self, index: isize) -> Result<View<Ix<1>>, ShapeError> {
        self.index_axis(Axis(0), index)
    }
    pub(crate) fn column(&self, index: isize) -> Result<View<Ix<1>>, ShapeError> {
        self.index_axis(Axis(1), index)
    }
}

/// Dense strides of `shape` in `order`; axes of length 0 count as 1.
#[inline]
pub(crate) fn dense_strides(shape: &[usize], strides: &mut [isize], order: Order) {
    let mut step = 1isize;
    let mut set = |axis: usize| {
        strides[axis] = step;
        step = step.wrapping_mul(shape[axis].max(1) as isize);
    };
    match order {
        Order::C => (0..shape.len()).rev().for_each(&mut set),
        Order::F => (0..shape.len()).for_each(&mut set),
    }
}
