//! Products of whole arrays: `tensordot`, `kron`, `multi_dot`.

use super::product;
use crate::array::{
    Array, ArrayRef, ArrayView, Axis, AxisInt, CowArray, DimMax, Dimension, IntoAxes, Ix2, IxDyn,
    Layout, MAX_NDIM, Number, Order, error,
};
use crate::linalg::LinalgError;
use crate::linalg::einsum::{EinsumOperands, contract_labels, multiply_axes};

/// Which axes [`tensordot`] sums over (sealed): a number — the last so many of the left operand with the
/// first so many of the right — or two lists, `([1, 0], [0, 1])`.
pub trait ContractAxes: private::Sealed {
    #[doc(hidden)]
    fn resolve(&self, lhs: usize, rhs: usize) -> (Vec<isize>, Vec<isize>);
}

mod private {
    pub trait Sealed {}
}

macro_rules! counts {
    ($($t:ty)+) => {$(
        impl private::Sealed for $t {}
        impl ContractAxes for $t {
            fn resolve(&self, lhs: usize, _: usize) -> (Vec<isize>, Vec<isize>) {
                // Too many, or a negative number: axes that do not exist, which the caller reports.
                let n = self.to_isize().max(0);
                ((lhs as isize - n..lhs as isize).map(|a| if a < 0 { a - lhs as isize } else { a }).collect(), (0..n).collect())
            }
        }
    )+};
}
counts!(usize isize i32 i64 u32);

impl<A: IntoAxes, B: IntoAxes> private::Sealed for (A, B) {}
impl<A: IntoAxes, B: IntoAxes> ContractAxes for (A, B) {
    fn resolve(&self, _: usize, _: usize) -> (Vec<isize>, Vec<isize>) {
        (
            self.0.with_axes(<[isize]>::to_vec),
            self.1.with_axes(<[isize]>::to_vec),
        )
    }
}

/// The sum of products over pairs of axes, the other axes of both operands in order (NumPy's
/// `tensordot`). 0 axes give the outer product.
///
/// # Panics
/// Paired axes of different lengths, axes that do not exist or occur twice, a result of more than eight
/// axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (a, b) = (Array3::<f64>::ones([3, 4, 5]), Array3::<f64>::ones([4, 3, 2]));
/// let c = linalg::tensordot(&a, &b, ([1, 0], [0, 1]));
/// assert_eq!(c, Array2::full([5, 2], 12.0).into_dyn());
/// assert_eq!(linalg::tensordot(&array![1, 2], &array![3, 4], 1).item(), 11);
/// ```
#[track_caller]
pub fn tensordot<T: Number, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axes: impl ContractAxes,
) -> Array<T, IxDyn> {
    error::unwrap(try_tensordot(a, b, axes))
}

/// As [`tensordot`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::AxesMismatch`], [`LinalgError::Shape`].
pub fn try_tensordot<T: Number, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
    axes: impl ContractAxes,
) -> Result<Array<T, IxDyn>, LinalgError> {
    const OP: &str = "tensordot";
    let (na, nb) = (a.ndim(), b.ndim());
    let (left, right) = axes.resolve(na, nb);
    let mismatch = || LinalgError::AxesMismatch {
        op: OP,
        lhs: a.shape().to_vec(),
        rhs: b.shape().to_vec(),
        lhs_axes: left.clone(),
        rhs_axes: right.clone(),
    };
    if left.len() != right.len() {
        return Err(mismatch());
    }
    // Labels: axes of `a` are 0.., those of `b` follow; paired ones take that of `a`.
    let mut labels_a = [0u8; MAX_NDIM];
    let mut labels_b = [0u8; MAX_NDIM];
    (0..na).for_each(|axis| labels_a[axis] = axis as u8);
    (0..nb).for_each(|axis| labels_b[axis] = (MAX_NDIM + axis) as u8);
    let repeated = |axes: &[isize]| {
        let axes = axes.to_vec();
        LinalgError::Shape(crate::array::ShapeError::RepeatedAxis { op: OP, axes })
    };
    let mut used = [[false; MAX_NDIM]; 2];
    for (&x, &y) in left.iter().zip(&right) {
        let (x, y) = (Axis(x).resolve(na)?, Axis(y).resolve(nb)?);
        if std::mem::replace(&mut used[0][x], true) {
            return Err(repeated(&left));
        }
        if std::mem::replace(&mut used[1][y], true) {
            return Err(repeated(&right));
        }
        if a.shape()[x] != b.shape()[y] {
            return Err(mismatch());
        }
        labels_b[y] = x as u8;
    }
    let free_a = (0..na)
        .filter(|&axis| !used[0][axis])
        .map(|axis| labels_a[axis]);
    let free_b = (0..nb)
        .filter(|&axis| !used[1][axis])
        .map(|axis| labels_b[axis]);
    let output: Vec<u8> = free_a.chain(free_b).collect();
    if output.len() > MAX_NDIM {
        let ndim = output.len();
        return Err(crate::array::ShapeError::TooManyAxes { ndim }.into());
    }
    let operands = [
        (a.view_dyn(), &labels_a[..na]),
        (b.view_dyn(), &labels_b[..nb]),
    ];
    contract_labels(OP, &operands, &output)
}

