//! QR, eigenvalues, Schur forms, least squares and what is made of them: golden values of NumPy and
//! SciPy, stacks, layouts, corner cases, errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use std::path::Path;

use orthant::linalg::{self, LinalgError, Norm, QrMode, Uplo};
use orthant::prelude::*;

use crate::common::{C64, adjoint, largest};

fn extents(text: &str) -> Vec<usize> {
    text.split(',').map(|n| n.parse().unwrap()).collect()
}

/// Operand `o` of the case with this number.
fn operand(o: usize, shape: [usize; 2], number: usize) -> Array2<f64> {
    let [m, n] = shape;
    let element = |k: usize| ((7919 * o + 104729 * k + 31 * number + k * k) % 19) as f64 - 9.0;
    Array2::from_shape_vec(shape, (0..m * n).map(element).collect::<Vec<_>>())
}

fn matrix(shape: &[usize], number: usize) -> Array2<f64> {
    match *shape {
        [m, n] => operand(0, [m, n], number),
        [m, r, n] => operand(0, [m, r], number).matmul(&operand(1, [r, n], number)),
        _ => panic!("{shape:?}"),
    }
}

fn reals<D: Dimension>(x: &ArrayRef<f64, D>) -> Vec<f64> {
    x.iter().copied().collect()
}

fn parts<D: Dimension>(x: &ArrayRef<C64, D>) -> Vec<f64> {
    x.iter().flat_map(|x| [x.re, x.im]).collect()
}

fn hermitian(a: &Array2<f64>) -> Array2<f64> {
    a + a.t()
}

fn order(text: &str) -> Norm {
    match text {
        "None" => Norm::P(2.0),
        "fro" => Norm::Fro,
        "nuc" => Norm::Nuc,
        "inf" => Norm::Inf,
        "-inf" => Norm::NegInf,
        number => Norm::P(number.parse().unwrap()),
    }
}

/// The results of a case, as many lists of numbers as the script writes.
fn results(
    op: &str,
    argument: &str,
    a: &Array2<f64>,
    number: usize,
) -> Result<Vec<Vec<f64>>, LinalgError> {
    let n = a.nrows();
    let plus = |a: Array2<f64>| a + Array2::<f64>::identity(n);
    Ok(match op {
        "eigvals" => {
            let mut values: Vec<C64> = linalg::eigvals(a)?.iter().copied().collect();
            let near = |x: f64| (x * 1e8).round();
            values.sort_by(|x, y| {
                (near(x.re), x.im)
                    .partial_cmp(&(near(y.re), y.im))
                    .expect("numbers")
            });
            vec![values.into_iter().flat_map(|x| [x.re, x.im]).collect()]
        }
        "eigvalsh" => vec![reals(&linalg::eigvalsh(&hermitian(a), Uplo::Lower)?)],
        "lstsq" => {
            let columns: usize = argument.parse().unwrap();
            let b = operand(2, [n, columns.max(1)], number);
            let (x, residuals, rank, s) = if columns == 0 {
                let made = linalg::lstsq(a, &b.column(0), None)?;
                (reals(&made.x), made.residuals, made.rank, made.s)
            } else {
                let made = linalg::lstsq(a, &b, None)?;
                (reals(&made.x), made.residuals, made.rank, made.s)
            };
            vec![x, reals(&residuals), vec![rank as f64], reals(&s)]
        }
        "pinv" => vec![reals(&linalg::pinv(a, None)?)],
        "rank" => vec![vec![linalg::matrix_rank(a, None)? as f64]],
        "null_space" | "orth" => {
            let basis = if op == "orth" {
                linalg::orth(a, None)?
            } else {
                linalg::null_space(a, None)?
            };
            vec![reals(&basis.matmul(basis.t()))]
        }
        "polar" => {
            let polar = if argument == "left" {
                linalg::polar_left(a)?
            } else {
                linalg::polar(a)?
            };
            vec![reals(&polar.u), reals(&polar.p)]
        }
        "cond" => vec![vec![linalg::cond_ord(a, order(argument))?]],
        "expm" => vec![reals(&linalg::expm(
            &(a * argument.parse::<f64>().unwrap()),
        )?)],
        "logm" => vec![parts(&linalg::logm(&(plus(a.matmul(a.t())) + a / 9.0))?)],
        "sqrtm" => vec![parts(&linalg::sqrtm(a)?)],
        "generalised" => {
            let b = a.matmul(a.t()) + Array2::<f64>::identity(n) * n as f64;
            let made = linalg::eigh_generalised(&hermitian(a), &b, Uplo::Lower)?;
            vec![reals(&made.values)]
        }
        "ldl" if argument == "complex" => {
            let part = |x: Array2<f64>, unit: C64| x.map(|&x| unit * x);
            let skew = part(a - a.t(), C64::new(0.0, 1.0));
            let ldlt = linalg::ldlt(
                &(part(hermitian(a), C64::new(1.0, 0.0)) + skew),
                Uplo::Lower,
            )?;
            let order = ldlt.permutation();
            let order = order.iter().map(|&i| i as f64).collect();
            vec![parts(&ldlt.permuted_l()), parts(&ldlt.d()), order]
        }
        "ldl" => {
            let mut whole = hermitian(a);
            if argument == "hollow" {
                (0..n).for_each(|i| whole[[i, i]] = 0.0);
            }
            let ldlt = linalg::ldlt(&whole, Uplo::Lower)?;
            let order = ldlt.permutation();
            let order = order.iter().map(|&i| i as f64).collect();
            vec![reals(&ldlt.permuted_l()), reals(&ldlt.d()), order]
        }
        _ => panic!("{op}"),
    })
}

