//! Reshaping and broadcasting of any strides against NumPy.

use std::ptr::NonNull;

use super::layout::{Layout, broadcast_pair};
use super::{Array, ArrayD, ArrayView, IxDyn, ShapeError};

fn lines(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/golden/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

/// A list separated by commas; `?` stands for a stride without meaning.
fn list(text: &str) -> Vec<isize> {
    let number = |item: &str| {
        if item == "?" {
            77
        } else {
            item.parse().unwrap()
        }
    };
    match text {
        "()" => vec![],
        text => text.split(',').map(number).collect(),
    }
}

fn shape(text: &str) -> Vec<usize> {
    list(text).into_iter().map(|n| n as usize).collect()
}

fn same_strides(found: &[isize], expected: &str) -> bool {
    found
        .iter()
        .zip(expected.split(','))
        .all(|(f, e)| e == "?" || e == "()" || *f == list(e)[0])
}

#[test]
fn reshapes_are_numpys() {
    let memory: Vec<isize> = (0..1 << 14).collect();
    let (mut views, mut copies, mut errors) = (0, 0, 0);
    for case in lines("reshape") {
        let layout = Layout::<IxDyn>::from_slices(&shape(&case[1]), &list(&case[2])).unwrap();
        let offset: isize = case[3].parse().unwrap();
        if let Some((low, high)) = layout.extent() {
            assert!(
                offset + low >= 0 && offset + high < memory.len() as isize,
                "{case:?}"
            );
        }
        // SAFETY: the layout stays within `memory`.
        let x = unsafe { ArrayView::from_parts(NonNull::from(&memory[offset as usize]), layout) };
        let into = list(&case[4]);
        let found = x.try_reshape(&into[..]);
        match case[0].as_str() {
            "error" => {
                let text = found.unwrap_err().to_string();
                assert!(text.starts_with(&case[5]), "{case:?}: {text}");
                assert!(x.reshape_view(&into[..]).is_err());
                errors += 1;
            }
            kind => {
                let found = found.unwrap_or_else(|error| panic!("{case:?}: {error}"));
                assert_eq!(found.shape(), shape(&case[5]), "{case:?}");
                assert_eq!(found.is_view(), kind == "view", "{case:?}");
                assert!(found.iter().eq(x.iter()), "{case:?}");
                match x.reshape_view(&into[..]) {
                    Ok(view) => {
                        assert_eq!(kind, "view", "{case:?}");
                        assert!(
                            same_strides(view.strides(), &case[6]),
                            "{case:?} {:?}",
                            view.strides()
                        );
                        views += 1;
                    }
                    Err(error) => {
                        assert_eq!(kind, "copy", "{case:?}");
                        assert!(matches!(error, ShapeError::ReshapeNeedsCopy { .. }));
                        assert!(found.is_c_contiguous());
                        copies += 1;
                    }
                }
            }
        }
    }
    assert!(
        views > 500 && copies > 300 && errors > 50,
        "{views} {copies} {errors}"
    );
}

#[test]
fn broadcasts_are_numpys() {
    let zeros = |text: &str| -> ArrayD<f64> { Array::zeros(shape(text)) };
    let mut counts = [0; 5];
    for case in lines("broadcast") {
        match case[0].as_str() {
            "shapes" => {
                counts[0] += 1;
                let mut shapes = case[1].split(';').map(shape);
                let first = shapes.next().unwrap();
                let found = shapes.try_fold(first, |all, next| {
                    let both = broadcast_pair::<IxDyn>(&all, &next).ok()?;
                    Some(both.as_ref().to_vec())
                });
                let expected = (case[2] != "!").then(|| shape(&case[2]));
                assert_eq!(found, expected, "{case:?}");
            }
            "add" => {
                counts[1] += 1;
                let (a, b) = case[1].split_once(';').unwrap();
                let error = zeros(a).try_add(&zeros(b)).unwrap_err();
                assert_eq!(error.to_string(), case[2], "{case:?}");
            }
            "to" => {
                counts[2] += 1;
                let layout =
                    Layout::<IxDyn>::from_slices(&shape(&case[1]), &list(&case[2])).unwrap();
                let target = IxDyn::new(&shape(&case[3])).unwrap();
                match layout.broadcast_to(target) {
                    Ok(found) => assert!(
                        case[4] != "!" && same_strides(found.strides(), &case[4]),
                        "{case:?}: {:?}",
                        found.strides()
                    ),
                    Err(error) => {
                        assert_eq!(case[4], "!", "{case:?}");
                        assert!(matches!(error, ShapeError::BroadcastInto { .. }));
                    }
                }
            }
            "assign" => {
                counts[3] += 1;
                let (source, mut target) = (zeros(&case[1]), zeros(&case[2]));
                let found = target.try_assign(&source);
                let text = found.map_or_else(|error| error.to_string(), |()| "ok".to_owned());
                assert_eq!(text, case[3], "{case:?}");
            }
            _ => {
                counts[4] += 1;
                let (source, mut target) = (zeros(&case[1]), zeros(&case[2]));
                let found =
                    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target += &source));
                let text = match found {
                    Ok(()) => "ok".to_owned(),
                    Err(payload) => *payload.downcast::<String>().expect("a message"),
                };
                // NumPy counts the output as a third operand where ours names two.
                assert!(case[3].starts_with(&text), "{case:?}: {text}");
            }
        }
    }
    assert!(counts.iter().all(|&n| n > 100), "{counts:?}");
}
