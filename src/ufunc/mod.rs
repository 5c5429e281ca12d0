//! Elementwise functions over arrays, where `array/`, `engine/` and `math/` meet.
//!
//! What lives here: loops over several arrays at once with a function of the user's ([`zip`]).
//! What may not: layout algebra (`array/`), how loops are planned, split and vectorised
//! (`engine/`), and the mathematics of one number (`math/`). Operands come in as views, leave as
//! pointers, sizes and strides for the engine; results leave as fresh arrays in K order or in
//! outputs that the caller owns.

mod zip;

pub use zip::{Indexed, Operands, ParallelOperands, Seq, Zip, ZipOperand, try_zip, zip};
