//! That loops over the kernels are vector code: timed against the same loop, element by element.
#![cfg(not(debug_assertions))]

use std::hint::black_box;
use std::time::Instant;

use super::accuracy::Random;
use super::table::{BINARY, SHORT, UNARY, Unary, unary_kernels};
use crate::engine::simd::{Level, available, detected, simd_dispatch};

/// Nanoseconds per element, the least of many runs.
fn time(n: usize, mut f: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let repeat = (20_000 / n).max(1);
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..repeat {
            f();
        }
        best = best.min(start.elapsed().as_secs_f64() / (repeat * n) as f64);
    }
    best * 1e9
}

/// One element after the other at the same level: what a loop costs that does not vectorise.
#[inline(always)]
unsafe fn one_by_one_body<T: Copy, K: Unary<T>>(x: &[T], out: &mut [T], f: K) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = f.call(black_box(x));
    }
}
simd_dispatch! {
    unsafe fn one_by_one[T: Copy, K: Unary<T>](x: &[T], out: &mut [T], f: K) = one_by_one_body::<T, K>
}

/// How many times as fast vectors are: the best of some attempts, as others may use the machine, too.
fn ratio(least: f64, mut vectors: impl FnMut(), mut single: impl FnMut()) -> f64 {
    let mut best = 0.0_f64;
    for _ in 0..5 {
        best = best.max(time(1000, &mut single) / time(1000, &mut vectors));
        if best >= least {
            break;
        }
    }
    best
}

/// At every level of this machine that has a fused multiply-add (without one it is a library call, and
/// nothing vectorises) against the same instructions one by one.
#[test]
fn main_kernels_vectorise() {
    let mut random = Random(1);
    let x: Vec<f64> = (0..1000).map(|_| random.uniform(0.1, 1.0)).collect();
    let x32: Vec<f32> = x.iter().map(|&v| v as f32).collect();
    let (mut y, mut y32) = (vec![0.0; 1000], vec![0.0; 1000]);
    let (mut z, mut z32) = (y.clone(), y32.clone());
    let mut slow = Vec::new();
    for &level in available() {
        // for f64 and f32; the gathers of large-argument reduction count for much in the sine
        let (most, sine) = match level {
            Level::Baseline => continue,
            Level::Avx2 => ((2.0, 3.0), (1.5, 1.75)),
            Level::Avx512 => ((3.0, 4.5), (2.0, 2.0)),
        };
        macro_rules! check {
            ($least:ident: $($name:ident)*) => {$(
                let f = UNARY.iter().find(|f| f.name == stringify!($name)).expect("in the table");
                let double = ratio(
                    $least.0,
                    || (f.f64)(level, &x, &mut y),
                    // SAFETY: the body is safe, and levels exist only after detection.
                    || unsafe { one_by_one(level, &x, &mut z, unary_kernels::$name) },
                );
                let single = ratio(
                    $least.1,
                    || (f.f32)(level, &x32, &mut y32),
                    // SAFETY: as above.
                    || unsafe { one_by_one(level, &x32, &mut z32, unary_kernels::$name) },
                );
                println!("{:8} {level:?}: f64 {double:.2} f32 {single:.2} times", f.name);
                assert!(y == z && y32 == z32, "{} differs one by one", f.name);
                if double < $least.0 || single < $least.1 {
                    slow.push(format!("{} at {level:?}: f64 {double:.2}, f32 {single:.2}", f.name));
                }
            )*};
        }
        check!(most: exp log tanh sigmoid expm1 log1p erf cbrt atan);
        check!(sine: sin);
    }
    assert!(
        slow.is_empty(),
        "only so many times as fast as one by one: {slow:#?}"
    );
}

#[test]
fn prints_nanoseconds_per_element() {
    // r in [-4, 4) as in the benchmark rows, and its positive half for the logarithms
    let mut random = Random(4);
    for n in [1000, 100_000] {
        let r: Vec<f64> = (0..n).map(|_| random.uniform(-4.0, 4.0)).collect();
        let a: Vec<f64> = (0..n).map(|_| random.uniform(0.1, 1.1)).collect();
        let (r32, a32): (Vec<f32>, Vec<f32>) = r
            .iter()
            .zip(&a)
            .map(|(&r, &a)| (r as f32, a as f32))
            .unzip();
        let (mut y, mut y32) = (vec![0.0; n], vec![0.0; n]);
        for f in UNARY {
            let positive = f.range.0 >= 0.0 || f.name.starts_with("log") || f.name.starts_with('a');
            let (x, x32) = if positive { (&a, &a32) } else { (&r, &r32) };
            let wide = time(n, || (f.f64)(detected(), x, &mut y));
            let single = time(n, || (f.f32)(detected(), x32, &mut y32));
            println!("{:12} {n:7} f64 {wide:6.3} f32 {single:6.3} ns", f.name);
            assert!(wide > 0.0 && single > 0.0);
        }
        for f in SHORT {
            let (x, x32) = if f.name == "log" {
                (&a, &a32)
            } else {
                (&r, &r32)
            };
            let wide = time(n, || (f.f64)(detected(), x, &mut y));
            let single = time(n, || (f.f32)(detected(), x32, &mut y32));
            println!(
                "{:12} {n:7} f64 {wide:6.3} f32 {single:6.3} ns (short)",
                f.name
            );
            assert!(wide > 0.0 && single > 0.0);
        }
        for f in BINARY {
            let wide = time(n, || (f.f64)(detected(), &a, &a, &mut y));
            let single = time(n, || (f.f32)(detected(), &a32, &a32, &mut y32));
            println!("{:12} {n:7} f64 {wide:6.3} f32 {single:6.3} ns", f.name);
            assert!(wide > 0.0 && single > 0.0);
        }
    }
}
