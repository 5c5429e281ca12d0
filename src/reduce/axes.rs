//! Running a reduction over some axes of an array: shapes, results, errors.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::atomic::AtomicBool;

use super::reducer::{Reducer, Starting};
use super::variance::DegreesOfFreedom;
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Layout, MAX_NDIM, ShapeError, arg, with_ints,
};
use crate::engine::reduce::{CHUNK, Parameters, Rect, Task, reduce};
use crate::engine::simd;
use crate::engine::{Cost, Operand as Arg, k_order_strides};

/// Bit per axis that is reduced.
pub(super) type Mask = u32;

/// All axes of an array of this rank.
pub(super) fn all(ndim: usize) -> Mask {
    (1 << ndim) - 1
}

/// One axis. A 0-d array lets itself be reduced over axis 0 or -1, which it does not have.
pub(super) fn one(axis: Axis, ndim: usize) -> Result<Mask, ShapeError> {
    if ndim == 0 && matches!(axis.0, 0 | -1) {
        return Ok(0);
    }
    Ok(1 << axis.resolve(ndim)?)
}

/// Several axes, each once.
pub(super) fn several<I: AxisInt>(axes: &[I], ndim: usize) -> Result<Mask, ShapeError> {
    with_ints(axes, |axes| several_of(axes, ndim))
}

fn several_of(axes: &[isize], ndim: usize) -> Result<Mask, ShapeError> {
    let mut mask = 0;
    for &axis in axes {
        let bit = one(Axis(axis), ndim)?;
        if mask & bit != 0 {
            return Err(ShapeError::RepeatedAxis {
                op: "duplicate value in 'axis'",
                axes: axes.to_vec(),
            });
        }
        mask |= bit;
    }
    Ok(mask)
}

/// The inputs of a reduction, over one shape: one array, or two that are broadcast together.
pub(super) struct Inputs<'a> {
    pub shape: &'a [usize],
    pub args: &'a [Arg],
    pub indexed: bool,
}

/// What the reduction is, for any inputs.
pub(super) struct Spec<'a, F> {
    reducer: Reducer<F>,
    /// What divisors are less by than the number of elements.
    ddof: f64,
    cost: Cost,
    /// What results start from, of the type that the reducer asks for.
    initial: *const u8,
    lifetime: PhantomData<&'a ()>,
}

impl<F> Spec<'_, F> {
    pub(super) fn of(reducer: Reducer<F>) -> Self {
        Spec {
            reducer,
            ddof: 0.0,
            cost: Cost::Memory,
            initial: std::ptr::null(),
            lifetime: PhantomData,
        }
    }

    /// Of functions that cost more than reading their elements.
    pub(super) fn transcendental(reducer: Reducer<F>) -> Self {
        Spec {
            cost: Cost::Transcendental,
            ..Spec::of(reducer)
        }
    }

    pub(super) fn less(reducer: Reducer<F>, ddof: impl DegreesOfFreedom) -> Self {
        Spec {
            ddof: ddof.to_f64(),
            ..Spec::of(reducer)
        }
    }

    /// What the kernel and its end are told, about so many elements per result.
    fn parameters<'a>(&self, count: usize, refused: &'a AtomicBool) -> Parameters<'a> {
        Parameters {
            count,
            ddof: self.ddof,
            initial: self.initial,
            refused,
        }
    }

    /// What is wrong if a result was refused.
    fn outcome(&self, refused: AtomicBool) -> Result<(), ShapeError> {
        match self.reducer.fault {
            Some(fault) if refused.into_inner() => Err(fault()),
            _ => Ok(()),
        }
    }
}

impl<'a, A, B, R> Spec<'a, fn(A, B) -> R> {
    pub(super) fn starting(reducer: Starting<A, B, R>, initial: &'a R) -> Self {
        Spec {
            initial: std::ptr::from_ref(initial).cast(),
            ..Spec::of(reducer.reducer())
        }
    }
}

/// Reduces into `out`, whose strides over the inputs' shape are given.
///
/// # Safety
/// The reducer's types are those of the inputs and the output; the inputs are readable, the
/// output is writable, is not reached twice over kept axes, and overlaps no input.
unsafe fn run<F>(inputs: &Inputs, mask: Mask, spec: &Spec<F>, out: Arg) -> Result<(), ShapeError> {
    let reduced = inputs.shape.iter().enumerate();
    let reduced = reduced.filter(|&(axis, _)| mask >> axis & 1 != 0);
    let count = reduced.map(|(_, len)| len).product();
    // Whether there are results does not matter, as in NumPy.
    if count == 0 {
        spec.reducer.empty.check()?;
    }
    let refused = AtomicBool::new(false);
    let task = Task {
        shape: inputs.shape,
        reduced: mask,
        inputs: inputs.args,
        indexed: inputs.indexed,
        out,
        cost: spec.cost,
        kernel: spec.reducer.kernel,
        finish: spec.reducer.finish,
        parameters: spec.parameters(count, &refused),
    };
    // SAFETY: the caller's promise.
    unsafe { reduce(&task) };
    spec.outcome(refused)
}

