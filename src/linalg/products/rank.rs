//! The ranks of products, in types.

use crate::array::{Array, ArrayRef, Dimension, Ix, Ix0, IxDyn, Number};
use crate::linalg::gemm;

/// The rank of `a.matmul(b)` for ranks `Self` and `E`: 1-d operands lose their axis, stacks keep
/// the larger rank.
#[diagnostic::on_unimplemented(
    message = "arrays of rank `{Self}` and `{E}` have no matrix product",
    note = "operands need at least one axis; multiply by a scalar with `*`"
)]
pub trait MatmulDim<E: Dimension>: Dimension {
    /// The rank of the product.
    type Output: Dimension;
}

/// The rank of `a.dot(b)`: the sum of both ranks less the two axes that are summed over, of which a 0-d operand
/// has none.
pub trait DotDim<E: Dimension>: Dimension {
    /// The rank of the product.
    type Rank: Dimension;
}

/// What `a.dot(b)` of elements `T` returns: a bare number for two 1-d arrays, else an array. A 0-d operand
/// multiplies all elements of the other.
#[diagnostic::on_unimplemented(message = "arrays of rank `{Self}` and `{E}` have no dot product")]
pub trait Dot<E: Dimension, T>: DotDim<E> {
    /// The product.
    type Output;
    #[doc(hidden)]
    fn finish(product: Array<T, Self::Rank>) -> Self::Output;
    /// The product without an array in between, where there is a way.
    #[doc(hidden)]
    fn direct(_: &ArrayRef<T, Self>, _: &ArrayRef<T, E>) -> Option<Self::Output> {
        None
    }
}

macro_rules! matmul {
    ($($a:literal $b:literal => $out:literal),+ $(,)?) => {$(
        impl MatmulDim<Ix<$b>> for Ix<$a> {
            type Output = Ix<$out>;
        }
    )+};
}
matmul! {
    1 1 => 0,
    1 2 => 1, 1 3 => 2, 1 4 => 3, 1 5 => 4, 1 6 => 5, 1 7 => 6, 1 8 => 7,
    2 1 => 1, 3 1 => 2, 4 1 => 3, 5 1 => 4, 6 1 => 5, 7 1 => 6, 8 1 => 7,
    2 2 => 2, 2 3 => 3, 2 4 => 4, 2 5 => 5, 2 6 => 6, 2 7 => 7, 2 8 => 8,
    3 2 => 3, 3 3 => 3, 3 4 => 4, 3 5 => 5, 3 6 => 6, 3 7 => 7, 3 8 => 8,
    4 2 => 4, 4 3 => 4, 4 4 => 4, 4 5 => 5, 4 6 => 6, 4 7 => 7, 4 8 => 8,
    5 2 => 5, 5 3 => 5, 5 4 => 5, 5 5 => 5, 5 6 => 6, 5 7 => 7, 5 8 => 8,
    6 2 => 6, 6 3 => 6, 6 4 => 6, 6 5 => 6, 6 6 => 6, 6 7 => 7, 6 8 => 8,
    7 2 => 7, 7 3 => 7, 7 4 => 7, 7 5 => 7, 7 6 => 7, 7 7 => 7, 7 8 => 8,
    8 2 => 8, 8 3 => 8, 8 4 => 8, 8 5 => 8, 8 6 => 8, 8 7 => 8, 8 8 => 8,
}

macro_rules! dot {
    ($($a:literal $b:literal => $out:literal),+ $(,)?) => {$(
        impl DotDim<Ix<$b>> for Ix<$a> {
            type Rank = Ix<$out>;
        }
    )+};
}
dot! {
    0 0 => 0, 0 1 => 1, 0 2 => 2, 0 3 => 3, 0 4 => 4, 0 5 => 5, 0 6 => 6, 0 7 => 7, 0 8 => 8,
    1 0 => 1, 2 0 => 2, 3 0 => 3, 4 0 => 4, 5 0 => 5, 6 0 => 6, 7 0 => 7, 8 0 => 8,
    1 1 => 0, 1 2 => 1, 1 3 => 2, 1 4 => 3, 1 5 => 4, 1 6 => 5, 1 7 => 6, 1 8 => 7,
    2 1 => 1, 2 2 => 2, 2 3 => 3, 2 4 => 4, 2 5 => 5, 2 6 => 6, 2 7 => 7, 2 8 => 8,
    3 1 => 2, 3 2 => 3, 3 3 => 4, 3 4 => 5, 3 5 => 6, 3 6 => 7, 3 7 => 8,
    4 1 => 3, 4 2 => 4, 4 3 => 5, 4 4 => 6, 4 5 => 7, 4 6 => 8,
    5 1 => 4, 5 2 => 5, 5 3 => 6, 5 4 => 7, 5 5 => 8,
    6 1 => 5, 6 2 => 6, 6 3 => 7, 6 4 => 8,
    7 1 => 6, 7 2 => 7, 7 3 => 8,
    8 1 => 7, 8 2 => 8,
}

/// Arrays for all pairs of ranks but (1, 1).
macro_rules! dot_arrays {
    ($($a:literal: $($b:literal)+;)+) => {$($(
        impl<T> Dot<Ix<$b>, T> for Ix<$a> {
            type Output = Array<T, <Self as DotDim<Ix<$b>>>::Rank>;
            fn finish(product: Self::Output) -> Self::Output {
                product
            }
        }
    )+)+};
}
dot_arrays! {
    0: 0 1 2 3 4 5 6 7 8;
    1: 0 2 3 4 5 6 7 8;
    2: 0 1 2 3 4 5 6 7 8;
    3: 0 1 2 3 4 5 6 7;
    4: 0 1 2 3 4 5 6;
    5: 0 1 2 3 4 5;
    6: 0 1 2 3 4;
    7: 0 1 2 3;
    8: 0 1 2;
}

impl<T: Number> Dot<Ix<1>, T> for Ix<1> {
    type Output = T;
    fn finish(product: Array<T, Ix0>) -> T {
        product.item()
    }
    fn direct(a: &ArrayRef<T, Ix<1>>, b: &ArrayRef<T, Ix<1>>) -> Option<T> {
        let (n, x, y) = (a.len(), a.as_ptr(), b.as_ptr());
        // SAFETY: both have `n` elements (invariant 2 of the array room).
        (n == b.len()).then(|| unsafe { gemm::dot(n, x, a.strides()[0], y, b.strides()[0], false) })
    }
}

macro_rules! dynamic {
    ($($trait:ident $rank:ident),+) => {$(
        impl<const N: usize> $trait<IxDyn> for Ix<N> {
            type $rank = IxDyn;
        }
        impl<D: Dimension> $trait<D> for IxDyn {
            type $rank = IxDyn;
        }
    )+};
}
dynamic!(MatmulDim Output, DotDim Rank);

impl<T, const N: usize> Dot<IxDyn, T> for Ix<N> {
    type Output = Array<T, IxDyn>;
    fn finish(product: Array<T, IxDyn>) -> Array<T, IxDyn> {
        product
    }
}
impl<T, D: Dimension> Dot<D, T> for IxDyn {
    type Output = Array<T, IxDyn>;
    fn finish(product: Array<T, IxDyn>) -> Array<T, IxDyn> {
        product
    }
}
