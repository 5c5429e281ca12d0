//! The ways in which a function of two arguments goes along an axis: `reduce`, `accumulate`,
//! `reduceat`, and over pairs and indices: `outer`, `at`.

mod step;

pub use self::step::{Fold, Step};
use self::step::{WIDE, folded, full, without};
use super::forms::{Binary, BinaryUfunc, Ufunc};
use super::run::{Side, run_fresh, run_into};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, DimAdd, Dimension, IxDyn, Layout, MAX_NDIM, Operand, Order,
    RemoveAxis, ShapeError, unwrap,
};

impl<F: Ufunc> Binary<F> {
    /// Folds the function along an axis, which disappears (NumPy's `ufunc.reduce`):
    /// `((x₀ ∘ x₁) ∘ x₂) ∘ …`, in that order where order matters.
    ///
    /// Sums are pairwise, as [`sum_axis`](ArrayRef::sum_axis)'s, and narrow integers are added and
    /// multiplied in wide ones.
    ///
    /// # Panics
    /// The axis does not exist, or has no elements and the function has no identity.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[10_i32, 2, 3], [40, 5, 6]];
    /// assert_eq!(ufunc::Add.reduce(&x, 0), array![50, 7, 9]);
    /// assert_eq!(ufunc::Subtract.reduce(&x, 1), array![5, 29]);
    /// ```
    #[track_caller]
    pub fn reduce<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D::Smaller>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce(x, axis))
    }

    /// As [`reduce`](Self::reduce), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::NoIdentity`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_reduce(&array![[3, 1], [2, 5]], 0)?, array![3, 5]);
    /// assert!(ufunc::Maximum.try_reduce(&Array2::<f64>::zeros([0, 2]), 0).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D::Smaller>, ShapeError>
    where
        F: Fold<T>,
    {
        F::along(x.view(), axis.into().resolve(x.ndim())?)
    }

    /// As [`reduce`](Self::reduce), starting from a value (NumPy's `initial`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array2::<f64>::zeros([2, 0]);
    /// assert_eq!(ufunc::Maximum.reduce_from(-1.0, &x, 1), array![-1.0, -1.0]);
    /// assert_eq!(ufunc::Subtract.reduce_from(10, &array![1, 2], 0).item(), 7);
    /// ```
    #[track_caller]
    pub fn reduce_from<T: Copy, D: RemoveAxis>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D::Smaller>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_from(initial, x, axis))
    }

    /// As [`reduce_from`](Self::reduce_from), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Minimum.try_reduce_from(2, &array![[3, 1]], 0)?, array![2, 1]);
    /// assert!(ufunc::Minimum.try_reduce_from(2, &array![[3, 1]], 2).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_from<T: Copy, D: RemoveAxis>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D::Smaller>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into().resolve(x.ndim())?;
        let mut start = full(&without(x.shape(), axis), initial)?;
        if x.shape()[axis] == 0 {
            return Ok(start);
        }
        if F::step().reorderable {
            let rest = F::along(x.view(), axis)?;
            F::step().apply(start.view_mut(), rest.view());
        } else {
            for i in 0..x.shape()[axis] {
                let slab = x.index_axis(axis, i).map(|&x| F::widen(x));
                F::step().apply(start.view_mut(), slab.view());
            }
        }
        Ok(start)
    }

    /// Folds the function over several axes, which disappear.
    ///
    /// # Panics
    /// An axis does not exist or is named twice, there are no elements and no identity, or there are
    /// several axes and the function depends on the order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array3::<f64>::ones([2, 3, 4]);
    /// assert_eq!(ufunc::Add.reduce_axes(&x, &[0, 2]), array![8.0, 8.0, 8.0]);
    /// ```
    #[track_caller]
    pub fn reduce_axes<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Array<F::Acc, IxDyn>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_axes(x, axes))
    }

    /// As [`reduce_axes`](Self::reduce_axes), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`], [`ShapeError::NoIdentity`],
    /// [`ShapeError::Argument`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.try_reduce_axes(&x, &[0, 1])?.item(), 5);
    /// assert!(ufunc::Subtract.try_reduce_axes(&x, &[0, 1]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_axes<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Result<Array<F::Acc, IxDyn>, ShapeError>
    where
        F: Fold<T>,
    {
        let mut sorted = axes
            .iter()
            .map(|&axis| Axis::from(axis).resolve(x.ndim()))
            .collect::<Result<Vec<_>, _>>()?;
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ShapeError::RepeatedAxis {
                op: F::NAME,
                axes: axes.iter().map(|axis| axis.to_isize()).collect(),
            });
        }
        if sorted.len() > 1 && !F::step().reorderable {
            return Err(ShapeError::Argument {
                op: F::NAME,
                message: "the reduction is not reorderable, so at most one axis may be specified"
                    .to_owned(),
            });
        }
        let view = x.view_dyn();
        let Some(last) = sorted.pop() else {
            return Ok(view.map(|&x| F::widen(x)));
        };
        let mut out = F::along(view, last)?;
        while let Some(axis) = sorted.pop() {
            out = folded(&F::step(), out.view(), axis)?;
        }
        Ok(out)
    }

    /// As [`reduce_axes`](Self::reduce_axes), starting from a value.
    ///
    /// # Panics
    /// An axis does not exist or is named twice, or there are several and the function depends on the
    /// order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[1.0, 5.0], [2.0, 3.0]];
    /// assert_eq!(ufunc::Minimum.reduce_axes_from(1.5, &x, &[0, 1]).item(), 1.0);
    /// ```
    #[track_caller]
    pub fn reduce_axes_from<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Array<F::Acc, IxDyn>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduce_axes_from(initial, x, axes))
    }

    /// As [`reduce_axes_from`](Self::reduce_axes_from), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`], [`ShapeError::Argument`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[3, 1], [2, 5]];
    /// assert_eq!(ufunc::Maximum.try_reduce_axes_from(9, &x, &[0, 1])?.item(), 9);
    /// assert!(ufunc::Maximum.try_reduce_axes_from(9, &x, &[0, 0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduce_axes_from<T: Copy, D: Dimension, I: AxisInt>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
        axes: &[I],
    ) -> Result<Array<F::Acc, IxDyn>, ShapeError>
    where
        F: Fold<T>,
    {
        if let &[axis] = axes {
            return self.try_reduce_from(initial, &x.view_dyn(), Axis::from(axis));
        }
        let rest = match self.try_reduce_axes(x, axes) {
            Err(ShapeError::NoIdentity { .. }) => None,
            rest => Some(rest?),
        };
        let mut shape = x.shape().to_vec();
        let mut places = axes
            .iter()
            .map(|&axis| Axis::from(axis).resolve(x.ndim()))
            .collect::<Result<Vec<_>, _>>()?;
        places.sort_unstable();
        for place in places.into_iter().rev() {
            shape.remove(place);
        }
        let mut start = full(&shape, initial)?;
        if let Some(rest) = rest {
            F::step().apply(start.view_mut(), rest.view());
        }
        Ok(start)
    }

    /// Folds the function over all elements.
    ///
    /// # Panics
    /// There are no elements and the function has no identity, or it depends on the order and the
    /// array has several axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Multiply.reduce_all(&array![[1_i32, 2], [3, 4]]), 24);
    /// ```
    #[track_caller]
    pub fn reduce_all<T: Copy, D: Dimension>(&self, x: &ArrayRef<T, D>) -> F::Acc
    where
        F: Fold<T>,
    {
        let axes: Vec<usize> = (0..x.ndim()).collect();
        self.reduce_axes(x, &axes).item()
    }

    /// As [`reduce_all`](Self::reduce_all), starting from a value.
    ///
    /// # Panics
    /// The function depends on the order and the array has several axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.reduce_all_from(0.0, &Array2::<f64>::zeros([3, 0])), 0.0);
    /// ```
    #[track_caller]
    pub fn reduce_all_from<T: Copy, D: Dimension>(
        &self,
        initial: F::Acc,
        x: &ArrayRef<T, D>,
    ) -> F::Acc
    where
        F: Fold<T>,
    {
        let axes: Vec<usize> = (0..x.ndim()).collect();
        self.reduce_axes_from(initial, x, &axes).item()
    }

    /// The folds of all beginnings along an axis (NumPy's `ufunc.accumulate`).
    ///
    /// # Panics
    /// The axis does not exist.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.accumulate(&array![1, 3, 2, 5], 0), array![1, 3, 3, 5]);
    /// ```
    #[track_caller]
    pub fn accumulate<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_accumulate(x, axis))
    }

    /// As [`accumulate`](Self::accumulate), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_accumulate(&array![1, 3, 2], 0)?, array![1, 3, 3]);
    /// assert!(ufunc::Maximum.try_accumulate(&array![1, 3, 2], 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_accumulate<T: Copy, D: RemoveAxis>(
        &self,
        x: &ArrayRef<T, D>,
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into().resolve(x.ndim())?;
        let step = F::step();
        let mut out = x.map(|&x| F::widen(x));
        let n = out.shape()[axis];
        if out.is_empty() || n < 2 {
            return Ok(out);
        }
        if out.len() / n >= WIDE {
            for i in 1..n {
                let (done, rest) = out.view_mut().into_split_at(axis, i);
                let from = done.index_axis(axis, i - 1);
                let to = rest.into_index_axis(axis, 0);
                let (from, to) = (Side::of(&from.head), Side::of(&to.head));
                // SAFETY: the kernel's types; `to` is exclusive, disjoint from `from`, and read and
                // written element by element.
                unsafe { run_into(to, &[from, to], false, step.cost, step.kernel.0)? };
            }
        } else {
            out.lanes_mut(axis).for_each(|lane| step.walk(lane));
        }
        Ok(out)
    }

    /// Folds over the stretches between indices along an axis (NumPy's `ufunc.reduceat`): result `i`
    /// is the fold over `indices[i]..indices[i + 1]`, the last one goes to the end, and where the
    /// next index is not greater it is the one element at `indices[i]`.
    ///
    /// # Panics
    /// The axis does not exist, or an index lies outside it.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array1::<i32>::arange(0, 8, 1);
    /// let sums = ufunc::Add.reduceat(&x, &[0, 4, 1, 5, 2, 6, 3, 7], 0);
    /// assert_eq!(sums, array![6, 4, 10, 5, 14, 6, 18, 7]);
    /// ```
    #[track_caller]
    pub fn reduceat<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
    ) -> Array<F::Acc, D>
    where
        F: Fold<T>,
    {
        unwrap(self.try_reduceat(x, indices, axis))
    }

    /// As [`reduceat`](Self::reduceat), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::Index`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1, 5, 2, 4];
    /// assert_eq!(ufunc::Maximum.try_reduceat(&x, &[0, 2], 0)?, array![5, 4]);
    /// assert!(ufunc::Maximum.try_reduceat(&x, &[4], 0).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_reduceat<T: Copy, D: RemoveAxis, I: AxisInt>(
        &self,
        x: &ArrayRef<T, D>,
        indices: &[I],
        axis: impl Into<Axis>,
    ) -> Result<Array<F::Acc, D>, ShapeError>
    where
        F: Fold<T>,
    {
        let axis = axis.into().resolve(x.ndim())?;
        let n = x.shape()[axis];
        let starts = positions(indices.iter().copied(), axis, n, false)?;
        let mut parts = Vec::with_capacity(starts.len());
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(n).max(start + 1);
            let part = x.slice_axis(axis, Some(start as isize), Some(end as isize), 1);
            parts.push(F::along(part, axis)?);
        }
        let mut shape = x.shape().to_vec();
        shape[axis] = starts.len();
        let dim = D::from_slice(&shape)?;
        let layout = Layout::dense(dim, Order::C);
        let mut out = Array::<F::Acc, D>::uninit_layout(layout);
        for (i, part) in parts.iter().enumerate() {
            let slots = out.index_axis_mut(axis, i);
            for (slot, &value) in slots.into_iter().zip(part.iter()) {
                slot.write(value);
            }
        }
        // SAFETY: every slab along the axis was written.
        Ok(unsafe { out.assume_init() })
    }

    /// The function of all pairs of an element of `x` and one of `y` (NumPy's `ufunc.outer`); the
    /// result's shape is that of `x` followed by that of `y`.
    ///
    /// # Panics
    /// The result would have more than [`MAX_NDIM`](crate::MAX_NDIM) axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let table = ufunc::Multiply.outer(&array![1, 2, 3], &array![10, 20]);
    /// assert_eq!(table, array![[10, 20], [20, 40], [30, 60]]);
    /// ```
    #[track_caller]
    pub fn outer<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Array<F::Output, <X::Dim as DimAdd<Y::Dim>>::Output>
    where
        F: BinaryUfunc<A, B>,
        X::Dim: DimAdd<Y::Dim>,
    {
        unwrap(self.try_outer(x, y))
    }

    /// As [`outer`](Self::outer), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::TooManyAxes`], [`ShapeError::Overflow`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_outer(&array![1, 3], &array![2, 4])?, array![[2, 4], [3, 4]]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_outer<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Result<Array<F::Output, <X::Dim as DimAdd<Y::Dim>>::Output>, ShapeError>
    where
        F: BinaryUfunc<A, B>,
        X::Dim: DimAdd<Y::Dim>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                let mut x = x.view_dyn();
                for _ in 0..y.ndim() {
                    x = x.try_insert_axis(x.ndim())?;
                }
                let inputs = [Side::of(&x.head), Side::of(&y.head)];
                // SAFETY: the kernel's types.
                unsafe { run_fresh(&inputs, F::COST, F::kernel().0) }
            })
        })
    }

    /// `x[indices[k]] = x[indices[k]] ∘ values[k]` for one `k` after the other, so that an index that
    /// comes twice counts twice (NumPy's `ufunc.at`). Indices are positions along the first axis;
    /// values are broadcast to the indices' shape followed by `x`'s other extents.
    ///
    /// # Panics
    /// An index lies outside the axis, or the values do not broadcast; then nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut counts = array![0, 0, 0];
    /// ufunc::Add.at(&mut counts, &array![0, 2, 2, -1], 1);
    /// assert_eq!(counts, array![1, 0, 3]);
    /// ```
    #[track_caller]
    pub fn at<T: Copy, D: RemoveAxis, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &ArrayRef<I, E>,
        values: V,
    ) where
        F: BinaryUfunc<T, Output = T>,
    {
        unwrap(self.try_at(x, indices, values));
    }

    /// As [`at`](Self::at), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Index`], [`ShapeError::BroadcastInto`]; nothing was changed.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![0, 0];
    /// ufunc::Maximum.try_at(&mut x, &array![1, 1], &array![5, 3])?;
    /// assert_eq!(x, array![0, 5]);
    /// assert!(ufunc::Maximum.try_at(&mut x, &array![2], 1).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_at<T: Copy, D: RemoveAxis, I: AxisInt, E: Dimension, V: Operand<T>>(
        &self,
        x: &mut ArrayRef<T, D>,
        indices: &ArrayRef<I, E>,
        values: V,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<T, Output = T>,
    {
        let [n, rest @ ..] = x.shape() else {
            return Err(ShapeError::Axis { axis: 0, ndim: 0 });
        };
        let at = positions(indices.iter().copied(), 0, *n, true)?;
        let mut shape = indices.shape().to_vec();
        shape.extend_from_slice(rest);
        let step = Step::of::<F>(None, false);
        values.with_view(|values| {
            let values = values.try_broadcast_to(shape.as_slice())?;
            if shape.len() == indices.ndim() {
                if let Some(lane) = x.lanes_mut(0).next() {
                    step.apply_at(lane, at.iter().copied().zip(values.iter()));
                }
                return Ok(());
            }
            // One axis for the indices: broadcast values have no view of that shape.
            let index_ndim = indices.ndim();
            for (k, &position) in at.iter().enumerate() {
                let mut value = values;
                let mut rest = k;
                let mut coordinates = [0; MAX_NDIM];
                for axis in (0..index_ndim).rev() {
                    coordinates[axis] = rest % indices.shape()[axis];
                    rest /= indices.shape()[axis];
                }
                for &coordinate in &coordinates[..index_ndim] {
                    value = value.index_axis(0, coordinate);
                }
                step.apply(x.index_axis_mut(0, position), value);
            }
            Ok(())
        })
    }
}

/// Indices as positions along an axis of length `n`; negative ones count from the end if they may.
fn positions<I: AxisInt>(
    indices: impl Iterator<Item = I>,
    axis: usize,
    n: usize,
    negative: bool,
) -> Result<Vec<usize>, ShapeError> {
    indices
        .map(|index| {
            let index = index.to_isize();
            let at = if index < 0 && negative {
                index.wrapping_add(n as isize)
            } else {
                index
            };
            usize::try_from(at)
                .ok()
                .filter(|&at| at < n)
                .ok_or(ShapeError::Index {
                    index,
                    axis,
                    len: n,
                })
        })
        .collect()
}
