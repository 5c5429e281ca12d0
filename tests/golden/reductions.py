"""The options of ufunc.reduce -> reductions.tsv beside this script.

Lines of `key<TAB>values`, computed with NumPy from x (f64 and, for functions of integers, i64), whose
shape is (3, 2, 36), a mask of that shape and a mask of the last axis (0 and 1):

    x, mask, row; NAME_AXES_plain, _from (initial=-6), _chosen (where=mask), _row (where=row),
    _chosen_from, _row_from; AXES are digits (none for no axis).
"""

import pathlib

import numpy as np

rng = np.random.default_rng(11)
x = rng.choice([-12, -9, -6, -4, -2, -1, 1, 2, 3, 4, 6, 10], (3, 2, 36))
mask = rng.random(x.shape) < 0.6
mask[:, 0, 0] = mask[:, :, 1] = mask[1, 1] = False
row = rng.random(36) < 0.5
lines = []


def put(key, values):
    lines.append(f"{key}\t" + " ".join(repr(float(v)) for v in np.ravel(values)))


put("x", x)
put("mask", mask)
put("row", row)
FLOATS = "add multiply subtract maximum fmin hypot logaddexp"
INTEGERS = "gcd lcm bitwise_and bitwise_or bitwise_xor"
for name in (FLOATS + " " + INTEGERS).split():
    ufunc = getattr(np, name)
    values = x.astype(float) / 4 if name in FLOATS else x
    for axes in [(), (0,), (1,), (2,), (0, 2), (0, 1, 2)]:
        if name in ("subtract", "lcm") and len(axes) > 1:
            continue
        key = f"{name}_" + "".join(map(str, axes))
        put(f"{key}_plain", ufunc.reduce(values, axes))
        put(f"{key}_from", ufunc.reduce(values, axes, initial=-6))
        for which, where in [("chosen", mask), ("row", row)]:
            if ufunc.identity is not None:
                put(f"{key}_{which}", ufunc.reduce(values, axes, where=where))
            put(f"{key}_{which}_from", ufunc.reduce(values, axes, where=where, initial=-6))
pathlib.Path(__file__).with_suffix(".tsv").write_text("# made by reductions.py\n" + "\n".join(lines) + "\n")
