//! Driving a loop, without types: in which pieces, on how many threads, in which order.
//!
//! The engine drives loops that are known to be worth splitting. What a user's closure costs is
//! not known, so that a loop in between is timed on a first piece of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::operands::Lowered;
use super::visit::Run;
use crate::engine::{
    self, Cost, Kernel, Level, MAX_NDIM, MAX_OPERANDS, Operand, Order, Plan, par, simd,
};

/// A call per stretch of elements.
pub(super) type Call<'a> = dyn Fn(&Run<'_>) + Sync + 'a;
/// A call per stretch of elements, with state.
pub(super) type CallMut<'a> = dyn FnMut(&Run<'_>) + 'a;

/// Loops of fewer elements run on one thread without a look at the clock, which costs as much as
/// some hundred elements.
pub(super) const PROBE_FROM: usize = 1 << 10;
/// Elements that are timed: an eighth within these bounds.
const PROBE: (usize, usize) = (1 << 8, 1 << 12);
/// Nanoseconds of work below which a second thread does not pay (waking one costs about half).
const SPLIT: u64 = 10_000;
/// Nanoseconds of work that each thread should have.
const SHARE: u64 = 5_000;
/// Pieces per thread, taken as threads come free, because closures need not cost the same
/// everywhere.
const PIECES: usize = 4;

/// A loop over operands.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    shape: [usize; MAX_NDIM],
    ndim: usize,
    /// The first is room for an output.
    all: [Operand; MAX_OPERANDS],
    /// The operands among them.
    start: usize,
    end: usize,
    /// The first so many operands are written.
    n_out: usize,
    /// Whether they are read, too.
    reads_out: bool,
    /// Elements may be moved through buffers.
    movable: bool,
    /// Every operand is dense, or a single value, so that axes do not matter.
    flat: bool,
}

