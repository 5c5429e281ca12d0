//! QR by faer: blocked Householder reflections (Schreiber and Van Loan, SIAM J. Sci. Stat. Comput. 10,
//! 1989), with column pivoting if asked (Businger and Golub, Numer. Math. 7, 1965).

use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
};
use faer::linalg::qr::{col_pivoting, no_pivoting};
use faer::traits::ComplexField;
use faer::{Conj, Spec};
use num_traits::{One, Zero};

use super::svd::scale_factor;
use super::{faer_mut, faer_ref, parallelism};
use crate::array::{Number, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::factor::{column_major, is_column_major};
use crate::linalg::backend::solve::zeroed;
use crate::linalg::backend::spectral::{Qr, copy_upper};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// Multiply-adds below which one thread is faster.
const PARALLEL_FROM: usize = 400 * 400 * 400;

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
    let par = parallelism(if flops < PARALLEL_FROM { 1 } else { threads });
    let block = no_pivoting::factor::recommended_block_size::<T>(m, n);
    let plain = Spec::<no_pivoting::factor::QrParams, T>::default();
    let pivoting = Spec::<col_pivoting::factor::ColPivQrParams, T>::default();
    let request = StackReq::any_of(&[
        match pivots {
            None => no_pivoting::factor::qr_in_place_scratch::<T>(m, n, block, par, plain),
            Some(_) => {
                col_pivoting::factor::qr_in_place_scratch::<usize, T>(m, n, block, par, pivoting)
            }
        },
        apply_scratch::<T>(m, block, q.map_or(0, |q| q.cols)),
    ]);
    let via = q.filter(|q| !is_column_major(&q.as_ref()));
    let size = via.map_or(0, |q| q.rows * q.cols);
    let orders = if pivots.is_some() { n } else { 0 };
    let needed = Pieces::size::<T>(m * n)
        + Pieces::size::<T>(block * k)
        + Pieces::size::<T>(size)
        + 2 * Pieces::size::<usize>(orders)
        + request.unaligned_bytes_required();
    let mut pieces = Pieces::new(work.bytes(needed));
    let f = column_major(pieces.take::<T>(m * n).as_mut_ptr().cast::<T>(), m, n);
    let factor = column_major(
        pieces.take::<T>(block * k).as_mut_ptr().cast::<T>(),
        block,
        k,
    );
    let piece = pieces.take::<T>(size).as_mut_ptr().cast::<T>();
    let (order, inverse) = (
        zeroed(pieces.take::<usize>(orders)),
        zeroed(pieces.take::<usize>(orders)),
    );
    let stack = MemStack::new(pieces.rest());
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        copy(a, f, |x| x);
        let undo = match &pivots {
            None => None,
            // faer's pivoting divides by the largest norm.
            Some(_) => match largest_finite(f.as_ref()) {
                Some(largest) if largest == <<T as Number>::Real as Zero>::zero() => {
                    crate::linalg::backend::gemm::scale(None, r);
                    if let Some(q) = q {
                        fill_identity(q);
                    }
                    for (i, pivot) in pivots.into_iter().flatten().enumerate() {
                        *pivot = i;
                    }
                    return Ok(());
                }
                largest => largest.and_then(scale_factor),
            },
        };
        if let Some(factor) = undo {
            copy(f.as_ref(), f, |x| x * T::from_real(factor));
        }
        match pivots {
            None => {
                no_pivoting::factor::qr_in_place(faer_mut(f), faer_mut(factor), par, stack, plain);
            }
            Some(pivots) => {
                col_pivoting::factor::qr_in_place(
                    faer_mut(f),
                    faer_mut(factor),
                    order,
                    inverse,
                    par,
                    stack,
                    pivoting,
                );
                pivots.copy_from_slice(order);
            }
        }
        copy_upper(f.as_ref(), r);
        if let Some(factor) = undo {
            copy(r.as_ref(), r, |x| x / T::from_real(factor));
        }
        if let Some(q) = q {
            let to = via.map_or(q, |q| column_major(piece, q.rows, q.cols));
            fill_identity(to);
            let basis = MatMut { cols: k, ..f }.as_ref();
            apply(
                faer_ref(basis),
                faer_ref(factor.as_ref()),
                Conj::No,
                faer_mut(to),
                par,
                stack,
            );
            if via.is_some() {
                copy(to.as_ref(), q, |x| x);
            }
        }
    }
    Ok(())
}

/// # Safety
/// `to` is writable.
pub(super) unsafe fn fill_identity<T: Copy + One + Zero>(to: MatMut<T>) {
    for j in 0..to.cols {
        for i in 0..to.rows {
            let x = if i == j { T::one() } else { T::zero() };
            let at = i as isize * to.row_stride + j as isize * to.col_stride;
            // SAFETY: (i, j) is in range.
            unsafe { to.ptr.offset(at).write(x) };
        }
    }
}
