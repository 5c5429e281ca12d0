//! What can go wrong with shapes, axes and indices.

use std::fmt;

/// A shape, axis or index mistake. The text names the shapes, as NumPy's does.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = Array2::<f64>::zeros([32, 64]);
/// let bias = Array1::<f64>::zeros([32]);
/// let error = x.try_add(&bias).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "operands could not be broadcast together with shapes (32,64) (32,)"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// Operands whose shapes do not broadcast together.
    #[error(
        "operands could not be broadcast together with shapes {}",
        Shapes(shapes)
    )]
    Broadcast {
        /// The shapes of all operands.
        shapes: Vec<Vec<usize>>,
    },
    /// An operand that does not broadcast to the shape of what is written or asked for.
    #[error(
        "could not broadcast input array from shape {} into shape {}",
        Tuple(from),
        Tuple(into)
    )]
    BroadcastInto {
        /// The operand's shape.
        from: Vec<usize>,
        /// The shape of the output.
        into: Vec<usize>,
    },
    /// An output that would itself have to be broadcast.
    #[error(
        "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
        Tuple(output),
        Tuple(broadcast)
    )]
    Output {
        /// The output's shape.
        output: Vec<usize>,
        /// The shape that the operands broadcast to.
        broadcast: Vec<usize>,
    },
    /// An axis that the array does not have.
    #[error("axis {axis} is out of bounds for array of dimension {ndim}")]
    Axis {
        /// The axis as it was given.
        axis: isize,
        /// The number of axes.
        ndim: usize,
    },
    /// A list of axes that is too long or too short.
    #[error("{op}: axes don't match array: {axes:?} given for dimension {ndim}")]
    Axes {
        /// The operation.
        op: &'static str,
        /// The axes as they were given.
        axes: Vec<isize>,
        /// The number of axes.
        ndim: usize,
    },
    /// A list of axes that names one of them twice.
    #[error("{op}: repeated axis in {axes:?}")]
    RepeatedAxis {
        /// The operation.
        op: &'static str,
        /// The axes as they were given.
        axes: Vec<isize>,
    },
    /// An index outside its axis.
    #[error("index {index} is out of bounds for axis {axis} with size {len}")]
    Index {
        /// The index as it was given.
        index: isize,
        /// The axis it was meant for.
        axis: usize,
        /// The length of that axis.
        len: usize,
    },
    /// More indices than axes.
    #[error("too many indices for array: array is {ndim}-dimensional, but {given} were indexed")]
    TooManyIndices {
        /// The number of axes.
        ndim: usize,
        /// The number of indices.
        given: usize,
    },
    /// Fewer or more indices than a single element needs.
    #[error(
        "{given} indices do not name one element of an array of shape {}",
        Tuple(shape)
    )]
    IndexRank {
        /// The number of indices.
        given: usize,
        /// The array's shape.
        shape: Vec<usize>,
    },
    /// A slice with more than one `...`.
    #[error("an index can only have a single ellipsis ('...')")]
    Ellipsis,
    /// A slice with step 0.
    #[error("slice step cannot be zero")]
    ZeroStep,
    /// A reshape that does not keep the number of elements.
    #[error("cannot reshape array of size {len} into shape {}", Open(shape))]
    Reshape {
        /// The number of elements there are.
        len: usize,
        /// The extents as they were given.
        shape: Vec<isize>,
    },
    /// A reshape that strides do not allow without copying.
    #[error(
        "reshape_view: shape {} with strides {strides:?} cannot become {} without a copy",
        Tuple(shape),
        Tuple(into)
    )]
    ReshapeNeedsCopy {
        /// The array's shape.
        shape: Vec<usize>,
        /// The array's strides, in elements.
        strides: Vec<isize>,
        /// The wanted shape.
        into: Vec<usize>,
    },
    /// A negative extent where none may be.
    #[error("negative dimensions are not allowed: {}", Extents(shape))]
    NegativeExtent {
        /// The extents as they were given.
        shape: Vec<isize>,
    },
    /// More than one extent left open.
    #[error("can only specify one unknown dimension: {}", Extents(shape))]
    TwoUnknown {
        /// The extents as they were given.
        shape: Vec<isize>,
    },
    /// A size that overflows `isize`.
    #[error("array of shape {} is too big: its size overflows isize", Tuple(shape))]
    Overflow {
        /// The shape.
        shape: Vec<usize>,
    },
    /// More axes than an array can have.
    #[error("{ndim} axes are more than the {} an array can have", super::MAX_NDIM)]
    TooManyAxes {
        /// The number of axes asked for.
        ndim: usize,
    },
    /// A rank other than the one the type promises.
    #[error(
        "an array of dimension {ndim} with shape {} is not of dimension {wanted}",
        Tuple(shape)
    )]
    Rank {
        /// The number of axes there are.
        ndim: usize,
        /// The number of axes wanted.
        wanted: usize,
        /// The array's shape.
        shape: Vec<usize>,
    },
    /// A number of elements that does not fill the shape.
    #[error("{len} elements cannot fill an array of shape {}", Tuple(shape))]
    Length {
        /// The number of elements given.
        len: usize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// An array without exactly one element where that is taken out.
    #[error(
        "item: an array of shape {} does not have exactly one element",
        Tuple(shape)
    )]
    Item {
        /// The shape.
        shape: Vec<usize>,
    },
    /// Nested input whose parts have different lengths.
    #[error(
        "ragged input: part {index} has shape {} but the first has {}",
        Tuple(found),
        Tuple(first)
    )]
    Ragged {
        /// Which part differs.
        index: usize,
        /// The shape of that part.
        found: Vec<usize>,
        /// The shape of the first part.
        first: Vec<usize>,
    },
    /// An axis that cannot be removed because its length is not one.
    #[error(
        "cannot select an axis to squeeze out which has size not equal to one: axis {axis} of shape {}",
        Tuple(shape)
    )]
    Squeeze {
        /// The axis.
        axis: usize,
        /// The array's shape.
        shape: Vec<usize>,
    },
    /// A split beyond the end of an axis.
    #[error("split at {at} is beyond the end of axis {axis} with size {len}")]
    Split {
        /// The split point.
        at: usize,
        /// The axis.
        axis: usize,
        /// The length of that axis.
        len: usize,
    },
    /// Mutable slices that share an element.
    #[error("mutable slices {first} and {second} overlap")]
    Overlap {
        /// One of the two.
        first: usize,
        /// The other.
        second: usize,
    },
    /// A window that does not fit.
    #[error(
        "window shape cannot be larger than input array shape: {} in {}",
        Tuple(window),
        Tuple(shape)
    )]
    Window {
        /// The window's shape.
        window: Vec<usize>,
        /// The array's shape.
        shape: Vec<usize>,
    },
    /// A chunk length, or a step of a range, of zero.
    #[error("{op}: {what} must not be zero")]
    Zero {
        /// The operation.
        op: &'static str,
        /// The argument that was zero.
        what: &'static str,
    },
    /// A zero integer divisor; nothing was computed.
    #[error("{op}: the divisor is zero{}", At(index))]
    ZeroDivisor {
        /// The operation.
        op: &'static str,
        /// The index of the first zero in the divisor; empty for a scalar.
        index: Vec<usize>,
    },
    /// A result that its integer type cannot hold.
    #[error("{op}: integer overflow{}", At(index))]
    IntegerOverflow {
        /// The operation.
        op: &'static str,
        /// The index of the first overflow in the result.
        index: Vec<usize>,
    },
    /// A reduction without elements, of an operation without an identity.
    #[error("zero-size array to reduction operation {op} which has no identity")]
    NoIdentity {
        /// The operation.
        op: &'static str,
    },
    /// A reduction over several axes of an operation whose order matters.
    #[error("reduction operation '{op}' is not reorderable, so at most one axis may be specified")]
    NotReorderable {
        /// The operation.
        op: &'static str,
    },
    /// A reduction of chosen elements, from no initial value, of an operation without an identity.
    #[error(
        "reduction operation '{op}' does not have an identity, so to use a where mask one has to specify 'initial'"
    )]
    MaskNeedsInitial {
        /// The operation.
        op: &'static str,
    },
    /// The start of a stretch that lies outside its axis.
    #[error("index {index} out-of-bounds in {op}.reduceat [0, {len})")]
    Stretch {
        /// The operation.
        op: &'static str,
        /// The index as it was given.
        index: isize,
        /// The length of the axis.
        len: usize,
    },
    /// A walk along the axis of an array that has none.
    #[error("cannot {op} on a scalar")]
    Scalar {
        /// The kind of walk.
        op: &'static str,
    },
    /// The position of an extremum among no elements.
    #[error("attempt to get {op} of an empty sequence")]
    EmptySequence {
        /// The operation.
        op: &'static str,
    },
    /// A mask that does not have the length of an axis.
    #[error(
        "boolean index did not match indexed array along axis {axis}; size of axis is {len} but size of corresponding boolean axis is {mask_len}"
    )]
    BooleanIndex {
        /// The axis.
        axis: usize,
        /// The length of the array's axis.
        len: usize,
        /// The length of the mask's axis.
        mask_len: usize,
    },
    /// Not as many values as places under a mask.
    #[error(
        "boolean array indexing assignment cannot assign {values} input values to the {places} output values where the mask is true"
    )]
    BooleanAssign {
        /// The number of values.
        values: usize,
        /// The number of places.
        places: usize,
    },
    /// An integer to a negative power.
    #[error("Integers to negative integer powers are not allowed{}", At(index))]
    NegativePower {
        /// The index of the first negative exponent in the result.
        index: Vec<usize>,
    },
    /// A slice without anything but NaN, where a position is asked for.
    #[error("All-NaN slice encountered")]
    AllNan,
    /// An argument outside the values that make sense.
    #[error("{op}: {message}")]
    Argument {
        /// The operation.
        op: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// Prints a shape as Python's tuples: `()`, `(3,)`, `(2,3)`.
pub(crate) struct Tuple<'a>(pub(crate) &'a [usize]);

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tuple(f, self.0)
    }
}

