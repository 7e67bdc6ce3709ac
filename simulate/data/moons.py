"""Two half moons, each reaching into the other: classes that no straight line separates."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base


def _build(n_train: int | None, n_test: int | None, seed: int, noise: float) -> base.Data:
    """Place points evenly along two half circles, in turns, and add noise.

    Parameters
    ----------
    n_train, n_test : int or None
        200 each unless stated.
    seed : int
        Of the noise.
    noise : float
        Standard deviation of the noise on both coordinates.
    """
    rng = np.random.default_rng(seed)
    (x_train, y_train), (x_test, y_test) = (
        _moons(count or 200, noise, rng) for count in (n_train, n_test)
    )
    return base.Data(
        x_train=x_train,
        y_train=y_train,
        x_test=x_test,
        y_test=y_test,
        label="two moons",
        n_classes=2,
        columns=("x₁", "x₂"),
    )


def _moons(count: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return points, shape (count, 2), and labels: 0 above, 1 below and to the right."""
    label = np.arange(count) % 2
    angle = np.pi * (np.arange(count) // 2) / max((count - 1) // 2, 1)
    above = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    below = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    x = np.where(label[:, None] == 1, below, above) + noise * rng.standard_normal((count, 2))
    return x.astype(np.float32), label


DATASET = base.Dataset(
    build=_build,
    label="Two moons",
    source="after scikit-learn's make_moons",
    defaults={"noise": 0.15},
)
