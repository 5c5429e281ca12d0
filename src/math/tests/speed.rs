//! That loops over the kernels are vector code: timed at the best level against baseline, and as closures.
#![cfg(not(debug_assertions))]

use std::time::Instant;

use super::accuracy::Random;
use super::table::{BINARY, SHORT, UNARY};
use crate::engine::simd::{Level, available, detected};

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

/// The levels with a fused multiply-add; without one it is a library call and any ratio is large.
fn vector_level() -> Option<Level> {
    available().iter().copied().find(|&l| l == Level::Avx512)
}

#[test]
fn main_kernels_vectorise() {
    let Some(level) = vector_level() else { return };
    let mut random = Random(1);
    let x: Vec<f64> = (0..1000).map(|_| random.uniform(0.1, 1.0)).collect();
    let x32: Vec<f32> = x.iter().map(|&v| v as f32).collect();
    for name in [
        "exp", "log", "tanh", "sigmoid", "sin", "expm1", "log1p", "erf", "cbrt", "atan",
    ] {
        let f = UNARY.iter().find(|f| f.name == name).expect("in the table");
        let (mut y, mut y32) = (vec![0.0; 1000], vec![0.0; 1000]);
        let fast = time(1000, || (f.f64)(level, &x, &mut y));
        let slow = time(1000, || (f.f64)(Level::Baseline, &x, &mut y));
        assert!(
            slow >= 4.0 * fast,
            "{name} f64: {slow:.2} ns at baseline, {fast:.2} at {level:?}"
        );
        let fast = time(1000, || (f.f32)(level, &x32, &mut y32));
        let slow = time(1000, || (f.f32)(Level::Baseline, &x32, &mut y32));
        assert!(
            slow >= 4.0 * fast,
            "{name} f32: {slow:.2} ns at baseline, {fast:.2} at {level:?}"
        );
    }
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
