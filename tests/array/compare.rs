//! Equality across kinds and ranks, closeness, and the assertions of `orthant::testing`.

use crate::support::panic_message;
use orthant::prelude::*;
use orthant::{Complex, assert_all_close};

#[test]
fn arrays_of_every_kind_are_equal() {
    let x = array![[1, 2], [3, 4]];
    let mut m = x.clone();
    let mut n = x.clone();
    macro_rules! all_equal {
        ($($left:expr),+; $rights:tt) => {$( all_equal!(@one $left, $rights); )+};
        (@one $left:expr, [$($right:expr),+]) => {$( assert!($left == $right); assert!(!($left != $right)); )+};
    }
    all_equal!(x, x.view(), m.view_mut(), CowArray::from(x.view()), *x.as_ref();
        [x, x.view(), n.view_mut(), CowArray::from(x.clone()), *x.as_ref(), x.clone().into_dyn(), x.view_dyn()]);
    assert_eq!(&x, &x.clone());
    assert_ne!(x, array![[1, 2], [3, 5]]);
    assert_ne!(x, array![[1, 2, 3, 4]]);
    assert_ne!(x, array![1, 2, 3, 4]);
    assert_ne!(x, x.view_dyn().insert_axis(0));
    assert_eq!(x.t().to_owned(), x.t());
    assert_eq!(x.broadcast_to([2, 2, 2]).index_axis(0, 1), x);
    assert!(x.array_equal(&x.view_dyn()));
    // A reference on one side is no obstacle: this is what a function with a `&ArrayRef` has.
    fn by_reference(x: &ArrayRef2<i32>) {
        assert_eq!(x, array![[1, 2], [3, 4]]);
        assert_eq!(array![[1, 2], [3, 4]], x);
        assert_eq!(x.view(), x);
        assert!(x == x.t().t() && x != x.t());
    }
    by_reference(&x);
    // Shapes count for empty arrays too, NaN is not equal to itself, zeros are.
    assert_ne!(Array2::<i32>::zeros([0, 2]), Array2::<i32>::zeros([0, 3]));
    assert_eq!(Array2::<i32>::zeros([0, 2]), Array2::<i32>::ones([0, 2]));
    assert_ne!(array![f64::NAN], array![f64::NAN]);
    assert_eq!(array![0.0], array![-0.0]);
    assert_eq!(
        array!["a", "b"].map(|s| s.to_string()),
        array!["a".to_string(), "b".to_string()]
    );
    // Every place of a long array is looked at.
    let long = Array1::<u8>::zeros(1000);
    for i in [0, 255, 256, 511, 777, 999] {
        let mut other = long.clone();
        other[i] = 1;
        assert_ne!(long, other);
        assert_ne!(long.flip(0), other.flip(0));
    }
    fn is_eq<T: Eq>(_: &T) {}
    is_eq(&x);
    is_eq(&x.view());
}

#[test]
fn closeness_is_numpys() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    // np.isclose(a, b, rtol, atol): a, b, close, close with equal_nan
    for (a, b, rtol, atol, close, close_nan) in [
        (1.0, 1.0 + 1e-6, 1e-5, 1e-8, true, true),
        (1.0, 1.0 + 1e-4, 1e-5, 1e-8, false, false),
        (1e-9, 0.0, 1e-5, 1e-8, true, true),
        (1e-7, 0.0, 1e-5, 1e-8, false, false),
        // The tolerance is relative to the second.
        (10.0, 9.0, 0.1, 0.0, false, false),
        (9.0, 10.0, 0.1, 0.0, true, true),
        (inf, inf, 1e-5, 1e-8, true, true),
        (inf, -inf, 1e-5, 1e-8, false, false),
        (1.0, inf, 1e-5, 1e-8, false, false),
        (inf, 1.0, 1e-5, 1e-8, false, false),
        (nan, nan, 1e-5, 1e-8, false, true),
        (nan, 1.0, 1e-5, 1e-8, false, false),
        (1.0, nan, 1e-5, inf, false, false),
        (0.0, -0.0, 0.0, 0.0, true, true),
        (f64::MAX, -f64::MAX, 1e-5, 1e-8, false, false),
    ] {
        let (x, y) = (array![0.0, a], array![0.0, b]);
        assert_eq!(x.all_close(&y, rtol, atol), close, "{a} {b}");
        assert_eq!(x.all_close_nan(&y, rtol, atol), close_nan, "{a} {b}");
        assert_eq!(x.slice(s![1]).all_close(b, rtol, atol), close, "{a} {b}");
        if rtol < 0.1 {
            let z = |v: f64| array![Complex::new(v, 0.0)];
            assert_eq!(z(a).all_close(&z(b), rtol, atol), close, "complex {a} {b}");
        }
    }
    assert!(array![1.0_f32].all_close(1.000001, 1e-5, 0.0));
    assert!(!array![1.0_f32].all_close(1.0001, 1e-5, 0.0));
    assert!(array![[1.0, 2.0], [1.0, 2.0]].all_close(&array![1.0, 2.0], 0.0, 0.0));
    assert!(Array1::<f64>::zeros(0).all_close(1.0, 0.0, 0.0));
    assert!(array![100_u8, 0].all_close(&array![101, 1], 0.0, 1.0));
    assert!(!array![i64::MIN].all_close(i64::MAX, 0.0, 1.0));
    assert_eq!(
        panic_message(|| array![1.0, 2.0].all_close(&array![1.0, 2.0, 3.0], 0.0, 0.0)),
        "operands could not be broadcast together with shapes (2,) (3,)"
    );
}

