//! The naive model, and random layouts to apply it to.

use crate::prelude::*;

/// How many random layouts each test tries.
pub(super) const CASES: usize = 400;

/// A multiplicative congruential generator (L'Ecuyer's 64-bit multiplier), high bits.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        (self.0 >> 33) as usize % n
    }
}

pub(super) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut out = vec![vec![]];
    for &n in shape {
        out = out
            .into_iter()
            .flat_map(|index: Vec<usize>| (0..n).map(move |i| [&index[..], &[i]].concat()))
            .collect();
    }
    out
}

pub(super) fn number(index: &[usize], shape: &[usize]) -> usize {
    (0..shape.len()).fold(0, |at, axis| at * shape[axis] + index[axis])
}

/// What a view should hold: its shape, and its elements in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<usize>,
}

impl Model {
    /// The model of `shape` whose element at an index is that of `self` at `from(index)`.
    pub(super) fn remap(&self, shape: &[usize], from: impl Fn(&[usize]) -> Vec<usize>) -> Model {
        let value = |index: Vec<usize>| self.values[number(&from(&index), &self.shape)];
        Model {
            shape: shape.to_vec(),
            values: indices(shape).into_iter().map(value).collect(),
        }
    }

    pub(super) fn of<D: Dimension>(view: &ArrayRef<usize, D>) -> Model {
        Model {
            shape: view.shape().to_vec(),
            values: indices(view.shape()).iter().map(|i| view[&i[..]]).collect(),
        }
    }

    pub(super) fn axis(&self, axis: usize) -> Vec<Model> {
        let mut shape = self.shape.clone();
        let n = shape.remove(axis);
        let entry = |i| {
            self.remap(&shape, |index| {
                let mut index = index.to_vec();
                index.insert(axis, i);
                index
            })
        };
        (0..n).map(entry).collect()
    }

    pub(super) fn lanes(&self, axis: usize) -> Vec<Model> {
        let mut others = self.shape.clone();
        let n = others.remove(axis);
        let lane = |at: Vec<usize>| {
            self.remap(&[n], |index| {
                let mut full = at.clone();
                full.insert(axis, index[0]);
                full
            })
        };
        indices(&others).into_iter().map(lane).collect()
    }

    pub(super) fn windows(&self, window: &[usize]) -> Vec<Model> {
        let places: Vec<usize> = (0..window.len())
            .map(|axis| self.shape[axis] + 1 - window[axis])
            .collect();
        let view = |at: Vec<usize>| {
            self.remap(window, |index| {
                (0..at.len()).map(|axis| at[axis] + index[axis]).collect()
            })
        };
        indices(&places).into_iter().map(view).collect()
    }

    pub(super) fn chunks(&self, axis: usize, size: usize) -> Vec<Model> {
        let n = self.shape[axis];
        let chunk = |start| {
            let mut shape = self.shape.clone();
            shape[axis] = size.min(n - start);
            self.remap(&shape, |index| {
                let mut index = index.to_vec();
                index[axis] += start;
                index
            })
        };
        (0..n).step_by(size).map(chunk).collect()
    }
}

/// What turns a dense array into a strided view.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    Swap(usize, usize),
    Flip(usize),
    Step(usize, usize, usize),
    /// Shared only: a new first axis of this length.
    Repeat(usize),
}

pub(super) fn cuts(random: &mut Random, shape: &[usize], shared: bool) -> Vec<Cut> {
    let ndim = shape.len();
    let mut out: Vec<Cut> = (0..random.below(4))
        .filter(|_| ndim > 0)
        .map(|_| match random.below(3) {
            0 => Cut::Swap(random.below(ndim), random.below(ndim)),
            1 => Cut::Flip(random.below(ndim)),
            _ => Cut::Step(random.below(ndim), random.below(3), 1 + random.below(3)),
        })
        .collect();
    if shared && ndim < 4 && random.below(4) == 0 {
        out.push(Cut::Repeat(random.below(4)));
    }
    out
}

impl Cut {
    pub(super) fn model(&self, of: &Model) -> Model {
        let mut shape = of.shape.clone();
        match *self {
            Cut::Swap(a, b) => {
                shape.swap(a, b);
                of.remap(&shape, |index| {
                    let mut index = index.to_vec();
                    index.swap(a, b);
                    index
                })
            }
            Cut::Flip(axis) => of.remap(&shape, |index| {
                let mut index = index.to_vec();
                index[axis] = shape[axis] - 1 - index[axis];
                index
            }),
            Cut::Step(axis, start, step) => {
                shape[axis] = (start..shape[axis]).step_by(step).count();
                of.remap(&shape, |index| {
                    let mut index = index.to_vec();
                    index[axis] = start + step * index[axis];
                    index
                })
            }
            Cut::Repeat(n) => {
                shape.insert(0, n);
                of.remap(&shape, |index| index[1..].to_vec())
            }
        }
    }

    pub(super) fn view<'a>(&self, of: ArrayViewD<'a, usize>) -> ArrayViewD<'a, usize> {
        match *self {
            Cut::Swap(a, b) => of.swap_axes(a, b),
            Cut::Flip(axis) => of.flip(axis),
            Cut::Step(axis, start, step) => {
                of.slice_axis(axis, Some(start as isize), None, step as isize)
            }
            Cut::Repeat(n) => {
                let shape = [&[n], of.shape()].concat();
                of.broadcast_to(shape)
            }
        }
    }

    pub(super) fn view_mut<'a>(&self, of: ArrayViewMutD<'a, usize>) -> ArrayViewMutD<'a, usize> {
        match *self {
            Cut::Swap(a, b) => of.into_swap_axes(a, b),
            Cut::Flip(axis) => of.into_flip(axis),
            Cut::Step(axis, start, step) => {
                of.into_slice_axis(axis, Some(start as isize), None, step as isize)
            }
            Cut::Repeat(_) => unreachable!("shared only"),
        }
    }
}

/// A dense array, C or F, whose elements are their row-major positions.
pub(super) fn dense(random: &mut Random) -> (ArrayD<usize>, Model) {
    let ndim = random.below(5);
    let shape: Vec<usize> = (0..ndim)
        .map(|_| [0, 1, 2, 3, 3, 4, 5, 6][random.below(8).max(random.below(2))])
        .collect();
    let len: usize = shape.iter().product();
    let c = ArrayD::from_shape_vec(shape.clone(), (0..len).collect());
    let array = if random.below(2) == 0 {
        c
    } else {
        let mut f = ArrayD::zeros(shape.clone().f());
        f.assign(&c);
        f
    };
    let values = (0..len).collect();
    (array, Model { shape, values })
}
