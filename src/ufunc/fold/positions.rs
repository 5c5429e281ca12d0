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
        let turn = if self.negative { self.n as isize } else { 0 };
        let is_negative = index >> (isize::BITS - 1);
        // What is below zero is beyond any axis as `usize`.
        index.wrapping_add(is_negative & turn) as usize
    }

    /// Whether all are positions. To the end, since a loop that may stop takes one element after the other, and
    /// by signs, since not all registers compare integers of 64 bits.
    #[inline(always)]
    pub(in crate::ufunc) fn hold<'a, I: AxisInt + 'a>(
        self,
        indices: impl Iterator<Item = &'a I>,
    ) -> bool {
        let last = self.n as isize - 1;
        let signs = indices.fold(0, |signs, &index| {
            let at = self.of(index) as isize;
            signs | at | last.wrapping_sub(at)
        });
        signs >= 0
    }

    /// # Errors
    /// [`ShapeError::Index`].
    pub(in crate::ufunc) fn check<I: AxisInt, D: Dimension>(
        self,
        indices: &ArrayRef<I, D>,
        axis: usize,
    ) -> Result<(), ShapeError> {
        let all = match indices.as_slice() {
            Some(indices) => self.hold(indices.iter()),
            None => self.hold(indices.iter()),
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

#[cfg(test)]
mod tests {
    use super::Positions;

    #[test]
    fn positions_at_the_ends() {
        for n in [0, 1, 5, isize::MAX as usize] {
            let end = n as isize;
            let mut indices = vec![0, 1, -1, 4, 5, -5, -6, isize::MIN, isize::MAX];
            indices.extend([end.wrapping_sub(1), end, -end]);
            for negative in [false, true] {
                let place = Positions { n, negative };
                for &index in &indices {
                    let turn = if negative && index < 0 { n as i128 } else { 0 };
                    let exact = index as i128 + turn;
                    let good = (0..n as i128).contains(&exact);
                    assert_eq!(place.hold([index].iter()), good, "{index} of {n}");
                    assert_eq!(place.of(index) < n, good, "{index} of {n}");
                    assert!(!good || place.of(index) as i128 == exact);
                }
                assert!(!place.hold([0, usize::MAX].iter()));
                assert!(place.hold([0_usize; 0].iter()));
            }
        }
    }
}
