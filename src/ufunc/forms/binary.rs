//! Functions of two arguments.

use super::masked::Masked;
use super::{Binary, BinaryUfunc, Max, Ufunc, binary};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, unwrap};
use crate::ufunc::run::{Side, run_into};

impl<F: Ufunc> Binary<F> {
    /// The function of all pairs of elements, broadcasting, in a fresh array in K order.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Add.call(&array![1, 2], &array![[10], [20]]), array![[11, 12], [21, 22]]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Array<F::Output, Max<X::Dim, Y::Dim>>
    where
        F: BinaryUfunc<A, B>,
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
    /// let x = array![1, 2];
    /// assert_eq!(ufunc::Add.try_call(&x, 10)?, array![11, 12]);
    /// assert!(ufunc::Add.try_call(&x, &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_call<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Result<Array<F::Output, Max<X::Dim, Y::Dim>>, ShapeError>
    where
        F: BinaryUfunc<A, B>,
        X::Dim: DimMax<Y::Dim>,
    {
        x.with_view(|x| binary::<F, A, B, X::Dim, Y>(&x, y))
    }

    /// The function of all pairs of elements into an array that exists (NumPy's `out=`). Arguments
    /// are broadcast to the shape of the output, never the other way round; nothing is allocated.
    ///
    /// # Panics
    /// An argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut sum = array![0, 0];
    /// ufunc::Add.call_into(&array![1, 2], 10, &mut sum);
    /// assert_eq!(sum, array![11, 12]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_into<A, B, X: Operand<A>, Y: Operand<B>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        out: &mut ArrayRef<F::Output, D>,
    ) where
        F: BinaryUfunc<A, B>,
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
    /// let mut sum = array![0, 0];
    /// ufunc::Add.try_call_into(&array![1, 2], 10, &mut sum)?;
    /// assert!(ufunc::Add.try_call_into(&array![1, 2, 3], 10, &mut sum).is_err());
    /// assert_eq!(sum, array![11, 12]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_call_into<A, B, X: Operand<A>, Y: Operand<B>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                let inputs = [Side::of(&x.head), Side::of(&y.head)];
                // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the rest.
                unsafe { run_into(Side::of(out), &inputs, false, F::COST, F::kernel().0) }
            })
        })
    }

    /// Replaces every element of the first argument by the function of it and the second, which
    /// is broadcast to it.
    ///
    /// # Panics
    /// The second argument does not broadcast to the shape of the first.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![1.0, -1.0];
    /// ufunc::Maximum.call_inplace(&mut x, 0.0);
    /// assert_eq!(x, array![1.0, 0.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_inplace<A, B, Y: Operand<B>, D: Dimension>(&self, x: &mut ArrayRef<A, D>, y: Y)
    where
        F: BinaryUfunc<A, B, Output = A>,
    {
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
    /// let mut x = array![1, 2];
    /// ufunc::Add.try_call_inplace(&mut x, 10)?;
    /// // `x` cannot grow to the shape of a larger argument
    /// assert!(ufunc::Add.try_call_inplace(&mut x, &array![[1], [2]]).is_err());
    /// assert_eq!(x, array![11, 12]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_call_inplace<A, B, Y: Operand<B>, D: Dimension>(
        &self,
        x: &mut ArrayRef<A, D>,
        y: Y,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B, Output = A>,
    {
        y.with_view(|y| {
            let both = Side::of(x);
            // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from `y`, and read and
            // written element by element.
            unsafe {
                run_into(
                    both,
                    &[both, Side::of(&y.head)],
                    false,
                    F::COST,
                    F::kernel().0,
                )
            }
        })
    }

    /// The function where the mask is `true`, into an array that exists (NumPy's `where=` with
    /// `out=`); other elements of the output keep their values.
    ///
    /// # Panics
    /// An argument or the mask does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (x, y) = (array![6.0, 1.0], array![2.0, 0.0]);
    /// let mut ratio = array![0.0, 0.0];
    /// ufunc::Divide.call_where(&x, &y, &y.not_equal(0.0), &mut ratio);
    /// assert_eq!(ratio, array![3.0, 0.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_where<A, B, X: Operand<A>, Y: Operand<B>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) where
        F: BinaryUfunc<A, B>,
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
    /// let (x, mut ratio) = (array![6.0, 1.0], array![0.0, 0.0]);
    /// ufunc::Divide.try_call_where(&x, 2.0, &array![true, false], &mut ratio)?;
    /// assert_eq!(ratio, array![3.0, 0.0]);
    /// let mask = array![true, false, true];
    /// assert!(ufunc::Divide.try_call_where(&x, 2.0, &mask, &mut ratio).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_where<A, B, X: Operand<A>, Y: Operand<B>, M: Operand<bool>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B>,
    {
        let kernel = Masked::<F::Output>::new(F::kernel().0, &[size_of::<A>(), size_of::<B>()]);
        x.with_view(|x| {
            y.with_view(|y| {
                mask.with_view(|mask| {
                    let inputs = [Side::of(&x.head), Side::of(&y.head), Side::of(&mask.head)];
                    // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the rest.
                    unsafe { run_into(Side::of(out), &inputs, true, F::COST, &kernel) }
                })
            })
        })
    }

    /// Replaces the elements of the first argument where the mask is `true` by the function of them
    /// and the second, which is broadcast to the first (NumPy's `out=x` with `where=`).
    ///
    /// # Panics
    /// The second argument or the mask does not broadcast to the shape of the first.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let (mut x, y) = (array![6.0, 1.0], array![2.0, 0.0]);
    /// ufunc::Divide.call_inplace_where(&mut x, &y, &y.not_equal(0.0));
    /// assert_eq!(x, array![3.0, 1.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_inplace_where<A: Copy, B, Y: Operand<B>, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<A, D>,
        y: Y,
        mask: M,
    ) where
        F: BinaryUfunc<A, B, Output = A>,
    {
        unwrap(self.try_call_inplace_where(x, y, mask));
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
    /// let mut x = array![1, 2];
    /// ufunc::Add.try_call_inplace_where(&mut x, 10, &array![true, false])?;
    /// assert!(ufunc::Add.try_call_inplace_where(&mut x, 10, &array![[true], [true]]).is_err());
    /// assert_eq!(x, array![11, 2]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace_where<A: Copy, B, Y: Operand<B>, M: Operand<bool>, D: Dimension>(
        &self,
        x: &mut ArrayRef<A, D>,
        y: Y,
        mask: M,
    ) -> Result<(), ShapeError>
    where
        F: BinaryUfunc<A, B, Output = A>,
    {
        let kernel = Masked::<A>::new(F::kernel().0, &[size_of::<A>(), size_of::<B>()]);
        y.with_view(|y| {
            mask.with_view(|mask| {
                let both = Side::of(x);
                let inputs = [both, Side::of(&y.head), Side::of(&mask.head)];
                // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from the rest, and read
                // and written element by element.
                unsafe { run_into(both, &inputs, true, F::COST, &kernel) }
            })
        })
    }
}
