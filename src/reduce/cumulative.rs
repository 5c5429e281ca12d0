//! Running sums, products and extrema.

use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use num_traits::{One, Zero};

use super::element::{NanSummable, Summable};
use super::float::{NanProduct, NanSum};
use super::kernels::{Extreme, Extremum, Product, RunningMax, RunningMin, Sum, Total};
use super::methods::{example, fallible_example};
use crate::array::{
    Array, ArrayRef, Axis, Dimension, Ix1, Layout, Number, Order, ShapeError, arg, k_order_of,
    unwrap,
};
use crate::engine::reduce::{Reduction, Scan, ScanKernel, scan};

/// A running reduction over the types that `F` names (`fn(T) -> R`), opaque to other crates.
#[doc(hidden)]
pub struct Scanner<F> {
    kernel: &'static dyn ScanKernel,
    types: PhantomData<F>,
}
impl<F> fmt::Debug for Scanner<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scanner")
    }
}

impl<A: Copy + 'static, R> Scanner<fn(A) -> R> {
    #[inline(always)]
    fn of<Op: Reduction<A, (), State = R>>() -> Self {
        Scanner {
            kernel: const { &Scan::<Op, A>::new() },
            types: PhantomData,
        }
    }

    /// The same over types with the same bits.
    ///
    /// # Safety
    /// Elements of type `B` are valid as `A`, totals of type `R` as `S`, with the same meaning.
    pub(crate) unsafe fn retyped<B, S>(self) -> Scanner<fn(B) -> S> {
        const { assert!(size_of::<A>() == size_of::<B>() && size_of::<R>() == size_of::<S>()) };
        Scanner {
            kernel: self.kernel,
            types: PhantomData,
        }
    }
}

impl<A, R> Scanner<fn(A) -> R> {
    /// What the scanner makes along an axis, which exists.
    pub(crate) fn along<D: Dimension>(
        self,
        x: &ArrayRef<A, D>,
        axis: usize,
    ) -> Result<Array<R, D>, ShapeError> {
        fresh(x, Axis(axis as isize), self)
    }
}

/// Running sums or products of `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn running<T: Number>(op: Total) -> Scanner<fn(T) -> T::Sum> {
    match op {
        Total::Sum => Scanner::<fn(T) -> T::Sum>::of::<Sum>(),
        Total::Product => Scanner::<fn(T) -> T::Sum>::of::<Product>(),
    }
}

/// Running extrema of a built-in type.
#[inline(always)]
pub(crate) fn running_extremum<T: Extreme>(op: Extremum) -> Scanner<fn(T) -> T> {
    match op {
        Extremum::Max => Scanner::<fn(T) -> T>::of::<RunningMax>(),
        Extremum::Min => Scanner::<fn(T) -> T>::of::<RunningMin>(),
    }
}

/// Running sums and products, NaN counting as 0 or 1.
#[inline(always)]
pub(crate) fn skipping<T: Number>(op: Total) -> Scanner<fn(T) -> T> {
    match op {
        Total::Sum => Scanner::<fn(T) -> T>::of::<NanSum>(),
        Total::Product => Scanner::<fn(T) -> T>::of::<NanProduct>(),
    }
}

fn into<T, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: Axis,
    scanner: Scanner<fn(T) -> R>,
    out: &mut ArrayRef<R, D>,
) -> Result<(), ShapeError> {
    let axis = axis.resolve(x.ndim())?;
    if out.shape() != x.shape() {
        return Err(ShapeError::Output {
            output: out.shape().to_vec(),
            broadcast: x.shape().to_vec(),
        });
    }
    let shape = x.layout.shape();
    // SAFETY: invariants 2 and 4; the output is exclusive and of the same shape.
    unsafe {
        scan(
            shape,
            axis,
            [arg(x, shape), arg(out, shape)],
            scanner.kernel,
        )
    };
    Ok(())
}

fn fresh<T, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: Axis,
    scanner: Scanner<fn(T) -> R>,
) -> Result<Array<R, D>, ShapeError> {
    let axis = axis.resolve(x.ndim())?;
    let shape = x.layout.shape();
    Layout::<D>::checked_len(shape, size_of::<R>())?;
    let layout = k_order_of(x.layout.dim(), &[arg(x, shape)]);
    Ok(filled(x, axis, scanner, layout))
}

