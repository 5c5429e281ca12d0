//! The same bits for every number of threads and instruction set.

use crate::array::{
    Array1, Array2, Array3, ArrayD, ArrayRef, ArrayRefD, Dimension, Float, Real, Scalar,
};
use crate::engine::simd::{available, with_level};
use crate::reduce::{Comparable, Deviation, Summable};
use crate::{Complex, prelude::*, with_threads};

fn value(i: usize) -> f64 {
    let r = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 30;
    (r as f64 / (1u64 << 34) as f64 - 0.4) * if i.is_multiple_of(7) { 1e3 } else { 1.0 }
}

/// Factors whose products neither overflow nor vanish.
fn factor(i: usize) -> f64 {
    1.0 + value(i) * 1e-5
}

fn bytes<T: Copy, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<u8> {
    let x = x.as_standard_layout();
    let x = x.as_slice().expect("in standard layout");
    // SAFETY: numbers, complex ones and `bool` have no padding.
    unsafe { std::slice::from_raw_parts(x.as_ptr().cast::<u8>(), size_of_val(x)) }.to_vec()
}

/// The bytes of reductions of a whole array, then of those along each axis.
macro_rules! digest {
    ($x:ident: $($whole:expr),+; $axis:ident: $($along:expr),+ $(,)?) => {{
        let mut all = vec![$(bytes(&array![$whole])),+];
        for $axis in 0..$x.ndim() {
            all.extend([$(bytes(&$along)),+]);
        }
        all.concat()
    }};
}

fn sums<T: Summable + Deviation>(x: &ArrayRefD<T>) -> Vec<u8> {
    let mask = Array1::from_shape_fn(x.shape()[x.ndim() - 1], |[i]| i % 3 != 1);
    digest!(
        x: x.sum(), x.mean(), x.var(), x.std(), x.count_nonzero(), x.all(), x.any(), x.sum_where(&mask),
            x.mean_where(&mask);
        axis: x.sum_keepdims(axis), x.mean_keepdims(axis), x.var_keepdims(axis), x.std_keepdims_ddof(axis, 1),
            x.count_nonzero_keepdims(axis), x.all_keepdims(axis), x.sum_keepdims_where(axis, &mask),
            x.mean_keepdims_where(axis, &mask), x.cumsum_axis(axis),
    )
}

fn products<T: Summable>(x: &ArrayRefD<T>) -> Vec<u8> {
    digest!(x: x.prod(); axis: x.prod_keepdims(axis), x.cumprod_axis(axis))
}

fn magnitudes<T: Scalar>(x: &ArrayRefD<T>) -> Vec<u8> {
    digest!(
        x: x.sum_abs(), x.sum_squares();
        axis: x.sum_abs_keepdims(axis), x.sum_squares_keepdims(axis),
    )
}

fn extremes<T: Comparable + Real>(x: &ArrayRefD<T>) -> Vec<u8> {
    let mask = x.map(|v| *v < T::one());
    let start = T::one() + T::one();
    digest!(
        x: x.min(), x.max(), x.ptp(), x.argmin(), x.argmax(), x.max_where(&mask, start), x.min_where(&mask, start);
        axis: x.min_keepdims(axis), x.max_keepdims(axis), x.ptp_keepdims(axis), x.argmin_keepdims(axis),
            x.argmax_keepdims(axis), x.max_keepdims_where(axis, &mask, start),
            x.min_keepdims_where(axis, &mask, start),
    )
}

fn weighted<T: Float>(x: &ArrayRefD<T>) -> Vec<u8> {
    let weights = x.abs();
    digest!(
        x: x.logsumexp(), x.average(&weights).expect("weights that are not zero");
        axis: x.logsumexp_keepdims(axis), x.average_keepdims(axis, &weights).expect("as above"),
    )
}

