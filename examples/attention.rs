//! Scaled dot-product attention with a causal mask: `softmax(Q·Kᵀ/√d + mask)·V`, for a stack of
//! batches and heads, by two `einsum`s.
//!
//! ```sh
//! cargo run --release --example attention
//! ```
//!
//! Queries, keys and values come from a small generator that the golden script uses too, so that the
//! result can be compared with PyTorch's `scaled_dot_product_attention`.

use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

use orthant::linalg::{LinalgError, einsum_path};
use orthant::{einsum, prelude::*};

/// Numbers between -2 and 2, the same as in `tests/golden/attention.py`.
pub fn numbers(seed: u64, shape: [usize; 4]) -> Array4<f64> {
    let mut state = seed;
    Array::from_shape_fn(shape, |_| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        4.0 * (state >> 11) as f64 / (1u64 << 53) as f64 - 2.0
    })
}

/// `-∞` where a query may not look: at keys behind it.
pub fn causal_mask(queries: usize, keys: usize) -> Array2<f64> {
    Array::from_shape_fn(
        [queries, keys],
        |[i, j]| if j > i { f64::NEG_INFINITY } else { 0.0 },
    )
}

/// `exp(x) / Σ exp(x)` along the last axis; the maximum is subtracted first, so that nothing overflows.
pub fn softmax(x: &ArrayRef4<f64>) -> Array4<f64> {
    let exponentials = (x - x.max_keepdims(-1)).exp();
    let sums = exponentials.sum_keepdims(-1);
    exponentials / sums
}

/// What attention makes of its operands.
pub struct Attention {
    /// How much query `i` takes from key `j`: `(batch, head, i, j)`, rows sum to 1.
    pub weights: Array4<f64>,
    /// The weighted means of the values: `(batch, head, i, d)`.
    pub output: Array4<f64>,
}

/// Attention of `(batch, head, position, d)` queries, keys and values.
pub fn attention(
    q: &ArrayRef4<f64>,
    k: &ArrayRef4<f64>,
    v: &ArrayRef4<f64>,
    mask: &ArrayRef2<f64>,
) -> Result<Attention, LinalgError> {
    let d = q.shape()[3] as f64;
    // Qᵢ·Kⱼ for every batch and head; K is not transposed in memory.
    let scores = einsum("bhid,bhjd->bhij", (q, k))?.into_rank::<4>();
    let weights = softmax(&(scores / d.sqrt() + mask));
    let output = einsum("bhij,bhjd->bhid", (&weights, v))?.into_rank::<4>();
    Ok(Attention { weights, output })
}

/// The report that `main` prints.
pub fn run() -> Result<String, Box<dyn Error>> {
    let mut report = String::new();
    let shape = [2, 3, 6, 4];
    let (q, k, v) = (numbers(1, shape), numbers(2, shape), numbers(3, shape));
    let small = attention(&q, &k, &v, &causal_mask(6, 6))?;
    writeln!(
        report,
        "Attention weights of the first batch and head (row: query, column: key):\n"
    )?;
    let weights = small.weights.slice(s![0, 0, .., ..]);
    writeln!(report, "{}\n", weights.map(|w| (w * 1e3).round() / 1e3))?;
    writeln!(
        report,
        "A query sees no later key, and its weights sum to {}.\n",
        weights.row(5).sum()
    )?;

    let shape = [8, 4, 64, 32];
    let (q, k, v) = (numbers(1, shape), numbers(2, shape), numbers(3, shape));
    let mask = causal_mask(64, 64);
    let start = Instant::now();
    let repetitions = 20;
    for _ in 0..repetitions {
        std::hint::black_box(attention(&q, &k, &v, &mask)?);
    }
    let milliseconds = start.elapsed().as_secs_f64() * 1e3 / f64::from(repetitions);
    writeln!(
        report,
        "8 batches, 4 heads, 64 positions, d = 32: {milliseconds:.2} ms.\n"
    )?;
    write!(
        report,
        "{}",
        einsum_path("bhid,bhjd->bhij", &[shape, shape])?
    )?;
    Ok(report)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", run()?);
    Ok(())
}
