//! Norms of vectors and matrices: `norm`, `vector_norm`, `matrix_norm` and their forms over axes.
//!
//! Integers are measured in `f64`; complex numbers by their modulus. Norms are reductions of magnitudes or
//! their squares, whose bits do not depend on the number of threads, except where they need singular values.

mod kept;

use num_complex::Complex;

pub use kept::{matrix_norm_keepdims, vector_norm_axes_keepdims, vector_norm_keepdims};

use super::{LinalgError, MatrixDim};
use crate::array::{
    Array, ArrayRef, Axis, CowArray, Dimension, Float, IntoAxes, IxDyn, RemoveAxis, Scalar,
};

/// Which norm: what NumPy calls `ord`. Numbers convert: `2`, `0.5`, `f64::INFINITY`.
///
/// | | of vectors | of matrices |
/// |---|---|---|
/// | `P(2)` | `√Σ│x│²` | the largest singular value |
/// | `P(1)` | `Σ│x│` | the largest column sum of magnitudes |
/// | `Inf` | the largest magnitude | the largest row sum |
/// | `NegInf` | the smallest magnitude | the smallest row sum |
/// | `P(-1)` | `(Σ│x│⁻¹)⁻¹` | the smallest column sum |
/// | `P(-2)` | `(Σ│x│⁻²)^(-1/2)` | the smallest singular value |
/// | `P(0)` | how many are not zero | – |
/// | `P(p)` | `(Σ│x│ᵖ)^(1/p)` | – |
/// | `Fro` | – | `√Σ│x│²` |
/// | `Nuc` | – | the sum of the singular values |
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Norm {
    /// The Frobenius norm of a matrix.
    Fro,
    /// The nuclear norm of a matrix.
    Nuc,
    /// The maximum norm of a vector, the row sum norm of a matrix.
    Inf,
    /// As `Inf` with minima, which is no norm.
    NegInf,
    /// The p-norm.
    P(f64),
}

impl Norm {
    /// The same with infinite `p` under their own names.
    fn resolve(self) -> Norm {
        match self {
            Norm::P(p) if p == f64::INFINITY => Norm::Inf,
            Norm::P(p) if p == f64::NEG_INFINITY => Norm::NegInf,
            other => other,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Norm::Fro => "fro",
            Norm::Nuc => "nuc",
            Norm::Inf => "inf",
            Norm::NegInf => "-inf",
            Norm::P(_) => "p",
        }
    }
}

impl From<f64> for Norm {
    fn from(p: f64) -> Norm {
        Norm::P(p).resolve()
    }
}

impl From<i32> for Norm {
    fn from(p: i32) -> Norm {
        Norm::P(f64::from(p))
    }
}

mod private {
    pub trait Sealed {}
}

/// What has norms: real and complex numbers, and integers, which are measured in `f64` (sealed).
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no magnitude")]
pub trait Normed: Copy + private::Sealed {
    /// The type that elements are measured in: their own, `f64` for integers.
    type Field: Scalar<Real = Self::Magnitude>;
    /// The type of norms.
    type Magnitude: Float;
    #[doc(hidden)]
    fn field<D: Dimension>(a: &ArrayRef<Self, D>) -> CowArray<'_, Self::Field, D>;
    /// Norms over axes as vectors or as matrices, compiled in this crate.
    #[doc(hidden)]
    fn norms(
        a: &ArrayRef<Self::Field, IxDyn>,
        ord: Norm,
        axes: &[usize],
        kind: Kind,
    ) -> Result<Array<Self::Magnitude, IxDyn>, LinalgError>;
}

/// What axes span.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Vectors, whatever their number.
    Vectors,
    /// One axis vectors, two axes matrices.
    ByNumber,
}

