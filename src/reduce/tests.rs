//! The same bits for every number of threads and instruction set.

use crate::array::{Array, Array1, Array2, Array3, ArrayRef, Dimension, Float};
use crate::engine::simd::{available, with_level};
use crate::prelude::*;
use crate::with_threads;

fn value(i: usize) -> f64 {
    let r = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 30;
    (r as f64 / (1u64 << 34) as f64 - 0.4) * if i.is_multiple_of(7) { 1e3 } else { 1.0 }
}

fn bits<T: Float, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<u64> {
    x.iter().map(|v| Float::to_f64(*v).to_bits()).collect()
}

/// Many reductions of one array.
fn digest<T: Float, D: Dimension>(x: &ArrayRef<T, D>) -> Vec<u64> {
    let wide = |v: T| Float::to_f64(v).to_bits();
    let mut all = vec![
        wide(x.sum()),
        wide(x.mean()),
        wide(x.std()),
        wide(x.max()),
        wide(x.nansum()),
        wide(x.logsumexp()),
        wide(x.nanmean()),
        wide(x.nanstd(1)),
        wide(x.ptp()),
        wide(x.max_where(&x.map(|v| *v < T::zero()), T::from_f64(-900.0))),
        x.argmax() as u64,
        x.argmin() as u64,
        x.count_nonzero() as u64,
    ];
    for axis in 0..x.ndim() {
        all.extend(bits(&x.sum_keepdims(axis)));
        all.extend(bits(&x.var_keepdims(axis)));
        all.extend(bits(&x.min_keepdims(axis)));
        all.extend(bits(&x.nanvar_keepdims(axis, 0)));
        all.extend(bits(&x.logsumexp_keepdims(axis)));
        all.extend(bits(
            &x.mean_keepdims_where(axis, &x.map(|v| *v < T::zero())),
        ));
        all.extend(x.argmax_keepdims(axis).iter().map(|&i| i as u64));
        all.extend(bits(&x.cumsum_axis(axis)));
    }
    all
}

fn check<T: Float>() {
    let make = |shape: &[usize]| {
        let n: usize = shape.iter().product();
        Array::<T, IxDyn>::from_shape_vec(shape, (0..n).map(|i| T::from_f64(value(i))).collect())
    };
    let shapes: [&[usize]; 8] = [
        &[10],
        &[1_000],
        &[70_001],
        &[400_003],
        &[300, 1_000],
        &[3, 100_000],
        &[100_000, 3],
        &[40, 70, 90],
    ];
    #[cfg(feature = "rayon")]
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build();
    #[cfg(feature = "rayon")]
    let pool = pool.expect("a pool");
    for shape in shapes {
        let x = make(shape);
        let views = [x.view(), x.t(), x.slice_axis(0, None, None, -2)];
        for (i, view) in views.iter().enumerate() {
            let one = with_threads(1, || digest(view));
            #[cfg(feature = "rayon")]
            for threads in [2, 4, 7] {
                let many = pool.install(|| with_threads(threads, || digest(view)));
                assert!(one == many, "{shape:?}, view {i}, {threads} threads");
            }
            for &level in available() {
                let other = with_level(level, || with_threads(1, || digest(view)));
                assert!(one == other, "{shape:?}, view {i}, {level:?}");
            }
        }
    }
}

#[test]
fn threads_and_levels_do_not_show() {
    check::<f64>();
    check::<f32>();
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
