//! Iterators over elements.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;

use super::walk::{Walk, ravel, unravel};
use crate::array::create::advance;
use crate::array::dimension::Dimension;
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

/// An iterator over shared elements: what [`ArrayRef::iter`] returns.
pub struct Iter<'a, T, D: Dimension> {
    walk: Walk<T, D>,
    marker: PhantomData<&'a T>,
}

/// An iterator over exclusive elements: what [`ArrayRef::iter_mut`] returns.
pub struct IterMut<'a, T, D: Dimension> {
    walk: Walk<T, D>,
    marker: PhantomData<&'a mut T>,
}

// SAFETY: an iterator gives what a shared view gives.
unsafe impl<T: Sync, D: Dimension> Send for Iter<'_, T, D> {}
// SAFETY: as above.
unsafe impl<T: Sync, D: Dimension> Sync for Iter<'_, T, D> {}
// SAFETY: an iterator gives what an exclusive view gives.
unsafe impl<T: Send, D: Dimension> Send for IterMut<'_, T, D> {}
// SAFETY: as above.
unsafe impl<T: Sync, D: Dimension> Sync for IterMut<'_, T, D> {}

impl<T, D: Dimension> Clone for Iter<'_, T, D> {
    fn clone(&self) -> Self {
        Iter {
            walk: self.walk.clone(),
            marker: PhantomData,
        }
    }
}

macro_rules! element_iterator {
    ($name:ident, $item:ty, |$ptr:ident| $deref:expr) => {
        impl<'a, T, D: Dimension> Iterator for $name<'a, T, D> {
            type Item = $item;
            #[inline(always)]
            fn next(&mut self) -> Option<$item> {
                // SAFETY: invariants 2 and 4: every element is initialised, and visited once.
                self.walk.next().map(|$ptr| unsafe { $deref })
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.walk.len(), Some(self.walk.len()))
            }
            #[inline]
            fn fold<B, F: FnMut(B, $item) -> B>(self, init: B, mut f: F) -> B {
                // SAFETY: as in `next`.
                self.walk.fold(init, |acc, $ptr| f(acc, unsafe { $deref }))
            }
            #[inline]
            fn nth(&mut self, n: usize) -> Option<$item> {
                self.walk.skip(n);
                self.next()
            }
            #[inline]
            fn count(self) -> usize {
                self.walk.len()
            }
            #[inline]
            fn last(mut self) -> Option<$item> {
                self.next_back()
            }
        }
        impl<'a, T, D: Dimension> DoubleEndedIterator for $name<'a, T, D> {
            #[inline(always)]
            fn next_back(&mut self) -> Option<$item> {
                // SAFETY: as in `next`.
                self.walk.next_back().map(|$ptr| unsafe { $deref })
            }
            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<$item> {
                self.walk.skip_back(n);
                self.next_back()
            }
            #[inline]
            fn rfold<B, F: FnMut(B, $item) -> B>(self, init: B, mut f: F) -> B {
                // SAFETY: as in `next`.
                self.walk.rfold(init, |acc, $ptr| f(acc, unsafe { $deref }))
            }
        }
        impl<T, D: Dimension> fmt::Debug for $name<'_, T, D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("len", &self.len())
                    .finish_non_exhaustive()
            }
        }
        impl<T, D: Dimension> ExactSizeIterator for $name<'_, T, D> {}
        impl<T, D: Dimension> FusedIterator for $name<'_, T, D> {}

        #[cfg(feature = "rayon")]
        impl<T, D: Dimension> $name<'_, T, D> {
            /// The first `at` elements that are left, and the others.
            pub(super) fn split_at(self, at: usize) -> (Self, Self) {
                let (head, tail) = self.walk.split_at(at);
                let part = |walk| $name {
                    walk,
                    marker: PhantomData,
                };
                (part(head), part(tail))
            }
        }
    };
}
element_iterator!(Iter, &'a T, |ptr| ptr.as_ref());
element_iterator!(IterMut, &'a mut T, |ptr| {
    let mut ptr = ptr;
    ptr.as_mut()
});

/// An iterator over indices and elements: what [`ArrayRef::indexed_iter`] returns.
pub struct IndexedIter<'a, T, D: Dimension> {
    elements: Iter<'a, T, D>,
    index: D::Index,
}

/// An iterator over indices and exclusive elements: what [`ArrayRef::indexed_iter_mut`] returns.
pub struct IndexedIterMut<'a, T, D: Dimension> {
    elements: IterMut<'a, T, D>,
    index: D::Index,
}

impl<T, D: Dimension> Clone for IndexedIter<'_, T, D> {
    fn clone(&self) -> Self {
        IndexedIter {
            elements: self.elements.clone(),
            index: self.index,
        }
    }
}

