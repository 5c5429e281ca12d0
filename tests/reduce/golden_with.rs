//! Reductions with weights or a condition, `ptp` and `logsumexp`, against NumPy's and SciPy's results,
//! for every pair of layouts of the same elements.

use super::golden::{Outcome, Parse, check, layouts, value};
use crate::support::{golden, list};
use orthant::prelude::*;
use orthant::{Complex, Float, Real, Summable};

/// The reduction of everything, or over axes in all forms.
macro_rules! forms {
    ($x:ident, $axes:ident; $whole:expr; $several:ident $keepdims:ident $into:ident ($($arg:expr),*)) => {
        match $axes {
            None => vec![value($whole)],
            Some(axes) => {
                let several = $x.$several(&axes[..] $(, $arg)*);
                let keepdims = $x.$keepdims(&axes[..] $(, $arg)*);
                if let Ok(found) = &keepdims {
                    for (axis, &n) in found.shape().iter().enumerate() {
                        let expected = if axes.contains(&axis) { 1 } else { $x.shape()[axis] };
                        assert_eq!(n, expected, "axis {axis}");
                    }
                }
                let mut all = vec![several, keepdims];
                if let ([axis], Ok(several)) = (&axes[..], &all[0]) {
                    let mut out = several.full_like(Default::default());
                    let done = $x.$into(*axis $(, $arg)*, &mut out);
                    all.push(done.map(|()| out));
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
    fn check<R: Parse>(&self, what: &str, found: Vec<Outcome<R>>) {
        for found in found {
            check(what, found, self.expected);
        }
    }
}

/// Checks `sum_where` and `mean_where`; whether the case is one of them.
fn chosen<T: Summable>(
    x: &ArrayRefD<T>,
    mask: &ArrayRefD<bool>,
    case: &Case<'_>,
    what: &str,
) -> bool
where
    T::Total: Parse,
    T::Average: Parse,
{
    let axes = &case.axes;
    match case.op {
        "sum_where" => case.check(
            what,
            forms!(x, axes; x.try_sum_where(mask);
                try_sum_axes_where try_sum_axes_keepdims_where try_sum_into_where (mask)),
        ),
        "mean_where" => case.check(
            what,
            forms!(x, axes; x.try_mean_where(mask);
                try_mean_axes_where try_mean_axes_keepdims_where try_mean_into_where (mask)),
        ),
        _ => return false,
    }
    true
}

fn ordered<T: Real + Parse>(
    x: &ArrayRefD<T>,
    mask: &ArrayRefD<bool>,
    case: &Case<'_>,
    what: &str,
) -> bool {
    let (axes, one) = (&case.axes, T::parse("1"));
    let found = match case.op {
        "ptp" => forms!(x, axes; x.try_ptp(); try_ptp_axes try_ptp_axes_keepdims try_ptp_into ()),
        "max_where" => forms!(x, axes; x.try_max_where(mask, one);
            try_max_axes_where try_max_axes_keepdims_where try_max_into_where (mask, one)),
        "min_where" => forms!(x, axes; x.try_min_where(mask, one);
            try_min_axes_where try_min_axes_keepdims_where try_min_into_where (mask, one)),
        _ => return false,
    };
    case.check(what, found);
    true
}

fn float<T: Float + Parse>(
    x: &ArrayRefD<T>,
    weights: &ArrayRefD<T>,
    case: &Case<'_>,
    what: &str,
) -> bool {
    let axes = &case.axes;
    let found = match case.op {
        "logsumexp" => forms!(x, axes; Ok(x.logsumexp());
            try_logsumexp_axes try_logsumexp_axes_keepdims try_logsumexp_into ()),
        "average" => forms!(x, axes; x.average(weights);
            average_axes average_axes_keepdims average_into (weights)),
        _ => return false,
    };
    case.check(what, found);
    true
}

fn parsed<T: Parse>(shape: &str, values: &str) -> ArrayD<T> {
    let values = match values {
        "()" => vec![],
        text => text.split(',').map(T::parse).collect(),
    };
    ArrayD::from_shape_vec(list::<usize>(shape), values)
}

/// Runs `test` on the array, the operand as numbers, and the operand as a mask, in all layouts.
fn run<T: Parse>(
    dtype: &str,
    test: impl Fn(&ArrayRefD<T>, &ArrayRefD<T>, &ArrayRefD<bool>, &Case<'_>, &str) -> bool,
) {
    let nothing = ["operand", "()", "()"].map(str::to_owned).to_vec();
    let (mut array, mut operand, mut cases) = (None, nothing.clone(), 0);
    for line in golden("reduce_with") {
        match line[0].as_str() {
            "array" => {
                array = (line[1] == dtype).then(|| {
                    let base = parsed::<T>(&line[2], &line[3]);
                    (layouts(&base), list::<usize>(&line[4]))
                });
                operand = nothing.clone();
                continue;
            }
            "operand" => {
                operand = line;
                continue;
            }
            _ => {}
        }
        let Some((arrays, whole)) = &array else {
            continue;
        };
        let case = Case {
            op: &line[0],
            axes: (line[1] != "all").then(|| list(&line[1])),
            expected: &line[2],
        };
        // Operands are either kind of line; what is not asked for stays empty.
        let masks = case.op.ends_with("_where");
        let none = || ArrayD::<bool>::from_shape_vec(vec![0_usize], vec![]);
        let mask = if masks {
            parsed(&operand[1], &operand[2])
        } else {
            none()
        };
        let weights = if case.op == "average" {
            parsed(&operand[1], &operand[2])
        } else {
            parsed::<T>("0", "()")
        };
        for (layout, memory, view) in arrays {
            let x = view(memory);
            let x = x.broadcast_to(&whole[..]);
            for ((other, masks, mask), (_, weights, weight)) in
                layouts(&mask).iter().zip(&layouts(&weights))
            {
                let what = format!(
                    "{} of {dtype} {whole:?}, {layout}, {other}, axes {:?}",
                    case.op, case.axes
                );
                let (weights, mask) = (weight(weights), mask(masks));
                assert!(test(&x, &weights, &mask, &case, &what), "{what}");
                cases += 1;
            }
        }
    }
    assert!(cases > 500, "{cases}");
}

#[test]
fn floats_are_numpys() {
    run::<f64>("f64", |x, weights, mask, case, what| {
        chosen(x, mask, case, what) || ordered(x, mask, case, what) || float(x, weights, case, what)
    });
    run::<f32>("f32", |x, weights, mask, case, what| {
        chosen(x, mask, case, what) || ordered(x, mask, case, what) || float(x, weights, case, what)
    });
}

#[test]
fn integers_are_numpys() {
    macro_rules! integers {
        ($($t:ident)+) => {$(
            run::<$t>(stringify!($t), |x, _, mask, case, what| {
                chosen(x, mask, case, what) || ordered(x, mask, case, what)
            });
        )+};
    }
    integers!(i8 i16 i32 i64 u8 u16 u32 u64);
}

#[test]
fn bool_is_numpys() {
    run::<bool>("bool", |x, _, mask, case, what| chosen(x, mask, case, what));
}

#[test]
fn complex_is_numpys() {
    run::<Complex<f64>>("c64", |x, _, mask, case, what| chosen(x, mask, case, what));
    run::<Complex<f32>>("c32", |x, _, mask, case, what| chosen(x, mask, case, what));
}
