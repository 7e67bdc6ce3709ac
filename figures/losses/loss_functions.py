"""Squared error, binary cross-entropy and cross-entropy, and what a sure mistake costs.

Cross-entropy has the minus sign that 004 leaves out: −log p, which is large where p is small.

Source  001, 002, 004
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import fixed, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "loss_functions": "prediction (x), loss (run, class, x), slope (run, class, x), "
    "cross_entropy (x), worked_prediction (example), worked_loss (run, example), run (run), "
    "sum (x), softmax_loss, softmax_probability, wrong, wrong_bce, wrong_mse, wrong_slope_bce, "
    "wrong_slope_mse, wrong_sum",
}

VISUAL = Visual(
    uses=["loss_functions"],
    title="Sure and wrong: cross-entropy costs more, and pulls harder",
    subtitle="Above: three losses against the prediction, with worked points. Below: what a "
    "neuron’s sum z feels when the target is 1 and the prediction is σ(z).",
    alt="Above, squared error rises to 1 at the worst prediction, while binary cross-entropy and "
    "cross-entropy rise without bound. Below, against the sum z for a target of 1: far to the "
    "left, where the prediction is surely wrong, squared error is flat and its slope is near 0, "
    "while cross-entropy rises in a straight line and its slope stays near −1.",
    caption="Binary cross-entropy is −log p for a target of 1 and −log(1 − p) for 0; cross-entropy "
    "is −log of the true class’s probability, here one that softmax gives; all logarithms are "
    "natural. A prediction of {wrong:g} for a target of 1 costs {wrong_mse:.2f} in squared error "
    "and {wrong_bce:.2f} in cross-entropy; the derivative by the sum is {wrong_slope_mse:.3f} and "
    "{wrong_slope_bce:.2f}: with squared error, the sigmoid’s flat tail leaves almost nothing to "
    "learn from.",
    words={
        "target": "target {target}",
        "costs": "{name} {value:.2n}",
        "p": "p = {wrong}",
        "loss": "loss, target 1",
        "slope": "its derivative by z, target 1",
    },
    series={
        "squared error": ["squared error", "indigo"],
        "binary cross-entropy": ["binary cross-entropy", "vermillion"],
    },
)

TOP = 4.4  # losses are cut off here; they go on
WIDE, GAP = 193.0, 28.0


def draw(recording: xr.Dataset) -> Figure:
    """Return three losses over two views of a sure mistake."""
    fig = Canvas(30 + 170 + 84 + 176 + 56)
    left = MARGIN + 28
    for i, name in enumerate(recording.run.values.tolist()):
        ax = fig.place(left + i * (WIDE + GAP), 30, WIDE, 170)
        _loss(ax, recording.sel(run=name))
    ax = fig.place(left + 2 * (WIDE + GAP), 30, WIDE, 170)
    _cross_entropy(ax, recording)
    wide = (WIDTH - MARGIN - left - 52) / 2
    top = 30 + 170 + 84
    _mistake(fig.place(left, top, wide, 176), recording, "loss", say("loss"))
    _mistake(fig.place(left + wide + 52, top, wide, 176), recording, "slope",
             say("slope"))  # fmt: skip
    return fig


def _frame(ax: Axes, predictions: list[float]) -> None:
    """Span the plane of prediction and loss, with ticks at the worked predictions."""
    ax.set(xlim=(0, 1), ylim=(0, TOP))
    ticks(ax, "y", range(5))
    ax.grid(axis="y")
    ticks(ax, "x", (0, *predictions, 1), lambda p: number(p, 4))


def _loss(ax: Axes, one: xr.Dataset) -> None:
    name = str(one.run.item())
    hue = series(name).color
    _frame(ax, one.worked_prediction.values.tolist())
    heading(ax, name)
    name_axes(ax, x="prediction")
    for target, dash in ((0, (0, (3.2, 1.6))), (1, "solid")):
        ax.plot(
            one.prediction, one.loss.sel({"class": target}), color=hue, linestyle=dash,
            dash_capstyle="butt", label=say("target", target=target),
        )  # fmt: skip
    top = min(float(one.loss.max()), TOP)
    for target, align, x in ((0, "right", 1), (1, "left", 0)):
        away = 0 if top < TOP else 14  # beside a curve that leaves, above one that ends
        shift = (away if target else -away, 9 if top < TOP else -14)
        beside(ax, say("target", target=target), (x, top), shift=shift, ha=align,
                   color=color("muted"), path_effects=halo(2))  # fmt: skip
    for x, y in zip(one.worked_prediction.values, one.worked_loss.values, strict=True):
        # clear of the other curve: just over the point, or where both curves are low, over both
        to = (x, y + 0.28) if top == TOP else (x + 0.35 * (0.5 - x), 1.9)
        _worked(ax, x, y, hue, to)


def _worked(ax: Axes, x: float, y: float, hue: str, to: tuple[float, float]) -> None:
    """Mark a worked point, and write its loss where there is room, with a line if that is far."""
    dot(ax, x, y, color=hue)
    leader = {"arrowstyle": "-", "color": color("muted"), "linewidth": px(1),
              "shrinkA": 0, "shrinkB": px(6)}  # fmt: skip
    shift = (to[0] - x) * WIDE, (to[1] - y) * 170 / TOP
    beside(ax, fixed(y, 4), (x, y), shift=shift, ha="center", path_effects=halo(2),
               arrowprops=leader if to[1] > y + 1 else None)  # fmt: skip


def _cross_entropy(ax: Axes, recording: xr.Dataset) -> None:
    hue = series("binary cross-entropy").color
    attrs = recording.attrs
    _frame(ax, [attrs["softmax_probability"]])
    heading(ax, "cross-entropy")
    name_axes(ax, x="true class’s probability")
    ax.plot(recording.prediction, recording.cross_entropy, color=hue, label="cross-entropy")
    worked = attrs["softmax_probability"], attrs["softmax_loss"]
    _worked(ax, *worked, hue, (worked[0], worked[1] + 0.28))


def _mistake(ax: Axes, recording: xr.Dataset, what: str, words: str) -> None:
    """Draw loss or slope against the sum, for a target of 1, with the sure mistake marked."""
    ends = float(recording["sum"][0]), float(recording["sum"][-1])
    ax.set_xlim(*ends)
    ax.grid(axis="y")
    heading(ax, words)
    name_axes(ax, x="sum z")
    right = recording.sel({"class": 1})
    at = recording.attrs["wrong_sum"]
    values = [recording.attrs[f"wrong_{'slope_' * (what == 'slope')}{s}"] for s in ("mse", "bce")]
    ax.plot([at, at], values, color=color("muted"), linewidth=px(1), zorder=1)
    for name in recording.run.values.tolist():
        one = right.sel(run=name)
        short = {"squared error": "mse", "binary cross-entropy": "bce"}[name]
        key = f"wrong_{short}" if what == "loss" else f"wrong_slope_{short}"
        value = recording.attrs[key]
        ax.plot(right["sum"], one[what], color=series(name).color, label=name)
        dot(ax, at, value, color=series(name).color)
        words = say("costs", name=name, value=value)
        if what == "loss" and short == "mse":  # no room over it: the other curve comes down there
            words = number(value, 2)
            beside(ax, name, (ends[0], 0), shift=(3, 5), weight="semibold")
        beside(ax, words, (at, value), weight="semibold", path_effects=halo(2),
                   shift=(10, -18 if (what, short) == ("slope", "bce") else 6))  # fmt: skip
    if what == "slope":
        ax.set_ylim(-1.12, 0.12)
        ticks(ax, "y", (-1, -0.5, 0))
        words = say("p")
        beside(ax, words, (at, sum(values) / 2), shift=(9, -5), color=color("muted"),
                   path_effects=halo(2))  # fmt: skip
