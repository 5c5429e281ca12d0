//! Running a kernel over operands of any layout into an output, without types: compiled once.

use crate::array::{Array, ArrayRef, Dimension, Layout, MAX_NDIM, Order, ShapeError, k_order_of};
use crate::engine::{self, Cost, Flat, Kernel, Operand, Plan};

/// An array as numbers.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    ptr: *mut u8,
    size: usize,
    shape: &'a [usize],
    strides: &'a [isize],
    is_c: bool,
}

impl<'a> Side<'a> {
    #[inline]
    pub(crate) fn of<T, D: Dimension, Tail: ?Sized>(array: &'a ArrayRef<T, D, Tail>) -> Self {
        Side {
            ptr: array.ptr.as_ptr().cast(),
            size: size_of::<T>(),
            shape: array.layout.shape(),
            strides: array.layout.strides(),
            is_c: array.layout.is_c(),
        }
    }

    /// Over a loop of this shape.
    fn operand(&self, shape: &[usize]) -> Operand {
        let mut operand = Operand::new(self.ptr, self.shape, self.strides, shape);
        operand.size = self.size;
        operand
    }

    /// Whether this is dense or a single value over a loop.
    #[inline]
    fn is_flat(&self, shape: &[usize]) -> bool {
        self.shape.is_empty() || self.is_c && self.shape == shape
    }

    /// Of those that are [flat](Self::is_flat), whether this is a single value.
    #[inline]
    fn is_single(&self, shape: &[usize]) -> bool {
        self.shape.is_empty() && !shape.is_empty()
    }

    /// Over a loop of one axis, for those that are [flat](Self::is_flat).
    fn flat(&self, shape: &[usize]) -> Operand {
        Operand {
            ptr: self.ptr,
            size: self.size,
            strides: [isize::from(!self.is_single(shape)); MAX_NDIM],
        }
    }
}

/// Most operands of a function: an output, three arguments, a mask.
const MOST: usize = 5;

/// A list of operands without an allocation.
struct Operands {
    all: [Operand; MOST],
    len: usize,
}

impl Operands {
    #[inline]
    fn new() -> Self {
        Operands {
            all: [Operand::scalar(std::ptr::null::<u8>()); MOST],
            len: 0,
        }
    }
    #[inline]
    fn push(&mut self, operand: Operand) {
        self.all[self.len] = operand;
        self.len += 1;
    }
    #[inline]
    fn as_slice(&self) -> &[Operand] {
        &self.all[..self.len]
    }
}

/// Runs `kernel` into an output whose shape all inputs broadcast to, the output among the inputs
/// where it is read as well.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Output`]; nothing has been written.
///
/// # Safety
/// `kernel` reads and writes the operands' types, whose elements may be moved bitwise and on any
/// thread. The output is exclusive and reaches no element twice; each input is disjoint from it or
/// the very same elements.
pub(crate) unsafe fn run_into(
    out: Side<'_>,
    inputs: &[Side<'_>],
    reads_out: bool,
    cost: Cost,
    kernel: &dyn Kernel,
) -> Result<(), ShapeError> {
    let shape = out.shape;
    check_into(out, inputs)?;
    let mut sides = [out; MOST];
    sides[1..=inputs.len()].copy_from_slice(inputs);
    let sides = &sides[..=inputs.len()];
    if sides.iter().all(|side| side.is_flat(shape)) {
        let n = shape.iter().product();
        // SAFETY: the caller's promise.
        unsafe { run_flat(n, shape, sides.iter().copied(), reads_out, cost, kernel) };
        return Ok(());
    }
    let mut ops = Operands::new();
    sides.iter().for_each(|side| ops.push(side.operand(shape)));
    let plan = Plan::new(shape, ops.as_slice());
    // SAFETY: as above.
    unsafe { engine::run(&plan, ops.as_slice(), 1, reads_out, cost, kernel) };
    Ok(())
}

/// Whether the inputs broadcast to the output.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Output`].
#[inline]
pub(crate) fn check_into(out: Side<'_>, inputs: &[Side<'_>]) -> Result<(), ShapeError> {
    if inputs
        .iter()
        .all(|input| broadcasts(input.shape, out.shape))
    {
        return Ok(());
    }
    Err(mismatch(out, inputs))
}

