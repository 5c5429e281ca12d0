//! The product of two factors, summed over the labels that the result lacks.
//!
//! Labels fall into four sets: in both factors and the result (the stack), in both but not the
//! result (summed over), in one factor and the result (rows, columns). What occurs in one factor
//! alone is summed first. Then:
//!
//! | case | runs as |
//! |---|---|
//! | nothing to sum over | an elementwise product |
//! | the stack is contiguous in both factors | rows of the stack, multiplied and added ([`fused`](super::fused)) |
//! | no rows, no columns, short sums | blocks of elementwise products, summed |
//! | otherwise | a stack of matrix products, from where the factors lie if their axes merge |

use super::fused;
use super::matrix::{longest, multiply_matrices};
use super::single::{copy, multiply, packed, reduced};
use super::term::{Axis, Loop, Target, Term, merge};
use crate::array::Number;
use crate::linalg::error::LinalgError;

/// Multiply-adds of one member below which a stack of matrices is worth copying to make them larger.
const SMALL: usize = 16 << 10;

/// Shorter sums without rows and columns are taken from products in a buffer.
const SHORT_DOT: usize = 32;

/// Extents from which a product of matrices is worth copies in another order.
const MATRIX: usize = 8;

/// The four sets of labels.
#[derive(Clone, Copy)]
pub(super) struct Sets {
    pub(super) stack: u64,
    pub(super) summed: u64,
    pub(super) rows: u64,
    pub(super) columns: u64,
}

impl Sets {
    pub(super) fn new(a: u64, b: u64, out: u64) -> Self {
        Sets {
            stack: a & b & out,
            summed: a & b & !out,
            rows: a & !b & out,
            columns: b & !a & out,
        }
    }
}

/// `out = Σ a·b`.
///
/// # Safety
/// Elements of the factors are readable, those of the target writable and elsewhere; every label of
/// the target is one of a factor.
pub(super) unsafe fn contract<T: Number>(
    a: Term<T>,
    b: Term<T>,
    out: &Target<T>,
) -> Result<(), LinalgError> {
    // SAFETY: the caller's promises, passed on; copies are made of readable factors.
    unsafe {
        let a = reduced(a, b.mask() | out.mask())?;
        let b = reduced(b, a.mask() | out.mask())?;
        let sets = Sets::new(a.mask(), b.mask(), out.mask());
        if sets.summed == 0 {
            multiply(&a, &b, out);
            return Ok(());
        }
        let size = |set| a.select(set).map(|axis| axis.len).product::<usize>();
        let (m, k, stacked) = (size(sets.rows), size(sets.summed), size(sets.stack));
        let n: usize = b.select(sets.columns).map(|axis| axis.len).product();
        let inner = |term: &Term<T>| {
            let fastest = term
                .axes
                .iter()
                .min_by_key(|axis| axis.stride.unsigned_abs());
            fastest
                .filter(|axis| sets.stack >> axis.label & 1 != 0 && axis.len >= 4)
                .copied()
        };
        let (inner_a, inner_b) = (inner(&a), inner(&b));
        if let (Some(left), Some(right)) = (inner_a, inner_b)
            && left.label == right.label
            && m.min(n).min(k) < MATRIX
        {
            return fused::along_stack(&a, &b, out, sets, left.label);
        }
        if m * n == 1
            && stacked > 1
            && (k < SHORT_DOT || (k < 4096 && sum_axis(&a, &b, sets).is_none()))
        {
            return fused::products_then_sums(&a, &b, out, sets, k);
        }
        // A factor whose fastest axis is of the stack would be read a cache line per element.
        let a = match inner_a {
            Some(_) if m * k >= 4 => {
                packed(&a, order(&a, out, [sets.stack, sets.rows, sets.summed]))
            }
            _ => a,
        };
        let b = match inner_b {
            Some(_) if n * k >= 4 => {
                packed(&b, order(&b, out, [sets.stack, sets.summed, sets.columns]))
            }
            _ => b,
        };
        let (a, b, k) = with_one_sum(a, b, out, sets);
        as_matrices(a, b, out, sets, k, true)
    }
}

/// The axes of the sets one after the other, in each as in the target, or else in memory.
fn order<T>(a: &Term<T>, out: &Target<T>, sets: [u64; 3]) -> impl Iterator<Item = Axis> + use<T> {
    let mut axes = Vec::with_capacity(a.axes.len());
    for set in sets {
        let start = axes.len();
        axes.extend(a.select(set));
        axes[start..].sort_by_key(|axis: &Axis| {
            let there = out.stride(axis.label);
            let key = if there == 0 { axis.stride } else { there };
            std::cmp::Reverse(key.unsigned_abs())
        });
    }
    axes.into_iter()
}

/// The labels that are summed over as one axis of both factors, if they merge.
fn sum_axis<T>(a: &Term<T>, b: &Term<T>, sets: Sets) -> Option<Loop<2>> {
    let loops = |swap: bool| {
        let loops = a.select(sets.summed).map(|axis| {
            let strides = [axis.stride, b.stride(axis.label)];
            let strides = if swap {
                [strides[1], strides[0]]
            } else {
                strides
            };
            let len = axis.len;
            Loop { len, strides }
        });
        let mut loops: Vec<Loop<2>> = loops.collect();
        merge(&mut loops);
        (loops.len() == 1).then(|| loops[0])
    };
    loops(false).or_else(|| {
        loops(true).map(|axis| Loop {
            len: axis.len,
            strides: [axis.strides[1], axis.strides[0]],
        })
    })
}

