//! Singular values without vectors: faer reduces to bidiagonal form (Householder
//! reflections whose vectors nobody collects), the rest is `qd`.

use faer::dyn_stack::MemStack;
use faer::linalg::svd::bidiag::{BidiagParams, bidiag_in_place, bidiag_in_place_scratch};
use faer::traits::ComplexField;
use faer::{Par, Spec};

use super::faer_mut;
use super::householder::{Reflections, factor as qr};
use super::qd::bidiagonal_values;
use super::svd::{QR_FROM, QR_PARALLEL_FROM};
use crate::array::{Float, Number, Scalar};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::spectral::copy_upper;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// The singular values of `a` times `factor`, descending.
///
/// # Safety
/// `a` is readable and not empty, `s` has min(m, n) elements.
pub(super) unsafe fn singular_values<T: Scalar + ComplexField>(
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
    let params = Spec::<BidiagParams, T>::default();
    let request = bidiag_in_place_scratch::<T>(rows, n, Par::Seq, params);
    let needed = Pieces::size::<T>(m * n)
        + Pieces::size::<T>(reflections * n)
        + Reflections::<T>::size(m, reflections, threads)
        + 2 * Pieces::size::<T>(n)
        + request.unaligned_bytes_required();
    let mut pieces = Pieces::new(work.bytes(needed));
    let mut dense = pieces.matrix::<T>(m, n);
    let triangle = pieces.matrix::<T>(reflections, n);
    let (reflections, column) = Reflections::take(&mut pieces, m, reflections, threads);
    let (left, right) = (pieces.matrix::<T>(1, n), pieces.matrix::<T>(1, n - 1));
    let stack = MemStack::new(pieces.rest());
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        match factor {
            None => copy(a, dense, |x| x),
            Some(factor) => copy(a, dense, |x| x * T::from_real(factor)),
        }
        if tall {
            qr(dense, &reflections, column, threads);
            copy_upper(dense.as_ref(), triangle);
            dense = triangle;
        }
        // Factors of one row: blocks of reflections are for who applies them.
        let reduced = faer_mut(dense);
        bidiag_in_place(
            reduced,
            faer_mut(left),
            faer_mut(right),
            Par::Seq,
            stack,
            params,
        );
        let (mut diagonal, off) = bidiagonal(dense);
        if !bidiagonal_values(&mut diagonal, &off) {
            return Err(Failure::NotConverged);
        }
        diagonal.sort_unstable_by(|x, y| y.total_cmp(x));
        give(&diagonal, s);
    }
    Ok(())
}

/// Moduli on the diagonal and above it, on which values alone depend.
///
/// # Safety
/// At least as many rows as columns, initialised.
unsafe fn bidiagonal<T: Scalar>(a: MatMut<T>) -> (Vec<f64>, Vec<f64>) {
    let modulus = |i: usize, j: usize| {
        let at = i as isize * a.row_stride + j as isize * a.col_stride;
        // SAFETY: inside the matrix, by the bounds below.
        unsafe { (*a.ptr.offset(at)).modulus().to_f64() }
    };
    (
        (0..a.cols).map(|i| modulus(i, i)).collect(),
        (1..a.cols).map(|j| modulus(j - 1, j)).collect(),
    )
}

fn give<R: Float>(from: &[f64], to: &mut [R]) {
    for (to, &x) in to.iter_mut().zip(from) {
        *to = R::from_f64(x);
    }
}
