//! [`Zip::reduce`]: a fold without a value to start from.

use std::mem::MaybeUninit;
use std::sync::Mutex;

use super::Zip;
use super::drive::{Loop, Parts};
use super::operands::{Items, ParallelOperands};
use super::parallel::{FOLD_GRAIN, combine_pairs};
use super::visit::{Fold, LANES, Plain, Run, Store, Visit};
use crate::engine::{MAX_OPERANDS, par};

/// Combines into one value per lane.
struct Combine<'f, F, C, R> {
    f: &'f F,
    combine: &'f C,
    lanes: *mut R,
}

impl<P: Items, R, F, C> Visit<P> for Combine<'_, F, C, R>
where
    F: for<'i> Fn(P::Item<'i>) -> R,
    C: Fn(R, R) -> R,
{
    const BLOCK: usize = LANES;
    #[inline(always)]
    unsafe fn visit(&mut self, _: usize, lane: usize, item: P::Item<'_>) {
        // SAFETY: lanes up to the length of the run are initialised; one that was moved out of when
        // a closure panics is not looked at again.
        unsafe {
            let lane = self.lanes.add(lane);
            lane.write((*self.combine)(lane.read(), (*self.f)(item)));
        }
    }
}

/// Elements `from..from + n` of a run of a part.
fn piece<'a>(
    run: &Run<'a>,
    part: &Loop,
    from: usize,
    n: usize,
    ptrs: &'a mut [*mut u8; MAX_OPERANDS],
) -> Run<'a> {
    for (k, op) in part.ops().iter().enumerate() {
        ptrs[k] = run.ptrs[k].wrapping_offset(from as isize * run.steps[k] * op.size as isize);
    }
    Run {
        n,
        ptrs: &ptrs[..run.ptrs.len()],
        ..*run
    }
}

/// Reduces a part on this thread, in lanes, so that it vectorises.
fn reduce_lanes<P: ParallelOperands, R, F, C>(part: &Loop, f: &F, combine: &C) -> R
where
    F: for<'i> Fn(P::Item<'i>) -> R,
    C: Fn(R, R) -> R,
{
    let mut lanes: [MaybeUninit<R>; LANES] = [const { MaybeUninit::uninit() }; LANES];
    let lanes = lanes.as_mut_ptr().cast::<R>();
    let mut used = 0;
    // SAFETY: operands are borrowed as their types say. The first `used` lanes are initialised, as
    // many as the longest run so far has elements, up to all; `R` needs no drop. A part has an
    // element.
    unsafe {
        part.sequential(&mut |run| {
            let again = |from: usize, n: usize| {
                if n > 0 {
                    let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
                    let run = piece(run, part, from, n, &mut ptrs);
                    P::dense(&run, 0, Combine { f, combine, lanes });
                }
            };
            let filled = run.n.min(LANES);
            if filled <= used {
                return again(0, run.n);
            }
            again(0, used);
            let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
            let visit = Store {
                call: Plain(f),
                out: lanes.add(used),
            };
            P::dense(&piece(run, part, used, filled - used, &mut ptrs), 0, visit);
            used = filled;
            again(filled, run.n - filled);
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

impl<P: ParallelOperands> Zip<P> {
    /// Maps each element and combines the results in parallel; `None` where there is no element.
    ///
    /// As [`fold_with`](Self::fold_with), without a value that changes nothing: `combine` must be
    /// associative and commutative (up to rounding). Which elements are combined with which is a
    /// fixed function of shape and memory order, so that the result, rounding included, does not
    /// depend on threads or instruction sets.
    ///
    /// # Panics
    /// `f` or `combine` panicked.
    ///
    /// ```
    /// use orthant::{fused, prelude::*, zip};
    ///
    /// let (a, b) = (array![1.0, 5.0, 2.0], array![4.0, 4.0, 4.0]);
    /// let largest = zip((&a, &b)).reduce(fused!(|(a, b)| f64::abs(a - b)), f64::max);
    /// assert_eq!(largest, Some(3.0));
    /// ```
    #[track_caller]
    pub fn reduce<R, F, C>(mut self, f: F, combine: C) -> Option<R>
    where
        R: Send,
        F: for<'i> Fn(P::Item<'i>) -> R + Sync,
        C: Fn(R, R) -> R + Sync,
    {
        let whole = self.lower().flattened();
        let parts = Parts::new(&whole, self.min_len.unwrap_or(FOLD_GRAIN));
        let partial = |part: &Loop| -> Option<R> {
            if const { !std::mem::needs_drop::<R>() && size_of::<R>() <= 64 } {
                return Some(reduce_lanes::<P, R, _, _>(part, &f, &combine));
            }
            let join = |acc: Option<R>, item: P::Item<'_>| {
                let value = f(item);
                Some(match acc {
                    Some(acc) => combine(acc, value),
                    None => value,
                })
            };
            let mut acc: Option<Option<R>> = Some(None);
            // SAFETY: operands are borrowed as their types say.
            unsafe {
                part.sequential(&mut |run| {
                    let visit = Fold {
                        f: &join,
                        acc: acc.take(),
                    };
                    acc = P::dense(run, 0, visit).acc;
                });
            }
            acc.flatten()
        };
        match parts.count() {
            0 => return None,
            1 => return partial(&whole),
            _ => {}
        }
        let results: Vec<Mutex<Option<R>>> = (0..parts.count()).map(|_| Mutex::new(None)).collect();
        let run = |number: usize, part: &Loop| {
            let result = partial(part);
            if let Ok(mut slot) = results[number].lock() {
                *slot = result;
            }
        };
        match self.min_len {
            Some(_) => parts.for_each(par::threads(), &|k, part, _| run(k, part)),
            None => parts.for_each_measured(&|k, part, _| run(k, part)),
        }
        let results = results.into_iter();
        let results = results.filter_map(|slot| slot.into_inner().ok().flatten());
        combine_pairs(results.collect(), &combine)
    }
}
