//! A few large blocks of memory, kept for the next large result.
//!
//! A fresh block from the system has to be cleared page by page as it is first touched, and that
//! is most of the cost of a large result [`a + b`, 80 MB: 12.7 ms fresh, 6.4 ms into memory that
//! has been used before]. So the last blocks that were freed wait here, up to a bound.

use std::alloc::{self, Layout};
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Blocks from this many bytes on are kept; for smaller ones allocators do as much themselves.
pub(super) const FROM: usize = 4 << 20;
/// Most bytes that are kept.
const MOST_BYTES: usize = 128 << 20;
/// Most blocks that are kept.
const MOST_BLOCKS: usize = 4;

/// A live allocation that nobody uses.
struct Block {
    ptr: NonNull<u8>,
    layout: Layout,
}

// SAFETY: the block is owned by whoever holds this, and memory may be freed on any thread.
unsafe impl Send for Block {}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: the block was allocated with this layout and is owned.
        unsafe { alloc::dealloc(self.ptr.as_ptr(), self.layout) }
    }
}

/// Oldest first.
static KEPT: Mutex<Vec<Block>> = Mutex::new(Vec::new());

fn kept() -> MutexGuard<'static, Vec<Block>> {
    // Whatever panicked left a list of whole blocks behind.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A kept block with this alignment, of at least `size` bytes and little more, whose size is a
/// multiple of `unit`: the pointer and its size. The contents are uninitialised.
pub(super) fn take(size: usize, align: usize, unit: usize) -> Option<(NonNull<u8>, usize)> {
    let mut kept = kept();
    let fits = |block: &Block| {
        let have = block.layout.size();
        block.layout.align() == align
            && (size..=size.saturating_add(size / 4)).contains(&have)
            && have.is_multiple_of(unit)
    };
    let (at, _) = kept
        .iter()
        .enumerate()
        .filter(|(_, block)| fits(block))
        .min_by_key(|(_, block)| block.layout.size())?;
    let block = std::mem::ManuallyDrop::new(kept.remove(at));
    Some((block.ptr, block.layout.size()))
}

/// Keeps a block, or frees it; the oldest make room.
///
/// # Safety
/// The block was allocated by the global allocator with this layout, and is the caller's to free.
pub(super) unsafe fn give(ptr: NonNull<u8>, layout: Layout) {
    let block = Block { ptr, layout };
    if layout.size() > MOST_BYTES {
        return;
    }
    let mut freed = Vec::new();
    let mut kept = kept();
    kept.push(block);
    while kept.len() > MOST_BLOCKS
        || kept.iter().map(|block| block.layout.size()).sum::<usize>() > MOST_BYTES
    {
        freed.push(kept.remove(0));
    }
    // Unmapping takes long; others need not wait for it.
    drop(kept);
}

/// Gives memory that is kept for the next large results back to the system.
///
/// Of the blocks of 4 MiB and more that arrays free, the last few stay allocated, at most four and
/// 128 MiB, because a fresh block costs as much as filling it. A program that is done with large
/// arrays may want that memory for something else.
///
/// ```
/// use orthant::prelude::*;
///
/// drop(Array1::<f64>::full(1_000_000, 1.0));
/// orthant::release_memory();
/// ```
pub fn release_memory() {
    let blocks = std::mem::take(&mut *kept());
    drop(blocks);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(size: usize, align: usize) -> (NonNull<u8>, Layout) {
        let layout = Layout::from_size_align(size, align).unwrap();
        // SAFETY: the size is not zero.
        let ptr = unsafe { alloc::alloc(layout) };
        (NonNull::new(ptr).unwrap(), layout)
    }

    /// Other tests use the list too, so this one asks only for sizes of its own.
    #[test]
    fn blocks_come_back_where_they_fit() {
        let size = (5 << 20) + 24 * 1011;
        let (ptr, layout) = block(size, 8);
        // SAFETY: just allocated.
        unsafe { give(ptr, layout) };
        assert_eq!(take(size, 4, 4), None, "another alignment");
        assert_eq!(take(size, 8, 7), None, "not whole elements");
        assert_eq!(take(size + 1, 8, 8), None, "too small");
        assert_eq!(take(size / 2, 8, 8), None, "much too large");
        if let Some((found, bytes)) = take(size - 100, 8, 24) {
            // SAFETY: taken from the list.
            unsafe { alloc::dealloc(found.as_ptr(), Layout::from_size_align(bytes, 8).unwrap()) };
        }
        let (ptr, layout) = block(MOST_BYTES + 16, 16);
        // SAFETY: just allocated; too large to be kept, so it is freed.
        unsafe { give(ptr, layout) };
        assert_eq!(take(MOST_BYTES + 16, 16, 16), None);
    }
}
