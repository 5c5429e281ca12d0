//! The special cases of elementwise functions of real numbers: Array API standard 2024.12, a row per
//! rule. Each is tried with all numbers of the sets it speaks of, in f32 and f64, in arrays long
//! enough for whole registers and a rest.
//!
//! Where the standard leaves a choice (`floor_divide` of and by infinities) the row is NumPy's. NumPy
//! departs from the standard in one: it takes the power 0.5 for a root, which is NaN for -∞.

use std::ops::Deref;

use super::golden::Golden;
use orthant::prelude::*;
use orthant::ufunc::{self, Binary, BinaryUfunc, Unary, UnaryUfunc};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const PI: f64 = std::f64::consts::PI;
// Both within f32.
const MAX: f64 = f32::MAX as f64;
const TINY: f64 = f32::MIN_POSITIVE as f64;

const ANY: [f64; 15] = [
    NAN, INF, -INF, 0.0, -0.0, TINY, 0.5, 1.0, 3.0, MAX, -TINY, -0.5, -1.0, -3.0, -MAX,
];
const NUMBERS: [f64; 14] = [
    INF, -INF, 0.0, -0.0, TINY, 0.5, 1.0, 3.0, MAX, -TINY, -0.5, -1.0, -3.0, -MAX,
];
const FINITE: [f64; 12] = [
    0.0, -0.0, TINY, 0.5, 1.0, 3.0, MAX, -TINY, -0.5, -1.0, -3.0, -MAX,
];
const NONZERO: [f64; 10] = [TINY, 0.5, 1.0, 3.0, MAX, -TINY, -0.5, -1.0, -3.0, -MAX];
const POSITIVE: [f64; 5] = [TINY, 0.5, 1.0, 3.0, MAX];
const NEGATIVE: [f64; 5] = [-TINY, -0.5, -1.0, -3.0, -MAX];
const INFINITE: [f64; 2] = [INF, -INF];
const ZEROS: [f64; 2] = [0.0, -0.0];
const ABOVE_ONE: [f64; 4] = [1.5, 3.0, MAX, INF];
const BELOW_MINUS_ONE: [f64; 4] = [-1.5, -3.0, -MAX, -INF];
const WHOLE: [f64; 5] = [1.0, -1.0, 3.0, -16777216.0, MAX];

/// Elements of an array: more than a register holds, and not a multiple of that.
const LENGTH: usize = 37;

fn all_same<R: Golden>(what: &str, found: &ArrayRef1<R>, want: R) {
    assert_eq!(found.len(), LENGTH);
    for value in found {
        assert!(value.near(want, 0.0), "{what} = {value:?}, not {want:?}");
    }
}

fn unary<F>(name: &str, f: F, x: f64, want: f64)
where
    F: UnaryUfunc<f64, Output = f64> + UnaryUfunc<f32, Output = f32> + Deref<Target = Unary<F>>,
{
    let what = format!("{name}({x:?})");
    all_same(&what, &f.call(&Array1::full(LENGTH, x)), want);
    all_same(
        &(what + " of f32"),
        &f.call(&Array1::full(LENGTH, x as f32)),
        want as f32,
    );
}

fn question<F>(name: &str, f: F, x: f64, want: bool)
where
    F: UnaryUfunc<f64, Output = bool> + UnaryUfunc<f32, Output = bool> + Deref<Target = Unary<F>>,
{
    let what = format!("{name}({x:?})");
    all_same(&what, &f.call(&Array1::full(LENGTH, x)), want);
    all_same(
        &(what + " of f32"),
        &f.call(&Array1::full(LENGTH, x as f32)),
        want,
    );
}

fn binary<F>(name: &str, f: F, x: f64, y: f64, want: f64)
where
    F: BinaryUfunc<f64, Output = f64> + BinaryUfunc<f32, Output = f32> + Deref<Target = Binary<F>>,
{
    let what = format!("{name}({x:?}, {y:?})");
    let of = (Array1::full(LENGTH, x), Array1::full(LENGTH, y));
    all_same(&what, &f.call(&of.0, &of.1), want);
    let of = (
        Array1::full(LENGTH, x as f32),
        Array1::full(LENGTH, y as f32),
    );
    all_same(&(what + " of f32"), &f.call(&of.0, &of.1), want as f32);
}

