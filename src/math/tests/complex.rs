//! Functions of complex numbers against NumPy's special values and exact results.

use num_complex::Complex;

use super::accuracy::{Random, error_f32};
use crate::engine::simd::{Level, available, detected, simd_dispatch};
use crate::math::complex;

type Loop<T> = fn(Level, &[Complex<T>], &mut [Complex<T>]);

/// A function as a loop for each SIMD level, with the error bounds of its parts in ULP.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) f64: Loop<f64>,
    pub(super) f32: Loop<f32>,
    pub(super) bound: f64,
}

trait Function<T>: Copy {
    fn call(self, z: Complex<T>) -> Complex<T>;
}

#[inline(always)]
unsafe fn body<T: Copy, K: Function<T>>(z: &[Complex<T>], out: &mut [Complex<T>], f: K) {
    for (out, &z) in out.iter_mut().zip(z) {
        *out = f.call(z);
    }
}
simd_dispatch! {
    unsafe fn run[T: Copy, K: Function<T>](z: &[Complex<T>], out: &mut [Complex<T>], f: K) = body::<T, K>
}

macro_rules! table {
    ($($name:ident $bound:literal;)*) => {
        #[allow(non_camel_case_types)]
        mod kernels {
            $(#[derive(Clone, Copy)]
            pub(super) struct $name;
            impl<F: crate::math::Kernel> super::Function<F> for $name {
                #[inline(always)]
                fn call(self, z: super::Complex<F>) -> super::Complex<F> { super::complex::$name(z) }
            })*
        }
        pub(super) const TABLE: &[Entry] = &[$(Entry {
            name: stringify!($name),
            // SAFETY: the body is safe, and levels exist only after detection.
            f64: |level, z, out| unsafe { run(level, z, out, kernels::$name) },
            // SAFETY: as above.
            f32: |level, z, out| unsafe { run(level, z, out, kernels::$name) },
            bound: $bound,
        }),*];
    };
}
table! {
    exp 4.0;
    exp2 4.0;
    expm1 4.0;
    log 2.0;
    log2 3.0;
    log10 3.0;
    log1p 2.0;
    sqrt 2.0;
    sin 4.0;
    cos 4.0;
    tan 4.0;
    sinh 4.0;
    cosh 4.0;
    tanh 4.0;
    asin 5.0;
    acos 5.0;
    atan 4.0;
    asinh 5.0;
    acosh 5.0;
    atanh 4.0;
    square 2.0;
    reciprocal 2.0;
    sign 2.0;
}

fn entry(name: &str) -> &'static Entry {
    TABLE
        .iter()
        .find(|f| f.name == name)
        .unwrap_or_else(|| panic!("{name} is in the table"))
}

fn golden(kind: &str) -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/complex.tsv");
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().map(|line| line.split('\t'));
    let lines: Vec<_> = lines
        .map(|columns| columns.map(str::to_owned).collect::<Vec<_>>())
        .filter(|columns| columns[0] == kind)
        .collect();
    assert!(lines.len() > 1000);
    lines
}

trait Parts {
    fn map(self, f: impl Fn(f64) -> f64) -> Self;
}
impl Parts for Complex<f64> {
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Complex::new(f(self.re), f(self.im))
    }
}

fn numbers(columns: &[String]) -> Vec<f64> {
    columns
        .iter()
        .map(|c| c.parse().expect("a number"))
        .collect()
}

/// Arguments of the golden values near branch points.
pub(super) fn hard_points(single: bool) -> Vec<Complex<f64>> {
    let kind = if single { "f32" } else { "f64" };
    let lines = golden("exact").into_iter();
    let lines = lines.filter(|case| case[1] == "log1p" && case[2] == kind);
    let points = lines.map(|case| numbers(&case[3..5]));
    points
        .map(|v| Complex::new(v[0], v[1]))
        .filter(|z| z.re.abs().min(z.im.abs()) > 1e-30)
        .collect()
}

