"""Local minima or saddles? Critical points of small networks, and where descent ends.

002 says that in practice there are no local minima. Measured here: descent does end in minima of
different losses, though they differ by little; and what lies higher are saddles.

Source  002; Dauphin et al. 2014, arXiv:1406.2572
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from look.numbers import number, percent
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_fraction": "width (example), idle (example), loss (example), share (example), "
    "end_loss (run, example_end), n_params (run), run (run), run_whole (run_whole), "
    "largest_grad_norm, n_points",
}

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="{verdict:?always=The higher a critical point, the more directions lead down from it|"
    "mostly=Higher critical points mostly have more directions that lead down|"
    "neither=Critical points of small networks: how high, and how many ways down}",
    subtitle="Above: points where the gradient of a small network’s loss vanishes, by the share of "
    "the Hessian’s eigenvalues that are negative, a panel for each width. Below: how far apart "
    "descent ends.",
    alt="Above, for each width a panel with critical points, their loss across and the share of "
    "negative eigenvalues up; diamonds at a share of 0 are the ends of descent. Below, for each "
    "width the losses at which descent from {n_seeds} starts ended, above the lowest of them.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} "
    "fields ({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical "
    "points: {n_found} found by {n_searches} searches along training paths (dots), and "
    "minima of narrower networks with idle units added (crosses); the lowest rank "
    "correlation of loss and share at any width is {lowest_correlation:.2f}. Of {n_ends} "
    "descents, {n_minima} ended in a minimum. {local_minima:?No local minima were "
    "found|Local minima do exist}: the minima of width {apart} lie up to {apart_spread:.4f} "
    "nats apart, those of width {widest} up to {widest_spread:.4f}. This is one task and a "
    "choice of points, not a law.",
    words={
        "units": "{n:?none|1 unit|{n} units}",
        "params": "{n} parameters",
        "marks": "Dots: found by search. Crosses: minima of narrower networks with idle "
        "units. Diamonds: ends of descent.",
        "gradients": "{n_points} dots and crosses; norms of their gradients up to "
        "{largest_grad_norm:.2n}.",
    },
)

HUES = ("blue", "green", "vermillion", "purple")  # by width
GAP, TALL, ENDS = 22.0, 230.0, 128.0  # between panels, and the heights of both rows


def draw(recording: xr.Dataset) -> Figure:
    """Return the critical points, a panel a width, over the ends of descent."""
    fig = Canvas(TALL + ENDS + 226)
    widths = recording.run_whole.values.tolist()
    left = MARGIN + 40
    wide = (WIDTH - MARGIN - left - GAP * (len(widths) - 1)) / len(widths)
    for i, name in enumerate(widths):
        ax = fig.place(left + i * (wide + GAP), 44, wide, TALL)
        _points(ax, recording, name, color(HUES[i % len(HUES)]), first=i == 0)
    fig.write(MARGIN, TALL + 112, say("marks"), color=color("muted"))
    fig.write(MARGIN, TALL + 131, say("gradients"), color=color("muted"))
    _ends(fig.place(left, TALL + 178, WIDTH - MARGIN - left, ENDS), recording)
    return fig


def _points(ax: Axes, recording: xr.Dataset, name: str, hue: str, *, first: bool) -> None:
    here = recording.width.values == int(name)
    found = recording.idle.values < 0
    for which, marker, label in (
        (here & ~found, "x", f"idle {name}"),
        (here & found, "o", f"found {name}"),
    ):
        ax.plot(
            recording.loss.values[which],
            recording.share.values[which],
            linestyle="none",
            marker=marker,
            markersize=px(8),
            color=hue,
            markeredgecolor=hue if marker == "x" else color("background"),
            markeredgewidth=px(2 if marker == "x" else 1),
            label=label,
            zorder=4,
            clip_on=False,
        )
    ends = recording.end_loss.sel(run=name).values
    _diamonds(ax, ends, 0 * ends, hue, f"ends {name}")
    ax.set_ylim(0, max(1.12 * float(recording.share.max()), 0.05))
    low, high = recording.end_loss.sel(run=recording.run_whole.values).min(), recording.loss.max()
    room = 0.05 * float(high - low)
    ax.set_xlim(float(low) - room, float(high) + room)
    ax.grid(axis="y")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.tick_params(labelleft=first)
    units, params = int(name), recording.n_params.sel(run=name)
    heading(ax, say("units", n=units), say("params", n=params), lift=9)
    name_axes(ax, x="loss, nats")
    if first:
        beside(ax, "eigenvalues that are negative", (0, 1), of=AXES, shift=(4, -14),
               color=color("muted"), path_effects=halo(2))  # fmt: skip


def _ends(ax: Axes, recording: xr.Dataset) -> None:
    names = recording.run.values.tolist()
    above = recording.end_loss - recording.end_loss.min("example_end")
    for i, name in enumerate(names):
        values = above.sel(run=name).values
        hue = color(HUES[i % len(HUES)])
        # side by side in order, so that equal ends are seen to be several
        order = np.argsort(np.argsort(values, kind="stable"))
        aside = (order - (len(values) - 1) / 2) * min(0.84 / len(values), 0.08)
        _diamonds(ax, i + aside, values, hue, f"above {name}", size=7)
    top = max(float(above.max()), 1e-6)
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(0, 1.05 * top))
    ax.grid(axis="y")
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ticks(ax, "x", range(len(names)), lambda i: number(int(names[round(i)])))
    name_axes(ax, x="hidden units", y="ends of descent: loss above the lowest, nats")


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
