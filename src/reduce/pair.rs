//! Two folds over the same elements: the extrema of a range, the sum and the number of what is not
//! skipped.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::reducer::{Empty, End, Reducer};
use crate::engine::Level;
use crate::engine::reduce::{Parameters, Rect, ReduceKernel, Reduction, Way};

/// Bytes of a state in two parts.
pub(super) const fn planes_size<P, Q>() -> usize {
    size_of::<P>().next_multiple_of(align_of::<Q>()) + size_of::<Q>()
}

/// The parts of a region of `n` states in two parts: all of the first, then all of the second.
#[inline(always)]
pub(super) fn planes<P, Q>(states: *mut u8, n: usize) -> (*mut P, *mut Q) {
    let second = (n * size_of::<P>()).next_multiple_of(align_of::<Q>());
    (states.cast(), states.wrapping_add(second).cast())
}

/// Elements of short rows that go through both folds together: they stay in L1.
pub(super) const GROUP: usize = 4 << 10;

/// The kernel of two folds. While a block is in the cache, both go through it; blocks are those of a
/// fold alone, and so are the bits.
struct PairKernel<P, Q, A, B>(PhantomData<fn(P, Q, A, B)>);

impl<P, Q, A, B> ReduceKernel for PairKernel<P, Q, A, B>
where
    P: Reduction<A, B>,
    Q: Reduction<A, B>,
    A: Copy,
    B: Copy,
{
    fn state(&self) -> usize {
        planes_size::<P::State, Q::State>()
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        let (first, second) = planes::<P::State, Q::State>(states, rect.kept);
        for (start, rows) in rect.groups(GROUP) {
            // SAFETY: the caller's contract.
            unsafe {
                Way::Rows.fold::<P, A, B>(level, &rows, first.add(start));
                Way::Rows.fold::<Q, A, B>(level, &rows, second.add(start));
            }
        }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        let (first, second) = planes::<P::State, Q::State>(states, rect.kept);
        // SAFETY: the caller's contract.
        unsafe {
            Way::Columns.fold::<P, A, B>(level, rect, first);
            Way::Columns.fold::<Q, A, B>(level, rect, second);
        }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, _: [usize; 2]) {
        let (first, second) = planes::<P::State, Q::State>(into, n);
        let (other_first, other_second) = planes::<P::State, Q::State>(from.cast_mut(), n);
        for i in 0..n {
            // SAFETY: both regions hold `n` states.
            unsafe {
                *first.add(i) = P::combine(*first.add(i), *other_first.add(i));
                *second.add(i) = Q::combine(*second.add(i), *other_second.add(i));
            }
        }
    }
}

/// # Safety
/// As `Finish`, for states of types `P` and `Q`.
unsafe fn finish<P: Copy, Q: Copy, E: End<(P, Q)>>(
    n: usize,
    states: *const u8,
    out: *mut u8,
    parameters: &Parameters,
) {
    let (first, second) = planes::<P, Q>(states.cast_mut(), n);
    let out = out.cast::<MaybeUninit<E::Out>>();
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let state = (*first.add(i), *second.add(i));
            (*out.add(i)).write(E::end(state, parameters));
        }
    }
}

impl<A: Copy + 'static, R> Reducer<fn(A) -> R> {
    /// What `E` makes of two folds, compiled where it is named.
    #[inline(always)]
    pub(crate) fn pair<P, Q, E>(empty: Empty) -> Self
    where
        P: Reduction<A, ()>,
        Q: Reduction<A, ()>,
        E: End<(P::State, Q::State), Out = R>,
    {
        let kernel = const { &PairKernel::<P, Q, A, ()>(PhantomData) };
        // SAFETY: folds over `A`; `finish` makes an `R` of their states.
        unsafe { Self::from_parts(kernel, finish::<P::State, Q::State, E>, empty) }
    }
}

impl<A: Copy + 'static, B: Copy + 'static, R> Reducer<fn(A, B) -> R> {
    /// The same over two inputs.
    #[inline(always)]
    pub(crate) fn pair_of_two<P, Q, E>(empty: Empty) -> Self
    where
        P: Reduction<A, B>,
        Q: Reduction<A, B>,
        E: End<(P::State, Q::State), Out = R>,
    {
        let kernel = const { &PairKernel::<P, Q, A, B>(PhantomData) };
        // SAFETY: as above.
        unsafe { Self::from_parts(kernel, finish::<P::State, Q::State, E>, empty) }
    }
}
