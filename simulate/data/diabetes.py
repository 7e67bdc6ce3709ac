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


def _build(
    n_train: int | None, n_test: int | None, seed: int, columns: list[str], scaling: str
) -> base.Data:
    """Split the patients; features and outcome are scaled as the training set asks.

    Parameters
    ----------
    n_train, n_test : int or None
        342 and what is left unless stated.
    seed : int
        Of the split.
    columns : list of str
        Which measurements, of `FEATURES`.
    scaling : {"standard", "range"}
        To mean 0 and deviation 1 over the training patients: a linear model then needs no bias. Or
        to 0 … 1: slope and intercept of a line then depend on each other.
    """
    train, test = split(n_train, n_test, seed)
    x, y = patients(columns)
    origin, unit = scale(x[train], scaling)
    center, width = outcome_scale(train, scaling)
    x, y = (x - origin) / unit, (y - center) / width
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


def scale(values: np.ndarray, scaling: str = "standard") -> tuple[np.ndarray, np.ndarray]:
    """Return what is taken off each column of (patient, …), and what it is then divided by.

    A constant column is divided by 1: it stays constant, and is refused by its name where the data
    are loaded.

    Raises
    ------
    UserError
        If there is no such scaling.
    """
    if scaling == "standard":
        origin, unit = values.mean(0), values.std(0)
    elif scaling == "range":
        origin, unit = values.min(0), np.ptp(values, axis=0)
    else:
        raise UserError(f"scaling is {scaling!r}; take 'standard' or 'range'")
    return origin, np.where(unit > 0, unit, 1.0)


def outcome_scale(train: np.ndarray, scaling: str = "standard") -> tuple[float, float]:
    """Return the same of the outcome over these patients: mean and deviation, say."""
    origin, unit = scale(patients()[1][train], scaling)
    return float(origin), float(unit)


DATASET = base.Dataset(
    build=_build,
    label="Diabetes",
    source="Efron, Hastie, Johnstone, Tibshirani 2004, doi:10.1214/009053604000000067",
    defaults={"columns": ["bmi", "s5"], "scaling": "standard"},
)
