//! Variances and standard deviations.
//!
//! A block that fits the caches is gone through twice, for its mean and for the squared deviations
//! from it; blocks are merged by the formulas of Chan, Golub and LeVeque ("Updating formulae and a
//! pairwise algorithm for computing sample variances", 1979). So memory is read once, with the
//! accuracy of two passes.

use std::marker::PhantomData;

use num_traits::Zero;

use super::axes::{self, Spec};
use super::float::{NanSquares, NanSum, Numbers};
use super::kernels::{MeanSum, reduction};
use super::methods::{example, fallible_example, over_axes, reduces, results};
use super::pair::{planes, planes_size};
use super::reducer::{Empty, Reducer};
use crate::array::{
    Array, ArrayRef, Axis, AxisInt, Dimension, Float, IxDyn, Number, RemoveAxis, ShapeError, unwrap,
};
use crate::engine::Level;
use crate::engine::reduce::{CHUNK, Parameters, Rect, ReduceKernel, Reduction, Way};

/// What is made of the squared deviations.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviations {
    Variance,
    Root,
}

mod private {
    pub trait Sealed {}
}

/// Elements that have a variance: all built-in numbers, and `bool` (sealed).
///
/// In generic code the bound `T: Float` is enough.
///
/// ```
/// use orthant::prelude::*;
/// use orthant::Deviation;
///
/// fn spread<T: Deviation>(x: &ArrayRef1<T>) -> T::Spread {
///     x.std()
/// }
/// assert_eq!(spread(&array![1, 3]), 1.0);
/// assert_eq!(spread(&array![1.0_f32, 3.0]), 1.0_f32);
/// ```
#[diagnostic::on_unimplemented(message = "elements of type `{Self}` have no variance")]
pub trait Deviation: Copy + Send + Sync + 'static + private::Sealed {
    /// The type of variances: `f64` of integers and `bool`, the magnitude's of complex numbers.
    type Spread: Float;
    #[doc(hidden)]
    fn deviation(op: Deviations) -> Reducer<fn(Self) -> Self::Spread>;
}

/// What means are, for the arithmetic of deviations.
pub(crate) trait Magnitude: Number<Real: Float> {
    /// `|self|²`.
    fn squared(self) -> Self::Real;
    /// `self · factor`.
    fn scaled(self, factor: Self::Real) -> Self;
}

/// What a number of elements is less by in a divisor: an integer or a float (sealed).
///
/// ```
/// use orthant::prelude::*;
/// use orthant::DegreesOfFreedom;
///
/// fn standard_error<N: DegreesOfFreedom>(x: &ArrayRef1<f64>, ddof: N) -> f64 {
///     x.std_ddof(ddof) / (x.len() as f64).sqrt()
/// }
/// assert_eq!(standard_error(&array![1.0, 3.0, 1.0, 3.0], 0), 0.5);
/// ```
pub trait DegreesOfFreedom: Copy + private::Sealed {
    #[doc(hidden)]
    fn to_f64(self) -> f64;
}
macro_rules! degrees {
    ($($t:ty)+) => {$(
        impl DegreesOfFreedom for $t {
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )+};
}
degrees!(i32 i64 isize u32 u64 usize f32 f64);

reduction! {
    SquaredDeviation[T: Number<Mean: Magnitude>](a: T, mean: T::Mean) -> RealOf<T>:
        RealOf::<T>::zero(), a.averaged().number_sub(mean).squared(), |x, y| x.number_add(y);
}

type RealOf<T> = <<T as Number>::Mean as Number>::Real;

/// Which elements take part.
pub(crate) trait Sample<T: Number<Mean: Magnitude>>: 'static {
    /// How many there are.
    type Count: Reduction<T, (), State: Counted>;
    type Sum: Reduction<T, (), State = T::Mean>;
    type Squares: Reduction<T, T::Mean, State = RealOf<T>>;
}

/// A number of elements.
pub(crate) trait Counted: Copy {
    /// The number, among so many.
    fn among(self, n: usize) -> usize;
    /// What the sum of squares is divided by.
    fn divisor(self, parameters: &Parameters) -> f64;
}

