//! A reduction with all of NumPy's options, put together piece by piece.

use std::marker::PhantomData;

use super::super::forms::{Binary, Ufunc};
use super::chosen::{Axes, Request, all, resolved};
use super::step::Fold;
use crate::array::{
    Array, ArrayRef, ArrayView, Axis, AxisInt, Dimension, Ix0, IxDyn, RemoveAxis, ShapeError,
    unwrap,
};

mod private {
    pub trait Sealed {}
}

/// What a reduction goes over, and which rank that leaves (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{self, OverAxis, ReducedAxes};
///
/// fn rank<D: Dimension, S: ReducedAxes<D>>(_: &ufunc::Reduction<'_, ufunc::Add, S, i64>) -> Option<usize> {
///     S::Dim::NDIM
/// }
/// assert_eq!(rank::<Ix2, OverAxis>(&ufunc::Add.reduction().axis(0)), Some(1));
/// ```
pub trait ReducedAxes<D: Dimension>: private::Sealed {
    /// The rank of the result.
    type Dim: Dimension;
    /// Whether the axes stay with length 1.
    #[doc(hidden)]
    const KEEPDIMS: bool = false;
    /// Bit per axis.
    #[doc(hidden)]
    fn resolve(&self, ndim: usize) -> Result<Axes, ShapeError>;
}

/// Over all axes, what a [`Reduction`] begins with.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Maximum, OverAll, Reduction};
///
/// let greatest: Reduction<'_, Maximum, OverAll, i32> = Maximum.reduction();
/// assert_eq!(greatest.call(&array![[1, 5], [7, 3]]), Array0::from(7));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OverAll;
/// Over one axis: [`Reduction::axis`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Maximum, OverAxis, Reduction};
///
/// let greatest: Reduction<'_, Maximum, OverAxis, i32> = Maximum.reduction().axis(1);
/// assert_eq!(greatest.call(&array![[1, 5], [7, 3]]), array![5, 7]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OverAxis(Axis);
/// Over several axes: [`Reduction::axes`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Maximum, OverAxes, Reduction};
///
/// let greatest: Reduction<'_, Maximum, OverAxes, i32> = Maximum.reduction().axes(&[0]);
/// assert_eq!(greatest.call(&array![[1, 5], [7, 3]]), array![7, 5]);
/// ```
#[derive(Clone, Debug)]
pub struct OverAxes(Vec<isize>);
/// Over axes that stay with length 1: [`Reduction::keepdims`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{Maximum, Keepdims, OverAll, Reduction};
///
/// let greatest: Reduction<'_, Maximum, Keepdims<OverAll>, i32> = Maximum.reduction().keepdims();
/// assert_eq!(greatest.call(&array![[1, 5], [7, 3]]), array![[7]]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Keepdims<S>(S);

impl private::Sealed for OverAll {}
impl<D: Dimension> ReducedAxes<D> for OverAll {
    type Dim = Ix0;
    fn resolve(&self, ndim: usize) -> Result<Axes, ShapeError> {
        Ok(all(ndim))
    }
}
impl private::Sealed for OverAxis {}
impl<D: RemoveAxis> ReducedAxes<D> for OverAxis {
    type Dim = D::Smaller;
    fn resolve(&self, ndim: usize) -> Result<Axes, ShapeError> {
        resolved(&[self.0.0], ndim)
    }
}
impl private::Sealed for OverAxes {}
impl<D: Dimension> ReducedAxes<D> for OverAxes {
    type Dim = IxDyn;
    fn resolve(&self, ndim: usize) -> Result<Axes, ShapeError> {
        resolved(&self.0, ndim)
    }
}
impl<S: private::Sealed> private::Sealed for Keepdims<S> {}
impl<D: Dimension, S: ReducedAxes<D>> ReducedAxes<D> for Keepdims<S> {
    type Dim = D;
    const KEEPDIMS: bool = true;
    fn resolve(&self, ndim: usize) -> Result<Axes, ShapeError> {
        self.0.resolve(ndim)
    }
}

