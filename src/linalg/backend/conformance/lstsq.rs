//! Least squares and pseudo-inverses by what defines them.

use super::precise::*;
use super::*;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::lstsq::{Lstsq, Pinv};
use crate::linalg::error::Failure;

/// Rows, columns, rank.
const SHAPES: [(usize, usize, usize); 13] = [
    (1, 1, 1),
    (1, 5, 1),
    (5, 1, 1),
    (6, 6, 6),
    (6, 6, 4),
    (20, 7, 7),
    (20, 7, 3),
    (7, 20, 7),
    (7, 20, 3),
    (60, 50, 50),
    (50, 60, 50),
    (40, 40, 0),
    (33, 30, 12),
];

/// A matrix with `rank` singular values not far from each other and no others.
fn of_rank<T: Scalar>(m: usize, n: usize, rank: usize, layout: Layout, rng: &mut Rng) -> Owned<T> {
    let mut basis = |rows: usize| {
        // Gram and Schmidt, twice.
        let x = precise(&Owned::<T>::random(rows, rank, C, rng));
        let mut columns: Vec<Vec<Complex<f64>>> = Vec::new();
        for j in 0..rank {
            let mut column: Vec<_> = (0..rows).map(|i| x.at(i, j)).collect();
            for _ in 0..2 {
                for other in &columns {
                    let pairs = other.iter().zip(&column);
                    let inner: Complex<f64> = pairs.map(|(p, q)| p.conj() * q).sum();
                    for (to, p) in column.iter_mut().zip(other) {
                        *to -= inner * p;
                    }
                }
            }
            let norm = column.iter().map(|x| x.norm_sqr()).sum::<f64>().sqrt();
            column.iter_mut().for_each(|x| *x /= norm);
            columns.push(column);
        }
        columns
    };
    let (u, v) = (basis(m), basis(n));
    Owned::new(m, n, layout, |i, j| {
        let term = |l: usize| u[l][i] * v[l][j].conj() * (1.0 + l as f64 / rank as f64);
        narrowed((0..rank).map(term).sum())
    })
}

struct Solution<T: Scalar> {
    x: Owned<T>,
    s: Vec<f64>,
    rank: usize,
    residuals: Vec<f64>,
}

fn solve<T: Scalar>(
    backend: Backend,
    a: &Owned<T>,
    b: &Owned<T>,
    layout: Layout,
    work: &mut Workspace,
) -> Result<Solution<T>, Failure> {
    let (m, n, k) = (a.rows, a.cols, b.cols);
    let mut x = Owned::<T>::room(n, k, layout);
    let (zero, mut rank) = (T::Real::from_f64(0.0), usize::MAX);
    let (mut s, mut residuals) = (vec![zero; m.min(n)], vec![zero; k]);
    let call = Lstsq {
        a: a.to_ref(),
        b: b.to_ref(),
        x: x.to_mut(),
        s: &mut s,
        rank: &mut rank,
        residuals: &mut residuals,
        rcond: T::Real::from_f64(epsilon::<T>() * m.max(n) as f64),
    };
    // SAFETY: the descriptions match vectors of their own.
    unsafe { backend.lstsq(call, work, 2)? };
    x.assert_gaps_untouched();
    let wide = |x: Vec<T::Real>| x.iter().map(|x| x.to_f64()).collect();
    Ok(Solution {
        x,
        s: wide(s),
        rank,
        residuals: wide(residuals),
    })
}

