//! `Debug` of an array: its elements as nested lists, then how they lie in memory.

use std::fmt;

use super::brackets::{Shown, Token};

/// Writes the elements with their own `Debug` and all flags of `f` (`{:.3?}`, `{:x?}`, …), then
/// shape, strides (in elements), layout and element type:
///
/// ```text
/// [[1.0, 2.0],
///  [3.0, 4.0]], shape=[2, 2], strides=[2, 1], layout=C, type=f64
/// ```
///
/// `{:#?}` shows every element, `{:?}` summarises above 1,000. `layout` is `C`, `F`, `CF` (both,
/// as for one axis) or `strided`.
pub(crate) fn debug_array<'a, T: fmt::Debug + 'a>(
    f: &mut fmt::Formatter<'_>,
    shape: &[usize],
    strides: &[isize],
    get: &dyn Fn(&[usize]) -> &'a T,
) -> fmt::Result {
    if shape.contains(&0) {
        f.write_str("[]")?;
    } else {
        Shown::new(shape, f.alternate()).walk(&mut |token| match token {
            Token::Open => f.write_str("["),
            Token::Close => f.write_str("]"),
            Token::Gap => f.write_str("..."),
            Token::Separator { rank: 1, .. } => f.write_str(", "),
            Token::Separator { rank, indent } => {
                f.write_str(",")?;
                (1..rank).try_for_each(|_| f.write_str("\n"))?;
                (0..indent).try_for_each(|_| f.write_str(" "))
            }
            Token::Element(index) => get(index).fmt(f),
        })?;
    }
    let layout = Contiguity::of(shape, strides);
    let name = short_type_name(std::any::type_name::<T>());
    // The trailer must not inherit `{:.3?}` or `{:#?}`, hence `write!` rather than `fmt(f)`.
    write!(
        f,
        ", shape={shape:?}, strides={strides:?}, layout={layout}, type={name}"
    )
}

/// In which orders the elements lie in memory without gaps.
enum Contiguity {
    C,
    F,
    Both,
    Strided,
}

impl Contiguity {
    fn of(shape: &[usize], strides: &[isize]) -> Self {
        let axes = || shape.iter().copied().zip(strides.iter().copied());
        match (is_packed(shape, axes().rev()), is_packed(shape, axes())) {
            (true, true) => Self::Both,
            (true, false) => Self::C,
            (false, true) => Self::F,
            (false, false) => Self::Strided,
        }
    }
}

/// Whether `axes`, fastest first, follow each other without gaps; an axis of length 1 may have any
/// stride, and so may every axis of an empty array.
fn is_packed(shape: &[usize], axes: impl Iterator<Item = (usize, isize)>) -> bool {
    let mut expected = 1;
    shape.contains(&0)
        || axes.filter(|&(len, _)| len != 1).all(|(len, stride)| {
            let fits = stride == expected;
            expected = expected.saturating_mul(len as isize);
            fits
        })
}

impl fmt::Display for Contiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::C => "C",
            Self::F => "F",
            Self::Both => "CF",
            Self::Strided => "strided",
        })
    }
}

/// `num_complex::Complex<f64>` as `Complex<f64>`: the paths in front of names add only noise.
fn short_type_name(full: &str) -> String {
    let mut short = String::with_capacity(full.len());
    let mut rest = full;
    while !rest.is_empty() {
        let path = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .unwrap_or(rest.len());
        let (name, tail) = rest.split_at(path);
        short.push_str(name.rsplit("::").next().unwrap_or(name));
        let punctuation = tail.chars().next().map_or(0, char::len_utf8);
        short.push_str(&tail[..punctuation]);
        rest = &tail[punctuation..];
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{Contiguity, short_type_name};

    #[test]
    fn type_names_lose_their_paths() {
        for (full, short) in [
            ("f64", "f64"),
            ("num_complex::Complex<f64>", "Complex<f64>"),
            ("&str", "&str"),
            (
                "(alloc::string::String, [core::option::Option<u8>; 2])",
                "(String, [Option<u8>; 2])",
            ),
        ] {
            assert_eq!(short_type_name(full), short);
        }
    }

    #[test]
    fn layouts_have_names() {
        let cases: [(&[usize], &[isize], &str); 9] = [
            (&[], &[], "CF"),
            (&[4], &[1], "CF"),
            (&[4], &[-1], "strided"),
            (&[2, 3], &[3, 1], "C"),
            (&[2, 3], &[1, 2], "F"),
            (&[2, 3], &[0, 1], "strided"),
            (&[2, 1, 3], &[3, 99, 1], "C"),
            (&[1, 3], &[7, 1], "CF"),
            (&[0, 3], &[5, 9], "CF"),
        ];
        for (shape, strides, name) in cases {
            assert_eq!(
                Contiguity::of(shape, strides).to_string(),
                name,
                "{shape:?} {strides:?}"
            );
        }
    }
}