/// One function of one number, in both types, widened.
fn one(name: &str, single: bool, z: Complex<f64>) -> Complex<f64> {
    let f = entry(name);
    if single {
        let mut out = [Complex::new(0.0, 0.0)];
        (f.f32)(
            detected(),
            &[Complex::new(z.re as f32, z.im as f32)],
            &mut out,
        );
        Complex::new(f64::from(out[0].re), f64::from(out[0].im))
    } else {
        let mut out = [Complex::new(0.0, 0.0)];
        (f.f64)(detected(), &[z], &mut out);
        out[0]
    }
}

fn pow(single: bool, z: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    if single {
        let narrow = |z: Complex<f64>| Complex::new(z.re as f32, z.im as f32);
        let v = complex::pow(narrow(z), narrow(w));
        Complex::new(f64::from(v.re), f64::from(v.im))
    } else {
        complex::pow(z, w)
    }
}

/// Equal in what NumPy's special values promise: NaN, infinities and zeros with their signs, and numbers.
fn alike(found: f64, expected: f64, epsilon: f64) -> bool {
    if expected == 0.0 || !expected.is_finite() {
        return found.is_nan() && expected.is_nan() || found.to_bits() == expected.to_bits();
    }
    (found - expected).abs() <= 8.0 * epsilon * expected.abs()
}

