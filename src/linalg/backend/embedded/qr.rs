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
use super::{faer_mut, faer_ref, parallelism};
use crate::array::{Number, Scalar};
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
    let Qr { a, q, r, pivots } = call;
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
