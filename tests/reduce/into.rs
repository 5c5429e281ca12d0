//! Reductions that are made of several folds: against loops, in every form, for any layout of the
//! elements, the condition and the output.

use std::ops::{Add, Div, Mul, Rem, Sub};

use crate::support::{Recipe, elements, injective, operand_shape, recipe, shape};
use num_traits::{One, Zero};
use orthant::prelude::*;
use orthant::{Float, Number, Real, ShapeError};
use proptest::prelude::*;

/// The elements of each result: those that are true in `chosen`.
fn lanes(x: &ArrayRefD<f64>, chosen: &ArrayRefD<bool>, axis: usize) -> (Vec<usize>, Vec<Vec<f64>>) {
    let mut shape = x.shape().to_vec();
    let len = shape.remove(axis);
    let lanes = crate::support::indices(&shape)
        .iter()
        .map(|index| {
            let at = |i: usize| [&index[..axis], &[i], &index[axis..]].concat();
            (0..len)
                .filter(|&i| chosen[&at(i)[..]])
                .map(|i| x[&at(i)[..]])
                .collect()
        })
        .collect();
    (shape, lanes)
}

fn mean(lane: &[f64]) -> f64 {
    lane.iter().sum::<f64>() / lane.len() as f64
}

fn variance(lane: &[f64], ddof: usize) -> f64 {
    let mean = mean(lane);
    let squares: f64 = lane.iter().map(|v| (v - mean).powi(2)).sum();
    match lane.len().checked_sub(ddof) {
        None | Some(0) => f64::NAN,
        Some(n) => squares / n as f64,
    }
}

fn log_sum_exp(lane: &[f64]) -> f64 {
    let top = lane.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    lane.iter().map(|v| (v - top).exp()).sum::<f64>().ln() + top
}

fn greatest(lane: &[f64]) -> f64 {
    lane.iter().copied().fold(-3.0, f64::max)
}

fn least(lane: &[f64]) -> f64 {
    lane.iter().copied().fold(3.0, f64::min)
}

fn close(what: &str, found: &ArrayRefD<f64>, expected: &[f64]) -> Result<(), TestCaseError> {
    let found = elements(found);
    prop_assert_eq!(found.len(), expected.len(), "{}", what);
    for (f, e) in found.iter().zip(expected) {
        let close = f == e || f.is_nan() && e.is_nan() || (f - e).abs() <= 1e-11 * (1.0 + e.abs());
        prop_assert!(close, "{}: {} and not {}", what, f, e);
    }
    Ok(())
}

/// Mostly small numbers; NaN now and then.
fn value(i: usize) -> f64 {
    match i * 7919 % 23 {
        0 => f64::NAN,
        r => (r as f64 - 11.0) * 0.75,
    }
}

type Case = (Vec<usize>, Recipe, Recipe, usize, Vec<Recipe>);

fn case() -> impl Strategy<Value = Case> {
    shape()
        .prop_filter("an axis", |shape| !shape.is_empty())
        .prop_flat_map(|shape| {
            let outs: Vec<_> = (0..shape.len())
                .map(|axis| {
                    let mut kept = shape.clone();
                    kept.remove(axis);
                    injective(kept)
                })
                .collect();
            let condition = operand_shape(shape.clone()).prop_flat_map(recipe);
            (
                Just(shape.clone()),
                recipe(shape),
                condition,
                2_usize..9,
                outs,
            )
        })
}

