//! To tridiagonal form by blocks of Householder reflections (Dongarra, Sorensen and Hammarling, "Block
//! reduction of matrices to condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989):
//! a column costs one pass over half of the matrix, which is read and not written.

use num_traits::{Float as _, One};

use super::super::householder::{CONDENSED, condensed_block, conjugated, reflector};
use super::super::part;
use crate::array::Scalar;
use crate::engine::par::for_ranges;
use crate::linalg::gemm::{Beta, Columns, gemm};
use crate::linalg::raw::MatMut;

/// Rows and columns of what is updated at once on the diagonal: half of it is for nothing.
const CORNER: usize = 64;
/// Rows from which threads share the product with the remaining matrix: they meet after every column.
const PARALLEL_FROM: usize = 400;

/// What is used beside the matrix.
pub(super) struct Room<T> {
    /// (n, 3·[`condensed_block`]): the vectors V of a block, W, and V again, so that an update is one product.
    pub(super) pairs: MatMut<T>,
    /// (n, 2 + threads): a conjugated vector, and partial products.
    pub(super) sums: MatMut<T>,
}

/// Replaces the lower triangle of `a` by the reflections H₀·H₁⋯ that make it tridiagonal, the vector of
/// `Hⱼ = 1 − τⱼ·v·vᴴ` below the diagonal of column j, with its leading one.
///
/// # Safety
/// `a` is square, column-major and its lower triangle initialised; the room is as it says.
pub(super) unsafe fn reduce<T: Scalar>(
    a: MatMut<T>,
    diagonal: &mut [T::Real],
    beside: &mut [T::Real],
    factors: &mut [T],
    room: &Room<T>,
    threads: usize,
) {
    let (n, stride) = (a.rows, a.col_stride as usize);
    let at = |i: usize, j: usize| a.ptr.wrapping_add(j * stride + i);
    let (block, kernels) = (condensed_block(n), Columns::<T>::new());
    let pairs = room.pairs.ptr;
    // Column c of V and of W, from row i.
    let pair = |i: usize, c: usize| [c, block + c].map(|c| pairs.wrapping_add(c * n + i));
    let mut start = 0;
    while start < n {
        let width = block.min(n - start);
        for j in start..start + width {
            let (done, rest) = (j - start, n - j - 1);
            // SAFETY: columns of the block and their parts below the diagonal, inside both matrices.
            unsafe {
                let mut weights = [[T::zero(); CONDENSED]; 2];
                for (weights, side) in weights.iter_mut().zip([1, 0]) {
                    for (c, weight) in weights[..done].iter_mut().enumerate() {
                        *weight = -(*pair(j, c)[side]).conj();
                    }
                }
                let [v, w] = pair(j, 0);
                kernels.add(rest + 1, v, n, &weights[0][..done], at(j, j));
                kernels.add(rest + 1, w, n, &weights[1][..done], at(j, j));
                diagonal[j] = (*at(j, j)).re();
                if rest == 0 {
                    break;
                }
                let x = at(j + 1, j);
                let (size, tau) = reflector(kernels, rest, x);
                beside[j] = size;
                factors[j] = tau;
                let [v, w] = pair(j + 1, done);
                v.copy_from_nonoverlapping(x, rest);
                v.wrapping_add(2 * block * n)
                    .copy_from_nonoverlapping(x, rest);
                let conjugate = conjugated(rest, v, room.sums.ptr);
                product(
                    kernels,
                    rest,
                    stride,
                    at(j + 1, j + 1),
                    [v, conjugate],
                    w,
                    &room.sums,
                    threads,
                );
                let [first_v, first_w] = pair(j + 1, 0);
                // Wᴴ·v weighs V, and Vᴴ·v weighs W.
                kernels.dots(rest, first_w, n, conjugate, &mut weights[0][..done]);
                kernels.dots(rest, first_v, n, conjugate, &mut weights[1][..done]);
                weights.iter_mut().flatten().for_each(|x| *x = -x.conj());
                kernels.add(rest, first_v, n, &weights[0][..done], w);
                kernels.add(rest, first_w, n, &weights[1][..done], w);
                let mut dot = [T::zero()];
                kernels.dots(rest, w, n, conjugate, &mut dot);
                let half = T::from_real((T::Real::one() + T::Real::one()).recip());
                // wᴴ·v before w has its factor τ.
                let shift = -(half * tau * tau.conj() * dot[0].conj());
                for i in 0..rest {
                    *w.add(i) = *w.add(i) * tau + *v.add(i) * shift;
                }
            }
        }
        let next = start + width;
        if next < n {
            // SAFETY: the triangle right of the block, and the pairs' rows.
            unsafe { update(a, room.pairs, block, next, threads) };
        }
        start = next;
    }
}

/// The lower triangle right of a block: `A ← A − V·Wᴴ − W·Vᴴ`.
///
/// # Safety
/// As [`reduce`].
unsafe fn update<T: Scalar>(
    a: MatMut<T>,
    pairs: MatMut<T>,
    block: usize,
    next: usize,
    threads: usize,
) {
    let n = a.rows;
    for j in (next..n).step_by(CORNER) {
        let cols = CORNER.min(n - j);
        let target = part(a, j, j, n - j, cols);
        let left = part(pairs, j, 0, n - j, 2 * block).as_ref();
        let right = part(pairs, j, block, cols, 2 * block).as_ref();
        // SAFETY: the caller's promise.
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
}

/// `y ← A·x` for the Hermitian matrix of which the lower half is at `a`, x with its conjugate beside.
///
/// # Safety
/// `a` has n rows, columns `stride` apart, and x and y n elements; `sums` as in [`Room`].
#[allow(clippy::too_many_arguments)]
unsafe fn product<T: Scalar>(
    kernels: Columns<T>,
    n: usize,
    stride: usize,
    a: *const T,
    x: [*const T; 2],
    y: *mut T,
    sums: &MatMut<T>,
    threads: usize,
) {
    struct Shared<T>(*const T, [*const T; 2], *mut T);
    // SAFETY: parts read the same and write columns and elements of their own.
    unsafe impl<T: Send> Sync for Shared<T> {}
    let threads = if n < PARALLEL_FROM {
        1
    } else {
        threads.min(sums.cols - 2)
    };
    let column = |j: usize| sums.ptr.wrapping_add(j * sums.col_stride as usize);
    // As many elements for each.
    let border = |part: usize| {
        let left = (threads - part) as f64 / threads as f64;
        let at = ((1.0 - left.sqrt()) * n as f64) as usize;
        if part == threads {
            n
        } else {
            at.next_multiple_of(4).min(n)
        }
    };
    let shared = Shared(a, x, sums.ptr);
    let step = sums.col_stride as usize;
    for_ranges(threads, 1, threads, |_, range| {
        let Shared(a, [x, z], sums) = &shared;
        for part in range {
            let (from, to) = (border(part), border(part + 1));
            // SAFETY: the caller's promise.
            unsafe {
                let sum = sums.add((2 + part) * step);
                sum.add(from).write_bytes(0, n - from);
                kernels.triangle(n, *a, stride, from..to, *x, *z, sum, sums.add(step));
            }
        }
    });
    // SAFETY: the caller's promise; what was not written is not read.
    unsafe {
        let transposed = column(1);
        for i in 0..n {
            let own = T::from_real((*a.add(i * (stride + 1))).re()) * *x[0].add(i);
            y.add(i).write(own + (*transposed.add(i)).conj());
        }
        for part in 0..threads {
            let sum = column(2 + part);
            for i in border(part)..n {
                *y.add(i) = *y.add(i) + *sum.add(i);
            }
        }
    }
}
