//! Products against the triple loop.

use super::precise::Worst;
use super::*;
use crate::linalg::backend::{Conj, Gemm};

fn check<T: Scalar>(
    backend: Backend,
    [m, n, k]: [usize; 3],
    layouts: [Layout; 3],
    conj: [Conj; 2],
    (alpha, beta): (T, Option<T>),
    rng: &mut Rng,
    worst: &mut Worst,
) {
    let a = Owned::<T>::random(m, k, layouts[0], rng);
    let b = Owned::<T>::random(k, n, layouts[1], rng);
    let mut c = match beta {
        Some(_) => Owned::<T>::random(m, n, layouts[2], rng),
        None => Owned::room(m, n, layouts[2]),
    };
    let before = c.clone();
    let call = Gemm {
        alpha,
        a: a.to_ref(),
        conj_a: conj[0],
        b: b.to_ref(),
        conj_b: conj[1],
        beta,
        c: c.to_mut(),
    };
    // SAFETY: the descriptions match vectors of their own.
    unsafe { backend.gemm(call, 2) };
    let op = |x: T, conj| if conj == Conj::Yes { x.conj() } else { x };
    let unit = (k as f64 + 4.0) * epsilon::<T>() * (1.0 + alpha.modulus().to_f64());
    let at = || format!("{m}x{n}x{k} {layouts:?} {conj:?} α={alpha:?} β={beta:?}");
    for i in 0..m {
        for j in 0..n {
            let product = dot(k, |l| op(a.at(i, l), conj[0]), |l| op(b.at(l, j), conj[1]));
            let kept = beta.map_or(T::zero(), |beta| beta * before.at(i, j));
            let off = (c.at(i, j) - (alpha * product + kept)).modulus().to_f64();
            worst.see(off / unit, at);
            worst.demand(off <= 4.0 * unit, at);
        }
    }
    c.assert_gaps_untouched();
}

#[test]
fn all_layouts() {
    fn test<T: Scalar>(backend: Backend) {
        let mut rng = Rng(7);
        let mut worst = Worst::new(format!("{} gemm", name::<T>(backend)));
        for a in LAYOUTS {
            for b in LAYOUTS {
                for c in LAYOUTS {
                    for conj in [
                        [Conj::No; 2],
                        [Conj::Yes, Conj::No],
                        [Conj::No, Conj::Yes],
                        [Conj::Yes; 2],
                    ] {
                        let shape = [1 + rng.below(9), 1 + rng.below(9), 1 + rng.below(9)];
                        let (alpha, beta) = (
                            rng.scalar(),
                            [None, Some(T::one()), Some(rng.scalar())][rng.below(3)],
                        );
                        let layouts = [a, b, c];
                        let factors = (alpha, beta);
                        check(backend, shape, layouts, conj, factors, &mut rng, &mut worst);
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn sizes() {
    fn test<T: Scalar>(backend: Backend) {
        let mut rng = Rng(11);
        let mut worst = Worst::new(format!("{} gemm of sizes", name::<T>(backend)));
        for shape in [
            [0, 3, 2],
            [3, 0, 2],
            [3, 2, 0],
            [1, 1, 1],
            [1, 17, 5],
            [17, 1, 5],
            [9, 9, 1],
            [64, 64, 64],
            [65, 33, 70],
            [5, 130, 129],
        ] {
            for beta in [
                None,
                Some(T::zero()),
                Some(T::one()),
                Some(T::one() + T::one()),
            ] {
                check::<T>(
                    backend,
                    shape,
                    [C, F, C],
                    [Conj::No; 2],
                    (T::one(), beta),
                    &mut rng,
                    &mut worst,
                );
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn threads_agree() {
    fn test<T: Scalar>(backend: Backend) {
        let mut worst = Worst::new(format!("{} gemm on threads", name::<T>(backend)));
        check::<T>(
            backend,
            [300, 280, 260],
            [C, C, C],
            [Conj::No; 2],
            (T::one(), None),
            &mut Rng(3),
            &mut worst,
        );
        worst.judge();
    }
    for backend in compiled_in() {
        test::<f64>(backend);
        test::<Complex<f32>>(backend);
    }
}

#[test]
fn zero_strides_are_read() {
    fn test<T: Scalar>(backend: Backend) {
        let row = Owned::<T>::random(1, 5, C, &mut Rng(5));
        let b = Owned::<T>::random(5, 3, C, &mut Rng(6));
        let mut c = Owned::<T>::room(4, 3, C);
        let a = MatRef {
            rows: 4,
            row_stride: 0,
            ..row.to_ref()
        };
        let call = Gemm {
            alpha: T::one(),
            a,
            conj_a: Conj::No,
            b: b.to_ref(),
            conj_b: Conj::No,
            beta: None,
            c: c.to_mut(),
        };
        // SAFETY: four times the same five elements; the rest as above.
        unsafe { backend.gemm(call, 1) };
        for i in 0..4 {
            for j in 0..3 {
                let off = c.at(i, j) - dot(5, |k| row.at(0, k), |k| b.at(k, j));
                assert!(
                    off.modulus().to_f64() < 50.0 * epsilon::<T>(),
                    "{}",
                    name::<T>(backend)
                );
            }
        }
    }
    for_all!(test);
}
