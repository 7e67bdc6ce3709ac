"""What a sure mistake costs under squared error and under cross-entropy, and how hard it pulls.

Cross-entropy has the minus sign that 004 leaves out: −log p, which is large where p is small.

Source  001, 002, 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "loss_functions": "prediction (x), loss (run, class, x), slope (run, class, x), "
    "run (run), sum (x), wrong_bce, wrong_mse, wrong_slope_bce, wrong_slope_mse, wrong_sum, wrong",
}

VISUAL = Visual(
    uses=["loss_functions"],
    title="Sure and wrong: cross-entropy costs more, and pulls harder",
    subtitle="What a neuron pays for its prediction p when the truth is 1: the loss L. Below, how "
    "hard L pulls at its sum z; both axes are even in z.",
    alt="Two curves over the prediction for a target of 1, from surely wrong on the left to surely "
    "right on the right, where both are near 0. To the left cross-entropy rises in a straight line "
    "without end, and squared error flattens out at 1. Below, how hard each pulls, "
    "which is minus its slope: cross-entropy the harder the more wrong the prediction is, squared "
    "error in the middle alone. Where the prediction is {wrong:g}, the slopes are "
    "{wrong_slope_bce:.2f} and {wrong_slope_mse:.2f}.",
    caption="Cross-entropy is −log p, with p the probability of the truth, whether a sigmoid gives "
    "it (binary: −log(1 − p) where the target is 0) or a softmax: {softmax_probability:.4f} for "
    "the true class costs {softmax_loss:.4f}. Logarithms are natural. A prediction of {wrong:g} "
    "costs {wrong_mse:.2f} in squared error and {wrong_bce:.2f} in cross-entropy. A loss pulls at "
    "the sum z with minus its derivative by z; the axis is even in z, p = σ(z). With squared "
    "error, the sigmoid’s flat tail leaves almost nothing to learn from.",
    words={
        "cross-entropy": "cross-entropy $-\\log\\,p$",
        "squared error": "squared error $(1-p)^2$",
        "costs": "costs {cost:.2f}",
        "pulls": "pulls with {pull:.2f}",
        "gives up": "pulls with {pull:.2f}: gives up",
        "cost axis": "cost",
        "pull axis": "pull $-dL\\,/\\,dz$",
        "sure": "{p:.0%} sure\nof the truth",
        "prediction": "prediction $p=\\sigma(z)$",
    },
    series={
        "squared error": ["squared error", "indigo"],
        "binary cross-entropy": ["cross-entropy", "vermillion"],
    },
)

PREDICTIONS = (0.01, 0.1, 0.5, 0.9, 0.99)  # ticks
TOP = 6.2  # where the axis ends; cross-entropy goes on
SHORT = {"binary cross-entropy": "bce", "squared error": "mse"}
COST, PULL, BETWEEN = 262.0, 128.0, 46.0  # heights of the panels, and from one to the other


def draw(recording: xr.Dataset) -> Figure:
    """Return what a prediction costs for a target of 1, over how hard that pulls."""
    left, second = 50.0, 26 + COST + BETWEEN
    fig = Canvas(second + PULL + 60, narrow=True)
    wide = WIDTH - MARGIN - left
    cost, pull = (fig.place(left, top, wide, tall) for top, tall in ((26, COST), (second, PULL)))
    z, p = recording["sum"].values, recording.prediction.values
    right = recording.isel({"class": 1})
    for ax in (cost, pull):
        ax.set(xlim=(z[0], z[-1]))
        ax.grid(axis="y")
        for name in recording.run.values.tolist():
            values = right.loss.sel(run=name) if ax is cost else -right.slope.sel(run=name)
            ax.plot(z, values, color=series(name).color, label=name, linewidth=px(3.5))
    cost.set(ylim=(-0.04, TOP))  # else the curves would be cut in half where they are 0
    pull.set(ylim=(-0.015, 1.05))
    ticks(cost, "y", [0, 2, 4, 6])
    ticks(cost, "x", [])
    ticks(pull, "y", [0, 0.5, 1])
    at = np.interp(PREDICTIONS, p, z)
    ticks(pull, "x", at.tolist(), lambda place: percent(np.interp(place, z, p)))
    name_axes(cost, y=say("cost axis"))
    beside(pull, say("pull axis"), (0, 1), of=AXES, shift=(0, 8), color=color("muted"),
           parse_math=True)  # fmt: skip
    pull.set_xlabel(say("prediction"), labelpad=px(6), fontsize=px(15), parse_math=True)
    _mistake(cost, pull, recording)
    return fig


def _mistake(cost: Axes, pull: Axes, recording: xr.Dataset) -> None:
    """Mark the sure mistake on both curves: what it costs, and how hard it pulls at the sum."""
    attrs = recording.attrs
    at = attrs["wrong_sum"]
    line = {"color": color("muted"), "linewidth": px(1.25), "linestyle": (0, (3, 2)), "zorder": 1}
    cost.plot([at, at], [attrs["wrong_mse"], attrs["wrong_bce"]], **line)
    pull.plot([at, at], [-attrs["wrong_slope_bce"], 1.05], **line)  # clear of the words under it
    middle = (attrs["wrong_mse"] + attrs["wrong_bce"]) / 2
    if not is_narrow():  # there the curve is too near
        beside(cost, say("sure", p=attrs["wrong"]), (at, middle), shift=(10, -24),
               color=color("muted"), path_effects=halo(2.5), zorder=6)  # fmt: skip
    for name, short in SHORT.items():
        price, force = attrs[f"wrong_{short}"], -attrs[f"wrong_slope_{short}"]
        shown = series(name)
        for ax, height in ((cost, price), (pull, force)):
            dot(ax, at, height, color=shown.color, size=15, zorder=5)
        bold = {"weight": "semibold", "path_effects": halo(2.5), "zorder": 6}
        upper, lift = short == "bce", 22 if is_narrow() else 14  # clear of the curves
        beside(cost, say("costs", cost=price), (at, price), **bold,
               shift=(9, 5) if is_narrow() and not upper else (16, 8))  # fmt: skip
        words = say("pulls" if upper else "pulls" if is_narrow() else "gives up", pull=force)
        # the pull of the squared error is written from the edge on, left of its hump
        where, shift = (
            ((at, force), (0, -26)) if upper else ((pull.get_xlim()[0], force), (4, lift))
        )
        beside(pull, words, where, shift=shift, ha="center" if upper else "left", **bold)
        # above its point, or from the edge under it, where the squared error is level
        start, shift = ((at, price), (16, 28)) if upper else ((cost.get_xlim()[0], price), (2, -26))
        words = say(shown.label)
        if is_narrow() and not upper:  # its formula would lie on the curve
            words = words.split(" $")[0]
        beside(cost, words, start, shift=shift, fontsize=px(14 if is_narrow() else 16),
               parse_math=True, **bold)  # fmt: skip
