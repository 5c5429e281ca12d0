//! Help for tests of code that uses arrays.
//!
//! What lives here: assertions that say where arrays differ. What may not: anything that the crate
//! itself computes with.

use crate::array::{ArrayRef, Dimension, Number};

/// How many differences a failed assertion lists.
const LISTED: usize = 5;

/// Panics unless two arrays have the same shape and close elements, and says where they differ
/// (NumPy's `testing.assert_allclose`).
///
/// Close is `|left − right| <= atol + rtol·|right|`; NaN is close to NaN, infinities to themselves.
/// Without tolerances `rtol` is 1e-7 and `atol` 0, as in NumPy. Arguments are arrays of any kind,
/// owned or behind references.
///
/// ```
/// use orthant::{assert_all_close, prelude::*};
///
/// let x = array![0.1, 0.2];
/// assert_all_close!(&x + 0.2, array![0.3, 0.4]);
/// assert_all_close!(x, array![0.1, 0.21], 0.0, 0.02);
/// ```
///
/// ```should_panic
/// # use orthant::{assert_all_close, prelude::*};
/// // arrays are not close (rtol 1e-7, atol 0.0): 1 of 4 elements differ
/// //   [1, 0]: 3.0 against 5.0
/// assert_all_close!(array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 2.0], [5.0, 4.0]]);
/// ```
#[macro_export]
macro_rules! assert_all_close {
    ($left:expr, $right:expr $(,)?) => {
        $crate::assert_all_close!($left, $right, 1e-7, 0.0)
    };
    ($left:expr, $right:expr, $rtol:expr, $atol:expr $(,)?) => {
        $crate::assert_arrays_close(&$left, &$right, $rtol, $atol)
    };
}

/// What [`assert_all_close!`](crate::assert_all_close) calls.
#[doc(hidden)]
#[track_caller]
pub fn assert_arrays_close<T: Number, D: Dimension, E: Dimension>(
    left: &ArrayRef<T, D>,
    right: &ArrayRef<T, E>,
    rtol: f64,
    atol: f64,
) {
    if let Err(message) = compare(left, right, rtol, atol) {
        panic!("{message}");
    }
}

fn compare<T: Number, D: Dimension, E: Dimension>(
    left: &ArrayRef<T, D>,
    right: &ArrayRef<T, E>,
    rtol: f64,
    atol: f64,
) -> Result<(), String> {
    if left.shape() != right.shape() {
        return Err(format!(
            "arrays are not close: the shapes are {:?} and {:?}",
            left.shape(),
            right.shape()
        ));
    }
    let mut differences = 0;
    let mut listed = String::new();
    let dynamic = left.view_dyn();
    for ((index, a), b) in dynamic.indexed_iter().zip(right) {
        if !a.number_is_close(*b, rtol, atol, true) {
            if differences < LISTED {
                listed += &format!("\n  {:?}: {a:?} against {b:?}", index.as_slice());
            }
            differences += 1;
        }
    }
    if differences == 0 {
        return Ok(());
    }
    let more = match differences {
        0..=LISTED => "",
        _ => "\n  …",
    };
    Err(format!(
        "arrays are not close (rtol {rtol:?}, atol {atol:?}): {differences} of {} elements differ\
         {listed}{more}",
        left.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::array::*;
    use crate::{array, s};

    #[test]
    fn close_arrays_of_any_kind() {
        let x = array![[1.0, 2.0], [3.0, 4.0]];
        assert_all_close!(x, x);
        assert_all_close!(&x, x.view(), 0.0, 0.0);
        assert_all_close!(x.t(), x.to_order(Order::F).t());
        assert_all_close!(x.view_dyn(), x.reshape([2, 2]));
        assert_all_close!(&x + 1e-9, x);
        assert_all_close!(
            array![f64::NAN, f64::INFINITY],
            array![f64::NAN, f64::INFINITY]
        );
        assert_all_close!(array![1, 2], array![2, 3], 0.0, 1.0);
        assert_all_close!(Array2::<f32>::zeros([0, 3]), Array2::<f32>::ones([0, 3]));
    }

    #[test]
    fn failures_say_where() {
        let message =
            |a: &ArrayRef2<f64>, b: &ArrayRef2<f64>| compare(a, b, 1e-7, 0.0).unwrap_err();
        let x = array![[1.0, 2.0], [3.0, 4.0]];
        let mut y = x.clone();
        y[[1, 0]] = 5.0;
        assert_eq!(
            message(&x, &y),
            "arrays are not close (rtol 1e-7, atol 0.0): 1 of 4 elements differ\n  \
             [1, 0]: 3.0 against 5.0"
        );
        assert_eq!(
            message(&x.t(), &y.t()),
            "arrays are not close (rtol 1e-7, atol 0.0): 1 of 4 elements differ\n  \
             [0, 1]: 3.0 against 5.0"
        );
        let many = message(&Array2::zeros([2, 4]), &Array2::full([2, 4], f64::NAN));
        assert!(
            many.contains("8 of 8 elements differ\n  [0, 0]: 0.0 against NaN\n"),
            "{many}"
        );
        assert!(many.ends_with("\n  [1, 0]: 0.0 against NaN\n  …"), "{many}");
        assert_eq!(
            message(&x, &x.slice(s![..1, ..])),
            "arrays are not close: the shapes are [2, 2] and [1, 2]"
        );
    }

    #[test]
    #[should_panic(expected = "1 of 1 elements differ")]
    fn close_is_relative_to_the_right() {
        assert!(compare(&array![1.0], &array![1.1], 0.095, 0.0).is_ok());
        assert_all_close!(array![1.1], array![1.0], 0.095, 0.0);
    }
}
