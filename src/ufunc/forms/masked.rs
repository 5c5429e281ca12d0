//! Functions under a mask.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use crate::engine::{Kernel, Level};
use crate::ufunc::select::select_kernel;

/// Most arguments of a function.
const MOST: usize = 3;

/// A kernel whose results are stored only where a mask, the last input, is `true`.
pub(in crate::ufunc) struct Masked<'a, R> {
    inner: &'a dyn Kernel,
    sizes: [usize; MOST],
    inputs: usize,
    marker: PhantomData<fn() -> R>,
}

impl<'a, R> Masked<'a, R> {
    pub(in crate::ufunc) fn new(inner: &'a dyn Kernel, sizes: &[usize]) -> Self {
        let mut all = [0; MOST];
        all[..sizes.len()].copy_from_slice(sizes);
        Masked {
            inner,
            sizes: all,
            inputs: sizes.len(),
            marker: PhantomData,
        }
    }
}

/// Elements that are computed before they are stored under a mask.
const BLOCK: usize = 256;

#[repr(align(64))]
struct Scratch<R>(MaybeUninit<[R; BLOCK]>);

impl<R: Copy> Kernel for Masked<'_, R> {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        let mut scratch = Scratch::<R>(MaybeUninit::uninit());
        let scratch = scratch.0.as_mut_ptr().cast::<R>();
        let mask_at = self.inputs + 1;
        let mask_splat = splat >> mask_at & 1;
        let mut parts = [scratch.cast::<u8>(); 1 + MOST];
        let mut done = 0;
        while done < n {
            let count = (n - done).min(BLOCK);
            // SAFETY: the caller's contract for `n` elements holds for `count` from `done` on; the
            // block holds as many, and is written before it is read.
            unsafe {
                for i in 1..=self.inputs {
                    let step = if splat >> i & 1 == 0 {
                        self.sizes[i - 1]
                    } else {
                        0
                    };
                    parts[i] = ptrs[i].add(done * step);
                }
                self.inner
                    .run(level, count, &parts[..mask_at], splat & !(1 << mask_at));
                let out = ptrs[0].cast::<R>().add(done);
                let mask = ptrs[mask_at].add(if mask_splat == 0 { done } else { 0 });
                match select_kernel::<R>() {
                    Some(select) => {
                        let ptrs = [out.cast(), mask, scratch.cast(), out.cast()];
                        select.run(level, count, &ptrs, mask_splat << 1);
                    }
                    None => {
                        for i in 0..count {
                            let at = if mask_splat == 0 { i } else { 0 };
                            if *mask.cast::<bool>().add(at) {
                                out.add(i).write(*scratch.add(i));
                            }
                        }
                    }
                }
            }
            done += count;
        }
    }
}
