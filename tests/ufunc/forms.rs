//! The ways to call functions: under masks in place, with parameters, with two results, of the user's.

use orthant::prelude::*;
use orthant::ufunc::{IndexMode, IsClose, NanToNumWith, Round};
use orthant::{Complex, ShapeError, broadcast_shapes, try_broadcast_shapes, ufunc, where_};

/// An array and a mask of the same shape with every other kind of strides.
fn layouts(mut check: impl FnMut(&mut ArrayRef2<f64>, &ArrayRef2<bool>)) {
    for [m, n] in [[3, 4], [30, 41], [1, 700], [700, 1]] {
        let x = Array2::from_shape_fn([m, n], |[i, j]| (i * 7 + j * 5) as f64 / 4.0 - 3.0);
        let mask = Array2::from_shape_fn([m, n], |[i, j]| (i + 2 * j) % 3 != 0);
        check(&mut x.clone(), &mask);
        check(&mut x.to_order(orthant::Order::F), &mask);
        check(&mut x.clone().slice_mut(s![..;-1, ..]), &mask);
        let mut wide = Array2::<f64>::zeros([m, 2 * n]);
        wide.slice_mut(s![.., 1..;2]).assign(&x);
        check(&mut wide.slice_mut(s![.., 1..;2]), &mask);
        assert_eq!(wide.slice(s![.., ..;2]).sum(), 0.0);
    }
}

#[test]
fn in_place_under_a_mask() {
    layouts(|x, mask| {
        let before = x.to_owned();
        ufunc::Exp.call_inplace_where(x, mask);
        assert_eq!(x.view(), where_(mask, &before.exp(), &before));
        x.assign(&before);
        ufunc::Multiply.call_inplace_where(x, 3.0, mask);
        assert_eq!(x.view(), where_(mask, &(&before * 3.0), &before));
        x.assign(&before);
        let row = before.row(0).to_owned();
        ufunc::Subtract.call_inplace_where(x, &row, mask);
        assert_eq!(x.view(), where_(mask, &(&before - &row), &before));
        x.assign(&before);
        ufunc::Clip.call_inplace_where(x, -1.0, 2.0, mask);
        assert_eq!(x.view(), where_(mask, &before.clip(-1.0, 2.0), &before));
        x.assign(&before);
        Round(0).call_inplace_where(x, mask);
        assert_eq!(x.view(), where_(mask, &before.round(0), &before));
        x.assign(&before);
        ufunc::Clip.call_where(&before.exp(), &before, 2.0, mask, x);
        assert_eq!(
            x.view(),
            where_(mask, &before.exp().clip(&before, 2.0), &before)
        );
        x.assign(&before);
        ufunc::Sqrt.call_inplace_where(x, false);
        assert_eq!(x.view(), before);
        ufunc::Negative.call_inplace_where(x, true);
        assert_eq!(x.view(), -before);
    });
    // np.clip(x, 2, 4, where=m, out=np.zeros_like(x))
    let x = array![[3.0, 1.0, 2.0], [5.0, 4.0, 6.0]];
    let mask = array![[true, false, true], [false, false, false]];
    let mut y = x.zeros_like();
    ufunc::Clip.call_where(&x, 2.0, 4.0, &mask, &mut y);
    assert_eq!(y, array![[3.0, 0.0, 2.0], [0.0, 0.0, 0.0]]);
    let mut z = array![Complex::new(3.0_f64, 4.0), Complex::new(0.0, 1.0)];
    ufunc::Square.call_inplace_where(&mut z, &array![false, true]);
    assert_eq!(z, array![Complex::new(3.0, 4.0), Complex::new(-1.0, 0.0)]);
}