macro_rules! scalars {
    ($($t:ty => $real:ty),+) => {$(
        impl private::Sealed for $t {}
        impl Normed for $t {
            type Field = $t;
            type Magnitude = $real;
            #[inline]
            fn field<D: Dimension>(a: &ArrayRef<$t, D>) -> CowArray<'_, $t, D> {
                CowArray::View(a.view())
            }
            #[inline(never)]
            fn norms(
                a: &ArrayRef<$t, IxDyn>,
                ord: Norm,
                axes: &[usize],
                kind: Kind,
            ) -> Result<Array<$real, IxDyn>, LinalgError> {
                match kind {
                    Kind::Vectors => vectors(a, ord, axes),
                    Kind::ByNumber => over(a, ord, axes),
                }
            }
        }
    )+};
}
scalars!(f32 => f32, f64 => f64, Complex<f32> => f32, Complex<f64> => f64);

macro_rules! integers {
    ($($t:ty)+) => {$(
        impl private::Sealed for $t {}
        impl Normed for $t {
            type Field = f64;
            type Magnitude = f64;
            fn field<D: Dimension>(a: &ArrayRef<$t, D>) -> CowArray<'_, f64, D> {
                CowArray::Owned(a.cast::<f64>())
            }
            #[inline]
            fn norms(
                a: &ArrayRef<f64, IxDyn>,
                ord: Norm,
                axes: &[usize],
                kind: Kind,
            ) -> Result<Array<f64, IxDyn>, LinalgError> {
                <f64 as Normed>::norms(a, ord, axes, kind)
            }
        }
    )+};
}
integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool);

/// The elements' magnitudes.
fn magnitudes<S: Scalar>(a: &ArrayRef<S, IxDyn>) -> Array<S::Real, IxDyn> {
    crate::zip((a,)).map(crate::fused!(|(x,): (S,)| x.modulus()))
}

/// The mistake, before the public functions tell of which operation and operand.
fn invalid(reason: String) -> LinalgError {
    let (op, shape) = ("norm", Vec::new());
    LinalgError::NormOrder { op, reason, shape }
}

/// Norms of vectors that `axes` together span.
fn vectors<S: Scalar>(
    a: &ArrayRef<S, IxDyn>,
    ord: Norm,
    axes: &[usize],
) -> Result<Array<S::Real, IxDyn>, LinalgError> {
    let real = S::Real::from_f64;
    let sum = |x: Array<S::Real, IxDyn>| x.try_sum_axes(axes);
    Ok(match ord.resolve() {
        Norm::P(2.0) => a
            .try_sum_squares_axes(axes)?
            .map(|x| num_traits::Float::sqrt(*x)),
        Norm::P(1.0) => a.try_sum_abs_axes(axes)?,
        Norm::P(0.0) => sum(a.map(|x| real(if x.is_zero() { 0.0 } else { 1.0 })))?,
        Norm::P(p) => {
            let powers = magnitudes(a).map(|x| num_traits::Float::powf(*x, real(p)));
            sum(powers)?.map(|x| num_traits::Float::powf(*x, real(1.0 / p)))
        }
        Norm::Inf if axes.iter().any(|&axis| a.shape()[axis] == 0) => a.try_sum_abs_axes(axes)?,
        Norm::Inf => magnitudes(a).try_max_axes(axes)?,
        Norm::NegInf => magnitudes(a).try_min_axes(axes)?,
        Norm::Fro | Norm::Nuc => {
            let name = ord.name();
            return Err(invalid(format!("Invalid norm order '{name}' for vectors")));
        }
    })
}

/// Norms of matrices in the planes of two axes.
fn matrices<S: Scalar>(
    a: &ArrayRef<S, IxDyn>,
    ord: Norm,
    row: usize,
    col: usize,
) -> Result<Array<S::Real, IxDyn>, LinalgError> {
    // An axis that is left once another is gone.
    let after = |axis: usize, gone: usize| axis - usize::from(axis > gone);
    let sums = |over: usize| a.try_sum_abs_axes(&[over]);
    let largest = |sums: Array<S::Real, IxDyn>, axis: usize| match sums.shape()[axis] {
        0 => sums.try_sum_axes(&[axis]),
        _ => sums.try_max_axes(&[axis]),
    };
    Ok(match ord.resolve() {
        Norm::Fro => a
            .try_sum_squares_axes(&[row, col])?
            .map(|x| num_traits::Float::sqrt(*x)),
        Norm::Inf => largest(sums(col)?, after(row, col))?,
        Norm::NegInf => sums(col)?.try_min_axes(&[after(row, col)])?,
        Norm::P(1.0) => largest(sums(row)?, after(col, row))?,
        Norm::P(-1.0) => sums(row)?.try_min_axes(&[after(col, row)])?,
        Norm::P(2.0) => largest(singular_values(a, row, col)?, a.ndim() - 2)?,
        Norm::P(-2.0) => singular_values(a, row, col)?.try_min_axes(&[a.ndim() - 2])?,
        Norm::Nuc => singular_values(a, row, col)?.try_sum_axes(&[a.ndim() - 2])?,
        Norm::P(_) => return Err(invalid("Invalid norm order for matrices.".into())),
    })
}

