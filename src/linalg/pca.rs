//! Principal component analysis.

use super::decomposition::{Svd, svd};
use super::error::LinalgError;
use super::randomized::{RandomSketch, svd_randomized_with};
use crate::array::{Array, ArrayRef, Float, Ix1, Ix2, Scalar};
use crate::s;

/// How many principal components to keep (scikit-learn's `n_components`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Components {
    /// All min(M, N).
    All,
    /// The first few, those of largest variance.
    First(usize),
    /// The fewest that explain more than this share of the variance, between 0 and 1; all, if none
    /// does.
    Share(f64),
}

/// Principal components: the orthonormal directions in which the rows of a matrix vary most, in
/// descending order (scikit-learn's `decomposition.PCA`).
///
/// M points of N coordinates, the rows of an `(M, N)` matrix, are centred, not scaled. The directions
/// come from the singular value decomposition of the centred matrix, so that the condition number is
/// not squared as it would be by a covariance matrix; singular values carry an error of a small
/// multiple of ε·max(M, N) times the largest.
///
/// A direction and its opposite are equally good. The entry of largest modulus of each component,
/// the first of equals, is positive here, as in scikit-learn 1.9; so signs do not depend on
/// machine or backend unless two entries tie.
///
/// ```
/// use orthant::{linalg::{Components, Pca}, prelude::*};
///
/// let x = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [6.0, 6.0]];
/// let pca = Pca::fit(&x, Components::First(1))?;
/// assert!(pca.components.all_close(&array![[0.5f64.sqrt(), 0.5f64.sqrt()]], 1e-12, 0.0));
/// assert!((pca.explained_variance_ratio[0] - 1.0).abs() < 1e-12);
///
/// let scores = pca.transform(&x)?;
/// assert_eq!(scores.shape(), &[4, 1]);
/// assert!(pca.inverse_transform(&scores)?.all_close(&x, 0.0, 1e-12));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pca<T: Float + Scalar> {
    /// The mean of each column: `(N,)`.
    pub mean: Array<T, Ix1>,
    /// The directions as rows: `(K, N)`.
    pub components: Array<T, Ix2>,
    /// Singular values of the centred matrix: `(K,)`.
    pub singular_values: Array<T, Ix1>,
    /// The variance along each component, with the divisor M − 1: `(K,)`.
    pub explained_variance: Array<T, Ix1>,
    /// The same as shares of the variance in all directions: `(K,)`; zeros if nothing varies.
    pub explained_variance_ratio: Array<T, Ix1>,
    /// The mean variance along the min(M, N) − K directions that were left out; 0 if none was.
    pub noise_variance: T,
    whiten: bool,
}

impl<T: Float + Scalar> Pca<T> {
    /// Finds the principal components of the rows of `x`.
    ///
    /// # Errors
    /// [`LinalgError::Unsupported`] for fewer than two rows, no columns, or a share outside of 0 to 1;
    /// [`LinalgError::TooManyComponents`]; [`LinalgError::NonFinite`]; [`LinalgError::NotConverged`].
    pub fn fit(x: &ArrayRef<T, Ix2>, components: Components) -> Result<Self, LinalgError> {
        Self::decompose("Pca::fit", x, components, None).map(|(pca, _)| pca)
    }

