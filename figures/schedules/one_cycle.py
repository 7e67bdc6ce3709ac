"""1cycle, triangular cycles and a constant rate on one task: superconvergence, or its absence.

Source  004, superconvergence; Smith and Topin 2018, arXiv:1708.07120
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, name_axes, spread, ticks
from figures.parts.canvas import LABEL, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look import theme
from look.numbers import percent
from look.runs import series
from look.words import Visual, say

READS = {
    "one_cycle": "mean (run, x_length), least (run, x_length), most (run, x_length), "
    "length (x_length), lr (run, step), run (run), step (step), longest, faster, target, case",
}

VISUAL = Visual(
    uses=["one_cycle"],
    title="{case:?super=Superconvergence: {one_cycle_length} of {longest} steps are enough for "
    "1cycle|faster=1cycle saves steps, {one_cycle_length} do for {longest}, but that is no "
    "superconvergence|level=No superconvergence here: after {soon} steps 1cycle has "
    "{soon_of_one_cycle:.1%}, not {target:.1%}|"
    "never=No superconvergence here: 1cycle is no better than a good constant rate}",
    subtitle="The claim: with one rise and fall of the rate (1cycle), a network learns as much in "
    "1/{faster:g} of the steps. {dataset}, each at the best of {n_rates} rates; mean of "
    "{repeats:?no training|one training|two trainings|three trainings|four trainings|{repeats} "
    "trainings}, and the range for 1cycle. Small: the rates, on one scale.",
    alt="Test accuracy against steps of training, a line each for a constant rate, triangular "
    "cycles and 1cycle, with a small picture of its rate: after {longest} steps "
    "{end_of_constant:.1%}, {end_of_triangular:.1%} and {end_of_one_cycle:.1%}. A ring marks where "
    "1cycle would have to be for superconvergence: {target:.1%} in 1/{faster:g} of the steps.",
    caption="A {widths} network on {dataset}, {n_train:,} training examples, batches of "
    "{batch_size}, momentum "
    "{momentum:g} (1cycle moves it against the rate), means and ranges of "
    "{repeats:?no seed|one seed|two seeds|three seeds|four seeds|{repeats} seeds}. "
    "The rate with the lowest training loss is taken, for every schedule and length. "
    "Superconvergence would be 1/{faster:g} of the steps "
    "for the accuracy that the constant rate has after {longest}, {target:.1%}; "
    "{one_cycle_length:?1cycle does not get there|of the lengths tried, {one_cycle_length} steps "
    "are the first at which 1cycle has it}. At the rate of {above_rate:g} they have "
    "{above_of_constant:.1%}, {above_of_triangular:.1%} and {above_of_one_cycle:.1%} after "
    "{longest} steps{bears:?|: 1cycle bears a higher rate}. One small task: it says nothing of "
    "others.",
    words={
        "super": "{case:?super=superconvergence|faster=superconvergence would be here|level="
        "superconvergence would be here|never=superconvergence would be here}",
        "target": "{target:.1%} in 1/{faster:g} of the steps",
        "steps": "steps of training, log scale",
        "right": "right, of the test set",
        "end": "{label}  {share:.1%}",
    },
    series={
        "constant": ["constant", "muted"],
        "triangular": ["triangular", "vermillion"],
        "one_cycle": ["1cycle", "purple"],
    },
)

TALL, LEFT, ASIDE = 360.0, 62.0, 178.0  # of the chart; room for the names at its right
ICON, DEEP = 74.0, 26.0  # the small pictures of a rate, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the three policies' accuracy by the length of training, and where it should be."""
    fig = Canvas(24 + TALL + 56, narrow=True)
    ax = fig.place(LEFT, 24, WIDTH - LEFT - ASIDE, TALL)
    attrs, lengths = recording.attrs, recording.length.values
    wanted = attrs["longest"] / attrs["faster"]
    ax.set(xscale="log", xlim=(min(lengths[0], wanted) / 1.15, lengths[-1]))
    cycle = recording.sel(run="one_cycle")
    low = min(float(recording["mean"].min()), float(cycle.least.min()))
    high = max(float(recording["mean"].max()), float(cycle.most.max()), attrs["target"])
    room = 0.1 * max(high - low, 0.01)
    ax.set_ylim(low - room, high + room * (4.5 if is_narrow() else 1))
    ticks(ax, "x", lengths.tolist())
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if (high - low) / s <= 4)
    marks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ticks(ax, "y", [mark for mark in marks.tolist() if mark <= 1 + 1e-9], percent)
    ax.grid(axis="y")
    name_axes(ax, x=say("steps"), y=say("right"))
    for name in recording.run.values.tolist():
        run, own = recording.sel(run=name), series(name)
        hero = name == "one_cycle"
        if hero:
            ax.fill_between(lengths, run.least, run.most, color=own.color, alpha=0.16, linewidth=0)
        ax.plot(
            lengths, run["mean"], color=own.color, marker="o", markersize=px(10 if hero else 7),
            linewidth=px(4 if hero else 2.5), markeredgecolor=theme.color("background"),
            label=own.label, zorder=4 if hero else 3, clip_on=False,
        )  # fmt: skip
        if not hero:  # seen also where it lies under the other's
            ax.plot(
                lengths, run["mean"], color=own.color, marker="o", markersize=px(6),
                markeredgewidth=0, linestyle="none", label=f"_{name}", zorder=5, clip_on=False,
            )  # fmt: skip
    _wanted(ax, wanted, attrs["target"])
    _names(fig, ax, recording)
    return fig


