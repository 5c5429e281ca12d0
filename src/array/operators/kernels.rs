//! The kernels behind the operators: one definition per operation, for every element type.

use std::fmt;
use std::marker::PhantomData;

use num_complex::Complex;

use crate::array::element::Number;
use crate::engine::{
    BinaryKernel, BinaryOp, Kernel, TernaryKernel, TernaryOp, UnaryKernel, UnaryOp,
};
use crate::ufunc::families::PrimitiveReal;
use crate::ufunc::integer::integer_loops;

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

/// A kernel over operands of the types that `F` names (`fn(A, B) -> R`), opaque to other crates.
///
/// The types are part of it because [`Number`] is open: an implementation can only hand out a loop
/// over its own type.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct LoopKernel<F>(pub(crate) &'static dyn Kernel, PhantomData<F>);

impl<F> LoopKernel<F> {
    /// # Safety
    /// The kernel works on the types that `F` names.
    #[inline(always)]
    pub(crate) unsafe fn from_kernel(kernel: &'static dyn Kernel) -> Self {
        LoopKernel(kernel, PhantomData)
    }
}

impl<A: Copy + 'static, R: Copy + 'static> LoopKernel<fn(A) -> R> {
    /// The loop of a unary operation, compiled where it is named.
    #[inline(always)]
    pub(crate) fn unary<Op: UnaryOp<A, R> + 'static>() -> Self {
        LoopKernel(const { &UnaryKernel::<Op, A, R>::new() }, PhantomData)
    }
}

impl<A: Copy + 'static, B: Copy + 'static, R: Copy + 'static> LoopKernel<fn(A, B) -> R> {
    /// The loop of a binary operation, compiled where it is named.
    #[inline(always)]
    pub(crate) fn binary<Op: BinaryOp<A, B, R> + 'static>() -> Self {
        LoopKernel(const { &BinaryKernel::<Op, A, B, R>::new() }, PhantomData)
    }
}

impl<A, B, C, R> LoopKernel<fn(A, B, C) -> R>
where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    R: Copy + 'static,
{
    /// The loop of a ternary operation, compiled where it is named.
    #[inline(always)]
    pub(crate) fn ternary<Op: TernaryOp<A, B, C, R> + 'static>() -> Self {
        LoopKernel(
            const { &TernaryKernel::<Op, A, B, C, R>::new() },
            PhantomData,
        )
    }
}

/// The loop of a binary operation within `T`.
type Binary<T> = LoopKernel<fn(T, T) -> T>;
/// The loop of a unary operation within `T`.
type Unary<T> = LoopKernel<fn(T) -> T>;

impl<F> fmt::Debug for LoopKernel<F> {
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
pub(crate) fn arithmetic<T: Number>(op: Arithmetic) -> LoopKernel<fn(T, T) -> T> {
    match op {
        Arithmetic::Add => Binary::<T>::binary::<Add>(),
        Arithmetic::Sub => Binary::<T>::binary::<Sub>(),
        Arithmetic::Mul => Binary::<T>::binary::<Mul>(),
        Arithmetic::Div => Binary::<T>::binary::<Div>(),
        Arithmetic::Rem => Binary::<T>::binary::<Rem>(),
    }
}

/// The kernel of unary minus for `T`.
#[inline(always)]
pub(crate) fn negation<T: Number>() -> LoopKernel<fn(T) -> T> {
    Unary::<T>::unary::<Neg>()
}

mod private {
    pub trait Sealed {}
}

/// What `& | ^ !` work on: integers and `bool` (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Bits;
///
/// fn differing<T: Bits>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Array1<T> {
///     x ^ y
/// }
/// assert_eq!(differing(&array![6], &array![3]), array![5]);
/// assert_eq!(differing(&array![true], &array![true]), array![false]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no bitwise operators: integers and `bool` have"
)]
pub trait Bits: Copy + PartialEq + Send + Sync + 'static + private::Sealed {
    #[doc(hidden)]
    fn bitwise(op: Bitwise) -> LoopKernel<fn(Self, Self) -> Self>;
    #[doc(hidden)]
    fn inversion() -> LoopKernel<fn(Self) -> Self>;
}

