//! `reduce`, `accumulate`, `reduceat`, `outer`, `at`, and the functions of lanes.

use crate::support::keyed::Golden;
use crate::support::{indices, recipe, shape};
use orthant::prelude::*;
use orthant::{ShapeError, assert_all_close, ufunc};
use proptest::prelude::*;

fn shaped(golden: &Golden, key: &str, shape: &[usize]) -> ArrayD<f64> {
    golden.array(key).into_reshape(shape)
}

const SHAPE: [usize; 3] = [3, 4, 5];

fn reduced(axis: usize) -> Vec<usize> {
    let mut shape = SHAPE.to_vec();
    shape.remove(axis);
    shape
}

/// The array as it is, column-major, reversed and strided.
fn layouts(x: &ArrayRefD<f64>, mut check: impl FnMut(&ArrayRefD<f64>)) {
    check(x);
    check(&x.to_order(orthant::Order::F));
    let reversed = x.flip(1).to_owned();
    check(&reversed.flip(1));
    let mut wide = Array3::<f64>::zeros([3, 4, 10]);
    wide.slice_axis_mut(2, None, None, 2).assign(x);
    check(&wide.slice_axis(2, None, None, 2).view_dyn());
}

#[test]
fn folds_agree_with_numpy() {
    let golden = Golden::read("lanes");
    let x = shaped(&golden, "x", &SHAPE);
    layouts(&x, |x| {
        for axis in 0..3 {
            macro_rules! check {
                ($($object:ident $name:literal)+) => {$(
                    let key = format!("{}_reduce_{axis}", $name);
                    let wanted = shaped(&golden, &key, &reduced(axis));
                    assert_all_close!(ufunc::$object.reduce(x, axis), wanted, rtol = 1e-14, atol = 1e-14);
                    let key = format!("{}_accumulate_{axis}", $name);
                    let wanted = shaped(&golden, &key, &SHAPE);
                    assert_all_close!(ufunc::$object.accumulate(x, axis), wanted, rtol = 1e-14, atol = 1e-14);
                )+};
            }
            check!(Subtract "subtract" Maximum "maximum" Fmin "fmin" Add "add" Multiply "multiply");
            let mut shape = SHAPE;
            shape[axis] = 4;
            let wanted = shaped(&golden, &format!("add_reduceat_{axis}"), &shape);
            let got = ufunc::Add.reduceat(x, &[2, 0, 1, 1], axis);
            assert_all_close!(got, wanted, rtol = 1e-14, atol = 1e-14);
        }
    });
    let x = x.into_rank::<3>();
    let (row, rows) = (x.slice(s![0, 0, ..]), x.slice(s![1, ..2, ..]));
    let wanted = golden.array("multiply_outer").into_reshape([5, 2, 5]);
    assert_eq!(ufunc::Multiply.outer(row, rows), wanted);
}

#[test]
fn at_counts_repeated_indices() {
    let golden = Golden::read("lanes");
    let x = shaped(&golden, "x", &SHAPE);
    let y = shaped(&golden, "y", &[5, 4, 5]);
    let at = array![0, 2, 2, -1, 0];
    let mut sum = x.clone();
    ufunc::Add.at(&mut sum, &at, &y);
    assert_all_close!(
        sum,
        shaped(&golden, "add_at", &SHAPE),
        rtol = 1e-14,
        atol = 1e-14
    );
    let mut difference = x.clone();
    ufunc::Subtract.at(&mut difference, &at, &y);
    assert_all_close!(
        difference,
        shaped(&golden, "subtract_at", &SHAPE),
        rtol = 1e-14,
        atol = 1e-14
    );

    let mut table = array![[0, 0], [0, 0]];
    ufunc::Add.at(&mut table, &array![[0, 1], [1, 1]], 1);
    assert_eq!(table, array![[1, 1], [3, 3]]);
    let before = table.clone();
    let error = ufunc::Add.try_at(&mut table, &array![0, 5], 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index 5 is out of bounds for axis 0 with size 2"
    );
    assert!(
        ufunc::Add
            .try_at(&mut table, &array![0, 1], &array![1, 2, 3])
            .is_err()
    );
    assert_eq!(table, before);
}

