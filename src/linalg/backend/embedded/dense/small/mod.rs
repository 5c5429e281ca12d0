//! Matrices so small that a call of a blocked algorithm costs more than the arithmetic: Gaussian
//! elimination with partial pivoting on `[A | B]`, copied into one buffer.
//!
//! The same operations as LU with partial pivoting and two triangular solves, and so the same
//! errors (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., §9).

mod columns;
mod rows;

use crate::array::Scalar;
use crate::linalg::backend::Workspace;
use crate::linalg::raw::{MatMut, MatRef};

/// Rows up to which this way is the faster one.
pub(in crate::linalg::backend) const SMALL: usize = 64;
/// The same for inverses.
pub(in crate::linalg::backend) const SMALL_INVERSE: usize = 48;
/// Rows up to which rows are faster than columns: less to set up, and no vectors to fill.
const FEW: usize = 12;

/// What a small system is solved for.
pub(crate) enum Small<T> {
    /// `A·X = B`, where B's place receives X; at most twice as many columns as rows.
    Solve(MatMut<T>),
    /// The inverse.
    Inverse(MatMut<T>),
    /// The determinant alone.
    Determinant,
}

impl<T> Small<T> {
    /// Columns beside those of a matrix of `n` rows.
    fn right(&self, n: usize) -> usize {
        match self {
            Small::Solve(b) => b.cols,
            Small::Inverse(_) => n,
            Small::Determinant => 0,
        }
    }
}

/// Solves for `what`; `Some` with the sign of the permutation (whether it is odd) and a pivot at a time to
/// `pivot`, `None` when a pivot is exactly zero (nothing is written then).
///
/// # Safety
/// `a` is (n, n) with 1 ≤ n ≤ [`SMALL`], readable; the operand of `what` is writable, has n rows, and
/// does not overlap `a`.
pub(in crate::linalg::backend) unsafe fn small<T: Scalar>(
    a: MatRef<T>,
    what: Small<T>,
    work: &mut Workspace,
    pivot: impl FnMut(T),
) -> Option<bool> {
    // SAFETY: the caller's promise.
    unsafe {
        if a.rows <= FEW {
            rows::small(a, what, work, pivot)
        } else {
            columns::small(a, what, work, pivot)
        }
    }
}
