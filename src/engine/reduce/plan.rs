//! The plan of a reduction: which axis kernels run along, and in which form.

use super::super::operand::{MAX_NDIM, Operand};
use super::MAX_INPUTS;

/// How a kernel runs over a rectangle of the two main axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Along the reduced axis: each row of elements becomes one state.
    Rows,
    /// Along the kept axis: rows of elements are folded into a row of states.
    Columns,
}

/// One axis of the loop; steps are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub len: usize,
    pub inputs: [isize; MAX_INPUTS],
    pub out: isize,
    pub reduced: bool,
}

impl Axis {
    /// No axis at all.
    pub(super) const ONE: Axis = Axis {
        len: 1,
        inputs: [0; MAX_INPUTS],
        out: 0,
        reduced: false,
    };
}

/// Axes, outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axes {
    axes: [Axis; MAX_NDIM],
    count: usize,
}

impl Axes {
    const NONE: Axes = Axes {
        axes: [Axis::ONE; MAX_NDIM],
        count: 0,
    };

    fn push(&mut self, axis: Axis) {
        self.axes[self.count] = axis;
        self.count += 1;
    }

    fn as_slice(&self) -> &[Axis] {
        &self.axes[..self.count]
    }

    /// The number of positions.
    pub(super) fn len(&self) -> usize {
        self.as_slice().iter().map(|axis| axis.len).product()
    }

    /// Bytes from position 0 to position `at` (in C order), of the inputs and of the output.
    #[inline]
    pub(super) fn offsets(&self, mut at: usize) -> ([isize; MAX_INPUTS], isize) {
        let (mut inputs, mut out) = ([0; MAX_INPUTS], 0);
        for (i, axis) in self.as_slice().iter().enumerate().rev() {
            let index = if i == 0 { at } else { at % axis.len } as isize;
            if i > 0 {
                at /= axis.len;
            }
            for (offset, step) in inputs.iter_mut().zip(axis.inputs) {
                *offset += step * index;
            }
            out += axis.out * index;
        }
        (inputs, out)
    }
}

/// A reduction whose axes have been dropped, flipped, sorted and merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub form: Form,
    /// The main axes: those of the rectangle that kernels see.
    pub kept: Axis,
    pub reduced: Axis,
    /// The others.
    pub outer_kept: Axes,
    pub outer_reduced: Axes,
    /// Bytes from the operands' base pointers to where the loop starts.
    pub inputs_offset: [isize; MAX_INPUTS],
    pub out_offset: isize,
    /// Elements per result.
    pub count: usize,
}

/// An innermost axis shorter than this does not carry the kernels' loop if another can.
const SHORT: usize = 16;

impl Plan {
    /// Plans the reduction over the axes in the bit mask `reduced`; `None` if there is no result
    /// to write. The strides of `out` along reduced axes are not looked at.
    pub(super) fn new(
        shape: &[usize],
        reduced: u32,
        inputs: &[Operand],
        out: &Operand,
    ) -> Option<Plan> {
        assert!(shape.len() <= MAX_NDIM && inputs.len() <= MAX_INPUTS);
        let mut all = Axes::NONE;
        let (mut inputs_offset, mut out_offset) = ([0; MAX_INPUTS], 0);
        let mut count = 1;
        let mut empty = None;
        for (i, &len) in shape.iter().enumerate() {
            let is_reduced = reduced >> i & 1 != 0;
            if len == 0 && !is_reduced {
                return None;
            }
            if is_reduced {
                count *= len;
            }
            if len == 1 {
                continue;
            }
            let mut axis = Axis {
                len,
                inputs: [0; MAX_INPUTS],
                out: 0,
                reduced: is_reduced,
            };
            for (step, op) in axis.inputs.iter_mut().zip(inputs) {
                *step = op.strides[i] * op.size as isize;
            }
            if !is_reduced {
                axis.out = out.strides[i] * out.size as isize;
            }
            if len == 0 {
                empty = Some(axis);
                continue;
            }
            if axis.inputs[0] < 0 {
                let last = len as isize - 1;
                for (offset, step) in inputs_offset.iter_mut().zip(&mut axis.inputs) {
                    *offset += *step * last;
                    *step = -*step;
                }
                out_offset += axis.out * last;
                axis.out = -axis.out;
            }
            all.push(axis);
        }
        if let Some(empty) = empty {
            // Nothing to reduce: all results are the identity.
            all.axes[..all.count]
                .iter_mut()
                .filter(|axis| axis.reduced)
                .for_each(|axis| axis.len = 1);
            all.push(empty);
        } else {
            sort(&mut all.axes[..all.count]);
            coalesce(&mut all);
        }
        Some(Plan::choose(all, inputs_offset, out_offset, count))
    }

