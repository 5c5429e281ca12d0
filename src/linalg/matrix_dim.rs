//! What a function of one number per matrix returns.

use crate::array::{Array, Dimension, Ix, Ix0, Ix2, IxDyn, RemoveAxis};

/// The rank of a matrix, or of a stack of matrices: at least two axes.
///
/// Functions that make one number of a matrix ([`trace`](super::trace),
/// [`matrix_norm`](super::matrix_norm)) return that number for an [`Ix2`] array, and an array of the
/// leading axes for a stack.
#[diagnostic::on_unimplemented(
    message = "an array of rank `{Self}` is no matrix and no stack of matrices",
    note = "this takes arrays with at least two axes"
)]
pub trait MatrixDim: RemoveAxis {
    /// The rank of the leading axes.
    type Batch: Dimension;
    /// A bare `T` for one matrix, an array for a stack.
    type PerMatrix<T: Copy>;
    #[doc(hidden)]
    fn per_matrix<T: Copy>(values: Array<T, Self::Batch>) -> Self::PerMatrix<T>;
}

impl MatrixDim for Ix2 {
    type Batch = Ix0;
    type PerMatrix<T: Copy> = T;
    fn per_matrix<T: Copy>(values: Array<T, Ix0>) -> T {
        values.item()
    }
}

macro_rules! stacks {
    ($($rank:ty => $stack:ty),+) => {$(
        impl MatrixDim for $rank {
            type Batch = $stack;
            type PerMatrix<T: Copy> = Array<T, $stack>;
            fn per_matrix<T: Copy>(values: Array<T, $stack>) -> Array<T, $stack> {
                values
            }
        }
    )+};
}
stacks!(Ix<3> => Ix<1>, Ix<4> => Ix<2>, Ix<5> => Ix<3>, Ix<6> => Ix<4>, Ix<7> => Ix<5>, Ix<8> => Ix<6>, IxDyn => IxDyn);
