//! How a call is timed, and on what data: shared by `ops` and the crate `rivals`.

use std::hint::black_box;
use std::time::Instant;

/// Prints the times of one call of `f`, whose result is dropped within the call.
pub fn run<R>(op: &str, library: &str, mut f: impl FnMut() -> R) {
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
        "{op}\t{library}\t{:.4e}\t{:.4e}",
        times[0],
        times[times.len() / 2]
    );
}

/// `n` values in [0, 1) of a linear congruential generator.
pub fn u(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed;
    let step = |_| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..n).map(step).collect()
}
