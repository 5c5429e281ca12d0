//! What folding needs to know of a function, and which functions fold.

use num_complex::Complex;
use num_traits::{One, Zero};

use super::super::forms::{BinaryUfunc, Masked, Ufunc};
use super::super::run::{Side, run_into};
use super::super::*;
use super::loops::{accumulated, folded, folded_into};
use crate::array::{
    Array, ArrayView, ArrayViewMut, Dimension, Float, Integer, Ix1, IxDyn, LoopKernel, Number,
    Real, RemoveAxis, ShapeError, unwrap,
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
    /// Folds along an axis into an array of the result's shape.
    #[doc(hidden)]
    fn along_into(
        x: ArrayView<'_, T, IxDyn>,
        axis: usize,
        mut out: ArrayViewMut<'_, Self::Acc, IxDyn>,
    ) -> Result<(), ShapeError>
    where
        T: Copy,
    {
        out.try_assign(&Self::along(x, axis)?)
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
        let mut out = x.map(|&x| Self::widen(x));
        accumulated(&Self::step(), out.view_mut(), axis);
        Ok(out)
    }
    /// The same into an array of the shape of `x`.
    #[doc(hidden)]
    fn beginnings_into<D: RemoveAxis>(
        x: ArrayView<'_, T, D>,
        axis: usize,
        mut out: ArrayViewMut<'_, Self::Acc, D>,
    ) -> Result<(), ShapeError>
    where
        T: Copy,
    {
        match (x.as_slice(), out.as_slice_mut()) {
            (Some(x), Some(out)) => {
                let slots = out.iter_mut().zip(x);
                slots.for_each(|(slot, &x)| *slot = Self::widen(x));
            }
            _ => {
                let slots = out.iter_mut().zip(x.iter());
                slots.for_each(|(slot, &x)| *slot = Self::widen(x));
            }
        }
        accumulated(&Self::step(), out, axis);
        Ok(())
    }
}

/// What folding needs to know of a function.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Step<A> {
    pub(super) kernel: LoopKernel<fn(A, A) -> A>,
    pub(super) cost: Cost,
    pub(super) name: &'static str,
    /// What folding nothing gives, and what folds begin with.
    pub(super) identity: Option<A>,
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

    /// `x = x ∘ y` where the mask is `true`.
    pub(super) fn apply_where(
        &self,
        x: ArrayViewMut<'_, A, IxDyn>,
        y: ArrayView<'_, A, IxDyn>,
        mask: ArrayView<'_, bool, IxDyn>,
    ) where
        A: Send + Sync + 'static,
    {
        let kernel = Masked::<A>::new(self.kernel.0, &[size_of::<A>(); 2]);
        let both = Side::of(&x.head);
        let inputs = [both, Side::of(&y.head), Side::of(&mask.head)];
        // SAFETY: as for `apply`.
        unwrap(unsafe { run_into(both, &inputs, true, self.cost, &kernel) });
    }

    /// `x = identity ∘ x`, which is another number where folds are of magnitudes; without an identity
    /// `x` stays.
    pub(super) fn begin<D: Dimension>(&self, x: ArrayViewMut<'_, A, D>) {
        let Some(identity) = &self.identity else {
            return;
        };
        let identity = ArrayView::from_element(identity);
        let both = Side::of(&x.head);
        let inputs = [Side::of(&identity.head), both];
        // SAFETY: as for `apply`.
        unwrap(unsafe { run_into(both, &inputs, false, self.cost, self.kernel.0) });
    }

    /// `((start ∘ x₀) ∘ x₁) ∘ …`.
    #[inline]
    pub(super) fn onto(&self, mut start: A, values: impl IntoIterator<Item = A>) -> A {
        let level = simd::level();
        let here = std::ptr::from_mut(&mut start).cast();
        for mut value in values {
            let other = std::ptr::from_mut(&mut value).cast();
            // SAFETY: the kernel reads and writes `A`, one of each.
            unsafe { self.kernel.0.run(level, 1, &[here, here, other], 0) };
        }
        start
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
    pub(super) fn walk(&self, mut lane: ArrayViewMut<'_, A, Ix1>) {
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
        fn along_into(
            x: ArrayView<'_, $T, IxDyn>,
            axis: usize,
            out: ArrayViewMut<'_, $T, IxDyn>,
        ) -> Result<(), ShapeError> {
            folded_into(&<$Name as Fold<$T>>::step(), x, axis, out)
        }
    };
    (@running $Name:ident $T:ty, $op:ident) => {
        fn beginnings<D: RemoveAxis>(
            x: ArrayView<'_, $T, D>,
            axis: usize,
        ) -> Result<Array<$T, D>, ShapeError> {
            match <$T>::running_extremum_kernel(Extremum::$op) {
                Some(scanner) => scanner.along(&x, axis),
                None => {
                    let mut out = x.map(|&x| x);
                    accumulated(&<$Name as Fold<$T>>::step(), out.view_mut(), axis);
                    Ok(out)
                }
            }
        }
        fn beginnings_into<D: RemoveAxis>(
            x: ArrayView<'_, $T, D>,
            axis: usize,
            mut out: ArrayViewMut<'_, $T, D>,
        ) -> Result<(), ShapeError> {
            out.try_assign(&<$Name as Fold<$T>>::beginnings(x, axis)?)
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
    Lcm [T: Integer] T: in_order, None;
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
            fn along_into(
                x: ArrayView<'_, T, IxDyn>,
                axis: usize,
                out: ArrayViewMut<'_, T::Float, IxDyn>,
            ) -> Result<(), ShapeError> {
                folded_into(&<$Name as Fold<T>>::step(), T::to_floats(x).view(), axis, out)
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
    ($($Name:ident $identity:ident $along:ident $into:ident $all:ident;)+) => {$(
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
            fn along_into(
                x: ArrayView<'_, T, IxDyn>,
                axis: usize,
                mut out: ArrayViewMut<'_, T::Sum, IxDyn>,
            ) -> Result<(), ShapeError> {
                x.$into(axis, &mut out)
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
    Add zero try_sum_axis try_sum_into sum;
    Multiply one try_prod_axis try_prod_into prod;
}
