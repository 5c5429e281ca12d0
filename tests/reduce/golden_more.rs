//! Reductions of integers, truth values and complex numbers, differences and phases, against NumPy's and
//! SciPy's results, in all layouts.

use super::golden::{Outcome, Parse, check, layouts, value};
use crate::support::{golden, list};
use orthant::prelude::*;
use orthant::{
    AbsSummable, Comparable, Complex, Float, NanComparable, NanSummable, Summable, ufunc::Floating,
};

/// The reduction of everything, or over axes: as a fresh array and into one.
macro_rules! forms {
    ($x:ident, $axes:ident; $whole:expr; $several:ident $keepdims:ident $into:ident ($($arg:expr),*)) => {
        match $axes {
            None => vec![value($whole)],
            Some(axes) => {
                let several = $x.$several(&axes[..] $(, $arg)*);
                let keepdims = $x.$keepdims(&axes[..] $(, $arg)*);
                let mut all = vec![several, keepdims];
                for i in 0..2 {
                    if let Ok(found) = &all[i] {
                        let mut out = found.full_like(Default::default());
                        let done = $x.$into(&axes[..] $(, $arg)*, &mut out);
                        all.push(done.map(|()| out));
                    }
                }
                all
            }
        }
    };
}

/// One line of the file.
struct Case<'a> {
    op: &'a str,
    axes: Option<Vec<usize>>,
    expected: &'a str,
}

impl Case<'_> {
    fn axis(&self) -> usize {
        self.axes.as_ref().expect("an axis")[0]
    }
    fn check<R: Parse>(&self, what: &str, found: Vec<Outcome<R>>) -> bool {
        for found in found {
            check(what, found, self.expected);
        }
        true
    }
}

/// What all types have.
fn sums<T: NanSummable + AbsSummable + Parse>(
    x: &ArrayRefD<T>,
    weights: &ArrayRefD<T>,
    case: &Case<'_>,
    what: &str,
) -> bool
where
    <T as Summable>::Total: Parse,
    <T as AbsSummable>::Total: Parse,
    T::Average: Parse,
    T::Spread: Parse,
{
    let axes = &case.axes;
    match case.op {
        "nansum" => case.check(
            what,
            forms!(x, axes; Ok(x.nansum());
                try_nansum_axes try_nansum_axes_keepdims try_nansum_axes_into ()),
        ),
        "nanprod" => case.check(
            what,
            forms!(x, axes; Ok(x.nanprod());
                try_nanprod_axes try_nanprod_axes_keepdims try_nanprod_axes_into ()),
        ),
        "nanmean" => case.check(
            what,
            forms!(x, axes; Ok(x.nanmean());
                try_nanmean_axes try_nanmean_axes_keepdims try_nanmean_axes_into ()),
        ),
        "nanvar" => case.check(
            what,
            forms!(x, axes; Ok(x.nanvar(1));
                try_nanvar_axes try_nanvar_axes_keepdims try_nanvar_axes_into (1)),
        ),
        "nanstd" => case.check(
            what,
            forms!(x, axes; Ok(x.nanstd(0));
                try_nanstd_axes try_nanstd_axes_keepdims try_nanstd_axes_into (0)),
        ),
        "average" => case.check(
            what,
            forms!(x, axes; x.average(weights);
                average_axes average_axes_keepdims average_axes_into (weights)),
        ),
        "sum_abs" => case.check(
            what,
            forms!(x, axes; Ok(x.sum_abs());
                try_sum_abs_axes try_sum_abs_axes_keepdims try_sum_abs_axes_into ()),
        ),
        "sum_squares" => case.check(
            what,
            forms!(x, axes; Ok(x.sum_squares());
                try_sum_squares_axes try_sum_squares_axes_keepdims try_sum_squares_axes_into ()),
        ),
        "nancumsum" => case.check(what, vec![x.try_nancumsum_axis(case.axis())]),
        "nancumprod" => case.check(what, vec![x.try_nancumprod_axis(case.axis())]),
        "cumsum_from_zero" => case.check(what, vec![x.try_cumsum_from_zero(case.axis())]),
        "cumprod_from_one" => case.check(what, vec![x.try_cumprod_from_one(case.axis())]),
        "diff1" => case.check(what, vec![x.try_diff(1, case.axis())]),
        "diff3" => case.check(what, vec![x.try_diff(3, case.axis())]),
        _ => false,
    }
}

fn without_nan<T: NanComparable + Parse>(x: &ArrayRefD<T>, case: &Case<'_>, what: &str) -> bool {
    let axes = &case.axes;
    match case.op {
        "nanmax" => case.check(
            what,
            forms!(x, axes; x.try_nanmax();
                try_nanmax_axes try_nanmax_axes_keepdims try_nanmax_axes_into ()),
        ),
        "nanmin" => case.check(
            what,
            forms!(x, axes; x.try_nanmin();
                try_nanmin_axes try_nanmin_axes_keepdims try_nanmin_axes_into ()),
        ),
        "nanargmax" => case.check(
            what,
            forms!(x, axes; x.nanargmax();
                nanargmax_axes nanargmax_axes_keepdims nanargmax_axes_into ()),
        ),
        "nanargmin" => case.check(
            what,
            forms!(x, axes; x.nanargmin();
                nanargmin_axes nanargmin_axes_keepdims nanargmin_axes_into ()),
        ),
        _ => false,
    }
}

