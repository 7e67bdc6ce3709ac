"""Digits that slowly turn: the accuracy of a frozen model and of one that learns as it goes.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import LABEL, TICK, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import digit
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "online_learning": "accuracy (run, step), turned (example, y, x), "
    "image_step (example), image_angle (example), run (run), step (step), crossing, "
    "crossing_angle, n_stream, turning_from, turning_to, many",
}

VISUAL = Visual(
    uses=["online_learning"],
    title="The {many} turn: the frozen model ends at {frozen_end:.0%} right, the learning one at "
    "{online_end:.0%}",
    subtitle="Frozen: trained before, on {n_batch:,} upright {many}. Learning: untrained at first, "
    "takes one step after each answer. Curves: right among the last {window}.",
    alt="Above, one {one} of class {sample_name}, turned from upright to {last_angle:g} degrees. "
    "Below, two curves of accuracy along a stream of {n_stream:,} {many}. The frozen model "
    "ends at {frozen_end:.0%}, the learning one at {online_end:.0%}.",
    caption="Accuracy over the last {window} examples of a stream of {n_stream:,} {many} "
    "({dataset}), each answered before it is learnt from; both {widths} networks, the "
    "learning one at η = {lr:g}. In this stream, {crosses:?the learning one is not ahead at "
    "the end|from example {crossing:,} on, at {crossing_angle:.0f}°, the learning one stays "
    "ahead}. On {n_test:,} upright test {many} the frozen model keeps its "
    "{frozen_upright:.1%}, while the learning one gets {online_upright_best:.1%} at best and "
    "{online_upright_end:.1%} in the end{forgets:?|: nothing in the stream reminds it of "
    "what it saw before}. One {one} shows how far all are turned; in the film, pictures are a "
    "sample of the stream, of one class.",
    words={
        "upright": "Who wins when the {many} turn?\n"
        "Frozen: trained on {n_batch:,} {many}. Learning: one step after each answer.",
        "turning": "From {turning_from:,} to {turning_to:,}, the {many} turn by {last_angle:g}°\n"
        "A little with each one. Answers beside the {one}: right ones green, wrong ones red.",
        "turned": "{crosses:?Here the learning model is not ahead at the end|The one that goes on "
        "learning wins}\n"
        "At {last_angle:g}°, the frozen model ends at {frozen_end:.0%} right, the learning one at "
        "{online_end:.0%}.",
        "window film": "right among\nthe last {window}",
        "stream": "{many} so far",
        "ahead": "learning is ahead from here on, at {crossing_angle:.0f}°",
        "angle": "{angle:.0f}°",
        "turn": "the {many} turn",
    },
    series={
        "frozen": ["frozen", "purple"],
        "online": ["learning", "yellow"],
    },
)

TILE, SHOWN = 50.0, 8  # side of a picture, CSS pixels, and how many there are
SLIM_TILE, SLIM_SHOWN = 36.0, 4  # the same on the narrow sheet
TALL, LEADER = 262.0, 10.0  # of the chart; from a picture's angle to the chart


def draw(recording: xr.Dataset) -> Figure:
    """Return one digit, turned as far as the stream is where it hangs, over the chart."""
    tile = SLIM_TILE if is_narrow() else TILE
    top = 8 + tile + 22 + LEADER
    fig = Canvas(top + TALL + 60, narrow=top + TALL + 60)
    left, right = (48.0, 104.0) if is_narrow() else (62.0, 112.0)
    width = fig.width - left - right
    ax = fig.place(left, top, width, TALL)
    _axes(ax, recording)
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
    name_axes(ax, x=say("stream"))
    _crossing(ax, recording)
    _pictures(fig, ax, recording, left, width)
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


def _pictures(fig: Canvas, ax: Axes, recording: xr.Dataset, left: float, width: float) -> None:
    """Hang one digit over the stream, turned as far as the stream's are there."""
    tile, most = (SLIM_TILE, SLIM_SHOWN) if is_narrow() else (TILE, SHOWN)
    shown = min(most, recording.sizes["example"])
    places, last = recording.image_step.values, -np.inf
    for share in np.arange(1, shown + 1) / (shown + 1):
        nearest = np.abs(places - share * recording.attrs["n_stream"]).argmin()
        one = recording.isel(example=int(nearest))
        middle = left + width * float(places[nearest]) / recording.attrs["n_stream"]
        if middle < last + tile + 4:  # of few that were recorded, two are too near to one another
            continue
        last = middle
        picture = fig.place(middle - tile / 2, 8, tile, tile)
        picture.axis("off")
        digit(picture, one.turned)
        fig.write(middle, 8 + tile + 17, say("angle", angle=one.image_angle), size=TICK,
                  color=color("muted"), ha="center")  # fmt: skip
        ax.plot([places[nearest]] * 2, [1, 1 + LEADER / TALL], color=color("muted"),
                linewidth=px(1), clip_on=False, label="_place")  # fmt: skip
