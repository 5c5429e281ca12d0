"""NumPy's and PyTorch's side of `benches/ops/functions.rs` and `folds.rs`: the same data, the same rule, the same lines.

    python benches/peers.py numpy       (needs numpy and scipy)
    python benches/peers.py torch       (needs torch; on two threads)

prints `op<TAB>library<TAB>minimum<TAB>median` in seconds; `BENCH_ONLY=substr,substr` restricts the operations.
    python benches/peers.py table ours.tsv numpy.tsv torch.tsv
makes a table of such lines, `µs (NumPy / ours, PyTorch / ours)` of medians.
"""

import os
import sys
import time
from itertools import repeat

import numpy as np

LIBRARY = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)
ONLY = [part for part in os.environ.get("BENCH_ONLY", "").split(",") if part]
SIZES = {"1e3": 1_000, "1e5": 100_000, "1e6": 1_000_000}


def wanted(op):
    return not ONLY or any(part in op for part in ONLY)


def run(suffix, rows):
    """Times what is wanted of the functions; those that are None, this library does not have."""
    for name, call in rows.items():
        if call is None or not wanted(f"{name}_{suffix}"):
            continue
        call()
        inner = 1
        while (elapsed := batch(call, inner)) < 1e-3:
            inner *= 2
        once = elapsed / inner
        samples = 3 if once > 0.5 else 7 if once > 0.1 else 15
        times = sorted(batch(call, inner) / inner for _ in range(samples))
        print(f"{name}_{suffix}\t{LIBRARY}\t{times[0]:.4e}\t{times[samples // 2]:.4e}", flush=True)


def batch(call, inner):
    start = time.perf_counter()
    for _ in repeat(None, inner):
        call()
    return time.perf_counter() - start


def u(seed, n):
    """The generator of `benches/ops/data.rs`, by doubling: s(i + m) = a(m)·s(i) + c(m)."""
    a, c, mask = 6364136223846793005, 1442695040888963407, 2**64 - 1
    s = np.empty(n, np.uint64)
    s[0] = (seed * a + c) & mask
    m = 1
    while m < n:
        w = min(m, n - m)
        s[m : m + w] = s[:w] * np.uint64(a) + np.uint64(c)
        a, c, m = a * a & mask, (c * a + c) & mask, 2 * m
    return (s >> np.uint64(11)).astype(np.float64) / 2.0**53


def positive(seed, n):
    return u(seed, n) + 0.1


def wide(seed, n):
    return 8.0 * (u(seed, n) - 0.5)


def whole(seed, n, below):
    return (u(seed, n) * below).astype(np.int64)


def vectors(n):
    """What the rows of vectors compute on, by name."""
    a, b = positive(1, n), positive(2, n)
    return {
        "a": a,
        "b": b,
        "r": wide(4, n),
        "near": a + b * 1e-6,
        "index": whole(5, n, 3),
        "low": a < 0.4,
        "high": a > 0.8,
        "mask": a > 0.6,
        "none": np.zeros(n, bool),
        "every": np.ones(n, bool),
        "gaps": np.where(b < 0.11, np.nan, a),
        "near_one": np.where(a > 0.6, 1.01, 0.99),
    }


def tables():
    x = u(1, 10_000_000).reshape(4000, 2500)
    return {"x": x, "gaps": np.where(x < 0.01, np.nan, x), "mask": x > 0.5, "weights": positive(2, 4000)}


def integers(n):
    return {"a": whole(1, n, 1e6), "b": whole(2, n, 1e6), "count": whole(3, n, 40)}


def histogram():
    return {
        "a": positive(1, 1_000_000),
        "short": positive(2, 1_000),
        "cuts": np.arange(0, 1_000_000, 1_000),
        "index": whole(5, 100_000, 1_000),
        "values": positive(3, 100_000),
        "bins": np.zeros(1_000),
    }


