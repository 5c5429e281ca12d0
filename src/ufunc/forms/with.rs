//! Functions of one argument that have parameters.

use super::masked::Masked;
use super::private::Sealed;
use crate::array::{
    Array, ArrayRef, ArrayView, Dimension, LoopKernel, Operand, ShapeError, unwrap,
};
use crate::engine::Cost;
use crate::ufunc::run::{Side, run_fresh, run_into};

/// A function of one argument with parameters, `ufunc::Round(2)`, that takes elements of type `T`
/// and gives such (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{ParametricUfunc, Round};
///
/// fn to_cents<T: Copy>(x: &Array1<T>) -> Array1<T>
/// where
///     Round: ParametricUfunc<T>,
/// {
///     Round(2).call(x)
/// }
/// assert_eq!(to_cents(&array![2.675]), array![2.68]);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` does not take elements of type `{T}`")]
pub trait ParametricUfunc<T>: Sealed {
    /// The parameters as the loop takes them.
    #[doc(hidden)]
    type Parameters: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    fn parameters(&self) -> Self::Parameters;
    #[doc(hidden)]
    fn kernel(&self) -> LoopKernel<fn(T, Self::Parameters) -> T>;
}

/// The ways to call a function of one argument that has parameters; such objects dereference to
/// this.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc;
///
/// let mut x = array![0.125, 2.675];
/// ufunc::Round(2).call_inplace(&mut x);
/// assert_eq!(x, array![0.12, 2.68]);
/// ```
#[derive(Debug)]
#[repr(transparent)]
pub struct Parametric<P>(P);

impl<P> Parametric<P> {
    pub(crate) fn of(function: &P) -> &Self {
        // SAFETY: a transparent wrapper.
        unsafe { &*std::ptr::from_ref(function).cast() }
    }

    /// The function of every element, in a fresh array in K order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Round(-1).call(&array![15, 25]), array![20, 20]);
    /// ```
    #[track_caller]
    pub fn call<T: Copy, X: Operand<T>>(&self, x: X) -> Array<T, X::Dim>
    where
        P: ParametricUfunc<T>,
    {
        let parameters = self.0.parameters();
        let parameters = ArrayView::from_element(&parameters);
        x.with_view(|x| {
            let inputs = [Side::of(&x.head), Side::of(&parameters.head)];
            // SAFETY: the kernel's types.
            unwrap(unsafe { run_fresh(&inputs, Cost::Arithmetic, self.0.kernel().0) })
        })
    }

