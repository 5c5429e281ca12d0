"""NumPy's reshape of random strided layouts: view or copy -> reshape.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line. Lists are separated by
commas, `()` is the empty list; strides and offsets count elements.

    view   SHAPE STRIDES OFFSET NEW  RESULT_SHAPE RESULT_STRIDES  the strides allow a view
    copy   SHAPE STRIDES OFFSET NEW  RESULT_SHAPE                 elements must be copied
    error  SHAPE STRIDES OFFSET NEW  MESSAGE

NEW is the requested shape in row-major order; it may contain one -1. Source strides may be negative
or 0. OFFSET is the position of the first element in memory. In results the strides of axes of length
0 or 1, which have no meaning, are written as `?`, and those of empty arrays likewise.
"""

import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
CASES = 2200


def join(values):
    return ",".join(str(v) for v in values) or "()"


def strided(rng):
    """A view of 0, 1, 2, ... whose values are their own positions in memory."""
    ndim = rng.choice([0, 1, 2, 2, 3, 3, 3, 4, 4, 5])
    while True:
        shape = [rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 6]) for _ in range(ndim)]
        if (0 not in shape or rng.random() < 0.05) and np.prod(shape) <= 144:
            break
    steps = [rng.choice([1, 1, 1, 1, 2, -1, -1, -2]) if rng.random() < 0.4 else 1 for _ in shape]
    pad = [rng.choice([0, 0, 0, 1]) if rng.random() < 0.3 else 0 for _ in shape]
    full = [n * abs(s) + p for n, s, p in zip(shape, steps, pad)]
    memory = np.arange(int(np.prod(full)), dtype=np.int64).reshape(full, order=rng.choice("CCF"))
    index = tuple(
        slice(None, n * abs(s), s) if s > 0 else slice(n * abs(s) - 1, None, s)
        for n, s in zip(shape, steps)
    )
    view = memory[index]
    if rng.random() < 0.2:
        # A run that is cut from the front leaves gaps that only some groupings of axes can see.
        view = view[tuple(slice(0, n) for n in shape)]
    axes = list(range(ndim))
    if rng.random() < 0.35:
        rng.shuffle(axes)
        view = view.transpose(axes)
    if rng.random() < 0.15 and ndim < 5:
        view = np.broadcast_to(view, (rng.choice([2, 3]), *view.shape))
        if rng.random() < 0.5:
            view = np.moveaxis(view, 0, rng.randrange(view.ndim))
    if rng.random() < 0.15:
        view = np.expand_dims(view, rng.randint(0, view.ndim))
    return view


def request(rng, view):
    size = view.size
    mode = rng.random()
    if mode < 0.45:
        # Merge and split neighbouring axes, which is where views are possible.
        new = list(view.shape)
        for _ in range(rng.randint(1, 3)):
            if len(new) > 1 and rng.random() < 0.6:
                i = rng.randrange(len(new) - 1)
                new[i : i + 2] = [new[i] * new[i + 1]]
            elif new:
                i = rng.randrange(len(new))
                divisors = [d for d in range(1, new[i] + 1) if new[i] % d == 0]
                if divisors:
                    d = rng.choice(divisors)
                    new[i : i + 1] = [d, new[i] // d]
    else:
        new, rest = [], size
        for _ in range(rng.randint(0, 4)):
            d = rng.choice([d for d in range(1, rest + 1) if rest % d == 0] or [0])
            new.append(d)
            rest = rest // d if d else 0
        new.insert(rng.randint(0, len(new)), rest)
        rng.shuffle(new)
    if new and rng.random() < 0.25:
        new[rng.randrange(len(new))] = -1
    if new and rng.random() < 0.06:
        new[rng.randrange(len(new))] = rng.choice([-1, 0, 5, 7])
    return new[:8]


def line(view, new):
    base = [s // 8 for s in view.strides]
    offset = view.reshape(-1)[0] if view.size else 0
    head = "\t".join([join(view.shape), join(base), str(offset), join(new)])
    try:
        result = view.reshape(new)
    except ValueError as error:
        return f"error\t{head}\t{error}"
    try:
        result = np.reshape(view, new, copy=False)
    except ValueError:
        return f"copy\t{head}\t{join(result.shape)}"
    strides = ["?" if n < 2 or result.size == 0 else s // 8 for n, s in zip(result.shape, result.strides)]
    return f"view\t{head}\t{join(result.shape)}\t{join(strides)}"


def main():
    rng = random.Random(22)
    seen = {}
    while len(seen) < CASES:
        view = strided(rng)
        seen.setdefault(line(view, request(rng, view)))
    with open(HERE / "reshape.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        out.writelines(text + "\n" for text in seen)


if __name__ == "__main__":
    main()
