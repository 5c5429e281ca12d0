//! What users of NumPy's tutorials expect to work: a test per line of a checklist, named after it.

#[path = "numpy_checklist/linalg.rs"]
mod linalg;
#[path = "numpy_checklist/products.rs"]
mod products;
#[path = "numpy_checklist/reductions.rs"]
mod reductions;

use orthant::ufunc;
use orthant::{ScalarOperand, fused, prelude::*, where_};

mod broadcasting {
    use super::*;

    fn shape_of(a: &[usize], b: &[usize]) -> Result<Vec<usize>, String> {
        let (a, b) = (ArrayD::<f64>::zeros(a), ArrayD::<f64>::zeros(b));
        let sum = a.try_add(&b).map_err(|error| error.to_string())?;
        Ok(sum.shape().to_vec())
    }

    #[test]
    fn four_rules() {
        assert_eq!(shape_of(&[8, 1, 6, 1], &[7, 1, 5]), Ok(vec![8, 7, 6, 5]));
        assert!(shape_of(&[3], &[4]).is_err());
    }

    #[test]
    fn the_stride_of_a_repeated_row_is_zero() {
        let row = Array1::<f64>::ones(5);
        assert_eq!(row.broadcast_to([100, 5]).strides(), &[0, 1]);
        let x = Array2::<f64>::ones([100, 5]);
        assert_eq!(&x + &row, Array2::<f64>::full([100, 5], 2.0));
    }

    #[test]
    fn scalar_to_an_image() {
        let image = Array3::<f64>::ones([100, 100, 3]) * 2.0;
        assert_eq!(image, Array3::<f64>::full([100, 100, 3], 2.0));
    }

    #[test]
    fn bias_row_sum_and_outer_product() {
        let x = Array2::from_shape_fn([100, 10], |[i, j]| (i + j + 1) as f64);
        let row = Array1::<f64>::full(10, 2.0);
        assert_eq!((&x + &row)[[99, 9]], 111.0);
        assert_eq!((&x - x.mean_axis(0)).mean_axis(0), Array1::zeros(10));
        let standard = (&x - x.mean_axis(0)) / x.std_axis(0);
        assert!(standard.std_axis(0).all_close(1.0, 1e-14, 0.0));
        let shares = &x / x.sum_keepdims(1);
        assert!(shares.sum_axis(1).all_close(1.0, 1e-15, 0.0));
        assert_eq!(
            array![[1], [2], [3]] * array![10, 20, 30, 40],
            array![[10, 20, 30, 40], [20, 40, 60, 80], [30, 60, 90, 120]]
        );
    }

    #[test]
    fn quiz() {
        assert_eq!(shape_of(&[3, 4], &[4]), Ok(vec![3, 4]));
        assert_eq!(shape_of(&[3, 4], &[3, 1]), Ok(vec![3, 4]));
        assert_eq!(shape_of(&[3, 4], &[1, 4]), Ok(vec![3, 4]));
        assert_eq!(
            shape_of(&[3, 4], &[3]),
            Err("operands could not be broadcast together with shapes (3,4) (3,)".to_owned())
        );
        assert_eq!(shape_of(&[5, 1, 4], &[3, 4]), Ok(vec![5, 3, 4]));
        assert_eq!(
            shape_of(&[3, 4], &[4, 3]),
            Err("operands could not be broadcast together with shapes (3,4) (4,3)".to_owned())
        );
    }

    #[test]
    fn a_plus_b_transposed() {
        let (a, b) = (Array2::<f64>::ones([3, 4]), Array2::<f64>::ones([4, 3]));
        assert_eq!((&a + b.t()).shape(), &[3, 4]);
    }

    #[test]
    fn a_mean_of_rows_needs_its_axis_kept() {
        let x = Array2::from_shape_fn([100, 10], |[i, _]| i as f64);
        assert_eq!(x.mean_axis(1).shape(), &[100]);
        assert!(x.try_sub(&x.mean_axis(1)).is_err());
        assert_eq!(x.mean_keepdims(1).shape(), &[100, 1]);
        assert_eq!(&x - x.mean_keepdims(1), Array2::<f64>::zeros([100, 10]));
    }