class Numpy:
    def __init__(self):
        from scipy import signal, special

        np.seterr(all="ignore")
        self.special, self.lfilter = special, signal.lfilter

    def array(self, x, dtype):
        return x.astype(dtype) if x.dtype == np.float64 else x

    def ewm(self, x, axis, keep):
        """The recurrence as SciPy's filter; it starts from zero as a scan does."""
        return self.lfilter(np.array([1 - keep], x.dtype), np.array([1, -keep], x.dtype), x, axis)

    def functions(self, a, b, r, near, index, low, high, **_):
        erf = self.special.erf
        half = r.dtype.type(np.sqrt(0.5))
        return {
            "cos": lambda: np.cos(r),
            "tan": lambda: np.tan(r),
            "expm1": lambda: np.expm1(r),
            "log1p": lambda: np.log1p(a),
            "erf": lambda: erf(r),
            "gelu": lambda: 0.5 * r * (1 + erf(r * half)),
            "silu": lambda: r / (1 + np.exp(-r)),
            "softplus": lambda: np.logaddexp(0, r),
            "floor": lambda: np.floor(r),
            "hypot": lambda: np.hypot(a, b),
            "atan2": lambda: np.arctan2(r, b),
            "logaddexp": lambda: np.logaddexp(r, b),
            "maximum": lambda: np.maximum(a, b),
            "remainder": lambda: np.remainder(r, b),
            "is_close": lambda: np.isclose(a, near),
            "clip": lambda: np.clip(r, -1, 1),
            "lerp": lambda: a + 0.3 * (b - a),
            "select": lambda: np.select([low, high], [a, b], 0.0),
            "choose": lambda: np.choose(index, [a, b, r]),
            "piecewise": lambda: np.piecewise(a, [low, high], [lambda x: -x, lambda x: x * x, lambda x: x]),
        }

    def reductions(self, a, b, mask, none, every, gaps, near_one, **_):
        return {
            "var": lambda: a.var(),
            "prod": lambda: near_one.prod(),
            "cumprod": lambda: near_one.cumprod(),
            "argmin": lambda: a.argmin(),
            "ptp": lambda: np.ptp(a),
            "any": lambda: none.any(),
            "all": lambda: every.all(),
            "count_nonzero": lambda: np.count_nonzero(mask),
            "average": lambda: np.average(a, weights=b),
            "sum_where": lambda: np.sum(a, where=mask),
            "mean_where": lambda: np.mean(a, where=mask),
            "nansum": lambda: np.nansum(gaps),
            "nanmean": lambda: np.nanmean(gaps),
            "nanvar": lambda: np.nanvar(gaps),
            "nanmax": lambda: np.nanmax(gaps),
            "ewm": lambda: self.ewm(a, 0, 0.9),
            "scan_ewm": lambda: self.ewm(a, 0, 0.9),
            "max_accumulate": lambda: np.maximum.accumulate(a),
        }

    def of_tables(self, x, gaps, mask, weights):
        def log_softmax():
            y = x - x.max(-1, keepdims=True)
            return y - np.log(np.exp(y).sum(-1, keepdims=True))

        return {
            "log_softmax": log_softmax,
            "layer_norm": lambda: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5),
            "normalize": lambda: x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12),
            "logsumexp1": lambda: self.special.logsumexp(x, axis=1),
            "ptp0": lambda: np.ptp(x, axis=0),
            "var1": lambda: x.var(1),
            "argmin0": lambda: x.argmin(0),
            "cumprod0": lambda: x.cumprod(0),
            "average0": lambda: np.average(x, axis=0, weights=weights),
            "sum_where0": lambda: np.sum(x, axis=0, where=mask),
            "mean_where0": lambda: np.mean(x, axis=0, where=mask),
            "any0": lambda: mask.any(0),
            "all1": lambda: mask.all(1),
            "count_nonzero0": lambda: np.count_nonzero(mask, axis=0),
            "nansum0": lambda: np.nansum(gaps, axis=0),
            "nanmean0": lambda: np.nanmean(gaps, axis=0),
            "nanvar0": lambda: np.nanvar(gaps, axis=0),
            "nanmax0": lambda: np.nanmax(gaps, axis=0),
            "max_reduce0": lambda: np.maximum.reduce(x, axis=0),
            "add_accumulate0": lambda: np.add.accumulate(x, axis=0),
            "ewm0": lambda: self.ewm(x, 0, 0.9),
            "ewm1": lambda: self.ewm(x, 1, 0.9),
        }

    def of_histogram(self, a, short, cuts, index, values, bins):
        return {
            "reduceat": lambda: np.add.reduceat(a, cuts),
            "outer": lambda: np.add.outer(short, short),
            "at_1e5_of": lambda: np.add.at(bins, index, values),
        }

    def one_hot(self, labels, dtype):
        return lambda: np.eye(64, dtype=dtype)[labels]

    def of_integers(self, a, b, count):
        return {
            "bitwise_and": lambda: a & b,
            "left_shift": lambda: a << count,
            "gcd": lambda: np.gcd(a, b),
        }


