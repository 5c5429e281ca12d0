//! Functions of matrices: exponential, logarithm, square root.
//!
//! Those of Higham, Functions of Matrices (SIAM, 2008): the exponential by scaling and squaring a Padé
//! approximant (Al-Mohy and Higham, SIAM J. Matrix Anal. Appl. 31, 2009), the square root by the complex
//! Schur form (Björck and Hammarling, Linear Algebra Appl. 52/53, 1983), the logarithm by inverse scaling
//! and squaring on it (Al-Mohy and Higham, SIAM J. Sci. Comput. 34, 2012).

use num_complex::Complex;
use num_traits::{Float as _, Zero as _};

use super::decomposition::schur;
use super::error::LinalgError;
use super::members::{Fresh, Stack};
use super::products::try_matmul;
use super::solve::{Diagonal, Uplo, each, solve, solve_triangular};
use super::spaces::adjoint;
use crate::array::{Array, Array2, ArrayRef, Float, Ix2, Number, RemoveAxis, Scalar};

/// `f` of every matrix of a stack.
fn of_each<T: Scalar, U: Number, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    f: impl Fn(&ArrayRef<T, Ix2>) -> Result<Array2<U>, LinalgError> + Sync,
) -> Result<Array<U, D>, LinalgError> {
    let stack = Stack::square(op, a)?;
    let n = stack.first.rows;
    let out = Fresh::<U, D>::zeroed(op, stack.batch(), &[n, n])?;
    for (i, made) in each(a, |a| f(a).map_err(|error| error.named(op)))?
        .into_iter()
        .enumerate()
    {
        let made = made?;
        // SAFETY: a member of a fresh array that is initialised.
        let to = unsafe { out.slots().slice(i) };
        to.iter_mut().zip(made.iter()).for_each(|(to, &x)| *to = x);
    }
    // SAFETY: it is initialised.
    Ok(unsafe { out.finish() })
}

/// The exponential of a matrix, or of each of a stack `(…, N, N)` (SciPy's `linalg.expm`), by scaling and
/// squaring: backward stable as far as is known. What a squaring takes beyond the largest number becomes infinite,
/// or NaN where infinities meet.
///
/// # Errors
/// [`LinalgError::TooFewDimensions`], [`LinalgError::NotSquare`], [`LinalgError::NonFinite`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let turn = array![[0.0, -1.0], [1.0, 0.0]] * std::f64::consts::FRAC_PI_2;
/// let e = linalg::expm(&turn)?;
/// assert!(e.all_close(&array![[0.0, -1.0], [1.0, 0.0]], 0.0, 1e-15));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn expm<T: Scalar, D: RemoveAxis>(a: &ArrayRef<T, D>) -> Result<Array<T, D>, LinalgError> {
    of_each("expm", a, exponential)
}

/// The principal square root of a matrix, or of each of a stack `(…, N, N)` (SciPy's `linalg.sqrtm`);
/// always complex.
///
/// # Errors
/// As [`expm`]; [`LinalgError::Singular`] for a matrix that has no square root,
/// [`LinalgError::NotConverged`].
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[1.0f64, 3.0], [0.0, 4.0]];
/// let root = linalg::sqrtm(&a)?;
/// assert!(root.matmul(&root).map(|x| x.re).all_close(&a, 0.0, 1e-14));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn sqrtm<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Array<T::Complex, D>, LinalgError> {
    by_schur("sqrtm", a, triangular_root)
}

/// The principal logarithm of a matrix, or of each of a stack `(…, N, N)` (SciPy's `linalg.logm`); always
/// complex.
///
/// # Errors
/// As [`sqrtm`]; [`LinalgError::Singular`] for a singular matrix.
///
/// ```
/// use orthant::{linalg, prelude::*};
///
/// let a = array![[0.5f64, 1.0], [-1.0, 0.5]];
/// let log = linalg::logm(&linalg::expm(&a)?)?;
/// assert!(log.map(|x| x.re).all_close(&a, 0.0, 1e-14));
/// # Ok::<(), orthant::linalg::LinalgError>(())
/// ```
pub fn logm<T: Scalar, D: RemoveAxis>(
    a: &ArrayRef<T, D>,
) -> Result<Array<T::Complex, D>, LinalgError> {
    by_schur("logm", a, triangular_log)
}

