//! Balancing before an eigenvalue problem: permutations that isolate eigenvalues and scaling by powers
//! of two that evens out the norms of rows and columns, as LAPACK's `gebal` (James, Langou and Lowery,
//! arXiv:1401.5766, 2014), which `geev` runs and faer does not.

use num_traits::{Float as _, One, Zero};

use crate::array::{Float, Scalar};
use crate::linalg::raw::MatMut;

/// What was done: `D⁻¹·Pᵀ·A·P·D` is the balanced matrix.
pub(super) struct Balanced {
    /// The rows `first..end` are left; outside, A is triangular.
    first: usize,
    end: usize,
}

/// Element `(i, j)`.
///
/// # Safety
/// In range of a writable matrix.
unsafe fn at<T>(a: MatMut<T>, i: usize, j: usize) -> *mut T {
    a.ptr
        .wrapping_offset(i as isize * a.row_stride + j as isize * a.col_stride)
}

/// Exchanges rows `i` and `j` in the columns `cols`.
///
/// # Safety
/// In range of a writable, initialised matrix.
unsafe fn exchange<T: Copy>(a: MatMut<T>, i: usize, j: usize, cols: std::ops::Range<usize>) {
    if i != j {
        for c in cols {
            // SAFETY: the caller's promise; two rows.
            unsafe { std::ptr::swap(at(a, i, c), at(a, j, c)) };
        }
    }
}

/// Balances `a` in place. `notes` gets, for each row, its factor or the row it was exchanged with.
///
/// # Safety
/// `a` is square, writable, initialised, finite, and as long as `notes`.
pub(super) unsafe fn balance<T: Scalar>(a: MatMut<T>, notes: &mut [T::Real]) -> Balanced {
    let n = a.rows;
    let note = |i: usize| T::Real::from_f64(i as f64);
    // SAFETY: indices below stay in range.
    let is_zero = |i: usize, j: usize| unsafe { *at(a, i, j) == T::zero() };
    let (mut first, mut end) = (0, n);
    // Rows that are zero but for the diagonal go to the bottom, such columns to the left.
    let mut again = true;
    while again {
        again = false;
        let mut i = end;
        while i > 0 {
            i -= 1;
            if (0..end).all(|j| j == i || is_zero(i, j)) {
                end -= 1;
                notes[end] = note(i);
                // SAFETY: in range.
                unsafe {
                    exchange(a.t(), i, end, 0..end + 1);
                    exchange(a, i, end, 0..n);
                }
                if end == 0 {
                    return Balanced { first: 0, end: 0 };
                }
                again = true;
                i = i.min(end);
            }
        }
    }
    again = true;
    while again {
        again = false;
        let mut j = first;
        while j < end {
            if (first..end).all(|i| i == j || is_zero(i, j)) {
                notes[first] = note(j);
                // SAFETY: in range.
                unsafe {
                    exchange(a.t(), j, first, 0..end);
                    exchange(a, j, first, first..n);
                }
                again = true;
                first += 1;
            }
            j += 1;
        }
    }
    let this = Balanced { first, end };
    // SAFETY: the caller's promise.
    unsafe { this.scale(a, notes) };
    this
}

impl Balanced {
    /// # Safety
    /// As [`balance`].
    unsafe fn scale<T: Scalar>(&self, a: MatMut<T>, notes: &mut [T::Real]) {
        let (n, one) = (a.rows, T::Real::one());
        let two = one + one;
        let smallest = T::Real::min_positive_value() / <T::Real as Float>::EPSILON;
        let (low, high) = (smallest * two, (smallest * two).recip());
        let enough = T::Real::from_f64(0.95);
        notes[self.first..self.end].fill(one);
        // Norm of a part of column (or row) and the largest element of all of it.
        let measure = |x: MatMut<T>, j: usize, whole: std::ops::Range<usize>| {
            let (mut largest, mut inside) = (T::Real::zero(), T::Real::zero());
            for i in whole {
                // SAFETY: in range.
                let size = unsafe { (*at(x, i, j)).modulus() };
                largest = largest.max(size);
                if (self.first..self.end).contains(&i) {
                    inside = inside.max(size);
                }
            }
            let sum = (self.first..self.end).fold(T::Real::zero(), |sum, i| {
                // SAFETY: in range.
                let x = unsafe { (*at(x, i, j)).modulus() } / inside;
                sum + x * x
            });
            let norm = if inside > T::Real::zero() {
                inside * sum.sqrt()
            } else {
                inside
            };
            (norm, largest)
        };
        // The factor for a row of which these are the norms and largest elements, and those of its column.
        let factor =
            |[mut c, mut column]: [T::Real; 2], [mut r, mut row]: [T::Real; 2], scale: T::Real| {
                if c == T::Real::zero() || r == T::Real::zero() {
                    return None;
                }
                let (mut f, before, mut g) = (one, c + r, r / two);
                while c < g && f.max(c).max(column) < high && r.min(g).min(row) > low {
                    (f, c, column) = (f * two, c * two, column * two);
                    (r, g, row) = (r / two, g / two, row / two);
                }
                g = c / two;
                while g >= r && r.max(row) < high && f.min(c).min(g).min(column) > low {
                    (f, c, column, g) = (f / two, c / two, column / two, g / two);
                    (r, row) = (r * two, row * two);
                }
                let out_of_range = (f < one && scale < one && f * scale <= smallest)
                    || (f > one && scale > one && scale >= smallest.recip() / f);
                (c + r < enough * before && !out_of_range).then_some(f)
            };
        loop {
            // SAFETY: the caller's promise.
            if let Some(norms) = unsafe { self.norms(a) } {
                let scales = notes[self.first..self.end].iter();
                if norms
                    .iter()
                    .zip(scales)
                    .all(|(norms, &scale)| factor(norms[0], norms[1], scale).is_none())
                {
                    return;
                }
            }
            let mut again = false;
            let scales = notes.iter_mut().enumerate();
            for (i, scale) in scales.take(self.end).skip(self.first) {
                let (c, column) = measure(a, i, 0..self.end);
                let (r, row) = measure(a.t(), i, self.first..n);
                let Some(f) = factor([c, column], [r, row], *scale) else {
                    continue;
                };
                *scale = *scale * f;
                again = true;
                let (f, g) = (T::from_real(f), T::from_real(f.recip()));
                // SAFETY: in range.
                unsafe {
                    for j in self.first..n {
                        *at(a, i, j) = *at(a, i, j) * g;
                    }
                    for k in 0..self.end {
                        *at(a, k, i) = *at(a, k, i) * f;
                    }
                }
            }
            if !again {
                return;
            }
        }
    }

