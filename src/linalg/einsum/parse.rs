//! From a subscripts string to labels.
//!
//! A label is a small number: `A`–`Z` are 0–25, `a`–`z` 26–51 (so that they sort by code point), and
//! the axes that `...` stands for follow once the ranks of the operands are known. Nothing here
//! allocates.

use super::error::EinsumError;
use crate::array::MAX_NDIM;

/// A label.
pub(super) type Label = u8;

/// The first of the labels for axes behind an ellipsis, the leftmost axis of the longest one.
pub(super) const ELLIPSIS: Label = 52;

/// Labels that there can be.
pub(super) const LABELS: usize = ELLIPSIS as usize + MAX_NDIM;

/// Operands that are kept without allocating.
const INLINE: usize = 8;

/// The number of a letter.
#[inline]
pub(super) fn label(letter: u8) -> Option<Label> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        _ => None,
    }
}

/// The letter of a label; `.` for axes of an ellipsis.
pub(super) fn letter(label: Label) -> char {
    match label {
        0..26 => (b'A' + label) as char,
        26..ELLIPSIS => (b'a' + label - 26) as char,
        _ => '.',
    }
}

/// The labels of one term, in the order of its axes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pattern {
    /// Labels as far as an array can have axes.
    labels: [Label; MAX_NDIM],
    /// How many labels were written, which may be more.
    pub(super) count: usize,
    /// Labels before the ellipsis, if there is one.
    ellipsis: Option<usize>,
}

impl Pattern {
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels[..self.count.min(MAX_NDIM)]
    }

    pub(super) fn has_ellipsis(&self) -> bool {
        self.ellipsis.is_some()
    }

    fn push(&mut self, label: Label) {
        if let Some(slot) = self.labels.get_mut(self.count) {
            *slot = label;
        }
        self.count += 1;
    }

    /// One label per axis for an array of `ndim` axes, where the longest ellipsis of all operands
    /// stands for `longest` axes; the caller has checked that the numbers fit.
    pub(super) fn expand(&self, ndim: usize, longest: usize) -> ([Label; MAX_NDIM], usize) {
        let mut out = [0; MAX_NDIM];
        let before = self.ellipsis.unwrap_or(self.count);
        let hidden = ndim - self.count;
        out[..before].copy_from_slice(&self.labels[..before]);
        for axis in 0..hidden {
            out[before + axis] = ELLIPSIS + (longest - hidden + axis) as Label;
        }
        out[before + hidden..ndim].copy_from_slice(&self.labels[before..self.count]);
        (out, ndim)
    }

    /// Reads one term: up to a comma or arrow, which is left, or the end.
    fn read(
        text: &mut std::iter::Peekable<std::str::Chars<'_>>,
        operand: Option<usize>,
    ) -> Result<Pattern, EinsumError> {
        let mut out = Pattern::default();
        while let Some(&c) = text.peek() {
            let input = operand.is_some();
            match c {
                ' ' => {}
                '.' => {
                    text.next();
                    let dots = (0..2).all(|_| text.next_if_eq(&'.').is_some());
                    if !dots || out.ellipsis.replace(out.count).is_some() {
                        return Err(EinsumError::StrayDot { operand });
                    }
                    continue;
                }
                ',' | '-' if input => return Ok(out),
                c => match u8::try_from(c).ok().and_then(label) {
                    Some(label) => out.push(label),
                    None => return Err(EinsumError::InvalidSubscript { found: c }),
                },
            }
            text.next();
        }
        Ok(out)
    }
}

/// A list that allocates only beyond eight terms.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    few: [Pattern; INLINE],
    more: Vec<Pattern>,
    len: usize,
}

impl Patterns {
    fn push(&mut self, pattern: Pattern) {
        match self.few.get_mut(self.len) {
            Some(slot) => *slot = pattern,
            None => self.more.push(pattern),
        }
        self.len += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.few[..self.len.min(INLINE)].iter().chain(&self.more)
    }
}

/// A subscripts string, understood.
#[derive(Clone, Debug)]
pub(super) struct Subscripts {
    pub(super) inputs: Patterns,
    /// What was written behind the arrow, or the labels that occur once, sorted, behind an ellipsis.
    pub(super) output: Pattern,
}

impl Subscripts {
    pub(super) fn parse(text: &str) -> Result<Self, EinsumError> {
        let mut rest = text.chars().peekable();
        let mut inputs = Patterns {
            few: [Pattern::default(); INLINE],
            more: Vec::new(),
            len: 0,
        };
        let explicit = loop {
            inputs.push(Pattern::read(&mut rest, Some(inputs.len()))?);
            match rest.next() {
                None => break false,
                Some(',') => {}
                Some(_) => match rest.next() {
                    Some('>') => break true,
                    _ => return Err(EinsumError::Arrow),
                },
            }
        };
        let mut counts = [0u32; ELLIPSIS as usize];
        for pattern in inputs.iter() {
            for &label in pattern.labels() {
                counts[label as usize] += 1;
            }
        }
        let output = if explicit {
            let output = Pattern::read(&mut rest, None)?;
            for (at, &label) in output.labels().iter().enumerate() {
                if output.labels()[at + 1..].contains(&label) {
                    let label = letter(label);
                    return Err(EinsumError::RepeatedOutput { label });
                }
                if counts[label as usize] == 0 {
                    let label = letter(label);
                    return Err(EinsumError::UnknownOutput { label });
                }
            }
            output
        } else {
            let mut output = Pattern {
                ellipsis: Some(0),
                ..Pattern::default()
            };
            for (label, &count) in (0..).zip(&counts) {
                if count == 1 {
                    output.push(label);
                }
            }
            output
        };
        Ok(Subscripts { inputs, output })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, String) {
        let subscripts = Subscripts::parse(text).unwrap();
        let show = |p: &Pattern| {
            let mut out: String = p.labels().iter().map(|&l| letter(l)).collect();
            if let Some(at) = p.ellipsis {
                out.insert_str(at, "...");
            }
            out
        };
        (
            subscripts.inputs.iter().map(show).collect(),
            show(&subscripts.output),
        )
    }

    #[test]
    fn labels_and_implicit_outputs() {
        assert_eq!(
            read("ij,jk->ik"),
            (vec!["ij".into(), "jk".into()], "ik".into())
        );
        assert_eq!(read("ij,jk").1, "...ik");
        assert_eq!(read("ba").1, "...ab");
        assert_eq!(read("bA").1, "...Ab", "capitals first");
        assert_eq!(read("ii").1, "...");
        assert_eq!(read(" i j -> j i ").1, "ji");
        assert_eq!(read(",i").0, ["", "i"]);
        assert_eq!(read("").0, [""]);
        assert_eq!(read("b...ij->...").0, ["b...ij"]);
        assert_eq!(read("a,b,c,d,e,f,g,h,i,j->j").0.len(), 10);
    }

    #[test]
    fn axes_of_ellipses_are_counted_from_the_right() {
        let subscripts = Subscripts::parse("a...b,...").unwrap();
        let mut inputs = subscripts.inputs.iter();
        let (labels, n) = inputs.next().unwrap().expand(4, 3);
        assert_eq!(labels[..n], [26, ELLIPSIS + 1, ELLIPSIS + 2, 27]);
        let (labels, n) = inputs.next().unwrap().expand(3, 3);
        assert_eq!(labels[..n], [ELLIPSIS, ELLIPSIS + 1, ELLIPSIS + 2]);
    }
}