#[test]
fn mistakes_in_shapes_write_nothing() {
    let mut x = array![1.0, 2.0];
    let (long, wide) = (array![true, true, true], array![[true], [true]]);
    for mask in [long.view_dyn(), wide.view_dyn()] {
        assert!(ufunc::Exp.try_call_inplace_where(&mut x, mask).is_err());
        assert!(
            ufunc::Add
                .try_call_inplace_where(&mut x, 1.0, mask)
                .is_err()
        );
        assert!(
            ufunc::Clip
                .try_call_inplace_where(&mut x, 5.0, 6.0, mask)
                .is_err()
        );
        assert!(
            ufunc::Clip
                .try_call_where(&array![9.0], 5.0, 6.0, mask, &mut x)
                .is_err()
        );
        assert!(Round(0).try_call_inplace_where(&mut x, mask).is_err());
        assert!(ufunc::Where.try_call_into(mask, 5.0, 6.0, &mut x).is_err());
        assert!(x.try_assign_where(mask, 5.0).is_err());
    }
    let mut other = array![7.0];
    assert!(
        ufunc::Modf
            .try_call_into(&array![1.5, 2.5], (&mut x, &mut other))
            .is_err()
    );
    let error = ufunc::Divmod.try_call_into(&array![[1.5], [2.5]], 1.0, (&mut x, &mut other));
    assert_eq!(
        error.unwrap_err().to_string(),
        "non-broadcastable output operand with shape (1,) doesn't match the broadcast shape (2,1)"
    );
    assert!(
        ufunc::Clip
            .try_call_inplace(&mut x, &array![1.0, 2.0, 3.0], 9.0)
            .is_err()
    );
    assert_eq!((x, other), (array![1.0, 2.0], array![7.0]));
}

#[test]
fn two_results_into_arrays() {
    let inf = f64::INFINITY;
    // np.modf([inf, -inf, -0.0, 2.5]), np.frexp([0.0, inf, 5e-324, -12]), np.divmod([7, -7, 7], [0, 2, -2])
    let x = array![inf, -inf, -0.0, 2.5];
    let (mut first, mut second) = (x.zeros_like(), x.zeros_like());
    ufunc::Modf.call_into(&x, (&mut first, &mut second));
    assert_eq!(first, array![0.0, -0.0, -0.0, 0.5]);
    assert_eq!(first.signbit(), array![false, true, true, false]);
    assert_eq!(second, array![inf, -inf, -0.0, 2.0]);
    let mut exponent = Array1::<i32>::zeros(4);
    ufunc::Frexp.call_into(
        &array![0.0, inf, 5e-324, -12.0],
        (&mut first, &mut exponent),
    );
    assert_eq!(first, array![0.0, inf, 0.5, -0.75]);
    assert_eq!(exponent.slice(s![2..]), array![-1073, 4]);
    let (mut quotient, mut rest) = (array![9, 9, 9], array![9, 9, 9]);
    ufunc::Divmod.call_into(
        &array![7, -7, 7],
        &array![0, 2, -2],
        (&mut quotient, &mut rest),
    );
    assert_eq!((&quotient, &rest), (&array![0, -4, -4], &array![0, 1, -1]));
    let mask = array![false, true, false];
    ufunc::Divmod.call_where(100, 7, &mask, (&mut quotient, &mut rest));
    assert_eq!((quotient, rest), (array![0, 14, -4], array![0, 2, -1]));
    // Into columns of one array, of integers, of complex numbers.
    let angles = Array1::<f32>::linspace(-9.0, 9.0, 333);
    let mut both = Array2::<f32>::zeros([333, 2]);
    let (mut sin, mut cos) = both.split_at_mut(1, 1);
    ufunc::Sincos.call_into(&angles.insert_axis(1), (&mut sin, &mut cos));
    assert_eq!(both.column(0), angles.sin());
    assert_eq!(both.column(1), angles.cos());
    assert_eq!(array![3, -2].modf(), (array![0.0, -0.0], array![3.0, -2.0]));
    let z = array![Complex::new(0.5_f64, -1.0)];
    assert_eq!(z.sincos(), (z.sin(), z.cos()));
}

