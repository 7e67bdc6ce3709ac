"""Points on the plane 2x₁ + x₂ + 1, which one linear neuron can learn exactly."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base


def _build(n_train: int | None, n_test: int | None, seed: int, noise: float) -> base.Data:
    """Draw x₁ and x₂ evenly from [−1, 1].

    Parameters
    ----------
    n_train, n_test : int or None
        100 each unless stated.
    seed : int
        Of the points and their noise.
    noise : float
        Standard deviation of the noise on the training targets; test targets have none.
    """
    rng = np.random.default_rng(seed)
    x_train = rng.uniform(-1, 1, (n_train or 100, 2))
    x_test = rng.uniform(-1, 1, (n_test or 100, 2))
    y_train = _plane(x_train) + noise * rng.standard_normal((len(x_train), 1))
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=y_train.astype(np.float32),
        x_test=x_test.astype(np.float32),
        y_test=_plane(x_test).astype(np.float32),
        label="plane",
    )


def _plane(x: np.ndarray) -> np.ndarray:
    return x @ np.array([[2.0], [1.0]]) + 1.0


DATASET = base.Dataset(
    build=_build,
    label="Plane",
    source="y = 2x₁ + x₂ + 1",
    defaults={"noise": 0.0},
)
