//! Floats in columns: the digits, notation and widths NumPy chooses (`FloatingFormat`).
//!
//! Digits are the fewest that read back as the same number, cut to the precision by rounding the
//! exact binary value half to even, as Dragon4 gives them (Steele & White, PLDI 1990). The standard
//! library's `{:.n}` rounds so. Its `{}` and `{:e}` (Grisu, Loitsch, PLDI 2010) tell how many digits
//! identify a number, but round ties up (262144.125 in `f32` has 8 digits, 262144.13 there and
//! 262144.12 here). So digits are those of `{:.n}` where they identify the number. They may not for
//! a power of two, whose neighbours lie at unequal distances (2⁸⁷ in `f32`): there `{}` is right.

use std::fmt;
use std::str::FromStr;

use num_complex::Complex;

use super::FormatOptions;
use super::element::pad_left;

/// A floating-point type with the magnitudes at which its notation changes.
pub(super) trait PrintedFloat:
    num_traits::Float + fmt::Display + fmt::LowerExp + FromStr
{
    /// Columns holding a magnitude from here up are scientific.
    fn column_cutoff() -> Self;
    /// Single values (0-d arrays) from here up are scientific.
    fn scalar_cutoff() -> Self;
    /// Whether a single value is so small that it is scientific.
    fn is_tiny(self) -> bool;
    /// `x` in this type.
    fn rounded(x: f64) -> Self;
}

macro_rules! printed_float {
    ($($t:ty, $column:literal, $scalar:literal);+) => {$(
        impl PrintedFloat for $t {
            fn column_cutoff() -> Self { $column }
            fn scalar_cutoff() -> Self { $scalar }
            fn is_tiny(self) -> bool { f64::from(self.abs()) < 1e-4 }
            fn rounded(x: f64) -> Self { x as $t }
        }
    )+};
}
// NumPy ties the cutoffs to `finfo(dtype).precision`: 6 decimal digits for f32, 15 for f64.
printed_float!(f32, 1e6, 1e6; f64, 1e8, 1e16);

/// Texts of equal width for real `values`, or the bare text in a 0-d array.
pub(super) fn format_real<T: PrintedFloat>(values: &[T], options: &FormatOptions) -> Vec<String> {
    if options.is_scalar() {
        let text = |&x: &T| {
            let mut text = scalar(x, options, options.sign_plus());
            if text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+'))
            {
                text.push_str(".0");
            }
            text
        };
        return values.iter().map(text).collect();
    }
    let column = Column::new(values, options.column_precision(), options.sign_plus());
    values.iter().map(|&x| column.format(x)).collect()
}

/// Texts of equal width for complex `values`: two columns, the second always signed.
pub(super) fn format_complex<T: PrintedFloat>(
    values: &[&Complex<T>],
    options: &FormatOptions,
) -> Vec<String> {
    if options.is_scalar() {
        return values.iter().map(|x| complex_scalar(x, options)).collect();
    }
    let column = |part: fn(&Complex<T>) -> T, signed| {
        let parts: Vec<T> = values.iter().map(|x| part(x)).collect();
        Column::new(&parts, options.column_precision(), signed)
    };
    let re = column(|x| x.re, options.sign_plus());
    let im = column(|x| x.im, true);
    let word = |x: &&Complex<T>| {
        let (mut word, im) = (re.format(x.re), im.format(x.im));
        let digits = im.trim_end_matches(' ');
        word.push_str(digits);
        word.push('j');
        word.push_str(&im[digits.len()..]);
        word
    };
    values.iter().map(word).collect()
}

/// How the numbers of one column are written.
struct Column {
    notation: Notation,
    signed: bool,
    /// Characters before the point, sign included.
    left: usize,
    /// Characters after the point, the exponent included.
    right: usize,
}

enum Notation {
    /// At most `precision` digits after the point.
    Positional { precision: usize },
    /// Exactly `precision` digits after the point and at least `exponent` digits of exponent.
    Scientific { precision: usize, exponent: usize },
}

