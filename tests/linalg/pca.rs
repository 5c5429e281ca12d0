//! `linalg::Pca`: against scikit-learn, its invariants, its errors.
#![cfg(any(
    feature = "embedded",
    feature = "openblas-system",
    feature = "mkl-system"
))]

use orthant::linalg::{Components, LinalgError, Pca};
use orthant::{Float, Scalar};
use orthant::{assert_all_close, prelude::*};

use crate::support::keyed::Golden;

/// The generator of the golden script; columns are scaled by 1, 2, 3, …
fn data(seed: u64, shape: [usize; 2]) -> Array2<f64> {
    let mut state = seed;
    Array::from_shape_fn(shape, |[_, j]| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((state >> 11) as f64 / (1u64 << 53) as f64 - 0.5) * (j + 1) as f64
    })
}

fn close<T: Float, D: Dimension>(found: &ArrayRef<T, D>, golden: &ArrayRef1<f64>, what: &str) {
    // A score has the error of a direction times the length of a row, however small it is itself.
    let errors = if what.starts_with("scores") {
        1000.0
    } else {
        200.0
    };
    let tolerance = errors * Float::to_f64(T::EPSILON);
    assert_eq!(found.len(), golden.len(), "{what}");
    for (found, golden) in found.iter().zip(golden.iter()) {
        let found = Float::to_f64(*found);
        assert!(
            (found - golden).abs() <= tolerance * (1.0 + golden.abs()),
            "{what}: {found} {golden}"
        );
    }
}

#[test]
fn agrees_with_scikit_learn() {
    fn test<T: Float + Scalar>(convert: fn(f64) -> T) {
        let golden = Golden::read("pca_options");
        for n in 0..golden.indices("cases")[0] {
            let shape = golden.indices(&format!("shape_{n}"));
            let x = data(n as u64, [shape[0], shape[1]]).map(|&x| convert(x));
            let text: Vec<String> = golden.texts(&format!("components_{n}"));
            let components = match text[0].as_str() {
                "first" => Components::First(text[1].parse().unwrap()),
                "share" => Components::Share(text[1].parse().unwrap()),
                _ => Components::All,
            };
            let (mut pca, u) = Pca::fit_transform(&x, components).unwrap();
            let whiten = golden.indices(&format!("whiten_{n}"))[0] == 1;
            if whiten {
                pca = pca.whitened();
            } else {
                let again = pca.transform(&x).unwrap();
                close(
                    &u,
                    &again.map(|&x| Float::to_f64(x)).ravel(),
                    "fit_transform",
                );
            }
            let is = |what: &str, found: &ArrayRefD<T>| {
                close(
                    found,
                    &golden.array(&format!("{what}_{n}")),
                    &format!("{what}_{n}"),
                );
            };
            is("mean", &pca.mean.view_dyn());
            is("singular_values", &pca.singular_values.view_dyn());
            is("variance", &pca.explained_variance.view_dyn());
            is("ratio", &pca.explained_variance_ratio.view_dyn());
            is("noise", &Array1::full(1, pca.noise_variance).view_dyn());
            // The direction that belongs to a singular value of zero is anyone's guess.
            let known = pca.explained_variance_ratio.iter();
            let known = known.take_while(|&&r| Float::to_f64(r) > 1e-6).count();
            let row = pca.components.ncols();
            close(
                &pca.components.slice(s![..known, ..]),
                &golden
                    .array(&format!("vectors_{n}"))
                    .slice(s![..known * row]),
                "components",
            );
            let scores = pca.transform(&x.slice(s![..x.nrows().min(3), ..])).unwrap();
            if known == pca.n_components() {
                is("scores", &scores.view_dyn());
            }
            is(
                "inverse",
                &pca.inverse_transform(&scores).unwrap().view_dyn(),
            );
        }
    }
    test::<f64>(|x| x);
    test::<f32>(|x| x as f32);
}

#[test]
fn components_are_orthonormal_for_every_layout() {
    let x = data(3, [20, 6]);
    let pca = Pca::fit(&x, Components::All).unwrap();
    let gram = pca.components.matmul(pca.components.t());
    assert_all_close!(gram, Array2::<f64>::identity(6), 0.0, 1e-13);
    for axis in pca.components.rows() {
        assert!(axis.max() >= -axis.min(), "{axis}");
    }
    let columns = x.t().to_owned();
    let wide = Array2::from_shape_fn([40, 6], |[i, j]| x[[i / 2, j]]);
    for same in [columns.t(), wide.slice(s![..;2, ..])] {
        let other = Pca::fit(&same, Components::All).unwrap();
        assert_all_close!(other.components, pca.components, 0.0, 1e-12);
    }
    let flipped = Pca::fit(&x.slice(s![..;-1, ..]), Components::All).unwrap();
    assert_all_close!(flipped.components, pca.components, 0.0, 1e-12);
}

#[test]
fn data_that_do_not_vary() {
    let x = Array2::full([4, 3], 2.5);
    let pca = Pca::fit(&x, Components::All).unwrap().whitened();
    assert_eq!(pca.explained_variance_ratio, Array1::zeros(3));
    let scores = pca.transform(&x).unwrap();
    assert_eq!(scores, Array2::zeros([4, 3]));
    assert_eq!(pca.inverse_transform(&scores).unwrap(), x);
    let all = Pca::fit(&x, Components::Share(0.5)).unwrap();
    assert_eq!(all.n_components(), 3);
    let none = Pca::fit(&data(1, [5, 2]), Components::First(0)).unwrap();
    assert_eq!(none.components.shape(), &[0, 2]);
}

#[test]
fn mistakes_are_errors() {
    let x = data(1, [5, 3]);
    let message = |x: &ArrayRef2<f64>, components| Pca::fit(x, components).unwrap_err().to_string();
    assert_eq!(
        message(&x, Components::First(4)),
        "Pca::fit: 4 components asked for, a matrix of shape (5,3) has at most 3"
    );
    let needs = "Pca::fit: principal components need at least 2 rows and 1 column (shape ";
    let flat = message(&x.slice(s![..1, ..]), Components::All);
    assert_eq!(flat, format!("{needs}(1,3))"));
    let narrow = message(&x.slice(s![.., ..0]), Components::All);
    assert_eq!(narrow, format!("{needs}(5,0))"));
    for share in [0.0, 1.0, f64::NAN] {
        assert!(message(&x, Components::Share(share)).contains("between 0 and 1"));
    }
    let mut bad = x.clone();
    bad[[2, 1]] = f64::NAN;
    assert_eq!(
        message(&bad, Components::All),
        "Pca::fit: Array must not contain infs or NaNs (shape (5,3))"
    );
    let pca = Pca::fit(&x, Components::First(2)).unwrap();
    let error = pca.transform(&Array2::zeros([1, 4])).unwrap_err();
    assert!(matches!(
        error,
        LinalgError::CoreDimension {
            size: 4,
            expected: 3,
            ..
        }
    ));
    assert!(pca.inverse_transform(&Array2::zeros([1, 3])).is_err());
    let mut changed = pca.clone();
    changed.mean = array![1.0, 2.0];
    for error in [
        changed.transform(&x).unwrap_err(),
        changed
            .inverse_transform(&Array2::zeros([1, 2]))
            .unwrap_err(),
    ] {
        assert!(matches!(error, LinalgError::Factors { .. }), "{error}");
    }
}
