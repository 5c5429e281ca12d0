//! What an element can do: the ladder `Number` → `Real` → `Float`, and `Scalar` for linear algebra.
//!
//! `Array<T, D>` itself holds any `T`. Arithmetic needs [`Number`], order needs [`Real`], linear
//! algebra needs [`Scalar`]. `Number` and `Real` are open: implement them for dual numbers, fixed
//! point, … and operators, `zip` and products work (on scalar loops).

use std::any::Any;
use std::fmt::Debug;

use num_complex::Complex;
use num_traits::{NumOps, One, Zero};

use super::operators::{self, Arithmetic, LoopKernel};
use crate::engine::UnaryOp;
use crate::engine::cast::Cast;
use crate::reduce::{
    self, Deviation, Extremum, Magnitudes, Paired, Quantifier, Reducer, Scanner, Skipping, Total,
};
use crate::ufunc::complex::scalar_loops;
use crate::ufunc::families::{Compiled, Floating, PrimitiveReal};
use crate::ufunc::ladder::{number_loops, real_loops};

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for num_complex::Complex<f32> {}
    impl Sealed for num_complex::Complex<f64> {}
}

/// A number: what `+ - * / %`, sums and products of arrays need.
///
/// Implemented for all integers, `f32`, `f64` and their [`Complex`]. In array arithmetic integers
/// wrap on overflow in every build profile, as in NumPy.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Number;
///
/// fn total<T: Number>(x: &ArrayRef1<T>) -> T {
///     x.iter().fold(T::zero(), |sum, &v| sum + v)
/// }
/// assert_eq!(total(&array![1, 2, 3]), 6);
/// ```
pub trait Number: Copy + PartialEq + Debug + Send + Sync + 'static + Zero + One + NumOps {
    /// What sums and products of many accumulate in (`i32` → `i64`), as NumPy's `sum`.
    type Sum: Number;
    /// The type of a mean (`i32` → `f64`).
    type Mean: Number;
    /// The type of a magnitude (`Complex<f64>` → `f64`).
    type Real: Number;

    /// Whether division by zero must be found before anything is computed (integers).
    #[doc(hidden)]
    const CHECKS_DIVISOR: bool = false;
    /// The loop of an arithmetic operator.
    #[doc(hidden)]
    fn arithmetic(op: Arithmetic) -> LoopKernel<fn(Self, Self) -> Self> {
        operators::arithmetic::<Self>(op)
    }
    /// The loop of unary minus.
    #[doc(hidden)]
    fn negation() -> LoopKernel<fn(Self) -> Self> {
        operators::negation::<Self>()
    }
    number_loops!(doc(hidden));

    /// `self + other`, wrapping for integers.
    #[doc(hidden)]
    #[inline(always)]
    fn number_add(self, other: Self) -> Self {
        self + other
    }
    /// `self - other`, wrapping for integers.
    #[doc(hidden)]
    #[inline(always)]
    fn number_sub(self, other: Self) -> Self {
        self - other
    }
    /// `self * other`, wrapping for integers.
    #[doc(hidden)]
    #[inline(always)]
    fn number_mul(self, other: Self) -> Self {
        self * other
    }
    /// `self / other`, wrapping for integers (`MIN / -1`); a zero integer divisor panics.
    #[doc(hidden)]
    #[inline(always)]
    fn number_div(self, other: Self) -> Self {
        self / other
    }
    /// `self % other` as Rust's, wrapping for integers; a zero integer divisor panics.
    #[doc(hidden)]
    #[inline(always)]
    fn number_rem(self, other: Self) -> Self {
        self % other
    }
    /// Whether `|self - other| <= atol + rtol·|other|`, as NumPy's `isclose`.
    #[doc(hidden)]
    #[inline]
    fn number_is_close(self, other: Self, rtol: f64, atol: f64, equal_nan: bool) -> bool {
        let _ = (rtol, atol, equal_nan);
        self == other
    }
    /// `|self - other|`; NaN where the type does not say.
    #[doc(hidden)]
    #[inline]
    fn number_distance(self, other: Self) -> f64 {
        let _ = other;
        f64::NAN
    }
    /// `-self`, wrapping for integers.
    #[doc(hidden)]
    #[inline(always)]
    fn number_neg(self) -> Self {
        Self::zero().number_sub(self)
    }

    /// The value as sums accumulate it. Implement it where [`Sum`](Self::Sum) is another type.
    #[inline(always)]
    fn widened(self) -> Self::Sum {
        same_type(self)
    }
    /// The value as means accumulate it. Implement it where [`Mean`](Self::Mean) is another type.
    #[inline(always)]
    fn averaged(self) -> Self::Mean {
        same_type(self)
    }
    /// `sum / count`: what makes a mean of a sum. The default divides by `count` ones.
    #[inline]
    fn mean_of(sum: Self::Mean, count: f64) -> Self::Mean {
        sum.number_div(repeated_one(count))
    }

    /// The kernel of sums and products.
    #[doc(hidden)]
    fn total_kernel(op: Total) -> Reducer<fn(Self) -> Self::Sum> {
        reduce::kernels::total::<Self>(op)
    }
    /// The kernel of means.
    #[doc(hidden)]
    fn mean_kernel() -> Reducer<fn(Self) -> Self::Mean> {
        reduce::kernels::mean::<Self>()
    }
    /// The kernels of `any` and `all`.
    #[doc(hidden)]
    fn quantifier_kernel(op: Quantifier) -> Reducer<fn(Self) -> bool> {
        reduce::kernels::quantified::<Self>(op)
    }
    /// The kernel of `count_nonzero`.
    #[doc(hidden)]
    fn count_kernel() -> Reducer<fn(Self) -> usize> {
        reduce::kernels::count::<Self>()
    }
    /// The kernel of running sums and products.
    #[doc(hidden)]
    fn running_kernel(op: Total) -> Scanner<fn(Self) -> Self::Sum> {
        reduce::cumulative::running::<Self>(op)
    }
}

