//! Solvers of many small systems at once: eight matrices side by side, one in each lane of vectors.
//!
//! Gaussian elimination with partial pivoting as for one matrix, but that rows are exchanged by
//! comparing and selecting instead of branching, since lanes differ in their pivots. That leaves the rows
//! below in another order than LAPACK's exchanges do, which matters for nothing but ties.

// Loops over lanes index several arrays at once.
#![allow(clippy::needless_range_loop)]

use std::any::TypeId;
use std::sync::atomic::{AtomicUsize, Ordering};

use num_complex::Complex;

use super::backend::Backend;
use super::members::Slots;
use super::raw::{MatMut, MatRef};
use super::stack::Batch;
use crate::array::{Float, Scalar};
use crate::engine::par;
use crate::engine::simd::{level, simd_dispatch};

/// Matrices side by side.
const LANES: usize = 8;
/// The most rows, and the most right-hand sides. Beyond, one matrix fills vectors by its own rows.
const MOST: usize = 8;
/// Multiply-adds that are worth a thread; lanes do several at a time.
const PARALLEL_WORK: usize = 100_000;

/// What is wanted of every matrix of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// `A⁻¹·B`
    Solution,
    /// `A⁻¹`
    Inverse,
    /// `det A`
    Determinant,
}

/// A stack of systems.
pub(super) struct Systems<T> {
    pub(super) wanted: Wanted,
    /// The first matrix; its members by the first operand of `members`.
    pub(super) a: MatRef<T>,
    /// The first right-hand side; its members by the second operand. Ignored but for solutions.
    pub(super) b: MatRef<T>,
    pub(super) members: Batch,
    /// Where solution, inverse or determinant go.
    pub(super) out: Slots<T>,
}

/// Whether lanes are the way to go.
pub(super) fn suit<T: Scalar>(backend: Backend, len: usize, rows: usize, right: usize) -> bool {
    backend == Backend::Embedded
        && !T::IS_COMPLEX
        && len >= LANES
        && (1..=MOST).contains(&rows)
        && right <= MOST
}

/// Whether a product is neither zero, nor subnormal, infinite or NaN.
pub(super) fn is_normal<T: Scalar>(x: T) -> bool {
    num_traits::Float::is_normal(x.modulus())
}

impl<T: Scalar> Systems<T> {
    /// Computes all; returns the first member with a pivot that is exactly zero, whose result (0 for a
    /// determinant) is not to be used.
    ///
    /// # Safety
    /// Matrices are readable, slots writable; they do not overlap. [`suit`] says yes.
    pub(super) unsafe fn run(self) -> Option<usize> {
        let len = self.members.len();
        let (rows, right) = (self.a.rows, self.right());
        let work = len.saturating_mul(rows * rows * (rows + right));
        let threads = par::threads().min(work / PARALLEL_WORK).max(1);
        let bad = AtomicUsize::new(usize::MAX);
        par::for_ranges(len, LANES, threads, |_, range| {
            // SAFETY: the caller's promise; ranges do not overlap.
            let found = unsafe { dispatch(&self, range.start, range.end) };
            bad.fetch_min(found, Ordering::Relaxed);
        });
        let bad = bad.into_inner();
        (bad != usize::MAX).then_some(bad)
    }

    fn right(&self) -> usize {
        match self.wanted {
            Wanted::Solution => self.b.cols,
            Wanted::Inverse => self.a.rows,
            Wanted::Determinant => 0,
        }
    }
}

/// As [`range`], compiled in this crate once for each scalar.
///
/// # Safety
/// As there.
unsafe fn dispatch<T: Scalar>(systems: &Systems<T>, start: usize, end: usize) -> usize {
    #[inline(never)]
    unsafe fn of_f64(systems: &Systems<f64>, start: usize, end: usize) -> usize {
        // SAFETY: the same contract.
        unsafe { range(level(), systems, start, end) }
    }
    #[inline(never)]
    unsafe fn of_f32(systems: &Systems<f32>, start: usize, end: usize) -> usize {
        // SAFETY: the same contract.
        unsafe { range(level(), systems, start, end) }
    }
    let systems = std::ptr::from_ref(systems);
    // SAFETY: `T` is the very type that each reference is cast to.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f64>() {
            of_f64(&*systems.cast(), start, end)
        } else if TypeId::of::<T>() == TypeId::of::<f32>() {
            of_f32(&*systems.cast(), start, end)
        } else {
            unreachable!(
                "`suit` says no to {}",
                std::any::type_name::<Complex<T::Real>>()
            )
        }
    }
}

simd_dispatch! {
    /// Computes members `start` to `end`; the first with a pivot of zero, or `usize::MAX`.
    ///
    /// # Safety
    /// As [`Systems::run`].
    unsafe fn range[T: Float](systems: &Systems<T>, start: usize, end: usize) -> usize = range_body::<T>
}

/// One element of each matrix.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Lanes<T>([T; LANES]);

/// Rows of `[A | B]`, or of `[A | I]`.
type Rows<T> = [[Lanes<T>; 2 * MOST]; MOST];

