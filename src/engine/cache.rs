//! The sizes of the machine's caches.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of a cache line.
pub(crate) const LINE: usize = 64;

/// Asks for the line at an address, which need not be one of ours, to be read into the first-level cache.
#[inline(always)]
pub(crate) fn prefetch(at: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint, which never faults.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// Bytes of one core's second-level cache; 512 KiB where the machine does not say.
#[inline]
pub(crate) fn second_level() -> usize {
    static CACHED: AtomicUsize = AtomicUsize::new(0);
    size(&CACHED, 2, 512 << 10)
}

/// Bytes of the third-level cache that a core shares with its neighbours; 32 MiB where the machine
/// does not say.
#[inline]
pub(crate) fn third_level() -> usize {
    static CACHED: AtomicUsize = AtomicUsize::new(0);
    size(&CACHED, 3, 32 << 20)
}

#[inline]
fn size(cached: &AtomicUsize, level: u32, otherwise: usize) -> usize {
    match cached.load(Ordering::Relaxed) {
        0 => {
            let bytes = detect(level).unwrap_or(otherwise);
            cached.store(bytes, Ordering::Relaxed);
            bytes
        }
        bytes => bytes,
    }
}

/// Deterministic cache parameters: CPUID leaf 4 (Intel SDM vol. 2A), or 8000_001D, which AMD gave the
/// same layout (AMD APM vol. 3, appendix E).
#[cfg(target_arch = "x86_64")]
#[allow(unused_unsafe)] // newer toolchains call CPUID safe
fn detect(level: u32) -> Option<usize> {
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    // SAFETY: every x86-64 processor has CPUID, and leaves up to the maxima it reports.
    let (most, most_extended) = unsafe { (__cpuid(0).eax, __cpuid(0x8000_0000).eax) };
    let leaves = [(4, most), (0x8000_001d, most_extended)];
    for (leaf, most) in leaves {
        if leaf > most {
            continue;
        }
        for index in 0..8 {
            // SAFETY: as above.
            let info = unsafe { __cpuid_count(leaf, index) };
            let (kind, cache_level) = (info.eax & 0x1f, (info.eax >> 5) & 7);
            if kind == 0 {
                break;
            }
            // Data or unified.
            if cache_level == level && kind != 2 {
                let field =
                    |shift: u32, bits: u32| ((info.ebx >> shift) & ((1 << bits) - 1)) as usize + 1;
                let bytes = field(0, 12) * field(12, 10) * field(22, 10) * (info.ecx as usize + 1);
                return Some(bytes);
            }
        }
    }
    None
}

#[cfg(not(target_arch = "x86_64"))]
fn detect(_: u32) -> Option<usize> {
    None
}

#[test]
fn plausible() {
    let bytes = second_level();
    assert!((64 << 10..=64 << 20).contains(&bytes), "{bytes}");
    let bytes = third_level();
    assert!((1 << 20..=2 << 30).contains(&bytes), "{bytes}");
}