/// The reduction of everything to one value.
///
/// # Safety
/// As [`run`].
pub(super) unsafe fn to_value<F, R>(inputs: &Inputs, spec: &Spec<F>) -> Result<R, ShapeError> {
    let mut value = MaybeUninit::<R>::uninit();
    // SAFETY: the caller's promise; the value is written, since there is no kept axis.
    unsafe {
        let out = Arg::scalar(value.as_mut_ptr());
        run(inputs, all(inputs.shape.len()), spec, out)?;
        Ok(value.assume_init())
    }
}

/// Bytes of a state that [`whole`] keeps on the stack.
const SMALL_STATE: usize = 128;

#[repr(C, align(64))]
struct State(MaybeUninit<[u8; SMALL_STATE]>);

/// The reduction of all elements of one array.
#[inline]
pub(super) fn whole<T, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    spec: Spec<fn(T) -> R>,
) -> Result<R, ShapeError> {
    let (n, kernel) = (x.layout.len(), spec.reducer.kernel);
    if n <= CHUNK && n > 0 && x.layout.is_c() && kernel.state() <= SMALL_STATE {
        let mut state = State(MaybeUninit::uninit());
        let state = state.0.as_mut_ptr().cast::<u8>();
        let mut value = MaybeUninit::<R>::uninit();
        let refused = AtomicBool::new(false);
        let parameters = spec.parameters(n, &refused);
        // SAFETY: invariant 2: `n` dense elements; the kernel and its end are those of `T` and `R`.
        unsafe {
            let mut row = Rect::row(x.ptr.as_ptr(), n);
            // Positions count from 0 in steps of 1.
            row.reduced_steps[1] = isize::from(spec.reducer.indexed);
            kernel.rows(simd::level(), &row, state);
            (spec.reducer.finish)(1, state, value.as_mut_ptr().cast(), &parameters);
            spec.outcome(refused)?;
            return Ok(value.assume_init());
        }
    }
    let mask = all(x.ndim());
    // SAFETY: invariant 2; the reducer's types are `T` and `R`.
    with_array(x, mask, spec.reducer.indexed, |inputs| unsafe {
        to_value(inputs, &spec)
    })
}

/// [`whole`] of a reduction with an identity.
#[inline]
pub(super) fn total<T, R, D: Dimension>(x: &ArrayRef<T, D>, spec: Spec<fn(T) -> R>) -> R {
    match whole(x, spec) {
        Ok(value) => value,
        Err(_) => unreachable!("a reduction with an identity takes any array"),
    }
}

/// The shape of a result, and its axes' places among the inputs' axes.
struct Kept {
    shape: [usize; MAX_NDIM],
    from: [usize; MAX_NDIM],
    ndim: usize,
}

fn kept(shape: &[usize], mask: Mask, keepdims: bool) -> Kept {
    let mut kept = Kept {
        shape: [1; MAX_NDIM],
        from: [0; MAX_NDIM],
        ndim: 0,
    };
    for (axis, &len) in shape.iter().enumerate() {
        let reduced = mask >> axis & 1 != 0;
        if !reduced || keepdims {
            kept.shape[kept.ndim] = if reduced { 1 } else { len };
            kept.from[kept.ndim] = axis;
            kept.ndim += 1;
        }
    }
    kept
}

impl Kept {
    fn shape(&self) -> &[usize] {
        &self.shape[..self.ndim]
    }

    /// An output of the result's shape, over the inputs' shape.
    fn spread(&self, ptr: *mut u8, size: usize, strides: &[isize]) -> Arg {
        let mut out = Arg {
            ptr,
            size,
            strides: [0; MAX_NDIM],
        };
        for (&axis, &stride) in self.from[..self.ndim].iter().zip(strides) {
            out.strides[axis] = stride;
        }
        out
    }
}

/// The reduction over some axes, as a fresh array in K order.
///
/// # Safety
/// The reducer's types are those of the inputs and `R`; the inputs are readable.
pub(super) unsafe fn to_array<F, R, O: Dimension>(
    inputs: &Inputs,
    mask: Mask,
    keepdims: bool,
    spec: &Spec<F>,
) -> Result<Array<R, O>, ShapeError> {
    let kept = kept(inputs.shape, mask, keepdims);
    let mut voters = [Arg::scalar(std::ptr::null::<u8>()); 2];
    let count = if inputs.indexed { 1 } else { inputs.args.len() };
    for (voter, arg) in voters.iter_mut().zip(&inputs.args[..count]) {
        for axis in 0..kept.ndim {
            voter.strides[axis] = arg.strides[kept.from[axis]];
        }
    }
    Layout::<O>::checked_len(kept.shape(), size_of::<R>())?;
    let strides = k_order_strides(kept.shape(), &voters[..count]);
    let layout = Layout::from_slices(kept.shape(), &strides[..kept.ndim])?;
    let mut out = Array::<R, O>::uninit_layout(layout);
    let operand = kept.spread(
        out.head.ptr.as_ptr().cast(),
        size_of::<R>(),
        &strides[..kept.ndim],
    );
    // SAFETY: the caller's promise; fresh memory overlaps nothing and is written whole.
    unsafe {
        run(inputs, mask, spec, operand)?;
        let _ = &mut out;
        Ok(out.assume_init())
    }
}

