//! `einsum`: sums of products by the names of axes.
//!
//! What lives here: from a subscripts string to calls of the product driver. A string is parsed
//! ([`parse`]) and bound to operands ([`bind`]): one label per axis, one extent per label. Operands are
//! multiplied two at a time, in an order that [`path`] finds; [`pair`] sorts the labels of two factors
//! into stack, rows, columns and summed-over, and hands merged axes to [`matrix`] — a stack of matrix
//! products — or to elementwise loops ([`single`], [`fused`]). Factors stay where they are unless their
//! axes do not merge. [`report`] says what was chosen. What may not live here: kernels (those are
//! `gemm`'s and `engine`'s).
//!
//! Axes of length 1 are dropped first: an operand without an axis is broadcast over it, so that
//! broadcasting needs no rule of its own. Products of labels (`tensordot`, `vecdot`, …) come in through
//! [`contract_labels`].

mod bind;
mod error;
mod fused;
mod matrix;
mod operands;
mod pair;
mod parse;
mod path;
mod plan;
mod report;
mod run;
mod single;
mod term;
#[cfg(test)]
mod tests;
mod view;

use super::error::LinalgError;
use crate::array::{Array, ArrayRef, ArrayView, Dimension, IxDyn, Number};
use bind::Bound;
use operands::factor;
use parse::{Label, Subscripts};
use term::Term;

pub use error::EinsumError;
pub use operands::EinsumOperands;
pub use plan::EinsumPlan;
pub use report::{EinsumKind, EinsumPath, EinsumStep};
pub use view::{einsum_view, einsum_view_mut};

/// The sum of products that Einstein's convention denotes (NumPy's `einsum`).
///
/// `subscripts` names every axis of every operand by a letter, operands separated by commas, and the
/// axes of the result behind `->`: labels that the result lacks are summed over. Without an arrow the
/// result has the labels that occur once, in alphabetical order (capitals first). A label twice in one
/// operand is its diagonal; `...` stands for axes that broadcast; axes of length 1 broadcast too.
///
/// | subscripts | is |
/// |---|---|
/// | `ij,jk->ik` | a matrix product |
/// | `bij,bjk->bik` | one for each `b` |
/// | `i,i->` | a dot product |
/// | `i,j->ij` | an outer product |
/// | `ii->` | the trace |
/// | `ij->ji` | the transpose |
/// | `ij,ij->i` | dot products of rows |
/// | `...ij->...` | a sum over the last two axes |
///
/// Operands are a tuple (as [`zip`](crate::zip) takes) or a slice of arrays. Up to eight are multiplied
/// in the cheapest order there is, more in a good one ([`einsum_path`] tells); each product of two is
/// handed to the matrix product driver without copies where strides allow. Element types are not
/// promoted, integers wrap.
///
/// The result's rank is known at run time only: `into_rank::<2>()` gives it a static one.
/// [`EinsumPlan`] parses once, [`einsum_into`] writes to an existing array, [`einsum_view`] copies
/// nothing.
///
/// # Errors
/// [`LinalgError::Einsum`]: a malformed string, or operands that do not fit it.
///
/// ```
/// use orthant::{einsum, prelude::*};
///
/// # fn main() -> Result<(), orthant::linalg::LinalgError> {
/// let (q, k) = (Array4::<f64>::ones([2, 3, 5, 4]), Array4::<f64>::ones([2, 3, 6, 4]));
/// let scores = einsum("bhid,bhjd->bhij", (&q, &k))?.into_rank::<4>();
/// assert_eq!(scores, Array4::full([2, 3, 5, 6], 4.0));
///
/// let x = array![[1, 2], [3, 4]];
/// assert_eq!(einsum("ii->", (&x,))?.item(), 5);
/// assert_eq!(einsum("ij,jk,kl->il", (&x, &x, &x))?, x.matmul(&x).matmul(&x).into_dyn());
/// # Ok(())
/// # }
/// ```
pub fn einsum<Ops: EinsumOperands>(
    subscripts: &str,
    operands: Ops,
) -> Result<Array<Ops::Elem, IxDyn>, LinalgError>
where
    Ops::Elem: Number,
{
    let parsed = Subscripts::parse(subscripts)?;
    operands.with_factors(|factors| {
        let bound = Bound::new(&parsed, factors.iter().map(|factor| factor.shape.len()))?;
        let extents = bound.resolve(factors)?;
        let steps = run::steps(&bound, factors, &extents);
        run::fresh("einsum", &bound, &steps, factors, &extents)
    })
}

