"""Exclusive or: the four points that no straight line separates."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError


def _build(n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Return the four points; they are the test set as well, for there are no others."""
    for field, count in (("n_train", n_train), ("n_test", n_test)):
        if count not in (None, 4):
            raise UserError(f"xor has 4 examples, not {field} = {count}; leave {field} out")
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = (x[:, 0] != x[:, 1]).astype(np.int64)
    return base.Data(x_train=x, y_train=y, x_test=x, y_test=y, label="XOR", n_classes=2)


DATASET = base.Dataset(
    build=_build,
    label="XOR",
    source="Minsky and Papert, Perceptrons, 1969",
)