    /// As [`fit`](Self::fit), with the coordinates of the rows of `x`, which cost nothing more: what
    /// [`transform`](Self::transform) would return, `(M, K)`.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    ///
    /// ```
    /// use orthant::{linalg::{Components, Pca}, prelude::*};
    ///
    /// let x = array![[1.0, 0.0], [0.0, 2.0], [5.0, 1.0]];
    /// let (pca, scores) = Pca::fit_transform(&x, Components::All)?;
    /// assert!(scores.all_close(&pca.transform(&x)?, 0.0, 1e-12));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn fit_transform(
        x: &ArrayRef<T, Ix2>,
        components: Components,
    ) -> Result<(Self, Array<T, Ix2>), LinalgError> {
        let (pca, u) = Self::decompose("Pca::fit_transform", x, components, None)?;
        let scores = u * &pca.singular_values;
        Ok((pca, scores))
    }

    /// As [`fit_transform`](Self::fit_transform), with the first `k` components approximately, by random
    /// projection (scikit-learn's `svd_solver="randomized"`): much faster for few components of a
    /// large matrix. See [`svd_randomized_with`](super::svd_randomized_with) for cost and error.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    ///
    /// ```
    /// use orthant::{linalg::{Components, Pca, RandomSketch}, prelude::*};
    ///
    /// let x = Array2::from_shape_fn([50, 30], |[i, j]| ((i * (j + 3)) % 17) as f64);
    /// let (pca, scores) = Pca::fit_transform_randomized(&x, 3, RandomSketch::default())?;
    /// let exact = Pca::fit(&x, Components::First(3))?;
    /// assert!(pca.explained_variance_ratio.all_close(&exact.explained_variance_ratio, 1e-3, 0.0));
    /// assert_eq!(scores.shape(), &[50, 3]);
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    pub fn fit_transform_randomized(
        x: &ArrayRef<T, Ix2>,
        k: usize,
        sketch: RandomSketch,
    ) -> Result<(Self, Array<T, Ix2>), LinalgError> {
        let op = "Pca::fit_transform_randomized";
        let (pca, u) = Self::decompose(op, x, Components::First(k), Some((k, sketch)))?;
        let scores = u * &pca.singular_values;
        Ok((pca, scores))
    }

    /// The same components with coordinates scaled to variance 1 (scikit-learn's `whiten=True`).
    ///
    /// [`transform`](Self::transform) then divides by the standard deviation along each component, or by ε
    /// where that is less, and [`inverse_transform`](Self::inverse_transform) undoes it.
    ///
    /// ```
    /// use orthant::{linalg::{Components, Pca}, prelude::*};
    ///
    /// let x = array![[1.0, 0.0], [0.0, 2.0], [5.0, 1.0]];
    /// let pca = Pca::fit(&x, Components::All)?.whitened();
    /// let spread = pca.transform(&x)?.std_axis_ddof(0, 1);
    /// assert!(spread.all_close(&array![1.0, 1.0], 1e-12, 0.0));
    /// # Ok::<(), orthant::linalg::LinalgError>(())
    /// ```
    #[must_use]
    pub fn whitened(mut self) -> Self {
        self.whiten = true;
        self
    }

    /// How many components there are: K.
    pub fn n_components(&self) -> usize {
        self.components.nrows()
    }

    /// Coordinates of the rows of `x` along the components: `(M, K)`, for any number of rows.
    ///
    /// # Errors
    /// [`LinalgError::CoreDimension`] if `x` has not N columns; [`LinalgError::Factors`] if fields were changed so that
    /// they do not fit each other.
    pub fn transform(&self, x: &ArrayRef<T, Ix2>) -> Result<Array<T, Ix2>, LinalgError> {
        self.check("Pca::transform")?;
        fits(
            "Pca::transform",
            x,
            (&self.components, 1),
            "(m,n),(k,n)->(m,k)",
        )?;
        let mut scores = (x - &self.mean).matmul(self.components.t());
        if self.whiten {
            scores /= &self.scale();
        }
        Ok(scores)
    }

    /// The points with these coordinates: `(M, N)` from `(M, K)`. The inverse of
    /// [`transform`](Self::transform) where K is N, else the nearest points that it maps there.
    ///
    /// # Errors
    /// [`LinalgError::CoreDimension`] if `scores` has not K columns; [`LinalgError::Factors`] as
    /// [`transform`](Self::transform).
    pub fn inverse_transform(
        &self,
        scores: &ArrayRef<T, Ix2>,
    ) -> Result<Array<T, Ix2>, LinalgError> {
        self.check("Pca::inverse_transform")?;
        fits(
            "Pca::inverse_transform",
            scores,
            (&self.components, 0),
            "(m,k),(k,n)->(m,n)",
        )?;
        let centred = if self.whiten {
            (scores * &self.scale()).matmul(&self.components)
        } else {
            scores.matmul(&self.components)
        };
        Ok(centred + &self.mean)
    }

    /// An error unless mean, components and variances, which may have been changed, fit each other.
    fn check(&self, op: &'static str) -> Result<(), LinalgError> {
        let (mean, variance) = (&self.mean, &self.explained_variance);
        if *self.components.shape() == [variance.len(), mean.len()] {
            return Ok(());
        }
        let shapes = [mean.shape(), self.components.shape(), variance.shape()];
        Err(LinalgError::Factors {
            op,
            reason: "mean, components and variances do not fit each other",
            shapes: shapes.map(<[usize]>::to_vec).to_vec(),
        })
    }

    /// Standard deviations along the components, at least ε.
    fn scale(&self) -> Array<T, Ix1> {
        let smallest = <T as Float>::EPSILON;
        self.explained_variance.map(|&variance| {
            let deviation = num_traits::Float::sqrt(variance);
            if deviation < smallest {
                smallest
            } else {
                deviation
            }
        })
    }

    /// The components, and the left singular vectors that belong to them.
    fn decompose(
        op: &'static str,
        x: &ArrayRef<T, Ix2>,
        components: Components,
        random: Option<(usize, RandomSketch)>,
    ) -> Result<(Self, Array<T, Ix2>), LinalgError> {
        let (m, n) = (x.nrows(), x.ncols());
        let unsupported = |reason| {
            let shapes = vec![x.shape().to_vec()];
            Err(LinalgError::Unsupported { op, reason, shapes })
        };
        if m < 2 || n == 0 {
            return unsupported("principal components need at least 2 rows and 1 column");
        }
        match components {
            Components::First(asked) if asked > m.min(n) => {
                let shape = x.shape().to_vec();
                return Err(LinalgError::TooManyComponents { op, asked, shape });
            }
            Components::Share(share) if !(share > 0.0 && share < 1.0) => {
                return unsupported("the share of the variance must lie between 0 and 1");
            }
            _ => {}
        }
        let mean = x.mean_axis(0);
        let centred = x - &mean;
        let svd = match random {
            None => svd(&centred),
            Some((k, sketch)) => svd_randomized_with(&centred, k, sketch),
        };
        let Svd { u, s, vt } = svd.map_err(|error| error.named(op))?;
        let degrees = T::from_f64(m as f64 - 1.0);
        let variance = s.map(|&s| s * s / degrees);
        let total = match random {
            None => variance.sum(),
            // Not all singular values are known, but the sum of their squares is.
            Some(_) => centred.sum_squares() / degrees,
        };
        let ratio = if total > T::zero() {
            variance.map(|&v| v / total)
        } else {
            variance.map(|_| T::zero())
        };
        let all = m.min(n);
        let k = match components {
            Components::All => all,
            Components::First(k) => k,
            Components::Share(share) => fewest(&ratio, share),
        };
        let noise_variance = match random {
            _ if k == all => T::zero(),
            None => variance.slice(s![k..]).mean(),
            Some(_) => (total - variance.sum()) / T::from_f64((all - k) as f64),
        };
        let (mut u, mut components) = if k < s.len() {
            let (u, vt) = (u.slice(s![.., ..k]), vt.slice(s![..k, ..]));
            (u.to_owned(), vt.to_owned())
        } else {
            (u, vt)
        };
        let signs: Array<T, Ix1> = components.rows().map(|row| sign_of_largest(&row)).collect();
        for (mut row, &sign) in components.rows_mut().zip(signs.iter()) {
            *row *= crate::array::ScalarOperand(sign);
        }
        u *= &signs;
        let first = |values: &ArrayRef<T, Ix1>| values.slice(s![..k]).to_owned();
        let pca = Pca {
            mean,
            components,
            singular_values: first(&s),
            explained_variance: first(&variance),
            explained_variance_ratio: first(&ratio),
            noise_variance,
            whiten: false,
        };
        Ok((pca, u))
    }
}