#[test]
fn lanes_agree_with_numpy() {
    let golden = Golden::read("lanes");
    let x = shaped(&golden, "x", &SHAPE);
    layouts(&x, |x| {
        for axis in 0..3 {
            let wanted = |name: &str| shaped(&golden, &format!("{name}_{axis}"), &SHAPE);
            let negative = axis as isize - 3;
            assert_all_close!(x.softmax(axis), wanted("softmax"), rtol = 1e-14);
            assert_all_close!(x.softmax(negative), wanted("softmax"), rtol = 1e-14);
            assert_all_close!(
                x.log_softmax(axis),
                wanted("log_softmax"),
                rtol = 1e-13,
                atol = 1e-14
            );
            assert_all_close!(
                x.layer_norm(axis, 1e-5),
                wanted("layer_norm"),
                rtol = 1e-13,
                atol = 1e-14
            );
            assert_all_close!(x.normalize(axis, 1e-12), wanted("normalize"), rtol = 1e-14);
            let narrow = x.cast::<f32>().softmax(axis);
            assert_all_close!(narrow, wanted("softmax").cast::<f32>(), rtol = 2e-6);
        }
    });
}

#[test]
fn lanes_keep_memory_order_and_bits() {
    let x = Array2::from_shape_fn([300, 257], |[i, j]| {
        ((i * 31 + j * 17) % 101) as f64 / 10.0 - 5.0
    });
    let y = x.softmax(-1);
    assert!(y.is_c_contiguous());
    assert!(x.t().softmax(0).is_f_contiguous());
    assert_eq!(x.t().softmax(0).t(), y);
    assert_eq!(orthant::with_threads(1, || x.softmax(-1)), y);
    assert!(
        x.to_order(orthant::Order::F)
            .softmax(-1)
            .all_close(&y, 1e-15, 0.0)
    );
}

#[test]
fn softmax_of_extremes() {
    let inf = f64::INFINITY;
    let x = array![[-inf, 0.0, -inf], [1e308, -1e308, 1e308]];
    assert_eq!(x.softmax(-1), array![[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]]);
    assert_eq!(x.log_softmax(-1).row(0), array![-inf, 0.0, -inf]);
    for bad in [array![inf, 0.0], array![f64::NAN, 0.0], array![-inf, -inf]] {
        assert!(bad.softmax(0).iter().all(|p| p.is_nan()));
    }
    assert_eq!(Array2::<f32>::zeros([0, 3]).softmax(1).shape(), &[0, 3]);
    assert_eq!(Array2::<f32>::zeros([3, 0]).softmax(1).shape(), &[3, 0]);
    assert_eq!(array![4.0].softmax(0), array![1.0]);
    let error = array![1.0].try_softmax(1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "axis 1 is out of bounds for array of dimension 1"
    );
}

#[test]
fn one_hot_places_ones() {
    let labels = array![[1, 0], [2, 2]];
    let y = labels.one_hot::<f64>(3);
    assert_eq!(y.shape(), &[2, 2, 3]);
    assert_eq!(y.sum_axis(-1), Array2::<f64>::ones([2, 2]));
    assert_eq!((y[[0, 0, 1]], y[[0, 1, 0]], y[[1, 0, 2]]), (1.0, 1.0, 1.0));
    assert!(array![3].try_one_hot::<f32>(3).is_err());
    assert!(array![-1].try_one_hot::<f32>(3).is_err());
}

#[test]
fn folding_nothing_gives_the_identity() {
    let none = Array2::<i32>::zeros([0, 3]);
    assert_eq!(ufunc::Add.reduce(&none, 0), array![0_i64, 0, 0]);
    assert_eq!(ufunc::Multiply.reduce(&none, 0), array![1_i64, 1, 1]);
    assert_eq!(ufunc::Maximum.reduce(&none, 1).shape(), &[0]);
    let error = ufunc::Maximum.try_reduce(&none, 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "zero-size array to reduction operation maximum which has no identity"
    );
    let no_truths = Array1::<bool>::from_vec(vec![]);
    assert!(ufunc::LogicalAnd.reduce(&no_truths, 0).item());
    assert_eq!(ufunc::Subtract.accumulate(&none, 0).shape(), &[0, 3]);
}

