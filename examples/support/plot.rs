//! The pictures that the examples write: a scatter plot coloured by class and a scree plot.
//!
//! Plain slices in, a PNG file out; nothing here knows about arrays. Text is set in a font that lies
//! beside the data, so that no font library of the system is needed.
//!
//! Each picture is drawn at [`SCALE`] times its size and averaged down, because the bitmap backend
//! smooths the edges of text but not those of lines and markers.

use std::error::Error;
use std::path::Path;

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::coord::Shift;
use plotters::element::Rectangle;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

#[path = "font.rs"]
mod font;

/// What the drawing functions return.
pub type Drawn = Result<(), Box<dyn Error>>;

/// What is drawn on.
pub type Canvas<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

const WIDTH: u32 = 1000;
const HEIGHT: u32 = 750;
/// Pixels drawn per pixel written, in each direction.
const SCALE: u32 = 3;

/// Colour of text and axes.
pub const INK: RGBColor = RGBColor(38, 38, 38);
/// Colour of grid lines.
pub const GRID: RGBColor = RGBColor(228, 228, 228);
/// Colour of data.
pub const BAR: RGBColor = RGBColor(0, 114, 178);
/// Colour of what runs through data.
pub const LINE: RGBColor = RGBColor(213, 94, 0);

/// Ten colours that stay apart under the common forms of colour blindness: Paul Tol's "muted"
/// scheme (SRON technical note EPS/TN/09-002), its pale grey darkened for a white background.
const PALETTE: [RGBColor; 10] = [
    RGBColor(0x33, 0x22, 0x88),
    RGBColor(0xcc, 0x66, 0x77),
    RGBColor(0x11, 0x77, 0x33),
    RGBColor(0xdd, 0xaa, 0x33),
    RGBColor(0x66, 0xbb, 0xee),
    RGBColor(0x88, 0x22, 0x55),
    RGBColor(0x44, 0xaa, 0x99),
    RGBColor(0x99, 0x99, 0x33),
    RGBColor(0xaa, 0x44, 0x99),
    RGBColor(0x66, 0x66, 0x66),
];

/// Points in the plane, each of one class.
pub struct Scatter<'a> {
    /// Heading of the picture.
    pub title: &'a str,
    /// What the horizontal axis shows.
    pub x_label: &'a str,
    /// What the vertical axis shows.
    pub y_label: &'a str,
    /// Horizontal coordinates.
    pub x: &'a [f64],
    /// Vertical coordinates, as many.
    pub y: &'a [f64],
    /// Class of each point, an index into `class_names`.
    pub classes: &'a [usize],
    /// Names for the legend; with a single class there is no legend.
    pub class_names: &'a [String],
    /// Heading of the legend.
    pub legend_title: &'a str,
}