/// `f` of the triangles of the Schur forms, which are made in one go, and back. Those of real matrices are made in
/// real numbers first: a negative eigenvalue is on the branch cut, and a rounding error must not choose the side.
fn by_schur<T: Scalar, D: RemoveAxis>(
    op: &'static str,
    a: &ArrayRef<T, D>,
    f: impl Fn(&ArrayRef<T::Complex, Ix2>) -> Result<Array2<T::Complex>, LinalgError> + Sync,
) -> Result<Array<T::Complex, D>, LinalgError> {
    let form = schur(a).map_err(|error| error.named(op))?;
    let made = of_each(op, &form.t, |t| {
        let (t, basis) = triangular(t);
        let made = f(&t)?;
        Ok(match basis {
            Some(basis) => basis.matmul(&made).matmul(adjoint(&basis)),
            None => made,
        })
    })?;
    let z = form.z.map(|&x| widen(x));
    let product = try_matmul(&made.view_dyn(), &adjoint(&z).view_dyn())?;
    Ok(try_matmul(&z.view_dyn(), &product)?.into_rank_of()?)
}

fn widen<T: Scalar>(x: T) -> T::Complex {
    T::Complex::from_parts(x.re(), x.im())
}

/// The triangle S, and if it is not S itself the unitary G, with T = G·S·Gᴴ: the blocks of two rows of a real T are
/// rotated (Golub and Van Loan, Matrix Computations, 4th ed., §7.7).
fn triangular<T: Scalar>(t: &ArrayRef<T, Ix2>) -> (Array2<T::Complex>, Option<Array2<T::Complex>>) {
    let n = t.nrows();
    let mut s = t.map(|&x| widen(x));
    if T::IS_COMPLEX || (1..n).all(|k| t[[k, k - 1]] == T::zero()) {
        return (s, None);
    }
    let mut basis = Array2::<T::Complex>::identity(n);
    for k in (1..n).rev().filter(|&k| t[[k, k - 1]] != T::zero()) {
        let j = k - 1;
        let [a, b, c, d] = [[j, j], [j, k], [k, j], [k, k]].map(|at| t[at].re());
        // The eigenvector of the eigenvalue d + shift is (shift, c).
        let half = (a - d) / T::Real::from_f64(2.0);
        let shift = if half == T::Real::zero() {
            Complex::new(half, b.abs().sqrt() * c.abs().sqrt())
        } else {
            Complex::new(half * half + b * c, T::Real::zero()).sqrt() + half
        };
        let size = shift.re.hypot(shift.im).hypot(c);
        let cosine = T::Complex::from_parts(shift.re / size, shift.im / size);
        let sine = T::Complex::from_real(c / size);
        for column in j..n {
            let (x, y) = (s[[j, column]], s[[k, column]]);
            s[[j, column]] = cosine.conj() * x + sine * y;
            s[[k, column]] = cosine * y - sine * x;
        }
        for (matrix, rows) in [(&mut s, k + 1), (&mut basis, n)] {
            for row in 0..rows {
                let (x, y) = (matrix[[row, j]], matrix[[row, k]]);
                matrix[[row, j]] = x * cosine + y * sine;
                matrix[[row, k]] = y * cosine.conj() - x * sine;
            }
        }
        s[[k, j]] = T::Complex::zero();
    }
    (s, Some(basis))
}

/// The largest column sum of moduli; not-a-numbers stay.
fn norm1<T: Scalar>(a: &ArrayRef<T, Ix2>) -> f64 {
    let column = |j: usize| {
        (0..a.nrows())
            .map(|i| a[[i, j]].modulus().to_f64())
            .sum::<f64>()
    };
    (0..a.ncols()).map(column).fold(0.0, larger)
}

/// The larger number; NaN if one is.
fn larger(x: f64, y: f64) -> f64 {
    if x.is_nan() || y <= x { x } else { y }
}

