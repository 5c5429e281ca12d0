//! Moving the elements under a mask together.
//!
//! A loop with a branch mispredicts half the time under a random mask, and a branch-free one takes
//! the length of a chain of additions. Vectors of 4 or 8 elements are permuted by a table of all
//! masks instead (AVX-512 has an instruction for that).

use super::par::{self, SendPtr};
use super::simd::{Level, simd_dispatch};
use super::{Cost, Operand};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of `true`s.
pub(crate) fn count(level: Level, mask: &[bool]) -> usize {
    if mask.len() < LANES {
        return mask.iter().map(|&bit| usize::from(bit)).sum();
    }
    // SAFETY: it works on a slice.
    unsafe { count_dense(level, mask) }
}

simd_dispatch! {
    /// # Safety
    /// None needed.
    unsafe fn count_dense(mask: &[bool]) -> usize = count_body
}

/// # Safety
/// None needed.
#[inline(always)]
unsafe fn count_body(mask: &[bool]) -> usize {
    count_if(mask, |bit| bit)
}

/// Bytes that sums of bytes are made in at once.
const LANES: usize = 64;

/// How many elements of a byte or so pass a test, for bodies of kernels. Loops rather than iterators, whose
/// functions LLVM may leave out of line, compiled for the baseline.
#[inline(always)]
pub(crate) fn count_if<T: Copy>(elements: &[T], test: impl Fn(T) -> bool) -> usize {
    let (rows, rest) = elements.as_chunks::<LANES>();
    let mut total = 0;
    let mut done = 0;
    while done < rows.len() {
        // Sums of up to 255 fit bytes, which vectorise best.
        let end = rows.len().min(done + usize::from(u8::MAX));
        let mut sums = [0_u8; LANES];
        while done < end {
            let row = rows[done];
            for l in 0..LANES {
                sums[l] += u8::from(test(row[l]));
            }
            done += 1;
        }
        for sum in sums {
            total += usize::from(sum);
        }
    }
    for &x in rest {
        total += usize::from(test(x));
    }
    total
}

/// Most threads that a mask is split over.
const MAX_PARTS: usize = 16;

/// The elements of `size` bytes at `from` for which the mask is `true`, in order.
pub(crate) struct Compress<'a> {
    level: Level,
    mask: &'a [bool],
    from: Operand,
    threads: usize,
    /// How many are kept before each part.
    starts: [usize; MAX_PARTS + 1],
}

/// Elements per unit that is split over threads.
const GRANULE: usize = 1 << 12;

impl<'a> Compress<'a> {
    /// Counts what will be kept of as many elements as the mask has.
    pub(crate) fn new(level: Level, mask: &'a [bool], from: Operand) -> Self {
        let threads = Cost::Memory
            .threads(mask.len(), from.size + 2)
            .min(MAX_PARTS);
        let mut starts = [0; MAX_PARTS + 1];
        if threads == 1 {
            starts[1..].fill(count(level, mask));
        } else {
            let counts = [const { AtomicUsize::new(0) }; MAX_PARTS];
            par::for_ranges(mask.len(), GRANULE, threads, |part, range| {
                counts[part].store(count(level, &mask[range]), Ordering::Relaxed);
            });
            for part in 0..MAX_PARTS {
                starts[part + 1] = starts[part] + counts[part].load(Ordering::Relaxed);
            }
        }
        Compress {
            level,
            mask,
            from,
            threads,
            starts,
        }
    }

    /// How many elements are kept.
    pub(crate) fn kept(&self) -> usize {
        self.starts[MAX_PARTS]
    }

    /// Moves them.
    ///
    /// # Safety
    /// `from` points to as many dense elements as the mask has, `to` to room for
    /// [`kept`](Self::kept); elements may be moved bitwise and on any thread.
    pub(crate) unsafe fn run(&self, to: *mut u8) {
        let (size, to) = (self.from.size, SendPtr(to));
        par::for_ranges(self.mask.len(), GRANULE, self.threads, |part, range| {
            let to = &to;
            let (start, end) = (self.starts[part], self.starts[part + 1]);
            let from = self.from.ptr.wrapping_add(range.start * size);
            let to = to.0.wrapping_add(start * size);
            // SAFETY: a part reads its own elements and writes its own results, of which there are
            // as many as were counted.
            unsafe { compress(self.level, size, &self.mask[range], from, to, end - start) }
        });
    }
}

/// # Safety
/// `from` points to as many elements of `size` bytes as the mask has, `to` to room for `kept`, the
/// number of `true`s; they do not overlap.
unsafe fn compress(
    level: Level,
    size: usize,
    mask: &[bool],
    from: *const u8,
    to: *mut u8,
    kept: usize,
) {
    // SAFETY: the caller's contract, for an element type of that size.
    unsafe {
        match size {
            1 => scalar::<u8>(mask, from, to, kept),
            2 => scalar::<u16>(mask, from, to, kept),
            4 => vectors::<4>(level, mask, from, to, kept),
            8 => vectors::<8>(level, mask, from, to, kept),
            16 => scalar::<[u64; 2]>(mask, from, to, kept),
            _ => {
                let kept = mask.iter().enumerate().filter(|&(_, &bit)| bit);
                for (done, (i, _)) in kept.enumerate() {
                    let (from, to) = (from.add(i * size), to.add(done * size));
                    to.copy_from_nonoverlapping(from, size);
                }
            }
        }
    }
}

