//! `at` with indices along several axes and with masks.

use orthant::prelude::*;
use orthant::{Order, ShapeError, ufunc};

#[test]
fn indices_along_several_axes_are_numpys() {
    let mut x = Array2::<f64>::zeros([2, 3]);
    ufunc::Add.at_nd(
        &mut x,
        &[&array![0, 1, 1], &array![2, 0, 0]],
        &array![1.0, 2.0, 3.0],
    );
    assert_eq!(x, array![[0.0, 0.0, 1.0], [5.0, 0.0, 0.0]]);
    // They broadcast together.
    let mut x = Array2::<f64>::zeros([2, 3]);
    let (rows, columns) = (array![[0], [1]], array![[0, 0, 2]]);
    ufunc::Add.at_nd(&mut x, &[&rows, &columns], 1.0);
    assert_eq!(x, array![[2.0, 0.0, 1.0], [2.0, 0.0, 1.0]]);
    // Fewer than there are axes: slabs.
    let mut x = Array3::<i32>::zeros([2, 2, 3]);
    ufunc::Add.at_nd(
        &mut x,
        &[&array![0, -1], &array![1, 1]],
        &array![[1, 2, 3], [4, 5, 6]],
    );
    assert_eq!(x.slice(s![.., 1, ..]), array![[1, 2, 3], [4, 5, 6]]);
    assert_eq!(x.sum(), 21);
    // None of them: everything.
    let none: [&Array1<i32>; 0] = [];
    let none: Vec<&ArrayRef1<i32>> = none.iter().map(|&x| &**x).collect();
    let mut x = array![1, 2];
    ufunc::Add.at_nd(&mut x, &none, 10);
    assert_eq!(x, array![11, 12]);
}

#[test]
fn masks_are_numpys() {
    let mask = array![[true, false, true], [false, false, false]];
    let mut x = Array2::<f64>::zeros([2, 3]);
    ufunc::Add.at_mask(&mut x, &mask, &array![1.0, 2.0]);
    assert_eq!(x, array![[1.0, 0.0, 2.0], [0.0, 0.0, 0.0]]);
    let mut x = Array2::<f64>::zeros([2, 3]);
    ufunc::Add.at_mask(&mut x, &array![true, false], &array![1.0, 2.0, 3.0]);
    assert_eq!(x, array![[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]);
    ufunc::Add.at_mask(&mut x, &array![false, false], 9.0);
    assert_eq!(x.sum(), 6.0);
}

/// Every layout, of which only some let the indexed axes be taken as one.
#[test]
fn any_layout_is_changed_in_place() {
    let rows = Array1::from_shape_fn([40], |[k]| (k * 7 % 4) as i64 - 2);
    let columns = Array1::from_shape_fn([40], |[k]| (k * 5 % 6) as i64);
    let values = Array1::from_shape_fn([40], |[k]| k as f64 / 4.0 - 3.0);
    let mut expected = Array2::from_shape_fn([4, 6], |[i, j]| (6 * i + j) as f64);
    let start = expected.clone();
    for ((&i, &j), &value) in rows.iter().zip(columns.iter()).zip(values.iter()) {
        let place = &mut expected[[i.rem_euclid(4) as usize, j as usize]];
        *place = *place / 2.0 - value;
    }
    let halved = |x: &mut ArrayRef2<f64>| {
        for k in 0..40 {
            let at = [
                &rows.slice(s![k..k + 1]).to_owned(),
                &columns.slice(s![k..k + 1]).to_owned(),
            ];
            ufunc::Divide.at_nd(x, &[at[0], at[1]], 2.0);
            ufunc::Subtract.at_nd(x, &[at[0], at[1]], values[k]);
        }
    };
    let mut x = start.clone();
    halved(&mut x);
    assert_eq!(x, expected);
    let mut x = start.to_order(Order::F);
    halved(&mut x);
    assert_eq!(x, expected);
    let mut wide = Array2::<f64>::zeros([8, 12]);
    wide.slice_mut(s![..;-2, ..;2]).assign(&start);
    halved(&mut wide.slice_mut(s![..;-2, ..;2]));
    assert_eq!(wide.slice(s![..;-2, ..;2]), expected);
    assert_eq!(
        wide.slice(s![.., 1..;2]).sum() + wide.slice(s![..;2, ..]).sum(),
        0.0
    );
}

#[test]
fn mistakes_change_nothing() {
    let mut x = Array2::<f64>::zeros([2, 3]);
    let text = |e: Result<(), ShapeError>| e.unwrap_err().to_string();
    assert_eq!(
        text(ufunc::Add.try_at_nd(&mut x, &[&array![0, 1], &array![0, 5]], 1.0)),
        "index 5 is out of bounds for axis 1 with size 3"
    );
    let one = array![0, 1];
    assert_eq!(
        text(ufunc::Add.try_at_nd(&mut x, &[&one, &one, &one], 1.0)),
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    );
    assert!(
        ufunc::Add
            .try_at_nd(&mut x, &[&array![0, 1], &array![0, 1, 2]], 1.0)
            .is_err()
    );
    assert!(
        ufunc::Add
            .try_at_nd(&mut x, &[&one, &one], &array![1.0, 2.0, 3.0])
            .is_err()
    );
    assert_eq!(
        text(ufunc::Add.try_at_mask(&mut x, &array![true, false, true], 1.0)),
        "boolean index did not match indexed array along axis 0; size of axis is 2 but size of corresponding boolean axis is 3"
    );
    let mask = array![[true, false, true], [false, false, false]];
    assert!(
        ufunc::Add
            .try_at_mask(&mut x, &mask, &array![1.0, 2.0, 3.0])
            .is_err()
    );
    assert_eq!(x.sum(), 0.0);
}
