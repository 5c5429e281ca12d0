//! Running totals along one axis.

use std::marker::PhantomData;

use super::super::cost::Cost;
use super::super::operand::{MAX_NDIM, Operand};
use super::super::par;
use super::super::simd::{self, Level, simd_dispatch};
use super::fold::Reduction;

/// What turns elements into running totals. Steps are in bytes.
pub(crate) trait ScanKernel: Sync {
    /// Along one row of `n` elements.
    ///
    /// # Safety
    /// `x` is readable and `out` writable as `n` and the steps say, of the kernel's types.
    unsafe fn row(&self, level: Level, n: usize, x: [*mut u8; 2], steps: [isize; 2]);
    /// Down `n` rows of `columns` dense elements.
    ///
    /// # Safety
    /// As [`row`](Self::row).
    unsafe fn columns(
        &self,
        level: Level,
        n: usize,
        columns: usize,
        x: [*mut u8; 2],
        steps: [isize; 2],
    );
}

/// The running totals of a [`Reduction`].
pub(crate) struct Scan<R, A>(PhantomData<fn(R, A)>);

impl<R, A> Scan<R, A> {
    /// The kernel; usable in constants.
    pub(crate) const fn new() -> Self {
        Scan(PhantomData)
    }
}

impl<R: Reduction<A, ()>, A: Copy> ScanKernel for Scan<R, A> {
    unsafe fn row(&self, level: Level, n: usize, x: [*mut u8; 2], steps: [isize; 2]) {
        // SAFETY: the caller's contract.
        unsafe { row(level, n, x, steps, PhantomData::<(R, A)>) }
    }
    unsafe fn columns(
        &self,
        level: Level,
        n: usize,
        columns: usize,
        x: [*mut u8; 2],
        steps: [isize; 2],
    ) {
        // SAFETY: the caller's contract.
        unsafe { down(level, n, columns, x, steps, PhantomData::<(R, A)>) }
    }
}

simd_dispatch! {
    /// # Safety
    /// As [`ScanKernel::row`].
    unsafe fn row[R: Reduction<A, ()>, A: Copy](
        n: usize, x: [*mut u8; 2], steps: [isize; 2], types: PhantomData<(R, A)>
    ) = row_body
}
simd_dispatch! {
    /// # Safety
    /// As [`ScanKernel::columns`].
    unsafe fn down[R: Reduction<A, ()>, A: Copy](
        n: usize, columns: usize, x: [*mut u8; 2], steps: [isize; 2], types: PhantomData<(R, A)>
    ) = down_body
}

/// Elements whose totals do not wait for each other.
const GROUP: usize = 8;

#[inline(always)]
unsafe fn row_body<R: Reduction<A, ()>, A: Copy>(
    n: usize,
    [x, out]: [*mut u8; 2],
    steps: [isize; 2],
    _: PhantomData<(R, A)>,
) {
    let dense = steps == [size_of::<A>() as isize, size_of::<R::State>() as isize];
    let mut total = R::identity();
    let mut done = 0;
    // SAFETY: every index is below `n`.
    unsafe {
        if dense {
            let (x, out) = (x.cast::<A>(), out.cast::<R::State>());
            while n - done >= GROUP {
                let mut sums = within::<R, A>(x.add(done).cast::<[A; GROUP]>().read());
                // The first group has nothing before it: a sum from zero would lose the sign of a zero.
                if done > 0 {
                    for sum in &mut sums {
                        *sum = R::combine(total, *sum);
                    }
                }
                total = sums[GROUP - 1];
                out.add(done).cast::<[R::State; GROUP]>().write(sums);
                done += GROUP;
            }
        }
        for i in done..n {
            let at = |k: usize| steps[k] * i as isize;
            let element = R::map(*x.offset(at(0)).cast::<A>(), ());
            total = if i == 0 {
                element
            } else {
                R::combine(total, element)
            };
            out.offset(at(1)).cast::<R::State>().write(total);
        }
    }
}

/// Totals within a group by doubling (Hillis and Steele): with the total before it, one operation per group depends on
/// the last one.
#[inline(always)]
fn within<R: Reduction<A, ()>, A: Copy>(block: [A; GROUP]) -> [R::State; GROUP] {
    let mut sums = block.map(|a| R::map(a, ()));
    let before = sums;
    for i in 1..GROUP {
        sums[i] = R::combine(before[i - 1], before[i]);
    }
    let before = sums;
    for i in 2..GROUP {
        sums[i] = R::combine(before[i - 2], before[i]);
    }
    let before = sums;
    for i in 4..GROUP {
        sums[i] = R::combine(before[i - 4], before[i]);
    }
    sums
}

