//! Singular values by their properties: A = U·S·Vᴴ, orthonormal factors, order.

use super::precise::Worst;
use super::*;
use crate::linalg::backend::{Svd, SvdJob, Workspace};
use crate::linalg::error::Failure;

struct Factors<T: Scalar> {
    u: Owned<T>,
    s: Vec<f64>,
    vt: Owned<T>,
}

fn decompose<T: Scalar>(
    backend: Backend,
    a: &Owned<T>,
    job: SvdJob,
    layouts: [Layout; 2],
    work: &mut Workspace,
    threads: usize,
) -> Result<Factors<T>, Failure> {
    let (m, n) = (a.rows, a.cols);
    let k = m.min(n);
    let (u_cols, vt_rows) = if job == SvdJob::Full { (m, n) } else { (k, k) };
    let mut u = Owned::<T>::room(m, u_cols, layouts[0]);
    let mut vt = Owned::<T>::room(vt_rows, n, layouts[1]);
    let mut s = vec![T::Real::from_f64(f64::NAN); k];
    let vectors = job != SvdJob::ValuesOnly;
    let call = Svd {
        a: a.to_ref(),
        job,
        s: &mut s,
        u: vectors.then(|| u.to_mut()),
        vt: vectors.then(|| vt.to_mut()),
    };
    // SAFETY: the descriptions match vectors of their own.
    unsafe { backend.svd(call, work, threads)? };
    Ok(Factors {
        u,
        s: s.iter().map(|s| s.to_f64()).collect(),
        vt,
    })
}

/// Panics unless the factors are those of `a`; the largest of the residuals in units of ε and the longer side.
fn verify<T: Scalar>(what: &str, a: &Owned<T>, f: &Factors<T>) -> f64 {
    let (m, n, k) = (a.rows, a.cols, f.s.len());
    let tolerance = 3.0 * (m.max(n) as f64 + 10.0) * epsilon::<T>();
    for pair in f.s.windows(2) {
        assert!(pair[0] >= pair[1], "{what}: not descending: {pair:?}");
    }
    assert!(f.s.iter().all(|&s| s >= 0.0), "{what}: {:?}", f.s);
    f.u.assert_gaps_untouched();
    f.vt.assert_gaps_untouched();

    let size = Some(a.frobenius())
        .filter(|&size| size > 0.0)
        .unwrap_or(1.0);
    let mut residual = 0.0;
    for i in 0..m {
        for j in 0..n {
            let scaled = |l: usize| f.u.at(i, l) * T::from_real(T::Real::from_f64(f.s[l] / size));
            let product = dot(k, scaled, |l| f.vt.at(l, j));
            let element = a.at(i, j) / T::from_real(T::Real::from_f64(size));
            residual += (element - product).modulus().to_f64().powi(2);
        }
    }
    assert!(
        residual.sqrt() <= tolerance,
        "{what}: ‖A − USVᴴ‖/‖A‖ = {:e}",
        residual.sqrt()
    );
    let mut worst = residual.sqrt();
    for (which, len, count, element) in [
        (
            "UᴴU",
            m,
            f.u.cols,
            &(|i: usize, j: usize| f.u.at(i, j)) as &dyn Fn(usize, usize) -> T,
        ),
        ("VᴴV", n, f.vt.rows, &|i, j| f.vt.at(j, i).conj()),
    ] {
        for p in 0..count {
            for q in 0..=p {
                let inner = dot(len, |i| element(i, p).conj(), |i| element(i, q));
                let one = if p == q { T::one() } else { T::zero() };
                let off = (inner - one).modulus().to_f64();
                assert!(off <= tolerance, "{what}: {which}({p}, {q}) off by {off:e}");
                worst = larger(worst, off);
            }
        }
    }
    worst / (m.max(n).max(1) as f64 * epsilon::<T>())
}

const JOBS: [SvdJob; 2] = [SvdJob::Thin, SvdJob::Full];

