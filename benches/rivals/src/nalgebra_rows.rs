//! nalgebra: matrices of sizes known at run time, stacks as loops over sizes known when compiling.

use nalgebra::{DMatrix, DVector, SMatrix, SVector};

use crate::bench::{ORDERS, run, u};

const LIBRARY: &str = "nalgebra";

fn matrix(seed: u64, rows: usize, columns: usize) -> DMatrix<f64> {
    DMatrix::from_row_iterator(
        rows,
        columns,
        u(seed, rows * columns).iter().map(|u| u - 0.5),
    )
}

pub fn all() {
    for n in ORDERS {
        let a = matrix(1, n, n);
        let b: DVector<f64> = matrix(2, n, 1).column(0).into_owned();
        let s = &a * a.transpose() + DMatrix::<f64>::identity(n, n) * (0.1 * n as f64);
        let id = |op: &str| format!("{op}_f64_{n}");
        run(&id("solve"), LIBRARY, || a.clone().lu().solve(&b));
        run(&id("inv"), LIBRARY, || a.clone().try_inverse());
        run(&id("det"), LIBRARY, || a.determinant());
        run(&id("chol"), LIBRARY, || s.clone().cholesky().map(|c| c.l()));
        run(&id("qr"), LIBRARY, || {
            let qr = a.clone().qr();
            (qr.q(), qr.r())
        });
        run(&id("eigh"), LIBRARY, || s.clone().symmetric_eigen());
        // Beyond, a call takes seconds.
        if n <= 300 {
            run(&id("svd"), LIBRARY, || a.clone().svd(true, true));
        }
        run(&id("norm_fro"), LIBRARY, || a.norm());
    }
    stack::<4>();
    stack::<16>();
}

fn stack<const N: usize>()
where
    nalgebra::Const<N>: nalgebra::DimMin<nalgebra::Const<N>, Output = nalgebra::Const<N>>
        + nalgebra::ToTypenum
        + nalgebra::DimSub<nalgebra::U1>,
{
    let values = u(1, 1000 * N * N);
    let matrices: Vec<SMatrix<f64, N, N>> = values
        .chunks(N * N)
        .map(|v| SMatrix::from_fn(|i, j| v[i * N + j] - 0.5 + if i == j { 2.0 } else { 0.0 }))
        .collect();
    let sides: Vec<SVector<f64, N>> = u(2, 1000 * N)
        .chunks(N)
        .map(|v| SVector::from_fn(|i, _| v[i] - 0.5))
        .collect();
    let id = |op: &str| format!("{op}_f64_1000x{N}x{N}");
    run(&id("bsolve"), LIBRARY, || {
        let pairs = matrices.iter().zip(&sides);
        pairs.map(|(a, b)| a.lu().solve(b)).collect::<Vec<_>>()
    });
    run(&id("binv"), LIBRARY, || {
        let all = matrices.iter();
        all.map(|a| a.try_inverse()).collect::<Vec<_>>()
    });
    run(&id("bdet"), LIBRARY, || {
        let all = matrices.iter();
        all.map(|a| a.lu().determinant()).collect::<Vec<_>>()
    });
}