proptest! {
    #[test]
    fn forms_agree_with_loops((shape, recipe, condition, modulus, outs) in case()) {
        let base = recipe.base(value);
        let x = recipe.view(&base);
        let conditions = condition.base(|i| !i.is_multiple_of(modulus));
        let condition = condition.view(&conditions);
        let full = condition.broadcast_to(&shape[..]);
        let numbers = x.map(|v: &f64| !v.is_nan());
        let finite = x.map(|v: &f64| if v.is_nan() { 0.5 } else { *v });
        let everything = x.map(|_| true);
        for axis in 0..shape.len() {
            let (_, numeric) = lanes(&x, &numbers, axis);
            let (_, all) = lanes(&finite, &everything, axis);
            let (_, chosen) = lanes(&finite, &full, axis);
            let mut memory = outs[axis].base(|_| 77.0);
            // Fresh, kept, over several axes, and into an output of any layout: the same.
            macro_rules! forms {
                (
                    $expected:expr, $x:ident, $over:ident, $axes:ident, $keepdims:ident, $into:ident
                    $(, $arg:expr)*
                ) => {{
                    let expected = $expected;
                    let what = stringify!($over);
                    let mut out = outs[axis].view_mut(&mut memory);
                    close(what, &$x.$over(axis $(, $arg)*), &expected)?;
                    close(what, &$x.$axes(&[axis] $(, $arg)*), &expected)?;
                    close(what, &$x.$keepdims(axis $(, $arg)*), &expected)?;
                    $x.$into(axis $(, $arg)*, &mut out);
                    close(what, &out, &expected)?;
                }};
            }
            let of = |lanes: &[Vec<f64>], f: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
                lanes.iter().map(|lane| f(lane)).collect()
            };
            forms!(of(&numeric, &mean), x, nanmean_axis, nanmean_axes, nanmean_keepdims, nanmean_into);
            for ddof in [0, 1, 2] {
                let var = of(&numeric, &|lane| variance(lane, ddof));
                let std: Vec<f64> = var.iter().map(|v| v.sqrt()).collect();
                forms!(var, x, nanvar_axis, nanvar_axes, nanvar_keepdims, nanvar_into, ddof);
                forms!(std, x, nanstd_axis, nanstd_axes, nanstd_keepdims, nanstd_into, ddof);
            }
            forms!(
                of(&all, &log_sum_exp),
                finite, logsumexp_axis, logsumexp_axes, logsumexp_keepdims, logsumexp_into
            );
            if shape[axis] > 0 {
                let range = |lane: &[f64]| {
                    let high = lane.iter().copied().fold(f64::MIN, f64::max);
                    high - lane.iter().copied().fold(f64::MAX, f64::min)
                };
                forms!(of(&all, &range), finite, ptp_axis, ptp_axes, ptp_keepdims, ptp_into);
            }
            forms!(
                of(&chosen, &|lane| lane.iter().sum::<f64>() + 0.0),
                finite, sum_axis_where, sum_axes_where, sum_keepdims_where, sum_into_where, &condition
            );
            forms!(
                of(&chosen, &mean),
                finite, mean_axis_where, mean_axes_where, mean_keepdims_where, mean_into_where, &condition
            );
            forms!(
                of(&chosen, &greatest),
                finite, max_axis_where, max_axes_where, max_keepdims_where, max_into_where,
                &condition, -3.0
            );
            forms!(
                of(&chosen, &least),
                finite, min_axis_where, min_axes_where, min_keepdims_where, min_into_where,
                &condition, 3.0
            );
            if shape[axis] > 0 {
                let weights = finite.map(|v: &f64| v.abs() + 1.0);
                let averages: Vec<f64> = lanes(&(&finite * &weights), &everything, axis).1.iter()
                    .zip(lanes(&weights, &everything, axis).1)
                    .map(|(products, weights)| products.iter().sum::<f64>() / weights.iter().sum::<f64>())
                    .collect();
                close("average_axis", &finite.average_axis(axis, &weights).expect("weights"), &averages)?;
                close("average_axes", &finite.average_axes(&[axis], &weights).expect("weights"), &averages)?;
                let mut out = outs[axis].view_mut(&mut memory);
                finite.average_into(axis, &weights, &mut out).expect("weights");
                close("average_into", &out, &averages)?;
            }
        }
        let all: Vec<f64> = elements(&x).into_iter().filter(|v| !v.is_nan()).collect();
        let whole = ArrayD::from_shape_vec(vec![3], vec![x.nanmean(), x.nanvar(0), finite.logsumexp()]);
        let expected = [mean(&all), variance(&all, 0), log_sum_exp(&elements(&finite))];
        close("whole", &whole, &expected)?;
    }
}

#[test]
fn without_nan_the_bits_are_those_of_the_plain_forms() {
    fn check<T: Float>() {
        for shape in [[3, 7], [40, 900], [900, 40], [3, 50_000], [50_000, 3]] {
            let x = Array2::from_shape_fn(shape, |[i, j]| {
                T::from_f64(((i * 7919 + j * 104_729) % 1009) as f64 / 17.0 - 20.0)
            });
            assert_eq!(x.nanmean(), x.mean());
            assert_eq!(x.nanvar(1), x.var_ddof(1));
            for axis in [0, 1] {
                assert_eq!(x.nanmean_axis(axis), x.mean_axis(axis));
                assert_eq!(x.nanvar_axis(axis, 0), x.var_axis(axis));
                assert_eq!(x.nanstd_axis(axis, 1), x.std_axis_ddof(axis, 1));
                assert_eq!(x.sum_axis_where(axis, true), x.sum_axis(axis));
                assert_eq!(x.mean_axis_where(axis, true), x.mean_axis(axis));
                let range = x.max_axis(axis) - x.min_axis(axis);
                assert_eq!(x.ptp_axis(axis), range);
            }
        }
    }
    check::<f32>();
    check::<f64>();
}

