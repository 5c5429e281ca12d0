//! Between matrices, each in its place, and registers with an element of each.

use super::register::{MOST_LANES, Register};
use crate::linalg::gemm::transpose;

/// Elements that squares are transposed by, 0 if they are not.
#[inline(always)]
fn side<V: Register>() -> usize {
    let side = if V::SQUARES {
        transpose::side(size_of::<V::T>())
    } else {
        0
    };
    if side > 0 && V::LANES % side == 0 {
        side
    } else {
        0
    }
}

/// Elements `stride` apart from each of `from`, into `len` registers behind `to`.
///
/// # Safety
/// They are readable and there is room; as [`Register`] demands.
#[inline(always)]
pub(super) unsafe fn load<V: Register>(
    from: &[*const V::T; MOST_LANES],
    stride: isize,
    len: usize,
    to: *mut V::T,
) {
    let side = side::<V>();
    let mut p = 0;
    // SAFETY: the caller's promise; with `SQUARES` there is AVX2.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        while side > 0 && stride == 1 && p + side <= len {
            for lane in (0..V::LANES).step_by(side) {
                transpose::square(
                    |i| from[lane + i].add(p),
                    |i| to.add((p + i) * V::LANES + lane),
                );
            }
            p += side;
        }
        let _ = side;
        while p < len {
            for (lane, from) in from[..V::LANES].iter().enumerate() {
                let x = *from.offset(p as isize * stride);
                to.add(p * V::LANES + lane).write(x);
            }
            p += 1;
        }
    }
}

/// `len` registers behind `from`, to contiguous elements at each of `to`, as many as there are.
///
/// # Safety
/// As [`load`].
#[inline(always)]
pub(super) unsafe fn store<V: Register>(from: *const V::T, len: usize, to: &[*mut V::T]) {
    let side = side::<V>();
    let mut p = 0;
    // SAFETY: the caller's promise; with `SQUARES` there is AVX2.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        while side > 0 && to.len() >= V::LANES && p + side <= len {
            for lane in (0..V::LANES).step_by(side) {
                transpose::square(
                    |i| from.add((p + i) * V::LANES + lane),
                    |i| to[lane + i].add(p),
                );
            }
            p += side;
        }
        let _ = side;
        while p < len {
            for (lane, to) in to.iter().enumerate() {
                to.add(p).write(*from.add(p * V::LANES + lane));
            }
            p += 1;
        }
    }
}
