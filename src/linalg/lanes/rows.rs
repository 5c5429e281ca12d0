//! More rows than registers can hold: `[A | B]` lies in memory row by row, an element of all matrices
//! after another.
//!
//! Rows are exchanged lane by lane. That is one load and one store of a number for each element, less than
//! comparing and selecting all rows below for each.

use super::register::{MOST_LANES, Register};

/// The most rows, and the most right-hand sides.
pub(super) const MOST: usize = 16;

/// Rows of as many `[A | B]` as a register has lanes.
#[derive(Clone, Copy)]
pub(super) struct Rows<V: Register> {
    /// Element `(i, j)` is register `i·width + j` behind it.
    pub(super) start: *mut V::T,
    /// At most [`MOST`].
    pub(super) n: usize,
    pub(super) width: usize,
}

/// What elimination finds besides U and what becomes of B.
pub(super) struct Eliminated<V> {
    /// 1, or −1 after an odd number of exchanges.
    sign: V,
    pivots: [Pivot<V>; MOST],
    /// The lanes with a pivot of zero, if there are any.
    pub(super) singular: Option<[bool; MOST_LANES]>,
}

/// What is divided by. Its reciprocal is multiplied by instead, where that is accurate: as for one
/// matrix at a time.
#[derive(Clone, Copy)]
struct Pivot<V> {
    value: V,
    reciprocal: V,
    /// Whether there are lanes with a reciprocal that might overflow.
    tiny: bool,
}

impl<V: Register> Pivot<V> {
    #[inline(always)]
    unsafe fn divide(&self, x: V) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let product = x.mul(self.reciprocal);
            if self.tiny {
                return V::select(is_tiny(self.value), x.div(self.value), product);
            }
            product
        }
    }
}

#[inline(always)]
unsafe fn is_tiny<V: Register>(x: V) -> V::Mask {
    // SAFETY: the caller's promise.
    unsafe { V::splat(num_traits::Float::min_positive_value()).larger(x) }
}

impl<V: Register> Rows<V> {
    #[inline(always)]
    pub(super) fn at(&self, i: usize, j: usize) -> *mut V::T {
        self.start.wrapping_add((i * self.width + j) * V::LANES)
    }

    #[inline(always)]
    unsafe fn get(&self, i: usize, j: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(self.at(i, j)) }
    }

    /// Row `to` less `factor` times row `from`, in the columns from `start` on.
    #[inline(always)]
    unsafe fn subtract(&self, to: usize, from: usize, factor: V, start: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            for j in start..self.width {
                let x = self.get(to, j).sub(self.get(from, j).mul(factor));
                x.store(self.at(to, j));
            }
        }
    }

    /// Brings A to upper triangular form.
    ///
    /// # Safety
    /// The rows are readable and writable; as [`Register`] demands.
    #[inline(always)]
    pub(super) unsafe fn eliminate(&self) -> Eliminated<V> {
        // SAFETY: the caller's promise.
        unsafe {
            let zero = V::whole(0);
            let none = Pivot {
                value: zero,
                reciprocal: zero,
                tiny: false,
            };
            let mut found = Eliminated {
                sign: V::whole(1),
                pivots: [none; MOST],
                singular: None,
            };
            for k in 0..self.n {
                let (mut value, mut at) = (self.get(k, k), V::whole(k));
                for i in k + 1..self.n {
                    let x = self.get(i, k);
                    let larger = x.larger(value);
                    value = V::select(larger, x, value);
                    at = V::select(larger, V::whole(i), at);
                }
                let stayed = at.equal(V::whole(k));
                found.sign = V::select(stayed, found.sign, zero.sub(found.sign));
                self.exchange(k, at);

                let is_zero = value.equal(zero);
                if V::any(is_zero) {
                    let before = found.singular.unwrap_or([false; MOST_LANES]);
                    let here = V::which(is_zero);
                    found.singular = Some(std::array::from_fn(|lane| before[lane] | here[lane]));
                }
                let tiny = V::any(is_tiny(value));
                let reciprocal = V::whole(1).div(value);
                let pivot = Pivot {
                    value,
                    reciprocal,
                    tiny,
                };
                found.pivots[k] = pivot;
                for i in k + 1..self.n {
                    self.subtract(i, k, pivot.divide(self.get(i, k)), k + 1);
                }
            }
            found
        }
    }

    /// Exchanges rows `k` and `other` from column `k` on.
    #[inline(always)]
    unsafe fn exchange(&self, k: usize, other: V) {
        // SAFETY: the caller's promise; `other` are rows.
        unsafe {
            let others = other.lanes();
            for lane in 0..V::LANES {
                let other = crate::array::Float::to_f64(others[lane]) as usize;
                if other == k {
                    continue;
                }
                for j in k..self.width {
                    std::ptr::swap(self.at(k, j).add(lane), self.at(other, j).add(lane));
                }
            }
        }
    }

    /// Replaces B by the solutions.
    ///
    /// # Safety
    /// As there, and it was done.
    #[inline(always)]
    pub(super) unsafe fn substitute(&self, found: &Eliminated<V>) {
        // SAFETY: the caller's promise.
        unsafe {
            for i in (0..self.n).rev() {
                for j in self.n..self.width {
                    let x = found.pivots[i].divide(self.get(i, j));
                    x.store(self.at(i, j));
                }
                for above in 0..i {
                    self.subtract(above, i, self.get(above, i), self.n);
                }
            }
        }
    }
}

impl<V: Register> Eliminated<V> {
    #[inline(always)]
    pub(super) unsafe fn determinant(&self, n: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let mut product = self.pivots[0].value;
            for pivot in &self.pivots[1..n] {
                product = product.mul(pivot.value);
            }
            product.mul(self.sign)
        }
    }
}
