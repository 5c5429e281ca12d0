//! Least squares and pseudo-inverses of one matrix: made of QR and the SVD, on either backend.

use num_traits::{Float as _, Zero};

use super::factor::{Half, Triangular};
use super::spectral::Qr;
use super::workspace::Pieces;
use super::{
    Backend, Call, Conj, Gemm, Svd, Workspace,
    copy::{copy, copy_with},
};
use crate::array::{Float, Number, Scalar};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// The X of smallest norm that minimises ‖A·X − B‖, column by column.
pub(crate) struct Lstsq<'a, T: Number> {
    /// (m, n), any strides.
    pub(crate) a: MatRef<T>,
    /// (m, k), any strides.
    pub(crate) b: MatRef<T>,
    /// (n, k), possibly uninitialised.
    pub(crate) x: MatMut<T>,
    /// min(m, n) singular values.
    pub(crate) s: &'a mut [T::Real],
    /// The number of those above the cutoff.
    pub(crate) rank: &'a mut usize,
    /// ‖A·x − b‖² for k columns.
    pub(crate) residuals: &'a mut [T::Real],
    /// Singular values up to this times the largest count as zero.
    pub(crate) rcond: T::Real,
}

impl<T: Number> Call for Lstsq<'_, T> {
    fn check(&self) {
        let (m, n, k) = (self.a.rows, self.a.cols, self.b.cols);
        let shapes = (
            self.b.rows,
            self.x.rows,
            self.x.cols,
            self.s.len(),
            self.residuals.len(),
        );
        assert_eq!(shapes, (m, n, k, m.min(n), k), "lstsq of ({m}, {n})");
    }
    fn is_empty(&self) -> bool {
        false
    }
}

/// A⁺.
pub(crate) struct Pinv<T: Number> {
    /// (m, n), any strides.
    pub(crate) a: MatRef<T>,
    /// (n, m), possibly uninitialised.
    pub(crate) out: MatMut<T>,
    /// Singular values up to this times the largest count as zero.
    pub(crate) rcond: T::Real,
}

impl<T: Number> Call for Pinv<T> {
    fn check(&self) {
        let shape = (self.out.cols, self.out.rows);
        assert_eq!((self.a.rows, self.a.cols), shape, "pinv");
    }
    fn is_empty(&self) -> bool {
        self.a.rows == 0 || self.a.cols == 0
    }
}

/// # Safety
/// As `Backend`'s method.
pub(super) unsafe fn lstsq<T: Scalar>(
    backend: Backend,
    call: Lstsq<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (m, n, k) = (call.a.rows, call.a.cols, call.b.cols);
    if m == 0 || n == 0 {
        *call.rank = 0;
        // SAFETY: the caller's promise.
        unsafe {
            super::gemm::scale(None, call.x);
            squares(call.b, 0, call.residuals);
        }
        return Ok(());
    }
    // SAFETY: the caller's promise.
    unsafe { super::check::largest_finite(call.b) }.ok_or(Failure::NonFinite)?;
    // SAFETY: the caller's promise.
    unsafe {
        if m < n {
            wide(backend, call, work, threads)
        } else if k <= n.max(8) {
            tall(backend, call, work, threads)
        } else {
            many(backend, call, work, threads)
        }
    }
}

/// Counts the singular values that are not zero; LAPACK takes a negative `rcond` for ε.
fn rank_of<R: Float>(s: &[R], rcond: R) -> usize {
    let rcond = if rcond < R::zero() {
        <R as Float>::EPSILON
    } else {
        rcond
    };
    let cutoff = s.first().map_or(R::zero(), |&most| most * rcond);
    s.iter().filter(|&&s| s > cutoff).count()
}

