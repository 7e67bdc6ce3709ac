"""XOR by a straight line and by a network, and how often each width gets there.

Source  003
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import fits
from figures.parts.axes import AXES, beside, heading, ticks
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import number, percent
from look.theme import color
from look.words import Visual, say

READS = {
    "xor_boundary": "probability (snapshot, y, x), points (example, feature), "
    "label (example), success (run), hidden (run), line_angle (position_angle), "
    "line_offset (position_angle), line_right (position_angle), "
    "line_wrong (position_angle, example), x (x), y (y), line_best, n_right, n_networks",
}

VISUAL = Visual(
    uses=["xor_boundary"],
    title="XOR takes more than one straight line",
    subtitle="XOR is 1 if exactly one input is 1. Left one of the best straight lines, right a "
    "trained network. Below: the share of networks that get all four points right.",
    alt="First, four points at the corners of a square, those with the output 1 at opposite "
    "corners, and a straight line, the best that there is: {line_best} of 4 are right, the wrong "
    "one is ringed. Then the same points on a plane tinted by what a network of {hidden} "
    "units makes of it, with a bent boundary; {n_right} of 4 lie on the right side of it. Then "
    "a bar for each number of hidden units: {wider}; with {shown} units {success_shown:.0%} "
    "of them do.",
    caption="The four points of XOR; orange is 1, blue is 0, the line is where the network gives "
    "both the probability ½. {activation} networks trained with Adam, η = {lr:g}, for "
    "{n_steps} steps on all four points; the watched one has the seed {seed} and ends with "
    "{n_right} of 4 points right. A single hidden unit can only draw one straight boundary, which "
    "is never enough. Of {n_networks} networks with {shown} units {success_shown:.0%} get there "
    "within these steps: which do depends on the initial weights alone.",
    words={
        "line": "XOR: can one straight line part the 1s from the 0s?\n"
        "It turns through all angles, clear of the points. Ring: on the wrong side.",
        "of four": "{n} of 4",
        "at this angle": "right with this line",
        "angle": "{angle:.0f}°",
        "at most": "never more than {line_best}",
        "learning": "A network’s boundary can bend\n"
        "The tint is how probable the network finds a 1: blue 0, orange 1.",
        "widths": "hidden units",
        "counted": "and the share of {n_networks} that succeed",
        "straight": "One straight line",
        "bent": "{hidden} hidden units",
        "right": "{n} of 4 right",
        "wrong": "wrong",
        "x1": "x_1",
        "x2": "x_2",
        "axis": "${name}$",
    },
)

FIELD, SLIM = 288.0, 140.0  # side of a field, CSS pixels; on the narrow sheet
TOP = 34.0
BARS = 116.0  # height of all of them
LINE = 45.0  # degrees: as this line lies, or the next that gets as many right


def draw(recording: xr.Dataset) -> Figure:
    """Return the straight line beside the watched network, over the counted ones."""
    sheet, margin, field, under = WIDTH, MARGIN, FIELD, 0.0
    if is_narrow():
        sheet, margin, field, under = NARROW, NARROW_MARGIN, SLIM, 19.0
    left, right = margin + 24, sheet - margin - field
    second = TOP + under + field + 92
    fig = Canvas(second + BARS + 30, narrow=second + BARS + 30)
    straight, bent = (fig.place(x, TOP + under, field, field) for x in (left, right))
    _straight(straight, recording)
    fits.field(bent, recording.x, recording.y, recording.probability[-1], width=3.5)
    _heading(bent, say("bent"), say("right", n=recording.attrs["n_right"]))
    for ax in (straight, bent):
        _points(ax, recording)
    _counted(fig.place(left, second, sheet - margin - left - 52, BARS), recording)
    return fig


def _heading(ax: Axes, name: str, note: str) -> None:
    """Write a field's name and how many are right, on the narrow sheet under each other."""
    if is_narrow():
        heading(ax, name, lift=27)
        beside(ax, note, (0, 1), of=AXES, shift=(0, 8), color=color("muted"))
    else:
        heading(ax, name, note)


def _straight(ax: Axes, recording: xr.Dataset) -> None:
    """Draw one of the best straight lines, its two sides, and a ring around what it gets wrong."""
    best = np.flatnonzero(recording.line_right.values == recording.attrs["line_best"])
    k = best[np.abs(recording.line_angle.values[best] - LINE).argmin()]
    turn, offset = np.radians(recording.line_angle.values[k]), recording.line_offset.values[k]
    normal = np.array([np.cos(turn), np.sin(turn)])
    wrong = recording.line_wrong.values[k].astype(bool)
    beyond = recording.points.values @ normal > offset
    # What the line says on its far side: what those of its points say, or those wrong on it don't.
    says = np.where(wrong, 1 - recording.label.values, recording.label.values)[beyond][0]
    across, up = np.meshgrid(recording.x.values, recording.y.values)
    away = (across * normal[0] + up * normal[1] - offset) * (1 if says == 1 else -1)
    fits.field(ax, recording.x, recording.y, (away > 0).astype(float), logit=away, width=3.5)
    _heading(ax, say("straight"), say("right", n=int((~wrong).sum())))
    for at in recording.points.values[wrong]:
        size, down = (38, -36) if is_narrow() else (52, -46)
        dot(ax, *at, color="none", size=size, markeredgecolor=color("vermillion"),
            markeredgewidth=px(4))  # fmt: skip
        beside(ax, say("wrong"), tuple(at), shift=(0, down), ha="center", weight="semibold",
               path_effects=halo())  # fmt: skip


def _points(ax: Axes, recording: xr.Dataset) -> None:
    x, y = recording.points.values.T
    fits.points(ax, x, y, recording.label, size=26 if is_narrow() else 30, hollow=True)
    for at, label in zip(recording.points.values, recording.label.values, strict=True):
        beside(
            ax, number(label), tuple(at), ha="center", va="center_baseline", weight="semibold",
            fontsize=px(13 if is_narrow() else 16), zorder=5,
        )  # fmt: skip
    ticks(ax, "x", [0, 1])
    ticks(ax, "y", [0, 1])
    for name, at, shift in (("x1", (0.5, 0), (0, -24)), ("x2", (0, 0.5), (-14, 0))):
        beside(ax, say("axis", name=say(name)), at, of=AXES, shift=shift, ha="center",
               va="center_baseline", parse_math=True, color=color("muted"))  # fmt: skip


def _counted(ax: Axes, recording: xr.Dataset) -> None:
    """Draw a bar for each width, its share written behind it."""
    hidden, success = recording.hidden.values, recording.success.values
    rows = np.arange(len(hidden))
    ax.set(xlim=(0, 1), ylim=(len(hidden) - 0.5, -0.5))
    ax.barh(rows, np.ones(len(rows)), height=0.62, color=color("quiet"), zorder=1)
    ax.barh(rows, success, height=0.62, color=color("green"), label="success", zorder=2)
    for row, share in zip(rows, success, strict=True):
        beside(ax, percent(share), (1.0, float(row)), shift=(9, 0), va="center_baseline")
    ticks(ax, "x", [])
    ticks(ax, "y", rows.tolist(), lambda row: number(hidden[int(row)]))
    heading(ax, say("widths"), say("counted"), lift=14)
