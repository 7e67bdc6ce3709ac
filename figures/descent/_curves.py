"""Train and test loss of one run over its epochs, on axes that the runs of a series share."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot, mark_leaving
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import say

# One scale for all of a series, so that their pictures can be laid side by side: logarithmic, from
# well under the loss at which a network has learnt its digits to above that of guessing, ln 10.
LOW, HIGH = 0.005, 3.0
TICKS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def draw(recording: xr.Dataset, *, steps: bool = False) -> Figure:
    """Return the curves of a classification run.

    Parameters
    ----------
    recording : Dataset
        train_loss, test_loss (epoch), loss (step).
    steps : bool
        Whether to draw the losses of the steps, each on its own batch, behind the curves.
    """
    fig, ax = subplots(height=372, left=62, right=126, top=30, bottom=54)
    curves = {name: recording[f"{name}_loss"] for name in ("train", "test")}
    top = max(HIGH, *(1.2 * float(loss.max()) for loss in curves.values()))
    ax.set(xlim=(0, int(recording.epoch[-1])), yscale="log", ylim=(LOW, top))
    ax.grid(axis="y")
    ticks(ax, "y", [tick for tick in TICKS if tick <= top])
    name_axes(ax, x="epoch", y="cross-entropy (logarithmic)")
    if steps:
        ax.plot(
            recording.step / recording.attrs["steps_per_epoch"],
            recording.loss,
            linewidth=px(0.8),
            alpha=0.45,
            color=color("muted"),
            zorder=1,
            label="_steps",
        )
    lines = {
        name: ax.plot(
            recording.epoch,
            loss,
            color=series(name).color,
            linestyle=series(name).dash,
            dash_capstyle="butt",
            label=series(name).label,
            zorder=3,
        )[0]
        for name, loss in curves.items()
    }
    inside = {name: line for name, line in lines.items() if line.get_ydata()[-1] >= LOW}
    notes = {name: number(float(line.get_ydata()[-1])) for name, line in inside.items()}
    label_ends(ax, list(inside.values()), notes=notes)
    for name in lines.keys() - inside.keys():
        _below(ax, lines[name], name)
    _lowest(ax, recording)
    return fig


def _below(ax: Axes, line: Line2D, name: str) -> None:
    """Say where a curve goes that ends below the axis."""
    epochs, loss = (np.asarray(part, dtype=float) for part in line.get_data())
    last = int(np.flatnonzero(loss >= LOW)[-1])  # the last epoch in the picture
    mark_leaving(ax, epochs[last:], loss[last:], color=line.get_color())
    words = say("below", name=name, loss=loss[-1], epoch=int(epochs[-1]))
    beside(ax, words, (epochs[last + 1], LOW), shift=(10, 6), path_effects=halo())


def _lowest(ax: Axes, recording: xr.Dataset) -> None:
    """Mark the epoch of the lowest test loss, where it is well before the last."""
    epoch = int(recording.attrs["best_test_epoch"])
    if epoch > 0.95 * int(recording.epoch[-1]):
        return
    loss = float(recording.attrs["best_test_loss"])
    top = 0.9  # of the axes' height: the curves fall, so there is room above them
    mark = ax.get_xaxis_transform()
    foot = ax.transAxes.inverted().transform(ax.transData.transform((epoch, loss)))[1]
    ax.plot(
        [epoch, epoch],
        [foot, top],
        transform=mark,
        color=color("muted"),
        linewidth=px(1),
        zorder=2,
        label="_lowest",
    )
    dot(ax, epoch, loss, color=series("test").color)
    words = say("lowest")
    right = epoch > 0.6 * int(recording.epoch[-1])
    beside(
        ax,
        words,
        (epoch, top),
        of=mark,
        shift=(-7 if right else 7, -8),
        ha="right" if right else "left",
        path_effects=halo(),
    )
