//! Recurrences along an axis: [`Zip::scan`], [`ArrayRef::scan`], [`ArrayRef::accumulate_with`].
//!
//! Lanes along the axis do not depend on each other. Where another axis is the fast one in memory,
//! a stretch of it is carried along, one state per lane, so that the closure runs in SIMD; where the
//! axis itself is the fast one, lane after lane with the state in a register. Threads share the
//! lanes. Which it is changes nothing in the result.

use std::mem::MaybeUninit;

use super::drive::{Loop, Parts};
use super::operands::{
    ExclusiveOperand, Items, Lowered, Operands, ParallelOperand, ParallelOperands, SharedOperands,
};
use super::visit::{Run, Visit};
use super::{Zip, check_output, fresh, zip};
use crate::array::{Array, ArrayRef, Axis, Dimension, MAX_NDIM, ShapeError, unwrap};
use crate::engine::{Level, MAX_OPERANDS, par, simd};
use crate::fused;

/// Lanes that are carried along together: enough for long vector loops, few enough that their
/// states stay in the L1 cache.
const MOST_LANES: usize = 1024;
/// Fewer neighbours than this are not worth a loop over them for each step.
const LEAST_LANES: usize = 8;

/// Where states are, and dense room for results.
struct Places<S, R> {
    states: *mut S,
    out: *mut R,
}

/// One step of every lane of a stretch.
///
/// Two references, because these are passed in registers, and LLVM is told that what they refer to
/// is not overwritten; with the pointers in here it would read what the closure captures anew for
/// every element.
struct Step<'f, F, S, R> {
    f: &'f F,
    places: &'f mut Places<S, R>,
}

impl<P: Items, S, R, F> Visit<P> for Step<'_, F, S, R>
where
    F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R,
{
    #[inline(always)]
    unsafe fn visit(&mut self, i: usize, _: usize, item: P::Item<'_>) {
        // SAFETY: there is a state and a place for a result for every element of the run.
        unsafe {
            let value = (*self.f)(&mut *self.places.states.add(i), item);
            self.places.out.add(i).write(value);
        }
    }
}

/// All steps of one lane.
struct Lane<'f, F, S, R> {
    f: &'f F,
    state: S,
    out: *mut R,
    out_step: isize,
}

impl<P: Items, S, R, F> Visit<P> for Lane<'_, F, S, R>
where
    F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R,
{
    #[inline(always)]
    unsafe fn visit(&mut self, i: usize, _: usize, item: P::Item<'_>) {
        let value = (*self.f)(&mut self.state, item);
        // SAFETY: there is a place for a result for every element of the run.
        unsafe { self.out.offset(i as isize * self.out_step).write(value) }
    }
}

/// The first step where the first element is the first state.
struct First<'v, T> {
    states: &'v mut Vec<T>,
    out: *mut T,
    out_step: isize,
}

impl<T: Copy, P: for<'i> Items<Item<'i> = (T,)>> Visit<P> for First<'_, T> {
    #[inline(always)]
    unsafe fn visit(&mut self, i: usize, _: usize, (item,): (T,)) {
        self.states.push(item);
        // SAFETY: there is a place for a result for every element of the run.
        unsafe { self.out.offset(i as isize * self.out_step).write(item) }
    }
}

/// The start of a stretch of lanes: makes a state for each and takes so many steps.
trait Start<S, R>: Sync {
    /// # Safety
    /// As [`Operands::dense`]; there is room for a result every `out_step` elements from `out` on.
    unsafe fn start(
        &self,
        run: &Run<'_>,
        out: *mut R,
        out_step: isize,
        states: &mut Vec<S>,
    ) -> usize;
}

/// Every lane starts from the same state.
struct FromInit<S>(S);

impl<S: Clone + Sync, R> Start<S, R> for FromInit<S> {
    unsafe fn start(&self, run: &Run<'_>, _: *mut R, _: isize, states: &mut Vec<S>) -> usize {
        states.resize(run.n, self.0.clone());
        0
    }
}

/// Every lane starts from its first element.
struct FromFirst<P>(std::marker::PhantomData<fn(P)>);

impl<T: Copy, P: Operands + for<'i> Items<Item<'i> = (T,)>> Start<T, T> for FromFirst<P> {
    unsafe fn start(
        &self,
        run: &Run<'_>,
        out: *mut T,
        out_step: isize,
        states: &mut Vec<T>,
    ) -> usize {
        let visit = First {
            states,
            out,
            out_step,
        };
        // SAFETY: the caller's promise.
        unsafe { P::dense(run, 0, visit) };
        1
    }
}

