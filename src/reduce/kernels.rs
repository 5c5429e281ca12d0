//! The operations of reductions: one definition each, for every element type.

use num_traits::{One, Zero};

use super::count::CountBytes;
use super::reducer::{Empty, End, Itself, Reducer, finish};
use crate::array::{Number, Real};
use crate::engine::reduce::{Parameters, Reduction};

/// Reductions that add or multiply.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Sum,
    Product,
}

/// Reductions to a truth value.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    Any,
    All,
}

/// Reductions to an element.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extremum {
    Min,
    Max,
}

impl Extremum {
    /// What is wrong without elements.
    pub(crate) fn needs_elements(self) -> Empty {
        Empty::NoIdentity(match self {
            Extremum::Min => "minimum",
            Extremum::Max => "maximum",
        })
    }

    /// The name of what passes over NaN.
    pub(crate) fn skipping(self) -> &'static str {
        match self {
            Extremum::Min => "fmin",
            Extremum::Max => "fmax",
        }
    }
}

/// Defines a reduction `map` then `combine` over elements that satisfy a bound.
macro_rules! reduction {
    ($(
        $op:ident[$($generic:tt)*]($a:ident: $A:ty, $b:ident: $B:ty) -> $State:ty:
            $identity:expr, $map:expr, |$x:ident, $y:ident| $combine:expr
            $(, until $final:expr)? $(, ordered $ordered:expr)? $(, skipping $skipping:expr, from $start:expr)?;
    )+) => {$(
        #[derive(Clone, Copy)]
        pub(crate) struct $op;
        impl<$($generic)*> Reduction<$A, $B> for $op {
            type State = $State;
            $(
                const ABSORBS: bool = true;
                #[inline(always)]
                fn is_final(state: $State) -> bool {
                    state == $final
                }
            )?
            $(
                const ORDERED: bool = true;
                #[inline(always)]
                fn ordered($x: $State, $y: $State) -> $State {
                    $ordered
                }
                #[inline(always)]
                fn unordered(a: $A) -> bool {
                    nan(a)
                }
            )?
            $(
                const ORDERED: bool = true;
                #[inline(always)]
                fn start() -> $State {
                    $start
                }
                #[inline(always)]
                fn ordered($x: $State, $y: $State) -> $State {
                    $skipping
                }
                #[inline(always)]
                fn unknown(state: $State) -> bool {
                    state == $start
                }
            )?
            #[inline(always)]
            fn identity() -> $State {
                $identity
            }
            #[inline(always)]
            #[allow(unused_variables)]
            fn map($a: $A, $b: $B) -> $State {
                $map
            }
            #[inline(always)]
            fn combine($x: $State, $y: $State) -> $State {
                $combine
            }
        }
    )+};
}
pub(crate) use reduction;

reduction! {
    Sum[T: Number](a: T, _b: ()) -> T::Sum:
        T::Sum::zero(), a.widened(), |x, y| x.number_add(y);
    Product[T: Number](a: T, _b: ()) -> T::Sum:
        T::Sum::one(), a.widened(), |x, y| x.number_mul(y);
    MeanSum[T: Number](a: T, _b: ()) -> T::Mean:
        T::Mean::zero(), a.averaged(), |x, y| x.number_add(y);
    Any[T: Number](a: T, _b: ()) -> bool:
        false, !a.is_zero(), |x, y| x | y, until true;
    All[T: Number](a: T, _b: ()) -> bool:
        true, !a.is_zero(), |x, y| x & y, until false;
    Count[T: Number](a: T, _b: ()) -> usize:
        0, usize::from(!a.is_zero()), |x, y| x + y;
    // Of types that say nothing about their extremes; NaN, the value not equal to itself, wins.
    MaxOpen[T: Real](a: T, _b: ()) -> Option<T>:
        None, Some(a), |x, y| match (x, y) {
            (Some(a), Some(b)) => Some(if b > a || nan(b) { b } else { a }),
            (x, y) => x.or(y),
        };
    MinOpen[T: Real](a: T, _b: ()) -> Option<T>:
        None, Some(a), |x, y| match (x, y) {
            (Some(a), Some(b)) => Some(if b < a || nan(b) { b } else { a }),
            (x, y) => x.or(y),
        };
    // Of built-in types. `x` is kept when it is NaN, because nothing compares with it.
    Max[T: Extreme](a: T, _b: ()) -> T:
        T::LOWEST, a, |x, y| if (y > x) | nan(y) { y } else { x }, ordered if y > x { y } else { x };
    Min[T: Extreme](a: T, _b: ()) -> T:
        T::HIGHEST, a, |x, y| if (y < x) | nan(y) { y } else { x }, ordered if y < x { y } else { x };
    // As NumPy's `maximum` and `minimum` to the bit: the first NaN stays, and of equals the first.
    RunningMax[T: Extreme](a: T, _b: ()) -> T:
        T::LOWEST, a, |x, y| if (x >= y) | nan(x) { x } else { y };
    RunningMin[T: Extreme](a: T, _b: ()) -> T:
        T::HIGHEST, a, |x, y| if (x <= y) | nan(x) { x } else { y };
}

