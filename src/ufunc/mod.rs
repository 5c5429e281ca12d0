//! Elementwise functions over arrays, where `array/`, `engine/` and `math/` meet.
//!
//! # Functions as objects
//!
//! Every elementwise function is a method of arrays (`x.exp()`, `x.maximum(0.0)`) and an object in
//! this module (`ufunc::Exp`, `ufunc::Maximum`) that can be called in other ways: into an array that
//! exists ([`call_into`](Unary::call_into)), in place ([`call_inplace`](Unary::call_inplace)), under
//! a mask ([`call_where`](Unary::call_where)). The ways are methods of [`Unary`], [`Binary`] and
//! [`Ternary`], to which the objects dereference. Arguments are arrays, views or scalars, broadcast.
//!
//! ```
//! use orthant::prelude::*;
//! use orthant::ufunc;
//!
//! let x = array![1.0, 4.0, -9.0];
//! let mut y = x.abs();
//! ufunc::Sqrt.call_inplace(&mut y);
//! assert_eq!(y, array![1.0, 2.0, 3.0]);
//! ufunc::Add.call_into(&y, 10.0, &mut y.clone());
//! ```
//!
//! In generic code one bound of the ladder is enough: [`Float`](crate::Float) for `exp` and its
//! like, [`Real`](crate::Real) for order, [`Number`](crate::Number) for equality; the latter two
//! hold for number types of the user's too.
//!
//! ```
//! use orthant::prelude::*;
//! use orthant::Float;
//!
//! fn softplus_slow<T: Float>(x: &ArrayRef1<T>) -> Array1<T> {
//!     x.exp().log1p()
//! }
//! assert_eq!(softplus_slow(&array![0.0]), array![std::f64::consts::LN_2]);
//! ```
//!
//! No function of this module panics over values: integers wrap, division by zero follows NumPy.
//!
//! # For those who work on it
//!
//! What lives here: the functions, one row of a table each (`float`, `ladder`, …), the forms they are
//! called in (`forms`), which element types they take (`families`), and loops over several arrays
//! with a function of the user's ([`zip`]). What may not: layout algebra (`array/`), how loops are
//! planned, split and vectorised (`engine/`), and the mathematics of one number (`math/`). Operands
//! come in as views, leave as pointers, sizes and strides for the engine; results leave as fresh
//! arrays in K order or in outputs that the caller owns.

mod choose;
mod close;
pub(crate) mod complex;
pub(crate) mod families;
mod float;
mod fold;
pub(crate) mod forms;
mod from_fn;
pub(crate) mod integer;
pub(crate) mod ladder;
mod mask;
mod order;
mod pairs;
mod phase;
mod power;
mod primitive;
mod root;
mod round;
mod rows;
mod run;
mod select;
mod table;
#[cfg(test)]
mod tests;
mod truth;
mod zip;

pub use choose::{choose, select, try_choose, try_select};
pub(crate) use close::IsClose;
#[doc(hidden)]
pub use close::Tolerance;
pub use complex::*;
pub use families::{Floating, PrimitiveReal};
pub use float::*;
pub use fold::Fold;
#[doc(hidden)]
pub use fold::{Scatter, Step};
pub use forms::{Binary, BinaryUfunc, Ternary, TernaryUfunc, Ufunc, Unary, UnaryUfunc};
pub use from_fn::{FromFn, ScalarFunction, from_fn};
pub use integer::*;
pub use ladder::*;
pub use mask::MaybeZero;
pub use pairs::*;
pub use primitive::*;
pub use root::Sqrt;
pub use round::Rounded;
#[doc(hidden)]
pub use rows::{Lane, LaneLoops};
pub use select::{try_where, where_};
pub(crate) use zip::Lowered;
pub use zip::{
    Indexed, Operands, ParallelOperands, Seq, SharedOperands, Zip, ZipOperand, try_zip, zip,
};
