//! Functions with two results.

use std::marker::PhantomData;

use super::{Binary, BinaryUfunc, Max, Unary, UnaryUfunc};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, unwrap};
use crate::ufunc::run::{Side, check_into};

/// The ways to call a function of one argument with two results, each of which is a function of its
/// own: [`Modf`](crate::ufunc::Modf) and its like dereference to this.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let x = array![2.5, -0.25];
/// let (mut fraction, mut whole) = (x.zeros_like(), x.zeros_like());
/// ufunc::Modf.call_into(&x, (&mut fraction, &mut whole));
/// assert_eq!((fraction, whole), (array![0.5, -0.25], array![2.0, 0.0]));
/// ```
#[derive(Debug)]
pub struct UnaryPair<F, G>(PhantomData<(F, G)>);

/// The ways to call a function of two arguments with two results, each of which is a function of its
/// own: [`Divmod`](crate::ufunc::Divmod) dereferences to this.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let (mut quotient, mut rest) = (array![0, 0], array![0, 0]);
/// ufunc::Divmod.call_into(&array![-7, 7], 2, (&mut quotient, &mut rest));
/// assert_eq!((quotient, rest), (array![-4, 3], array![1, 1]));
/// ```
#[derive(Debug)]
pub struct BinaryPair<F, G>(PhantomData<(F, G)>);

impl<F, G> UnaryPair<F, G> {
    pub(crate) const fn new() -> Self {
        UnaryPair(PhantomData)
    }

    /// Both results of every element, in fresh arrays in K order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mantissa, exponent) = ufunc::Frexp.call(&array![12.0, -0.5]);
    /// assert_eq!((mantissa, exponent), (array![0.75, -0.5], array![4, 0]));
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn call<T, X: Operand<T>>(
        &self,
        x: X,
    ) -> (Array<F::Output, X::Dim>, Array<G::Output, X::Dim>)
    where
        F: UnaryUfunc<T>,
        G: UnaryUfunc<T>,
    {
        x.with_view(|x| (Unary::<F>::new().call(x), Unary::<G>::new().call(x)))
    }

    /// Both results of every element into arrays that exist (NumPy's `out=(first, second)`), to
    /// whose shapes the argument is broadcast; nothing is allocated.
    ///
    /// # Panics
    /// The argument does not broadcast to an output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut sin, mut cos) = (array![1.0, 1.0], array![0.0, 0.0]);
    /// ufunc::Sincos.call_into(&array![0.0], (&mut sin, &mut cos));
    /// assert_eq!((sin, cos), (array![0.0, 0.0], array![1.0, 1.0]));
    /// ```
    #[track_caller]
    pub fn call_into<T, X: Operand<T>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        out: (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) where
        F: UnaryUfunc<T>,
        G: UnaryUfunc<T>,
    {
        unwrap(self.try_call_into(x, out));
    }

    /// As [`call_into`](Self::call_into), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut fraction, mut whole) = (array![0.0], array![0.0, 0.0]);
    /// ufunc::Modf.try_call_into(&array![2.5], (&mut fraction, &mut whole))?;
    /// assert_eq!((fraction.item(), whole), (0.5, array![2.0, 2.0]));
    /// let wide = array![1.5, 2.5];
    /// assert!(ufunc::Modf.try_call_into(&wide, (&mut array![0.0], &mut array![0.0])).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T, X: Operand<T>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        (first, second): (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) -> Result<(), ShapeError>
    where
        F: UnaryUfunc<T>,
        G: UnaryUfunc<T>,
    {
        x.with_view(|x| {
            check_into(Side::of(second), &[Side::of(&x.head)])?;
            Unary::<F>::new().try_call_into(x, first)?;
            Unary::<G>::new().try_call_into(x, second)
        })
    }

    /// Both results where the mask is `true`, into arrays that exist (NumPy's `where=` with `out=`);
    /// other elements of the outputs keep their values.
    ///
    /// # Panics
    /// The argument or the mask does not broadcast to an output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut fraction, mut whole) = (array![9.0, 9.0], array![9.0, 9.0]);
    /// ufunc::Modf.call_where(&array![2.5], &array![true, false], (&mut fraction, &mut whole));
    /// assert_eq!((fraction, whole), (array![0.5, 9.0], array![2.0, 9.0]));
    /// ```
    #[track_caller]
    pub fn call_where<T, X: Operand<T>, M: Operand<bool>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        mask: M,
        out: (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) where
        F: UnaryUfunc<T>,
        G: UnaryUfunc<T>,
    {
        unwrap(self.try_call_where(x, mask, out));
    }

    /// As [`call_where`](Self::call_where), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, mut fraction, mut whole) = (array![2.5, 1.5], array![9.0, 9.0], array![9.0, 9.0]);
    /// let out = (&mut *fraction, &mut *whole);
    /// assert!(ufunc::Modf.try_call_where(&x, &array![true, true, true], out).is_err());
    /// ```
    pub fn try_call_where<T, X: Operand<T>, M: Operand<bool>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        mask: M,
        (first, second): (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) -> Result<(), ShapeError>
    where
        F: UnaryUfunc<T>,
        G: UnaryUfunc<T>,
    {
        x.with_view(|x| {
            mask.with_view(|mask| {
                check_into(Side::of(second), &[Side::of(&x.head), Side::of(&mask.head)])?;
                Unary::<F>::new().try_call_where(x, mask, first)?;
                Unary::<G>::new().try_call_where(x, mask, second)
            })
        })
    }
}