    #[test]
    fn both_sides_expand() {
        assert_eq!(shape_of(&[32, 768], &[768]), Ok(vec![32, 768]));
        assert_eq!(shape_of(&[32, 1], &[1, 64]), Ok(vec![32, 64]));
        assert!(shape_of(&[3, 4], &[5]).is_err());
    }

    #[test]
    fn pairwise_distances() {
        let (a, b) = (
            Array2::<f64>::full([100, 1], 3.0),
            Array1::<f64>::full(50, 4.0),
        );
        let products = Array2::<f64>::full([100, 50], 7.0);
        assert_eq!(&a + &b - &products, Array2::<f64>::zeros([100, 50]));
    }

    #[test]
    fn bias_of_the_wrong_length() {
        let x = Array2::<f64>::zeros([32, 64]);
        assert_eq!((&x + &Array1::<f64>::ones(64)).shape(), &[32, 64]);
        assert_eq!(
            x.try_add(&Array1::<f64>::ones(32))
                .map(|_| ())
                .unwrap_err()
                .to_string(),
            "operands could not be broadcast together with shapes (32,64) (32,)"
        );
        assert_eq!(
            (&x + Array1::<f64>::ones(32).reshape([-1, 1])).shape(),
            &[32, 64]
        );
        assert_eq!(shape_of(&[32, 1], &[1]), Ok(vec![32, 1]));
    }

    #[test]
    fn in_place_with_four_axes() {
        let mut scores = Array4::from_shape_fn([2, 3, 4, 5], |[i, j, k, l]| {
            (100 * i + 10 * j + k + l) as f64
        });
        let highest = scores.max_keepdims(-1);
        scores -= &highest;
        let expected = array![-4.0, -3.0, -2.0, -1.0, 0.0];
        assert_eq!(scores, expected.broadcast_to([2, 3, 4, 5]));
        let mut weights = scores.exp();
        let sums = weights.sum_keepdims(-1);
        weights /= &sums;
        assert_eq!(sums.shape(), &[2, 3, 4, 1]);
        assert!(weights.sum_axis(-1).all_close(1.0, 1e-15, 0.0));
    }

    #[test]
    fn a_column_requires_reshaping() {
        let x = Array2::<f64>::zeros([3, 4]);
        let column = array![1.0, 2.0, 3.0];
        assert!(x.try_add(&column).is_err());
        assert_eq!((&x + column.slice(s![.., NewAxis])).column(3), column);
    }
}

mod arithmetic {
    use super::*;

    #[test]
    fn hadamard_and_scalars() {
        let (a, b) = (
            array![[1.0, 2.0], [3.0, 4.0]],
            array![[5.0, 6.0], [7.0, 8.0]],
        );
        assert_eq!(&a * &b, array![[5.0, 12.0], [21.0, 32.0]]);
        assert_eq!(&b - &a, Array2::<f64>::full([2, 2], 4.0));
        assert_eq!(2.0 * &a / 2.0 + 1.0 - 1.0, a);
        assert_eq!(a.pow(2.0), array![[1.0, 4.0], [9.0, 16.0]]);
        assert_eq!(a.powi(2), a.square());
        assert_eq!(-&a + &a, Array2::<f64>::zeros([2, 2]));
        let x = array![0.0, 2.0];
        assert_eq!(
            1.0 / (1.0 + (-&x).exp()),
            array![0.5, 1.0 / (1.0 + (-2.0_f64).exp())]
        );
    }

    #[test]
    fn maximum_with_a_scalar_on_either_side() {
        let x = array![-1.0, 2.0];
        assert_eq!(x.maximum(0.0), array![0.0, 2.0]);
        assert_eq!(
            ufunc::Maximum.call(ScalarOperand(0.0), &x),
            array![0.0, 2.0]
        );
    }

