//! The methods of [`Zip`] that may run on several threads.

use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::drive::{Loop, Parts};
use super::operands::{ExclusiveOperand, Operands, ParallelOperand, ParallelOperands};
use super::visit::{All, Fold, FoldLanes, LANES, Plain, Run, Store};
use super::{Zip, check_output, each, fresh, output, push, store};
use crate::array::{Array, Dimension, Layout, Order, ShapeError, k_order_of, unwrap};

/// Elements that are folded before partial results are combined: enough to hide what that costs,
/// few enough to spread a loop that is worth a second thread.
pub(super) const FOLD_GRAIN: usize = 1 << 13;

impl<P: ParallelOperands> Zip<P> {
    /// A new array of what `f` returns for each element, in the operands' common memory order.
    ///
    /// Results may be of any type; those that need dropping (`String`, `Vec`) are made on this
    /// thread.
    ///
    /// # Panics
    /// `f` panicked, or the result would be larger than memory can address.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let (x, n) = (array![1.5_f64, 2.5, 3.5], array![1, 2, 3]);
    /// assert_eq!(zip((&x, &n)).map(|(x, n)| x.powi(n)), array![1.5, 6.25, 42.875]);
    /// assert_eq!(zip((&x, &n)).map(|(x, n)| x > n.into()), array![true, true, true]);
    /// ```
    #[track_caller]
    pub fn map<R: Send, F>(mut self, f: F) -> Array<R, P::Dim>
    where
        F: for<'i> Fn(P::Item<'i>) -> R + Sync,
    {
        if const { !std::mem::needs_drop::<R>() }
            && let Some(short) = self.short()
        {
            let layout = Layout::dense(self.dim, Order::C);
            unwrap(Layout::<P::Dim>::checked_len(
                layout.shape(),
                size_of::<R>(),
            ));
            let out = Array::<R, P::Dim>::uninit_layout(layout);
            let visit = Store {
                call: Plain(&f),
                out: out.head.ptr.as_ptr().cast::<R>(),
            };
            short.run::<P, _>(visit);
            // SAFETY: every element was written.
            return unsafe { out.assume_init() };
        }
        let inputs = self.lower();
        if const { std::mem::needs_drop::<R>() } {
            let layout = k_order_of(self.dim, inputs.ops());
            let mut made = Vec::with_capacity(inputs.len());
            let ordered = inputs.in_memory_order(layout.strides()).flattened();
            // SAFETY: operands are borrowed as their types say.
            ordered.logical(&mut |run| unsafe { push::<P, R, _>(run, Plain(&f), &mut made) });
            return Array::from_elements(made, layout);
        }
        let mut out = unwrap(fresh::<R, _>(self.dim, &inputs));
        let (lowered, movable) = output(&mut out);
        let whole = inputs.with_output(&lowered, movable).flattened();
        // SAFETY: operands are borrowed as their types say and shared with other threads where
        // their elements allow; the fresh output overlaps nothing and is written whole.
        unsafe {
            whole.parallel(self.min_len, &|run| {
                store::<P, R, _>(run, Plain(&f));
            });
            out.assume_init()
        }
    }

    /// Assigns what `f` returns for each element to an output of exactly the broadcast shape
    /// (NumPy's `out=`).
    ///
    /// # Panics
    /// The output has another shape, or `f` panicked.
    ///
    /// ```
    /// use orthant::{fused, prelude::*, zip};
    ///
    /// let (a, b) = (array![1.0, 2.0], array![3.0, 4.0]);
    /// let mut table = Array2::<f64>::zeros([2, 2]);
    /// zip((&a, &b)).map_into(&mut table.column_mut(1), fused!(|(a, b)| a * b));
    /// assert_eq!(table, array![[0.0, 3.0], [0.0, 8.0]]);
    /// ```
    #[track_caller]
    pub fn map_into<O, F>(self, out: O, f: F)
    where
        O: ExclusiveOperand + ParallelOperand,
        F: for<'i> Fn(P::Item<'i>) -> O::Elem + Sync,
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
    /// let error = zip((&array![1, 2],)).try_map_into(&mut out, |(a,)| a).unwrap_err();
    /// assert!(error.to_string().ends_with("shape (3,) doesn't match the broadcast shape (2,)"));
    /// ```
    pub fn try_map_into<O, F>(mut self, mut out: O, f: F) -> Result<(), ShapeError>
    where
        O: ExclusiveOperand + ParallelOperand,
        F: for<'i> Fn(P::Item<'i>) -> O::Elem + Sync,
    {
        let lowered = out.lower();
        check_output(lowered.shape, self.dim.as_slice())?;
        if lowered.is_c
            && let Some(short) = self.short()
        {
            let visit = Store {
                call: Plain(&f),
                out: lowered.ptr.cast::<O::Elem>(),
            };
            short.run::<P, _>(visit);
            return Ok(());
        }
        let inputs = self.lower();
        let whole = inputs
            .with_output(&lowered, replaceable::<O::Elem>())
            .flattened();
        // SAFETY: as for `map`; the output is exclusive, and of that shape.
        unsafe {
            whole.parallel(self.min_len, &|run| {
                store::<P, O::Elem, _>(run, Plain(&f));
            });
        }
        Ok(())
    }

    /// Calls `f` for each element, usually to change exclusive operands.
    ///
    /// # Panics
    /// `f` panicked.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let (a, mut sum, mut product) = (array![2, 3], array![1, 1], array![1, 1]);
    /// zip((&a, &mut sum, &mut product)).for_each(|(a, s, p)| {
    ///     *s += a;
    ///     *p *= a;
    /// });
    /// assert_eq!((sum, product), (array![3, 4], array![2, 3]));
    /// ```
    #[track_caller]
    pub fn for_each<F>(mut self, f: F)
    where
        F: for<'i> Fn(P::Item<'i>) + Sync,
    {
        if let Some(short) = self.short() {
            let visit = Store {
                call: Plain(&f),
                out: NonNull::<()>::dangling().as_ptr(),
            };
            short.run::<P, _>(visit);
            return;
        }
        let whole = self.lower().flattened();
        // SAFETY: operands are borrowed as their types say and shared with other threads where
        // their elements allow.
        unsafe {
            whole.parallel(self.min_len, &|run| each::<P, _>(run, Plain(&f)));
        }
    }

    /// Folds in parallel: parts of the elements are folded, each from its own copy of `identity`,
    /// and partial results are combined in pairs.
    ///
    /// Which elements make a part is a fixed function of shape and memory order, so that the
    /// result, rounding included, does not depend on threads or instruction sets. `identity` must
    /// change nothing (`combine(identity, x) == x`), because it is used as often as there are
    /// parts.
    ///
    /// # Panics
    /// `f` or `combine` panicked.
    ///
    /// ```
    /// use orthant::{fused, prelude::*, zip};
    ///
    /// let (p, q) = (array![0.5, 0.5], array![0.25, 0.75]);
    /// let distance = zip((&p, &q)).fold_with(0.0, fused!(|s, (p, q)| s + f64::abs(p - q)), |s, t| s + t);
    /// assert_eq!(distance, 0.5);
    /// ```
    #[track_caller]
    pub fn fold_with<R, F, C>(mut self, identity: R, f: F, combine: C) -> R
    where
        R: Clone + Send + Sync,
        F: for<'i> Fn(R, P::Item<'i>) -> R + Sync,
        C: Fn(R, R) -> R + Sync,
    {
        let whole = self.lower().flattened();
        let parts = Parts::new(&whole, self.min_len.unwrap_or(FOLD_GRAIN));
        if parts.count() == 0 {
            return identity;
        }
        let partial = |part: &Loop| {
            if const { !std::mem::needs_drop::<R>() && size_of::<R>() <= 64 } {
                fold_lanes::<P, R, _>(part, &identity, &f, &combine)
            } else {
                let mut acc = Some(identity.clone());
                // SAFETY: as for `for_each`.
                unsafe {
                    part.sequential(&mut |run| {
                        let visit = Fold {
                            f: &f,
                            acc: acc.take(),
                        };
                        acc = P::dense(run, 0, visit).acc;
                    });
                }
                acc.unwrap_or_else(|| identity.clone())
            }
        };
        if parts.count() == 1 {
            return partial(&whole);
        }
        let results: Vec<Mutex<Option<R>>> = (0..parts.count()).map(|_| Mutex::new(None)).collect();
        let run = |number: usize, part: &Loop| {
            let result = partial(part);
            if let Ok(mut slot) = results[number].lock() {
                *slot = Some(result);
            }
        };
        match self.min_len {
            Some(_) => parts.for_each(crate::engine::par::threads(), &|k, part, _| run(k, part)),
            None => parts.for_each_measured(&|k, part, _| run(k, part)),
        }
        let results = results.into_iter();
        let results = results.filter_map(|slot| slot.into_inner().ok().flatten());
        combine_pairs(results.collect(), &combine).unwrap_or(identity)
    }

    /// Whether `f` holds for every element; stops soon after one for which it does not.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let (low, high) = (array![1, 2], array![3, 4]);
    /// assert!(zip((&low, &high)).all(|(l, h)| l < h));
    /// assert!(zip((&low.slice(s![..0]),)).all(|(_,)| false));
    /// ```
    pub fn all<F>(mut self, f: F) -> bool
    where
        F: for<'i> Fn(P::Item<'i>) -> bool + Sync,
    {
        let whole = self.lower().flattened();
        let holds = AtomicBool::new(true);
        let parts = Parts::new(&whole, self.min_len.unwrap_or(FOLD_GRAIN));
        let part = |_: usize, part: &Loop, _: &_| {
            let mut call = |run: &Run<'_>| {
                if holds.load(Ordering::Relaxed) {
                    let visit = All { f: &f, holds: true };
                    // SAFETY: as for `for_each`.
                    if !unsafe { P::dense(run, 0, visit) }.holds {
                        holds.store(false, Ordering::Relaxed);
                    }
                }
            };
            if holds.load(Ordering::Relaxed) {
                // SAFETY: as for `for_each`.
                unsafe { part.sequential(&mut call) }
            }
        };
        match self.min_len {
            Some(_) => parts.for_each(crate::engine::par::threads(), &part),
            None => parts.for_each_measured(&part),
        }
        holds.into_inner()
    }

    /// Whether `f` holds for some element; stops soon after one for which it does.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// assert!(zip((&array![1.0, f64::NAN],)).any(|(x,)| x.is_nan()));
    /// ```
    pub fn any<F>(self, f: F) -> bool
    where
        F: for<'i> Fn(P::Item<'i>) -> bool + Sync,
    {
        !self.all(
            #[inline(always)]
            |item: P::Item<'_>| !f(item),
        )
    }
}

