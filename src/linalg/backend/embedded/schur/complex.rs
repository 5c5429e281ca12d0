//! Complex matrices: single shifts, as LAPACK's `zlahqr`.

use num_complex::Complex;

use super::{Square, abs1, most_iterations, negligible, tiny};
use crate::array::Float;

/// Multiplies row `i` from column `from` on.
fn scale_row<R: Float>(h: &mut Square<'_, Complex<R>>, i: usize, from: usize, by: Complex<R>) {
    for j in from..h.n {
        h[(i, j)] = h[(i, j)] * by;
    }
}

/// Multiplies the first elements of column `j`.
fn scale_column<R: Float>(h: &mut Square<'_, Complex<R>>, j: usize, end: usize, by: Complex<R>) {
    h.column(j)[..end].iter_mut().for_each(|x| *x = *x * by);
}

/// Makes of the Hessenberg matrix `h` its Schur form, multiplies `z` by the transformation, and writes the
/// eigenvalues. False if the iteration does not converge.
pub(in super::super) fn schur<'a, R: Float>(
    h: &mut Square<'a, Complex<R>>,
    z: Option<&mut Square<'a, Complex<R>>>,
    values: &mut [Complex<R>],
    _threads: usize,
) -> bool {
    let Some(z) = z else {
        unreachable!("eigenvalues of complex matrices alone are not asked for");
    };
    let n = h.n;
    let zero = R::zero();
    // Subdiagonal elements are kept real.
    for i in 1..n {
        let x = h[(i, i - 1)];
        if x.im != zero {
            let unit = x.unscale(abs1(x));
            let unit = unit.conj().unscale(unit.norm());
            h[(i, i - 1)] = Complex::new(x.norm(), zero);
            scale_row(h, i, i, unit);
            scale_column(h, i, (i + 2).min(n), unit.conj());
            scale_column(z, i, n, unit.conj());
        }
    }
    let mut end = n;
    while end > 0 {
        let Some(first) = deflate(h, z, end) else {
            return false;
        };
        values[first] = h[(first, first)];
        end = first;
    }
    true
}

/// Iterates until the last row of the first `end` splits off; its index.
fn deflate<'a, R: Float>(
    h: &mut Square<'a, Complex<R>>,
    z: &mut Square<'a, Complex<R>>,
    end: usize,
) -> Option<usize> {
    let n = h.n;
    let (i, zero, tiny) = (end - 1, R::zero(), tiny::<R>(n));
    for iteration in 1..=most_iterations(n) {
        let mut first = i;
        while first > 0 {
            let (k, sub) = (first, h[(first, first - 1)]);
            if abs1(sub) <= tiny {
                break;
            }
            let mut near = abs1(h[(k - 1, k - 1)]) + abs1(h[(k, k)]);
            if near == zero {
                if k >= 2 {
                    near = near + h[(k - 1, k - 2)].re.abs();
                }
                if k + 1 < n {
                    near = near + h[(k + 1, k)].re.abs();
                }
            }
            if sub.re.abs() <= <R as Float>::EPSILON * near {
                let (above, last) = (abs1(h[(k - 1, k)]), h[(k, k)]);
                let difference = abs1(h[(k - 1, k - 1)] - last);
                if negligible(abs1(sub), above, abs1(last), difference, tiny) {
                    break;
                }
            }
            first -= 1;
        }
        if first > 0 {
            h[(first, first - 1)] = Complex::new(zero, zero);
        }
        if first == i {
            return Some(i);
        }
        let shift = shift(h, first, i, iteration);
        sweep(h, z, first, i, shift);
    }
    None
}

/// The eigenvalue of the last two rows next to the last element; another one now and then.
fn shift<R: Float>(
    h: &Square<'_, Complex<R>>,
    first: usize,
    i: usize,
    iteration: usize,
) -> Complex<R> {
    let part = R::from_f64(0.75);
    if iteration.is_multiple_of(20) {
        return h[(i, i)] + part * h[(i, i - 1)].re.abs();
    }
    if iteration.is_multiple_of(10) {
        return h[(first, first)] + part * h[(first + 1, first)].re.abs();
    }
    let t = h[(i, i)];
    let u = h[(i - 1, i)].sqrt() * h[(i, i - 1)].sqrt();
    let size = abs1(u);
    if size == R::zero() {
        return t;
    }
    let x = (h[(i - 1, i - 1)] - t).scale(R::from_f64(0.5));
    let sx = abs1(x);
    let size = size.max(sx);
    let (a, b) = (x.unscale(size), u.unscale(size));
    let mut y = (a * a + b * b).sqrt().scale(size);
    if sx > R::zero() {
        let unit = x.unscale(sx);
        if unit.re * y.re + unit.im * y.im < R::zero() {
            y = -y;
        }
    }
    t - u * (u / (x + y))
}