/// What `<< >>` work on: integers (sealed). Shifts by the width or more give 0 (−1 for negative
/// numbers shifted right), as do negative shift counts, as in NumPy.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::{Integer, ScalarOperand};
///
/// fn halves<T: Integer>(x: &ArrayRef1<T>) -> Array1<T> {
///     x >> ScalarOperand(T::one())
/// }
/// assert_eq!(halves(&array![-3, 9]), array![-2, 4]);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not one of the built-in integers")]
pub trait Integer: Bits + Number + PrimitiveReal {
    /// `self + other`, or `None` on overflow.
    #[doc(hidden)]
    fn checked(self, other: Self, op: Arithmetic) -> Option<Self>;
    #[doc(hidden)]
    fn integer_checked_pow(self, exponent: Self) -> Option<Self>;
    #[doc(hidden)]
    fn integer_is_negative(self) -> bool;
    #[doc(hidden)]
    fn integer_gcd(self, other: Self) -> Self;
    #[doc(hidden)]
    fn integer_lcm(self, other: Self) -> Self;
    /// The ones in the bits of the magnitude.
    #[doc(hidden)]
    fn integer_magnitude_ones(self) -> u8;
    integer_loops!(doc(hidden));
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
    ($($t:ty: $magnitude:ident),+) => {$(
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
            fn bitwise(op: Bitwise) -> Binary<$t> {
                match op {
                    Bitwise::And => Binary::<$t>::binary::<And>(),
                    Bitwise::Or => Binary::<$t>::binary::<Or>(),
                    Bitwise::Xor => Binary::<$t>::binary::<Xor>(),
                    Bitwise::Shl => Binary::<$t>::binary::<Shl>(),
                    Bitwise::Shr => Binary::<$t>::binary::<Shr>(),
                }
            }
            #[inline(never)]
            fn inversion() -> Unary<$t> {
                Unary::<$t>::unary::<Invert>()
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
            fn integer_checked_pow(self, exponent: Self) -> Option<Self> {
                match (u32::try_from(exponent), self as i128) {
                    (Ok(exponent), _) => self.checked_pow(exponent),
                    (Err(_), -1 | 1) if <$t>::MIN != 0 || self == 1 => {
                        Some(if exponent & 1 == 0 { 1 } else { self })
                    }
                    (Err(_), 0) => Some(0),
                    _ => None,
                }
            }
            #[inline(always)]
            #[allow(unused_comparisons)]
            fn integer_is_negative(self) -> bool {
                self < 0
            }
            #[inline(always)]
            fn integer_gcd(self, other: Self) -> Self {
                let (mut a, mut b) = (self.$magnitude(), other.$magnitude());
                while b != 0 {
                    (a, b) = (b, a % b);
                }
                a as $t
            }
            #[inline(always)]
            fn integer_lcm(self, other: Self) -> Self {
                let divisor = self.integer_gcd(other).$magnitude();
                if divisor == 0 {
                    return 0;
                }
                (self.$magnitude() / divisor).wrapping_mul(other.$magnitude()) as $t
            }
            #[inline(always)]
            fn integer_magnitude_ones(self) -> u8 {
                self.$magnitude().count_ones() as u8
            }
            integer_loops!(inline(never));
        }
    )+};
}
integers!(
    i8: unsigned_abs, i16: unsigned_abs, i32: unsigned_abs, i64: unsigned_abs,
    i128: unsigned_abs, isize: unsigned_abs,
    u8: itself, u16: itself, u32: itself, u64: itself, u128: itself, usize: itself
);

/// The magnitude of a number that has no sign.
trait Unsigned: Copy {
    #[inline(always)]
    fn itself(self) -> Self {
        self
    }
}
impl Unsigned for u8 {}
impl Unsigned for u16 {}
impl Unsigned for u32 {}
impl Unsigned for u64 {}
impl Unsigned for u128 {}
impl Unsigned for usize {}

impl UnaryOp<bool, bool> for Invert {
    #[inline(always)]
    fn apply(a: bool) -> bool {
        !a
    }
}
impl private::Sealed for bool {}
impl Bits for bool {
    #[inline(never)]
    fn bitwise(op: Bitwise) -> Binary<bool> {
        match op {
            Bitwise::And => Binary::<bool>::binary::<And>(),
            Bitwise::Or => Binary::<bool>::binary::<Or>(),
            Bitwise::Xor => Binary::<bool>::binary::<Xor>(),
            Bitwise::Shl | Bitwise::Shr => unreachable!("`bool` is not `Integer`"),
        }
    }
    #[inline(never)]
    fn inversion() -> Unary<bool> {
        Unary::<bool>::unary::<Invert>()
    }
}

/// Real scalars times complex arrays and the like go through the complex kernels.
pub(crate) type C32 = Complex<f32>;
pub(crate) type C64 = Complex<f64>;
