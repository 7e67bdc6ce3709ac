"""The sharpness of a network's loss along its training, times the rate, against a parabola's limit.

Source  000, placeholder OSCILLATING, DIVERGING; Cohen et al. 2021, arXiv:2103.00065
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo, line_halo
from figures.parts.marks import ring
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "sharpness": "multiple (run, snapshot), loss (run, step), learns (run), lr (run), run (run), "
    "snapshot (snapshot), limit, start_loss",
}

VISUAL = Visual(
    uses=["sharpness"],
    title="{n_beyond:?No learning rate is above the limit|The learning rate above the limit "
    "{n_learn:?fails|works all the same}|Of {n_beyond} learning rates above the limit, "
    "{n_learn:?none works|one works all the same|{n_learn} work all the same}}",
    subtitle="On a parabola, descent fails where the learning rate η times the curvature λ is "
    "above {limit:g}. But a network’s λ, where it is most curved, changes as it learns.",
    alt="Curves of ηλ over {n_steps} steps of gradient descent at {n_runs} learning rates, on a "
    "logarithmic axis with a line at {limit:g}. {n_beyond:?None starts|One starts|{n_beyond} "
    "start} above the line; {n_learn:?none of them ends|one of them ends|{n_learn} of them end} "
    "with a lower loss than it began with, {n_back:?none|one|{n_back}} below the line.",
    caption="A {widths} network, tanh, all {n_train:,} training examples of {dataset} in every "
    "step; η is the learning rate, λ the largest eigenvalue of the Hessian of the loss (its "
    "“sharpness”), {start:.2n} at the start. A run beyond 2/λ is thrown along the steepest "
    "direction to other places, where λ is another; it learns if that comes to be small enough. "
    "With larger networks and longer training, runs that start below are known to climb to 2/λ and "
    "to stay there, at the “edge of stability” (Cohen et al. 2021).",
    words={
        "limit": "limit: ηλ = {limit:g}",
        "product": "η times the largest curvature λ (logarithmic)",
        "rate": "η = {lr:g}",
        "learns": "learns: {end:.2n}",
        "fails": "fails: {end:.2n}",
        "end": "loss: from {start_loss:.2n} to",
    },
    series={
        "learns": ["learns", "green"],
        "fails": ["does not learn", "vermillion"],
        "within": ["starts below", "indigo"],
    },
)


LOW, HIGH = 0.08, 1.6  # of the axis: at least; over the highest


def draw(recording: xr.Dataset) -> Figure:
    """Return ηλ of every run, step by step, and the limit."""
    fig, ax = subplots(height=424, left=58, right=164, top=34, bottom=54, narrow=True)
    limit, multiples = recording.attrs["limit"], recording.multiple.values
    last = int(recording.snapshot[-1])
    low = max(LOW, 0.6 * float(np.nanmin(multiples)))
    high = HIGH * max(limit, float(np.nanmax(multiples)))
    ax.set(yscale="log", xlim=(0, last), ylim=(low, high))
    ticks(ax, "y", [value for value in (0.1, 0.5, 1, 2, 5, 10, 20, 50) if low < value < high])
    ax.locator_params(axis="x", nbins=6, integer=True)
    ax.axhspan(limit, high, color=color("quiet"), alpha=0.5, linewidth=0, zorder=0, label="_beyond")
    ax.axhline(limit, color=color("text"), linewidth=px(2.5), zorder=2, label="_limit")
    at = ax.get_yaxis_transform()
    style = {"of": at, "ha": "right", "path_effects": halo(), "zorder": 6}
    up = -24 if is_narrow() else 8  # there no curve keeps off the place over the line
    beside(ax, say("limit"), (0, limit), shift=(14, up), weight="semibold", fontsize=px(17),
           **(style | {"ha": "left"}))  # fmt: skip
    name_axes(ax, x="step", y="ηλ" if is_narrow() else say("product"))
    beside(ax, say("end"), (1, 1), of="axes fraction", shift=(12, 8), color=color("muted"))
    lines, notes = [], {}
    for name in recording.run.values.tolist():
        run = recording.sel(run=name)
        values = run.multiple.values
        kind = "within" if values[0] < limit else "learns" if int(run.learns) else "fails"
        label = say("rate", lr=run.lr)
        lines += ax.plot(
            recording.snapshot, values, color=series(kind).color, linewidth=px(2.75), label=label,
            path_effects=line_halo(2.75), zorder=4,
        )  # fmt: skip
        ring(ax, 0, float(values[0]))
        if kind != "within" and not is_narrow():  # these may cross: named at their tops, too
            most = int(np.nanargmax(values))
            at = float(recording.snapshot[most]), float(values[most])
            beside(ax, label, at, shift=(0, 6), ha="center", path_effects=halo(), zorder=6)
        notes[label] = say("learns" if int(run.learns) else "fails", end=float(run.loss[-1]))
    label_ends(ax, lines, notes=notes)
    return fig