macro_rules! indexed_iterator {
    ($name:ident, $item:ty) => {
        impl<'a, T, D: Dimension> Iterator for $name<'a, T, D> {
            type Item = (D::Index, $item);
            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                let element = self.elements.next()?;
                let index = self.index;
                advance(self.index.as_mut(), self.elements.walk.shape());
                Some((index, element))
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.elements.size_hint()
            }
            #[inline]
            fn nth(&mut self, n: usize) -> Option<Self::Item> {
                let element = self.elements.nth(n)?;
                let index = self.index_at(n);
                self.index = index;
                advance(self.index.as_mut(), self.elements.walk.shape());
                Some((index, element))
            }
            #[inline]
            fn count(self) -> usize {
                self.elements.count()
            }
            #[inline]
            fn last(mut self) -> Option<Self::Item> {
                self.next_back()
            }
        }
        impl<'a, T, D: Dimension> DoubleEndedIterator for $name<'a, T, D> {
            #[inline]
            fn next_back(&mut self) -> Option<Self::Item> {
                let element = self.elements.next_back()?;
                Some((self.index_at(self.elements.len()), element))
            }
            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
                let element = self.elements.nth_back(n)?;
                Some((self.index_at(self.elements.len()), element))
            }
        }
        impl<T, D: Dimension> $name<'_, T, D> {
            /// The index `n` elements after the one at the front; there is such an element.
            fn index_at(&self, n: usize) -> D::Index {
                let shape = self.elements.walk.shape();
                let mut index = self.index;
                unravel(ravel(index.as_ref(), shape) + n, shape, index.as_mut());
                index
            }
        }
        impl<T, D: Dimension> fmt::Debug for $name<'_, T, D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("len", &self.len())
                    .finish_non_exhaustive()
            }
        }
        impl<T, D: Dimension> ExactSizeIterator for $name<'_, T, D> {}
        impl<T, D: Dimension> FusedIterator for $name<'_, T, D> {}
    };
}
indexed_iterator!(IndexedIter, &'a T);
indexed_iterator!(IndexedIterMut, &'a mut T);

impl<T, D: Dimension> ArrayRef<T, D> {
    /// All elements in row-major order.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// assert!(x.t().iter().eq(&[1, 3, 2, 4]));
    /// ```
    #[inline]
    pub fn iter(&self) -> Iter<'_, T, D> {
        self.view().into_iter()
    }

    /// All elements, exclusive, in row-major order.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3];
    /// x.iter_mut().for_each(|v| *v *= 2);
    /// assert_eq!(x, array![2, 4, 6]);
    /// ```
    #[inline]
    pub fn iter_mut(&mut self) -> IterMut<'_, T, D> {
        self.view_mut().into_iter()
    }

    /// All indices and elements in row-major order (NumPy's `ndenumerate`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1, 2], [3, 4]];
    /// for ([i, j], &value) in x.indexed_iter() {
    ///     assert_eq!(value, (2 * i + j + 1) as i32);
    /// }
    /// ```
    #[inline]
    pub fn indexed_iter(&self) -> IndexedIter<'_, T, D> {
        IndexedIter {
            elements: self.iter(),
            index: D::zeroed_index(self.ndim()),
        }
    }

    /// All indices and elements, exclusive, in row-major order.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array2::<usize>::zeros([2, 2]);
    /// for ([i, j], value) in x.indexed_iter_mut() {
    ///     *value = 10 * i + j;
    /// }
    /// assert_eq!(x, array![[0, 1], [10, 11]]);
    /// ```
    #[inline]
    pub fn indexed_iter_mut(&mut self) -> IndexedIterMut<'_, T, D> {
        let index = D::zeroed_index(self.ndim());
        IndexedIterMut {
            elements: self.iter_mut(),
            index,
        }
    }
}

impl<'a, T, D: Dimension> IntoIterator for ArrayView<'a, T, D> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T, D>;
    #[inline]
    fn into_iter(self) -> Iter<'a, T, D> {
        let (ptr, layout) = self.parts();
        Iter {
            walk: Walk::new(ptr, layout),
            marker: PhantomData,
        }
    }
}
impl<'a, T, D: Dimension> IntoIterator for ArrayViewMut<'a, T, D> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T, D>;
    #[inline]
    fn into_iter(self) -> IterMut<'a, T, D> {
        let (ptr, layout) = self.parts();
        IterMut {
            walk: Walk::new(ptr, layout),
            marker: PhantomData,
        }
    }
}
impl<T, D: Dimension> IntoIterator for Array<T, D> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    /// The elements, moved, in row-major order.
    fn into_iter(self) -> std::vec::IntoIter<T> {
        self.into_vec().into_iter()
    }
}

macro_rules! by_reference {
    ($([$($life:lifetime)?] $kind:ty;)+) => {$(
        impl<'r, $($life,)? T, D: Dimension> IntoIterator for &'r $kind {
            type Item = &'r T;
            type IntoIter = Iter<'r, T, D>;
            #[inline]
            fn into_iter(self) -> Iter<'r, T, D> {
                self.iter()
            }
        }
    )+};
}
by_reference! {
    [] Array<T, D>;
    [] ArrayRef<T, D>;
    ['a] ArrayView<'a, T, D>;
    ['a] ArrayViewMut<'a, T, D>;
    ['a] CowArray<'a, T, D>;
}
impl<'r, T, D: Dimension> IntoIterator for &'r mut Array<T, D> {
    type Item = &'r mut T;
    type IntoIter = IterMut<'r, T, D>;
    fn into_iter(self) -> IterMut<'r, T, D> {
        self.iter_mut()
    }
}
impl<'r, T, D: Dimension> IntoIterator for &'r mut ArrayRef<T, D> {
    type Item = &'r mut T;
    type IntoIter = IterMut<'r, T, D>;
    fn into_iter(self) -> IterMut<'r, T, D> {
        self.iter_mut()
    }
}
impl<'r, T, D: Dimension> IntoIterator for &'r mut ArrayViewMut<'_, T, D> {
    type Item = &'r mut T;
    type IntoIter = IterMut<'r, T, D>;
    fn into_iter(self) -> IterMut<'r, T, D> {
        self.iter_mut()
    }
}