/// No lane of `x` is all NaN.
fn numbers<T: Float>(x: &ArrayRefD<T>) -> Vec<u8> {
    digest!(
        x: x.nansum(), x.nanmean(), x.nanvar(0), x.nanstd(1), x.nanmin(), x.nanmax(),
            x.nanargmin().expect("a number"), x.nanargmax().expect("a number");
        axis: x.nansum_keepdims(axis), x.nanmean_keepdims(axis), x.nanvar_keepdims(axis, 0),
            x.nanmin_keepdims(axis), x.nanmax_keepdims(axis), x.nancumsum_axis(axis),
            x.nanargmin_keepdims(axis).expect("a number"), x.nanargmax_keepdims(axis).expect("a number"),
    )
}

fn factors<T: Float>(x: &ArrayRefD<T>) -> Vec<u8> {
    digest!(x: x.nanprod(); axis: x.nanprod_keepdims(axis), x.nancumprod_axis(axis))
}

const SHAPES: [&[usize]; 8] = [
    &[10],
    &[1_000],
    &[70_001],
    &[400_003],
    &[300, 1_000],
    &[3, 100_000],
    &[100_000, 3],
    &[40, 70, 90],
];
/// Enough for several threads.
const FEW: [&[usize]; 2] = [&[400_003], &[100_000, 3]];

/// Compares the digests of several layouts at every level and number of threads.
fn check<T: Copy + Send + Sync>(
    shapes: &[&[usize]],
    of: impl Fn(usize) -> T,
    digest: impl Fn(&ArrayRefD<T>) -> Vec<u8> + Sync,
) {
    #[cfg(feature = "rayon")]
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build();
    #[cfg(feature = "rayon")]
    let pool = pool.expect("a pool");
    for &shape in shapes {
        let n: usize = shape.iter().product();
        let x = ArrayD::from_shape_vec(shape, (0..n).map(&of).collect());
        let views = [x.view(), x.t(), x.slice_axis(0, None, None, -2)];
        for (i, view) in views.iter().enumerate() {
            let one = with_level(available()[0], || with_threads(1, || digest(view)));
            for &level in available() {
                let single = with_level(level, || with_threads(1, || digest(view)));
                assert!(one == single, "{shape:?}, view {i}, {level:?}");
                #[cfg(feature = "rayon")]
                for threads in [2, 4] {
                    let many = || with_level(level, || with_threads(threads, || digest(view)));
                    assert!(
                        one == pool.install(many),
                        "{shape:?}, view {i}, {level:?}, {threads} threads"
                    );
                }
            }
        }
    }
}

/// A number, or nothing in every 13th place.
fn with_gaps<T: Float>(i: usize, of: fn(usize) -> f64) -> T {
    if i % 13 == 5 {
        T::nan()
    } else {
        T::from_f64(of(i))
    }
}

#[test]
fn threads_and_levels_do_not_show() {
    macro_rules! floats {
        ($($t:ty)+) => {$(
            check(&SHAPES, |i| value(i) as $t, |x| {
                [sums(x), magnitudes(x), extremes(x), weighted(x)].concat()
            });
            check(&FEW, |i| factor(i) as $t, products);
            check(&FEW, |i| with_gaps::<$t>(i, value), numbers);
            check(&FEW, |i| with_gaps::<$t>(i, factor), factors);
        )+};
    }
    floats!(f64 f32);
}

#[test]
fn threads_and_levels_do_not_show_in_integers() {
    // odd, so that products do not run out of bits
    macro_rules! integers {
        ($($t:ty)+) => {$(
            check(&FEW, |i| (1e6 * value(i)) as i64 as $t | 1, |x| {
                [sums(x), products(x), extremes(x)].concat()
            });
        )+};
    }
    integers!(i64 u8);
}

#[test]
fn threads_and_levels_do_not_show_in_complex_numbers() {
    macro_rules! complex {
        ($($t:ty)+) => {$(
            check(&FEW, |i| Complex::new(value(i) as $t, value(i + 5) as $t), |x| {
                [sums(x), magnitudes(x)].concat()
            });
            check(&FEW, |i| Complex::new(factor(i) as $t, (factor(i + 5) - 1.0) as $t), products);
        )+};
    }
    complex!(f64 f32);
}

