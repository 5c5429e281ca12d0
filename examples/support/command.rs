//! The command line of examples that take one file and print a report.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs `run(file, working directory)` with the file named on the command line, or `default` in
/// `examples/data/`, and prints its report or what went wrong.
pub fn main(
    name: &str,
    argument: &str,
    default: &str,
    run: fn(&Path, &Path) -> Result<String, Box<dyn Error>>,
) -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let path = match (arguments.next(), arguments.next()) {
        (None, _) => Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples/data")
            .join(default),
        (Some(path), None) => PathBuf::from(path),
        _ => {
            eprintln!("usage: {name} [{argument}]");
            return ExitCode::from(2);
        }
    };
    match run(&path, Path::new(".")) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
