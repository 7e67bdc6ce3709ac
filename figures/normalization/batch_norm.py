"""Batch norm on a real batch: unit by unit, over the examples; γ and β; tiny batches.

Source  001; 004, whose norm goes unused, and whose gradient lacks two terms
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.normalization._columns import columns
from figures.parts.axes import heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import mix
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "batch_norm": "sum (snapshot, example, unit), normalised (snapshot, example, unit), "
    "mean (snapshot, unit), deviation (snapshot, unit), gamma (snapshot, unit), "
    "beta (snapshot, unit), snapshot (snapshot), label (example), size (x_size), tiny (x_size, "
    "example_tiny), example, unit, value_sum, value_mean, value_deviation, value_normalised"
}

VISUAL = Visual(
    uses=["batch_norm"],
    title="Batch norm: each unit, over the batch, to mean 0 and deviation 1",
    subtitle="{n_shown} {many} in {hidden} hidden units of a trained network. Framed: what batch "
    "norm averages over, green, and what layer norm would, purple. Bars: mean ± deviation.",
    alt="Left, the batch as a matrix of {n_shown} {many} by {hidden} units, with one column framed "
    "for batch norm and one row for layer norm. In the middle, a column of dots for each unit, its "
    "sums, with means and spreads of their own. Right, the same after batch norm: every column "
    "around 0 with one spread. One dot is followed: ({value_sum:.2f} − {value_mean:(.2f)}) / "
    "{value_deviation:.2f} = {value_normalised:.2f}. Below, γ and β of the units, from 1 and 0 at "
    "the start to {gamma_low:.2f} … {gamma_high:.2f} and {beta_low:.2f} … {beta_high:.2f}, and one "
    "unit’s values normalised in batches of {smallest} to {largest}: {pair_all:?in the smallest "
    "they crowd|in the smallest all are 1 or −1}.",
    caption="Coarse {many} ({dataset}), {n_train:,} of them, batches of {batch_size}, {n_steps} "
    "steps of Adam. The deviation is √(σ² + ε), σ² over B, not B − 1. γ and β are learnt with the "
    "weights. Normalised in batches of {smallest}, {pair_all:?values lose most of what told them "
    "apart|two values become 1 and −1 whatever they were}; of one, torch says “{single_error}”. "
    "Mean and deviation depend on the batch, and the gradient goes through them: left out, as in "
    "many a derivation, the gradient by the sums is {short_error:.0%} off here. In evaluation, "
    "running averages take the batch’s place.",
    words={
        "batch": "a batch’s sums",
        "before": "unit by unit",
        "after": "batch-normalised",
        "units": "unit",
        "formula": "({sum:.2f} − {mean:(.2f)}) / {deviation:.2f} = {normalised:.2f}",
        "learnt": "γ and β, learnt",
        "tiny": "one unit, in batches of",
        "step": "step",
        "size": "batches of {n}",
        "start": "{n_shown} {many} in {hidden} hidden units, each with a scale of its own\n"
        "A column: a unit. A dot: a {one}’s sum. Bars: mean ± deviation.",
        "center": "Batch norm: take off its mean, divide by its deviation\n"
        "Unit by unit, over the batch.",
        "scale": "Training gives each unit a scale γ and a place β\n"
        "The same {many} through {n_steps} steps. Bars: β ± γ.",
        "pairs": "In batches of {smallest}, {pair_all:?little is left to tell|all that is left is "
        "which one is larger}\n"
        "The same sums, normalised two by two{pair_all:?|: every value becomes 1 or −1}.",
    },
    series={
        "norm": ["batch norm", "green"],
        "other": ["layer norm", "purple"],
        "gamma": ["γ", "green"],
        "beta": ["β", "purple"],
    },
)

TOP, TALL, LOW, SHORT = 34.0, 196.0, 338.0, 150.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the batch before and after, over what is learnt and what tiny batches do."""
    fig = Canvas(LOW + SHORT + 56)
    last = recording.isel(snapshot=-1)
    marked = int(recording.attrs["unit"]), int(recording.attrs["example"])
    names = [number(k + 1) for k in range(recording.sizes["unit"])]
    ink = series("norm").color
    _batch(fig.place(MARGIN + 16, TOP, 132, TALL), recording, marked)
    wide, left = 218.0, MARGIN + 194
    before = fig.place(left, TOP, wide, TALL)
    sums = last["sum"].values.T
    columns(before, sums, last["mean"], last.deviation, names, ink=color("muted"), marked=marked)
    heading(before, say("before"))
    name_axes(before, x=say("units"))
    after = fig.place(WIDTH - MARGIN - wide, TOP, wide, TALL)
    values = last.normalised.values.T
    ones = np.ones(len(values))
    columns(after, values, 0 * ones, ones, names, ink=ink, marked=marked)
    heading(after, say("after"))
    after.annotate(
        formula(recording), (0, 0), xycoords="axes fraction", xytext=(0, px(-62)),
        textcoords="offset points", color=color("muted"), annotation_clip=False,
    )  # fmt: skip
    name_axes(after, x=say("units"))
    for ax, shown in ((before, sums), (after, values)):
        reach = 1.1 * float(np.abs(shown).max())
        ax.set_ylim(-reach, reach)
        ticks(ax, "y", [k for k in (-10, -5, -2, 0, 2, 5, 10) if abs(k) < reach])
    _learnt(fig.place(MARGIN + 16, LOW, 250, SHORT), recording)
    _tiny(fig.place(MARGIN + 340, LOW, WIDTH - 2 * MARGIN - 340, SHORT), recording)
    return fig