/// The value, whose type is the wanted one.
#[inline(always)]
fn same_type<A: Copy + 'static, B: Copy + 'static>(value: A) -> B {
    match (&value as &dyn Any).downcast_ref::<B>() {
        Some(&value) => value,
        None => panic!(
            "Number::widened and Number::averaged must be implemented where Sum and Mean are other \
             types: {} is not {}",
            std::any::type_name::<A>(),
            std::any::type_name::<B>()
        ),
    }
}

/// `1 + 1 + …`, by doubling.
fn repeated_one<T: Number>(count: f64) -> T {
    let (mut count, mut sum, mut power) = (count as u64, T::zero(), T::one());
    while count > 0 {
        if count & 1 != 0 {
            sum = sum.number_add(power);
        }
        power = power.number_add(power);
        count >>= 1;
    }
    sum
}

/// An ordered number: every built-in [`Number`] but the complex ones.
pub trait Real: Number + PartialOrd {
    real_loops!(doc(hidden));

    /// The magnitude, wrapping for integers.
    #[doc(hidden)]
    #[inline(always)]
    fn real_abs(self) -> Self {
        if self < Self::zero() {
            self.number_neg()
        } else {
            self
        }
    }
    /// -1, 0 or 1; what is neither positive, negative nor zero (NaN) itself.
    #[doc(hidden)]
    #[inline(always)]
    fn real_sign(self) -> Self {
        let zero = Self::zero();
        if self > zero {
            Self::one()
        } else if self < zero {
            Self::one().number_neg()
        } else if self == zero {
            zero
        } else {
            self
        }
    }

    /// The kernels of minima and maxima.
    #[doc(hidden)]
    fn extremum_kernel(op: Extremum) -> Reducer<fn(Self) -> Self> {
        reduce::kernels::open_extremum::<Self>(op)
    }
    /// The kernels of positions of minima and maxima.
    #[doc(hidden)]
    fn position_kernel(op: Extremum) -> Reducer<fn(Self) -> usize> {
        reduce::position::open_position::<Self>(op)
    }
}

