//! Arithmetic on ranks: one axis fewer or more, the larger of two, the sum of two.
//!
//! Whatever involves [`IxDyn`] gives [`IxDyn`].

use super::dimension::{Dimension, Ix, IxDyn};

/// A rank with at least one axis; [`Smaller`](Self::Smaller) has one fewer.
#[diagnostic::on_unimplemented(
    message = "an array of rank `{Self}` has no axis to remove",
    label = "this needs an array with at least one axis (more integer indices than axes?)"
)]
pub trait RemoveAxis: Dimension {
    /// The rank with one axis fewer.
    type Smaller: Dimension;
}

/// A rank below the maximum; [`Larger`](Self::Larger) has one axis more.
#[diagnostic::on_unimplemented(message = "an array of rank `{Self}` cannot have another axis")]
pub trait InsertAxis: Dimension {
    /// The rank with one axis more.
    type Larger: Dimension;
}

/// The rank that two operands of ranks `Self` and `O` broadcast to.
pub trait DimMax<O: Dimension>: Dimension {
    /// The larger rank; [`IxDyn`] where the two are of different kinds.
    type Output: Dimension;
}

/// The rank of an outer product of ranks `Self` and `O`.
pub trait DimAdd<O: Dimension>: Dimension {
    /// The sum of the ranks.
    type Output: Dimension;
}

impl<D: Dimension> DimMax<D> for D {
    type Output = D;
}
impl<const N: usize> DimMax<IxDyn> for Ix<N> {
    type Output = IxDyn;
}
impl<const N: usize> DimMax<Ix<N>> for IxDyn {
    type Output = IxDyn;
}
impl<const N: usize> DimAdd<IxDyn> for Ix<N> {
    type Output = IxDyn;
}
impl<D: Dimension> DimAdd<D> for IxDyn {
    type Output = IxDyn;
}
impl RemoveAxis for IxDyn {
    type Smaller = IxDyn;
}
impl InsertAxis for IxDyn {
    type Larger = IxDyn;
}

macro_rules! neighbours {
    ($($small:literal $large:literal),+) => {$(
        impl RemoveAxis for Ix<$large> {
            type Smaller = Ix<$small>;
        }
        impl InsertAxis for Ix<$small> {
            type Larger = Ix<$large>;
        }
    )+};
}
neighbours!(0 1, 1 2, 2 3, 3 4, 4 5, 5 6, 6 7, 7 8);

macro_rules! larger {
    ($($small:literal: $($large:literal)*;)+) => {$($(
        impl DimMax<Ix<$large>> for Ix<$small> {
            type Output = Ix<$large>;
        }
        impl DimMax<Ix<$small>> for Ix<$large> {
            type Output = Ix<$large>;
        }
    )*)+};
}
larger! {
    0: 1 2 3 4 5 6 7 8;
    1: 2 3 4 5 6 7 8;
    2: 3 4 5 6 7 8;
    3: 4 5 6 7 8;
    4: 5 6 7 8;
    5: 6 7 8;
    6: 7 8;
    7: 8;
}

macro_rules! sum {
    ($($a:literal: $($b:literal $c:literal),+;)+) => {$($(
        impl DimAdd<Ix<$b>> for Ix<$a> {
            type Output = Ix<$c>;
        }
    )+)+};
}
sum! {
    0: 0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8;
    1: 0 1, 1 2, 2 3, 3 4, 4 5, 5 6, 6 7, 7 8;
    2: 0 2, 1 3, 2 4, 3 5, 4 6, 5 7, 6 8;
    3: 0 3, 1 4, 2 5, 3 6, 4 7, 5 8;
    4: 0 4, 1 5, 2 6, 3 7, 4 8;
    5: 0 5, 1 6, 2 7, 3 8;
    6: 0 6, 1 7, 2 8;
    7: 0 7, 1 8;
    8: 0 8;
}
