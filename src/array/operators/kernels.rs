//! The kernels behind the operators: one definition per operation, for every element type.

use std::fmt;

use num_complex::Complex;

use crate::array::element::Number;
use crate::engine::{BinaryKernel, BinaryOp, Kernel, UnaryKernel, UnaryOp};

/// The arithmetic operators.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// The bitwise operators.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bitwise {
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

/// A kernel, opaque to other crates.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct LoopKernel(pub(crate) &'static dyn Kernel);

impl fmt::Debug for LoopKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoopKernel")
    }
}

macro_rules! arithmetic_ops {
    ($($op:ident $method:ident;)+) => {$(
        #[derive(Clone, Copy)]
        pub(crate) struct $op;
        impl<T: Number> BinaryOp<T, T, T> for $op {
            #[inline(always)]
            fn apply(a: T, b: T) -> T {
                a.$method(b)
            }
        }
    )+};
}
arithmetic_ops! {
    Add number_add;
    Sub number_sub;
    Mul number_mul;
    Div number_div;
    Rem number_rem;
}

#[derive(Clone, Copy)]
pub(crate) struct Neg;
impl<T: Number> UnaryOp<T, T> for Neg {
    #[inline(always)]
    fn apply(a: T) -> T {
        a.number_neg()
    }
}

/// The kernel of an arithmetic operator for `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn arithmetic<T: Number>(op: Arithmetic) -> LoopKernel {
    LoopKernel(match op {
        Arithmetic::Add => const { &BinaryKernel::<Add, T, T, T>::new() },
        Arithmetic::Sub => const { &BinaryKernel::<Sub, T, T, T>::new() },
        Arithmetic::Mul => const { &BinaryKernel::<Mul, T, T, T>::new() },
        Arithmetic::Div => const { &BinaryKernel::<Div, T, T, T>::new() },
        Arithmetic::Rem => const { &BinaryKernel::<Rem, T, T, T>::new() },
    })
}

/// The kernel of unary minus for `T`.
#[inline(always)]
pub(crate) fn negation<T: Number>() -> LoopKernel {
    LoopKernel(const { &UnaryKernel::<Neg, T, T>::new() })
}

mod private {
    pub trait Sealed {}
}

/// What `& | ^ !` work on: integers and `bool` (sealed).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no bitwise operators: integers and `bool` have"
)]
pub trait Bits: Copy + PartialEq + Send + Sync + 'static + private::Sealed {
    #[doc(hidden)]
    fn bitwise(op: Bitwise) -> LoopKernel;
    #[doc(hidden)]
    fn inversion() -> LoopKernel;
}

/// What `<< >>` work on: integers (sealed). Shifts by the width or more give 0 (−1 for negative
/// numbers shifted right), as do negative shift counts, as in NumPy.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be shifted: integers can")]
pub trait Integer: Bits + Number {
    /// `self + other`, or `None` on overflow.
    #[doc(hidden)]
    fn checked(self, other: Self, op: Arithmetic) -> Option<Self>;
}

macro_rules! bit_ops {
    ($($op:ident $($t:ty)+: |$a:ident, $b:ident| $value:expr;)+) => {$(
        #[derive(Clone, Copy)]
        pub(crate) struct $op;
        bit_ops!(@impls $op, ($a, $b, $value), $($t)+);
    )+};
    (@impls $op:ident, $rule:tt, $($t:ty)+) => {$( bit_ops!(@impl $op, $rule, $t); )+};
    (@impl $op:ident, ($a:ident, $b:ident, $value:expr), $t:ty) => {
        impl BinaryOp<$t, $t, $t> for $op {
            #[inline(always)]
            fn apply($a: $t, $b: $t) -> $t {
                $value
            }
        }
    };
}
bit_ops! {
    And i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool: |a, b| a & b;
    Or i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool: |a, b| a | b;
    Xor i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool: |a, b| a ^ b;
}

#[derive(Clone, Copy)]
pub(crate) struct Shl;
#[derive(Clone, Copy)]
pub(crate) struct Shr;
#[derive(Clone, Copy)]
pub(crate) struct Invert;

macro_rules! integers {
    ($($t:ty),+) => {$(
        impl BinaryOp<$t, $t, $t> for Shl {
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                let shifted = a.wrapping_shl(b as u32);
                if (b as u128) < <$t>::BITS as u128 { shifted } else { 0 }
            }
        }
        impl BinaryOp<$t, $t, $t> for Shr {
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                let shifted = a.wrapping_shr(b as u32);
                // All sign bits: two steps, since one by the full width would wrap.
                let far = a.wrapping_shr(<$t>::BITS / 2).wrapping_shr(<$t>::BITS / 2);
                if (b as u128) < <$t>::BITS as u128 { shifted } else { far }
            }
        }
        impl UnaryOp<$t, $t> for Invert {
            #[inline(always)]
            fn apply(a: $t) -> $t {
                !a
            }
        }
        impl private::Sealed for $t {}
        impl Bits for $t {
            #[inline(never)]
            fn bitwise(op: Bitwise) -> LoopKernel {
                LoopKernel(match op {
                    Bitwise::And => const { &BinaryKernel::<And, $t, $t, $t>::new() },
                    Bitwise::Or => const { &BinaryKernel::<Or, $t, $t, $t>::new() },
                    Bitwise::Xor => const { &BinaryKernel::<Xor, $t, $t, $t>::new() },
                    Bitwise::Shl => const { &BinaryKernel::<Shl, $t, $t, $t>::new() },
                    Bitwise::Shr => const { &BinaryKernel::<Shr, $t, $t, $t>::new() },
                })
            }
            #[inline(never)]
            fn inversion() -> LoopKernel {
                LoopKernel(const { &UnaryKernel::<Invert, $t, $t>::new() })
            }
        }
        impl Integer for $t {
            #[inline(always)]
            fn checked(self, other: Self, op: Arithmetic) -> Option<Self> {
                match op {
                    Arithmetic::Add => self.checked_add(other),
                    Arithmetic::Sub => self.checked_sub(other),
                    Arithmetic::Mul => self.checked_mul(other),
                    Arithmetic::Div => self.checked_div(other),
                    Arithmetic::Rem => self.checked_rem(other),
                }
            }
        }
    )+};
}
integers!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

impl UnaryOp<bool, bool> for Invert {
    #[inline(always)]
    fn apply(a: bool) -> bool {
        !a
    }
}
impl private::Sealed for bool {}
impl Bits for bool {
    #[inline(never)]
    fn bitwise(op: Bitwise) -> LoopKernel {
        LoopKernel(match op {
            Bitwise::And => const { &BinaryKernel::<And, bool, bool, bool>::new() },
            Bitwise::Or => const { &BinaryKernel::<Or, bool, bool, bool>::new() },
            Bitwise::Xor => const { &BinaryKernel::<Xor, bool, bool, bool>::new() },
            Bitwise::Shl | Bitwise::Shr => unreachable!("`bool` is not `Integer`"),
        })
    }
    #[inline(never)]
    fn inversion() -> LoopKernel {
        LoopKernel(const { &UnaryKernel::<Invert, bool, bool>::new() })
    }
}

/// Real scalars times complex arrays and the like go through the complex kernels.
pub(crate) type C32 = Complex<f32>;
pub(crate) type C64 = Complex<f64>;
