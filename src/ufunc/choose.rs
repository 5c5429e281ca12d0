//! Choosing among several arrays: `select`, `choose`, `piecewise`.

use super::run::{Side, run_into};
use super::select::select_kernel;
use crate::array::{
    Array, ArrayD, ArrayRef, AxisInt, DimMax, Dimension, IxDyn, Operand, ShapeError,
    broadcast_shapes, unwrap,
};
use crate::engine::Cost;
use crate::ufunc::forms::Max;

/// The shape that all of these broadcast to.
fn common<'a>(shapes: impl Iterator<Item = &'a [usize]> + Clone) -> Result<IxDyn, ShapeError> {
    let mut all = IxDyn::from_slice(&[])?;
    for shape in shapes.clone() {
        all = broadcast_shapes(all.as_slice(), shape).map_err(|_| ShapeError::Broadcast {
            shapes: shapes.clone().map(<[usize]>::to_vec).collect(),
        })?;
    }
    Ok(all)
}

fn counts(op: &'static str, conditions: usize, choices: usize) -> Result<(), ShapeError> {
    if conditions == choices {
        return Ok(());
    }
    Err(ShapeError::Argument {
        op,
        message: format!("{conditions} conditions do not match {choices} choices"),
    })
}

/// `out[mask] = value[mask]`, both broadcast.
fn assign_where<T: Clone>(
    out: &mut ArrayD<T>,
    mask: &ArrayRef<bool, IxDyn>,
    value: &ArrayRef<T, IxDyn>,
) -> Result<(), ShapeError> {
    if let Some(kernel) = select_kernel::<T>() {
        let both = Side::of(&out.head);
        let inputs = [Side::of(mask), Side::of(value), both];
        // SAFETY: the kernel is for plain elements of this size; the array is exclusive, and read
        // and written element by element.
        return unsafe { run_into(both, &inputs, false, Cost::Memory, kernel) };
    }
    let mask = mask.try_broadcast_to(out.shape())?;
    let value = value.try_broadcast_to(out.shape())?;
    let slots = out.iter_mut().zip(mask.iter()).zip(value.iter());
    slots
        .filter(|((_, bit), _)| **bit)
        .for_each(|((slot, _), value)| slot.clone_from(value));
    Ok(())
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
        let whole = common(shapes.chain([default.shape()]))?;
        let mut out = default
            .view_dyn()
            .try_broadcast_to(whole.as_slice())?
            .to_owned();
        for (condition, choice) in conditions.iter().zip(choices).rev() {
            assign_where(&mut out, &condition.view_dyn(), &choice.view_dyn())?;
        }
        out.into_rank_of()
    })
}

/// Element by element the one of several choices that an index names; all broadcast together
/// (NumPy's `choose`). Negative indices are out of bounds.
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
    let shapes = choices.iter().map(|c| c.shape()).chain([index.shape()]);
    let whole = common(shapes)?;
    let whole = whole.as_slice();
    let index = index.view_dyn().try_broadcast_to(whole)?;
    let mut sources = Vec::with_capacity(choices.len());
    for choice in choices {
        sources.push(choice.view_dyn().try_broadcast_to(whole)?);
    }
    let source = |which: I| {
        let which = which.to_isize();
        let source = usize::try_from(which).ok().filter(|&i| i < sources.len());
        source.ok_or_else(|| ShapeError::Argument {
            op: "choose",
            message: format!(
                "invalid entry in choice array: {which} of {}",
                sources.len()
            ),
        })
    };
    let mut elements = Vec::with_capacity(index.len());
    let dense: Option<Vec<&[T]>> = sources.iter().map(|choice| choice.as_slice()).collect();
    if let (Some(index), Some(dense)) = (index.as_slice(), dense) {
        // Checked apart, since a loop that may end early does not overlap its loads.
        let count = dense.len();
        let known = |which: I| usize::try_from(which.to_isize()).is_ok_and(|i| i < count);
        if !index.iter().fold(true, |all, &which| all & known(which))
            && let Some(&unknown) = index.iter().find(|&&which| !known(which))
        {
            source(unknown)?;
        }
        let places = index.iter().enumerate();
        elements
            .extend(places.map(|(place, &which)| dense[which.to_isize() as usize][place].clone()));
    } else {
        for (place, &which) in index.indexed_iter() {
            elements.push(sources[source(which)?][place].clone());
        }
    }
    ArrayD::try_from_shape_vec(whole, elements)?.into_rank_of()
}

