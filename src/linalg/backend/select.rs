//! Which backend runs: what is compiled in, what is healthy, what the user forces.

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

use super::health::{Cpu, Health};
use crate::engine::simd;
use crate::linalg::error::LinalgError;

/// Who carries out decompositions and large products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// The system's BLAS and LAPACK (OpenBLAS or MKL), found when this crate was built with
    /// `system-blas` or one of the insisting features.
    Lapack,
    /// Pure Rust, in part on faer; the feature `embedded`, on by default.
    Embedded,
}

impl Backend {
    /// The name that `ORTHANT_BACKEND` takes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Backend::Lapack => "lapack",
            Backend::Embedded => "embedded",
        }
    }

    /// Why this backend cannot run in this build, if so.
    fn missing(self) -> Option<&'static str> {
        match self {
            Backend::Lapack if cfg!(orthant_lapack) => None,
            Backend::Lapack if cfg!(feature = "system-blas") => {
                Some("no system BLAS and LAPACK was found when orthant was built")
            }
            Backend::Lapack => Some(
                "orthant was built without `system-blas`, `openblas-system`, `mkl-system` or \
                 `openblas-static`",
            ),
            Backend::Embedded if cfg!(feature = "embedded") => None,
            Backend::Embedded => Some("orthant was built without the feature `embedded`"),
        }
    }
}

/// The backends that this build has, in order of preference.
pub(crate) fn compiled_in() -> impl Iterator<Item = Backend> {
    [Backend::Lapack, Backend::Embedded]
        .into_iter()
        .filter(|backend| backend.missing().is_none())
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Backend::Lapack => "system BLAS and LAPACK",
            Backend::Embedded => "embedded (pure Rust)",
        })
    }
}

thread_local! {
    static FORCED: Cell<Option<Backend>> = const { Cell::new(None) };
}

/// Runs `f` with every product and decomposition that it starts on this thread carried out by
/// `backend`, whatever `ORTHANT_BACKEND` and the health of the library say.
///
/// Restored when `f` returns or panics; nests. Members that [`each`](crate::linalg::each) hands to other threads
/// are computed by it too.
///
/// # Panics
/// If `backend` is not compiled in; the message says which feature is missing.
///
/// ```
/// use orthant::linalg::{Backend, with_backend};
///
/// # #[cfg(feature = "embedded")]
/// assert_eq!(with_backend(Backend::Embedded, || 2 + 2), 4);
/// ```
#[track_caller]
pub fn with_backend<R>(backend: Backend, f: impl FnOnce() -> R) -> R {
    if let Some(why) = backend.missing() {
        panic!("linalg::with_backend({backend:?}, …): {why}");
    }
    with_forced(Some(backend), f)
}

/// Runs `f` with what another thread's [`forced`] says, which a worker of it does not know.
pub(crate) fn with_forced<R>(backend: Option<Backend>, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<Backend>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORCED.set(self.0);
        }
    }
    let _restore = Restore(FORCED.replace(backend));
    f()
}

/// What [`with_backend`] forces on this thread.
pub(crate) fn forced() -> Option<Backend> {
    FORCED.get()
}

/// What runs in this process unless [`with_backend`] says otherwise, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// Who multiplies large matrices; `None` leaves all products to orthant's own driver.
    pub(crate) products: Option<Backend>,
    /// Who decomposes; `None` when no backend is compiled in.
    pub(crate) decompositions: Option<Backend>,
    /// Whether small matrices are left to the embedded backend, whoever has the others: nobody forced a
    /// backend, and both are there.
    pub(crate) by_size: bool,
    /// The reason, for people.
    pub(crate) reason: String,
}

/// Rows or columns from which a library decomposes. Below, it loses to the embedded backend [Zen 5, 8 to 100 rows:
/// OpenBLAS 0.3.21 1.1 to 3.3 times slower, MKL 2026 1.0 to 2.7, but faster in `cholesky` and `qr` of 8 rows, 0.6 and
/// 0.85; stacks of 4 × 4 twenty and more times slower].
pub(crate) const LIBRARY_FROM: usize = 160;
/// Multiply-adds from which a library multiplies, for the same reason [OpenBLAS, single and in stacks: 1.15 to 14 times slower].
pub(crate) const LIBRARY_FROM_WORK: usize = 1 << 21;

/// The decision, made at first use and kept.
pub(crate) fn decision() -> Result<&'static Decision, LinalgError> {
    static DECISION: OnceLock<Result<Decision, LinalgError>> = OnceLock::new();
    DECISION
        .get_or_init(|| {
            let request = std::env::var("ORTHANT_BACKEND").unwrap_or_default();
            let compiled: Vec<_> = compiled_in().collect();
            decide(&request, &compiled, health)
        })
        .as_ref()
        .map_err(Clone::clone)
}