fn exponents<T: Floating<Float = f64> + Parse>(
    x: &ArrayRefD<T>,
    case: &Case<'_>,
    what: &str,
) -> bool {
    let axes = &case.axes;
    match case.op {
        "logsumexp" => case.check(
            what,
            forms!(x, axes; Ok(x.logsumexp());
                try_logsumexp_axes try_logsumexp_axes_keepdims try_logsumexp_axes_into ()),
        ),
        _ => false,
    }
}

fn ordered<T: Comparable + Parse>(x: &ArrayRefD<T>, case: &Case<'_>, what: &str) -> bool {
    let axes = &case.axes;
    match case.op {
        "max" => case.check(
            what,
            forms!(x, axes; x.try_max(); try_max_axes try_max_axes_keepdims try_max_axes_into ()),
        ),
        "min" => case.check(
            what,
            forms!(x, axes; x.try_min(); try_min_axes try_min_axes_keepdims try_min_axes_into ()),
        ),
        "argmax" => case.check(
            what,
            forms!(x, axes; x.try_argmax();
                try_argmax_axes try_argmax_axes_keepdims try_argmax_axes_into ()),
        ),
        "argmin" => case.check(
            what,
            forms!(x, axes; x.try_argmin();
                try_argmin_axes try_argmin_axes_keepdims try_argmin_axes_into ()),
        ),
        _ => false,
    }
}

fn lanes<T: Float + Parse>(x: &ArrayRefD<T>, case: &Case<'_>, what: &str) -> bool {
    match case.op {
        "unwrap" => case.check(what, vec![x.try_unwrap_phase(case.axis())]),
        "softmax" => case.check(
            what,
            vec![x.try_softmax_axes(case.axes.as_ref().expect("axes"))],
        ),
        "log_softmax" => case.check(
            what,
            vec![x.try_log_softmax_axes(case.axes.as_ref().expect("axes"))],
        ),
        _ => false,
    }
}

/// Runs `test` on the array and the weights, in all layouts.
fn run<T: Parse>(
    dtype: &str,
    test: impl Fn(&ArrayRefD<T>, &ArrayRefD<T>, &Case<'_>, &str) -> bool,
) {
    let parsed = |shape: &str, values: &str| {
        let values = match values {
            "()" => vec![],
            text => text.split(',').map(T::parse).collect(),
        };
        ArrayD::from_shape_vec(list::<usize>(shape), values)
    };
    let (mut array, mut cases) = (None, 0);
    for line in golden("reduce_more") {
        if line[0] == "array" {
            array = (line[1] == dtype).then(|| {
                let [x, weights] = [&line[3], &line[4]].map(|values| parsed(&line[2], values));
                (layouts(&x), weights)
            });
            continue;
        }
        let Some((arrays, weights)) = &array else {
            continue;
        };
        let case = Case {
            op: &line[0],
            axes: (line[1] != "all").then(|| list(&line[1])),
            expected: &line[2],
        };
        for (layout, memory, view) in arrays {
            let x = view(memory);
            let what = format!(
                "{} of {dtype} {:?}, {layout}, axes {:?}",
                case.op,
                x.shape(),
                case.axes
            );
            assert!(test(&x, weights, &case, &what), "{what}");
            cases += 1;
        }
    }
    assert!(cases > 100, "{cases}");
}

#[test]
fn integers_are_numpys() {
    run::<i32>("i32", |x, weights, case, what| {
        sums(x, weights, case, what) || without_nan(x, case, what) || exponents(x, case, what)
    });
    run::<u8>("u8", |x, weights, case, what| {
        sums(x, weights, case, what) || without_nan(x, case, what) || exponents(x, case, what)
    });
}

#[test]
fn truth_values_are_numpys() {
    run::<bool>("bool", |x, weights, case, what| {
        sums(x, weights, case, what) || without_nan(x, case, what) || exponents(x, case, what)
    });
}

#[test]
fn complex_numbers_are_numpys() {
    run::<Complex<f64>>("c64", |x, weights, case, what| {
        sums(x, weights, case, what) || ordered(x, case, what) || without_nan(x, case, what)
    });
}

#[test]
fn phases_and_several_axes_of_softmax_are_numpys() {
    run::<f64>("f64", |x, _, case, what| lanes(x, case, what));
}

#[test]
fn extrema_of_chosen_truth_values() {
    let (x, chosen) = (array![[true, false], [false, false]], array![true, false]);
    assert!(x.max_where(&chosen, false));
    assert!(!x.min_where(&chosen, true));
    assert_eq!(x.max_axis_where(1, &chosen, false), array![true, false]);
    assert!(x.min_where(&array![false, false], true));
}

#[test]
fn one_bound_of_the_ladder_is_enough() {
    fn float<T: Float>(x: &ArrayRef1<T>) -> [T; 4] {
        [x.nansum(), x.nanmean(), x.nanmax(), x.logsumexp()]
    }
    assert_eq!(
        float(&array![0.0, f64::NEG_INFINITY]),
        [f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0, 0.0]
    );
}

#[test]
fn magnitudes_of_the_smallest_integers_do_not_wrap() {
    assert_eq!(array![i8::MIN, 1].sum_abs(), 129);
    assert_eq!(array![i32::MIN].sum_squares(), 1_i64 << 62);
    assert_eq!(array![u64::MAX, 1].sum_squares(), 2);
    assert_eq!(array![-2_isize, 3].sum_squares(), 13);
    assert_eq!(array![-2_i128, 3].sum_abs(), 5);
}
