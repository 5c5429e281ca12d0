//! Hessenberg form by faer (blocked Householder reflections: Quintana-Ortí and van de Geijn, ACM TOMS
//! 32, 2006) and the Schur form from it by our own QR algorithm.

use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::evd::hessenberg::{
    HessenbergParams, hessenberg_in_place, hessenberg_in_place_scratch,
};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_right_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_right_in_place_with_conj as apply,
};
use faer::linalg::qr::no_pivoting::factor::recommended_block_size;
use faer::traits::ComplexField;
use faer::{Conj, Spec};
use num_complex::Complex;
use num_traits::{One, Zero};

use super::eigen::Spectrum;
use super::qr::fill_identity;
use super::schur::Square;
use super::svd::scale_factor;
use super::{faer_mut, faer_ref, parallelism};
use crate::array::{Number, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::spectral::{Hessenberg, Schur};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Rows below which one thread is faster.
const PARALLEL_FROM: usize = 500;

/// Reduces the column-major `dense` in place, with zeros below the subdiagonal, and writes the
/// transformation to `q`.
///
/// # Safety
/// Square matrices of one size that do not overlap, `dense` initialised.
pub(super) unsafe fn reduce<T: Scalar + ComplexField>(
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
        let par = parallelism(if n < PARALLEL_FROM { 1 } else { threads });
        let params = Spec::<HessenbergParams, T>::default();
        let block = recommended_block_size::<T>(n - 1, n - 1);
        let request = StackReq::any_of(&[
            hessenberg_in_place_scratch::<T>(n, block, par, params),
            apply_scratch::<T>(n - 1, block, n - 1),
        ]);
        let factors = Pieces::size::<T>(block * (n - 1));
        let mut pieces = Pieces::new(work.bytes(factors + request.unaligned_bytes_required()));
        let factors = pieces.matrix::<T>(block, n - 1);
        let stack = MemStack::new(pieces.rest());
        hessenberg_in_place(faer_mut(dense), faer_mut(factors), par, stack, params);
        let part = |x: MatMut<T>, row: isize, col: isize| MatMut {
            rows: n - 1,
            cols: n - 1,
            ..x.at(row * x.row_stride + col * x.col_stride)
        };
        if let Some(q) = q {
            apply(
                faer_ref(part(dense, 1, 0).as_ref()),
                faer_ref(factors.as_ref()),
                Conj::No,
                faer_mut(part(q, 1, 1)),
                par,
                stack,
            );
        }
        for j in 0..n {
            for i in j + 2..n {
                dense.ptr.add(i + j * n).write(<T as Zero>::zero());
            }
        }
    }
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn hessenberg<T: Scalar + ComplexField>(
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
        copy(a, dense, |x| x);
        reduce(dense, q.map(|_| piece), inner, threads);
        copy(dense.as_ref(), h, |x| x);
        if let Some(q) = q {
            copy(piece.as_ref(), q, |x| x);
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
        copy(dense.as_ref(), t, |x| x / T::from_real(factor));
        if let Some(z) = z {
            copy(basis.as_ref(), z, |x| x);
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
        copy(a, t, |x| x * T::from_real(factor));
        reduce(t, Some(z), work, threads);
        let slice = |x: MatMut<T>| std::slice::from_raw_parts_mut(x.ptr, n * n);
        let (mut t, mut z) = (Square::new(slice(t), n), Square::new(slice(z), n));
        if !T::hessenberg_to_schur(&mut t, &mut z, values) {
            return Err(Failure::NotConverged);
        }
        Ok(factor)
    }
}