/// No less rows than columns: a QR of [A B] turns B along with A, and what is left below is the residual.
/// The singular values are those of R; R itself solves, unless some of them count as zero.
///
/// # Safety
/// As `lstsq`.
unsafe fn tall<T: Scalar>(
    backend: Backend,
    call: Lstsq<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (a, b) = (call.a, call.b);
    let (m, n, k) = (a.rows, a.cols, b.cols);
    let left = m.min(n + k);
    let (block, inner) =
        work.split(Pieces::size::<T>(m * (n + k)) + Pieces::size::<T>(left * (n + k)));
    let mut pieces = Pieces::new(block);
    let r = pieces.matrix(left, n + k);
    // In the order of A where the QR turns it in parts.
    let by_rows = backend == Backend::Embedded && a.col_stride.unsigned_abs() == 1;
    let joined = match by_rows {
        true => pieces.matrix(n + k, m).t(),
        false => pieces.matrix(m, n + k),
    };
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let part = |x: MatMut<T>, rows: usize, from: usize, cols: usize| {
            let x = x.at(from as isize * x.col_stride);
            MatMut { rows, cols, ..x }
        };
        copy(a, part(joined, m, 0, n));
        copy(b, part(joined, m, n, k));
        let factors = Qr {
            a: joined.as_ref(),
            q: None,
            r,
            pivots: None,
            any_signs: left == n + k,
        };
        backend.qr(factors, inner, threads)?;
        squares(part(r, left, n, k).as_ref(), n, call.residuals);
        let (core, right) = (part(r, n, 0, n), part(r, n, n, k));
        by_triangle(backend, call, core, right.as_ref(), inner, threads)
    }
}

/// As [`tall`] with many right-hand sides, which are better multiplied by Qᴴ than reflected.
///
/// # Safety
/// As `lstsq`.
unsafe fn many<T: Scalar>(
    backend: Backend,
    mut call: Lstsq<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (a, b, x) = (call.a, call.b, call.x);
    let (m, n, k) = (a.rows, a.cols, b.cols);
    let (block, inner) = work.split(
        Pieces::size::<T>(m * n)
            + Pieces::size::<T>(n * n)
            + Pieces::size::<T>(n * k)
            + Pieces::size::<T>(m * k),
    );
    let mut pieces = Pieces::new(block);
    let (q, r) = (pieces.matrix(m, n), pieces.matrix(n, n));
    let (right, off) = (pieces.matrix(n, k), pieces.matrix(m, k));
    let residuals = std::mem::take(&mut call.residuals);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let factors = Qr {
            a,
            q: Some(q),
            r,
            pivots: None,
            any_signs: false,
        };
        backend.qr(factors, inner, threads)?;
        multiply(backend, (q.as_ref().t(), true), (b, false), right, threads);
        by_triangle(backend, call, r, right.as_ref(), inner, threads)?;
        copy(b, off);
        let product = Gemm {
            alpha: -T::one(),
            a,
            conj_a: Conj::No,
            b: x.as_ref(),
            conj_b: Conj::No,
            beta: Some(T::one()),
            c: off,
        };
        backend.gemm(product, threads);
        squares(off.as_ref(), 0, residuals);
    }
    Ok(())
}

/// The solution from `A = Q·R`, square R, and `right = Qᴴ·B`.
///
/// # Safety
/// As `lstsq`.
unsafe fn by_triangle<T: Scalar>(
    backend: Backend,
    call: Lstsq<'_, T>,
    r: MatMut<T>,
    right: MatRef<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let n = r.rows;
    // SAFETY: the caller's promise.
    unsafe {
        backend.svd(Svd::values(r.as_ref(), call.s), work, threads)?;
        *call.rank = rank_of(call.s, call.rcond);
        if *call.rank == n {
            copy(right, call.x);
            let call = Triangular::new(r.as_ref(), Half::Upper, call.x);
            return backend.triangular(call, work, threads);
        }
        by_svd(backend, call, r.as_ref(), right, work, threads)
    }
}

/// More columns than rows: `Aᴴ = Q·R` gives `X = Q·R⁻ᴴ·B`, which is in the row space of A and so the
/// smallest, unless some singular values count as zero.
///
/// # Safety
/// As `lstsq`.
unsafe fn wide<T: Scalar>(
    backend: Backend,
    call: Lstsq<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (a, b) = (call.a, call.b);
    let (m, n, k) = (a.rows, a.cols, b.cols);
    let (block, inner) = work
        .split(2 * Pieces::size::<T>(n * m) + Pieces::size::<T>(m * m) + Pieces::size::<T>(m * k));
    let mut pieces = Pieces::new(block);
    let (adjoint, q) = (pieces.matrix(n, m), pieces.matrix(n, m));
    let (r, right) = (pieces.matrix(m, m), pieces.matrix(m, k));
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        copy_with(a.t(), adjoint, Scalar::conj);
        let factors = Qr {
            a: adjoint.as_ref(),
            q: Some(q),
            r,
            pivots: None,
            any_signs: false,
        };
        backend.qr(factors, inner, threads)?;
        backend.svd(Svd::values(r.as_ref(), call.s), inner, threads)?;
        *call.rank = rank_of(call.s, call.rcond);
        if *call.rank < m {
            return by_svd(backend, call, a, b, inner, threads);
        }
        copy(b, right);
        let turned = Triangular::new(r.as_ref(), Half::Upper, right).adjoint();
        backend.triangular(turned, inner, threads)?;
        let (q, right) = (q.as_ref(), right.as_ref());
        multiply(backend, (q, false), (right, false), call.x, threads);
    }
    Ok(())
}

