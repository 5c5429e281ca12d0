//! Driving a kernel over a plan: directly where operands are dense, through L1 buffers where they
//! are not, on one thread or on several.

use std::mem::MaybeUninit;
use std::ops::Range;

use super::blocks::{Block, Blocks, Walk};
use super::cache::LINE;
use super::cost::{Cost, bytes_per_element};
use super::kernel::Kernel;
use super::operand::{MAX_OPERANDS, Operand};
use super::par;
use super::plan::{Kind, Plan};
use super::simd::{self, Level};
use super::stream::{self, Edges};
use super::transfer::{Side, stream_tile, transfer};

/// What a driver calls for dense stretches: `f(level, n, ptrs, splat)`, as [`Kernel::run`].
pub(crate) type Call<'a> = dyn FnMut(Level, usize, &[*mut u8], u32) + 'a;

/// Bytes of the buffers of one thread together: two thirds of a 48 KB L1, all of a 32 KB one.
const ROWS_ARENA: usize = 32 << 10;
/// The same for tiles: two of the larger shape and the columns by which they overlap.
const TILES_ARENA: usize = 36 << 10;
/// Rows, and bytes per row, of a tile that stays in the caches, and of one that is streamed
/// [2500 × 2500 f64: `a + b.t()` streamed takes 1.8 times as long as `memcpy`, else 3.2 times].
const TILE: (usize, usize) = (32, 512);
const STREAMED_TILE: (usize, usize) = (16, 1024);
/// Rows shorter than this are handled many at a time, as one dense block.
const SHORT_ROW: usize = 32;
/// Longer rows are cut, so that a loop of few rows can be split.
const LONG_ROW: usize = 16 << 10;
/// Elements that a block of several unbuffered rows has.
const BLOCK: usize = 4 << 10;
/// Elements per unit of work of a contiguous loop; whole cache lines for every element size.
const GRANULE: usize = 1 << 10;

#[repr(C, align(64))]
struct Arena(MaybeUninit<[u8; TILES_ARENA]>);

/// Runs `kernel` over the plan, in parallel when it is worth it. The first `n_out` operands are
/// written, and read before if `reads_out`.
///
/// # Safety
/// The engine's contract (see the module page); `ops` are those that `plan` was made of, and the
/// kernel's types are theirs.
pub(crate) unsafe fn run(
    plan: &Plan,
    ops: &[Operand],
    n_out: usize,
    reads_out: bool,
    cost: Cost,
    kernel: &dyn Kernel,
) {
    let bytes = bytes_per_element(ops);
    let threads = cost.threads(plan.len(), bytes);
    let streaming = stream::worthwhile(bytes.saturating_mul(plan.len()), threads, plan.kind())
        && (cost != Cost::Closure || plan.kind() != Kind::Tiled);
    // SAFETY: the caller's contract.
    unsafe { run_on(threads, streaming, plan, ops, n_out, reads_out, kernel) }
}

/// As [`run`] on so many threads, with stores around the caches wherever possible if `streaming`.
///
/// # Safety
/// As [`run`].
pub(super) unsafe fn run_on(
    threads: usize,
    streaming: bool,
    plan: &Plan,
    ops: &[Operand],
    n_out: usize,
    reads_out: bool,
    kernel: &dyn Kernel,
) {
    let level = simd::level();
    let job = Job::new(plan, ops, n_out, reads_out, streaming);
    job.split(threads, |units| {
        // SAFETY: the drivers pass what the contract promises; ranges are disjoint.
        let mut call = |level, n, ptrs: &[*mut u8], splat| unsafe {
            kernel.run(level, n, ptrs, splat);
        };
        // SAFETY: the caller's contract.
        unsafe { job.drive(level, units, &mut call) }
    });
}

/// As [`run`], on this thread only and in no particular order, with a closure that may have state:
/// `f(level, n, ptrs, splat)` as [`Kernel::run`].
///
/// # Safety
/// As [`run`].
pub(crate) unsafe fn run_seq(
    plan: &Plan,
    ops: &[Operand],
    n_out: usize,
    reads_out: bool,
    f: &mut Call,
) {
    let bytes = bytes_per_element(ops).saturating_mul(plan.len());
    let streaming = plan.kind() != Kind::Tiled && stream::worthwhile(bytes, 1, plan.kind());
    let job = Job::new(plan, ops, n_out, reads_out, streaming);
    // SAFETY: the caller's contract.
    unsafe { job.drive(simd::level(), 0..job.units(), f) }
}

