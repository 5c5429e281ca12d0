//! The QR algorithm for small tridiagonal matrices, with vectors (Golub and Van Loan, "Matrix
//! Computations", 4th edition, algorithms 8.3.2 and 8.3.3).

use super::super::conquer::{identity, last_block, rotation, turn_body};
use crate::array::Float;
use crate::engine::simd::simd_dispatch;

/// Steps that one eigenvalue may take; two are usual.
const STEPS: usize = 40;

simd_dispatch! {
    /// Eigenvalues to `d`, in no order, vectors to the columns of `u`, which are `stride` apart. Whether
    /// it converged.
    pub(super) unsafe fn small[R: Float](n: usize, d: *mut R, e: *mut R, u: *mut R, stride: usize) -> bool
        = small_body::<R>
}

#[inline(always)]
unsafe fn small_body<R: Float>(n: usize, d: *mut R, e: *mut R, u: *mut R, stride: usize) -> bool {
    // SAFETY: the caller's promise: n and n − 1 numbers, n columns of n.
    let (d, e) = unsafe {
        identity(n, u, stride);
        let beside = std::slice::from_raw_parts_mut(e, n.saturating_sub(1));
        (std::slice::from_raw_parts_mut(d, n), beside)
    };
    let half = R::from_f64(0.5);
    let mut end = n.saturating_sub(1);
    let mut left = STEPS * n;
    while let Some(start) = last_block(d, e, &mut end) {
        if left == 0 {
            return false;
        }
        left -= 1;
        // Wilkinson's shift.
        let difference = (d[end - 1] - d[end]) * half;
        let root = difference.hypot(e[end - 1]).copysign(difference);
        let shift = d[end] - e[end - 1] * (e[end - 1] / (difference + root));
        let (mut x, mut z) = (d[start] - shift, e[start]);
        for k in start..end {
            let (c, s, r) = rotation(x, z);
            if k > start {
                e[k - 1] = r;
            }
            let (p, q, between) = (d[k], d[k + 1], e[k]);
            let two = between + between;
            let t = (q - p) * s + two * c;
            let moved = s * t;
            d[k] = p + moved;
            d[k + 1] = q - moved;
            e[k] = c * t - between;
            if k + 1 < end {
                z = s * e[k + 1];
                e[k + 1] = c * e[k + 1];
            }
            x = e[k];
            // SAFETY: two different columns.
            unsafe { turn_body(n, u.add(k * stride), u.add((k + 1) * stride), c, s) };
        }
    }
    true
}
