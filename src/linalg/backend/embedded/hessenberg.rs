//! Hessenberg form by blocks of Householder reflections (Dongarra, Sorensen and Hammarling, "Block reduction of
//! matrices to condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989; Quintana-Ortí and van
//! de Geijn, "Improving the performance of reduction to Hessenberg form", ACM Trans. Math. Softw. 32, 2006), and the
//! Schur form from it.

use num_complex::Complex;
use num_traits::One;

use super::eigen::Spectrum;
use super::householder::{
    BLOCK, CONDENSED, Reflections, adjoint_dots, minus_adjoint, reflector, tie_column,
};
use super::part;
use super::qr::fill_identity;
use super::schur::Square;
use super::svd::scale_factor;
use crate::array::{Number, Scalar};
use crate::engine::par::for_ranges;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::solve::zeroed;
use crate::linalg::backend::spectral::{Hessenberg, Schur};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::gemm::{Beta, Columns, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// Elements of the remaining matrix from which threads share the product with it: they meet after every column.
const PARALLEL_FROM: usize = 200 * 200;
/// Rows below which one thread is faster.
const PRODUCTS_PARALLEL_FROM: usize = 128;
/// Rows of a part that stay near the core while columns are added to them.
const ROWS: usize = 1024;

/// Columns that are reduced before the rest of the matrix is updated.
fn width(n: usize) -> usize {
    if n < 128 { 8 } else { CONDENSED }
}

/// Reduces the column-major `dense` in place, with zeros below the subdiagonal, and writes the
/// transformation to `q`.
///
/// # Safety
/// Square matrices of one size that do not overlap, `dense` initialised, its columns contiguous, as those of `q`.
pub(super) unsafe fn reduce<T: Scalar>(
    dense: MatMut<T>,
    q: Option<MatMut<T>>,
    work: &mut Workspace,
    threads: usize,
) {
    let n = dense.rows;
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(q) = q {
            fill_identity(q);
        }
        if n < 3 {
            return;
        }
        let threads = if n < PRODUCTS_PARALLEL_FROM {
            1
        } else {
            threads
        };
        let (count, width) = (n - 2, width(n));
        let needed = Reflections::<T>::size(n, count, threads)
            + 2 * Pieces::size::<T>(n * width)
            + Pieces::size::<T>(count);
        let mut pieces = Pieces::new(work.bytes(needed));
        let (mut reflections, column) = Reflections::take(&mut pieces, n, count, threads);
        reflections.below = 1;
        let room = Room {
            y: pieces.matrix(n, width),
            above: pieces.matrix(n, width),
            column,
        };
        let factors = zeroed(pieces.take::<T>(count));
        for start in (0..count).step_by(width) {
            let next = count.min(start + width);
            panel(dense, &reflections, start..next, factors, &room, threads);
            update(dense, &reflections, start..next, &room, threads);
        }
        if let Some(q) = q {
            for start in (0..count).step_by(BLOCK) {
                reflections.tie(start..count.min(start + BLOCK), factors, threads);
            }
            reflections.apply(0..count, false, q, true, threads);
        }
    }
}

/// What is used beside the matrix and the reflections.
struct Room<T> {
    /// (n, [`width`]): A·V·T of a block, from the row below its first on.
    y: MatMut<T>,
    /// The same of the rows above.
    above: MatMut<T>,
    /// n elements.
    column: *mut T,
}

