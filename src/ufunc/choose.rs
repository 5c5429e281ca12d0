//! Choosing among several arrays: `select`, `choose`.

use std::sync::atomic::{AtomicBool, Ordering};

use super::fold::Positions;
use super::forms::Max;
use crate::array::{
    Array, ArrayD, ArrayRef, ArrayViewD, AxisInt, DimMax, Dimension, Operand, ShapeError,
    broadcast_all, is_plain, unwrap,
};
use crate::engine::gather::{Source, gather};
use crate::engine::{Cost, par};

pub(super) fn counts(
    op: &'static str,
    conditions: usize,
    choices: usize,
) -> Result<(), ShapeError> {
    if conditions == choices {
        return Ok(());
    }
    Err(ShapeError::Argument {
        op,
        message: format!("{conditions} conditions do not match {choices} choices"),
    })
}

/// That an output has the shape that it and all of these broadcast to.
fn check_output<'a>(
    out: &'a [usize],
    shapes: impl Iterator<Item = &'a [usize]> + Clone,
) -> Result<(), ShapeError> {
    let broadcast = broadcast_all(shapes.chain([out]))?;
    if broadcast.as_slice() == out {
        return Ok(());
    }
    Err(ShapeError::Output {
        output: out.to_vec(),
        broadcast: broadcast.as_slice().to_vec(),
    })
}

/// Puts the choices over the default, the first on top; all are known to broadcast.
fn overlay<T: Clone, D: Dimension, E: Dimension, O: Dimension>(
    out: &mut ArrayRef<T, O>,
    conditions: &[&ArrayRef<bool, D>],
    choices: &[&ArrayRef<T, E>],
) -> Result<(), ShapeError> {
    let mut layers = conditions.iter().zip(choices).rev();
    layers.try_for_each(|(condition, choice)| out.try_assign_where(*condition, *choice))
}

/// Of several choices the first whose condition is `true`, element by element, else the default;
/// all broadcast together (NumPy's `select`).
///
/// # Panics
/// The shapes do not broadcast together, or there are not as many conditions as choices.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::select;
///
/// let x = array![0, 1, 2, 3, 4, 5];
/// let y = select(&[&x.less(3), &x.greater(3)], &[&x, &x.square()], 42);
/// assert_eq!(y, array![0, 1, 2, 42, 16, 25]);
/// ```
#[track_caller]
pub fn select<T, D, E, R>(
    conditions: &[&ArrayRef<bool, D>],
    choices: &[&ArrayRef<T, E>],
    default: R,
) -> Array<T, Max<Max<D, E>, R::Dim>>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
    R: Operand<T>,
    Max<D, E>: DimMax<R::Dim>,
{
    unwrap(try_select(conditions, choices, default))
}

/// As [`select`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Argument`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::try_select;
///
/// let x = array![1, 2];
/// assert_eq!(try_select(&[&x.less(2)], &[&x], 0)?, array![1, 0]);
/// assert!(try_select(&[&x.less(2)], &[&x, &x], 0).is_err());
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_select<T, D, E, R>(
    conditions: &[&ArrayRef<bool, D>],
    choices: &[&ArrayRef<T, E>],
    default: R,
) -> Result<Array<T, Max<Max<D, E>, R::Dim>>, ShapeError>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
    R: Operand<T>,
    Max<D, E>: DimMax<R::Dim>,
{
    counts("select", conditions.len(), choices.len())?;
    default.with_view(|default| {
        let shapes = conditions.iter().map(|c| c.shape());
        let shapes = shapes.chain(choices.iter().map(|c| c.shape()));
        let whole = broadcast_all(shapes.chain([default.shape()]))?;
        let mut out = default
            .view_dyn()
            .try_broadcast_to(whole.as_slice())?
            .to_owned();
        overlay(&mut out, conditions, choices)?;
        out.into_rank_of()
    })
}

