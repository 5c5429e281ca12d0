//! Factorisations as objects: fields that do not fit, truncated ones, pivoted and complete QR; which operation and
//! shape an error names.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, LinalgError, Norm, QrMode, Uplo};
use orthant::prelude::*;

use crate::common::{C64, adjoint, largest, random};

/// The operation and the shapes that an error of misfitting fields names.
#[track_caller]
fn misfit<R: std::fmt::Debug>(made: Result<R, LinalgError>, named: &str, wanted: &[&[usize]]) {
    match made.unwrap_err() {
        LinalgError::Factors { op, shapes, .. } => {
            assert_eq!((op, &shapes[..]), (named, &*owned(wanted)))
        }
        other => panic!("{other}"),
    }
}

fn owned(shapes: &[&[usize]]) -> Vec<Vec<usize>> {
    shapes.iter().map(|shape| shape.to_vec()).collect()
}

#[test]
fn fields_that_do_not_fit_are_errors() {
    let ones = |m, n| Array2::<f64>::ones([m, n]);
    let svd = |u, s: usize, vt| linalg::Svd {
        u,
        s: Array1::<f64>::ones(s),
        vt,
    };
    for (u, s, vt) in [
        (ones(2, 1), 2, ones(5, 5)),
        (ones(5, 5), 5, ones(2, 5)),
        (ones(2, 5), 2, ones(2, 2)),
        (ones(3, 3), 3, ones(4, 2)),
    ] {
        let shapes = [u.shape().to_vec(), vec![s], vt.shape().to_vec()];
        let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
        let svd = svd(u.clone(), s, vt.clone());
        misfit(svd.try_reconstruct(), "reconstruct", &shapes);
        misfit(svd.solve(&array![1.0, 2.0]), "solve", &shapes);
        misfit(svd.inv(), "inv", &shapes);
        misfit(svd.det(), "det", &shapes);
        misfit(svd.try_pinv(), "pinv", &shapes);
    }
    // Stacks of different lengths.
    let u = Array3::<f64>::ones([2, 3, 3]);
    let (s, vt) = (Array2::ones([3, 3]), Array3::ones([2, 3, 3]));
    let stack = linalg::Svd { u, s, vt };
    misfit(stack.inv(), "inv", &[&[2, 3, 3], &[3, 3], &[2, 3, 3]]);

    let (values, vectors) = (array![1.0, 2.0, 3.0], ones(2, 2));
    let shapes: [&[usize]; 2] = [&[3], &[2, 2]];
    let eigen = linalg::Eigh { values, vectors };
    misfit(eigen.try_reconstruct(), "reconstruct", &shapes);
    misfit(eigen.try_map(|x| x), "map", &shapes);
    misfit(eigen.solve(&array![1.0, 2.0]), "solve", &shapes);
    misfit(eigen.inv(), "inv", &shapes);
    misfit(eigen.try_det(), "det", &shapes);
    let eigen: linalg::Eig<f64, Ix2> = linalg::Eig {
        values: Array1::zeros(2),
        vectors: Array2::zeros([2, 3]),
    };
    let shapes: [&[usize]; 2] = [&[2], &[2, 3]];
    misfit(eigen.reconstruct(), "reconstruct", &shapes);
    misfit(eigen.solve(&array![1.0, 2.0]), "solve", &shapes);
    misfit(eigen.inv(), "inv", &shapes);
    misfit(eigen.try_det(), "det", &shapes);

    let qr = linalg::Qr {
        q: ones(3, 2),
        r: ones(3, 3),
    };
    let shapes: [&[usize]; 2] = [&[3, 2], &[3, 3]];
    misfit(qr.try_reconstruct(), "reconstruct", &shapes);
    misfit(qr.solve(&array![1.0, 2.0, 3.0]), "solve", &shapes);
    misfit(qr.inv(), "inv", &shapes);
    misfit(qr.det(), "det", &shapes);
    for permutation in [array![0, 1], array![0, 1, 1], array![0, 1, 3]] {
        let shapes = [vec![3, 3], vec![3, 3], permutation.shape().to_vec()];
        let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
        let qr = linalg::PivotedQr {
            q: ones(3, 3),
            r: ones(3, 3),
            permutation,
        };
        misfit(qr.try_reconstruct(), "reconstruct", &shapes);
        misfit(qr.solve(&array![1.0, 2.0, 3.0], None), "solve", &shapes);
        misfit(qr.rank(None), "rank", &shapes);
        misfit(qr.inv(), "inv", &shapes);
        misfit(qr.det(), "det", &shapes);
    }
    let form = linalg::Hessenberg {
        h: ones(2, 2),
        q: ones(3, 3),
    };
    let shapes: [&[usize]; 2] = [&[3, 3], &[2, 2]];
    misfit(form.try_reconstruct(), "reconstruct", &shapes);
    misfit(form.solve(&array![1.0, 2.0]), "solve", &shapes);
    misfit(form.inv(), "inv", &shapes);
    misfit(form.try_det(), "det", &shapes);
    let cholesky = linalg::Cholesky { l: ones(3, 2) };
    misfit(cholesky.solve(&array![1.0, 2.0, 3.0]), "solve", &[&[3, 2]]);
    misfit(cholesky.inv(), "inv", &[&[3, 2]]);
    misfit(cholesky.try_det(), "det", &[&[3, 2]]);
    misfit(cholesky.try_logdet(), "logdet", &[&[3, 2]]);
}

