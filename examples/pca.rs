//! Principal component analysis of a table of numbers, with a report and two pictures.
//!
//! ```sh
//! cargo run --release --example pca                # 1,797 handwritten digits, shipped with the crate
//! cargo run --release --example pca -- table.csv   # any CSV file of numbers
//! ```
//!
//! Every column is data, except that the first one called `digit`, `label`, `class` or `target`
//! colours the scatter plot instead. `pca_scatter.png` and `pca_scree.png` land in the current
//! directory.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use orthant::linalg::{self, Backend, Components, Pca};
use orthant::prelude::*;

#[path = "support/command.rs"]
mod command;
#[path = "support/csv_table.rs"]
mod csv_table;
#[path = "support/plot.rs"]
mod plot;

use csv_table::{Table, read_csv};

/// Names of columns that say what a row is instead of measuring it.
const LABELS: [&str; 4] = ["digit", "label", "class", "target"];
/// More classes than this cannot be told apart in a picture.
const MAX_CLASSES: usize = 20;

/// The points whose first `k` coordinates along the components are those of `scores`, the others 0.
fn reconstruct(pca: &Pca<f64>, scores: &ArrayRef2<f64>, k: usize) -> Array2<f64> {
    // Slices are views, and the product takes them as they are.
    let kept = pca.components.slice(s![..k, ..]);
    scores.slice(s![.., ..k]).matmul(kept) + &pca.mean
}

/// What is lost by keeping `k` components of the rows of `x`.
pub fn reconstruction_error(
    pca: &Pca<f64>,
    x: &ArrayRef2<f64>,
    scores: &ArrayRef2<f64>,
    k: usize,
) -> ReconstructionError {
    let lost = linalg::norm(&(x - reconstruct(pca, scores, k)));
    let all = linalg::norm(&(x - &pca.mean));
    ReconstructionError {
        rms: lost / (x.len() as f64).sqrt(),
        relative: if all > 0.0 { lost / all } else { 0.0 },
    }
}

/// How many components it takes to explain this share of the variance.
fn components_for(cumulative: &ArrayRef1<f64>, share: f64) -> usize {
    // The last sum may miss 1 by rounding.
    let enough = cumulative.iter().position(|&sum| sum >= share - 1e-12);
    enough.map_or(cumulative.len(), |index| index + 1)
}

/// How far a reconstruction is from the data.
pub struct ReconstructionError {
    /// Root mean square over all cells, in the data's units.
    pub rms: f64,
    /// Frobenius norm of the difference over that of the centred data.
    pub relative: f64,
}

/// A table split into what is analysed and what only colours the picture.
pub struct Dataset {
    /// The points, one per row.
    pub x: Array2<f64>,
    /// Names of the columns of `x`, when the file has a header.
    pub columns: Option<Vec<String>>,
    /// The label column.
    pub labels: Option<Labels>,
}

/// A column that says of which class each row is.
pub struct Labels {
    /// The column's name.
    pub name: String,
    /// The different values in ascending order.
    pub classes: Vec<f64>,
    /// For each row the position of its value in `classes`.
    pub of_row: Vec<usize>,
}

impl Dataset {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// When it is not a table of numbers with at least two rows and two columns of data.
    pub fn read(path: &Path) -> Result<Dataset, Box<dyn Error>> {
        let data = Dataset::from_table(read_csv(path)?);
        let (rows, cols) = (data.x.nrows(), data.x.ncols());
        if rows < 2 || cols < 2 {
            let beside = match &data.labels {
                Some(labels) => format!(" beside the column `{}`", labels.name),
                None => String::new(),
            };
            return Err(format!(
                "{}: principal components need at least 2 rows and 2 columns of numbers; this \
                 table has {}{beside}",
                path.display(),
                size(rows, cols),
            )
            .into());
        }
        Ok(data)
    }

