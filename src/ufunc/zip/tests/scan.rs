//! Recurrences and reductions against naive loops, on random layouts.

use super::{Rng, Strided, at, indices, shapes};
use crate::engine::simd;
use crate::with_threads;
use crate::{fused, prelude::*, zip};

/// The recurrence lane by lane, by indices.
fn naive<S: Clone, R: Clone>(
    shape: &[usize],
    axis: usize,
    init: impl Fn(&[usize]) -> S,
    mut f: impl FnMut(&mut S, &[usize]) -> R,
    fill: R,
) -> ArrayD<R> {
    let mut out = ArrayD::full(shape, fill);
    let mut lanes = shape.to_vec();
    lanes[axis] = usize::from(shape[axis] > 0);
    for mut index in indices(&lanes) {
        let mut state = init(&index);
        for i in 0..shape[axis] {
            index[axis] = i;
            let value = f(&mut state, &index);
            out[&index[..]] = value;
        }
    }
    out
}

fn one_case(rng: &mut Rng, large: bool) {
    let (shape, small) = loop {
        let (shape, small) = shapes(rng, large);
        if !shape.is_empty() {
            break (shape, small);
        }
    };
    let axis = rng.below(shape.len());
    let signed = axis as isize
        - if rng.below(2) == 0 {
            0
        } else {
            shape.len() as isize
        };
    let a = Strided::new(rng, &shape, |i| (i % 1013) as f64 * 0.25);
    let b = Strided::new(rng, &small, |i| (i % 211) as i32 - 100);
    let (av, bv) = (a.view(), b.view());

    let mean = av.accumulate_with(signed, fused!(|mean, x| 0.25 * x + 0.75 * mean));
    let want = naive(
        &shape,
        axis,
        |_| None,
        |mean: &mut Option<f64>, i| {
            let next = mean.map_or(av[i], |mean| 0.25 * av[i] + 0.75 * mean);
            *mean = Some(next);
            next
        },
        f64::NAN,
    );
    assert_eq!(mean, want, "accumulate_with {shape:?} along {axis}");

    // State, operands and results of different types.
    let step = |state: &mut (i64, f32), a: f64, b: i32| {
        state.0 += i64::from(b);
        state.1 = 0.5 * state.1 + a as f32;
        (state.1 > state.0 as f32, state.0)
    };
    let found = zip((av, bv)).scan(signed, (1, 0.5), |s, (a, b)| step(s, a, b));
    let want = naive(
        &shape,
        axis,
        |_| (1, 0.5),
        |s, i| step(s, at(&av, i), at(&bv, i)),
        (false, 0),
    );
    assert_eq!(found, want, "scan {shape:?} {small:?} along {axis}");

    let mut out = Strided::new(rng, &shape, |_| i64::MIN);
    zip((av, bv)).scan_into(signed, (1, 0.5), out.view_mut(), |s, (a, b)| {
        step(s, a, b).1
    });
    let second = want.map(|&(_, sum)| sum);
    assert_eq!(out.view(), second, "scan_into {shape:?} along {axis}");

    // Exact in integers, and with values that need dropping.
    let pairs = || zip((bv, av));
    let least = pairs().reduce(|(b, a)| i64::from(b) * 3 - a as i64, i64::min);
    let all = indices(&shape).map(|i| i64::from(at(&bv, &i)) * 3 - at(&av, &i) as i64);
    let all: Vec<i64> = all.collect();
    assert_eq!(
        least,
        all.iter().copied().min(),
        "reduce {shape:?} {small:?}"
    );
    let sum = pairs()
        .with_min_len(50)
        .reduce(|(b, a)| i64::from(b) * 3 - a as i64, |s, t| s + t);
    assert_eq!(
        sum,
        all.iter().copied().reduce(|s, t| s + t),
        "reduce {shape:?} {small:?}"
    );
    let longest = pairs().reduce(|(b, _)| b.to_string(), |s, t| s.max(t));
    assert_eq!(
        longest,
        indices(&shape).map(|i| at(&bv, &i).to_string()).max()
    );
}

#[test]
fn random_layouts_at_every_level_and_thread_count() {
    let mut rng = Rng(11);
    for case in 0..150 {
        let level = simd::available()[case % simd::available().len()];
        let large = case % 10 == 0;
        simd::with_level(level, || {
            with_threads(1 + case / 3 % 2, || one_case(&mut rng, large))
        });
    }
}

#[test]
fn reductions_have_the_same_bits_at_every_level_and_thread_count() {
    let x = Array2::from_shape_fn([300, 411], |[i, j]| {
        ((i * 7919 + j * 104729) % 1009) as f64 / 7.0
    });
    let sum = |x: &ArrayRef2<f64>| zip((x,)).reduce(|(x,)| x * x, |s, t| s + t);
    for view in [x.view(), x.t(), x.slice(s![..;2, ..;-3])] {
        let want = sum(&view).map(f64::to_bits);
        for &level in simd::available() {
            for threads in [1, 2] {
                let got = simd::with_level(level, || with_threads(threads, || sum(&view)));
                assert_eq!(got.map(f64::to_bits), want, "{level:?} {threads}");
            }
        }
    }
}

#[test]
fn panics_and_mistakes_are_passed_on() {
    let x = Array2::<f64>::ones([40, 50]);
    let caught = std::panic::catch_unwind(|| {
        x.scan(0, vec![0.0], |state, x| {
            state[0] += x;
            assert!(state[0] < 30.0, "enough");
            state[0]
        })
    });
    assert!(caught.is_err());
    assert!(x.try_scan(2, 0.0, |_, x| x).is_err());
    assert!(x.try_accumulate_with(-3, |_, x| x).is_err());
    let mut out = Array2::<f64>::zeros([40, 49]);
    assert!(
        zip((&x,))
            .try_scan_into(0, 0.0, &mut out, |_, (x,)| x)
            .is_err()
    );
    assert_eq!(
        zip((&Array1::<f64>::zeros([0]),)).reduce(|(x,)| x, f64::max),
        None
    );
}
