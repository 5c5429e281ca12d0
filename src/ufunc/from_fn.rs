//! Functions of the user's as elementwise functions ([`from_fn`]).

use std::marker::PhantomData;

use super::forms::Max;
use super::run::{Side, check_into};
use super::zip::{try_zip, zip};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, unwrap};

mod private {
    pub trait Sealed<Args> {}
}

/// A function of one to three scalars (sealed: closures and functions are).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{ScalarFunction, from_fn};
///
/// fn halved<F: ScalarFunction<(f64,)> + Fn(f64) -> f64 + Sync>(f: F, x: &Array1<f64>) -> Array1<f64> {
///     0.5 * from_fn(f).call(x)
/// }
/// assert_eq!(halved(f64::floor, &array![1.5, -1.5]), array![0.5, -1.0]);
/// ```
pub trait ScalarFunction<Args>: private::Sealed<Args> {}

impl<F: Fn(A) -> R, A, R> private::Sealed<(A,)> for F {}
impl<F: Fn(A) -> R, A, R> ScalarFunction<(A,)> for F {}
impl<F: Fn(A, B) -> R, A, B, R> private::Sealed<(A, B)> for F {}
impl<F: Fn(A, B) -> R, A, B, R> ScalarFunction<(A, B)> for F {}
impl<F: Fn(A, B, C) -> R, A, B, C, R> private::Sealed<(A, B, C)> for F {}
impl<F: Fn(A, B, C) -> R, A, B, C, R> ScalarFunction<(A, B, C)> for F {}

/// A function of scalars that takes arrays: what [`from_fn`] returns.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let area: ufunc::FromFn<_, (f64, f64)> = ufunc::from_fn(|width, height| width * height);
/// assert_eq!(area.call(&array![1.0, 2.0], 3.0), array![3.0, 6.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FromFn<F, Args> {
    function: F,
    marker: PhantomData<fn(Args)>,
}

/// Makes a function of one to three scalars into one of arrays and scalars that broadcast (NumPy's
/// `vectorize`, `frompyfunc`). It runs on several threads where that pays; around long functions
/// that compute, [`fused!`](crate::fused) lets it run in SIMD.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let collatz = ufunc::from_fn(|n: u64| if n % 2 == 0 { n / 2 } else { 3 * n + 1 });
/// assert_eq!(collatz.call(&array![1, 2, 3]), array![4, 1, 10]);
///
/// let area = ufunc::from_fn(|width: f64, height: f64| width * height);
/// assert_eq!(area.call(&array![1.0, 2.0], 3.0), array![3.0, 6.0]);
/// ```
pub fn from_fn<F: ScalarFunction<Args>, Args>(function: F) -> FromFn<F, Args> {
    FromFn {
        function,
        marker: PhantomData,
    }
}

impl<F, A, R> FromFn<F, (A,)>
where
    F: Fn(A) -> R + Sync,
    A: Copy + Send + Sync,
    R: Send,
{
    /// The function of every element.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let half = ufunc::from_fn(|n: u32| n / 2);
    /// assert_eq!(half.call(&array![6, 7]), array![3, 3]);
    /// ```
    #[track_caller]
    pub fn call<X: Operand<A>>(&self, x: X) -> Array<R, X::Dim> {
        x.with_view(|x| zip((x,)).map(|(x,)| (self.function)(x)))
    }

    /// The function of every element into an array that exists, to whose shape the argument is
    /// broadcast.
    ///
    /// # Panics
    /// The argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let half = ufunc::from_fn(|n: u32| n / 2);
    /// let mut y = array![0, 0];
    /// half.call_into(&array![6, 7], &mut y);
    /// assert_eq!(y, array![3, 3]);
    /// ```
    #[track_caller]
    pub fn call_into<X: Operand<A>, D: Dimension>(&self, x: X, out: &mut ArrayRef<R, D>)
    where
        R: 'static,
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
    /// let half = ufunc::from_fn(|n: u32| n / 2);
    /// let mut y = array![0, 0];
    /// half.try_call_into(&array![9], &mut y)?;
    /// assert!(half.try_call_into(&array![1, 2, 3], &mut y).is_err());
    /// assert_eq!(y, array![4, 4]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<X: Operand<A>, D: Dimension>(
        &self,
        x: X,
        out: &mut ArrayRef<R, D>,
    ) -> Result<(), ShapeError>
    where
        R: 'static,
    {
        x.with_view(|x| {
            check_into(Side::of(out), &[Side::of(&x.head)])?;
            let x = x.try_broadcast_to(out.shape())?;
            zip((x,)).try_map_into(out, |(x,)| (self.function)(x))
        })
    }
}