/// One step of QR with a shift in rows `first..=i`.
fn sweep<'a, R: Float>(
    h: &mut Square<'a, Complex<R>>,
    z: &mut Square<'a, Complex<R>>,
    first: usize,
    i: usize,
    shift: Complex<R>,
) {
    let n = h.n;
    let zero = R::zero();
    let start = |h: &Square<'_, Complex<R>>, m: usize| {
        let (x, sub) = (h[(m, m)] - shift, h[(m + 1, m)].re);
        let size = abs1(x) + sub.abs();
        (x.unscale(size), sub / size)
    };
    // Two consecutive small elements below the diagonal are as good a place to begin.
    let mut m = i - 1;
    while m > first {
        let (x, sub) = start(h, m);
        let near = abs1(h[(m, m)]) + abs1(h[(m + 1, m + 1)]);
        if h[(m, m - 1)].re.abs() * sub.abs() <= <R as Float>::EPSILON * (abs1(x) * near) {
            break;
        }
        m -= 1;
    }
    for k in m..i {
        let (mut x, y) = if k > m {
            (h[(k, k - 1)], h[(k + 1, k - 1)])
        } else {
            let (x, sub) = start(h, m);
            (x, Complex::new(sub, zero))
        };
        let (t1, v) = reflection(&mut x, y);
        if k > m {
            h[(k, k - 1)] = x;
            h[(k + 1, k - 1)] = Complex::new(zero, zero);
        }
        let t2 = (t1 * v).re;
        for j in k..n {
            let sum = t1.conj() * h[(k, j)] + h[(k + 1, j)].scale(t2);
            h[(k, j)] = h[(k, j)] - sum;
            h[(k + 1, j)] = h[(k + 1, j)] - sum * v;
        }
        for (matrix, rows) in [(&mut *h, (k + 2).min(i) + 1), (&mut *z, n)] {
            let (p, q) = matrix.pair(k);
            for (p, q) in p[..rows].iter_mut().zip(&mut q[..rows]) {
                let sum = t1 * *p + q.scale(t2);
                *p = *p - sum;
                *q = *q - sum * v.conj();
            }
        }
        if k == m && m > first {
            // The element left of where we began was multiplied by 1 − t1: keep it real.
            let unit = Complex::new(R::one(), zero) - t1;
            let unit = unit.unscale(unit.norm());
            h[(m + 1, m)] = h[(m + 1, m)] * unit.conj();
            if m + 2 <= i {
                h[(m + 2, m + 1)] = h[(m + 2, m + 1)] * unit;
            }
            for j in (m..=i).filter(|&j| j != m + 1) {
                scale_row(h, j, j + 1, unit);
                scale_column(h, j, j, unit.conj());
                scale_column(z, j, n, unit.conj());
            }
        }
    }
    let x = h[(i, i - 1)];
    if x.im != zero {
        let size = x.norm();
        let unit = x.unscale(size);
        h[(i, i - 1)] = Complex::new(size, zero);
        scale_row(h, i, i + 1, unit.conj());
        scale_column(h, i, i, unit);
        scale_column(z, i, n, unit);
    }
}

/// `I − τ·[1; v]·[1; v]ᴴ` whose adjoint makes `[x; y]` a real multiple of the first unit vector, which
/// replaces `x`: (τ, v).
fn reflection<R: Float>(x: &mut Complex<R>, y: Complex<R>) -> (Complex<R>, Complex<R>) {
    let zero = Complex::new(R::zero(), R::zero());
    let tail = y.norm();
    if tail == R::zero() && x.im == R::zero() {
        return (zero, zero);
    }
    let size = x.norm().hypot(tail);
    let beta = if x.re > R::zero() { -size } else { size };
    let tau = Complex::new((beta - x.re) / beta, -x.im / beta);
    let v = y / (*x - beta);
    *x = Complex::new(beta, R::zero());
    (tau, v)
}
