//! What only the crate itself can test: instruction sets and paths.

use crate::array::{Array, Array1, Array2, ArrayRef, Dimension};
use crate::engine::simd::{available, with_level};
use crate::ufunc::{self, Binary, BinaryUfunc, Unary, UnaryUfunc};
use crate::{prelude::*, where_};

/// A float's bits, all NaN alike.
trait Bits: Copy {
    fn bits(self) -> u64;
}
impl Bits for f64 {
    fn bits(self) -> u64 {
        if self.is_nan() { 1 } else { self.to_bits() }
    }
}
impl Bits for f32 {
    fn bits(self) -> u64 {
        if self.is_nan() {
            1
        } else {
            u64::from(self.to_bits())
        }
    }
}
impl Bits for bool {
    fn bits(self) -> u64 {
        u64::from(self)
    }
}

fn bits<T: Bits, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<u64> {
    x.iter().map(|&x| x.bits()).collect()
}

/// Arguments of all sizes, zeros, infinities and NaN among them; whole blocks of common ones first.
fn arguments(seed: u64) -> Array1<f64> {
    let mut state = seed;
    Array1::from_shape_fn(1500, |[i]| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
        match (i, state >> 60) {
            (..600, _) => 8.0 * unit - 4.0,
            (_, 0) => [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0][i % 6],
            (_, 1) => f64::from_bits(state),
            _ => 200.0 * unit - 100.0,
        }
    })
}

/// The same bits at every level, and as element by element.
fn same<R: Bits + std::fmt::Debug>(name: &str, f: impl Fn(usize, usize) -> Array1<R>) {
    let whole = with_level(available()[0], || bits(&f(0, 1500)));
    for &level in available() {
        assert_eq!(
            with_level(level, || bits(&f(0, 1500))),
            whole,
            "{name} {level:?}"
        );
        let parts = [0, 1, 7, 300, 900, 1500]
            .windows(2)
            .flat_map(|w| bits(&f(w[0], w[1])))
            .collect::<Vec<_>>();
        assert_eq!(
            with_level(level, || parts.clone()),
            whole,
            "{name} in parts"
        );
    }
}

fn unary<F>(name: &str, f: F)
where
    F: UnaryUfunc<f64, Output: Bits + std::fmt::Debug>
        + UnaryUfunc<f32, Output: Bits + std::fmt::Debug>,
    F: std::ops::Deref<Target = Unary<F>>,
{
    let x = arguments(1);
    let single = x.map(|&x| x as f32);
    same(name, |from, to| f.call(x.slice(s![from..to])));
    same(name, |from, to| f.call(single.slice(s![from..to])));
}

fn binary<F>(name: &str, f: F)
where
    F: BinaryUfunc<f64, Output: Bits + std::fmt::Debug>
        + BinaryUfunc<f32, Output: Bits + std::fmt::Debug>,
    F: std::ops::Deref<Target = Binary<F>>,
{
    let (x, y) = (arguments(1), arguments(2));
    let (xs, ys) = (x.map(|&x| x as f32), y.map(|&y| y as f32));
    same(name, |from, to| {
        f.call(x.slice(s![from..to]), y.slice(s![from..to]))
    });
    same(name, |from, to| {
        f.call(xs.slice(s![from..to]), ys.slice(s![from..to]))
    });
    same(name, |from, to| f.call(x.slice(s![from..to]), 2.5));
}

#[test]
fn the_same_bits_at_every_level() {
    macro_rules! all {
        ($run:ident: $($Name:ident)+) => {$( $run(stringify!($Name), ufunc::$Name); )+};
    }
    all!(unary: Exp Exp2 Expm1 Log Log2 Log10 Log1p Sqrt Cbrt Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh
        Atanh Erf Erfc Gamma Lgamma Sigmoid Logit LogSigmoid Softplus Silu Gelu GeluTanh Deg2rad Rad2deg Sinc Spacing
        Reciprocal Floor Ceil Trunc Rint NanToNum Abs Sign Square Relu Isnan Isinf Isfinite Signbit LogicalNot);
    all!(binary: Add Subtract Multiply Divide Atan2 Hypot Copysign Nextafter Logaddexp Logaddexp2 Heaviside LeakyRelu
        FloorDivide Remainder Fmod Pow Maximum Minimum Fmax Fmin Equal Less GreaterEqual LogicalXor);
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
    check(|i| crate::Complex::new(i as f32, 1.0));
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
