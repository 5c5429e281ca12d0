//! The cursor under most iterators: pointers to all positions of a layout, from both ends.

use std::ptr::NonNull;

use crate::array::create::advance;
use crate::array::dimension::Dimension;
use crate::array::layout::Layout;

/// Walks pointers to all positions of a layout in row-major order: the last axis in a run, the
/// others by counting. A C-contiguous layout is a single run.
///
/// What is left is, in order: the run at the front, `rest` positions in whole runs, the run at the
/// back. All that taking from the front needs is inlined: a single call that got hold of the cursor
/// would keep it out of registers in the caller's loop (measured: 1.1 to 1.9 times slower).
pub(super) struct Walk<T, D: Dimension> {
    /// The next position, while `run > 0`.
    next: NonNull<T>,
    /// Positions left in the run at the front.
    run: usize,
    /// The stride in every run.
    stride: isize,
    tail: Tail<T, D>,
}

/// All but the run at the front.
struct Tail<T, D: Dimension> {
    /// Positions in whole runs between front and back.
    rest: usize,
    /// The first position of the layout.
    base: NonNull<T>,
    layout: Layout<D>,
    /// The index of the run at the front while `rest > 0`; its last entry stays 0.
    index: D::Index,
    /// The first position that is left of the run at the back.
    back: NonNull<T>,
    /// Positions left in the run at the back.
    back_run: usize,
}

impl<T, D: Dimension> Tail<T, D> {
    #[inline(always)]
    fn row(&self) -> usize {
        self.layout.shape()[self.layout.ndim() - 1]
    }

    fn counted(&self) -> &[usize] {
        &self.layout.shape()[..self.layout.ndim() - 1]
    }

    /// The number of the run at the front.
    fn number(&self) -> usize {
        let counted = self.counted();
        ravel(&self.index.as_ref()[..counted.len()], counted)
    }

    #[inline(always)]
    fn at(&self, index: &D::Index) -> NonNull<T> {
        // SAFETY: invariant 2: the index is in bounds of the layout, whose positions lie in one
        // allocation (or all at `base`).
        unsafe { self.base.offset(self.layout.offset(index.as_ref())) }
    }

    fn index_of(&self, number: usize) -> D::Index {
        let mut index = D::zeroed_index(self.layout.ndim());
        let counted = self.counted();
        unravel(number, counted, &mut index.as_mut()[..counted.len()]);
        index
    }

    /// The next run for the front, if anything is left.
    #[inline(always)]
    fn first_run(&mut self) -> Option<(NonNull<T>, usize)> {
        if self.rest == 0 {
            let run = std::mem::take(&mut self.back_run);
            return (run > 0).then_some((self.back, run));
        }
        let row = self.row();
        let outer = self.layout.ndim() - 1;
        advance(
            &mut self.index.as_mut()[..outer],
            &self.layout.shape()[..outer],
        );
        self.rest -= row;
        Some((self.at(&self.index), row))
    }

    /// Moves the last whole run to the back; there is one.
    #[inline(never)]
    fn last_run(&mut self) {
        let row = self.row();
        self.back = self.at(&self.index_of(self.number() + self.rest / row));
        self.back_run = row;
        self.rest -= row;
    }
}

impl<T, D: Dimension> Walk<T, D> {
    /// All positions that `layout` reaches from `base`: in one allocation, or, with all strides 0,
    /// `base` itself every time.
    pub(super) fn new(base: NonNull<T>, layout: Layout<D>) -> Self {
        let len = layout.len();
        let (run, stride) = if layout.is_c() {
            (len, 1)
        } else {
            let ndim = layout.ndim();
            // Not C-contiguous: there is a last axis, and no axis is empty.
            (layout.shape()[ndim - 1], layout.strides()[ndim - 1])
        };
        Walk {
            next: base,
            run,
            stride,
            tail: Tail {
                rest: len - run,
                base,
                layout,
                index: D::zeroed_index(layout.ndim()),
                back: base,
                back_run: 0,
            },
        }
    }

