//! N-dimensional arrays: what NumPy is to Python, with ranks and lifetimes checked by the compiler.
//!
//! ```
//! use orthant::prelude::*;
//!
//! let x: Array2<f64> = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
//! let bias = array![10.0, 20.0, 30.0];
//! let y = 2.0 * &x + &bias;
//! assert_eq!(y.to_string(), "[[12. 24. 36.]\n [18. 30. 42.]]");
//! ```
//!
//! # Types
//!
//! | type | is | as |
//! |---|---|---|
//! | [`Array<T, D>`](Array) | owns its elements | `Vec<T>` |
//! | [`ArrayRef<T, D>`](ArrayRef) | any array behind a reference; what functions take | `[T]` |
//! | [`ArrayView`], [`ArrayViewMut`] | a part of another array, shared or exclusive | `&[T]`, `&mut [T]` |
//! | [`CowArray`] | a view where one was possible, else a copy | `Cow<[T]>` |
//!
//! `D` is the rank: [`Ix<N>`](Ix) when the compiler knows it, [`IxDyn`] when only the program does.
//! Aliases spare writing it: [`Array2<f64>`](Array2), [`ArrayRef1<f64>`](ArrayRef1),
//! [`ArrayD<f64>`](ArrayD). All four kinds dereference to [`ArrayRef`], so a function takes that and
//! accepts them all:
//!
//! ```
//! use orthant::prelude::*;
//!
//! fn centred(x: &ArrayRef2<f64>) -> Array2<f64> {
//!     let mut mean = Array1::zeros(x.ncols());
//!     for row in x.outer_iter() {
//!         mean += row;
//!     }
//!     mean /= x.nrows() as f64;
//!     x - mean
//! }
//! let x = array![[1.0, 10.0], [3.0, 30.0]];
//! assert_eq!(centred(&x), array![[-1.0, -10.0], [1.0, 10.0]]);
//! assert_eq!(centred(&x.slice(s![.., ..1])), array![[-1.0], [1.0]]);
//! ```
//!
//! # Making arrays
//!
//! [`array!`] for literals; [`zeros`](Array::zeros), [`ones`](Array::ones), [`full`](Array::full),
//! [`eye`](Array::eye), [`arange`](Array::arange), [`linspace`](Array::linspace),
//! [`from_shape_fn`](Array::from_shape_fn), [`from_shape_vec`](Array::from_shape_vec) (which copies
//! nothing), `collect()` from iterators, `From` vectors, Rust arrays and slices. Shapes are integers,
//! arrays, tuples, slices or vectors of integers, with `.f()` for column-major order.
//!
//! # Looking at parts
//!
//! [`s!`] slices as NumPy does; rows, columns, axes, diagonals and windows are views too.
//! Transposing, permuting, reshaping and broadcasting copy nothing where strides can say it.
//!
//! ```
//! use orthant::prelude::*;
//!
//! let x = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
//! assert_eq!(x.slice(s![0, 1.., ..;-2]), array![[7, 5], [11, 9]]);
//! assert_eq!(x.slice(s![..., -1]).shape(), &[2, 3]);
//! assert_eq!(x.permute([2, 0, 1]).shape(), &[4, 2, 3]);
//! assert_eq!(x.reshape([-1, 4]).row(5), array![20, 21, 22, 23]);
//! ```
//!
//! # Computing
//!
//! Operators take arrays, views and scalars on either side and broadcast; an owned operand lends its
//! buffer to the result. [`zip()`] runs a closure over several arrays in one parallel pass,
//! [`fused!`] lets LLVM compile that closure for the machine's vector instructions.
//!
//! ```
//! use orthant::{fused, prelude::*, zip};
//!
//! let x = array![0.5, -1.0, 2.0];
//! let relu = zip((&x,)).map(fused!(|(x,)| if x > 0.0 { x } else { 0.0 }));
//! assert_eq!(relu, array![0.5, 0.0, 2.0]);
//!
//! let w = array![[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]];
//! assert_eq!(w.matmul(&relu) + 1.0, array![5.5, 1.0]);
//! ```
//!
//! [`math`] has functions that vectorise inside such closures, [`linalg`] products and
//! decompositions.
//!
//! # Mistakes
//!
//! What can fail only by the caller's shape, axis or index mistake panics, with the shapes in the
//! text, and has a `try_` twin that returns the [`ShapeError`]. What fails by data returns a `Result`.
//!
//! # Environment
//!
//! `ORTHANT_NUM_THREADS` caps threads, `ORTHANT_SIMD` lowers the instruction set,
//! `ORTHANT_BACKEND` forces the linear algebra backend; [`show_config`] prints what is in effect.

#![deny(missing_docs)]
#![deny(clippy::undocumented_unsafe_blocks)]

mod array;
mod config;
mod engine;
pub mod linalg;
pub mod math;
mod reduce;
pub mod testing;
pub mod ufunc;

pub use array::*;
pub use config::{Config, LibraryConfig, config, show_config};
pub use engine::par::with_threads;
pub use linalg::einsum;
pub use num_complex::Complex;
pub use reduce::{
    AbsSummable, Comparable, DegreesOfFreedom, Deviation, NanComparable, NanSummable, Summable,
};
pub use ufunc::{where_, zip};

/// Types, ranks and the macros that write arrays and slices: `use orthant::prelude::*;`.
///
/// Functions are named where they are used: `use orthant::{linalg, prelude::*, zip};`.
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

/// The README's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
