//! Bunch–Kaufman factors by LAPACK's ratio ‖A − P·L·D·Lᴴ·Pᵀ‖ / (n·‖A‖·ε), and what is made of them.

use super::precise::{LIMIT, Worst};
use super::solve::{norm, residual};
use super::*;
use crate::linalg::backend::Workspace;
use crate::linalg::backend::ldlt::{Factors, Ldlt, blocks, ldlt_determinant, ldlt_solve};
use crate::linalg::backend::solve::DetOut;
use crate::linalg::error::Failure;

/// A Hermitian matrix; what is above the diagonal is NaN if it `hides` it.
fn hermitian<T: Scalar>(n: usize, rng: &mut Rng, hides: bool) -> Owned<T> {
    let b = Owned::<T>::random(n, n, C, rng);
    Owned::new(n, n, F, |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less if hides => T::from_real(T::Real::from_f64(f64::NAN)),
        std::cmp::Ordering::Less => b.at(j, i).conj(),
        std::cmp::Ordering::Equal => T::from_real(b.at(i, i).re()),
        std::cmp::Ordering::Greater => b.at(i, j),
    })
}

/// The whole matrix of which the lower triangle is given.
fn whole<T: Scalar>(a: &Owned<T>) -> Owned<T> {
    Owned::new(a.rows, a.rows, C, |i, j| {
        if i < j { a.at(j, i).conj() } else { a.at(i, j) }
    })
}

struct Made<T> {
    f: Owned<T>,
    below: Vec<T>,
    order: Vec<usize>,
}

impl<T: Scalar> Made<T> {
    fn of(backend: Backend, a: &Owned<T>, work: &mut Workspace) -> Self {
        let n = a.rows;
        let nan = T::from_real(T::Real::from_f64(f64::NAN));
        let (mut f, mut below, mut order) = (a.clone(), vec![nan; n], vec![usize::MAX; n]);
        let call = Ldlt {
            a: f.to_mut(),
            below: &mut below,
            order: &mut order,
        };
        // SAFETY: the descriptions match vectors of their own.
        unsafe { backend.ldlt(call, work, 2).unwrap() };
        f.assert_gaps_untouched();
        Made { f, below, order }
    }

    fn factors(&self) -> Factors<'_, T> {
        Factors {
            a: self.f.to_ref(),
            below: &self.below,
            order: &self.order,
        }
    }

    fn l(&self, i: usize, j: usize) -> T {
        match i.cmp(&j) {
            std::cmp::Ordering::Less => T::zero(),
            std::cmp::Ordering::Equal => T::one(),
            std::cmp::Ordering::Greater => self.f.at(i, j),
        }
    }

    fn d(&self, i: usize, j: usize) -> T {
        match (i, j) {
            _ if i == j => self.f.at(i, i),
            _ if i == j + 1 => self.below[j],
            _ if j == i + 1 => self.below[i].conj(),
            _ => T::zero(),
        }
    }

    /// ‖PᵀAP − LDLᴴ‖ / (n·‖A‖·ε)
    fn ratio(&self, a: &Owned<T>) -> f64 {
        let n = a.rows;
        let mut sorted = self.order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..n), "a permutation");
        let ld = Owned::<T>::new(n, n, C, |i, j| {
            let near = j.saturating_sub(1)..(j + 2).min(n);
            near.fold(T::zero(), |sum, k| sum + self.l(i, k) * self.d(k, j))
        });
        let off = Owned::<T>::new(n, n, C, |i, j| {
            let product = dot(j + 1, |k| ld.at(i, k), |k| self.l(j, k).conj());
            product - a.at(self.order[i], self.order[j])
        });
        norm(&off) / (norm(a) * n as f64 * epsilon::<T>()).max(f64::MIN_POSITIVE)
    }

    fn det(&self) -> T {
        let mut det = T::one();
        // SAFETY: the factors belong to this.
        unsafe { ldlt_determinant(self.f.to_ref(), &self.below).store(DetOut::Value(&mut det)) };
        det
    }
}

#[test]
fn factors_reconstruct_and_solve() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(41), Workspace::new());
        let named = |op| Worst::new(format!("{} {op}", name::<T>(backend)));
        let (mut worst, mut solved) = (named("LDLT"), named("solve by LDLT"));
        for n in [1, 2, 3, 8, 17, 33, 47, 48, 49, 50, 64, 100, 150, 260] {
            let a = hermitian::<T>(n, &mut rng, true);
            let made = Made::of(backend, &a, &mut work);
            for i in 0..n {
                for j in i + 1..n {
                    let x = made.f.at(i, j).re().to_f64();
                    assert!(x.is_nan(), "({i}, {j}) was written");
                }
            }
            assert_eq!(made.below[n - 1], T::zero());
            let a = whole(&a);
            worst.see(made.ratio(&a), || n.to_string());
            for cols in [1, 3] {
                let b = Owned::<T>::random(n, cols, LAYOUTS[rng.below(6)], &mut rng);
                let mut x = b.clone();
                // SAFETY: the descriptions match vectors of their own.
                unsafe {
                    ldlt_solve(backend, made.factors(), x.to_mut(), &mut work, 2).unwrap();
                }
                x.assert_gaps_untouched();
                solved.see(residual(&a, &x, &b), || format!("{n}, {cols} columns"));
            }
        }
        worst.judge();
        solved.judge();
    }
    for_all!(test);
}

