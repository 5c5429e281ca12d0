//! Every method against indexing, on random layouts, at every instruction set and on one and two
//! threads. That closures vectorise is what `tests/fused_speed.rs` tests.

mod scan;

use crate::engine::simd;
use crate::with_threads;
use crate::{fused, math, prelude::*, zip};

/// A linear congruential generator (Knuth's MMIX constants).
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) % n as u64) as usize
    }
}

/// A layout to be cut out of a larger array.
struct Strided<T> {
    base: ArrayD<T>,
    axes: Vec<isize>,
    steps: Vec<(Option<isize>, Option<isize>, isize)>,
}

impl<T: Clone> Strided<T> {
    /// An array of this shape with axes in random memory order and random steps.
    fn new(rng: &mut Rng, shape: &[usize], mut value: impl FnMut(usize) -> T) -> Self {
        let ndim = shape.len();
        let mut axes: Vec<usize> = (0..ndim).collect();
        match rng.below(3) {
            0 => {}
            1 => axes.reverse(),
            _ => (1..ndim).for_each(|i| axes.swap(i, rng.below(i + 1))),
        }
        let dense = rng.below(2) == 0;
        let mut steps = Vec::new();
        let mut extents = vec![0; ndim];
        for (axis, &len) in shape.iter().enumerate() {
            let n = len as isize;
            let (extent, start, end, step) = match if dense { 0 } else { rng.below(4) } {
                0 => (n, None, None, 1),
                1 => (n, None, None, -1),
                2 => (2 * n + 1, Some(1), Some(2 * n + 1), 2),
                _ => (n + 2, Some(1), Some(n + 1), 1),
            };
            extents[axes[axis]] = extent as usize;
            steps.push((start, end, step));
        }
        let mut count = 0;
        let base = ArrayD::from_shape_fn(extents, |_| {
            count += 1;
            value(count)
        });
        let axes = axes.iter().map(|&axis| axis as isize).collect();
        Strided { base, axes, steps }
    }

    fn view(&self) -> ArrayViewD<'_, T> {
        let mut view = self.base.view().permute(&self.axes[..]);
        for (axis, &(start, end, step)) in self.steps.iter().enumerate() {
            view = view.slice_axis(axis, start, end, step);
        }
        view
    }

    fn view_mut(&mut self) -> ArrayViewMutD<'_, T> {
        let mut view = self.base.view_mut().into_permute(&self.axes[..]);
        for (axis, &(start, end, step)) in self.steps.iter().enumerate() {
            view = view.into_slice_axis(axis, start, end, step);
        }
        view
    }
}

/// A shape, and one that broadcasts to it.
fn shapes(rng: &mut Rng, large: bool) -> (Vec<usize>, Vec<usize>) {
    let ndim = rng.below(4) + usize::from(large);
    let mut shape: Vec<usize> = (0..ndim)
        .map(|_| [0, 1, 2, 3, 5, 9, 17, 40][rng.below(8)])
        .collect();
    if large {
        shape[rng.below(ndim)] = 700;
        shape.iter_mut().for_each(|n| *n = (*n).max(1));
        while shape.iter().product::<usize>() > 200_000 {
            let longest = shape.iter().position(|n| n == shape.iter().max().unwrap());
            shape[longest.unwrap()] /= 3;
        }
    }
    let drop = rng.below(ndim + 1);
    let drop = if rng.below(2) == 0 { 0 } else { drop };
    let mut small = shape[drop..].to_vec();
    small.iter_mut().for_each(|n| {
        if *n > 0 && rng.below(4) == 0 {
            *n = 1;
        }
    });
    (shape, small)
}

/// All indices of a shape, in logical order.
fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let n: usize = shape.iter().product();
    let shape = shape.to_vec();
    (0..n).map(move |mut flat| {
        let mut index = vec![0; shape.len()];
        for axis in (0..shape.len()).rev() {
            index[axis] = flat % shape[axis];
            flat /= shape[axis];
        }
        index
    })
}

/// The element that a broadcast operand has at an index.
fn at<T: Copy>(view: &ArrayViewD<'_, T>, index: &[usize]) -> T {
    let lead = index.len() - view.ndim();
    let own: Vec<usize> = index[lead..]
        .iter()
        .zip(view.shape())
        .map(|(&i, &n)| if n == 1 { 0 } else { i })
        .collect();
    view[&own[..]]
}

