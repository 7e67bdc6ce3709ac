"""A bent line, flat on the left and rising on the right: what one ReLU unit can fit exactly."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base


def _build(n_train: int | None, n_test: int | None, seed: int, noise: float) -> base.Data:
    """Draw x evenly from [−2, 2], y = max(0, x) and noise.

    Parameters
    ----------
    n_train, n_test : int or None
        40 each unless stated.
    seed : int
        Of the points and their noise.
    noise : float
        Standard deviation of the noise on the training targets; test targets have none.
    """
    rng = np.random.default_rng(seed)
    x_train = np.sort(rng.uniform(-2, 2, (n_train or 40, 1)), axis=0)
    x_test = np.sort(rng.uniform(-2, 2, (n_test or 40, 1)), axis=0)
    y_train = np.maximum(x_train, 0) + noise * rng.standard_normal(x_train.shape)
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=y_train.astype(np.float32),
        x_test=x_test.astype(np.float32),
        y_test=np.maximum(x_test, 0).astype(np.float32),
        label="hinge",
    )


DATASET = base.Dataset(
    build=_build,
    label="Hinge",
    source="y = max(0, x)",
    defaults={"noise": 0.1},
)