/// `f32` or `f64`.
pub trait Float:
    Real
    + num_traits::Float
    + Number<Real = Self, Sum = Self, Mean = Self>
    + Floating<Float = Self>
    + Deviation<Spread = Self>
    + PrimitiveReal
    + crate::ufunc::LaneLoops
    + private::Sealed
{
    /// The spacing of floating-point numbers at 1 (`np.finfo(T).eps`).
    const EPSILON: Self;
    /// Rounds an `f64` to this type.
    fn from_f64(x: f64) -> Self;
    /// Widens to `f64`, exactly.
    fn to_f64(self) -> f64;
    /// The loop of a function of a float and an integer.
    #[doc(hidden)]
    fn with_integer<Op>() -> LoopKernel<fn(Self, i32) -> Self>
    where
        Op: Compiled<fn(f32, i32) -> f32> + Compiled<fn(f64, i32) -> f64>;
    /// The loop of a function that gives integers.
    #[doc(hidden)]
    fn to_integer<Op>() -> LoopKernel<fn(Self) -> i32>
    where
        Op: Compiled<fn(f32) -> i32> + Compiled<fn(f64) -> i32>;
    #[doc(hidden)]
    fn skipping_kernel(op: Skipping) -> Reducer<fn(Self) -> Self>;
    #[doc(hidden)]
    fn skipping_position_kernel(op: Extremum) -> Reducer<fn(Self) -> usize>;
    #[doc(hidden)]
    fn skipping_scan(op: Total) -> Scanner<fn(Self) -> Self>;
    #[doc(hidden)]
    fn numbers_kernel() -> Reducer<fn(Self) -> usize>;
    #[doc(hidden)]
    fn paired_kernel(op: Paired) -> Reducer<fn(Self, Self) -> Self>;
}

/// The four element types of linear algebra: `f32`, `f64`, `Complex<f32>`, `Complex<f64>`.
pub trait Scalar:
    Number<Real: Float>
    + std::ops::Neg<Output = Self>
    + crate::linalg::backend::Kernels
    + private::Sealed
{
    /// Whether this is a complex type.
    const IS_COMPLEX: bool;
    /// The complex type of the same precision: what eigenvalues are.
    type Complex: Scalar<Real = Self::Real, Complex = Self::Complex>;
    /// A scalar with these parts; a real type has no use for the imaginary one.
    #[doc(hidden)]
    fn from_parts(re: Self::Real, im: Self::Real) -> Self;
    /// The complex conjugate; the value itself for real types.
    fn conj(self) -> Self;
    /// The real part.
    fn re(self) -> Self::Real;
    /// The imaginary part; zero for real types.
    fn im(self) -> Self::Real;
    /// A scalar with this real part and no imaginary part.
    fn from_real(x: Self::Real) -> Self;
    /// The magnitude.
    fn modulus(self) -> Self::Real;
    /// Whether neither part is infinite or NaN.
    fn is_finite(self) -> bool;
    #[doc(hidden)]
    fn scalar_angle(self) -> Self::Real;
    scalar_loops!(doc(hidden));
    #[doc(hidden)]
    fn magnitude_kernel(op: Magnitudes) -> Reducer<fn(Self) -> Self::Real>;
}

