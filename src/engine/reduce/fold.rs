//! The kernel made of a map and an associative operation: sums, extrema, counts.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::{BitOrAssign, Not};
use std::sync::atomic::{Ordering, compiler_fence};

use super::super::simd::{Level, simd_dispatch};
use super::columns::columns;
use super::{CHUNK, Rect, ReduceKernel};

/// A reduction `combine(… combine(map(a₀, b₀), map(a₁, b₁)) …)`. Implement with
/// `#[inline(always)]`.
pub(crate) trait Reduction<A, B>: Copy + Sync + 'static {
    /// What elements are folded into.
    type State: Copy;
    /// Whether some states absorb whatever comes later; see [`is_final`](Self::is_final).
    const ABSORBS: bool = false;
    /// The state of no elements.
    fn identity() -> Self::State;
    /// The state of one element.
    fn map(a: A, b: B) -> Self::State;
    /// The state of the elements of both.
    fn combine(x: Self::State, y: Self::State) -> Self::State;
    /// Whether [`ordered`](Self::ordered) is cheaper than [`combine`](Self::combine).
    const ORDERED: bool = false;
    /// The state of the elements of both, for elements that are in order with each other.
    #[inline(always)]
    fn ordered(x: Self::State, y: Self::State) -> Self::State {
        Self::combine(x, y)
    }
    /// What [`ordered`](Self::ordered) starts from.
    #[inline(always)]
    fn start() -> Self::State {
        Self::identity()
    }
    /// Whether an element is in no order with any other: NaN.
    #[inline(always)]
    fn unordered(_: A) -> bool {
        false
    }
    /// Whether a state says nothing about the elements that [`ordered`](Self::ordered) has seen.
    #[inline(always)]
    fn unknown(_: Self::State) -> bool {
        false
    }
    /// Whether the state stays what it is.
    fn is_final(_: Self::State) -> bool {
        false
    }
}

/// The kernel of a [`Reduction`].
///
/// Sums of rows are made in [`lanes`] accumulators over leaves of 1,024 elements, with a binary
/// tree over the leaves: the same operations whatever the instruction set.
pub(crate) struct Fold<R, A, B>(PhantomData<fn(R, A, B)>);

impl<R, A, B> Fold<R, A, B> {
    /// The kernel; usable in constants.
    pub(crate) const fn new() -> Self {
        Fold(PhantomData)
    }
}

/// Elements that are folded before lanes are merged.
const LEAF: usize = 1 << 10;
/// Depth of the tree over the leaves of a chunk.
const DEPTH: usize = (CHUNK / LEAF).trailing_zeros() as usize + 1;

/// Accumulators of a row: 128 bytes, four AVX2 registers.
pub(crate) const fn lanes(state: usize) -> usize {
    match state {
        0..=2 => 64,
        3..=4 => 32,
        5..=8 => 16,
        9..=16 => 8,
        17..=32 => 4,
        _ => 1,
    }
}

/// Calls a function with the lanes of a state (or a part of them) as its constant parameter.
macro_rules! with_lanes {
    ($R:ident, $A:ident, $B:ident, $divisor:literal, $f:ident [$($c:ident),*]($($arg:expr),*)) => {
        // `if const` rather than `match`: branches not taken are not even compiled.
        if const { lanes(size_of::<$R::State>()) / $divisor >= 64 } {
            $f::<$R, $A, $B, $($c,)* 64>($($arg),*)
        } else if const { lanes(size_of::<$R::State>()) / $divisor == 32 } {
            $f::<$R, $A, $B, $($c,)* 32>($($arg),*)
        } else if const { lanes(size_of::<$R::State>()) / $divisor == 16 } {
            $f::<$R, $A, $B, $($c,)* 16>($($arg),*)
        } else if const { lanes(size_of::<$R::State>()) / $divisor == 8 } {
            $f::<$R, $A, $B, $($c,)* 8>($($arg),*)
        } else if const { lanes(size_of::<$R::State>()) / $divisor == 4 } {
            $f::<$R, $A, $B, $($c,)* 4>($($arg),*)
        } else if const { lanes(size_of::<$R::State>()) / $divisor == 2 } {
            $f::<$R, $A, $B, $($c,)* 2>($($arg),*)
        } else {
            $f::<$R, $A, $B, $($c,)* 1>($($arg),*)
        }
    };
}
pub(super) use with_lanes;

