//! Matrix products with NumPy's rules: `matmul`, `dot`, `inner`, `outer`.
//!
//! Ranks are worked out in types ([`rank`]), shapes here, and the work goes to [`multiply`], which
//! chooses between our own driver and a backend. Transposed operands stay where they are.

#[cfg(orthant_backend)]
mod foreign;
mod matrix;
mod multiply;
mod rank;
mod tensor;
mod vector;

use std::mem::MaybeUninit;

use super::error::LinalgError;
use crate::array::{
    Array, ArrayRef, ArrayView, ArrayViewMut, Axis, Dimension, Ix1, Ix2, IxDyn, Layout, MAX_NDIM,
    Number, Operand, Order, error,
};

pub use matrix::{diagonal, matrix_power, matrix_transpose, trace, trace_offset, try_trace_offset};
pub(super) use multiply::multiply_stack;
pub use rank::{Dot, DotDim, MatmulDim};
pub use tensor::{
    ContractAxes, kron, multi_dot, tensordot, try_kron, try_multi_dot, try_tensordot,
};
pub use vector::{
    cross, cross_axis, matvec, try_cross, try_cross_axis, try_matvec, try_vdot, try_vecdot,
    try_vecdot_axis, try_vecmat, vdot, vecdot, vecdot_axis, vecmat,
};

const MATMUL: &str = "(n?,k),(k,m?)->(n?,m?)";

/// An operand of a product as a stack of matrices: batch axes, rows, columns.
#[derive(Clone, Copy)]
struct Stacked<'a, T> {
    view: ArrayView<'a, T, IxDyn>,
    ndim: usize,
}

/// The matrix or stack that a 1-d left operand (one row) or right operand (one column) stands for.
fn stacked<'a, T, D: Dimension>(
    op: &'static str,
    side: usize,
    view: ArrayView<'a, T, D>,
    shapes: impl Fn() -> Vec<Vec<usize>>,
) -> Result<Stacked<'a, T>, LinalgError> {
    let ndim = view.ndim();
    let shape = || view.shape().to_vec();
    match ndim {
        0 => Err(LinalgError::ScalarOperand {
            op,
            operand: side,
            signature: MATMUL,
            shapes: shapes(),
        }),
        1 => {
            let (n, stride) = (view.shape()[0], view.strides()[0]);
            let (shape, strides) = if side == 0 {
                ([1, n], [0, stride])
            } else {
                ([n, 1], [stride, 0])
            };
            let layout = error::unwrap(Layout::from_slices(&shape, &strides));
            // SAFETY: the same elements with an axis of length 1 more.
            let view = unsafe { ArrayView::from_parts(view.head.ptr, layout) };
            Ok(Stacked { view, ndim })
        }
        n if n > MAX_NDIM => Err(LinalgError::TooFewDimensions { op, shape: shape() }),
        _ => Ok(Stacked {
            view: view.view_dyn(),
            ndim,
        }),
    }
}

impl<T> Stacked<'_, T> {
    /// The operand's own shape, on the left (0) or right side.
    fn shape(&self, side: usize) -> Vec<usize> {
        let shape = self.view.shape();
        match self.ndim {
            1 => vec![shape[1 - side]],
            _ => shape.to_vec(),
        }
    }
}

/// The operands of a product.
fn both<'a, T, D: Dimension, E: Dimension>(
    op: &'static str,
    a: ArrayView<'a, T, D>,
    b: ArrayView<'a, T, E>,
) -> Result<(Stacked<'a, T>, Stacked<'a, T>), LinalgError> {
    let shapes = || vec![a.shape().to_vec(), b.shape().to_vec()];
    Ok((stacked(op, 0, a, shapes)?, stacked(op, 1, b, shapes)?))
}

/// The shape of a product before the axes that 1-d operands lent are dropped, and after; inline,
/// since small products must not allocate for their shapes.
struct Shapes {
    whole: IxDyn,
    result: IxDyn,
}

