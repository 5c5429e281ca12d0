//! Elementwise functions against NumPy on edge values: every function and element type, fresh, into
//! strided outputs, of reversed and other layouts, of one element and of none.

use std::collections::HashMap;
use std::fmt::Debug;

use crate::support::golden;
use orthant::prelude::*;
use orthant::ufunc::{self, BinaryUfunc, UnaryUfunc};
use orthant::{Complex, Integer};

/// Element types of the golden file.
pub trait Golden: Copy + Debug + PartialEq + Default + Send + Sync + 'static {
    fn read(text: &str) -> Self;
    /// Equal as bits are (all NaN alike), or within so many units in the last place.
    fn near(self, other: Self, ulps: f64) -> bool;
}

macro_rules! exact {
    ($($t:ty)+) => {$(
        impl Golden for $t {
            fn read(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn near(self, other: Self, _: f64) -> bool {
                self == other
            }
        }
    )+};
}
exact!(bool i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! floating {
    ($($t:ty)+) => {$(
        impl Golden for $t {
            fn read(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn near(self, other: Self, ulps: f64) -> bool {
                if self.is_nan() || other.is_nan() {
                    return self.is_nan() && other.is_nan();
                }
                let ulp = (other.abs() * <$t>::EPSILON).max(<$t>::from_bits(1));
                self.to_bits() == other.to_bits()
                    || ulps > 0.0
                        && other != 0.0
                        && self.is_sign_negative() == other.is_sign_negative()
                        && f64::from((self - other).abs() / ulp) <= ulps
            }
        }
        impl Golden for Complex<$t> {
            fn read(text: &str) -> Self {
                let (re, im) = text.split_once(':').expect("RE:IM");
                Complex::new(Golden::read(re), Golden::read(im))
            }
            fn near(self, other: Self, ulps: f64) -> bool {
                // Relative to the modulus; the parts of a number that is not finite one by one.
                let exact = self.re.near(other.re, ulps) && self.im.near(other.im, ulps);
                let near = (self - other).norm() <= ulps as $t * <$t>::EPSILON * other.norm();
                exact || near
            }
        }
    )+};
}
floating!(f32 f64);

pub fn read<T: Golden>(text: &str) -> Array1<T> {
    text.split(',').map(T::read).collect()
}

/// Notes elements that differ, so that all are seen at once.
fn check<T: Golden, D: Dimension>(
    found: &ArrayRef<T, D>,
    expected: &ArrayRef1<T>,
    ulps: f64,
    case: &Case,
) {
    assert_eq!(found.len(), expected.len(), "{case:?}");
    let (left, right): (Vec<_>, Vec<_>) = (
        case.left.split(',').collect(),
        case.right.split(',').collect(),
    );
    for (i, (&f, &e)) in found.iter().zip(expected.iter()).enumerate() {
        if !f.near(e, ulps) {
            let of = |side: &[&str]| side.get(i).map_or_else(String::new, ToString::to_string);
            let line = format!(
                "{} {} of {} {}: {f:?}, NumPy {e:?}",
                case.op,
                case.dtype,
                of(&left),
                of(&right)
            );
            FAILURES.with_borrow_mut(|failures| failures.push(line));
        }
    }
}

thread_local! {
    static FAILURES: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// A line of the file.
#[derive(Debug)]
struct Case {
    op: String,
    dtype: String,
    left: String,
    right: String,
    result: String,
    seen: std::cell::Cell<bool>,
}

fn cases() -> Vec<Case> {
    let lines = golden("ufunc").into_iter().map(|line| {
        let [op, dtype, left, right, result] = <[String; 5]>::try_from(line).expect("five columns");
        Case {
            op,
            dtype,
            left,
            right,
            result,
            seen: Default::default(),
        }
    });
    lines.collect()
}

/// All lines of a function and a type.
fn lines<'a>(cases: &'a [Case], op: &'a str, dtype: &'a str) -> impl Iterator<Item = &'a Case> {
    let lines = cases
        .iter()
        .filter(move |case| case.op == op && case.dtype == dtype);
    lines.inspect(|case| case.seen.set(true))
}

/// A function of one argument in all its forms.
fn unary<F, T: Golden, R: Golden>(cases: &[Case], function: F, op: &str, dtype: &str, ulps: f64)
where
    F: UnaryUfunc<T, Output = R> + std::ops::Deref<Target = ufunc::Unary<F>>,
{
    // One loop over arrays of any rank is compiled for each function.
    let call = |x: ArrayViewD<'_, T>| function.call(x);
    let call_into = |x: ArrayViewD<'_, T>, mut out: ArrayViewMutD<'_, R>| {
        function.call_into(x, &mut out);
    };
    for case in lines(cases, op, dtype) {
        unary_forms(case, ulps, &call, &call_into);
    }
}

fn unary_forms<T: Golden, R: Golden>(
    case: &Case,
    ulps: f64,
    call: &dyn Fn(ArrayViewD<'_, T>) -> ArrayD<R>,
    call_into: &dyn Fn(ArrayViewD<'_, T>, ArrayViewMutD<'_, R>),
) {
    let (x, expected) = (read::<T>(&case.left), read::<R>(&case.result));
    check(&call(x.view_dyn()), &expected, ulps, case);
    // long enough for whole vectors, and strided
    let many = Array2::from_shape_fn([40, x.len()], |[_, j]| x[j]);
    let long = call(many.view_dyn());
    check(&long.index_axis(0, 0), &expected, ulps, case);
    let mut out = Array2::full([x.len(), 40], R::default());
    let reversed = out.slice_mut(s![.., ..;-1]).into_dyn();
    call_into(many.t().view_dyn(), reversed);
    check(&out.column(7), &expected, ulps, case);
    // backwards, one element without axes, and none
    let reversed = call(many.slice(s![.., ..;-1]).view_dyn());
    let row = reversed.index_axis(0, 7).to_owned();
    check(&row.slice(s![..;-1]), &expected, ulps, case);
    let one = call(x.slice(s![0]).view_dyn());
    assert_eq!(one.ndim(), 0, "{case:?}");
    check(&one, &expected.slice(s![..1]).to_owned(), ulps, case);
    assert!(call(many.slice(s![.., ..0]).view_dyn()).is_empty());
}

/// A function of two arguments in all its forms.
fn binary<F, A: Golden, B: Golden, R: Golden>(
    cases: &[Case],
    function: F,
    op: &str,
    dtype: &str,
    ulps: f64,
) where
    F: BinaryUfunc<A, B, Output = R> + std::ops::Deref<Target = ufunc::Binary<F>>,
{
    let call = |x: ArrayViewD<'_, A>, y: ArrayViewD<'_, B>| function.call(x, y);
    let call_into = |x: ArrayViewD<'_, A>, y: ArrayViewD<'_, B>, mut out: ArrayViewMutD<'_, R>| {
        function.call_into(x, y, &mut out);
    };
    for case in lines(cases, op, dtype) {
        binary_forms(case, ulps, &call, &call_into);
    }
}

fn binary_forms<A: Golden, B: Golden, R: Golden>(
    case: &Case,
    ulps: f64,
    call: &dyn Fn(ArrayViewD<'_, A>, ArrayViewD<'_, B>) -> ArrayD<R>,
    call_into: &dyn Fn(ArrayViewD<'_, A>, ArrayViewD<'_, B>, ArrayViewMutD<'_, R>),
) {
    let (x, y) = (read::<A>(&case.left), read::<B>(&case.right));
    let expected = read::<R>(&case.result);
    check(&call(x.view_dyn(), y.view_dyn()), &expected, ulps, case);
    let many = Array2::from_shape_fn([x.len(), 40], |[i, _]| x[i]);
    let mut out = Array2::full([40, x.len()], R::default());
    call_into(many.t().view_dyn(), y.view_dyn(), out.view_dyn_mut());
    check(&out.row(39), &expected, ulps, case);
    // backwards against forwards, one element without axes, and none
    let backwards = x.slice(s![..;-1]).to_owned();
    let found = call(backwards.slice(s![..;-1]).view_dyn(), y.view_dyn());
    check(&found, &expected, ulps, case);
    let reversed = call(
        many.slice(s![..;-1, ..]).t().view_dyn(),
        y.slice(s![..;-1]).view_dyn(),
    );
    let row = reversed.index_axis(0, 3).to_owned();
    check(&row.slice(s![..;-1]), &expected, ulps, case);
    let one = call(x.slice(s![0]).view_dyn(), y.slice(s![0]).view_dyn());
    assert_eq!(one.ndim(), 0, "{case:?}");
    check(&one, &expected.slice(s![..1]).to_owned(), ulps, case);
    let none = call(x.slice(s![..0]).view_dyn(), y.slice(s![..0]).view_dyn());
    assert!(none.is_empty());
}

macro_rules! table {
    ($cases:ident $run:ident [$($T:ty: $dtype:literal),+] $($op:literal $Name:ident $ulps:literal),+ $(,)?) => {
        table!(@types $cases $run [$($T: $dtype),+] ($($op $Name $ulps),+));
    };
    (@types $cases:ident $run:ident [$($T:ty: $dtype:literal),+] $ops:tt) => {
        $( table!(@ops $cases $run $T, $dtype, $ops); )+
    };
    (@ops $cases:ident unary $T:ty, $dtype:literal, ($($op:literal $Name:ident $ulps:literal),+)) => {
        $( unary::<_, $T, _>(&$cases, ufunc::$Name, $op, $dtype, f64::from($ulps)); )+
    };
    (@ops $cases:ident binary $T:ty, $dtype:literal, ($($op:literal $Name:ident $ulps:literal),+)) => {
        $( binary::<_, $T, $T, _>(&$cases, ufunc::$Name, $op, $dtype, f64::from($ulps)); )+
    };
}

/// The rules that NumPy leaves to its own tables: rounding to digits, functions with two results.
fn floats<T: Golden + orthant::Float>(cases: &[Case], dtype: &str) {
    rounding::<T>(cases, dtype, &[0, 1, 2, 3, -1, -2]);
    for case in lines(cases, "frexp_mantissa", dtype) {
        check(
            &read::<T>(&case.left).frexp().0,
            &read(&case.result),
            0.0,
            case,
        );
    }
    for case in lines(cases, "frexp_exponent", dtype) {
        // of infinities and NaN C leaves it open
        let x = read::<T>(&case.left);
        let finite = x.isfinite();
        let expected = read::<i32>(&case.result);
        check(
            &x.frexp().1.mask(&finite),
            &expected.mask(&finite),
            0.0,
            case,
        );
    }
    for case in lines(cases, "modf_fraction", dtype) {
        check(
            &read::<T>(&case.left).modf().0,
            &read(&case.result),
            0.0,
            case,
        );
    }
    for case in lines(cases, "modf_whole", dtype) {
        check(
            &read::<T>(&case.left).modf().1,
            &read(&case.result),
            0.0,
            case,
        );
    }
    binary::<_, T, i32, T>(cases, ufunc::Ldexp, "ldexp", dtype, 0.0);
}

fn rounding<T: Golden + ufunc::PrimitiveReal>(cases: &[Case], dtype: &str, decimals: &[i32]) {
    for &decimals in decimals {
        for case in lines(cases, &format!("round_{decimals}"), dtype) {
            check(
                &read::<T>(&case.left).round(decimals),
                &read(&case.result),
                0.0,
                case,
            );
        }
    }
}

fn integers<T: Golden + Integer>(cases: &[Case], dtype: &str) {
    rounding::<T>(cases, dtype, &[0, 2, -1, -2, -30]);
    for case in lines(cases, "floor_divide", dtype) {
        let (x, y) = (read::<T>(&case.left), read::<T>(&case.right));
        let (quotient, remainder) = x.divmod(&y);
        assert_eq!(quotient, x.floor_divide(&y));
        assert_eq!(remainder, x.remainder(&y));
    }
}

#[test]
fn functions_are_numpys() {
    let all = cases();
    table! { all unary [f32: "f32", f64: "f64"]
        "exp" Exp 2, "exp2" Exp2 2, "expm1" Expm1 3, "log" Log 2, "log2" Log2 3, "log10" Log10 3, "log1p" Log1p 3,
        "sqrt" Sqrt 0, "cbrt" Cbrt 4, "sin" Sin 3, "cos" Cos 3, "tan" Tan 4, "arcsin" Asin 4, "arccos" Acos 4,
        "arctan" Atan 4, "sinh" Sinh 4, "cosh" Cosh 4, "tanh" Tanh 4, "arcsinh" Asinh 4, "arccosh" Acosh 4,
        "arctanh" Atanh 4, "deg2rad" Deg2rad 2, "rad2deg" Rad2deg 2, "spacing" Spacing 0, "erf" Erf 4, "erfc" Erfc 64,
        "gamma" Gamma 16, "gammaln" Lgamma 16, "expit" Sigmoid 4, "logit" Logit 8, "log_expit" LogSigmoid 8,
        "reciprocal" Reciprocal 0, "floor" Floor 0, "ceil" Ceil 0, "trunc" Trunc 0, "rint" Rint 0, "sign" Sign 0,
        "absolute" Abs 0, "square" Square 0, "negative" Negative 0, "positive" Positive 0, "nan_to_num" NanToNum 0,
        "isnan" Isnan 0, "isinf" Isinf 0, "isfinite" Isfinite 0, "isposinf" Isposinf 0, "isneginf" Isneginf 0,
        "signbit" Signbit 0, "logical_not" LogicalNot 0, "softplus" Softplus 8, "silu" Silu 8, "gelu" Gelu 64,
        "gelu_tanh" GeluTanh 64, "sinc" Sinc 8, "relu" Relu 0
    }
    table! { all binary [f32: "f32", f64: "f64"]
        "divide" Divide 0, "arctan2" Atan2 4, "hypot" Hypot 2, "copysign" Copysign 0, "nextafter" Nextafter 0,
        "logaddexp" Logaddexp 8, "logaddexp2" Logaddexp2 8, "heaviside" Heaviside 0, "power" Pow 6,
        "floor_divide" FloorDivide 0, "remainder" Remainder 0, "fmod" Fmod 0, "maximum" Maximum 0,
        "minimum" Minimum 0, "fmax" Fmax 0, "fmin" Fmin 0, "logical_and" LogicalAnd 0, "logical_or" LogicalOr 0,
        "logical_xor" LogicalXor 0, "equal" Equal 0, "not_equal" NotEqual 0, "less" Less 0, "less_equal" LessEqual 0,
        "greater" Greater 0, "greater_equal" GreaterEqual 0,
        "float_power" FloatPower 6, "leaky_relu" LeakyRelu 0
    }
    floats::<f32>(&all, "f32");
    floats::<f64>(&all, "f64");
    table! { all unary [i8: "i8", i16: "i16", i32: "i32", i64: "i64", u8: "u8", u16: "u16", u32: "u32", u64: "u64"]
        "exp" Exp 2, "sqrt" Sqrt 0, "log1p" Log1p 3, "arctan" Atan 4, "expit" Sigmoid 4, "erf" Erf 4, "isnan" Isnan 0,
        "isfinite" Isfinite 0, "signbit" Signbit 0, "floor" Floor 0, "ceil" Ceil 0, "trunc" Trunc 0,
        "sign" Sign 0, "absolute" Abs 0, "square" Square 0, "negative" Negative 0, "positive" Positive 0,
        "logical_not" LogicalNot 0, "bitwise_count" BitwiseCount 0, "invert" Invert 0, "reciprocal" Reciprocal 0,
        "relu" Relu 0
    }
    table! { all binary [i8: "i8", i16: "i16", i32: "i32", i64: "i64", u8: "u8", u16: "u16", u32: "u32", u64: "u64"]
        "divide" Divide 0, "arctan2" Atan2 4, "hypot" Hypot 2, "logaddexp" Logaddexp 8, "floor_divide" FloorDivide 0,
        "remainder" Remainder 0, "fmod" Fmod 0, "maximum" Maximum 0, "minimum" Minimum 0, "fmax" Fmax 0,
        "fmin" Fmin 0, "bitwise_and" BitwiseAnd 0, "bitwise_or" BitwiseOr 0, "bitwise_xor" BitwiseXor 0,
        "left_shift" LeftShift 0, "right_shift" RightShift 0, "gcd" Gcd 0, "lcm" Lcm 0, "logical_and" LogicalAnd 0,
        "logical_or" LogicalOr 0, "logical_xor" LogicalXor 0, "equal" Equal 0, "not_equal" NotEqual 0, "less" Less 0,
        "less_equal" LessEqual 0, "greater" Greater 0, "greater_equal" GreaterEqual 0, "float_power" FloatPower 6,
        "power" Pow 0
    }
    integers::<i8>(&all, "i8");
    integers::<i16>(&all, "i16");
    integers::<i32>(&all, "i32");
    integers::<i64>(&all, "i64");
    integers::<u8>(&all, "u8");
    integers::<u16>(&all, "u16");
    integers::<u32>(&all, "u32");
    integers::<u64>(&all, "u64");
    table! { all unary [bool: "bool"]
        "exp" Exp 2, "sqrt" Sqrt 0, "isnan" Isnan 0, "logical_not" LogicalNot 0, "invert" Invert 0
    }
    table! { all binary [bool: "bool"]
        "add" Add 0, "multiply" Multiply 0, "maximum" Maximum 0, "minimum" Minimum 0, "fmax" Fmax 0, "fmin" Fmin 0,
        "divide" Divide 0, "logical_and" LogicalAnd 0, "logical_or" LogicalOr 0, "logical_xor" LogicalXor 0,
        "equal" Equal 0, "not_equal" NotEqual 0, "less" Less 0, "less_equal" LessEqual 0, "greater" Greater 0,
        "greater_equal" GreaterEqual 0, "bitwise_and" BitwiseAnd 0, "bitwise_or" BitwiseOr 0,
        "bitwise_xor" BitwiseXor 0
    }
    table! { all unary [Complex<f32>: "c32", Complex<f64>: "c64"]
        "conjugate" Conj 0, "square" Square 4, "sign" Sign 4, "reciprocal" Reciprocal 8, "negative" Negative 0,
        "positive" Positive 0, "absolute" Abs 2, "real" Real 0, "imag" Imag 0, "angle" Angle 4, "exp" Exp 8,
        "exp2" Exp2 8, "expm1" Expm1 8, "log" Log 8, "log2" Log2 8, "log10" Log10 8, "log1p" Log1p 8, "sqrt" Sqrt 8,
        "sin" Sin 8, "cos" Cos 8, "tan" Tan 8, "arcsin" Asin 8, "arccos" Acos 8, "arctan" Atan 8, "sinh" Sinh 8,
        "cosh" Cosh 8, "tanh" Tanh 8, "arcsinh" Asinh 8, "arccosh" Acosh 8, "arctanh" Atanh 8, "isnan" Isnan 0,
        "isinf" Isinf 0, "isfinite" Isfinite 0, "logical_not" LogicalNot 0
    }
    table! { all binary [Complex<f32>: "c32", Complex<f64>: "c64"]
        "divide" Divide 8, "power" Pow 64, "logical_and" LogicalAnd 0, "logical_or" LogicalOr 0,
        "logical_xor" LogicalXor 0, "equal" Equal 0, "not_equal" NotEqual 0
    }
    let mut missing = HashMap::new();
    for case in all.iter().filter(|case| !case.seen.get()) {
        *missing
            .entry(format!("{} {}", case.op, case.dtype))
            .or_insert(0) += 1;
    }
    assert!(missing.is_empty(), "not tested: {missing:?}");
    let mut failures = FAILURES.take();
    failures.sort();
    failures.dedup();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