/// A·2^−power, in steps that the type can tell from zero.
fn halved<T: Scalar>(a: &ArrayRef<T, Ix2>, power: i32) -> Array2<T> {
    const STEP: i32 = 100;
    let mut out = a.to_owned();
    let mut left = power;
    while left != 0 {
        let step = left.min(STEP);
        let factor = T::from_real(T::Real::from_f64(2f64.powi(-step)));
        out.iter_mut().for_each(|x| *x = *x * factor);
        left -= step;
    }
    out
}

/// Coefficients of the Padé numerators of degrees 3, 5, 7, 9 and 13.
const PADE: [&[f64]; 5] = [
    &[120.0, 60.0, 12.0, 1.0],
    &[30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0],
    &[
        17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0, 1.0,
    ],
    &[
        17643225600.0,
        8821612800.0,
        2075673600.0,
        302702400.0,
        30270240.0,
        2162160.0,
        110880.0,
        3960.0,
        90.0,
        1.0,
    ],
    &[
        64764752532480000.0,
        32382376266240000.0,
        7771770303897600.0,
        1187353796428800.0,
        129060195264000.0,
        10559470521600.0,
        670442572800.0,
        33522128640.0,
        1323241920.0,
        40840800.0,
        960960.0,
        16380.0,
        182.0,
        1.0,
    ],
];

/// Norms up to which each is exact to rounding.
const THETA: [f64; 5] = [
    1.495585217958292e-2,
    2.53939833006323e-1,
    9.504178996162932e-1,
    2.097847961257068,
    4.25,
];

/// The reciprocals of the first coefficients of their errors.
const ERROR: [f64; 5] = [
    100800.0,
    10059033600.0,
    4487938430976000.0,
    5914384781877411840000.0,
    113250775606021113483283660800000000.0,
];

fn exponential<T: Scalar>(a: &ArrayRef<T, Ix2>) -> Result<Array2<T>, LinalgError> {
    let n = a.nrows();
    let (op, shape, index) = ("expm", a.shape().to_vec(), Vec::new());
    if !a.iter().all(|x| x.is_finite()) {
        return Err(LinalgError::NonFinite { op, shape, index });
    }
    if n == 0 {
        return Ok(a.to_owned());
    }
    if (0..n).all(|i| (0..n).all(|j| i == j || a[[i, j]] == T::zero())) {
        return Ok(Array2::from_shape_fn([n, n], |[i, j]| match i == j {
            true => {
                let power = Complex::new(a[[i, i]].re(), a[[i, i]].im()).exp();
                T::from_parts(power.re, power.im)
            }
            false => T::zero(),
        }));
    }
    let root = |x: &Array2<T>, k: f64| norm1(x).powf(1.0 / k);
    let a2 = a.matmul(a);
    let a4 = a2.matmul(&a2);
    let a6 = a2.matmul(&a4);
    let (d4, d6) = (root(&a4, 4.0), root(&a6, 6.0));
    let small = larger(d4, d6);
    let mut powers = vec![a2, a4, a6];
    for (at, degree) in [3, 5].into_iter().enumerate() {
        if small < THETA[at] && more_scaling(a, 0, at, degree) == 0 {
            return pade(a, &powers, PADE[at]);
        }
    }
    powers.push(powers[1].matmul(&powers[1]));
    let d8 = root(&powers[3], 8.0);
    let middle = larger(d6, d8);
    for (at, degree) in [(2, 7), (3, 9)] {
        if middle < THETA[at] && more_scaling(a, 0, at, degree) == 0 {
            return pade(a, &powers, PADE[at]);
        }
    }
    let d10 = root(&powers[1].matmul(&powers[2]), 10.0);
    if ![small, middle, d10].into_iter().all(f64::is_finite) {
        return by_norm(a);
    }
    let large = middle.min(larger(d8, d10));
    let mut halvings = 0;
    if large > THETA[4] {
        halvings = (large / THETA[4]).log2().ceil() as i32;
    }
    halvings += more_scaling(a, halvings, 4, 13);
    let b = halved(a, halvings);
    let powers: Vec<_> = powers[..3]
        .iter()
        .zip([2, 4, 6])
        .map(|(x, power)| halved(x, power * halvings))
        .collect();
    let out = pade(&b, &powers, PADE[4])?;
    Ok(squared(out, halvings))
}