#[test]
fn rounding_into_arrays() {
    let x = array![2.675, 0.285, 1.005, -0.5];
    for decimals in [-1, 0, 2] {
        let mut y = x.zeros_like();
        Round(decimals).call_into(&x, &mut y);
        assert_eq!(y, x.round(decimals));
        let mut y = x.clone();
        Round(decimals).call_inplace(&mut y.flip_mut(0));
        assert_eq!(y, x.round(decimals));
    }
    // np.around(12345.678, -2), np.around(np.array([15, 25, -15], 'i1'), -1)
    assert_eq!(Round(-2).call(&array![12345.678]), array![12300.0]);
    assert_eq!(Round(-1).call(&array![15_i8, 25, -15]), array![20, 20, -20]);
    assert_eq!(Round(3).call(&array![7_u8]), array![7]);
}

#[test]
fn replacements_of_what_is_no_number() {
    let inf = f64::INFINITY;
    // np.nan_to_num([nan, inf, -inf, 1], nan=7, posinf=-inf, neginf=9)
    let x = array![f64::NAN, inf, -inf, 1.0];
    assert_eq!(
        x.nan_to_num_with(7.0, -inf, 9.0),
        array![7.0, -inf, 9.0, 1.0]
    );
    let function = NanToNumWith {
        nan: 0.0_f32,
        posinf: 1.0,
        neginf: -1.0,
    };
    let mut y = Array1::from_shape_fn([1000], |[i]| [f32::NAN, 5.0, f32::NEG_INFINITY][i % 3]);
    let wanted = Array1::from_shape_fn([1000], |[i]| [0.0_f32, 5.0, -1.0][i % 3]);
    assert_eq!(function.call(&y.slice(s![..;-3])), wanted.slice(s![..;-3]));
    function.call_inplace(&mut y);
    assert_eq!(y, wanted);
}

#[test]
fn closeness_into_an_array() {
    let (x, y) = (
        array![1.0, 1.1, f64::NAN],
        array![1.0 + 1e-9, 1.0, f64::NAN],
    );
    let mut close = array![false, true, true];
    IsClose::default().call_into(&x, &y, &mut close);
    assert_eq!(close, array![true, false, false]);
    assert_eq!(x.is_close_nan(&y, 1e-5, 1e-8), array![true, false, true]);
    let mut table = Array2::full([3, 3], true);
    IsClose::default().call_into(&x.insert_axis(1), &x, &mut table);
    assert_eq!(table.cast::<u8>().sum(), 2);
    assert!(x.try_is_close(&array![1.0, 2.0], 0.0, 0.0).is_err());
}

#[test]
fn choices_into_arrays() {
    let x = Array1::<i32>::arange(0, 6, 1);
    let mut y = x.zeros_like();
    ufunc::select_into(&[&x.less(3), &x.greater(3)], &[&x, &x.square()], 42, &mut y);
    assert_eq!(y, array![0, 1, 2, 42, 16, 25]);
    let names = [array!["a", "b"], array!["c", "d"]];
    let mut out = array!["", ""].map(|name| name.to_string());
    let owned = [
        names[0].map(|n| n.to_string()),
        names[1].map(|n| n.to_string()),
    ];
    ufunc::choose_into(
        &array![1, 0],
        &[&owned[0], &owned[1]],
        IndexMode::Raise,
        &mut out,
    );
    assert_eq!(out, array!["c", "b"].map(|name| name.to_string()));
    ufunc::Where.call_into(&array![true, false], &owned[0], &owned[1], &mut out);
    assert_eq!(out, array!["a", "d"].map(|name| name.to_string()));

    // np.choose([3, -1, 0], …) in all modes
    let (a, b, index) = (array![1, 2, 3], array![10, 20, 30], array![3, -1, 0]);
    let choose = |mode| ufunc::try_choose_with(&index, &[&a, &b], mode);
    assert_eq!(choose(IndexMode::Wrap), Ok(array![10, 20, 3]));
    assert_eq!(choose(IndexMode::Clip), Ok(array![10, 2, 3]));
    let error = choose(IndexMode::Raise).unwrap_err().to_string();
    assert!(error.contains("invalid entry in choice array"), "{error}");
    let none: [&ArrayRef1<i32>; 0] = [];
    assert!(ufunc::try_choose_with(&index, &none, IndexMode::Wrap).is_err());
    // Strided and broadcast operands, into a strided output.
    let mut table = Array2::<i32>::zeros([2, 6]);
    let rows = array![[-5], [5]];
    let (a, b) = (a.insert_axis(0), b.insert_axis(0));
    ufunc::choose_into(
        &rows,
        &[&a, &b],
        IndexMode::Clip,
        &mut table.slice_mut(s![.., ..;-2]),
    );
    assert_eq!(table, array![[0, 3, 0, 2, 0, 1], [0, 30, 0, 20, 0, 10]]);
    let error = ufunc::try_choose_into(&rows, &[&a], IndexMode::Clip, &mut Array1::zeros(3));
    assert!(matches!(error, Err(ShapeError::Output { .. })));
}