impl<F, A> FromFn<F, (A,)>
where
    F: Fn(A) -> A + Sync,
    A: Copy + Send + Sync + 'static,
{
    /// Replaces every element by the function of it.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![6, 7];
    /// ufunc::from_fn(|n: u32| n / 2).call_inplace(&mut x);
    /// assert_eq!(x, array![3, 3]);
    /// ```
    #[track_caller]
    pub fn call_inplace<D: Dimension>(&self, x: &mut ArrayRef<A, D>) {
        zip((x,)).for_each(|(x,)| *x = (self.function)(*x));
    }
}

impl<F, A, B, R> FromFn<F, (A, B)>
where
    F: Fn(A, B) -> R + Sync,
    A: Copy + Send + Sync,
    B: Copy + Send + Sync,
    R: Send,
{
    /// The function of all pairs of elements, broadcasting.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let power = ufunc::from_fn(|x: f64, n: i32| x.powi(n));
    /// assert_eq!(power.call(&array![2.0, 3.0], &array![[1], [2]]), array![[2.0, 3.0], [4.0, 9.0]]);
    /// ```
    #[track_caller]
    pub fn call<X, Y>(&self, x: X, y: Y) -> Array<R, Max<X::Dim, Y::Dim>>
    where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
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
    /// let power = ufunc::from_fn(|x: f64, n: i32| x.powi(n));
    /// assert_eq!(power.try_call(&array![2.0, 3.0], 2)?, array![4.0, 9.0]);
    /// assert!(power.try_call(&array![2.0, 3.0], &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call<X, Y>(&self, x: X, y: Y) -> Result<Array<R, Max<X::Dim, Y::Dim>>, ShapeError>
    where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
    {
        let function = |(x, y)| (self.function)(x, y);
        x.with_view(|x| y.with_view(|y| Ok(try_zip((x, y))?.map(function))))
    }

    /// The function of all pairs of elements into an array that exists, to whose shape the arguments
    /// are broadcast.
    ///
    /// # Panics
    /// An argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let power = ufunc::from_fn(|x: f64, n: i32| x.powi(n));
    /// let mut y = array![0.0, 0.0];
    /// power.call_into(&array![2.0, 3.0], 2, &mut y);
    /// assert_eq!(y, array![4.0, 9.0]);
    /// ```
    #[track_caller]
    pub fn call_into<X, Y, D: Dimension>(&self, x: X, y: Y, out: &mut ArrayRef<R, D>)
    where
        X: Operand<A>,
        Y: Operand<B>,
        R: 'static,
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
    /// let power = ufunc::from_fn(|x: f64, n: i32| x.powi(n));
    /// let mut y = array![0.0, 0.0];
    /// power.try_call_into(3.0, &array![1, 2], &mut y)?;
    /// assert!(power.try_call_into(3.0, &array![1, 2, 3], &mut y).is_err());
    /// assert_eq!(y, array![3.0, 9.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<X, Y, D: Dimension>(
        &self,
        x: X,
        y: Y,
        out: &mut ArrayRef<R, D>,
    ) -> Result<(), ShapeError>
    where
        X: Operand<A>,
        Y: Operand<B>,
        R: 'static,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                check_into(Side::of(out), &[Side::of(&x.head), Side::of(&y.head)])?;
                let x = x.try_broadcast_to(out.shape())?;
                let y = y.try_broadcast_to(out.shape())?;
                zip((x, y)).try_map_into(out, |(x, y)| (self.function)(x, y))
            })
        })
    }
}

impl<F, A, B> FromFn<F, (A, B)>
where
    F: Fn(A, B) -> A + Sync,
    A: Copy + Send + Sync + 'static,
    B: Copy + Send + Sync,
{
    /// Replaces every element of the first argument by the function of it and the second, which is
    /// broadcast to it.
    ///
    /// # Panics
    /// The second argument does not broadcast to the shape of the first.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![2.0, 3.0];
    /// ufunc::from_fn(|x: f64, n: i32| x.powi(n)).call_inplace(&mut x, &array![3, 2]);
    /// assert_eq!(x, array![8.0, 9.0]);
    /// ```
    #[track_caller]
    pub fn call_inplace<Y: Operand<B>, D: Dimension>(&self, x: &mut ArrayRef<A, D>, y: Y) {
        unwrap(self.try_call_inplace(x, y));
    }

    /// As [`call_inplace`](Self::call_inplace), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let power = ufunc::from_fn(|x: f64, n: i32| x.powi(n));
    /// let mut x = array![2.0, 3.0];
    /// assert!(power.try_call_inplace(&mut x, &array![1, 2, 3]).is_err());
    /// power.try_call_inplace(&mut x, 2)?;
    /// assert_eq!(x, array![4.0, 9.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace<Y: Operand<B>, D: Dimension>(
        &self,
        x: &mut ArrayRef<A, D>,
        y: Y,
    ) -> Result<(), ShapeError> {
        y.with_view(|y| {
            check_into(Side::of(x), &[Side::of(&y.head)])?;
            let y = y.try_broadcast_to(x.shape())?;
            zip((x.view_dyn_mut(), y)).for_each(|(x, y)| *x = (self.function)(*x, y));
            Ok(())
        })
    }
}

