//! The `image_compression` example: singular values and errors against NumPy's, report and drawing.
#![cfg(feature = "embedded")]

use std::path::{Path, PathBuf};

use orthant::{assert_all_close, prelude::*};

// What only `main` calls would count as dead code here.
#[allow(dead_code)]
#[path = "../../examples/image_compression.rs"]
mod example;

use crate::support::keyed::Golden;
use example::{compress, decompose, read, run, truncated};

fn photo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/chelsea.png")
}

/// A directory of its own for each test.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("example-image-compression")
        .join(test);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn agrees_with_numpy() {
    let golden = Golden::read("image_compression");
    let picture = read(&photo()).unwrap();
    assert_eq!(picture.shape(), golden.indices("shape"));
    let sums = picture.sum_axes(&[1, 2]);
    assert_eq!(sums, golden.array("pixel_sums").into_dyn());
    let svd = decompose(&picture).unwrap();
    for c in 0..3 {
        let expected = golden.array(&format!("values_{c}"));
        assert_all_close!(svd.s.slice(s![c, ..10]), expected, 1e-11, 0.0);
    }
    for k in golden.indices("ranks") {
        let kept = compress(&picture, &svd, k);
        let relative = golden.number(&format!("relative_{k}"));
        assert!((kept.measured / relative - 1.0).abs() < 1e-10, "{k}");
        // Eckart and Young.
        assert!((kept.predicted / relative - 1.0).abs() < 1e-10, "{k}");
        assert!((kept.psnr - golden.number(&format!("psnr_{k}"))).abs() < 1e-8);
        assert_eq!(kept.bytes, 4 * 3 * k * (300 + 451 + 1));
    }
    assert_all_close!(truncated(&svd, 300), picture, 0.0, 1e-9);
}

#[test]
fn reports_and_draws() {
    let out = directory("chelsea");
    let report = run(&photo(), &out).unwrap();
    for part in [
        "300 rows of 451 pixels, 3 channels: 405900 bytes as pixels, 240512 as PNG",
        "Rank      Bytes   Of pixels   Relative error      PSNR",
        "  20     180480      44.5 %",
        " 300    2707200     667.0 %           0.00 %",
        "above rank 44 they take more room than the pixels",
        "image_compression.png",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
    let drawing = image::open(out.join("image_compression.png")).unwrap();
    assert_eq!(
        (drawing.width(), drawing.height()),
        (16 + 3 * (451 + 16), 44 + 2 * (300 + 30 + 16))
    );
    // The original stands in the first panel, pixel by pixel.
    let (shown, pixels) = (drawing.into_rgb8(), read(&photo()).unwrap());
    for (x, y) in [(0, 0), (100, 200), (450, 299)] {
        let panel = shown.get_pixel(16 + x, 44 + 30 + y).0.map(f64::from);
        let original = pixels.slice(s![.., y as usize, x as usize]);
        assert_eq!(original, Array1::from(panel.to_vec()));
    }
}

#[test]
fn grey_pictures_have_one_channel() {
    let path = directory("grey").join("grey.png");
    let bytes: Vec<u8> = (0..60).collect();
    image::save_buffer(&path, &bytes, 10, 6, image::ColorType::L8).unwrap();
    let picture = read(&path).unwrap();
    assert_eq!(
        picture,
        Array1::arange(0.0, 60.0, 1.0).into_reshape([1, 6, 10])
    );
    // i·10 + j is a matrix of rank 2.
    let svd = decompose(&picture).unwrap();
    assert!(compress(&picture, &svd, 2).measured < 1e-14);
    let report = run(&path, &directory("grey")).unwrap();
    assert!(
        report.contains("6 rows of 10 pixels, 1 channel: 60 bytes"),
        "{report}"
    );
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let missing = run(Path::new("no/such.png"), Path::new(".")).unwrap_err();
    assert!(
        missing.to_string().starts_with("no/such.png: "),
        "{missing}"
    );
    let text = directory("text").join("text.png");
    std::fs::write(&text, "no picture").unwrap();
    assert!(run(&text, Path::new(".")).is_err());
    let nowhere = directory("nowhere").join("missing");
    let error = run(&photo(), &nowhere).unwrap_err().to_string();
    assert!(error.contains("cannot write"), "{error}");
}
