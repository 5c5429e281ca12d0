//! Arithmetic as methods: fallible (`try_add`), reversed (`rsub`), checked (`checked_add`).

use super::{Arithmetic, Integer, Op, compute, operate};
use crate::array::dimension::Dimension;
use crate::array::element::Number;
use crate::array::error::{ShapeError, unwrap};
use crate::array::lattice::DimMax;
use crate::array::layout::Layout;
use crate::array::layout::broadcast_pair;
use crate::array::operand::Operand;
use crate::array::shape::Order;
use crate::array::types::{Array, ArrayRef};
use crate::reduce::{Summable, Total};

/// The rank of an operation between `D` and an operand.
type Max<D, O> = <D as DimMax<O>>::Output;

macro_rules! fallible {
    ($run:ident, $of:expr, $enum:ident: $($(#[$doc:meta])* $name:ident $op:ident;)+) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name<R: Operand<T>>(&self, rhs: R) -> Result<Array<T, Max<D, R::Dim>>, ShapeError>
        where
            D: DimMax<R::Dim>,
        {
            $run($of($enum::$op), self, rhs)
        }
    )+};
}

macro_rules! reversed {
    ($($(#[$doc:meta])* $name:ident $op:ident;)+) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name<L: Operand<T>>(&self, lhs: L) -> Array<T, Max<L::Dim, D>>
        where
            L::Dim: DimMax<D>,
        {
            unwrap(compute(Op::<T>::arithmetic(Arithmetic::$op), lhs, self))
        }
    )+};
}

impl<T: Summable, D: Dimension> ArrayRef<T, D> {
    fallible! {
        operate, Op::<T>::total, Total:
        /// `self + rhs`, with shapes that do not broadcast as an error; logical or of `bool`.
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![[1, 2, 3], [4, 5, 6]];
        /// assert!(x.try_add(&array![1, 2]).is_err());
        /// assert_eq!(x.try_add(1)?, array![[2, 3, 4], [5, 6, 7]]);
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        try_add Sum;
        /// `self * rhs`, with shapes that do not broadcast as an error; logical and of `bool`.
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![5, 6];
        /// assert_eq!(x.try_mul(&array![[1], [2]])?, array![[5, 6], [10, 12]]);
        /// assert!(x.try_mul(&array![1, 2, 3]).is_err());
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        try_mul Product;
    }
}

impl<T: Number, D: Dimension> ArrayRef<T, D> {
    fallible! {
        compute, Op::<T>::arithmetic, Arithmetic:
        /// `self - rhs`, with shapes that do not broadcast as an error.
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![5, 6];
        /// assert_eq!(x.try_sub(1)?, array![4, 5]);
        /// assert!(x.try_sub(&array![1, 2, 3]).is_err());
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        try_sub Sub;
        /// `self / rhs` (integers truncate), with mistakes as an error.
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`]; [`ShapeError::ZeroDivisor`] for integers.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let error = array![7, 8].try_div(&array![2, 0]).unwrap_err();
        /// assert_eq!(error.to_string(), "divide: the divisor is zero at index [1]");
        /// ```
        try_div Div;
        /// `self % rhs` (the sign of the dividend, as Rust's), with mistakes as an error.
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`]; [`ShapeError::ZeroDivisor`] for integers.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![-7, 7];
        /// assert_eq!(x.try_rem(4)?, array![-3, 3]);
        /// assert!(x.try_rem(0).is_err());
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        try_rem Rem;
    }
    reversed! {
        /// `lhs - self`, in code that is generic over the element type.
        ///
        /// # Panics
        /// The shapes do not broadcast together.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, 2.0].rsub(1.0), array![0.0, -1.0]);
        /// ```
        rsub Sub;
        /// `lhs / self`, in code that is generic over the element type.
        ///
        /// # Panics
        /// The shapes do not broadcast together; an integer divisor is zero.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, 2.0].rdiv(1.0), array![1.0, 0.5]);
        /// ```
        rdiv Div;
        /// `lhs % self`, in code that is generic over the element type.
        ///
        /// # Panics
        /// The shapes do not broadcast together; an integer divisor is zero.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![4, 5].rrem(7), array![3, 2]);
        /// ```
        rrem Rem;
    }
}

macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident $op:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name<R: Operand<T>>(&self, rhs: R) -> Result<Array<T, Max<D, R::Dim>>, ShapeError>
        where
            D: DimMax<R::Dim>,
        {
            checked(self, rhs, |x, y, index| {
                x.checked(y, Arithmetic::$op)
                    .ok_or_else(|| ShapeError::IntegerOverflow {
                        op: stringify!($name),
                        index: index.to_vec(),
                    })
            })
        }
    )+};
}

impl<T: Integer, D: Dimension> ArrayRef<T, D> {
    checked! {
        /// `self + rhs` without wrapping.
        ///
        /// # Errors
        /// [`ShapeError::IntegerOverflow`] naming the first index, [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![100_i8, 27];
        /// assert_eq!(&x + 100, array![-56, 127]);
        /// assert!(x.checked_add(100).is_err());
        /// assert_eq!(x.checked_add(27)?, array![127, 54]);
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        checked_add Add;
        /// `self - rhs` without wrapping.
        ///
        /// # Errors
        /// [`ShapeError::IntegerOverflow`] naming the first index, [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![3_u8, 5];
        /// assert_eq!(x.checked_sub(3)?, array![0, 2]);
        /// assert!(x.checked_sub(4).is_err());
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        checked_sub Sub;
        /// `self * rhs` without wrapping.
        ///
        /// # Errors
        /// [`ShapeError::IntegerOverflow`] naming the first index, [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![3_i8, 64];
        /// assert_eq!(x.checked_mul(-2)?, array![-6, -128]);
        /// assert!(x.checked_mul(2).is_err());
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        checked_mul Mul;
    }
}

/// `f(x, y, index)` of all pairs, in order, up to the first error.
pub(crate) fn checked<T: Integer, D: DimMax<R::Dim>, R: Operand<T>>(
    lhs: &ArrayRef<T, D>,
    rhs: R,
    f: impl Fn(T, T, &[usize]) -> Result<T, ShapeError>,
) -> Result<Array<T, Max<D, R::Dim>>, ShapeError> {
    rhs.with_view(|rhs| {
        let dim: Max<D, R::Dim> = broadcast_pair(lhs.shape(), rhs.shape())?;
        let layout = Layout::dense(dim, Order::C);
        Layout::<Max<D, R::Dim>>::checked_len(dim.as_slice(), size_of::<T>())?;
        // SAFETY: invariant 3: repeated elements are shared.
        let (a, b) = unsafe {
            use crate::array::types::ArrayView;
            (
                ArrayView::from_parts(lhs.ptr, lhs.layout.broadcast_to(dim)?),
                ArrayView::from_parts(rhs.head.ptr, rhs.layout.broadcast_to(dim)?),
            )
        };
        let mut elements = Vec::with_capacity(layout.len());
        for ((index, &x), &y) in a.indexed_iter().zip(b.iter()) {
            elements.push(f(x, y, index.as_ref())?);
        }
        Ok(Array::from_elements(elements, layout))
    })
}
