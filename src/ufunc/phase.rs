//! Phases without jumps: `unwrap_phase`.

use crate::array::{Array, ArrayRef, Axis, Dimension, Float, ShapeError, unwrap};

impl<T: Float, D: Dimension> ArrayRef<T, D> {
    /// Angles in radians made continuous along an axis: steps of more than π become those that differ
    /// by a multiple of 2π (NumPy's `np.unwrap`). Other periods are
    /// [`unwrap_period`](Self::unwrap_period)'s.
    ///
    /// # Panics
    /// There is no such axis.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use std::f64::consts::PI;
    ///
    /// let phase = array![3.0, -3.0, -2.5].unwrap_phase(0);
    /// assert!(phase.all_close(&array![3.0, 2.0 * PI - 3.0, 2.0 * PI - 2.5], 1e-15, 0.0));
    /// ```
    #[track_caller]
    pub fn unwrap_phase(&self, axis: impl Into<Axis>) -> Array<T, D> {
        unwrap(self.try_unwrap_phase(axis))
    }

    /// As [`unwrap_phase`](Self::unwrap_phase), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![0.0, 7.0].try_unwrap_phase(1).is_err());
    /// ```
    pub fn try_unwrap_phase(&self, axis: impl Into<Axis>) -> Result<Array<T, D>, ShapeError> {
        self.try_unwrap_period(axis, T::from_f64(2.0 * std::f64::consts::PI))
    }

    /// As [`unwrap_phase`](Self::unwrap_phase) with a period of the caller's: steps of more than half a
    /// period become shorter ones (NumPy's `np.unwrap(x, axis=axis, period=period)`).
    ///
    /// # Panics
    /// There is no such axis.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let hours = array![22.0, 23.0, 1.0, 4.0].unwrap_period(0, 24.0);
    /// assert_eq!(hours, array![22.0, 23.0, 25.0, 28.0]);
    /// ```
    #[track_caller]
    pub fn unwrap_period(&self, axis: impl Into<Axis>, period: T) -> Array<T, D> {
        unwrap(self.try_unwrap_period(axis, period))
    }

    /// As [`unwrap_period`](Self::unwrap_period), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![0.0, 7.0].try_unwrap_period(1, 5.0).is_err());
    /// ```
    pub fn try_unwrap_period(
        &self,
        axis: impl Into<Axis>,
        period: T,
    ) -> Result<Array<T, D>, ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        let corrections = self
            .try_diff(1, axis)?
            .map(|&step| correction(step, period));
        let mut out = self.map(|&x| x);
        let mut rest = out.slice_axis_mut(axis, Some(1), None, 1);
        rest += &corrections.try_cumsum_axis(axis)?;
        Ok(out)
    }
}

/// What is to be added to a step so that it is at most half a period.
fn correction<T: Float>(step: T, period: T) -> T {
    let half = period / T::from_f64(2.0);
    if num_traits::Float::abs(step) < half {
        return T::zero();
    }
    let rest = (step + half) % period;
    let rest = if rest < T::zero() {
        rest + period
    } else {
        rest
    };
    // A step up of half a period stays one.
    let tie = rest == T::zero() && step > T::zero();
    let short = if tie { half } else { rest - half };
    short - step
}
