//! The forms of functions: fresh, into, in place, under a mask; broadcasting, layouts, types.

use orthant::{Complex, Float, Number, Real, ShapeError, ufunc};
use orthant::{ScalarOperand, prelude::*, where_};

#[test]
fn one_bound_of_the_ladder_is_enough() {
    fn float<T: Float>(x: &ArrayRef2<T>) -> Array2<T> {
        x.exp().maximum(&x.abs()).square()
    }
    fn real<T: Real>(x: &ArrayRef1<T>) -> Array1<T> {
        let zero = ScalarOperand(T::zero());
        where_(&x.greater(zero), &x.minimum(x), zero)
            .clip(zero, ScalarOperand(T::one()))
            .sign()
    }
    fn number<T: Number>(x: &ArrayRef1<T>) -> Array1<bool> {
        x.square().equal(x).logical_and(&x.logical_not())
    }
    assert_eq!(float(&array![[0.0, -3.0]]), array![[1.0, 9.0]]);
    assert_eq!(float(&array![[0.0_f32]]), array![[1.0_f32]]);
    assert_eq!(real(&array![-1, 0, 7]), array![0, 0, 1]);
    assert_eq!(
        number(&array![Complex::new(0.0, 0.0), Complex::new(0.0, 1.0)]),
        array![true, false]
    );
}

#[test]
fn every_form_gives_the_same() {
    let x = array![[0.5, 1.5], [2.5, -3.5]];
    let y = array![1.0, -1.0];
    let mut out = Array2::<f64>::zeros([2, 2].f());
    ufunc::Exp.call_into(&x, &mut out);
    assert_eq!(out, x.exp());
    assert_eq!(ufunc::Exp.call(x.view()), out);
    ufunc::Exp.call_into(&y, &mut out.slice_mut(s![.., ..;-1]));
    assert_eq!(out, y.exp().slice(s![..;-1]).broadcast_to([2, 2]));
    let mut z = x.clone();
    ufunc::Exp.call_inplace(&mut z.t_mut());
    assert_eq!(z, x.exp());
    ufunc::Maximum.call_into(&x, &y, &mut out);
    assert_eq!(out, x.maximum(&y));
    let mut z = x.clone();
    ufunc::Maximum.call_inplace(&mut z, 0.0);
    assert_eq!(z, array![[0.5, 1.5], [2.5, 0.0]]);
    let mask = x.greater(1.0);
    let mut z = Array2::<f64>::zeros([2, 2]);
    ufunc::Exp.call_where(&x, &mask, &mut z);
    assert_eq!(z, where_(&mask, &x.exp(), 0.0));
    let mut z = Array2::<f64>::full([2, 2], 7.0);
    ufunc::Add.call_where(&x, 1.0, &mask, &mut z.t_mut().t_mut());
    assert_eq!(z, where_(&mask, &(&x + 1.0), 7.0));
    let mut b = array![true, true];
    ufunc::Greater.call_into(&y, 0.0, &mut b);
    assert_eq!(b, array![true, false]);
}

#[test]
fn mistakes_in_shapes_are_numpys() {
    let x = Array2::<f64>::zeros([2, 3]);
    let mut out = Array1::<f64>::zeros(3);
    let text = |e: Result<(), ShapeError>| e.unwrap_err().to_string();
    let expected =
        "non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)";
    assert_eq!(text(ufunc::Exp.try_call_into(&x, &mut out)), expected);
    assert_eq!(text(ufunc::Add.try_call_into(&x, 1.0, &mut out)), expected);
    assert_eq!(text(ufunc::Add.try_call_inplace(&mut out, &x)), expected);
    assert_eq!(
        text(ufunc::Add.try_call(&x, &array![1.0, 2.0]).map(|_| ())),
        "operands could not be broadcast together with shapes (2,3) (2,)"
    );
    assert_eq!(
        text(ufunc::Exp.try_call_where(&out.clone(), &array![true, false], &mut out)),
        "operands could not be broadcast together with shapes (3,) (2,) (3,)"
    );
}

/// The traps of NumPy's semantics, each named after its line.
mod traps {
    use super::*;

    /// The first element, whose type bare literals leave open.
    fn first(x: Array1<f64>) -> f64 {
        x[0]
    }