impl<R: Reduction<A, B>, A: Copy, B: Copy> ReduceKernel for Fold<R, A, B> {
    fn state(&self) -> usize {
        size_of::<R::State>()
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { rows(level, rect, states.cast(), PhantomData::<(R, A, B)>) }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe { columns(level, rect, states.cast(), PhantomData::<(R, A, B)>) }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, _: [usize; 2]) {
        let (into, from) = (into.cast::<R::State>(), from.cast::<R::State>());
        for i in 0..n {
            // SAFETY: the caller's contract.
            unsafe { *into.add(i) = R::combine(*into.add(i), *from.add(i)) };
        }
    }
}

/// The state of a row of at most [`CHUNK`] elements and one second input, for bodies of kernels
/// that are made of several folds.
///
/// # Safety
/// `a` is valid for `n` elements.
#[inline(always)]
pub(crate) unsafe fn fold_row<R: Reduction<A, B>, A: Copy, B: Copy>(
    n: usize,
    a: *const A,
    b: &B,
) -> R::State {
    // SAFETY: the caller's contract.
    unsafe { with_lanes!(R, A, B, 1, splat_row[](n, a, b)) }
}

/// One of the two ways through a rectangle, for kernels that are made of several folds: each of them is a
/// function of its own, as in a body with several loops LLVM takes half and quarter vectors.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    Rows,
    Columns,
}

impl Way {
    /// What [`ReduceKernel::rows`] or [`ReduceKernel::columns`] does.
    ///
    /// # Safety
    /// As those.
    #[inline]
    pub(crate) unsafe fn fold<R: Reduction<A, B>, A: Copy, B: Copy>(
        self,
        level: Level,
        rect: &Rect,
        states: *mut R::State,
    ) {
        // SAFETY: the caller's contract.
        unsafe {
            match self {
                Way::Rows => rows(level, rect, states, PhantomData::<(R, A, B)>),
                Way::Columns => columns(level, rect, states, PhantomData::<(R, A, B)>),
            }
        }
    }
}

/// The state of a short row, if `wins` holds for a lane of it.
///
/// # Safety
/// `a` is valid for `n` elements.
#[inline(always)]
pub(crate) unsafe fn fold_leaf_if<R: Reduction<A, B>, A: Copy, B: Copy>(
    n: usize,
    a: *const A,
    wins: impl Test<R::State>,
) -> Option<R::State> {
    // SAFETY: the caller's contract.
    unsafe { with_lanes!(R, A, B, 1, winning_leaf[](n, a, wins)) }
}

/// A question about a state: a closure might become a call, for every lane. Implement with `#[inline(always)]`.
pub(crate) trait Test<S> {
    /// The answer.
    fn holds(&self, state: S) -> bool;
}

/// [`Reduction::is_final`].
struct Final<R, A, B>(PhantomData<fn(R, A, B)>);
impl<R: Reduction<A, B>, A, B> Test<R::State> for Final<R, A, B> {
    #[inline(always)]
    fn holds(&self, state: R::State) -> bool {
        R::is_final(state)
    }
}

/// As [`fold_leaf_if`].
#[inline(always)]
unsafe fn winning_leaf<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize>(
    n: usize,
    a: *const A,
    wins: impl Test<R::State>,
) -> Option<R::State> {
    let b = std::ptr::NonNull::<B>::dangling().as_ptr().cast_const();
    const { assert!(size_of::<B>() == 0) };
    // SAFETY: the caller's contract; there is nothing to read of `B`.
    unsafe {
        if n < L || L == 1 {
            return Some(few::<R, A, B, true>(n, a, b)).filter(|&state| wins.holds(state));
        }
        let lanes = leaf::<R, A, B, L, true>(n, a, b);
        any_lane(&lanes, &wins).then(|| across::<R, A, B, L>(lanes))
    }
}

/// The state of all lanes.
#[inline(always)]
fn across<R: Reduction<A, B>, A, B, const L: usize>(mut lanes: [R::State; L]) -> R::State {
    let mut width = L / 2;
    while width > 0 {
        for l in 0..width {
            lanes[l] = R::combine(lanes[l], lanes[l + width]);
        }
        width /= 2;
    }
    lanes[0]
}

