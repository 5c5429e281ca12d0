//! To bidiagonal form by blocks of Householder reflections (Dongarra, Sorensen and Hammarling, "Block reduction of
//! matrices to condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989), in one pass over the
//! matrix for every pair of reflections (Howell, Demmel, Fulton, Hammarling and Marmol, "Cache efficient
//! bidiagonalization using BLAS 2.5 operators", ACM Trans. Math. Softw. 34, 2008): as soon as a column has met the
//! left reflection, its part of the next row is known, and with it the column's part of the product with the right one.

use num_traits::{Float as _, Zero};

use super::super::householder::{CONDENSED, condensed_block, conjugated, reflector};
use super::super::part;
use crate::array::{Float, Scalar};
use crate::engine::par::for_ranges;
use crate::linalg::gemm::{Beta, Columns, gemm};
use crate::linalg::raw::MatMut;

/// Columns that are read twice while they are near the core.
const GROUP: usize = 4;
/// Elements of the remaining matrix from which threads share the pass over it: they meet after every column.
const PARALLEL_FROM: usize = 300 * 300;

/// What is used beside the matrix of m rows and n columns.
pub(super) struct Room<T> {
    /// (m, 2·[`condensed_block`]): the left vectors and what they are paired with, in turn.
    pub(super) left: MatMut<T>,
    /// (n, 2·[`condensed_block`]): the same of the right ones, in the other order.
    pub(super) right: MatMut<T>,
    /// (m, 1 + threads): a conjugated vector, and partial products.
    pub(super) sums: MatMut<T>,
}

/// Makes `Hᴴ·A·G` upper bidiagonal, `H = H₀·H₁⋯` and `G = G₀·G₁⋯` with `Hⱼ = 1 − τⱼ·v·vᴴ`: vectors of H replace the
/// columns of `a` from the diagonal on, those of G, if wanted, go to `vectors` from below the diagonal on, each with its
/// leading one; the factors are τ of both.
///
/// # Safety
/// `a` has at least as many rows as columns, is column-major and initialised; the room is as it says.
pub(super) unsafe fn reduce<T: Scalar>(
    a: MatMut<T>,
    diagonal: &mut [T::Real],
    beside: &mut [T::Real],
    factors: [&mut [T]; 2],
    vectors: Option<MatMut<T>>,
    room: &Room<T>,
    threads: usize,
) {
    let (m, n, stride) = (a.rows, a.cols, a.col_stride as usize);
    let at = |i: usize, j: usize| a.ptr.wrapping_add(j * stride + i);
    let (block, kernels) = (condensed_block(n), Columns::<T>::new());
    let left = |i: usize, k: usize| room.left.ptr.wrapping_add(k * m + i);
    let right = |i: usize, k: usize| room.right.ptr.wrapping_add(k * n + i);
    let mut start = 0;
    while start < n {
        let width = block.min(n - start);
        for j in start..start + width {
            let (done, rows, rest) = (2 * (j - start), m - j, n - j - 1);
            let mut weights = [T::zero(); 2 * CONDENSED];
            // SAFETY: columns of the block and of the rest of the matrix, from rows of theirs.
            unsafe {
                for (k, weight) in weights[..done].iter_mut().enumerate() {
                    *weight = -(*right(j, k)).conj();
                }
                kernels.add(rows, left(j, 0), m, &weights[..done], at(j, j));
                let (size, tau) = reflector(kernels, rows, at(j, j));
                (diagonal[j], factors[0][j]) = (size, tau);
                if rest == 0 {
                    break;
                }
                let v = left(j, done);
                v.copy_from_nonoverlapping(at(j, j), rows);
                let (y, w, x) = (
                    right(j + 1, done),
                    right(j + 1, done + 1),
                    left(j + 1, done + 1),
                );
                // The row, conjugated, before this reflection.
                for k in 0..rest {
                    w.add(k).write((*at(j, j + 1 + k)).conj());
                }
                for (k, weight) in weights[..done].iter_mut().enumerate() {
                    *weight = -(*left(j, k)).conj();
                }
                kernels.add(rest, right(j + 1, 0), n, &weights[..done], w);
                // What the block's reflections before take from y.
                let conjugate = conjugated(rows, v, room.sums.ptr);
                kernels.dots(rows, left(j, 0), m, conjugate, &mut weights[..done]);
                weights[..done].iter_mut().for_each(|x| *x = (*x).conj());
                for k in 0..rest {
                    y.add(k).write(T::zero());
                }
                kernels.add(rest, right(j + 1, 0), n, &weights[..done], y);
                let trailing = part(a, j, j + 1, rows, rest);
                pass(
                    kernels,
                    trailing,
                    conjugate,
                    tau,
                    [y, w],
                    x,
                    &room.sums,
                    threads,
                );

                let (head, is_usual) = (*w, is_usual(rest, w));
                let (size, tau) = reflector(kernels, rest, w);
                (beside[j], factors[1][j]) = (size, tau);
                if let Some(vectors) = vectors {
                    let to = vectors.ptr.add(j * vectors.col_stride as usize + j + 1);
                    to.copy_from_nonoverlapping(w, rest);
                }
                if tau == T::zero() {
                    for i in 0..rows - 1 {
                        x.add(i).write(T::zero());
                    }
                    continue;
                }
                // The pass had the vector before it was made a reflection.
                if is_usual {
                    let scale = T::one() / (head - T::from_real(size));
                    let first = at(j + 1, j + 1);
                    for i in 0..rows - 1 {
                        *x.add(i) = (*x.add(i) - *first.add(i) * T::from_real(size)) * scale;
                    }
                } else {
                    for i in 0..rows - 1 {
                        x.add(i).write(T::zero());
                    }
                    let w = std::slice::from_raw_parts(w, rest);
                    kernels.add(rows - 1, at(j + 1, j + 1), stride, w, x);
                }
                let conjugate = conjugated(rest, w, room.sums.ptr);
                let weights = &mut weights[..done + 1];
                kernels.dots(rest, right(j + 1, 0), n, conjugate, weights);
                weights.iter_mut().for_each(|x| *x = -(*x).conj());
                kernels.add(rows - 1, left(j + 1, 0), m, weights, x);
                for i in 0..rows - 1 {
                    *x.add(i) = *x.add(i) * tau;
                }
            }
        }
        let next = start + width;
        if next < n {
            let target = part(a, next, next, m - next, n - next);
            let left = part(room.left, next, 0, m - next, 2 * width).as_ref();
            let right = part(room.right, next, 0, n - next, 2 * width).as_ref();
            // SAFETY: as above.
            unsafe {
                gemm(
                    -T::one(),
                    left,
                    false,
                    right.t(),
                    true,
                    Beta::One,
                    target,
                    threads,
                )
            };
        }
        start = next;
    }
}

