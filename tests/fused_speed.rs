//! That fused closures are vector code at every level, by timing. Loops are not vectorised in debug
//! builds: `cargo test --release --test fused_speed`.
//!
//! `.ci/fused_loops` disassembles this program and looks for the loops of the closures over f64 in
//! [`cases`].

#![cfg(not(debug_assertions))]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use orthant::{fused, math, prelude::*, with_threads, zip};

/// Set for the processes that measure; what the level is does not change while a process runs.
const MEASURES: &str = "ORTHANT_FUSED_SPEED";
const LEN: usize = 4096;
/// Others may use the machine, too: the best of several attempts counts.
const ATTEMPTS: usize = 5;

/// How many times as fast as at the baseline a closure is at least. Without a fused multiply-add
/// instruction `math` calls a library for each; measured are 26 (AVX2) to 150 times.
const OVER_BASELINE: f64 = 10.0;
/// How many times as fast as one by one at the same level: what is not vectorised is as fast as that.
/// Measured are 4 and 8 for AVX2, 8 and 14 for AVX-512, which some processors compute in halves.
const OVER_SINGLE_F64: f64 = 3.0;
const OVER_SINGLE_F32: f64 = 4.5;

/// Seconds, the least of many runs.
fn best(runs: usize, mut f: impl FnMut()) -> f64 {
    let one = |_| {
        let begin = Instant::now();
        f();
        begin.elapsed().as_secs_f64()
    };
    (0..runs).map(one).fold(f64::MAX, f64::min)
}

/// Prints what a closure takes in lanes, and one element by one at the same level: every item goes
/// through memory before it is computed with.
macro_rules! case {
    ($name:literal, $T:ty, |$a:ident, $b:ident, $c:ident| $body:expr) => {{
        let ramp = |scale: $T, shift: $T| {
            Array1::from_iter((0..LEN).map(|i| i as $T * scale / LEN as $T + shift))
        };
        let (a, b, c) = (ramp(1.0, 0.0), ramp(0.5, 0.25), ramp(2.0, -1.0));
        let mut out = Array1::<$T>::zeros([LEN]);
        let lanes = best(100, || {
            let f = fused!(|($a, $b, $c): ($T, $T, $T)| $body);
            zip((&a, &b, &c)).map_into(black_box(&mut out), f)
        });
        let single = best(50, || {
            let f = fused!(|items| {
                let ($a, $b, $c): ($T, $T, $T) = black_box(items);
                $body
            });
            zip((&a, &b, &c)).map_into(black_box(&mut out), f)
        });
        println!("case\t{} of {}\t{lanes}\t{single}", $name, stringify!($T));
    }};
}

/// Closures of one, two, three and six transcendental functions.
fn cases() {
    macro_rules! of {
        ($T:ty) => {
            case!("one function", $T, |a, b, c| math::exp(a) * b + c);
            case!("two functions", $T, |a, b, c| math::exp(a) * math::log(b)
                + c);
            case!("three functions", $T, |a, b, c| math::exp(a) * math::log(b)
                + math::tanh(c));
            case!("six functions", $T, |a, b, c| math::exp(a) * math::exp(b)
                + math::exp(a - b) * math::exp(-a)
                + math::exp(-b) * math::exp(b - a)
                + c);
        };
    }
    of!(f64);
    of!(f32);
}

/// Seconds in lanes and one by one, of each case at a level.
fn measured(test: &str, level: &str) -> BTreeMap<String, (f64, f64)> {
    let program = std::env::current_exe().expect("a path to this program");
    let output = Command::new(program)
        .args(["--exact", test, "--nocapture"])
        .env(MEASURES, "1")
        .env("ORTHANT_SIMD", level)
        .output()
        .expect("this program starts again");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = text.lines().filter_map(|line| {
        let [_, name, lanes, single] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        Some((name.to_owned(), (lanes.parse().ok()?, single.parse().ok()?)))
    });
    let cases: BTreeMap<_, _> = lines.collect();
    assert_eq!(cases.len(), 8, "{text}");
    cases
}

/// Levels of this processor that have a fused multiply-add.
fn levels() -> Vec<&'static str> {
    let mut levels = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            levels.push("avx2");
        }
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            levels.push("avx512");
        }
    }
    levels
}

#[test]
fn closures_are_vector_code_at_every_level() {
    if std::env::var_os(MEASURES).is_some() {
        return with_threads(1, cases);
    }
    let test = "closures_are_vector_code_at_every_level";
    let baseline = measured(test, "baseline");
    for level in levels() {
        let mut best: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        let enough = |name: &str, (over_baseline, over_single): (f64, f64)| {
            let single = name.ends_with("f32");
            let least = if single {
                OVER_SINGLE_F32
            } else {
                OVER_SINGLE_F64
            };
            over_baseline >= OVER_BASELINE && over_single >= least
        };
        for _ in 0..ATTEMPTS {
            for (name, (lanes, single)) in measured(test, level) {
                let so_far = best.entry(name.clone()).or_insert((0.0, 0.0));
                so_far.0 = so_far.0.max(baseline[&name].0 / lanes);
                so_far.1 = so_far.1.max(single / lanes);
            }
            if best.iter().all(|(name, &ratios)| enough(name, ratios)) {
                break;
            }
        }
        for (name, (over_baseline, over_single)) in &best {
            println!(
                "{level}: {over_baseline:.1} × baseline, {over_single:.2} × one by one: {name}"
            );
        }
        for (name, &ratios) in &best {
            assert!(
                enough(name, ratios),
                "{level}: {name} is too slow: {ratios:.2?}"
            );
        }
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
    for _ in 0..ATTEMPTS {
        let flat = x.ravel();
        let (across, along) = with_threads(1, || {
            (
                best(100, || {
                    zip((&x,)).scan_into(0, 0.0, black_box(&mut out), mean)
                }),
                best(100, || {
                    zip((&flat,)).scan_into(0, 0.0, black_box(&mut line), mean)
                }),
            )
        });
        let (from, to) = (flat.as_slice().unwrap(), line.as_slice_mut().unwrap());
        let plain = best(100, || {
            let mut state = 0.0;
            for (to, &x) in to.iter_mut().zip(black_box(from)) {
                state = alpha * x + beta * state;
                *to = state;
            }
        });
        attempts.push((plain / along, plain / across));
        if plain >= 0.8 * along && plain >= 1.2 * across {
            return;
        }
    }
    panic!("along and across only {attempts:.2?} times as fast as a plain loop");
}
