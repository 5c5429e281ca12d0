//! Functions with two results or with an integer operand: `modf`, `frexp`, `ldexp`, `powi`.

use super::families::compiled;
use super::forms::{Max, binary, unary_with};
use super::table::{object, takes};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Float, Operand, unwrap};
use crate::engine::{BinaryOp, Cost, UnaryOp};
use crate::math;

/// Functions of a float and an integer.
macro_rules! with_integer {
    ($($Name:ident $method:ident $name:literal $example:literal = $function:path, $cost:ident; $(#[$doc:meta])+)+) => {$(
        object!(Binary $Name $name [concat!("x.", stringify!($method), "(&y)"); "array![1.0, 3.0]"], concat!("[`x.", stringify!($method), "(n)`](crate::ArrayRef::", stringify!($method), ") as an object, with `i32` as second argument."));
        impl<F: math::Kernel> BinaryOp<F, i32, F> for $Name {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: F, b: i32) -> F {
                $function(a, b)
            }
        }
        compiled!($Name binary: fn(f32, i32) -> f32, fn(f64, i32) -> f64);
        takes!($Name [T: Float] (T, i32) -> T, $cost, T::with_integer::<$Name>());

        impl<T: Float, D: Dimension> ArrayRef<T, D> {
            $(#[$doc])+
            ///
            /// # Panics
            /// The shapes do not broadcast together.
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = concat!("assert_eq!(", $example, ");")]
            /// ```
            #[inline]
            #[track_caller]
            pub fn $method<R: Operand<i32>>(&self, n: R) -> Array<T, Max<D, R::Dim>>
            where
                D: DimMax<R::Dim>,
            {
                unwrap(binary::<$Name, T, i32, D, R>(self, n))
            }
        }
    )+};
}

with_integer! {
    Ldexp ldexp "ldexp" "array![3.0, 1.0].ldexp(&array![-2, 10]), array![0.75, 1024.0]" = math::ldexp, Arithmetic;
    /// `x 2^n` of every element, rounded once (NumPy's `ldexp`).

    Powi powi "power" "array![2.0, -3.0].powi(3), array![8.0, -27.0]" = power, Transcendental;
    /// Every float to an integer power (NumPy's `x ** n`); error below 4 ULP, exact squares.
}

/// `x^n`.
#[inline(always)]
fn power<F: math::Kernel>(x: F, n: i32) -> F {
    // the sign apart: not every integer is a value of `f32`
    let magnitude = math::pow(x.magnitude(), F::of(f64::from(n)));
    let magnitude = if n == 2 { x * x } else { magnitude };
    let odd = n & 1 != 0;
    if odd {
        magnitude.xor_sign(x)
    } else {
        magnitude
    }
}

/// The parts of a number that are functions of their own.
macro_rules! part {
    ($($(#[$doc:meta])* $Name:ident -> $R:ident: $function:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        struct $Name;
        part!(@impl $Name $R $function);
    )+};
    (@impl $Name:ident F $function:expr) => {
        impl<F: math::Kernel> UnaryOp<F, F> for $Name {
            #[inline(always)]
            fn apply(a: F) -> F {
                $function(a)
            }
        }
        compiled!($Name unary: fn(f32) -> f32, fn(f64) -> f64);
    };
    (@impl $Name:ident i32 $function:expr) => {
        impl<F: math::Kernel> UnaryOp<F, i32> for $Name {
            #[inline(always)]
            fn apply(a: F) -> i32 {
                $function(a)
            }
        }
        compiled!($Name unary: fn(f32) -> i32, fn(f64) -> i32);
    };
}
part! {
    /// The fraction, with the sign of the number.
    Fraction -> F: |a: F| math::modf(a).0;
    /// The integer part, with the sign of the number.
    Whole -> F: |a: F| math::modf(a).1;
    /// `m` of `x = m 2^e`.
    Mantissa -> F: |a: F| math::frexp(a).0;
    /// `e` of `x = m 2^e`.
    Exponent -> i32: |a: F| math::frexp(a).1;
}

impl<T: Float, D: Dimension> ArrayRef<T, D> {
    /// The fraction and the integer part of every element, both with its sign (NumPy's `modf`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (fraction, whole) = array![2.5, -0.25].modf();
    /// assert_eq!(fraction, array![0.5, -0.25]);
    /// assert_eq!(whole, array![2.0, -0.0]);
    /// ```
    pub fn modf(&self) -> (Array<T, D>, Array<T, D>) {
        (
            unary_with(self, Cost::Arithmetic, T::unary::<Fraction>()),
            unary_with(self, Cost::Arithmetic, T::unary::<Whole>()),
        )
    }

    /// Sine and cosine of every element, with the bits of [`sin`](Self::sin) and
    /// [`cos`](Self::cos) ([`math::sincos`] of arrays).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (sin, cos) = array![0.0, std::f64::consts::FRAC_PI_2].sincos();
    /// assert_eq!((sin[1], cos[0]), (1.0, 1.0));
    /// ```
    pub fn sincos(&self) -> (Array<T, D>, Array<T, D>) {
        (self.sin(), self.cos())
    }

    /// Mantissa and exponent of every element, `x = m 2^e` with `1/2 <= |m| < 1` (NumPy's `frexp`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (mantissa, exponent) = array![12.0, -0.5].frexp();
    /// assert_eq!(mantissa, array![0.75, -0.5]);
    /// assert_eq!(exponent, array![4, 0]);
    /// ```
    pub fn frexp(&self) -> (Array<T, D>, Array<i32, D>) {
        (
            unary_with(self, Cost::Arithmetic, T::unary::<Mantissa>()),
            unary_with(self, Cost::Arithmetic, T::to_integer::<Exponent>()),
        )
    }
}
