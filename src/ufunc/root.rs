//! The square root, a row of `float` with a loop of its own.

use super::families::{Compiled, Floating, compiled};
use super::table::{object, takes, unary_method};
use crate::array::LoopKernel;
use crate::engine::{Kernel, Level, UnaryKernel, UnaryOp};
use crate::math;

object!(Unary Sqrt "sqrt" ["x.sqrt()"], "[`x.sqrt()`](crate::ArrayRef::sqrt) as an object: the square root.");

impl<F: math::Kernel> UnaryOp<F, F> for Sqrt {
    #[inline(always)]
    fn apply(a: F) -> F {
        math::sqrt(a)
    }
}
compiled!(Sqrt unary: fn(f32) -> f32);
takes!(Sqrt [T: Floating] (T) -> T::Float, Arithmetic, T::unary::<Sqrt>());
unary_method! { Sqrt sqrt "array![4, 9].sqrt(), array![2.0, 3.0]"
    /// The square root of every element (NumPy's `sqrt`).
    ///
    /// Correctly rounded; NaN for negative numbers; integers and `bool` give `f64`.
}

impl Compiled<fn(f64) -> f64> for Sqrt {
    #[inline(never)]
    fn kernel() -> LoopKernel<fn(f64) -> f64> {
        // SAFETY: the kernel is over `f64`.
        unsafe { LoopKernel::from_kernel(&RootLoop) }
    }
}

/// Roots of `f64`, by products where vectors are longest: units for roots take such a vector in parts, 24
/// cycles for eight numbers on Intel's, the products 14.
struct RootLoop;

impl Kernel for RootLoop {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        // SAFETY: the caller's contract.
        unsafe {
            if level == Level::Avx512 && n >= PRODUCTS_FROM {
                UnaryKernel::<ByProducts, f64, f64>::new().run(level, n, ptrs, splat);
            } else {
                UnaryKernel::<Sqrt, f64, f64>::new().run(level, n, ptrs, splat);
            }
        }
    }
}

/// Elements from which on a loop through a buffer is worth its start.
const PRODUCTS_FROM: usize = 64;

/// [`Sqrt`] without the unit for roots, the same bits.
#[derive(Clone, Copy)]
struct ByProducts;

impl UnaryOp<f64, f64> for ByProducts {
    const HEAVY: bool = true;
    const SHORT: bool = true;
    #[inline(always)]
    fn apply(a: f64) -> f64 {
        math::sqrt(a)
    }
    #[inline(always)]
    fn in_short_range(a: f64) -> bool {
        math::short::sqrt_in_range(a)
    }
    #[inline(always)]
    fn short(a: f64) -> f64 {
        math::short::sqrt_by_products(a)
    }
}