/// The singular values of the matrices in the planes of two axes, as last axis.
#[cfg(orthant_backend)]
fn singular_values<S: Scalar>(
    a: &ArrayRef<S, IxDyn>,
    row: usize,
    col: usize,
) -> Result<Array<S::Real, IxDyn>, LinalgError> {
    let others = (0..a.ndim()).filter(|&axis| axis != row && axis != col);
    let order: Vec<usize> = others.chain([row, col]).collect();
    super::svdvals(&*a.try_permute(order)?)
}

#[cfg(not(orthant_backend))]
fn singular_values<S: Scalar>(
    _: &ArrayRef<S, IxDyn>,
    _: usize,
    _: usize,
) -> Result<Array<S::Real, IxDyn>, LinalgError> {
    let reason = "this norm needs singular values: enable the feature `embedded` or `system-blas`";
    let (op, shapes) = ("norm", vec![Vec::new()]);
    Err(LinalgError::Unsupported { op, reason, shapes })
}

/// Resolved axes; each once.
fn distinct(axes: &[isize], ndim: usize) -> Result<Vec<usize>, LinalgError> {
    let resolved = axes.iter().map(|&axis| Axis(axis).resolve(ndim));
    let resolved = resolved.collect::<Result<Vec<_>, _>>()?;
    for (i, axis) in resolved.iter().enumerate() {
        if resolved[..i].contains(axis) {
            return Err(invalid("Duplicate axes given.".into()));
        }
    }
    Ok(resolved)
}

/// Norms over one axis, or over two as matrices.
fn over<S: Scalar>(
    a: &ArrayRef<S, IxDyn>,
    ord: Norm,
    axes: &[usize],
) -> Result<Array<S::Real, IxDyn>, LinalgError> {
    match *axes {
        [_] => vectors(a, ord, axes),
        [row, col] => matrices(a, ord, row, col),
        _ => Err(invalid("Improper number of dimensions to norm.".into())),
    }
}

/// With axes of length 1 where some are gone.
fn with_kept<R>(mut norms: Array<R, IxDyn>, axes: &[usize]) -> Array<R, IxDyn> {
    let mut axes = axes.to_vec();
    axes.sort_unstable();
    for axis in axes {
        norms = norms.into_insert_axis(axis);
    }
    norms
}

/// The 2-norm of all elements, whatever the shape (NumPy's `linalg.norm(x)`): the length of a vector,
/// the Frobenius norm of a matrix.
///
/// Squares are not scaled: elements beyond the square root of the largest number overflow, as in NumPy.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::norm(&array![3.0, 4.0]), 5.0);
/// assert_eq!(linalg::norm(&array![[1, -1], [1, 1]]), 2.0);
/// ```
#[track_caller]
pub fn norm<T: Normed, D: Dimension>(a: &ArrayRef<T, D>) -> T::Magnitude {
    num_traits::Float::sqrt(T::field(a).sum_squares())
}

