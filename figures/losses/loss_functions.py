"""What a sure mistake costs under squared error and under cross-entropy, and how hard it pulls.

Cross-entropy has the minus sign that 004 leaves out: −log p, which is large where p is small.

Source  001, 002, 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import LABEL, is_narrow, px, subplots, wrap
from figures.parts.marks import dot
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "loss_functions": "prediction (x), loss (run, class, x), worked_target (example), "
    "worked_prediction (example), worked_loss (run, example), run (run), sum (x), "
    "wrong_bce, wrong_mse, wrong_slope_bce, wrong_slope_mse, wrong_sum",
}

VISUAL = Visual(
    uses=["loss_functions"],
    title="Sure and wrong: cross-entropy costs more, and pulls harder",
    subtitle="What a neuron pays for its prediction p when the target is 1; where it is 0, "
    "read 1 − p for p.",
    alt="Two curves over the prediction for a target of 1, from surely wrong on the left to surely "
    "right on the right, where both are near 0. To the left cross-entropy rises in a straight line "
    "without end, and squared error flattens out at 1. Where the prediction is {wrong:g}, an arrow "
    "to the right is as long as each curve is steep: {wrong_slope_bce:.2f} long on cross-entropy, "
    "and on squared error, at {wrong_slope_mse:.2f}, too short to be seen.",
    caption="Cross-entropy is −log p, with p the probability of the truth, whether a sigmoid gives "
    "it (binary: −log(1 − p) where the target is 0) or a softmax: {softmax_probability:.4f} for "
    "the true class costs {softmax_loss:.4f}. Logarithms are natural. A prediction of {wrong:g} "
    "costs {wrong_mse:.2f} in squared error and {wrong_bce:.2f} in cross-entropy. A loss pulls at "
    "the sum z with minus its derivative by z; the axis is even in z, p = σ(z). With squared "
    "error, the sigmoid’s flat tail leaves almost nothing to learn from.",
    words={
        "cross-entropy": "cross-entropy $-\\log\\,p$",
        "squared error": "squared error $(1-p)^2$",
        "costs": "costs {cost:.2f}, pulls with {pull:.2f}",
        "worked": "nearly right: {p:g} for a target of {target:g}\ncosts {bce:.4f}; "
        "squared, {mse:.4f}",
        "prediction": "prediction $p=\\sigma(z)$",
    },
    series={
        "squared error": ["squared error", "indigo"],
        "binary cross-entropy": ["cross-entropy", "vermillion"],
    },
)

PREDICTIONS = (0.01, 0.1, 0.5, 0.9, 0.99)  # ticks
PULL = 2.4  # length of an arrow, in units of the sum, where a slope is 1
TOP = 6.2  # where the axis ends; cross-entropy goes on
SHORT = {"binary cross-entropy": "bce", "squared error": "mse"}


def draw(recording: xr.Dataset) -> Figure:
    """Return both losses for a target of 1, with a sure mistake and what is nearly right."""
    fig, ax = subplots(height=420, left=50, bottom=60, narrow=True)
    z, p = recording["sum"].values, recording.prediction.values
    right = recording.isel({"class": 1})
    ax.set(xlim=(z[0], z[-1]), ylim=(0, TOP))
    ax.grid(axis="y")
    ticks(ax, "y", [0, 2, 4, 6])
    at = np.interp(PREDICTIONS, p, z)
    ticks(ax, "x", at.tolist(), lambda place: percent(np.interp(place, z, p)))
    name_axes(ax, y="loss")
    ax.set_xlabel(say("prediction"), labelpad=px(6), fontsize=px(15), parse_math=True)
    for name in recording.run.values.tolist():
        ax.plot(z, right.loss.sel(run=name), color=series(name).color, label=name,
                linewidth=px(3.5))  # fmt: skip
    _mistake(ax, recording)
    _worked(ax, recording, z, p)
    return fig


def _mistake(ax: Axes, recording: xr.Dataset) -> None:
    """Mark the sure mistake on both curves: what it costs, and how hard it pulls at the sum."""
    attrs = recording.attrs
    at, (low, _) = attrs["wrong_sum"], ax.get_xlim()
    costs = [attrs[f"wrong_{short}"] for short in SHORT.values()]
    ax.plot([at, at], costs, color=color("muted"), linewidth=px(1.25), linestyle=(0, (3, 2)),
            zorder=1)  # fmt: skip
    for name, short in SHORT.items():
        cost, pull = attrs[f"wrong_{short}"], -attrs[f"wrong_slope_{short}"]
        ax.plot([at, at + PULL * pull], [cost, cost], color=color("text"), linewidth=px(3),
                label=f"pull of {name}", zorder=4)  # fmt: skip
        if pull > 0.1:  # a shorter one has no room for a head
            dot(ax, at + PULL * pull, cost, color=color("text"), size=13, marker=(3, 0, -90))
        dot(ax, at, cost, color=series(name).color, size=15, zorder=5)
        # the lower curve has room under its flat part alone
        start, rows = ((at, cost), (31, 12)) if short == "bce" else ((low, cost), (-25, -44))
        right, size = 16, 16
        if is_narrow() and short != "bce":
            right, size, rows = 2, 14, (-34, -51)
        beside(ax, say(series(name).label), start, shift=(right, rows[0]), parse_math=True,
               weight="semibold", fontsize=px(size))  # fmt: skip
        beside(ax, say("costs", cost=cost, pull=pull), start, shift=(right, rows[1]))


def _worked(ax: Axes, recording: xr.Dataset, z: np.ndarray, p: np.ndarray) -> None:
    """Mark the worked predictions where the truth gets their probability, and write them out."""
    losses = {short: recording.worked_loss.sel(run=name) for name, short in SHORT.items()}
    for i, (target, prediction) in enumerate(
        zip(recording.worked_target.values, recording.worked_prediction.values, strict=True)
    ):
        place = float(np.interp(prediction if target == 1 else 1 - prediction, p, z))
        for name, short in SHORT.items():
            dot(ax, place, float(losses[short][i]), color=series(name).color, size=8)
        words = say("worked", target=target, p=prediction, bce=losses["bce"][i],
                    mse=losses["mse"][i])  # fmt: skip
        shift = (72 * i - 24, 62 + 62 * (1 - i))
        if is_narrow():  # four short lines, one above the other
            words = "\n".join(row for line in words.split("\n") for row in wrap(line, LABEL, 150))
            shift = (44 * i - 34, 42 + 104 * (1 - i))
        ax.annotate(
            words,
            (place, float(losses["bce"][i])),
            xytext=(px(shift[0]), px(shift[1])),
            textcoords="offset points",
            color=color("muted"),
            linespacing=1.35,
            arrowprops={
                "arrowstyle": "-", "color": color("muted"), "linewidth": px(1), "shrinkA": px(2),
                "shrinkB": px(5), "relpos": (0.06, 0),
            },
        )  # fmt: skip