/// What the scanner makes along an axis, which exists, as a fresh array: with a dense layout of the input's shape,
/// whose size has been checked.
fn filled<T, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: usize,
    scanner: Scanner<fn(T) -> R>,
    layout: Layout<D>,
) -> Array<R, D> {
    let shape = x.layout.shape();
    let mut out = Array::<R, D>::uninit_layout(layout);
    let ops = [arg(x, shape), arg(&out.head, shape)];
    // SAFETY: invariant 2; fresh memory overlaps nothing and is written whole.
    unsafe {
        scan(shape, axis, ops, scanner.kernel);
        let _ = &mut out;
        out.assume_init()
    }
}

/// [`fresh`] behind a first entry: what the scanner makes of nothing.
fn from_identity<T, R: Copy, D: Dimension>(
    x: &ArrayRef<T, D>,
    axis: Axis,
    scanner: Scanner<fn(T) -> R>,
    identity: R,
) -> Result<Array<R, D>, ShapeError> {
    let axis = axis.resolve(x.ndim())?;
    let shape = x.layout.shape();
    let mut dim = x.dim();
    dim.as_mut_slice()[axis] += 1;
    Layout::<D>::checked_len(dim.as_slice(), size_of::<R>())?;
    let input = arg(x, shape);
    let mut out = Array::<R, D>::uninit_layout(k_order_of(dim, &[input]));
    let (mut first, rest) = out.view_mut().into_split_at(axis, 1);
    first.fill(MaybeUninit::new(identity));
    // SAFETY: invariant 2; fresh memory overlaps nothing; its first entries are written above, the
    // others by the scan.
    unsafe {
        scan(shape, axis, [input, arg(&rest.head, shape)], scanner.kernel);
        Ok(out.assume_init())
    }
}

fn flat<T: Copy, R, D: Dimension>(
    x: &ArrayRef<T, D>,
    scanner: Scanner<fn(T) -> R>,
) -> Array<R, Ix1> {
    let x = x.ravel();
    unwrap(Layout::<Ix1>::checked_len(x.shape(), size_of::<R>()));
    filled(&x, 0, scanner, Layout::dense(x.dim(), Order::C))
}

macro_rules! running {
    ($(
        $(#[$doc:meta])* $name:ident $axis:ident $try_axis:ident $into:ident $try_into:ident
            [$x:literal => $each:literal] [$($bound:tt)*] -> $Out:ty: $scanner:expr;
    )+) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> Array<$Out, Ix1>
        where
            $($bound)*
        {
            flat(self, $scanner)
        }

        #[doc = concat!("Along one axis, with the shape of the input. See [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        ///
        /// # Panics
        /// There is no such axis.
        ///
        #[doc = example!($x, "assert_eq!(x.", stringify!($axis), "(1), array!", $each, ");")]
        #[track_caller]
        pub fn $axis(&self, axis: impl Into<Axis>) -> Array<$Out, D>
        where
            $($bound)*
        {
            unwrap(self.$try_axis(axis))
        }

        #[doc = concat!("As [`", stringify!($axis), "`](Self::", stringify!($axis), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::Axis`].
        ///
        #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($try_axis), "(1)?, array!", $each, ");\nassert!(x.", stringify!($try_axis), "(2).is_err());")]
        pub fn $try_axis(&self, axis: impl Into<Axis>) -> Result<Array<$Out, D>, ShapeError>
        where
            $($bound)*
        {
            fresh(self, axis.into(), $scanner)
        }

        #[doc = concat!("Along one axis, into an array of the same shape (NumPy's `out=`). See [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        ///
        /// # Panics
        /// There is no such axis, or the output has another shape.
        ///
        #[doc = example!($x, "let mut out = Array2::zeros([2, 2]);\nx.", stringify!($into), "(1, &mut out);\nassert_eq!(out, array!", $each, ");")]
        #[track_caller]
        pub fn $into(&self, axis: impl Into<Axis>, out: &mut ArrayRef<$Out, D>)
        where
            $($bound)*
        {
            unwrap(self.$try_into(axis, out))
        }

        #[doc = concat!("As [`", stringify!($into), "`](Self::", stringify!($into), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::Axis`], [`ShapeError::Output`].
        ///
        #[doc = fallible_example!($x, "let mut out = Array2::zeros([2, 2]);\nx.", stringify!($try_into), "(1, &mut out)?;\nassert_eq!(out, array!", $each, ");\nassert!(x.", stringify!($try_into), "(2, &mut out).is_err());")]
        pub fn $try_into(&self, axis: impl Into<Axis>, out: &mut ArrayRef<$Out, D>) -> Result<(), ShapeError>
        where
            $($bound)*
        {
            into(self, axis.into(), $scanner, out)
        }
    )+};
}

