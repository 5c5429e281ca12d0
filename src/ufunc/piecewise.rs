//! Functions of the user's on parts of an array: `piecewise`.

use super::choose::counts;
use crate::array::{Array, ArrayD, ArrayRef, Dimension, ShapeError, unwrap};

impl<T: Copy, D: Dimension> ArrayRef<T, D> {
    /// Element by element the function of the last condition that is `true`, else `otherwise`
    /// (NumPy's `piecewise`).
    ///
    /// # Panics
    /// A condition has another shape, or there are not as many conditions as functions.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2.0, -1.0, 1.0, 2.0];
    /// let y = x.piecewise(&[&x.less(-1.5)], &[&|_| -1.5], &|x| x * x);
    /// assert_eq!(y, array![-1.5, 1.0, 1.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn piecewise<R>(
        &self,
        conditions: &[&ArrayRef<bool, D>],
        functions: &[&dyn Fn(T) -> R],
        otherwise: &dyn Fn(T) -> R,
    ) -> Array<R, D> {
        unwrap(self.try_piecewise(conditions, functions, otherwise))
    }

    /// As [`piecewise`](Self::piecewise), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BroadcastInto`], [`ShapeError::Argument`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2, 3];
    /// assert_eq!(x.try_piecewise(&[&x.less(0)], &[&|x| -x], &|x| x)?, array![2, 3]);
    /// assert!(x.try_piecewise(&[&x.less(0)], &[], &|x| x).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_piecewise<R>(
        &self,
        conditions: &[&ArrayRef<bool, D>],
        functions: &[&dyn Fn(T) -> R],
        otherwise: &dyn Fn(T) -> R,
    ) -> Result<Array<R, D>, ShapeError> {
        counts("piecewise", conditions.len(), functions.len())?;
        for condition in conditions {
            if condition.shape() != self.shape() {
                return Err(ShapeError::BroadcastInto {
                    from: condition.shape().to_vec(),
                    into: self.shape().to_vec(),
                });
            }
        }
        let dense: Option<Vec<&[bool]>> = conditions.iter().map(|c| c.as_slice()).collect();
        if let (Some(x), Some(conditions)) = (self.as_slice(), dense)
            && conditions.len() <= MOST_LISTED
            && !std::mem::needs_drop::<R>()
        {
            let elements = piecewise_dense(x, &conditions, functions, otherwise);
            return Array::try_from_shape_vec(self.shape(), elements)?.into_rank_of();
        }
        let mut which = self.full_like(functions.len());
        for (i, condition) in conditions.iter().enumerate() {
            which.mask_fill(*condition, i);
        }
        let of = |(&x, &which): (&T, &usize)| functions.get(which).unwrap_or(&otherwise)(x);
        let elements = self.iter().zip(which.iter()).map(of).collect();
        ArrayD::try_from_shape_vec(self.shape(), elements)?.into_rank_of()
    }
}

/// Elements that are sorted by their function before any is called.
const BLOCK: usize = 256;

/// Functions for which it pays to look through a block for each.
const MOST_LISTED: usize = 8;

/// `piecewise` of dense elements: within a block one function after the other, since a processor predicts
/// where a call goes by where the last one went.
fn piecewise_dense<T: Copy, R>(
    x: &[T],
    conditions: &[&[bool]],
    functions: &[&dyn Fn(T) -> R],
    otherwise: &dyn Fn(T) -> R,
) -> Vec<R> {
    let mut elements = Vec::<R>::with_capacity(x.len());
    let slots = &mut elements.spare_capacity_mut()[..x.len()];
    let (mut which, mut listed) = ([0_u8; BLOCK], [0_u8; BLOCK]);
    for (b, (x, slots)) in x.chunks(BLOCK).zip(slots.chunks_mut(BLOCK)).enumerate() {
        let which = &mut which[..x.len()];
        which.fill(functions.len() as u8);
        for (i, condition) in conditions.iter().enumerate() {
            let bits = &condition[b * BLOCK..];
            for (which, &bit) in which.iter_mut().zip(bits) {
                *which = if bit { i as u8 } else { *which };
            }
        }
        for i in 0..=functions.len() {
            let function = functions.get(i).unwrap_or(&otherwise);
            let mut count = 0;
            for (place, &which) in which.iter().enumerate() {
                listed[count % BLOCK] = place as u8;
                count += usize::from(usize::from(which) == i);
            }
            for &place in &listed[..count] {
                slots[usize::from(place)].write(function(x[usize::from(place)]));
            }
        }
    }
    // SAFETY: every element has one function, whose result was written in its slot.
    unsafe { elements.set_len(x.len()) };
    elements
}