impl Column {
    fn new<T: PrintedFloat>(values: &[T], precision: usize, signed: bool) -> Self {
        let finite = || values.iter().copied().filter(|x| x.is_finite());
        let mut column = if wants_scientific(finite()) {
            let (mut digits, mut exponent, mut left) = (0, 2, 0);
            for x in finite() {
                let text = Scientific::shortest(x, precision, signed);
                digits = digits.max(text.fraction().len());
                exponent = exponent.max(text.exponent_digits().len());
                left = left.max(text.integer().len());
            }
            Self {
                notation: Notation::Scientific {
                    precision: digits,
                    exponent,
                },
                signed,
                left,
                right: digits + 2 + exponent,
            }
        } else {
            let (mut left, mut right) = (0, 0);
            for x in finite() {
                let text = positional(x, precision, signed);
                let point = text.find('.').unwrap_or(text.len());
                left = left.max(point);
                right = right.max(text.len() - point - 1);
            }
            Self {
                notation: Notation::Positional { precision },
                signed,
                left,
                right,
            }
        };
        let mut others = values.iter().filter(|x| !x.is_finite()).peekable();
        if others.peek().is_some() {
            // "nan" and "inf" share the whole width of a number, point included. NumPy reserves
            // room for a signed infinity whenever signs are on.
            let negative = |x: &T| x.is_infinite() && x.is_sign_negative();
            let width = 3 + usize::from(signed || others.any(negative));
            column.left = column.left.max(width.saturating_sub(column.right + 1));
        }
        column
    }

    fn format<T: PrintedFloat>(&self, x: T) -> String {
        if !x.is_finite() {
            let mut text = non_finite(x, self.signed);
            pad_left(&mut text, self.left + 1 + self.right);
            return text;
        }
        match self.notation {
            Notation::Positional { precision } => {
                let mut text = positional(x, precision, self.signed);
                let point = text.find('.').unwrap_or(text.len());
                let after = self.right + 1 - (text.len() - point);
                pad_left(&mut text, self.left + 1 + self.right - after);
                text.extend(std::iter::repeat_n(' ', after));
                text
            }
            Notation::Scientific {
                precision,
                exponent,
            } => {
                let mut text = Scientific::rounded(x, precision, self.signed).finish(exponent);
                pad_left(&mut text, self.left + 1 + self.right);
                text
            }
        }
    }
}

/// NumPy's choice of notation for a column: scientific if a magnitude is large or small, or if the
/// magnitudes differ by more than a factor of 1000.
fn wants_scientific<T: PrintedFloat>(finite: impl Iterator<Item = T>) -> bool {
    let (smallest, largest) = finite
        .filter(|x| !x.is_zero())
        .fold((T::infinity(), T::zero()), |(low, high), x| {
            (low.min(x.abs()), high.max(x.abs()))
        });
    largest > T::zero()
        && (largest >= T::column_cutoff()
            || smallest < T::rounded(1e-4)
            || largest / smallest > T::rounded(1000.0))
}

/// The fewest digits that identify `x`, at most `precision` after the point, and always a point.
fn positional<T: PrintedFloat>(x: T, precision: usize, signed: bool) -> String {
    let mut text = signed_text(signed, format_args!("{x}"), format_args!("{x:+}"));
    let needed = text.find('.').map_or(0, |point| text.len() - point - 1);
    if needed > 0 {
        let digits = needed.min(precision);
        let rounded = signed_text(
            signed,
            format_args!("{x:.digits$}"),
            format_args!("{x:+.digits$}"),
        );
        if needed > precision || reads_back(&rounded, x) {
            text = rounded;
        }
        if needed > precision && precision > 0 {
            text.truncate(text.trim_end_matches('0').len());
        }
    }
    if !text.contains('.') {
        text.push('.');
    }
    text
}

fn signed_text(signed: bool, plain: fmt::Arguments<'_>, plus: fmt::Arguments<'_>) -> String {
    if signed {
        plus.to_string()
    } else {
        plain.to_string()
    }
}

/// Whether `text` identifies `x`.
fn reads_back<T: PrintedFloat>(text: &str, x: T) -> bool {
    text.parse().is_ok_and(|parsed: T| parsed == x)
}

fn non_finite<T: PrintedFloat>(x: T, signed: bool) -> String {
    let sign = match x.is_infinite() && x.is_sign_negative() {
        true => "-",
        false if signed => "+",
        false => "",
    };
    format!("{sign}{}", if x.is_nan() { "nan" } else { "inf" })
}