/// Whether new values may be written to a buffer first and moved over old ones later.
pub(super) fn replaceable<T>() -> bool {
    !std::mem::needs_drop::<T>() && align_of::<T>() <= super::operands::BUFFER_ALIGN
}

/// Folds a part on this thread, in lanes, so that it vectorises.
fn fold_lanes<P: Operands, R: Clone, F>(
    part: &Loop,
    identity: &R,
    f: &F,
    combine: &impl Fn(R, R) -> R,
) -> R
where
    F: for<'i> Fn(R, P::Item<'i>) -> R,
{
    let mut lanes: [R; LANES] = std::array::from_fn(|_| identity.clone());
    let lanes = lanes.as_mut_ptr();
    let mut used = 1;
    // SAFETY: as for `for_each`; `R` needs no drop, so that a lane that was read and not written
    // again, because a closure panicked, is nobody's.
    unsafe {
        part.sequential(&mut |run| {
            used = run.n.min(LANES).max(used);
            P::dense(run, 0, FoldLanes { f, lanes });
        });
        while used > 1 {
            let half = used.div_ceil(2);
            for lane in 0..used - half {
                let (a, b) = (lanes.add(lane), lanes.add(lane + half));
                a.write(combine(a.read(), b.read()));
            }
            used = half;
        }
        lanes.read()
    }
}

/// Combines neighbours until one is left.
pub(super) fn combine_pairs<R>(mut values: Vec<R>, combine: &impl Fn(R, R) -> R) -> Option<R> {
    while values.len() > 1 {
        let mut rest = values.into_iter();
        let mut next = Vec::with_capacity(rest.len().div_ceil(2));
        while let Some(a) = rest.next() {
            next.push(match rest.next() {
                Some(b) => combine(a, b),
                None => a,
            });
        }
        values = next;
    }
    values.pop()
}
