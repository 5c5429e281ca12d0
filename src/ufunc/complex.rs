//! What complex numbers add: their parts, and the functions that NumPy has for them.

use std::ptr::NonNull;

use num_complex::Complex;

use super::families::{Compiled, compiled};
use super::ladder::{Abs, Sign};
use super::primitive::Primitive;
use super::table::{object, takes, unary_method};
use super::{
    Acos, Acosh, Asin, Asinh, Atan, Atanh, Cos, Cosh, Divide, Exp, Exp2, Expm1, FloatPower,
    Isfinite, Isinf, Isnan, Log, Log1p, Log2, Log10, NanToNum, Pow, Reciprocal, Rint, Sin, Sinc,
    Sinh, Sqrt, Tan, Tanh,
};
use crate::array::{
    Arithmetic, Array, ArrayRef, ArrayView, ArrayViewMut, Dimension, Float, Layout, Number, Scalar,
};
use crate::engine::{BinaryOp, UnaryOp};
use crate::math::complex as scalar;

/// The loops that [`Scalar`] has.
macro_rules! scalar_loops {
    ($attribute:meta) => {
        $crate::ufunc::ladder::loops! { $attribute;
            conj_loop unary(Self) -> Self: Conj;
            real_loop unary(Self) -> Self::Real: Real;
            imag_loop unary(Self) -> Self::Real: Imag;
            angle_loop unary(Self) -> Self::Real: Angle;
        }
    };
}
pub(crate) use scalar_loops;

