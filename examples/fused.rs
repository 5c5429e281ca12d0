//! One pass where NumPy makes temporaries: `exp(a) * b + c`, and an exponentially weighted mean.

use std::time::Instant;

use orthant::{fused, math, prelude::*, zip};

fn main() {
    let n = 1_000_000;
    let a = Array1::linspace(-1.0, 1.0, n);
    let b = Array1::linspace(0.0, 2.0, n);
    let c = Array1::full([n], 0.5);

    let begin = Instant::now();
    let y = zip((&a, &b, &c)).map(fused!(|(a, b, c)| math::exp(a) * b + c));
    println!("exp(a) * b + c of {n} elements: {:?}", begin.elapsed());
    println!("{y:.3}");

    let begin = Instant::now();
    let alpha = 0.1;
    let mean = y.accumulate_with(0, fused!(|mean, y| alpha * y + (1.0 - alpha) * mean));
    println!("its exponentially weighted mean: {:?}", begin.elapsed());
    println!("{mean:.3}");
}
