//! Systems, inverses, determinants, LU and Cholesky: stacks, layouts, all four scalars, errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, Diagonal, LinalgError, Uplo};
use orthant::prelude::*;
use orthant::{Complex, Float};

use crate::common::{Sample, eps, for_all, largest, random};

/// `a` plus a heavy diagonal.
fn regular<T: Sample>(shape: [usize; 3], seed: &mut u64) -> Array3<T> {
    let mut a = random::<T, _>(shape, seed);
    for mut matrix in a.outer_iter_mut() {
        for i in 0..shape[1] {
            matrix[[i, i]] = matrix[[i, i]] + T::from_real(<T::Real as Float>::from_f64(3.0));
        }
    }
    a
}

#[test]
fn stacks_broadcast_as_numpys() {
    fn test<T: Sample>() {
        let seed = &mut 1;
        for n in [1, 3, 6, 60] {
            let a = regular::<T>([4, n, n], seed);
            let tolerance = 100.0 * n as f64 * eps::<T>();
            let vector = random::<T, _>(n, seed);
            let x = linalg::solve(&a, &vector).unwrap();
            assert_eq!(x.shape(), &[4, n]);
            for (a, x) in a.outer_iter().zip(x.outer_iter()) {
                assert!(largest(&(a.matmul(&x) - &vector)) < tolerance);
            }
            let matrices = random::<T, _>([2, 1, n, 3], seed);
            let x = linalg::solve(&a, &matrices).unwrap();
            assert_eq!(x.shape(), &[2, 4, n, 3]);
            assert!(largest(&(a.matmul(&x) - &matrices)) < tolerance);
            let one = a.index_axis(0, 0);
            let x = linalg::solve(&one, &matrices).unwrap();
            assert_eq!(x.shape(), &[2, 1, n, 3]);
            assert!(largest(&(one.matmul(&x) - &matrices)) < tolerance);

            // Other layouts give the same.
            let reversed = a.slice(s![..;-1, .., ..]);
            let turned = a.swap_axes(1, 2);
            let inverse = linalg::inv(&turned).unwrap();
            let identity = Array2::<T>::identity(n);
            assert!(largest(&(turned.matmul(&inverse) - &identity)) < tolerance);
            let inverse = linalg::inv(&reversed).unwrap();
            assert!(largest(&(reversed.matmul(&inverse) - &identity)) < tolerance);
            let (d, e) = (linalg::det(&a).unwrap(), linalg::det(&turned).unwrap());
            for (x, y) in d.iter().zip(e.iter()) {
                assert!((*x - *y).modulus().to_f64() <= tolerance * y.modulus().to_f64());
            }
        }
    }
    for_all!(test);
}

#[test]
fn factors_are_objects() {
    fn test<T: Sample>() {
        let seed = &mut 2;
        let (n, tolerance) = (40, 1e4 * eps::<T>());
        let a = regular::<T>([3, n, n], seed);
        let b = random::<T, _>([n, 2], seed);
        let lu = linalg::lu(&a).unwrap();
        assert!(largest(&(lu.reconstruct() - &a)) < tolerance);
        let x = lu.solve(&b).unwrap();
        assert!(largest(&(a.matmul(&x) - &b)) < tolerance);
        let x = lu.solve_transpose(&b).unwrap();
        assert!(largest(&(a.swap_axes(1, 2).matmul(&x) - &b)) < tolerance);
        let x = lu.solve_adjoint(&b).unwrap();
        let adjoint = a.swap_axes(1, 2).map(|x| x.conj());
        assert!(largest(&(adjoint.matmul(&x) - &b)) < tolerance);
        let inverse = lu.inv().unwrap();
        assert!(largest(&(inverse.matmul(&a) - Array2::identity(n))) < tolerance);
        let (d, e) = (lu.det().unwrap(), linalg::det(&a).unwrap());
        for (x, y) in d.iter().zip(e.iter()) {
            assert!((*x - *y).modulus().to_f64() <= tolerance * y.modulus().to_f64());
        }
        let rows = lu.permutation();
        for (i, (a, p)) in a.outer_iter().zip(rows.outer_iter()).enumerate() {
            let order: Vec<usize> = p.iter().copied().collect();
            let product = lu.l().index_axis(0, i).matmul(lu.u().index_axis(0, i));
            for (at, &from) in order.iter().enumerate() {
                assert!(largest(&(product.row(at) - a.row(from))) < tolerance);
            }
        }

        let positive = a.matmul(&adjoint);
        let cholesky = linalg::cholesky(&positive, Uplo::Lower).unwrap();
        let again = linalg::cholesky(&positive, Uplo::Upper).unwrap();
        let size = largest(&positive);
        assert!(largest(&(cholesky.reconstruct() - &positive)) < tolerance * size);
        assert!(largest(&(cholesky.l.clone() - &again.l)) < tolerance * size);
        let x = cholesky.solve(&b).unwrap();
        assert!(largest(&(positive.matmul(&x) - &b)) < tolerance * size);
        let x = linalg::solve_posdef(&positive, &b).unwrap();
        assert!(largest(&(positive.matmul(&x) - &b)) < tolerance * size);
        let inverse = cholesky.inv().unwrap();
        assert!(largest(&(positive.matmul(&inverse) - Array2::identity(n))) < tolerance * size);
        let (log, sure) = (cholesky.logdet(), linalg::slogdet(&positive).unwrap());
        for (x, y) in log.iter().zip(sure.logabsdet.iter()) {
            assert!((x.to_f64() - y.to_f64()).abs() < tolerance * 10.0);
        }

        let l = &cholesky.l;
        let x = linalg::solve_triangular(l, &b, Uplo::Lower, Diagonal::Stored).unwrap();
        assert!(largest(&(l.matmul(&x) - &b)) < tolerance);
        let u = cholesky.u();
        let x = linalg::solve_triangular(&u, &b, Uplo::Upper, Diagonal::Stored).unwrap();
        assert!(largest(&(u.matmul(&x) - &b)) < tolerance);
    }
    for_all!(test);
}

