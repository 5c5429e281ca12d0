//! Singular value decompositions by way of [bidiagonal](super::bidiagonal) form, with a QR first for tall and wide
//! matrices (Chan, ACM TOMS 8, 1982).

use num_traits::{Float as _, One};

use super::bidiagonal;
use super::householder::{Reflections, factor as qr};
use super::part;
use super::qr::fill_identity;
use super::values::singular_values;
use crate::array::{Float, Number, Scalar};
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::{copy, copy_upper, copy_with};
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::backend::{Svd, Workspace};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Ratio of the sides from which a QR comes first. Its flops run at the speed of products, those of
/// the bidiagonalisation at the speed of memory, so it pays much earlier than LAPACK's 11/6.
pub(super) const QR_FROM: f64 = 1.2;

/// Multiply-adds of a QR below which one thread is faster.
pub(super) const QR_PARALLEL_FROM: usize = 150 * 150 * 150;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn svd<T>(
    out: Svd<'_, T>,
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure>
where
    T: Scalar,
{
    // SAFETY: the caller's promise about `a`.
    let largest = unsafe { largest_finite(out.a) }.ok_or(Failure::NonFinite)?;
    let factor = scale_factor(largest);
    let Svd { a, s, u, vt, .. } = out;
    // V is what comes out: the transpose of the output for Vᴴ receives it and is conjugated at the end.
    let v = vt.map(MatMut::t);
    let (m, n) = (a.rows as f64, a.cols as f64);
    // SAFETY: the caller's promise.
    unsafe {
        if u.is_none() && v.is_none() {
            singular_values(a, factor, s, work, threads)?;
        } else if m >= QR_FROM * n {
            by_qr(a, false, factor, s, [u, v], work, threads)?;
        } else if n >= QR_FROM * m {
            by_qr(a.t(), true, factor, s, [v, u], work, threads)?;
        } else if m >= n {
            bidiagonal::svd(a, false, factor, s, [u, v], work, threads)?;
        } else {
            bidiagonal::svd(a.t(), true, factor, s, [v, u], work, threads)?;
        }
        if let (Some(v), true) = (v, T::IS_COMPLEX) {
            copy_with(v.as_ref(), v, Scalar::conj);
        }
    }
    if let Some(factor) = factor {
        let undo = factor.recip();
        s.iter_mut().for_each(|x| *x = *x * undo);
    }
    Ok(())
}

/// Of a matrix that has clearly more rows than columns, or of its conjugate: its QR, and the factors of R.
///
/// # Safety
/// As [`bidiagonal::svd`].
unsafe fn by_qr<T: Scalar>(
    a: MatRef<T>,
    conj: bool,
    factor: Option<<T as Number>::Real>,
    s: &mut [<T as Number>::Real],
    [u, v]: [Option<MatMut<T>>; 2],
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (m, n) = (a.rows, a.cols);
    let qr_threads = if m * n * n < QR_PARALLEL_FROM {
        1
    } else {
        threads
    };
    let needed = 3 * Pieces::size::<T>(n * n)
        + Pieces::size::<T>(m * n)
        + Reflections::<T>::size(m, n, qr_threads);
    let (block, work) = work.split(needed);
    let mut pieces = Pieces::new(block);
    let [r, inner] = [(); 2].map(|()| pieces.matrix::<T>(n, n));
    let f = pieces.matrix::<T>(m, n);
    let (reflections, column) = Reflections::take(&mut pieces, m, n, qr_threads);
    // SAFETY: the caller's promise; the pieces are ours, written before they are read.
    unsafe {
        let factor = T::from_real(factor.unwrap_or(<<T as Number>::Real as One>::one()));
        match conj && T::IS_COMPLEX {
            true => copy_with(a, f, |x| x.conj() * factor),
            false => copy_with(a, f, |x| x * factor),
        }
        qr(f, &reflections, column, qr_threads);
        copy_upper(f.as_ref(), r);
        bidiagonal::svd(
            r.as_ref(),
            false,
            None,
            s,
            [u.map(|_| inner), v],
            work,
            threads,
        )?;
        if let Some(u) = u {
            fill_identity(u);
            copy(inner.as_ref(), part(u, 0, 0, n, n));
            reflections.apply(0..n, false, u, false, qr_threads);
        }
    }
    Ok(())
}

/// A power of two that brings `largest` between the thresholds that LAPACK's `dgesdd` uses
/// (√(smallest normal)/ε and its inverse), if it lies outside: squares of elements must neither
/// overflow nor vanish.
pub(super) fn scale_factor<R: Float>(largest: R) -> Option<R> {
    let low = R::min_positive_value().sqrt() / <R as Float>::EPSILON;
    let high = low.recip();
    if largest == R::zero() || (largest >= low && largest <= high) {
        return None;
    }
    let (_, exponent, _) = largest.integer_decode();
    let digits = (-<R as Float>::EPSILON.log2()).to_f64() as i32;
    let two = R::one() + R::one();
    // The exponent of a subnormal may ask for a factor beyond the largest number: stop short of it.
    let wanted = -(i32::from(exponent) + digits);
    let most = (R::max_value().log2()).to_f64() as i32 - 1;
    Some(two.powi(wanted.clamp(-most, most)))
}

#[cfg(test)]
mod tests {
    use super::scale_factor;

    #[test]
    fn scaling_brings_sizes_into_range() {
        for usual in [0.0, 1.0, 1e-100, 1e100] {
            assert_eq!(scale_factor::<f64>(usual), None);
        }
        for odd in [1e-300, 1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324] {
            let factor = scale_factor(odd).unwrap();
            assert!(
                (1e-16..=1e2).contains(&(odd * factor)),
                "{odd:e} * {factor:e}"
            );
            assert!(factor.recip().is_finite() && factor.recip() > 0.0);
        }
        for odd in [1e-30f32, 1e30, f32::MAX, f32::MIN_POSITIVE, 1e-45] {
            let factor = scale_factor(odd).unwrap();
            assert!(
                (1e-8..=1e2).contains(&(odd * factor)),
                "{odd:e} * {factor:e}"
            );
        }
    }
}
