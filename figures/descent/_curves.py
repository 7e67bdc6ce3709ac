"""Train and test loss of one run over its epochs, with the steps' own losses behind them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures import _kit as kit

TICKS = [m * 10.0**e for e in range(-7, 3) for m in (1, 2, 5)]


def draw(recording: xr.Dataset, *, steps: str = "") -> Figure:
    """Return the curves of a classification run.

    Parameters
    ----------
    recording : Dataset
        train_loss, test_loss (epoch), loss (step).
    steps : {"", "line", "dots"}
        How to draw the losses of the steps, each on its own batch, behind the curves.
    """
    fig, ax = kit.subplots(height=372, left=62, right=126, top=26, bottom=54)
    curves = {"train": ("blue", recording.train_loss), "test": ("orange", recording.test_loss)}
    every = np.concatenate([loss.values for _, loss in curves.values()])
    ax.set_xlim(0, int(recording.epoch[-1]))
    _scale(ax, float(every.min()), float(every.max()))
    if steps:
        _steps(ax, recording, steps)
    lines = [
        ax.plot(
            recording.epoch,
            loss,
            color=kit.color(token),
            label=name,
            zorder=3,
            path_effects=kit.line_halo(2.25),
        )[0]
        for name, (token, loss) in curves.items()
    ]
    notes = {name: kit.number(float(loss[-1])) for name, (_, loss) in curves.items()}
    kit.label_ends(ax, lines, notes=notes)
    _lowest(ax, recording)
    return fig


def _scale(ax: Axes, low: float, high: float) -> None:
    """Set the loss axis: from zero, or logarithmic where the losses span more than a decade."""
    ax.grid(axis="y")
    if high < 10 * low:
        ax.set_ylim(0, 1.1 * high)
        kit.ticks(ax, "y", MaxNLocator(5).tick_values(0, high)[:-1])
        kit.name_axes(ax, x="epoch", y="cross-entropy")
        return
    ax.set_yscale("log")
    ax.set_ylim(0.7 * low, 1.25 * high)
    shown = [tick for tick in TICKS if 0.7 * low <= tick <= 1.25 * high]
    if len(shown) > 9:  # several decades: one tick each is enough
        shown = [tick for tick in shown if f"{tick:e}".startswith("1.")]
    kit.ticks(ax, "y", shown)
    kit.name_axes(ax, x="epoch", y="cross-entropy (logarithmic)")


def _steps(ax: Axes, recording: xr.Dataset, how: str) -> None:
    epochs = recording.step / recording.attrs["steps_per_epoch"]
    quiet = {"color": kit.color("muted"), "zorder": 1, "label": "_steps"}
    if how == "line":
        ax.plot(epochs, recording.loss, linewidth=kit.px(0.8), alpha=0.45, **quiet)
    else:
        ax.plot(
            epochs,
            recording.loss,
            linestyle="none",
            marker="o",
            markersize=kit.px(2.6),
            markeredgewidth=0,
            rasterized=True,  # ten thousand dots would be most of an SVG
            alpha=0.5,
            **quiet,
        )


def _lowest(ax: Axes, recording: xr.Dataset) -> None:
    """Mark the epoch of the lowest test loss, where it is well before the last."""
    epoch = int(recording.attrs["best_test_epoch"])
    if epoch > 0.95 * int(recording.epoch[-1]):
        return
    loss = float(recording.attrs["best_test_loss"])
    top = 0.93  # of the axes' height: the curves fall, so there is room above them
    mark = ax.get_xaxis_transform()
    foot = ax.transAxes.inverted().transform(ax.transData.transform((epoch, loss)))[1]
    ax.plot(
        [epoch, epoch],
        [foot, top],
        transform=mark,
        color=kit.color("muted"),
        linewidth=kit.px(1),
        zorder=2,
        label="_lowest",
    )
    kit.dot(ax, epoch, loss, color=kit.color("orange"))
    words = f"lowest test loss: {kit.number(loss)} at epoch {epoch}"
    right = epoch > 0.6 * int(recording.epoch[-1])
    kit.beside(
        ax,
        words,
        (epoch, top),
        of=mark,
        shift=(-7 if right else 7, -8),
        ha="right" if right else "left",
        path_effects=kit.halo(),
    )
