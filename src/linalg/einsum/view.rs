//! Permutations and diagonals as views.

use super::bind::Bound;
use super::error::EinsumError;
use super::operands::factor;
use super::parse::Subscripts;
use crate::array::{ArrayRef, ArrayView, ArrayViewMut, Dimension, IxDyn, Layout, unwrap};
use crate::linalg::error::LinalgError;

/// The layout that subscripts for one operand give its elements.
fn layout<T, D: Dimension>(
    subscripts: &str,
    a: &ArrayRef<T, D>,
) -> Result<Layout<IxDyn>, LinalgError> {
    let parsed = Subscripts::parse(subscripts)?;
    let bound = Bound::new(&parsed, [a.ndim()].into_iter())?;
    let extents = bound.resolve(&[factor(a)])?;
    let labels = bound.inputs[0].labels();
    let output = bound.output.labels();
    if labels.iter().any(|label| !output.contains(label)) {
        let subscripts = subscripts.to_owned();
        return Err(EinsumError::NotAView { subscripts }.into());
    }
    let (shape, ndim) = bound.shape(&extents);
    let mut strides = [0; crate::array::MAX_NDIM];
    for (stride, label) in strides.iter_mut().zip(output) {
        let axes = labels.iter().zip(a.strides());
        *stride = axes
            .filter(|(own, _)| *own == label)
            .map(|(_, stride)| stride)
            .sum();
    }
    // Not more axes than the operand has: each output label is one of its labels.
    Ok(unwrap(Layout::from_slices(
        &shape[..ndim],
        &strides[..ndim],
    )))
}

/// The elements of one array with its axes in another order, or its diagonals, as a view (what NumPy's
/// `einsum` returns where it does not sum). Any element type.
///
/// # Errors
/// As [`einsum`](super::einsum); [`EinsumError::NotAView`] where something is summed over.
///
/// ```
/// use orthant::{linalg::einsum_view, prelude::*};
///
/// let x = array![[1, 2], [3, 4]];
/// assert_eq!(einsum_view("ij->ji", &x).unwrap(), x.t());
/// assert_eq!(einsum_view("ii->i", &x).unwrap(), array![1, 4].into_dyn());
/// assert!(einsum_view("ij->i", &x).is_err());
/// ```
pub fn einsum_view<'a, T, D: Dimension>(
    subscripts: &str,
    a: &'a ArrayRef<T, D>,
) -> Result<ArrayView<'a, T, IxDyn>, LinalgError> {
    let layout = layout(subscripts, a)?;
    // SAFETY: every label of the output moves along axes of `a` of its extent, so that only elements
    // of `a` are reached, which stay borrowed.
    Ok(unsafe { ArrayView::from_parts(a.ptr, layout) })
}

/// As [`einsum_view`], to write through.
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg::einsum_view_mut, prelude::*};
///
/// let mut x = Array2::<f64>::zeros([2, 2]);
/// einsum_view_mut("ii->i", &mut x).unwrap().fill(1.0);
/// assert_eq!(x, Array2::eye(2, 2, 0));
/// ```
pub fn einsum_view_mut<'a, T, D: Dimension>(
    subscripts: &str,
    a: &'a mut ArrayRef<T, D>,
) -> Result<ArrayViewMut<'a, T, IxDyn>, LinalgError> {
    let layout = layout(subscripts, a)?;
    // SAFETY: as above; no axis of `a` is left out and no output label occurs twice, so that no
    // element is reached twice.
    Ok(unsafe { ArrayViewMut::from_parts(a.ptr, layout) })
}
