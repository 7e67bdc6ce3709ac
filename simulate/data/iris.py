"""Fisher's irises: four lengths of a flower, and which species it is.

As scikit-learn ships them, which corrects two misprints of the UCI file.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError

SPECIES = ("setosa", "versicolor", "virginica")
FEATURES = ("sepal length", "sepal width", "petal length", "petal width")  # cm


def _build(
    n_train: int | None,
    n_test: int | None,
    seed: int,
    species: tuple[str, ...],
    columns: tuple[str, ...],
) -> base.Data:
    """Split the flowers evenly by species and standardise them as the training set asks.

    Parameters
    ----------
    n_train, n_test : int or None
        Flowers of all species together, multiples of the number of species; None takes four fifths
        for training, and what is left for the test.
    seed : int
        Of the split.
    species : tuple of str
        Which of `SPECIES`; their places in it are the class numbers.
    columns : tuple of str
        Which of `FEATURES`.
    """
    train, test = split(n_train, n_test, seed, species)
    x, y = measurements(species, columns)
    middle, spread = scale(x[train])
    x = ((x - middle) / spread).astype(np.float32)
    return base.Data(
        x_train=x[train],
        y_train=y[train],
        x_test=x[test],
        y_test=y[test],
        label="iris",
        n_classes=len(species),
        columns=tuple(columns),
    )


def measurements(
    species: tuple[str, ...], columns: tuple[str, ...] = FEATURES
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lengths in cm, shape (flower, feature), and the class numbers, shape (flower,).

    Raises
    ------
    UserError
        If a species is unknown or named twice, or there are fewer than two; or if a column is
        unknown, or none is asked for.
    """
    from sklearn.datasets import load_iris

    if len(set(species)) < max(2, len(species)) or not set(species) <= set(SPECIES):
        raise UserError(f"species are {list(species)}; give at least two of {', '.join(SPECIES)}")
    if not columns or not set(columns) <= set(FEATURES):
        raise UserError(f"columns are {list(columns)}; choose among {', '.join(FEATURES)}")
    shipped = load_iris()
    data = shipped.data[:, [FEATURES.index(name) for name in columns]]
    parts = [data[shipped.target == SPECIES.index(name)] for name in species]
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def split(
    n_train: int | None, n_test: int | None, seed: int, species: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return which flowers of `measurements` are to train on, and which to test on.

    Raises
    ------
    UserError
        If the numbers are no multiples of that of the species, or there aren't so many flowers.
    """
    n_classes = len(species)
    _, y = measurements(species)
    there = len(y) // n_classes  # of each species, 50
    for field, count in (("n_train", n_train), ("n_test", n_test)):
        if count is not None and count % n_classes:
            raise UserError(
                f"{field} is {count}; take a multiple of {n_classes}, for as many species"
            )
    train = there * 4 // 5 if n_train is None else n_train // n_classes
    test = there - train if n_test is None else n_test // n_classes
    if train + test > there or test < 1:
        raise UserError(
            f"n_train is {n_train} and n_test {n_test}; iris has {there} flowers of each species"
        )
    rng = np.random.default_rng(seed)
    order = [k * there + rng.permutation(there) for k in range(n_classes)]
    return (
        np.concatenate([part[:train] for part in order]),
        np.concatenate([part[train : train + test] for part in order]),
    )


def scale(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of each feature, shape (feature,).

    The deviation of a constant one counts as 1: it stays constant, and is refused by its name
    where the data are loaded.
    """
    spread = x.std(0)
    return x.mean(0), np.where(spread > 0, spread, 1.0)


DATASET = base.Dataset(
    build=_build,
    label="Iris",
    source="Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x; Anderson's measurements",
    defaults={"species": SPECIES, "columns": FEATURES},
)
