//! Our own LU, Cholesky, Bunch–Kaufman and triangular solver: recursive (in panels, for the third), so
//! that nearly all work is products, which go to `linalg/gemm` on any strides (Toledo, "Locality of reference in LU decomposition with
//! partial pivoting", SIAM J. Matrix Anal. Appl. 18, 1997).
//!
//! Blocks of some dozen rows at the bottom of the recursion are copied into small row-major buffers
//! where loops run along whole rows; matrices that fit one such buffer are solved there altogether
//! (`small`).

// Loops over rows and columns index several arrays at once.
#![allow(clippy::needless_range_loop)]

mod cholesky;
mod ldlt;
mod lu;
mod small;
mod triangular;

pub(in crate::linalg::backend) use cholesky::cholesky;
pub(in crate::linalg::backend) use ldlt::ldlt;
pub(in crate::linalg::backend) use lu::{lu, lu_inverse};
pub(in crate::linalg::backend) use small::{SMALL, SMALL_INVERSE, Small, small};
pub(in crate::linalg::backend) use triangular::triangular;

use super::part;
use crate::array::{Float, Scalar};
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::{MatMut, MatRef};

/// `C ← C − op(A)·op(B)`.
///
/// # Safety
/// As [`gemm`], with C initialised.
unsafe fn subtract<T: Scalar>(
    c: MatMut<T>,
    (a, conj_a): (MatRef<T>, bool),
    (b, conj_b): (MatRef<T>, bool),
    threads: usize,
) {
    // SAFETY: the caller's promise.
    unsafe { gemm(-T::one(), a, conj_a, b, conj_b, Beta::One, c, threads) }
}

/// |re| + |im|: what LAPACK compares pivots by.
#[inline(always)]
fn size<T: Scalar>(x: T) -> T::Real {
    use num_traits::Float as _;
    if T::IS_COMPLEX {
        x.re().abs() + x.im().abs()
    } else {
        x.re().abs()
    }
}

/// `1 / x` by Smith's algorithm (Comm. ACM 5, 1962), which does not overflow halfway.
#[inline(always)]
fn reciprocal<T: Scalar>(x: T) -> T {
    use num_traits::{Float as _, One};
    let one = T::Real::one();
    if !T::IS_COMPLEX {
        return T::from_real(one / x.re());
    }
    let (a, b) = (x.re(), x.im());
    if a.abs() >= b.abs() {
        let r = b / a;
        let d = one / (a + b * r);
        T::from_parts(d, -(r * d))
    } else {
        let r = a / b;
        let d = one / (b + a * r);
        T::from_parts(r * d, -d)
    }
}

/// Whether the reciprocal of a number of this size loses no accuracy.
#[inline(always)]
fn can_invert<R: Float>(size: R) -> bool {
    size >= R::min_positive_value()
}

/// `x / d`.
#[inline(always)]
fn divide<T: Scalar>(x: T, d: T) -> T {
    if T::IS_COMPLEX {
        // Scaled so that neither part of the quotient overflows halfway.
        use num_traits::{Float as _, One};
        let (a, b) = (d.re(), d.im());
        let (c, e) = (x.re(), x.im());
        if a.abs() >= b.abs() {
            let r = b / a;
            let q = T::Real::one() / (a + b * r);
            T::from_parts((c + e * r) * q, (e - c * r) * q)
        } else {
            let r = a / b;
            let q = T::Real::one() / (b + a * r);
            T::from_parts((c * r + e) * q, (e * r - c) * q)
        }
    } else {
        T::from_real(x.re() / d.re())
    }
}
