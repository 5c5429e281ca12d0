//! How indices name positions along an axis.

use crate::array::{ArrayRef, AxisInt, Dimension, ShapeError};

/// Positions along an axis of length `n`: negative ones count from the end if they may.
#[derive(Clone, Copy)]
pub(in crate::ufunc) struct Positions {
    pub(in crate::ufunc) n: usize,
    pub(in crate::ufunc) negative: bool,
}

impl Positions {
    /// The position; `n` or more for what is beyond the axis.
    #[inline(always)]
    pub(in crate::ufunc) fn of<I: AxisInt>(self, index: I) -> usize {
        let index = index.to_isize();
        let from_end = index < 0 && self.negative;
        // What is below zero is beyond any axis as `usize`.
        (if from_end {
            index.wrapping_add(self.n as isize)
        } else {
            index
        }) as usize
    }

    /// # Errors
    /// [`ShapeError::Index`].
    pub(in crate::ufunc) fn check<I: AxisInt, D: Dimension>(
        self,
        indices: &ArrayRef<I, D>,
        axis: usize,
    ) -> Result<(), ShapeError> {
        // To the end, since a loop that may stop takes one element after the other.
        let good = |good: bool, &index: &I| good & (self.of(index) < self.n);
        let all = match indices.as_slice() {
            Some(indices) => indices.iter().fold(true, good),
            None => indices.iter().fold(true, good),
        };
        if !all && let Some(&bad) = indices.iter().find(|&&index| self.of(index) >= self.n) {
            return Err(ShapeError::Index {
                index: bad.to_isize(),
                axis,
                len: self.n,
            });
        }
        Ok(())
    }

    /// All positions, checked.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(in crate::ufunc) fn all<I: AxisInt, D: Dimension>(
        self,
        indices: &ArrayRef<I, D>,
        axis: usize,
    ) -> Result<Vec<usize>, ShapeError> {
        self.check(indices, axis)?;
        Ok(indices.iter().map(|&index| self.of(index)).collect())
    }
}
