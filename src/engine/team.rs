//! Work handed to rayon's workers by a thread outside of its pool, without waiting for them to wake
//! up.
//!
//! Waking a sleeping thread takes longer than many an operation on arrays. So a worker that has
//! helped stays [about](LINGER) for a moment, and the next operation is given to it directly; and
//! whoever asked takes parts over that nobody has begun. Rayon's pool stays the only one there is: a
//! lingering worker looks for rayon's own work now and then and leaves as soon as it has found some.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::par::region;

/// How long a worker that has helped waits for more.
const LINGER: Duration = Duration::from_micros(60);
/// How long it stays in all: it may have taken this up while a job of its own waits for others.
const STAY: Duration = Duration::from_millis(5);
/// Turns of waiting between two looks at the clock and at rayon's queues.
const TURNS: usize = 64;
/// Turns that the caller waits for the others before it goes to sleep.
const SPINS: usize = 2000;
/// Workers that can linger at once.
const PLACES: usize = 64;

/// One operation in parts.
struct Task {
    /// Only called for a part below `parts`, which there is only before [`run`] returns.
    f: *const (dyn Fn(usize) + Sync),
    parts: usize,
    /// The next part that nobody has begun; never the first, which is the caller's, so that the same
    /// data meet the same caches from one operation to the next.
    next: AtomicUsize,
    /// Parts that are not done.
    left: AtomicUsize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    caller: Thread,
}

// SAFETY: `f` is `Sync`; everything else is shared as it is.
unsafe impl Send for Task {}
// SAFETY: as above.
unsafe impl Sync for Task {}

impl Task {
    /// Takes parts until all have been begun.
    fn help(&self) {
        loop {
            let part = self.next.fetch_add(1, Ordering::Relaxed);
            if part >= self.parts {
                return;
            }
            // SAFETY: it was handed out here, once.
            unsafe { self.run_part(part) };
        }
    }

    /// # Safety
    /// The part is the calling thread's alone and has not been run.
    unsafe fn run_part(&self, part: usize) {
        // SAFETY: this part is not done, so `run` has not returned and `f` lives.
        let f = unsafe { &*self.f };
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| region(|| f(part))));
        if let Err(payload) = outcome {
            let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(payload);
        }
        // Release: what the part wrote is seen by the caller, which acquires.
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.caller.unpark();
        }
    }

    fn wait(&self) {
        for _ in 0..SPINS {
            if self.left.load(Ordering::Acquire) == 0 {
                return;
            }
            std::hint::spin_loop();
        }
        while self.left.load(Ordering::Acquire) != 0 {
            thread::park();
        }
    }
}

/// Where a worker waits: null when nobody does, [`waiting`] when somebody does, or the task that it
/// was given, with a count of the `Arc`.
#[repr(align(128))]
struct Place(AtomicPtr<Task>);

static PLACE: [Place; PLACES] = [const { Place(AtomicPtr::new(ptr::null_mut())) }; PLACES];

/// A pointer that is no task.
fn waiting() -> *mut Task {
    ptr::without_provenance_mut(1)
}

/// Runs `f(part)` for each of `parts` parts, the first on this thread, which is none of a pool's; the
/// others wherever they are begun first. A panic is resumed here when all are done.
pub(super) fn run(parts: usize, f: &(dyn Fn(usize) + Sync)) {
    // SAFETY: only the lifetime changes; see the field.
    let f = unsafe {
        std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync)>(f)
    };
    let task = Arc::new(Task {
        f,
        parts,
        next: AtomicUsize::new(1),
        left: AtomicUsize::new(parts),
        panic: Mutex::new(None),
        caller: thread::current(),
    });
    let mut wanted = parts - 1;
    for place in &PLACE[..rayon::current_num_threads().min(PLACES)] {
        if wanted == 0 {
            break;
        }
        if give(place, &task) {
            wanted -= 1;
        }
    }
    for _ in 0..wanted {
        let task = Arc::clone(&task);
        rayon::spawn(move || {
            task.help();
            drop(task);
            linger();
        });
    }
    // SAFETY: `next` begins behind the first part.
    unsafe { task.run_part(0) };
    task.help();
    task.wait();
    let payload = task
        .panic
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(payload) = payload {
        panic::resume_unwind(payload);
    }
}

