//! Equality of whole arrays: `==`, `array_equal`, `all_close`, and the `approx` traits.

use super::dimension::Dimension;
use super::element::Number;
use super::error::unwrap;
use super::lattice::DimMax;
use super::layout::{Layout, broadcast_pair};
use super::loops::arg;
use super::operand::Operand;
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};
use crate::engine::{self, Order};

/// Elements compared without a look at the result, so that the loop vectorises.
const BLOCK: usize = 256;

/// Whether `same` holds for all pairs of elements of two arrays of equal shape.
fn all_pairs<T, U, D: Dimension, E: Dimension>(
    a: &ArrayRef<T, D>,
    b: &ArrayRef<U, E>,
    same: impl Fn(&T, &U) -> bool,
) -> bool {
    debug_assert_eq!(a.shape(), b.shape());
    let ops = [arg(a, a.shape()), arg(b, a.shape())];
    let mut equal = true;
    engine::for_each_run(a.shape(), &ops, Order::Plan, &mut |ptrs, n, strides| {
        if !equal {
            return;
        }
        let (a, b) = (ptrs[0].cast::<T>(), ptrs[1].cast::<U>());
        // SAFETY: the engine passes runs of `n` elements of the operands (invariant 2).
        equal = unsafe {
            if strides[0] == 1 && strides[1] == 1 {
                let a = std::slice::from_raw_parts(a, n);
                let b = std::slice::from_raw_parts(b, n);
                a.chunks(BLOCK)
                    .zip(b.chunks(BLOCK))
                    .all(|(a, b)| a.iter().zip(b).fold(true, |all, (a, b)| all & same(a, b)))
            } else {
                let at = |i: usize, stride: isize| i as isize * stride;
                (0..n).all(|i| same(&*a.offset(at(i, strides[0])), &*b.offset(at(i, strides[1]))))
            }
        };
    });
    equal
}

