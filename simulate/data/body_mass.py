"""Body mass index of diabetes patients, and how far the disease was a year later.

Both are scaled to 0 … 1 over the training patients. Unlike standardising, this leaves the mean of
the inputs away from 0, so that slope and intercept of a line are not independent of each other.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError

PATIENTS = 442


def _build(n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Split the patients and scale both columns to the range that the training set has.

    Parameters
    ----------
    n_train, n_test : int or None
        342 and what is left unless stated.
    seed : int
        Of the split.
    """
    train, test = split(n_train, n_test, seed)
    (bmi, outcome), ((low, high), (least, most)) = columns(), ranges(train)
    x = ((bmi - low) / ((high - low) or 1.0))[:, None].astype(np.float32)
    y = ((outcome - least) / ((most - least) or 1.0))[:, None].astype(np.float32)
    return base.Data(
        x_train=x[train],
        y_train=y[train],
        x_test=x[test],
        y_test=y[test],
        label="diabetes",
        columns=("body mass index",),
    )


def columns() -> tuple[np.ndarray, np.ndarray]:
    """Return body mass index, kg/m², and progression of the disease, shape (patient,) both."""
    from sklearn.datasets import load_diabetes

    table = load_diabetes(scaled=False)
    return table.data[:, table.feature_names.index("bmi")], table.target


def split(n_train: int | None, n_test: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which patients to train on, and which to test on.

    Raises
    ------
    UserError
        If there aren't so many patients.
    """
    count = 342 if n_train is None else n_train
    held_out = PATIENTS - count if n_test is None else n_test
    if held_out < 1 or count + held_out > PATIENTS:
        raise UserError(
            f"n_train is {n_train} and n_test {n_test}; body_mass has {PATIENTS} patients"
        )
    order = np.random.default_rng(seed).permutation(PATIENTS)
    return order[:count], order[count : count + held_out]


def ranges(train: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the least and the largest value of both columns over these patients."""
    low, high = ((float(part[train].min()), float(part[train].max())) for part in columns())
    return low, high


DATASET = base.Dataset(
    build=_build,
    label="Body mass and diabetes",
    source="Efron, Hastie, Johnstone, Tibshirani 2004, doi:10.1214/009053604000000067",
)
