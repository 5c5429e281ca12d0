//! The forms that every function has, written once: fresh result, `_into`, `_inplace`, `_where`.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::run::{Side, run_fresh, run_into};
use super::select::select_kernel;
use crate::array::{
    Array, ArrayRef, DimMax, Dimension, LoopKernel, Operand, ShapeError, loops, unwrap,
};
use crate::engine::{Cost, Kernel, Level};

pub(crate) mod private {
    pub trait Sealed {}
}

/// A function object: `ufunc::Exp`, `ufunc::Add`, … (sealed).
pub trait Ufunc: Copy + Default + Send + Sync + 'static + private::Sealed {
    /// NumPy's name of the function.
    const NAME: &'static str;
}

/// A function of one argument that takes elements of type `T` (sealed).
///
/// A bound `ufunc::Exp: UnaryUfunc<T>` lets generic code call `x.exp()`; `T: Float` implies it.
#[diagnostic::on_unimplemented(message = "`{Self}` does not take elements of type `{T}`")]
pub trait UnaryUfunc<T>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(T) -> Self::Output>;
}

/// A function of two arguments that takes elements of types `A` and `B` (sealed).
///
/// A bound `ufunc::Maximum: BinaryUfunc<T>` lets generic code call `x.maximum(&y)`; `T: Real`
/// implies it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take elements of types `{A}` and `{B}`"
)]
pub trait BinaryUfunc<A, B = A>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(A, B) -> Self::Output>;
}

/// A function of three arguments of one element type (sealed).
#[diagnostic::on_unimplemented(message = "`{Self}` does not take elements of type `{T}`")]
pub trait TernaryUfunc<T>: Ufunc {
    /// The element type of the result.
    type Output: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    const COST: Cost;
    #[doc(hidden)]
    fn kernel() -> LoopKernel<fn(T, T, T) -> Self::Output>;
}

/// The rank of an operation between two ranks.
pub(crate) type Max<D, E> = <D as DimMax<E>>::Output;

macro_rules! handle {
    ($($(#[$doc:meta])* $Forms:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Forms<F>(PhantomData<F>);

        impl<F> $Forms<F> {
            pub(crate) const fn new() -> Self {
                $Forms(PhantomData)
            }
        }
    )+};
}
handle! {
    /// The ways to call a function of one argument; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![0.0, 1.0];
    /// let mut y = x.zeros_like();
    /// ufunc::Exp.call_into(&x, &mut y);
    /// assert_eq!(y, x.exp());
    /// ```
    Unary
    /// The ways to call a function of two arguments; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1.0, 5.0];
    /// let mut y = x.zeros_like();
    /// ufunc::Maximum.call_into(&x, 3.0, &mut y);
    /// assert_eq!(y, x.maximum(3.0));
    /// ```
    Binary
    /// The ways to call a function of three arguments; all such objects dereference to this.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// let x = array![1, 5, 9];
    /// assert_eq!(ufunc::Clip.call(&x, 2, 6), x.clip(2, 6));
    /// ```
    Ternary
}

impl<F: Ufunc> Unary<F> {
    /// The function of every element, in a fresh array in K order.
    ///
    /// ```
    /// use orthant::prelude::*;
    /// use orthant::ufunc;
    ///
    /// assert_eq!(ufunc::Sqrt.call(&array![1.0, 4.0]), array![1.0, 2.0]);
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
}

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
}

impl<F: Ufunc> Ternary<F> {
    /// The function of all triples of elements, broadcasting, in a fresh array in K order.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
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
        let done = y.with_view(|y| {
            z.with_view(|z| {
                let both = Side::of(x);
                let inputs = [both, Side::of(&y.head), Side::of(&z.head)];
                // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from the others,
                // and read and written element by element.
                unsafe { run_into(both, &inputs, false, F::COST, F::kernel().0) }
            })
        });
        unwrap(done);
    }
}