fn one_case(rng: &mut Rng, large: bool) {
    let (shape, small) = shapes(rng, large);
    let a = Strided::new(rng, &shape, |i| (i % 1013) as f64 * 0.25);
    let b = Strided::new(rng, &small, |i| (i % 211) as i32 - 100);
    let c = Strided::new(rng, &small, |i| i % 3 == 0);
    let (av, bv, cv) = (a.view(), b.view(), c.view());
    let f = |a: f64, b: i32, c: bool| {
        if c {
            a * f64::from(b)
        } else {
            a - f64::from(b)
        }
    };
    let want: Vec<f64> = indices(&shape)
        .map(|i| f(at(&av, &i), at(&bv, &i), at(&cv, &i)))
        .collect();
    let same = |got: &ArrayRefD<f64>, what: &str| {
        assert_eq!(got.shape(), &shape[..], "{what}");
        assert!(got.iter().eq(want.iter()), "{what}: {shape:?} {small:?}");
    };

    let three = || zip((av, bv, cv));
    same(&three().map(|(a, b, c)| f(a, b, c)), "map");
    same(
        &three().with_min_len(64).map(|(a, b, c)| f(a, b, c)),
        "min_len",
    );
    same(&three().seq().map(|(a, b, c)| f(a, b, c)), "seq map");
    let strings = three().map(|(a, b, c)| f(a, b, c).to_string());
    assert!(
        strings
            .iter()
            .eq(want.iter().map(f64::to_string).collect::<Vec<_>>().iter())
    );

    // In logical order, with state.
    let mut order = Vec::new();
    three().seq().for_each(|(a, b, c)| order.push(f(a, b, c)));
    assert_eq!(order, want, "seq for_each");
    let folded = three().fold(Vec::new(), |mut all, (a, b, c)| {
        all.push(f(a, b, c));
        all
    });
    assert_eq!(folded, want, "fold");

    // Outputs: plain and not, strided.
    let mut out = Strided::new(rng, &shape, |_| f64::NAN);
    three().map_into(out.view_mut(), |(a, b, c)| f(a, b, c));
    same(&out.view(), "map_into");
    let mut out = Strided::new(rng, &shape, |_| f64::NAN);
    three()
        .seq()
        .map_into(out.view_mut(), |(a, b, c)| f(a, b, c));
    same(&out.view(), "seq map_into");
    let mut texts = Strided::new(rng, &shape, |i| i.to_string());
    three().map_into(texts.view_mut(), |(a, b, c)| f(a, b, c).to_string());
    assert!(
        texts
            .view()
            .iter()
            .zip(&want)
            .all(|(s, w)| *s == w.to_string())
    );
    let mut sums = Strided::new(rng, &shape, |_| 1.0);
    let mut counts = Strided::new(rng, &shape, |_| 0u8);
    zip((av, sums.view_mut(), bv, counts.view_mut(), cv)).for_each(|(a, s, b, n, c)| {
        *s *= f(a, b, c);
        *n += 1;
    });
    same(&sums.view(), "for_each");
    assert!(counts.view().iter().all(|&n| n == 1), "each element once");
    zip((texts.view_mut(), av)).for_each(|(s, a)| s.push_str(&a.to_string()));
    for ((s, w), a) in texts.view().iter().zip(&want).zip(av.iter()) {
        assert_eq!(*s, format!("{w}{a}"));
    }

    // Indices.
    let places = three().indexed().map(|i, (a, b, c)| (i, f(a, b, c)));
    let wanted = indices(&shape).zip(&want);
    for ((place, value), (index, want)) in places.iter().zip(wanted) {
        assert_eq!((place.as_slice(), value), (&index[..], want));
    }
    let mut flat = Strided::new(rng, &shape, |_| String::new());
    zip((flat.view_mut(), av))
        .indexed()
        .for_each(|i, (s, _)| *s = format!("{i:?}"));
    let names = zip((av,)).indexed().map(|i, _| format!("{i:?}"));
    assert!(names.iter().eq(flat.view().iter()));
    let mut names = Strided::new(rng, &shape, |_| String::new());
    zip((av,))
        .indexed()
        .map_into(names.view_mut(), |i, _| format!("{i:?}"));
    assert!(names.view().iter().eq(flat.view().iter()));
    let seen = zip((av,)).indexed().fold(Vec::new(), |mut all, i, _| {
        all.push(i.as_slice().to_vec());
        all
    });
    assert_eq!(seen, indices(&shape).collect::<Vec<_>>());

    // Folds: exact in integers, and with values that need dropping.
    let total = zip((bv, cv)).fold_with(
        0i64,
        |s, (b, c)| s + i64::from(b) * i64::from(c),
        |s, t| s + t,
    );
    let plain = zip((bv, cv)).fold(0i64, |s, (b, c)| s + i64::from(b) * i64::from(c));
    assert_eq!(total, plain);
    let mut all = three().fold_with(
        Vec::new(),
        |mut all, (a, b, c)| {
            all.push(f(a, b, c));
            all
        },
        |mut s, t| {
            s.extend(t);
            s
        },
    );
    let mut sorted = want.clone();
    all.sort_by(f64::total_cmp);
    sorted.sort_by(f64::total_cmp);
    assert_eq!(all, sorted);
    assert_eq!(
        three().all(|(a, _, _)| a < 100.0),
        av.iter().all(|&a| a < 100.0) || want.is_empty()
    );
    assert_eq!(
        three().any(|(_, b, _)| b == 7),
        !want.is_empty() && bv.iter().any(|&b| b == 7)
    );
}

