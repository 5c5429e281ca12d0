//! Corners through the public functions, on either backend: not-a-numbers and infinities, nothing at all.

use super::*;
use crate::array::{Array2, Array3, ArrayRef, Dimension};
use crate::linalg::{self, Diagonal, LinalgError, QrMode, Uplo, with_backend};

/// The matrices of a stack far from singular; what is above the diagonal is what is below it, conjugated.
fn hermitian<T: Scalar>(n: usize, rng: &mut Rng) -> Array3<T> {
    let b = Array3::<T>::from_shape_fn([2, n, n], |_| rng.scalar());
    let heavy = T::from_real(T::Real::from_f64(2.0 * n as f64));
    Array3::from_shape_fn([2, n, n], |[k, i, j]| match i.cmp(&j) {
        std::cmp::Ordering::Less => b[[k, j, i]].conj(),
        std::cmp::Ordering::Equal => T::from_real(b[[k, i, i]].re()) + heavy,
        std::cmp::Ordering::Greater => b[[k, i, j]],
    })
}

/// Whether member `k` of a stack has a not-a-number.
fn spoiled<T: Scalar, D: Dimension>(x: &ArrayRef<T, D>, k: usize) -> bool {
    let of_one = x.len() / 2;
    let mut elements = x.iter().skip(k * of_one).take(of_one);
    elements.any(|x| x.re().to_f64().is_nan() || x.im().to_f64().is_nan())
}