/// A reduction by a function, put together piece by piece: over which axes, with or without them in
/// the result, of which elements, from which value (NumPy's `ufunc.reduce` with `axis`, `keepdims`,
/// `where`, `initial`, `out`). [`Binary::reduction`] begins one.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let x = array![[3.0, -1.0], [5.0, f64::NAN]];
/// let mask = x.greater(0.0);
/// let greatest = ufunc::Maximum.reduction().axis(0).keepdims().mask(&mask).initial(0.0);
/// assert_eq!(greatest.call(&x), array![[5.0, 0.0]]);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a reduction does nothing until it is called"]
pub struct Reduction<'a, F, S, A> {
    over: S,
    mask: Option<ArrayView<'a, bool, IxDyn>>,
    initial: Option<A>,
    function: PhantomData<F>,
}

impl<F: Ufunc> Binary<F> {
    /// A reduction with options (NumPy's keyword arguments of `ufunc.reduce`), over all axes unless
    /// [`axis`](Reduction::axis) or [`axes`](Reduction::axes) follows.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[1_i64, 2], [3, 4]];
    /// assert_eq!(ufunc::Add.reduction().call(&x).item(), 10);
    /// assert_eq!(ufunc::Add.reduction().axis(1).keepdims().initial(10).call(&x), array![[13], [17]]);
    /// ```
    pub fn reduction<'a, A>(&self) -> Reduction<'a, F, OverAll, A> {
        Reduction {
            over: OverAll,
            mask: None,
            initial: None,
            function: PhantomData,
        }
    }
}

impl<'a, F, A> Reduction<'a, F, OverAll, A> {
    /// Over one axis (NumPy's `axis`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[8, 4], [2, 1]];
    /// assert_eq!(ufunc::Subtract.reduction().axis(1).call(&x), array![4, 1]);
    /// ```
    pub fn axis(self, axis: impl Into<Axis>) -> Reduction<'a, F, OverAxis, A> {
        self.over(|_| OverAxis(axis.into()))
    }

    /// Over several axes (NumPy's `axis` as a tuple).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = Array3::<f64>::ones([2, 3, 4]);
    /// assert_eq!(ufunc::Add.reduction().axes(&[0, 2]).call(&x), array![8.0, 8.0, 8.0]);
    /// ```
    pub fn axes<I: AxisInt>(self, axes: &[I]) -> Reduction<'a, F, OverAxes, A> {
        self.over(|_| OverAxes(axes.iter().map(|axis| axis.to_isize()).collect()))
    }
}

