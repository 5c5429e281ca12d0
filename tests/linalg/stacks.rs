//! Every decomposition of stacks, of all four scalars, in every memory layout: by what defines it.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, Normed, QrMode, Uplo};
use orthant::prelude::*;
use orthant::{Float, Number, ScalarOperand};

use crate::common::{Sample, adjoint, eps, for_all, largest, random};

/// The same elements in C order, in F order, with steps, backwards, and as transposes.
fn layouts<T: Sample>(a: &ArrayRef3<T>) -> Vec<(&'static str, Array3<T>)> {
    let shape = [0, 1, 2].map(|axis| a.shape()[axis]);
    let cut = |steps: [isize; 3]| {
        let long = [0, 1, 2].map(|axis| shape[axis] * steps[axis].unsigned_abs());
        let mut out = Array3::<T>::zeros(long);
        for (axis, &step) in steps.iter().enumerate() {
            out = out.into_slice_axis(axis, None, None, step);
        }
        out.assign(a);
        out
    };
    vec![
        ("C", a.to_owned()),
        ("F", a.to_order(orthant::Order::F)),
        ("strided", cut([2, 3, 2])),
        ("negative", cut([-1, -2, -1])),
        (
            "transposed",
            a.swap_axes(1, 2).to_owned().into_swap_axes(1, 2),
        ),
    ]
}

/// ‖off‖ must be a small multiple of `unit`, ε and the order.
#[track_caller]
fn small<T: Sample, D: Dimension>(what: &str, off: &ArrayRef<T, D>, unit: f64) {
    let n = off.shape().iter().rev().take(2).max().copied().unwrap_or(1);
    let (found, limit) = (largest(off), 60.0 * unit * n as f64 * eps::<T>());
    assert!(
        found <= limit,
        "{what} of {}: {found:e} > {limit:e}",
        std::any::type_name::<T>()
    );
}

#[test]
fn tall_wide_and_square_stacks() {
    fn test<T: Sample + Normed<Magnitude = <T as Number>::Real>>() {
        let seed = &mut 21;
        for (m, n) in [(7, 4), (4, 7), (5, 5), (1, 6), (6, 1), (1, 1)] {
            let a = random::<T, _>([3, m, n], seed);
            let b = random::<T, _>([3, m, 2], seed);
            let k = m.min(n);
            for (layout, given) in layouts(&a) {
                let what = |op: &str| format!("{op} ({m}, {n}) {layout}");
                for mode in [QrMode::Reduced, QrMode::Complete] {
                    let qr = linalg::qr(&given, mode).unwrap();
                    small(&what("qr"), &(qr.reconstruct() - &a), 1.0);
                    let gram = adjoint(&qr.q).matmul(&qr.q);
                    let order = gram.shape()[2];
                    small(&what("Q"), &(gram - Array2::identity(order)), 1.0);
                    let pivoted = linalg::qr_pivoted(&given, mode).unwrap();
                    small(&what("qr_pivoted"), &(pivoted.reconstruct() - &a), 1.0);
                    assert_eq!(pivoted.rank(None).unwrap(), Array1::full([3], k));
                    // Orthogonal to the columns; for wide matrices the residual is nothing.
                    let x = pivoted.solve(&b, None).unwrap();
                    let slope = adjoint(&a).matmul(a.matmul(&x) - &b);
                    small(&what("pivoted solve"), &slope, 10.0 * (1.0 + largest(&x)));
                    if m >= n {
                        let x = qr.solve(&b).unwrap();
                        let slope = adjoint(&a).matmul(a.matmul(&x) - &b);
                        small(&what("qr solve"), &slope, 10.0 * (1.0 + largest(&x)));
                    }
                }
                let svd = linalg::svd(&given).unwrap();
                small(&what("svd"), &(svd.reconstruct() - &a), 2.0);
                let full = linalg::svd_full(&given).unwrap();
                small(&what("svd_full"), &(full.reconstruct() - &a), 2.0);
                let values = linalg::svdvals(&given).unwrap();
                small(
                    &what("svdvals"),
                    &(&values - &svd.s).map(|&x| T::from_real(x)),
                    4.0,
                );
                let cond = linalg::cond(&given).unwrap();
                let worst = cond.iter().map(|c| c.to_f64()).fold(1.0, f64::max);
                for (i, c) in cond.iter().enumerate() {
                    let ratio = svd.s[[i, 0]].to_f64() / svd.s[[i, k - 1]].to_f64();
                    let near = 60.0 * ratio * ratio * m.max(n) as f64 * eps::<T>();
                    assert!((c.to_f64() - ratio).abs() <= near, "{}", what("cond"));
                }
                let p = linalg::pinv(&given, None).unwrap();
                let off = a.matmul(&p).matmul(&a) - &a;
                small(&what("pinv"), &off, 4.0 * worst);
                let fit = linalg::lstsq(&given, &b, None).unwrap();
                assert_eq!(fit.rank, Array1::full([3], k));
                let unit = 10.0 * worst * worst;
                small(&what("lstsq"), &(p.matmul(&b) - &fit.x), unit);
                let (right, left) = (
                    linalg::polar(&given).unwrap(),
                    linalg::polar_left(&given).unwrap(),
                );
                small(&what("polar"), &(right.u.matmul(&right.p) - &a), 4.0);
                small(&what("polar_left"), &(left.p.matmul(&left.u) - &a), 4.0);
            }
        }
    }
    for_all!(test);
}

