//! In which order to multiply operands, two at a time.
//!
//! Up to [`OPTIMAL`] operands the cheapest order is found by dynamic programming over subsets (every
//! subset's best pair of parts; Lawler's scheme for matrix chains on general networks, as in Pfeifer,
//! Haegeman & Verstraete, Phys. Rev. E 90, 033315); beyond, greedily: the pair whose product is
//! smallest compared with what it replaces (Gray & Kourtis, Quantum 5, 410).

use super::bind::Extents;

/// Operands up to which the order is the best there is.
pub(super) const OPTIMAL: usize = 8;

/// Two positions in the list of operands, the first smaller; their product goes to the end.
pub(super) type Step = (usize, usize);

/// The number of elements of an array with these labels.
pub(super) fn size(labels: u64, extents: &Extents) -> f64 {
    let mut rest = labels;
    let mut out = 1.0;
    while rest != 0 {
        out *= extents[rest.trailing_zeros() as usize] as f64;
        rest &= rest - 1;
    }
    out
}

/// The order in which to multiply operands with these labels.
pub(super) fn find(terms: &[u64], output: u64, extents: &Extents) -> Vec<Step> {
    match terms.len() {
        0 | 1 => Vec::new(),
        2 => vec![(0, 1)],
        3..=OPTIMAL => optimal(terms, output, extents),
        _ => greedy(terms, output, extents),
    }
}

/// The steps of a path that somebody gives, if it multiplies that many operands.
pub(super) fn given<P: AsRef<[usize]>>(path: &[P], operands: usize) -> Option<Vec<Step>> {
    if operands == 1 {
        let nothing = path.iter().all(|step| *step.as_ref() == [0]);
        return (nothing && path.len() <= 1).then(Vec::new);
    }
    if path.len() + 1 != operands {
        return None;
    }
    let steps = path.iter().enumerate().map(|(done, step)| {
        let &[i, j] = step.as_ref() else { return None };
        (i != j && i.max(j) < operands - done).then_some((i.min(j), i.max(j)))
    });
    steps.collect()
}

/// The operands without the labels that only they have: those are summed over beforehand.
fn reduced(terms: &[u64], output: u64) -> Vec<u64> {
    let (mut once, mut twice) = (0, output);
    for &labels in terms {
        twice |= once & labels;
        once |= labels;
    }
    terms.iter().map(|labels| labels & twice).collect()
}

fn optimal(terms: &[u64], output: u64, extents: &Extents) -> Vec<Step> {
    let n = terms.len();
    let terms = reduced(terms, output);
    let all = (1usize << n) - 1;
    let mut union = vec![0u64; all + 1];
    for set in 1..=all {
        let first = set.trailing_zeros() as usize;
        union[set] = union[set & (set - 1)] | terms[first];
    }
    // What is left of a subset's labels once it is multiplied out.
    let labels = |set: usize| match set.count_ones() {
        1 => union[set],
        _ => union[set] & (output | union[all & !set]),
    };
    let mut best = vec![(f64::INFINITY, 0usize); all + 1];
    for set in 1..=all {
        if set.count_ones() == 1 {
            best[set].0 = 0.0;
            continue;
        }
        // Every split once: the part with the lowest member, which is never the whole.
        let low = set & set.wrapping_neg();
        let rest = set ^ low;
        let mut other = rest;
        while other != 0 {
            let part = set ^ other;
            let cost = best[part].0 + best[other].0 + size(labels(part) | labels(other), extents);
            if cost < best[set].0 {
                best[set] = (cost, part);
            }
            other = (other - 1) & rest;
        }
        if best[set].1 == 0 {
            // Costs beyond every float: any order.
            best[set] = (f64::INFINITY, low);
        }
    }
    let mut list: Vec<usize> = (0..n).map(|i| 1 << i).collect();
    let mut steps = Vec::with_capacity(n - 1);
    emit(all, &best, &mut list, &mut steps);
    steps
}

/// The steps that multiply out `set`, parts first.
fn emit(set: usize, best: &[(f64, usize)], list: &mut Vec<usize>, steps: &mut Vec<Step>) {
    if set.count_ones() == 1 {
        return;
    }
    let parts = [best[set].1, set ^ best[set].1];
    for part in parts {
        emit(part, best, list, steps);
    }
    let at = parts.map(|part| {
        list.iter()
            .position(|&other| other == part)
            .expect("emitted")
    });
    let step = (at[0].min(at[1]), at[0].max(at[1]));
    list.remove(step.1);
    list.remove(step.0);
    list.push(set);
    steps.push(step);
}

