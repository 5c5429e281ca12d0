"""softmax, log_softmax, layer_norm, normalize and the ways of ufuncs -> lanes.tsv beside this script.

Lines of `key<TAB>values`, computed with NumPy in f64 from x, whose shape is (3, 4, 5):

    x; softmax_A, log_softmax_A, layer_norm_A (epsilon 1e-5), normalize_A (epsilon 1e-12) along axis A;
    NAME_reduce_A, NAME_accumulate_A for ufuncs NAME; add_reduceat_A at INDICES below; multiply_outer;
    subtract_at and add_at of the values y at the indices `at` along axis 0 of x.
"""

import pathlib

import numpy as np

INDICES = [2, 0, 1, 1]
rng = np.random.default_rng(7)
x = np.round(rng.normal(0, 2, (3, 4, 5)), 3)
lines = []


def put(key, values):
    lines.append(f"{key}\t" + " ".join(repr(float(v)) for v in np.ravel(values)))


put("x", x)
for axis in range(3):
    shifted = x - x.max(axis, keepdims=True)
    total = np.exp(shifted).sum(axis, keepdims=True)
    put(f"softmax_{axis}", np.exp(shifted) / total)
    put(f"log_softmax_{axis}", shifted - np.log(total))
    centred = x - x.mean(axis, keepdims=True)
    put(f"layer_norm_{axis}", centred / np.sqrt(x.var(axis, keepdims=True) + 1e-5))
    norm = np.sqrt((x * x).sum(axis, keepdims=True))
    put(f"normalize_{axis}", x / np.maximum(norm, 1e-12))
    for name in ("subtract", "maximum", "fmin", "add", "multiply"):
        put(f"{name}_reduce_{axis}", getattr(np, name).reduce(x, axis))
        put(f"{name}_accumulate_{axis}", getattr(np, name).accumulate(x, axis))
    put(f"add_reduceat_{axis}", np.add.reduceat(x, INDICES, axis))
put("multiply_outer", np.multiply.outer(x[0, 0], x[1, :2]))
at = np.array([0, 2, 2, -1, 0])
y = np.round(rng.normal(0, 1, (5, 4, 5)), 3)
put("y", y)
for name in ("subtract", "add"):
    out = x.copy()
    getattr(np, name).at(out, at, y)
    put(f"{name}_at", out)
pathlib.Path(__file__).with_suffix(".tsv").write_text("# made by lanes.py\n" + "\n".join(lines) + "\n")
