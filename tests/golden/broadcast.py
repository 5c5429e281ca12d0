"""NumPy's broadcasting on random shapes -> broadcast.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line. Shapes are separated by
commas, `()` is the shape of a 0-d array, several shapes stand beside each other separated by `;`.

    shapes  SHAPES  RESULT   one to four operands and their common shape
    shapes  SHAPES  !        they do not broadcast
    add     SHAPES  MESSAGE  two operands that do not broadcast: what a + b says, without the trailing
                             space
    to      SHAPE STRIDES TARGET RESULT_STRIDES   broadcast_to; strides count elements
    to      SHAPE STRIDES TARGET !                it is refused
    assign  SHAPE TARGET ok | MESSAGE             target[...] = array
    inplace SHAPE TARGET ok | MESSAGE             target += array; the target is never enlarged

Strides of axes of length 0 or 1 have no meaning, nor have those of empty arrays: they are written as
`?`. Axes that broadcasting stretched have stride 0.
"""

import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def join(values):
    return ",".join(str(v) for v in values) or "()"


def shape(rng, most=5):
    return tuple(rng.choice([0] + [1] * 5 + [2, 3, 4, 5] * 2) for _ in range(rng.randint(0, most)))


def related(rng, common):
    """A shape that broadcasts to `common` unless chance spoils it."""
    result = list(common[rng.randint(0, len(common)) :]) if common and rng.random() < 0.5 else list(common)
    result = [1 if rng.random() < 0.3 else n for n in result]
    if result and rng.random() < 0.15:
        result[rng.randrange(len(result))] = rng.choice([0, 2, 3, 4])
    if rng.random() < 0.05:
        result.insert(0, rng.choice([1, 2]))
    return tuple(result)


def strides(array):
    return join("?" if n < 2 or array.size == 0 else s // 8 for n, s in zip(array.shape, array.strides))


def of_shapes(rng):
    common = shape(rng)
    shapes = [related(rng, common) for _ in range(rng.randint(1, 4))]
    text = ";".join(map(join, shapes))
    try:
        return [f"shapes\t{text}\t{join(np.broadcast_shapes(*shapes))}"]
    except ValueError:
        return [f"shapes\t{text}\t!"]


def refused_add(rng):
    common = shape(rng)
    a, b = related(rng, common), related(rng, common)
    try:
        np.zeros(a) + np.zeros(b)
        return []
    except ValueError as error:
        return [f"add\t{join(a)};{join(b)}\t{str(error).rstrip()}"]


def to(rng):
    target = shape(rng)
    source = np.zeros(related(rng, target))
    if rng.random() < 0.4:
        source = source.T.copy().T
    if rng.random() < 0.3 and source.ndim:
        source = source[::-1]
    head = f"to\t{join(source.shape)}\t{strides(source)}\t{join(target)}\t"
    try:
        return [head + strides(np.broadcast_to(source, target))]
    except ValueError:
        return [head + "!"]


def store(rng):
    target = np.zeros(shape(rng, 4))
    source = np.zeros(related(rng, target.shape))
    lines = []
    for name in ("assign", "inplace"):
        head = f"{name}\t{join(source.shape)}\t{join(target.shape)}\t"
        try:
            if name == "assign":
                # Unlike an operator, NumPy's assignment drops leading axes of length 1 of the source.
                if source.ndim > target.ndim:
                    continue
                target[...] = source
            else:
                target += source
            lines.append(head + "ok")
        except ValueError as error:
            lines.append(head + str(error).rstrip())
    return lines


def main():
    rng = random.Random(21)
    with open(HERE / "broadcast.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        for make, count in ((of_shapes, 1200), (refused_add, 150), (to, 700), (store, 400)):
            seen = {}
            while len(seen) < count:
                for text in make(rng):
                    seen.setdefault(text)
            out.writelines(text + "\n" for text in seen)


if __name__ == "__main__":
    main()
