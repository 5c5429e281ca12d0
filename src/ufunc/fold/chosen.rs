//! Folds over some axes: of all elements or of chosen ones, from an identity or from a value.

use super::loops::{WIDE, folded, full};
use super::step::Fold;
use crate::array::{
    Array1, ArrayD, ArrayView, Axis, AxisInt, Dimension, IxDyn, MAX_NDIM, ShapeError,
};

/// Bit per axis that is folded.
pub(super) type Axes = u32;

/// All axes of an array of this rank.
pub(super) fn all(ndim: usize) -> Axes {
    (1 << ndim) - 1
}

/// Several axes, each once. A 0-d array lets itself be folded over axis 0 or -1, which it does not
/// have.
pub(super) fn resolved<I: AxisInt>(axes: &[I], ndim: usize) -> Result<Axes, ShapeError> {
    let mut all = 0;
    for &axis in axes {
        let axis = Axis::from(axis);
        if ndim == 0 && matches!(axis.0, 0 | -1) {
            continue;
        }
        let bit = 1 << axis.resolve(ndim)?;
        if all & bit != 0 {
            return Err(ShapeError::RepeatedAxis {
                op: "duplicate value in 'axis'",
                axes: axes.iter().map(|axis| axis.to_isize()).collect(),
            });
        }
        all |= bit;
    }
    Ok(all)
}

/// What to fold over, which elements, and from what.
pub(super) struct Request<'a, A> {
    axes: Axes,
    mask: Option<ArrayView<'a, bool, IxDyn>>,
    initial: Option<A>,
}

