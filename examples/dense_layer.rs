//! A small neural network reads handwritten digits: three layers `relu(x·W + b)`, the last one
//! without relu, 64 → 64 → 32 → 10 units, timed against a naive triple loop.
//!
//! ```sh
//! cargo run --release --example dense_layer
//! ```
//!
//! The trained weights lie in `examples/data/digits_mlp/`. The batch is the test split, the last 360
//! rows of `examples/data/digits.csv`, which training never saw.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use orthant::prelude::*;

#[path = "support/csv_table.rs"]
mod csv_table;

use csv_table::{TableError, read_csv};

/// One layer of the network.
pub struct Dense {
    /// `(inputs, units)`.
    pub weights: Array2<f32>,
    /// `(units,)`.
    pub bias: Array1<f32>,
}

impl Dense {
    /// `x·W + b` for a batch `(M, inputs)`: `(M, units)`.
    pub fn forward(&self, x: &ArrayRef2<f32>) -> Array2<f32> {
        // The bias broadcasts over the rows; the sum reuses the product's memory.
        x.matmul(&self.weights) + &self.bias
    }

    fn read(directory: &Path, layer: usize) -> Result<Dense, TableError> {
        let weights = read_f32(&directory.join(format!("layer{layer}_weights.csv")))?;
        let bias = read_f32(&directory.join(format!("layer{layer}_bias.csv")))?;
        Ok(Dense {
            weights,
            bias: bias.into_reshape(-1),
        })
    }
}

/// Negative elements become 0.
pub fn relu(mut x: Array2<f32>) -> Array2<f32> {
    x.map_inplace(|v| *v = v.max(0.0));
    x
}

/// Three layers.
pub struct Network {
    /// First to last.
    pub layers: [Dense; 3],
}

impl Network {
    /// Reads `layer1_weights.csv`, `layer1_bias.csv`, … from a directory.
    ///
    /// # Errors
    /// [`TableError`], naming the file that is missing or not a table of numbers.
    pub fn read(directory: &Path) -> Result<Network, TableError> {
        Ok(Network {
            layers: [
                Dense::read(directory, 1)?,
                Dense::read(directory, 2)?,
                Dense::read(directory, 3)?,
            ],
        })
    }

    /// One output per class for each row of a batch: `(M, classes)`.
    pub fn logits(&self, x: &ArrayRef2<f32>) -> Array2<f32> {
        let [first, second, last] = &self.layers;
        let hidden = relu(first.forward(x));
        let hidden = relu(second.forward(&hidden));
        last.forward(&hidden)
    }

    /// The same by loops over plain slices, as one would write them without a library.
    pub fn logits_naive(&self, x: &ArrayRef2<f32>) -> Array2<f32> {
        let mut y = x.flatten().into_vec();
        for (i, layer) in self.layers.iter().enumerate() {
            let (inputs, units) = (layer.weights.nrows(), layer.weights.ncols());
            let weights = layer.weights.as_slice().expect("read in row-major order");
            let bias = layer.bias.as_slice().expect("a whole vector");
            let is_hidden = i + 1 < self.layers.len();
            let mut next = Vec::with_capacity(x.nrows() * units);
            for row in 0..x.nrows() {
                for unit in 0..units {
                    let mut sum = bias[unit];
                    for input in 0..inputs {
                        sum += y[row * inputs + input] * weights[input * units + unit];
                    }
                    next.push(if is_hidden { sum.max(0.0) } else { sum });
                }
            }
            y = next;
        }
        Array2::from_shape_vec([x.nrows(), y.len() / x.nrows()], y)
    }
}

/// The position of the largest output of each row.
pub fn predictions(logits: &ArrayRef2<f32>) -> Array1<usize> {
    let largest = |row: ArrayView1<f32>| {
        let outputs = row.iter().enumerate();
        outputs.max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i)
    };
    logits.rows().filter_map(largest).collect()
}

/// The test split: pixels from 0 to 1 and what the digits are.
///
/// # Errors
/// [`TableError`], naming the file and the place in it.
pub fn test_split(path: &Path) -> Result<(Array2<f32>, Array1<usize>), TableError> {
    let table = read_csv(path)?;
    let table = Array2::from_shape_vec([table.rows, table.cols], table.values);
    let test = table.slice(s![-360.., ..]);
    Ok((
        test.slice(s![.., ..-1]).cast::<f32>() / 16.0,
        test.column(-1).cast(),
    ))
}