#[test]
fn several_axes_need_an_order_that_does_not_matter() {
    let x = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
    assert_eq!(
        ufunc::Add.reduce_axes(&x, &[0, -1]),
        array![60_i64, 92, 124]
    );
    assert_eq!(ufunc::Maximum.reduce_all(&x), 23);
    assert_eq!(
        ufunc::Subtract.reduce_axes(&x, &[2]),
        x.map(|&v| v).index_axis(2, 0) - x.slice(s![.., .., 1..]).sum_axis(2).cast::<i32>()
    );
    let error = ufunc::Subtract.try_reduce_axes(&x, &[0, 1]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("at most one axis may be specified")
    );
    assert!(matches!(
        ufunc::Add.try_reduce_axes(&x, &[0, -3]),
        Err(ShapeError::RepeatedAxis { .. })
    ));
    assert_eq!(
        ufunc::Add.reduce_axes::<_, _, i32>(&x, &[]),
        x.cast::<i64>()
    );
}

#[test]
fn identities_and_orders_are_numpys() {
    let none = Array1::<i32>::from_vec(vec![]);
    assert_eq!(ufunc::BitwiseAnd.reduce(&none, 0).item(), -1);
    assert_eq!(ufunc::BitwiseOr.reduce(&none, 0).item(), 0);
    assert_eq!(ufunc::Gcd.reduce(&none, 0).item(), 0);
    assert!(ufunc::Lcm.try_reduce(&none, 0).is_err());
    assert!(ufunc::FloorDivide.try_reduce(&none, 0).is_err());
    let nothing = Array1::<f64>::from_vec(vec![]);
    assert_eq!(
        ufunc::Logaddexp.reduce(&nothing, 0).item(),
        f64::NEG_INFINITY
    );
    assert_eq!(ufunc::Hypot.reduce(&nothing, 0).item(), 0.0);

    let x = array![12, 18, 30];
    assert_eq!(ufunc::Gcd.reduce(&x, 0).item(), 6);
    assert_eq!(ufunc::Lcm.reduce(&x, 0).item(), 180);
    assert_eq!(ufunc::BitwiseXor.reduce(&x, 0).item(), 12 ^ 18 ^ 30);
    // np.power.reduce([2, 3, 2]) == (2 ** 3) ** 2, np.floor_divide.reduce([100, 7, 2]) == 7
    assert_eq!(ufunc::Pow.reduce(&array![2, 3, 2], 0).item(), 64);
    assert_eq!(ufunc::FloorDivide.reduce(&array![100, 7, 2], 0).item(), 7);
    assert_eq!(ufunc::Divide.reduce(&array![8.0, 2.0, 2.0], 0).item(), 2.0);
    assert!((ufunc::Hypot.reduce(&array![2.0_f64, 3.0, 6.0], 0).item() - 7.0).abs() < 1e-15);
    let log_sum = ufunc::Logaddexp
        .reduce(&array![0.0_f64, 0.0, 0.0, 0.0, 0.0], 0)
        .item();
    assert!((log_sum - f64::ln(5.0)).abs() < 1e-15);
}

/// Numbers with ties, zeros of both signs and, from some index on, NaN of both signs.
fn special(i: usize, first_nan: usize) -> f64 {
    match i * 7919 % 13 {
        0 => 0.0,
        1 => -0.0,
        2 if i >= first_nan => f64::NAN,
        3 if i >= first_nan => -f64::NAN,
        4 => f64::NEG_INFINITY,
        k => (k as f64 - 9.0) * if i > 40 { 2.0 } else { 0.5 },
    }
}

/// NumPy's `maximum` and `minimum`: the first of equals and the first NaN stay.
fn extremum(x: f64, y: f64, greatest: bool) -> f64 {
    let stays = if greatest { x >= y } else { x <= y };
    if stays || x.is_nan() { x } else { y }
}