fn shapes<T>(
    op: &'static str,
    a: &Stacked<'_, T>,
    b: &Stacked<'_, T>,
) -> Result<Shapes, LinalgError> {
    let (sa, sb) = (a.view.shape(), b.view.shape());
    let (na, nb) = (sa.len(), sb.len());
    let (k, expected) = (sb[nb - 2], sa[na - 1]);
    if k != expected {
        return Err(LinalgError::CoreDimension {
            op,
            operand: 1,
            dimension: 0,
            signature: MATMUL,
            size: k,
            expected,
            shapes: vec![a.shape(0), b.shape(1)],
        });
    }
    let ndim = na.max(nb);
    let extent = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(ndim)
            .map_or(1, |axis| shape[axis])
    };
    let mut whole = IxDyn::zeroed(ndim);
    let extents = whole.as_mut_slice();
    for (axis, out) in extents[..ndim - 2].iter_mut().enumerate() {
        *out = match (extent(sa, axis), extent(sb, axis)) {
            (m, n) if m == n || n == 1 => m,
            (1, n) => n,
            _ => {
                return Err(LinalgError::BatchBroadcast {
                    op,
                    lhs: sa.to_vec(),
                    rhs: sb.to_vec(),
                });
            }
        };
    }
    extents[ndim - 2] = sa[na - 2];
    extents[ndim - 1] = sb[nb - 1];
    let dropped =
        |axis: usize| (axis == ndim - 2 && a.ndim == 1) || (axis == ndim - 1 && b.ndim == 1);
    let kept = || (0..ndim).filter(|&axis| !dropped(axis));
    let mut result = IxDyn::zeroed(kept().count());
    for (to, from) in kept().enumerate() {
        result.as_mut_slice()[to] = extents[from];
    }
    Ok(Shapes { whole, result })
}

/// The product with the last two axes of the output as matrices.
fn product<T: Number, D: Dimension, E: Dimension, O: Dimension>(
    op: &'static str,
    a: ArrayView<'_, T, D>,
    b: ArrayView<'_, T, E>,
) -> Result<Array<T, O>, LinalgError> {
    let (a, b) = both(op, a, b)?;
    let Shapes { whole, result } = shapes(op, &a, &b)?;
    let shape = result.as_slice();
    let too_large = |_| LinalgError::TooLarge {
        op,
        shape: shape.to_vec(),
    };
    Layout::<O>::checked_len(shape, size_of::<T>()).map_err(too_large)?;
    let dim = O::from_slice(shape).map_err(too_large)?;
    let out = Array::<T, O>::uninit_layout(Layout::dense(dim, Order::C));
    let target = Layout::dense(whole, Order::C);
    // SAFETY: `target` names the elements of `out`, with axes of length 1 where 1-d operands lent
    // them; they are written whole. Fresh memory overlaps nothing.
    unsafe {
        multiply::multiply(&a.view, &b.view, out.head.ptr.cast::<T>(), &target)?;
        Ok(out.assume_init())
    }
}

/// The product into an output of exactly its shape.
fn product_into<T: Number, D: Dimension, E: Dimension, O: Dimension>(
    op: &'static str,
    a: ArrayView<'_, T, D>,
    b: ArrayView<'_, T, E>,
    out: ArrayViewMut<'_, MaybeUninit<T>, O>,
) -> Result<(), LinalgError> {
    let (a, b) = both(op, a, b)?;
    let Shapes { whole, result } = shapes(op, &a, &b)?;
    if out.shape() != result.as_slice() {
        let result = result.as_slice().to_vec();
        return Err(LinalgError::OutputShape {
            op,
            output: out.shape().to_vec(),
            result,
        });
    }
    // Strides of the axes that 1-d operands lent are never used: their length is 1.
    let mut target = Layout::dense(whole, Order::C);
    let lent = |axis: usize| {
        (axis + 2 == whole.ndim() && a.ndim == 1) || (axis + 1 == whole.ndim() && b.ndim == 1)
    };
    for (axis, &stride) in (0..whole.ndim())
        .filter(|&axis| !lent(axis))
        .zip(out.strides())
    {
        target.set_stride(axis, stride);
    }
    // SAFETY: `target` names the elements of `out`, which is exclusive and overlaps no operand.
    unsafe { multiply::multiply(&a.view, &b.view, out.head.ptr.cast::<T>(), &target) }
}

impl<T: Number, D: Dimension> ArrayRef<T, D> {
    /// The matrix product (NumPy's `a @ b`, `matmul`): the last two axes are matrices, leading axes
    /// broadcast as stacks, a 1-d left operand is a row and a 1-d right one a column whose axis is
    /// dropped from the result. Transposed operands are not copied.
    ///
    /// Shapes: `(…, n, k)` by `(…, k, m)` gives `(…, n, m)`. Two 1-d operands give a 0-d array;
    /// [`dot`](Self::dot) gives the bare number.
    ///
    /// # Panics
    /// The inner extents differ, the stacks do not broadcast.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1, 2], [3, 4]];
    /// let b = array![[5, 6], [7, 8]];
    /// assert_eq!(a.matmul(&b), array![[19, 22], [43, 50]]);
    /// assert_eq!(a.matmul(b.t()), array![[17, 23], [39, 53]]);
    /// assert_eq!(a.matmul(&array![1, 1]), array![3, 7]);
    /// ```
    #[track_caller]
    pub fn matmul<R: Operand<T>>(&self, rhs: R) -> Array<T, <D as MatmulDim<R::Dim>>::Output>
    where
        D: MatmulDim<R::Dim>,
    {
        error::unwrap(self.try_matmul(rhs))
    }