/// The reduction over some axes, into an array of the result's shape (with or without the reduced
/// axes at length 1).
///
/// # Safety
/// As [`to_array`]; the output overlaps no input.
pub(super) unsafe fn to_out<F, R, O: Dimension>(
    inputs: &Inputs,
    mask: Mask,
    spec: &Spec<F>,
    out: &mut ArrayRef<R, O>,
) -> Result<(), ShapeError> {
    let mut kept_axes = kept(inputs.shape, mask, false);
    if out.shape() != kept_axes.shape() {
        let with_ones = kept(inputs.shape, mask, true);
        if out.shape() != with_ones.shape() {
            return Err(ShapeError::Output {
                output: out.shape().to_vec(),
                broadcast: kept_axes.shape().to_vec(),
            });
        }
        kept_axes = with_ones;
    }
    let operand = kept_axes.spread(
        out.ptr.as_ptr().cast(),
        size_of::<R>(),
        out.layout.strides(),
    );
    // SAFETY: the caller's promise; invariant 4.
    unsafe { run(inputs, mask, spec, operand) }
}

/// The inputs of a reduction of one array: its elements, and their positions over the reduced axes
/// if that is asked for.
fn with_array<T, D: Dimension, R>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    indexed: bool,
    f: impl FnOnce(&Inputs) -> R,
) -> R {
    let shape = x.layout.shape();
    let mut position = Arg::scalar(std::ptr::null::<u8>());
    let mut step = 1;
    for (axis, &len) in shape.iter().enumerate().rev() {
        if mask >> axis & 1 != 0 {
            position.strides[axis] = step;
            step = step.saturating_mul(len as isize);
        }
    }
    let args = [arg(x, shape), position];
    f(&Inputs {
        shape,
        args: &args[..1 + usize::from(indexed)],
        indexed,
    })
}

/// The inputs of a reduction of an array and one that is broadcast to its shape.
fn with_two<T, U, D: Dimension, E: Dimension, R>(
    x: &ArrayRef<T, D>,
    y: &ArrayRef<U, E>,
    f: impl FnOnce(&Inputs) -> Result<R, ShapeError>,
) -> Result<R, ShapeError> {
    let shape = x.layout.shape();
    let y = y.try_broadcast_to(shape)?;
    f(&Inputs {
        shape,
        args: &[arg(x, shape), arg(&y.head, shape)],
        indexed: false,
    })
}

/// [`to_value`] for an array and one that is broadcast to its shape.
pub(super) fn whole_with<T, U, R, D: Dimension, E: Dimension>(
    x: &ArrayRef<T, D>,
    y: &ArrayRef<U, E>,
    spec: Spec<fn(T, U) -> R>,
) -> Result<R, ShapeError> {
    // SAFETY: invariant 2; the reducer's types are those of the elements and the result.
    with_two(x, y, |inputs| unsafe { to_value(inputs, &spec) })
}

/// [`to_array`] for the same.
pub(super) fn array_with<T, U, R, D: Dimension, E: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    y: &ArrayRef<U, E>,
    mask: Mask,
    keepdims: bool,
    spec: Spec<fn(T, U) -> R>,
) -> Result<Array<R, O>, ShapeError> {
    // SAFETY: as above.
    with_two(x, y, |inputs| unsafe {
        to_array(inputs, mask, keepdims, &spec)
    })
}

/// [`to_out`] for the same.
pub(super) fn into_with<T, U, R, D: Dimension, E: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    y: &ArrayRef<U, E>,
    mask: Mask,
    spec: Spec<fn(T, U) -> R>,
    out: &mut ArrayRef<R, O>,
) -> Result<(), ShapeError> {
    // SAFETY: as above; the output is exclusive.
    with_two(x, y, |inputs| unsafe { to_out(inputs, mask, &spec, out) })
}

/// [`to_array`] for one array.
#[inline]
pub(super) fn array<T, R, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    keepdims: bool,
    spec: Spec<fn(T) -> R>,
) -> Result<Array<R, O>, ShapeError> {
    // SAFETY: invariant 2; the reducer's types are those of the elements and the result.
    with_array(x, mask, spec.reducer.indexed, |inputs| unsafe {
        to_array(inputs, mask, keepdims, &spec)
    })
}

/// [`to_out`] for one array.
#[inline]
pub(super) fn into<T, R, D: Dimension, O: Dimension>(
    x: &ArrayRef<T, D>,
    mask: Mask,
    spec: Spec<fn(T) -> R>,
    out: &mut ArrayRef<R, O>,
) -> Result<(), ShapeError> {
    // SAFETY: as above; the output is exclusive.
    with_array(x, mask, spec.reducer.indexed, |inputs| unsafe {
        to_out(inputs, mask, &spec, out)
    })
}
