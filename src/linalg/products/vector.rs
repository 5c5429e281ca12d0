//! Products of vectors and of stacks of them: `vdot`, `vecdot`, `matvec`, `vecmat`, `cross`.

use crate::array::{
    Array, ArrayRef, ArrayView, Axis, CowArray, DimMax, Dimension, IxDyn, MAX_NDIM, Number,
    RemoveAxis, error,
};
use crate::linalg::LinalgError;
use crate::linalg::einsum::contract_labels;
use crate::linalg::gemm::{self, conjugated};

/// Labels of axes that are no batch; those of batch axes are counted from the last one on, from 0.
const SUMMED: u8 = 20;
const KEPT: u8 = 21;

/// Labels for `ndim` axes: leading ones by their distance from the end, then `core`.
fn labels(ndim: usize, core: &[u8]) -> ([u8; MAX_NDIM], usize) {
    let mut out = [0; MAX_NDIM];
    let lead = ndim - core.len();
    for (axis, label) in out[..lead].iter_mut().enumerate() {
        *label = (lead - 1 - axis) as u8;
    }
    out[lead..ndim].copy_from_slice(core);
    (out, ndim)
}

/// A product over core axes, with the leading ones broadcast.
struct Batched {
    op: &'static str,
    signature: &'static str,
    /// Labels of the core axes of both operands and of the result.
    core: [&'static [u8]; 3],
    /// Where the axis that is summed over is in the second operand's core.
    dimension: usize,
}

impl Batched {
    fn run<T: Number, O: Dimension>(
        &self,
        a: ArrayView<'_, T, IxDyn>,
        b: ArrayView<'_, T, IxDyn>,
    ) -> Result<Array<T, O>, LinalgError> {
        let op = self.op;
        let [core_a, core_b, core_out] = self.core;
        let shapes = || vec![a.shape().to_vec(), b.shape().to_vec()];
        for (operand, (view, core)) in [(&a, core_a), (&b, core_b)].into_iter().enumerate() {
            if view.ndim() < core.len() {
                let signature = self.signature;
                return Err(match view.ndim() {
                    0 => LinalgError::ScalarOperand {
                        op,
                        operand,
                        signature,
                        shapes: shapes(),
                    },
                    _ => LinalgError::TooFewDimensions {
                        op,
                        shape: view.shape().to_vec(),
                    },
                });
            }
        }
        let extent = |view: &ArrayView<'_, T, IxDyn>, core: &[u8]| {
            let at = core.iter().position(|&label| label == SUMMED).unwrap_or(0);
            view.shape()[view.ndim() - core.len() + at]
        };
        let (expected, size) = (extent(&a, core_a), extent(&b, core_b));
        if size != expected {
            return Err(LinalgError::CoreDimension {
                op,
                operand: 1,
                dimension: self.dimension,
                signature: self.signature,
                size,
                expected,
                shapes: shapes(),
            });
        }
        let lead = |view: &ArrayView<'_, T, IxDyn>, core: &[u8]| view.ndim() - core.len();
        let (lead_a, lead_b) = (lead(&a, core_a), lead(&b, core_b));
        let from_end = |shape: &[usize], lead: usize, i: usize| {
            lead.checked_sub(i + 1).map_or(1, |axis| shape[axis])
        };
        for i in 0..lead_a.max(lead_b) {
            let (m, n) = (
                from_end(a.shape(), lead_a, i),
                from_end(b.shape(), lead_b, i),
            );
            if m != n && m != 1 && n != 1 {
                let shapes = vec![a.shape()[..lead_a].to_vec(), b.shape()[..lead_b].to_vec()];
                return Err(crate::array::ShapeError::Broadcast { shapes }.into());
            }
        }
        let (la, na) = labels(a.ndim(), core_a);
        let (lb, nb) = labels(b.ndim(), core_b);
        let (lo, no) = labels(lead_a.max(lead_b) + core_out.len(), core_out);
        let out = contract_labels(op, &[(a, &la[..na]), (b, &lb[..nb])], &lo[..no])?;
        out.into_rank_of().map_err(LinalgError::Shape)
    }
}

/// The conjugate of complex elements; other elements stay where they are.
fn conj<T: Number, D: Dimension>(a: &ArrayRef<T, D>) -> CowArray<'_, T, D> {
    match gemm::is_complex::<T>() {
        true => CowArray::Owned(a.map(|&z| conjugated(z))),
        false => CowArray::View(a.view()),
    }
}

/// The sum of `conj(a)·b` over all elements, in C order, of arrays of any shapes (NumPy's `vdot`).
///
/// # Panics
/// Different numbers of elements.
///
/// ```
/// use orthant::{Complex, linalg, prelude::*};
///
/// let i = Complex::new(0.0, 1.0);
/// assert_eq!(linalg::vdot(&array![i, i], &array![i, i]), Complex::new(2.0, 0.0));
/// assert_eq!(linalg::vdot(&array![[1, 2], [3, 4]], &array![1, 1, 1, 1]), 10);
/// ```
#[track_caller]
pub fn vdot<T: Number, D: Dimension, E: Dimension>(a: &ArrayRef<T, D>, b: &ArrayRef<T, E>) -> T {
    error::unwrap(try_vdot(a, b))
}