/// How many workers wait for a task, at most `most`.
pub(super) fn awake(most: usize) -> usize {
    let places = PLACE[..rayon::current_num_threads().min(PLACES)].iter();
    let waits = |place: &&Place| place.0.load(Ordering::Relaxed) == waiting();
    places.filter(waits).take(most).count()
}

/// Hands the task to whoever waits there.
fn give(place: &Place, task: &Arc<Task>) -> bool {
    if place.0.load(Ordering::Relaxed) != waiting() {
        return false;
    }
    let given = Arc::into_raw(Arc::clone(task)).cast_mut();
    // Release: the task is seen whole by the worker, which acquires.
    let result = place
        .0
        .compare_exchange(waiting(), given, Ordering::Release, Ordering::Relaxed);
    if result.is_err() {
        // SAFETY: the count that was made above, which nobody took.
        drop(unsafe { Arc::from_raw(given) });
    }
    result.is_ok()
}

thread_local! {
    /// Rayon may give a worker another job while it lingers, and that one asks to linger again.
    static LINGERS: Cell<bool> = const { Cell::new(false) };
}

/// Helps whoever asks, until nobody has for a while.
fn linger() {
    let Some(place) = rayon::current_thread_index().and_then(|index| PLACE.get(index)) else {
        return;
    };
    if LINGERS.replace(true) {
        return;
    }
    let begin = Instant::now();
    let mut since = begin;
    place.0.store(waiting(), Ordering::Relaxed);
    loop {
        for _ in 0..TURNS {
            if place.0.load(Ordering::Relaxed) != waiting() {
                break;
            }
            std::hint::spin_loop();
        }
        // Acquire: pairs with `give`.
        let given = place.0.swap(ptr::null_mut(), Ordering::Acquire);
        if given != waiting() {
            // SAFETY: `give` left a count of the `Arc` here for whoever takes the pointer.
            unsafe { Arc::from_raw(given) }.help();
            since = Instant::now();
            if since.duration_since(begin) > STAY {
                break;
            }
        } else if since.elapsed() > LINGER || rayon::yield_now() != Some(rayon::Yield::Idle) {
            break;
        }
        place.0.store(waiting(), Ordering::Relaxed);
    }
    LINGERS.set(false);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[test]
    fn every_part_runs_once_whoever_asks() {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..200 {
                        let parts = 2 + round % 5;
                        let runs: Vec<_> = (0..parts).map(|_| AtomicU32::new(0)).collect();
                        run(parts, &|part| {
                            runs[part].fetch_add(1, Ordering::Relaxed);
                        });
                        assert!(runs.iter().all(|n| n.load(Ordering::Relaxed) == 1));
                        if round % 50 == 0 {
                            // Long enough for workers to leave.
                            thread::sleep(4 * LINGER);
                        }
                    }
                });
            }
        });
    }

    #[test]
    fn the_first_part_is_the_callers() {
        let this = thread::current().id();
        for _ in 0..500 {
            run(2, &|part| {
                if part == 0 {
                    assert_eq!(thread::current().id(), this);
                }
            });
        }
    }

    #[test]
    fn parts_that_nobody_begins_are_the_callers() {
        // Every worker of the pool is busy until this thread has finished.
        let gate = Arc::new(AtomicU32::new(0));
        for _ in 0..rayon::current_num_threads() {
            let gate = Arc::clone(&gate);
            rayon::spawn(move || {
                while gate.load(Ordering::Acquire) == 0 {
                    thread::yield_now();
                }
            });
        }
        thread::sleep(Duration::from_millis(5));
        let done = AtomicU32::new(0);
        run(8, &|_| {
            done.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(done.load(Ordering::Relaxed), 8);
        gate.store(1, Ordering::Release);
    }

    #[test]
    fn a_panic_comes_back_when_all_parts_have_run() {
        for guilty in 0..3 {
            let runs = AtomicU32::new(0);
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
                run(3, &|part| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    assert_ne!(part, guilty, "the guilty part");
                });
            }));
            let payload = outcome.unwrap_err();
            let message = payload.downcast_ref::<String>().unwrap();
            assert!(message.contains("the guilty part"), "{message}");
            assert_eq!(runs.load(Ordering::Relaxed), 3);
        }
    }

    #[test]
    fn workers_that_linger_still_serve_rayon() {
        for _ in 0..100 {
            run(2, &|_| {});
            let (a, b) = rayon::join(|| 1, || 2);
            assert_eq!(a + b, 3);
        }
    }
}