    /// The function of every element into an array that exists (NumPy's `out=`), to whose shape the
    /// argument is broadcast; nothing is allocated.
    ///
    /// # Panics
    /// The argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = array![0.0, 0.0];
    /// ufunc::Round(1).call_into(&array![0.25, 0.75], &mut y);
    /// assert_eq!(y, array![0.2, 0.8]);
    /// ```
    #[track_caller]
    pub fn call_into<T: Copy, X: Operand<T>, D: Dimension>(&self, x: X, out: &mut ArrayRef<T, D>)
    where
        P: ParametricUfunc<T>,
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
    /// let mut y = array![0.0, 0.0];
    /// ufunc::Round(1).try_call_into(&array![0.25, 0.75], &mut y)?;
    /// assert!(ufunc::Round(1).try_call_into(&array![1.0, 2.0, 3.0], &mut y).is_err());
    /// assert_eq!(y, array![0.2, 0.8]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T: Copy, X: Operand<T>, D: Dimension>(
        &self,
        x: X,
        out: &mut ArrayRef<T, D>,
    ) -> Result<(), ShapeError>
    where
        P: ParametricUfunc<T>,
    {
        // SAFETY: `out` is exclusive, hence disjoint from `x`.
        x.with_view(|x| unsafe { self.run::<T>(Side::of(out), Side::of(&x.head)) })
    }

    /// Replaces every element by the function of it.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![1234, 5678];
    /// ufunc::Round(-2).call_inplace(&mut x);
    /// assert_eq!(x, array![1200, 5700]);
    /// ```
    pub fn call_inplace<T: Copy, D: Dimension>(&self, x: &mut ArrayRef<T, D>)
    where
        P: ParametricUfunc<T>,
    {
        let both = Side::of(x);
        // SAFETY: the same elements of an exclusive array.
        let done = unsafe { self.run::<T>(both, both) };
        debug_assert!(done.is_ok());
    }

    /// The function where the mask is `true`, into an array that exists (NumPy's `where=` with
    /// `out=`); other elements of the output keep their values.
    ///
    /// # Panics
    /// The argument or the mask does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = array![7.0, 7.0];
    /// ufunc::Round(0).call_where(&array![1.2, 3.4], &array![true, false], &mut y);
    /// assert_eq!(y, array![1.0, 7.0]);
    /// ```
    #[track_caller]
    pub fn call_where<T: Copy, X: Operand<T>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        mask: M,
        out: &mut ArrayRef<T, D>,
    ) where
        P: ParametricUfunc<T>,
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
    /// let (x, mut y) = (array![1.2, 3.4], array![7.0, 7.0]);
    /// ufunc::Round(0).try_call_where(&x, &array![true, false], &mut y)?;
    /// assert!(ufunc::Round(0).try_call_where(&x, &array![true, true, true], &mut y).is_err());
    /// assert_eq!(y, array![1.0, 7.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_where<T: Copy, X: Operand<T>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        mask: M,
        out: &mut ArrayRef<T, D>,
    ) -> Result<(), ShapeError>
    where
        P: ParametricUfunc<T>,
    {
        x.with_view(|x| {
            mask.with_view(|mask| {
                let (out, mask) = (Side::of(out), Side::of(&mask.head));
                // SAFETY: `out` is exclusive, hence disjoint from the rest.
                unsafe { self.run_where::<T>(out, Side::of(&x.head), mask) }
            })
        })
    }

    /// Replaces the elements where the mask is `true` by the function of them.
    ///
    /// # Panics
    /// The mask does not broadcast to the array's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![1.2, 3.4];
    /// ufunc::Round(0).call_inplace_where(&mut x, &array![false, true]);
    /// assert_eq!(x, array![1.2, 3.0]);
    /// ```
    #[track_caller]
    pub fn call_inplace_where<T: Copy, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: M,
    ) where
        P: ParametricUfunc<T>,
    {
        unwrap(self.try_call_inplace_where(x, mask));
    }

    /// As [`call_inplace_where`](Self::call_inplace_where), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![1.2, 3.4];
    /// ufunc::Round(0).try_call_inplace_where(&mut x, &array![false, true])?;
    /// assert!(ufunc::Round(0).try_call_inplace_where(&mut x, &array![true, true, true]).is_err());
    /// assert_eq!(x, array![1.2, 3.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace_where<T: Copy, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: M,
    ) -> Result<(), ShapeError>
    where
        P: ParametricUfunc<T>,
    {
        mask.with_view(|mask| {
            let both = Side::of(x);
            // SAFETY: the same elements of an exclusive array, which is disjoint from the mask.
            unsafe { self.run_where::<T>(both, both, Side::of(&mask.head)) }
        })
    }

    /// # Safety
    /// Both are of elements of type `T`; the output is exclusive and disjoint from the input or the
    /// very same elements.
    unsafe fn run<T: Copy>(&self, out: Side<'_>, x: Side<'_>) -> Result<(), ShapeError>
    where
        P: ParametricUfunc<T>,
    {
        let parameters = self.0.parameters();
        let parameters = ArrayView::from_element(&parameters);
        let inputs = [x, Side::of(&parameters.head)];
        // SAFETY: the kernel's types; the caller's promise.
        unsafe { run_into(out, &inputs, false, Cost::Arithmetic, self.0.kernel().0) }
    }

    /// # Safety
    /// As [`run`](Self::run); the mask is one.
    unsafe fn run_where<T: Copy>(
        &self,
        out: Side<'_>,
        x: Side<'_>,
        mask: Side<'_>,
    ) -> Result<(), ShapeError>
    where
        P: ParametricUfunc<T>,
    {
        let parameters = self.0.parameters();
        let parameters = ArrayView::from_element(&parameters);
        let sizes = [size_of::<T>(), size_of::<P::Parameters>()];
        let kernel = Masked::<T>::new(self.0.kernel().0, &sizes);
        let inputs = [x, Side::of(&parameters.head), mask];
        // SAFETY: as above.
        unsafe { run_into(out, &inputs, true, Cost::Arithmetic, &kernel) }
    }
}