#[test]
fn all_layouts() {
    fn test<T: Scalar>(backend: Backend) {
        let mut rng = Rng(21);
        let mut worst = Worst::new(format!("{} svd", name::<T>(backend)));
        let mut work = Workspace::new();
        for shape in [(5, 5), (9, 4), (4, 9), (12, 11), (1, 6), (6, 1)] {
            for layout in LAYOUTS {
                let a = Owned::<T>::random(shape.0, shape.1, layout, &mut rng);
                for job in JOBS {
                    for u in LAYOUTS {
                        for vt in [u, LAYOUTS[rng.below(6)]] {
                            let what = format!(
                                "{} {shape:?} {layout:?} {job:?} → {u:?} {vt:?}",
                                name::<T>(backend)
                            );
                            let f = decompose(backend, &a, job, [u, vt], &mut work, 1).unwrap();
                            worst.see(verify(&what, &a, &f), || what.clone());
                        }
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn shapes() {
    fn test<T: Scalar>(backend: Backend) {
        let mut rng = Rng(22);
        let mut worst = Worst::new(format!("{} svd of shapes", name::<T>(backend)));
        let mut work = Workspace::new();
        for (m, n) in [
            (1, 1),
            (2, 2),
            (1, 40),
            (40, 1),
            (33, 32),
            (60, 12),
            (12, 60),
            (200, 7),
            (7, 200),
            (90, 80),
            (80, 90),
            (130, 130),
        ] {
            let a = Owned::<T>::random(m, n, C, &mut rng);
            let mut values = Vec::new();
            for job in JOBS {
                let f = decompose(backend, &a, job, [C, C], &mut work, 2).unwrap();
                let what = format!("{} {m}x{n} {job:?}", name::<T>(backend));
                worst.see(verify(&what, &a, &f), || what.clone());
                values = f.s;
            }
            let only = decompose(backend, &a, SvdJob::ValuesOnly, [C, C], &mut work, 2).unwrap();
            for (x, y) in values.iter().zip(&only.s) {
                assert!((x - y).abs() <= 20.0 * (m.max(n) as f64) * epsilon::<T>() * values[0]);
            }
        }
        worst.judge();
    }
    for_all!(test);
}

/// U·diag(s)·Vᴴ with random orthonormal factors.
fn with_values<T: Scalar>(backend: Backend, m: usize, n: usize, s: &[f64]) -> Owned<T> {
    let mut rng = Rng(23);
    let mut work = Workspace::new();
    let a = Owned::<T>::random(m, n, C, &mut rng);
    let f = decompose(backend, &a, SvdJob::Thin, [C, C], &mut work, 1).unwrap();
    Owned::new(m, n, C, |i, j| {
        dot(
            s.len(),
            |l| f.u.at(i, l) * T::from_real(T::Real::from_f64(s[l])),
            |l| f.vt.at(l, j),
        )
    })
}

#[test]
fn known_spectra() {
    fn test<T: Scalar>(backend: Backend) {
        let (m, n) = (40, 30);
        let mut work = Workspace::new();
        let mut worst = Worst::new(format!("{} svd of spectra", name::<T>(backend)));
        let deficient: Vec<f64> = (0..n).map(|i| if i < 11 { 2.0 } else { 0.0 }).collect();
        let ill: Vec<f64> = (0..n).map(|i| 10f64.powi(-(i as i32))).collect();
        let clustered: Vec<f64> = (0..n).map(|i| 1.0 - 1e-9 * i as f64).collect();
        for (what, s) in [
            ("rank 11", deficient),
            ("ill-conditioned", ill),
            ("clustered", clustered),
        ] {
            let a = with_values::<T>(backend, m, n, &s);
            for job in JOBS {
                let f = decompose(backend, &a, job, [C, F], &mut work, 1).unwrap();
                let ratio = verify(&format!("{} {what}", name::<T>(backend)), &a, &f);
                worst.see(ratio, || format!("{what} {job:?}"));
                for (found, wanted) in f.s.iter().zip(&s) {
                    // Absolute accuracy is what a bidiagonalisation promises (Weyl).
                    assert!(
                        (found - wanted).abs() <= 200.0 * epsilon::<T>() * s[0],
                        "{what}: {found} {wanted}"
                    );
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn special_matrices() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        type Entry<T> = fn(usize, usize) -> T;
        let zeros: Entry<T> = |_, _| T::zero();
        let ones: Entry<T> = |_, _| T::one();
        let identity: Entry<T> = |i, j| if i == j { T::one() } else { T::zero() };
        let shift: Entry<T> = |i, j| if i == j + 1 { T::one() } else { T::zero() };
        for (what, entry) in [
            ("zeros", zeros),
            ("ones", ones),
            ("identity", identity),
            ("shift", shift),
        ] {
            for (m, n) in [(3, 3), (20, 20), (150, 150), (12, 5), (5, 12)] {
                let a = Owned::<T>::new(m, n, C, entry);
                for job in JOBS {
                    let f = decompose(backend, &a, job, [C, C], &mut work, 1).unwrap();
                    verify(
                        &format!("{} {what} {m}x{n} {job:?}", name::<T>(backend)),
                        &a,
                        &f,
                    );
                }
            }
        }
    }
    for_all!(test);
}

#[test]
fn huge_and_tiny_elements() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        let sizes: &[f64] = if epsilon::<T>() < 1e-10 {
            &[1e300, 1e200, 1e-200, 1e-290]
        } else {
            &[1e36, 1e20, 1e-20, 1e-30]
        };
        for &size in sizes {
            let factor = T::from_real(T::Real::from_f64(size));
            let mut rng = Rng(24);
            let small = Owned::<T>::random(24, 18, C, &mut rng);
            let a = Owned::<T>::new(24, 18, C, |i, j| small.at(i, j) * factor);
            let f = decompose(backend, &a, SvdJob::Thin, [C, C], &mut work, 1).unwrap();
            // Compare with the same matrix of usual size: norms of `a` itself would overflow.
            let g = Factors {
                s: f.s.iter().map(|s| s / size).collect(),
                ..f
            };
            verify(
                &format!("{} of size {size:e}", name::<T>(backend)),
                &small,
                &g,
            );
        }
    }
    for_all!(test);
}

#[test]
fn empty() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        for (m, n) in [(0, 0), (0, 3), (2, 0)] {
            let a = Owned::<T>::room(m, n, C);
            for job in JOBS {
                let f = decompose(backend, &a, job, [C, C], &mut work, 1).unwrap();
                let side = |full| if job == SvdJob::Full { full } else { 0 };
                assert_eq!((f.u.rows, f.u.cols, f.s.len()), (m, side(m), 0));
                assert_eq!((f.vt.rows, f.vt.cols), (side(n), n));
                verify("empty", &a, &f);
            }
        }
    }
    for_all!(test);
}

#[test]
fn non_finite_input_is_an_error() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut rng = Rng(25);
            for layout in LAYOUTS {
                let at = (rng.below(6), rng.below(4));
                let a = Owned::<T>::new(6, 4, layout, |i, j| {
                    if (i, j) == at {
                        T::from_real(T::Real::from_f64(bad))
                    } else {
                        rng.scalar()
                    }
                });
                for job in [SvdJob::ValuesOnly, SvdJob::Thin, SvdJob::Full] {
                    let result = decompose(backend, &a, job, [C, C], &mut work, 1);
                    assert_eq!(
                        result.err(),
                        Some(Failure::NonFinite),
                        "{} {bad}",
                        name::<T>(backend)
                    );
                }
            }
        }
    }
    for_all!(test);
}

#[test]
fn one_side_only() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        // The last two are tall or wide enough for LAPACK to reduce them first.
        for (m, n) in [(9, 6), (12, 5), (5, 12)] {
            let k = m.min(n);
            let a = Owned::<T>::random(m, n, C, &mut Rng(26));
            let both = decompose(backend, &a, SvdJob::Thin, [C, C], &mut work, 1).unwrap();
            for layout in LAYOUTS {
                let (mut u, mut vt) = (
                    Owned::<T>::room(m, k, layout),
                    Owned::<T>::room(k, n, layout),
                );
                let mut s = vec![T::Real::from_f64(0.0); k];
                // SAFETY: the descriptions match vectors of their own.
                unsafe {
                    let call = Svd {
                        a: a.to_ref(),
                        job: SvdJob::Thin,
                        s: &mut s,
                        u: Some(u.to_mut()),
                        vt: None,
                    };
                    backend.svd(call, &mut work, 1).unwrap();
                    let call = Svd {
                        a: a.to_ref(),
                        job: SvdJob::Thin,
                        s: &mut s,
                        u: None,
                        vt: Some(vt.to_mut()),
                    };
                    backend.svd(call, &mut work, 1).unwrap();
                }
                u.assert_gaps_untouched();
                vt.assert_gaps_untouched();
                // Each vector up to a factor of modulus one.
                for p in 0..k {
                    let inner = dot(m, |i| u.at(i, p).conj(), |i| both.u.at(i, p));
                    assert!((inner.modulus().to_f64() - 1.0).abs() < 1e3 * epsilon::<T>());
                    let inner = dot(n, |j| vt.at(p, j).conj(), |j| both.vt.at(p, j));
                    assert!((inner.modulus().to_f64() - 1.0).abs() < 1e3 * epsilon::<T>());
                }
            }
        }
    }
    for_all!(test);
}

