//! The rule of orthant's `benches/ops`, and its data.
#![allow(dead_code)]

#[path = "../../ops/rule.rs"]
mod rule;

pub use rule::u;

/// Sizes of vectors and how the rows write them.
pub const SIZES: [(usize, &str); 5] = [
    (10, "10"),
    (1_000, "1e3"),
    (100_000, "1e5"),
    (1_000_000, "1e6"),
    (10_000_000, "1e7"),
];

/// Orders of square matrices.
pub const ORDERS: [usize; 5] = [8, 32, 100, 300, 1000];

pub fn wants(op: &str) -> bool {
    let only = std::env::var("BENCH_ONLY").unwrap_or_default();
    only.is_empty()
        || only
            .split(',')
            .any(|part| !part.is_empty() && op.contains(part))
}

/// Times a row if it is wanted.
pub fn run<R>(op: &str, library: &str, f: impl FnMut() -> R) {
    if wants(op) {
        rule::run(op, library, f);
    }
}
