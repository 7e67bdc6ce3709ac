"""Five activations, and under each its slope; where that is zero is shaded.

Source  002; 004, which calls ReLU strictly increasing and not continuous
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, NARROW_MARGIN, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from look.numbers import joined
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "activations": "z (x), value (run_function, x), derivative (run_function, x), "
    "run_function (run_function), leak",
}

VISUAL = Visual(
    uses=["activations"],
    title="Where the slope is zero, nothing is learned",
    subtitle="Five activation functions, each over its slope, by which every step of "
    "learning is multiplied. Grey: the slope is 0.",
    alt="Five columns, a function above and its slope below. The step jumps from 0 to 1: its slope "
    "is zero on both sides, and all of it is shaded. The ReLU is zero and then rises: its left "
    "half is shaded, on the right the slope is 1. The leaky ReLU has a slope of {leak:g} on the "
    "left, and nothing is shaded. The slope of the sigmoid is a low hump of {sigmoid_steepest:g} "
    "at most, that of tanh a hump up to 1.",
    caption="The step's slope is zero: gradient descent cannot use it, and at its jump it has "
    "none. At their kink at z = 0, ReLU and leaky ReLU have none either; autograd takes "
    "{relu_kink:g} and {leaky_kink:g}, as on the left. The sigmoid's slope is never more "
    "than {sigmoid_steepest:g}. Softmax mixes all its inputs, so its slopes are a matrix, "
    "pᵢ(1 − pᵢ) for an input’s own output and −pᵢpⱼ for another’s: each row adds up to zero.",
    words={
        "start": "Steps that are too large: which unit survives?\n"
        "Dots: {n_train} examples at the unit’s weighted sum. Learning rate {lr:g}.",
        "silence": "Below zero the ReLU has no slope: it has nothing to learn by\n"
        "All of its sums are there now. The leaky one has a little slope, and creeps back.",
        "verdict": "The ReLU died at step {died}, the leaky one came back at {recovered}\n"
        "Same start, same {n_train} examples, same learning rate.",
        "relu fate": "dead since step {died}",
        "leaky_relu fate": "back at step {recovered}",
        "step now": "step {step}",
        "slope here": "slope {slope:g}",
        "relu glass": "slope {slope:g}: nothing moves",
        "leaky_relu glass": "slope {slope:g}: they creep back",
        "says": "Points: what both are to learn. Lines: what they say.",
        "zoom": "{times:.0f} times larger",
        "step": "$1$ if $z\\geq 0$, else $0$",
        "relu": "$\\max(0,z)$",
        "leaky_relu": "$\\max({leak}z,z)$",
        "sigmoid": "$\\sigma(z)=\\dfrac{{1}}{{1+e^{{-z}}}}$",
        "tanh": "$2\\sigma(2z)-1$",
        "function": "$h(z)$",
        "slope": "slope\n$h\\prime(z)$",
        "slope narrow": "slope $h\\prime(z)$",
        "sum": "weighted sum $z$",
        "hump": "{slope:g} at most",
        "open": "{slope:g}",
        "flat": "{slope:g}: learns nothing",
        "leaking": "{slope:g}: learns a little",
    },
    series={
        "step": ["step", "slate"],
        "relu": ["ReLU", "vermillion"],
        "leaky_relu": ["leaky ReLU", "yellow"],
        "sigmoid": ["sigmoid", "green"],
        "tanh": ["tanh", "purple"],
    },
)

VIEW = 2.5  # of sums, to both sides
ACROSS, GAP, LEFT = 110.0, 17.0, 74.0  # columns, CSS pixels: width, space between, first edge
SMALL, TALL = 78.0, 180.0  # heights of function and slope
# On the narrow sheet they are rows: function left, past the margin, slope right.
ROW, INDENT = 140.0, 14.0
SLOPE = 160.0, 184.0, 100.0  # left edge, width and height


def draw(recording: xr.Dataset) -> Figure:
    """Return the functions over their slopes."""
    names = recording.run_function.values.tolist()
    recording = recording.isel(x=np.abs(recording.z.values) <= VIEW)
    below = 30 + SMALL + 62
    fig = Canvas(below + TALL + 54, narrow=ROW * len(names) + 50)
    for i, name in enumerate(names):
        one = recording.sel(run_function=name)
        if is_narrow():
            function = fig.place(NARROW_MARGIN + INDENT, 30 + ROW * i, ACROSS, SMALL)
            slope = fig.place(SLOPE[0], 22 + ROW * i, SLOPE[1], SLOPE[2])
        else:
            left = LEFT + i * (ACROSS + GAP)
            function = fig.place(left, 30, ACROSS, SMALL)
            slope = fig.place(left, below, ACROSS, TALL)
        _function(function, one, name, first=i == 0 or is_narrow())
        _slope(slope, one, name, first=i == 0, last=i == len(names) - 1)
    if not is_narrow():
        side = MARGIN - LEFT
        first, *_, last = fig.axes
        beside(first, say("function"), (0, 0.5), of=AXES, shift=(side, 0), parse_math=True,
               va="center", color=color("muted"))  # fmt: skip
        beside(fig.axes[1], say("slope"), (0, 0.5), of=AXES, shift=(side, 0), parse_math=True,
               va="center", color=color("muted"), linespacing=1.4)  # fmt: skip
        beside(last, say("sum"), (1, 0), of=AXES, shift=(0, -44), parse_math=True, ha="right",
               color=color("muted"))  # fmt: skip
    return fig


def _flat(one: xr.Dataset) -> list[tuple[float, float]]:
    """Return where the slope is 0: from, to."""
    z, slope = one.z.values, one.derivative.values
    found = []
    for side in (z < 0, z > 0):
        here = z[side & (slope == 0)]
        if len(here):
            found.append((min(here[0], 0.0), max(here[-1], 0.0)))
    return found


def _function(ax: Axes, one: xr.Dataset, name: str, *, first: bool) -> None:
    z = one.z.values
    tall = np.ptp(z) * SMALL / ACROSS  # one is as high as wide: a slope is as steep as it is
    ax.set(xlim=(z[0], z[-1]), ylim=(0.4 - tall / 2, 0.4 + tall / 2))
    ticks(ax, "x", [])
    ticks(ax, "y", [0, 1] if first else [])
    heading(ax, series(name).label, lift=9)
    for start, end in _flat(one):
        ax.axvspan(start, end, color=color("quiet"), alpha=0.5, linewidth=0, zorder=-1)
    for line, at in ((ax.axhline, 0), (ax.axhline, 1), (ax.axvline, 0)):
        line(at, color=color("quiet"), linewidth=px(1.2), zorder=0)
    _broken(ax, z, one.value.values, color=series(name).color, label="h", linewidth=px(3.5))
    beside(ax, say(name), (0, 0), of=AXES, shift=(0, -20 if is_narrow() else -24), parse_math=True)


def _broken(ax: Axes, z: np.ndarray, values: np.ndarray, **style: Any) -> None:
    """Draw a function; a jump is a gap: no line stands upright where it has no value."""
    jump = np.flatnonzero(np.abs(np.diff(values)) > 0.5)
    shown = np.insert(values.astype(float), jump + 1, np.nan)
    ax.plot(np.insert(z, jump + 1, np.nan), shown, zorder=3, **style)


def _slope(ax: Axes, one: xr.Dataset, name: str, *, first: bool, last: bool) -> None:
    z, slope = one.z.values, one.derivative.values
    ax.set(xlim=(z[0], z[-1]), ylim=(0, 1.14))
    hue, narrow = series(name).color, is_narrow()
    flat = _flat(one)
    for start, end in flat:
        ax.axvspan(start, end, color=color("quiet"), alpha=0.5, linewidth=0, zorder=-1,
                   label="slope 0")  # fmt: skip
    ax.axvline(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    ax.axhline(1, color=color("quiet"), linewidth=px(1.2), zorder=0)
    steps = np.abs(np.diff(slope)) > 0.5  # no slope there
    ax.fill_between(z, slope, where=~np.append(steps, False), color=hue, alpha=0.3, linewidth=0)
    _broken(ax, z, slope, color=hue, label="slope", linewidth=px(3.5), clip_on=False)
    ticks(ax, "x", [-2, 0, 2] if last or not narrow else [])
    ticks(ax, "y", [0, 1] if first or narrow else [])
    if narrow and last:
        ax.set_xlabel(say("sum"), labelpad=px(4), fontsize=px(LABEL), parse_math=True)
    if narrow and first:
        beside(ax, say("slope narrow"), (0, 1), of=AXES, shift=(0, 6), parse_math=True,
               color=color("muted"))  # fmt: skip
    bold = {"weight": "semibold", "path_effects": halo(2.5), "linespacing": 1.3}
    pixel = np.ptp(z) / (SLOPE[1] if narrow else ACROSS)
    if flat:
        start, end = flat[0][0], flat[-1][1]
        said, high, side = say("flat", slope=0.0), 0.5, "center"
    elif slope[0] < slope[-1]:
        start, end, high, side = z[0], 0.0, slope[0], "bottom"
        said = say("leaking", slope=slope[0])
    else:  # a hump
        beside(ax, say("hump", slope=np.nanmax(slope)), (0, float(np.nanmax(slope))),
               shift=(0, 8), ha="center", **bold)  # fmt: skip
        return
    room = (end - start) / pixel - 8
    value, what = said.split(" ", 1)
    lines = joined([value, *wrap(what, LABEL, room, "semibold")], "\n")
    beside(ax, lines, ((start + end) / 2, high), ha="center", va=side,
           shift=(0, 8 if side == "bottom" else 0), **bold)  # fmt: skip
    if slope[-1] > 0:
        beside(ax, say("open", slope=slope[-1]), (z[-1] / 2, float(slope[-1])), shift=(0, 8),
               ha="center", **bold)  # fmt: skip
