use num_complex::Complex;
use num_traits::Zero;

use super::super::hard::{KINDS, Random, element, size};
use super::super::svd::svd;
use crate::array::{Float, Scalar};
use crate::engine::simd::{available, with_level};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::column_major;
use crate::linalg::backend::svd::{Svd, SvdJob};
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::MatRef;

fn matrix<T: Scalar>(kind: usize, m: usize, n: usize, random: &mut Random) -> Vec<T> {
    let mut a = vec![T::zero(); m * n];
    for j in 0..n {
        for i in 0..m {
            let [re, im] = element(kind, n, i, j, random).map(T::Real::from_f64);
            a[j * m + i] = T::from_parts(re, im);
        }
    }
    a
}

struct Found<T: Scalar> {
    s: Vec<T::Real>,
    u: Vec<T>,
    vt: Vec<T>,
}

fn solve<T: Scalar>(a: &mut [T], m: usize, n: usize, job: SvdJob, threads: usize) -> Found<T> {
    let k = m.min(n);
    let (p, q) = match job {
        SvdJob::Full => (m, n),
        SvdJob::Thin => (k, k),
        SvdJob::ValuesOnly => (0, 0),
    };
    let mut s = vec![T::Real::zero(); k];
    let (mut u, mut vt) = (vec![T::zero(); m * p], vec![T::zero(); q * n]);
    let vectors = job != SvdJob::ValuesOnly;
    let call = Svd {
        a: column_major(a.as_mut_ptr(), m, n).as_ref(),
        job,
        s: &mut s,
        u: vectors.then(|| column_major(u.as_mut_ptr(), m, p)),
        vt: vectors.then(|| column_major(vt.as_mut_ptr(), q, n)),
    };
    // SAFETY: whole matrices.
    unsafe { svd(call, &mut Workspace::new(), threads) }.expect("finite matrices converge");
    Found { s, u, vt }
}

/// The product of two matrices, the first perhaps conjugated.
fn times<T: Scalar>(a: MatRef<T>, conj: bool, b: MatRef<T>, conj_b: bool) -> Vec<T> {
    let mut c = vec![T::zero(); a.rows * b.cols];
    let to = column_major(c.as_mut_ptr(), a.rows, b.cols);
    // SAFETY: whole matrices.
    unsafe { gemm(T::one(), a, conj, b, conj_b, Beta::Zero, to, 1) };
    c
}

/// ‖A − U·Σ·Vᴴ‖ (in ‖A‖), ‖Uᴴ·U − 1‖ and ‖Vᴴ·V − 1‖, in units of max(m, n)·ε.
fn residuals<T: Scalar>(a: &[T], m: usize, n: usize, found: &mut Found<T>) -> [f64; 3] {
    let (p, q) = (found.u.len() / m, found.vt.len() / n);
    let u = column_major(found.u.as_mut_ptr(), m, p).as_ref();
    let vt = column_major(found.vt.as_mut_ptr(), q, n).as_ref();
    let mut scaled = found.vt.clone();
    for j in 0..n {
        for i in 0..q {
            let s = found.s.get(i).map_or(T::Real::zero(), |s| *s);
            scaled[j * q + i] = scaled[j * q + i] * T::from_real(s);
        }
    }
    let k = p.min(q);
    let us = MatRef { cols: k, ..u };
    let sv = MatRef {
        rows: k,
        ..column_major(scaled.as_mut_ptr(), q, n).as_ref()
    };
    let mut rest = times(us, false, sv, false);
    for (x, a) in rest.iter_mut().zip(a) {
        *x = *x - *a;
    }
    let off = |mut x: Vec<T>, n: usize| {
        (0..n).for_each(|i| x[i * n + i] = x[i * n + i] - T::one());
        size(&x)
    };
    let unit = m.max(n) as f64 * Float::to_f64(<T::Real as Float>::EPSILON);
    let norm = size(a);
    [
        size(&rest) / if norm == 0.0 { 1.0 } else { norm } / unit,
        off(times(u.t(), true, u, false), p) / unit,
        off(times(vt, false, vt.t(), true), q) / unit,
    ]
}