impl<'a, A: Copy + Send + Sync + 'static> Request<'a, A> {
    pub(super) fn new(
        axes: Axes,
        mask: Option<ArrayView<'a, bool, IxDyn>>,
        initial: Option<A>,
    ) -> Self {
        Request {
            axes,
            mask,
            initial,
        }
    }

    fn folds(&self, axis: usize) -> bool {
        self.axes >> axis & 1 != 0
    }

    /// The only axis, where there is one.
    fn one(&self) -> Option<usize> {
        (self.axes.count_ones() == 1).then_some(self.axes.trailing_zeros() as usize)
    }

    /// The only axis, where all elements are folded along one from no value.
    pub(super) fn plain_axis(&self) -> Option<usize> {
        let plain = self.mask.is_none() && self.initial.is_none();
        self.one().filter(|_| plain)
    }

    /// The shape of the result, without the axes or with length 1 in their places.
    pub(super) fn shape(&self, from: &[usize], keepdims: bool) -> Result<IxDyn, ShapeError> {
        let mut shape = [1; MAX_NDIM];
        let mut ndim = 0;
        for (axis, &len) in from.iter().enumerate() {
            if !self.folds(axis) {
                shape[ndim] = len;
            }
            ndim += usize::from(keepdims || !self.folds(axis));
        }
        IxDyn::from_slice(&shape[..ndim])
    }

    /// # Errors
    /// [`ShapeError::NotReorderable`], [`ShapeError::NoIdentity`],
    /// [`ShapeError::MaskNeedsInitial`], [`ShapeError::BroadcastInto`].
    pub(super) fn run<F: Fold<T, Acc = A>, T: Copy>(
        &self,
        x: ArrayView<'_, T, IxDyn>,
        keepdims: bool,
    ) -> Result<ArrayD<A>, ShapeError> {
        let step = F::step();
        if self.axes.count_ones() > 1 && !step.reorderable {
            return Err(ShapeError::NotReorderable { op: F::NAME });
        }
        let mut out = match (&self.mask, self.initial) {
            (None, None) => self.all::<F, T>(x)?,
            (None, Some(initial)) => self.all_from::<F, T>(x, initial)?,
            (Some(mask), initial) => {
                let mask = mask.try_broadcast_to(x.shape())?;
                let start = initial.or(step.identity);
                let start = start.ok_or(ShapeError::MaskNeedsInitial { op: F::NAME })?;
                self.chosen::<F, T>(x, mask, start)?
            }
        };
        if keepdims {
            for axis in (0..MAX_NDIM).filter(|&axis| self.folds(axis)) {
                out = out.into_insert_axis(axis);
            }
        }
        Ok(out)
    }

    fn all<F: Fold<T, Acc = A>, T: Copy>(
        &self,
        x: ArrayView<'_, T, IxDyn>,
    ) -> Result<ArrayD<A>, ShapeError> {
        let step = F::step();
        let mut axes = (0..x.ndim()).rev().filter(|&axis| self.folds(axis));
        let Some(last) = axes.next() else {
            let mut out = x.map(|&x| F::widen(x));
            step.begin(out.view_mut());
            return Ok(out);
        };
        let mut out = F::along(x, last)?;
        for axis in axes {
            out = folded(&step, out.view(), axis)?;
        }
        Ok(out)
    }

    fn all_from<F: Fold<T, Acc = A>, T: Copy>(
        &self,
        x: ArrayView<'_, T, IxDyn>,
        initial: A,
    ) -> Result<ArrayD<A>, ShapeError> {
        let step = F::step();
        let mut out = full(self.shape(x.shape(), false)?.as_slice(), initial)?;
        if x.is_empty() {
            return Ok(out);
        }
        match self.one().filter(|_| !step.reorderable) {
            Some(axis) => {
                for i in 0..x.shape()[axis] {
                    let slab = x.index_axis(axis, i).map(|&x| F::widen(x));
                    step.apply(out.view_mut(), slab.view());
                }
            }
            None => step.apply(out.view_mut(), self.all::<F, T>(x)?.view()),
        }
        Ok(out)
    }

    /// Whole slabs under their masks where slabs are wide, else the chosen elements of each lane put
    /// together.
    fn chosen<F: Fold<T, Acc = A>, T: Copy>(
        &self,
        x: ArrayView<'_, T, IxDyn>,
        mask: ArrayView<'_, bool, IxDyn>,
        start: A,
    ) -> Result<ArrayD<A>, ShapeError> {
        let shape = self.shape(x.shape(), false)?;
        let shape = shape.as_slice();
        let width: usize = shape.iter().product();
        let (folded, kept): (Vec<usize>, Vec<usize>) =
            (0..x.ndim()).partition(|&axis| self.folds(axis));
        if width >= WIDE {
            let mut out = full(shape, start)?;
            let order = [&folded[..], &kept].concat();
            let (x, mask) = (x.permute(&order[..]), mask.permute(&order[..]));
            each(x, mask, folded.len(), &mut |x, mask| {
                let wide = x.map(|&x| F::widen(x));
                F::step().apply_where(out.view_mut(), wide.view(), mask);
                Ok(())
            })?;
            return Ok(out);
        }
        let order = [&kept[..], &folded].concat();
        let (x, mask) = (x.permute(&order[..]), mask.permute(&order[..]));
        let mut folds = Vec::with_capacity(width);
        each(x, mask, kept.len(), &mut |x, mask| {
            folds.push(lane_from::<F, T>(start, x.try_mask(&mask)?)?);
            Ok(())
        })?;
        ArrayD::try_from_shape_vec(shape, folds)
    }
}

/// The fold of a lane, from a value.
fn lane_from<F: Fold<T>, T: Copy>(start: F::Acc, lane: Array1<T>) -> Result<F::Acc, ShapeError> {
    let step = F::step();
    if lane.is_empty() {
        return Ok(start);
    }
    if step.reorderable {
        return Ok(step.onto(start, [F::lane(lane.view(), 0)?]));
    }
    Ok(step.onto(start, lane.iter().map(|&x| F::widen(x))))
}

/// What is called with a part of an array and of its mask.
type Visitor<'f, T> =
    dyn FnMut(ArrayView<'_, T, IxDyn>, ArrayView<'_, bool, IxDyn>) -> Result<(), ShapeError> + 'f;

/// Calls `f` for all positions along the first axes of both, in row-major order.
fn each<T>(
    x: ArrayView<'_, T, IxDyn>,
    mask: ArrayView<'_, bool, IxDyn>,
    axes: usize,
    f: &mut Visitor<'_, T>,
) -> Result<(), ShapeError> {
    if axes == 0 {
        return f(x, mask);
    }
    for i in 0..x.shape()[0] {
        each(x.index_axis(0, i), mask.index_axis(0, i), axes - 1, f)?;
    }
    Ok(())
}
