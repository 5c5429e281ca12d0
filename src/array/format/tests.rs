//! Texts compared with NumPy's (`tests/golden/format.tsv`), and what NumPy has no counterpart for.

use std::cell::Cell;
use std::fmt;

use num_complex::Complex;

use super::{FormatElement, debug_array, format_array};

/// A C-ordered array, or one element broadcast to `shape` where `data` holds just one.
struct Sample<'d, T> {
    shape: &'d [usize],
    data: &'d [T],
    reads: Cell<usize>,
}

impl<'d, T> Sample<'d, T> {
    fn new(shape: &'d [usize], data: &'d [T]) -> Self {
        Self {
            shape,
            data,
            reads: Cell::new(0),
        }
    }

    fn get(&self, index: &[usize]) -> &'d T {
        self.reads.set(self.reads.get() + 1);
        if let [element] = self.data {
            return element;
        }
        let flat = index.iter().zip(self.shape).fold(0, |at, (i, len)| {
            assert!(i < len, "index {index:?} lies outside {:?}", self.shape);
            at * len + i
        });
        &self.data[flat]
    }

    fn strides(&self) -> Vec<isize> {
        let mut strides = vec![1isize; self.shape.len()];
        for axis in (1..self.shape.len()).rev() {
            strides[axis - 1] = strides[axis].saturating_mul(self.shape[axis] as isize);
        }
        strides
    }
}

impl<T: FormatElement> fmt::Display for Sample<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        format_array(f, self.shape, &|index| self.get(index))
    }
}

impl<T: fmt::Debug> fmt::Debug for Sample<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_array(f, self.shape, &self.strides(), &|index| self.get(index))
    }
}

/// An element type read from the values column of the golden file.
trait Golden: FormatElement + Sized {
    fn read(word: &str) -> Self;
    fn linear(start: f64, step: f64, i: usize) -> Self;
}

macro_rules! golden_numbers {
    ($($t:ty),+) => {$(
        impl Golden for $t {
            fn read(word: &str) -> Self { word.parse().unwrap() }
            fn linear(start: f64, step: f64, i: usize) -> Self { (start + step * i as f64) as $t }
        }
    )+};
}
golden_numbers!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);

macro_rules! golden_complex {
    ($($t:ty),+) => {$(
        impl Golden for Complex<$t> {
            fn read(word: &str) -> Self {
                let (re, im) = word.split_once(',').unwrap();
                Complex::new(re.parse().unwrap(), im.parse().unwrap())
            }
            fn linear(start: f64, step: f64, i: usize) -> Self {
                Complex::new(<$t>::linear(start, step, i), 0.0)
            }
        }
    )+};
}
golden_complex!(f32, f64);

impl Golden for bool {
    fn read(word: &str) -> Self {
        word == "1"
    }
    fn linear(_: f64, _: f64, _: usize) -> Self {
        unreachable!("no such case")
    }
}

impl Golden for String {
    fn read(word: &str) -> Self {
        let hex = &word[1..];
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        String::from_utf8((0..hex.len()).step_by(2).map(byte).collect()).unwrap()
    }
    fn linear(_: f64, _: f64, _: usize) -> Self {
        unreachable!("no such case")
    }
}

fn printed<T: Golden>(shape: &[usize], flags: &str, values: &str) -> String {
    let data: Vec<T> = match values.strip_prefix("lin:") {
        Some(line) => {
            let (start, step) = line.split_once(':').unwrap();
            let (start, step) = (start.parse().unwrap(), step.parse().unwrap());
            (0..shape.iter().product())
                .map(|i| T::linear(start, step, i))
                .collect()
        }
        None => values.split_whitespace().map(T::read).collect(),
    };
    assert_eq!(data.len(), shape.iter().product::<usize>());
    with_flags(&Sample::new(shape, &data), flags)
}

