//! What only the crate itself can test: instruction sets and paths.

use crate::array::{Array, Array1, Array2, ArrayRef, ArrayRef1, Dimension, ScalarOperand};
use crate::engine::simd::{available, with_level};
use crate::ufunc::{self, Binary, BinaryUfunc, Unary, UnaryUfunc};
use crate::{Complex, prelude::*, where_};

/// A number's bits, all NaN alike.
trait Bits: Copy {
    fn bits(self) -> [u64; 2];
}
macro_rules! floats {
    ($($t:ty)+) => {$(
        impl Bits for $t {
            fn bits(self) -> [u64; 2] {
                [if self.is_nan() { 1 } else { self.to_bits().into() }, 0]
            }
        }
        impl Bits for Complex<$t> {
            fn bits(self) -> [u64; 2] {
                [self.re.bits()[0], self.im.bits()[0]]
            }
        }
    )+};
}
floats!(f32 f64);
macro_rules! exact {
    ($($t:ty)+) => {$(
        impl Bits for $t {
            fn bits(self) -> [u64; 2] {
                [self as u64, 0]
            }
        }
    )+};
}
exact!(bool i8 i16 i32 i64 u8 u16 u32 u64);

fn bits<T: Bits, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<[u64; 2]> {
    x.iter().map(|&x| x.bits()).collect()
}

/// A linear congruential generator (Knuth's MMIX constants).
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        state
    }
}

/// Arguments of all sizes, zeros, infinities and NaN among them; whole blocks of common ones first.
fn arguments(seed: u64) -> Array1<f64> {
    let mut random = random(seed);
    Array1::from_shape_fn(1500, |[i]| {
        let state = random();
        let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
        match (i, state >> 60) {
            (..600, _) => 8.0 * unit - 4.0,
            (_, 0) => [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0][i % 6],
            (_, 1) => f64::from_bits(state),
            _ => 200.0 * unit - 100.0,
        }
    })
}

/// Integers of all sizes; small ones, zero among them, first.
fn integers(seed: u64) -> Array1<i64> {
    let mut random = random(seed);
    Array1::from_shape_fn(1500, |[i]| {
        let wide = random() as i64;
        if i < 600 {
            wide >> 60
        } else {
            wide >> (wide & 63)
        }
    })
}

/// The same bits at every level, of the whole as of parts: single elements, parts that do not fill a
/// register, and such as begin in the middle of one.
fn same(name: &str, f: &dyn Fn(usize, usize) -> Vec<[u64; 2]>) {
    let whole = with_level(available()[0], || f(0, 1500));
    for &level in available() {
        let again = with_level(level, || f(0, 1500));
        assert!(again == whole, "{name} {level:?}");
        let parts = with_level(level, || {
            [0, 1, 3, 7, 16, 31, 64, 300, 900, 1500]
                .windows(2)
                .flat_map(|w| f(w[0], w[1]))
                .collect::<Vec<_>>()
        });
        assert!(parts == whole, "{name} {level:?} in parts");
    }
}

fn unary<F, T>(name: &str, f: F, x: &ArrayRef1<T>)
where
    F: UnaryUfunc<T, Output: Bits> + std::ops::Deref<Target = Unary<F>>,
{
    same(name, &|from, to| bits(&f.call(x.slice(s![from..to]))));
}

fn binary<F, A: Copy, B: Copy>(name: &str, f: F, x: &ArrayRef1<A>, y: &ArrayRef1<B>)
where
    F: BinaryUfunc<A, B, Output: Bits> + std::ops::Deref<Target = Binary<F>>,
{
    same(name, &|from, to| {
        bits(&f.call(x.slice(s![from..to]), y.slice(s![from..to])))
    });
    let one = ScalarOperand(y[2]);
    same(name, &|from, to| bits(&f.call(x.slice(s![from..to]), one)));
    let one = ScalarOperand(x[2]);
    same(name, &|from, to| bits(&f.call(one, y.slice(s![from..to]))));
}

macro_rules! all {
    (unary $x:ident: $($Name:ident)+) => {$( unary(stringify!($Name), ufunc::$Name, &$x); )+};
    (binary $x:ident $y:ident: $($Name:ident)+) => {$( binary(stringify!($Name), ufunc::$Name, &$x, &$y); )+};
}

#[test]
fn floats_have_the_same_bits_at_every_level() {
    macro_rules! check {
        ($($t:ty)+) => {$(
            let (x, y) = (arguments(1).cast::<$t>(), arguments(2).cast::<$t>());
            let n = integers(3).cast::<i32>();
            all!(unary x: Exp Exp2 Expm1 Log Log2 Log10 Log1p Sqrt Cbrt Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh
                Acosh Atanh Erf Erfc Gamma Lgamma Sigmoid Logit LogSigmoid Softplus Silu Gelu GeluTanh Deg2rad Rad2deg
                Sinc Spacing Reciprocal Floor Ceil Trunc Rint NanToNum Abs Sign Square Relu Negative Positive Isnan Isinf
                Isfinite Isposinf Isneginf Signbit LogicalNot Conj Real Imag Angle);
            all!(binary x y: Add Subtract Multiply Divide Atan2 Hypot Copysign Nextafter Logaddexp Logaddexp2 Heaviside
                LeakyRelu FloorDivide Remainder Fmod Pow FloatPower Maximum Minimum Fmax Fmin Equal NotEqual Less
                LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalXor);
            all!(binary x n: Ldexp Powi);
            let z = arguments(4).cast::<$t>();
            let part = |of: &Array1<$t>, from: usize, to: usize| of.slice(s![from..to]).to_owned();
            same("Clip", &|i, j| bits(&ufunc::Clip.call(&part(&x, i, j), &part(&y, i, j), &part(&z, i, j))));
            same("Lerp", &|i, j| bits(&ufunc::Lerp.call(&part(&x, i, j), &part(&y, i, j), &part(&z, i, j))));
            same("is_close", &|i, j| bits(&part(&x, i, j).is_close(&part(&y, i, j), 0.1, 1.0)));
            same("round", &|i, j| bits(&part(&x, i, j).round(2)));
            same("modf", &|i, j| bits(&part(&x, i, j).modf().0));
            same("frexp", &|i, j| bits(&part(&x, i, j).frexp().0));
            same("sincos", &|i, j| bits(&part(&x, i, j).sincos().1));
        )+};
    }
    check!(f32 f64);
}

