//! Singular value decompositions: factors, order, stacks, layouts, all four scalars, errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, LinalgError};
use orthant::prelude::*;
use orthant::{DimMax, Float, RemoveAxis};

use crate::common::{C32, C64, Sample, adjoint, largest, noise};

/// U·diag(s)·Vᴴ is A, U and V have orthonormal columns, s descends.
fn check<T: Sample>(a: &ArrayRef2<T>, what: &str) {
    let (m, n) = (a.nrows(), a.ncols());
    let k = m.min(n);
    let eps = <T::Real as Float>::EPSILON.to_f64();
    let tolerance = 30.0 * eps * m.max(n).max(1) as f64 * largest(a).max(1.0);
    let thin = linalg::svd(a).unwrap();
    let full = linalg::svd_full(a).unwrap();
    let values = linalg::svdvals(a).unwrap();
    assert_eq!(
        (thin.u.shape(), thin.s.shape(), thin.vt.shape()),
        (&[m, k][..], &[k][..], &[k, n][..])
    );
    assert_eq!(
        (full.u.shape(), full.s.shape(), full.vt.shape()),
        (&[m, m][..], &[k][..], &[n, n][..])
    );
    for (svd, name) in [(&thin, "thin"), (&full, "full")] {
        let scaled = svd.u.slice(s![.., ..k]) * svd.s.cast::<T>();
        let again = scaled.matmul(svd.vt.slice(s![..k, ..]));
        assert!(
            largest(&(again - a)) <= tolerance,
            "{what}, {name}: residual"
        );
        let gram =
            |x: Array2<T>, y: &ArrayRef2<T>| largest(&(x.matmul(y) - Array2::identity(x.nrows())));
        let limit = 30.0 * eps * m.max(n).max(1) as f64;
        assert!(gram(adjoint(&svd.u), &svd.u) <= limit, "{what}, {name}: U");
        assert!(
            gram(svd.vt.clone(), &adjoint(&svd.vt)) <= limit,
            "{what}, {name}: V"
        );
        let s: Vec<f64> = svd.s.iter().map(|s| s.to_f64()).collect();
        assert!(
            s.windows(2).all(|pair| pair[0] >= pair[1]) && s.iter().all(|&s| s >= 0.0),
            "{what}: order"
        );
        let alone: Vec<f64> = values.iter().map(|s| s.to_f64()).collect();
        let close = s
            .iter()
            .zip(&alone)
            .all(|(a, b)| (a - b).abs() <= tolerance);
        assert!(close, "{what}: values alone");
    }
}

fn all_layouts<T: Sample>(name: &str) {
    let mut seed = 7;
    for (m, n) in [
        (1, 1),
        (1, 5),
        (6, 1),
        (4, 4),
        (9, 5),
        (5, 9),
        (40, 7),
        (33, 33),
        (0, 3),
        (3, 0),
        (0, 0),
    ] {
        let what = format!("{name} ({m}, {n})");
        let a = Array2::from_shape_fn([m, n], |_| T::sample(&mut seed));
        check(&a, &what);
        let f = a.to_order(orthant::Order::F);
        check(&f, &format!("{what} F"));
        let wide = Array2::from_shape_fn([2 * m, 3 * n], |_| T::sample(&mut seed));
        check(&wide.slice(s![..;2, ..;-3]), &format!("{what} strided"));
        check(&wide.t().slice(s![..n, ..m]), &format!("{what} transposed"));
    }
    let low = Array2::from_shape_fn([12, 2], |_| T::sample(&mut seed))
        .matmul(&Array2::from_shape_fn([2, 8], |_| T::sample(&mut seed)));
    check(&low, &format!("{name} rank 2"));
    check(&Array2::<T>::zeros([5, 4]), &format!("{name} zeros"));
    check(&Array2::<T>::identity(6), &format!("{name} identity"));
}

#[test]
fn all_scalars_and_layouts() {
    all_layouts::<f64>("f64");
    all_layouts::<f32>("f32");
    all_layouts::<C64>("c64");
    all_layouts::<C32>("c32");
}

#[test]
fn values_of_known_matrices() {
    let a: Array2<f64> = Array1::arange(1.0, 13.0, 1.0).into_reshape([4, 3]);
    let s = linalg::svdvals(&a).unwrap();
    assert!(
        (s[0] - 25.462_407_436_036_395).abs() < 1e-12
            && (s[1] - 1.290_661_675_761_233_3).abs() < 1e-12
    );
    assert!(s[2] < 1e-14);
    // Graded: small values to absolute accuracy.
    let graded = array![[1.0, 0.0, 0.0], [0.0, 1e-8, 0.0], [0.0, 0.0, 1e-16]];
    assert!(
        linalg::svdvals(&graded)
            .unwrap()
            .all_close(array![1.0, 1e-8, 1e-16], 1e-12, 0.0)
    );
    // Scaled so that squares over- and underflow.
    for scale in [1e200, 1e-200] {
        let s = linalg::svdvals(&(&a * scale)).unwrap();
        assert!(
            (s[0] / scale - 25.462_407_436_036_395).abs() < 1e-11,
            "scale {scale}: {s}"
        );
    }
}

fn stack<D>(a: &ArrayRef<f64, D>) -> Array<f64, D>
where
    D: RemoveAxis + DimMax<D, Output = D> + linalg::MatmulDim<D, Output = D>,
    D::Smaller: orthant::InsertAxis<Larger = D>,
{
    let svd = linalg::svd(a).unwrap();
    let s = svd.s.insert_axis(-2);
    (&svd.u * s).matmul(&svd.vt)
}

#[test]
fn stacks_are_decomposed_member_by_member() {
    let mut seed = 3;
    let a = Array4::from_shape_fn([2, 3, 7, 5], |_| noise(&mut seed));
    assert!(stack(&a).all_close(&a, 0.0, 1e-13));
    let turned = a.permute([1, 0, 3, 2]);
    assert!(stack(&turned).all_close(&turned, 0.0, 1e-13));
    assert!(stack(&turned.view_dyn()).all_close(&turned, 0.0, 1e-13));
    let values = linalg::svdvals(&a).unwrap();
    assert_eq!(values.shape(), &[2, 3, 5]);
    let alone = linalg::svdvals(&a.index_axis(0, 1).index_axis(0, 2)).unwrap();
    assert!(values.slice(s![1, 2]).all_close(&alone, 1e-13, 0.0));
    let none = linalg::svd(&Array3::<f64>::zeros([0, 4, 3])).unwrap();
    assert_eq!(none.u.shape(), &[0, 4, 3]);
}

#[test]
fn bad_input_is_named() {
    let error = linalg::svd(&array![1.0, 2.0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "svd: 1-dimensional array given. Array must be at least two-dimensional"
    );
    let mut a = Array3::<f64>::ones([3, 2, 2]);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        a[[1, 0, 1]] = bad;
        match linalg::svdvals(&a).unwrap_err() {
            LinalgError::NonFinite { shape, index, .. } => {
                assert_eq!((shape, index), (vec![3, 2, 2], vec![1]));
            }
            other => panic!("{other}"),
        }
    }
}
