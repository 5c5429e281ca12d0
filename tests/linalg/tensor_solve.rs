//! `tensorsolve`, `tensorinv` and negative powers: what they solve is solved.
#![cfg(feature = "embedded")]

use orthant::linalg::{self, LinalgError};
use orthant::{assert_all_close, prelude::*};

/// Well-conditioned: a diagonal that outweighs the rest.
fn tensor(shape: &[usize], n: usize) -> ArrayD<f64> {
    let mut matrix = Array2::from_shape_fn([n, n], |[i, j]| ((3 * i + 5 * j) % 7) as f64 - 3.0);
    matrix.diag_mut().fill(10.0 * n as f64);
    matrix.into_reshape(shape).into_dyn()
}

#[test]
fn tensors_are_solved_for() {
    let a = tensor(&[2, 3, 3, 2], 6);
    let b = Array2::from_shape_fn([2, 3], |[i, j]| (i * 3 + j) as f64 + 1.0);
    let x = linalg::tensorsolve(&a, &b).unwrap();
    assert_eq!(x.shape(), &[3, 2]);
    assert_all_close!(linalg::tensordot(&a, &x, 2), b, rtol = 1e-12, atol = 1e-12);
    let inverse = linalg::tensorinv(&a, 2).unwrap();
    assert_eq!(inverse.shape(), &[3, 2, 2, 3]);
    assert_all_close!(
        linalg::tensordot(&inverse, &b, 2),
        x,
        rtol = 1e-12,
        atol = 1e-12
    );
    // Axes of the unknown in front.
    let moved = a.permute([2, 3, 0, 1]);
    let y = linalg::tensorsolve_axes(&moved, &b, [0, 1]).unwrap();
    assert_all_close!(y, x, rtol = 1e-12, atol = 1e-12);
    for error in [
        linalg::tensorsolve(&a, &Array1::ones(2)).unwrap_err(),
        linalg::tensorinv(&a, 0).unwrap_err(),
        linalg::tensorinv(&a, 1).unwrap_err(),
    ] {
        assert!(matches!(error, LinalgError::Unsupported { .. }), "{error}");
    }
}

#[test]
fn negative_powers_are_those_of_the_inverse() {
    let a = tensor(&[5, 5], 5);
    let power = linalg::matrix_power(&a, -2).unwrap();
    let identity = power.matmul(&a).matmul(&a);
    assert_all_close!(
        identity,
        Array2::<f64>::eye(5, 5, 0),
        rtol = 1e-12,
        atol = 1e-12
    );
    assert!(
        linalg::matrix_power(&Array2::<f32>::zeros([2, 2]), -1).is_err(),
        "singular"
    );
    let error = linalg::matrix_power(&array![[1, 2], [3, 4]], -1).unwrap_err();
    assert!(matches!(error, LinalgError::Unsupported { .. }), "{error}");
}