macro_rules! equality {
    ($($left:ty),+; $rights:tt) => {$( equality!(@rights $left, $rights); )+};
    (@rights $left:ty, [$($right:ty),+]) => {$(
        impl<T: PartialEq, D: Dimension, E: Dimension> PartialEq<$right> for $left {
            /// Whether shapes and all elements are equal.
            fn eq(&self, other: &$right) -> bool {
                self.shape() == other.shape() && all_pairs(self, other, T::eq)
            }
        }
        impl<T: PartialEq, D: Dimension, E: Dimension> PartialEq<&$right> for $left {
            /// Whether shapes and all elements are equal.
            fn eq(&self, other: &&$right) -> bool {
                self == *other
            }
        }
        impl<T: PartialEq, D: Dimension, E: Dimension> PartialEq<$right> for &$left {
            /// Whether shapes and all elements are equal.
            fn eq(&self, other: &$right) -> bool {
                **self == *other
            }
        }
    )+};
}
equality!(Array<T, D>, ArrayView<'_, T, D>, ArrayViewMut<'_, T, D>, CowArray<'_, T, D>, ArrayRef<T, D>;
    [Array<T, E>, ArrayView<'_, T, E>, ArrayViewMut<'_, T, E>, CowArray<'_, T, E>, ArrayRef<T, E>]);

impl<T: Eq, D: Dimension> Eq for Array<T, D> {}
impl<T: Eq, D: Dimension> Eq for ArrayView<'_, T, D> {}
impl<T: Eq, D: Dimension> Eq for ArrayViewMut<'_, T, D> {}
impl<T: Eq, D: Dimension> Eq for CowArray<'_, T, D> {}
impl<T: Eq, D: Dimension> Eq for ArrayRef<T, D> {}

impl<T, D: Dimension> ArrayRef<T, D> {
    /// Whether shapes and all elements are equal (NumPy's `array_equal`): `==` as a method.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1, 2];
    /// assert!(x.array_equal(&x));
    /// assert!(!x.array_equal(&array![[1, 2]]));
    /// ```
    pub fn array_equal<E: Dimension>(&self, other: &ArrayRef<T, E>) -> bool
    where
        T: PartialEq,
    {
        self == other
    }

    /// Whether all elements are within `atol + rtol·|other|` of the other's, broadcasting (NumPy's
    /// `allclose(self, other, rtol, atol)`, whose defaults are 1e-5 and 1e-8). Equal infinities
    /// are close, NaN to nothing.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1.0, 2.0];
    /// assert!(x.all_close(&array![1.0 + 1e-9, 2.0], 1e-5, 1e-8));
    /// assert!(!x.all_close(1.0, 1e-5, 1e-8));
    /// ```
    #[track_caller]
    pub fn all_close<R: Operand<T>>(&self, other: R, rtol: f64, atol: f64) -> bool
    where
        T: Number,
        D: DimMax<R::Dim>,
    {
        self.close(other, rtol, atol, false)
    }

    /// As [`all_close`](Self::all_close), with NaN close to NaN (NumPy's `equal_nan=True`).
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![f64::NAN, 2.0];
    /// assert!(x.all_close_nan(&x, 0.0, 0.0));
    /// ```
    #[track_caller]
    pub fn all_close_nan<R: Operand<T>>(&self, other: R, rtol: f64, atol: f64) -> bool
    where
        T: Number,
        D: DimMax<R::Dim>,
    {
        self.close(other, rtol, atol, true)
    }

    #[track_caller]
    fn close<R: Operand<T>>(&self, other: R, rtol: f64, atol: f64, equal_nan: bool) -> bool
    where
        T: Number,
        D: DimMax<R::Dim>,
    {
        other.with_view(|other| {
            let dim: <D as DimMax<R::Dim>>::Output =
                unwrap(broadcast_pair(self.shape(), other.shape()));
            let a: Layout<_> = unwrap(self.layout.broadcast_to(dim));
            let b: Layout<_> = unwrap(other.layout.broadcast_to(dim));
            // SAFETY: invariant 3: repeated elements are shared.
            let (a, b) = unsafe {
                (
                    ArrayView::from_parts(self.ptr, a),
                    ArrayView::from_parts(other.head.ptr, b),
                )
            };
            all_pairs(&a, &b, |a, b| a.number_is_close(*b, rtol, atol, equal_nan))
        })
    }
}

#[cfg(feature = "approx")]
mod approximately {
    use approx::{AbsDiffEq, RelativeEq, UlpsEq};

    use super::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray, Dimension, all_pairs};

    macro_rules! approximate {
        ($($kind:ty),+) => {$(
            impl<T: AbsDiffEq<Epsilon: Clone>, D: Dimension> AbsDiffEq for $kind {
                type Epsilon = T::Epsilon;
                fn default_epsilon() -> T::Epsilon {
                    T::default_epsilon()
                }
                /// Whether shapes are equal and all elements approximately.
                fn abs_diff_eq(&self, other: &Self, epsilon: T::Epsilon) -> bool {
                    self.shape() == other.shape()
                        && all_pairs(self, other, |a: &T, b| a.abs_diff_eq(b, epsilon.clone()))
                }
            }
            impl<T: RelativeEq<Epsilon: Clone>, D: Dimension> RelativeEq for $kind {
                fn default_max_relative() -> T::Epsilon {
                    T::default_max_relative()
                }
                /// Whether shapes are equal and all elements approximately.
                fn relative_eq(&self, other: &Self, epsilon: T::Epsilon, max: T::Epsilon) -> bool {
                    self.shape() == other.shape()
                        && all_pairs(self, other, |a: &T, b| {
                            a.relative_eq(b, epsilon.clone(), max.clone())
                        })
                }
            }
            impl<T: UlpsEq<Epsilon: Clone>, D: Dimension> UlpsEq for $kind {
                fn default_max_ulps() -> u32 {
                    T::default_max_ulps()
                }
                /// Whether shapes are equal and all elements approximately.
                fn ulps_eq(&self, other: &Self, epsilon: T::Epsilon, max: u32) -> bool {
                    self.shape() == other.shape()
                        && all_pairs(self, other, |a: &T, b| a.ulps_eq(b, epsilon.clone(), max))
                }
            }
        )+};
    }
    approximate!(Array<T, D>, ArrayView<'_, T, D>, ArrayViewMut<'_, T, D>, CowArray<'_, T, D>, ArrayRef<T, D>);
}