/// As [`vdot`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::NotAligned`].
pub fn try_vdot<T: Number, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<T, LinalgError> {
    if a.len() != b.len() {
        return Err(LinalgError::NotAligned {
            op: "vdot",
            lhs: vec![a.len()],
            rhs: vec![b.len()],
            lhs_axis: 0,
            rhs_axis: 0,
        });
    }
    let (a, b) = (a.ravel(), b.ravel());
    let (x, y) = (a.as_ptr(), b.as_ptr());
    // SAFETY: both have as many elements (invariant 2 of the array room).
    Ok(unsafe { gemm::dot(a.len(), x, a.strides()[0], y, b.strides()[0], true) })
}

/// The sum of `conj(a)·b` over the last axis, the others broadcast (NumPy's `vecdot`).
/// [`vecdot_axis`] sums over another axis.
///
/// # Panics
/// Last axes of different lengths, leading axes that do not broadcast.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = array![[0.0, 5.0, 0.0], [0.0, 0.0, 10.0], [0.0, 6.0, 8.0]];
/// assert_eq!(linalg::vecdot(&x, &array![0.0, 0.6, 0.8]), array![3.0, 8.0, 10.0]);
/// ```
#[track_caller]
pub fn vecdot<T: Number, D: RemoveAxis, E: RemoveAxis>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Array<T, <D::Smaller as DimMax<E::Smaller>>::Output>
where
    D::Smaller: DimMax<E::Smaller>,
{
    error::unwrap(try_vecdot(a, b))
}

const VECDOT: Batched = Batched {
    op: "vecdot",
    signature: "(n),(n)->()",
    core: [&[SUMMED], &[SUMMED], &[]],
    dimension: 0,
};

/// As [`vecdot`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::CoreDimension`], [`LinalgError::Shape`].
pub fn try_vecdot<T: Number, D: RemoveAxis, E: RemoveAxis>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, <D::Smaller as DimMax<E::Smaller>>::Output>, LinalgError>
where
    D::Smaller: DimMax<E::Smaller>,
{
    VECDOT.run(conj(a).view_dyn(), b.view_dyn())
}

/// As [`vecdot`] over any axis, counted in each operand (NumPy's `vecdot(a, b, axis=k)`).
///
/// # Panics
/// As there; an axis that an operand does not have.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = array![[1, 2], [3, 4]];
/// assert_eq!(linalg::vecdot_axis(&x, &x, 0), array![10, 20]);
/// ```
#[track_caller]
pub fn vecdot_axis<T: Number, D: RemoveAxis, E: RemoveAxis>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axis: impl Into<Axis>,
) -> Array<T, <D::Smaller as DimMax<E::Smaller>>::Output>
where
    D::Smaller: DimMax<E::Smaller>,
{
    error::unwrap(try_vecdot_axis(a, b, axis))
}

/// As [`vecdot_axis`], with the mistake as an error.
///
/// # Errors
/// As [`try_vecdot`].
pub fn try_vecdot_axis<T: Number, D: RemoveAxis, E: RemoveAxis>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axis: impl Into<Axis>,
) -> Result<Array<T, <D::Smaller as DimMax<E::Smaller>>::Output>, LinalgError>
where
    D::Smaller: DimMax<E::Smaller>,
{
    let (axis, last) = (axis.into(), Axis(-1));
    let a = conj(a);
    let (a, b) = (
        a.view_dyn().try_move_axis(axis, last)?,
        b.view_dyn().try_move_axis(axis, last)?,
    );
    let batched = Batched {
        op: "vecdot_axis",
        ..VECDOT
    };
    batched.run(a, b)
}

/// Matrices times vectors, both stacks that broadcast: `(…, M, N)` by `(…, N)` gives `(…, M)` (NumPy's
/// `matvec`).
///
/// # Panics
/// N differs, or leading axes do not broadcast.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (a, x) = (array![[0, 1], [2, 3]], array![[1, 0], [0, 1], [1, 1]]);
/// assert_eq!(linalg::matvec(&a, &x), array![[0, 2], [1, 3], [1, 5]]);
/// ```
#[track_caller]
pub fn matvec<T: Number, D: RemoveAxis, E: Dimension>(
    a: &ArrayRef<T, D>,
    x: &ArrayRef<T, E>,
) -> Array<T, <D::Smaller as DimMax<E>>::Output>
where
    D::Smaller: DimMax<E>,
{
    error::unwrap(try_matvec(a, x))
}

/// As [`matvec`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::CoreDimension`], [`LinalgError::TooFewDimensions`], [`LinalgError::Shape`].
pub fn try_matvec<T: Number, D: RemoveAxis, E: Dimension>(
    a: &ArrayRef<T, D>,
    x: &ArrayRef<T, E>,
) -> Result<Array<T, <D::Smaller as DimMax<E>>::Output>, LinalgError>
where
    D::Smaller: DimMax<E>,
{
    const MATVEC: Batched = Batched {
        op: "matvec",
        signature: "(m,n),(n)->(m)",
        core: [&[KEPT, SUMMED], &[SUMMED], &[KEPT]],
        dimension: 0,
    };
    MATVEC.run(a.view_dyn(), x.view_dyn())
}

