//! Ranges, null spaces and polar factors, by singular values.

use super::decomposition::{Svd, svd, svd_full};
use super::error::LinalgError;
use super::lstsq::default_rcond;
use super::members::scale_columns;
use super::products::MatmulDim;
use crate::array::{Array, Array2, ArrayRef, Axis, Ix2, RemoveAxis, Scalar};

/// `A = U·P` or `A = P·U`: what [`polar`] and [`polar_left`] return.
#[derive(Clone, Debug)]
pub struct Polar<T: Scalar, D: RemoveAxis> {
    /// Orthonormal columns (or rows, if there are more of them): `(…, M, N)`.
    pub u: Array<T, D>,
    /// Hermitian and positive semidefinite: `(…, N, N)`, from [`polar_left`] `(…, M, M)`.
    pub p: Array<T, D>,
}

/// The polar decomposition `A = U·P` of a matrix or of each of a stack `(…, M, N)` (SciPy's
/// `linalg.polar`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[0.0, -2.0], [3.0, 0.0]];
/// let polar = linalg::polar(&a)?;
/// assert!(polar.u.all_close(&array![[0.0, -1.0], [1.0, 0.0]], 0.0, 1e-12));
/// assert!(polar.p.all_close(&array![[3.0, 0.0], [0.0, 2.0]], 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn polar<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    a: &ArrayRef<T, D>,
) -> Result<Polar<T, D>, LinalgError> {
    let (factors, u) = unitary("polar", a)?;
    let v = adjoint(&factors.vt);
    let p = scaled(&v, &factors).matmul(&factors.vt);
    Ok(Polar { u, p })
}

/// As [`polar`] with the other order: `A = P·U` (SciPy's `polar(a, side='left')`).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let polar = linalg::polar_left(&array![[0.0, -2.0], [3.0, 0.0]])?;
/// assert!(polar.p.all_close(&array![[2.0, 0.0], [0.0, 3.0]], 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn polar_left<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    a: &ArrayRef<T, D>,
) -> Result<Polar<T, D>, LinalgError> {
    let (factors, u) = unitary("polar_left", a)?;
    let p = scaled(&factors.u, &factors).matmul(&adjoint(&factors.u));
    Ok(Polar { u, p })
}

fn unitary<T: Scalar, D: RemoveAxis + MatmulDim<D, Output = D>>(
    op: &'static str,
    a: &ArrayRef<T, D>,
) -> Result<(Svd<T, D>, Array<T, D>), LinalgError> {
    let factors = svd(a).map_err(|error| error.named(op))?;
    let u = factors.u.matmul(&factors.vt);
    Ok((factors, u))
}

/// The columns of `x` times the singular values.
fn scaled<T: Scalar, D: RemoveAxis>(x: &ArrayRef<T, D>, factors: &Svd<T, D>) -> Array<T, D> {
    let s: Vec<T> = factors.s.iter().map(|&s| T::from_real(s)).collect();
    let k = factors.vt.shape()[factors.vt.ndim() - 2];
    scale_columns(x, &s, k, k)
}

/// Every matrix conjugated and transposed.
pub(super) fn adjoint<T: Scalar, D: RemoveAxis>(x: &ArrayRef<T, D>) -> Array<T, D> {
    x.swap_axes(Axis(-2), Axis(-1))
        .as_standard_layout()
        .map(|x| x.conj())
}

/// An orthonormal basis of the null space of A, as columns: `(N, N − rank)` (SciPy's
/// `linalg.null_space`). Singular values up to `rcond` times the largest count as zero; `None` is
/// ε·max(M, N).
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0, 2.0], [2.0, 4.0]];
/// let n = linalg::null_space(&a, None)?;
/// assert_eq!(n.shape(), &[2, 1]);
/// assert!(a.matmul(&n).all_close(&Array2::zeros([2, 1]), 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn null_space<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    rcond: Option<T::Real>,
) -> Result<Array2<T>, LinalgError> {
    let factors = svd_full(a).map_err(|error| error.named("null_space"))?;
    let (rank, n) = (rank(a, &factors, rcond), a.ncols());
    let columns = [n, n - rank];
    Ok(Array2::from_shape_fn(columns, |[i, j]| {
        factors.vt[[rank + j, i]].conj()
    }))
}

/// An orthonormal basis of the range of A, as columns: `(M, rank)` (SciPy's `linalg.orth`); `rcond` as
/// for [`null_space`].
///
/// # Errors
/// As [`svd`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let q = linalg::orth(&array![[3.0f64, 6.0], [4.0, 8.0]], None)?;
/// assert_eq!(q.shape(), &[2, 1]);
/// assert!((q[[1, 0]] / q[[0, 0]] - 4.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn orth<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    rcond: Option<T::Real>,
) -> Result<Array2<T>, LinalgError> {
    let factors = svd(a).map_err(|error| error.named("orth"))?;
    let columns = [a.nrows(), rank(a, &factors, rcond)];
    Ok(Array2::from_shape_fn(columns, |at| factors.u[at]))
}

fn rank<T: Scalar>(a: &ArrayRef<T, Ix2>, svd: &Svd<T, Ix2>, rcond: Option<T::Real>) -> usize {
    let rcond = rcond.unwrap_or_else(|| default_rcond(a.nrows(), a.ncols()));
    svd.s.iter().filter(|&&s| s > svd.s[[0]] * rcond).count()
}
