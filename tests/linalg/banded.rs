//! Banded systems: against SciPy and against `solve`, layouts, stacks, all four scalars, errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::Scalar;
use orthant::linalg::{self, LinalgError};
use orthant::{assert_all_close, prelude::*};

use crate::common::{Sample, eps, for_all, largest};
use crate::support::keyed::Golden;

/// The numbers of the golden script.
struct Numbers(u64);

impl Numbers {
    fn real(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    }

    fn array<T: Sample, S: orthant::IntoShape>(&mut self, shape: S) -> Array<T, S::Dim> {
        let mut out = Array::<T, S::Dim>::zeros(shape);
        for x in out.iter_mut() {
            let (re, im) = (self.real(), self.real());
            *x = T::of(re, im);
        }
        out
    }
}

/// The matrix whose diagonals `ab` holds.
fn dense<T: Scalar>((lower, upper): (usize, usize), ab: &ArrayRef2<T>) -> Array2<T> {
    let n = ab.ncols();
    Array2::from_shape_fn([n, n], |[i, j]| {
        if i <= j + lower && j <= i + upper {
            ab[[upper + i - j, j]]
        } else {
            T::zero()
        }
    })
}

/// A band far from singular in which rows have to be exchanged: one heavy entry per row and column, on
/// the diagonal or, where the band allows, beside it.
fn band<T: Sample>(n: usize, (lower, upper): (usize, usize), numbers: &mut Numbers) -> Array2<T> {
    let mut ab = numbers.array::<T, _>([lower + upper + 1, n]);
    let heavy = T::of((lower + upper) as f64 + 1.0, 1.0);
    for i in 0..n {
        let partner = (i ^ 1) < n && lower > 0 && upper > 0 && i % 4 < 2;
        let j = if partner { i ^ 1 } else { i };
        let x = &mut ab[[upper + i - j, j]];
        *x = *x + heavy;
    }
    ab
}

#[test]
fn agrees_with_scipy() {
    fn test<T: Sample>() {
        let golden = Golden::read("banded");
        for n in 0..golden.indices("cases")[0] {
            let sizes = golden.indices(&format!("sizes_{n}"));
            let &[size, lower, upper, k] = sizes.as_slice() else {
                panic!("four numbers");
            };
            let mut numbers = Numbers(n as u64);
            let ab = numbers.array::<T, _>([lower + upper + 1, size]);
            let found = if k == 0 {
                let b = numbers.array::<T, _>(size);
                linalg::solve_banded((lower, upper), &ab, &b).unwrap()
            } else {
                let b = numbers.array::<T, _>([size, k]);
                let x = linalg::solve_banded((lower, upper), &ab, &b).unwrap();
                assert_eq!(x.shape(), &[size, k]);
                x.ravel().to_owned()
            };
            let expected: Array1<T> = if T::IS_COMPLEX {
                let values = golden.array(&format!("complex_{n}")).into_vec();
                values.chunks(2).map(|z| T::of(z[0], z[1])).collect()
            } else {
                let values = golden.array(&format!("real_{n}"));
                values.iter().map(|&re| T::of(re, 0.0)).collect()
            };
            let wrong = largest(&(&found - &expected)) / largest(&expected);
            assert!(wrong < 1e4 * eps::<T>(), "case {n}: {wrong:e}");
        }
    }
    for_all!(test);
}

#[test]
fn solves_what_the_whole_matrix_says() {
    fn test<T: Sample>() {
        let mut numbers = Numbers(7);
        for n in [1, 2, 3, 10, 57] {
            for diagonals in [(0, 0), (1, 1), (2, 0), (0, 3), (3, 2), (12, 9)] {
                let ab = band::<T>(n, diagonals, &mut numbers);
                let a = dense(diagonals, &ab);
                let b = numbers.array::<T, _>([n, 3]);
                let expected = linalg::solve(&a, &b).unwrap();
                let tolerance = 100.0 * n as f64 * eps::<T>() * (1.0 + largest(&expected));
                let x = linalg::solve_banded(diagonals, &ab, &b).unwrap();
                assert!(
                    largest(&(a.matmul(&x) - &b)) < tolerance,
                    "{n} {diagonals:?}"
                );
                assert!(largest(&(&x - &expected)) < tolerance, "{n} {diagonals:?}");

                // Other layouts are the same system.
                let columns = ab.t().to_owned();
                let wide = Array2::from_shape_fn([n, 6], |[i, j]| b[[i, j / 2]]);
                let same = linalg::solve_banded(diagonals, &columns.t(), &wide.slice(s![.., ..;2]));
                assert_eq!(same.unwrap(), x);
                let one = linalg::solve_banded(diagonals, &ab, &b.column(1)).unwrap();
                assert!(largest(&(one - x.column(1))) < tolerance);
            }
        }
    }
    for_all!(test);
}

