//! Sums of magnitudes and of their squares.

use num_traits::Zero;

use super::axes::{self, Spec};
use super::element::Summable;
use super::kernels::{Total, reduction};
use super::methods::{example, fallible_example, over_axes, reduces, results};
use super::reducer::{Empty, Itself, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, Number, Real, RemoveAxis, Scalar, ShapeError,
    Signed, unwrap,
};
use crate::engine::reduce::Reduction;

/// Sums of magnitudes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magnitudes {
    Absolute,
    Squared,
}

/// Elements whose magnitudes can be summed: every [`Scalar`], integers and `bool`.
///
/// In generic code the bound `T: Scalar` is enough: `x.sum_abs()` then has type `T::Real`.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::AbsSummable;
///
/// fn taxicab<T: AbsSummable>(x: &ArrayRef1<T>) -> T::Total {
///     x.sum_abs()
/// }
/// assert_eq!(taxicab(&array![3.0, -4.0]), 7.0);
/// assert_eq!(taxicab(&array![3_i32, -4]), 7);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no magnitude to sum")]
pub trait AbsSummable: Copy + Send + Sync + 'static {
    /// The type of the sum: real of complex numbers, that of sums of integers.
    type Total: Number;
    #[doc(hidden)]
    fn magnitudes(op: Magnitudes) -> Reducer<fn(Self) -> Self::Total>;
}

reduction! {
    SumAbs[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.modulus(), |x, y| x + y;
    SumSquares[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.re() * a.re() + a.im() * a.im(), |x, y| x + y;
    SumSquaresReal[T: Scalar](a: T, _b: ()) -> T::Real:
        T::Real::zero(), a.re() * a.re(), |x, y| x + y;
    SumAbsWide[T: Real](a: T, _b: ()) -> T::Sum:
        T::Sum::zero(), if a < T::zero() { a.widened().number_neg() } else { a.widened() },
        |x, y| x.number_add(y);
    SumSquaresWide[T: Number](a: T, _b: ()) -> T::Sum:
        T::Sum::zero(), a.widened().number_mul(a.widened()), |x, y| x.number_add(y);
}

/// The sum of magnitudes over `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn magnitudes<T: Scalar>(op: Magnitudes) -> Reducer<fn(T) -> T::Real> {
    type Reduce<T> = Reducer<fn(T) -> <T as Number>::Real>;
    match op {
        Magnitudes::Absolute => Reduce::<T>::fold::<SumAbs, Itself>(Empty::Identity),
        Magnitudes::Squared if T::IS_COMPLEX => {
            Reduce::<T>::fold::<SumSquares, Itself>(Empty::Identity)
        }
        Magnitudes::Squared => Reduce::<T>::fold::<SumSquaresReal, Itself>(Empty::Identity),
    }
}

/// The sum of squares of integers.
#[inline(always)]
fn squares<T: Number>() -> Reducer<fn(T) -> T::Sum> {
    Reducer::<fn(T) -> T::Sum>::fold::<SumSquaresWide, Itself>(Empty::Identity)
}

impl<T: Scalar> AbsSummable for T {
    type Total = T::Real;
    #[inline]
    fn magnitudes(op: Magnitudes) -> Reducer<fn(T) -> T::Real> {
        T::magnitude_kernel(op)
    }
}

/// Types whose bits mean the same to a kernel share it: `$abs` is the type itself under another name, squares of `$squares` wrap
/// to the same bits.
macro_rules! integers {
    ($($t:ty, $abs:ty, $squares:ty;)+) => {$(
        impl AbsSummable for $t {
            type Total = <$t as Number>::Sum;
            #[inline(never)]
            fn magnitudes(op: Magnitudes) -> Reducer<fn(Self) -> Self::Total> {
                type Reduce = Reducer<fn($abs) -> <$abs as Number>::Sum>;
                // SAFETY: as above.
                unsafe {
                    match op {
                        Magnitudes::Absolute => {
                            Reduce::fold::<SumAbsWide, Itself>(Empty::Identity).retyped()
                        }
                        Magnitudes::Squared => squares::<$squares>().retyped(),
                    }
                }
            }
        }
    )+};
}
integers! {
    i8, i8, i8;
    i16, i16, i16;
    i32, i32, i32;
    i64, i64, i64;
    i128, i128, i128;
    isize, Signed, Signed;
}

/// Their magnitudes are themselves.
macro_rules! unsigned {
    ($($t:ty, $squares:ty;)+) => {$(
        impl AbsSummable for $t {
            type Total = <$t as Number>::Sum;
            #[inline(never)]
            fn magnitudes(op: Magnitudes) -> Reducer<fn(Self) -> Self::Total> {
                match op {
                    Magnitudes::Absolute => <$t as Number>::total_kernel(Total::Sum),
                    // SAFETY: squares wrap to the same bits, signed or not.
                    Magnitudes::Squared => unsafe { squares::<$squares>().retyped() },
                }
            }
        }
    )+};
}
unsigned! {
    u8, u8;
    u16, u16;
    u32, u32;
    u64, i64;
    u128, i128;
    usize, Signed;
}

impl AbsSummable for bool {
    type Total = i64;
    #[inline]
    fn magnitudes(_: Magnitudes) -> Reducer<fn(bool) -> i64> {
        bool::total(Total::Sum)
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The sum of the magnitudes of all elements (NumPy's `np.abs(x).sum()`). Small integers and
    /// `bool` are widened to 64 bits first, so that no magnitude wraps.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, -4.0].sum_abs(), 7.0);
    /// assert_eq!(array![3_i8, -128].sum_abs(), 131_i64);
    /// ```
    #[inline]
    pub fn sum_abs(&self) -> T::Total
    where
        T: AbsSummable,
    {
        axes::total(self, Spec::of(T::magnitudes(Magnitudes::Absolute)))
    }
    reduces! {
        "The sum of magnitudes", sum_abs
            ["[[1.0, -2.0], [3.0, 4.0]]" => "[3.0, 7.0]"],
            [T: AbsSummable] {} -> T::Total:
            Spec::of(T::magnitudes(Magnitudes::Absolute));
        sum_abs_axis sum_abs_axes sum_abs_keepdims sum_abs_axes_keepdims sum_abs_into
        sum_abs_axes_into
        try_sum_abs_axis try_sum_abs_axes try_sum_abs_keepdims try_sum_abs_axes_keepdims
        try_sum_abs_into try_sum_abs_axes_into
    }

    /// The sum of the squared magnitudes of all elements (NumPy's `(np.abs(x) ** 2).sum()`). Small
    /// integers and `bool` are widened to 64 bits before they are squared, which NumPy does after.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, -4.0].sum_squares(), 25.0);
    /// assert_eq!(array![100_u8, 200].sum_squares(), 50_000_u64);
    /// ```
    #[inline]
    pub fn sum_squares(&self) -> T::Total
    where
        T: AbsSummable,
    {
        axes::total(self, Spec::of(T::magnitudes(Magnitudes::Squared)))
    }
    reduces! {
        "The sum of squared magnitudes", sum_squares
            ["[[1.0, -2.0], [3.0, 4.0]]" => "[5.0, 25.0]"],
            [T: AbsSummable] {} -> T::Total:
            Spec::of(T::magnitudes(Magnitudes::Squared));
        sum_squares_axis sum_squares_axes sum_squares_keepdims sum_squares_axes_keepdims
        sum_squares_into sum_squares_axes_into
        try_sum_squares_axis try_sum_squares_axes try_sum_squares_keepdims
        try_sum_squares_axes_keepdims try_sum_squares_into try_sum_squares_axes_into
    }
}
