//! The `kalman` example: a stack of filters against one filter at a time in NumPy.
#![cfg(feature = "embedded")]

use orthant::{assert_all_close, prelude::*};

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/kalman.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{Score, follow};

#[test]
fn agrees_with_one_filter_at_a_time() {
    let golden = Golden::read("kalman");
    let (scores, belief) = follow(40, 30).unwrap();
    let is = |what: &str, of: fn(&Score) -> f64| {
        let found: Array1<f64> = scores.iter().map(of).collect();
        assert_all_close!(found, golden.array(what), 1e-9, 0.0);
    };
    is("seen", |score| score.seen);
    is("position", |score| score.position);
    is("speed", |score| score.speed);
    is("consistency", |score| score.consistency);
    for i in [0, 7, 39] {
        let state = belief.state.slice(s![i, .., 0]);
        assert_all_close!(state, golden.array(&format!("state_{i}")), 1e-10, 1e-10);
        let covariance = golden.array(&format!("covariance_{i}"));
        let found = belief.covariance.index_axis(0, i);
        assert_all_close!(found.ravel(), covariance, 1e-10, 1e-12);
    }
}

#[test]
fn filters_know_how_wrong_they_are() {
    let (scores, _) = follow(1000, 50).unwrap();
    for score in &scores {
        // The mean of 1000 sums of four squares: 4 ± 0.09.
        assert!((score.consistency - 4.0).abs() < 0.45, "{score:?}");
    }
    let last = scores.last().unwrap();
    assert!(last.position < 0.6 * last.seen, "{last:?}");
    assert!(last.speed < 0.25 * scores[0].speed, "{last:?}");
}

#[test]
fn reports() {
    let report = example::run().unwrap();
    for part in [
        "1000 targets followed by 1000 Kalman filters at once",
        "Observations   Seen (m)   Believed (m)",
        "\n         100 ",
        "times as long",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
}
