//! Exchange of neighbouring diagonal blocks of a real Schur form (Bai and Demmel, "On swapping diagonal blocks in
//! real Schur form", Linear Algebra Appl. 186, 1993): the eigenvectors of the second block by a Sylvester equation,
//! an orthogonal basis that begins with them, and a look at what it leaves below, as LAPACK's `laexc`.

// Matrices of up to four rows are arrays that several loops index.
#![allow(clippy::needless_range_loop)]

use num_complex::Complex;

use super::real::standardise_block;
use super::{Square, tiny};
use crate::array::Float;
use crate::engine::simd::{level, simd_dispatch};

/// A matrix of up to four rows and columns.
type Few<R> = [[R; 4]; 4];

/// Rows of the diagonal block that begins in row `at`.
pub(super) fn block<R: Float>(t: &Square<'_, R>, at: usize) -> usize {
    let pair = at + 1 < t.n && t[(at + 1, at)] != R::zero();
    if pair { 2 } else { 1 }
}

/// The eigenvalues of the first `end` rows of a Schur form.
pub(super) fn values_of<R: Float>(t: &Square<'_, R>, end: usize, out: &mut Vec<Complex<R>>) {
    let mut at = 0;
    while at < end {
        let re = t[(at, at)];
        if at + 1 < end && block(t, at) == 2 {
            let im = t[(at, at + 1)].abs().sqrt() * t[(at + 1, at)].abs().sqrt();
            out.push(Complex::new(re, im));
            out.push(Complex::new(t[(at + 1, at + 1)], -im));
            at += 2;
        } else {
            out.push(re.into());
            at += 1;
        }
    }
}

/// Moves the diagonal block of `t` that begins in row `from` up to row `to`, where one begins, and takes `v`
/// along; where it is if an exchange would have spoiled the Schur form.
pub(super) fn move_up<'a, R: Float>(
    t: &mut Square<'a, R>,
    v: &mut Square<'a, R>,
    from: usize,
    to: usize,
) -> usize {
    let (mut at, width) = (from, block(t, from));
    while at > to {
        if width == 2 && block(t, at) == 1 {
            // It became two.
            let first = move_up(t, v, at, to);
            if first == to {
                move_up(t, v, at + 1, to + 1);
            }
            return first;
        }
        let above = if at >= 2 { block(t, at - 2) } else { 1 };
        // SAFETY: the level is that of the machine; the blocks are inside.
        if !unsafe { exchange(level(), t, v, at - above, above, width) } {
            return at;
        }
        at -= above;
    }
    at
}

simd_dispatch! {
    /// Exchanges the blocks of `p` and `q` rows from row `at` on. False, and nothing is changed, if they are too
    /// close for that.
    unsafe fn exchange['a, R: Float](t: &mut Square<'a, R>, v: &mut Square<'a, R>, at: usize, p: usize, q: usize) -> bool
        = exchange_body::<R>
}

/// # Safety
/// None beyond that the processor has the instructions it is compiled for.
#[inline(always)]
unsafe fn exchange_body<'a, R: Float>(
    t: &mut Square<'a, R>,
    v: &mut Square<'a, R>,
    at: usize,
    p: usize,
    q: usize,
) -> bool {
    let (n, size) = (t.n, p + q);
    let (zero, one) = (R::zero(), R::one());
    let mut d = [[zero; 4]; 4];
    let mut largest = zero;
    for i in 0..size {
        for j in 0..size {
            d[i][j] = t[(at + i, at + j)];
            largest = largest.max(d[i][j].abs());
        }
    }
    if size == 2 {
        let (above, difference) = (d[0][1], d[1][1] - d[0][0]);
        let length = above.hypot(difference);
        if length == zero {
            return true;
        }
        let (c, s) = (above / length, difference / length);
        turn::<R, 2>(
            t,
            v,
            at,
            &[
                [c, -s, zero, zero],
                [s, c, zero, zero],
                [zero; 4],
                [zero; 4],
            ],
        );
        (t[(at, at)], t[(at + 1, at + 1)]) = (d[1][1], d[0][0]);
        (t[(at, at + 1)], t[(at + 1, at)]) = (above, zero);
        return true;
    }
    let eps = <R as Float>::EPSILON;
    let least = tiny::<R>(1);
    let x = sylvester(&d, p, q, (eps * largest).max(least));
    // A basis whose first columns are those of [−X; 1]: by reflections.
    let mut columns = [[zero; 4]; 2];
    for (c, column) in columns.iter_mut().enumerate().take(q) {
        for r in 0..p {
            column[r] = -x[r][c];
        }
        column[p + c] = one;
    }
    let mut basis = [[zero; 4]; 4];
    for (i, row) in basis.iter_mut().enumerate() {
        row[i] = one;
    }
    for c in 0..q {
        let mut w = columns[c];
        w[..c].fill(zero);
        let most = w.iter().fold(zero, |most: R, x| most.max(x.abs()));
        w.iter_mut().for_each(|x| *x = *x / most);
        let length = w.iter().fold(zero, |sum, &x| sum + x * x).sqrt();
        w[c] = if w[c] < zero {
            w[c] - length
        } else {
            w[c] + length
        };
        let square = w.iter().fold(zero, |sum, &x| sum + x * x);
        let twice = (one + one) / square;
        let reflect = |x: &mut [R; 4]| {
            let dot = (0..4).fold(zero, |sum, i| sum + w[i] * x[i]) * twice;
            for i in 0..4 {
                x[i] = x[i] - dot * w[i];
            }
        };
        columns.iter_mut().for_each(reflect);
        basis.iter_mut().for_each(reflect);
    }
    // What remains below must be as good as zero.
    let turned = product(&transposed(&basis), &product(&d, &basis));
    let limit = (R::from_f64(10.0) * eps * largest).max(least);
    let fits = |i: usize| turned[i][..q].iter().all(|x| x.abs() <= limit);
    if !(q..size).all(fits) {
        return false;
    }
    if size == 3 {
        turn::<R, 3>(t, v, at, &basis);
    } else {
        turn::<R, 4>(t, v, at, &basis);
    }
    for j in at..at + q {
        for i in at + q..at + size {
            t[(i, j)] = zero;
        }
    }
    for (at, rows) in [(at, q), (at + q, p)] {
        if rows == 2 {
            standardise_block(t, Some(&mut *v), at, n);
        }
    }
    true
}