/// Reduces some columns; those to their right are left as they are. With `1 − V·T·Vᴴ` the product of the
/// reflections before, column j is that of `(1 − V·T·Vᴴ)ᴴ·(A − Y·Vᴴ)`, Y = A·V·T.
///
/// # Safety
/// As [`reduce`]; the columns are within a block of the reflections.
unsafe fn panel<T: Scalar>(
    a: MatMut<T>,
    to: &Reflections<T>,
    columns: std::ops::Range<usize>,
    factors: &mut [T],
    room: &Room<T>,
    threads: usize,
) {
    let (n, kernels) = (a.rows, Columns::<T>::new());
    let (stride, lead) = (a.col_stride as usize, to.vectors.col_stride as usize);
    let (first, top) = (columns.start, columns.start + 1);
    let at = |i: usize, j: usize| a.ptr.wrapping_add(j * stride + i);
    let v_at = |i: usize, j: usize| to.vectors.ptr.wrapping_add(j * lead + i);
    let y_at = |i: usize, c: usize| room.y.ptr.wrapping_add(c * n + i);
    let t = to.triangle(columns.clone());
    // Vᴴ·x from a row on, for the columns before one.
    let dots = |row: usize, x: *const T, out: &mut [T]| {
        // SAFETY: columns that are done, from a row on; as many elements as rows.
        unsafe {
            adjoint_dots(
                kernels,
                n - row,
                v_at(row, first),
                lead,
                x,
                room.column,
                out,
            )
        }
    };
    let rows = n - top;
    for j in columns {
        let done = j - first;
        let mut weights = [T::zero(); CONDENSED];
        let weights = &mut weights[..done];
        // SAFETY: inside the matrices.
        unsafe {
            if done > 0 {
                for (c, weight) in weights.iter_mut().enumerate() {
                    *weight = -(*v_at(j, first + c)).conj();
                }
                kernels.add(rows, y_at(top, 0), n, weights, at(top, j));
                dots(top, at(top, j), weights);
                minus_adjoint(t, weights);
                kernels.add(rows, v_at(top, first), lead, weights, at(top, j));
            }
            let below = j + 1;
            let v = v_at(below, j);
            v.copy_from_nonoverlapping(at(below, j), n - below);
            for i in first / BLOCK * BLOCK + 1..below {
                v_at(i, j).write(T::zero());
            }
            let (size, factor) = reflector(kernels, n - below, v);
            factors[j] = factor;
            at(below, j).write(T::from_real(size));
            for i in below + 1..n {
                at(i, j).write(T::zero());
            }
            let y = y_at(top, done);
            multiply(
                kernels,
                MatRef {
                    ptr: at(top, below),
                    rows,
                    cols: n - below,
                    ..a.as_ref()
                },
                v,
                y,
                threads,
            );
            dots(below, v, weights);
            let mut tie = [T::zero(); BLOCK];
            tie[..done].copy_from_slice(weights);
            weights.iter_mut().for_each(|x| *x = -*x);
            kernels.add(rows, y_at(top, 0), n, weights, y);
            for i in 0..rows {
                *y.add(i) = *y.add(i) * factor;
            }
            tie_column(t, done, &mut tie, factor);
        }
    }
}

/// `y = A·x`
///
/// # Safety
/// `a` is column-major and initialised, x as long as its rows, y as its columns and apart from both.
unsafe fn multiply<T: Scalar>(
    kernels: Columns<T>,
    a: MatRef<T>,
    x: *const T,
    y: *mut T,
    threads: usize,
) {
    struct Shared<T>(MatRef<T>, *const T, *mut T);
    // SAFETY: parts read the same and write rows of their own.
    unsafe impl<T: Send> Sync for Shared<T> {}
    let threads = if a.rows * a.cols < PARALLEL_FROM {
        1
    } else {
        threads
    };
    let shared = Shared(a, x, y);
    for_ranges(a.rows, 16, threads, |_, range| {
        let &Shared(a, x, y) = &shared;
        for start in range.clone().step_by(ROWS) {
            let rows = ROWS.min(range.end - start);
            // SAFETY: the caller's promise.
            unsafe {
                let y = y.add(start);
                for i in 0..rows {
                    y.add(i).write(T::zero());
                }
                let x = std::slice::from_raw_parts(x, a.cols);
                kernels.add(rows, a.ptr.add(start), a.col_stride as usize, x, y);
            }
        }
    });
}

/// Applies a block of reflections to the columns to its right and the rows above.
///
/// # Safety
/// As [`panel`], which went before.
unsafe fn update<T: Scalar>(
    a: MatMut<T>,
    to: &Reflections<T>,
    columns: std::ops::Range<usize>,
    room: &Room<T>,
    threads: usize,
) {
    let (n, top, next, width) = (a.rows, columns.start + 1, columns.end, columns.len());
    let v = to.vectors(columns.clone()).as_ref();
    let one = T::one();
    // SAFETY: the caller's promise; products go to rows of their own.
    unsafe {
        // The rows above: A·V·T·Vᴴ.
        let (above, y) = (
            part(a, 0, top, top, n - top),
            part(room.y, 0, 0, top, width),
        );
        let product = part(room.above, 0, 0, top, width);
        let triangle = to.triangle(columns.clone()).as_ref();
        let (from, beta) = (above.as_ref(), Beta::Zero);
        gemm(one, from, false, v, false, beta, product, threads);
        gemm(
            one,
            product.as_ref(),
            false,
            triangle,
            false,
            beta,
            y,
            threads,
        );
        gemm(
            -one,
            y.as_ref(),
            false,
            v.t(),
            true,
            Beta::One,
            above,
            threads,
        );
        // What is right of the block: first A·V·T·Vᴴ, then from the left.
        let rest = part(a, top, next, n - top, n - next);
        let y = part(room.y, top, 0, n - top, width).as_ref();
        let v = part(to.vectors, next, columns.start, n - next, width).as_ref();
        gemm(-one, y, false, v.t(), true, Beta::One, rest, threads);
        let rest = part(a, 0, next, n, n - next);
        to.apply(columns, true, rest, false, threads);
    }
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn hessenberg<T: Scalar>(
    call: Hessenberg<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Hessenberg { a, h, q } = call;
    let n = a.rows;
    let room = q.map_or(0, |_| n);
    let (block, inner) = work.split(Pieces::size::<T>(n * n) + Pieces::size::<T>(n * room));
    let mut pieces = Pieces::new(block);
    let (dense, piece) = (pieces.matrix::<T>(n, n), pieces.matrix::<T>(n, room));
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        largest_finite(a).ok_or(Failure::NonFinite)?;
        copy(a, dense);
        reduce(dense, q.map(|_| piece), inner, threads);
        copy(dense.as_ref(), h);
        if let Some(q) = q {
            copy(piece.as_ref(), q);
        }
    }
    Ok(())
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn schur<T: Spectrum>(
    call: Schur<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Schur { a, t, z, values } = call;
    let n = a.rows;
    let (block, inner) = work.split(2 * Pieces::size::<T>(n * n));
    let mut pieces = Pieces::new(block);
    let (dense, basis) = (pieces.matrix::<T>(n, n), pieces.matrix::<T>(n, n));
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let factor = reduced(a, dense, basis, values, inner, threads)?;
        copy_with(dense.as_ref(), t, |x| x / T::from_real(factor));
        if let Some(z) = z {
            copy(basis.as_ref(), z);
        }
        for value in values {
            *value = value.unscale(factor);
        }
    }
    Ok(())
}

