"""Digits that slowly turn: the accuracy of a frozen model and of one that learns as it goes.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import LABEL, TICK, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import digit
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "online_learning": "accuracy (run, step), image (example, y, x), "
    "image_step (example), image_angle (example), run (run), step (step), crossing, "
    "crossing_angle, n_stream, turning_from, turning_to, window, many",
}

VISUAL = Visual(
    uses=["online_learning"],
    title="The {many} turn: the frozen model ends at {frozen_end:.0%} right, the learning one at "
    "{online_end:.0%}",
    subtitle="Frozen: trained on {n_batch:,} upright {many} before the stream begins. Learning: "
    "untrained at first, then one step on each example of the stream, after its answer.",
    alt="Above, images of class {sample_name} that turn from upright to {last_angle:g} degrees. "
    "Below, two curves of accuracy along a stream of {n_stream:,} {many}. The frozen model "
    "ends at {frozen_end:.0%}, the learning one at {online_end:.0%}.",
    caption="Accuracy over the last {window} examples of a stream of {n_stream:,} {many} "
    "({dataset}), each answered before it is learnt from; both {widths} networks, the "
    "learning one at η = {lr:g}. In this stream, {crosses:?the learning one is not ahead at "
    "the end|from example {crossing:,} on, at {crossing_angle:.0f}°, the learning one stays "
    "ahead}. On {n_test:,} upright test {many} the frozen model keeps its "
    "{frozen_upright:.1%}, while the learning one gets {online_upright_best:.1%} at best and "
    "{online_upright_end:.1%} in the end{forgets:?|: nothing in the stream reminds it of "
    "what it saw before}. The pictures are a sample, of one class.",
    words={
        "upright": "A trained model against a beginner\n"
        "Frozen: trained on {n_batch:,} {many}. Learning: one step after each answer.",
        "turning": "Now the {many} turn\n"
        "From upright to {last_angle:g}°, a little with each example.",
        "turned": "{crosses:?Here the learning model is not ahead at the end|The one that goes on "
        "learning is ahead now}\n"
        "At {last_angle:g}°, the frozen model ends at {frozen_end:.0%} right, the learning one at "
        "{online_end:.0%}.",
        "window": "last {window} examples",
        "window film": "right among\nthe last {window}",
        "stream film": "examples of the stream",
        "ahead": "learning is ahead from here on, at {crossing_angle:.0f}°",
        "angle": "{angle:.0f}°",
        "turn": "the {many} turn",
    },
    series={
        "frozen": ["frozen", "purple"],
        "online": ["learning", "yellow"],
    },
)

LEFT, RIGHT = 62.0, 112.0
TILES, TILE = 8.0, 56.0  # top and side of the pictures, CSS pixels
MAIN, TALL = 132.0, 262.0
SHOWN = 8  # pictures


def draw(recording: xr.Dataset) -> Figure:
    """Return the pictures over the chart, each where it comes in the stream."""
    fig = Canvas(MAIN + TALL + 60)
    width = WIDTH - LEFT - RIGHT
    ax = fig.place(LEFT, MAIN, width, TALL)
    _axes(ax, recording)
    heading(ax, "right answers", say("window"))
    lines = [
        ax.plot(
            recording.step,
            recording.accuracy.sel(run=run),
            color=series(run).color,
            label=series(run).label,
            linewidth=px(2.75),
            zorder=3,
        )[0]
        for run in recording.run.values.tolist()
    ]
    ends = {line.get_label(): percent(float(line.get_ydata()[-1])) for line in lines}
    label_ends(ax, lines, notes=ends)
    corner = (recording.attrs["turning_from"], 0.04)
    beside(ax, say("turn"), corner, shift=(8, 0), color=color("muted"))
    name_axes(ax, x="examples of the stream")
    _crossing(ax, recording)
    _pictures(fig, recording, width)
    return fig


def _axes(ax: Axes, recording: xr.Dataset) -> None:
    n = recording.attrs["n_stream"]
    ax.set(xlim=(0, n), ylim=(0, 1))
    ax.grid(axis="y")
    ticks(ax, "y", [0, 0.5, 1], percent)
    first, last = recording.attrs["turning_from"], recording.attrs["turning_to"]
    ticks(ax, "x", [0, first, last, n])
    ax.axvspan(first, last, color=color("quiet"), alpha=0.3, linewidth=0, zorder=0)


def _crossing(ax: Axes, recording: xr.Dataset) -> None:
    """Mark where the learning model gets ahead for good."""
    at = recording.attrs["crossing"]
    if at < 0:
        return
    height = float(recording.accuracy.sel(run="online", step=at))
    if not np.isfinite(height):
        return
    top = 0.95  # over what the curves reach while the digits turn
    stem = {"color": color("muted"), "linewidth": px(1), "label": "_crossing", "zorder": 2}
    ax.plot([at, at], [height, max(top, height)], **stem)
    dot(ax, at, height, color=color("text"), size=9, zorder=6)
    words = "\n".join(wrap(say("ahead"), LABEL, 120)) if is_narrow() else say("ahead")
    right = at < recording.attrs["n_stream"] / 2
    beside(
        ax,
        words,
        (at, max(top, height)),
        shift=(7 if right else -7, 2 if is_narrow() else -8),
        ha="left" if right else "right",
        va="top" if is_narrow() else "baseline",
        path_effects=halo(),
    )


def _pictures(fig: Canvas, recording: xr.Dataset, width: float) -> None:
    """Put some of the stream's digits where they come in it."""
    shown = min(SHOWN, recording.sizes["example"])
    shares = np.arange(1, shown + 1) / (shown + 1)
    places = recording.image_step.values
    for share in shares:
        nearest = np.abs(places - share * recording.attrs["n_stream"]).argmin()
        one = recording.isel(example=int(nearest))
        left = LEFT + share * width - TILE / 2
        ax = fig.place(left, TILES, TILE, TILE)
        ax.axis("off")
        digit(ax, one.image)
        fig.write(
            left + TILE / 2,
            TILES + TILE + 17,
            say("angle", angle=one.image_angle),
            size=TICK,
            color=color("muted"),
            ha="center",
        )
