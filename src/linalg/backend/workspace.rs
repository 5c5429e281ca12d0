//! Scratch memory that survives from one matrix of a batch to the next.

use std::mem::MaybeUninit;

use crate::array::Buffer;

/// The strictest alignment that a backend asks for (faer's columns, a pair of cache lines).
#[derive(Clone, Copy)]
#[repr(C, align(128))]
struct Line([MaybeUninit<u8>; 128]);

/// Grows to the largest request and is never shrunk; keep one per worker of a batch. A large one comes from the
/// blocks that arrays freed last, and goes back to them: the first touch of fresh memory takes as long as a pass
/// over it.
#[derive(Default)]
pub(crate) struct Workspace {
    lines: Option<Buffer<MaybeUninit<Line>>>,
    /// For the steps of an operation that holds `lines` itself.
    inner: Option<Box<Workspace>>,
    #[cfg(orthant_lapack)]
    pub(super) query: super::lapack::Query,
}

impl Workspace {
    /// An empty one; memory comes with the first use.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// At least `bytes` bytes of uninitialised memory, aligned to 128.
    pub(in crate::linalg) fn bytes(&mut self, bytes: usize) -> &mut [MaybeUninit<u8>] {
        self.split(bytes).0
    }

    /// As [`bytes`](Self::bytes), with another workspace for the steps in between.
    pub(in crate::linalg) fn split(
        &mut self,
        bytes: usize,
    ) -> (&mut [MaybeUninit<u8>], &mut Workspace) {
        let lines = bytes.div_ceil(size_of::<Line>());
        if self.lines.as_ref().is_none_or(|kept| kept.len() < lines) {
            // A fresh buffer, not a grown one: nothing needs to be copied, and the old one can go first.
            self.lines = None;
        }
        let kept = self.lines.get_or_insert_with(|| Buffer::uninit(lines));
        // SAFETY: `Line` is that many `MaybeUninit<u8>` without padding, and the borrow is passed on.
        let block = unsafe {
            std::slice::from_raw_parts_mut(
                kept.ptr().as_ptr().cast(),
                kept.len() * size_of::<Line>(),
            )
        };
        (block, self.inner.get_or_insert_default())
    }
}

/// Cuts typed pieces off a block of scratch memory.
pub(in crate::linalg) struct Pieces<'w> {
    rest: &'w mut [MaybeUninit<u8>],
}

impl<'w> Pieces<'w> {
    /// Starts at the beginning of `block`, which is aligned to 128.
    pub(in crate::linalg) fn new(block: &'w mut [MaybeUninit<u8>]) -> Self {
        Pieces { rest: block }
    }

    /// What `len` elements of type `T` take, in whole lines.
    pub(in crate::linalg) const fn size<T>(len: usize) -> usize {
        (len * size_of::<T>()).next_multiple_of(size_of::<Line>())
    }

    /// The next `len` elements of type `T`, uninitialised, aligned to 128.
    pub(in crate::linalg) fn take<T: Copy>(&mut self, len: usize) -> &'w mut [MaybeUninit<T>] {
        const { assert!(align_of::<T>() <= align_of::<Line>()) };
        let (piece, rest) = std::mem::take(&mut self.rest).split_at_mut(Self::size::<T>(len));
        self.rest = rest;
        let start = piece.as_mut_ptr();
        debug_assert!(start.addr().is_multiple_of(align_of::<Line>()));
        // SAFETY: the piece holds `len` elements, starts on a multiple of 128 (every piece is a
        // whole number of lines), and uninitialised memory is valid for `MaybeUninit`.
        unsafe { std::slice::from_raw_parts_mut(start.cast(), len) }
    }

    /// The next piece as a column-major matrix, uninitialised.
    pub(in crate::linalg) fn matrix<T: Copy + 'w>(
        &mut self,
        rows: usize,
        cols: usize,
    ) -> crate::linalg::raw::MatMut<T> {
        let ptr = self.take::<T>(rows * cols).as_mut_ptr().cast::<T>();
        super::factor::column_major(ptr, rows, cols)
    }

    /// What has not been cut off.
    #[cfg_attr(not(feature = "embedded"), allow(dead_code))]
    pub(super) fn rest(self) -> &'w mut [MaybeUninit<u8>] {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_aligned_and_disjoint() {
        let mut work = Workspace::new();
        let needed = Pieces::size::<f64>(17) + Pieces::size::<i32>(3) + Pieces::size::<u8>(0);
        assert_eq!(needed, 256 + 128);
        let block = work.bytes(needed);
        let start = block.as_ptr().addr();
        let mut pieces = Pieces::new(block);
        let a = pieces.take::<f64>(17);
        let b = pieces.take::<i32>(3);
        assert_eq!(a.as_ptr().addr(), start);
        assert_eq!(b.as_ptr().addr(), start + 256);
        assert!(pieces.take::<u8>(0).is_empty());
        assert!(pieces.rest().is_empty());
    }

    #[test]
    fn memory_is_kept_for_the_next_matrix() {
        let mut work = Workspace::new();
        let first = work.bytes(10_000).as_ptr();
        assert_eq!(work.bytes(500).as_ptr(), first);
        assert!(work.bytes(1).len() >= 10_000);
    }
}
