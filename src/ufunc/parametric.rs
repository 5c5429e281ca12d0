//! Functions of one argument with parameters: `round`, `nan_to_num_with`.

use std::ops::Deref;

use num_complex::Complex;

use super::families::{Compiled, PrimitiveReal, compiled};
use super::forms::private::Sealed;
use super::forms::{Parametric, ParametricUfunc};
use super::primitive::{Primitive, all_types};
use crate::array::{Array, ArrayRef, Dimension, LoopKernel};
use crate::engine::BinaryOp;

/// [`x.round(decimals)`](crate::ArrayRef::round) as an object, NumPy's `round`.
///
/// The ways to call it are [`Parametric`]'s.
///
/// ```
/// use orthant::{prelude::*, ufunc};
///
/// let x = array![2.675, 0.285];
/// assert_eq!(ufunc::Round(2).call(&x), x.round(2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round(
    /// So many decimals; negative ones are tens, hundreds, ….
    pub i32,
);

/// The two steps of rounding to digits, with the unit as second argument.
#[derive(Clone, Copy)]
struct RoundToParts;
impl<T: Primitive> BinaryOp<T, T, T> for RoundToParts {
    #[inline(always)]
    fn apply(x: T, unit: T) -> T {
        x.round_to_parts(unit)
    }
}
all_types!(RoundToParts binary);
#[derive(Clone, Copy)]
struct RoundToMultiples;
impl<T: Primitive> BinaryOp<T, T, T> for RoundToMultiples {
    #[inline(always)]
    fn apply(x: T, unit: T) -> T {
        x.round_to_multiples(unit)
    }
}
all_types!(RoundToMultiples binary);

impl Sealed for Round {}
impl<T: PrimitiveReal> ParametricUfunc<T> for Round {
    type Parameters = T;
    fn parameters(&self) -> T {
        T::power_of_ten(self.0.unsigned_abs())
    }
    fn kernel(&self) -> LoopKernel<fn(T, T) -> T> {
        if self.0 >= 0 {
            T::primitive_binary::<RoundToParts>()
        } else {
            T::primitive_binary::<RoundToMultiples>()
        }
    }
}

macro_rules! complex_rounds {
    ($($t:ident)+) => {$(
        impl BinaryOp<Complex<$t>, $t, Complex<$t>> for RoundToParts {
            #[inline(always)]
            fn apply(x: Complex<$t>, unit: $t) -> Complex<$t> {
                Complex::new(x.re.round_to_parts(unit), x.im.round_to_parts(unit))
            }
        }
        impl BinaryOp<Complex<$t>, $t, Complex<$t>> for RoundToMultiples {
            #[inline(always)]
            fn apply(x: Complex<$t>, unit: $t) -> Complex<$t> {
                Complex::new(x.re.round_to_multiples(unit), x.im.round_to_multiples(unit))
            }
        }
        compiled!(RoundToParts binary: fn(Complex<$t>, $t) -> Complex<$t>);
        compiled!(RoundToMultiples binary: fn(Complex<$t>, $t) -> Complex<$t>);
        impl ParametricUfunc<Complex<$t>> for Round {
            type Parameters = $t;
            fn parameters(&self) -> $t {
                <$t as Primitive>::power_of_ten(self.0.unsigned_abs())
            }
            fn kernel(&self) -> LoopKernel<fn(Complex<$t>, $t) -> Complex<$t>> {
                type Rounded = fn(Complex<$t>, $t) -> Complex<$t>;
                if self.0 >= 0 {
                    <RoundToParts as Compiled<Rounded>>::kernel()
                } else {
                    <RoundToMultiples as Compiled<Rounded>>::kernel()
                }
            }
        }
    )+};
}
complex_rounds!(f32 f64);

impl Deref for Round {
    type Target = Parametric<Round>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        Parametric::of(self)
    }
}

/// [`x.nan_to_num_with(nan, posinf, neginf)`](crate::ArrayRef::nan_to_num_with) as an object, NumPy's
/// `nan_to_num(x, nan=…, posinf=…, neginf=…)`.
///
/// The ways to call it are [`Parametric`]'s.
///
/// ```
/// use orthant::{prelude::*, ufunc};
///
/// let mut x = array![f64::NAN, f64::INFINITY, 1.0];
/// ufunc::NanToNumWith { nan: 0.0, posinf: 9.0, neginf: -9.0 }.call_inplace(&mut x);
/// assert_eq!(x, array![0.0, 9.0, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NanToNumWith<T> {
    /// In place of NaN.
    pub nan: T,
    /// In place of plus infinity.
    pub posinf: T,
    /// In place of minus infinity.
    pub neginf: T,
}

impl<T> Sealed for NanToNumWith<T> {}
impl<T> Deref for NanToNumWith<T> {
    type Target = Parametric<NanToNumWith<T>>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        Parametric::of(self)
    }
}

/// Numbers in place of what is none.
#[derive(Clone, Copy)]
struct Replace;

macro_rules! replaces {
    ($($t:ident)+) => {$(
        impl BinaryOp<$t, NanToNumWith<$t>, $t> for Replace {
            #[inline(always)]
            fn apply(x: $t, by: NanToNumWith<$t>) -> $t {
                let number = if x == $t::INFINITY { by.posinf } else { x };
                let number = if x == $t::NEG_INFINITY { by.neginf } else { number };
                if x.is_nan() { by.nan } else { number }
            }
        }
        compiled!(Replace binary: fn($t, NanToNumWith<$t>) -> $t);
        impl ParametricUfunc<$t> for NanToNumWith<$t> {
            type Parameters = Self;
            fn parameters(&self) -> Self {
                *self
            }
            fn kernel(&self) -> LoopKernel<fn($t, Self) -> $t> {
                <Replace as Compiled<fn($t, Self) -> $t>>::kernel()
            }
        }
    )+};
}
replaces!(f32 f64);

impl<T: Copy, D: Dimension> ArrayRef<T, D> {
    /// Every element rounded to so many decimals, ties to even (NumPy's `round`, whose floats are
    /// `rint(x 10^d) / 10^d`). Negative decimals round to tens, hundreds, …; integers stay what
    /// they are otherwise; of complex numbers both parts are rounded. The object is [`ufunc::Round`](Round).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![2.675, 0.285].round(2), array![2.68, 0.28]);
    /// assert_eq!(array![0.5, 1.5, -0.5].round(0), array![0.0, 2.0, -0.0]);
    /// assert_eq!(array![15, 25].round(-1), array![20, 20]);
    /// ```
    pub fn round(&self, decimals: i32) -> Array<T, D>
    where
        Round: ParametricUfunc<T>,
    {
        Round(decimals).call(self)
    }

    /// NaN and the infinities replaced by values (NumPy's
    /// `nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)`). The object is
    /// [`ufunc::NanToNumWith`](NanToNumWith).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.0];
    /// assert_eq!(x.nan_to_num_with(0.0, 99.0, -99.0), array![0.0, 99.0, -99.0, 1.0]);
    /// ```
    pub fn nan_to_num_with(&self, nan: T, posinf: T, neginf: T) -> Array<T, D>
    where
        NanToNumWith<T>: ParametricUfunc<T>,
    {
        let function = NanToNumWith {
            nan,
            posinf,
            neginf,
        };
        function.call(self)
    }
}
