//! Elementwise functions beside those of `elementwise`, choices among arrays, functions of lanes.

use orthant::ScalarOperand;
use orthant::ufunc::{choose, select};

use crate::Bench;
use crate::data::{Element, positive, rows, whole, wide};

/// The sizes of the table.
pub const SIZES: [(usize, &str); 3] = [(1_000, "1e3"), (100_000, "1e5"), (1_000_000, "1e6")];

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    let of = |x: f64| ScalarOperand(T::of(x));
    for (n, size) in SIZES {
        rows! { bench, format!("{dtype}_{size}"), {
            let (a, b, r) = (positive::<T>(1, n), positive::<T>(2, n), wide::<T>(4, n));
            let near = &a + &(&b * of(1e-6));
            let (low, high) = (a.less(of(0.4)), a.greater(of(0.8)));
            let index = whole(5, n, 3.0);
        }
            "cos" => r.cos();
            "tan" => r.tan();
            "expm1" => r.expm1();
            "log1p" => a.log1p();
            "erf" => r.erf();
            "gelu" => r.gelu();
            "silu" => r.silu();
            "softplus" => r.softplus();
            "floor" => r.floor();
            "hypot" => a.hypot(&b);
            "atan2" => r.atan2(&b);
            "logaddexp" => r.logaddexp(&b);
            "maximum" => a.maximum(&b);
            "remainder" => r.remainder(&b);
            "is_close" => a.is_close(&near, 1e-5, 1e-8);
            "clip" => r.clip(of(-1.0), of(1.0));
            "lerp" => a.lerp(&b, of(0.3));
            "select" => select(&[&low, &high], &[&a, &b], of(0.0));
            "choose" => choose(&index, &[&a, &b, &r]);
            "piecewise" => a.piecewise(&[&low, &high], &[&|x| -x, &|x| x * x], &|x| x);
        }
    }
    rows! { bench, format!("{dtype}_4000x2500"), { let x = rows::<T>(); }
        "log_softmax" => x.log_softmax(-1);
        "layer_norm" => x.layer_norm(-1, T::of(1e-5));
        "normalize" => x.normalize(-1, T::of(1e-12));
    }
    rows! { bench, format!("{dtype}_1e5x64"), { let labels = whole(5, 100_000, 64.0); }
        "one_hot" => labels.one_hot::<T>(64);
    }
}

pub fn integers(bench: &Bench) {
    for (n, size) in SIZES {
        rows! { bench, format!("i64_{size}"), {
            let (a, b) = (whole(1, n, 1e6), whole(2, n, 1e6));
            let count = whole(3, n, 40.0);
        }
            "bitwise_and" => a.bitwise_and(&b);
            "left_shift" => a.left_shift(&count);
            "gcd" => a.gcd(&b);
        }
    }
}
