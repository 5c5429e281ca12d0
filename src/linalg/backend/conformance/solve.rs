//! LU, Cholesky, triangular systems, solutions, inverses and determinants by their residuals, as
//! LAPACK's test programs measure them: in units of ε, sizes and norms, where 30 is the limit.

use super::precise::Worst;
use super::*;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Cholesky, Half, Lu, LuInverse, Triangular};
use crate::linalg::backend::solve::{DetOut, Determinant, Inverse, Solve};
use crate::linalg::error::Failure;

const SIZES: [usize; 9] = [1, 2, 3, 8, 17, 33, 64, 100, 150];

/// The largest column sum of moduli.
pub(super) fn norm<T: Scalar>(a: &Owned<T>) -> f64 {
    let column = |j: usize| {
        (0..a.rows)
            .map(|i| a.at(i, j).modulus().to_f64())
            .sum::<f64>()
    };
    (0..a.cols).map(column).fold(0.0, larger)
}

/// A matrix with a heavy diagonal, so that it is far from singular.
fn regular<T: Scalar>(n: usize, layout: Layout, rng: &mut Rng) -> Owned<T> {
    Owned::new(n, n, layout, |i, j| {
        let x: T = rng.scalar();
        if i == j {
            x + T::from_real(T::Real::from_f64(2.0))
        } else {
            x
        }
    })
}

/// B·Bᴴ + n·I; what is above the diagonal is NaN.
fn positive<T: Scalar>(n: usize, layout: Layout, rng: &mut Rng) -> Owned<T> {
    let b = Owned::<T>::random(n, n, C, rng);
    Owned::new(n, n, layout, |i, j| {
        let product = dot(n, |k| b.at(i, k), |k| b.at(j, k).conj());
        match i.cmp(&j) {
            std::cmp::Ordering::Less => T::from_real(T::Real::from_f64(f64::NAN)),
            std::cmp::Ordering::Equal => product + T::from_real(T::Real::from_f64(n as f64)),
            std::cmp::Ordering::Greater => product,
        }
    })
}

/// ‖A·X − B‖ / (‖A‖·‖X‖·n·ε)
pub(super) fn residual<T: Scalar>(a: &Owned<T>, x: &Owned<T>, b: &Owned<T>) -> f64 {
    let n = a.rows;
    let off = Owned::<T>::new(n, b.cols, C, |i, j| {
        dot(n, |k| a.at(i, k), |k| x.at(k, j)) - b.at(i, j)
    });
    norm(&off) / (norm(a) * norm(x) * n as f64 * epsilon::<T>()).max(f64::MIN_POSITIVE)
}

pub(super) fn identity<T: Scalar>(n: usize) -> Owned<T> {
    Owned::new(n, n, C, |i, j| if i == j { T::one() } else { T::zero() })
}

#[test]
fn lu_reconstructs() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(31), Workspace::new());
        let mut worst = Worst::new(format!("{} LU", name::<T>(backend)));
        for (m, n) in [
            (1, 1),
            (5, 5),
            (9, 4),
            (4, 9),
            (60, 60),
            (130, 70),
            (70, 130),
            (150, 150),
        ] {
            let a = Owned::<T>::random(m, n, F, &mut rng);
            let mut f = a.clone();
            let k = m.min(n);
            let mut swaps = vec![0; k];
            // SAFETY: the description matches a vector of its own.
            unsafe {
                let call = Lu {
                    a: f.to_mut(),
                    swaps: &mut swaps,
                };
                backend.lu(call, &mut work, 2).unwrap();
            }
            let mut order: Vec<usize> = (0..m).collect();
            swaps
                .iter()
                .enumerate()
                .for_each(|(i, &other)| order.swap(i, other));
            let off = Owned::<T>::new(m, n, C, |i, j| {
                let l = |p: usize| if p == i { T::one() } else { f.at(i, p) };
                dot((i + 1).min(j + 1).min(k), l, |p| f.at(p, j)) - a.at(order[i], j)
            });
            for i in 0..m {
                for j in 0..i.min(n) {
                    assert!(
                        f.at(i, j).modulus().to_f64() <= 1.5,
                        "pivots are the largest"
                    );
                }
            }
            let ratio = norm(&off) / (norm(&a) * k as f64 * epsilon::<T>());
            worst.see(ratio, || format!("{m}x{n}"));
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn solutions_and_inverses() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(32), Workspace::new());
        let named = |op| Worst::new(format!("{} {op}", name::<T>(backend)));
        let (mut solved, mut inverted) = (named("solve"), named("inverse"));
        for n in SIZES {
            for layout in LAYOUTS {
                let a = regular::<T>(n, layout, &mut rng);
                for cols in [1, 2, 5, 2 * n + 3] {
                    let to = LAYOUTS[rng.below(6)];
                    let b = Owned::<T>::random(n, cols, to, &mut rng);
                    let mut x = b.clone();
                    // SAFETY: the descriptions match vectors of their own.
                    unsafe {
                        let call = Solve {
                            a: a.to_ref(),
                            b: x.to_mut(),
                        };
                        backend.solve(call, &mut work, 2).unwrap();
                    }
                    x.assert_gaps_untouched();
                    solved.see(residual(&a, &x, &b), || {
                        format!("{n}, {cols} columns, {layout:?} {to:?}")
                    });
                }
                for to in [C, F, Padded] {
                    let mut out = Owned::<T>::room(n, n, to);
                    // SAFETY: as above.
                    unsafe {
                        let call = Inverse {
                            a: a.to_ref(),
                            out: out.to_mut(),
                        };
                        backend.inverse(call, &mut work, 2).unwrap();
                    }
                    out.assert_gaps_untouched();
                    let ratio = residual(&a, &out, &identity(n));
                    inverted.see(ratio, || format!("{n} {layout:?} {to:?}"));
                }
            }
        }
        solved.judge();
        inverted.judge();
    }
    for_all!(test);
}