    /// Takes the label column out of a table.
    pub fn from_table(table: Table) -> Dataset {
        let Table {
            header,
            rows,
            cols,
            values,
        } = table;
        // Nothing is copied: the array takes the vector over.
        let all = Array2::from_shape_vec([rows, cols], values);
        let is_label = |name: &String| LABELS.contains(&name.to_lowercase().as_str());
        let label = header
            .as_ref()
            .and_then(|names| names.iter().position(is_label));
        let (Some(label), Some(mut names)) = (label, header.clone()) else {
            return Dataset {
                x: all,
                columns: header,
                labels: None,
            };
        };
        let x = Array2::from_shape_fn([rows, cols - 1], |[i, j]| {
            all[[i, if j < label { j } else { j + 1 }]]
        });
        let labels = Labels::new(names.remove(label), &all.column(label));
        Dataset {
            x,
            columns: Some(names),
            labels: Some(labels),
        }
    }

    /// Names (or numbers, from 1) of the columns with one value in all rows.
    fn constant_columns(&self) -> Vec<String> {
        let constant = |column: &ArrayRef1<f64>| column.iter().all(|v| *v == column[0]);
        let name = |j: usize| match &self.columns {
            Some(names) => names[j].clone(),
            None => (j + 1).to_string(),
        };
        let columns = self.x.columns().enumerate();
        columns
            .filter(|(_, column)| constant(column))
            .map(|(j, _)| name(j))
            .collect()
    }
}

impl Labels {
    fn new(name: String, column: &ArrayRef1<f64>) -> Labels {
        let mut classes = column.flatten().into_vec();
        classes.sort_by(f64::total_cmp);
        classes.dedup();
        // Every value is among the classes.
        let class = |value: &f64| classes.partition_point(|class| class < value);
        let of_row = column.iter().map(class).collect();
        Labels {
            name,
            classes,
            of_row,
        }
    }

    fn can_be_drawn(&self) -> bool {
        self.classes.len() <= MAX_CLASSES
    }
}

fn main() -> ExitCode {
    command::main("pca", "table.csv", "digits.csv", run)
}

/// Analyses the table at `path`, draws into the directory `out`, and returns the report.
///
/// # Errors
/// What [`Dataset::read`], [`Pca::fit_transform`] and the drawing functions return.
pub fn run(path: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let start = Instant::now();
    let data = Dataset::read(path)?;
    let reading = start.elapsed();
    let start = Instant::now();
    let (pca, scores) = Pca::fit_transform(&data.x, Components::All)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let fitting = start.elapsed();

    let mut report = describe(path, &data, &pca, &scores);
    let start = Instant::now();
    let pictures = draw(path, &data, &pca, &scores, out)?;
    let drawing = start.elapsed();
    writeln!(report, "\nBackend: {}", machinery())?;
    writeln!(
        report,
        "Time:    {} for centring and SVD, {} for reading, {} for drawing",
        milliseconds(fitting),
        milliseconds(reading),
        milliseconds(drawing),
    )?;
    for picture in pictures {
        writeln!(report, "Picture: {}", picture.display())?;
    }
    Ok(report)
}

