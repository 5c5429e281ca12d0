//! Small real matrices: double shifts (Francis), as LAPACK's `dlahqr`.

use num_complex::Complex;

use super::{Square, most_iterations, negligible, tiny};
use crate::array::Float;
use crate::engine::simd::{level, simd_dispatch};

/// Makes of the Hessenberg matrix `h` its real Schur form, in which pairs of complex eigenvalues are blocks
/// of two with equal diagonal elements and off-diagonal ones of opposite signs; multiplies `z` by the
/// transformation and writes the eigenvalues. Without `z` the eigenvalues alone, and `h` is not kept up where it
/// no longer matters for them. False if the iteration does not converge.
pub(super) fn small<'a, R: Float>(
    h: &mut Square<'a, R>,
    z: Option<&mut Square<'a, R>>,
    values: &mut [Complex<R>],
) -> bool {
    // SAFETY: the level is that of the machine.
    unsafe { iterate(level(), h, z, values) }
}

simd_dispatch! {
    /// See [`small`].
    unsafe fn iterate['a, R: Float](
        h: &mut Square<'a, R>, z: Option<&mut Square<'a, R>>, values: &mut [Complex<R>],
    ) -> bool = iterate_body::<R>
}

/// # Safety
/// None beyond that the processor has the instructions it is compiled for.
#[inline(always)]
unsafe fn iterate_body<'a, R: Float>(
    h: &mut Square<'a, R>,
    mut z: Option<&mut Square<'a, R>>,
    values: &mut [Complex<R>],
) -> bool {
    let n = h.n;
    let mut end = n;
    while end > 0 {
        let Some(first) = deflate(h, z.as_deref_mut(), end) else {
            return false;
        };
        if first + 1 == end {
            values[first] = h[(first, first)].into();
        } else {
            let right = if z.is_some() { n } else { end };
            [values[first], values[first + 1]] =
                standardise_block(h, z.as_deref_mut(), first, right);
        }
        end = first;
    }
    true
}

/// Brings the block of two rows from `at` on to standard form, and the columns before `right` and the rows above
/// with it if there is a `z` to follow: its eigenvalues.
#[inline(always)]
pub(super) fn standardise_block<'a, R: Float>(
    h: &mut Square<'a, R>,
    z: Option<&mut Square<'a, R>>,
    at: usize,
    right: usize,
) -> [Complex<R>; 2] {
    let (n, i, j) = (h.n, at, at + 1);
    let block = standardise(h[(i, i)], h[(i, j)], h[(j, i)], h[(j, j)]);
    let ([a, b, c, d], cosine, sine) = block;
    (h[(i, i)], h[(i, j)], h[(j, i)], h[(j, j)]) = (a, b, c, d);
    if let Some(z) = z {
        for k in j + 1..right {
            let (x, y) = (h[(i, k)], h[(j, k)]);
            (h[(i, k)], h[(j, k)]) = (cosine * x + sine * y, cosine * y - sine * x);
        }
        for (matrix, rows) in [(&mut *h, i), (z, n)] {
            let (p, q) = matrix.pair(i);
            for (p, q) in p[..rows].iter_mut().zip(&mut q[..rows]) {
                (*p, *q) = (cosine * *p + sine * *q, cosine * *q - sine * *p);
            }
        }
    }
    let im = if c == R::zero() {
        c
    } else {
        b.abs().sqrt() * c.abs().sqrt()
    };
    [Complex::new(a, im), Complex::new(d, -im)]
}

/// Iterates until the last row or the last two of the first `end` split off; the first of them.
#[inline(always)]
fn deflate<'a, R: Float>(
    h: &mut Square<'a, R>,
    mut z: Option<&mut Square<'a, R>>,
    end: usize,
) -> Option<usize> {
    let i = end - 1;
    for iteration in 1..=most_iterations(h.n) {
        let first = split(h, end);
        if first + 1 >= i {
            return Some(first);
        }
        let shifts = shifts(h, first, i, iteration);
        sweep(h, z.as_deref_mut(), first, i, shifts);
    }
    None
}

/// The first row of the last block that negligible elements below the diagonal cut off from the first `end` rows;
/// the element is made zero.
#[inline(always)]
pub(super) fn split<R: Float>(h: &mut Square<'_, R>, end: usize) -> usize {
    let (n, zero) = (h.n, R::zero());
    let (tiny, mut first) = (tiny::<R>(n), end - 1);
    while first > 0 {
        let (k, sub) = (first, h[(first, first - 1)].abs());
        if sub <= tiny {
            break;
        }
        let mut near = h[(k - 1, k - 1)].abs() + h[(k, k)].abs();
        if near == zero {
            if k >= 2 {
                near = near + h[(k - 1, k - 2)].abs();
            }
            if k + 1 < n {
                near = near + h[(k + 1, k)].abs();
            }
        }
        if sub <= <R as Float>::EPSILON * near {
            let (above, last) = (h[(k - 1, k)].abs(), h[(k, k)]);
            let difference = (h[(k - 1, k - 1)] - last).abs();
            if negligible(sub, above, last.abs(), difference, tiny) {
                break;
            }
        }
        first -= 1;
    }
    if first > 0 {
        h[(first, first - 1)] = zero;
    }
    first
}

