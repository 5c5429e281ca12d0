//! Bunch–Kaufman factors by `sytrf` and `hetrf`.

use std::ffi::c_int;
use std::ptr::null_mut;

use super::solve::workspace_size;
use super::{column_ld, int};
use crate::array::Scalar;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::ldlt::Ldlt;
use crate::linalg::backend::workspace::Pieces;
use crate::linalg::error::Failure;

/// # Safety
/// As the method of `Backend`.
pub(in crate::linalg::backend) unsafe fn ldlt<T: Scalar>(
    call: Ldlt<'_, T>,
    work: &mut Workspace,
) -> Result<(), Failure> {
    let Ldlt { a, below, order } = call;
    let n = a.rows;
    let (size, ld) = (int(n), column_ld(&a).expect("checked"));
    let mut answer = T::zero();
    // SAFETY: with lwork = -1 only `work[0]` is written.
    unsafe { T::hetrf(b'L', size, null_mut(), ld, null_mut(), &mut answer, -1) };
    let lwork = workspace_size(answer, n)?;
    let mut pieces = Pieces::new(work.bytes(Pieces::size::<c_int>(n) + Pieces::size::<T>(lwork)));
    let pivots = pieces.take::<c_int>(n);
    let space = pieces.take::<T>(lwork).as_mut_ptr().cast();
    // SAFETY: a column-major matrix of this extent, a pivot for each row, a workspace of the size that
    // was asked for.
    let info = unsafe {
        let to = pivots.as_mut_ptr().cast();
        T::hetrf(b'L', size, a.ptr, ld, to, space, int(lwork))
    };
    assert!(info >= 0, "hetrf rejects its argument {}", -info);
    // SAFETY: `hetrf` wrote all of them.
    let pivot = |k: usize| unsafe { pivots[k].assume_init() };
    let at = |i: usize, j: usize| {
        a.ptr
            .wrapping_offset(i as isize + j as isize * a.col_stride)
    };
    for (i, x) in order.iter_mut().enumerate() {
        *x = i;
    }
    below.fill(T::zero());
    // LAPACK leaves every column of L as it was before later rows were exchanged. Pivots count from
    // 1 and are negative for the two rows of a block.
    let mut k = 0;
    while k < n {
        let two = pivot(k) < 0;
        let moved = if two { k + 1 } else { k };
        let other = pivot(k).unsigned_abs() as usize - 1;
        // SAFETY: inside the matrix, which is ours to write.
        unsafe {
            if two {
                below[k] = at(k + 1, k).replace(T::zero());
            }
            if moved != other {
                for j in 0..k {
                    std::ptr::swap(at(moved, j), at(other, j));
                }
                order.swap(moved, other);
            }
        }
        k = moved + 1;
    }
    Ok(())
}
