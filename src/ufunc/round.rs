//! Rounding to decimals.

use num_complex::Complex;

use super::families::PrimitiveReal;
use super::primitive::rounded;
use crate::array::{Array, ArrayRef, Dimension};

/// Elements that round to decimals: integers, floats, and complex numbers, part by part.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::Rounded;
///
/// fn cents<T: Rounded>(x: &ArrayRef1<T>) -> Array1<T> {
///     x.round(2)
/// }
/// assert_eq!(cents(&array![0.126, 3.0]), array![0.13, 3.0]);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` do not round to decimals")]
pub trait Rounded: Copy {
    #[doc(hidden)]
    fn rounded<D: Dimension>(x: &ArrayRef<Self, D>, decimals: i32) -> Array<Self, D>;
}

impl<T: PrimitiveReal> Rounded for T {
    #[inline]
    fn rounded<D: Dimension>(x: &ArrayRef<T, D>, decimals: i32) -> Array<T, D> {
        rounded(x, decimals)
    }
}

macro_rules! complex {
    ($($t:ty)+) => {$(
        impl Rounded for Complex<$t> {
            fn rounded<D: Dimension>(x: &ArrayRef<Self, D>, decimals: i32) -> Array<Self, D> {
                let mut out = x.map(|&z| z);
                let re = rounded(&x.real_view(), decimals);
                out.real_view_mut().assign(&re);
                let im = rounded(&x.imag_view(), decimals);
                out.imag_view_mut().assign(&im);
                out
            }
        }
    )+};
}
complex!(f32 f64);

impl<T: Rounded, D: Dimension> ArrayRef<T, D> {
    /// Every element rounded to so many decimals, ties to even (NumPy's `round`, whose floats are
    /// `rint(x 10^d) / 10^d`). Negative decimals round to tens, hundreds, …; integers stay what
    /// they are otherwise. Both parts of complex numbers are rounded.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// assert_eq!(array![2.675, 0.285].round(2), array![2.68, 0.28]);
    /// assert_eq!(array![0.5, 1.5, -0.5].round(0), array![0.0, 2.0, -0.0]);
    /// assert_eq!(array![15, 25].round(-1), array![20, 20]);
    /// assert_eq!(array![Complex::new(1.25, -2.5)].round(1), array![Complex::new(1.2, -2.5)]);
    /// ```
    pub fn round(&self, decimals: i32) -> Array<T, D> {
        T::rounded(self, decimals)
    }
}