/// The eigenvalues of the last two rows, or twice the better one if they are real; others now and then.
#[inline(always)]
fn shifts<R: Float>(
    h: &Square<'_, R>,
    first: usize,
    i: usize,
    iteration: usize,
) -> [Complex<R>; 2] {
    let exceptional = |corner: R, size: R| {
        let x = R::from_f64(0.75) * size + corner;
        [x, R::from_f64(-0.4375) * size, size, x]
    };
    let [a, b, c, d] = if iteration.is_multiple_of(20) {
        exceptional(h[(i, i)], h[(i, i - 1)].abs() + h[(i - 1, i - 2)].abs())
    } else if iteration.is_multiple_of(10) {
        let size = h[(first + 1, first)].abs() + h[(first + 2, first + 1)].abs();
        exceptional(h[(first, first)], size)
    } else {
        [h[(i - 1, i - 1)], h[(i - 1, i)], h[(i, i - 1)], h[(i, i)]]
    };
    let size = a.abs() + b.abs() + c.abs() + d.abs();
    if size == R::zero() {
        return [R::zero().into(); 2];
    }
    let [a, b, c, d] = [a, b, c, d].map(|x| x / size);
    let half = (a + d) / R::from_f64(2.0);
    let determinant = (a - half) * (d - half) - b * c;
    let root = determinant.abs().sqrt();
    if determinant >= R::zero() {
        let x = Complex::new(half * size, root * size);
        return [x, x.conj()];
    }
    let (p, q) = (half + root, half - root);
    let near = if (p - d).abs() <= (q - d).abs() { p } else { q };
    [(near * size).into(); 2]
}

/// A multiple of the first column of `(H − p)·(H − q)` for two shifts that are real or conjugates, of the first
/// elements of H and the one below them.
#[inline(always)]
pub(super) fn first_column<R: Float>(
    [[x, above], [sub, next]]: [[R; 2]; 2],
    below: R,
    [p, q]: [Complex<R>; 2],
) -> [R; 3] {
    let size = (x - q.re).abs() + q.im.abs() + sub.abs();
    if size == R::zero() {
        return [size; 3];
    }
    let sub = sub / size;
    let head = sub * above + (x - p.re) * ((x - q.re) / size) - p.im * (q.im / size);
    let second = sub * (x + next - p.re - q.re);
    let third = sub * below;
    let size = head.abs() + second.abs() + third.abs();
    if size == R::zero() {
        return [size; 3];
    }
    [head / size, second / size, third / size]
}

/// One double step of QR in rows `first..=i`.
#[inline(always)]
fn sweep<'a, R: Float>(
    h: &mut Square<'a, R>,
    mut z: Option<&mut Square<'a, R>>,
    first: usize,
    i: usize,
    [p, q]: [Complex<R>; 2],
) {
    let (n, zero) = (h.n, R::zero());
    // Eigenvalues alone need the rows and columns that are still iterated upon.
    let (top, right) = if z.is_some() { (0, n) } else { (first, i + 1) };
    // Two consecutive small elements below the diagonal are as good a place to begin.
    let mut m = i - 2;
    let mut v;
    loop {
        let x = h[(m, m)];
        v = first_column(
            [[x, h[(m, m + 1)]], [h[(m + 1, m)], h[(m + 1, m + 1)]]],
            h[(m + 2, m + 1)],
            [p, q],
        );
        if m == first {
            break;
        }
        let near = h[(m - 1, m - 1)].abs() + x.abs() + h[(m + 1, m + 1)].abs();
        let left = h[(m, m - 1)].abs() * (v[1].abs() + v[2].abs());
        if left <= <R as Float>::EPSILON * v[0].abs() * near {
            break;
        }
        m -= 1;
    }
    for k in m..i {
        let three = k + 2 <= i;
        if k > m {
            let third = if three { h[(k + 2, k - 1)] } else { zero };
            v = [h[(k, k - 1)], h[(k + 1, k - 1)], third];
        }
        let t1 = reflection(&mut v);
        if k > m {
            h[(k, k - 1)] = v[0];
            h[(k + 1, k - 1)] = zero;
            if three {
                h[(k + 2, k - 1)] = zero;
            }
        } else if m > first {
            // Not exactly the negative, as the test for small elements left something.
            h[(k, k - 1)] = h[(k, k - 1)] * (R::one() - t1);
        }
        let (v2, v3) = (v[1], v[2]);
        let (t2, t3) = (t1 * v2, t1 * v3);
        for column in h.data[k * n..right * n].chunks_exact_mut(n) {
            if let (true, [x, y, w, ..]) = (three, &mut column[k..]) {
                let sum = *x + v2 * *y + v3 * *w;
                (*x, *y, *w) = (*x - sum * t1, *y - sum * t2, *w - sum * t3);
            } else if let [x, y, ..] = &mut column[k..] {
                let sum = *x + v2 * *y;
                (*x, *y) = (*x - sum * t1, *y - sum * t2);
            }
        }
        let bottom = (k + 3).min(i) + 1;
        for (matrix, rows) in [(Some(&mut *h), top..bottom), (z.as_deref_mut(), 0..n)] {
            let Some(matrix) = matrix else { continue };
            let (x, rest) = matrix.data[k * n..].split_at_mut(n);
            let (y, rest) = rest.split_at_mut(n);
            let (x, y) = (&mut x[rows.clone()], &mut y[rows.clone()]);
            if three {
                for ((x, y), w) in x.iter_mut().zip(y).zip(&mut rest[rows]) {
                    let sum = *x + v2 * *y + v3 * *w;
                    (*x, *y, *w) = (*x - sum * t1, *y - sum * t2, *w - sum * t3);
                }
            } else {
                for (x, y) in x.iter_mut().zip(y) {
                    let sum = *x + v2 * *y;
                    (*x, *y) = (*x - sum * t1, *y - sum * t2);
                }
            }
        }
    }
}

