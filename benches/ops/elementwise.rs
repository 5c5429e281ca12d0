//! Elementwise operations and those on a 4000×2500 matrix.

use orthant::ufunc;
use orthant::{ScalarOperand, fused, prelude::*, where_, zip};

use crate::Bench;
use crate::data::{Element, positive, u, wide};

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    for (n, size) in [
        (10, "10"),
        (1_000, "1e3"),
        (100_000, "1e5"),
        (1_000_000, "1e6"),
        (10_000_000, "1e7"),
    ] {
        let id = |op: &str| format!("{op}_{dtype}_{size}");
        let ops = [
            "add",
            "exp",
            "log",
            "sqrt",
            "tanh",
            "sin",
            "pow",
            "fma3",
            "where",
            "mask",
            "sigmoid",
            "relu",
            "inplace_scale",
            "compare",
        ];
        if !ops.iter().any(|op| bench.wants(&id(op))) && !bench.wants(&id("add_out")) {
            continue;
        }
        let (a, b, c) = (
            positive::<T>(1, n),
            positive::<T>(2, n),
            positive::<T>(3, n),
        );
        let r = wide::<T>(4, n);
        let mut out = a.clone();
        bench.run(&id("add"), || &a + &b);
        bench.run(&id("add_out"), || ufunc::Add.call_into(&a, &b, &mut out));
        bench.run(&id("exp"), || r.exp());
        bench.run(&id("exp_out"), || ufunc::Exp.call_into(&r, &mut out));
        bench.run(&id("log"), || a.log());
        bench.run(&id("sqrt"), || a.sqrt());
        bench.run(&id("tanh"), || r.tanh());
        bench.run(&id("sin"), || r.sin());
        bench.run(&id("pow"), || a.pow(&b));
        bench.run(&id("fma3"), || {
            zip((&a, &b, &c)).map(fused!(|(a, b, c)| a * b + c))
        });
        bench.run(&id("where"), || where_(&a.greater(&b), &a, &b));
        bench.run(&id("mask"), || {
            a.mask(&a.greater(ScalarOperand(T::of(0.6))))
        });
        bench.run(&id("sigmoid"), || r.sigmoid());
        bench.run(&id("relu"), || r.relu());
        bench.run(&id("compare"), || a.greater(&b));
        let mut x = a.clone();
        let mut divisor = [T::of(255.0), T::of(1.0 / 255.0)];
        bench.run(&id("inplace_scale"), || {
            divisor.reverse();
            x /= ScalarOperand(divisor[0]);
        });
    }

    let id = |op: &str| format!("{op}_{dtype}_4000x2500");
    if !["bcast_row", "T_copy", "addT"]
        .iter()
        .any(|op| bench.wants(&id(op)))
    {
        return;
    }
    let fill = |seed, shape: [usize; 2]| {
        let values = u(seed, shape[0] * shape[1]);
        let mut out = Array2::full(shape, T::ZERO);
        out.iter_mut()
            .zip(&values)
            .for_each(|(slot, &value)| *slot = T::of(value));
        out
    };
    let x = fill(1, [4000, 2500]);
    let bias = fill(2, [1, 2500]).into_index_axis(0, 0);
    bench.run(&id("bcast_row"), || &x + &bias);
    bench.run(&id("T_copy"), || x.t().as_standard_layout().into_owned());
    let half = x.slice(s![..2500, ..]);
    bench.run(&id("addT"), || half + half.t());
}
