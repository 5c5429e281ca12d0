//! The iterators of this room for rayon: each splits at any position, which is all that rayon's
//! plumbing needs.

use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::chunks::{AxisChunks, AxisChunksMut};
use super::elements::{Iter, IterMut};
use super::subviews::{AxisIter, AxisIterMut, Lanes, LanesMut, Windows};
use crate::array::axis::Axis;
use crate::array::dimension::Dimension;
use crate::array::lattice::RemoveAxis;
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut};
use crate::engine::par;

/// A parallel iterator over views or elements, with rayon's whole
/// [`IndexedParallelIterator`] interface.
///
/// It runs on the rayon pool it is used from. Where [`with_threads`](crate::with_threads) or
/// `ORTHANT_NUM_THREADS` allow fewer threads than the pool has, it is cut into no more pieces than
/// that.
///
/// ```
/// use orthant::prelude::*;
/// use rayon::prelude::*;
///
/// let x = array![[1, 2], [3, 4], [5, 6]];
/// let sums: Vec<i32> = x.par_outer_iter().map(|row| row.iter().sum()).collect();
/// assert_eq!(sums, [3, 7, 11]);
/// ```
#[derive(Clone, Debug)]
pub struct Parallel<I> {
    iter: I,
}

/// An iterator that can be cut in two at any position: those of this room.
pub trait Divisible: DoubleEndedIterator + ExactSizeIterator {
    /// The first `at` items, and the others.
    #[doc(hidden)]
    fn divide(self, at: usize) -> (Self, Self)
    where
        Self: Sized;
}

impl<I: Divisible + Send> ParallelIterator for Parallel<I>
where
    I::Item: Send,
{
    type Item = I::Item;
    fn drive_unindexed<C: UnindexedConsumer<I::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }
    fn opt_len(&self) -> Option<usize> {
        Some(self.iter.len())
    }
}

impl<I: Divisible + Send> IndexedParallelIterator for Parallel<I>
where
    I::Item: Send,
{
    fn len(&self) -> usize {
        self.iter.len()
    }
    fn drive<C: Consumer<I::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }
    fn with_producer<C: ProducerCallback<I::Item>>(self, callback: C) -> C::Output {
        let threads = par::threads();
        let min_len = if threads < rayon::current_num_threads() {
            self.iter.len().div_ceil(threads).max(1)
        } else {
            1
        };
        callback.callback(Pieces {
            iter: self.iter,
            min_len,
        })
    }
}

struct Pieces<I> {
    iter: I,
    /// Rayon does not make pieces shorter than this.
    min_len: usize,
}

impl<I: Divisible + Send> Producer for Pieces<I>
where
    I::Item: Send,
{
    type Item = I::Item;
    type IntoIter = I;
    fn into_iter(self) -> I {
        self.iter
    }
    fn min_len(&self) -> usize {
        self.min_len
    }
    fn split_at(self, at: usize) -> (Self, Self) {
        let (head, tail) = self.iter.divide(at);
        let piece = |iter| Pieces {
            iter,
            min_len: self.min_len,
        };
        (piece(head), piece(tail))
    }
}

macro_rules! divisible {
    ($($name:ident<$dim:ident>: $bound:ident;)+) => {$(
        impl<T, $dim: Dimension> Divisible for $name<'_, T, $dim> {
            fn divide(self, at: usize) -> (Self, Self) {
                self.split_at(at)
            }
        }
        impl<'a, T: $bound, $dim: Dimension> IntoParallelIterator for $name<'a, T, $dim> {
            type Item = <Self as Iterator>::Item;
            type Iter = Parallel<Self>;
            /// The same items in the same order, for rayon.
            fn into_par_iter(self) -> Parallel<Self> {
                Parallel { iter: self }
            }
        }
    )+};
}
divisible! {
    AxisIter<D>: Sync;
    AxisIterMut<D>: Send;
    Lanes<O>: Sync;
    LanesMut<O>: Send;
    Windows<D>: Sync;
    AxisChunks<D>: Sync;
    AxisChunksMut<D>: Send;
    Iter<D>: Sync;
    IterMut<D>: Send;
}