    #[test]
    fn maximum_propagates_nan_and_fmax_does_not() {
        let (x, nan) = (
            array![1.0, f64::NAN, f64::NAN],
            array![f64::NAN, 1.0, f64::NAN],
        );
        assert!(
            x.maximum(&nan)
                .iter()
                .chain(x.minimum(&nan).iter())
                .all(|v| v.is_nan())
        );
        assert_eq!(x.fmax(&nan).slice(s![..2]), array![1.0, 1.0]);
        assert!(x.fmin(&nan)[2].is_nan());
    }

    #[test]
    fn sign_of_zeros_and_nan() {
        let found = array![-0.0, 0.0, f64::NAN, -3.0, f64::INFINITY].sign();
        assert_eq!(found.slice(s![..2]), array![0.0, 0.0]);
        assert!(found[2].is_nan() && found[3] == -1.0 && found[4] == 1.0);
        assert_eq!(array![0, -5, 7].sign(), array![0, -1, 1]);
        let z = array![Complex::new(3.0_f64, 4.0)];
        assert!(z.sign().all_close(&(&z / 5.0), 1e-15, 0.0));
    }

    #[test]
    fn round_is_half_to_even() {
        let found: Array1<f64> = array![0.5, 1.5, 2.5, -0.5].round(0);
        assert_eq!(found, array![0.0, 2.0, 2.0, -0.0]);
        assert!(found[3].is_sign_negative());
        assert_eq!(
            array![2.675, 0.285, 1.005].round(2),
            array![2.68, 0.28, 1.0]
        );
        assert_eq!(array![15, 25, -15].round(-1), array![20, 20, -20]);
    }

    #[test]
    fn remainder_has_the_sign_of_the_divisor() {
        assert_eq!(array![-7, 7].remainder(&array![2, -2]), array![1, -1]);
        assert_eq!(
            array![7.0].remainder(f64::NEG_INFINITY),
            array![f64::NEG_INFINITY]
        );
        assert!(first(array![7.0].remainder(0.0)).is_nan());
        assert!(first(array![4.0].remainder(-2.0)).is_sign_negative());
        assert_eq!(array![-7, 7].fmod(&array![2, -2]), array![-1, 1]);
    }

    #[test]
    fn floor_divide_is_npy_divmod() {
        assert_eq!(array![-7].floor_divide(2), array![-4]);
        assert_eq!(array![1.0].floor_divide(0.1), array![9.0]);
        assert_eq!(array![1.0].floor_divide(0.0), array![f64::INFINITY]);
        assert!(first(array![f64::INFINITY].floor_divide(2.0)).is_nan());
    }

    #[test]
    fn integers_wrap() {
        assert_eq!(ufunc::Add.call(&array![127_i8], 1), array![-128_i8]);
        assert_eq!(array![-128_i8].abs(), array![-128_i8]);
        assert_eq!(ufunc::Negative.call(&array![1_u8]), array![255_u8]);
        assert_eq!(array![2_u64].pow(64), array![0_u64]);
        assert_eq!(array![1 << 32].square(), array![0_i64]);
    }

    #[test]
    fn integers_by_zero_give_zero() {
        assert_eq!(array![5, -5].floor_divide(0), array![0, 0]);
        assert_eq!(array![5, -5].remainder(0), array![0, 0]);
        assert_eq!(array![5, -5].fmod(0), array![0, 0]);
        assert_eq!(array![-128_i8].floor_divide(-1), array![-128_i8]);
        assert_eq!(array![-128_i8].remainder(-1), array![0_i8]);
    }

    #[test]
    fn integers_divide_into_floats() {
        let found: Array1<f64> = array![1, -1, 0].divide(0);
        assert_eq!(
            found.slice(s![..2]),
            array![f64::INFINITY, f64::NEG_INFINITY]
        );
        assert!(found[2].is_nan());
        assert_eq!(array![1_i8, 2].divide(&array![2_i8, 2]), array![0.5, 1.0]);
    }

