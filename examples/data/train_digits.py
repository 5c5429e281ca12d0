"""Trains the three-layer network whose weights lie in digits_mlp/.

    pip install scikit-learn numpy
    python examples/data/train_digits.py

The network is relu(relu(x W1 + b1) W2 + b2) W3 + b3 on pixels divided by 16, with 64, 64, 32 and
10 units. It learns from the first 1,437 rows of digits.csv; the last 360 rows are the test split,
which training never sees (alpha was chosen by cross-validation on the training rows). The rows
stay in the order of the file: a shuffled split scores about 98 %, presumably because it has the
same people's handwriting on both sides.

Files: layerN_weights.csv has one line per input and one column per output, layerN_bias.csv one
line; no header, f32 with nine significant digits, which is enough to read back the same bits.
Weights below 1e-12 belong to pixels that never vary; they are written as 0, because many of them
are subnormal numbers, which processors multiply slowly.
"""

import pathlib
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

HERE = pathlib.Path(__file__).resolve().parent
TRAIN_ROWS = 1437


def as_f32(values):
    values = values.astype(np.float32)
    values[np.abs(values) < 1e-12] = 0.0
    return np.atleast_2d(values)


def main():
    data = np.loadtxt(HERE / "digits.csv", delimiter=",", skiprows=1)
    pixels, digits = data[:, :64] / 16.0, data[:, 64].astype(int)

    model = MLPClassifier(hidden_layer_sizes=(64, 32), alpha=0.1, max_iter=400, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(pixels[:TRAIN_ROWS], digits[:TRAIN_ROWS])

    out = HERE / "digits_mlp"
    out.mkdir(exist_ok=True)
    for layer, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_), start=1):
        np.savetxt(out / f"layer{layer}_weights.csv", as_f32(weights), "%.9g", ",")
        np.savetxt(out / f"layer{layer}_bias.csv", as_f32(bias), "%.9g", ",")
    print(f"train accuracy {model.score(pixels[:TRAIN_ROWS], digits[:TRAIN_ROWS]):.4f}")
    print(f"test accuracy  {model.score(pixels[TRAIN_ROWS:], digits[TRAIN_ROWS:]):.4f}")


if __name__ == "__main__":
    main()
