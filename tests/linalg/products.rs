//! Matrix products against index-by-index loops: ranks, layouts, stacks, element types, backends.

use orthant::linalg::{self, Backend};
use orthant::prelude::*;
use orthant::{Complex, Number, SliceItem};

/// A small generator, so that cases are the same on every run.
struct Cases(u64);

impl Cases {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    /// An array of this shape with small integer values, laid out in one of many ways.
    fn array<T: Number>(&mut self, shape: &[usize], value: impl Fn(i64) -> T) -> Laid<T> {
        let ndim = shape.len();
        let mut axes: Vec<usize> = (0..ndim).collect();
        if self.below(3) > 0 {
            (1..ndim)
                .rev()
                .for_each(|i| axes.swap(i, self.below(i + 1)));
        }
        let steps: Vec<isize> = (0..ndim)
            .map(|_| [1, 1, 2, -1, -2][self.below(5)])
            .collect();
        let mut stored = vec![0; ndim];
        for axis in 0..ndim {
            stored[axes[axis]] = shape[axis] * steps[axis].unsigned_abs();
        }
        let base = ArrayD::from_shape_fn(stored, |_| value(self.below(19) as i64 - 9));
        Laid { base, axes, steps }
    }
}

/// An array and the way to look at it.
struct Laid<T> {
    base: ArrayD<T>,
    axes: Vec<usize>,
    steps: Vec<isize>,
}

impl<T> Laid<T> {
    fn view(&self) -> ArrayViewD<'_, T> {
        let step = |&step: &isize| SliceItem::Range {
            start: None,
            end: None,
            step,
        };
        let items: Vec<SliceItem> = self.steps.iter().map(step).collect();
        self.base.view().permute(&self.axes[..]).slice(&items[..])
    }
}

/// NumPy's `matmul`, from its definition.
fn naive<T: Number>(a: &ArrayRefD<T>, b: &ArrayRefD<T>) -> ArrayD<T> {
    let a2 = if a.ndim() == 1 {
        a.insert_axis(0)
    } else {
        a.view()
    };
    let b2 = if b.ndim() == 1 {
        b.insert_axis(1)
    } else {
        b.view()
    };
    let (na, nb) = (a2.ndim(), b2.ndim());
    let n = na.max(nb);
    let extent = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(n)
            .map_or(1, |axis| shape[axis])
    };
    let mut shape: Vec<usize> = (0..n - 2)
        .map(|x| {
            if extent(a2.shape(), x) == 1 {
                extent(b2.shape(), x)
            } else {
                extent(a2.shape(), x)
            }
        })
        .collect();
    shape.extend([a2.shape()[na - 2], b2.shape()[nb - 1]]);
    let k = a2.shape()[na - 1];
    let pick = |view: &ArrayRefD<T>, batch: &[usize], i: usize, j: usize| {
        let ndim = view.ndim();
        let mut index: Vec<usize> = (0..ndim - 2)
            .map(|axis| {
                if view.shape()[axis] == 1 {
                    0
                } else {
                    batch[n - ndim + axis]
                }
            })
            .collect();
        index.extend([i, j]);
        view[&index[..]]
    };
    let product = ArrayD::from_shape_fn(shape, |index: IxDyn| {
        let at = index.as_ref();
        (0..k).fold(T::zero(), |sum, l| {
            let term = pick(&a2, at, at[n - 2], l).number_mul(pick(&b2, at, l, at[n - 1]));
            sum.number_add(term)
        })
    });
    let mut out = product;
    if b.ndim() == 1 {
        out = out.into_index_axis(-1, 0);
    }
    if a.ndim() == 1 {
        let axis = if b.ndim() == 1 { -1 } else { -2 };
        out = out.into_index_axis(axis, 0);
    }
    out
}

fn compare<T: Number>(seed: u64, count: usize, value: impl Fn(i64) -> T + Copy) {
    let mut cases = Cases(seed);
    for _ in 0..count {
        let (n, k, m) = (cases.below(7), cases.below(9), cases.below(8));
        let batch: Vec<usize> = (0..cases.below(3)).map(|_| 1 + cases.below(3)).collect();
        let thin = |cases: &mut Cases, batch: &[usize]| -> Vec<usize> {
            let skip = cases.below(batch.len() + 1);
            batch[skip..]
                .iter()
                .map(|&x| if cases.below(3) == 0 { 1 } else { x })
                .collect()
        };
        let mut left = thin(&mut cases, &batch);
        let mut right = thin(&mut cases, &batch);
        if left.is_empty() && cases.below(4) == 0 {
            left = vec![k];
        } else {
            left.extend([n, k]);
        }
        if right.is_empty() && cases.below(4) == 0 {
            right = vec![k];
        } else {
            right.extend([k, m]);
        }
        let (a, b) = (cases.array(&left, value), cases.array(&right, value));
        let (a, b) = (a.view(), b.view());
        let expected = naive(&a, &b);
        let found = a.matmul(b);
        assert_eq!(found, expected, "{left:?} by {right:?}");
        assert!(found.is_c_contiguous());

        // Into an output of any layout, over what it held before.
        let mut out = cases.array(expected.shape(), value);
        let step = |&step: &isize| SliceItem::Range {
            start: None,
            end: None,
            step,
        };
        let items: Vec<SliceItem> = out.steps.iter().map(step).collect();
        let mut target = out.base.permute_mut(&out.axes[..]).into_slice(&items[..]);
        a.matmul_into(b, &mut target);
        assert_eq!(
            target,
            expected,
            "{left:?} by {right:?} into {:?}",
            target.strides()
        );
    }
}

