//! faer, on one and on two threads.

use faer::linalg::solvers::DenseSolveCore;
use faer::prelude::*;
use faer::{Mat, Par, Side};

use crate::bench::{ORDERS, run, u};

pub fn all() {
    for (par, library) in [(Par::Seq, "faer_t1"), (Par::rayon(2), "faer_t2")] {
        faer::set_global_parallelism(par);
        rows(library);
    }
}

fn matrix(seed: u64, rows: usize, columns: usize) -> Mat<f64> {
    let values = u(seed, rows * columns);
    Mat::from_fn(rows, columns, |i, j| values[i * columns + j] - 0.5)
}

fn rows(library: &str) {
    for n in ORDERS {
        let (a, b) = (matrix(1, n, n), matrix(2, n, 1));
        let s = &a * a.transpose() + Mat::<f64>::identity(n, n) * Scale(0.1 * n as f64);
        let done = "the data are finite and far from singular";
        let id = |op: &str| format!("{op}_f64_{n}");
        run(&id("solve"), library, || a.partial_piv_lu().solve(&b));
        run(&id("inv"), library, || a.partial_piv_lu().inverse());
        run(&id("det"), library, || a.determinant());
        run(&id("chol"), library, || {
            let l = s.llt(Side::Lower).expect(done);
            l.L().to_owned()
        });
        run(&id("qr"), library, || {
            let qr = a.qr();
            (qr.compute_thin_Q(), qr.thin_R().to_owned())
        });
        run(&id("eigh"), library, || {
            s.self_adjoint_eigen(Side::Lower).expect(done)
        });
        run(&id("eig"), library, || a.eigen().expect(done));
        run(&id("svd"), library, || a.thin_svd().expect(done));
    }
    let (a, x) = (matrix(1, 1000, 1536), matrix(1, 300, 300));
    run("svd_f64_1000x1536", library, || a.thin_svd());
    run("svdvals_f64_300", library, || x.singular_values());
    let (a, b) = (matrix(1, 2000, 100), matrix(2, 2000, 1));
    run("lstsq_f64_2000x100", library, || a.qr().solve_lstsq(&b));
    let a = matrix(1, 300, 200);
    run("pinv_f64_300x200", library, || {
        a.thin_svd().map(|svd| svd.pseudoinverse())
    });
    for n in [64, 256, 1024, 2048] {
        let (a, b) = (matrix(1, n, n), matrix(2, n, n));
        run(&format!("matmul_f64_{n}"), library, || &a * &b);
    }
}
