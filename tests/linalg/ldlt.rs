//! Bunch–Kaufman factors: layouts, stacks, dtypes, corner cases and errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, Inertia, LinalgError, Uplo};
use orthant::prelude::*;
use orthant::{Complex, Float};

use crate::common::{Sample, eps, largest, random};

/// A Hermitian stack.
fn hermitian<T: Sample>(len: usize, n: usize, seed: &mut u64) -> Array3<T> {
    let a = random::<T, _>([len, n, n], seed);
    let adjoint = a.swap_axes(1, 2).map(|x| x.conj());
    a + adjoint
}

/// The matrix with garbage in the triangle that is not named, and imaginary garbage on the diagonal.
fn spoiled<T: Sample>(a: &ArrayRef2<T>, uplo: Uplo) -> Array2<T> {
    let mut out = a.to_owned();
    let n = a.shape()[0];
    for i in 0..n {
        for j in 0..n {
            let kept = if uplo == Uplo::Lower { i >= j } else { i <= j };
            if i == j {
                out[[i, i]] = a[[i, i]] + T::of(0.0, 7.0);
            } else if !kept {
                out[[i, j]] = T::of(f64::NAN, f64::NAN);
            }
        }
    }
    out
}

fn check<T: Sample>(a: &ArrayRef2<T>, whole: &ArrayRef2<T>, uplo: Uplo, seed: &mut u64) {
    let n = whole.shape()[0];
    let bound = 30.0 * n as f64 * eps::<T>() * (1.0 + largest(whole) * n as f64);
    let made = linalg::ldlt(a, uplo).unwrap();
    assert!(largest(&(made.reconstruct() - whole)) <= bound);
    let (l, d, order) = (made.l(), made.d(), made.permutation());
    let adjoint = l.t().map(|x| x.conj());
    let again = l.matmul(&d).matmul(&adjoint);
    let order: Vec<usize> = order.iter().copied().collect();
    let permuted = made.permuted_l();
    for (i, &from) in order.iter().enumerate() {
        assert_eq!(l[[i, i]], T::one());
        assert_eq!(l.row(i), permuted.row(from));
        for (j, &column) in order.iter().enumerate() {
            let off = again[[i, j]] - whole[[from, column]];
            assert!(off.modulus().to_f64() <= bound);
            assert!(i >= j || l[[i, j]] == T::zero());
            assert!(i.abs_diff(j) < 2 || d[[i, j]] == T::zero());
        }
    }
    let condition = 1e3 * n as f64;
    let b = random::<T, _>([n, 3], seed);
    let x = made.solve(&b).unwrap();
    let residual = largest(&(whole.matmul(&x) - &b));
    assert!(residual <= bound * (1.0 + largest(&x)), "{residual}");
    let one = made.solve(&b.column(1)).unwrap();
    assert!(largest(&(&one - &x.column(1))) <= bound * condition);
    let (det, wanted) = (made.det(), linalg::det(whole).unwrap());
    if wanted.is_finite() {
        let off = (T::from_real(det) - wanted).modulus().to_f64();
        assert!(off <= condition * bound * wanted.modulus().to_f64().max(1e-3));
    } else {
        assert!(n == 70 && det.to_f64().is_infinite());
    }
    let inverse = made.inv().unwrap();
    let off = largest(&(inverse.matmul(whole) - Array2::<T>::identity(n)));
    assert!(off <= bound * (1.0 + largest(&inverse)) * n as f64, "{off}");
    let inertia = made.inertia();
    let values = linalg::eigvalsh(whole, Uplo::Lower).unwrap();
    let positive = values.iter().filter(|x| x.to_f64() > 0.0).count();
    let negative = n - positive;
    let zero = 0;
    assert_eq!(
        inertia,
        Inertia {
            positive,
            negative,
            zero
        }
    );
}

fn layouts<T: Sample>() {
    let seed = &mut 11;
    for n in [1, 2, 3, 6, 20, 70] {
        let whole = hermitian::<T>(1, n, seed).index_axis(0, 0).to_owned();
        for uplo in [Uplo::Lower, Uplo::Upper] {
            let a = spoiled(&whole, uplo);
            check(&a, &whole, uplo, seed);
            // Columns contiguous.
            let columns = a.t().as_standard_layout().into_owned();
            check(&columns.t(), &whole, uplo, seed);
            // Every second row and column of a larger matrix.
            let mut wide = Array2::<T>::full([2 * n, 2 * n], T::of(f64::NAN, 0.0));
            for i in 0..n {
                for j in 0..n {
                    wide[[2 * i, 2 * j]] = a[[i, j]];
                }
            }
            check(&wide.slice(s![..;2, ..;2]), &whole, uplo, seed);
            // Both axes backwards, twice: the same matrix with negative strides.
            let turned = a.slice(s![..;-1, ..;-1]).to_owned();
            check(&turned.slice(s![..;-1, ..;-1]), &whole, uplo, seed);
            // The transpose is the conjugate, whose other triangle is named.
            let other = if uplo == Uplo::Lower {
                Uplo::Upper
            } else {
                Uplo::Lower
            };
            let conjugate = whole.map(|x| x.conj());
            check(&a.t(), &conjugate, other, seed);
        }
    }
}