impl Loop {
    /// The loop over operands that broadcast to `shape`: exclusive ones become the outputs.
    pub(super) fn new(shape: &[usize], operands: &[Lowered<'_>], movable: bool) -> Self {
        let mut this = Loop {
            shape: [1; MAX_NDIM],
            ndim: shape.len(),
            all: [Operand::scalar(std::ptr::null::<u8>()); MAX_OPERANDS],
            start: 1,
            end: 1,
            n_out: 0,
            reads_out: false,
            movable,
            flat: true,
        };
        this.shape[..shape.len()].copy_from_slice(shape);
        for exclusive in [true, false] {
            for operand in operands.iter().filter(|op| op.exclusive == exclusive) {
                this.set(this.end, operand);
                this.end += 1;
            }
            if exclusive {
                this.n_out = this.end - 1;
                this.reads_out = this.n_out > 0;
            }
        }
        this
    }

    fn set(&mut self, k: usize, operand: &Lowered<'_>) {
        let shape = &self.shape[..self.ndim];
        let mut op = Operand::new(operand.ptr, operand.shape, operand.strides, shape);
        op.size = operand.size;
        self.flat &= operand.is_c && operand.shape == shape || op.strides == [0; MAX_NDIM];
        self.all[k] = op;
    }

    /// Puts an output that is written only before all others.
    pub(super) fn with_output(mut self, output: &Lowered<'_>, movable: bool) -> Self {
        self.set(0, output);
        self.start = 0;
        self.n_out += 1;
        self.movable &= movable;
        self
    }

    /// Puts an output after all others, which only callers that know of it write.
    pub(super) fn with_last(mut self, output: &Lowered<'_>) -> Self {
        self.all.copy_within(1..self.end, 0);
        (self.start, self.end) = (0, self.end);
        self.set(self.end - 1, output);
        self
    }

    /// The part of the first elements along `axis`.
    pub(super) fn first_along(&self, axis: usize) -> Self {
        self.cut(axis, 0, 1)
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.shape[..self.ndim]
    }
    pub(super) fn ops(&self) -> &[Operand] {
        &self.all[self.start..self.end]
    }
    fn ops_mut(&mut self) -> &mut [Operand] {
        &mut self.all[self.start..self.end]
    }
    pub(super) fn is_flat(&self) -> bool {
        self.flat
    }
    pub(super) fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// Forgets the axes of a flat loop; of others, nothing.
    pub(super) fn flattened(mut self) -> Self {
        if self.flat {
            let len = self.len();
            for op in self.ops_mut() {
                let dense = len == 1 || op.strides != [0; MAX_NDIM];
                op.strides = [0; MAX_NDIM];
                op.strides[0] = isize::from(dense);
            }
            self.shape[0] = len;
            self.ndim = 1;
        }
        self
    }

    /// The loop with its axes in the order of a dense output's memory, outermost first.
    pub(super) fn in_memory_order(&self, strides: &[isize]) -> Self {
        let axes = by_stride(strides);
        if axes == LOGICAL {
            return *self;
        }
        let mut this = *self;
        for (at, &axis) in axes[..self.ndim].iter().enumerate() {
            this.shape[at] = self.shape[axis];
            for (op, from) in this.all.iter_mut().zip(&self.all) {
                op.strides[at] = from.strides[axis];
            }
        }
        this.flat = false;
        this
    }

    /// The part where `axis` runs over `start..start + len`.
    fn cut(&self, axis: usize, start: usize, len: usize) -> Self {
        let mut this = *self;
        this.shape[axis] = len;
        for op in this.ops_mut() {
            let step = op.strides[axis] * op.size as isize;
            op.ptr = op.ptr.wrapping_offset(step * start as isize);
        }
        this
    }

    /// Bytes moved per element.
    fn bytes(&self) -> usize {
        let moves = |op: &&Operand| op.strides != [0; MAX_NDIM];
        self.ops().iter().filter(moves).map(|op| op.size).sum()
    }

    /// Axes from the outermost in memory to the innermost.
    pub(super) fn memory_axes(&self) -> [usize; MAX_NDIM] {
        let strides = engine::k_order_strides(self.shape(), self.ops());
        by_stride(&strides[..self.ndim])
    }

    /// One call for a flat loop.
    fn call_flat(&self, call: &mut CallMut<'_>) {
        let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
        let mut steps = [0; MAX_OPERANDS];
        for (k, op) in self.ops().iter().enumerate() {
            ptrs[k] = op.ptr;
            steps[k] = op.strides[0];
        }
        call(&Run {
            level: simd::level(),
            n: self.shape[0],
            ptrs: &ptrs[..self.ops().len()],
            steps: &steps[..self.ops().len()],
            index: [0; MAX_NDIM],
            axis: 0,
        });
    }

    /// Runs on this thread, in no particular order.
    ///
    /// # Safety
    /// The engine's contract for these operands, but that elements need not be `Copy` where the
    /// loop is not `movable`.
    pub(super) unsafe fn sequential(&self, call: &mut CallMut<'_>) {
        if self.len() == 0 {
        } else if self.flat && self.ndim == 1 {
            self.call_flat(call);
        } else if self.movable {
            let plan = Plan::new(self.shape(), self.ops());
            let mut f = |level: Level, n, ptrs: &[*mut u8], splat| {
                call_dense(level, n, ptrs, splat, call);
            };
            // SAFETY: the caller's promise.
            unsafe { engine::run_seq(&plan, self.ops(), self.n_out, self.reads_out, &mut f) }
        } else {
            self.in_order(Order::Plan, call);
        }
    }

    /// Runs on this thread in logical order.
    pub(super) fn logical(&self, call: &mut CallMut<'_>) {
        if self.flat && self.ndim == 1 && self.len() > 0 {
            self.call_flat(call);
        } else {
            self.in_order(Order::Logical, call);
        }
    }

    fn in_order(&self, order: Order, call: &mut CallMut<'_>) {
        let level = simd::level();
        engine::for_each_run(
            self.shape(),
            self.ops(),
            order,
            &mut |ptrs, n, steps: &[isize]| {
                self.call_strided(level, n, ptrs, steps, [0; MAX_NDIM], 0, call);
            },
        );
    }

    /// One call, or one per element where an output is strided.
    #[allow(clippy::too_many_arguments)]
    fn call_strided(
        &self,
        level: Level,
        n: usize,
        ptrs: &[*mut u8],
        steps: &[isize],
        mut index: [usize; MAX_NDIM],
        axis: usize,
        call: &mut CallMut<'_>,
    ) {
        if n == 1 || steps[..self.n_out].iter().all(|&step| step == 1) {
            call(&Run {
                level,
                n,
                ptrs,
                steps,
                index,
                axis,
            });
            return;
        }
        let mut at = [std::ptr::null_mut(); MAX_OPERANDS];
        let at = &mut at[..ptrs.len()];
        at.copy_from_slice(ptrs);
        for _ in 0..n {
            call(&Run {
                // One element needs no instruction set.
                level: Level::Baseline,
                n: 1,
                ptrs: at,
                steps,
                index,
                axis,
            });
            index[axis] += 1;
            for ((ptr, step), op) in at.iter_mut().zip(steps).zip(self.ops()) {
                *ptr = ptr.wrapping_offset(step * op.size as isize);
            }
        }
    }

    /// Runs row by row on this thread, with the index of the first element of each (moved by
    /// `offset`): rows go along the last of `axes`, one after the other as the others say.
    pub(super) fn rows(&self, offset: &[usize], axes: &[usize; MAX_NDIM], call: &mut CallMut<'_>) {
        if self.len() == 0 {
            return;
        }
        let level = simd::level();
        let (outer, axis) = match &axes[..self.ndim] {
            [] => (&[][..], 0),
            [outer @ .., inner] => (outer, *inner),
        };
        let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
        let mut steps = [0; MAX_OPERANDS];
        for (k, op) in self.ops().iter().enumerate() {
            ptrs[k] = op.ptr;
            steps[k] = op.strides[axis];
        }
        let mut index = [0; MAX_NDIM];
        loop {
            let mut at = index;
            for (at, from) in at.iter_mut().zip(offset) {
                *at += from;
            }
            let (n, n_ops) = (self.shape[axis], self.ops().len());
            self.call_strided(level, n, &ptrs[..n_ops], &steps[..n_ops], at, axis, call);
            let mut done = true;
            for &axis in outer.iter().rev() {
                index[axis] += 1;
                let wraps = index[axis] == self.shape[axis];
                let by = if wraps {
                    index[axis] = 0;
                    1 - self.shape[axis] as isize
                } else {
                    1
                };
                for (ptr, op) in ptrs.iter_mut().zip(self.ops()) {
                    *ptr = ptr.wrapping_offset(op.strides[axis] * op.size as isize * by);
                }
                if !wraps {
                    done = false;
                    break;
                }
            }
            if done {
                return;
            }
        }
    }

    /// Runs in no particular order, on several threads where that pays. `min_len`: fewest
    /// elements for a thread, instead of measuring.
    ///
    /// # Safety
    /// As [`sequential`](Self::sequential); elements may be seen by other threads.
    pub(super) unsafe fn parallel(&self, min_len: Option<usize>, call: &Call<'_>) {
        let n = self.len();
        // SAFETY: the caller's promise, here and below.
        let sequential = |part: &Loop| unsafe { part.sequential(&mut |run| call(run)) };
        if min_len.is_none() {
            let picoseconds = (30 + 10 * self.bytes() as u64).saturating_mul(n as u64);
            if self.movable && picoseconds >= SPLIT * 1000 {
                let plan = Plan::new(self.shape(), self.ops());
                let (n_out, reads_out) = (self.n_out, self.reads_out);
                // SAFETY: the caller's promise.
                unsafe {
                    engine::run(
                        &plan,
                        self.ops(),
                        n_out,
                        reads_out,
                        Cost::Memory,
                        &Erased(call),
                    )
                }
                return;
            }
            if n < PROBE_FROM {
                return sequential(self);
            }
        }
        self.split(min_len, &|part, _| sequential(part));
    }

    /// Runs `f(part, start)` over parts of the loop, on several threads where that pays.
    pub(super) fn split(
        &self,
        min_len: Option<usize>,
        f: &(dyn Fn(&Loop, &[usize; MAX_NDIM]) + Sync),
    ) {
        let n = self.len();
        let threads = par::threads();
        let origin = [0; MAX_NDIM];
        if n == 0 {
            return;
        }
        if let Some(min) = min_len {
            let threads = threads.min(n / min.max(1)).max(1);
            return self.spread(threads, min, &origin, f);
        }
        if threads == 1 || n < PROBE_FROM {
            return f(self, &origin);
        }
        let axis = self.memory_axes()[0];
        let len = self.shape[axis];
        let probe = (n / 8).clamp(PROBE.0, PROBE.1);
        let first = (len * probe).div_ceil(n).min(len);
        let begin = Instant::now();
        f(&self.cut(axis, 0, first), &origin);
        let spent = begin.elapsed().as_nanos() as u64;
        if first == len {
            return;
        }
        let work = spent.saturating_mul((len - first) as u64) / first as u64;
        let threads = if work < SPLIT {
            1
        } else {
            threads.min((work / SHARE) as usize)
        };
        let mut start = origin;
        start[axis] = first;
        self.cut(axis, first, len - first)
            .spread(threads, 1, &start, f);
    }

    /// Runs `f` over parts of at least `min` elements on so many threads.
    fn spread(
        &self,
        threads: usize,
        min: usize,
        origin: &[usize; MAX_NDIM],
        f: &(dyn Fn(&Loop, &[usize; MAX_NDIM]) + Sync),
    ) {
        if threads == 1 {
            return f(self, origin);
        }
        let parts = Parts::new(self, self.len().div_ceil(threads * PIECES).max(min));
        parts.for_each(threads, &|_, part, start| {
            let mut start = *start;
            for (at, from) in start.iter_mut().zip(origin) {
                *at += from;
            }
            f(part, &start);
        });
    }
}

/// Axes in their own order.
pub(super) const LOGICAL: [usize; MAX_NDIM] = [0, 1, 2, 3, 4, 5, 6, 7];

/// The axes of a dense layout from the outermost in memory to the innermost.
pub(super) fn by_stride(strides: &[isize]) -> [usize; MAX_NDIM] {
    let mut axes = LOGICAL;
    axes[..strides.len()].sort_by_key(|&axis| std::cmp::Reverse(strides[axis]));
    axes
}

/// A call for a stretch of dense operands and single values.
fn call_dense(level: Level, n: usize, ptrs: &[*mut u8], splat: u32, call: &mut CallMut<'_>) {
    let mut steps = [0; MAX_OPERANDS];
    for (k, step) in steps.iter_mut().enumerate() {
        *step = isize::from(splat >> k & 1 == 0);
    }
    call(&Run {
        level,
        n,
        ptrs,
        steps: &steps[..ptrs.len()],
        index: [0; MAX_NDIM],
        axis: 0,
    });
}

/// A call as the engine's kernel.
struct Erased<'a>(&'a Call<'a>);

impl Kernel for Erased<'_> {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        call_dense(level, n, ptrs, splat, &mut |run| (self.0)(run));
    }
}

