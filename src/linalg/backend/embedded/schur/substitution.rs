//! Eigenvectors of a real quasi-triangular matrix by substitution in real arithmetic.

use num_complex::Complex;

use super::{Square, abs1, tiny};
use crate::array::Float;

/// `y ← y − f·x`
fn subtract<R: Float>(y: &mut [R], x: &[R], f: R) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = *y - f * x;
    }
}

/// Right eigenvectors of `t`, not normalised, into the columns of `x`: for a pair, real and imaginary
/// part of the first. Nothing is scaled, so that they may overflow: see [`vectors`](super::vectors).
pub(in super::super) fn real_vectors<R: Float>(
    t: &Square<'_, R>,
    values: &[Complex<R>],
    x: &mut Square<'_, R>,
) {
    let n = t.n;
    let column = |j: usize, rows: usize| &t.data[j * n..][..rows];
    let is_block = |k: usize| k > 0 && t[(k, k - 1)] != R::zero();
    let least = tiny::<R>(n);
    for k in (0..n).filter(|&k| !is_block(k)) {
        let value = values[k];
        let pair = k + 1 < n && is_block(k + 1);
        let mut none = [];
        let (re, im): (&mut [R], &mut [R]) = if pair {
            x.pair(k)
        } else {
            (x.column(k), &mut none)
        };
        re.fill(R::zero());
        im.fill(R::zero());
        let top = if pair {
            let (above, below) = (t[(k, k + 1)], t[(k + 1, k)]);
            if above.abs() >= below.abs() {
                (re[k], im[k + 1]) = (R::one(), value.im / above);
            } else {
                (im[k], re[k + 1]) = (value.im / below, R::one());
            }
            k + 2
        } else {
            re[k] = R::one();
            k + 1
        };
        let smallest = least.max(<R as Float>::EPSILON * abs1(value));
        let eliminate = |re: &mut [R], im: &mut [R], from: usize, to: usize, left: usize| {
            for j in from..to {
                let factor = re[j];
                subtract(&mut re[..left], column(j, left), factor);
                if pair {
                    let factor = im[j];
                    subtract(&mut im[..left], column(j, left), factor);
                }
            }
        };
        eliminate(re, im, k, top, k);
        let mut left = k;
        while left > 0 {
            let last = left - 1;
            let first = if is_block(last) { last - 1 } else { last };
            let get = |i: usize| Complex::new(re[i], if pair { im[i] } else { R::zero() });
            let shifted = |i: usize| Complex::new(t[(i, i)], R::zero()) - value;
            // A pivot that is too small is replaced by one that is just not.
            let not_less = |pivot: Complex<R>, least: R| {
                if abs1(pivot) < least {
                    least.into()
                } else {
                    pivot
                }
            };
            let over = |x: Complex<R>, d: Complex<R>| {
                if pair { x / d } else { (x.re / d.re).into() }
            };
            let solved = if first == last {
                let solution = over(get(last), not_less(shifted(last), smallest));
                [solution, solution]
            } else {
                let (a, d) = (shifted(first), shifted(last));
                let (b, c) = (t[(first, last)], t[(last, first)]);
                let scale = b.abs().max(c.abs()).max(least);
                let determinant = not_less(a * d - b * c, smallest * scale);
                let (p, q) = (get(first), get(last));
                [
                    over(d * p - q.scale(b), determinant),
                    over(a * q - p.scale(c), determinant),
                ]
            };
            for (i, solution) in [first, last].into_iter().zip(solved) {
                re[i] = solution.re;
                if pair {
                    im[i] = solution.im;
                }
            }
            eliminate(re, im, first, left, first);
            left = first;
        }
    }
}
