//! The last step down: loops over merged axes become a stack of matrix products.

use super::term::{Loop, merge, nest};
use crate::array::{MAX_NDIM, Number};
use crate::linalg::error::LinalgError;
use crate::linalg::products::multiply_stack;
use crate::linalg::raw::{MatMut, MatRef};
use crate::linalg::stack::Batch;

/// `c[…, m, n] = Σ_k a[…, m, k]·b[…, k, n]`.
///
/// Rows are loops over (c, a), columns over (c, b), the sum over (a, b), the stack over (c, a, b).
/// Rows and columns that do not merge into one axis join the stack, all but one.
///
/// # Safety
/// `a` and `b` are readable, `c` writable over these loops, its elements distinct and elsewhere.
pub(super) unsafe fn multiply_matrices<T: Number>(
    a: *const T,
    b: *const T,
    c: *mut T,
    mut rows: Vec<Loop<2>>,
    mut columns: Vec<Loop<2>>,
    k: Loop<2>,
    mut stack: Vec<Loop<3>>,
) -> Result<(), LinalgError> {
    let unit = |stride: isize| stride.unsigned_abs() == 1;
    let m = main_axis(&mut rows, unit(k.strides[0]));
    let n = main_axis(&mut columns, unit(k.strides[1]));
    let whole = |len, strides| Loop { len, strides };
    stack.extend(
        rows.iter()
            .map(|m| whole(m.len, [m.strides[0], m.strides[1], 0])),
    );
    stack.extend(
        columns
            .iter()
            .map(|n| whole(n.len, [n.strides[0], 0, n.strides[1]])),
    );
    merge(&mut stack);
    let a = MatRef {
        ptr: a,
        rows: m.len,
        cols: k.len,
        row_stride: m.strides[1],
        col_stride: k.strides[0],
    };
    let b = MatRef {
        ptr: b,
        rows: k.len,
        cols: n.len,
        row_stride: k.strides[1],
        col_stride: n.strides[1],
    };
    let c = MatMut {
        ptr: c,
        rows: m.len,
        cols: n.len,
        row_stride: m.strides[0],
        col_stride: n.strides[0],
    };
    let mut done = Ok(());
    nest(&stack, MAX_NDIM, &mut |axes, [to, left, right]| {
        let mut shape = [1; MAX_NDIM];
        let mut strides = [[0; MAX_NDIM]; 3];
        for (at, axis) in axes.iter().enumerate() {
            shape[at] = axis.len;
            // A batch counts a, b, c.
            strides[0][at] = axis.strides[1];
            strides[1][at] = axis.strides[2];
            strides[2][at] = axis.strides[0];
        }
        let count = axes.len();
        let batch = Batch::new(
            &shape[..count],
            [0, 1, 2].map(|op: usize| &strides[op][..count]),
        );
        if done.is_ok() {
            // SAFETY: the caller's promises.
            done = unsafe { multiply_stack(a.at(left), b.at(right), c.at(to), batch) };
        }
    });
    done
}

/// Merges loops and takes out the one to be the matrix's axis: where the axis that is summed over is
/// not contiguous, one that is, else the longest.
fn main_axis(axes: &mut Vec<Loop<2>>, k_contiguous: bool) -> Loop<2> {
    merge(axes);
    let rank = |axis: &Loop<2>| {
        let contiguous = axis.strides[1].unsigned_abs() == 1 && axis.len >= 4;
        (!k_contiguous && contiguous, axis.len)
    };
    let best = (0..axes.len()).max_by_key(|&at| rank(&axes[at]));
    best.map_or(Loop::ONE, |at| axes.remove(at))
}

/// The largest axis that loops merge into.
pub(super) fn longest(axes: &[Loop<2>]) -> usize {
    let mut axes = axes.to_vec();
    merge(&mut axes);
    axes.iter().map(|axis| axis.len).max().unwrap_or(1)
}
