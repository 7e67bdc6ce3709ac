"""Handwritten digits seen from afar: each image averaged to a few fields, for small networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulate.data import _base as base
from simulate.data import mnist
from simulate.data.choice import Choice
from simulate.errors import UserError


def _build(
    choice: Choice, n_train: int | None, n_test: int | None, seed: int, side: int
) -> base.Data:
    """Average the digits over square fields, and standardise.

    Parameters
    ----------
    choice, n_train, n_test, seed
        As of the digits themselves.
    side : int
        Fields each way; it divides 28. Inputs are side² numbers: over the training examples, each
        has mean 0, and all together have standard deviation 1.
    """
    digits = mnist.DATASET.build(choice=choice, n_train=n_train, n_test=n_test, seed=seed)
    rows, _ = digits.image_shape or (0, 0)
    if side < 1 or rows % side:
        raise UserError(f"side is {side}; take a divisor of {rows}")

    def fields(x: np.ndarray) -> np.ndarray:
        wide = rows // side
        found: np.ndarray = x.reshape(-1, side, wide, side, wide).mean(axis=(2, 4), dtype=float)
        return found.reshape(len(x), -1)

    train = fields(digits.x_train)
    mean = train.mean(axis=0)
    spread = (train - mean).std()
    return replace(
        digits,
        x_train=((train - mean) / spread).astype(np.float32),
        x_test=((fields(digits.x_test) - mean) / spread).astype(np.float32),
        x_test_all=None,
        y_test_all=None,
        image_shape=(side, side),
    )


DATASET = base.Dataset(
    build=_build,
    label="coarse digits",
    source="the digits of the row mnist, averaged over fields",
    defaults={"side": 4},
)
