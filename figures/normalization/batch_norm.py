"""Batch norm on a real batch: down a unit's column, over the examples, to mean 0 and deviation 1.

Source  001; 004, whose norm goes unused, and whose gradient lacks two terms
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import AXES, beside, heading, ticks
from figures.parts.canvas import LABEL, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, mix
from look.numbers import fixed, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "batch_norm": "sum (snapshot, example, unit), normalised (snapshot, example, unit), "
    "mean (snapshot, unit), deviation (snapshot, unit), label (example), example, unit, "
    "value_sum, value_mean, value_deviation, value_normalised, one"
}

VISUAL = Visual(
    uses=["batch_norm"],
    title="Batch norm gives every unit mean 0 and standard deviation 1",
    subtitle="{n_shown} {many}, {hidden} hidden units: follow one {one}, the dot, down its framed "
    "unit.",
    alt="On top the batch as a matrix of {n_shown} {many} by {hidden} units, with one column "
    "framed. Under each column the unit’s sums as dots, "
    "with means and spreads of their own, and under these the same after batch norm: every column "
    "around 0 with one spread. One dot is followed: ({value_sum:.2f} − {value_mean:(.2f)}) / "
    "{value_deviation:.2f} = {value_normalised:.2f}.",
    caption="Batch norm averages down a column, layer norm would along a row. Coarse {many} "
    "({dataset}), {n_train:,} of them, batches of {batch_size}, {n_steps} "
    "steps of Adam. The deviation is √(σ² + ε), σ² over B, not B − 1. γ and β are learnt with the "
    "weights: they go from 1 and 0 to {gamma_low:.2f} … {gamma_high:.2f} and {beta_low:.2f} … "
    "{beta_high:.2f}. Normalised in batches of {smallest}, {pair_all:?values lose most of what "
    "told them apart|two values become 1 and −1 whatever they were}; of one, torch says "
    "“{single_error}”. Mean and deviation depend on the batch, and the gradient goes through "
    "them: left out, as in many a derivation, the gradient by the sums is {short_error:.0%} off "
    "here. In evaluation, running averages take the batch’s place.",
    words={
        "column": "batch norm averages a column",
        "before": "before",
        "own": "each unit has its own mean and spread (bars)",
        "after": "after",
        "same": "all have mean 0 and deviation 1",
        "unit": "unit {k}",
        "units": "unit",
        "digit": "{one}",
        "mu": r"$\mu={mean:.2f}$",
        "sigma": r"$\sigma={deviation:.2f}$",
        "formula": r"$\hat{{z}} = \dfrac{{z - \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} = "
        r"\dfrac{{{sum:.2f} - {mean:(.2f)}}}{{{deviation:.2f}}} = {normalised:.2f}$",
        "symbols": "hat(z) = (z - mu) / sqrt(sigma^2 + epsilon)",
        "size": "batches of {n}",
        "start": "Each unit has its own mean and spread: can all have the same?\n"
        "A dot: what a unit gets for one {one}. Bars: mean μ ± deviation σ over the batch.",
        "same film": "Batch norm: now all have mean 0 and deviation 1\n"
        "Each value less its unit’s mean, divided by its unit’s deviation.",
        "pairs": "And if a batch has only {smallest} {many}?\n"
        "Unit 1 alone, now of {n} {many}. A line joins two {many} that will share a batch.",
        "mean": "mu",
        "one up": "mu + sigma",
        "left": "In batches of {smallest}, {pair_all:?little is left to tell|all that is left is "
        "which one is larger}\n"
        "The same sums, normalised pair by pair{pair_all:?|: every value becomes 1 or −1}.",
    },
    series={"norm": ["batch norm", "green"]},
)

LEFT, WIDE = 62.0, WIDTH - 62.0 - 20.0
MATRIX, TOP = (34.0, 140.0), 226.0  # top and height of the batch; where its columns begin
SCALE, BETWEEN = 250.0, 104.0  # what both panels of columns share, and the room between them


def draw(recording: xr.Dataset) -> Figure:
    """Return the batch as a matrix, its columns as dots, and these normalised, under each other."""
    fig = Canvas(TOP + SCALE + BETWEEN + 34, by_column=True, narrow=True)
    last = recording.isel(snapshot=-1)
    marked = int(recording.attrs["unit"]), int(recording.attrs["example"])
    _batch(fig.place(LEFT, MATRIX[0], WIDE, MATRIX[1]), recording, marked)
    sums, values = last["sum"].values.T, last.normalised.values.T
    # One scale for both, so that bars of one height are deviations of one size.
    spans = [_span(sums), _span(values)]
    before, after = (SCALE * np.ptp(span) / np.ptp(spans, axis=1).sum() for span in spans)
    above = fig.place(LEFT, TOP, WIDE, before)
    below = fig.place(LEFT, TOP + before + BETWEEN, WIDE, after)
    _columns(above, sums, last["mean"].values, last.deviation.values, "before", marked, spans[0])
    _columns(below, values, np.zeros(len(values)), np.ones(len(values)), "norm", marked, spans[1])
    # beside the framed column, where there is more room; on the narrow sheet across it
    right, beyond = marked[0] >= len(values) / 2, -1 if is_narrow() else 1
    heading(above, say("before"), say("own"))
    heading(below, say("after"), say("same"))
    beside(
        above, formula(recording), (marked[0] + (-0.5 if right else 0.5) * beyond, spans[0][0]),
        shift=(0 if is_narrow() else -14 if right else 14, -48), va="baseline",
        ha="right" if right else "left",
        fontsize=px(LABEL if is_narrow() else 17), parse_math=True,
    )  # fmt: skip
    _measures(above, recording, marked[0])
    ticks(below, "x", list(range(len(values))), lambda k: say("unit", k=int(k) + 1))
    return fig


def _measures(ax: Axes, recording: xr.Dataset, unit: int) -> None:
    """Write the mean and the deviation of the marked unit beside its bar."""
    mean, deviation = recording.attrs["value_mean"], recording.attrs["value_deviation"]
    if is_narrow():  # a column is too narrow for them: beside the formula
        right = unit >= recording.sizes["unit"] / 2
        for words, shift in ((say("mu", mean=mean), -36), (say("sigma", deviation=deviation), -58)):
            beside(ax, words, (unit + (0.5 if right else -0.5), ax.get_ylim()[0]),
                   shift=(12 if right else -12, shift), ha="left" if right else "right",
                   parse_math=True)  # fmt: skip
        return
    style = {"parse_math": True, "path_effects": halo(2), "zorder": 6, "ha": "center"}
    for words, height, shift in (
        (say("mu", mean=mean), mean - deviation, -22),
        (say("sigma", deviation=deviation), mean - deviation, -40),
    ):
        beside(ax, words, (unit, height), shift=(0, shift), **style)


def _span(values: np.ndarray) -> tuple[float, float]:
    """Return what a panel shows up and down: its dots with some room, and a deviation at least."""
    return min(float(values.min()) - 0.5, -1.5), max(float(values.max()) + 0.5, 1.5)


def _batch(ax: Axes, recording: xr.Dataset, marked: tuple[int, int]) -> None:
    """Draw the batch as a matrix, and what the norm averages over."""
    sums = recording["sum"].values[-1]  # (example, unit)
    share = sums / np.abs(sums).max()
    one, other = (mix("background", sign, np.clip(s * share, 0, 1))
                  for sign, s in (("positive", 1), ("negative", -1)))  # fmt: skip
    ax.imshow(np.where((share > 0)[..., None], one, other), aspect="auto", label="batch")
    n_examples = len(sums)
    ax.add_patch(
        Rectangle(
            (marked[0] - 0.5, -0.5), 1, n_examples, fill=False, edgecolor=series("norm").color,
            linewidth=px(4), label="norm", clip_on=False, zorder=4,
        )
    )  # fmt: skip
    for example, value in enumerate(sums[:, marked[0]].tolist()):
        style = {"ha": "center", "va": "center_baseline", "fontsize": px(TICK), "zorder": 5}
        if example == marked[1]:  # the dot that is followed begins here
            ax.plot(marked[0] - 0.34, example, "o", color=color("yellow"), markersize=px(13),
                    markeredgecolor=color("background"), markeredgewidth=px(1.2), label="begins",
                    zorder=5)  # fmt: skip
            style["weight"] = "semibold"
        ax.text(marked[0] + 0.06, example, fixed(value, 2), path_effects=halo(1.5), **style)
    ticks(ax, "x", [])
    labels = recording.label.values
    ticks(ax, "y", list(range(n_examples)), lambda k: number(int(labels[int(k)])))
    heading(ax, say("column"), lift=10)
    if not is_narrow():
        beside(ax, say("digit"), (0, 1), of=AXES, shift=(-8, 10), ha="right", color=color("muted"))


def formula(recording: xr.Dataset) -> str:
    """Return the marked value's numbers."""
    kinds = ("sum", "mean", "deviation", "normalised")
    return say("formula", **{kind: recording.attrs[f"value_{kind}"] for kind in kinds})