/// Matrices that small pivots, or wrong tests for blocks of two rows, would spoil.
#[test]
fn pivots_keep_elements_small() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        let big = 1.0 / epsilon::<T>().sqrt();
        let tiny = epsilon::<T>();
        let cases: [[[f64; 3]; 3]; 6] = [
            [[0.6, 1.0, 0.0], [1.0, 1.0 / 0.6, 3.0], [0.0, 3.0, 1.0]],
            [[0.6, 1.0, 0.0], [1.0, 0.6, big], [0.0, big, 0.1]],
            [[tiny, 1.0, 1.0], [1.0, tiny, 2.0], [1.0, 2.0, tiny]],
            [[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 0.0]],
            [[0.0, 0.0, 1.0], [0.0, 5.0, 0.0], [1.0, 0.0, 0.0]],
            [[1.0, big, 0.0], [big, 1.0, 1.0], [0.0, 1.0, tiny]],
        ];
        for rows in cases {
            let element = |i: usize, j: usize| T::from_real(T::Real::from_f64(rows[i][j]));
            let a = Owned::<T>::new(3, 3, F, element);
            let made = Made::of(backend, &a, &mut work);
            let ratio = made.ratio(&a);
            assert!(ratio < LIMIT, "{} {rows:?}: {ratio}", name::<T>(backend));
            for i in 0..3 {
                let d = made.f.at(i, i).modulus().to_f64();
                assert!(d <= 7.0 * norm(&a), "{} {rows:?}", name::<T>(backend));
            }
        }
    }
    for_all!(test);
}

#[test]
fn sizes_at_the_ends_of_the_range() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(42), Workspace::new());
        let range = T::Real::EPSILON.to_f64();
        let (small, large) = if range > 1e-10 {
            (1e-30, 1e30)
        } else {
            (1e-290, 1e290)
        };
        for scale in [small, large] {
            for n in [2, 5, 30] {
                let b = hermitian::<T>(n, &mut rng, false);
                // Not by division: that of complex numbers takes squares.
                let [scale, unit] =
                    [scale, 1.0 / scale].map(|x| T::from_real(T::Real::from_f64(x)));
                let a = Owned::<T>::new(n, n, F, |i, j| b.at(i, j) * scale);
                let made = Made::of(backend, &a, &mut work);
                // In units that squares do not leave.
                let mut back = made.f.clone();
                back.data.iter_mut().for_each(|x| *x = *x * unit);
                let l = |i: usize, j: usize| {
                    if i > j {
                        made.f.at(i, j)
                    } else {
                        back.at(i, j)
                    }
                };
                let below = made.below.iter().map(|&x| x * unit).collect();
                let f = Owned::new(n, n, F, l);
                let order = made.order.clone();
                let ratio = Made { f, below, order }.ratio(&b);
                assert!(ratio < LIMIT, "{} {n}: {ratio}", name::<T>(backend));
            }
        }
    }
    for_all!(test);
}

#[test]
fn backends_choose_the_same_pivots() {
    fn test<T: Scalar>(backend: Backend) {
        let (mut rng, mut work) = (Rng(43), Workspace::new());
        for n in [1, 2, 5, 20, 60, 120] {
            let a = hermitian::<T>(n, &mut rng, true);
            let (one, two) = (
                Made::of(backend, &a, &mut work),
                Made::of(Backend::Embedded, &a, &mut work),
            );
            let (sizes, signs) = (0..n).fold((0, 0), |(sizes, signs), i| {
                let differ = (one.below[i] == T::zero()) != (two.below[i] == T::zero());
                let order = one.order[i] != two.order[i];
                (sizes + usize::from(differ), signs + usize::from(order))
            });
            assert_eq!((sizes, signs), (0, 0), "{} {n}", name::<T>(backend));
        }
    }
    if compiled_in().any(|backend| backend == Backend::Embedded) {
        for_all!(test);
    }
}

#[test]
fn zero_blocks_are_singular() {
    fn test<T: Scalar>(backend: Backend) {
        let mut work = Workspace::new();
        for n in [1, 2, 7, 60] {
            // One row and column of zeros between ones.
            let a = Owned::<T>::new(n, n, F, |i, j| {
                let hole = n / 2;
                let one = i != hole && j != hole && (i == j || i + j == n - 1);
                if one { T::one() } else { T::zero() }
            });
            let made = Made::of(backend, &a, &mut work);
            assert!(made.ratio(&a) < LIMIT);
            assert_eq!(made.det(), T::zero());
            let mut x = Owned::<T>::new(n, 1, C, |_, _| T::one());
            // SAFETY: the descriptions match vectors of their own.
            let signs = unsafe {
                let solved = ldlt_solve(backend, made.factors(), x.to_mut(), &mut work, 1);
                assert_eq!(solved, Err(Failure::Singular), "{} {n}", name::<T>(backend));
                blocks(made.f.to_ref(), &made.below).fold([0; 3], |sum: [usize; 3], block| {
                    let signs = block.signs();
                    [0, 1, 2].map(|k| sum[k] + signs[k])
                })
            };
            assert!(
                signs[2] >= 1 && signs.iter().sum::<usize>() == n,
                "{signs:?}"
            );
        }
        let none = Owned::<T>::room(0, 0, F);
        let made = Made::of(backend, &none, &mut work);
        assert_eq!(made.det(), T::one());
    }
    for_all!(test);
}