#[test]
#[should_panic(
    expected = "reconstruct: U, s and Vᴴ do not fit each other (shapes (2,1) (2,) (5,5))"
)]
fn the_panicking_form_says_so() {
    let (u, vt) = (Array2::<f64>::ones([2, 1]), Array2::ones([5, 5]));
    let s = array![1.0, 1.0];
    linalg::Svd { u, s, vt }.reconstruct();
}

#[test]
fn truncated_singular_values_are_a_singular_matrix() {
    let a = Array2::from_shape_fn([6, 6], |[i, j]| {
        ((i * 7 + j * j) % 5) as f64 + f64::from(i == j)
    });
    let some = linalg::svd_randomized(&a, 3).unwrap();
    let singular = LinalgError::Singular {
        op: "inv",
        shape: vec![6, 6],
        index: vec![],
    };
    assert_eq!(some.inv().unwrap_err(), singular);
    assert_eq!(some.det().unwrap(), 0.0);
    let low = (&some.u * &some.s).matmul(&some.vt);
    assert!(some.reconstruct().all_close(&low, 0.0, 1e-12));
    let wanted = linalg::pinv(&low, Some(1e-10)).unwrap();
    assert!(some.pinv().all_close(&wanted, 0.0, 1e-10));
    let b = Array1::<f64>::arange(0.0, 6.0, 1.0);
    assert!(
        some.solve(&b)
            .unwrap()
            .all_close(&wanted.matmul(&b), 0.0, 1e-10)
    );
}

#[test]
fn pivoted_factors_are_objects() {
    let seed = &mut 31;
    let a = random::<C64, _>([4, 6, 6], seed);
    let b = random::<C64, _>([4, 6, 2], seed);
    for mode in [QrMode::Reduced, QrMode::Complete] {
        let qr = linalg::qr_pivoted(&a, mode).unwrap();
        let x = qr.solve(&b, None).unwrap();
        assert!(largest(&(&x - linalg::solve(&a, &b).unwrap())) < 1e-10);
        assert!(largest(&(qr.inv().unwrap() - linalg::inv(&a).unwrap())) < 1e-10);
        let off = qr.det().unwrap() - linalg::det(&a).unwrap();
        assert!(largest(&off) < 1e-10, "{off:?}");
        // One right-hand side for all matrices, and more than one for one of them.
        let one = b.slice(s![0, .., 1]).to_owned();
        let x = qr.solve(&one, None).unwrap();
        assert_eq!(x.shape(), &[4, 6]);
        assert!(largest(&(&x - linalg::solve(&a, &one).unwrap())) < 1e-10);
        let first = a.index_axis(0, 1).to_owned();
        let x = linalg::qr_pivoted(&first, mode)
            .unwrap()
            .solve(&b, None)
            .unwrap();
        assert!(largest(&(&x - linalg::solve(&first, &b).unwrap())) < 1e-10);
    }
    // Basic solutions of any rank fit as well as those of smallest norm, with a zero for every column too many.
    for (m, n, rank) in [(8, 5, 3), (5, 8, 2), (6, 6, 5), (6, 6, 0)] {
        let a = random::<C64, _>([3, m, rank], seed).matmul(random::<C64, _>([3, rank, n], seed));
        let b = random::<C64, _>([3, m, 2], seed);
        let qr = linalg::qr_pivoted(&a, QrMode::Reduced).unwrap();
        assert_eq!(qr.rank(None).unwrap(), Array1::full([3], rank));
        let x = qr.solve(&b, None).unwrap();
        let fit = linalg::lstsq(&a, &b, None).unwrap();
        let [found, least] = [&x, &fit.x].map(|x| a.matmul(x) - &b);
        assert!(largest(&(&found - &least)) < 1e-10);
        for k in 0..3 {
            let rows = (0..n).filter(|&i| x[[k, i, 0]] != C64::new(0.0, 0.0));
            assert_eq!(rows.count(), rank);
        }
        assert_eq!(qr.rank(Some(2.0)).unwrap(), Array1::full([3], 0));
        assert_eq!(largest(&qr.solve(&b, Some(2.0)).unwrap()), 0.0);
    }
    let tall = linalg::qr_pivoted(&Array2::<f64>::ones([3, 2]), QrMode::Reduced).unwrap();
    let not_square = |op| LinalgError::NotSquare {
        op,
        shape: vec![3, 2],
    };
    assert_eq!(tall.det().unwrap_err(), not_square("det"));
    assert_eq!(tall.inv().unwrap_err(), not_square("inv"));
    let singular = linalg::qr_pivoted(&Array2::<f64>::zeros([2, 2]), QrMode::Reduced).unwrap();
    assert!(matches!(
        singular.inv(),
        Err(LinalgError::Singular { op: "inv", .. })
    ));
}