#[test]
fn least_squares() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(51), Workspace::new());
        let mut worst = Worst::new(format!("{} lstsq", name::<T>(backend)));
        let mut turn = 0;
        for (m, n, rank) in SHAPES {
            for cols in [1, 3, 2 * n + 9] {
                turn += 1;
                let layouts = [turn, turn / 6 + turn, turn / 3].map(|at| LAYOUTS[at % 6]);
                let a = of_rank::<T>(m, n, rank, layouts[0], &mut rng);
                let b = Owned::<T>::random(m, cols, layouts[1], &mut rng);
                let made = solve(backend, &a, &b, layouts[2], &mut work).unwrap();
                let at = || format!("{m}x{n} of rank {rank}, {cols} {layouts:?}");
                assert_eq!(made.rank, rank, "{}", at());
                let unit = m.max(n) as f64 * epsilon::<T>();
                for (l, &s) in made.s.iter().enumerate() {
                    let wanted = if l < rank {
                        2.0 - (l + 1) as f64 / rank as f64
                    } else {
                        0.0
                    };
                    worst.see((s - wanted).abs() / unit, at);
                }
                // The residual is orthogonal to A's columns, X to its null space.
                let (a, b, x) = (precise(&a), precise(&b), precise(&made.x));
                let off = a.times(&x).minus(&b);
                let slope = a.adjoint().times(&off);
                let size = a.norm().max(1.0) * b.norm().max(1.0);
                worst.see(slope.norm() / (unit * size), at);
                let mut inverse = Owned::<T>::room(n, m, layouts[1]);
                let dense = Owned::<T>::new(m, n, layouts[0], |i, j| narrowed(a.at(i, j)));
                let call = Pinv {
                    a: dense.to_ref(),
                    out: inverse.to_mut(),
                    rcond: T::Real::from_f64(unit),
                };
                // SAFETY: the descriptions match vectors of their own.
                unsafe { backend.pinv(call, &mut work, 2).unwrap() };
                inverse.assert_gaps_untouched();
                let p = precise(&inverse);
                worst.see(p.times(&b).minus(&x).norm() / (unit * size), at);
                if rank == n && m > n {
                    for (j, &found) in made.residuals.iter().enumerate() {
                        let wanted: f64 = (0..m).map(|i| off.at(i, j).norm_sqr()).sum();
                        let size: f64 = (0..m).map(|i| b.at(i, j).norm_sqr()).sum();
                        worst.see((found - wanted).abs() / (unit * size), at);
                    }
                }
                // Moore and Penrose.
                let (ap, pa) = (a.times(&p), p.times(&a));
                for (found, wanted) in [
                    (ap.times(&a), a.clone()),
                    (pa.times(&p), p.clone()),
                    (ap.adjoint(), ap.clone()),
                    (pa.adjoint(), pa.clone()),
                ] {
                    let size = a.norm().max(1.0) * p.norm().max(1.0);
                    worst.see(found.minus(&wanted).norm() / (unit * size), at);
                }
            }
        }
        worst.judge();
    }
    for_all!(test);
}

#[test]
fn nothing_to_fit() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        for (m, n, k) in [(0, 3, 2), (3, 0, 2), (0, 0, 1), (4, 2, 0), (2, 4, 0)] {
            let a = Owned::<T>::random(m, n, C, &mut Rng(52));
            let b = Owned::<T>::new(m, k, C, |_, _| T::one());
            let made = solve(backend, &a, &b, C, &mut work).unwrap();
            assert_eq!((made.x.rows, made.x.cols), (n, k));
            if m == 0 || n == 0 {
                assert_eq!(made.rank, 0);
                assert!(made.residuals.iter().all(|&x| x == m as f64));
                assert_eq!(precise(&made.x).norm(), 0.0);
            } else {
                assert_eq!(made.rank, 2);
            }
        }
    }
    for_all!(test);
}

#[test]
fn non_finite_input_is_an_error() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        let nan = T::from_real(T::Real::from_f64(f64::NAN));
        for (m, n) in [(5, 3), (3, 5), (4, 4)] {
            let good = Owned::<T>::random(m, n, C, &mut Rng(53));
            let b = Owned::<T>::random(m, 2, C, &mut Rng(54));
            let bad = Owned::<T>::new(m, n, C, |i, j| if i + j == 3 { nan } else { good.at(i, j) });
            let bad_b = Owned::<T>::new(m, 2, C, |i, j| if i + j == 2 { nan } else { b.at(i, j) });
            for (a, b) in [(&bad, &b), (&good, &bad_b)] {
                let made = solve(backend, a, b, C, &mut work);
                assert_eq!(made.err(), Some(Failure::NonFinite));
            }
        }
    }
    for_all!(test);
}
