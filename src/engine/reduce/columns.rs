//! Rows of elements folded into a row of states: the fast axis is one that is kept.

use std::marker::PhantomData;
use std::sync::atomic::{Ordering, compiler_fence};

use super::super::cache::{LINE, prefetch};
use super::super::simd::simd_dispatch;
use super::Rect;
use super::fold::{Reduction, block, lanes, merged, second, with_lanes};

simd_dispatch! {
    /// # Safety
    /// As [`ReduceKernel::columns`].
    pub(super) unsafe fn columns[R: Reduction<A, B>, A: Copy, B: Copy](
        rect: &Rect, states: *mut R::State, types: PhantomData<(R, A, B)>
    ) = columns_body::<R, A, B, true>; old = columns_body::<R, A, B, false>
}

/// Rows that are folded together before they meet the states.
const GROUP: usize = 8;

/// Bytes ahead in each row that are asked for. Processors are not sure to see several rows as so many streams
/// [4000 × 2500 f64, `sum_axis(0)` on one thread of a Zen 4: 30 ms without, 5 with].
const AHEAD: usize = 1 << 10;

/// By columns one by one unless `WIDE`.
#[inline(always)]
unsafe fn columns_body<R: Reduction<A, B>, A: Copy, B: Copy, const WIDE: bool>(
    rect: &Rect,
    states: *mut R::State,
    _: PhantomData<(R, A, B)>,
) {
    // SAFETY: the caller's contract.
    unsafe {
        if size_of::<B>() == 0 || rect.kept_steps[1] == 0 {
            columns_of::<R, A, B, true, WIDE>(rect, states)
        } else {
            columns_of::<R, A, B, false, WIDE>(rect, states)
        }
    }
}

#[inline(always)]
unsafe fn columns_of<R: Reduction<A, B>, A: Copy, B: Copy, const SPLAT: bool, const WIDE: bool>(
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
        let mut how = How {
            first: true,
            far: rect.far,
        };
        let mut done = 0;
        while done < rect.reduced {
            let left = rect.reduced - done;
            let group = if left >= GROUP {
                strips::<R, A, B, SPLAT, WIDE, GROUP>(rect.kept, rows, &how, states);
                GROUP
            } else {
                strips::<R, A, B, SPLAT, WIDE, 1>(rect.kept, rows, &how, states);
                1
            };
            how.first = false;
            done += group;
            rows = rows.skip(group);
        }
    }
}

/// How rows are folded into states.
struct How {
    /// The states are yet to be written.
    first: bool,
    /// As [`Rect::far`].
    far: bool,
}

/// A truth that LLVM knows nothing about: of a loop that asks for it, it makes no second one for the other answer.
#[inline(always)]
fn ask_memory(truth: &bool) -> bool {
    // SAFETY: a reference is valid for reads.
    unsafe { std::ptr::from_ref(truth).read_volatile() }
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
/// There are as many rows and columns.
#[inline(always)]
unsafe fn strips<
    R: Reduction<A, B>,
    A: Copy,
    B: Copy,
    const SPLAT: bool,
    const WIDE: bool,
    const G: usize,
>(
    columns: usize,
    rows: Rows<A, B>,
    how: &How,
    states: *mut R::State,
) {
    // SAFETY: the caller's contract.
    unsafe {
        let mut done = 0;
        if WIDE {
            // Half the lanes of a row, so that sums of eight rows stay in registers.
            done = with_lanes!(R, A, B, 2, strip_loop[SPLAT, G](columns, done, rows, how, states));
        }
        strip_loop::<R, A, B, SPLAT, G, 1>(columns, done, rows, how, states);
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
    how: &How,
    states: *mut R::State,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe {
        while columns - done >= L {
            // Nor are vectors made of the last columns, one by one; this emits nothing.
            compiler_fence(Ordering::SeqCst);
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
            if L > 1 && ask_memory(&how.far) {
                for row in 0..G {
                    ask::<A, L>(at.skip(row).a);
                }
            }
            let sum = if G == GROUP {
                eight::<R, A, B, SPLAT, L>(at)
            } else {
                one::<R, A, B, SPLAT, L>(at)
            };
            let sum = if ask_memory(&how.first) {
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

/// Asks for the lines some way behind these columns of a row.
#[inline(always)]
fn ask<A, const L: usize>(row: *const A) {
    for byte in (0..L * size_of::<A>()).step_by(LINE) {
        prefetch(row.cast::<u8>().wrapping_add(AHEAD + byte));
    }
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
