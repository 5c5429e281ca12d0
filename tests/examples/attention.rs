//! The `attention` example against PyTorch's `scaled_dot_product_attention`.

use orthant::{assert_all_close, prelude::*};

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/attention.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{causal_mask, numbers, softmax};

#[test]
fn agrees_with_pytorch() {
    let golden = Golden::read("attention");
    let shape = [2, 3, 6, 4];
    let (q, k, v) = (numbers(1, shape), numbers(2, shape), numbers(3, shape));
    assert_eq!(q.ravel(), golden.array("queries"));
    let causal = example::attention(&q, &k, &v, &causal_mask(6, 6)).unwrap();
    let expected = golden.array("causal").into_reshape(shape);
    assert_all_close!(causal.output, expected, rtol = 1e-13, atol = 1e-14);
    // The first query sees the first key only.
    assert_eq!(
        causal.weights.slice(s![.., .., 0, 0]),
        Array2::full([2, 3], 1.0)
    );
    let full = example::attention(&q, &k, &v, &Array2::zeros([6, 6])).unwrap();
    let expected = golden.array("full").into_reshape(shape);
    assert_all_close!(full.output, expected, rtol = 1e-13, atol = 1e-14);
}

#[test]
fn softmax_does_not_overflow() {
    let x = Array4::full([1, 1, 2, 4], 1e4);
    assert_eq!(softmax(&x), Array4::full([1, 1, 2, 4], 0.25));
}

#[test]
fn reports() {
    let report = example::run().unwrap();
    for part in [
        "[[1.",
        "weights sum to 1",
        "bhid,bhjd->bhij",
        "batched matmul",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
}