/// A loop cut into parts of about equal size: a fixed function of its shape, the memory order of
/// its operands and the size.
pub(super) struct Parts<'a> {
    whole: &'a Loop,
    axes: [usize; MAX_NDIM],
    /// Which of `axes` is cut into pieces of `per`; those before it are taken one by one.
    at: usize,
    per: usize,
    chunks: usize,
    count: usize,
}

impl<'a> Parts<'a> {
    /// Parts of about `grain` elements.
    pub(super) fn new(whole: &'a Loop, grain: usize) -> Self {
        let axes = whole.memory_axes();
        let (mut at, mut inner) = (whole.ndim.saturating_sub(1), 1);
        while at > 0 && inner * whole.shape[axes[at]] < grain {
            inner *= whole.shape[axes[at]];
            at -= 1;
        }
        // The arrays behind `axes` and `shape` have 1 beyond `ndim`.
        let len = whole.shape[axes[at]];
        let per = grain.div_ceil(inner.max(1)).clamp(1, len.max(1));
        let chunks = len.div_ceil(per);
        let outer: usize = axes[..at].iter().map(|&axis| whole.shape[axis]).product();
        Parts {
            whole,
            axes,
            at,
            per,
            chunks,
            count: if whole.len() == 0 { 0 } else { outer * chunks },
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// A part, and the index of its first element.
    pub(super) fn get(&self, number: usize) -> (Loop, [usize; MAX_NDIM]) {
        let mut start = [0; MAX_NDIM];
        let mut part = *self.whole;
        if part.ndim == 0 {
            return (part, start);
        }
        let axis = self.axes[self.at];
        start[axis] = number % self.chunks * self.per;
        part = part.cut(
            axis,
            start[axis],
            self.per.min(part.shape[axis] - start[axis]),
        );
        let mut outer = number / self.chunks;
        for &axis in self.axes[..self.at].iter().rev() {
            let len = self.whole.shape[axis];
            start[axis] = outer % len;
            outer /= len;
            part = part.cut(axis, start[axis], 1);
        }
        (part, start)
    }

    /// Calls `f(number, part, start)` for all parts on so many threads, as they come free.
    pub(super) fn for_each(
        &self,
        threads: usize,
        f: &(dyn Fn(usize, &Loop, &[usize; MAX_NDIM]) + Sync),
    ) {
        let next = AtomicUsize::new(0);
        par::for_ranges(threads.min(self.count), 1, threads, |_, _| {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.count {
                    return;
                }
                let (part, start) = self.get(number);
                f(number, &part, &start);
            }
        });
    }

    /// As [`for_each`](Self::for_each), the first part timed on this thread to see how many
    /// threads the rest is worth.
    pub(super) fn for_each_measured(&self, f: &(dyn Fn(usize, &Loop, &[usize; MAX_NDIM]) + Sync)) {
        if self.count == 0 {
            return;
        }
        let begin = (self.count > 1).then(Instant::now);
        let (part, start) = self.get(0);
        f(0, &part, &start);
        let Some(begin) = begin else { return };
        let spent = begin.elapsed().as_nanos() as u64;
        let work = spent.saturating_mul(self.count as u64 - 1);
        let threads = if work < SPLIT {
            1
        } else {
            par::threads().min((work / SHARE) as usize)
        };
        let next = AtomicUsize::new(1);
        par::for_ranges(threads, 1, threads, |_, _| {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.count {
                    return;
                }
                let (part, start) = self.get(number);
                f(number, &part, &start);
            }
        });
    }
}
