"""Every optimizer on the handwritten digits, each at the best rate and momentum of one search.

The search has two stages, the same for all: every rate at the row's own momentum; then, for those
that have a momentum or a β₁, each of a few others at the best rate and its two neighbours.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the budget and the search.

    Attributes
    ----------
    widths : tuple of int
        Units from the pixels to the classes.
    n_train, n_test, batch_size : int
        Examples, and how many of them a step.
    n_steps : int
        The budget of every training.
    every : int
        Steps between two measurements on the test examples.
    rates : tuple of float
        The grid, the same for all.
    momenta : tuple of float
        Who has a momentum is tried at these too, at its best rate and the two beside it.
    n_seeds : int
        Trainings at the best rate and momentum, from other weights and in another order than in the
        search.
    last : int
        The search goes by the mean loss of so many batches at the end.
    """

    widths: tuple[int, ...] = (784, 32, 10)
    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 64
    n_steps: specs.Count = 80
    every: specs.Count = 10
    rates: tuple[float, ...] = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    momenta: tuple[float, ...] = (0.5, 0.9, 0.99)
    n_seeds: specs.Count = 4
    last: specs.Count = 20


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(784, 6, 10), n_train=300, n_test=50, batch_size=32, n_steps=10, every=5,
        rates=(0.003, 0.3), momenta=(0.5,), n_seeds=2, last=4,
    ),
    label="every optimizer on the handwritten digits",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a tuned training for each optimizer."""
    evaluation = specs.Probe(name="evaluation", every=settings.every, settings={"parts": ["test"]})
    return {
        name: specs.TuneTraining(
            run=specs.Train(
                data=specs.Data(name="mnist", n_train=settings.n_train, n_test=settings.n_test),
                model=specs.Model(
                    name="mlp", settings={"widths": [*settings.widths[:-1], "classes"]}
                ),
                optimizer=specs.Optimizer(name=name),
                batch_size=settings.batch_size,
                steps=settings.n_steps,
                record=(specs.Probe(name="scalars"), evaluation),
            ),
            rates=settings.rates,
            momenta=settings.momenta,
            seeds=tuple(range(settings.n_seeds)),
            last=settings.last,
        )
        for name in registry.names("optimizers")
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay searches and trainings side by side, the best first.

    Over ``run``, the optimizers by their mean accuracy at the end: ``search_loss`` (run, rate)
    at the row's own momentum and ``momentum_loss`` (run, x_momentum, rate) at others, NaN where
    nothing was tried; ``lr`` and ``momentum`` (run), the best pair, NaN for who has no momentum;
    ``test_loss`` and ``accuracy`` (run, start, step), a start being a seed, over the
    steps that are measured; ``p_value`` (run): of a permutation test of its accuracies at the end
    against the first one's; ``level`` (run): its group, from 0: going down from the
    first, the same test doesn't tell any from the best of its group at 5 %; ``n_near`` (run): rates
    whose loss is within a tenth of the best one's.
    Attributes: ``best``, ``best_accuracy``, ``best_wrong`` and ``next_wrong``, the shares of errors
    of the first two; ``ahead``, whether these differ as printed; ``n_level``: how many others the
    test doesn't tell from the first at 5 %; ``n_clear``: those it does; ``worst``,
    ``worst_accuracy``; ``broad`` and ``broad_near``: who has the most rates that are near its best.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    accuracy = np.stack([run.data.test_accuracy.values for run in runs.values()])
    order = np.argsort(-accuracy[:, :, -1].mean(1), kind="stable")
    names = [list(runs)[k] for k in order]
    data = [runs[name].data for name in names]
    accuracy = accuracy[order]
    search = np.stack([one.search_loss.values for one in data])
    ends = accuracy[:, :, -1]
    p = np.array([1.0, *(_p_value(ends[0], each) for each in ends[1:])])
    lowest = search.min(1, keepdims=True)
    near = np.where(np.isfinite(lowest), search <= 1.1 * lowest, False).sum(1)
    labels = [str(registry.rows("optimizers")[name].label) for name in names]
    attrs = data[0].attrs
    each = ("run", "start", "step")
    return xr.Dataset(
        {
            "search_loss": variable(("run", "rate"), search, "loss at the end of the search"),
            "momentum_loss": variable(
                ("run", "x_momentum", "rate"),
                np.stack([one.momentum_loss.values for one in data]),
                "the same, at other momenta",
            ),
            "lr": variable("run", [one.attrs["lr"] for one in data], "best learning rate"),
            "momentum": variable(
                "run", [one.attrs.get("momentum", np.nan) for one in data], "best momentum"
            ),
            "accuracy": variable(each, accuracy, "accuracy on the test examples"),
            "test_loss": variable(
                each, np.stack([one.test_loss.values for one in data]), "cross-entropy", "nats"
            ),
            "p_value": variable("run", p, "of a permutation test against the first"),
            "level": variable("run", _levels(ends), "who can't be told apart"),
            "n_near": variable("run", near, "rates within a tenth of the best loss"),
        },
        coords={
            "run": names,
            "rate": list(settings.rates),
            "x_momentum": np.array(settings.momenta, float),
            "step": data[0].step_evaluation.values,
        },
        attrs={
            **{name: attrs[name] for name in ("dataset", "one", "many", "n_train", "n_test")},
            "n_params": attrs["n_params"],
            "widths": "–".join(map(str, (*settings.widths[:-1], attrs["n_classes"]))),
            "n_steps": settings.n_steps,
            "batch_size": settings.batch_size,
            "n_rates": len(settings.rates),
            "n_momenta": len(settings.momenta),
            "momenta": attrs["momenta"],
            "lowest": settings.rates[0],
            "highest": settings.rates[-1],
            "n_seeds": settings.n_seeds,
            "last": settings.last,
            "n_optimizers": len(names),
            "best": labels[0],
            "best_accuracy": float(ends[0].mean()),
            "best_wrong": float((wrong := 1 - ends.mean(1))[0]),
            "next_wrong": float(wrong[1]),
            "ahead": int(round(wrong[0], 3) < round(wrong[1], 3)),
            "n_level": int((p[1:] >= 0.05).sum()),
            "n_clear": int((p[1:] < 0.05).sum()),
            "worst": labels[-1],
            "worst_accuracy": float(ends[-1].mean()),
            "broad": labels[int(near.argmax())],
            "broad_near": int(near.max()),
            "n_broad": int((near == near.max()).sum()),
        },
    )


def _levels(ends: np.ndarray) -> list[int]:
    """Return each one's level, the best first: who is told from its best begins a new one."""
    levels, best = [0], ends[0]
    for each in ends[1:]:
        apart = _p_value(best, each) < 0.05
        best = each if apart else best
        levels.append(levels[-1] + apart)
    return levels


def _p_value(one: np.ndarray, other: np.ndarray) -> float:
    """Return how often a difference of means is as large if the seeds are dealt out by chance."""
    import numpy as np

    both = np.concatenate([one, other])
    found = abs(one.mean() - other.mean())
    deals = [
        abs(both[list(deal)].mean() - np.delete(both, list(deal)).mean())
        for deal in combinations(range(len(both)), len(one))
    ]
    return float(np.mean(np.array(deals) >= found - 1e-12))
