//! Worst errors over sweeps: a few seconds by default, minutes with `ORTHANT_SWEEP=medium`, every `f32` with
//! `ORTHANT_SWEEP=full` (a quarter of an hour on two free cores).

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::reference::{difference, error_ulp};
use super::table::{BINARY, SHORT, UNARY};
use crate::engine::simd::{Level, available, detected, simd_dispatch};

/// How much to look at: samples per function for `f64`, the step through `f32` bit patterns.
pub(super) fn effort() -> (usize, u32) {
    match std::env::var("ORTHANT_SWEEP").as_deref() {
        Ok("full") => (40_000, 1),
        Ok("medium") => (10_000, 61),
        _ => (300, 65_521),
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(super) struct Random(pub(super) u64);
impl Random {
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn uniform(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * ((self.bits() >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// Numbers around which functions change their method or are hard to get right.
const HARD: [f64; 27] = [
    0.5,
    1.0,
    2.0,
    0.25,
    0.75,
    1.5,
    0.7071067811865476,
    1.4142135623730951,
    0.1733,
    0.34657359027997264,
    0.6931471805599453,
    1.5707963267948966,
    3.141592653589793,
    4.71238898038469,
    0.7853981633974483,
    6.381956970095103e255,
    1e22,
    1073741824.0,
    268435456.0,
    39000.0,
    708.3964185322641,
    709.782712893384,
    20.0,
    40.0,
    60.0,
    8.0,
    28.0,
];

/// Stratified samples: half spread over all binades of the domain, half over the usual range, and hard cases.
pub(super) fn samples(n: usize, range: (f64, f64), domain: (f64, f64), seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    let mut x = Vec::new();
    for h in HARD.iter().flat_map(|&h| [h, -h]) {
        let b = h.to_bits();
        x.extend([b, b + 1, b - 1, b + 12345, b - 999].map(f64::from_bits));
    }
    // the double closest to a multiple of pi/2 relative to its size (Muller, 11.3)
    x.push(6381956970095103.0 * 2.0_f64.powi(797));
    while x.len() < n {
        x.push(random.uniform(range.0, range.1));
        let v = f64::from_bits(random.bits());
        if v.is_finite() {
            x.push(v);
        }
        // within the domain's binades, which functions of a small domain need
        let bound = domain.0.abs().max(domain.1.abs()).min(1e300);
        let v = bound * 2.0_f64.powf(-random.uniform(0.0, 40.0));
        x.push(if random.bits() & 1 == 0 { v } else { -v });
    }
    x.retain(|v| (domain.0..=domain.1).contains(v));
    x
}

/// The last place of a `f64` of this size, which is not below `2^lowest`.
fn ulp(x: f64, lowest: i32) -> f64 {
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i32 - 1075;
    let exponent = exponent.max(lowest);
    f64::from_bits(match exponent + 1022 {
        1.. => ((exponent + 1023) as u64) << 52,
        _ => 1 << (exponent + 1074),
    })
}

struct Row {
    name: &'static str,
    worst: f64,
    at: String,
}

/// The rows of a table's functions, worked out by two threads.
fn rows_of<E: Sync>(table: &'static [E], row: impl Fn(&E) -> Row + Sync) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        loop {
            let i = next.fetch_add(1, Relaxed);
            let Some(entry) = table.get(i) else {
                return rows;
            };
            rows.push((i, row(entry)));
        }
    };
    let mut rows = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut rows = work();
        rows.extend(other.join().expect("a sweep"));
        rows
    });
    rows.sort_by_key(|&(i, _)| i);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn sweep_f64(level: Level) -> Vec<Row> {
    let (n, _) = effort();
    let mut rows = rows_of(UNARY, |f| {
        let x = samples(n, f.range, f.domain, 1);
        let mut y = vec![0.0; x.len()];
        (f.f64)(level, &x, &mut y);
        let mut row = Row {
            name: f.name,
            worst: 0.0,
            at: String::new(),
        };
        for (&x, &y) in x.iter().zip(&y) {
            let e = error_ulp(y, &(f.exact)(x), 53, -1074);
            if e > row.worst {
                (row.worst, row.at) = (e, format!("{x:?}"));
            }
        }
        println!("{:12} f64 {:7.3} at {}", row.name, row.worst, row.at);
        row
    });
    rows.extend(rows_of(BINARY, |f| {
        let mut random = Random(7);
        let mut row = Row {
            name: f.name,
            worst: 0.0,
            at: String::new(),
        };
        let mut xy: Vec<(f64, f64)> = (0..n / 2)
            .map(|_| (random.uniform(f.x.0, f.x.1), random.uniform(f.y.0, f.y.1)))
            .collect();
        for _ in 0..n / 2 {
            // both far out; other powers are zero or infinite
            let far = if f.name == "pow" { 60.0 } else { 1000.0 };
            let (p, q) = (random.uniform(-far, far), random.uniform(-far, far));
            xy.push((
                random.uniform(f.x.0, f.x.1) * p.exp2(),
                random.uniform(f.y.0, f.y.1) * q.exp2(),
            ));
        }
        let (x, y): (Vec<f64>, Vec<f64>) = xy.into_iter().unzip();
        let mut z = vec![0.0; x.len()];
        (f.f64)(level, &x, &y, &mut z);
        for i in 0..x.len() {
            let exact = (f.exact)(x[i], y[i]);
            let scale = (f.scale)(x[i], y[i]);
            let e = if scale > z[i].abs() {
                difference(z[i], &exact).abs() / ulp(scale, -1074)
            } else {
                error_ulp(z[i], &exact, 53, -1074)
            };
            if e > row.worst {
                (row.worst, row.at) = (e, format!("({:?}, {:?})", x[i], y[i]));
            }
        }
        println!("{:12} f64 {:7.3} at {}", row.name, row.worst, row.at);
        row
    }));
    rows
}

/// The distance of `y` from `exact` in units of the last place of `f32` there; beyond the largest number both
/// count as 2^128.
#[inline(always)]
pub(super) fn error_f32(y: f32, exact: f64) -> f64 {
    const LIMIT: f64 = (1_u128 << 127) as f64 * 2.0;
    let wide = if y.is_infinite() {
        LIMIT.copysign(f64::from(y))
    } else {
        f64::from(y)
    };
    let bounded = if exact.abs() > LIMIT {
        LIMIT.copysign(exact)
    } else {
        exact
    };
    let exponent = (bounded.to_bits() >> 52) & 0x7ff;
    let ulp_exponent = if exponent < 1023 - 149 + 23 {
        1023 - 149
    } else {
        exponent - 23
    };
    let error = (wide - bounded).abs() * f64::from_bits((2046 - ulp_exponent) << 52);
    let error = if error >= 0.0 { error } else { f64::INFINITY };
    if exact.is_nan() && y.is_nan() {
        0.0
    } else {
        error
    }
}

#[inline(always)]
unsafe fn block_error_body(y: &[f32], exact: &[f64], errors: &mut [f64]) {
    for ((e, &y), &exact) in errors.iter_mut().zip(y).zip(exact) {
        *e = error_f32(y, exact);
    }
}
simd_dispatch! {
    unsafe fn block_errors(y: &[f32], exact: &[f64], errors: &mut [f64]) = block_error_body
}

fn sweep_f32(level: Level) -> Vec<Row> {
    const BLOCK: usize = 4096;
    let (n, step) = effort();
    let mut rows = rows_of(UNARY, |f| {
        let mut row = Row {
            name: f.name,
            worst: 0.0,
            at: String::new(),
        };
        let (mut x, mut y) = (vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]);
        let (mut wide, mut exact) = (vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]);
        let mut errors = vec![0.0_f64; BLOCK];
        let mut bits = 0_u64;
        while bits <= u64::from(u32::MAX) {
            for v in &mut x {
                *v = f32::from_bits(bits.min(u64::from(u32::MAX)) as u32);
                bits += u64::from(step);
            }
            for (w, &v) in wide.iter_mut().zip(&x) {
                *w = f64::from(v);
            }
            (f.f32)(level, &x, &mut y);
            (f.f64)(level, &wide, &mut exact);
            // SAFETY: the body is safe, and levels exist only after detection.
            unsafe { block_errors(level, &y, &exact, &mut errors) };
            for (i, &e) in errors.iter().enumerate() {
                if e > row.worst {
                    (row.worst, row.at) = (e, format!("{:?}", x[i]));
                }
            }
        }
        println!("{:12} f32 {:7.3} at {}", row.name, row.worst, row.at);
        row
    });
    rows.extend(rows_of(BINARY, |f| {
        let mut row = Row {
            name: f.name,
            worst: 0.0,
            at: String::new(),
        };
        let mut random = Random(11);
        let count = n * 1000;
        let draw = |random: &mut Random, range: (f64, f64)| -> f32 {
            if random.bits() & 3 == 0 {
                f32::from_bits(random.bits() as u32)
            } else {
                random.uniform(range.0, range.1) as f32
            }
        };
        let x: Vec<f32> = (0..count).map(|_| draw(&mut random, f.x)).collect();
        let y: Vec<f32> = (0..count).map(|_| draw(&mut random, f.y)).collect();
        let (xw, yw): (Vec<f64>, Vec<f64>) = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| (f64::from(x), f64::from(y)))
            .unzip();
        let (mut z, mut exact) = (vec![0.0_f32; count], vec![0.0_f64; count]);
        (f.f32)(level, &x, &y, &mut z);
        (f.f64)(level, &xw, &yw, &mut exact);
        for i in 0..count {
            let scale = (f.scale)(xw[i], yw[i]);
            let e = if scale.is_finite() && scale > exact[i].abs() {
                (f64::from(z[i]) - exact[i]).abs() / (ulp(scale, -149 - 29) * 2.0_f64.powi(29))
            } else {
                error_f32(z[i], exact[i])
            };
            if e > row.worst {
                (row.worst, row.at) = (e, format!("({:?}, {:?})", x[i], y[i]));
            }
        }
        println!("{:12} f32 {:7.3} at {}", row.name, row.worst, row.at);
        row
    }));
    rows
}