fn with_flags(x: &impl fmt::Display, flags: &str) -> String {
    let (before, precision) = flags
        .split_once('.')
        .map_or((flags, None), |(before, digits)| {
            (before, Some(digits.parse::<usize>().unwrap()))
        });
    match (before, precision) {
        ("", None) => format!("{x}"),
        ("", Some(digits)) => format!("{x:.digits$}"),
        ("+", None) => format!("{x:+}"),
        ("+", Some(digits)) => format!("{x:+.digits$}"),
        ("#", None) => format!("{x:#}"),
        ("#", Some(digits)) => format!("{x:#.digits$}"),
        _ => panic!("unknown flags {flags}"),
    }
}

#[test]
fn prints_as_numpy() {
    let golden = include_str!("../../../tests/golden/format.tsv");
    let mut failures = Vec::new();
    for line in golden.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [dtype, shape, flags, values, expected] = columns[..] else {
            panic!("{line}");
        };
        let shape: Vec<usize> = match shape {
            "-" => Vec::new(),
            dims => dims.split(',').map(|d| d.parse().unwrap()).collect(),
        };
        let print = match dtype {
            "i8" => printed::<i8>,
            "i16" => printed::<i16>,
            "i32" => printed::<i32>,
            "i64" => printed::<i64>,
            "u8" => printed::<u8>,
            "u16" => printed::<u16>,
            "u32" => printed::<u32>,
            "u64" => printed::<u64>,
            "f32" => printed::<f32>,
            "f64" => printed::<f64>,
            "c32" => printed::<Complex<f32>>,
            "c64" => printed::<Complex<f64>>,
            "bool" => printed::<bool>,
            "str" => printed::<String>,
            _ => panic!("unknown dtype {dtype}"),
        };
        let text = print(&shape, flags, values)
            .replace('\\', "\\\\")
            .replace('\n', "\\n");
        if text != expected {
            let values: String = values.chars().take(120).collect();
            failures.push(format!(
                "{dtype} {shape:?} {{:{flags}}} {values}\n  is {text}\n  not {expected}"
            ));
        }
    }
    let total = golden.lines().count();
    assert!(total >= 400, "only {total} cases");
    assert!(
        failures.is_empty(),
        "{} of {total}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn a_summary_reads_only_what_it_shows() {
    let x = [1.5];
    for (shape, reads) in [
        (&[100_000_000][..], 6),
        (&[1 << 40, 1 << 40], 36),
        (&[10_000, 2], 12),
    ] {
        let array = Sample::new(shape, &x);
        let text = array.to_string();
        assert_eq!(array.reads.get(), reads, "{shape:?}");
        assert!(text.contains("..."), "{text}");
        let array = Sample::new(shape, &x);
        assert!(format!("{array:?}").contains("..."));
        assert_eq!(array.reads.get(), reads, "{shape:?}");
    }
}

#[test]
fn chars_and_borrowed_strings_print_quoted() {
    assert_eq!(
        Sample::new(&[3], &['a', '\'', '\n']).to_string(),
        r#"['a' "'" '\n']"#
    );
    assert_eq!(Sample::new(&[2], &["ab", "c"]).to_string(), "['ab' 'c']");
    assert_eq!(Sample::new(&[], &['a']).to_string(), "a");
}

#[test]
fn wide_integers_line_up() {
    let x = [i128::MIN, 0];
    assert_eq!(
        Sample::new(&[2], &x).to_string(),
        format!("[{}\n {:>40}]", i128::MIN, 0)
    );
}

/// An element with nothing but `Display`.
struct Ratio(i32, i32);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(digits) = f.precision() {
            return write!(f, "{:.digits$}", f64::from(self.0) / f64::from(self.1));
        }
        write!(f, "{}/{}", self.0, self.1)
    }
}

impl FormatElement for Ratio {}