#[test]
fn assertions_pass_for_every_kind() {
    let x = array![[1.0, 2.0], [3.0, f64::NAN]];
    let nearly = &x * (1.0 + 5e-8);
    assert_all_close!(x, nearly);
    assert_all_close!(&x, &nearly);
    assert_all_close!(x.t(), nearly.t());
    assert_all_close!(x.view_dyn(), nearly);
    assert_all_close!(x.reshape(4), nearly.ravel());
    assert_all_close!(x, nearly,);
    assert_all_close!(x.row(0).map(|_| 2.0), 2.0);
    assert_all_close!(2.0, Array1::<f64>::full(3, 2.0));
    assert_all_close!(1.0 + 1e-8, 1.0);
    assert_all_close!(array![1.0_f32], 1.0);
    assert_all_close!(array![Complex::new(1.0, 0.0)], 1.0);
    assert_all_close!(array![1, 2], array![1, 3], atol = 1.0);
    assert_all_close!(x.row(0), array![1.1, 2.2], rtol = 0.11);
    assert_all_close!(x.row(0), array![1.1, 2.0], rtol = 0.0, atol = 0.2);
    assert_all_close!(Array1::<f64>::zeros(0), Array1::<f64>::zeros(0));
    assert_all_close!(array![f64::INFINITY], f64::INFINITY);
    fn by_reference(x: &ArrayRef2<f64>) {
        assert_all_close!(x, x);
    }
    by_reference(&x);
    // Nothing was moved.
    assert_eq!((x.len(), nearly.len()), (4, 4));
}

#[test]
fn assertions_say_where_and_how_much() {
    let message = panic_message(|| {
        assert_all_close!(
            array![[1.0, 2.0], [4.0, 4.5]],
            array![[1.0, 2.0], [3.0, 4.0]]
        )
    });
    assert_eq!(
        message,
        "Not equal to tolerance rtol=1e-7, atol=0e0\n\
         Mismatched elements: 2 / 4 (50.000%)\n\
         First mismatch at index [1, 0]: 4.0 (actual), 3.0 (desired)\n\
         Max absolute difference among violations: 1\n\
         Max relative difference among violations: 0.3333333333333333"
    );
    let message = panic_message(|| {
        assert_all_close!(
            array![1.0, f64::NAN, 9.0],
            array![1.0, 2.0, 3.0],
            rtol = 1e-3
        )
    });
    assert!(message.contains("rtol=1e-3") && message.contains("2 / 3 (66.667%)"));
    assert!(message.contains("First mismatch at index [1]: NaN (actual), 2.0 (desired)"));
    assert!(message.ends_with("Max absolute difference among violations: NaN\nMax relative difference among violations: NaN"));
    let message = panic_message(|| assert_all_close!(array![1.0, 2.0], array![1.0, 2.0, 3.0]));
    assert!(message.ends_with("(shapes [2], [3] mismatch)"));
    let message = panic_message(|| assert_all_close!(array![[1.0, 2.0]], array![1.0, 2.0]));
    assert!(
        message.ends_with("(shapes [1, 2], [2] mismatch)"),
        "arrays do not broadcast: {message}"
    );
    let message = panic_message(|| assert_all_close!(1.0, 2.0));
    assert!(message.contains("1 / 1") && message.contains("at index []: 1.0 (actual)"));
    assert!(
        panic_message(|| assert_all_close!(1.0, 0.0))
            .contains("relative difference among violations: inf")
    );
    // The tolerance is relative to the desired values, the right-hand ones.
    assert_all_close!(array![9.0], array![10.0], rtol = 0.1);
    panic_message(|| assert_all_close!(array![10.0], array![9.0], rtol = 0.1));
}

#[cfg(feature = "approx")]
#[test]
fn the_approx_traits() {
    use approx::{assert_abs_diff_eq, assert_relative_eq, assert_relative_ne, assert_ulps_eq};
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    let y = &x * (1.0 + 1e-12);
    assert_relative_eq!(x, y, max_relative = 1e-11);
    assert_relative_ne!(x, y, max_relative = 1e-13);
    assert_relative_eq!(x.t(), y.t(), max_relative = 1e-11);
    assert_relative_eq!(x.reshape(4), y.reshape(4), max_relative = 1e-11);
    assert_abs_diff_eq!(x, y, epsilon = 1e-11);
    assert_ulps_eq!(x, x.clone());
    assert_relative_ne!(array![1.0, 2.0], array![1.0]);
}