/// The norm of a vector (1-d) or matrix (2-d) as a whole (NumPy's `linalg.norm(x, ord)`).
///
/// # Errors
/// [`LinalgError::NormOrder`]: an order that vectors, or matrices, do not have, or another rank. A
/// minimum over nothing. As [`svdvals`](super::svdvals) where singular values are needed.
///
/// ```
/// use orthant::{linalg::{Norm, norm_ord}, prelude::*};
///
/// # fn main() -> Result<(), orthant::linalg::LinalgError> {
/// let x: Array1<f64> = array![3.0, -4.0];
/// assert_eq!(norm_ord(&x, 1)?, 7.0);
/// assert_eq!(norm_ord(&x, f64::INFINITY)?, 4.0);
/// let m: Array2<f64> = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(norm_ord(&m, 1)?, 6.0);
/// assert_eq!(norm_ord(&m, Norm::Inf)?, 7.0);
/// assert!((norm_ord(&m, 2)? - 5.464985704219043).abs() < 1e-14);
/// # Ok(())
/// # }
/// ```
pub fn norm_ord<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<T::Magnitude, LinalgError> {
    let axes: Vec<usize> = (0..a.ndim()).collect();
    T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::ByNumber)
        .map(|norm| norm.item())
        .map_err(|error| error.of("norm_ord", a.shape()))
}

/// The norms of the vectors along an axis (NumPy's `linalg.norm(x, ord, axis)`).
///
/// # Errors
/// As [`norm_ord`]; an axis that the array does not have.
///
/// ```
/// use orthant::{linalg::norm_axis, prelude::*};
///
/// let x = array![[3.0, 4.0], [0.0, 5.0]];
/// assert_eq!(norm_axis(&x, 2, 1).unwrap(), array![5.0, 5.0]);
/// assert_eq!(norm_axis(&x, 1, 0).unwrap(), array![3.0, 9.0]);
/// ```
pub fn norm_axis<T: Normed, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axis: impl Into<Axis>,
) -> Result<Array<T::Magnitude, D::Smaller>, LinalgError> {
    let axis = axis.into().resolve(a.ndim())?;
    let norms = T::norms(&T::field(a).view_dyn(), ord.into(), &[axis], Kind::ByNumber)
        .map_err(|error| error.of("norm_axis", a.shape()))?;
    Ok(norms.into_rank_of()?)
}

/// As [`norm_axis`], with the axis kept at length 1, so that the result broadcasts against the array
/// (NumPy's `keepdims=True`).
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::norm_keepdims, prelude::*};
///
/// let x = array![[3.0, 4.0], [0.0, 5.0]];
/// let unit = &x / norm_keepdims(&x, 2, 1).unwrap();
/// assert_eq!(unit, array![[0.6, 0.8], [0.0, 1.0]]);
/// ```
pub fn norm_keepdims<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axis: impl Into<Axis>,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    let axis = axis.into().resolve(a.ndim())?;
    let norms = T::norms(&T::field(a).view_dyn(), ord.into(), &[axis], Kind::ByNumber)
        .map_err(|error| error.of("norm_keepdims", a.shape()))?;
    Ok(with_kept(norms, &[axis]).into_rank_of()?)
}

/// The norms of the matrices in the planes of two axes, `[row, column]` (NumPy's
/// `linalg.norm(x, ord, axis=(row, column))`).
///
/// # Errors
/// As [`norm_ord`]; axes that the array does not have, or twice the same.
///
/// ```
/// use orthant::{linalg::{Norm, norm_axes}, prelude::*};
///
/// let x = Array3::<f64>::ones([4, 2, 3]);
/// assert_eq!(norm_axes(&x, Norm::Inf, [1, 2]).unwrap(), Array1::full(4, 3.0));
/// assert_eq!(norm_axes(&x, Norm::Inf, [2, 1]).unwrap(), Array1::full(4, 2.0));
/// ```
pub fn norm_axes<T: Normed, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axes: impl IntoAxes,
) -> Result<Array<T::Magnitude, D::Batch>, LinalgError> {
    let axes = matrix_axes(axes, a.ndim()).map_err(|error| error.of("norm_axes", a.shape()))?;
    let norms = T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::ByNumber)
        .map_err(|error| error.of("norm_axes", a.shape()))?;
    Ok(norms.into_rank_of()?)
}

