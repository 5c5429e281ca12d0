"""Functions of three arrays and choices between arrays, of NumPy and PyTorch -> choices.tsv beside this script.

The ways to write values are those of operators.py:

    FUNCTION  DTYPE  A  B  C  RESULT

clip          A between B and C
lerp          from A to B by the share C (PyTorch's; f32 and f64)
isclose       A near B with rtol 1e-5 and atol 1e-8; C is `-`, RESULT boolean
isclose_nan   the same with equal_nan
select        A where bit 0 of C is set, else B where bit 1 is, else 7
choose        A, B or A again as C is 0, 1 or 2
piecewise     3 where bit 0 of C is set, A where bit 1 is, else B's first; the last condition that holds counts

C holds i32 for the last three. The sign of zero of clip is left out.
"""

import pathlib
import random

import numpy as np
import torch

from operators import COMPLEX, FLOATS, INTEGERS, complexes, floats, integers, text

HERE = pathlib.Path(__file__).resolve().parent
BOOL = {"bool": np.dtype(np.bool_)}


def bools(rng, dtype, count):
    return np.array([rng.random() < 0.5 for _ in range(count)], dtype=dtype)


def near(rng, a):
    """Numbers that are close to `a`, some closer than the tolerance."""
    factors = [1 + rng.choice([0, 1e-7, 5e-6, -9e-6, 2e-5, -1e-3]) for _ in a]
    with np.errstate(all="ignore"):
        return (a * np.array(factors, dtype=a.dtype.type(0).real.dtype)).astype(a.dtype)


def choices(rng, name, draw, dtype):
    for _ in range(2):
        a, b = draw(rng, dtype, 12), draw(rng, dtype, 12)
        bits = np.array([rng.randrange(4) for _ in a], dtype=np.int32)
        first, second = bits & 1 != 0, bits & 2 != 0
        seven = dtype.type(7)
        yield "select", name, a, b, bits, np.select([first, second], [a, b], seven)
        which = np.array([rng.randrange(3) for _ in a], dtype=np.int32)
        yield "choose", name, a, b, which, np.choose(which, [a, b, a])
        yield "piecewise", name, a, b, bits, np.piecewise(a, [first, second], [dtype.type(3), lambda x: x, b[0]])


def cases():
    rng = random.Random(37)
    for name, dtype in FLOATS.items():
        for _ in range(4):
            a, b, c = (x[x != 0][:8] for x in (floats(rng, dtype, 40) for _ in range(3)))
            yield "clip", name, a, b, c, np.clip(a, b, c)
            a, b = floats(rng, dtype, 12), floats(rng, dtype, 12)
            b[:6] = near(rng, a)[:6]
            yield "isclose", name, a, b, None, np.isclose(a, b)
            yield "isclose_nan", name, a, b, None, np.isclose(a, b, equal_nan=True)
            # Of one sign, and shares from 0 to 1: nothing cancels.
            a, b, c = (np.array([rng.uniform(0, 9) for _ in range(8)], dtype=dtype) for _ in range(3))
            c = c / dtype.type(9)
            c[:3] = 0, 1, 0.5
            yield "lerp", name, a, b, c, torch.lerp(*map(torch.from_numpy, (a, b, c))).numpy()
        yield from choices(rng, name, floats, dtype)
    for name, dtype in INTEGERS.items():
        for _ in range(2):
            a, b, c = (integers(rng, dtype, 9) for _ in range(3))
            yield "clip", name, a, b, c, np.clip(a, b, c)
        a = np.array([rng.randrange(100) for _ in range(9)], dtype=dtype)
        b = a + np.arange(9, dtype=dtype) % dtype.type(2)
        yield "isclose", name, a, b, None, np.isclose(a, b)
        yield from choices(rng, name, integers, dtype)
    for name, dtype in COMPLEX.items():
        a = complexes(rng, dtype, 12)
        b = near(rng, a)
        yield "isclose", name, a, b, None, np.isclose(a, b)
        yield from choices(rng, name, complexes, dtype)
    for name, dtype in BOOL.items():
        yield from choices(rng, name, bools, dtype)


def line(op, name, *columns):
    columns = ["-" if values is None else ",".join(map(text, values)) for values in columns]
    return "\t".join([op, name, *columns]) + "\n"


def main():
    with open(HERE / "choices.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        out.writelines(line(*case) for case in cases())


if __name__ == "__main__":
    main()
