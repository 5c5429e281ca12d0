//! One test per line of the NumPy checklist on linear algebra, named after the line.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::Complex;
use orthant::linalg::{self, Norm, Uplo};
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

/// Entries between -0.5 and 0.5 in no order.
fn table(rows: usize, cols: usize) -> Array2<f64> {
    Array2::from_shape_fn([rows, cols], |[i, j]| {
        ((i * 131 + j * 197 + i * i * j * 7) % 1009) as f64 / 1009.0 - 0.5
    })
}

fn from_1_to_12() -> Array2<f64> {
    Array1::arange(1.0, 13.0, 1.0).into_reshape([4, 3])
}

#[test]
fn s1_svd_without_full_matrices() {
    for [m, n] in [[100, 50], [200, 50], [4, 3]] {
        let a = table(m, n);
        let svd = linalg::svd(&a).unwrap();
        assert_eq!(svd.u.shape(), &[m, n]);
        assert_eq!(svd.s.shape(), &[n]);
        assert_eq!(svd.vt.shape(), &[n, n]);
        let product = (&svd.u * &svd.s).matmul(&svd.vt);
        assert!(product.all_close(&a, 0.0, 1e-12));
    }
}

#[test]
fn s4_svd_with_full_matrices_and_rank_r() {
    let a = table(6, 4);
    let svd = linalg::svd_full(&a).unwrap();
    assert_eq!((svd.u.shape(), svd.vt.shape()), (&[6, 6][..], &[4, 4][..]));
    let r = 2;
    let rank_r = svd
        .u
        .slice(s![.., ..r])
        .matmul(&(Array2::identity(r) * svd.s.slice(s![..r])))
        .matmul(svd.vt.slice(s![..r, ..]));
    assert_eq!(linalg::matrix_rank(&rank_r, None).unwrap(), r);
    let off: f64 = linalg::norm_ord(&(&a - &rank_r), 2).unwrap();
    assert!((off - svd.s[r]).abs() < 1e-12);
}

#[test]
fn s3_svd_of_1_to_12() {
    let a = from_1_to_12();
    let svd = linalg::svd(&a).unwrap();
    assert!(
        svd.s
            .all_close(&array![25.46240744, 1.29066168, 0.0], 0.0, 1e-8)
    );
    assert_eq!(linalg::matrix_rank(&a, None).unwrap(), 2);
    let whole = (&svd.u * &svd.s).matmul(&svd.vt);
    assert!((&whole - &a).abs().max() < 1e-13);
    let one = (svd.u.slice(s![.., ..1]) * svd.s[0]).matmul(svd.vt.slice(s![..1, ..]));
    assert!(((&one - &a).abs().max() - 0.8098).abs() < 1e-4);
}

#[test]
fn s2_explained_variance_is_the_share_of_squares() {
    let s = linalg::svdvals(&table(30, 5)).unwrap();
    let shares = s.square() / s.sum_squares();
    let cumulative = shares.cumsum();
    assert!((cumulative[4] - 1.0).abs() < 1e-14);
    assert!(cumulative.windows(2).into_iter().all(|w| w[0] <= w[1]));
}

#[test]
fn s2_truncated_reconstruction_error_in_the_frobenius_norm() {
    let x = table(20, 6);
    let svd = linalg::svd(&x).unwrap();
    let k = 3;
    let reconstructed =
        (svd.u.slice(s![.., ..k]) * svd.s.slice(s![..k])).matmul(svd.vt.slice(s![..k, ..]));
    let error: f64 = linalg::norm_ord(&(&x - &reconstructed), Norm::Fro).unwrap();
    assert!((error - linalg::norm(&svd.s.slice(s![k..]))).abs() < 1e-12);
}

