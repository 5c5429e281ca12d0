//! How many threads an operation may use, and the one way work is split over them.
//!
//! Rayon's global pool is used and never resized. The caller takes the first range itself, inside
//! `rayon::in_place_scope` if it is one of rayon's workers, and otherwise with the others as a
//! [team](super::team). A thread-local marks orthant's own parallel regions: inside one,
//! everything is sequential.

use std::cell::Cell;
use std::ops::Range;
#[cfg(feature = "rayon")]
use std::sync::OnceLock;

/// A pointer to plain elements that parts read, or write to in ranges of their own.
pub(super) struct SendPtr<T>(pub(super) *mut T);
// SAFETY: see above.
unsafe impl<T> Sync for SendPtr<T> {}

thread_local! {
    static IN_REGION: Cell<bool> = const { Cell::new(false) };
    static CAP: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Threads that an operation started on this thread may use: 1 inside one of orthant's own
/// parallel regions and without the `rayon` feature.
#[inline]
pub(crate) fn threads() -> usize {
    #[cfg(not(feature = "rayon"))]
    {
        1
    }
    #[cfg(feature = "rayon")]
    {
        if IN_REGION.get() {
            return 1;
        }
        CAP.get()
            .min(process_cap())
            .min(rayon::current_num_threads())
            .max(1)
    }
}

/// How many workers, at most `most`, wait for work of this thread and need not be woken.
#[inline]
pub(super) fn awake(most: usize) -> usize {
    #[cfg(not(feature = "rayon"))]
    {
        let _ = most;
        0
    }
    #[cfg(feature = "rayon")]
    {
        if most == 0 || rayon::current_thread_index().is_some() {
            return 0;
        }
        super::team::awake(most)
    }
}

#[cfg(feature = "rayon")]
fn process_cap() -> usize {
    static PROCESS: OnceLock<usize> = OnceLock::new();
    *PROCESS.get_or_init(|| match std::env::var("ORTHANT_NUM_THREADS") {
        Err(_) => usize::MAX,
        Ok(text) if text.is_empty() => usize::MAX,
        Ok(text) => match text.parse() {
            Ok(n) if n > 0 => n,
            _ => panic!("ORTHANT_NUM_THREADS={text}: expected a positive integer"),
        },
    })
}

/// Whether this thread works for somebody else's rayon job, where spin barriers may deadlock.
#[cfg_attr(not(orthant_backend), allow(dead_code))]
pub(crate) fn in_foreign_worker() -> bool {
    #[cfg(feature = "rayon")]
    {
        !IN_REGION.get() && rayon::current_thread_index().is_some()
    }
    #[cfg(not(feature = "rayon"))]
    {
        false
    }
}

/// Runs `f` with at most `n` threads (at least one) for every operation it starts on this thread.
///
/// The cap nests (the smaller one holds), is restored when `f` returns or panics, and combines
/// with the environment variable `ORTHANT_NUM_THREADS` and the size of rayon's global pool.
///
/// ```
/// use orthant::prelude::*;
///
/// let x = Array2::<f64>::ones([512, 512]);
/// let y = orthant::with_threads(1, || &x + &x);
/// assert_eq!(y[[3, 4]], 2.0);
/// ```
pub fn with_threads<R>(n: usize, f: impl FnOnce() -> R) -> R {
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            CAP.set(self.0);
        }
    }
    let before = CAP.get();
    let _restore = Restore(before);
    CAP.set(before.min(n.max(1)));
    f()
}

/// Runs `f` marked as one of orthant's own parallel regions: whatever it starts is sequential.
#[cfg(feature = "rayon")]
pub(crate) fn region<R>(f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IN_REGION.set(self.0);
        }
    }
    let _restore = Restore(IN_REGION.replace(true));
    f()
}

/// Splits `0..n` into at most `threads` ranges whose starts are multiples of `granule`, a fixed
/// function of its arguments, and runs `f(part, range)` for each, the first on the calling thread.
///
/// Returns when all are done; a panic in any of them is resumed here after the others ended.
/// Different parts may run one after the other on one thread.
pub(crate) fn for_ranges(
    n: usize,
    granule: usize,
    threads: usize,
    f: impl Fn(usize, Range<usize>) + Sync,
) {
    let granule = granule.max(1);
    let blocks = n.div_ceil(granule);
    let parts = threads.min(blocks).max(1);
    if parts == 1 {
        return f(0, 0..n);
    }
    #[cfg(feature = "rayon")]
    {
        let range = |part: usize| {
            let start = blocks * part / parts * granule;
            let end = (blocks * (part + 1) / parts * granule).min(n);
            start..end
        };
        if rayon::current_thread_index().is_none() {
            return super::team::run(parts, &|part| f(part, range(part)));
        }
        // A worker of a pool takes other work while it waits.
        let f = &f;
        rayon::in_place_scope(|scope| {
            for part in 1..parts {
                let range = range(part);
                scope.spawn(move |_| region(|| f(part, range)));
            }
            region(|| f(0, range(0)));
        });
    }
    #[cfg(not(feature = "rayon"))]
    f(0, 0..n)
}
