//! Same bits at every SIMD level, with any number of threads, and whatever is in the lanes beside.

use crate::array::Float;
use crate::engine::par::with_threads;
use crate::engine::simd::{available, with_level};
use crate::linalg::backend::{Backend, with_backend};
use crate::linalg::{det, inv, solve};
use crate::prelude::*;
use crate::{Array2, Array3, Scalar};

fn noise<T: Float>(shape: [usize; 3], seed: u64) -> Array3<T> {
    let mut state = seed;
    Array3::from_shape_fn(shape, |_| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        T::from_f64((state >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
    })
}

fn bits<T: Float, D: crate::Dimension>(x: &crate::Array<T, D>) -> Vec<u64> {
    x.iter().map(|&x| Float::to_f64(x).to_bits()).collect()
}

fn threads_and_levels_do_not_show_of<T: Float + Scalar>() {
    for n in 1..=17 {
        let mut a = noise::<T>([103, n, n], 1);
        let b = noise::<T>([103, n, 3], 2);
        // Pivots without a reciprocal beside others.
        for at in [0, 19] {
            let tiny = <T as num_traits::Float>::min_positive_value() * T::from_f64(0.25);
            let matrix = Array2::<T>::from_shape_fn([n, n], |[i, j]| {
                if i == j {
                    tiny
                } else {
                    num_traits::Zero::zero()
                }
            });
            a.index_axis_mut(0, at).assign(&matrix);
        }
        let all = || (det(&a).unwrap(), inv(&a), solve(&a, &b).unwrap());
        let expected = with_level(available()[0], || with_threads(1, all));
        let expected_inverse = expected.1.as_ref().map(bits);
        for &level in available() {
            for threads in [1, 2, 5] {
                let (det, inverse, x) = with_level(level, || with_threads(threads, all));
                assert_eq!(bits(&det), bits(&expected.0), "{level:?}");
                assert_eq!(inverse.as_ref().map(bits), expected_inverse, "{level:?}");
                assert_eq!(bits(&x), bits(&expected.2), "{level:?}");
            }
        }
        // Without the first member, everybody has another lane.
        let (a, b) = (a.slice(s![1.., .., ..]), b.slice(s![1.., .., ..]));
        assert_eq!(bits(&det(&a).unwrap()), bits(&expected.0)[1..]);
        let x = solve(&a, &b).unwrap();
        assert_eq!(bits(&x), bits(&expected.2)[3 * n..]);
    }
}

#[test]
fn threads_and_levels_do_not_show() {
    with_backend(Backend::Embedded, || {
        threads_and_levels_do_not_show_of::<f64>();
        threads_and_levels_do_not_show_of::<f32>();
    });
}