macro_rules! elements {
    ($([$($life:lifetime)?] $kind:ty, $bound:ident, $iter:ident<$item:lifetime>;)+) => {$(
        impl<$($life,)? $item, T: $bound, D: Dimension> IntoParallelIterator for $kind {
            type Item = <$iter<$item, T, D> as Iterator>::Item;
            type Iter = Parallel<$iter<$item, T, D>>;
            /// All elements in row-major order, for rayon.
            fn into_par_iter(self) -> Self::Iter {
                Parallel { iter: self.into_iter() }
            }
        }
    )+};
}
elements! {
    [] ArrayView<'r, T, D>, Sync, Iter<'r>;
    [] ArrayViewMut<'r, T, D>, Send, IterMut<'r>;
    [] &'r ArrayRef<T, D>, Sync, Iter<'r>;
    [] &'r mut ArrayRef<T, D>, Send, IterMut<'r>;
    [] &'r Array<T, D>, Sync, Iter<'r>;
    [] &'r mut Array<T, D>, Send, IterMut<'r>;
    ['a] &'r ArrayView<'a, T, D>, Sync, Iter<'r>;
    ['a] &'r ArrayViewMut<'a, T, D>, Sync, Iter<'r>;
    ['a] &'r mut ArrayViewMut<'a, T, D>, Send, IterMut<'r>;
}

macro_rules! parallel_iterations {
    ($(
        $(#[$doc:meta])*
        $name:ident $seq:ident $iter:ident,
        $(#[$mut_doc:meta])*
        $mut_name:ident $mut_seq:ident $iter_mut:ident
        ($($arg:ident: $ty:ty),*) -> $dim:ty $(where [$($bound:tt)*])?;
    )+) => {
        impl<T, D: Dimension> ArrayRef<T, D> {$(
            #[doc = concat!("As [`", stringify!($seq), "`](Self::", stringify!($seq), "), in parallel. The form that cannot panic is `x.try_", stringify!($seq), "(…)?.into_par_iter()`.\n\n# Panics\nAs `", stringify!($seq), "`.\n")]
            $(#[$doc])*
            #[track_caller]
            pub fn $name(&self, $($arg: $ty),*) -> Parallel<$iter<'_, T, $dim>>
            where
                T: Sync,
                $($($bound)*)?
            {
                Parallel { iter: self.$seq($($arg),*) }
            }

            #[doc = concat!("As [`", stringify!($mut_seq), "`](Self::", stringify!($mut_seq), "), in parallel. The form that cannot panic is `x.try_", stringify!($mut_seq), "(…)?.into_par_iter()`.\n\n# Panics\nAs `", stringify!($mut_seq), "`.\n")]
            $(#[$mut_doc])*
            #[track_caller]
            pub fn $mut_name(&mut self, $($arg: $ty),*) -> Parallel<$iter_mut<'_, T, $dim>>
            where
                T: Send,
                $($($bound)*)?
            {
                Parallel { iter: self.$mut_seq($($arg),*) }
            }
        )+}
    };
}
parallel_iterations! {
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let x = array![[1, 2, 3], [4, 5, 6]];
    /// let sums: Vec<i32> = x.par_axis_iter(1).map(|column| column.iter().sum()).collect();
    /// assert_eq!(sums, [5, 7, 9]);
    /// ```
    par_axis_iter axis_iter AxisIter,
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let mut x = Array2::<usize>::zeros([2, 3]);
    /// x.par_axis_iter_mut(1).enumerate().for_each(|(i, mut column)| column.fill(i));
    /// assert_eq!(x, array![[0, 1, 2], [0, 1, 2]]);
    /// ```
    par_axis_iter_mut axis_iter_mut AxisIterMut
        (axis: impl Into<Axis>) -> D::Smaller where [D: RemoveAxis];

    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let x = array![[1.0, 2.0], [3.0, 4.0]];
    /// let best = x.par_outer_iter().map(|row| row[0] * row[1]).reduce(|| 0.0, f64::max);
    /// assert_eq!(best, 12.0);
    /// ```
    par_outer_iter outer_iter AxisIter,
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// let mut y = Array2::<i32>::zeros([2, 2]);
    /// y.par_outer_iter_mut()
    ///     .zip(x.par_outer_iter())
    ///     .for_each(|(mut to, from)| to.assign(from.flip(0)));
    /// assert_eq!(y, array![[2, 1], [4, 3]]);
    /// ```
    par_outer_iter_mut outer_iter_mut AxisIterMut
        () -> D::Smaller where [D: RemoveAxis];

    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// let sums: Vec<i32> = x.par_lanes(1).map(|row| row.iter().sum()).collect();
    /// assert_eq!(sums, [3, 7]);
    /// ```
    par_lanes lanes Lanes,
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let mut x = array![[1, 2], [3, 4]];
    /// x.par_lanes_mut(0).enumerate().for_each(|(i, mut column)| column.fill(i));
    /// assert_eq!(x, array![[0, 1], [0, 1]]);
    /// ```
    par_lanes_mut lanes_mut LanesMut
        (axis: impl Into<Axis>) -> D::Smaller where [D: RemoveAxis];

    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let x = Array1::arange(0, 10, 1);
    /// let sums: Vec<i32> = x.par_axis_chunks(0, 4).map(|chunk| chunk.iter().sum()).collect();
    /// assert_eq!(sums, [6, 22, 17]);
    /// ```
    par_axis_chunks axis_chunks AxisChunks,
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use rayon::prelude::*;
    ///
    /// let mut x = Array1::<usize>::zeros(5);
    /// x.par_axis_chunks_mut(0, 2).enumerate().for_each(|(i, mut chunk)| chunk.fill(i));
    /// assert_eq!(x, array![0, 0, 1, 1, 2]);
    /// ```
    par_axis_chunks_mut axis_chunks_mut AxisChunksMut
        (axis: impl Into<Axis>, size: usize) -> D;
}
