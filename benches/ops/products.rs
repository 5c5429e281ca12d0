//! Matrix products, single and in stacks, and the dense layer.

use orthant::linalg::EinsumPlan;
use orthant::{einsum, fused, prelude::*, zip};

use crate::Bench;
use crate::data::{Element, matrix, u};

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    for n in [4, 16, 64, 128, 256, 512, 1024, 2048] {
        let id = format!("matmul_{dtype}_{n}");
        if bench.wants(&id) {
            let (a, b) = (matrix::<T, _>(1, [n, n]), matrix::<T, _>(2, [n, n]));
            let mut c = a.clone();
            bench.run(&id, || a.matmul_into(&b, &mut c));
        }
    }
    let id = format!("matmul_tall_{dtype}");
    if bench.wants(&id) {
        let (a, b) = (matrix::<T, _>(1, [10_000, 64]), matrix::<T, _>(2, [64, 64]));
        bench.run(&id, || a.matmul(&b));
    }
    let id = format!("matvec_{dtype}_2000");
    if bench.wants(&id) {
        let (a, x) = (matrix::<T, _>(1, [2000, 2000]), matrix::<T, _>(2, 2000));
        bench.run(&id, || a.matmul(&x));
    }
    for (b, m, k, n) in [
        (50, 2, 4, 3),
        (1000, 4, 4, 4),
        (10_000, 4, 4, 4),
        (1000, 16, 16, 16),
        (32, 128, 64, 128),
        (384, 128, 64, 128),
    ] {
        let id = format!("bmm_{dtype}_{b}x{m}x{k}x{n}");
        if bench.wants(&id) {
            let (left, right) = (matrix::<T, _>(1, [b, m, k]), matrix::<T, _>(2, [b, k, n]));
            bench.run(&id, || left.matmul(&right));
        }
    }
    let id = format!("bmm_nt_{dtype}_384x128x64");
    if bench.wants(&id) {
        let (q, k) = (
            matrix::<T, _>(1, [384, 128, 64]),
            matrix::<T, _>(2, [384, 128, 64]),
        );
        bench.run(&id, || q.matmul(k.swap_axes(1, 2)));
    }
    for (m, k, n) in [(32, 128, 64), (1024, 1024, 1024)] {
        let id = format!("dense_{dtype}_{m}x{k}x{n}");
        if bench.wants(&id) {
            let (x, w) = (matrix::<T, _>(1, [m, k]), matrix::<T, _>(2, [k, n]));
            let bias = matrix::<T, _>(3, n);
            bench.run(&id, || {
                let mut y = x.matmul(&w);
                let relu = fused!(|(y, b): (&mut T, T)| {
                    let sum = *y + b;
                    *y = if sum > T::ZERO { sum } else { T::ZERO };
                });
                zip((&mut y, &bias)).for_each(relu);
                y
            });
        }
    }
}

pub fn integers(bench: &Bench) {
    let digits = |seed| u(seed, 512 * 512).into_iter().map(|u| (10.0 * u).floor());
    if bench.wants("matmul_i32_512") {
        let fill =
            |seed| Array2::from_shape_vec([512, 512], digits(seed).map(|x| x as i32).collect());
        let (a, b) = (fill(1), fill(2));
        bench.run("matmul_i32_512", || a.matmul(&b));
    }
    if bench.wants("matmul_i64_512") {
        let fill =
            |seed| Array2::from_shape_vec([512, 512], digits(seed).map(|x| x as i64).collect());
        let (a, b) = (fill(1), fill(2));
        bench.run("matmul_i64_512", || a.matmul(&b));
    }
}

pub fn sums_by_names<T: Element>(bench: &Bench, dtype: &str) {
    let id = format!("einsum_chain_{dtype}");
    if bench.wants(&id) {
        let (a, b) = (matrix::<T, _>(1, [100, 200]), matrix::<T, _>(2, [200, 300]));
        let c = matrix::<T, _>(3, [300, 100]);
        bench.run(&id, || {
            einsum("ij,jk,kl->il", (&a, &b, &c)).expect("shapes fit")
        });
    }
    let id = format!("einsum_attn_{dtype}");
    if bench.wants(&id) {
        let shape = [8, 4, 64, 32];
        let (q, k) = (matrix::<T, _>(1, shape), matrix::<T, _>(2, shape));
        bench.run(&id, || {
            einsum("bhid,bhjd->bhij", (&q, &k)).expect("shapes fit")
        });
    }
    let id = format!("einsum_ijk_jk_{dtype}");
    if bench.wants(&id) {
        let (x, w) = (matrix::<T, _>(1, [64, 64, 64]), matrix::<T, _>(2, [64, 64]));
        bench.run(&id, || einsum("ijk,jk->ij", (&x, &w)).expect("shapes fit"));
    }
    // Not in the table: what parsing and lowering cost.
    let (x, y) = (matrix::<T, _>(1, [2, 2]), matrix::<T, _>(2, [2, 2]));
    let id = format!("einsum_tiny_{dtype}");
    bench.run(&id, || einsum("ij,jk->ik", (&x, &y)).expect("shapes fit"));
    let plan = EinsumPlan::new("ij,jk->ik", &[[2, 2], [2, 2]]).expect("shapes fit");
    let id = format!("einsum_tiny_plan_{dtype}");
    bench.run(&id, || plan.run((&x, &y)).expect("shapes fit"));
}
