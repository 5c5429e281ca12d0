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
    fraction: [f64; STAGE],
    exponent: [f64; STAGE],
    place: [u64; STAGE],
    entry: [[f64; 2]; STAGE],
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
    // SAFETY: every index is below `n`, or 0 of a splat, and of the stages below `longest`; an input that
    // is the output, or does not fill a turn, is copied before; what is read has been written.
    unsafe {
        let longest = n.min(STAGE).next_multiple_of(LANES);
        let fill = |stage: *mut [f64; STAGE], value: f64| {
            let stage = stage.cast::<f64>();
            (0..longest).for_each(|i| stage.add(i).write(value));
        };
        let (x_stage, y_stage) = (&raw mut (*stages).x, &raw mut (*stages).y);
        if a_splat {
            fill(x_stage, *a);
        }
        if b_splat {
            fill(y_stage, *b);
        }
        for start in (0..n).step_by(STAGE) {
            let count = STAGE.min(n - start);
            let m = count.next_multiple_of(LANES);
            // The input from `start` on, or a copy of it, which ones fill up.
            let input = |from: *const f64, splat: bool, stage: *mut [f64; STAGE]| {
                let stage = stage.cast::<f64>();
                if !splat && m == count && from != out.cast_const() {
                    return std::slice::from_raw_parts(from.add(start), m);
                }
                if !splat {
                    stage.copy_from_nonoverlapping(from.add(start), count);
                    (count..m).for_each(|i| stage.add(i).write(1.0));
                }
                std::slice::from_raw_parts(stage, m)
            };
            let (x, y) = (input(a, a_splat, x_stage), input(b, b_splat, y_stage));
            let fresh = |stage: *mut f64| std::slice::from_raw_parts_mut(stage.cast(), m);
            turn(
                x,
                y,
                fresh((&raw mut (*stages).fraction).cast()),
                fresh((&raw mut (*stages).exponent).cast()),
                std::slice::from_raw_parts_mut((&raw mut (*stages).place).cast(), m),
                std::slice::from_raw_parts_mut((&raw mut (*stages).entry).cast(), m),
                fresh((&raw mut (*stages).result).cast()),
            );
            let result = (&raw const (*stages).result).cast::<f64>();
            out.add(start).copy_from_nonoverlapping(result, count);
        }
    }
}

/// Powers of equally long slices, through stages that are as long.
#[inline(always)]
fn turn(
    x: &[f64],
    y: &[f64],
    fraction: &mut [MaybeUninit<f64>],
    exponent: &mut [MaybeUninit<f64>],
    place: &mut [MaybeUninit<u64>],
    entry: &mut [MaybeUninit<[f64; 2]>],
    result: &mut [MaybeUninit<f64>],
) {
    let m = result.len();
    let (x, y, fraction, exponent) = (&x[..m], &y[..m], &mut fraction[..m], &mut exponent[..m]);
    let (place, entry) = (&mut place[..m], &mut entry[..m]);
    let mut short = true;
    for i in 0..m {
        let (f, e, at) = staged::pow_split(x[i]);
        fraction[i].write(f);
        exponent[i].write(e);
        place[i].write(at);
        short &= staged::pow_split_in_range(x[i], y[i], e);
    }
    // SAFETY: written by the loop before.
    let (fraction, exponent, place) =
        unsafe { (written(fraction), written(exponent), written(place)) };
    for i in 0..m {
        entry[i].write(staged::table_entry(place[i]));
    }
    // SAFETY: as above.
    let entry = unsafe { written(entry) };
    if short {
        for i in 0..m {
            let p = staged::pow_short_from_split(y[i], fraction[i], exponent[i], entry[i]);
            result[i].write(p);
        }
    } else {
        for i in 0..m {
            let p = staged::pow_from_split(x[i], y[i], fraction[i], exponent[i], entry[i]);
            result[i].write(p);
        }
    }
}

/// # Safety
/// All of it is initialised.
#[inline(always)]
unsafe fn written<T>(stage: &[MaybeUninit<T>]) -> &[T] {
    // SAFETY: the caller's promise; `MaybeUninit<T>` is laid out as `T`.
    unsafe { std::slice::from_raw_parts(stage.as_ptr().cast(), stage.len()) }
}