class Torch:
    def __init__(self):
        import torch

        torch.set_num_threads(2)
        self.t, self.f = torch, torch.nn.functional

    def array(self, x, dtype):
        return self.t.from_numpy(x.astype(dtype) if x.dtype == np.float64 else x)

    def functions(self, a, b, r, near, index, low, high, **_):
        t, f = self.t, self.f
        zero, stacked, place = t.zeros((), dtype=a.dtype), t.stack([a, b, r]), index[None]
        return {
            "cos": lambda: t.cos(r),
            "tan": lambda: t.tan(r),
            "expm1": lambda: t.expm1(r),
            "log1p": lambda: t.log1p(a),
            "erf": lambda: t.erf(r),
            "gelu": lambda: f.gelu(r),
            "silu": lambda: f.silu(r),
            "softplus": lambda: f.softplus(r),
            "floor": lambda: t.floor(r),
            "hypot": lambda: t.hypot(a, b),
            "atan2": lambda: t.atan2(r, b),
            "logaddexp": lambda: t.logaddexp(r, b),
            "maximum": lambda: t.maximum(a, b),
            "remainder": lambda: t.remainder(r, b),
            "is_close": lambda: t.isclose(a, near),
            "clip": lambda: t.clamp(r, -1, 1),
            "lerp": lambda: t.lerp(a, b, 0.3),
            "select": lambda: t.where(low, a, t.where(high, b, zero)),
            "choose": lambda: t.gather(stacked, 0, place),
            "piecewise": lambda: t.where(high, a * a, t.where(low, -a, a)),
        }

    def reductions(self, a, b, mask, none, every, gaps, near_one, **_):
        t = self.t
        return {
            "var": lambda: a.var(correction=0),
            "prod": lambda: near_one.prod(),
            "cumprod": lambda: near_one.cumprod(0),
            "argmin": lambda: a.argmin(),
            "ptp": lambda: t.sub(*reversed(t.aminmax(a))),
            "any": lambda: none.any(),
            "all": lambda: every.all(),
            "count_nonzero": lambda: t.count_nonzero(mask),
            "average": lambda: (a * b).sum() / b.sum(),
            "sum_where": lambda: t.where(mask, a, 0).sum(),
            "mean_where": lambda: t.where(mask, a, 0).sum() / mask.sum(),
            "nansum": lambda: t.nansum(gaps),
            "nanmean": lambda: t.nanmean(gaps),
            "nanvar": None,
            "nanmax": None,
            "max_accumulate": lambda: t.cummax(a, 0),
        }

    def of_tables(self, x, gaps, mask, weights):
        t, f = self.t, self.f

        def ptp():
            low, high = t.aminmax(x, dim=0)
            return high - low

        return {
            "log_softmax": lambda: t.log_softmax(x, -1),
            "layer_norm": lambda: f.layer_norm(x, (2500,)),
            "normalize": lambda: f.normalize(x, dim=-1),
            "logsumexp1": lambda: t.logsumexp(x, 1),
            "ptp0": ptp,
            "var1": lambda: x.var(1, correction=0),
            "argmin0": lambda: x.argmin(0),
            "cumprod0": lambda: x.cumprod(0),
            "average0": lambda: (x * weights[:, None]).sum(0) / weights.sum(),
            "sum_where0": lambda: t.where(mask, x, 0).sum(0),
            "mean_where0": lambda: t.where(mask, x, 0).sum(0) / mask.sum(0),
            "any0": lambda: mask.any(0),
            "all1": lambda: mask.all(1),
            "count_nonzero0": lambda: t.count_nonzero(mask, 0),
            "nansum0": lambda: t.nansum(gaps, 0),
            "nanmean0": lambda: t.nanmean(gaps, 0),
            "max_reduce0": lambda: t.amax(x, 0),
            "add_accumulate0": lambda: x.cumsum(0),
        }

    def of_histogram(self, a, short, cuts, index, values, bins):
        return {
            "outer": lambda: short[:, None] + short,
            "at_1e5_of": lambda: bins.index_add_(0, index, values),
        }

    def one_hot(self, labels, dtype):
        dtype = {np.float32: self.t.float32, np.float64: self.t.float64}[dtype]
        return lambda: self.f.one_hot(labels, 64).to(dtype)

    def of_integers(self, a, b, count):
        t = self.t
        return {
            "bitwise_and": lambda: a & b,
            "left_shift": lambda: t.bitwise_left_shift(a, count),
            "gcd": lambda: t.gcd(a, b),
        }


