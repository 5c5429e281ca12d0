//! QR: our own blocked reflections, or with column pivoting faer's (Businger and Golub, Numer. Math. 7, 1965).

use faer::Spec;
use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
};
use faer::linalg::qr::col_pivoting::factor::{ColPivQrParams, qr_in_place, qr_in_place_scratch};
use faer::linalg::qr::no_pivoting::factor::recommended_block_size;
use faer::traits::ComplexField;
use num_traits::{One, Zero};

use super::householder::{Reflections, factor};
use super::svd::scale_factor;
use super::{faer_mut, faer_ref, parallelism, part};
use crate::array::{Number, Scalar};
use crate::engine::par::for_ranges;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_upper, copy_with};
use crate::linalg::backend::factor::is_column_major;
use crate::linalg::backend::solve::zeroed;
use crate::linalg::backend::spectral::Qr;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Multiply-adds below which one thread is faster.
const PARALLEL_FROM: usize = 150 * 150 * 150;
/// The same for pivoting.
const PIVOTED_PARALLEL_FROM: usize = 400 * 400 * 400;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn qr<T: Scalar + ComplexField>(
    call: Qr<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Qr {
        a, q, r, pivots, ..
    } = call;
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let flops = m.saturating_mul(n).saturating_mul(k);
    if let Some(pivots) = pivots {
        let threads = if flops < PIVOTED_PARALLEL_FROM {
            1
        } else {
            threads
        };
        // SAFETY: the caller's promise.
        unsafe { pivoted(a, q, r, pivots, work, threads) };
        return Ok(());
    }
    let threads = if flops < PARALLEL_FROM { 1 } else { threads };
    if call.any_signs {
        debug_assert!(q.is_none() && r.rows == k);
        let mut pieces = Pieces::new(work.bytes(triangle_size::<T>(m, n, threads)));
        // SAFETY: the caller's promise.
        unsafe { triangle(a, None, r, &mut pieces, threads) };
        return Ok(());
    }
    let needed = Pieces::size::<T>(m * n) + Reflections::<T>::size(m, k, threads);
    let mut pieces = Pieces::new(work.bytes(needed));
    let f = pieces.matrix::<T>(m, n);
    let (reflections, column) = Reflections::take(&mut pieces, m, k, threads);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        copy(a, f);
        factor(f, &reflections, column, threads);
        copy_upper(f.as_ref(), r);
        if let Some(q) = q {
            fill_identity(q);
            reflections.apply(0..k, false, q, true, threads);
        }
    }
    Ok(())
}

/// Rows of a part in units of columns below which a tall matrix is not divided.
const TALL: usize = 4;

/// Into how many parts [`triangle`] divides a matrix.
fn parts(m: usize, n: usize, threads: usize) -> usize {
    (m / (TALL * n.max(1))).clamp(1, threads)
}

/// Bytes that [`triangle`] takes.
pub(super) fn triangle_size<T: Scalar>(m: usize, n: usize, threads: usize) -> usize {
    let one = |m: usize, threads: usize| {
        Pieces::size::<T>(m * n) + Reflections::<T>::size(m, m.min(n), threads)
    };
    match parts(m, n, threads) {
        1 => one(m, threads),
        parts => one(parts * n, 1) + parts * one(m.div_ceil(parts), 1),
    }
}

