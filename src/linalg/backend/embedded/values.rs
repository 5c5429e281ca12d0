//! Singular values without vectors: bidiagonal form, with a QR before it if that is shorter, and qd transforms.

use super::bidiagonal;
use super::qr::{triangle, triangle_size};
use super::svd::{QR_FROM, QR_PARALLEL_FROM};
use crate::array::{Number, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::{copy, copy_with};
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
    let rows = if tall { n } else { m };
    let threads = if m * n * n < QR_PARALLEL_FROM {
        1
    } else {
        threads
    };
    let before = if tall {
        triangle_size::<T>(m, n, threads)
    } else {
        0
    };
    let needed =
        Pieces::size::<T>(rows * n) + before + bidiagonal::values_size::<T>(rows, n, threads);
    let mut pieces = Pieces::new(work.bytes(needed));
    let dense = pieces.matrix::<T>(rows, n);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        if tall {
            triangle(a, factor, dense, &mut pieces, threads);
        } else {
            match factor {
                None => copy(a, dense),
                Some(factor) => copy_with(a, dense, |x| x * T::from_real(factor)),
            }
        }
        bidiagonal::values(dense, s, &mut pieces, threads)
    }
}