/// The Schur form of `a` times the returned factor, in `t` and `z`, with its eigenvalues.
///
/// # Safety
/// `a` is readable; `t` and `z` are column-major, dense, writable, of its size, and do not overlap it.
pub(super) unsafe fn reduced<T: Spectrum>(
    a: MatRef<T>,
    t: MatMut<T>,
    z: MatMut<T>,
    values: &mut [Complex<<T as Number>::Real>],
    work: &mut Workspace,
    threads: usize,
) -> Result<<T as Number>::Real, Failure> {
    let n = a.rows;
    // SAFETY: the caller's promise.
    unsafe {
        let largest = largest_finite(a).ok_or(Failure::NonFinite)?;
        let factor = scale_factor(largest).unwrap_or(<T as Number>::Real::one());
        copy_with(a, t, |x| x * T::from_real(factor));
        reduce(t, Some(z), work, threads);
        let slice = |x: MatMut<T>| std::slice::from_raw_parts_mut(x.ptr, n * n);
        let (mut t, mut z) = (Square::new(slice(t), n), Square::new(slice(z), n));
        if !T::hessenberg_to_schur(&mut t, Some(&mut z), values, threads) {
            return Err(Failure::NotConverged);
        }
        Ok(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::hard::{KINDS, Random, element, size};
    use super::*;
    use crate::array::Float;
    use crate::linalg::backend::factor::column_major;

    fn check<T: Scalar>(n: usize, threads: usize) {
        for kind in 0..KINDS {
            let mut random = Random(n as u64);
            let part = <<T as Number>::Real as Float>::from_f64;
            let one = |at: usize| {
                if at % n == at / n {
                    T::one()
                } else {
                    T::zero()
                }
            };
            let mut a: Vec<T> = (0..n * n)
                .map(|at| element(kind, n, at % n, at / n, &mut random))
                .map(|[re, im]| T::from_parts(part(re), part(im)))
                .collect();
            let (mut h, mut q) = (a.clone(), a.clone());
            let (mut off, mut gram): (Vec<T>, Vec<T>) = (a.clone(), (0..n * n).map(one).collect());
            let [from, dense, basis] =
                [&mut a, &mut h, &mut q].map(|x| column_major(x.as_mut_ptr(), n, n));
            let [to, square] = [&mut off, &mut gram].map(|x| column_major(x.as_mut_ptr(), n, n));
            // SAFETY: square matrices of one size.
            unsafe {
                reduce(dense, Some(basis), &mut Workspace::new(), threads);
                let (one, basis) = (T::one(), basis.as_ref());
                gemm(one, from.as_ref(), false, basis, false, Beta::Zero, to, 1);
                gemm(-one, basis, false, dense.as_ref(), false, Beta::One, to, 1);
                gemm(-one, basis.t(), true, basis, false, Beta::One, square, 1);
            }
            let below = |at: usize| at % n > at / n + 1;
            assert!((0..n * n).all(|at| !below(at) || h[at] == T::zero()));
            let eps = n as f64 * <T::Real as Float>::EPSILON.to_f64();
            let [off, gram] = [size(&off) / size(&a).max(f64::MIN_POSITIVE), size(&gram)];
            assert!(off < 10.0 * eps, "{kind}, {n} rows: off by {}", off / eps);
            assert!(gram < 10.0 * eps, "{kind}, {n} rows: Q by {}", gram / eps);
        }
    }

    #[test]
    fn forms_and_bases() {
        for n in [1, 2, 3, 4, 8, 11, 66, 131] {
            check::<f64>(n, 1);
            check::<f32>(n, 2);
        }
        for n in [3, 7, 70] {
            check::<Complex<f64>>(n, 1);
            check::<Complex<f32>>(n, 2);
        }
    }

    #[test]
    fn conformance_forms_and_bases_of_large_matrices() {
        for n in [200, 257, 300] {
            check::<f64>(n, 2);
            check::<Complex<f64>>(n, 2);
        }
    }
}