#[inline(always)]
fn transposed<R: Float>(a: &Few<R>) -> Few<R> {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}

#[inline(always)]
fn product<R: Float>(a: &Few<R>, b: &Few<R>) -> Few<R> {
    let element = |i: usize, j: usize| (0..4).fold(R::zero(), |sum, k| sum + a[i][k] * b[k][j]);
    std::array::from_fn(|i| std::array::from_fn(|j| element(i, j)))
}

/// `T ← Gᵀ·T·G` and `V ← V·G` for a matrix G of `N` rows in rows `at` and below.
#[inline(always)]
fn turn<'a, R: Float, const N: usize>(
    t: &mut Square<'a, R>,
    v: &mut Square<'a, R>,
    at: usize,
    g: &Few<R>,
) {
    let n = t.n;
    for column in t.data[at * n..].chunks_exact_mut(n) {
        let x: [R; N] = std::array::from_fn(|k| column[at + k]);
        for j in 0..N {
            column[at + j] = (1..N).fold(g[0][j] * x[0], |sum, k| sum + g[k][j] * x[k]);
        }
    }
    for (matrix, rows) in [(t, at + N), (v, n)] {
        let mut columns = matrix.data[at * n..].chunks_exact_mut(n);
        let columns: [&mut [R]; N] =
            std::array::from_fn(|_| &mut columns.next().expect("inside")[..rows]);
        for i in 0..rows {
            let x: [R; N] = std::array::from_fn(|k| columns[k][i]);
            for j in 0..N {
                columns[j][i] = (1..N).fold(g[0][j] * x[0], |sum, k| sum + g[k][j] * x[k]);
            }
        }
    }
}

/// X of `A·X − X·B = C` for the blocks of `[A C; 0 B]`, by elimination with complete pivoting; pivots below
/// `least` are replaced by it.
#[inline(always)]
fn sylvester<R: Float>(d: &Few<R>, p: usize, q: usize, least: R) -> [[R; 2]; 2] {
    let (zero, count) = (R::zero(), p * q);
    // Row and column i + p·j are element (i, j).
    let (mut m, mut right) = ([[zero; 4]; 4], [zero; 4]);
    for j in 0..q {
        for i in 0..p {
            let row = i + p * j;
            right[row] = d[i][p + j];
            for k in 0..p {
                m[row][k + p * j] = m[row][k + p * j] + d[i][k];
            }
            for k in 0..q {
                m[row][i + p * k] = m[row][i + p * k] - d[p + k][p + j];
            }
        }
    }
    let mut order = [0, 1, 2, 3];
    for step in 0..count {
        let mut pivot = (step, step);
        for i in step..count {
            for j in step..count {
                if m[i][j].abs() > m[pivot.0][pivot.1].abs() {
                    pivot = (i, j);
                }
            }
        }
        m.swap(step, pivot.0);
        right.swap(step, pivot.0);
        order.swap(step, pivot.1);
        m.iter_mut().for_each(|row| row.swap(step, pivot.1));
        if m[step][step].abs() < least {
            m[step][step] = least;
        }
        for i in step + 1..count {
            let factor = m[i][step] / m[step][step];
            for j in step..count {
                m[i][j] = m[i][j] - factor * m[step][j];
            }
            right[i] = right[i] - factor * right[step];
        }
    }
    let mut x = [[zero; 2]; 2];
    let mut solution = [zero; 4];
    for i in (0..count).rev() {
        let sum = (i + 1..count).fold(right[i], |sum, j| sum - m[i][j] * solution[j]);
        solution[i] = sum / m[i][i];
    }
    for i in 0..count {
        x[order[i] % p][order[i] / p] = solution[i];
    }
    x
}
