//! What a contraction does and costs, for people to read.

use std::fmt;

use super::bind::{Bound, Extents};
use super::pair::Sets;
use super::parse::{Label, letter};
use super::path::{Step, flops, size};

/// How one step of a contraction is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EinsumKind {
    /// One operand's elements in another order, or its diagonal: no arithmetic.
    View,
    /// Sums over axes of one operand.
    Sum,
    /// Elementwise and outer products: nothing is summed over.
    Multiply,
    /// Dot products.
    Dot,
    /// Matrix–vector products.
    MatVec,
    /// Matrix products.
    MatMul,
}

impl EinsumKind {
    fn of(sets: Sets) -> Self {
        match (sets.summed != 0, sets.rows != 0, sets.columns != 0) {
            (false, _, _) => EinsumKind::Multiply,
            (true, false, false) => EinsumKind::Dot,
            (true, true, true) => EinsumKind::MatMul,
            _ => EinsumKind::MatVec,
        }
    }
}

/// One step of a contraction.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EinsumStep {
    /// Positions of the operands in the list at that time. They leave it; the product goes to its
    /// end. One position for a sum over a single operand.
    pub operands: Vec<usize>,
    /// The step as subscripts, `jk,kl->jl`.
    pub subscripts: String,
    /// What is left to do, `ij,jl->il`.
    pub remaining: String,
    /// How the step is carried out.
    pub kind: EinsumKind,
    /// Whether it is done for every entry of axes that both operands and the product have.
    pub batched: bool,
    /// The number of different labels: the exponent of its cost.
    pub scaling: usize,
    /// Multiplications and additions.
    pub flops: f64,
}

/// The order in which [`einsum`](super::einsum) multiplies its operands, and what that costs; made by
/// [`einsum_path`](super::einsum_path). `Display` is NumPy's report, with how each step is carried out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EinsumPath {
    /// The whole contraction, with the output written out; axes behind an ellipsis get letters of
    /// their own.
    pub subscripts: String,
    /// The steps in order.
    pub steps: Vec<EinsumStep>,
    /// Multiplications and additions of a single nest of loops over all labels.
    pub naive_flops: f64,
    /// Multiplications and additions of all steps together.
    pub optimized_flops: f64,
    /// The number of labels: the exponent of the naive cost.
    pub naive_scaling: usize,
    /// Elements of the largest array that a step makes, the result included.
    pub largest_intermediate: f64,
}

impl EinsumPath {
    pub(super) fn new<'a>(
        bound: &Bound,
        shapes: impl Iterator<Item = &'a [usize]>,
        extents: &Extents,
        steps: &[Step],
    ) -> Self {
        let output = bound.output.labels().to_vec();
        let out_mask = mask(&output);
        let inputs = bound.inputs.iter().zip(shapes);
        // Each operand as its labels, once each, and those of them that are longer than 1.
        let mut list: Vec<(Vec<Label>, u64)> = inputs
            .map(|(axes, shape)| {
                let pairs = axes.labels().iter().zip(shape);
                let long = pairs.fold(0, |m, (&label, &n)| m | u64::from(n != 1) << label);
                (axes.labels().to_vec(), long)
            })
            .collect();
        let all = list
            .iter()
            .fold(out_mask, |m, (labels, _)| m | mask(labels));
        let names = Names::new(all);
        let joined = |list: &[(Vec<Label>, u64)]| {
            let terms: Vec<_> = list.iter().map(|(labels, _)| names.show(labels)).collect();
            terms.join(",")
        };
        let subscripts = format!("{}->{}", joined(&list), names.show(&output));
        let naive_flops = flops(all, list.len(), all & !out_mask != 0, extents);
        let mut done = Vec::new();
        let mut largest: f64 = size(out_mask, extents);
        let count = if list.len() == 1 { 1 } else { steps.len() };
        for at in 0..count {
            let operands = steps.get(at).map_or_else(|| vec![0], |&(i, j)| vec![i, j]);
            let mut taken: Vec<_> = operands.iter().rev().map(|&i| list.remove(i)).collect();
            taken.reverse();
            let others = list
                .iter()
                .fold(out_mask, |m, (labels, _)| m | mask(labels));
            let union = taken.iter().fold(0, |m, (labels, _)| m | mask(labels));
            let kept = union & others;
            let product: Vec<Label> = if list.is_empty() {
                output.clone()
            } else {
                let mut seen = 0;
                let labels = taken.iter().flat_map(|(labels, _)| labels).copied();
                labels
                    .filter(|&label| {
                        let first = (kept & !seen) >> label & 1 != 0;
                        seen |= 1 << label;
                        first
                    })
                    .collect()
            };
            let long = taken.iter().fold(0, |m, (_, long)| m | long) & kept;
            let sets = match &taken[..] {
                [a, b] => {
                    // What one of the two sums over alone plays no part in their product.
                    let (x, y) = (a.1 & (b.1 | kept), b.1 & (a.1 | kept));
                    Sets::new(x, y, kept)
                }
                _ => Sets::new(0, 0, 0),
            };
            let kind = match &taken[..] {
                [_, _] => EinsumKind::of(sets),
                [one] if one.1 & !kept == 0 => EinsumKind::View,
                _ => EinsumKind::Sum,
            };
            let subscripts = format!("{}->{}", joined(&taken), names.show(&product));
            largest = largest.max(size(kept, extents));
            list.push((product, long));
            done.push(EinsumStep {
                subscripts,
                remaining: format!("{}->{}", joined(&list), names.show(&output)),
                kind,
                batched: sets.stack != 0 && kind != EinsumKind::Multiply,
                scaling: union.count_ones() as usize,
                flops: flops(union, operands.len(), union & !kept != 0, extents),
                operands,
            });
        }
        EinsumPath {
            subscripts,
            naive_flops,
            optimized_flops: done.iter().map(|step| step.flops).sum(),
            naive_scaling: all.count_ones() as usize,
            largest_intermediate: largest,
            steps: done,
        }
    }

    /// The positions of each step, as NumPy's `einsum_path` lists them.
    ///
    /// ```
    /// use orthant::linalg::einsum_path;
    ///
    /// let shapes = [[100, 200], [200, 300], [300, 100]];
    /// let path = einsum_path("ij,jk,kl->il", &shapes).unwrap();
    /// assert_eq!(path.order().collect::<Vec<_>>(), [[1, 2], [0, 1]]);
    /// ```
    pub fn order(&self) -> impl Iterator<Item = &[usize]> {
        self.steps.iter().map(|step| step.operands.as_slice())
    }

    /// How many times fewer operations than one nest of loops.
    pub fn speedup(&self) -> f64 {
        self.naive_flops / self.optimized_flops
    }
}

