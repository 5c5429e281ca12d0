"""The `kalman` example, written for one target at a time with NumPy -> kalman.tsv beside this script.

Lines are `key<TAB>value value ...` (values separated by one space; `#` starts a comment line). 40 targets,
30 observations; the noise is the example's.

    seen, position, speed, consistency      after each observation
    state_i, covariance_i (row-major)       at the end, of some targets
"""

import math
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
TARGETS, STEPS, DT, FASTEST = 40, 30, 0.5, 10.0
state = 1


def uniform():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2.0**53


def normal():
    radius = math.sqrt(-2 * math.log(1 - uniform()))
    return radius * math.cos(2 * math.pi * uniform())


def columns():
    return np.array([[normal(), normal()] for _ in range(TARGETS)])


def main():
    f = np.eye(4) + DT * np.eye(4, k=2)
    g = np.vstack([DT * DT / 2 * np.eye(2), DT * np.eye(2)])
    h = np.eye(2, 4)
    nimble = np.array([0.1 + 0.1 * (i % 10) for i in range(TARGETS)])
    blur = np.array([1.0 + i // 10 % 10 for i in range(TARGETS)])
    reach = [1000, 1000, FASTEST, FASTEST]
    truth = np.array([[r * (2 * uniform() - 1) for r in reach] for _ in range(TARGETS)])
    seen = truth[:, :2] + blur[:, None] * columns()
    x = np.hstack([seen, np.zeros((TARGETS, 2))])
    p = [np.diag([b * b, b * b, FASTEST**2 / 3, FASTEST**2 / 3]) for b in blur]
    table = {"seen": [], "position": [], "speed": [], "consistency": []}

    def score():
        e = x - truth
        table["seen"].append(np.sqrt(((seen - truth[:, :2]) ** 2).sum() / TARGETS))
        table["position"].append(np.sqrt((e[:, :2] ** 2).sum() / TARGETS))
        table["speed"].append(np.sqrt((e[:, 2:] ** 2).sum() / TARGETS))
        each = [e[i] @ np.linalg.inv(p[i]) @ e[i] for i in range(TARGETS)]
        table["consistency"].append(np.mean(each))

    score()
    for _ in range(1, STEPS):
        pushes = nimble[:, None] * columns()
        truth = truth @ f.T + pushes @ g.T
        seen = truth[:, :2] + blur[:, None] * columns()
        for i in range(TARGETS):
            x[i] = f @ x[i]
            p[i] = f @ p[i] @ f.T + nimble[i] ** 2 * g @ g.T
            gain = p[i] @ h.T @ np.linalg.inv(h @ p[i] @ h.T + blur[i] ** 2 * np.eye(2))
            x[i] = x[i] + gain @ (seen[i] - h @ x[i])
            p[i] = p[i] - gain @ h @ p[i]
        score()

    def line(key, values):
        return key + "\t" + " ".join(repr(v) for v in np.ravel(values).tolist()) + "\n"

    with open(HERE / "kalman.tsv", "w", newline="\n") as out:
        out.writelines(f"# {line}".rstrip() + "\n" for line in __doc__.splitlines())
        for key, values in table.items():
            out.write(line(key, values))
        for i in (0, 7, 39):
            out.write(line(f"state_{i}", x[i]))
            out.write(line(f"covariance_{i}", p[i]))


if __name__ == "__main__":
    main()
