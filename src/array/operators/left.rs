//! Operators with a bare scalar on the left (`2.0 * &x`), one impl per scalar type and array kind,
//! because the orphan rule allows no fewer.

use std::ops;

use super::kernels::{C32, C64};
use super::{Arithmetic, Bitwise, Op, compute, operate};
use crate::array::dimension::Dimension;
use crate::array::error::unwrap;
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};
use crate::reduce::Total;

macro_rules! left {
    ($run:ident, $op:ident, $enum:ident, [$($trait:ident $method:ident $variant:ident),+];
        $($scalar:ty => $element:ty),+) => {
        left!(@each $run, $op, $enum, [$($trait $method $variant),+]; [$($scalar => $element),+]);
    };
    (@each $run:ident, $op:ident, $enum:ident, $traits:tt; [$($scalar:ty => $element:ty),+]) => {$(
        left!(@kinds $run, $op, $enum, $traits, $scalar, $element;
            Array<$element, D>;
            &Array<$element, D>;
            &ArrayRef<$element, D>;
            ArrayView<'_, $element, D>;
            &ArrayView<'_, $element, D>;
            &ArrayViewMut<'_, $element, D>;
            CowArray<'_, $element, D>;
            &CowArray<'_, $element, D>;);
    )+};
    (@kinds $run:ident, $op:ident, $enum:ident, $traits:tt, $scalar:ty, $element:ty;
        $($kind:ty;)+) => {$(
        left!(@traits $run, $op, $enum, $traits, $scalar, $element, $kind);
    )+};
    (@traits $run:ident, $op:ident, $enum:ident, [$($trait:ident $method:ident $variant:ident),+],
        $scalar:ty, $element:ty, $kind:ty) => {$(
        left!(@impl $run, $op, $enum, $trait, $method, $variant, $scalar, $element, $kind);
    )+};
    (@impl $run:ident, $op:ident, $enum:ident, $trait:ident, $method:ident, $variant:ident,
        $scalar:ty, $element:ty, $kind:ty) => {
        impl<D: Dimension + crate::array::DimMax<D, Output = D>> ops::$trait<$kind> for $scalar
        where
            crate::array::Ix0: crate::array::DimMax<D, Output = D>,
        {
            type Output = Array<$element, D>;
            #[inline]
            #[track_caller]
            fn $method(self, rhs: $kind) -> Array<$element, D> {
                unwrap($run(Op::<$element>::$op($enum::$variant), self, rhs))
            }
        }
    };
}

left!(compute, arithmetic, Arithmetic,
    [Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Rem];
    f32 => f32, f64 => f64, i8 => i8, i16 => i16, i32 => i32, i64 => i64, i128 => i128,
    isize => isize, u8 => u8, u16 => u16, u32 => u32, u64 => u64, u128 => u128, usize => usize,
    C32 => C32, C64 => C64, f32 => C32, f64 => C64);
left!(operate, bitwise, Bitwise, [BitAnd bitand And, BitOr bitor Or, BitXor bitxor Xor];
    i8 => i8, i16 => i16, i32 => i32, i64 => i64, i128 => i128, isize => isize, u8 => u8,
    u16 => u16, u32 => u32, u64 => u64, u128 => u128, usize => usize, bool => bool);
left!(operate, total, Total, [Add add Sum, Mul mul Product]; bool => bool);
left!(operate, bitwise, Bitwise, [Shl shl Shl, Shr shr Shr];
    i8 => i8, i16 => i16, i32 => i32, i64 => i64, i128 => i128, isize => isize, u8 => u8,
    u16 => u16, u32 => u32, u64 => u64, u128 => u128, usize => usize);
