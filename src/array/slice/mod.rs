//! Basic slicing: `s![1.., ..;-2, NewAxis, ..., 3]`.
//!
//! Each part of an `s![]` is a value whose *type* says what it does to the rank; the tuple of them
//! is a [`SliceArg`]. The values lower to a list of [`SliceItem`]s, which [`apply`] carries out on
//! a layout with NumPy's rules: negative indices count from the end, ranges are clipped, steps may
//! be negative, missing trailing parts mean `..`.

mod arg;
mod multi;

use super::axis::resolve_index;
use super::dimension::Dimension;
use super::error::ShapeError;
use super::layout::{Layout, View};

pub use arg::{Ellipsis, NewAxis, SliceArg, SlicePart, Stepped};
pub use multi::MultiSlice;

/// One part of a slice at run time; `&[SliceItem]` slices arrays to run-time rank.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::SliceItem;
///
/// let x = array![[1, 2, 3], [4, 5, 6]];
/// let parts = [SliceItem::Index(1), SliceItem::Range { start: Some(1), end: None, step: 1 }];
/// assert_eq!(x.slice(&parts[..]), array![5, 6]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceItem {
    /// One entry; the axis disappears.
    Index(isize),
    /// Python's `start:end:step`.
    Range {
        /// The first index, `None` for the end that the step starts from.
        start: Option<isize>,
        /// The index before which to stop, `None` for all.
        end: Option<isize>,
        /// The step, not zero.
        step: isize,
    },
    /// A new axis of length 1.
    NewAxis,
    /// As many whole axes as the other parts leave over.
    Ellipsis,
}

/// Python's `slice(start, end, step).indices(len)`, as start, number of entries and step.
pub(crate) fn clip(
    start: Option<isize>,
    end: Option<isize>,
    step: isize,
    len: usize,
) -> Result<(isize, usize), ShapeError> {
    if step == 0 {
        return Err(ShapeError::ZeroStep);
    }
    let n = len as isize;
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let bound = |at: isize| {
        if at < 0 {
            at.saturating_add(n).max(low)
        } else {
            at.min(high)
        }
    };
    let start = start.map_or(if step > 0 { low } else { high }, bound);
    let end = end.map_or(if step > 0 { high } else { low }, bound);
    let span = if step > 0 { end - start } else { start - end };
    let count = if span > 0 {
        (span as usize - 1) / step.unsigned_abs() + 1
    } else {
        0
    };
    Ok((start, count))
}

/// Carries out a slice on a layout; `E` is the rank that the parts' types promise.
pub(crate) fn apply<D: Dimension, E: Dimension>(
    layout: &Layout<D>,
    items: &[SliceItem],
) -> Result<View<E>, ShapeError> {
    let ndim = layout.ndim();
    let consumed = items
        .iter()
        .filter(|item| matches!(item, SliceItem::Index(_) | SliceItem::Range { .. }))
        .count();
    if consumed > ndim {
        return Err(ShapeError::TooManyIndices {
            ndim,
            given: consumed,
        });
    }
    if items
        .iter()
        .filter(|item| matches!(item, SliceItem::Ellipsis))
        .count()
        > 1
    {
        return Err(ShapeError::Ellipsis);
    }
    let indexed = items
        .iter()
        .filter(|item| matches!(item, SliceItem::Index(_)))
        .count();
    let added = items
        .iter()
        .filter(|item| matches!(item, SliceItem::NewAxis))
        .count();
    let out_ndim = ndim - indexed + added;
    if out_ndim > super::MAX_NDIM {
        return Err(ShapeError::TooManyAxes { ndim: out_ndim });
    }

    let mut shape = [0usize; super::MAX_NDIM];
    let mut strides = [0isize; super::MAX_NDIM];
    let (mut offset, mut from, mut to) = (0isize, 0usize, 0usize);
    let keep = |from: &mut usize, to: &mut usize, shape: &mut [usize], strides: &mut [isize]| {
        shape[*to] = layout.shape()[*from];
        strides[*to] = layout.strides()[*from];
        *from += 1;
        *to += 1;
    };
    for item in items {
        match *item {
            SliceItem::Index(index) => {
                let len = layout.shape()[from];
                let at = resolve_index(index, len).ok_or(ShapeError::Index {
                    index,
                    axis: from,
                    len,
                })?;
                offset += at as isize * layout.strides()[from];
                from += 1;
            }
            SliceItem::Range { start, end, step } => {
                let (len, stride) = (layout.shape()[from], layout.strides()[from]);
                let (start, count) = clip(start, end, step, len)?;
                shape[to] = count;
                strides[to] = if count > 1 { stride * step } else { stride };
                offset += if count > 0 { start * stride } else { 0 };
                from += 1;
                to += 1;
            }
            SliceItem::NewAxis => {
                shape[to] = 1;
                to += 1;
            }
            SliceItem::Ellipsis => {
                for _ in consumed..ndim {
                    keep(&mut from, &mut to, &mut shape, &mut strides);
                }
            }
        }
    }
    while from < ndim {
        keep(&mut from, &mut to, &mut shape, &mut strides);
    }
    let layout = Layout::from_slices(&shape[..to], &strides[..to])?;
    Ok(layout.starting_at(offset))
}

