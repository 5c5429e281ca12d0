//! Matrices so small that a call of a blocked algorithm costs more than the arithmetic: Gaussian
//! elimination with partial pivoting on `[A | B]`, copied into one buffer.
//!
//! The same operations as LU with partial pivoting and two triangular solves, and so the same
//! errors (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., §9).

mod columns;
mod rows;

use crate::array::Scalar;
use crate::linalg::backend::Workspace;
use crate::linalg::raw::{MatMut, MatRef};

/// Rows up to which this way is the faster one.
pub(in crate::linalg::backend) const SMALL: usize = 64;
/// The same for inverses.
pub(in crate::linalg::backend) const SMALL_INVERSE: usize = 48;
/// Rows up to which rows are faster than columns: less to set up, and no vectors to fill.
const FEW: usize = 12;

/// What a small system is solved for.
pub(crate) enum Small<T> {
    /// `A·X = B`, where B's place receives X; at most twice as many columns as rows.
    Solve(MatMut<T>),
    /// The inverse.
    Inverse(MatMut<T>),
    /// The determinant alone.
    Determinant,
}

impl<T> Small<T> {
    /// Columns beside those of a matrix of `n` rows.
    fn right(&self, n: usize) -> usize {
        match self {
            Small::Solve(b) => b.cols,
            Small::Inverse(_) => n,
            Small::Determinant => 0,
        }
    }
}

/// Solves for `what`; `Some` with the sign of the permutation (whether it is odd) and a pivot at a time to
/// `pivot`, `None` when a pivot is exactly zero (nothing is written then).
///
/// # Safety
/// `a` is (n, n) with 1 ≤ n ≤ [`SMALL`], readable; the operand of `what` is writable, has n rows, and
/// does not overlap `a`.
pub(in crate::linalg::backend) unsafe fn small<T: Scalar>(
    a: MatRef<T>,
    what: Small<T>,
    work: &mut Workspace,
    pivot: impl FnMut(T),
) -> Option<bool> {
    // SAFETY: the caller's promise.
    unsafe {
        if a.rows <= FEW {
            rows::small(a, what, work, pivot)
        } else {
            columns::small(a, what, work, pivot)
        }
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

    use super::*;
    use crate::array::Float;
    use crate::engine::simd::{available, with_level};
    use crate::linalg::backend::conformance::larger;
    use crate::linalg::backend::factor::column_major;

    /// Numbers in [-1, 1) by a linear congruential generator.
    struct Random(u64);
    impl Random {
        fn next<T: Scalar>(&mut self) -> T {
            let mut part = || {
                self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1);
                T::Real::from_f64((self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
            };
            T::from_parts(part(), part())
        }
        fn matrix<T: Scalar>(&mut self, n: usize, cols: usize) -> Vec<T> {
            (0..n * cols).map(|_| self.next()).collect()
        }
    }

    /// The largest element of `A·X − B`, all of them column-major.
    fn residual<T: Scalar>(n: usize, a: &[T], x: &[T], b: &[T]) -> f64 {
        let mut worst = 0.0_f64;
        for (x, b) in x.chunks(n).zip(b.chunks(n)) {
            for (i, &b) in b.iter().enumerate() {
                let row = (0..n).fold(T::zero(), |sum, j| sum + a[i + j * n] * x[j]);
                worst = larger(worst, Float::to_f64((row - b).modulus()));
            }
        }
        worst
    }

    fn check<T: Scalar>() {
        let mut random = Random(7);
        let mut work = Workspace::new();
        for n in [
            1, 2, 3, 5, 8, 11, 12, 13, 16, 17, 24, 31, 33, 47, 48, 55, 64,
        ] {
            let a: Vec<T> = random.matrix(n, n);
            let matrix = column_major(a.as_ptr().cast_mut(), n, n).as_ref();
            // What elimination loses grows with the inverse.
            let near = 1e4 * n as f64 * Float::to_f64(T::Real::EPSILON);
            for cols in [1, 2, n, 2 * n] {
                let b: Vec<T> = random.matrix(n, cols);
                let mut x = b.clone();
                let out = column_major(x.as_mut_ptr(), n, cols);
                // SAFETY: matrices of these shapes, which do not overlap.
                let done = unsafe { small(matrix, Small::Solve(out), &mut work, |_| ()) };
                assert!(done.is_some());
                let off = residual(n, &a, &x, &b);
                assert!(off < near, "{n} × {n}, {cols} columns: {off}");
            }
            if n <= SMALL_INVERSE {
                let mut x = vec![T::zero(); n * n];
                let out = column_major(x.as_mut_ptr(), n, n);
                let one: Vec<T> = (0..n * n)
                    .map(|i| {
                        if i % (n + 1) == 0 {
                            T::one()
                        } else {
                            T::zero()
                        }
                    })
                    .collect();
                // Written row by row: the inverse of the transpose.
                // SAFETY: as above.
                let done = unsafe { small(matrix.t(), Small::Inverse(out.t()), &mut work, |_| ()) };
                assert!(done.is_some());
                let off = residual(n, &a, &x, &one);
                assert!(off < near, "inverse of {n} × {n}: {off}");
            }
        }
    }

    #[test]
    fn systems_of_every_size_are_solved() {
        for &level in available() {
            with_level(level, || {
                check::<f64>();
                check::<f32>();
                check::<Complex<f64>>();
                check::<Complex<f32>>();
            });
        }
    }

    /// The determinant by one of the ways.
    fn determinant(n: usize, a: &[f64], by_columns: bool) -> Option<f64> {
        let matrix = column_major(a.as_ptr().cast_mut(), n, n).as_ref();
        let (mut product, mut work) = (1.0, Workspace::new());
        let pivot = |x: f64| product *= x;
        // SAFETY: a matrix of this shape.
        let odd = unsafe {
            if by_columns {
                columns::small(matrix, Small::Determinant, &mut work, pivot)
            } else {
                rows::small(matrix, Small::Determinant, &mut work, pivot)
            }
        }?;
        Some(if odd { -product } else { product })
    }

    #[test]
    fn rows_and_columns_agree() {
        let mut random = Random(3);
        for n in 1..=SMALL {
            let mut a: Vec<f64> = random.matrix(n, n);
            let [x, y] = [false, true].map(|by| determinant(n, &a, by).unwrap());
            assert!((x - y).abs() <= 1e-11 * x.abs(), "{n}: {x} and {y}");
            // A column of zeros; then with a NaN at its end; then nothing but zeros.
            if n > 1 {
                for i in 0..n {
                    a[i + (n - 1) * n] = 0.0;
                }
                assert_eq!([false, true].map(|by| determinant(n, &a, by)), [None; 2]);
            }
            a[n * n - 1] = f64::NAN;
            for by in [false, true] {
                assert!(determinant(n, &a, by).unwrap().is_nan(), "{n}");
            }
            a.fill(0.0);
            assert_eq!([false, true].map(|by| determinant(n, &a, by)), [None; 2]);
        }
    }
}