fn read_f32(path: &Path) -> Result<Array2<f32>, TableError> {
    let table = read_csv(path)?;
    let values = Array2::from_shape_vec([table.rows, table.cols], table.values);
    Ok(values.cast())
}

fn main() -> ExitCode {
    match run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data")) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("dense_layer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the digits of the test split and returns the report.
///
/// # Errors
/// When files are missing or broken, or the two computations disagree.
pub fn run(data: &Path) -> Result<String, Box<dyn Error>> {
    let network = Network::read(&data.join("digits_mlp"))?;
    let (x, digits) = test_split(&data.join("digits.csv"))?;

    let logits = network.logits(&x);
    if !network.logits_naive(&x).all_close(&logits, 1e-4, 1e-4) {
        return Err("the naive loop and the arrays disagree".into());
    }
    let predicted = predictions(&logits);
    let correct = predicted
        .iter()
        .zip(&digits)
        .filter(|(p, d)| p == d)
        .count();

    let [naive, alone, fast] = medians([
        &mut || _ = black_box(network.logits_naive(black_box(&x))),
        &mut || _ = orthant::with_threads(1, || black_box(network.logits(black_box(&x)))),
        &mut || _ = black_box(network.logits(black_box(&x))),
    ]);
    let config = orthant::config();
    let multiplications: usize = network.layers.iter().map(|l| l.weights.len()).sum();
    let line = |what: &str, seconds: f64| {
        format!(
            "{what:<20} {:>9.1} µs {:>11.2} µs {:>9.2}",
            1e6 * seconds,
            1e6 * seconds / x.nrows() as f64,
            2e-9 * (multiplications * x.nrows()) as f64 / seconds,
        )
    };
    let units: Vec<String> = network
        .layers
        .iter()
        .map(|l| l.bias.len().to_string())
        .collect();
    Ok([
        format!(
            "Network: {} inputs, layers of {} units, f32",
            x.ncols(),
            units.join(", ")
        ),
        format!("Batch: {} handwritten digits of the test split", x.nrows()),
        format!(
            "Correct: {correct} of {} ({:.1} %)",
            x.nrows(),
            100.0 * correct as f64 / x.nrows() as f64
        ),
        String::new(),
        "Forward pass             per batch      per digit   GFLOP/s".to_owned(),
        line("naive triple loop", naive),
        line("orthant, one thread", alone),
        line("orthant", fast),
        String::new(),
        format!(
            "orthant ({}, {} threads) is {:.0} times as fast as the loop, {:.0} times on one thread",
            config.simd,
            config.threads,
            naive / fast,
            naive / alone
        ),
        String::new(),
    ]
    .join("\n"))
}

/// Median seconds per call of each function.
///
/// They take turns, and samples of all of them last equally long, many slices of the scheduler: with
/// short samples, a busy machine would interrupt the slow function's calls and spare the fast one's.
fn medians<const N: usize>(mut functions: [&mut dyn FnMut(); N]) -> [f64; N] {
    const SAMPLES: usize = 11;
    const SAMPLE_SECONDS: f64 = 0.05;
    let seconds = |f: &mut dyn FnMut(), calls: usize| {
        let start = Instant::now();
        (0..calls).for_each(|_| f());
        start.elapsed().as_secs_f64() / calls as f64
    };
    let calls = functions.each_mut().map(|f| {
        // The first calls warm caches, branch predictors and the thread pool.
        seconds(f, 3);
        (SAMPLE_SECONDS / seconds(f, 10)).ceil() as usize
    });
    let mut samples = [const { Vec::new() }; N];
    for _ in 0..SAMPLES {
        for ((samples, f), calls) in samples.iter_mut().zip(&mut functions).zip(calls) {
            samples.push(seconds(f, calls));
        }
    }
    samples.map(|mut sample| {
        sample.sort_by(f64::total_cmp);
        sample[sample.len() / 2]
    })
}
