//! QR and eigenvalues by the ratios of LAPACK's test programs.

use super::precise::*;
use super::*;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::Half;
use crate::linalg::backend::spectral::{Eig, Eigh, Hessenberg, Qr, Schur};
use crate::linalg::error::Failure;

const SHAPES: [(usize, usize); 11] = [
    (1, 1),
    (1, 6),
    (6, 1),
    (5, 5),
    (9, 4),
    (4, 9),
    (60, 20),
    (20, 60),
    (70, 70),
    (150, 140),
    (210, 170),
];

#[test]
fn qr_reconstructs() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(41), Workspace::new());
        let mut worst = Worst::new(format!("{} QR", name::<T>(backend)));
        let mut turn = 0;
        for (m, n) in SHAPES {
            for kind in KINDS {
                for (pivoted, complete) in
                    [(false, false), (false, true), (true, false), (true, true)]
                {
                    turn += 1;
                    let layouts = [turn, turn / 6 + turn, turn / 3].map(|at| LAYOUTS[at % 6]);
                    let a = sample::<T>(kind, m, n, layouts[0], &mut rng);
                    let rows = if complete { m } else { m.min(n) };
                    let mut q = Owned::<T>::room(m, rows, layouts[1]);
                    let mut r = Owned::<T>::room(rows, n, layouts[2]);
                    let mut again = Owned::<T>::room(m.min(n), n, layouts[1]);
                    let mut order: Vec<usize> = vec![usize::MAX; n];
                    // SAFETY: the descriptions match vectors of their own.
                    unsafe {
                        let call = Qr {
                            a: a.to_ref(),
                            q: Some(q.to_mut()),
                            r: r.to_mut(),
                            pivots: pivoted.then_some(&mut order[..]),
                            any_signs: false,
                        };
                        backend.qr(call, &mut work, 2).unwrap();
                        let call = Qr {
                            a: a.to_ref(),
                            q: None,
                            r: again.to_mut(),
                            pivots: None,
                            any_signs: false,
                        };
                        backend.qr(call, &mut work, 1).unwrap();
                    }
                    for made in [&q, &r, &again] {
                        made.assert_gaps_untouched();
                    }
                    if !pivoted {
                        order = (0..n).collect();
                    }
                    let mut sorted = order.clone();
                    sorted.sort_unstable();
                    assert!(sorted.into_iter().eq(0..n), "{order:?}");
                    let (a, q, r) = (precise(&a), precise(&q), precise(&r));
                    let a = Precise::new(m, n, |i, j| a.at(i, order[j]));
                    let unit = a.norm() * m.max(n) as f64 * epsilon::<T>();
                    let at = || format!("{m}x{n} {kind:?} {layouts:?} {pivoted} {complete}");
                    for i in 0..rows {
                        for j in 0..i.min(n) {
                            worst.demand(r.at(i, j) == 0.0.into(), at);
                        }
                        if pivoted && i > 0 && i < n {
                            // Norms are downdated, not computed anew: the order is not exact.
                            let (last, this) = (r.at(i - 1, i - 1).norm(), r.at(i, i).norm());
                            worst.demand(this <= 1.1 * last + 100.0 * unit, || {
                                format!("pivots {last} {this} of {}", at())
                            });
                        }
                    }
                    worst.see(ratio(q.times(&r).minus(&a).norm(), unit), at);
                    worst.see(q.orthonormality(epsilon::<T>()), at);
                    if !pivoted {
                        // AᴴA = RᴴR, which no sign disturbs.
                        let again = precise(&again);
                        let off = again.adjoint().times(&again);
                        let off = off.minus(&a.adjoint().times(&a));
                        worst.see(ratio(off.norm(), unit * a.adjoint().norm()), at);
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

const ORDERS: [usize; 7] = [1, 2, 3, 8, 31, 90, 150];

#[test]
fn hermitian_eigenvalues() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(42), Workspace::new());
        let mut worst = Worst::new(format!("{} eigh", name::<T>(backend)));
        let nan = T::Real::from_f64(f64::NAN);
        let mut turn = 0;
        for n in ORDERS {
            for kind in KINDS {
                for half in [Half::Lower, Half::Upper] {
                    turn += 1;
                    let layouts = [turn, turn / 6 + turn].map(|at| LAYOUTS[at % 6]);
                    let b = sample::<T>(kind, n, n, C, &mut rng);
                    let whole = Owned::<T>::new(n, n, C, |i, j| {
                        if i == j {
                            T::from_real(b.at(i, i).re())
                        } else if i > j {
                            b.at(i, j)
                        } else {
                            b.at(j, i).conj()
                        }
                    });
                    // What must not be read is not a number.
                    let a = Owned::<T>::new(n, n, layouts[0], |i, j| {
                        if i == j {
                            T::from_parts(whole.at(i, i).re(), nan)
                        } else if (i > j) == (half == Half::Lower) {
                            whole.at(i, j)
                        } else {
                            T::from_real(nan)
                        }
                    });
                    let mut v = Owned::<T>::room(n, n, layouts[1]);
                    let mut values = [vec![nan; n], vec![nan; n]];
                    let [with, without] = &mut values;
                    // SAFETY: the descriptions match vectors of their own.
                    unsafe {
                        for (values, vectors) in [(with, Some(v.to_mut())), (without, None)] {
                            let a = a.to_ref();
                            let call = Eigh {
                                a,
                                half,
                                values,
                                vectors,
                            };
                            backend.eigh(call, &mut work, 2).unwrap();
                        }
                    }
                    v.assert_gaps_untouched();
                    let [with, without] = values.map(|values| -> Vec<Complex<f64>> {
                        values.iter().map(|x| x.to_f64().into()).collect()
                    });
                    for values in [&with, &without] {
                        worst.demand(values.is_sorted_by(|x, y| x.re <= y.re), || {
                            format!("order of {values:?}")
                        });
                    }
                    let (a, v) = (precise(&whole), precise(&v));
                    let unit = a.norm() * n as f64 * epsilon::<T>();
                    let at = || format!("{n} {kind:?} {half:?} {layouts:?}");
                    let off = a.times(&v).minus(&v.times(&Precise::diagonal(&with)));
                    worst.see(ratio(off.norm(), unit), at);
                    worst.see(v.orthonormality(epsilon::<T>()), at);
                    for (x, y) in with.iter().zip(&without) {
                        worst.see(ratio((x - y).norm(), unit), at);
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

/// Eigenvalues and, if wanted, vectors of `a`.
fn eigen<T: Scalar>(
    backend: Backend,
    a: &Owned<T>,
    vectors: Option<&mut Owned<T::Complex>>,
    work: &mut Workspace,
) -> Result<Vec<Complex<f64>>, Failure> {
    let nan = T::Real::from_f64(f64::NAN);
    let mut values = vec![Complex::new(nan, nan); a.rows];
    // SAFETY: the descriptions match vectors of their own.
    unsafe {
        let call = Eig {
            a: a.to_ref(),
            values: &mut values,
            vectors: vectors.map(|v| v.to_mut().cast()),
        };
        backend.eig(call, work, 2)?;
    }
    let wide = |x: Complex<T::Real>| Complex::new(x.re.to_f64(), x.im.to_f64());
    Ok(values.into_iter().map(wide).collect())
}

/// Panics unless each of `found` is near one of `wanted`, one to one.
fn match_up(found: &[Complex<f64>], wanted: &[Complex<f64>], tolerance: f64, what: &str) {
    let mut left = wanted.to_vec();
    for &x in found {
        let off = |y: &Complex<f64>| (x - y).norm();
        let nearest = (0..left.len())
            .min_by(|&i, &j| off(&left[i]).total_cmp(&off(&left[j])))
            .unwrap();
        let off = off(&left.swap_remove(nearest));
        assert!(off <= tolerance, "{what}: {x} is off by {off:e}");
    }
}

#[test]
fn general_eigenvalues() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(43), Workspace::new());
        let what = format!("{} eig", name::<T>(backend));
        let mut worst = Worst::new(what.clone());
        let mut turn = 0;
        for n in ORDERS {
            for kind in KINDS {
                turn += 1;
                let layouts = [turn, turn / 6 + turn].map(|at| LAYOUTS[at % 6]);
                let a = sample::<T>(kind, n, n, layouts[0], &mut rng);
                let mut v = Owned::<T::Complex>::room(n, n, layouts[1]);
                let values = eigen(backend, &a, Some(&mut v), &mut work).unwrap();
                v.assert_gaps_untouched();
                let only = eigen(backend, &a, None, &mut work).unwrap();
                let (a, v) = (precise(&a), precise(&v));
                let unit = a.norm() * n as f64 * epsilon::<T>();
                let at = || format!("{n} {kind:?} {layouts:?}");
                let off = a.times(&v).minus(&v.times(&Precise::diagonal(&values)));
                worst.see(ratio(off.norm(), unit), at);
                if let Kind::Random = kind {
                    match_up(&only, &values, 1e3 * unit, &what);
                }
                if !T::IS_COMPLEX {
                    let mut pairs = values.iter();
                    while let Some(x) = pairs.next() {
                        if x.im != 0.0 {
                            let other = pairs.next().expect("in pairs");
                            let pair = x.im > 0.0 && other.conj() == *x;
                            worst.demand(pair, || format!("{x} {other} of {}", at()));
                        }
                    }
                }
                for j in 0..n {
                    let column = || (0..n).map(|i| v.at(i, j));
                    let norm = column().map(|x| x.norm_sqr()).sum::<f64>().sqrt();
                    worst.see((norm - 1.0).abs() / (n as f64 * epsilon::<T>()), at);
                    let largest = column().map(|x| x.norm()).fold(0.0, larger);
                    let near = largest * (1.0 - 100.0 * epsilon::<T>());
                    let real = column().any(|x| x.norm() >= near && x.im == 0.0);
                    worst.demand(real, || format!("vector {j} has a phase, {}", at()));
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn hessenberg_and_schur_forms() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(47), Workspace::new());
        let mut worst = Worst::new(format!("{} Schur", name::<T>(backend)));
        let mut turn = 0;
        for n in ORDERS {
            for kind in KINDS {
                turn += 1;
                let layouts = [turn, turn / 6 + turn, turn / 3].map(|at| LAYOUTS[at % 6]);
                let a = sample::<T>(kind, n, n, layouts[0], &mut rng);
                let mut made = [layouts[1], layouts[2], layouts[1], layouts[2]]
                    .map(|layout| Owned::<T>::room(n, n, layout));
                let nan = T::Real::from_f64(f64::NAN);
                let mut values = vec![Complex::new(nan, nan); n];
                let [h, q, t, z] = made.each_mut().map(|x| x.to_mut());
                // SAFETY: the descriptions match vectors of their own.
                unsafe {
                    let (a, q) = (a.to_ref(), Some(q));
                    let call = Hessenberg { a, h, q };
                    backend.hessenberg(call, &mut work, 2).unwrap();
                    let (z, values) = (Some(z), &mut values[..]);
                    let call = Schur { a, t, z, values };
                    backend.schur(call, &mut work, 2).unwrap();
                }
                made.iter().for_each(Owned::assert_gaps_untouched);
                let a = precise(&a);
                let [h, q, t, z] = made.each_ref().map(precise);
                let unit = a.norm() * n as f64 * epsilon::<T>();
                let at = || format!("{n} {kind:?} {layouts:?}");
                for (form, basis) in [(&h, &q), (&t, &z)] {
                    let off = a.times(basis).minus(&basis.times(form));
                    worst.see(ratio(off.norm(), unit), at);
                    worst.see(basis.orthonormality(epsilon::<T>()), at);
                }
                let zero = Complex::new(0.0, 0.0);
                for (i, value) in values.iter().enumerate() {
                    let value = Complex::new(value.re.to_f64(), value.im.to_f64());
                    worst.demand(value.re == t.at(i, i).re, at);
                    worst.demand(!T::IS_COMPLEX || value == t.at(i, i), at);
                    for row in i + 1..n {
                        let paired = !T::IS_COMPLEX && row == i + 1 && value.im > 0.0;
                        worst.demand(paired || t.at(row, i) == zero, at);
                        worst.demand(row == i + 1 || h.at(row, i) == zero, at);
                    }
                    if !T::IS_COMPLEX && value.im > 0.0 {
                        let product = (t.at(i, i + 1) * t.at(i + 1, i)).re;
                        worst.demand(t.at(i + 1, i + 1) == t.at(i, i) && product < 0.0, at);
                        let im = (-product).sqrt();
                        worst.see(ratio((im - value.im).abs(), value.im * epsilon::<T>()), at);
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn eigenvalues_that_are_known() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        let what = format!("{} eig", name::<T>(backend));
        let number = |x: f64| T::from_real(T::Real::from_f64(x));
        // A cycle has the roots of unity.
        for n in [2usize, 3, 16, 80] {
            let cycle = Owned::<T>::new(n, n, C, |i, j| number(f64::from((i + 1) % n == j)));
            let found = eigen(backend, &cycle, None, &mut work).unwrap();
            let root = |k: usize| {
                let angle = std::f64::consts::TAU * k as f64 / n as f64;
                Complex::from_polar(1.0, angle)
            };
            let roots: Vec<_> = (0..n).map(root).collect();
            match_up(&found, &roots, 10.0 * n as f64 * epsilon::<T>(), &what);
        }
        // A triangle whose rows and columns were exchanged is found by balancing: exact.
        let n = 12;
        let order: Vec<usize> = (0..n).map(|i| (5 * i + 3) % n).collect();
        let a = Owned::<T>::new(n, n, C, |i, j| {
            let (i, j) = (order[i], order[j]);
            number(if i <= j {
                1.0 + (i * n + j) as f64
            } else {
                0.0
            })
        });
        let found = eigen(backend, &a, None, &mut work).unwrap();
        let wanted: Vec<Complex<f64>> = (0..n).map(|i| (1.0 + (i * n + i) as f64).into()).collect();
        match_up(&found, &wanted, 0.0, &what);
        // Scaling by powers of two changes nothing once it is balanced away.
        let n = 10;
        let b = Owned::<T>::random(n, n, C, &mut Rng(44));
        let scale = if epsilon::<T>() < 1e-10 { 12 } else { 3 };
        let a = Owned::<T>::new(n, n, F, |i, j| {
            let power = (i as i32 - j as i32) * scale;
            b.at(i, j) * number(2f64.powi(power))
        });
        let found = eigen(backend, &a, None, &mut work).unwrap();
        let wanted = eigen(backend, &b, None, &mut work).unwrap();
        match_up(&found, &wanted, 1e4 * epsilon::<T>(), &what);
    }
    for_all!(test);
}

#[test]
fn sizes_of_elements_do_not_matter() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(45), Workspace::new());
        let sizes: &[f64] = if epsilon::<T>() < 1e-10 {
            &[1e300, 1e200, 1e-200, 1e-290]
        } else {
            &[1e36, 1e20, 1e-20, 1e-30]
        };
        let n = 20;
        let b = Owned::<T>::random(n, n, C, &mut rng);
        for &size in sizes {
            let factor = T::Real::from_f64(size);
            let a = Owned::<T>::new(n, n, C, |i, j| b.at(i, j) * T::from_real(factor));
            let what = format!("{} times {size:e}", name::<T>(backend));
            let scaled = |values: Vec<Complex<f64>>| -> Vec<Complex<f64>> {
                values.into_iter().map(|x| x / size).collect()
            };
            let found = scaled(eigen(backend, &a, None, &mut work).unwrap());
            let wanted = eigen(backend, &b, None, &mut work).unwrap();
            match_up(&found, &wanted, 1e4 * epsilon::<T>(), &what);
            let symmetric = |a: &Owned<T>| {
                let mut values = vec![T::Real::from_f64(0.0); n];
                // SAFETY: the description matches a vector of its own.
                unsafe {
                    let call = Eigh {
                        a: a.to_ref(),
                        half: Half::Lower,
                        values: &mut values,
                        vectors: None,
                    };
                    backend.eigh(call, &mut work, 1).unwrap();
                }
                values.iter().map(|x| x.to_f64().into()).collect()
            };
            let mut symmetric = symmetric;
            let found = scaled(symmetric(&a));
            match_up(&found, &symmetric(&b), 1e3 * epsilon::<T>(), &what);
        }
    }
    for_all!(test);
}

#[test]
fn non_finite_input_is_an_error() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(46), Workspace::new());
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for layout in LAYOUTS {
                let at = 1 + rng.below(5);
                let a = Owned::<T>::new(6, 6, layout, |i, j| {
                    if i == at && j == 0 {
                        T::from_real(T::Real::from_f64(bad))
                    } else {
                        rng.scalar()
                    }
                });
                let found = eigen(backend, &a, None, &mut work);
                assert_eq!(found.err(), Some(Failure::NonFinite));
                let mut values = vec![T::Real::from_f64(0.0); 6];
                // SAFETY: the description matches a vector of its own.
                let found = unsafe {
                    let call = Eigh {
                        a: a.to_ref(),
                        half: Half::Lower,
                        values: &mut values,
                        vectors: None,
                    };
                    backend.eigh(call, &mut work, 1)
                };
                assert_eq!(found, Err(Failure::NonFinite));
            }
        }
    }
    for_all!(test);
}
