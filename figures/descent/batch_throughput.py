"""What a larger batch buys: the examples that one second of training gets through.

Source  000; 004, whose advice on batch sizes names no measurement
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from look.numbers import duration
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_timing": "batch_size (x_batch), step_seconds (x_batch), throughput (x_batch), n_train",
}

VISUAL = Visual(
    uses=["mnist_timing"],
    title="{gain:?none=A larger batch buys no speed here|all=One by one, {speed_one:.3r} examples "
    "a second; in large batches up to {speed_most:.3r}|some=One by one, {speed_one:.3r} examples "
    "a second; in large batches up to {speed_most:.3r}}",
    subtitle="What one CPU thread gets through in a second of training.",
    alt="A column for each batch size, as high as the examples that one second of training gets "
    "through: {speed_one:.3r} one by one, and at most {speed_most:.3r}; batches of {size_enough:,} "
    "come within a tenth of that. Under each stands how long a step takes.",
    caption="Measured on one CPU thread, a network of {n_params:,} parameters, {dataset}; all "
    "batches with the same step-by-step program, each the median step of the fastest of a few "
    "rounds. A step has a price of its own, whatever the batch: a larger batch shares it out among "
    "more examples, until what is left is the price of the examples. It buys no better steps: for "
    "as many examples it takes fewer of them.",
    words={
        "speed": "{thousands:.2n}k",
        "size": "{size:,}",
        "times": "{times:.2r} times as many in batches of {size:,} as one by one",
        "plateau": "{times:.2n} times the batch, hardly faster",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batches", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

LEFT, TOP = 74.0, 64.0  # of the columns, CSS pixels
TALL, ROW = 250.0, 24.0  # their height, and that of a row under them
LARGER, LEVEL = 4.0, 0.08  # so many times the batch, and a speed that is as good as the same


def draw(recording: xr.Dataset) -> Figure:
    """Return the columns over their batch sizes and the times of their steps."""
    fig = Canvas(TOP + TALL + 3 * ROW + 30, narrow=True)
    _columns(fig.place(LEFT, TOP, WIDTH - LEFT - MARGIN, TALL), recording)
    return fig


def _kind(size: int, n_train: int) -> str:
    return "stochastic" if size == 1 else "batch" if size == n_train else "mini_batch"


def _columns(ax: Axes, recording: xr.Dataset) -> None:
    """Draw a column a batch size, and write under it how long a step takes."""
    sizes, speeds = recording.batch_size.values, recording.throughput.values
    n = len(sizes)
    level = _plateau(sizes, speeds)
    top = float(max(1.04 * speeds.max(), 1.24 * speeds[level : level + 2].max() if level else 0))
    first = -1.4 if is_narrow() else -0.5  # there the rows are named
    ax.set(xlim=(first, n - 0.5), ylim=(0, top))
    ax.spines["bottom"].set_visible(True)
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    kinds = [_kind(int(size), recording.attrs["n_train"]) for size in sizes]
    ax.bar(range(n), speeds, 0.66, color=[series(kind).color for kind in kinds], zorder=2,
           label="speeds")  # fmt: skip
    for i, speed in enumerate(speeds):
        beside(ax, say("speed", thousands=speed / 1e3), (i, speed), shift=(0, 7), ha="center",
               weight="semibold", fontsize=px(17))  # fmt: skip
    rows = [
        ("batch", [say("size", size=int(size)) for size in sizes], "text"),
        ("a step", [duration(s, 2) for s in recording.step_seconds.values], "muted"),
    ]
    for row, (name, values, ink) in enumerate(rows):
        style = {"of": ax.get_xaxis_transform(), "color": color(ink)}
        down = -20 - ROW * row
        side, away = ("left", 0) if is_narrow() else ("right", -8)
        beside(ax, name, (first, 0), shift=(away, down), ha=side, **style)
        for i, value in enumerate(values):
            beside(ax, value, (i, 0), shift=(0, down), ha="center", **style,
                   fontsize=px(TICK if is_narrow() else LABEL))  # fmt: skip
    for kind in dict.fromkeys(kinds):
        own = [i for i, each in enumerate(kinds) if each == kind]
        beside(ax, series(kind).label, (float(np.mean(own)), 0), of=ax.get_xaxis_transform(),
               shift=(0, -20 - 2 * ROW), ha="center", color=color("muted"))  # fmt: skip
    if level:
        high = float(speeds[level : level + 2].max())
        up = high + 34 * top / TALL  # over both columns' numbers
        ax.plot([level - 0.33, level + 1.33], [up, up], color=color("text"), linewidth=px(1.5),
                label="_level")  # fmt: skip
        times = sizes[level + 1] / sizes[level]
        beside(ax, say("plateau", times=times), (level + 1.33, up), shift=(0, 6),
               ha="right")  # fmt: skip
    best = int(speeds.argmax())
    words = say("times", size=int(sizes[best]), times=float(speeds[best] / speeds[0]))
    heading(ax, "examples a second", words, lift=30)


def _plateau(sizes: np.ndarray, speeds: np.ndarray) -> int:
    """Return the first of two neighbours, mini-batches, of one speed; 0 if there are none."""
    larger, faster = sizes[1:] / sizes[:-1], speeds[1:] / speeds[:-1]
    level = np.flatnonzero((larger >= LARGER) & (np.abs(faster - 1) < LEVEL))
    return int(level[-1]) if len(level) else 0
