"""How much ink is in a digit's lower half, from how much is in its upper half: one number each.

A line through these points is a regression with two parameters on real data, with real scatter.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.data import mnist
from simulate.data.choice import Choice
from simulate.errors import RunError


def _build(choice: Choice, n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Take digits, and of each the mean brightness of its upper and of its lower half.

    Both are standardised: over the training digits they have mean 0 and variance 1, so that the
    mean squared error of a line is a round bowl.

    Parameters
    ----------
    choice : Choice
        MNIST in a folder, or the embedded digits.
    n_train, n_test : int or None
        How many digits to take.
    seed : int
        Decides which ones.
    """
    digits = mnist.DATASET.build(choice=choice, n_train=n_train, n_test=n_test, seed=seed)
    upper, lower = _halves(digits.x_train)
    columns = []
    for name, train, test in zip(
        ("upper", "lower"), (upper, lower), _halves(digits.x_test), strict=True
    ):
        spread = float(train.std())
        if not spread > 0:
            raise RunError(
                f"the {name} halves of all {len(train)} training digits hold the same ink: "
                "nothing to fit a line to; take more digits"
            )
        columns.append([((part - train.mean()) / spread)[:, None] for part in (train, test)])
    (x_train, x_test), (y_train, y_test) = columns
    return base.Data(
        x_train=x_train.astype(np.float32),
        y_train=y_train.astype(np.float32),
        x_test=x_test.astype(np.float32),
        y_test=y_test.astype(np.float32),
        label=digits.label,
        one=digits.one,
        many=digits.many,
    )


DATASET = base.Dataset(
    build=_build,
    label="Ink in a digit's two halves",
    source="The digits of the dataset mnist",
)


def _halves(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean brightness of the upper and the lower half of each image, float64."""
    half = x.shape[1] // 2
    return x[:, :half].mean(1, dtype=np.float64), x[:, half:].mean(1, dtype=np.float64)
