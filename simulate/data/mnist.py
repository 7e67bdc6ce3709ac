"""Handwritten digits, 28×28 pixels: MNIST where it was chosen, else scikit-learn's.

Or other images of that size, in files as MNIST's: what they are called is part of the choice.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from simulate.data import _base as base
from simulate.data import idx
from simulate.data.choice import Choice


def _build(choice: Choice, n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Take some of the chosen digits.

    Parameters
    ----------
    choice : Choice
        MNIST or other images in a folder, or the embedded digits.
    n_train, n_test : int or None
        How many to take, drawn without replacement. Where there are fewer, all of them are
        taken: a folder may hold any part of MNIST, and recordings carry the true numbers.
    seed : int
        Decides which ones.
    """
    digits = _digits(choice.path, choice.digest, choice.classes)
    rng = np.random.default_rng(seed)
    train = _some(len(digits.train_labels), n_train, rng)
    test = _some(len(digits.test_labels), n_test, rng)
    x_test_all, y_test_all = _features(digits.test_images), digits.test_labels.astype(np.int64)
    return base.Data(
        x_train=_features(digits.train_images[train]),
        y_train=digits.train_labels[train].astype(np.int64),
        x_test=x_test_all[test],
        y_test=y_test_all[test],
        label=choice.label,
        n_classes=digits.n_classes,
        classes=choice.classes,
        one=choice.one,
        many=choice.many,
        image_shape=(idx.SIDE, idx.SIDE),
        x_test_all=x_test_all,
        y_test_all=y_test_all,
    )


DATASET = base.Dataset(
    build=_build,
    label="MNIST",
    source="LeCun, Cortes, Burges, The MNIST database of handwritten digits, 1998",
)


@lru_cache(maxsize=1)
def _digits(path: str | None, digest: str, classes: tuple[str, ...]) -> idx.Digits:
    """Read the digits once for all runs of a process; `digest` changes when the files do."""
    if path is not None:
        return idx.read_folder(Path(path), digest, classes)
    from simulate.data import _embedded

    return _embedded.digits()


def _some(there: int, wanted: int | None, rng: np.random.Generator) -> np.ndarray:
    """Return which of the examples that are there to take, in their own order."""
    taken = rng.permutation(there)[:wanted]
    return np.sort(taken)


def _features(images: np.ndarray) -> np.ndarray:
    """Turn (n, 28, 28) grey values from 0 to 255 into (n, 784) from 0 to 1, float32."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
