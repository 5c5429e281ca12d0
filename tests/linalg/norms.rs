//! Norms against NumPy's, over element types and memory layouts.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use std::path::Path;

use orthant::Complex;
use orthant::linalg::{self, LinalgError, Norm, Normed};
use orthant::{assert_all_close, prelude::*};

fn extents(text: &str) -> Vec<usize> {
    match text {
        "()" => vec![],
        text => text.split(',').map(|n| n.parse().unwrap()).collect(),
    }
}

fn order(text: &str) -> Norm {
    match text {
        "fro" => Norm::Fro,
        "nuc" => Norm::Nuc,
        "inf" => Norm::Inf,
        "-inf" => Norm::NegInf,
        p => p.parse::<f64>().unwrap().into(),
    }
}

fn find<T: Normed>(
    kind: &str,
    ord: Norm,
    axes: &str,
    x: &ArrayRefD<T>,
) -> Result<ArrayD<T::Magnitude>, LinalgError>
where
    T::Magnitude: orthant::Float,
{
    let (kept, axes) = match axes.strip_prefix('k') {
        Some(axes) => (true, axes),
        None => (false, axes),
    };
    let list: Vec<isize> = match axes {
        "-" => vec![],
        axes => axes.split(',').map(|a| a.parse().unwrap()).collect(),
    };
    let scalar = |norm: T::Magnitude| ArrayD::from_shape_vec(Vec::<usize>::new(), vec![norm]);
    match (kind, &list[..], kept) {
        ("norm", [], _) => linalg::norm_ord(x, ord).map(scalar),
        ("norm", &[axis], false) => linalg::norm_axis(x, ord, axis),
        ("norm", &[axis], true) => linalg::norm_keepdims(x, ord, axis),
        ("norm", axes, false) => linalg::norm_axes(x, ord, axes),
        ("norm", axes, true) => linalg::norm_axes_keepdims(x, ord, axes),
        ("vector", [], false) => linalg::vector_norm(x, ord).map(scalar),
        ("vector", [], true) => linalg::vector_norm_keepdims(x, ord),
        ("vector", axes, false) => linalg::vector_norm_axes(x, ord, axes),
        ("vector", axes, true) => linalg::vector_norm_axes_keepdims(x, ord, axes),
        ("matrix", _, false) => linalg::matrix_norm(x, ord),
        ("matrix", _, true) => linalg::matrix_norm_keepdims(x, ord),
        _ => panic!("{kind}"),
    }
}

#[test]
fn norms_are_numpys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/norms.tsv");
    let content = std::fs::read_to_string(path).unwrap();
    let lines = content.lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for (number, line) in lines.enumerate() {
        count += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let [kind, ord, axes, shape, result, values] = fields[..] else {
            panic!("{line}")
        };
        let ord = order(ord);
        let shape = extents(shape);
        let len: usize = shape.iter().product();
        let element = |k: usize| ((104729 * k + 31 * number + k * k) % 19) as f64 - 9.0;
        let x = ArrayD::from_shape_vec(shape, (0..len).map(element).collect::<Vec<_>>());
        if result == "!" {
            let error = find(kind, ord, axes, &x).unwrap_err().to_string();
            assert!(error.contains(values), "{line}\n{error}");
            continue;
        }
        let values: Vec<f64> = values
            .split(' ')
            .filter(|v| !v.is_empty())
            .map(|v| v.parse().unwrap())
            .collect();
        let expected = ArrayD::from_shape_vec(extents(result), values);
        let check = |found: Result<ArrayD<f64>, LinalgError>, tolerance: f64, what: &str| {
            let found = found.unwrap_or_else(|error| panic!("{line} {what}: {error}"));
            assert_eq!(found.shape(), expected.shape(), "{line} {what}");
            assert_all_close!(found, expected, rtol = tolerance, atol = tolerance);
        };
        check(find(kind, ord, axes, &x), 1e-13, "f64");
        // The same elements backwards in memory, every second one, in column-major order.
        let mut f = ArrayD::zeros(x.shape().iter().map(|n| 2 * n).collect::<Vec<_>>().f());
        for axis in 0..x.ndim() {
            f = f.into_slice_axis(axis, None, None, if axis == 0 { -2 } else { 2 });
        }
        f.assign(&x);
        check(find(kind, ord, axes, &f), 1e-13, "strided");
        check(find(kind, ord, axes, &x.cast::<i32>()), 1e-13, "i32");
        check(
            find(kind, ord, axes, &x.cast::<f32>()).map(|x| x.cast()),
            2e-5,
            "f32",
        );
        let unit = Complex::new(0.6, 0.8);
        check(
            find(kind, ord, axes, &(f.cast::<Complex<f64>>() * unit)),
            1e-13,
            "c64",
        );
    }
    assert!(count > 150);
}

#[test]
fn golden_values_of_the_documentation() {
    let m = array![[1.0, 2.0], [3.0, 4.0]];
    let matrix = |ord: Norm| -> f64 { linalg::norm_ord(&m, ord).unwrap() };
    for (ord, expected) in [
        (Norm::P(1.0), 6.0),
        (Norm::P(-1.0), 4.0),
        (Norm::Inf, 7.0),
        (Norm::NegInf, 3.0),
        (Norm::P(2.0), 5.46498570421904),
        (Norm::P(-2.0), 0.365966190626258),
        (Norm::Nuc, 5.8309518948453),
        (Norm::Fro, 5.477225575051661),
    ] {
        assert!((matrix(ord) - expected).abs() < 1e-13, "{ord:?}");
    }
    assert_eq!(linalg::norm(&m), matrix(Norm::Fro));
    // A zero makes negative orders zero; not-a-numbers stay.
    assert_eq!(linalg::norm_ord(&array![0.0, 2.0], -1).unwrap(), 0.0);
    assert!(
        linalg::norm_ord(&array![f64::NAN, 2.0], Norm::Inf)
            .unwrap()
            .is_nan()
    );
    assert!(linalg::norm(&array![f64::NAN, 2.0]).is_nan());
    assert_eq!(
        linalg::norm(&array![1e200, 1e200]),
        f64::INFINITY,
        "not scaled, as NumPy"
    );
    let single: f32 = linalg::norm(&array![3.0f32, 4.0]);
    assert_eq!(single, 5.0);
    let _: Array1<f64> = linalg::norm_axis(&array![[3u8, 4]], 2, 1).unwrap();
}

/// Rows of embeddings to unit length and their cosines.
#[test]
fn cosine_matrix() {
    let e = Array2::from_shape_fn([20, 8], |[i, j]| ((i * 7 + j * 3) % 11) as f64 - 5.0);
    let unit = &e / (linalg::norm_keepdims(&e, 2, 1).unwrap() + 1e-8);
    let cosines = unit.matmul(unit.t());
    assert_eq!(cosines.shape(), &[20, 20]);
    assert_all_close!(cosines.diag(), Array1::ones(20), rtol = 1e-7, atol = 0.0);
}