def _batch(ax: Axes, recording: xr.Dataset, marked: tuple[int, int]) -> None:
    """Draw the batch as a matrix, and what either norm averages over."""
    sums = recording["sum"].values[-1]  # (example, unit)
    share = sums / np.abs(sums).max()
    one, other = (mix("background", sign, np.clip(s * share, 0, 1))
                  for sign, s in (("positive", 1), ("negative", -1)))  # fmt: skip
    ax.imshow(np.where((share > 0)[..., None], one, other), aspect="auto", label="batch")
    n_examples, n_units = sums.shape
    for corner, size, name in (
        ((marked[0] - 0.5, -0.5), (1, n_examples), "norm"),
        ((-0.5, marked[1] - 0.5), (n_units, 1), "other"),
    ):
        ax.add_patch(
            Rectangle(
                corner, *size, fill=False, edgecolor=series(name).color, linewidth=px(3),
                label=name, clip_on=False, zorder=3,
            )
        )  # fmt: skip
    ticks(ax, "x", list(range(n_units)), lambda k: number(int(k) + 1))
    labels = recording.label.values
    ticks(ax, "y", list(range(n_examples)), lambda k: number(int(labels[int(k)])))
    heading(ax, say("batch"))
    name_axes(ax, x=say("units"))


def formula(recording: xr.Dataset) -> str:
    """Return the marked value's numbers."""
    kinds = ("sum", "mean", "deviation", "normalised")
    return say("formula", **{kind: recording.attrs[f"value_{kind}"] for kind in kinds})


def _learnt(ax: Axes, recording: xr.Dataset) -> None:
    steps = recording.snapshot.values
    for name in ("gamma", "beta"):
        values = recording[name].values
        for unit in range(values.shape[1]):
            ax.plot(
                steps, values[:, unit], color=series(name).color, linewidth=px(1.75),
                label=f"{name} {unit}",
            )  # fmt: skip
        top = float(values[-1].max() if name == "gamma" else values[-1].min())
        ax.annotate(
            series(name).label, (steps[-1], (top + float(values[-1].mean())) / 2),
            xytext=(px(10), 0), textcoords="offset points", va="center_baseline",
            color=series(name).color, weight="semibold", annotation_clip=False,
        )  # fmt: skip
    ax.set_xlim(0, steps[-1])
    ticks(ax, "x", [0, int(steps[-1])])
    low, high = ax.get_ylim()
    ticks(ax, "y", [k for k in range(-4, 8) if low <= k <= high])
    ax.grid(axis="y")
    heading(ax, say("learnt"))
    name_axes(ax, x=say("step"))


def _tiny(ax: Axes, recording: xr.Dataset) -> None:
    """Draw one unit's normalised values, a row a size of batch."""
    sizes = recording.size.values.tolist()
    for row, values in enumerate(recording.tiny.values):
        shown = values[np.isfinite(values)]
        spot = 0.26 * np.sin(37.0 * np.arange(len(shown)))  # so that dots don't hide each other
        ax.plot(
            shown, row + spot, linestyle="none", marker="o", markersize=px(5), alpha=0.75,
            color=series("norm").color, markeredgewidth=0, label=f"batches of {sizes[row]}",
        )  # fmt: skip
    ax.axvline(0, color=color("muted"), linewidth=px(1), zorder=0)
    reach = 1.08 * float(np.nanmax(np.abs(recording.tiny.values)))
    ax.set(ylim=(len(sizes) - 0.5, -0.5), xlim=(-reach, reach))
    ticks(ax, "y", list(range(len(sizes))), lambda k: number(sizes[int(k)]))
    ticks(ax, "x", [k for k in range(-4, 5) if abs(k) < reach])
    heading(ax, say("tiny"))
    name_axes(ax, x=say("after"))
