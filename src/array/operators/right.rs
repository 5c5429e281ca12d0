//! Operators with an array on the left: the right side is any [`Operand`].

use std::ops;

use super::{
    Arithmetic, Bits, Bitwise, Integer, Op, compute, compute_assign, operate, operate_assign,
};
use crate::array::dimension::Dimension;
use crate::array::element::Number;
use crate::array::error::unwrap;
use crate::array::lattice::DimMax;
use crate::array::loops;
use crate::array::operand::{Operand, ScalarOperand};
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};
use crate::engine::Cost;
use crate::reduce::{Summable, Total};

macro_rules! binary {
    ($($kind:ty;)+) => {$(
        binary!(@ops $kind, Summable, operate, Op::<T>::total, Total:
            Add add Sum, Mul mul Product);
        binary!(@ops $kind, Number, compute, Op::<T>::arithmetic, Arithmetic:
            Sub sub, Div div, Rem rem);
        binary!(@ops $kind, Bits, operate, Op::<T>::bitwise, Bitwise:
            BitAnd bitand And, BitOr bitor Or, BitXor bitxor Xor);
        binary!(@ops $kind, Integer, operate, Op::<T>::bitwise, Bitwise: Shl shl, Shr shr);
    )+};
    (@ops $kind:ty, $bound:ident, $run:ident, $op:expr, $enum:ident:
        $($trait:ident $method:ident $($variant:ident)?),+) => {$(
        impl<T: $bound, D: DimMax<R::Dim>, R: Operand<T>> ops::$trait<R> for $kind {
            type Output = Array<T, <D as DimMax<R::Dim>>::Output>;
            /// Elementwise, broadcasting.
            ///
            /// # Panics
            /// The shapes do not broadcast together; an integer divisor is zero.
            #[inline]
            #[track_caller]
            fn $method(self, rhs: R) -> Self::Output {
                unwrap($run($op(binary!(@variant $enum $trait $($variant)?)), self, rhs))
            }
        }
    )+};
    (@variant $enum:ident $trait:ident $variant:ident) => { $enum::$variant };
    (@variant $enum:ident $trait:ident) => { $enum::$trait };
}
binary! {
    Array<T, D>;
    &Array<T, D>;
    &ArrayRef<T, D>;
    ArrayView<'_, T, D>;
    &ArrayView<'_, T, D>;
    &ArrayViewMut<'_, T, D>;
    CowArray<'_, T, D>;
    &CowArray<'_, T, D>;
}

/// `ScalarOperand(s) - &x` in code that is generic over the element type.
macro_rules! scalar_operand {
    ($($trait:ident $method:ident),+) => {$(
        impl<T: Number, R: Operand<T>> ops::$trait<R> for ScalarOperand<T>
        where
            crate::array::Ix0: DimMax<R::Dim>,
        {
            type Output = Array<T, <crate::array::Ix0 as DimMax<R::Dim>>::Output>;
            /// Elementwise.
            ///
            /// # Panics
            /// An integer divisor is zero.
            #[inline]
            #[track_caller]
            fn $method(self, rhs: R) -> Self::Output {
                unwrap(compute(Op::<T>::arithmetic(Arithmetic::$trait), self, rhs))
            }
        }
    )+};
}
scalar_operand!(Add add, Sub sub, Mul mul, Div div, Rem rem);

macro_rules! assign {
    ($($kind:ty;)+) => {$(
        assign!(@ops $kind, Summable, operate_assign, Op::<T>::total, Total:
            AddAssign add_assign Sum, MulAssign mul_assign Product);
        assign!(@ops $kind, Number, compute_assign, Op::<T>::arithmetic, Arithmetic:
            SubAssign sub_assign Sub, DivAssign div_assign Div, RemAssign rem_assign Rem);
        assign!(@ops $kind, Bits, operate_assign, Op::<T>::bitwise, Bitwise:
            BitAndAssign bitand_assign And, BitOrAssign bitor_assign Or,
            BitXorAssign bitxor_assign Xor);
        assign!(@ops $kind, Integer, operate_assign, Op::<T>::bitwise, Bitwise:
            ShlAssign shl_assign Shl, ShrAssign shr_assign Shr);
    )+};
    (@ops $kind:ty, $bound:ident, $run:ident, $op:expr, $enum:ident:
        $($trait:ident $method:ident $variant:ident),+) => {$(
        impl<T: $bound, D: Dimension, R: Operand<T>> ops::$trait<R> for $kind {
            /// Elementwise in place; only the right side is broadcast.
            ///
            /// # Panics
            /// The right side does not broadcast to this shape; an integer divisor is zero.
            #[inline]
            #[track_caller]
            fn $method(&mut self, rhs: R) {
                unwrap($run($op($enum::$variant), self, &rhs));
            }
        }
    )+};
}
assign! {
    Array<T, D>;
    ArrayRef<T, D>;
    ArrayViewMut<'_, T, D>;
}

/// One fresh array, or the owned operand's own buffer.
macro_rules! unary {
    ($($kind:ty;)+) => {$(
        impl<T: Number, D: Dimension> ops::Neg for $kind {
            type Output = Array<T, D>;
            /// Elementwise; integers wrap.
            #[inline]
            fn neg(self) -> Array<T, D> {
                // SAFETY: the kernel is `T`'s own.
                unsafe { loops::unary(&self, Cost::Memory, T::negation().0) }
            }
        }
        impl<T: Bits, D: Dimension> ops::Not for $kind {
            type Output = Array<T, D>;
            /// Elementwise: bits of integers, logic of `bool`.
            #[inline]
            fn not(self) -> Array<T, D> {
                // SAFETY: the kernel is `T`'s own.
                unsafe { loops::unary(&self, Cost::Memory, T::inversion().0) }
            }
        }
    )+};
}
unary! {
    &Array<T, D>;
    &ArrayRef<T, D>;
    ArrayView<'_, T, D>;
    &ArrayView<'_, T, D>;
    &ArrayViewMut<'_, T, D>;
    &CowArray<'_, T, D>;
}

impl<T: Number, D: Dimension> ops::Neg for Array<T, D> {
    type Output = Array<T, D>;
    /// Elementwise, in the array's own buffer; integers wrap.
    #[inline]
    fn neg(self) -> Array<T, D> {
        // SAFETY: the kernel is `T`'s own; it reads and writes the same elements.
        unsafe {
            loops::unary_into(
                &mut { self.head },
                &self.head,
                Cost::Memory,
                T::negation().0,
            )
        };
        self
    }
}
impl<T: Bits, D: Dimension> ops::Not for Array<T, D> {
    type Output = Array<T, D>;
    /// Elementwise, in the array's own buffer.
    #[inline]
    fn not(self) -> Array<T, D> {
        // SAFETY: the kernel is `T`'s own; it reads and writes the same elements.
        unsafe {
            loops::unary_into(
                &mut { self.head },
                &self.head,
                Cost::Memory,
                T::inversion().0,
            )
        };
        self
    }
}
impl<T: Number, D: Dimension> ops::Neg for CowArray<'_, T, D> {
    type Output = Array<T, D>;
    /// Elementwise; integers wrap.
    fn neg(self) -> Array<T, D> {
        match self {
            CowArray::View(view) => -view,
            CowArray::Owned(array) => -array,
        }
    }
}
impl<T: Bits, D: Dimension> ops::Not for CowArray<'_, T, D> {
    type Output = Array<T, D>;
    /// Elementwise.
    fn not(self) -> Array<T, D> {
        match self {
            CowArray::View(view) => !view,
            CowArray::Owned(array) => !array,
        }
    }
}
