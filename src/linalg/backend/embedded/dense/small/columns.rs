//! Elimination on columns, each of them padded to whole steps of a vector: the pivot's column is a run of
//! memory, and the search for the next pivot goes on beside the updates of other columns.

use num_traits::{One, Zero};

use super::super::{can_invert, divide, reciprocal, size};
use super::{SMALL, Small};
use crate::array::{Float, Scalar};
use crate::engine::simd::{level, simd_dispatch};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::copy::copy;
use crate::linalg::raw::{MatMut, MatRef};

/// Right-hand sides that rows of it have room for.
const MOST: usize = 2 * SMALL;

/// Elements in the steps that columns are worked through by: a cache line, or half of one.
const fn step<T>() -> usize {
    if size_of::<T>() > 8 { 4 } else { 8 }
}

/// The columns of `[A | B]`, padded with zeros at the end.
#[derive(Clone, Copy)]
struct Columns<T> {
    ptr: *mut T,
    /// Rows of A.
    n: usize,
    /// Columns of B.
    right: usize,
    /// Elements from one column to the next, an odd number of lines so that columns spread over the sets of
    /// the first-level cache.
    stride: usize,
}

impl<T> Columns<T> {
    #[inline(always)]
    fn column(&self, j: usize) -> *mut T {
        self.ptr.wrapping_add(j * self.stride)
    }

    /// So many columns from the `j`th on, without the padding.
    fn block(&self, j: usize, cols: usize) -> MatMut<T> {
        MatMut {
            ptr: self.column(j),
            rows: self.n,
            cols,
            row_stride: 1,
            col_stride: self.stride as isize,
        }
    }
}

/// # Safety
/// As [`super::small`].
#[inline(never)]
pub(super) unsafe fn small<T: Scalar>(
    a: MatRef<T>,
    what: Small<T>,
    work: &mut Workspace,
    pivot: impl FnMut(T),
) -> Option<bool> {
    let n = a.rows;
    let right = what.right(n);
    debug_assert!(n <= SMALL && right <= MOST);
    let lines = n.div_ceil(step::<T>()) | 1;
    let stride = lines * step::<T>();
    let buffer = work
        .bytes((n + right) * stride * size_of::<T>())
        .as_mut_ptr()
        .cast::<T>();
    let system = Columns {
        ptr: buffer,
        n,
        right,
        stride,
    };
    // SAFETY: the buffer has `n + right` columns of `stride` elements; operands are as the caller promises.
    unsafe {
        copy(a, system.block(0, n));
        match &what {
            Small::Solve(b) => copy(b.as_ref(), system.block(n, right)),
            Small::Inverse(_) => {
                for j in 0..n {
                    let column = system.column(n + j);
                    for i in 0..n {
                        column
                            .add(i)
                            .write(if i == j { T::one() } else { T::zero() });
                    }
                }
            }
            Small::Determinant => {}
        }
        for j in 0..n + right {
            for i in n..n.next_multiple_of(step::<T>()) {
                system.column(j).add(i).write(T::zero());
            }
        }
        let mut pivots = [T::zero(); SMALL];
        let odd = eliminate(level(), system, &mut pivots)?;
        pivots[..n].iter().copied().for_each(pivot);
        if let Small::Solve(out) | Small::Inverse(out) = what {
            substitute(level(), system, &pivots, out);
        }
        Some(odd)
    }
}

/// Calls a function with the elements of a step as its constant parameter.
macro_rules! with_step {
    ($T:ident, $f:ident($($arg:expr),*)) => {
        // `if const` rather than `match`: branches not taken are not even compiled.
        if const { step::<$T>() == 8 } {
            $f::<$T, 8>($($arg),*)
        } else {
            $f::<$T, 4>($($arg),*)
        }
    };
}

simd_dispatch! {
    /// Brings A to upper triangular form, with zeros below the diagonal and instead of it, which goes to
    /// `pivots`. Whether the row exchanges are odd; `None` when a pivot is exactly zero.
    unsafe fn eliminate[T: Scalar](system: Columns<T>, pivots: &mut [T; SMALL]) -> Option<bool> = eliminate_body::<T>
}

#[inline(always)]
unsafe fn eliminate_body<T: Scalar>(system: Columns<T>, pivots: &mut [T; SMALL]) -> Option<bool> {
    // SAFETY: the caller's promise.
    unsafe { with_step!(T, eliminate_steps(system, pivots)) }
}

