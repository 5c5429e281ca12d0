//! Iterators over elements.

use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::array::create::advance;
use crate::array::dimension::Dimension;
use crate::array::layout::Layout;
use crate::array::types::{Array, ArrayRef, ArrayView, ArrayViewMut, CowArray};

/// Walks pointers to all elements in row-major order: the last axis in an inner run, the others by
/// counting.
struct Walk<T, D: Dimension> {
    /// The next element.
    next: NonNull<T>,
    /// Elements left in the current run, and its stride.
    run: usize,
    stride: isize,
    /// Elements left behind the current run.
    rest: usize,
    /// The first element of the array.
    base: NonNull<T>,
    layout: Layout<D>,
    /// The index of the current run; its last entry stays 0.
    index: D::Index,
}

impl<T, D: Dimension> Walk<T, D> {
    fn new(base: NonNull<T>, layout: Layout<D>) -> Self {
        let len = layout.len();
        let (run, stride) = if layout.is_c() {
            (len, 1)
        } else {
            let ndim = layout.ndim();
            // Not C-contiguous: there is a last axis, and no axis is empty.
            (layout.shape()[ndim - 1], layout.strides()[ndim - 1])
        };
        let index = D::zeroed_index(layout.ndim());
        Walk {
            next: base,
            run,
            stride,
            rest: len - run,
            base,
            layout,
            index,
        }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<NonNull<T>> {
        if self.run == 0 && !self.next_run() {
            return None;
        }
        self.run -= 1;
        let here = self.next;
        if self.run > 0 {
            // SAFETY: invariant 2: the run has another element `stride` away.
            self.next = unsafe { here.offset(self.stride) };
        }
        Some(here)
    }

    #[inline(never)]
    fn next_run(&mut self) -> bool {
        if self.rest == 0 {
            return false;
        }
        let ndim = self.layout.ndim();
        advance(
            &mut self.index.as_mut()[..ndim - 1],
            &self.layout.shape()[..ndim - 1],
        );
        self.run = self.layout.shape()[ndim - 1];
        self.rest -= self.run;
        // SAFETY: invariant 2: the index is in bounds.
        self.next = unsafe { self.base.offset(self.layout.offset(self.index.as_ref())) };
        true
    }

    #[inline(always)]
    fn len(&self) -> usize {
        self.run + self.rest
    }

    /// Calls `f` for all that are left.
    #[inline(always)]
    fn fold<B>(mut self, init: B, mut f: impl FnMut(B, NonNull<T>) -> B) -> B {
        let mut acc = init;
        loop {
            if self.stride == 1 {
                for i in 0..self.run {
                    // SAFETY: invariant 2: the run has `run` elements.
                    acc = f(acc, unsafe { self.next.add(i) });
                }
            } else {
                for i in 0..self.run {
                    // SAFETY: as above.
                    acc = f(acc, unsafe { self.next.offset(i as isize * self.stride) });
                }
            }
            if !self.next_run() {
                return acc;
            }
        }
    }
}

impl<T, D: Dimension> Clone for Walk<T, D> {
    fn clone(&self) -> Self {
        Walk { ..*self }
    }
}

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
        }
        impl<T, D: Dimension> ExactSizeIterator for $name<'_, T, D> {}
        impl<T, D: Dimension> FusedIterator for $name<'_, T, D> {}
    };
}
element_iterator!(Iter, &'a T, |ptr| ptr.as_ref());
element_iterator!(IterMut, &'a mut T, |ptr| {
    let mut ptr = ptr;
    ptr.as_mut()
});

/// An iterator over indices and elements: what [`ArrayRef::indexed_iter`] returns.
#[derive(Clone)]
pub struct IndexedIter<'a, T, D: Dimension> {
    elements: Iter<'a, T, D>,
    index: D::Index,
}

/// An iterator over indices and exclusive elements: what [`ArrayRef::indexed_iter_mut`] returns.
pub struct IndexedIterMut<'a, T, D: Dimension> {
    elements: IterMut<'a, T, D>,
    index: D::Index,
}

macro_rules! indexed_iterator {
    ($name:ident, $item:ty) => {
        impl<'a, T, D: Dimension> Iterator for $name<'a, T, D> {
            type Item = (D::Index, $item);
            #[inline]
            fn next(&mut self) -> Option<Self::Item> {
                let element = self.elements.next()?;
                let index = self.index;
                advance(self.index.as_mut(), self.elements.walk.layout.shape());
                Some((index, element))
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.elements.size_hint()
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
