//! `array!` literals, nested Rust arrays and nested vectors.

use crate::array::dimension::{Dimension, Ix};
use crate::array::error::{ShapeError, unwrap};
use crate::array::layout::Layout;
use crate::array::shape::Order;
use crate::array::types::{Array, ArrayView, ArrayViewMut};

/// An array literal: one to six levels of brackets, any element type.
///
/// ```
/// use orthant::prelude::*;
///
/// let x: Array2<f64> = array![[1., 2.], [3., 4.]];
/// assert_eq!(x.shape(), &[2, 2]);
/// let empty: Array1<f64> = array![];
/// assert_eq!(empty.len(), 0);
/// assert_eq!(array![0; 3], array![0, 0, 0]);
/// ```
///
/// Rows of different lengths do not compile:
///
/// ```compile_fail,E0308
/// use orthant::prelude::*;
///
/// let x = array![[1, 2], [3]];
/// ```
#[macro_export]
macro_rules! array {
    ($([$([$([$([$([$($x:expr),* $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?) => {
        $crate::Array6::from(::std::vec![$([$([$([$([$([$($x,)*],)+],)+],)+],)+],)+])
    };
    ($([$([$([$([$($x:expr),* $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?) => {
        $crate::Array5::from(::std::vec![$([$([$([$([$($x,)*],)+],)+],)+],)+])
    };
    ($([$([$([$($x:expr),* $(,)?]),+ $(,)?]),+ $(,)?]),+ $(,)?) => {
        $crate::Array4::from(::std::vec![$([$([$([$($x,)*],)+],)+],)+])
    };
    ($([$([$($x:expr),* $(,)?]),+ $(,)?]),+ $(,)?) => {
        $crate::Array3::from(::std::vec![$([$([$($x,)*],)+],)+])
    };
    ($([$($x:expr),* $(,)?]),+ $(,)?) => {
        $crate::Array2::from(::std::vec![$([$($x,)*],)+])
    };
    ($x:expr; $n:expr) => {
        $crate::Array1::from_vec(::std::vec![$x; $n])
    };
    ($($x:expr),* $(,)?) => {
        $crate::Array1::from_vec(::std::vec![$($x,)*])
    };
}

/// The layout of nested Rust arrays. Their bytes fit an `isize`, but where elements have no size or
/// an axis no length, extents can still be too large.
fn row_major<T, const N: usize>(shape: [usize; N]) -> Layout<Ix<N>> {
    unwrap(Layout::<Ix<N>>::checked_len(&shape, size_of::<T>()));
    Layout::dense(Ix(shape), Order::C)
}

/// `Vec<[[T; B]; A]>` and its like flatten without copying, one level at a time.
macro_rules! nested {
    ($ndim:literal: $nested:ty, $($flatten:ident)*; $($n:ident)*) => {
        impl<T, $(const $n: usize),*> From<Vec<$nested>> for Array<T, Ix<$ndim>> {
            /// The elements in row-major order; nothing is copied.
            fn from(rows: Vec<$nested>) -> Self {
                let layout = row_major::<T, $ndim>([rows.len(), $($n),*]);
                Array::from_elements(rows$(.$flatten())*, layout)
            }
        }
        impl<T, const LEN: usize, $(const $n: usize),*> From<[$nested; LEN]> for Array<T, Ix<$ndim>> {
            /// The elements in row-major order.
            fn from(rows: [$nested; LEN]) -> Self {
                Self::from(Vec::from(rows))
            }
        }
        impl<'a, T, $(const $n: usize),*> From<&'a [$nested]> for ArrayView<'a, T, Ix<$ndim>> {
            /// A view of the slice.
            fn from(rows: &'a [$nested]) -> Self {
                let layout = row_major::<T, $ndim>([rows.len(), $($n),*]);
                // SAFETY: invariant 2: nested arrays lie without gaps in row-major order.
                unsafe { ArrayView::from_parts(std::ptr::NonNull::from(rows).cast(), layout) }
            }
        }
        impl<'a, T, $(const $n: usize),*> From<&'a mut [$nested]> for ArrayViewMut<'a, T, Ix<$ndim>> {
            /// An exclusive view of the slice.
            fn from(rows: &'a mut [$nested]) -> Self {
                let layout = row_major::<T, $ndim>([rows.len(), $($n),*]);
                // SAFETY: invariants 2 and 4: as above, exclusive.
                unsafe { ArrayViewMut::from_parts(std::ptr::NonNull::from(rows).cast(), layout) }
            }
        }
    };
}
nested!(1: T, ;);
nested!(2: [T; A], into_flattened; A);
nested!(3: [[T; B]; A], into_flattened into_flattened; A B);
nested!(4: [[[T; C]; B]; A], into_flattened into_flattened into_flattened; A B C);
nested!(5: [[[[T; E]; C]; B]; A], into_flattened into_flattened into_flattened into_flattened; A B C E);
nested!(6: [[[[[T; F]; E]; C]; B]; A], into_flattened into_flattened into_flattened into_flattened into_flattened; A B C E F);

/// Joins parts of equal shape along a new first axis.
fn join<T, D: Dimension, E: Dimension>(
    parts: impl Iterator<Item = Result<Array<T, D>, ShapeError>>,
) -> Result<Array<T, E>, ShapeError> {
    let mut first: Option<Vec<usize>> = None;
    let mut elements = Vec::new();
    let mut count = 0;
    for (index, part) in parts.enumerate() {
        let part = part?;
        let first = first.get_or_insert_with(|| part.shape().to_vec());
        if part.shape() != first.as_slice() {
            let (found, first) = (part.shape().to_vec(), first.clone());
            return Err(ShapeError::Ragged {
                index,
                found,
                first,
            });
        }
        elements.append(&mut part.into_vec());
        count += 1;
    }
    let mut shape = vec![count];
    shape.extend(first.unwrap_or_else(|| vec![0; D::NDIM.unwrap_or(0)]));
    let dim = E::from_slice(&shape)?;
    Ok(Array::from_elements(elements, Layout::dense(dim, Order::C)))
}

impl<T> TryFrom<Vec<Vec<T>>> for Array<T, Ix<2>> {
    type Error = ShapeError;
    /// One row per inner vector.
    ///
    /// # Errors
    /// [`ShapeError::Ragged`] when their lengths differ.
    fn try_from(rows: Vec<Vec<T>>) -> Result<Self, ShapeError> {
        join(rows.into_iter().map(|row| Ok(Array::from_vec(row))))
    }
}
impl<T> TryFrom<Vec<Vec<Vec<T>>>> for Array<T, Ix<3>> {
    type Error = ShapeError;
    /// One matrix per inner vector.
    ///
    /// # Errors
    /// [`ShapeError::Ragged`] when their shapes differ.
    fn try_from(parts: Vec<Vec<Vec<T>>>) -> Result<Self, ShapeError> {
        join(parts.into_iter().map(Array::<T, Ix<2>>::try_from))
    }
}
