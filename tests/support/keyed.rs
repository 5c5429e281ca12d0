//! Reads golden values in lines of `key<TAB>value value …`.

use std::collections::HashMap;
use std::path::Path;

use orthant::prelude::*;

/// The lines of one file.
pub struct Golden(HashMap<String, String>);

impl Golden {
    /// Reads `tests/golden/<name>.tsv`.
    pub fn read(name: &str) -> Golden {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.tsv"));
        let content = std::fs::read_to_string(path).unwrap();
        let lines = content.lines().filter(|line| !line.starts_with('#'));
        let pair = |line: &str| {
            let (key, values) = line.split_once('\t').unwrap();
            (key.to_owned(), values.to_owned())
        };
        Golden(lines.map(pair).collect())
    }

    /// Whether there is such a line.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn values<T: std::str::FromStr>(&self, key: &str) -> Vec<T> {
        let line = self.0.get(key).unwrap_or_else(|| panic!("no line {key:?}"));
        let value = |text: &str| text.parse().unwrap_or_else(|_| panic!("{key}: {text:?}"));
        line.split(' ').map(value).collect()
    }

    /// The numbers of a line.
    pub fn array(&self, key: &str) -> Array1<f64> {
        self.values(key).into()
    }

    /// The only number of a line.
    pub fn number(&self, key: &str) -> f64 {
        self.array(key).reshape(()).item()
    }

    /// The words of a line.
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.values(key)
    }

    /// A line of whole numbers.
    pub fn indices(&self, key: &str) -> Vec<usize> {
        self.values(key)
    }

    /// The keys that start so, with what follows.
    pub fn numbered(&self, prefix: &str) -> Vec<usize> {
        let rest = self.0.keys().filter_map(|key| key.strip_prefix(prefix));
        rest.map(|number| number.parse().unwrap()).collect()
    }
}
