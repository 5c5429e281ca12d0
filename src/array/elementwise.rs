//! Visiting every element: `map`, `map_inplace`, `fill`, `assign`, `assign_within`, `cast`.

use std::mem::MaybeUninit;

use super::dimension::Dimension;
use super::element::CastFrom;
use super::error::{ShapeError, unwrap};
use super::loops::{self, arg};
use super::operand::Operand;
use super::plain::is_plain;
use super::types::{Array, ArrayRef, ArrayView, ArrayViewMut};
use crate::engine::simd::{self, simd_dispatch};
use crate::engine::{self, Cost, Order};

impl<T, D: Dimension> ArrayRef<T, D> {
    /// A function of every element, in K order. Sequential, for any element type and any closure;
    /// [`zip`](crate::zip) is parallel.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1, 2, 3].map(|v| 1.5 * *v as f64), array![1.5, 3.0, 4.5]);
    /// assert_eq!(array!["a", "bc"].map(|s| s.len()), array![1, 2]);
    /// ```
    pub fn map<'a, U>(&'a self, mut f: impl FnMut(&'a T) -> U) -> Array<U, D> {
        let layout = self.layout_like();
        let view = loops::in_memory_order(self.view(), &layout);
        if std::mem::needs_drop::<U>() || view.layout.reshape(super::Ix([view.len()])).is_none() {
            return Array::from_elements(view.into_iter().map(f).collect(), layout);
        }
        let mut out = Array::<U, D>::uninit_layout(layout);
        let stride = match view.layout.reshape(super::Ix([view.len()])) {
            Some(flat) => flat.strides()[0],
            None => 1,
        };
        // SAFETY: invariant 2: `len` elements `stride` apart, and as many slots, dense in the
        // order of `view`. `U` needs no drop, so that a panic of `f` leaks nothing.
        unsafe {
            let (from, to) = (view.head.ptr.as_ptr(), out.head.ptr.as_ptr());
            if stride == 1 {
                map_dense(simd::level(), view.len(), from, to, &mut f);
            } else {
                for i in 0..view.len() {
                    (*to.add(i)).write(f(&*from.offset(i as isize * stride)));
                }
            }
            let _ = &mut out;
            out.assume_init()
        }
    }

    /// Changes every element, in no particular order.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2, 3];
    /// x.map_inplace(|v| *v *= 10);
    /// assert_eq!(x, array![10, 20, 30]);
    /// ```
    pub fn map_inplace(&mut self, mut f: impl FnMut(&mut T)) {
        let op = [arg(self, self.layout.shape())];
        let level = simd::level();
        engine::for_each_run(
            self.layout.shape(),
            &op,
            Order::Plan,
            &mut |ptrs, n, strides| {
                let ptr = ptrs[0].cast::<T>();
                // SAFETY: invariants 2 and 4: the engine passes runs of `n` exclusive elements.
                unsafe {
                    if strides[0] == 1 {
                        for_each_dense(level, n, ptr, &mut f);
                    } else {
                        (0..n).for_each(|i| f(&mut *ptr.offset(i as isize * strides[0])));
                    }
                }
            },
        );
    }

    /// Sets every element to a clone of `value` (NumPy's `fill`, `x[...] = value`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array2::<f64>::zeros([2, 2]);
    /// x.column_mut(1).fill(1.0);
    /// assert_eq!(x, array![[0.0, 1.0], [0.0, 1.0]]);
    /// ```
    pub fn fill(&mut self, value: T)
    where
        T: Clone,
    {
        if is_plain::<T>() {
            loops::fill_plain(self.view_mut(), &value);
        } else {
            self.map_inplace(|slot| slot.clone_from(&value));
        }
    }

    /// Copies the elements of an array or scalar, broadcast, into this one (NumPy's
    /// `x[...] = other`).
    ///
    /// # Panics
    /// The other does not broadcast to this shape.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = Array2::<i32>::zeros([2, 3]);
    /// x.assign(&array![1, 2, 3]);
    /// x.row_mut(0).assign(7);
    /// assert_eq!(x, array![[7, 7, 7], [1, 2, 3]]);
    /// ```
    #[track_caller]
    pub fn assign<R: Operand<T>>(&mut self, other: R)
    where
        T: Clone,
    {
        unwrap(self.try_assign(other));
    }

