//! Reductions that NumPy's tutorials use, with the numbers that NumPy prints.

use orthant::prelude::*;

fn arr() -> Array1<i64> {
    array![3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
}

/// Marks of three students in four subjects.
fn data() -> Array2<i64> {
    array![[85, 90, 78, 92], [73, 88, 95, 81], [91, 76, 84, 87]]
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

/// The checklist's four digits; `np.median` of it is 86.
#[test]
fn mean_std_var_of_data() {
    let x = data();
    assert_eq!(x.mean(), 85.0);
    assert!((x.std() - 6.5447).abs() < 5e-5);
    assert!((x.var() - 42.8333).abs() < 5e-5);
    assert!((x.var() - 257.0 / 6.0).abs() < 1e-12);
}

#[test]
fn mean_and_std_of_data_along_an_axis() {
    let x = data();
    let columns = array![83.0, 254.0 / 3.0, 257.0 / 3.0, 260.0 / 3.0];
    assert!(x.mean_axis(0).all_close(&columns, 1e-15, 0.0));
    assert_eq!(x.mean_axis(0).round(2), array![83.0, 84.67, 85.67, 86.67]);
    assert_eq!(x.mean_axis(1), array![86.25, 84.25, 84.5]);
    let deviations = array![7.4833, 6.1824, 7.0396, 4.4969];
    assert_eq!(x.std_axis(0).round(4), deviations);
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
fn methods_with_axis_and_keepdims() {
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]];
    assert_eq!(x.sum_keepdims(-1), array![[6.0], [18.0]]);
    assert_eq!(x.mean_keepdims(-1), array![[2.0], [6.0]]);
    assert_eq!(x.max_keepdims(0), array![[4.0, 5.0, 9.0]]);
    assert_eq!(x.max_keepdims(-1), array![[3.0], [9.0]]);
    assert_eq!(x.std_keepdims(0), array![[1.5, 1.5, 3.0]]);
    assert_eq!((x.max(), x.sum()), (9.0, 24.0));
    assert_eq!(x.sum_axis(0), array![5.0, 7.0, 12.0]);
    assert_eq!(x.max_axis(1), array![3.0, 9.0]);
    assert_eq!(x.mean_axis(0), array![2.5, 3.5, 6.0]);
    assert_eq!(x.std_axis(0), array![1.5, 1.5, 3.0]);
}

#[test]
fn mean_of_activations_along_either_axis() {
    let x = Array2::<f64>::ones([32, 768]);
    assert_eq!(x.mean_axis(0).shape(), &[768]);
    assert_eq!(x.mean_axis(1).shape(), &[32]);
}

/// `np.sum(A**2, axis=1, keepdims=True)`, `np.sum(B**2, axis=1)`, `np.max(x, axis=-1, keepdims=True)`.
#[test]
fn sums_of_squares_for_distances() {
    let a = Array2::<f64>::full([100, 3], 2.0);
    let b = Array2::<f64>::full([50, 3], 3.0);
    let sums = a.powi(2).sum_keepdims(1);
    assert_eq!(sums, Array2::full([100, 1], 12.0));
    assert_eq!(sums, a.square().sum_keepdims(1));
    assert_eq!(b.powi(2).sum_axis(1), Array1::full(50, 27.0));
    assert_eq!(b.sum_squares_axis(1), b.powi(2).sum_axis(1));
    assert_eq!(a.max_keepdims(-1), Array2::full([100, 1], 2.0));
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

/// `np.abs(A-B).max()`, `sigma.sum()`, `(s**2).sum()`, `evr.sum()`, `loss.mean()`, `100*s/sigma.sum()`.
#[test]
fn sums_and_maxima_of_expressions() {
    let (a, b) = (array![1.0, 4.0], array![1.5, 2.0]);
    assert_eq!((&a - &b).abs().max(), 2.0);
    let s = array![20.0, 1.0, 0.0];
    assert_eq!(s.sum(), 21.0);
    assert_eq!(s.powi(2).sum(), 401.0);
    let ratios = s.powi(2) / s.powi(2).sum();
    assert_eq!(ratios.sum(), 1.0);
    assert_eq!((-array![1.0, 0.125].log2()).mean(), 1.5);
    let share: Array1<f64> = 100.0 * &s / s.sum();
    assert_eq!(share.round(1), array![95.2, 4.8, 0.0]);
}

/// `(X > 3).sum()`.
#[test]
fn a_mask_counts_by_its_sum() {
    let x = array![1.0, 5.0, 7.0];
    assert_eq!(x.greater(3.0).sum(), 2);
    assert_eq!((x.greater(3.0) & x.less(6.0)).sum(), 1);
    assert_eq!(x.greater(3.0).count_nonzero(), 2);
}

#[test]
fn batch_norm_and_layer_norm() {
    let x = array![[1.0, 3.0], [2.0, 6.0]];
    let normed = (&x - x.mean_keepdims(-1)) / x.std_keepdims(-1);
    assert_eq!(normed, array![[-1.0, 1.0], [-1.0, 1.0]]);
    assert_eq!(x.layer_norm(-1, 0.0), normed);
    let batch = (&x - x.mean_axis(0)) / x.std_axis(0);
    assert_eq!(batch, array![[-1.0, -1.0], [1.0, 1.0]]);
}

#[test]
fn standard_scale_with_an_epsilon() {
    let x = array![[1.0, 3.0], [2.0, 6.0]];
    let std = x.std_axis(0) + 1e-8;
    let scaled = (&x - x.mean_axis(0)) / std;
    assert!(scaled.all_close(&array![[-1.0, -1.0], [1.0, 1.0]], 1e-6, 0.0));
}