struct Shapes<'a>(&'a [Vec<usize>]);

impl fmt::Display for Shapes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, shape) in self.0.iter().enumerate() {
            write!(f, "{}{}", if i > 0 { " " } else { "" }, Tuple(shape))?;
        }
        Ok(())
    }
}

/// ` at index [1, 2]`; nothing for the only element there is.
struct At<'a>(&'a [usize]);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => Ok(()),
            index => write!(f, " at index {index:?}"),
        }
    }
}

/// The shape asked of a reshape as NumPy's message has it: an open extent is `newaxis`, in front it
/// is left out.
struct Open<'a>(&'a [isize]);

impl fmt::Display for Open<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.0.iter().skip_while(|&&e| e == -1);
        f.write_str("(")?;
        for (i, &extent) in named.enumerate() {
            f.write_str(if i > 0 { "," } else { "" })?;
            match extent {
                -1 => f.write_str("newaxis")?,
                extent => write!(f, "{extent}")?,
            }
        }
        f.write_str(if self.0.len() == 1 { ",)" } else { ")" })
    }
}

/// Extents as they were given.
struct Extents<'a>(&'a [isize]);

impl fmt::Display for Extents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tuple(f, self.0)
    }
}

fn write_tuple<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
    f.write_str("(")?;
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
    }
    f.write_str(if items.len() == 1 { ",)" } else { ")" })
}

/// Panics with the error's text, at the caller's place.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn fail<E: fmt::Display>(error: E) -> ! {
    panic!("{error}")
}

/// The value, or a panic with the error's text at the caller's place.
#[inline(always)]
#[track_caller]
pub(crate) fn unwrap<T, E: fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(error),
    }
}