/// All of them.
struct Everything;
impl<T: Number<Mean: Magnitude>> Sample<T> for Everything {
    type Count = Uncounted;
    type Sum = MeanSum;
    type Squares = SquaredDeviation;
}
reduction! {
    Uncounted[T: Number](a: T, _b: ()) -> (): (), (), |_x, _y| ();
}
impl Counted for () {
    #[inline(always)]
    fn among(self, n: usize) -> usize {
        n
    }
    #[inline(always)]
    fn divisor(self, parameters: &Parameters) -> f64 {
        parameters.divisor()
    }
}

/// Those that are not NaN.
struct Numeric;
impl<T: Magnitude + Number<Mean = T>> Sample<T> for Numeric {
    type Count = Numbers;
    type Sum = NanSum;
    type Squares = NanSquares;
}
impl Counted for usize {
    #[inline(always)]
    fn among(self, _: usize) -> usize {
        self
    }
    #[inline(always)]
    fn divisor(self, parameters: &Parameters) -> f64 {
        let divisor = self as f64 - parameters.ddof;
        if divisor > 0.0 { divisor } else { f64::NAN }
    }
}

type CountOf<T, S> = <<S as Sample<T>>::Count as Reduction<T, ()>>::State;

/// The kernel of squared deviations. A region of `n` states has `n` counts, where there are any,
/// then `n` means, then `n` sums of squared deviations from them.
struct VarianceKernel<T, S>(PhantomData<fn(T, S)>);

/// Elements between which a row is cut: two passes over them stay in the caches [8 MB of `f64` on Zen 5: 54 µs, 64 with half
/// as many, 52 with four times].
const LEAF: usize = 4 << 10;
const DEPTH: usize = (CHUNK / LEAF).trailing_zeros() as usize + 1;

/// A mean, the squared deviations from it, and of how many elements.
#[derive(Clone, Copy)]
struct Moments<M: Magnitude> {
    count: usize,
    mean: M,
    squares: M::Real,
}

impl<M: Magnitude> Moments<M> {
    #[inline(always)]
    fn merged(self, other: Self) -> Self {
        let weights = Weights::<M>::new([self.count, other.count]);
        let (mean, squares) = weights.merge((self.mean, self.squares), (other.mean, other.squares));
        Moments {
            count: self.count + other.count,
            mean,
            squares,
        }
    }
}

/// What merging moments of so many elements multiplies by.
#[derive(Clone, Copy)]
struct Weights<M: Magnitude> {
    mean: M::Real,
    squares: M::Real,
}

impl<M: Magnitude> Weights<M> {
    #[inline(always)]
    fn new(counts: [usize; 2]) -> Self {
        let [x, y] = counts.map(|count| count as f64);
        let part = y / (x + y).max(1.0);
        Weights {
            mean: M::Real::from_f64(part),
            squares: M::Real::from_f64(x * part),
        }
    }

    #[inline(always)]
    fn merge(self, x: (M, M::Real), y: (M, M::Real)) -> (M, M::Real) {
        let shift = y.0.number_sub(x.0);
        let mean = x.0.number_add(shift.scaled(self.mean));
        // The mean of nothing is zero, from which the other may be too far for a square.
        let apart = if self.squares.is_zero() {
            M::Real::zero()
        } else {
            shift.squared().number_mul(self.squares)
        };
        (mean, x.1.number_add(y.1).number_add(apart))
    }
}

/// The parts of a region of `n` states.
#[inline(always)]
fn parts<C, M: Magnitude>(states: *mut u8, n: usize) -> (*mut C, *mut M, *mut M::Real) {
    // The alignment of a complex number is that of its parts.
    let (counts, rest) = planes::<C, M>(states, n);
    let (means, squares) = planes::<M, M::Real>(rest.cast(), n);
    (counts, means, squares)
}

