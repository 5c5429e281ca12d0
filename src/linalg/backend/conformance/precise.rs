//! Matrices of any scalar brought to `Complex<f64>`, so that what verifies results is compiled once.

use super::*;

type C64 = Complex<f64>;

/// A dense matrix, row by row.
#[derive(Clone, Debug)]
pub(super) struct Precise {
    pub(super) rows: usize,
    pub(super) cols: usize,
    data: Vec<C64>,
}

pub(super) fn precise<T: Scalar>(a: &Owned<T>) -> Precise {
    Precise::new(a.rows, a.cols, |i, j| widened(a.at(i, j)))
}

pub(super) fn widened<T: Scalar>(x: T) -> C64 {
    C64::new(x.re().to_f64(), x.im().to_f64())
}

pub(super) fn narrowed<T: Scalar>(x: C64) -> T {
    T::from_parts(T::Real::from_f64(x.re), T::Real::from_f64(x.im))
}

impl Precise {
    pub(super) fn new(rows: usize, cols: usize, mut f: impl FnMut(usize, usize) -> C64) -> Self {
        let data = (0..rows * cols).map(|at| f(at / cols, at % cols)).collect();
        Precise { rows, cols, data }
    }

    pub(super) fn diagonal(values: &[C64]) -> Self {
        let n = values.len();
        Self::new(n, n, |i, j| if i == j { values[i] } else { 0.0.into() })
    }

    pub(super) fn identity(n: usize) -> Self {
        Self::diagonal(&vec![1.0.into(); n])
    }

    pub(super) fn at(&self, i: usize, j: usize) -> C64 {
        self.data[i * self.cols + j]
    }

    pub(super) fn adjoint(&self) -> Self {
        Self::new(self.cols, self.rows, |i, j| self.at(j, i).conj())
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        assert_eq!(self.cols, other.rows);
        let mut out = Self::new(self.rows, other.cols, |_, _| 0.0.into());
        for i in 0..self.rows {
            for k in 0..self.cols {
                let factor = self.at(i, k);
                let row = &other.data[k * other.cols..(k + 1) * other.cols];
                let to = &mut out.data[i * other.cols..(i + 1) * other.cols];
                for (to, &x) in to.iter_mut().zip(row) {
                    *to += factor * x;
                }
            }
        }
        out
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        assert_eq!((self.rows, self.cols), (other.rows, other.cols));
        Self::new(self.rows, self.cols, |i, j| self.at(i, j) - other.at(i, j))
    }

    /// The largest column sum of moduli.
    pub(super) fn norm(&self) -> f64 {
        let column = |j: usize| (0..self.rows).map(|i| self.at(i, j).norm()).sum::<f64>();
        (0..self.cols).map(column).fold(0.0, larger)
    }

    /// ‖I − AᴴA‖ / (rows·ε)
    pub(super) fn orthonormality(&self, epsilon: f64) -> f64 {
        let gram = self.adjoint().times(self);
        let off = gram.minus(&Self::identity(self.cols));
        off.norm() / (self.rows.max(1) as f64 * epsilon)
    }
}

/// A quotient in which 0/0 is 0.
pub(super) fn ratio(error: f64, unit: f64) -> f64 {
    if error == 0.0 { 0.0 } else { error / unit }
}

/// The worst ratio of a test, printed and judged at its end.
pub(super) struct Worst {
    what: String,
    ratio: f64,
    at: String,
    failures: Vec<String>,
}

/// That of LAPACK's test programs.
pub(super) const LIMIT: f64 = 30.0;

impl Worst {
    pub(super) fn new(what: String) -> Self {
        Worst {
            what,
            ratio: 0.0,
            at: String::new(),
            failures: Vec::new(),
        }
    }

    pub(super) fn see(&mut self, ratio: f64, at: impl FnOnce() -> String) {
        if ratio < self.ratio {
            return;
        }
        let at = at();
        let within = ratio < LIMIT;
        if !within {
            self.failures.push(format!("{ratio} at {at}"));
        } else if ratio > self.ratio {
            (self.ratio, self.at) = (ratio, at);
        }
    }

    /// A property that holds or not.
    pub(super) fn demand(&mut self, holds: bool, at: impl FnOnce() -> String) {
        if !holds {
            self.failures.push(at());
        }
    }

    pub(super) fn judge(self) {
        let Worst {
            what,
            ratio,
            at,
            failures,
        } = self;
        // Past the harness, which shows no output of tests that pass.
        let line = format!("worst ratio {ratio:6.2} of {LIMIT}: {what}, {at}\n");
        std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).expect("standard error");
        let count = failures.len();
        let first = failures.into_iter().take(12).collect::<Vec<_>>().join("\n");
        assert!(count == 0, "{what}: {count} failures:\n{first}");
    }
}

/// Shapes that matrices of a test have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Random,
    /// Rank about half the smaller side.
    Deficient,
    /// Columns from 1 down to the square root of ε.
    Graded,
    Zero,
    /// Ones above and on the diagonal.
    Triangle,
}

pub(super) const KINDS: [Kind; 5] = [
    Kind::Random,
    Kind::Deficient,
    Kind::Graded,
    Kind::Zero,
    Kind::Triangle,
];

/// A matrix of this kind.
pub(super) fn sample<T: Scalar>(
    kind: Kind,
    m: usize,
    n: usize,
    layout: Layout,
    rng: &mut Rng,
) -> Owned<T> {
    let rank = m.min(n).div_ceil(2);
    let left = Owned::<T>::random(m, rank, C, rng);
    let right = Owned::<T>::random(rank, n, C, rng);
    let small = epsilon::<T>().sqrt().powf(1.0 / n.max(2) as f64);
    Owned::new(m, n, layout, |i, j| match kind {
        Kind::Random => rng.scalar(),
        Kind::Deficient => dot(rank, |l| left.at(i, l), |l| right.at(l, j)),
        Kind::Graded => {
            let x: T = rng.scalar();
            x * T::from_real(T::Real::from_f64(small.powi(j as i32)))
        }
        Kind::Zero => T::zero(),
        Kind::Triangle if i <= j => T::one(),
        Kind::Triangle => T::zero(),
    })
}