fn comparison<F>(name: &str, f: F, x: f64, y: f64, want: bool)
where
    F: BinaryUfunc<f64, Output = bool>
        + BinaryUfunc<f32, Output = bool>
        + Deref<Target = Binary<F>>,
{
    let what = format!("{name}({x:?}, {y:?})");
    let of = (Array1::full(LENGTH, x), Array1::full(LENGTH, y));
    all_same(&what, &f.call(&of.0, &of.1), want);
    let of = (
        Array1::full(LENGTH, x as f32),
        Array1::full(LENGTH, y as f32),
    );
    all_same(&(what + " of f32"), &f.call(&of.0, &of.1), want);
}

macro_rules! rules {
    ($run:ident $($Name:ident |$x:ident|: $($xs:expr => $want:expr),+;)+) => {$($(
        for $x in $xs {
            $run(stringify!($Name), ufunc::$Name, $x, $want);
        }
    )+)+};
    ($run:ident $($Name:ident |$x:ident, $y:ident|: $($xs:expr, $ys:expr => $want:expr),+;)+) => {$($(
        for $x in $xs {
            for $y in $ys {
                $run(stringify!($Name), ufunc::$Name, $x, $y, $want);
            }
        }
    )+)+};
}

#[test]
fn functions_of_one_number() {
    rules! { unary
        Abs |x|: [NAN] => NAN, [-0.0] => 0.0, [-INF] => INF;
        Acos |_x|: [NAN] => NAN, ABOVE_ONE => NAN, BELOW_MINUS_ONE => NAN, [1.0] => 0.0;
        Acosh |_x|: [NAN] => NAN, [0.5, 0.0, -1.0, -INF] => NAN, [1.0] => 0.0, [INF] => INF;
        Asin |x|: [NAN] => NAN, ABOVE_ONE => NAN, BELOW_MINUS_ONE => NAN, ZEROS => x;
        Asinh |x|: [NAN] => NAN, ZEROS => x, INFINITE => x;
        Atan |x|: [NAN] => NAN, ZEROS => x, [INF] => PI / 2.0, [-INF] => -PI / 2.0;
        Atanh |x|: [NAN] => NAN, BELOW_MINUS_ONE => NAN, ABOVE_ONE => NAN, [-1.0] => -INF, [1.0] => INF, ZEROS => x;
        Ceil |x|: WHOLE => x, INFINITE => x, ZEROS => x, [NAN] => NAN, [-0.5, -TINY] => -0.0;
        Cos |_x|: [NAN] => NAN, ZEROS => 1.0, INFINITE => NAN;
        Cosh |_x|: [NAN] => NAN, ZEROS => 1.0, INFINITE => INF;
        Exp |_x|: [NAN] => NAN, ZEROS => 1.0, [INF] => INF, [-INF] => 0.0;
        Expm1 |x|: [NAN] => NAN, ZEROS => x, [INF] => INF, [-INF] => -1.0;
        Floor |x|: WHOLE => x, INFINITE => x, ZEROS => x, [NAN] => NAN, [0.5, TINY] => 0.0;
        Log |_x|: [NAN] => NAN, NEGATIVE => NAN, [-INF] => NAN, ZEROS => -INF, [1.0] => 0.0, [INF] => INF;
        Log1p |x|: [NAN] => NAN, BELOW_MINUS_ONE => NAN, [-1.0] => -INF, ZEROS => x, [INF] => INF;
        Log2 |_x|: [NAN] => NAN, NEGATIVE => NAN, [-INF] => NAN, ZEROS => -INF, [1.0] => 0.0, [INF] => INF;
        Log10 |_x|: [NAN] => NAN, NEGATIVE => NAN, [-INF] => NAN, ZEROS => -INF, [1.0] => 0.0, [INF] => INF;
        Negative |x|: [NAN] => NAN, INFINITE => if x > 0.0 { -INF } else { INF }, [0.0] => -0.0, [-0.0] => 0.0;
        Positive |x|: ANY => x;
        Reciprocal |_x|: [NAN] => NAN, [INF] => 0.0, [-INF] => -0.0, [0.0] => INF, [-0.0] => -INF;
        Rint |x|: WHOLE => x, INFINITE => x, ZEROS => x, [NAN] => NAN, [0.5] => 0.0, [1.5, 2.5] => 2.0,
            [-0.5] => -0.0, [-1.5, -2.5] => -2.0;
        Sign |_x|: [NAN] => NAN, NEGATIVE => -1.0, [-INF] => -1.0, ZEROS => 0.0, POSITIVE => 1.0, [INF] => 1.0;
        Sin |x|: [NAN] => NAN, ZEROS => x, INFINITE => NAN;
        Sinh |x|: [NAN] => NAN, ZEROS => x, INFINITE => x;
        Sqrt |x|: [NAN] => NAN, NEGATIVE => NAN, [-INF] => NAN, ZEROS => x, [INF] => INF;
        Square |_x|: [NAN] => NAN, INFINITE => INF, ZEROS => 0.0;
        Tan |x|: [NAN] => NAN, ZEROS => x, INFINITE => NAN;
        Tanh |x|: [NAN] => NAN, ZEROS => x, [INF] => 1.0, [-INF] => -1.0;
        Trunc |x|: WHOLE => x, INFINITE => x, ZEROS => x, [NAN] => NAN, [0.5, TINY] => 0.0, [-0.5, -TINY] => -0.0;
    }
}

