"""Petals of two species of iris, which overlap: length and width, and which of the two it is."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError

SPECIES = ("versicolor", "virginica")  # class 0 and class 1
COLUMNS = ("petal length", "petal width")  # cm


def _build(n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Split the flowers, and standardise them as the training set asks.

    Parameters
    ----------
    n_train, n_test : int or None
        80 and what is left of 100 unless stated.
    seed : int
        Of the split.
    """
    x, y = flowers()
    train, test = split(n_train, n_test, seed)
    middle, spread = scale(train)
    # a column that is constant stays so, and is refused where the data are loaded
    x = ((x - middle) / np.where(spread > 0, spread, 1.0)).astype(np.float32)
    return base.Data(
        x_train=x[train],
        y_train=y[train],
        x_test=x[test],
        y_test=y[test],
        label="iris",
        n_classes=2,
        columns=COLUMNS,
    )


def flowers() -> tuple[np.ndarray, np.ndarray]:
    """Return the petals in cm, shape (flower, 2), and the class numbers, shape (flower,)."""
    from sklearn.datasets import load_iris

    table = load_iris()
    classes = [table.target_names.tolist().index(name) for name in SPECIES]
    chosen = np.isin(table.target, classes)
    return table.data[chosen][:, 2:], (table.target[chosen] == classes[1]).astype(np.int64)


def split(n_train: int | None, n_test: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which flowers to train on, and which to test on.

    Raises
    ------
    UserError
        If there aren't so many flowers.
    """
    there = len(flowers()[0])
    count = 80 if n_train is None else n_train
    held_out = there - count if n_test is None else n_test
    if held_out < 1 or count + held_out > there:
        raise UserError(f"n_train is {n_train} and n_test {n_test}; petals has {there} flowers")
    order = np.random.default_rng(seed).permutation(there)
    return order[:count], order[count : count + held_out]


def scale(train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of both columns over these flowers, shape (2,)."""
    x = flowers()[0][train]
    return x.mean(0), x.std(0)


DATASET = base.Dataset(
    build=_build,
    label="Petals",
    source="Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x; as scikit-learn ships them",
)
