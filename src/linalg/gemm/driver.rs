//! The loops around the micro-kernel.
//!
//! Goto & van de Geijn ("Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008)
//! keep a block of A in the second-level cache and a sliver of B in the first. Here each thread owns
//! a rectangle of C and packs for itself: a block of A once per (k block, row block), a sliver of B
//! just before it is used, and neither where reading in place is as good. Nothing is shared, so
//! there is nothing to wait for.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::kernels::{Kernels, Micro};
use super::micro::Tile;
use super::pack::{Strip, with_workspace};
use crate::array::Number;
use crate::engine::{cache, par};

/// A product in the form the loops want, `C ← alpha·A·B (+ C)` with C's rows as close together as
/// they come.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Problem<T> {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    pub(super) a: Factor<T>,
    pub(super) b: Factor<T>,
    pub(super) c: *mut T,
    pub(super) c_row_stride: isize,
    pub(super) c_col_stride: isize,
    pub(super) alpha: T,
    pub(super) scale: bool,
    pub(super) accumulate: bool,
}

/// One factor of a product.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Factor<T> {
    pub(super) ptr: *const T,
    pub(super) row_stride: isize,
    pub(super) col_stride: isize,
    pub(super) conj: bool,
}

// SAFETY: a description; whoever runs it vouches for the memory.
unsafe impl<T: Sync> Sync for Problem<T> {}

impl<T> Factor<T> {
    fn t(self) -> Self {
        Factor {
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }
}

impl<T: Number> Problem<T> {
    /// `Cᵀ = Bᵀ·Aᵀ` instead when C's columns are closer together than its rows.
    pub(super) fn orient(self) -> (Self, bool) {
        if self.c_row_stride.unsigned_abs() <= self.c_col_stride.unsigned_abs() {
            return (self, false);
        }
        let turned = Problem {
            m: self.n,
            n: self.m,
            a: self.b.t(),
            b: self.a.t(),
            c_row_stride: self.c_col_stride,
            c_col_stride: self.c_row_stride,
            ..self
        };
        (turned, true)
    }

    /// The part of C from row `i` and column `j` on, `m` by `n`.
    fn part(&self, i: usize, m: usize, j: usize, n: usize) -> Self {
        Problem {
            m,
            n,
            a: Factor {
                ptr: self.a.ptr.wrapping_offset(i as isize * self.a.row_stride),
                ..self.a
            },
            b: Factor {
                ptr: self.b.ptr.wrapping_offset(j as isize * self.b.col_stride),
                ..self.b
            },
            c: self
                .c
                .wrapping_offset(i as isize * self.c_row_stride + j as isize * self.c_col_stride),
            ..*self
        }
    }

    /// Multiply-adds.
    pub(super) fn work(&self) -> usize {
        self.m.saturating_mul(self.n).saturating_mul(self.k)
    }
}

/// Multiply-adds from which two threads beat one, in bytes of one element times work (a smaller
/// element goes through faster).
const PARALLEL_WORK: usize = 96 * 96 * 96 * 8;

/// How many of `threads` a product of this much work should use.
pub(super) fn useful_threads<T>(work: usize, threads: usize) -> usize {
    let share = PARALLEL_WORK / 2;
    threads
        .min(work.saturating_mul(size_of::<T>()) / share)
        .max(1)
}

/// Runs the product on up to `threads` threads.
///
/// # Safety
/// A and B are readable, C is writable (and initialised if accumulated into) and overlaps neither;
/// `m`, `n`, `k` are at least one.
pub(super) unsafe fn run<T: Number>(ks: &'static Kernels<T>, p: &Problem<T>, threads: usize) {
    let threads = useful_threads::<T>(p.work(), threads);
    if threads == 1 {
        // SAFETY: the caller's contract.
        return unsafe { sequential(ks, p) };
    }
    // Several cells for each thread, handed out as they come free, when each is still worth it: the
    // cores may differ, or be busy with something else.
    let enough = p.work().saturating_mul(size_of::<T>()) >= threads * 8 * PARALLEL_WORK;
    let (down, across) = grid(ks, p, if enough { 4 * threads } else { threads });
    let rows = Cut::new(p.m, ks.tile_rows(), down);
    let columns = Cut::new(p.n, ks.tile_columns(), across);
    hand_out(down * across, 1, threads, |range| {
        for index in range {
            let (i, m) = rows.part(index % down);
            let (j, n) = columns.part(index / down);
            if m > 0 && n > 0 {
                // SAFETY: the parts of C are disjoint; the rest is the caller's contract.
                unsafe { sequential(ks, &p.part(i, m, j, n)) };
            }
        }
    });
}

/// Runs `f` over `0..n` in pieces of `piece`, each taken by whichever thread is free.
pub(super) fn hand_out(n: usize, piece: usize, threads: usize, f: impl Fn(Range<usize>) + Sync) {
    if threads == 1 {
        return f(0..n);
    }
    let next = AtomicUsize::new(0);
    par::for_ranges(threads, 1, threads, |_, range| {
        for _ in range {
            loop {
                let start = next.fetch_add(piece, Ordering::Relaxed);
                if start >= n {
                    break;
                }
                f(start..n.min(start + piece));
            }
        }
    });
}

/// `0..n` in `parts` parts whose borders are multiples of `granule`.
struct Cut {
    n: usize,
    granule: usize,
    parts: usize,
}

impl Cut {
    fn new(n: usize, granule: usize, parts: usize) -> Self {
        Cut { n, granule, parts }
    }

