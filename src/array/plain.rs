//! Recognising built-in element types in generic code.

use std::any::TypeId;

use num_complex::Complex;

/// Whether `T` is one of the built-in element types, whose values are plain bits: copying the bits
/// is `clone`, nothing is dropped, and threads may share them.
///
/// This stands in for specialisation: `to_owned` and `assign` take any `T: Clone`, and must not
/// run a clone loop over ten million `f64`.
#[inline]
pub(crate) fn is_plain<T>() -> bool {
    if std::mem::needs_drop::<T>() {
        return false;
    }
    let id = typeid::of::<T>();
    macro_rules! any {
        ($($t:ty)+) => { false $(|| id == TypeId::of::<$t>())+ };
    }
    any!(f64 f32 i32 i64 usize u8 bool isize i8 i16 u16 u32 u64 i128 u128 char Complex<f32> Complex<f64>)
}