    /// As [`assign`](Self::assign), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::BroadcastInto`]; nothing was copied.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![1, 2];
    /// x.try_assign(7)?;
    /// assert!(x.try_assign(&array![1, 2, 3]).is_err());
    /// assert_eq!(x, array![7, 7]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_assign<R: Operand<T>>(&mut self, other: R) -> Result<(), ShapeError>
    where
        T: Clone,
    {
        other.with_view(|other| loops::assign(self.view_mut(), other))
    }

    /// Copies one part of this array into another part of it, which may overlap: the result is as
    /// if the source had been copied out first (NumPy's `x[1:] = x[:-1]`).
    ///
    /// # Panics
    /// A slice that does not fit, or a source that does not broadcast to the target.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![0, 1, 2, 3, 4];
    /// x.assign_within(s![1..], s![..-1]);
    /// assert_eq!(x, array![0, 0, 1, 2, 3]);
    /// x.assign_within(s![..], s![..;-1]);
    /// assert_eq!(x, array![3, 2, 1, 0, 0]);
    /// ```
    #[track_caller]
    pub fn assign_within<A: super::SliceArg<D>, B: super::SliceArg<D>>(&mut self, to: A, from: B)
    where
        T: Clone,
    {
        unwrap(self.try_update_within(to, from, |to, from| loops::assign(to, from)));
    }

    /// Calls `f` with one part of this array, exclusive, and another, shared, as it was before:
    /// the source is copied out first where the two overlap (NumPy's `a[1:] += a[:-1]`).
    ///
    /// # Panics
    /// A slice that does not fit.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let mut x = array![0, 1, 2, 3, 4];
    /// x.update_within(s![1..], s![..-1], |mut to, from| to += from);
    /// assert_eq!(x, array![0, 1, 3, 5, 7]);
    /// ```
    #[track_caller]
    pub fn update_within<A: super::SliceArg<D>, B: super::SliceArg<D>, R>(
        &mut self,
        to: A,
        from: B,
        f: impl FnOnce(ArrayViewMut<'_, T, A::Out>, ArrayView<'_, T, B::Out>) -> R,
    ) -> R
    where
        T: Clone,
    {
        unwrap(self.try_update_within(to, from, |to, from| Ok(f(to, from))))
    }

    fn try_update_within<A: super::SliceArg<D>, B: super::SliceArg<D>, R>(
        &mut self,
        to: A,
        from: B,
        f: impl FnOnce(ArrayViewMut<'_, T, A::Out>, ArrayView<'_, T, B::Out>) -> Result<R, ShapeError>,
    ) -> Result<R, ShapeError>
    where
        T: Clone,
    {
        let cut_to =
            to.with_items(|items| super::slice::apply::<D, A::Out>(&self.layout, items))?;
        let source = self.try_slice(from)?;
        let overlap = {
            // SAFETY: invariant 3; shared while `self` is only looked at.
            let target = unsafe { ArrayView::from_parts(self.ptr.offset(cut_to.0), cut_to.1) };
            super::layout::may_overlap(target.region(), source.region())
        };
        if overlap {
            let copy = source.to_owned();
            // SAFETY: invariants 3 and 4; `self` is exclusive and not otherwise borrowed.
            let target = unsafe { ArrayViewMut::from_parts(self.ptr.offset(cut_to.0), cut_to.1) };
            f(target, copy.view())
        } else {
            let (ptr, layout) = source.parts();
            // SAFETY: invariants 3 and 4; the two parts of the exclusive `self` are disjoint.
            unsafe {
                let target = ArrayViewMut::from_parts(self.ptr.offset(cut_to.0), cut_to.1);
                f(target, ArrayView::from_parts(ptr, layout))
            }
        }
    }

