//! How arrays are printed: `Display` as NumPy's `print`, `Debug` with shape, strides and layout.
//!
//! Data come in as a shape and a closure from index to element, so nothing here knows how an array
//! stores its elements, and only the elements that will be shown are ever asked for: printing a
//! summary of 10⁸ elements reads 6 of them. Text goes out through one [`fmt::Formatter`].
//!
//! * [`element`]: what one element type looks like ([`FormatElement`], [`FormatOptions`]).
//! * [`float`]: shortest digits, common precision and width, scientific notation.
//! * [`text`]: quoting of strings and characters.
//! * [`brackets`]: brackets, `...`, line breaks; knows words, not element types.
//! * [`debug`]: the `Debug` form.
//!
//! What may not live here: arithmetic, array types, iteration over storage.
//!
//! # Flags
//!
//! | flag | meaning | NumPy |
//! |---|---|---|
//! | `{}` | at most 8 digits after the point, a summary above 1,000 elements | `print(x)` |
//! | `{:.3}` | at most 3 digits after the point | `printoptions(precision=3)` |
//! | `{:+}` | a sign on every number | `printoptions(sign='+')` |
//! | `{:#}` | every element, however many | `printoptions(threshold=sys.maxsize)` |
//! | `{:8}` | every element at least 8 characters wide, right-aligned | none |

mod brackets;
mod debug;
mod element;
mod float;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

pub(crate) use debug::debug_array;
pub use element::{FormatElement, FormatOptions};

/// Arrays with more elements than this are summarised (`threshold`).
const THRESHOLD: usize = 1000;
/// How many elements a summary keeps at each end of an axis (`edgeitems`).
const EDGE_ITEMS: usize = 3;
/// Lines are broken before this column (`linewidth`).
const LINE_WIDTH: usize = 75;
/// Most digits printed after the point of a float (`precision`).
const PRECISION: usize = 8;

/// Writes an array as `print` of NumPy 2.4 does, honouring the flags in the module's table.
///
/// `get` is called once per element shown, in row-major order, with an index inside `shape`. An
/// empty `shape` is a 0-d array and prints as the bare element.
pub(crate) fn format_array<'a, T: FormatElement + 'a>(
    f: &mut fmt::Formatter<'_>,
    shape: &[usize],
    get: &dyn Fn(&[usize]) -> &'a T,
) -> fmt::Result {
    if shape.contains(&0) {
        return f.write_str("[]");
    }
    let shown = brackets::Shown::new(shape, f.alternate());
    let mut elements = Vec::new();
    shown.for_each_index(&mut |index| elements.push(get(index)));
    let mut words = T::format_elements(&elements, &FormatOptions::new(f, shape.is_empty()));
    assert_eq!(
        words.len(),
        elements.len(),
        "FormatElement::format_elements must return one text per element"
    );
    if let Some(width) = f.width() {
        for word in &mut words {
            element::pad_left(word, width);
        }
    }
    f.write_str(&shown.lay_out(&words))
}