#[inline(always)]
unsafe fn eliminate_steps<T: Scalar, const L: usize>(
    system: Columns<T>,
    pivots: &mut [T; SMALL],
) -> Option<bool> {
    let (n, cols, blocks) = (system.n, system.n + system.right, system.n.div_ceil(L));
    let mut odd = false;
    let mut multipliers = [[T::zero(); L]; SMALL / 4];
    let mut row = [T::zero(); SMALL + MOST];
    // Which elements of a step are from the `r`th on: the window that begins with `r` zeros.
    let flags = [[T::zero(); L], [T::one(); L]];
    let flags: *const T = flags.as_ptr().cast();
    // SAFETY: rows and columns stay within the buffer, windows within the flags.
    unsafe {
        let from = |r: usize| flags.add(L - r).cast::<[T; L]>().read();
        let block = |j: usize, s: usize| system.column(j).add(s * L).cast::<[T; L]>();
        let update = |j: usize, s: usize, x: &[T; L], f: T| {
            let mut y = block(j, s).read();
            for e in 0..L {
                y[e] = y[e] - x[e] * f;
            }
            block(j, s).write(y);
        };
        let mut next = largest::<T, L>(system.column(0), 0, n, from(0));
        for k in 0..n {
            let at = next?;
            let (first, within) = (k / L, k % L);
            odd ^= at != k;
            let pivot = *system.column(k).add(at);
            pivots[k] = pivot;
            for (x, j) in row[k..cols].iter_mut().zip(k..) {
                let column = system.column(j);
                *x = *column.add(at);
                *column.add(at) = *column.add(k);
                *column.add(k) = *x;
            }
            if k + 1 == n && system.right == 0 {
                break;
            }
            let inverse = can_invert(size(pivot)).then(|| reciprocal(pivot));
            for s in first..blocks {
                let mut x = block(k, s).read();
                for x in &mut x {
                    *x = match inverse {
                        Some(inverse) => *x * inverse,
                        None => divide(*x, pivot),
                    };
                }
                multipliers[s] = x;
            }
            // Rows above the pivot keep what they are, in this column alone rows from the pivot on do not.
            let (here, below) = (from(within), from(within + 1));
            let mut kept = block(k, first).read();
            for e in 0..L {
                let x = multipliers[first][e];
                multipliers[first][e] = if below[e].is_zero() { T::zero() } else { x };
                kept[e] = if here[e].is_zero() {
                    kept[e]
                } else {
                    T::zero()
                };
            }
            block(k, first).write(kept);
            // The search for the next pivot does not wait for the other columns.
            if k + 1 < n {
                for s in first..blocks {
                    update(k + 1, s, &multipliers[s], row[k + 1]);
                }
                next = largest::<T, L>(system.column(k + 1), k + 1, n, from((k + 1) % L));
            }
            let rest = if k + 1 < n { k + 2 } else { n };
            for s in first..blocks {
                let x = multipliers[s];
                for (&f, j) in row[rest..cols].iter().zip(rest..) {
                    update(j, s, &x, f);
                }
            }
        }
    }
    Some(odd)
}

/// The first of the largest elements from row `k` on, which `flags` tells from others in its step, or the first
/// that is not zero where none is a number; `None` if all are zero.
#[inline(always)]
unsafe fn largest<T: Scalar, const L: usize>(
    column: *const T,
    k: usize,
    n: usize,
    flags: [T; L],
) -> Option<usize> {
    let (zero, one) = (T::Real::zero(), T::Real::one());
    let number = |i: usize| T::Real::from_f64(i as f64);
    let (mut most, mut place, mut here) = ([zero; L], [zero; L], [zero; L]);
    for e in 0..L {
        here[e] = number(k / L * L + e);
    }
    for s in k / L..n.div_ceil(L) {
        // SAFETY: columns are padded to whole steps.
        let x = unsafe { column.add(s * L).cast::<[T; L]>().read() };
        for e in 0..L {
            let candidate = size(x[e]);
            let wins = (candidate > most[e]) & ((s > k / L) | !flags[e].is_zero());
            most[e] = if wins { candidate } else { most[e] };
            place[e] = if wins { here[e] } else { place[e] };
            here[e] = here[e] + number(L);
        }
    }
    let mut width = L / 2;
    let mut best = most;
    while width > 0 {
        for e in 0..width {
            best[e] = if best[e + width] > best[e] {
                best[e + width]
            } else {
                best[e]
            };
        }
        width /= 2;
    }
    let best = best[0];
    if best > zero {
        let far = number(SMALL) + one;
        for e in 0..L {
            place[e] = if most[e] == best { place[e] } else { far };
        }
        let mut width = L / 2;
        while width > 0 {
            for e in 0..width {
                place[e] = if place[e + width] < place[e] {
                    place[e + width]
                } else {
                    place[e]
                };
            }
            width /= 2;
        }
        return Some(Float::to_f64(place[0]) as usize);
    }
    // SAFETY: rows of the matrix.
    (k..n).find(|&i| unsafe { !(*column.add(i)).is_zero() })
}

simd_dispatch! {
    /// Back substitution with what `eliminate` left; the unknowns go to `out`.
    unsafe fn substitute[T: Scalar](system: Columns<T>, pivots: &[T; SMALL], out: MatMut<T>) = substitute_body::<T>
}

#[inline(always)]
unsafe fn substitute_body<T: Scalar>(system: Columns<T>, pivots: &[T; SMALL], out: MatMut<T>) {
    // SAFETY: the caller's promise.
    unsafe { with_step!(T, substitute_steps(system, pivots, out)) }
}

#[inline(always)]
unsafe fn substitute_steps<T: Scalar, const L: usize>(
    system: Columns<T>,
    pivots: &[T; SMALL],
    out: MatMut<T>,
) {
    let (n, right) = (system.n, system.right);
    let mut found = [T::zero(); MOST];
    // SAFETY: rows and columns stay within the buffer and the output.
    unsafe {
        for k in (0..n).rev() {
            let pivot = pivots[k];
            let inverse = can_invert(size(pivot)).then(|| reciprocal(pivot));
            let to = out.ptr.offset(k as isize * out.row_stride);
            for j in 0..right {
                let x = *system.column(n + j).add(k);
                let x = match inverse {
                    Some(inverse) if right > 1 => x * inverse,
                    _ => divide(x, pivot),
                };
                found[j] = x;
                to.offset(j as isize * out.col_stride).write(x);
            }
            for s in 0..k.div_ceil(L) {
                let u = system.column(k).add(s * L).cast::<[T; L]>().read();
                for j in 0..right {
                    let target = system.column(n + j).add(s * L).cast::<[T; L]>();
                    let (mut y, x) = (target.read(), found[j]);
                    for e in 0..L {
                        y[e] = y[e] - u[e] * x;
                    }
                    target.write(y);
                }
            }
        }
    }
}
