//! For the tests of programs that compute: [`assert_all_close!`](crate::assert_all_close) compares
//! arrays up to rounding and says where they differ.
//!
//! What lives here are assertions over arrays and scalars, and the messages they fail with; how
//! close two numbers are is decided by their type ([`Number`]). Nothing here is used by the rest of
//! the crate.

use crate::Complex;
use crate::array::{
    Array, ArrayRef, ArrayView, ArrayViewD, ArrayViewMut, CowArray, Dimension, Number, Operand,
};

/// Asserts that an array or scalar equals another up to a relative tolerance of 1e-7, as
/// `numpy.testing.assert_allclose(actual, desired)` does.
///
/// `|actual − desired| ≤ atol + rtol·|desired|` must hold for every element; NaN equals NaN, an
/// infinity the same infinity. Shapes must be equal unless one side is a scalar. `rtol = …` and
/// `atol = …` (default 0) may follow, in this order, or both without their names.
///
/// # Panics
/// Elements differ by more; the message counts and measures the mismatches, and names the first.
///
/// ```
/// use orthant::assert_all_close;
/// use orthant::prelude::*;
///
/// let x = array![0.1, 0.2] + 0.2;
/// assert_all_close!(x, array![0.3, 0.4]);
/// assert_all_close!(&x / 3.0, array![0.1, 0.13], rtol = 0.0, atol = 0.01);
/// assert_all_close!(x.iter().sum::<f64>(), 0.7);
/// ```
///
/// ```should_panic
/// use orthant::assert_all_close;
/// use orthant::prelude::*;
///
/// assert_all_close!(array![1.0, 2.0], array![1.0, 2.1]);
/// ```
#[macro_export]
macro_rules! assert_all_close {
    ($actual:expr, $desired:expr $(,)?) => {
        $crate::testing::assert_close(&$actual, &$desired, 1e-7, 0.0)
    };
    ($actual:expr, $desired:expr, rtol = $rtol:expr $(,)?) => {
        $crate::testing::assert_close(&$actual, &$desired, $rtol, 0.0)
    };
    ($actual:expr, $desired:expr, atol = $atol:expr $(,)?) => {
        $crate::testing::assert_close(&$actual, &$desired, 1e-7, $atol)
    };
    ($actual:expr, $desired:expr, rtol = $rtol:expr, atol = $atol:expr $(,)?) => {
        $crate::testing::assert_close(&$actual, &$desired, $rtol, $atol)
    };
    ($actual:expr, $desired:expr, $rtol:expr, $atol:expr $(,)?) => {
        $crate::testing::assert_close(&$actual, &$desired, $rtol, $atol)
    };
}

/// What can stand first in [`assert_all_close!`](crate::assert_all_close): a scalar or an array of
/// any kind. Its element type decides what a literal on the other side is.
pub trait Measured: Operand<Self::Element> {
    /// The element type.
    type Element: Number;
}

macro_rules! measured_arrays {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<$($life,)? T: Number, D: Dimension> Measured for $kind {
            type Element = T;
        }
    )+};
}
measured_arrays! {
    [] Array<T, D>;
    [] &Array<T, D>;
    [] &ArrayRef<T, D>;
    [] &mut ArrayRef<T, D>;
    ['a] ArrayView<'a, T, D>;
    ['a] &ArrayView<'a, T, D>;
    ['a] ArrayViewMut<'a, T, D>;
    ['a] &ArrayViewMut<'a, T, D>;
    ['a] CowArray<'a, T, D>;
    ['a] &CowArray<'a, T, D>;
}
macro_rules! measured_scalars {
    ($($t:ty)+) => {$(
        impl Measured for $t {
            type Element = $t;
        }
    )+};
}
measured_scalars!(f64 f32 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize Complex<f32> Complex<f64>);

/// [`assert_all_close!`](crate::assert_all_close) as a function.
///
/// # Panics
/// As there.
///
/// ```
/// orthant::testing::assert_close(&1.0, &(1.0 + 1e-9), 1e-7, 0.0);
/// ```
#[track_caller]
pub fn assert_close<A: Measured, B: Operand<A::Element>>(
    actual: &A,
    desired: &B,
    rtol: f64,
    atol: f64,
) {
    let difference = actual.with_view(|actual| {
        desired.with_view(|desired| {
            let (a, b) = (actual.view_dyn(), desired.view_dyn());
            if a.shape() == b.shape() {
                describe_difference(a, b, rtol, atol)
            } else if A::SCALAR {
                describe_difference(a.broadcast_to(b.dim()), b, rtol, atol)
            } else if B::SCALAR {
                describe_difference(a, b.broadcast_to(a.dim()), rtol, atol)
            } else {
                Some(format!(
                    "(shapes {:?}, {:?} mismatch)",
                    a.shape(),
                    b.shape()
                ))
            }
        })
    });
    if let Some(difference) = difference {
        panic!("Not equal to tolerance rtol={rtol:e}, atol={atol:e}\n{difference}");
    }
}

/// How two arrays of equal shape differ, if they do.
fn describe_difference<T: Number>(
    actual: ArrayViewD<'_, T>,
    desired: ArrayViewD<'_, T>,
    rtol: f64,
    atol: f64,
) -> Option<String> {
    let mut first = None;
    let (mut count, mut absolute, mut relative) = (0_usize, 0.0_f64, 0.0_f64);
    for ((index, &a), &d) in actual.indexed_iter().zip(desired.iter()) {
        if a.number_is_close(d, rtol, atol, true) {
            continue;
        }
        count += 1;
        first.get_or_insert((index, a, d));
        let distance = a.number_distance(d);
        let ratio = distance / d.number_distance(T::zero());
        for (value, largest) in [(distance, &mut absolute), (ratio, &mut relative)] {
            // `max` would hide a NaN, which says that one side is NaN or infinite.
            if value.is_nan() || value > *largest {
                *largest = value;
            }
        }
    }
    let (index, a, d) = first?;
    let percent = 100.0 * count as f64 / actual.len() as f64;
    Some(format!(
        "Mismatched elements: {count} / {} ({percent:.3}%)\n\
         First mismatch at index {:?}: {a:?} (actual), {d:?} (desired)\n\
         Max absolute difference among violations: {absolute}\n\
         Max relative difference among violations: {relative}",
        actual.len(),
        index.as_ref(),
    ))
}