#[test]
fn special_values_are_numpys() {
    let mut wrong = Vec::new();
    for case in golden("numpy") {
        let v = numbers(&case[2..]);
        let z = Complex::new(v[0], v[1]);
        let expected = Complex::new(v[v.len() - 2], v[v.len() - 1]);
        for (single, epsilon) in [(false, f64::EPSILON), (true, f64::from(f32::EPSILON))] {
            let found = if case[1] == "pow" {
                if single && z.re.abs() > 1e38 {
                    continue;
                }
                pow(single, z, Complex::new(v[2], v[3]))
            } else {
                one(&case[1], single, z)
            };
            // C99 leaves the sign of an infinite part open where the angle is unknown
            let open = found.is_nan() && (found.re.is_infinite() || found.im.is_infinite());
            let (found, expected) = if open {
                (found.map(f64::abs), expected.map(f64::abs))
            } else {
                (found, expected)
            };
            let alike = if case[1] == "pow" && expected.is_finite() {
                // NumPy's parts are accurate relative to the modulus
                (found - expected).norm() <= 8.0 * epsilon * expected.norm()
                    && (expected.im != 0.0 || alike(found.im, expected.im, epsilon))
            } else {
                alike(found.re, expected.re, epsilon) && alike(found.im, expected.im, epsilon)
            };
            if !alike {
                wrong.push(format!(
                    "{} {z:?}: {found:?}, not {expected:?}",
                    case[1..].join(" ")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// How far `found` is from `high + low`, in ULP of the type.
fn error(found: f64, high: f64, low: f64, single: bool) -> f64 {
    if single {
        return error_f32(found as f32, high);
    }
    let below = f64::from_bits(high.abs().to_bits().saturating_sub(1).max(1));
    let ulp = if high == 0.0 || below.is_subnormal() {
        f64::from_bits(1)
    } else {
        // of the binade that holds the exact result
        f64::from_bits(below.to_bits() & (0x7ff << 52)) * f64::EPSILON
    };
    if found.is_nan() || found.is_infinite() {
        return f64::INFINITY;
    }
    (((found - high) - low) / ulp).abs()
}

#[test]
fn errors_stay_within_bounds() {
    let mut worst: Vec<(String, f64, f64, f64, String)> = Vec::new();
    for case in golden("exact") {
        let (name, single) = (case[1].as_str(), case[2] == "f32");
        let v = numbers(&case[3..]);
        let z = Complex::new(v[0], v[1]);
        let exact = &v[v.len() - 4..];
        let found = if name == "pow" {
            pow(single, z, Complex::new(v[2], v[3]))
        } else {
            one(name, single, z)
        };
        let mut errors = (
            error(found.re, exact[0], exact[1], single),
            error(found.im, exact[2], exact[3], single),
        );
        let limit = match name {
            "pow" => {
                // relative to the modulus
                let size = exact[0].hypot(exact[2]);
                let distance =
                    (found.re - exact[0] - exact[1]).hypot(found.im - exact[2] - exact[3]);
                let epsilon = if single {
                    f64::from(f32::EPSILON)
                } else {
                    f64::EPSILON
                };
                errors = (distance / size / epsilon, 0.0);
                4.0
            }
            "expm1" => {
                let share = exact[0].abs() / exact[0].hypot(exact[2]);
                errors.0 *= share;
                entry(name).bound
            }
            _ => entry(name).bound,
        };
        let label = format!("{name} {}", case[2]);
        let at = format!("{z:?} {found:?}");
        let largest = errors.0.max(errors.1);
        match worst.iter_mut().find(|w| w.0 == label) {
            Some(w) => {
                if largest > w.1.max(w.2) {
                    w.4 = at;
                }
                (w.1, w.2) = (w.1.max(errors.0), w.2.max(errors.1));
            }
            None => worst.push((label, errors.0, errors.1, limit, at)),
        }
    }
    for w in &worst {
        println!("{:16} {:6.3} {:6.3} of {} at {}", w.0, w.1, w.2, w.3, w.4);
    }
    let bad: Vec<_> = worst.iter().filter(|w| w.1.max(w.2) > w.3).collect();
    assert!(bad.is_empty(), "beyond their bounds: {bad:#?}");
}

#[test]
fn levels_agree_bit_for_bit() {
    let mut random = Random(21);
    let z: Vec<Complex<f64>> = (0..1500)
        .map(|i| match i % 3 {
            0 => Complex::new(random.uniform(-4.0, 4.0), random.uniform(-4.0, 4.0)),
            1 => Complex::new(random.uniform(-800.0, 800.0), random.uniform(-1e3, 1e3)),
            _ => Complex::new(f64::from_bits(random.bits()), f64::from_bits(random.bits())),
        })
        .collect();
    let z32: Vec<Complex<f32>> = z
        .iter()
        .map(|z| Complex::new(z.re as f32, z.im as f32))
        .collect();
    let bits = |x: f64| if x.is_nan() { 1 } else { x.to_bits() };
    for f in TABLE {
        let results: Vec<Vec<u64>> = available()
            .iter()
            .map(|&level| {
                let mut out = vec![Complex::new(0.0, 0.0); z.len()];
                let mut out32 = vec![Complex::new(0.0, 0.0); z.len()];
                (f.f64)(level, &z, &mut out);
                (f.f32)(level, &z32, &mut out32);
                let wide = out.iter().flat_map(|w| [w.re, w.im]);
                let single = out32
                    .iter()
                    .flat_map(|w| [f64::from(w.re), f64::from(w.im)]);
                wide.chain(single).map(bits).collect()
            })
            .collect();
        for r in &results[1..] {
            assert!(*r == results[0], "{} differs between levels", f.name);
        }
    }
}

#[test]
fn real_arguments_give_the_real_functions() {
    let mut random = Random(22);
    for _ in 0..2000 {
        let x = random.uniform(-4.0, 4.0);
        let z = Complex::new(x, 0.0);
        assert_eq!(complex::exp(z), Complex::new(crate::math::exp(x), 0.0));
        assert_eq!(complex::sinh(z).re, crate::math::sinh(x));
        assert_eq!(complex::cosh(z).re, crate::math::cosh(x));
        assert_eq!(complex::abs(z), x.abs());
        assert_eq!(
            complex::angle(z),
            if x < 0.0 { std::f64::consts::PI } else { 0.0 }
        );
    }
}
