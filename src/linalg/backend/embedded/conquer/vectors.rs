//! Values and vectors of a diagonal matrix with a multiple of one vector's square, `D + ρ·z·zᵀ`, from the roots of
//! its secular equation (Gu and Eisenstat, "A stable and efficient algorithm for the rank-one modification of the
//! symmetric eigenproblem", SIAM J. Matrix Anal. Appl. 15, 1994), and of a diagonal matrix D whose first row is z:
//! its singular values are the roots of the eigenvalues of `D² + z·zᵀ`, if D begins with a zero (the same authors, "A
//! divide-and-conquer algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16, 1995).

// Rows of several arrays share an index.
#![allow(clippy::needless_range_loop)]

use std::sync::atomic::{AtomicBool, Ordering};

use super::secular::{Equation, LANES, Poles, roots};
use crate::array::Float;
use crate::engine::par::for_ranges;
use crate::engine::simd::{Level, simd_dispatch};

/// Values from which threads share the roots.
const PARALLEL_FROM: usize = 64;

/// Values to `values`, ascending; vectors of `diag(poles) + ρ·z·zᵀ` to the columns of `s`, row i at `row[i]`. With
/// `left` (and ρ = 1) its columns become the left singular vectors of the matrix with z in the first row.
///
/// # Safety
/// k numbers of each kind, k² of `s` and `left`, k of `columns` for each thread.
#[allow(clippy::too_many_arguments)]
pub(in super::super) unsafe fn vectors<R: Float, P: Poles<R>>(
    level: Level,
    kind: P,
    poles: &[R],
    z: &mut [R],
    scratch: &mut [R],
    rho: R,
    values: &mut [R],
    row: &[usize],
    s: *mut R,
    left: Option<*mut R>,
    columns: *mut R,
    threads: usize,
) -> bool {
    let k = poles.len();
    let squares = scratch;
    for (square, z) in squares.iter_mut().zip(z.iter()) {
        *square = *z * *z;
    }
    let total = squares.iter().fold(R::zero(), |sum, x| sum + *x);
    let threads = if k < PARALLEL_FROM { 1 } else { threads };
    let failed = AtomicBool::new(false);
    struct Shared<R>([*mut R; 4], Option<*mut R>);
    // SAFETY: parts write columns, rows or numbers of their own.
    unsafe impl<R: Send> Sync for Shared<R> {}
    let shared = Shared([s, values.as_mut_ptr(), z.as_mut_ptr(), columns], left);
    {
        let eq = Equation {
            poles,
            squares: &*squares,
            rho,
            total,
        };
        for_ranges(k, LANES, threads, |_, range| {
            let &Shared([s, values, ..], _) = &shared;
            for first in range.step_by(LANES) {
                let (mut origins, mut mu) = ([0; LANES], [R::zero(); LANES]);
                // SAFETY: columns of this part.
                unsafe {
                    if !roots(level, kind, &eq, first, &mut origins, &mut mu) {
                        failed.store(true, Ordering::Relaxed);
                    }
                    for l in 0..LANES.min(k - first) {
                        let origin = poles[origins[l]];
                        values.add(first + l).write(P::beside(origin, mu[l]));
                        differences(level, kind, poles, origin, mu[l], s.add((first + l) * k));
                    }
                }
            }
        });
    }
    if failed.into_inner() {
        return false;
    }
    // Weights for which these values are exact.
    for_ranges(k, 16, threads, |_, range| {
        let &Shared([s, _, z, _], _) = &shared;
        // SAFETY: rows and numbers of this part.
        unsafe { refine(level, kind, poles, s, range.start, range.end, z) };
    });
    // SAFETY: no part is at work.
    unsafe {
        for (i, x) in squares.iter_mut().enumerate() {
            *x = poles[i] * *shared.0[2].add(i);
        }
    }
    let products = &*squares;
    for_ranges(k, 4, threads, |index, range| {
        let &Shared([s, _, z, columns], left) = &shared;
        let column = columns.wrapping_add(index * k);
        for j in range {
            // SAFETY: columns of this part; weights and products are only read.
            unsafe {
                let from = s.add(j * k);
                if let Some(left) = left {
                    let products = products.as_ptr();
                    let first = Some(-R::one());
                    normalise(
                        level,
                        k,
                        products,
                        first,
                        from,
                        left.add(j * k),
                        column,
                        row,
                    );
                }
                normalise(level, k, z, None, from, from, column, row);
            }
        }
    });
    true
}

