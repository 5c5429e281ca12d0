//! Decompositions.

use orthant::prelude::*;

use crate::Bench;

#[cfg(not(feature = "embedded"))]
pub fn all(_: &Bench) {}

#[cfg(feature = "embedded")]
pub fn all(bench: &Bench) {
    use orthant::linalg;

    use crate::data::matrix;

    for n in [8, 32, 100, 300, 1000] {
        let id = format!("svd_f64_{n}");
        if bench.wants(&id) {
            let a = matrix::<f64, _>(1, [n, n]);
            bench.run(&id, || linalg::svd(&a).expect("finite"));
        }
    }
    if bench.wants("svd_f64_1000x1536") {
        let a = matrix::<f64, _>(1, [1000, 1536]);
        bench.run("svd_f64_1000x1536", || linalg::svd(&a).expect("finite"));
    }
    if bench.wants("svdvals_f64_300") {
        let a = matrix::<f64, _>(1, [300, 300]);
        bench.run("svdvals_f64_300", || linalg::svdvals(&a).expect("finite"));
    }
    if bench.wants("pca_f64_1000x1536_128") {
        let a = matrix::<f64, _>(1, [1000, 1536]);
        bench.run("pca_f64_1000x1536_128", || {
            let mut mean = Array1::<f64>::zeros(a.ncols());
            for row in a.outer_iter() {
                mean += row;
            }
            mean /= a.nrows() as f64;
            let svd = linalg::svd(&(&a - &mean)).expect("finite");
            svd.u.slice(s![.., ..128]) * svd.s.slice(s![..128])
        });
    }
}