#[test]
fn entries_outside_the_matrix_are_not_read() {
    let nan = f64::NAN;
    let ab = array![
        [nan, nan, 1.0],
        [nan, 2.0, 2.0],
        [4.0, 4.0, 4.0],
        [1.0, 1.0, nan]
    ];
    let x = linalg::solve_banded((1, 2), &ab, &array![7.0, 7.0, 5.0]).unwrap();
    assert_all_close!(x, array![1.0, 1.0, 1.0], 1e-14, 0.0);
}

#[test]
fn stacks_broadcast() {
    let mut numbers = Numbers(3);
    let mut ab = numbers.array::<f64, _>([4, 3, 5]);
    ab.slice_mut(s![.., 1, ..])
        .iter_mut()
        .for_each(|x| *x += 4.0);
    let b = numbers.array::<f64, _>([2, 1, 5, 2]);
    let x = linalg::solve_banded((1, 1), &ab, &b).unwrap();
    assert_eq!(x.shape(), &[2, 4, 5, 2]);
    for i in 0..2 {
        for j in 0..4 {
            let a = dense((1, 1), &ab.index_axis(0, j));
            let product = a.matmul(x.slice(s![i, j, .., ..]));
            assert_all_close!(product, b.slice(s![i, 0, .., ..]), 0.0, 1e-13);
        }
    }
    let vector = numbers.array::<f64, _>(5);
    assert_eq!(
        linalg::solve_banded((1, 1), &ab, &vector).unwrap().shape(),
        &[4, 5]
    );
}

#[test]
fn tridiagonal_is_banded() {
    fn test<T: Sample>() {
        let mut numbers = Numbers(5);
        for n in [1, 2, 30] {
            let ab = band::<T>(n, (1, 1), &mut numbers);
            let (above, main) = (ab.slice(s![0, 1..]), ab.row(1));
            let below = ab.slice(s![2, ..-1]);
            let b = numbers.array::<T, _>([n, 2]);
            let x = linalg::solve_tridiagonal(&below, &main, &above, &b).unwrap();
            assert_eq!(x, linalg::solve_banded((1, 1), &ab, &b).unwrap());
            let x = linalg::solve_tridiagonal(&below, &main, &above, &b.column(0)).unwrap();
            assert_eq!(x.shape(), &[n]);
        }
    }
    for_all!(test);
    let empty = Array1::<f64>::zeros(0);
    let x = linalg::solve_tridiagonal(&empty, &empty, &empty, &empty).unwrap();
    assert_eq!(x.shape(), &[0]);
    let two = array![1.0, 2.0];
    let error = linalg::solve_tridiagonal(&two, &two, &two, &two).unwrap_err();
    assert!(error.to_string().contains("one element less"), "{error}");
}

#[test]
fn mistakes_are_errors() {
    let b = Array1::<f64>::ones(3);
    let message = |ab: &ArrayRef2<f64>, b: &ArrayRef1<f64>| {
        let error = linalg::solve_banded((1, 1), ab, b).unwrap_err();
        error.to_string()
    };
    let good = array![[0.0, 1.0, 1.0], [4.0, 4.0, 4.0], [1.0, 1.0, 0.0]];
    assert!(message(&good.slice(s![..2, ..]), &b).ends_with(
        "Input operand 0 has a mismatch in its core dimension 0, with gufunc signature \
         (l+u+1,m),(m,n)->(m,n) (size 2 is different from 3) (shapes (2,3) (3,))"
    ));
    assert!(message(&good, &Array1::ones(4)).contains("(size 4 is different from 3)"));
    let singular = array![[0.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
    assert_eq!(
        message(&singular, &b),
        "solve_banded: Singular matrix (shape (3,3))"
    );
    let mut bad = good.clone();
    bad[[1, 1]] = f64::INFINITY;
    assert!(message(&bad, &b).contains("must not contain infs or NaNs"));
    assert!(message(&good, &array![1.0, f64::NAN, 0.0]).contains("must not contain infs"));

    let stack = Array3::from_shape_fn([2, 3, 3], |[k, i, j]| [&good, &singular][k][[i, j]]);
    let error = linalg::solve_banded((1, 1), &stack, &b).unwrap_err();
    assert_eq!(
        error,
        LinalgError::Singular {
            op: "solve_banded",
            shape: vec![2, 3, 3],
            index: vec![1]
        }
    );
    let huge = (usize::MAX, 1);
    assert!(linalg::solve_banded(huge, &good, &b).is_err());
}

#[test]
fn systems_without_elements() {
    let x = linalg::solve_banded((1, 1), &Array2::<f64>::zeros([3, 0]), &Array1::zeros(0));
    assert_eq!(x.unwrap().shape(), &[0]);
    let ab = array![[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
    let x = linalg::solve_banded((1, 1), &ab, &Array2::<f64>::zeros([2, 0]));
    assert_eq!(x.unwrap().shape(), &[2, 0]);
}