#[test]
fn questions_about_one_number() {
    let negative_nan = NAN.copysign(-1.0);
    rules! { question
        Isfinite |_x|: FINITE => true, INFINITE => false, [NAN] => false;
        Isinf |_x|: FINITE => false, INFINITE => true, [NAN] => false;
        Isnan |_x|: NUMBERS => false, [NAN, negative_nan] => true;
        Signbit |_x|: [0.0] => false, [-0.0] => true, POSITIVE => false, NEGATIVE => true, [INF] => false,
            [-INF] => true, [NAN.copysign(1.0)] => false, [negative_nan] => true;
        LogicalNot |_x|: ZEROS => true, NONZERO => false, INFINITE => false, [NAN] => false;
    }
}

#[test]
fn sums_products_and_quotients() {
    rules! { binary
        Add |x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, [INF], [-INF] => NAN, [-INF], [INF] => NAN,
            [INF], [INF] => INF, [-INF], [-INF] => -INF, INFINITE, FINITE => x, FINITE, INFINITE => y,
            [-0.0], [-0.0] => -0.0, [-0.0], [0.0] => 0.0, [0.0], ZEROS => 0.0, ZEROS, NONZERO => y,
            NONZERO, ZEROS => x, NONZERO, [-x] => 0.0;
        Subtract |x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, [INF], [INF] => NAN, [-INF], [-INF] => NAN,
            [INF], [-INF] => INF, [-INF], [INF] => -INF, INFINITE, FINITE => x, FINITE, INFINITE => -y,
            [-0.0], [0.0] => -0.0, [-0.0], [-0.0] => 0.0, [0.0], ZEROS => 0.0, ZEROS, NONZERO => -y,
            NONZERO, ZEROS => x, NONZERO, [x] => 0.0;
        Multiply |x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, INFINITE, ZEROS => NAN, ZEROS, INFINITE => NAN,
            INFINITE, INFINITE => INF.copysign(x) * y.signum(), INFINITE, POSITIVE => x, INFINITE, NEGATIVE => -x,
            POSITIVE, INFINITE => y, NEGATIVE, INFINITE => -y, ZEROS, POSITIVE => x, ZEROS, NEGATIVE => -x,
            POSITIVE, ZEROS => y, NEGATIVE, ZEROS => -y;
        Divide |x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, INFINITE, INFINITE => NAN, ZEROS, ZEROS => NAN,
            [0.0], POSITIVE => 0.0, [0.0], NEGATIVE => -0.0, [-0.0], POSITIVE => -0.0, [-0.0], NEGATIVE => 0.0,
            POSITIVE, [0.0] => INF, POSITIVE, [-0.0] => -INF, NEGATIVE, [0.0] => -INF, NEGATIVE, [-0.0] => INF,
            INFINITE, POSITIVE => x, INFINITE, NEGATIVE => -x, [INF], ZEROS => INF.copysign(y),
            POSITIVE, [INF] => 0.0, POSITIVE, [-INF] => -0.0, NEGATIVE, [INF] => -0.0, NEGATIVE, [-INF] => 0.0;
        FloorDivide |_x, _y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, INFINITE, INFINITE => NAN, ZEROS, ZEROS => NAN,
            [0.0], POSITIVE => 0.0, [0.0], NEGATIVE => -0.0, [-0.0], POSITIVE => -0.0, [-0.0], NEGATIVE => 0.0,
            POSITIVE, [0.0] => INF, POSITIVE, [-0.0] => -INF, NEGATIVE, [0.0] => -INF, NEGATIVE, [-0.0] => INF,
            INFINITE, NONZERO => NAN, POSITIVE, [INF] => 0.0, POSITIVE, [-INF] => -1.0, NEGATIVE, [INF] => -1.0,
            NEGATIVE, [-INF] => 0.0;
        Remainder |x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, INFINITE, INFINITE => NAN, ZEROS, ZEROS => NAN,
            ZEROS, POSITIVE => 0.0, ZEROS, NEGATIVE => -0.0, POSITIVE, ZEROS => NAN, NEGATIVE, ZEROS => NAN,
            INFINITE, FINITE => NAN, POSITIVE, [INF] => x, POSITIVE, [-INF] => y, NEGATIVE, [INF] => y,
            NEGATIVE, [-INF] => x;
    }
}

