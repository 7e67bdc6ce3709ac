"""Tilts that cancel on average: what the examples of a batch add to a surface's gradient.

For the model `point`. Over all training examples they sum to 0, so the whole batch has the
surface's own gradient, and a smaller batch has noise on it.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base


def _build(
    n_train: int | None, n_test: int | None, seed: int, size: float, n_params: int
) -> base.Data:
    """Draw normal tilts and take their mean off them; a single one is thus no tilt at all.

    Parameters
    ----------
    n_train, n_test : int or None
        500 and 1 unless stated.
    seed : int
        Of the tilts.
    size : float
        Their standard deviation, in each direction.
    n_params : int
        Directions.
    """
    rng = np.random.default_rng(seed)
    x_train, x_test = (
        size * rng.standard_normal((count, n_params)) for count in (n_train or 500, n_test or 1)
    )
    x_train -= x_train.mean(0)
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=np.zeros((len(x_train), 1), np.float32),
        x_test=x_test.astype(np.float32),
        y_test=np.zeros((len(x_test), 1), np.float32),
        label="tilts",
    )


DATASET = base.Dataset(
    build=_build,
    label="Tilts of a surface",
    source="normal random numbers, their mean taken off",
    defaults={"size": 1.0, "n_params": 2},
)
