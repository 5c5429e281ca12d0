//! Systems with a Hessenberg matrix, and its determinant: elimination of n − 1 elements, with exchanges
//! of neighbouring rows only (Golub and Van Loan, Matrix Computations, 4.3.4). Schur forms of real
//! matrices are such too.

use super::copy::copy;
use super::factor::{Half, Triangular};
use super::solve::Product;
use super::workspace::Pieces;
use super::{Backend, Workspace};
use crate::array::Scalar;
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// The upper triangle of a Hessenberg matrix, in place, and the same for the rows of `b`; how many rows
/// were exchanged.
///
/// # Safety
/// `h` is square and writable, `b` writable with as many rows, both initialised.
unsafe fn eliminate<T: Scalar>(h: MatMut<T>, b: Option<MatMut<T>>) -> usize {
    let n = h.rows;
    let mut exchanges = 0;
    for k in 0..n.saturating_sub(1) {
        // Row k from column k on, and the one below.
        let tails = MatMut {
            rows: 2,
            cols: n - k,
            ..h.at(k as isize * (h.row_stride + h.col_stride))
        };
        // SAFETY: on and below the diagonal.
        let (pivot, below) = unsafe { (*tails.ptr, *tails.ptr.offset(h.row_stride)) };
        if below == T::zero() {
            continue;
        }
        let swap = below.modulus() > pivot.modulus();
        exchanges += usize::from(swap);
        let factor = if swap { pivot / below } else { below / pivot };
        let pairs = [
            Some(tails),
            b.map(|b| MatMut {
                rows: 2,
                ..b.at(k as isize * b.row_stride)
            }),
        ];
        for pair in pairs.into_iter().flatten() {
            for j in 0..pair.cols as isize {
                let first = pair.ptr.wrapping_offset(j * pair.col_stride);
                let second = first.wrapping_offset(pair.row_stride);
                // SAFETY: in range of the pair of rows.
                unsafe {
                    let (x, y) = (*first, *second);
                    let (x, y) = if swap { (y, x) } else { (x, y) };
                    first.write(x);
                    second.write(y - factor * x);
                }
            }
        }
    }
    exchanges
}

/// Solves `H·X = B`, X in place of B.
///
/// # Safety
/// As the methods of [`Backend`]; what is below H's subdiagonal counts as zero.
pub(crate) unsafe fn hessenberg_solve<T: Scalar>(
    backend: Backend,
    h: MatRef<T>,
    b: MatMut<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let n = h.rows;
    let (block, inner) = work.split(Pieces::size::<T>(n * n));
    // Row by row, as it is eliminated.
    let upper = Pieces::new(block).matrix::<T>(n, n).t();
    // SAFETY: the caller's promise; the piece is ours and filled first.
    unsafe {
        copy(h, upper);
        eliminate(upper, Some(b));
        if super::solve::has_zero_pivot(upper.as_ref()) {
            return Err(Failure::Singular);
        }
        let call = Triangular::new(upper.as_ref(), Half::Upper, b);
        backend.triangular(call, inner, threads)
    }
}

/// The determinant.
///
/// # Safety
/// `h` is readable and square; what is below its subdiagonal counts as zero.
pub(crate) unsafe fn hessenberg_determinant<T: Scalar>(
    h: MatRef<T>,
    work: &mut Workspace,
) -> Product<T> {
    let n = h.rows;
    let upper = Pieces::new(work.bytes(Pieces::size::<T>(n * n)));
    let upper = { upper }.matrix::<T>(n, n).t();
    // SAFETY: the caller's promise; the piece is ours and filled first.
    let exchanges = unsafe {
        copy(h, upper);
        eliminate(upper, None)
    };
    // SAFETY: on the diagonal.
    let pivots = (0..n).map(|i| unsafe { *upper.ptr.add(i * (n + 1)) });
    let mut product = Product::of(pivots, false);
    if exchanges % 2 == 1 {
        product.negate();
    }
    product
}