#[test]
fn powers() {
    const ODD: [f64; 3] = [1.0, 3.0, 16777215.0];
    const MINUS_ODD: [f64; 3] = [-1.0, -3.0, -16777215.0];
    const NOT_ODD: [f64; 5] = [0.5, 2.0, 2.5, 1e30, INF];
    const MINUS_NOT_ODD: [f64; 5] = [-0.5, -2.0, -2.5, -1e30, -INF];
    const LARGE: [f64; 5] = [1.5, -1.5, -3.0, MAX, -INF];
    const SMALL: [f64; 5] = [0.5, -0.5, TINY, 0.0, -0.0];
    rules! { binary
        Pow |_x, _y|: [INF, -INF, 0.0, -0.0, 3.0, -1.0], [NAN] => NAN, ANY, ZEROS => 1.0, [NAN], NONZERO => NAN,
            [NAN], INFINITE => NAN, LARGE, [INF] => INF, LARGE, [-INF] => 0.0, [1.0, -1.0], INFINITE => 1.0,
            [1.0], ANY => 1.0, SMALL, [INF] => 0.0, SMALL, [-INF] => INF, [INF], POSITIVE => INF,
            [INF], NEGATIVE => 0.0, [-INF], ODD => -INF, [-INF], NOT_ODD => INF, [-INF], MINUS_ODD => -0.0,
            [-INF], MINUS_NOT_ODD => 0.0, [0.0], POSITIVE => 0.0, [0.0], NEGATIVE => INF, [-0.0], ODD => -0.0,
            [-0.0], NOT_ODD => 0.0, [-0.0], MINUS_ODD => -INF, [-0.0], MINUS_NOT_ODD => INF,
            NEGATIVE, [0.5, -0.5, 2.5, TINY] => NAN;
    }
}

