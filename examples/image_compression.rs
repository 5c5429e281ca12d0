//! A photograph kept as the product of thin matrices: the truncated singular value decomposition.
//!
//! ```sh
//! cargo run --release --example image_compression               # the cat shipped with the crate
//! cargo run --release --example image_compression -- photo.png  # any PNG file
//! ```
//!
//! The three colour channels are a stack of matrices, decomposed by one call. The first k singular
//! values and vectors are the best approximation of rank k there is (Eckart and Young); the table shows
//! what that costs and loses, and `image_compression.png`, in the current directory, what it looks like.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use orthant::linalg::{self, LinalgError, Svd};
use orthant::prelude::*;

#[path = "support/command.rs"]
mod command;
#[path = "support/montage.rs"]
mod montage;

use montage::{Panel, montage};

/// Ranks that the table shows, as far as the picture has them.
const RANKS: [usize; 8] = [1, 2, 5, 10, 20, 50, 100, 200];
/// Ranks that are drawn, after the original.
const DRAWN: [usize; 5] = [2, 5, 10, 20, 50];
/// Wider pictures are drawn smaller.
const WIDEST_PANEL: u32 = 480;

/// A picture as numbers from 0 to 255: `(channel, row, column)`, three channels or one.
pub fn read(path: &Path) -> Result<Array3<f64>, Box<dyn Error>> {
    let wrong = |error: image::ImageError| format!("{}: {error}", path.display());
    let picture = image::open(path).map_err(wrong)?;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (channels, bytes) = if picture.color().has_color() {
        (3, picture.into_rgb8().into_raw())
    } else {
        (1, picture.into_luma8().into_raw())
    };
    // The file has the channels of a pixel side by side; a permuted view has them as the first axis.
    let pixels = Array3::from_shape_vec([height, width, channels], bytes);
    Ok(pixels.permute([2, 0, 1]).cast::<f64>())
}

/// The sum of the first `k` terms σᵢ·uᵢ·vᵢᵀ of each channel: `(channel, row, column)`.
pub fn truncated(svd: &Svd<f64, Ix3>, k: usize) -> Array3<f64> {
    let scaled = svd.u.slice(s![.., .., ..k]) * svd.s.slice(s![.., NewAxis, ..k]);
    scaled.matmul(svd.vt.slice(s![.., ..k, ..]))
}

/// What keeping `k` terms costs and loses.
pub struct Compression {
    /// The number of terms.
    pub rank: usize,
    /// Bytes of the factors as 4-byte floats.
    pub bytes: usize,
    /// ‖A − Aₖ‖ / ‖A‖ over all channels, as singular values predict it.
    pub predicted: f64,
    /// The same, of the very difference.
    pub measured: f64,
    /// Peak signal-to-noise ratio in decibels; 30 is usually fine, 40 hardly visible.
    pub psnr: f64,
}

/// Keeps the first `rank` terms and compares.
pub fn compress(picture: &ArrayRef3<f64>, svd: &Svd<f64, Ix3>, rank: usize) -> Compression {
    let shape = picture.shape();
    let (channels, rows, cols) = (shape[0], shape[1], shape[2]);
    let all = linalg::norm(picture);
    let lost = linalg::norm(&(picture - truncated(svd, rank)));
    let left_out = linalg::norm(&svd.s.slice(s![.., rank..]));
    let relative = |lost: f64| if all > 0.0 { lost / all } else { 0.0 };
    Compression {
        rank,
        bytes: 4 * rank * (rows + cols + 1) * channels,
        predicted: relative(left_out),
        measured: relative(lost),
        psnr: 20.0 * (255.0 * (picture.len() as f64).sqrt() / lost).log10(),
    }
}

