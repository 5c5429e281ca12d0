//! How many threads the system library may use, for as long as a guard lives.
//!
//! OpenBLAS has one number for the whole process, so guards are counted: while any lives, the
//! smallest limit asked for holds, and the last one to go restores what was there before the first.
//! A limit never raises what the user configured (`OPENBLAS_NUM_THREADS`).

use std::ffi::c_int;
use std::sync::{Mutex, PoisonError};

use super::vendor::{Threading, vendor};

/// Lifts its limit when dropped, also by a panic.
#[must_use]
pub(crate) struct Limit(Undo);

enum Undo {
    Nothing,
    Local { before: c_int },
    Global { limit: c_int },
}

/// The limits of the living guards, and the number that held before the first of them.
struct Limits {
    before: c_int,
    living: Vec<c_int>,
}

static LIMITS: Mutex<Limits> = Mutex::new(Limits {
    before: 0,
    living: Vec::new(),
});

impl Limits {
    /// The number of threads to set after a limit was added; `current` is the number now.
    fn add(&mut self, limit: c_int, current: c_int) -> c_int {
        if self.living.is_empty() {
            self.before = current;
        }
        self.living.push(limit);
        self.effective()
    }

    /// The number of threads to set after a limit was removed.
    fn remove(&mut self, limit: c_int) -> c_int {
        let at = self.living.iter().position(|&living| living == limit);
        self.living.swap_remove(at.expect("every guard was added"));
        self.effective()
    }

    fn effective(&self) -> c_int {
        self.living.iter().copied().fold(self.before, c_int::min)
    }
}

/// At most `n` threads for calls to the library while the guard lives.
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
            let mut limits = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
            // SAFETY: the call reads a number.
            let current = unsafe { get() };
            let wanted = limits.add(n, current);
            if wanted != current {
                // SAFETY: positive and at most what the library started with, so no pool grows.
                unsafe { set(wanted) };
            }
            Limit(Undo::Global { limit: n })
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
            (&Undo::Global { limit }, Threading::Global { set, get }) => {
                let mut limits = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
                let wanted = limits.remove(limit);
                // SAFETY: the calls read a number and set one that held before.
                unsafe {
                    if get() != wanted {
                        set(wanted);
                    }
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
    fn the_smallest_limit_holds_and_the_last_guard_restores() {
        let mut limits = Limits {
            before: 0,
            living: Vec::new(),
        };
        assert_eq!(limits.add(4, 8), 4);
        assert_eq!(limits.add(1, 4), 1);
        assert_eq!(limits.add(2, 1), 1);
        assert_eq!(limits.remove(1), 2);
        assert_eq!(limits.remove(4), 2);
        assert_eq!(limits.remove(2), 8);
        assert_eq!(limits.add(100, 8), 8);
        assert_eq!(limits.remove(100), 8);
    }
}