fn stretch<'a>(level: Level, n: usize, ptrs: &'a [*mut u8], steps: &'a [isize]) -> Run<'a> {
    Run {
        level,
        n,
        ptrs,
        steps,
        index: [0; MAX_NDIM],
        axis: 0,
    }
}

/// Runs `f` along `axis` over a loop whose last operand is the output.
///
/// # Safety
/// Operands are borrowed as `P` says, elements may be seen by other threads; the output is of
/// type `R`, exclusive and not read.
unsafe fn recur<P: Operands, S, R, F>(whole: &Loop, axis: usize, start: &impl Start<S, R>, f: &F)
where
    F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R + Sync,
{
    if whole.len() == 0 {
        return;
    }
    let level = simd::level();
    let (len, n_ops) = (whole.shape()[axis], P::LEN + 1);
    // the step along the axis, in elements and in bytes
    let mut along = [0; MAX_OPERANDS];
    let mut bytes = [0; MAX_OPERANDS];
    for (k, op) in whole.ops().iter().enumerate() {
        along[k] = op.strides[axis];
        bytes[k] = op.strides[axis] * op.size as isize;
    }
    let lanes = whole.first_along(axis);
    let mut order = whole.memory_axes();
    let inner = order[whole.shape().len() - 1];
    let across = inner != axis && whole.shape()[inner] >= LEAST_LANES;
    if !across {
        let at = order.iter().position(|&a| a == axis).unwrap_or(0);
        order[at..whole.shape().len()].rotate_left(1);
    }
    let part = |_: usize, part: &Loop, _: &[usize; MAX_NDIM]| {
        let mut states = Vec::new();
        // where results that are not dense are made
        let mut line = Vec::<MaybeUninit<R>>::new();
        part.rows(&[], &order, &mut |row| {
            states.clear();
            let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
            ptrs[..n_ops].copy_from_slice(row.ptrs);
            let advance = |ptrs: &mut [*mut u8; MAX_OPERANDS]| {
                for (ptr, by) in ptrs.iter_mut().zip(&bytes) {
                    *ptr = ptr.wrapping_offset(*by);
                }
            };
            let out_step = row.steps[P::LEN];
            let out = ptrs[P::LEN].cast::<R>();
            // SAFETY: the rows of the lanes' loop start at elements of the operands, which have
            // `len` more along `axis`, and rows have `row.n` elements; there is a state for each.
            // A closure that panics leaves an output of elements that need no drop.
            unsafe {
                let first = stretch(level, row.n, &ptrs[..P::LEN], row.steps);
                let done = start.start(&first, out, out_step, &mut states);
                for _ in 0..done {
                    advance(&mut ptrs);
                }
                if !across && let Some(state) = states.pop() {
                    let visit = Lane {
                        f,
                        state,
                        out: ptrs[P::LEN].cast::<R>(),
                        out_step: along[P::LEN],
                    };
                    P::dense(
                        &stretch(level, len - done, &ptrs[..P::LEN], &along),
                        0,
                        visit,
                    );
                    return;
                }
                if out_step != 1 {
                    line.resize_with(row.n, MaybeUninit::uninit);
                }
                for _ in done..len {
                    let out = ptrs[P::LEN].cast::<R>();
                    let dense = out_step == 1;
                    let mut places = Places {
                        states: states.as_mut_ptr(),
                        out: if dense { out } else { line.as_mut_ptr().cast() },
                    };
                    let visit = Step {
                        f,
                        places: &mut places,
                    };
                    P::dense(&stretch(level, row.n, &ptrs[..P::LEN], row.steps), 0, visit);
                    if !dense {
                        for (i, value) in line[..row.n].iter().enumerate() {
                            out.offset(i as isize * out_step)
                                .write(value.assume_init_read());
                        }
                    }
                    advance(&mut ptrs);
                }
            }
        });
    };
    let share = match par::threads() {
        1 => MOST_LANES,
        threads => lanes.len().div_ceil(threads * 4),
    };
    let least = if across { 64 } else { 1 };
    Parts::new(&lanes, share.clamp(least, MOST_LANES)).for_each_measured(&part);
}

