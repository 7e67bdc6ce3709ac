"""One period of the sine, with as much noise as asked for."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base


def _build(n_train: int | None, n_test: int | None, seed: int, noise: float) -> base.Data:
    """Draw x evenly from [−π, π] for training, and space it evenly there for testing.

    Parameters
    ----------
    n_train, n_test : int or None
        200 and 100 unless stated.
    seed : int
        Of the training points and their noise.
    noise : float
        Standard deviation of the noise on the training targets; test targets have none.
    """
    rng = np.random.default_rng(seed)
    x_train = rng.uniform(-np.pi, np.pi, (n_train or 200, 1))
    y_train = np.sin(x_train) + noise * rng.standard_normal(x_train.shape)
    x_test = np.linspace(-np.pi, np.pi, n_test or 100)[:, None]
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=y_train.astype(np.float32),
        x_test=x_test.astype(np.float32),
        y_test=np.sin(x_test).astype(np.float32),
        label="sine",
    )


DATASET = base.Dataset(
    build=_build,
    label="Sine",
    source="y = sin x",
    defaults={"noise": 0.0},
)