#[inline(always)]
unsafe fn down_body<R: Reduction<A, ()>, A: Copy>(
    n: usize,
    columns: usize,
    [x, out]: [*mut u8; 2],
    steps: [isize; 2],
    _: PhantomData<(R, A)>,
) {
    let at = |row: usize| {
        let x = x.wrapping_offset(steps[0] * row as isize).cast::<A>();
        let out = out.wrapping_offset(steps[1] * row as isize);
        (x, out.cast::<R::State>())
    };
    // SAFETY: the caller's contract.
    unsafe {
        for row in 0..n {
            let (x, out) = at(row);
            if row == 0 {
                for c in 0..columns {
                    out.add(c).write(R::map(*x.add(c), ()));
                }
                continue;
            }
            let before = at(row - 1).1;
            for c in 0..columns {
                out.add(c)
                    .write(R::combine(*before.add(c), R::map(*x.add(c), ())));
            }
        }
    }
}

/// Bytes of a strip of columns, of which the last row of totals stays in L1.
const STRIP: usize = 8 << 10;

#[derive(Clone, Copy)]
struct Shared([*mut u8; 2]);
// SAFETY: threads write to disjoint parts.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// Runs a kernel along `axis` of all rows of `ops` (the input, the output), in parallel when it is
/// worth it. A row is one thread's, so that totals do not depend on threads.
///
/// # Safety
/// The engine's contract; the kernel's types are those of the operands.
pub(crate) unsafe fn scan(
    shape: &[usize],
    axis: usize,
    ops: [Operand; 2],
    kernel: &dyn ScanKernel,
) {
    let total: usize = shape.iter().product();
    if total == 0 {
        return;
    }
    let level = simd::level();
    if shape.len() == 1 {
        let steps = ops.map(|op| op.strides[0] * op.size as isize);
        // SAFETY: the caller's contract.
        return unsafe { kernel.row(level, total, ops.map(|op| op.ptr), steps) };
    }
    let threads = Cost::Memory.threads(total, ops[0].size + ops[1].size);
    let n = shape[axis];
    let step = |axis: usize| ops.map(|op| op.strides[axis] * op.size as isize);
    let dense = |axis: usize| ops.iter().all(|op| op.strides[axis] == 1);
    // The axis that is dense in both, if the scan's is not.
    let across = (0..shape.len()).find(|&a| a != axis && shape[a] > 1 && dense(a) && !dense(axis));
    let (width, strip) = match across {
        Some(a) => (shape[a], (STRIP / ops[1].size.max(1)).clamp(1, shape[a])),
        None => (1, 1),
    };
    let strip = if threads > 1 && strip > 64 {
        strip.min(width.div_ceil(threads).next_multiple_of(8))
    } else {
        strip
    };
    let strips = width.div_ceil(strip);
    let mut outer = [(1, [0; 2]); MAX_NDIM];
    let mut axes = 0;
    for a in (0..shape.len()).filter(|&a| a != axis && Some(a) != across) {
        outer[axes] = (shape[a], step(a));
        axes += 1;
    }
    let base = Shared(ops.map(|op| op.ptr));
    let units = total / n / width * strips;
    par::for_ranges(units, 1, threads, |_, range| {
        let base: Shared = base;
        for unit in range {
            let (mut rest, first) = (unit / strips, unit % strips * strip);
            let mut ptrs = base.0;
            for &(len, steps) in outer[..axes].iter().rev() {
                let index = (rest % len) as isize;
                rest /= len;
                for (ptr, step) in ptrs.iter_mut().zip(steps) {
                    *ptr = ptr.wrapping_offset(step * index);
                }
            }
            // SAFETY: the caller's contract.
            unsafe {
                match across {
                    Some(a) => {
                        for (ptr, step) in ptrs.iter_mut().zip(step(a)) {
                            *ptr = ptr.wrapping_offset(step * first as isize);
                        }
                        kernel.columns(level, n, strip.min(width - first), ptrs, step(axis));
                    }
                    None => kernel.row(level, n, ptrs, step(axis)),
                }
            }
        }
    });
}
