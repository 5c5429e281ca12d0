//! Reductions against loops over indices, on arrays of every memory layout.

use crate::support::{Recipe, elements, indices, panic_message, recipe, shape};
use orthant::prelude::*;
use orthant::{Number, Real};
use proptest::prelude::*;

/// The results of `f` over the elements of each position of the kept axes, in C order.
fn naive<T: Copy, R>(
    x: &ArrayRefD<T>,
    reduced: &[usize],
    f: impl Fn(&[T]) -> R,
) -> (Vec<usize>, Vec<R>) {
    let kept: Vec<usize> = (0..x.ndim()).filter(|a| !reduced.contains(a)).collect();
    let shape: Vec<usize> = kept.iter().map(|&a| x.shape()[a]).collect();
    let over: Vec<usize> = reduced.iter().map(|&a| x.shape()[a]).collect();
    let values = indices(&shape)
        .iter()
        .map(|position| {
            let mut index = vec![0; x.ndim()];
            kept.iter().zip(position).for_each(|(&a, &i)| index[a] = i);
            let run: Vec<T> = indices(&over)
                .iter()
                .map(|inner| {
                    reduced.iter().zip(inner).for_each(|(&a, &i)| index[a] = i);
                    *x.get(&index[..]).expect("in bounds")
                })
                .collect();
            f(&run)
        })
        .collect();
    (shape, values)
}

/// A shape, a view of it, and axes to reduce.
fn case() -> impl Strategy<Value = (Vec<usize>, Recipe, Vec<usize>)> {
    shape().prop_flat_map(|shape| {
        let axes = prop::collection::vec(any::<bool>(), shape.len()).prop_map(|chosen| {
            let axes: Vec<usize> = (0..chosen.len()).filter(|&a| chosen[a]).collect();
            axes
        });
        (Just(shape.clone()), recipe(shape), axes)
    })
}

/// Numbers with ties, signs and a few NaN.
fn value(i: usize) -> f64 {
    let r = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    match r % 97 {
        0 => f64::NAN,
        1..30 => (r % 7) as f64 - 3.0,
        _ => (r as f64) / 1e4 - 700.0,
    }
}

fn same(a: f64, b: f64, tolerance: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b || (a - b).abs() <= tolerance * (1.0 + b.abs())
}

fn close(found: &ArrayRefD<f64>, expected: &(Vec<usize>, Vec<f64>), tolerance: f64) -> bool {
    found.shape() == expected.0
        && elements(found)
            .iter()
            .zip(&expected.1)
            .all(|(a, b)| same(*a, *b, tolerance))
}

