"""What a dataset is: a row that builds arrays, and the arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Data:
    """Examples to train on and examples held out, as arrays of numbers.

    Attributes
    ----------
    x_train, x_test : ndarray, shape (n_examples, n_features), float32
        Inputs. Pixels lie in [0, 1].
    y_train, y_test : ndarray
        Class numbers, shape (n_examples,), int64; or for regression targets, shape
        (n_examples, n_outputs), float32.
    label : str
        What titles and captions call it, such as "MNIST" or "digits".
    n_classes : int or None
        None for regression.
    classes : tuple of str
        What the classes are called; () takes their numbers.
    one, many : str
        What an example is, and several, such as "digit" and "digits".
    image_shape : tuple of int or None
        Rows and columns that one input's features fill, row by row.
    x_test_all, y_test_all : ndarray or None
        The whole test set where `x_test` is only a part of it.
    columns : tuple of str
        Names of the features, where each means something by itself, as in a table: then none of
        them may be constant. Pixels have no names, and those at an image's border are always 0.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    label: str
    n_classes: int | None = None
    image_shape: tuple[int, int] | None = None
    x_test_all: np.ndarray | None = None
    y_test_all: np.ndarray | None = None
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    one: str = "example"
    many: str = "examples"

    @property
    def class_names(self) -> list[str]:
        """What each class is called; [] for regression."""
        return list(self.classes) or [str(k) for k in range(self.n_classes or 0)]

    @property
    def digest(self) -> str:
        """Sha256 of the examples, in hexadecimal."""
        found = hashlib.sha256()
        for values in (self.x_train, self.y_train, self.x_test, self.y_test):
            found.update(repr((values.shape, values.dtype.str)).encode())
            found.update(np.ascontiguousarray(values).tobytes())
        return found.hexdigest()

    @property
    def whole_test(self) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and targets of the whole test set."""
        if self.x_test_all is None or self.y_test_all is None:
            return self.x_test, self.y_test
        return self.x_test_all, self.y_test_all


@dataclass(frozen=True)
class Dataset:
    """A row: how to build a dataset, and what to call it.

    Attributes
    ----------
    build : callable
        ``build(n_train=…, n_test=…, seed=…, **settings) -> Data``; the numbers may be None, which
        takes the dataset's own. If it has a parameter ``choice``, it is given the
        `simulate.data.choice.Choice` of handwritten digits.
    label, source : str
        Its name in pictures, and where it comes from.
    defaults : dict
        The settings that `build` takes, and what holds unless others are given.
    """

    build: Callable[..., Data]
    label: str
    source: str
    defaults: dict[str, Any] = field(default_factory=dict)