/// The factors with one axis to sum over: copies of one of them, or both, where it is not so already.
unsafe fn with_one_sum<T: Number>(
    a: Term<T>,
    b: Term<T>,
    out: &Target<T>,
    sets: Sets,
) -> (Term<T>, Term<T>, Loop<2>) {
    if let Some(axis) = sum_axis(&a, &b, sets) {
        return (a, b, axis);
    }
    let merges = |term: &Term<T>| {
        let loops = term.select(sets.summed).map(|axis| Loop {
            len: axis.len,
            strides: [axis.stride],
        });
        let mut loops: Vec<Loop<1>> = loops.collect();
        merge(&mut loops);
        loops.len() == 1
    };
    // The order of the summed axes is that of the factor which stays, or of the larger one.
    let by_a = match (merges(&a), merges(&b)) {
        (true, false) => true,
        (false, true) => false,
        _ => a.len() >= b.len(),
    };
    let reference = if by_a { &a } else { &b };
    let mut summed: Vec<Axis> = reference.select(sets.summed).collect();
    summed.sort_by_key(|axis| std::cmp::Reverse(axis.stride.unsigned_abs()));
    let arranged = |term: &Term<T>, rest: [u64; 2], sum_last: bool| {
        let axes = order(term, out, [rest[0], rest[1], 0]).collect::<Vec<_>>();
        let stack = axes
            .iter()
            .filter(|axis| sets.stack >> axis.label & 1 != 0)
            .count();
        let (stack, own) = axes.split_at(stack);
        let (first, second) = if sum_last {
            (own, &summed[..])
        } else {
            (&summed[..], own)
        };
        [stack, first, second].concat().into_iter()
    };
    // SAFETY: the caller's promise: factors are readable.
    unsafe {
        let copy_a = !by_a || !merges(&a);
        let copy_b = by_a || !merges(&b);
        let a = match copy_a {
            true => packed(&a, arranged(&a, [sets.stack, sets.rows], true)),
            false => a,
        };
        let b = match copy_b {
            true => packed(&b, arranged(&b, [sets.stack, sets.columns], false)),
            false => b,
        };
        let axis = sum_axis(&a, &b, sets);
        (a, b, axis.expect("copies have the axes next to each other"))
    }
}

/// A stack of matrix products; where the matrices would be small because axes do not merge, from and
/// into copies in which they do, if these are `allowed`.
unsafe fn as_matrices<T: Number>(
    a: Term<T>,
    b: Term<T>,
    out: &Target<T>,
    sets: Sets,
    k: Loop<2>,
    allowed: bool,
) -> Result<(), LinalgError> {
    let side = |term: &Term<T>, set: u64| -> Vec<Loop<2>> {
        let axis = |axis: Axis| Loop {
            len: axis.len,
            strides: [out.stride(axis.label), axis.stride],
        };
        term.select(set).map(axis).collect()
    };
    let (rows, columns) = (side(&a, sets.rows), side(&b, sets.columns));
    let total = |loops: &[Loop<2>]| loops.iter().map(|axis| axis.len).product::<usize>();
    let (m, n) = (total(&rows), total(&columns));
    let (m_main, n_main) = (longest(&rows), longest(&columns));
    let split = m_main < m || n_main < n;
    // SAFETY: the caller's promises; fresh targets are written before they are read.
    unsafe {
        if allowed && split && m.min(n) >= MATRIX && m_main * n_main * k.len < SMALL {
            let in_target = |set: u64| {
                let loops = out.axes.iter().filter(|axis| set >> axis.label & 1 != 0);
                let mut loops: Vec<Loop<1>> = loops
                    .map(|axis| Loop {
                        len: axis.len,
                        strides: [axis.stride],
                    })
                    .collect();
                merge(&mut loops);
                loops.len() <= 1
            };
            let stay =
                (m_main == m || in_target(sets.rows)) && (n_main == n || in_target(sets.columns));
            let a = match m_main < m {
                true => packed(&a, order(&a, out, [sets.stack, sets.rows, sets.summed])),
                false => a,
            };
            let b = match n_main < n {
                true => packed(&b, order(&b, out, [sets.stack, sets.summed, sets.columns])),
                false => b,
            };
            let (a, b, k) = with_one_sum(a, b, out, sets);
            if stay {
                return as_matrices(a, b, out, sets, k, false);
            }
            let axes = order(&a, out, [sets.stack, sets.rows, 0]);
            let axes = axes.chain(order(&b, out, [sets.columns, 0, 0]));
            let (target, term) = Term::fresh(axes);
            as_matrices(a, b, &target, sets, k, false)?;
            copy(&term, out);
            return Ok(());
        }
        let stack = a.select(sets.stack).map(|axis| Loop {
            len: axis.len,
            strides: [out.stride(axis.label), axis.stride, b.stride(axis.label)],
        });
        multiply_matrices(a.ptr, b.ptr, out.ptr, rows, columns, k, stack.collect())
    }
}
