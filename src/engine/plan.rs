//! The plan of a loop: which axes it has, in which order, and how its operands lie along them.
//!
//! A plan is a pure value. It is made from shapes and strides alone and says what the drivers do.

use super::operand::{MAX_NDIM, MAX_OPERANDS, Operand};

/// What a loop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No elements.
    Empty,
    /// One run in which every operand is dense or a single value.
    Contiguous,
    /// Outer loops over rows; operands that are strided along the row are gathered.
    Rows,
    /// As `Rows`, but some operand is dense along another axis than the leading operand, so that
    /// blocks over both axes are transposed.
    Tiled,
}

/// A loop with its axes dropped, flipped, sorted and merged; the innermost axis is the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    kind: Kind,
    ndim: usize,
    n_ops: usize,
    len: usize,
    shape: [usize; MAX_NDIM],
    /// Per operand, in elements.
    strides: [[isize; MAX_NDIM]; MAX_OPERANDS],
    /// Elements from an operand's base pointer to where its loop starts.
    offsets: [isize; MAX_OPERANDS],
}

impl Plan {
    /// Plans a loop whose elements may be visited in any order. `ops[0]` leads: it decides about
    /// directions and the order of axes, and the others only where it has stride 0.
    pub(crate) fn new(shape: &[usize], ops: &[Operand]) -> Plan {
        let mut plan = Plan::keep_axes(shape, ops);
        if plan.len > 0 {
            plan.flip();
            plan.sort();
            plan.coalesce();
        }
        plan.classify();
        plan
    }

    /// Plans a loop that visits elements in the logical (C) order of `shape`.
    pub(crate) fn logical(shape: &[usize], ops: &[Operand]) -> Plan {
        let mut plan = Plan::keep_axes(shape, ops);
        if plan.len > 0 {
            plan.coalesce();
        }
        plan.classify_in_order();
        plan
    }

    /// Copies the axes over, without those of length 1.
    fn keep_axes(shape: &[usize], ops: &[Operand]) -> Plan {
        assert!(shape.len() <= MAX_NDIM && ops.len() <= MAX_OPERANDS);
        let mut plan = Plan {
            kind: Kind::Empty,
            ndim: 0,
            n_ops: ops.len(),
            len: 1,
            shape: [1; MAX_NDIM],
            strides: [[0; MAX_NDIM]; MAX_OPERANDS],
            offsets: [0; MAX_OPERANDS],
        };
        for (axis, &len) in shape.iter().enumerate() {
            plan.len *= len;
            if len != 1 {
                plan.shape[plan.ndim] = len;
                for (strides, op) in plan.strides.iter_mut().zip(ops) {
                    strides[plan.ndim] = op.strides[axis];
                }
                plan.ndim += 1;
            }
        }
        plan
    }

    fn flip(&mut self) {
        for axis in 0..self.ndim {
            let lead = self.strides[..self.n_ops]
                .iter()
                .map(|strides| strides[axis])
                .find(|&stride| stride != 0);
            if lead.is_some_and(|stride| stride < 0) {
                let last = self.shape[axis] as isize - 1;
                for op in 0..self.n_ops {
                    self.offsets[op] += self.strides[op][axis] * last;
                    self.strides[op][axis] = -self.strides[op][axis];
                }
            }
        }
    }

    /// Insertion sort, which is deterministic although "no operand has both axes" makes the
    /// comparison intransitive.
    fn sort(&mut self) {
        for axis in 1..self.ndim {
            let mut at = axis;
            while at > 0 && self.is_outside(at, at - 1) {
                self.swap_axes(at, at - 1);
                at -= 1;
            }
        }
    }

    fn is_outside(&self, axis: usize, other: usize) -> bool {
        for strides in &self.strides[..self.n_ops] {
            let (a, b) = (strides[axis].unsigned_abs(), strides[other].unsigned_abs());
            if a != 0 && b != 0 && a != b {
                return a > b;
            }
        }
        false
    }

    fn swap_axes(&mut self, a: usize, b: usize) {
        self.shape.swap(a, b);
        for strides in &mut self.strides[..self.n_ops] {
            strides.swap(a, b);
        }
    }

    fn coalesce(&mut self) {
        if self.ndim < 2 {
            return;
        }
        let mut kept = 0;
        for axis in 1..self.ndim {
            let len = self.shape[axis];
            let merges = self.strides[..self.n_ops]
                .iter()
                .all(|strides| strides[kept] == strides[axis].wrapping_mul(len as isize));
            if merges {
                self.shape[kept] *= len;
            } else {
                kept += 1;
                self.shape[kept] = len;
            }
            for strides in &mut self.strides[..self.n_ops] {
                strides[kept] = strides[axis];
            }
        }
        for axis in kept + 1..self.ndim {
            self.shape[axis] = 1;
            for strides in &mut self.strides[..self.n_ops] {
                strides[axis] = 0;
            }
        }
        self.ndim = kept + 1;
    }