/// The smallest of many solutions: V·S⁺·Uᴴ·B.
///
/// # Safety
/// As `lstsq`, of `a` and `b`.
unsafe fn by_svd<T: Scalar>(
    backend: Backend,
    call: Lstsq<'_, T>,
    a: MatRef<T>,
    b: MatRef<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (m, n, k) = (a.rows, a.cols, b.cols);
    let small = m.min(n);
    let (block, inner) = work.split(
        Pieces::size::<T>(m * small) + Pieces::size::<T>(small * n) + Pieces::size::<T>(small * k),
    );
    let mut pieces = Pieces::new(block);
    let (u, vt, c) = (
        pieces.matrix(m, small),
        pieces.matrix(small, n),
        pieces.matrix(small, k),
    );
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        backend.svd(Svd::thin(a, call.s, u, vt), inner, threads)?;
        *call.rank = rank_of(call.s, call.rcond);
        multiply(backend, (u.as_ref().t(), true), (b, false), c, threads);
        for j in 0..k {
            for (i, &s) in call.s.iter().enumerate() {
                let at = c.ptr.add(i + j * small);
                let kept = i < *call.rank;
                *at = if kept {
                    *at / T::from_real(s)
                } else {
                    T::zero()
                };
            }
        }
        let v = (vt.as_ref().t(), true);
        multiply(backend, v, (c.as_ref(), false), call.x, threads);
    }
    Ok(())
}

/// Σ|x|² over the rows from `from` on, column by column.
///
/// # Safety
/// `x` is readable, with as many columns as `sums` has elements.
unsafe fn squares<T: Scalar>(x: MatRef<T>, from: usize, sums: &mut [T::Real]) {
    for (j, to) in sums.iter_mut().enumerate() {
        let mut sum = T::Real::zero();
        for i in from..x.rows {
            // SAFETY: in range.
            let x = unsafe {
                *x.ptr
                    .offset(i as isize * x.row_stride + j as isize * x.col_stride)
            };
            sum = sum + x.re() * x.re() + x.im() * x.im();
        }
        *to = sum;
    }
}

/// `c = op(a)·op(b)`, `op` conjugating where told.
///
/// # Safety
/// As the product's.
unsafe fn multiply<T: Scalar>(
    backend: Backend,
    (a, conj_a): (MatRef<T>, bool),
    (b, conj_b): (MatRef<T>, bool),
    c: MatMut<T>,
    threads: usize,
) {
    let conj = |yes| if yes { Conj::Yes } else { Conj::No };
    let call = Gemm {
        alpha: T::one(),
        a,
        conj_a: conj(conj_a),
        b,
        conj_b: conj(conj_b),
        beta: None,
        c,
    };
    // SAFETY: the caller's promise.
    unsafe { backend.gemm(call, threads) }
}

/// # Safety
/// As `Backend`'s method.
pub(super) unsafe fn pinv<T: Scalar>(
    backend: Backend,
    call: Pinv<T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let Pinv { a, out, rcond } = call;
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let (block, inner) = work
        .split(Pieces::size::<T>(m * k) + Pieces::size::<T>(k * n) + Pieces::size::<T::Real>(k));
    let mut pieces = Pieces::new(block);
    let (u, vt) = (pieces.matrix::<T>(m, k), pieces.matrix::<T>(k, n));
    let s = pieces.take::<T::Real>(k);
    s.iter_mut().for_each(|x| {
        x.write(T::Real::zero());
    });
    // SAFETY: every element was written.
    let s = unsafe { &mut *(std::ptr::from_mut(s) as *mut [T::Real]) };
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        backend.svd(Svd::thin(a, s, u, vt), inner, threads)?;
        let cutoff = s[0] * rcond;
        for (i, &s) in s.iter().enumerate() {
            let factor = if s > cutoff {
                s.recip()
            } else {
                T::Real::zero()
            };
            for j in 0..n {
                let at = vt.ptr.add(i + j * k);
                *at = *at * T::from_real(factor);
            }
        }
        let (v, uh) = (vt.as_ref().t(), u.as_ref().t());
        multiply(backend, (v, true), (uh, true), out, threads);
    }
    Ok(())
}
