//! Integers in arguments: extents, axes and indices of any common integer type.

use super::error::ShapeError;

mod private {
    pub trait Sealed {}
}

/// An integer type that extents, axes, slice bounds and indices may have: `usize`, `isize`, `i32`,
/// `i64` or `u32` (sealed).
///
/// Bare literals infer (`x.reshape([-1, 4])`, `x.index_axis(-1, 0)`), and a negative axis or index
/// counts from the end as in NumPy.
pub trait AxisInt: Copy + Sync + private::Sealed {
    /// The value as an `isize`; what does not fit saturates and is out of bounds for any array.
    #[doc(hidden)]
    fn to_isize(self) -> isize;
}

macro_rules! axis_int {
    ($($t:ty),+) => {$(
        impl private::Sealed for $t {}
        impl AxisInt for $t {
            #[inline(always)]
            fn to_isize(self) -> isize {
                if size_of::<$t>() < size_of::<isize>() {
                    self as isize
                } else {
                    isize::try_from(self).unwrap_or(isize::MAX)
                }
            }
        }
    )+};
}
axis_int!(usize, isize, i32, i64, u32);

/// One axis of an array; negative values count from the last axis.
///
/// Functions take `impl Into<Axis>`, so plain integers do.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = Array3::<f64>::zeros([2, 3, 4]);
/// assert_eq!(x.index_axis(-1, 0).shape(), &[2, 3]);
/// assert_eq!(x.index_axis(Axis(0), 0).shape(), &[3, 4]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axis(pub isize);

impl<I: AxisInt> From<I> for Axis {
    #[inline]
    fn from(axis: I) -> Self {
        Axis(axis.to_isize())
    }
}

impl Axis {
    /// The position in `0..ndim`, or the error that names the axis and the rank.
    #[inline]
    pub(crate) fn resolve(self, ndim: usize) -> Result<usize, ShapeError> {
        let axis = if self.0 < 0 {
            self.0 + ndim as isize
        } else {
            self.0
        };
        if axis >= 0 && (axis as usize) < ndim {
            Ok(axis as usize)
        } else {
            Err(ShapeError::Axis { axis: self.0, ndim })
        }
    }
}

/// The position of index `i` in an axis of length `len`, negative counting from the end.
#[inline(always)]
pub(crate) fn resolve_index(i: isize, len: usize) -> Option<usize> {
    let at = if i < 0 {
        i.wrapping_add(len as isize)
    } else {
        i
    } as usize;
    (at < len).then_some(at)
}

/// Calls `f` with the integers as `isize`; up to [`MAX_NDIM`](super::MAX_NDIM) of them without an
/// allocation, and more only to be refused.
#[inline]
pub(crate) fn with_ints<I: AxisInt, R>(ints: &[I], f: impl FnOnce(&[isize]) -> R) -> R {
    let mut inline = [0; super::MAX_NDIM];
    match inline.get_mut(..ints.len()) {
        Some(out) => {
            out.iter_mut()
                .zip(ints)
                .for_each(|(out, int)| *out = int.to_isize());
            f(out)
        }
        None => f(&ints.iter().map(|int| int.to_isize()).collect::<Vec<_>>()),
    }
}