/// Decomposes the picture at `path`, draws into the directory `out`, and returns the report.
///
/// # Errors
/// When the file is no picture, and when the drawing cannot be written.
pub fn run(path: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let picture = read(path)?;
    let shape = picture.shape();
    let (channels, rows, cols) = (shape[0], shape[1], shape[2]);
    let start = Instant::now();
    let svd = decompose(&picture)?;
    let milliseconds = 1e3 * start.elapsed().as_secs_f64();
    let all = rows.min(cols);

    let mut report = format!("Truncated SVD of {}\n\n", path.display());
    let s = if channels == 1 { "" } else { "s" };
    writeln!(
        report,
        "{rows} rows of {cols} pixels, {channels} channel{s}: {} bytes as pixels, {} as PNG",
        picture.len(),
        std::fs::metadata(path)?.len()
    )?;
    writeln!(
        report,
        "\nRank      Bytes   Of pixels   Relative error      PSNR"
    )?;
    for rank in RANKS.into_iter().filter(|&rank| rank < all).chain([all]) {
        let kept = compress(&picture, &svd, rank);
        writeln!(
            report,
            "{rank:>4} {:>10} {:>9.1} % {:>14.2} % {:>6.1} dB",
            kept.bytes,
            100.0 * kept.bytes as f64 / picture.len() as f64,
            100.0 * kept.measured,
            kept.psnr
        )?;
    }
    let even = rows * cols / (4 * (rows + cols + 1));
    writeln!(
        report,
        "\nFactors are counted as 4-byte floats; above rank {even} they take more room than the pixels.\n\
         Time: {milliseconds:.0} ms for the decomposition of all channels"
    )?;
    let drawing = draw(path, &picture, &svd, out)?;
    writeln!(report, "Picture: {}", drawing.display())?;
    Ok(report)
}

/// One call for all channels, which are a stack of matrices.
pub fn decompose(picture: &ArrayRef3<f64>) -> Result<Svd<f64, Ix3>, LinalgError> {
    linalg::svd(picture)
}

/// Draws the original and some ranks side by side.
fn draw(
    path: &Path,
    picture: &ArrayRef3<f64>,
    svd: &Svd<f64, Ix3>,
    out: &Path,
) -> Result<PathBuf, Box<dyn Error>> {
    let shape = picture.shape();
    let (rows, cols) = (shape[1], shape[2]);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let width = WIDEST_PANEL.min(cols as u32);
    let height = (rows as u32 * width / cols as u32).max(1);
    let panel = |caption: String, values: &ArrayRef3<f64>| {
        let pixels = shrunk(values, width, height);
        Panel { caption, pixels }
    };
    let mut panels = vec![panel("original".to_owned(), picture)];
    for rank in DRAWN.into_iter().filter(|&rank| rank <= rows.min(cols)) {
        let kept = compress(picture, svd, rank);
        let caption = format!(
            "rank {rank}: {:.0} % of the bytes, error {:.1} %",
            100.0 * kept.bytes as f64 / picture.len() as f64,
            100.0 * kept.measured
        );
        panels.push(panel(caption, &truncated(svd, rank)));
    }
    let title = format!("{name}, {rows} × {cols}, and its best approximations of low rank");
    let target = out.join("image_compression.png");
    montage(&target, &title, &panels, (width, height), 3)?;
    Ok(target.canonicalize()?)
}

/// Red, green and blue of each pixel, scaled down to this size.
fn shrunk(values: &ArrayRef3<f64>, width: u32, height: u32) -> Vec<u8> {
    let (rows, cols) = (values.shape()[1], values.shape()[2]);
    // One channel is broadcast to three, and a permuted view puts those of a pixel side by side.
    let coloured = values.broadcast_to([3, rows, cols]);
    let bytes = coloured
        .permute([1, 2, 0])
        .map(|v| v.round().clamp(0.0, 255.0) as u8);
    let bytes = bytes.as_standard_layout().iter().copied().collect();
    let full = image::RgbImage::from_raw(cols as u32, rows as u32, bytes);
    let full = full.expect("as many bytes as pixels have channels");
    image::imageops::thumbnail(&full, width, height).into_raw()
}

fn main() -> ExitCode {
    command::main("image_compression", "photo.png", "chelsea.png", run)
}
