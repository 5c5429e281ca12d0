//! Singular values and vectors by way of bidiagonal form: two sets of reflections, divide and conquer, and the
//! reflections applied to its vectors. Without vectors, qd transforms.

mod divide;
mod qr;
mod reduce;
#[cfg(test)]
mod tests;

use num_traits::One;

use super::householder::{BLOCK, Reflections, condensed_block, product_shape};
use super::part;
use super::qd::bidiagonal_values;
use super::qr::fill_identity;
use crate::array::{Float, Scalar};
use crate::engine::simd::level;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::factor::is_column_major;
use crate::linalg::backend::solve::zeroed;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Columns below which one thread is faster.
const PARALLEL_FROM: usize = 96;

/// What [`reduce`](reduce::reduce) of (m, n) wants, apart from the matrix.
struct Reduction<'a, T: Scalar> {
    d: &'a mut [T::Real],
    e: &'a mut [T::Real],
    factors: [&'a mut [T]; 2],
    room: reduce::Room<T>,
}

impl<'a, T: Scalar> Reduction<'a, T> {
    fn size(m: usize, n: usize, threads: usize) -> usize {
        2 * (Pieces::size::<T::Real>(n) + Pieces::size::<T>(n))
            + Pieces::size::<T>(m * 2 * condensed_block(n))
            + Pieces::size::<T>(n * 2 * condensed_block(n))
            + Pieces::size::<T>(m * (1 + threads))
    }

    fn take(pieces: &mut Pieces<'a>, m: usize, n: usize, threads: usize) -> Self {
        let [d, e] = [(); 2].map(|()| zeroed(pieces.take::<T::Real>(n)));
        let factors = [(); 2].map(|()| zeroed(pieces.take::<T>(n)));
        let room = reduce::Room {
            left: pieces.matrix(m, 2 * condensed_block(n)),
            right: pieces.matrix(n, 2 * condensed_block(n)),
            sums: pieces.matrix(m, 1 + threads),
        };
        Reduction {
            d,
            e: &mut e[..n - 1],
            factors,
            room,
        }
    }

    /// # Safety
    /// As [`reduce::reduce`].
    unsafe fn run(&mut self, a: MatMut<T>, vectors: Option<MatMut<T>>, threads: usize) {
        let [left, right] = &mut self.factors;
        // SAFETY: the caller's promise.
        unsafe {
            reduce::reduce(
                a,
                self.d,
                self.e,
                [left, right],
                vectors,
                &self.room,
                threads,
            )
        };
    }
}

fn threads_for(n: usize, threads: usize) -> usize {
    if n < PARALLEL_FROM { 1 } else { threads }
}

/// Bytes of workspace of [`values`].
pub(super) fn values_size<T: Scalar>(m: usize, n: usize, threads: usize) -> usize {
    Reduction::<T>::size(m, n, threads_for(n, threads))
}

/// The singular values of `a`, descending; `a` is lost.
///
/// # Safety
/// `a` is column-major, initialised and has at least as many rows as columns, which are as many as `s` has elements.
pub(super) unsafe fn values<T: Scalar>(
    a: MatMut<T>,
    s: &mut [T::Real],
    pieces: &mut Pieces<'_>,
    threads: usize,
) -> Result<(), Failure> {
    let threads = threads_for(a.cols, threads);
    let mut reduction = Reduction::<T>::take(pieces, a.rows, a.cols, threads);
    // SAFETY: the caller's promise.
    unsafe { reduction.run(a, None, threads) };
    let wide = |x: &[T::Real]| -> Vec<f64> { x.iter().map(|x| Float::to_f64(*x)).collect() };
    let (mut d, e) = (wide(reduction.d), wide(reduction.e));
    if !bidiagonal_values(&mut d, &e) {
        return Err(Failure::NotConverged);
    }
    d.sort_unstable_by(|x, y| y.total_cmp(x));
    for (to, x) in s.iter_mut().zip(d) {
        *to = Float::from_f64(x);
    }
    Ok(())
}

