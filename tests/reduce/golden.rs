//! Reductions against NumPy's results, for every layout of the same elements.

use crate::support::{elements, golden, list};
use orthant::prelude::*;
use orthant::{Comparable, Complex, Deviation, Float, ShapeError, Summable};

/// The same elements in different memory.
pub fn layouts<T: Copy>(
    x: &ArrayD<T>,
) -> Vec<(
    &'static str,
    ArrayD<T>,
    fn(&ArrayRefD<T>) -> ArrayViewD<'_, T>,
)> {
    fn same<T>(x: &ArrayRefD<T>) -> ArrayViewD<'_, T> {
        x.view()
    }
    fn transposed<T>(x: &ArrayRefD<T>) -> ArrayViewD<'_, T> {
        x.t()
    }
    fn reversed<T>(x: &ArrayRefD<T>) -> ArrayViewD<'_, T> {
        (0..x.ndim()).fold(x.view(), |x, axis| x.flip(axis))
    }
    fn strided<T>(x: &ArrayRefD<T>) -> ArrayViewD<'_, T> {
        (0..x.ndim()).fold(x.view(), |x, axis| x.slice_axis(axis, Some(1), None, 2))
    }
    let copy =
        |view: ArrayViewD<'_, T>| ArrayD::from_shape_vec(view.shape().to_vec(), elements(&view));
    let mut wide = x.clone();
    for axis in 0..x.ndim() {
        let mut shape = wide.shape().to_vec();
        shape[axis] *= 2;
        let all = elements(&wide);
        let mut at = 0;
        let mut index = vec![0; shape.len()];
        // Each entry twice along the axis.
        let doubled: Vec<T> = crate::support::indices(&shape)
            .iter()
            .map(|i| {
                index.copy_from_slice(i);
                index[axis] /= 2;
                at = index
                    .iter()
                    .zip(wide.shape())
                    .fold(0, |at, (i, n)| at * n + i);
                all[at]
            })
            .collect();
        wide = ArrayD::from_shape_vec(shape, doubled);
    }
    vec![
        ("C", x.clone(), same),
        ("F", copy(x.t()), transposed),
        ("reversed", copy(reversed(x)), reversed),
        ("strided", wide, strided),
    ]
}

/// A result to compare with a line of numbers.
pub trait Parse: Default + Copy + std::fmt::Debug {
    fn parse(text: &str) -> Self;
    fn close(self, expected: Self) -> bool;
}
macro_rules! exact {
    ($($t:ty)+) => {$(
        impl Parse for $t {
            fn parse(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn close(self, expected: Self) -> bool {
                self == expected
            }
        }
    )+};
}
exact!(i8 i16 i32 i64 u8 u16 u32 u64 usize);
macro_rules! approximate {
    ($($t:ty: $tolerance:literal;)+) => {$(
        impl Parse for $t {
            fn parse(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| panic!("{text}"))
            }
            fn close(self, e: Self) -> bool {
                self == e || self.is_nan() && e.is_nan() || (self - e).abs() <= $tolerance * (1.0 + e.abs())
            }
        }
        impl Parse for Complex<$t> {
            fn parse(text: &str) -> Self {
                let (re, im) = text.split_once(':').expect("two parts");
                Complex::new(Parse::parse(re), Parse::parse(im))
            }
            fn close(self, e: Self) -> bool {
                e.is_nan() && self.is_nan() || (self - e).norm() <= $tolerance * (1.0 + e.norm())
            }
        }
    )+};
}
approximate!(f32: 1e-5; f64: 1e-12;);
impl Parse for bool {
    fn parse(text: &str) -> Self {
        text == "1"
    }
    fn close(self, expected: Self) -> bool {
        self == expected
    }
}
pub type Outcome<R> = Result<ArrayD<R>, ShapeError>;

pub fn check<R: Parse>(what: &str, found: Outcome<R>, expected: &str) {
    match (found, expected.strip_prefix('!')) {
        // Some of ours begin with the name of the function.
        (Err(error), Some(text)) => {
            assert!(
                error.to_string().ends_with(text),
                "{what}: {error}, not {text}"
            )
        }
        (Ok(found), None) => {
            let parts: Vec<&str> = match expected {
                "()" => vec![],
                text => text.split(',').collect(),
            };
            let found = elements(&found);
            assert_eq!(found.len(), parts.len(), "{what}");
            for (f, e) in found.iter().zip(parts) {
                assert!(f.close(R::parse(e)), "{what}: {f:?}, not {e} of {expected}");
            }
        }
        (found, _) => panic!("{what}: {found:?} but {expected}"),
    }
}

pub fn value<R: Copy>(result: Result<R, ShapeError>) -> Outcome<R> {
    result.map(|value| ArrayD::from_shape_vec(vec![0_usize; 0], vec![value]))
}

/// Checks the reduction that `$op` names, of everything or over axes; whether there is one.
macro_rules! one_of {
    (
        ($x:ident, $op:ident, $axes:ident, $what:ident, $expected:ident);
        $($name:literal: $whole:expr, $over:ident($($arg:expr),*);)*
        along one axis:
        $($single:literal: $flat:expr, $along:ident;)*
    ) => {
        match $op {
            $($name => {
                let found = match $axes {
                    None => value($whole),
                    Some(axes) => $x.$over(&axes[..] $(, $arg)*),
                };
                check($what, found, $expected)
            })*
            $($single => {
                let found = match $axes {
                    None => $flat,
                    Some(axes) => $x.$along(axes[0]),
                };
                check($what, found, $expected)
            })*
            _ => return false,
        }
        true
    };
}