#[test]
fn results_are_numpys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/decompositions.tsv");
    let content = std::fs::read_to_string(path).unwrap();
    let lines = content.lines().filter(|line| !line.starts_with('#'));
    let mut failures = Vec::new();
    for (number, line) in lines.enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [op, argument, shape, values, ..] = fields[..] else {
            panic!("{line}")
        };
        let a = matrix(&extents(shape), number);
        let found = results(op, argument, &a, number);
        if values == "!" {
            let error = found.unwrap_err().to_string();
            assert!(error.contains(fields[4]), "{line}\n{error}");
            continue;
        }
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                failures.push(format!("{op} {argument} {shape}: {error}"));
                continue;
            }
        };
        let wanted: Vec<Vec<f64>> = values
            .split(';')
            .map(|list| {
                let numbers = list.split(' ').filter(|x| !x.is_empty());
                numbers.map(|x| x.parse().unwrap()).collect()
            })
            .collect();
        assert_eq!(found.len(), wanted.len(), "{line}");
        for (found, wanted) in found.iter().zip(&wanted) {
            // Condition numbers of singular matrices are rounding errors, or infinite.
            let singular = op == "cond" && wanted[0].abs() > 1e14;
            if singular && found[0] > 1e14 {
                continue;
            }
            let size = wanted.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
            // Roots of nearly singular matrices lose half the digits.
            let tolerance = if op == "sqrtm" { 1e-7 } else { 1e-10 };
            let close = |(x, y): (&f64, &f64)| (x - y).abs() <= tolerance * size;
            if found.len() != wanted.len() || !found.iter().zip(wanted).all(close) {
                failures.push(format!("{op} {argument} {shape}:\n{found:?}\n{wanted:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn random<S: orthant::IntoShape>(shape: S, seed: &mut u64) -> Array<C64, S::Dim> {
    crate::common::random(shape, seed)
}

#[test]
fn stacks_of_factors() {
    let seed = &mut 5;
    for (m, n) in [(5, 3), (3, 5), (4, 4), (1, 1)] {
        let a = random([7, m, n], seed);
        let b = random([7, m, 2], seed);
        for a in [a.clone(), a.slice(s![..;-1, .., ..;-1]).to_owned()] {
            for mode in [QrMode::Reduced, QrMode::Complete] {
                let qr = linalg::qr(&a, mode).unwrap();
                let k = if mode == QrMode::Complete {
                    m
                } else {
                    m.min(n)
                };
                assert_eq!(
                    (qr.q.shape(), qr.r.shape()),
                    (&[7, m, k][..], &[7, k, n][..])
                );
                assert!(largest(&(qr.reconstruct() - &a)) < 1e-13);
                let gram = adjoint(&qr.q).matmul(&qr.q);
                assert!(largest(&(gram - Array2::identity(k))) < 1e-13);
                let pivoted = linalg::qr_pivoted(&a, mode).unwrap();
                assert!(largest(&(pivoted.reconstruct() - &a)) < 1e-13);
            }
            let r = linalg::qr_r(&a).unwrap();
            assert_eq!(r.shape(), &[7, m.min(n), n]);
            let fit = linalg::lstsq(&a, &b, None).unwrap();
            assert_eq!(fit.x.shape(), &[7, n, 2]);
            assert_eq!(fit.rank, Array1::full([7], m.min(n)));
            assert_eq!(
                fit.residuals.shape(),
                if m > n { &[7, 2][..] } else { &[0][..] }
            );
            let p = linalg::pinv(&a, None).unwrap();
            assert!(largest(&(p.matmul(&b) - &fit.x)) < 1e-12);
            let by_svd = linalg::svd(&a).unwrap();
            assert!(largest(&(by_svd.reconstruct() - &a)) < 1e-13);
            assert!(largest(&(by_svd.solve(&b).unwrap() - &fit.x)) < 1e-12);
            if m >= n {
                let x = linalg::qr(&a, QrMode::Reduced).unwrap().solve(&b).unwrap();
                assert!(largest(&(x - &fit.x)) < 1e-12);
                let x = linalg::qr(&a, QrMode::Reduced)
                    .unwrap()
                    .solve(&b.slice(s![0, .., 0]))
                    .unwrap();
                assert_eq!(x.shape(), &[7, n]);
            }
            let right = linalg::polar(&a).unwrap();
            assert!(largest(&(right.u.matmul(&right.p) - &a)) < 1e-13);
            let left = linalg::polar_left(&a).unwrap();
            assert!(largest(&(left.p.matmul(&left.u) - &a)) < 1e-13);
            let cond = linalg::cond(&a).unwrap();
            assert!(cond.iter().all(|&c| c >= 1.0));
        }
    }
}

#[test]
fn stacks_of_spectra() {
    let seed = &mut 6;
    let (n, identity) = (6, Array2::<C64>::identity(6));
    let a = random([5, n, n], seed);
    let hermitian = &a + adjoint(&a);
    for uplo in [Uplo::Lower, Uplo::Upper] {
        let eigen = linalg::eigh(&hermitian, uplo).unwrap();
        assert!(largest(&(eigen.reconstruct() - &hermitian)) < 1e-13);
        let values = linalg::eigvalsh(&hermitian, uplo).unwrap();
        assert!(values.all_close(&eigen.values, 1e-12, 1e-12));
        assert!(largest(&(eigen.inv().unwrap().matmul(&hermitian) - &identity)) < 1e-11);
        let b = random([n], seed);
        let x = eigen.solve(&b).unwrap();
        let again = linalg::solve(&hermitian, &b).unwrap();
        assert!(largest(&(x - again)) < 1e-11);
        let det = linalg::det(&hermitian).unwrap();
        for (x, y) in eigen.det().iter().zip(det.iter()) {
            assert!((x - y.re).abs() < 1e-11 * x.abs().max(1.0));
        }
        let squared = eigen.map(|x| x * x);
        assert!(largest(&(squared - hermitian.matmul(&hermitian))) < 1e-12);
    }
    let eigen = linalg::eig(&a).unwrap();
    assert!(largest(&(eigen.reconstruct().unwrap() - &a)) < 1e-12);
    let product = eigen.vectors.matmul(linalg::inv(&eigen.vectors).unwrap());
    assert!(largest(&(product - &identity)) < 1e-11);
    for (x, y) in eigen.det().iter().zip(linalg::det(&a).unwrap().iter()) {
        assert!((x - y).norm() < 1e-12);
    }
    let schur = linalg::schur(&a).unwrap();
    assert!(largest(&(schur.reconstruct() - &a)) < 1e-13);
    let form = linalg::hessenberg(&a).unwrap();
    assert!(largest(&(form.reconstruct() - &a)) < 1e-13);
    let b = a.matmul(adjoint(&a)) + &identity;
    let eigen = linalg::eigh_generalised(&hermitian, &b, Uplo::Lower).unwrap();
    let scaled = b.matmul(&eigen.vectors);
    let gram = adjoint(&eigen.vectors).matmul(&scaled);
    assert!(largest(&(gram - &identity)) < 1e-12);
    for i in 0..5 {
        let values = eigen.values.row(i).map(|&x| C64::from(x));
        let off = hermitian
            .index_axis(0, i)
            .matmul(eigen.vectors.index_axis(0, i))
            - scaled.index_axis(0, i).to_owned() * values;
        assert!(largest(&off) < 1e-12);
    }
    // A real stack: complex pairs, real and standardised Schur blocks.
    let a = a.map(|x| x.re);
    let eigen = linalg::eig(&a).unwrap();
    let again = eigen.reconstruct().unwrap();
    assert!(largest(&(again - a.map(|&x| C64::from(x)))) < 1e-12);
    let root = linalg::sqrtm(&a).unwrap();
    let tolerance = 3e-14 * (1.0 + largest(&root).powi(2));
    assert!(largest(&(root.matmul(&root) - a.map(|&x| C64::from(x)))) < tolerance);
    let exp = linalg::expm(&a).unwrap();
    let inverse = linalg::expm(&(-&a)).unwrap();
    assert!(largest(&(exp.matmul(&inverse) - Array2::identity(n))) < 1e-11);
    // A nilpotent matrix that must not be scaled too much.
    let jump = array![[1.0, 1e6], [0.0, -1.0]];
    let exp = linalg::expm(&jump).unwrap();
    assert!((exp[[0, 1]] / (1e6 * 1f64.sinh()) - 1.0).abs() < 1e-14);
}

/// `(…, 6, 6)` complex numbers near 1: regular, and far from orthogonal or Hermitian.
fn regular(len: usize, seed: &mut u64) -> Array3<C64> {
    random([len, 6, 6], seed) + Array2::<C64>::identity(6)
}

/// Solutions, inverses and determinants of one form of a stack, against those of LU.
macro_rules! assert_factors {
    ($a:expr, $made:expr, $b:expr, $det:expr) => {{
        let (a, made, b) = (&$a, &$made, &$b);
        let x = made.solve(b).unwrap();
        assert!(largest(&(&x - linalg::solve(a, b).unwrap())) < 1e-10);
        let one = b.slice(s![0, .., 0]).to_owned();
        let x = made.solve(&one).unwrap();
        assert!(largest(&(&x - linalg::solve(a, &one).unwrap())) < 1e-10);
        let inverse = made.inv().unwrap();
        assert!(largest(&(&inverse - linalg::inv(a).unwrap())) < 1e-10);
        let off = &$det - linalg::det(a).unwrap();
        assert!(largest(&off) < 1e-10, "{off:?}");
        assert!(largest(&(made.reconstruct() - a)) < 1e-12);
    }};
}

#[test]
fn factors_solve_invert_and_give_determinants() {
    let seed = &mut 17;
    let (a, b) = (regular(4, seed), random([4, 6, 2], seed));
    let svd = linalg::svd(&a).unwrap();
    assert_factors!(a, svd, b, svd.det().unwrap());
    let full = linalg::svd_full(&a).unwrap();
    assert_factors!(a, full, b, full.det().unwrap());
    let schur = linalg::schur(&a).unwrap();
    assert_factors!(a, schur, b, schur.det());
    let form = linalg::hessenberg(&a).unwrap();
    assert_factors!(a, form, b, form.det());
    let eigen = linalg::eig(&a).unwrap();
    assert!(largest(&(eigen.solve(&b).unwrap() - linalg::solve(&a, &b).unwrap())) < 1e-10);
    assert!(largest(&(eigen.inv().unwrap() - linalg::inv(&a).unwrap())) < 1e-10);
    // Real stacks, with blocks of two rows in the Schur form and both signs of the determinant.
    let (a, b) = (a.map(|x| x.re), b.map(|x| x.re));
    let dets = linalg::det(&a).unwrap();
    assert!(
        dets.iter().any(|&x| x < 0.0) && dets.iter().any(|&x| x > 0.0),
        "{dets:?}"
    );
    let svd = linalg::svd(&a).unwrap();
    assert_factors!(a, svd, b, svd.det().unwrap());
    let schur = linalg::schur(&a).unwrap();
    let blocks = (0..4).flat_map(|k| (0..5).map(move |i| [k, i + 1, i]));
    assert!(blocks.into_iter().any(|at| schur.t[at] != 0.0));
    assert_factors!(a, schur, b, schur.det());
    let form = linalg::hessenberg(&a).unwrap();
    assert_factors!(a, form, b, form.det());
    let eigen = linalg::eig(&a).unwrap();
    let x = linalg::solve(&a, &b).unwrap().map(|&x| C64::from(x));
    assert!(largest(&(eigen.solve(&b).unwrap() - x)) < 1e-10);
    let one = b.slice(s![1, .., 1]).to_owned();
    assert_eq!(eigen.solve(&one).unwrap().shape(), &[4, 6]);
    let inverse = linalg::inv(&a).unwrap().map(|&x| C64::from(x));
    assert!(largest(&(eigen.inv().unwrap() - inverse)) < 1e-10);
    for (x, y) in eigen.det().iter().zip(dets.iter()) {
        assert!((x - y).norm() < 1e-10);
    }
    // One right-hand side for every matrix, and one matrix for a stack of them.
    let first = a.index_axis(0, 0).to_owned();
    let schur = linalg::schur(&first).unwrap();
    let x = schur.solve(&b).unwrap();
    assert!(largest(&(x - linalg::solve(&first, &b).unwrap())) < 1e-10);
}

#[test]
fn singular_and_empty_forms() {
    let stack = array![[[2.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 3.0]]];
    let b = array![1.0, 1.0];
    let singular = |op| LinalgError::Singular {
        op,
        shape: vec![2, 2, 2],
        index: vec![1],
    };
    let svd = linalg::svd(&stack).unwrap();
    assert_eq!(svd.inv().unwrap_err(), singular("inv"));
    assert!(svd.det().unwrap().all_close(&array![2.0, 0.0], 1e-14, 0.0));
    let schur = linalg::schur(&stack).unwrap();
    assert_eq!(schur.solve(&b).unwrap_err(), singular("solve"));
    assert_eq!(schur.inv().unwrap_err(), singular("inv"));
    assert_eq!(schur.det(), array![2.0, 0.0]);
    let form = linalg::hessenberg(&stack).unwrap();
    assert_eq!(form.solve(&b).unwrap_err(), singular("solve"));
    assert_eq!(form.inv().unwrap_err(), singular("inv"));
    assert_eq!(form.det(), array![2.0, 0.0]);
    let eigen = linalg::eig(&stack).unwrap();
    assert_eq!(eigen.solve(&b).unwrap_err(), singular("solve"));
    assert_eq!(eigen.inv().unwrap_err(), singular("inv"));
    let none = Array2::<f64>::zeros([0, 0]);
    assert_eq!(linalg::svd(&none).unwrap().det().unwrap(), 1.0);
    assert_eq!(linalg::svd(&none).unwrap().inv().unwrap().shape(), &[0, 0]);
    assert_eq!(linalg::schur(&none).unwrap().det(), 1.0);
    assert_eq!(
        linalg::hessenberg(&none).unwrap().inv().unwrap().shape(),
        &[0, 0]
    );
    let tall = linalg::svd(&Array3::<f64>::ones([5, 3, 2])).unwrap();
    let not_square = |op| LinalgError::NotSquare {
        op,
        shape: vec![5, 3, 2],
    };
    assert_eq!(tall.det().unwrap_err(), not_square("det"));
    assert_eq!(tall.inv().unwrap_err(), not_square("inv"));
    assert_eq!(tall.pinv().shape(), &[5, 2, 3]);
    // Products that leave the range on the way and come back.
    let sizes = [1e120, 1e120, 1e120, -1e-140, 1e-140];
    let wide = Array2::from_shape_fn([5, 5], |[i, j]| if i == j { sizes[i] } else { 0.0 });
    let near = |det: f64| assert!((det / -1e80 - 1.0).abs() < 1e-10, "{det}");
    near(linalg::schur(&wide).unwrap().det());
    near(linalg::hessenberg(&wide).unwrap().det());
    near(linalg::qr(&wide, QrMode::Reduced).unwrap().det().unwrap());
    near(linalg::eigh(&wide, Uplo::Lower).unwrap().det());
    let det: C64 = linalg::eig(&wide).unwrap().det();
    near(det.re);
    let positive = wide.map(|x| x.abs());
    near(-linalg::cholesky(&positive, Uplo::Lower).unwrap().det());
    // Ranks by absolute cutoffs.
    let a = array![[[1e-3, 0.0], [0.0, 5.0]], [[2.0, 0.0], [0.0, 2.0]]];
    assert_eq!(linalg::matrix_rank_tol(&a, 0.01).unwrap(), array![1, 2]);
    assert_eq!(linalg::matrix_rank_tol(&a, 2.0).unwrap(), array![1, 0]);
    assert_eq!(
        linalg::matrix_rank_tol(&Array2::<f64>::zeros([0, 3]), 0.1).unwrap(),
        0
    );
}

#[test]
fn corner_cases() {
    let none = Array2::<f64>::zeros([0, 0]);
    assert_eq!(linalg::eigvals(&none).unwrap().shape(), &[0]);
    assert_eq!(
        linalg::eigh(&none, Uplo::Lower).unwrap().vectors.shape(),
        &[0, 0]
    );
    assert_eq!(linalg::schur(&none).unwrap().t.shape(), &[0, 0]);
    assert_eq!(linalg::expm(&none).unwrap().shape(), &[0, 0]);
    let tall = Array2::<f64>::zeros([3, 0]);
    let qr = linalg::qr(&tall, QrMode::Complete).unwrap();
    assert_eq!(qr.q, Array2::identity(3));
    assert_eq!(qr.r.shape(), &[3, 0]);
    assert_eq!(linalg::pinv(&tall, None).unwrap().shape(), &[0, 3]);
    assert_eq!(linalg::matrix_rank(&tall, None).unwrap(), 0);
    let fit = linalg::lstsq(&tall, &array![1.0, 2.0, 2.0], None).unwrap();
    assert_eq!((fit.x.shape(), fit.rank), (&[0][..], 0));
    assert_eq!(fit.residuals, array![9.0].into_dyn());
    let fit = linalg::lstsq(&tall.t(), &Array1::<f64>::zeros(0), None).unwrap();
    assert_eq!(fit.x, array![0.0, 0.0, 0.0]);
    assert!(fit.residuals.is_empty());
    assert_eq!(
        linalg::matrix_rank(&Array3::<f64>::zeros([2, 3, 3]), None).unwrap(),
        array![0, 0]
    );
    assert_eq!(
        linalg::cond(&Array2::<f64>::zeros([2, 2])).unwrap(),
        f64::INFINITY
    );
    assert_eq!(
        linalg::cond(&none).unwrap_err().to_string(),
        "cond: cond is not defined on empty arrays (shape (0,0))"
    );
    // A long Jordan chain, whose vectors are all the same but for powers of ε.
    let n = 60;
    let chain = Array2::from_shape_fn([n, n], |[i, j]| if i <= j { 1.0 } else { 0.0 });
    let eigen = linalg::eig(&chain).unwrap();
    let vectors: Array2<C64> = eigen.vectors;
    assert!(eigen.values.iter().all(|&x| x == C64::from(1.0)));
    assert!(vectors.iter().all(|x| x.re.is_finite() && x.im.is_finite()));
    // What is not read may be anything.
    let a = array![[1.0, 99.0], [2.0, 1.0]];
    let values = linalg::eigvalsh(&a, Uplo::Upper).unwrap();
    assert!(values.all_close(&array![-98.0, 100.0], 1e-12, 0.0));
}

#[test]
fn mistakes_are_typed() {
    let a = Array3::<f64>::ones([2, 3, 4]);
    assert!(matches!(
        linalg::eig(&a).unwrap_err(),
        LinalgError::NotSquare { op: "eig", .. }
    ));
    assert!(matches!(
        linalg::schur(&a).unwrap_err(),
        LinalgError::NotSquare { op: "schur", .. }
    ));
    let error = linalg::lstsq(&a, &Array3::zeros([2, 2, 1]), None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "lstsq: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (m,n),(m,k)->(n,k) (size 2 is different from 3) (shapes (2,3,4) (2,2,1))"
    );
    let mut square = Array3::<f64>::ones([2, 3, 3]);
    square[[1, 2, 0]] = f64::NAN;
    for error in [
        linalg::eigh(&square, Uplo::Lower).unwrap_err(),
        linalg::eigvals(&square).unwrap_err(),
        linalg::schur(&square).unwrap_err(),
        linalg::pinv(&square, None).unwrap_err(),
        linalg::expm(&square).unwrap_err(),
    ] {
        let text = "Array must not contain infs or NaNs (matrix [1] of the stack of shape (2,3,3))";
        assert!(error.to_string().contains(text), "{error}");
    }
    assert!(matches!(
        linalg::logm(&array![[1.0, 0.0], [0.0, 0.0]]).unwrap_err(),
        LinalgError::Singular { op: "logm", .. }
    ));
    assert!(matches!(
        linalg::sqrtm(&array![[0.0, 1.0], [0.0, 0.0]]).unwrap_err(),
        LinalgError::Singular { op: "sqrtm", .. }
    ));
    assert!(matches!(
        linalg::eigh_generalised(
            &Array2::<f64>::ones([2, 2]),
            &Array2::ones([2, 2]),
            Uplo::Lower
        ),
        Err(LinalgError::NotPositiveDefinite { .. })
    ));
}

#[test]
fn conditions_of_singular_matrices_are_infinite_or_not_numbers() {
    let nan = f64::NAN;
    let stack = array![
        [[0.0, 2.0], [0.0, 1.0]],
        [[0.0, nan], [0.0, 1.0]],
        [[nan, 1.0], [1.0, 1.0]],
        [[1.0, 0.0], [0.0, 1.0]]
    ];
    for ord in [
        Norm::P(1.0),
        Norm::P(-1.0),
        Norm::Inf,
        Norm::NegInf,
        Norm::Fro,
    ] {
        let found = linalg::cond_ord(&stack, ord).unwrap();
        assert_eq!(found[0], f64::INFINITY, "{ord:?}");
        assert!(found[1].is_nan() && found[2].is_nan(), "{ord:?}");
        let one = if ord == Norm::Fro { 2.0 } else { 1.0 };
        assert!((found[3] - one).abs() < 1e-14, "{ord:?}");
    }
}