    /// Start and length of one part.
    fn part(&self, index: usize) -> (usize, usize) {
        let granules = self.n.div_ceil(self.granule);
        let border = |i: usize| (granules * i / self.parts * self.granule).min(self.n);
        (border(index), border(index + 1) - border(index))
    }
}

/// Into how many parts to cut C's rows and columns: the cut whose largest part costs least. A part
/// packs its own A and fetches its own B; per element that costs as much as so many multiply-adds.
fn grid<T>(ks: &Kernels<T>, p: &Problem<T>, parts: usize) -> (usize, usize) {
    const PACK_A: usize = 24;
    const FETCH_B: usize = 8;
    let largest = |n: usize, granule: usize, parts: usize| {
        (n.div_ceil(granule).div_ceil(parts) * granule).min(n)
    };
    (1..=parts)
        .filter(|down| parts.is_multiple_of(*down))
        .map(|down| (down, parts / down))
        .min_by_key(|&(down, across)| {
            let m = largest(p.m, ks.tile_rows(), down);
            let n = largest(p.n, ks.tile_columns(), across);
            m * n + PACK_A * m + FETCH_B * n
        })
        .expect("one always divides")
}

/// Steps of k in one block: a sliver of B of this length stays in the first-level cache.
const K_BLOCK: usize = 384;

/// Up to this many bytes from its first to its last step, B is read in place whatever its strides.
const DIRECT_B_BYTES: usize = 32 << 10;

/// Bytes of A in one block: the rest of the second-level cache is for B and C passing through.
#[inline]
fn block_bytes() -> usize {
    cache::second_level() / 8 * 5
}

/// Whether A and B can be read in place.
pub(super) fn direct<T: Number>(ks: &Kernels<T>, p: &Problem<T>) -> (bool, bool) {
    let block_bytes = block_bytes();
    let span = |stride: isize| stride.unsigned_abs().saturating_mul(p.k * size_of::<T>());
    let direct_a = ks.direct
        && p.a.row_stride == 1
        && (ks.masked || p.m.is_multiple_of(ks.lanes))
        && (span(p.a.col_stride) <= block_bytes / 2 || p.n <= ks.tile_columns());
    let direct_b = !p.b.conj
        && (p.b.row_stride == 1 || p.m <= ks.tile_rows() || span(p.b.row_stride) <= DIRECT_B_BYTES);
    (direct_a, direct_b)
}

/// The one tile that the whole product is, if so: its kernel and its description.
pub(super) fn single_tile<T: Number>(
    ks: &Kernels<T>,
    p: &Problem<T>,
) -> Option<(Micro<T>, Tile<T>)> {
    let (at, width) = ks.widest(p.n);
    let small = p.m <= ks.tile_rows() && p.n == width;
    (small && direct(ks, p) == (true, true)).then(|| {
        let micro = ks.micro[p.m.div_ceil(ks.lanes) - 1][at];
        let tile = Tile {
            rows: p.m,
            ..tile(p)
        };
        (micro, tile)
    })
}

/// What the tiles of a product have in common.
#[inline(always)]
fn tile<T: Number>(p: &Problem<T>) -> Tile<T> {
    Tile {
        k: p.k,
        a: p.a.ptr,
        a_col_stride: p.a.col_stride,
        b: p.b.ptr,
        b_row_stride: p.b.row_stride,
        b_col_stride: p.b.col_stride,
        c: p.c,
        c_row_stride: p.c_row_stride,
        c_col_stride: p.c_col_stride,
        rows: 0,
        alpha: p.scale.then_some(p.alpha),
        accumulate: p.accumulate,
    }
}

/// The product on this thread.
///
/// # Safety
/// As [`run`].
pub(super) unsafe fn sequential<T: Number>(ks: &Kernels<T>, p: &Problem<T>) {
    let (direct_a, direct_b) = direct(ks, p);
    if direct_a && direct_b {
        // SAFETY: the caller's contract.
        return unsafe { block(ks, p, p.a.ptr, None, None) };
    }

    let blocks = p.k.div_ceil(K_BLOCK);
    let k_block = p.k.div_ceil(blocks);
    let mr = ks.tile_rows();
    let room = (block_bytes() / size_of::<T>().max(1) / k_block).max(mr);
    let m_blocks = p.m.div_ceil(room);
    let m_block = p.m.div_ceil(m_blocks).next_multiple_of(mr);
    let a_len = if direct_a {
        0
    } else {
        m_block.min(p.m.next_multiple_of(ks.lanes)) * k_block
    };
    let b_len = if direct_b {
        0
    } else {
        ks.tile_columns() * k_block
    };
    with_workspace::<T, _>(a_len + b_len, |space| {
        let packed_a = space.as_ptr();
        // SAFETY: the workspace has this many elements.
        let packed_b = (!direct_b).then(|| unsafe { packed_a.add(a_len) });
        for k0 in (0..p.k).step_by(k_block) {
            let k = k_block.min(p.k - k0);
            for i0 in (0..p.m).step_by(m_block) {
                let m = m_block.min(p.m - i0);
                let mut part = p.part(i0, m, 0, p.n);
                part.k = k;
                part.accumulate |= k0 > 0;
                part.a.ptr = part.a.ptr.wrapping_offset(k0 as isize * p.a.col_stride);
                part.b.ptr = part.b.ptr.wrapping_offset(k0 as isize * p.b.row_stride);
                // SAFETY: the caller's contract; the workspace holds a block of A and a sliver of B.
                unsafe {
                    if direct_a {
                        block(ks, &part, part.a.ptr, None, packed_b);
                    } else {
                        pack_block(ks, &part, packed_a);
                        block(ks, &part, packed_a, Some(()), packed_b);
                    }
                }
            }
        }
    });
}

/// Rows of all panels but the last: as tall as a tile, or less when that makes them more even.
#[inline]
fn panel_rows<T>(ks: &Kernels<T>, m: usize) -> usize {
    if m <= ks.tile_rows() {
        return ks.tile_rows();
    }
    let registers = m.div_ceil(ks.lanes);
    registers.div_ceil(registers.div_ceil(ks.micro.len())) * ks.lanes
}

/// Packs all of the part's A in panels.
unsafe fn pack_block<T: Number>(ks: &Kernels<T>, p: &Problem<T>, dst: *mut T) {
    let mr = panel_rows(ks, p.m);
    for i in (0..p.m).step_by(mr) {
        let valid = mr.min(p.m - i);
        let strip = Strip {
            src: p.a.ptr.wrapping_offset(i as isize * p.a.row_stride),
            across: p.a.row_stride,
            along: p.a.col_stride,
            valid,
            width: valid.next_multiple_of(ks.lanes),
            steps: p.k,
            conj: p.a.conj,
        };
        // SAFETY: `dst` has room for the block; all panels before this one are `mr` wide.
        unsafe { (ks.pack_a)(ks.level, dst.add(i * p.k), strip) };
    }
}

/// All tiles of one block of A: slivers of B outside, panels of A inside.
#[inline(always)]
unsafe fn block<T: Number>(
    ks: &Kernels<T>,
    p: &Problem<T>,
    a: *const T,
    packed_a: Option<()>,
    packed_b: Option<*mut T>,
) {
    let (mr, nr) = (panel_rows(ks, p.m), ks.tile_columns());
    let mut tile = tile(p);
    let mut j = 0;
    while j < p.n {
        let columns = nr.min(p.n - j);
        let mut sliver = p.b.ptr.wrapping_offset(j as isize * p.b.col_stride);
        if let Some(buffer) = packed_b {
            let strip = Strip {
                src: sliver,
                across: p.b.col_stride,
                along: p.b.row_stride,
                valid: columns,
                width: columns,
                steps: p.k,
                conj: p.b.conj,
            };
            // SAFETY: the buffer holds a sliver.
            unsafe { (ks.pack_b)(ks.level, buffer, strip) };
            sliver = buffer;
            tile.b_row_stride = columns as isize;
            tile.b_col_stride = 1;
        }
        let mut i = 0;
        while i < p.m {
            tile.rows = mr.min(p.m - i);
            let registers = tile.rows.div_ceil(ks.lanes);
            if packed_a.is_some() {
                tile.a = a.wrapping_add(i * p.k);
                tile.a_col_stride = (registers * ks.lanes) as isize;
            } else {
                tile.a = a.wrapping_add(i);
            }
            let mut done = 0;
            while done < columns {
                let (at, width) = ks.widest(columns - done);
                tile.b = sliver.wrapping_offset(done as isize * tile.b_col_stride);
                tile.c = p.c.wrapping_offset(
                    i as isize * p.c_row_stride + (j + done) as isize * p.c_col_stride,
                );
                // SAFETY: the tile lies in C, its A and B in the matrices or the packed copies.
                unsafe { ks.micro[registers - 1][at](&tile) };
                done += width;
            }
            i += mr;
        }
        j += nr;
    }
}