def _columns(
    ax: Axes,
    values: np.ndarray,
    middles: np.ndarray,
    spreads: np.ndarray,
    name: str,
    marked: tuple[int, int],
    span: tuple[float, float],
) -> None:
    """Draw units side by side: dots, their mean, and one deviation up and down."""
    ink = series(name).color if name == "norm" else color("muted")
    at = np.arange(len(values))
    ax.bar(
        at, 2 * spreads, 0.62, middles - spreads, color=ink, alpha=0.38, linewidth=0, zorder=1,
        label="deviation",
    )  # fmt: skip
    ax.hlines(middles, at - 0.31, at + 0.31, color=ink, linewidth=px(3), zorder=2, label="mean")
    shift = 0.42 * (np.arange(values.shape[1]) / max(values.shape[1] - 1, 1) - 0.5)
    for unit, own in enumerate(values):
        ax.plot(
            at[unit] + shift, own, linestyle="none", marker="o", markersize=px(7),
            color=color("text"), markeredgecolor=color("background"), markeredgewidth=px(0.8),
            label=f"values {unit}", zorder=3,
        )  # fmt: skip
    unit, example = marked
    ax.plot(
        [at[unit] + shift[example]], [values[unit, example]], linestyle="none", marker="o",
        markersize=px(13), color=color("yellow"), markeredgecolor=color("background"),
        markeredgewidth=px(1.2), label="marked", zorder=4,
    )  # fmt: skip
    if not is_narrow():  # there it would lie on what is above
        at_dot = (at[unit] + shift[example], values[unit, example])
        beside(ax, fixed(at_dot[1], 2), at_dot, shift=(10, -5), weight="semibold",
               path_effects=halo(2), zorder=6)  # fmt: skip
    ax.axhline(0, color=color("muted"), linewidth=px(1), zorder=0)
    for edge in (unit - 0.5, unit + 0.5):  # the frame goes on, from one panel to the next
        scale = ax.bbox.height * 96 / ax.get_figure(root=True).dpi
        up = 1 + (0 if is_narrow() else 50 if name == "before" else BETWEEN) / scale
        ax.plot([edge, edge], [0, up], transform=ax.get_xaxis_transform(), clip_on=False,
                color=series("norm").color, linewidth=px(2.5), zorder=0, label="frame")  # fmt: skip
    ax.set(xlim=(-0.5, len(values) - 0.5), ylim=span)
    ticks(ax, "x", [])
    ticks(ax, "y", [k for k in range(-10, 11, 2) if span[0] < k < span[1]])
