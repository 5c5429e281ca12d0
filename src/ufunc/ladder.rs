//! The functions that are open to number types of the user's: comparisons, logic, order, signs.
//!
//! Their loops are methods of [`Number`] and [`Real`], compiled here for the built-in types and in
//! the user's crate for others.

use super::forms::{BinaryUfunc, Max, TernaryUfunc};
use super::table::{binary_method, object, takes, unary_method};
use crate::array::{
    Arithmetic, Array, ArrayRef, DimMax, Dimension, LoopKernel, Number, Operand, Real, ShapeError,
};
use crate::engine::{BinaryOp, TernaryOp, UnaryOp};

/// The loops that [`Number`] has beside its arithmetic, as methods of the trait (`#[doc(hidden)]`)
/// and of the built-in types (`#[inline(never)]`).
macro_rules! number_loops {
    ($attribute:meta) => {
        $crate::ufunc::ladder::loops! { $attribute;
            equal_loop binary(Self, Self) -> bool: Equal;
            not_equal_loop binary(Self, Self) -> bool: NotEqual;
            logical_and_loop binary(Self, Self) -> bool: LogicalAnd;
            logical_or_loop binary(Self, Self) -> bool: LogicalOr;
            logical_xor_loop binary(Self, Self) -> bool: LogicalXor;
            logical_not_loop unary(Self) -> bool: LogicalNot;
            square_loop unary(Self) -> Self: Square;
            positive_loop unary(Self) -> Self: Positive;
            is_close_loop ternary(Self, Self, $crate::ufunc::IsClose) -> bool: Closeness;
        }
    };
}
/// As [`number_loops!`] for [`Real`].
macro_rules! real_loops {
    ($attribute:meta) => {
        $crate::ufunc::ladder::loops! { $attribute;
            less_loop binary(Self, Self) -> bool: Less;
            less_equal_loop binary(Self, Self) -> bool: LessEqual;
            greater_loop binary(Self, Self) -> bool: Greater;
            greater_equal_loop binary(Self, Self) -> bool: GreaterEqual;
            maximum_loop binary(Self, Self) -> Self: Maximum;
            minimum_loop binary(Self, Self) -> Self: Minimum;
            fmax_loop binary(Self, Self) -> Self: Fmax;
            fmin_loop binary(Self, Self) -> Self: Fmin;
            abs_loop unary(Self) -> Self: Abs;
            sign_loop unary(Self) -> Self: Sign;
            relu_loop unary(Self) -> Self: Relu;
            clip_loop ternary(Self, Self, Self) -> Self: Clip;
        }
    };
}
macro_rules! loops {
    ($attribute:meta; $($name:ident $kind:ident($($T:ty),+) -> $R:ty: $Op:ident;)+) => {$(
        #[$attribute]
        fn $name() -> $crate::array::LoopKernel<fn($($T),+) -> $R> {
            $crate::array::LoopKernel::<fn($($T),+) -> $R>::$kind::<$crate::ufunc::$Op>()
        }
    )+};
}
pub(crate) use {loops, number_loops, real_loops};

