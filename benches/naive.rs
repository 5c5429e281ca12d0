//! orthant against the loops that a user would write by hand, under criterion.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orthant::prelude::*;
use std::hint::black_box;

/// Values without structure, the same on every run.
fn values<S: IntoShape>(shape: S) -> Array<f64, S::Dim> {
    let mut state = 1u64;
    let mut out = Array::<f64, S::Dim>::zeros(shape);
    out.iter_mut().for_each(|slot| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        *slot = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    });
    out
}

fn naive_matmul(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Array2<f64> {
    let mut c = Array2::zeros([a.nrows(), b.ncols()]);
    for i in 0..a.nrows() {
        for j in 0..b.ncols() {
            for k in 0..a.ncols() {
                c[[i, j]] += a[[i, k]] * b[[k, j]];
            }
        }
    }
    c
}

fn matmul(c: &mut Criterion) {
    let mut group = c.benchmark_group("matmul");
    group.sample_size(20);
    for n in [16, 64, 256] {
        let (a, b) = (values([n, n]), values([n, n]));
        assert!(a.matmul(&b).all_close(naive_matmul(&a, &b), 1e-12, 1e-12));
        group.bench_function(BenchmarkId::new("orthant", n), |bench| {
            bench.iter(|| black_box(a.matmul(&b)));
        });
        group.bench_function(BenchmarkId::new("naive", n), |bench| {
            bench.iter(|| black_box(naive_matmul(&a, &b)));
        });
    }
}

fn batched_matmul(c: &mut Criterion) {
    let mut group = c.benchmark_group("batched matmul 1000x4x4");
    let (a, b) = (values([1000, 4, 4]), values([1000, 4, 4]));
    group.bench_function("orthant", |bench| bench.iter(|| black_box(a.matmul(&b))));
    group.bench_function("naive", |bench| {
        bench.iter(|| {
            let mut c = Array3::<f64>::zeros([1000, 4, 4]);
            for ((mut c, a), b) in c.outer_iter_mut().zip(a.outer_iter()).zip(b.outer_iter()) {
                c.assign(naive_matmul(&a, &b));
            }
            black_box(c)
        });
    });
}

fn elementwise(c: &mut Criterion) {
    for n in [1_000, 1_000_000] {
        let mut group = c.benchmark_group(format!("a + b, {n}"));
        let (a, b) = (values(n), values(n));
        group.bench_function("orthant", |bench| bench.iter(|| black_box(&a + &b)));
        group.bench_function("naive", |bench| {
            bench.iter(|| {
                let mut c = vec![0.0; n];
                for i in 0..n {
                    c[i] = a[i] + b[i];
                }
                black_box(c)
            });
        });
    }
}

fn broadcasting(c: &mut Criterion) {
    let mut group = c.benchmark_group("x + bias, 1000x1000");
    let (x, bias) = (values([1000, 1000]), values(1000));
    group.bench_function("orthant", |bench| bench.iter(|| black_box(&x + &bias)));
    group.bench_function("naive", |bench| {
        bench.iter(|| {
            let mut y = Array2::<f64>::zeros([1000, 1000]);
            for i in 0..1000 {
                for j in 0..1000 {
                    y[[i, j]] = x[[i, j]] + bias[j];
                }
            }
            black_box(y)
        });
    });
}

fn transpose(c: &mut Criterion) {
    let mut group = c.benchmark_group("transposed copy, 1000x1000");
    let x = values([1000, 1000]);
    group.bench_function("orthant", |bench| {
        bench.iter(|| black_box(x.t().as_standard_layout().into_owned()));
    });
    group.bench_function("naive", |bench| {
        bench.iter(|| {
            let mut y = Array2::<f64>::zeros([1000, 1000]);
            for i in 0..1000 {
                for j in 0..1000 {
                    y[[i, j]] = x[[j, i]];
                }
            }
            black_box(y)
        });
    });
}

/// One-sided Jacobi (Hestenes 1958): rotates columns until they are orthogonal.
fn naive_singular_values(a: &ArrayRef2<f64>) -> Vec<f64> {
    let mut a = a.to_owned();
    let n = a.ncols();
    for _ in 0..30 {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let (mut pp, mut qq, mut pq) = (0.0, 0.0, 0.0);
                for i in 0..a.nrows() {
                    pp += a[[i, p]] * a[[i, p]];
                    qq += a[[i, q]] * a[[i, q]];
                    pq += a[[i, p]] * a[[i, q]];
                }
                if pq.abs() <= 1e-14 * (pp * qq).sqrt() {
                    continue;
                }
                rotated = true;
                let zeta = (qq - pp) / (2.0 * pq);
                let t = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
                let cos = 1.0 / (1.0 + t * t).sqrt();
                for i in 0..a.nrows() {
                    let (x, y) = (a[[i, p]], a[[i, q]]);
                    a[[i, p]] = cos * (x - t * y);
                    a[[i, q]] = cos * (t * x + y);
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let mut norms: Vec<f64> = a
        .columns()
        .map(|column| column.iter().map(|x| x * x).sum::<f64>().sqrt())
        .collect();
    norms.sort_by(|a, b| b.total_cmp(a));
    norms
}

fn svd(c: &mut Criterion) {
    let mut group = c.benchmark_group("singular values, 60x40");
    let x = values([60, 40]);
    let ours = orthant::linalg::svdvals(&x).expect("finite");
    assert!(ours.all_close(Array1::from_vec(naive_singular_values(&x)), 1e-10, 0.0));
    group.bench_function("orthant", |bench| {
        bench.iter(|| black_box(orthant::linalg::svdvals(&x)));
    });
    group.bench_function("naive", |bench| {
        bench.iter(|| black_box(naive_singular_values(&x)))
    });
}

criterion_group!(
    benches,
    matmul,
    batched_matmul,
    elementwise,
    broadcasting,
    transpose,
    svd
);
criterion_main!(benches);
