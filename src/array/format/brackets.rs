//! Brackets, ellipses and line breaks around words that are already formatted.
//!
//! The rules are those of NumPy's `array2string`: rows are broken before column 75 and continue
//! under their first element, blocks of rank `r` are separated by `r - 1` line ends, and a summary
//! keeps three items at each end of every axis longer than six.

use std::convert::Infallible;

use super::{EDGE_ITEMS, LINE_WIDTH, THRESHOLD};

/// Which positions of an array are printed.
pub(super) struct Shown {
    axes: Vec<ShownAxis>,
}

struct ShownAxis {
    len: usize,
    summarised: bool,
}

impl ShownAxis {
    /// The positions shown along this axis, ascending.
    fn positions(&self) -> impl Iterator<Item = usize> {
        let (head, tail) = if self.summarised {
            (EDGE_ITEMS, self.len - EDGE_ITEMS)
        } else {
            (0, 0)
        };
        (0..head).chain(tail..self.len)
    }

    /// Whether `...` stands before the `nth` shown position.
    fn gap_before(&self, nth: usize) -> bool {
        self.summarised && nth == EDGE_ITEMS
    }
}

impl Shown {
    /// Everything if `in_full` or at most [`THRESHOLD`] elements, otherwise the ends of each axis.
    pub(super) fn new(shape: &[usize], in_full: bool) -> Self {
        // Broadcast shapes may count more elements than a usize holds.
        let len = shape.iter().fold(1usize, |n, &d| n.saturating_mul(d));
        let summarise = !in_full && len > THRESHOLD;
        let axes = shape
            .iter()
            .map(|&len| ShownAxis {
                len,
                summarised: summarise && len > 2 * EDGE_ITEMS,
            })
            .collect();
        Self { axes }
    }

    /// Calls `visit` with the index of every element shown, in row-major order.
    pub(super) fn for_each_index(&self, visit: &mut dyn FnMut(&[usize])) {
        let Ok(()) = self.walk::<Infallible>(&mut |token| {
            if let Token::Element(index) = token {
                visit(index);
            }
            Ok(())
        });
    }

    /// Walks the shown elements as nested lists: `event` gets every [`Token`] in order; the first error ends the walk.
    pub(super) fn walk<E>(
        &self,
        event: &mut dyn FnMut(Token<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk_axis(&mut vec![0; self.axes.len()], 0, event)
    }

    fn walk_axis<E>(
        &self,
        index: &mut [usize],
        axis: usize,
        event: &mut dyn FnMut(Token<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(shown) = self.axes.get(axis) else {
            return event(Token::Element(index));
        };
        let rank = self.axes.len() - axis;
        event(Token::Open)?;
        for (nth, position) in shown.positions().enumerate() {
            if nth > 0 {
                event(Token::Separator {
                    rank,
                    indent: axis + 1,
                })?;
            }
            if shown.gap_before(nth) {
                event(Token::Gap)?;
                event(Token::Separator {
                    rank,
                    indent: axis + 1,
                })?;
            }
            index[axis] = position;
            self.walk_axis(index, axis + 1, event)?;
        }
        event(Token::Close)
    }

    /// The whole text, given one word per shown element in row-major order.
    pub(super) fn lay_out(&self, words: &[String]) -> String {
        let length = words.iter().map(String::len).sum::<usize>() + 2 * words.len();
        let mut page = Page {
            text: String::with_capacity(length),
            column: 0,
            indent: self.axes.len(),
        };
        let mut words = words.iter();
        let Ok(()) = self.walk::<Infallible>(&mut |token| {
            match token {
                Token::Open => page.push("["),
                Token::Close => page.push("]"),
                Token::Gap => page.word("..."),
                Token::Separator { rank: 1, .. } => page.push(" "),
                Token::Separator { rank, indent } => {
                    page.text.extend(std::iter::repeat_n('\n', rank - 2));
                    page.break_line(indent);
                }
                Token::Element(_) => page.word(words.next().map_or("", String::as_str)),
            }
            Ok(())
        });
        page.text
    }
}

/// One step of [`Shown::walk`].
pub(super) enum Token<'i> {
    Open,
    Close,
    /// `...` in place of the items left out.
    Gap,
    /// Between two items of a list of this rank whose items start at column `indent`.
    Separator {
        rank: usize,
        indent: usize,
    },
    Element(&'i [usize]),
}

/// Text in the making, broken into lines.
struct Page {
    text: String,
    /// The length of the current line.
    column: usize,
    /// Where the elements of every innermost list start, and its continuation lines.
    indent: usize,
}

impl Page {
    /// Appends what never starts a new line.
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }

    /// Appends a word, on a new line if it would not fit with the closing brackets of all ranks.
    fn word(&mut self, word: &str) {
        let length = char_count(widest_line(word));
        // A break before the first word of a line would gain nothing.
        if self.column + length > LINE_WIDTH - self.indent && self.column > self.indent {
            self.text.truncate(self.text.trim_end().len());
            self.break_line(self.indent);
        }
        let start = self.column;
        for (nth, line) in word.split('\n').enumerate() {
            if nth > 0 {
                self.break_line(start);
            }
            self.text.push_str(line);
            self.column = start + char_count(line);
        }
        // What follows a word of several lines stands right of its widest line.
        let rest = start + length - self.column;
        self.text.extend(std::iter::repeat_n(' ', rest));
        self.column += rest;
    }

    fn break_line(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}

fn widest_line(word: &str) -> &str {
    word.split('\n')
        .max_by_key(|line| char_count(line))
        .unwrap_or(word)
}

pub(super) fn char_count(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}