    #[test]
    fn integers_to_negative_powers() {
        assert_eq!(
            array![2, 1, -1, -1, 0].pow(&array![-1, -9, -2, -3, -1]),
            array![0, 1, 1, -1, 0]
        );
        let error = array![2, 3].checked_pow(&array![1, -1]).unwrap_err();
        assert_eq!(error, ShapeError::NegativePower { index: vec![1] });
        assert_eq!(array![0].pow(0), array![1]);
        assert_eq!(array![2_i8].pow(7), array![-128_i8]);
    }

    #[test]
    fn powers_of_floats() {
        assert_eq!(array![0.0].pow(-1.0), array![f64::INFINITY]);
        assert_eq!(array![1.0].pow(f64::NAN), array![1.0]);
        assert_eq!(array![f64::NAN].pow(0.0), array![1.0]);
        assert!(first(array![-8.0].pow(1.0 / 3.0)).is_nan());
        assert_eq!(array![-8.0].pow(3.0), array![-512.0]);
        assert_eq!(
            array![-8.0, -0.0].powi(-1),
            array![-0.125, f64::NEG_INFINITY]
        );
    }

    #[test]
    fn shifts_beyond_the_width() {
        assert_eq!(array![1_i64].left_shift(&array![64, -1]), array![0, 0]);
        assert_eq!(array![-1].right_shift(40), array![-1]);
        assert_eq!(array![1_i8].left_shift(8), array![0_i8]);
    }

    #[test]
    fn clip_with_reversed_and_nan_bounds() {
        assert_eq!(array![1.0, 5.0].clip(3.0, 2.0), array![2.0, 2.0]);
        assert!(
            array![1.0, 5.0]
                .clip(f64::NAN, 2.0)
                .iter()
                .all(|v| v.is_nan())
        );
        assert!(first(array![f64::NAN].clip(0.0, 1.0)).is_nan());
    }

    #[test]
    fn roots_and_logarithms_at_the_edge() {
        assert!(first(array![-1.0_f64].sqrt()).is_nan() && first(array![-1.0_f64].log()).is_nan());
        assert_eq!(array![0.0_f64].log(), array![f64::NEG_INFINITY]);
        assert!(first(array![-0.0_f64].sqrt()).is_sign_negative());
    }

    #[test]
    fn reciprocals_of_integers() {
        assert_eq!(array![2, 0, -1].reciprocal(), array![0, i32::MIN, -1]);
    }

    #[test]
    fn signed_zeros_and_infinities() {
        assert_eq!(array![f64::INFINITY].hypot(f64::NAN), array![f64::INFINITY]);
        assert_eq!(
            array![0.0, -0.0].atan2(&array![-0.0, -1.0]),
            array![std::f64::consts::PI, -std::f64::consts::PI]
        );
        assert_eq!(
            array![-f64::NAN].signbit(),
            array![(-f64::NAN).is_sign_negative()]
        );
    }

    #[test]
    fn bool_adds_as_or_and_multiplies_as_and() {
        let (p, q) = (array![true, false], array![true, true]);
        assert_eq!(ufunc::Add.call(&p, &q), array![true, true]);
        assert_eq!(ufunc::Multiply.call(&p, &q), array![true, false]);
        assert_eq!(ufunc::Add.reduce(&q, 0).item(), 2_i64);
        let mut either = p.clone();
        ufunc::Add.call_inplace(&mut either, &q);
        assert_eq!(either, array![true, true]);
        // all combinations, past the length of a register
        let (p, q) = (
            Array1::from_shape_fn(150, |[i]| i % 2 == 0),
            Array1::from_shape_fn(150, |[i]| i % 3 == 0),
        );
        assert_eq!(ufunc::Add.call(&p, &q), p.logical_or(&q));
        assert_eq!(ufunc::Multiply.call(&p, &q), p.logical_and(&q));
        assert_eq!(p.maximum(&q), p.logical_or(&q));
        assert_eq!(p.minimum(&q), p.logical_and(&q));
        assert_eq!(&p ^ &q, p.not_equal(&q));
        assert_eq!(!&p, p.logical_not());
    }

