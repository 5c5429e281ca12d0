//! Positions of extrema: `argmin`, `argmax`.
//!
//! The kernel's second input is not an array but the position of each element in logical order, as
//! an address with strides that is never read through. So elements may be visited in whatever
//! order is fast; of equal extrema the first position wins.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::atomic::Ordering::Relaxed;

use super::axes::{self, Spec};
use super::element::Comparable;
use super::kernels::{Extreme, Extremum, Max, MaxOpen, Min, MinOpen, nan};
use super::methods::{example, fallible_example, over_axes, reduces, results};
use super::reducer::{Empty, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, Real, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::Level;
use crate::engine::reduce::{
    Parameters, Rect, ReduceKernel, Reduction, Test, any_lane, fold_leaf_if,
};
use crate::engine::simd::simd_dispatch;

/// An extremum: the fold that finds its value, and when another is better.
pub(crate) trait Pick<T: Copy + PartialEq>: Copy + Sync + 'static {
    /// The values' reduction.
    type Fold: Reduction<T, ()>;
    /// The value in a state of some elements.
    fn value(state: <Self::Fold as Reduction<T, ()>>::State) -> T;
    /// Whether `new` comes before `old` whatever their positions.
    fn better(new: T, old: T) -> bool;
}

macro_rules! picks {
    ($($Pick:ident[$Bound:ident] $Fold:ident, $state:ident => $value:expr, $wins:tt;)+) => {$(
        #[derive(Clone, Copy)]
        pub(crate) struct $Pick;
        impl<T: $Bound> Pick<T> for $Pick {
            type Fold = $Fold;
            #[inline(always)]
            fn value($state: <$Fold as Reduction<T, ()>>::State) -> T {
                $value
            }
            #[inline(always)]
            fn better(new: T, old: T) -> bool {
                (new $wins old) | (nan(new) & !nan(old))
            }
        }
    )+};
}
picks! {
    ArgMax[Extreme] Max, state => state, >;
    ArgMin[Extreme] Min, state => state, <;
    ArgMaxOpen[Real] MaxOpen, state => some(state), >;
    ArgMinOpen[Real] MinOpen, state => some(state), <;
}

fn some<T>(state: Option<T>) -> T {
    match state {
        Some(value) => value,
        None => unreachable!("an extremum of some elements"),
    }
}

/// The best element so far and its position.
type Best<T> = Option<(T, usize)>;

struct PositionKernel<P, T>(PhantomData<fn(P, T)>);

impl<P: Pick<T>, T: Copy + PartialEq + 'static> ReduceKernel for PositionKernel<P, T> {
    fn state(&self) -> usize {
        size_of::<Best<T>>()
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { rows(level, rect, states.cast(), PhantomData::<(P, T)>) }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { columns(level, rect, states.cast(), PhantomData::<(P, T)>) }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, _: [usize; 2]) {
        let (into, from) = (into.cast::<Best<T>>(), from.cast::<Best<T>>());
        for i in 0..n {
            // SAFETY: the caller's contract.
            unsafe {
                let (x, y) = (*into.add(i), *from.add(i));
                *into.add(i) = match (x, y) {
                    (Some(a), Some(b)) => {
                        let first = !P::better(a.0, b.0) && b.1 < a.1;
                        if P::better(b.0, a.0) || first { y } else { x }
                    }
                    _ => x.or(y),
                };
            }
        }
    }
}

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::rows`].
    unsafe fn rows[P: Pick<T>, T: Copy + PartialEq](
        rect: &Rect, states: *mut Best<T>, types: PhantomData<(P, T)>
    ) = rows_body
}
simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::columns`].
    unsafe fn columns[P: Pick<T>, T: Copy + PartialEq](
        rect: &Rect, states: *mut Best<T>, types: PhantomData<(P, T)>
    ) = columns_body
}

/// Elements of a row whose best one is found before it is asked whether it is better than those before.
const LEAF: usize = 4 << 10;
/// Elements that are compared before a look at the result.
const PROBE: usize = 32;

#[inline(always)]
fn same<T: Copy + PartialEq>(x: T, y: T) -> bool {
    (x == y) | (nan(x) & nan(y))
}

/// Whether a state wins against the best element so far, which anything does if there is none.
struct Against<P, T> {
    best: T,
    none: bool,
    /// One that is as good wins too.
    ties: bool,
    pick: PhantomData<P>,
}
impl<P: Pick<T>, T: Copy + PartialEq> Test<<P::Fold as Reduction<T, ()>>::State> for Against<P, T> {
    #[inline(always)]
    fn holds(&self, state: <P::Fold as Reduction<T, ()>>::State) -> bool {
        let value = P::value(state);
        self.none | P::better(value, self.best) | (self.ties & !P::better(self.best, value))
    }
}