#[test]
fn running_extrema_are_left_folds_to_the_bit() {
    for (shape, first_nan) in [
        ([1, 1, 1], 0),
        ([1, 1, 7], 99),
        ([1, 1, 203], 150),
        ([2, 1, 64], 9),
        ([5, 40, 33], 3_000),
        ([0, 3, 2], 0),
    ] {
        let n = shape.iter().product();
        let x = ArrayD::from_shape_vec(&shape[..], (0..n).map(|i| special(i, first_nan)).collect());
        for x in [x.view(), x.t(), x.slice_axis(2, None, None, -2)] {
            for (axis, greatest) in (0..3).flat_map(|axis| [(axis, true), (axis, false)]) {
                let found = if greatest {
                    ufunc::Maximum.accumulate(&x, axis)
                } else {
                    ufunc::Minimum.accumulate(&x, axis)
                };
                assert_eq!(found.shape(), x.shape());
                for (lane, found) in x.lanes(axis).zip(found.lanes(axis)) {
                    let mut fold = None;
                    for (&x, found) in lane.iter().zip(found.iter()) {
                        let next = fold.map_or(x, |before| extremum(before, x, greatest));
                        assert_eq!(found.to_bits(), next.to_bits());
                        fold = Some(next);
                    }
                }
            }
        }
    }
    assert_eq!(
        ufunc::Minimum.accumulate(&array![u8::MAX, 3, 7, 2], 0),
        array![255, 3, 3, 2]
    );
    assert_eq!(
        ufunc::Maximum.accumulate(&array![i64::MIN, -5, -9], 0),
        array![i64::MIN, -5, -5]
    );
}

#[test]
fn reduceat_has_the_bits_of_the_reductions() {
    let x = Array1::from_shape_fn(60_000, |[i]| (i * 7919 % 1009) as f32 / 7.0);
    let wide = x
        .as_slice()
        .map(|x| Array1::from_vec(x.iter().flat_map(|&v| [v, 0.5]).collect()));
    let wide = wide.expect("dense");
    let cuts = [0, 1, 40, 1_064, 900, 20_000, 59_999];
    let stretches = [(0, 1), (1, 40), (40, 1_064), (1_064, 1_065), (900, 20_000)];
    let stretches = stretches
        .into_iter()
        .chain([(20_000, 59_999), (59_999, 60_000)]);
    for x in [x.view(), wide.slice_axis(0, None, None, 2)] {
        let sums = ufunc::Add.reduceat(&x, &cuts, 0);
        let columns = x.insert_axis(1);
        assert_eq!(ufunc::Add.reduceat(&columns, &cuts, 0), sums.insert_axis(1));
        for (sum, (start, end)) in sums.iter().zip(stretches.clone()) {
            let part = x.slice_axis(0, Some(start), Some(end), 1);
            assert_eq!(sum.to_bits(), part.sum_axis(0).item().to_bits());
        }
    }
    let factors = array![2_u8, 100, 3, 5];
    assert_eq!(
        ufunc::Multiply.reduceat(&factors, &[0, 2], 0),
        array![200_u64, 15]
    );
}

#[test]
fn reduceat_refuses_indices_beyond_the_axis() {
    let x = array![1, 2, 3, 4];
    let error = ufunc::Add.try_reduceat(&x, &[0, 4], 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index 4 out-of-bounds in add.reduceat [0, 4)"
    );
    assert!(ufunc::Add.try_reduceat(&x, &[-1], 0).is_err());
    assert_eq!(ufunc::Maximum.reduceat(&x, &[3, 0, 2], 0), array![4, 2, 4]);
}

