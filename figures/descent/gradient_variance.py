"""The gradients of batches drawing together as batches grow, and what their noise does to descent.

Source  000, placeholder VARIANCE OF GRADIENTS OR OSCILLATION AROUND MINIMUM
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import path, ring, star
from look import theme
from look.runs import series
from look.words import Visual, say

READS = {
    "gradient_variance": "batch_size (x_batch), variance (x_batch), expected_variance (x_batch), "
    "cloud (x_batch, example, component), theta (run, step, param), minimum (param), "
    "grid_slope (x), grid_offset (y), loss (y, x), run (run), gradient_length, orbit_last, "
    "orbit_excess_constant, orbit_excess_decayed, many, one, variance_slope",
}

VISUAL = Visual(
    uses=["gradient_variance"],
    aliases=["VARIANCE OF GRADIENTS OR OSCILLATION AROUND MINIMUM"],
    title="Twice the batch, {halves:?{doubled:.2f} times|half} the gradient’s variance"
    "{draws_in:?|; a falling rate calms the rest}",
    subtitle="A dot: the gradient of one batch, a {widths} network in mid-training. Arrow: the "
    "gradient of all {n_train:,} {many}. Right, below: a line with two parameters learns from one "
    "{one} a step.",
    alt="Above, four clouds of dots around the tip of one arrow, for batches of growing size: wide "
    "for single {many}, a tight cluster for the largest. Below left, the variance falls along a "
    "straight line in log–log, of slope {variance_slope:.2f}, as batches grow from "
    "{smallest_batch} to {largest_batch}. Below right, two maps of a round bowl with a path each: "
    "at a constant rate it goes on circling the minimum, {orbit_excess_constant:.2g} above it; at "
    "a decaying one it ends {orbit_excess_decayed:.2g} above.",
    caption="Total variance of the mini-batch gradient, batches drawn with replacement from "
    "{n_train:,} training examples ({dataset}); fitted slope {variance_slope:.2f}, in theory "
    "−1: tr Σ/B, where Σ is the covariance of single examples’ gradients. At a batch of "
    "about {noise_batch:.1r}, the noise is as long as the full gradient itself. Clouds are "
    "seen in the plane of the full gradient and the direction across it in which single ones vary "
    "most; rings lie beyond the edge. Mean cosine between the gradients of two {many}: "
    "{cosine_within:.2f} within a class, {cosine_between:.2f} between classes. On the maps, the "
    "line predicts the ink in a {one}’s lower half from that in its upper half; its loss is "
    "{orbit_excess_constant:.2g} above the minimum in the last {orbit_last} steps at the constant "
    "rate η = {orbit_lr:g}, and {orbit_excess_decayed:.2g} where η decays to 0 along half a cosine "
    "(means of {orbit_repeats} runs); these steps stand out.",
    words={
        "cloud": "Single examples pull in all directions\n"
        "A dot: the gradient of one batch. Arrow: the full gradient, over {n_train:,} {many}.",
        "larger batches": "Larger batches agree better",
        "alike": "Whose gradients are alike?\n"
        "Mean cosine of the gradients of two {many}: orange alike, blue opposed.",
        "orbit": "Two runs, one start, the same examples\n"
        "A line with two parameters learns from one {one} a step. Star: its best fit.",
        "verdict": "{draws_in:?Here decay shrinks the orbit by less than half|Noise keeps a "
        "constant rate in orbit}\n"
        "Bold: the last {orbit_last} steps of one run. Below: their loss, mean of "
        "{orbit_repeats} runs.",
        "within": "two {many} of one class, on average",
        "between": "two {many} of different classes",
        "batch": "{size:?none|1 {one}|{size} {many}} a batch",
        "measured": "measured, slope {variance_slope:.2f}",
        "doubled": "Twice the batch, {halves:?{doubled:.2f} times|half} the variance\n"
        "Measured on {n_draws:,} batches of each size; the fitted slope is "
        "{variance_slope:.2f}.",
        "best": "loss {excess:.2g} above the best",
    },
    series={
        "constant": ["constant rate", "vermillion"],
        "decayed": ["decaying rate", "green"],
    },
)

N_CLOUDS = 4
GAP = 18.0
SIDE = (WIDTH - 2 * MARGIN - (N_CLOUDS - 1) * GAP) / N_CLOUDS  # of a cloud, CSS pixels
TOP, LOW = 32.0, 32.0 + SIDE + 64
FALL = 2 * SIDE + GAP - 40 - 34  # width of the chart; the maps stand under the last two clouds


def draw(recording: xr.Dataset) -> Figure:
    """Return the clouds over the variance and the two maps."""
    fig = Canvas(LOW + SIDE + 66)
    sizes = recording.batch_size.values
    chosen = np.unique(np.linspace(0, len(sizes) - 1, N_CLOUDS).round().astype(int))
    reach = float(np.quantile(np.abs(recording.cloud.values[0]), 0.87))
    for i, at in enumerate(chosen.tolist()):
        _cloud(fig.place(MARGIN + i * (SIDE + GAP), TOP, SIDE, SIDE), recording, at, reach)
    _variance(fig.place(MARGIN + 40, LOW, FALL, SIDE), recording)
    for i, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + (i + 2) * (SIDE + GAP)
        _map(fig.place(left, LOW, SIDE, SIDE), recording, name)
    return fig


def _cloud(ax: Axes, recording: xr.Dataset, at: int, reach: float) -> None:
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[])
    heading(ax, say("batch", size=int(recording.batch_size[at])))
    for side in ax.spines.values():
        side.set(visible=True, color=theme.color("quiet"), linewidth=px(1))
    points = recording.cloud.values[at]
    edge = 0.96 * reach
    beyond = (np.abs(points) > edge).any(axis=1)
    style = {"linestyle": "none", "marker": "o", "color": theme.color("purple"), "zorder": 2}
    ax.plot(*points[~beyond].T, markersize=px(5), alpha=0.8, markeredgewidth=0, label="cloud",
            **style)  # fmt: skip
    ax.plot(*np.clip(points[beyond], -edge, edge).T, markersize=px(5), fillstyle="none",
            markeredgewidth=px(1), label="beyond", **style)  # fmt: skip
    ax.annotate(
        "",
        (recording.attrs["gradient_length"], 0),
        (0, 0),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.18,head_length=0.32",
            "color": theme.color("text"),
            "linewidth": px(2.5),
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=4,
    )


def _variance(ax: Axes, recording: xr.Dataset) -> None:
    sizes, variance = recording.batch_size.values, recording.variance.values
    ax.set(xscale="log", yscale="log", xlim=(sizes[0] / 1.4, sizes[-1] * 1.4))
    ax.grid(axis="y")
    shown = sizes[::2] if len(sizes) > 6 else sizes
    ticks(ax, "x", shown.tolist())
    low, high = np.log10(variance.min()), np.log10(variance.max())
    ax.set_ylim(10 ** (low - 0.15 * (high - low)), 10 ** (high + 0.1 * (high - low)))
    powers = range(int(np.ceil(np.log10(ax.get_ylim()[0]))), int(np.floor(high)) + 1)
    ticks(ax, "y", [10.0**power for power in powers])
    heading(ax, "variance of the gradient")
    name_axes(ax, x="examples in the batch B")
    ax.plot(
        sizes,
        recording.expected_variance,
        color=theme.color("muted"),
        linewidth=px(1.5),
        label="_expected",
        zorder=2,
    )
    ax.plot(
        sizes,
        variance,
        linestyle="none",
        marker="o",
        markersize=px(9),
        color=theme.color("purple"),
        markeredgecolor=theme.color("background"),
        markeredgewidth=px(1.5),
        label="variance",
        zorder=4,
    )
    middle = len(sizes) // 2 - 1
    at = (float(sizes[middle]), float(variance[middle]))
    beside(ax, say("measured"), at, shift=(16, 8))
    beside(ax, "line: theory, tr Σ/B", at, shift=(16, 27), color=theme.color("muted"))


def _map(ax: Axes, recording: xr.Dataset, name: str) -> None:
    run = recording.sel(run=name)
    x, y = recording.grid_slope, recording.grid_offset
    ax.set(xlim=(float(x[0]), float(x[-1])), ylim=(float(y[0]), float(y[-1])))
    contours(ax, x, y, recording.loss)
    ax.set(xticks=[], yticks=[])
    heading(ax, series(name).label)
    color = series(name).color
    theta, last = run.theta.values, recording.attrs["orbit_last"]
    faint = {"color": color, "linewidth": px(1.25), "alpha": 0.5, "zorder": 2}
    ax.plot(*theta[: -last or None].T, label=f"_{name} before", **faint)
    path(ax, *theta[-last - 1 :].T, color=color, width=1.5, label=name)
    ring(ax, *theta[0])
    star(ax, *recording.minimum.values)
    name_axes(ax, x=say("best", excess=recording.attrs[f"orbit_excess_{name}"]))