    #[test]
    fn functions_of_arrays_and_scalars() {
        let x = array![1.0, 4.0];
        assert_eq!(x.sqrt(), array![1.0, 2.0]);
        assert_eq!(x.log().exp().round(12), x);
        assert_eq!(ufunc::Exp.call(ScalarOperand(0.0)).item(), 1.0);
        assert_eq!((-&x).abs(), x);
        assert_eq!(array![0.0].tanh(), array![0.0]);
        assert_eq!(array![f64::NAN, 1.0].isnan(), array![true, false]);
        assert_eq!(ufunc::Sqrt.call(ScalarOperand(64.0)).item(), 8.0);
    }

    #[test]
    fn comparisons_give_bool() {
        let labels = array![0, 2, 1, 2];
        let is_two: Array1<bool> = labels.equal(2);
        assert_eq!(is_two, array![false, true, false, true]);
        assert_eq!(
            labels.greater(0) & labels.less(2),
            array![false, false, true, false]
        );
    }

    #[test]
    fn round_to_decimals() {
        assert_eq!(array![12.3456, 0.285].round(2), array![12.35, 0.28]);
        assert_eq!(array![[0.0005, 1.2345]].round(3), array![[0.0, 1.234]]);
    }

    #[test]
    fn relu() {
        let x = array![[2.0, 1.0, 0.1], [0.5, 1.5, 2.0]];
        assert_eq!(x.maximum(0.0), x);
        assert_eq!(x.relu(), x);
    }

    #[test]
    fn sigmoid_and_tanh() {
        let x = array![-1000.0, 0.0, 2.0, 1000.0];
        let sigmoid: Array1<f64> = 1.0 / (1.0 + (-&x).exp());
        assert_eq!(sigmoid.round(4), array![0.0, 0.5, 0.8808, 1.0]);
        assert!(x.sigmoid().all_close(&sigmoid, 1e-15, 0.0));
        assert_eq!(x.tanh().round(4), array![-1.0, 0.0, 0.964, 1.0]);
    }

    #[test]
    fn stable_softmax() {
        let x = array![[2.0, 1.0, 0.1], [0.5, 1.5, 2.0]];
        let e = (&x - x.max_keepdims(-1)).exp();
        let softmax = &e / e.sum_keepdims(-1);
        let expected = array![[0.659, 0.2424, 0.0986], [0.122, 0.3315, 0.5465]];
        assert_eq!(softmax.round(4), expected);
        assert!(softmax.sum_axis(-1).all_close(1.0, 1e-15, 0.0));
        assert!(x.softmax(-1).all_close(&softmax, 1e-15, 0.0));
    }

    #[test]
    fn in_place_by_a_scalar() {
        let mut a = Array2::<f64>::zeros([3, 3]);
        let before = a.as_ptr();
        a += 0.25;
        assert_eq!((a.as_ptr(), a[[2, 2]]), (before, 0.25));
        let other = &a + 0.25;
        assert_ne!(other.as_ptr(), a.as_ptr());
    }

    #[test]
    fn image_divided_by_255() {
        let mut image = Array3::<f64>::full([100, 100, 3], 255.0);
        image /= 255.0;
        assert_eq!(image, Array3::<f64>::ones([100, 100, 3]));
        let bytes = Array3::<u8>::full([2, 2, 3], 255);
        assert_eq!(bytes.divide(255), Array3::<f64>::ones([2, 2, 3]));
    }

    #[test]
    fn standardise_in_place() {
        let mut x = array![[1.0, 10.0], [3.0, 30.0]];
        let before = x.as_ptr();
        x -= x.mean_axis(0);
        x /= x.std_axis(0);
        assert_eq!(x, array![[-1.0, -1.0], [1.0, 1.0]]);
        assert_eq!(x.as_ptr(), before);
    }

    #[test]
    fn dot_into_an_array_that_exists() {
        let a = array![[1.0, 2.0], [3.0, 4.0]];
        let mut c = Array2::<f64>::full([2, 2], 9.0);
        a.matmul_into(&a, &mut c);
        assert_eq!(c, a.matmul(&a));
    }