/// The processor at hand. Forcing a lower `ORTHANT_SIMD` does not change what BLAS runs, so this is
/// what was detected.
pub(crate) fn cpu() -> Cpu {
    let level = simd::detected();
    Cpu {
        avx2: level >= simd::Level::Avx2,
        avx512: level >= simd::Level::Avx512,
    }
}

/// Name, core name and health of the system library that is linked.
pub(crate) fn library() -> Option<(String, Option<String>, Health)> {
    #[cfg(orthant_lapack)]
    {
        let vendor = super::lapack::vendor::vendor();
        let health = super::health::healthy(vendor.corename.as_deref(), cpu());
        Some((vendor.name.clone(), vendor.corename.clone(), health))
    }
    #[cfg(not(orthant_lapack))]
    None
}

/// How well the library that is linked suits the processor, in one word and in a sentence.
fn health() -> (Health, String) {
    let Some((name, corename, health)) = library() else {
        return (Health::Poor, "no system library".into());
    };
    let has = match cpu() {
        Cpu { avx512: true, .. } => "AVX-512",
        Cpu { avx2: true, .. } => "AVX2",
        _ => "neither AVX2 nor AVX-512",
    };
    let kernels = corename.as_deref().unwrap_or("its own choice of");
    (
        health,
        format!("{name} runs {kernels} kernels, the processor has {has}"),
    )
}

/// The rule, as a function of what it depends on.
fn decide(
    request: &str,
    compiled: &[Backend],
    health: impl FnOnce() -> (Health, String),
) -> Result<Decision, LinalgError> {
    let wanted = match request {
        "" => None,
        "lapack" => Some(Backend::Lapack),
        "embedded" => Some(Backend::Embedded),
        other => {
            return Err(LinalgError::BackendUnavailable {
                requested: other.into(),
                reason: "ORTHANT_BACKEND takes `lapack` or `embedded`".into(),
            });
        }
    };
    if let Some(backend) = wanted {
        if !compiled.contains(&backend) {
            return Err(LinalgError::BackendUnavailable {
                requested: backend.name().into(),
                reason: backend.missing().unwrap_or("it is not compiled in").into(),
            });
        }
        return Ok(Decision {
            products: Some(backend),
            decompositions: Some(backend),
            by_size: false,
            reason: format!("ORTHANT_BACKEND={} forces it", backend.name()),
        });
    }
    let other = compiled
        .iter()
        .copied()
        .find(|&backend| backend != Backend::Lapack);
    if !compiled.contains(&Backend::Lapack) {
        return Ok(Decision {
            products: other,
            decompositions: other,
            by_size: false,
            reason: match other {
                Some(_) => "no system library is compiled in".into(),
                None => "no backend is compiled in".into(),
            },
        });
    }
    let (health, text) = health();
    let lapack = Some(Backend::Lapack);
    let small = match other {
        Some(_) => format!("; fewer than {LIBRARY_FROM} rows go by the embedded backend"),
        None => String::new(),
    };
    Ok(match health {
        Health::Good => Decision {
            products: lapack,
            decompositions: lapack,
            by_size: other.is_some(),
            reason: text + &small,
        },
        Health::DecompositionsOnly => Decision {
            products: other,
            decompositions: lapack,
            by_size: other.is_some(),
            reason: format!("{text}: kept for decompositions, not for products{small}"),
        },
        Health::Poor => Decision {
            products: other,
            decompositions: other.or(lapack),
            by_size: false,
            reason: match other {
                Some(_) => format!("{text}: not used"),
                None => format!(
                    "{text}: used for decompositions only because nothing else is compiled in"
                ),
            },
        },
    })
}

/// Who decomposes matrices whose longer side is `most`, for an operation started on this thread. Ask once per
/// call, before a stack is split over threads, and hand the answer to the workers.
///
/// # Errors
/// [`LinalgError::BackendUnavailable`] when `ORTHANT_BACKEND` asks for what is not there, or nothing
/// is compiled in.
#[cfg(orthant_backend)]
pub(crate) fn active(most: usize) -> Result<Backend, LinalgError> {
    if let Some(backend) = forced() {
        return Ok(backend);
    }
    let decision = decision()?;
    if decision.by_size && most < LIBRARY_FROM {
        return Ok(Backend::Embedded);
    }
    decision
        .decompositions
        .ok_or_else(|| LinalgError::BackendUnavailable {
            requested: "lapack or embedded".into(),
            reason: "no backend is compiled in; enable the feature `embedded` or `system-blas`"
                .into(),
        })
}

