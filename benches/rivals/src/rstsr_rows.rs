//! rstsr on its default device, with two threads.

use rstsr::prelude::*;

use crate::bench::{SIZES, run, u};

const LIBRARY: &str = "rstsr";

macro_rules! rows {
    ($name:ident, $t:ident) => {
        fn $name(device: &DeviceFaer) {
            let dtype = stringify!($t);
            for (n, size) in SIZES {
                let id = |op: &str| format!("{op}_{dtype}_{size}");
                let data = |seed| {
                    let values: Vec<$t> = u(seed, n).iter().map(|&u| (u + 0.1) as $t).collect();
                    rt::asarray((values, [n], device))
                };
                let (a, b) = (data(1), data(2));
                run(&id("add"), LIBRARY, || &a + &b);
                run(&id("exp"), LIBRARY, || rt::exp(&a));
                run(&id("sum"), LIBRARY, || a.sum());
                run(&id("max"), LIBRARY, || a.max());
                run(&id("argmax"), LIBRARY, || a.argmax());
                run(&id("std"), LIBRARY, || a.std());
                run(&id("cumsum"), LIBRARY, || rt::cumulative_sum(&a, None));
            }
            let id = |op: &str| format!("{op}_{dtype}_4000x2500");
            let values: Vec<$t> = u(1, 4000 * 2500).iter().map(|&u| u as $t).collect();
            let x = rt::asarray((values, [4000, 2500], device));
            let bias: Vec<$t> = u(2, 2500).iter().map(|&u| u as $t).collect();
            let bias = rt::asarray((bias, [2500], device));
            run(&id("bcast_row"), LIBRARY, || &x + &bias);
            run(&id("sum0"), LIBRARY, || x.sum_axes(0));
            run(&id("sum1"), LIBRARY, || x.sum_axes(1));
            run(&id("std0"), LIBRARY, || x.std_axes(0));
            run(&id("T_copy"), LIBRARY, || x.t().into_contig(RowMajor));
            run(&id("normalise"), LIBRARY, || {
                (&x - x.mean_axes(0)) / x.std_axes(0)
            });
            for n in [4, 16, 64, 256, 1024, 2048] {
                let matrix = |seed| {
                    let values: Vec<$t> = u(seed, n * n).iter().map(|&u| (u - 0.5) as $t).collect();
                    rt::asarray((values, [n, n], device))
                };
                let (a, b) = (matrix(1), matrix(2));
                run(&format!("matmul_{dtype}_{n}"), LIBRARY, || &a % &b);
            }
        }
    };
}
rows!(singles, f32);
rows!(doubles, f64);

pub fn all() {
    let device = DeviceFaer::new(2);
    singles(&device);
    doubles(&device);
}
