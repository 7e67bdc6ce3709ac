"""What a larger batch buys: the examples that one second of training gets through.

Source  000; 004, whose advice on batch sizes names no measurement
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.descent._measured import step_time
from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_timing": "batch_size (x_batch), step_seconds (x_batch), throughput (x_batch), n_train",
}

VISUAL = Visual(
    uses=["mnist_timing"],
    title="{gain:?none=A larger batch buys no speed here|all=One by one, {speed_one:.3r} examples "
    "a second; in batches, up to {speed_most:.3r}|some=One by one, {speed_one:.3r} examples "
    "a second; in batches, up to {speed_most:.3r}}",
    subtitle="What one CPU thread gets through in a second of training.",
    alt="A column for each batch size, as high as the examples that one second of training gets "
    "through: {speed_one:.3r} one by one, and at most {speed_most:.3r}; an arrow rises from the "
    "lowest to that height. Batches of {size_enough:,} "
    "come within a tenth of it. Under each column stands how long a step takes.",
    caption="Measured on one CPU thread, a network of {n_params:,} parameters, {dataset}; all "
    "batches with the same step-by-step program, each the median step of the fastest of a few "
    "rounds. A step has a price of its own, whatever the batch: a larger batch shares it out among "
    "more examples, until what is left is the price of the examples. It buys no better steps: for "
    "as many examples it takes fewer of them.",
    words={
        "speed": "{speed:.3r}",
        "size": "{size:,}",
        "times": "{times:.0f} times\nas many",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batches", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

LEFT, TOP = 92.0, 64.0  # of the columns, CSS pixels
TALL, ROW = 250.0, 24.0  # their height, and that of a row under them
CLEAR = 1.5  # so many times as fast is worth an arrow


def draw(recording: xr.Dataset) -> Figure:
    """Return the columns over batch sizes, the tallest against the first, and times of a step."""
    fig = Canvas(TOP + TALL + 4 * ROW + 20, narrow=True)
    _columns(fig.place(LEFT, TOP, WIDTH - LEFT - MARGIN, TALL), recording)
    return fig


def _kind(size: int, n_train: int) -> str:
    return "stochastic" if size == 1 else "batch" if size == n_train else "mini_batch"


def _columns(ax: Axes, recording: xr.Dataset) -> None:
    """Draw a column a batch size, and write under it how long a step takes."""
    sizes, speeds = recording.batch_size.values, recording.throughput.values
    n = len(sizes)
    first = -1.4 if is_narrow() else -0.5  # there the rows are named
    ax.set(xlim=(first, n - 0.5), ylim=(0, 1.04 * speeds.max()))
    ax.spines["bottom"].set_visible(True)
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    kinds = [_kind(int(size), recording.attrs["n_train"]) for size in sizes]
    ax.bar(range(n), speeds, 0.66, color=[series(kind).color for kind in kinds], zorder=2,
           label="speeds")  # fmt: skip
    for i, speed in enumerate(speeds):
        beside(ax, say("speed", speed=speed), (i, speed), shift=(0, 7), ha="center",
               weight="semibold", fontsize=px(13 if is_narrow() else 17))  # fmt: skip
    times = zip(sizes.tolist(), recording.step_seconds.values.tolist(), strict=True)
    rows = [
        ("batch", [say("size", size=int(size)) for size in sizes], "text"),
        (
            "ms a\nstep" if is_narrow() else "ms a step",
            [step_time(*each) for each in times],
            "muted",
        ),
    ]
    for row, (name, values, ink) in enumerate(rows):
        style = {"of": ax.get_xaxis_transform(), "color": color(ink)}
        down = -20 - ROW * row
        side, away = ("left", 0) if is_narrow() else ("right", -8)
        drop = 18 * name.count("\n")  # its first line is level with the numbers
        beside(ax, name, (first, 0), shift=(away, down - drop), ha=side, linespacing=1.2, **style)
        for i, value in enumerate(values):
            beside(ax, value, (i, 0), shift=(0, down), ha="center", **style,
                   fontsize=px(TICK if is_narrow() else LABEL))  # fmt: skip
    for kind in dict.fromkeys(kinds):
        own = [i for i, each in enumerate(kinds) if each == kind]
        beside(ax, series(kind).label, (float(np.mean(own)), 0), of=ax.get_xaxis_transform(),
               shift=(0, -34 - 2 * ROW), ha="center", color=color("muted"))  # fmt: skip
    best = int(speeds.argmax())
    gain = float(f"{speeds[best]:.3g}") / float(f"{speeds[0]:.3g}")  # of the printed ones
    if best and gain > CLEAR:
        high = float(speeds[best])
        ax.plot([-0.33, best - 0.33], [high, high], color=color("text"), linewidth=px(1.25),
                dashes=(4, 3), zorder=1, label="_level")  # fmt: skip
        ax.annotate("", (0, high), (0, float(speeds[0])), zorder=3, arrowprops={
            "arrowstyle": "-|>,head_width=0.3,head_length=0.6", "color": color("text"),
            "linewidth": px(2.5), "shrinkA": px(30), "shrinkB": 0})  # fmt: skip
        beside(ax, say("times", times=gain), (0, 0.74 * high), shift=(12, 0), weight="semibold",
               fontsize=px(17), linespacing=1.25, va="center")  # fmt: skip
    heading(ax, "examples a second", lift=30)
