//! Products of columns with vectors for reductions to condensed forms, which call them once per column: the
//! kernels are looked up before.

use std::any::TypeId;

use num_complex::Complex;

use super::kernels::{Generic, Kernels, Tuned};
use super::vector::{COLUMNS, ROWS};
use super::with_tuned;
use crate::array::Number;
use crate::engine::simd::level;

/// The kernels of a type. Columns and vectors are contiguous, and nothing is conjugated.
pub(in crate::linalg) struct Columns<T: 'static>(&'static Kernels<T>);

impl<T> Clone for Columns<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Columns<T> {}

impl<T: Number> Columns<T> {
    /// Those for the processor.
    pub(in crate::linalg) fn new() -> Self {
        Columns(Self::kernels())
    }

    fn kernels() -> &'static Kernels<T> {
        with_tuned!(T, Own => {
            let kernels: &'static Kernels<Own> = Own::kernels(level());
            // SAFETY: the types are the same, or integers of the same bits.
            unsafe { &*std::ptr::from_ref(kernels).cast::<Kernels<T>>() }
        });
        &Generic::<T>::KERNELS
    }

    /// `out[c] = Σ a[..m, c]·x`, columns `stride` apart.
    ///
    /// # Safety
    /// As many columns as `out` is long, and x, have `m` elements.
    #[inline]
    pub(in crate::linalg) unsafe fn dots(
        self,
        m: usize,
        a: *const T,
        stride: usize,
        x: *const T,
        out: &mut [T],
    ) {
        for (at, out) in out.chunks_mut(ROWS).enumerate() {
            let mut sums = [T::zero(); ROWS];
            let first = a.wrapping_add(at * ROWS * stride);
            // SAFETY: the caller's promise.
            unsafe { (self.0.dot_rows)(m, first, stride as isize, out.len(), x, &mut sums) };
            out.copy_from_slice(&sums[..out.len()]);
        }
    }

    /// `y ← y + Σ a[..m, c]·weights[c]`, columns `stride` apart.
    ///
    /// # Safety
    /// As many columns as weights have `m` elements, as y, which is apart from them.
    #[inline]
    pub(in crate::linalg) unsafe fn add(
        self,
        m: usize,
        a: *const T,
        stride: usize,
        weights: &[T],
        y: *mut T,
    ) {
        for (at, weights) in weights.chunks(COLUMNS).enumerate() {
            let mut four = [T::zero(); COLUMNS];
            four[..weights.len()].copy_from_slice(weights);
            // Missing columns are the last one, nothing of it.
            let column =
                |c: usize| a.wrapping_add((at * COLUMNS + c.min(weights.len() - 1)) * stride);
            // SAFETY: the caller's promise.
            unsafe { (self.0.axpy)(m, &std::array::from_fn(column), &four, y) };
        }
    }

    /// What columns of the lower triangle of a matrix of `n` rows contribute to two products: `y ← y + L·x`,
    /// and `t = Lᵀ·z` for the rows of these numbers, without the diagonal.
    ///
    /// # Safety
    /// The triangle's columns are `stride` apart; x, z, y and t have n elements, y and t apart from the others.
    #[inline]
    #[allow(clippy::too_many_arguments)]
    pub(in crate::linalg) unsafe fn triangle(
        self,
        n: usize,
        a: *const T,
        stride: usize,
        columns: std::ops::Range<usize>,
        x: *const T,
        z: *const T,
        y: *mut T,
        t: *mut T,
    ) {
        let mut j = columns.start;
        while j < columns.end {
            let width = COLUMNS.min(columns.end - j);
            let below = j + width;
            let column = |c: usize| a.wrapping_add((j + c.min(width - 1)) * stride + below);
            let mut weights = [T::zero(); COLUMNS];
            // SAFETY: the caller's promise.
            unsafe {
                for (c, weight) in weights[..width].iter_mut().enumerate() {
                    *weight = *x.add(j + c);
                }
                let (rest, z_below, y_below) = (n - below, z.add(below), y.add(below));
                let mut sums = (self.0.both)(
                    rest,
                    &std::array::from_fn(column),
                    &weights,
                    z_below,
                    y_below,
                );
                for c in 0..width {
                    for r in j + c + 1..below {
                        let value = *a.add((j + c) * stride + r);
                        *y.add(r) = (*y.add(r)).number_add(value.number_mul(weights[c]));
                        sums[c] = sums[c].number_add(value.number_mul(*z.add(r)));
                    }
                    t.add(j + c).write(sums[c]);
                }
            }
            j += width;
        }
    }
}
