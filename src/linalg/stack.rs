//! Stacks of matrices: the last two axes are a matrix, the leading ones count them.

use std::ptr::NonNull;

use super::raw::{MatMut, MatRef};
use crate::array::MAX_NDIM;

/// Shapes and strides of the leading axes of up to three operands, merged where they can be.
///
/// Member `i` counts in row-major order; [`offsets`](Self::offsets) gives each operand's element
/// offset of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    len: usize,
    ndim: usize,
    shape: [usize; MAX_NDIM],
    strides: [[isize; MAX_NDIM]; 3],
}

impl Batch {
    /// The stack of this shape; `strides` per operand, over the same axes.
    pub(crate) fn new(shape: &[usize], strides: [&[isize]; 3]) -> Self {
        let mut out = Batch {
            len: shape.iter().product(),
            ndim: 0,
            shape: [1; MAX_NDIM],
            strides: [[0; MAX_NDIM]; 3],
        };
        for (axis, &n) in shape.iter().enumerate() {
            if n == 1 {
                continue;
            }
            let last = out.ndim.wrapping_sub(1);
            let merges = out.ndim > 0
                && (0..3).all(|op| out.strides[op][last] == strides[op][axis] * n as isize);
            let at = if merges { last } else { out.ndim };
            out.shape[at] = if merges { out.shape[at] * n } else { n };
            for (op, strides) in strides.iter().enumerate() {
                out.strides[op][at] = strides[axis];
            }
            out.ndim = at + 1;
        }
        out
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The strides of one single merged axis.
    pub(crate) fn uniform(&self) -> Option<[isize; 3]> {
        (self.ndim <= 1).then(|| [0, 1, 2].map(|op| self.strides[op][0]))
    }

    /// The element offsets of member `i`.
    #[inline]
    pub(crate) fn offsets(&self, i: usize) -> (isize, isize, isize) {
        let mut rest = i;
        let mut out = [0isize; 3];
        for axis in (0..self.ndim).rev() {
            let at = (rest % self.shape[axis]) as isize;
            rest /= self.shape[axis];
            for (op, out) in out.iter_mut().enumerate() {
                *out += at * self.strides[op][axis];
            }
        }
        (out[0], out[1], out[2])
    }
}

/// The position of member `i` in a stack of this shape.
#[cfg_attr(not(any(orthant_backend, test)), allow(dead_code))]
pub(crate) fn position(shape: &[usize], i: usize) -> Vec<usize> {
    let mut rest = i;
    let mut out = vec![0; shape.len()];
    for (at, &n) in out.iter_mut().zip(shape).rev() {
        *at = rest % n;
        rest /= n;
    }
    out
}

/// The matrix of the last two axes.
#[inline]
pub(crate) fn mat_ref<T>(ptr: NonNull<T>, shape: &[usize], strides: &[isize]) -> MatRef<T> {
    mat_mut(ptr, shape, strides).as_ref()
}

/// The matrix of the last two axes, to write.
#[inline]
pub(crate) fn mat_mut<T>(ptr: NonNull<T>, shape: &[usize], strides: &[isize]) -> MatMut<T> {
    let n = shape.len();
    MatMut {
        ptr: ptr.as_ptr(),
        rows: shape[n - 2],
        cols: shape[n - 1],
        row_stride: strides[n - 2],
        col_stride: strides[n - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_in_row_major_order() {
        let shape = [2, 1, 3, 4];
        let strides: [&[isize]; 3] = [&[12, 99, 4, 1], &[0, 0, 1, 0], &[-4, 7, 8, 24]];
        let batch = Batch::new(&shape, strides);
        assert_eq!(batch.len(), 24);
        for i in 0..24 {
            let at = position(&shape, i);
            let naive = strides.map(|s| at.iter().zip(s).map(|(&i, &s)| i as isize * s).sum());
            let (a, b, c) = batch.offsets(i);
            assert_eq!([a, b, c], naive, "member {i}");
        }
        assert!(batch.uniform().is_none());
        let dense = Batch::new(&[2, 3], [&[12, 4], &[0, 0], &[-6, -2]]);
        assert_eq!(dense.uniform(), Some([4, 0, -2]));
        assert_eq!(Batch::new(&[], [&[]; 3]).len(), 1);
    }
}
