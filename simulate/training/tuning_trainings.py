"""The fair search for a training: rate, then momentum, then other seeds at the best of both."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from simulate import specs
from simulate.data import _load
from simulate.data.choice import Choice
from simulate.recording import variable
from simulate.training.execute import trained
from simulate.training.momenta import at_momenta, momentum_of, with_momentum


def tuned(
    spec: specs.TuneTraining, choice: Choice | None = None, progress: Any = None
) -> xr.Dataset:
    """Do what a `specs.TuneTraining` says: two stages of search, and then the trainings.

    First every rate at the optimizer's own momentum. Then, if it has one, each other momentum at
    the best rate and its neighbours in the grid. The pair with the lowest loss is the best; of
    equals the own momentum, then the momentum that is named first, then the lower rate.

    Returns
    -------
    Dataset
        ``search_loss`` (rate), the criterion in the first stage, and ``momentum_loss``
        (x_momentum, rate), that in the second, NaN where nothing is tried; infinite where a
        training breaks. ``loss`` (run, step) of the trainings at the best pair, over ``run``, their
        seeds; ``test_loss`` and ``test_accuracy`` (run, step_evaluation) and ``params`` (run,
        snapshot, param) where the training records them. Attributes: those of the trainings,
        ``lr``, the best rate, ``momentum``, the best one, absent where there is none, and the
        ``momenta`` in words.
    """
    data = _load.load(spec.run.data, choice)
    own, *others = at_momenta(spec.run.optimizer, spec.momenta)
    n_rates, n_done = len(spec.rates), 0
    n_most = n_rates + min(3, n_rates) * len(others) + len(spec.seeds)

    def train(at: specs.Optimizer, lr: float, seed: int, **more: Any) -> xr.Dataset:
        nonlocal n_done
        if progress is not None:
            progress(n_done, n_most, f"training {n_done + 1} of {n_most}")
        n_done += 1
        optimizer = specs.updated(at, {"settings": {**at.settings, "lr": lr}})
        changes = {"optimizer": optimizer, "seed": seed, "allow_divergence": True}
        return trained(specs.updated(spec.run, {**changes, **more}), data)

    def tried(at: specs.Optimizer, lr: float) -> float:
        run = train(at, lr, spec.search_seed, record=specs.record("scalars"))
        ends = run.loss.values[-spec.last :] if spec.last else run.attrs["train_loss"]
        mean = float(np.mean(ends))
        return mean if np.isfinite(mean) else np.inf

    first = np.array([tried(own, lr) for lr in spec.rates])
    middle = int(first.argmin())
    near = range(max(middle - 1, 0), min(middle + 2, n_rates))
    second = np.full((len(spec.momenta), n_rates), np.nan)
    for other in others:
        line = spec.momenta.index(momentum_of(other))
        second[line, near] = [tried(other, spec.rates[k]) for k in near]
    # the first of equals is taken, so the own momentum stands first
    pairs = np.vstack([first, np.where(np.isnan(second), np.inf, second)])
    which, rate = np.unravel_index(pairs.argmin(), pairs.shape)
    best = own if which == 0 else with_momentum(own, spec.momenta[which - 1])
    lr, momentum = spec.rates[rate], momentum_of(best)
    n_most = n_done + len(spec.seeds)  # at the edge of the grid there is one neighbour only
    runs = [train(best, lr, seed) for seed in spec.seeds]
    found = xr.Dataset(
        {
            "search_loss": variable("rate", first, "loss at the end, own momentum"),
            "momentum_loss": variable(("x_momentum", "rate"), second, "the same, at other momenta"),
            **{
                name: (("run", *runs[0][name].dims), np.stack([run[name] for run in runs]),
                       runs[0][name].attrs)
                for name in ("loss", "test_loss", "test_accuracy", "params")
                if name in runs[0]
            },
        },
        coords={
            "rate": list(spec.rates),
            "x_momentum": np.array(spec.momenta, float),
            "run": [str(seed) for seed in spec.seeds],
            "step": runs[0].step,
        },
        attrs={
            **runs[0].attrs,
            "lr": lr,
            **({} if momentum is None else {"momentum": momentum}),
            "momenta": ", ".join(f"{mu:g}" for mu in spec.momenta),
        },
    )  # fmt: skip
    steps = [name for name in ("step_evaluation", "snapshot") if name in runs[0].coords]
    return found.assign_coords({name: runs[0][name] for name in steps})
