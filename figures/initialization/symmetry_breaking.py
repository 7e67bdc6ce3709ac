"""Hidden units that start equal stay one unit; a random start, or a rounding, parts them.

Source  001, "avoid all parameters set to same value"; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.fits import field, points
from figures.parts.marks import dot
from look.lines import n_lines
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), apart (run, snapshot), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), snapshot (snapshot), parted, "
    "parted_at"
}

VISUAL = Visual(
    uses=["symmetry_breaking"],
    title="{stayed:?{hidden} units that start equal do not stay equal here|{hidden} hidden units "
    "that start equal stay one unit{parted:?|, unless rounding parts them}}",
    subtitle="Two moons after {n_steps:,} steps. A line in colour: a hidden unit, where its sum is "
    "0; equal units share one. The other line: where the network is undecided.",
    alt="Three maps of two moons of points, one network each, with the lines of its {hidden} "
    "hidden units. All weights equal, in double precision: {equal_accuracy:.0%} of the points are "
    "right, and the units differ by {equal_apart:.1n} at most. Equal in single precision: "
    "{rounded_accuracy:.0%}, {rounded_apart:.1n}. Random: {random_accuracy:.0%}, "
    "{random_apart:.1n}. Under them, on a logarithmic axis, how far units differ, step by step.",
    caption="Networks 2–{hidden}–2 with tanh, all weights {constant:g} and biases 0, or LeCun’s "
    "normal start; {n_steps:,} steps of Adam, η = {lr:g}, on all {n_train} points. Equal units get "
    "equal gradients. {exactly:?In double precision they differ by {equal_apart:.1n} at most|In "
    "double precision they stay equal to the last bit}. {parted:?Single precision does not part "
    "them by 0.1 here, either|In single precision, sums that are added in another order are "
    "rounded otherwise: a difference of {first_apart:.1n} at first, which training makes grow "
    "until, from step {parted_at:,} on, units differ by more than 0.1}. Whether and when rounding "
    "does that hangs on the machine.",
    words={
        "equal": "equal, 64 bits",
        "rounded": "equal, 32 bits",
        "random": "random",
        "right": "{share:.0%} right",
        "lines": "{n:?no line|one line|{n} lines}",
        "apart": "largest difference between two units",
        "parted": "step {parted_at:,}: over 0.1",
        "start": "{hidden} hidden units start equal: will they learn different things?\n"
        "A line: where a unit’s sum is 0. Where blue meets orange, the network is undecided.",
        "training": "Equal units get equal gradients. So: a random start\n"
        "{hidden} lines from the first step on, each free to turn by itself.",
        "end": "{stayed:?Here they did not stay equal|Equal units stay one unit{parted:?|, "
        "unless rounding parts them}}\n"
        "Equal again, but with numbers of 32 bits: sums in another order round differently.",
        "differs": "two units differ by",
        "differ": "{large:?less than 0.1|{x:.1f}}",
        "zero": "exactly 0",
    },
    series={
        "equal": ["equal, 64 bits", "muted"],
        "rounded": ["equal, 32 bits", "purple"],
        "random": ["random", "green"],
    },
)

ORDER = ["equal", "random", "rounded"]  # what fails, what works, and what surprises
LOW = 1e-9  # of the axis of differences
ZERO = 1e-11  # where a difference of 0 lies, which no logarithmic axis has: on a line of its own
TOP, SIDE, GAP, LOW_CHART = 34.0, 212.0, 14.0, 80.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps at the end, over the differences between units."""
    x, y = recording.grid_x.values, recording.grid_y.values
    tall = SIDE * float((y[-1] - y[0]) / (x[-1] - x[0]))
    chart = TOP + tall + 56
    fig = Canvas(chart + LOW_CHART + 52)
    there = recording.run.values.tolist()
    for i, name in enumerate(sorted(there, key=ORDER.index)):
        ax = fig.place(MARGIN + i * (SIDE + GAP), TOP, SIDE, tall)
        _map(ax, recording.sel(run=name).isel(snapshot=-1), name)
    _apart(fig.place(70, chart, WIDTH - 70 - 170, LOW_CHART), recording)
    return fig


def _map(ax: Axes, one: xr.Dataset, name: str) -> None:
    x, y = one.grid_x.values, one.grid_y.values
    field(ax, x, y, one.probability)
    point = one.point.values
    points(ax, point[:, 0], point[:, 1], one.label, size=4.5)
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
        ax.plot(*line, color=color("yellow"), linewidth=px(2), label="unit", zorder=4)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), xticks=[], yticks=[])
    dot(ax, 0.025, 1.073, color=series(name).color, size=11, transform=ax.transAxes)
    beside(ax, say(name), (0, 1), of=AXES, shift=(17, 8), weight="semibold")
    said = say("lines", n=n_lines(one.unit.values[:, :3]))
    beside(ax, said, (0, 1), of=AXES, shift=(8, -8), va="top", weight="semibold",
           path_effects=halo(3), zorder=6)  # fmt: skip
    right = say("right", share=float(one.accuracy))
    beside(ax, right, (1, 1), of=AXES, shift=(0, 8), ha="right", color=color("muted"))


def on_axis(apart: np.ndarray) -> np.ndarray:
    """Return where differences lie: those of 0 on their own line, all others at LOW or above."""
    return np.where(apart > 0, np.maximum(apart, LOW), ZERO)


def _apart(ax: Axes, recording: xr.Dataset) -> None:
    """Draw how far units differ; a difference of 0 lies on a line of its own."""
    steps = recording.snapshot.values
    apart = recording.apart.values
    ax.set(yscale="log", xlim=(0, steps[-1]), ylim=(ZERO / 3, max(apart.max() * 3, 1)))
    ax.grid(axis="y")
    ticks(ax, "y", [ZERO, 1e-4, 1], lambda v: say("zero") if v == ZERO else number(v))
    ticks(ax, "x", np.linspace(0, steps[-1], 3).tolist(), lambda v: number(round(v)))
    name_axes(ax, x="step", y=say("apart"))
    lines = [
        ax.plot(
            steps, on_axis(apart[i]), color=series(name).color, linewidth=px(2.5),
            label=series(name).label, zorder=3,
        )[0]
        for i, name in enumerate(recording.run.values.tolist())
    ]  # fmt: skip
    label_ends(ax, lines)
    at = int(recording.attrs["parted_at"])
    if recording.attrs["parted"]:
        ax.axvline(at, color=color("text"), linewidth=px(1.25), zorder=2)
        beside(
            ax, say("parted"), (at, LOW), shift=(6, 3), path_effects=halo(), zorder=6,
        )  # fmt: skip