fn fold_max(run: &[f64]) -> f64 {
    run.iter().fold(
        f64::NEG_INFINITY,
        |m, &v| if v > m || v.is_nan() { v } else { m },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn integers_reduce_as_loops_do((_, recipe, axes) in case()) {
        let base = recipe.base(|i| (i as i32).wrapping_mul(0x9E37_79B1_u32 as i32) >> 20);
        let x = recipe.view(&base);
        let sum = naive(&x, &axes, |run| run.iter().map(|&v| i64::from(v)).sum::<i64>());
        let found = x.sum_axes(&axes);
        prop_assert_eq!(found.shape(), &sum.0[..]);
        prop_assert_eq!(elements(&found), sum.1);
        let product = naive(&x, &axes, |run| {
            run.iter().fold(1_i64, |p, &v| p.wrapping_mul(i64::from(v)))
        });
        prop_assert_eq!(elements(&x.prod_axes(&axes)), product.1);
        let count = naive(&x, &axes, |run| run.iter().filter(|&&v| v != 0).count());
        prop_assert_eq!(elements(&x.count_nonzero_axes(&axes)), count.1);
        let any = naive(&x, &axes, |run| run.iter().any(|&v| v != 0));
        prop_assert_eq!(elements(&x.any_axes(&axes)), any.1);
        let all = naive(&x, &axes, |run| run.iter().all(|&v| v != 0));
        prop_assert_eq!(elements(&x.all_axes(&axes)), all.1);
        if axes.iter().all(|&a| x.shape()[a] > 0) {
            let max = naive(&x, &axes, |run| *run.iter().max().expect("elements"));
            prop_assert_eq!(elements(&x.max_axes(&axes)), max.1);
            let min = naive(&x, &axes, |run| *run.iter().min().expect("elements"));
            prop_assert_eq!(elements(&x.min_axes(&axes)), min.1);
        }
        prop_assert_eq!(x.sum(), elements(&x).iter().map(|&v| i64::from(v)).sum::<i64>());
    }

    #[test]
    fn floats_reduce_as_loops_do((_, recipe, axes) in case()) {
        let base = recipe.base(value);
        let x = recipe.view(&base);
        let sum = naive(&x, &axes, |run| run.iter().sum::<f64>() + 0.0);
        prop_assert!(close(&x.sum_axes(&axes), &sum, 1e-9));
        let mean = naive(&x, &axes, |run| run.iter().sum::<f64>() / run.len() as f64);
        prop_assert!(close(&x.mean_axes(&axes), &mean, 1e-9));
        if axes.iter().all(|&a| x.shape()[a] > 0) {
            prop_assert!(close(&x.max_axes(&axes), &naive(&x, &axes, fold_max), 0.0));
        }
        let kept = x.sum_axes_keepdims(&axes);
        let mut shape = x.shape().to_vec();
        axes.iter().for_each(|&a| shape[a] = 1);
        prop_assert_eq!(kept.shape(), &shape[..]);
        prop_assert!(elements(&kept).iter().zip(&sum.1).all(|(a, b)| same(*a, *b, 1e-9)));
    }

    #[test]
    fn one_axis_in_every_form((shape, recipe, _) in case()) {
        let base = recipe.base(|i| (i % 251) as f64);
        let x = recipe.view(&base);
        for axis in 0..shape.len() {
            let expected = naive(&x, &[axis], |run| run.iter().sum::<f64>());
            prop_assert!(close(&x.sum_axis(axis), &expected, 0.0));
            prop_assert!(close(&x.sum_axis(axis as isize - shape.len() as isize), &expected, 0.0));
            let kept = x.sum_keepdims(axis);
            prop_assert_eq!(elements(&kept), expected.1.clone());
            let mut out = ArrayD::from_shape_vec(expected.0.clone(), vec![7.0; expected.1.len()]);
            x.sum_into(axis, &mut out);
            prop_assert_eq!(elements(&out), expected.1.clone());
            let mut wide = Array::full(
                out.shape().iter().copied().chain([2]).collect::<Vec<_>>(),
                7.0,
            );
            let mut column = wide.index_axis_mut(-1, 1);
            x.sum_into(axis, &mut column);
            prop_assert_eq!(elements(&column), expected.1);
        }
    }
}

#[test]
fn generic_code_needs_one_bound() {
    fn totals<T: Number, D: Dimension>(x: &ArrayRef<T, D>) -> (T::Sum, T::Sum, T::Mean) {
        (x.sum(), x.prod(), x.mean())
    }
    fn range<T: Real>(x: &ArrayRef2<T>) -> (Array1<T>, T) {
        (x.max_axis(0), x.min())
    }
    assert_eq!(totals(&array![1, 2, 3]), (6_i64, 6_i64, 2.0));
    assert_eq!(
        range(&array![[1.5, 2.0], [3.0, 1.0]]),
        (array![3.0, 2.0], 1.0)
    );
}

#[test]
fn results_keep_the_memory_order_of_their_input() {
    let c = Array3::<f64>::ones([2, 3, 4]);
    let f = Array3::<f64>::ones([2, 3, 4].f());
    assert!(c.sum_axis(1).is_c_contiguous());
    assert!(f.sum_axis(1).is_f_contiguous());
    assert!(f.sum_keepdims(0).is_f_contiguous());
    let p = c.permute([2, 0, 1]);
    assert_eq!(p.sum_axis(2).strides(), &[1, 4]);
}

#[test]
fn nothing_to_reduce() {
    let x = Array2::<f64>::zeros([0, 3]);
    assert_eq!(x.sum(), 0.0);
    assert_eq!(x.prod(), 1.0);
    assert!(x.mean().is_nan());
    assert!(x.all() && !x.any());
    assert_eq!(x.sum_axis(0), array![0.0, 0.0, 0.0]);
    assert_eq!(x.sum_axis(1).shape(), &[0]);
    assert_eq!(x.max_axis(1).shape(), &[0]);
    let text = "zero-size array to reduction operation maximum which has no identity";
    assert_eq!(panic_message(|| x.max()), text);
    assert_eq!(panic_message(|| x.max_axis(0)), text);
    assert_eq!(x.try_max().unwrap_err().to_string(), text);
    assert!(
        x.try_min_axis(0)
            .unwrap_err()
            .to_string()
            .contains("minimum")
    );
}

#[test]
fn axes_that_are_not_there() {
    let x = Array2::<f64>::zeros([2, 3]);
    let text = "axis 2 is out of bounds for array of dimension 2";
    assert_eq!(panic_message(|| x.sum_axis(2)), text);
    assert_eq!(
        x.try_sum_keepdims(-3).unwrap_err().to_string(),
        text.replace("2 is", "-3 is")
    );
    assert!(
        x.try_sum_axes(&[0, -2])
            .unwrap_err()
            .to_string()
            .contains("duplicate value in 'axis'")
    );
    let scalar = ArrayD::from_shape_vec(vec![0_usize; 0], vec![3.0]);
    assert_eq!(scalar.sum_axis(0).item(), 3.0);
    assert_eq!(scalar.sum_axis(-1).item(), 3.0);
    assert!(scalar.try_sum_axis(1).is_err());
    let mut out = Array1::<f64>::zeros(2);
    assert!(
        panic_message(|| x.sum_into(0, &mut out))
            .contains("doesn't match the broadcast shape (3,)")
    );
}

#[test]
fn sums_are_pairwise() {
    let x = Array1::<f32>::full(1_000_000, 0.1);
    assert!((f64::from(x.sum()) - 100_000.0).abs() < 0.1);
    let columns = x.reshape([-1, 1]).broadcast_to([1_000_000, 40]).to_owned();
    assert!((f64::from(columns.sum_axis(0)[3]) - 100_000.0).abs() < 0.1);
}

#[test]
fn chosen_elements() {
    let x = array![[1.0, f64::NAN, 3.0], [4.0, 5.0, f64::NAN]];
    let numbers = x.map(|v: &f64| !v.is_nan());
    assert_eq!(x.sum_where(&numbers), 13.0);
    assert_eq!(x.mean_where(&numbers), 3.25);
    assert_eq!(x.sum_axis_where(1, &numbers), array![4.0, 9.0]);
    assert_eq!(x.mean_keepdims_where(0, &numbers), array![[2.5, 5.0, 3.0]]);
    assert_eq!(x.max_axis_where(1, &numbers, 2.0), array![3.0, 5.0]);
    assert_eq!(x.min_axis_where(0, &numbers, 2.0), array![1.0, 2.0, 2.0]);
    // the condition broadcasts
    let rows = array![[false], [true]];
    assert_eq!(x.slice(s![.., ..2]).max_where(&rows, 0.0), 5.0);
    assert_eq!(Array1::<i32>::zeros(0).max_where(true, 7), 7);
    let short = array![true, false];
    assert!(panic_message(|| x.sum_where(&short)).contains("could not broadcast"));
}

#[test]
fn ranges_magnitudes_averages_and_logarithms_of_sums() {
    assert_eq!(array![[127_i8, -128], [3, 4]].ptp_axis(1), array![-1, 1]);
    let z = array![
        orthant::Complex::new(3.0, 4.0),
        orthant::Complex::new(0.0, 1.0)
    ];
    assert_eq!((z.sum_abs(), z.sum_squares()), (6.0, 26.0));
    let x: Array2<f64> = array![[1.0, 2.0], [3.0, 6.0]];
    assert_eq!(x.sum_squares_axis(0), array![10.0, 40.0]);
    assert_eq!(x.average_axis(0, &array![1.0, 3.0]), Ok(array![2.5, 5.0]));
    assert_eq!(x.average(&array![[1.0, 0.0], [0.0, 1.0]]), Ok(3.5));
    let error = x.average_axis(0, &array![1.0, -1.0]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Weights sum to zero, can't be normalized")
    );
    assert!(x.average_axis(0, &array![1.0, 2.0, 3.0]).is_err());
    let sums = x.logsumexp_axis(1);
    assert!((sums[0] - (1_f64.exp() + 2_f64.exp()).ln()).abs() < 1e-14);
    assert_eq!(
        array![f64::NEG_INFINITY, f64::NEG_INFINITY].logsumexp(),
        f64::NEG_INFINITY
    );
    assert_eq!(array![f64::INFINITY, 0.0].logsumexp(), f64::INFINITY);
    assert_eq!(Array1::<f64>::zeros(0).logsumexp(), f64::NEG_INFINITY);
}
