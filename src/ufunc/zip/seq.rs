//! Loops on one thread, in logical order.

use super::operands::{ExclusiveOperand, Operands};
use super::parallel::replaceable;
use super::visit::{FoldMut, PlainMut};
use super::{Zip, check_output, each, output, push, store};
use crate::array::{Array, Layout, Order, ShapeError, unwrap};

/// A [`Zip`] that runs on this thread and visits elements in logical order, last axis fastest:
/// what [`Zip::seq`] returns.
///
/// Closures may have state (`FnMut`), elements need be neither `Send` nor `Sync`.
///
/// ```
/// use orthant::{prelude::*, zip};
///
/// let mut sum = 0;
/// zip((&array![1, 2, 3],)).seq().for_each(|(x,)| sum += x);
/// assert_eq!(sum, 6);
/// ```
#[must_use = "nothing happens until one of its methods is called"]
pub struct Seq<P: Operands> {
    pub(super) zip: Zip<P>,
}

impl<P: Operands> Zip<P> {
    /// Folds all elements in logical order, on this thread. [`fold_with`](Self::fold_with) is
    /// parallel and vectorised.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let (x, w) = (array![[1.0, 2.0], [3.0, 4.0]], array![0.5, 2.0]);
    /// let last = zip((&x, &w)).fold(0.0, |state, (x, w)| 0.5 * state + w * x);
    /// assert_eq!(last, 0.5 * (0.5 * (0.5 * 0.5 + 4.0) + 1.5) + 8.0);
    /// ```
    #[track_caller]
    pub fn fold<R, F>(mut self, init: R, mut f: F) -> R
    where
        F: for<'i> FnMut(R, P::Item<'i>) -> R,
    {
        let whole = self.lower().flattened();
        let mut acc = Some(init);
        whole.logical(&mut |run| {
            let visit = FoldMut {
                f: &mut f,
                acc: acc.take(),
            };
            // SAFETY: operands are borrowed as their types say.
            acc = unsafe { P::dense(run, 0, visit) }.acc;
        });
        match acc {
            Some(acc) => acc,
            // A closure that panics does not come back.
            None => unreachable!("the accumulator is given back"),
        }
    }
}

impl<P: Operands> Seq<P> {
    /// A new array, in C order, of what `f` returns for each element.
    ///
    /// # Panics
    /// `f` panicked (what was made is dropped), or the result would be larger than memory can
    /// address.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let x = array![3, 1, 4, 1, 5];
    /// let mut total = 0;
    /// let sums = zip((&x,)).seq().map(|(x,)| {
    ///     total += x;
    ///     total
    /// });
    /// assert_eq!(sums, array![3, 4, 8, 9, 14]);
    /// ```
    #[track_caller]
    pub fn map<R, F>(mut self, mut f: F) -> Array<R, P::Dim>
    where
        F: for<'i> FnMut(P::Item<'i>) -> R,
    {
        let inputs = self.zip.lower();
        let dim = self.zip.dim;
        let layout = Layout::dense(dim, Order::C);
        if const { std::mem::needs_drop::<R>() } {
            let mut made = Vec::with_capacity(inputs.len());
            // SAFETY: operands are borrowed as their types say.
            inputs.flattened().logical(&mut |run| unsafe {
                push::<P, R, _>(run, PlainMut(&mut f), &mut made);
            });
            return Array::from_elements(made, layout);
        }
        unwrap(Layout::<P::Dim>::checked_len(
            self.zip.shape(),
            size_of::<R>(),
        ));
        let mut out = Array::<R, P::Dim>::uninit_layout(layout);
        let (lowered, movable) = output(&mut out);
        let whole = inputs.with_output(&lowered, movable).flattened();
        // SAFETY: operands are borrowed as their types say; the fresh output overlaps nothing and
        // is written whole.
        unsafe {
            whole.logical(&mut |run| store::<P, R, _>(run, PlainMut(&mut f)));
            out.assume_init()
        }
    }

    /// Assigns what `f` returns for each element to an output of exactly the broadcast shape.
    ///
    /// # Panics
    /// The output has another shape, or `f` panicked.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut names = array!["".to_string(), "".to_string()];
    /// zip((&array![1, 2],)).seq().map_into(&mut names, |(i,)| format!("x{i}"));
    /// assert_eq!(names, array!["x1".to_string(), "x2".to_string()]);
    /// ```
    #[track_caller]
    pub fn map_into<O, F>(self, out: O, f: F)
    where
        O: ExclusiveOperand,
        F: for<'i> FnMut(P::Item<'i>) -> O::Elem,
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
    /// assert!(zip((&array![1, 2],)).seq().try_map_into(&mut out, |(a,)| a).is_err());
    /// ```
    pub fn try_map_into<O, F>(mut self, mut out: O, mut f: F) -> Result<(), ShapeError>
    where
        O: ExclusiveOperand,
        F: for<'i> FnMut(P::Item<'i>) -> O::Elem,
    {
        let inputs = self.zip.lower();
        let lowered = out.lower();
        check_output(lowered.shape, self.zip.shape())?;
        let whole = inputs
            .with_output(&lowered, replaceable::<O::Elem>())
            .flattened();
        // SAFETY: as for `map`; the output is exclusive, and of that shape.
        whole.logical(&mut |run| unsafe { store::<P, O::Elem, _>(run, PlainMut(&mut f)) });
        Ok(())
    }

    /// Calls `f` for each element.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut seen = Vec::new();
    /// zip((&array![[1, 2], [3, 4]].t(), &array![10, 20])).seq().for_each(|(a, b)| seen.push(a + b));
    /// assert_eq!(seen, [11, 23, 12, 24]);
    /// ```
    #[track_caller]
    pub fn for_each<F>(mut self, mut f: F)
    where
        F: for<'i> FnMut(P::Item<'i>),
    {
        let whole = self.zip.lower().flattened();
        // SAFETY: operands are borrowed as their types say.
        whole.logical(&mut |run| unsafe { each::<P, _>(run, PlainMut(&mut f)) });
    }
}
