//! Every function as a loop for each SIMD level, with its reference and where to look.

use super::reference::{self as r, Big, big};
use crate::engine::simd::{Level, simd_dispatch};

/// A function of one number as a type, so that loops inline it.
pub(super) trait Unary<T>: Copy {
    fn call(self, x: T) -> T;
}
/// A function of two numbers.
pub(super) trait Binary<T>: Copy {
    fn call(self, x: T, y: T) -> T;
}

// The output comes as `&mut`, which tells LLVM that it does not overlap the tables that some kernels gather
// from; through a raw pointer those loops would stay scalar.
#[inline(always)]
unsafe fn unary_body<T: Copy, K: Unary<T>>(x: &[T], out: &mut [T], f: K) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = f.call(x);
    }
}
simd_dispatch! {
    unsafe fn unary_loop[T: Copy, K: Unary<T>](x: &[T], out: &mut [T], f: K) = unary_body::<T, K>
}
fn unary<T: Copy, K: Unary<T>>(level: Level, f: K, x: &[T], out: &mut [T]) {
    assert_eq!(x.len(), out.len());
    // SAFETY: the body is safe, and levels exist only after detection.
    unsafe { unary_loop(level, x, out, f) }
}

#[inline(always)]
unsafe fn binary_body<T: Copy, K: Binary<T>>(x: &[T], y: &[T], out: &mut [T], f: K) {
    for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
        *out = f.call(x, y);
    }
}
simd_dispatch! {
    unsafe fn binary_loop[T: Copy, K: Binary<T>](x: &[T], y: &[T], out: &mut [T], f: K) = binary_body::<T, K>
}
fn binary<T: Copy, K: Binary<T>>(level: Level, f: K, x: &[T], y: &[T], out: &mut [T]) {
    assert!(x.len() == out.len() && y.len() == out.len());
    // SAFETY: as for `unary`.
    unsafe { binary_loop(level, x, y, out, f) }
}

pub(super) type Loop1<T> = fn(Level, &[T], &mut [T]);
pub(super) type Loop2<T> = fn(Level, &[T], &[T], &mut [T]);

/// One line of the table of functions of one number.
pub(super) struct Entry1 {
    pub(super) name: &'static str,
    pub(super) f64: Loop1<f64>,
    pub(super) f32: Loop1<f32>,
    pub(super) exact: fn(f64) -> Big,
    /// Error bound in ULP.
    pub(super) bound: f64,
    /// Where `f64` is sampled evenly, besides all binades.
    pub(super) range: (f64, f64),
    /// Where the reference is affordable and defined.
    pub(super) domain: (f64, f64),
}

pub(super) struct Entry2 {
    pub(super) name: &'static str,
    pub(super) f64: Loop2<f64>,
    pub(super) f32: Loop2<f32>,
    pub(super) exact: fn(f64, f64) -> Big,
    pub(super) bound: f64,
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
    /// Errors are in ULP of this function of the arguments, where it is larger than the result.
    pub(super) scale: fn(f64, f64) -> f64,
}

macro_rules! unary_table {
    ($($name:ident $bound:literal [$lo:expr, $hi:expr] in [$dlo:expr, $dhi:expr] = $exact:expr;)*) => {
        #[allow(non_camel_case_types)]
        pub(super) mod unary_kernels {
            $(#[derive(Clone, Copy)]
            pub(in super::super) struct $name;
            impl<F: crate::math::Kernel> super::Unary<F> for $name {
                #[inline(always)]
                fn call(self, x: F) -> F { crate::math::$name(x) }
            })*
        }
        pub(super) const UNARY: &[Entry1] = &[$(Entry1 {
            name: stringify!($name),
            f64: |level, x, out| unary(level, unary_kernels::$name, x, out),
            f32: |level, x, out| unary(level, unary_kernels::$name, x, out),
            exact: $exact,
            bound: $bound,
            range: ($lo, $hi),
            domain: ($dlo, $dhi),
        }),*];
    };
}
macro_rules! binary_table {
    (@scale) => { |_, _| 0.0 };
    (@scale $scale:ident) => { $scale };
    ($($name:ident $bound:literal [$xlo:expr, $xhi:expr] [$ylo:expr, $yhi:expr] $(of $scale:ident)? = $exact:expr;)*) => {
        #[allow(non_camel_case_types)]
        mod binary_kernels {
            $(#[derive(Clone, Copy)]
            pub(in super::super) struct $name;
            impl<F: crate::math::Kernel> super::Binary<F> for $name {
                #[inline(always)]
                fn call(self, x: F, y: F) -> F { crate::math::$name(x, y) }
            })*
        }
        pub(super) const BINARY: &[Entry2] = &[$(Entry2 {
            name: stringify!($name),
            f64: |level, x, y, out| binary(level, binary_kernels::$name, x, y, out),
            f32: |level, x, y, out| binary(level, binary_kernels::$name, x, y, out),
            exact: $exact,
            bound: $bound,
            x: ($xlo, $xhi),
            y: ($ylo, $yhi),
            scale: binary_table!(@scale $($scale)?),
        }),*];
    };
}

