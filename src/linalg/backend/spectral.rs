//! The arguments of QR and of eigenvalue problems.

use num_complex::Complex;
use num_traits::Zero as _;

use super::Call;
use super::factor::Half;
use crate::array::{Float, Number, Scalar};
use crate::linalg::raw::{MatMut, MatRef};

/// `A = Q·R`, or `A·P = Q·R` with columns in the order of falling norms.
pub(crate) struct Qr<'a, T> {
    /// (m, n), any strides.
    pub(crate) a: MatRef<T>,
    /// (m, k) with k = min(m, n), or (m, m), possibly uninitialised.
    pub(crate) q: Option<MatMut<T>>,
    /// (k, n), or (m, n) with a square Q, possibly uninitialised.
    pub(crate) r: MatMut<T>,
    /// Which column of A each column of Q·R is.
    pub(crate) pivots: Option<&'a mut [usize]>,
    /// Whether R alone is wanted, and the signs (phases) of its rows do not matter.
    pub(crate) any_signs: bool,
}

impl<T: Number> Call for Qr<'_, T> {
    fn check(&self) {
        let (m, n) = (self.a.rows, self.a.cols);
        let rows = self.r.rows;
        assert!(
            (rows == m || rows == m.min(n)) && self.r.cols == n,
            "qr of ({m}, {n}): r"
        );
        assert!(
            self.q.is_none_or(|q| q.rows == m && q.cols == rows),
            "qr of ({m}, {n}): q"
        );
        assert!(
            !self.any_signs || self.q.is_none() && self.pivots.is_none() && rows == m.min(n),
            "qr of ({m}, {n}): more than R"
        );
        let pivots = self.pivots.as_ref();
        assert!(
            pivots.is_none_or(|p| p.len() == n),
            "qr of ({m}, {n}): pivots"
        );
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0 || self.a.cols == 0
    }
    fn most(&self) -> usize {
        let most = self.a.rows.max(self.a.cols);
        most.saturating_mul(256)
    }
}

/// Eigenvalues, ascending, and vectors of a Hermitian matrix.
pub(crate) struct Eigh<'a, T: Number> {
    /// (n, n), any strides; nothing outside `half` is read, nor imaginary parts of the diagonal.
    pub(crate) a: MatRef<T>,
    /// The half to read.
    pub(crate) half: Half,
    /// n eigenvalues.
    pub(crate) values: &'a mut [T::Real],
    /// (n, n), orthonormal columns, possibly uninitialised.
    pub(crate) vectors: Option<MatMut<T>>,
}

impl<T: Number> Call for Eigh<'_, T> {
    fn check(&self) {
        let n = self.a.rows;
        assert!(
            self.a.cols == n && self.values.len() == n,
            "eigh of a square matrix"
        );
        assert!(
            self.vectors.is_none_or(|v| v.rows == n && v.cols == n),
            "eigh: vectors"
        );
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        let n = self.a.rows;
        n.saturating_mul(n)
            .saturating_mul(3)
            .saturating_add(n.saturating_mul(256))
    }
}

/// Eigenvalues and right eigenvectors of any matrix.
pub(crate) struct Eig<'a, T: Number> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// n eigenvalues, in the order of the Schur form.
    pub(crate) values: &'a mut [Complex<T::Real>],
    /// (n, n), columns of norm 1 whose largest component is real, possibly uninitialised.
    pub(crate) vectors: Option<MatMut<Complex<T::Real>>>,
}

impl<T: Number> Call for Eig<'_, T> {
    fn check(&self) {
        let n = self.a.rows;
        assert!(
            self.a.cols == n && self.values.len() == n,
            "eig of a square matrix"
        );
        assert!(
            self.vectors.is_none_or(|v| v.rows == n && v.cols == n),
            "eig: vectors"
        );
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        let n = self.a.rows;
        n.saturating_mul(n).saturating_add(n.saturating_mul(256))
    }
}

/// `A = Q·H·Qᴴ`, H zero below its first subdiagonal.
pub(crate) struct Hessenberg<T> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// H, (n, n), possibly uninitialised.
    pub(crate) h: MatMut<T>,
    /// Q, (n, n), possibly uninitialised.
    pub(crate) q: Option<MatMut<T>>,
}

impl<T: Number> Call for Hessenberg<T> {
    fn check(&self) {
        let shape = (self.a.rows, self.a.rows);
        assert_eq!((self.a.rows, self.a.cols), shape, "hessenberg of a square");
        assert_eq!((self.h.rows, self.h.cols), shape, "hessenberg: h");
        let q = self.q.map_or(shape, |q| (q.rows, q.cols));
        assert_eq!(q, shape, "hessenberg: q");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        self.a.rows.saturating_mul(256)
    }
}

/// `A = Z·T·Zᴴ`, T upper triangular, or with blocks of two on its diagonal for pairs of complex
/// eigenvalues of a real matrix.
pub(crate) struct Schur<'a, T: Number> {
    /// (n, n), any strides.
    pub(crate) a: MatRef<T>,
    /// T, (n, n), possibly uninitialised.
    pub(crate) t: MatMut<T>,
    /// Z, (n, n), possibly uninitialised.
    pub(crate) z: Option<MatMut<T>>,
    /// n eigenvalues, in the order of T's diagonal.
    pub(crate) values: &'a mut [Complex<T::Real>],
}

impl<T: Number> Call for Schur<'_, T> {
    fn check(&self) {
        let n = self.a.rows;
        let shape = (n, n);
        assert_eq!((self.a.rows, self.a.cols), shape, "schur of a square");
        assert_eq!((self.t.rows, self.t.cols), shape, "schur: t");
        let z = self.z.map_or(shape, |z| (z.rows, z.cols));
        assert_eq!((z, self.values.len()), (shape, n), "schur: z, values");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0
    }
    fn most(&self) -> usize {
        self.a.rows.saturating_mul(256)
    }
}

