"""NumPy's basic indexing on random cases -> slicing.tsv beside this script.

One case per line, columns separated by tabs; `#` starts a comment line. Lists are separated by
commas, and `()` is the empty list. Strides and offsets count elements.

    ok   ORDER  SHAPE  STRIDES  ITEMS  RESULT_SHAPE  RESULT_STRIDES  RESULT_OFFSET  VALUES
    err  ORDER  SHAPE  STRIDES  ITEMS  KIND  MESSAGE

The source array holds 0, 1, 2, ... in the order of its memory, so every value equals its offset.

ORDER    C, F, or P followed by the axes of a transposition, one digit each: P201 is the C-order
         array of some base shape with its axes permuted by (2, 0, 1). The base shape follows from
         SHAPE: axis i of the source is axis ORDER[i] of the base.
ITEMS    an integer; START:STOP or START:STOP:STEP with any part left out; `newaxis`; `...`
RESULT_STRIDES, RESULT_OFFSET
         of axes of length 0 or 1 the stride has no meaning; when the result is empty neither
         strides nor offset have. They are then written as `?`.
VALUES   the elements of the result in logical row-major order
KIND     out_of_bounds, too_many_indices, zero_step or two_ellipses; MESSAGE is NumPy's
"""

import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
CASES = 2600


def join(values):
    return ",".join(str(v) for v in values) or "()"


def source(rng):
    ndim = rng.choice([0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5])
    while True:
        shape = [rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7]) for _ in range(ndim)]
        if rng.random() < 0.9 and 0 in shape:
            continue
        if np.prod(shape) <= 96:
            break
    memory = np.arange(int(np.prod(shape)), dtype=np.int64)
    order = rng.choice(["C", "C", "F", "P"])
    if order in "CF":
        return order, memory.reshape(shape, order=order)
    axes = list(range(ndim))
    rng.shuffle(axes)
    base = [0] * ndim
    for i, axis in enumerate(axes):
        base[axis] = shape[i]
    return "P" + "".join(map(str, axes)), memory.reshape(base).transpose(axes)


def item(rng, length):
    if rng.random() < 0.3:
        reach = length if rng.random() < 0.93 else length + 2
        if reach == 0:
            return str(rng.choice([0, -1])) if rng.random() < 0.2 else ":"
        return str(rng.randint(-reach, reach - 1))

    def end():
        if rng.random() < 0.35:
            return ""
        if rng.random() < 0.05:
            return str(rng.choice([-1, 1]) * rng.choice([9, 100, 2**40]))
        return str(rng.randint(-length - 2, length + 2))

    text = end() + ":" + end()
    if rng.random() < 0.6:
        step = rng.choice([1, 1, 2, 3, -1, -1, -1, -2, -3, 7, -9])
        text += f":{0 if rng.random() < 0.015 else step}"
    return text


def items(rng, shape):
    chosen = [item(rng, length) for length in shape]
    if chosen and rng.random() < 0.35:
        lo = rng.randint(0, len(chosen))
        hi = rng.randint(lo, len(chosen))
        chosen[lo:hi] = ["..."]
    elif rng.random() < 0.3:
        del chosen[rng.randint(0, len(chosen)) :]
    elif rng.random() < 0.03:
        chosen.append(item(rng, 2))
    if rng.random() < 0.02:
        chosen.insert(rng.randint(0, len(chosen)), "...")
    while rng.random() < 0.25 and len(chosen) < 8:
        chosen.insert(rng.randint(0, len(chosen)), "newaxis")
    return chosen


def parse(text):
    if text == "newaxis":
        return None
    if text == "...":
        return Ellipsis
    if ":" not in text:
        return int(text)
    return slice(*(int(part) if part else None for part in text.split(":")))


def kind(error):
    text = str(error)
    for words, name in [
        ("out of bounds", "out_of_bounds"),
        ("too many indices", "too_many_indices"),
        ("slice step cannot be zero", "zero_step"),
        ("single ellipsis", "two_ellipses"),
    ]:
        if words in text:
            return name
    raise error


def line(order, array, chosen):
    strides = ["?" if n < 2 or array.size == 0 else s // 8 for n, s in zip(array.shape, array.strides)]
    head = [order, join(array.shape), join(strides), join(chosen)]
    try:
        # An ellipsis makes integers on every axis give a 0-d view instead of a scalar.
        index = tuple(parse(text) for text in chosen)
        view = array[index] if Ellipsis in index else array[index + (Ellipsis,)]
    except (IndexError, ValueError) as error:
        return "\t".join(["err", *head, kind(error), str(error)])
    if view.size:
        strides = ["?" if n < 2 else s // 8 for n, s in zip(view.shape, view.strides)]
        offset = view.reshape(-1)[0]
    else:
        strides, offset = ["?"] * view.ndim, "?"
    return "\t".join(
        ["ok", *head, join(view.shape), join(strides), str(offset), join(view.ravel().tolist())]
    )


def faults(array, chosen):
    """How many independent reasons there are to reject this index."""
    consumed = sum(text not in ("newaxis", "...") for text in chosen)
    zero_steps = sum(text.endswith(":0") and text.count(":") == 2 for text in chosen)
    count = (consumed > array.ndim) + (chosen.count("...") > 1) + zero_steps
    if count == zero_steps:
        # Now every item has its axis, and integers can be held against the lengths.
        axes = list(array.shape)
        fill = array.ndim - consumed
        position = 0
        for text in chosen:
            if text == "...":
                position += fill
            elif text != "newaxis":
                if ":" not in text:
                    count += not -axes[position] <= int(text) < axes[position]
                position += 1
    return count


def main():
    rng = random.Random(20)
    seen = {}
    empty = 0
    while len(seen) < CASES:
        order, array = source(rng)
        chosen = items(rng, array.shape)
        text = line(order, array, chosen)
        if text.startswith("ok"):
            columns = text.split("\t")
            # orthant stores at most eight axes, and most cases shall have something to compare.
            if columns[5].count(",") >= 8 or text in seen:
                continue
            if columns[8] == "()":
                if empty >= CASES // 7:
                    continue
                empty += 1
        # With two faults at once, which one is reported is nobody's promise.
        elif faults(array, chosen) != 1:
            continue
        seen.setdefault(text)
    with open(HERE / "slicing.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in [*__doc__.splitlines(), f"NumPy {np.__version__}"])
        out.writelines(text + "\n" for text in seen)


if __name__ == "__main__":
    main()
