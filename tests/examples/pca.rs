//! The `pca` example: its numbers against scikit-learn's, its report, what it says about bad files.
#![cfg(feature = "embedded")]

use std::path::{Path, PathBuf};

use orthant::assert_all_close;
use orthant::prelude::*;

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/pca.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{Dataset, reconstruction_error};
use orthant::linalg::{Components, Pca};

fn digits() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/digits.csv")
}

/// A directory of its own for each test.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("example-pca")
        .join(test);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

fn file(test: &str, content: &str) -> PathBuf {
    let path = directory(test).join("table.csv");
    std::fs::write(&path, content).unwrap();
    path
}

/// The error for a file with this content, without the directory.
fn message(test: &str, content: &str) -> String {
    let path = file(test, content);
    let error = example::run(&path, &directory(test))
        .unwrap_err()
        .to_string();
    let directory = format!("{}/", path.parent().unwrap().display());
    error.replace(&directory, "")
}

#[test]
fn agrees_with_scikit_learn_on_the_digits() {
    let golden = Golden::read("pca");
    let data = Dataset::read(&digits()).unwrap();
    assert_eq!(data.x.shape(), &[1797, 64]);
    let (pca, scores) = Pca::fit_transform(&data.x, Components::All).unwrap();

    assert_all_close!(pca.mean, golden.array("mean"), 1e-13, 0.0);
    // The last three are zero up to rounding: three pixels never vary.
    let scale = golden.array("singular_values")[0];
    assert_all_close!(
        pca.singular_values,
        golden.array("singular_values"),
        1e-12,
        1e-12 * scale
    );
    assert_all_close!(
        pca.explained_variance,
        golden.array("explained_variance"),
        1e-11,
        1e-11
    );
    assert_all_close!(
        pca.explained_variance_ratio,
        golden.array("explained_variance_ratio"),
        1e-11,
        1e-13
    );
    assert_all_close!(
        pca.explained_variance_ratio.cumsum(),
        golden.array("cumulative_ratio"),
        1e-12,
        0.0
    );

    let rows = golden.indices("projected_rows");
    for j in 0..2 {
        let expected = golden.array(&format!("component_{j}"));
        assert_all_close!(pca.components.row(j), expected, 0.0, 1e-10);
        let projected: Array1<f64> = rows.iter().map(|&row| scores[[row, j]]).collect();
        assert_all_close!(
            projected,
            golden.array(&format!("projection_{j}")),
            0.0,
            1e-9
        );
    }
    for k in [1, 2, 5, 10, 20, 40, 60] {
        let error = reconstruction_error(&pca, &data.x, &scores, k);
        let (rms, relative) = (
            golden.number(&format!("rmse_{k}")),
            golden.number(&format!("relative_{k}")),
        );
        assert!(
            (error.rms / rms - 1.0).abs() < 1e-8,
            "{k}: {} {rms}",
            error.rms
        );
        assert!((error.relative / relative - 1.0).abs() < 1e-8, "{k}");
    }
    assert!(reconstruction_error(&pca, &data.x, &scores, 64).rms < 1e-12);
}

#[test]
fn reports_on_the_digits_and_draws() {
    let out = directory("digits");
    let report = example::run(&digits(), &out).unwrap();
    for part in [
        "1,797 rows of 64 columns",
        "column `digit` (10 values) colours the scatter plot",
        "columns that never vary: pixel_0_0, pixel_4_0, pixel_4_7",
        "        1         567.0066       179.0069    14.89 %      14.89 %",
        "              90 %           21 of 64",
        "            10               2.2168          51.16 %",
        "pca_scatter.png",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
    for picture in ["pca_scatter.png", "pca_scree.png"] {
        let bytes = std::fs::read(out.join(picture)).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
    }
}

#[test]
fn other_tables() {
    // A label column anywhere and in any case, no header, more columns than rows.
    let data = Dataset::read(&file("label", "a,Class,b\n1,7,2\n3,-1,5\n4,7,6\n")).unwrap();
    assert_eq!(data.x, array![[1.0, 2.0], [3.0, 5.0], [4.0, 6.0]]);
    assert_eq!(data.columns.unwrap(), ["a", "b"]);
    let labels = data.labels.unwrap();
    assert_eq!(
        (labels.name.as_str(), labels.classes),
        ("Class", vec![-1.0, 7.0])
    );
    assert_eq!(labels.of_row, [1, 0, 1]);

    let plain = Dataset::read(&file("plain", "1,2\n3,4\n")).unwrap();
    assert!(plain.labels.is_none() && plain.columns.is_none());

    let wide = file("wide", "1,2,3,4\n2,2,3,5\n4,2,0,1\n");
    let report = example::run(&wide, &directory("wide")).unwrap();
    assert!(report.contains("3 rows of 4 columns"), "{report}");
    assert!(report.contains("columns that never vary: 2\n"), "{report}");
    // Three points lie in a plane.
    assert!(report.contains("99 %            2 of 3"), "{report}");
}

#[test]
fn data_that_do_not_vary() {
    let path = file("constant", "x,y,z\n3,4,5\n3,4,5\n3,4,5\n");
    let report = example::run(&path, &directory("constant")).unwrap();
    assert!(
        report.contains("columns that never vary: x, y, z"),
        "{report}"
    );
    assert!(
        !report.contains("NaN") && !report.contains("inf"),
        "{report}"
    );
}

#[test]
fn says_what_is_wrong_with_a_file() {
    assert_eq!(
        message("ragged", "1,2\n3\n"),
        "table.csv, line 2: 1 columns where the lines before have 2"
    );
    assert_eq!(
        message("text", "a,b\n1,2\n3,x\n"),
        "table.csv, line 3, column 2 (b): \"x\" is not a finite number"
    );
    assert_eq!(
        message("empty", ""),
        "table.csv: the file holds no rows of numbers"
    );
    let needs =
        "principal components need at least 2 rows and 2 columns of numbers; this table has";
    assert_eq!(
        message("row", "1,2,3\n"),
        format!("table.csv: {needs} 1 row of 3 columns")
    );
    assert_eq!(
        message("column", "1\n2\n"),
        format!("table.csv: {needs} 2 rows of 1 column")
    );
    assert_eq!(
        message("label-only", "x,label\n1,2\n2,2\n"),
        format!("table.csv: {needs} 2 rows of 1 column beside the column `label`")
    );
    let overflow = message("overflow", "1e308,1\n1e308,2\n1e308,4\n");
    assert!(overflow.starts_with("table.csv: "), "{overflow}");

    let missing = example::run(Path::new("no/such.csv"), Path::new(".")).unwrap_err();
    assert_eq!(missing.to_string(), "no/such.csv: no such file");
    let nowhere = directory("nowhere").join("missing");
    let unwritable = example::run(&digits(), &nowhere).unwrap_err().to_string();
    assert!(unwritable.contains("cannot write"), "{unwritable}");
}
