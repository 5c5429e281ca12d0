//! Subscripts meet operands: one label per axis, one extent per label.

use super::error::EinsumError;
use super::operands::{Factor, shapes};
use super::parse::{LABELS, Label, Subscripts, letter};
use super::term::{Axis, Term};
use crate::array::MAX_NDIM;

/// The labels of an array's axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axes {
    labels: [Label; MAX_NDIM],
    ndim: usize,
}

impl Axes {
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels[..self.ndim]
    }
}

/// What every label stands for; 1 for those that do not occur.
pub(super) type Extents = [usize; LABELS];

/// Subscripts for operands of known ranks: what of them does not depend on extents.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) inputs: Vec<Axes>,
    pub(super) output: Axes,
}

impl Bound {
    pub(super) fn new(
        subscripts: &Subscripts,
        ranks: impl ExactSizeIterator<Item = usize> + Clone,
    ) -> Result<Self, EinsumError> {
        let (given, wanted) = (ranks.len(), subscripts.inputs.len());
        if given > wanted {
            return Err(EinsumError::TooManyOperands { given, wanted });
        }
        if given < wanted {
            return Err(EinsumError::TooFewOperands { given, wanted });
        }
        let mut longest = 0;
        for (operand, (pattern, ndim)) in subscripts.inputs.iter().zip(ranks.clone()).enumerate() {
            if pattern.count > ndim {
                return Err(EinsumError::TooManySubscripts { operand });
            }
            if pattern.count < ndim && !pattern.has_ellipsis() {
                return Err(EinsumError::TooFewSubscripts { operand });
            }
            longest = longest.max(ndim - pattern.count);
        }
        let output = &subscripts.output;
        if longest > 0 && !output.has_ellipsis() {
            return Err(EinsumError::OutputEllipsis);
        }
        let ndim = output.count + longest;
        if ndim > MAX_NDIM {
            return Err(EinsumError::OutputRank { ndim });
        }
        let axes = |(labels, ndim)| Axes { labels, ndim };
        let inputs = subscripts.inputs.iter().zip(ranks);
        Ok(Bound {
            inputs: inputs
                .map(|(pattern, ndim)| axes(pattern.expand(ndim, longest)))
                .collect(),
            output: axes(output.expand(ndim, longest)),
        })
    }

    /// From labels instead of a string; the caller knows that they are sound.
    pub(super) fn from_labels(inputs: &[&[Label]], output: &[Label]) -> Self {
        let axes = |from: &[Label]| {
            let mut labels = [0; MAX_NDIM];
            labels[..from.len()].copy_from_slice(from);
            let ndim = from.len();
            Axes { labels, ndim }
        };
        Bound {
            inputs: inputs.iter().map(|labels| axes(labels)).collect(),
            output: axes(output),
        }
    }

    /// The extents of all labels. Axes of length 1 broadcast, but not within one operand.
    pub(super) fn extents<'a>(
        &self,
        shapes: impl Iterator<Item = &'a [usize]> + Clone,
    ) -> Result<Extents, EinsumError> {
        let mut extents = [1; LABELS];
        let mut fits = true;
        for (operand, (axes, shape)) in self.inputs.iter().zip(shapes.clone()).enumerate() {
            let mut seen = 0u64;
            for (axis, (&label, &n)) in axes.labels().iter().zip(shape).enumerate() {
                if seen >> label & 1 != 0 {
                    let at = axes.labels().iter().position(|&other| other == label);
                    let first = shape[at.unwrap_or(axis)];
                    if first != n {
                        return Err(EinsumError::Diagonal {
                            operand,
                            label: letter(label),
                            first,
                            second: n,
                        });
                    }
                }
                seen |= 1 << label;
                let extent = &mut extents[label as usize];
                fits &= *extent == n || *extent == 1 || n == 1;
                if *extent == 1 {
                    *extent = n;
                }
            }
        }
        if fits {
            Ok(extents)
        } else {
            Err(self.broadcast_error(shapes))
        }
    }

    #[cold]
    fn broadcast_error<'a>(
        &self,
        shapes: impl Iterator<Item = &'a [usize]> + Clone,
    ) -> EinsumError {
        let mut order = self.output.labels().to_vec();
        let mut used = 0u64;
        for axes in &self.inputs {
            axes.labels().iter().for_each(|&label| used |= 1 << label);
        }
        let inner = (0..LABELS as Label).filter(|label| used >> label & 1 != 0);
        let inner: Vec<_> = inner.filter(|label| !order.contains(label)).collect();
        order.extend(inner);
        let remap = |(axes, shape): (&Axes, &[usize])| {
            let extent = |label| {
                let axis = axes.labels().iter().position(|&other| other == label);
                axis.map(|axis| shape[axis])
            };
            order.iter().map(|&label| extent(label)).collect()
        };
        let diagonals = |(axes, shape): (&Axes, &[usize])| {
            let labels = axes.labels();
            let first = |axis: &usize| !labels[..*axis].contains(&labels[*axis]);
            (0..shape.len())
                .filter(first)
                .map(|axis| shape[axis])
                .collect()
        };
        EinsumError::Broadcast {
            remapped: self.inputs.iter().zip(shapes.clone()).map(remap).collect(),
            shapes: self.inputs.iter().zip(shapes).map(diagonals).collect(),
        }
    }

    /// The output's shape.
    pub(super) fn shape(&self, extents: &Extents) -> ([usize; MAX_NDIM], usize) {
        let mut shape = [0; MAX_NDIM];
        for (n, &label) in shape.iter_mut().zip(self.output.labels()) {
            *n = extents[label as usize];
        }
        (shape, self.output.ndim)
    }

    /// The operands over their labels.
    pub(super) fn terms<T>(&self, factors: &[Factor<'_, T>]) -> Vec<Term<T>> {
        let term = |(axes, factor): (&Axes, &Factor<'_, T>)| {
            let strides = factor.strides.iter().copied();
            let axes = axes.labels().iter().zip(factor.shape).zip(strides);
            let axes = axes.map(|((&label, &len), stride)| Axis { label, len, stride });
            Term::new(factor.ptr, axes)
        };
        self.inputs.iter().zip(factors).map(term).collect()
    }

    /// The labels of each operand as a set, without those whose axis has length 1.
    pub(super) fn masks<'a>(&self, shapes: impl Iterator<Item = &'a [usize]>) -> Vec<u64> {
        let mask = |(axes, shape): (&Axes, &[usize])| {
            let labels = axes.labels().iter().zip(shape);
            labels.fold(0, |mask, (&label, &n)| mask | u64::from(n != 1) << label)
        };
        self.inputs.iter().zip(shapes).map(mask).collect()
    }

    /// The labels of the output as a set.
    pub(super) fn output_mask(&self) -> u64 {
        let labels = self.output.labels().iter();
        labels.fold(0, |mask, &label| mask | 1 << label)
    }

    /// Extents and operands at once.
    pub(super) fn resolve<T>(&self, factors: &[Factor<'_, T>]) -> Result<Extents, EinsumError> {
        self.extents(shapes(factors))
    }
}
