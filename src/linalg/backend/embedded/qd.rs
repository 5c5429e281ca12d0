//! Singular values of bidiagonal matrices without vectors, by differential quotient-difference
//! transforms with shifts (Fernando and Parlett, "Accurate singular values and differential qd
//! algorithms", Numer. Math. 67, 1994).
//!
//! Eigenvalues of symmetric tridiagonal matrices are those of the factors of what a shift makes positive.
//!
//! Everything is in `f64`, whatever the element type: the time goes to one division after the other.

use crate::array::Float;

/// Rounding, squared and with a margin: what an off-diagonal square is negligible by, as in Parlett and
/// Marques, "An implementation of the dqds algorithm", Linear Algebra Appl. 309, 2000.
const NEGLIGIBLE: f64 = (50.0 * f64::EPSILON) * (50.0 * f64::EPSILON);
/// What is negligible whatever it ties, when the largest square is 1: quotients do not overflow.
const TINY: f64 = 1e-280;
/// Up to this |z|² − 1 the residual of the last row says where the least eigenvalue is.
const NEAR: f64 = 0.6;
/// Transforms that one value may take; five are usual.
const PATIENCE: usize = 40;

/// Replaces the diagonal by the singular values of the bidiagonal matrix, in no order. `off` has one
/// element less. Whether the process converged.
pub(super) fn bidiagonal_values(diagonal: &mut [f64], off: &[f64]) -> bool {
    let largest = diagonal
        .iter()
        .chain(off)
        .fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest == 0.0 {
        return true;
    }
    let square = |x: f64| (x / largest) * (x / largest);
    let pairs = (0..diagonal.len()).map(|i| Pair {
        q: square(diagonal[i]),
        e: off.get(i).map_or(0.0, |&x| square(x)),
    });
    let converged = eigenvalues(pairs.collect(), diagonal);
    for x in diagonal {
        *x = x.sqrt() * largest;
    }
    converged
}

/// Replaces the diagonal of a symmetric tridiagonal matrix by its eigenvalues, ascending; `off` has one
/// element less. Whether the process converged. Errors are some roundings of the largest.
pub(super) fn tridiagonal_values<R: Float>(diagonal: &mut [R], off: &[R]) -> bool {
    let d: Vec<f64> = diagonal.iter().map(|x| Float::to_f64(*x)).collect();
    let beside = |i: usize| off.get(i).map_or(0.0, |x| Float::to_f64(*x).abs());
    let radius = |i: usize| beside(i) + if i == 0 { 0.0 } else { beside(i - 1) };
    // Gershgorin's discs hold all values. Below them the matrix is diagonally dominant, and so no pivot
    // is less than what is beside it.
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (i, x) in d.iter().enumerate() {
        low = low.min(x - radius(i));
        high = high.max(x + radius(i));
    }
    let largest = low.abs().max(high.abs());
    if largest == 0.0 {
        return true;
    }
    let low = low - 4.0 * f64::EPSILON * largest;
    let size = high - low;
    let mut carried = 0.0;
    let pairs = d.iter().enumerate().map(|(i, x)| {
        let q = ((x - low) / size - carried).max(0.0);
        let b = beside(i) / size;
        carried = if b == 0.0 { 0.0 } else { b / q * b };
        Pair { q, e: carried }
    });
    let pairs: Vec<Pair> = pairs.collect();
    let mut values = vec![0.0; d.len()];
    if !eigenvalues(pairs, &mut values) {
        return false;
    }
    values.sort_unstable_by(f64::total_cmp);
    for (to, x) in diagonal.iter_mut().zip(values) {
        *to = R::from_f64(low + x * size);
    }
    true
}