#[test]
fn products_of_all_layouts_ranks_and_types() {
    compare(1, 400, |x| x as f64);
    compare(2, 150, |x| x as f32);
    compare(3, 150, |x| x as i32);
    compare(4, 100, |x| x as u8);
    compare(5, 150, |x| Complex::new(x as f64, (x * 7 % 5) as f64));
    compare(6, 100, |x| Complex::new(x as f32, (x * 7 % 5) as f32));
}

#[test]
fn products_of_a_users_own_number() {
    /// Dual numbers: value and derivative.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Dual(f64, f64);
    impl std::ops::Add for Dual {
        type Output = Self;
        fn add(self, o: Self) -> Self {
            Dual(self.0 + o.0, self.1 + o.1)
        }
    }
    impl std::ops::Sub for Dual {
        type Output = Self;
        fn sub(self, o: Self) -> Self {
            Dual(self.0 - o.0, self.1 - o.1)
        }
    }
    impl std::ops::Mul for Dual {
        type Output = Self;
        fn mul(self, o: Self) -> Self {
            Dual(self.0 * o.0, self.0 * o.1 + self.1 * o.0)
        }
    }
    impl std::ops::Div for Dual {
        type Output = Self;
        fn div(self, o: Self) -> Self {
            Dual(self.0 / o.0, (self.1 * o.0 - self.0 * o.1) / (o.0 * o.0))
        }
    }
    impl std::ops::Rem for Dual {
        type Output = Self;
        fn rem(self, o: Self) -> Self {
            Dual(self.0 % o.0, self.1)
        }
    }
    impl num_traits::Zero for Dual {
        fn zero() -> Self {
            Dual(0.0, 0.0)
        }
        fn is_zero(&self) -> bool {
            *self == Dual(0.0, 0.0)
        }
    }
    impl num_traits::One for Dual {
        fn one() -> Self {
            Dual(1.0, 0.0)
        }
    }
    impl Number for Dual {
        type Sum = Dual;
        type Mean = Dual;
        type Real = f64;
    }
    compare(7, 150, |x| Dual(x as f64, (x % 3) as f64));
    let x = array![[Dual(1.0, 1.0), Dual(2.0, 0.0)]];
    assert_eq!(
        &x * 2.0_f64.into_dual() + &x,
        array![[Dual(3.0, 3.0), Dual(6.0, 0.0)]]
    );

    trait IntoDual {
        fn into_dual(self) -> orthant::ScalarOperand<Dual>;
    }
    impl IntoDual for f64 {
        fn into_dual(self) -> orthant::ScalarOperand<Dual> {
            orthant::ScalarOperand(Dual(self, 0.0))
        }
    }
}

#[test]
fn large_products_run_in_blocks_and_threads() {
    for n in [97, 200, 333] {
        let a = Array2::from_shape_fn([n, n + 3], |[i, j]| ((i * 7 + j * 3) % 11) as f64 - 5.0);
        let b = Array2::from_shape_fn([n - 5, n + 3], |[i, j]| ((i * 5 + j) % 13) as f64 - 6.0);
        let b = b.t();
        let expected = Array2::from_shape_fn([n, n - 5], |[i, j]| {
            a.row(i)
                .iter()
                .zip(b.column(j))
                .map(|(x, y)| x * y)
                .sum::<f64>()
        });
        assert_eq!(a.matmul(b), expected);
        assert_eq!(orthant::with_threads(1, || a.matmul(b)), expected);
        assert_eq!(
            a.cast::<i64>().matmul(&b.cast::<i64>()),
            expected.cast::<i64>()
        );
    }
}

#[test]
fn both_backends_agree() {
    let a = Array3::from_shape_fn([3, 20, 30], |[b, i, j]| ((b + i * 7 + j * 3) % 11) as f64);
    let b = Array2::from_shape_fn([30, 25], |[i, j]| ((i * 5 + j) % 13) as f64 - 6.0);
    let expected = naive(&a.view_dyn(), &b.view_dyn());
    let config = orthant::config().to_string();
    for (name, backend) in [("lapack", Backend::Lapack), ("embedded", Backend::Embedded)] {
        let compiled = std::panic::catch_unwind(|| linalg::with_backend(backend, || ())).is_ok();
        if compiled {
            assert_eq!(
                linalg::with_backend(backend, || a.matmul(&b)),
                expected,
                "{name}"
            );
            let strided = a.slice(s![.., ..;-2, ..]);
            let expected = naive(&strided.view_dyn(), &b.view_dyn());
            assert_eq!(
                linalg::with_backend(backend, || strided.matmul(&b)),
                expected,
                "{name}"
            );
        } else {
            assert!(!config.is_empty());
        }
    }
}

