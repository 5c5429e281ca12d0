//! The arguments of a singular value decomposition.

use crate::array::Number;
use crate::linalg::raw::MatMut;
use crate::linalg::raw::MatRef;

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

/// Where the factors go.
pub(crate) struct SvdOut<'s, T: Number> {
    /// min(m, n) singular values, descending.
    pub(crate) s: &'s mut [T::Real],
    /// Left singular vectors as columns.
    pub(crate) u: Option<MatMut<T>>,
    /// Right singular vectors, conjugated, as rows.
    pub(crate) vt: Option<MatMut<T>>,
}

impl<T: Number> SvdOut<'_, T> {
    /// Panics unless the outputs have the shapes that `a` and `job` ask for: a wrong one would be
    /// written out of bounds.
    pub(super) fn check(&self, a: &MatRef<T>, job: SvdJob) {
        let (m, n) = (a.rows, a.cols);
        let k = m.min(n);
        assert_eq!(
            self.s.len(),
            k,
            "svd of ({m}, {n}): room for the singular values"
        );
        let vectors = match job {
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

    /// Writes identities, the factors of a matrix without elements.
    ///
    /// # Safety
    /// The outputs are writable.
    pub(super) unsafe fn fill_identity(&self) {
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
}