    /// As [`matmul`](Self::matmul), with the mistake as an error.
    ///
    /// # Errors
    /// [`LinalgError::CoreDimension`], [`LinalgError::BatchBroadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let a = Array2::<f64>::ones([2, 3]);
    /// let error = a.try_matmul(&Array2::ones([4, 5])).unwrap_err();
    /// assert!(error.to_string().contains("(size 4 is different from 3)"));
    /// ```
    pub fn try_matmul<R: Operand<T>>(
        &self,
        rhs: R,
    ) -> Result<Array<T, <D as MatmulDim<R::Dim>>::Output>, LinalgError>
    where
        D: MatmulDim<R::Dim>,
    {
        rhs.with_view(|rhs| product("matmul", self.view(), rhs))
    }

    /// The matrix product into an existing array of exactly its shape, in any memory order (NumPy's
    /// `np.matmul(a, b, out=c)`, `np.dot(a, b, out=c)`).
    ///
    /// # Panics
    /// As [`matmul`](Self::matmul); the output has another shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let a = array![[1, 2], [3, 4]];
    /// let mut c = Array2::zeros([2, 2]);
    /// a.matmul_into(&a, &mut c);
    /// assert_eq!(c, array![[7, 10], [15, 22]]);
    /// ```
    #[track_caller]
    pub fn matmul_into<R: Operand<T>>(
        &self,
        rhs: R,
        out: &mut ArrayRef<T, <D as MatmulDim<R::Dim>>::Output>,
    ) where
        D: MatmulDim<R::Dim>,
    {
        error::unwrap(self.try_matmul_into(rhs, out));
    }

    /// As [`matmul_into`](Self::matmul_into), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_matmul`](Self::try_matmul); [`LinalgError::OutputShape`]. Nothing was written.
    pub fn try_matmul_into<R: Operand<T>>(
        &self,
        rhs: R,
        out: &mut ArrayRef<T, <D as MatmulDim<R::Dim>>::Output>,
    ) -> Result<(), LinalgError>
    where
        D: MatmulDim<R::Dim>,
    {
        // SAFETY: the same elements, which the product only writes, with values that are
        // initialised.
        let out = unsafe { ArrayViewMut::from_parts(out.ptr.cast::<MaybeUninit<T>>(), out.layout) };
        rhs.with_view(|rhs| product_into("matmul", self.view(), rhs, out))
    }

    /// The dot product (NumPy's `dot`): of two 1-d arrays a bare number, of matrices and vectors the
    /// matrix product, of higher ranks the sum over the last axis of the left and the second-to-last
    /// of the right operand. A 0-d operand multiplies the other.
    ///
    /// # Panics
    /// The extents differ.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let a = array![1.0, 2.0, 3.0];
    /// assert_eq!(a.dot(&array![4.0, 5.0, 6.0]), 32.0);
    /// assert_eq!(array![[1.0, 2.0, 3.0]].dot(&a), array![14.0]);
    /// ```
    #[track_caller]
    pub fn dot<E: Dimension>(&self, rhs: &ArrayRef<T, E>) -> <D as Dot<E, T>>::Output
    where
        D: Dot<E, T>,
    {
        dot(self, rhs)
    }
}

/// The matrix product: [`ArrayRef::matmul`] as a function.
///
/// # Panics
/// As there.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::matmul(&array![[2, 0], [0, 3]], &array![1, 1]), array![2, 3]);
/// ```
#[track_caller]
pub fn matmul<T: Number, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Array<T, D::Output> {
    error::unwrap(try_matmul(a, b))
}

/// As [`matmul`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::CoreDimension`], [`LinalgError::BatchBroadcast`].
pub fn try_matmul<T: Number, D: MatmulDim<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    product("matmul", a.view(), b.view())
}

