//! "Array or scalar": what arithmetic and elementwise functions take.

use num_complex::Complex;

use super::dimension::{Dimension, Ix0};
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

mod private {
    pub trait Sealed<T> {}
}

/// What a function over elements of type `T` takes where NumPy takes "array_like": a scalar, an
/// array, a view, by value or by reference (sealed).
///
/// ```
/// use orthant::prelude::*;
///
/// fn shifted<S: Operand<f64, Dim = Ix0>>(x: &ArrayRef1<f64>, by: S) -> Array1<f64> {
///     x + by
/// }
/// assert_eq!(shifted(&array![1.0, 2.0], 1.0), array![2.0, 3.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an array nor a scalar with elements of type `{T}`",
    note = "operands are scalars, arrays, views and references to them; use `.cast::<{T}>()` to convert elements"
)]
pub trait Operand<T>: private::Sealed<T> {
    /// The rank; [`Ix0`] for scalars.
    type Dim: Dimension;

    /// Calls `f` with the operand as a view.
    #[doc(hidden)]
    fn with_view<R>(&self, f: impl FnOnce(ArrayView<'_, T, Self::Dim>) -> R) -> R;

    /// Whether this is a scalar, whose shape never matters.
    #[doc(hidden)]
    const SCALAR: bool = false;

    /// Whether [`into_array`](Self::into_array) gives up an owned buffer.
    #[doc(hidden)]
    #[inline(always)]
    fn is_owned(&self) -> bool {
        false
    }

    /// The owned array, where there is one.
    #[doc(hidden)]
    #[inline(always)]
    fn into_array(self) -> Option<Array<T, Self::Dim>>
    where
        Self: Sized,
    {
        None
    }
}

macro_rules! borrowed {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<$($life,)? T, D: Dimension> private::Sealed<T> for $kind {}
        impl<$($life,)? T, D: Dimension> Operand<T> for $kind {
            type Dim = D;
            #[inline(always)]
            fn with_view<R>(&self, f: impl FnOnce(ArrayView<'_, T, D>) -> R) -> R {
                f(self.view())
            }
        }
    )+};
}
borrowed! {
    [] &Array<T, D>;
    [] &ArrayRef<T, D>;
    [] &mut ArrayRef<T, D>;
    ['a] ArrayView<'a, T, D>;
    ['a] &ArrayView<'a, T, D>;
    ['a] &ArrayViewMut<'a, T, D>;
    ['a] ArrayViewMut<'a, T, D>;
    ['a] &CowArray<'a, T, D>;
}

impl<T, D: Dimension> private::Sealed<T> for Array<T, D> {}
impl<T, D: Dimension> Operand<T> for Array<T, D> {
    type Dim = D;
    #[inline(always)]
    fn with_view<R>(&self, f: impl FnOnce(ArrayView<'_, T, D>) -> R) -> R {
        f(self.view())
    }
    #[inline(always)]
    fn is_owned(&self) -> bool {
        true
    }
    #[inline(always)]
    fn into_array(self) -> Option<Array<T, D>> {
        Some(self)
    }
}

impl<T, D: Dimension> private::Sealed<T> for CowArray<'_, T, D> {}
impl<T, D: Dimension> Operand<T> for CowArray<'_, T, D> {
    type Dim = D;
    #[inline(always)]
    fn with_view<R>(&self, f: impl FnOnce(ArrayView<'_, T, D>) -> R) -> R {
        f(self.view())
    }
    fn is_owned(&self) -> bool {
        !self.is_view()
    }
    fn into_array(self) -> Option<Array<T, D>> {
        match self {
            CowArray::View(_) => None,
            CowArray::Owned(array) => Some(array),
        }
    }
}

/// A scalar of any type on either side of an operator, where the orphan rule forbids a bare one
/// (`Scalar(s) - &x` in code that is generic over the element type).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Number;
///
/// fn one_minus<T: Number>(x: &ArrayRef1<T>) -> Array1<T> {
///     orthant::ScalarOperand(T::one()) - x
/// }
/// assert_eq!(one_minus(&array![0.25, 1.0]), array![0.75, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalarOperand<T>(pub T);

macro_rules! scalar {
    ($([$($generic:ident)?] $scalar:ty => $element:ty: |$s:ident| $value:expr;)+) => {$(
        impl<$($generic)?> private::Sealed<$element> for $scalar {}
        impl<$($generic: Copy)?> Operand<$element> for $scalar where $scalar: private::Sealed<$element> {
            type Dim = Ix0;
            const SCALAR: bool = true;
            #[inline(always)]
            fn with_view<Res>(&self, f: impl FnOnce(ArrayView<'_, $element, Ix0>) -> Res) -> Res {
                let $s = *self;
                let value: $element = $value;
                f(ArrayView::from_element(&value))
            }
        }
    )+};
}
macro_rules! plain_scalars {
    ($($t:ty)+) => { scalar! { $([] $t => $t: |s| s;)+ } };
}
plain_scalars!(f64 f32 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool Complex<f32> Complex<f64>);
scalar! {
    [] f32 => Complex<f32>: |s| Complex::new(s, 0.0);
    [] f64 => Complex<f64>: |s| Complex::new(s, 0.0);
    [T] ScalarOperand<T> => T: |s| s.0;
}
