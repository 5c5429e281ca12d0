//! The loops of [`Pow`].

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::families::{Compiled, PrimitiveReal};
use super::primitive::{Pow, Primitive, Reciprocal};
use crate::array::LoopKernel;
use crate::engine::simd::simd_dispatch;
use crate::engine::{BinaryKernel, Kernel, Level};
use crate::math::staged;

/// The loop of [`Pow`], which looks at a single exponent first.
struct PowerLoop<T>(PhantomData<fn() -> T>);

macro_rules! power_loops {
    ($($t:ty: $loop:expr;)+) => {$(
        impl Compiled<fn($t, $t) -> $t> for Pow {
            #[inline(never)]
            fn kernel() -> LoopKernel<fn($t, $t) -> $t> {
                // SAFETY: the kernel is over `$t`.
                unsafe { LoopKernel::from_kernel(const { &PowerLoop::<$t>(PhantomData) }) }
            }
        }
        impl Powers for $t {
            const LOOP: &'static dyn Kernel = &$loop;
        }
    )+};
    ($($t:ty)+) => { power_loops! { $($t: BinaryKernel::<Pow, $t, $t, $t>::new();)+ } };
}
power_loops!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32);
power_loops!(f64: Staged;);

/// Types with a loop for exponents of every kind.
trait Powers: Primitive + PrimitiveReal {
    const LOOP: &'static dyn Kernel;
}

impl<T: Powers> Kernel for PowerLoop<T> {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        // SAFETY: the caller's contract, of which the unary loops need a part.
        unsafe {
            if splat & 0b100 != 0 {
                let exponent = *ptrs[2].cast::<T>();
                if exponent == T::TWO {
                    return T::square_loop().0.run(level, n, &ptrs[..2], splat & 0b10);
                }
                if Some(exponent) == T::NEGATIVE_ONE {
                    let kernel = T::primitive_unary::<Reciprocal>().0;
                    return kernel.run(level, n, &ptrs[..2], splat & 0b10);
                }
            }
            T::LOOP.run(level, n, ptrs, splat);
        }
    }
}

/// Powers of `f64`, whose logarithm needs a table: looked up between two loops of vector code,
/// because LLVM takes a loop with a look-up inside for scalar unless there are instructions for it.
struct Staged;

impl Kernel for Staged {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        // SAFETY: the caller's contract.
        unsafe {
            let (a, b) = (ptrs[1].cast_const().cast(), ptrs[2].cast_const().cast());
            powers(
                level,
                n,
                a,
                splat & 2 != 0,
                b,
                splat & 4 != 0,
                ptrs[0].cast(),
            );
        }
    }
}

simd_dispatch! {
    /// `out[i] = a[i].powf(b[i])`, a splat input read at index 0 only.
    ///
    /// # Safety
    /// As [`Kernel::run`].
    unsafe fn powers(
        n: usize, a: *const f64, a_splat: bool, b: *const f64, b_splat: bool, out: *mut f64
    ) = powers_body
}

/// Elements in one turn.
const STAGE: usize = 256;
/// Turns are filled up to a multiple of this.
const LANES: usize = 8;

/// What one turn needs.
#[repr(C, align(64))]
struct Stages {
    x: [f64; STAGE],
    y: [f64; STAGE],
    places: [u64; STAGE],
    high: [f64; STAGE],
    low: [f64; STAGE],
    result: [f64; STAGE],
}

#[inline(always)]
unsafe fn powers_body(
    n: usize,
    a: *const f64,
    a_splat: bool,
    b: *const f64,
    b_splat: bool,
    out: *mut f64,
) {
    let mut stages = MaybeUninit::<Stages>::uninit();
    let stages = stages.as_mut_ptr();
    // SAFETY: every index is below `n`, or 0 of a splat, and of the stages below `longest`; inputs are
    // copied before the output, which may be one of them, is written; what is read has been written.
    unsafe {
        let longest = n.min(STAGE).next_multiple_of(LANES);
        // What no element is copied to in a last turn holds those of the turn before, or these.
        let fill = |stage: *mut [f64; STAGE], value: f64| {
            let stage = stage.cast::<f64>();
            (0..longest).for_each(|i| stage.add(i).write(value));
            std::slice::from_raw_parts_mut(stage, longest)
        };
        let x = fill(&raw mut (*stages).x, if a_splat { *a } else { 1.0 });
        let y = fill(&raw mut (*stages).y, if b_splat { *b } else { 1.0 });
        let high = fill(&raw mut (*stages).high, 0.0);
        let low = fill(&raw mut (*stages).low, 0.0);
        let result = fill(&raw mut (*stages).result, 0.0);
        let places = (&raw mut (*stages).places).cast::<u64>();
        (0..longest).for_each(|i| places.add(i).write(0));
        let places = std::slice::from_raw_parts_mut(places, longest);
        for start in (0..n).step_by(STAGE) {
            let count = STAGE.min(n - start);
            if !a_splat {
                x.as_mut_ptr().copy_from_nonoverlapping(a.add(start), count);
            }
            if !b_splat {
                y.as_mut_ptr().copy_from_nonoverlapping(b.add(start), count);
            }
            let m = count.next_multiple_of(LANES);
            let (x, y) = (&x[..m], &y[..m]);
            let (places, result) = (&mut places[..m], &mut result[..m]);
            let (high, low) = (&mut high[..m], &mut low[..m]);
            let mut short = true;
            for i in 0..m {
                places[i] = staged::pow_place(x[i]);
                short &= staged::pow_in_range(x[i], y[i]);
            }
            for i in 0..m {
                (high[i], low[i]) = staged::table_entry(places[i]);
            }
            if short {
                for i in 0..m {
                    result[i] = staged::pow_short_from_entry(x[i], y[i], (high[i], low[i]));
                }
            } else {
                for i in 0..m {
                    result[i] = staged::pow_from_entry(x[i], y[i], (high[i], low[i]));
                }
            }
            out.add(start)
                .copy_from_nonoverlapping(result.as_ptr(), count);
        }
    }
}
