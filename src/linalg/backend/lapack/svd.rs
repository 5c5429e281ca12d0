//! Singular values by `gesdd` (divide and conquer).

use std::any::TypeId;
use std::ffi::c_int;
use std::ptr::null_mut;

use num_traits::ToPrimitive as _;

use super::{column_ld, int};
use crate::array::{Float, Scalar};
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::factor::column_major;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::backend::{Svd, SvdJob, Workspace};
use crate::linalg::error::Failure;
use crate::linalg::raw::MatMut;

/// The last answer to a workspace query, which a batch asks for every matrix of the same shape.
#[derive(Default)]
pub(in crate::linalg::backend) struct Query(Option<(TypeId, usize, usize, u8, usize)>);

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn svd<T: Scalar>(
    out: Svd<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let (a, job) = (out.a, out.job);
    // SAFETY: the caller's promise about `a`.
    unsafe { largest_finite(a) }.ok_or(Failure::NonFinite)?;
    // Row-major factors are column-major factors of Aᵀ = (Vᴴ)ᵀ·S·Uᵀ, with U and Vᴴ swapped.
    let natural = match (&out.u, &out.vt) {
        (Some(x), _) | (None, Some(x)) => column_ld(x).is_none(),
        (None, None) => a.row_stride.unsigned_abs() > a.col_stride.unsigned_abs(),
    };
    let turns = job != SvdJob::Full && begins_with_triangle(a.rows, a.cols);
    let transposed = if turns { a.rows < a.cols } else { natural };
    let (a, u, vt) = if transposed {
        (a.t(), out.vt.map(MatMut::t), out.u.map(MatMut::t))
    } else {
        (a, out.u, out.vt)
    };
    let (m, n) = (a.rows, a.cols);
    let (most, k) = (m.max(n), m.min(n));
    // `gesdd` makes both factors or none.
    let (jobz, u_cols, vt_rows) = match job {
        _ if u.is_none() && vt.is_none() => (b'N', 0, 0),
        SvdJob::ValuesOnly => (b'N', 0, 0),
        SvdJob::Thin => (b'S', k, k),
        SvdJob::Full => (b'A', m, n),
    };
    let wanted = jobz != b'N';
    let direct = |x: Option<MatMut<T>>| x.and_then(|x| column_ld(&x).map(|ld| (x.ptr, ld)));
    let (u_direct, vt_direct) = (direct(u), direct(vt));
    let u_size = if wanted && u_direct.is_none() {
        m * u_cols
    } else {
        0
    };
    let vt_size = if wanted && vt_direct.is_none() {
        vt_rows * n
    } else {
        0
    };

    // SAFETY: the extents were checked; a query reads and writes nothing but its answer.
    let lwork = unsafe { query::<T>(&mut work.query, jobz, m, n)? };
    let rwork = match (T::IS_COMPLEX, wanted) {
        (false, _) => 0,
        (true, false) => 7 * k,
        (true, true) => (5 * k * k + 5 * k).max(2 * most * k + 2 * k * k + k),
    };
    let mut pieces = Pieces::new(work.bytes(
        Pieces::size::<T>(m * n)
            + Pieces::size::<T>(u_size)
            + Pieces::size::<T>(vt_size)
            + Pieces::size::<T>(lwork)
            + Pieces::size::<T::Real>(rwork)
            + Pieces::size::<c_int>(8 * k),
    ));
    let dense = column_major(pieces.take::<T>(m * n).as_mut_ptr().cast::<T>(), m, n);
    // SAFETY: `a` is readable; the piece has room for a copy and is not `a`.
    unsafe { copy(a, dense) };
    let u_piece = pieces.take::<T>(u_size).as_mut_ptr().cast::<T>();
    let vt_piece = pieces.take::<T>(vt_size).as_mut_ptr().cast::<T>();
    let u_to = u_direct.unwrap_or((u_piece, int(m)));
    let vt_to = vt_direct.unwrap_or((vt_piece, int(vt_rows.max(1))));
    let work = pieces.take::<T>(lwork).as_mut_ptr().cast::<T>();
    let rwork = pieces.take::<T::Real>(rwork).as_mut_ptr().cast::<T::Real>();
    let iwork = pieces.take::<c_int>(8 * k).as_mut_ptr().cast::<c_int>();
    // SAFETY: column-major matrices of these extents and leading dimensions, workspaces of the sizes
    // that LAPACK documents, finite input, k values of room in `s`.
    let info = unsafe {
        T::gesdd(
            jobz,
            int(m),
            int(n),
            dense.ptr,
            int(m),
            out.s.as_mut_ptr(),
            u_to.0,
            u_to.1,
            vt_to.0,
            vt_to.1,
            work,
            int(lwork),
            rwork,
            iwork,
        )
    };
    match info {
        0 => {}
        1.. => return Err(Failure::NotConverged),
        _ => unreachable!("gesdd rejects its argument {}", -info),
    }
    // SAFETY: the pieces were written by `gesdd`, the outputs are writable and elsewhere.
    unsafe {
        if let (Some(u), None) = (u, u_direct) {
            copy(column_major(u_to.0, m, u_cols).as_ref(), u);
        }
        if let (Some(vt), None) = (vt, vt_direct) {
            copy(column_major(vt_to.0, vt_rows, n).as_ref(), vt);
        }
    }
    Ok(())
}

/// Whether `gesdd` reduces a matrix of this shape to a triangle first (the crossover of real ones is 11/6). Of tall ones
/// it takes the QR, of wide ones the LQ, which libraries are slower at: 1200×300 takes 1.6 times as long as a wide matrix
/// with MKL 2026 and 2.1 times with OpenBLAS 0.3.21, so that copying thin factors over pays.
fn begins_with_triangle(rows: usize, cols: usize) -> bool {
    let (most, least) = (rows.max(cols), rows.min(cols));
    most >= least.saturating_mul(11) / 6
}

/// The best workspace for this shape, in elements.
///
/// # Safety
/// The extents fit `c_int`.
unsafe fn query<T: Scalar>(
    last: &mut Query,
    jobz: u8,
    m: usize,
    n: usize,
) -> Result<usize, Failure> {
    if let Some((id, rows, cols, job, size)) = last.0
        && (id, rows, cols, job) == (TypeId::of::<T>(), m, n, jobz)
    {
        return Ok(size);
    }
    let mut answer = T::zero();
    let (ldu, ldvt) = (int(m), int(if jobz == b'S' { m.min(n) } else { n }));
    // SAFETY: with lwork = -1 only `work[0]` is written.
    let info = unsafe {
        T::gesdd(
            jobz,
            int(m),
            int(n),
            null_mut(),
            int(m),
            null_mut(),
            null_mut(),
            ldu,
            null_mut(),
            ldvt,
            &mut answer,
            -1,
            null_mut(),
            null_mut(),
        )
    };
    assert_eq!(info, 0, "gesdd rejects its argument {}", -info);
    // An f32 answer may have been rounded down.
    let exact = 1.0 + <T::Real as Float>::EPSILON.to_f64();
    let size = (answer.re().to_f64() * exact).ceil();
    let size = size
        .to_usize()
        .filter(|&size| c_int::try_from(size).is_ok())
        .ok_or(Failure::TooLarge)?;
    let size = size.max(1);
    last.0 = Some((TypeId::of::<T>(), m, n, jobz, size));
    Ok(size)
}