def _wanted(ax: Axes, steps: float, target: float) -> None:
    """Draw where superconvergence would be, and the accuracy that it is about."""
    ink = theme.color("text")
    ax.plot([steps, ax.get_xlim()[1]], [target, target], color=ink, linewidth=px(1.5),
            linestyle=(0, (2, 3)), label="target", zorder=2)  # fmt: skip
    dot(ax, steps, target, color="none", size=22, markeredgecolor=ink, markeredgewidth=px(2.5),
        label="wanted", zorder=6)  # fmt: skip
    for line, (name, weight, hue) in enumerate(
        (("super", "semibold", "text"), ("target", "normal", "muted"))
    ):
        said, up = say(name), -34 - 19 * line
        if is_narrow():  # above the ring, for under it are the curves
            below = len(wrap(say("target"), LABEL, 150)) if name == "super" else 0
            said, up = "\n".join(wrap(said, LABEL, 150, weight)), 18 + 18 * below
        beside(ax, said, (steps, target), shift=(-4, up), weight=weight,
               color=theme.color(hue), path_effects=halo(), zorder=6)  # fmt: skip


def _names(fig: Canvas, ax: Axes, recording: xr.Dataset) -> None:
    """Name the lines at their ends, each with the course of its rate."""
    names = recording.run.values.tolist()
    ends = recording["mean"].values[:, -1]
    scale = fig.dpi / 96
    box = ax.get_window_extent()
    places = ax.transData.transform([(recording.length.values[-1], end) for end in ends])
    rows = spread(places[:, 1] / scale, DEEP + LABEL + 26, box.y0 / scale + 30, box.y1 / scale - 8)
    highest = float(recording.lr.max())
    left = box.x1 / scale + 26
    for name, end, place, row in zip(names, ends, places, rows, strict=True):
        own = series(name)
        words = say("end", label=own.label, share=float(end))
        ax.annotate(
            words, (recording.length.values[-1], end),
            xytext=(px(26), px(row - place[1] / scale)), textcoords="offset points",
            va="center_baseline", annotation_clip=False,
            weight="semibold" if name == "one_cycle" else "normal",
            arrowprops={"arrowstyle": "-", "color": own.color, "linewidth": px(1.25),
                        "shrinkA": px(3), "shrinkB": px(7), "relpos": (0, 0.5)},
        )  # fmt: skip
        tile = fig.add_axes(
            (left / fig.width, (row - 14 - DEEP) / fig.height, ICON / fig.width, DEEP / fig.height)
        )
        tile.set(xlim=(0, recording.step[-1]), ylim=(0, 1.05 * highest), xticks=[], yticks=[])
        steps, lr = recording.step.values, recording.lr.sel(run=name).values
        tile.fill_between(steps, 0, lr, color=own.color, alpha=0.3, linewidth=0)
        tile.plot(steps, lr, color=own.color, linewidth=px(2), label="rate")
