"""The fair search for a training: its rate by a grid, then other seeds at the best rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from simulate import specs
from simulate.data import _load
from simulate.data.choice import Choice
from simulate.recording import variable
from simulate.training.execute import trained


def tuned(
    spec: specs.TuneTraining, choice: Choice | None = None, progress: Any = None
) -> xr.Dataset:
    """Do what a `specs.TuneTraining` says.

    Returns
    -------
    Dataset
        ``search_loss`` (rate), the criterion, infinite where a training breaks; ``loss`` (run,
        step) of the trainings at the best rate, over ``run``, their seeds; ``test_loss`` and
        ``test_accuracy`` (run, step_evaluation) where the training is evaluated. Attributes: those
        of the trainings, and ``lr``, the best rate, the lower one of equals.
    """
    n_runs = len(spec.rates) + len(spec.seeds)
    data = _load.load(spec.run.data, choice)

    def train(number: int, lr: float, seed: int, more: dict[str, Any]) -> xr.Dataset:
        if progress is not None:
            progress(number, n_runs, f"training {number + 1} of {n_runs}")
        settings = {**spec.run.optimizer.settings, "lr": lr}
        optimizer = specs.updated(spec.run.optimizer, {"settings": settings})
        changes = {"optimizer": optimizer, "seed": seed, "allow_divergence": True}
        return trained(specs.updated(spec.run, {**changes, **more}), data)

    alone: dict[str, Any] = {"record": specs.record("scalars")}
    tried = [train(k, lr, spec.search_seed, alone) for k, lr in enumerate(spec.rates)]
    search = np.array([run.loss.values[-spec.last :].mean() for run in tried])
    search[~np.isfinite(search)] = np.inf
    lr = spec.rates[int(search.argmin())]
    runs = [train(len(tried) + k, lr, seed, {}) for k, seed in enumerate(spec.seeds)]
    found = xr.Dataset(
        {
            "search_loss": variable("rate", search, "mean loss of the last batches"),
            **{
                name: (("run", *runs[0][name].dims), np.stack([run[name] for run in runs]),
                       runs[0][name].attrs)
                for name in ("loss", "test_loss", "test_accuracy")
                if name in runs[0]
            },
        },
        coords={
            "rate": list(spec.rates),
            "run": [str(seed) for seed in spec.seeds],
            "step": runs[0].step,
        },
        attrs={**runs[0].attrs, "lr": lr},
    )  # fmt: skip
    if "step_evaluation" in runs[0]:
        found = found.assign_coords(step_evaluation=runs[0].step_evaluation)
    return found
