//! Functions with two results or with an integer operand: `modf`, `frexp`, `sincos`, `ldexp`, `powi`.

use super::families::{Floating, compiled};
use super::forms::{Max, UnaryUfunc, binary};
use super::table::{object, pair, takes};
use super::{Cos, Sin};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Float, Operand, ShapeError, unwrap};
use crate::engine::{BinaryOp, UnaryOp};
use crate::math;

/// Functions of a float and an integer.
macro_rules! with_integer {
    ($($Name:ident $method:ident $try_method:ident $name:literal $example:literal = $function:path, $cost:ident; $(#[$doc:meta])+)+) => {$(
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
                unwrap(self.$try_method(n))
            }

            #[doc = concat!("As [`", stringify!($method), "`](Self::", stringify!($method), "), with the mistake as an error.")]
            ///
            /// # Errors
            /// [`ShapeError::Broadcast`].
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            /// let x = array![1.0, 2.0];
            #[doc = concat!("assert_eq!(x.", stringify!($try_method), "(3)?, x.", stringify!($method), "(3));")]
            #[doc = concat!("assert!(x.", stringify!($try_method), "(&array![1, 2, 3]).is_err());")]
            /// # Ok::<(), orthant::ShapeError>(())
            /// ```
            #[inline]
            pub fn $try_method<R: Operand<i32>>(&self, n: R) -> Result<Array<T, Max<D, R::Dim>>, ShapeError>
            where
                D: DimMax<R::Dim>,
            {
                binary::<$Name, T, i32, D, R>(self, n)
            }
        }
    )+};
}

with_integer! {
    Ldexp ldexp try_ldexp "ldexp" "array![3.0, 1.0].ldexp(&array![-2, 10]), array![0.75, 1024.0]" = math::ldexp, Arithmetic;
    /// `x 2^n` of every element, rounded once (NumPy's `ldexp`).

    Powi powi try_powi "power" "array![2.0, -3.0].powi(3), array![8.0, -27.0]" = power, Transcendental;
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
    ($(
        $(#[$doc:meta])* $Name:ident $numpy:literal [T: $Bound:ident] -> $R:ty, $kernel:expr, ($($signature:ty),+):
            [$($generics:tt)*] $A:ty => $B:ty, $function:expr;
    )+) => {$(
        $(#[$doc])*
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $Name;
        impl super::forms::private::Sealed for $Name {}
        impl super::Ufunc for $Name {
            const NAME: &'static str = $numpy;
        }
        impl<$($generics)*> UnaryOp<$A, $B> for $Name {
            #[inline(always)]
            fn apply(a: $A) -> $B {
                $function(a)
            }
        }
        compiled!($Name unary: $($signature),+);
        takes!($Name [T: $Bound] (T) -> $R, Arithmetic, $kernel);
    )+};
}
part! {
    /// The fraction, with the sign of the number.
    Fraction "modf" [T: Floating] -> T::Float, T::unary::<Fraction>(), (fn(f32) -> f32, fn(f64) -> f64):
        [F: math::Kernel] F => F, |a: F| math::modf(a).0;
    /// The integer part, with the sign of the number.
    Whole "modf" [T: Floating] -> T::Float, T::unary::<Whole>(), (fn(f32) -> f32, fn(f64) -> f64):
        [F: math::Kernel] F => F, |a: F| math::modf(a).1;
    /// `m` of `x = m 2^e`.
    Mantissa "frexp" [T: Float] -> T, T::unary::<Mantissa>(), (fn(f32) -> f32, fn(f64) -> f64):
        [F: math::Kernel] F => F, |a: F| math::frexp(a).0;
    /// `e` of `x = m 2^e`.
    Exponent "frexp" [T: Float] -> i32, T::to_integer::<Exponent>(), (fn(f32) -> i32, fn(f64) -> i32):
        [F: math::Kernel] F => i32, |a: F| math::frexp(a).1;
}

pair!(
    UnaryPair Modf "modf" [Fraction, Whole]
    "let x = array![2.5, -0.25];\nassert_eq!(ufunc::Modf.call(&x), x.modf());",
    "[`x.modf()`](crate::ArrayRef::modf) as an object, NumPy's `modf`."
);
pair!(
    UnaryPair Frexp "frexp" [Mantissa, Exponent]
    "let x = array![12.0, -0.5];\nassert_eq!(ufunc::Frexp.call(&x), x.frexp());",
    "[`x.frexp()`](crate::ArrayRef::frexp) as an object, NumPy's `frexp`."
);
pair!(
    UnaryPair Sincos "sincos" [Sin, Cos]
    "let x = array![0.0, 1.0];\nassert_eq!(ufunc::Sincos.call(&x), x.sincos());",
    "[`x.sincos()`](crate::ArrayRef::sincos) as an object."
);

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The fraction and the integer part of every element, both with its sign (NumPy's `modf`);
    /// integers and `bool` give `f64`. The object is [`ufunc::Modf`](Modf).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (fraction, whole) = array![2.5, -0.25].modf();
    /// assert_eq!(fraction, array![0.5, -0.25]);
    /// assert_eq!(whole, array![2.0, -0.0]);
    /// ```
    pub fn modf(&self) -> (Array<T::Float, D>, Array<T::Float, D>)
    where
        T: Floating,
    {
        Modf.call(self)
    }

    /// Sine and cosine of every element, with the bits of [`sin`](Self::sin) and
    /// [`cos`](Self::cos) ([`math::sincos`] of arrays). The object is [`ufunc::Sincos`](Sincos).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (sin, cos) = array![0.0, std::f64::consts::FRAC_PI_2].sincos();
    /// assert_eq!((sin[1], cos[0]), (1.0, 1.0));
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn sincos(
        &self,
    ) -> (
        Array<<Sin as UnaryUfunc<T>>::Output, D>,
        Array<<Cos as UnaryUfunc<T>>::Output, D>,
    )
    where
        Sin: UnaryUfunc<T>,
        Cos: UnaryUfunc<T>,
    {
        Sincos.call(self)
    }

    /// Mantissa and exponent of every element, `x = m 2^e` with `1/2 <= |m| < 1` (NumPy's `frexp`).
    /// The object is [`ufunc::Frexp`](Frexp).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (mantissa, exponent) = array![12.0, -0.5].frexp();
    /// assert_eq!(mantissa, array![0.75, -0.5]);
    /// assert_eq!(exponent, array![4, 0]);
    /// ```
    pub fn frexp(&self) -> (Array<T, D>, Array<i32, D>)
    where
        T: Float,
    {
        Frexp.call(self)
    }
}