#[test]
fn places_under_a_mask() {
    layouts(|x, mask| {
        let before = x.to_owned();
        x.assign_where(mask, &before.square());
        assert_eq!(x.view(), where_(mask, &before.square(), &before));
        x.assign_where(mask, 0.0);
        assert_eq!(x.view(), where_(mask, 0.0, &before));
    });
    // np.copyto(x, [[7], [8]], where=[True, False, True])
    let mut x = array![[0, 1, 2], [3, 4, 5]];
    x.assign_where(&array![true, false, true], &array![[7], [8]]);
    assert_eq!(x, array![[7, 1, 7], [8, 4, 8]]);
}

#[test]
fn other_names() {
    let x = array![3, -4];
    assert_eq!(x.true_divide(2), array![1.5, -2.0]);
    assert_eq!(ufunc::TrueDivide.call(&x, 2), x.divide(2));
    assert_eq!(x.negative(), array![-3, 4]);
    assert_eq!(array![i8::MIN].negative(), array![i8::MIN]);
}

#[test]
fn functions_of_the_users_have_all_forms() {
    let double = ufunc::from_fn(|x: i32| 2 * x);
    let mut table = array![[1, 2], [3, 4]];
    double.call_inplace(&mut table.t_mut());
    assert_eq!(table, array![[2, 4], [6, 8]]);
    double.call_into(&array![5, 6], &mut table);
    assert_eq!(table, array![[10, 12], [10, 12]]);
    let sum = ufunc::from_fn(|x: i32, y: i32| x + y);
    sum.call_inplace(&mut table, &array![[1], [2]]);
    assert_eq!(table, array![[11, 13], [12, 14]]);
    sum.call_into(1, &array![2, 3], &mut table);
    assert_eq!(table, array![[3, 4], [3, 4]]);
    let error = sum
        .try_call_inplace(&mut table, &array![1, 2, 3])
        .unwrap_err();
    assert!(matches!(error, ShapeError::Broadcast { .. }));
    let error = sum
        .try_call_into(&table.clone(), 1, &mut array![0, 0])
        .unwrap_err();
    assert!(matches!(error, ShapeError::Output { .. }));
    let within = ufunc::from_fn(|x: i32, low: i32, high: i32| x.clamp(low, high));
    within.call_into(&array![[0], [9]], 1, &array![4, 8], &mut table);
    assert_eq!(table, array![[1, 1], [4, 8]]);
    assert!(within.try_call(&array![1, 2], 0, &array![1, 2, 3]).is_err());
}

#[test]
fn over_one_axis_after_the_other() {
    // np.apply_over_axes(np.sum, np.arange(24).reshape(2, 3, 4), [0, 2])
    let x = Array1::<i64>::arange(0, 24, 1).into_reshape([2, 3, 4]);
    let wanted = array![[[60_i64], [92], [124]]];
    assert_eq!(
        x.apply_over_axes(|x, axis| x.sum_axis(axis), &[0, 2]),
        wanted
    );
    assert_eq!(
        x.apply_over_axes(|x, axis| x.sum_keepdims(axis), &[0, -1]),
        wanted
    );
    let none: [i32; 0] = [];
    assert_eq!(x.apply_over_axes(|x, axis| x.sum_axis(axis), &none), x);
    let wrong = x.try_apply_over_axes(|x, _| x.ravel().into_owned().into_dyn(), &[0]);
    assert!(matches!(wrong, Err(ShapeError::Argument { .. })));
}