impl<T: Number<Mean: Magnitude>, S: Sample<T>> ReduceKernel for VarianceKernel<T, S> {
    fn state(&self) -> usize {
        planes_size::<CountOf<T, S>, T::Mean>() + size_of::<RealOf<T>>()
    }
    fn block_rows(&self) -> usize {
        32
    }
    unsafe fn rows(&self, level: Level, rect: &Rect, states: *mut u8) {
        let to = parts::<CountOf<T, S>, T::Mean>(states, rect.kept);
        let (numbers, means, squares) = to;
        for (start, rows) in rect.groups(LEAF) {
            // SAFETY: the caller's contract.
            unsafe {
                let to = (numbers.add(start), means.add(start), squares.add(start));
                if rect.reduced <= LEAF {
                    moments::<T, S>(Way::Rows, level, &rows, to);
                } else {
                    long_row::<T, S>(level, &rows, to);
                }
            }
        }
    }
    unsafe fn columns(&self, level: Level, rect: &Rect, states: *mut u8) {
        let to = parts::<CountOf<T, S>, T::Mean>(states, rect.kept);
        // SAFETY: the caller's contract.
        unsafe { moments::<T, S>(Way::Columns, level, rect, to) }
    }
    unsafe fn merge(&self, n: usize, into: *mut u8, from: *const u8, counts: [usize; 2]) {
        let (into, from) = (
            parts::<CountOf<T, S>, T::Mean>(into, n),
            parts::<CountOf<T, S>, T::Mean>(from.cast_mut(), n),
        );
        let ((numbers, means, squares), (other_numbers, other_means, other_squares)) = (into, from);
        for i in 0..n {
            // SAFETY: both regions hold `n` states.
            unsafe {
                let (a, b) = (*numbers.add(i), *other_numbers.add(i));
                *numbers.add(i) = S::Count::combine(a, b);
                let weights = Weights::<T::Mean>::new([a.among(counts[0]), b.among(counts[1])]);
                let x = (*means.add(i), *squares.add(i));
                let y = (*other_means.add(i), *other_squares.add(i));
                (*means.add(i), *squares.add(i)) = weights.merge(x, y);
            }
        }
    }
}

/// # Safety
/// As [`ReduceKernel::rows`] or [`ReduceKernel::columns`], with the states' parts.
unsafe fn moments<T: Number<Mean: Magnitude>, S: Sample<T>>(
    way: Way,
    level: Level,
    rect: &Rect,
    (numbers, means, squares): (*mut CountOf<T, S>, *mut T::Mean, *mut RealOf<T>),
) {
    // SAFETY: the caller's contract; the means are written before they are read.
    unsafe {
        if size_of::<CountOf<T, S>>() > 0 {
            way.fold::<S::Count, T, ()>(level, rect, numbers);
        }
        way.fold::<S::Sum, T, ()>(level, rect, means);
        for k in 0..rect.kept {
            let count = (*numbers.add(k)).among(rect.reduced).max(1);
            *means.add(k) = T::mean_of(*means.add(k), count as f64);
        }
        way.fold::<S::Squares, T, T::Mean>(level, &rect.with_values(means), squares);
    }
}

/// The same of one row in leaves, over which there is a tree.
///
/// # Safety
/// As [`ReduceKernel::rows`], for a row with elements.
unsafe fn long_row<T: Number<Mean: Magnitude>, S: Sample<T>>(
    level: Level,
    row: &Rect,
    (numbers, means, squares): (*mut CountOf<T, S>, *mut T::Mean, *mut RealOf<T>),
) {
    let nothing = Moments {
        count: 0,
        mean: T::Mean::zero(),
        squares: RealOf::<T>::zero(),
    };
    let mut waiting = [nothing; DEPTH + 1];
    let mut depth = 0;
    let mut all = S::Count::identity();
    for i in 0..row.reduced.div_ceil(LEAF) {
        let start = i * LEAF;
        let mut leaf = Rect {
            reduced: LEAF.min(row.reduced - start),
            ..*row
        };
        leaf.ptrs[0] = leaf.ptrs[0].wrapping_add(start * size_of::<T>());
        // SAFETY: the leaf is inside the row; there is room for one row's states, which are written.
        unsafe {
            moments::<T, S>(Way::Rows, level, &leaf, (numbers, means, squares));
            all = S::Count::combine(all, *numbers);
            let mut moments = Moments {
                count: (*numbers).among(leaf.reduced),
                mean: *means,
                squares: *squares,
            };
            let mut carry = i;
            while carry & 1 != 0 {
                depth -= 1;
                moments = waiting[depth].merged(moments);
                carry >>= 1;
            }
            waiting[depth] = moments;
            depth += 1;
        }
    }
    let mut moments = waiting[depth - 1];
    while depth > 1 {
        depth -= 1;
        moments = waiting[depth - 1].merged(moments);
    }
    // SAFETY: as above.
    unsafe {
        numbers.write(all);
        means.write(moments.mean);
        squares.write(moments.squares);
    }
}