/// `I − τ·[1; v]·[1; v]ᵀ` that makes `v` a multiple of the first unit vector: τ; `v[0]` becomes that
/// multiple, the others the reflection's.
#[inline(always)]
pub(super) fn reflection<R: Float>(v: &mut [R; 3]) -> R {
    let squares = v[1] * v[1] + v[2] * v[2];
    let sum = v[0] * v[0] + squares;
    let mut unit = R::one();
    let size = if squares > R::min_positive_value() / <R as Float>::EPSILON && sum < R::infinity() {
        sum.sqrt()
    } else {
        // Squares leave the range of the type, and reciprocals may.
        if v[1] == R::zero() && v[2] == R::zero() {
            return R::zero();
        }
        unit = v.iter().fold(R::zero(), |most, x| most.max(x.abs()));
        *v = v.map(|x| x / unit);
        (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
    };
    let beta = if v[0] > R::zero() { -size } else { size };
    let tau = (beta - v[0]) / beta;
    let scale = (v[0] - beta).recip();
    *v = [beta * unit, v[1] * scale, v[2] * scale];
    tau
}

/// The rotation that brings `[a b; c d]` to standard form, with that form: LAPACK's `lanv2`.
#[inline(always)]
fn standardise<R: Float>(mut a: R, mut b: R, mut c: R, mut d: R) -> ([R; 4], R, R) {
    let (zero, one, half) = (R::zero(), R::one(), R::from_f64(0.5));
    let sign = |x: R| if x.is_sign_negative() { -one } else { one };
    if c == zero {
        return ([a, b, c, d], one, zero);
    }
    if b == zero {
        return ([d, -c, zero, a], zero, one);
    }
    let difference = a - d;
    if difference == zero && sign(b) != sign(c) {
        return ([a, b, c, d], one, zero);
    }
    let p = half * difference;
    let (most, least) = (
        b.abs().max(c.abs()),
        b.abs().min(c.abs()) * sign(b) * sign(c),
    );
    let scale = p.abs().max(most);
    let z = (p / scale) * p + (most / scale) * least;
    if z >= R::from_f64(4.0) * <R as Float>::EPSILON {
        // Real eigenvalues.
        let z = p + sign(p) * (scale.sqrt() * z.sqrt());
        let tau = c.hypot(z);
        let (cosine, sine) = (z / tau, c / tau);
        return ([d + z, b - c, zero, d - (most / z) * least], cosine, sine);
    }
    // Complex ones, or real ones that are nearly equal: equal diagonal elements first.
    let sigma = b + c;
    let tau = sigma.hypot(difference);
    let mut cosine = (half * (one + sigma.abs() / tau)).sqrt();
    let mut sine = -(p / (tau * cosine)) * sign(sigma);
    let (aa, bb) = (a * cosine + b * sine, b * cosine - a * sine);
    let (cc, dd) = (c * cosine + d * sine, d * cosine - c * sine);
    (a, b) = (aa * cosine + cc * sine, bb * cosine + dd * sine);
    (c, d) = (cc * cosine - aa * sine, dd * cosine - bb * sine);
    let mean = half * (a + d);
    (a, d) = (mean, mean);
    if c != zero {
        if b == zero {
            (b, c) = (-c, zero);
            (cosine, sine) = (-sine, cosine);
        } else if sign(b) == sign(c) {
            // Real after all.
            let (above, below) = (b.abs().sqrt(), c.abs().sqrt());
            let p = sign(c) * (above * below);
            let tau = (b + c).abs().sqrt().recip();
            (a, d) = (mean + p, mean - p);
            (b, c) = (b - c, zero);
            let (cosine1, sine1) = (above * tau, below * tau);
            (cosine, sine) = (
                cosine * cosine1 - sine * sine1,
                cosine * sine1 + sine * cosine1,
            );
        }
    }
    ([a, b, c, d], cosine, sine)
}
