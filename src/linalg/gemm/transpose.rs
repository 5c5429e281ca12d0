//! Transposing small squares in registers, for packing matrices that lie the other way round
//! and for lining up the elements of many.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

/// Side of the square that [`square`] transposes: as many elements as 32 bytes hold, or 0 when it
/// does not know elements of this size.
pub(in crate::linalg) const fn side(element_bytes: usize) -> usize {
    match element_bytes {
        4 if cfg!(target_arch = "x86_64") => 8,
        8 if cfg!(target_arch = "x86_64") => 4,
        _ => 0,
    }
}

/// `out(p)[i] = row(i)[p]` for `i`, `p` below [`side`].
///
/// # Safety
/// The machine has AVX2, `T` has a size that [`side`] knows, and the elements are readable and
/// writable.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
pub(in crate::linalg) unsafe fn square<T>(
    row: impl Fn(usize) -> *const T,
    out: impl Fn(usize) -> *mut T,
) {
    // SAFETY: the caller's contract; each row and each column of the square is 32 bytes.
    unsafe {
        if size_of::<T>() == 8 {
            let load = |i| _mm256_loadu_pd(row(i).cast());
            let (a, b, c, d) = (load(0), load(1), load(2), load(3));
            let (ab0, ab1) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            let (cd0, cd1) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
            _mm256_storeu_pd(out(0).cast(), _mm256_permute2f128_pd::<0x20>(ab0, cd0));
            _mm256_storeu_pd(out(1).cast(), _mm256_permute2f128_pd::<0x20>(ab1, cd1));
            _mm256_storeu_pd(out(2).cast(), _mm256_permute2f128_pd::<0x31>(ab0, cd0));
            _mm256_storeu_pd(out(3).cast(), _mm256_permute2f128_pd::<0x31>(ab1, cd1));
        } else {
            // Columns 0, 1, 2, 3 of four rows in the low halves, columns 4, 5, 6, 7 in the high ones.
            let four = |i: usize| {
                let load = |i| _mm256_loadu_ps(row(i).cast());
                let (a, b, c, d) = (load(i), load(i + 1), load(i + 2), load(i + 3));
                let (ab0, ab1) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
                let (cd0, cd1) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
                [
                    _mm256_shuffle_ps::<0x44>(ab0, cd0),
                    _mm256_shuffle_ps::<0xee>(ab0, cd0),
                    _mm256_shuffle_ps::<0x44>(ab1, cd1),
                    _mm256_shuffle_ps::<0xee>(ab1, cd1),
                ]
            };
            let (top, bottom) = (four(0), four(4));
            for p in 0..4 {
                let (t, b) = (top[p], bottom[p]);
                _mm256_storeu_ps(out(p).cast(), _mm256_permute2f128_ps::<0x20>(t, b));
                _mm256_storeu_ps(out(p + 4).cast(), _mm256_permute2f128_ps::<0x31>(t, b));
            }
        }
    }
}
