//! What folding needs to know of a function, which functions fold, and how.

use num_complex::Complex;
use num_traits::{One, Zero};

use super::super::forms::{BinaryUfunc, Ufunc};
use super::super::run::{Side, run_into};
use super::super::*;
use crate::array::{
    Array, ArrayRef, ArrayView, ArrayViewMut, AxisInt, Dimension, Float, Integer, Ix1, Layout,
    LoopKernel, Number, Order, Real, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::{Cost, simd};
use crate::reduce::Extremum;

/// A function of two arguments that can be folded over elements of type `T` (sealed): those whose
/// results are arguments again. Sums and products of narrow integers accumulate in wide ones, functions
/// of real numbers take integers and `bool` as `f64`.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::ufunc::{self, Binary, Fold};
///
/// fn folded<F: Fold<i8>>(function: &Binary<F>, x: &ArrayRef1<i8>) -> F::Acc {
///     function.reduce_all(x)
/// }
/// // sums of `i8` are `i64`
/// assert_eq!(folded(&ufunc::Add, &array![100, 100]), 200_i64);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` does not fold elements of type `{T}`")]
pub trait Fold<T>: Ufunc {
    /// The type of the result.
    type Acc: Copy + Send + Sync + 'static;
    #[doc(hidden)]
    fn step() -> Step<Self::Acc>;
    /// The element as it is accumulated.
    #[doc(hidden)]
    fn widen(x: T) -> Self::Acc;
    /// Folds along an axis.
    #[doc(hidden)]
    fn along<D: RemoveAxis>(
        x: ArrayView<'_, T, D>,
        axis: usize,
    ) -> Result<Array<Self::Acc, D::Smaller>, ShapeError>
    where
        T: Copy,
    {
        let wide = x.map(|&x| Self::widen(x));
        folded(&Self::step(), wide.view(), axis)
    }
    /// Folds all elements, which lie along an axis and are at least one.
    #[doc(hidden)]
    fn lane<D: RemoveAxis>(x: ArrayView<'_, T, D>, axis: usize) -> Result<Self::Acc, ShapeError>
    where
        T: Copy,
    {
        Ok(Self::along(x, axis)?.item())
    }
    /// The folds of all beginnings along an axis.
    #[doc(hidden)]
    fn beginnings<D: RemoveAxis>(
        x: ArrayView<'_, T, D>,
        axis: usize,
    ) -> Result<Array<Self::Acc, D>, ShapeError>
    where
        T: Copy,
    {
        accumulated(&Self::step(), x.map(|&x| Self::widen(x)), axis)
    }
}

/// What folding needs to know of a function.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Step<A> {
    kernel: LoopKernel<fn(A, A) -> A>,
    cost: Cost,
    name: &'static str,
    /// What folding nothing gives.
    identity: Option<A>,
    /// Whether NumPy may fold in any order, and so over several axes at once.
    pub(super) reorderable: bool,
}

impl<A: Copy> Step<A> {
    pub(super) fn of<F: BinaryUfunc<A, Output = A>>(
        identity: Option<A>,
        reorderable: bool,
    ) -> Self {
        Step {
            kernel: F::kernel(),
            cost: F::COST,
            name: F::NAME,
            identity,
            reorderable,
        }
    }

    /// `x = x ∘ y`, whose shapes are known to fit.
    pub(super) fn apply<D: Dimension, E: Dimension>(
        &self,
        x: ArrayViewMut<'_, A, D>,
        y: ArrayView<'_, A, E>,
    ) {
        let both = Side::of(&x.head);
        let inputs = [both, Side::of(&y.head)];
        // SAFETY: the kernel's types; `x` is exclusive, hence disjoint from `y`, and read and written
        // element by element.
        unwrap(unsafe { run_into(both, &inputs, false, self.cost, self.kernel.0) });
    }

    /// `lane[at] = lane[at] ∘ value` for one pair after the other.
    pub(super) fn apply_at<'a>(
        &self,
        mut lane: ArrayViewMut<'_, A, Ix1>,
        pairs: impl Iterator<Item = (usize, &'a A)>,
    ) where
        A: 'a,
    {
        let level = simd::level();
        let (n, step) = (lane.len(), lane.strides()[0]);
        let first = lane.as_mut_ptr();
        for (at, value) in pairs {
            assert!(at < n);
            // SAFETY: the element is the lane's, which is exclusive and disjoint from what is
            // borrowed; the kernel reads and writes `A`.
            unsafe {
                let here = first.offset(at as isize * step).cast();
                let value = std::ptr::from_ref(value).cast_mut().cast();
                self.kernel.0.run(level, 1, &[here, here, value], 0);
            }
        }
    }

    /// `lane[i] = lane[i − 1] ∘ lane[i]` from one end to the other.
    fn walk(&self, mut lane: ArrayViewMut<'_, A, Ix1>) {
        let level = simd::level();
        let (n, step) = (lane.len(), lane.strides()[0]);
        let first = lane.as_mut_ptr();
        for i in 1..n as isize {
            // SAFETY: both elements are the lane's, which is exclusive; the kernel reads and writes
            // `A`.
            unsafe {
                let (before, here) = (first.offset((i - 1) * step), first.offset(i * step));
                let ptrs = [here.cast(), before.cast(), here.cast()];
                self.kernel.0.run(level, 1, &ptrs, 0);
            }
        }
    }
}

/// One row per function: what it folds, in which order, from what.
macro_rules! folds {
    ($(
        $Name:ident [$($generics:tt)*] $T:ty: $order:ident, $identity:expr $(, running $op:ident)?;
    )+) => {$(
        impl<$($generics)*> Fold<$T> for $Name {
            type Acc = $T;
            fn step() -> Step<$T> {
                Step::of::<$Name>($identity, folds!(@$order))
            }
            #[inline(always)]
            fn widen(x: $T) -> $T {
                x
            }
            folds!(@along $Name $T);
            $(folds!(@running $Name $T, $op);)?
        }
    )+};
    (@any_order) => { true };
    (@in_order) => { false };
    // No copy: what is accumulated has the elements' type.
    (@along $Name:ident $T:ty) => {
        fn along<D: RemoveAxis>(
            x: ArrayView<'_, $T, D>,
            axis: usize,
        ) -> Result<Array<$T, D::Smaller>, ShapeError> {
            folded(&<$Name as Fold<$T>>::step(), x, axis)
        }
    };
    (@running $Name:ident $T:ty, $op:ident) => {
        fn beginnings<D: RemoveAxis>(
            x: ArrayView<'_, $T, D>,
            axis: usize,
        ) -> Result<Array<$T, D>, ShapeError> {
            match <$T>::running_extremum_kernel(Extremum::$op) {
                Some(scanner) => scanner.along(&x, axis),
                None => accumulated(&<$Name as Fold<$T>>::step(), x.map(|&x| x), axis),
            }
        }
    };
}
folds! {
    Subtract [T: Number] T: in_order, None;
    Maximum [T: Real] T: any_order, None, running Max;
    Minimum [T: Real] T: any_order, None, running Min;
    Fmax [T: Real] T: any_order, None;
    Fmin [T: Real] T: any_order, None;
    Maximum [] bool: any_order, None;
    Minimum [] bool: any_order, None;
    LogicalAnd [] bool: any_order, Some(true);
    LogicalOr [] bool: any_order, Some(false);
    LogicalXor [] bool: any_order, Some(false);
    BitwiseAnd [] bool: any_order, Some(true);
    BitwiseOr [] bool: any_order, Some(false);
    BitwiseXor [] bool: any_order, Some(false);
    BitwiseAnd [T: Integer] T: any_order, Some(T::zero().number_sub(T::one()));
    BitwiseOr [T: Integer] T: any_order, Some(T::zero());
    BitwiseXor [T: Integer] T: any_order, Some(T::zero());
    LeftShift [T: Integer] T: in_order, None;
    RightShift [T: Integer] T: in_order, None;
    Gcd [T: Integer] T: any_order, Some(T::zero());
    Lcm [T: Integer] T: any_order, None;
    FloorDivide [T: PrimitiveReal] T: in_order, None;
    Remainder [T: PrimitiveReal] T: in_order, None;
    Fmod [T: PrimitiveReal] T: in_order, None;
    Pow [T: PrimitiveReal] T: in_order, None;
    Divide [] Complex<f32>: in_order, None;
    Divide [] Complex<f64>: in_order, None;
    Pow [] Complex<f32>: in_order, None;
    Pow [] Complex<f64>: in_order, None;
    Maximum [] Complex<f32>: any_order, None;
    Maximum [] Complex<f64>: any_order, None;
    Minimum [] Complex<f32>: any_order, None;
    Minimum [] Complex<f64>: any_order, None;
    // Of other types their results are no arguments.
    Equal [] bool: in_order, None;
    NotEqual [] bool: in_order, None;
    Less [] bool: in_order, None;
    LessEqual [] bool: in_order, None;
    Greater [] bool: in_order, None;
    GreaterEqual [] bool: in_order, None;
}

/// Functions of real numbers: integers and `bool` are folded as `f64`.
macro_rules! real_folds {
    ($($Name:ident: $order:ident, $identity:expr;)+) => {$(
        impl<T: Floating> Fold<T> for $Name {
            type Acc = T::Float;
            fn step() -> Step<T::Float> {
                Step::of::<$Name>($identity, folds!(@$order))
            }
            #[inline(always)]
            fn widen(x: T) -> T::Float {
                x.to_float()
            }
            fn along<D: RemoveAxis>(
                x: ArrayView<'_, T, D>,
                axis: usize,
            ) -> Result<Array<T::Float, D::Smaller>, ShapeError> {
                folded(&<$Name as Fold<T>>::step(), T::to_floats(x).view(), axis)
            }
        }
    )+};
}
real_folds! {
    Divide: in_order, None;
    Atan2: in_order, None;
    Copysign: in_order, None;
    Nextafter: in_order, None;
    Heaviside: in_order, None;
    Hypot: any_order, Some(T::Float::zero());
    Logaddexp: any_order, Some(num_traits::Float::neg_infinity());
    Logaddexp2: any_order, Some(num_traits::Float::neg_infinity());
}
/// Always of `f64`.
impl<T: Floating> Fold<T> for FloatPower {
    type Acc = f64;
    fn step() -> Step<f64> {
        Step::of::<FloatPower>(None, false)
    }
    #[inline(always)]
    fn widen(x: T) -> f64 {
        x.to_float().to_f64()
    }
}

/// Functions of truths, which numbers are by not being zero.
macro_rules! truths {
    ($($Name:ident)+) => {$(
        impl<T: Number> Fold<T> for $Name {
            type Acc = bool;
            fn step() -> Step<bool> {
                <$Name as Fold<bool>>::step()
            }
            #[inline(always)]
            fn widen(x: T) -> bool {
                !x.is_zero()
            }
        }
    )+};
}
truths!(LogicalAnd LogicalOr LogicalXor);

/// Sums and products: wide, and as the reductions of arrays compute them.
macro_rules! totals {
    ($($Name:ident $identity:ident $along:ident $all:ident;)+) => {$(
        impl<T: Number> Fold<T> for $Name {
            type Acc = T::Sum;
            fn step() -> Step<T::Sum> {
                Step::of::<$Name>(Some(T::Sum::$identity()), true)
            }
            #[inline(always)]
            fn widen(x: T) -> T::Sum {
                x.widened()
            }
            fn along<D: RemoveAxis>(
                x: ArrayView<'_, T, D>,
                axis: usize,
            ) -> Result<Array<T::Sum, D::Smaller>, ShapeError> {
                x.$along(axis)
            }
            fn lane<D: RemoveAxis>(x: ArrayView<'_, T, D>, _: usize) -> Result<T::Sum, ShapeError> {
                Ok(x.$all())
            }
        }
        impl Fold<bool> for $Name {
            type Acc = i64;
            fn step() -> Step<i64> {
                <$Name as Fold<i64>>::step()
            }
            #[inline(always)]
            fn widen(x: bool) -> i64 {
                i64::from(x)
            }
        }
    )+};
}
totals! {
    Add zero try_sum_axis sum;
    Multiply one try_prod_axis prod;
}

/// From how many elements in a slab on a fold goes slab by slab and not lane by lane.
const WIDE: usize = 32;

pub(super) fn without(shape: &[usize], axis: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape.remove(axis);
    shape
}

pub(super) fn full<T: Copy, D: Dimension>(
    shape: &[usize],
    value: T,
) -> Result<Array<T, D>, ShapeError> {
    let dim = D::from_slice(shape)?;
    let layout = Layout::dense(dim, Order::C);
    let mut out = Array::<T, D>::uninit_layout(layout);
    out.iter_mut().for_each(|slot| {
        slot.write(value);
    });
    // SAFETY: every element was written.
    Ok(unsafe { out.assume_init() })
}

/// The fold along an axis of elements that are accumulated as they are.
pub(super) fn folded<A: Copy + Send + Sync + 'static, D: RemoveAxis>(
    step: &Step<A>,
    x: ArrayView<'_, A, D>,
    axis: usize,
) -> Result<Array<A, D::Smaller>, ShapeError> {
    let n = x.shape()[axis];
    if n == 0 {
        let identity = step.identity;
        let identity = identity.ok_or(ShapeError::NoIdentity { op: step.name })?;
        return full(&without(x.shape(), axis), identity);
    }
    let slab = x.len() / n;
    if slab >= WIDE || slab == 0 {
        let mut out = x.index_axis(axis, 0).map(|&x| x);
        for i in 1..n {
            step.apply(out.view_mut(), x.index_axis(axis, i));
        }
        return Ok(out);
    }
    if step.reorderable && n >= 2 {
        return Ok(halved(step, x, axis));
    }
    // A copy that may be overwritten: the last of each lane is the fold.
    let mut work = x.map(|&x| x);
    work.lanes_mut(axis).for_each(|lane| step.walk(lane));
    Ok(work.index_axis(axis, n - 1).map(|&x| x))
}