#[test]
fn complete_factors_of_tall_matrices_solve() {
    let seed = &mut 32;
    let (a, b) = (
        random::<C64, _>([3, 7, 4], seed),
        random::<C64, _>([3, 7, 2], seed),
    );
    let wanted = linalg::lstsq(&a, &b, None).unwrap().x;
    let qr = linalg::qr(&a, QrMode::Complete).unwrap();
    assert!(largest(&(qr.solve(&b).unwrap() - &wanted)) < 1e-12);
    assert!(largest(&(qr.inv().unwrap() - linalg::pinv(&a, None).unwrap())) < 1e-12);
    let wide = linalg::qr(&adjoint(&a), QrMode::Complete).unwrap();
    let shape = vec![3, 4, 7];
    let error = wide.solve(&random::<C64, _>([3, 4, 1], seed)).unwrap_err();
    assert_eq!(error, LinalgError::NotSquare { op: "solve", shape });
}

#[test]
fn errors_name_what_was_called_and_given() {
    let mut bad = Array3::<f64>::ones([2, 3, 3]);
    bad[[1, 2, 0]] = f64::NAN;
    let one = bad.index_axis(0, 1).to_owned();
    let named = |error: LinalgError| match error {
        LinalgError::NonFinite { op, shape, .. } => (op, shape),
        other => panic!("{other}"),
    };
    let stack = vec![2, 3, 3];
    assert_eq!(
        named(linalg::polar(&bad).unwrap_err()),
        ("polar", stack.clone())
    );
    assert_eq!(
        named(linalg::polar_left(&bad).unwrap_err()),
        ("polar_left", stack.clone())
    );
    assert_eq!(
        named(linalg::svd_full(&bad).unwrap_err()),
        ("svd_full", stack.clone())
    );
    assert_eq!(
        named(linalg::null_space(&one, None).unwrap_err()).0,
        "null_space"
    );
    assert_eq!(named(linalg::orth(&one, None).unwrap_err()).0, "orth");
    let uplo = Uplo::Lower;
    assert_eq!(
        named(linalg::svd_hermitian(&bad, uplo).unwrap_err()).0,
        "svd_hermitian"
    );
    assert_eq!(
        named(linalg::svdvals_hermitian(&bad, uplo).unwrap_err()).0,
        "svdvals_hermitian"
    );
    assert_eq!(
        named(linalg::pinv_hermitian(&bad, uplo, None).unwrap_err()).0,
        "pinv_hermitian"
    );
    assert_eq!(
        named(linalg::matrix_rank_hermitian(&bad, uplo, None).unwrap_err()).0,
        "matrix_rank_hermitian"
    );
    for ord in [Norm::P(2.0), Norm::P(-2.0), Norm::Nuc] {
        assert_eq!(
            named(linalg::norm_ord(&one, ord).unwrap_err()),
            ("norm_ord", vec![3, 3])
        );
        let error = linalg::matrix_norm(&bad, ord).unwrap_err();
        assert_eq!(named(error), ("matrix_norm", stack.clone()));
        let wide = Array3::from_shape_fn(
            [3, 4, 5],
            |[i, j, k]| if i + j + k == 5 { f64::NAN } else { 1.0 },
        );
        let error = linalg::norm_axes(&wide, ord, [2, 0]).unwrap_err();
        assert_eq!(named(error), ("norm_axes", vec![3, 4, 5]));
        let error = linalg::matrix_norm_keepdims(&wide, ord).unwrap_err();
        assert_eq!(named(error), ("matrix_norm_keepdims", vec![3, 4, 5]));
    }
    let error = linalg::norm_axis(&wide_ones(), Norm::Nuc, 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "norm_axis: Invalid norm order 'nuc' for vectors (shape (3,4,5))"
    );
    let mut infinite = Array2::<f64>::ones([2, 2]);
    infinite[[0, 0]] = f64::INFINITY;
    assert_eq!(named(linalg::cond(&infinite).unwrap_err()).0, "cond");
    let singular = Array3::<f64>::ones([2, 3, 3]);
    let at = |error: LinalgError| match error {
        LinalgError::Singular { op, shape, .. } | LinalgError::NotSquare { op, shape } => {
            (op, shape)
        }
        other => panic!("{other}"),
    };
    assert_eq!(
        at(linalg::matrix_power(&singular, -2).unwrap_err()),
        ("matrix_power", stack)
    );
    let tensor = Array4::<f64>::ones([2, 3, 3, 2]);
    let error = linalg::tensorsolve(&tensor, &Array2::ones([2, 3])).unwrap_err();
    assert_eq!(at(error), ("tensorsolve", vec![2, 3, 3, 2]));
    let error = linalg::tensorsolve_axes(&tensor, &Array2::ones([3, 2]), [0, 1]).unwrap_err();
    assert_eq!(at(error), ("tensorsolve_axes", vec![2, 3, 3, 2]));
    let error = linalg::tensorinv(&tensor, 2).unwrap_err();
    assert_eq!(at(error), ("tensorinv", vec![2, 3, 3, 2]));
    let lu = linalg::lu(&Array2::<f64>::ones([2, 3])).unwrap();
    assert_eq!(
        at(lu.solve(&array![1.0, 2.0]).unwrap_err()),
        ("solve", vec![2, 3])
    );
    assert_eq!(
        at(lu.solve_adjoint(&array![1.0]).unwrap_err()).0,
        "solve_adjoint"
    );
    let line = array![1.0, 2.0].into_dyn();
    for (error, wanted) in [
        (linalg::qr_r(&line).unwrap_err(), "qr_r"),
        (
            linalg::qr_pivoted(&line, QrMode::Reduced).unwrap_err(),
            "qr_pivoted",
        ),
        (
            linalg::try_trace_offset(&line, 1).unwrap_err(),
            "trace_offset",
        ),
    ] {
        assert!(
            error.to_string().starts_with(&format!("{wanted}: ")),
            "{error}"
        );
    }
    let text = linalg::tensorsolve(&Array2::<f64>::ones([2, 3]), &array![1.0, 2.0]).unwrap_err();
    assert!(text.to_string().ends_with("(shapes (2,3) (2,))"), "{text}");
    let error = linalg::try_vecdot_axis(&array![[1, 2]], &array![[1], [2]], 1).unwrap_err();
    let text = "vecdot_axis: Input operand 1 has a mismatch in its core dimension 0, with gufunc \
        signature (n),(n)->() (size 1 is different from 2) (shapes (1,2) (2,1))";
    assert_eq!(error.to_string(), text);
}

fn wide_ones() -> Array3<f64> {
    Array3::ones([3, 4, 5])
}

/// A result that no address space holds: of an operand that is one element, repeated.
#[test]
fn results_too_large_are_errors() {
    let one = Array2::<f64>::ones([1, 1]);
    let n = 1usize << 31;
    let wide = one.broadcast_to([n, 1]);
    let error = linalg::svd_full(&wide).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("svd_full: an array of shape ({n},{n}) is too large")
    );
    let error = linalg::qr(&wide, QrMode::Complete).unwrap_err();
    let shape = vec![n, n];
    assert_eq!(error, LinalgError::TooLarge { op: "qr", shape });
    let error = linalg::try_kron(&wide, &wide).unwrap_err();
    assert!(matches!(error, LinalgError::TooLarge { op: "kron", .. }));
}

#[test]
fn vectors_of_other_lengths_have_no_cross_product() {
    let error = linalg::try_cross(&array![[1, 2]], &array![1, 2, 3]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cross: Both input arrays must be (arrays of) 3-dimensional vectors, but they are 2 and 3 \
         dimensional instead. (shapes (1,2) (3,))"
    );
}
