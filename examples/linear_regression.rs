//! Linear regression by least squares: coefficients with their errors, a plot of fit and residuals.
//!
//! ```sh
//! cargo run --release --example linear_regression               # Longley's data, shipped with the crate
//! cargo run --release --example linear_regression -- table.csv  # any CSV file of numbers
//! ```
//!
//! The last column is explained by all others and a constant. Longley's table of the American economy has
//! been a test of regression programs since 1967, because its columns nearly depend on each other; the
//! report compares with the exact solution, and with what the normal equations make of it.
//! `linear_regression.png` lands in the current directory.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use orthant::linalg::{self, LinalgError};
use orthant::prelude::*;

#[path = "support/command.rs"]
mod command;
#[path = "support/csv_table.rs"]
mod csv_table;
#[path = "support/regression_plot.rs"]
mod regression_plot;

use csv_table::{Table, read_csv};
use regression_plot::{Fit, regression_plot};

/// The solution for `longley.csv`, constant first, as certified by NIST
/// (<https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml>).
const CERTIFIED: [f64; 7] = [
    -3482258.63459582,
    15.0618722713733,
    -0.035819179292591,
    -2.02022980381683,
    -1.03322686717359,
    -0.0511041056535807,
    1829.15146461355,
];

/// What explains the observations best.
pub struct Regression {
    /// The constant, then one for each column.
    pub coefficients: Array1<f64>,
    /// Their standard errors.
    pub errors: Array1<f64>,
    /// What the model says in place of the observations.
    pub fitted: Array1<f64>,
    /// Observations less that.
    pub residuals: Array1<f64>,
    /// Standard deviation of the residuals, with as many degrees of freedom as are left.
    pub deviation: f64,
    /// Share of the variance that is explained.
    pub r_squared: f64,
    /// How many columns, with the constant, are independent.
    pub rank: usize,
    /// Largest over smallest singular value of the scaled columns.
    pub condition: f64,
}

/// A column of ones before the columns of `x`.
pub fn design(x: &ArrayRef2<f64>) -> Array2<f64> {
    let mut a = Array2::ones([x.nrows(), x.ncols() + 1]);
    a.slice_mut(s![.., 1..]).assign(x);
    a
}

/// Explains `y` by a constant and the columns of `x`.
///
/// # Errors
/// Those of [`linalg::lstsq`].
pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<Regression, LinalgError> {
    let a = design(x);
    // Columns in their own units are of very different sizes. What counts as zero is relative to the
    // largest singular value, so they are scaled to length 1 first.
    let lengths = (&a * &a)
        .sum_axis(0)
        .sqrt()
        .map(|&n| if n > 0.0 { n } else { 1.0 });
    let scaled = &a / &lengths;
    let solution = linalg::lstsq(&scaled, y, None)?;
    let fitted = scaled.matmul(&solution.x);
    let residuals = y - &fitted;
    let squares = residuals.sum_squares();
    let freedom = y.len().saturating_sub(solution.rank) as f64;
    let deviation = (squares / freedom).sqrt();
    // The covariance of the coefficients is σ²·(AᵀA)⁻¹ = σ²·A⁺·A⁺ᵀ.
    let inverse = linalg::pinv(&scaled, None)?;
    let errors = deviation * (&inverse * &inverse).sum_axis(1).sqrt() / &lengths;
    let s = &solution.s;
    Ok(Regression {
        coefficients: &solution.x / &lengths,
        errors,
        fitted,
        residuals,
        deviation,
        r_squared: 1.0 - squares / (y - y.mean()).sum_squares(),
        rank: solution.rank,
        condition: s[0] / s[s.len() - 1],
    })
}

/// The same coefficients by `AᵀA·x = Aᵀy`, which squares the condition number: how not to do it.
pub fn by_normal_equations(
    x: &ArrayRef2<f64>,
    y: &ArrayRef1<f64>,
) -> Result<Array1<f64>, LinalgError> {
    let a = design(x);
    linalg::solve(&a.t().matmul(&a), &a.t().matmul(y))
}

/// How many digits of the worst coefficient are right.
pub fn digits(found: &ArrayRef1<f64>, exact: &[f64]) -> f64 {
    let right = found
        .iter()
        .zip(exact)
        .map(|(x, e)| -((x - e) / e).abs().log10());
    right.fold(15.0, f64::min)
}

/// Reads the table at `path`, draws into the directory `out`, and returns the report.
///
/// # Errors
/// When the file is not a table of numbers with more rows than columns; those of the solver and the
/// drawing.
pub fn run(path: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let Table {
        header,
        rows,
        cols,
        values,
    } = read_csv(path)?;
    if cols < 2 || rows <= cols {
        return Err(format!(
            "{}: a regression needs at least 2 columns and more rows than those; this table has {rows} \
             rows of {cols}",
            path.display()
        )
        .into());
    }
    let names = header.unwrap_or_else(|| (1..=cols).map(|j| format!("column {j}")).collect());
    let table = Array2::from_shape_vec([rows, cols], values);
    let (x, y) = (table.slice(s![.., ..-1]), table.column(cols - 1));
    let y = y.flatten();
    let regression = fit(&x, &y).map_err(|error| format!("{}: {error}", path.display()))?;

    let target = &names[cols - 1];
    let mut report = format!("Linear regression of `{target}` in {}\n\n", path.display());
    writeln!(report, "{rows} rows, {} columns and a constant", cols - 1)?;
    writeln!(
        report,
        "\nTerm                  Coefficient   Standard error   Ratio"
    )?;
    let terms = std::iter::once("constant").chain(names[..cols - 1].iter().map(String::as_str));
    let numbers = regression.coefficients.iter().zip(regression.errors.iter());
    for (term, (coefficient, error)) in terms.zip(numbers) {
        writeln!(
            report,
            "{term:<16} {coefficient:>16.6e} {error:>16.6e} {:>7.2}",
            coefficient / error
        )?;
    }
    writeln!(
        report,
        "\nResidual standard deviation {:.4}, R² = {:.6}, rank {} of {cols}, condition {:.1e}",
        regression.deviation, regression.r_squared, regression.rank, regression.condition
    )?;
    if is_longley(&names, rows) {
        let normal = by_normal_equations(&x, &y)?;
        writeln!(
            report,
            "\nRight digits of the worst coefficient, of the 15 that NIST certifies:\n\
             \x20 least squares     {:>4.1}\n\
             \x20 normal equations  {:>4.1}",
            digits(&regression.coefficients, &CERTIFIED),
            digits(&normal, &CERTIFIED),
        )?;
    }
    let drawing = out.join("linear_regression.png");
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    regression_plot(
        &drawing,
        &Fit {
            title: &format!("{stem}: {target}, explained by {} columns", cols - 1),
            what: target,
            fitted: &regression.fitted.into_vec(),
            observed: &y.into_vec(),
        },
    )?;
    writeln!(report, "\nPicture: {}", drawing.canonicalize()?.display())?;
    Ok(report)
}

fn is_longley(names: &[String], rows: usize) -> bool {
    let known = [
        "deflator",
        "gnp",
        "unemployed",
        "armed_forces",
        "population",
        "year",
        "employed",
    ];
    names == known && rows == 16
}

fn main() -> ExitCode {
    command::main("linear_regression", "table.csv", "longley.csv", run)
}
