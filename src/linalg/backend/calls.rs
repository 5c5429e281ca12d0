//! What a test may count: calls of the system library's routines, and copies at its border.
//!
//! Compiled into tests alone. Counters belong to a thread, so that tests run side by side; a single
//! matrix is computed by calls of the thread that asks for it. Questions for the size of a workspace count
//! too.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// How often each routine was called, by its name without the type's letter, and matrices were copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::linalg) struct Calls {
    pub(in crate::linalg) routines: BTreeMap<&'static str, usize>,
    /// Copies that keep the order of elements.
    pub(in crate::linalg) straight: usize,
    /// Copies that transpose: rows become columns in memory.
    pub(in crate::linalg) transposing: usize,
}

thread_local! {
    static CALLS: RefCell<Calls> = RefCell::default();
}

/// The library's `routine` is called.
#[cfg_attr(not(orthant_lapack), allow(dead_code))]
pub(super) fn count(routine: &'static str) {
    CALLS.with_borrow_mut(|calls| *calls.routines.entry(routine).or_default() += 1);
}

/// A matrix is copied; vectors have no order to keep.
pub(super) fn count_copy(rows: usize, cols: usize, transposes: bool) {
    if rows < 2 || cols < 2 {
        return;
    }
    CALLS.with_borrow_mut(|calls| {
        if transposes {
            calls.transposing += 1;
        } else {
            calls.straight += 1;
        }
    });
}

/// What `f` calls on this thread.
#[cfg_attr(not(orthant_lapack), allow(dead_code))]
pub(in crate::linalg) fn during<R>(f: impl FnOnce() -> R) -> (R, Calls) {
    CALLS.take();
    let result = f();
    (result, CALLS.take())
}