const MAX: f64 = f64::MAX;

fn softplus(x: f64) -> Big {
    let log = (-big(x.abs())).exp().log1p();
    if x > 0.0 { big(x) + log } else { log }
}

/// `log(e^(c x) + e^(c y)) / c`.
fn log_sum(x: f64, y: f64, c: Big) -> Big {
    let (top, low) = (x.max(y), x.min(y));
    if top - low > 1100.0 {
        return big(top);
    }
    let rest = (c.clone() * (big(low) - big(top))).exp().log1p();
    big(top) + rest / c
}

fn larger(x: f64, y: f64) -> f64 {
    x.max(y).abs()
}

unary_table! {
    exp 1.0 [-20.0, 20.0] in [-760.0, 720.0] = |x| big(x).exp();
    exp2 1.0 [-30.0, 30.0] in [-1100.0, 1030.0] = |x| (big(x) * big(2.0).ln()).exp();
    expm1 1.0 [-3.0, 3.0] in [-760.0, 720.0] = |x| big(x).expm1();
    log 1.0 [0.3, 3.0] in [0.0, MAX] = |x| big(x).ln();
    log2 1.0 [0.3, 3.0] in [0.0, MAX] = |x| big(x).log2();
    log10 1.0 [0.3, 3.0] in [0.0, MAX] = |x| big(x).log10();
    log1p 1.0 [-0.9, 3.0] in [-0.9999999999999999, MAX] = |x| big(x).log1p();
    sqrt 0.5000001 [0.0, 4.0] in [0.0, MAX] = |x| big(x).sqrt();
    cbrt 1.0 [-8.0, 8.0] in [-MAX, MAX] = |x| big(x).cbrt();
    sin 2.0 [-10.0, 10.0] in [-MAX, MAX] = |x| big(x).sin();
    cos 2.0 [-10.0, 10.0] in [-MAX, MAX] = |x| big(x).cos();
    tan 2.0 [-5.0, 5.0] in [-MAX, MAX] = |x| big(x).tan();
    sinh 2.0 [-3.0, 3.0] in [-712.0, 712.0] = |x| big(x).sinh();
    cosh 2.0 [-3.0, 3.0] in [-712.0, 712.0] = |x| big(x).cosh();
    tanh 2.0 [-3.0, 3.0] in [-800.0, 800.0] = |x| big(x).tanh();
    asinh 2.0 [-5.0, 5.0] in [-MAX, MAX] = |x| if x < 0.0 { -big(-x).asinh() } else { big(x).asinh() };
    acosh 2.0 [1.0, 5.0] in [1.0, MAX] = |x| big(x).acosh();
    atanh 2.0 [-1.0, 1.0] in [-0.9999999999999999, 0.9999999999999999] = |x| big(x).atanh();
    asin 2.0 [-1.0, 1.0] in [-1.0, 1.0] = |x| big(x).asin();
    acos 2.0 [-1.0, 1.0] in [-1.0, 1.0] = |x| big(x).acos();
    atan 2.0 [-5.0, 5.0] in [-MAX, MAX] = |x| big(x).atan();
    gamma 4.0 [-20.0, 30.0] in [-189.0, 175.0] = |x| if x == 0.0 { big(1.0) / big(0.0) } else { r::gamma(x) };
    lgamma 4.0 [0.0, 20.0] in [1e-310, 1e306] = |x| r::lgamma(x).0;
    deg2rad 1.0 [-360.0, 360.0] in [-MAX, MAX] = |x| big(x) * r::pi() / big(180.0);
    rad2deg 1.0 [-7.0, 7.0] in [-1e306, 1e306] = |x| big(x) * big(180.0) / r::pi();
    sinc 2.0 [-10.0, 10.0] in [-1e15, 1e15] = r::sinc;
    erf 2.0 [-4.0, 4.0] in [-30.0, 30.0] = |x| if x.abs() > 7.0 { big(1f64.copysign(x)) } else { r::erf(&big(x), x) };
    erfc 2.0 [-2.0, 10.0] in [-30.0, 30.0] = |x| if x < -7.0 { big(2.0) } else { r::erfc(&big(x), x) };
    sigmoid 2.0 [-5.0, 5.0] in [-760.0, 800.0] = |x| big(1.0) / (big(1.0) + big(-x).exp());
    logit 2.0 [0.0, 1.0] in [1e-320, 0.9999999999999999] = |x| (big(x) / (big(1.0) - big(x))).ln();
    softplus 2.0 [-5.0, 5.0] in [-760.0, 800.0] = softplus;
    log_sigmoid 2.0 [-5.0, 5.0] in [-800.0, 760.0] = |x| -softplus(-x);
    silu 2.0 [-5.0, 5.0] in [-760.0, 800.0] = |x| big(x) / (big(1.0) + big(-x).exp());
    gelu 2.0 [-6.0, 6.0] in [-39.0, 800.0] = |x| if x > 12.0 { big(x) } else {
        big(0.5 * x) * r::erfc(&(big(-x) * big(0.5).sqrt()), x * 0.75)
    };
    gelu_tanh 2.0 [-5.0, 5.0] in [-30.0, 800.0] = |x| {
        let b = big(44715.0) / big(1e6);
        let u = big(8.0) / r::pi();
        let z = u.sqrt() * big(x) * (big(1.0) + b * big(x) * big(x));
        big(x) / (big(1.0) + (-z).exp())
    };
}