/// As [`select`], into an array that exists, to whose shape all are broadcast.
///
/// # Panics
/// Something does not broadcast to the output's shape, or there are not as many conditions as
/// choices.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::select_into;
///
/// let (x, mut y) = (array![0, 1, 2, 3], array![0, 0, 0, 0]);
/// select_into(&[&x.less(1), &x.greater(2)], &[&x, &x.square()], 42, &mut y);
/// assert_eq!(y, array![0, 42, 42, 9]);
/// ```
#[track_caller]
pub fn select_into<T, D, E, R, O>(
    conditions: &[&ArrayRef<bool, D>],
    choices: &[&ArrayRef<T, E>],
    default: R,
    out: &mut ArrayRef<T, O>,
) where
    T: Clone,
    D: Dimension,
    E: Dimension,
    R: Operand<T>,
    O: Dimension,
{
    unwrap(try_select_into(conditions, choices, default, out));
}

/// As [`select_into`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Output`], [`ShapeError::Broadcast`], [`ShapeError::Argument`]; nothing was written.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::try_select_into;
///
/// let (x, mut y) = (array![1, 2], array![0, 0]);
/// try_select_into(&[&x.less(2)], &[&x], 7, &mut y)?;
/// assert!(try_select_into(&[&x.less(2)], &[&x], &array![[1], [2]], &mut y).is_err());
/// assert_eq!(y, array![1, 7]);
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_select_into<T, D, E, R, O>(
    conditions: &[&ArrayRef<bool, D>],
    choices: &[&ArrayRef<T, E>],
    default: R,
    out: &mut ArrayRef<T, O>,
) -> Result<(), ShapeError>
where
    T: Clone,
    D: Dimension,
    E: Dimension,
    R: Operand<T>,
    O: Dimension,
{
    counts("select", conditions.len(), choices.len())?;
    default.with_view(|default| {
        let shapes = conditions.iter().map(|c| c.shape());
        let shapes = shapes.chain(choices.iter().map(|c| c.shape()));
        check_output(out.shape(), shapes.chain([default.shape()]))?;
        out.try_assign(default)?;
        overlay(out, conditions, choices)
    })
}

/// What becomes of an index that names nothing (NumPy's `mode`).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{IndexMode, choose_with};
///
/// let (a, b) = (array![1, 2, 3], array![10, 20, 30]);
/// let index = array![3, -1, 0];
/// assert_eq!(choose_with(&index, &[&a, &b], IndexMode::Wrap), array![10, 20, 3]);
/// assert_eq!(choose_with(&index, &[&a, &b], IndexMode::Clip), array![10, 2, 3]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum IndexMode {
    /// It is a mistake (NumPy's `"raise"`).
    #[default]
    Raise,
    /// It counts round and round (NumPy's `"wrap"`).
    Wrap,
    /// It is the nearest that names something; negative ones are the first (NumPy's `"clip"`).
    Clip,
}

impl IndexMode {
    /// The position among `n`, which are some; `n` or more for a mistake.
    #[inline(always)]
    fn place(self, index: isize, n: usize) -> usize {
        match self {
            // What is below zero is beyond any position as `usize`.
            IndexMode::Raise => index as usize,
            IndexMode::Wrap => index.rem_euclid(n as isize) as usize,
            IndexMode::Clip => index.clamp(0, n as isize - 1) as usize,
        }
    }
}

/// An index array and what it chooses from, broadcast to one shape; every index names a choice.
struct Chosen<'a, I, T> {
    index: ArrayViewD<'a, I>,
    choices: Vec<ArrayViewD<'a, T>>,
    mode: IndexMode,
}