#[test]
fn angles_lengths_and_neighbours() {
    rules! { binary
        Atan2 |_x, _y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, POSITIVE, ZEROS => PI / 2.0, [0.0], POSITIVE => 0.0,
            [0.0], [0.0] => 0.0, [0.0], [-0.0] => PI, [0.0], NEGATIVE => PI, [-0.0], POSITIVE => -0.0,
            [-0.0], [0.0] => -0.0, [-0.0], [-0.0] => -PI, [-0.0], NEGATIVE => -PI, NEGATIVE, ZEROS => -PI / 2.0,
            POSITIVE, [INF] => 0.0, POSITIVE, [-INF] => PI, NEGATIVE, [INF] => -0.0, NEGATIVE, [-INF] => -PI,
            [INF], FINITE => PI / 2.0, [-INF], FINITE => -PI / 2.0, [INF], [INF] => PI / 4.0,
            [INF], [-INF] => 3.0 * PI / 4.0, [-INF], [INF] => -PI / 4.0, [-INF], [-INF] => -3.0 * PI / 4.0;
        Hypot |x, y|: INFINITE, ANY => INF, ANY, INFINITE => INF, [NAN], FINITE => NAN, FINITE, [NAN] => NAN,
            ZEROS, FINITE => y.abs(), FINITE, ZEROS => x.abs();
        Logaddexp |_x, _y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, [INF], NUMBERS => INF, NUMBERS, [INF] => INF;
        Copysign |x, _y|: NUMBERS, [-0.0] => -x.abs(), NUMBERS, [0.0] => x.abs(), NUMBERS, NEGATIVE => -x.abs(),
            NUMBERS, POSITIVE => x.abs(), NUMBERS, [NAN.copysign(-1.0)] => -x.abs(),
            NUMBERS, [NAN.copysign(1.0)] => x.abs(), [NAN], ANY => NAN;
        Nextafter |_x, y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, ZEROS, ZEROS => y, [1.0], [1.0] => y,
            [INF], [INF] => y, [-MAX], [-MAX] => y;
        Maximum |x, _y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, NUMBERS, [-INF] => x, [INF], NUMBERS => INF;
        Minimum |x, _y|: [NAN], ANY => NAN, ANY, [NAN] => NAN, NUMBERS, [INF] => x, [-INF], NUMBERS => -INF;
    }
}

#[test]
fn comparisons() {
    rules! { comparison
        Equal |x, y|: [NAN], ANY => false, ANY, [NAN] => false, [INF], [INF] => true, [-INF], [-INF] => true,
            [INF], [-INF] => false, ZEROS, ZEROS => true, FINITE, FINITE => x == y, INFINITE, FINITE => false;
        NotEqual |x, y|: [NAN], ANY => true, ANY, [NAN] => true, ZEROS, ZEROS => false, NUMBERS, NUMBERS => x != y;
        Less |x, y|: [NAN], ANY => false, ANY, [NAN] => false, ZEROS, ZEROS => false, NUMBERS, NUMBERS => x < y;
        LessEqual |x, y|: [NAN], ANY => false, ANY, [NAN] => false, ZEROS, ZEROS => true, NUMBERS, NUMBERS => x <= y;
        Greater |x, y|: [NAN], ANY => false, ANY, [NAN] => false, ZEROS, ZEROS => false, NUMBERS, NUMBERS => x > y;
        GreaterEqual |x, y|: [NAN], ANY => false, ANY, [NAN] => false, ZEROS, ZEROS => true,
            NUMBERS, NUMBERS => x >= y;
    }
}

/// A bound that is NaN makes every element NaN, and NaN stays.
#[test]
fn clip() {
    for [x, low, high] in [
        [NAN, 0.0, 1.0],
        [0.5, NAN, 1.0],
        [0.5, 0.0, NAN],
        [NAN, NAN, NAN],
    ] {
        let wide = Array1::full(LENGTH, x).clip(low, high);
        all_same("clip", &wide, NAN);
        let single = Array1::full(LENGTH, x as f32).clip(low as f32, high as f32);
        all_same("clip of f32", &single, f32::NAN);
    }
    for x in NUMBERS {
        all_same("clip", &Array1::full(LENGTH, x).clip(-INF, INF), x);
    }
}
