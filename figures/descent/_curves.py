"""Parts of the figures of one training run: its losses over its epochs, on axes of its own."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes

from figures.parts.axes import label_ends, name_axes
from look.numbers import number, percent
from look.runs import series

LEFT, RIGHT = 62.0, 116.0  # beside the axes, CSS pixels


def losses(ax: Axes, recording: xr.Dataset, *, top: float) -> None:
    """Draw the training and the test loss (epoch) on a linear axis from 0 to `top`."""
    _frame(ax, recording)
    ax.set_ylim(0, top)
    name_axes(ax, y="cross-entropy (loss)")
    _pair(ax, recording, "loss")


def accuracies(ax: Axes, recording: xr.Dataset, *, low: float) -> None:
    """Draw the share of training and of test digits that are right (epoch), from `low` to all."""
    _frame(ax, recording)
    ax.set_ylim(low, 1 + 0.04 * (1 - low))
    ax.yaxis.set_major_formatter(lambda share, _: percent(share))
    name_axes(ax, y="share that is right")
    _pair(ax, recording, "accuracy")


def _frame(ax: Axes, recording: xr.Dataset) -> None:
    ax.set_xlim(0, int(recording.epoch[-1]))
    ax.grid(axis="y")
    ax.locator_params(axis="x", nbins=6, integer=True)
    ax.locator_params(axis="y", nbins=5)


def _pair(ax: Axes, recording: xr.Dataset, quantity: str) -> None:
    lines, notes = [], {}
    for name in ("train", "test"):
        values = recording[f"{name}_{quantity}"]
        lines += ax.plot(
            recording.epoch,
            values,
            color=series(name).color,
            linestyle=series(name).dash,
            dash_capstyle="butt",
            label=series(name).label,
            zorder=3,
        )
        last = float(values[-1])
        notes[series(name).label] = (
            percent(last, 1) if quantity == "accuracy" else "≈ 0" if last < 5e-4 else number(last)
        )
    label_ends(ax, lines, notes=notes)