/// # Safety
/// As `Finish`, for states with counts of type `C` and means of type `M`.
unsafe fn finish<C: Counted, M: Magnitude, const ROOT: bool>(
    n: usize,
    states: *const u8,
    out: *mut u8,
    parameters: &Parameters,
) {
    let (numbers, _, squares) = parts::<C, M>(states.cast_mut(), n);
    for i in 0..n {
        // SAFETY: the caller's contract.
        unsafe {
            let divisor = M::Real::from_f64((*numbers.add(i)).divisor(parameters));
            let variance = (*squares.add(i)).number_div(divisor);
            let value = if ROOT {
                num_traits::Float::sqrt(variance)
            } else {
                variance
            };
            out.cast::<M::Real>().add(i).write(value);
        }
    }
}

#[inline(always)]
fn deviation<T: Number<Mean: Magnitude>, S: Sample<T>>(
    op: Deviations,
) -> Reducer<fn(T) -> RealOf<T>> {
    let finish = match op {
        Deviations::Variance => finish::<CountOf<T, S>, T::Mean, false>,
        Deviations::Root => finish::<CountOf<T, S>, T::Mean, true>,
    };
    let kernel = const { &VarianceKernel::<T, S>(PhantomData) };
    // SAFETY: the kernel reads `T`, and `finish` makes the magnitude's type of its states.
    unsafe { Reducer::from_parts(kernel, finish, Empty::Identity) }
}

/// The same of what is not NaN.
#[inline(always)]
pub(crate) fn numeric_deviation<T: Magnitude + Number<Mean = T>>(
    op: Deviations,
) -> Reducer<fn(T) -> T::Real> {
    deviation::<T, Numeric>(op)
}

macro_rules! deviates {
    ($($t:ty, $kernel:ty => $spread:ty;)+) => {$(
        impl private::Sealed for $t {}
        impl Deviation for $t {
            type Spread = $spread;
            #[inline(never)]
            fn deviation(op: Deviations) -> Reducer<fn($t) -> $spread> {
                // SAFETY: the same type under another name, or a byte that is 0 or 1.
                unsafe { deviation::<$kernel, Everything>(op).retyped() }
            }
        }
    )+};
}
use crate::array::{Signed, Unsigned};
use num_complex::Complex;
deviates! {
    f32, f32 => f32;
    f64, f64 => f64;
    Complex<f32>, Complex<f32> => f32;
    Complex<f64>, Complex<f64> => f64;
    i8, i8 => f64;
    i16, i16 => f64;
    i32, i32 => f64;
    i64, i64 => f64;
    i128, i128 => f64;
    isize, Signed => f64;
    u8, u8 => f64;
    u16, u16 => f64;
    u32, u32 => f64;
    u64, u64 => f64;
    u128, u128 => f64;
    usize, Unsigned => f64;
    bool, u8 => f64;
}

macro_rules! magnitudes {
    ($($t:ty)+) => {$(
        impl Magnitude for $t {
            #[inline(always)]
            fn squared(self) -> $t {
                self * self
            }
            #[inline(always)]
            fn scaled(self, factor: $t) -> $t {
                self * factor
            }
        }
        impl Magnitude for Complex<$t> {
            #[inline(always)]
            fn squared(self) -> $t {
                self.re * self.re + self.im * self.im
            }
            #[inline(always)]
            fn scaled(self, factor: $t) -> Self {
                Complex::new(self.re * factor, self.im * factor)
            }
        }
    )+};
}
magnitudes!(f32 f64);

impl<T, D: Dimension> ArrayRef<T, D> {
    /// The variance of all elements (NumPy's `np.var`): the mean of `|x − mean|²`; NaN without
    /// elements. Integers and `bool` give `f64`, complex numbers a real variance.
    ///
    /// As accurate as two passes over the elements, of which it makes one.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 2.0], [3.0, 6.0]];
    /// assert_eq!(x.var(), 3.5);
    /// assert_eq!(x.var_axis(0), array![1.0, 4.0]);
    /// assert_eq!(x.var_ddof(1), 14.0 / 3.0);
    /// assert_eq!(array![1e9, 1e9 + 1.0, 1e9 + 2.0].var(), 2.0 / 3.0);
    /// ```
    #[inline]
    pub fn var(&self) -> T::Spread
    where
        T: Deviation,
    {
        self.var_ddof(0)
    }
    reduces! {
        "The variance", var
            ["[[1.0, 3.0], [2.0, 6.0]]" => "[1.0, 4.0]"],
            [T: Deviation] {} -> T::Spread:
            Spec::of(T::deviation(Deviations::Variance));
        var_axis var_axes var_keepdims var_axes_keepdims var_into var_axes_into
        try_var_axis try_var_axes try_var_keepdims try_var_axes_keepdims try_var_into
        try_var_axes_into
    }

