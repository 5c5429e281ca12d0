//! Functions of the user's as elementwise functions ([`from_fn`]) and along an axis.

use std::marker::PhantomData;

use super::forms::Max;
use super::zip::zip;
use crate::array::{
    Array, Array1, ArrayD, ArrayRef, ArrayView1, Axis, DimMax, Operand, RemoveAxis, ShapeError,
    unwrap,
};

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

    /// The function of every element into an array that exists.
    ///
    /// # Panics
    /// The shapes differ.
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
    pub fn call_into<X: Operand<A>>(&self, x: X, out: &mut ArrayRef<R, X::Dim>)
    where
        R: 'static,
    {
        x.with_view(|x| zip((x,)).map_into(out, |(x,)| (self.function)(x)));
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
        x.with_view(|x| y.with_view(|y| zip((x, y)).map(|(x, y)| (self.function)(x, y))))
    }

    /// The function of all pairs of elements into an array that exists.
    ///
    /// # Panics
    /// The broadcast shape is not that of the output.
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
    pub fn call_into<X, Y>(&self, x: X, y: Y, out: &mut ArrayRef<R, Max<X::Dim, Y::Dim>>)
    where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
        R: 'static,
    {
        x.with_view(|x| y.with_view(|y| zip((x, y)).map_into(out, |(x, y)| (self.function)(x, y))));
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
        x.with_view(|x| {
            y.with_view(|y| {
                z.with_view(|z| zip((x, y, z)).map(|(x, y, z)| (self.function)(x, y, z)))
            })
        })
    }

    /// The function of all triples of elements into an array that exists.
    ///
    /// # Panics
    /// The broadcast shape is not that of the output.
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
    pub fn call_into<X, Y, Z>(
        &self,
        x: X,
        y: Y,
        z: Z,
        out: &mut ArrayRef<R, Max<Max<X::Dim, Y::Dim>, Z::Dim>>,
    ) where
        X: Operand<A, Dim: DimMax<Y::Dim>>,
        Y: Operand<B>,
        Z: Operand<C>,
        Max<X::Dim, Y::Dim>: DimMax<Z::Dim>,
        R: 'static,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                z.with_view(|z| {
                    zip((x, y, z)).map_into(out, |(x, y, z)| (self.function)(x, y, z));
                });
            });
        });
    }
}

impl<T, D: RemoveAxis> ArrayRef<T, D> {
    /// A function of every one-dimensional slice along an axis (NumPy's `apply_along_axis` with a
    /// function that gives a scalar). [`map_along_axis`](Self::map_along_axis) is for functions that
    /// give arrays.
    ///
    /// # Panics
    /// There is no such axis.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5, 3], [9, 2, 4]];
    /// assert_eq!(x.apply_along_axis(1, |row| row[0] + row[2]), array![4, 13]);
    /// ```
    #[track_caller]
    pub fn apply_along_axis<R>(
        &self,
        axis: impl Into<Axis>,
        f: impl FnMut(ArrayView1<'_, T>) -> R,
    ) -> Array<R, D::Smaller> {
        unwrap(self.try_apply_along_axis(axis, f))
    }

    /// As [`apply_along_axis`](Self::apply_along_axis), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5], [9, 2]];
    /// assert_eq!(x.try_apply_along_axis(0, |column| column[1] - column[0])?, array![8, -3]);
    /// assert!(x.try_apply_along_axis(2, |lane| lane[0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_apply_along_axis<R>(
        &self,
        axis: impl Into<Axis>,
        f: impl FnMut(ArrayView1<'_, T>) -> R,
    ) -> Result<Array<R, D::Smaller>, ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        let mut shape = self.shape().to_vec();
        shape.remove(axis);
        let results: Vec<R> = self.lanes(axis).map(f).collect();
        ArrayD::try_from_shape_vec(shape, results)?.into_rank_of()
    }

    /// A function that makes a one-dimensional array of every one-dimensional slice along an axis;
    /// the results take the place of the slices (NumPy's `apply_along_axis`).
    ///
    /// # Panics
    /// There is no such axis, the results have different lengths, or there is none whose length
    /// could be known.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5], [9, 2]];
    /// let ends = x.map_along_axis(0, |column| array![column[0], column[1], column[0] + column[1]]);
    /// assert_eq!(ends, array![[1, 5], [9, 2], [10, 7]]);
    /// ```
    #[track_caller]
    pub fn map_along_axis<R>(
        &self,
        axis: impl Into<Axis>,
        f: impl FnMut(ArrayView1<'_, T>) -> Array1<R>,
    ) -> Array<R, D> {
        unwrap(self.try_map_along_axis(axis, f))
    }

    /// As [`map_along_axis`](Self::map_along_axis), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::Ragged`]; [`ShapeError::Argument`] where there is no
    /// slice.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5], [9, 2]];
    /// assert_eq!(x.try_map_along_axis(1, |row| row.to_owned() * 2)?, array![[2, 10], [18, 4]]);
    /// // results of different lengths
    /// let numbers = |row: ArrayView1<'_, i32>| Array1::<i32>::arange(0, row[1], 1);
    /// assert!(x.try_map_along_axis(1, numbers).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_map_along_axis<R>(
        &self,
        axis: impl Into<Axis>,
        mut f: impl FnMut(ArrayView1<'_, T>) -> Array1<R>,
    ) -> Result<Array<R, D>, ShapeError> {
        let axis = axis.into().resolve(self.ndim())?;
        let mut shape = self.shape().to_vec();
        shape.remove(axis);
        let mut first = None;
        let mut elements = Vec::new();
        for (index, lane) in self.lanes(axis).enumerate() {
            let result = f(lane);
            let len = *first.get_or_insert(result.len());
            if result.len() != len {
                return Err(ShapeError::Ragged {
                    index,
                    found: vec![result.len()],
                    first: vec![len],
                });
            }
            elements.extend(result);
        }
        let Some(len) = first else {
            return Err(ShapeError::Argument {
                op: "map_along_axis",
                message: "cannot be applied when any iteration dimensions are 0".to_owned(),
            });
        };
        shape.push(len);
        let whole = ArrayD::try_from_shape_vec(shape, elements)?;
        whole.into_move_axis(-1, axis).into_rank_of()
    }
}
