//! The arguments of a singular value decomposition.

use super::Call;
use crate::array::Number;
use crate::linalg::raw::{MatMut, MatRef};

/// Which singular vectors are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SvdJob {
    /// None.
    ValuesOnly,
    /// The first min(m, n) on either side.
    Thin,
    /// All: U is (m, m), Vᴴ is (n, n).
    Full,
}

/// `A = U·diag(s)·Vᴴ`: Vᴴ, not V, is made.
pub(crate) struct Svd<'s, T: Number> {
    /// (m, n), any strides.
    pub(crate) a: MatRef<T>,
    /// Which vectors U and Vᴴ have.
    pub(crate) job: SvdJob,
    /// min(m, n) singular values, descending.
    pub(crate) s: &'s mut [T::Real],
    /// Left singular vectors as columns, any strides, possibly uninitialised; may be left out.
    pub(crate) u: Option<MatMut<T>>,
    /// Right singular vectors, conjugated, as rows, likewise.
    pub(crate) vt: Option<MatMut<T>>,
}

impl<'s, T: Number> Svd<'s, T> {
    /// Values alone.
    pub(crate) fn values(a: MatRef<T>, s: &'s mut [T::Real]) -> Self {
        let (job, u, vt) = (SvdJob::ValuesOnly, None, None);
        Svd { a, job, s, u, vt }
    }

    /// The first min(m, n) vectors on either side.
    pub(crate) fn thin(a: MatRef<T>, s: &'s mut [T::Real], u: MatMut<T>, vt: MatMut<T>) -> Self {
        let (job, u, vt) = (SvdJob::Thin, Some(u), Some(vt));
        Svd { a, job, s, u, vt }
    }
}

impl<T: Number> Call for Svd<'_, T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        let k = m.min(n);
        assert_eq!(
            self.s.len(),
            k,
            "svd of ({m}, {n}): room for the singular values"
        );
        let vectors = match self.job {
            SvdJob::ValuesOnly => None,
            SvdJob::Thin => Some((k, k)),
            SvdJob::Full => Some((m, n)),
        };
        for (name, given, wanted) in [
            ("u", self.u, vectors.map(|(u, _)| (m, u))),
            ("vt", self.vt, vectors.map(|(_, vt)| (vt, n))),
        ] {
            if let Some(given) = given {
                assert_eq!(
                    Some((given.rows, given.cols)),
                    wanted,
                    "svd of ({m}, {n}): {name}"
                );
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.a.rows == 0 || self.a.cols == 0
    }

    /// Identities.
    unsafe fn fill_empty(&self) {
        for out in [self.u, self.vt].into_iter().flatten() {
            for i in 0..out.rows {
                for j in 0..out.cols {
                    let value = if i == j { T::one() } else { T::zero() };
                    let offset = i as isize * out.row_stride + j as isize * out.col_stride;
                    // SAFETY: (i, j) is in range, so the caller's promise covers it.
                    unsafe { out.ptr.offset(offset).write(value) };
                }
            }
        }
    }

    /// The elements of everything that `gesdd` addresses: full factors and a workspace of some
    /// 4·k² + 7·k elements.
    fn most(&self) -> usize {
        let (m, n) = (self.a.rows, self.a.cols);
        let (most, k) = (m.max(n), m.min(n));
        let square = k.saturating_mul(k).saturating_mul(5);
        most.saturating_mul(most)
            .saturating_add(square)
            .saturating_add(most.saturating_mul(130))
    }
}
