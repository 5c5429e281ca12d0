//! Which element types a function takes, and how each of them finds its loop.
//!
//! The loops of built-in types are compiled in this crate, once, and linked only where they are
//! used: a function implements [`Compiled`] for each signature, and an element type picks its own
//! out of these. What is open to types of the user's, comparisons and the like, is a method of
//! [`Number`](crate::Number) or [`Real`](crate::Real) instead (`number_loops!`, `real_loops!`).

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::primitive::Primitive;
use crate::array::{ArrayView, CastFrom, CowArray, Dimension, Float, LoopKernel};
use crate::engine::{Kernel, Level};

/// The precompiled loop of a function with a signature, `fn(f64) -> bool`.
#[doc(hidden)]
pub trait Compiled<F>: 'static {
    fn kernel() -> LoopKernel<F>;
}

/// `impl Compiled` for one operation and some signatures, of which there is one instance each.
macro_rules! compiled {
    ($Name:ident $kind:ident: $($signature:ty),+ $(,)?) => {$(
        impl $crate::ufunc::families::Compiled<$signature> for $Name {
            #[inline(never)]
            fn kernel() -> $crate::array::LoopKernel<$signature> {
                $crate::array::LoopKernel::<$signature>::$kind::<$Name>()
            }
        }
    )+};
}
pub(crate) use compiled;

mod private {
    pub trait Sealed {}
}

/// What `exp`, `sqrt` and other functions of real numbers take: `f32` and `f64`, which keep their
/// type, integers and `bool`, which give `f64` (sealed).
///
/// ```
/// use orthant::prelude::*;
///
/// assert_eq!(array![1, 4, 9].sqrt(), array![1.0, 2.0, 3.0]);
/// assert_eq!(array![4.0_f32].sqrt(), array![2.0_f32]);
/// ```
#[diagnostic::on_unimplemented(
    message = "functions of real numbers do not take elements of type `{Self}`"
)]
pub trait Floating: Copy + Send + Sync + 'static + private::Sealed {
    /// The type of the result.
    type Float: Float;
    #[doc(hidden)]
    fn unary<Op>() -> LoopKernel<fn(Self) -> Self::Float>
    where
        Op: Compiled<fn(f32) -> f32> + Compiled<fn(f64) -> f64>;
    #[doc(hidden)]
    fn binary<Op>() -> LoopKernel<fn(Self, Self) -> Self::Float>
    where
        Op: Compiled<fn(f32, f32) -> f32> + Compiled<fn(f64, f64) -> f64>;
    #[doc(hidden)]
    fn ternary<Op>() -> LoopKernel<fn(Self, Self, Self) -> Self::Float>
    where
        Op: Compiled<fn(f32, f32, f32) -> f32> + Compiled<fn(f64, f64, f64) -> f64>;
    #[doc(hidden)]
    fn test<Op>() -> LoopKernel<fn(Self) -> bool>
    where
        Op: Compiled<fn(f32) -> bool> + Compiled<fn(f64) -> bool>;
    /// A function of two that gives `f64` whatever it takes.
    #[doc(hidden)]
    fn binary_f64<Op: Compiled<fn(f64, f64) -> f64>>() -> LoopKernel<fn(Self, Self) -> f64>;
    #[doc(hidden)]
    fn to_float(self) -> Self::Float;
    /// The same elements if they are floats, else converted ones.
    #[doc(hidden)]
    fn to_floats<D: Dimension>(x: ArrayView<'_, Self, D>) -> CowArray<'_, Self::Float, D>;
}

macro_rules! widened_binary {
    ($t:ty) => {
        #[inline]
        fn binary_f64<Op: Compiled<fn(f64, f64) -> f64>>() -> LoopKernel<fn($t, $t) -> f64> {
            // SAFETY: it reads `$t` and writes what `Op` makes of `f64`.
            unsafe {
                LoopKernel::from_kernel(const { &Widened::<$t, Op, fn(f64, f64) -> f64>::new() })
            }
        }
    };
}

