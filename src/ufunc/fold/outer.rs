//! The function of all pairs (NumPy's `ufunc.outer`).

use super::super::forms::{Binary, BinaryUfunc, Ufunc};
use super::super::run::{Side, run_fresh};
use crate::array::{Array, DimAdd, Operand, ShapeError, unwrap};

impl<F: Ufunc> Binary<F> {
    /// The function of all pairs of an element of `x` and one of `y` (NumPy's `ufunc.outer`); the
    /// result's shape is that of `x` followed by that of `y`.
    ///
    /// # Panics
    /// The result would have more than [`MAX_NDIM`](crate::MAX_NDIM) axes.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let table = ufunc::Multiply.outer(&array![1, 2, 3], &array![10, 20]);
    /// assert_eq!(table, array![[10, 20], [20, 40], [30, 60]]);
    /// ```
    #[track_caller]
    pub fn outer<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Array<F::Output, <X::Dim as DimAdd<Y::Dim>>::Output>
    where
        F: BinaryUfunc<A, B>,
        X::Dim: DimAdd<Y::Dim>,
    {
        unwrap(self.try_outer(x, y))
    }

    /// As [`outer`](Self::outer), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::TooManyAxes`], [`ShapeError::Overflow`].
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Maximum.try_outer(&array![1, 3], &array![2, 4])?, array![[2, 4], [3, 4]]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_outer<A, B, X: Operand<A>, Y: Operand<B>>(
        &self,
        x: X,
        y: Y,
    ) -> Result<Array<F::Output, <X::Dim as DimAdd<Y::Dim>>::Output>, ShapeError>
    where
        F: BinaryUfunc<A, B>,
        X::Dim: DimAdd<Y::Dim>,
    {
        x.with_view(|x| {
            y.with_view(|y| {
                let mut x = x.view_dyn();
                for _ in 0..y.ndim() {
                    x = x.try_insert_axis(x.ndim())?;
                }
                let inputs = [Side::of(&x.head), Side::of(&y.head)];
                // SAFETY: the kernel's types.
                unsafe { run_fresh(&inputs, F::COST, F::kernel().0) }
            })
        })
    }
}