#[test]
fn s1_norms_of_3_4_and_of_matrices() {
    let v = array![3.0, 4.0];
    assert_eq!(linalg::norm(&v), 5.0);
    assert_eq!(linalg::norm_ord(&v, 1).unwrap(), 7.0);
    assert_eq!(linalg::norm_ord(&v, f64::INFINITY).unwrap(), 4.0);
    let m = array![[1.0, 2.0], [3.0, 4.0]];
    let frobenius: f64 = linalg::norm_ord(&m, Norm::Fro).unwrap();
    assert!((frobenius - 30_f64.sqrt()).abs() < 1e-15);
    assert_eq!(linalg::norm(&m), frobenius);
    let spectral: f64 = linalg::norm_ord(&m, 2).unwrap();
    let values: Array1<f64> = linalg::svdvals(&m).unwrap();
    assert!((spectral - values[0]).abs() < 1e-14);
}

#[test]
fn s2_norms_of_rows_with_and_without_their_axis() {
    let x = table(100, 7);
    let norms = linalg::norm_axis(&x, 2, 1).unwrap();
    assert_eq!(norms.shape(), &[100]);
    assert!((norms[42] - linalg::norm(&x.row(42))).abs() < 1e-15);
    let kept = linalg::norm_keepdims(&x, 2, 1).unwrap();
    assert_eq!(kept.shape(), &[100, 1]);
    assert_eq!(kept.column(0), norms);
}

#[test]
fn s1_normalised_vector_has_length_1() {
    let v = array![3.0, 4.0];
    let unit = &v / linalg::norm(&v);
    assert!(unit.all_close(&array![0.6, 0.8], 0.0, 1e-15));
}

#[test]
fn s1_pca_by_svd_projects_on_the_leading_rows_of_vt() {
    let x = table(60, 20);
    let centred = &x - x.mean_axis(0);
    let svd = linalg::svd(&centred).unwrap();
    let n = 5;
    let projected = centred.matmul(svd.vt.slice(s![..n, ..]).t());
    assert_eq!(projected.shape(), &[60, n]);
    let pca = linalg::Pca::fit(&x, linalg::Components::First(n)).unwrap();
    let scores = pca.transform(&x).unwrap();
    assert!(
        scores.abs().all_close(&projected.abs(), 0.0, 1e-10),
        "up to signs"
    );
    let shares = svd.s.square() / svd.s.sum_squares();
    let leading = shares.slice(s![..n]);
    assert!(pca.explained_variance_ratio.all_close(&leading, 1e-10, 0.0));
}

#[test]
fn s3_shapes_of_a_full_svd() {
    for [m, n] in [[4, 3], [3, 4]] {
        let svd = linalg::svd_full(&table(m, n)).unwrap();
        assert_eq!(svd.u.shape(), &[m, m]);
        assert_eq!(svd.s.shape(), &[m.min(n)]);
        assert_eq!(svd.vt.shape(), &[n, n]);
    }
}

#[test]
fn s0_inversion_requires_a_determinant_and_independent_columns() {
    let a = array![[1.0, 2.0, 3.0], [2.0, 1.0, 3.0], [4.0, 0.0, 4.0]];
    let det: f64 = linalg::det(&a).unwrap();
    assert!(det.abs() < 1e-14);
    assert_eq!(
        linalg::matrix_rank(&a, None).unwrap(),
        2,
        "column 2 is the sum of the others"
    );
    let columns = array![[1.0, 2.0], [3.0, 6.0]];
    assert!(linalg::inv(&columns).is_err());
}

#[test]
fn s0_backend_of_products_and_decompositions_is_told() {
    let config = orthant::config();
    assert!(!config.backends.is_empty());
    assert!(config.threads >= 1);
}

#[test]
fn s2_allclose_and_array_equal() {
    let a = table(5, 3);
    let b = &a + 1e-9;
    assert!(a.all_close(&b, 1e-5, 1e-8));
    assert!(!a.array_equal(&b));
    assert!(a.array_equal(&a.clone()));
    assert!(!a.array_equal(&a.t()), "another shape");
}