/// Writes a scatter plot as a PNG file of 1000 × 750 pixels.
///
/// Classes differ in colour and in marker, and each name stands at the median of its points.
///
/// # Errors
/// When the slices differ in length, hold no finite point or name an unknown class, and when the file
/// cannot be written.
pub fn scatter(path: &Path, plot: &Scatter) -> Drawn {
    let n = plot.x.len();
    if plot.y.len() != n || plot.classes.len() != n {
        return Err(format!(
            "a scatter plot needs as many x ({n}) as y ({}) and classes ({})",
            plot.y.len(),
            plot.classes.len()
        )
        .into());
    }
    let names = plot.class_names;
    if let Some(class) = plot.classes.iter().find(|&&class| class >= names.len()) {
        return Err(format!("class {class} has no name: there are {} names", names.len()).into());
    }
    let x_range = padded_range(plot.x)?;
    let y_range = padded_range(plot.y)?;
    let (x_decimals, y_decimals) = (decimals(&x_range), decimals(&y_range));

    render(path, |canvas| {
        let (area, legend) = if names.len() > 1 {
            let longest = names
                .iter()
                .map(|name| name.chars().count())
                .max()
                .unwrap_or(0);
            let longest = longest.max(plot.legend_title.chars().count()) as u32;
            canvas.split_horizontally(px(WIDTH - (48 + 10 * longest).min(WIDTH / 3)))
        } else {
            (canvas.clone(), canvas.clone())
        };
        let mut chart = ChartBuilder::on(&area)
            .caption(plot.title, text(25))
            .margin(px(18))
            .x_label_area_size(px(56))
            .y_label_area_size(px(72))
            .build_cartesian_2d(x_range, y_range)?;
        chart
            .configure_mesh()
            .x_desc(plot.x_label)
            .y_desc(plot.y_label)
            .axis_desc_style(text(18))
            .label_style(text(15))
            .axis_style(stroke(INK, 1))
            .set_all_tick_mark_size(px(6))
            .bold_line_style(stroke(GRID, 1))
            .light_line_style(TRANSPARENT)
            .x_label_formatter(&|value| tick(*value, x_decimals))
            .y_label_formatter(&|value| tick(*value, y_decimals))
            .draw()?;

        // Row order, not class by class: otherwise the last class hides the others.
        chart.draw_series(plot.x.iter().zip(plot.y).zip(plot.classes).map(
            |((&x, &y), &class)| {
                EmptyElement::at((x, y)) + marker(class, (0, 0), 4.2, colour(class).mix(0.72))
            },
        ))?;

        if names.len() > 1 {
            for (class, name) in names.iter().enumerate() {
                let of = |values: &[f64]| {
                    median(
                        values
                            .iter()
                            .zip(plot.classes)
                            .filter(|p| *p.1 == class)
                            .map(|p| *p.0),
                    )
                };
                if let (Some(x), Some(y)) = (of(plot.x), of(plot.y)) {
                    draw_badge(&area, chart.backend_coord(&(x, y)), name, colour(class))?;
                }
            }
            draw_legend(&legend, plot.legend_title, names)?;
        }
        Ok(())
    })
}

