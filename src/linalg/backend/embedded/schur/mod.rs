//! The Schur form of a Hessenberg matrix by the QR algorithm, and eigenvectors from it.
//!
//! | file | concern |
//! |---|---|
//! | `real` | small real matrices: double shifts |
//! | `multishift` | large ones: chains of small bulges |
//! | `deflation` | a window of them that shows which eigenvalues have converged |
//! | `swap` | the order of eigenvalues in a Schur form |
//! | `around` | what a window's transformation does outside of it: products |
//! | `complex` | complex matrices: single shifts |
//! | `substitution` | eigenvectors of real matrices, which may overflow |
//!
//! Here is the substitution that scales against overflow. The steps for small matrices are those of LAPACK's
//! `lahqr`, `lanv2` and `trevc` (Golub and Van Loan, Matrix Computations, 4th ed., §7.5; the deflation criterion is that
//! of Ahues and Tisseur, LAPACK Working Note 122, 1997).

mod around;
mod complex;
mod deflation;
mod multishift;
mod real;
mod substitution;
mod swap;
#[cfg(test)]
mod tests;

use std::ops::{Index, IndexMut};

use num_complex::Complex;

use crate::array::Float;

pub(super) use complex::schur as complex_schur;
pub(super) use multishift::schur as real_schur;
pub(super) use substitution::real_vectors;

/// A square matrix, column by column.
pub(super) struct Square<'a, T> {
    data: &'a mut [T],
    n: usize,
}

impl<'a, T> Square<'a, T> {
    pub(super) fn new(data: &'a mut [T], n: usize) -> Self {
        assert_eq!(data.len(), n * n);
        Square { data, n }
    }

    /// Columns `j` and `j + 1`.
    fn pair(&mut self, j: usize) -> (&mut [T], &mut [T]) {
        let (left, right) = self.data.split_at_mut((j + 1) * self.n);
        (&mut left[j * self.n..], &mut right[..self.n])
    }

    fn column(&mut self, j: usize) -> &mut [T] {
        &mut self.data[j * self.n..(j + 1) * self.n]
    }
}

impl<T> Index<(usize, usize)> for Square<'_, T> {
    type Output = T;
    #[inline]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.data[i + j * self.n]
    }
}

impl<T> IndexMut<(usize, usize)> for Square<'_, T> {
    #[inline]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.data[i + j * self.n]
    }
}

/// |re| + |im|
#[inline]
fn abs1<R: Float>(x: Complex<R>) -> R {
    x.re.abs() + x.im.abs()
}

fn is_finite<R: Float>(x: &Complex<R>) -> bool {
    num_traits::Float::is_finite(abs1(*x))
}

/// What the deflation test compares, in moduli: is the product of the off-diagonal elements
/// negligible against what it disturbs?
fn negligible<R: Float>(sub: R, above: R, first: R, difference: R, tiny: R) -> bool {
    let (ab, ba) = (sub.max(above), sub.min(above));
    let (aa, bb) = (first.max(difference), first.min(difference));
    let sum = aa + ab;
    ba * (ab / sum) <= tiny.max(<R as Float>::EPSILON * (bb * (aa / sum)))
}

/// Numbers below this are zero for a matrix of `n` rows.
fn tiny<R: Float>(n: usize) -> R {
    R::min_positive_value() * (R::from_f64(n as f64) / <R as Float>::EPSILON)
}

/// Iterations per matrix of `n` rows.
fn most_iterations(n: usize) -> usize {
    30 * n.max(10)
}

/// Right eigenvectors, not normalised, into the columns of `out`: those of the (quasi-)triangular `t` by
/// substitution, each scaled whenever it would overflow, times `z`. `values` are its eigenvalues.
pub(super) fn vectors<R: Float>(
    t: &Square<'_, Complex<R>>,
    z: &Square<'_, Complex<R>>,
    values: &[Complex<R>],
    out: &mut Square<'_, Complex<R>>,
) {
    let n = t.n;
    let (zero, one) = (R::zero(), R::one());
    let i = Complex::new(zero, one);
    // The square of a small determinant would vanish.
    let over = |x: Complex<R>, d: Complex<R>| x.unscale(abs1(d)) / d.unscale(abs1(d));
    let least = tiny::<R>(n);
    let large = R::max_value().sqrt();
    let is_block = |k: usize| k > 0 && t[(k, k - 1)] != Complex::new(zero, zero);
    let mut x = vec![Complex::new(zero, zero); n];
    for k in 0..n {
        let value = values[k];
        if k > 0 && is_block(k) {
            // The second of a pair is the conjugate of the first.
            for row in 0..n {
                out[(row, k)] = out[(row, k - 1)].conj();
            }
            continue;
        }
        let smallest = least.max(<R as Float>::EPSILON * abs1(value));
        x.fill(Complex::new(zero, zero));
        let pair = k + 1 < n && is_block(k + 1);
        let mut left = k;
        if pair {
            let (above, below) = (t[(k, k + 1)], t[(k + 1, k)]);
            if abs1(above) >= abs1(below) {
                (x[k], x[k + 1]) = (one.into(), i.scale(value.im) / above);
            } else {
                (x[k], x[k + 1]) = (i.scale(value.im) / below, one.into());
            }
            for row in 0..k {
                x[row] = -(t[(row, k)] * x[k] + t[(row, k + 1)] * x[k + 1]);
            }
        } else {
            x[k] = one.into();
            for row in 0..k {
                x[row] = -t[(row, k)];
            }
        }
        let top = if pair { k + 2 } else { k + 1 };
        while left > 0 {
            let last = left - 1;
            let largest = x[..top].iter().fold(zero, |most, &x| most.max(abs1(x)));
            if largest > large {
                x[..top].iter_mut().for_each(|x| *x = x.unscale(largest));
            }
            let first = if is_block(last) { last - 1 } else { last };
            // A pivot that is too small is replaced by one that is just not; what is divided by it must
            // stay finite.
            let mut determinant = if first == last {
                t[(last, last)] - value
            } else {
                let (a, d) = (t[(first, first)] - value, t[(last, last)] - value);
                a * d - t[(first, last)] * t[(last, first)]
            };
            let scale = if first == last {
                one
            } else {
                abs1(t[(first, last)])
            };
            let scale = scale.max(abs1(t[(last, first)])).max(least);
            if abs1(determinant) < smallest * scale {
                determinant = (smallest * scale).into();
            }
            let size = abs1(x[first]).max(abs1(x[last])) * scale.max(one);
            if size > abs1(determinant) * large {
                let factor = abs1(determinant) * large / size;
                x[..top].iter_mut().for_each(|x| *x = x.scale(factor));
            }
            if first == last {
                x[last] = over(x[last], determinant);
            } else {
                let (a, d) = (t[(first, first)] - value, t[(last, last)] - value);
                let (b, c) = (t[(first, last)], t[(last, first)]);
                let (p, q) = (x[first], x[last]);
                x[first] = over(d * p - b * q, determinant);
                x[last] = over(a * q - c * p, determinant);
            }
            for column in first..=last {
                let factor = x[column];
                for row in 0..first {
                    x[row] = x[row] - factor * t[(row, column)];
                }
            }
            left = first;
        }
        let largest = x[..top].iter().fold(zero, |most, &x| most.max(abs1(x)));
        for (column, &factor) in x[..top].iter().enumerate() {
            let factor = factor.unscale(largest);
            for row in 0..n {
                let sum = if column == 0 {
                    Complex::new(zero, zero)
                } else {
                    out[(row, k)]
                };
                out[(row, k)] = sum + z[(row, column)] * factor;
            }
        }
    }
}