#[test]
fn square_stacks() {
    fn test<T: Sample>() {
        let seed = &mut 22;
        for n in [1, 2, 6] {
            let heavy = Array2::<T>::identity(n) * ScalarOperand(T::of(3.0, 0.0));
            let a = random::<T, _>([3, n, n], seed) + &heavy;
            let wide = a.map(|&x| <T::Complex as Scalars>::of(x));
            for (layout, given) in layouts(&a) {
                let what = |op: &str| format!("{op} ({n}) {layout}");
                let schur = linalg::schur(&given).unwrap();
                small(&what("schur"), &(schur.reconstruct() - &a), 4.0);
                let form = linalg::hessenberg(&given).unwrap();
                small(&what("hessenberg"), &(form.reconstruct() - &a), 4.0);
                let exp = linalg::expm(&given).unwrap();
                let back = linalg::expm(&(-&given)).unwrap();
                let unit = largest(&exp) * largest(&back) * 10.0;
                small(
                    &what("expm"),
                    &(exp.matmul(&back) - Array2::identity(n)),
                    unit,
                );
                let eigen = linalg::eig(&given).unwrap();
                let off =
                    wide.matmul(&eigen.vectors) - &eigen.vectors * eigen.values.insert_axis(1);
                close(&what("eig"), &off, 40.0 * eps::<T>() * n as f64);
                let root = linalg::sqrtm(&given).unwrap();
                let off = root.matmul(&root) - &wide;
                close(&what("sqrtm"), &off, 400.0 * eps::<T>() * n as f64);
                let log = linalg::logm(&given).unwrap();
                let off = linalg::expm(&log).unwrap() - &wide;
                close(&what("logm"), &off, 2000.0 * eps::<T>() * n as f64);
            }
        }
    }
    for_all!(test);
}

/// A scalar among complex numbers.
trait Scalars: orthant::Scalar {
    fn of<T: orthant::Scalar>(x: T) -> Self
    where
        Self: orthant::Scalar<Real = T::Real>,
    {
        Self::from_parts(x.re(), x.im())
    }
}
impl<C: orthant::Scalar> Scalars for C {}

#[track_caller]
fn close<C: orthant::Scalar, D: Dimension>(what: &str, off: &ArrayRef<C, D>, limit: f64) {
    let found = largest(off);
    assert!(found <= limit, "{what}: {found:e} > {limit:e}");
}

