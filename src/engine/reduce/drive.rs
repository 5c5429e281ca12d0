//! Driving a kernel over a plan.

use std::mem::MaybeUninit;
use std::ops::Range;

use super::super::cache::second_level;
use super::super::cost::Cost;
use super::super::operand::Operand;
use super::super::par;
use super::super::simd::{self, Level};
use super::super::transfer::{Side, transfer};
use super::plan::{Form, Plan};
use super::tree::{SCRATCH, Scratch, Tree, slots};
use super::{CHUNK, Finish, MAX_INPUTS, Parameters, Rect, ReduceKernel};

/// Bytes that one gathered operand has in L1.
const GATHER: usize = 16 << 10;
/// Bytes of results that are scattered from a buffer.
const OUT: usize = 8 << 10;
/// Rows of a gathered block of columns, and elements of a gathered row.
const GATHERED_ROWS: usize = 32;
const GATHERED_RUN: usize = 1 << 10;
/// Bytes along the kept axis below which columns are not split between threads.
const NARROW: usize = 4 << 10;
/// Most groups of blocks that threads share.
const GROUPS: usize = 64;

/// A reduction to run.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub shape: &'a [usize],
    /// Bit per axis that is reduced.
    pub reduced: u32,
    pub inputs: &'a [Operand],
    /// The second input is a position: its pointer is a number and is never read through.
    pub indexed: bool,
    /// Strides over `shape`; those of reduced axes are not looked at.
    pub out: Operand,
    pub cost: Cost,
    pub kernel: &'a dyn ReduceKernel,
    pub finish: Finish,
    pub parameters: Parameters<'a>,
}

/// Memory as the output or a buffer, wherever a thread needs it.
#[derive(Clone, Copy)]
struct Shared(*mut u8);
// SAFETY: threads write to disjoint parts.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}
impl Shared {
    fn at(self, bytes: usize) -> *mut u8 {
        self.0.wrapping_add(bytes)
    }
}

#[repr(C, align(64))]
struct Buffer<const N: usize>(MaybeUninit<[u8; N]>);
impl<const N: usize> Buffer<N> {
    #[inline(always)]
    fn uninit() -> Self {
        Buffer(MaybeUninit::uninit())
    }
    fn ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// Runs a reduction, in parallel when it is worth it.
///
/// # Safety
/// The engine's contract; the kernel's input types are those of the operands, `finish` makes the
/// output's type of the kernel's states. No output element is reached twice along kept axes.
pub(crate) unsafe fn reduce(task: &Task) {
    let Some(plan) = Plan::new(task.shape, task.reduced, task.inputs, &task.out) else {
        return;
    };
    let total = task.shape.iter().product::<usize>();
    let bytes = task.inputs.iter().map(|op| op.size).sum();
    let job = Job::new(task, &plan, task.cost.threads(total, bytes));
    // SAFETY: the caller's contract.
    unsafe { job.run() }
}

/// How a reduction is driven.
struct Job<'a> {
    task: &'a Task<'a>,
    plan: &'a Plan,
    level: Level,
    threads: usize,
    /// Bit per input that is gathered.
    gathered: u32,
    /// Elements of a block along the reduced axis, and blocks along all of them.
    block: usize,
    blocks_along: usize,
    blocks: usize,
    /// Results of a tile, and tiles along the kept axis.
    tile: usize,
    tiles: usize,
    units: usize,
    /// Bytes of the states of a tile.
    region: usize,
    /// Results are dense along the tile.
    dense_out: bool,
    /// See [`Rect::far`].
    far: bool,
}

