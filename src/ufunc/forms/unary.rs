//! Functions of one argument.

use super::masked::Masked;
use super::{Ufunc, Unary, UnaryUfunc, unary};
use crate::array::{Array, ArrayRef, Dimension, Operand, ShapeError, unwrap};
use crate::ufunc::run::{Side, run_into};

impl<F: Ufunc> Unary<F> {
    /// The function of every element, in a fresh array in K order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Sqrt.call(&array![1.0, 4.0]), array![1.0, 2.0]);
    /// ```
    ///
    /// An array says what its elements are, a scalar does not: `f64` is an operand among `f64` and among
    /// complex numbers, and `1.0` may be `f32` as well. So a scalar alone needs the type written out
    /// (functions of several arguments have it from any that is an array):
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::{Complex, ufunc};
    ///
    /// assert_eq!(ufunc::Sqrt.call::<f64, _>(4.0).item(), 2.0);
    /// assert_eq!(ufunc::Sqrt.call::<Complex<f64>, _>(-4.0).item(), Complex::new(0.0, 2.0));
    /// ```
    #[inline]
    #[track_caller]
    pub fn call<T, X: Operand<T>>(&self, x: X) -> Array<F::Output, X::Dim>
    where
        F: UnaryUfunc<T>,
    {
        x.with_view(|x| unary::<F, T, X::Dim>(&x))
    }

    /// The function of every element into an array that exists (NumPy's `out=`). The argument is
    /// broadcast to the shape of the output, never the other way round; nothing is allocated.
    ///
    /// # Panics
    /// The argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = Array2::<f64>::zeros([2, 2]);
    /// ufunc::Sqrt.call_into(&array![1.0, 4.0], &mut y);
    /// assert_eq!(y, array![[1.0, 2.0], [1.0, 2.0]]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_into<T, X: Operand<T>, D: Dimension>(&self, x: X, out: &mut ArrayRef<F::Output, D>)
    where
        F: UnaryUfunc<T>,
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
    /// ufunc::Sqrt.try_call_into(&array![1.0, 4.0], &mut y)?;
    /// assert!(ufunc::Sqrt.try_call_into(&array![1.0, 4.0, 9.0], &mut y).is_err());
    /// assert_eq!(y, array![1.0, 2.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_call_into<T, X: Operand<T>, D: Dimension>(
        &self,
        x: X,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: UnaryUfunc<T>,
    {
        let kernel = <F as UnaryUfunc<T>>::kernel().0;
        // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from `x`.
        x.with_view(|x| unsafe {
            let inputs = [Side::of(&x.head)];
            run_into(
                Side::of(out),
                &inputs,
                false,
                <F as UnaryUfunc<T>>::COST,
                kernel,
            )
        })
    }

    /// Replaces every element by the function of it.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![1.0, 4.0];
    /// ufunc::Sqrt.call_inplace(&mut x);
    /// assert_eq!(x, array![1.0, 2.0]);
    /// ```
    #[inline]
    pub fn call_inplace<T, D: Dimension>(&self, x: &mut ArrayRef<T, D>)
    where
        F: UnaryUfunc<T, Output = T>,
    {
        let both = Side::of(x);
        // SAFETY: the kernel's types; it reads and writes the same elements of an exclusive array.
        let done = unsafe { run_into(both, &[both], false, F::COST, F::kernel().0) };
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
    /// let x = array![4.0, -4.0];
    /// let mut y = array![0.0, 0.0];
    /// ufunc::Sqrt.call_where(&x, &x.greater(0.0), &mut y);
    /// assert_eq!(y, array![2.0, 0.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_where<T, X: Operand<T>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) where
        F: UnaryUfunc<T>,
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
    /// let (x, mut y) = (array![4.0, -4.0], array![0.0, 0.0]);
    /// ufunc::Sqrt.try_call_where(&x, &array![true, false], &mut y)?;
    /// assert_eq!(y, array![2.0, 0.0]);
    /// assert!(ufunc::Sqrt.try_call_where(&x, &array![true, true, true], &mut y).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_where<T, X: Operand<T>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: UnaryUfunc<T>,
    {
        let kernel = Masked::<F::Output>::new(<F as UnaryUfunc<T>>::kernel().0, &[size_of::<T>()]);
        x.with_view(|x| {
            mask.with_view(|mask| {
                let inputs = [Side::of(&x.head), Side::of(&mask.head)];
                // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the rest.
                unsafe {
                    run_into(
                        Side::of(out),
                        &inputs,
                        true,
                        <F as UnaryUfunc<T>>::COST,
                        &kernel,
                    )
                }
            })
        })
    }

    /// Replaces the elements where the mask is `true` by the function of them (NumPy's `out=x`
    /// with `where=`).
    ///
    /// # Panics
    /// The mask does not broadcast to the array's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![4.0, -4.0];
    /// ufunc::Sqrt.call_inplace_where(&mut x, &array![true, false]);
    /// assert_eq!(x, array![2.0, -4.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_inplace_where<T: Copy, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: M,
    ) where
        F: UnaryUfunc<T, Output = T>,
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
    /// let mut x = array![4.0, -4.0];
    /// ufunc::Sqrt.try_call_inplace_where(&mut x, &array![true, false])?;
    /// assert!(ufunc::Sqrt.try_call_inplace_where(&mut x, &array![true, true, true]).is_err());
    /// assert_eq!(x, array![2.0, -4.0]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace_where<T: Copy, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        mask: M,
    ) -> Result<(), ShapeError>
    where
        F: UnaryUfunc<T, Output = T>,
    {
        let kernel = Masked::<T>::new(F::kernel().0, &[size_of::<T>()]);
        mask.with_view(|mask| {
            let both = Side::of(x);
            let inputs = [both, Side::of(&mask.head)];
            // SAFETY: the kernel's types; it reads and writes the same elements of an exclusive array.
            unsafe { run_into(both, &inputs, true, F::COST, &kernel) }
        })
    }
}