#[test]
fn shapes_broadcast() {
    assert_eq!(broadcast_shapes(&[&[2, 1], &[3], &[]]), [2, 3]);
    assert_eq!(broadcast_shapes(&[]), [0_usize; 0]);
    assert_eq!(broadcast_shapes(&[&[0, 3], &[1, 3]]), [0, 3]);
    let error = try_broadcast_shapes(&[&[2], &[3]]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together with shapes (2,) (3,)"
    );
    assert!(matches!(
        try_broadcast_shapes(&[&[1; 9]]),
        Err(ShapeError::TooManyAxes { .. })
    ));
}

#[test]
fn choices_on_all_threads() {
    let n = 200_003;
    let index = Array1::from_shape_fn([n], |[i]| (i * 7 % 5) as i64 - 1);
    let of = |k: f64| Array1::from_shape_fn([n], |[i]| i as f64 * k + 0.25);
    let (a, b, c) = (of(1.0), of(2.0), of(3.0));
    let choices = [&*a, &*b, &*c];
    for threads in [1, 2, 4] {
        orthant::with_threads(threads, || {
            for mode in [IndexMode::Wrap, IndexMode::Clip] {
                let expected = Array1::from_shape_fn([n], |[i]| {
                    let place = match mode {
                        IndexMode::Wrap => index[i].rem_euclid(3),
                        _ => index[i].clamp(0, 2),
                    };
                    choices[place as usize][i]
                });
                assert_eq!(ufunc::choose_with(&index, &choices, mode), expected);
                let mut out = Array1::zeros(n);
                ufunc::choose_into(&index, &choices, mode, &mut out);
                assert_eq!(out, expected);
                let mut wide = Array1::zeros(2 * n);
                ufunc::choose_into(&index, &choices, mode, &mut wide.slice_mut(s![..;2]));
                assert_eq!(wide.slice(s![..;2]), expected);
                assert_eq!(wide.slice(s![1..;2]).sum(), 0.0);
            }
            // The first mistake is named, and nothing is written.
            let mut bad = Array1::<i32>::zeros(n);
            (bad[70_000], bad[n - 1]) = (-1, 3);
            let mut wide = Array1::full(2 * n, 7.0);
            let mut slots = wide.slice_mut(s![..;2]);
            let into = ufunc::try_choose_into(&bad, &choices, IndexMode::Raise, &mut slots);
            assert!(into.unwrap_err().to_string().contains("-1 of 3"));
            let mut out = Array1::full(n, 7.0);
            let into = ufunc::try_choose_into(&bad, &choices, IndexMode::Raise, &mut out);
            assert!(into.is_err());
            assert!(wide.iter().chain(out.iter()).all(|&x| x == 7.0));
        });
    }
}

#[test]
fn choices_of_strings_of_nothing_and_of_single_elements() {
    let name = |n: &&str| n.to_string();
    let (a, b) = (array!["a", "b"].map(name), array!["c", "d"].map(name));
    assert_eq!(
        ufunc::choose(&array![[1], [0]], &[&a, &b]),
        array![["c", "d"], ["a", "b"]].map(name)
    );
    let none = Array1::<f64>::zeros(0);
    assert!(ufunc::choose(&Array1::<i32>::zeros(0), &[&none, &none]).is_empty());
    assert!(ufunc::choose(&array![5], &[&none, &none]).is_empty());
    let index = Array1::from_shape_fn([100_001], |[i]| (i % 2) as i32);
    let chosen = ufunc::choose(&index, &[&array![2.0], &array![3.0]]);
    let mut elements = chosen.iter().enumerate();
    assert!(elements.all(|(i, &x)| x == 2.0 + (i % 2) as f64));
    // More rows to be broadcast than are worth copies.
    let rows = [0, 1, 2, 3].map(|k| array![[k, k + 10, k + 20]]);
    let [a, b, c, d] = &rows;
    assert_eq!(
        ufunc::choose(&array![[3], [1]], &[a, b, c, d]),
        array![[3, 13, 23], [1, 11, 21]]
    );
}
