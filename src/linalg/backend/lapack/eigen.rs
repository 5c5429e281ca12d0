//! Eigenvalues by `heevd` (`syevd`) and `geev`.

use std::ffi::c_int;
use std::ptr::null_mut;

use num_complex::Complex;
use num_traits::{ToPrimitive as _, Zero};

use super::int;
use super::solve::workspace_size;
use crate::array::{Float, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_with};
use crate::linalg::backend::factor::{Half, column_major};
use crate::linalg::backend::spectral::{Eig, Eigh, copy_hermitian, unpack_vectors};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;

pub(super) fn verify(routine: &str, info: c_int) -> Result<(), Failure> {
    match info {
        0 => Ok(()),
        1.. => Err(Failure::NotConverged),
        _ => unreachable!("{routine} rejects its argument {}", -info),
    }
}

/// Eigenvalues as the library leaves them: complex numbers, or real and imaginary parts of real type apart.
///
/// # Safety
/// Each has as many elements as `values`; `wi` is not read for complex types.
pub(super) unsafe fn join<T: Scalar>(w: *const T, wi: *const T, values: &mut [Complex<T::Real>]) {
    for (i, value) in values.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        unsafe {
            let x = *w.add(i);
            let im = if T::IS_COMPLEX {
                x.im()
            } else {
                (*wi.add(i)).re()
            };
            *value = Complex::new(x.re(), im);
        }
    }
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn eigh<T: Scalar>(
    call: Eigh<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Eigh {
        a,
        half,
        values,
        vectors,
    } = call;
    let n = a.rows;
    // Rows in memory are the columns of Aᵀ, which is conj(A): the other half of it, with the vectors conjugated.
    let turned = a.row_stride.unsigned_abs() > a.col_stride.unsigned_abs();
    let (a, half) = if turned {
        (a.t(), half.flip())
    } else {
        (a, half)
    };
    let uplo = match half {
        Half::Lower => b'L',
        Half::Upper => b'U',
    };
    let (job, ld) = (if vectors.is_some() { b'V' } else { b'N' }, int(n));
    let (mut size, mut real_size, mut int_size) = (T::zero(), T::Real::zero(), 0);
    // SAFETY: with lengths of -1 only the answers are written.
    let info = unsafe {
        let (w, r) = (&mut size, &mut real_size);
        T::heevd(
            job,
            uplo,
            ld,
            null_mut(),
            ld,
            null_mut(),
            w,
            -1,
            r,
            -1,
            &mut int_size,
            -1,
        )
    };
    verify("heevd", info)?;
    let lwork = workspace_size(size, 1)?;
    let exact = 1.0 + <T::Real as Float>::EPSILON.to_f64();
    let lrwork = (real_size.to_f64() * exact)
        .ceil()
        .to_usize()
        .unwrap_or(0)
        .max(1);
    let liwork = int_size.max(1);
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(n * n)
            + Pieces::size::<T>(lwork)
            + Pieces::size::<T::Real>(lrwork)
            + Pieces::size::<c_int>(liwork as usize),
    ));
    let dense = column_major(pieces.take::<T>(n * n).as_mut_ptr().cast::<T>(), n, n);
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast::<T>();
    let rwork = pieces.take::<T::Real>(lrwork).as_mut_ptr().cast();
    let iwork = pieces.take::<c_int>(liwork as usize).as_mut_ptr().cast();
    // SAFETY: a column-major matrix, workspaces of the sizes that were asked for, n values of room.
    unsafe {
        match half {
            Half::Lower => copy_hermitian(a, Half::Lower, dense),
            Half::Upper => copy_hermitian(a.t(), Half::Lower, dense.t()),
        }
        largest_finite(dense.as_ref()).ok_or(Failure::NonFinite)?;
        let w = values.as_mut_ptr();
        let lengths = (int(lwork), int(lrwork));
        let info = T::heevd(
            job, uplo, ld, dense.ptr, ld, w, space, lengths.0, rwork, lengths.1, iwork, liwork,
        );
        verify("heevd", info)?;
        match vectors {
            Some(v) if turned && T::IS_COMPLEX => copy_with(dense.as_ref(), v, T::conj),
            Some(v) => copy(dense.as_ref(), v),
            None => {}
        }
    }
    Ok(())
}

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn eig<T: Scalar>(
    call: Eig<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Eig { a, values, vectors } = call;
    let n = a.rows;
    let (job, ld) = (if vectors.is_some() { b'V' } else { b'N' }, int(n));
    let (mut size, mut real_size) = (T::zero(), T::Real::zero());
    // SAFETY: with lwork = -1 only `work[0]` is written, and by the complex forms `rwork[0]`.
    let info = unsafe {
        let (none, space) = (null_mut(), &mut size);
        T::geev(
            job,
            ld,
            none,
            ld,
            none,
            none,
            none,
            ld,
            space,
            -1,
            &mut real_size,
        )
    };
    verify("geev", info)?;
    let lwork = workspace_size(size, 1)?;
    let room = if vectors.is_some() { n * n } else { 0 };
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(n * n)
            + Pieces::size::<T>(room)
            + 2 * Pieces::size::<T>(n)
            + Pieces::size::<T>(lwork)
            + Pieces::size::<T::Real>(2 * n),
    ));
    let dense = column_major(pieces.take::<T>(n * n).as_mut_ptr().cast::<T>(), n, n);
    let packed = column_major(pieces.take::<T>(room).as_mut_ptr().cast::<T>(), n, n);
    let [w, wi] = [(); 2].map(|()| pieces.take::<T>(n).as_mut_ptr().cast::<T>());
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast();
    let rwork = pieces.take::<T::Real>(2 * n).as_mut_ptr().cast();
    // SAFETY: column-major matrices, workspaces of the sizes that were asked for.
    unsafe {
        largest_finite(a).ok_or(Failure::NonFinite)?;
        copy(a, dense);
        let to = packed.ptr;
        let info = T::geev(
            job,
            ld,
            dense.ptr,
            ld,
            w,
            wi,
            to,
            ld,
            space,
            int(lwork),
            rwork,
        );
        verify("geev", info)?;
        join(w, wi, values);
        if let Some(v) = vectors {
            unpack_vectors(values, packed.as_ref(), v);
        }
    }
    Ok(())
}