/// Copies one half of a Hermitian matrix into the lower half of `to`, with real
/// diagonal and zeros above.
///
/// # Safety
/// The half is readable, `to` writable, of one square shape, without overlap.
pub(crate) unsafe fn copy_hermitian<T: Scalar>(a: MatRef<T>, half: Half, to: MatMut<T>) {
    let (a, conj) = match half {
        Half::Lower => (a, false),
        Half::Upper => (a.t(), true),
    };
    #[cfg(test)]
    super::copy::count(&a, &to);
    let n = to.cols;
    let element = |i: usize, j: usize| {
        let from = i as isize * a.row_stride + j as isize * a.col_stride;
        let at = i as isize * to.row_stride + j as isize * to.col_stride;
        // SAFETY: (i, j) is in range of both.
        unsafe {
            let x = match i.cmp(&j) {
                std::cmp::Ordering::Less => T::zero(),
                std::cmp::Ordering::Equal => T::from_real((*a.ptr.offset(from)).re()),
                std::cmp::Ordering::Greater if conj => (*a.ptr.offset(from)).conj(),
                std::cmp::Ordering::Greater => *a.ptr.offset(from),
            };
            to.ptr.offset(at).write(x);
        }
    };
    // Squares, within which both matrices are read or written along cache lines.
    const SIDE: usize = 16;
    for j in (0..n).step_by(SIDE) {
        for i in (0..n).step_by(SIDE) {
            for j in j..n.min(j + SIDE) {
                for i in i..n.min(i + SIDE) {
                    element(i, j);
                }
            }
        }
    }
}

/// Copies a Hermitian matrix of which one half is given.
///
/// # Safety
/// As [`copy_hermitian`].
pub(crate) unsafe fn copy_whole<T: Scalar>(a: MatRef<T>, half: Half, to: MatMut<T>) {
    // SAFETY: the caller's promise; what is read of `to` was written before.
    unsafe {
        copy_hermitian(a, half, to);
        for j in 0..to.cols as isize {
            for i in 0..j {
                let x = *to.ptr.offset(j * to.row_stride + i * to.col_stride);
                to.ptr
                    .offset(i * to.row_stride + j * to.col_stride)
                    .write(x.conj());
            }
        }
    }
}

/// Eigenvectors of a real matrix, where a pair of columns holds real and imaginary part for a pair of
/// conjugate eigenvalues; of a complex matrix as they are.
///
/// # Safety
/// `from` is readable; `to` is writable, of the same shape, without overlap.
pub(super) unsafe fn unpack_vectors<T: Scalar>(
    values: &[Complex<T::Real>],
    from: MatRef<T>,
    to: MatMut<Complex<T::Real>>,
) {
    #[cfg(test)]
    super::copy::count(&from, &to);
    let zero = T::Real::zero();
    let element = |i: usize, j: usize| {
        let at = i as isize * from.row_stride + j as isize * from.col_stride;
        // SAFETY: in range.
        unsafe { *from.ptr.offset(at) }
    };
    let write = |i: usize, j: usize, re: T::Real, im: T::Real| {
        let at = i as isize * to.row_stride + j as isize * to.col_stride;
        // SAFETY: in range.
        unsafe { to.ptr.offset(at).write(Complex::new(re, im)) };
    };
    let mut j = 0;
    while j < from.cols {
        if T::IS_COMPLEX || values[j].im == zero || j + 1 == from.cols {
            for i in 0..from.rows {
                let x = element(i, j);
                write(i, j, x.re(), x.im());
            }
            j += 1;
        } else {
            for i in 0..from.rows {
                let (re, im) = (element(i, j).re(), element(i, j + 1).re());
                write(i, j, re, im);
                write(i, j + 1, re, -im);
            }
            j += 2;
        }
    }
}

/// Gives every column norm 1 and, unless it `is_real`, makes its largest component real, as LAPACK's
/// `geev`.
///
/// # Safety
/// `v` is writable and initialised.
#[cfg_attr(not(feature = "embedded"), allow(dead_code))]
pub(super) unsafe fn normalise<R: Float>(v: MatMut<Complex<R>>, is_real: impl Fn(usize) -> bool) {
    for j in 0..v.cols {
        let at = |i: usize| {
            v.ptr
                .wrapping_offset(i as isize * v.row_stride + j as isize * v.col_stride)
        };
        // SAFETY: in range, here and below.
        let size = |i: usize| unsafe { *at(i) }.norm();
        // Scaled first, so that squares neither overflow nor vanish.
        let (mut most, mut largest) = (0, R::zero());
        for i in 0..v.rows {
            if size(i) > largest {
                (most, largest) = (i, size(i));
            }
        }
        if largest <= R::zero() {
            continue;
        }
        let sum = (0..v.rows).fold(R::zero(), |sum, i| {
            let x = size(i) / largest;
            sum + x * x
        });
        let norm = sum.sqrt();
        // SAFETY: as above.
        let turn = match unsafe { *at(most) } {
            _ if is_real(j) => Complex::new(R::one(), R::zero()),
            top => top.conj().unscale(largest),
        };
        for i in 0..v.rows {
            // SAFETY: as above.
            unsafe { at(i).write((*at(i)).unscale(largest).unscale(norm) * turn) };
        }
        if !is_real(j) {
            // SAFETY: as above.
            unsafe { (*at(most)).im = R::zero() };
        }
    }
}
