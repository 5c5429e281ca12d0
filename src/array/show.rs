//! `Display` and `Debug` of all array types.

use std::fmt;

use super::dimension::Dimension;
use super::format::{FormatElement, debug_array, format_array};
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

macro_rules! formatted {
    ($($kind:ty),+) => {$(
        impl<T: FormatElement, D: Dimension> fmt::Display for $kind {
            /// As NumPy prints: aligned, 8 digits, summarised above 1,000 elements (`{:#}` prints
            /// all, `{:.3}` rounds).
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // SAFETY: the formatter asks for indices within the shape (invariant 2).
                format_array(f, self.shape(), &|index| unsafe {
                    self.ptr.offset(self.layout.offset(index)).as_ref()
                })
            }
        }
        impl<T: fmt::Debug, D: Dimension> fmt::Debug for $kind {
            /// The elements, shape, strides, memory order and element type.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // SAFETY: as above.
                debug_array(f, self.shape(), self.strides(), &|index| unsafe {
                    self.ptr.offset(self.layout.offset(index)).as_ref()
                })
            }
        }
    )+};
}
formatted!(Array<T, D>, ArrayRef<T, D>, ArrayView<'_, T, D>, ArrayViewMut<'_, T, D>, CowArray<'_, T, D>);
