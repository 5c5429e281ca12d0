//! Copies of parts of A and B in the order in which the micro-kernel reads them.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

use num_complex::Complex;

use super::transpose;
use crate::array::Number;
use crate::engine::simd::{Level, simd_dispatch};

/// A strip of a matrix to pack: `width` wide (only the first `valid` exist), `steps` long.
#[derive(Clone, Copy)]
pub(super) struct Strip<T> {
    pub(super) src: *const T,
    /// Stride across the width.
    pub(super) across: isize,
    /// Stride along the steps.
    pub(super) along: isize,
    pub(super) valid: usize,
    pub(super) width: usize,
    pub(super) steps: usize,
    /// Conjugate what is copied.
    pub(super) conj: bool,
}

/// `pack(level, dst, strip)` writes `width·steps` elements.
pub(super) type Pack<T> = unsafe fn(Level, *mut T, Strip<T>);

/// `dst[p·width + i] = src(i, p)`, zero for `i ≥ valid`.
///
/// # Safety
/// The strip is readable and `dst` has room for `width·steps` elements.
pub(super) unsafe fn plain<T: Number>(level: Level, dst: *mut T, strip: Strip<T>) {
    // SAFETY: the caller's contract.
    unsafe {
        if strip.across == 1 {
            rows(level, dst, strip);
        } else {
            columns(level, dst, strip);
        }
        if strip.conj {
            conjugate(dst, strip.width * strip.steps);
        }
    }
}

/// Conjugates in place; nothing for real elements.
unsafe fn conjugate<T: Number>(dst: *mut T, n: usize) {
    macro_rules! of {
        ($($c:ty),+) => {$(
            if std::any::TypeId::of::<T>() == std::any::TypeId::of::<$c>() {
                for i in 0..n {
                    // SAFETY: `T` is this type; the elements were just written.
                    unsafe { (*dst.cast::<$c>().add(i)).im *= -1.0 };
                }
            }
        )+};
    }
    of!(Complex<f64>, Complex<f32>);
}

simd_dispatch! {
    /// Elements lie together across the width.
    unsafe fn rows[T: Number](dst: *mut T, strip: Strip<T>) = rows_body::<T>
}

#[inline(always)]
unsafe fn rows_body<T: Number>(dst: *mut T, strip: Strip<T>) {
    // SAFETY: the caller's contract.
    unsafe {
        match strip.width * size_of::<T>() {
            192 if strip.valid == strip.width => fixed_rows::<T, 192>(dst, strip),
            128 if strip.valid == strip.width => fixed_rows::<T, 128>(dst, strip),
            64 if strip.valid == strip.width => fixed_rows::<T, 64>(dst, strip),
            48 if strip.valid == strip.width => fixed_rows::<T, 48>(dst, strip),
            32 if strip.valid == strip.width => fixed_rows::<T, 32>(dst, strip),
            24 if strip.valid == strip.width => fixed_rows::<T, 24>(dst, strip),
            _ => any_rows(dst, strip),
        }
    }
}

/// Rows of a known number of bytes: whole registers, no call to `memcpy`.
#[inline(always)]
unsafe fn fixed_rows<T: Number, const BYTES: usize>(dst: *mut T, strip: Strip<T>) {
    for p in 0..strip.steps {
        // SAFETY: the caller's contract; `width` elements are `BYTES` bytes.
        unsafe {
            let from = strip.src.wrapping_offset(p as isize * strip.along);
            std::ptr::copy_nonoverlapping(
                from.cast::<[u8; BYTES]>(),
                dst.add(p * strip.width).cast::<[u8; BYTES]>(),
                1,
            );
        }
    }
}

#[inline(always)]
unsafe fn any_rows<T: Number>(dst: *mut T, strip: Strip<T>) {
    for p in 0..strip.steps {
        // SAFETY: the caller's contract.
        unsafe {
            let from = strip.src.wrapping_offset(p as isize * strip.along);
            let to = dst.add(p * strip.width);
            std::ptr::copy_nonoverlapping(from, to, strip.valid);
            for i in strip.valid..strip.width {
                to.add(i).write(T::zero());
            }
        }
    }
}

/// Elements lie apart across the width: a transposition when they lie together along it.
unsafe fn columns<T: Number>(level: Level, dst: *mut T, strip: Strip<T>) {
    let side = transpose::side(size_of::<T>());
    let (mut wide, mut long) = (0, 0);
    #[cfg(target_arch = "x86_64")]
    if side > 0 && strip.along == 1 && level >= Level::Avx2 {
        (wide, long) = (strip.valid / side * side, strip.steps / side * side);
        for i in (0..wide).step_by(side) {
            let from = strip.src.wrapping_offset(i as isize * strip.across);
            for p in (0..long).step_by(side) {
                // SAFETY: the square lies in the strip; the level says that AVX2 is there.
                unsafe {
                    let from = from.wrapping_add(p);
                    let to = dst.add(p * strip.width + i);
                    transpose::square(
                        |i| from.wrapping_offset(i as isize * strip.across),
                        |p| to.wrapping_add(p * strip.width),
                    );
                }
            }
        }
    }
    let below = Strip {
        src: strip.src.wrapping_offset(long as isize * strip.along),
        steps: strip.steps - long,
        valid: wide,
        ..strip
    };
    let beside = Strip {
        src: strip.src.wrapping_offset(wide as isize * strip.across),
        valid: strip.valid - wide,
        ..strip
    };
    // SAFETY: what the squares left: their columns from `long` on, and all from column `wide` on.
    unsafe {
        scattered(level, dst.add(long * strip.width), below, wide);
        scattered(level, dst.add(wide), beside, strip.width - wide);
    }
}