proptest! {
    /// Left folds and maxima of any layout against loops over indices.
    #[test]
    fn any_layout_folds(recipe in shape().prop_flat_map(recipe), axis in 0_usize..4) {
        let base = recipe.base(|i| (i * 7919 % 201) as i64 - 100);
        let x = recipe.view(&base);
        prop_assume!(x.ndim() > 0);
        let axis = axis % x.ndim();
        let n = x.shape()[axis];
        prop_assume!(n > 0);
        let difference = ufunc::Subtract.reduce(&x, axis);
        let greatest = ufunc::Maximum.reduce(&x, axis);
        let running = ufunc::Subtract.accumulate(&x, axis);
        for at in indices(difference.shape()) {
            let element = |i: usize| {
                let mut index = at.clone();
                index.insert(axis, i);
                (x[&index[..]], running[&index[..]])
            };
            let mut fold = element(0).0;
            prop_assert_eq!(element(0).1, fold);
            for i in 1..n {
                fold -= element(i).0;
                prop_assert_eq!(element(i).1, fold);
            }
            prop_assert_eq!(difference[&at[..]], fold);
            prop_assert_eq!(greatest[&at[..]], (0..n).map(|i| element(i).0).max().unwrap());
        }
    }
}

#[test]
fn logic_folds_numbers_and_comparisons_fold_truths() {
    let x = array![[1.0, 2.0], [0.0, f64::NAN]];
    assert_eq!(ufunc::LogicalAnd.reduce(&x, 0), array![false, true]);
    assert_eq!(ufunc::LogicalOr.reduce(&x, 1), array![true, true]);
    assert!(ufunc::LogicalXor.reduce_all(&x));
    assert_eq!(
        ufunc::LogicalAnd.accumulate(&array![3, 1, 0, 2], 0),
        array![true, true, false, false]
    );
    assert_eq!(
        ufunc::LogicalOr.reduceat(&array![0, 0, 7, 0], &[0, 2, 3], 0),
        array![false, true, false]
    );
    let b = array![[true, false], [true, true]];
    assert_eq!(ufunc::Equal.reduce(&b, 0), array![true, false]);
    assert_eq!(ufunc::NotEqual.reduce(&b, 0), array![false, true]);
    assert_eq!(ufunc::Less.reduce(&b, 0), array![false, true]);
    assert_eq!(ufunc::LessEqual.reduce(&b, 0), array![true, true]);
    assert_eq!(ufunc::Greater.reduce(&b, 0), array![false, false]);
    assert_eq!(ufunc::GreaterEqual.reduce(&b, 0), array![true, false]);
    assert!(ufunc::Equal.try_reduce_axes(&b, &[0, 1]).is_err());
    let f = array![[1.0, 2.0], [0.0, 3.0]];
    assert_eq!(ufunc::Heaviside.reduce(&f, 0), array![1.0, 1.0]);
    assert_eq!(ufunc::FloatPower.reduce(&f, 0), array![1.0, 8.0]);
}

#[test]
fn functions_of_real_numbers_fold_integers_as_floats() {
    // What NumPy's `accumulate` ends with; its `arctan2.reduce` forgets the steps in between.
    let x = array![7_i32, 2, 3];
    let is = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-15, "{found}");
    is(
        ufunc::FloatPower.reduce_all_from(7.0, &array![2_u8, 3]),
        117649.0,
    );
    is(ufunc::FloatPower.reduce(&x, 0).item(), 117649.0);
    is(ufunc::Divide.reduce(&x, 0).item(), 1.1666666666666667);
    is(ufunc::Atan2.reduce(&x, 0).item(), 0.4068002029655649);
    is(ufunc::Nextafter.reduce(&x, 0).item(), 6.999999999999998);
    is(ufunc::Copysign.reduce(&x, 0).item(), 7.0);
    is(ufunc::Hypot.reduce_all(&x), 7.874007874011811);
    is(ufunc::Logaddexp.reduce_all(&x), 7.024744890138823);
    is(ufunc::Logaddexp2.reduce_all(&x), 7.129283016944966);
    assert_eq!(ufunc::Heaviside.accumulate(&x, 0), array![7.0, 1.0, 1.0]);
    assert_eq!(
        ufunc::FloatPower.accumulate(&x, 0),
        array![7.0, 49.0, 117649.0]
    );
    assert_eq!(ufunc::Divide.accumulate(&x, 0), array![7.0, 3.5, 3.5 / 3.0]);
    assert_eq!(
        ufunc::Divide.reduce(&array![true, true, false], 0).item(),
        f64::INFINITY
    );
    assert_eq!(
        ufunc::FloatPower.reduce(&array![2_f32, 3.0], 0).item(),
        8_f64
    );
    assert_eq!(ufunc::Divide.reduceat(&x, &[0, 2], 0), array![3.5, 3.0]);
}

