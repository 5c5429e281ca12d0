//! Closeness element by element: `is_close`.

use super::forms::{Max, with_three};
use super::run::run_fresh;
use crate::array::{
    Array, ArrayRef, DimMax, Dimension, Number, Operand, ScalarOperand, ShapeError, unwrap,
};
use crate::engine::{Cost, TernaryOp};

/// How far apart numbers may be to be close.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    rtol: f64,
    atol: f64,
    equal_nan: bool,
}

/// Whether two numbers are close.
#[derive(Clone, Copy)]
pub(crate) struct IsClose;

impl<T: Number> TernaryOp<T, T, Tolerance, bool> for IsClose {
    #[inline(always)]
    fn apply(a: T, b: T, to: Tolerance) -> bool {
        a.number_is_close(b, to.rtol, to.atol, to.equal_nan)
    }
}

impl<T: Number, D: Dimension> ArrayRef<T, D> {
    /// Whether elements are within `atol + rtol·|other|` of the other's, one by one (NumPy's
    /// `isclose(self, other, rtol, atol)`, whose defaults are 1e-5 and 1e-8). Equal infinities are
    /// close, NaN to nothing.
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
    #[track_caller]
    pub fn is_close<R: Operand<T>>(
        &self,
        other: R,
        rtol: f64,
        atol: f64,
    ) -> Array<bool, Max<D, R::Dim>>
    where
        D: DimMax<R::Dim>,
    {
        unwrap(self.close_to(
            other,
            Tolerance {
                rtol,
                atol,
                equal_nan: false,
            },
        ))
    }

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
    #[track_caller]
    pub fn is_close_nan<R: Operand<T>>(
        &self,
        other: R,
        rtol: f64,
        atol: f64,
    ) -> Array<bool, Max<D, R::Dim>>
    where
        D: DimMax<R::Dim>,
    {
        unwrap(self.close_to(
            other,
            Tolerance {
                rtol,
                atol,
                equal_nan: true,
            },
        ))
    }

    fn close_to<R: Operand<T>>(
        &self,
        other: R,
        tolerance: Tolerance,
    ) -> Result<Array<bool, Max<D, R::Dim>>, ShapeError>
    where
        D: DimMax<R::Dim>,
    {
        with_three(self, other, ScalarOperand(tolerance), |inputs| {
            // SAFETY: the kernel's types.
            unsafe { run_fresh(inputs, Cost::Arithmetic, T::is_close_loop().0) }
        })
    }
}