/// The loops of built-in types are compiled here, once, and not in every crate that uses them.
macro_rules! own_loops {
    () => {
        #[inline(never)]
        fn arithmetic(op: Arithmetic) -> LoopKernel<fn(Self, Self) -> Self> {
            operators::arithmetic::<Self>(op)
        }
        #[inline(never)]
        fn negation() -> LoopKernel<fn(Self) -> Self> {
            operators::negation::<Self>()
        }
        number_loops!(inline(never));
    };
}
/// The same for reductions. Types whose bits mean the same to a kernel share it: `$total` adds and
/// multiplies alike, `$kernel` is the type itself under another name, `$bits` is zero alike.
macro_rules! own_reductions {
    ($mean:ident, $total:ty, $kernel:ty, $bits:ty) => {
        #[inline(never)]
        fn total_kernel(op: Total) -> Reducer<fn(Self) -> Self::Sum> {
            // SAFETY: wrapping sums and products have the same bits, signed or not.
            unsafe { reduce::kernels::total::<$total>(op).retyped() }
        }
        #[inline(never)]
        fn mean_kernel() -> Reducer<fn(Self) -> Self::Mean> {
            // SAFETY: the same type under another name.
            unsafe { reduce::kernels::$mean::<$kernel>().retyped() }
        }
        #[inline(never)]
        fn quantifier_kernel(op: Quantifier) -> Reducer<fn(Self) -> bool> {
            // SAFETY: only zero has no bits set, or it is the type itself.
            unsafe { reduce::kernels::quantified::<$bits>(op).retyped() }
        }
        #[inline(never)]
        fn count_kernel() -> Reducer<fn(Self) -> usize> {
            // SAFETY: as above.
            unsafe { reduce::kernels::count::<$bits>().retyped() }
        }
        #[inline(never)]
        fn running_kernel(op: Total) -> Scanner<fn(Self) -> Self::Sum> {
            // SAFETY: as for sums and products.
            unsafe { reduce::cumulative::running::<$total>(op).retyped() }
        }
    };
}
/// The same for the order of a type, which is that of `$kernel`.
macro_rules! own_order {
    ($kernel:ty) => {
        #[inline(never)]
        fn extremum_kernel(op: Extremum) -> Reducer<fn(Self) -> Self> {
            // SAFETY: the same type under another name.
            unsafe { reduce::kernels::extremum::<$kernel>(op).retyped() }
        }
        #[inline(never)]
        fn position_kernel(op: Extremum) -> Reducer<fn(Self) -> usize> {
            // SAFETY: as above.
            unsafe { reduce::position::position::<$kernel>(op).retyped() }
        }
    };
}