impl<'a> Job<'a> {
    fn new(task: &'a Task<'a>, plan: &'a Plan, threads: usize) -> Self {
        let mut gathered = 0;
        let mut widest = 1;
        for (i, op) in task.inputs.iter().enumerate() {
            let step = match plan.form {
                Form::Rows => plan.reduced.inputs[i],
                Form::Columns => plan.kept.inputs[i],
            };
            let dense = step == op.size as isize || i > 0 && (step == 0 || task.indexed);
            if !dense && op.size <= GATHER {
                gathered |= 1 << i;
                widest = widest.max(op.size);
            }
        }
        let single = match plan.form {
            Form::Rows => plan.reduced.len <= 1,
            Form::Columns => plan.kept.len <= 1,
        };
        if single {
            gathered = 0;
        }
        let length = plan.reduced.len;
        let capacity = GATHER / widest;
        let block = match plan.form {
            Form::Rows if gathered != 0 => GATHERED_RUN.min(capacity),
            Form::Rows => CHUNK,
            Form::Columns if gathered != 0 => GATHERED_ROWS.min(capacity),
            Form::Columns => task.kernel.block_rows(),
        }
        .min(length)
        .max(1);
        let blocks_along = length.div_ceil(block).max(1);
        let blocks = blocks_along * plan.outer_reduced.len();

        let state = task.kernel.state().max(1);
        let out_size = task.out.size;
        let dense_out = plan.kept.out == out_size as isize || plan.kept.len == 1;
        let mut tile = plan.kept.len.min(SCRATCH / slots(blocks) / state);
        if !dense_out {
            tile = tile.min(OUT / out_size.max(1));
        }
        if gathered != 0 {
            tile = tile.min(capacity / block);
        }
        let mut tile = tile.max(1);
        let outer = plan.outer_kept.len();
        if threads > 1 {
            let size = task.inputs[0].size.max(1);
            let narrowest = match plan.form {
                Form::Rows => 1,
                Form::Columns => (NARROW / size).max(1),
            };
            let mut tiles = plan.kept.len.div_ceil(tile);
            if outer * tiles < 4 * threads && plan.kept.len / narrowest > 1 {
                // Few tiles: a multiple of the threads.
                let wanted = tiles.max(threads.div_ceil(outer));
                tiles = wanted
                    .next_multiple_of(threads)
                    .min(plan.kept.len / narrowest)
                    .max(tiles);
                tile = plan.kept.len.div_ceil(tiles);
                if tile > 64 {
                    tile = tile.next_multiple_of(8).min(plan.kept.len);
                }
            }
        }
        let tiles = plan.kept.len.div_ceil(tile);
        let elements: usize = task.shape.iter().product();
        Job {
            task,
            plan,
            level: simd::level(),
            threads,
            gathered,
            block,
            blocks_along,
            blocks,
            tile,
            tiles,
            units: outer * tiles,
            region: (tile * state).next_multiple_of(64),
            dense_out,
            far: elements / threads * task.inputs[0].size > second_level(),
        }
    }

    /// # Safety
    /// As [`reduce`].
    unsafe fn run(&self) {
        if self.threads > self.units && self.blocks > 1 {
            // SAFETY: the caller's contract.
            unsafe { self.run_split() }
            return;
        }
        par::for_ranges(self.units, 1, self.threads, |_, units| {
            let mut scratch = Scratch::new(slots(self.blocks) * self.region);
            let mut gather = Buffer::<{ MAX_INPUTS * GATHER }>::uninit();
            for unit in units {
                // SAFETY: the caller's contract; the scratch is large enough.
                unsafe {
                    let states = self.states(unit, 0..self.blocks, scratch.ptr(), gather.ptr());
                    self.write(unit, states);
                }
            }
        });
    }

    /// One unit after the other, the blocks of each shared between threads.
    ///
    /// # Safety
    /// As [`reduce`].
    unsafe fn run_split(&self) {
        let most = (SCRATCH / self.region).clamp(1, GROUPS);
        let group = self.blocks.div_ceil(most).next_power_of_two();
        let groups = self.blocks.div_ceil(group);
        let mut partial = Scratch::new(groups * self.region);
        let mut merging = Scratch::new(slots(groups) * self.region);
        let partial = Shared(partial.ptr());
        for unit in 0..self.units {
            par::for_ranges(groups, 1, self.threads, |_, range| {
                let mut scratch = Scratch::new(slots(group) * self.region);
                let mut gather = Buffer::<{ MAX_INPUTS * GATHER }>::uninit();
                for g in range {
                    let blocks = g * group..((g + 1) * group).min(self.blocks);
                    // SAFETY: the caller's contract; each group has a slot of its own.
                    unsafe {
                        let states = self.states(unit, blocks, scratch.ptr(), gather.ptr());
                        partial
                            .at(g * self.region)
                            .copy_from_nonoverlapping(states, self.region);
                    }
                }
            });
            // SAFETY: all groups have been written; the tree over aligned powers of two of blocks
            // goes on where theirs ended.
            unsafe {
                let width = self.width(unit);
                let mut tree = Tree::new(self.task.kernel, width, merging.ptr(), self.region);
                for g in 0..groups {
                    let from = partial.at(g * self.region);
                    tree.next().copy_from_nonoverlapping(from, self.region);
                    let blocks = g * group..((g + 1) * group).min(self.blocks);
                    tree.push(self.elements(blocks));
                }
                self.write(unit, tree.collapse());
            }
        }
    }

    /// Elements per result in these blocks.
    fn elements(&self, blocks: Range<usize>) -> usize {
        let before = |block: usize| {
            let (outer, along) = (block / self.blocks_along, block % self.blocks_along);
            outer * self.plan.reduced.len + along * self.block
        };
        before(blocks.end) - before(blocks.start)
    }

    /// Results of a unit.
    fn width(&self, unit: usize) -> usize {
        let first = unit % self.tiles * self.tile;
        self.tile.min(self.plan.kept.len - first)
    }

