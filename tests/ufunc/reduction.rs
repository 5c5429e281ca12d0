//! The options of `reduce`: axes, `keepdims`, masks, initial values, outputs.

use crate::support::keyed::Golden;
use orthant::prelude::*;
use orthant::ufunc::{Binary, Fold};
use orthant::{CastFrom, Order, ShapeError, assert_all_close, ufunc};

const SHAPE: [usize; 3] = [3, 2, 36];
const AXES: [&[usize]; 6] = [&[], &[0], &[1], &[2], &[0, 2], &[0, 1, 2]];

/// What is checked against: the lines of `reductions.tsv` and the arrays that they are of.
struct Case {
    golden: Golden,
    mask: ArrayD<bool>,
    row: ArrayD<bool>,
}

impl Case {
    fn read() -> Case {
        let golden = Golden::read("reductions");
        let truths = |key: &str| golden.array(key).not_equal(0.0);
        let (mask, row) = (truths("mask"), truths("row"));
        Case {
            mask: mask.into_reshape(&SHAPE[..]),
            row: row.into_dyn(),
            golden,
        }
    }

    /// One function over all axes, under all masks, from all starts, and into outputs.
    fn check<F, T>(&self, name: &str, function: &Binary<F>, x: &ArrayRefD<T>, initial: F::Acc)
    where
        T: Copy,
        F: Fold<T>,
        f64: CastFrom<F::Acc>,
    {
        for axes in AXES {
            let digits: String = axes.iter().map(|axis| axis.to_string()).collect();
            let rest = |axis: &usize| !axes.contains(axis);
            let shape: Vec<usize> = (0..3).filter(rest).map(|axis| SHAPE[axis]).collect();
            let ones: Vec<usize> = (0..3)
                .map(|axis| if rest(&axis) { SHAPE[axis] } else { 1 })
                .collect();
            for (which, mask) in [
                ("", None),
                ("chosen", Some(&self.mask)),
                ("row", Some(&self.row)),
            ] {
                for start in [false, true] {
                    let mut request = function.reduction().axes(axes);
                    if let Some(mask) = mask {
                        request = request.mask(mask);
                    }
                    if start {
                        request = request.initial(initial);
                    }
                    let key = match (which, start) {
                        ("", false) => format!("{name}_{digits}_plain"),
                        ("", true) => format!("{name}_{digits}_from"),
                        (_, false) => format!("{name}_{digits}_{which}"),
                        (_, true) => format!("{name}_{digits}_{which}_from"),
                    };
                    let found = request.try_call(x);
                    let nothing = matches!(
                        found,
                        Err(ShapeError::MaskNeedsInitial { .. } | ShapeError::NotReorderable { .. })
                    );
                    if nothing {
                        assert!(!self.golden.has(&key), "{key}");
                        continue;
                    }
                    let found = found.unwrap();
                    let wanted = self.golden.array(&key).into_reshape(&shape[..]);
                    let numbers = |x: &ArrayRefD<F::Acc>| x.cast::<f64>();
                    assert_all_close!(numbers(&found), wanted, rtol = 1e-13, atol = 1e-13);
                    let kept = request.clone().keepdims().call(x);
                    assert_eq!(numbers(&kept), numbers(&found).into_reshape(&ones[..]));
                    let mut out = found.to_order(Order::F);
                    out.fill(initial);
                    request.call_into(x, &mut out);
                    assert_eq!(numbers(&out), numbers(&found), "{key}");
                    let mut out = kept.to_order(Order::F);
                    out.fill(initial);
                    request.call_into(x, &mut out);
                    assert_eq!(numbers(&out), numbers(&kept), "{key}");
                }
            }
        }
    }
}

#[test]
fn options_agree_with_numpy() {
    let case = Case::read();
    let x = case.golden.array("x").into_reshape(&SHAPE[..]);
    let integers = x.cast::<i64>();
    let floats = &x / 4.0;
    macro_rules! check {
        ($x:expr, $initial:expr, $($object:ident $name:literal)+) => {
            $(case.check($name, &ufunc::$object, $x, $initial);)+
        };
    }
    let reversed = floats.flip(2).to_owned();
    let column_major = floats.to_order(Order::F);
    for x in [floats.view(), column_major.view(), reversed.flip(2)] {
        check!(
            &x, -6.0,
            Add "add" Multiply "multiply" Subtract "subtract" Maximum "maximum" Fmin "fmin"
            Hypot "hypot" Logaddexp "logaddexp"
        );
    }
    let reversed = integers.flip(0).to_owned();
    let column_major = integers.to_order(Order::F);
    for x in [integers.view(), column_major.view(), reversed.flip(0)] {
        check!(
            &x, -6,
            Gcd "gcd" Lcm "lcm" BitwiseAnd "bitwise_and" BitwiseOr "bitwise_or"
            BitwiseXor "bitwise_xor"
        );
    }
}

