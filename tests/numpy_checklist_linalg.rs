//! One test per line of the NumPy checklist on linear algebra, named after the line.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg;
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
