//! The `dense_layer` example: activations and accuracy against NumPy's.

use std::path::{Path, PathBuf};

use orthant::assert_all_close;
use orthant::prelude::*;

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/dense_layer.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{Network, predictions, relu, test_split};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data")
}

#[test]
fn agrees_with_numpy() {
    let golden = Golden::read("dense_layer");
    let network = Network::read(&data().join("digits_mlp")).unwrap();
    let (x, digits) = test_split(&data().join("digits.csv")).unwrap();
    assert_eq!(x.shape(), &[golden.indices("test_rows")[0], 64]);

    let hidden1 = relu(network.layers[0].forward(&x));
    let hidden2 = relu(network.layers[1].forward(&hidden1));
    let logits = network.logits(&x);
    // Golden values are f64; the sums have at most 64 terms of size 1.
    let shown = golden.numbered("logits_");
    assert!(shown.len() >= 9, "{shown:?}");
    for i in shown {
        for (what, found) in [
            ("hidden1", &hidden1),
            ("hidden2", &hidden2),
            ("logits", &logits),
        ] {
            let expected = golden.array(&format!("{what}_{i}"));
            assert_all_close!(
                found.row(i).cast::<f64>(),
                expected,
                rtol = 2e-5,
                atol = 2e-5
            );
        }
    }
    assert_all_close!(network.logits_naive(&x), logits, rtol = 2e-5, atol = 2e-5);

    let predicted = predictions(&logits);
    assert_eq!(predicted, Array1::from(golden.indices("predictions")));
    let correct = predicted
        .iter()
        .zip(&digits)
        .filter(|(p, d)| p == d)
        .count();
    assert_eq!(correct, golden.indices("correct")[0]);
    assert_eq!(correct, 326);
}

#[test]
fn the_largest_output_is_the_prediction() {
    let logits = array![[0.0, -1.0, 3.0], [-1.0, -2.0, -3.0]];
    assert_eq!(predictions(&logits), array![2, 0]);
}

#[test]
fn reports() {
    let report = example::run(&data()).unwrap();
    for part in [
        "layers of 64, 32, 10 units",
        "326 of 360 (90.6 %)",
        "times as fast",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
    let error = example::run(Path::new("nowhere")).unwrap_err().to_string();
    assert!(
        error.contains("layer1_weights.csv: no such file"),
        "{error}"
    );
}
