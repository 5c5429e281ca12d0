//! Closeness element by element: `is_close`.

use super::forms::{Max, with_three};
use super::run::{Side, run_fresh, run_into};
use crate::array::{
    Array, ArrayRef, DimMax, Dimension, Number, Operand, ScalarOperand, ShapeError, unwrap,
};
use crate::engine::{Cost, TernaryOp};

/// Whether elements are within `atol + rtol·|other|` of the other's, one by one (NumPy's `isclose`):
/// [`x.is_close(y, rtol, atol)`](ArrayRef::is_close) as an object. The default is NumPy's, 1e-5 and
/// 1e-8.
///
/// ```
/// use orthant::{prelude::*, ufunc};
///
/// let (x, y) = (array![1.0, 1.1], array![1.0 + 1e-9, 1.0]);
/// assert_eq!(ufunc::IsClose::default().call(&x, &y), array![true, false]);
/// let wide = ufunc::IsClose { rtol: 0.2, ..Default::default() };
/// assert_eq!(wide.call(&x, &y), array![true, true]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IsClose {
    /// How far apart numbers may be, as a part of the second's magnitude.
    pub rtol: f64,
    /// How far apart they may be besides.
    pub atol: f64,
    /// Whether NaN is close to NaN.
    pub equal_nan: bool,
}

impl Default for IsClose {
    fn default() -> Self {
        IsClose {
            rtol: 1e-5,
            atol: 1e-8,
            equal_nan: false,
        }
    }
}

/// Whether two numbers are close.
#[derive(Clone, Copy)]
pub(crate) struct Closeness;

impl<T: Number> TernaryOp<T, T, IsClose, bool> for Closeness {
    #[inline(always)]
    fn apply(a: T, b: T, to: IsClose) -> bool {
        a.number_is_close(b, to.rtol, to.atol, to.equal_nan)
    }
}

impl IsClose {
    /// Whether elements are close, for all pairs, broadcasting.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let nan = ufunc::IsClose { equal_nan: true, ..Default::default() };
    /// assert_eq!(nan.call(&array![f64::NAN, 1.0], f64::NAN), array![true, false]);
    /// ```
    #[track_caller]
    pub fn call<T: Number, X: Operand<T>, Y: Operand<T>>(
        &self,
        x: X,
        y: Y,
    ) -> Array<bool, Max<X::Dim, Y::Dim>>
    where
        X::Dim: DimMax<Y::Dim>,
    {
        unwrap(self.try_call(x, y))
    }

    /// As [`call`](Self::call), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let close = ufunc::IsClose::default();
    /// assert_eq!(close.try_call(&array![1, 2], 1)?, array![true, false]);
    /// assert!(close.try_call(&array![1, 2], &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call<T: Number, X: Operand<T>, Y: Operand<T>>(
        &self,
        x: X,
        y: Y,
    ) -> Result<Array<bool, Max<X::Dim, Y::Dim>>, ShapeError>
    where
        X::Dim: DimMax<Y::Dim>,
    {
        with_three(x, y, ScalarOperand(*self), |inputs| {
            // SAFETY: the kernel's types.
            unsafe { run_fresh(inputs, Cost::Arithmetic, T::is_close_loop().0) }
        })
    }

    /// Whether elements are close, into an array that exists, to whose shape the arguments are
    /// broadcast; nothing is allocated.
    ///
    /// # Panics
    /// An argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let mut close = array![false, false];
    /// ufunc::IsClose::default().call_into(&array![1.0, 2.0], 2.0, &mut close);
    /// assert_eq!(close, array![false, true]);
    /// ```
    #[track_caller]
    pub fn call_into<T: Number, X: Operand<T>, Y: Operand<T>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        out: &mut ArrayRef<bool, D>,
    ) {
        unwrap(self.try_call_into(x, y, out));
    }

    /// As [`call_into`](Self::call_into), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let (x, mut close) = (array![1.0, 2.0], array![false, false]);
    /// ufunc::IsClose::default().try_call_into(&x, 2.0, &mut close)?;
    /// assert_eq!(close, array![false, true]);
    /// assert!(ufunc::IsClose::default().try_call_into(&x, 2.0, &mut array![true]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T: Number, X: Operand<T>, Y: Operand<T>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        out: &mut ArrayRef<bool, D>,
    ) -> Result<(), ShapeError> {
        with_three(x, y, ScalarOperand(*self), |inputs| {
            let kernel = T::is_close_loop().0;
            // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the inputs.
            unsafe { run_into(Side::of(out), inputs, false, Cost::Arithmetic, kernel) }
        })
    }
}

/// The methods that are sugar for one setting of the object.
macro_rules! closes {
    ($($(#[$doc:meta])+ $name:ident $try_name:ident $equal_nan:literal;)+) => {$(
        $(#[$doc])+
        #[track_caller]
        pub fn $name<R: Operand<T>>(
            &self,
            other: R,
            rtol: f64,
            atol: f64,
        ) -> Array<bool, Max<D, R::Dim>>
        where
            D: DimMax<R::Dim>,
        {
            unwrap(self.$try_name(other, rtol, atol))
        }

        #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::Broadcast`].
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![1.0, 2.0];
        #[doc = concat!("assert_eq!(x.", stringify!($try_name), "(2.0, 0.0, 0.1)?, array![false, true]);")]
        #[doc = concat!("assert!(x.", stringify!($try_name), "(&array![1.0, 2.0, 3.0], 0.0, 0.1).is_err());")]
        /// # Ok::<(), orthant::ShapeError>(())
        /// ```
        pub fn $try_name<R: Operand<T>>(
            &self,
            other: R,
            rtol: f64,
            atol: f64,
        ) -> Result<Array<bool, Max<D, R::Dim>>, ShapeError>
        where
            D: DimMax<R::Dim>,
        {
            let close = IsClose {
                rtol,
                atol,
                equal_nan: $equal_nan,
            };
            close.try_call(self, other)
        }
    )+};
}

impl<T: Number, D: Dimension> ArrayRef<T, D> {
    closes! {
        /// Whether elements are within `atol + rtol·|other|` of the other's, one by one (NumPy's
        /// `isclose(self, other, rtol, atol)`, whose defaults are 1e-5 and 1e-8). Equal infinities are
        /// close, NaN to nothing. The object is [`ufunc::IsClose`](IsClose).
        ///
        /// # Panics
        /// The shapes do not broadcast together.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// let x = array![1.0, 1.1, f64::NAN];
        /// assert_eq!(x.is_close(&array![1.0 + 1e-9, 1.0, f64::NAN], 1e-5, 1e-8), array![true, false, false]);
        /// ```
        is_close try_is_close false;
        /// As [`is_close`](Self::is_close), with NaN close to NaN (NumPy's `equal_nan=True`).
        ///
        /// # Panics
        /// The shapes do not broadcast together.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![f64::NAN, 1.0].is_close_nan(f64::NAN, 0.0, 0.0), array![true, false]);
        /// ```
        is_close_nan try_is_close_nan true;
    }
}
