"""Builds the examples that a spec asks for."""

from __future__ import annotations

import inspect

from simulate import registry, specs
from simulate.data._base import Data, Dataset
from simulate.data.choice import Choice
from simulate.settings import merged


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
    """
    row: Dataset = registry.load("datasets", spec.name)
    given = merged(f"dataset {spec.name!r}", row.defaults, spec.settings)
    if "choice" in inspect.signature(row.build).parameters:
        given["choice"] = choice or Choice.embedded()
    return row.build(n_train=spec.n_train, n_test=spec.n_test, seed=spec.seed, **given)