fn greedy(terms: &[u64], output: u64, extents: &Extents) -> Vec<Step> {
    let mut terms = reduced(terms, output);
    let mut steps = Vec::with_capacity(terms.len() - 1);
    while terms.len() > 1 {
        let mut counts = [0usize; 64];
        for &labels in &terms {
            let mut rest = labels;
            while rest != 0 {
                counts[rest.trailing_zeros() as usize] += 1;
                rest &= rest - 1;
            }
        }
        // Labels that survive a product of two which both, or one of which, have them.
        let more_than = |n: usize| {
            let labels = (0..64).filter(|&l| counts[l] > n);
            labels.fold(output, |mask, l| mask | 1u64 << l)
        };
        let (beyond_one, beyond_two) = (more_than(1), more_than(2));
        let (mut best, mut step) = ((true, f64::INFINITY), (0, 1));
        for i in 0..terms.len() {
            for j in i + 1..terms.len() {
                let (a, b) = (terms[i], terms[j]);
                let kept = (a & b & beyond_two) | ((a ^ b) & beyond_one);
                let gain = size(kept, extents) - size(a, extents) - size(b, extents);
                // Outer products come last.
                let cost = (a & b == 0, gain);
                if (cost.0, cost.1) < best {
                    (best, step) = (cost, (i, j));
                }
            }
        }
        let (b, a) = (terms.remove(step.1), terms.remove(step.0));
        let others = terms.iter().fold(output, |mask, labels| mask | labels);
        terms.push((a | b) & others);
        steps.push(step);
    }
    steps
}

/// Multiplications and additions of one pass over these labels, as NumPy counts them.
pub(super) fn flops(labels: u64, terms: usize, sums: bool, extents: &Extents) -> f64 {
    let factor = terms.saturating_sub(1).max(1) + usize::from(sums);
    size(labels, extents) * factor as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::einsum::parse::LABELS;

    #[test]
    fn given_paths_are_complete_or_refused() {
        assert_eq!(given(&[[2, 0], [0, 1]], 3), Some(vec![(0, 2), (0, 1)]));
        assert_eq!(given::<[usize; 2]>(&[], 1), Some(vec![]));
        assert_eq!(given(&[[0]], 1), Some(vec![]));
        for path in [
            &[&[0usize, 1][..]][..],
            &[&[0, 1], &[0, 2]],
            &[&[1, 1], &[0, 1]],
            &[&[0, 1, 2], &[0]],
            &[&[0, 1], &[0, 1], &[0, 1]],
        ] {
            assert_eq!(given(path, 3), None, "{path:?}");
        }
        assert_eq!(given(&[[0, 1]], 1), None);
    }

    fn cost(terms: &[u64], output: u64, extents: &Extents, steps: &[Step]) -> f64 {
        let mut list = reduced(terms, output);
        let mut total = 0.0;
        for &(i, j) in steps {
            let (b, a) = (list.remove(j), list.remove(i));
            total += size(a | b, extents);
            let others = list.iter().fold(output, |mask, labels| mask | labels);
            list.push((a | b) & others);
        }
        assert_eq!(list.len(), 1);
        total
    }

    fn cheapest(terms: &[u64], output: u64, extents: &Extents) -> f64 {
        let mut best = if terms.len() == 1 { 0.0 } else { f64::INFINITY };
        for i in 0..terms.len() {
            for j in i + 1..terms.len() {
                let mut list = terms.to_vec();
                let (b, a) = (list.remove(j), list.remove(i));
                let others = list.iter().fold(output, |mask, labels| mask | labels);
                list.push((a | b) & others);
                best = best.min(size(a | b, extents) + cheapest(&list, output, extents));
            }
        }
        best
    }

    #[test]
    fn optimal_orders_are_the_cheapest_of_all_and_greedy_ones_complete() {
        let mut state = 1u64;
        let mut random = |n: u64| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) % n
        };
        for _ in 0..200 {
            let n = 3 + random(3) as usize;
            let mut extents = [1; LABELS];
            extents[..8].fill_with(|| 1 + random(9) as usize);
            let terms: Vec<u64> = (0..n).map(|_| random(256) & random(256)).collect();
            let output = terms.iter().fold(0, |a, b| a | b) & random(256) & random(256);
            let steps = find(&terms, output, &extents);
            let found = cost(&terms, output, &extents, &steps);
            let best = cheapest(&reduced(&terms, output), output, &extents);
            assert!(
                found <= best * (1.0 + 1e-12),
                "{terms:?} {output:b} {found} {best}"
            );
            let greedy = cost(&terms, output, &extents, &greedy(&terms, output, &extents));
            assert!(greedy >= best * (1.0 - 1e-12));
        }
    }
}
