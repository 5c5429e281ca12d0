//! QR factors.

use crate::array::{Array, ArrayRef, Dimension, RemoveAxis, Scalar};
use crate::linalg::backend::spectral;
use crate::linalg::error::LinalgError;
use crate::linalg::members::{Fresh, Stack};

/// How much of Q is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QrMode {
    /// The first K = min(M, N) columns: Q is `(…, M, K)`, R `(…, K, N)` (NumPy's default).
    Reduced,
    /// All of it: Q is `(…, M, M)`, R `(…, M, N)`.
    Complete,
}

/// `A = Q·R`: what [`qr`] returns. The signs of R's diagonal are not normalised.
#[derive(Clone, Debug)]
pub struct Qr<T: Scalar, D: Dimension> {
    /// Orthonormal columns.
    pub q: Array<T, D>,
    /// Upper triangular.
    pub r: Array<T, D>,
}

/// `A[:, p] = Q·R`: what [`qr_pivoted`] returns.
#[derive(Clone, Debug)]
pub struct PivotedQr<T: Scalar, D: RemoveAxis> {
    /// Orthonormal columns.
    pub q: Array<T, D>,
    /// Upper triangular, with a diagonal that falls in modulus.
    pub r: Array<T, D>,
    /// Which column of A each column of Q·R is: `(…, N)`.
    pub permutation: Array<usize, D::Smaller>,
}

/// The QR factorisation of a matrix or of each of a stack `(…, M, N)` by Householder reflections
/// (NumPy's `linalg.qr`).
///
/// ‖A − Q·R‖ and ‖QᴴQ − I‖ are small multiples of ε·M (times ‖A‖).
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::TooLarge`].
///
/// ```
/// use orthant::linalg::{self, QrMode};
/// use orthant::prelude::*;
///
/// let a = array![[3.0f64, 1.0], [4.0, 2.0], [0.0, 5.0]];
/// let qr = linalg::qr(&a, QrMode::Reduced)?;
/// assert!(qr.q.matmul(&qr.r).all_close(&a, 0.0, 1e-12));
/// assert!((qr.r[[0, 0]].abs() - 5.0).abs() < 1e-12);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn qr<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    mode: QrMode,
) -> Result<Qr<T, D>, LinalgError> {
    let (q, r, _) = decompose("qr", a, Some(mode), false)?;
    let q = q.expect("it was asked for");
    Ok(Qr { q, r })
}

/// R alone, `(…, K, N)` (NumPy's `qr(a, mode='r')`).
///
/// # Errors
/// As [`qr`].
pub fn qr_r<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Array<T, D>, LinalgError> {
    Ok(decompose("qr_r", a, None, false)?.1)
}

/// QR with column pivoting, which shows the rank of A (SciPy's `qr(a, pivoting=True)`).
///
/// # Errors
/// As [`qr`].
///
/// ```
/// use orthant::linalg::{self, QrMode};
/// use orthant::prelude::*;
///
/// let a = array![[1.0, 10.0], [1.0, 20.0]];
/// let qr = linalg::qr_pivoted(&a, QrMode::Reduced)?;
/// assert_eq!(qr.permutation, array![1, 0]);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn qr_pivoted<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    mode: QrMode,
) -> Result<PivotedQr<T, D>, LinalgError> {
    let (q, r, permutation) = decompose("qr_pivoted", a, Some(mode), true)?;
    Ok(PivotedQr {
        q: q.expect("it was asked for"),
        r,
        permutation,
    })
}

type Factors<T, D> = (
    Option<Array<T, D>>,
    Array<T, D>,
    Array<usize, <D as RemoveAxis>::Smaller>,
);

fn decompose<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    mode: Option<QrMode>,
    pivoted: bool,
) -> Result<Factors<T, D>, LinalgError> {
    let stack = Stack::new(op, a)?;
    let backend = stack.backend()?;
    let (m, n) = (stack.first.rows, stack.first.cols);
    let k = m.min(n);
    let rows = if mode == Some(QrMode::Complete) { m } else { k };
    let batch = stack.batch();
    let q = mode
        .map(|_| Fresh::<T, D>::new(op, batch, &[m, rows]))
        .transpose()?;
    let r = Fresh::<T, D>::new(op, batch, &[rows, n])?;
    let order = Fresh::<usize, D::Smaller>::zeroed(op, batch, &[if pivoted { n } else { 0 }])?;
    let (q_slots, r_slots, orders) = (q.as_ref().map(Fresh::slots), r.slots(), order.slots());
    stack.run(backend, 2 * m * n * k, |i, a, work, threads| {
        let (q, r) = (q_slots.map(|q| q.matrix(i)), r_slots.matrix(i));
        // SAFETY: members of an array and of fresh ones; the orders are initialised.
        unsafe {
            let pivots = pivoted.then(|| orders.slice(i));
            if k == 0 {
                // No column to reflect: Q is the identity, R empty or zero rows.
                if let Some(q) = q {
                    for at in 0..q.rows * q.cols {
                        let one = at / q.cols == at % q.cols;
                        q.ptr.add(at).write(if one { T::one() } else { T::zero() });
                    }
                }
                if let Some(pivots) = pivots {
                    pivots.iter_mut().enumerate().for_each(|(at, x)| *x = at);
                }
                return Ok(());
            }
            let any_signs = false;
            let call = spectral::Qr {
                a,
                q,
                r,
                pivots,
                any_signs,
            };
            backend.qr(call, work, threads)
        }
    })?;
    // SAFETY: every member was written.
    unsafe { Ok((q.map(|q| q.finish()), r.finish(), order.finish())) }
}
