//! Functions of integers and floats that follow NumPy's rule for each type: division with rounding,
//! powers, rounding to digits; and the functions of integers alone. None of them panics.

use super::families::{PrimitiveReal, compiled};
use super::forms::Max;
use super::table::{binary_method, object, pair, takes, unary_method};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, Real, ShapeError, unwrap};
use crate::engine::{BinaryOp, UnaryOp};
use crate::math;

/// The scalar functions of a primitive real number.
pub(super) trait Primitive: Real {
    /// Whether functions that round quotients have a form for common arguments.
    const SHORT: bool;
    const TWO: Self;
    const NEGATIVE_ONE: Option<Self>;
    fn floor_divide(self, other: Self) -> Self;
    fn remainder(self, other: Self) -> Self;
    fn fmod(self, other: Self) -> Self;
    fn quotient_in_range(self, other: Self) -> bool;
    fn floor_divide_short(self, other: Self) -> Self;
    fn remainder_short(self, other: Self) -> Self;
    fn fmod_short(self, other: Self) -> Self;
    fn pow(self, exponent: Self) -> Self;
    fn pow_in_range(self, exponent: Self) -> bool;
    fn pow_short(self, exponent: Self) -> Self;
    fn reciprocal(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn trunc(self) -> Self;
    fn rint(self) -> Self;
    fn number_for_nan(self) -> Self;
    /// Rounded to a multiple of `1 / unit`.
    fn round_to_parts(self, unit: Self) -> Self;
    /// Rounded to a multiple of `unit`.
    fn round_to_multiples(self, unit: Self) -> Self;
    /// `10^n`; 0 for an integer type that does not hold it.
    fn power_of_ten(n: u32) -> Self;
}

macro_rules! integers {
    ($($t:ident)+) => {$(
        #[allow(unused_comparisons)]
        impl Primitive for $t {
            const SHORT: bool = false;
            const TWO: $t = 2;
            const NEGATIVE_ONE: Option<$t> = None;
            #[inline(always)]
            fn floor_divide(self, other: $t) -> $t {
                let divisor = if other == 0 { 1 } else { other };
                let (quotient, rest) = (self.wrapping_div(divisor), self.wrapping_rem(divisor));
                let down = (rest != 0) & ((rest < 0) != (divisor < 0));
                if other == 0 { 0 } else { quotient - down as $t }
            }
            #[inline(always)]
            fn remainder(self, other: $t) -> $t {
                let divisor = if other == 0 { 1 } else { other };
                let rest = self.wrapping_rem(divisor);
                let down = (rest != 0) & ((rest < 0) != (divisor < 0));
                if down { rest + divisor } else { rest }
            }
            #[inline(always)]
            fn fmod(self, other: $t) -> $t {
                self.wrapping_rem(if other == 0 { 1 } else { other })
            }
            #[inline(always)]
            fn quotient_in_range(self, _: $t) -> bool { true }
            #[inline(always)]
            fn floor_divide_short(self, other: $t) -> $t { self.floor_divide(other) }
            #[inline(always)]
            fn remainder_short(self, other: $t) -> $t { self.remainder(other) }
            #[inline(always)]
            fn fmod_short(self, other: $t) -> $t { Primitive::fmod(self, other) }
            #[inline(always)]
            fn pow(self, exponent: $t) -> $t {
                let odd = exponent & 1 == 1;
                if exponent < 0 {
                    let minus_one = <$t>::MIN != 0 && self.wrapping_add(1) == 0;
                    return if self == 1 || minus_one && !odd {
                        1
                    } else if minus_one {
                        self
                    } else {
                        0
                    };
                }
                let (mut base, mut rest, mut power): ($t, $t, $t) = (self, exponent, 1);
                while rest != 0 {
                    if rest & 1 == 1 {
                        power = power.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    rest >>= 1;
                }
                power
            }
            #[inline(always)]
            fn pow_in_range(self, _: $t) -> bool { true }
            #[inline(always)]
            fn pow_short(self, exponent: $t) -> $t { Primitive::pow(self, exponent) }
            #[inline(always)]
            fn reciprocal(self) -> $t {
                if self == 0 { <$t>::MIN } else { (1 as $t).wrapping_div(self) }
            }
            #[inline(always)]
            fn floor(self) -> $t { self }
            #[inline(always)]
            fn ceil(self) -> $t { self }
            #[inline(always)]
            fn trunc(self) -> $t { self }
            #[inline(always)]
            fn rint(self) -> $t { self }
            #[inline(always)]
            fn number_for_nan(self) -> $t { self }
            #[inline(always)]
            fn round_to_parts(self, _: $t) -> $t { self }
            #[inline(always)]
            fn round_to_multiples(self, unit: $t) -> $t {
                if unit == 0 {
                    return 0;
                }
                let down = self.floor_divide(unit);
                let rest = self.wrapping_sub(down.wrapping_mul(unit));
                let up = (rest > unit - rest) | ((rest == unit - rest) & (down & 1 != 0));
                down.wrapping_add(up as $t).wrapping_mul(unit)
            }
            fn power_of_ten(n: u32) -> $t { (10 as $t).checked_pow(n).unwrap_or(0) }
        }
    )+};
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($t:ident)+) => {$(
        impl Primitive for $t {
            const SHORT: bool = true;
            const TWO: $t = 2.0;
            const NEGATIVE_ONE: Option<$t> = Some(-1.0);
            #[inline(always)]
            fn floor_divide(self, other: $t) -> $t { math::floor_divide(self, other) }
            #[inline(always)]
            fn remainder(self, other: $t) -> $t { math::remainder(self, other) }
            #[inline(always)]
            fn fmod(self, other: $t) -> $t { math::fmod(self, other) }
            #[inline(always)]
            fn quotient_in_range(self, other: $t) -> bool { math::short::fmod_in_range(self, other) }
            #[inline(always)]
            fn floor_divide_short(self, other: $t) -> $t { math::short::floor_divide(self, other) }
            #[inline(always)]
            fn remainder_short(self, other: $t) -> $t { math::short::remainder(self, other) }
            #[inline(always)]
            fn fmod_short(self, other: $t) -> $t { math::short::fmod(self, other) }
            #[inline(always)]
            fn pow(self, exponent: $t) -> $t { math::pow(self, exponent) }
            #[inline(always)]
            fn pow_in_range(self, exponent: $t) -> bool { math::short::pow_in_range(self, exponent) }
            #[inline(always)]
            fn pow_short(self, exponent: $t) -> $t { math::short::pow(self, exponent) }
            #[inline(always)]
            fn reciprocal(self) -> $t { 1.0 / self }
            #[inline(always)]
            fn floor(self) -> $t { self.floor() }
            #[inline(always)]
            fn ceil(self) -> $t { self.ceil() }
            #[inline(always)]
            fn trunc(self) -> $t { self.trunc() }
            #[inline(always)]
            fn rint(self) -> $t { math::round_ties_even(self) }
            #[inline(always)]
            fn number_for_nan(self) -> $t {
                let bounded = if self > <$t>::MAX { <$t>::MAX } else { self };
                let bounded = if bounded < <$t>::MIN { <$t>::MIN } else { bounded };
                if self.is_nan() { 0.0 } else { bounded }
            }
            #[inline(always)]
            fn round_to_parts(self, unit: $t) -> $t { math::round_ties_even(self * unit) / unit }
            #[inline(always)]
            fn round_to_multiples(self, unit: $t) -> $t { math::round_ties_even(self / unit) * unit }
            fn power_of_ten(n: u32) -> $t {
                // Exact, since 5^10 fits either mantissa.
                if n <= 10 {
                    return (0..n).fold(1.0, |power, _| 10.0 * power);
                }
                format!("1e{n}").parse().unwrap_or(<$t>::INFINITY)
            }
        }
    )+};
}
floats!(f32 f64);

macro_rules! all_types {
    ($Name:ident unary) => {
        all_types!(@unary $Name i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);
    };
    ($Name:ident binary) => {
        all_types!(@binary $Name i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);
    };
    (@unary $Name:ident $($t:ty)+) => { compiled!($Name unary: $(fn($t) -> $t),+); };
    (@binary $Name:ident $($t:ty)+) => { compiled!($Name binary: $(fn($t, $t) -> $t),+); };
}
pub(super) use all_types;

macro_rules! unary {
    ($($Name:ident $method:ident $name:literal $example:literal = $function:ident $cost:ident; $(#[$doc:meta])+)+) => {$(
        object!(Unary $Name $name [concat!("x.", stringify!($method), "()")], concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $name, "`."));
        impl<T: Primitive> UnaryOp<T, T> for $Name {
            #[inline(always)]
            fn apply(a: T) -> T {
                Primitive::$function(a)
            }
        }
        all_types!($Name unary);
        takes!($Name [T: PrimitiveReal] (T) -> T, $cost, T::primitive_unary::<$Name>());
        unary_method!($Name $method $example $(#[$doc])+);
    )+};
}

unary! {
    Reciprocal reciprocal "reciprocal" "array![4.0, 0.5].reciprocal(), array![0.25, 2.0]" = reciprocal Arithmetic;
    /// `1 / x` of every element in its own type (NumPy's `reciprocal`): integers truncate, and 0
    /// gives their smallest value.

    Floor floor "floor" "array![1.5, -1.5].floor(), array![1.0, -2.0]" = floor Memory;
    /// The greatest integer not above every element, in its own type (NumPy's `floor`).

    Ceil ceil "ceil" "array![1.5, -1.5].ceil(), array![2.0, -1.0]" = ceil Memory;
    /// The least integer not below every element, in its own type (NumPy's `ceil`).

    Trunc trunc "trunc" "array![1.5, -1.5].trunc(), array![1.0, -1.0]" = trunc Memory;
    /// Every element without its fraction, in its own type (NumPy's `trunc`, `fix`).

    Rint rint "rint" "array![0.5, 1.5, 2.5].rint(), array![0.0, 2.0, 2.0]" = rint Memory;
    /// The nearest integer, ties to even, in the element's own type (NumPy's `rint`,
    /// which makes floats of integers).

    NanToNum nan_to_num "nan_to_num" "array![f64::NAN, f64::INFINITY, 1.0].nan_to_num(), array![0.0, f64::MAX, 1.0]" = number_for_nan Memory;
    /// NaN replaced by zero, infinities by the largest numbers (NumPy's `nan_to_num`);
    /// [`nan_to_num_with`](Self::nan_to_num_with) has other replacements.
}

macro_rules! binary {
    ($($Name:ident $method:ident $try_method:ident $name:literal $example:literal = $function:ident, $short:ident if $in_range:ident;
        $(#[$doc:meta])+)+) => {$(
        object!(Binary $Name $name [concat!("x.", stringify!($method), "(&y)")], concat!("[`x.", stringify!($method), "(y)`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $name, "`."));
        impl<T: Primitive> BinaryOp<T, T, T> for $Name {
            const HEAVY: bool = true;
            const SHORT: bool = T::SHORT;
            #[inline(always)]
            fn apply(a: T, b: T) -> T {
                Primitive::$function(a, b)
            }
            #[inline(always)]
            fn in_short_range(a: T, b: T) -> bool {
                Primitive::$in_range(a, b)
            }
            #[inline(always)]
            fn short(a: T, b: T) -> T {
                Primitive::$short(a, b)
            }
        }
        takes!($Name [T: PrimitiveReal] (T, T) -> T, Transcendental, T::primitive_binary::<$Name>());
        binary_method!($Name $method $try_method $example $(#[$doc])+);
    )+};
}

binary! {
    FloorDivide floor_divide try_floor_divide "floor_divide" "array![-7, 7, 7].floor_divide(&array![2, -2, 0]), array![-4, -4, 0]"
    = floor_divide, floor_divide_short if quotient_in_range;
    /// `floor(x / y)` of every pair of elements, in their own type (NumPy's `//`): integers by zero
    /// give 0 and wrap for `MIN / -1`, floats by zero are infinite or NaN.

    Remainder remainder try_remainder "remainder" "array![-7, 7, 7].remainder(&array![2, -2, 0]), array![1, -1, 0]"
    = remainder, remainder_short if quotient_in_range;
    /// The remainder of every pair of elements with the sign of the divisor (NumPy's `%`, `mod`):
    /// integers by zero give 0, floats NaN. [`fmod`](Self::fmod) has the sign of the dividend.

    Fmod fmod try_fmod "fmod" "array![-7, 7, 7].fmod(&array![2, -2, 0]), array![-1, 1, 0]"
    = fmod, fmod_short if quotient_in_range;
    /// The remainder of every pair of elements with the sign of the dividend (NumPy's `fmod`, Rust's
    /// `%`): integers by zero give 0, floats NaN.

    Pow pow try_pow "power" "array![2.0, 3.0].pow(&array![10.0, -1.0]), array![1024.0, 1.0 / 3.0]"
    = pow, pow_short if pow_in_range;
    /// Every element to the power of the other's (NumPy's `x ** y`). Floats: error below 4 ULP,
    /// special values as C99's; a single exponent of 2 multiplies, of -1 divides. Integers wrap; to a
    /// negative power they give `1 / x^n` truncated, and 0 for `x = 0`, where NumPy raises:
    /// [`checked_pow`](Self::checked_pow) finds both.
}
all_types!(FloorDivide binary);
all_types!(Remainder binary);
all_types!(Fmod binary);

pair!(
    BinaryPair Divmod "divmod" [FloorDivide, Remainder]
    "let (x, y) = (array![-7, 7], array![2, 2]);\nassert_eq!(ufunc::Divmod.call(&x, &y), x.divmod(&y));",
    "[`x.divmod(y)`](crate::ArrayRef::divmod) as an object, NumPy's `divmod`."
);

impl<T: PrimitiveReal, D: Dimension> ArrayRef<T, D> {
    /// [`floor_divide`](Self::floor_divide) and [`remainder`](Self::remainder) (NumPy's `divmod`).
    /// The object is [`ufunc::Divmod`](Divmod).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (quotient, remainder) = array![-7, 7].divmod(2);
    /// assert_eq!(quotient, array![-4, 3]);
    /// assert_eq!(remainder, array![1, 1]);
    /// ```
    #[track_caller]
    pub fn divmod<R: Operand<T>>(
        &self,
        other: R,
    ) -> (Array<T, Max<D, R::Dim>>, Array<T, Max<D, R::Dim>>)
    where
        D: DimMax<R::Dim>,
    {
        unwrap(self.try_divmod(other))
    }

    /// As [`divmod`](Self::divmod), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![-7].try_divmod(2)?, (array![-4], array![1]));
    /// assert!(array![7, 8].try_divmod(&array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn try_divmod<R: Operand<T>>(
        &self,
        other: R,
    ) -> Result<(Array<T, Max<D, R::Dim>>, Array<T, Max<D, R::Dim>>), ShapeError>
    where
        D: DimMax<R::Dim>,
    {
        Divmod.try_call(self, other)
    }
}