#[test]
fn nan_variances_do_not_cancel() {
    let x = array![1e9, f64::NAN, 1e9 + 1.0, 1e9 + 2.0];
    assert_eq!(x.nanvar(0), 2.0 / 3.0);
    // Whole blocks of NaN between the numbers.
    let mut long = Array1::full(200_000, f64::NAN);
    long[0] = 1e9;
    long[100_000] = 1e9 + 1.0;
    long[199_999] = 1e9 + 2.0;
    assert_eq!(long.nanvar(0), 2.0 / 3.0);
    let columns = long.reshape([-1, 1]).broadcast_to([200_000, 40]).to_owned();
    assert_eq!(columns.nanvar_axis(0, 0)[7], 2.0 / 3.0);
    assert!(Array1::full(5, f64::NAN).nanvar(0).is_nan());
    assert!(f64::is_nan(array![1.0, f64::NAN].nanvar(1)));
    assert!(f64::is_nan(array![1.0, 2.0].nanvar(3)));
}

#[test]
fn logarithms_of_sums_of_blocks_far_apart() {
    // What is lost in the sum of all is lost whatever order blocks come in.
    for [low, high] in [
        [-1e4, 1e4],
        [1e4, -1e4],
        [f64::NEG_INFINITY, 5.0],
        [5.0, f64::NEG_INFINITY],
    ] {
        let mut x = Array1::full(100_000, low);
        x.slice_mut(s![50_000..]).fill(high);
        let expected = low.max(high) + 50_000_f64.ln();
        assert!((x.logsumexp() - expected).abs() < 1e-10, "{low} {high}");
        let columns = x.reshape([-1, 1]).broadcast_to([100_000, 9]).to_owned();
        assert!(
            (columns.logsumexp_axis(0)[8] - expected).abs() < 1e-10,
            "{low} {high}"
        );
    }
    let nothing = Array1::full(100_000, f64::NEG_INFINITY);
    assert_eq!(nothing.logsumexp(), f64::NEG_INFINITY);
    let mut x = Array1::<f64>::zeros(100_000);
    x[99_999] = f64::INFINITY;
    assert_eq!(x.logsumexp(), f64::INFINITY);
    x[3] = f64::NEG_INFINITY;
    assert_eq!(x.logsumexp(), f64::INFINITY);
    x[70_000] = f64::NAN;
    assert!(x.logsumexp().is_nan());
}

#[test]
fn chosen_elements_of_other_types() {
    let truths = array![true, false, true];
    assert_eq!(truths.sum_where(&array![true, true, false]), 1_i64);
    assert_eq!(truths.mean_where(&array![true, true, false]), 0.5);
    assert_eq!(array![200_u8, 100, 7].sum_where(&truths), 207_u64);
    assert_eq!(array![-7_isize, 100, 7].min_where(&truths, 0), -7);
    assert_eq!(array![7_usize, 100, 9].max_where(&truths, 8), 9);
    assert_eq!(array![i128::MIN, 1, 2].ptp(), i128::MIN + 2);
    assert_eq!(array![1_usize, 9, 4].ptp(), 8);
    assert!(
        array![1.0, 2.0]
            .max_where(&array![true, false], f64::NAN)
            .is_nan()
    );
    assert!(
        array![f64::NAN, 2.0]
            .max_where(&array![true, true], 0.0)
            .is_nan()
    );
    assert_eq!(
        array![f64::NAN, 2.0].max_where(&array![false, true], 0.0),
        2.0
    );
    let x = Array2::<i32>::zeros([2, 0]);
    assert_eq!(x.max_axis_where(1, true, 4), array![4, 4]);
    assert!(x.try_ptp_axis(1).is_err());
    let short = array![true, false, true, true];
    assert!(matches!(
        x.try_sum_where(&short),
        Err(ShapeError::BroadcastInto { .. })
    ));
}

