//! Hessenberg form by `gehrd`, Schur form by `gees`.

use std::ptr::null_mut;

use super::eigen::{join, verify};
use super::int;
use super::solve::workspace_size;
use crate::array::Scalar;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::spectral::{Hessenberg, Schur};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn hessenberg<T: Scalar>(
    call: Hessenberg<T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Hessenberg { a, h, q } = call;
    let n = a.rows;
    let (ld, none) = (int(n), null_mut());
    let (mut first, mut second) = (T::zero(), T::zero());
    // SAFETY: with lwork = -1 only `work[0]` is written.
    unsafe {
        T::gehrd(ld, none, ld, none, &mut first, -1);
        T::unghr(ld, none, ld, none, &mut second, -1);
    }
    let lwork = workspace_size(first, n)?.max(workspace_size(second, n)?);
    let mut pieces = Pieces::new(
        work.bytes(Pieces::size::<T>(n * n) + Pieces::size::<T>(n) + Pieces::size::<T>(lwork)),
    );
    let dense = pieces.matrix::<T>(n, n);
    let tau = pieces.take::<T>(n).as_mut_ptr().cast::<T>();
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast::<T>();
    // SAFETY: a column-major matrix, workspaces of the sizes that were asked for.
    unsafe {
        largest_finite(a).ok_or(Failure::NonFinite)?;
        copy(a, dense);
        verify("gehrd", T::gehrd(ld, dense.ptr, ld, tau, space, int(lwork)))?;
        #[cfg(test)]
        crate::linalg::backend::copy::count(&dense.as_ref(), &h);
        for j in 0..n {
            for i in 0..n {
                let x = if i <= j + 1 {
                    *dense.ptr.add(i + j * n)
                } else {
                    T::zero()
                };
                let at = i as isize * h.row_stride + j as isize * h.col_stride;
                h.ptr.offset(at).write(x);
            }
        }
        if let Some(q) = q {
            verify("unghr", T::unghr(ld, dense.ptr, ld, tau, space, int(lwork)))?;
            copy(dense.as_ref(), q);
        }
    }
    Ok(())
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn schur<T: Scalar>(
    call: Schur<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Schur { a, t, z, values } = call;
    let n = a.rows;
    let (job, ld, none) = (if z.is_some() { b'V' } else { b'N' }, int(n), null_mut());
    let (mut size, mut count) = (T::zero(), 0);
    // SAFETY: with lwork = -1 only `work[0]` is written.
    let info = unsafe {
        let space = &mut size;
        T::gees(
            job,
            ld,
            none,
            ld,
            &mut count,
            none,
            none,
            none,
            ld,
            space,
            -1,
            null_mut(),
        )
    };
    verify("gees", info)?;
    let lwork = workspace_size(size, 1)?;
    let room = if z.is_some() { n } else { 0 };
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(n * n)
            + Pieces::size::<T>(n * room)
            + 2 * Pieces::size::<T>(n)
            + Pieces::size::<T>(lwork)
            + Pieces::size::<T::Real>(n),
    ));
    let (dense, basis) = (pieces.matrix::<T>(n, n), pieces.matrix::<T>(n, room));
    let [w, wi] = [(); 2].map(|()| pieces.take::<T>(n).as_mut_ptr().cast::<T>());
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast::<T>();
    let rwork = pieces.take::<T::Real>(n).as_mut_ptr().cast();
    // SAFETY: column-major matrices, workspaces of the sizes that were asked for.
    unsafe {
        largest_finite(a).ok_or(Failure::NonFinite)?;
        copy(a, dense);
        let (from, to, lwork) = (dense.ptr, basis.ptr, int(lwork));
        let info = T::gees(
            job, ld, from, ld, &mut count, w, wi, to, ld, space, lwork, rwork,
        );
        verify("gees", info)?;
        copy(dense.as_ref(), t);
        if let Some(z) = z {
            copy(basis.as_ref(), z);
        }
        join(w, wi, values);
    }
    Ok(())
}
