//! Functions of the user's along an axis, and over one axis after the other.

use crate::array::{
    Array, Array1, ArrayD, ArrayRef, ArrayView1, ArrayViewD, Axis, AxisInt, Dimension, RemoveAxis,
    ShapeError, unwrap,
};

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

impl<T: Clone, D: Dimension> ArrayRef<T, D> {
    /// A function of an array and an axis, called for one axis after the other, each time with what it
    /// returned before (NumPy's `apply_over_axes`). It leaves the axis at length 1, or without it, when
    /// it is put back.
    ///
    /// # Panics
    /// Where [`try_apply_over_axes`](Self::try_apply_over_axes) fails.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = Array3::<f64>::ones([2, 3, 4]);
    /// let sums = x.apply_over_axes(|x, axis| x.sum_axis(axis), &[0, 2]);
    /// assert_eq!(sums, Array3::full([1, 3, 1], 8.0));
    /// ```
    #[track_caller]
    pub fn apply_over_axes<I: AxisInt>(
        &self,
        f: impl FnMut(ArrayViewD<'_, T>, usize) -> ArrayD<T>,
        axes: &[I],
    ) -> Array<T, D> {
        unwrap(self.try_apply_over_axes(f, axes))
    }

    /// As [`apply_over_axes`](Self::apply_over_axes), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Axis`]; [`ShapeError::Argument`] where the function returns an array of another
    /// rank.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 5], [7, 3]];
    /// assert_eq!(x.try_apply_over_axes(|x, axis| x.max_axis(axis), &[1])?, array![[5], [7]]);
    /// assert!(x.try_apply_over_axes(|x, axis| x.max_axis(axis), &[2]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_apply_over_axes<I: AxisInt>(
        &self,
        mut f: impl FnMut(ArrayViewD<'_, T>, usize) -> ArrayD<T>,
        axes: &[I],
    ) -> Result<Array<T, D>, ShapeError> {
        let mut all: Option<ArrayD<T>> = None;
        for &axis in axes {
            let axis = Axis::from(axis).resolve(self.ndim())?;
            let next = match &all {
                Some(all) => f(all.view(), axis),
                None => f(self.view_dyn(), axis),
            };
            all = Some(match next.ndim() {
                ndim if ndim == self.ndim() => next,
                ndim if ndim + 1 == self.ndim() => next.into_insert_axis(axis),
                ndim => {
                    return Err(ShapeError::Argument {
                        op: "apply_over_axes",
                        message: format!(
                            "function is not returning an array of the correct shape: {ndim} axes from {}",
                            self.ndim()
                        ),
                    });
                }
            });
        }
        all.unwrap_or_else(|| self.view_dyn().to_owned())
            .into_rank_of()
    }
}
