//! Roots of the secular equation `1/ρ + Σ zᵢ²/(pᵢ − λ) = 0`, eight at a time, one in each lane: the middle way
//! of Li ("Solving secular equations stably and efficiently", LAPACK Working Note 89, 1994) inside brackets.
//! The poles are numbers `pᵢ = dᵢ`, or squares `dᵢ²` of which only the roots are known ([`Poles`]).

// Lanes of several arrays share an index.
#![allow(clippy::needless_range_loop)]

use crate::array::Float;
use crate::engine::simd::simd_dispatch;

/// Roots in one call.
pub(super) const LANES: usize = 8;

/// Evaluations that a root may take: four are usual, and a bisection alone ends before.
const STEPS: usize = 100;

type Lanes<R> = [R; LANES];

/// What poles are, of the numbers that stand for them.
pub(in super::super) trait Poles<R: Float>: Copy + Sync {
    /// The pole of `x` minus that of `y`, to full relative accuracy.
    fn gap(x: R, y: R) -> R;
    /// What stands for the pole of `x` plus `mu`.
    fn beside(x: R, mu: R) -> R;
}

/// Eigenvalues.
#[derive(Clone, Copy)]
pub(in super::super) struct Plain;
/// Singular values, of which the squares are poles.
#[derive(Clone, Copy)]
pub(in super::super) struct Squares;

impl<R: Float> Poles<R> for Plain {
    #[inline(always)]
    fn gap(x: R, y: R) -> R {
        x - y
    }
    #[inline(always)]
    fn beside(x: R, mu: R) -> R {
        x + mu
    }
}

impl<R: Float> Poles<R> for Squares {
    #[inline(always)]
    fn gap(x: R, y: R) -> R {
        (x - y) * (x + y)
    }
    #[inline(always)]
    fn beside(x: R, mu: R) -> R {
        x + mu / (x + (x * x + mu).sqrt())
    }
}

/// The poles, ascending, and the squares of the weights.
#[derive(Clone, Copy)]
pub(super) struct Equation<'a, R> {
    pub(super) poles: &'a [R],
    pub(super) squares: &'a [R],
    pub(super) rho: R,
    /// Σ squares.
    pub(super) total: R,
}

/// The sums at some λ: what poles up to each lane's own contribute and what those behind do.
struct Sums<R> {
    below: Lanes<R>,
    below_slope: Lanes<R>,
    above: Lanes<R>,
    above_slope: Lanes<R>,
}

/// Adds one pole for all lanes.
#[inline(always)]
fn add<R: Float, P: Poles<R>>(
    pole: R,
    square: R,
    origin: &Lanes<R>,
    mu: &Lanes<R>,
    value: &mut Lanes<R>,
    slope: &mut Lanes<R>,
    wanted: impl Fn(usize) -> bool,
) {
    for l in 0..LANES {
        let inverse = R::one() / (P::gap(pole, origin[l]) - mu[l]);
        let weight = if wanted(l) { square } else { R::zero() };
        let term = weight * inverse;
        value[l] = value[l] + term;
        slope[l] = slope[l] + term * inverse;
    }
}

#[inline(always)]
fn evaluate<R: Float, P: Poles<R>>(
    eq: &Equation<'_, R>,
    first: usize,
    origin: &Lanes<R>,
    mu: &Lanes<R>,
) -> Sums<R> {
    let zero = [R::zero(); LANES];
    let (mut below, mut below_slope, mut above, mut above_slope) = (zero, zero, zero, zero);
    let all = |_| true;
    let n = eq.poles.len();
    let split = (first + LANES).min(n);
    for i in 0..=first {
        add::<R, P>(
            eq.poles[i],
            eq.squares[i],
            origin,
            mu,
            &mut below,
            &mut below_slope,
            all,
        );
    }
    for i in first + 1..split {
        let (pole, square) = (eq.poles[i], eq.squares[i]);
        add::<R, P>(
            pole,
            square,
            origin,
            mu,
            &mut below,
            &mut below_slope,
            |l| i <= first + l,
        );
        add::<R, P>(
            pole,
            square,
            origin,
            mu,
            &mut above,
            &mut above_slope,
            |l| i > first + l,
        );
    }
    for i in split..n {
        add::<R, P>(
            eq.poles[i],
            eq.squares[i],
            origin,
            mu,
            &mut above,
            &mut above_slope,
            all,
        );
    }
    Sums {
        below,
        below_slope,
        above,
        above_slope,
    }
}

simd_dispatch! {
    /// Roots `first..first + LANES` (as far as there are) as the pole of `origin`, plus `mu`.
    pub(super) unsafe fn roots[R: Float, P: Poles<R>](
        kind: P, eq: &Equation<'_, R>, first: usize, origins: &mut [usize; LANES], mu: &mut [R; LANES],
    ) -> bool = roots_body::<R, P>
}