/// The folds of all beginnings along an axis, in place of the elements.
fn accumulated<A: Copy, D: RemoveAxis>(
    step: &Step<A>,
    mut x: Array<A, D>,
    axis: usize,
) -> Result<Array<A, D>, ShapeError> {
    let n = x.shape()[axis];
    if x.is_empty() || n < 2 {
        return Ok(x);
    }
    if x.len() / n >= WIDE {
        for i in 1..n {
            let (done, rest) = x.view_mut().into_split_at(axis, i);
            let from = done.index_axis(axis, i - 1);
            let to = rest.into_index_axis(axis, 0);
            let (from, to) = (Side::of(&from.head), Side::of(&to.head));
            // SAFETY: the kernel's types; `to` is exclusive, disjoint from `from`, and read and
            // written element by element.
            unsafe { run_into(to, &[from, to], false, step.cost, step.kernel.0)? };
        }
    } else {
        x.lanes_mut(axis).for_each(|lane| step.walk(lane));
    }
    Ok(x)
}

/// The fold by halves, each of which is one loop over many elements; an odd one out waits.
fn halved<A: Copy + Send + Sync + 'static, D: RemoveAxis>(
    step: &Step<A>,
    x: ArrayView<'_, A, D>,
    axis: usize,
) -> Array<A, D::Smaller> {
    let mut n = x.shape()[axis];
    let (low, high) = x.split_at(axis, n.div_ceil(2));
    let mut work = low.map(|&x| x);
    let (_, fit) = work.view_mut().into_split_at(axis, n % 2);
    step.apply(fit, high);
    n = n.div_ceil(2);
    while n > 1 {
        let (low, high) = work.view_mut().into_split_at(axis, n.div_ceil(2));
        let (_, fit) = low.into_split_at(axis, n % 2);
        let (high, _) = high.split_at(axis, n / 2);
        step.apply(fit, high);
        n = n.div_ceil(2);
    }
    work.index_axis(axis, 0).map(|&x| x)
}

