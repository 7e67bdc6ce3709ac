"""Local minima or saddles? Critical points of small networks, and where descent ends.

002 says that in practice there are no local minima. Measured here: descent does end in minima of
different losses, though they differ by little; and what lies higher are saddles.

Reads   saddle_fraction: loss, share, width, idle (example), end_loss (run, example_end),
        n_params (run)
Source  002; Dauphin et al. 2014, arXiv:1406.2572
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from look.numbers import number, percent
from look.theme import color
from look.words import Visual

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="{verdict}",
    subtitle="Left: points where the gradient of a small network’s loss vanishes, by the share of "
    "the Hessian’s eigenvalues that are negative. Right: how far apart descent ends.",
    alt="Left, critical points of networks of growing width, their loss across and the share of "
    "negative eigenvalues up; diamonds at a share of 0 are the ends of descent. Right, for each "
    "width the losses at which descent from {n_seeds} starts ended, above the lowest of them.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} fields "
    "({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical points: {n_found} "
    "found by {n_searches} searches along training paths (dots), and minima of narrower networks "
    "with idle units added (rings); the lowest rank correlation of loss and share at any width is "
    "{lowest_correlation:.2f}. Of {n_ends} descents, {n_minima} ended in a minimum. "
    "{local_minima}: the minima of width {apart} lie up to {apart_spread:.4f} nats apart, those of "
    "width {widest} up to {widest_spread:.4f}. This is one task and a choice of points, not a law.",
)

HUES = ("blue", "green", "vermillion", "purple")  # by width
LEFT, TALL = 384.0, 300.0  # width of the left panel, height of both


def draw(recording: xr.Dataset) -> Figure:
    """Return the critical points beside the ends of descent."""
    fig = Canvas(TALL + 136)
    ax = fig.place(MARGIN + 40, 34, LEFT, TALL)
    _points(ax, recording)
    _ends(fig.place(536, 34, WIDTH - MARGIN - 536, TALL), recording)
    return fig


def _points(ax: Axes, recording: xr.Dataset) -> None:
    found = recording.idle.values < 0
    for i, name in enumerate(recording.run_whole.values.tolist()):
        hue = color(HUES[i % len(HUES)])
        here = recording.width.values == int(name)
        for which, face, label in (
            (here & ~found, "none", f"idle {name}"),
            (here & found, hue, f"found {name}"),
        ):
            ax.plot(
                recording.loss.values[which],
                recording.share.values[which],
                linestyle="none",
                marker="o",
                markersize=px(8),
                markerfacecolor=face,
                markeredgecolor=hue if face == "none" else color("background"),
                markeredgewidth=px(1.75 if face == "none" else 1),
                label=label,
                zorder=4,
                clip_on=False,
            )
        ends = recording.end_loss.sel(run=name).values
        _diamonds(ax, ends, 0 * ends, hue, f"ends {name}")
    top = 1.12 * float(recording.share.max())
    ax.set_ylim(0, max(top, 0.05))
    low, high = recording.end_loss.sel(run=recording.run_whole.values).min(), recording.loss.max()
    room = 0.05 * float(high - low)
    ax.set_xlim(float(low) - room, float(high) + room)
    ax.grid(axis="y")
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    name_axes(ax, x="loss, nats", y="eigenvalues that are negative")
    for i, name in enumerate(recording.run_whole.values.tolist()):
        at = (0.0, 1 - (18 + 21 * i) / TALL)
        here = {"transform": ax.transAxes, "markeredgewidth": 0, "linestyle": "none"}
        ax.plot([8 / LEFT], [at[1] + 5 / TALL], marker="o", markersize=px(9),
                color=color(HUES[i % len(HUES)]), label=f"_key {name}", **here)  # fmt: skip
        words = f"{name} hidden units, {int(recording.n_params.sel(run=name))} parameters"
        beside(ax, words, at, of=AXES, shift=(18, 0), path_effects=halo(2))
    largest = number(recording.attrs["largest_grad_norm"], 2)
    notes = (
        "Dots: found by search. Rings: minima of narrower networks with idle units. "
        "Diamonds: ends of descent.",
        f"{recording.attrs['n_points']} dots and rings; norms of their gradients up to {largest}.",
    )
    for line, note in enumerate(notes):
        shift = (0, -60 - 19 * line)
        beside(ax, note, (0, 0), of=AXES, shift=shift, color=color("muted"))


def _ends(ax: Axes, recording: xr.Dataset) -> None:
    names = recording.run.values.tolist()
    above = recording.end_loss - recording.end_loss.min("example_end")
    for i, name in enumerate(names):
        values = above.sel(run=name).values
        hue = color(HUES[i % len(HUES)])
        # side by side in order, so that equal ends are seen to be several
        order = np.argsort(np.argsort(values, kind="stable"))
        aside = (order - (len(values) - 1) / 2) * min(0.84 / len(values), 0.15)
        _diamonds(ax, i + aside, values, hue, f"above {name}", size=5.5, edge=0.5)
    top = max(float(above.max()), 1e-6)
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(0, 1.05 * top))
    ax.grid(axis="y")
    ticks(ax, "x", range(len(names)), lambda i: names[round(i)])
    name_axes(ax, x="hidden units", y="above the lowest, nats")


def _diamonds(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    hue: str,
    label: str,
    *,
    size: float = 8,
    edge: float = 1,
) -> None:
    ax.plot(x, y, linestyle="none", marker="D", markersize=px(size), markerfacecolor=hue,
            markeredgecolor=color("background"), markeredgewidth=px(edge), label=label,
            zorder=3, clip_on=False)  # fmt: skip
