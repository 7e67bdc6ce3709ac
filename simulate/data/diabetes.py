"""Diabetes patients: measurements at the start, and how far the disease was a year later.

As scikit-learn ships them, in the units in which they were taken.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError

# Column of the shipped table to a name that says what it is. s5 is "possibly log of serum
# triglycerides level", says scikit-learn of it.
FEATURES = {
    "age": "age",
    "sex": "sex",
    "bmi": "body mass index",
    "bp": "blood pressure",
    "s1": "total cholesterol",
    "s2": "LDL cholesterol",
    "s3": "HDL cholesterol",
    "s4": "cholesterol / HDL",
    "s5": "log triglycerides",
    "s6": "blood sugar",
}
PATIENTS = 442


def _build(n_train: int | None, n_test: int | None, seed: int, columns: list[str]) -> base.Data:
    """Split the patients; features and outcome are standardised as the training set asks.

    Over the training patients both have mean 0, so that a linear model of them needs no bias.

    Parameters
    ----------
    n_train, n_test : int or None
        342 and what is left unless stated.
    seed : int
        Of the split.
    columns : list of str
        Which measurements, of `FEATURES`.
    """
    train, test = split(n_train, n_test, seed)
    x, y = patients(columns)
    center, width = outcome_scale(train)
    # A column that is constant stays so, and is refused with its name when the data is loaded.
    spread = x[train].std(0)
    x, y = (x - x[train].mean(0)) / np.where(spread > 0, spread, 1), (y - center) / width
    return base.Data(
        x_train=x[train].astype(np.float32),
        y_train=y[train, None].astype(np.float32),
        x_test=x[test].astype(np.float32),
        y_test=y[test, None].astype(np.float32),
        label="diabetes",
        columns=tuple(FEATURES[name] for name in columns),
    )


def patients(columns: list[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return what was measured, shape (patient, feature), and the disease's progression.

    Parameters
    ----------
    columns : list of str, optional
        Which measurements, of `FEATURES`; all of them where left out.

    Raises
    ------
    UserError
        If a measurement is unknown, or none is asked for.
    """
    from sklearn.datasets import load_diabetes

    columns = list(FEATURES) if columns is None else columns
    if not columns or not set(columns) <= set(FEATURES):
        raise UserError(f"columns are {columns}; choose among {', '.join(FEATURES)}")
    shipped = load_diabetes(scaled=False)
    return shipped.data[:, [shipped.feature_names.index(name) for name in columns]], shipped.target


def split(n_train: int | None, n_test: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which patients to train on, and which to test on.

    Raises
    ------
    UserError
        If there aren't so many patients.
    """
    train = n_train or (PATIENTS - n_test if n_test else 342)
    test = n_test or PATIENTS - train
    if test < 1 or train < 1 or train + test > PATIENTS:
        raise UserError(
            f"n_train is {n_train} and n_test {n_test}; diabetes has {PATIENTS} patients"
        )
    order = np.random.default_rng(seed).permutation(PATIENTS)
    return order[:train], order[train : train + test]


def outcome_scale(train: np.ndarray) -> tuple[float, float]:
    """Return mean and standard deviation of the outcome over these patients."""
    outcome = patients()[1][train]
    return float(outcome.mean()), float(outcome.std()) or 1.0


DATASET = base.Dataset(
    build=_build,
    label="Diabetes",
    source="Efron, Hastie, Johnstone, Tibshirani 2004, doi:10.1214/009053604000000067",
    defaults={"columns": ["bmi", "s5"]},
)
