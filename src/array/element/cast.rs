//! Conversions between element types.

use num_complex::Complex;

use crate::array::operators::LoopKernel;
use crate::engine::UnaryOp;
use crate::engine::cast::Cast;

/// Conversions that [`cast`](crate::ArrayRef::cast) makes, with the meaning of `as`.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::CastFrom;
///
/// fn mean<T: Copy>(x: &ArrayRef1<T>) -> f64
/// where
///     f64: CastFrom<T>,
/// {
///     x.cast::<f64>().mean()
/// }
/// assert_eq!(mean(&array![1_u8, 2]), 1.5);
/// ```
#[diagnostic::on_unimplemented(message = "`{T}` does not cast to `{Self}`")]
pub trait CastFrom<T>: Copy {
    #[doc(hidden)]
    fn cast_kernel() -> LoopKernel<fn(T) -> Self>;
}

macro_rules! truth {
    ($($from:ty),+) => {$(
        impl UnaryOp<$from, bool> for Cast {
            #[inline(always)]
            fn apply(a: $from) -> bool {
                a != <$from>::default()
            }
        }
    )+};
}
truth!(
    i8,
    i16,
    i32,
    i64,
    isize,
    u8,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    bool,
    Complex<f32>,
    Complex<f64>
);

macro_rules! casts {
    ($($from:ty)+ => $to:tt) => {$( casts!(@to $from => $to); )+};
    (@to $from:ty => [$($to:ty)+]) => {$(
        impl CastFrom<$from> for $to {
            #[inline(never)]
            fn cast_kernel() -> LoopKernel<fn($from) -> $to> {
                LoopKernel::unary::<Cast>()
            }
        }
    )+};
}
casts!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 bool =>
    [i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 bool Complex<f32> Complex<f64>]);
casts!(i128 u128 => [f64]);
casts!(Complex<f32> Complex<f64> => [f32 f64 bool Complex<f32> Complex<f64>]);