/// Whether a value is not equal to itself.
#[inline(always)]
#[allow(clippy::eq_op)]
pub(crate) fn nan<T: PartialEq + Copy>(x: T) -> bool {
    x != x
}

/// Built-in ordered types: the identities of maximum and minimum.
pub(crate) trait Extreme: Copy + PartialOrd + Sync + 'static {
    const LOWEST: Self;
    const HIGHEST: Self;
}
macro_rules! extremes {
    ($($t:ty: $low:expr, $high:expr;)+) => {$(
        impl Extreme for $t {
            const LOWEST: $t = $low;
            const HIGHEST: $t = $high;
        }
    )+};
    ($($t:ty)+) => { extremes! { $($t: <$t>::MIN, <$t>::MAX;)+ } };
}
extremes!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
extremes! {
    f32: f32::NEG_INFINITY, f32::INFINITY;
    f64: f64::NEG_INFINITY, f64::INFINITY;
}

/// Ordered types with a value that is not a number.
pub(crate) trait MaybeNan: Extreme {
    const NAN: Self;
}
impl MaybeNan for f32 {
    const NAN: f32 = f32::NAN;
}
impl MaybeNan for f64 {
    const NAN: f64 = f64::NAN;
}

/// A sum divided by the number of elements.
pub(crate) struct Divided<T>(std::marker::PhantomData<T>);
impl<T: Number> End<T::Mean> for Divided<T> {
    type Out = T::Mean;
    #[inline(always)]
    fn end(sum: T::Mean, parameters: &Parameters) -> T::Mean {
        T::mean_of(sum, parameters.divisor())
    }
}

/// A sum divided by how many elements it is of, which stands before it.
pub(crate) struct Ratio<T>(std::marker::PhantomData<T>);
impl<T: Number> End<(usize, T::Mean)> for Ratio<T> {
    type Out = T::Mean;
    #[inline(always)]
    fn end((count, sum): (usize, T::Mean), _: &Parameters) -> T::Mean {
        T::mean_of(sum, count as f64)
    }
}

/// The element that an extremum found; there was one.
pub(crate) struct Found;
impl<T> End<Option<T>> for Found {
    type Out = T;
    #[inline(always)]
    fn end(state: Option<T>, _: &Parameters) -> T {
        match state {
            Some(value) => value,
            None => unreachable!("extrema of nothing are refused"),
        }
    }
}

/// The sum or product over `T`, compiled where it is named.
#[inline(always)]
pub(crate) fn total<T: Number>(op: Total) -> Reducer<fn(T) -> T::Sum> {
    match op {
        Total::Sum => Reducer::<fn(T) -> T::Sum>::fold::<Sum, Itself>(Empty::Identity),
        Total::Product => Reducer::<fn(T) -> T::Sum>::fold::<Product, Itself>(Empty::Identity),
    }
}

/// The mean over `T`.
#[inline(always)]
pub(crate) fn mean<T: Number>() -> Reducer<fn(T) -> T::Mean> {
    Reducer::<fn(T) -> T::Mean>::fold::<MeanSum, Divided<T>>(Empty::Identity)
}

/// The mean over a type that sums and means accumulate alike, by the kernel of sums.
#[inline(always)]
pub(crate) fn mean_of_sum<T: Number<Sum = T, Mean = T>>() -> Reducer<fn(T) -> T> {
    Reducer::<fn(T) -> T>::fold::<Sum, Divided<T>>(Empty::Identity)
}

/// Whether any or all elements differ from zero.
#[inline(always)]
pub(crate) fn quantified<T: Number>(op: Quantifier) -> Reducer<fn(T) -> bool> {
    match op {
        Quantifier::Any => Reducer::<fn(T) -> bool>::fold::<Any, Itself>(Empty::Identity),
        Quantifier::All => Reducer::<fn(T) -> bool>::fold::<All, Itself>(Empty::Identity),
    }
}

/// How many elements differ from zero.
#[inline(always)]
pub(crate) fn count<T: Number>() -> Reducer<fn(T) -> usize> {
    if const { size_of::<T>() == 1 } {
        // SAFETY: a kernel over `T` whose states are counts.
        unsafe {
            Reducer::from_parts(
                const { &CountBytes::<T>::new() },
                finish::<usize, Itself>,
                Empty::Identity,
            )
        }
    } else {
        Reducer::<fn(T) -> usize>::fold::<Count, Itself>(Empty::Identity)
    }
}

/// The extremum of a type that says nothing about its extremes.
#[inline(always)]
pub(crate) fn open_extremum<T: Real>(op: Extremum) -> Reducer<fn(T) -> T> {
    let empty = op.needs_elements();
    match op {
        Extremum::Max => Reducer::<fn(T) -> T>::fold::<MaxOpen, Found>(empty),
        Extremum::Min => Reducer::<fn(T) -> T>::fold::<MinOpen, Found>(empty),
    }
}

/// The extremum of a built-in type.
#[inline(always)]
pub(crate) fn extremum<T: Extreme>(op: Extremum) -> Reducer<fn(T) -> T> {
    let empty = op.needs_elements();
    match op {
        Extremum::Max => Reducer::<fn(T) -> T>::fold::<Max, Itself>(empty),
        Extremum::Min => Reducer::<fn(T) -> T>::fold::<Min, Itself>(empty),
    }
}
