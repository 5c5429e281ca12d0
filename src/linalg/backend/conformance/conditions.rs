//! Factors, solutions and inverses of matrices that are near singular ones, or singular: backward errors do not grow.

use super::precise::*;
use super::solve::{identity, norm, residual};
use super::*;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Cholesky, Lu};
use crate::linalg::backend::solve::{Inverse, Solve};
use crate::linalg::error::Failure;

const ORDERS: [usize; 6] = [1, 2, 9, 40, 70, 150];

#[test]
fn lu_of_every_kind_reconstructs() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(61), Workspace::new());
        let mut worst = Worst::new(format!("{} LU of kinds", name::<T>(backend)));
        for (m, n) in [(1, 1), (5, 5), (9, 4), (4, 9), (60, 60), (90, 40), (40, 90)] {
            for kind in KINDS {
                let a = sample::<T>(kind, m, n, F, &mut rng);
                let (mut f, mut swaps) = (a.clone(), vec![0; m.min(n)]);
                let call = Lu {
                    a: f.to_mut(),
                    swaps: &mut swaps,
                };
                // SAFETY: the description matches a vector of its own.
                unsafe { backend.lu(call, &mut work, 2).unwrap() };
                let mut order: Vec<usize> = (0..m).collect();
                let exchanges = swaps.iter().enumerate();
                exchanges.for_each(|(i, &other)| order.swap(i, other));
                let (a, f) = (precise(&a), precise(&f));
                let k = m.min(n);
                let l = Precise::new(m, k, |i, j| match i.cmp(&j) {
                    std::cmp::Ordering::Less => 0.0.into(),
                    std::cmp::Ordering::Equal => 1.0.into(),
                    std::cmp::Ordering::Greater => f.at(i, j),
                });
                let u = Precise::new(k, n, |i, j| if i <= j { f.at(i, j) } else { 0.0.into() });
                let turned = Precise::new(m, n, |i, j| a.at(order[i], j));
                let unit = a.norm() * k as f64 * epsilon::<T>();
                let off = l.times(&u).minus(&turned).norm();
                worst.see(ratio(off, unit), || format!("{m}x{n} {kind:?}"));
            }
        }
        worst.judge();
    }
    for_all!(test);
}

/// Of condition about 1/ε, and regular: columns from 1 down to about 10·ε, with a heavy diagonal.
fn near_singular<T: Scalar>(n: usize, layout: Layout, rng: &mut Rng) -> Owned<T> {
    let step = (10.0 * epsilon::<T>()).powf(1.0 / n.max(2) as f64);
    Owned::new(n, n, layout, |i, j| {
        let x: T = rng.scalar();
        let heavy = f64::from(i == j) * 2.0 * (n as f64).sqrt();
        (x + T::from_real(T::Real::from_f64(heavy)))
            * T::from_real(T::Real::from_f64(step.powi(j as i32)))
    })
}

#[test]
fn solutions_of_near_singular_systems_have_small_residuals() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(62), Workspace::new());
        let named = |op| Worst::new(format!("{} {op}", name::<T>(backend)));
        let (mut solved, mut inverted) = (named("solve, condition 1/ε"), named("inverse, 1/ε"));
        for n in ORDERS {
            for layout in LAYOUTS {
                let a = near_singular::<T>(n, layout, &mut rng);
                let b = Owned::<T>::random(n, 3, C, &mut rng);
                let (mut x, mut out) = (b.clone(), Owned::<T>::room(n, n, C));
                // SAFETY: the descriptions match vectors of their own.
                unsafe {
                    let (a, b, out) = (a.to_ref(), x.to_mut(), out.to_mut());
                    backend.solve(Solve { a, b }, &mut work, 2).unwrap();
                    backend.inverse(Inverse { a, out }, &mut work, 2).unwrap();
                }
                let at = || format!("{n} {layout:?}");
                solved.see(residual(&a, &x, &b), at);
                // One of both products with A is near I; which, the method decides.
                let right = residual(&a, &out, &identity(n));
                let turned = |x: &Owned<T>| Owned::<T>::new(n, n, C, |i, j| x.at(j, i));
                let left = residual(&turned(&a), &turned(&out), &identity(n));
                let nearer = if left < right || left.is_nan() {
                    left
                } else {
                    right
                };
                inverted.see(nearer, at);
            }
        }
        solved.judge();
        inverted.judge();
    }
    for_all!(test);
}

#[test]
fn singular_systems_fail_or_are_solved_backward_stably() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(63), Workspace::new());
        let mut worst = Worst::new(format!("{} solve, deficient", name::<T>(backend)));
        for n in ORDERS {
            for kind in [Kind::Deficient, Kind::Zero] {
                let a = sample::<T>(kind, n, n, C, &mut rng);
                let b = Owned::<T>::random(n, 2, C, &mut rng);
                let mut x = b.clone();
                // SAFETY: the descriptions match vectors of their own.
                let done = unsafe {
                    let (a, b) = (a.to_ref(), x.to_mut());
                    backend.solve(Solve { a, b }, &mut work, 1)
                };
                match done {
                    Ok(()) => worst.see(residual(&a, &x, &b), || format!("{n} {kind:?}")),
                    Err(failure) => assert_eq!(failure, Failure::Singular),
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn cholesky_of_near_singular_matrices() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(64), Workspace::new());
        let mut worst = Worst::new(format!("{} cholesky, ill", name::<T>(backend)));
        for n in ORDERS {
            for layout in [C, F, Padded, ColumnsPadded] {
                // BᴴB of a B with condition about 1/√ε, and of one with half the rank.
                for kind in [Kind::Graded, Kind::Deficient] {
                    let b = precise(&sample::<T>(kind, n, n, C, &mut rng));
                    let gram = b.adjoint().times(&b);
                    let a = Owned::<T>::new(n, n, layout, |i, j| narrowed(gram.at(i, j)));
                    let mut l = a.clone();
                    // SAFETY: the description matches a vector of its own.
                    let done =
                        unsafe { backend.cholesky(Cholesky { a: l.to_mut() }, &mut work, 2) };
                    l.assert_gaps_untouched();
                    // Rounding errors may have made it indefinite.
                    if done == Err(Failure::NotPositiveDefinite) {
                        continue;
                    }
                    assert_eq!(done, Ok(()));
                    let off = Owned::<T>::new(n, n, C, |i, j| {
                        let (i, j) = (i.max(j), i.min(j));
                        dot(j + 1, |k| l.at(i, k), |k| l.at(j, k).conj()) - a.at(i, j)
                    });
                    let unit = norm(&a) * n as f64 * epsilon::<T>();
                    worst.see(ratio(norm(&off), unit), || {
                        format!("{n} {kind:?} {layout:?}")
                    });
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}
