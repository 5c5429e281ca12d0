//! Singular values by faer: Householder bidiagonalisation, then divide and conquer (Gu and
//! Eisenstat, SIAM J. Matrix Anal. Appl. 16, 1995), with our own QR first for tall and wide matrices
//! (Chan, ACM TOMS 8, 1982). Without vectors `values` takes the second step.

use faer::dyn_stack::MemStack;
use faer::linalg::svd::{ComputeSvdVectors, SvdParams, svd as faer_svd, svd_scratch};
use faer::traits::ComplexField;
use faer::{Auto, Spec};
use num_traits::{Float as _, One};

use super::householder::{Reflections, factor as qr};
use super::qr::fill_identity;
use super::values::singular_values;
use super::{faer_mut, faer_ref, parallelism, part};
use crate::array::{Float, Number, Scalar};
use crate::linalg::backend::check::largest_finite;
use crate::linalg::backend::copy::copy;
use crate::linalg::backend::spectral::copy_upper;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::backend::{Svd, Workspace};
use crate::linalg::error::Failure;
use crate::linalg::raw::{MatMut, MatRef};

/// Elements of the smaller square below which one thread is faster: at 300 two threads lose (15.2 ms
/// against 12.4), at 1000 they win (298 against 400).
const PARALLEL_FROM: usize = 500 * 500;

/// Ratio of the sides from which a QR comes first. Its flops run at the speed of products, those of
/// the bidiagonalisation at the speed of memory, so it pays much earlier than LAPACK's 11/6.
pub(super) const QR_FROM: f64 = 1.2;

/// Rows at which divide and conquer goes over to the QR algorithm, which applies every rotation to the
/// vectors by itself: 880 µs with faer's 128 at n = 100, 820 with this.
const RECURSION: usize = 48;

/// Elements of the remaining matrix from which a reduction to condensed form uses more than one thread:
/// never yet. It meets the others after every column, and with two threads on two free cores it takes as
/// long as with one (n = 1000: 80 and 80 ms to bidiagonal form), on busy ones
/// several times as long.
const REDUCTION_PARALLEL_FROM: usize = usize::MAX;

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
    T: Scalar + ComplexField,
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
        } else {
            direct(a, factor, s, [u, v], work, threads)?;
        }
        if let (Some(v), true) = (v, T::IS_COMPLEX) {
            copy(v.as_ref(), v, Scalar::conj);
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
/// As [`direct`].
unsafe fn by_qr<T: Scalar + ComplexField>(
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
            true => copy(a, f, |x| x.conj() * factor),
            false => copy(a, f, |x| x * factor),
        }
        qr(f, &reflections, column, qr_threads);
        copy_upper(f.as_ref(), r);
        direct(r.as_ref(), None, s, [u.map(|_| inner), v], work, threads)?;
        if let Some(u) = u {
            fill_identity(u);
            copy(inner.as_ref(), part(u, 0, 0, n, n), |x| x);
            reflections.apply(0..n, false, u, false, qr_threads);
        }
    }
    Ok(())
}