    /// The variance with divisor `n - ddof` (NumPy's `np.var(x, ddof=ddof)`): infinite or NaN
    /// where there are not more elements than degrees of freedom.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, 2.0, 3.0].var_ddof(1), 1.0);
    /// assert_eq!(array![1.0, 2.0, 3.0, 4.0].var_ddof(1.5), 2.0);
    /// assert_eq!(array![[1.0, 3.0], [2.0, 6.0]].var_axis_ddof(1, 1), array![2.0, 8.0]);
    /// ```
    #[inline]
    pub fn var_ddof(&self, ddof: impl DegreesOfFreedom) -> T::Spread
    where
        T: Deviation,
    {
        axes::total(self, Spec::less(T::deviation(Deviations::Variance), ddof))
    }
    reduces! {
        "The variance with divisor `n - ddof`", var_ddof
            ["[[1.0, 3.0], [2.0, 6.0]]" ", 1" => "[2.0, 8.0]"],
            [T: Deviation] {ddof: impl DegreesOfFreedom} -> T::Spread:
            Spec::less(T::deviation(Deviations::Variance), ddof);
        var_axis_ddof var_axes_ddof var_keepdims_ddof var_axes_keepdims_ddof var_into_ddof
        var_axes_into_ddof
        try_var_axis_ddof try_var_axes_ddof try_var_keepdims_ddof try_var_axes_keepdims_ddof
        try_var_into_ddof try_var_axes_into_ddof
    }

    /// The standard deviation of all elements (NumPy's `np.std`): the square root of
    /// [`var`](Self::var).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// let x = array![[1.0, 3.0], [1.0, 7.0]];
    /// assert_eq!(x.std_axis(1), array![1.0, 3.0]);
    /// assert_eq!((&x - x.mean_axis(0)) / (x.std_axis(0) + 1.0), array![[0.0, -2.0 / 3.0], [0.0, 2.0 / 3.0]]);
    /// ```
    #[inline]
    pub fn std(&self) -> T::Spread
    where
        T: Deviation,
    {
        self.std_ddof(0)
    }
    reduces! {
        "The standard deviation", std
            ["[[1.0, 3.0], [2.0, 6.0]]" => "[1.0, 2.0]"],
            [T: Deviation] {} -> T::Spread:
            Spec::of(T::deviation(Deviations::Root));
        std_axis std_axes std_keepdims std_axes_keepdims std_into std_axes_into
        try_std_axis try_std_axes try_std_keepdims try_std_axes_keepdims try_std_into
        try_std_axes_into
    }

    /// The standard deviation with divisor `n - ddof` (NumPy's `np.std(x, ddof=ddof)`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(array![1.0, 2.0, 3.0].std_ddof(1), 1.0);
    /// ```
    #[inline]
    pub fn std_ddof(&self, ddof: impl DegreesOfFreedom) -> T::Spread
    where
        T: Deviation,
    {
        axes::total(self, Spec::less(T::deviation(Deviations::Root), ddof))
    }
    reduces! {
        "The standard deviation with divisor `n - ddof`", std_ddof
            ["[[1.0, 2.0, 3.0], [0.0, 2.0, 4.0]]" ", 1" => "[1.0, 2.0]"],
            [T: Deviation] {ddof: impl DegreesOfFreedom} -> T::Spread:
            Spec::less(T::deviation(Deviations::Root), ddof);
        std_axis_ddof std_axes_ddof std_keepdims_ddof std_axes_keepdims_ddof std_into_ddof
        std_axes_into_ddof
        try_std_axis_ddof try_std_axes_ddof try_std_keepdims_ddof try_std_axes_keepdims_ddof
        try_std_into_ddof try_std_axes_into_ddof
    }
}
