use num_complex::Complex;
use num_traits::Zero;

use super::super::hard::{KINDS, Random, element, size};
use super::eigh;
use crate::array::{Float, Scalar};
use crate::engine::simd::{available, with_level};
use crate::linalg::backend::Workspace;
use crate::linalg::backend::factor::{Half, column_major};
use crate::linalg::backend::spectral::Eigh;
use crate::linalg::gemm::{Beta, gemm};
use crate::linalg::raw::MatMut;

fn hermitian<T: Scalar>(kind: usize, n: usize, random: &mut Random) -> Vec<T> {
    let mut a = vec![T::zero(); n * n];
    for j in 0..n {
        for i in j..n {
            let [re, im] = element(kind, n, i, j, random).map(T::Real::from_f64);
            let x = T::from_parts(re, if i == j { T::Real::zero() } else { im });
            a[j * n + i] = x;
            a[i * n + j] = x.conj();
        }
    }
    a
}

fn solve<T: Scalar>(n: usize, a: &[T], vectors: bool, threads: usize) -> (Vec<T::Real>, Vec<T>) {
    let (mut values, mut v) = (vec![T::Real::zero(); n], vec![T::zero(); n * n]);
    let mut a = a.to_vec();
    let call = Eigh {
        a: column_major(a.as_mut_ptr(), n, n).as_ref(),
        half: Half::Lower,
        values: &mut values,
        vectors: vectors.then(|| column_major(v.as_mut_ptr(), n, n)),
    };
    // SAFETY: whole matrices.
    unsafe { eigh(call, &mut Workspace::new(), threads) }.expect("finite matrices converge");
    (values, v)
}

/// ‖A·V − V·Λ‖ and ‖Vᴴ·V − 1‖ in units of n·ε (and of ‖A‖).
fn residuals<T: Scalar>(n: usize, a: &[T], values: &[T::Real], v: &[T]) -> [f64; 2] {
    let (mut a, mut v) = (a.to_vec(), v.to_vec());
    let (mut av, mut vv) = (vec![T::zero(); n * n], vec![T::zero(); n * n]);
    let matrix = |x: &mut [T]| -> MatMut<T> { column_major(x.as_mut_ptr(), n, n) };
    let (a_mat, v_mat) = (matrix(&mut a).as_ref(), matrix(&mut v).as_ref());
    // SAFETY: whole matrices.
    unsafe {
        let one = T::one();
        gemm(
            one,
            a_mat,
            false,
            v_mat,
            false,
            Beta::Zero,
            matrix(&mut av),
            1,
        );
        gemm(
            one,
            v_mat.t(),
            true,
            v_mat,
            false,
            Beta::Zero,
            matrix(&mut vv),
            1,
        );
    }
    for j in 0..n {
        for i in 0..n {
            av[j * n + i] = av[j * n + i] - v[j * n + i] * T::from_real(values[j]);
        }
        vv[j * n + j] = vv[j * n + j] - T::one();
    }
    let unit = n as f64 * Float::to_f64(<T::Real as Float>::EPSILON);
    let norm = size(&a);
    [
        if norm == 0.0 {
            0.0
        } else {
            size(&av) / norm / unit
        },
        size(&vv) / unit,
    ]
}

fn check<T: Scalar>(sizes: &[usize]) -> f64 {
    let mut random = Random(5);
    let mut worst = 0.0_f64;
    for &n in sizes {
        for kind in 0..KINDS {
            let a = hermitian::<T>(kind, n, &mut random);
            let name = format!("{} of {n}, kind {kind}", std::any::type_name::<T>());
            for threads in [1, 2] {
                let (values, v) = solve(n, &a, true, threads);
                assert!(values.is_sorted(), "{name}: {values:?}");
                let found = residuals(n, &a, &values, &v);
                worst = worst.max(found[0]).max(found[1]);
                assert!(found.iter().all(|x| *x < 4.0), "{name}: {found:?}");
                let (alone, _) = solve(n, &a, false, threads);
                let norm = size(&a);
                let most = 4.0 * n as f64 * Float::to_f64(<T::Real as Float>::EPSILON) * norm;
                for (x, y) in values.iter().zip(&alone) {
                    let error = (Float::to_f64(*x) - Float::to_f64(*y)).abs();
                    assert!(error <= most, "{name}: {x:?} with vectors, {y:?} without");
                }
            }
        }
    }
    worst
}

#[test]
fn vectors_are_orthogonal_and_reproduce_the_matrix() {
    let small = [1, 2, 3, 5, 8, 16, 31, 33, 50, 65, 100, 131];
    let worst = [
        check::<f64>(&small),
        check::<f32>(&small),
        check::<Complex<f64>>(&small),
        check::<Complex<f32>>(&[7, 40, 90]),
    ];
    println!("worst residuals in units of n·ε: {worst:.2?}");
}

#[test]
fn conformance_of_large_matrices() {
    check::<f64>(&[257, 420]);
}

#[test]
fn every_level_solves() {
    for &level in available() {
        with_level(level, || {
            check::<f64>(&[9, 70]);
            check::<Complex<f32>>(&[9, 70]);
        });
    }
}

#[test]
fn known_values() {
    // The second difference: 2 − 2·cos(k·π/(n + 1)).
    for n in [2, 10, 33, 64, 100, 300] {
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            a[i * n + i] = 2.0;
            if i > 0 {
                a[i * n + i - 1] = -1.0;
                a[(i - 1) * n + i] = -1.0;
            }
        }
        for vectors in [true, false] {
            let (values, _) = solve(n, &a, vectors, 1);
            for (k, value) in values.iter().enumerate() {
                let angle = (k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64;
                let exact = 2.0 - 2.0 * angle.cos();
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
    let n = 40;
    for factor in [1e-300, 1e-160, 1e-20, 1e20, 1e160, 1e300] {
        let a: Vec<f64> = hermitian::<f64>(0, n, &mut random)
            .iter()
            .map(|x| x * factor)
            .collect();
        let (values, v) = solve(n, &a, true, 1);
        let scaled = |x: &[f64]| -> Vec<f64> { x.iter().map(|x| x / factor).collect() };
        let found = residuals(n, &scaled(&a), &scaled(&values), &v);
        assert!(found.iter().all(|x| *x < 4.0), "{factor}: {found:?}");
    }
    // Columns of which the squares vanish, beside others.
    let a: Vec<f64> = (0..n * n)
        .map(|at| {
            if at % n < n / 2 && at / n < n / 2 {
                random.next()
            } else {
                1e-160 * random.next()
            }
        })
        .collect();
    let a: Vec<f64> = (0..n * n)
        .map(|at| a[(at % n).max(at / n) * n + (at % n).min(at / n)])
        .collect();
    let (values, v) = solve(n, &a, true, 1);
    let found = residuals(n, &a, &values, &v);
    assert!(found.iter().all(|x| *x < 4.0), "{found:?}");
}