    /// The states of a unit over these blocks, within `scratch`.
    ///
    /// # Safety
    /// As [`reduce`]; `scratch` has room for the tree, `gather` for the gathered operands.
    unsafe fn states(
        &self,
        unit: usize,
        blocks: Range<usize>,
        scratch: *mut u8,
        gather: *mut u8,
    ) -> *mut u8 {
        let plan = self.plan;
        let (offsets, _) = plan.outer_kept.offsets(unit / self.tiles);
        let first = (unit % self.tiles * self.tile) as isize;
        let width = self.width(unit);
        let mut bases = [std::ptr::null_mut::<u8>(); MAX_INPUTS];
        for (i, op) in self.task.inputs.iter().enumerate() {
            let offset = plan.inputs_offset[i] + offsets[i] + plan.kept.inputs[i] * first;
            bases[i] = op.ptr.wrapping_offset(offset);
        }
        let mut rect = Rect {
            kept: width,
            reduced: 0,
            ptrs: bases,
            kept_steps: plan.kept.inputs,
            reduced_steps: plan.reduced.inputs,
            far: self.far,
        };
        // SAFETY: the caller's contract.
        unsafe {
            let mut tree = Tree::new(self.task.kernel, width, scratch, self.region);
            let mut outer = blocks.start / self.blocks_along;
            let mut along = blocks.start % self.blocks_along;
            let (mut outers, _) = plan.outer_reduced.offsets(outer);
            for _ in blocks {
                let start = along * self.block;
                rect.reduced = self.block.min(plan.reduced.len - start);
                for i in 0..self.task.inputs.len() {
                    let offset = outers[i] + plan.reduced.inputs[i] * start as isize;
                    rect.ptrs[i] = bases[i].wrapping_offset(offset);
                }
                let count = rect.reduced;
                if self.gathered != 0 {
                    self.fold(&self.gather(rect, gather), tree.next());
                } else {
                    self.fold(&rect, tree.next());
                }
                tree.push(count);
                along += 1;
                if along == self.blocks_along {
                    along = 0;
                    outer += 1;
                    outers = plan.outer_reduced.offsets(outer).0;
                }
            }
            tree.collapse()
        }
    }

    /// # Safety
    /// As [`ReduceKernel::rows`].
    #[inline]
    unsafe fn fold(&self, rect: &Rect, states: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe {
            match self.plan.form {
                Form::Rows => self.task.kernel.rows(self.level, rect, states),
                Form::Columns => self.task.kernel.columns(self.level, rect, states),
            }
        }
    }

    /// The rectangle with its scattered operands brought into `buffer`.
    ///
    /// # Safety
    /// As [`states`](Self::states).
    unsafe fn gather(&self, mut rect: Rect, buffer: *mut u8) -> Rect {
        for (i, op) in self.task.inputs.iter().enumerate() {
            if self.gathered >> i & 1 == 0 {
                continue;
            }
            let one = op.size as isize;
            let (outer, inner) = match self.plan.form {
                Form::Rows => (
                    (rect.kept, &mut rect.kept_steps[i]),
                    (rect.reduced, &mut rect.reduced_steps[i]),
                ),
                Form::Columns => (
                    (rect.reduced, &mut rect.reduced_steps[i]),
                    (rect.kept, &mut rect.kept_steps[i]),
                ),
            };
            let rows = if *outer.1 == 0 { 1 } else { outer.0 };
            let into = buffer.wrapping_add(i * GATHER);
            let from = Side {
                ptr: rect.ptrs[i],
                row: *outer.1,
                col: *inner.1,
            };
            let dense = Side::dense(into, inner.0, op.size);
            // SAFETY: the rectangle is within the operand, and a block and a tile were chosen to
            // fit the buffer.
            unsafe { transfer(self.level, op.size, dense, from, rows, inner.0, false) };
            *inner.1 = one;
            if rows > 1 {
                *outer.1 = dense.row;
            }
            rect.ptrs[i] = into;
            rect.far = false;
        }
        rect
    }

    /// Writes the results of a unit.
    ///
    /// # Safety
    /// As [`reduce`]; `states` are those of the unit.
    #[inline]
    unsafe fn write(&self, unit: usize, states: *const u8) {
        let plan = self.plan;
        let size = self.task.out.size;
        let (_, offset) = plan.outer_kept.offsets(unit / self.tiles);
        let first = (unit % self.tiles * self.tile) as isize;
        let width = self.width(unit);
        let offset = plan.out_offset + offset + plan.kept.out * first;
        let out = self.task.out.ptr.wrapping_offset(offset);
        let (finish, parameters) = (self.task.finish, &self.task.parameters);
        // SAFETY: the caller's contract; a tile of scattered results fits the buffer.
        unsafe {
            if self.dense_out || width == 1 {
                finish(width, states, out, parameters);
            } else {
                let mut buffer = Buffer::<OUT>::uninit();
                let buffer = buffer.ptr();
                finish(width, states, buffer, parameters);
                let into = Side {
                    ptr: out,
                    row: 0,
                    col: plan.kept.out,
                };
                let from = Side::dense(buffer, width, size);
                transfer(self.level, size, into, from, 1, width, false);
            }
        }
    }
}