/// Conjugated vectors times matrices, both stacks that broadcast: `(…, M)` by `(…, M, N)` gives `(…, N)`
/// (NumPy's `vecmat`).
///
/// # Panics
/// M differs, or leading axes do not broadcast.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (a, x) = (array![[0, 1], [2, 3]], array![10, 1]);
/// assert_eq!(linalg::vecmat(&x, &a), array![2, 13]);
/// ```
#[track_caller]
pub fn vecmat<T: Number, D: Dimension, E: RemoveAxis>(
    x: &ArrayRef<T, D>,
    a: &ArrayRef<T, E>,
) -> Array<T, <E::Smaller as DimMax<D>>::Output>
where
    E::Smaller: DimMax<D>,
{
    error::unwrap(try_vecmat(x, a))
}

/// As [`vecmat`], with the mistake as an error.
///
/// # Errors
/// As [`try_matvec`].
pub fn try_vecmat<T: Number, D: Dimension, E: RemoveAxis>(
    x: &ArrayRef<T, D>,
    a: &ArrayRef<T, E>,
) -> Result<Array<T, <E::Smaller as DimMax<D>>::Output>, LinalgError>
where
    E::Smaller: DimMax<D>,
{
    const VECMAT: Batched = Batched {
        op: "vecmat",
        signature: "(n),(n,m)->(m)",
        core: [&[SUMMED], &[SUMMED, KEPT], &[KEPT]],
        dimension: 0,
    };
    VECMAT.run(conj(x).view_dyn(), a.view_dyn())
}

/// The cross product of 3-vectors along the last axis, the others broadcast (NumPy's `linalg.cross`).
/// [`cross_axis`] takes vectors along another axis.
///
/// # Panics
/// Last axes of other lengths than 3, leading axes that do not broadcast.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::cross(&array![1, 2, 3], &array![4, 5, 6]), array![-3, 6, -3]);
/// let x = linalg::cross(&array![[1, 0, 0], [0, 1, 0]], &array![0, 0, 1]);
/// assert_eq!(x, array![[0, -1, 0], [1, 0, 0]]);
/// ```
#[track_caller]
pub fn cross<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Array<T, D::Output> {
    error::unwrap(try_cross(a, b))
}

/// As [`cross`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::NotThreeVectors`], [`LinalgError::Shape`].
pub fn try_cross<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    try_cross_axis(a, b, -1).map_err(|error| error.named("cross"))
}

/// As [`cross`], of vectors along any axis, counted in each operand; the result has them there too.
///
/// # Panics
/// As there; an axis that an operand does not have.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (x, y) = (array![[1], [0], [0]], array![[0], [1], [0]]);
/// assert_eq!(linalg::cross_axis(&x, &y, 0), array![[0], [0], [1]]);
/// ```
#[track_caller]
pub fn cross_axis<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axis: impl Into<Axis>,
) -> Array<T, D::Output> {
    error::unwrap(try_cross_axis(a, b, axis))
}

/// As [`cross_axis`], with the mistake as an error.
///
/// # Errors
/// As [`try_cross`].
pub fn try_cross_axis<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axis: impl Into<Axis>,
) -> Result<Array<T, D::Output>, LinalgError> {
    let axis = axis.into();
    let ends = (axis.resolve(a.ndim())?, axis.resolve(b.ndim())?);
    let lengths = (a.shape()[ends.0], b.shape()[ends.1]);
    if lengths != (3, 3) {
        return Err(LinalgError::NotThreeVectors {
            op: "cross_axis",
            lhs: lengths.0,
            rhs: lengths.1,
            shapes: vec![a.shape().to_vec(), b.shape().to_vec()],
        });
    }
    let a = a.view_dyn().try_move_axis(axis, Axis(-1))?;
    let b = b.view_dyn().try_move_axis(axis, Axis(-1))?;
    let part = |view: ArrayView<'_, T, IxDyn>, i: usize| view.index_axis(-1, i).to_owned();
    let mut out: Option<Array<T, IxDyn>> = None;
    for (i, (j, k)) in [(1, 2), (2, 0), (0, 1)].into_iter().enumerate() {
        let positive = part(a, j).try_mul(&b.index_axis(-1, k))?;
        let component = positive - part(a, k).try_mul(&b.index_axis(-1, j))?;
        let out = out.get_or_insert_with(|| {
            let shape = [component.shape(), &[3]].concat();
            Array::full(shape, T::zero())
        });
        out.index_axis_mut(-1, i).assign(&component);
    }
    let out = out.expect("three components");
    let moved = out.into_move_axis(Axis(-1), axis);
    moved.into_rank_of().map_err(LinalgError::Shape)
}
