//! The shape that several shapes broadcast to.

use super::dimension::{Dimension, IxDyn};
use super::error::{ShapeError, unwrap};
use super::layout::broadcast_pair;

/// The shape that arrays of these shapes broadcast to (NumPy's `broadcast_shapes`).
///
/// # Panics
/// The shapes do not broadcast together, or have too many axes.
///
/// ```
/// use orthant::broadcast_shapes;
/// use orthant::prelude::*;
///
/// assert_eq!(broadcast_shapes(&[&[2, 1], &[3], &[]]), [2, 3]);
/// let (x, y) = (Array2::<f64>::zeros([4, 1]), Array1::<f64>::zeros(5));
/// assert_eq!(broadcast_shapes(&[x.shape(), y.shape()]), [4, 5]);
/// ```
#[track_caller]
pub fn broadcast_shapes(shapes: &[&[usize]]) -> Vec<usize> {
    unwrap(try_broadcast_shapes(shapes))
}

/// As [`broadcast_shapes`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::TooManyAxes`].
///
/// ```
/// use orthant::try_broadcast_shapes;
///
/// assert_eq!(try_broadcast_shapes(&[&[1, 3], &[2, 1]])?, [2, 3]);
/// let error = try_broadcast_shapes(&[&[2], &[3], &[1]]).unwrap_err();
/// assert!(error.to_string().ends_with("with shapes (2,) (3,) (1,)"));
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_broadcast_shapes(shapes: &[&[usize]]) -> Result<Vec<usize>, ShapeError> {
    broadcast_all(shapes.iter().copied()).map(|dim| dim.as_slice().to_vec())
}

/// The shape that all of these broadcast to; an error names them all.
pub(crate) fn broadcast_all<'a>(
    shapes: impl Iterator<Item = &'a [usize]> + Clone,
) -> Result<IxDyn, ShapeError> {
    let mut all = IxDyn::from_slice(&[])?;
    for shape in shapes.clone() {
        let shape = IxDyn::from_slice(shape)?;
        all = match broadcast_pair(all.as_slice(), shape.as_slice()) {
            Err(ShapeError::Broadcast { .. }) => {
                return Err(ShapeError::Broadcast {
                    shapes: shapes.map(<[usize]>::to_vec).collect(),
                });
            }
            all => all?,
        };
    }
    Ok(all)
}