/// # Safety
/// As [`compress`], for elements of the size of `E`.
unsafe fn scalar<E: Copy>(mask: &[bool], from: *const u8, to: *mut u8, kept: usize) {
    let mut done = 0;
    for (i, &bit) in mask.iter().enumerate() {
        if done == kept {
            return;
        }
        // SAFETY: fewer than `kept` have been kept; what is not kept is overwritten by the next.
        unsafe {
            let value = from.cast::<E>().add(i).read_unaligned();
            to.cast::<E>().add(done).write_unaligned(value);
        }
        done += usize::from(bit);
    }
}

/// # Safety
/// As [`compress`], for elements of `SIZE` bytes, 4 or 8.
unsafe fn vectors<const SIZE: usize>(
    level: Level,
    mask: &[bool],
    from: *const u8,
    to: *mut u8,
    kept: usize,
) {
    // SAFETY: the caller's contract; levels above the baseline exist only after detection.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        let (i, done) = match level {
            Level::Avx512 => x86::avx512::<SIZE>(mask, from, to, kept),
            Level::Avx2 => x86::avx2::<SIZE>(mask, from, to, kept),
            Level::Baseline => (0, 0),
        };
        #[cfg(not(target_arch = "x86_64"))]
        let (i, done) = {
            let _ = level;
            (0, 0)
        };
        let (from, to) = (from.add(i * SIZE), to.add(done * SIZE));
        if SIZE == 4 {
            scalar::<u32>(&mask[i..], from, to, kept - done);
        } else {
            scalar::<u64>(&mask[i..], from, to, kept - done);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    /// For each mask of eight elements, the positions of its ones.
    const POSITIONS: [u64; 256] = {
        let mut table = [0; 256];
        let mut mask = 0;
        while mask < 256 {
            let (mut bit, mut place) = (0, 0);
            while bit < 8 {
                if mask >> bit & 1 != 0 {
                    table[mask] |= bit << (8 * place);
                    place += 1;
                }
                bit += 1;
            }
            mask += 1;
        }
        table
    };

    /// For each mask of four elements of two words, the positions of its words.
    const PAIRS: [u64; 16] = {
        let mut table = [0; 16];
        let mut mask = 0;
        while mask < 16 {
            let (mut bit, mut place) = (0, 0);
            while bit < 4 {
                if mask >> bit & 1 != 0 {
                    table[mask] |= (2 * bit) << (16 * place) | (2 * bit + 1) << (16 * place + 8);
                    place += 1;
                }
                bit += 1;
            }
            mask += 1;
        }
        table
    };

    /// Compresses while whole vectors may be stored; how many elements were read and written.
    ///
    /// # Safety
    /// As `super::vectors`.
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) unsafe fn avx2<const SIZE: usize>(
        mask: &[bool],
        from: *const u8,
        to: *mut u8,
        kept: usize,
    ) -> (usize, usize) {
        let lanes = 32 / SIZE;
        let (mut i, mut done) = (0, 0);
        while i + 32 <= mask.len() && done + 32 + lanes <= kept {
            // SAFETY: 32 elements are there to be read, and 32 more than a vector may be written.
            unsafe {
                let bytes = _mm256_loadu_si256(mask.as_ptr().add(i).cast());
                let bits = _mm256_movemask_epi8(_mm256_slli_epi16(bytes, 7)) as u32;
                for step in 0..32 / lanes {
                    let bits = bits >> (step * lanes) & ((1 << lanes) - 1);
                    let table = if SIZE == 4 {
                        POSITIONS[bits as usize & 255]
                    } else {
                        PAIRS[bits as usize & 15]
                    };
                    let order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(table as i64));
                    let values = _mm256_loadu_si256(from.add((i + step * lanes) * SIZE).cast());
                    let packed = _mm256_permutevar8x32_epi32(values, order);
                    _mm256_storeu_si256(to.add(done * SIZE).cast(), packed);
                    done += bits.count_ones() as usize;
                }
            }
            i += 32;
        }
        (i, done)
    }

    /// As [`avx2`].
    ///
    /// # Safety
    /// As `super::vectors`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt")]
    pub(super) unsafe fn avx512<const SIZE: usize>(
        mask: &[bool],
        from: *const u8,
        to: *mut u8,
        kept: usize,
    ) -> (usize, usize) {
        let lanes = 64 / SIZE;
        let (mut i, mut done) = (0, 0);
        while i + 64 <= mask.len() && done + 64 + lanes <= kept {
            // SAFETY: 64 elements are there to be read, and 64 more than a vector may be written.
            unsafe {
                let bytes = _mm512_loadu_si512(mask.as_ptr().add(i).cast());
                let bits = _mm512_test_epi8_mask(bytes, bytes);
                for step in 0..64 / lanes {
                    let bits = bits >> (step * lanes);
                    let values = _mm512_loadu_si512(from.add((i + step * lanes) * SIZE).cast());
                    let (packed, count) = if SIZE == 4 {
                        let bits = bits as u16;
                        (_mm512_maskz_compress_epi32(bits, values), bits.count_ones())
                    } else {
                        let bits = bits as u8;
                        (_mm512_maskz_compress_epi64(bits, values), bits.count_ones())
                    };
                    _mm512_storeu_si512(to.add(done * SIZE).cast(), packed);
                    done += count as usize;
                }
            }
            i += 64;
        }
        (i, done)
    }
}
