//! Aggressive early deflation (Braman, Byers and Mathias, "The multishift QR algorithm, part II", SIAM J. Matrix
//! Anal. Appl. 23, 2002): of the Schur form of a window at the end of the block that is iterated upon, those
//! eigenvalues have converged for which the element left of the window, its spike, is negligible. The others are
//! the next shifts.

use num_complex::Complex;

use super::around::{Around, Span};
use super::swap::{block, move_up, values_of};
use super::{Square, multishift, tiny};
use crate::array::{Float, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::embedded::hessenberg::reduce;
use crate::linalg::backend::embedded::householder::reflector;
use crate::linalg::backend::factor::column_major;
use crate::linalg::gemm::{Beta, Columns, gemm};
use crate::linalg::raw::MatMut;

/// Room for the window and its transformation.
pub(super) struct Window<R> {
    t: Vec<R>,
    v: Vec<R>,
    /// The transformation back to Hessenberg form, and a product with it.
    q: Vec<R>,
    product: Vec<R>,
    work: Workspace,
    /// Eigenvalues that have not converged.
    pub(super) left: Vec<Complex<R>>,
}

impl<R: Float + Scalar> Window<R> {
    pub(super) fn new() -> Self {
        let [t, v, q, product] = [(); 4].map(|()| Vec::new());
        let (work, left) = (Workspace::new(), Vec::new());
        Window {
            t,
            v,
            q,
            product,
            work,
            left,
        }
    }

    /// Looks at the last `rows` of the block `top..end`: how many eigenvalues have converged, which are then its
    /// last; `None`, and nothing is changed, if the window's Schur form does not converge.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn deflate(
        &mut self,
        h: &mut Square<'_, R>,
        z: Option<&mut Square<'_, R>>,
        [top, end]: [usize; 2],
        rows: usize,
        span: Span,
        around: &mut Around<R>,
    ) -> Option<usize> {
        let (zero, from) = (R::zero(), end - rows);
        let mut spike = if from == top {
            zero
        } else {
            h[(from, from - 1)]
        };
        let size = rows * rows;
        for matrix in [&mut self.t, &mut self.v] {
            matrix.clear();
            matrix.resize(size, zero);
        }
        let mut t = Square::new(&mut self.t, rows);
        let mut v = Square::new(&mut self.v, rows);
        for j in 0..rows {
            let stored = (j + 2).min(rows);
            let column = &h.column(from + j)[from..];
            t.column(j)[..stored].copy_from_slice(&column[..stored]);
            v[(j, j)] = R::one();
        }
        self.left.clear();
        self.left.resize(rows, zero.into());
        // A window that is the whole matrix would be its own window for ever.
        let (values, threads) = (&mut self.left, around.threads());
        if !multishift::schur_of(&mut t, Some(&mut v), values, threads, rows < h.n) {
            return None;
        }
        let kept = converge(&mut t, &mut v, spike, tiny::<R>(h.n));
        if kept == 0 {
            spike = zero;
        }
        self.left.clear();
        values_of(&t, kept, &mut self.left);
        if kept == rows && spike != zero {
            return Some(0);
        }
        if kept > 1 && spike != zero {
            self.restore_hessenberg(rows, kept);
        }
        let t = Square::new(&mut self.t, rows);
        if from > top {
            h[(from, from - 1)] = spike * self.v[0];
        }
        for j in 0..rows {
            let stored = (j + 2).min(rows);
            h.column(from + j)[from..][..stored].copy_from_slice(&t.data[j * rows..][..stored]);
        }
        let v = column_major(self.v.as_mut_ptr(), rows, rows).as_ref();
        around.transform(v, h, z, from, span);
        Some(rows - kept)
    }

    /// Makes the spike of the first `kept` rows a single element again, and these rows and columns of T Hessenberg.
    fn restore_hessenberg(&mut self, rows: usize, kept: usize) {
        let (zero, kernels) = (R::zero(), Columns::new());
        let mut w: Vec<R> = (0..kept).map(|j| self.v[j * rows]).collect();
        // SAFETY: it has `kept` elements, at least two.
        let (_, tau) = unsafe { reflector(kernels, kept, w.as_mut_ptr()) };
        for column in self.t.chunks_exact_mut(rows) {
            let dot = column
                .iter()
                .zip(&w)
                .fold(zero, |sum, (&x, &w)| sum + x * w);
            let factor = dot * tau;
            for (x, &w) in column.iter_mut().zip(&w) {
                *x = *x - factor * w;
            }
        }
        for (matrix, height) in [(&mut self.t, kept), (&mut self.v, rows)] {
            let mut sums = vec![zero; height];
            for (column, &w) in matrix.chunks_exact(rows).zip(&w) {
                for (sum, &x) in sums.iter_mut().zip(column) {
                    *sum = *sum + x * w;
                }
            }
            for (column, &w) in matrix.chunks_exact_mut(rows).zip(&w) {
                let factor = w * tau;
                for (&sum, x) in sums.iter().zip(column) {
                    *x = *x - factor * sum;
                }
            }
        }
        for matrix in [&mut self.q, &mut self.product] {
            matrix.clear();
            matrix.resize(rows * rows, zero);
        }
        let q = column_major(self.q.as_mut_ptr(), kept, kept);
        let whole = |x: &mut Vec<R>| column_major(x.as_mut_ptr(), rows, rows);
        let (t, v) = (whole(&mut self.t), whole(&mut self.v));
        let inside = MatMut {
            rows: kept,
            cols: kept,
            ..t
        };
        let beside = MatMut {
            rows: kept,
            cols: rows - kept,
            ..t.at((kept * rows) as isize)
        };
        let basis = MatMut { cols: kept, ..v };
        let product = self.product.as_mut_ptr();
        // SAFETY: parts of matrices of ours that do not overlap.
        unsafe {
            reduce(inside, Some(q), &mut self.work, 1);
            let (q, one) = (q.as_ref(), R::one());
            for (is_left, matrix) in [(true, beside), (false, basis)] {
                let to = column_major(product, matrix.rows, matrix.cols);
                let from = matrix.as_ref();
                if is_left {
                    gemm(one, q.t(), false, from, false, Beta::Zero, to, 1);
                } else {
                    gemm(one, from, false, q, false, Beta::Zero, to, 1);
                }
                crate::linalg::backend::copy::copy(to.as_ref(), matrix);
            }
        }
    }
}

/// Separates what has converged, which stays at the end, from what has not, which moves up: how many rows of the
/// latter there are.
fn converge<'a, R: Float>(
    t: &mut Square<'a, R>,
    v: &mut Square<'a, R>,
    spike: R,
    tiny: R,
) -> usize {
    let (mut kept, mut first) = (t.n, 0);
    while first < kept {
        let last = kept - 1;
        let width = if last > first { block(t, last - 1) } else { 1 };
        let mut size = t[(last, last)].abs();
        let mut left = (spike * v[(0, last)]).abs();
        if width == 2 {
            let [above, below] = [t[(last - 1, last)], t[(last, last - 1)]];
            size = size + above.abs().sqrt() * below.abs().sqrt();
            left = left.max((spike * v[(0, last - 1)]).abs());
        }
        if size == R::zero() {
            size = spike.abs();
        }
        if left <= tiny.max(<R as Float>::EPSILON * size) {
            kept -= width;
        } else {
            first = move_up(t, v, kept - width, first) + width;
        }
    }
    kept
}