fn check<T: Scalar>(shapes: &[(usize, usize)]) -> f64 {
    let mut random = Random(5);
    let mut worst = 0.0_f64;
    for &(m, n) in shapes {
        for kind in 0..KINDS {
            let mut a = matrix::<T>(kind, m, n, &mut random);
            let name = format!("{} of ({m}, {n}), kind {kind}", std::any::type_name::<T>());
            for (threads, job) in [(1, SvdJob::Thin), (2, SvdJob::Full)] {
                let mut found = solve(&mut a, m, n, job, threads);
                assert!(found.s.is_sorted_by(|x, y| x >= y), "{name}: {:?}", found.s);
                let sizes = residuals(&a, m, n, &mut found);
                worst = sizes.iter().fold(worst, |x, y| x.max(*y));
                assert!(sizes.iter().all(|x| *x < 8.0), "{name}: {sizes:?}");
                let alone = solve(&mut a, m, n, SvdJob::ValuesOnly, threads).s;
                let eps = Float::to_f64(<T::Real as Float>::EPSILON);
                let most = 4.0 * m.max(n) as f64 * eps * size(&a);
                for (x, y) in found.s.iter().zip(&alone) {
                    let error = (Float::to_f64(*x) - Float::to_f64(*y)).abs();
                    assert!(error <= most, "{name}: {x:?} with vectors, {y:?} without");
                }
            }
        }
    }
    worst
}

#[test]
fn conformance_on_hard_matrices() {
    let square = [1, 2, 3, 5, 8, 16, 31, 32, 33, 50, 65, 66, 100, 131].map(|n| (n, n));
    let others = [
        (1, 4),
        (4, 1),
        (7, 6),
        (40, 36),
        (36, 40),
        (90, 30),
        (30, 90),
        (110, 100),
    ];
    let worst = [
        check::<f64>(&square),
        check::<f64>(&others),
        check::<f64>(&[(257, 257), (420, 400)]),
        check::<f32>(&square),
        check::<f32>(&others),
        check::<Complex<f64>>(&square[..12]),
        check::<Complex<f64>>(&others),
        check::<Complex<f32>>(&[(7, 7), (40, 40), (90, 80), (80, 90)]),
    ];
    println!("worst residuals in units of max(m, n)·ε: {worst:.2?}");
}

#[test]
fn conformance_at_every_level() {
    for &level in available() {
        with_level(level, || {
            check::<f64>(&[(9, 9), (70, 70), (140, 130)]);
            check::<Complex<f32>>(&[(9, 9), (70, 70)]);
        });
    }
}

/// Small enough for a sanitizer: halves on threads of their own, an odd one, a column more than rows.
#[test]
fn threads_solve_the_same() {
    let mut random = Random(3);
    for (m, n) in [(41, 41), (103, 97)] {
        let mut a = matrix::<f64>(0, m, n, &mut random);
        let [one, two] = [1, 2].map(|threads| solve(&mut a, m, n, SvdJob::Full, threads).s);
        for (x, y) in one.iter().zip(&two) {
            assert!((x - y).abs() <= 1e-14 * one[0], "({m}, {n}): {x} {y}");
        }
    }
}

#[test]
fn known_values() {
    // Ones on the diagonal and above it: 2·cos(k·π/(2n + 1)).
    for n in [2, 10, 33, 64, 100, 300] {
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            a[i * n + i] = 1.0;
            if i > 0 {
                a[i * n + i - 1] = 1.0;
            }
        }
        for job in [SvdJob::Thin, SvdJob::ValuesOnly] {
            let s = solve(&mut a, n, n, job, 1).s;
            for (k, value) in s.iter().enumerate() {
                let angle = (k + 1) as f64 * std::f64::consts::PI / (2 * n + 1) as f64;
                let exact = 2.0 * angle.cos();
                assert!(
                    f64::abs(value - exact) < 2e-14,
                    "{k} of {n}: {value} {exact}"
                );
            }
        }
    }
}

#[test]
fn sizes_of_elements_do_not_matter() {
    let mut random = Random(9);
    let n = 50;
    for factor in [1e-300, 1e-160, 1e-20, 1e20, 1e160, 1e300] {
        let a = matrix::<f64>(0, n, n, &mut random);
        let mut scaled: Vec<f64> = a.iter().map(|x| x * factor).collect();
        let mut found = solve(&mut scaled, n, n, SvdJob::Thin, 1);
        found.s.iter_mut().for_each(|x| *x /= factor);
        let sizes = residuals(&a, n, n, &mut found);
        assert!(sizes.iter().all(|x| *x < 4.0), "{factor}: {sizes:?}");
    }
    // Rows and columns of which the squares vanish, beside others.
    for transposed in [false, true] {
        let mut a: Vec<f64> = (0..n * n)
            .map(|at| {
                let far = if transposed { at % n } else { at / n } >= n / 2;
                random.next() * if far { 1e-165 } else { 1.0 }
            })
            .collect();
        let mut found = solve(&mut a, n, n, SvdJob::Thin, 1);
        let sizes = residuals(&a, n, n, &mut found);
        assert!(sizes.iter().all(|x| *x < 4.0), "{sizes:?}");
    }
}
