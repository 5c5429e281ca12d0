//! Reads a CSV file of numbers, whatever its size, and says exactly where it is not one.

use std::path::{Path, PathBuf};

/// A table of finite numbers in row-major order.
#[derive(Debug, PartialEq)]
pub struct Table {
    /// The names in the first line, when that line holds no number at all.
    pub header: Option<Vec<String>>,
    /// Lines of numbers.
    pub rows: usize,
    /// Numbers per line.
    pub cols: usize,
    /// `rows * cols` numbers.
    pub values: Vec<f64>,
}

/// Why a file is not a table of numbers. Lines and columns count from 1, as an editor shows them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// There is no such file.
    #[error("{}: no such file", .path.display())]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// The file cannot be opened or read.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file asked for.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file holds no line of numbers; a header may be there.
    #[error("{}: the file holds no rows of numbers", .path.display())]
    Empty {
        /// The file asked for.
        path: PathBuf,
    },
    /// A line is shorter or longer than the first one.
    #[error("{}, line {line}: {found} columns where the lines before have {expected}", .path.display())]
    Ragged {
        /// The file asked for.
        path: PathBuf,
        /// Where it is.
        line: u64,
        /// Columns of the first line.
        expected: usize,
        /// Columns of this line.
        found: usize,
    },
    /// A cell is empty, text, infinite or NaN.
    #[error("{}, line {line}, column {column}{}: {content:?} is not a finite number{}", .path.display(), named(.name), hint(.content))]
    NotANumber {
        /// The file asked for.
        path: PathBuf,
        /// Line of the cell.
        line: u64,
        /// Column of the cell.
        column: usize,
        /// The column's name, when there is a header.
        name: Option<String>,
        /// What the cell holds.
        content: String,
    },
}

fn named(name: &Option<String>) -> String {
    name.as_ref()
        .map(|name| format!(" ({name})"))
        .unwrap_or_default()
}

fn hint(content: &str) -> &'static str {
    if content.contains([';', '\t', '|']) {
        " (columns must be separated by commas)"
    } else {
        ""
    }
}

/// Reads the file at `path`.
///
/// A first line in which no cell is a number is taken as header; empty lines are skipped, blanks
/// around cells do not count.
///
/// # Errors
/// [`TableError`], naming the file and the place in it.
pub fn read_csv(path: &Path) -> Result<Table, TableError> {
    let content = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => TableError::Missing { path: path.into() },
        _ => TableError::Io {
            path: path.into(),
            source,
        },
    })?;
    parse(&content, path)
}

fn parse(content: &[u8], path: &Path) -> Result<Table, TableError> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(content);
    let mut header: Option<Vec<String>> = None;
    let mut cols = 0;
    let mut rows = 0;
    let mut values = Vec::new();
    let mut record = csv::ByteRecord::new();
    loop {
        let more = reader
            .read_byte_record(&mut record)
            .map_err(|error| TableError::Io {
                path: path.into(),
                source: error.into(),
            })?;
        if !more {
            break;
        }
        if rows == 0 && header.is_none() {
            cols = record.len();
            if record.iter().all(|cell| number(cell).is_none()) {
                header = Some(record.iter().map(text).collect());
                continue;
            }
        }
        let line = || line_of(&record, content);
        if record.len() != cols {
            let (path, found) = (path.into(), record.len());
            return Err(TableError::Ragged {
                path,
                line: line(),
                expected: cols,
                found,
            });
        }
        for (column, cell) in record.iter().enumerate() {
            let value = number(cell).filter(|value| value.is_finite());
            values.push(value.ok_or_else(|| TableError::NotANumber {
                path: path.into(),
                line: line(),
                column: column + 1,
                name: header.as_ref().map(|names| names[column].clone()),
                content: text(cell),
            })?);
        }
        rows += 1;
    }
    if rows == 0 {
        return Err(TableError::Empty { path: path.into() });
    }
    Ok(Table {
        header,
        rows,
        cols,
        values,
    })
}