    /// Every element converted as `as` does (NumPy's `astype`): floats to integers saturate, NaN
    /// gives 0; integers wrap; real numbers become complex ones, complex numbers lose their imaginary
    /// parts when they become floats (NumPy warns of that); to `bool`, non-zero is `true`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![1.9, -2.9, 300.0, f64::NAN];
    /// assert_eq!(x.cast::<i32>(), array![1, -2, 300, 0]);
    /// assert_eq!(x.cast::<u8>(), array![1, 0, 255, 0]);
    /// ```
    pub fn cast<U: CastFrom<T>>(&self) -> Array<U, D>
    where
        T: Copy,
    {
        // SAFETY: the kernel converts `T` to `U`.
        unsafe { loops::unary(self, Cost::Memory, U::cast_kernel().0) }
    }
}

simd_dispatch! {
    /// # Safety
    /// `n` elements at `from`, shared for `'a`, and `n` slots at `to`.
    unsafe fn map_dense['a, T: 'a, U, F: FnMut(&'a T) -> U](n: usize, from: *const T, to: *mut MaybeUninit<U>, f: &mut F) = map_dense_body
}

#[inline(always)]
unsafe fn map_dense_body<'a, T: 'a, U, F: FnMut(&'a T) -> U>(
    n: usize,
    from: *const T,
    to: *mut MaybeUninit<U>,
    f: &mut F,
) {
    for i in 0..n {
        // SAFETY: the caller's promise.
        unsafe { (*to.add(i)).write(f(&*from.add(i))) };
    }
}

simd_dispatch! {
    /// # Safety
    /// `n` exclusive elements at `ptr`.
    unsafe fn for_each_dense[T, F: FnMut(&mut T)](n: usize, ptr: *mut T, f: &mut F) = for_each_dense_body
}

#[inline(always)]
unsafe fn for_each_dense_body<T, F: FnMut(&mut T)>(n: usize, ptr: *mut T, f: &mut F) {
    for i in 0..n {
        // SAFETY: the caller's promise.
        f(unsafe { &mut *ptr.add(i) });
    }
}

/// The methods that change elements and take operands, as inherent methods of the owners too:
/// through `DerefMut` alone, `x.assign(&x.map(…))` would borrow `x` twice.
macro_rules! forward_to_owners {
    ($($(#[$doc:meta])* fn $name:ident[$($generics:tt)*]($($arg:ident: $ty:ty),*) $(-> $ret:ty)? $(where $bound:ident: $limit:path)?;)+) => {
        forward_to_owners!(@kind Array<T, D>, $($(#[$doc])* fn $name[$($generics)*]($($arg: $ty),*) $(-> $ret)? $(where $bound: $limit)?;)+);
        forward_to_owners!(@kind ArrayViewMut<'_, T, D>, $($(#[$doc])* fn $name[$($generics)*]($($arg: $ty),*) $(-> $ret)? $(where $bound: $limit)?;)+);
    };
    (@kind $kind:ty, $($(#[$doc:meta])* fn $name:ident[$($generics:tt)*]($($arg:ident: $ty:ty),*) $(-> $ret:ty)? $(where $bound:ident: $limit:path)?;)+) => {
        impl<T, D: Dimension> $kind {$(
            #[doc = concat!("See [`ArrayRef::", stringify!($name), "`].")]
            $(#[$doc])*
            #[inline]
            #[track_caller]
            pub fn $name<$($generics)*>(&mut self, $($arg: $ty),*) $(-> $ret)? $(where $bound: $limit)? {
                (**self).$name($($arg),*)
            }
        )+}
    };
}
forward_to_owners! {
    ///
    /// # Panics
    /// As there.
    fn assign[R: Operand<T>](other: R) where T: Clone;
    ///
    /// # Errors
    /// As there.
    fn try_assign[R: Operand<T>](other: R) -> Result<(), ShapeError> where T: Clone;
    fn fill[](value: T) where T: Clone;
    fn map_inplace[](f: impl FnMut(&mut T));
}