/// The eigenvalues of L·U, of which `pairs` has the diagonal of U and what is beside the ones of L.
/// Nothing is negative, the largest about 1.
fn eigenvalues(mut pairs: Vec<Pair>, values: &mut [f64]) -> bool {
    for pair in &mut pairs {
        for x in [&mut pair.q, &mut pair.e] {
            if *x <= TINY {
                *x = 0.0;
            }
        }
    }
    let n = pairs.len();
    let mut other = vec![Pair::default(); n];
    let mut blocks = vec![Block {
        start: 0,
        end: n,
        sum: 0.0,
        rest: 0.0,
    }];
    while let Some(block) = blocks.pop() {
        if !finish(block, &mut pairs, &mut other, values, &mut blocks) {
            return false;
        }
    }
    for x in values {
        *x = x.max(0.0);
    }
    true
}

/// One row: the square on the diagonal and the one beside it.
#[derive(Clone, Copy, Default)]
struct Pair {
    q: f64,
    e: f64,
}

/// Rows that nothing ties to the others, and what was subtracted from their eigenvalues (`sum + rest`,
/// `rest` being the rounding of `sum`).
struct Block {
    start: usize,
    end: usize,
    sum: f64,
    rest: f64,
}

impl Block {
    fn shift(&mut self, by: f64) {
        let by = by + self.rest;
        let sum = self.sum + by;
        self.rest = by - (sum - self.sum);
        self.sum = sum;
    }
    /// Whether a tie is negligible beside what was subtracted or the smaller element that it ties.
    fn ignores(&self, e: f64, q: f64) -> bool {
        e <= NEGLIGIBLE * self.sum || e <= NEGLIGIBLE * q || e <= TINY
    }
    fn value(&self, x: f64) -> f64 {
        self.sum + (self.rest + x)
    }
}

