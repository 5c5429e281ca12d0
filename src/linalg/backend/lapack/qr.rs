//! QR by `geqrf` or `geqp3`.
//!
//! Rows of A and Q are turned on the way in and out: the LQ of the transpose, which would save that, takes
//! libraries longer than both [100 to 1000 rows: OpenBLAS a sixth longer, MKL by half].

use std::ffi::c_int;
use std::ptr::null_mut;

use super::eigen::verify;
use super::solve::workspace_size;
use super::{column_ld, int};
use crate::array::Scalar;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::{copy, copy_upper};
use crate::linalg::backend::factor::column_major;
use crate::linalg::backend::spectral::Qr;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn qr<T: Scalar>(
    call: Qr<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Qr {
        a, q, r, pivots, ..
    } = call;
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let pivoting = pivots.is_some();
    // Q takes the place of the reflections, so that there has to be room for all its columns.
    let q_cols = q.map_or(0, |q| q.cols);
    let cols = q_cols.max(n);
    let direct = q
        .filter(|q| q.cols == cols)
        .and_then(|q| column_ld(&q).map(|ld| (q, ld)));
    let lwork = query::<T>([m, n, q_cols], pivoting)?;
    let room = if direct.is_some() { 0 } else { m * cols };
    let orders = if pivoting { n } else { 0 };
    let reals = if pivoting && T::IS_COMPLEX { 2 * n } else { 0 };
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(room)
            + Pieces::size::<T>(k)
            + Pieces::size::<T>(lwork)
            + Pieces::size::<c_int>(orders)
            + Pieces::size::<T::Real>(reals),
    ));
    let piece = pieces.take::<T>(room).as_mut_ptr().cast::<T>();
    let (all, ld) = direct.unwrap_or_else(|| (column_major(piece, m, cols), int(m)));
    let f = MatMut { cols: n, ..all };
    let tau = pieces.take::<T>(k).as_mut_ptr().cast::<T>();
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast::<T>();
    let order = pieces.take::<c_int>(orders);
    order.iter_mut().for_each(|x| {
        x.write(0);
    });
    let rwork = pieces.take::<T::Real>(reals).as_mut_ptr().cast();
    let (im, in_, ik, iq, lwork) = (int(m), int(n), int(k), int(q_cols), int(lwork));
    // SAFETY: a column-major matrix (or the transpose of one) of these extents, workspaces of the
    // sizes that were asked for.
    unsafe {
        copy(a, f);
        let info = if pivoting {
            let order = order.as_mut_ptr().cast();
            T::geqp3(im, in_, f.ptr, ld, order, tau, space, lwork, rwork)
        } else {
            T::geqrf(im, in_, f.ptr, ld, tau, space, lwork)
        };
        verify("geqrf", info)?;
        if let Some(pivots) = pivots {
            for (to, from) in pivots.iter_mut().zip(order) {
                *to = from.assume_init() as usize - 1;
            }
        }
        copy_upper(f.as_ref(), r);
        if let Some(q) = q {
            let info = T::ungqr(im, iq, ik, all.ptr, ld, tau, space, lwork);
            verify("ungqr", info)?;
            if direct.is_none() {
                let made = MatMut {
                    cols: q.cols,
                    ..all
                };
                copy(made.as_ref(), q);
            }
        }
    }
    Ok(())
}

/// The best workspace, in elements.
fn query<T: Scalar>([m, n, q_cols]: [usize; 3], pivoting: bool) -> Result<usize, Failure> {
    let (im, in_, ik, iq) = (int(m), int(n), int(m.min(n)), int(q_cols));
    let (none, ld) = (null_mut(), int(m.max(n).max(q_cols)));
    let (mut first, mut second) = (T::zero(), T::zero());
    // SAFETY: with lwork = -1 only `work[0]` is written.
    unsafe {
        if pivoting {
            let (order, rwork) = (null_mut(), null_mut());
            T::geqp3(im, in_, none, ld, order, none, &mut first, -1, rwork);
        } else {
            T::geqrf(im, in_, none, ld, none, &mut first, -1);
        }
        if q_cols > 0 {
            T::ungqr(im, iq, ik, none, ld, none, &mut second, -1);
        }
    }
    Ok(workspace_size(first, 1)?.max(workspace_size(second, 1)?))
}
