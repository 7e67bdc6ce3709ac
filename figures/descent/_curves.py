"""Parts of the figures of one training run: its losses over its epochs, on axes of its own."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import LABEL, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import number, percent
from look.runs import series
from look.theme import color
from look.words import say

LEFT, RIGHT = 62.0, 116.0  # beside the axes, CSS pixels


def losses(ax: Axes, recording: xr.Dataset, *, top: float | None = None) -> None:
    """Draw the training and the test loss (epoch) on a linear axis from 0 to `top`.

    On a logarithmic one that holds all without it.
    """
    frame(ax, recording)
    if top is None:
        both = np.concatenate([recording.train_loss.values, recording.test_loss.values])
        both = both[np.isfinite(both) & (both > 0)]  # what such an axis can hold
        ends_at = (0.85 * both.min(), 1.1 * both.max()) if len(both) else (0.1, 1.0)
        ax.set(yscale="log", ylim=ends_at)
        levels = [a * 10.0**k for k in range(-9, 9) for a in (1, 2, 5)]
        low, high = ax.get_ylim()
        ticks(ax, "y", [level for level in levels if low <= level <= high])
    else:
        ax.set_ylim(0, top)
    name_axes(ax, y="loss")
    names = ("train", "test")
    lines = [_curve(ax, recording, f"{name}_loss", name) for name in names]
    high = 0.0 if top is None else top  # only on a linear axis a small loss lies on it
    ends = {series(name).label: end(float(recording[f"{name}_loss"][-1]), high) for name in names}
    label_ends(ax, lines, notes=ends)


def accuracies(ax: Axes, recording: xr.Dataset, low: float, high: float) -> None:
    """Draw the share of test digits that are right (epoch), on an axis from `low` to `high`."""
    frame(ax, recording)
    ax.set_ylim(low, high)
    # Whole percent alone: 97.5 would be written as 98.
    ax.locator_params(axis="y", nbins=6, steps=[1, 2, 5, 10])
    ax.yaxis.set_major_formatter(lambda share, _: percent(share))
    name_axes(ax, y="right")
    line = _curve(ax, recording, "test_accuracy", "test")
    label_ends(ax, [line], notes={series("test").label: percent(recording.test_accuracy[-1], 1)})


def frame(ax: Axes, recording: xr.Dataset) -> None:
    """Give axes the epochs of a run, and a few ticks."""
    ax.set_xlim(0, int(recording.epoch[-1]))
    ax.grid(axis="y")
    ax.locator_params(axis="x", nbins=6, integer=True)
    ax.locator_params(axis="y", nbins=5)


def _curve(ax: Axes, recording: xr.Dataset, quantity: str, name: str) -> Line2D:
    shown = series(name)
    (line,) = ax.plot(recording.epoch, recording[quantity], color=shown.color, label=shown.label,
                      linestyle=shown.dash, dash_capstyle="butt", zorder=3)  # fmt: skip
    return line


def end(loss: float, top: float) -> str:
    """Write the loss at a curve's end: as 0 where the line, under `top`, lies on the axis."""
    return "≈ 0" if 0 <= loss < 1e-3 * top else number(loss)


def peak(ax: Axes, x: np.ndarray, losses: np.ndarray, after: int, words: str) -> None:
    """Say of the highest loss `after` the lowest what it is, if it stands out and others follow.

    `words` has the place of an epoch and of a loss.
    """
    later = np.nan_to_num(losses[after:], nan=np.inf)
    k = after + int(later.argmax())
    if np.isfinite(losses[k]) and losses[k] > 1.2 * losses[-1] and x[k] < 0.6 * x[-1]:
        said = wrap(say(words, epoch=int(x[k]), loss=losses[k]), LABEL, 130 if is_narrow() else 300)
        beside(ax, "\n".join(said), (float(x[k]), float(losses[k])), shift=(8, 6), va="top",
               linespacing=1.2, path_effects=halo())  # fmt: skip


def lowest(ax: Axes, x: np.ndarray, losses: np.ndarray, place: int, words: str) -> None:
    """Mark the lowest test loss; if it came early, its level to the end, and what lies above it.

    Parameters
    ----------
    place : int
        Where `losses` are lowest.
    words : str
        About the mark: under the level, or under the dot where there is none.
    """
    hue, low, last = series("test").color, float(losses[place]), float(x[-1])
    dot(ax, float(x[place]), low, color=hue)
    style = {"ha": "right", "weight": "semibold", "path_effects": halo(3)}
    if x[place] > 0.5 * last:
        beside(ax, words, (float(x[place]), low), shift=(-4, -24), **style)
        return
    ax.plot([x[place], last], [low, low], color=color("text"), linewidth=px(1.25),
            dashes=(4, 3), zorder=2, label="_level")  # fmt: skip
    ax.fill_between(x[place:], low, losses[place:], color=hue, alpha=0.16, linewidth=0, zorder=1,
                    label="_above")  # fmt: skip
    if is_narrow():  # the losses on the left go up and down
        words = words.replace(", ", ",\n")
    beside(ax, words, (last, low), shift=(-8, -8), va="top", linespacing=1.2, **style)
    if losses[-1] > low:
        arrow(ax, last, low, float(losses[-1]))


def arrow(ax: Axes, x: float, start: float, end: float) -> None:
    """Draw an arrow in the test curve's color from its level to its end, if there is room."""
    y = ax.transData.transform([(x, start), (x, end)])[:, 1]
    if np.isfinite(end) and abs(y[1] - y[0]) > 16:
        ax.annotate("", (x, end), (x, start), zorder=3,
                    arrowprops={"arrowstyle": "-|>,head_width=0.25,head_length=0.5",
                                "color": series("test").color, "linewidth": px(2),
                                "shrinkA": 0, "shrinkB": px(6)})  # fmt: skip
