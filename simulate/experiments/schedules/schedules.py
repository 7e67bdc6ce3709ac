"""What every schedule makes of one learning rate, read from the optimizer while it trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The run that all of them steer.

    Attributes
    ----------
    n_steps : int
        T, at least 2.
    lr, momentum : float
        Of the optimizer; a schedule may change both.
    seed : int
        Of the network's weights.
    """

    n_steps: Annotated[int, msgspec.Meta(ge=2)] = 200
    lr: float = 0.1
    momentum: float = 0.9
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=40),
    label="the learning rate under every schedule",
)


# No schedule to train with of its own: a test of rates, and another form of Exponential.
APART = ("range_test", "exponential_decay")


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return one training of a neuron for each schedule."""
    given = {"lr": settings.lr, "momentum": settings.momentum}
    return {
        name: specs.Train(
            data=specs.Data(name="plane", n_train=20, seed=settings.seed),
            model=specs.Model(name="mlp", settings={"widths": [2, 1]}),
            optimizer=specs.Optimizer(name="momentum", settings=given),
            loss="mse",
            schedule=specs.Schedule(name=name),
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("scalars", "momentum"),
            allow_divergence=True,
        )
        for name in registry.names("schedules")
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the rates together, the schedule with the highest mean first.

    ``share`` (run, step): the rate over η₀, that of the optimizer; ``momentum`` (run, step);
    ``mean`` and ``last`` (run), of the steps that were taken; ``course`` (run): whether a rate
    "stands", "falls", "rises" first, or falls and rises again ("cycles"); and of the rows
    ``label``, ``formula``, ``momentum_formula``, ``letters``, ``source`` (run); ``counted`` (run):
    whether it is a schedule of its own to train with. Attributes, of those that are:
    ``n_schedules``, ``lowest`` and ``highest`` mean, whose the lowest is, ``lowest_of``, and how
    many there are of each course.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    rows = registry.rows("schedules")
    share = {name: run.data.lr.values / settings.lr for name, run in runs.items()}
    mean = {name: float(values[:-1].mean()) for name, values in share.items()}
    order = sorted(runs, key=lambda name: -mean[name])
    courses = [course(share[name][:-1]) for name in order]
    counted = [name not in APART for name in order]
    own = [name for name in order if name not in APART]
    of_own = [each for each, counts in zip(courses, counted, strict=True) if counts]
    letters = [_letters(rows[name]) for name in order]
    said = ("label", "formula", "source")
    along = ("run", "step")
    return xr.Dataset(
        {
            "share": variable(along, [share[n] for n in order], "rate, as a share of η₀"),
            "momentum": variable(along, [runs[n].data.momentum for n in order], "momentum"),
            "mean": variable("run", [mean[n] for n in order], "mean rate, as a share of η₀"),
            "last": variable("run", [share[n][-2] for n in order], "rate of the last step"),
            "course": variable("run", courses, "course of the rate"),
            "counted": variable("run", counted, "whether it is a schedule of its own"),
            "momentum_formula": variable(
                "run", [rows[n].fields.get("momentum", "") for n in order], "momentum, a formula"
            ),
            "letters": variable("run", letters, "what the letters of the formula stand for"),
            **{what: variable("run", [rows[n].fields[what] for n in order], what) for what in said},
        },
        coords={"run": order, "step": np.arange(settings.n_steps + 1)},
        attrs={
            "n_steps": settings.n_steps,
            "lr": settings.lr,
            "set_momentum": settings.momentum,
            "n_schedules": len(own),
            "lowest": mean[own[-1]],
            "lowest_of": rows[own[-1]].fields["label"],
            "highest": mean[own[0]],
            **{f"n_{name}": of_own.count(name) for name in ("stands", "falls", "rises", "cycles")},
        },
    )


def course(rates: np.ndarray) -> str:
    """Return what a rate does.

    Examples
    --------
    >>> import numpy as np
    >>> [course(np.array(r)) for r in ([2, 2, 2], [3, 2, 2], [1, 3, 2], [3, 1, 2], [1, 2, 1, 2])]
    ['stands', 'falls', 'rises', 'cycles', 'cycles']
    """
    import numpy as np

    change = np.diff(rates)
    ways = np.sign(change[np.abs(change) > 1e-9 * np.max(rates)])
    if not len(ways):
        return "stands"
    turns = ways[np.insert(np.diff(ways) != 0, 0, True)]  # +1 and −1 in turn
    if len(turns) > 2 or (len(turns) == 2 and turns[0] < 0):
        return "cycles"
    return "rises" if turns[0] > 0 else "falls"


def _letters(row: registry.Row) -> str:
    symbols, defaults = row.fields.get("symbols", {}), row.fields.get("defaults", {})
    # Tied together, so that no line of a table ends within one.
    found = [f"{symbols[name]}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{value:g}"
             for name, value in defaults.items()]  # fmt: skip
    return ", ".join(found).replace("-", "−")