#[test]
fn inside_a_foreign_pool() {
    #[cfg(feature = "rayon")]
    {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(2)
            .build()
            .unwrap();
        for backend in compiled_in() {
            pool.scope(|scope| {
                for seed in 1..4 {
                    scope.spawn(move |_| {
                        let a = Owned::<f64>::random(60, 40, C, &mut Rng(seed));
                        let f =
                            decompose(backend, &a, SvdJob::Thin, [C, C], &mut Workspace::new(), 2);
                        verify(&name::<f64>(backend), &a, &f.unwrap());
                    });
                }
            });
        }
    }
}

#[test]
#[should_panic(expected = "svd of (4, 3): u")]
fn wrong_output_shape_panics() {
    let Some(backend) = compiled_in().next() else {
        panic!("svd of (4, 3): u")
    };
    let a = Owned::<f64>::random(4, 3, C, &mut Rng(27));
    let mut u = Owned::<f64>::room(3, 3, C);
    let call = Svd {
        a: a.to_ref(),
        job: SvdJob::Thin,
        s: &mut [0.0; 3],
        u: Some(u.to_mut()),
        vt: None,
    };
    // SAFETY: the call panics before it touches memory.
    let _ = unsafe { backend.svd(call, &mut Workspace::new(), 1) };
}
