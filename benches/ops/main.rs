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
mod rule;

/// Runs the operations whose names `BENCH_ONLY` lets through.
struct Bench {
    only: Vec<String>,
}

impl Bench {
    fn wants(&self, op: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| op.contains(part.as_str()))
    }

    /// Times one call of `f`, whose result is dropped within the call.
    fn run<R>(&self, op: &str, f: impl FnMut() -> R) {
        if self.wants(op) {
            rule::run(op, "orthant", f);
        }
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