#[test]
fn user_types_line_up_and_see_the_flags() {
    let x = [Ratio(1, 2), Ratio(-10, 3), Ratio(5, 100), Ratio(7, 1)];
    let array = Sample::new(&[2, 2], &x);
    assert_eq!(array.to_string(), "[[  1/2 -10/3]\n [5/100   7/1]]");
    assert_eq!(format!("{array:.1}"), "[[ 0.5 -3.3]\n [ 0.1  7.0]]");
    assert_eq!(Sample::new(&[], &x[..1]).to_string(), "1/2");
}

/// An element whose text spans lines, as an array of arrays would.
struct Block;

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[1\n 23]")
    }
}

impl FormatElement for Block {}

#[test]
fn elements_of_several_lines_stand_side_by_side() {
    // print(np.array([A(), A()], dtype=object)) with such a __repr__ gives the same text.
    assert_eq!(
        Sample::new(&[2], &[Block, Block]).to_string(),
        "[[1\n  23] [1\n       23]]"
    );
}

#[test]
fn width_is_a_minimum_for_each_element() {
    assert_eq!(
        format!("{:4}", Sample::new(&[2], &[1, 12345])),
        "[    1 12345]"
    );
    assert_eq!(format!("{:4}", Sample::new(&[2], &[1, 23])), "[   1   23]");
    assert_eq!(
        format!("{:6.1}", Sample::new(&[2], &[1.25, 0.5])),
        "[   1.2    0.5]"
    );
}

#[test]
fn precision_and_sign_reach_a_0d_array() {
    assert_eq!(format!("{:.3}", Sample::new(&[], &[1.23456])), "1.235");
    assert_eq!(format!("{:.3}", Sample::new(&[], &[2.0])), "2.0");
    assert_eq!(format!("{:.0}", Sample::new(&[], &[2.5])), "2.0");
    assert_eq!(
        format!("{:+.2}", Sample::new(&[], &[1.23456e-9f32])),
        "+1.23e-09"
    );
    let z = [Complex::new(0.0, 1.255)];
    assert_eq!(format!("{:.1}", Sample::new(&[], &z)), "1.3j");
    assert_eq!(
        format!("{:+}", Sample::new(&[], &[Complex::new(1.0, 2.0)])),
        "(+1+2j)"
    );
}

#[test]
fn debug_tells_where_elements_lie() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let square = Sample::new(&[2, 2], &x);
    assert_eq!(
        format!("{square:?}"),
        "[[1.0, 2.0],\n [3.0, 4.0]], shape=[2, 2], strides=[2, 1], layout=C, type=f64"
    );
    assert_eq!(
        format!("{square:#.2?}"),
        "[[1.00, 2.00],\n [3.00, 4.00]], shape=[2, 2], strides=[2, 1], layout=C, type=f64"
    );
    assert_eq!(
        format!("{:?}", Sample::new(&[1, 2, 1], &["a", "b"])),
        "[[[\"a\"],\n  [\"b\"]]], shape=[1, 2, 1], strides=[2, 1, 1], layout=CF, type=&str"
    );
    assert_eq!(
        format!("{:?}", Sample::new(&[], &[Some(1u8)])),
        "Some(1), shape=[], strides=[], layout=CF, type=Option<u8>"
    );
    assert_eq!(
        format!("{:?}", Sample::<i32>::new(&[0, 3], &[])),
        "[], shape=[0, 3], strides=[3, 1], layout=CF, type=i32"
    );
    assert_eq!(
        format!("{:x?}", Sample::new(&[2, 1, 1], &[255, 16])),
        "[[[ff]],\n\n [[10]]], shape=[2, 1, 1], strides=[1, 1, 1], layout=CF, type=i32"
    );
    let long: Vec<u32> = (0..1001).collect();
    let array = Sample::new(&[1001], &long);
    assert_eq!(
        format!("{array:?}"),
        "[0, 1, 2, ..., 998, 999, 1000], shape=[1001], strides=[1], layout=CF, type=u32"
    );
    assert!(format!("{array:#?}").starts_with("[0, 1, 2, 3, 4, 5,"));
}
