//! The arguments of a matrix product.

use crate::array::Scalar;
use crate::linalg::raw::{MatMut, MatRef};

/// Whether an operand enters conjugated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conj {
    /// As it is.
    No,
    /// Every element conjugated (no effect on real types).
    #[cfg_attr(not(test), allow(dead_code))]
    // both backends and their conformance suite have it
    Yes,
}

/// `C = α·op(A)·op(B) + β·C`. Transposes are not flags but swapped strides ([`MatRef::t`]).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gemm<T> {
    /// Factor of the product.
    pub(crate) alpha: T,
    /// Left operand, (m, k).
    pub(crate) a: MatRef<T>,
    /// Whether the left operand is conjugated.
    pub(crate) conj_a: Conj,
    /// Right operand, (k, n).
    pub(crate) b: MatRef<T>,
    /// Whether the right operand is conjugated.
    pub(crate) conj_b: Conj,
    /// Factor of what `c` holds; `None` overwrites `c`, which may then be uninitialised.
    pub(crate) beta: Option<T>,
    /// Result, (m, n).
    pub(crate) c: MatMut<T>,
}

/// `C = β·C`, zero for `None`.
///
/// # Safety
/// `c` is writable, and initialised unless `beta` is `None`.
pub(super) unsafe fn scale<T: Scalar>(beta: Option<T>, c: MatMut<T>) {
    for i in 0..c.rows as isize {
        for j in 0..c.cols as isize {
            // SAFETY: (i, j) is in range, so the caller's promise covers it.
            unsafe {
                let at = c.ptr.offset(i * c.row_stride + j * c.col_stride);
                at.write(match beta {
                    None => T::zero(),
                    Some(beta) => beta * at.read(),
                });
            }
        }
    }
}
