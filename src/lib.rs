//! orthant
#![deny(missing_docs)]
#![deny(clippy::undocumented_unsafe_blocks)]

mod array;
#[cfg(doctest)]
mod compile_fail;
mod engine;
/// Linear algebra.
pub mod linalg;

pub mod testing;

pub use array::*;
pub use engine::par::with_threads;
pub use num_complex::Complex;

/// All that everyday code needs: `use orthant::prelude::*;`.
pub mod prelude {
    pub use crate::array::{
        Array, Array0, Array1, Array2, Array3, Array4, Array5, Array6, ArrayD, ArrayRef, ArrayRef0,
        ArrayRef1, ArrayRef2, ArrayRef3, ArrayRef4, ArrayRef5, ArrayRef6, ArrayRefD, ArrayView,
        ArrayView0, ArrayView1, ArrayView2, ArrayView3, ArrayView4, ArrayView5, ArrayView6,
        ArrayViewD, ArrayViewMut, ArrayViewMut0, ArrayViewMut1, ArrayViewMut2, ArrayViewMut3,
        ArrayViewMut4, ArrayViewMut5, ArrayViewMut6, ArrayViewMutD, Axis, CowArray, Dimension,
        IntoShape, Ix, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, NewAxis, Operand,
    };
    pub use crate::{array, s};
}
