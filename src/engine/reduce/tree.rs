//! Partial results, merged two by two in an order that depends on their number alone.

use std::mem::MaybeUninit;

use super::ReduceKernel;

/// Bytes of partial results of one thread.
pub(super) const SCRATCH: usize = 64 << 10;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line(#[allow(dead_code)] [u8; 64]);

/// Memory for partial results: on the stack, unless states are huge.
pub(super) struct Scratch {
    inline: MaybeUninit<[Line; SCRATCH / 64]>,
    heap: Vec<MaybeUninit<Line>>,
}

impl Scratch {
    #[inline(always)]
    pub(super) fn new(bytes: usize) -> Self {
        let mut heap = Vec::new();
        if bytes > SCRATCH {
            heap.resize(bytes.div_ceil(64), MaybeUninit::uninit());
        }
        Scratch {
            inline: MaybeUninit::uninit(),
            heap,
        }
    }

    #[inline(always)]
    pub(super) fn ptr(&mut self) -> *mut u8 {
        if self.heap.is_empty() {
            self.inline.as_mut_ptr().cast()
        } else {
            self.heap.as_mut_ptr().cast()
        }
    }
}

/// Slots that a tree over `leaves` partial results needs.
#[inline]
pub(super) fn slots(leaves: usize) -> usize {
    (usize::BITS - leaves.leading_zeros()) as usize + 1
}

/// The binary tree over a sequence of partial results: leaf `i` is merged with leaf `i + 1` for
/// even `i`, and so on upwards; what has no partner goes up by itself. A power of two of leaves
/// that starts at a multiple of itself is a subtree, whoever computes it.
pub(super) struct Tree<'a> {
    kernel: &'a dyn ReduceKernel,
    /// States per partial result.
    width: usize,
    base: *mut u8,
    /// Bytes from one slot to the next.
    slot: usize,
    counts: [usize; usize::BITS as usize + 1],
    depth: usize,
    pushed: usize,
}

impl<'a> Tree<'a> {
    /// # Safety
    /// `base` is valid for `slots(leaves)` slots of `slot` bytes, for all leaves that are pushed;
    /// a slot has room for `width` states.
    #[inline]
    pub(super) unsafe fn new(
        kernel: &'a dyn ReduceKernel,
        width: usize,
        base: *mut u8,
        slot: usize,
    ) -> Self {
        Tree {
            kernel,
            width,
            base,
            slot,
            counts: [0; usize::BITS as usize + 1],
            depth: 0,
            pushed: 0,
        }
    }

    fn at(&self, slot: usize) -> *mut u8 {
        self.base.wrapping_add(slot * self.slot)
    }

    /// Where the next partial result is to be written.
    #[inline]
    pub(super) fn next(&self) -> *mut u8 {
        self.at(self.depth)
    }

    /// Takes the states in [`next`](Self::next), each of `count` elements.
    ///
    /// # Safety
    /// They have been written.
    #[inline]
    pub(super) unsafe fn push(&mut self, count: usize) {
        self.counts[self.depth] = count;
        self.depth += 1;
        let mut carry = self.pushed;
        while carry & 1 != 0 {
            // SAFETY: at least two slots are filled, since a lower leaf waits for each set bit.
            unsafe { self.merge() };
            carry >>= 1;
        }
        self.pushed += 1;
    }

    /// # Safety
    /// At least two slots are filled.
    unsafe fn merge(&mut self) {
        self.depth -= 1;
        let (a, b) = (self.depth - 1, self.depth);
        let counts = [self.counts[a], self.counts[b]];
        // SAFETY: both slots hold `width` states.
        unsafe {
            self.kernel
                .merge(self.width, self.at(a), self.at(b).cast_const(), counts);
        }
        self.counts[a] += self.counts[b];
    }

    /// Merges what is left and returns the result.
    ///
    /// # Safety
    /// At least one partial result was pushed.
    #[inline]
    pub(super) unsafe fn collapse(&mut self) -> *mut u8 {
        while self.depth > 1 {
            // SAFETY: two slots are filled.
            unsafe { self.merge() };
        }
        self.base
    }
}
