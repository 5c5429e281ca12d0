//! Looks for a system BLAS and LAPACK when a feature asks for one.
//!
//! Sets `cfg(orthant_lapack)` when CBLAS and LAPACKE were found and linked, and
//! `cfg(orthant_backend)` when there is any backend for decompositions. Without `system-blas`,
//! `openblas-system`, `mkl-system` or `openblas-static` nothing is probed and nothing outside Cargo
//! is touched.

use std::env;
use std::path::{Path, PathBuf};

#[cfg(any(
    all(feature = "openblas-system", feature = "mkl-system"),
    all(feature = "openblas-system", feature = "openblas-static"),
    all(feature = "mkl-system", feature = "openblas-static"),
))]
compile_error!(
    "orthant: the features `openblas-system`, `mkl-system` and `openblas-static` exclude each other; \
     enable one of them (or `system-blas`, which takes what it finds)"
);

const OPENBLAS_HINT: &str = "install OpenBLAS with CBLAS and LAPACKE and their .pc files \
     (Debian, Ubuntu: `apt-get install libopenblas-dev liblapacke-dev pkg-config`; Fedora: \
     `dnf install openblas-devel`; Arch: `pacman -S openblas`; macOS: `brew install openblas pkg-config` \
     and add `$(brew --prefix openblas)/lib/pkgconfig` to PKG_CONFIG_PATH), or build without the \
     feature `openblas-system`: the default backend needs no system library";
const MKL_HINT: &str = "install Intel oneMKL (Debian with Intel's repository: `apt-get install \
     intel-oneapi-mkl-devel`) and source its `setvars.sh`, which sets MKLROOT and PKG_CONFIG_PATH, or \
     build without the feature `mkl-system`: the default backend needs no system library";

/// Libraries to link, in this order.
#[derive(Default)]
struct Found {
    vendor: &'static str,
    search: Vec<PathBuf>,
    libs: Vec<String>,
}

fn main() {
    println!("cargo::rustc-check-cfg=cfg(orthant_lapack, orthant_backend)");
    println!("cargo::rerun-if-changed=build.rs");
    if feature("EMBEDDED") {
        println!("cargo::rustc-cfg=orthant_backend");
    }
    if !feature("SYSTEM_BLAS") {
        return;
    }
    // A library installed after the first build is not noticed by itself: changing this variable
    // makes Cargo run the probe again.
    println!("cargo::rerun-if-env-changed=ORTHANT_BUILD_BLAS");
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    if feature("OPENBLAS_STATIC") {
        // openblas-src builds and links it.
        use_lapack();
        return;
    }

    let insists = feature("OPENBLAS_SYSTEM") || feature("MKL_SYSTEM");
    if !pkg_config::Config::new().target_supported() {
        if insists {
            println!(
                "cargo::error=orthant: cross builds look for a system BLAS only with \
                 PKG_CONFIG_ALLOW_CROSS=1 and a pkg-config for the target"
            );
        }
        return;
    }

    let found = if feature("OPENBLAS_SYSTEM") {
        openblas().map_err(|why| format!("{why}: {OPENBLAS_HINT}"))
    } else if feature("MKL_SYSTEM") {
        mkl().map_err(|why| format!("{why}: {MKL_HINT}"))
    } else {
        openblas().or_else(|openblas| mkl().map_err(|mkl| format!("{openblas}; {mkl}")))
    };
    match found {
        Ok(found) => {
            for path in &found.search {
                println!("cargo::rustc-link-search=native={}", path.display());
            }
            for lib in &found.libs {
                println!("cargo::rustc-link-lib=dylib={lib}");
            }
            println!("cargo::rustc-env=ORTHANT_LINKED_BLAS={}", found.vendor);
            use_lapack();
        }
        Err(why) if insists => println!("cargo::error=orthant: {why}"),
        // `system-blas` takes what there is; `show_config()` tells what the build ended with.
        Err(_) => {}
    }
}

fn use_lapack() {
    println!("cargo::rustc-cfg=orthant_lapack");
    println!("cargo::rustc-cfg=orthant_backend");
}

fn feature(name: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{name}")).is_some()
}

/// OpenBLAS by its .pc file, with LAPACKE inside it or beside it.
fn openblas() -> Result<Found, String> {
    let blas = probe("openblas").ok_or("pkg-config does not know `openblas`")?;
    let config = pkg_config::get_variable("openblas", "openblas_config").unwrap_or_default();
    if blas.libs.iter().any(|lib| is_ilp64(lib)) || switched_on(&config, "USE_64BITINT") {
        return Err(
            "the OpenBLAS found has 64-bit integers (ILP64), which is not supported".into(),
        );
    }
    if switched_on(&config, "NO_CBLAS") {
        return Err("the OpenBLAS found was built without CBLAS".into());
    }
    let mut found = Found {
        vendor: "OpenBLAS",
        search: blas.link_paths,
        libs: blas.libs,
    };
    // OpenBLAS goes first, so that the BLAS and LAPACK symbols that LAPACKE needs are its own.
    match probe("lapacke") {
        Some(lapacke) if !lapacke.libs.iter().any(|lib| is_ilp64(lib)) => {
            found.search.extend(lapacke.link_paths);
            found.libs.extend(lapacke.libs);
        }
        _ if switched_on(&config, "NO_LAPACKE") || switched_on(&config, "NO_LAPACK") => {
            return Err(
                "the OpenBLAS found was built without LAPACKE, and pkg-config does not know a \
                 32-bit-integer `lapacke`"
                    .into(),
            );
        }
        _ => {}
    }
    found.libs.dedup();
    Ok(found)
}

/// MKL's single dynamic library by its .pc file or below MKLROOT.
fn mkl() -> Result<Found, String> {
    for name in [
        "mkl-sdl-lp64",
        "mkl-sdl",
        "mkl-dynamic-lp64-iomp",
        "mkl-dynamic-lp64-seq",
    ] {
        if let Some(library) = probe(name)
            && !library.libs.iter().any(|lib| is_ilp64(lib))
        {
            return Ok(Found {
                vendor: "MKL",
                search: library.link_paths,
                libs: library.libs,
            });
        }
    }
    println!("cargo::rerun-if-env-changed=MKLROOT");
    let root = env::var_os("MKLROOT")
        .filter(|root| !root.is_empty())
        .ok_or("pkg-config does not know MKL and MKLROOT is not set")?;
    let names: &[&str] = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("windows") => &["mkl_rt.lib"],
        Ok("macos") => &["libmkl_rt.dylib"],
        _ => &["libmkl_rt.so"],
    };
    for sub in ["lib/intel64", "lib"] {
        let folder = Path::new(&root).join(sub);
        if names.iter().any(|name| folder.join(name).exists()) {
            return Ok(Found {
                vendor: "MKL",
                search: vec![folder],
                libs: vec!["mkl_rt".into()],
            });
        }
    }
    Err(format!(
        "no mkl_rt library below MKLROOT={}",
        Path::new(&root).display()
    ))
}

fn probe(name: &str) -> Option<pkg_config::Library> {
    pkg_config::Config::new()
        .cargo_metadata(false)
        .env_metadata(true)
        .print_system_libs(false)
        .probe(name)
        .ok()
}

fn is_ilp64(lib: &str) -> bool {
    lib.contains("ilp64") || lib.ends_with("64") || lib.ends_with("64_")
}

/// Whether `config` (OpenBLAS's list of build switches) has `name=` with something but 0 behind it.
fn switched_on(config: &str, name: &str) -> bool {
    config.split_whitespace().any(|word| {
        word.strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('='))
            .is_some_and(|value| !value.is_empty() && value != "0")
    })
}