/// Three operands as numbers.
#[inline]
pub(crate) fn with_three<A, B, C, R>(
    x: impl Operand<A>,
    y: impl Operand<B>,
    z: impl Operand<C>,
    f: impl FnOnce(&[Side<'_>; 3]) -> R,
) -> R {
    x.with_view(|x| {
        y.with_view(|y| {
            z.with_view(|z| f(&[Side::of(&x.head), Side::of(&y.head), Side::of(&z.head)]))
        })
    })
}

/// The core of methods of one argument.
#[inline]
#[track_caller]
pub(crate) fn unary<F: UnaryUfunc<T>, T, D: Dimension>(x: &ArrayRef<T, D>) -> Array<F::Output, D> {
    if size_of::<F::Output>() > size_of::<T>() {
        // Only a view that repeats elements can have more of them than fit.
        let checked = crate::array::Layout::<D>::checked_len(x.shape(), size_of::<F::Output>());
        unwrap(checked);
    }
    // SAFETY: the kernel's types; sealed implementations are for elements that may be moved
    // bitwise and on any thread.
    unsafe { loops::unary(x, F::COST, F::kernel().0) }
}

/// A method of one argument that is no [`UnaryUfunc`].
pub(crate) fn unary_with<T, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    cost: Cost,
    kernel: LoopKernel<fn(T) -> R>,
) -> Array<R, D> {
    // SAFETY: the kernel's types.
    unsafe { loops::unary(x, cost, kernel.0) }
}

/// The core of methods of two arguments.
#[inline]
pub(crate) fn binary<F, A, B, D, Y>(
    x: &ArrayRef<A, D>,
    y: Y,
) -> Result<Array<F::Output, Max<D, Y::Dim>>, ShapeError>
where
    F: BinaryUfunc<A, B>,
    D: DimMax<Y::Dim>,
    Y: Operand<B>,
{
    // SAFETY: as for `unary`.
    y.with_view(|y| unsafe { loops::binary(x, &y, F::COST, F::kernel().0) })
}

/// A kernel whose results are stored only where a mask, the last input, is `true`.
struct Masked<'a, R> {
    inner: &'a dyn Kernel,
    sizes: [usize; 2],
    inputs: usize,
    marker: PhantomData<fn() -> R>,
}

impl<'a, R> Masked<'a, R> {
    fn new(inner: &'a dyn Kernel, sizes: &[usize]) -> Self {
        let mut all = [0; 2];
        all[..sizes.len()].copy_from_slice(sizes);
        Masked {
            inner,
            sizes: all,
            inputs: sizes.len(),
            marker: PhantomData,
        }
    }
}

/// Elements that are computed before they are stored under a mask.
const BLOCK: usize = 256;

#[repr(align(64))]
struct Scratch<R>(MaybeUninit<[R; BLOCK]>);

impl<R: Copy> Kernel for Masked<'_, R> {
    unsafe fn run(&self, level: Level, n: usize, ptrs: &[*mut u8], splat: u32) {
        let mut scratch = Scratch::<R>(MaybeUninit::uninit());
        let scratch = scratch.0.as_mut_ptr().cast::<R>();
        let mask_at = self.inputs + 1;
        let mask_splat = splat >> mask_at & 1;
        let mut parts = [scratch.cast::<u8>(); 3];
        let mut done = 0;
        while done < n {
            let count = (n - done).min(BLOCK);
            // SAFETY: the caller's contract for `n` elements holds for `count` from `done` on; the
            // block holds as many, and is written before it is read.
            unsafe {
                for i in 1..=self.inputs {
                    let step = if splat >> i & 1 == 0 {
                        self.sizes[i - 1]
                    } else {
                        0
                    };
                    parts[i] = ptrs[i].add(done * step);
                }
                self.inner
                    .run(level, count, &parts[..mask_at], splat & !(1 << mask_at));
                let out = ptrs[0].cast::<R>().add(done);
                let mask = ptrs[mask_at].add(if mask_splat == 0 { done } else { 0 });
                match select_kernel::<R>() {
                    Some(select) => {
                        let ptrs = [out.cast(), mask, scratch.cast(), out.cast()];
                        select.run(level, count, &ptrs, mask_splat << 1);
                    }
                    None => {
                        for i in 0..count {
                            let at = if mask_splat == 0 { i } else { 0 };
                            if *mask.cast::<bool>().add(at) {
                                out.add(i).write(*scratch.add(i));
                            }
                        }
                    }
                }
            }
            done += count;
        }
    }
}