#[inline(always)]
unsafe fn range_body<T: Float>(systems: &Systems<T>, start: usize, end: usize) -> usize {
    let (n, wanted) = (systems.a.rows, systems.wanted);
    let right = match wanted {
        Wanted::Solution => systems.b.cols,
        Wanted::Inverse => n,
        Wanted::Determinant => 0,
    };
    let mut rows: Rows<T> = [[Lanes([T::zero(); LANES]); 2 * MOST]; MOST];
    let mut bad = usize::MAX;
    let uniform = systems.members.uniform();
    let mut first = start;
    while first < end {
        let count = LANES.min(end - first);
        let (mut from_a, mut from_b) = ([systems.a.ptr; LANES], [systems.b.ptr; LANES]);
        for lane in 0..LANES {
            // Lanes beyond the end repeat the last matrix.
            let member = first + lane.min(count - 1);
            let (a, b) = match uniform {
                Some([a, b, _]) => (member as isize * a, member as isize * b),
                None => {
                    let (a, b, _) = systems.members.offsets(member);
                    (a, b)
                }
            };
            from_a[lane] = from_a[lane].wrapping_offset(a);
            from_b[lane] = from_b[lane].wrapping_offset(b);
        }
        // SAFETY: members of stacks, by the caller's promise.
        unsafe {
            load(&from_a, systems.a, 0, &mut rows);
            if wanted == Wanted::Solution {
                load(&from_b, systems.b, n, &mut rows);
            }
        }
        if wanted == Wanted::Inverse {
            for i in 0..n {
                for j in 0..n {
                    let value = if i == j { T::one() } else { T::zero() };
                    rows[i][n + j] = Lanes([value; LANES]);
                }
            }
        }
        let (odd, zero) = eliminate(n, n + right, &mut rows);
        if let Some(lane) = zero[..count].iter().position(|&zero| zero) {
            bad = bad.min(first + lane);
        }
        if wanted == Wanted::Determinant {
            let mut product = [T::one(); LANES];
            for i in 0..n {
                for lane in 0..LANES {
                    product[lane] = product[lane] * rows[i][i].0[lane];
                }
            }
            for lane in 0..count {
                let value = if odd[lane] {
                    -product[lane]
                } else {
                    product[lane]
                };
                // SAFETY: a slot of the stack.
                unsafe { systems.out.matrix(first + lane).ptr.write(value) };
            }
        } else {
            substitute(n, right, &mut rows);
            for lane in 0..count {
                // SAFETY: a slot of the stack.
                unsafe { store(&rows, lane, n, systems.out.matrix(first + lane)) };
            }
        }
        first += count;
    }
    bad
}

/// # Safety
/// Matrices of the shape and strides of `like` are readable at each of `from`.
#[inline(always)]
unsafe fn load<T: Float>(
    from: &[*const T; LANES],
    like: MatRef<T>,
    column: usize,
    rows: &mut Rows<T>,
) {
    for i in 0..like.rows.min(MOST) {
        for j in 0..like.cols.min(MOST) {
            let offset = i as isize * like.row_stride + j as isize * like.col_stride;
            // Gathered in a register: a vector cannot be loaded right after its parts were stored.
            let mut element = [T::zero(); LANES];
            for lane in 0..LANES {
                // SAFETY: in range.
                element[lane] = unsafe { *from[lane].wrapping_offset(offset) };
            }
            rows[i][column + j] = Lanes(element);
        }
    }
}

/// # Safety
/// `to` is writable.
#[inline(always)]
unsafe fn store<T: Copy>(rows: &Rows<T>, lane: usize, column: usize, to: MatMut<T>) {
    for i in 0..to.rows.min(MOST) {
        let row = to.ptr.wrapping_offset(i as isize * to.row_stride);
        for j in 0..to.cols.min(MOST) {
            // SAFETY: in range.
            unsafe {
                row.offset(j as isize * to.col_stride)
                    .write(rows[i][column + j].0[lane])
            };
        }
    }
}

/// To upper triangular form: whether the exchanges are odd, and whether a pivot is zero.
#[inline(always)]
fn eliminate<T: Float>(
    n: usize,
    width: usize,
    rows: &mut Rows<T>,
) -> ([bool; LANES], [bool; LANES]) {
    let (mut odd, mut zero) = ([false; LANES], [false; LANES]);
    for k in 0..n.min(MOST) {
        let (above, below) = rows.split_at_mut(k + 1);
        let pivots = &mut above[k];
        for row in below[..n - k - 1].iter_mut() {
            let mut swap = [false; LANES];
            for lane in 0..LANES {
                let (x, y) = (pivots[k].0[lane], row[k].0[lane]);
                swap[lane] = num_traits::Float::abs(y) > num_traits::Float::abs(x);
                odd[lane] ^= swap[lane];
            }
            for j in k..width.min(2 * MOST) {
                for lane in 0..LANES {
                    let (x, y) = (pivots[j].0[lane], row[j].0[lane]);
                    pivots[j].0[lane] = if swap[lane] { y } else { x };
                    row[j].0[lane] = if swap[lane] { x } else { y };
                }
            }
        }
        for lane in 0..LANES {
            zero[lane] |= pivots[k].0[lane] == T::zero();
        }
        for row in below[..n - k - 1].iter_mut() {
            let mut factor = row[k];
            for lane in 0..LANES {
                factor.0[lane] = factor.0[lane] / pivots[k].0[lane];
            }
            for j in k + 1..width.min(2 * MOST) {
                for lane in 0..LANES {
                    row[j].0[lane] = row[j].0[lane] - factor.0[lane] * pivots[j].0[lane];
                }
            }
        }
    }
    (odd, zero)
}

/// Back substitution for the `right` columns behind the triangle.
#[inline(always)]
fn substitute<T: Float>(n: usize, right: usize, rows: &mut Rows<T>) {
    for i in (0..n.min(MOST)).rev() {
        let (above, below) = rows.split_at_mut(i);
        let known = &mut below[0];
        let pivot = known[i];
        for x in known[n..][..right].iter_mut() {
            for lane in 0..LANES {
                x.0[lane] = x.0[lane] / pivot.0[lane];
            }
        }
        for row in above {
            let factor = row[i];
            for j in n..n + right {
                for lane in 0..LANES {
                    row[j].0[lane] = row[j].0[lane] - factor.0[lane] * known[j].0[lane];
                }
            }
        }
    }
}
