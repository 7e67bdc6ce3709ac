"""Doing what a spec says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import torch
import xarray as xr

from simulate import registry, specs
from simulate.data import _load
from simulate.data._base import Data
from simulate.data.choice import Choice
from simulate.errors import UserError
from simulate.models import _base as models
from simulate.surfaces import _base as surfaces
from simulate.training.descend import descend
from simulate.training.train import Progress, train


def execute(
    spec: specs.Run,
    choice: Choice | None = None,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> xr.Dataset:
    """Do what a spec says.

    Parameters
    ----------
    spec : Train, Descend, Tune, TuneTraining or Attend
        The run.
    choice : Choice or None
        Which handwritten digits; None takes the embedded ones.
    progress : callable or None
        Called now and then with steps done, steps in all and a few words.
    checkpoint : Path or None
        Where a training run keeps its state and goes on from; see `simulate.train`.

    Returns
    -------
    Dataset
        As `train`, `descend` or `tuning.tuned` return it.

    Raises
    ------
    UserError
        If the spec names a row or a setting that doesn't exist.
    RunError
        If the loss stops being finite.

    Examples
    --------
    >>> adam = specs.Optimizer(name="adam")
    >>> execute(specs.Descend(surface="beale", optimizer=adam, steps=300)).sizes["step"]
    301
    """
    # by their names: an import would make every run depend on what tunes
    if isinstance(spec, specs.Tune):
        found: xr.Dataset = import_module("simulate.training.tuning").tuned(spec)
        return found
    if isinstance(spec, specs.TuneTraining):
        home = import_module("simulate.training.tuning_trainings")
        kept: xr.Dataset = home.tuned(spec, choice, progress)
        return kept
    if isinstance(spec, specs.Attend):
        read: xr.Dataset = import_module("simulate.measures.attention").execute(spec)
        return read
    if not isinstance(spec, specs.Train | specs.Descend):
        raise UserError(
            f"spec is a {type(spec).__name__}; it takes specs.Train, Descend, Tune or Attend"
        )
    if isinstance(spec, specs.Descend):
        row: surfaces.Surface = registry.load("surfaces", spec.surface)
        return descend(
            surfaces.function(spec.surface, spec.settings),
            row.start if spec.start is None else spec.start,
            optimizer=spec.optimizer,
            schedule=spec.schedule,
            steps=spec.steps,
            dtype=spec.dtype,
            progress=progress,
        )
    return trained(spec, _load.load(spec.data, choice), progress, checkpoint)


def trained(
    spec: specs.Train,
    data: Data,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> xr.Dataset:
    """Do what the spec of a training says, on its examples; see `execute`."""
    model = models.make(spec.model.name, spec.model.settings, spec.seed, data.n_classes)
    return train(
        model.to(getattr(torch, spec.dtype)),
        data,
        loss=spec.loss,
        optimizer=spec.optimizer,
        schedule=spec.schedule,
        batch_size=spec.batch_size,
        replacement=spec.replacement,
        in_order=spec.in_order,
        epochs=spec.epochs,
        steps=spec.steps,
        seed=spec.seed,
        record=spec.record,
        allow_divergence=spec.allow_divergence,
        zero_grad=spec.zero_grad,
        penalty=spec.penalty,
        backend=spec.backend,
        device=spec.device,
        progress=progress,
        checkpoint=checkpoint,
    )