    /// Norm and largest element of every column, and of every row, in one pass along the columns; `None` if squares
    /// leave the range of the type.
    ///
    /// # Safety
    /// As [`balance`].
    unsafe fn norms<T: Scalar>(&self, a: MatMut<T>) -> Option<Vec<[[T::Real; 2]; 2]>> {
        let zero = T::Real::zero();
        let low = T::Real::min_positive_value().sqrt() / <T::Real as Float>::EPSILON;
        let mut all = vec![[[zero; 2]; 2]; self.end - self.first];
        for j in self.first..a.cols {
            let rows = if j < self.end { 0 } else { self.first };
            let (mut sum, mut most) = (zero, zero);
            for i in rows..self.end {
                // SAFETY: in range.
                let size = unsafe { (*at(a, i, j)).modulus() };
                most = most.max(size);
                if i >= self.first {
                    let row = &mut all[i - self.first][1];
                    row[1] = row[1].max(size);
                    if j < self.end {
                        sum = sum + size * size;
                        row[0] = row[0] + size * size;
                    }
                }
            }
            if j < self.end {
                all[j - self.first][0] = [sum, most];
            }
        }
        for [sum, most] in all.iter_mut().flatten() {
            if *most > zero && (*most < low || *most > low.recip()) {
                return None;
            }
            *sum = sum.sqrt();
        }
        Some(all)
    }

    /// Makes eigenvectors of the balanced matrix those of the original one.
    ///
    /// # Safety
    /// `v` is writable, initialised, with as many rows as `notes` has elements.
    pub(super) unsafe fn undo<C: Copy, R: Float>(
        &self,
        v: MatMut<C>,
        notes: &[R],
        times: impl Fn(C, R) -> C,
    ) {
        let factors = &notes[self.first..self.end];
        if factors.iter().any(|&factor| factor != R::one()) {
            for j in 0..v.cols {
                for (i, &factor) in (self.first..self.end).zip(factors) {
                    // SAFETY: in range.
                    unsafe { *at(v, i, j) = times(*at(v, i, j), factor) };
                }
            }
        }
        for i in (0..self.first).rev().chain(self.end..v.rows) {
            let from = notes[i].to_f64() as usize;
            // SAFETY: in range: it was a row.
            unsafe { exchange(v, i, from, 0..v.cols) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::backend::factor::column_major;

    #[test]
    fn triangles_hidden_by_a_permutation_are_found() {
        // P·U·Pᵀ for the exchange 0 ↔ 2 of an upper triangle.
        let mut a = vec![6.0, 5.0, 3.0, 0.0, 4.0, 2.0, 0.0, 0.0, 1.0];
        let m = column_major(a.as_mut_ptr(), 3, 3);
        let mut notes = [0.0; 3];
        // SAFETY: three rows and columns.
        let done = unsafe { balance(m, &mut notes) };
        assert_eq!((done.first, done.end), (0, 0));
        for i in 0..3 {
            for j in 0..i {
                assert_eq!(a[i + 3 * j], 0.0);
            }
        }
    }

    #[test]
    fn scales_are_undone() {
        let mut a: Vec<f64> = vec![1.0, 1e-6, 1e6, 2.0];
        let m = column_major(a.as_mut_ptr(), 2, 2);
        let mut notes = [0.0; 2];
        // SAFETY: two rows and columns.
        let done = unsafe { balance(m, &mut notes) };
        assert!(a[1] / a[2] > 0.2 && a[1] / a[2] < 5.0, "{a:?}");
        assert!((a[1] * a[2] - 1.0).abs() < 1e-15);
        let mut v = vec![1.0, 1.0];
        // SAFETY: two rows.
        unsafe { done.undo(column_major(v.as_mut_ptr(), 2, 1), &notes, |x, f| x * f) };
        assert_eq!(v, notes);
    }
}