fn mask(labels: &[Label]) -> u64 {
    labels.iter().fold(0, |mask, label| mask | 1 << label)
}

/// Letters for labels: their own, and unused ones for axes behind an ellipsis.
struct Names([char; 64]);

impl Names {
    fn new(used: u64) -> Self {
        let mut names = ['.'; 64];
        let mut free = (0..super::parse::ELLIPSIS).filter(|label| used >> label & 1 == 0);
        for label in 0..super::parse::LABELS as Label {
            names[label as usize] = match letter(label) {
                '.' if used >> label & 1 != 0 => free.next().map_or('.', letter),
                own => own,
            };
        }
        Names(names)
    }

    fn show(&self, labels: &[Label]) -> String {
        labels.iter().map(|&label| self.0[label as usize]).collect()
    }
}

/// A float as `%.3e` prints it.
struct Scientific(f64);

impl fmt::Display for Scientific {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.3e}", self.0);
        match text.split_once('e') {
            Some((mantissa, exponent)) => {
                let (sign, digits) = exponent
                    .strip_prefix('-')
                    .map_or(('+', exponent), |d| ('-', d));
                write!(f, "{mantissa}e{sign}{digits:0>2}")
            }
            None => f.write_str(&text),
        }
    }
}

impl fmt::Display for EinsumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            EinsumKind::View => "view",
            EinsumKind::Sum => "sum",
            EinsumKind::Multiply => "multiply",
            EinsumKind::Dot => "dot",
            EinsumKind::MatVec => "matvec",
            EinsumKind::MatMul => "matmul",
        })
    }
}

impl fmt::Display for EinsumPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let optimized = self
            .steps
            .iter()
            .map(|step| step.scaling)
            .max()
            .unwrap_or(0);
        writeln!(f, "  Complete contraction:  {}", self.subscripts)?;
        writeln!(f, "         Naive scaling:  {}", self.naive_scaling)?;
        writeln!(f, "     Optimized scaling:  {optimized}")?;
        writeln!(
            f,
            "      Naive FLOP count:  {}",
            Scientific(self.naive_flops)
        )?;
        writeln!(
            f,
            "  Optimized FLOP count:  {}",
            Scientific(self.optimized_flops)
        )?;
        writeln!(f, "   Theoretical speedup:  {:.3}", self.speedup())?;
        let largest = Scientific(self.largest_intermediate);
        writeln!(f, "  Largest intermediate:  {largest} elements")?;
        let line = "-".repeat(90);
        writeln!(f, "{line}")?;
        writeln!(
            f,
            "{:<9}{:>24} {:>40}  {:<14}",
            "scaling", "current", "remaining", "runs as"
        )?;
        write!(f, "{line}")?;
        for step in &self.steps {
            let batched = if step.batched { "batched " } else { "" };
            write!(
                f,
                "\n{:>4}     {:>24} {:>40}  {batched}{}",
                step.scaling, step.subscripts, step.remaining, step.kind
            )?;
        }
        Ok(())
    }
}
