//! Whether a BLAS runs the kernels that the processor deserves: a table, no measurements.
//!
//! OpenBLAS chooses kernels by CPU model. A build older than the processor does not know its model
//! and falls back to the kernels of the SSE era, or to AVX2 ones on a machine with AVX-512.

/// The vector instructions of a processor, as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cpu {
    /// AVX2 and FMA.
    pub(crate) avx2: bool,
    /// AVX-512 F, BW, CD, DQ, VL.
    pub(crate) avx512: bool,
}

/// What a system BLAS and LAPACK is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(orthant_lapack), allow(dead_code))]
pub(crate) enum Health {
    /// Everything.
    Good,
    /// Decompositions; products are faster without it.
    DecompositionsOnly,
    /// Nothing.
    Poor,
}

/// OpenBLAS cores whose kernels stop at SSE (`getarch` and `dynamic.c` name them).
const SSE_CORES: &[&str] = &[
    "generic",
    "katmai",
    "coppermine",
    "northwood",
    "prescott",
    "banias",
    "core2",
    "penryn",
    "dunnington",
    "nehalem",
    "atom",
    "nano",
    "athlon",
    "opteron",
    "opteron_sse3",
    "barcelona",
    "bobcat",
];
/// Cores whose kernels use AVX or AVX2 but not AVX-512.
const AVX_CORES: &[&str] = &[
    "sandybridge",
    "bulldozer",
    "piledriver",
    "steamroller",
    "excavator",
    "haswell",
    "zen",
];
/// Cores whose kernels cannot run without AVX-512. OpenBLAS does not choose them where it is missing,
/// but `OPENBLAS_CORETYPE` may.
const AVX512_CORES: &[&str] = &["skylakex", "cooperlake", "sapphirerapids"];

/// Judges an OpenBLAS core name (`None` for another vendor, who is trusted) on this processor.
#[cfg_attr(not(any(test, orthant_lapack)), allow(dead_code))]
pub(crate) fn healthy(corename: Option<&str>, cpu: Cpu) -> Health {
    let Some(corename) = corename else {
        return Health::Good;
    };
    let is_in = |cores: &[&str]| cores.iter().any(|core| core.eq_ignore_ascii_case(corename));
    if cpu.avx2 && is_in(SSE_CORES) || !cpu.avx512 && is_in(AVX512_CORES) {
        Health::Poor
    } else if cpu.avx512 && is_in(AVX_CORES) {
        Health::DecompositionsOnly
    } else {
        Health::Good
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let old = Cpu {
            avx2: false,
            avx512: false,
        };
        let avx2 = Cpu {
            avx2: true,
            avx512: false,
        };
        let avx512 = Cpu {
            avx2: true,
            avx512: true,
        };
        use Health::*;
        for (corename, on_old, on_avx2, on_avx512) in [
            (Some("Prescott"), Good, Poor, Poor),
            (Some("NEHALEM"), Good, Poor, Poor),
            (Some("Core2"), Good, Poor, Poor),
            (Some("generic"), Good, Poor, Poor),
            (Some("Sandybridge"), Good, Good, DecompositionsOnly),
            (Some("Haswell"), Good, Good, DecompositionsOnly),
            (Some("Zen"), Good, Good, DecompositionsOnly),
            (Some("SkylakeX"), Poor, Poor, Good),
            (Some("Cooperlake"), Poor, Poor, Good),
            (Some("SapphireRapids"), Poor, Poor, Good),
            (Some("neoversen1"), Good, Good, Good),
            (Some("a core of the future"), Good, Good, Good),
            (None, Good, Good, Good),
        ] {
            assert_eq!(healthy(corename, old), on_old, "{corename:?}");
            assert_eq!(healthy(corename, avx2), on_avx2, "{corename:?}");
            assert_eq!(healthy(corename, avx512), on_avx512, "{corename:?}");
        }
    }
}