macro_rules! floats {
    ($($t:ty),+) => {$(
        impl private::Sealed for $t {}
        impl Floating for $t {
            type Float = $t;
            #[inline]
            fn unary<Op>() -> LoopKernel<fn($t) -> $t>
            where
                Op: Compiled<fn(f32) -> f32> + Compiled<fn(f64) -> f64>,
            {
                <Op as Compiled<fn($t) -> $t>>::kernel()
            }
            #[inline]
            fn binary<Op>() -> LoopKernel<fn($t, $t) -> $t>
            where
                Op: Compiled<fn(f32, f32) -> f32> + Compiled<fn(f64, f64) -> f64>,
            {
                <Op as Compiled<fn($t, $t) -> $t>>::kernel()
            }
            #[inline]
            fn ternary<Op>() -> LoopKernel<fn($t, $t, $t) -> $t>
            where
                Op: Compiled<fn(f32, f32, f32) -> f32> + Compiled<fn(f64, f64, f64) -> f64>,
            {
                <Op as Compiled<fn($t, $t, $t) -> $t>>::kernel()
            }
            widened_binary!($t);
            #[inline]
            fn test<Op>() -> LoopKernel<fn($t) -> bool>
            where
                Op: Compiled<fn(f32) -> bool> + Compiled<fn(f64) -> bool>,
            {
                <Op as Compiled<fn($t) -> bool>>::kernel()
            }
            #[inline(always)]
            fn to_float(self) -> $t {
                self
            }
            #[inline]
            fn to_floats<D: Dimension>(x: ArrayView<'_, $t, D>) -> CowArray<'_, $t, D> {
                x.into()
            }
        }
    )+};
}
floats!(f32, f64);

macro_rules! widened {
    ($($x:ident: $t:ty => $converted:expr;)+) => {$(
        impl private::Sealed for $t {}
        impl Floating for $t {
            type Float = f64;
            #[inline]
            fn unary<Op>() -> LoopKernel<fn($t) -> f64>
            where
                Op: Compiled<fn(f32) -> f32> + Compiled<fn(f64) -> f64>,
            {
                // SAFETY: it reads `$t` and writes what `Op` makes of `f64`.
                unsafe { LoopKernel::from_kernel(const { &Widened::<$t, Op, fn(f64) -> f64>::new() }) }
            }
            #[inline]
            fn binary<Op>() -> LoopKernel<fn($t, $t) -> f64>
            where
                Op: Compiled<fn(f32, f32) -> f32> + Compiled<fn(f64, f64) -> f64>,
            {
                // SAFETY: as above.
                unsafe { LoopKernel::from_kernel(const { &Widened::<$t, Op, fn(f64, f64) -> f64>::new() }) }
            }
            #[inline]
            fn ternary<Op>() -> LoopKernel<fn($t, $t, $t) -> f64>
            where
                Op: Compiled<fn(f32, f32, f32) -> f32> + Compiled<fn(f64, f64, f64) -> f64>,
            {
                // SAFETY: as above.
                unsafe { LoopKernel::from_kernel(const { &Widened::<$t, Op, fn(f64, f64, f64) -> f64>::new() }) }
            }
            widened_binary!($t);
            #[inline]
            fn test<Op>() -> LoopKernel<fn($t) -> bool>
            where
                Op: Compiled<fn(f32) -> bool> + Compiled<fn(f64) -> bool>,
            {
                // SAFETY: as above.
                unsafe { LoopKernel::from_kernel(const { &Widened::<$t, Op, fn(f64) -> bool>::new() }) }
            }
            #[inline(always)]
            fn to_float(self) -> f64 {
                let $x = self;
                $converted
            }
            fn to_floats<D: Dimension>(x: ArrayView<'_, $t, D>) -> CowArray<'_, f64, D> {
                x.cast::<f64>().into()
            }
        }
    )+};
}
widened!(x: bool => f64::from(u8::from(x)););
macro_rules! widened_integers {
    ($($t:ty)+) => {
        widened!($(x: $t => x as f64;)+);
    };
}
widened_integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// The loop of `Op` on `f64`, its inputs converted block by block: integers need no loops of their
/// own.
struct Widened<T, Op, F>(PhantomData<fn(T, Op, F)>);

impl<T, Op, F> Widened<T, Op, F> {
    const fn new() -> Self {
        Widened(PhantomData)
    }
}

/// A signature over `f64`.
trait Signature {
    const INPUTS: usize;
    type Output;
}
impl<R> Signature for fn(f64) -> R {
    const INPUTS: usize = 1;
    type Output = R;
}
impl<R> Signature for fn(f64, f64) -> R {
    const INPUTS: usize = 2;
    type Output = R;
}
impl<R> Signature for fn(f64, f64, f64) -> R {
    const INPUTS: usize = 3;
    type Output = R;
}

/// Elements that are converted at a time.
const BLOCK: usize = 256;

#[repr(align(64))]
struct Block(MaybeUninit<[f64; BLOCK]>);

impl<T, Op, F> Kernel for Widened<T, Op, F>
where
    T: Copy,
    f64: CastFrom<T>,
    Op: Compiled<F>,
    F: Signature,
{
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        let cast = f64::cast_kernel().0;
        let then = Op::kernel().0;
        let mut blocks = [const { Block(MaybeUninit::uninit()) }; 3];
        let mut wide = [std::ptr::null_mut::<u8>(); 4];
        for (to, block) in wide[1..].iter_mut().zip(&mut blocks) {
            *to = block.0.as_mut_ptr().cast();
        }
        let mut done = 0;
        while done < n {
            let count = (n - done).min(BLOCK);
            // SAFETY: the caller's contract for `n` elements holds for `count` from `done` on; a
            // block holds as many, and is written before it is read.
            unsafe {
                wide[0] = ptrs[0].add(done * size_of::<F::Output>());
                for i in 1..=F::INPUTS {
                    if splat >> i & 1 == 0 {
                        let from = ptrs[i].add(done * size_of::<T>());
                        cast.run(level, count, &[wide[i], from], 0);
                    } else if done == 0 {
                        cast.run(level, 1, &[wide[i], ptrs[i]], 0);
                    }
                }
                then.run(level, count, &wide[..=F::INPUTS], splat);
            }
            done += count;
        }
    }
}

/// The built-in real numbers: integers, `f32` and `f64` (sealed). They share division with
/// rounding, powers and rounding, each by NumPy's rule for its type.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::{ScalarOperand, ufunc::PrimitiveReal};
///
/// fn digits<T: PrimitiveReal>(x: &ArrayRef1<T>, ten: T) -> Array1<T> {
///     x.remainder(ScalarOperand(ten))
/// }
/// assert_eq!(digits(&array![-7, 42], 10), array![3, 2]);
/// assert_eq!(digits(&array![-7.5, 42.0], 10.0), array![2.5, 2.0]);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is neither an integer type nor `f32` or `f64`")]
pub trait PrimitiveReal: Floating {
    #[doc(hidden)]
    fn primitive_unary<Op: PrimitiveUnary>() -> LoopKernel<fn(Self) -> Self>;
    #[doc(hidden)]
    fn primitive_binary<Op: PrimitiveBinary>() -> LoopKernel<fn(Self, Self) -> Self>;
    /// `10^n`; 0 for an integer type that does not hold it.
    #[doc(hidden)]
    fn power_of_ten(n: u32) -> Self;
}

macro_rules! primitives {
    ($($t:ty)+) => {
        /// A function that is compiled for all primitive real numbers.
        #[doc(hidden)]
        pub trait PrimitiveUnary: Copy $(+ Compiled<fn($t) -> $t>)+ {}
        impl<Op: Copy $(+ Compiled<fn($t) -> $t>)+> PrimitiveUnary for Op {}
        /// A function of two that is compiled for all primitive real numbers.
        #[doc(hidden)]
        pub trait PrimitiveBinary: Copy $(+ Compiled<fn($t, $t) -> $t>)+ {}
        impl<Op: Copy $(+ Compiled<fn($t, $t) -> $t>)+> PrimitiveBinary for Op {}
        $(
            impl PrimitiveReal for $t {
                #[inline]
                fn primitive_unary<Op: PrimitiveUnary>() -> LoopKernel<fn($t) -> $t> {
                    <Op as Compiled<fn($t) -> $t>>::kernel()
                }
                #[inline]
                fn primitive_binary<Op: PrimitiveBinary>() -> LoopKernel<fn($t, $t) -> $t> {
                    <Op as Compiled<fn($t, $t) -> $t>>::kernel()
                }
                fn power_of_ten(n: u32) -> $t {
                    <$t as Primitive>::power_of_ten(n)
                }
            }
        )+
    };
}
primitives!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);
