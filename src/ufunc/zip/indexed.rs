//! Loops whose closures get the index of each element.

use super::drive::{LOGICAL, by_stride};
use super::operands::{ExclusiveOperand, Operands, ParallelOperand, ParallelOperands};
use super::visit::{Place, Run, WithIndex, WithIndexMut};
use super::{Zip, check_output, each, fresh, output, push, store};
use crate::array::{Array, Dimension, ShapeError, k_order_of, unwrap};

/// The index type of a tuple's rank: `[usize; N]`, or [`IxDyn`](crate::IxDyn).
type Index<P> = <<P as Operands>::Dim as Dimension>::Index;

/// A [`Zip`] whose closures get each element's index first: what [`Zip::indexed`] returns.
///
/// The index is an array (`|[i, j], (a, b)| …`), or [`IxDyn`](crate::IxDyn) where the rank is known
/// at run time only.
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// let x = array![[1, 2], [3, 4]];
/// let diagonal = zip((&x,)).indexed().map(|[i, j], (x,)| if i == j { x } else { 0 });
/// assert_eq!(diagonal, array![[1, 0], [0, 4]]);
/// ```
#[must_use = "nothing happens until one of its methods is called"]
pub struct Indexed<P: Operands> {
    pub(super) zip: Zip<P>,
}

/// Where the elements of a run are.
fn place<D: Dimension>(dim: D, run: &Run<'_>) -> Place<D::Index> {
    let mut first = D::zeroed_index(dim.ndim());
    let ndim = first.as_ref().len();
    first.as_mut().copy_from_slice(&run.index[..ndim]);
    Place {
        first,
        axis: run.axis,
    }
}

impl<P: ParallelOperands> Indexed<P> {
    /// A new array of what `f` returns for each index and element; as [`Zip::map`].
    ///
    /// # Panics
    /// As there.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let x = Array2::<f64>::ones([2, 3]);
    /// let lower = zip((&x,)).indexed().map(|[i, j], (x,)| if i < j { 0.0 } else { x });
    /// assert_eq!(lower, array![[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]);
    /// ```
    #[track_caller]
    pub fn map<R: Send, F>(mut self, f: F) -> Array<R, P::Dim>
    where
        F: for<'i> Fn(Index<P>, P::Item<'i>) -> R + Sync,
    {
        let inputs = self.zip.lower();
        let dim = self.zip.dim;
        let call = |run: &Run<'_>| WithIndex(&f, place(dim, run));
        if const { std::mem::needs_drop::<R>() } {
            let layout = k_order_of(dim, inputs.ops());
            let mut made = Vec::with_capacity(inputs.len());
            inputs.rows(&[], &by_stride(layout.strides()), &mut |run| {
                // SAFETY: operands are borrowed as their types say.
                unsafe { push::<P, R, _>(run, call(run), &mut made) }
            });
            return Array::from_elements(made, layout);
        }
        let mut out = unwrap(fresh::<R, _>(dim, &inputs));
        let (lowered, movable) = output(&mut out);
        let whole = inputs.with_output(&lowered, movable);
        whole.split(self.zip.min_len, &|part, start| {
            // SAFETY: operands are borrowed as their types say and shared with other threads where
            // their elements allow; the fresh output overlaps nothing.
            part.rows(start, &part.memory_axes(), &mut |run| unsafe {
                store::<P, R, _>(run, call(run));
            });
        });
        // SAFETY: every element was written.
        unsafe { out.assume_init() }
    }

    /// Assigns what `f` returns for each index and element to an output; as [`Zip::map_into`].
    ///
    /// # Panics
    /// As there.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut out = array![0, 0, 0];
    /// zip((&array![5, 5, 5],)).indexed().map_into(&mut out, |[i], (x,)| x * i);
    /// assert_eq!(out, array![0, 5, 10]);
    /// ```
    #[track_caller]
    pub fn map_into<O, F>(self, out: O, f: F)
    where
        O: ExclusiveOperand + ParallelOperand,
        F: for<'i> Fn(Index<P>, P::Item<'i>) -> O::Elem + Sync,
    {
        unwrap(self.try_map_into(out, f))
    }

    /// As [`map_into`](Self::map_into), with a mistake in shapes as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`]; nothing was written.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut out = array![0, 0, 0];
    /// assert!(zip((&array![1, 2],)).indexed().try_map_into(&mut out, |_, (a,)| a).is_err());
    /// ```
    pub fn try_map_into<O, F>(mut self, mut out: O, f: F) -> Result<(), ShapeError>
    where
        O: ExclusiveOperand + ParallelOperand,
        F: for<'i> Fn(Index<P>, P::Item<'i>) -> O::Elem + Sync,
    {
        let inputs = self.zip.lower();
        let dim = self.zip.dim;
        let lowered = out.lower();
        check_output(lowered.shape, dim.as_slice())?;
        let whole = inputs.with_output(&lowered, false);
        whole.split(self.zip.min_len, &|part, start| {
            part.rows(start, &part.memory_axes(), &mut |run| {
                let call = WithIndex(&f, place(dim, run));
                // SAFETY: as for `map`; the output is exclusive, and of that shape.
                unsafe { store::<P, O::Elem, _>(run, call) }
            });
        });
        Ok(())
    }

    /// Calls `f` for each index and element; as [`Zip::for_each`].
    ///
    /// # Panics
    /// As there.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut x = Array2::<usize>::zeros([2, 2]);
    /// zip((&mut x,)).indexed().for_each(|[i, j], (x,)| *x = 10 * i + j);
    /// assert_eq!(x, array![[0, 1], [10, 11]]);
    /// ```
    #[track_caller]
    pub fn for_each<F>(mut self, f: F)
    where
        F: for<'i> Fn(Index<P>, P::Item<'i>) + Sync,
    {
        let whole = self.zip.lower();
        let dim = self.zip.dim;
        whole.split(self.zip.min_len, &|part, start| {
            part.rows(start, &part.memory_axes(), &mut |run| {
                let call = WithIndex(&f, place(dim, run));
                // SAFETY: as for `map`.
                unsafe { each::<P, _>(run, call) }
            });
        });
    }
}

impl<P: Operands> Indexed<P> {
    /// Folds all indices and elements in logical order, on this thread; as [`Zip::fold`].
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let x = array![[3, 9], [4, 9]];
    /// let first_maximum = zip((&x,)).indexed().fold(([0, 0], 0), |best, at, (x,)| {
    ///     if x > best.1 { (at, x) } else { best }
    /// });
    /// assert_eq!(first_maximum, ([0, 1], 9));
    /// ```
    #[track_caller]
    pub fn fold<R, F>(mut self, init: R, mut f: F) -> R
    where
        F: for<'i> FnMut(R, Index<P>, P::Item<'i>) -> R,
    {
        let whole = self.zip.lower();
        let dim = self.zip.dim;
        let mut acc = Some(init);
        whole.rows(&[], &LOGICAL, &mut |run| {
            let mut step = |index: Index<P>, item: P::Item<'_>| {
                acc = acc.take().map(|acc| f(acc, index, item));
            };
            let call = WithIndexMut(&mut step, place(dim, run));
            // SAFETY: operands are borrowed as their types say.
            unsafe { each::<P, _>(run, call) }
        });
        match acc {
            Some(acc) => acc,
            // A closure that panics does not come back.
            None => unreachable!("the accumulator is given back"),
        }
    }
}
