//! The order of complex numbers, which is NumPy's: by real parts, then by imaginary parts.

use num_complex::Complex;

use super::families::{Compiled, compiled};
use super::table::takes;
use super::{Clip, Fmax, Fmin, Greater, GreaterEqual, Less, LessEqual, Maximum, Minimum};
use crate::engine::{BinaryOp, TernaryOp};
use crate::reduce::Lexicographic as By;

/// Functions of two complex numbers in order.
macro_rules! ordered {
    ($F:ident $($Name:ident |$a:ident, $b:ident| -> $R:ty { $value:expr })+) => {$(
        impl BinaryOp<Complex<$F>, Complex<$F>, $R> for $Name {
            #[inline(always)]
            fn apply($a: Complex<$F>, $b: Complex<$F>) -> $R {
                $value
            }
        }
        compiled!($Name binary: fn(Complex<$F>, Complex<$F>) -> $R);
        takes!($Name [] (Complex<$F>, Complex<$F>) -> $R, Memory,
            <$Name as Compiled<fn(Complex<$F>, Complex<$F>) -> $R>>::kernel());
    )+};
}
macro_rules! of_type {
    ($($F:ident)+) => {$(
        ordered! { $F
            Less |a, b| -> bool { By(a) < By(b) }
            LessEqual |a, b| -> bool { By(a) <= By(b) }
            Greater |a, b| -> bool { By(a) > By(b) }
            GreaterEqual |a, b| -> bool { By(a) >= By(b) }
            Maximum |a, b| -> Complex<$F> { if (By(a) >= By(b)) | is_nan(a) { a } else { b } }
            Minimum |a, b| -> Complex<$F> { if (By(a) <= By(b)) | is_nan(a) { a } else { b } }
            Fmax |a, b| -> Complex<$F> { if (By(a) >= By(b)) | is_nan(b) { a } else { b } }
            Fmin |a, b| -> Complex<$F> { if (By(a) <= By(b)) | is_nan(b) { a } else { b } }
        }
        impl TernaryOp<Complex<$F>, Complex<$F>, Complex<$F>, Complex<$F>> for Clip {
            #[inline(always)]
            fn apply(x: Complex<$F>, low: Complex<$F>, high: Complex<$F>) -> Complex<$F> {
                let raised = <Maximum as BinaryOp<Complex<$F>, Complex<$F>, Complex<$F>>>::apply(x, low);
                <Minimum as BinaryOp<Complex<$F>, Complex<$F>, Complex<$F>>>::apply(raised, high)
            }
        }
        compiled!(Clip ternary: fn(Complex<$F>, Complex<$F>, Complex<$F>) -> Complex<$F>);
        takes!(Clip [] (Complex<$F>, Complex<$F>, Complex<$F>) -> Complex<$F>, Memory,
            <Clip as Compiled<fn(Complex<$F>, Complex<$F>, Complex<$F>) -> Complex<$F>>>::kernel());
    )+};
}
of_type!(f32 f64);

/// Whether one of the parts is NaN.
#[inline(always)]
fn is_nan<F: PartialEq + Copy>(z: Complex<F>) -> bool {
    #[allow(clippy::eq_op)]
    let number = (z.re == z.re) & (z.im == z.im);
    !number
}