#[test]
fn empty_matrices() {
    let none = Array2::<f64>::zeros([0, 0]);
    assert_eq!(linalg::inv(&none).unwrap().shape(), &[0, 0]);
    assert_eq!(linalg::det(&none).unwrap(), 1.0);
    let det = linalg::slogdet(&none).unwrap();
    assert_eq!((det.sign, det.logabsdet), (1.0, 0.0));
    let x = linalg::solve(&none, &Array2::<f64>::zeros([0, 3])).unwrap();
    assert_eq!(x.shape(), &[0, 3]);
    let stack = Array3::<f64>::zeros([0, 2, 2]);
    assert_eq!(linalg::inv(&stack).unwrap().shape(), &[0, 2, 2]);
    assert_eq!(linalg::det(&stack).unwrap().shape(), &[0]);
    assert_eq!(linalg::lu(&none).unwrap().l().shape(), &[0, 0]);
    assert_eq!(
        linalg::cholesky(&none, Uplo::Lower).unwrap().l.shape(),
        &[0, 0]
    );
}

#[test]
fn mistakes_are_typed() {
    let square =
        Array3::<f64>::from_shape_fn([5, 2, 2], |[_, i, j]| if i == j { 1.0 } else { 0.0 });
    let error = linalg::solve(&square, &Array2::zeros([5, 2])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (m,m),(m,n)->(m,n) (size 5 is different from 2) (shapes (5,2,2) (5,2))"
    );
    assert!(matches!(
        linalg::inv(&Array2::<f64>::zeros([2, 3])).unwrap_err(),
        LinalgError::NotSquare { op: "inv", .. }
    ));
    assert!(matches!(
        linalg::det(&Array::<f64, _>::zeros(3).into_dyn()).unwrap_err(),
        LinalgError::TooFewDimensions { op: "det", .. }
    ));
    assert!(matches!(
        linalg::solve(&square, &Array3::zeros([3, 2, 2])).unwrap_err(),
        LinalgError::BatchBroadcast { .. }
    ));
    let mut bad = square.clone();
    bad.index_axis_mut(0, 3).fill(1.0);
    assert_eq!(
        linalg::inv(&bad).unwrap_err(),
        LinalgError::Singular {
            op: "inv",
            shape: vec![5, 2, 2],
            index: vec![3]
        }
    );
    assert_eq!(linalg::det(&bad).unwrap(), array![1.0, 1.0, 1.0, 0.0, 1.0]);
    let det = linalg::slogdet(&bad).unwrap();
    assert_eq!(
        (det.sign[[3]], det.logabsdet[[3]]),
        (0.0, f64::NEG_INFINITY)
    );
    let error = linalg::cholesky(&(-square), Uplo::Lower).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cholesky: Matrix is not positive definite (matrix [0] of the stack of shape (5,2,2))"
    );
    let each = linalg::solve_each(&bad, &array![1.0, 2.0]).unwrap();
    for (i, x) in each.iter().enumerate() {
        match x {
            Ok(x) => assert_eq!(*x, array![1.0, 2.0].into_dyn()),
            Err(error) => assert_eq!(
                (i, error),
                (
                    3,
                    &LinalgError::Singular {
                        op: "solve_each",
                        shape: vec![5, 2, 2],
                        index: vec![3]
                    }
                )
            ),
        }
    }
    assert!(each[3].is_err());
    let inverses = linalg::each(&bad, linalg::inv).unwrap();
    assert_eq!(
        inverses[3],
        Err(LinalgError::Singular {
            op: "inv",
            shape: vec![5, 2, 2],
            index: vec![3]
        })
    );
}

#[test]
fn range_of_determinants() {
    let a = Array2::<f64>::identity(3);
    let huge = linalg::det(&array![
        [1e200, 0.0, 0.0],
        [0.0, 1e200, 0.0],
        [0.0, 0.0, 1e-300]
    ]);
    let huge: f64 = huge.unwrap();
    assert!((huge / 1e100 - 1.0).abs() < 1e-12);
    assert!(linalg::det(&(a * f64::NAN)).unwrap().is_nan());
    let complex = array![[Complex::new(0.0f64, 2.0)]];
    let det = linalg::slogdet(&complex).unwrap();
    assert_eq!(det.sign, Complex::new(0.0, 1.0));
    let log: f64 = det.logabsdet;
    assert!((log - 2f64.ln()).abs() < 1e-15);
}
