//! Layouts of other shapes: broadcast, reshaped, in windows.

use super::Layout;
use crate::array::MAX_NDIM;
use crate::array::dimension::{Dimension, IxDyn, check_ndim};
use crate::array::error::ShapeError;
use crate::array::shape::Order;

impl<D: Dimension> Layout<D> {
    /// Stretched to `shape` with stride 0 where it repeats.
    pub(crate) fn broadcast_to<E: Dimension>(&self, shape: E) -> Result<Layout<E>, ShapeError> {
        let into = shape.as_slice();
        let fail = || ShapeError::BroadcastInto {
            from: self.shape().to_vec(),
            into: into.to_vec(),
        };
        let lead = into.len().checked_sub(self.ndim()).ok_or_else(fail)?;
        let mut strides = E::zeroed_strides(into.len());
        for axis in 0..self.ndim() {
            let (n, wanted) = (self.shape()[axis], into[lead + axis]);
            strides.as_mut()[lead + axis] = match n {
                _ if n == wanted => self.strides()[axis],
                1 => 0,
                _ => return Err(fail()),
            };
        }
        Self::checked_len(into, 1)?;
        Ok(Layout { shape, strides })
    }

    /// All windows of a shape: as many axes again, of the window's extents.
    pub(crate) fn windows(&self, window: &[usize]) -> Result<Layout<IxDyn>, ShapeError> {
        let fail = || ShapeError::Window {
            window: window.to_vec(),
            shape: self.shape().to_vec(),
        };
        let ndim = self.ndim();
        if window.len() != ndim {
            return Err(fail());
        }
        if 2 * ndim > MAX_NDIM {
            return Err(ShapeError::TooManyAxes { ndim: 2 * ndim });
        }
        let mut out = Layout {
            shape: IxDyn::zeroed(2 * ndim),
            strides: IxDyn::zeroed_strides(2 * ndim),
        };
        for (axis, &w) in window.iter().enumerate() {
            let (n, stride) = (self.shape()[axis], self.strides()[axis]);
            if w == 0 {
                return Err(ShapeError::Zero {
                    op: "windows",
                    what: "a window extent",
                });
            }
            if w > n {
                return Err(fail());
            }
            out.set_axis(axis, n - w + 1, stride);
            out.set_axis(ndim + axis, w, stride);
        }
        Self::checked_len(out.shape(), 1)?;
        Ok(out)
    }

    /// The strides with which the same elements, in logical C order, have shape `into`; `None`
    /// where no strides do. The number of elements agrees.
    ///
    /// Method: both shapes are cut into the smallest runs of axes with equal products; each run of
    /// old axes must be mergeable (`stride[i] == n[i+1]·stride[i+1]`).
    pub(crate) fn reshape<E: Dimension>(&self, into: E) -> Option<Layout<E>> {
        let new = into.as_slice();
        if self.len() == 0 {
            return Some(Layout::dense(into, Order::C));
        }
        let mut old = [(1usize, 0isize); MAX_NDIM];
        let mut count = 0;
        for (&n, &stride) in self.shape().iter().zip(self.strides()) {
            if n != 1 {
                old[count] = (n, stride);
                count += 1;
            }
        }
        let old = &old[..count];
        let mut strides = E::zeroed_strides(new.len());
        let (mut i, mut j) = (0, 0);
        while i < old.len() {
            let (mut old_end, mut new_end) = (i + 1, j + 1);
            let (mut old_len, mut new_len) = (old[i].0, new[j]);
            while old_len != new_len {
                if old_len < new_len {
                    old_len *= old[old_end].0;
                    old_end += 1;
                } else {
                    new_len *= new[new_end];
                    new_end += 1;
                }
            }
            for pair in old[i..old_end].windows(2) {
                if pair[0].1 != pair[1].0 as isize * pair[1].1 {
                    return None;
                }
            }
            let mut stride = old[old_end - 1].1;
            for axis in (j..new_end).rev() {
                strides.as_mut()[axis] = stride;
                stride *= new[axis] as isize;
            }
            (i, j) = (old_end, new_end);
        }
        let last = if j > 0 { strides.as_ref()[j - 1] } else { 1 };
        for axis in j..new.len() {
            strides.as_mut()[axis] = last;
        }
        Some(Layout {
            shape: into,
            strides,
        })
    }
}

/// The shape that `a` and `b` broadcast to.
#[inline]
pub(crate) fn broadcast_pair<D: Dimension>(a: &[usize], b: &[usize]) -> Result<D, ShapeError> {
    let fail = || ShapeError::Broadcast {
        shapes: vec![a.to_vec(), b.to_vec()],
    };
    let ndim = a.len().max(b.len());
    let mut out = D::NDIM.map_or_else(|| D::zeroed(ndim), |n| D::zeroed(n));
    if out.ndim() != ndim {
        return Err(check_ndim::<D>(if a.len() > b.len() { a } else { b })
            .err()
            .unwrap_or_else(fail));
    }
    let extent = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(ndim)
            .map_or(1, |axis| shape[axis])
    };
    for axis in 0..ndim {
        out.as_mut_slice()[axis] = match (extent(a, axis), extent(b, axis)) {
            (m, n) if m == n => m,
            (1, n) => n,
            (m, 1) => m,
            _ => return Err(fail()),
        };
    }
    Ok(out)
}