simd_dispatch! {
    /// `to[i] = (pole[i] − origin) − mu`.
    unsafe fn differences[R: Float, P: Poles<R>](kind: P, poles: &[R], origin: R, mu: R, to: *mut R) = differences_body::<R, P>
}

#[inline(always)]
unsafe fn differences_body<R: Float, P: Poles<R>>(_: P, poles: &[R], origin: R, mu: R, to: *mut R) {
    for (i, pole) in poles.iter().enumerate() {
        // SAFETY: as many as poles.
        unsafe { to.add(i).write(P::gap(*pole, origin) - mu) };
    }
}

simd_dispatch! {
    /// `zᵢ = ±√|Πⱼ (dᵢ − λⱼ) / Πⱼ (dᵢ − dⱼ)|` for rows `from..to`.
    unsafe fn refine[R: Float, P: Poles<R>](kind: P, poles: &[R], s: *const R, from: usize, to: usize, z: *mut R) = refine_body::<R, P>
}

#[inline(always)]
unsafe fn refine_body<R: Float, P: Poles<R>>(
    _: P,
    poles: &[R],
    s: *const R,
    from: usize,
    to: usize,
    z: *mut R,
) {
    const ROWS: usize = 16;
    let k = poles.len();
    let mut start = from;
    // SAFETY: rows of k columns.
    unsafe {
        while start < to {
            let rows = ROWS.min(to - start);
            let mut products = [R::one(); ROWS];
            let mut pole = [R::zero(); ROWS];
            pole[..rows].copy_from_slice(&poles[start..start + rows]);
            for j in 0..k {
                let column = s.add(j * k + start);
                let other = poles[j];
                if rows == ROWS && !(start..start + ROWS).contains(&j) {
                    for r in 0..ROWS {
                        products[r] = products[r] * (*column.add(r) / P::gap(pole[r], other));
                    }
                } else {
                    for r in 0..rows {
                        let under = if start + r == j {
                            R::one()
                        } else {
                            P::gap(pole[r], other)
                        };
                        products[r] = products[r] * (*column.add(r) / under);
                    }
                }
            }
            for r in 0..rows {
                let z = z.add(start + r);
                *z = products[r].abs().sqrt().copysign(*z);
            }
            start += rows;
        }
    }
}

simd_dispatch! {
    /// `z / s` to unit length, its rows elsewhere; with `first` in the first row.
    unsafe fn normalise[R: Float](
        k: usize, z: *const R, first: Option<R>, s: *const R, to: *mut R, column: *mut R, row: &[usize],
    ) = normalise_body::<R>
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn normalise_body<R: Float>(
    k: usize,
    z: *const R,
    first: Option<R>,
    s: *const R,
    to: *mut R,
    column: *mut R,
    row: &[usize],
) {
    // SAFETY: k numbers of each.
    let column = unsafe {
        for i in 0..k {
            column.add(i).write(*z.add(i) / *s.add(i));
        }
        if let Some(first) = first {
            column.write(first);
        }
        std::slice::from_raw_parts(column, k)
    };
    let (whole, rest) = column.as_chunks::<8>();
    let mut sums = [R::zero(); 8];
    for chunk in whole {
        for l in 0..8 {
            sums[l] = sums[l] + chunk[l] * chunk[l];
        }
    }
    let rest = rest.iter().fold(R::zero(), |sum, x| sum + *x * *x);
    let factor = R::one() / sums.iter().fold(rest, |sum, x| sum + *x).sqrt();
    for (x, row) in column.iter().zip(row) {
        // SAFETY: rows are numbers below k.
        unsafe { *to.add(*row) = *x * factor };
    }
}