/// R of a QR of `a` times `factor`, but for the signs (phases) of its rows: threads reduce some rows each, and the
/// triangles that come of it are reduced together (Demmel, Grigori, Hoemmen and Langou, "Communication-optimal
/// parallel and sequential QR and LU factorizations", SIAM J. Sci. Comput. 34, 2012).
///
/// # Safety
/// `a` is readable, `r` writable, min(m, n) by n; `pieces` have [`triangle_size`].
pub(super) unsafe fn triangle<T: Scalar>(
    a: MatRef<T>,
    scale: Option<<T as Number>::Real>,
    r: MatMut<T>,
    pieces: &mut Pieces<'_>,
    threads: usize,
) {
    let (m, n) = (a.rows, a.cols);
    let parts = parts(m, n, threads);
    let mut room = |m: usize, threads: usize| {
        let f = pieces.matrix::<T>(m, n);
        (f, Reflections::take(pieces, m, m.min(n), threads))
    };
    // SAFETY: the caller's promise; the pieces are ours, written before they are read, and each is one thread's.
    unsafe {
        let fill = |a: MatRef<T>, f: MatMut<T>| match scale {
            None => copy(a, f),
            Some(scale) => copy_with(a, f, |x| x * T::from_real(scale)),
        };
        if parts == 1 {
            let (f, (reflections, column)) = room(m, threads);
            fill(a, f);
            factor(f, &reflections, column, threads);
            return copy_upper(f.as_ref(), r);
        }
        let (stacked, (together, last)) = room(parts * n, 1);
        let rooms: Vec<_> = (0..parts).map(|_| room(m.div_ceil(parts), 1)).collect();
        let rooms = Shared(rooms);
        for_ranges(m, 1, parts, |index, rows| {
            let (f, (mut reflections, column)) = rooms.get()[index];
            let a = MatRef {
                rows: rows.len(),
                ..a.at(rows.start as isize * a.row_stride)
            };
            let f = MatMut {
                rows: rows.len(),
                ..f
            };
            reflections.vectors.rows = rows.len();
            fill(a, f);
            factor(f, &reflections, column, 1);
            copy_upper(f.as_ref(), part(stacked, index * n, 0, n, n));
        });
        factor(stacked, &together, last, 1);
        copy_upper(stacked.as_ref(), r);
    }
}

/// Scratch memory of which each thread uses a part.
struct Shared<T>(Vec<T>);
// SAFETY: who makes one vouches for it.
unsafe impl<T> Sync for Shared<T> {}
impl<T> Shared<T> {
    fn get(&self) -> &[T] {
        &self.0
    }
}

/// With column pivoting.
///
/// # Safety
/// As [`qr`].
unsafe fn pivoted<T: Scalar + ComplexField>(
    a: MatRef<T>,
    q: Option<MatMut<T>>,
    r: MatMut<T>,
    pivots: &mut [usize],
    work: &mut Workspace,
    threads: usize,
) {
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let par = parallelism(threads);
    let block = recommended_block_size::<T>(m, n);
    let params = Spec::<ColPivQrParams, T>::default();
    let request = StackReq::any_of(&[
        qr_in_place_scratch::<usize, T>(m, n, block, par, params),
        apply_scratch::<T>(m, block, q.map_or(0, |q| q.cols)),
    ]);
    let via = q.filter(|q| !is_column_major(&q.as_ref()));
    let size = via.map_or(0, |q| q.rows * q.cols);
    let needed = Pieces::size::<T>(m * n)
        + Pieces::size::<T>(block * k)
        + Pieces::size::<T>(size)
        + 2 * Pieces::size::<usize>(n)
        + request.unaligned_bytes_required();
    let mut pieces = Pieces::new(work.bytes(needed));
    let f = pieces.matrix::<T>(m, n);
    let factors = pieces.matrix::<T>(block, k);
    let to = q.map(|q| via.map_or(q, |q| pieces.matrix(q.rows, q.cols)));
    let [order, inverse] = [(); 2].map(|()| zeroed(pieces.take::<usize>(n)));
    let stack = MemStack::new(pieces.rest());
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        copy(a, f);
        // faer divides by the largest norm.
        let largest = largest_finite(f.as_ref());
        if largest == Some(<<T as Number>::Real as Zero>::zero()) {
            crate::linalg::backend::gemm::scale(None, r);
            if let Some(q) = q {
                fill_identity(q);
            }
            pivots
                .iter_mut()
                .enumerate()
                .for_each(|(i, pivot)| *pivot = i);
            return;
        }
        let undo = largest.and_then(scale_factor);
        if let Some(factor) = undo {
            copy_with(f.as_ref(), f, |x| x * T::from_real(factor));
        }
        qr_in_place(
            faer_mut(f),
            faer_mut(factors),
            order,
            inverse,
            par,
            stack,
            params,
        );
        pivots.copy_from_slice(order);
        copy_upper(f.as_ref(), r);
        if let Some(factor) = undo {
            copy_with(r.as_ref(), r, |x| x / T::from_real(factor));
        }
        if let (Some(q), Some(to)) = (q, to) {
            fill_identity(to);
            let basis = MatMut { cols: k, ..f }.as_ref();
            let factors = faer_ref(factors.as_ref());
            apply(
                faer_ref(basis),
                factors,
                faer::Conj::No,
                faer_mut(to),
                par,
                stack,
            );
            if via.is_some() {
                copy(to.as_ref(), q);
            }
        }
    }
}

