//! Reductions that NumPy's tutorials use, with the numbers that NumPy prints.

use orthant::prelude::*;

fn arr() -> Array1<i64> {
    array![3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
}

fn scores() -> Array2<i64> {
    array![[85, 90, 78, 92], [74, 85, 92, 86], [90, 79, 87, 82]]
}

#[test]
fn sum_cumsum_prod_cumprod_of_arr() {
    let x = arr();
    assert_eq!(x.sum(), 39);
    assert_eq!(x.cumsum(), array![3, 4, 8, 9, 14, 23, 25, 31, 36, 39]);
    assert_eq!(x.prod(), 97200);
    let products = array![3, 3, 12, 12, 60, 540, 1080, 6480, 32400, 97200];
    assert_eq!(x.cumprod(), products);
}

#[test]
fn mean_std_var_of_data() {
    let x = scores();
    assert_eq!(x.mean(), 85.0);
    assert!((x.std() - 5.5377492419453835).abs() < 1e-12);
    assert!((x.var() - 92.0 / 3.0).abs() < 1e-12);
}

#[test]
fn mean_and_std_of_data_along_an_axis() {
    let x = scores();
    assert!(x.mean_axis(0).all_close(
        &array![83.0, 254.0 / 3.0, 257.0 / 3.0, 260.0 / 3.0],
        1e-12,
        0.0
    ));
    assert_eq!(x.mean_axis(1), array![86.25, 84.25, 84.5]);
    assert!(x.std_axis(0).all_close(
        &array![
            6.683312551921141,
            4.496912521077347,
            5.792715732327589,
            4.109609335312651
        ],
        1e-12,
        0.0
    ));
}

#[test]
fn methods_with_axis_and_keepdims() {
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]];
    assert_eq!(x.sum_keepdims(-1), array![[6.0], [18.0]]);
    assert_eq!(x.mean_keepdims(-1), array![[2.0], [6.0]]);
    assert_eq!(x.max_keepdims(0), array![[4.0, 5.0, 9.0]]);
    assert_eq!(x.std_keepdims(1).shape(), &[2, 1]);
    assert_eq!((x.max(), x.sum()), (9.0, 24.0));
}

#[test]
fn mean_of_activations_along_either_axis() {
    let x = Array2::<f64>::ones([32, 768]);
    assert_eq!(x.mean_axis(0).shape(), &[768]);
    assert_eq!(x.mean_axis(1).shape(), &[32]);
}

#[test]
fn sums_of_squares_for_distances() {
    let a = Array2::<f64>::ones([100, 3]);
    let b = Array2::<f64>::ones([50, 3]);
    assert_eq!((&a * &a).sum_keepdims(1).shape(), &[100, 1]);
    assert_eq!((&b * &b).sum_axis(1).shape(), &[50]);
    assert_eq!(b.sum_squares_axis(1), (&b * &b).sum_axis(1));
}

#[test]
fn argmax_and_argmin_are_first_occurrences() {
    assert_eq!(arr().argmax(), 5);
    assert_eq!(arr().argmin(), 1);
}

#[test]
fn all_and_any_of_flags() {
    let flags = array![true, true, false];
    assert!(!flags.all());
    assert!(flags.any());
}

#[test]
fn sums_and_maxima_of_expressions() {
    let (a, b) = (array![1.0, 4.0], array![1.5, 2.0]);
    assert_eq!((&a - &b).map(|v: &f64| v.abs()).max(), 2.0);
    let sigma = array![20.0, 1.0, 0.0];
    let share: Array1<f64> = 100.0 * &sigma / sigma.sum();
    assert!(share.all_close(
        &array![95.23809523809524, 4.761904761904762, 0.0],
        1e-12,
        0.0
    ));
}

#[test]
fn a_mask_counts_by_its_sum() {
    let x = array![1.0, 5.0, 7.0];
    let mask = x.map(|v: &f64| *v > 3.0);
    assert_eq!(mask.sum(), 2);
    assert_eq!(mask.count_nonzero(), 2);
}

/// `np.mean(X, axis=0)` goes down the columns, `np.std(X, axis=1)` along the rows.
#[test]
fn summary_table_of_column_means_and_row_deviations() {
    let x = array![[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]];
    assert_eq!(x.mean_axis(0), array![2.0, 3.0, 7.0]);
    let std = [14.0 / 3.0, 14.0 / 3.0].map(f64::sqrt);
    assert!(x.std_axis(1).all_close(&array![std[0], std[1]], 1e-15, 0.0));
}

#[test]
fn batch_norm_and_layer_norm() {
    let x = array![[1.0, 3.0], [2.0, 6.0]];
    let normed = (&x - x.mean_keepdims(-1)) / x.std_keepdims(-1);
    assert_eq!(normed, array![[-1.0, 1.0], [-1.0, 1.0]]);
    let batch = (&x - x.mean_axis(0)) / x.std_axis(0);
    assert_eq!(batch, array![[-1.0, -1.0], [1.0, 1.0]]);
}

#[test]
fn standard_scale_with_an_epsilon() {
    let x = array![[1.0, 3.0], [2.0, 6.0]];
    let std = x.std_axis(0) + 1e-8;
    assert!(((&x - x.mean_axis(0)) / std).all_close(&array![[-1.0, -1.0], [1.0, 1.0]], 1e-6, 0.0));
}
