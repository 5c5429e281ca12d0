//! The order of complex numbers and what rounds them, against NumPy; what functions are of `bool`.

use std::fmt::Debug;

use crate::support::golden;
use orthant::prelude::*;
use orthant::ufunc::{self, BinaryUfunc, Fold};
use orthant::{Complex, Float};

fn read<F: Float + std::str::FromStr>(text: &str) -> Array1<Complex<F>> {
    let part = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}"));
    text.split(',')
        .map(|z| {
            let (re, im) = z.split_once(':').expect("RE:IM");
            Complex::new(part(re), part(im))
        })
        .collect()
}

/// Whether numbers are the same, NaN too, or apart by so much of the modulus.
fn close<F: Float>(
    found: &Array1<Complex<F>>,
    expected: &Array1<Complex<F>>,
    tolerance: f64,
) -> bool {
    let near = |a: F, b: F, size: f64| {
        let (a, b) = (a.to_f64(), b.to_f64());
        a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * size
    };
    found.len() == expected.len()
        && found.iter().zip(expected.iter()).all(|(f, e)| {
            let size = e.re.to_f64().hypot(e.im.to_f64());
            near(f.re, e.re, size) && near(f.im, e.im, size)
        })
}

/// Runs every line of a type; `epsilon` is its precision.
fn run<F: Float + std::str::FromStr + Debug>(dtype: &str, epsilon: f64)
where
    ufunc::Round: ufunc::ParametricUfunc<Complex<F>>,
    ufunc::Less: BinaryUfunc<Complex<F>, Output = bool>,
    ufunc::LessEqual: BinaryUfunc<Complex<F>, Output = bool>,
    ufunc::Greater: BinaryUfunc<Complex<F>, Output = bool>,
    ufunc::GreaterEqual: BinaryUfunc<Complex<F>, Output = bool>,
    ufunc::Maximum:
        BinaryUfunc<Complex<F>, Output = Complex<F>> + Fold<Complex<F>, Acc = Complex<F>>,
    ufunc::Minimum: BinaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::Fmax: BinaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::Fmin: BinaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::Clip: ufunc::TernaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::Rint: ufunc::UnaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::NanToNum: ufunc::UnaryUfunc<Complex<F>, Output = Complex<F>>,
    ufunc::FloatPower: BinaryUfunc<Complex<F>, Output = Complex<f64>>,
    ufunc::Divide: Fold<Complex<F>, Acc = Complex<F>>,
    ufunc::Pow: Fold<Complex<F>, Acc = Complex<F>>,
{
    let mut cases = 0;
    for line in golden("ufunc_complex")
        .iter()
        .filter(|line| line[1] == dtype)
    {
        let x = read::<F>(&line[2]);
        let second = || read::<F>(&line[3]);
        let expected = line.last().expect("a result");
        let truth = |found: Array1<bool>| {
            let found: Vec<_> = found.iter().map(|&b| if b { "1" } else { "0" }).collect();
            assert_eq!(&found.join(","), expected, "{line:?}");
        };
        let number = |found: Array1<Complex<F>>, tolerance: f64| {
            assert!(
                close(&found, &read(expected), tolerance),
                "{line:?}: {found:?}"
            );
        };
        match line[0].as_str() {
            "less" => truth(x.less(&second())),
            "less_equal" => truth(x.less_equal(&second())),
            "greater" => truth(x.greater(&second())),
            "greater_equal" => truth(x.greater_equal(&second())),
            "maximum" => number(x.maximum(&second()), 0.0),
            "minimum" => number(x.minimum(&second()), 0.0),
            "fmax" => number(x.fmax(&second()), 0.0),
            "fmin" => number(x.fmin(&second()), 0.0),
            "clip" => {
                // which of two NaN goes on means nothing
                let found = x.clip(&second(), &read::<F>(&line[4]));
                let expected = read(expected);
                let nan = |z: &Complex<F>| z.re.is_nan() || z.im.is_nan();
                for (f, e) in found.iter().zip(expected.iter()) {
                    assert!(f == e || nan(f) && nan(e), "{line:?}: {f:?} for {e:?}");
                }
            }
            "rint" => number(x.rint(), 0.0),
            "nan_to_num" => number(x.nan_to_num(), 0.0),
            "round1" => number(x.round(1), epsilon),
            "round-1" => number(x.round(-1), epsilon),
            "float_power" => {
                let found = x.float_power(&second());
                assert!(close(&found, &read(expected), 1e-14), "{line:?}: {found:?}");
            }
            "divide.reduce" => number(array![ufunc::Divide.reduce_all(&x)], 8.0 * epsilon),
            "power.reduce" => number(array![ufunc::Pow.reduce_all(&x)], 64.0 * epsilon),
            "maximum.reduce" => number(array![ufunc::Maximum.reduce_all(&x)], 0.0),
            op => panic!("{op}"),
        }
        cases += 1;
    }
    assert!(cases > 100, "{cases}");
}

