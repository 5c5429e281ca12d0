//! Transposes of small blocks, out of registers where the instruction set allows.
//!
//! The networks are the usual ones: perfect shuffles by interleaving halves (SSE2), and
//! interleaving within 128-bit lanes followed by moving the lanes (AVX2, AVX-512).

use std::mem::MaybeUninit;

use super::simd::Level;

/// `dst[r][c] = src[c][r]` for `r < rows`, `c < cols`: a row of `dst` is dense and `dst_row` bytes
/// from the next, a row of `src` is dense and `src_row` bytes from the next.
///
/// Returns false, having done nothing, for element sizes other than 1, 2, 4, 8 and 16.
///
/// # Safety
/// All those elements are valid, of `src` for reads, of `dst` for writes, and disjoint.
#[allow(clippy::too_many_arguments)]
pub(super) unsafe fn transpose(
    level: Level,
    size: usize,
    dst: *mut u8,
    dst_row: isize,
    src: *const u8,
    src_row: isize,
    rows: usize,
    cols: usize,
) -> bool {
    // SAFETY: the caller's contract is passed on; levels exist only after detection.
    unsafe {
        match (size, level) {
            #[cfg(target_arch = "x86_64")]
            (1, _) => tiles::<u8, 16>(x86::sse2_u8, dst, dst_row, src, src_row, rows, cols),
            #[cfg(target_arch = "x86_64")]
            (2, _) => tiles::<u16, 8>(x86::sse2_u16, dst, dst_row, src, src_row, rows, cols),
            #[cfg(target_arch = "x86_64")]
            (4, Level::Avx512) => {
                tiles::<u32, 16>(x86::avx512_u32, dst, dst_row, src, src_row, rows, cols);
            }
            #[cfg(target_arch = "x86_64")]
            (4, Level::Avx2) => {
                tiles::<u32, 8>(x86::avx2_u32, dst, dst_row, src, src_row, rows, cols);
            }
            #[cfg(target_arch = "x86_64")]
            (4, _) => tiles::<u32, 4>(x86::sse2_u32, dst, dst_row, src, src_row, rows, cols),
            #[cfg(target_arch = "x86_64")]
            (8, Level::Avx512) => {
                tiles::<u64, 8>(x86::avx512_u64, dst, dst_row, src, src_row, rows, cols);
            }
            #[cfg(target_arch = "x86_64")]
            (8, Level::Avx2) => {
                tiles::<u64, 4>(x86::avx2_u64, dst, dst_row, src, src_row, rows, cols);
            }
            #[cfg(not(target_arch = "x86_64"))]
            (1, _) => tiles::<u8, 8>(plain::<u8, 8>, dst, dst_row, src, src_row, rows, cols),
            #[cfg(not(target_arch = "x86_64"))]
            (2, _) => tiles::<u16, 8>(plain::<u16, 8>, dst, dst_row, src, src_row, rows, cols),
            #[cfg(not(target_arch = "x86_64"))]
            (4, _) => tiles::<u32, 8>(plain::<u32, 8>, dst, dst_row, src, src_row, rows, cols),
            #[cfg(not(target_arch = "x86_64"))]
            (8, _) => tiles::<u64, 8>(plain::<u64, 8>, dst, dst_row, src, src_row, rows, cols),
            #[cfg(target_arch = "x86_64")]
            (16, Level::Avx512) => {
                tiles::<[u64; 2], 4>(x86::avx512_lanes, dst, dst_row, src, src_row, rows, cols);
            }
            (16, _) => {
                let square = plain::<[u64; 2], 4>;
                tiles::<[u64; 2], 4>(square, dst, dst_row, src, src_row, rows, cols);
            }
            _ => return false,
        }
    }
    true
}

/// Transposes a square of `K × K` elements.
type Square = unsafe fn(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize);

/// Covers the block with squares, and the rest element by element.
///
/// # Safety
/// As [`transpose`], for elements of the size of `E`.
#[inline(always)]
unsafe fn tiles<E, const K: usize>(
    square: Square,
    dst: *mut u8,
    dst_row: isize,
    src: *const u8,
    src_row: isize,
    rows: usize,
    cols: usize,
) {
    let size = size_of::<E>() as isize;
    let at = |r: usize, c: usize| {
        let (r, c) = (r as isize, c as isize);
        (
            dst.wrapping_offset(r * dst_row + c * size),
            src.wrapping_offset(c * src_row + r * size),
        )
    };
    let (whole_rows, whole_cols) = (rows / K * K, cols / K * K);
    // SAFETY: every access is to an element of the block.
    unsafe {
        for r in (0..whole_rows).step_by(K) {
            for c in (0..whole_cols).step_by(K) {
                let (d, s) = at(r, c);
                square(d, dst_row, s, src_row);
            }
            for c in whole_cols..cols {
                for r in r..r + K {
                    let (d, s) = at(r, c);
                    move_one::<E>(d, s);
                }
            }
        }
        for r in whole_rows..rows {
            for c in 0..cols {
                let (d, s) = at(r, c);
                move_one::<E>(d, s);
            }
        }
    }
}

