//! Batches, matrix–vector and dot products; which paths are taken.

use super::*;

fn batches<T: Case>(seed: u64) {
    for &level in available() {
        with_level(level, || {
            let mut dice = Dice(seed);
            for (batch, m, k, n) in [
                (0, 2, 2, 2),
                (50, 2, 4, 3),
                (300, 4, 4, 4),
                (40, 16, 16, 16),
                (7, 33, 20, 50),
                (3, 130, 100, 90),
                (9, 5, 6, 1),
            ] {
                for transposed in [false, true] {
                    let forms = if transposed { Form::F } else { Form::C };
                    let all: Vec<_> = (0..batch)
                        .map(|_| {
                            (
                                Held::<T>::new(&mut dice, m, k, Form::C),
                                Held::<T>::new(&mut dice, k, n, forms),
                            )
                        })
                        .collect();
                    let a: Vec<T> = all.iter().flat_map(|(a, _)| a.data.clone()).collect();
                    let b: Vec<T> = all.iter().flat_map(|(_, b)| b.data.clone()).collect();
                    let mut c = vec![T::roll(&mut dice); batch * m * n];
                    let want: Vec<T> = all
                        .iter()
                        .flat_map(|(a, b)| {
                            let c = Held::new(&mut dice, m, n, Form::C);
                            expected((T::one(), Beta::Zero), (a, false), (b, false), &c)
                        })
                        .collect();
                    for threads in [1, 2] {
                        c.fill(T::roll(&mut dice));
                        let mb = Held::<T>::new(&mut dice, k, n, forms).view();
                        let mb = MatRef {
                            ptr: b.as_ptr(),
                            ..mb
                        };
                        let ma = MatRef {
                            ptr: a.as_ptr(),
                            rows: m,
                            cols: k,
                            row_stride: k as isize,
                            col_stride: 1,
                        };
                        let mc = MatMut {
                            ptr: c.as_mut_ptr(),
                            rows: m,
                            cols: n,
                            row_stride: n as isize,
                            col_stride: 1,
                        };
                        let offsets = |i: usize| {
                            (
                                (i * m * k) as isize,
                                (i * k * n) as isize,
                                (i * m * n) as isize,
                            )
                        };
                        // SAFETY: the vectors hold `batch` matrices each.
                        unsafe { gemm_batch(ma, mb, mc, offsets, batch, threads) };
                        assert!(
                            c == want,
                            "{batch} of {m}x{k}x{n} transposed {transposed} threads {threads}"
                        );
                    }
                }
            }
        });
    }
}

#[test]
fn batch_products() {
    batches::<f64>(1);
    batches::<Dual>(5);
}

#[test]
fn conformance_batch_products() {
    batches::<f32>(2);
    batches::<Complex<f64>>(3);
    batches::<u16>(4);
}

fn vectors<T: Case>(seed: u64) {
    for &level in available() {
        with_level(level, || {
            let mut dice = Dice(seed);
            let mut shapes: Vec<_> = (0..120)
                .map(|_| (dice.pick(EXTENTS), dice.pick(EXTENTS)))
                .collect();
            shapes.extend([(300, 257), (2, 40_000), (9000, 5), (1, 70_000)]);
            for (m, n) in shapes {
                let (fa, threads) = (dice.pick(READ), 1 + dice.below(2));
                let (incx, incy) = (
                    dice.pick(&[1_isize, 2, -1, -3, 0]),
                    dice.pick(&[1_isize, 3, -1]),
                );
                let a = Held::<T>::new(&mut dice, m, n, fa);
                let line = |dice: &mut Dice, n: usize, inc: isize| {
                    let span = n.saturating_sub(1) * inc.unsigned_abs() + 1;
                    let data: Vec<T> = (0..span).map(|_| T::roll(dice)).collect();
                    Held {
                        data,
                        start: if inc < 0 { span - 1 } else { 0 },
                        rows: n,
                        cols: 1,
                        strides: (inc, 0),
                    }
                };
                let x = line(&mut dice, n, incx);
                let mut y = line(&mut dice, m, incy);
                let (ca, cx) = (dice.below(2) == 1, dice.below(2) == 1);
                let (alpha, beta) = (T::roll(&mut dice), dice.pick(&[Beta::Zero, Beta::One]));
                let want = expected((alpha, beta), (&a, ca), (&x, cx), &y);
                let (px, py) = (x.view().ptr, y.view_mut().ptr);
                // SAFETY: the operands live in `a`, `x`, `y`.
                unsafe { gemv(alpha, a.view(), ca, px, incx, cx, beta, py, incy, threads) };
                assert!(
                    y.data == want,
                    "{} {m}x{n} {fa:?} {incx} {incy} {ca} {cx} {beta:?}",
                    std::any::type_name::<T>()
                );

                let other = line(&mut dice, n, incy);
                let sum = (0..n).fold(T::zero(), |sum, i| {
                    let u = x.data[x.at(i, 0)];
                    let u = if cx { u.conjugate() } else { u };
                    sum.number_add(u.number_mul(other.data[other.at(i, 0)]))
                });
                // SAFETY: as above.
                let got = unsafe { dot(n, px, incx, other.view().ptr, incy, cx) };
                assert!(got == sum, "dot {n} {incx} {incy} {cx}");
            }
        });
    }
}

#[test]
fn vector_products() {
    vectors::<f64>(11);
    vectors::<f32>(12);
    vectors::<Complex<f64>>(13);
    vectors::<Complex<f32>>(14);
    vectors::<i32>(15);
    vectors::<u8>(16);
    vectors::<Dual>(17);
}

/// Row-major matrices that fit the cache are read in place; a batch member of one tile runs without
/// the loops; what lies badly is packed.
#[test]
fn paths() {
    use super::super::driver::{direct, single_tile};

    for &level in available() {
        let ks = <f64 as Tuned>::kernels(level);
        let of = |m: usize, k: usize, n: usize, turn_b: bool| {
            let form = if turn_b { Form::F } else { Form::C };
            let (a, b) = (
                Held::<f64>::new(&mut Dice(1), m, k, Form::C),
                Held::new(&mut Dice(2), k, n, form),
            );
            let mut c = Held::new(&mut Dice(3), m, n, Form::C);
            let problem = describe(1.0, a.view(), false, b.view(), false, false, c.view_mut());
            let problem = problem.orient().0;
            (direct(ks, &problem), single_tile(ks, &problem).is_some())
        };
        assert_eq!(of(64, 64, 64, false), ((true, true), false));
        assert_eq!(of(64, 64, 64, true), ((false, true), false));
        assert_eq!(of(4, 4, 4, false), ((true, true), true));
        assert_eq!(of(4, 4, 4, true), ((false, true), false));
        assert_eq!(of(4, 4, 3, false).1, ks.masked);
    }
}