    fn classify_in_order(&mut self) {
        let dense = |strides: &[isize; MAX_NDIM]| matches!(strides[0], 0 | 1);
        self.kind = if self.len == 0 {
            Kind::Empty
        } else if self.ndim == 0 || self.ndim == 1 && self.strides[..self.n_ops].iter().all(dense) {
            Kind::Contiguous
        } else {
            Kind::Rows
        };
    }

    /// Sets the kind. For tiles, the axis along which the disagreeing operand is dense becomes
    /// the last but one, so that the block to transpose spans the last two axes.
    fn classify(&mut self) {
        self.classify_in_order();
        if self.kind != Kind::Rows || self.ndim < 2 {
            return;
        }
        let inner = self.ndim - 1;
        for op in 1..self.n_ops {
            let strides = &self.strides[op];
            let step = strides[inner].unsigned_abs();
            if step < 2 {
                continue;
            }
            let fast = (0..inner)
                .rev()
                .filter(|&axis| strides[axis] != 0)
                .min_by_key(|&axis| strides[axis].unsigned_abs());
            if let Some(fast) = fast.filter(|&axis| strides[axis].unsigned_abs() < step) {
                for axis in fast..inner - 1 {
                    self.swap_axes(axis, axis + 1);
                }
                self.kind = Kind::Tiled;
                return;
            }
        }
    }

    /// What the loop is.
    #[inline]
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// How many elements the loop visits.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Axes, outermost first.
    #[inline]
    pub(super) fn shape(&self) -> &[usize] {
        &self.shape[..self.ndim]
    }

    /// How many operands were planned for.
    #[inline]
    pub(super) fn n_ops(&self) -> usize {
        self.n_ops
    }

    /// Strides of operand `op`, in elements.
    #[inline]
    pub(super) fn strides(&self, op: usize) -> &[isize] {
        &self.strides[op][..self.ndim]
    }

    /// Length of the innermost axis and of the one outside it (1 where there is none).
    #[inline]
    pub(super) fn inner_shape(&self) -> (usize, usize) {
        match self.shape() {
            [] => (1, 1),
            [cols] => (1, *cols),
            [.., rows, cols] => (*rows, *cols),
        }
    }

    /// Strides of operand `op` along the last but one and the innermost axis (0 where there is
    /// none).
    #[inline]
    pub(super) fn inner_strides(&self, op: usize) -> (isize, isize) {
        match self.strides(op) {
            [] => (0, 0),
            [col] => (0, *col),
            [.., row, col] => (*row, *col),
        }
    }