/// As [`run`] for `n` elements of dense operands and single values, without a plan: an operand
/// has `strides[0]` 1 or 0 (see `Operand::dense` and `Operand::scalar`).
///
/// # Safety
/// As [`run`].
pub(crate) unsafe fn run_dense(
    n: usize,
    ops: &[Operand],
    n_out: usize,
    reads_out: bool,
    cost: Cost,
    kernel: &dyn Kernel,
) {
    let mut flat = Flat::new();
    for (i, op) in ops.iter().enumerate() {
        flat.set(i, op.ptr, op.size, op.strides[0] == 0);
    }
    if flat.is_small(n, cost) {
        // SAFETY: the caller's contract.
        unsafe { flat.run(n, ops.len(), kernel) }
    } else {
        let plan = Plan::new(&[n], ops);
        // SAFETY: the caller's contract.
        unsafe { run(&plan, ops, n_out, reads_out, cost, kernel) }
    }
}

/// Dense operands and single values, without strides.
pub(crate) struct Flat {
    ptrs: [*mut u8; MAX_OPERANDS],
    splat: u32,
    /// Of one element of each dense operand.
    bytes: usize,
}

impl Flat {
    #[inline]
    pub(crate) fn new() -> Self {
        Flat {
            ptrs: [std::ptr::null_mut(); MAX_OPERANDS],
            splat: 0,
            bytes: 0,
        }
    }

    /// Describes operand `i`.
    #[inline]
    pub(crate) fn set(&mut self, i: usize, ptr: *mut u8, size: usize, is_single: bool) {
        self.ptrs[i] = ptr;
        self.splat |= u32::from(is_single) << i;
        self.bytes += if is_single { 0 } else { size };
    }

    /// Whether a loop of `n` elements is nothing for several threads, nor for stores around the caches.
    #[inline]
    pub(crate) fn is_small(&self, n: usize, cost: Cost) -> bool {
        let bytes = self.bytes.saturating_mul(n);
        cost.threads(n, self.bytes) == 1 && !stream::worthwhile(bytes, 1, Kind::Contiguous)
    }

    /// Runs the kernel on this thread over the first `count` operands.
    ///
    /// # Safety
    /// As [`run_dense`].
    #[inline]
    pub(crate) unsafe fn run(&self, n: usize, count: usize, kernel: &dyn Kernel) {
        // SAFETY: the caller's contract.
        unsafe { kernel.run(simd::level(), n, &self.ptrs[..count], self.splat) }
    }
}

/// How a loop is driven; decided once, before it is split.
struct Job<'a> {
    plan: &'a Plan,
    ops: &'a [Operand],
    n_out: usize,
    reads_out: bool,
    /// The output is computed into a buffer and streamed from there.
    streaming: bool,
    /// A streamed tile computes these many columns of the next one; see [`stream::Edges`].
    extra: usize,
    /// A block is one dense call; otherwise a call per row.
    whole: bool,
    /// Bit per operand: gathered into a buffer before, or scattered from it after.
    buffered: u32,
    /// Bit per operand: a single value for every call.
    splat: u32,
    /// Size of a block.
    rows: usize,
    cols: usize,
    /// Bytes of one buffer.
    buffer: usize,
}

impl<'a> Job<'a> {
    fn new(
        plan: &'a Plan,
        ops: &'a [Operand],
        n_out: usize,
        reads_out: bool,
        streaming: bool,
    ) -> Self {
        debug_assert_eq!(plan.n_ops(), ops.len());
        let (all_rows, all_cols) = plan.inner_shape();
        let mut job = Job {
            plan,
            ops,
            n_out,
            reads_out,
            streaming: false,
            extra: 0,
            whole: false,
            buffered: 0,
            splat: 0,
            rows: 1,
            cols: all_cols.max(1),
            buffer: 0,
        };
        if plan.kind() == Kind::Empty {
            return job;
        }
        let in_place = ops[n_out..].iter().any(|op| op.ptr == ops[0].ptr);
        job.streaming = streaming && n_out == 1 && !reads_out && !in_place;
        job.whole = all_cols < SHORT_ROW && all_rows > 1;
        job.streaming &= plan.inner_strides(0).1 == 1;
        if job.streaming && plan.kind() == Kind::Tiled && !job.whole {
            job.extra = LINE / ops[0].size.max(1);
        }
        if job.extra > 16 {
            // Elements so small that tiles would overlap by much of their width.
            (job.streaming, job.extra) = (false, 0);
        }
        let mut widest = 1;
        for (i, op) in ops.iter().enumerate() {
            let (row, col) = plan.inner_strides(i);
            let dense = plan.len() == 1 || col == 1 && (!job.whole || row == all_cols as isize);
            let splat = col == 0 && (!job.whole || row == 0);
            if dense && !(job.streaming && i < n_out) || splat && i >= n_out {
                job.splat |= u32::from(!dense) << i;
            } else {
                job.buffered |= 1 << i;
                widest = widest.max(op.size);
            }
        }
        job.shape_blocks(all_rows, all_cols, widest);
        job
    }

