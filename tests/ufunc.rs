//! The forms of functions: fresh, into, in place, under a mask; broadcasting, layouts, types.

use orthant::prelude::*;
use orthant::{Complex, Float, Number, Real, ShapeError, ufunc};

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
