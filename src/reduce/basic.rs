//! Sums, products, means, extrema, truth and counts.

use super::axes::{self, Spec};
use super::element::{Comparable, Summable};
use super::kernels::{Extremum, Quantifier, Total};
use super::methods::{example, fallible_example, over_axes, reduces, results};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, IxDyn, RemoveAxis, ShapeError, unwrap,
};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The sum of all elements (NumPy's `np.sum`); 0 without elements.
    ///
    /// Small integers and `bool` are summed in 64 bits, wrapping. Floating-point sums are made in
    /// a fixed number of accumulators over blocks of 1,024 elements and pairwise above that: the
    /// error grows with the logarithm of the length, and the bits are the same for every number
    /// of threads and instruction set.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 2.0], [3.0, 4.0]];
    /// assert_eq!(x.sum(), 10.0);
    /// assert_eq!(x.sum_axis(0), array![4.0, 6.0]);
    /// assert_eq!(x.sum_axis(-1), array![3.0, 7.0]);
    /// assert_eq!(x.sum_keepdims(1), array![[3.0], [7.0]]);
    /// assert_eq!(array![200_u8, 100].sum(), 300_u64);
    /// assert_eq!(array![true, false, true].sum(), 2);
    /// ```
    #[inline]
    pub fn sum(&self) -> T::Total
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::total(Total::Sum)))
    }
    reduces! {
        "The sum", sum
            ["[[1_i32, 2], [3, 4]]" => "[3, 7]"],
            [T: Summable] {} -> T::Total: Spec::of(T::total(Total::Sum));
        sum_axis sum_axes sum_keepdims sum_axes_keepdims sum_into sum_axes_into
        try_sum_axis try_sum_axes try_sum_keepdims try_sum_axes_keepdims try_sum_into
        try_sum_axes_into
    }

    /// The product of all elements (NumPy's `np.prod`); 1 without elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1_i32, 2], [3, 4]];
    /// assert_eq!(x.prod(), 24);
    /// assert_eq!(x.prod_axis(0), array![3, 8]);
    /// ```
    #[inline]
    pub fn prod(&self) -> T::Total
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::total(Total::Product)))
    }
    reduces! {
        "The product", prod
            ["[[1_i32, 2], [3, 4]]" => "[2, 12]"],
            [T: Summable] {} -> T::Total: Spec::of(T::total(Total::Product));
        prod_axis prod_axes prod_keepdims prod_axes_keepdims prod_into prod_axes_into
        try_prod_axis try_prod_axes try_prod_keepdims try_prod_axes_keepdims try_prod_into
        try_prod_axes_into
    }

    /// The arithmetic mean of all elements (NumPy's `np.mean`); NaN without elements. Integers and
    /// `bool` give `f64`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert_eq!(x.mean(), 2.5);
    /// assert_eq!(x.mean_axis(0), array![2.0, 3.0]);
    /// assert_eq!(x.mean_keepdims(-1), array![[1.5], [3.5]]);
    /// ```
    #[inline]
    pub fn mean(&self) -> T::Average
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::mean()))
    }
    reduces! {
        "The arithmetic mean", mean
            ["[[1, 2], [3, 6]]" => "[1.5, 4.5]"],
            [T: Summable] {} -> T::Average: Spec::of(T::mean());
        mean_axis mean_axes mean_keepdims mean_axes_keepdims mean_into mean_axes_into
        try_mean_axis try_mean_axes try_mean_keepdims try_mean_axes_keepdims try_mean_into
        try_mean_axes_into
    }

    /// Whether any element differs from zero, or is `true` (NumPy's `np.any`); false without
    /// elements. NaN differs from zero.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(array![0, 3].any());
    /// assert_eq!(array![[true, false], [false, false]].any_axis(1), array![true, false]);
    /// ```
    #[inline]
    pub fn any(&self) -> bool
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::quantified(Quantifier::Any)))
    }
    reduces! {
        "Whether any element differs from zero", any
            ["[[0, 0], [0, 3]]" => "[false, true]"],
            [T: Summable] {} -> bool:
            Spec::of(T::quantified(Quantifier::Any));
        any_axis any_axes any_keepdims any_axes_keepdims any_into any_axes_into
        try_any_axis try_any_axes try_any_keepdims try_any_axes_keepdims try_any_into
        try_any_axes_into
    }

    /// Whether all elements differ from zero, or are `true` (NumPy's `np.all`); true without
    /// elements. NaN differs from zero.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert!(!array![0, 3].all());
    /// assert_eq!(array![[true, true], [false, true]].all_axis(0), array![false, true]);
    /// ```
    #[inline]
    pub fn all(&self) -> bool
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::quantified(Quantifier::All)))
    }
    reduces! {
        "Whether all elements differ from zero", all
            ["[[1, 2], [0, 3]]" => "[true, false]"],
            [T: Summable] {} -> bool:
            Spec::of(T::quantified(Quantifier::All));
        all_axis all_axes all_keepdims all_axes_keepdims all_into all_axes_into
        try_all_axis try_all_axes try_all_keepdims try_all_axes_keepdims try_all_into
        try_all_axes_into
    }

    /// How many elements differ from zero, or are `true` (NumPy's `np.count_nonzero`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![0.0, 3.0, f64::NAN].count_nonzero(), 2);
    /// assert_eq!(array![[1, 0], [2, 0]].count_nonzero_axis(0), array![2, 0]);
    /// ```
    #[inline]
    pub fn count_nonzero(&self) -> usize
    where
        T: Summable,
    {
        axes::total(self, Spec::of(T::count()))
    }
    reduces! {
        "The number of elements that differ from zero", count_nonzero
            ["[[1, 2], [0, 3]]" => "[2, 1]"],
            [T: Summable] {} -> usize: Spec::of(T::count());
        count_nonzero_axis count_nonzero_axes count_nonzero_keepdims count_nonzero_axes_keepdims
        count_nonzero_into count_nonzero_axes_into
        try_count_nonzero_axis try_count_nonzero_axes try_count_nonzero_keepdims
        try_count_nonzero_axes_keepdims try_count_nonzero_into try_count_nonzero_axes_into
    }

    /// The greatest element (NumPy's `np.max`), NaN if there is one.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 5.0], [3.0, 4.0]];
    /// assert_eq!(x.max(), 5.0);
    /// assert_eq!(x.max_axis(0), array![3.0, 5.0]);
    /// assert_eq!(x.max_keepdims(-1), array![[5.0], [4.0]]);
    /// assert!(array![f64::NAN, 1.0].max().is_nan());
    /// ```
    #[inline]
    #[track_caller]
    pub fn max(&self) -> T
    where
        T: Comparable,
    {
        unwrap(self.try_max())
    }

    /// As [`max`](Self::max), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 3].try_max(), Ok(3));
    /// assert!(Array1::<i32>::zeros(0).try_max().is_err());
    /// ```
    #[inline]
    pub fn try_max(&self) -> Result<T, ShapeError>
    where
        T: Comparable,
    {
        axes::whole(self, Spec::of(T::extremum(Extremum::Max)))
    }
    reduces! {
        "The greatest element", max
            ["[[1, 2], [4, 3]]" => "[2, 4]"],
            [T: Comparable] {} -> T: Spec::of(T::extremum(Extremum::Max));
        max_axis max_axes max_keepdims max_axes_keepdims max_into max_axes_into
        try_max_axis try_max_axes try_max_keepdims try_max_axes_keepdims try_max_into
        try_max_axes_into
    }

    /// The least element (NumPy's `np.min`), NaN if there is one.
    ///
    /// # Panics
    /// There are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 5.0], [3.0, 4.0]];
    /// assert_eq!(x.min(), 1.0);
    /// assert_eq!(x.min_axis(1), array![1.0, 3.0]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn min(&self) -> T
    where
        T: Comparable,
    {
        unwrap(self.try_min())
    }

    /// As [`min`](Self::min), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::NoIdentity`] if there are no elements.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 3].try_min(), Ok(1));
    /// assert!(Array1::<i32>::zeros(0).try_min().is_err());
    /// ```
    #[inline]
    pub fn try_min(&self) -> Result<T, ShapeError>
    where
        T: Comparable,
    {
        axes::whole(self, Spec::of(T::extremum(Extremum::Min)))
    }
    reduces! {
        "The least element", min
            ["[[1, 2], [4, 3]]" => "[1, 3]"],
            [T: Comparable] {} -> T: Spec::of(T::extremum(Extremum::Min));
        min_axis min_axes min_keepdims min_axes_keepdims min_into min_axes_into
        try_min_axis try_min_axes try_min_keepdims try_min_axes_keepdims try_min_into
        try_min_axes_into
    }
}