impl<T: Copy, D: Dimension> ArrayRef<T, D> {
    /// Element by element the function of the last condition that is `true`, else `otherwise`
    /// (NumPy's `piecewise`).
    ///
    /// # Panics
    /// A condition has another shape, or there are not as many conditions as functions.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2.0, -1.0, 1.0, 2.0];
    /// let y = x.piecewise(&[&x.less(-1.5)], &[&|_| -1.5], &|x| x * x);
    /// assert_eq!(y, array![-1.5, 1.0, 1.0, 4.0]);
    /// ```
    #[track_caller]
    pub fn piecewise<R>(
        &self,
        conditions: &[&ArrayRef<bool, D>],
        functions: &[&dyn Fn(T) -> R],
        otherwise: &dyn Fn(T) -> R,
    ) -> Array<R, D> {
        unwrap(self.try_piecewise(conditions, functions, otherwise))
    }

    /// As [`piecewise`](Self::piecewise), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BroadcastInto`], [`ShapeError::Argument`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-2, 3];
    /// assert_eq!(x.try_piecewise(&[&x.less(0)], &[&|x| -x], &|x| x)?, array![2, 3]);
    /// assert!(x.try_piecewise(&[&x.less(0)], &[], &|x| x).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_piecewise<R>(
        &self,
        conditions: &[&ArrayRef<bool, D>],
        functions: &[&dyn Fn(T) -> R],
        otherwise: &dyn Fn(T) -> R,
    ) -> Result<Array<R, D>, ShapeError> {
        counts("piecewise", conditions.len(), functions.len())?;
        for condition in conditions {
            if condition.shape() != self.shape() {
                return Err(ShapeError::BroadcastInto {
                    from: condition.shape().to_vec(),
                    into: self.shape().to_vec(),
                });
            }
        }
        let dense: Option<Vec<&[bool]>> = conditions.iter().map(|c| c.as_slice()).collect();
        if let (Some(x), Some(conditions)) = (self.as_slice(), dense)
            && conditions.len() <= MOST_LISTED
            && !std::mem::needs_drop::<R>()
        {
            let elements = piecewise_dense(x, &conditions, functions, otherwise);
            return Array::try_from_shape_vec(self.shape(), elements)?.into_rank_of();
        }
        let mut which = self.full_like(functions.len());
        for (i, condition) in conditions.iter().enumerate() {
            which.mask_fill(*condition, i);
        }
        let of = |(&x, &which): (&T, &usize)| functions.get(which).unwrap_or(&otherwise)(x);
        let elements = self.iter().zip(which.iter()).map(of).collect();
        ArrayD::try_from_shape_vec(self.shape(), elements)?.into_rank_of()
    }
}

/// Elements that are sorted by their function before any is called.
const BLOCK: usize = 256;

/// Functions for which it pays to look through a block for each.
const MOST_LISTED: usize = 8;

/// `piecewise` of dense elements: within a block one function after the other, since a processor predicts
/// where a call goes by where the last one went.
fn piecewise_dense<T: Copy, R>(
    x: &[T],
    conditions: &[&[bool]],
    functions: &[&dyn Fn(T) -> R],
    otherwise: &dyn Fn(T) -> R,
) -> Vec<R> {
    let mut elements = Vec::<R>::with_capacity(x.len());
    let slots = &mut elements.spare_capacity_mut()[..x.len()];
    let (mut which, mut listed) = ([0_u8; BLOCK], [0_u8; BLOCK]);
    for (b, (x, slots)) in x.chunks(BLOCK).zip(slots.chunks_mut(BLOCK)).enumerate() {
        let which = &mut which[..x.len()];
        which.fill(functions.len() as u8);
        for (i, condition) in conditions.iter().enumerate() {
            let bits = &condition[b * BLOCK..];
            for (which, &bit) in which.iter_mut().zip(bits) {
                *which = if bit { i as u8 } else { *which };
            }
        }
        for i in 0..=functions.len() {
            let function = functions.get(i).unwrap_or(&otherwise);
            let mut count = 0;
            for (place, &which) in which.iter().enumerate() {
                listed[count % BLOCK] = place as u8;
                count += usize::from(usize::from(which) == i);
            }
            for &place in &listed[..count] {
                slots[usize::from(place)].write(function(x[usize::from(place)]));
            }
        }
    }
    // SAFETY: every element has one function, whose result was written in its slot.
    unsafe { elements.set_len(x.len()) };
    elements
}