simd_dispatch! {
    /// Element by element; `columns` of them are written for each step, zero from `valid` on.
    unsafe fn scattered[T: Number](dst: *mut T, strip: Strip<T>, columns: usize) = scattered_body::<T>
}

#[inline(always)]
unsafe fn scattered_body<T: Number>(dst: *mut T, strip: Strip<T>, columns: usize) {
    // SAFETY: the caller's contract.
    unsafe {
        // Four at a time, so that each line written is touched a quarter as often.
        let quads = strip.valid / 4 * 4;
        for i in (0..quads).step_by(4) {
            let from = strip.src.wrapping_offset(i as isize * strip.across);
            for p in 0..strip.steps {
                let from = from.wrapping_offset(p as isize * strip.along);
                let to = dst.add(p * strip.width + i);
                for l in 0..4 {
                    to.add(l).write(*from.offset(l as isize * strip.across));
                }
            }
        }
        for i in quads..columns {
            let from = strip.src.wrapping_offset(i as isize * strip.across);
            for p in 0..strip.steps {
                dst.add(p * strip.width + i).write(if i < strip.valid {
                    *from.wrapping_offset(p as isize * strip.along)
                } else {
                    T::zero()
                });
            }
        }
    }
}

/// A strip of complex elements as the split kernels read it: `width` real parts, then `width`
/// imaginary parts, for each step.
///
/// # Safety
/// As [`plain`].
pub(super) unsafe fn split<R>(level: Level, dst: *mut Complex<R>, strip: Strip<Complex<R>>)
where
    R: crate::array::Float,
{
    // SAFETY: the caller's contract.
    unsafe { split_parts(level, dst.cast::<R>(), strip) }
}

simd_dispatch! {
    unsafe fn split_parts[R: crate::array::Float](dst: *mut R, strip: Strip<Complex<R>>) = split_body::<R>
}

#[inline(always)]
unsafe fn split_body<R: crate::array::Float>(dst: *mut R, strip: Strip<Complex<R>>) {
    let sign = if strip.conj { -R::one() } else { R::one() };
    for p in 0..strip.steps {
        // SAFETY: the caller's contract.
        unsafe {
            let from = strip.src.wrapping_offset(p as isize * strip.along);
            let re = dst.add(2 * p * strip.width);
            let im = re.add(strip.width);
            for i in 0..strip.valid {
                let x = *from.wrapping_offset(i as isize * strip.across);
                re.add(i).write(x.re);
                im.add(i).write(x.im * sign);
            }
            for i in strip.valid..strip.width {
                re.add(i).write(R::zero());
                im.add(i).write(R::zero());
            }
        }
    }
}

/// Memory for packing, kept by each thread for its next product.
struct Workspace {
    ptr: *mut u8,
    layout: Layout,
}

const EMPTY: Workspace = Workspace {
    ptr: null_mut(),
    layout: Layout::new::<()>(),
};

impl Drop for Workspace {
    fn drop(&mut self) {
        if !self.ptr.is_null() {
            // SAFETY: allocated in `with_workspace` with this layout.
            unsafe { dealloc(self.ptr, self.layout) };
        }
    }
}

thread_local! {
    static KEPT: Cell<Workspace> = const { Cell::new(EMPTY) };
}

/// Runs `f` with uninitialised room for `n` elements, aligned to cache lines.
///
/// The room is taken out of the thread-local while it is used, so that an element's own arithmetic
/// may multiply matrices too.
pub(super) fn with_workspace<T, R>(n: usize, f: impl FnOnce(NonNull<T>) -> R) -> R {
    let layout = Layout::array::<T>(n)
        .and_then(|layout| layout.align_to(64))
        .expect("packing blocks are small");
    let mut space = KEPT.replace(EMPTY);
    if space.layout.size() < layout.size()
        || space.layout.align() < layout.align()
        || space.ptr.is_null()
    {
        let layout = Layout::from_size_align(layout.size().max(4096), layout.align())
            .expect("packing blocks are small");
        // SAFETY: the size is not zero.
        let ptr = unsafe { alloc(layout) };
        if ptr.is_null() {
            handle_alloc_error(layout);
        }
        space = Workspace { ptr, layout };
    }
    let ptr = NonNull::new(space.ptr.cast()).expect("allocated above");
    let result = f(ptr);
    KEPT.set(space);
    result
}