/// Slices: `s![1.., ..;-2, NewAxis, ..., 3]`.
///
/// | part | meaning | NumPy |
/// |---|---|---|
/// | `3`, `-1` | one entry, the axis disappears | `3`, `-1` |
/// | `1..5`, `1..`, `..-1`, `..` | a range, clipped; negative ends count from the end | `1:5`, `1:`, `:-1`, `:` |
/// | `1..=5` | a range with its end; `..=-1` is everything | `1:6` |
/// | `..;2`, `5..1;-1`, `..;-1` | with a step, as Python's `start:stop:step` | `::2`, `5:1:-1`, `::-1` |
/// | `NewAxis` | a new axis of length 1 | `None` |
/// | `...` | as many whole axes as are left over | `...` |
///
/// The rank of the result is computed at compile time when the array's is known.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = Array1::arange(0, 12, 1).into_reshape([3, 4]);
/// assert_eq!(x.slice(s![1.., ..2]), array![[4, 5], [8, 9]]);
/// assert_eq!(x.slice(s![-1]), array![8, 9, 10, 11]);
/// assert_eq!(x.slice(s![0, ..;-1]), array![3, 2, 1, 0]);
/// assert_eq!(x.slice(s![.., NewAxis, 1..3]).shape(), &[3, 1, 2]);
/// assert_eq!(x.slice(s![..., 0]), array![0, 4, 8]);
/// ```
///
/// Too many integers for the rank do not compile:
///
/// ```compile_fail,E0277
/// use orthant::prelude::*;
///
/// let x = array![[1, 2], [3, 4]];
/// x.slice(s![0, 0, 0]);
/// ```
#[macro_export]
macro_rules! s {
    (@parts [$($done:tt)*]) => { ($($done)*) };
    (@parts [$($done:tt)*] ...) => { ($($done)* $crate::Ellipsis,) };
    (@parts [$($done:tt)*] ..., $($rest:tt)*) => {
        $crate::s!(@parts [$($done)* $crate::Ellipsis,] $($rest)*)
    };
    (@parts [$($done:tt)*] $part:expr; $step:expr) => {
        ($($done)* $crate::Stepped::new($part, $step),)
    };
    (@parts [$($done:tt)*] $part:expr; $step:expr, $($rest:tt)*) => {
        $crate::s!(@parts [$($done)* $crate::Stepped::new($part, $step),] $($rest)*)
    };
    (@parts [$($done:tt)*] $part:expr) => { ($($done)* $part,) };
    (@parts [$($done:tt)*] $part:expr, $($rest:tt)*) => {
        $crate::s!(@parts [$($done)* $part,] $($rest)*)
    };
    () => { () };
    ($($parts:tt)*) => {{
        // `1..-1` is not empty here.
        #[allow(clippy::reversed_empty_ranges, clippy::let_unit_value)]
        let parts = $crate::s!(@parts [] $($parts)*);
        parts
    }};
}
