//! Reductions of vectors and over the axes of a 4000×2500 matrix.

use orthant::{fused, zip};

use crate::Bench;
use crate::data::{Element, positive, rows};

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    for (n, size) in [
        (10, "10"),
        (1_000, "1e3"),
        (100_000, "1e5"),
        (1_000_000, "1e6"),
        (10_000_000, "1e7"),
    ] {
        let id = |op: &str| format!("{op}_{dtype}_{size}");
        let ops = ["sum", "max", "argmax", "std", "cumsum"];
        if !ops.iter().any(|op| bench.wants(&id(op))) {
            continue;
        }
        let a = positive::<T>(1, n);
        bench.run(&id("sum"), || a.sum());
        bench.run(&id("max"), || a.max());
        bench.run(&id("argmax"), || a.argmax());
        bench.run(&id("std"), || a.std());
        bench.run(&id("cumsum"), || a.cumsum());
    }

    let id = |op: &str| format!("{op}_{dtype}_4000x2500");
    let ops = ["sum0", "sum1", "std0", "normalise"];
    if !ops.iter().any(|op| bench.wants(&id(op))) {
        return;
    }
    let x = rows::<T>();
    bench.run(&id("sum0"), || x.sum_axis(0));
    bench.run(&id("sum1"), || x.sum_axis(1));
    bench.run(&id("std0"), || x.std_axis(0));
    bench.run(&id("normalise"), || {
        let (mean, std) = (x.mean_axis(0), x.std_axis(0));
        zip((&x, &mean, &std)).map(fused!(|(x, mean, std)| (x - mean) / std))
    });
}