/// What NumPy makes of lanes that hold next to nothing but NaN.
#[test]
fn variances_of_few_numbers_among_many_nan() {
    let mut x = Array1::full(5_001, f64::NAN);
    x[0] = 1e200;
    assert_eq!((x.nanmean(), x.nanvar(0), x.nanstd(0)), (1e200, 0.0, 0.0));
    let columns = x.insert_axis(1).broadcast_to([5_001, 3]).to_owned();
    assert_eq!(columns.nanvar_axis(0, 0), array![0.0, 0.0, 0.0]);
    // Squares of these are no f32, those of their differences are.
    let mut x = Array2::<f32>::full([64, 3], f32::NAN);
    for ([i, j], v) in x.slice_mut(s![..32, ..]).indexed_iter_mut() {
        *v = 3e19 + (i * 3 + j) as f32 * 1e15;
    }
    let exact = x.slice(s![..32, ..]).cast::<f64>().var_axis(0);
    for (found, exact) in x.nanvar_axis(0, 0).iter().zip(&exact) {
        assert!(
            (f64::from(*found) / exact - 1.0).abs() < 1e-3,
            "{found} {exact}"
        );
    }
}

#[test]
fn running_sums_keep_the_sign_of_a_first_zero() {
    let negative = |x: Array1<f64>| x.map(|v| v.is_sign_negative());
    let x = array![-0.0, -0.0, 0.0, -0.0];
    let expected = array![true, true, false, false];
    assert_eq!(negative(x.cumsum()), expected);
    assert_eq!(negative(x.nancumsum()), expected);
    let columns = x.broadcast_to([3, 4]).to_owned().into_t();
    assert_eq!(
        negative(columns.cumsum_axis(0).column(2).to_owned()),
        expected
    );
    assert_eq!(
        negative(columns.nancumsum_axis(0).column(2).to_owned()),
        expected
    );
}

#[test]
fn bytes_are_counted_past_what_a_byte_holds() {
    // One lane of bytes overflows after 255 rows; a row of the engine ends after 16,384.
    for n in [
        0,
        1,
        63,
        64,
        65,
        1_000,
        255 * 64,
        255 * 64 + 1,
        16_384,
        50_021,
    ] {
        let truths = Array1::from_shape_fn(n, |[i]| i % 5 != 1);
        let numbers = truths.map(|&truth| if truth { -128_i8 } else { 0 });
        let every = Array1::full(n, true);
        let wanted = truths.iter().filter(|&&truth| truth).count();
        let apart = truths.slice_axis(0, None, None, -2);
        let wanted_apart = apart.iter().filter(|&&truth| truth).count();
        for &level in available() {
            with_level(level, || {
                assert_eq!(truths.count_nonzero(), wanted, "{n}, {level:?}");
                assert_eq!(numbers.count_nonzero(), wanted, "{n}, {level:?}");
                assert_eq!(every.count_nonzero(), n, "{level:?}");
                assert_eq!(apart.count_nonzero(), wanted_apart, "{n}, {level:?}");
            });
        }
    }
    let table = Array2::from_shape_fn([700, 130], |[i, j]| (i * 31 + j * 17) % 3 != 0);
    for axis in 0..2 {
        let lanes = table.lanes(axis);
        let wanted: Vec<usize> = lanes
            .map(|lane| lane.iter().filter(|&&x| x).count())
            .collect();
        assert_eq!(table.count_nonzero_axis(axis).into_vec(), wanted);
    }
}

