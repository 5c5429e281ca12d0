//! Functions of integers: bits, shifts, divisors.

use super::forms::Max;
use super::table::{binary_method, object, takes, unary_method};
use crate::array::{
    Array, ArrayRef, Bits, Bitwise, DimMax, Dimension, Integer, Operand, ShapeError, checked,
};
use crate::engine::{BinaryOp, UnaryOp};

/// The loops that [`Integer`] has beside its operators.
macro_rules! integer_loops {
    ($attribute:meta) => {
        $crate::ufunc::ladder::loops! { $attribute;
            gcd_loop binary(Self, Self) -> Self: Gcd;
            lcm_loop binary(Self, Self) -> Self: Lcm;
            bitwise_count_loop unary(Self) -> u8: BitwiseCount;
        }
    };
}
pub(crate) use integer_loops;

macro_rules! bits {
    ($($Name:ident $method:ident $try_method:ident $name:literal $example:literal [$Bound:ident $op:ident] $(#[$doc:meta])+)+) => {$(
        object!(Binary $Name $name [concat!("x.", stringify!($method), "(&y)")], concat!("[`x.", stringify!($method), "(y)`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $name, "`."));
        takes!($Name [T: $Bound] (T, T) -> T, Memory, T::bitwise(Bitwise::$op));
        binary_method!($Name $method $try_method $example $(#[$doc])+);
    )+};
}
bits! {
    BitwiseAnd bitwise_and try_bitwise_and "bitwise_and" "array![5, 6].bitwise_and(4), array![4, 4]" [Bits And]
    /// The bits that both elements have, of integers and `bool` (NumPy's `bitwise_and`, `&`).

    BitwiseOr bitwise_or try_bitwise_or "bitwise_or" "array![5, 6].bitwise_or(1), array![5, 7]" [Bits Or]
    /// The bits that one of the elements has, of integers and `bool` (NumPy's `bitwise_or`, `|`).

    BitwiseXor bitwise_xor try_bitwise_xor "bitwise_xor" "array![5, 6].bitwise_xor(1), array![4, 7]" [Bits Xor]
    /// The bits in which elements differ, of integers and `bool` (NumPy's `bitwise_xor`, `^`).

    LeftShift left_shift try_left_shift "left_shift" "array![1, 3].left_shift(&array![4, 99]), array![16, 0]" [Integer Shl]
    /// Bits shifted left; by the width or more, or by a negative count, 0 (NumPy's `left_shift`).

    RightShift right_shift try_right_shift "right_shift" "array![16, -1].right_shift(&array![4, 99]), array![1, -1]" [Integer Shr]
    /// Bits shifted right; by the width or more, or by a negative count, 0, or -1 for negative
    /// elements (NumPy's `right_shift`).
}

object!(
    Unary
    Invert
    "invert" ["x.invert()"],
    "[`x.invert()`](crate::ArrayRef::invert) as an object, NumPy's `invert`."
);
takes!(Invert [T: Bits] (T) -> T, Memory, T::inversion());
unary_method! { Invert invert "array![0, -1].invert(), array![-1, 0]"
    /// All bits of integers flipped, `bool` negated (NumPy's `invert`, `~x`).
}

object!(
    Unary
    BitwiseCount
    "bitwise_count" ["x.bitwise_count()"],
    "[`x.bitwise_count()`](crate::ArrayRef::bitwise_count) as an object, NumPy's `bitwise_count`."
);
impl<T: Integer> UnaryOp<T, u8> for BitwiseCount {
    #[inline(always)]
    fn apply(a: T) -> u8 {
        a.integer_magnitude_ones()
    }
}
takes!(BitwiseCount [T: Integer] (T) -> u8, Memory, T::bitwise_count_loop());
unary_method! { BitwiseCount bitwise_count "array![7, -7].bitwise_count(), array![3_u8, 3]"
    /// The number of ones in the magnitude of every integer (NumPy's `bitwise_count`).
}

macro_rules! divisors {
    ($($Name:ident $method:ident $try_method:ident $name:literal $example:literal [$kernel:ident $function:ident] $(#[$doc:meta])+)+) => {$(
        object!(Binary $Name $name [concat!("x.", stringify!($method), "(&y)")], concat!("[`x.", stringify!($method), "(y)`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $name, "`."));
        impl<T: Integer> BinaryOp<T, T, T> for $Name {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: T, b: T) -> T {
                a.$function(b)
            }
        }
        takes!($Name [T: Integer] (T, T) -> T, Transcendental, T::$kernel());
        binary_method!($Name $method $try_method $example $(#[$doc])+);
    )+};
}
divisors! {
    Gcd gcd try_gcd "gcd" "array![-4, 0].gcd(&array![6, 0]), array![2, 0]" [gcd_loop integer_gcd]
    /// The greatest common divisor of every pair of integers, not negative (NumPy's `gcd`).

    Lcm lcm try_lcm "lcm" "array![4, 0].lcm(&array![6, 5]), array![12, 0]" [lcm_loop integer_lcm]
    /// The least common multiple of every pair of integers, not negative; wraps (NumPy's `lcm`).
}

impl<T: Integer, D: Dimension> ArrayRef<T, D> {
    /// Every integer to the power of the other's, where the result exists; [`pow`](Self::pow)
    /// wraps instead.
    ///
    /// # Errors
    /// [`ShapeError::NegativePower`] and [`ShapeError::IntegerOverflow`] naming the first index,
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![2_i64, 3];
    /// assert_eq!(x.checked_pow(4)?, array![16, 81]);
    /// assert!(x.checked_pow(64).is_err());
    /// let error = x.checked_pow(&array![1, -1]).unwrap_err();
    /// assert_eq!(error.to_string(), "Integers to negative integer powers are not allowed at index [1]");
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn checked_pow<R: Operand<T>>(
        &self,
        exponent: R,
    ) -> Result<Array<T, Max<D, R::Dim>>, ShapeError>
    where
        D: DimMax<R::Dim>,
    {
        checked(self, exponent, |base, exponent, index| {
            if exponent.integer_is_negative() {
                return Err(ShapeError::NegativePower {
                    index: index.to_vec(),
                });
            }
            base.integer_checked_pow(exponent)
                .ok_or_else(|| ShapeError::IntegerOverflow {
                    op: "pow",
                    index: index.to_vec(),
                })
        })
    }
}
