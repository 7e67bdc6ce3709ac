"""The same noisy sine sampled many times: a training set a column, for as many networks.

Column k of the inputs and of the targets is the k-th sample: its own places and its own noise.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError


def truth(x: np.ndarray, frequency: float) -> np.ndarray:
    """Return what all samples are drawn around."""
    return np.asarray(np.sin(frequency * x))


def _build(
    n_train: int | None, n_test: int | None, seed: int, n_sets: int, noise: float, frequency: float
) -> base.Data:
    """Draw x evenly from [−π, π] for training, and space it evenly there for testing.

    Parameters
    ----------
    n_train, n_test : int or None
        Points of each training set, and of the test set; 15 and 101 unless stated.
    seed : int
        Of all of them.
    n_sets : int
        Training sets; each has fresh noise on the test targets too.
    noise : float
        Standard deviation of the noise on all targets.
    frequency : float
        Of the sine.
    """
    if not isinstance(n_sets, int) or n_sets < 1:
        raise UserError(f"n_sets is {n_sets}; give a positive number of training sets")
    rng = np.random.default_rng(seed)
    x_train = rng.uniform(-np.pi, np.pi, (n_train or 15, n_sets))
    x_test = np.repeat(np.linspace(-np.pi, np.pi, n_test or 101)[:, None], n_sets, axis=1)
    y_train, y_test = (
        truth(x, frequency) + noise * rng.standard_normal(x.shape) for x in (x_train, x_test)
    )
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=y_train.astype(np.float32),
        x_test=x_test.astype(np.float32),
        y_test=y_test.astype(np.float32),
        label="noisy sines",
    )


DATASET = base.Dataset(
    build=_build,
    label="Noisy sines",
    source="y = sin fx + noise",
    defaults={"n_sets": 200, "noise": 0.3, "frequency": 1.5},
)
