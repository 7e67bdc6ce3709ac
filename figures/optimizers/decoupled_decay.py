"""Weight decay inside Adam's gradient and outside of it: what is left of two weights.

Source  004; Loshchilov and Hutter 2019, arXiv:1711.05101
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look import mathematics
from look.numbers import joined
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_family": "weight (run_decay, step_decay, param), run_decay (run_decay), "
    "step_decay (step_decay), param (param), alike, large, small",
}

VISUAL = Visual(
    uses=["adam_family"],
    title="{apart:?Here, Adam’s weight decay spares no weight|Adam’s weight decay spares the "
    "weight with large gradients{alike:?|; AdamW’s treats all alike}}",
    subtitle="What {decay_steps} steps of decay leave of two weights of 1, "
    "η\u202f=\u202f{decay_lr:g}, λ\u202f=\u202f{decay:g}. Their gradients ∇J "
    "change sign at every step and cancel. m̂, v̂: averages of g and of g².",
    alt="Two charts of what is left of two weights, step by step. With the decay in the gradient, "
    "{inside_large:.2f} is left of the one with large gradients and {inside_small:.2f} of the one "
    "with small; with the decay beside it, {outside_large:.2f} and {outside_small:.2f}.",
    caption="torch’s Adam and AdamW, η = {decay_lr:g}, other settings the usual ones. In the "
    "gradient (L2), the decay is averaged and divided by √v̂ like all of it: where gradients are "
    "large, little of it is left; where they are small, the decay is most of the gradient, and a "
    "step is nearly η long however weak the decay. Beside the gradient each step takes the share "
    "ηλ = {share:g} of every weight.",
    words={
        "inside": "Adam",
        "outside": "AdamW",
        "of inside": "decay in the gradient",
        "of outside": "decay beside the gradient",
        "rule inside": "g = ∇J + λθ,  θ ← θ − η m̂ / √v̂",
        "rule outside": "θ ← θ − η m̂ / √v̂ − η λ θ",
        "both": "both",
        "end": "{left:.2f}",
    },
    series={
        "large": ["gradients ±{large:g}", "purple"],
        "small": ["gradients ±{small:g}", "green", "dashed"],
    },
)

TOP, TALL, LEFT, RIGHT, GAP = 92.0, 300.0, 56.0, 62.0, 84.0  # CSS pixels
PANEL = (WIDTH - LEFT - RIGHT - GAP) / 2


def draw(recording: xr.Dataset) -> Figure:
    """Return what is left of both weights, the decay inside of the gradient and beside it."""
    fig = Canvas(TOP + TALL + 54)
    for i, way in enumerate(("inside", "outside")):
        ax = fig.place(LEFT + i * (PANEL + GAP), TOP, PANEL, TALL)
        _panel(ax, recording.sel(run_decay=way), way, alike=bool(i and recording.attrs["alike"]))
    return fig


def _panel(ax: Axes, here: xr.Dataset, way: str, *, alike: bool) -> None:
    steps = here.step_decay.values
    low = min(0.0, float(here.weight.min()))
    ax.set(xlim=(0, steps[-1]), ylim=(low, 1.04))
    ticks(ax, "x", [0, int(steps[-1])])
    ticks(ax, "y", [0, 0.5, 1])
    ax.grid(axis="y")
    name_axes(ax, x="step")
    heading(ax, say(way), say(f"of {way}"), lift=60)
    rule = mathematics.for_matplotlib(joined(["$", say(f"rule {way}"), "$"], ""))
    beside(
        ax, joined([rule]), (0, 1), shift=(0, 26), of=AXES, parse_math=True, fontsize=px(LABEL + 2)
    )
    large, small = (here.weight.sel(param=name).values for name in ("large", "small"))
    ax.fill_between(steps, small, large, color=color("muted"), alpha=0.14, linewidth=0)
    at = len(steps) // (3 if alike else 6)
    for name, values in (("large", large), ("small", small)):
        own = series(name)
        ax.plot(
            steps, values, color=own.color, linestyle=own.dash, linewidth=px(4), label=name,
            dash_capstyle="butt", zorder=3 if name == "large" else 4,
        )  # fmt: skip
        # where both end in one place, the one is a ring around the other
        size = 18 if alike and name == "large" else 11
        dot(ax, steps[-1], values[-1], color=own.color, size=size, zorder=5)
        if not (alike and name == "small"):
            beside(
                ax, say("end", left=values[-1]), (steps[-1], values[-1]), shift=(14, 0),
                va="center_baseline", weight="semibold",
            )  # fmt: skip
            said, k, up, side = say("both") if alike else own.label, at, (10, 8), "left"
            if not alike:  # off the grid's line, and off the other name
                k, up, side = int(0.45 * len(steps)), (-12, -14), "right"
                if name == "large":
                    k, up, side = len(steps) - 1, (-14, -26), "right"
            beside(
                ax, said, (steps[k], values[k]), shift=up, ha=side, path_effects=halo(), zorder=6
            )