/// # Safety
/// `src` is valid for reads, `dst` for writes of an `E`; alignment does not matter.
#[inline(always)]
unsafe fn move_one<E>(dst: *mut u8, src: *const u8) {
    // SAFETY: by contract; `MaybeUninit` moves padding bytes as well.
    unsafe {
        let value = src.cast::<MaybeUninit<E>>().read_unaligned();
        dst.cast::<MaybeUninit<E>>().write_unaligned(value);
    }
}

/// A square without shuffles.
///
/// # Safety
/// As [`Square`]: `K × K` elements are valid on both sides and disjoint.
unsafe fn plain<E, const K: usize>(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize) {
    let size = size_of::<E>() as isize;
    for r in 0..K as isize {
        for c in 0..K as isize {
            // SAFETY: within the square.
            unsafe {
                move_one::<E>(
                    dst.wrapping_offset(r * dst_row + c * size),
                    src.wrapping_offset(c * src_row + r * size),
                );
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! Vector registers carry whatever bytes the elements have, padding included, and are only
    //! stored again; nothing here depends on their values.

    use std::arch::x86_64::*;

    /// Loads `$k` rows.
    macro_rules! rows {
        ($load:ident, $k:literal, $src:ident, $src_row:ident) => {{
            let mut v = [$load($src.cast()); $k];
            for (i, v) in v.iter_mut().enumerate().skip(1) {
                *v = $load($src.wrapping_offset(i as isize * $src_row).cast());
            }
            v
        }};
    }

    /// Perfect shuffles: log₂(K) rounds of interleaving row `i` with row `i + K/2`.
    macro_rules! sse2 {
        ($name:ident, $k:literal, $rounds:literal, $low:ident, $high:ident) => {
            /// # Safety
            /// The square is valid on both sides.
            pub(super) unsafe fn $name(
                dst: *mut u8,
                dst_row: isize,
                src: *const u8,
                src_row: isize,
            ) {
                // SAFETY: the accesses are the rows of the square; SSE2 is in the baseline.
                unsafe {
                    let mut v: [__m128i; $k] = rows!(_mm_loadu_si128, $k, src, src_row);
                    for _ in 0..$rounds {
                        let mut next = v;
                        for i in 0..$k / 2 {
                            next[2 * i] = $low(v[i], v[i + $k / 2]);
                            next[2 * i + 1] = $high(v[i], v[i + $k / 2]);
                        }
                        v = next;
                    }
                    for (i, v) in v.into_iter().enumerate() {
                        _mm_storeu_si128(dst.wrapping_offset(i as isize * dst_row).cast(), v);
                    }
                }
            }
        };
    }
    sse2!(sse2_u8, 16, 4, _mm_unpacklo_epi8, _mm_unpackhi_epi8);
    sse2!(sse2_u16, 8, 3, _mm_unpacklo_epi16, _mm_unpackhi_epi16);
    sse2!(sse2_u32, 4, 2, _mm_unpacklo_epi32, _mm_unpackhi_epi32);

    /// # Safety
    /// The machine has AVX2; the square is valid on both sides.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn avx2_u64(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize) {
        // SAFETY: the accesses are the rows of the square.
        unsafe {
            let v: [__m256i; 4] = rows!(_mm256_loadu_si256, 4, src, src_row);
            let t = [
                _mm256_unpacklo_epi64(v[0], v[1]),
                _mm256_unpackhi_epi64(v[0], v[1]),
                _mm256_unpacklo_epi64(v[2], v[3]),
                _mm256_unpackhi_epi64(v[2], v[3]),
            ];
            for j in 0..2 {
                let low = _mm256_permute2x128_si256::<0x20>(t[j], t[j + 2]);
                let high = _mm256_permute2x128_si256::<0x31>(t[j], t[j + 2]);
                let j = j as isize;
                _mm256_storeu_si256(dst.wrapping_offset(j * dst_row).cast(), low);
                _mm256_storeu_si256(dst.wrapping_offset((j + 2) * dst_row).cast(), high);
            }
        }
    }

    /// # Safety
    /// The machine has AVX2; the square is valid on both sides.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn avx2_u32(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize) {
        // SAFETY: the accesses are the rows of the square.
        unsafe {
            let v: [__m256i; 8] = rows!(_mm256_loadu_si256, 8, src, src_row);
            // q[g][j]: rows 4g..4g+4 of columns j (low lane) and j + 4 (high lane).
            let mut q = [[v[0]; 4]; 2];
            for g in 0..2 {
                let a = _mm256_unpacklo_epi32(v[4 * g], v[4 * g + 1]);
                let b = _mm256_unpackhi_epi32(v[4 * g], v[4 * g + 1]);
                let c = _mm256_unpacklo_epi32(v[4 * g + 2], v[4 * g + 3]);
                let d = _mm256_unpackhi_epi32(v[4 * g + 2], v[4 * g + 3]);
                q[g] = [
                    _mm256_unpacklo_epi64(a, c),
                    _mm256_unpackhi_epi64(a, c),
                    _mm256_unpacklo_epi64(b, d),
                    _mm256_unpackhi_epi64(b, d),
                ];
            }
            let [upper, lower] = q;
            for (j, (&a, &b)) in upper.iter().zip(&lower).enumerate() {
                let low = _mm256_permute2x128_si256::<0x20>(a, b);
                let high = _mm256_permute2x128_si256::<0x31>(a, b);
                let j = j as isize;
                _mm256_storeu_si256(dst.wrapping_offset(j * dst_row).cast(), low);
                _mm256_storeu_si256(dst.wrapping_offset((j + 4) * dst_row).cast(), high);
            }
        }
    }

    /// From four vectors the four whose lane `k` is lane `i` of vector `k`.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn transpose_lanes(q: [__m512i; 4]) -> [__m512i; 4] {
        let a = _mm512_shuffle_i64x2::<0x88>(q[0], q[1]);
        let b = _mm512_shuffle_i64x2::<0xdd>(q[0], q[1]);
        let c = _mm512_shuffle_i64x2::<0x88>(q[2], q[3]);
        let d = _mm512_shuffle_i64x2::<0xdd>(q[2], q[3]);
        [
            _mm512_shuffle_i64x2::<0x88>(a, c),
            _mm512_shuffle_i64x2::<0x88>(b, d),
            _mm512_shuffle_i64x2::<0xdd>(a, c),
            _mm512_shuffle_i64x2::<0xdd>(b, d),
        ]
    }

    /// # Safety
    /// The machine has AVX-512F; the square, of 16-byte elements, is valid on both sides.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_lanes(
        dst: *mut u8,
        dst_row: isize,
        src: *const u8,
        src_row: isize,
    ) {
        // SAFETY: the accesses are the rows of the square.
        unsafe {
            let v: [__m512i; 4] = rows!(_mm512_loadu_si512, 4, src, src_row);
            for (i, v) in transpose_lanes(v).into_iter().enumerate() {
                _mm512_storeu_si512(dst.wrapping_offset(i as isize * dst_row).cast(), v);
            }
        }
    }

    /// # Safety
    /// The machine has AVX-512F; the square is valid on both sides.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_u64(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize) {
        // SAFETY: the accesses are the rows of the square.
        unsafe {
            let v: [__m512i; 8] = rows!(_mm512_loadu_si512, 8, src, src_row);
            let mut even = [v[0]; 4];
            let mut odd = [v[0]; 4];
            for g in 0..4 {
                even[g] = _mm512_unpacklo_epi64(v[2 * g], v[2 * g + 1]);
                odd[g] = _mm512_unpackhi_epi64(v[2 * g], v[2 * g + 1]);
            }
            let (even, odd) = (transpose_lanes(even), transpose_lanes(odd));
            for k in 0..4 {
                let row = 2 * k as isize;
                _mm512_storeu_si512(dst.wrapping_offset(row * dst_row).cast(), even[k]);
                _mm512_storeu_si512(dst.wrapping_offset((row + 1) * dst_row).cast(), odd[k]);
            }
        }
    }

    /// # Safety
    /// The machine has AVX-512F; the square is valid on both sides.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_u32(dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize) {
        // SAFETY: the accesses are the rows of the square.
        unsafe {
            let v: [__m512i; 16] = rows!(_mm512_loadu_si512, 16, src, src_row);
            // q[j][g]: lane k holds rows 4g..4g+4 of column 4k + j.
            let mut q = [[v[0]; 4]; 4];
            for g in 0..4 {
                let a = _mm512_unpacklo_epi32(v[4 * g], v[4 * g + 1]);
                let b = _mm512_unpackhi_epi32(v[4 * g], v[4 * g + 1]);
                let c = _mm512_unpacklo_epi32(v[4 * g + 2], v[4 * g + 3]);
                let d = _mm512_unpackhi_epi32(v[4 * g + 2], v[4 * g + 3]);
                q[0][g] = _mm512_unpacklo_epi64(a, c);
                q[1][g] = _mm512_unpackhi_epi64(a, c);
                q[2][g] = _mm512_unpacklo_epi64(b, d);
                q[3][g] = _mm512_unpackhi_epi64(b, d);
            }
            for (j, q) in q.into_iter().enumerate() {
                for (k, v) in transpose_lanes(q).into_iter().enumerate() {
                    let row = (4 * k + j) as isize;
                    _mm512_storeu_si512(dst.wrapping_offset(row * dst_row).cast(), v);
                }
            }
        }
    }
}
