//! Randomised singular values: against all of them, the stated bound, all four scalars, errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, Components, Pca, RandomSketch};
use orthant::{Complex, Float, assert_all_close, prelude::*};

use crate::common::{Sample, largest, random};

/// A matrix with these singular values.
fn with_values<T: Sample>([m, n]: [usize; 2], s: &[f64], seed: &mut u64) -> Array2<T> {
    let k = s.len();
    let u = linalg::svd(&random::<T, _>([m, k], seed)).unwrap().u;
    let vt = linalg::svd(&random::<T, _>([k, n], seed)).unwrap().vt;
    let s: Array1<T> = s.iter().map(|&s| T::of(s, 0.0)).collect();
    (u * &s).matmul(&vt)
}

/// The product of the factors.
fn product<T: Sample>(svd: &linalg::Svd<T, Ix2>) -> Array2<T> {
    let s = svd.s.map(|&s| T::from_real(s));
    (&svd.u * &s).matmul(&svd.vt)
}

#[test]
fn finds_matrices_of_low_rank() {
    fn test<T: Sample>() {
        let eps = Float::to_f64(<T::Real as Float>::EPSILON);
        let seed = &mut 1;
        for shape in [[60, 40], [30, 90], [25, 25]] {
            let values = [9.0, 5.0, 3.0, 1.0, 0.5];
            let a = with_values::<T>(shape, &values, seed);
            let svd = linalg::svd_randomized(&a, 5).unwrap();
            assert_eq!(svd.u.shape(), &[shape[0], 5]);
            assert_eq!(svd.vt.shape(), &[5, shape[1]]);
            for (found, expected) in svd.s.iter().zip(values) {
                assert!((Float::to_f64(*found) - expected).abs() < 500.0 * eps);
            }
            assert!(largest(&(product(&svd) - &a)) < 500.0 * eps);
            let identity = Array2::<T>::identity(5);
            let u = svd.u.map(|x| x.conj());
            assert!(largest(&(u.t().matmul(&svd.u) - &identity)) < 200.0 * eps);
            let v = svd.vt.map(|x| x.conj());
            assert!(largest(&(svd.vt.matmul(v.t()) - &identity)) < 200.0 * eps);
        }
    }
    test::<f64>();
    test::<f32>();
    test::<Complex<f64>>();
    test::<Complex<f32>>();
}

#[test]
fn errors_stay_below_the_bound() {
    let (m, n, k) = (80, 60, 10);
    let slow: Vec<f64> = (1..=n).map(|i| 1.0 / i as f64).collect();
    let a = with_values::<f64>([m, n], &slow, &mut 2);
    for q in [0, 1, 2, 4] {
        for seed in 0..5 {
            let sketch = RandomSketch {
                oversampling: 10,
                power_iterations: q,
                seed,
            };
            let svd = linalg::svd_randomized_with(&a, k, sketch).unwrap();
            let (k, p) = (k as f64, 10.0);
            let factor = 1.0
                + (k / (p - 1.0)).sqrt()
                + std::f64::consts::E * (k + p).sqrt() / p * (n as f64 - k).sqrt();
            let bound = (factor.powf(1.0 / (2.0 * q as f64 + 1.0)) + 1.0) * slow[10];
            let error = linalg::norm_ord(&(product(&svd) - &a), 2).unwrap();
            assert!(error <= bound, "q = {q}, seed {seed}: {error} {bound}");
            assert!(error >= slow[10] * (1.0 - 1e-12));
            // The basis is a subspace: values cannot be too large.
            for (found, exact) in svd.s.iter().zip(&slow) {
                assert!(*found <= exact * (1.0 + 1e-12));
            }
            if q == 4 {
                assert!(
                    svd.s
                        .iter()
                        .zip(&slow)
                        .all(|(s, e)| (s / e - 1.0).abs() < 0.01)
                );
            }
        }
    }
}

#[test]
fn the_seed_decides() {
    let a = random::<f64, _>([50, 30], &mut 3);
    let with = |seed| {
        let sketch = RandomSketch {
            seed,
            ..RandomSketch::default()
        };
        linalg::svd_randomized_with(&a, 4, sketch).unwrap().s
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
    // Layouts do not.
    let columns = a.t().to_owned();
    let same = linalg::svd_randomized(&columns.t(), 4).unwrap().s;
    assert_all_close!(same, linalg::svd_randomized(&a, 4).unwrap().s, 1e-12, 0.0);
}

#[test]
fn mistakes_are_errors() {
    let mut a = random::<f64, _>([6, 4], &mut 4);
    assert_eq!(
        linalg::svd_randomized(&a, 5).unwrap_err().to_string(),
        "svd_randomized: 5 components asked for, a matrix of shape (6,4) has at most 4"
    );
    // All of them are exact.
    let all = linalg::svd_randomized(&a, 4).unwrap();
    assert_all_close!(all.s, linalg::svdvals(&a).unwrap(), 1e-13, 0.0);
    let none = linalg::svd_randomized(&a, 0).unwrap();
    assert_eq!(
        (none.u.shape(), none.vt.shape()),
        (&[6, 0][..], &[0, 4][..])
    );
    let empty = linalg::svd_randomized(&Array2::<f64>::zeros([0, 3]), 0).unwrap();
    assert_eq!(empty.s.len(), 0);
    a[[3, 3]] = f64::INFINITY;
    assert_eq!(
        linalg::svd_randomized(&a, 2).unwrap_err().to_string(),
        "svd_randomized: Array must not contain infs or NaNs (shape (6,4))"
    );
}

#[test]
fn principal_components() {
    let values: Vec<f64> = (0..40).map(|i| 0.8f64.powi(i)).collect();
    let x = with_values::<f64>([200, 40], &values, &mut 5) + 3.0;
    let exact = Pca::fit(&x, Components::First(6)).unwrap();
    let (pca, scores) = Pca::fit_transform_randomized(&x, 6, RandomSketch::default()).unwrap();
    assert_all_close!(pca.mean, exact.mean, 0.0, 0.0);
    assert_all_close!(pca.singular_values, exact.singular_values, 1e-9, 0.0);
    assert_all_close!(
        pca.explained_variance_ratio,
        exact.explained_variance_ratio,
        1e-9,
        0.0
    );
    assert!((pca.noise_variance / exact.noise_variance - 1.0).abs() < 1e-6);
    assert_all_close!(pca.components, exact.components, 0.0, 1e-4);
    assert_all_close!(scores, pca.transform(&x).unwrap(), 0.0, 1e-5);
}