#[inline(always)]
unsafe fn rows_body<P: Pick<T>, T: Copy + PartialEq>(
    rect: &Rect,
    states: *mut Best<T>,
    _: PhantomData<(P, T)>,
) {
    let (n, step) = (rect.reduced, rect.reduced_steps[1]);
    for k in 0..rect.kept {
        let at = |i: usize| rect.ptrs[i].wrapping_offset(rect.kept_steps[i] * k as isize);
        let row = at(0).cast_const().cast::<T>();
        let mut best = None;
        let mut leaf = 0;
        // SAFETY: leaves stay within the `n` elements of the row.
        unsafe {
            for start in (0..n).step_by(LEAF) {
                let (count, at) = (LEAF.min(n - start), row.add(start));
                // Lanes are merged only if there is something better among them, which is rare.
                let test = Against::<P, T> {
                    best: best.unwrap_or(*at),
                    none: best.is_none(),
                    // Of equal ones the first position, which may be the last in memory.
                    ties: step < 0,
                    pick: PhantomData,
                };
                if let Some(value) = fold_leaf_if::<P::Fold, T, ()>(count, at, test) {
                    (best, leaf) = (Some(P::value(value)), start);
                }
            }
            // No closure, which would be compiled without the instructions of this level.
            let state = match best {
                Some(value) => {
                    let leaf_len = LEAF.min(n - leaf);
                    let within = find(row.add(leaf), leaf_len, value, step >= 0);
                    let position = at(1).wrapping_offset(step * (leaf + within) as isize);
                    Some((value, position.addr()))
                }
                None => None,
            };
            states.add(k).write(state);
        }
    }
}

/// Whether an element is this value, which is not NaN.
struct Equals<T>(T);
impl<T: PartialEq> Test<T> for Equals<T> {
    #[inline(always)]
    fn holds(&self, x: T) -> bool {
        x == self.0
    }
}

/// The first or last place of a value that is there.
///
/// # Safety
/// `row` is valid for `n` elements.
#[inline(always)]
unsafe fn find<T: Copy + PartialEq>(row: *const T, n: usize, value: T, first: bool) -> usize {
    // SAFETY: every index is below `n`.
    unsafe {
        if !first {
            let mut i = n;
            while i > 0 {
                i -= 1;
                if same(*row.add(i), value) {
                    return i;
                }
            }
            return 0;
        }
        let mut start = 0;
        if !nan(value) {
            while n - start >= PROBE {
                let block = row.add(start).cast::<[T; PROBE]>().read();
                if any_lane(&block, &Equals(value)) {
                    break;
                }
                start += PROBE;
            }
        }
        while start < n {
            if same(*row.add(start), value) {
                return start;
            }
            start += 1;
        }
        0
    }
}

/// Columns that are in registers together.
const STRIP: usize = 16;

#[inline(always)]
unsafe fn columns_body<P: Pick<T>, T: Copy + PartialEq>(
    rect: &Rect,
    states: *mut Best<T>,
    _: PhantomData<(P, T)>,
) {
    // SAFETY: the caller's contract; strips stay within the columns.
    unsafe {
        let whole = rect.kept / STRIP * STRIP;
        for start in (0..whole).step_by(STRIP) {
            strip::<P, T, STRIP>(rect, start, states);
        }
        for start in whole..rect.kept {
            strip::<P, T, 1>(rect, start, states);
        }
    }
}

/// # Safety
/// As [`ReduceKernel::columns`], for the `L` columns from `start` on.
#[inline(always)]
unsafe fn strip<P: Pick<T>, T: Copy + PartialEq, const L: usize>(
    rect: &Rect,
    start: usize,
    states: *mut Best<T>,
) {
    let rows = rect.reduced;
    if rows == 0 {
        for l in 0..L {
            // SAFETY: the caller's contract.
            unsafe { states.add(start + l).write(None) };
        }
        return;
    }
    // In the order of positions, so that the first of equal ones stays.
    let backwards = rect.reduced_steps[1] < 0;
    let nth = |i: usize| if backwards { rows - 1 - i } else { i } as isize;
    let block = |i: usize| {
        let row = rect.ptrs[0].wrapping_offset(rect.reduced_steps[0] * nth(i));
        row.cast_const()
            .cast::<T>()
            .wrapping_add(start)
            .cast::<[T; L]>()
    };
    // SAFETY: the caller's contract.
    unsafe {
        let mut best = block(0).read();
        let mut places = [0_u32; L];
        for i in 1..rows {
            let row = block(i).read();
            for l in 0..L {
                let wins = P::better(row[l], best[l]);
                best[l] = if wins { row[l] } else { best[l] };
                places[l] = if wins { i as u32 } else { places[l] };
            }
        }
        for l in 0..L {
            let along = rect.reduced_steps[1] * nth(places[l] as usize);
            let across = rect.kept_steps[1] * (start + l) as isize;
            let position = rect.ptrs[1].wrapping_offset(along + across).addr();
            states.add(start + l).write(Some((best[l], position)));
        }
    }
}

