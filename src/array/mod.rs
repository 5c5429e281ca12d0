//! What an array is: types, storage, dimensions, layout algebra, slicing, indexing, construction,
//! reshaping, iteration, formatting, operators.
//!
//! Nothing here loops over elements in its own way for arithmetic: operators, copies, casts and
//! equality hand operands to `engine`. Nothing here knows mathematics.
//!
//! # Invariants
//! Every `unsafe` block names the one it relies on.
//!
//! 1. A `Buffer<T>` owns one allocation made as `Vec<T>` makes it, and `len` initialised elements
//!    within it; or it holds who owns its `len` elements, which are then `Copy`.
//! 2. Every element that an array's layout reaches from its pointer is initialised and lies in one
//!    allocation (its own buffer, or what a view borrows), and its offset in bytes fits `isize`.
//! 3. A layout made from another by slicing, permuting, reshaping, inserting, removing or flipping
//!    axes, together with its offset, reaches only elements that the other reached.
//! 4. A layout that is written through (in `Array`, `ArrayViewMut`, or behind `&mut ArrayRef`)
//!    reaches no element twice.
//! 5. No method reachable through `&mut ArrayRef` changes pointer, shape or strides of its owner.
//! 6. The product of non-zero extents, times the element size, fits `isize`.

mod axis;
mod broadcast;
mod buffer;
mod compare;
mod create;
mod dimension;
mod element;
mod elementwise;
pub(crate) mod error;
mod format;
#[cfg(test)]
mod golden;
mod index;
mod info;
mod iter;
mod lattice;
mod layout;
pub(crate) mod loops;
mod operand;
mod operators;
mod plain;
mod recycle;
mod reshape;
mod shape;
mod show;
mod slice;
mod types;
mod views;

pub(crate) use axis::with_ints;
pub(crate) use broadcast::broadcast_all;
#[cfg(orthant_backend)]
pub(crate) use buffer::Buffer;
pub(crate) use error::unwrap;
pub(crate) use layout::Layout;
pub(crate) use loops::{arg, k_order_of};
pub(crate) use operators::{checked, kernels};
pub(crate) use plain::is_plain;

/// The largest number of axes that an array can have.
pub const MAX_NDIM: usize = 8;

pub use axis::{Axis, AxisInt};
pub use broadcast::{broadcast_shapes, try_broadcast_shapes};
pub use create::{Arange, Linspace};
pub use dimension::{Dimension, Ix, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, Ix7, Ix8, IxDyn};
pub use element::{CastFrom, Float, Number, Real, Scalar};
pub(crate) use element::{Signed, Unsigned};
pub use error::ShapeError;
pub use format::{FormatElement, FormatOptions};
pub use index::NdIndex;
pub use iter::*;
pub use lattice::{DimAdd, DimMax, InsertAxis, RemoveAxis};
pub use operand::{Operand, ScalarOperand};
#[doc(hidden)]
pub use operators::{Arithmetic, Bitwise, LoopKernel};
pub use operators::{Bits, Integer};
pub use recycle::release_memory;
pub use shape::{Extents, Fortran, IntoShape, Order};
pub use slice::{Ellipsis, MultiSlice, NewAxis, SliceArg, SliceItem, SlicePart, Stepped};
pub use types::*;
pub use views::IntoAxes;