binary_table! {
    pow 4.0 [0.0, 8.0] [-40.0, 40.0] = r::pow;
    atan2 2.0 [-4.0, 4.0] [-4.0, 4.0] = |y, x| {
        let angle = (big(y) / big(x)).atan();
        if x > 0.0 { angle } else if y < 0.0 { angle - r::pi() } else { angle + r::pi() }
    };
    hypot 1.0 [-4.0, 4.0] [-4.0, 4.0] = |x, y| (big(x) * big(x) + big(y) * big(y)).sqrt();
    logaddexp 2.0 [-2.0, 2.0] [-2.0, 2.0] of larger = |x, y| log_sum(x, y, big(1.0));
    logaddexp2 2.0 [-2.0, 2.0] [-2.0, 2.0] of larger = |x, y| log_sum(x, y, big(2.0).ln());
}

/// A short-range form, the function it must equal, and where it may be used.
pub(super) struct Short {
    pub(super) name: &'static str,
    pub(super) f64: Loop1<f64>,
    pub(super) f32: Loop1<f32>,
    pub(super) in_f64: fn(f64) -> bool,
    pub(super) in_f32: fn(f32) -> bool,
}
macro_rules! short_table {
    ($($name:ident $range:ident;)*) => {
        #[allow(non_camel_case_types)]
        mod short_kernels {
            $(#[derive(Clone, Copy)]
            pub(in super::super) struct $name;
            impl<F: crate::math::Kernel> super::Unary<F> for $name {
                #[inline(always)]
                fn call(self, x: F) -> F { crate::math::short::$name(x) }
            })*
        }
        pub(super) const SHORT: &[Short] = &[$(Short {
            name: stringify!($name),
            f64: |level, x, out| unary(level, short_kernels::$name, x, out),
            f32: |level, x, out| unary(level, short_kernels::$name, x, out),
            in_f64: crate::math::short::$range,
            in_f32: crate::math::short::$range,
        }),*];
    };
}
short_table! {
    exp exp_in_range;
    sigmoid exp_in_range;
    silu exp_in_range;
    log log_in_range;
    sin trig_in_range;
    cos trig_in_range;
    tan trig_in_range;
}