/// The Kronecker product: blocks `a[i, j]·b` (NumPy's `kron`). The operand of lower rank gets axes of
/// length 1 in front.
///
/// # Panics
/// A result whose size overflows.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::kron(&array![[1, 10]], &array![[1, 2], [3, 4]]);
/// assert_eq!(x, array![[1, 2, 10, 20], [3, 4, 30, 40]]);
/// assert_eq!(linalg::kron(&array![1, 10], &array![1, 2]), array![1, 2, 10, 20]);
/// ```
#[track_caller]
pub fn kron<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Array<T, D::Output> {
    error::unwrap(try_kron(a, b))
}

/// As [`kron`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::TooLarge`].
pub fn try_kron<T: Number, D: DimMax<E>, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<T, E>,
) -> Result<Array<T, D::Output>, LinalgError> {
    let ndim = a.ndim().max(b.ndim());
    let padded = |shape: &[usize], strides: &[isize]| {
        let mut axes = [(1usize, 0isize); MAX_NDIM];
        let lead = ndim - shape.len();
        for (axis, (&n, &stride)) in shape.iter().zip(strides).enumerate() {
            axes[lead + axis] = (n, stride);
        }
        axes
    };
    let (axes_a, axes_b) = (
        padded(a.shape(), a.strides()),
        padded(b.shape(), b.strides()),
    );
    let pairs = axes_a.iter().zip(&axes_b).take(ndim);
    let shape: Vec<usize> = pairs.map(|(a, b)| a.0.saturating_mul(b.0)).collect();
    let too_large = |_| LinalgError::TooLarge {
        op: "kron",
        shape: shape.clone(),
    };
    Layout::<IxDyn>::checked_len(&shape, size_of::<T>()).map_err(too_large)?;
    let layout = Layout::dense(D::Output::from_slice(&shape).map_err(too_large)?, Order::C);
    let out = Array::<T, D::Output>::uninit_layout(layout);
    if out.is_empty() {
        // SAFETY: nothing to initialise.
        return Ok(unsafe { out.assume_init() });
    }
    // Each axis of the result is one of `a` around one of `b`.
    let mut axes = Vec::with_capacity(2 * ndim);
    for axis in 0..ndim {
        let ((n, stride_a), (m, stride_b)) = (axes_a[axis], axes_b[axis]);
        let stride = layout.strides()[axis];
        axes.push((n, [stride * m as isize, stride_a, 0]));
        axes.push((m, [stride, 0, stride_b]));
    }
    // SAFETY: the axes name each element of `out`, which is fresh, once, and elements of `a` and `b`.
    unsafe {
        multiply_axes(out.head.ptr.as_ptr().cast(), a.as_ptr(), b.as_ptr(), &axes);
        Ok(out.assume_init())
    }
}

/// The product of many matrices in the order that needs the fewest multiplications (NumPy's
/// `linalg.multi_dot`). The first may be 1-d, a row, and the last 1-d, a column, whose axes the result
/// lacks.
///
/// # Panics
/// Fewer than two operands, operands of other ranks, or extents that do not match.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let (a, b) = (Array2::<f64>::ones([10, 100]), Array2::<f64>::ones([100, 5]));
/// let c = linalg::multi_dot((&a, &b, &array![1.0, 2.0, 0.0, 0.0, 0.0]));
/// assert_eq!(c, Array1::full(10, 300.0).into_dyn());
/// ```
#[track_caller]
pub fn multi_dot<Ops: EinsumOperands>(operands: Ops) -> Array<Ops::Elem, IxDyn>
where
    Ops::Elem: Number,
{
    error::unwrap(try_multi_dot(operands))
}

