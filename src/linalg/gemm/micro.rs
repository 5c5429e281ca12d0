//! The micro-kernels: one tile of C held in registers while k runs.
//!
//! A tile is `M` registers tall and `N` columns wide. Each step of k loads `M` registers of A, splats
//! `N` elements of B and does `M·N` multiply-adds (Van Zee & van de Geijn, "BLIS", ACM TOMS 41(3),
//! 2015, §3). A is read with unit stride along the rows (a packed panel, or a matrix that already lies
//! so); B is read element by element, so that it may have any strides.

// Loops over arrays of registers are written with indices throughout: several arrays share them, and
// it is what unrolls.
#![allow(clippy::needless_range_loop)]

use std::mem::MaybeUninit;

use num_complex::Complex;

use super::simd::Vector;
use crate::array::{Float, Number};
use crate::engine::cache::{LINE, prefetch};

/// One tile: `C[..rows, ..N] ← alpha·A[..rows, ..k]·B[..k, ..N] (+ C)`.
pub(super) struct Tile<T> {
    pub(super) k: usize,
    /// Row-contiguous; `M` whole registers per step are readable unless the register is `MASKED`.
    /// For complex kernels a packed panel: real parts of a step, then imaginary parts.
    pub(super) a: *const T,
    /// From one step of k to the next, in elements.
    pub(super) a_col_stride: isize,
    pub(super) b: *const T,
    pub(super) b_row_stride: isize,
    pub(super) b_col_stride: isize,
    pub(super) c: *mut T,
    pub(super) c_row_stride: isize,
    pub(super) c_col_stride: isize,
    /// `(M − 1)·LANES < rows ≤ M·LANES`.
    pub(super) rows: usize,
    /// Absent when it is one.
    pub(super) alpha: Option<T>,
    /// Add to what C holds; otherwise C is only written.
    pub(super) accumulate: bool,
}

/// Asks for the tile of C early: it is needed only after the whole loop over k.
#[inline(always)]
fn prefetch_tile<T>(t: &Tile<T>, columns: usize, rows: usize) {
    // Below this the loop over k is over before the lines arrive.
    if t.k >= 32 && t.c_row_stride == 1 {
        for j in 0..columns {
            let column = t.c.wrapping_offset(j as isize * t.c_col_stride);
            for byte in (0..rows * size_of::<T>()).step_by(LINE) {
                prefetch(column.cast::<u8>().wrapping_add(byte));
            }
        }
    }
}

/// Writes a tile element by element, `at(i, j)` saying what was computed. Kept out of line: it is
/// the same for every tile shape, and unrolled it would be most of the code.
#[inline(never)]
unsafe fn write_tile<T: Number>(t: &Tile<T>, columns: usize, at: impl Fn(usize, usize) -> T) {
    for j in 0..columns {
        for i in 0..t.rows {
            let mut value = at(i, j);
            if let Some(alpha) = t.alpha {
                value = alpha.number_mul(value);
            }
            // SAFETY: (i, j) lies in the tile; C is initialised when accumulated into.
            unsafe {
                let c =
                    t.c.offset(i as isize * t.c_row_stride + j as isize * t.c_col_stride);
                c.write(if t.accumulate {
                    (*c).number_add(value)
                } else {
                    value
                });
            }
        }
    }
}

/// The kernel of everything that multiplies lane by lane.
///
/// # Safety
/// The tile's pointers and strides describe readable A and B and writable C as stated on [`Tile`].
#[inline(always)]
pub(super) unsafe fn real<V: Vector, const M: usize, const N: usize>(t: &Tile<V::T>) {
    debug_assert!(t.rows > (M - 1) * V::LANES && t.rows <= M * V::LANES);
    // SAFETY: the caller's contract.
    unsafe {
        if const { V::FREE_MASKS } || const { V::MASKED } && t.rows != M * V::LANES {
            real_tile::<V, M, N, true>(t);
        } else {
            real_tile::<V, M, N, false>(t);
        }
    }
}

