//! The picture of a regression: observations against fitted values, and residuals below them.

use std::path::Path;

use plotters::prelude::*;

// The other pictures of that file are not drawn here.
#[allow(dead_code)]
#[path = "plot.rs"]
mod plot;

use plot::{
    BAR, Drawn, GRID, INK, LINE, decimals, marker, padded_range, px, render, stroke, text, tick,
};

/// A fitted model.
pub struct Fit<'a> {
    /// Heading of the picture.
    pub title: &'a str,
    /// What is observed.
    pub what: &'a str,
    /// What the model says.
    pub fitted: &'a [f64],
    /// What was observed, as many.
    pub observed: &'a [f64],
}

/// Writes the picture as a PNG file of 1000 × 750 pixels.
///
/// # Errors
/// When the slices differ in length or hold nothing finite, and when the file cannot be written.
pub fn regression_plot(path: &Path, fit: &Fit) -> Drawn {
    if fit.fitted.len() != fit.observed.len() {
        let (fitted, observed) = (fit.fitted.len(), fit.observed.len());
        return Err(format!("{fitted} fitted values for {observed} observations").into());
    }
    let pairs = || fit.fitted.iter().copied().zip(fit.observed.iter().copied());
    let residuals: Vec<(f64, f64)> = pairs().map(|(x, y)| (x, y - x)).collect();
    let x_range = padded_range(fit.fitted)?;
    let y_range = padded_range(fit.observed)?;
    let largest = residuals
        .iter()
        .fold(0.0, |most: f64, r| most.max(r.1.abs()));
    let reach = if largest > 0.0 { 1.15 * largest } else { 1.0 };
    let panels = [
        (fit.title, y_range, format!("Observed {}", fit.what), ""),
        ("", -reach..reach, "Residual".to_owned(), "Fitted"),
    ];
    render(path, |canvas| {
        let (above, below) = canvas.split_vertically(px(455));
        for (i, (area, (title, y_range, y_label, x_label))) in
            [above, below].iter().zip(&panels).enumerate()
        {
            let (x_decimals, y_decimals) = (decimals(&x_range), decimals(y_range));
            let mut builder = ChartBuilder::on(area);
            if !title.is_empty() {
                builder.caption(title, text(25));
            }
            let mut chart = builder
                .margin(px(18))
                .x_label_area_size(px(if x_label.is_empty() { 34 } else { 56 }))
                .y_label_area_size(px(88))
                .build_cartesian_2d(x_range.clone(), y_range.clone())?;
            chart
                .configure_mesh()
                .x_desc(*x_label)
                .y_desc(y_label.as_str())
                .y_labels(if i == 0 { 8 } else { 5 })
                .axis_desc_style(text(18))
                .label_style(text(15))
                .axis_style(stroke(INK, 1))
                .set_all_tick_mark_size(px(6))
                .bold_line_style(stroke(GRID, 1))
                .light_line_style(TRANSPARENT)
                .x_label_formatter(&|value| tick(*value, x_decimals))
                .y_label_formatter(&|value| tick(*value, y_decimals))
                .draw()?;
            let (x0, x1) = (x_range.start, x_range.end);
            // Where observations equal what the model says.
            let line = if i == 0 {
                let (from, to) = (x0.max(y_range.start), x1.min(y_range.end));
                [(from, from), (to, to)]
            } else {
                [(x0, 0.0), (x1, 0.0)]
            };
            chart.draw_series(LineSeries::new(line, stroke(LINE, 2)))?;
            if i == 1 {
                chart.draw_series(residuals.iter().map(|&(x, r)| {
                    PathElement::new([(x, 0.0), (x, r)], stroke(BAR.mix(0.5), 2))
                }))?;
            }
            let points: Vec<(f64, f64)> = if i == 0 {
                pairs().collect()
            } else {
                residuals.clone()
            };
            chart.draw_series(
                points
                    .into_iter()
                    .map(|point| EmptyElement::at(point) + marker(0, (0, 0), 5.0, BAR.mix(0.85))),
            )?;
        }
        Ok(())
    })
}