/// The exponential where powers of A leave the range of the type: halved by its norm first, until none does.
fn by_norm<T: Scalar>(a: &ArrayRef<T, Ix2>) -> Result<Array2<T>, LinalgError> {
    let largest = a.iter().map(|x| x.re().abs().max(x.im().abs()).to_f64());
    let sum = (2 * a.nrows()) as f64;
    let halvings = (largest.fold(0.0, larger).log2() + sum.log2()).ceil() as i32;
    Ok(squared(exponential(&halved(a, halvings))?, halvings))
}

/// The power 2^times.
fn squared<T: Scalar>(mut x: Array2<T>, times: i32) -> Array2<T> {
    for _ in 0..times {
        x = x.matmul(&x);
    }
    x
}

/// Halvings, after so many, that bring the error below rounding, judged by |A|^(2·degree + 1): in logarithms, since
/// such powers have no bounds.
fn more_scaling<T: Scalar>(a: &ArrayRef<T, Ix2>, halved: i32, at: usize, degree: i32) -> i32 {
    let (n, size) = (a.nrows(), norm1(a));
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    let moduli: Vec<f64> = a.iter().map(|x| x.modulus().to_f64() / size).collect();
    let mut sums = vec![1.0; n];
    let mut power = 0.0;
    for _ in 0..2 * degree + 1 {
        let column = |j: usize| (0..n).map(|i| sums[i] * moduli[i * n + j]).sum::<f64>();
        sums = (0..n).map(column).collect();
        let most = sums.iter().copied().fold(0.0, larger);
        if most == 0.0 {
            return 0;
        }
        sums.iter_mut().for_each(|x| *x /= most);
        power += most.log2();
    }
    let unit = T::Real::EPSILON.to_f64() / 2.0;
    let degrees = f64::from(2 * degree);
    let alpha = power + degrees * (size.log2() - f64::from(halved)) - (ERROR[at] * unit).log2();
    ((alpha / degrees).ceil() as i32).max(0)
}

/// The Padé approximant with these coefficients, from A and its powers 2, 4, 6 (and 8).
fn pade<T: Scalar>(
    a: &ArrayRef<T, Ix2>,
    powers: &[Array2<T>],
    b: &[f64],
) -> Result<Array2<T>, LinalgError> {
    let n = a.nrows();
    let number = |x: f64| T::from_real(T::Real::from_f64(x));
    // Coefficients `from`, `from + 2`, … of the powers 0, 2, ….
    let sum = |from: usize, terms: usize| {
        let mut out = Array2::<T>::identity(n);
        out.iter_mut().for_each(|x| *x = *x * number(b[from]));
        for (k, power) in (1..terms).zip(powers) {
            let factor = number(b[from + 2 * k]);
            out.iter_mut()
                .zip(power.iter())
                .for_each(|(to, &x)| *to = *to + factor * x);
        }
        out
    };
    let (odd, even) = if b.len() == 14 {
        // Degree 13: A⁸ and beyond are multiplied out of A⁶.
        let high = |from: usize| {
            let mut out = Array2::<T>::zeros([n, n]);
            for (k, power) in powers[..3].iter().enumerate() {
                let factor = number(b[from + 2 * k]);
                out.iter_mut()
                    .zip(power.iter())
                    .for_each(|(to, &x)| *to = *to + factor * x);
            }
            powers[2].matmul(&out)
        };
        (sum(1, 4) + high(9), sum(0, 4) + high(8))
    } else {
        let terms = b.len() / 2;
        (sum(1, terms), sum(0, terms))
    };
    let odd = a.matmul(&odd);
    solve(&(&even - &odd), &(even + odd))
}