impl<F, A, B, C, R> FromFn<F, (A, B, C)>
where
    F: Fn(A, B, C) -> R + Sync,
    A: Copy + Send + Sync,
    B: Copy + Send + Sync,
    C: Copy + Send + Sync,
    R: Send,
{
    /// The function of all triples of elements, broadcasting.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let between = ufunc::from_fn(|x: i32, low: i32, high: i32| low <= x && x < high);
    /// assert_eq!(between.call(&array![1, 5, 9], 1, 9), array![true, true, false]);
    /// ```
    #[track_caller]
    pub fn call<X, Y, Z>(&self, x: X, y: Y, z: Z) -> Array<R, Max<Max<X::Dim, Y::Dim>, Z::Dim>>
    where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
        Z: Operand<C>,
        Max<X::Dim, Y::Dim>: DimMax<Z::Dim>,
    {
        unwrap(self.try_call(x, y, z))
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
    /// let between = ufunc::from_fn(|x: i32, low: i32, high: i32| low <= x && x < high);
    /// assert_eq!(between.try_call(&array![1, 5], 1, 5)?, array![true, false]);
    /// assert!(between.try_call(&array![1, 5], 1, &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[allow(clippy::type_complexity)]
    pub fn try_call<X, Y, Z>(
        &self,
        x: X,
        y: Y,
        z: Z,
    ) -> Result<Array<R, Max<Max<X::Dim, Y::Dim>, Z::Dim>>, ShapeError>
    where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
        Z: Operand<C>,
        Max<X::Dim, Y::Dim>: DimMax<Z::Dim>,
    {
        let function = |(x, y, z)| (self.function)(x, y, z);
        x.with_view(|x| y.with_view(|y| z.with_view(|z| Ok(try_zip((x, y, z))?.map(function)))))
    }

    /// The function of all triples of elements into an array that exists, to whose shape the arguments
    /// are broadcast.
    ///
    /// # Panics
    /// An argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let between = ufunc::from_fn(|x: i32, low: i32, high: i32| low <= x && x < high);
    /// let mut inside = array![false, false, false];
    /// between.call_into(&array![1, 5, 9], 1, 9, &mut inside);
    /// assert_eq!(inside, array![true, true, false]);
    /// ```
    #[track_caller]
    pub fn call_into<X, Y, Z, D: Dimension>(&self, x: X, y: Y, z: Z, out: &mut ArrayRef<R, D>)
    where
        X: Operand<A>,
        Y: Operand<B>,
        Z: Operand<C>,
        R: 'static,
    {
        unwrap(self.try_call_into(x, y, z, out));
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
    /// let between = ufunc::from_fn(|x: i32, low: i32, high: i32| low <= x && x < high);
    /// let mut inside = array![false, false];
    /// between.try_call_into(&array![1, 5], 1, 5, &mut inside)?;
    /// assert!(between.try_call_into(&array![1, 5, 9], 1, 9, &mut inside).is_err());
    /// assert_eq!(inside, array![true, false]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<X, Y, Z, D: Dimension>(
        &self,
        x: X,
        y: Y,
        z: Z,
        out: &mut ArrayRef<R, D>,
    ) -> Result<(), ShapeError>
    where
        X: Operand<A>,
        Y: Operand<B>,
        Z: Operand<C>,
        R: 'static,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                z.with_view(|z| {
                    let inputs = [Side::of(&x.head), Side::of(&y.head), Side::of(&z.head)];
                    check_into(Side::of(out), &inputs)?;
                    let x = x.try_broadcast_to(out.shape())?;
                    let y = y.try_broadcast_to(out.shape())?;
                    let z = z.try_broadcast_to(out.shape())?;
                    zip((x, y, z)).try_map_into(out, |(x, y, z)| (self.function)(x, y, z))
                })
            })
        })
    }
}