fn bound(name: &str) -> f64 {
    UNARY
        .iter()
        .map(|f| (f.name, f.bound))
        .chain(BINARY.iter().map(|f| (f.name, f.bound)))
        .find(|(n, _)| *n == name)
        .map(|(_, b)| b)
        .expect("a function of the table")
}

fn check(rows: &[Row]) {
    let bad: Vec<_> = rows
        .iter()
        .filter(|r| r.worst > bound(r.name))
        .map(|r| format!("{}: {:.3} ULP at {}", r.name, r.worst, r.at))
        .collect();
    assert!(bad.is_empty(), "beyond their bounds:\n{}", bad.join("\n"));
}

/// The names in a sentence.
fn listed(names: Vec<&str>) -> String {
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// Writes `docs/accuracy.md` after a full sweep when `ORTHANT_WRITE_ACCURACY` is set.
fn write_table(f64_rows: &[Row], f32_rows: &[Row], complex: &[super::complex_accuracy::Row]) {
    let (n, step) = effort();
    let sweep = std::env::var("ORTHANT_SWEEP").unwrap_or_default();
    let singles = if step == 1 {
        "every one of the 2^32 arguments".into()
    } else {
        format!("every {step}th of the 2^32 bit patterns")
    };
    let mut text = format!(
        "# Accuracy of `orthant::math`\n\n\
         The worst error found, in units in the last place of the exact result (0.5 is correctly rounded), and where.\n\
         `f64`: {n} stratified arguments per function (all binades, the usual range, hard cases) against 320-bit\n\
         arithmetic. `f32`: {singles} against the `f64` kernel; functions of two numbers at\n\
         {} pairs. A kernel is one definition from operations that every level rounds alike, so levels return the\n\
         same bits and one figure holds for all; `levels_agree_bit_for_bit` compares those of the processor that it\n\
         runs on, here {}. Errors of `logaddexp` and `logaddexp2` are in units of the larger of the result and\n\
         the greater argument. Functions that are not listed are exact, or correctly rounded, or\n\
         have their own tests (`lgamma` at negative arguments: absolute error below 2^-50 near zeros).\n\n\
         Written by\n\n    ORTHANT_SWEEP={sweep} ORTHANT_WRITE_ACCURACY=1 cargo test --release --lib math::tests::accuracy::errors -- --nocapture\n\n\
         (`ORTHANT_SWEEP=full` takes every `f32`, `medium` some, without it a few seconds' worth.)\n\n\
         | function | bound | `f64` worst | at | `f32` worst | at |\n|---|--:|--:|---|--:|---|\n",
        n * 1000,
        listed(available().iter().map(|level| level.name()).collect()),
    );
    for (a, b) in f64_rows.iter().zip(f32_rows) {
        assert_eq!(a.name, b.name);
        let limit = bound(a.name).round().max(0.5);
        let limit = if a.name == "sqrt" { 0.5 } else { limit };
        text += &format!(
            "| `{}` | {limit} | {:.3} | {} | {:.3} | {} |\n",
            a.name, a.worst, a.at, b.worst, b.at
        );
    }
    text += &super::complex_accuracy::table(complex);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/accuracy.md");
    std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"))
        .expect("a writable docs folder");
    std::fs::write(path, text).expect("a writable docs/accuracy.md");
}

#[test]
fn errors_stay_within_bounds() {
    let (f64_rows, f32_rows) = (sweep_f64(detected()), sweep_f32(detected()));
    if std::env::var_os("ORTHANT_WRITE_ACCURACY").is_some() {
        write_table(&f64_rows, &f32_rows, &super::complex_accuracy::sweep());
    }
    check(&f64_rows);
    check(&f32_rows);
}

#[test]
fn levels_agree_bit_for_bit() {
    let mut random = Random(3);
    for f in UNARY {
        let x: Vec<f64> = samples(2000, f.range, (-f64::MAX, f64::MAX), 5)
            .into_iter()
            .chain((0..500).map(|_| f64::from_bits(random.bits())))
            .collect();
        let x32: Vec<f32> = x
            .iter()
            .map(|&v| v as f32)
            .chain((0..2000).map(|_| f32::from_bits(random.bits() as u32)))
            .collect();
        let results: Vec<_> = available()
            .iter()
            .map(|&level| {
                let (mut y, mut y32) = (vec![0.0; x.len()], vec![0.0; x32.len()]);
                (f.f64)(level, &x, &mut y);
                (f.f32)(level, &x32, &mut y32);
                // all NaN count as one
                let y: Vec<u64> = y
                    .iter()
                    .map(|v| if v.is_nan() { 1 << 63 | 1 } else { v.to_bits() })
                    .collect();
                let y32: Vec<u32> = y32
                    .iter()
                    .map(|v| if v.is_nan() { 1 << 31 | 1 } else { v.to_bits() })
                    .collect();
                (y, y32)
            })
            .collect();
        for r in &results[1..] {
            assert!(r == &results[0], "{} differs between levels", f.name);
        }
    }
}

#[test]
fn short_forms_have_the_same_bits() {
    let mut random = Random(9);
    for f in SHORT {
        let full = UNARY
            .iter()
            .find(|u| u.name == f.name)
            .expect("in the table");
        let mut x: Vec<f64> = samples(4000, full.range, (-f64::MAX, f64::MAX), 6);
        x.extend((0..4000).map(|_| random.uniform(-720.0, 720.0)));
        let x32: Vec<f32> = x
            .iter()
            .map(|&v| v as f32)
            .filter(|&v| (f.in_f32)(v))
            .collect();
        x.retain(|&v| (f.in_f64)(v));
        assert!(
            x.len() > 1000 && x32.len() > 1000,
            "{}: too few arguments",
            f.name
        );
        let (mut short, mut long) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        (f.f64)(detected(), &x, &mut short);
        (full.f64)(detected(), &x, &mut long);
        for i in 0..x.len() {
            assert_eq!(
                short[i].to_bits(),
                long[i].to_bits(),
                "{} f64 at {:?}",
                f.name,
                x[i]
            );
        }
        let (mut short, mut long) = (vec![0.0; x32.len()], vec![0.0; x32.len()]);
        (f.f32)(detected(), &x32, &mut short);
        (full.f32)(detected(), &x32, &mut long);
        for i in 0..x32.len() {
            assert_eq!(
                short[i].to_bits(),
                long[i].to_bits(),
                "{} f32 at {:?}",
                f.name,
                x32[i]
            );
        }
    }
}
