//! Solvers of many small systems at once: one matrix in each lane of vectors.
//!
//! Gaussian elimination with partial pivoting as for one matrix, but that lanes differ in their pivots: up
//! to four rows stay in registers and are exchanged by comparing and selecting instead of branching
//! (`few`); more rows lie in memory, where exchanges go lane by lane (`rows`). `transfer` brings
//! elements of matrices that lie apart into a register and back.
//!
//! What becomes of a matrix does not depend on the lanes beside it, and so neither on their number nor on
//! threads.

// Loops over lanes and rows index several arrays at once.
#![allow(clippy::needless_range_loop)]

mod few;
mod register;
mod rows;
#[cfg(all(test, feature = "embedded"))]
mod tests;
mod transfer;

use std::any::TypeId;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};

use num_complex::Complex;

use self::few::Factors;
#[cfg(target_arch = "x86_64")]
use self::register::{F32x8, F32x16, F64x4, F64x8};
use self::register::{Lanes, MOST_LANES, Register};
use self::rows::{MOST, Rows};
use super::backend::Backend;
use super::members::Slots;
use super::raw::MatRef;
use super::stack::Batch;
use crate::array::Scalar;
use crate::engine::cost::threads_for;
use crate::engine::par;
use crate::engine::simd::{Level, level};

/// The fewest matrices for which this is worth it.
const FEWEST: usize = 8;
/// Picoseconds for a multiply-add, with everything that goes with it.
const COST: usize = 100;

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
        && len >= FEWEST
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
        let work = len.saturating_mul(rows * rows * (rows + right) * COST);
        let threads = threads_for(work as u64).max(1);
        let bad = AtomicUsize::new(usize::MAX);
        let level = level();
        par::for_ranges(len, MOST_LANES, threads, |_, range| {
            // SAFETY: the caller's promise; ranges do not overlap.
            let found = unsafe { dispatch(level, &self, range.start, range.end) };
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

/// As [`range`], compiled for the level.
///
/// # Safety
/// As there.
unsafe fn dispatch<T: Scalar>(
    level: Level,
    systems: &Systems<T>,
    start: usize,
    end: usize,
) -> usize {
    let systems = std::ptr::from_ref(systems);
    // SAFETY: `T` is the very type that each reference is cast to.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f64>() {
            of_f64(level, &*systems.cast(), start, end)
        } else if TypeId::of::<T>() == TypeId::of::<f32>() {
            of_f32(level, &*systems.cast(), start, end)
        } else {
            unreachable!(
                "`suit` says no to {}",
                std::any::type_name::<Complex<T::Real>>()
            )
        }
    }
}

/// [`range`] for one type, with the widest register of each level.
macro_rules! levels {
    ($name:ident: $t:ty, $avx512:ident, $avx2:ident, $baseline:ty) => {
        #[inline(never)]
        unsafe fn $name(level: Level, systems: &Systems<$t>, start: usize, end: usize) -> usize {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
                unsafe fn avx512(systems: &Systems<$t>, start: usize, end: usize) -> usize {
                    // SAFETY: the same contract.
                    unsafe { range::<$avx512>(systems, start, end) }
                }
                #[target_feature(enable = "avx2,fma,bmi2")]
                unsafe fn avx2(systems: &Systems<$t>, start: usize, end: usize) -> usize {
                    // SAFETY: the same contract.
                    unsafe { range::<$avx2>(systems, start, end) }
                }
                match level {
                    // SAFETY: `Level` values above `Baseline` exist only after detection.
                    Level::Avx512 => return unsafe { avx512(systems, start, end) },
                    // SAFETY: as above.
                    Level::Avx2 => return unsafe { avx2(systems, start, end) },
                    Level::Baseline => {}
                }
            }
            let _ = level;
            // SAFETY: the same contract.
            unsafe { range::<$baseline>(systems, start, end) }
        }
    };
}
levels!(of_f64: f64, F64x8, F64x4, Lanes<f64, 2>);
levels!(of_f32: f32, F32x16, F32x8, Lanes<f32, 4>);

/// Computes members `start` to `end`; the first with a pivot of zero, or `usize::MAX`.
///
/// # Safety
/// As [`Systems::run`], on a machine that has `V`.
#[inline(always)]
unsafe fn range<V: Register<T: Scalar>>(
    systems: &Systems<V::T>,
    start: usize,
    end: usize,
) -> usize {
    let mut bad = usize::MAX;
    let uniform = systems.members.uniform();
    for first in (start..end).step_by(V::LANES) {
        let group = Group::<V> {
            systems,
            uniform,
            first,
            count: V::LANES.min(end - first),
        };
        // SAFETY: the caller's promise.
        let singular = unsafe {
            match systems.a.rows {
                1 => group.few::<1>(),
                2 => group.few::<2>(),
                3 => group.few::<3>(),
                4 => group.few::<4>(),
                _ => group.rows(),
            }
        };
        if let Some(singular) = singular {
            let lane = singular[..group.count].iter().position(|&lane| lane);
            bad = bad.min(lane.map_or(usize::MAX, |lane| first + lane));
        }
    }
    bad
}

/// As many members as there are lanes, or those that are left.
struct Group<'s, V: Register<T: Scalar>> {
    systems: &'s Systems<V::T>,
    /// Strides from member to member, if they are the same everywhere.
    uniform: Option<[isize; 3]>,
    first: usize,
    count: usize,
}