/// # Safety
/// As `Finish`, for states of elements of type `T`. A NaN that is the best is refused if `NUMBERS`.
unsafe fn finish<T: Copy + PartialEq, const NUMBERS: bool>(
    n: usize,
    states: *const u8,
    out: *mut u8,
    parameters: &Parameters,
) {
    let (states, out) = (states.cast::<Best<T>>(), out.cast::<MaybeUninit<usize>>());
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let best = *states.add(i);
            if NUMBERS && best.is_some_and(|best| nan(best.0)) {
                parameters.refused.store(true, Relaxed);
            }
            (*out.add(i)).write(best.map_or(0, |best| best.1));
        }
    }
}

/// The positions of an extremum, which is to be a number if `NUMBERS`.
#[inline(always)]
pub(crate) fn positions<P: Pick<T>, T: Copy + PartialEq + 'static, const NUMBERS: bool>(
    op: Extremum,
) -> Reducer<fn(T) -> usize> {
    let empty = Empty::NoPosition(match op {
        Extremum::Min => "argmin",
        Extremum::Max => "argmax",
    });
    let kernel = const { &PositionKernel::<P, T>(PhantomData) };
    // SAFETY: the kernel reads `T`, and `finish` makes positions of its states.
    let reducer = unsafe { Reducer::from_parts(kernel, finish::<T, NUMBERS>, empty).indexed() };
    if NUMBERS {
        reducer.refusing(|| ShapeError::AllNan)
    } else {
        reducer
    }
}

/// Those of a built-in type.
#[inline(always)]
pub(crate) fn position<T: Extreme>(op: Extremum) -> Reducer<fn(T) -> usize> {
    match op {
        Extremum::Max => positions::<ArgMax, T, false>(op),
        Extremum::Min => positions::<ArgMin, T, false>(op),
    }
}

/// Those of a type that says nothing about its extremes.
#[inline(always)]
pub(crate) fn open_position<T: Real>(op: Extremum) -> Reducer<fn(T) -> usize> {
    match op {
        Extremum::Max => positions::<ArgMaxOpen, T, false>(op),
        Extremum::Min => positions::<ArgMinOpen, T, false>(op),
    }
}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The position of the greatest element in row-major order (NumPy's `np.argmax`): the first of
    /// several, or the first NaN.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[3, 7], [9, 9]];
    /// assert_eq!(x.argmax(), 2);
    /// assert_eq!(x.argmax_axis(1), array![1, 0]);
    /// assert_eq!(x.argmax_keepdims(0), array![[1, 1]]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn argmax(&self) -> usize
    where
        T: Comparable,
    {
        unwrap(self.try_argmax())
    }

    /// As [`argmax`](Self::argmax), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::EmptySequence`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 3].try_argmax(), Ok(1));
    /// assert!(Array1::<i32>::zeros(0).try_argmax().is_err());
    /// ```
    #[inline]
    pub fn try_argmax(&self) -> Result<usize, ShapeError>
    where
        T: Comparable,
    {
        axes::whole(self, Spec::of(T::position(Extremum::Max)))
    }
    reduces! {
        "The position of the greatest element", argmax
            ["[[1, 2], [4, 3]]" => "[1, 0]"],
            [T: Comparable] {} -> usize:
            Spec::of(T::position(Extremum::Max));
        argmax_axis argmax_axes argmax_keepdims argmax_axes_keepdims argmax_into argmax_axes_into
        try_argmax_axis try_argmax_axes try_argmax_keepdims try_argmax_axes_keepdims
        try_argmax_into try_argmax_axes_into
    }

    /// The position of the least element in row-major order (NumPy's `np.argmin`): the first of
    /// several, or the first NaN.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![3.0, 1.0, 1.0].argmin(), 1);
    /// assert_eq!(array![[3, 7], [9, 2]].argmin_axis(0), array![0, 1]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn argmin(&self) -> usize
    where
        T: Comparable,
    {
        unwrap(self.try_argmin())
    }

    /// As [`argmin`](Self::argmin), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::EmptySequence`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 3].try_argmin(), Ok(0));
    /// assert!(Array1::<i32>::zeros(0).try_argmin().is_err());
    /// ```
    #[inline]
    pub fn try_argmin(&self) -> Result<usize, ShapeError>
    where
        T: Comparable,
    {
        axes::whole(self, Spec::of(T::position(Extremum::Min)))
    }
    reduces! {
        "The position of the least element", argmin
            ["[[1, 2], [4, 3]]" => "[0, 1]"],
            [T: Comparable] {} -> usize:
            Spec::of(T::position(Extremum::Min));
        argmin_axis argmin_axes argmin_keepdims argmin_axes_keepdims argmin_into argmin_axes_into
        try_argmin_axis try_argmin_axes try_argmin_keepdims try_argmin_axes_keepdims
        try_argmin_into try_argmin_axes_into
    }
}