#[test]
fn integers_have_the_same_bits_at_every_level() {
    macro_rules! check {
        ($($t:ty)+) => {$(
            let (x, y) = (integers(1).cast::<$t>(), integers(2).cast::<$t>());
            all!(unary x: Abs Sign Square Relu Negative Positive Reciprocal Floor Ceil Trunc Rint NanToNum Invert
                BitwiseCount LogicalNot Exp Sqrt Signbit);
            all!(binary x y: Add Subtract Multiply Divide FloorDivide Remainder Fmod Pow FloatPower Maximum Minimum Fmax
                Fmin BitwiseAnd BitwiseOr BitwiseXor LeftShift RightShift Gcd Lcm Equal NotEqual Less LessEqual Greater
                GreaterEqual LogicalAnd LogicalOr LogicalXor);
            same("Clip", &|i, j| bits(&x.slice(s![i..j]).clip(ScalarOperand(3 as $t), y.slice(s![i..j]))));
        )+};
    }
    check!(i8 i16 i32 i64 u8 u16 u32 u64);
    let (x, y) = (integers(1).greater(0), integers(2).greater(0));
    all!(unary x: Invert LogicalNot Exp Isnan);
    all!(binary x y: Add Multiply Divide Maximum Minimum BitwiseAnd BitwiseOr BitwiseXor Equal NotEqual Less LessEqual
        Greater GreaterEqual LogicalAnd LogicalOr LogicalXor);
}

#[test]
fn complex_numbers_have_the_same_bits_at_every_level() {
    macro_rules! check {
        ($($t:ty)+) => {$(
            let of = |seed| {
                let (re, im) = (arguments(seed), arguments(seed + 1));
                Array1::from_shape_fn(1500, |[i]| Complex::new(re[i] as $t, im[i] as $t))
            };
            let (x, y) = (of(1), of(3));
            all!(unary x: Exp Exp2 Expm1 Log Log2 Log10 Log1p Sqrt Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh
                Atanh Sign Square Reciprocal Negative Positive Conj Abs Real Imag Angle Isnan Isinf Isfinite LogicalNot);
            all!(binary x y: Add Subtract Multiply Divide Pow Equal NotEqual LogicalAnd LogicalOr LogicalXor);
        )+};
    }
    check!(f32 f64);
}

#[test]
fn masks_at_every_level_and_size() {
    fn check<T: Clone + PartialEq + std::fmt::Debug>(of: impl Fn(usize) -> T) {
        for n in [0, 1, 5, 31, 32, 33, 64, 100, 1000, 70_000] {
            for period in [1, 2, 3, 7, 64, 1000] {
                let x = Array1::from_shape_fn(n, |[i]| of(i));
                let mask = Array1::from_shape_fn(n, |[i]| i * i % period < period.div_ceil(2));
                let kept = x.iter().zip(mask.iter()).filter(|(_, m)| **m);
                let expected: Vec<T> = kept.map(|(x, _)| x.clone()).collect();
                for &level in available() {
                    assert_eq!(
                        with_level(level, || x.mask(&mask)).into_vec(),
                        expected,
                        "{n} {period}"
                    );
                }
            }
        }
    }
    check(|i| i as u8);
    check(|i| i as i16);
    check(|i| i as f32);
    check(|i| i as f64);
    check(|i| i as i128);
    check(|i| Complex::new(i as f32, 1.0));
    check(|i| i.to_string());
}

#[test]
fn choices_at_every_size() {
    let mask = Array1::from_shape_fn(777, |[i]| i % 3 == 0);
    macro_rules! check {
        ($($t:ty)+) => {$(
            let a = Array1::from_shape_fn(777, |[i]| i as $t);
            let expected: Array1<$t> = Array1::from_shape_fn(777, |[i]| if i % 3 == 0 { i as $t } else { 9 as $t });
            for &level in available() {
                assert_eq!(with_level(level, || where_(&mask, &a, 9 as $t)), expected);
            }
        )+};
    }
    check!(u8 i16 f32 f64 i128);
}

#[test]
fn integers_take_the_loops_of_f64() {
    let x: Array2<i32> = Array::from_shape_fn([37, 41], |[i, j]| i as i32 * 7 - j as i32);
    let wide = x.cast::<f64>();
    assert_eq!(bits(&x.exp()), bits(&wide.exp()));
    assert_eq!(bits(&x.t().divide(7)), bits(&wide.t().divide(7.0)));
    assert_eq!(bits(&x.atan2(&x.row(3))), bits(&wide.atan2(&wide.row(3))));
}