/// Whether a vector's scale is that of usual numbers, so that its reciprocal loses nothing.
///
/// # Safety
/// `n` elements.
unsafe fn is_usual<T: Scalar>(n: usize, x: *const T) -> bool {
    let zero = T::Real::zero();
    // SAFETY: the caller's promise.
    let largest = (0..n).map(|i| unsafe { (*x.add(i)).re().abs().max((*x.add(i)).im().abs()) });
    let largest = largest.fold(zero, |most, x| most.max(x));
    let low = T::Real::min_positive_value().sqrt() / <T::Real as Float>::EPSILON;
    largest > low && largest < low.recip()
}

/// `y ← τ·(Aᴴ·v − y)`, `w ← w − y`, and `x = A·w` without its first element.
///
/// # Safety
/// `a` is column-major; v, conjugated, has its rows, x one less, y and w its columns.
#[allow(clippy::too_many_arguments)]
unsafe fn pass<T: Scalar>(
    kernels: Columns<T>,
    a: MatMut<T>,
    v: *const T,
    tau: T,
    [y, w]: [*mut T; 2],
    x: *mut T,
    sums: &MatMut<T>,
    threads: usize,
) {
    struct Shared<T>(MatMut<T>, *const T, [*mut T; 2], MatMut<T>);
    // SAFETY: parts read the same and write elements and columns of their own.
    unsafe impl<T: Send> Sync for Shared<T> {}
    let (m, n) = (a.rows, a.cols);
    let threads = if m * n < PARALLEL_FROM {
        1
    } else {
        threads.min(sums.cols - 1)
    };
    let share = n.div_ceil(threads).next_multiple_of(GROUP);
    let shared = Shared(a, v, [y, w], *sums);
    let column =
        |sums: MatMut<T>, part: usize| sums.ptr.wrapping_add((1 + part) * sums.col_stride as usize);
    for_ranges(threads, 1, threads, |_, range| {
        let &Shared(a, v, [y, w], sums) = &shared;
        for part in range {
            let sum = column(sums, part);
            // SAFETY: the caller's promise.
            unsafe {
                for i in 0..m - 1 {
                    sum.add(i).write(T::zero());
                }
                let (from, to) = ((part * share).min(n), ((part + 1) * share).min(n));
                for k in (from..to).step_by(GROUP) {
                    let width = GROUP.min(to - k);
                    let first = a.ptr.add(k * a.col_stride as usize);
                    let mut dots = [T::zero(); GROUP];
                    let dots = &mut dots[..width];
                    kernels.dots(m, first, a.col_stride as usize, v, dots);
                    for (c, dot) in dots.iter_mut().enumerate() {
                        let value = tau * ((*dot).conj() - *y.add(k + c));
                        y.add(k + c).write(value);
                        *dot = *w.add(k + c) - value;
                        w.add(k + c).write(*dot);
                    }
                    kernels.add(m - 1, first.add(1), a.col_stride as usize, dots, sum);
                }
            }
        }
    });
    // SAFETY: the caller's promise.
    unsafe {
        x.copy_from_nonoverlapping(column(*sums, 0), m - 1);
        for part in 1..threads {
            let sum = column(*sums, part);
            for i in 0..m - 1 {
                *x.add(i) = *x.add(i) + *sum.add(i);
            }
        }
    }
}
