//! Matrices of special form: `diag`, `tri`, `tril`, `triu`, `vander`, `block_diag`, `toeplitz`,
//! `circulant`, `hilbert`.

use crate::array::{Array, ArrayRef, Dimension, Float, Ix1, Ix2, Number, error};
use crate::linalg::{EinsumOperands, LinalgError};
use num_traits::{One, Zero};

/// The matrix with these elements on the diagonal `offset` above the main one, zero elsewhere (NumPy's
/// `diag` of a vector; of a matrix, [`diagonal`](super::diagonal)).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::diag(&array![1, 2], 0), array![[1, 0], [0, 2]]);
/// assert_eq!(linalg::diag(&array![7], -1), array![[0, 0], [7, 0]]);
/// ```
#[track_caller]
pub fn diag<T: Clone + Zero>(v: &ArrayRef<T, Ix1>, offset: isize) -> Array<T, Ix2> {
    let n = v.len() + offset.unsigned_abs();
    let mut out = Array::full([n, n], T::zero());
    out.diagonal_mut(offset, 0, 1).assign(v);
    out
}

/// Ones on and below the diagonal `offset` above the main one, zeros above (NumPy's `tri`).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::tri::<i32>(2, 3, 0), array![[1, 0, 0], [1, 1, 0]]);
/// ```
#[track_caller]
pub fn tri<T: Clone + Zero + One>(rows: usize, cols: usize, offset: isize) -> Array<T, Ix2> {
    let mut out = Array::full([rows, cols], T::zero());
    for i in 0..rows {
        out.row_mut(i)
            .slice_mut(crate::s![..up_to(i, offset, cols)])
            .fill(T::one());
    }
    out
}

/// How many columns of row `i` lie on or below a diagonal.
fn up_to(i: usize, offset: isize, cols: usize) -> usize {
    let end = (i as isize).saturating_add(offset).saturating_add(1);
    (end.max(0) as usize).min(cols)
}

/// A copy of a matrix, or of each of a stack, with zeros above the diagonal `offset` above the main one
/// (NumPy's `tril`).
///
/// # Panics
/// Fewer than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = array![[1, 2, 3], [4, 5, 6]];
/// assert_eq!(linalg::tril(&x, 0), array![[1, 0, 0], [4, 5, 0]]);
/// ```
#[track_caller]
pub fn tril<T: Clone + Zero, D: Dimension>(a: &ArrayRef<T, D>, offset: isize) -> Array<T, D> {
    triangle("tril", a, |i, cols| up_to(i, offset, cols)..cols)
}

/// A copy of a matrix, or of each of a stack, with zeros below the diagonal `offset` above the main one
/// (NumPy's `triu`).
///
/// # Panics
/// Fewer than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = array![[1, 2, 3], [4, 5, 6]];
/// assert_eq!(linalg::triu(&x, 0), array![[1, 2, 3], [0, 5, 6]]);
/// ```
#[track_caller]
pub fn triu<T: Clone + Zero, D: Dimension>(a: &ArrayRef<T, D>, offset: isize) -> Array<T, D> {
    triangle("triu", a, |i, cols| {
        0..up_to(i, offset.saturating_sub(1), cols)
    })
}

/// A copy with zeros in these columns of each row.
#[track_caller]
fn triangle<T: Clone + Zero, D: Dimension>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    zeros: impl Fn(usize, usize) -> std::ops::Range<usize>,
) -> Array<T, D> {
    if a.ndim() < 2 {
        let shape = a.shape().to_vec();
        error::fail(LinalgError::TooFewDimensions { op, shape });
    }
    let mut out = a.to_owned();
    let shape = out.shape();
    let (rows, cols) = (shape[shape.len() - 2], shape[shape.len() - 1]);
    for i in 0..rows {
        let range = zeros(i, cols);
        let mut row = out.view_mut().into_dyn().into_index_axis(-2, i);
        let (start, end) = (range.start as isize, range.end as isize);
        row.slice_axis_mut(-1, Some(start), Some(end), 1)
            .fill(T::zero());
    }
    out
}

/// In which order [`vander`] puts the powers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Powers {
    /// The highest first (NumPy's default).
    #[default]
    Decreasing,
    /// `x⁰` first.
    Increasing,
}

