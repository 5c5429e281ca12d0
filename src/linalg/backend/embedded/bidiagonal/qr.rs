//! The QR algorithm for small bidiagonal matrices, with vectors (Golub and Van Loan, "Matrix Computations", 4th
//! edition, section 8.6; without a shift as Demmel and Kahan, "Accurate singular values of bidiagonal matrices",
//! SIAM J. Sci. Stat. Comput. 11, 1990).

use super::super::conquer::{identity, last_block, rotation, turn_body};
use crate::array::Float;
use crate::engine::simd::simd_dispatch;

/// Sweeps that one singular value may take; two are usual.
const SWEEPS: usize = 60;

simd_dispatch! {
    /// Singular values to `d`, in no order, vectors to the columns of `u` and `v`, whose `strides` these are. The
    /// matrix has n rows, and with `wide` a column more; its null vector is then the last of `v`. Whether it converged.
    pub(super) unsafe fn small[R: Float](
        n: usize, wide: bool, d: *mut R, e: *mut R, u: *mut R, v: *mut R, strides: [usize; 2],
    ) -> bool = small_body::<R>
}

/// Vectors, of which pairs are rotated.
struct Vectors<R> {
    at: *mut R,
    rows: usize,
    stride: usize,
}

impl<R: Float> Vectors<R> {
    /// # Safety
    /// Two different columns.
    #[inline(always)]
    unsafe fn turn(&self, i: usize, j: usize, c: R, s: R) {
        let [x, y] = [i, j].map(|j| self.at.wrapping_add(j * self.stride));
        // SAFETY: the caller's promise.
        unsafe { turn_body(self.rows, x, y, c, s) };
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn small_body<R: Float>(
    n: usize,
    wide: bool,
    d: *mut R,
    e: *mut R,
    u: *mut R,
    v: *mut R,
    strides: [usize; 2],
) -> bool {
    let cols = if wide { n + 1 } else { n };
    // SAFETY: the caller's promise: n and cols − 1 numbers, n columns of n and cols of cols.
    let (d, e) = unsafe {
        identity(n, u, strides[0]);
        identity(cols, v, strides[1]);
        let beside = std::slice::from_raw_parts_mut(e, cols.saturating_sub(1));
        (std::slice::from_raw_parts_mut(d, n), beside)
    };
    let matrix = |at: *mut R, rows: usize, stride: usize| Vectors { at, rows, stride };
    let (u, v) = (matrix(u, n, strides[0]), matrix(v, cols, strides[1]));
    if wide {
        // What is in the last column goes up and away.
        let mut out = e[n - 1];
        for i in (0..n).rev() {
            let (c, s, r) = rotation(d[i], out);
            d[i] = r;
            if i > 0 {
                out = -(s * e[i - 1]);
                e[i - 1] = c * e[i - 1];
            }
            // SAFETY: columns i < n and n.
            unsafe { v.turn(i, n, c, s) };
        }
    }
    let mut end = n.saturating_sub(1);
    let mut left = SWEEPS * n;
    while let Some(start) = last_block(d, e, &mut end) {
        if left == 0 {
            return false;
        }
        left -= 1;
        // SAFETY: columns of the block.
        unsafe { sweep(d, e, start, end, &u, &v) };
    }
    for (j, x) in d.iter_mut().enumerate() {
        if *x < R::zero() {
            *x = -*x;
            // SAFETY: column j.
            unsafe {
                let column = v.at.add(j * v.stride);
                for i in 0..v.rows {
                    *column.add(i) = -*column.add(i);
                }
            }
        }
    }
    true
}

/// One sweep over rows `start..=end`, of which no off-diagonal element is negligible.
///
/// # Safety
/// These columns exist.
#[inline(always)]
unsafe fn sweep<R: Float>(
    d: &mut [R],
    e: &mut [R],
    start: usize,
    end: usize,
    u: &Vectors<R>,
    v: &Vectors<R>,
) {
    let (zero, one) = (R::zero(), R::one());
    let eps = <R as Float>::EPSILON;
    let sizes = d[start..=end].iter().map(|x| x.abs());
    let least = sizes.clone().fold(R::infinity(), |x, y| x.min(y));
    let most = sizes
        .chain(e[start..end].iter().map(|x| x.abs()))
        .fold(zero, |x, y| x.max(y));
    // Without a shift a value that is zero, or almost, is found in one sweep.
    if least <= eps * most {
        let (mut c, mut old_c, mut old_s) = (one, one, zero);
        for k in start..end {
            let (right, s, r) = rotation(d[k] * c, e[k]);
            if k > start {
                e[k - 1] = old_s * r;
            }
            c = right;
            let (left, t, size) = rotation(old_c * r, d[k + 1] * s);
            d[k] = size;
            (old_c, old_s) = (left, t);
            // SAFETY: two different columns.
            unsafe {
                v.turn(k, k + 1, c, s);
                u.turn(k, k + 1, old_c, old_s);
            }
        }
        let last = d[end] * c;
        d[end] = last * old_c;
        e[end - 1] = last * old_s;
        return;
    }
    // The eigenvalue of the last two rows of BᵀB nearer to the last element, relative to the largest.
    let scaled = |x: R| x / most;
    let before = if end > start + 1 {
        scaled(e[end - 2])
    } else {
        zero
    };
    let (p, q, f) = (scaled(d[end - 1]), scaled(d[end]), scaled(e[end - 1]));
    let (first, last, beside) = (p * p + before * before, q * q + f * f, p * f);
    let difference = (first - last) * R::from_f64(0.5);
    let root = difference.hypot(beside).copysign(difference);
    let shift = if beside == zero {
        last
    } else {
        last - beside * (beside / (difference + root))
    };
    let top = scaled(d[start]);
    let mut x = top - shift / top;
    let mut z = scaled(e[start]);
    for k in start..end {
        let (c, s, r) = rotation(x, z);
        if k > start {
            e[k - 1] = r;
        }
        x = c * d[k] + s * e[k];
        e[k] = c * e[k] - s * d[k];
        z = s * d[k + 1];
        d[k + 1] = c * d[k + 1];
        // SAFETY: two different columns.
        unsafe { v.turn(k, k + 1, c, s) };
        let (c, s, r) = rotation(x, z);
        d[k] = r;
        x = c * e[k] + s * d[k + 1];
        d[k + 1] = c * d[k + 1] - s * e[k];
        if k + 1 < end {
            z = s * e[k + 1];
            e[k + 1] = c * e[k + 1];
        }
        // SAFETY: two different columns.
        unsafe { u.turn(k, k + 1, c, s) };
    }
    e[end - 1] = x;
}
