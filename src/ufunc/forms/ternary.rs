//! Functions of three arguments.

use super::masked::Masked;
use super::{Max, Ternary, TernaryUfunc, Ufunc, with_three};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, unwrap};
use crate::ufunc::run::{Side, run_fresh, run_into};

impl<F: Ufunc> Ternary<F> {
    /// The function of all triples of elements, broadcasting, in a fresh array in K order.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let low = array![[0], [4]];
    /// assert_eq!(ufunc::Clip.call(&array![-5, 5, 9], &low, 6), array![[0, 5, 6], [4, 5, 6]]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call<T, X: Operand<T>, Y: Operand<T>, Z: Operand<T>>(
        &self,
        x: X,
        y: Y,
        z: Z,
    ) -> Array<F::Output, Max<Max<X::Dim, Y::Dim>, Z::Dim>>
    where
        F: TernaryUfunc<T>,
        X::Dim: DimMax<Y::Dim>,
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
    /// let x = array![-5, 5];
    /// assert_eq!(ufunc::Clip.try_call(&x, 0, 3)?, array![0, 3]);
    /// assert!(ufunc::Clip.try_call(&x, &array![0, 0, 0], 3).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    pub fn try_call<T, X: Operand<T>, Y: Operand<T>, Z: Operand<T>>(
        &self,
        x: X,
        y: Y,
        z: Z,
    ) -> Result<Array<F::Output, Max<Max<X::Dim, Y::Dim>, Z::Dim>>, ShapeError>
    where
        F: TernaryUfunc<T>,
        X::Dim: DimMax<Y::Dim>,
        Max<X::Dim, Y::Dim>: DimMax<Z::Dim>,
    {
        with_three(x, y, z, |inputs| {
            // SAFETY: the kernel's types.
            unsafe { run_fresh(inputs, F::COST, F::kernel().0) }
        })
    }

    /// The function of all triples of elements into an array that exists (NumPy's `out=`), to
    /// whose shape the arguments are broadcast; nothing is allocated.
    ///
    /// # Panics
    /// An argument does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut y = array![0, 0];
    /// ufunc::Clip.call_into(&array![-5, 5], 0, 3, &mut y);
    /// assert_eq!(y, array![0, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_into<T, X: Operand<T>, Y: Operand<T>, Z: Operand<T>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        z: Z,
        out: &mut ArrayRef<F::Output, D>,
    ) where
        F: TernaryUfunc<T>,
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
    /// let mut y = array![0, 0];
    /// ufunc::Clip.try_call_into(&array![-5, 5], 0, 3, &mut y)?;
    /// assert!(ufunc::Clip.try_call_into(&array![1, 2, 3], 0, 3, &mut y).is_err());
    /// assert_eq!(y, array![0, 3]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T, X: Operand<T>, Y: Operand<T>, Z: Operand<T>, D: Dimension>(
        &self,
        x: X,
        y: Y,
        z: Z,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: TernaryUfunc<T>,
    {
        with_three(x, y, z, |inputs| {
            // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the inputs.
            unsafe { run_into(Side::of(out), inputs, false, F::COST, F::kernel().0) }
        })
    }

    /// Replaces every element of the first argument by the function of it and the others, which
    /// are broadcast to it.
    ///
    /// # Panics
    /// Another argument does not broadcast to the shape of the first.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![-5, 5];
    /// ufunc::Clip.call_inplace(&mut x, 0, 3);
    /// assert_eq!(x, array![0, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_inplace<T, Y: Operand<T>, Z: Operand<T>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        y: Y,
        z: Z,
    ) where
        F: TernaryUfunc<T, Output = T>,
    {
        unwrap(self.try_call_inplace(x, y, z));
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
    /// let mut x = array![-5, 5];
    /// ufunc::Clip.try_call_inplace(&mut x, 0, 3)?;
    /// assert!(ufunc::Clip.try_call_inplace(&mut x, &array![1, 1, 1], 3).is_err());
    /// assert_eq!(x, array![0, 3]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace<T, Y: Operand<T>, Z: Operand<T>, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        y: Y,
        z: Z,
    ) -> Result<(), ShapeError>
    where
        F: TernaryUfunc<T, Output = T>,
    {
        y.with_view(|y| {
            z.with_view(|z| {
                let both = Side::of(x);
                let inputs = [both, Side::of(&y.head), Side::of(&z.head)];
                // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from the others,
                // and read and written element by element.
                unsafe { run_into(both, &inputs, false, F::COST, F::kernel().0) }
            })
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
    /// let mut y = array![7, 7];
    /// ufunc::Clip.call_where(&array![-5, 5], 0, 3, &array![true, false], &mut y);
    /// assert_eq!(y, array![0, 7]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_where<
        T,
        X: Operand<T>,
        Y: Operand<T>,
        Z: Operand<T>,
        M: Operand<bool>,
        D: Dimension,
    >(
        &self,
        x: X,
        y: Y,
        z: Z,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) where
        F: TernaryUfunc<T>,
    {
        unwrap(self.try_call_where(x, y, z, mask, out));
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
    /// let (x, mut y) = (array![-5, 5], array![7, 7]);
    /// ufunc::Clip.try_call_where(&x, 0, 3, &array![true, false], &mut y)?;
    /// assert!(ufunc::Clip.try_call_where(&x, 0, 3, &array![true, true, true], &mut y).is_err());
    /// assert_eq!(y, array![0, 7]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_where<
        T,
        X: Operand<T>,
        Y: Operand<T>,
        Z: Operand<T>,
        M: Operand<bool>,
        D: Dimension,
    >(
        &self,
        x: X,
        y: Y,
        z: Z,
        mask: M,
        out: &mut ArrayRef<F::Output, D>,
    ) -> Result<(), ShapeError>
    where
        F: TernaryUfunc<T>,
    {
        let kernel = Masked::<F::Output>::new(F::kernel().0, &[size_of::<T>(); 3]);
        with_three(x, y, z, |&[x, y, z]| {
            mask.with_view(|mask| {
                let inputs = [x, y, z, Side::of(&mask.head)];
                // SAFETY: the kernel's types; `out` is exclusive, hence disjoint from the rest.
                unsafe { run_into(Side::of(out), &inputs, true, F::COST, &kernel) }
            })
        })
    }

    /// Replaces the elements of the first argument where the mask is `true` by the function of them
    /// and the others, which are broadcast to the first (NumPy's `out=x` with `where=`).
    ///
    /// # Panics
    /// Another argument or the mask does not broadcast to the shape of the first.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let mut x = array![-5, 5];
    /// ufunc::Clip.call_inplace_where(&mut x, 0, 3, &array![false, true]);
    /// assert_eq!(x, array![-5, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn call_inplace_where<
        T: Copy,
        Y: Operand<T>,
        Z: Operand<T>,
        M: Operand<bool>,
        D: Dimension,
    >(
        &self,
        x: &mut ArrayRef<T, D>,
        y: Y,
        z: Z,
        mask: M,
    ) where
        F: TernaryUfunc<T, Output = T>,
    {
        unwrap(self.try_call_inplace_where(x, y, z, mask));
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
    /// let mut x = array![-5, 5];
    /// ufunc::Clip.try_call_inplace_where(&mut x, 0, 3, &array![false, true])?;
    /// assert!(ufunc::Clip.try_call_inplace_where(&mut x, 0, 3, &array![true, true, true]).is_err());
    /// assert_eq!(x, array![-5, 3]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_inplace_where<T: Copy, Y, Z, M, D: Dimension>(
        &self,
        x: &mut ArrayRef<T, D>,
        y: Y,
        z: Z,
        mask: M,
    ) -> Result<(), ShapeError>
    where
        F: TernaryUfunc<T, Output = T>,
        Y: Operand<T>,
        Z: Operand<T>,
        M: Operand<bool>,
    {
        let kernel = Masked::<T>::new(F::kernel().0, &[size_of::<T>(); 3]);
        with_three(y, z, mask, |&[y, z, mask]| {
            let both = Side::of(x);
            // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from the others, and read
            // and written element by element.
            unsafe { run_into(both, &[both, y, z, mask], true, F::COST, &kernel) }
        })
    }
}