impl<V: Register<T: Scalar>> Group<'_, V> {
    /// Where the matrices lie, or the right-hand sides. Lanes beyond the end repeat the last one.
    #[inline(always)]
    fn sources(&self, operand: usize) -> [*const V::T; MOST_LANES] {
        let members = &self.systems.members;
        let start = [self.systems.a.ptr, self.systems.b.ptr][operand];
        let mut from = [start; MOST_LANES];
        match self.uniform {
            Some(strides) => {
                let first = start.wrapping_offset(self.first as isize * strides[operand]);
                for lane in 0..V::LANES {
                    let member = lane.min(self.count - 1) as isize;
                    from[lane] = first.wrapping_offset(member * strides[operand]);
                }
            }
            None => {
                for lane in 0..V::LANES {
                    let (a, b, _) = members.offsets(self.first + lane.min(self.count - 1));
                    from[lane] = start.wrapping_offset([a, b][operand]);
                }
            }
        }
        from
    }

    /// `len` registers behind `from`, to elements of the results from the `start`th on.
    #[inline(always)]
    unsafe fn store(&self, from: *const V::T, len: usize, start: usize) {
        let first = self.systems.out.matrix(self.first);
        let mut to = [first.ptr.wrapping_add(start); MOST_LANES];
        for lane in 1..V::LANES {
            to[lane] = to[lane - 1].wrapping_add(first.rows * first.cols);
        }
        // SAFETY: the caller's promise: slots are contiguous.
        unsafe { transfer::store::<V>(from, len, &to[..self.count]) };
    }

    /// The lanes with a pivot of zero, if there are any.
    #[inline(always)]
    unsafe fn few<const N: usize>(&self) -> Option<[bool; MOST_LANES]> {
        let right = self.systems.right();
        let mut a = MaybeUninit::<[[V; N]; N]>::uninit();
        let mut b = MaybeUninit::<[[V; MOST]; N]>::uninit();
        let (a, b) = (a.as_mut_ptr().cast(), b.as_mut_ptr().cast());
        // SAFETY: the caller's promise; there is room for `N` rows, and right-hand sides are at most `MOST`.
        unsafe {
            load::<V>(&self.sources(0), self.systems.a, a, N);
            let factors = Factors::<V, N>::new(a);
            match self.systems.wanted {
                Wanted::Determinant => {
                    factors.determinant().store(b);
                    self.store(b, 1, 0);
                }
                Wanted::Solution => load::<V>(&self.sources(1), self.systems.b, b, right),
                Wanted::Inverse => identity::<V>(N, b, N),
            }
            for j in 0..right {
                factors.solve(b.add(j * V::LANES), right);
            }
            self.store(b, N * right, 0);
            factors.singular()
        }
    }

    /// As [`few`](Self::few), of up to [`MOST`] rows.
    #[inline(always)]
    unsafe fn rows(&self) -> Option<[bool; MOST_LANES]> {
        let (n, right) = (self.systems.a.rows, self.systems.right());
        let mut space = MaybeUninit::<[[V; 2 * MOST]; MOST]>::uninit();
        let rows = Rows::<V> {
            start: space.as_mut_ptr().cast(),
            n,
            width: n + right,
        };
        // SAFETY: the caller's promise; there is room for `n` rows, and right-hand sides are at most `MOST`.
        unsafe {
            load::<V>(&self.sources(0), self.systems.a, rows.start, rows.width);
            match self.systems.wanted {
                Wanted::Determinant => {}
                Wanted::Solution => {
                    load::<V>(&self.sources(1), self.systems.b, rows.at(0, n), rows.width);
                }
                Wanted::Inverse => identity::<V>(n, rows.at(0, n), rows.width),
            }
            let found = rows.eliminate();
            if self.systems.wanted == Wanted::Determinant {
                found.determinant(n).store(rows.start);
                self.store(rows.start, 1, 0);
            } else {
                rows.substitute(&found);
                for i in 0..n {
                    self.store(rows.at(i, n), right, i * right);
                }
            }
            found.singular
        }
    }
}

/// Matrices of the shape and strides of `like` at each of `from`: element `(i, j)` into register
/// `i·width + j` behind `to`.
///
/// # Safety
/// They are readable and there is room.
#[inline(always)]
unsafe fn load<V: Register>(
    from: &[*const V::T; MOST_LANES],
    like: MatRef<V::T>,
    to: *mut V::T,
    width: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        if like.col_stride == 1 && like.row_stride == like.cols as isize && width == like.cols {
            return transfer::load::<V>(from, 1, like.rows * like.cols, to);
        }
        for i in 0..like.rows {
            let row = from.map(|from| from.wrapping_offset(i as isize * like.row_stride));
            let to = to.add(i * width * V::LANES);
            transfer::load::<V>(&row, like.col_stride, like.cols, to);
        }
    }
}

/// # Safety
/// As [`load`].
#[inline(always)]
unsafe fn identity<V: Register>(n: usize, to: *mut V::T, width: usize) {
    for i in 0..n {
        for j in 0..n {
            // SAFETY: the caller's promise.
            unsafe {
                let to = to.add((i * width + j) * V::LANES);
                V::whole(usize::from(i == j)).store(to);
            }
        }
    }
}