/// Who multiplies matrices in so many multiply-adds, for an operation started on this thread: `Lapack` to use BLAS wherever it takes
/// the layouts, otherwise orthant's own driver and, where a table says so, `Embedded`. `None` when
/// there is only the own driver.
///
/// # Errors
/// As [`active`], except that having no backend is fine.
pub(crate) fn product_backend(work: usize) -> Result<Option<Backend>, LinalgError> {
    if let Some(backend) = forced() {
        return Ok(Some(backend));
    }
    let decision = decision()?;
    if decision.by_size && work < LIBRARY_FROM_WORK {
        return Ok(Some(Backend::Embedded));
    }
    Ok(decision.products)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Backend::{Embedded, Lapack};

    #[test]
    fn rule() {
        type Case = (
            &'static str,
            &'static [Backend],
            Health,
            Option<Backend>,
            Option<Backend>,
        );
        const BOTH: &[Backend] = &[Lapack, Embedded];
        let cases: &[Case] = &[
            ("", BOTH, Health::Good, Some(Lapack), Some(Lapack)),
            (
                "",
                BOTH,
                Health::DecompositionsOnly,
                Some(Embedded),
                Some(Lapack),
            ),
            ("", BOTH, Health::Poor, Some(Embedded), Some(Embedded)),
            ("", &[Lapack], Health::Good, Some(Lapack), Some(Lapack)),
            (
                "",
                &[Lapack],
                Health::DecompositionsOnly,
                None,
                Some(Lapack),
            ),
            ("", &[Lapack], Health::Poor, None, Some(Lapack)),
            (
                "",
                &[Embedded],
                Health::Good,
                Some(Embedded),
                Some(Embedded),
            ),
            ("", &[], Health::Good, None, None),
            ("lapack", BOTH, Health::Poor, Some(Lapack), Some(Lapack)),
            (
                "embedded",
                BOTH,
                Health::Good,
                Some(Embedded),
                Some(Embedded),
            ),
        ];
        for &(request, compiled, health, products, decompositions) in cases {
            let made = decide(request, compiled, || (health, "text".into())).unwrap();
            assert_eq!(
                (made.products, made.decompositions),
                (products, decompositions),
                "{request:?} {compiled:?} {health:?}: {}",
                made.reason
            );
            let by_size = request.is_empty() && compiled == BOTH && health != Health::Poor;
            assert_eq!(made.by_size, by_size, "{request:?} {compiled:?} {health:?}");
        }
    }

    #[test]
    fn impossible_requests_are_errors() {
        let never = || panic!("health is not asked for");
        let error = decide("mkl", &[Lapack, Embedded], never).unwrap_err();
        assert_eq!(
            error.to_string(),
            "linear algebra backend \"mkl\" is not available: ORTHANT_BACKEND takes `lapack` or `embedded`"
        );
        for (request, compiled) in [("lapack", &[Embedded]), ("embedded", &[Lapack])] {
            let error = decide(request, compiled, never).unwrap_err();
            assert!(
                matches!(error, LinalgError::BackendUnavailable { ref requested, .. } if requested == request)
            );
        }
    }

    #[test]
    fn forcing_nests_and_ends() {
        let before = forced();
        for backend in compiled_in() {
            with_backend(backend, || {
                #[cfg(orthant_backend)]
                assert_eq!(active(1), Ok(backend));
                #[cfg(orthant_backend)]
                assert_eq!(active(usize::MAX), Ok(backend));
                assert_eq!(product_backend(0), Ok(Some(backend)));
                let caught = std::panic::catch_unwind(|| {
                    with_backend(compiled_in().last().unwrap(), || panic!("on purpose"))
                });
                assert!(caught.is_err());
                assert_eq!(forced(), Some(backend));
            });
        }
        assert_eq!(forced(), before);
    }

    #[cfg(orthant_backend)]
    #[test]
    fn workers_are_forced_too() {
        use crate::linalg;
        use std::collections::HashSet;
        use std::{sync::Mutex, time::Duration};
        let a = crate::array::Array3::<f64>::ones([64, 2, 2]);
        for backend in compiled_in() {
            // Nobody goes on before two threads have come, if there are two.
            let wanted = crate::engine::par::threads().min(2);
            let threads = Mutex::new(HashSet::new());
            let asked = || {
                let come = || {
                    let mut threads = threads.lock().unwrap();
                    threads.insert(std::thread::current().id());
                    threads.len()
                };
                for _ in 0..1000 {
                    if come() >= wanted {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                Ok(forced())
            };
            let seen = with_backend(backend, || linalg::each(&a, |_| asked())).unwrap();
            assert!(seen.into_iter().all(|seen| seen == Ok(Some(backend))));
            assert!(threads.lock().unwrap().len() >= wanted);
        }
        let after = linalg::each(&a, |_| Ok(forced())).unwrap();
        assert!(after.into_iter().all(|seen| seen == Ok(forced())));
    }

    #[cfg(not(orthant_lapack))]
    #[test]
    #[should_panic(expected = "with_backend(Lapack, …): ")]
    fn forcing_what_is_missing_panics() {
        with_backend(Lapack, || ());
    }
}