#[test]
fn folds_of_one_element_begin_with_the_identity() {
    assert_eq!(ufunc::Gcd.reduce(&array![-4], 0).item(), 4);
    assert_eq!(ufunc::Gcd.reduce_all(&array![[-4]]), 4);
    assert_eq!(ufunc::Gcd.reduce_all(&Array0::from(-4)), 4);
    assert_eq!(ufunc::Gcd.reduce_axes(&array![[-4]], &[0, 1]).item(), 4);
    assert_eq!(
        ufunc::Gcd.reduce_axes::<_, _, i32>(&array![-3], &[]),
        array![3]
    );
    assert_eq!(ufunc::Gcd.reduce(&array![[-4, 6]], 0), array![4, 6]);
    assert_eq!(ufunc::Hypot.reduce(&array![-3.0], 0).item(), 3.0);
    assert_eq!(
        ufunc::Hypot.reduce(&Array2::full([1, 40], -3.0), 0),
        Array1::full(40, 3.0)
    );
    assert_eq!(
        ufunc::Hypot.reduce(&Array2::full([40, 1], -3.0), 1),
        Array1::full(40, 3.0)
    );
    let mut out = array![0.0, 0.0];
    ufunc::Hypot.reduce_into(&array![[-3.0, 4.0]], 0, &mut out);
    assert_eq!(out, array![3.0, 4.0]);
    // Without an identity the element stays, and so it does where nothing is reduced.
    assert_eq!(ufunc::Lcm.reduce(&array![-4], 0).item(), -4);
    assert_eq!(ufunc::Gcd.accumulate(&array![-4, 6], 0), array![-4, 2]);
    assert_eq!(
        ufunc::Gcd.reduceat(&array![-4, 6, -8], &[0, 1, 2], 0),
        array![-4, 6, -8]
    );
    assert_eq!(
        ufunc::Hypot.reduceat(&array![[-4.0], [3.0]], &[0, 1], 0),
        array![[-4.0], [3.0]]
    );
    // Zero and the element, as for more of them.
    assert!(ufunc::Add.reduce_axes::<_, _, i32>(&array![-0.0_f64], &[])[[0]].is_sign_positive());
}

#[test]
fn masks_that_choose_nothing_leave_the_start() {
    let none = array![false];
    assert_eq!(
        ufunc::Gcd
            .reduction()
            .mask(&none)
            .initial(-4)
            .call(&array![-6])
            .item(),
        -4
    );
    assert_eq!(
        ufunc::Gcd.reduction().mask(&none).call(&array![-6]).item(),
        0
    );
    let x = Array2::<f64>::zeros([0, 3]);
    let mask = Array2::full([0, 3], true);
    let greatest = ufunc::Maximum.reduction().axis(0).mask(&mask).initial(1.0);
    assert_eq!(greatest.call(&x), array![1.0, 1.0, 1.0]);
    // Narrow integers are added in wide ones, chosen or not.
    let x = array![[100_i8, 100], [100, 27]];
    let mask = array![[true, false], [true, true]];
    assert_eq!(
        ufunc::Add.reduction().axis(0).mask(&mask).call(&x),
        array![200_i64, 27]
    );
    assert!(
        !ufunc::LogicalAnd
            .reduction()
            .mask(&mask)
            .call(&array![[1, 0], [0, 2]])
            .item()
    );
    assert!(
        ufunc::LogicalAnd
            .reduction()
            .mask(&mask)
            .call(&array![[1, 0], [3, 2]])
            .item()
    );
}

