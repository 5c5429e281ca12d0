//! Forms, bases and vectors, on matrices that are hard in their own ways.

use super::swap::{block, move_up, values_of};
use super::*;
use crate::array::Scalar;
use crate::linalg::backend::embedded::hard::Random;
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::MatMut;

fn noise(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// The largest element of H·Z − Z·T, and of ZᴴZ − I.
fn off<R: Float>(h: &[Complex<R>], t: &[Complex<R>], z: &[Complex<R>], n: usize) -> f64 {
    let at = |x: &[Complex<R>], i: usize, j: usize| {
        Complex::new(x[i + j * n].re.to_f64(), x[i + j * n].im.to_f64())
    };
    let mut most = 0f64;
    for i in 0..n {
        for j in 0..n {
            let (mut sum, mut gram) = (Complex::new(0.0, 0.0), Complex::new(0.0, 0.0));
            for k in 0..n {
                sum += at(h, i, k) * at(z, k, j) - at(z, i, k) * at(t, k, j);
                gram += at(z, k, i).conj() * at(z, k, j);
            }
            gram -= f64::from(i == j);
            most = most.max(sum.norm()).max(gram.norm());
        }
    }
    most
}

#[test]
fn schur_forms_and_vectors() {
    let mut seed = 3;
    for n in [1usize, 2, 3, 4, 7, 20, 61] {
        let entry = |i: usize, j: usize, seed: &mut u64| {
            let x = noise(seed);
            if i > j + 1 { 0.0 } else { x }
        };
        let h: Vec<f64> = (0..n * n)
            .map(|at| entry(at % n, at / n, &mut seed))
            .collect();
        let identity = |at: usize| f64::from(at % n == at / n);
        let wide = |x: &[f64]| x.iter().map(|&x| Complex::new(x, 0.0)).collect::<Vec<_>>();

        let (mut t, mut z) = (h.clone(), (0..n * n).map(identity).collect::<Vec<_>>());
        let mut values = vec![Complex::new(f64::NAN, 0.0); n];
        let ok = real_schur(
            &mut Square::new(&mut t, n),
            Some(&mut Square::new(&mut z, n)),
            &mut values,
            1,
        );
        assert!(ok);
        for j in 0..n {
            for i in j + 1..n {
                let allowed = i == j + 1 && values[j].im > 0.0;
                assert!(t[i + j * n] == 0.0 || allowed, "{n}: ({i}, {j})");
            }
        }
        assert!(off(&wide(&h), &wide(&t), &wide(&z), n) < 1e-12, "{n}");
        verify_real_vectors(&h, &t, &z, &values);
        let mut alone = vec![Complex::new(f64::NAN, 0.0); n];
        assert!(real_schur(
            &mut Square::new(&mut h.clone(), n),
            None,
            &mut alone,
            1
        ));
        // In another order, perhaps.
        for value in &values {
            assert!(alone.iter().any(|x| (x - value).norm() < 1e-11), "{n}");
        }
        verify_vectors(&wide(&h), wide(&t), wide(&z), &values);

        let c: Vec<Complex<f64>> = (0..n * n)
            .map(|at| {
                let (i, j) = (at % n, at / n);
                Complex::new(entry(i, j, &mut seed), entry(i, j, &mut seed))
            })
            .collect();
        let (mut t, mut z) = (
            c.clone(),
            wide(&(0..n * n).map(identity).collect::<Vec<_>>()),
        );
        let ok = complex_schur(
            &mut Square::new(&mut t, n),
            Some(&mut Square::new(&mut z, n)),
            &mut values,
            1,
        );
        assert!(ok);
        for j in 0..n {
            for i in j + 1..n {
                assert_eq!(t[i + j * n], Complex::new(0.0, 0.0), "{n}: ({i}, {j})");
            }
        }
        assert!(off(&c, &t, &z, n) < 1e-12, "{n}");
        verify_vectors(&c, t, z, &values);
    }
}

fn verify_vectors(
    h: &[Complex<f64>],
    mut t: Vec<Complex<f64>>,
    mut z: Vec<Complex<f64>>,
    values: &[Complex<f64>],
) {
    let n = values.len();
    let mut out = vec![Complex::new(f64::NAN, 0.0); n * n];
    let mut to = Square::new(&mut out, n);
    vectors(
        &Square::new(&mut t, n),
        &Square::new(&mut z, n),
        values,
        &mut to,
    );
    for j in 0..n {
        let size = (0..n).map(|i| out[i + j * n].norm()).fold(0.0, f64::max);
        assert!(size > 0.0);
        for i in 0..n {
            let mut sum = -values[j] * out[i + j * n];
            for k in 0..n {
                sum += h[i + k * n] * out[k + j * n];
            }
            assert!(
                sum.norm() < 1e-12 * size,
                "{n}: vector {j} is off by {}",
                sum.norm() / size
            );
        }
    }
}

fn verify_real_vectors(h: &[f64], t: &[f64], z: &[f64], values: &[Complex<f64>]) {
    let n = values.len();
    let (mut t, mut x) = (t.to_vec(), vec![f64::NAN; n * n]);
    real_vectors(
        &Square::new(&mut t, n),
        values,
        &mut Square::new(&mut x, n),
        2,
    );
    let product = |j: usize| -> Vec<f64> {
        let sum = |i| (0..n).map(|k| z[i + k * n] * x[k + j * n]).sum();
        (0..n).map(sum).collect()
    };
    for j in (0..n).filter(|&j| values[j].im >= 0.0) {
        let re = product(j);
        let im = if values[j].im > 0.0 {
            product(j + 1)
        } else {
            vec![0.0; n]
        };
        let v: Vec<_> = (0..n).map(|i| Complex::new(re[i], im[i])).collect();
        let size = v.iter().map(|x| x.norm()).fold(0.0, f64::max);
        assert!(size > 0.0);
        for i in 0..n {
            let image: Complex<f64> = (0..n).map(|k| v[k] * h[i + k * n]).sum();
            let off = (image - values[j] * v[i]).norm();
            assert!(
                off < 1e-12 * size,
                "{n}: vector {j} is off by {}",
                off / size
            );
        }
    }
}

#[test]
fn a_long_chain_does_not_overflow() {
    let n = 120;
    let one = |yes: bool| Complex::new(f64::from(yes), 0.0);
    let mut t: Vec<_> = (0..n * n).map(|at| one(at % n <= at / n)).collect();
    let mut z: Vec<_> = (0..n * n).map(|at| one(at % n == at / n)).collect();
    let mut out = vec![one(false); n * n];
    let values = vec![one(true); n];
    let mut to = Square::new(&mut out, n);
    vectors(
        &Square::new(&mut t, n),
        &Square::new(&mut z, n),
        &values,
        &mut to,
    );
    assert!(out.iter().all(|x| x.re.is_finite() && x.im.is_finite()));
}

fn column_major<R>(x: &mut [R], n: usize) -> MatMut<R> {
    crate::linalg::backend::factor::column_major(x.as_mut_ptr(), n, n)
}

fn identity<R: Float>(n: usize) -> Vec<R> {
    let element = |at: usize| R::from_f64(f64::from(at % n == at / n));
    (0..n * n).map(element).collect()
}

/// ‖H·Z − Z·T‖/(n·ε·‖H‖) and ‖ZᵀZ − 1‖/(n·ε), after a look at the form of T.
fn residuals<R: Float + Scalar>(h: &[R], t: &[R], z: &[R], values: &[Complex<R>]) -> [f64; 2] {
    let n = values.len();
    let [mut h, mut t, mut z] = [h, t, z].map(<[R]>::to_vec);
    let form = Square::new(&mut t, n);
    let mut at = 0;
    for j in 0..n {
        assert!((j + 2..n).all(|i| form[(i, j)] == R::zero()), "column {j}");
    }
    while at < n {
        if block(&form, at) == 2 {
            let (b, c) = (form[(at, at + 1)], form[(at + 1, at)]);
            assert_eq!(form[(at, at)], form[(at + 1, at + 1)]);
            assert!(b < R::zero() && c > R::zero() || b > R::zero() && c < R::zero());
            assert_eq!(values[at], values[at + 1].conj());
            assert!(at + 2 >= n || form[(at + 2, at + 1)] == R::zero());
            at += 2;
        } else {
            assert_eq!(values[at], form[(at, at)].into());
            at += 1;
        }
    }
    let one = R::one();
    let norm = |x: &[R]| {
        x.iter()
            .map(|&x| Float::to_f64(x).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let scale = n.max(10) as f64 * <R as Float>::EPSILON.to_f64();
    let size = norm(&h).max(f64::MIN_POSITIVE) * scale;
    let (mut out, mut gram) = (vec![R::zero(); n * n], identity::<R>(n));
    let [h, t, z] = [&mut h, &mut t, &mut z].map(|x| column_major(x, n).as_ref());
    let (product, square) = (column_major(&mut out, n), column_major(&mut gram, n));
    // SAFETY: square matrices of one size.
    unsafe {
        gemm(one, h, false, z, false, Beta::Zero, product, 1);
        gemm(-one, z, false, t, false, Beta::One, product, 1);
        gemm(-one, z.t(), false, z, false, Beta::One, square, 1);
    }
    [norm(&out) / size, norm(&gram) / scale]
}

/// A Hessenberg matrix that is hard in its own way.
fn hard<R: Float>(kind: usize, n: usize) -> Option<Vec<R>> {
    let mut random = Random(n as u64);
    let mut element = |i: usize, j: usize| -> Option<f64> {
        let any = random.next();
        let on = |yes: bool| f64::from(u8::from(yes));
        Some(match kind {
            _ if i > j + 1 => 0.0,
            0 => any,
            // A companion matrix, a cycle, a Jordan block, a diagonal, nothing.
            1 => on(i == j + 1) + on(j + 1 == n) * any,
            2 => on(i == j + 1) + on(i == 0 && j + 1 == n),
            3 => on(i == j) + on(i + 1 == j),
            4 => on(i == j) * any,
            5 => 0.0,
            // Of slowly growing condition; graded down to where squares vanish; clusters.
            6 => on(i <= j && j < i + 4) - on(i == j + 1),
            7 => any * 10_f64.powi(-((i + j) as i32) / 6),
            8 => on(i == j) * (i % 3) as f64 + any * 1e-6,
            // Blocks, and what would be symmetric.
            9 => any * on(i / 9 == j / 9),
            10 => ((i.max(j) * (n - i.max(j))) as f64).sqrt() * on(i.abs_diff(j) == 1),
            _ => return None,
        })
    };
    let all = (0..n * n).map(|at| element(at % n, at / n).map(R::from_f64));
    all.collect()
}

fn check_hard<R: Float + Scalar>(n: usize, threads: usize) {
    for kind in 0.. {
        let Some(h) = hard::<R>(kind, n) else { return };
        let (mut t, mut z) = (h.clone(), identity::<R>(n));
        let mut values = vec![Complex::new(R::nan(), R::zero()); n];
        let (form, basis) = (&mut Square::new(&mut t, n), &mut Square::new(&mut z, n));
        assert!(multishift::schur(form, Some(basis), &mut values, threads));
        let off = residuals(&h, &t, &z, &values);
        assert!(off.iter().all(|&x| x < 10.0), "{kind}, {n} rows: {off:?}");
        let mut alone = vec![Complex::new(R::nan(), R::zero()); n];
        let mut copy = h.clone();
        let form = &mut Square::new(&mut copy, n);
        assert!(multishift::schur(form, None, &mut alone, threads));
        let sum = |x: &[Complex<R>]| x.iter().map(|x| x.re.to_f64()).sum::<f64>();
        let trace: f64 = (0..n).map(|i| h[i * (n + 1)].to_f64()).sum();
        let size = h
            .iter()
            .map(|&x| Float::to_f64(x).powi(2))
            .sum::<f64>()
            .sqrt();
        let near = 10.0 * n as f64 * <R as Float>::EPSILON.to_f64() * size;
        for values in [&values, &alone] {
            let off = (sum(values) - trace).abs();
            assert!(off <= near, "{kind}, {n} rows: trace off by {off}");
        }
    }
}

#[test]
fn many_shifts() {
    check_hard::<f64>(151, 1);
    check_hard::<f32>(152, 1);
}

#[test]
fn conformance_many_shifts() {
    for n in [1, 2, 3, 5, 30, 75, 76, 150, 190, 240, 333, 400, 600] {
        check_hard::<f64>(n, 2);
        check_hard::<f32>(n, 1);
    }
}

#[test]
fn eigenvalues_change_places() {
    let (n, mut random) = (9, Random(5));
    // Blocks of one and two rows in turn.
    for first in [0, 1] {
        let mut t: Vec<f64> = (0..n * n).map(|_| random.next()).collect();
        let mut form = Square::new(&mut t, n);
        for j in 0..n {
            for i in j + 1..n {
                form[(i, j)] = 0.0;
            }
        }
        for at in (first..n - 1).step_by(3) {
            form[(at + 1, at + 1)] = form[(at, at)];
            form[(at + 1, at)] = -form[(at, at + 1)] * 0.7;
        }
        let whole = t.clone();
        let mut z = identity::<f64>(n);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let (mut form, mut basis) = (Square::new(&mut t, n), Square::new(&mut z, n));
        values_of(&form, n, &mut before);
        // The last one goes first, as often as there are rows.
        for _ in 0..n {
            let last = n - 2;
            let from = if block(&form, last) == 2 {
                last
            } else {
                last + 1
            };
            assert_eq!(move_up(&mut form, &mut basis, from, 0), 0);
        }
        values_of(&form, n, &mut after);
        let off = residuals(&whole, &t, &z, &after);
        assert!(off.iter().all(|&x| x < 10.0), "{off:?}");
        for x in before {
            let near = after
                .iter()
                .map(|y| (x - y).norm())
                .fold(f64::MAX, f64::min);
            assert!(near < 1e-12, "{x} is off by {near}");
        }
    }
}

#[test]
fn reflections_of_the_smallest_numbers() {
    for scale in [1.0, 1e-160, 1e-310, 5e-324, 1e160, 1e308] {
        for v in [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [-1.0, 0.0, 1.0]] {
            let mut x: [f64; 3] = v.map(|v| v * scale);
            let tau = real::reflection(&mut x);
            assert!((1.0..=2.0).contains(&tau));
            let off = (x[0].abs() / scale - 2_f64.sqrt()).abs();
            // Subnormal numbers have few digits.
            assert!(off < 1e-12 || scale < 1e-300 && off < 0.5, "{scale}: {off}");
            let square = 1.0 + x[1] * x[1] + x[2] * x[2];
            assert!((tau * square - 2.0).abs() < 1e-12, "{scale}: {tau}");
        }
    }
}
