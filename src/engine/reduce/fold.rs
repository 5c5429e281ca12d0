//! The kernel made of a map and an associative operation: sums, extrema, counts.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::super::simd::{Level, simd_dispatch};
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
    /// Whether an element is in no order with any other: NaN.
    #[inline(always)]
    fn unordered(_: A) -> bool {
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
pub(crate) const LEAF: usize = 1 << 10;
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

/// The state of a row of at most a leaf of elements, if `wins` holds for a lane of it.
///
/// # Safety
/// `a` is valid for `n` elements.
#[inline(always)]
pub(crate) unsafe fn fold_leaf_if<R: Reduction<A, B>, A: Copy, B: Copy>(
    n: usize,
    a: *const A,
    wins: impl Fn(R::State) -> bool,
) -> Option<R::State> {
    // SAFETY: the caller's contract.
    unsafe { with_lanes!(R, A, B, 1, winning_leaf[](n, a, wins)) }
}

/// As [`fold_leaf_if`].
#[inline(always)]
unsafe fn winning_leaf<R: Reduction<A, B>, A: Copy, B: Copy, const L: usize>(
    n: usize,
    a: *const A,
    wins: impl Fn(R::State) -> bool,
) -> Option<R::State> {
    let b = std::ptr::NonNull::<B>::dangling().as_ptr().cast_const();
    const { assert!(size_of::<B>() == 0) };
    debug_assert!(n <= LEAF);
    // SAFETY: the caller's contract; there is nothing to read of `B`.
    unsafe {
        if n < L || L == 1 {
            return Some(few::<R, A, B, true>(n, a, b)).filter(|&state| wins(state));
        }
        let lanes = leaf::<R, A, B, L, true>(n, a, b);
        let mut any = false;
        for lane in lanes {
            any |= wins(lane);
        }
        any.then(|| across::<R, A, B, L>(lanes))
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

/// What [`ReduceKernel::columns`] does, for the same.
///
/// # Safety
/// As [`ReduceKernel::columns`].
#[inline(always)]
pub(crate) unsafe fn fold_columns<R: Reduction<A, B>, A: Copy, B: Copy>(
    rect: &Rect,
    states: *mut R::State,
) {
    // SAFETY: the caller's contract.
    unsafe { columns_body::<R, A, B>(rect, states, PhantomData) }
}

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::rows`].
    unsafe fn rows[R: Reduction<A, B>, A: Copy, B: Copy](
        rect: &Rect, states: *mut R::State, types: PhantomData<(R, A, B)>
    ) = rows_body
}
simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::columns`].
    unsafe fn columns[R: Reduction<A, B>, A: Copy, B: Copy](
        rect: &Rect, states: *mut R::State, types: PhantomData<(R, A, B)>
    ) = columns_body
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
fn second<B>(ptr: *mut u8) -> *const B {
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
            if R::ABSORBS
                && let Some(last) = lanes.iter().position(|&lane| R::is_final(lane))
            {
                return lanes[last];
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
fn merged<R: Reduction<A, B>, A, B, const L: usize>(
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
    let mut lanes = [R::identity(); L];
    let mut unordered = [false; L];
    for i in 0..blocks {
        // SAFETY: the caller's contract.
        let x = unsafe { block::<A, L>(a.add(i * L)) };
        for l in 0..L {
            lanes[l] = R::ordered(lanes[l], R::map(x[l], *b));
        }
        // In pairs, for which there is one instruction.
        for l in 0..L / 2 {
            unordered[l] |= R::unordered(x[l]) | R::unordered(x[l + L / 2]);
        }
    }
    let mut any = false;
    for flag in unordered {
        any |= flag;
    }
    (!any).then_some(lanes)
}

#[inline(always)]
unsafe fn block<T: Copy, const L: usize>(at: *const T) -> [T; L] {
    // SAFETY: the caller vouches for `L` elements.
    unsafe { at.cast::<[T; L]>().read() }
}

/// Rows that are folded together before they meet the states.
const GROUP: usize = 8;

#[inline(always)]
unsafe fn columns_body<R: Reduction<A, B>, A: Copy, B: Copy>(
    rect: &Rect,
    states: *mut R::State,
    _: PhantomData<(R, A, B)>,
) {
    // SAFETY: the caller's contract.
    unsafe {
        if size_of::<B>() == 0 || rect.kept_steps[1] == 0 {
            columns_of::<R, A, B, true>(rect, states)
        } else {
            columns_of::<R, A, B, false>(rect, states)
        }
    }
}

#[inline(always)]
unsafe fn columns_of<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool>(
    rect: &Rect,
    states: *mut R::State,
) {
    // SAFETY: the caller's contract; groups stay within the rows.
    unsafe {
        if rect.reduced == 0 {
            for k in 0..rect.kept {
                states.add(k).write(R::identity());
            }
        }
        let mut rows = Rows::<A, B> {
            a: rect.ptrs[0].cast(),
            b: second(rect.ptrs[1]),
            a_step: rect.reduced_steps[0],
            b_step: if size_of::<B>() == 0 {
                0
            } else {
                rect.reduced_steps[1]
            },
        };
        let mut done = 0;
        while done < rect.reduced {
            let first = done == 0;
            let left = rect.reduced - done;
            let group = if left >= GROUP {
                strips::<R, A, B, SPLAT, GROUP>(rect.kept, rows, first, states);
                GROUP
            } else {
                strips::<R, A, B, SPLAT, 1>(rect.kept, rows, first, states);
                1
            };
            done += group;
            rows = rows.skip(group);
        }
    }
}

/// Rows of both inputs, from a column on.
#[derive(Clone, Copy)]
struct Rows<A, B> {
    a: *const A,
    b: *const B,
    /// In bytes.
    a_step: isize,
    b_step: isize,
}

impl<A, B> Rows<A, B> {
    #[inline(always)]
    fn skip(self, rows: usize) -> Self {
        Rows {
            a: self.a.wrapping_byte_offset(self.a_step * rows as isize),
            b: self.b.wrapping_byte_offset(self.b_step * rows as isize),
            ..self
        }
    }
}

/// Folds `G` rows into the states, some columns at a time.
///
/// # Safety
/// There are as many rows and columns; `first` if the states are yet to be written.
#[inline(always)]
unsafe fn strips<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool, const G: usize>(
    columns: usize,
    rows: Rows<A, B>,
    first: bool,
    states: *mut R::State,
) {
    // SAFETY: the caller's contract.
    unsafe {
        let mut done = 0;
        // Half the lanes of a row, so that sums of eight rows stay in registers.
        done = with_lanes!(R, A, B, 2, strip_loop[SPLAT, G](columns, done, rows, first, states));
        strip_loop::<R, A, B, SPLAT, G, 1>(columns, done, rows, first, states);
    }
}

/// Folds `G` rows into the states from column `done` on, `L` columns at a time, and returns how
/// far that came.
///
/// # Safety
/// As [`strips`].
#[inline(always)]
unsafe fn strip_loop<
    R: Reduction<A, B>,
    A: Copy,
    B: Copy,
    const SPLAT: bool,
    const G: usize,
    const L: usize,
>(
    columns: usize,
    mut done: usize,
    rows: Rows<A, B>,
    first: bool,
    states: *mut R::State,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe {
        while columns - done >= L {
            let at = Rows {
                a: rows.a.wrapping_add(done),
                b: if SPLAT {
                    rows.b
                } else {
                    rows.b.wrapping_add(done)
                },
                ..rows
            };
            let into = states.add(done).cast::<[R::State; L]>();
            let sum = if G == GROUP {
                eight::<R, A, B, SPLAT, L>(at)
            } else {
                one::<R, A, B, SPLAT, L>(at)
            };
            let sum = if first {
                sum
            } else {
                merged::<R, A, B, L>(into.read(), sum)
            };
            into.write(sum);
            done += L;
        }
    }
    done
}

macro_rules! row_groups {
    ($($name:ident = $half:ident + $half_rows:literal;)+) => {$(
        #[inline(always)]
        unsafe fn $name<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool, const L: usize>(
            rows: Rows<A, B>,
        ) -> [R::State; L] {
            // SAFETY: the caller vouches for twice as many rows.
            unsafe {
                let x = $half::<R, A, B, SPLAT, L>(rows);
                let y = $half::<R, A, B, SPLAT, L>(rows.skip($half_rows));
                merged::<R, A, B, L>(x, y)
            }
        }
    )+};
}
row_groups! {
    two = one + 1;
    four = two + 2;
    eight = four + 4;
}

#[inline(always)]
unsafe fn one<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool, const L: usize>(
    rows: Rows<A, B>,
) -> [R::State; L] {
    let mut out = [R::identity(); L];
    // SAFETY: the caller vouches for `L` columns.
    unsafe {
        let x = block::<A, L>(rows.a);
        if SPLAT {
            let y = *rows.b;
            for l in 0..L {
                out[l] = R::map(x[l], y);
            }
        } else {
            let y = block::<B, L>(rows.b);
            for l in 0..L {
                out[l] = R::map(x[l], y[l]);
            }
        }
    }
    out
}