    #[test]
    fn precedence_of_products() {
        let (u, s, vt) = (
            array![[1.0, 2.0], [3.0, 4.0]],
            array![2.0, 3.0],
            array![[1.0, 0.0], [1.0, 1.0]],
        );
        let left = (u.slice(s![.., ..2]) * s.slice(s![..2])).matmul(vt.slice(s![..2, ..]));
        assert_eq!(left, array![[8.0, 6.0], [18.0, 12.0]]);
        let doubled: Array2<f64> = 2.0 * &u;
        assert_eq!(doubled.matmul(vt.t()), 2.0 * u.matmul(vt.t()));
    }

    #[test]
    fn relu_of_a_sum_and_the_sum_of_relus() {
        let (x1, x2) = (array![2.0, -1.0], array![-2.0, 4.0]);
        assert_eq!((&x1 + &x2).relu(), array![0.0, 3.0]);
        assert_eq!(x1.relu() + x2.relu(), array![2.0, 4.0]);
    }

    #[test]
    fn exponentially_weighted_mean() {
        let (x, alpha) = (array![1.0, 2.0, 3.0], 0.5);
        let mean = x.accumulate_with(0, fused!(|mean, x| alpha * x + (1.0 - alpha) * mean));
        assert_eq!(mean, array![1.0, 1.5, 2.25]);
        let from_zero = x.scan(0, 0.0, |mean, x| {
            *mean = alpha * x + (1.0 - alpha) * *mean;
            *mean
        });
        assert_eq!(from_zero, array![0.5, 1.25, 2.125]);
    }

    #[test]
    fn linearity() {
        let (w, x) = (array![[2.0, 1.0], [0.0, 3.0], [1.0, 2.0]], array![1.0, 2.0]);
        assert_eq!(w.matmul(&x), array![4.0, 6.0, 5.0]);
        assert_eq!(w.matmul(3.0 * &x), array![12.0, 18.0, 15.0]);
        assert_eq!(w.matmul(3.0 * &x), 3.0 * w.matmul(&x));
    }
}

mod masks {
    use super::*;

    #[test]
    fn hard_tanh_and_masked_assignment() {
        let mut x = array![[-5.0, 0.5], [4.0, -0.5]];
        let nested = where_(&x.greater(1.0), 1.0, &where_(&x.less(-1.0), -1.0, &x));
        assert_eq!(nested, x.clip(-1.0, 1.0));
        x.mask_fill(&x.less(-3.0), -3.0);
        x.mask_fill(&x.greater(3.0), 3.0);
        assert_eq!(x, array![[-3.0, 0.5], [3.0, -0.5]]);
    }

    #[test]
    fn missing_values() {
        let data = array![1.0, f64::NAN, 3.0, f64::NAN, 5.0];
        assert_eq!(
            where_(&data.isnan(), -1.0, &data),
            array![1.0, -1.0, 3.0, -1.0, 5.0]
        );
    }

    #[test]
    fn attention_mask() {
        let scores = Array3::<f64>::ones([2, 3, 3]);
        let mask = array![[true, false, true]];
        assert_eq!(
            where_(&mask, &scores, -1e9).slice(s![1, 2, ..]),
            array![1.0, -1e9, 1.0]
        );
    }

    #[test]
    fn selection_in_row_major_order() {
        let x = Array1::arange(0, 12, 1).into_reshape([3, 4]);
        assert_eq!(x.mask(&x.greater(5)), array![6, 7, 8, 9, 10, 11]);
        assert_eq!(x.t().mask(&x.t().greater(5)), array![8, 9, 6, 10, 7, 11]);
    }

    #[test]
    fn nonzero() {
        let x = array![0, 1, 0, 3, 0, 5];
        assert_eq!(x.nonzero()[0], array![1, 3, 5]);
        assert_eq!(x.mask(&x.not_equal(0)), array![1, 3, 5]);
        let indices = array![[0, 3], [4, 0]].greater(2).nonzero();
        assert_eq!((indices[0].len(), &indices[1]), (2, &array![1, 0]));
    }
}