    fn choose(
        all: Axes,
        inputs_offset: [isize; MAX_INPUTS],
        out_offset: isize,
        count: usize,
    ) -> Plan {
        let axes = all.as_slice();
        let last = axes.len().wrapping_sub(1);
        let longest = (0..axes.len()).max_by_key(|&i| axes[i].len);
        let run = match axes.last() {
            Some(axis) if axis.len >= SHORT || count == 0 => Some(last),
            _ => longest,
        };
        let partner = |reduced: bool| (0..axes.len()).rev().find(|&i| axes[i].reduced == reduced);
        let (form, kept, reduced) = match run {
            Some(run) if !axes[run].reduced => (Form::Columns, Some(run), partner(true)),
            _ => (Form::Rows, partner(false), run),
        };
        let mut plan = Plan {
            form,
            kept: kept.map_or(Axis::ONE, |i| axes[i]),
            reduced: reduced.map_or(Axis::ONE, |i| axes[i]),
            outer_kept: Axes::NONE,
            outer_reduced: Axes::NONE,
            inputs_offset,
            out_offset,
            count,
        };
        for (i, &axis) in axes.iter().enumerate() {
            if Some(i) != kept && Some(i) != reduced {
                if axis.reduced {
                    plan.outer_reduced.push(axis);
                } else {
                    plan.outer_kept.push(axis);
                }
            }
        }
        plan
    }
}

/// By the first input's step, the largest first; repeated axes are outermost.
fn sort(axes: &mut [Axis]) {
    let key = |axis: &Axis| match axis.inputs[0] {
        0 => (isize::MAX, axis.inputs[1]),
        step => (step, axis.inputs[1].wrapping_abs()),
    };
    axes.sort_by_key(|axis| std::cmp::Reverse(key(axis)));
}

/// Merges neighbours that one step crosses.
fn coalesce(all: &mut Axes) {
    if all.count < 2 {
        return;
    }
    let mut kept = 0;
    for i in 1..all.count {
        let (outer, inner) = (all.axes[kept], all.axes[i]);
        let joins = |outer: isize, step: isize| outer == step.wrapping_mul(inner.len as isize);
        let merges = outer.reduced == inner.reduced
            && joins(outer.out, inner.out)
            && (0..MAX_INPUTS).all(|op| joins(outer.inputs[op], inner.inputs[op]));
        if merges {
            let len = outer.len * inner.len;
            all.axes[kept] = Axis { len, ..inner };
        } else {
            kept += 1;
            all.axes[kept] = inner;
        }
    }
    all.count = kept + 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(shape: &[usize], strides: &[isize], reduced: &[usize]) -> Plan {
        let op = |strides: &[isize]| {
            let mut op = Operand::scalar(std::ptr::null::<f64>());
            op.strides[..strides.len()].copy_from_slice(strides);
            op
        };
        let mask = reduced.iter().fold(0, |mask, &axis| mask | 1 << axis);
        let mut dense = vec![0; shape.len()];
        let mut step = 1;
        for axis in (0..shape.len()).rev().filter(|a| !reduced.contains(a)) {
            dense[axis] = step;
            step *= shape[axis] as isize;
        }
        Plan::new(shape, mask, &[op(strides)], &op(&dense)).expect("not empty")
    }

    #[test]
    fn table() {
        use Form::*;
        // shape, strides, reduced axes → form, lengths of kept, reduced, outer kept, outer reduced
        type Case<'a> = (&'a [usize], &'a [isize], &'a [usize], Form, [usize; 4]);
        let table: &[Case] = &[
            (&[100], &[1], &[0], Rows, [1, 100, 1, 1]),
            (&[100], &[-1], &[0], Rows, [1, 100, 1, 1]),
            (&[20, 30], &[30, 1], &[0, 1], Rows, [1, 600, 1, 1]),
            (&[20, 30], &[1, 20], &[0, 1], Rows, [1, 600, 1, 1]),
            (&[20, 30], &[30, 1], &[1], Rows, [20, 30, 1, 1]),
            (&[20, 30], &[30, 1], &[0], Columns, [30, 20, 1, 1]),
            (&[20, 30], &[1, 20], &[0], Rows, [30, 20, 1, 1]),
            (&[20, 30], &[1, 20], &[1], Columns, [20, 30, 1, 1]),
            // short inner axes leave the loop to the long one
            (&[500, 3], &[3, 1], &[1], Columns, [500, 3, 1, 1]),
            (&[500, 3], &[3, 1], &[0], Rows, [3, 500, 1, 1]),
            // several axes
            (&[4, 30, 20], &[600, 20, 1], &[1, 2], Rows, [4, 600, 1, 1]),
            (&[4, 30, 20], &[600, 20, 1], &[0, 2], Rows, [30, 20, 1, 4]),
            (&[4, 30, 20], &[600, 20, 1], &[1], Columns, [20, 30, 4, 1]),
            (&[4, 30, 20], &[600, 20, 1], &[0], Columns, [600, 4, 1, 1]),
            // nothing reduced, nothing to reduce
            (&[40], &[1], &[], Columns, [40, 1, 1, 1]),
            (&[], &[], &[], Rows, [1, 1, 1, 1]),
            (&[3, 0], &[1, 1], &[1], Rows, [3, 0, 1, 1]),
            (&[1, 1], &[7, 9], &[0], Rows, [1, 1, 1, 1]),
        ];
        for (i, (shape, strides, reduced, form, lens)) in table.iter().enumerate() {
            let p = plan(shape, strides, reduced);
            assert_eq!(p.form, *form, "case {i}: {p:?}");
            let found = [
                p.kept.len,
                p.reduced.len,
                p.outer_kept.len(),
                p.outer_reduced.len(),
            ];
            assert_eq!(found, *lens, "case {i}: {p:?}");
        }
        let op = Operand::scalar(std::ptr::null::<f64>());
        assert_eq!(Plan::new(&[0, 3], 2, &[op], &op), None);
    }
}
