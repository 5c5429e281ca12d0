//! The font of the pictures, which lies beside the data so that no font library of the system is needed.

use std::error::Error;
use std::sync::OnceLock;

use plotters::style::{FontStyle, register_font};

/// Its name in text styles.
pub const FONT: &str = "DejaVu Sans";
static FONT_BYTES: &[u8] = include_bytes!("../data/fonts/DejaVuSans.ttf");

/// Makes it known to the drawing library.
///
/// # Errors
/// When the file is not a font.
pub fn register() -> Result<(), Box<dyn Error>> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let registered =
        *REGISTERED.get_or_init(|| register_font(FONT, FontStyle::Normal, FONT_BYTES).is_ok());
    if registered {
        Ok(())
    } else {
        Err("examples/data/fonts/DejaVuSans.ttf is not a font".into())
    }
}
