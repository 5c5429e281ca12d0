//! Singular values without vectors: bidiagonal form, with a QR before it if that is shorter, and qd transforms.

use super::bidiagonal;
use super::householder::{Reflections, factor as qr};
use super::svd::{QR_FROM, QR_PARALLEL_FROM};
use crate::array::{Number, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::{copy, copy_upper, copy_with};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::MatRef;

/// The singular values of `a` times `factor`, descending.
///
/// # Safety
/// `a` is readable and not empty, `s` has min(m, n) elements.
pub(super) unsafe fn singular_values<T: Scalar>(
    a: MatRef<T>,
    factor: Option<<T as Number>::Real>,
    s: &mut [<T as Number>::Real],
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    // The transpose has the same.
    let a = if a.rows < a.cols { a.t() } else { a };
    let (m, n) = (a.rows, a.cols);
    let tall = m as f64 >= QR_FROM * n as f64;
    let (rows, reflections) = if tall { (n, n) } else { (m, 0) };
    let threads = if m * n * n < QR_PARALLEL_FROM {
        1
    } else {
        threads
    };
    let needed = Pieces::size::<T>(m * n)
        + Pieces::size::<T>(reflections * n)
        + Reflections::<T>::size(m, reflections, threads)
        + bidiagonal::values_size::<T>(rows, n, threads);
    let mut pieces = Pieces::new(work.bytes(needed));
    let mut dense = pieces.matrix::<T>(m, n);
    let triangle = pieces.matrix::<T>(reflections, n);
    let (reflections, column) = Reflections::take(&mut pieces, m, reflections, threads);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        match factor {
            None => copy(a, dense),
            Some(factor) => copy_with(a, dense, |x| x * T::from_real(factor)),
        }
        if tall {
            qr(dense, &reflections, column, threads);
            copy_upper(dense.as_ref(), triangle);
            dense = triangle;
        }
        bidiagonal::values(dense, s, &mut pieces, threads)
    }
}
