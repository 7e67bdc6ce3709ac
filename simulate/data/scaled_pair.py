"""Two measurements of diabetes patients, scaled in one of three ways, with or without a slip.

The slip: at the first training patient, the first measurement was written without its decimal
point, and is ten times too large.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.data import diabetes
from simulate.errors import UserError

SCALINGS = ("raw", "range", "standard")


def _build(
    n_train: int | None,
    n_test: int | None,
    seed: int,
    columns: list[str],
    scaling: str,
    slip: bool,
) -> base.Data:
    """Split the patients; the outcome has mean 0 and deviation 1 over those to train on.

    Parameters
    ----------
    n_train, n_test, seed
        As of the row diabetes.
    columns : list of str
        Two measurements, of `simulate.data.diabetes.FEATURES`.
    scaling : str
        One of `SCALINGS`: as measured; to 0 … 1; to mean 0 and deviation 1.
    slip : bool
        Whether one value is ten times too large.
    """
    if scaling not in SCALINGS:
        raise UserError(f"scaling is {scaling!r}; there is {', '.join(SCALINGS)}")
    train, test = diabetes.split(n_train, n_test, seed)
    x, y = diabetes.patients(columns)
    if slip:
        x[train[0], 0] *= 10
    if scaling != "raw":
        origin, unit = diabetes.scale(x[train], scaling)
        x = (x - origin) / unit
    center, width = diabetes.outcome_scale(train)
    y = (y - center) / width
    return base.Data(
        x_train=x[train].astype(np.float32),
        y_train=y[train, None].astype(np.float32),
        x_test=x[test].astype(np.float32),
        y_test=y[test, None].astype(np.float32),
        label="diabetes",
        columns=tuple(diabetes.FEATURES[name] for name in columns),
    )


DATASET = base.Dataset(
    build=_build,
    label="Two measurements of diabetes patients",
    source="Efron, Hastie, Johnstone, Tibshirani 2004, doi:10.1214/009053604000000067",
    defaults={"columns": ["age", "bmi"], "scaling": "standard", "slip": False},
)
