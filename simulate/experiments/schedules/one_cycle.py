"""1cycle, triangular cycles and a constant rate on one task, and whether there is superconvergence.

Superconvergence (Smith and Topin 2018, arXiv:1708.07120) is the claim that one cycle up to a very
large rate trains an order of magnitude faster. Each policy gets its rate from the same search, at
every length of training: of a few rates the one with the lowest training loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The task and the search.

    Attributes
    ----------
    widths : tuple of int
        Units from the pixels to the classes.
    n_train, n_test, batch_size : int
        Examples, and how many of them a step.
    momentum : float
        Of gradient descent with momentum; 1cycle sets its own.
    lengths : tuple of int
        Steps of training, ascending, each a multiple of the first.
    rates : tuple of float
        Highest rates that are tried, ascending.
    repeats : int
        Trainings at each length and rate; seeds 0, 1, ….
    faster : float
        How many times fewer steps count as superconvergence.
    """

    widths: tuple[int, ...] = (784, 32, 10)
    n_train: int = 2_000
    n_test: int = 1_000
    batch_size: int = 64
    momentum: float = 0.9
    lengths: tuple[int, ...] = (25, 75, 250)
    rates: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0)
    repeats: int = 3
    faster: float = 10.0
    data_seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(784, 8, 10), n_train=300, n_test=100, lengths=(10, 20, 40), rates=(0.03, 0.3),
        repeats=1,
    ),
    label="one cycle against a constant rate",
)  # fmt: skip

POLICIES = ("constant", "triangular", "one_cycle")


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return every training of the search; a constant rate's longest has the shorter ones in it."""
    found: dict[str, specs.Run] = {}
    for policy in POLICIES:
        for rate in settings.rates:
            for length in settings.lengths[-1:] if policy == "constant" else settings.lengths:
                for seed in range(settings.repeats):
                    found[f"{policy} {rate} {length} {seed}"] = _training(
                        settings, policy, rate, length, seed
                    )
    return found


