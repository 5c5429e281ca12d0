//! What functions of numbers are of `bool`, where NumPy has them without making numbers of it.

use super::table::takes;
use super::{Abs, BitwiseCount, Ceil, Clip, Floor, NanToNum, Trunc};
use crate::array::{CastFrom, LoopKernel};
use crate::engine::TernaryOp;

/// Functions that leave truth values as they are.
macro_rules! copies {
    ($($Name:ident)+) => {$(
        takes!($Name [] (bool) -> bool, Memory, <bool as CastFrom<bool>>::cast_kernel());
    )+};
}
copies!(Abs NanToNum Floor Ceil Trunc);

takes!(BitwiseCount [] (bool) -> u8, Memory, <u8 as CastFrom<bool>>::cast_kernel());

/// The function of `bool`, which is no [`Real`](crate::Real).
#[derive(Clone, Copy)]
struct Logic;
impl TernaryOp<bool, bool, bool, bool> for Logic {
    #[inline(always)]
    fn apply(x: bool, low: bool, high: bool) -> bool {
        (x | low) & high
    }
}
takes!(Clip [] (bool, bool, bool) -> bool, Memory,
    LoopKernel::<fn(bool, bool, bool) -> bool>::ternary::<Logic>());