#[test]
fn random_layouts_at_every_level_and_thread_count() {
    let mut rng = Rng(7);
    for case in 0..120 {
        let level = simd::available()[case % simd::available().len()];
        let large = case % 12 == 0;
        simd::with_level(level, || {
            with_threads(1 + case / 3 % 2, || one_case(&mut rng, large))
        });
    }
}

#[test]
fn all_arities() {
    let x = array![[1, 2], [3, 4]];
    let row = array![10, 20];
    let mut y = Array2::<i32>::zeros([2, 2]);
    zip((&x, &row, 1, &x.t(), &row, 2, x.view(), &mut y))
        .for_each(|(a, b, c, d, e, f, g, y)| *y = a + b + c + d + e + f + g);
    assert_eq!(y, array![[26, 50], [31, 55]]);
    let six = zip((&x, &x, &x, &x, &x, &x)).map(|(a, b, c, d, e, f)| a * b * c * d * e * f);
    assert_eq!(six, array![[1, 64], [729, 4096]]);
    let seven =
        zip((&x, &x, &x, &x, &x, &x, &row)).map(|(a, b, c, d, e, f, g)| a + b + c + d + e + f + g);
    assert_eq!(seven, array![[16, 32], [28, 44]]);
    assert_eq!(
        zip((&x, &x, &x, &x)).map(|(a, b, c, d)| a + b + c + d),
        array![[4, 8], [12, 16]]
    );
}

#[test]
fn elements_too_large_or_too_aligned_for_buffers() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(256))]
    struct Aligned(u8);
    let x = Array2::from_shape_fn([3, 70], |[i, j]| Aligned((3 * j + i) as u8));
    let y = zip((&x.t(), 1u8)).map(|(a, s)| Aligned(a.0 + s));
    assert_eq!(y[[69, 2]], Aligned(210));
    let large = Array2::from_shape_fn([40, 3], |[i, j]| [(3 * i + j) as u64; 400]);
    let sums = zip((&large.t(), &array![[0u64], [1], [2]])).map(|(a, j)| a[399] - j);
    assert_eq!(sums[[2, 39]], 117);
    let units = zip((&Array1::<()>::full([5], ()), &array![1, 2, 3, 4, 5])).map(|((), i)| i);
    assert_eq!(units, array![1, 2, 3, 4, 5]);
}

#[test]
fn folds_have_the_same_bits_at_every_level_and_thread_count() {
    let x = Array2::from_shape_fn([300, 411], |[i, j]| {
        ((i * 7919 + j * 104729) % 1009) as f64 / 7.0
    });
    let sum = |x: &ArrayRef2<f64>| zip((x,)).fold_with(0.0, |s, (x,)| s + x * x, |s, t| s + t);
    for view in [x.view(), x.t(), x.slice(s![..;2, ..;-3])] {
        let want = sum(&view).to_bits();
        for &level in simd::available() {
            for threads in [1, 2] {
                let got = simd::with_level(level, || with_threads(threads, || sum(&view)));
                assert_eq!(got.to_bits(), want, "{level:?} {threads}");
            }
        }
    }
}

#[test]
fn closures_of_one_two_and_three_exponentials_compute() {
    let x = Array1::linspace(-3.0, 3.0, 1001);
    let single = x.cast::<f32>();
    for &level in simd::available() {
        simd::with_level(level, || {
            let one = zip((&single,)).map(fused!(|(a,)| math::exp(a)));
            let two = zip((&x, &x)).map(fused!(|(a, b)| math::exp(a) * math::exp(-b)));
            let three = zip((&x, &x)).map(fused!(
                |(a, b)| math::exp(a) * math::exp(-b) + math::exp(0.5 * a)
            ));
            for (i, &x) in x.iter().enumerate() {
                assert_eq!(one[i], math::exp(single[i]), "{level:?}");
                assert_eq!(two[i], math::exp(x) * math::exp(-x), "{level:?}");
                assert_eq!(three[i], two[i] + math::exp(0.5 * x), "{level:?}");
            }
        });
    }
}
