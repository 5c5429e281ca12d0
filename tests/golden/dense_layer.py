"""Golden values of the dense_layer example -> dense_layer.tsv beside this script.

Reads examples/data/digits.csv and examples/data/digits_mlp/*.csv, runs the network in float64 on the
f32 weights, and writes lines `key<TAB>value value ...` (values separated by one space; `#` starts a
comment line):

    train_rows            rows before the test split
    test_rows             rows of the test split, the last ones of the file
    correct               how many test rows are classified correctly
    accuracy              correct / test_rows
    predictions           predicted digit of each test row
    hidden1_i, hidden2_i  activations after the first and second relu, test row i (0-based)
    logits_i              the ten outputs of test row i
    smallest_margin       smallest gap between the two largest outputs over the test rows: rounding
                          below half of it cannot change a prediction
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent / "examples" / "data"
TEST_ROWS = 360
SHOWN = [0, 1, 2, 3, 4, 100, 200, 300, 359]


def read(name):
    text = np.loadtxt(DATA / "digits_mlp" / name, delimiter=",", ndmin=2, dtype=np.float32)
    return text.astype(np.float64)


def main():
    data = np.loadtxt(DATA / "digits.csv", delimiter=",", skiprows=1)
    x, digits = data[-TEST_ROWS:, :64] / 16.0, data[-TEST_ROWS:, 64].astype(int)
    layers = [(read(f"layer{n}_weights.csv"), read(f"layer{n}_bias.csv")[0]) for n in (1, 2, 3)]
    (w1, b1), (w2, b2), (w3, b3) = layers
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = np.maximum(h1 @ w2 + b2, 0)
    logits = h2 @ w3 + b3
    predictions = logits.argmax(axis=1)
    correct = int((predictions == digits).sum())
    top = np.sort(logits, axis=1)

    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.atleast_1d(values).tolist()) + "\n"

    with open(HERE / "dense_layer.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        out.write(line("train_rows", len(data) - TEST_ROWS))
        out.write(line("test_rows", TEST_ROWS))
        out.write(line("correct", correct))
        out.write(line("accuracy", correct / TEST_ROWS))
        out.write(line("predictions", predictions))
        out.write(line("smallest_margin", float((top[:, -1] - top[:, -2]).min())))
        for i in SHOWN:
            out.write(line(f"hidden1_{i}", h1[i]))
            out.write(line(f"hidden2_{i}", h2[i]))
            out.write(line(f"logits_{i}", logits[i]))


if __name__ == "__main__":
    main()
