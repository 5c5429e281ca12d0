//! That fused closures are vector code, by timing. Needs an optimised build (`cargo test --release
//! --lib speed`): loops are not vectorised in debug builds.

use super::{exp32, exp64};
use crate::engine::simd::{self, Level};
use crate::math;
use crate::with_threads;
use crate::{fused, prelude::*, zip};
use std::hint::black_box;
use std::time::Instant;

fn best(f: impl FnMut()) -> f64 {
    best_of(200, f)
}

fn best_of(runs: usize, mut f: impl FnMut()) -> f64 {
    (0..runs)
        .map(|_| {
            let begin = Instant::now();
            f();
            begin.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}

/// The closure in lanes against the same closure at the same level, one element by one: every item goes
/// through memory before it is computed with.
macro_rules! case {
    ($T:ty, $least:expr, $level:expr, |$a:ident, $b:ident, $c:ident| $body:expr) => {{
        let ramp = |scale: $T, shift: $T| {
            Array1::from_iter((0..4096).map(|i| i as $T * scale / 4096.0 + shift))
        };
        let (a, b, c) = (ramp(1.0, 0.0), ramp(0.5, 0.25), ramp(2.0, -1.0));
        let mut out = Array1::<$T>::zeros([4096]);
        // Others may use the machine, too: the best of several attempts counts.
        let mut ratios = Vec::new();
        while ratios.len() < 5 && ratios.iter().all(|&ratio| ratio < $least) {
            let lanes = with_threads(1, || {
                let f = fused!(|($a, $b, $c)| $body);
                best(|| zip((&a, &b, &c)).map_into(black_box(&mut out), f))
            });
            let single = with_threads(1, || {
                let f = fused!(|items| {
                    let ($a, $b, $c): ($T, $T, $T) = black_box(items);
                    $body
                });
                best(|| zip((&a, &b, &c)).map_into(black_box(&mut out), f))
            });
            ratios.push(single / lanes);
        }
        println!(
            "{:?} {} {ratios:.2?}: {}",
            $level,
            stringify!($T),
            stringify!($body)
        );
        assert!(
            ratios.iter().any(|&ratio| ratio >= $least),
            "{:?}, {}: {} is only {ratios:.1?} times as fast as one by one",
            $level,
            stringify!($T),
            stringify!($body),
        );
    }};
}

/// Closures of one, two, three and six transcendental functions. What is not vectorised is as fast as
/// one by one; at least half the lanes of a register must show.
#[test]
fn closures_vectorise_at_forced_levels() {
    for &level in simd::available() {
        let least = match level {
            // without a fused multiply-add instruction `math` calls a library for each
            Level::Baseline => continue,
            Level::Avx2 => 2.0,
            Level::Avx512 => 3.0,
        };
        macro_rules! cases {
            ($T:ty, $least:expr, $exp:ident) => {
                case!($T, $least, level, |a, b, c| math::exp(a) * b + c);
                case!($T, $least, level, |a, b, c| math::exp(a) * math::log(b) + c);
                case!($T, $least, level, |a, b, c| math::exp(a) * math::log(b)
                    + math::tanh(c));
                case!($T, $least, level, |a, b, c| $exp(a) * $exp(b)
                    + $exp(a - b) * $exp(-a)
                    + $exp(-b) * $exp(b - a)
                    + c);
            };
        }
        simd::with_level(level, || {
            cases!(f64, least, exp64);
            cases!(f32, 1.5 * least, exp32);
        });
    }
}

/// A recurrence along an axis that is not the fast one in memory runs in SIMD over the others, and one
/// along the only axis at the speed of the loop.
#[test]
fn recurrences_are_as_fast_as_loops() {
    let x = Array2::from_shape_fn([128, 256], |[i, j]| ((i * 31 + j * 17) % 101) as f64);
    let mut out = Array2::<f64>::zeros([128, 256]);
    let mut line = Array1::<f64>::zeros([out.len()]);
    let (alpha, beta) = (black_box(0.25), black_box(0.75));
    let mean = fused!(|mean: &mut f64, (x,): (f64,)| {
        *mean = alpha * x + beta * *mean;
        *mean
    });
    let mut attempts = Vec::new();
    let fast = loop {
        let across = with_threads(1, || {
            best_of(100, || zip((&x,)).scan_into(0, 0.0, &mut out, mean))
        });
        let flat = x.ravel();
        let along = with_threads(1, || {
            best_of(100, || zip((&flat,)).scan_into(0, 0.0, &mut line, mean))
        });
        let (from, to) = (flat.as_slice().unwrap(), line.as_slice_mut().unwrap());
        let plain = best_of(100, || {
            let mut state = 0.0;
            for (to, &x) in to.iter_mut().zip(black_box(from)) {
                state = alpha * x + beta * state;
                *to = state;
            }
        });
        attempts.push((plain / along, plain / across));
        if plain >= 0.8 * along && plain >= 1.2 * across {
            break true;
        }
        if attempts.len() == 5 {
            break false;
        }
    };
    println!("along and across {attempts:.2?} times as fast as a plain loop");
    assert!(
        fast,
        "along and across only {attempts:.2?} times as fast as a plain loop"
    );
}
