//! The largest singular values of a matrix by random projection.

use super::decomposition::{Qr, QrMode, Svd, qr, svd};
use super::error::LinalgError;
use crate::array::{Array, ArrayRef, Float, Ix2, Scalar};
use crate::s;

/// How [`svd_randomized_with`] looks for the space of the largest singular values.
///
/// ```
/// use orthant::linalg::RandomSketch;
///
/// let quick = RandomSketch { power_iterations: 1, ..RandomSketch::default() };
/// assert_eq!((quick.oversampling, quick.seed), (10, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RandomSketch {
    /// Random directions beyond those asked for: p, 10 by default.
    pub oversampling: usize,
    /// How often the matrix and its adjoint are applied to sharpen the spectrum: q, 4 by default. More
    /// help where singular values decay slowly.
    pub power_iterations: usize,
    /// Where the generator of the directions starts; the same seed gives the same result on the same
    /// machine.
    pub seed: u64,
}

impl Default for RandomSketch {
    fn default() -> Self {
        RandomSketch {
            oversampling: 10,
            power_iterations: 4,
            seed: 0,
        }
    }
}

/// The `k` largest singular values of an `(M, N)` matrix and their vectors, approximately, by random
/// projection with ten directions more than asked for and four power iterations (scikit-learn's
/// `randomized_svd`). See [`svd_randomized_with`].
///
/// # Errors
/// As there.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// // A matrix of rank 2.
/// let a = Array2::from_shape_fn([60, 40], |[i, j]| (i * j) as f64 + (i + j) as f64);
/// let svd = linalg::svd_randomized(&a, 2)?;
/// assert_eq!((svd.u.shape(), svd.s.shape(), svd.vt.shape()), (&[60, 2][..], &[2][..], &[2, 40][..]));
/// assert!((&svd.u * &svd.s).matmul(&svd.vt).all_close(&a, 0.0, 1e-9));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd_randomized<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    k: usize,
) -> Result<Svd<T, Ix2>, LinalgError> {
    svd_randomized_with(a, k, RandomSketch::default())
}

/// As [`svd_randomized`], with the choice of oversampling p, power iterations q and seed.
///
/// The algorithm of Halko, Martinsson and Tropp (SIAM Review 53, 2011, algorithms 4.4 and 5.1): an
/// orthonormal basis Q of `(A·Aᴴ)^q·A·Ω` for a Gaussian Ω with k + p columns, orthonormalised after every
/// product, then the decomposition of the small matrix QᴴA. It costs (2q + 2)·M·N·(k + p)
/// multiply-adds; what [`svd`](super::svd) does costs about 4·M·N·min(M, N), and that is what to use
/// when most of the singular values are wanted.
///
/// The expected error of the basis is bounded by (corollary 10.10 there, p ≥ 2)
///
/// ```text
/// E‖A − Q·Qᴴ·A‖₂ ≤ [1 + √(k/(p−1)) + e·√(k+p)/p · √(min(M,N)−k)]^(1/(2q+1)) · σₖ₊₁,
/// ```
///
/// where σₖ₊₁, the first singular value left out, is the error of the best approximation of rank k; cutting
/// to rank k adds at most another σₖ₊₁. Computed singular values are never above the true ones, but for
/// rounding.
///
/// # Errors
/// [`LinalgError::TooManyComponents`] if k is more than min(M, N); [`LinalgError::NonFinite`];
/// [`LinalgError::NotConverged`].
///
/// ```
/// use orthant::{linalg::{self, RandomSketch}, prelude::*};
///
/// let a = Array2::from_shape_fn([30, 20], |[i, j]| 1.0 / (1 + i + j) as f64);
/// let sketch = RandomSketch { seed: 7, ..RandomSketch::default() };
/// let some = linalg::svd_randomized_with(&a, 5, sketch)?;
/// assert!(some.s.all_close(&linalg::svdvals(&a)?.slice(s![..5]), 1e-10, 0.0));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn svd_randomized_with<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    k: usize,
    sketch: RandomSketch,
) -> Result<Svd<T, Ix2>, LinalgError> {
    let op = "svd_randomized";
    let least = a.nrows().min(a.ncols());
    if k > least {
        let (asked, shape) = (k, a.shape().to_vec());
        return Err(LinalgError::TooManyComponents { op, asked, shape });
    }
    if !a.iter().all(|x| x.is_finite()) {
        let shape = a.shape().to_vec();
        let index = Vec::new();
        return Err(LinalgError::NonFinite { op, shape, index });
    }
    let columns = k.saturating_add(sketch.oversampling).min(least);
    let basis = |y: Array<T, Ix2>| -> Result<Array<T, Ix2>, LinalgError> {
        let Qr { q, .. } = qr(&y, QrMode::Reduced).map_err(|error| error.named(op))?;
        Ok(q)
    };
    let mut normal = Normal::new(sketch.seed);
    let directions = Array::from_shape_fn([a.ncols(), columns], |_| normal.next());
    let mut q = basis(a.matmul(&directions))?;
    for _ in 0..sketch.power_iterations {
        let z = basis(adjoint_times(a, &q))?;
        q = basis(a.matmul(&z))?;
    }
    let small = conjugated(q.t().to_owned()).matmul(a);
    let Svd { u, s, vt } = svd(&small).map_err(|error| error.named(op))?;
    Ok(Svd {
        u: q.matmul(u.slice(s![.., ..k])),
        s: s.slice(s![..k]).to_owned(),
        vt: vt.slice(s![..k, ..]).to_owned(),
    })
}

/// `Aᴴ·Q`; of a complex A, which is the larger, nothing is copied.
fn adjoint_times<T: Scalar>(a: &ArrayRef<T, Ix2>, q: &ArrayRef<T, Ix2>) -> Array<T, Ix2> {
    if T::IS_COMPLEX {
        conjugated(a.t().matmul(conjugated(q.to_owned())))
    } else {
        a.t().matmul(q)
    }
}

fn conjugated<T: Scalar>(mut x: Array<T, Ix2>) -> Array<T, Ix2> {
    if T::IS_COMPLEX {
        x.iter_mut().for_each(|x| *x = x.conj());
    }
    x
}

/// Normal numbers by Box and Muller from splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Normal {
    state: u64,
}

impl Normal {
    fn new(seed: u64) -> Self {
        Normal { state: seed }
    }

    /// In (0, 1].
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((z >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// Independent real and imaginary parts.
    fn next<T: Scalar>(&mut self) -> T {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        T::from_parts(
            <T::Real as Float>::from_f64(radius * cos),
            <T::Real as Float>::from_f64(radius * sin),
        )
    }
}
