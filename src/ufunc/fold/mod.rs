//! The ways in which a function of two arguments goes along an axis: `reduce` (with all its options:
//! `reduction`), `accumulate`, `reduceat`, and over pairs and indices: `outer`, `at`. One file each;
//! what they need to know of a function is in `step`, how they go in `loops` and `chosen`.

mod accumulate;
mod at;
mod at_nd;
mod chosen;
mod loops;
mod outer;
mod positions;
mod reduce;
mod reduceat;
mod reduction;
mod step;

pub use self::at::Scatter;
pub(in crate::ufunc) use self::positions::Positions;
pub use self::reduction::{Keepdims, OverAll, OverAxes, OverAxis, ReducedAxes, Reduction};
pub use self::step::{Fold, Step};
