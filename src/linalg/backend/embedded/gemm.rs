//! Products by faer's kernels.

use faer::Accum;
use faer::linalg::matmul::matmul_with_conj;
use faer::traits::ComplexField;

use super::{faer_mut, faer_ref, parallelism};
use crate::array::Scalar;
use crate::linalg::backend::gemm::scale;
use crate::linalg::backend::{Conj, Gemm};

/// Multiplications below which a second thread costs more than it brings: faer forks at n = 64
/// and loses a factor of five there; at 2·10⁷ (n ≈ 270) the two are even.
const PARALLEL_FROM: usize = 20_000_000;

/// # Safety
/// As the method of `Backend`; nothing is empty.
pub(in crate::linalg::backend) unsafe fn gemm<T: Scalar + ComplexField>(
    call: Gemm<T>,
    threads: usize,
) {
    let Gemm {
        alpha,
        a,
        conj_a,
        b,
        conj_b,
        beta,
        c,
    } = call;
    let work = c.rows.saturating_mul(c.cols).saturating_mul(a.cols);
    let par = parallelism(if work < PARALLEL_FROM { 1 } else { threads });
    let accumulate = match beta {
        None => Accum::Replace,
        // NumPy and BLAS agree: β = 0 overwrites, even a NaN.
        Some(beta) if beta == <T as num_traits::Zero>::zero() => Accum::Replace,
        Some(beta) => {
            if beta != <T as num_traits::One>::one() {
                // SAFETY: `c` is writable, and initialised because β is not `None`.
                unsafe { scale(Some(beta), c) };
            }
            Accum::Add
        }
    };
    // SAFETY: the caller's promise; `Replace` does not read `c`.
    let (a, b, c) = unsafe { (faer_ref(a), faer_ref(b), faer_mut(c)) };
    matmul_with_conj(c, accumulate, a, conj(conj_a), b, conj(conj_b), alpha, par);
}

fn conj(conj: Conj) -> faer::Conj {
    match conj {
        Conj::No => faer::Conj::No,
        Conj::Yes => faer::Conj::Yes,
    }
}