/// As [`einsum`], into an existing array of exactly the result's shape, in any memory order (NumPy's
/// `einsum(…, out=c)`).
///
/// # Errors
/// As there; [`LinalgError::OutputShape`]. Nothing was written.
///
/// ```
/// use orthant::{linalg::einsum_into, prelude::*};
///
/// let x = array![[1.0, 2.0], [3.0, 4.0]];
/// let mut sums = Array1::zeros(2);
/// einsum_into("ij->i", (&x,), &mut sums).unwrap();
/// assert_eq!(sums, array![3.0, 7.0]);
/// ```
pub fn einsum_into<Ops: EinsumOperands, D: Dimension>(
    subscripts: &str,
    operands: Ops,
    out: &mut ArrayRef<Ops::Elem, D>,
) -> Result<(), LinalgError>
where
    Ops::Elem: Number,
{
    let parsed = Subscripts::parse(subscripts)?;
    operands.with_factors(|factors| {
        let bound = Bound::new(&parsed, factors.iter().map(|factor| factor.shape.len()))?;
        let extents = bound.resolve(factors)?;
        run::check_output("einsum", &bound, &extents, out.shape())?;
        let steps = run::steps(&bound, factors, &extents);
        let ptr = out.as_mut_ptr();
        // SAFETY: the output is exclusive and of the result's shape, so that it overlaps no operand
        // and its elements are distinct.
        unsafe { run::into(&bound, &steps, factors, &extents, ptr, out.strides()) }
    })
}

/// The order in which [`einsum`] would multiply operands of these shapes, and what it costs (NumPy's
/// `einsum_path(…, optimize='optimal')`). Print it for a report.
///
/// # Errors
/// As [`einsum`].
///
/// ```
/// use orthant::linalg::einsum_path;
///
/// let path = einsum_path("ij,jk,kl->il", &[[100, 200], [200, 300], [300, 100]]).unwrap();
/// assert_eq!((path.naive_flops, path.optimized_flops), (1.8e9, 1.6e7));
/// assert!(path.to_string().contains("Theoretical speedup:  112.500"));
/// ```
pub fn einsum_path<S: AsRef<[usize]>>(
    subscripts: &str,
    shapes: &[S],
) -> Result<EinsumPath, LinalgError> {
    EinsumPlan::new(subscripts, shapes).map(EinsumPlan::into_path)
}

/// `out = a·b` elementwise over axes of an extent and strides of `out`, `a` and `b`; there may be more
/// of them than an array can have.
///
/// # Safety
/// The elements of `a` and `b` are readable, those of `out` writable, distinct and elsewhere.
pub(super) unsafe fn multiply_axes<T: Number>(
    out: *mut T,
    a: *const T,
    b: *const T,
    axes: &[(usize, [isize; 3])],
) {
    let labelled = |which: usize| {
        let axes = axes.iter().enumerate().filter(|(_, (len, _))| *len != 1);
        axes.map(move |(label, &(len, strides))| term::Axis {
            label: label as Label,
            len,
            stride: strides[which],
        })
    };
    let factor = |ptr, which| Term::new(ptr, labelled(which).filter(|axis| axis.stride != 0));
    let axes = labelled(0).collect();
    // SAFETY: the caller's promises.
    unsafe {
        single::multiply(
            &factor(a, 1),
            &factor(b, 2),
            &term::Target { ptr: out, axes },
        )
    }
}

/// A product of factors given by labels instead of letters: the way in for products whose axes are
/// known. The caller knows that labels fit ranks, and the output's the inputs'.
pub(super) fn contract_labels<T: Number>(
    op: &'static str,
    operands: &[(ArrayView<'_, T, IxDyn>, &[Label])],
    output: &[Label],
) -> Result<Array<T, IxDyn>, LinalgError> {
    let labels: Vec<&[Label]> = operands.iter().map(|(_, labels)| *labels).collect();
    let bound = Bound::from_labels(&labels, output);
    let factors: Vec<_> = operands.iter().map(|(view, _)| factor(view)).collect();
    let extents = bound.resolve(&factors)?;
    let steps = run::steps(&bound, &factors, &extents);
    run::fresh(op, &bound, &steps, &factors, &extents)
}
