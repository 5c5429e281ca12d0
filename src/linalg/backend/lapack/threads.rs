//! How many threads the system library may use, for as long as a guard lives.
//!
//! OpenBLAS has one number for the whole process, and changing it while another thread is inside the
//! library corrupts that thread's call. Every call holds a guard, so guards are counted: the first
//! sets the number, those that come while it lives join it as it is, the last one to go restores
//! what was there before. Threads with small stacks compute alone. A limit never raises what the user configured (`OPENBLAS_NUM_THREADS`).

use std::ffi::c_int;
use std::sync::{Condvar, Mutex, PoisonError};

use super::vendor::{Threading, vendor};

/// Lifts its limit when dropped, also by a panic.
#[must_use]
pub(crate) struct Limit(Undo);

enum Undo {
    Nothing,
    Local { before: c_int },
    Global,
}

/// The living guards, the number that the first of them set, and the one that held before it.
struct Limits {
    before: c_int,
    held: c_int,
    living: usize,
}

static LIMITS: Mutex<Limits> = Mutex::new(Limits {
    before: 0,
    held: 0,
    living: 0,
});

/// Told when the last guard has gone.
static FREE: Condvar = Condvar::new();

/// Stack that a threaded call of OpenBLAS may need: its factorisations keep descriptions of the work of
/// each possible thread there, about 2 MiB where it was built for 128.
const ROOM: usize = 6 << 20;

/// Whether this thread's stack is too small for threaded calls (threads of Rust have 2 MiB).
fn small_stack() -> bool {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        use std::cell::Cell;
        use std::mem::MaybeUninit;
        thread_local! {
            static SMALL: Cell<Option<bool>> = const { Cell::new(None) };
        }
        SMALL.get().unwrap_or_else(|| {
            let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
            let (mut start, mut size) = (std::ptr::null_mut(), 0);
            // SAFETY: the attributes are initialised by the first call where it succeeds, read by the
            // second, and destroyed.
            let known = unsafe {
                libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) == 0 && {
                    let read =
                        libc::pthread_attr_getstack(attributes.as_ptr(), &mut start, &mut size);
                    libc::pthread_attr_destroy(attributes.as_mut_ptr());
                    read == 0
                }
            };
            let small = known && size < ROOM;
            SMALL.set(Some(small));
            small
        })
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    {
        false
    }
}

impl Limits {
    /// The number of threads to set after a guard was added; `current` is the number now.
    fn add(&mut self, limit: c_int, current: c_int) -> c_int {
        if self.living == 0 {
            self.before = current;
            self.held = limit.min(current);
        }
        self.living += 1;
        self.held
    }

    /// The number of threads to set after a guard was removed.
    fn remove(&mut self) -> c_int {
        self.living -= 1;
        if self.living == 0 {
            self.before
        } else {
            self.held
        }
    }
}

/// Rows and columns below which OpenBLAS is faster on one thread than on two [0.3.21 on Zen 4, 100 rows, µs on one
/// thread and on two: solve 60 and 107, Cholesky 37 and 64, QR 258 and 425, eigh 628 and 998; 300 rows: 1180 and 900,
/// 740 and 450, 4040 and 3470, 8600 and 7200].
const SHARED_FROM: usize = 160;

/// [`limit`] for one matrix whose longer side is `most`.
pub(crate) fn limit_for(most: usize, n: usize) -> Limit {
    let alone = most < SHARED_FROM && matches!(vendor().threading, Threading::Global { .. });
    limit(if alone { 1 } else { n })
}

/// At most `n` threads for calls to the library while the guard lives, unless others hold it at more.
///
/// A batch takes one `limit(1)` around all its matrices; the guards of the single calls then cost a
/// lock and no change.
pub(crate) fn limit(n: usize) -> Limit {
    let n = c_int::try_from(n).unwrap_or(c_int::MAX).max(1);
    match vendor().threading {
        Threading::Unknown => Limit(Undo::Nothing),
        Threading::Local(set) => {
            // SAFETY: a positive number of threads; the call is thread-local.
            let before = unsafe { set(n) };
            Limit(Undo::Local { before })
        }
        Threading::Global { set, get } => {
            let small = small_stack();
            let n = if small { 1 } else { n };
            let mut limits = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
            // Guards that hold more are of single calls, which end by themselves; this thread has
            // none of them, since it never asks for more than one.
            while small && limits.living > 0 && limits.held > 1 {
                limits = FREE.wait(limits).unwrap_or_else(PoisonError::into_inner);
            }
            // SAFETY: the call reads a number.
            let current = unsafe { get() };
            let wanted = limits.add(n, current);
            if wanted != current {
                // SAFETY: positive and at most what the library started with, so no pool grows.
                unsafe { set(wanted) };
            }
            Limit(Undo::Global)
        }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        match (&self.0, vendor().threading) {
            (&Undo::Local { before }, Threading::Local(set)) => {
                // SAFETY: what the library itself returned.
                unsafe { set(before) };
            }
            (&Undo::Global, Threading::Global { set, get }) => {
                let mut limits = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
                let wanted = limits.remove();
                // SAFETY: the calls read a number and set one that held before.
                unsafe {
                    if get() != wanted {
                        set(wanted);
                    }
                }
                if limits.living == 0 {
                    FREE.notify_all();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_guard_sets_and_the_last_restores() {
        let mut limits = Limits {
            before: 0,
            held: 0,
            living: 0,
        };
        assert_eq!(limits.add(4, 8), 4);
        assert_eq!(limits.add(1, 4), 4, "not while the first may be computing");
        assert_eq!(limits.remove(), 4);
        assert_eq!(limits.add(2, 4), 4);
        assert_eq!(limits.remove(), 4);
        assert_eq!(limits.remove(), 8);
        assert_eq!(limits.add(100, 8), 8);
        assert_eq!(limits.remove(), 8);
    }
}
