//! Choosing between operands under a mask: `where_`.

use super::forms::{Max, with_three};
use super::run::{Side, common_shape, run_fresh};
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
/// `where(mask, a, b)`); for elements of any type that can be cloned.
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
}
