//! What this build and this machine do: `np.show_config()`.

use std::fmt;

use crate::engine::{par, simd};
use crate::linalg::Backend;
use crate::linalg::backend::{Health, compiled_in, decision, forced, library};

/// What was compiled in, what was found, what runs and why. [`config`] makes one, [`show_config`]
/// prints it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The version of orthant.
    pub version: &'static str,
    /// Cargo features that are on.
    pub features: Vec<&'static str>,
    /// Backends that this build has.
    pub backends: Vec<Backend>,
    /// The system BLAS and LAPACK, if one is compiled in.
    pub library: Option<LibraryConfig>,
    /// Who carries out large products on this thread; `None` is orthant's own driver. Small ones, and
    /// decompositions of fewer than 160 rows and columns, are left to the embedded backend where both are
    /// compiled in and nobody forces one.
    pub products: Option<Backend>,
    /// Who carries out large decompositions on this thread.
    pub decompositions: Option<Backend>,
    /// Why, or the error that every product and decomposition will end with.
    pub reason: String,
    /// The instruction set that loops are compiled for and run with: `baseline`, `avx2`, `avx512`.
    pub simd: &'static str,
    /// The best one that this processor has.
    pub simd_detected: &'static str,
    /// Threads that an operation started on this thread may use.
    pub threads: usize,
    /// Threads of rayon's global pool; 1 without the feature `rayon`.
    pub pool: usize,
    /// What `ORTHANT_NUM_THREADS` says.
    pub thread_cap: Option<String>,
}

/// The system BLAS and LAPACK that is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LibraryConfig {
    /// Name and version as the library tells them.
    pub name: String,
    /// The kernels that OpenBLAS chose for this processor.
    pub corename: Option<String>,
    /// What it is good for on this processor: `good`, `decompositions only` or `poor`.
    pub health: &'static str,
}

/// What this build and this machine do, as a value.
///
/// ```
/// let config = orthant::config();
/// assert_eq!(config.version, env!("CARGO_PKG_VERSION"));
/// assert!(config.threads >= 1);
/// ```
pub fn config() -> Config {
    let (products, decompositions, reason) = match (forced(), decision()) {
        (Some(backend), _) => {
            let reason =
                format!("linalg::with_backend(Backend::{backend:?}, …) forces it on this thread");
            (Some(backend), Some(backend), reason)
        }
        (None, Ok(made)) => (made.products, made.decompositions, made.reason.clone()),
        (None, Err(error)) => (None, None, error.to_string()),
    };
    Config {
        version: env!("CARGO_PKG_VERSION"),
        features: features(),
        backends: compiled_in().collect(),
        library: library().map(|(name, corename, health)| LibraryConfig {
            name,
            corename,
            health: match health {
                Health::Good => "good",
                Health::DecompositionsOnly => "decompositions only",
                Health::Poor => "poor",
            },
        }),
        products,
        decompositions,
        reason,
        simd: simd::level().name(),
        simd_detected: simd::detected().name(),
        threads: par::threads(),
        pool: pool(),
        thread_cap: std::env::var("ORTHANT_NUM_THREADS")
            .ok()
            .filter(|cap| !cap.is_empty()),
    }
}

/// Prints what was compiled in, what was found, what runs and why (`np.show_config()`).
///
/// ```
/// orthant::show_config();
/// ```
pub fn show_config() {
    print!("{}", config());
}

fn features() -> Vec<&'static str> {
    [
        (cfg!(feature = "rayon"), "rayon"),
        (cfg!(feature = "embedded"), "embedded"),
        (cfg!(feature = "system-blas"), "system-blas"),
        (cfg!(feature = "openblas-system"), "openblas-system"),
        (cfg!(feature = "mkl-system"), "mkl-system"),
        (cfg!(feature = "openblas-static"), "openblas-static"),
        (cfg!(feature = "approx"), "approx"),
    ]
    .into_iter()
    .filter_map(|(on, name)| on.then_some(name))
    .collect()
}

fn pool() -> usize {
    #[cfg(feature = "rayon")]
    {
        rayon::current_num_threads()
    }
    #[cfg(not(feature = "rayon"))]
    {
        1
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "orthant {}", self.version)?;
        writeln!(f, "  features        {}", self.features.join(", "))?;
        writeln!(f, "linear algebra")?;
        let backends: Vec<_> = self.backends.iter().map(Backend::to_string).collect();
        let backends = if backends.is_empty() {
            "none".to_owned()
        } else {
            backends.join(", ")
        };
        writeln!(f, "  compiled in     {backends}")?;
        match &self.library {
            None => {
                let why = match cfg!(feature = "system-blas") {
                    true => "none was found when orthant was built",
                    false => "not asked for (feature `system-blas`)",
                };
                writeln!(f, "  system library  {why}")?;
            }
            Some(library) => {
                let kernels = library.corename.as_ref();
                let kernels = kernels
                    .map(|core| format!(", {core} kernels"))
                    .unwrap_or_default();
                writeln!(f, "  system library  {}{kernels}", library.name)?;
                writeln!(f, "  health          {}", library.health)?;
            }
        }
        match self.products {
            None => writeln!(f, "  products        orthant's own driver")?,
            Some(Backend::Embedded) => {
                writeln!(
                    f,
                    "  products        orthant's own driver, the embedded backend's where it is faster"
                )?;
            }
            Some(backend) => writeln!(f, "  products        {backend}")?,
        }
        writeln!(
            f,
            "  decompositions  {}",
            self.decompositions
                .map_or("none".to_owned(), |backend| backend.to_string())
        )?;
        writeln!(f, "  why             {}", self.reason)?;
        writeln!(f, "loops")?;
        let note = match (self.simd, cfg!(target_arch = "x86_64")) {
            ("baseline", true) => {
                ": SSE2 without FMA, correct but slow (exp, log, … by a large factor)"
            }
            _ => "",
        };
        writeln!(
            f,
            "  instruction set {} (processor: {}){note}",
            self.simd, self.simd_detected
        )?;
        let cap = self.thread_cap.as_ref();
        let cap = cap
            .map(|cap| format!(", ORTHANT_NUM_THREADS={cap}"))
            .unwrap_or_default();
        writeln!(
            f,
            "  threads         {} of {} in rayon's pool{cap}",
            self.threads, self.pool
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::simd::{Level, with_level};
    use crate::linalg::with_backend;

    #[test]
    fn tells_what_is_forced() {
        for backend in compiled_in() {
            let config = with_backend(backend, config);
            assert_eq!(config.decompositions, Some(backend));
            assert!(config.reason.contains("with_backend"), "{}", config.reason);
            assert!(config.backends.contains(&backend));
        }
    }

    #[test]
    fn tells_that_baseline_is_slow() {
        let text = with_level(Level::Baseline, config).to_string();
        assert_eq!(
            text.contains("correct but slow"),
            cfg!(target_arch = "x86_64")
        );
        assert!(text.contains(env!("CARGO_PKG_VERSION")));
        assert!(text.contains("  decompositions  "), "{text}");
    }

    #[test]
    fn follows_the_thread_cap() {
        let config = crate::with_threads(1, config);
        assert_eq!(config.threads, 1);
        assert!(config.pool >= 1);
    }
}
