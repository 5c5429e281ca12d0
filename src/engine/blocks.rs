//! Walking a plan block by block, or run by run.

use std::ops::Range;

use super::operand::{MAX_NDIM, MAX_OPERANDS, Operand};
use super::plan::{Kind, Plan};

/// A rectangle of the two innermost axes at one place of the outer ones.
pub(super) struct Block {
    /// The first element of each operand.
    pub ptrs: [*mut u8; MAX_OPERANDS],
    pub rows: usize,
    pub cols: usize,
    /// Which column of the innermost axis is the first.
    pub first_col: usize,
}

/// In which direction blocks follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// Along the rows, then to the next rows.
    Along,
    /// Down the columns, then to the next columns.
    Down,
}

/// The blocks of a plan, numbered in the order in which they are visited.
pub(super) struct Blocks<'a> {
    plan: &'a Plan,
    ops: &'a [Operand],
    walk: Walk,
    rows: usize,
    cols: usize,
    row_blocks: usize,
    col_blocks: usize,
    outer: usize,
}

impl<'a> Blocks<'a> {
    /// Cuts the plan into blocks of at most `rows × cols`.
    pub(super) fn new(
        plan: &'a Plan,
        ops: &'a [Operand],
        rows: usize,
        cols: usize,
        walk: Walk,
    ) -> Self {
        let (all_rows, all_cols) = plan.inner_shape();
        let shape = plan.shape();
        Blocks {
            plan,
            ops,
            walk,
            rows,
            cols,
            row_blocks: all_rows.div_ceil(rows),
            col_blocks: all_cols.div_ceil(cols),
            outer: shape[..shape.len().saturating_sub(2)].iter().product(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.outer * self.row_blocks * self.col_blocks
    }

    /// Calls `f` for the blocks with these numbers.
    pub(super) fn for_each(&self, numbers: Range<usize>, mut f: impl FnMut(&Block)) {
        if numbers.is_empty() {
            return;
        }
        let plan = self.plan;
        let n_ops = plan.n_ops();
        let shape = plan.shape();
        let outer_axes = shape.len().saturating_sub(2);
        let (all_rows, all_cols) = plan.inner_shape();

        let down = self.walk == Walk::Down;
        let mut outer = numbers.start / (self.row_blocks * self.col_blocks);
        let within = numbers.start % (self.row_blocks * self.col_blocks);
        let (mut row, mut col) = if down {
            (within % self.row_blocks, within / self.row_blocks)
        } else {
            (within / self.col_blocks, within % self.col_blocks)
        };
        let mut index = [0; MAX_NDIM];
        let mut bases = [std::ptr::null_mut(); MAX_OPERANDS];
        for (op, base) in bases[..n_ops].iter_mut().enumerate() {
            *base = plan.start(op, self.ops);
        }
        for axis in (0..outer_axes).rev() {
            index[axis] = outer % shape[axis];
            outer /= shape[axis];
            for (op, base) in bases[..n_ops].iter_mut().enumerate() {
                let step = plan.strides(op)[axis] * self.ops[op].size as isize;
                *base = base.wrapping_offset(step * index[axis] as isize);
            }
        }
        // In bytes, per block.
        let mut row_steps = [0; MAX_OPERANDS];
        let mut col_steps = [0; MAX_OPERANDS];
        for op in 0..n_ops {
            let (row, col) = plan.inner_strides(op);
            let size = self.ops[op].size as isize;
            row_steps[op] = row * size * self.rows as isize;
            col_steps[op] = col * size * self.cols as isize;
        }

        let mut block = Block {
            ptrs: [std::ptr::null_mut(); MAX_OPERANDS],
            rows: 0,
            cols: 0,
            first_col: 0,
        };
        for _ in numbers {
            block.rows = self.rows.min(all_rows - row * self.rows);
            block.first_col = col * self.cols;
            block.cols = self.cols.min(all_cols - block.first_col);
            for op in 0..n_ops {
                block.ptrs[op] = bases[op]
                    .wrapping_offset(row_steps[op] * row as isize + col_steps[op] * col as isize);
            }
            f(&block);
            let (fast, fast_end, slow, slow_end) = if down {
                (&mut row, self.row_blocks, &mut col, self.col_blocks)
            } else {
                (&mut col, self.col_blocks, &mut row, self.row_blocks)
            };
            *fast += 1;
            if *fast < fast_end {
                continue;
            }
            *fast = 0;
            *slow += 1;
            if *slow < slow_end {
                continue;
            }
            *slow = 0;
            for axis in (0..outer_axes).rev() {
                index[axis] += 1;
                let wraps = index[axis] == shape[axis];
                for (op, base) in bases[..n_ops].iter_mut().enumerate() {
                    let step = plan.strides(op)[axis] * self.ops[op].size as isize;
                    let by = if wraps { 1 - shape[axis] as isize } else { 1 };
                    *base = base.wrapping_offset(step * by);
                }
                if !wraps {
                    break;
                }
                index[axis] = 0;
            }
        }
    }
}

/// In which order runs are visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Whatever is fastest.
    Plan,
    /// The logical (C) order of the shape, last axis fastest.
    Logical,
}

/// What [`for_each_run`] calls: `f(ptrs, n, strides)`.
pub(crate) type RunFn<'a> = dyn FnMut(&[*mut u8], usize, &[isize]) + 'a;

/// Calls `f(ptrs, n, strides)` for each inner run, one after the other on this thread: operand `i`
/// has `n` elements, `strides[i]` elements apart, from `ptrs[i]` on. Nothing is read, written or
/// moved here, so that elements may be of any type.
pub(crate) fn for_each_run(shape: &[usize], ops: &[Operand], order: Order, f: &mut RunFn) {
    let plan = match order {
        Order::Plan => Plan::new(shape, ops),
        Order::Logical => Plan::logical(shape, ops),
    };
    if plan.kind() == Kind::Empty {
        return;
    }
    let n_ops = plan.n_ops();
    let (_, cols) = plan.inner_shape();
    let mut strides = [0; MAX_OPERANDS];
    for (op, stride) in strides[..n_ops].iter_mut().enumerate() {
        *stride = plan.inner_strides(op).1;
    }
    let blocks = Blocks::new(&plan, ops, 1, cols, Walk::Along);
    blocks.for_each(0..blocks.count(), |block| {
        f(&block.ptrs[..n_ops], cols, &strides[..n_ops]);
    });
}