#[test]
fn folds_start_from_a_value() -> Result<(), ShapeError> {
    let x = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
    assert_eq!(
        ufunc::Add.reduce_axes_from(100, &x, &[0, -1]),
        array![160_i64, 192, 224]
    );
    assert_eq!(ufunc::Add.reduce_all_from(-6, &x), 270);
    assert_eq!(ufunc::Maximum.reduce_all_from(99, &x), 99);
    // None of the axes: the value and each element.
    let none: [i32; 0] = [];
    assert_eq!(
        ufunc::Minimum.reduce_axes_from(5, &x, &none),
        x.minimum(5).view_dyn()
    );
    // One that depends on the order, over one axis.
    assert_eq!(
        ufunc::Subtract.reduce_axes_from(10, &array![[1, 2], [3, 4]], &[1]),
        array![7, 3]
    );
    assert!(
        ufunc::Subtract
            .try_reduce_axes_from(0, &x, &[0, 1])
            .is_err()
    );
    assert!(ufunc::Add.try_reduce_axes_from(0, &x, &[3]).is_err());
    assert!(ufunc::Add.try_reduce_from(0, &x, 3).is_err());
    // Nothing to fold.
    let empty = Array3::<f64>::zeros([2, 0, 3]);
    assert_eq!(
        ufunc::Maximum.try_reduce_axes_from(-1.0, &empty, &[0, 1])?,
        array![-1.0, -1.0, -1.0]
    );
    assert_eq!(ufunc::Minimum.reduce_all_from(7.0, &empty), 7.0);
    Ok(())
}

/// Functions with a loop of their own and without, lanes and values of all kinds of strides.
#[test]
fn at_of_every_kind_is_one_place_after_the_other() {
    fn check<F>(function: &ufunc::Binary<F>, f: impl Fn(f64, f64) -> f64)
    where
        F: ufunc::BinaryUfunc<f64, Output = f64>,
    {
        let at = array![[3, 0, -1], [3, 1, 3]];
        let values = Array2::from_shape_fn([2, 6], |[i, j]| (7 * i + j) as f64 - 4.0);
        let start = Array1::<f64>::arange(1.0, 11.0, 1.0);
        for values in [values.slice(s![.., ..3]), values.slice(s![.., ..;-2])] {
            let mut dense = start.slice(s![..;2]).to_owned();
            let mut expected = dense.clone();
            for (&at, &value) in at.iter().zip(values.iter()) {
                let at = if at < 0 { 4 } else { at };
                expected[at] = f(expected[at], value);
            }
            let mut strided = start.clone();
            function.at(&mut dense, &at, values);
            function.at(&mut strided.slice_mut(s![..;2]), &at, values);
            assert_eq!(dense, expected);
            assert_eq!(strided.slice(s![..;2]), expected);
            assert_eq!(strided.slice(s![1..;2]), start.slice(s![1..;2]));
        }
        let mut one = array![2.0, 3.0];
        function.at(&mut one, &array![1, 1], 0.5);
        assert_eq!(one, array![2.0, f(f(3.0, 0.5), 0.5)]);
    }
    check(&ufunc::Add, |x, y| x + y);
    check(&ufunc::Subtract, |x, y| x - y);
    check(&ufunc::Multiply, |x, y| x * y);
    check(&ufunc::Divide, |x, y| x / y);
    check(&ufunc::Maximum, f64::max);
    check(&ufunc::Fmin, f64::min);
}

#[test]
fn one_hot_of_many_labels() {
    let labels = Array1::from_shape_fn([70_000], |[i]| (i * 7 % 61) as i64);
    let y = labels.one_hot::<f32>(61);
    assert_eq!(y.sum(), 70_000.0);
    assert!((0..70_000).all(|i| y[[i, i * 7 % 61]] == 1.0));
    assert_eq!(Array1::<i32>::zeros([0]).one_hot::<f64>(0).shape(), [0, 0]);
}