/// The report up to the pictures.
fn describe(path: &Path, data: &Dataset, pca: &Pca<f64>, scores: &ArrayRef2<f64>) -> String {
    let x = &data.x;
    let mut lines = vec![
        format!("Principal component analysis of {}", path.display()),
        String::new(),
        size(x.nrows(), x.ncols()),
    ];
    if let Some(labels) = &data.labels {
        let use_of_it = match labels.can_be_drawn() {
            true => "colours the scatter plot",
            false => "is left out; too many values to colour the scatter plot",
        };
        lines.push(format!(
            "column `{}` ({} values) {use_of_it}",
            labels.name,
            labels.classes.len()
        ));
    }
    let constant = data.constant_columns();
    if !constant.is_empty() {
        const NAMED: usize = 5;
        let more = match constant.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = constant[..constant.len().min(NAMED)].join(", ");
        lines.push(format!("columns that never vary: {names}{more}"));
    }

    lines.push(String::new());
    lines.push("Component   Singular value       Variance      Share   Cumulative".to_owned());
    let cumulative = pca.explained_variance_ratio.cumsum();
    let shown = cumulative.len().min(10);
    for i in 0..shown {
        lines.push(format!(
            "{:>9} {} {} {:>8.2} % {:>10.2} %",
            i + 1,
            quantity(pca.singular_values[i], 16),
            quantity(pca.explained_variance[i], 14),
            100.0 * pca.explained_variance_ratio[i],
            100.0 * cumulative[i],
        ));
    }
    if shown < cumulative.len() {
        lines.push(format!("      … {} more", cumulative.len() - shown));
    }

    lines.push(String::new());
    lines.push("Variance explained   Components needed".to_owned());
    for share in [0.5, 0.8, 0.9, 0.95, 0.99] {
        lines.push(format!(
            "{:>16.0} % {:>12} of {}",
            100.0 * share,
            components_for(&cumulative, share),
            cumulative.len()
        ));
    }

    lines.push(String::new());
    lines.push("Components kept   RMS error per cell   Relative error".to_owned());
    for k in ranks(cumulative.len()) {
        let error = reconstruction_error(pca, x, scores, k);
        lines.push(format!(
            "{k:>15} {} {:>14.2} %",
            quantity(error.rms, 20),
            100.0 * error.relative
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Draws both pictures and returns their absolute paths.
fn draw(
    path: &Path,
    data: &Dataset,
    pca: &Pca<f64>,
    scores: &ArrayRef2<f64>,
    out: &Path,
) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let of = path.file_stem().unwrap_or_default().to_string_lossy();
    let share = |i: usize| 100.0 * pca.explained_variance_ratio[i];
    // Columns of a row-major matrix are strided; the plot wants plain slices.
    let (x, y) = (scores.column(0).flatten(), scores.column(1).flatten());

    let labels = data.labels.as_ref().filter(|labels| labels.can_be_drawn());
    let (classes, class_names, legend_title) = match labels {
        Some(labels) => (
            labels.of_row.clone(),
            labels.classes.iter().map(f64::to_string).collect(),
            capitalised(&labels.name),
        ),
        None => (vec![0; x.len()], vec![String::new()], String::new()),
    };
    let scatter = out.join("pca_scatter.png");
    plot::scatter(
        &scatter,
        &plot::Scatter {
            title: &format!("{of}: {} in two dimensions", rows_named(data.x.nrows())),
            x_label: &format!("Principal component 1 ({:.1} % of variance)", share(0)),
            y_label: &format!("Principal component 2 ({:.1} % of variance)", share(1)),
            x: &x.into_vec(),
            y: &y.into_vec(),
            classes: &classes,
            class_names: &class_names,
            legend_title: &legend_title,
        },
    )?;
    let scree = out.join("pca_scree.png");
    plot::scree(
        &scree,
        &format!("{of}: variance explained by principal components"),
        &pca.explained_variance_ratio.flatten().into_vec(),
        30,
    )?;
    Ok(vec![scatter.canonicalize()?, scree.canonicalize()?])
}

/// Numbers of components worth reporting: 1, 2, 5, 10, 20, 50, … up to all of them.
fn ranks(all: usize) -> Vec<usize> {
    let decades = (0..).map(|exponent| 10usize.pow(exponent));
    let steps = decades.flat_map(|decade| [decade, 2 * decade, 5 * decade]);
    steps.take_while(|&k| k < all).chain([all]).collect()
}

/// What computes here.
fn machinery() -> String {
    let config = orthant::config();
    let backend = match (config.decompositions, config.library) {
        (Some(Backend::Lapack), Some(library)) => library.name,
        (Some(backend), _) => backend.to_string(),
        (None, _) => config.reason,
    };
    let s = if config.threads == 1 { "" } else { "s" };
    format!(
        "{backend}, {} loops, {} thread{s}",
        config.simd, config.threads
    )
}

/// Four decimals, or an exponent where they would not do; right-aligned.
fn quantity(value: f64, width: usize) -> String {
    if value == 0.0 || (1e-3..1e9).contains(&value.abs()) {
        format!("{value:>width$.4}")
    } else {
        format!("{value:>width$.3e}")
    }
}

fn size(rows: usize, cols: usize) -> String {
    let s = if cols == 1 { "" } else { "s" };
    format!("{} of {} column{s}", rows_named(rows), grouped(cols))
}

fn rows_named(rows: usize) -> String {
    format!("{} row{}", grouped(rows), if rows == 1 { "" } else { "s" })
}

/// Thousands separated by commas.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut result = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", 1e3 * time.as_secs_f64())
}