    fn shape_blocks(&mut self, all_rows: usize, all_cols: usize, widest: usize) {
        let buffers = self.buffered.count_ones() as usize;
        if buffers == 0 {
            if self.whole {
                self.rows = (BLOCK / all_cols).clamp(1, all_rows);
            } else {
                self.cols = all_cols.min(LONG_ROW);
                self.rows = (BLOCK / self.cols).clamp(1, all_rows);
            }
            return;
        }
        let tiled = self.plan.kind() == Kind::Tiled && !self.whole;
        let arena = if tiled { TILES_ARENA } else { ROWS_ARENA };
        self.buffer = arena / buffers / 64 * 64;
        if self.streaming && !tiled {
            self.buffer = self.buffer.min(stream::CHUNK);
        }
        let elements = self.buffer / widest;
        if elements < all_cols.min(SHORT_ROW) {
            // Elements too large to be worth a buffer, or to fit one: each is dense by itself.
            (self.rows, self.cols) = (1, 1);
            (self.whole, self.streaming) = (false, false);
            (self.buffered, self.splat) = (0, 0);
        } else if self.whole {
            self.rows = (elements / all_cols).clamp(1, all_rows);
        } else if tiled {
            let (mut rows, bytes) = if self.extra > 0 { STREAMED_TILE } else { TILE };
            let mut cols = (bytes / widest).max(8);
            while rows * (cols + self.extra) > elements {
                if rows > 8 || cols <= 8 && rows > 1 {
                    rows /= 2;
                } else {
                    cols /= 2;
                }
            }
            self.rows = rows.min(all_rows);
            self.cols = cols.min(all_cols);
            debug_assert!(self.rows * (self.cols + self.extra) <= elements);
        } else {
            self.cols = elements.min(all_cols);
            self.rows = (elements / self.cols).clamp(1, all_rows);
        }
    }

    /// Whether one call may span any range of the whole loop.
    fn is_flat(&self) -> bool {
        self.plan.kind() == Kind::Contiguous && self.buffered == 0 && self.cols > 1
    }

    fn units(&self) -> usize {
        match self.plan.kind() {
            Kind::Empty => 0,
            _ if self.is_flat() => self.plan.len(),
            _ => self.blocks().count(),
        }
    }