/// Functions of both real and complex scalars.
macro_rules! parts {
    ($($Name:ident $method:ident $numpy:literal $example:literal [$kernel:ident $cost:ident] |$a:ident| -> $R:ty { $value:expr } $(#[$doc:meta])+)+) => {$(
        object!(Unary $Name $numpy [concat!("x.", stringify!($method), "()"); "array![1.5, 1.0]"], concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $numpy, "`."));
        impl<T: Scalar> UnaryOp<T, $R> for $Name {
            #[inline(always)]
            fn apply($a: T) -> $R {
                $value
            }
        }
        takes!($Name [T: Scalar] (T) -> $R, $cost, T::$kernel());
        unary_method!($Name $method $example $(#[$doc])+);
    )+};
}
parts! {
    Conj conj "conjugate" "array![orthant::Complex::new(1.0, 2.0)].conj(), array![orthant::Complex::new(1.0, -2.0)]"
    [conj_loop Memory] |a| -> T { a.conj() }
    /// The complex conjugate of every element; real elements as they are (NumPy's `conjugate`).

    Real real "real" "array![orthant::Complex::new(1.0, 2.0)].real(), array![1.0]"
    [real_loop Memory] |a| -> T::Real { a.re() }
    /// A copy of the real parts (NumPy's `real`, which is a view as
    /// [`real_view`](ArrayRef::real_view) is).

    Imag imag "imag" "array![orthant::Complex::new(1.0, 2.0)].imag(), array![2.0]"
    [imag_loop Memory] |a| -> T::Real { a.im() }
    /// A copy of the imaginary parts, zeros for real elements (NumPy's `imag`, which is a view as
    /// [`imag_view`](ArrayRef::imag_view) is).

    Angle angle "angle" "array![orthant::Complex::new(0.0, 2.0)].angle(), array![std::f64::consts::FRAC_PI_2]"
    [angle_loop Transcendental] |a| -> T::Real { a.scalar_angle() }
    /// The angle of every element in the complex plane, in radians (NumPy's `angle`): 0 or π for
    /// real elements. Error below 2 ULP.
}

macro_rules! for_both {
    ($macro:ident! $($rest:tt)*) => {
        $macro! { f32 $($rest)* }
        $macro! { f64 $($rest)* }
    };
}

/// Functions of complex numbers with complex values.
macro_rules! complex {
    ($F:ident $($Name:ident: $function:path;)+) => {$(
        impl UnaryOp<Complex<$F>, Complex<$F>> for $Name {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: Complex<$F>) -> Complex<$F> {
                $function(a)
            }
        }
        compiled!($Name unary: fn(Complex<$F>) -> Complex<$F>);
        takes!($Name [] (Complex<$F>) -> Complex<$F>, Transcendental,
            <$Name as Compiled<fn(Complex<$F>) -> Complex<$F>>>::kernel());
    )+};
}
for_both! { complex!
    Exp: scalar::exp;
    Exp2: scalar::exp2;
    Expm1: scalar::expm1;
    Log: scalar::log;
    Log2: scalar::log2;
    Log10: scalar::log10;
    Log1p: scalar::log1p;
    Sqrt: scalar::sqrt;
    Sin: scalar::sin;
    Cos: scalar::cos;
    Tan: scalar::tan;
    Asin: scalar::asin;
    Acos: scalar::acos;
    Atan: scalar::atan;
    Sinh: scalar::sinh;
    Cosh: scalar::cosh;
    Tanh: scalar::tanh;
    Asinh: scalar::asinh;
    Acosh: scalar::acosh;
    Atanh: scalar::atanh;
    Sign: scalar::sign;
    Reciprocal: scalar::reciprocal;
    Sinc: scalar::sinc;
    Rint: rint;
    NanToNum: number_for_nan;
}

/// Each part rounded to an integer.
#[inline(always)]
fn rint<F: Primitive>(z: Complex<F>) -> Complex<F> {
    Complex::new(z.re.rint(), z.im.rint())
}

/// Each part replaced if it is no number.
#[inline(always)]
fn number_for_nan<F: Primitive>(z: Complex<F>) -> Complex<F> {
    Complex::new(z.re.number_for_nan(), z.im.number_for_nan())
}

macro_rules! others {
    ($F:ident $($Name:ident |$a:ident| $value:expr;)+) => {
        impl UnaryOp<Complex<$F>, $F> for Abs {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: Complex<$F>) -> $F {
                scalar::abs(a)
            }
        }
        compiled!(Abs unary: fn(Complex<$F>) -> $F);
        takes!(Abs [] (Complex<$F>) -> $F, Transcendental, <Abs as Compiled<fn(Complex<$F>) -> $F>>::kernel());

        impl BinaryOp<Complex<$F>, Complex<$F>, Complex<$F>> for Pow {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: Complex<$F>, b: Complex<$F>) -> Complex<$F> {
                scalar::pow(a, b)
            }
        }
        compiled!(Pow binary: fn(Complex<$F>, Complex<$F>) -> Complex<$F>);
        takes!(Pow [] (Complex<$F>, Complex<$F>) -> Complex<$F>, Transcendental,
            <Pow as Compiled<fn(Complex<$F>, Complex<$F>) -> Complex<$F>>>::kernel());
        takes!(Divide [] (Complex<$F>, Complex<$F>) -> Complex<$F>, Arithmetic,
            Complex::<$F>::arithmetic(Arithmetic::Div));
        $(
            impl UnaryOp<Complex<$F>, bool> for $Name {
                #[inline(always)]
                fn apply($a: Complex<$F>) -> bool {
                    $value
                }
            }
            compiled!($Name unary: fn(Complex<$F>) -> bool);
            takes!($Name [] (Complex<$F>) -> bool, Memory, <$Name as Compiled<fn(Complex<$F>) -> bool>>::kernel());
        )+
    };
}
for_both! { others!
    Isnan |a| a.re.is_nan() | a.im.is_nan();
    Isinf |a| a.re.is_infinite() | a.im.is_infinite();
    Isfinite |a| a.re.is_finite() & a.im.is_finite();
}

impl BinaryOp<Complex<f32>, Complex<f32>, Complex<f64>> for FloatPower {
    const HEAVY: bool = true;
    #[inline(always)]
    fn apply(a: Complex<f32>, b: Complex<f32>) -> Complex<f64> {
        let [a, b] = [a, b].map(|z| Complex::new(f64::from(z.re), f64::from(z.im)));
        scalar::pow(a, b)
    }
}
compiled!(FloatPower binary: fn(Complex<f32>, Complex<f32>) -> Complex<f64>);
takes!(FloatPower [] (Complex<f32>, Complex<f32>) -> Complex<f64>, Transcendental,
    <FloatPower as Compiled<fn(Complex<f32>, Complex<f32>) -> Complex<f64>>>::kernel());