impl<T, D: Dimension> ArrayRef<T, D> {
    running! {
        /// The running sums of all elements in row-major order (NumPy's `np.cumsum`). Small
        /// integers and `bool` are summed in 64 bits, wrapping.
        ///
        /// Floating-point sums are made of the sums of groups of eight.
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1_i32, 2, 3].cumsum(), array![1, 3, 6]);
        /// assert_eq!(array![[1_i32, 2], [3, 4]].cumsum_axis(0), array![[1, 2], [4, 6]]);
        /// ```
        cumsum cumsum_axis try_cumsum_axis cumsum_into try_cumsum_into
            ["[[1_i32, 2], [3, 4]]" => "[[1, 3], [3, 7]]"] [T: Summable] -> T::Total: T::running(Total::Sum);
        /// The running products of all elements in row-major order (NumPy's `np.cumprod`).
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1_i32, 2, 3].cumprod(), array![1, 2, 6]);
        /// ```
        cumprod cumprod_axis try_cumprod_axis cumprod_into try_cumprod_into
            ["[[1_i32, 2], [3, 4]]" => "[[1, 2], [3, 12]]"] [T: Summable] -> T::Total: T::running(Total::Product);
        /// The running sums, NaN counting as 0 (NumPy's `np.nancumsum`).
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![1.0, f64::NAN, 3.0].nancumsum(), array![1.0, 1.0, 4.0]);
        /// ```
        nancumsum nancumsum_axis try_nancumsum_axis nancumsum_into try_nancumsum_into
            ["[[1.0, 2.0], [f64::NAN, 4.0]]" => "[[1.0, 3.0], [0.0, 4.0]]"] [T: NanSummable] -> T::Total: T::nan_running(Total::Sum);
        /// The running products, NaN counting as 1 (NumPy's `np.nancumprod`).
        ///
        /// ```
        /// use orthant::prelude::*;
        ///
        /// assert_eq!(array![2.0, f64::NAN, 3.0].nancumprod(), array![2.0, 2.0, 6.0]);
        /// ```
        nancumprod nancumprod_axis try_nancumprod_axis nancumprod_into try_nancumprod_into
            ["[[1.0, 2.0], [f64::NAN, 4.0]]" => "[[1.0, 2.0], [1.0, 4.0]]"] [T: NanSummable] -> T::Total: T::nan_running(Total::Product);
    }
}

macro_rules! with_first {
    ($(
        $(#[$doc:meta])* $name:ident $try_name:ident: $total:ident, $identity:ident,
            [$x:literal => $each:literal];
    )+) => {
        impl<T: Summable, D: Dimension> ArrayRef<T, D> {$(
            $(#[$doc])*
            ///
            /// # Panics
            /// There is no such axis.
            ///
            #[doc = example!($x, "assert_eq!(x.", stringify!($name), "(1), array!", $each, ");")]
            #[track_caller]
            pub fn $name(&self, axis: impl Into<Axis>) -> Array<T::Total, D> {
                unwrap(self.$try_name(axis))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), with the mistake as an error.")]
            ///
            /// # Errors
            /// [`ShapeError::Axis`].
            ///
            #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($try_name), "(1)?, array!", $each, ");\nassert!(x.", stringify!($try_name), "(2).is_err());")]
            pub fn $try_name(&self, axis: impl Into<Axis>) -> Result<Array<T::Total, D>, ShapeError> {
                from_identity(self, axis.into(), T::running(Total::$total), T::Total::$identity())
            }
        )+}
    };
}
with_first! {
    /// The running sums along one axis behind a zero, one entry more than the input has (the array
    /// API's `cumulative_sum(x, axis=axis, include_initial=True)`).
    cumsum_from_zero try_cumsum_from_zero: Sum, zero,
        ["[[1_i32, 2], [3, 4]]" => "[[0, 1, 3], [0, 3, 7]]"];
    /// The running products along one axis behind a one, one entry more than the input has (the array
    /// API's `cumulative_prod(x, axis=axis, include_initial=True)`).
    cumprod_from_one try_cumprod_from_one: Product, one,
        ["[[1_i32, 2], [3, 4]]" => "[[1, 1, 2], [1, 3, 12]]"];
}