fn any_number<T: Summable + Deviation>(
    x: &ArrayRefD<T>,
    op: &str,
    axes: Option<&Vec<usize>>,
    what: &str,
    expected: &str,
) -> bool
where
    T::Total: Parse,
    T::Average: Parse,
    T::Spread: Parse,
{
    one_of! {
        (x, op, axes, what, expected);
        "sum": Ok(x.sum()), try_sum_axes();
        "prod": Ok(x.prod()), try_prod_axes();
        "mean": Ok(x.mean()), try_mean_axes();
        "var": Ok(x.var()), try_var_axes();
        "std": Ok(x.std()), try_std_axes();
        "var1": Ok(x.var_ddof(1)), try_var_axes_ddof(1);
        "any": Ok(x.any()), try_any_axes();
        "all": Ok(x.all()), try_all_axes();
        "count_nonzero": Ok(x.count_nonzero()), try_count_nonzero_axes();
        along one axis:
        "cumsum": Ok(x.cumsum().into_dyn()), try_cumsum_axis;
        "cumprod": Ok(x.cumprod().into_dyn()), try_cumprod_axis;
    }
}

fn ordered<T: Comparable + Parse>(
    x: &ArrayRefD<T>,
    op: &str,
    axes: Option<&Vec<usize>>,
    what: &str,
    expected: &str,
) -> bool {
    one_of! {
        (x, op, axes, what, expected);
        "min": x.try_min(), try_min_axes();
        "max": x.try_max(), try_max_axes();
        "argmin": x.try_argmin(), try_argmin_axes();
        "argmax": x.try_argmax(), try_argmax_axes();
        along one axis:
    }
}

fn float<T: Float + Parse>(
    x: &ArrayRefD<T>,
    op: &str,
    axes: Option<&Vec<usize>>,
    what: &str,
    expected: &str,
) -> bool {
    one_of! {
        (x, op, axes, what, expected);
        "nansum": Ok(x.nansum()), try_nansum_axes();
        "nanprod": Ok(x.nanprod()), try_nanprod_axes();
        "nanmean": Ok(x.nanmean()), try_nanmean_axes();
        "nanvar": Ok(x.nanvar(0)), try_nanvar_axes(0);
        "nanstd": Ok(x.nanstd(0)), try_nanstd_axes(0);
        "nanmin": x.try_nanmin(), try_nanmin_axes();
        "nanmax": x.try_nanmax(), try_nanmax_axes();
        "nanargmin": x.nanargmin(), nanargmin_axes();
        "nanargmax": x.nanargmax(), nanargmax_axes();
        along one axis:
        "nancumsum": Ok(x.nancumsum().into_dyn()), try_nancumsum_axis;
        "nancumprod": Ok(x.nancumprod().into_dyn()), try_nancumprod_axis;
    }
}

fn run<T: Parse>(
    dtype: &str,
    test: impl Fn(&ArrayRefD<T>, &str, Option<&Vec<usize>>, &str, &str) -> bool,
) {
    let mut array: Option<ArrayD<T>> = None;
    let mut cases = 0;
    for line in golden("reduce") {
        if line[0] == "array" {
            array = (line[1] == dtype).then(|| {
                let values = match line[3].as_str() {
                    "()" => vec![],
                    text => text.split(',').map(T::parse).collect(),
                };
                ArrayD::from_shape_vec(list::<usize>(&line[2]), values)
            });
            continue;
        }
        let Some(x) = &array else { continue };
        let axes = (line[1] != "all").then(|| list::<usize>(&line[1]));
        for (layout, memory, view) in layouts(x) {
            let what = format!(
                "{} of {dtype} {:?}, {layout}, axes {axes:?}",
                line[0],
                x.shape()
            );
            assert!(
                test(&view(&memory), &line[0], axes.as_ref(), &what, &line[2]),
                "{what}"
            );
            cases += 1;
        }
    }
    assert!(cases > 500, "{cases}");
}

#[test]
fn f64_is_numpys() {
    run::<f64>("f64", |x, op, axes, what, e| {
        any_number(x, op, axes, what, e)
            || ordered(x, op, axes, what, e)
            || float(x, op, axes, what, e)
    });
}

#[test]
fn f32_is_numpys() {
    run::<f32>("f32", |x, op, axes, what, e| {
        any_number(x, op, axes, what, e)
            || ordered(x, op, axes, what, e)
            || float(x, op, axes, what, e)
    });
}

#[test]
fn integers_are_numpys() {
    macro_rules! integers {
        ($($t:ident)+) => {$(
            run::<$t>(stringify!($t), |x, op, axes, what, e| {
                any_number(x, op, axes, what, e) || ordered(x, op, axes, what, e)
            });
        )+};
    }
    integers!(i8 i16 i32 i64 u8 u16 u32 u64);
}

#[test]
fn bool_is_numpys() {
    run::<bool>("bool", |x, op, axes, what, e| {
        any_number(x, op, axes, what, e) || ordered(x, op, axes, what, e)
    });
}

#[test]
fn complex_is_numpys() {
    run::<Complex<f64>>("c64", any_number);
    run::<Complex<f32>>("c32", any_number);
}
