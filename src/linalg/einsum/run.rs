//! Carrying out a contraction: operands two at a time, the last product into the output.

use std::any::TypeId;

use num_complex::Complex;

use super::bind::{Bound, Extents};
use super::error::EinsumError;
use super::operands::{Factor, shapes};
use super::pair::{Sets, contract};
use super::path::{self, Step};
use super::single::{in_memory_order, sum};
use super::term::{Axis, Target, Term};
use crate::array::{Array, Dimension, IxDyn, Layout, Number, Order};
use crate::linalg::error::LinalgError;
use crate::linalg::gemm::with_tuned;

/// The order of steps for operands with these extents.
pub(super) fn steps<T>(bound: &Bound, factors: &[Factor<'_, T>], extents: &Extents) -> Vec<Step> {
    match factors.len() {
        0 | 1 => Vec::new(),
        2 => vec![(0, 1)],
        _ => path::find(&bound.masks(shapes(factors)), bound.output_mask(), extents),
    }
}

/// The result as a fresh array.
pub(super) fn fresh<T: Number>(
    op: &'static str,
    bound: &Bound,
    steps: &[Step],
    factors: &[Factor<'_, T>],
    extents: &Extents,
) -> Result<Array<T, IxDyn>, LinalgError> {
    let (shape, ndim) = bound.shape(extents);
    let shape = &shape[..ndim];
    let too_large = |_| LinalgError::TooLarge {
        op,
        shape: shape.to_vec(),
    };
    Layout::<IxDyn>::checked_len(shape, size_of::<T>()).map_err(too_large)?;
    let dim = IxDyn::from_slice(shape).map_err(too_large)?;
    let layout = Layout::dense(dim, Order::C);
    let out = Array::<T, IxDyn>::uninit_layout(layout);
    // SAFETY: fresh memory, which is written whole.
    unsafe {
        let ptr = out.head.ptr.as_ptr().cast();
        into(bound, steps, factors, extents, ptr, layout.strides())?;
        Ok(out.assume_init())
    }
}

/// Checks an output's shape.
pub(super) fn check_output(
    op: &'static str,
    bound: &Bound,
    extents: &Extents,
    output: &[usize],
) -> Result<(), LinalgError> {
    let (shape, ndim) = bound.shape(extents);
    if shape[..ndim] == *output {
        return Ok(());
    }
    Err(LinalgError::OutputShape {
        op,
        output: output.to_vec(),
        result: shape[..ndim].to_vec(),
    })
}

/// Writes the result from `ptr` on, with these strides over the output's axes.
///
/// # Safety
/// The output's elements are distinct, writable, and none of an operand's; `steps` are for as many
/// operands.
pub(super) unsafe fn into<T: Number>(
    bound: &Bound,
    steps: &[Step],
    factors: &[Factor<'_, T>],
    extents: &Extents,
    ptr: *mut T,
    strides: &[isize],
) -> Result<(), LinalgError> {
    // SAFETY: the caller's promises; each type is only renamed to one of the same bits.
    unsafe {
        with_tuned!(T, Own => {
            unsafe fn tuned(
                bound: &Bound,
                steps: &[Step],
                factors: &[Factor<'_, Own>],
                extents: &Extents,
                ptr: *mut Own,
                strides: &[isize],
            ) -> Result<(), LinalgError> {
                // SAFETY: the caller's promises.
                unsafe { carry_out(bound, steps, factors, extents, ptr, strides) }
            }
            let factors = std::slice::from_raw_parts(factors.as_ptr().cast(), factors.len());
            tuned(bound, steps, factors, extents, ptr.cast(), strides)
        });
        carry_out(bound, steps, factors, extents, ptr, strides)
    }
}

/// As [`into`], compiled for `T`.
///
/// # Safety
/// As there.
unsafe fn carry_out<T: Number>(
    bound: &Bound,
    steps: &[Step],
    factors: &[Factor<'_, T>],
    extents: &Extents,
    ptr: *mut T,
    strides: &[isize],
) -> Result<(), LinalgError> {
    let labels = bound.output.labels().iter();
    let axes = labels.zip(strides).map(|(&label, &stride)| Axis {
        label,
        len: extents[label as usize],
        stride,
    });
    let axes: Vec<Axis> = axes.filter(|axis| axis.len != 1).collect();
    if axes.iter().any(|axis| axis.len == 0) {
        return Ok(());
    }
    let out = Target { ptr, axes };
    // SAFETY: the caller's promises; factors are borrowed arrays.
    unsafe {
        if extents.contains(&0) {
            // Empty sums: zero, broadcast.
            let zero = T::zero();
            let zeros = out.axes.iter().map(|&axis| Axis { stride: 0, ..axis });
            return sum(&Term::new(&raw const zero, zeros), &out);
        }
        let mut terms = bound.terms(factors);
        let Some((&last, others)) = steps.split_last() else {
            return sum(&terms[0], &out);
        };
        for &step in others {
            let (a, b) = take(&mut terms, step);
            let kept = terms
                .iter()
                .fold(out.mask(), |kept, term| kept | term.mask());
            let sets = Sets::new(a.mask(), b.mask(), kept);
            let axes = in_memory_order(a.select(sets.stack))
                .chain(in_memory_order(a.select(sets.rows)))
                .chain(in_memory_order(b.select(sets.columns)));
            let (target, term) = Term::fresh(axes);
            contract(a, b, &target)?;
            terms.push(term);
        }
        let (a, b) = take(&mut terms, last);
        contract(a, b, &out)
    }
}

fn take<T>(terms: &mut Vec<Term<T>>, (i, j): Step) -> (Term<T>, Term<T>) {
    let b = terms.remove(j);
    (terms.remove(i), b)
}

/// Operands for a plan have the ranks that it was made for.
pub(super) fn check_ranks<T>(bound: &Bound, factors: &[Factor<'_, T>]) -> Result<(), EinsumError> {
    let (given, wanted) = (factors.len(), bound.inputs.len());
    if given > wanted {
        return Err(EinsumError::TooManyOperands { given, wanted });
    }
    if given < wanted {
        return Err(EinsumError::TooFewOperands { given, wanted });
    }
    let ranks = bound.inputs.iter().map(|axes| axes.labels().len());
    for (operand, (wanted, factor)) in ranks.zip(factors).enumerate() {
        let ndim = factor.shape.len();
        if ndim != wanted {
            return Err(EinsumError::PlanRank {
                operand,
                ndim,
                wanted,
            });
        }
    }
    Ok(())
}
