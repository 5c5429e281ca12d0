//! Functions of real numbers, one row each: integers and `bool` give `f64`.

use super::families::{Floating, compiled};
use super::forms::{Max, TernaryUfunc};
use super::table::{binary_method, object, takes, unary_method};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand};
use crate::engine::{BinaryOp, TernaryOp, UnaryOp};
use crate::math;

/// Functions of one real number. A row: the object, the method, its name elsewhere, the scalar
/// function, whether its loop is [heavy](UnaryOp::HEAVY), what it costs, a form for common arguments; then formula, accuracy,
/// example.
macro_rules! unary {
    ($($Name:ident $method:ident $library:literal $name:literal = $function:expr, $heavy:literal, $cost:ident $([$short:path, $in_range:path])?;
        $formula:literal $error:literal $example:literal)+) => {$(
        object!(Unary $Name $name [concat!("x.", stringify!($method), "()")], concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object: ", $formula, "."));
        impl<F: math::Kernel> UnaryOp<F, F> for $Name {
            const HEAVY: bool = $heavy;
            #[inline(always)]
            fn apply(a: F) -> F {
                $function(a)
            }
            $(
                const SHORT: bool = true;
                #[inline(always)]
                fn in_short_range(a: F) -> bool {
                    $in_range(a)
                }
                #[inline(always)]
                fn short(a: F) -> F {
                    $short(a)
                }
            )?
        }
        compiled!($Name unary: fn(f32) -> f32, fn(f64) -> f64);
        takes!($Name [T: Floating] (T) -> T::Float, $cost, T::unary::<$Name>());
        unary_method! { $Name $method $example
            #[doc = concat!($formula, " of every element (", $library, " `", $name, "`).")]
            ///
            #[doc = concat!($error, "; integers and `bool` give `f64`.")]
        }
    )+};
}

unary! {
    Exp exp "NumPy's" "exp" = math::exp, true, Transcendental [math::short::exp, math::short::exp_in_range];
    "`e^x`" "Error below 1 ULP" "array![0.0, f64::NEG_INFINITY].exp(), array![1.0, 0.0]"

    Exp2 exp2 "NumPy's" "exp2" = math::exp2, true, Transcendental;
    "`2^x`" "Error below 1 ULP, exact for integers" "array![-1, 3].exp2(), array![0.5, 8.0]"

    Expm1 expm1 "NumPy's" "expm1" = math::expm1, true, Transcendental;
    "`e^x - 1`, accurate near zero," "Error below 1 ULP" "array![0.0, 1e-300].expm1(), array![0.0, 1e-300]"

    Log log "NumPy's" "log" = math::log, true, Transcendental [math::short::log, math::short::log_in_range];
    "The natural logarithm" "Error below 1 ULP" "array![1.0, 0.0].log(), array![0.0, f64::NEG_INFINITY]"

    Log2 log2 "NumPy's" "log2" = math::log2, true, Transcendental;
    "The binary logarithm" "Error below 1 ULP, exact for powers of two" "array![8, 1].log2(), array![3.0, 0.0]"

    Log10 log10 "NumPy's" "log10" = math::log10, true, Transcendental;
    "The decimal logarithm" "Error below 1 ULP" "array![1000.0, 1.0].log10(), array![3.0, 0.0]"

    Log1p log1p "NumPy's" "log1p" = math::log1p, true, Transcendental;
    "`log(1 + x)`, accurate near zero," "Error below 1 ULP" "array![0.0, 1e-300].log1p(), array![0.0, 1e-300]"

    Cbrt cbrt "NumPy's" "cbrt" = math::cbrt, true, Transcendental;
    "The cube root" "Error below 1 ULP" "array![8.0, -27.0].cbrt(), array![2.0, -3.0]"

    Sin sin "NumPy's" "sin" = math::sin, true, Transcendental [math::short::sin, math::short::trig_in_range];
    "The sine, of radians," "Error below 2 ULP for arguments of any size" "array![0.0, -0.0].sin(), array![0.0, -0.0]"

    Cos cos "NumPy's" "cos" = math::cos, true, Transcendental [math::short::cos, math::short::trig_in_range];
    "The cosine, of radians," "Error below 2 ULP for arguments of any size" "array![0, 0].cos(), array![1.0, 1.0]"

    Tan tan "NumPy's" "tan" = math::tan, true, Transcendental [math::short::tan, math::short::trig_in_range];
    "The tangent, of radians," "Error below 2 ULP for arguments of any size" "array![0.0].tan(), array![0.0]"

    Asin asin "NumPy's" "arcsin" = math::asin, true, Transcendental;
    "The inverse sine, in radians," "Error below 2 ULP; NaN outside [-1, 1]" "array![1.0].asin(), array![std::f64::consts::FRAC_PI_2]"

    Acos acos "NumPy's" "arccos" = math::acos, true, Transcendental;
    "The inverse cosine, in radians," "Error below 2 ULP; NaN outside [-1, 1]" "array![1.0, -1.0].acos(), array![0.0, std::f64::consts::PI]"

    Atan atan "NumPy's" "arctan" = math::atan, true, Transcendental;
    "The inverse tangent, in radians," "Error below 2 ULP" "array![1.0].atan(), array![std::f64::consts::FRAC_PI_4]"

    Sinh sinh "NumPy's" "sinh" = math::sinh, true, Transcendental;
    "The hyperbolic sine" "Error below 2 ULP" "array![0.0].sinh(), array![0.0]"

    Cosh cosh "NumPy's" "cosh" = math::cosh, true, Transcendental;
    "The hyperbolic cosine" "Error below 2 ULP" "array![0.0].cosh(), array![1.0]"

    Tanh tanh "NumPy's" "tanh" = math::tanh, true, Transcendental;
    "The hyperbolic tangent" "Error below 2 ULP" "array![0.0, 100.0].tanh(), array![0.0, 1.0]"

    Asinh asinh "NumPy's" "arcsinh" = math::asinh, true, Transcendental;
    "The inverse hyperbolic sine" "Error below 2 ULP" "array![0.0].asinh(), array![0.0]"

    Acosh acosh "NumPy's" "arccosh" = math::acosh, true, Transcendental;
    "The inverse hyperbolic cosine" "Error below 2 ULP; NaN below 1" "array![1.0].acosh(), array![0.0]"

    Atanh atanh "NumPy's" "arctanh" = math::atanh, true, Transcendental;
    "The inverse hyperbolic tangent" "Error below 2 ULP; NaN outside [-1, 1]" "array![0.0, 1.0].atanh(), array![0.0, f64::INFINITY]"

    Erf erf "SciPy's" "erf" = math::erf, true, Transcendental;
    "The error function" "Error below 2 ULP" "array![0.0, 10.0].erf(), array![0.0, 1.0]"

    Erfc erfc "SciPy's" "erfc" = math::erfc, true, Transcendental;
    "The complementary error function, accurate in the tail," "Error below 2 ULP" "array![0.0].erfc(), array![1.0]"

    Gamma gamma "SciPy's" "gamma" = math::gamma, true, Transcendental;
    "The gamma function" "Error below 4 ULP" "array![5.0].gamma(), array![24.0]"

    Lgamma lgamma "SciPy's" "gammaln" = math::lgamma, true, Transcendental;
    "The logarithm of the magnitude of the gamma function" "Error below 4 ULP" "array![1.0, 2.0].lgamma(), array![0.0, 0.0]"

    Sigmoid sigmoid "SciPy's" "expit" = math::sigmoid, true, Transcendental [math::short::sigmoid, math::short::exp_in_range];
    "The logistic function `1 / (1 + e^-x)`" "Error below 2 ULP, without overflow" "array![0.0, -1e9].sigmoid(), array![0.5, 0.0]"

    Logit logit "SciPy's" "logit" = math::logit, true, Transcendental;
    "`log(x / (1 - x))`" "Error below 2 ULP" "array![0.5, 1.0].logit(), array![0.0, f64::INFINITY]"

    LogSigmoid log_sigmoid "SciPy's" "log_expit" = math::log_sigmoid, true, Transcendental;
    "The logarithm of the logistic function" "Error below 2 ULP, without overflow" "array![-1000.0].log_sigmoid(), array![-1000.0]"

    Softplus softplus "PyTorch's" "softplus" = math::softplus, true, Transcendental;
    "`log(1 + e^x)`" "Error below 2 ULP, without overflow" "array![1000.0].softplus(), array![1000.0]"

    Silu silu "PyTorch's" "silu" = math::silu, true, Transcendental [math::short::silu, math::short::exp_in_range];
    "`x / (1 + e^-x)`, also called swish," "Error below 2 ULP" "array![0.0, 100.0].silu(), array![0.0, 100.0]"

    Gelu gelu "PyTorch's" "gelu" = math::gelu, true, Transcendental;
    "`x (1 + erf(x / sqrt 2)) / 2`" "Error below 2 ULP" "array![0.0, 100.0].gelu(), array![0.0, 100.0]"

    GeluTanh gelu_tanh "PyTorch's" "gelu(approximate='tanh')" = math::gelu_tanh, true, Transcendental;
    "`x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2`" "Error below 2 ULP" "array![0.0, 100.0].gelu_tanh(), array![0.0, 100.0]"

    Deg2rad deg2rad "NumPy's" "deg2rad" = math::deg2rad, false, Memory;
    "The angle in radians, of degrees," "Error below 1 ULP" "array![180].deg2rad(), array![std::f64::consts::PI]"

    Rad2deg rad2deg "NumPy's" "rad2deg" = math::rad2deg, false, Memory;
    "The angle in degrees, of radians," "Error below 1 ULP" "array![std::f64::consts::PI].rad2deg(), array![180.0]"

    Sinc sinc "NumPy's" "sinc" = math::sinc, true, Transcendental;
    "`sin(pi x) / (pi x)`" "Error below 2 ULP; 1 at zero, 0 at other integers" "array![0, 2].sinc(), array![1.0, 0.0]"

    Spacing spacing "NumPy's" "spacing" = spacing, false, Memory;
    "The distance to the next number away from zero" "Exact" "array![1.0].spacing(), array![f64::EPSILON]"
}

/// Questions about one real number; the answer for integers and `bool` is that for their `f64`.
macro_rules! test {
    ($($Name:ident $method:ident $name:literal = $function:expr; $doc:literal $example:literal)+) => {$(
        object!(Unary $Name $name [concat!("x.", stringify!($method), "()")], concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object: whether ", $doc, "."));
        impl<F: math::Kernel> UnaryOp<F, bool> for $Name {
            #[inline(always)]
            fn apply(a: F) -> bool {
                $function(a)
            }
        }
        compiled!($Name unary: fn(f32) -> bool, fn(f64) -> bool);
        takes!($Name [T: Floating] (T) -> bool, Memory, T::test::<$Name>());
        unary_method! { $Name $method $example
            #[doc = concat!("Whether ", $doc, ", element by element (NumPy's `", $name, "`).")]
        }
    )+};
}

test! {
    Isnan isnan "isnan" = is_nan; "it is NaN"
    "array![1.0, f64::NAN].isnan(), array![false, true]"

    Isinf isinf "isinf" = |a: F| a.magnitude() == F::INF; "it is infinite"
    "array![1.0, f64::NEG_INFINITY].isinf(), array![false, true]"

    Isfinite isfinite "isfinite" = |a: F| a.magnitude() < F::INF; "it is neither infinite nor NaN"
    "array![1.0, f64::NAN].isfinite(), array![true, false]"

    Isposinf isposinf "isposinf" = |a: F| a == F::INF; "it is plus infinity"
    "array![f64::INFINITY, f64::NEG_INFINITY].isposinf(), array![true, false]"

    Isneginf isneginf "isneginf" = |a: F| a == -F::INF; "it is minus infinity"
    "array![f64::INFINITY, f64::NEG_INFINITY].isneginf(), array![false, true]"

    Signbit signbit "signbit" = |a: F| a.sign_bit(); "its sign bit is set, that of -0.0 and of negative NaN too"
    "array![1.0, -0.0].signbit(), array![false, true]"
}

/// Functions of two real numbers.
macro_rules! binary {
    ($($Name:ident $method:ident $try_method:ident $library:literal $name:literal = $function:expr, $heavy:literal, $cost:ident;
        $formula:literal $error:literal $example:literal)+) => {$(
        object!(Binary $Name $name [concat!("x.", stringify!($method), "(&y)")], concat!("[`x.", stringify!($method), "(y)`](crate::ArrayRef::", stringify!($method), ") as an object: ", $formula, "."));
        impl<F: math::Kernel> BinaryOp<F, F, F> for $Name {
            const HEAVY: bool = $heavy;
            #[inline(always)]
            fn apply(a: F, b: F) -> F {
                $function(a, b)
            }
        }
        compiled!($Name binary: fn(f32, f32) -> f32, fn(f64, f64) -> f64);
        takes!($Name [T: Floating] (T, T) -> T::Float, $cost, T::binary::<$Name>());
        binary_method! { $Name $method $try_method $example
            #[doc = concat!($formula, " of every pair of elements (", $library, " `", $name, "`).")]
            ///
            #[doc = concat!($error, "; integers and `bool` give `f64`.")]
        }
    )+};
}

binary! {
    Divide divide try_divide "NumPy's" "divide" = |a, b| a / b, false, Arithmetic;
    "The quotient `x / y`, which integers give too," "Correctly rounded; by zero infinite or NaN" "array![1, -1].divide(2), array![0.5, -0.5]"

    Atan2 atan2 try_atan2 "NumPy's" "arctan2" = math::atan2, true, Transcendental;
    "The angle of the point `(y, x)`, with `y` in front," "Error below 2 ULP" "array![0.0, -0.0].atan2(-1.0), array![std::f64::consts::PI, -std::f64::consts::PI]"

    Hypot hypot try_hypot "NumPy's" "hypot" = math::hypot, true, Transcendental;
    "`sqrt(x^2 + y^2)` without overflow" "Error below 2 ULP" "array![3, 5].hypot(&array![4, 12]), array![5.0, 13.0]"

    Copysign copysign try_copysign "NumPy's" "copysign" = math::copysign, false, Memory;
    "The magnitude of `x` with the sign of `y`" "Exact" "array![1.0, 2.0].copysign(-0.0), array![-1.0, -2.0]"

    Nextafter nextafter try_nextafter "NumPy's" "nextafter" = math::nextafter, false, Memory;
    "The next number after `x` towards `y`" "Exact" "array![1.0].nextafter(2.0), array![1.0 + f64::EPSILON]"

    Logaddexp logaddexp try_logaddexp "NumPy's" "logaddexp" = math::logaddexp, true, Transcendental;
    "`log(e^x + e^y)` without overflow" "Error below 2 ULP of the larger of the result and the arguments" "array![1000.0].logaddexp(0.0), array![1000.0]"

    Logaddexp2 logaddexp2 try_logaddexp2 "NumPy's" "logaddexp2" = math::logaddexp2, true, Transcendental;
    "`log2(2^x + 2^y)` without overflow" "Error below 2 ULP of the larger of the result and the arguments" "array![3.0].logaddexp2(3.0), array![4.0]"

    Heaviside heaviside try_heaviside "NumPy's" "heaviside" = heaviside, false, Memory;
    "0 for negative `x`, 1 for positive, `y` at zero," "Exact; NaN for NaN" "array![-2.0, 0.0, 2.0].heaviside(0.5), array![0.0, 0.5, 1.0]"

    LeakyRelu leaky_relu try_leaky_relu "PyTorch's" "leaky_relu" = math::leaky_relu, false, Memory;
    "`x` where positive, `x y` elsewhere," "Correctly rounded" "array![-2.0, 2.0].leaky_relu(0.5), array![-1.0, 2.0]"
}

object!(
    Ternary
    Lerp
    "lerp" ["x.lerp(&y, &z)"],
    "[`x.lerp(y, t)`](crate::ArrayRef::lerp) as an object: linear interpolation, PyTorch's `lerp`."
);
impl<F: math::Kernel> TernaryOp<F, F, F, F> for Lerp {
    #[inline(always)]
    fn apply(x: F, y: F, t: F) -> F {
        // exact at both ends, and monotonic
        if t < F::HALF {
            x + t * (y - x)
        } else {
            y - (F::ONE - t) * (y - x)
        }
    }
}
compiled!(Lerp ternary: fn(f32, f32, f32) -> f32, fn(f64, f64, f64) -> f64);
takes!(Lerp [T: Floating] (T, T, T) -> T::Float, Memory, T::ternary::<Lerp>());

object!(
    Binary
    FloatPower
    "float_power" ["x.float_power(&y)"],
    "[`x.float_power(y)`](crate::ArrayRef::float_power) as an object, NumPy's `float_power`."
);
takes!(FloatPower [T: Floating] (T, T) -> f64, Transcendental, T::binary_f64::<super::Pow>());
binary_method! { FloatPower float_power try_float_power "array![2, 4].float_power(&array![-1, 2]), array![0.5, 16.0]"
    /// Every element to the power of the other's as `f64`, whatever their type (NumPy's
    /// `float_power`).
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// Linear interpolation `x + t (y - x)`, exact where `t` is 0 or 1 (PyTorch's `lerp`). The object
    /// is [`ufunc::Lerp`](Lerp).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let (x, y) = (array![0.0, 10.0], array![1.0, 20.0]);
    /// assert_eq!(x.lerp(&y, 0.5), array![0.5, 15.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn lerp<Y, W>(
        &self,
        y: Y,
        t: W,
    ) -> Array<<Lerp as TernaryUfunc<T>>::Output, Max<Max<D, Y::Dim>, W::Dim>>
    where
        Lerp: TernaryUfunc<T>,
        Y: Operand<T>,
        W: Operand<T>,
        D: DimMax<Y::Dim>,
        Max<D, Y::Dim>: DimMax<W::Dim>,
    {
        Lerp.call(self, y, t)
    }
}

/// The distance to the neighbour away from zero, with the sign of `x`.
#[inline(always)]
fn spacing<F: math::Kernel>(x: F) -> F {
    let next = math::nextafter(x, F::INF.with_sign(x)) - x;
    let next = if x == F::ZERO {
        F::ONE.smallest_with_sign()
    } else {
        next
    };
    if x.magnitude() < F::INF {
        next
    } else {
        F::NOT_A_NUMBER
    }
}

/// NaN alone is not equal to itself.
#[inline(always)]
#[allow(clippy::eq_op)]
fn is_nan<F: math::Kernel>(x: F) -> bool {
    x != x
}

#[inline(always)]
fn heaviside<F: math::Kernel>(x: F, at_zero: F) -> F {
    let step = if x > F::ZERO { F::ONE } else { F::ZERO };
    let step = if x == F::ZERO { at_zero } else { step };
    if is_nan(x) { x } else { step }
}