#[test]
fn dtypes_and_layouts() {
    layouts::<f32>();
    layouts::<f64>();
    layouts::<Complex<f32>>();
    layouts::<Complex<f64>>();
}

#[test]
fn stacks() {
    let seed = &mut 12;
    let a = hermitian::<Complex<f64>>(6, 5, seed);
    let a = a.reshape([2, 3, 5, 5]).to_owned();
    let made = linalg::ldlt(&a, Uplo::Upper).unwrap();
    assert!(largest(&(made.reconstruct() - &a)) < 1e-13);
    assert_eq!(made.permutation().shape(), &[2, 3, 5]);
    let b = random::<Complex<f64>, _>([3, 5, 2], seed);
    let x = made.solve(&b).unwrap();
    assert_eq!(x.shape(), &[2, 3, 5, 2]);
    assert!(largest(&(&x - linalg::solve(&a, &b).unwrap())) < 1e-10);
    let dets = linalg::det(&a).unwrap().map(|x| x.re);
    assert!(made.det().all_close(&dets, 1e-10, 1e-12));
    let identity = Array2::<Complex<f64>>::identity(5);
    assert!(largest(&(made.inv().unwrap().matmul(&a) - identity)) < 1e-10);
    assert_eq!(made.inertia().shape(), &[2, 3]);
    // A stack in another order, seen through a view.
    let turned = a.slice(s![..;-1, .., .., ..]);
    let again = linalg::ldlt(&turned, Uplo::Upper).unwrap();
    let back = again.det();
    assert_eq!(back.slice(s![..;-1, ..]).to_owned(), made.det());
}

#[test]
fn singular_matrices_have_factors() {
    let stack = array![
        [[1.0, 2.0], [2.0, 1.0]],
        [[1.0, 2.0], [2.0, 4.0]],
        [[0.0, 0.0], [0.0, 0.0]]
    ];
    let made = linalg::ldlt(&stack, Uplo::Lower).unwrap();
    assert_eq!(made.det(), array![-3.0, 0.0, 0.0]);
    assert_eq!(made.reconstruct(), stack);
    let error = made.solve(&array![1.0, 1.0]).unwrap_err();
    let (shape, index) = (vec![3, 2, 2], vec![1]);
    let singular = |op| LinalgError::Singular {
        op,
        shape: shape.clone(),
        index: index.clone(),
    };
    assert_eq!(error, singular("solve"));
    assert_eq!(made.inv().unwrap_err(), singular("inv"));
    let zero: Vec<usize> = made.inertia().iter().map(|x| x.zero).collect();
    assert_eq!(zero, [0, 1, 2]);
}

#[test]
fn corner_cases_and_errors() {
    let none = Array2::<f64>::zeros([0, 0]);
    let made = linalg::ldlt(&none, Uplo::Lower).unwrap();
    assert_eq!((made.det(), made.inertia()), (1.0, Inertia::default()));
    assert_eq!(made.l().shape(), &[0, 0]);
    assert_eq!(made.inv().unwrap().shape(), &[0, 0]);
    let b = Array2::<f64>::zeros([0, 3]);
    assert_eq!(made.solve(&b).unwrap().shape(), &[0, 3]);
    let empty = Array3::<f32>::zeros([0, 4, 4]);
    let made = linalg::ldlt(&empty, Uplo::Upper).unwrap();
    assert_eq!(made.d().shape(), &[0, 4, 4]);
    assert_eq!(made.det().shape(), &[0]);
    let shape = vec![2, 3];
    assert_eq!(
        linalg::ldlt(&Array2::<f64>::zeros([2, 3]), Uplo::Lower).unwrap_err(),
        LinalgError::NotSquare { op: "ldlt", shape }
    );
    let mut bad = Array3::<f64>::ones([4, 2, 2]);
    bad[[2, 1, 0]] = f64::NAN;
    let error = linalg::ldlt(&bad, Uplo::Lower).unwrap_err();
    let (op, shape, index) = ("ldlt", vec![4, 2, 2], vec![2]);
    assert_eq!(error, LinalgError::NonFinite { op, shape, index });
    assert!(linalg::ldlt(&bad, Uplo::Upper).is_ok());
    let made = linalg::ldlt(&Array2::<f64>::identity(3), Uplo::Lower).unwrap();
    assert!(matches!(
        made.solve(&array![1.0, 2.0]).unwrap_err(),
        LinalgError::CoreDimension { op: "solve", .. }
    ));
    // A determinant whose factors leave the range on the way, and a product that does not.
    let scaled = array![[1e200_f64, 0.0, 0.0], [0.0, 1e200, 0.0], [0.0, 0.0, 1e-300]];
    let det = linalg::ldlt(&scaled, Uplo::Lower).unwrap().det();
    assert!((det / 1e100 - 1.0).abs() < 1e-10, "{det}");
    // A pivot whose reciprocal is infinite.
    let tiny = linalg::ldlt(&array![[1e-310_f64]], Uplo::Lower).unwrap();
    assert_eq!(tiny.solve(&array![1e-310]).unwrap(), array![1.0]);
}