    fn blocks(&self) -> Blocks<'a> {
        Blocks::new(self.plan, self.ops, self.rows, self.cols, Walk::Along)
    }

    fn split(&self, threads: usize, f: impl Fn(Range<usize>) + Sync) {
        let granule = if self.is_flat() { GRANULE } else { 1 };
        par::for_ranges(self.units(), granule, threads, |_, range| f(range));
    }

    /// # Safety
    /// As [`run`].
    unsafe fn drive(&self, level: Level, units: Range<usize>, call: &mut Call) {
        if units.is_empty() {
            return;
        }
        let n_ops = self.ops.len();
        if self.is_flat() {
            let mut ptrs = [std::ptr::null_mut(); MAX_OPERANDS];
            for (i, ptr) in ptrs[..n_ops].iter_mut().enumerate() {
                let step = self.plan.inner_strides(i).1 * self.ops[i].size as isize;
                *ptr = self
                    .plan
                    .start(i, self.ops)
                    .wrapping_offset(step * units.start as isize);
            }
            call(level, units.len(), &ptrs[..n_ops], self.splat);
            return;
        }
        // SAFETY: the caller's contract.
        unsafe {
            if self.buffered == 0 {
                self.blocks()
                    .for_each(units, |block| self.direct(level, block, call));
            } else {
                self.buffered(level, units, call);
            }
        }
    }

    /// A block whose operands all need no buffer.
    ///
    /// # Safety
    /// As [`run`].
    unsafe fn direct(&self, level: Level, block: &Block, call: &mut Call) {
        let n_ops = self.ops.len();
        let mut ptrs = block.ptrs;
        if self.whole {
            call(level, block.rows * block.cols, &ptrs[..n_ops], self.splat);
            return;
        }
        for row in 0..block.rows {
            if row > 0 {
                for (i, ptr) in ptrs[..n_ops].iter_mut().enumerate() {
                    let step = self.plan.inner_strides(i).0 * self.ops[i].size as isize;
                    *ptr = ptr.wrapping_offset(step);
                }
            }
            call(level, block.cols, &ptrs[..n_ops], self.splat);
        }
    }

    /// Blocks some of whose operands go through buffers.
    ///
    /// # Safety
    /// As [`run`].
    unsafe fn buffered(&self, level: Level, units: Range<usize>, call: &mut Call) {
        let n_ops = self.ops.len();
        let _fence = self.streaming.then_some(stream::Fence);
        let mut arena = Arena(MaybeUninit::uninit());
        let arena = arena.0.as_mut_ptr().cast::<u8>();
        let mut buffers = [std::ptr::null_mut::<u8>(); MAX_OPERANDS];
        let mut used = 0;
        for (i, buffer) in buffers[..n_ops].iter_mut().enumerate() {
            if self.buffered >> i & 1 != 0 {
                *buffer = arena.wrapping_add(used * self.buffer);
                used += 1;
            }
        }
        let side = |i: usize, ptr| {
            let size = self.ops[i].size as isize;
            let (row, col) = self.plan.inner_strides(i);
            Side {
                ptr,
                row: row * size,
                col: col * size,
            }
        };
        // What each input's buffer holds: from where, how many rows and columns. An operand that
        // is broadcast over the outer axes is gathered once, not once per block.
        let mut held = [(std::ptr::null_mut::<u8>(), 0, 0); MAX_OPERANDS];
        self.blocks().for_each(units, |block| {
            let (_, all_cols) = self.plan.inner_shape();
            let edges = (self.extra > 0)
                .then(|| Edges::new(self.ops[0].size, block.first_col, block.cols, all_cols));
            let rows = block.rows;
            let cols = block.cols + edges.map_or(0, |edges| edges.extra);
            let mut ptrs = block.ptrs;
            let mut steps = [0; MAX_OPERANDS];
            for i in 0..n_ops {
                let size = self.ops[i].size;
                let row = self.plan.inner_strides(i).0;
                if self.buffered >> i & 1 == 0 {
                    steps[i] = row * size as isize;
                    continue;
                }
                ptrs[i] = buffers[i];
                let repeats = row == 0 && i >= self.n_out;
                let needed = if repeats && !self.whole { 1 } else { rows };
                steps[i] = if needed == 1 {
                    0
                } else {
                    (cols * size) as isize
                };
                if i < self.n_out && !self.reads_out {
                    continue;
                }
                let (from, held_rows, held_cols) = held[i];
                let same_rows = needed == held_rows || row == 0 && needed <= held_rows;
                if i < self.n_out || from != block.ptrs[i] || held_cols != cols || !same_rows {
                    let dense = Side::dense(buffers[i], cols, size);
                    // SAFETY: the block is within the operand, and fits the buffer.
                    unsafe {
                        transfer(
                            level,
                            size,
                            dense,
                            side(i, block.ptrs[i]),
                            needed,
                            cols,
                            false,
                        );
                    }
                    held[i] = (block.ptrs[i], needed, cols);
                }
            }
            if self.whole {
                call(level, rows * cols, &ptrs[..n_ops], self.splat);
            } else {
                let mut at = ptrs;
                for row in 0..rows {
                    if row > 0 {
                        for i in 0..n_ops {
                            at[i] = at[i].wrapping_offset(steps[i]);
                        }
                    }
                    call(level, cols, &at[..n_ops], self.splat);
                }
            }
            for (i, &buffer) in buffers[..self.n_out].iter().enumerate() {
                if self.buffered >> i & 1 != 0 {
                    let size = self.ops[i].size;
                    let dense = Side::dense(buffer, cols, size);
                    // SAFETY: as above; outputs do not overlap themselves.
                    unsafe {
                        let out = side(i, block.ptrs[i]);
                        match edges {
                            Some(edges) => stream_tile(level, size, out, dense, rows, edges),
                            None => transfer(level, size, out, dense, rows, cols, self.streaming),
                        }
                    }
                }
            }
        });
    }
}