#[inline(always)]
unsafe fn splat_row<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize>(
    n: usize,
    a: *const A,
    b: *const B,
) -> R::State {
    // SAFETY: the caller's contract.
    unsafe { row::<R, A, B, L, true>(n, a, b) }
}

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::rows`].
    unsafe fn rows[R: Reduction<A, B>, A: Copy, B: Copy](
        rect: &Rect, states: *mut R::State, types: PhantomData<(R, A, B)>
    ) = rows_body
}
#[inline(always)]
unsafe fn rows_body<R: Reduction<A, B>, A: Copy, B: Copy>(
    rect: &Rect,
    states: *mut R::State,
    _: PhantomData<(R, A, B)>,
) {
    // SAFETY: the caller's contract.
    unsafe { with_lanes!(R, A, B, 1, rows_lanes[](rect, states)) }
}

/// A pointer to the second input, which is not there if its type has no size.
#[inline(always)]
pub(super) fn second<B>(ptr: *mut u8) -> *const B {
    if size_of::<B>() == 0 {
        std::ptr::NonNull::<B>::dangling().as_ptr()
    } else {
        ptr.cast()
    }
}

#[inline(always)]
unsafe fn rows_lanes<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize>(
    rect: &Rect,
    states: *mut R::State,
) {
    let n = rect.reduced;
    debug_assert!(n <= CHUNK);
    let splat = size_of::<B>() == 0 || rect.reduced_steps[1] == 0;
    for k in 0..rect.kept {
        let at = |i: usize| rect.ptrs[i].wrapping_offset(rect.kept_steps[i] * k as isize);
        let (a, b) = (at(0).cast_const().cast::<A>(), second::<B>(at(1)));
        // SAFETY: the caller's contract.
        unsafe {
            let state = if splat {
                row::<R, A, B, L, true>(n, a, b)
            } else {
                row::<R, A, B, L, false>(n, a, b)
            };
            states.add(k).write(state);
        }
    }
}

/// # Safety
/// `a` and `b` are valid for `n` elements (`b` for one if `SPLAT`).
#[inline(always)]
unsafe fn row<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize, const SPLAT: bool>(
    n: usize,
    a: *const A,
    b: *const B,
) -> R::State {
    // SAFETY: every index is below `n`; `waiting[..depth]` is initialised.
    unsafe {
        if n < L || L == 1 {
            return few::<R, A, B, SPLAT>(n, a, b);
        }
        let mut waiting = [const { MaybeUninit::<[R::State; L]>::uninit() }; DEPTH];
        let mut depth = 0;
        for i in 0..n.div_ceil(LEAF) {
            let start = i * LEAF;
            let b = if SPLAT { b } else { b.add(start) };
            let mut lanes = leaf::<R, A, B, L, SPLAT>(LEAF.min(n - start), a.add(start), b);
            if R::ABSORBS {
                // Whether there is one is vector code; which one, and a call of an iterator's function, is not.
                if any_lane(&lanes, &Final::<R, A, B>(PhantomData))
                    && let Some(last) = lanes.iter().position(|&lane| R::is_final(lane))
                {
                    return lanes[last];
                }
            }
            let mut carry = i;
            while carry & 1 != 0 {
                depth -= 1;
                lanes = merged::<R, A, B, L>(waiting[depth].assume_init(), lanes);
                carry >>= 1;
            }
            waiting[depth].write(lanes);
            depth += 1;
        }
        let mut lanes = waiting[depth - 1].assume_init();
        while depth > 1 {
            depth -= 1;
            lanes = merged::<R, A, B, L>(waiting[depth - 1].assume_init(), lanes);
        }
        across::<R, A, B, L>(lanes)
    }
}

#[inline(always)]
pub(super) fn merged<R: Reduction<A, B>, A, B, const L: usize>(
    x: [R::State; L],
    y: [R::State; L],
) -> [R::State; L] {
    let mut out = x;
    for l in 0..L {
        out[l] = R::combine(x[l], y[l]);
    }
    out
}

/// One element after the other.
///
/// # Safety
/// As [`row`].
#[inline(always)]
unsafe fn few<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool>(
    n: usize,
    a: *const A,
    b: *const B,
) -> R::State {
    let mut state = R::identity();
    for i in 0..n {
        // Too few for vectors.
        compiler_fence(Ordering::SeqCst);
        // SAFETY: the caller's contract.
        let (a, b) = unsafe { (*a.add(i), *b.add(if SPLAT { 0 } else { i })) };
        state = R::combine(state, R::map(a, b));
        if R::ABSORBS && R::is_final(state) {
            break;
        }
    }
    state
}

/// # Safety
/// As [`row`].
#[inline(always)]
unsafe fn leaf<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize, const SPLAT: bool>(
    n: usize,
    a: *const A,
    b: *const B,
) -> [R::State; L] {
    let mut lanes = [R::identity(); L];
    // SAFETY: every index is below `n`.
    unsafe {
        let ordered = if const { R::ORDERED && SPLAT } {
            ordered_blocks::<R, A, B, L>(n / L, a, &*b)
        } else {
            None
        };
        let blocks = if let Some(ordered) = ordered {
            lanes = ordered;
            0
        } else {
            n / L
        };
        for i in 0..blocks {
            let x = block::<A, L>(a.add(i * L));
            if SPLAT {
                let y = *b;
                for l in 0..L {
                    lanes[l] = R::combine(lanes[l], R::map(x[l], y));
                }
            } else {
                let y = block::<B, L>(b.add(i * L));
                for l in 0..L {
                    lanes[l] = R::combine(lanes[l], R::map(x[l], y[l]));
                }
            }
        }
        let done = n / L * L;
        for (l, lane) in lanes.iter_mut().enumerate().take(n - done) {
            compiler_fence(Ordering::SeqCst);
            let (x, y) = (*a.add(done + l), *b.add(if SPLAT { 0 } else { done + l }));
            *lane = R::combine(*lane, R::map(x, y));
        }
    }
    lanes
}

/// So many blocks of `L` elements with one second input, if all elements are in order.
///
/// # Safety
/// `a` is valid for that many elements.
#[inline(always)]
unsafe fn ordered_blocks<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize>(
    blocks: usize,
    a: *const A,
    b: &B,
) -> Option<[R::State; L]> {
    // SAFETY: the caller's contract.
    unsafe {
        match size_of::<A>() {
            8 => flagged_blocks::<R, A, B, u64, L>(blocks, a, b),
            _ => flagged_blocks::<R, A, B, u32, L>(blocks, a, b),
        }
    }
}

/// # Safety
/// As [`ordered_blocks`].
#[inline(always)]
unsafe fn flagged_blocks<R: Reduction<A, B>, A: Copy, B: Copy, F: Flag, const L: usize>(
    blocks: usize,
    a: *const A,
    b: &B,
) -> Option<[R::State; L]> {
    let mut lanes = [R::start(); L];
    let mut unordered = [F::default(); L];
    // SAFETY: the caller's contract.
    let at = |i: usize| unsafe { block::<A, L>(a.add(i * L)) };
    // In pairs, for which there is one comparison.
    for i in 0..blocks / 2 {
        let (x, y) = (at(2 * i), at(2 * i + 1));
        for l in 0..L {
            lanes[l] = R::ordered(lanes[l], R::map(x[l], *b));
        }
        for l in 0..L {
            lanes[l] = R::ordered(lanes[l], R::map(y[l], *b));
        }
        for l in 0..L {
            unordered[l] |= flag(R::unordered(x[l]) | R::unordered(y[l]));
        }
    }
    if !blocks.is_multiple_of(2) {
        let x = at(blocks - 1);
        for l in 0..L {
            lanes[l] = R::ordered(lanes[l], R::map(x[l], *b));
            unordered[l] |= flag(R::unordered(x[l]));
        }
    }
    for l in 0..L {
        unordered[l] |= flag(R::unknown(lanes[l]));
    }
    (!any(unordered)).then_some(lanes)
}

/// A truth value as wide as an element, which is what comparisons of vectors give; LLVM packs others.
trait Flag: Copy + Default + PartialEq + Not<Output = Self> + BitOrAssign {}
impl Flag for u8 {}
impl Flag for u32 {}
impl Flag for u64 {}

#[inline(always)]
fn flag<F: Flag>(truth: bool) -> F {
    if truth { !F::default() } else { F::default() }
}

#[inline(always)]
fn any<F: Flag, const L: usize>(flags: [F; L]) -> bool {
    let mut any = F::default();
    for flag in flags {
        any |= flag;
    }
    any != F::default()
}

/// Whether something holds for one of the lanes.
#[inline(always)]
pub(crate) fn any_lane<S: Copy, const L: usize>(lanes: &[S; L], test: &impl Test<S>) -> bool {
    match size_of::<S>() {
        1 => flagged::<u8, S, L>(lanes, test),
        8 => flagged::<u64, S, L>(lanes, test),
        _ => flagged::<u32, S, L>(lanes, test),
    }
}

#[inline(always)]
fn flagged<F: Flag, S: Copy, const L: usize>(lanes: &[S; L], test: &impl Test<S>) -> bool {
    let mut flags = [F::default(); L];
    for l in 0..L {
        flags[l] = flag(test.holds(lanes[l]));
    }
    any(flags)
}

#[inline(always)]
pub(super) unsafe fn block<T: Copy, const L: usize>(at: *const T) -> [T; L] {
    // SAFETY: the caller vouches for `L` elements.
    unsafe { at.cast::<[T; L]>().read() }
}
