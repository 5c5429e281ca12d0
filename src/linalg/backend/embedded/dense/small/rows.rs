//! Elimination on rows, in the order in which most matrices lie.

use num_traits::Zero;

use super::super::{can_invert, divide, reciprocal, size};
use super::Small;
use crate::array::Scalar;
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::raw::MatRef;

/// Elements in the steps that rows are worked through by.
const fn step<T>() -> usize {
    let n = 32 / size_of::<T>();
    if n < 2 { 2 } else { n }
}

/// # Safety
/// As [`super::small`].
#[inline(never)]
pub(super) unsafe fn small<T: Scalar>(
    a: MatRef<T>,
    what: Small<T>,
    work: &mut Workspace,
    mut pivot: impl FnMut(T),
) -> Option<bool> {
    let n = a.rows;
    let right = what.right(n);
    let width = (n + right).next_multiple_of(step::<T>());
    let buffer = work
        .bytes(n * width * size_of::<T>())
        .as_mut_ptr()
        .cast::<T>();
    // SAFETY: the buffer has n rows of `width`; operands are as the caller promises.
    unsafe {
        for i in 0..n {
            let row = buffer.add(i * width);
            copy_row(a, i, row);
            match &what {
                Small::Solve(b) => copy_row(b.as_ref(), i, row.add(n)),
                Small::Inverse(_) => {
                    for j in 0..n {
                        row.add(n + j)
                            .write(if i == j { T::one() } else { T::zero() });
                    }
                }
                Small::Determinant => {}
            }
            for j in n + right..width {
                row.add(j).write(T::zero());
            }
        }
        let odd = eliminate(level(), n, width, buffer)?;
        for i in 0..n {
            pivot(*buffer.add(i * width + i));
        }
        if let Small::Solve(out) | Small::Inverse(out) = what {
            substitute(level(), n, width, right, buffer);
            for i in 0..n {
                let row = buffer.add(i * width + n);
                let to = out.ptr.offset(i as isize * out.row_stride);
                for j in 0..right {
                    to.offset(j as isize * out.col_stride).write(*row.add(j));
                }
            }
        }
        Some(odd)
    }
}

/// # Safety
/// Row `i` of `a` is readable, `to` has room for it.
#[inline(always)]
unsafe fn copy_row<T: Copy>(a: MatRef<T>, i: usize, to: *mut T) {
    let from = a.ptr.wrapping_offset(i as isize * a.row_stride);
    for j in 0..a.cols {
        // SAFETY: the caller's promise.
        unsafe { to.add(j).write(*from.offset(j as isize * a.col_stride)) };
    }
}

simd_dispatch! {
    /// Brings the first `n` columns of `n` rows of `width` elements to upper triangular form.
    /// Whether the row exchanges are odd; `None` when a pivot is exactly zero.
    unsafe fn eliminate[T: Scalar](n: usize, width: usize, a: *mut T) -> Option<bool> = eliminate_body::<T>
}

#[inline(always)]
unsafe fn eliminate_body<T: Scalar>(n: usize, width: usize, a: *mut T) -> Option<bool> {
    let mut odd = false;
    // SAFETY: rows and columns stay within n by `width`.
    unsafe {
        for k in 0..n {
            let mut best = size(*a.add(k * width + k));
            let mut at = k;
            for i in k + 1..n {
                let candidate = size(*a.add(i * width + k));
                if candidate > best {
                    (best, at) = (candidate, i);
                }
            }
            if best == T::Real::zero() {
                return None;
            }
            // Whole steps, so from up to `step` columns before k on; those are not read again.
            let start = k / step::<T>() * step::<T>();
            let row = a.add(k * width);
            if at != k {
                odd = !odd;
                let other = a.add(at * width);
                for j in k..width {
                    std::ptr::swap(row.add(j), other.add(j));
                }
            }
            let pivot = *row.add(k);
            let inverse = can_invert(best).then(|| reciprocal(pivot));
            for i in k + 1..n {
                let target = a.add(i * width);
                let x = *target.add(k);
                let factor = match inverse {
                    Some(inverse) => x * inverse,
                    None => divide(x, pivot),
                };
                subtract_row(width - start, target.add(start), row.add(start), factor);
            }
        }
    }
    Some(odd)
}

/// `y ← y − x·f` over `n` elements, a multiple of the step.
#[inline(always)]
unsafe fn subtract_row<T: Scalar>(n: usize, y: *mut T, x: *const T, f: T) {
    let mut j = 0;
    while j < n {
        for e in j..j + step::<T>() {
            // SAFETY: `n` elements each, in different rows.
            unsafe { *y.add(e) = *y.add(e) - *x.add(e) * f };
        }
        j += step::<T>();
    }
}

simd_dispatch! {
    /// Back substitution with the triangle that `eliminate` left, for the `right` columns behind it.
    unsafe fn substitute[T: Scalar](n: usize, width: usize, right: usize, a: *mut T) = substitute_body::<T>
}

#[inline(always)]
unsafe fn substitute_body<T: Scalar>(n: usize, width: usize, right: usize, a: *mut T) {
    // SAFETY: rows and columns stay within n by `width`.
    unsafe {
        if right == 1 {
            for i in (0..n).rev() {
                let row = a.add(i * width);
                let x = divide(*row.add(n), *row.add(i));
                row.add(n).write(x);
                for above in 0..i {
                    let row = a.add(above * width);
                    *row.add(n) = *row.add(n) - *row.add(i) * x;
                }
            }
            return;
        }
        for i in (0..n).rev() {
            let row = a.add(i * width);
            let pivot = *row.add(i);
            if can_invert(size(pivot)) {
                let inverse = reciprocal(pivot);
                for j in n..n + right {
                    *row.add(j) = *row.add(j) * inverse;
                }
            } else {
                for j in n..n + right {
                    *row.add(j) = divide(*row.add(j), pivot);
                }
            }
            for above in 0..i {
                let target = a.add(above * width);
                let factor = *target.add(i);
                for j in n..n + right {
                    *target.add(j) = *target.add(j) - *row.add(j) * factor;
                }
            }
        }
    }
}