/// Finds the values of one block; what splits off it goes to `blocks`.
fn finish<'a>(
    mut block: Block,
    mut from: &'a mut [Pair],
    mut to: &'a mut [Pair],
    values: &mut [f64],
    blocks: &mut Vec<Block>,
) -> bool {
    // Others expect their rows in the first array, whatever was swapped here.
    let mut swapped = false;
    let mut last: Option<Last> = None;
    let mut fresh = true;
    let mut guess = 0.25;
    let mut trusted = true;
    let mut budget = PATIENCE * (block.end - block.start);
    loop {
        // Values at the end that are found.
        loop {
            let (start, end) = (block.start, block.end);
            match end - start {
                0 => return true,
                1 => {
                    values[start] = block.value(from[start].q);
                    return true;
                }
                _ => {}
            }
            let (a, b) = (from[end - 2], from[end - 1]);
            let found = if block.ignores(a.e, b.q) {
                values[end - 1] = block.value(b.q);
                1
            } else if end - start == 2 || block.ignores(from[end - 3].e, from[end - 3].q.min(a.q)) {
                let (large, small) = two(a, b);
                values[end - 2] = block.value(large);
                values[end - 1] = block.value(small);
                2
            } else {
                break;
            };
            block.end -= found;
            last = last.and_then(|last| last.without(found));
            fresh = true;
            guess = 0.25;
            trusted = true;
        }
        let (start, end) = (block.start, block.end);
        if last.is_none_or(|last| block.ignores(last.least, last.lowest())) {
            // A tie that vanished splits the block: the part above waits.
            let tie = (start..end - 1)
                .rev()
                .find(|&i| block.ignores(from[i].e, from[i].q.min(from[i + 1].q)));
            if let Some(i) = tie {
                if swapped {
                    to[start..=i].copy_from_slice(&from[start..=i]);
                }
                blocks.push(Block {
                    start,
                    end: i + 1,
                    ..block
                });
                block.start = i + 1;
                last = None;
                fresh = true;
                continue;
            }
        }
        if std::mem::take(&mut fresh) && from[start].q * 1.5 < from[end - 1].q {
            // Small values are found at the end.
            let rows = &mut from[start..end];
            rows.reverse();
            for i in 0..rows.len() - 1 {
                rows[i].e = rows[i + 1].e;
            }
            last = None;
        }
        let mut shift = match last {
            None => 0.0,
            Some(last) => last.shift(&from[start..end], trusted, &mut guess),
        };
        for failures in 0.. {
            if budget == 0 {
                return false;
            }
            budget -= 1;
            let done = transform(&from[start..end], &mut to[start..end], shift);
            if done.lowest() >= 0.0 {
                last = Some(done);
                break;
            }
            guess = 0.25;
            // Only the last one is negative: this is by how much the shift was too large.
            let known = failures == 0 && done.others() >= 0.0;
            trusted &= known;
            shift = match failures {
                _ if known => (shift + done.tail[2]) * (1.0 - 4.0 * f64::EPSILON),
                0 | 1 => 0.25 * shift,
                _ => 0.0,
            };
            shift = shift.max(0.0);
        }
        block.shift(shift);
        std::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
}

/// What a transform says about the next shift.
#[derive(Clone, Copy)]
struct Last {
    /// The last three `d`; each `d` is an upper bound of the least eigenvalue that is left.
    tail: [f64; 3],
    /// The least of those before.
    before: f64,
    /// The least off-diagonal square.
    least: f64,
}

impl Last {
    /// After the last rows were split off.
    fn without(self, rows: usize) -> Option<Last> {
        let [a, b, _] = self.tail;
        let none = f64::INFINITY;
        let last = Last {
            tail: if rows == 1 {
                [none, a, b]
            } else {
                [none, none, a]
            },
            ..self
        };
        last.tail[2].is_finite().then_some(last)
    }

    fn others(&self) -> f64 {
        least(least(self.before, self.tail[0]), self.tail[1])
    }

    fn lowest(&self) -> f64 {
        least(self.others(), self.tail[2])
    }

    /// A lower bound, most of the time, of the least eigenvalue. In a cluster a Rayleigh quotient that is not to be
    /// trusted once is too large again and again.
    fn shift(&self, rows: &[Pair], trusted: bool, guess: &mut f64) -> f64 {
        let n = rows.len();
        if trusted && self.tail[2] <= self.others() {
            // The vector z that solves all equations but the last, with 1 there, has the Rayleigh quotient
            // d/|z|² and a residual of d·√(|z|² − 1)/|z|²; z falls off away from the end.
            let (mut sum, mut term) = (0.0, 1.0);
            for i in (0..n - 1).rev() {
                term *= rows[i].e / rows[i].q;
                sum += term;
                if term < sum * 0.01 || sum > NEAR {
                    break;
                }
            }
            sum *= 1.05;
            if sum < NEAR {
                return self.tail[2] * (1.0 - f64::sqrt(sum)) / (1.0 + sum);
            }
        }
        let by = *guess * self.lowest();
        *guess += (1.0 - *guess) / 3.0;
        by
    }
}

/// The lesser one; NaN if the second is.
#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// One transform; what is negative or NaN in the result means that the shift was too large.
#[inline(always)]
fn transform(from: &[Pair], to: &mut [Pair], shift: f64) -> Last {
    let n = from.len();
    let to = &mut to[..n];
    let none = f64::INFINITY;
    let mut d = from[0].q - shift;
    let mut last = Last {
        tail: [none, none, d],
        before: none,
        least: none,
    };
    let mut step = |i: usize| {
        let e = from[i].e;
        let q = d + e;
        let ratio = from[i + 1].q / q;
        let e = e * ratio;
        to[i] = Pair { q, e };
        last.least = least(e, last.least);
        d = d * ratio - shift;
        d
    };
    let first = n.saturating_sub(3);
    let mut at = last.tail[2];
    let mut before = none;
    for i in 0..first {
        before = least(before, at);
        at = step(i);
    }
    let mut tail = [none, none, at];
    for i in first..n - 1 {
        tail = [tail[1], tail[2], step(i)];
    }
    (last.tail, last.before) = (tail, before);
    to[n - 1] = Pair { q: tail[2], e: 0.0 };
    last
}

/// The eigenvalues of two rows, larger one first.
fn two(a: Pair, b: Pair) -> (f64, f64) {
    let (a, b, e) = if b.q > a.q {
        (b.q, a.q, a.e)
    } else {
        (a.q, b.q, a.e)
    };
    // λ² − (a + b + e)·λ + a·b = 0
    let t = 0.5 * ((a - b) + e);
    if e <= b * NEGLIGIBLE || t == 0.0 {
        return if t == 0.0 { (a, b) } else { (a + e, b) };
    }
    let s = b * (e / t);
    let s = if s <= t {
        b * (e / (t * (1.0 + (1.0 + s / t).sqrt())))
    } else {
        b * (e / (t + t.sqrt() * (t + s).sqrt()))
    };
    let large = a + (s + e);
    (large, b * (a / large))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// How many singular values are less than `x > 0`: Sylvester's inertia of the matrix with zeros on the
    /// diagonal and the elements in turn beside it.
    fn less(diagonal: &[f64], off: &[f64], x: f64) -> usize {
        let n = diagonal.len();
        let mut pivot = -x;
        let mut negative = 1;
        for i in 0..2 * n - 1 {
            let b = if i % 2 == 0 {
                diagonal[i / 2]
            } else {
                off[i / 2]
            };
            pivot = if pivot == 0.0 {
                f64::MIN_POSITIVE
            } else {
                pivot
            };
            pivot = -x - b * (b / pivot);
            negative += usize::from(pivot < 0.0);
        }
        negative - n
    }

    fn check(diagonal: &[f64], off: &[f64], name: &str) {
        let mut values = diagonal.to_vec();
        assert!(bidiagonal_values(&mut values, off), "{name}");
        values.sort_by(f64::total_cmp);
        let tolerance = 1e-13 * values[values.len() - 1];
        for (k, &x) in values.iter().enumerate() {
            assert!(
                less(diagonal, off, x + tolerance) > k,
                "{name}: {x} of {values:?}"
            );
            let below = x - tolerance;
            assert!(
                below <= 0.0 || less(diagonal, off, below) <= k,
                "{name}: {x} of {values:?}"
            );
        }
    }

    #[test]
    fn known_values() {
        for n in [1, 2, 3, 4, 7, 50, 301] {
            let mut values = vec![1.0; n];
            assert!(bidiagonal_values(&mut values, &vec![-1.0; n - 1]));
            values.sort_by(|a, b| b.total_cmp(a));
            for (k, x) in values.iter().enumerate() {
                let wanted = 2.0 * (PI * (k + 1) as f64 / (2 * n + 1) as f64).cos();
                assert!((x - wanted).abs() < 1e-14, "{n}: {x} for {wanted}");
            }
        }
    }

    #[test]
    fn values_of_every_kind() {
        let mut state = 1u64;
        let mut random = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for case in 0..600 {
            let n = 1 + (random() * 40.0) as usize;
            let kind = case % 10;
            let mut element = |i: usize| {
                let x = random();
                match kind {
                    0 => x,
                    1 => x.powi(20),
                    2 => 10f64.powf(-16.0 * x),
                    3 if x < 0.3 => 0.0,
                    4 => 1.0,
                    5 => 0.5f64.powi(i as i32),
                    6 => 0.5f64.powi((n - i) as i32),
                    7 if x < 0.5 => 1e-160,
                    8 => {
                        if x < 0.2 {
                            1e-17
                        } else {
                            1.0
                        }
                    }
                    9 => 10f64.powf(-300.0 * x),
                    _ => x,
                }
            };
            let diagonal: Vec<f64> = (0..n).map(&mut element).collect();
            let off: Vec<f64> = (1..n).map(&mut element).collect();
            check(&diagonal, &off, &format!("case {case}, {n} rows"));
        }
    }

    #[test]
    fn small_values_keep_their_digits() {
        // No addition: each value is a product of quotients.
        let mut values = [1.0, 1e-40, 1e-80, 1e-120];
        assert!(bidiagonal_values(&mut values, &[0.0, 0.0, 0.0]));
        values.sort_by(|a, b| b.total_cmp(a));
        for (x, wanted) in values.iter().zip([1.0, 1e-40, 1e-80, 1e-120]) {
            assert!((x / wanted - 1.0).abs() < 1e-14, "{x:e}");
        }
        let mut zero = [0.0; 5];
        assert!(bidiagonal_values(&mut zero, &[0.0; 4]) && zero == [0.0; 5]);
    }
}
