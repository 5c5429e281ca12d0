//! The `linear_regression` example against exact arithmetic, its report and drawing.
#![cfg(feature = "embedded")]

use std::path::{Path, PathBuf};

use orthant::{assert_all_close, prelude::*};

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/linear_regression.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{by_normal_equations, digits, fit, run};

fn longley() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/longley.csv")
}

/// A directory of its own for each test.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("example-linear-regression")
        .join(test);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn agrees_with_the_certified_values() {
    let golden = Golden::read("linear_regression");
    let content = std::fs::read_to_string(longley()).unwrap();
    let rows = content.lines().skip(1);
    let values: Vec<f64> = rows
        .flat_map(|row| row.split(',').map(|x| x.parse().unwrap()))
        .collect();
    let table = Array2::from_shape_vec([16, 7], values);
    let (x, y) = (table.slice(s![.., ..-1]), table.column(6).flatten());
    let found = fit(&x, &y).unwrap();
    let exact = golden.array("coefficients").into_vec();
    assert!(
        digits(&found.coefficients, &exact) > 9.5,
        "{}",
        found.coefficients
    );
    assert!(digits(&by_normal_equations(&x, &y).unwrap(), &exact) < 8.5);
    assert_all_close!(found.errors, golden.array("errors"), 1e-9, 0.0);
    assert_all_close!(found.fitted, golden.array("fitted"), 1e-12, 0.0);
    assert!((found.deviation / golden.number("deviation") - 1.0).abs() < 1e-10);
    assert!((found.r_squared - golden.number("r_squared")).abs() < 1e-12);
    assert_eq!(found.rank, 7);
}

#[test]
fn reports_and_draws() {
    let out = directory("longley");
    let report = run(&longley(), &out).unwrap();
    for part in [
        "16 rows, 6 columns and a constant",
        "constant              -3.482259e6       8.904204e5   -3.91",
        "gnp                  -3.581918e-2      3.349101e-2   -1.07",
        "Residual standard deviation 304.8541, R² = 0.995479, rank 7 of 7, condition 4.3e4",
        "  normal equations  ",
        "linear_regression.png",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
    let picture = image::open(out.join("linear_regression.png")).unwrap();
    assert_eq!((picture.width(), picture.height()), (1000, 750));
}

#[test]
fn other_tables() {
    // y = 1 + 2 x, without a header.
    let path = directory("line").join("line.csv");
    std::fs::write(&path, "0,1\n1,3\n2,5\n5,11\n").unwrap();
    let report = run(&path, &directory("line")).unwrap();
    assert!(
        report.contains("Linear regression of `column 2`"),
        "{report}"
    );
    assert!(
        report.contains("column 1               2.000000e0"),
        "{report}"
    );
    assert!(!report.contains("NIST"), "{report}");
    // A column twice: the solution of least norm.
    let twice = Array2::from_shape_fn([6, 2], |[i, _]| i as f64);
    let found = fit(&twice, &Array1::arange(0.0, 12.0, 2.0)).unwrap();
    assert_eq!(found.rank, 2);
    assert_all_close!(found.coefficients, array![0.0, 1.0, 1.0], 0.0, 1e-12);
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let path = directory("short").join("short.csv");
    std::fs::write(&path, "1,2,3\n4,5,6\n").unwrap();
    let error = run(&path, Path::new(".")).unwrap_err().to_string();
    assert!(error.ends_with("this table has 2 rows of 3"), "{error}");
    let missing = run(Path::new("no/such.csv"), Path::new(".")).unwrap_err();
    assert_eq!(missing.to_string(), "no/such.csv: no such file");
}