takes!(FloatPower [] (Complex<f64>, Complex<f64>) -> Complex<f64>, Transcendental,
    <Pow as Compiled<fn(Complex<f64>, Complex<f64>) -> Complex<f64>>>::kernel());

/// One of the two parts of complex elements, which are pairs in memory.
fn part<T, D: Dimension>(x: &ArrayRef<Complex<T>, D>, which: usize) -> (NonNull<T>, Layout<D>) {
    let mut strides = D::zeroed_strides(x.ndim());
    for (to, &from) in strides.as_mut().iter_mut().zip(x.strides()) {
        *to = 2 * from;
    }
    let layout = Layout::new(x.dim(), strides);
    if x.is_empty() {
        return (x.ptr.cast(), layout);
    }
    // SAFETY: invariant 2: the first element exists; `Complex` is `repr(C)`, two `T` in a row.
    (unsafe { x.ptr.cast::<T>().add(which) }, layout)
}

impl<F: Float, D: Dimension> ArrayRef<Complex<F>, D> {
    /// The real parts, if all imaginary parts are less than `tolerance` (NumPy's `real_if_close`, which
    /// leaves other arrays complex, and whose default is `100.0 * F::EPSILON`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// let z = array![Complex::new(1.0, 1e-15), Complex::new(2.0, 0.0)];
    /// assert_eq!(z.real_if_close(100.0 * f64::EPSILON), Some(array![1.0, 2.0]));
    /// assert_eq!(z.real_if_close(0.0), None);
    /// ```
    pub fn real_if_close(&self, tolerance: F) -> Option<Array<F, D>> {
        let close = |part: &F| num_traits::Float::abs(*part) < tolerance;
        (self.imag_view().iter().all(close)).then(|| self.real_view().map(|&x| x))
    }
}

impl<T, D: Dimension> ArrayRef<Complex<T>, D> {
    /// The real parts as a view (NumPy's `real`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// let z = array![Complex::new(1.0, 2.0), Complex::new(3.0, 4.0)];
    /// assert_eq!(z.real_view(), array![1.0, 3.0]);
    /// assert_eq!(z.imag_view(), array![2.0, 4.0]);
    /// ```
    pub fn real_view(&self) -> ArrayView<'_, T, D> {
        let (ptr, layout) = part(self, 0);
        // SAFETY: invariant 2 for the parts of the elements, which are shared.
        unsafe { ArrayView::from_parts(ptr, layout) }
    }

    /// The imaginary parts as a view (NumPy's `imag`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// let z = array![[Complex::new(1.0, 2.0)], [Complex::new(3.0, 4.0)]];
    /// assert_eq!(z.imag_view(), array![[2.0], [4.0]]);
    /// ```
    pub fn imag_view(&self) -> ArrayView<'_, T, D> {
        let (ptr, layout) = part(self, 1);
        // SAFETY: as above.
        unsafe { ArrayView::from_parts(ptr, layout) }
    }

    /// The real parts as an exclusive view.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// let mut z = array![Complex::new(1.0, 2.0)];
    /// z.real_view_mut().fill(7.0);
    /// assert_eq!(z, array![Complex::new(7.0, 2.0)]);
    /// ```
    pub fn real_view_mut(&mut self) -> ArrayViewMut<'_, T, D> {
        let (ptr, layout) = part(self, 0);
        // SAFETY: invariants 2 and 4 for the parts of the elements, which are exclusive.
        unsafe { ArrayViewMut::from_parts(ptr, layout) }
    }

    /// The imaginary parts as an exclusive view.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::Complex;
    ///
    /// let mut z = array![Complex::new(1.0, 2.0)];
    /// z.imag_view_mut().map_inplace(|part| *part = -*part);
    /// assert_eq!(z, array![Complex::new(1.0, -2.0)]);
    /// ```
    pub fn imag_view_mut(&mut self) -> ArrayViewMut<'_, T, D> {
        let (ptr, layout) = part(self, 1);
        // SAFETY: as above.
        unsafe { ArrayViewMut::from_parts(ptr, layout) }
    }
}