/// The first member must be as if it were alone; the second is not a number, or an error names it.
fn stays<T: Scalar, D: Dimension>(
    what: &str,
    bad: f64,
    made: Result<crate::array::Array<T, D>, LinalgError>,
) {
    match made {
        Ok(x) => {
            assert!(!spoiled(&x, 0), "{what}: the other member");
            // An infinity may be divided away.
            assert!(
                spoiled(&x, 1) || bad.is_infinite(),
                "{what} hides a not-a-number"
            );
        }
        Err(
            LinalgError::Singular { index, .. } | LinalgError::NotPositiveDefinite { index, .. },
        ) => {
            assert_eq!(index, [1], "{what}")
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

#[test]
fn not_a_numbers_stay_or_are_errors() {
    fn test<T: Scalar>(backend: Backend) {
        let mut rng = Rng(71);
        for n in [2, 5, 24, 100] {
            let good = hermitian::<T>(n, &mut rng);
            let b = Array3::<T>::from_shape_fn([2, n, 2], |_| rng.scalar());
            // The larger take other ways, which one case each shows.
            let cases = if n < 100 { 3 } else { 1 };
            for &bad in &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY][..cases] {
                let places = [(n / 2, 0), (0, 0), (n - 1, n - 1), (n - 1, n / 2)];
                for &(i, j) in &places[..cases] {
                    let mut a = good.clone();
                    let value = T::from_real(T::Real::from_f64(bad));
                    (a[[1, i, j]], a[[1, j, i]]) = (value, value);
                    let a = &a;
                    let what = |op| format!("{op} of {n}, {bad} at ({i}, {j}), {backend:?}");
                    with_backend(backend, || {
                        stays(&what("solve"), bad, linalg::solve(a, &b));
                        stays(&what("inv"), bad, linalg::inv(a));
                        let lu = linalg::lu(a).unwrap();
                        stays(&what("lu"), bad, Ok(lu.reconstruct()));
                        stays(&what("det"), bad, linalg::det(a));
                        let slog = linalg::slogdet(a).unwrap();
                        let sizes = slog.logabsdet.map(|&x| T::from_real(x));
                        stays(&what("slogdet"), bad, Ok(sizes + &slog.sign));
                        let x = linalg::solve_triangular(a, &b, Uplo::Lower, Diagonal::Stored);
                        stays(&what("solve_triangular"), bad, x);
                        for uplo in [Uplo::Lower, Uplo::Upper] {
                            let made = linalg::cholesky(a, uplo).map(|made| made.l);
                            stays(&what("cholesky"), bad, made);
                        }
                        stays(&what("solve_posdef"), bad, linalg::solve_posdef(a, &b));
                        let qr = linalg::qr(a, QrMode::Reduced).unwrap();
                        stays(&what("qr"), bad, Ok(qr.reconstruct()));
                        let qr = linalg::qr_pivoted(a, QrMode::Reduced).unwrap();
                        stays(&what("qr_pivoted"), bad, qr.try_reconstruct());
                        let errors = [
                            linalg::ldlt(a, Uplo::Lower).map(drop).unwrap_err(),
                            linalg::schur(a).map(drop).unwrap_err(),
                            linalg::hessenberg(a).map(drop).unwrap_err(),
                            linalg::eig(a).map(drop).unwrap_err(),
                            linalg::eigh(a, Uplo::Upper).map(drop).unwrap_err(),
                            linalg::svd(a).map(drop).unwrap_err(),
                            linalg::pinv(a, None).map(drop).unwrap_err(),
                            linalg::lstsq(a, &b, None).map(drop).unwrap_err(),
                            linalg::expm(a).map(drop).unwrap_err(),
                        ];
                        for error in errors {
                            let LinalgError::NonFinite { shape, index, .. } = &error else {
                                panic!("{}: {error}", what("all"));
                            };
                            assert_eq!((&shape[..], &index[..]), (a.shape(), &[1][..]), "{error}");
                        }
                    });
                }
            }
        }
    }
    for_all!(test);
}

#[test]
fn nothing_has_factors() {
    fn test<T: Scalar>(backend: Backend) {
        let one = Array2::<T>::zeros([0, 0]);
        let stacks = [[0, 3, 3], [2, 0, 0]].map(Array3::<T>::zeros);
        with_backend(backend, || {
            assert_eq!(linalg::det(&one).unwrap(), T::one());
            assert_eq!(linalg::lu(&one).unwrap().det().unwrap(), T::one());
            assert_eq!(linalg::slogdet(&one).unwrap().sign, T::one());
            let qr = linalg::qr_pivoted(&one, QrMode::Reduced).unwrap();
            assert_eq!(qr.det().unwrap(), T::one());
            for a in &stacks {
                let shape = a.shape();
                let b = Array3::<T>::zeros([shape[0], shape[1], 2]);
                let whole = [
                    linalg::inv(a).unwrap(),
                    linalg::lu(a).unwrap().reconstruct(),
                    linalg::lu(a).unwrap().inv().unwrap(),
                    linalg::cholesky(a, Uplo::Upper).unwrap().reconstruct(),
                    linalg::ldlt(a, Uplo::Lower).unwrap().reconstruct(),
                    linalg::qr(a, QrMode::Complete).unwrap().reconstruct(),
                    linalg::qr_pivoted(a, QrMode::Reduced)
                        .unwrap()
                        .reconstruct(),
                    linalg::qr_r(a).unwrap(),
                    linalg::schur(a).unwrap().reconstruct(),
                    linalg::hessenberg(a).unwrap().reconstruct(),
                    linalg::eigh(a, Uplo::Lower).unwrap().reconstruct(),
                    linalg::svd_full(a).unwrap().reconstruct(),
                    linalg::pinv(a, None).unwrap(),
                    linalg::polar(a).unwrap().u,
                    linalg::expm(a).unwrap(),
                ];
                assert!(whole.iter().all(|made| made.shape() == shape), "{shape:?}");
                let solutions = [
                    linalg::solve(a, &b).unwrap(),
                    linalg::solve_triangular(a, &b, Uplo::Lower, Diagonal::Unit).unwrap(),
                    linalg::solve_posdef(a, &b).unwrap(),
                    linalg::lu(a).unwrap().solve(&b).unwrap(),
                    linalg::qr(a, QrMode::Reduced).unwrap().solve(&b).unwrap(),
                    linalg::lstsq(a, &b, None).unwrap().x,
                ];
                assert!(
                    solutions.iter().all(|x| x.shape() == b.shape()),
                    "{shape:?}"
                );
                assert_eq!(linalg::eigvals(a).unwrap().shape(), &shape[..2]);
                assert_eq!(linalg::svdvals(a).unwrap().shape(), &shape[..2]);
                assert_eq!(linalg::det(a).unwrap().shape(), &shape[..1]);
            }
            for (m, n) in [(0, 3), (3, 0)] {
                let a = Array3::<T>::zeros([2, m, n]);
                let lu = linalg::lu(&a).unwrap();
                assert_eq!(
                    (lu.l().shape(), lu.u().shape()),
                    (&[2, m, 0][..], &[2, 0, n][..])
                );
                for mode in [QrMode::Reduced, QrMode::Complete] {
                    let qr = linalg::qr_pivoted(&a, mode).unwrap();
                    assert_eq!(qr.reconstruct().shape(), a.shape());
                    assert_eq!(qr.permutation.shape(), &[2, n]);
                    let x = qr.solve(&Array3::<T>::zeros([2, m, 2]), None).unwrap();
                    assert_eq!(x, Array3::<T>::zeros([2, n, 2]));
                }
                assert_eq!(linalg::pinv(&a, None).unwrap().shape(), &[2, n, m]);
                assert_eq!(
                    linalg::svd_full(&a).unwrap().reconstruct().shape(),
                    a.shape()
                );
            }
        });
    }
    for_all!(test);
}
