//! The loops of [`Pow`].

use std::marker::PhantomData;

use super::families::{Compiled, PrimitiveReal};
use super::primitive::{Pow, Primitive, Reciprocal};
use crate::array::LoopKernel;
use crate::engine::{BinaryKernel, Kernel, Level};

/// The loop of [`Pow`], which looks at a single exponent first.
struct PowerLoop<T>(PhantomData<fn() -> T>);

macro_rules! power_loops {
    ($($t:ty)+) => {$(
        impl Compiled<fn($t, $t) -> $t> for Pow {
            #[inline(never)]
            fn kernel() -> LoopKernel<fn($t, $t) -> $t> {
                // SAFETY: the kernel is over `$t`.
                unsafe { LoopKernel::from_kernel(const { &PowerLoop::<$t>(PhantomData) }) }
            }
        }
        impl Powers for $t {
            const LOOP: &'static dyn Kernel = &BinaryKernel::<Pow, $t, $t, $t>::new();
        }
    )+};
}
power_loops!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

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
