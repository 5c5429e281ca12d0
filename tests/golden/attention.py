"""PyTorch's scaled dot-product attention -> attention.tsv beside this script.

Lines `key<TAB>value value ...` (values separated by one space; `#` starts a comment line):

    queries  Q, (2, 3, 6, 4), from the generator below with seed 1; K and V have seeds 2 and 3
    full     attention without a mask
    causal   with a causal mask
"""

import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
SHAPE = (2, 3, 6, 4)


def numbers(seed):
    state, out = seed, []
    for _ in range(int(np.prod(SHAPE))):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(4.0 * ((state >> 11) / 2**53) - 2.0)
    return torch.tensor(out, dtype=torch.float64).reshape(SHAPE)


q, k, v = numbers(1), numbers(2), numbers(3)
attention = torch.nn.functional.scaled_dot_product_attention
rows = {
    "queries": q,
    "full": attention(q, k, v),
    "causal": attention(q, k, v, is_causal=True),
}
header = "".join(f"# {line}".rstrip() + "\n" for line in __doc__.strip().splitlines())
lines = [key + "\t" + " ".join(repr(float(x)) for x in t.ravel()) for key, t in rows.items()]
(HERE / "attention.tsv").write_text(header + "\n".join(lines) + "\n")