#[test]
fn positions_are_the_first_in_every_order() {
    // Every value many times, so that each layout has to look for the first.
    let x = Array3::from_shape_fn([7, 40, 33], |[i, j, k]| {
        ((i * 5 + j * 3 + k * 7) % 11) as f64
    });
    let naive = |x: &ArrayRef<f64, crate::IxDyn>| {
        let max = x.iter().copied().fold(f64::MIN, f64::max);
        x.iter().position(|&v| v == max).expect("there")
    };
    let x = x.view_dyn();
    let views = [
        x,
        x.t(),
        x.flip(0),
        x.flip(2),
        x.permute([1, 2, 0]),
        x.flip(1).t(),
    ];
    for view in &views {
        assert_eq!(view.argmax(), naive(view));
        for axis in 0..3 {
            let found = view.argmax_axis(axis);
            for (lane, &i) in view.lanes(axis).zip(found.iter()) {
                let lane: Vec<f64> = lane.iter().copied().collect();
                let max = lane.iter().copied().fold(f64::MIN, f64::max);
                assert_eq!(Some(i), lane.iter().position(|&v| v == max));
            }
        }
    }
    let mut y = Array1::<f32>::zeros(5_000);
    y[4_000] = f32::NAN;
    y[4_500] = f32::NAN;
    assert_eq!((y.argmax(), y.argmin()), (4_000, 4_000));
    assert_eq!(y.flip(0).argmax(), 499);
    assert_eq!(y.nanargmax(), Ok(0));
}

#[test]
fn variances_of_large_means_are_exact() {
    assert_eq!(array![1e9, 1e9 + 1.0, 1e9 + 2.0].var(), 2.0 / 3.0);
    let n = 100_000;
    let x = Array1::from_shape_fn(n, |[i]| 1e9 + (i % 3) as f64);
    assert!((x.var() - 2.0 / 3.0).abs() < 1e-4);
    let wide = Array2::from_shape_fn([n, 5], |[i, _]| 1e9 + (i % 3) as f64);
    let exact = x.map(|v| (v - 1e9 - 1.0) * (v - 1e9 - 1.0)).mean();
    assert!((x.var() / exact - 1.0).abs() < 1e-8, "{} {exact}", x.var());
    assert!(
        wide.var_axis(0)
            .iter()
            .all(|v| (v / exact - 1.0).abs() < 1e-8)
    );
}

#[test]
fn complex_extremes_pass_over_nan() {
    macro_rules! complex {
        ($($t:ident)+) => {$(
            let c = Complex::<$t>::new;
            let (nan, inf) = ($t::NAN, $t::INFINITY);
            for n in [1, 7, 1_024, 70_001] {
                let gap = |i: usize| if i % 2 == 0 { c(nan, i as $t) } else { c(inf, nan) };
                let mut x = Array1::from_shape_fn([n], |[i]| gap(i));
                assert!(x.nanmax().is_nan() && x.nanmin().is_nan());
                assert!(x.nanargmax().is_err() && x.nanargmin().is_err());
                // What the kernels start from, twice: the first one counts.
                for value in [c(-inf, -inf), c(inf, inf)] {
                    (x[n / 2], x[n - 1]) = (value, value);
                    assert_eq!((x.nanmax(), x.nanmin()), (value, value));
                    assert_eq!((x.nanargmax(), x.nanargmin()), (Ok(n / 2), Ok(n / 2)));
                    assert_eq!(x.slice(s![..;-1]).nanargmax(), Ok(0));
                    let columns = x.broadcast_to([3, n]).to_owned().into_t();
                    assert_eq!(columns.nanargmax_axis(0), Ok(Array1::full(3, n / 2)));
                    assert_eq!(columns.nanmin_axis(0), Array1::full(3, value));
                }
                if n > 1 {
                    // Equal real parts.
                    (x[n / 2], x[n - 1]) = (c(1.0, 2.0), c(1.0, 3.0));
                    assert_eq!((x.nanargmax(), x.nanargmin()), (Ok(n - 1), Ok(n / 2)));
                }
            }
        )+};
    }
    complex!(f32 f64);
}

#[test]
fn running_sums_of_turned_rows() {
    let x = Array1::<u8>::from_shape_fn([41], |[i]| 200 + i as u8);
    for view in [x.slice(s![..;-1]), x.slice(s![..;-3]), x.slice(s![..0])] {
        let mut sum = 0_u64;
        let expected = view.map(|&v| {
            sum += u64::from(v);
            sum
        });
        assert_eq!(view.cumsum(), expected);
        assert_eq!(view.cumsum_axis(0), expected);
    }
}