def measure(library):
    for name, dtype in {"f32": np.float32, "f64": np.float64}.items():

        def cast(data):
            return {key: library.array(x, dtype) for key, x in data.items()}

        for size, n in SIZES.items():
            data = cast(vectors(n))
            run(f"{name}_{size}", library.functions(**data))
            run(f"{name}_{size}", library.reductions(**data))
        run(f"{name}_1e6", library.of_histogram(**cast(histogram())))
        run(f"{name}_1e5x64", {"one_hot": library.one_hot(library.array(whole(5, 100_000, 64), dtype), dtype)})
        run(f"{name}_4000x2500", library.of_tables(**cast(tables())))
    for size, n in SIZES.items():
        run(f"i64_{size}", library.of_integers(**{key: library.array(x, None) for key, x in integers(n).items()}))


def table(ours, *rivals):
    """Rows in the order of the first file, a column for every size that several rows have."""
    medians = [
        {line.split("\t")[0]: float(line.split("\t")[3]) for line in open(path) if line.count("\t") == 3}
        for path in (ours, *rivals)
    ]
    cells = {}
    for op, mine in medians[0].items():
        if any(op in rival for rival in medians[1:]):
            ratios = ", ".join(f"{rival[op] / mine:.2f}" if op in rival else "–" for rival in medians[1:])
            name, _, size = op.rpartition("_")
            cells.setdefault(name, {})[size] = f"{mine * 1e6:.3g} ({ratios})"
    print(f"| op | {' | '.join(SIZES)} |\n|---|{'--:|' * len(SIZES)}")
    for name, row in cells.items():
        if len(row) > 1:
            print(f"| {name} | {' | '.join(row.get(size, '') for size in SIZES)} |")
    print("\n| op | µs |\n|---|--:|")
    for name, row in cells.items():
        if len(row) == 1:
            print("".join(f"| {name}_{size} | {cell} |" for size, cell in row.items()))


if LIBRARY == "table":
    table(*sys.argv[2:])
else:
    measure({"numpy": Numpy, "torch": Torch}[LIBRARY]())