#[test]
fn positions_of_numbers_in_every_form() -> Result<(), ShapeError> {
    let x = array![[f64::NAN, 4.0, 4.0], [1.0, f64::NAN, 3.0]];
    assert_eq!(x.nanargmax()?, 1);
    assert_eq!(x.nanargmin()?, 3);
    assert_eq!(x.nanargmax_axis(0)?, array![1, 0, 0]);
    assert_eq!(x.nanargmin_axes(&[0, 1])?.item(), 3);
    assert_eq!(x.nanargmin_keepdims(1)?, array![[1], [0]]);
    assert_eq!(x.nanargmax_axes_keepdims(&[1])?, array![[1], [2]]);
    let mut out = Array1::zeros(2);
    x.nanargmax_into(-1, &mut out)?;
    assert_eq!(out, array![1, 2]);
    let nan = array![[f64::NAN, f64::NAN], [1.0, 2.0]];
    assert_eq!(nan.nanargmax_axis(1), Err(ShapeError::AllNan));
    assert_eq!(nan.nanargmin_into(1, &mut out), Err(ShapeError::AllNan));
    assert_eq!(nan.nanargmin_axis(0)?, array![1, 1]);
    assert_eq!(
        Array1::full(3, f32::NAN).nanargmax(),
        Err(ShapeError::AllNan)
    );
    assert!(matches!(
        Array1::<f64>::zeros(0).nanargmax(),
        Err(ShapeError::EmptySequence { op: "argmax" })
    ));
    Ok(())
}

#[test]
fn averages_over_several_axes() -> Result<(), ShapeError> {
    let x = Array3::from_shape_fn([2, 3, 4], |[i, j, k]| (i * 12 + j * 4 + k) as f64);
    // As np.average(x, axis=(2, 0), weights=w) for w of shape (4, 2).
    let w = Array2::from_shape_fn([4, 2], |[k, i]| (k + 3 * i + 1) as f64);
    let aligned = w.t().reshape([2, 1, 4]).into_owned();
    let expected = (&x * &aligned).sum_axes(&[0, 2]) / aligned.sum();
    assert_eq!(x.average_axes(&[2, 0], &w)?, expected);
    assert_eq!(x.average_axes(&[0, 2], &w.t())?, expected);
    assert_eq!(x.average_axes_keepdims(&[2, 0], &w)?.shape(), [1, 3, 1]);
    assert_eq!(
        x.average_keepdims(1, &array![1.0, 0.0, 0.0])?,
        x.slice(s![.., 0..1, ..])
    );
    assert_eq!(x.average(2.0)?, x.mean());
    assert!(x.average_axes(&[0, 1], &w).is_err());
    assert!(matches!(
        x.average_axis(1, &array![1.0, -1.0, 0.0]),
        Err(ShapeError::Argument { op: "average", .. })
    ));
    Ok(())
}

/// A number that says nothing about its extremes.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Plain(f64);

macro_rules! operations {
    ($($Trait:ident $name:ident $op:tt;)+) => {$(
        impl $Trait for Plain {
            type Output = Plain;
            fn $name(self, other: Plain) -> Plain {
                Plain(self.0 $op other.0)
            }
        }
    )+};
}
operations! {
    Add add +;
    Sub sub -;
    Mul mul *;
    Div div /;
    Rem rem %;
}
impl Zero for Plain {
    fn zero() -> Self {
        Plain(0.0)
    }
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}
impl One for Plain {
    fn one() -> Self {
        Plain(1.0)
    }
}
impl Number for Plain {
    type Sum = Plain;
    type Mean = Plain;
    type Real = Plain;
}
impl Real for Plain {}

#[test]
fn elements_of_other_crates() {
    let x = array![[3.0, -1.0, 2.0], [5.0, 4.0, 9.0]].map(|v| Plain(*v));
    let chosen = array![[true, true, false], [false, false, false]];
    assert_eq!(x.ptp(), Plain(10.0));
    assert_eq!(x.ptp_axis(1), array![Plain(4.0), Plain(5.0)]);
    assert_eq!(x.sum_axis_where(1, &chosen), array![Plain(2.0), Plain(0.0)]);
    assert_eq!(x.mean_where(&chosen), Plain(1.0));
    let mut out = Array1::full(2, Plain(0.0));
    x.max_into_where(1, &chosen, Plain(1.0), &mut out);
    assert_eq!(out, array![Plain(3.0), Plain(1.0)]);
    assert_eq!(x.min_where(&chosen, Plain(1.0)), Plain(-1.0));
}
