//! One test per line of the NumPy checklist on linear algebra, named after the line.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::Complex;
use orthant::linalg::{self, Uplo};
use orthant::prelude::*;

#[test]
fn s1_det_of_4_7_2_6_is_10() {
    let det = linalg::det(&array![[4.0, 7.0], [2.0, 6.0]]).unwrap();
    assert!((det - 10.0f64).abs() < 1e-13);
}

#[test]
fn s1_inv_times_a_is_identity_and_singular_raises() {
    let a = array![[4.0, 7.0], [2.0, 6.0]];
    let inverse = linalg::inv(&a).unwrap();
    assert!(
        a.matmul(&inverse)
            .all_close(&Array2::identity(2), 1e-12, 1e-12)
    );
    let error = linalg::inv(&array![[1.0, 2.0], [2.0, 4.0]]).unwrap_err();
    assert!(error.to_string().contains("Singular matrix"));
}

#[test]
fn s1_solve_by_lu_residual_near_machine_epsilon() {
    let a = array![[4.0, 7.0], [2.0, 6.0]];
    let x = linalg::solve(&a, &array![1.0, 2.0]).unwrap();
    assert!(x.all_close(&array![-0.8, 0.6], 1e-12, 1e-12));
    let n = 50;
    let b = Array2::from_shape_fn([n, n], |[i, j]| {
        ((i * 31 + j * 17) % 101) as f64 / 101.0 - 0.5
    });
    let spd = b.matmul(b.t()) + Array2::<f64>::identity(n) * n as f64;
    let right = Array1::linspace(0.0, 1.0, n);
    let x = linalg::solve(&spd, &right).unwrap();
    assert!(spd.matmul(&x).all_close(&right, 0.0, 1e-13));
}

#[test]
fn s1_eig_returns_values_and_columns() {
    let a = array![[4.0, 7.0], [2.0, 6.0]];
    let eigen = linalg::eig(&a).unwrap();
    assert_eq!(
        (eigen.values.shape(), eigen.vectors.shape()),
        (&[2][..], &[2, 2][..])
    );
    let wide = a.map(|&x| Complex::new(x, 0.0));
    for j in 0..2 {
        let v = eigen.vectors.column(j);
        let off = wide.matmul(&v) - v.map(|&x| x * eigen.values[[j]]);
        assert!(off.iter().all(|x| x.norm() < 1e-13));
    }
}

#[test]
fn s2_eigh_of_4_2_2_3_ascending_and_orthonormal() {
    let a = array![[4.0, 2.0], [2.0, 3.0]];
    let eigen = linalg::eigh(&a, Uplo::Lower).unwrap();
    assert!(
        eigen
            .values
            .all_close(&array![1.43844719, 5.56155281], 0.0, 1e-8)
    );
    let v = &eigen.vectors;
    assert!(v.t().matmul(v).all_close(&Array2::identity(2), 0.0, 1e-13));
    for j in 0..2 {
        let column = v.column(j);
        assert!(
            a.matmul(&column)
                .all_close(&(&column * eigen.values[[j]]), 1e-5, 1e-8)
        );
    }
}

#[test]
fn s2_condition_number_is_the_ratio_of_singular_values() {
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    let s: Array1<f64> = linalg::svdvals(&a).unwrap();
    let cond: f64 = linalg::cond(&a).unwrap();
    let ratio: f64 = s[[0]] / s[[1]];
    assert!((cond - ratio).abs() < 1e-10);
    assert!((cond - 14.933034373659).abs() < 1e-9);
}

#[test]
fn s2_lstsq_of_200_by_10_returns_four_things() {
    let a = Array2::from_shape_fn([200, 10], |[i, j]| {
        ((i * 37 + j * 101 + i * j) % 97) as f64 / 97.0
    });
    let b = Array1::from_shape_fn(200, |[i]| ((i * 53) % 89) as f64 / 89.0);
    let fit = linalg::lstsq(&a, &b, None).unwrap();
    assert_eq!(fit.x.shape(), &[10]);
    assert_eq!(fit.residuals.shape(), &[1]);
    assert_eq!(fit.rank, 10);
    assert_eq!(fit.s.shape(), &[10]);
    let off = a.matmul(&fit.x) - &b;
    let square: f64 = off.iter().map(|x| x * x).sum();
    assert!((fit.residuals[[0]] - square).abs() < 1e-12 * square);
}

#[test]
fn s3_pinv_mends_what_is_singular_and_matrix_rank_tells() {
    let a = array![[1.0, 2.0], [2.0, 4.0]];
    assert_eq!(linalg::matrix_rank(&a, None).unwrap(), 1);
    let p = linalg::pinv(&a, None).unwrap();
    assert!(a.matmul(&p).matmul(&a).all_close(&a, 1e-12, 1e-12));
}