#[test]
fn hermitian_stacks() {
    fn test<T: Sample>() {
        let seed = &mut 23;
        for n in [1, 2, 7] {
            let b = random::<T, _>([3, n, n], seed);
            let a = &b + adjoint(&b);
            let heavy = Array2::<T>::identity(n) * ScalarOperand(T::of(2.0 * n as f64, 0.0));
            let positive = &a + &heavy;
            for (at, (layout, given)) in layouts(&a).into_iter().enumerate() {
                let what = |op: &str| format!("{op} ({n}) {layout}");
                let given_positive = &layouts(&positive)[at].1;
                for uplo in [Uplo::Lower, Uplo::Upper] {
                    let eigen = linalg::eigh(&given, uplo).unwrap();
                    small(&what("eigh"), &(eigen.reconstruct() - &a), 8.0);
                    let made = linalg::cholesky(given_positive, uplo).unwrap();
                    small(&what("cholesky"), &(made.reconstruct() - &positive), 20.0);
                    let made = linalg::ldlt(&given, uplo).unwrap();
                    small(&what("ldlt"), &(made.reconstruct() - &a), 20.0);
                    let svd = linalg::svd_hermitian(&given, uplo).unwrap();
                    small(&what("svd_hermitian"), &(svd.reconstruct() - &a), 8.0);
                    let values = linalg::svdvals_hermitian(&given, uplo).unwrap();
                    assert!(values.all_close(&svd.s, 0.0, 60.0 * n as f64 * eps::<T>()));
                    let off = &values - linalg::svdvals(&given).unwrap();
                    small(&what("svdvals"), &off.map(|&x| T::from_real(x)), 8.0);
                    let p = linalg::pinv_hermitian(given_positive, uplo, None).unwrap();
                    let off = p.matmul(&positive) - Array2::identity(n);
                    small(&what("pinv_hermitian"), &off, 20.0);
                    let rank = linalg::matrix_rank_hermitian(given_positive, uplo, None).unwrap();
                    assert_eq!(rank, Array1::full([3], n));

                    let eigen = linalg::eigh_generalised(&given, given_positive, uplo).unwrap();
                    let scaled = positive.matmul(&eigen.vectors);
                    let gram = adjoint(&eigen.vectors).matmul(&scaled);
                    small(&what("VᴴBV"), &(gram - Array2::identity(n)), 20.0);
                    let values = eigen.values.map(|&x| T::from_real(x));
                    let off = a.matmul(&eigen.vectors) - scaled * values.insert_axis(1);
                    small(&what("eigh_generalised"), &off, 20.0);
                    let alone = linalg::eigvalsh_generalised(&given, given_positive, uplo).unwrap();
                    let off = (&alone - &eigen.values).map(|&x| T::from_real(x));
                    small(&what("eigvalsh_generalised"), &off, 20.0);
                }
            }
        }
    }
    for_all!(test);
}

/// Nothing of the other triangle of A or B is read.
#[test]
fn generalised_problems_read_one_triangle_of_both() {
    let seed = &mut 24;
    let n = 5;
    let b = random::<orthant::Complex<f64>, _>([2, n, n], seed);
    let a = &b + adjoint(&b);
    let b = a.matmul(adjoint(&a)) + Array2::identity(n);
    let wanted = linalg::eigvalsh_generalised(&a, &b, Uplo::Lower).unwrap();
    for uplo in [Uplo::Lower, Uplo::Upper] {
        let half = |x: &Array3<orthant::Complex<f64>>| {
            let mut out = x.clone();
            for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
                if i != j && (i > j) != (uplo == Uplo::Lower) {
                    out.slice_mut(s![.., i, j]).fill(f64::NAN.into());
                }
            }
            out
        };
        let found = linalg::eigvalsh_generalised(&half(&a), &half(&b), uplo).unwrap();
        assert!(found.all_close(&wanted, 1e-11, 1e-11), "{found} {wanted}");
    }
}
