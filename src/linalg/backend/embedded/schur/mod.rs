//! The Schur form of a Hessenberg matrix by the QR algorithm, which faer keeps to itself, and
//! eigenvectors from it by a substitution that scales against overflow.
//!
//! The steps are those of LAPACK's `lahqr`, `lanv2` and `trevc` (Golub and Van Loan, Matrix
//! Computations, 4th ed., §7.5; the deflation criterion is that of Ahues and Tisseur, LAPACK Working
//! Note 122, 1997).

mod around;
mod complex;
mod deflation;
mod multishift;
mod real;
mod substitution;
mod swap;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: &mut u64) -> f64 {
        *seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (*seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// The largest element of H·Z − Z·T, and of ZᴴZ − I.
    fn off<R: Float>(h: &[Complex<R>], t: &[Complex<R>], z: &[Complex<R>], n: usize) -> f64 {
        let at = |x: &[Complex<R>], i: usize, j: usize| {
            Complex::new(x[i + j * n].re.to_f64(), x[i + j * n].im.to_f64())
        };
        let mut most = 0f64;
        for i in 0..n {
            for j in 0..n {
                let (mut sum, mut gram) = (Complex::new(0.0, 0.0), Complex::new(0.0, 0.0));
                for k in 0..n {
                    sum += at(h, i, k) * at(z, k, j) - at(z, i, k) * at(t, k, j);
                    gram += at(z, k, i).conj() * at(z, k, j);
                }
                gram -= f64::from(i == j);
                most = most.max(sum.norm()).max(gram.norm());
            }
        }
        most
    }

    #[test]
    fn schur_forms_and_vectors() {
        let mut seed = 3;
        for n in [1usize, 2, 3, 4, 7, 20, 61] {
            let entry = |i: usize, j: usize, seed: &mut u64| {
                let x = noise(seed);
                if i > j + 1 { 0.0 } else { x }
            };
            let h: Vec<f64> = (0..n * n)
                .map(|at| entry(at % n, at / n, &mut seed))
                .collect();
            let identity = |at: usize| f64::from(at % n == at / n);
            let wide = |x: &[f64]| x.iter().map(|&x| Complex::new(x, 0.0)).collect::<Vec<_>>();

            let (mut t, mut z) = (h.clone(), (0..n * n).map(identity).collect::<Vec<_>>());
            let mut values = vec![Complex::new(f64::NAN, 0.0); n];
            let ok = real_schur(
                &mut Square::new(&mut t, n),
                Some(&mut Square::new(&mut z, n)),
                &mut values,
                1,
            );
            assert!(ok);
            for j in 0..n {
                for i in j + 1..n {
                    let allowed = i == j + 1 && values[j].im > 0.0;
                    assert!(t[i + j * n] == 0.0 || allowed, "{n}: ({i}, {j})");
                }
            }
            assert!(off(&wide(&h), &wide(&t), &wide(&z), n) < 1e-12, "{n}");
            verify_real_vectors(&h, &t, &z, &values);
            let mut alone = vec![Complex::new(f64::NAN, 0.0); n];
            assert!(real_values(&mut Square::new(&mut h.clone(), n), &mut alone));
            // In another order, perhaps.
            for value in &values {
                assert!(alone.iter().any(|x| (x - value).norm() < 1e-11), "{n}");
            }
            verify_vectors(&wide(&h), wide(&t), wide(&z), &values);

            let c: Vec<Complex<f64>> = (0..n * n)
                .map(|at| {
                    let (i, j) = (at % n, at / n);
                    Complex::new(entry(i, j, &mut seed), entry(i, j, &mut seed))
                })
                .collect();
            let (mut t, mut z) = (
                c.clone(),
                wide(&(0..n * n).map(identity).collect::<Vec<_>>()),
            );
            let ok = complex_schur(
                &mut Square::new(&mut t, n),
                Some(&mut Square::new(&mut z, n)),
                &mut values,
                1,
            );
            assert!(ok);
            for j in 0..n {
                for i in j + 1..n {
                    assert_eq!(t[i + j * n], Complex::new(0.0, 0.0), "{n}: ({i}, {j})");
                }
            }
            assert!(off(&c, &t, &z, n) < 1e-12, "{n}");
            verify_vectors(&c, t, z, &values);
        }
    }

    fn verify_vectors(
        h: &[Complex<f64>],
        mut t: Vec<Complex<f64>>,
        mut z: Vec<Complex<f64>>,
        values: &[Complex<f64>],
    ) {
        let n = values.len();
        let mut out = vec![Complex::new(f64::NAN, 0.0); n * n];
        let mut to = Square::new(&mut out, n);
        vectors(
            &Square::new(&mut t, n),
            &Square::new(&mut z, n),
            values,
            &mut to,
        );
        for j in 0..n {
            let size = (0..n).map(|i| out[i + j * n].norm()).fold(0.0, f64::max);
            assert!(size > 0.0);
            for i in 0..n {
                let mut sum = -values[j] * out[i + j * n];
                for k in 0..n {
                    sum += h[i + k * n] * out[k + j * n];
                }
                assert!(
                    sum.norm() < 1e-12 * size,
                    "{n}: vector {j} is off by {}",
                    sum.norm() / size
                );
            }
        }
    }

    fn verify_real_vectors(h: &[f64], t: &[f64], z: &[f64], values: &[Complex<f64>]) {
        let n = values.len();
        let (mut t, mut x) = (t.to_vec(), vec![f64::NAN; n * n]);
        real_vectors(&Square::new(&mut t, n), values, &mut Square::new(&mut x, n), 2);
        let product = |j: usize| -> Vec<f64> {
            let sum = |i| (0..n).map(|k| z[i + k * n] * x[k + j * n]).sum();
            (0..n).map(sum).collect()
        };
        for j in (0..n).filter(|&j| values[j].im >= 0.0) {
            let re = product(j);
            let im = if values[j].im > 0.0 {
                product(j + 1)
            } else {
                vec![0.0; n]
            };
            let v: Vec<_> = (0..n).map(|i| Complex::new(re[i], im[i])).collect();
            let size = v.iter().map(|x| x.norm()).fold(0.0, f64::max);
            assert!(size > 0.0);
            for i in 0..n {
                let image: Complex<f64> = (0..n).map(|k| v[k] * h[i + k * n]).sum();
                let off = (image - values[j] * v[i]).norm();
                assert!(
                    off < 1e-12 * size,
                    "{n}: vector {j} is off by {}",
                    off / size
                );
            }
        }
    }

    #[test]
    fn a_long_chain_does_not_overflow() {
        let n = 120;
        let one = |yes: bool| Complex::new(f64::from(yes), 0.0);
        let mut t: Vec<_> = (0..n * n).map(|at| one(at % n <= at / n)).collect();
        let mut z: Vec<_> = (0..n * n).map(|at| one(at % n == at / n)).collect();
        let mut out = vec![one(false); n * n];
        let values = vec![one(true); n];
        let mut to = Square::new(&mut out, n);
        vectors(
            &Square::new(&mut t, n),
            &Square::new(&mut z, n),
            &values,
            &mut to,
        );
        assert!(out.iter().all(|x| x.re.is_finite() && x.im.is_finite()));
    }
}
