"""Digits in the order of time: a stream that begins upright, turns to an angle, and stays there.

Train on it with ``in_order``. The test set are digits that stand upright.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import rotate

from simulate.data import _base as base
from simulate.data import mnist
from simulate.data.choice import Choice
from simulate.errors import RunError, UserError


def angles(n_upright: int, n_turning: int, n_turned: int, angle: float) -> np.ndarray:
    """Return by how many degrees each digit of a stream is turned, counter-clockwise, (n,)."""
    place = np.arange(n_upright + n_turning + n_turned)
    turned: np.ndarray = angle * np.clip((place - n_upright) / n_turning, 0, 1)
    return turned


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Return a picture (y, x) turned counter-clockwise in its frame."""
    found = rotate(image, degrees, reshape=False, order=1) if degrees else image
    return np.clip(found, 0, 1).astype(np.float32)


def _build(
    choice: Choice,
    n_train: int | None,
    n_test: int | None,
    seed: int,
    n_upright: int,
    n_turning: int,
    n_turned: int,
    angle: float,
    n_left_out: int,
) -> base.Data:
    """Draw the digits and turn them.

    Parameters
    ----------
    choice, n_test, seed
        As of the digits themselves.
    n_train : int or None
        How many of the stream's digits, from its first; None takes all.
    n_upright, n_turning, n_turned : int
        Digits before, while and after the stream turns.
    angle : float
        By how many degrees, counter-clockwise.
    n_left_out : int
        So many are not in the stream: those that the row mnist gives for this `n_train`.
    """
    if min(n_upright, n_turned) < 0 or n_turning < 1:
        raise UserError(
            f"n_upright, n_turning, n_turned are {n_upright}, {n_turning}, {n_turned}; none may be "
            "negative, and at least one digit turns"
        )
    every = mnist.DATASET.build(choice=choice, n_train=None, n_test=n_test, seed=seed)
    used = set()
    if n_left_out:
        batch = mnist.DATASET.build(choice=choice, n_train=n_left_out, n_test=n_test, seed=seed)
        used = {row.tobytes() for row in batch.x_train}
    fresh = [i for i, row in enumerate(every.x_train) if row.tobytes() not in used]
    turns = angles(n_upright, n_turning, n_turned, angle)
    n = len(turns)
    if len(fresh) < n:
        raise RunError(
            f"the stream needs {n} digits that are not in the batch, and there are {len(fresh)}; "
            "take a smaller n_turning, n_upright, n_turned or n_batch"
        )
    order = np.random.default_rng(seed).permutation(fresh)[:n]
    rows, columns = every.image_shape or (1, every.x_train.shape[1])
    images = every.x_train[order].reshape(-1, rows, columns)
    pictures = [turned(image, degrees) for image, degrees in zip(images, turns, strict=True)]
    x = np.stack(pictures).reshape(n, -1)
    return replace(
        every,
        x_train=x[:n_train],
        y_train=every.y_train[order][:n_train],
        x_test_all=None,
        y_test_all=None,
    )


DATASET = base.Dataset(
    build=_build,
    label="turning digits",
    source="the digits of the row mnist, turned",
    defaults={
        "n_upright": 300,
        "n_turning": 600,
        "n_turned": 300,
        "angle": 90.0,
        "n_left_out": 0,
    },
)