macro_rules! integer {
    ($($t:ty, $total:ty, $kernel:ty, $bits:ty => $sum:ty;)+) => {$(
        impl Number for $t {
            type Sum = $sum;
            type Mean = f64;
            type Real = $t;
            const CHECKS_DIVISOR: bool = true;
            own_loops!();
            own_reductions!(mean, $total, $kernel, $bits);
            #[inline(always)]
            fn number_add(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn number_sub(self, other: Self) -> Self { self.wrapping_sub(other) }
            #[inline(always)]
            fn number_mul(self, other: Self) -> Self { self.wrapping_mul(other) }
            #[inline(always)]
            fn number_div(self, other: Self) -> Self { self.wrapping_div(other) }
            #[inline(always)]
            fn number_rem(self, other: Self) -> Self { self.wrapping_rem(other) }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, _: bool) -> bool {
                self == other || self.number_distance(other) <= atol + rtol * (other as f64).abs()
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 { self.abs_diff(other) as f64 }
            #[inline(always)]
            fn widened(self) -> $sum { self as $sum }
            #[inline(always)]
            fn averaged(self) -> f64 { self as f64 }
            #[inline(always)]
            fn mean_of(sum: f64, count: f64) -> f64 { sum / count }
        }
        impl Real for $t {
            real_loops!(inline(never));
            own_order!($kernel);
        }
    )+};
}
#[cfg(target_pointer_width = "64")]
pub(crate) mod word {
    pub(crate) type Signed = i64;
    pub(crate) type Unsigned = u64;
}
#[cfg(not(target_pointer_width = "64"))]
pub(crate) mod word {
    pub(crate) type Signed = i32;
    pub(crate) type Unsigned = u32;
}
pub(crate) use word::{Signed, Unsigned};
integer! {
    i8, i8, i8, u8 => i64;
    i16, i16, i16, u16 => i64;
    i32, i32, i32, u32 => i64;
    i64, i64, i64, u64 => i64;
    i128, i128, i128, u128 => i128;
    isize, Signed, Signed, Unsigned => i64;
    u8, u8, u8, u8 => u64;
    u16, u16, u16, u16 => u64;
    u32, u32, u32, u32 => u64;
    u64, i64, u64, u64 => u64;
    u128, i128, u128, u128 => u128;
    usize, Unsigned, Unsigned, Unsigned => u64;
}

macro_rules! float {
    ($($t:ty),+) => {$(
        impl Number for $t {
            type Sum = $t;
            type Mean = $t;
            type Real = $t;
            own_loops!();
            own_reductions!(mean_of_sum, Self, Self, Self);
            #[inline(always)]
            fn number_neg(self) -> Self { -self }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, equal_nan: bool) -> bool {
                let (a, b) = (f64::from(self), f64::from(other));
                // The comparison decides for equal infinities, whose difference is NaN.
                (a == b)
                    | (((a - b).abs() <= atol + rtol * b.abs()) & b.is_finite())
                    | (equal_nan & a.is_nan() & b.is_nan())
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 { (f64::from(self) - f64::from(other)).abs() }
            #[inline(always)]
            fn mean_of(sum: $t, count: f64) -> $t { sum / count as $t }
        }
        impl Real for $t {
            real_loops!(inline(never));
            own_order!($t);
            #[inline(always)]
            fn real_abs(self) -> Self { self.abs() }
            #[inline(always)]
            fn real_sign(self) -> Self { crate::math::sign(self) }
        }
        impl Float for $t {
            const EPSILON: Self = <$t>::EPSILON;
            #[inline(always)]
            fn from_f64(x: f64) -> Self { x as $t }
            #[inline(always)]
            fn to_f64(self) -> f64 { f64::from(self) }
            #[inline]
            fn with_integer<Op>() -> LoopKernel<fn(Self, i32) -> Self>
            where
                Op: Compiled<fn(f32, i32) -> f32> + Compiled<fn(f64, i32) -> f64>,
            {
                <Op as Compiled<fn($t, i32) -> $t>>::kernel()
            }
            #[inline]
            fn to_integer<Op>() -> LoopKernel<fn(Self) -> i32>
            where
                Op: Compiled<fn(f32) -> i32> + Compiled<fn(f64) -> i32>,
            {
                <Op as Compiled<fn($t) -> i32>>::kernel()
            }
            #[inline(never)]
            fn skipping_kernel(op: Skipping) -> Reducer<fn($t) -> $t> {
                reduce::float::skipping(op)
            }
            #[inline(never)]
            fn skipping_position_kernel(op: Extremum) -> Reducer<fn($t) -> usize> {
                reduce::float::skipping_position(op)
            }
            #[inline(never)]
            fn skipping_scan(op: Total) -> Scanner<fn($t) -> $t> {
                reduce::cumulative::skipping(op)
            }
            #[inline(never)]
            fn numbers_kernel() -> Reducer<fn($t) -> usize> {
                reduce::float::numbers()
            }
            #[inline(never)]
            fn paired_kernel(op: Paired) -> Reducer<fn($t, $t) -> $t> {
                reduce::float::paired(op)
            }
        }
        impl Scalar for $t {
            const IS_COMPLEX: bool = false;
            type Complex = Complex<$t>;
            #[inline(always)]
            fn from_parts(re: $t, _: $t) -> Self { re }
            #[inline(always)]
            fn conj(self) -> Self { self }
            #[inline(always)]
            fn re(self) -> $t { self }
            #[inline(always)]
            fn im(self) -> $t { 0.0 }
            #[inline(always)]
            fn from_real(x: $t) -> Self { x }
            #[inline(always)]
            fn modulus(self) -> $t { self.abs() }
            #[inline(always)]
            fn is_finite(self) -> bool { <$t>::is_finite(self) }
            #[inline(always)]
            fn scalar_angle(self) -> $t { crate::math::atan2(0.0, self) }
            scalar_loops!(inline(never));
            #[inline(never)]
            fn magnitude_kernel(op: Magnitudes) -> Reducer<fn($t) -> $t> {
                reduce::masked::magnitudes(op)
            }
        }
        impl Number for Complex<$t> {
            type Sum = Self;
            type Mean = Self;
            type Real = $t;
            own_loops!();
            own_reductions!(mean_of_sum, Self, Self, Self);
            #[inline(always)]
            fn number_neg(self) -> Self { -self }
            #[inline]
            fn number_is_close(self, other: Self, rtol: f64, atol: f64, equal_nan: bool) -> bool {
                let wide = |z: Self| Complex::new(f64::from(z.re), f64::from(z.im));
                let (a, b) = (wide(self), wide(other));
                (a == b)
                    | (((a - b).norm() <= atol + rtol * b.norm()) & num_traits::Float::is_finite(b.norm()))
                    | (equal_nan & a.is_nan() & b.is_nan())
            }
            #[inline]
            fn number_distance(self, other: Self) -> f64 {
                let (re, im) = (self.re.number_distance(other.re), self.im.number_distance(other.im));
                re.hypot(im)
            }
            #[inline(always)]
            fn mean_of(sum: Self, count: f64) -> Self { sum / count as $t }
        }
        impl Scalar for Complex<$t> {
            const IS_COMPLEX: bool = true;
            type Complex = Self;
            #[inline(always)]
            fn from_parts(re: $t, im: $t) -> Self { Complex::new(re, im) }
            #[inline(always)]
            fn conj(self) -> Self { Complex::new(self.re, -self.im) }
            #[inline(always)]
            fn re(self) -> $t { self.re }
            #[inline(always)]
            fn im(self) -> $t { self.im }
            #[inline(always)]
            fn from_real(x: $t) -> Self { Complex::new(x, 0.0) }
            #[inline(always)]
            fn modulus(self) -> $t { self.re.hypot(self.im) }
            #[inline(always)]
            fn is_finite(self) -> bool { self.re.is_finite() && self.im.is_finite() }
            #[inline(always)]
            fn scalar_angle(self) -> $t { crate::math::atan2(self.im, self.re) }
            scalar_loops!(inline(never));
            #[inline(never)]
            fn magnitude_kernel(op: Magnitudes) -> Reducer<fn(Self) -> $t> {
                reduce::masked::magnitudes(op)
            }
        }
    )+};
}
float!(f32, f64);

/// Conversions that [`cast`](crate::ArrayRef::cast) makes, with the meaning of `as`.
#[diagnostic::on_unimplemented(message = "`{T}` does not cast to `{Self}`")]
pub trait CastFrom<T>: Copy {
    #[doc(hidden)]
    fn cast_kernel() -> LoopKernel<fn(T) -> Self>;
}

macro_rules! truth {
    ($($from:ty),+) => {$(
        impl UnaryOp<$from, bool> for Cast {
            #[inline(always)]
            fn apply(a: $from) -> bool {
                a != <$from>::default()
            }
        }
    )+};
}
truth!(
    i8,
    i16,
    i32,
    i64,
    isize,
    u8,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    bool,
    Complex<f32>,
    Complex<f64>
);

macro_rules! casts {
    ($($from:ty)+ => $to:tt) => {$( casts!(@to $from => $to); )+};
    (@to $from:ty => [$($to:ty)+]) => {$(
        impl CastFrom<$from> for $to {
            #[inline(never)]
            fn cast_kernel() -> LoopKernel<fn($from) -> $to> {
                LoopKernel::unary::<Cast>()
            }
        }
    )+};
}
casts!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 bool =>
    [i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 bool Complex<f32> Complex<f64>]);
casts!(i128 u128 => [f64]);
casts!(Complex<f32> Complex<f64> => [bool Complex<f32> Complex<f64>]);
