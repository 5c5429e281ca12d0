//! What the elements of an array look like in print: [`FormatElement`].

use std::borrow::Cow;
use std::fmt;

use num_complex::Complex;

use super::brackets::char_count;
use super::{PRECISION, float, text};

/// An element type whose arrays can be printed with `{}`.
///
/// Implemented for all integers, `f32`, `f64`, their [`Complex`], `bool`, `char`, `String`, `&str`
/// and `Cow<str>`, which print as NumPy prints them. Your own type joins with one line, given
/// [`Display`](fmt::Display); its elements are then aligned to the right in columns:
///
/// ```
/// use orthant::prelude::*;
/// use orthant::FormatElement;
///
/// struct Cents(u32);
/// impl std::fmt::Display for Cents {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
///     }
/// }
/// impl FormatElement for Cents {}
///
/// let prices = array![[Cents(995), Cents(12_000)], [Cents(5), Cents(150)]];
/// assert_eq!(prices.to_string(), "[[  9.95 120.00]\n [  0.05   1.50]]");
/// ```
pub trait FormatElement: fmt::Display {
    /// The text of each of `elements`, in their order, one per element.
    ///
    /// All elements that will be shown come together, so that an implementation can choose digits
    /// and a width that fit them all. The default prints each with
    /// [`Display`](fmt::Display) and pads to the longest on the left; texts of several lines are
    /// left as they are.
    fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
        let mut words: Vec<String> = elements.iter().map(|x| options.display(x)).collect();
        if !words.iter().any(|word| word.contains('\n')) {
            let width = words.iter().map(|word| char_count(word)).max().unwrap_or(0);
            for word in &mut words {
                pad_left(word, width);
            }
        }
        words
    }
}

/// The flags of the format string that reach the elements (`{:+.3}`).
///
/// For types that choose their texts themselves:
///
/// ```
/// use orthant::prelude::*;
/// use orthant::{FormatElement, FormatOptions};
///
/// #[derive(Clone, Copy)]
/// struct Percent(f64);
/// impl std::fmt::Display for Percent {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         std::fmt::Display::fmt(&self.0, f)
///     }
/// }
/// impl FormatElement for Percent {
///     fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
///         elements.iter().map(|&x| options.display(x) + "%").collect()
///     }
/// }
/// assert_eq!(format!("{:.1}", array![Percent(2.5), Percent(10.0)]), "[2.5% 10.0%]");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FormatOptions {
    precision: Option<usize>,
    sign_plus: bool,
    scalar: bool,
}

impl FormatOptions {
    pub(super) fn new(f: &fmt::Formatter<'_>, scalar: bool) -> Self {
        Self {
            precision: f.precision(),
            sign_plus: f.sign_plus(),
            scalar,
        }
    }

    /// The digits after the point asked for, as in `{:.3}`.
    pub fn precision(&self) -> Option<usize> {
        self.precision
    }

    /// Whether positive numbers carry a sign, as in `{:+}`.
    pub fn sign_plus(&self) -> bool {
        self.sign_plus
    }

    /// Whether the array is 0-d, so that its element is printed bare rather than in a column.
    pub fn is_scalar(&self) -> bool {
        self.scalar
    }

    /// Prints one value with these flags.
    pub fn display<T: fmt::Display + ?Sized>(&self, value: &T) -> String {
        match (self.precision, self.sign_plus) {
            (None, false) => format!("{value}"),
            (None, true) => format!("{value:+}"),
            (Some(digits), false) => format!("{value:.digits$}"),
            (Some(digits), true) => format!("{value:+.digits$}"),
        }
    }

    /// The most digits that a float in a column may show after the point.
    pub(super) fn column_precision(&self) -> usize {
        self.precision.unwrap_or(PRECISION)
    }
}

/// Pads `word` with spaces on the left to `width` characters.
pub(super) fn pad_left(word: &mut String, width: usize) {
    let missing = width.saturating_sub(char_count(word));
    if missing > 0 {
        word.insert_str(0, &" ".repeat(missing));
    }
}

macro_rules! as_displayed {
    ($($t:ty),+) => { $(impl FormatElement for $t {})+ };
}
as_displayed!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

impl FormatElement for bool {
    fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
        let yes = if options.is_scalar() { "True" } else { " True" };
        let word = |&&x: &&bool| if x { yes } else { "False" }.to_owned();
        elements.iter().map(word).collect()
    }
}

macro_rules! floats {
    ($($t:ty),+) => {$(
        impl FormatElement for $t {
            fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
                let values: Vec<$t> = elements.iter().map(|&&x| x).collect();
                float::format_real(&values, options)
            }
        }
        impl FormatElement for Complex<$t> {
            fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
                float::format_complex(elements, options)
            }
        }
    )+};
}
floats!(f32, f64);

macro_rules! quoted {
    ($(($($generics:tt)*) $t:ty),+ $(,)?) => {$(
        impl $($generics)* FormatElement for $t {
            fn format_elements(elements: &[&Self], options: &FormatOptions) -> Vec<String> {
                elements.iter().map(|x| text::quote(&x.to_string(), options)).collect()
            }
        }
    )+};
}
quoted!(() char, () String, () &str, () Cow<'_, str>);
