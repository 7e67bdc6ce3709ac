"""From logits to a loss: softmax, the label, cross-entropy, and what a temperature does to them.

The logits are those of source 004, which mixes up two results: it divides [2, 4, 2, 1] by their
sum, 9, and then prints the softmax of the undivided logits beside them, (.1025, .7573, .1025,
.0377). The softmax of the divided ones is nearly flat, (.2413, .3014, .2413, .2160): dividing by
9 is a temperature of 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.errors import UserError
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import torch
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The logits, the label, and the temperatures.

    Attributes
    ----------
    logits : tuple of float
        One a class.
    label : int
        The true class, counted from 1.
    temperatures : tuple of float
        Of the panels; the last is the flat one, where the sweep ends.
    n_sweep : int
        Steps of each half of the sweep: from 1 to the smallest temperature, from there to the last.
    """

    logits: tuple[float, ...] = (2.0, 4.0, 2.0, 1.0)
    label: int = 2
    temperatures: tuple[float, ...] = (0.5, 1.0, 3.0, 9.0)
    n_sweep: int = 60


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_sweep=4),
    label="softmax, cross-entropy and temperature",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return none: nothing is trained."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute every number between the logits and the loss.

    ``logit``, ``exponential``, ``probability``, ``one_hot`` (class), ``loss`` () at temperature 1;
    ``panel_temperature``, ``panel_loss`` (run), ``panel_probability`` (run, class); and along the
    sweep ``temperature``, ``swept_loss`` (step), ``swept_logit``, ``swept_exponential``,
    ``swept_probability`` (step, class).

    Raises
    ------
    UserError
        If the label is no class, or a temperature isn't above 0.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    n_classes = len(settings.logits)
    if not 1 <= settings.label <= n_classes:
        raise UserError(f"label is {settings.label}; the classes are 1 to {n_classes}")
    if not settings.temperatures or min(settings.temperatures) <= 0:
        raise UserError(f"temperatures are {settings.temperatures}; give some, all above 0")
    logits = torch.tensor(settings.logits, dtype=torch.float64)
    label = settings.label - 1
    panels = torch.tensor(settings.temperatures, dtype=torch.float64)
    low, last = min(settings.temperatures), settings.temperatures[-1]
    down = np.geomspace(1, low, settings.n_sweep + 1)
    sweep = torch.from_numpy(np.append(down, np.geomspace(low, last, settings.n_sweep + 1)[1:]))

    _, exponential, probability, loss = _softened(logits, torch.ones(1), label)
    _, _, panel_probability, panel_loss = _softened(logits, panels, label)
    swept = _softened(logits, sweep, label)
    by_step = ("step", "class")
    return xr.Dataset(
        {
            "logit": variable("class", logits, "logit"),
            "exponential": variable("class", exponential[0], "exponential of the logit"),
            "probability": variable("class", probability[0], "probability"),
            "one_hot": variable("class", np.eye(n_classes)[label], "label, one-hot"),
            "loss": variable((), loss[0], "cross-entropy", "nats"),
            "panel_temperature": variable("run", panels, "temperature"),
            "panel_probability": variable(("run", "class"), panel_probability, "probability"),
            "panel_loss": variable("run", panel_loss, "cross-entropy", "nats"),
            "temperature": variable("step", sweep, "temperature"),
            "swept_logit": variable(by_step, swept[0], "logit over temperature"),
            "swept_exponential": variable(by_step, swept[1], "exponential"),
            "swept_probability": variable(by_step, swept[2], "probability"),
            "swept_loss": variable("step", swept[3], "cross-entropy", "nats"),
        },
        attrs={
            "label": settings.label,
            "least_logit": min(settings.logits),
            "most_logit": max(settings.logits),
            "sum": float(exponential.sum()),
            "cross_entropy": float(loss),
            "label_probability": float(probability[0, label]),
            "coldest": low,
            "flat": last,
            "flat_least": float(panel_probability[-1].min()),
            "flat_most": float(panel_probability[-1].max()),
        },
    )


def _softened(logits: torch.Tensor, temperature: torch.Tensor, label: int) -> tuple:
    """Return logits / T, their exponentials, probabilities (T, class), and the losses (T)."""
    import torch

    scaled = logits / temperature[:, None]
    losses = -torch.log_softmax(scaled, 1)[:, label]
    return scaled, scaled.exp(), scaled.softmax(1), losses
