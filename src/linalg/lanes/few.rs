//! Up to four rows: everything stays in registers, column by column.
//!
//! Left-looking: the steps of elimination that come before a column are applied to it when its turn comes,
//! in the same way as to columns of right-hand sides. The pivots' rows are kept as numbers in lanes;
//! exchanges compare them and select.

use super::register::{MOST_LANES, Register};

/// `$body` for each `$k` below `$n`, which is at most four: one copy each, so that all indices are
/// constants.
macro_rules! each {
    ($k:ident < $n:expr, $body:block) => {
        each!(@ $k, $n, $body, 0 1 2 3)
    };
    (@ $k:ident, $n:expr, $body:block, $($at:literal)+) => {$(
        if $at < $n {
            #[allow(non_upper_case_globals)]
            const $k: usize = $at;
            $body
        }
    )+};
}

/// L and U of as many matrices as a register has lanes.
pub(super) struct Factors<V, const N: usize> {
    /// Columns: of U up to the diagonal, of L below it. L's rows are as they lay when their column was
    /// eliminated.
    columns: [[V; N]; N],
    /// `pivots[k]` was in this row when it was exchanged for row `k`.
    pivots: [V; N],
}

impl<V: Register, const N: usize> Factors<V, N> {
    /// Of matrices whose element `(i, j)` is register `i·N + j` behind `from`.
    ///
    /// # Safety
    /// Registers are readable; as [`Register`] demands.
    #[inline(always)]
    pub(super) unsafe fn new(from: *const V::T) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let zero = V::whole(0);
            let mut this = Factors {
                columns: [[zero; N]; N],
                pivots: [zero; N],
            };
            each!(j < N, {
                let mut x = [zero; N];
                for i in 0..N {
                    x[i] = V::load(from.add((i * N + j) * V::LANES));
                }
                this.forward(&mut x, j);
                let (mut best, mut at) = (x[j], V::whole(j));
                for i in j + 1..N {
                    let larger = x[i].larger(best);
                    best = V::select(larger, x[i], best);
                    at = V::select(larger, V::whole(i), at);
                }
                for i in j + 1..N {
                    x[i] = V::select(at.equal(V::whole(i)), x[j], x[i]).div(best);
                }
                x[j] = best;
                this.pivots[j] = at;
                this.columns[j] = x;
            });
            this
        }
    }

    /// The first `steps` exchanges and eliminations.
    #[inline(always)]
    unsafe fn forward(&self, x: &mut [V; N], steps: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            each!(k < steps, {
                let before = x[k];
                for i in k + 1..N {
                    let exchanged = self.pivots[k].equal(V::whole(i));
                    x[k] = V::select(exchanged, x[i], x[k]);
                    x[i] = V::select(exchanged, before, x[i]);
                }
                for i in k + 1..N {
                    x[i] = x[i].sub(self.columns[k][i].mul(x[k]));
                }
            });
        }
    }

    /// Solves for the column whose element `i` is register `i·stride` behind `x`.
    ///
    /// # Safety
    /// As [`new`](Self::new), and writable.
    #[inline(always)]
    pub(super) unsafe fn solve(&self, to: *mut V::T, stride: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut x = [V::whole(0); N];
            for i in 0..N {
                x[i] = V::load(to.add(i * stride * V::LANES));
            }
            self.forward(&mut x, N);
            each!(back < N, {
                let k = N - 1 - back;
                x[k] = x[k].div(self.columns[k][k]);
                for i in 0..k {
                    x[i] = x[i].sub(self.columns[k][i].mul(x[k]));
                }
            });
            for i in 0..N {
                x[i].store(to.add(i * stride * V::LANES));
            }
        }
    }

    #[inline(always)]
    pub(super) unsafe fn determinant(&self) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let (mut product, mut sign) = (V::whole(1), V::whole(1));
            each!(k < N, {
                product = product.mul(self.columns[k][k]);
                let stayed = self.pivots[k].equal(V::whole(k));
                sign = V::select(stayed, sign, V::whole(0).sub(sign));
            });
            product.mul(sign)
        }
    }

    /// The lanes with a pivot of zero, if there are any.
    #[inline(always)]
    pub(super) unsafe fn singular(&self) -> Option<[bool; MOST_LANES]> {
        // SAFETY: the caller's promise.
        unsafe {
            let zero = V::whole(0);
            let mut singular = zero;
            for column in 0..N {
                let is_zero = self.columns[column][column].equal(zero);
                singular = V::select(is_zero, V::whole(1), singular);
            }
            let singular = singular.equal(V::whole(1));
            V::any(singular).then(|| V::which(singular))
        }
    }
}
