//! What an element costs, hence how many threads a loop is worth and whether stores bypass the
//! cache.

use super::operand::Operand;
use super::par;

/// What a kernel spends its time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Moving bytes: copies, `+ - *`, comparisons, casts.
    Memory,
    /// Divisions, square roots, integer remainders.
    Arithmetic,
    /// exp, sin, pow, ….
    Transcendental,
    /// Unknown code of a user.
    Closure,
}

/// Work, in picoseconds, below which a second thread does not pay: about twice what it costs to
/// wake a worker and to wait for it.
const SPLIT: u64 = 10_000_000;
/// Work that every thread should have.
const SHARE: u64 = 5_000_000;
/// The same where workers are awake and waiting for work.
const AWAKE_SPLIT: u64 = 4_000_000;
const AWAKE_SHARE: u64 = 2_000_000;

impl Cost {
    /// Threads that a loop of `len` elements moving `bytes` bytes each is worth.
    #[inline]
    pub(crate) fn threads(self, len: usize, bytes: usize) -> usize {
        // Picoseconds on one core of a current server CPU.
        let compute = match self {
            Cost::Memory => 30,
            Cost::Arithmetic => 400,
            Cost::Transcendental => 800,
            Cost::Closure => 1000,
        };
        let each = compute + 10 * bytes as u64;
        threads_for(each.saturating_mul(len as u64))
    }
}

/// Threads that so many picoseconds of work are worth.
#[inline]
pub(crate) fn threads_for(work: u64) -> usize {
    if work < AWAKE_SPLIT {
        return 1;
    }
    if work < SPLIT {
        let threads = par::threads().min((work / AWAKE_SHARE) as usize);
        return threads.min(1 + par::awake(threads - 1));
    }
    par::threads().min((work / SHARE) as usize)
}

/// Bytes that a loop moves per element: broadcast operands do not count.
#[inline]
pub(super) fn bytes_per_element(ops: &[Operand]) -> usize {
    ops.iter()
        .filter(|op| op.strides.iter().any(|&stride| stride != 0))
        .map(|op| op.size)
        .sum()
}