/// Writes a scree plot as a PNG file of 1000 × 750 pixels: explained variance of the first `shown`
/// components as bars, its running sum over them as a line on the right-hand axis, and how many
/// components explain 90 %.
///
/// `ratios` are shares of the total variance, all components in descending order.
///
/// # Errors
/// When `ratios` is empty or not finite, and when the file cannot be written.
pub fn scree(path: &Path, title: &str, ratios: &[f64], shown: usize) -> Drawn {
    const ENOUGH: f64 = 90.0;
    let shown = shown.min(ratios.len());
    if shown == 0 || ratios.iter().any(|ratio| !ratio.is_finite()) {
        return Err("a scree plot needs at least one component and finite ratios".into());
    }
    let percent: Vec<f64> = ratios.iter().map(|ratio| 100.0 * ratio).collect();
    let cumulative: Vec<f64> = percent
        .iter()
        .scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        })
        .collect();
    let tallest = percent.iter().copied().fold(0.0, f64::max);
    let y_top = if tallest > 0.0 { tallest * 1.08 } else { 1.0 };
    let y_decimals = decimals(&(0.0..y_top));
    let x_range = 0.4..shown as f64 + 0.6;

    render(path, |canvas| {
        let mut chart = ChartBuilder::on(canvas)
            .caption(title, text(25))
            .margin(px(18))
            .x_label_area_size(px(56))
            .y_label_area_size(px(72))
            .right_y_label_area_size(px(76))
            .build_cartesian_2d(x_range.clone(), 0.0..y_top)?
            .set_secondary_coord(x_range, 0.0..105.0);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(shown.min(16))
            .x_desc("Principal component")
            .y_desc("Explained variance (%)")
            .axis_desc_style(text(18))
            .label_style(text(15))
            .axis_style(stroke(INK, 1))
            .set_all_tick_mark_size(px(6))
            .bold_line_style(stroke(GRID, 1))
            .light_line_style(TRANSPARENT)
            .x_label_formatter(&|value| whole(*value))
            .y_label_formatter(&|value| tick(*value, y_decimals))
            .draw()?;
        chart
            .configure_secondary_axes()
            .y_desc("Cumulative explained variance (%)")
            .axis_desc_style(text(18))
            .label_style(text(15))
            .axis_style(stroke(INK, 1))
            .set_all_tick_mark_size(px(6))
            .y_labels(11)
            .y_label_formatter(&|value| format!("{value:.0}"))
            .draw()?;

        let at = |index: usize| (index + 1) as f64;
        chart
            .draw_series((0..shown).map(|i| {
                Rectangle::new(
                    [(at(i) - 0.38, 0.0), (at(i) + 0.38, percent[i])],
                    BAR.mix(0.85).filled(),
                )
            }))?
            .label("each component (left axis)")
            .legend(|(x, y)| {
                Rectangle::new(
                    [(x, y - px(6)), (x + px(22), y + px(6))],
                    BAR.mix(0.85).filled(),
                )
            });
        chart
            .draw_secondary_series(LineSeries::new(
                (0..shown).map(|i| (at(i), cumulative[i])),
                stroke(LINE, 2),
            ))?
            .label("cumulative (right axis)")
            .legend(|(x, y)| PathElement::new([(x, y), (x + px(22), y)], stroke(LINE, 2)));
        chart.draw_secondary_series((0..shown).map(|i| {
            EmptyElement::at((at(i), cumulative[i])) + marker(0, (0, 0), 3.6, LINE.to_rgba())
        }))?;

        if let Some(first) = cumulative[..shown].iter().position(|&sum| sum >= ENOUGH) {
            let style = stroke(INK.mix(0.7), 1);
            chart
                .draw_secondary_series(DashedLineSeries::new(
                    [
                        (at(first), 0.0),
                        (at(first), ENOUGH),
                        (shown as f64 + 0.6, ENOUGH),
                    ],
                    px(6),
                    px(5),
                    style,
                ))?
                .label(format!(
                    "{ENOUGH:.0} % with {} of {} components",
                    first + 1,
                    ratios.len()
                ))
                .legend(move |(x, y)| {
                    let dash =
                        |from, to| PathElement::new([(x + px(from), y), (x + px(to), y)], style);
                    EmptyElement::at((0, 0)) + dash(0, 6) + dash(10, 16) + dash(19, 22)
                });
        }

        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::MiddleRight)
            .margin(px(8))
            .legend_area_size(px(30))
            .label_font(text(16))
            .background_style(WHITE.mix(0.9))
            .border_style(stroke(GRID, 1))
            .draw()?;
        Ok(())
    })
}

/// Draws at [`SCALE`] times the size, averages the pixels down and writes the file.
pub fn render(path: &Path, draw: impl FnOnce(&Canvas) -> Drawn) -> Drawn {
    font::register()?;
    let (big_width, big_height) = (WIDTH * SCALE, HEIGHT * SCALE);
    let mut big = vec![0u8; 3 * (big_width * big_height) as usize];
    {
        let canvas =
            BitMapBackend::with_buffer(&mut big, (big_width, big_height)).into_drawing_area();
        canvas.fill(&WHITE)?;
        draw(&canvas)?;
        canvas.present()?;
    }
    let small = average_blocks(&big, big_width as usize, SCALE as usize);
    let mut file = BitMapBackend::new(path, (WIDTH, HEIGHT));
    file.blit_bitmap((0, 0), (WIDTH, HEIGHT), &small)?;
    file.present()
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(())
}

/// The mean of each `factor` × `factor` block of an RGB image that is `width` pixels wide.
fn average_blocks(image: &[u8], width: usize, factor: usize) -> Vec<u8> {
    let height = image.len() / (3 * width);
    let area = (factor * factor) as u32;
    let mut result = Vec::with_capacity(image.len() / (factor * factor));
    for block_row in 0..height / factor {
        for block_column in 0..width / factor {
            for channel in 0..3 {
                let mut sum = area / 2;
                for row in 0..factor {
                    let start = (block_row * factor + row) * width + block_column * factor;
                    for column in 0..factor {
                        sum += u32::from(image[3 * (start + column) + channel]);
                    }
                }
                result.push((sum / area) as u8);
            }
        }
    }
    result
}

