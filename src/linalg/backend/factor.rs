//! The arguments of the operations that solvers are made of: triangular factors and systems.

use super::Call;
use crate::array::Number;
use crate::linalg::raw::{MatMut, MatRef};

/// Whether columns are contiguous and do not overlap; nothing lies as one likes.
pub(super) fn is_column_major<T>(x: &MatRef<T>) -> bool {
    x.rows == 0
        || x.cols == 0
        || (x.row_stride == 1 || x.rows <= 1)
            && (x.cols <= 1 || x.col_stride >= x.rows.max(1) as isize)
}

/// A dense column-major matrix at `ptr`.
pub(in crate::linalg) fn column_major<T>(ptr: *mut T, rows: usize, cols: usize) -> MatMut<T> {
    MatMut {
        ptr,
        rows,
        cols,
        row_stride: 1,
        col_stride: rows.max(1) as isize,
    }
}

/// `P·A = L·U` with partial pivoting, in place: the strict lower triangle becomes L (whose diagonal
/// is one), the upper one U. A zero pivot is left in U and is no failure.
pub(crate) struct Lu<'a, T> {
    /// (m, n), column-major.
    pub(crate) a: MatMut<T>,
    /// min(m, n) exchanges: row `i` with row `swaps[i]`, one after the other.
    pub(crate) swaps: &'a mut [usize],
}

impl<T: Number> Call for Lu<'_, T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        assert!(is_column_major(&self.a.as_ref()), "lu of strides");
        assert_eq!(self.swaps.len(), m.min(n), "lu of ({m}, {n}): swaps");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0 || self.a.cols == 0
    }
    fn most(&self) -> usize {
        self.a.rows.max(self.a.cols)
    }
}

/// A⁻¹ from the factors that [`Lu`] made, in place.
pub(crate) struct LuInverse<'a, T> {
    /// The factors, (n, n), column-major, no pivot zero.
    pub(crate) a: MatMut<T>,
    /// As [`Lu::swaps`].
    pub(crate) swaps: &'a [usize],
}

impl<T: Number> Call for LuInverse<'_, T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        assert!(is_column_major(&self.a.as_ref()), "inverse of strides");
        assert!(m == n && self.swaps.len() == n, "inverse of ({m}, {n})");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        self.a.rows.saturating_mul(128)
    }
}

/// `A = L·Lᴴ` in place: the lower triangle of A, which alone is read, becomes L; the strict upper
/// triangle keeps what it holds.
pub(crate) struct Cholesky<T> {
    /// (n, n), rows or columns contiguous.
    pub(crate) a: MatMut<T>,
}

impl<T: Number> Call for Cholesky<T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        assert!(
            is_column_major(&self.a.as_ref()) || is_column_major(&self.a.t().as_ref()),
            "cholesky of strides"
        );
        assert_eq!(m, n, "cholesky of a square matrix");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        self.a.rows
    }
}

/// Which half of a matrix is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Half {
    Lower,
    Upper,
}

impl Half {
    /// That of the transpose.
    pub(crate) fn flip(self) -> Self {
        match self {
            Half::Lower => Half::Upper,
            Half::Upper => Half::Lower,
        }
    }
}

/// `X` with `op(T)·X = B`, in place of B; the diagonal has no zero.
pub(crate) struct Triangular<T> {
    /// The triangle, (n, n), any strides; nothing outside `half` is read.
    pub(crate) t: MatRef<T>,
    /// Where it is.
    pub(crate) half: Half,
    /// Whether its diagonal counts as ones and is not read.
    pub(crate) unit: bool,
    /// Whether its elements are conjugated.
    pub(crate) conj: bool,
    /// Right-hand sides, (n, k), any strides.
    pub(crate) b: MatMut<T>,
}

impl<T: Number> Triangular<T> {
    /// `op(T)` lower or upper, right-hand sides `b`.
    pub(crate) fn new(t: MatRef<T>, half: Half, b: MatMut<T>) -> Self {
        Triangular {
            t,
            half,
            unit: false,
            conj: false,
            b,
        }
    }

    /// The diagonal counts as ones.
    pub(crate) fn unit(self) -> Self {
        Triangular { unit: true, ..self }
    }

    /// The system with Tᵀ instead.
    pub(crate) fn transposed(self) -> Self {
        Triangular {
            t: self.t.t(),
            half: self.half.flip(),
            ..self
        }
    }

    /// The system with Tᴴ instead.
    pub(crate) fn adjoint(self) -> Self {
        Triangular {
            conj: !self.conj,
            ..self.transposed()
        }
    }
}

impl<T: Number> Call for Triangular<T> {
    fn check(&self) {
        assert!(
            self.t.rows == self.t.cols && self.t.rows == self.b.rows,
            "({}, {}) triangle, ({}, {}) right-hand sides",
            self.t.rows,
            self.t.cols,
            self.b.rows,
            self.b.cols
        );
    }
    fn is_empty(&self) -> bool {
        self.b.rows == 0 || self.b.cols == 0
    }
    fn most(&self) -> usize {
        let strides = [
            self.t.row_stride,
            self.t.col_stride,
            self.b.row_stride,
            self.b.col_stride,
        ];
        let stride = strides.iter().map(|s| s.unsigned_abs()).max();
        self.b.rows.max(self.b.cols).max(stride.unwrap_or(0))
    }
}