/// # Safety
/// `to` is writable.
pub(super) unsafe fn fill_identity<T: Copy + One + Zero>(to: MatMut<T>) {
    // In the order of memory; its transpose is the same.
    let down = to.row_stride.unsigned_abs() < to.col_stride.unsigned_abs();
    let to = if down { to } else { to.t() };
    for j in 0..to.cols {
        for i in 0..to.rows {
            let x = if i == j { T::one() } else { T::zero() };
            let at = i as isize * to.row_stride + j as isize * to.col_stride;
            // SAFETY: (i, j) is in range.
            unsafe { to.ptr.offset(at).write(x) };
        }
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

    use super::super::hard::{Random, element, size};
    use super::{parts, triangle, triangle_size};
    use crate::array::{Float, Scalar};
    use crate::linalg::backend::Workspace;
    use crate::linalg::backend::factor::column_major;
    use crate::linalg::backend::workspace::Pieces;
    use crate::linalg::gemm::{Beta, gemm};

    /// ‖AᴴA − RᴴR‖ in units of m·ε·‖AᴴA‖, with R's elements below the diagonal in both.
    fn residual<T: Scalar>(m: usize, n: usize, by_rows: bool, threads: usize) -> f64 {
        let mut random = Random(m as u64 + 31 * n as u64);
        let mut a: Vec<T> = (0..m * n)
            .map(|at| {
                let [re, im] = element(0, m, at / n, at % n, &mut random).map(T::Real::from_f64);
                T::from_parts(re, im)
            })
            .collect();
        let a = match by_rows {
            true => column_major(a.as_mut_ptr(), n, m).t(),
            false => column_major(a.as_mut_ptr(), m, n),
        }
        .as_ref();
        let nan = T::from_real(T::Real::from_f64(f64::NAN));
        let [mut r, mut left, mut right] = [(); 3].map(|()| vec![nan; n * n]);
        let mut work = Workspace::new();
        let scale = T::Real::from_f64(0.25);
        // SAFETY: whole matrices.
        unsafe {
            let mut pieces = Pieces::new(work.bytes(triangle_size::<T>(m, n, threads)));
            let r = column_major(r.as_mut_ptr(), n, n);
            triangle(a, Some(scale), r, &mut pieces, threads);
            let r = r.as_ref();
            let [left, right] = [&mut left, &mut right].map(|x| column_major(x.as_mut_ptr(), n, n));
            let square = T::from_real(scale * scale);
            gemm(square, a.t(), true, a, false, Beta::Zero, left, 1);
            gemm(T::one(), r.t(), true, r, false, Beta::Zero, right, 1);
        }
        for j in 0..n {
            assert!(r[j * n + j + 1..(j + 1) * n].iter().all(|x| x.is_zero()));
        }
        let apart: Vec<T> = left.iter().zip(&right).map(|(&x, &y)| x - y).collect();
        let epsilon = <T::Real as Float>::EPSILON.to_f64();
        size(&apart) / (size(&left) * m as f64 * epsilon)
    }

    #[test]
    fn tall_matrices_are_reduced_in_parts() {
        assert_eq!(
            [parts(799, 100, 2), parts(800, 100, 2), parts(9999, 0, 3)],
            [1, 2, 3]
        );
        for (m, n) in [
            (40, 5),
            (67, 3),
            (500, 61),
            (1300, 100),
            (9, 1),
            (30, 30),
            (24, 3),
        ] {
            for threads in [1, 2, 3] {
                for by_rows in [true, false] {
                    let ratios = [
                        residual::<f32>(m, n, by_rows, threads),
                        residual::<f64>(m, n, by_rows, threads),
                        residual::<Complex<f32>>(m, n, by_rows, threads),
                        residual::<Complex<f64>>(m, n, by_rows, threads),
                    ];
                    assert!(
                        ratios.iter().all(|&x| x < 2.0),
                        "{m} {n} {threads}: {ratios:?}"
                    );
                }
            }
        }
    }
}