/// Functions of two numbers and of two `bool`: one definition, one line for the method.
macro_rules! binary {
    ($(
        $Name:ident $method:ident $try_method:ident $numpy:literal $example:literal
        [$Bound:ident $kernel:ident $cost:ident $($scatter:ident)?] |$a:ident, $b:ident| -> $R:ty { $value:expr }
        bool |$p:ident, $q:ident| -> bool { $logic:expr }
        $(#[$doc:meta])+
    )+) => {$(
        object!(Binary $Name $numpy [concat!("x.", stringify!($method), "(&y)")], concat!("[`x.", stringify!($method), "(y)`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $numpy, "`."));
        impl<T: $Bound> BinaryOp<T, T, $R> for $Name {
            #[inline(always)]
            fn apply($a: T, $b: T) -> $R {
                $value
            }
        }
        takes!($Name [T: $Bound] (T, T) -> $R, $cost, T::$kernel() $(, $scatter $Name)?);
        binary!(@bool $Name, |$p, $q| $logic);
        binary_method!($Name $method $try_method $example $(#[$doc])+);
    )+};
    (@bool $Name:ident, |$p:ident, $q:ident| $logic:expr) => {
        const _: () = {
            /// The function of `bool`, which is no [`Number`].
            #[derive(Clone, Copy)]
            struct Logic;
            impl BinaryOp<bool, bool, bool> for Logic {
                #[inline(always)]
                fn apply($p: bool, $q: bool) -> bool {
                    $logic
                }
            }
            takes!($Name [] (bool, bool) -> bool, Memory, LoopKernel::<fn(bool, bool) -> bool>::binary::<Logic>());
        };
    };
}

binary! {
    Equal equal try_equal "equal" "array![1, 2].equal(2), array![false, true]"
    [Number equal_loop Memory] |a, b| -> bool { a == b }
    bool |p, q| -> bool { p == q }
    /// Whether elements are equal, one by one; NaN equals nothing (NumPy's `x == y`).

    NotEqual not_equal try_not_equal "not_equal" "array![1, 2].not_equal(2), array![true, false]"
    [Number not_equal_loop Memory] |a, b| -> bool { a != b }
    bool |p, q| -> bool { p != q }
    /// Whether elements differ, one by one; NaN differs from everything (NumPy's `x != y`).

    Less less try_less "less" "array![1, 2, 3].less(2), array![true, false, false]"
    [Real less_loop Memory] |a, b| -> bool { a < b }
    bool |p, q| -> bool { !p & q }
    /// Whether elements are less than the other's (NumPy's `x < y`). Complex numbers are ordered by
    /// their real parts, then by their imaginary parts, in all comparisons and extrema.

    LessEqual less_equal try_less_equal "less_equal" "array![1, 2, 3].less_equal(2), array![true, true, false]"
    [Real less_equal_loop Memory] |a, b| -> bool { a <= b }
    bool |p, q| -> bool { !p | q }
    /// Whether elements are at most the other's (NumPy's `x <= y`).

    Greater greater try_greater "greater" "array![1, 2, 3].greater(2), array![false, false, true]"
    [Real greater_loop Memory] |a, b| -> bool { a > b }
    bool |p, q| -> bool { p & !q }
    /// Whether elements are greater than the other's (NumPy's `x > y`).

    GreaterEqual greater_equal try_greater_equal "greater_equal" "array![1, 2, 3].greater_equal(2), array![false, true, true]"
    [Real greater_equal_loop Memory] |a, b| -> bool { a >= b }
    bool |p, q| -> bool { p | !q }
    /// Whether elements are at least the other's (NumPy's `x >= y`).

    LogicalAnd logical_and try_logical_and "logical_and" "array![0, 1, 2].logical_and(&array![1, 0, 3]), array![false, false, true]"
    [Number logical_and_loop Memory] |a, b| -> bool { !a.is_zero() & !b.is_zero() }
    bool |p, q| -> bool { p & q }
    /// Whether both elements are not zero; NaN is not (NumPy's `logical_and`).

    LogicalOr logical_or try_logical_or "logical_or" "array![0, 1, 2].logical_or(&array![0, 0, 3]), array![false, true, true]"
    [Number logical_or_loop Memory] |a, b| -> bool { !a.is_zero() | !b.is_zero() }
    bool |p, q| -> bool { p | q }
    /// Whether one of the elements is not zero; NaN is not (NumPy's `logical_or`).

    LogicalXor logical_xor try_logical_xor "logical_xor" "array![0, 1, 2].logical_xor(&array![0, 0, 3]), array![false, true, false]"
    [Number logical_xor_loop Memory] |a, b| -> bool { a.is_zero() != b.is_zero() }
    bool |p, q| -> bool { p != q }
    /// Whether exactly one of the elements is not zero; NaN is not (NumPy's `logical_xor`).

    Maximum maximum try_maximum "maximum" "array![1.0, -2.0].maximum(0.0), array![1.0, 0.0]"
    [Real maximum_loop Memory scatter] |a, b| -> T { if (a >= b) | is_nan(a) { a } else { b } }
    bool |p, q| -> bool { p | q }
    /// The greater of two elements; NaN if one of them is (NumPy's `maximum`). [`fmax`](Self::fmax)
    /// passes over NaN.

    Minimum minimum try_minimum "minimum" "array![1.0, -2.0].minimum(0.0), array![0.0, -2.0]"
    [Real minimum_loop Memory scatter] |a, b| -> T { if (a <= b) | is_nan(a) { a } else { b } }
    bool |p, q| -> bool { p & q }
    /// The lesser of two elements; NaN if one of them is (NumPy's `minimum`). [`fmin`](Self::fmin)
    /// passes over NaN.

    Fmax fmax try_fmax "fmax" "array![1.0, f64::NAN].fmax(0.0), array![1.0, 0.0]"
    [Real fmax_loop Memory scatter] |a, b| -> T { if (a >= b) | is_nan(b) { a } else { b } }
    bool |p, q| -> bool { p | q }
    /// The greater of two elements, the number if one is NaN (NumPy's `fmax`, Rust's `f64::max`).

    Fmin fmin try_fmin "fmin" "array![1.0, f64::NAN].fmin(0.0), array![0.0, 0.0]"
    [Real fmin_loop Memory scatter] |a, b| -> T { if (a <= b) | is_nan(b) { a } else { b } }
    bool |p, q| -> bool { p & q }
    /// The lesser of two elements, the number if one is NaN (NumPy's `fmin`, Rust's `f64::min`).
}

/// Whether a value is not equal to itself.
#[inline(always)]
#[allow(clippy::eq_op)]
fn is_nan<T: PartialEq + Copy>(x: T) -> bool {
    x != x
}

/// Functions of one number.
macro_rules! unary {
    ($(
        $Name:ident $method:ident $numpy:literal $example:literal
        [$Bound:ident $kernel:ident $cost:ident] |$a:ident| -> $R:ty { $value:expr }
        $(#[$doc:meta])+
    )+) => {$(
        object!(Unary $Name $numpy [concat!("x.", stringify!($method), "()")], concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $numpy, "`."));
        impl<T: $Bound> UnaryOp<T, $R> for $Name {
            #[inline(always)]
            fn apply($a: T) -> $R {
                $value
            }
        }
        takes!($Name [T: $Bound] (T) -> $R, $cost, T::$kernel());
        unary_method!($Name $method $example $(#[$doc])+);
    )+};
}

unary! {
    LogicalNot logical_not "logical_not" "array![0.0, -2.0].logical_not(), array![true, false]"
    [Number logical_not_loop Memory] |a| -> bool { a.is_zero() }
    /// Whether elements are zero (NumPy's `logical_not`).

    Square square "square" "array![-3, 2].square(), array![9, 4]"
    [Number square_loop Memory] |a| -> T { a.number_mul(a) }
    /// The square of every element; integers wrap (NumPy's `square`).

    Positive positive "positive" "array![-3, 2].positive(), array![-3, 2]"
    [Number positive_loop Memory] |a| -> T { a }
    /// A copy (NumPy's `positive`, unary `+`).

    Abs abs "absolute" "array![-3, 2].abs(), array![3, 2]"
    [Real abs_loop Memory] |a| -> T { a.real_abs() }
    /// The magnitude of every element, real for complex ones; that of the smallest integer wraps
    /// to itself (NumPy's `absolute`).

    Sign sign "sign" "array![-3.5, 0.0, 2.0].sign(), array![-1.0, 0.0, 1.0]"
    [Real sign_loop Memory] |a| -> T { a.real_sign() }
    /// -1, 0 or 1 with the sign of every element, NaN for NaN; `z / |z|` for complex numbers
    /// (NumPy's `sign`).

    Relu relu "relu" "array![-3.5, 2.0].relu(), array![0.0, 2.0]"
    [Real relu_loop Memory] |a| -> T { <Maximum as BinaryOp<T, T, T>>::apply(a, T::zero()) }
    /// The greater of every element and zero, NaN for NaN (PyTorch's `relu`, NumPy's
    /// `maximum(x, 0)`).
}
takes!(LogicalNot [] (bool) -> bool, Memory, <bool as crate::array::Bits>::inversion());

object!(Unary Negative "negative" ["-&x"], "`-x` as an object, NumPy's `negative`; integers wrap.");
takes!(Negative [T: Number] (T) -> T, Memory, T::negation());

macro_rules! arithmetic {
    ($($Name:ident $op:ident $numpy:literal $text:literal $sugar:literal $(|$p:ident, $q:ident| $logic:expr)?;)+) => {$(
        object!(Binary $Name $numpy [$sugar], concat!("`", $text, "` as an object, NumPy's `", $numpy, "`; integers wrap."));
        takes!($Name [T: Number] (T, T) -> T, Memory, T::arithmetic(Arithmetic::$op), scatter crate::array::kernels::$op);
        $(binary!(@bool $Name, |$p, $q| $logic);)?
    )+};
}
arithmetic! {
    Add Add "add" "x + y" "&x + &y" |p, q| p | q;
    Subtract Sub "subtract" "x - y" "&x - &y";
    Multiply Mul "multiply" "x * y" "&x * &y" |p, q| p & q;
}

object!(
    Ternary
    Clip
    "clip" ["x.clip(&y, &z)"],
    "[`x.clip(low, high)`](crate::ArrayRef::clip) as an object, NumPy's `clip`."
);
impl<T: Real> TernaryOp<T, T, T, T> for Clip {
    #[inline(always)]
    fn apply(x: T, low: T, high: T) -> T {
        let raised = <Maximum as BinaryOp<T, T, T>>::apply(x, low);
        <Minimum as BinaryOp<T, T, T>>::apply(raised, high)
    }
}
takes!(Clip [T: Real] (T, T, T) -> T, Memory, T::clip_loop());

impl<T, D: Dimension> ArrayRef<T, D> {
    /// Every element raised to `low` and then lowered to `high`, which are scalars or arrays
    /// (NumPy's `clip`). NaN in an element or in a bound gives NaN; where `low > high` the result
    /// is `high`. Bounds on one side only are [`clip_min`](Self::clip_min) and
    /// [`clip_max`](Self::clip_max). The object is [`ufunc::Clip`](Clip).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2.0, 0.5, 9.0];
    /// assert_eq!(x.clip(0.0, 1.0), array![0.0, 0.5, 1.0]);
    /// assert_eq!(x.clip(0.0, &array![1.0, 1.0, 5.0]), array![0.0, 0.5, 5.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn clip<L, H>(&self, low: L, high: H) -> Array<T, Max<Max<D, L::Dim>, H::Dim>>
    where
        Clip: TernaryUfunc<T, Output = T>,
        L: Operand<T>,
        H: Operand<T>,
        D: DimMax<L::Dim>,
        Max<D, L::Dim>: DimMax<H::Dim>,
    {
        Clip.call(self, low, high)
    }

    /// As [`clip`](Self::clip), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2, 9];
    /// assert_eq!(x.try_clip(0, 5)?, array![0, 5]);
    /// assert!(x.try_clip(&array![0, 0, 0], 5).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_clip<L, H>(
        &self,
        low: L,
        high: H,
    ) -> Result<Array<T, Max<Max<D, L::Dim>, H::Dim>>, ShapeError>
    where
        Clip: TernaryUfunc<T, Output = T>,
        L: Operand<T>,
        H: Operand<T>,
        D: DimMax<L::Dim>,
        Max<D, L::Dim>: DimMax<H::Dim>,
    {
        Clip.try_call(self, low, high)
    }

    /// Every element raised to `low` (NumPy's `clip(min=low)`): [`maximum`](Self::maximum).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![-2, 9].clip_min(0), array![0, 9]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn clip_min<L: Operand<T>>(&self, low: L) -> Array<T, Max<D, L::Dim>>
    where
        Maximum: BinaryUfunc<T, Output = T>,
        D: DimMax<L::Dim>,
    {
        self.maximum(low)
    }

    /// Every element lowered to `high` (NumPy's `clip(max=high)`): [`minimum`](Self::minimum).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![-2, 9].clip_max(0), array![-2, 0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn clip_max<H: Operand<T>>(&self, high: H) -> Array<T, Max<D, H::Dim>>
    where
        Minimum: BinaryUfunc<T, Output = T>,
        D: DimMax<H::Dim>,
    {
        self.minimum(high)
    }
}