    /// Where operand `op` of `ops` starts.
    #[inline]
    pub(super) fn start(&self, op: usize, ops: &[Operand]) -> *mut u8 {
        ops[op]
            .ptr
            .wrapping_offset(self.offsets[op] * ops[op].size as isize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(shape: &[usize], strides: &[&[isize]]) -> Plan {
        let ops: Vec<Operand> = strides
            .iter()
            .map(|s| {
                let mut op = Operand::scalar(std::ptr::null::<f64>());
                op.strides[..shape.len()].copy_from_slice(s);
                op
            })
            .collect();
        Plan::new(shape, &ops)
    }

    #[allow(clippy::type_complexity)]
    #[test]
    fn table() {
        use Kind::*;
        // shape, strides per operand → kind, shape, strides per operand, offsets
        let table: &[(&[usize], &[&[isize]], Kind, &[usize], &[&[isize]], &[isize])] = &[
            // nothing and one
            (&[0], &[&[1], &[1]], Empty, &[0], &[&[1], &[1]], &[0, 0]),
            (
                &[3, 0, 2],
                &[&[0, 2, 1]],
                Empty,
                &[3, 0, 2],
                &[&[0, 2, 1]],
                &[0],
            ),
            (&[], &[&[], &[]], Contiguous, &[], &[&[], &[]], &[0, 0]),
            (
                &[1, 1],
                &[&[7, 9], &[0, 0]],
                Contiguous,
                &[],
                &[&[], &[]],
                &[0, 0],
            ),
            // dense: C with C, F with F, a permutation with itself, with a scalar
            (
                &[2, 3],
                &[&[3, 1], &[3, 1]],
                Contiguous,
                &[6],
                &[&[1], &[1]],
                &[0, 0],
            ),
            (
                &[2, 3],
                &[&[1, 2], &[1, 2]],
                Contiguous,
                &[6],
                &[&[1], &[1]],
                &[0, 0],
            ),
            (
                &[2, 3, 4],
                &[&[3, 1, 6], &[3, 1, 6]],
                Contiguous,
                &[24],
                &[&[1], &[1]],
                &[0, 0],
            ),
            (
                &[2, 3],
                &[&[3, 1], &[0, 0]],
                Contiguous,
                &[6],
                &[&[1], &[0]],
                &[0, 0],
            ),
            // length-1 axes vanish wherever they are
            (
                &[1, 2, 1, 3],
                &[&[6, 3, 3, 1], &[0, 3, 99, 1]],
                Contiguous,
                &[6],
                &[&[1], &[1]],
                &[0, 0],
            ),
            // directions follow the leading operand
            (
                &[4],
                &[&[-1], &[-1]],
                Contiguous,
                &[4],
                &[&[1], &[1]],
                &[-3, -3],
            ),
            (&[4], &[&[1], &[-1]], Rows, &[4], &[&[1], &[-1]], &[0, 0]),
            (&[4], &[&[-1], &[1]], Rows, &[4], &[&[1], &[-1]], &[-3, 3]),
            (
                &[4],
                &[&[0], &[-1]],
                Contiguous,
                &[4],
                &[&[0], &[1]],
                &[0, -3],
            ),
            (
                &[2, 3],
                &[&[-3, -1], &[3, 1]],
                Rows,
                &[6],
                &[&[1], &[-1]],
                &[-5, 5],
            ),
            // broadcasting a row, a column
            (
                &[2, 3],
                &[&[3, 1], &[0, 1]],
                Rows,
                &[2, 3],
                &[&[3, 1], &[0, 1]],
                &[0, 0],
            ),
            (
                &[2, 3],
                &[&[3, 1], &[1, 0]],
                Rows,
                &[2, 3],
                &[&[3, 1], &[1, 0]],
                &[0, 0],
            ),
            // a row over a stack: the leading axes merge
            (
                &[2, 3, 4],
                &[&[12, 4, 1], &[0, 0, 1]],
                Rows,
                &[6, 4],
                &[&[4, 1], &[0, 1]],
                &[0, 0],
            ),
            // a strided view
            (
                &[2, 3],
                &[&[3, 1], &[8, 2]],
                Rows,
                &[2, 3],
                &[&[3, 1], &[8, 2]],
                &[0, 0],
            ),
            (&[6], &[&[1], &[2]], Rows, &[6], &[&[1], &[2]], &[0, 0]),
            // C against F
            (
                &[2, 3],
                &[&[3, 1], &[1, 2]],
                Tiled,
                &[2, 3],
                &[&[3, 1], &[1, 2]],
                &[0, 0],
            ),
            (
                &[2, 3],
                &[&[1, 2], &[3, 1]],
                Tiled,
                &[3, 2],
                &[&[2, 1], &[1, 3]],
                &[0, 0],
            ),
            // the tile takes the disagreeing operand's dense axis, here the first of three
            (
                &[2, 3, 4],
                &[&[12, 4, 1], &[1, 2, 6]],
                Tiled,
                &[3, 2, 4],
                &[&[4, 12, 1], &[2, 1, 6]],
                &[0, 0],
            ),
        ];
        for (i, (shape, strides, kind, want_shape, want_strides, offsets)) in
            table.iter().enumerate()
        {
            let p = plan(shape, strides);
            assert_eq!(p.kind(), *kind, "case {i}: {p:?}");
            assert_eq!(p.len(), shape.iter().product::<usize>(), "case {i}");
            assert_eq!(p.shape(), *want_shape, "case {i}");
            for op in 0..strides.len() {
                assert_eq!(p.strides(op), want_strides[op], "case {i}, operand {op}");
                assert_eq!(p.offsets[op], offsets[op], "case {i}, operand {op}");
            }
        }
    }

    #[test]
    fn logical_order_is_kept() {
        let mut f = Operand::scalar(std::ptr::null::<f64>());
        f.strides[..2].copy_from_slice(&[1, 2]);
        let p = Plan::logical(&[2, 3], &[f]);
        assert_eq!((p.kind(), p.shape()), (Kind::Rows, &[2, 3][..]));
        f.strides[..2].copy_from_slice(&[-3, -1]);
        let p = Plan::logical(&[2, 3], &[f]);
        assert_eq!((p.shape(), p.strides(0)), (&[6][..], &[-1][..]));
    }
}
