//! Storage: a `Vec`-layout allocation, its data starting at a cache line, or memory of another owner.

use std::alloc::{self, Layout as AllocLayout};
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::NonNull;

use super::recycle;

/// Alignment of fresh data. It is speed, never a safety invariant.
const CACHE_LINE: usize = 64;
/// Fresh data above this many bytes start at a cache line.
const ALIGN_ABOVE: usize = 512;
/// Allocations from this many bytes on ask for huge pages.
const HUGE_FROM: usize = 4 << 20;
/// The capacity that marks memory of another owner; no allocation has it.
const FOREIGN: usize = usize::MAX - 1;

/// Whoever else owns the memory, to be dropped when it is no longer needed. Boxed twice, so that a
/// buffer holds a thin pointer in the place of its allocation.
type Owner = Box<dyn Send>;

/// Owns `len` initialised elements starting at `data`, inside an allocation of `cap` elements that
/// starts at `alloc` and was made as `Vec<T>` makes it.
///
/// Invariant 1 of the room: `alloc` is what `Vec::<T>::with_capacity(cap)` allocates (dangling when
/// there is nothing to allocate), `alloc <= data`, and `data + len` lies within the allocation. Or
/// `cap` is `FOREIGN`: then `alloc` is a `Box<Owner>` made into a pointer, which keeps the elements
/// at `data` alive, and `T` is `Copy`.
pub(crate) struct Buffer<T> {
    alloc: NonNull<T>,
    cap: usize,
    data: NonNull<T>,
    len: usize,
    marker: PhantomData<T>,
}

// SAFETY: a buffer owns its elements as `Vec` does.
unsafe impl<T: Send> Send for Buffer<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Buffer<T> {}

impl<T> Buffer<T> {
    /// Takes over a `Vec`'s allocation.
    pub(crate) fn from_vec(vec: Vec<T>) -> Self {
        let mut vec = ManuallyDrop::new(vec);
        // SAFETY: a vector's pointer is never null.
        let alloc = unsafe { NonNull::new_unchecked(vec.as_mut_ptr()) };
        Buffer {
            alloc,
            cap: vec.capacity(),
            data: alloc,
            len: vec.len(),
            marker: PhantomData,
        }
    }

    /// `len` elements of somebody else, who is dropped in their place.
    ///
    /// # Safety
    /// `data` is aligned and starts `len` initialised elements, which stay valid, and are read and
    /// written through the buffer only, until `owner` is dropped.
    pub(crate) unsafe fn foreign(data: NonNull<T>, len: usize, owner: Owner) -> Self
    where
        T: Copy,
    {
        Buffer {
            alloc: NonNull::from(Box::leak(Box::new(owner))).cast(),
            cap: FOREIGN,
            data,
            len,
            marker: PhantomData,
        }
    }

    #[inline(always)]
    pub(crate) fn ptr(&self) -> NonNull<T> {
        self.data
    }
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Gives the allocation to a `Vec` without allocating; moves the elements to its start. What
    /// another owner holds is copied.
    pub(crate) fn into_vec(self) -> Vec<T> {
        if self.cap == FOREIGN {
            let mut vec = Vec::with_capacity(self.len);
            // SAFETY: invariant 1: `len` initialised elements, which are `Copy`; the vector has room.
            unsafe {
                std::ptr::copy_nonoverlapping(self.data.as_ptr(), vec.as_mut_ptr(), self.len);
                vec.set_len(self.len);
            }
            return vec;
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: invariant 1: both ranges lie within the allocation, which a `Vec` may own; the
        // elements move to its start and are not used from their old place again.
        unsafe {
            if this.data != this.alloc {
                std::ptr::copy(this.data.as_ptr(), this.alloc.as_ptr(), this.len);
            }
            Vec::from_raw_parts(this.alloc.as_ptr(), this.len, this.cap)
        }
    }
}

impl<T> Buffer<MaybeUninit<T>> {
    /// Room for `len` elements. The size has been checked against `isize::MAX` bytes.
    #[inline]
    pub(crate) fn uninit(len: usize) -> Self {
        if len.saturating_mul(size_of::<T>()) >= recycle::FROM
            && let Some(buffer) = Self::recycled(len)
        {
            return buffer;
        }
        Self::allocate(len, alloc::alloc)
    }

    /// Room for `len` elements in a block that another buffer has freed.
    #[cold]
    fn recycled(len: usize) -> Option<Self> {
        let size = size_of::<T>();
        let pad = padding::<T>(len * size);
        let (ptr, bytes) = recycle::take((len + pad) * size, align_of::<T>(), size)?;
        // SAFETY: the block has room for `len + pad` elements, its alignment is theirs, and it is a
        // whole number of them, so that it can be freed as an array of `bytes / size`.
        Some(unsafe { Self::within(ptr.cast(), bytes / size, len, pad) })
    }

    /// Room for `len` elements, all bytes zero.
    #[inline]
    pub(crate) fn zeroed(len: usize) -> Self {
        Self::allocate(len, alloc::alloc_zeroed)
    }