/// Singular values and vectors of `a` times a factor.
///
/// # Safety
/// `a` is readable, the outputs are writable; `s` has as many values as `a` the lesser of its sides.
unsafe fn direct<T: Scalar + ComplexField>(
    mut a: MatRef<T>,
    factor: Option<<T as Number>::Real>,
    values: &mut [<T as Number>::Real],
    [u, v]: [Option<MatMut<T>>; 2],
    work: &mut Workspace,
    threads: usize,
) -> Result<(), Failure> {
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let par = parallelism(if k * k < PARALLEL_FROM { 1 } else { threads });
    let mut params = <SvdParams as Auto<T>>::auto();
    params.qr_ratio_threshold = f64::INFINITY;
    params.recursion_threshold = RECURSION;
    params.bidiag.par_threshold = REDUCTION_PARALLEL_FROM;
    let params: Spec<SvdParams, T> = params.into();
    let wanted = |x: Option<MatMut<T>>| match x {
        None => ComputeSvdVectors::No,
        Some(x) if x.cols == k => ComputeSvdVectors::Thin,
        Some(_) => ComputeSvdVectors::Full,
    };
    let request = svd_scratch::<T>(m, n, wanted(u), wanted(v), par, params);
    let via = |x: Option<MatMut<T>>| x.filter(|x| !is_column_major(x));
    let (u_via, v_via) = (via(u), via(v));
    let size = |x: Option<MatMut<T>>| x.map_or(0, |x| x.rows * x.cols);
    let scaled = if factor.is_some() { m * n } else { 0 };
    let needed = Pieces::size::<T>(scaled)
        + Pieces::size::<T>(size(u_via))
        + Pieces::size::<T>(size(v_via))
        + Pieces::size::<T>(k)
        + request.unaligned_bytes_required();
    let mut pieces = Pieces::new(work.bytes(needed));
    let s = pieces.matrix::<T>(k, 1);
    if let Some(factor) = factor {
        let to = pieces.matrix(m, n);
        // SAFETY: `a` is readable, the fresh piece has room for it.
        unsafe { copy(a, to, |x| x * T::from_real(factor)) };
        a = to.as_ref();
    }
    let mut target = |x: Option<MatMut<T>>, via: Option<MatMut<T>>| {
        via.map(|x| pieces.matrix(x.rows, x.cols)).or(x)
    };
    let (u_to, v_to) = (target(u, u_via), target(v, v_via));
    // SAFETY: the caller's promise about `a` and the outputs; the pieces are ours, faer writes all of
    // U, V and s before it reads them.
    unsafe {
        faer_svd(
            faer_ref(a),
            faer_mut(s).col_mut(0).as_diagonal_mut(),
            u_to.map(|x| faer_mut(x)),
            v_to.map(|x| faer_mut(x)),
            par,
            MemStack::new(pieces.rest()),
            params,
        )
        .map_err(|_| Failure::NotConverged)?;
        for (i, to) in values.iter_mut().enumerate() {
            *to = (*s.ptr.add(i)).re();
        }
        sort_by(values, [u_to, v_to], |x, y| x > y);
        for (from, to) in [(u_to, u_via), (v_to, v_via)] {
            if let (Some(from), Some(to)) = (from, to) {
                copy(from.as_ref(), to, |x| x);
            }
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

/// Puts `s` into order, and the first columns of the factors with it.
///
/// faer's divide and conquer leaves deflated values of the size of a rounding error out of order.
///
/// # Safety
/// The factors are initialised, writable, and have a column for every value.
unsafe fn sort_by<R: Float, T>(
    s: &mut [R],
    factors: [Option<MatMut<T>>; 2],
    before: impl Fn(R, R) -> bool,
) {
    if !s.windows(2).any(|pair| before(pair[1], pair[0])) {
        return;
    }
    let mut order: Vec<usize> = (0..s.len()).collect();
    order.sort_by(|&i, &j| match (before(s[i], s[j]), before(s[j], s[i])) {
        (true, _) => std::cmp::Ordering::Less,
        (_, true) => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Equal,
    });
    // Follow each cycle of the permutation with swaps; a place that is done points to itself.
    for start in 0..order.len() {
        let mut at = start;
        while order[at] != start {
            let next = order[at];
            s.swap(at, next);
            for x in factors.iter().flatten() {
                for i in 0..x.rows as isize {
                    // SAFETY: both columns exist and differ.
                    unsafe {
                        let row = x.ptr.offset(i * x.row_stride);
                        let (p, q) = (at as isize, next as isize);
                        row.offset(p * x.col_stride)
                            .swap(row.offset(q * x.col_stride));
                    }
                }
            }
            order[at] = at;
            at = next;
        }
        order[at] = at;
    }
}

fn is_column_major<T>(x: &MatMut<T>) -> bool {
    x.row_stride == 1 && (x.cols <= 1 || x.col_stride >= x.rows as isize)
}

#[cfg(test)]
mod tests {
    use super::{scale_factor, sort_by};
    use crate::linalg::backend::factor::column_major;

    #[test]
    fn vectors_move_with_their_values() {
        for wanted in [
            vec![5.0, 4.0, 3.0],
            vec![3.0, 5.0, 4.0],
            vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
            vec![7.0, 1.0, 6.0, 2.0, 2.0, 5.0],
        ] {
            let mut s: Vec<f64> = wanted.clone();
            let k = s.len();
            let mut u: Vec<f64> = (0..2 * k)
                .map(|at| s[at / 2] + (at % 2) as f64 * 100.0)
                .collect();
            let factor = column_major(u.as_mut_ptr(), 2, k);
            // SAFETY: two rows and k columns.
            unsafe { sort_by(&mut s, [Some(factor), None], |x, y| x > y) };
            assert!(s.is_sorted_by(|a, b| a >= b), "{s:?}");
            for j in 0..k {
                assert_eq!((u[2 * j], u[2 * j + 1]), (s[j], s[j] + 100.0));
            }
        }
    }

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
