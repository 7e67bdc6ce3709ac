"""Hidden units that start equal stay one unit; a random start parts them.

Source  001, "avoid all parameters set to same value"; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import line_halo
from figures.parts.fits import field, points
from look.lines import n_lines
from look.theme import color
from look.words import Visual, say

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), apart (run, snapshot), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), hidden"
}

VISUAL = Visual(
    uses=["symmetry_breaking"],
    title="{hidden} hidden units that started equal {stayed:?did not stay equal|stayed one unit}",
    subtitle="Two classes of points, after {n_steps:,} steps. Purple: where a hidden unit’s output "
    "is 0; equal units share one line. The other line: where the answer changes.",
    alt="Two maps of two moons of points, one network each, with the lines of its {hidden} hidden "
    "units. All weights equal: {equal_accuracy:.0%} of the points are right, and two units’ "
    "weights differ by {equal_apart:.1n} at most. Random: {random_accuracy:.0%}, "
    "{random_apart:.1n}.",
    caption="Networks 2–{hidden}–2 with tanh, all weights {constant:g} and biases 0, or LeCun’s "
    "normal start; {n_steps:,} steps of Adam, η = {lr:g}, on all {n_train} points. Equal units get "
    "equal gradients. {exactly:?With numbers of 64 bits, as drawn, they differ by "
    "{equal_apart:.1n} at most|With numbers of 64 bits, as drawn, they stay equal to the last "
    "bit}. {parted:?With 32 bits rounding does not part them by 0.1 here, either|With 32 bits, "
    "sums that are added in another order round differently: a difference of {first_apart:.1n} at "
    "first, which training makes grow until, from step {parted_at:,} on, units differ by more "
    "than 0.1}. Whether and when rounding does that hangs on the machine.",
    words={
        "equal": "all weights equal",
        "random": "random weights",
        "exact": "equal, with 64 bits",
        "rounded": "equal, with 32 bits",
        "right": "{share:.0%} right",
        "lines": "{n:?no line|{hidden} units, one line|{hidden} units, {n} lines}",
        "largest": "weights differ by {large:?|up to }{far}",
        "start": "{hidden} hidden units start equal: will they learn different things?\n"
        "Purple: where a unit’s output is 0. White line: where the answer changes.",
        "training": "Equal units get equal gradients. So: a random start\n"
        "{hidden} lines from the first step on, each free to turn.",
        "again": "Equal again, but rounded to 32 bits: will they part?\n"
        "Left: with 64 bits, as before. Right: every sum is rounded more coarsely.",
        "end": "With 64 bits they {stayed:?do not stay equal|stay one}; with 32, {parted:?rounding "
        "does not part them|rounding parts them by step {parted_at:,}}\n"
        "Whether it does depends on the machine. A random start parts them at once.",
        "lesson": "A random start: {random_accuracy:.0%} right; an equal one: "
        "{equal_accuracy:.0%}\nBoth after {n_steps:,} steps with 64 bits.",
        "step": "step {x:,}",
        "differ": "{large:?less than 0.1|{x:.1f}}",
        "zero": "exactly 0",
    },
)

RUNS = ("equal", "random")  # what fails, and what works
GAP = 22.0  # between the maps
ABOVE, BELOW = 34.0, 30.0  # of a map, for its name and for how far units differ
SURE = 1e-6  # a probability nearer to 0 or 1 is drawn as this


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps at the end."""
    x, y = recording.grid_x.values, recording.grid_y.values
    ratio = float((y[-1] - y[0]) / (x[-1] - x[0]))
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    side = sheet - 2 * margin if is_narrow() else (sheet - 2 * margin - GAP) / 2
    tall = ABOVE + side * ratio + BELOW + (12 if is_narrow() else 0)
    fig = Canvas(tall + 8, narrow=2 * tall + 8)
    for i, name in enumerate(RUNS):
        left, top = (margin, i * tall) if is_narrow() else (margin + i * (side + GAP), 0.0)
        ax = fig.place(left, top + ABOVE, side, side * ratio)
        _map(ax, recording.sel(run=name).isel(snapshot=-1), name)
    return fig


def _map(ax: Axes, one: xr.Dataset, name: str) -> None:
    x, y = one.grid_x.values, one.grid_y.values
    p = np.clip(one.probability.values.astype(float), SURE, 1 - SURE)
    field(ax, x, y, one.probability, logit=np.log(p / (1 - p)))
    point = one.point.values
    points(ax, point[:, 0], point[:, 1], one.label, size=5.5)
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
        ax.plot(*line, color=color("purple"), linewidth=px(2.75), label="unit", zorder=4,
                path_effects=line_halo(2.75, 0.8))  # fmt: skip
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), xticks=[], yticks=[])
    beside(ax, say(name), (0, 1), of=AXES, shift=(0, 9), weight="semibold", fontsize=px(17))
    said = say("lines", n=n_lines(one.unit.values[:, :3]))
    beside(ax, said, (0, 0), of=AXES, shift=(0, -22), weight="semibold", fontsize=px(18))
    right = say("right", share=float(one.accuracy))
    beside(ax, right, (1, 1), of=AXES, shift=(0, 9), ha="right", color=color("muted"))
    apart = float(one.apart)
    far = say("differ", x=apart, large=int(apart >= 0.1)) if apart else say("zero")
    told = say("largest", far=far, large=int(apart >= 0.1))
    beside(ax, told, (1, 0), of=AXES, shift=(0, -22), ha="right", color=color("muted"))
