//! Sequences: `arange`, `linspace`.

use crate::array::dimension::Ix1;
use crate::array::element::Number;
use crate::array::error::{ShapeError, unwrap};
use crate::array::layout::Layout;
use crate::array::types::Array;

/// Element types that [`Array::arange`] counts in: all integers and floats.
pub trait Arange: Number {
    /// How many values there are from `start` to before `stop` in steps of `step`.
    #[doc(hidden)]
    fn count(start: Self, stop: Self, step: Self) -> Result<usize, ShapeError>;
    /// The `i`-th value.
    #[doc(hidden)]
    fn nth(start: Self, delta: Self, i: usize) -> Self;
}

/// Element types that [`Array::linspace`] divides: `f32` and `f64`.
pub trait Linspace: Number {
    /// `num` values, of which the one after `divisions` steps would be `stop`.
    #[doc(hidden)]
    fn spaced(start: Self, stop: Self, divisions: usize, num: usize) -> Vec<Self>;
}

fn bad(message: String) -> ShapeError {
    ShapeError::Argument {
        op: "arange",
        message,
    }
}

macro_rules! integers {
    ($($t:ty: $wide:ty),+) => {$(
        impl Arange for $t {
            fn count(start: Self, stop: Self, step: Self) -> Result<usize, ShapeError> {
                if step == 0 {
                    return Err(ShapeError::Zero { op: "arange", what: "the step" });
                }
                let (span, step) = (stop as $wide - start as $wide, step as $wide);
                let count = if (span > 0) == (step > 0) && span != 0 {
                    (span.unsigned_abs() - 1) / step.unsigned_abs() + 1
                } else {
                    0
                };
                usize::try_from(count)
                    .map_err(|_| bad(format!("{count} values are more than an array can have")))
            }
            #[inline(always)]
            fn nth(start: Self, delta: Self, i: usize) -> Self {
                start.wrapping_add(delta.wrapping_mul(i as $t))
            }
        }
    )+};
}
integers!(i8: i32, i16: i32, i32: i64, i64: i128, isize: i128, u8: i32, u16: i32, u32: i64, u64: i128, usize: i128);

macro_rules! floats {
    ($($t:ty),+) => {$(
        impl Arange for $t {
            fn count(start: Self, stop: Self, step: Self) -> Result<usize, ShapeError> {
                if step == 0.0 {
                    return Err(ShapeError::Zero { op: "arange", what: "the step" });
                }
                let count = ((f64::from(stop) - f64::from(start)) / f64::from(step)).ceil();
                if count.is_nan() || count >= isize::MAX as f64 {
                    return Err(bad(format!(
                        "cannot count from {start} to {stop} in steps of {step}"
                    )));
                }
                Ok(count.max(0.0) as usize)
            }
            #[inline(always)]
            fn nth(start: Self, delta: Self, i: usize) -> Self {
                start + i as $t * delta
            }
        }
        impl Linspace for $t {
            fn spaced(start: Self, stop: Self, divisions: usize, num: usize) -> Vec<Self> {
                let (delta, divisions) = (stop - start, divisions as $t);
                let step = delta / divisions;
                let value = |i: usize| match i as $t {
                    0.0 => start,
                    // The step underflowed; the values need not.
                    i if step == 0.0 => i / divisions * delta + start,
                    i => i * step + start,
                };
                (0..num).map(value).collect()
            }
        }
    )+};
}
floats!(f32, f64);

impl<T: Arange> Array<T, Ix1> {
    /// `start`, `start + step`, … up to before `stop` (NumPy's `arange`, with its arithmetic:
    /// ⌈(stop − start)/step⌉ values `start + i·delta`, where `delta = (start + step) − start`).
    ///
    /// # Panics
    /// A zero step; NaN or infinite bounds.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::arange(0, 10, 2), array![0, 2, 4, 6, 8]);
    /// assert_eq!(Array1::arange(3.0, 0.0, -1.0), array![3.0, 2.0, 1.0]);
    /// ```
    #[track_caller]
    pub fn arange(start: T, stop: T, step: T) -> Self {
        unwrap(Self::try_arange(start, stop, step))
    }

    /// As [`arange`](Self::arange), with the mistake as an error.
    ///
    /// # Errors
    /// [`ShapeError::Zero`], [`ShapeError::Argument`], [`ShapeError::Overflow`].
    pub fn try_arange(start: T, stop: T, step: T) -> Result<Self, ShapeError> {
        let count = T::count(start, stop, step)?;
        Layout::<Ix1>::checked_len(&[count], size_of::<T>())?;
        let second = start.number_add(step);
        let delta = second.number_sub(start);
        let value = |i| match i {
            0 => start,
            1 => second,
            i => T::nth(start, delta, i),
        };
        Ok(Self::from_vec((0..count).map(value).collect()))
    }
}

impl<T: Linspace> Array<T, Ix1> {
    /// `num` values from `start` to `stop`, both included (NumPy's `linspace`): `i·step + start`,
    /// the last one exactly `stop`.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::linspace(0.0, 1.0, 5), array![0.0, 0.25, 0.5, 0.75, 1.0]);
    /// ```
    pub fn linspace(start: T, stop: T, num: usize) -> Self {
        let mut values = T::spaced(start, stop, num.saturating_sub(1), num);
        if let [_, .., last] = &mut values[..] {
            *last = stop;
        }
        Self::from_vec(values)
    }

    /// `num` values from `start` to before `stop` (NumPy's `linspace(endpoint=False)`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::linspace_open(0.0, 1.0, 4), array![0.0, 0.25, 0.5, 0.75]);
    /// ```
    pub fn linspace_open(start: T, stop: T, num: usize) -> Self {
        Self::from_vec(T::spaced(start, stop, num, num))
    }
}

impl<T> Array<T, Ix1> {
    /// A 1-d array of a vector's elements: nothing is copied.
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::from_vec(vec![1, 2]), array![1, 2]);
    /// ```
    #[inline]
    pub fn from_vec(elements: Vec<T>) -> Self {
        if size_of::<T>() == 0 {
            // Only of elements without size can a vector have more than `isize::MAX`.
            unwrap(Layout::<Ix1>::checked_len(&[elements.len()], 1));
        }
        let layout = Layout::new(crate::array::Ix([elements.len()]), [1]);
        Self::from_elements(elements, layout)
    }

    /// A 1-d array of an iterator's items (NumPy's `fromiter`).
    ///
    /// ```
    /// use orthant::prelude::*;
    ///
    /// assert_eq!(Array1::from_iter((0..3).map(|i| i * i)), array![0, 1, 4]);
    /// ```
    #[allow(clippy::should_implement_trait)]
    pub fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from_vec(items.into_iter().collect())
    }
}

impl<T> FromIterator<T> for Array<T, Ix1> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from_vec(items.into_iter().collect())
    }
}