impl<'a, I: AxisInt, T> Chosen<'a, I, T> {
    /// Checks everything.
    fn new<D: Dimension, E: Dimension>(
        index: &'a ArrayRef<I, D>,
        choices: &[&'a ArrayRef<T, E>],
        mode: IndexMode,
        shape: &[usize],
    ) -> Result<Self, ShapeError> {
        let n = choices.len();
        if n == 0 {
            return Err(ShapeError::Argument {
                op: "choose",
                message: "there are no choices".to_owned(),
            });
        }
        // No index is used where there are no results.
        if mode == IndexMode::Raise
            && !shape.contains(&0)
            && let Some(which) = unknown(index, n)
        {
            return Err(ShapeError::Argument {
                op: "choose",
                message: format!("invalid entry in choice array: {which} of {n}"),
            });
        }
        let index = index.view_dyn().try_broadcast_to(shape)?;
        let choices = choices
            .iter()
            .map(|choice| choice.view_dyn().try_broadcast_to(shape))
            .collect::<Result<_, _>>()?;
        Ok(Chosen {
            index,
            choices,
            mode,
        })
    }

    fn place(&self, which: I) -> usize {
        self.mode.place(which.to_isize(), self.choices.len())
    }

    /// The chosen elements, in logical order.
    fn elements(&self) -> impl Iterator<Item = &T> {
        let places = self.index.indexed_iter();
        places.map(|(at, &which)| &self.choices[self.place(which)][at])
    }

    /// Whether [`gather`](Self::gather) may be used and pays: single elements stay where they are, but other
    /// broadcast operands are copied, each as large as the result.
    fn gathers(&self) -> bool {
        const MOST_COPIES: usize = 2;
        let copied = |c: &&ArrayViewD<'a, T>| !is_single(c) && !c.is_c_contiguous();
        is_plain::<T>() && self.choices.iter().filter(copied).count() <= MOST_COPIES
    }

    /// Writes the chosen elements, in logical order and on all threads.
    ///
    /// # Safety
    /// `T` is plain, and at `out` there is room for an element of each index.
    unsafe fn gather(&self, out: *mut T)
    where
        T: Clone,
    {
        let index = self.index.as_standard_layout();
        let dense = self.choices.iter();
        let dense = dense.map(|c| (!is_single(c)).then(|| c.as_standard_layout()));
        let dense: Vec<_> = dense.collect();
        let sources = self.choices.iter().zip(&dense);
        let sources = sources.map(|(single, dense)| match dense {
            Some(dense) => Source::Dense(dense.as_ptr()),
            None => Source::Single(single.as_ptr()),
        });
        let sources: Vec<_> = sources.collect();
        let (mode, n) = (self.mode, sources.len());
        let place = |which: I| mode.place(which.to_isize(), n);
        // SAFETY: standard layouts have as many elements as the output; every index names a choice; plain
        // elements are copied by their bits.
        unsafe { gather(index.len(), index.as_ptr(), place, &sources, out) }
    }
}

/// Whether all elements are one in memory.
fn is_single<T>(x: &ArrayViewD<'_, T>) -> bool {
    let axes = x.shape().iter().zip(x.strides());
    axes.into_iter()
        .all(|(&len, &stride)| len == 1 || stride == 0)
}

/// Elements per unit that is split over threads.
const GRANULE: usize = 1 << 12;

/// The first index that is none of a position among `n`.
fn unknown<I: AxisInt, D: Dimension>(index: &ArrayRef<I, D>, n: usize) -> Option<isize> {
    let known = Positions { n, negative: false };
    let all = match index.as_slice() {
        Some(index) => {
            let all = AtomicBool::new(true);
            let threads = Cost::Memory.threads(index.len(), size_of::<I>());
            par::for_ranges(index.len(), GRANULE, threads, |_, range| {
                if !known.hold(index[range].iter()) {
                    all.store(false, Ordering::Relaxed);
                }
            });
            all.into_inner()
        }
        None => known.hold(index.iter()),
    };
    if all {
        return None;
    }
    let mut indices = index.iter().map(|which| which.to_isize());
    indices.find(|&which| known.of(which) >= n)
}

/// Element by element the one of several choices that an index names; all broadcast together
/// (NumPy's `choose`). Negative indices are out of bounds; [`choose_with`] has NumPy's other modes.
///
/// # Panics
/// The shapes do not broadcast together, or an index names no choice.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::choose;
///
/// let (a, b) = (array![1, 2, 3], array![10, 20, 30]);
/// assert_eq!(choose(&array![0, 1, 0], &[&a, &b]), array![1, 20, 3]);
/// ```
#[track_caller]
pub fn choose<I: AxisInt, T, D, E>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
) -> Array<T, Max<D, E>>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
{
    unwrap(try_choose(index, choices))
}

/// As [`choose`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Argument`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::try_choose;
///
/// let (a, b) = (array![1, 2], array![10, 20]);
/// assert_eq!(try_choose(&array![1, 0], &[&a, &b])?, array![10, 2]);
/// assert!(try_choose(&array![2, 0], &[&a, &b]).is_err());
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_choose<I: AxisInt, T, D, E>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
) -> Result<Array<T, Max<D, E>>, ShapeError>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
{
    try_choose_with(index, choices, IndexMode::Raise)
}