#[inline(always)]
unsafe fn roots_body<R: Float, P: Poles<R>>(
    _: P,
    eq: &Equation<'_, R>,
    first: usize,
    origins: &mut [usize; LANES],
    mu: &mut Lanes<R>,
) -> bool {
    let n = eq.poles.len();
    let (zero, one) = (R::zero(), R::one());
    let half = R::from_f64(0.5);
    let inverse_rho = one / eq.rho;
    let own: [usize; LANES] = std::array::from_fn(|l| (first + l).min(n - 1));
    let last = |l: usize| own[l] == n - 1;
    let left = own.map(|j| eq.poles[j]);
    let width: Lanes<R> = std::array::from_fn(|l| {
        if last(l) {
            eq.rho * eq.total
        } else {
            P::gap(eq.poles[own[l] + 1], eq.poles[own[l]])
        }
    });
    let square = own.map(|j| eq.squares[j]);
    let next: Lanes<R> = std::array::from_fn(|l| {
        if last(l) {
            zero
        } else {
            eq.squares[own[l] + 1]
        }
    });

    // In the middle, which tells the nearer pole; there the others give a first guess.
    let middle = width.map(|w| w * half);
    let sums = evaluate::<R, P>(eq, first, &left, &middle);
    let mut origin = left;
    let mut near = [zero; LANES];
    let mut far = [zero; LANES];
    let (mut low, mut high) = ([zero; LANES], [zero; LANES]);
    let tiny = R::min_positive_value();
    for l in 0..LANES {
        let w = inverse_rho + sums.below[l] + sums.above[l];
        let rest = w + square[l] / middle[l] - next[l] / middle[l];
        let upper = w < zero;
        let shifted = upper && !last(l);
        if shifted {
            origin[l] = eq.poles[own[l] + 1];
        }
        origins[l] = if shifted { own[l] + 1 } else { own[l] };
        (near[l], far[l]) = if shifted {
            (-width[l], zero)
        } else {
            (zero, width[l])
        };
        (low[l], high[l]) = match (upper, shifted) {
            (false, _) => (zero, middle[l]),
            (true, false) => (middle[l], width[l]),
            (true, true) => (-middle[l], zero),
        };
        // rest + square/(near − μ) + next/(far − μ) = 0.
        let guess = if last(l) {
            square[l] / rest
        } else {
            let sum = square[l] + next[l];
            let (a, b) = if shifted {
                (rest * width[l] * -one + sum, -(next[l] * width[l]))
            } else {
                (rest * width[l] + sum, square[l] * width[l])
            };
            smaller_root(rest, a, b)
        };
        mu[l] = if guess > low[l] && guess < high[l] {
            guess
        } else {
            (low[l] + high[l]) * half
        };
    }

    let mut done = [false; LANES];
    for _ in 0..STEPS {
        let sums = evaluate::<R, P>(eq, first, &origin, mu);
        for l in 0..LANES {
            if done[l] {
                continue;
            }
            let w = inverse_rho + sums.below[l] + sums.above[l];
            let size = inverse_rho - sums.below[l] + sums.above[l];
            let slope = sums.below_slope[l] + sums.above_slope[l];
            if w < zero {
                low[l] = mu[l];
            } else {
                high[l] = mu[l];
            }
            let (d1, d2) = (near[l] - mu[l], far[l] - mu[l]);
            let eps = <R as Float>::EPSILON;
            let narrow = high[l] - low[l] <= eps * low[l].abs().max(high[l].abs()) + tiny;
            if w.abs() <= eps * size || narrow {
                done[l] = true;
                continue;
            }
            let c = w - d1 * sums.below_slope[l] - d2 * sums.above_slope[l];
            let step = if last(l) {
                d1 * w / c
            } else {
                smaller_root(c, (d1 + d2) * w - d1 * d2 * slope, d1 * d2 * w)
            };
            // Downhill by Newton's where the interpolation points the wrong way.
            let step = if step * w < zero { step } else { -w / slope };
            let to = mu[l] + step;
            let to = if to > low[l] && to < high[l] {
                to
            } else {
                (low[l] + high[l]) * half
            };
            if to == mu[l] || to <= low[l] || to >= high[l] {
                done[l] = true;
            }
            mu[l] = to;
        }
        if done.iter().all(|&x| x) {
            return mu.iter().all(|x| num_traits::Float::is_finite(*x));
        }
    }
    false
}

/// The root nearer to zero of `c·x² − a·x + b`, without cancellation.
#[inline(always)]
fn smaller_root<R: Float>(c: R, a: R, b: R) -> R {
    let two = R::one() + R::one();
    let root = (a * a - two * two * b * c).abs().sqrt();
    if a <= R::zero() {
        (a - root) / (two * c)
    } else {
        two * b / (a + root)
    }
}
