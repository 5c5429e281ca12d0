//! Pictures of one size side by side, each under a caption, in one PNG file.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

#[path = "font.rs"]
mod font;

const MARGIN: u32 = 16;
const TITLE: u32 = 44;
const CAPTION: u32 = 30;
const INK: RGBColor = RGBColor(38, 38, 38);

/// One of the pictures.
pub struct Panel {
    /// What stands above it.
    pub caption: String,
    /// Red, green and blue of each pixel, row by row.
    pub pixels: Vec<u8>,
}

/// Writes `panels`, each of `width` × `height` pixels, in rows of `columns`.
///
/// # Errors
/// When a panel has another number of pixels and when the file cannot be written.
pub fn montage(
    path: &Path,
    title: &str,
    panels: &[Panel],
    (width, height): (u32, u32),
    columns: u32,
) -> Result<(), Box<dyn Error>> {
    font::register()?;
    let len = 3 * width as usize * height as usize;
    if let Some(panel) = panels.iter().find(|panel| panel.pixels.len() != len) {
        let found = panel.pixels.len();
        return Err(format!("{}: {found} bytes of pixels, not {len}", panel.caption).into());
    }
    let rows = (panels.len() as u32).div_ceil(columns);
    let (step_x, step_y) = (width + MARGIN, height + CAPTION + MARGIN);
    let size = (MARGIN + columns * step_x, TITLE + rows * step_y);
    let mut image = vec![255u8; 3 * (size.0 * size.1) as usize];
    let corner = |i: usize| {
        let i = i as u32;
        let x = MARGIN + i % columns * step_x;
        (x, TITLE + CAPTION + i / columns * step_y)
    };
    for (i, panel) in panels.iter().enumerate() {
        let (x, y) = corner(i);
        for (row, line) in panel.pixels.chunks_exact(3 * width as usize).enumerate() {
            let start = 3 * ((y as usize + row) * size.0 as usize + x as usize);
            image[start..][..line.len()].copy_from_slice(line);
        }
    }
    {
        let canvas = BitMapBackend::with_buffer(&mut image, size).into_drawing_area();
        let text = |height: u32| {
            let style = (font::FONT, height).into_font().color(&INK);
            style.pos(Pos::new(HPos::Left, VPos::Center))
        };
        let at = (MARGIN as i32, TITLE as i32 / 2);
        canvas.draw(&Text::new(title.to_owned(), at, text(22)))?;
        for (i, panel) in panels.iter().enumerate() {
            let (x, y) = corner(i);
            let at = (x as i32, y as i32 - CAPTION as i32 / 2);
            canvas.draw(&Text::new(panel.caption.clone(), at, text(16)))?;
        }
        canvas.present()?;
    }
    image::save_buffer(path, &image, size.0, size.1, image::ColorType::Rgb8)
        .map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}