/// The dot product: [`ArrayRef::dot`] as a function.
///
/// # Panics
/// As there.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::dot(&array![1, 2], &array![3, 4]), 11);
/// ```
#[track_caller]
pub fn dot<T: Number, D: Dot<E, T>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> D::Output {
    error::unwrap(try_dot(a, b))
}

/// As [`dot`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::NotAligned`].
pub fn try_dot<T: Number, D: Dot<E, T>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<D::Output, LinalgError> {
    if let Some(sum) = D::direct(a, b) {
        return Ok(sum);
    }
    let (na, nb) = (a.ndim(), b.ndim());
    let axis = nb.saturating_sub(2);
    contract("dot", a.view(), b.view(), na.saturating_sub(1), axis).map(D::finish)
}

/// The sum over the last axes of both operands (NumPy's `inner`); of two 1-d arrays a bare number. A 0-d
/// operand multiplies the other.
///
/// # Panics
/// The last extents differ.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1, 2], [3, 4]];
/// assert_eq!(linalg::inner(&a, &a), array![[5, 11], [11, 25]]);
/// assert_eq!(linalg::inner(&a, &Array0::from(2)), array![[2, 4], [6, 8]]);
/// ```
#[track_caller]
pub fn inner<T: Number, D: Dot<E, T>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> D::Output {
    error::unwrap(try_inner(a, b))
}

/// As [`inner`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::NotAligned`].
pub fn try_inner<T: Number, D: Dot<E, T>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<D::Output, LinalgError> {
    let (na, nb) = (a.ndim(), b.ndim());
    contract(
        "inner",
        a.view(),
        b.view(),
        na.saturating_sub(1),
        nb.saturating_sub(1),
    )
    .map(D::finish)
}

/// The sum over axis `over_a` of one and `over_b` of the other, the remaining axes of both in
/// order: `a`'s rows by a stack of `b`'s matrices.
fn contract<T: Number, D: Dimension, E: Dimension, O: Dimension>(
    op: &'static str,
    a: ArrayView<'_, T, D>,
    b: ArrayView<'_, T, E>,
    over_a: usize,
    over_b: usize,
) -> Result<Array<T, O>, LinalgError> {
    let not_aligned = || LinalgError::NotAligned {
        op,
        lhs: a.shape().to_vec(),
        rhs: b.shape().to_vec(),
        lhs_axis: over_a,
        rhs_axis: over_b,
    };
    if a.ndim() == 0 || b.ndim() == 0 {
        // A number times an array.
        let scaled = a.view_dyn().try_mul(&b.view_dyn())?;
        return scaled.into_rank_of().map_err(LinalgError::Shape);
    }
    if a.shape()[over_a] != b.shape()[over_b] {
        return Err(not_aligned());
    }
    let k = a.shape()[over_a];
    let rest = |shape: &[usize], over: usize| {
        let kept = shape.iter().enumerate().filter(|&(axis, _)| axis != over);
        kept.map(|(_, &n)| n).collect::<Vec<_>>()
    };
    let (rows, cols) = (rest(a.shape(), over_a), rest(b.shape(), over_b));
    let result: Vec<usize> = rows.iter().chain(&cols).copied().collect();
    let too_large = |_| LinalgError::TooLarge {
        op,
        shape: result.clone(),
    };
    let (m, n) = (
        rows.iter().product::<usize>(),
        cols.iter().product::<usize>(),
    );
    let last = Axis(-1);
    let a = error::unwrap(a.view_dyn().try_move_axis(Axis(over_a as isize), last));
    let b = error::unwrap(b.view_dyn().try_move_axis(Axis(over_b as isize), last));
    // Both with the summed axis last; a view unless strides of the other axes do not merge.
    let a = a.reshape([m, k]);
    let b = b.reshape([n, k]);
    let product: Array<T, Ix2> = product(op, a.view(), b.t())?;
    let whole = IxDyn::from_slice(&result).map_err(too_large)?;
    product
        .try_into_reshape(whole)
        .and_then(Array::into_rank_of)
        .map_err(too_large)
}

/// The outer product of the flattened operands (NumPy's `outer`): `(len a, len b)`.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::outer(&array![1, 2, 3], &array![10, 20]);
/// assert_eq!(x, array![[10, 20], [20, 40], [30, 60]]);
/// ```
#[track_caller]
pub fn outer<T: Number, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Array<T, Ix2> {
    let (a, b) = (a.ravel(), b.ravel());
    let column: ArrayView<'_, T, Ix2> = a.insert_axis(1);
    let row: ArrayView<'_, T, Ix1> = b.view();
    column * row
}
