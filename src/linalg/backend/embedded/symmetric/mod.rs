//! Eigenvalues and vectors of symmetric and Hermitian matrices: to tridiagonal form, divide and conquer, and the
//! reflections of the first step applied to the vectors of the second. Without vectors, qd transforms.

mod divide;
mod ql;
#[cfg(test)]
mod tests;
mod tridiagonal;

use super::householder::{BLOCK, Reflections, condensed_block, product_shape};
use super::qd::tridiagonal_values;
use super::svd::scale_factor;
use crate::array::Scalar;
use crate::engine::simd::level;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::factor::is_column_major;
use crate::linalg::backend::solve::zeroed;
use crate::linalg::backend::spectral::{Eigh, copy_hermitian};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Rows below which one thread is faster.
const PARALLEL_FROM: usize = 128;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn eigh<T: Scalar>(
    call: Eigh<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Eigh {
        a,
        half,
        values,
        vectors,
    } = call;
    let n = a.rows;
    let threads = if n < PARALLEL_FROM { 1 } else { threads };
    let block = 3 * condensed_block(n);
    let via = vectors.filter(|v| !is_column_major(&v.as_ref()));
    let n_via = if via.is_some() { n } else { 0 };
    let n_vectors = if vectors.is_some() { n } else { 0 };
    let tiles = if vectors.is_some() { threads } else { 0 };
    let [rows, cols] = product_shape(n, n, tiles);
    let numbers = Pieces::size::<T::Real>(n);
    let needed = Pieces::size::<T>(n * n)
        + Pieces::size::<T>(n)
        + Pieces::size::<T>(n * block)
        + Pieces::size::<T>(n * (2 + threads))
        + Pieces::size::<T>(n * n_via)
        + 5 * numbers
        + 3 * Pieces::size::<T::Real>(n * n_vectors)
        + Pieces::size::<T::Real>(n * tiles)
        + 5 * Pieces::size::<usize>(n)
        + Pieces::size::<T>(BLOCK * n_vectors)
        + Pieces::size::<T>(rows * cols);
    let mut pieces = Pieces::new(work.bytes(needed));
    let dense = pieces.matrix::<T>(n, n);
    let factors = zeroed(pieces.take::<T>(n));
    let room = tridiagonal::Room {
        pairs: pieces.matrix(n, block),
        sums: pieces.matrix(n, 2 + threads),
    };
    let [d, e, z, poles, squares] = [(); 5].map(|()| zeroed(pieces.take::<T::Real>(n)));
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        copy_hermitian(a, half, dense);
        let largest = largest_finite(dense.as_ref()).ok_or(Failure::NonFinite)?;
        let factor = scale_factor(largest);
        if let Some(factor) = factor {
            copy_with(dense.as_ref(), dense, |x| x * T::from_real(factor));
        }
        tridiagonal::reduce(dense, d, e, factors, &room, threads);
        let e = &mut e[..n - 1];
        match vectors {
            None => {
                if !tridiagonal_values(d, e) {
                    return Err(Failure::NotConverged);
                }
                values.copy_from_slice(d);
            }
            Some(vectors) => {
                let to = via.map_or(vectors, |_| pieces.matrix(n, n));
                let [u, packed, small] = [(); 3].map(|()| pieces.matrix::<T::Real>(n, n));
                let columns = pieces.matrix::<T::Real>(n, threads);
                let [order, perm, kept, dropped, kinds] =
                    [(); 5].map(|()| zeroed(pieces.take::<usize>(n)));
                let problem = divide::Problem {
                    level: level(),
                    d,
                    e,
                    order,
                    u,
                    numbers: [z, poles, squares],
                    indices: [perm, kept, dropped, kinds],
                    packed: packed.ptr,
                    small: small.ptr,
                    columns: columns.ptr,
                };
                if !divide::conquer(problem, threads) {
                    return Err(Failure::NotConverged);
                }
                for (j, &from) in order.iter().enumerate() {
                    values[j] = d[from];
                    for i in 0..n {
                        let at = j as isize * to.col_stride + i as isize;
                        let x = *u.ptr.add(from * n + i);
                        to.ptr.offset(at).write(T::from_real(x));
                    }
                }
                let reflections = Reflections {
                    vectors: MatMut {
                        cols: n - 1,
                        ..dense
                    },
                    triangles: pieces.matrix(BLOCK, n),
                    below: 1,
                    products: pieces.matrix(rows, cols),
                    threads,
                };
                reflections.tie_and_apply(factors, to, threads);
                if via.is_some() {
                    copy(to.as_ref(), vectors);
                }
            }
        }
        if let Some(factor) = factor {
            values.iter_mut().for_each(|x| *x = *x / factor);
        }
    }
    Ok(())
}
