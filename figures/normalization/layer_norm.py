"""Layer norm on a real batch: example by example, over the units, whatever the companions.

Source  001, whose variance has another mean in it
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.normalization._columns import columns
from figures.parts.axes import heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "layer_norm": "sum (snapshot, example, unit), normalised (snapshot, example, unit), "
    "mean (snapshot, example), deviation (snapshot, example), label (example), "
    "among (run, x_draw, unit), run (run), example, unit, value_sum, value_mean, "
    "value_deviation, value_normalised, n_draws, one"
}

VISUAL = Visual(
    uses=["layer_norm"],
    title="{still:?Layer norm: a {one}’s values hang on its companions|Layer norm: whatever else "
    "is in the batch, a {one}’s values stay}",
    subtitle="{hidden} hidden units (dots) for each of {n_shown} {many}. Each {one} is taken to "
    "mean 0 and deviation 1, over its own units.",
    alt="Left, {n_shown} columns of {hidden} dots, one a {one}, with means and spreads of their "
    "own; right, after layer norm, all around 0 with one spread. Below, one {one}’s {hidden} "
    "values in {n_draws} batches with other companions: under batch norm they range over up to "
    "{spread_batch:.2n}, under layer norm over {spread_layer:.1n}.",
    caption="Coarse {many} ({dataset}), {n_train:,} of them, batches of {batch_size}, {n_steps} "
    "steps of Adam. The deviation is √(σ² + ε); mean and variance are the example’s own, over its "
    "units; γ and β, one for each unit, go from 1 and 0 to {gamma_low:.2f} … {gamma_high:.2f} and "
    "{beta_low:.2f} … {beta_high:.2f} in training (not applied here). Below: the first {one} in "
    "{n_draws} batches of {n_shown}, the other {n_shown} − 1 drawn anew; the same {one} in two "
    "networks, one trained with each norm. Layer norm does the same in training and evaluation.",
    words={
        "before": "sums",
        "after": "layer-normalised",
        "digits": "{one}",
        "units": "unit",
        "formula": "({sum:.2f} − {mean:(.2f)}) / {deviation:.2f} = {normalised:.2f}",
        "batch": "batch norm: one {one}, {n_draws} batches",
        "layer": "layer norm: the same {one}, the same batches",
        "start": "{n_shown} {many} in {hidden} hidden units\n"
        "Now a column is a {one}, a dot a unit’s sum. Bars: mean ± deviation.",
        "center": "Layer norm: the same for each example by itself\nOne by one, over its units.",
        "swap": "One {one}, {n_draws} batches: other companions, other values?\n"
        "A column: a unit, with its values for that {one}, batch after batch.",
        "end": "{still:?The companions count|Under layer norm, companions do not count}\n"
        "Batch norm’s values range over up to {spread_batch:.2n}, layer norm’s over "
        "{still:?{spread_layer:.1n}|0}.",
        "norm batch": "batch norm",
        "norm layer": "layer norm",
        "in batch": "batch {k} of {n_draws}",
    },
    series={"batch": ["batch norm", "purple"], "layer": ["layer norm", "green"]},
)

TOP, TALL, LOW, SHORT = 34.0, 196.0, 316.0, 150.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the batch before and after, over one digit in many batches."""
    fig = Canvas(LOW + SHORT + 56)
    last = recording.isel(snapshot=-1)
    marked = int(recording.attrs["example"]), int(recording.attrs["unit"])
    names = [number(int(k)) for k in recording.label.values]
    wide = (WIDTH - 2 * MARGIN - 60) / 2
    before = fig.place(MARGIN + 16, TOP, wide, TALL)
    sums = last["sum"].values
    columns(before, sums, last["mean"], last.deviation, names, ink=color("muted"), marked=marked)
    heading(before, say("before"))
    name_axes(before, x=say("digits"))
    after = fig.place(MARGIN + 60 + wide, TOP, wide, TALL)
    values = last.normalised.values
    ones = np.ones(len(values))
    columns(after, values, 0 * ones, ones, names, ink=series("layer").color, marked=marked)
    kinds = ("sum", "mean", "deviation", "normalised")
    said = say("formula", **{kind: recording.attrs[f"value_{kind}"] for kind in kinds})
    heading(after, say("after"), said)
    name_axes(after, x=say("digits"))
    for ax, shown in ((before, sums), (after, values)):
        reach = 1.1 * float(np.abs(shown).max())
        ax.set_ylim(-reach, reach)
        ticks(ax, "y", [k for k in (-10, -5, -2, 0, 2, 5, 10) if abs(k) < reach])
    reach = 1.1 * float(np.abs(recording.among.values).max())
    for column, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + 16 + column * (wide + 44)
        _among(fig.place(left, LOW, wide, SHORT), recording.sel(run=name), name, reach)
    return fig


def _among(ax: Axes, one: xr.Dataset, name: str, reach: float) -> None:
    """Draw each unit's value for one digit, in all batches that it was drawn into."""
    values = one.among.values  # (draw, unit)
    shift = 0.5 * (np.arange(len(values)) / max(len(values) - 1, 1) - 0.5)
    for unit in range(values.shape[1]):
        ax.plot(
            unit + shift, values[:, unit], linestyle="none", marker="o", markersize=px(4),
            color=series(name).color, markeredgewidth=0, alpha=0.85, label=f"{name} {unit}",
        )  # fmt: skip
    ax.axhline(0, color=color("muted"), linewidth=px(1), zorder=0)
    ax.set(xlim=(-0.6, values.shape[1] - 0.4), ylim=(-reach, reach))
    ticks(ax, "x", list(range(values.shape[1])), lambda k: number(int(k) + 1))
    ticks(ax, "y", [k for k in (-4, -2, 0, 2, 4) if abs(k) < reach])
    heading(ax, say(name))
    name_axes(ax, x=say("units"))