    pub(super) fn shape(&self) -> &[usize] {
        self.tail.layout.shape()
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.run + self.tail.rest + self.tail.back_run
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<NonNull<T>> {
        if self.run == 0 {
            let (first, run) = self.tail.first_run()?;
            (self.next, self.run) = (first, run);
        }
        self.run -= 1;
        let here = self.next;
        if self.run > 0 {
            // SAFETY: invariant 2: the run has another position `stride` away.
            self.next = unsafe { here.offset(self.stride) };
        }
        Some(here)
    }

    #[inline(always)]
    pub(super) fn next_back(&mut self) -> Option<NonNull<T>> {
        if self.tail.back_run == 0 {
            if self.tail.rest == 0 {
                self.run = self.run.checked_sub(1)?;
                // SAFETY: invariant 2: the run had a position `run` steps on.
                return Some(unsafe { position(self.next, self.run, self.stride) });
            }
            self.tail.last_run();
        }
        self.tail.back_run -= 1;
        // SAFETY: as above, of the run at the back.
        Some(unsafe { position(self.tail.back, self.tail.back_run, self.stride) })
    }

    /// Drops `n` positions at the front, or all.
    pub(super) fn skip(&mut self, n: usize) {
        if n < self.run {
            // SAFETY: the run has more than `n` positions.
            self.next = unsafe { position(self.next, n, self.stride) };
            self.run -= n;
            return;
        }
        let n = n - self.run;
        self.run = 0;
        let tail = &mut self.tail;
        if n < tail.rest {
            let row = tail.row();
            let (runs, within) = (n / row, n % row);
            tail.index = tail.index_of(tail.number() + 1 + runs);
            tail.rest -= (runs + 1) * row;
            // SAFETY: `within` is less than the length of a run.
            self.next = unsafe { position(tail.at(&tail.index), within, self.stride) };
            self.run = row - within;
            return;
        }
        let n = n - tail.rest;
        tail.rest = 0;
        if n < tail.back_run {
            // SAFETY: as above, of the run at the back.
            self.next = unsafe { position(tail.back, n, self.stride) };
            self.run = tail.back_run - n;
        }
        tail.back_run = 0;
    }

    /// Drops `n` positions at the back, or all.
    pub(super) fn skip_back(&mut self, n: usize) {
        let tail = &mut self.tail;
        if n < tail.back_run {
            tail.back_run -= n;
            return;
        }
        let n = n - tail.back_run;
        tail.back_run = 0;
        if n < tail.rest {
            let row = tail.row();
            let (runs, within) = (n / row, n % row);
            tail.rest -= runs * row;
            if within > 0 {
                tail.last_run();
                tail.back_run -= within;
            }
            return;
        }
        let n = n - tail.rest;
        tail.rest = 0;
        self.run = self.run.saturating_sub(n);
    }

    /// The first `at` positions that are left, and the others.
    #[cfg(feature = "rayon")]
    pub(super) fn split_at(self, at: usize) -> (Self, Self) {
        let (mut head, mut tail) = (self.clone(), self);
        head.skip_back(head.len() - at);
        tail.skip(at);
        (head, tail)
    }

    /// Calls `f` for all that are left.
    #[inline(always)]
    pub(super) fn fold<B>(mut self, init: B, mut f: impl FnMut(B, NonNull<T>) -> B) -> B {
        let mut acc = init;
        loop {
            // A constant stride lets loops over dense runs vectorise.
            if self.stride == 1 {
                for i in 0..self.run {
                    // SAFETY: invariant 2: the run has `run` positions.
                    acc = f(acc, unsafe { position(self.next, i, 1) });
                }
            } else {
                for i in 0..self.run {
                    // SAFETY: as above.
                    acc = f(acc, unsafe { position(self.next, i, self.stride) });
                }
            }
            match self.tail.first_run() {
                Some((first, run)) => (self.next, self.run) = (first, run),
                None => return acc,
            }
        }
    }

    /// Calls `f` for all that are left, the last first.
    #[inline(always)]
    pub(super) fn rfold<B>(mut self, init: B, mut f: impl FnMut(B, NonNull<T>) -> B) -> B {
        let mut acc = init;
        loop {
            if self.tail.back_run == 0 && self.tail.rest > 0 {
                self.tail.last_run();
            }
            let (first, run) = match std::mem::take(&mut self.tail.back_run) {
                0 => (self.next, std::mem::take(&mut self.run)),
                run => (self.tail.back, run),
            };
            if run == 0 {
                return acc;
            }
            for i in (0..run).rev() {
                // SAFETY: invariant 2: the run has `run` positions.
                acc = f(acc, unsafe { position(first, i, self.stride) });
            }
        }
    }
}

impl<T, D: Dimension> Clone for Walk<T, D> {
    #[inline]
    fn clone(&self) -> Self {
        Walk {
            tail: Tail { ..self.tail },
            ..*self
        }
    }
}

/// Position `i` of a run.
///
/// # Safety
/// The run starts at `first` and has more than `i` positions.
#[inline(always)]
unsafe fn position<T>(first: NonNull<T>, i: usize, stride: isize) -> NonNull<T> {
    // SAFETY: the caller's promise and invariant 2: both ends of the step lie in one allocation, or
    // the step is 0.
    unsafe { first.offset(i as isize * stride) }
}

/// The row-major number of an index.
pub(super) fn ravel(index: &[usize], shape: &[usize]) -> usize {
    index.iter().zip(shape).fold(0, |at, (&i, &n)| at * n + i)
}

/// The index with a row-major number; no extent is 0.
pub(super) fn unravel(number: usize, shape: &[usize], index: &mut [usize]) {
    let mut number = number;
    for (axis, (i, &n)) in index.iter_mut().zip(shape).enumerate().rev() {
        (*i, number) = if axis == 0 {
            (number, 0)
        } else {
            (number % n, number / n)
        };
    }
}