#[test]
fn triangles_of_all_kinds() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(33), Workspace::new());
        let nan = T::from_real(T::Real::from_f64(f64::NAN));
        let mut worst = Worst::new(format!("{} triangular", name::<T>(backend)));
        for n in [1, 5, 40, 90] {
            for layout in LAYOUTS {
                for kind in 0..8 {
                    let (upper, unit, conj) = (kind & 1 == 1, kind & 2 == 2, kind & 4 == 4);
                    let scale = T::from_real(T::Real::from_f64(0.5 / n as f64));
                    let t = Owned::<T>::new(n, n, layout, |i, j| {
                        let x: T = rng.scalar();
                        match (i.cmp(&j), upper) {
                            (std::cmp::Ordering::Equal, _) if unit => nan,
                            (std::cmp::Ordering::Equal, _) => T::one() + x * scale,
                            (std::cmp::Ordering::Less, false)
                            | (std::cmp::Ordering::Greater, true) => nan,
                            _ => x * scale,
                        }
                    });
                    let full = Owned::<T>::new(n, n, C, |i, j| {
                        let x = if i == j && unit {
                            T::one()
                        } else if i != j && (i < j) != upper {
                            T::zero()
                        } else {
                            t.at(i, j)
                        };
                        if conj { x.conj() } else { x }
                    });
                    for cols in [1, 3, 20] {
                        let b = Owned::<T>::random(n, cols, LAYOUTS[rng.below(6)], &mut rng);
                        let mut x = b.clone();
                        let half = if upper { Half::Upper } else { Half::Lower };
                        let mut call = Triangular::new(t.to_ref(), half, x.to_mut());
                        (call.unit, call.conj) = (unit, conj);
                        // SAFETY: the descriptions match vectors of their own.
                        unsafe { backend.triangular(call, &mut work, 2).unwrap() };
                        x.assert_gaps_untouched();
                        worst.see(residual(&full, &x, &b), || {
                            format!("{n}, {cols} columns, {layout:?} of kind {kind}")
                        });
                    }
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn cholesky_reads_one_triangle() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(34), Workspace::new());
        let mut worst = Worst::new(format!("{} cholesky", name::<T>(backend)));
        // Besides, around the tiles of the embedded backend and the size at which it halves.
        for n in SIZES.into_iter().chain([4, 5, 11, 160, 161, 230]) {
            for layout in [C, F, Padded, ColumnsPadded] {
                let a = positive::<T>(n, layout, &mut rng);
                let mut l = a.clone();
                // SAFETY: the description matches a vector of its own.
                unsafe {
                    backend
                        .cholesky(Cholesky { a: l.to_mut() }, &mut work, 2)
                        .unwrap()
                };
                l.assert_gaps_untouched();
                for i in 0..n {
                    for j in i + 1..n {
                        assert!(l.at(i, j).re().to_f64().is_nan(), "({i}, {j}) was written");
                    }
                }
                let lower = |i: usize, j: usize| if i < j { T::zero() } else { a.at(i, j) };
                let whole = Owned::<T>::new(n, n, C, lower);
                let off = Owned::<T>::new(n, n, C, |i, j| {
                    if i < j {
                        return T::zero();
                    }
                    dot(j + 1, |k| l.at(i, k), |k| l.at(j, k).conj()) - a.at(i, j)
                });
                let ratio = norm(&off) / (norm(&whole) * n as f64 * epsilon::<T>());
                worst.see(ratio, || format!("{n} {layout:?}"));
            }
            let mut bad = positive::<T>(n, F, &mut rng);
            let at = bad.position(n - 1, n - 1);
            bad.data[at] = -T::one();
            // SAFETY: as above.
            let result = unsafe { backend.cholesky(Cholesky { a: bad.to_mut() }, &mut work, 1) };
            assert_eq!(result, Err(Failure::NotPositiveDefinite));
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn singular_is_a_zero_pivot() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        for n in [1, 2, 7, 40, 100] {
            // The last column repeats the first, with numbers that subtract exactly.
            let a = Owned::<T>::new(n, n, C, |i, j| {
                let near = i == j || j == 0 || (j + 1 == n && i == 0);
                let one = if n == 1 { T::zero() } else { T::one() };
                let last = j + 1 == n && n > 1;
                if last {
                    T::one()
                } else if near {
                    one
                } else {
                    T::zero()
                }
            });
            let mut x = Owned::<T>::new(n, 1, C, |_, _| T::one());
            let mut out = Owned::<T>::room(n, n, C);
            let (mut det, mut sign, mut log) = (T::one(), T::one(), T::Real::from_f64(1.0));
            // SAFETY: the descriptions match vectors of their own.
            unsafe {
                let a = a.to_ref();
                let solved = backend.solve(Solve { a, b: x.to_mut() }, &mut work, 1);
                assert_eq!(solved, Err(Failure::Singular), "{} {n}", name::<T>(backend));
                let inverse = backend.inverse(
                    Inverse {
                        a,
                        out: out.to_mut(),
                    },
                    &mut work,
                    1,
                );
                assert_eq!(inverse, Err(Failure::Singular));
                let value = DetOut::Value(&mut det);
                backend
                    .determinant(Determinant { a, out: value }, &mut work, 1)
                    .unwrap();
                let both = DetOut::SignLog(&mut sign, &mut log);
                backend
                    .determinant(Determinant { a, out: both }, &mut work, 1)
                    .unwrap();
            }
            assert_eq!((det, sign), (T::zero(), T::zero()));
            assert_eq!(log.to_f64(), f64::NEG_INFINITY);
        }
    }
    for_all!(test);
}

#[test]
fn determinants() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(35), Workspace::new());
        let mut worst = Worst::new(format!("{} determinant", name::<T>(backend)));
        for n in [1, 2, 3, 4, 20, 60] {
            for layout in LAYOUTS {
                let a = regular::<T>(n, layout, &mut rng);
                let (mut det, mut sign, mut log) = (T::zero(), T::zero(), T::Real::from_f64(0.0));
                // SAFETY: the descriptions match vectors of their own.
                unsafe {
                    let a = a.to_ref();
                    let value = DetOut::Value(&mut det);
                    backend
                        .determinant(Determinant { a, out: value }, &mut work, 1)
                        .unwrap();
                    let both = DetOut::SignLog(&mut sign, &mut log);
                    backend
                        .determinant(Determinant { a, out: both }, &mut work, 1)
                        .unwrap();
                }
                assert!((sign.modulus().to_f64() - 1.0).abs() < 1e-4 * n as f64);
                let again = sign * T::from_real(T::Real::from_f64(log.to_f64().exp()));
                // The exponential loses as many digits as the logarithm has before its point.
                let digits = 1.0 + log.to_f64().abs();
                let unit = digits * n as f64 * epsilon::<T>();
                let off = (again - det).modulus().to_f64() / det.modulus().to_f64();
                worst.see(off / unit, || format!("{n} {layout:?} by its logarithm"));
                if n == 2 {
                    let wanted = a.at(0, 0) * a.at(1, 1) - a.at(0, 1) * a.at(1, 0);
                    let off = (wanted - det).modulus().to_f64();
                    worst.see(off / (2.0 * epsilon::<T>()), || format!("2 {layout:?}"));
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn inverse_from_kept_factors() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(36), Workspace::new());
        let mut worst = Worst::new(format!("{} inverse of kept factors", name::<T>(backend)));
        for n in SIZES {
            let a = regular::<T>(n, F, &mut rng);
            let mut f = a.clone();
            let mut swaps = vec![0; n];
            // SAFETY: the description matches a vector of its own.
            unsafe {
                let call = Lu {
                    a: f.to_mut(),
                    swaps: &mut swaps,
                };
                backend.lu(call, &mut work, 1).unwrap();
                let call = LuInverse {
                    a: f.to_mut(),
                    swaps: &swaps,
                };
                backend.lu_inverse(call, &mut work, 1).unwrap();
            }
            worst.see(residual(&a, &f, &identity(n)), || n.to_string());
        }
        worst.judge();
    }
    for_all!(test);
}