    #[test]
    fn bool_sums_as_integers_and_averages_as_floats() {
        let x = array![[true, true, false], [true, false, false]];
        let (sum, mean): (i64, f64) = (x.sum(), x.mean());
        assert_eq!((sum, mean), (3, 0.5));
        assert_eq!(x.prod(), 0_i64);
        assert_eq!(x.sum_axis(0), array![2_i64, 1, 0]);
        assert_eq!(x.cumsum(), array![1_i64, 2, 2, 3, 3, 3]);
        assert_eq!(x.mean_axis(1), array![2.0 / 3.0, 1.0 / 3.0]);
        assert_eq!((x.max(), x.min()), (true, false));
        assert_eq!((x.argmax(), x.argmin()), (0, 2));
        assert_eq!(x.divide(&x).isnan(), x.logical_not());
        assert_eq!(x.exp().row(1), array![1.0_f64.exp(), 1.0, 1.0]);
    }

    #[test]
    fn casts_of_floats_saturate_and_nan_becomes_zero() {
        let x = array![
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e20,
            -1e20,
            2.9,
            -2.9
        ];
        let to_i32 = array![0, i32::MAX, i32::MIN, i32::MAX, i32::MIN, 2, -2];
        assert_eq!(x.cast::<i32>(), to_i32);
        let to_u8 = array![0, 255, 0, 255, 0, 2, 0];
        assert_eq!(x.cast::<u8>(), to_u8);
        assert_eq!(x.cast::<f32>().cast::<i64>(), x.cast::<i64>());
        // the ends of a type, past the length of a register and strided
        let ends = array![-128.9, -129.0, 127.9, 128.0, -0.9];
        let many = Array2::from_shape_fn([5, 70], |[i, _]| ends[i]);
        let wanted = array![-128_i8, -128, 127, 127, 0];
        assert_eq!(many.cast::<i8>().column(69), wanted);
        assert_eq!(many.t().slice(s![..;-3, ..]).cast::<i8>().row(3), wanted);
        let single = many.cast::<f32>();
        assert_eq!(single.cast::<i8>().column(1), wanted);
    }

    #[test]
    fn casts_to_smaller_integers_wrap() {
        assert_eq!(
            array![300, -1, 256, 255].cast::<u8>(),
            array![44, 255, 0, 255]
        );
        assert_eq!(array![200_u8, 255].cast::<i8>(), array![-56, -1]);
        assert_eq!(array![-1_i64, 1 << 40].cast::<u32>(), array![u32::MAX, 0]);
        assert_eq!(array![-1_i8].cast::<u64>(), array![u64::MAX]);
        assert_eq!(array![u64::MAX].cast::<i64>(), array![-1]);
        let many = Array1::<i32>::arange(-300, 300, 1);
        assert_eq!(many.cast::<u8>(), many.remainder(256).map(|x| *x as u8));
    }

    #[test]
    fn integer_functions_keep_their_type() {
        let x: Array1<i8> = array![-7_i8].floor().ceil().trunc().round(3);
        assert_eq!(x, array![-7_i8]);
        let ones: Array1<u8> = array![-7].bitwise_count();
        assert_eq!(ones, array![3]);
        assert_eq!(array![0, -4].gcd(&array![0, 6]), array![0, 2]);
    }
}

#[test]
fn number_types_of_the_users() {
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
    struct Cents(i64);
    macro_rules! ops {
        ($($trait:ident $method:ident $op:tt),+) => {$(
            impl std::ops::$trait for Cents {
                type Output = Cents;
                fn $method(self, other: Cents) -> Cents {
                    Cents(self.0 $op other.0)
                }
            }
        )+};
    }
    ops!(Add add +, Sub sub -, Mul mul *, Div div /, Rem rem %);
    impl num_traits::Zero for Cents {
        fn zero() -> Self {
            Cents(0)
        }
        fn is_zero(&self) -> bool {
            self.0 == 0
        }
    }
    impl num_traits::One for Cents {
        fn one() -> Self {
            Cents(1)
        }
    }
    impl Number for Cents {
        type Sum = Cents;
        type Mean = Cents;
        type Real = Cents;
    }
    impl Real for Cents {}

    let x = array![Cents(-5), Cents(0), Cents(7)];
    let zero = ScalarOperand(Cents(0));
    assert_eq!(x.maximum(zero), array![Cents(0), Cents(0), Cents(7)]);
    assert_eq!(x.abs(), array![Cents(5), Cents(0), Cents(7)]);
    assert_eq!(x.sign(), array![Cents(-1), Cents(0), Cents(1)]);
    assert_eq!(x.greater(zero), array![false, false, true]);
    assert_eq!(x.mask(&x.not_equal(zero)), array![Cents(-5), Cents(7)]);
    assert_eq!(where_(&x.less(zero), zero, &x), x.relu());
    let mut y = x.clone();
    ufunc::Square.call_where(&x, &x.greater(zero), &mut y);
    assert_eq!(y, array![Cents(-5), Cents(0), Cents(49)]);
}

