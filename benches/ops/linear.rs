//! Solvers and decompositions.

use orthant::prelude::*;

use crate::Bench;

#[cfg(not(feature = "embedded"))]
pub fn all(_: &Bench) {}

#[cfg(feature = "embedded")]
pub fn all(bench: &Bench) {
    for n in [8, 32, 100, 300, 1000] {
        square(bench, n);
    }
    rectangular(bench);
    for n in [4, 16] {
        stacks(bench, n);
    }
    components(bench);
}

/// One matrix of order `n`.
#[cfg(feature = "embedded")]
fn square(bench: &Bench, n: usize) {
    use orthant::linalg::{self, QrMode, Uplo};

    use crate::data::matrix;

    let wanted = [
        "solve", "inv", "det", "chol", "qr", "eigh", "eig", "svd", "norm_fro", "norm2",
    ];
    let id = |op: &str| format!("{op}_f64_{n}");
    if !wanted.iter().any(|op| bench.wants(&id(op))) {
        return;
    }
    let a = matrix::<f64, _>(1, [n, n]);
    let b = matrix::<f64, _>(2, n);
    let s = a.matmul(a.t()) + Array2::<f64>::identity(n) * (0.1 * n as f64);
    let done = "the data are finite and far from singular";
    bench.run(&id("solve"), || linalg::solve(&a, &b).expect(done));
    bench.run(&id("inv"), || linalg::inv(&a).expect(done));
    bench.run(&id("det"), || linalg::det(&a).expect(done));
    bench.run(&id("chol"), || {
        linalg::cholesky(&s, Uplo::Lower).expect(done)
    });
    bench.run(&id("qr"), || linalg::qr(&a, QrMode::Reduced).expect(done));
    bench.run(&id("eigh"), || linalg::eigh(&s, Uplo::Lower).expect(done));
    bench.run(&id("eig"), || linalg::eig(&a).expect(done));
    bench.run(&id("svd"), || linalg::svd(&a).expect(done));
    bench.run(&id("norm_fro"), || linalg::norm(&a));
    bench.run(&id("norm2"), || linalg::norm_ord(&a, 2).expect(done));
}

#[cfg(feature = "embedded")]
fn rectangular(bench: &Bench) {
    use orthant::linalg;

    use crate::data::matrix;

    if bench.wants("svd_f64_1000x1536") {
        let a = matrix::<f64, _>(1, [1000, 1536]);
        bench.run("svd_f64_1000x1536", || linalg::svd(&a).expect("finite"));
    }
    if bench.wants("svdvals_f64_300") {
        let a = matrix::<f64, _>(1, [300, 300]);
        bench.run("svdvals_f64_300", || linalg::svdvals(&a).expect("finite"));
    }
    if bench.wants("lstsq_f64_2000x100") {
        let (a, b) = (matrix::<f64, _>(1, [2000, 100]), matrix::<f64, _>(2, 2000));
        bench.run("lstsq_f64_2000x100", || {
            linalg::lstsq(&a, &b, None).expect("finite")
        });
    }
    if bench.wants("pinv_f64_300x200") {
        let a = matrix::<f64, _>(1, [300, 200]);
        bench.run("pinv_f64_300x200", || {
            linalg::pinv(&a, None).expect("finite")
        });
    }
}

/// A thousand matrices of order `n` at once.
#[cfg(feature = "embedded")]
fn stacks(bench: &Bench, n: usize) {
    use orthant::linalg;

    use crate::data::matrix;

    let id = |op: &str| format!("{op}_f64_1000x{n}x{n}");
    if !["bsolve", "binv", "bdet"]
        .iter()
        .any(|op| bench.wants(&id(op)))
    {
        return;
    }
    let a = matrix::<f64, _>(1, [1000, n, n]) + 2.0 * Array2::<f64>::identity(n);
    let b = matrix::<f64, _>(2, [1000, n, 1]);
    let done = "the diagonal is heavy";
    bench.run(&id("bsolve"), || linalg::solve(&a, &b).expect(done));
    bench.run(&id("binv"), || linalg::inv(&a).expect(done));
    bench.run(&id("bdet"), || linalg::det(&a).expect(done));
}

/// The first 128 principal components' scores.
#[cfg(feature = "embedded")]
fn components(bench: &Bench) {
    use orthant::linalg::{Components, Pca, RandomSketch};

    use crate::data::matrix;

    if bench.wants("pca_f64_1000x1536_128") {
        let a = matrix::<f64, _>(1, [1000, 1536]);
        bench.run("pca_f64_1000x1536_128", || {
            Pca::fit_transform(&a, Components::First(128)).expect("finite")
        });
    }
    if bench.wants("pca_rand_f64_1000x1536_128") {
        let a = matrix::<f64, _>(1, [1000, 1536]);
        // As many power iterations as PyTorch's `pca_lowrank` makes, and ten directions more.
        let sketch = RandomSketch {
            power_iterations: 2,
            ..RandomSketch::default()
        };
        bench.run("pca_rand_f64_1000x1536_128", || {
            Pca::fit_transform_randomized(&a, 128, sketch).expect("finite")
        });
    }
}