/// A length in the written picture, in drawn pixels.
pub fn px(length: u32) -> i32 {
    (length * SCALE) as i32
}

/// A line of this many pixels.
pub fn stroke(colour: impl Color, width: u32) -> ShapeStyle {
    colour.stroke_width(width * SCALE)
}

/// Text of this height.
pub fn text(size: u32) -> TextStyle<'static> {
    (font::FONT, px(size)).into_font().color(&INK)
}

fn colour(class: usize) -> RGBColor {
    PALETTE[class % PALETTE.len()]
}

/// A filled marker around `centre`; five shapes, so that neighbours differ in more than colour.
pub fn marker(
    class: usize,
    centre: (i32, i32),
    radius: f64,
    colour: RGBAColor,
) -> Polygon<(i32, i32)> {
    // Corner angles in twelfths of a turn, y downwards, and a factor that evens out the areas.
    let (corners, factor): (&[f64], f64) = match (class + class / PALETTE.len()) % 5 {
        0 => (
            &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0],
            1.0,
        ),
        1 => (&[1.5, 4.5, 7.5, 10.5], 1.25),
        2 => (&[9.0, 1.0, 5.0], 1.45),
        3 => (&[0.0, 3.0, 6.0, 9.0], 1.3),
        _ => (&[3.0, 7.0, 11.0], 1.45),
    };
    let reach = radius * factor * f64::from(SCALE);
    let points: Vec<(i32, i32)> = corners
        .iter()
        .map(|corner| {
            let (sin, cos) = (corner * std::f64::consts::TAU / 12.0).sin_cos();
            (
                centre.0 + (reach * cos).round() as i32,
                centre.1 + (reach * sin).round() as i32,
            )
        })
        .collect();
    Polygon::new(points, colour.filled())
}

/// A class name on a white box with a coloured frame, centred on `at`.
fn draw_badge(area: &Canvas, at: (i32, i32), name: &str, colour: RGBColor) -> Drawn {
    let half_width = px(7) + px(5) * name.chars().count() as i32;
    let half_height = px(13);
    let corners = [
        (at.0 - half_width, at.1 - half_height),
        (at.0 + half_width, at.1 + half_height),
    ];
    area.draw(&Rectangle::new(corners, WHITE.mix(0.92).filled()))?;
    area.draw(&Rectangle::new(corners, stroke(colour, 2)))?;
    let style = text(17).pos(Pos::new(HPos::Center, VPos::Center));
    // The vertical centre of a line of text includes room for descenders, which digits lack.
    area.draw(&Text::new(name.to_owned(), (at.0, at.1 + px(2)), style))?;
    Ok(())
}

fn draw_legend(area: &Canvas, title: &str, names: &[String]) -> Drawn {
    let line: i32 = px(27);
    let (_, height) = area.dim_in_pixel();
    // As many entries as fit; the badges in the plot still name the rest.
    let fits = (height as i32 / line - 4).max(1) as usize;
    area.draw(&Text::new(title.to_owned(), (px(4), px(56)), text(17)))?;
    for (class, name) in names.iter().enumerate().take(fits) {
        let y = px(94) + line * class as i32;
        area.draw(&marker(class, (px(12), y), 6.0, colour(class).to_rgba()))?;
        let style = text(16).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(name.to_owned(), (px(26), y + px(2)), style))?;
    }
    Ok(())
}

/// The range of the finite values and 5 % on either side.
pub fn padded_range(values: &[f64]) -> Result<std::ops::Range<f64>, Box<dyn Error>> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return Err("there is no finite point to draw".into());
    }
    let pad = if high > low {
        0.05 * (high - low)
    } else {
        0.5 * low.abs().max(1.0)
    };
    Ok(low - pad..high + pad)
}

