use orthant::prelude::*;

#[test]
fn smoke() {
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    let b = array![10.0, 20.0];
    let c = array![[0.5], [0.25]];
    let y = zip((&a, &b, &c)).map(fused!(|(a, b, c)| a * b + c));
    assert_eq!(y, array![[10.5, 40.5], [30.25, 80.25]]);
    let y = zip((&a, &b)).map(|(a, b)| a.powi(2) * b.sqrt());
    assert_eq!(y.shape(), &[2, 2]);
    let y = zip((&a, 2.0)).map(|(a, s)| a * s);
    assert_eq!(y, &a * 2.0);
    let y = zip((&a, 2.0_f64)).map(|(a, s)| a * s.sqrt());
    assert_eq!(y.shape(), &[2, 2]);
}