#[test]
fn masks_of_the_first_axes() {
    let mut x = Array2::<i32>::zeros([3, 2]);
    x.mask_fill(&array![true, false, true], 7);
    assert_eq!(x, array![[7, 7], [0, 0], [7, 7]]);
    x.mask_assign(&array![true, false, false], &array![1, 2]);
    assert_eq!(x.row(0), array![1, 2]);
    let mut column = x.column_mut(0);
    column.mask_fill(&column.greater(3), 3);
    assert_eq!(x.column(0), array![1, 0, 3]);
    assert_eq!(
        x.try_mask(&Array2::full([3, 1], true))
            .unwrap_err()
            .to_string(),
        "boolean index did not match indexed array along axis 1; size of axis is 2 but size of corresponding boolean axis is 1"
    );
    assert_eq!(
        x.try_mask_assign(&array![true, false, false], &array![1, 2, 3])
            .unwrap_err()
            .to_string(),
        "boolean array indexing assignment cannot assign 3 input values to the 2 output values where the mask is true"
    );
    let mut names = array!["a".to_owned(), "b".to_owned()];
    names.mask_fill(&array![false, true], "c".to_owned());
    assert_eq!(names.mask(&array![false, true]), array!["c".to_owned()]);
    assert_eq!(
        Array2::<i32>::zeros([0, 3])
            .mask(&Array2::full([0, 3], true))
            .len(),
        0
    );
}

