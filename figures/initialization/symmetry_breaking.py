"""Hidden units that start equal stay one unit; a random start, or a rounding, parts them.

Source  001, "avoid all parameters set to same value"; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.colors import halo
from figures.parts.fits import field, points
from look.lines import n_lines
from look.numbers import joined
from look.theme import color
from look.words import Visual, say

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), apart (run, snapshot), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), parted, parted_at"
}

VISUAL = Visual(
    uses=["symmetry_breaking"],
    title="{stayed:?{hidden} units that start equal do not stay equal here|{hidden} hidden units "
    "that start equal stay one{parted:?|, unless rounding parts them}}",
    subtitle="Two moons after {n_steps:,} steps. A line in colour: where a hidden unit changes its "
    "sign; equal units share one. Where blue meets orange, the network is undecided.",
    alt="Two large maps of two moons of points, one network each, with the lines of its {hidden} "
    "hidden units. All weights equal: {equal_accuracy:.0%} of the points are right, and the units "
    "differ by {equal_apart:.1n} at most. Random: {random_accuracy:.0%}, {random_apart:.1n}. A "
    "small map: equal weights in single precision, {rounded_accuracy:.0%}, {rounded_apart:.1n}.",
    caption="Networks 2–{hidden}–2 with tanh, all weights {constant:g} and biases 0, or LeCun’s "
    "normal start; {n_steps:,} steps of Adam, η = {lr:g}, on all {n_train} points. Equal units get "
    "equal gradients. {exactly:?In double precision they differ by {equal_apart:.1n} at most|In "
    "double precision they stay equal to the last bit}. {parted:?Single precision does not part "
    "them by 0.1 here, either|In single precision, sums that are added in another order are "
    "rounded otherwise: a difference of {first_apart:.1n} at first, which training makes grow "
    "until, from step {parted_at:,} on, units differ by more than 0.1}. Whether and when rounding "
    "does that hangs on the machine.",
    words={
        "equal": "all weights equal",
        "rounded": "equal, but 32 bits",
        "random": "random weights",
        "right": "{share:.0%} right",
        "lines": "{n:?no line|one line|{n} lines}",
        "largest": "difference between two units’ weights: {large:?|up to }{far}",
        "bits": "Above, numbers have 64 bits. {parted:?With 32, too, the units stay less than 0.1 "
        "apart|With 32, rounding parts the units: by more than 0.1 from step {parted_at:,} on}."
        "{shared:?| Some still share a line.}",
        "start": "{hidden} hidden units start equal: will they learn different things?\n"
        "A line: where a unit’s sum is 0. Where blue meets orange, the network is undecided.",
        "training": "Equal units get equal gradients. So: a random start\n"
        "{hidden} lines from the first step on, each free to turn: {random_accuracy:.0%} right in "
        "the end.",
        "end": "{stayed:?Here they did not stay equal|Equal units stay one unit{parted:?|, "
        "unless rounding parts them}}\n"
        "Equal again, but with numbers of 32 bits: sums in another order round differently.",
        "differs": "two units differ by",
        "differ": "{large:?less than 0.1|{x:.1f}}",
        "zero": "exactly 0",
    },
    series={
        "equal": ["all weights equal", "muted"],
        "rounded": ["equal, but 32 bits", "purple"],
        "random": ["random weights", "green"],
    },
)

LARGE = ("equal", "random")  # what fails, and what works; what surprises is small below
GAP, SMALL = 22.0, 196.0  # between the large maps; width of the small one
ABOVE, BELOW = 34.0, 30.0  # of a map, for its name and for how far units differ
SURE = 1e-6  # a probability nearer to 0 or 1 is drawn as this


def draw(recording: xr.Dataset) -> Figure:
    """Return two large maps at the end, and under them that of the rounded network."""
    x, y = recording.grid_x.values, recording.grid_y.values
    ratio = float((y[-1] - y[0]) / (x[-1] - x[0]))
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    side = sheet - 2 * margin if is_narrow() else (sheet - 2 * margin - GAP) / 2
    tall = ABOVE + side * ratio + BELOW
    low = tall * (2 if is_narrow() else 1) + 14  # top of the small one
    words = _bits(recording, sheet - 2 * margin if is_narrow() else 340.0)
    foot = low + ABOVE + SMALL * ratio + BELOW + (20 * len(words) if is_narrow() else 0)
    fig = Canvas(foot + 8, narrow=foot + 8)
    for i, name in enumerate(LARGE):
        left, top = (margin, i * tall) if is_narrow() else (margin + i * (side + GAP), 0.0)
        ax = fig.place(left, top + ABOVE, side, side * ratio)
        _map(ax, recording.sel(run=name).isel(snapshot=-1), name, 22)
    ax = fig.place(margin, low + ABOVE, SMALL, SMALL * ratio)
    _map(ax, recording.sel(run="rounded").isel(snapshot=-1), "rounded", LABEL)
    for k, line in enumerate(words):
        at = ((0, 0), (0, -BELOW - 14 - 20 * k)) if is_narrow() else ((1, 1), (24, -24 - 25 * k))
        beside(ax, line, at[0], of=AXES, shift=at[1], va="baseline", fontsize=px(_size()))
    return fig


def _bits(recording: xr.Dataset, room: float) -> list[str]:
    """Return in lines what rounding does."""
    units = recording.unit.sel(run="rounded").values[-1, :, :3]
    shared = recording.attrs["parted"] and 1 < n_lines(units) < len(units)
    return [joined([line]) for line in wrap(say("bits", shared=int(shared)), _size(), room)]


def _size() -> float:
    return LABEL if is_narrow() else 17.0


def _map(ax: Axes, one: xr.Dataset, name: str, size: float) -> None:
    x, y = one.grid_x.values, one.grid_y.values
    p = np.clip(one.probability.values.astype(float), SURE, 1 - SURE)
    field(ax, x, y, one.probability, logit=np.log(p / (1 - p)))
    point = one.point.values
    points(ax, point[:, 0], point[:, 1], one.label, size=5.5 if name in LARGE else 4.0)
    ends = np.array([x[0] - 1, x[-1] + 1])
    for unit in one.unit.values:
        across, up, bias = unit[:3]
        if not (across or up):
            continue  # its sum is 0 nowhere, or everywhere
        if abs(up) > abs(across):
            line = ends, -(bias + across * ends) / up
        else:
            tall = np.array([y[0] - 1, y[-1] + 1])
            line = -(bias + up * tall) / across, tall
        ax.plot(*line, color=color("yellow"), linewidth=px(2.5 if name in LARGE else 2),
                label="unit", zorder=4)  # fmt: skip
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), xticks=[], yticks=[])
    beside(ax, say(name), (0, 1), of=AXES, shift=(0, 9), weight="semibold",
           fontsize=px(17 if name in LARGE else LABEL))  # fmt: skip
    said = say("lines", n=n_lines(one.unit.values[:, :3]))
    beside(ax, said, (0, 1), of=AXES, shift=(8, -8), va="top", weight="semibold",
           fontsize=px(size), path_effects=halo(3), zorder=6)  # fmt: skip
    right = say("right", share=float(one.accuracy))
    at, shift, ha = ((1, 1), (0, 9), "right") if name in LARGE else ((1, 0), (0, -18), "right")
    beside(ax, right, at, of=AXES, shift=shift, ha=ha, color=color("muted"))
    if name in LARGE:
        apart = float(one.apart)
        far = say("differ", x=apart, large=int(apart >= 0.1)) if apart else say("zero")
        beside(
            ax,
            say("largest", far=far, large=int(apart >= 0.1)),
            (0, 0),
            of=AXES,
            shift=(0, -19),
            color=color("muted"),
        )
