//! Differences of neighbours.

use super::element::Summable;
use crate::array::{Array, ArrayRef, Axis, Dimension, ShapeError, loops, unwrap};
use crate::engine::Cost;

/// Every entry along an axis less the one before it.
fn neighbours<T: Summable, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: usize,
) -> Result<Array<T, D>, ShapeError> {
    let later = x.slice_axis(axis, Some(1), None, 1);
    let earlier = x.slice_axis(axis, None, Some(-1), 1);
    // SAFETY: the kernel is over `T`.
    unsafe { loops::binary(&later, &earlier, Cost::Memory, T::difference().0) }
}

impl<T: Summable, D: Dimension> ArrayRef<T, D> {
    /// The differences `x[i + 1] - x[i]` along an axis, taken `n` times: `n` entries fewer, or none
    /// (NumPy's `np.diff(x, n, axis)`). Integers wrap; `bool` says where neighbours differ.
    ///
    /// # Panics
    /// There is no such axis.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2, 4], [0, 3, 3]];
    /// assert_eq!(x.diff(1, -1), array![[1, 2], [3, 0]]);
    /// assert_eq!(x.diff(2, 1), array![[1], [-3]]);
    /// assert_eq!(x.diff(1, 0), array![[-1, 1, -1]]);
    /// assert_eq!(array![true, false, false].diff(1, 0), array![true, false]);
    /// ```
    #[track_caller]
    pub fn diff(&self, n: usize, axis: impl Into<Axis>) -> Array<T, D> {
        unwrap(self.try_diff(n, axis))
    }

    /// As [`diff`](Self::diff), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1.0, 4.0];
    /// assert_eq!(x.try_diff(1, 0)?, array![3.0]);
    /// assert!(x.try_diff(1, 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_diff(&self, n: usize, axis: impl Into<Axis>) -> Result<Array<T, D>, ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        if n == 0 {
            return Ok(self.map(|&x| x));
        }
        let mut out = neighbours(self, axis)?;
        // None are left after as many steps as there are entries.
        for _ in 1..n.min(self.shape()[axis].max(1)) {
            out = neighbours(&out, axis)?;
        }
        Ok(out)
    }
}
