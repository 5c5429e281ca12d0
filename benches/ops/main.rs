//! Times the operations of the benchmark table and prints `op<TAB>orthant<TAB>min_s<TAB>median_s`.
//!
//! `BENCH_ONLY=substr,substr` restricts the operations. The rule: at least one warm-up call, the
//! inner count doubled until a batch lasts 1 ms, then 15 samples (7 if a call takes more than
//! 0.1 s, 3 above 0.5 s); freeing the result is part of the call.

/// Times the rows `"name" => call;` on the data that the statements in braces make, if any of them
/// is wanted. What follows the name is the same for all.
macro_rules! rows {
    ($bench:expr, $suffix:expr, {$($data:tt)*} $($op:literal => $call:expr;)+) => {{
        let id = |op: &str| format!("{op}_{}", $suffix);
        if [$($op),+].iter().any(|op| $bench.wants(&id(op))) {
            $($data)*
            $($bench.run(&id($op), || $call);)+
        }
    }};
}

mod data;
mod elementwise;
mod folds;
mod functions;
mod lanes;
mod linear;
mod products;
mod reductions;

use std::hint::black_box;
use std::time::Instant;

/// Runs the operations whose names `BENCH_ONLY` lets through.
struct Bench {
    only: Vec<String>,
}

impl Bench {
    fn wants(&self, op: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| op.contains(part.as_str()))
    }

    /// Times one call of `f`, whose result is dropped within the call.
    fn run<R>(&self, op: &str, mut f: impl FnMut() -> R) {
        if !self.wants(op) {
            return;
        }
        let mut batch = |inner: u64| {
            let start = Instant::now();
            for _ in 0..inner {
                black_box(f());
            }
            start.elapsed().as_secs_f64()
        };
        batch(1);
        let mut inner = 1;
        let once = loop {
            let elapsed = batch(inner);
            if elapsed >= 1e-3 {
                break elapsed / inner as f64;
            }
            inner *= 2;
        };
        let samples = match once {
            t if t > 0.5 => 3,
            t if t > 0.1 => 7,
            _ => 15,
        };
        let mut times: Vec<f64> = (0..samples).map(|_| batch(inner) / inner as f64).collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{op}\torthant\t{:.4e}\t{:.4e}",
            times[0],
            times[times.len() / 2]
        );
    }
}

fn main() {
    let only = std::env::var("BENCH_ONLY").unwrap_or_default();
    let bench = Bench {
        only: only
            .split(',')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    elementwise::all::<f32>(&bench, "f32");
    elementwise::all::<f64>(&bench, "f64");
    lanes::all::<f32>(&bench, "f32");
    lanes::all::<f64>(&bench, "f64");
    reductions::all::<f32>(&bench, "f32");
    reductions::all::<f64>(&bench, "f64");
    functions::all::<f32>(&bench, "f32");
    functions::all::<f64>(&bench, "f64");
    functions::integers(&bench);
    folds::all::<f32>(&bench, "f32");
    folds::all::<f64>(&bench, "f64");
    products::all::<f32>(&bench, "f32");
    products::all::<f64>(&bench, "f64");
    products::sums_by_names::<f32>(&bench, "f32");
    products::sums_by_names::<f64>(&bench, "f64");
    products::integers(&bench);
    linear::all(&bench);
}