    #[inline]
    fn allocate(len: usize, allocate: unsafe fn(AllocLayout) -> *mut u8) -> Self {
        let size = size_of::<T>();
        if len == 0 || size == 0 {
            let alloc = NonNull::dangling();
            let cap = if size == 0 { usize::MAX } else { 0 };
            return Buffer {
                alloc,
                cap,
                data: alloc,
                len,
                marker: PhantomData,
            };
        }
        let bytes = len * size;
        let pad = padding::<T>(bytes);
        let cap = len + pad;
        let Ok(layout) = AllocLayout::array::<T>(cap) else {
            capacity_overflow()
        };
        // SAFETY: the layout has a size above zero.
        let raw = unsafe { allocate(layout) }.cast::<MaybeUninit<T>>();
        let Some(alloc) = NonNull::new(raw) else {
            alloc::handle_alloc_error(layout)
        };
        if bytes >= HUGE_FROM {
            advise_huge_pages(raw.cast(), layout.size());
        }
        // SAFETY: an allocation of `cap = len + pad` elements.
        unsafe { Self::within(alloc, cap, len, pad) }
    }

    /// A buffer of `len` elements in an allocation of `cap`, from the first cache line on if there
    /// is `pad` for it.
    ///
    /// # Safety
    /// `alloc` is what `Vec::<T>::with_capacity(cap)` may have allocated, owned, `len + pad <= cap`.
    #[inline]
    unsafe fn within(alloc: NonNull<MaybeUninit<T>>, cap: usize, len: usize, pad: usize) -> Self {
        let size = size_of::<T>();
        // An allocation of `T` is aligned to `align_of::<T>()`; where that divides the size (it
        // always does) and the size divides the line, whole elements lead to the next line.
        let misaligned = alloc.addr().get() % CACHE_LINE;
        let skip = if pad > 0 && misaligned != 0 && (CACHE_LINE - misaligned).is_multiple_of(size) {
            (CACHE_LINE - misaligned) / size
        } else {
            0
        };
        // SAFETY: `skip <= pad`, so that `skip + len <= cap`.
        let data = unsafe { alloc.add(skip) };
        Buffer {
            alloc,
            cap,
            data,
            len,
            marker: PhantomData,
        }
    }

    /// The buffer of initialised elements.
    ///
    /// # Safety
    /// All `len` elements are initialised.
    #[inline(always)]
    pub(crate) unsafe fn assume_init(self) -> Buffer<T> {
        let this = ManuallyDrop::new(self);
        Buffer {
            alloc: this.alloc.cast(),
            cap: this.cap,
            data: this.data.cast(),
            len: this.len,
            marker: PhantomData,
        }
    }
}

impl<T> Drop for Buffer<T> {
    #[inline]
    fn drop(&mut self) {
        struct Free<T>(NonNull<T>, usize);
        impl<T> Drop for Free<T> {
            #[inline]
            fn drop(&mut self) {
                if self.1 == FOREIGN {
                    return drop_owner(self.0.cast());
                }
                if size_of::<T>() == 0 || self.1 == 0 {
                    return;
                }
                // SAFETY: invariant 1: allocated with the layout of an array of `cap` elements,
                // which was valid then.
                unsafe {
                    let layout = AllocLayout::from_size_align_unchecked(
                        self.1 * size_of::<T>(),
                        align_of::<T>(),
                    );
                    if layout.size() >= recycle::FROM {
                        return recycle::give(self.0.cast(), layout);
                    }
                    alloc::dealloc(self.0.as_ptr().cast(), layout);
                }
            }
        }
        let _free = Free(self.alloc, self.cap);
        if std::mem::needs_drop::<T>() {
            // SAFETY: invariant 1: `len` initialised elements, owned and not used again.
            unsafe {
                std::ptr::slice_from_raw_parts_mut(self.data.as_ptr(), self.len).drop_in_place();
            }
        }
    }
}

/// Drops who owns the memory of a foreign buffer.
#[cold]
fn drop_owner(owner: NonNull<Owner>) {
    // SAFETY: invariant 1: it was a box, and the buffer that held it goes with it.
    drop(unsafe { Box::from_raw(owner.as_ptr()) });
}

/// Elements by which fresh data of so many bytes may be moved to the next cache line.
#[inline]
fn padding<T>(bytes: usize) -> usize {
    if bytes > ALIGN_ABOVE && CACHE_LINE.is_multiple_of(size_of::<T>()) {
        CACHE_LINE / size_of::<T>()
    } else {
        0
    }
}

#[cold]
fn capacity_overflow() -> ! {
    panic!("capacity overflow")
}

/// Asks for huge pages on the part of a fresh allocation that can have them: the first touch of
/// 80 MB costs 25 ms with 4 KiB pages and about 3 ms with huge ones.
#[cold]
fn advise_huge_pages(ptr: *mut u8, bytes: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        const HUGE_PAGE: usize = 2 << 20;
        let start = (ptr as usize).next_multiple_of(HUGE_PAGE);
        let end = (ptr as usize + bytes) / HUGE_PAGE * HUGE_PAGE;
        if start < end {
            // SAFETY: the range is a part of a live allocation, and the advice changes neither
            // contents nor protection; a refusal is harmless.
            unsafe {
                libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_HUGEPAGE);
            }
        }
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = (ptr, bytes);
}
