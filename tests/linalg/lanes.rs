//! Stacks of small systems, which are computed several at a time, against one at a time.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{self, LinalgError};
use orthant::prelude::*;
use orthant::{Float, Scalar};

fn noise(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

fn random<T: Float>(shape: &[usize], seed: &mut u64) -> ArrayD<T> {
    ArrayD::from_shape_fn(shape, |_| T::from_f64(noise(seed)))
}

/// The largest difference, relative to the largest element.
fn apart<T: Float, D: Dimension>(x: &ArrayRef<T, D>, y: &ArrayRef<T, D>) -> f64 {
    assert_eq!(x.shape(), y.shape());
    let largest = y
        .iter()
        .fold(0.0, |m: f64, &v| m.max(Float::to_f64(v).abs()));
    let differences = x.iter().zip(y.iter());
    differences.fold(0.0, |m: f64, (&x, &y)| {
        let difference = (Float::to_f64(x) - Float::to_f64(y)).abs();
        assert!(!difference.is_nan());
        m.max(difference)
    }) / largest
}

#[test]
fn agree_with_one_at_a_time() {
    fn test<T: Float + Scalar>() {
        let seed = &mut 1;
        for n in (1..=9).chain([12, 16, 17]) {
            for len in [8, 9, 23, 1000] {
                let a = random::<T>(&[len, n, n], seed).into_rank::<3>();
                let b = random::<T>(&[len, n, 2], seed).into_rank::<3>();
                let vector = random::<T>(&[n], seed).into_rank::<1>();
                let (x, inverse) = (linalg::solve(&a, &b).unwrap(), linalg::inv(&a).unwrap());
                let (det, y) = (
                    linalg::det(&a).unwrap(),
                    linalg::solve(&a, &vector).unwrap(),
                );
                for i in 0..len {
                    let a = a.index_axis(0, i);
                    let expected = linalg::inv(&a).unwrap();
                    // Errors grow with the condition, of which this is a bound.
                    let condition = Float::to_f64(a.sum_squares() * expected.sum_squares()).sqrt();
                    let tolerance = 50.0 * condition * Float::to_f64(<T as Float>::EPSILON);
                    if tolerance > 0.1 {
                        continue;
                    }
                    assert!(apart(&inverse.index_axis(0, i), &expected) < tolerance);
                    let expected = linalg::solve(&a, &b.index_axis(0, i)).unwrap();
                    assert!(apart(&x.index_axis(0, i), &expected) < tolerance);
                    let expected = linalg::solve(&a, &vector).unwrap();
                    assert!(apart(&y.index_axis(0, i), &expected) < tolerance);
                    let expected = Array1::full(1, linalg::det(&a).unwrap());
                    assert!(apart(&Array1::full(1, det[i]), &expected) < tolerance);
                }
            }
        }
    }
    test::<f64>();
    test::<f32>();
}

#[test]
fn layouts_and_broadcasting() {
    let seed = &mut 2;
    let a = random::<f64>(&[5, 4, 3, 3], seed).into_rank::<4>();
    let b = random::<f64>(&[4, 3, 2], seed).into_rank::<3>();
    let x = linalg::solve(&a, &b).unwrap();
    assert_eq!(x.shape(), &[5, 4, 3, 2]);
    assert!((a.matmul(&x) - &b).iter().all(|r| r.abs() < 1e-12));
    let turned = a.permute([1, 0, 3, 2]);
    let flipped = a.slice(s![..;-1, .., ..;-1, ..]);
    let columns = Array4::from_shape_vec(
        [5, 4, 3, 3].f(),
        a.permute([3, 2, 1, 0]).flatten().into_vec(),
    );
    for a in [turned, flipped, columns.view()] {
        let identity = Array2::<f64>::identity(3);
        let inverse = linalg::inv(&a).unwrap();
        assert!(
            (a.matmul(&inverse) - &identity)
                .iter()
                .all(|r| r.abs() < 1e-11)
        );
        let dense = a.to_owned();
        assert_eq!(linalg::inv(&dense).unwrap(), inverse);
        assert_eq!(linalg::det(&dense).unwrap(), linalg::det(&a).unwrap());
    }
    // One matrix against many right-hand sides.
    let (one, many) = (a.slice(s![0, 0, .., ..]), random::<f64>(&[20, 3, 1], seed));
    let x = linalg::solve(&one, &many).unwrap();
    assert!((one.matmul(&x) - &many).iter().all(|r| r.abs() < 1e-12));
}

#[test]
fn singular_members_are_named() {
    let seed = &mut 3;
    let mut a = random::<f64>(&[4, 5, 3, 3], seed).into_rank::<4>();
    a.slice_mut(s![1, 3, .., 2]).fill(0.0);
    a.slice_mut(s![2, 0, .., ..]).fill(1.0);
    let index = vec![1, 3];
    let shape = vec![4, 5, 3, 3];
    assert_eq!(
        linalg::inv(&a).unwrap_err(),
        LinalgError::Singular {
            op: "inv",
            shape: shape.clone(),
            index: index.clone()
        }
    );
    assert_eq!(
        linalg::solve(&a, &array![1.0, 2.0, 3.0]).unwrap_err(),
        LinalgError::Singular {
            op: "solve",
            shape,
            index
        }
    );
    let det = linalg::det(&a).unwrap();
    assert_eq!((det[[1, 3]], det[[2, 0]]), (0.0, 0.0));
    assert!(det.iter().filter(|&&d| d == 0.0).count() == 2);
}

#[test]
fn determinants_out_of_range_and_nan() {
    let mut a = Array3::<f64>::zeros([10, 4, 4]);
    for (i, mut matrix) in a.outer_iter_mut().enumerate() {
        for (j, x) in [1e200, 1e200, 1e-200, 1e-200].into_iter().enumerate() {
            matrix[[j, j]] = if i == 3 { 1e300 } else { x };
        }
    }
    a[[5, 0, 0]] = f64::NAN;
    let det = linalg::det(&a).unwrap();
    assert!((det[0] - 1.0).abs() < 1e-12, "{}", det[0]);
    assert_eq!(det[3], f64::INFINITY);
    assert!(det[5].is_nan());
    // A pivot whose reciprocal would overflow.
    let tiny = Array3::full([9, 1, 1], 1e-310);
    let x = linalg::solve(&tiny, &array![1e-310]).unwrap();
    assert_eq!(x, Array2::full([9, 1], 1.0));
}