#[test]
fn nothing_to_sum_over_gives_zeros() {
    let c = Array2::<f64>::zeros([2, 0]).matmul(&Array2::zeros([0, 3]));
    assert_eq!(c, Array2::<f64>::zeros([2, 3]));
    let mut c = Array2::full([2, 3], f64::NAN);
    Array2::<f64>::zeros([2, 0]).matmul_into(&Array2::zeros([0, 3]), &mut c);
    assert_eq!(c, Array2::<f64>::zeros([2, 3]));
    let empty = Array3::<f64>::zeros([0, 2, 3]).matmul(&Array2::zeros([3, 4]));
    assert_eq!(empty.shape(), &[0, 2, 4]);
    assert_eq!(Array1::<f64>::zeros(0).dot(&Array1::zeros(0)), 0.0);
}

#[test]
fn dot_inner_and_outer_follow_numpy() {
    let a = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
    let b = Array1::arange(0, 40, 1).into_reshape([5, 4, 2]);
    let d = a.dot(&b);
    assert_eq!(d.shape(), &[2, 3, 5, 2]);
    for ([i, j, k, l], &value) in d.indexed_iter() {
        let naive: i32 = (0..4).map(|s| a[[i, j, s]] * b[[k, s, l]]).sum();
        assert_eq!(value, naive);
    }
    let c = Array1::arange(0, 20, 1).into_reshape([5, 4]);
    let inner = linalg::inner(&a, &c);
    assert_eq!(inner.shape(), &[2, 3, 5]);
    for ([i, j, k], &value) in inner.indexed_iter() {
        assert_eq!(value, (0..4).map(|s| a[[i, j, s]] * c[[k, s]]).sum::<i32>());
    }
    assert_eq!(linalg::inner(&array![1, 2, 3], &array![4, 5, 6]), 32);
    assert_eq!(a.t().dot(&array![1, -1]).shape(), &[4, 3]);
    assert_eq!(linalg::outer(&c, &array![1, 10]).shape(), &[20, 2]);
    assert_eq!(linalg::outer(&c.t(), &array![1, 10])[[1, 1]], 40);
    let complex = array![Complex::new(0.0, 1.0)];
    assert_eq!(
        complex.dot(&complex),
        Complex::new(-1.0, 0.0),
        "not conjugated"
    );
}

/// A number, as an array without axes, multiplies.
#[test]
fn zero_dimensional_operands_of_dot_and_inner_multiply() {
    let two = Array0::from(2);
    let a = array![[1, 2], [3, 4]];
    assert_eq!(a.dot(&two), &a * 2);
    assert_eq!(two.dot(&a), &a * 2);
    assert_eq!(linalg::inner(&a, &two), &a * 2);
    assert_eq!(linalg::inner(&two, &array![5, 6]), array![10, 12]);
    assert_eq!(two.dot(&two), Array0::from(4));
    let dynamic = two.view_dyn();
    assert_eq!(linalg::try_dot(&dynamic, &a).unwrap(), (&a * 2).into_dyn());
    assert_eq!(
        linalg::try_inner(&a, &dynamic).unwrap(),
        (&a * 2).into_dyn()
    );
    assert_eq!(a.t().dot(&two).shape(), &[2, 2]);
}

#[test]
fn errors_say_what_numpy_says() {
    let ones = |shape: &[usize]| ArrayD::<f64>::ones(shape);
    let text = |a: &[usize], b: &[usize]| ones(a).try_matmul(&ones(b)).unwrap_err().to_string();
    assert_eq!(
        text(&[2, 3], &[4, 5]),
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (n?,k),(k,m?)->(n?,m?) (size 4 is different from 3) (shapes (2,3) (4,5))"
    );
    assert_eq!(
        text(&[], &[4]),
        "matmul: Input operand 0 does not have enough dimensions (has 0, gufunc core with signature \
         (n?,k),(k,m?)->(n?,m?) requires 1) (shapes () (4,))"
    );
    assert!(text(&[2, 3, 4], &[5, 4, 6]).contains("(2,3,4) (5,4,6)"));
    assert_eq!(
        linalg::try_dot(&ones(&[2, 8]), &ones(&[4, 5]))
            .unwrap_err()
            .to_string(),
        "dot: shapes (2,8) and (4,5) not aligned: 8 (dim 1) != 4 (dim 0)"
    );
    let mut out = Array2::<f64>::zeros([2, 2]);
    let a = Array2::<f64>::ones([2, 3]);
    let error = a
        .try_matmul_into(a.t(), &mut out.slice_mut(s![..1, ..]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "matmul: output has shape (1,2), the result has shape (2,2)"
    );
}

#[test]
fn infinities_and_nans_travel() {
    let a = array![[f64::INFINITY, 1.0], [0.0, f64::NAN]];
    let b = array![[1.0, 0.0], [2.0, 0.0]];
    let c = a.matmul(&b);
    assert_eq!(c[[0, 0]], f64::INFINITY);
    assert!(c[[0, 1]].is_nan() && c[[1, 0]].is_nan() && c[[1, 1]].is_nan());
}
