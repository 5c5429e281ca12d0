//! Against sums of products taken one at a time, over random subscripts, shapes and layouts.

use super::*;
use crate::{einsum, prelude::*};
use proptest::prelude::*;

/// Small pseudo-random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

/// One random contraction.
struct Case {
    inputs: Vec<Vec<usize>>,
    output: Vec<usize>,
    extents: [usize; 7],
    subscripts: String,
}

impl Case {
    fn new(random: &mut Random, largest: usize) -> Case {
        let extents = [(); 7].map(|()| match random.below(12) {
            0 => 0,
            1 | 2 => 1,
            _ => 1 + random.below(largest),
        });
        let inputs: Vec<Vec<usize>> = (0..1 + random.below(4))
            .map(|_| (0..random.below(5)).map(|_| random.below(7)).collect())
            .collect();
        let mut output = Vec::new();
        for _ in 0..random.below(5) {
            let from = &inputs[random.below(inputs.len())];
            if !from.is_empty() {
                let label = from[random.below(from.len())];
                if !output.contains(&label) {
                    output.push(label);
                }
            }
        }
        let term = |labels: &Vec<usize>| -> String {
            labels.iter().map(|&l| (b'a' + l as u8) as char).collect()
        };
        let terms: Vec<_> = inputs.iter().map(term).collect();
        let subscripts = format!("{}->{}", terms.join(","), term(&output));
        Case {
            inputs,
            output,
            extents,
            subscripts,
        }
    }

    /// An operand of some layout, with some axes of length 1 for broadcasting.
    fn operand(&self, labels: &[usize], random: &mut Random) -> ArrayD<i64> {
        let repeated = |l: usize| labels.iter().filter(|&&other| other == l).count() > 1;
        let shape: Vec<usize> = labels
            .iter()
            .map(|&l| {
                if random.below(9) == 0 && !repeated(l) {
                    1
                } else {
                    self.extents[l]
                }
            })
            .collect();
        let mut next = || random.below(19) as i64 - 9;
        let dense = |shape: &[usize], next: &mut dyn FnMut() -> i64| {
            ArrayD::from_shape_fn(shape.to_vec(), |_| next())
        };
        dense(&shape, &mut next)
    }

    /// The operand's elements in another memory layout.
    fn laid_out<'a>(
        random: &mut Random,
        a: &ArrayD<i64>,
        store: &'a mut ArrayD<i64>,
    ) -> ArrayView<'a, i64, IxDyn> {
        let ndim = a.ndim();
        let mut axes: Vec<isize> = (0..ndim as isize).collect();
        for i in (1..ndim).rev() {
            axes.swap(i, random.below(i + 1));
        }
        let mut inverse = vec![0isize; ndim];
        axes.iter()
            .enumerate()
            .for_each(|(to, &from)| inverse[from as usize] = to as isize);
        let steps: Vec<isize> = (0..ndim)
            .map(|_| [1, 1, 1, 2, -1, -2][random.below(6)])
            .collect();
        let shape: Vec<usize> = axes
            .iter()
            .map(|&axis| a.shape()[axis as usize] * steps[axis as usize].unsigned_abs())
            .collect();
        *store = ArrayD::full(shape, 99);
        let mut view = store.view_mut().into_permute(&inverse[..]);
        for (axis, &step) in steps.iter().enumerate() {
            view = view.into_slice_axis(axis as isize, None, None, step);
        }
        view.assign(a);
        view.into_view()
    }

    /// Every label's extent as operands and broadcasting have it.
    fn lengths(&self, operands: &[ArrayD<i64>]) -> [usize; 7] {
        let mut lengths = [1; 7];
        for (labels, operand) in self.inputs.iter().zip(operands) {
            for (&label, &n) in labels.iter().zip(operand.shape()) {
                if n != 1 {
                    lengths[label] = n;
                }
            }
        }
        lengths
    }

    fn naive(&self, operands: &[ArrayD<i64>]) -> ArrayD<i64> {
        let lengths = self.lengths(operands);
        let shape: Vec<usize> = self.output.iter().map(|&l| lengths[l]).collect();
        let mut out = ArrayD::<i64>::zeros(shape);
        let used = |l: usize| self.inputs.iter().any(|labels| labels.contains(&l));
        let ranges = [0, 1, 2, 3, 4, 5, 6].map(|l| if used(l) { lengths[l] } else { 1 });
        let total: usize = ranges.iter().product();
        for flat in 0..total {
            let mut rest = flat;
            let index = ranges.map(|n| {
                let at = rest % n;
                rest /= n;
                at
            });
            let at = |labels: &[usize], shape: &[usize]| -> Vec<usize> {
                let pairs = labels.iter().zip(shape);
                pairs
                    .map(|(&l, &n)| if n == 1 { 0 } else { index[l] })
                    .collect()
            };
            let factors = self.inputs.iter().zip(operands);
            let product: i64 = factors
                .map(|(labels, x)| x[&at(labels, x.shape())[..]])
                .product();
            let to = at(&self.output, out.shape());
            out[&to[..]] += product;
        }
        out
    }
}

