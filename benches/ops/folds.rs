//! Reductions beside those of `reductions`, recurrences, and the ways to fold with a function of two
//! arguments.

use orthant::{ScalarOperand, fused, prelude::*, ufunc, where_};

use crate::Bench;
use crate::data::{Element, positive, rows, whole};
use crate::functions::SIZES;

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    let of = |x: f64| ScalarOperand(T::of(x));
    let keep = T::of(0.9);
    for (n, size) in SIZES {
        rows! { bench, format!("{dtype}_{size}"), {
            let (a, weights) = (positive::<T>(1, n), positive::<T>(2, n));
            let mask = a.greater(of(0.6));
            let (none, every) = (Array1::full(n, false), Array1::full(n, true));
            // One in a hundred.
            let gaps = where_(&weights.less(of(0.11)), of(f64::NAN), &a);
            let near_one = where_(&mask, of(1.01), of(0.99));
        }
            "var" => a.var();
            "prod" => near_one.prod();
            "cumprod" => near_one.cumprod();
            "argmin" => a.argmin();
            "ptp" => a.ptp();
            "any" => none.any();
            "all" => every.all();
            "count_nonzero" => mask.count_nonzero();
            "average" => a.average(&weights);
            "sum_where" => a.sum_where(&mask);
            "mean_where" => a.mean_where(&mask);
            "nansum" => gaps.nansum();
            "nanmean" => gaps.nanmean();
            "nanvar" => gaps.nanvar(0);
            "nanmax" => gaps.nanmax();
            "ewm" => a.accumulate_with(0, fused!(|mean, x| mean * keep + x * (T::one() - keep)));
            "scan_ewm" => a.scan(0, T::zero(), fused!(|mean: &mut T, x| {
                *mean = *mean * keep + x * (T::one() - keep);
                *mean
            }));
            "max_accumulate" => ufunc::Maximum.accumulate(&a, 0);
        }
    }
    rows! { bench, format!("{dtype}_1e6"), {
        let (a, short) = (positive::<T>(1, 1_000_000), positive::<T>(2, 1_000));
        let cuts: Vec<i64> = (0..1_000_000).step_by(1_000).collect();
        let index = whole(5, 100_000, 1_000.0);
        let values = positive::<T>(3, 100_000);
        let mut bins = Array1::full(1_000, T::ZERO);
    }
        "reduceat" => ufunc::Add.reduceat(&a, &cuts, 0);
        "outer" => ufunc::Add.outer(&short, &short);
        "at_1e5_of" => ufunc::Add.at(&mut bins, &index, &values);
    }
    rows! { bench, format!("{dtype}_4000x2500"), {
        let x = rows::<T>();
        let gaps = where_(&x.less(of(0.01)), of(f64::NAN), &x);
        let mask = x.greater(of(0.5));
        let weights = positive::<T>(2, 4_000);
    }
        "logsumexp1" => x.logsumexp_axis(1);
        "ptp0" => x.ptp_axis(0);
        "var1" => x.var_axis(1);
        "argmin0" => x.argmin_axis(0);
        "cumprod0" => x.cumprod_axis(0);
        "average0" => x.average_axis(0, &weights);
        "sum_where0" => x.sum_axis_where(0, &mask);
        "mean_where0" => x.mean_axis_where(0, &mask);
        "any0" => mask.any_axis(0);
        "all1" => mask.all_axis(1);
        "count_nonzero0" => mask.count_nonzero_axis(0);
        "nansum0" => gaps.nansum_axis(0);
        "nanmean0" => gaps.nanmean_axis(0);
        "nanvar0" => gaps.nanvar_axis(0, 0);
        "nanmax0" => gaps.nanmax_axis(0);
        "max_reduce0" => ufunc::Maximum.reduce(&x, 0);
        "add_accumulate0" => ufunc::Add.accumulate(&x, 0);
        "ewm0" => x.accumulate_with(0, fused!(|mean, x| mean * keep + x * (T::one() - keep)));
        "ewm1" => x.accumulate_with(1, fused!(|mean, x| mean * keep + x * (T::one() - keep)));
    }
}