/// As [`multi_dot`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::TooFewOperands`], [`LinalgError::NotMatrix`], [`LinalgError::NotAligned`].
pub fn try_multi_dot<Ops: EinsumOperands>(
    operands: Ops,
) -> Result<Array<Ops::Elem, IxDyn>, LinalgError>
where
    Ops::Elem: Number,
{
    const OP: &str = "multi_dot";
    operands.with_factors(|factors| {
        let last = match factors.len() {
            0 | 1 => {
                let given = factors.len();
                return Err(LinalgError::TooFewOperands { op: OP, given });
            }
            n => n - 1,
        };
        let mut matrices = Vec::with_capacity(factors.len());
        for (at, factor) in factors.iter().enumerate() {
            let view = factor.view();
            matrices.push(match view.ndim() {
                2 => view.rank::<2>().parts(),
                1 if at == 0 => view.insert_axis(0).rank::<2>().parts(),
                1 if at == last => view.insert_axis(1).rank::<2>().parts(),
                _ => {
                    let shape = view.shape().to_vec();
                    return Err(LinalgError::NotMatrix { op: OP, shape });
                }
            });
        }
        // SAFETY: the parts of views of operands that are borrowed all along.
        let matrices = matrices
            .into_iter()
            .map(|(ptr, layout)| unsafe { ArrayView::from_parts(ptr, layout) });
        let matrices: Vec<ArrayView<'_, Ops::Elem, Ix2>> = matrices.collect();
        for pair in matrices.windows(2) {
            if pair[0].ncols() != pair[1].nrows() {
                return Err(LinalgError::NotAligned {
                    op: OP,
                    lhs: pair[0].shape().to_vec(),
                    rhs: pair[1].shape().to_vec(),
                    lhs_axis: 1,
                    rhs_axis: 0,
                });
            }
        }
        let splits = chain_order(&matrices);
        let whole = multiply_chain(&matrices, &splits, 0, last)?
            .into_owned()
            .into_dyn();
        let ends = (factors[0].shape.len() == 1, factors[last].shape.len() == 1);
        let whole = if ends.1 {
            whole.into_squeeze_axis(1)
        } else {
            whole
        };
        Ok(if ends.0 {
            whole.into_squeeze_axis(0)
        } else {
            whole
        })
    })
}

/// For each part of a chain, the matrix before which to split it (Cormen et al., "Introduction to
/// Algorithms", §15.2).
fn chain_order<T>(matrices: &[ArrayView<'_, T, Ix2>]) -> Vec<Vec<usize>> {
    let n = matrices.len();
    let extent = |i: usize| match i {
        0 => matrices[0].nrows() as f64,
        _ => matrices[i - 1].ncols() as f64,
    };
    let mut cost = vec![vec![0.0f64; n]; n];
    let mut split = vec![vec![0; n]; n];
    for length in 1..n {
        for i in 0..n - length {
            let j = i + length;
            cost[i][j] = f64::INFINITY;
            split[i][j] = j;
            for at in i + 1..=j {
                let product = extent(i) * extent(at) * extent(j + 1);
                let total = cost[i][at - 1] + cost[at][j] + product;
                if total < cost[i][j] {
                    (cost[i][j], split[i][j]) = (total, at);
                }
            }
        }
    }
    split
}

fn multiply_chain<'a, T: Number>(
    matrices: &[ArrayView<'a, T, Ix2>],
    splits: &[Vec<usize>],
    first: usize,
    last: usize,
) -> Result<CowArray<'a, T, Ix2>, LinalgError> {
    if first == last {
        return Ok(CowArray::View(matrices[first]));
    }
    let at = splits[first][last];
    let a = multiply_chain(matrices, splits, first, at - 1)?;
    let b = multiply_chain(matrices, splits, at, last)?;
    product("multi_dot", a.view(), b.view()).map(CowArray::Owned)
}
