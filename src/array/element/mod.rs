//! What an element can do: the ladder `Number` → `Real` → `Float`, and `Scalar` for linear algebra.
//!
//! `Array<T, D>` itself holds any `T`. Arithmetic needs [`Number`], order needs [`Real`], linear
//! algebra needs [`Scalar`]. `Number` and `Real` are open: implement them for dual numbers, fixed
//! point, … and operators, `zip` and products work (on scalar loops).

mod builtin;
mod cast;

use std::any::Any;
use std::fmt::Debug;

use num_traits::{NumOps, One, Zero};

use super::operators::{self, Arithmetic, LoopKernel};
use crate::reduce::{
    self, Deviation, Extremum, Magnitudes, Quantifier, Reducer, Scanner, Skipping, Starting, Total,
};
use crate::ufunc::complex::scalar_loops;
use crate::ufunc::families::{Compiled, Floating, PrimitiveReal};
use crate::ufunc::ladder::{number_loops, real_loops};

pub(crate) use builtin::{Signed, Unsigned};
pub use cast::CastFrom;

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for num_complex::Complex<f32> {}
    impl Sealed for num_complex::Complex<f64> {}
}

/// A number: what `+ - * / %`, sums and products of arrays need.
///
/// Implemented for all integers, `f32`, `f64` and their [`Complex`](num_complex::Complex). In array arithmetic integers
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
    /// The kernel of sums of chosen elements.
    #[doc(hidden)]
    fn sum_where_kernel() -> Reducer<fn(Self, bool) -> Self::Sum> {
        reduce::masked::sum_where::<Self>()
    }
    /// The kernel of means of chosen elements.
    #[doc(hidden)]
    fn mean_where_kernel() -> Reducer<fn(Self, bool) -> Self::Mean> {
        reduce::masked::mean_where::<Self>()
    }
    /// The kernel of means with weights.
    #[doc(hidden)]
    fn weighted_mean_kernel() -> Reducer<fn(Self, Self) -> Self::Mean> {
        reduce::average::weighted_mean::<Self>()
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
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Real;
///
/// fn range<T: Real>(x: &ArrayRef1<T>) -> T {
///     x.max() - x.min()
/// }
/// assert_eq!(range(&array![3, 1, 2]), 2);
/// assert_eq!(range(&array![0.5, 2.0]), 1.5);
/// ```
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
    /// The kernels of running minima and maxima, if the type has them.
    #[doc(hidden)]
    fn running_extremum_kernel(_: Extremum) -> Option<Scanner<fn(Self) -> Self>> {
        None
    }
    /// The kernels of positions of minima and maxima.
    #[doc(hidden)]
    fn position_kernel(op: Extremum) -> Reducer<fn(Self) -> usize> {
        reduce::position::open_position::<Self>(op)
    }
    /// The kernels of extrema of an initial value and chosen elements.
    #[doc(hidden)]
    fn extremum_where_kernel(op: Extremum) -> Starting<Self, bool, Self> {
        reduce::masked::open_extremum_where::<Self>(op)
    }
    /// The kernel of the greatest element less the least.
    #[doc(hidden)]
    fn range_kernel() -> Reducer<fn(Self) -> Self> {
        reduce::masked::open_range::<Self>()
    }
}

/// `f32` or `f64` (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::{Float, ScalarOperand};
///
/// fn logistic<T: Float>(x: &ArrayRef1<T>) -> Array1<T> {
///     let one = ScalarOperand(T::one());
///     one / ((-x).exp() + one)
/// }
/// assert_eq!(logistic(&array![0.0]), array![0.5]);
/// assert_eq!(logistic(&array![0.0_f32]), array![0.5_f32]);
/// ```
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
    fn log_sum_exp_kernel() -> Reducer<fn(Self) -> Self>;
}

/// The four element types of linear algebra: `f32`, `f64`, `Complex<f32>`, `Complex<f64>` (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::{Complex, Scalar};
///
/// fn energy<T: Scalar>(x: &ArrayRef1<T>) -> T::Real {
///     x.iter().fold(T::zero(), |sum, &v| sum + v * v.conj()).re()
/// }
/// assert_eq!(energy(&array![3.0, 4.0]), 25.0);
/// assert_eq!(energy(&array![Complex::new(3.0, 4.0)]), 25.0);
/// ```
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