/// A number as Rust's `{:e}` writes it (`-1.25e-7`), taken apart.
struct Scientific {
    text: String,
    exponent_at: usize,
}

impl Scientific {
    fn new(text: String) -> Self {
        let exponent_at = text.find('e').unwrap_or(text.len());
        Self { text, exponent_at }
    }

    /// The fewest digits that identify `x`, at most `precision` after the point.
    fn shortest<T: PrintedFloat>(x: T, precision: usize, signed: bool) -> Self {
        let needed = Self::new(format!("{x:e}")).fraction().len();
        if needed <= precision {
            return Self::rounded(x, needed, signed);
        }
        let mut cut = Self::rounded(x, precision, signed);
        let mantissa = &cut.text[..cut.exponent_at];
        if mantissa.contains('.') {
            let kept = mantissa.trim_end_matches('0').trim_end_matches('.').len();
            cut.text.replace_range(kept..cut.exponent_at, "");
            cut.exponent_at = kept;
        }
        cut
    }

    /// `x` with exactly `precision` digits after the point.
    fn rounded<T: PrintedFloat>(x: T, precision: usize, signed: bool) -> Self {
        let mut shortest = Self::new(signed_text(
            signed,
            format_args!("{x:e}"),
            format_args!("{x:+e}"),
        ));
        let rounded = signed_text(
            signed,
            format_args!("{x:.precision$e}"),
            format_args!("{x:+.precision$e}"),
        );
        let needed = shortest.fraction().len();
        if needed > precision || reads_back(&rounded, x) {
            return Self::new(rounded);
        }
        if needed < precision {
            let zeros = "0".repeat(precision - needed);
            let point = if needed == 0 { "." } else { "" };
            let at = shortest.exponent_at;
            shortest.text.insert_str(at, &format!("{point}{zeros}"));
            shortest.exponent_at += point.len() + zeros.len();
        }
        shortest
    }

    fn integer(&self) -> &str {
        let mantissa = &self.text[..self.exponent_at];
        mantissa
            .split_once('.')
            .map_or(mantissa, |(integer, _)| integer)
    }

    fn fraction(&self) -> &str {
        self.text[..self.exponent_at]
            .split_once('.')
            .map_or("", |(_, fraction)| fraction)
    }

    fn exponent_digits(&self) -> &str {
        self.text[self.exponent_at + 1..].trim_start_matches('-')
    }

    /// With a point after the integer, and an exponent with a sign and `digits` digits.
    fn finish(&self, digits: usize) -> String {
        format!(
            "{}.{}e{}",
            self.integer(),
            self.fraction(),
            self.exponent(digits)
        )
    }

    fn exponent(&self, digits: usize) -> String {
        let sign = if self.text[self.exponent_at + 1..].starts_with('-') {
            '-'
        } else {
            '+'
        };
        format!("{sign}{:0>digits$}", self.exponent_digits())
    }
}

/// One value as `str` of a NumPy scalar writes it, without a trailing `.0`.
///
/// NumPy ignores its `precision` here; a precision asked for in the format string is a limit.
fn scalar<T: PrintedFloat>(x: T, options: &FormatOptions, signed: bool) -> String {
    if !x.is_finite() {
        return non_finite(x, signed);
    }
    let precision = options.precision().unwrap_or(usize::MAX);
    if !x.is_zero() && (x.is_tiny() || x.abs() >= T::scalar_cutoff()) {
        let text = Scientific::shortest(x, precision, signed);
        return format!("{}e{}", &text.text[..text.exponent_at], text.exponent(2));
    }
    let mut text = positional(x, precision, signed);
    text.truncate(text.trim_end_matches('.').len());
    text
}

/// `(1.5+2j)`, or `2j` without a real part.
fn complex_scalar<T: PrintedFloat>(x: &Complex<T>, options: &FormatOptions) -> String {
    if x.re.is_zero() && x.re.is_sign_positive() {
        return scalar(x.im, options, options.sign_plus()) + "j";
    }
    format!(
        "({}{}j)",
        scalar(x.re, options, options.sign_plus()),
        scalar(x.im, options, true)
    )
}