/// How indices name positions along an axis of length `n`: negative ones count from the end if they may.
#[derive(Clone, Copy)]
pub(in crate::ufunc) struct Positions {
    pub(in crate::ufunc) n: usize,
    pub(in crate::ufunc) negative: bool,
}

impl Positions {
    /// The position; `n` or more for what is beyond the axis.
    #[inline(always)]
    pub(in crate::ufunc) fn of<I: AxisInt>(self, index: I) -> usize {
        let index = index.to_isize();
        let from_end = index < 0 && self.negative;
        // What is below zero is beyond any axis as `usize`.
        (if from_end {
            index.wrapping_add(self.n as isize)
        } else {
            index
        }) as usize
    }

    /// # Errors
    /// [`ShapeError::Index`].
    pub(in crate::ufunc) fn check<I: AxisInt, D: Dimension>(
        self,
        indices: &ArrayRef<I, D>,
        axis: usize,
    ) -> Result<(), ShapeError> {
        // To the end, since a loop that may stop takes one element after the other.
        let good = |good: bool, &index: &I| good & (self.of(index) < self.n);
        let all = match indices.as_slice() {
            Some(indices) => indices.iter().fold(true, good),
            None => indices.iter().fold(true, good),
        };
        if !all && let Some(&bad) = indices.iter().find(|&&index| self.of(index) >= self.n) {
            return Err(ShapeError::Index {
                index: bad.to_isize(),
                axis,
                len: self.n,
            });
        }
        Ok(())
    }

    /// All positions, checked.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(in crate::ufunc) fn all<I: AxisInt, D: Dimension>(
        self,
        indices: &ArrayRef<I, D>,
        axis: usize,
    ) -> Result<Vec<usize>, ShapeError> {
        self.check(indices, axis)?;
        Ok(indices.iter().map(|&index| self.of(index)).collect())
    }
}