#[test]
fn mistakes_are_numpys() {
    let x = array![[3.0, 1.0, 2.0], [5.0, 4.0, 6.0]];
    let text = |error: ShapeError| error.to_string();
    let mask = array![true, false, true];
    assert_eq!(
        text(ufunc::Subtract.try_reduce_axes(&x, &[0, 1]).unwrap_err()),
        "reduction operation 'subtract' is not reorderable, so at most one axis may be specified"
    );
    assert_eq!(
        text(ufunc::Subtract.try_reduce_all(&x).unwrap_err()),
        "reduction operation 'subtract' is not reorderable, so at most one axis may be specified"
    );
    assert_eq!(
        text(
            ufunc::Maximum
                .reduction()
                .axis(0)
                .mask(&mask)
                .try_call(&x)
                .unwrap_err()
        ),
        "reduction operation 'maximum' does not have an identity, so to use a where mask one has to specify 'initial'"
    );
    let repeated = text(ufunc::Add.try_reduce_axes(&x, &[0, 0]).unwrap_err());
    assert_eq!(repeated, text(x.try_sum_axes(&[0, 0]).unwrap_err()));
    assert!(repeated.starts_with("duplicate value in 'axis'"));
    let numbers = array![0, 1, 2, 3];
    for index in [4, -1] {
        assert_eq!(
            text(
                ufunc::Add
                    .try_reduceat(&numbers, &[0, index], 0)
                    .unwrap_err()
            ),
            format!("index {index} out-of-bounds in add.reduceat [0, 4)")
        );
    }
    let scalar = Array0::from(3).into_dyn();
    assert_eq!(
        text(ufunc::Add.try_accumulate(&scalar, 0).unwrap_err()),
        "cannot accumulate on a scalar"
    );
    assert_eq!(
        text(ufunc::Add.try_reduceat(&scalar, &[0], 0).unwrap_err()),
        "cannot reduceat on a scalar"
    );
    // A scalar can be reduced over the axis that it does not have.
    assert_eq!(ufunc::Subtract.reduce(&scalar, -1).item(), 3);
    assert!(ufunc::Subtract.try_reduce(&scalar, 1).is_err());
    // Nothing to fold is a mistake also where there are no results.
    let none = Array3::<f64>::zeros([2, 0, 0]);
    assert_eq!(
        text(ufunc::Maximum.try_reduce(&none, 1).unwrap_err()),
        "zero-size array to reduction operation maximum which has no identity"
    );
    assert!(ufunc::Maximum.try_reduce_axes(&none, &[0, 1]).is_err());
    assert_eq!(ufunc::Maximum.reduce(&none, 0).shape(), &[0, 0]);
    assert_eq!(ufunc::Add.reduce(&none, 1).shape(), &[2, 0]);
    // Masks and outputs of other shapes, of which nothing was written.
    assert!(
        ufunc::Add
            .reduction()
            .mask(&array![true, false])
            .try_call(&x)
            .is_err()
    );
    let mut out = array![7.0, 7.0];
    assert_eq!(
        text(ufunc::Add.try_reduce_into(&x, 0, &mut out).unwrap_err()),
        "non-broadcastable output operand with shape (2,) doesn't match the broadcast shape (3,)"
    );
    assert!(
        ufunc::Add
            .try_accumulate_into(&x, 0, &mut Array2::zeros([3, 2]))
            .is_err()
    );
    assert!(
        ufunc::Add
            .try_reduceat_into(&x, &[0], 1, &mut Array2::zeros([2, 3]))
            .is_err()
    );
    assert_eq!(out, array![7.0, 7.0]);
}

#[test]
fn outputs_have_the_bits_of_fresh_results() {
    for shape in [[3, 5], [40, 70], [1, 4], [4, 1], [500, 2]] {
        let x = Array2::from_shape_fn(shape, |[i, j]| ((i * 31 + j * 17) % 101) as f64 / 8.0 - 5.0);
        for x in [
            x.view(),
            x.to_order(Order::F).view(),
            x.slice(s![.., ..;-1]),
        ] {
            for axis in [0, 1] {
                macro_rules! check {
                    ($($object:ident)+) => {$(
                        let wanted = ufunc::$object.reduce(&x, axis);
                        let mut out = wanted.full_like(9.0);
                        ufunc::$object.reduce_into(&x, axis, &mut out);
                        assert_eq!(out, wanted);
                        let mut out = wanted.full_like(9.0).into_insert_axis(axis);
                        ufunc::$object.reduce_into(&x, axis, &mut out);
                        assert_eq!(out, ufunc::$object.reduce_keepdims(&x, axis));
                        let wanted = ufunc::$object.accumulate(&x, axis);
                        let mut out = wanted.full_like(9.0);
                        ufunc::$object.accumulate_into(&x, axis, &mut out);
                        assert_eq!(out, wanted);
                        let cuts = [0, x.shape()[axis] - 1, 0];
                        let wanted = ufunc::$object.reduceat(&x, &cuts, axis);
                        let mut out = wanted.t().full_like(9.0_f64);
                        ufunc::$object.reduceat_into(&x, &cuts, axis, &mut out.t_mut());
                        assert_eq!(out.t(), wanted);
                    )+};
                }
                check!(Add Multiply Subtract Maximum Minimum Fmax Hypot Logaddexp Divide);
            }
        }
    }
    let bytes = array![[200_u8, 100], [100, 3]];
    let mut out = Array2::<u64>::zeros([2, 2]);
    ufunc::Add.accumulate_into(&bytes, 0, &mut out);
    assert_eq!(out, array![[200, 100], [300, 103]]);
}