/// As [`norm_axes`], with both axes kept at length 1.
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::{Norm, norm_axes_keepdims}, prelude::*};
///
/// let x = Array3::<f64>::ones([4, 2, 3]);
/// assert_eq!(norm_axes_keepdims(&x, Norm::Inf, [1, 2]).unwrap(), Array3::full([4, 1, 1], 3.0));
/// ```
pub fn norm_axes_keepdims<T: Normed, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axes: impl IntoAxes,
) -> Result<Array<T::Magnitude, D>, LinalgError> {
    let axes =
        matrix_axes(axes, a.ndim()).map_err(|error| error.of("norm_axes_keepdims", a.shape()))?;
    let norms = T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::ByNumber)
        .map_err(|error| error.of("norm_axes_keepdims", a.shape()))?;
    Ok(with_kept(norms, &axes).into_rank_of()?)
}

fn matrix_axes(axes: impl IntoAxes, ndim: usize) -> Result<Vec<usize>, LinalgError> {
    let axes = axes.with_axes(|axes| distinct(axes, ndim))?;
    match axes.len() {
        2 => Ok(axes),
        _ => Err(invalid("Improper number of dimensions to norm.".into())),
    }
}

/// The norm of all elements as one vector (the array API's `vector_norm(x, ord=ord)`).
///
/// # Errors
/// As [`norm_ord`].
///
/// ```
/// use orthant::{linalg::vector_norm, prelude::*};
///
/// assert_eq!(vector_norm(&array![[1.0, -2.0], [3.0, 4.0]], 1).unwrap(), 10.0);
/// ```
pub fn vector_norm<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<T::Magnitude, LinalgError> {
    let axes: Vec<usize> = (0..a.ndim()).collect();
    T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::Vectors)
        .map(|norm| norm.item())
        .map_err(|error| error.of("vector_norm", a.shape()))
}

/// The norms of the vectors that any axes together span (the array API's `vector_norm(x, axis=axes)`).
///
/// # Errors
/// As [`norm_ord`]; axes that the array does not have, or twice the same.
///
/// ```
/// use orthant::{linalg::vector_norm_axes, prelude::*};
///
/// let x = Array3::<f64>::ones([4, 2, 8]);
/// assert_eq!(vector_norm_axes(&x, 2, [1, 2]).unwrap(), Array1::full(4, 4.0).into_dyn());
/// ```
pub fn vector_norm_axes<T: Normed, D: Dimension>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
    axes: impl IntoAxes,
) -> Result<Array<T::Magnitude, IxDyn>, LinalgError> {
    let axes = axes
        .with_axes(|axes| distinct(axes, a.ndim()))
        .map_err(|error| error.of("vector_norm_axes", a.shape()))?;
    T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::Vectors)
        .map_err(|error| error.of("vector_norm_axes", a.shape()))
}

/// The norm of a matrix, or of each of a stack (the array API's `matrix_norm(x, ord=ord)`).
///
/// # Errors
/// As [`norm_ord`]; fewer than two axes.
///
/// ```
/// use orthant::{linalg::{Norm, matrix_norm}, prelude::*};
///
/// assert_eq!(matrix_norm(&array![[3.0, 0.0], [0.0, 4.0]], Norm::Fro).unwrap(), 5.0);
/// let stack = Array3::<f64>::ones([5, 2, 2]);
/// assert_eq!(matrix_norm(&stack, Norm::Fro).unwrap(), Array1::full(5, 2.0));
/// ```
pub fn matrix_norm<T: Normed, D: MatrixDim>(
    a: &ArrayRef<T, D>,
    ord: impl Into<Norm>,
) -> Result<D::PerMatrix<T::Magnitude>, LinalgError> {
    if a.ndim() < 2 {
        let shape = a.shape().to_vec();
        return Err(LinalgError::TooFewDimensions {
            op: "matrix_norm",
            shape,
        });
    }
    let axes = [a.ndim() - 2, a.ndim() - 1];
    let norms = T::norms(&T::field(a).view_dyn(), ord.into(), &axes, Kind::ByNumber)
        .map_err(|error| error.of("matrix_norm", a.shape()))?;
    Ok(D::per_matrix(norms.into_rank_of()?))
}