impl<P: ParallelOperands + SharedOperands> Zip<P> {
    /// A recurrence along `axis`: `f` gets the state of its lane, which it changes, and the next
    /// elements, and returns a result. Every lane starts with a copy of `init`.
    ///
    /// What one writes in Numba as a loop that carries a value, in `scipy.signal` as `lfilter`, in
    /// JAX as `lax.scan`. State and results may be of any types; results are `Copy`. Lanes are
    /// spread over threads; where another axis is the fast one in memory, `f` runs in SIMD over
    /// neighbouring lanes.
    ///
    /// # Panics
    /// There is no such axis, or `f` panicked. [`try_scan`](Self::try_scan) returns the former as an
    /// error.
    ///
    /// ```
    /// use orthant::{fused, prelude::*, zip};
    ///
    /// // A balance with a rate that changes.
    /// let (rate, paid) = (array![0.5, 1.0, 0.5], array![1.0, 2.0, 3.0]);
    /// let balance = zip((&rate, &paid)).scan(0, 10.0, fused!(|balance, (rate, paid)| {
    ///     *balance = *balance * rate + paid;
    ///     *balance
    /// }));
    /// assert_eq!(balance, array![6.0, 8.0, 7.0]);
    /// ```
    #[track_caller]
    pub fn scan<S, R, F>(self, axis: impl Into<Axis>, init: S, f: F) -> Array<R, P::Dim>
    where
        S: Clone + Send + Sync,
        R: Copy + Send,
        F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R + Sync,
    {
        unwrap(self.try_scan(axis, init, f))
    }

    /// As [`scan`](Self::scan), with a mistake as an error.
    ///
    /// # Errors
    /// The axis is out of bounds, or the result would be larger than memory can address.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let error = zip((&array![1, 2],)).try_scan(1, 0, |s, (x,)| { *s += x; *s }).unwrap_err();
    /// assert_eq!(error.to_string(), "axis 1 is out of bounds for array of dimension 1");
    /// ```
    pub fn try_scan<S, R, F>(
        self,
        axis: impl Into<Axis>,
        init: S,
        f: F,
    ) -> Result<Array<R, P::Dim>, ShapeError>
    where
        S: Clone + Send + Sync,
        R: Copy + Send,
        F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R + Sync,
    {
        // SAFETY: `FromInit` writes nothing.
        unsafe { self.scan_fresh(axis.into(), &FromInit(init), &f) }
    }

    /// As [`scan`](Self::scan), with an output of exactly the broadcast shape.
    ///
    /// # Panics
    /// The output has another shape, there is no such axis, or `f` panicked.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut out = array![0, 0, 0];
    /// zip((&array![1, 2, 3],)).scan_into(0, 0, &mut out, |s, (x,)| { *s += x; *s });
    /// assert_eq!(out, array![1, 3, 6]);
    /// ```
    #[track_caller]
    pub fn scan_into<S, O, F>(self, axis: impl Into<Axis>, init: S, out: O, f: F)
    where
        S: Clone + Send + Sync,
        O: ExclusiveOperand + ParallelOperand,
        O::Elem: Copy,
        F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> O::Elem + Sync,
    {
        unwrap(self.try_scan_into(axis, init, out, f))
    }

    /// As [`scan_into`](Self::scan_into), with a mistake as an error.
    ///
    /// # Errors
    /// The axis is out of bounds, or [`ShapeError::Output`]; nothing was written.
    ///
    /// ```
    /// use orthant::{prelude::*, zip};
    ///
    /// let mut out = array![0, 0, 0];
    /// let sums = |s: &mut i32, (x,): (i32,)| { *s += x; *s };
    /// assert!(zip((&array![1, 2],)).try_scan_into(0, 0, &mut out, sums).is_err());
    /// ```
    pub fn try_scan_into<S, O, F>(
        mut self,
        axis: impl Into<Axis>,
        init: S,
        mut out: O,
        f: F,
    ) -> Result<(), ShapeError>
    where
        S: Clone + Send + Sync,
        O: ExclusiveOperand + ParallelOperand,
        O::Elem: Copy,
        F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> O::Elem + Sync,
    {
        let axis = axis.into().resolve(self.dim.ndim())?;
        let lowered = out.lower();
        check_output(lowered.shape, self.dim.as_slice())?;
        let whole = self.lower().with_last(&lowered);
        // SAFETY: operands are borrowed as their types say and may be shared with other threads;
        // the output is exclusive, of that shape, and its elements are `Copy`.
        unsafe { recur::<P, S, O::Elem, _>(&whole, axis, &FromInit(init), &f) };
        Ok(())
    }

