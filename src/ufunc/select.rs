//! Choosing between operands under a mask: `where_`.

use super::forms::{Max, with_three};
use super::run::{Side, check_into, common_shape, run_fresh, run_into};
use crate::array::{Array, ArrayRef, DimMax, Dimension, Operand, ShapeError, is_plain, unwrap};
use crate::engine::{Cost, Kernel, TernaryKernel, TernaryOp};

/// `mask ? a : b`, for elements of a size.
#[derive(Clone, Copy)]
struct Choose;

impl<T: Copy> TernaryOp<bool, T, T, T> for Choose {
    #[inline(always)]
    fn apply(mask: bool, a: T, b: T) -> T {
        if mask { a } else { b }
    }
}

/// The loop `out = mask ? a : b` for plain elements, which is one per size.
#[inline(never)]
fn select_bits(size: usize) -> Option<&'static dyn Kernel> {
    macro_rules! by_size {
        ($($size:literal $t:ty),+) => {
            match size {
                $($size => Some(const { &TernaryKernel::<Choose, bool, $t, $t, $t>::new() }),)+
                _ => None,
            }
        };
    }
    by_size!(1 u8, 2 u16, 4 u32, 8 u64, 16 [u64; 2])
}

/// The loop `out = mask ? a : b` over elements of type `T`, if they are plain.
#[inline]
pub(crate) fn select_kernel<T>() -> Option<&'static dyn Kernel> {
    if is_plain::<T>() {
        select_bits(size_of::<T>())
    } else {
        None
    }
}

/// `a` where the mask is `true`, `b` where it is not, all three broadcast together (NumPy's
/// `where(mask, a, b)`); for elements of any type that can be cloned. The object is
/// [`ufunc::Where`](Where).
///
/// # Panics
/// The shapes do not broadcast together.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::where_;
///
/// let x = array![1.0, f64::NAN, 3.0];
/// assert_eq!(where_(&x.isnan(), -1.0, &x), array![1.0, -1.0, 3.0]);
/// let names = where_(&array![true, false], &array!["yes"], &array!["no"]);
/// assert_eq!(names, array!["yes", "no"]);
/// ```
#[inline]
#[track_caller]
pub fn where_<T, M, A, B>(mask: M, a: A, b: B) -> Array<T, Max<Max<M::Dim, A::Dim>, B::Dim>>
where
    T: Clone,
    M: Operand<bool, Dim: DimMax<A::Dim>>,
    A: Operand<T>,
    B: Operand<T>,
    Max<M::Dim, A::Dim>: DimMax<B::Dim>,
{
    unwrap(try_where(mask, a, b))
}

/// As [`where_`], with the mistake as an error.
///
/// # Errors
/// [`ShapeError::Broadcast`].
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::try_where;
///
/// let x = array![1, 2];
/// assert_eq!(try_where(&x.less(2), &x, 0)?, array![1, 0]);
/// assert!(try_where(&x.less(2), &x, &array![1, 2, 3]).is_err());
/// # Ok::<(), orthant::ShapeError>(())
/// ```
#[inline]
pub fn try_where<T, M, A, B>(
    mask: M,
    a: A,
    b: B,
) -> Result<Array<T, Max<Max<M::Dim, A::Dim>, B::Dim>>, ShapeError>
where
    T: Clone,
    M: Operand<bool, Dim: DimMax<A::Dim>>,
    A: Operand<T>,
    B: Operand<T>,
    Max<M::Dim, A::Dim>: DimMax<B::Dim>,
{
    match select_kernel::<T>() {
        // SAFETY: the kernel is for plain elements of this size.
        Some(kernel) => with_three(mask, a, b, |inputs| unsafe {
            run_fresh(inputs, Cost::Memory, kernel)
        }),
        None => mask.with_view(|mask| {
            a.with_view(|a| {
                b.with_view(|b| {
                    let sides = [Side::of(&mask.head), Side::of(&a.head), Side::of(&b.head)];
                    let (shape, ndim) = common_shape(&sides)?;
                    let shape = &shape[..ndim];
                    let (mask, a, b) = (
                        mask.try_broadcast_to(shape)?,
                        a.try_broadcast_to(shape)?,
                        b.try_broadcast_to(shape)?,
                    );
                    let pick =
                        |((&mask, a), b): ((&bool, &T), &T)| if mask { a } else { b }.clone();
                    let elements = mask.iter().zip(a.iter()).zip(b.iter()).map(pick).collect();
                    Array::try_from_shape_vec(shape, elements)?.into_rank_of()
                })
            })
        }),
    }
}

/// [`where_`] as an object, NumPy's `where`.
///
/// ```
/// use orthant::{prelude::*, ufunc};
///
/// let (mask, mut y) = (array![true, false], array![0, 0]);
/// ufunc::Where.call_into(&mask, 1, &array![3, 4], &mut y);
/// assert_eq!(y, array![1, 4]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Where;