/// [`real`], the last register of A and C partial if `PARTIAL`.
///
/// # Safety
/// As [`real`].
#[inline(always)]
unsafe fn real_tile<V: Vector, const M: usize, const N: usize, const PARTIAL: bool>(
    t: &Tile<V::T>,
) {
    // SAFETY: A's registers are in bounds or masked, B's elements and C's tile are in bounds by the
    // caller's contract; pointers past the last step are formed with wrapping arithmetic only.
    unsafe {
        prefetch_tile(t, N, M * V::LANES);
        let last = V::mask(t.rows - (M - 1) * V::LANES);
        let zero = V::splat(num_traits::Zero::zero());
        let mut acc = [[zero; M]; N];
        let (mut a, mut b) = (t.a, t.b);
        for _ in 0..t.k {
            let mut av = [zero; M];
            for i in 0..M {
                av[i] = if PARTIAL && i + 1 == M {
                    V::load_first(a.wrapping_add(i * V::LANES), last)
                } else {
                    V::load(a.wrapping_add(i * V::LANES))
                };
            }
            for j in 0..N {
                let bv = V::splat(*b.offset(j as isize * t.b_col_stride));
                for i in 0..M {
                    acc[j][i] = acc[j][i].add_product(av[i], bv);
                }
            }
            a = a.wrapping_offset(t.a_col_stride);
            b = b.wrapping_offset(t.b_row_stride);
        }

        if t.c_row_stride != 1 || (!PARTIAL && t.rows != M * V::LANES) {
            let mut spill = [[MaybeUninit::<V>::uninit(); M]; N];
            for j in 0..N {
                for i in 0..M {
                    spill[j][i].as_mut_ptr().cast::<V>().write(acc[j][i]);
                }
            }
            let spill = spill.as_ptr().cast::<V::T>();
            write_tile(t, N, |i, j| *spill.add(j * M * V::LANES + i));
            return;
        }
        if let Some(alpha) = t.alpha {
            let alpha = V::splat(alpha);
            for j in 0..N {
                for i in 0..M {
                    acc[j][i] = alpha.mul(acc[j][i]);
                }
            }
        }
        if t.accumulate {
            for j in 0..N {
                let c = t.c.offset(j as isize * t.c_col_stride);
                for i in 0..M {
                    let p = c.wrapping_add(i * V::LANES);
                    let old = if PARTIAL && i + 1 == M {
                        V::load_first(p, last)
                    } else {
                        V::load(p)
                    };
                    acc[j][i] = old.add(acc[j][i]);
                }
            }
        }
        for j in 0..N {
            let c = t.c.offset(j as isize * t.c_col_stride);
            for i in 0..M {
                let p = c.wrapping_add(i * V::LANES);
                if PARTIAL && i + 1 == M {
                    acc[j][i].store_first(p, last);
                } else {
                    acc[j][i].store(p);
                }
            }
        }
    }
}

/// The kernel of complex products on split parts: four real multiply-adds each.
///
/// # Safety
/// As [`real`]; A is a packed panel of whole registers.
#[inline(always)]
pub(super) unsafe fn complex<V: Vector<T: Float>, const M: usize, const N: usize>(
    t: &Tile<Complex<V::T>>,
) where
    Complex<V::T>: Number,
{
    // SAFETY: as in `real`; `Complex<R>` is `repr(C)` with the real part first.
    unsafe {
        prefetch_tile(t, N, M * V::LANES);
        let zero = V::splat(num_traits::Zero::zero());
        let (mut re, mut im) = ([[zero; M]; N], [[zero; M]; N]);
        let (mut a, mut b) = (t.a.cast::<V::T>(), t.b);
        for _ in 0..t.k {
            let (mut ar, mut ai) = ([zero; M], [zero; M]);
            for i in 0..M {
                ar[i] = V::load(a.add(i * V::LANES));
                ai[i] = V::load(a.add((M + i) * V::LANES));
            }
            for j in 0..N {
                let x = *b.offset(j as isize * t.b_col_stride);
                let (br, bi) = (V::splat(x.re), V::splat(x.im));
                for i in 0..M {
                    re[j][i] = re[j][i].add_product(ar[i], br);
                    im[j][i] = im[j][i].add_product(ar[i], bi);
                }
                for i in 0..M {
                    re[j][i] = re[j][i].sub_product(ai[i], bi);
                    im[j][i] = im[j][i].add_product(ai[i], br);
                }
            }
            a = a.wrapping_offset(2 * t.a_col_stride);
            b = b.wrapping_offset(t.b_row_stride);
        }
        let mut spill = [[MaybeUninit::<V>::uninit(); M]; N];
        let mut spill_im = [[MaybeUninit::<V>::uninit(); M]; N];
        for j in 0..N {
            for i in 0..M {
                spill[j][i].as_mut_ptr().write(re[j][i]);
                spill_im[j][i].as_mut_ptr().write(im[j][i]);
            }
        }
        let (re, im) = (
            spill.as_ptr().cast::<V::T>(),
            spill_im.as_ptr().cast::<V::T>(),
        );
        write_tile(t, N, |i, j| {
            let at = j * M * V::LANES + i;
            Complex::new(*re.add(at), *im.add(at))
        });
    }
}
