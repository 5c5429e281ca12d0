//! ndarray, by its serial one-liners.

use ndarray::{Array1, Array2, Axis, Zip};

use crate::bench::{SIZES, run, u};

const LIBRARY: &str = "ndarray";

macro_rules! rows {
    ($name:ident, $t:ident) => {
        fn $name() {
            let dtype = stringify!($t);
            for (n, size) in SIZES {
                let id = |op: &str| format!("{op}_{dtype}_{size}");
                let data = |seed, f: fn(f64) -> f64| -> Array1<$t> {
                    u(seed, n).iter().map(|&u| f(u) as $t).collect()
                };
                let a = data(1, |u| u + 0.1);
                let b = data(2, |u| u + 0.1);
                let c = data(3, |u| u + 0.1);
                let r = data(4, |u| 8.0 * (u - 0.5));
                let mut out = a.clone();
                run(&id("add"), LIBRARY, || &a + &b);
                run(&id("add_out"), LIBRARY, || {
                    Zip::from(&mut out)
                        .and(&a)
                        .and(&b)
                        .for_each(|o, &a, &b| *o = a + b)
                });
                run(&id("exp"), LIBRARY, || r.mapv($t::exp));
                run(&id("log"), LIBRARY, || a.mapv($t::ln));
                run(&id("sqrt"), LIBRARY, || a.mapv($t::sqrt));
                run(&id("tanh"), LIBRARY, || r.mapv($t::tanh));
                run(&id("sin"), LIBRARY, || r.mapv($t::sin));
                run(&id("pow"), LIBRARY, || {
                    Zip::from(&a).and(&b).map_collect(|a, &b| a.powf(b))
                });
                run(&id("fma3"), LIBRARY, || {
                    Zip::from(&a)
                        .and(&b)
                        .and(&c)
                        .map_collect(|a, b, c| a * b + c)
                });
                run(&id("where"), LIBRARY, || {
                    Zip::from(&a)
                        .and(&b)
                        .map_collect(|&a, &b| if a > b { a } else { b })
                });
                run(&id("sigmoid"), LIBRARY, || {
                    r.mapv(|r| 1.0 / (1.0 + (-r).exp()))
                });
                run(&id("relu"), LIBRARY, || {
                    r.mapv(|r| if r > 0.0 { r } else { 0.0 })
                });
                run(&id("compare"), LIBRARY, || {
                    Zip::from(&a).and(&b).map_collect(|a, b| a > b)
                });
                run(&id("sum"), LIBRARY, || a.sum());
                run(&id("std"), LIBRARY, || a.std(0.0));
                run(&id("cumsum"), LIBRARY, || {
                    let mut out = a.clone();
                    out.accumulate_axis_inplace(Axis(0), |&before, x| *x += before);
                    out
                });
            }
            let id = |op: &str| format!("{op}_{dtype}_4000x2500");
            let values: Vec<$t> = u(1, 4000 * 2500).iter().map(|&u| u as $t).collect();
            let x = Array2::from_shape_vec((4000, 2500), values).expect("as many values");
            let bias: Array1<$t> = u(2, 2500).iter().map(|&u| u as $t).collect();
            run(&id("bcast_row"), LIBRARY, || &x + &bias);
            run(&id("sum0"), LIBRARY, || x.sum_axis(Axis(0)));
            run(&id("sum1"), LIBRARY, || x.sum_axis(Axis(1)));
            run(&id("std0"), LIBRARY, || x.std_axis(Axis(0), 0.0));
            run(&id("T_copy"), LIBRARY, || {
                x.t().as_standard_layout().into_owned()
            });
            run(&id("normalise"), LIBRARY, || {
                let mean = x.mean_axis(Axis(0)).expect("there are rows");
                (&x - &mean) / x.std_axis(Axis(0), 0.0)
            });
            for n in [4, 16, 64, 256, 1024, 2048] {
                let matrix = |seed| {
                    let values = u(seed, n * n).iter().map(|&u| (u - 0.5) as $t).collect();
                    Array2::from_shape_vec((n, n), values).expect("as many values")
                };
                let (a, b): (Array2<$t>, Array2<$t>) = (matrix(1), matrix(2));
                run(&format!("matmul_{dtype}_{n}"), LIBRARY, || a.dot(&b));
            }
        }
    };
}
rows!(singles, f32);
rows!(doubles, f64);

pub fn all() {
    singles();
    doubles();
}