#[test]
fn choices_among_several() {
    let x = Array1::arange(0, 6, 1);
    let y = ufunc::select(&[&x.less(3), &x.greater(3)], &[&x, &x.square()], 42);
    assert_eq!(y, array![0, 1, 2, 42, 16, 25]);
    let rows = Array2::<i32>::full([2, 1], 9);
    assert_eq!(
        ufunc::select(&[&x.less(2)], &[&rows], 0).row(1),
        array![9, 9, 0, 0, 0, 0]
    );
    assert_eq!(
        ufunc::choose(&array![1, 0], &[&array![[1, 2]], &array![[10], [20]]]),
        array![[10, 2], [20, 2]]
    );
    assert!(ufunc::try_choose(&array![2], &[&x, &x]).is_err());
    assert!(ufunc::try_choose(&array![-1], &[&x, &x]).is_err());
    let whole = x.cast::<f64>();
    let pieces = whole.piecewise(&[&x.less(2), &x.less(1)], &[&|_| 1.0, &|_| -1.0], &|x| x);
    assert_eq!(pieces, array![-1.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn functions_of_the_users() {
    let f = ufunc::from_fn(|a: i32, b: f64, keep: bool| if keep { f64::from(a) * b } else { -1.0 });
    assert_eq!(
        f.call(&array![[1], [2]], &array![0.5, 2.0], true),
        array![[0.5, 2.0], [1.0, 4.0]]
    );
    let mut out = array![0_usize, 0];
    ufunc::from_fn(|x: i32| x as usize + 1).call_into(&array![1, 2], &mut out);
    let mut table = Array2::<f64>::zeros([2, 2]);
    ufunc::from_fn(|a: i32, b: f64| f64::from(a) - b).call_into(
        &array![[1], [2]],
        &array![0.5, 1.0],
        &mut table.t_mut(),
    );
    assert_eq!(table, array![[0.5, 1.5], [0.0, 1.0]]);
    ufunc::from_fn(|a: f64, b: f64, c: f64| a * b + c).call_into(
        2.0,
        &array![1.0, 2.0],
        &array![[1.0], [0.0]],
        &mut table,
    );
    assert_eq!(table, array![[3.0, 5.0], [2.0, 4.0]]);
    assert_eq!(out, array![2, 3]);
    let panics = std::panic::catch_unwind(|| {
        ufunc::from_fn(|x: i32| if x == 77_777 { panic!("seen") } else { vec![x] })
            .call(Array1::arange(0, 100_000, 1))
    });
    assert!(panics.is_err());
    let x = Array1::arange(0, 24, 1).into_reshape([2, 3, 4]);
    let sums = x.apply_along_axis(1, |lane| lane.iter().sum::<i32>());
    assert_eq!(sums, array![[12, 15, 18, 21], [48, 51, 54, 57]]);
    let ends = x.map_along_axis(1, |lane| array![lane[0], lane[2]]);
    assert_eq!(ends, x.slice(s![.., ..;2, ..]));
    assert!(x.try_map_along_axis(3, |lane| lane.to_owned()).is_err());
    assert!(
        Array2::<i32>::zeros([0, 2])
            .try_map_along_axis(1, |lane| lane.to_owned())
            .is_err()
    );
}

#[test]
fn parts_of_complex_numbers() {
    let mut z = Array2::from_shape_fn([2, 3], |[i, j]| Complex::new(i as f32, -(j as f32)));
    assert_eq!(z.real(), z.real_view());
    assert_eq!(z.t().imag(), z.t().imag_view());
    z.slice_mut(s![.., ..;-2]).imag_view_mut().fill(5.0);
    assert_eq!(z.imag().row(1), array![5.0_f32, -1.0, 5.0]);
    assert_eq!(z.conj().imag(), -z.imag());
    assert_eq!(z.abs()[[0, 1]], 1.0);
    assert_eq!(array![-1.0, 1.0].angle(), array![std::f64::consts::PI, 0.0]);
}

#[test]
fn results_keep_the_order_of_their_inputs() {
    let f = Array2::<f64>::ones([3, 4].f());
    assert!(f.exp().is_f_contiguous() && f.greater(&f).is_f_contiguous());
    assert!(f.clip(0.0, &f).is_f_contiguous());
    assert!(where_(&f.greater(0.0), &f, &f).is_f_contiguous());
    assert!(where_(&f.greater(0.0), &f, &f.as_standard_layout()).is_c_contiguous());
}

#[test]
fn dense_and_other_choices_agree() {
    let x = Array1::<f64>::arange(-300.0, 301.0, 1.0);
    let twice = Array1::from_shape_fn([1202], |[i]| x[i / 2]);
    let strided = twice.slice(s![..;2]);
    // more functions than are sorted, and fewer
    for count in [1, 3, 12] {
        let conditions: Vec<Array1<bool>> = (0..count)
            .map(|k| x.map(|&x| (x as i32).rem_euclid(k + 2) == 0))
            .collect();
        let conditions: Vec<&ArrayRef1<bool>> = conditions.iter().map(|c| &**c).collect();
        let functions: Vec<Box<dyn Fn(f64) -> f64>> = (0..count)
            .map(|k| Box::new(move |x| x * f64::from(k) + 0.5) as Box<dyn Fn(f64) -> f64>)
            .collect();
        let functions: Vec<&dyn Fn(f64) -> f64> = functions.iter().map(|f| &**f).collect();
        let dense = x.piecewise(&conditions, &functions, &|x| -x);
        assert_eq!(strided.piecewise(&conditions, &functions, &|x| -x), dense);
        for (i, &x) in x.iter().enumerate() {
            let last = (0..count as usize).rev().find(|&k| conditions[k][i]);
            assert_eq!(dense[i], last.map_or(-x, |k| functions[k](x)));
        }
    }
    let which = Array1::from_shape_fn([601], |[i]| (i % 3) as i32);
    let (a, b, c) = (&x + 1.0, &x * 2.0, -&x);
    let dense = ufunc::choose(&which, &[&a, &b, &c]);
    assert_eq!(
        ufunc::choose(&which, &[&a, &b, &strided.map(|x| -x)]),
        dense
    );
    assert!((0..601).all(|i| dense[i] == [&a, &b, &c][i % 3][i]));
    assert!(ufunc::try_choose(&which, &[&a, &b]).is_err());
}