/// As [`choose`], with what becomes of an index that names no choice (NumPy's `mode`).
///
/// # Panics
/// As there; with [`IndexMode::Wrap`] and [`IndexMode::Clip`] every index names a choice.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{IndexMode, choose_with};
///
/// let (a, b) = (array![1, 2], array![10, 20]);
/// assert_eq!(choose_with(&array![-7, 7], &[&a, &b], IndexMode::Clip), array![1, 20]);
/// ```
#[track_caller]
pub fn choose_with<I: AxisInt, T, D, E>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
    mode: IndexMode,
) -> Array<T, Max<D, E>>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
{
    unwrap(try_choose_with(index, choices, mode))
}

/// As [`choose_with`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`], [`ShapeError::Argument`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{IndexMode, try_choose_with};
///
/// let (a, b) = (array![1, 2], array![10, 20]);
/// assert_eq!(try_choose_with(&array![-1, 2], &[&a, &b], IndexMode::Wrap)?, array![10, 2]);
/// assert!(try_choose_with(&array![-1, 2], &[&a, &b], IndexMode::Raise).is_err());
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_choose_with<I: AxisInt, T, D, E>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
    mode: IndexMode,
) -> Result<Array<T, Max<D, E>>, ShapeError>
where
    T: Clone,
    D: DimMax<E>,
    E: Dimension,
{
    let shapes = choices.iter().map(|c| c.shape());
    let whole = broadcast_all(shapes.chain([index.shape()]))?;
    let whole = whole.as_slice();
    let chosen = Chosen::new(index, choices, mode, whole)?;
    if !chosen.gathers() {
        let elements = chosen.elements().cloned().collect();
        return ArrayD::try_from_shape_vec(whole, elements)?.into_rank_of();
    }
    let mut out = ArrayD::<T>::try_uninit(whole)?;
    // SAFETY: plain elements, and fresh room for all, which are written.
    let out = unsafe {
        chosen.gather(out.as_mut_ptr().cast());
        out.assume_init()
    };
    out.into_rank_of()
}

/// As [`choose_with`], into an array that exists, to whose shape all are broadcast (NumPy's `out=`).
///
/// # Panics
/// Something does not broadcast to the output's shape, or an index names no choice.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{IndexMode, choose_into};
///
/// let (a, b, mut y) = (array![1, 2], array![10, 20], array![0, 0]);
/// choose_into(&array![0, 1], &[&a, &b], IndexMode::Raise, &mut y);
/// assert_eq!(y, array![1, 20]);
/// ```
#[track_caller]
pub fn choose_into<I: AxisInt, T, D, E, O>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
    mode: IndexMode,
    out: &mut ArrayRef<T, O>,
) where
    T: Clone,
    D: Dimension,
    E: Dimension,
    O: Dimension,
{
    unwrap(try_choose_into(index, choices, mode, out));
}

/// As [`choose_into`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Output`], [`ShapeError::Broadcast`], [`ShapeError::Argument`]; nothing was written.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{IndexMode, try_choose_into};
///
/// let (a, b, mut y) = (array![1, 2], array![10, 20], array![0, 0]);
/// try_choose_into(&array![0, 1], &[&a, &b], IndexMode::Raise, &mut y)?;
/// assert!(try_choose_into(&array![0, 2], &[&a, &b], IndexMode::Raise, &mut y).is_err());
/// assert_eq!(y, array![1, 20]);
/// # Ok::<(), orthant::ShapeError>(())
/// ```
pub fn try_choose_into<I: AxisInt, T, D, E, O>(
    index: &ArrayRef<I, D>,
    choices: &[&ArrayRef<T, E>],
    mode: IndexMode,
    out: &mut ArrayRef<T, O>,
) -> Result<(), ShapeError>
where
    T: Clone,
    D: Dimension,
    E: Dimension,
    O: Dimension,
{
    let shapes = choices.iter().map(|c| c.shape());
    check_output(out.shape(), shapes.chain([index.shape()]))?;
    let chosen = Chosen::new(index, choices, mode, out.shape())?;
    if chosen.gathers()
        && let Some(slots) = out.as_slice_mut()
    {
        // SAFETY: plain elements, and room for all.
        unsafe { chosen.gather(slots.as_mut_ptr()) };
        return Ok(());
    }
    let slots = out.iter_mut().zip(chosen.elements());
    slots.for_each(|(slot, element)| slot.clone_from(element));
    Ok(())
}
