//! The ways in which a function of two arguments goes along an axis: `reduce`, `accumulate`,
//! `reduceat`, and over pairs and indices: `outer`, `at`. One file each; what they need to know of a
//! function is in `step`.

mod accumulate;
mod at;
mod outer;
mod reduce;
mod reduceat;
mod step;

pub use self::at::Scatter;
pub(in crate::ufunc) use self::step::Positions;
pub use self::step::{Fold, Step};
