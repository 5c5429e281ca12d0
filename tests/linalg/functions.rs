//! Functions of matrices at the ends of their ranges: large norms, negative eigenvalues, iterations without end.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, LinalgError};
use orthant::prelude::*;

use crate::common::{C64, noise};

/// Conjugate eigenvalues have conjugate images, so what is left of the trace's imaginary part belongs to the
/// negative ones, which lie on the branch cut.
#[test]
fn images_of_negative_eigenvalues_are_principal() {
    let mut seed = 41;
    for case in 0..200 {
        let n = 1 + case % 9;
        let a = Array2::<f64>::from_shape_fn([n, n], |_| noise(&mut seed));
        let values = linalg::eigvals(&a).unwrap();
        let negative = || values.iter().filter(|x| x.im == 0.0 && x.re < 0.0);
        let root = linalg::sqrtm(&a).unwrap();
        let square = root.matmul(&root).map(|x| x.re);
        assert!(square.all_close(&a, 0.0, 1e-8), "{a}");
        let wanted: f64 = negative().map(|x| (-x.re).sqrt()).sum();
        let found: f64 = (0..n).map(|i| root[[i, i]].im).sum();
        assert!((found - wanted).abs() < 1e-6, "{found} {wanted}\n{a}");
        let log = linalg::logm(&a).unwrap();
        let found: f64 = (0..n).map(|i| log[[i, i]].im).sum();
        let wanted = std::f64::consts::PI * negative().count() as f64;
        assert!((found - wanted).abs() < 1e-6, "{found} {wanted}\n{a}");
    }
}

/// Norms whose powers, or number of halvings, leave the range of a type.
#[test]
fn exponentials_of_large_norms_end() {
    let zeros = |x: f64| {
        let single = Array2::<f32>::identity(2) * x as f32;
        assert_eq!(linalg::expm(&single).unwrap(), Array2::<f32>::zeros([2, 2]));
        let double = Array2::<f64>::identity(3) * x;
        assert_eq!(linalg::expm(&double).unwrap(), Array2::<f64>::zeros([3, 3]));
    };
    zeros(-7e4);
    zeros(-3e38);
    // Not diagonal: by scaling and squaring.
    let low = array![[-7e4, 1.0], [2.0, -7e4]];
    assert_eq!(linalg::expm(&low).unwrap(), Array2::<f64>::zeros([2, 2]));
    let low = low.cast::<f32>();
    assert_eq!(linalg::expm(&low).unwrap(), Array2::<f32>::zeros([2, 2]));
    let high = linalg::expm(&array![[1000.0, 1.0], [1.0, 1000.0]]).unwrap();
    assert_eq!(high, Array2::full([2, 2], f64::INFINITY));
    // The eighth power of this rotation is no number of single precision.
    let turn = linalg::expm(&array![[0.0f32, -7e4], [7e4, 0.0]]).unwrap();
    let (sin, cos) = 7e4f64.sin_cos();
    let near = |x: f32, y: f64| assert!((f64::from(x) - y).abs() < 0.05, "{x} {y}");
    near(turn[[0, 0]], cos);
    near(turn[[1, 0]], sin);
    near(turn[[0, 1]], -sin);
    // These have nothing to tell but that they end.
    for size in [1e30, 4e38, 1e150, 1e300] {
        for a in [
            array![[0.0, -size], [size, 0.0]],
            array![[size, size], [-size, -size]],
            array![[size, size], [size, size]],
            array![[-size, 1.0], [0.0, -size]],
        ] {
            assert_eq!(linalg::expm(&a).unwrap().shape(), &[2, 2]);
            if size < 3e38 {
                let single = linalg::expm(&a.cast::<f32>()).unwrap();
                assert_eq!(single.shape(), &[2, 2]);
            }
            let complex = a.map(|&x| C64::new(0.0, x));
            assert_eq!(linalg::expm(&complex).unwrap().shape(), &[2, 2]);
        }
    }
    // Far from normal: nothing is scaled because of one large element.
    for size in [1e30, 1e280] {
        let jump = linalg::expm(&array![[1.0, size], [0.0, -1.0]]).unwrap();
        assert!((jump[[0, 1]] / (size * 1f64.sinh()) - 1.0).abs() < 1e-14);
        let chain = linalg::expm(&array![[0.0, size], [0.0, 0.0]]).unwrap();
        assert_eq!(chain, array![[1.0, size], [0.0, 1.0]]);
    }
}

#[test]
fn iterations_that_do_not_converge_are_errors() {
    // A logarithm that a hundred square roots do not bring near zero.
    let jump = array![[1.0, 1e300], [0.0, 1.0]];
    assert_eq!(
        linalg::logm(&jump).unwrap_err().to_string(),
        "logm: iteration did not converge (shape (2,2))"
    );
    let mut stack = Array3::<f64>::zeros([2, 2, 2]);
    stack
        .index_axis_mut(0, 0)
        .assign(&Array2::<f64>::identity(2));
    stack.index_axis_mut(0, 1).assign(&jump);
    let (op, shape, index) = ("logm", vec![2, 2, 2], vec![1]);
    let error = LinalgError::NotConverged { op, shape, index };
    assert_eq!(linalg::logm(&stack).unwrap_err(), error);
}
