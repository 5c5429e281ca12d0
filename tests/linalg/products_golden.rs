//! `einsum` and the other products against NumPy, over element types and memory layouts.

use std::path::Path;

use orthant::linalg::{self, EinsumPlan, LinalgError, Powers, einsum_into, einsum_view};
use orthant::prelude::*;
use orthant::{CastFrom, Complex, Number};

fn extents(text: &str) -> Vec<usize> {
    match text {
        "()" => vec![],
        text => text.split(',').map(|n| n.parse().unwrap()).collect(),
    }
}

/// One line of the file.
struct Case<'a> {
    number: usize,
    op: &'a str,
    arguments: &'a str,
    shapes: Vec<Vec<usize>>,
    expected: Result<ArrayD<i64>, &'a str>,
}

impl<'a> Case<'a> {
    fn read(number: usize, line: &'a str) -> Self {
        let fields: Vec<&str> = line.split('\t').collect();
        let [op, arguments, shapes, shape, values] = fields[..] else {
            panic!("{line}")
        };
        let shapes = match shapes {
            "" => vec![],
            shapes => shapes.split(';').map(extents).collect(),
        };
        let expected = match shape {
            "!" => Err(values),
            shape => {
                let values = values.split(',').filter(|v| !v.is_empty());
                let values: Vec<i64> = values.map(|v| v.parse().unwrap()).collect();
                Ok(ArrayD::from_shape_vec(extents(shape), values))
            }
        };
        Case {
            number,
            op,
            arguments,
            shapes,
            expected,
        }
    }

    fn operand(&self, o: usize) -> ArrayD<i64> {
        let shape = self.shapes[o].clone();
        let len: usize = shape.iter().product();
        let element =
            |k: usize| ((7919 * o + 104729 * k + 31 * self.number + k * k) % 19) as i64 - 9;
        ArrayD::from_shape_vec(shape, (0..len).map(element).collect::<Vec<_>>())
    }

    fn ints(&self) -> Vec<isize> {
        let parts = self.arguments.split(',').filter(|text| !text.is_empty());
        parts.map(|text| text.parse().unwrap()).collect()
    }
}

/// The same elements in one of several memory layouts.
fn laid_out<T: Number>(a: &ArrayRefD<T>, how: usize) -> Array<T, IxDyn> {
    let ndim = a.ndim();
    match how {
        0 => a.to_owned(),
        1 => {
            let mut out = ArrayD::full(a.shape().f(), T::zero());
            out.assign(a);
            out
        }
        how => {
            // Every second element, some axes backwards, axes rotated.
            let turn = how % ndim.max(1);
            let mut axes: Vec<isize> = (0..ndim as isize).collect();
            axes.rotate_left(turn);
            let shape: Vec<usize> = axes
                .iter()
                .map(|&axis| 2 * a.shape()[axis as usize])
                .collect();
            let mut back: Vec<isize> = vec![0; ndim];
            axes.iter()
                .enumerate()
                .for_each(|(to, &from)| back[from as usize] = to as isize);
            let mut out = ArrayD::full(shape, T::one()).into_permute(&back[..]);
            for axis in 0..ndim {
                let step = if (how + axis) % 2 == 0 { -2 } else { 2 };
                out = out.into_slice_axis(axis, None, None, step);
            }
            out.assign(a);
            out
        }
    }
}

fn check<T: Number>(
    case: &Case<'_>,
    convert: impl Fn(&ArrayRefD<i64>) -> ArrayD<T>,
    scale: impl Fn(usize) -> T,
) {
    let expected = case.expected.as_ref().unwrap();
    let what = format!(
        "{} {} {:?} {}",
        case.number,
        case.arguments,
        case.shapes,
        std::any::type_name::<T>()
    );
    for how in 0..4 {
        let operands: Vec<_> = (0..case.shapes.len())
            .map(|o| laid_out(&convert(&case.operand(o)), (how + o) % 5))
            .collect();
        let operands: Vec<_> = operands.iter().collect();
        let expected = convert(expected) * orthant::ScalarOperand(scale(operands.len()));
        let found = linalg::einsum(case.arguments, &operands[..]).unwrap();
        assert_eq!(found.shape(), expected.shape(), "{what}");
        assert_eq!(found, expected, "{what}");
        if let [one] = operands[..]
            && let Ok(view) = einsum_view(case.arguments, one)
        {
            assert_eq!(view, expected, "{what}");
        }
        let mut out = laid_out(&found, how);
        out.fill(T::zero());
        einsum_into(case.arguments, &operands[..], &mut out).unwrap();
        assert_eq!(out, expected, "{what}");
        let shapes: Vec<_> = operands.iter().map(|a| a.shape()).collect();
        let plan = EinsumPlan::new(case.arguments, &shapes).unwrap();
        assert_eq!(plan.run(&operands[..]).unwrap(), expected, "{what}");
    }
}

fn cast<T: CastFrom<i64>>(a: &ArrayRefD<i64>) -> ArrayD<T> {
    a.cast::<T>()
}