impl<'a, F, S, A> Reduction<'a, F, S, A> {
    fn over<R>(self, over: impl FnOnce(S) -> R) -> Reduction<'a, F, R, A> {
        Reduction {
            over: over(self.over),
            mask: self.mask,
            initial: self.initial,
            function: PhantomData,
        }
    }

    /// The axes stay with length 1 (NumPy's `keepdims=True`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[1.0, 3.0], [2.0, 2.0]];
    /// let shares = &x / ufunc::Add.reduction().axis(1).keepdims().call(&x);
    /// assert_eq!(shares, array![[0.25, 0.75], [0.5, 0.5]]);
    /// ```
    pub fn keepdims(self) -> Reduction<'a, F, Keepdims<S>, A> {
        self.over(Keepdims)
    }

    /// Of the elements where the mask, which is broadcast to the array, is `true` (NumPy's `where`).
    /// Functions without an identity need an [`initial`](Self::initial) value then.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![[1_i64, 2], [3, 4]];
    /// let mask = array![true, false];
    /// assert_eq!(ufunc::Multiply.reduction().axis(0).mask(&mask).call(&x), array![3, 1]);
    /// ```
    pub fn mask<E: Dimension>(self, mask: &'a ArrayRef<bool, E>) -> Self {
        Reduction {
            mask: Some(mask.view_dyn()),
            ..self
        }
    }

    /// Starting from a value (NumPy's `initial`).
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let none = Array1::<f64>::zeros(0);
    /// assert_eq!(ufunc::Minimum.reduction().initial(1.0).call(&none).item(), 1.0);
    /// ```
    pub fn initial(self, initial: A) -> Self {
        Reduction {
            initial: Some(initial),
            ..self
        }
    }

    /// The result of an array.
    ///
    /// # Panics
    /// Where [`try_call`](Self::try_call) fails.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Hypot.reduction().call(&array![3.0_f64, 4.0]).item(), 5.0);
    /// ```
    #[track_caller]
    pub fn call<T: Copy, D: Dimension>(&self, x: &ArrayRef<T, D>) -> Array<A, S::Dim>
    where
        F: Fold<T, Acc = A>,
        A: Copy + Send + Sync + 'static,
        S: ReducedAxes<D>,
    {
        unwrap(self.try_call(x))
    }

    /// As [`call`](Self::call), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`]; [`ShapeError::NotReorderable`] for several
    /// axes and a function that depends on the order; [`ShapeError::NoIdentity`] and
    /// [`ShapeError::MaskNeedsInitial`] where there is nothing to start from;
    /// [`ShapeError::BroadcastInto`] for a mask that does not broadcast.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![3.0, 1.0];
    /// let mask = array![false, true];
    /// assert!(ufunc::Maximum.reduction().mask(&mask).try_call(&x).is_err());
    /// assert_eq!(ufunc::Maximum.reduction().mask(&mask).initial(0.0).try_call(&x)?.item(), 1.0);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call<T: Copy, D: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
    ) -> Result<Array<A, S::Dim>, ShapeError>
    where
        F: Fold<T, Acc = A>,
        A: Copy + Send + Sync + 'static,
        S: ReducedAxes<D>,
    {
        let request = self.request::<T, D>(x)?;
        request
            .run::<F, T>(x.view_dyn(), S::KEEPDIMS)?
            .into_rank_of()
    }

    /// The result into an array that exists (NumPy's `out`), which has the shape of the result with
    /// or without the axes at length 1.
    ///
    /// # Panics
    /// Where [`try_call_into`](Self::try_call_into) fails.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut ends = array![[0, 0], [0, 0]];
    /// let x = array![[3, 1, 2], [5, 4, 6]];
    /// ufunc::Minimum.reduction().axis(1).call_into(&x, &mut ends.column_mut(0));
    /// ufunc::Maximum.reduction().axis(1).call_into(&x, &mut ends.column_mut(1));
    /// assert_eq!(ends, array![[1, 3], [4, 6]]);
    /// ```
    #[track_caller]
    pub fn call_into<T: Copy, D: Dimension, O: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
        out: &mut ArrayRef<A, O>,
    ) where
        F: Fold<T, Acc = A>,
        A: Copy + Send + Sync + 'static,
        S: ReducedAxes<D>,
    {
        unwrap(self.try_call_into(x, out));
    }

    /// As [`call_into`](Self::call_into), with the mistake as an error.
    ///
    /// # Errors
    /// As [`try_call`](Self::try_call), and [`ShapeError::Output`] for an output of another shape;
    /// nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, mut out) = (array![[1_i64, 2], [3, 4]], array![0, 0]);
    /// ufunc::Add.reduction().axis(0).try_call_into(&x, &mut out)?;
    /// assert!(ufunc::Add.reduction().try_call_into(&x, &mut out).is_err());
    /// assert_eq!(out, array![4, 6]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T: Copy, D: Dimension, O: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
        out: &mut ArrayRef<A, O>,
    ) -> Result<(), ShapeError>
    where
        F: Fold<T, Acc = A>,
        A: Copy + Send + Sync + 'static,
        S: ReducedAxes<D>,
    {
        let request = self.request::<T, D>(x)?;
        let shape = request.shape(x.shape(), false)?;
        let keepdims = out.shape() != shape.as_slice();
        if keepdims && out.shape() != request.shape(x.shape(), true)?.as_slice() {
            return Err(ShapeError::Output {
                output: out.shape().to_vec(),
                broadcast: shape.as_slice().to_vec(),
            });
        }
        let mut out = out.view_dyn_mut();
        let Some(axis) = request.plain_axis() else {
            return out.try_assign(&request.run::<F, T>(x.view_dyn(), keepdims)?);
        };
        if keepdims {
            out = out.into_index_axis(axis, 0);
        }
        F::along_into(x.view_dyn(), axis, out)
    }

    fn request<T: Copy, D: Dimension>(
        &self,
        x: &ArrayRef<T, D>,
    ) -> Result<Request<'_, A>, ShapeError>
    where
        F: Fold<T, Acc = A>,
        A: Copy + Send + Sync + 'static,
        S: ReducedAxes<D>,
    {
        let axes = self.over.resolve(x.ndim())?;
        Ok(Request::new(axes, self.mask, self.initial))
    }
}