/// As [`run_into`] for the `n` elements of operands that are all [flat](Side::is_flat), the output first.
///
/// # Safety
/// As [`run_into`].
#[inline]
unsafe fn run_flat<'a>(
    n: usize,
    shape: &[usize],
    sides: impl Iterator<Item = Side<'a>> + Clone,
    reads_out: bool,
    cost: Cost,
    kernel: &dyn Kernel,
) {
    let mut flat = Flat::new();
    let mut count = 0;
    for side in sides.clone() {
        flat.set(count, side.ptr, side.size, side.is_single(shape));
        count += 1;
    }
    // SAFETY: the caller's promise.
    unsafe {
        if flat.is_small(n, cost) {
            flat.run(n, count, kernel);
        } else {
            let mut ops = Operands::new();
            sides.for_each(|side| ops.push(side.flat(shape)));
            engine::run_dense(n, ops.as_slice(), 1, reads_out, cost, kernel);
        }
    }
}

/// The fresh result of `kernel` over inputs that broadcast together, in K order.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Overflow`].
///
/// # Safety
/// `kernel` reads the inputs' types and writes `R`; elements may be moved bitwise and on any
/// thread.
pub(crate) unsafe fn run_fresh<R, O: Dimension>(
    inputs: &[Side<'_>],
    cost: Cost,
    kernel: &dyn Kernel,
) -> Result<Array<R, O>, ShapeError> {
    let first = inputs.iter().find(|side| !side.shape.is_empty());
    let shape = first.map_or(&[][..], |side| side.shape);
    if inputs.iter().all(|side| side.is_flat(shape)) {
        // Dense operands and single values need no shape but their own: this is what small arrays cost.
        let dim = O::from_slice(shape)?;
        let n = Layout::<O>::checked_len(shape, size_of::<R>())?;
        let out = Array::<R, O>::uninit_layout(Layout::dense(dim, Order::C));
        let all = std::iter::once(Side::of(&out.head)).chain(inputs.iter().copied());
        // SAFETY: as below.
        return unsafe {
            run_flat(n, shape, all, false, cost, kernel);
            Ok(out.assume_init())
        };
    }
    let (shape, ndim) = common_shape(inputs)?;
    let shape = &shape[..ndim];
    let dim = O::from_slice(shape)?;
    Layout::<O>::checked_len(shape, size_of::<R>())?;
    let mut ops = Operands::new();
    inputs.iter().for_each(|side| ops.push(side.operand(shape)));
    let out = Array::<R, O>::uninit_layout(k_order_of(dim, ops.as_slice()));
    // SAFETY: the caller's promise; fresh memory overlaps nothing and is written whole.
    unsafe {
        run_into(Side::of(&out.head), inputs, false, cost, kernel)?;
        Ok(out.assume_init())
    }
}

/// Whether an array of shape `from` broadcasts to `into`.
#[inline]
fn broadcasts(from: &[usize], into: &[usize]) -> bool {
    from == into
        || from.len() <= into.len()
            && from
                .iter()
                .zip(&into[into.len() - from.len()..])
                .all(|(&m, &n)| m == n || m == 1)
}

/// The shape that operands broadcast to, and its number of axes.
pub(crate) fn common_shape(sides: &[Side<'_>]) -> Result<([usize; MAX_NDIM], usize), ShapeError> {
    let ndim = sides.iter().map(|side| side.shape.len()).max().unwrap_or(0);
    let mut shape = [1; MAX_NDIM];
    for side in sides {
        let lead = ndim - side.shape.len();
        for (all, &len) in shape[lead..ndim].iter_mut().zip(side.shape) {
            if *all == 1 {
                *all = len;
            } else if len != 1 && len != *all {
                return Err(ShapeError::Broadcast {
                    shapes: sides.iter().map(|side| side.shape.to_vec()).collect(),
                });
            }
        }
    }
    Ok((shape, ndim))
}

/// Why the inputs do not broadcast to the output.
#[cold]
fn mismatch(out: Side<'_>, inputs: &[Side<'_>]) -> ShapeError {
    let mut sides = inputs.to_vec();
    sides.push(out);
    match common_shape(&sides) {
        Err(error) => error,
        Ok((shape, ndim)) => ShapeError::Output {
            output: out.shape.to_vec(),
            broadcast: shape[..ndim].to_vec(),
        },
    }
}
