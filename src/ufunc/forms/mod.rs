//! The forms that every function has, written once: fresh result, `_into`, `_inplace`, `_where`,
//! `_inplace_where`; and those of functions with two results.

mod binary;
mod masked;
mod pair;
mod ternary;
mod unary;
mod with;

use std::marker::PhantomData;

pub(super) use self::masked::Masked;
pub use self::pair::{BinaryPair, UnaryPair};
pub use self::with::{Parametric, ParametricUfunc};
use super::fold::Scatter;
use super::run::Side;
use crate::array::{
    Array, ArrayRef, DimMax, Dimension, LoopKernel, Operand, ShapeError, loops, unwrap,
};
use crate::engine::Cost;

pub(crate) mod private {
    pub trait Sealed {}
}

/// A function object: `ufunc::Exp`, `ufunc::Add`, … (sealed).
///
/// ```
/// use orthant::ufunc::{Sqrt, Ufunc};
///
/// assert_eq!(Sqrt::NAME, "sqrt");
/// ```
pub trait Ufunc: Copy + Default + Send + Sync + 'static + private::Sealed {
    /// NumPy's name of the function.
    const NAME: &'static str;
}

/// A function of one argument that takes elements of type `T` (sealed).
///
/// A bound `ufunc::Exp: UnaryUfunc<T>` lets generic code call `x.exp()`; `T: Float` implies it.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Exp, UnaryUfunc};
///
/// fn weights<T>(x: &ArrayRef1<T>) -> Array1<<Exp as UnaryUfunc<T>>::Output>
/// where
///     Exp: UnaryUfunc<T>,
/// {
///     x.exp()
/// }
/// assert_eq!(weights(&array![0]), array![1.0]);
/// assert_eq!(weights(&array![0.0_f32]), array![1.0_f32]);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` does not take elements of type `{T}`")]
pub trait UnaryUfunc<T>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(T) -> Self::Output>;
}

/// A function of two arguments that takes elements of types `A` and `B` (sealed).
///
/// A bound `ufunc::Maximum: BinaryUfunc<T>` lets generic code call `x.maximum(&y)`; `T: Real`
/// implies it.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{BinaryUfunc, Maximum};
///
/// fn envelope<T>(x: &ArrayRef1<T>, y: &ArrayRef1<T>) -> Array1<T>
/// where
///     Maximum: BinaryUfunc<T, Output = T>,
/// {
///     x.maximum(y)
/// }
/// assert_eq!(envelope(&array![1, 5], &array![3, 2]), array![3, 5]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take elements of types `{A}` and `{B}`"
)]
pub trait BinaryUfunc<A, B = A>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(A, B) -> Self::Output>;
    /// What [`Binary::at`] runs, of functions that are often called so.
    #[doc(hidden)]
    #[inline]
    fn scatter() -> Option<Scatter<A>> {
        None
    }
}

/// A function of three arguments of one element type (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Clip, TernaryUfunc};
///
/// fn inside<T: Copy>(x: &Array1<T>, ends: &[T; 2]) -> Array1<T>
/// where
///     Clip: TernaryUfunc<T, Output = T>,
/// {
///     let [low, high] = ends.map(|end| array![end]);
///     x.clip(&low, &high)
/// }
/// assert_eq!(inside(&array![-1, 9], &[0, 5]), array![0, 5]);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` does not take elements of type `{T}`")]
pub trait TernaryUfunc<T>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(T, T, T) -> Self::Output>;
}

/// The rank of an operation between two ranks.
pub(crate) type Max<D, E> = <D as DimMax<E>>::Output;

macro_rules! handle {
    ($($(#[$doc:meta])* $Forms:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Forms<F>(PhantomData<F>);

        impl<F> $Forms<F> {
            pub(crate) const fn new() -> Self {
                $Forms(PhantomData)
            }
        }
    )+};
}
handle! {
    /// The ways to call a function of one argument; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![0.0, 1.0];
    /// let mut y = x.zeros_like();
    /// ufunc::Exp.call_into(&x, &mut y);
    /// assert_eq!(y, x.exp());
    /// ```
    Unary
    /// The ways to call a function of two arguments; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1.0, 5.0];
    /// let mut y = x.zeros_like();
    /// ufunc::Maximum.call_into(&x, 3.0, &mut y);
    /// assert_eq!(y, x.maximum(3.0));
    /// ```
    Binary
    /// The ways to call a function of three arguments; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1, 5, 9];
    /// assert_eq!(ufunc::Clip.call(&x, 2, 6), x.clip(2, 6));
    /// ```
    Ternary
}

/// Three operands as numbers.
#[inline]
pub(crate) fn with_three<A, B, C, R>(
    x: impl Operand<A>,
    y: impl Operand<B>,
    z: impl Operand<C>,
    f: impl FnOnce(&[Side<'_>; 3]) -> R,
) -> R {
    x.with_view(|x| {
        y.with_view(|y| {
            z.with_view(|z| f(&[Side::of(&x.head), Side::of(&y.head), Side::of(&z.head)]))
        })
    })
}

/// The core of methods of one argument.
#[inline]
#[track_caller]
pub(crate) fn unary<F: UnaryUfunc<T>, T, D: Dimension>(x: &ArrayRef<T, D>) -> Array<F::Output, D> {
    if size_of::<F::Output>() > size_of::<T>() {
        // Only a view that repeats elements can have more of them than fit.
        let checked = crate::array::Layout::<D>::checked_len(x.shape(), size_of::<F::Output>());
        unwrap(checked);
    }
    // SAFETY: the kernel's types; sealed implementations are for elements that may be moved
    // bitwise and on any thread.
    unsafe { loops::unary(x, F::COST, F::kernel().0) }
}

/// The core of methods of two arguments.
#[inline]
pub(crate) fn binary<F, A, B, D, Y>(
    x: &ArrayRef<A, D>,
    y: Y,
) -> Result<Array<F::Output, Max<D, Y::Dim>>, ShapeError>
where
    F: BinaryUfunc<A, B>,
    D: DimMax<Y::Dim>,
    Y: Operand<B>,
{
    // SAFETY: as for `unary`.
    y.with_view(|y| unsafe { loops::binary(x, &y, F::COST, F::kernel().0) })
}