impl Where {
    /// As [`where_`].
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// assert_eq!(ufunc::Where.call(&array![true, false], 1, 2), array![1, 2]);
    /// ```
    #[track_caller]
    pub fn call<T, M, A, B>(
        &self,
        mask: M,
        a: A,
        b: B,
    ) -> Array<T, Max<Max<M::Dim, A::Dim>, B::Dim>>
    where
        T: Clone,
        M: Operand<bool, Dim: DimMax<A::Dim>>,
        A: Operand<T>,
        B: Operand<T>,
        Max<M::Dim, A::Dim>: DimMax<B::Dim>,
    {
        where_(mask, a, b)
    }

    /// As [`try_where`].
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let mask = array![true, false];
    /// assert_eq!(ufunc::Where.try_call(&mask, 1, 2)?, array![1, 2]);
    /// assert!(ufunc::Where.try_call(&mask, 1, &array![1, 2, 3]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call<T, M, A, B>(
        &self,
        mask: M,
        a: A,
        b: B,
    ) -> Result<Array<T, Max<Max<M::Dim, A::Dim>, B::Dim>>, ShapeError>
    where
        T: Clone,
        M: Operand<bool, Dim: DimMax<A::Dim>>,
        A: Operand<T>,
        B: Operand<T>,
        Max<M::Dim, A::Dim>: DimMax<B::Dim>,
    {
        try_where(mask, a, b)
    }

    /// As [`where_`], into an array that exists, to whose shape all three are broadcast; nothing is
    /// allocated. Into one of the two, [`assign_where`](ArrayRef::assign_where) does it.
    ///
    /// # Panics
    /// Something does not broadcast to the output's shape.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let (x, mut y) = (array![1.0, f64::NAN], array![0.0, 0.0]);
    /// ufunc::Where.call_into(&x.isnan(), -1.0, &x, &mut y);
    /// assert_eq!(y, array![1.0, -1.0]);
    /// ```
    #[track_caller]
    pub fn call_into<T, M, A, B, D>(&self, mask: M, a: A, b: B, out: &mut ArrayRef<T, D>)
    where
        T: Clone,
        M: Operand<bool>,
        A: Operand<T>,
        B: Operand<T>,
        D: Dimension,
    {
        unwrap(self.try_call_into(mask, a, b, out));
    }

    /// As [`call_into`](Self::call_into), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Output`], [`ShapeError::Broadcast`]; nothing was written.
    ///
    /// ```
    /// use orthant::{prelude::*, ufunc};
    ///
    /// let (mask, mut y) = (array![true, false], array![0, 0]);
    /// ufunc::Where.try_call_into(&mask, 1, 2, &mut y)?;
    /// assert!(ufunc::Where.try_call_into(&mask, 1, 2, &mut array![0]).is_err());
    /// assert_eq!(y, array![1, 2]);
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    pub fn try_call_into<T, M, A, B, D>(
        &self,
        mask: M,
        a: A,
        b: B,
        out: &mut ArrayRef<T, D>,
    ) -> Result<(), ShapeError>
    where
        T: Clone,
        M: Operand<bool>,
        A: Operand<T>,
        B: Operand<T>,
        D: Dimension,
    {
        mask.with_view(|mask| {
            a.with_view(|a| {
                b.with_view(|b| {
                    let inputs = [Side::of(&mask.head), Side::of(&a.head), Side::of(&b.head)];
                    check_into(Side::of(out), &inputs)?;
                    if let Some(kernel) = select_kernel::<T>() {
                        // SAFETY: the kernel is for plain elements of this size; `out` is exclusive,
                        // hence disjoint from the inputs.
                        return unsafe {
                            run_into(Side::of(out), &inputs, false, Cost::Memory, kernel)
                        };
                    }
                    out.try_assign(&b)?;
                    out.try_assign_where(&mask, &a)
                })
            })
        })
    }
}

impl<D: Dimension> ArrayRef<bool, D> {
    /// `a` where this mask is `true`, `b` where it is not: [`ufunc::where_`](where_) as a method.
    ///
    /// # Panics
    /// The shapes do not broadcast together.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-1.5, 0.5, 2.5];
    /// assert_eq!(x.greater(0.0).where_(&x, 0.0), array![0.0, 0.5, 2.5]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn where_<T, A, B>(&self, a: A, b: B) -> Array<T, Max<Max<D, A::Dim>, B::Dim>>
    where
        T: Clone,
        D: DimMax<A::Dim>,
        A: Operand<T>,
        B: Operand<T>,
        Max<D, A::Dim>: DimMax<B::Dim>,
    {
        where_(self, a, b)
    }

    /// As [`where_`](Self::where_), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`].
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![-1.5, 0.5];
    /// assert_eq!(x.greater(0.0).try_where(&x, 0.0)?, array![0.0, 0.5]);
    /// assert!(x.greater(0.0).try_where(&x, &array![1.0, 2.0, 3.0]).is_err());
    /// # Ok::<(), orthant::ShapeError>(())
    /// ```
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn try_where<T, A, B>(
        &self,
        a: A,
        b: B,
    ) -> Result<Array<T, Max<Max<D, A::Dim>, B::Dim>>, ShapeError>
    where
        T: Clone,
        D: DimMax<A::Dim>,
        A: Operand<T>,
        B: Operand<T>,
        Max<D, A::Dim>: DimMax<B::Dim>,
    {
        try_where(self, a, b)
    }
}