/// The Vandermonde matrix: row `i` has the powers of `x[i]` from 0 to `columns - 1` (NumPy's `vander`).
///
/// ```
/// use orthant::{linalg::{self, Powers}, prelude::*};
///
/// let x = array![1, 2, 3];
/// assert_eq!(linalg::vander(&x, 3, Powers::Decreasing), array![[1, 1, 1], [4, 2, 1], [9, 3, 1]]);
/// assert_eq!(linalg::vander(&x, 2, Powers::Increasing), array![[1, 1], [1, 2], [1, 3]]);
/// ```
#[track_caller]
pub fn vander<T: Number>(x: &ArrayRef<T, Ix1>, columns: usize, powers: Powers) -> Array<T, Ix2> {
    let mut out = Array::full([x.len(), columns], T::one());
    for (mut row, &x) in out.outer_iter_mut().zip(x.iter()) {
        let mut power = T::one();
        for j in 1..columns {
            power = power.number_mul(x);
            let at = match powers {
                Powers::Increasing => j,
                Powers::Decreasing => columns - 1 - j,
            };
            row[at] = power;
        }
    }
    out
}

/// Matrices along the diagonal, zeros elsewhere (SciPy's `block_diag`). 1-d operands are rows, scalars
/// 1×1 blocks.
///
/// # Panics
/// An operand of more than two axes.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::block_diag((&array![[1, 2], [3, 4]], &array![5, 6], 7));
/// assert_eq!(
///     x,
///     array![[1, 2, 0, 0, 0], [3, 4, 0, 0, 0], [0, 0, 5, 6, 0], [0, 0, 0, 0, 7]]
/// );
/// ```
#[track_caller]
pub fn block_diag<Ops: EinsumOperands>(blocks: Ops) -> Array<Ops::Elem, Ix2>
where
    Ops::Elem: Copy + Zero,
{
    error::unwrap(try_block_diag(blocks))
}

/// As [`block_diag`], with the mistake as an error.
///
/// # Errors
/// [`LinalgError::NotMatrix`], [`LinalgError::Shape`].
pub fn try_block_diag<Ops: EinsumOperands>(
    blocks: Ops,
) -> Result<Array<Ops::Elem, Ix2>, LinalgError>
where
    Ops::Elem: Copy + Zero,
{
    blocks.with_factors(|factors| {
        let shape = |shape: &[usize]| match *shape {
            [] => Ok([1, 1]),
            [n] => Ok([1, n]),
            [m, n] => Ok([m, n]),
            _ => Err(LinalgError::NotMatrix {
                op: "block_diag",
                shape: shape.to_vec(),
            }),
        };
        let shapes: Vec<[usize; 2]> = factors
            .iter()
            .map(|f| shape(f.shape))
            .collect::<Result<_, _>>()?;
        let total = shapes
            .iter()
            .fold([0; 2], |[m, n], [rows, cols]| [m + rows, n + cols]);
        let mut out = Array::<Ops::Elem, Ix2>::try_from_shape_fn(total, |_| Ops::Elem::zero())?;
        let (mut i, mut j) = (0, 0);
        for (factor, [rows, cols]) in factors.iter().zip(shapes) {
            out.slice_mut(crate::s![i..i + rows, j..j + cols])
                .assign(factor.view());
            (i, j) = (i + rows, j + cols);
        }
        Ok(out)
    })
}

/// The matrix with constant diagonals whose first column is `column` and first row `row`, of which the
/// first element is not used (SciPy's `toeplitz`).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let x = linalg::toeplitz(&array![1, 2, 3], &array![1, 4, 5]);
/// assert_eq!(x, array![[1, 4, 5], [2, 1, 4], [3, 2, 1]]);
/// ```
#[track_caller]
pub fn toeplitz<T: Clone>(column: &ArrayRef<T, Ix1>, row: &ArrayRef<T, Ix1>) -> Array<T, Ix2> {
    Array::from_shape_fn([column.len(), row.len()], |[i, j]| {
        if i >= j {
            column[i - j].clone()
        } else {
            row[j - i].clone()
        }
    })
}

/// The matrix whose first column is `column`, each next one rotated down by one (SciPy's `circulant`).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::circulant(&array![1, 2, 3]), array![[1, 3, 2], [2, 1, 3], [3, 2, 1]]);
/// ```
#[track_caller]
pub fn circulant<T: Clone>(column: &ArrayRef<T, Ix1>) -> Array<T, Ix2> {
    let n = column.len();
    Array::from_shape_fn([n, n], |[i, j]| column[(i + n - j) % n].clone())
}

/// The Hilbert matrix `1 / (i + j + 1)`, a famously ill-conditioned one (SciPy's `hilbert`).
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// assert_eq!(linalg::hilbert::<f64>(2), array![[1.0, 0.5], [0.5, 1.0 / 3.0]]);
/// ```
#[track_caller]
pub fn hilbert<T: Float>(n: usize) -> Array<T, Ix2> {
    Array::from_shape_fn([n, n], |[i, j]| {
        T::from_f64(1.0) / T::from_f64((i + j + 1) as f64)
    })
}