#[test]
fn order_and_rounding_are_numpys() {
    run::<f32>("c64", f64::from(f32::EPSILON));
    run::<f64>("c128", f64::EPSILON);
}

#[test]
fn the_cardinal_sine_of_complex_numbers() {
    // the last two numbers by mpmath
    let cases = [
        (1.0, 1.0, -1.838038955187489, -1.838038955187489),
        (0.0, 2.0, 42.61292337424353, 0.0),
        (-0.25, 1e-3, 0.9003176676881246, 0.0007728388934278794),
        (3.0, 200.0, 0.0, 0.0),
        (0.5, 226.0, 0.0, 0.0),
    ];
    for (re, im, _, _) in cases {
        let z = array![Complex::new(re, im)];
        let (x, y) = (std::f64::consts::PI * re, std::f64::consts::PI * im);
        let expected =
            array![Complex::new(x.sin() * y.cosh(), x.cos() * y.sinh()) / Complex::new(x, y)];
        assert!(close(&z.sinc(), &expected, 1e-12), "{z}: {}", z.sinc());
    }
    for (re, im, exact_re, exact_im) in &cases[..3] {
        let exact = array![Complex::new(*exact_re, *exact_im)];
        let z = array![Complex::new(*re, *im)];
        assert!(close(&z.sinc(), &exact, 1e-15), "{z}: {}", z.sinc());
    }
    let x = array![0.0, 0.5, -2.0, 1e-30, 1e20, 3.25];
    let z = x.cast::<Complex<f64>>();
    assert!(close(&z.sinc(), &x.sinc().cast(), 4e-16));
    let z32 = x.cast::<Complex<f32>>();
    assert_eq!(z32.sinc().real(), x.cast::<f32>().sinc());
    assert!(array![Complex::new(f64::INFINITY, 0.0)].sinc().isnan()[0]);
}

#[test]
fn truth_values_are_taken_where_numpy_takes_them() {
    let b = array![true, false];
    assert_eq!(b.abs(), b);
    assert_eq!(b.nan_to_num(), b);
    assert_eq!(b.floor(), b);
    assert_eq!(b.bitwise_count(), array![1_u8, 0]);
    assert_eq!(b.clip(false, false), array![false, false]);
    assert_eq!(b.clip(true, true), array![true, true]);
    // low > high gives high
    assert_eq!(b.clip(true, false), array![false, false]);
    let mut out = array![false, true];
    ufunc::Abs.call_into(&b, &mut out);
    assert_eq!(out, b);
    let p = array![0, 2].softmax(0);
    assert!(p.all_close(&array![0.0, 2.0].softmax(0), 0.0, 0.0));
    assert_eq!(array![true, true].softmax(0), array![0.5, 0.5]);
    assert_eq!(array![3].log_softmax(0), array![0.0]);
}

#[test]
fn sums_and_products_of_truth_values_are_logic() {
    let (p, q) = (
        array![true, true, false, false],
        array![true, false, true, false],
    );
    assert_eq!(&p + &q, &p | &q);
    assert_eq!(&p * &q, &p & &q);
    assert_eq!(p.view() + false, p);
    assert_eq!(true * &q, q);
    assert_eq!(p.try_add(&q).unwrap(), array![true, true, true, false]);
    assert!(p.try_mul(&array![true, false]).is_err());
    let mut r = p.clone();
    r *= &q;
    assert_eq!(r, array![true, false, false, false]);
    r += true;
    assert_eq!(r, array![true, true, true, true]);
    // types of literals are still found
    let x = 2.0 * &array![1.0, 2.0] + 1.0;
    assert_eq!(x, array![3.0, 5.0]);
    let n: Array1<u8> = array![1, 2] + 250;
    assert_eq!(n, array![251, 252]);
}

#[test]
fn complex_numbers_cast_to_their_real_parts() {
    let z = array![Complex::new(1.5, -2.0), Complex::new(f64::NAN, 1.0)];
    let x = z.cast::<f32>();
    assert_eq!(x[0], 1.5);
    assert!(x[1].is_nan());
    assert_eq!(z.real_if_close(1.0), None);
    assert_eq!(z.slice(s![..1]).real_if_close(2.5), Some(array![1.5]));
}
