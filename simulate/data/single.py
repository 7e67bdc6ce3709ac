"""One example, where one puts it: the smallest thing there is to learn."""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError


def _build(
    n_train: int | None, n_test: int | None, seed: int, inputs: list[float], target: float
) -> base.Data:
    """Return the example; it is the test set as well, for there is no other."""
    for field, count in (("n_train", n_train), ("n_test", n_test)):
        if count not in (None, 1):
            raise UserError(f"single has 1 example, not {field} = {count}; leave {field} out")
    x, y = np.array([inputs], np.float32), np.array([[target]], np.float32)
    return base.Data(x_train=x, y_train=y, x_test=x, y_test=y, label="one example")


DATASET = base.Dataset(
    build=_build,
    label="One example",
    source="two numbers and what they should become",
    defaults={"inputs": [1.0, 0.5], "target": 1.0},
)