fn check(seed: u64, largest: usize) {
    let mut random = Random(seed);
    let case = Case::new(&mut random, largest);
    let values: Vec<_> = case
        .inputs
        .iter()
        .map(|l| case.operand(l, &mut random))
        .collect();
    let expected = case.naive(&values);
    let mut stores: Vec<ArrayD<i64>> = values
        .iter()
        .map(|_| ArrayD::zeros(Vec::<usize>::new()))
        .collect();
    let views: Vec<_> = values
        .iter()
        .zip(&mut stores)
        .map(|(a, store)| Case::laid_out(&mut random, a, store))
        .collect();
    let text = format!(
        "seed {seed}: {} {:?}",
        case.subscripts,
        views
            .iter()
            .map(|v| (v.shape(), v.strides()))
            .collect::<Vec<_>>()
    );
    let found = einsum(&case.subscripts, &views[..]).unwrap();
    assert_eq!(found, expected, "{text}");
    // Floating-point types run other kernels; these values are exact in them.
    let floats: Vec<_> = views.iter().map(|v| v.cast::<f64>()).collect();
    let floats: Vec<_> = floats.iter().collect();
    assert_eq!(
        einsum(&case.subscripts, &floats[..]).unwrap(),
        expected.cast::<f64>(),
        "{text}"
    );
    let shapes: Vec<_> = values.iter().map(|a| a.shape().to_vec()).collect();
    let plan = EinsumPlan::new(&case.subscripts, &shapes).unwrap();
    let mut out = ArrayD::<i64>::full(expected.t().shape().to_vec(), 7);
    plan.run_into(&views[..], &mut out.t_mut()).unwrap();
    assert_eq!(out.t(), expected, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn random_contractions_are_sums_of_products(seed: u64) {
        check(seed, 4);
    }
}

#[test]
fn larger_contractions_are_sums_of_products() {
    for seed in 0..300 {
        check(seed * 7919, 9);
    }
}

#[test]
fn every_order_that_is_given_gives_the_same() {
    let shapes = [[2, 3], [3, 4], [4, 5], [5, 2]];
    let operands =
        shapes.map(|shape| Array2::from_shape_fn(shape, |[i, j]| (7 * i + 3 * j) as i64 % 5 - 2));
    let subscripts = "ij,jk,kl,lm->im";
    let wanted = einsum(subscripts, operands.each_ref().as_slice()).unwrap();
    for first in 0..4 {
        for second in (0..4).filter(|&other| other != first) {
            for path in [
                [[first, second], [0, 1], [0, 1]],
                [[first, second], [2, 0], [1, 0]],
            ] {
                let plan = EinsumPlan::with_path(subscripts, &shapes, &path).unwrap();
                let found = plan.run(operands.each_ref().as_slice()).unwrap();
                assert_eq!(found, wanted, "{path:?}");
                // What the plan reports can be given back.
                let order: Vec<_> = plan.path().order().collect();
                let again = EinsumPlan::with_path(subscripts, &shapes, &order).unwrap();
                assert_eq!(again.path(), plan.path());
            }
        }
    }
    let path = vec![vec![0, 1], vec![0, 3], vec![0, 1]];
    let error = EinsumPlan::with_path(subscripts, &shapes, &path).unwrap_err();
    let operands = 4;
    assert_eq!(
        error,
        LinalgError::Einsum(EinsumError::Path { path, operands })
    );
    let one = EinsumPlan::with_path("ij->ji", &[[2, 3]], &[[0]]).unwrap();
    assert_eq!(
        one.run((&Array2::<i64>::ones([2, 3]),)).unwrap().shape(),
        &[3, 2]
    );
}