/// The line on which a record starts; the reader's own count stops at empty lines before it.
fn line_of(record: &csv::ByteRecord, content: &[u8]) -> u64 {
    let start = record
        .position()
        .map_or(0, |position| position.byte() as usize);
    let blank = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
    let skipped = content[start..].iter().take_while(blank).count();
    let before = &content[..start + skipped];
    1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(content: &str) -> Result<Table, TableError> {
        parse(content.as_bytes(), Path::new("data.csv"))
    }

    fn message(content: &str) -> String {
        table(content).unwrap_err().to_string()
    }

    #[test]
    fn numbers_with_and_without_a_header() {
        let plain = table("1,2.5,-3e2\n4,5,6\n").unwrap();
        assert_eq!((plain.rows, plain.cols, plain.header), (2, 3, None));
        assert_eq!(plain.values, [1.0, 2.5, -300.0, 4.0, 5.0, 6.0]);

        let named = table("a,b\n1,2\n").unwrap();
        assert_eq!(named.header, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(
            (named.rows, named.cols, named.values),
            (1, 2, vec![1.0, 2.0])
        );
    }

    #[test]
    fn what_editors_and_spreadsheets_leave_behind_is_accepted() {
        let expected = table("a,b\n1,2\n3,4\n").unwrap();
        for content in [
            "a,b\r\n1,2\r\n3,4",
            "\u{feff}a,b\n1,2\n3,4\n",
            " a , b \n 1 ,\t2\n3 , 4\n",
            "\"a\",\"b\"\n\"1\",2\n3,4\n",
            "a,b\n\n1,2\n\n3,4\n\n",
        ] {
            assert_eq!(table(content).unwrap(), expected, "{content:?}");
        }
        assert_eq!(table("\u{feff}1,2\n").unwrap().header, None);
    }

    #[test]
    fn nothing_to_read() {
        for content in ["", "\n\n", "a,b\n"] {
            assert_eq!(
                message(content),
                "data.csv: the file holds no rows of numbers",
                "{content:?}"
            );
        }
    }

    #[test]
    fn ragged_lines_are_named() {
        assert_eq!(
            message("1,2,3\n4,5,6\n7,8\n"),
            "data.csv, line 3: 2 columns where the lines before have 3"
        );
        assert_eq!(
            message("\u{feff}a,b\r\n\r\n1,2\r\n1,2,3\r\n"),
            "data.csv, line 4: 3 columns where the lines before have 2"
        );
    }

    #[test]
    fn text_cells_are_named() {
        assert_eq!(
            message("1,2\n3,four\n"),
            "data.csv, line 2, column 2: \"four\" is not a finite number"
        );
        assert_eq!(
            message("width,height\n1,2\n,4\n"),
            "data.csv, line 3, column 1 (width): \"\" is not a finite number"
        );
        // One word among numbers is a bad cell, not a header.
        assert_eq!(
            message("1,x\n3,4\n"),
            "data.csv, line 1, column 2: \"x\" is not a finite number"
        );
        assert_eq!(
            message("1,NaN\n"),
            "data.csv, line 1, column 2: \"NaN\" is not a finite number"
        );
        assert_eq!(
            message("a;b\n1;2\n"),
            "data.csv, line 2, column 1 (a;b): \"1;2\" is not a finite number (columns must be separated by commas)"
        );
        let latin1 = parse(b"1,2\n3,\xe9\n", Path::new("data.csv")).unwrap_err();
        assert!(
            matches!(
                latin1,
                TableError::NotANumber {
                    line: 2,
                    column: 2,
                    ..
                }
            ),
            "{latin1:?}"
        );
    }

    #[test]
    fn files_that_cannot_be_read() {
        let missing = read_csv(Path::new("no/such.csv")).unwrap_err();
        assert_eq!(missing.to_string(), "no/such.csv: no such file");
        assert!(matches!(missing, TableError::Missing { .. }));
        let folder = read_csv(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert!(matches!(folder, TableError::Io { .. }), "{folder:?}");
    }

    #[test]
    fn the_shipped_digits() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/digits.csv");
        let digits = read_csv(&path).unwrap();
        assert_eq!(
            (digits.rows, digits.cols, digits.values.len()),
            (1797, 65, 1797 * 65)
        );
        let header = digits.header.unwrap();
        assert_eq!(
            (header[0].as_str(), header[64].as_str()),
            ("pixel_0_0", "digit")
        );
        assert!(digits.values.chunks(65).all(|row| {
            row[..64].iter().all(|p| (0.0..=16.0).contains(p)) && (0.0..10.0).contains(&row[64])
        }));
    }
}