impl<F, G> BinaryPair<F, G> {
    pub(crate) const fn new() -> Self {
        BinaryPair(PhantomData)
    }

    /// Both results of all pairs of elements, broadcasting, in fresh arrays in K order.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (quotient, rest) = ufunc::Divmod.call(&array![-7, 7], 2);
    /// assert_eq!((quotient, rest), (array![-4, 3], array![1, 1]));
    /// ```
    #[allow(clippy::type_complexity)]
    #[track_caller]
    pub fn call<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> (
        Array<F::Output, Max<X::Dim, Y::Dim>>,
        Array<G::Output, Max<X::Dim, Y::Dim>>,
    )
    where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
        X::Dim: DimMax<Y::Dim>,
    {
        unwrap(self.try_call(x, y))
    }

    /// As [`call`](Self::call), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Divmod.try_call(&array![9], 2)?, (array![4], array![1]));
    /// assert!(ufunc::Divmod.try_call(&array![9, 9], &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn try_call<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Result<
        (
            Array<F::Output, Max<X::Dim, Y::Dim>>,
            Array<G::Output, Max<X::Dim, Y::Dim>>,
        ),
        ShapeError,
    >
    where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
        X::Dim: DimMax<Y::Dim>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                let first = Binary::<F>::new().try_call(x, y)?;
                Ok((first, Binary::<G>::new().try_call(x, y)?))
            })
        })
    }

    /// Both results of all pairs of elements into arrays that exist (NumPy's `out=(first, second)`),
    /// to whose shapes the arguments are broadcast; nothing is allocated.
    ///
    /// # Panics
    /// An argument does not broadcast to an output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut quotient, mut rest) = (array![0.0, 0.0], array![0.0, 0.0]);
    /// ufunc::Divmod.call_into(&array![7.5, -1.0], 2.0, (&mut quotient, &mut rest));
    /// assert_eq!((quotient, rest), (array![3.0, -1.0], array![1.5, 1.0]));
    /// ```
    #[track_caller]
    pub fn call_into<A, B, X: Operand<A>, Y: Operand<B>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        y: Y,
        out: (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
    {
        unwrap(self.try_call_into(x, y, out));
    }

    /// As [`call_into`](Self::call_into), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut quotient, mut rest) = (array![0, 0], array![0]);
    /// let out = (&mut *quotient, &mut *rest);
    /// assert!(ufunc::Divmod.try_call_into(&array![7, 8], 2, out).is_err());
    /// assert_eq!(quotient, array![0, 0]);
    /// ```
    pub fn try_call_into<A, B, X: Operand<A>, Y: Operand<B>, D: Dimension, E: Dimension>(
        &self,
        x: X,
        y: Y,
        (first, second): (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                check_into(Side::of(second), &[Side::of(&x.head), Side::of(&y.head)])?;
                Binary::<F>::new().try_call_into(x, y, first)?;
                Binary::<G>::new().try_call_into(x, y, second)
            })
        })
    }

    /// Both results where the mask is `true`, into arrays that exist (NumPy's `where=` with `out=`);
    /// other elements of the outputs keep their values.
    ///
    /// # Panics
    /// An argument or the mask does not broadcast to an output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut quotient, mut rest) = (array![9, 9], array![9, 9]);
    /// let out = (&mut *quotient, &mut *rest);
    /// ufunc::Divmod.call_where(&array![7, 8], 2, &array![true, false], out);
    /// assert_eq!((quotient, rest), (array![3, 9], array![1, 9]));
    /// ```
    #[track_caller]
    pub fn call_where<A, B, X, Y, M, D: Dimension, E: Dimension>(
        &self,
        x: X,
        y: Y,
        mask: M,
        out: (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
        X: Operand<A>,
        Y: Operand<B>,
        M: Operand<bool>,
    {
        unwrap(self.try_call_where(x, y, mask, out));
    }

    /// As [`call_where`](Self::call_where), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut quotient, mut rest) = (array![9, 9], array![9, 9]);
    /// let out = (&mut *quotient, &mut *rest);
    /// let mask = array![true, false, true];
    /// assert!(ufunc::Divmod.try_call_where(&array![7, 8], 2, &mask, out).is_err());
    /// ```
    pub fn try_call_where<A, B, X, Y, M, D: Dimension, E: Dimension>(
        &self,
        x: X,
        y: Y,
        mask: M,
        (first, second): (&mut ArrayRef<F::Output, D>, &mut ArrayRef<G::Output, E>),
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B>,
        G: BinaryUfunc<A, B>,
        X: Operand<A>,
        Y: Operand<B>,
        M: Operand<bool>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                mask.with_view(|mask| {
                    let inputs = [Side::of(&x.head), Side::of(&y.head), Side::of(&mask.head)];
                    check_into(Side::of(second), &inputs)?;
                    Binary::<F>::new().try_call_where(x, y, mask, first)?;
                    Binary::<G>::new().try_call_where(x, y, mask, second)
                })
            })
        })
    }
}
