//! Times other Rust libraries at rows of orthant's table: the same data, the same rule, the same
//! output (`op<TAB>library<TAB>min_s<TAB>median_s`).
//!
//!     cargo run --release --features faer > faer.tsv
//!
//! `BENCH_ONLY=substr,substr` restricts the rows. Column-major libraries take the transpose of the
//! data, which is as random.

mod bench;

#[cfg(feature = "faer")]
mod faer_rows;
#[cfg(feature = "nalgebra")]
mod nalgebra_rows;
#[cfg(feature = "ndarray")]
mod ndarray_rows;
#[cfg(feature = "rstsr")]
mod rstsr_rows;

fn main() {
    #[cfg(feature = "faer")]
    faer_rows::all();
    #[cfg(feature = "nalgebra")]
    nalgebra_rows::all();
    #[cfg(feature = "ndarray")]
    ndarray_rows::all();
    #[cfg(feature = "rstsr")]
    rstsr_rows::all();
}
