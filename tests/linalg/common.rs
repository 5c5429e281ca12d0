//! What these tests share: numbers without structure in all four scalars, and sizes that keep not-a-numbers.

use orthant::prelude::*;
use orthant::{CastFrom, Complex, Float, Number, Scalar};

pub type C32 = Complex<f32>;
pub type C64 = Complex<f64>;

/// Numbers without structure in [-1, 1).
pub fn noise(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// One of the four scalars.
pub trait Sample: Scalar + CastFrom<<Self as Number>::Real> {
    /// Of these parts, as far as the type has them.
    fn of(re: f64, im: f64) -> Self;

    /// Without structure.
    fn sample(seed: &mut u64) -> Self {
        Self::of(noise(seed), noise(seed))
    }
}
macro_rules! sample {
    ($($t:ty: |$re:pat_param, $im:pat_param| $x:expr;)+) => {$(
        impl Sample for $t {
            fn of($re: f64, $im: f64) -> $t { $x }
        }
    )+};
}
sample! {
    f64: |re, _| re;
    f32: |re, _| re as f32;
    C64: |re, im| Complex::new(re, im);
    C32: |re, im| Complex::new(re as f32, im as f32);
}

/// Runs a test of one scalar for each of them.
macro_rules! for_all {
    ($test:ident) => {
        $test::<f32>();
        $test::<f64>();
        $test::<orthant::Complex<f32>>();
        $test::<orthant::Complex<f64>>();
    };
}
pub(crate) use for_all;

pub fn random<T: Sample, S: orthant::IntoShape>(shape: S, seed: &mut u64) -> Array<T, S::Dim> {
    let mut out = Array::<T, S::Dim>::zeros(shape);
    out.iter_mut().for_each(|x| *x = T::sample(seed));
    out
}

/// The largest modulus; NaN if there is one, so that no bound holds.
pub fn largest<T: Scalar, D: Dimension>(x: &ArrayRef<T, D>) -> f64 {
    let moduli = x.iter().map(|v| v.modulus().to_f64());
    moduli.fold(0.0, |most, v| {
        if f64::is_nan(most) || v <= most {
            most
        } else {
            v
        }
    })
}

pub fn eps<T: Scalar>() -> f64 {
    <T::Real as Float>::EPSILON.to_f64()
}

/// Every matrix conjugated and transposed.
pub fn adjoint<T: Scalar, D: Dimension>(x: &ArrayRef<T, D>) -> Array<T, D> {
    x.swap_axes(-2, -1).map(|x| x.conj())
}

#[test]
fn not_a_number_is_never_small() {
    for at in 0..3 {
        let mut x = array![1.0, 2.0, 3.0];
        x[at] = f64::NAN;
        assert!(largest(&x).is_nan());
    }
    assert_eq!(largest(&array![1.0, -3.0, 2.0]), 3.0);
}