fn einsum_case(case: &Case<'_>) {
    if let Err(message) = case.expected {
        let operands: Vec<_> = (0..case.shapes.len()).map(|o| case.operand(o)).collect();
        let operands: Vec<_> = operands.iter().collect();
        let error = linalg::einsum(case.arguments, &operands[..]).unwrap_err();
        assert!(
            error.to_string().starts_with(message),
            "{} {}:\n{error}\n{message}",
            case.number,
            case.arguments
        );
        return;
    }
    check::<i64>(case, cast, |_| 1);
    check::<i8>(case, cast, |_| 1);
    check::<f64>(case, cast, |_| 1.0);
    check::<f32>(case, |a| a.cast(), |_| 1.0);
    let unit = Complex::new(1.0, 1.0);
    let turned = |a: &ArrayRefD<i64>| a.cast::<Complex<f64>>() * unit;
    // (1 + i)ⁿ of the operands, of which the conversion of the result has one.
    check::<Complex<f64>>(case, turned, |n| unit.powu(n as u32 - 1));
}

fn other_case(case: &Case<'_>) {
    let what = format!(
        "{} {} {} {:?}",
        case.number, case.op, case.arguments, case.shapes
    );
    let own: Vec<_> = (0..case.shapes.len())
        .map(|o| laid_out(&case.operand(o), (case.number + o) % 5))
        .collect();
    let floats: Vec<_> = own.iter().map(|a| a.cast::<f64>()).collect();
    let ints = || case.ints();
    let first = || ints()[0];
    macro_rules! both {
        (|$x:ident| $found:expr) => {{
            let $x = &floats;
            let found: Result<ArrayD<f64>, LinalgError> = $found;
            if let Ok(found) = found {
                assert_eq!(
                    found,
                    case.expected.as_ref().unwrap().cast::<f64>(),
                    "{what}"
                );
            }
            let $x = &own;
            let found: Result<ArrayD<i64>, LinalgError> = $found;
            found
        }};
    }
    let vector = |o: usize| own[o].view().rank::<1>().to_owned();
    let found = match case.op {
        "tensordot" => both!(|x| linalg::try_tensordot(&x[0], &x[1], first())),
        "tensordot_axes" => {
            let (left, right) = case.arguments.split_once(';').unwrap();
            let list = |text: &str| -> Vec<isize> {
                text.split(',')
                    .filter(|t| !t.is_empty())
                    .map(|t| t.parse().unwrap())
                    .collect()
            };
            both!(|x| linalg::try_tensordot(&x[0], &x[1], (list(left), list(right))))
        }
        "kron" => both!(|x| linalg::try_kron(&x[0], &x[1])),
        "cross" => both!(|x| linalg::try_cross_axis(&x[0], &x[1], first())),
        "vecdot" => both!(|x| linalg::try_vecdot_axis(&x[0], &x[1], first())),
        "matvec" => both!(|x| linalg::try_matvec(&x[0], &x[1])),
        "vecmat" => both!(|x| linalg::try_vecmat(&x[0], &x[1])),
        "matrix_power" => both!(|x| linalg::matrix_power(&x[0], first() as i32)),
        "multi_dot" => both!(|x| linalg::try_multi_dot(&x.iter().collect::<Vec<_>>()[..])),
        "tril" => Ok(linalg::tril(&own[0], first())),
        "triu" => Ok(linalg::triu(&own[0], first())),
        "diag" => Ok(linalg::diag(&vector(0), first()).into_dyn()),
        "tri" => Ok(linalg::tri(ints()[0] as usize, ints()[1] as usize, ints()[2]).into_dyn()),
        "diagonal" => Ok(linalg::diagonal(&own[0], first()).to_owned()),
        "vander" => {
            let (columns, powers) = case.arguments.split_once(',').unwrap();
            let powers = match powers {
                "increasing" => Powers::Increasing,
                _ => Powers::Decreasing,
            };
            Ok(linalg::vander(&vector(0), columns.parse().unwrap(), powers).into_dyn())
        }
        "toeplitz" => Ok(linalg::toeplitz(&vector(0), &vector(1)).into_dyn()),
        "circulant" => Ok(linalg::circulant(&vector(0)).into_dyn()),
        "block_diag" => {
            linalg::try_block_diag((&own[0], &own[1], &own[2], &own[3])).map(|x| x.into_dyn())
        }
        "trace" => linalg::try_trace_offset(&own[0], first()),
        other => panic!("{other}"),
    };
    match (&case.expected, found) {
        (Ok(expected), Ok(found)) => {
            assert_eq!(found.shape(), expected.shape(), "{what}");
            assert_eq!(&found, expected, "{what}");
        }
        (Err(message), Err(error)) => {
            assert!(error.to_string().contains(message), "{what}: {error}")
        }
        (expected, found) => panic!("{what}: {expected:?} {found:?}"),
    }
}

#[test]
fn products_are_numpys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/products.tsv");
    let content = std::fs::read_to_string(path).unwrap();
    let lines = content.lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for (number, line) in lines.enumerate() {
        let case = Case::read(number, line);
        match case.op {
            "einsum" => einsum_case(&case),
            _ => other_case(&case),
        }
        count += 1;
    }
    assert!(count >= 400);
}
