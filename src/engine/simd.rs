//! Which instruction set a loop is compiled for, and the trampolines that get it there.
//!
//! Every kernel is one `#[inline(always)]` definition. [`simd_dispatch!`] wraps it in three
//! functions that differ only in `#[target_feature]`, so that LLVM vectorises the same code for
//! baseline x86-64 (SSE2), AVX2+FMA and AVX-512. The level is read once per array operation.

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction-set level that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Level {
    /// What the target guarantees (SSE2 on x86-64, NEON on AArch64).
    Baseline = 1,
    /// AVX2 with FMA.
    Avx2 = 2,
    /// AVX-512 F, BW, CD, DQ and VL with FMA.
    Avx512 = 3,
}

impl Level {
    /// The name that `ORTHANT_SIMD` takes and `show_config` prints.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Baseline => "baseline",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }
}

static CACHED: AtomicU8 = AtomicU8::new(0);

thread_local! {
    static FORCED: Cell<Option<Level>> = const { Cell::new(None) };
}

/// The best level that this machine can run.
pub(crate) fn detected() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl");
        match (avx2, avx512) {
            (true, true) => return Level::Avx512,
            (true, false) => return Level::Avx2,
            _ => {}
        }
    }
    Level::Baseline
}

/// The level that loops started on this thread use.
///
/// `ORTHANT_SIMD=baseline|avx2|avx512` lowers it for the whole process; asking for more than the
/// machine has, or for an unknown name, panics at first use.
#[inline]
pub(crate) fn level() -> Level {
    if let Some(level) = FORCED.get() {
        return level;
    }
    match CACHED.load(Ordering::Relaxed) {
        1 => Level::Baseline,
        2 => Level::Avx2,
        3 => Level::Avx512,
        _ => initialise(),
    }
}

#[cold]
fn initialise() -> Level {
    let best = detected();
    let level = match std::env::var("ORTHANT_SIMD") {
        Err(_) => best,
        Ok(name) => {
            let wanted = match name.as_str() {
                "" => best,
                "baseline" => Level::Baseline,
                "avx2" => Level::Avx2,
                "avx512" => Level::Avx512,
                other => panic!("ORTHANT_SIMD={other}: expected baseline, avx2 or avx512"),
            };
            assert!(
                wanted <= best,
                "ORTHANT_SIMD={name}: this machine reaches {} only",
                best.name()
            );
            wanted
        }
    };
    CACHED.store(level as u8, Ordering::Relaxed);
    level
}

/// Runs `f` with this thread's level forced to `level` (at most what the machine has).
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) fn with_level<R>(level: Level, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<Level>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORCED.set(self.0);
        }
    }
    assert!(level <= detected(), "{level:?} is not available here");
    let _restore = Restore(FORCED.replace(Some(level)));
    f()
}

/// The levels that this machine can run, lowest first.
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) fn available() -> &'static [Level] {
    match detected() {
        Level::Baseline => &[Level::Baseline],
        Level::Avx2 => &[Level::Baseline, Level::Avx2],
        Level::Avx512 => &[Level::Baseline, Level::Avx2, Level::Avx512],
    }
}

/// Defines `fn name(level, args…)` that runs an `#[inline(always)]` body compiled for `level`.
///
/// ```text
/// simd_dispatch! {
///     /// Adds.
///     pub(crate) unsafe fn add_f64(n: usize, a: *const f64, b: *const f64, out: *mut f64) = add_body
/// }
/// ```
/// makes `unsafe fn add_f64(level: Level, n, a, b, out)`; `add_body` (or `body::<T, F>`) is the
/// inlined definition with the same parameters. Generic parameters go in square brackets after the
/// name: `fn map[T: Copy, F: Fn(T) -> T](n: usize, …)`.
///
/// After `; old =` another body may follow, for x86-64 processors without AVX2, which are from before 2013 or emulated:
/// it has the same results and is short rather than fast.
macro_rules! simd_dispatch {
    (
        $(#[$meta:meta])*
        $vis:vis unsafe fn $name:ident $([$($generics:tt)*])? ($($arg:ident : $ty:ty),* $(,)?) $(-> $ret:ty)? = $body:expr
    ) => {
        $crate::engine::simd::simd_dispatch! {
            $(#[$meta])*
            $vis unsafe fn $name $([$($generics)*])? ($($arg: $ty),*) $(-> $ret)? = $body; old = $body
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis unsafe fn $name:ident $([$($generics:tt)*])? ($($arg:ident : $ty:ty),* $(,)?) $(-> $ret:ty)? = $body:expr;
        old = $old:expr
    ) => {
        $(#[$meta])*
        #[inline]
        #[allow(clippy::too_many_arguments)]
        $vis unsafe fn $name $(<$($generics)*>)? (level: $crate::engine::simd::Level, $($arg: $ty),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                #[allow(clippy::too_many_arguments)]
                unsafe fn avx2 $(<$($generics)*>)? ($($arg: $ty),*) $(-> $ret)? {
                    // SAFETY: the caller's contract is the body's.
                    unsafe { $body($($arg),*) }
                }
                #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                #[allow(clippy::too_many_arguments)]
                unsafe fn avx512 $(<$($generics)*>)? ($($arg: $ty),*) $(-> $ret)? {
                    // SAFETY: the caller's contract is the body's.
                    unsafe { $body($($arg),*) }
                }
                match level {
                    // SAFETY: `Level` values above `Baseline` exist only after detection.
                    $crate::engine::simd::Level::Avx512 => unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::engine::simd::Level::Avx2 => unsafe { avx2($($arg),*) },
                    // SAFETY: the caller's contract is the body's.
                    $crate::engine::simd::Level::Baseline => unsafe { $old($($arg),*) },
                }
            }
            #[cfg(not(target_arch = "x86_64"))]
            {
                let _ = level;
                // SAFETY: the caller's contract is the body's.
                unsafe { $body($($arg),*) }
            }
        }
    };
}
pub(crate) use simd_dispatch;

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests that loop over [`available`] cover less on lesser machines; here they say how much. (Written
    /// past the harness, which would swallow it.)
    #[test]
    fn levels_that_tests_cover() {
        use std::io::Write;
        let all = [Level::Baseline, Level::Avx2, Level::Avx512];
        let covered = available();
        assert!(all.starts_with(covered) && covered.last() == Some(&detected()));
        let names = |levels: &[Level]| {
            let names: Vec<_> = levels.iter().map(|l| l.name()).collect();
            names.join(", ")
        };
        let missing = &all[covered.len()..];
        let mut text = format!("\nSIMD levels under test: {}", names(covered));
        if !missing.is_empty() {
            text += &format!("; NOT on this processor: {}", names(missing));
        }
        writeln!(std::io::stderr(), "{text}").expect("standard error");
    }
}