/// How many of these shares it takes to exceed `share`.
fn fewest<T: Float>(ratio: &ArrayRef<T, Ix1>, share: f64) -> usize {
    let mut sum = T::zero();
    let exceeds = |ratio: &T| {
        sum = sum + *ratio;
        sum.to_f64() > share
    };
    let enough = ratio.iter().position(exceeds);
    enough.map_or(ratio.len(), |index| index + 1)
}

/// 1 or −1: the sign of the first entry of largest modulus.
fn sign_of_largest<T: Float>(row: &ArrayRef<T, Ix1>) -> T {
    let larger = |a: T, &b: &T| {
        if num_traits::Float::abs(b) > num_traits::Float::abs(a) {
            b
        } else {
            a
        }
    };
    if row.iter().fold(T::zero(), larger) < T::zero() {
        -T::one()
    } else {
        T::one()
    }
}

/// An error unless `x` has as many columns as `axis` of `other` is long.
fn fits<T>(
    op: &'static str,
    x: &ArrayRef<T, Ix2>,
    (other, axis): (&ArrayRef<T, Ix2>, usize),
    signature: &'static str,
) -> Result<(), LinalgError> {
    let (size, expected) = (x.ncols(), other.shape()[axis]);
    if size == expected {
        return Ok(());
    }
    Err(LinalgError::CoreDimension {
        op,
        operand: 0,
        dimension: 1,
        signature,
        size,
        expected,
        shapes: vec![x.shape().to_vec(), other.shape().to_vec()],
    })
}