def _training(settings: Settings, policy: str, rate: float, length: int, seed: int) -> specs.Train:
    every = settings.lengths[0] if policy == "constant" else "ends"
    return specs.Train(
        data=specs.Data(
            name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.data_seed
        ),
        model=specs.Model(name="mlp", settings={"widths": list(settings.widths)}),
        optimizer=specs.Optimizer(
            name="momentum", settings={"lr": rate, "momentum": settings.momentum}
        ),
        schedule=specs.Schedule(name=policy),
        batch_size=settings.batch_size,
        steps=length,
        seed=seed,
        record=specs.record("scalars", evaluation=every),
        allow_divergence=True,
    )


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Choose every policy's rate at every length, and compare.

    ``accuracy`` and ``train_loss`` (run, x_rate, x_length, run_seed), on test and on training
    examples; ``chosen`` (run, x_length), which rate has the lowest mean training loss; ``mean``,
    ``least``, ``most`` (run, x_length), the accuracy there over the seeds; ``lr`` (run, step), the
    rates of the longest training at the rate chosen for it.

    Attributes: ``target``, the constant rate's mean accuracy after the longest training;
    ``one_cycle_length`` and ``triangular_length``, the shortest training whose mean reaches it, 0
    where none does, and ``speedup`` (of 1cycle); ``case``: "super", "faster", "level" or "never";
    ``soon``, the longest of the lengths that would be fast enough, or the shortest where none
    would, and ``soon_of_one_cycle``, its accuracy then;
    ``rate_of_…``, ``end_of_…`` each policy's rate and accuracy of the longest training; ``gain``
    of 1cycle over the constant rate in percentage points; ``bears``, whether 1cycle loses least
    at the rate above the one chosen for the constant rate.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    lengths, rates = np.array(settings.lengths), np.array(settings.rates)
    shape = (len(POLICIES), len(rates), len(lengths), settings.repeats)
    accuracy, loss = np.empty(shape), np.empty(shape)
    for i, policy in enumerate(POLICIES):
        for j, rate in enumerate(settings.rates):
            for k, length in enumerate(settings.lengths):
                for seed in range(settings.repeats):
                    longest = settings.lengths[-1] if policy == "constant" else length
                    run = runs[f"{policy} {rate} {longest} {seed}"].data
                    # at step `length` itself: evaluated before the next update
                    at = int(np.flatnonzero(run.epoch_steps.values == length)[0])
                    accuracy[i, j, k, seed] = run.test_accuracy.values[at]
                    loss[i, j, k, seed] = run.train_loss.values[at]
    loss = np.where(np.isfinite(loss), loss, np.inf)
    chosen = loss.mean(3).argmin(1)  # (run, x_length)
    at_best = np.take_along_axis(accuracy, chosen[:, None, :, None], 1)[:, 0]
    mean = at_best.mean(2)
    target = float(mean[0, -1])
    reached = {
        policy: int(next((n for n, a in zip(lengths, mean[i], strict=True) if a >= target), 0))
        for i, policy in enumerate(POLICIES)
    }
    speedup = lengths[-1] / reached["one_cycle"] if reached["one_cycle"] else 0.0
    case = (
        "never" if not reached["one_cycle"]
        else "super" if speedup >= settings.faster
        else "faster" if speedup > 1
        else "level"
    )  # fmt: skip
    ends = chosen[:, -1]
    soon = max(0, int(np.searchsorted(lengths, lengths[-1] / settings.faster, side="right")) - 1)
    course = [
        runs[f"{policy} {settings.rates[ends[i]]} {settings.lengths[-1]} 0"].data.lr.values
        for i, policy in enumerate(POLICIES)
    ]
    above = min(int(ends[0]) + 1, len(rates) - 1)
    at_above = accuracy[:, above, -1].mean(1)
    each = ("run", "x_rate", "x_length", "run_seed")
    band = ("run", "x_length")
    return xr.Dataset(
        {
            "rate": variable("x_rate", rates, "highest learning rate"),
            "length": variable("x_length", lengths, "steps of training"),
            "accuracy": variable(each, accuracy, "test accuracy"),
            "train_loss": variable(each, loss, "training loss", "nats"),
            "chosen": variable(band, chosen, "index of the rate with the lowest training loss"),
            "mean": variable(band, mean, "test accuracy, mean of the seeds"),
            "least": variable(band, at_best.min(2), "test accuracy, lowest of the seeds"),
            "most": variable(band, at_best.max(2), "test accuracy, highest of the seeds"),
            "lr": variable(("run", "step"), np.stack(course), "learning rate"),
        },
        coords={"run": list(POLICIES), "step": np.arange(settings.lengths[-1] + 1)},
        attrs={
            "dataset": run.attrs["dataset"],
            "n_train": settings.n_train,
            "n_test": settings.n_test,
            "widths": "–".join(map(str, settings.widths)),
            "batch_size": settings.batch_size,
            "momentum": settings.momentum,
            "repeats": settings.repeats,
            "n_rates": len(rates),
            "longest": settings.lengths[-1],
            "faster": settings.faster,
            "target": target,
            "speedup": float(speedup),
            "case": case,
            "soon": int(lengths[soon]),
            "soon_of_one_cycle": float(mean[2, soon]),
            "gain": 100 * float(mean[2, -1] - mean[0, -1]),
            "above_rate": float(rates[above]),
            "bears": int(at_above[2] > at_above[:2].max() and above > ends[0]),
            **{f"{policy}_length": n for policy, n in reached.items()},
            **{f"rate_of_{p}": float(rates[ends[i]]) for i, p in enumerate(POLICIES)},
            **{f"end_of_{p}": float(mean[i, -1]) for i, p in enumerate(POLICIES)},
            **{f"above_of_{p}": float(at_above[i]) for i, p in enumerate(POLICIES)},
        },
    )