    /// A scan into a fresh array.
    ///
    /// # Safety
    /// `start` is made for these operands, and writes the results of the steps that it takes.
    unsafe fn scan_fresh<S, R, F>(
        mut self,
        axis: Axis,
        start: &impl Start<S, R>,
        f: &F,
    ) -> Result<Array<R, P::Dim>, ShapeError>
    where
        R: Copy + Send,
        F: for<'s, 'i> Fn(&'s mut S, P::Item<'i>) -> R + Sync,
    {
        let axis = axis.resolve(self.dim.ndim())?;
        let inputs = self.lower();
        let out = fresh::<R, _>(self.dim, &inputs)?;
        let whole = inputs.with_last(&Lowered::new(&out.head, true));
        // SAFETY: operands are borrowed as their types say and may be shared with other threads;
        // the fresh output overlaps nothing and is written whole.
        unsafe {
            recur::<P, S, R, F>(&whole, axis, start, f);
            Ok(out.assume_init())
        }
    }
}

impl<T: Copy + Send + Sync, D: Dimension> ArrayRef<T, D> {
    /// A recurrence along `axis`: `f` gets the state of its lane, which it changes, and the next
    /// element, and returns a result. Every lane starts with a copy of `init`.
    ///
    /// Of several arrays, and into an output: [`Zip::scan`](crate::ufunc::Zip::scan), which says more.
    /// Without an initial state: [`accumulate_with`](Self::accumulate_with).
    ///
    /// # Panics
    /// There is no such axis, or `f` panicked; [`try_scan`](Self::try_scan) returns the former as an
    /// error.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// // Days since it last rained.
    /// let rain = array![true, false, false, true, false];
    /// let dry = rain.scan(0, 0, |days, rain| {
    ///     *days = if rain { 0 } else { *days + 1 };
    ///     *days
    /// });
    /// assert_eq!(dry, array![0, 1, 2, 0, 1]);
    /// ```
    #[track_caller]
    pub fn scan<S, R, F>(&self, axis: impl Into<Axis>, init: S, f: F) -> Array<R, D>
    where
        S: Clone + Send + Sync,
        R: Copy + Send,
        F: Fn(&mut S, T) -> R + Sync,
    {
        unwrap(self.try_scan(axis, init, f))
    }

    /// As [`scan`](Self::scan), with a mistake as an error.
    ///
    /// # Errors
    /// The axis is out of bounds, or the result would be larger than memory can address.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![1, 2].try_scan(1, 0, |s, x| { *s += x; *s }).is_err());
    /// ```
    pub fn try_scan<S, R, F>(
        &self,
        axis: impl Into<Axis>,
        init: S,
        f: F,
    ) -> Result<Array<R, D>, ShapeError>
    where
        S: Clone + Send + Sync,
        R: Copy + Send,
        F: Fn(&mut S, T) -> R + Sync,
    {
        zip((self,)).try_scan(
            axis,
            init,
            #[inline(always)]
            |state: &mut S, (x,): (T,)| f(state, x),
        )
    }

    /// Running results of a function of two elements along `axis`: the first stays, each further one
    /// is `f` of the result before it and the element.
    ///
    /// NumPy: `np.frompyfunc(f, 2, 1).accumulate`, and `accumulate` of any ufunc. An exponentially
    /// weighted mean runs at the speed of the loop in C:
    ///
    /// ```
    /// use orthant::{fused, prelude::*};
    ///
    /// let x = array![4.0, 8.0, 0.0];
    /// let alpha = 0.5;
    /// let mean = x.accumulate_with(0, fused!(|mean, x| alpha * x + (1.0 - alpha) * mean));
    /// assert_eq!(mean, array![4.0, 6.0, 3.0]);
    /// ```
    ///
    /// # Panics
    /// There is no such axis, or `f` panicked; [`try_accumulate_with`](Self::try_accumulate_with)
    /// returns the former as an error.
    #[track_caller]
    pub fn accumulate_with<F>(&self, axis: impl Into<Axis>, f: F) -> Array<T, D>
    where
        F: Fn(T, T) -> T + Sync,
    {
        unwrap(self.try_accumulate_with(axis, f))
    }

    /// As [`accumulate_with`](Self::accumulate_with), with a mistake as an error.
    ///
    /// # Errors
    /// The axis is out of bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3, 1, 2].try_accumulate_with(0, i32::max), Ok(array![3, 3, 3]));
    /// assert!(array![3, 1].try_accumulate_with(1, i32::max).is_err());
    /// ```
    pub fn try_accumulate_with<F>(
        &self,
        axis: impl Into<Axis>,
        f: F,
    ) -> Result<Array<T, D>, ShapeError>
    where
        F: Fn(T, T) -> T + Sync,
    {
        let start = FromFirst::<(&Self,)>(std::marker::PhantomData);
        let next = fused!(|state: &mut T, (x,): (T,)| {
            *state = f(*state, x);
            *state
        });
        // SAFETY: the first step is written by `FromFirst`.
        unsafe { zip((self,)).scan_fresh(axis.into(), &start, &next) }
    }
}
