//! The parts of a slice and what they do to the rank, in types.

use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use super::SliceItem;
use crate::array::MAX_NDIM;
use crate::array::axis::AxisInt;
use crate::array::dimension::{Dimension, IxDyn};
use crate::array::lattice::{InsertAxis, RemoveAxis};

/// A new axis of length 1 in a slice (NumPy's `newaxis`, `None`).
///
/// ```
/// use orthant::prelude::*;
///
/// assert_eq!(array![1, 2, 3].slice(s![.., NewAxis]).shape(), &[3, 1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

/// What `...` in [`s!`](crate::s) stands for: as many whole axes as the other parts leave over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis;

/// A range with a step: `2..10;3` in [`s!`](crate::s).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stepped<R> {
    range: R,
    step: isize,
}

impl<R> Stepped<R> {
    /// `range` with `step`, which may be negative.
    pub fn new<I: AxisInt>(range: R, step: I) -> Self {
        Stepped {
            range,
            step: step.to_isize(),
        }
    }
}

/// One part of a slice, applied to what is left of rank `D`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a slice part for an array of rank `{D}`",
    note = "slice parts are integers, ranges, `range;step`, `NewAxis` and `...`"
)]
pub trait SlicePart<D: Dimension> {
    /// The rank afterwards.
    type Out: Dimension;
    /// The part at run time.
    #[doc(hidden)]
    fn item(&self) -> SliceItem;
}

/// What can slice an array of rank `D`: what [`s!`](crate::s) makes, or `&[SliceItem]`.
pub trait SliceArg<D: Dimension> {
    /// The rank of the result.
    type Out: Dimension;
    /// Calls `f` with the parts.
    #[doc(hidden)]
    fn with_items<R>(&self, f: impl FnOnce(&[SliceItem]) -> R) -> R;
}

impl<D: Dimension> SliceArg<D> for &[SliceItem] {
    type Out = IxDyn;
    fn with_items<R>(&self, f: impl FnOnce(&[SliceItem]) -> R) -> R {
        f(self)
    }
}

impl<D: RemoveAxis, I: AxisInt> SlicePart<D> for I {
    type Out = D::Smaller;
    #[inline]
    fn item(&self) -> SliceItem {
        SliceItem::Index(self.to_isize())
    }
}
impl<D: InsertAxis> SlicePart<D> for NewAxis {
    type Out = D::Larger;
    #[inline]
    fn item(&self) -> SliceItem {
        SliceItem::NewAxis
    }
}
impl<D: Dimension> SlicePart<D> for Ellipsis {
    type Out = D;
    #[inline]
    fn item(&self) -> SliceItem {
        SliceItem::Ellipsis
    }
}

/// A range's two ends.
pub trait Bounds {
    #[doc(hidden)]
    fn bounds(&self) -> (Option<isize>, Option<isize>);
}

/// The end after an inclusive one; `..=-1` reaches the last entry.
fn after(end: isize) -> Option<isize> {
    (end != -1).then(|| end.saturating_add(1))
}

impl Bounds for RangeFull {
    fn bounds(&self) -> (Option<isize>, Option<isize>) {
        (None, None)
    }
}

macro_rules! ranges {
    ($($range:ident: |$r:ident| $bounds:expr;)+) => {$(
        impl<I: AxisInt> Bounds for $range<I> {
            #[inline]
            fn bounds(&self) -> (Option<isize>, Option<isize>) {
                let $r = self;
                $bounds
            }
        }
        impl<D: Dimension, I: AxisInt> SlicePart<D> for $range<I> {
            type Out = D;
            #[inline]
            fn item(&self) -> SliceItem {
                let (start, end) = self.bounds();
                SliceItem::Range { start, end, step: 1 }
            }
        }
    )+};
}
ranges! {
    Range: |r| (Some(r.start.to_isize()), Some(r.end.to_isize()));
    RangeFrom: |r| (Some(r.start.to_isize()), None);
    RangeTo: |r| (None, Some(r.end.to_isize()));
    RangeInclusive: |r| (Some(r.start().to_isize()), after(r.end().to_isize()));
    RangeToInclusive: |r| (None, after(r.end.to_isize()));
}
impl<D: Dimension> SlicePart<D> for RangeFull {
    type Out = D;
    #[inline]
    fn item(&self) -> SliceItem {
        SliceItem::Range {
            start: None,
            end: None,
            step: 1,
        }
    }
}
impl<D: Dimension, R: Bounds> SlicePart<D> for Stepped<R> {
    type Out = D;
    #[inline]
    fn item(&self) -> SliceItem {
        let (start, end) = self.range.bounds();
        SliceItem::Range {
            start,
            end,
            step: self.step,
        }
    }
}

impl<D: Dimension> SliceArg<D> for () {
    type Out = D;
    fn with_items<R>(&self, f: impl FnOnce(&[SliceItem]) -> R) -> R {
        f(&[])
    }
}

/// `(A, B, C)` slices `D` when `A` slices `D`, `B` what that leaves, and so on.
macro_rules! tuples {
    ($first:ident $(, $name:ident after $before:ident)*; $last:ident) => {
        impl<D: Dimension, $first: SlicePart<D> $(, $name: SlicePart<$before::Out>)*> SliceArg<D>
            for ($first, $($name,)*)
        {
            type Out = $last::Out;
            #[inline]
            #[allow(non_snake_case)]
            fn with_items<Res>(&self, f: impl FnOnce(&[SliceItem]) -> Res) -> Res {
                let ($first, $($name,)*) = self;
                f(&[$first.item(), $($name.item(),)*])
            }
        }
    };
}
tuples!(A; A);
tuples!(A, B after A; B);
tuples!(A, B after A, C after B; C);
tuples!(A, B after A, C after B, E after C; E);
tuples!(A, B after A, C after B, E after C, F after E; F);
tuples!(A, B after A, C after B, E after C, F after E, G after F; G);
tuples!(A, B after A, C after B, E after C, F after E, G after F, H after G; H);
tuples!(A, B after A, C after B, E after C, F after E, G after F, H after G, I after H; I);
tuples!(A, B after A, C after B, E after C, F after E, G after F, H after G, I after H, J after I; J);
tuples!(A, B after A, C after B, E after C, F after E, G after F, H after G, I after H, J after I, K after J; K);

const _: () = assert!(MAX_NDIM == 8);