/// Singular values, descending, and vectors of `a` times a factor, or of its conjugate.
///
/// # Safety
/// `a` is readable and has at least as many rows as columns, of which there is one at least and as many as `s` has
/// elements; the outputs are writable: U with as many columns as `a` has columns or rows, and V, square.
pub(super) unsafe fn svd<T: Scalar>(
    a: MatRef<T>,
    conj: bool,
    factor: Option<T::Real>,
    s: &mut [T::Real],
    [u, v]: [Option<MatMut<T>>; 2],
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (m, n) = (a.rows, a.cols);
    let threads = threads_for(n, threads);
    let via = |x: Option<MatMut<T>>| x.filter(|x| !is_column_major(&x.as_ref()));
    let vias = [via(u), via(v)];
    let via_size = |x: Option<MatMut<T>>| Pieces::size::<T>(x.map_or(0, |x| x.rows * x.cols));
    let [height, width] = product_shape(n, m, threads);
    let needed = Pieces::size::<T>(m * n)
        + Pieces::size::<T>(n * (n - 1))
        + Reduction::<T>::size(m, n, threads)
        + vias.map(via_size).iter().sum::<usize>()
        + 3 * Pieces::size::<T::Real>(n)
        + 5 * (Pieces::size::<T::Real>(n * n) + Pieces::size::<usize>(n))
        + Pieces::size::<T::Real>(n * threads)
        + Pieces::size::<T>(BLOCK * n)
        + Pieces::size::<T>(height * width);
    let mut pieces = Pieces::new(work.bytes(needed));
    let (dense, right) = (pieces.matrix::<T>(m, n), pieces.matrix::<T>(n, n - 1));
    let mut reduction = Reduction::<T>::take(&mut pieces, m, n, threads);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let factor = T::from_real(factor.unwrap_or(<T::Real as One>::one()));
        match conj && T::IS_COMPLEX {
            true => copy_with(a, dense, |x| x.conj() * factor),
            false => copy_with(a, dense, |x| x * factor),
        }
        reduction.run(dense, Some(right), threads);
        let Reduction { d, e, factors, .. } = reduction;
        let numbers = [(); 3].map(|()| zeroed(pieces.take::<T::Real>(n)));
        let [order, indices @ ..] = [(); 5].map(|()| zeroed(pieces.take::<usize>(n)));
        let [ub, vb, packed, small_u, small_v] = [(); 5].map(|()| pieces.matrix::<T::Real>(n, n));
        let columns = pieces.matrix::<T::Real>(n, threads);
        let problem = divide::Problem {
            level: level(),
            wide: false,
            d,
            e,
            order,
            u: ub,
            v: vb,
            numbers,
            indices,
            packed: packed.ptr,
            small: [small_u.ptr, small_v.ptr],
            columns: columns.ptr,
        };
        if !divide::conquer(problem, threads) {
            return Err(Failure::NotConverged);
        }
        order.reverse();
        for (s, &from) in s.iter_mut().zip(&*order) {
            *s = d[from];
        }
        let (triangles, products) = (
            pieces.matrix::<T>(BLOCK, n),
            pieces.matrix::<T>(height, width),
        );
        let sides = [(dense, 0, ub), (right, 1, vb)];
        for ((to, via), (factors, (vectors, below, from))) in [u, v]
            .into_iter()
            .zip(vias)
            .zip(factors.into_iter().zip(sides))
        {
            let Some(out) = to else { continue };
            let to = via.map_or(out, |x| pieces.matrix(x.rows, x.cols));
            spread(from, order, to);
            let reflections = Reflections {
                vectors,
                triangles: MatMut {
                    cols: vectors.cols,
                    ..triangles
                },
                below,
                products,
                threads,
            };
            reflections.tie_and_apply(factors, to, threads);
            if via.is_some() {
                copy(to.as_ref(), out);
            }
        }
    }
    Ok(())
}

/// Columns of `from` in this order; what is beyond them in `to` is that of the identity.
///
/// # Safety
/// Both column-major, `from` initialised.
unsafe fn spread<T: Scalar>(from: MatMut<T::Real>, order: &[usize], to: MatMut<T>) {
    let n = order.len();
    // SAFETY: the caller's promise.
    unsafe {
        if to.rows > n {
            fill_identity(to);
        }
        for (j, &source) in order.iter().enumerate() {
            let source = from.ptr.wrapping_offset(source as isize * from.col_stride);
            let to = part(to, 0, j, n, 1).ptr;
            for i in 0..n {
                to.add(i).write(T::from_real(*source.add(i)));
            }
        }
    }
}
