//! What can be wrong with a subscripts string, or with operands for it.

use std::fmt;

/// Why [`einsum`](super::einsum) refused its subscripts or operands, in NumPy's words.
///
/// ```
/// use orthant::{einsum, linalg::{EinsumError, LinalgError}, prelude::*};
///
/// let error = einsum("ij->k", (&array![[1.0]],)).unwrap_err();
/// assert_eq!(error, LinalgError::Einsum(EinsumError::UnknownOutput { label: 'k' }));
/// assert!(error.to_string().contains("output subscript 'k' which never appeared in an input"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EinsumError {
    /// A character that is no letter, comma, space, dot or arrow.
    #[error(
        "invalid subscript '{found}' in einstein sum subscripts string, subscripts must be letters"
    )]
    InvalidSubscript {
        /// The character.
        found: char,
    },
    /// A dot that is not part of the only `...` of its term.
    #[error(
        "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...') in {}",
        Place(*operand)
    )]
    StrayDot {
        /// The operand, counted from 0; `None` for the output.
        operand: Option<usize>,
    },
    /// A `-` that begins no `->`.
    #[error("einstein sum subscript string does not contain proper '->' output specified")]
    Arrow,
    /// More labels than the operand has axes.
    #[error("einstein sum subscripts string contains too many subscripts for operand {operand}")]
    TooManySubscripts {
        /// The operand, counted from 0.
        operand: usize,
    },
    /// Fewer labels than the operand has axes, and no `...` for the others.
    #[error(
        "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis \
         provided to broadcast the extra dimensions. (operand {operand})"
    )]
    TooFewSubscripts {
        /// The operand, counted from 0.
        operand: usize,
    },
    /// An output without `...` although operands have axes that it stands for.
    #[error(
        "output has more dimensions than subscripts given in einstein sum, but no '...' ellipsis \
         provided to broadcast the extra dimensions."
    )]
    OutputEllipsis,
    /// More operands than terms in the subscripts.
    #[error(
        "more operands provided to einstein sum function than specified in the subscripts string \
         ({given}, but {wanted} are specified)"
    )]
    TooManyOperands {
        /// Operands given.
        given: usize,
        /// Terms in the subscripts.
        wanted: usize,
    },
    /// Fewer operands than terms in the subscripts.
    #[error(
        "fewer operands provided to einstein sum function than specified in the subscripts string \
         ({given}, but {wanted} are specified)"
    )]
    TooFewOperands {
        /// Operands given.
        given: usize,
        /// Terms in the subscripts.
        wanted: usize,
    },
    /// An output of more axes than an array can have.
    #[error(
        "einsum: {ndim} output axes are more than the {} an array can have",
        crate::array::MAX_NDIM
    )]
    OutputRank {
        /// The number of axes.
        ndim: usize,
    },
    /// An output label that no operand has.
    #[error(
        "einstein sum subscripts string included output subscript '{label}' which never appeared in an input"
    )]
    UnknownOutput {
        /// The label.
        label: char,
    },
    /// An output label that occurs twice.
    #[error("einstein sum subscripts string includes output subscript '{label}' multiple times")]
    RepeatedOutput {
        /// The label.
        label: char,
    },
    /// A diagonal of axes of different lengths.
    #[error(
        "dimensions in operand {operand} for collapsing index '{label}' don't match ({first} != {second})"
    )]
    Diagonal {
        /// The operand, counted from 0.
        operand: usize,
        /// The label.
        label: char,
        /// The length of the label's first axis.
        first: usize,
        /// The length that differs.
        second: usize,
    },
    /// A label that stands for different lengths in different operands, none of which is 1.
    #[error(
        "operands could not be broadcast together with remapped shapes [original->remapped]:{}",
        Remaps(shapes, remapped)
    )]
    Broadcast {
        /// The shapes of all operands, diagonals taken.
        shapes: Vec<Vec<usize>>,
        /// Their extents over all labels, output labels first; `None` where an operand lacks one.
        remapped: Vec<Vec<Option<usize>>>,
    },
    /// Subscripts that need arithmetic where a view was asked for.
    #[error("einsum_view: '{subscripts}' sums over an axis, so that no view has its elements")]
    NotAView {
        /// The subscripts.
        subscripts: String,
    },
    /// A path that does not multiply all operands, two at a time.
    #[error(
        "einsum path: {path:?} for {operands} operands: every step must take two different ones of those \
         that are left, until there is one"
    )]
    Path {
        /// The path given.
        path: Vec<Vec<usize>>,
        /// The number of operands.
        operands: usize,
    },
    /// Operands of other ranks than those that a plan was made for.
    #[error("einsum plan: operand {operand} has {ndim} axes, the plan was made for {wanted}")]
    PlanRank {
        /// The operand, counted from 0.
        operand: usize,
        /// Its number of axes.
        ndim: usize,
        /// The number of axes planned for.
        wanted: usize,
    },
}

struct Place(Option<usize>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(operand) => write!(f, "operand {operand}"),
            None => f.write_str("the output"),
        }
    }
}

/// ` (2,3)->(2,newaxis,3) (4,5)->(5,4)`; leading new axes are not written.
struct Remaps<'a>(&'a [Vec<usize>], &'a [Vec<Option<usize>>]);

impl fmt::Display for Remaps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (shape, remapped) in self.0.iter().zip(self.1) {
            let original: Vec<_> = shape.iter().map(usize::to_string).collect();
            let all = remapped.len();
            let remapped: Vec<_> = remapped
                .iter()
                .skip_while(|extent| extent.is_none())
                .map(|extent| extent.map_or_else(|| "newaxis".into(), |n| n.to_string()))
                .collect();
            let comma = if original.len() == 1 { "," } else { "" };
            write!(f, " ({}{comma})->(", original.join(","))?;
            let comma = if all == 1 { "," } else { "" };
            write!(f, "{}{comma})", remapped.join(","))?;
        }
        Ok(())
    }
}
