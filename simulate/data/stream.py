"""A stream of given numbers in the order of time: gradients, for the model `point` on level ground.

Whoever steps along them meets the same gradients, whatever it does: so rules can be compared.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError


def _build(
    n_train: int | None, n_test: int | None, seed: int, values: list[list[float]]
) -> base.Data:
    """Return the stream; it is the test set as well, for there is no other.

    Parameters
    ----------
    n_train, n_test : int or None
        Left out: there are as many examples as values.
    seed : int
        Of no effect.
    values : list of list of float
        One list a step, one number a parameter.
    """
    x = np.array(values, np.float32)
    if x.ndim != 2 or not np.isfinite(x).all():
        raise UserError("values takes a list of lists of finite numbers, all of one length")
    for field, count in (("n_train", n_train), ("n_test", n_test)):
        if count not in (None, len(x)):
            raise UserError(f"stream has {len(x)} values, not {field} = {count}; leave it out")
    y = np.zeros((len(x), 1), np.float32)
    return base.Data(x_train=x, y_train=y, x_test=x, y_test=y, label="stream")


DATASET = base.Dataset(
    build=_build,
    label="Stream of gradients",
    source="the numbers that are given",
    defaults={"values": [[1.0], [-1.0]]},
)