/// The square root of a triangle, by columns.
fn triangular_root<C: Scalar>(t: &ArrayRef<C, Ix2>) -> Result<Array2<C>, LinalgError> {
    let n = t.nrows();
    let mut out = Array2::<C>::zeros([n, n]);
    for j in 0..n {
        out[[j, j]] = root(t[[j, j]]);
        for i in (0..j).rev() {
            let inner = (i + 1..j).fold(C::zero(), |sum, k| sum + out[[i, k]] * out[[k, j]]);
            let (rest, divisor) = (t[[i, j]] - inner, out[[i, i]] + out[[j, j]]);
            out[[i, j]] = if divisor != C::zero() {
                rest / divisor
            } else if rest == C::zero() {
                rest
            } else {
                let (op, shape, index) = ("sqrtm", t.shape().to_vec(), Vec::new());
                return Err(LinalgError::Singular { op, shape, index });
            };
        }
    }
    Ok(out)
}

fn root<C: Scalar>(x: C) -> C {
    let root = Complex::new(x.re(), x.im()).sqrt();
    C::from_parts(root.re, root.im)
}

/// z^(1/2^k) − 1 without cancellation (Al-Mohy, Numer. Algorithms 59, 2012).
fn root_minus_one<R: Float>(z: Complex<R>, k: usize) -> Complex<R> {
    let one = Complex::new(R::one(), R::zero());
    if k == 0 {
        return z - one;
    }
    let (mut z, mut left) = (z, k);
    if z.re < R::zero() {
        z = z.sqrt();
        left -= 1;
    }
    let first = z - one;
    if left == 0 {
        return first;
    }
    z = z.sqrt();
    let mut product = one + z;
    for _ in 1..left {
        z = z.sqrt();
        product = product * (one + z);
    }
    first / product
}

/// Nodes in (0, 1) and weights of Gauss and Legendre's rule of 7 points.
const GAUSS: [(f64, f64); 7] = [
    (0.02544604382862074, 0.06474248308443485),
    (0.12923440720030278, 0.13985269574463833),
    (0.2970774243113014, 0.19091502525255947),
    (0.5, 0.2089795918367347),
    (0.7029225756886985, 0.19091502525255947),
    (0.8707655927996972, 0.13985269574463833),
    (0.9745539561713792, 0.06474248308443485),
];

/// The distance from I up to which the Padé approximant of degree 7 is exact to rounding.
const NEAR: f64 = 0.264;

/// The logarithm of a triangle.
fn triangular_log<C: Scalar>(t: &ArrayRef<C, Ix2>) -> Result<Array2<C>, LinalgError> {
    let n = t.nrows();
    let (op, shape, index) = ("logm", t.shape().to_vec(), Vec::new());
    if (0..n).any(|i| t[[i, i]] == C::zero()) {
        return Err(LinalgError::Singular { op, shape, index });
    }
    let parts = |x: C| Complex::new(x.re(), x.im());
    let whole = |x: Complex<C::Real>| C::from_parts(x.re, x.im);
    let number = |x: f64| C::from_real(C::Real::from_f64(x));
    let mut x = t.to_owned();
    let mut roots = 0;
    loop {
        let mut off = x.clone();
        for i in 0..n {
            off[[i, i]] = whole(root_minus_one(parts(t[[i, i]]), roots));
        }
        if norm1(&off) <= NEAR {
            x = off;
            break;
        }
        if roots == 100 {
            return Err(LinalgError::NotConverged { op, shape, index });
        }
        x = triangular_root(&x)?;
        roots += 1;
    }
    let mut out = Array2::<C>::zeros([n, n]);
    for (node, weight) in GAUSS {
        let mut factor = x.map(|&x| x * number(node));
        for i in 0..n {
            factor[[i, i]] = factor[[i, i]] + C::one();
        }
        let term = solve_triangular(&factor, &x, Uplo::Upper, Diagonal::Stored)?;
        let weight = number(weight);
        out.iter_mut()
            .zip(term.iter())
            .for_each(|(to, &x)| *to = *to + weight * x);
    }
    let scale = number(2f64.powi(roots as i32));
    out.iter_mut().for_each(|x| *x = *x * scale);
    // What is known exactly.
    for i in 0..n {
        out[[i, i]] = whole(parts(t[[i, i]]).ln());
    }
    Ok(out)
}
