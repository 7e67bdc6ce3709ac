"""Builds the examples that a spec asks for."""

from __future__ import annotations

import inspect

import numpy as np

from simulate import registry, specs
from simulate.data._base import Data, Dataset
from simulate.data.choice import Choice
from simulate.errors import RunError
from simulate.registry import merged


def load(spec: specs.Data, choice: Choice | None = None) -> Data:
    """Return the examples of a dataset of the registry.

    Parameters
    ----------
    spec : specs.Data
        The dataset's row, how many examples, which draw, and its own settings.
    choice : Choice or None
        Which handwritten digits, for datasets made of them; None takes the embedded ones.

    Raises
    ------
    UserError
        If there is no such dataset or setting, or its files can't be read.
    RunError
        If a class has no training example, or a named column holds nothing but one value.
    """
    row: Dataset = registry.load("datasets", spec.name)
    given = merged(f"dataset {spec.name!r}", row.defaults, spec.settings)
    if "choice" in inspect.signature(row.build).parameters:
        given["choice"] = (choice or Choice.embedded()).check()
    data = row.build(n_train=spec.n_train, n_test=spec.n_test, seed=spec.seed, **given)
    _check(spec.name, data)
    return data


def _check(name: str, data: Data) -> None:
    """Refuse examples that a network can't learn from, before it is trained on them."""
    n_train = len(data.x_train)
    of = f"of the {n_train} training examples of dataset {name!r}"
    remedy = "take a larger n_train or another seed"
    if data.n_classes is not None:
        empty = np.flatnonzero(np.bincount(data.y_train, minlength=data.n_classes) == 0)
        if len(empty):
            which = ", ".join(map(str, empty))
            raise RunError(f"none {of} is of class {which}; {remedy}")
    for values, column in zip(data.x_train.T, data.columns, strict=bool(data.columns)):
        # NaN is what standardising a constant column makes of it
        if not np.ptp(values) > 0:
            raise RunError(
                f"column {column!r} holds the same value in all {of}: nothing can be learnt from "
                f"it; leave it out, or {remedy}"
            )