/// How many decimals tell about ten ticks of this range apart.
pub fn decimals(range: &std::ops::Range<f64>) -> usize {
    let tick = (range.end - range.start) / 10.0;
    (-tick.log10()).ceil().clamp(0.0, 12.0) as usize
}

/// A number below a tick; zero has no sign, whatever it was rounded from.
pub fn tick(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|b| matches!(b, b'0' | b'.')) => zero.into(),
        _ => text,
    }
}

/// A tick label of an axis that counts: nothing between whole numbers.
fn whole(value: f64) -> String {
    if (value - value.round()).abs() < 1e-6 {
        format!("{value:.0}")
    } else {
        String::new()
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
    }

    fn size_of_png(path: &Path) -> (u32, u32) {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        (word(16), word(20))
    }

    #[test]
    fn scatter_writes_a_picture_of_the_promised_size() {
        let path = target("plot-test-scatter.png");
        let names: Vec<String> = ["low", "high"].map(String::from).to_vec();
        scatter(
            &path,
            &Scatter {
                title: "Two classes",
                x_label: "x",
                y_label: "y",
                x: &[0.0, 1.0, 2.0, 3.0],
                y: &[1e-3, 2e-3, 4e-3, 3e-3],
                classes: &[0, 0, 1, 1],
                class_names: &names,
                legend_title: "Class",
            },
        )
        .unwrap();
        assert_eq!(size_of_png(&path), (WIDTH, HEIGHT));
    }

    #[test]
    fn scree_writes_a_picture_of_the_promised_size() {
        let path = target("plot-test-scree.png");
        scree(&path, "Three components", &[0.7, 0.25, 0.05], 10).unwrap();
        assert_eq!(size_of_png(&path), (WIDTH, HEIGHT));
        scree(&path, "A single one", &[1.0], 10).unwrap();
        scree(&path, "No variance", &[0.0, 0.0], 10).unwrap();
    }

    #[test]
    fn mistakes_are_errors() {
        let plot = |x: &[f64], classes: &[usize]| {
            scatter(
                &target("plot-test-never-written.png"),
                &Scatter {
                    title: "",
                    x_label: "",
                    y_label: "",
                    x,
                    y: &[1.0, 2.0],
                    classes,
                    class_names: &["only".to_owned()],
                    legend_title: "",
                },
            )
            .unwrap_err()
            .to_string()
        };
        assert!(plot(&[1.0], &[0, 0]).contains("as many x (1) as y (2) and classes (2)"));
        assert!(plot(&[1.0, 2.0], &[0, 1]).contains("class 1 has no name"));
        assert!(plot(&[f64::NAN, f64::NAN], &[0, 0]).contains("no finite point"));
        assert!(scree(&target("plot-test-never-written.png"), "", &[], 5).is_err());

        let nowhere = target("no-such-directory/picture.png");
        let message = scree(&nowhere, "", &[1.0], 5).unwrap_err().to_string();
        assert!(
            message.contains("cannot write") && message.contains("no-such-directory"),
            "{message}"
        );
    }

    #[test]
    fn blocks_are_averaged_by_channel() {
        // Two rows of four pixels become one row of two.
        let image = [
            [0, 10, 100],
            [4, 10, 100],
            [255, 0, 7],
            [255, 0, 8],
            [8, 10, 100],
            [4, 10, 102],
            [255, 0, 7],
            [255, 0, 8],
        ]
        .concat();
        assert_eq!(average_blocks(&image, 4, 2), [4, 10, 101, 255, 0, 8]);
    }

    #[test]
    fn tick_labels_have_the_decimals_they_need() {
        assert_eq!(decimals(&(-30.0..30.0)), 0);
        assert_eq!(decimals(&(0.0..1.0)), 1);
        assert_eq!(decimals(&(0.0..0.02)), 3);
        assert_eq!(whole(3.0), "3");
        assert_eq!(whole(2.5), "");
    }
}
