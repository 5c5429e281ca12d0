//! What a user tries first: which type to take as a parameter, which operators compile.

use orthant::prelude::*;
use orthant::{Complex, Number};

fn scale(x: &ArrayRef2<f64>, by: f64) -> Array2<f64> {
    x * by
}

fn generic_sum<T: Number, D: Dimension>(x: &ArrayRef<T, D>) -> T {
    x.iter().fold(T::zero(), |a, &b| a + b)
}

fn twice<D: Dimension>(x: &ArrayRef<f64, D>) -> Array<f64, D> {
    x + x
}

fn one_minus<T: Number, D: Dimension>(x: &ArrayRef<T, D>) -> Array<T, D>
where
    Ix0: orthant::DimMax<D, Output = D>,
{
    x.rsub(orthant::ScalarOperand(T::one()))
}

fn shift_in_place(x: &mut ArrayRef2<f64>) {
    *x += 1.0;
    x.row_mut(0).assign(0.0);
}

#[test]
fn parameters_take_owned_arrays_and_views() {
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(scale(&x, 2.0), array![[2.0, 4.0], [6.0, 8.0]]);
    assert_eq!(scale(&x.t(), 2.0), array![[2.0, 6.0], [4.0, 8.0]]);
    assert_eq!(scale(&x.slice(s![..1, ..]), 1.0), array![[1.0, 2.0]]);
    assert_eq!(generic_sum(&x), 10.0);
    assert_eq!(generic_sum(&array![1u8, 2]), 3);
    assert_eq!(twice(&x.row(0)), array![2.0, 4.0]);
    assert_eq!(one_minus(&x.row(0)), array![0.0, -1.0]);
    let mut y = x.clone();
    shift_in_place(&mut y);
    assert_eq!(y, array![[0.0, 0.0], [4.0, 5.0]]);
    shift_in_place(&mut y.slice_mut(s![1.., ..]));
    assert_eq!(y, array![[0.0, 0.0], [0.0, 0.0]]);
}

#[test]
fn operators_take_everything_on_both_sides() {
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    let b = a.clone();
    let row = array![10.0, 20.0];
    assert_eq!(&a + &b.t(), array![[2.0, 5.0], [5.0, 8.0]]);
    assert_eq!(&a + &row, array![[11.0, 22.0], [13.0, 24.0]]);
    assert_eq!(&row + &a, array![[11.0, 22.0], [13.0, 24.0]]);
    assert_eq!(2.0 * &a, array![[2.0, 4.0], [6.0, 8.0]]);
    assert_eq!(1.0 / (1.0 + &row), array![1.0 / 11.0, 1.0 / 21.0]);
    assert_eq!(&a - 1.0, array![[0.0, 1.0], [2.0, 3.0]]);
    assert_eq!(a.t() + a.row(0), array![[2.0, 5.0], [3.0, 6.0]]);
    assert_eq!(-&a.row(1), array![-3.0, -4.0]);
    assert_eq!(
        a.clone() * b.clone() + &row,
        array![[11.0, 24.0], [19.0, 36.0]]
    );
    assert_eq!(
        &row.reshape([2, 1]) + row.clone(),
        array![[20.0, 30.0], [30.0, 40.0]]
    );
    let f = array![1.0f32, 2.0];
    assert_eq!(&f * 2.0, array![2.0f32, 4.0]);
    assert_eq!(2.0 - f, array![1.0f32, 0.0]);
    let i = array![7, -7];
    assert_eq!(&i / 2, array![3, -3]);
    assert_eq!(&i % 4, array![3, -3]);
    assert_eq!(3 - &i, array![-4, 10]);
    assert_eq!(&i & 3, array![3, 1]);
    assert_eq!(
        !&array![true, false] | array![false, true],
        array![false, true]
    );
    assert_eq!(&array![1u8, 2] << 7, array![128u8, 0]);
    let c = array![Complex::new(1.0, 2.0)];
    assert_eq!(2.0 * &c, array![Complex::new(2.0, 4.0)]);
    assert_eq!(&c + 1.0, array![Complex::new(2.0, 2.0)]);
    assert_eq!(&c * Complex::new(0.0, 1.0), array![Complex::new(-2.0, 1.0)]);
    let mut z = a.clone();
    z += &row;
    z -= 1.0;
    z *= a.view();
    z /= &a.t();
    assert_eq!(z[[0, 1]], 21.0 * 2.0 / 3.0);
    z.row_mut(0).assign(&row);
    let d = a.view_dyn();
    assert_eq!(&d + &a, array![[2.0, 4.0], [6.0, 8.0]]);
    assert_eq!(format!("{}", &a + 0.5), "[[1.5 2.5]\n [3.5 4.5]]");
}
